"""`outrunner install` and `uninstall` as far as a machine goes that systemd does not run, and `serve --ephemeral --test-keys` as a CI job uses it."""
import json
import os
import re
import shutil
import signal
import subprocess

import pytest

from machine import Machine
from under_test import ACCOUNT, BIN, VENV, run, until


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path / "machine")
    yield made
    made.end()


def test_a_service_is_installed_and_taken_away_again(machine, tmp_path):
    data = tmp_path / "data"
    flags = ["--", "--data-dir", str(data)]
    # What a shell's variables say must be in the unit: systemd does not have them.
    shell = {**os.environ, "OUTRUNNER_DOMAIN": "apps.example.test"}
    before = machine.picture()
    said = machine.run(BIN / "outrunner", "install", "--dry-run", *flags, env=shell)
    assert "KillMode=process" in said and machine.picture() == before

    wrong = machine.run(BIN / "outrunner", "install", "--", "--domian", "x", check=False)
    assert wrong.returncode == 2 and machine.picture() == before

    machine.run(BIN / "outrunner", "install", "--no-start", *flags, env=shell)
    unit = "/etc/systemd/system/outrunner.service"
    assert machine.run("stat", "-c", "%a", unit).strip() == "644"
    text = machine.run("cat", unit)
    assert f"ExecStart=/usr/local/lib/outrunner/outrunner serve --on-stop leave --data-dir {data} --domain apps.example.test\n" in text
    assert f"# Data dir: {data}\n" in text
    for line in ["KillMode=process", "Delegate=yes", "Restart=on-failure"]:
        assert f"\n{line}\n" in text
    if shutil.which("systemd-analyze"):
        verified = machine.run("systemd-analyze", "verify", "--man=no", unit, check=False)
        assert verified.returncode == 0 and "outrunner.service" not in verified.stderr, verified.stderr
    assert machine.run("/usr/local/bin/outrunner", "version").startswith("outrunner ")
    assert not data.exists(), "it is made by the platform, when it starts"
    installed = machine.picture()
    machine.run(BIN / "outrunner", "install", "--no-start", *flags, env=shell)
    assert machine.picture() == installed, "a second time changes nothing"

    before_others = machine.run("cat", unit)
    machine.run("tee", unit, stdin="[Service]\nExecStart=/bin/true\n")
    for words in [["install", "--no-start", *flags], ["uninstall"]]:
        refused = machine.run(BIN / "outrunner", *words, check=False)
        assert refused.returncode == 1 and "was not written by outrunner install" in refused.stderr, refused.stderr
    machine.run("tee", unit, stdin=before_others)

    machine.run(BIN / "outrunner", "uninstall")
    after = machine.picture()
    assert after == before, "\n".join(sorted(set(after) ^ set(before)))


def test_a_job_gets_a_platform_that_leaves_nothing(tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    # A shell that `outrunner env` was read into.
    env = {**os.environ, "TMPDIR": str(temporary), "OUTRUNNER_LOG": "warn", "OUTRUNNER_DATA_DIR": str(tmp_path / "other")}
    words = [BIN / "outrunner", "serve", "--ephemeral", "--test-keys", "--api", "127.0.0.1:4566", "--http", ":0", "--https", ":0"]
    job = subprocess.Popen([str(word) for word in words], env=env, stdout=subprocess.PIPE, text=True)
    try:
        lines = [job.stdout.readline() for _ in range(3)]
        said = "".join(lines)
        assert "ready at http://127.0.0.1:4566" in said, said
        keys = dict(re.findall(r"(AWS_\w+)=(\S+)", lines[1]))
        assert keys["AWS_SECRET_ACCESS_KEY"] == "test"
        client = {"PATH": f"{VENV}:{os.environ['PATH']}", "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", **keys}
        endpoint = ["--endpoint-url", "http://127.0.0.1:4566", "--region", "us-east-1"]
        identity = json.loads(run(VENV / "aws", *endpoint, "sts", "get-caller-identity", env=client))
        assert identity["Account"] == ACCOUNT
        stranger = run(VENV / "aws", *endpoint, "sts", "get-caller-identity", env={**client, "AWS_SECRET_ACCESS_KEY": "other"}, check=False)
        assert stranger.returncode != 0
        assert len(list(temporary.iterdir())) == 1
    finally:
        job.send_signal(signal.SIGTERM)
        assert job.wait(timeout=60) == 0
    until("nothing is left", lambda: not list(temporary.iterdir()))


def test_the_test_keys_open_nothing_but_an_ephemeral_platform(tmp_path):
    for flags in [["--test-keys"], ["--ephemeral", "--test-keys", "--doors-public"], ["--ephemeral", "--data-dir", tmp_path]]:
        refused = run(BIN / "outrunner", "serve", *flags, check=False)
        assert refused.returncode == 2, (flags, refused.stderr)
