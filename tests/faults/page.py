#!/usr/bin/env python3
"""Writes docs/faults.md from what a run has shown to hold: `tests/faults/page.py PROMISES.json` (OUTRUNNER_PROMISES names that file while the tests run).

Rows that a run did not hold are not in it; the page says from which version and day it is.
"""
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main():
    rows = sorted(json.loads(Path(sys.argv[1]).read_text()), key=lambda row: (row["test"], row["fault"]))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    lines = [
        "# Faults: what happens, what is seen, what is lost",
        "",
        f"Written by `tests/faults/page.py` from a run of the tests at {commit} on {time.strftime('%Y-%m-%d')}: each row stands here because its test passed in that run.",
        "",
        "| fault | what the user sees | what is lost | test |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {row['fault']} | {row['sees']} | {row['lost']} | `{row['test']}` |" for row in rows]
    (ROOT / "docs" / "faults.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
