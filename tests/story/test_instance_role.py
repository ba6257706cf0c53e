"""Instance roles as a service's own code finds them: stock SDKs in a container, given nothing but their environment, call our API as the role."""
import json
import os
import time
from pathlib import Path

import pytest

import program_image
from under_test import ACCOUNT, REGION, ROOT, policy, until

TASKS = "tasks.apprunner.amazonaws.com"
HERE = Path(__file__).resolve().parent / "instance_role"
JAVASCRIPT = ROOT / "target" / "javascript"
CLIENTS = Path(os.environ.get("OUTRUNNER_CLIENTS", "nowhere"))
SECRET = "canary-instance-role-51d0"


@pytest.fixture(scope="module")
def boto3_image(tmp_path_factory):
    """This machine's Python and boto3, and the service over them."""
    program, files, environment = program_image.python()
    files.add(f"{HERE / 'asking_service.py'}=/srv/asking_service.py")
    return program_image.pack(tmp_path_factory.mktemp("boto3") / "layout", [program, "/srv/asking_service.py"], files, environment)


def role_of(p, name="Runner", secret="shop/allowed"):
    """A role that may read one secret, and who it is."""
    arn = p.role(name, trust=TASKS)
    reads = policy(Action="secretsmanager:GetSecretValue", Resource=f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{secret}-*")
    p.aws("iam", "put-role-policy", "--role-name", name, "--policy-name", "reads", "--policy-document", reads)
    return arn


def secrets(p):
    for name in ("shop/allowed", "shop/other"):
        p.client("secretsmanager").create_secret(Name=name, SecretString=SECRET)


def service(p, name, image, role, **more):
    configuration = {"Cpu": "256", "Memory": "512", **({"InstanceRoleArn": role} if role else {})}
    made = p.create(name, image, InstanceConfiguration=configuration, **more)["Service"]
    until("it has begun", lambda: p.status(made["ServiceArn"]) != "OPERATION_IN_PROGRESS", 120)
    assert p.status(made["ServiceArn"]) == "RUNNING", p.events(name)
    return made["ServiceArn"], made["ServiceUrl"]


def tokens(p):
    """The token of each instance, by its name, as its own environment has it."""
    found = {}
    for name, init in p.begun().items():
        environ = Path(f"/proc/{init}/environ").read_bytes().decode().split("\0")
        variables = dict(line.split("=", 1) for line in environ if "=" in line)
        found[name] = variables.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    return found


def test_stock_boto3_in_a_container_is_the_role_may_what_the_role_may_and_goes_on_after_kill_9(platform, boto3_image):
    p = platform().start()
    secrets(p)
    role = role_of(p)
    p.offer(boto3_image, image="asks:v1")
    arn, url = service(p, "asks", "asks:v1", role)
    who = json.loads(p.https(url, "/who")[1])
    [instance] = p.instances()
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Runner/{instance}", who
    assert p.https(url, "/secret/shop/allowed") == (200, SECRET)
    assert p.https(url, "/secret/shop/other") == (502, "AccessDeniedException")

    # What it did is in the audit log, as the session, from the instance's own address.
    def denied():
        events = p.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "GetSecretValue"}])
        told = [json.loads(event["CloudTrailEvent"]) for event in events["Events"]]
        return [event for event in told if event.get("errorCode") and event["userIdentity"]["arn"] == who["Arn"]]

    [event] = until("the denied call is recorded", denied)
    assert event["sourceIPAddress"].startswith("10."), event

    # The platform dies while the service works: the SDK's own retries are enough.
    p.kill()
    p.start()
    assert until("it reads the secret again", lambda: p.https(url, "/secret/shop/allowed") == (200, SECRET), 30)
    assert json.loads(p.https(url, "/who")[1])["Arn"] == who["Arn"]
    asked = p.https(url, "/ask")[1]
    assert asked.startswith("401 "), "no token, nothing"
    token = tokens(p)[instance.split(".")[1]]
    assert p.https(url, f"/ask?{token}")[1].startswith("200 {"), "the token is the one from before"
    p.stop()


def test_credentials_are_renewed_and_a_role_that_is_taken_away_is_told(platform, boto3_image):
    # Given until half of that is over, so whatever is signed with them has twelve seconds to arrive, on a loaded machine too.
    p = platform(env={"OUTRUNNER_INSTANCE_SESSION_SECONDS": "24"}).start()
    secrets(p)
    role = role_of(p)
    p.offer(boto3_image, image="asks:v1")
    arn, url = service(p, "asks", "asks:v1", role)
    keys, since = set(), time.monotonic()
    while len(keys) < 3:
        assert p.https(url, "/secret/shop/allowed") == (200, SECRET), "nobody notices a renewal"
        keys.add(p.https(url, "/key")[1])
        assert time.monotonic() - since < 180, f"they are not renewed: {keys}"
    assert all(key.startswith("ASIA") for key in keys)

    distrusts = policy(Principal={"Service": "build.apprunner.amazonaws.com"}, Action="sts:AssumeRole")
    p.aws("iam", "update-assume-role-policy", "--role-name", "Runner", "--policy-document", distrusts)
    token = next(iter(tokens(p).values()))
    answer = p.https(url, f"/ask?{token}")[1]
    assert answer.startswith("403 ") and "update-assume-role-policy" in answer, answer
    p.https(url, f"/ask?{token}")
    assert p.events("asks").count("get no credentials") == 1, "an event says so, once"
    trusts = policy(Principal={"Service": TASKS}, Action="sts:AssumeRole")
    p.aws("iam", "update-assume-role-policy", "--role-name", "Runner", "--policy-document", trusts)
    until("it is well again", lambda: p.https(url, "/secret/shop/allowed") == (200, SECRET), 30)
    p.stop()


def test_no_instance_gets_what_is_anothers_and_no_token_is_to_be_seen(platform, boto3_image):
    p = platform().start()
    secrets(p)
    roles = [role_of(p), role_of(p, "Other", "shop/other")]
    p.offer(boto3_image, image="asks:v1")
    (first, first_url), (_, second_url) = service(p, "first", "asks:v1", roles[0]), service(p, "second", "asks:v1", roles[1])
    _, plain_url = service(p, "plain", "asks:v1", None)
    by_instance = {p.https(url, "/who")[1]: url for url in (first_url, second_url)}
    assert len(by_instance) == 2, "each is its own role"
    assert p.https(plain_url, "/who")[0] != 200, "without a role there is nobody to be"

    environments = []
    for state in sorted((p.run_dir() / "shims").iterdir()):
        init = dict(line.split(" ", 1) for line in (state / "state").read_text().splitlines()).get("init_pid")
        lines = Path(f"/proc/{init}/environ").read_bytes().decode().split("\0")
        environments.append(dict(line.split("=", 1) for line in lines if "=" in line))
    held = [variables.get("AWS_CONTAINER_AUTHORIZATION_TOKEN") for variables in environments]
    assert sorted(token is None for token in held) == [False, False, True], "who has no role has no token"
    assert all(variables["AWS_REGION"] == REGION for variables in environments)
    mine = [token for token in held if token]
    answers = {token: [p.https(url, f"/ask?{token}")[1].split(" ")[0] for url in (first_url, second_url)] for token in mine}
    assert sorted(answers.values()) == [["200", "401"], ["401", "200"]], "a neighbour's token is none"
    for wrong in ("", "x", mine[0][:-1], mine[0] + "0", f"Bearer%20{mine[0]}"):
        assert p.https(first_url, f"/ask?{wrong}")[1].startswith("401 "), wrong

    addresses = [json.loads((folder / "berth.json").read_text())["address"] for folder in (p.run_dir() / "shims").iterdir()]
    assert len(addresses) == 3
    for url in (first_url, second_url):
        assert p.https(url, "/at?127.0.0.1:62169") == (200, "somebody answers"), "its own door is there"
    for url in (first_url, second_url, plain_url):
        told = {place: p.https(url, f"/at?{place}:62169") for place in addresses}
        # In the service's own words: it did try.
        assert all(status == 200 and words.startswith("nobody: ") for status, words in told.values()), f"nobody's door is reached from outside it: {told}"

    described = json.dumps(p.client("apprunner").describe_service(ServiceArn=first), default=str)
    for hidden in (*mine, "AWS_CONTAINER", "AWS_ENDPOINT_URL", "AWS_REGION"):
        assert hidden not in described, hidden
    seen = p.log() + "".join(p.events(name) for name in ("first", "second"))
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            seen += Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
    for token in mine:
        assert token not in seen, "a token is in nobody's arguments, log or events"
    for path in p.data.rglob("*"):
        if path.is_file() and path.stat().st_size < 16 << 20:
            content = path.read_bytes()
            assert not any(token.encode() in content for token in mine), path
    p.stop()


def test_the_stock_sdk_for_javascript_in_a_container_is_the_role(platform, tmp_path):
    assert (JAVASCRIPT / "node_modules").exists(), "the SDK for JavaScript is not there: run tests/make-javascript"
    program, files, environment = program_image.node(JAVASCRIPT / "node_modules")
    files.add(f"{HERE / 'asking_service.mjs'}={JAVASCRIPT / 'asking_service.mjs'}")
    layout = program_image.pack(tmp_path / "layout", [program, JAVASCRIPT / "asking_service.mjs"], files, environment)
    p = platform().start()
    secrets(p)
    role = role_of(p)
    p.offer(layout, image="asks:v1")
    _, url = service(p, "asks", "asks:v1", role)
    [instance] = p.instances()
    assert p.https(url, "/who") == (200, f"arn:aws:sts::{ACCOUNT}:assumed-role/Runner/{instance}")
    assert p.https(url, "/secret/shop/allowed") == (200, SECRET)
    assert p.https(url, "/secret/shop/other") == (502, "AccessDeniedException")
    p.stop()


if "OUTRUNNER_CLIENTS" in os.environ:
    # Takes long to build: `make soak PART=clients` does, and tries it.
    def test_the_stock_sdk_for_go_in_a_container_is_the_role(platform, tmp_path):
        layout = program_image.pack(tmp_path / "layout", ["/asks"], [f"{CLIENTS / 'go_inside' / 'asks'}=/asks"], {})
        p = platform().start()
        role = p.role("Runner", trust=TASKS)
        lists = policy(Action="apprunner:ListServices", Resource="*")
        p.aws("iam", "put-role-policy", "--role-name", "Runner", "--policy-name", "lists", "--policy-document", lists)
        p.offer(layout, image="asks:v1")
        _, url = service(p, "asks", "asks:v1", role)
        [instance] = p.instances()
        assert p.https(url, "/who") == (200, f"arn:aws:sts::{ACCOUNT}:assumed-role/Runner/{instance}")
        assert p.https(url, "/services") == (200, "asks")
        assert p.https(url, "/connections") == (502, "AccessDeniedException")
        p.stop()
