#!/usr/bin/env python3
"""Writes README's compatibility table from what a conformance run found: `table.py [RESULTS]`, by default target/conformance.json.

The table stands between two markers. `--check` only says whether README holds what the run found.
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from required_operations import LATER, RECORD_ONLY, REFUSED, REQUIRED  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
BEGIN, END = "<!-- conformance: written by tests/conformance/table.py -->", "<!-- conformance: end -->"
TITLES = {
    "apprunner": "App Runner", "ecr": "ECR", "sts": "STS", "iam": "IAM", "logs": "CloudWatch Logs", "secretsmanager": "Secrets Manager",
    "ssm": "SSM parameters", "cloudtrail": "CloudTrail", "service-quotas": "Service Quotas",
}


def listed(names):
    return ", ".join(sorted(names)) or "–"


def rows(results):
    """A row for each service: its operations by what stands behind them."""
    known = {tuple(name.split(":")): row for name, row in results["operations"].items() if name.split(":")[0] in TITLES}
    for service, title in TITLES.items():
        mine = {operation: row for (s, operation), row in known.items() if s == service and row["passed"] > 0 and (s, operation) not in REFUSED}
        failed = {operation for operation, row in mine.items() if row["failed"]}
        record = {operation for operation in mine if (service, operation) in RECORD_ONLY} - failed
        missing = {name for name in REQUIRED[service].split() if name not in mine}
        complete = set(mine) - failed - record
        yield title, complete, record, failed, missing, service


def table(results):
    lines = [
        f"A run of `tests/conformance` read every answer against botocore's own model: {results['passed']:,} checks passed, {results['failed']:,} failed. For each",
        "operation: the smallest and the fullest valid input, each constraint broken once, each declared fault provoked; for services every status × every changing",
        "operation.",
        "",
        "| service | complete | record only | not here |",
        "| --- | --- | --- | --- |",
    ]
    wrong = []
    for title, complete, record, failed, missing, service in rows(results):
        lines.append(f"| {title} ({len(complete) + len(record) + len(failed)}) | {listed(complete)} | {listed(record)} | {listed(missing)} |")
        wrong += [f"{title}: {name}" for name in sorted(failed)]
    lines += ["", "Record only: " + "; ".join(f"{name}: {why}" for (_, name), why in sorted(RECORD_ONLY.items())) + "."]
    later = sorted({why for one, why in LATER.items()})
    lines += ["", "Not here yet: " + "; ".join(later) + "."] if later else []
    lines += ["", "Refused by name: " + "; ".join(f"{TITLES[service]} {name}: {why}" for (service, name), (_, why) in sorted(REFUSED.items())) + "."]
    if wrong:
        lines += ["", "Failed in that run: " + ", ".join(wrong) + "."]
    return "\n".join([BEGIN, *lines, END])


def main(words):
    check = "--check" in words
    path = next((Path(word) for word in words if not word.startswith("--")), ROOT / "target" / "conformance.json")
    readme = ROOT / "README.md"
    text = readme.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{readme} does not have the two markers {BEGIN} and {END} once each")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    results = json.loads(path.read_text())
    if not results["whole"]:
        sys.exit(f"{path} is of a part of the tests only: run all of tests/conformance")
    written = before + table(results) + after
    if check:
        sys.exit(0 if written == text else "README's compatibility table is not what the run found: tests/conformance/table.py writes it")
    readme.write_text(written)


if __name__ == "__main__":
    main(sys.argv[1:])
