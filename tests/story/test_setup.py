"""`outrunner trust`, `setup`, `env`: stock clients find the platform by its printed names and trust it, and every byte comes back.

On a machine of its own as far as `/etc` goes; the clients are told nothing but what the three commands have changed.
"""
import json
import shutil
import tempfile
from pathlib import Path

import pytest

from machine import Machine
from under_test import ACCOUNT, BIN, REGISTRY, VENV, run

ANN = 54321
OTHER_REGION = f"{ACCOUNT}.dkr.ecr.ap-southeast-7.amazonaws.com"
PATH = f"{VENV}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path / "machine")
    yield made
    made.end()


@pytest.fixture
def open_folder():
    """A folder that every user may pass: pytest's own are root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="outrunner-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def assert_same(now, before, why):
    assert now == before, f"{why}:\n" + "\n".join(sorted(set(now) ^ set(before)))


def bare(**more):
    """An environment without anybody's certificates and settings."""
    return {"PATH": PATH, "LANG": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent", **more}


def outrunner(machine, p, *words, env=None, check=True):
    return machine.run(BIN / "outrunner", *words, "--data-dir", p.data, env=env or bare(), check=check)


def test_clients_reach_the_platform_by_its_printed_names_and_every_byte_comes_back(open_folder, platform, images, machine):
    p = platform("--api", "127.0.0.1:4566", "--http", ":80", "--https", ":443")
    p.folder = open_folder
    p.data, p.log_path = open_folder / "data", open_folder / "serve.log"
    p.start()
    layout, digest = images("hello", flags=["--env", "GREETING=Hello"])
    p.client("ecr").create_repository(repositoryName="hello")
    before = machine.picture()

    said = outrunner(machine, p, "trust", "--dry-run")
    assert "nothing is changed" in said and "/etc/hosts" in said and "run     update-ca-certificates" in said, said
    assert_same(machine.picture(), before, "it only says")
    assert machine.run("curl", "-sS", f"https://{REGISTRY}/v2/", env=bare(), check=False).returncode != 0

    said = outrunner(machine, p, "trust")
    assert f"{REGISTRY} is this platform's registry" in said and "libnss-myhostname" in said, said
    trusted = machine.picture()
    assert "everything is so already" in outrunner(machine, p, "trust")
    assert_same(machine.picture(), trusted, "a second time there is nothing to do")

    for host in [REGISTRY, OTHER_REGION, "registry.outrunner.localhost"]:
        head = machine.run("curl", "-sSI", f"https://{host}/v2/", env=bare())
        assert "401" in head.splitlines()[0] and f'realm="https://{host}/"' in head, head
    stranger = "999999999999.dkr.ecr.us-east-1.amazonaws.com"
    refused = machine.run("curl", "-sS", "--resolve", f"{stranger}:443:127.0.0.1", f"https://{stranger}/v2/", env=bare(), check=False)
    assert refused.returncode != 0, "another account's registry is not ours to answer for"

    password = p.aws("ecr", "get-login-password")
    auth = bare(REGISTRY_AUTH_FILE=str(open_folder / "auth.json"))
    for host in [REGISTRY, OTHER_REGION]:
        machine.run("skopeo", "login", "--username", "AWS", "--password-stdin", host, env=auth, stdin=password)
    machine.run("skopeo", "--insecure-policy", "copy", f"oci:{layout}:v1", f"docker://{REGISTRY}/hello:v1", env=auth)
    inspected = json.loads(machine.run("skopeo", "inspect", f"docker://{REGISTRY}/hello:v1", env=auth))
    assert inspected["Digest"] == digest
    elsewhere = machine.run("skopeo", "inspect", f"docker://{OTHER_REGION}/hello:v1", env=auth, check=False)
    assert elsewhere.returncode != 0, "each region has repositories of its own"

    created = p.create("flask-demo", "hello:v1", HealthCheckConfiguration={"Protocol": "HTTP", "Path": "/health"})["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    outrunner(machine, p, "trust")
    for host in [created["ServiceUrl"], "flask-demo.outrunner.localhost"]:
        assert "Hello" in machine.run("curl", "-sS", f"https://{host}/", env=bare())
        get = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"
        assert "Hello" in machine.run("/usr/bin/python3", "-c", get, f"https://{host}/", env=bare())

    assert " https://flask-demo.outrunner.localhost " in p.outrunner("ps")

    ann_uses_a_profile(p, machine, open_folder)
    said = outrunner(machine, p, "trust", "--undo", "--dry-run")
    assert "restore /etc/hosts" in said
    outrunner(machine, p, "trust", "--undo")
    assert_same(machine.picture(), before, "every byte is back")
    assert "nothing of this platform" in outrunner(machine, p, "trust", "--undo")
    p.stop()


def ann_uses_a_profile(p, machine, folder):
    """A user with settings of her own, through `sudo`."""
    home = folder / "ann"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text("# mine\n[default]\nregion = eu-west-1\n\n\n[profile work]\noutput=text")
    for path in [home, home / ".aws", home / ".aws" / "config"]:
        shutil.chown(path, ANN, ANN)
    passwd = machine.run("cat", "/etc/passwd")
    machine.run("tee", "/etc/passwd", stdin=f"{passwd}ann:x:{ANN}:{ANN}::{home}:/bin/sh\n")
    sudo = bare(SUDO_UID=str(ANN), SUDO_GID=str(ANN), HOME="/root")
    before = machine.picture(home)

    assert "nothing is changed" in outrunner(machine, p, "setup", "--dry-run", env=sudo)
    assert_same(machine.picture(home), before, "it only says")
    assert "--profile outrunner" in outrunner(machine, p, "setup", env=sudo)
    assert "everything is so already" in outrunner(machine, p, "setup", env=sudo)
    credentials = home / ".aws" / "credentials"
    assert (credentials.stat().st_uid, credentials.stat().st_mode & 0o777) == (ANN, 0o600)
    ann = bare(HOME=str(home))
    identity = machine.run("aws", "--profile", "outrunner", "sts", "get-caller-identity", user=ANN, env=ann)
    assert json.loads(identity)["Account"] == ACCOUNT
    listed = machine.run("aws", "--profile", "outrunner", "apprunner", "list-services", user=ANN, env=ann)
    assert [service["ServiceName"] for service in json.loads(listed)["ServiceSummaryList"]] == ["flask-demo"]
    for profile, region in [("default", "eu-west-1"), ("outrunner", "us-east-1")]:
        assert machine.run("aws", "configure", "get", "region", "--profile", profile, user=ANN, env=ann).strip() == region

    outrunner(machine, p, "setup", "--undo", env=sudo)
    assert_same(machine.picture(home), before, "every byte is back")
    (home / ".aws" / "config").write_text("[profile outrunner]\nregion = x\n")
    refused = outrunner(machine, p, "setup", env=sudo, check=False)
    assert refused.returncode == 1 and "Choose another name" in refused.stderr
    assert not credentials.exists()
    machine.run("tee", "/etc/passwd", stdin=passwd)


def test_where_443_is_not_ours_the_printed_name_is_left_alone(platform, machine, tmp_path):
    p = platform().start()
    before = machine.picture()
    said = outrunner(machine, p, "trust")
    port = p.run_file()["api"].rsplit(":", 1)[1]
    assert "cannot work" in said and f"localhost:{port}/REPOSITORY" in said, said
    assert "amazonaws" not in machine.run("cat", "/etc/hosts")
    other = outrunner(machine, p, "trust", "--account", "123456789012", check=False)
    assert other.returncode == 1 and "would be shadowed" in other.stderr
    assert machine.picture() != before
    assert f"export AWS_ENDPOINT_URL_CLOUDWATCH_LOGS='http://127.0.0.1:{port}'" in run(BIN / "outrunner", "env", "--data-dir", p.data)
    said = outrunner(machine, p, "uninstall")
    assert "run     update-ca-certificates" in said and "rm -r takes it away" in said, said
    assert_same(machine.picture(), before, "the journal goes with the data dir, so nothing must need it any more")
    p.stop()
