"""Runs that were kept (bench/history, a small file each), and how a run stands beside the last of them."""
import json
from pathlib import Path

from table import write

FOLDER = Path(__file__).parent / "history"
# Below these, a run differs from the last one by chance. Ratios hold from machine to machine, values on the same kind of machine only.
RATIO_TOLERANCE = 0.15
VALUE_TOLERANCE = 0.30
# Figures of which more is better, by their unit; of everything else less is.
RATES = ("/s", "MB/s")


def last():
    """The last run that was kept, and its file's name."""
    kept = sorted(FOLDER.glob("*.json"))
    return (json.loads(kept[-1].read_text()), kept[-1].name) if kept else (None, "")


def keep(report):
    path = FOLDER / f"{report['taken'].replace(':', '')}.json"
    write(report, path)
    return path


def compared(report):
    """Lines that say what became worse and better since the last run that was kept."""
    before, name = last()
    if before is None:
        return ["No run was kept yet: bench/run --keep keeps one."]
    same = all(before["machine"][part] == report["machine"][part] for part in ("cpu", "cores"))
    old = {row["figure"]: row for row in before["figures"]}
    worse, better, count = [], [], 0
    for row in report["figures"]:
        change = changed(old.get(row["figure"]), row, same)
        if change is None:
            continue
        count += 1
        factor, tolerance, words = change
        if factor > 1 + tolerance:
            worse.append(f"- worse: {row['figure']}: {words}")
        elif factor < 1 / (1 + tolerance):
            better.append(f"- better: {row['figure']}: {words}")
    where = "the same kind of machine" if same else "another kind of machine, so only ratios are compared"
    head = (f"Beside {name} ({where}): {count} figures compared, {len(worse)} worse, {len(better)} better. Ratios count as changed beyond "
            f"{RATIO_TOLERANCE:.0%}, values beyond {VALUE_TOLERANCE:.0%}.")
    return [head, "", *worse, *better]


def changed(before, now, same):
    """How many times worse a figure is (below 1: better), what is tolerated, and the words for it; nothing where nothing can be compared."""
    if before is None:
        return None
    if now.get("ratio") and before.get("ratio"):
        factor = now["ratio"] / before["ratio"]
        words = f"ratio {before['ratio']:.2f} → {now['ratio']:.2f}"
        return (1 / factor if now["unit"] in RATES else factor), RATIO_TOLERANCE, words
    old, new = before["median"], now["median"]
    if not same or not old or not new or old < 0 or new < 0 or before["unit"] != now["unit"]:
        return None
    factor = old / new if now["unit"] in RATES else new / old
    return factor, VALUE_TOLERANCE, f"{old:.2f} → {new:.2f} {now['unit']}"
