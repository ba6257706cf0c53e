"""Roles: the tutorial's, each wrong one, and a session that may do only what its role may. Real clients, real containers."""
import json
import subprocess

import pytest

from under_test import ACCOUNT, BUILDS, PULL_POLICY, REGION, CommandFailed, policy, run

HELLO = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/hello"


def test_the_tutorials_role_pulls_and_each_wrong_one_is_told_what_to_do(platform, images):
    p = platform()
    layout, _ = images("hello")
    p.start()
    p.offer(layout)
    aws = p.aws
    right = p.role("Right", attach=[PULL_POLICY])
    attached = aws("iam", "list-attached-role-policies", "--role-name", "Right")["AttachedPolicies"]
    assert attached == [{"PolicyName": "AWSAppRunnerServicePolicyForECRAccess", "PolicyArn": PULL_POLICY}]
    found = aws("iam", "get-role", "--role-name", "Right")["Role"]
    assert found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": BUILDS}, "decoded by the client"
    assert aws("iam", "get-role", "--role-name", "Right", "--region", "eu-west-1")["Role"] == found, "the account's, not a region's"
    p.until_status(p.create("right", "hello:v1", role=right)["Service"]["ServiceArn"], "RUNNING")

    # Refused at once: there is nothing to deploy with.
    absent = right.replace("Right", "Absent")
    told = refused(p, "absent", absent)
    assert f"Error in assuming access role {absent}" in told and "aws iam create-role --role-name Absent" in told, told
    told = refused(p, "distrustful", p.role("Distrustful", trust="tasks.apprunner.amazonaws.com", attach=[PULL_POLICY]))
    assert "update-assume-role-policy --role-name Distrustful" in told, told

    # Refused by the deployment, and mended with the very command that it names.
    bare = p.role("Bare")
    failure = fails(p, "bare", bare)
    assert f"The access role {bare} may not pull: none of its policies allows ecr:GetAuthorizationToken" in failure, failure
    command = failure[failure.index("aws iam attach-role-policy") :].splitlines()[0].strip().rstrip(".")
    subprocess.run(command.split(), env=p.env(), check=True, timeout=60)
    p.until_status(p.create("mended", "hello:v1", role=bare)["Service"]["ServiceArn"], "RUNNING")

    # A repository has a word in it too.
    deny = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": {"AWS": right}, "Action": "ecr:BatchGetImage"}]})
    aws("ecr", "set-repository-policy", "--repository-name", "hello", "--policy-text", deny)
    failure = fails(p, "denied", right)
    assert f"the policy of the repository denies ecr:BatchGetImage on {HELLO}" in failure, failure
    aws("ecr", "delete-repository-policy", "--repository-name", "hello")
    p.until_status(p.create("allowed", "hello:v1", role=right)["Service"]["ServiceArn"], "RUNNING")

    with pytest.raises(CommandFailed, match="DeleteConflict.*must detach all policies first"):
        aws("iam", "delete-role", "--role-name", "Right")
    aws("iam", "detach-role-policy", "--role-name", "Right", "--policy-arn", PULL_POLICY)
    aws("iam", "delete-role", "--role-name", "Right")
    names = [role["RoleName"] for role in aws("iam", "list-roles")["Roles"]]
    assert names == ["Bare", "Distrustful"], names
    with pytest.raises(CommandFailed, match="MalformedPolicyDocument.*needs a Principal"):
        words = ["--role-name", "Odd", "--assume-role-policy-document", policy(Action="sts:AssumeRole")]
        aws("iam", "create-role", *words)
    p.stop()


def refused(p, name, role):
    """What CreateService says at once."""
    with pytest.raises(Exception, match="InvalidRequestException") as refusal:
        p.create(name, "hello:v1", role=role)
    return str(refusal.value)


def fails(p, name, role):
    """What the events say of a creation that fails."""
    p.until_status(p.create(name, "hello:v1", role=role)["Service"]["ServiceArn"], "CREATE_FAILED")
    return p.events(name)


def test_a_session_may_do_what_its_role_may(platform, images):
    p = platform()
    layout, _ = images("hello")
    p.start()
    p.offer(layout)
    trust = policy(Principal={"AWS": ACCOUNT}, Action="sts:AssumeRole")
    arn = p.aws("iam", "create-role", "--role-name", "Puller", "--assume-role-policy-document", trust)["Role"]["Arn"]
    reads = policy(Action=["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], Resource="*")
    p.aws("iam", "put-role-policy", "--role-name", "Puller", "--policy-name", "reads", "--policy-document", reads)
    assumed = p.aws("sts", "assume-role", "--role-arn", arn, "--role-session-name", "ci")
    assert assumed["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Puller/ci"

    # The platform keeps nothing of a session, and knows it again.
    p.kill()
    p.start()
    given = assumed["Credentials"]
    env = {**p.env(), "AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"]}
    env["AWS_SESSION_TOKEN"] = given["SessionToken"]
    env["REGISTRY_AUTH_FILE"] = str(p.folder / "session-auth.json")
    me = json.loads(run("aws", "sts", "get-caller-identity", env=env))
    assert me["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Puller/ci" and me["UserId"].endswith(":ci"), me
    with pytest.raises(CommandFailed, match="AccessDenied.*assumed-role/Puller/ci is not authorized to perform: apprunner:ListServices"):
        run("aws", "apprunner", "list-services", env=env)

    # Its registry login is limited in the same way: a pull is granted, a push is not.
    password = run("aws", "ecr", "get-login-password", env=env)
    host = p.registry_host()
    run("skopeo", "login", "--tls-verify=false", "--username", "AWS", "--password-stdin", host, env=env, stdin=password)
    copy = ["skopeo", "--insecure-policy", "copy"]
    run(*copy, "--src-tls-verify=false", f"docker://{host}/hello:v1", f"oci:{p.folder / 'pulled'}:v1", env=env)
    with pytest.raises(CommandFailed, match="denied|Forbidden"):
        run(*copy, "--dest-tls-verify=false", f"oci:{layout}:v1", f"docker://{host}/hello:v2", env=env)

    # The role is taken away, and its sessions with it.
    p.aws("iam", "delete-role-policy", "--role-name", "Puller", "--policy-name", "reads")
    p.aws("iam", "delete-role", "--role-name", "Puller")
    with pytest.raises(CommandFailed, match="denied|Forbidden"):
        run(*copy, "--src-tls-verify=false", f"docker://{host}/hello:v1", f"oci:{p.folder / 'again'}:v1", env=env)
    p.stop()
