#!/usr/bin/env python3
"""Writes README's compatibility table from what a conformance run found: `compatibility_table.py [RESULTS]`, by default what that run wrote.

The table stands between two markers, and says what is the same in every run: no counts. `--check` only says whether README holds what the run found, and
shows what differs where it does not.
"""
import difflib
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from required_operations import LATER, PARTIAL, RECORD_ONLY, REFUSED, REQUIRED  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = Path(os.environ.get("OUTRUNNER_CONFORMANCE", ROOT / "target" / "conformance.json"))
BEGIN, END = "<!-- conformance: written by tests/conformance/compatibility_table.py -->", "<!-- conformance: end -->"
TITLES = {
    "apprunner": "App Runner", "ecr": "ECR", "sts": "STS", "iam": "IAM", "logs": "CloudWatch Logs", "secretsmanager": "Secrets Manager",
    "ssm": "SSM parameters", "cloudtrail": "CloudTrail", "service-quotas": "Service Quotas",
}


def listed(names):
    return ", ".join(sorted(names)) or "–"


def rows(results):
    """A row for each service: its operations by what stands behind them. What failed in the run is neither complete nor partial."""
    known = {tuple(name.split(":")): row for name, row in results["operations"].items() if name.split(":")[0] in TITLES}
    for service, title in TITLES.items():
        mine = {operation: row for (s, operation), row in known.items() if s == service and row["passed"] > 0 and (s, operation) not in REFUSED}
        failed = {operation for operation, row in mine.items() if row["failed"]}
        record = {operation for operation in mine if (service, operation) in RECORD_ONLY} - failed
        partial = {operation for operation in mine if (service, operation) in PARTIAL} - failed
        missing = {name for name in REQUIRED[service].split() if name not in mine}
        complete = set(mine) - failed - record - partial
        yield title, complete, partial, record, failed, missing


def not_honoured(service, operation):
    """What of a partial operation is missing, in a line: members with the same reason together."""
    reasons = {}
    for key, why in PARTIAL[service, operation].items():
        reasons.setdefault(why, []).append(key.removesuffix(": any").replace(": ", " "))
    return "; ".join(f"{', '.join(keys)} ({why})" for why, keys in reasons.items())


def table(results):
    lines = [
        "A run of `tests/conformance` reads every answer against botocore's own model. For each operation: the smallest and the fullest valid input, each",
        "constraint broken once, each declared fault provoked; for services and VPC ingress connections every status × every changing operation. `make test`",
        "holds this table against that run.",
        "",
        "| service | complete | partial: see below | record only | not here |",
        "| --- | --- | --- | --- | --- |",
    ]
    wrong = []
    for title, complete, partial, record, failed, missing in rows(results):
        count = len(complete) + len(partial) + len(record) + len(failed)
        lines.append(f"| {title} ({count}) | {listed(complete)} | {listed(partial)} | {listed(record)} | {listed(missing)} |")
        wrong += [f"{title}: {name}" for name in sorted(failed)]
    lines += ["", "Partial: everything but these members, each of which is refused by name unless another end is said (the run sends each):", ""]
    lines += [f"- {TITLES[service]} {operation}: {not_honoured(service, operation)}" for service in TITLES for s, operation in sorted(PARTIAL) if s == service]
    lines += ["", "Record only: " + "; ".join(f"{name}: {why}" for (_, name), why in sorted(RECORD_ONLY.items())) + "."]
    later = {}
    for (service, name), why in sorted(LATER.items()):
        later.setdefault(why, []).append(f"{TITLES[service]} {name}")
    lines += ["", "Not here yet: " + "; ".join(f"{', '.join(names)}: {why}" for why, names in later.items()) + "."] if later else []
    lines += ["", "Refused by name: " + "; ".join(f"{TITLES[service]} {name}: {why}" for (service, name), (_, why) in sorted(REFUSED.items())) + "."]
    if wrong:
        lines += ["", "Failed in that run: " + ", ".join(wrong) + "."]
    return "\n".join([BEGIN, *lines, END])


def main(words):
    check = "--check" in words
    path = next((Path(word) for word in words if not word.startswith("--")), RESULTS)
    readme = ROOT / "README.md"
    text = readme.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{readme} does not have the two markers {BEGIN} and {END} once each")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    if not path.is_file():
        sys.exit(f"{path} is not there: run all of tests/conformance")
    results = json.loads(path.read_text())
    if not results["whole"]:
        sys.exit(f"{path} is of a part of the tests only: run all of tests/conformance")
    written = before + table(results) + after
    if check:
        if written != text:
            print(*difflib.unified_diff(text.splitlines(), written.splitlines(), "README.md", "what the run found", lineterm="", n=0), sep="\n")
            sys.exit("README's compatibility table is not what the run found: tests/conformance/compatibility_table.py writes it")
        return
    readme.write_text(written)


if __name__ == "__main__":
    main(sys.argv[1:])
