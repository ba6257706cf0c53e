"""Secrets: made with the stock client, read by a service with its instance role, changed, deployed, deleted. No file and no line of the log has a value."""
import json
import os
import subprocess

import pytest

from under_test import ACCOUNT, BIN, REGION, CommandFailed, policy, run, until

TASKS = "tasks.apprunner.amazonaws.com"
ONE, TWO, THREE, URL = (f"canary-{word}-7d1f0c" for word in ("one", "two", "three", "url"))


def greeting(p, url):
    return p.https(url)[1]


def holders(p, *values):
    """Files of the data dir, and logs, in which a value stands."""
    found = []
    for folder, _, names in os.walk(p.data):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and os.path.getsize(path) < 64 << 20:
                content = open(path, "rb").read()
                found += [f"{path}: {value}" for value in values if value.encode() in content]
    found += [f"the log: {value}" for value in values if value in p.log()]
    return found


def nobody_holds(p, name, *values):
    """A secret's name stands in the ledger in the clear, so a scan that finds it has looked."""
    found = holders(p, name, *values)
    assert any("/ledger.db" in one and one.endswith(f": {name}") for one in found), f"{name} is in no ledger: {found}"
    held = [one for one in found if not one.endswith(f": {name}")]
    assert not held, held


def lines_with(p, known, *values):
    """Lines of any group in which a value stands. The data dir keeps them compressed: as clients get them they can be looked through."""
    client = p.client("logs")
    pages = lambda operation, **members: client.get_paginator(operation).paginate(**members)
    groups = [group["logGroupName"] for page in pages("describe_log_groups") for group in page["logGroups"]]
    lines = [event["message"] for group in groups for page in pages("filter_log_events", logGroupName=group) for event in page["events"]]
    assert any(known in line for line in lines), lines
    return [line for line in lines if any(value in line for value in values)]


def test_a_service_reads_its_secrets_with_its_role_and_keeps_what_it_read(platform, images):
    p = platform()
    layout, _ = images("hello")
    p.start()
    p.offer(layout)
    secrets, ssm, apprunner = p.client("secretsmanager"), p.client("ssm"), p.client("apprunner")
    db = secrets.create_secret(Name="shop/db", SecretString=json.dumps({"word": ONE, "port": 5432}))["ARN"]
    ssm.put_parameter(Name="/shop/url", Value=URL, Type="SecureString")
    role = p.role("Runner", trust=TASKS)
    source = {
        "ImageRepository": {
            "ImageIdentifier": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/hello:v1",
            "ImageRepositoryType": "ECR",
            "ImageConfiguration": {"Port": "8080", "RuntimeEnvironmentSecrets": {"GREETING": f"{db}:word::", "URL": "/shop/url"}},
        },
        "AutoDeploymentsEnabled": False,
    }
    create = lambda name, **more: apprunner.create_service(
        ServiceName=name,
        SourceConfiguration=source,
        InstanceConfiguration={"Cpu": "256", "Memory": "512", "InstanceRoleArn": role},
        **more,
    )["Service"]

    # A role that may not read is told what to do, and the very command mends it.
    p.until_status(create("denied")["ServiceArn"], "CREATE_FAILED")
    told = p.events("denied")
    assert "The secret variable GREETING could not be read" in told and f"allows secretsmanager:GetSecretValue on {db}" in told, told
    reads = policy(Action=["secretsmanager:GetSecretValue", "ssm:GetParameters"], Resource="*")
    p.aws("iam", "put-role-policy", "--role-name", "Runner", "--policy-name", "reads", "--policy-document", reads)

    made = create("shop")
    arn, url = made["ServiceArn"], made["ServiceUrl"]
    p.until_status(arn, "RUNNING")
    assert ONE in greeting(p, url)
    described = apprunner.describe_service(ServiceArn=arn)["Service"]
    echoed = described["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"]["RuntimeEnvironmentSecrets"]
    assert echoed == {"GREETING": f"{db}:word::", "URL": "/shop/url"}, "the references, never the values"
    assert described["InstanceConfiguration"]["InstanceRoleArn"] == role
    [init] = p.begun().values()
    environ = open(f"/proc/{init}/environ", "rb").read().decode().split("\0")
    assert f"URL={URL}" in environ and f"GREETING={ONE}" in environ
    arguments = "".join(open(f"/proc/{pid}/cmdline", "rb").read().decode(errors="replace") for pid in pids() if alive(pid))
    assert ONE not in arguments and URL not in arguments

    # A new value waits for the next deployment.
    secrets.put_secret_value(SecretId="shop/db", SecretString=json.dumps({"word": TWO}))
    assert ONE in greeting(p, url)
    apprunner.start_deployment(ServiceArn=arn)
    p.until_status(arn, "RUNNING")
    assert TWO in greeting(p, url)

    # By a tag it does not.
    apprunner.tag_resource(ResourceArn=arn, Tags=[{"Key": "outrunner:redeploy-on-secret-change", "Value": "on"}])
    set_by_hand(p, "shop/db", json.dumps({"word": THREE}))
    until("the new value is served", lambda: THREE in greeting(p, url), 30)
    p.until_status(arn, "RUNNING")
    operations = apprunner.list_operations(ServiceArn=arn)["OperationSummaryList"]
    assert [operation["Type"] for operation in operations] == ["START_DEPLOYMENT", "START_DEPLOYMENT", "CREATE_SERVICE"], operations
    assert "A secret has changed (GREETING)" in p.events("shop")

    # What runs does not need the secret any more, also after a restart; the next deployment does.
    secrets.delete_secret(SecretId="shop/db", ForceDeleteWithoutRecovery=True)
    p.terminate()
    p.start()
    p.until_status(arn, "RUNNING")
    until("the service answers again", lambda: THREE in greeting(p, url), 30)
    apprunner = p.client("apprunner")
    apprunner.start_deployment(ServiceArn=arn)
    p.until_status(arn, "RUNNING")
    assert "there is no secret" in p.events("shop") and THREE in greeting(p, url)

    assert not lines_with(p, "listens", ONE, TWO, THREE, URL)
    nobody_holds(p, "shop/db", ONE, TWO, THREE, URL)
    assert "shop/db" in p.log(), "the log tells of it, by its name"
    p.terminate()
    nobody_holds(p, "shop/db", ONE, TWO, THREE, URL)
    checked = run(BIN / "outrunner", "check", "--data-dir", p.data)
    assert "nothing is wrong" in checked, checked
    p.start()
    p.stop()


def pids():
    return [pid for pid in os.listdir("/proc") if pid.isdigit()]


def alive(pid):
    return os.path.exists(f"/proc/{pid}/cmdline") and os.access(f"/proc/{pid}/cmdline", os.R_OK)


def set_by_hand(p, name, value):
    """With our own command, its value on standard input."""
    return run(BIN / "outrunner", "secrets", "--data-dir", p.data, "set", name, stdin=value + "\n").strip()


def test_our_own_command_sets_lists_gets_and_deletes(platform):
    p = platform()
    p.start()
    words = lambda *more, **also: run(BIN / "outrunner", "secrets", "--data-dir", p.data, *more, **also)
    arn = set_by_hand(p, "by/hand", ONE)
    assert arn.startswith(f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:by/hand-")
    assert set_by_hand(p, "by/hand", TWO) == arn
    assert words("get", "by/hand") == TWO + "\n"
    reader, writer = os.pipe()
    os.write(writer, THREE.encode())
    os.close(writer)
    done = subprocess.run(
        [BIN / "outrunner", "secrets", "--data-dir", p.data, "set", arn, "--fd", str(reader)], pass_fds=[reader], capture_output=True, timeout=60
    )
    os.close(reader)
    assert done.returncode == 0, done.stderr
    assert p.aws("secretsmanager", "get-secret-value", "--secret-id", "by/hand")["SecretString"] == THREE, "and the stock client reads it"
    assert p.aws("ssm", "describe-parameters")["Parameters"] == []
    listed = words("list")
    assert "by/hand" in listed and arn in listed and THREE not in listed
    with pytest.raises(CommandFailed, match="there is no value on standard input"):
        words("set", "empty", stdin="")
    assert "by/hand goes on" in words("delete", "by/hand")
    with pytest.raises(CommandFailed, match="marked for deletion"):
        words("get", "by/hand")
    p.aws("secretsmanager", "restore-secret", "--secret-id", "by/hand")
    words("delete", "by/hand", "--force")
    with pytest.raises(CommandFailed, match="can't find the specified secret"):
        words("get", "by/hand")
    nobody_holds(p, "by/hand", ONE, TWO, THREE)
    p.stop()
