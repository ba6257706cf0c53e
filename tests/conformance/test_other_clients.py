"""The clients that take long to build, and those of two years ago and more: `make soak PART=clients` builds them and runs this.

Each makes the same tour as those of test_stock_clients.py, straight and through a door that stumbles. What was run, by version, is kept in target/clients/run.txt.
"""
import json
import os
from pathlib import Path

import pytest
from test_stock_clients import HERE, beside, command_line_tour, command_line_tries_again, environment, node, stumbling  # noqa: F401 - fixtures
from under_test import ACCOUNT, run

CLIENTS = Path(os.environ.get("OUTRUNNER_CLIENTS", "nowhere"))
TOURS = {
    "go": lambda home: [home / "tour"],
    "go_old": lambda home: [home / "tour"],
    "java": lambda home: ["java", "-cp", f"{home}/target/classes:{home}/target/dependency/*", "Tour"],
    "java_old": lambda home: ["java", "-cp", f"{home}/target/classes:{home}/target/dependency/*", "Tour"],
    "rust_old": lambda home: [home / "target" / "debug" / "tour"],
    "python_old": lambda home: [home / "venv" / "bin" / "python", HERE / "tour_of_boto3.py"],
}
NAMES = {
    "go": "SDK for Go v2 (apprunner)", "go_old": "SDK for Go v1, July 2024", "java": "SDK for Java v2", "java_old": "SDK for Java v2, October 2025",
    "rust_old": "SDK for Rust (aws-sdk-apprunner), November 2024", "python_old": "boto3, November 2024", "javascript_old": "SDK for JavaScript v3, December 2024",
    "aws_v1_old": "AWS CLI 1, November 2024", "aws_v2_old": "AWS CLI 2, May 2023",
}
EXPECTED = {"account": ACCOUNT, "began": "OPERATION_IN_PROGRESS", "rests": "RUNNING", "ends": "DELETED", "absent": True, "role": True}
STUMBLES = pytest.mark.parametrize("stumbles", [0, 2], ids=["straight", "with stumbles"])
# Where each command line of two years ago is, in the folder that was made, and what it must be told with every call.
COMMAND_LINES = {"aws_v1_old": ("python_old", "venv/bin/aws", False), "aws_v2_old": ("aws_v2_old", "cli/aws", True)}


@pytest.fixture(scope="session")
def seen():
    """The version of each client, from its own mouth, and how many of its tests passed and were begun."""
    rows = {}
    yield rows
    lines = [f"| {NAMES[client]} | {row['version']} | {row['passed']} of {row['begun']} |" for client, row in rows.items()]
    passed, begun = (sum(row[what] for row in rows.values()) for what in ("passed", "begun"))
    (CLIENTS / "run.txt").write_text("\n".join([*lines, f"clients: {passed} passed, {begun - passed} failed", ""]))


@pytest.fixture
def told(request, seen, client):
    """Where a test says which version it saw."""
    row = seen.setdefault(client, {"version": "it did not say", "passed": 0, "begun": 0})
    row["begun"] += 1
    yield row
    # One that was not built comes to no call.
    row["passed"] += hasattr(request.node, "call_report") and request.node.call_report.passed


@pytest.fixture
def home(client):
    folder = CLIENTS / COMMAND_LINES.get(client, (client,))[0]
    assert (folder / "made").exists(), f"{client} was not built: make soak PART=clients says why"
    return folder


@STUMBLES
@pytest.mark.parametrize("client", TOURS)
def test_a_tour(ground, environment, stumbling, told, home, client, stumbles):  # noqa: F811
    door = stumbling(stumbles)
    env = {**environment, "AWS_ENDPOINT_URL": f"http://{door.address}"}
    answer = json.loads(run(*TOURS[client](home), ground.image(), ground.name("tour"), env=env, timeout=180))
    told["version"] = answer["version"]
    assert door.stumbled == stumbles
    assert {name: answer[name] for name in EXPECTED} == EXPECTED
    assert answer.get("images", True) is True
    # Go's second version cannot say that it wants more than the latest.
    assert answer["latest"] == [3] if client == "go" else answer["revisions"] == [1, 2, 3]


@STUMBLES
@pytest.mark.parametrize("client", ["javascript_old"])
def test_a_tour_with_an_old_sdk_for_javascript(ground, environment, beside, stumbling, told, home, client, stumbles):  # noqa: F811
    door = stumbling(stumbles)
    answer = node({**environment, "AWS_ENDPOINT_URL": f"http://{door.address}"}, home, ground.image(), ground.name("tour"), *beside)
    told["version"] = answer["version"]
    assert door.stumbled == stumbles
    assert (answer["account"], answer["rests"], answer["ends"], answer["revisions"], answer["role"]) == (ACCOUNT, "RUNNING", "DELETED", [1, 2, 3], "SUCCESS")


@pytest.mark.parametrize("client", COMMAND_LINES)
def test_a_tour_with_an_old_command_line(ground, environment, beside, told, home, client):  # noqa: F811
    _, program, knows_no_variable = COMMAND_LINES[client]
    flags = ("--endpoint-url", environment["AWS_ENDPOINT_URL"]) if knows_no_variable else ()
    version = run(home / program, "--version", env=environment)
    told["version"] = version.split()[0].removeprefix("aws-cli/")
    assert version.startswith(f"aws-cli/{client[5]}."), version
    command_line_tour(ground, environment, beside, told["version"][0], home / program, *flags)


@pytest.mark.parametrize("client", COMMAND_LINES)
def test_an_old_command_line_tries_again(ground, environment, stumbling, told, home, client):  # noqa: F811
    command_line_tries_again(environment, stumbling, home / COMMAND_LINES[client][1])
