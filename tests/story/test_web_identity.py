"""A workflow outside, as GitHub Actions runs one, takes a role with its token: stock boto3, an issuer with a key and an authority of its own."""
import json
import os

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from issuer import Issuer
from under_test import ACCOUNT, REGION, VENV, policy, run

SUBJECT = "repo:octo/web:ref:refs/heads/main"


@pytest.fixture
def issuer(tmp_path):
    made = Issuer(tmp_path / "issuer")
    yield made
    made.close()


def provided(p, issuer):
    """The account takes the issuer's tokens, and a role trusts those of one repository; answers the role's ARN."""
    iam = p.client("iam")
    provider = iam.create_open_id_connect_provider(Url=issuer.url, ClientIDList=["sts.amazonaws.com"])["OpenIDConnectProviderArn"]
    trust = {
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{issuer.address}:aud": "sts.amazonaws.com"},
            "StringLike": {f"{issuer.address}:sub": "repo:octo/web:*"},
        },
    }
    role = iam.create_role(RoleName="Deployer", AssumeRolePolicyDocument=policy(**trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="Deployer", PolicyName="own", PolicyDocument=policy(Action="apprunner:ListServices", Resource="*"))
    return role


def taking(p):
    """Nobody signs: a client without any keys."""
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    sts = boto3.client("sts", region_name=REGION, endpoint_url=f"http://{p.run_file()['api']}", config=config)
    return lambda role, token: sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="run-7", WebIdentityToken=token)


def refused(call, *words):
    with pytest.raises(ClientError) as caught:
        call(*words)
    return caught.value.response["Error"]["Code"]


def test_a_workflow_takes_a_role_with_its_token(platform, issuer, tmp_path):
    p = platform(env=issuer.env())
    p.start()
    role = provided(p, issuer)
    take = taking(p)
    answer = take(role, issuer.token())
    assert answer["SubjectFromWebIdentityToken"] == SUBJECT and answer["Audience"] == "sts.amazonaws.com", answer
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Deployer/run-7"

    # The default chain of stock SDKs, which reads token and role from the environment and asks STS by itself.
    file = tmp_path / "token"
    file.write_text(issuer.token())
    api = f"http://{p.run_file()['api']}"
    env = {
        "PATH": f"{VENV}:{os.environ['PATH']}", "HOME": str(tmp_path / "nobody"), "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": api, "AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": str(file), "AWS_ROLE_SESSION_NAME": "chain",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    who = json.loads(run(VENV / "aws", "sts", "get-caller-identity", env=env))
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Deployer/chain", who
    assert json.loads(run(VENV / "aws", "apprunner", "list-services", env=env)) == {"ServiceSummaryList": []}
    denied = run(VENV / "aws", "apprunner", "list-connections", env=env, check=False)
    assert "AccessDenied" in denied.stderr and "assumed-role/Deployer/chain" in denied.stderr, denied.stderr

    # What is wrong with a token is told by name.
    assert refused(take, role, issuer.token(sub="repo:evil/web:ref:refs/heads/main")) == "AccessDenied"
    assert refused(take, role, issuer.token(aud="https://github.com/octo")) == "InvalidIdentityToken"
    assert refused(take, role, issuer.token(exp=1_700_000_000)) == "ExpiredTokenException"
    assert refused(take, role, issuer.token()[:-8] + "AAAAAAAA") == "InvalidIdentityToken"

    # The log knows the workflow, and not the token.
    events = p.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "AssumeRoleWithWebIdentity"}])
    names = {event["Username"] for event in events["Events"]}
    assert names == {SUBJECT, "repo:evil/web:ref:refs/heads/main"}, names
    token = file.read_text()
    for place in (p.log_path, p.data / "platform.log"):
        assert token.split(".")[1] not in place.read_text(errors="replace"), place
    p.stop()


def test_keys_are_remembered_while_the_issuer_is_gone_and_asked_for_when_a_new_one_signs(platform, issuer):
    p = platform(env=issuer.env())
    p.start()
    role = provided(p, issuer)
    take = taking(p)
    for _ in range(3):
        take(role, issuer.token())
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"], "once for all"
    # An unknown key within a minute makes nobody ask again.
    issuer.add_key("second", "ES256")
    assert refused(take, role, issuer.token("second")) == "InvalidIdentityToken"
    assert len(issuer.asked) == 2, issuer.asked
    issuer.close()
    take(role, issuer.token())
    # A platform that has just started knows nothing, and says whose fault it is.
    p.kill()
    p.start()
    assert refused(taking(p), role, issuer.token()) == "IDPCommunicationError"
    p.stop()


def test_an_issuer_inside_the_network_is_not_asked_unless_the_operator_names_it(platform, issuer):
    p = platform(env={"OUTRUNNER_ISSUER_CA": str(issuer.ca)})
    p.start()
    role = provided(p, issuer)
    assert refused(taking(p), role, issuer.token()) == "InvalidIdentityToken"
    assert issuer.asked == []
    p.stop()
