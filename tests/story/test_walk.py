"""The walk: a stock `aws` call becomes an HTTPS URL that answers, and survives. Real clients, real containers, one story.

Prints each step with its time (pytest -s shows them), and compares what is on the machine before and after.
"""
import json
import os
import shutil
import subprocess
import time

from under_test import ACCOUNT, PULL_POLICY, REGION, REGISTRY, leaks, run, until

ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/AppRunnerECRAccessRole"

class Clock:
    def __init__(self):
        self.began = time.monotonic()

    def step(self, text):
        now = time.monotonic()
        print(f"{(now - self.began) * 1000:8.0f} ms  {text}", flush=True)
        self.began = time.monotonic()


def test_the_walk(platform, images, tmp_path):
    clock = Clock()
    p = platform()
    before = leaks(p)
    layout, digest = images("hello", flags=["--env", "GREETING=Hello"])
    clock.step("before: image packed, machine looked at")

    p.start()
    clock.step("outrunner serve, first run: ready")
    env = p.env()
    aws = p.aws

    assert aws("sts", "get-caller-identity")["Account"] == ACCOUNT
    assert aws("ecr", "create-repository", "--repository-name", "hello")["repository"]["repositoryUri"] == f"{REGISTRY}/hello"
    p.login()
    clock.step("aws sts, aws ecr create-repository, get-login-password | skopeo login")
    p.push(layout, "v1", "hello:v1")
    clock.step("skopeo copy: pushed")
    pulled = tmp_path / "pulled"
    source = f"docker://{p.registry_host()}/hello:v1"
    run("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", source, f"oci:{pulled}:v1", env=env)
    assert json.loads((pulled / "index.json").read_text())["manifests"][0]["digest"] == digest
    clock.step("a pull gives the same digest back")
    push_with_buildah(p, layout, digest, tmp_path)
    clock.step("buildah pull and push: the same digest")

    assert p.role("AppRunnerECRAccessRole", path="/service-role/", attach=[PULL_POLICY]) == ROLE
    clock.step("aws iam create-role, attach-role-policy")
    created = aws("apprunner", "create-service", "--cli-input-json", json.dumps(create_input()))
    service, arn, url = created["Service"], created["Service"]["ServiceArn"], created["Service"]["ServiceUrl"]
    clock.step("aws apprunner create-service")
    assert service["Status"] == "OPERATION_IN_PROGRESS" and len(created["OperationId"]) == 36
    p.until_status(arn, "RUNNING")
    clock.step("RUNNING")
    operations = aws("apprunner", "list-operations", "--service-arn", arn)["OperationSummaryList"]
    assert [(o["Type"], o["Status"], o["Id"]) for o in operations] == [("CREATE_SERVICE", "SUCCEEDED", created["OperationId"])]
    described = aws("apprunner", "describe-service", "--service-arn", arn)["Service"]
    assert described["InstanceConfiguration"] == {"Cpu": "256", "Memory": "512"}
    assert [s["ServiceName"] for s in aws("apprunner", "list-services")["ServiceSummaryList"]] == ["webs"]
    tags = aws("apprunner", "list-tags-for-resource", "--resource-arn", arn)["Tags"]
    assert tags == [{"Key": "team", "Value": "web"}]
    clock.step("list-operations, describe-service, list-services, list-tags-for-resource")

    the_front_door(p, url)
    clock.step("the front door: HTTP/1.1, HTTP/2, redirect, streams, unknown host")
    nothing_is_lost(p, url, arn, clock)

    deleted = aws("apprunner", "delete-service", "--service-arn", arn)
    assert deleted["Service"]["Status"] == "OPERATION_IN_PROGRESS"
    p.until_status(arn, "DELETED")
    clock.step("aws apprunner delete-service: DELETED")
    status, body = p.https(url)
    assert (status, "No service" in body or "unknown" in body.lower()) == (404, True), body
    assert "hello ends" not in p.log(), "an app's output is not the platform's"
    p.stop()
    clock.step("outrunner stop")
    assert not p.run_dir().exists()
    after = leaks(p)
    assert after == before, "\n".join(sorted(set(after) ^ set(before)))
    clock.step("nothing left behind")


def create_input():
    return {
        "ServiceName": "webs",
        "SourceConfiguration": {
            "AuthenticationConfiguration": {"AccessRoleArn": ROLE},
            "ImageRepository": {
                "ImageIdentifier": f"{REGISTRY}/hello:v1",
                "ImageRepositoryType": "ECR",
                "ImageConfiguration": {"Port": "8080", "RuntimeEnvironmentVariables": {"GREETING": "Hello and good day"}},
            },
        },
        "InstanceConfiguration": {"Cpu": "0.25 vCPU", "Memory": "0.5 GB"},
        "HealthCheckConfiguration": {"Protocol": "HTTP", "Path": "/health"},
        "Tags": [{"Key": "team", "Value": "web"}],
    }


def push_with_buildah(p, layout, digest, tmp_path):
    env = {**p.env(), "STORAGE_DRIVER": "vfs"}
    storage = ["--root", tmp_path / "storage", "--runroot", tmp_path / "runroot"]
    source = f"{p.registry_host()}/hello:v1"
    run("buildah", *storage, "pull", "--tls-verify=false", source, env=env)
    run("buildah", *storage, "push", "--tls-verify=false", source, f"docker://{p.registry_host()}/hello:b1", env=env)
    names = p.client("ecr").describe_repositories()["repositories"]
    assert [r["repositoryName"] for r in names] == ["hello"]
    shutil.rmtree(tmp_path / "storage", ignore_errors=True)


def the_front_door(p, url):
    bound = p.run_file()
    for flags, version in ((["--http1.1"], "1.1"), (["--http2"], "2")):
        answer = p.curl(f"https://{url}/", *flags, "-w", "\n%{http_version} %{http_code}")
        assert answer.splitlines()[0].startswith("Hello and good day from"), answer
        assert answer.splitlines()[-1] == f"{version} 200", answer
    host, port = url.split(":")
    http_port = bound["http"].rsplit(":", 1)[1]
    redirect = p.curl(f"http://{host}:{http_port}/x?y=1", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}")
    assert redirect == f"301 https://{url}/x?y=1", redirect
    unknown = p.curl(f"https://nobody.{REGION}.outrunner.localhost:{port}/", "-w", "\n%{http_code}")
    assert unknown.endswith("\n404") and len(unknown) > 10, unknown
    big = b"0123456789abcdef" * 65536 * 4
    for flags in (["--http1.1"], ["--http2"], ["--http1.1", "-H", "Transfer-Encoding: chunked"]):
        words = ["curl", "-sS", "--max-time", "20", *flags, "--data-binary", "@-", f"https://{url}/echo"]
        echoed = subprocess.run(words, input=big, capture_output=True, env=p.env(), timeout=30)
        assert echoed.stdout == big, f"{flags}: {len(echoed.stdout)} of {len(big)} bytes came back {echoed.stderr}"
    api = p.curl(f"https://api.outrunner.localhost:{port}/healthz")
    assert api == "ok\n", "the platform's own door answers through the front door"


def nothing_is_lost(p, url, arn, clock):
    """kill -9 of the platform costs no request; kill -9 of the edge costs only what it had in flight."""
    operations = p.client("apprunner").list_operations(ServiceArn=arn)["OperationSummaryList"]
    instances = p.instances()
    load = p.load(url, seconds=8)
    time.sleep(1.5)
    p.kill()
    time.sleep(1.5)
    began = time.monotonic()
    p.start()
    restart_ms = (time.monotonic() - began) * 1000
    clock.step(f"kill -9 of the platform under load, and a start: /healthz after {restart_ms:.0f} ms")
    counts = load.end()
    failed = {way: counts[way]["failures"] for way in ("keep_alive", "new_connection", "http2") if counts[way]["failed"]}
    assert failed == {}, failed
    clock.step(f"not one of {sum(counts[way]['ok'] for way in ('keep_alive', 'new_connection', 'http2'))} requests failed")
    assert p.client("apprunner").list_operations(ServiceArn=arn)["OperationSummaryList"] == operations, "it adopted, and changed nothing"
    assert p.instances() == instances

    p.allow(r"edge::(keeper|process)")
    load = p.load(url, seconds=4)
    time.sleep(1)
    edge = p.run_file()["edge_pid"]
    os.kill(edge, 9)
    began = time.monotonic()
    until("the front door answers again", lambda: answers(p, url), seconds=20)
    back_ms = (time.monotonic() - began) * 1000
    counts = load.end()
    lost = sum(counts[way]["failed"] for way in ("keep_alive", "new_connection", "http2"))
    late = max(counts[way]["max_us"] for way in ("keep_alive", "new_connection", "http2")) / 1000
    clock.step(f"kill -9 of the edge under load: answers again after {back_ms:.0f} ms, {lost} in flight were lost, slowest {late:.0f} ms")
    assert back_ms < 1000, f"README.md says so: {counts}"
    # Of 150 requests a second, what is under way for as long as the slowest answer took: a tenth of a second at least, half a second at most.
    assert lost <= 150 * min(max(late, 100), 500) / 1000, f"only what was in flight: {counts}"


def answers(p, url):
    try:
        return p.https(url)[0] == 200
    except OSError:
        return False


def test_an_index_is_understood_and_attestations_are_left_aside(platform, images, tmp_path):
    """Of an index, linux on our architecture is taken; another architecture and an attestation beside it change nothing."""
    layout, digest = images("hello")
    index = tmp_path / "index"
    shutil.copytree(layout, index)
    manifest = json.loads((index / "index.json").read_text())["manifests"][0]
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    other = "arm64" if machine == "amd64" else "amd64"
    ours = {**manifest, "platform": {"architecture": machine, "os": "linux"}}
    ours.pop("annotations", None)
    foreign = {**ours, "platform": {"architecture": other, "os": "linux"}}
    attestation = {**ours, "platform": {"architecture": "unknown", "os": "unknown"}}
    attestation["annotations"] = {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest}
    media = "application/vnd.oci.image.index.v1+json"
    content = json.dumps({"schemaVersion": 2, "mediaType": media, "manifests": [attestation, foreign, ours]}).encode()
    name = __import__("hashlib").sha256(content).hexdigest()
    (index / "blobs" / "sha256" / name).write_bytes(content)
    top = {"mediaType": media, "digest": f"sha256:{name}", "size": len(content), "annotations": {"org.opencontainers.image.ref.name": "v1"}}
    (index / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [top]}))

    p = platform().start()
    p.offer(index, "v1", "many:v1", "--all")
    created = p.create("many", "many:v1")["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    assert p.https(created["ServiceUrl"])[0] == 200
    p.stop()


def test_a_stopped_platform_comes_back_with_its_services(platform, images):
    """SIGTERM drains and stops everything; nothing stays outside the data dir; the next start brings the service back."""
    layout, _ = images("hello")
    p = platform()
    before = leaks(p)
    p.start()
    p.offer(layout)
    created = p.create("webs", "hello:v1")["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    assert p.terminate() == 0
    after = leaks(p)
    assert after == before, "\n".join(sorted(set(after) ^ set(before)))
    p.start()
    until("the service answers again", lambda: answers(p, created["ServiceUrl"]))
    assert p.status(created["ServiceArn"]) == "RUNNING"
    both = lambda: p.outrunner("logs", "webs").count("hello listens on port 8080") == 2
    until("the lines of both lives are there", both, seconds=5)
    assert "hello ends" in p.outrunner("logs", "webs"), "the last line before the stop was taken over too"
    p.stop()


def test_outrunner_stop_ends_what_a_dead_platform_left(platform, images):
    layout, _ = images("hello")
    p = platform()
    before = leaks(p)
    p.start()
    p.offer(layout)
    created = p.create("webs", "hello:v1")["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    p.kill()
    p.stop()
    after = leaks(p)
    assert after == before, "\n".join(sorted(set(after) ^ set(before)))


def test_an_instance_that_fails_its_health_checks_is_replaced(platform, images):
    """After the first success the user's interval and thresholds hold."""
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    health = {"Protocol": "HTTP", "Path": "/health", "Interval": 1, "Timeout": 1, "UnhealthyThreshold": 2}
    tags = [{"Key": "outrunner:stop-grace", "Value": "1s"}]
    created = p.create("webs", "hello:v1", HealthCheckConfiguration=health, Tags=tags)["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    assert p.https(created["ServiceUrl"], "/sick")[0] == 200
    until("its owner is told", lambda: "answered 500" in p.events("webs"), seconds=15)
    until("it is well again", lambda: p.https(created["ServiceUrl"], "/health") == (200, "ok\n"), seconds=40)
    assert p.status(created["ServiceArn"]) == "RUNNING"
    p.stop()


def test_on_stop_leave_leaves_everything_to_the_next_platform(platform, images):
    layout, _ = images("hello")
    p = platform("--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", env={"OUTRUNNER_ON_STOP": "leave"}).start()
    p.offer(layout)
    created = p.create("webs", "hello:v1")["Service"]
    p.until_status(created["ServiceArn"], "RUNNING")
    edge, instances = p.run_file()["edge_pid"], p.instances()
    load = p.load(created["ServiceUrl"], seconds=4)
    assert p.terminate() == 0
    assert p.https(created["ServiceUrl"])[0] == 200, "nobody is at home, and the URL answers"
    p.start()
    counts = load.end()
    assert [counts[way]["failures"] for way in ("keep_alive", "new_connection", "http2")] == [[], [], []], counts
    assert (p.run_file()["edge_pid"], p.instances()) == (edge, instances), "adopted as it was"
    p.stop()
