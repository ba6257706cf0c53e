"""Bad input and bad images: each is refused, or fails, in a sentence that says what is wrong and what to do; nothing half-done stays."""
import hashlib
import http.client
import json
import os
import resource
import socket
import time

import pytest
from botocore.exceptions import ClientError

from under_test import ACCOUNT, BIN, REGION, REGISTRY, ROOT, run, until


@pytest.fixture
def p(platform):
    made = platform().start()
    made.client("ecr").create_repository(repositoryName="hello")
    made.login()
    yield made
    made.stop()


def failure_of(p, arn, seconds):
    """Waits for CREATE_FAILED; answers how long it took and the events."""
    began = time.monotonic()
    p.until_status(arn, "CREATE_FAILED", seconds)
    took = time.monotonic() - began
    operations = p.client("apprunner").list_operations(ServiceArn=arn)["OperationSummaryList"]
    assert [(o["Type"], o["Status"]) for o in operations] == [("CREATE_SERVICE", "FAILED")]
    return took, p.events(arn)


def c_program(tmp_path, body):
    source = tmp_path / "app.c"
    source.write_text(
        "#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n#include <netinet/in.h>\n#include <arpa/inet.h>\n#include <sys/socket.h>\n"
        "static int at(const char *host, int port) { int s = socket(AF_INET, SOCK_STREAM, 0); struct sockaddr_in a = {.sin_family = AF_INET, "
        ".sin_port = htons(port)}; inet_pton(AF_INET, host, &a.sin_addr); bind(s, (struct sockaddr *)&a, sizeof a); return listen(s, 9); }\n"
        "int main(void) { " + body + " }\n"
    )
    return source


def test_an_image_that_does_not_exist_fails_without_a_start_and_is_named(p):
    for image, named in (("hello:v9", "no tag 'v9'"), ("nobody:v1", "'nobody' has no tag 'v1'")):
        arn = p.create("missing-" + image.split(":")[0], image)["Service"]["ServiceArn"]
        took, events = failure_of(p, arn, 30)
        assert took < 15 and named in events and image in events, (took, events)
    assert p.instances() == []


def test_a_process_that_exits_at_start_is_reported_with_code_and_last_lines(p, images, tmp_path):
    source = c_program(tmp_path, 'puts("cannot find the database"); return 3;')
    layout, _ = images("exits", source)
    p.push(layout, "v1", "hello:exits")
    arn = p.create("exits", "hello:exits")["Service"]["ServiceArn"]
    took, events = failure_of(p, arn, 30)
    assert took < 15 and "exit code: 3" in events and "cannot find the database" in events, (took, events)
    assert p.instances() == []


@pytest.mark.parametrize(
    "listens, named",
    [('at("0.0.0.0", 8081)', "listens on port 8081, not on port 8080"), ('at("127.0.0.1", 8080)', "127.0.0.1:8080 only")],
    ids=["another port", "loopback only"],
)
def test_an_app_that_listens_elsewhere_is_named_long_before_it_fails(p, images, tmp_path, listens, named):
    name = "elsewhere" + str(len(named))
    layout, _ = images(name, c_program(tmp_path, f"{listens}; for (;;) pause();"))
    p.push(layout, "v1", "hello:elsewhere")
    arn = p.create("elsewhere", "hello:elsewhere", Tags=[{"Key": "outrunner:stop-grace", "Value": "100ms"}])["Service"]["ServiceArn"]
    began = time.monotonic()
    until("the event names it", lambda: named in p.events("elsewhere"), seconds=20)
    warned = time.monotonic() - began
    took, events = failure_of(p, arn, 80)
    assert warned < 20 and 25 < warned + took < 60, (warned, took)
    assert events.count(named) >= 2, events
    # The operation does not wait for the grace.
    until("nothing of it stays", lambda: p.instances() == [])


def test_a_command_that_the_image_has_not_is_named(p, images):
    layout, _ = images("hello")
    p.push(layout, "v1", "hello:v1")
    arn = p.create("nocommand", "hello:v1", more={"StartCommand": "/bin/serve --port 1"})["Service"]["ServiceArn"]
    took, events = failure_of(p, arn, 10)
    assert "/bin/serve" in events, events
    p.client("apprunner").delete_service(ServiceArn=arn)
    p.until_status(arn, "DELETED")


FAULTS = [
    ({"ServiceName": "abc"}, "InvalidRequestException", "greater than or equal to 4"),
    ({"ServiceName": "not a name!"}, "InvalidRequestException", "regular expression"),
    ({"InstanceConfiguration": {"Cpu": "256", "Memory": "4096"}}, "InvalidRequestException", "Cpu 256"),
    ({"InstanceConfiguration": {"Cpu": "77"}}, "InvalidRequestException", "validation error"),
    ({"Tags": [{"Key": "outrunner:colour", "Value": "red"}]}, "InvalidRequestException", "outrunner:colour"),
    ({"EncryptionConfiguration": {"KmsKey": "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000"}}, "InvalidRequestException", "KmsKey"),
    ({"NetworkConfiguration": {"EgressConfiguration": {"EgressType": "VPC"}}}, "InvalidRequestException", "VpcConnectorArn"),
    ({"AutoScalingConfigurationArn": "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/mine/1"}, "InvalidRequestException", "AutoScalingConfigurationArn"),
]


@pytest.mark.parametrize("members, code, words", FAULTS, ids=[next(iter(f[0])) + str(i) for i, f in enumerate(FAULTS)])
def test_a_wrong_member_is_the_references_fault(p, members, code, words):
    call = {"ServiceName": "webs", "SourceConfiguration": {"ImageRepository": {"ImageIdentifier": f"{REGISTRY}/hello:v1", "ImageRepositoryType": "ECR"}}}
    with pytest.raises(ClientError) as refused:
        p.client("apprunner").create_service(**{**call, **members})
    error = refused.value.response["Error"]
    assert error["Code"] == code and words in error["Message"], error
    assert p.client("apprunner").list_services()["ServiceSummaryList"] == []


def test_a_name_in_use_and_an_arn_of_nobody_are_refused(p, images):
    layout, _ = images("hello")
    p.push(layout, "v1", "hello:v1")
    arn = p.create("webs", "hello:v1")["Service"]["ServiceArn"]
    with pytest.raises(ClientError) as refused:
        p.create("webs", "hello:v1")
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"
    client = p.client("apprunner")
    p.until_status(arn, "RUNNING")
    client.delete_service(ServiceArn=arn)
    with pytest.raises(ClientError) as refused:
        client.delete_service(ServiceArn=arn)
    assert refused.value.response["Error"]["Code"] == "InvalidStateException"
    unknown = arn[:-32] + "0" * 32
    with pytest.raises(ClientError) as refused:
        client.describe_service(ServiceArn=unknown)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
    with pytest.raises(ClientError) as refused:
        client.describe_service(ServiceArn="arn:nonsense")
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"
    with pytest.raises(ClientError) as refused:
        p.client("ecr").describe_pull_through_cache_rules()
    assert refused.value.response["Error"]["Code"] == "UnknownOperationException"


def test_a_large_body_is_refused_before_it_is_read(p):
    host, port = p.run_file()["api"].rsplit(":", 1)
    p.allow("body")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AppRunner.ListServices\r\nContent-Length: 1048577\r\n\r\n")
        answer = client.recv(65536)
        while chunk := client.recv(65536):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 413"), answer


def test_silent_connections_neither_silence_the_api_for_long_nor_keep_the_platform_from_ending(platform):
    p = platform().start()
    host, port = p.run_file()["api"].rsplit(":", 1)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    # More than there are places for; the rest waits in the kernel's queue.
    crowd = lambda: [socket.create_connection((host, int(port)), timeout=10) for _ in range(2_100)]
    silent = crowd()
    until("the API answers again when their time is over", lambda: healthy(p), seconds=30, pause=0.2)
    for connection in silent:
        connection.close()
    until("the places are free", lambda: healthy(p), seconds=30, pause=0.2)
    silent = crowd()
    began = time.monotonic()
    assert p.terminate(20) == 0
    assert time.monotonic() - began < 10, "SIGTERM is heard although every place is taken"
    for connection in silent:
        connection.close()
    p.judge_log()


def healthy(p):
    try:
        return p.curl(f"http://{p.run_file()['api']}/healthz", "--max-time", "1", check=False).stdout == "ok\n"
    except OSError:
        return False


def links():
    """The network links that carry a platform's name; another platform's may be there all along."""
    return {line.split(":")[1].strip().split("@")[0] for line in run("ip", "-o", "link").splitlines() if ": or-" in line}


@pytest.mark.parametrize("after_ms", [20, 60, 120, 200, 300])
def test_a_start_that_is_interrupted_leaves_nothing(platform, after_ms):
    p = platform()
    p.data.mkdir()
    before = links()
    p.start(wait=False)
    time.sleep(after_ms / 1000)
    p.process.terminate()
    code = p.process.wait(timeout=20)
    # Before its first instruction of ours, a signal ends a process as it ends any.
    assert code in (0, -15), p.log()
    assert not p.run_dir().exists(), list(p.run_dir().iterdir())
    assert links() == before


@pytest.mark.parametrize("made", ["its front door", "its network"])
def test_a_start_that_is_interrupted_after_it_made_something_leaves_nothing(platform, made):
    p = platform()
    p.data.mkdir()
    before = links()
    is_there = {
        "its front door": lambda: (p.run_dir() / "edge" / "edge.sock").exists(),
        "its network": lambda: any(p.run_dir().name in link for link in links()),
    }
    # A machine that is busy with others may be late with its look: then the start was over, and it is tried again.
    for _ in range(5):
        p.start(wait=False)
        until(f"{made} is there", is_there[made], pause=0.001)
        assert p.terminate(20) == 0, p.log()
        assert not p.run_dir().exists(), list(p.run_dir().iterdir())
        assert links() == before
        if "the platform ends before it was ready" in p.log():
            return
    raise AssertionError("no start was interrupted within it")


def test_a_start_that_fails_late_is_undone(platform):
    p = platform()
    (p.data / "ca.pem").mkdir(parents=True)
    p.start(wait=False)
    assert p.process.wait(timeout=20) == 1
    assert "ca.pem" in p.log() and not p.run_dir().exists()


def test_another_region_is_refused_in_words(p, images):
    layout, _ = images("hello")
    p.push(layout, "v1", "hello:v1")
    import boto3

    env = p.env()
    client = boto3.client("apprunner", region_name="eu-west-1", endpoint_url=f"http://{p.run_file()['api']}",
                          aws_access_key_id=env["AWS_ACCESS_KEY_ID"], aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"])
    with pytest.raises(ClientError) as refused:
        client.list_services()
    assert "us-east-1" in refused.value.response["Error"]["Message"], refused.value.response


def registry(p, method, path, body=None, headers=None):
    password = p.aws("ecr", "get-login-password").strip()
    basic = __import__("base64").b64encode(f"AWS:{password}".encode()).decode()
    host, port = p.run_file()["api"].rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request(method, path, body, {"Authorization": f"Basic {basic}", **(headers or {})})
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers


def test_nothing_of_a_broken_upload_stays(p):
    def left():
        return [name for _, _, names in os.walk(p.data / "uploads") for name in names]

    digest = "sha256:" + hashlib.sha256(b"right").hexdigest()
    status, body, _ = registry(p, "POST", f"/v2/hello/blobs/uploads/?digest={digest}", b"wrong")
    assert (status, json.loads(body)["errors"][0]["code"]) == (400, "DIGEST_INVALID")
    assert registry(p, "HEAD", f"/v2/hello/blobs/{digest}")[0] == 404

    status, _, headers = registry(p, "POST", "/v2/hello/blobs/uploads/")
    location = headers["Location"]
    password = p.aws("ecr", "get-login-password").strip()
    basic = __import__("base64").b64encode(f"AWS:{password}".encode()).decode()
    host, port = p.run_file()["api"].rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(f"PATCH {location} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\nContent-Length: 100\r\n\r\nhalf".encode())
    begun = lambda: (lambda status, _, headers: (status, headers["Range"]))(*registry(p, "GET", location))
    until("the cut-off part is taken back", lambda: begun() == (204, "0-0"))
    assert registry(p, "DELETE", location)[0] == 204
    until("nothing is left", lambda: left() == [])

    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                           "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": 5}, "layers": []})
    kind = {"Content-Type": "application/vnd.oci.image.manifest.v1+json"}
    status, body, _ = registry(p, "PUT", "/v2/hello/manifests/v7", manifest, kind)
    assert (status, json.loads(body)["errors"][0]["code"]) in ((400, "MANIFEST_BLOB_UNKNOWN"), (404, "MANIFEST_BLOB_UNKNOWN"))
    assert registry(p, "HEAD", "/v2/hello/manifests/v7")[0] == 404
    for name in ("hello/../other", "..%2fhello", "hello//x", "HELLO", "%2e%2e/x"):
        status, _, _ = registry(p, "GET", f"/v2/{name}/tags/list")
        assert status in (400, 404), (name, status)


def test_a_push_of_a_followed_tag_is_deployed_by_itself(p, images):
    first, _ = images("hello")
    second, _ = images("hello", tag="v2", flags=["--env", "GREETING=New"])
    p.push(first, "v1", "hello:v1")
    source = {"ImageRepository": {"ImageIdentifier": f"{REGISTRY}/hello:v1", "ImageRepositoryType": "ECR"}}
    created = p.client("apprunner").create_service(ServiceName="follows", SourceConfiguration=source)["Service"]
    assert created["SourceConfiguration"]["AutoDeploymentsEnabled"] is True
    p.until_status(created["ServiceArn"], "RUNNING")
    p.push(second, "v2", "hello:v1")
    until("the new image answers", lambda: p.https(created["ServiceUrl"])[1].startswith("New"), seconds=60)
    p.until_status(created["ServiceArn"], "RUNNING")
    operations = p.client("apprunner").list_operations(ServiceArn=created["ServiceArn"])["OperationSummaryList"]
    assert [(one["Type"], one["Status"]) for one in operations] == [("START_DEPLOYMENT", "SUCCEEDED"), ("CREATE_SERVICE", "SUCCEEDED")]
    assert "A new image was pushed" in p.events("follows")


def serve(*flags, **kwargs):
    return run(BIN / "outrunner", "serve", *flags, check=False, timeout=30, **kwargs)


def one_line(done, code, *words):
    lines = [line for line in done.stderr.splitlines() if "INFO" not in line]
    assert done.returncode == code and len(lines) == 1, (done.returncode, done.stderr)
    for word in words:
        assert word in lines[0], lines[0]


def test_a_start_that_cannot_be_is_one_line_that_says_what_to_do(p, tmp_path):
    bound = p.run_file()
    fresh = ["--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]
    one_line(serve("--data-dir", p.data, *fresh), 1, "another platform", str(p.process.pid), "--data-dir")
    taken = ["--data-dir", tmp_path / "other", "--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", bound["https"]]
    one_line(serve(*taken), 1, "is taken", "--https")
    taken = ["--data-dir", tmp_path / "other", "--api", bound["api"], "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]
    one_line(serve(*taken), 1, "is taken by outrunner", "--api")
    one_line(serve("--data-dir", tmp_path / "other", *fresh, "--runtime", "no-such-runtime"), 1, "no-such-runtime", "not installed")
    tag = hashlib.sha256(os.fsencode((tmp_path / "other").resolve())).hexdigest()[:8]
    assert not os.path.exists(f"/run/outrunner/{tag}"), "nothing of a start that failed stays"
    one_line(serve("--data-dir", tmp_path / "other", "--api", "0.0.0.0:1"), 2, "--api", "loopback")
    assert serve("--no-such-flag").returncode == 2
    nobody = {"user": 65534, "group": 65534}
    import subprocess

    copy = tmp_path / "outrunner"
    done = subprocess.run(["sh", "-c", f"cp {BIN}/outrunner {copy}; chmod 755 {copy} {tmp_path}"], capture_output=True)
    assert done.returncode == 0
    for folder in [tmp_path, *tmp_path.parents]:
        if str(folder).startswith("/tmp/"):
            os.chmod(folder, 0o755)
    done = subprocess.run([str(copy), "serve", "--data-dir", "/tmp/none"], capture_output=True, text=True, **nobody)
    one_line(done, 1, "root", "sudo")
