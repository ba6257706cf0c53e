"""Outrunner itself in a container, as a CI job starts it: under a real dockerd, with the flags of `packaging/container/run`, a service runs and nothing stays."""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import boto3
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from container_engine import ContainerEngine, missing  # noqa: E402
from under_test import BIN, REGION, REGISTRY, ROOT, run, until  # noqa: E402

PACKAGING = ROOT / "packaging" / "container"
BASE = ROOT / "target" / "container-base.tar"
NAME = "outrunner-under-test"
ENDPOINT = "http://127.0.0.1:4566"


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    assert not missing(), f"missing: {', '.join(missing())}; run tests/install-packages"
    made = ContainerEngine(tmp_path_factory.mktemp("engine") / "docker").start()
    yield made
    made.end()


@pytest.fixture(scope="module")
def docker(engine):
    env = {**os.environ, **engine.env(), "DOCKER_BUILDKIT": "0"}

    def docker(*words, check=True, timeout=300, **more):
        return run("docker", *words, env={**env, **more}, check=check, timeout=timeout)

    return docker


@pytest.fixture(scope="module")
def image(docker, tmp_path_factory):
    """Built by the Dockerfile, on a base that has its packages already: no public registry is asked."""
    run(PACKAGING / "base", BASE, timeout=900)
    docker("import", BASE, "debian:12-slim")
    context = tmp_path_factory.mktemp("context")
    for program in ("outrunner", "outrunner-shim"):
        shutil.copy(BIN / program, context)
    text = (PACKAGING / "Dockerfile").read_text()
    without_packages = re.sub(r"^RUN (.*\\\n)*.*\n", "", text, flags=re.M)
    assert without_packages.count("COPY") == 1 and "apt-get" not in without_packages
    (context / "Dockerfile").write_text(without_packages)
    docker("build", "--tag", "outrunner:test", context)
    return "outrunner:test"


def leftovers():
    """What a platform can leave in this network."""
    links = [line.split(":")[1].strip() for line in run("ip", "-o", "link").splitlines()]
    tables = run("nft", "list", "tables").splitlines()
    return sorted([link for link in links if link.startswith("or-")] + [table for table in tables if "outrunner" in table])


def control_groups(text):
    """Those of the platform whose log this is: their name is derived from its data dir."""
    data_dir = re.search(r"--data-dir (\S+)\)", text)[1]
    tag = hashlib.sha256(data_dir.encode()).hexdigest()[:8]
    return sorted(Path("/sys/fs/cgroup").glob(f"**/outrunner-{tag}"))


def test_a_job_runs_a_service_on_an_outrunner_in_a_container(docker, image, engine, images, tmp_path):
    before = leftovers()
    words = [str(PACKAGING / "run"), image, "serve", "--ephemeral", "--test-keys"]
    env = {**os.environ, **engine.env(), "DOCKER_FLAGS": f"--name {NAME}"}
    with open(tmp_path / "log", "wb") as log:
        job = subprocess.Popen(words, env=env, stdout=log, stderr=log)
    try:
        until("it is ready", lambda: "for this run only" in (tmp_path / "log").read_text(), seconds=60, pause=0.1)
        a_service_runs(docker, images, tmp_path)
        assert control_groups((tmp_path / "log").read_text()), "the host's control groups limit its instances"
        assert set(leftovers()) > set(before), "what it makes in this network is seen here"
    finally:
        docker("stop", "--time", "60", NAME, check=False)
        job.wait(timeout=60)
    text = re.sub(r"\x1b\[[0-9;]*m", "", (tmp_path / "log").read_text())
    assert job.returncode == 0, text
    assert not re.findall(r"^\S+\s+(?:WARN|ERROR) .*$", text, re.M), text
    until("its volume is gone", lambda: not docker("volume", "ls", "--quiet").strip())
    assert leftovers() == before
    assert not control_groups(text)


def a_service_runs(docker, images, tmp_path):
    keys = dict(re.findall(r"(AWS_\w+)=(\S+)", (tmp_path / "log").read_text()))
    client = lambda service: boto3.client(  # noqa: E731
        service,
        region_name=REGION,
        endpoint_url=ENDPOINT,
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
    )
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    client("ecr").create_repository(repositoryName="hello")
    token = client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    login = f"--dest-creds=AWS:{b64decode(token).decode().split(':', 1)[1]}"
    run("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", login, f"oci:{layout}:v1", "docker://localhost:4566/hello:v1")
    apprunner = client("apprunner")
    source = {
        "ImageRepository": {
            "ImageIdentifier": f"{REGISTRY}/hello:v1",
            "ImageRepositoryType": "ECR",
            "ImageConfiguration": {"Port": "8080"},
        },
        "AutoDeploymentsEnabled": False,
    }
    service = apprunner.create_service(ServiceName="in-a-box", SourceConfiguration=source)["Service"]
    status = lambda: apprunner.describe_service(ServiceArn=service["ServiceArn"])["Service"]["Status"]  # noqa: E731
    until("the service runs", lambda: status() == "RUNNING", seconds=60, pause=0.2)
    authority = tmp_path / "ca.pem"
    authority.write_text(docker("exec", NAME, "sh", "-c", "cat /var/lib/outrunner/outrunner-ephemeral-*/ca.pem"))
    for url in [service["ServiceUrl"], "in-a-box.outrunner.localhost"]:
        assert "Hello" in run("curl", "-sS", "--cacert", authority, f"https://{url}/", env={"PATH": os.environ["PATH"]})
    described = json.loads(docker("inspect", NAME))[0]
    assert not described["HostConfig"]["Privileged"]
