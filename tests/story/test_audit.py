"""The audit log as its readers meet it: CloudTrail's LookupEvents with the stock clients, and `outrunner audit verify`."""
import json
import sqlite3
import subprocess

import pytest
from botocore.exceptions import ClientError

from under_test import ACCOUNT, BIN, policy, until


def lookup(p, client=None, **attribute):
    words = {"LookupAttributes": [{"AttributeKey": k, "AttributeValue": v} for k, v in attribute.items()]} if attribute else {}
    pages = (client or p.client("cloudtrail")).get_paginator("lookup_events").paginate(**words)
    return [event for page in pages for event in page["Events"]]


def verify(p, *words, check=True):
    """The exit code and what it says."""
    done = subprocess.run([BIN / "outrunner", "audit", "verify", "--data-dir", p.data, *words], text=True, capture_output=True)
    assert not check or done.returncode == 0, done.stderr
    return done.returncode, done.stdout + done.stderr


def head(p):
    return json.loads(verify(p, "--json")[1])["head"]


def taken(p, name):
    """A boto3 session of a role that root takes."""
    import boto3

    trust = policy(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="sts:AssumeRole")
    arn = p.aws("iam", "create-role", "--role-name", name, "--assume-role-policy-document", trust)["Role"]["Arn"]
    keys = p.aws("sts", "assume-role", "--role-arn", arn, "--role-session-name", "ann")["Credentials"]
    return lambda service: boto3.client(
        service, region_name="us-east-1", endpoint_url=f"http://{p.run_file()['api']}", aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"])


def test_who_did_what_is_looked_up_and_no_row_can_be_touched_unnoticed(platform):
    p = platform().start()
    words = ["--auto-scaling-configuration-name", "small", "--max-concurrency", "50"]
    made = p.aws("apprunner", "create-auto-scaling-configuration", *words)["AutoScalingConfiguration"]
    p.aws("ecr", "create-repository", "--repository-name", "hello")
    apprunner = p.client("apprunner")
    session = taken(p, "nobody")
    with pytest.raises(ClientError, match="AccessDenied"):
        session("apprunner").list_services()
    apprunner.list_services()

    # The stock command line reads it, times and all.
    events = p.aws("cloudtrail", "lookup-events", "--max-results", "50")["Events"]
    names = [event["EventName"] for event in events]
    # The oldest is the platform's own: at its first start it gives the root a key.
    assert names == ["ListServices", "AssumeRole", "CreateRole", "CreateRepository", "CreateAutoScalingConfiguration", "CreateAccessKey"], names
    record = json.loads(events[-2]["CloudTrailEvent"])
    assert record["resources"] == [
        {"ARN": made["AutoScalingConfigurationArn"], "accountId": ACCOUNT, "type": "AWS::AppRunner::AutoScalingConfiguration"}]
    assert record["sourceIPAddress"] == "127.0.0.1" and "aws-cli" in record["userAgent"], record
    denied = json.loads(events[0]["CloudTrailEvent"])
    assert denied["errorCode"] == "AccessDeniedException" and denied["userIdentity"]["type"] == "AssumedRole", denied
    assert [e["EventName"] for e in lookup(p, Username="ann")] == ["ListServices"]
    assert [e["EventName"] for e in lookup(p, EventSource="ecr.amazonaws.com")] == ["CreateRepository"]
    with pytest.raises(ClientError, match="AccessDenied"):
        lookup(p, session("cloudtrail"))

    # Beside the running platform, and a head that is kept elsewhere is found again.
    code, said = verify(p)
    assert "rows from 1 on are as they were written" in said, said
    kept = head(p)
    p.aws("ecr", "create-repository", "--repository-name", "another")
    verify(p, "--expect", kept)
    p.kill()
    verify(p, "--expect", kept)
    p.start()
    verify(p, "--expect", kept)
    p.stop()

    before = (p.data / "ledger.db").read_bytes()
    for touch, words in [
        ("UPDATE audit SET document = replace(document, 'CreateRole', 'DeleteRole')", "is not what was written"),
        ("DELETE FROM audit WHERE position = 2", "missing between 1 and 3"),
        ("DELETE FROM audit WHERE position = (SELECT max(position) FROM audit)", "the newest rows are missing"),
    ]:
        ledger = sqlite3.connect(p.data / "ledger.db")
        ledger.executescript(touch)
        ledger.close()
        code, said = verify(p, check=False)
        assert code == 1 and words in said, said
        code, said = run_check(p)
        assert code == 1 and words in said, said
        for beside in p.data.glob("ledger.db-*"):
            beside.unlink()
        (p.data / "ledger.db").write_bytes(before)
    verify(p, "--expect", kept)


def run_check(p):
    done = subprocess.run([BIN / "outrunner", "check", "--data-dir", p.data], text=True, capture_output=True)
    return done.returncode, done.stdout + done.stderr


def test_reads_are_written_down_by_choice(platform):
    p = platform("--audit-reads").start()
    p.client("apprunner").list_services()
    assert until("the read is there", lambda: lookup(p, EventName="ListServices"), 10)[0]["ReadOnly"] == "true"
    p.stop()
