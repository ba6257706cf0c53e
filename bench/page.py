#!/usr/bin/env python3
"""Writes docs/figures.md and the README's table from a run that was kept: `bench/page.py [HISTORY.json]` (the last one, unless told).

Every target stands in them, met or not; a miss has its explanation from bench/explained.toml. It ends with an error where a miss has none, and where an
explanation has no miss: left there, it would explain the next miss, whose reason may be another.
"""
import json
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXPLAINED, PAGE, README = ROOT / "bench" / "explained.toml", ROOT / "docs" / "figures.md", ROOT / "README.md"
# What stands between them in the README is written here.
BEGIN, END = "<!-- figures: written by bench/page.py -->", "<!-- figures: end -->"
sys.path.insert(0, str(ROOT / "bench"))
sys.dont_write_bytecode = True

import history  # noqa: E402
from target import TARGETS, judged, value  # noqa: E402


def main():
    report, name = (json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[1]).name) if len(sys.argv) > 1 else history.last()
    if report is None:
        raise SystemExit("no run was kept yet: bench/run --keep")
    explained = tomllib.loads(EXPLAINED.read_text())
    PAGE.write_text("\n".join(page(report, name, explained)) + "\n")
    before, rest = README.read_text().split(BEGIN)
    README.write_text("\n".join([before + BEGIN, *promised(report), END + rest.split(END)[1]]))
    if wrong := list(disagreements(report, explained)):
        raise SystemExit("\n".join(wrong))


def disagreements(report, explained):
    """What bench/explained.toml does not say of this run, and what it says that is not so."""
    verdicts = {row["figure"]: judged(row)[1] for row in report["figures"]}
    if silent := [figure for figure, verdict in verdicts.items() if verdict is False and figure not in explained]:
        yield "bench/explained.toml does not say why these are missed: " + "; ".join(silent)
    if stale := [figure for figure in explained if verdicts.get(figure) is True]:
        yield "bench/explained.toml explains what is met: take out " + "; ".join(stale)
    if unknown := [figure for figure in explained if figure not in TARGETS]:
        yield "bench/explained.toml explains what has no target: take out " + "; ".join(unknown)


def verdicts_of(report):
    """What became of each target. One that changed since the run was kept is judged as it is today."""
    seen = {row["figure"]: row for row in report["figures"]}
    return {figure: judged(seen[figure])[1] if figure in seen else None for figure in TARGETS}


def promised(report):
    """Of which run it is, and every target."""
    machine, verdicts = report["machine"], verdicts_of(report)
    rows = {row["figure"]: row for row in report["figures"]}
    seen = {figure: row["text"] for figure, row in rows.items()}
    yield f"A run of `make bench`: {report['version']}, {report['taken'][:10]}, {machine['cores']} cores ({machine['cpu']}), {machine['memory_gib']} GiB,"
    yield f"Linux {machine['kernel'].split('-')[0]}, load {machine['load_before']} before. Medians, quartiles in brackets; a ratio is Outrunner to peer, below 1 is less."
    # Not in runs that were kept before it was looked at.
    if "after_rest" in machine:
        yield f"A look at memory takes {machine['after_rest']} times as long after half a second of rest as at once, which figures of rest carry."
    yield f"{sum(verdict is True for verdict in verdicts.values())} of {len(TARGETS)} targets are met."
    yield ""
    yield "| figure | target | Outrunner | peer | ratio | met |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for figure, target in TARGETS.items():
        ours, peer, ratio, _ = seen.get(figure, ("not in this run", "", "", ""))
        verdict = {True: "yes", False: "**no**", None: "?"}[verdicts[figure]]
        if figure in rows and target["of"] == "ratio of medians" and (of_medians := value(rows[figure], target["of"])) is not None:
            ratio = f"{of_medians:.2f} (of medians)"
        yield f"| {figure} | {target['says']} | {ours} | {peer} | {ratio} | {verdict} |"


def page(report, name, explained):
    missed = [figure for figure, verdict in verdicts_of(report).items() if verdict is False]
    yield "# Figures: what was promised, and what a run has seen"
    yield ""
    yield f"Written by `bench/page.py` from `bench/history/{name}`. Peers of the same run: {'; '.join(report['peers'])}."
    yield ""
    yield from promised(report)
    yield ""
    if missed:
        yield "## What is missed, and why"
        yield ""
    for figure in missed:
        yield f"- **{figure}.** {' '.join(explained.get(figure, 'Not explained yet.').split())}"
    yield ""
    yield "## Everything else that the run has seen"
    yield ""
    yield "| figure | Outrunner | peer | ratio | n |"
    yield "| --- | --- | --- | --- | --- |"
    whole = above = ""
    for row in report["figures"]:
        figure = row["figure"]
        is_part = figure.startswith("— ")
        whole = whole if is_part else figure
        if figure in TARGETS:
            continue
        if is_part and whole in TARGETS and whole != above:
            # It stands in the table above; its parts do not.
            above = whole
            yield f"| {whole} | (above) | | | |"
        yield f"| {figure} | {' | '.join(row['text'])} |"


if __name__ == "__main__":
    main()
