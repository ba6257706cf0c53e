"""Images from elsewhere: a second Outrunner plays a foreign registry and the real ECR. Both are gone later, and nobody misses them."""
import base64
import json
import os
import signal
import subprocess

import pytest

from under_test import BIN, REGISTRY, Platform, until

PORTS = ["--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]


@pytest.fixture
def far(tmp_path, images):
    """Another platform on this machine, with `hello:v1` in its registry."""
    folder = tmp_path / "far"
    folder.mkdir()
    far = Platform(folder)
    try:
        far.start()
        far.offer(images("hello", flags=["--env", "GREETING=Hello"])[0])
        yield far
    finally:
        subprocess.run([str(BIN / "outrunner"), "stop", "--data-dir", str(far.data)], capture_output=True, timeout=120)
        if far.process is not None and far.process.poll() is None:
            far.process.kill()
            far.process.wait()


def private(path, text):
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def upstream_flags(far, folder):
    """What an operator says so that `far` may be asked, as a foreign registry and as the real ECR."""
    env, host = far.env(), far.registry_host()
    login = base64.b64encode(b"AWS:" + far.aws("ecr", "get-login-password").strip().encode()).decode()
    auth = private(folder / "docker.json", json.dumps({"auths": {host: {"auth": login}}}))
    secret, key = env["AWS_SECRET_ACCESS_KEY"], env["AWS_ACCESS_KEY_ID"]
    keys = private(folder / "credentials", f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")
    ecr = ["--ecr-upstream", keys, "--ecr-upstream-endpoint", f"http://{far.run_file()['api']}"]
    return ["--registry-insecure", host, "--registry-auth", auth, *ecr]


def create(p, name, identifier, kind="ECR_PUBLIC"):
    image = {"ImageIdentifier": identifier, "ImageRepositoryType": kind, "ImageConfiguration": {"Port": "8080"}}
    source = {"ImageRepository": image, "AutoDeploymentsEnabled": False}
    size = {"Cpu": "256", "Memory": "512"}
    made = p.client("apprunner").create_service(ServiceName=name, SourceConfiguration=source, InstanceConfiguration=size)
    return made["Service"]


def says_hello(p, service):
    return until("it says hello", lambda: p.https(service["ServiceUrl"])[1].startswith("Hello"), 30, 0.2)


def kill_instances(p):
    """The first process of every instance dies."""
    for folder in (p.run_dir() / "shims").iterdir():
        state = dict(line.split(" ", 1) for line in (folder / "state").read_text().splitlines())
        os.kill(int(state["init_pid"]), signal.SIGKILL)


def test_services_run_from_elsewhere_and_go_on_when_elsewhere_is_gone(platform, far, tmp_path):
    elsewhere = upstream_flags(far, tmp_path)
    p = platform(*PORTS, *elsewhere).start()
    foreign = create(p, "foreign", f"{far.registry_host()}/hello:v1")
    assert foreign["SourceConfiguration"]["ImageRepository"]["ImageRepositoryType"] == "ECR_PUBLIC"
    p.until_status(foreign["ServiceArn"], "RUNNING")
    says_hello(p, foreign)
    # The same name as at the real one, of our own account: our registry has nothing under it.
    ours = create(p, "ours", f"{REGISTRY}/hello:v1", "ECR")
    p.until_status(ours["ServiceArn"], "RUNNING")
    says_hello(p, ours)
    assert p.client("ecr").describe_repositories()["repositories"] == [], "copies are the platform's own"
    assert "Successfully copied the image from" in p.events("foreign")

    for name, identifier, kind, words in [
        ("lacking", f"{far.registry_host()}/hello:v9", "ECR_PUBLIC", "does not exist"),
        ("lacking-too", f"{REGISTRY}/hello:v9", "ECR", "The upstream ECR lacks it too"),
        ("inwards", f"{p.registry_host().replace('localhost', '127.0.0.2')}/hello:v1", "ECR_PUBLIC", "a loopback address"),
    ]:
        service = create(p, name, identifier, kind)
        p.until_status(service["ServiceArn"], "CREATE_FAILED")
        assert words in p.events(name), p.events(name)

    far.stop()
    kill_instances(p)
    says_hello(p, foreign)
    assert p.terminate() == 0
    p.flags += elsewhere
    p.start()
    for service in (foreign, ours):
        says_hello(p, service)
    p.allow("ended by itself", "a keeper's step failed")
    p.stop()


@pytest.mark.parametrize("abort_at", ["effect.copy.blob#2", "effect.copy.piece#2", "effect.copy.manifest#1", "commit.pin.before#1"])
def test_a_copy_that_a_crash_interrupts_is_completed_once(platform, far, tmp_path, abort_at):
    elsewhere = upstream_flags(far, tmp_path)
    p = platform(*PORTS, *elsewhere, env={"OUTRUNNER_ABORT_AT": abort_at}).start()
    service = create(p, "foreign", f"{far.registry_host()}/hello:v1")
    until("the platform is gone", lambda: p.process.poll() is not None, 30)
    p.extra_env = {}
    p.flags += elsewhere
    p.start()
    p.until_status(service["ServiceArn"], "RUNNING")
    says_hello(p, service)
    operations = p.client("apprunner").list_operations(ServiceArn=service["ServiceArn"])["OperationSummaryList"]
    assert [operation["Status"] for operation in operations] == ["SUCCEEDED"]
    assert list((p.data / "uploads").iterdir()) == [], "nothing is left of the uploads"
    p.stop()


@pytest.mark.parametrize("flags, words", [
    (["--registry-auth", "/etc/passwd"], "can be read by others"),
    (["--registry-ca", "/etc/passwd"], "no certificate"),
    (["--registry-mirror", "docker.io"], "is not a registry and a URL"),
    (["--ecr-upstream", "default"], "neither env nor profile:NAME"),
])
def test_a_wrong_word_about_registries_stops_the_start_with_the_flag(tmp_path, flags, words):
    command = [str(BIN / "outrunner"), "serve", "--data-dir", str(tmp_path / "data"), *PORTS, *flags]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2, ended
    assert flags[0] in ended.stderr and words in ended.stderr, ended.stderr
