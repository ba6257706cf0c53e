"""The clients that take long to build, and those of two years ago: `make soak PART=clients` builds them and runs this.

Each makes the same tour as those of test_stock_clients.py, straight and through a door that stumbles.
"""
import json
import os
from pathlib import Path

import pytest
from test_stock_clients import HERE, environment, node, stumbling  # noqa: F401 - fixtures
from under_test import ACCOUNT, run

CLIENTS = Path(os.environ.get("OUTRUNNER_CLIENTS", "nowhere"))
TOURS = {
    "go": lambda home: [home / "tour"],
    "java": lambda home: ["java", "-cp", f"{home}/target/classes:{home}/target/dependency/*", "Tour"],
    "java_old": lambda home: ["java", "-cp", f"{home}/target/classes:{home}/target/dependency/*", "Tour"],
    "rust": lambda home: [home / "target" / "debug" / "tour"],
    "python_old": lambda home: [home / "venv" / "bin" / "python", HERE / "tour_of_boto3.py"],
}
EXPECTED = {"account": ACCOUNT, "began": "OPERATION_IN_PROGRESS", "rests": "RUNNING", "ends": "DELETED", "absent": True, "role": True}


@pytest.fixture
def home(client):
    if not (CLIENTS / client / "made").exists():
        pytest.skip(f"{client} was not built: make soak PART=clients")
    return CLIENTS / client


@pytest.mark.parametrize("stumbles", [0, 2], ids=["straight", "with stumbles"])
@pytest.mark.parametrize("client", TOURS)
def test_a_tour(ground, environment, stumbling, home, client, stumbles):  # noqa: F811
    door = stumbling(stumbles)
    env = {**environment, "AWS_ENDPOINT_URL": f"http://{door.address}"}
    seen = json.loads(run(*TOURS[client](home), ground.image(), ground.name("tour"), env=env, timeout=180))
    assert door.stumbled == stumbles
    assert {name: seen[name] for name in EXPECTED} == EXPECTED
    assert seen.get("images", True) is True
    # Go cannot say that it wants more than the latest.
    assert seen["latest"] == [3] if client == "go" else seen["revisions"] == [1, 2, 3]


@pytest.mark.parametrize("client", ["javascript_old"])
def test_a_tour_with_an_old_sdk_for_javascript(ground, environment, home, client):  # noqa: F811
    seen = node(environment, home, ground.image(), ground.name("tour"))
    assert (seen["account"], seen["rests"], seen["ends"], seen["revisions"], seen["role"]) == (ACCOUNT, "RUNNING", "DELETED", [1, 2, 3], "SUCCESS")


@pytest.mark.parametrize("client", ["python_old"])
def test_an_old_command_line(ground, environment, home, client):  # noqa: F811
    program = home / "venv" / "bin" / "aws"
    words = ("apprunner", "list-auto-scaling-configurations", "--max-results", "1")
    assert json.loads(run(program, *words, env=environment))["AutoScalingConfigurationSummaryList"]
    assert json.loads(run(program, "sts", "get-caller-identity", env=environment))["Account"] == ACCOUNT
