"""The faults that the tutorial's people meet, one test each: every one is refused, or fails, in a sentence that says what is wrong and what to do.

Held elsewhere: an app that listens on another port, a broken upload and a missing image in tests/faults/test_bad_input.py; a foreign registry that is
slow, lies about digests, answers 429, redirects to a private address or is cut off in outside/tests.
"""
import http.client
import os
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from under_test import ACCOUNT, REGION, REGISTRY, ROOT, VENV, run, until
from witness import Witness
from workplace import FLASK

TRUST = (FLASK / "trust-policy.json").read_text()
POLICY = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"
QUICK = [{"Key": "outrunner:startup-timeout", "Value": "6s"}, {"Key": "outrunner:stop-grace", "Value": "1s"}]
FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
PUSHES = 10


@pytest.fixture
def p(platform, hello_layout):
    made = platform().start()
    made.offer(hello_layout("v1"), "v1", "hello:v1")
    yield made
    made.stop()


def refused(call, **members):
    with pytest.raises(ClientError) as raised:
        call(**members)
    return raised.value.response["Error"]


def newest(p, arn):
    return p.client("apprunner").list_operations(ServiceArn=arn)["OperationSummaryList"][0]


def until_over(p, arn, seconds=120):
    over = lambda: (lambda o: o if o["Status"] not in ("PENDING", "IN_PROGRESS", "ROLLBACK_IN_PROGRESS") else None)(newest(p, arn))
    return until(f"the operation of {arn} is over", over, seconds, pause=0.2)["Status"]


def with_role(p, name, role):
    source = {
        "AuthenticationConfiguration": {"AccessRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}"},
        "AutoDeploymentsEnabled": False,
        "ImageRepository": {"ImageIdentifier": f"{REGISTRY}/hello:v1", "ImageRepositoryType": "ECR"},
    }
    return p.client("apprunner").create_service(ServiceName=name, SourceConfiguration=source, Tags=QUICK)["Service"]["ServiceArn"]


def running(p, name="webs", **members):
    created = p.create(name, "hello:v1", **members)["Service"]
    p.until_status(created["ServiceArn"], "RUNNING", seconds=60)
    return created


# --- the access role


def test_an_access_role_that_nobody_made_is_refused_at_the_call(p):
    error = refused(with_role, p=p, name="webs", role="nobody")
    assert error["Code"] == "InvalidRequestException" and "nobody" in error["Message"], error


def test_an_access_role_that_does_not_trust_app_runner_fails_with_its_name(p):
    other = TRUST.replace("build.apprunner.amazonaws.com", "ec2.amazonaws.com")
    iam = p.client("iam")
    iam.create_role(RoleName="Distrusted", AssumeRolePolicyDocument=other)
    iam.attach_role_policy(RoleName="Distrusted", PolicyArn=POLICY)
    try:
        arn = with_role(p, "webs", "Distrusted")
    except ClientError as error:
        words = error.response["Error"]["Message"]
    else:
        p.until_status(arn, "CREATE_FAILED", seconds=60)
        words = p.events(arn)
    assert "Distrusted" in words and "build.apprunner.amazonaws.com" in words, words


def test_an_access_role_without_the_policy_fails_with_what_is_missing_and_works_with_it(p):
    iam = p.client("iam")
    iam.create_role(RoleName="Bare", AssumeRolePolicyDocument=TRUST)
    arn = with_role(p, "webs", "Bare")
    p.until_status(arn, "CREATE_FAILED", seconds=60)
    words = p.events(arn)
    assert "Bare" in words and "ecr:" in words, words
    iam.attach_role_policy(RoleName="Bare", PolicyArn=POLICY)
    p.until_status(with_role(p, "again", "Bare"), "RUNNING", seconds=60)


# --- the health check


ANSWERS = {"redirect": r"302 Found\r\nLocation: /elsewhere", "broken": "500 Internal Server Error"}
PROGRAM = r"""
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
    char head[4096];
    const char *answer = "HTTP/1.1 ANSWER\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(8080)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&any, sizeof any) != 0 || listen(listener, 16) != 0) return 1;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (read(fd, head, sizeof head) > 0 && write(fd, answer, strlen(answer)) < 0) return 1;
        close(fd);
    }
}
"""


@pytest.mark.parametrize("answers, path, said", [
    (None, "/nowhere", "404"),
    ("redirect", "/", "302"),
    ("broken", "/", "500"),
    (None, "/wait/5000", "/wait/5000"),
], ids=["404", "redirect", "500", "slow"])
def test_a_health_path_that_is_not_well_is_named_with_its_answer(p, programs, tmp_path, answers, path, said):
    image = "hello:v1"
    if answers:
        source = tmp_path / "answers.c"
        source.write_text(PROGRAM.replace("ANSWER", ANSWERS[answers]))
        program = programs(f"answers-{answers}", source)
        layout = tmp_path / "layout"
        run(sys.executable, ROOT / "examples" / "oci_image.py", layout, "v1", "--entrypoint", "/answers", f"{program}=/answers")
        p.push(layout, "v1", "hello:answers")
        image = "hello:answers"
    health = {"Protocol": "HTTP", "Path": path, "Interval": 1, "Timeout": 1}
    arn = p.create("webs", image, HealthCheckConfiguration=health, Tags=QUICK)["Service"]["ServiceArn"]
    p.until_status(arn, "CREATE_FAILED", seconds=60)
    events = p.events(arn)
    assert path in events and said in events, events
    # The operation does not wait for what the instance does with its grace.
    until("nothing is left of it", lambda: p.instances() == [], seconds=60)


# --- calls at the wrong time


def test_while_an_operation_runs_every_other_wish_is_refused_in_the_declared_way(p):
    """A service that never becomes well: its create is under way for as long as the test looks."""
    health = {"Protocol": "HTTP", "Path": "/nowhere", "Interval": 1, "Timeout": 1}
    tags = [{"Key": "outrunner:startup-timeout", "Value": "20s"}]
    created = p.create("webs", "hello:v1", HealthCheckConfiguration=health, Tags=tags)["Service"]
    arn, client = created["ServiceArn"], p.client("apprunner")
    until("it is starting", lambda: p.instances(), seconds=30)
    instance = {"Cpu": "512", "Memory": "1024"}
    assert refused(client.update_service, ServiceArn=arn, InstanceConfiguration=instance)["Code"] == "InvalidStateException"
    assert refused(client.delete_service, ServiceArn=arn)["Code"] == "InvalidStateException"
    assert refused(client.pause_service, ServiceArn=arn)["Code"] == "InvalidStateException"
    error = refused(client.start_deployment, ServiceArn=arn)
    assert error["Code"] == "InvalidRequestException" and "isn't in RUNNING state" in error["Message"], error
    operations = client.list_operations(ServiceArn=arn)["OperationSummaryList"]
    assert [operation["Type"] for operation in operations] == ["CREATE_SERVICE"]
    p.until_status(arn, "CREATE_FAILED", seconds=60)
    client.delete_service(ServiceArn=arn)
    p.until_status(arn, "DELETED", seconds=60)


def test_pause_twice_is_pause_once(p):
    arn, client = running(p)["ServiceArn"], p.client("apprunner")
    first = client.pause_service(ServiceArn=arn)
    assert first["OperationId"]
    p.until_status(arn, "PAUSED", seconds=60)
    again = client.pause_service(ServiceArn=arn)
    assert again["Service"]["Status"] == "PAUSED" and "OperationId" not in again
    client.resume_service(ServiceArn=arn)
    p.until_status(arn, "RUNNING", seconds=60)
    again = client.resume_service(ServiceArn=arn)
    assert again["Service"]["Status"] == "RUNNING" and "OperationId" not in again
    types = [operation["Type"] for operation in client.list_operations(ServiceArn=arn)["OperationSummaryList"]]
    assert types == ["RESUME_SERVICE", "PAUSE_SERVICE", "CREATE_SERVICE"]


def test_a_client_that_lost_the_answer_and_asks_again_does_nothing_twice(p):
    """A stock client's retry: the first answer is lost on the way, the second call is the same."""
    witness = Witness(p.run_file()["api"])
    env = p.env()
    client = boto3.client("apprunner", region_name=REGION, endpoint_url=f"http://{witness.address}",
                          aws_access_key_id=env["AWS_ACCESS_KEY_ID"], aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
                          config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    try:
        source = {"ImageRepository": {"ImageIdentifier": f"{REGISTRY}/hello:v1", "ImageRepositoryType": "ECR"}, "AutoDeploymentsEnabled": False}
        witness.lose(1)
        error = refused(client.create_service, ServiceName="webs", SourceConfiguration=source)
        assert error["Code"] == "InvalidRequestException" and "webs" in error["Message"], error
        (service,) = client.list_services()["ServiceSummaryList"]
        arn = service["ServiceArn"]
        p.until_status(arn, "RUNNING", seconds=60)
        witness.lose(1)
        try:
            client.pause_service(ServiceArn=arn)
        except ClientError as error:
            # The first call's operation is still under way: that is said, with the declared fault.
            assert error.response["Error"]["Code"] == "InvalidStateException"
        p.until_status(arn, "PAUSED", seconds=60)
        witness.lose(1)
        try:
            client.delete_service(ServiceArn=arn)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "InvalidStateException"
        p.until_status(arn, "DELETED", seconds=60)
        types = [operation["Type"] for operation in client.list_operations(ServiceArn=arn)["OperationSummaryList"]]
        assert types == ["DELETE_SERVICE", "PAUSE_SERVICE", "CREATE_SERVICE"], "each once"
        assert witness.offences == []
    finally:
        witness.end()


# --- images


def registry(p, method, path, body=None, headers=None):
    password = p.client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    host, port = p.run_file()["api"].rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request(method, path, body, {"Authorization": f"Basic {password}", **(headers or {})})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_a_push_that_was_cut_off_is_pushed_again(p, hello_layout, tmp_path):
    big = tmp_path / "big"
    big.write_bytes(os.urandom(192 * 1024 * 1024))
    layout = tmp_path / "layout"
    hello = hello_layout("v1").parent / "hello"
    run(sys.executable, ROOT / "examples" / "oci_image.py", layout, "v1", "--entrypoint", "/hello", f"{hello}=/hello", f"{big}=/big")
    target = f"docker://{p.registry_host()}/hello:big"
    words = ["skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", f"oci:{layout}:v1", target]
    push = subprocess.Popen(words, env=p.env(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def has_some():
        assert push.poll() is None, "the push was over before it was cut"
        sizes = [path.stat().st_size for path in (p.data / "uploads").rglob("*") if path.is_file()]
        return any(size > 4 * 1024 * 1024 for size in sizes)

    until("a part has arrived", has_some, seconds=60, pause=0.002)
    push.kill()
    push.wait()
    assert registry(p, "HEAD", "/v2/hello/manifests/big")[0] == 404
    p.push(layout, "v1", "hello:big")
    created = p.create("webs", "hello:big")["Service"]
    p.until_status(created["ServiceArn"], "RUNNING", seconds=120)
    assert p.https(created["ServiceUrl"])[0] == 200


def test_of_ten_pushes_in_a_second_the_last_one_deploys(p, hello_layout):
    source = {"ImageRepository": {"ImageIdentifier": f"{REGISTRY}/hello:live", "ImageRepositoryType": "ECR"}, "AutoDeploymentsEnabled": True}
    manifests = []
    for number in range(PUSHES + 1):
        p.push(hello_layout(f"g{number}", "--env", f"GREETING=Push-{number}"), f"g{number}", f"hello:g{number}")
        manifests.append(registry(p, "GET", f"/v2/hello/manifests/g{number}", headers={"Accept": "application/vnd.oci.image.manifest.v1+json"})[1])
    kind = {"Content-Type": "application/vnd.oci.image.manifest.v1+json"}
    assert registry(p, "PUT", "/v2/hello/manifests/live", manifests[0], kind)[0] == 201
    created = p.client("apprunner").create_service(ServiceName="webs", SourceConfiguration=source, Tags=QUICK[1:])["Service"]
    p.until_status(created["ServiceArn"], "RUNNING", seconds=60)
    load = p.load(created["ServiceUrl"], seconds=None, rate=10, expect="Push-")
    began = time.monotonic()
    for manifest in manifests[1:]:
        assert registry(p, "PUT", "/v2/hello/manifests/live", manifest, kind)[0] == 201
    took = time.monotonic() - began
    until("the last push answers", lambda: p.https(created["ServiceUrl"])[1].startswith(f"Push-{PUSHES} "), seconds=60, pause=0.1)
    counts = load.end()
    assert all(counts[way]["failed"] == 0 for way in ("keep_alive", "new_connection", "http2")), counts
    assert until_over(p, created["ServiceArn"]) == "SUCCEEDED"
    statuses = {operation["Status"] for operation in p.client("apprunner").list_operations(ServiceArn=created["ServiceArn"])["OperationSummaryList"]}
    assert statuses == {"SUCCEEDED"}, statuses
    assert took < 20, f"{PUSHES} pushes took {took:.1f} s: they were to come in a storm"


def test_a_repository_can_go_while_its_image_runs(p):
    created = running(p)
    client = p.client("apprunner")
    p.client("ecr").delete_repository(repositoryName="hello", force=True)
    assert p.https(created["ServiceUrl"])[0] == 200
    client.pause_service(ServiceArn=created["ServiceArn"])
    p.until_status(created["ServiceArn"], "PAUSED", seconds=60)
    client.resume_service(ServiceArn=created["ServiceArn"])
    p.until_status(created["ServiceArn"], "RUNNING", seconds=60)
    assert p.https(created["ServiceUrl"])[0] == 200, "the platform has a copy of its own"
    client.start_deployment(ServiceArn=created["ServiceArn"])
    assert until_over(p, created["ServiceArn"]) in ("FAILED", "ROLLBACK_SUCCEEDED")
    assert "hello" in p.events(created["ServiceArn"]) and p.https(created["ServiceUrl"])[0] == 200


# --- clocks


def at(offset):
    assert FAKETIME, "libfaketime is missing: run tests/install-packages"
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def test_a_login_token_is_refused_when_its_time_is_over(platform, hello_layout):
    """The platform and its client live yesterday; twelve hours and more later the token is over."""
    p = platform(env=at("-13h")).start()
    password = run(VENV / "aws", "ecr", "get-login-password", env={**p.env(), **at("-13h")}).strip()
    p.terminate()
    p.extra_env = {}
    p.start()
    basic = b64encode(f"AWS:{password}".encode()).decode()
    host, port = p.run_file()["api"].rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request("GET", "/v2/", headers={"Authorization": f"Basic {basic}"})
    answer = connection.getresponse()
    words = answer.read().decode()
    assert answer.status in (401, 403) and "get-login-password" in words, (answer.status, words)
    p.offer(hello_layout("v1"), "v1", "hello:v1")
    p.stop()


@pytest.mark.parametrize("offset, is_taken", [("-270s", True), ("+270s", True), ("-330s", False), ("+330s", False)])
def test_a_clock_may_be_less_than_five_minutes_off(p, offset, is_taken):
    done = run(VENV / "aws", "apprunner", "list-services", env={**p.env(), **at(offset)}, check=False)
    assert (done.returncode == 0) == is_taken, done.stderr
    if not is_taken:
        assert "ignature" in done.stderr and ("clock" in done.stderr or "expired" in done.stderr or "current" in done.stderr), done.stderr


# --- what is gone


def test_logs_of_a_service_that_is_gone_are_there(p):
    created = running(p)
    assert p.https(created["ServiceUrl"], "/health")[0] == 200
    group = f"/aws/apprunner/webs/{created['ServiceId']}/application"
    p.client("apprunner").delete_service(ServiceArn=created["ServiceArn"])
    p.until_status(created["ServiceArn"], "DELETED", seconds=60)
    logs = p.client("logs")
    ended = lambda: "hello ends" in [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]
    until("its last line can be read", ended, seconds=20, pause=0.2)
    # Events are copied into their group behind the ledger, so the last one may be on its way.
    service = {"logGroupName": group.replace("/application", "/service"), "logStreamNames": ["events"]}
    messages = lambda: [event["message"] for event in logs.filter_log_events(**service)["events"]]
    until("the deletion can be read", lambda: any("deletion completed" in text or "DELETED" in text for text in messages()), seconds=20, pause=0.2)
    logs.delete_log_group(logGroupName=group)
    assert group not in [row["logGroupName"] for row in logs.describe_log_groups()["logGroups"]]
