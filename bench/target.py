"""What a figure was promised to be (bench/targets.toml), and whether it is."""
import tomllib
from pathlib import Path

TARGETS = {one["figure"]: one for one in tomllib.loads((Path(__file__).parent / "targets.toml").read_text())["target"]}


def judged(row):
    """The target of a row, and whether it is met: nothing where nothing was promised."""
    target = TARGETS.get(row["figure"])
    if target is None:
        return None, None
    seen = value(row, target["of"])
    if seen is None:
        return target, None
    return target, seen <= target["at_most"] if "at_most" in target else seen >= target["at_least"]


def value(row, of):
    """The number that a target is about: the figure's own, its ratio to the peer's (of the rounds, or of the medians where a round alone says little), or how much it is above the peer's."""
    if of == "ratio":
        return row.get("ratio")
    if of == "ratio of medians":
        peer = row["peer"]["median"] if row.get("peer") else 0
        # A difference of two tails may come out below nothing: then it says nothing.
        return row["median"] / peer if peer > 0 else None
    if of == "above the peer":
        return row["median"] - row["peer"]["median"]
    assert of == "value", f"a target is of value, ratio, ratio of medians or above the peer, not of {of}"
    return row["median"]
