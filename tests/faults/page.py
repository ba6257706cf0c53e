#!/usr/bin/env python3
"""Writes docs/faults.md from what runs have shown to hold, and looks whether it says what the tests promise.

`tests/faults/page.py PROMISES.json...` writes it (OUTRUNNER_PROMISES names such a file while the tests run). With several files a row is there if its test
passed in one of them; the page says from which versions and days they are. Rows that no run held are not in it, nor are those that no test promises any more.
With `--keep` before them, the runs that the page is from count too: for a run of a part of the tests.

`tests/faults/page.py --check` runs nothing and writes nothing: each `promise` of a test is a row of the page in the same words, no row is without one, the
header is one that this program writes, and each row of the README's table says what is lost and links to tests that exist.
"""
import ast
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE, README = ROOT / "docs" / "faults.md", ROOT / "README.md"
SECTION = "## What is promised, and which test holds it"
COLUMNS = ["what happens", "what the user sees", "what is lost", "test"]
WRITTEN = "Written by `tests/faults/page.py` from {}: each row stands here because its test passed in {}."
IS_WRITTEN = re.compile(r"(a run|runs) of the tests at [0-9a-f]{7,40} on \d{4}-\d\d-\d\d(, at [0-9a-f]{7,40} on \d{4}-\d\d-\d\d)*")


def row(fault, sees, lost, test):
    return f"| {fault} | {sees} | {lost} | `{test}` |"


def page(said, rows):
    lines = ["# Faults: what happens, what is seen, what is lost", "", said, ""]
    return "\n".join([*lines, "| fault | what the user sees | what is lost | test |", "| --- | --- | --- | --- |", *rows]) + "\n"


def promised():
    """Every promise of the tests as its row, with where it stands."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        test = str(path.relative_to(ROOT))
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.promise":
                # Words that are put together elsewhere could not be looked up here.
                found[row(*(ast.literal_eval(word) for word in call.args), test)] = f"{test}:{call.lineno}"
    assert len(found) > 50, "the tests were read"
    return found


def write(paths, keep):
    runs = [json.loads(Path(path).read_text()) for path in paths]
    held = {row(one["fault"], one["sees"], one["lost"], one["test"]) for run in runs for one in run["rows"]}
    held |= set(PAGE.read_text().splitlines()[6:]) if keep else set()
    there = promised()
    # By test, then by fault.
    kept = sorted(held & there.keys(), key=lambda one: (one.rsplit(" | ", 1)[1], one))
    before = re.findall(r"at [0-9a-f]+ on [0-9-]+", PAGE.read_text().splitlines()[2]) if keep else []
    at = ", ".join(dict.fromkeys([*before, *(f"at {run['commit']} on {run['day']}" for run in runs)]))
    said = WRITTEN.format(*((f"runs of the tests {at}", "one of them") if ", " in at else (f"a run of the tests {at}", "that run")))
    PAGE.write_text(page(said, kept))
    for missing in there.keys() - held:
        print(f"no run held: {there[missing]}: {missing}", file=sys.stderr)


def wrong_in_page():
    lines, there = PAGE.read_text().splitlines(), promised()
    said, rows = lines[2], lines[6:]
    at = re.fullmatch(re.escape(WRITTEN).replace(r"\{\}", "(.*)"), said)
    is_ours = at and IS_WRITTEN.fullmatch(at[1]) and page(said, rows) == PAGE.read_text()
    yield from [] if is_ours else [f"docs/faults.md:3: not a page that tests/faults/page.py writes: {said}"]
    yield from (f"{there[one]}: no row of docs/faults.md: {one}" for one in there if one not in rows)
    yield from (f"docs/faults.md:{at}: no test promises this: {one}" for at, one in enumerate(rows, 7) if one not in there)
    yield from (f"docs/faults.md: twice: {one}" for one in set(rows) if rows.count(one) > 1)


def wrong_in_readme():
    """The rows of the README's own table, by hand."""
    lines = README.read_text().splitlines()
    first = next(at for at in range(lines.index(SECTION), len(lines)) if lines[at].startswith("| "))
    if cells(lines[first]) != COLUMNS:
        yield f"README.md:{first + 1}: the columns are not {COLUMNS}"
    for at in range(first + 2, len(lines)):
        if not lines[at].startswith("|"):
            return
        *said, tests = cells(lines[at])
        links = re.findall(r"\[`([^`]+)`\]\(([^)]+)\)", tests)
        if len(said) != 3 or not all(said):
            yield f"README.md:{at + 1}: a row says what happens, what the user sees and what is lost"
        if not links or re.sub(r"\[`[^`]+`\]\([^)]+\)", "", tests).strip(", "):
            yield f"README.md:{at + 1}: each test is a link: {tests}"
        yield from (f"README.md:{at + 1}: there is no {target}" for _, target in links if not (ROOT / target).exists())
        yield from (f"README.md:{at + 1}: {name} links to {target}" for name, target in links if not target.endswith(name))


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def main():
    if sys.argv[1:] != ["--check"]:
        if not sys.argv[1:]:
            sys.exit(__doc__)
        keep = sys.argv[1] == "--keep"
        return write(sys.argv[1 + keep:], keep)
    wrong = [*wrong_in_page(), *wrong_in_readme()]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"docs/faults.md has the {len(promised())} promises of the tests, and README.md's table links to tests that exist")


if __name__ == "__main__":
    main()
