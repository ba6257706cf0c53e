"""Calls that are not ours, with stock clients: sent on to what stands in for AWS, signed anew, or refused in a sentence. And real roles for instances."""
import json
import sys
from pathlib import Path

import pytest

import program_image
from under_test import ACCOUNT, BIN, REGION, VENV, CommandFailed, policy, run, until

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "upstream"))

from aws_stand_in import StandIn  # noqa: E402

KEY, SECRET = "AKIAOPERATOROPERATOR", "canary-upstream-secret-7f21c0d93e5a84b6f0"
TASKS = "tasks.apprunner.amazonaws.com"
LARGE = 24 << 20


@pytest.fixture
def stand_in():
    made = StandIn(KEY, SECRET)
    yield made
    made.end()


def keys_file(folder, key=KEY, secret=SECRET):
    path = folder / "operator-keys"
    path.write_text(f"[default]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n\n[work]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")
    path.chmod(0o600)
    return f"{path}#work"


PORTS = ["--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]


def all_env(p):
    """The environment of a shell after `eval "$(outrunner env --all)"`, and what was said beside it."""
    printed = run(BIN / "outrunner", "env", "--all", "--data-dir", p.data, check=False)
    assert printed.returncode == 0, printed.stderr
    names = [line.split("=")[0].removeprefix("export ") for line in printed.stdout.splitlines() if line.startswith("export ")]
    assert "AWS_ENDPOINT_URL" in names and not [name for name in names if name.startswith("AWS_ENDPOINT_URL_")], names
    words = f"set -e; export AWS_ENDPOINT_URL_S3=http://127.0.0.1:1; {printed.stdout}\nenv"
    shell = run("sh", "-c", words, env={"PATH": f"{VENV}:/usr/local/bin:/usr/bin:/bin", "HOME": str(p.folder), "LANG": "C.UTF-8"})
    env = dict(line.split("=", 1) for line in shell.splitlines() if "=" in line)
    env["AWS_EC2_METADATA_DISABLED"] = "true"
    return env, printed.stderr


def client(env, service, **more):
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=env["AWS_ENDPOINT_URL"],
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}, **more),
    )


def upstream_platform(platform, tmp_path, stand_in, *services):
    flags = [word for service in services for word in ("--upstream", f"{service}={stand_in.url}")]
    return platform(*PORTS, *flags, "--upstream-keys", keys_file(tmp_path))


def test_stock_clients_reach_services_that_are_elsewhere_through_one_endpoint(platform, tmp_path, stand_in):
    p = upstream_platform(platform, tmp_path, stand_in, "s3", "dynamodb", "sqs", "lambda").start()
    env, said = all_env(p)
    assert "calls of dynamodb, lambda, s3, sqs are sent on; those of other services that are not here are refused" in said, said
    assert env["AWS_ENDPOINT_URL"] == f"http://{p.run_file()['api']}" and "AWS_ENDPOINT_URL_S3" not in env

    s3 = client(env, "s3")
    s3.put_object(Bucket="photos", Key="a b/é.txt", Body=b"hello", Metadata={"own": "kept"})
    got = s3.get_object(Bucket="photos", Key="a b/é.txt")
    assert (got["Body"].read(), got["Metadata"]) == (b"hello", {"own": "kept"})
    large = bytes(range(256)) * (LARGE // 256)
    s3.put_object(Bucket="photos", Key="large", Body=large)
    assert s3.get_object(Bucket="photos", Key="large")["Body"].read() == large, "more than a call that is held whole may have"
    assert s3.list_objects_v2(Bucket="photos")["KeyCount"] == 2
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="photos", Key="missing")

    dynamodb = client(env, "dynamodb")
    dynamodb.put_item(TableName="t", Item={"id": {"S": "1"}, "n": {"N": "7"}})
    assert dynamodb.get_item(TableName="t", Key={"id": {"S": "1"}})["Item"]["n"] == {"N": "7"}
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException, match="Requested resource not found"):
        dynamodb.describe_table(TableName="missing")

    for aws in [VENV / "aws", *aws_v2()]:
        # Version 1 calls a host of its own for SQS, whatever is configured.
        endpoint = ["--endpoint-url", env["AWS_ENDPOINT_URL"]]
        run(aws, "sqs", "send-message", *endpoint, "--queue-url", "https://sqs.us-east-1.amazonaws.com/123456789012/q", "--message-body", "hi", env=env)
        here = p.folder / "sent"
        here.write_text("from a file")
        payload = p.folder / "payload"
        payload.write_text('{"a": 1}')
        run(aws, "s3", "cp", here, "s3://photos/copied", env=env)
        run(aws, "s3", "cp", "s3://photos/copied", p.folder / "back", env=env)
        assert (p.folder / "back").read_text() == "from a file"
        run(aws, "lambda", "invoke", "--function-name", "hello", "--payload", f"fileb://{payload}", p.folder / "out", env=env)
        assert json.loads((p.folder / "out").read_text()) == {"got": {"a": 1}}
        # Ours are answered here, by the same endpoint.
        assert json.loads(run(aws, "sts", "get-caller-identity", env=env))["Account"] == ACCOUNT
        run(aws, "apprunner", "list-services", env=env)
    assert "hi" in stand_in.messages

    assert not stand_in.refused, stand_in.refused
    own = [env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]]
    assert all(word not in json.dumps(stand_in.asked) for word in own), "the caller's own key goes nowhere"
    rows = p.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "PutItem"}])["Events"]
    assert rows[0]["EventSource"] == "dynamodb.amazonaws.com", rows
    for path in [p.log_path, p.data / "platform.log", p.data / "run.json"]:
        assert SECRET not in path.read_text(), path
    p.stop()


def aws_v2():
    """Made before the tests (make aws-v2): in here is no network to fetch it from."""
    program = VENV.parent.parent / "aws-v2" / "aws"
    assert program.exists(), "the AWS CLI 2 is not there: run tests/make-aws-v2"
    return [program]


def test_who_may_not_is_denied_and_what_has_no_place_is_told_what_to_set(platform, tmp_path, stand_in):
    p = upstream_platform(platform, tmp_path, stand_in, "s3", "dynamodb").start()
    env, _ = all_env(p)
    p.aws("iam", "create-user", "--user-name", "ann")
    reads = policy(Action=["s3:GetObject", "s3:ListBucket"], Resource=["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"])
    p.aws("iam", "put-user-policy", "--user-name", "ann", "--policy-name", "reads", "--policy-document", reads)
    key = p.aws("iam", "create-access-key", "--user-name", "ann")["AccessKey"]
    ann = {**env, "AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    client(env, "s3").put_object(Bucket="photos", Key="a", Body=b"1")
    asked = len(stand_in.asked)
    assert client(ann, "s3").get_object(Bucket="photos", Key="a")["Body"].read() == b"1"
    sentence = f"User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::photos/a"
    with pytest.raises(Exception, match=sentence) as denied:
        client(ann, "s3").put_object(Bucket="photos", Key="a", Body=b"2")
    assert denied.value.response["Error"]["Code"] == "AccessDenied"
    with pytest.raises(Exception, match="is not authorized to perform: dynamodb:PutItem") as denied:
        client(ann, "dynamodb").put_item(TableName="t", Item={"id": {"S": "1"}})
    assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
    with pytest.raises(Exception, match="is not authorized to perform: s3:DeleteObject on resource: arn:aws:s3:::photos/a"):
        client(ann, "s3").delete_objects(Bucket="photos", Delete={"Objects": [{"Key": "a"}]})
    assert len(stand_in.asked) == asked + 1, "what is denied goes nowhere"

    for service, call, code in [
        ("kms", lambda c: c.list_keys(), "UnknownOperationException"),
        ("sns", lambda c: c.list_topics(), "InvalidAction"),
        ("ec2", lambda c: c.describe_instances(), "InvalidAction"),
        ("lambda", lambda c: c.list_functions(), "UnknownOperationException"),
        ("route53", lambda c: c.list_hosted_zones(), "InvalidAction"),
        ("cloudwatch", lambda c: c.list_metrics(), None),
    ]:
        with pytest.raises(Exception, match="is not available here: this platform is apprunner, ecr, .*--upstream") as refused:
            call(client(env, service))
        assert code in (None, refused.value.response["Error"]["Code"]), refused.value.response
        assert "Calls of dynamodb, s3 are sent on" in str(refused.value)
    for signs in ["s3", "s3v4"]:
        presigned = client(env, "s3", signature_version=signs).generate_presigned_url("get_object", {"Bucket": "photos", "Key": "a"})
        told = p.curl(presigned)
        assert "presigned" in told and "<Error><Code>" in told, told
    assert "This is Outrunner" in p.curl(f"http://{p.run_file()['api']}/favicon.ico")

    stand_in.end()
    p.allow("WARN .*a call could not be sent on .*Connection refused")
    with pytest.raises(Exception, match=f"{stand_in.url} .*cannot be reached") as gone:
        client(env, "s3").get_object(Bucket="photos", Key="a")
    assert gone.value.response["ResponseMetadata"]["HTTPStatusCode"] == 502
    with pytest.raises(CommandFailed, match="UpstreamUnavailableException"):
        run(VENV / "aws", "dynamodb", "list-tables", env={**env, "AWS_MAX_ATTEMPTS": "1"})
    p.stop()


def test_a_wrong_flag_stops_serve_with_a_sentence(tmp_path):
    for flags, words in [
        (["--upstream", "ecr=https://a.test"], "ecr is a service of this platform"),
        (["--upstream", "S3=https://a.test"], "does not begin with the name that calls of an AWS service are signed for"),
        (["--upstream", "s3=https://a.test"], "name them with --upstream-keys"),
        (["--upstream", "s3=http://10.0.0.1", "--upstream-keys", "env"], "use https"),
    ]:
        done = run(BIN / "outrunner", "serve", "--data-dir", tmp_path / "data", *flags, check=False)
        assert done.returncode == 2 and words in done.stderr, done.stderr


@pytest.fixture(scope="module")
def boto3_image(tmp_path_factory):
    program, files, environment = program_image.python()
    files.add(f"{HERE / 'instance_role' / 'asking_service.py'}=/srv/asking_service.py")
    return program_image.pack(tmp_path_factory.mktemp("boto3") / "layout", [program, "/srv/asking_service.py"], files, environment)


def test_an_instance_gets_the_credentials_of_a_real_role_from_another_platform_that_is_aws_here(platform, tmp_path, boto3_image):
    (tmp_path / "aws").mkdir()
    aws = platform(*PORTS, "--account", "123456789012")
    aws.folder = tmp_path / "aws"
    aws.data, aws.log_path = aws.folder / "data", aws.folder / "serve.log"
    aws.start()
    trust = policy(Principal={"AWS": "123456789012"}, Action="sts:AssumeRole")
    real = aws.aws("iam", "create-role", "--role-name", "app", "--assume-role-policy-document", trust)["Role"]["Arn"]
    lists = policy(Action="apprunner:ListServices", Resource="*")
    aws.aws("iam", "put-role-policy", "--role-name", "app", "--policy-name", "lists", "--policy-document", lists)
    aws.aws("iam", "create-user", "--user-name", "operator")
    takes = policy(Action="sts:AssumeRole", Resource=real)
    aws.aws("iam", "put-user-policy", "--user-name", "operator", "--policy-name", "takes", "--policy-document", takes)
    key = aws.aws("iam", "create-access-key", "--user-name", "operator")["AccessKey"]

    ours = f"arn:aws:iam::{ACCOUNT}:role/Runner"
    takes = ["--instance-role-source", f"{ours}={real}", "--instance-role-endpoint", f"http://{aws.run_file()['api']}"]
    takes += ["--instance-role-keys", keys_file(tmp_path, key["AccessKeyId"], key["SecretAccessKey"])]
    p = platform(*PORTS, *takes).start()
    assert p.role("Runner", trust=TASKS) == ours
    p.offer(boto3_image, image="asks:v1")
    configuration = {"Cpu": "256", "Memory": "512", "InstanceRoleArn": ours}
    made = p.create("asks", "asks:v1", InstanceConfiguration=configuration)["Service"]
    p.until_status(made["ServiceArn"], "RUNNING", 90)
    [(_, init)] = p.begun().items()
    environ = Path(f"/proc/{init}/environ").read_bytes().decode().split("\0")
    variables = dict(line.split("=", 1) for line in environ if "=" in line)
    assert not [name for name in variables if name.startswith("AWS_ENDPOINT_URL")], "it calls the real AWS"

    answer = p.https(made["ServiceUrl"], f"/ask?{variables['AWS_CONTAINER_AUTHORIZATION_TOKEN']}")[1]
    assert answer.startswith("200 "), answer
    given = json.loads(answer.removeprefix("200 "))
    assert given["RoleArn"] == real and given["AccountId"] == "123456789012"
    env = {**aws.env(), "AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"], "AWS_SESSION_TOKEN": given["Token"]}
    who = json.loads(run(VENV / "aws", "sts", "get-caller-identity", env=env))
    assert who["Arn"] == f"arn:aws:sts::123456789012:assumed-role/app/{p.instances()[0]}", who
    run(VENV / "aws", "apprunner", "list-services", env=env)
    with pytest.raises(CommandFailed, match="AccessDenied"):
        run(VENV / "aws", "iam", "list-users", env=env)

    # The real role is taken away: the instance is told why, and its owner once.
    aws.aws("iam", "delete-user-policy", "--user-name", "operator", "--policy-name", "takes")
    p.kill()
    # The same ports, and what else it was told.
    p.flags += takes
    p.start()
    token = variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    told = until("it is refused", lambda: p.https(made["ServiceUrl"], f"/ask?{token}")[1].startswith("403 ") and p.https(made["ServiceUrl"], f"/ask?{token}")[1], 30)
    assert real in told and "AccessDenied" in told, told
    assert p.events("asks").count("get no credentials") == 1
    for secret in [key["SecretAccessKey"], given["SecretAccessKey"], given["Token"]]:
        assert secret not in p.log_path.read_text() + aws.log_path.read_text()
    p.stop()
    aws.stop()


def test_an_instance_calls_services_that_are_elsewhere_through_its_own_door(platform, tmp_path, stand_in, boto3_image):
    p = upstream_platform(platform, tmp_path, stand_in, "s3").start()
    role = p.role("Runner", trust=TASKS)
    reads = policy(Action="s3:GetObject", Resource="arn:aws:s3:::photos/*")
    p.aws("iam", "put-role-policy", "--role-name", "Runner", "--policy-name", "reads", "--policy-document", reads)
    p.offer(boto3_image, image="asks:v1")
    configuration = {"Cpu": "256", "Memory": "512", "InstanceRoleArn": role}
    made = p.create("asks", "asks:v1", InstanceConfiguration=configuration)["Service"]
    p.until_status(made["ServiceArn"], "RUNNING", 90)
    [(_, init)] = p.begun().items()
    variables = Path(f"/proc/{init}/environ").read_bytes().decode().split("\0")
    assert "AWS_ENDPOINT_URL_S3=http://127.0.0.1:62169" in variables, variables
    described = json.dumps(p.client("apprunner").describe_service(ServiceArn=made["ServiceArn"]), default=str)
    assert "AWS_ENDPOINT_URL" not in described and stand_in.url not in described
    stand_in.objects["/photos/a"] = b"from afar"
    assert p.https(made["ServiceUrl"], "/object/photos/a") == (200, "from afar")
    assert p.https(made["ServiceUrl"], "/object/secrets/a") == (502, "AccessDenied")
    assert not stand_in.refused, stand_in.refused
    p.stop()
