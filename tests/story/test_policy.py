"""What policies allow is tested before a call is made, and what the test says the call does. The root's own keys, in the file that the command line reads."""
import base64
import json
import os

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from under_test import ACCOUNT, BIN, REGION, policy, run

PORTS = ["--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]
NAME_ALONE = f"arn:aws:apprunner:{REGION}:{ACCOUNT}:autoscalingconfiguration/large"


def outrunner(p, *words):
    done = run(BIN / "outrunner", *words, env={**os.environ, "OUTRUNNER_DATA_DIR": str(p.data)}, check=False)
    return done.returncode, done.stdout, done.stderr


def good(p, *words):
    code, said, error = outrunner(p, *words)
    assert code == 0, (words, said, error)
    return said


def client(p, service, key):
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=f"http://{p.run_file()['api']}",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_what_a_policy_test_says_the_call_does(platform):
    p = platform()
    p.start()
    iam = p.client("iam")
    ann = json.loads(good(p, "users", "--json", "create", "ann"))
    large = p.client("apprunner").create_auto_scaling_configuration(AutoScalingConfigurationName="large", MaxSize=20)
    large = large["AutoScalingConfiguration"]["AutoScalingConfigurationArn"]
    document = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["apprunner:*", "ecr:*"], "Resource": "*"},
        {"Effect": "Deny", "Action": "apprunner:CreateService", "Resource": "*",
         "Condition": {"ArnEquals": {"apprunner:AutoScalingConfigurationArn": large}}},
    ]}, indent=1)
    iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=document)

    asked = ["policy", "test", "--user", "ann", "--action", "apprunner:CreateService"]
    said = good(p, *asked)
    assert said.startswith("allowed  apprunner:CreateService on *") and "of own (user)" in said, said
    assert "apprunner:AutoScalingConfigurationArn, which was not given" in said, said
    code, said, error = outrunner(p, *asked, "--context", f"apprunner:AutoScalingConfigurationArn={large}", "--json")
    told = json.loads(said)[0]
    assert (code, told["Decision"], told["Statements"][0]["Policy"]) == (6, "explicitDeny", "own"), (told, error)
    assert told["Statements"][0]["Line"] > 5 and "is denied" in error, (told, error)

    # What the test said, also where the ARN is written without its revision.
    as_ann = client(p, "apprunner", ann)
    source = {"ImageRepository": {"ImageIdentifier": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/hello:v1", "ImageRepositoryType": "ECR"}}
    for arn in [large, NAME_ALONE]:
        with pytest.raises(ClientError, match="AccessDeniedException.*with an explicit deny"):
            as_ann.create_service(ServiceName="webs", SourceConfiguration=source, AutoScalingConfigurationArn=arn)
    as_ann.create_service(ServiceName="webs", SourceConfiguration=source)

    # A file alone, beside what the user has, and what cannot be tested.
    file = p.folder / "deny.json"
    file.write_text(policy(Action="apprunner:*", Resource="*").replace("Allow", "Deny"))
    code, said, _ = outrunner(p, "policy", "test", "--policy", file, "--action", "apprunner:ListServices", "--action", "ecr:PutImage")
    assert code == 6 and f"of {file} (IAM Policy)" in said and "denied  ecr:PutImage on *: no statement allows it" in said, said
    code, said, _ = outrunner(p, "policy", "test", "--user", "ann", "--policy", file, "--action", "apprunner:ListServices")
    assert code == 6 and "a statement denies it" in said, said
    assert outrunner(p, "policy", "test", "--user", "nobody", "--action", "ecr:PutImage")[0] == 3
    assert outrunner(p, "policy", "test", "--policy", p.folder / "none.json", "--action", "ecr:PutImage")[0] == 2
    code, _, error = outrunner(p, "policy", "test", "--user", "ann", "--action", "apprunner:MakeService")
    assert code == 5 and "apprunner:MakeService is not an action" in error, error
    p.stop()


def test_the_file_of_the_root_has_only_a_key_of_ours_that_signs(platform):
    p = platform()
    p.start()
    first = good(p, "policy", "test", "--policy", _any(p), "--action", "ecr:PutImage") and _key(p)
    iam = p.client("iam")
    with pytest.raises(ClientError, match="is the last active key of the root user"):
        iam.delete_access_key(AccessKeyId=first)
    second = iam.create_access_key()["AccessKey"]
    client(p, "iam", second).update_access_key(AccessKeyId=first, Status="Inactive")
    p.stop()
    p.start()
    assert _key(p) == second["AccessKeyId"], "the deactivated one has left the file"
    client(p, "iam", second).delete_access_key(AccessKeyId=first)
    assert good(p, "policy", "test", "--policy", _any(p), "--action", "ecr:PutImage")
    p.stop()


def test_a_guard_policy_binds_calls_and_the_registry_and_nobody_starts_without_the_one_that_was_asked_for(platform, images):
    layout, _ = images("hello")
    guard = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": ["apprunner:ListConnections", "ecr:BatchGetImage"], "Resource": "*"},
    ]}
    p = platform(*PORTS, "--guard-policy", "GUARD")
    file = p.folder / "guard.json"
    p.flags[-1] = str(file)

    # One that is not there, is none, or asks for what no call has stops `serve` with one sentence.
    asks = {**guard["Statement"][1], "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}
    for text, words in [
        (None, "No such file"),
        ("{", "invalid Json"),
        (json.dumps({"Version": "2012-10-17", "Statement": [asks]}), "aws:SourceVpc"),
    ]:
        if text is not None:
            file.write_text(text)
        done = run(BIN / "outrunner", "serve", "--data-dir", p.data, *p.flags, check=False)
        assert done.returncode == 2, (text, done)
        said = [line for line in done.stderr.splitlines() if line]
        assert len(said) == 1 and f"--guard-policy: {file}" in said[0] and words in said[0], (text, done)

    file.write_text(json.dumps(guard))
    p.start()
    p.offer(layout, "v1", "hello:v1")
    ann = json.loads(good(p, "users", "--json", "create", "ann"))
    p.client("iam").put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=policy(Action="*", Resource="*"))
    as_ann = client(p, "apprunner", ann)
    as_ann.list_services()
    with pytest.raises(ClientError, match="AccessDenied.*apprunner:ListConnections.*with an explicit deny in a service control policy"):
        as_ann.list_connections()
    p.client("apprunner").list_connections()

    # The registry's door holds a login against it as calls are: she may log in and list, and pulls nothing. Root, whom it does not bind here, pulls.
    url = f"http://{p.run_file()['api']}/v2/hello/manifests/v1"
    root = p.aws("ecr", "get-login-password")
    assert p.curl(url, "-u", f"AWS:{root.strip()}", "-o", "/dev/null", "-w", "%{http_code}") == "200"
    token = client(p, "ecr", ann).get_authorization_token()["authorizationData"][0]["authorizationToken"]
    hers = base64.b64decode(token).decode()
    said = p.curl(url, "-u", hers, "-w", "\n%{http_code}")
    assert said.endswith("\n403") and "explicit deny in a service control policy" in said, said
    assert p.curl(url.replace("manifests/v1", "tags/list"), "-u", hers, "-o", "/dev/null", "-w", "%{http_code}") == "200"
    p.stop()


def test_where_a_call_comes_from_is_what_the_connection_says_and_not_its_client(platform):
    p = platform().start()
    iam = p.client("iam")
    ann = json.loads(good(p, "users", "--json", "create", "ann"))
    forged = client(p, "apprunner", ann)

    def forge(request, **_):
        request.headers["X-Forwarded-For"] = "203.0.113.7"
        request.headers["X-Forwarded-Proto"] = "https"

    forged.meta.events.register("before-send.apprunner", forge)
    for condition, allowed in [
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
    ]:
        iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=policy(Action="apprunner:*", Resource="*", Condition=condition))
        if allowed:
            forged.list_services()
        else:
            with pytest.raises(ClientError, match="AccessDeniedException"):
                forged.list_services()
    p.stop()


def _any(p):
    file = p.folder / "any.json"
    file.write_text(policy(Action="*", Resource="*"))
    return file


def _key(p):
    return (p.data / "credentials").read_text().split("aws_access_key_id = ")[1].split()[0]
