"""Queries over log lines and live tail with the stock clients: boto3 and both command lines."""

import json
import subprocess
import threading
import time

import pytest
from under_test import ROOT, VENV, run, until

AWS_V2 = ROOT / "target" / "aws-v2" / "aws"
LINES = [
    {"level": "info", "path": "/", "status": 200, "ms": 12},
    {"level": "error", "path": "/pay", "status": 500, "ms": 250, "user": {"name": "bob"}},
    {"level": "info", "path": "/", "status": 200, "ms": 18},
    {"level": "error", "path": "/pay", "status": 502, "ms": 50, "user": {"name": "ann"}},
]
# A live tail is told about once a second; the rest is for a slow machine.
TAIL_SECONDS = 20


@pytest.fixture(scope="module")
def aws_v2():
    run(ROOT / "tests" / "make-aws-v2", timeout=300)
    return AWS_V2


@pytest.fixture
def p(platform):
    started = platform("--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0").start()
    yield started
    started.stop()


def group_with_lines(p, name):
    logs = p.client("logs")
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="instance/r1-0")
    now = int(time.time() * 1000)
    events = [{"timestamp": now - 1000 * (len(LINES) - n), "message": json.dumps(line)} for n, line in enumerate(LINES)]
    events.append({"timestamp": now, "message": "plain words: user=eve, took 7 ms"})
    logs.put_log_events(logGroupName=name, logStreamName="instance/r1-0", logEvents=events)
    return logs


def times():
    return {"startTime": int(time.time()) - 3600, "endTime": int(time.time()) + 60}


def rows(answer):
    return [{field["field"]: field["value"] for field in row if field["field"] != "@ptr"} for row in answer["results"]]


def ask(logs, query, **more):
    started = logs.start_query(logGroupName="web", queryString=query, **times(), **more)["queryId"]
    ended = []

    def is_over():
        ended[:] = [logs.get_query_results(queryId=started)]
        return ended[0]["status"] not in ("Scheduled", "Running")

    until("the query is over", is_over, seconds=20)
    assert ended[0]["status"] == "Complete", ended
    return ended[0]


def test_queries(p, aws_v2):
    logs = group_with_lines(p, "web")
    found = ask(logs, "fields @timestamp, path, user.name as who | filter level = 'error' | sort ms desc | limit 20")
    assert [(row["path"], row["who"]) for row in rows(found)] == [("/pay", "bob"), ("/pay", "ann")], found
    assert found["statistics"]["recordsScanned"] == 5 and found["statistics"]["recordsMatched"] == 2, found
    assert all(row[-1]["field"] == "@ptr" for row in found["results"])
    found = ask(logs, "stats count(*) as n, max(ms) as slowest, pct(ms, 50) as half by path | filter ispresent(path) | sort n desc, path")
    assert [(row["path"], row["n"], row["slowest"]) for row in rows(found)] == [("/", "2", "18"), ("/pay", "2", "250")], found
    found = ask(logs, r"parse @message /user=(?<who>[a-z]+), took (?<ms>\d+)/ | filter ispresent(who) | display who, ms")
    assert rows(found) == [{"who": "eve", "ms": "7"}]
    assert len(rows(ask(logs, "fields @message", limit=3))) == 3

    pointer = ask(logs, "filter @message like 'plain'")["results"][0][-1]["value"]
    assert logs.get_log_record(logRecordPointer=pointer)["logRecord"]["@message"] == "plain words: user=eve, took 7 ms"

    with pytest.raises(logs.exceptions.MalformedQueryException) as wrong:
        logs.start_query(logGroupName="web", queryString="fields @message | limit many", **times())
    assert wrong.value.response["queryCompileError"]["location"] == {"startCharOffset": 24, "endCharOffset": 28}
    assert [query["status"] for query in logs.describe_queries()["queries"]] == ["Complete"] * 5
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.get_query_results(queryId="nobody")

    for aws in (VENV / "aws", aws_v2):
        both = [word for name, value in times().items() for word in (f"--{name[:-4]}-time", str(value))]
        query = ["--log-group-name", "web", "--query-string", "filter @message like /took/ | fields @message", *both]
        started = json.loads(run(aws, "logs", "start-query", *query, env=p.env()))["queryId"]
        results = lambda: json.loads(run(aws, "logs", "get-query-results", "--query-id", started, env=p.env()))
        until("the query is over", lambda: results()["status"] == "Complete", seconds=20)
        assert [row["@message"] for row in rows(results())] == ["plain words: user=eve, took 7 ms"]

    logs.tag_resource(resourceArn=arn_of(logs, "web"), tags={"team": "web", "env": "test"})
    logs.untag_resource(resourceArn=arn_of(logs, "web"), tagKeys=["env"])
    assert logs.list_tags_for_resource(resourceArn=arn_of(logs, "web"))["tags"] == {"team": "web"}


def arn_of(logs, name):
    (group,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return group["logGroupArn"]


def say(logs, text):
    now = int(time.time() * 1000)
    logs.put_log_events(logGroupName="web", logStreamName="instance/r1-0", logEvents=[{"timestamp": now, "message": text}])


def test_live_tail(p, aws_v2):
    import boto3
    from botocore.config import Config

    logs, env = group_with_lines(p, "web"), p.env()
    tailing = boto3.client(
        "logs", region_name="us-east-1", endpoint_url=f"http://{p.run_file()['api']}", aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"], config=Config(inject_host_prefix=False, read_timeout=TAIL_SECONDS),
    )
    arn = arn_of(logs, "web")
    stream = tailing.start_live_tail(logGroupIdentifiers=[arn], logStreamNamePrefixes=["instance/"], logEventFilterPattern="new")["responseStream"]
    events = iter(stream)
    start = next(events)["sessionStart"]
    assert start["logGroupIdentifiers"] == [arn] and start["sessionId"], start
    say(logs, "something new"), say(logs, "something else")
    seen, last = [], time.monotonic() + TAIL_SECONDS
    while not seen and time.monotonic() < last:
        update = next(events)["sessionUpdate"]
        assert update["sessionMetadata"]["sampled"] is False
        seen += update["sessionResults"]
    assert [(line["message"], line["logStreamName"]) for line in seen] == [("something new", "instance/r1-0")], seen
    stream.close()

    for aws, more in ((VENV / "aws", []), (aws_v2, ["--mode", "print-only"])):
        words = [aws, "logs", "start-live-tail", "--log-group-identifiers", arn, *more]
        command = subprocess.Popen(
            [str(word) for word in words], env={**env, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true", "PYTHONUNBUFFERED": "1"}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        try:
            told(command, lambda n: say(logs, f"for the command line {n}"))
        finally:
            command.kill()
            command.wait()


def told(command, say_one_more):
    """The command says one of the lines that are written while it is there: nobody knows when its session has begun."""
    said = []

    def read():
        for line in iter(command.stdout.readline, ""):
            said.append(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    last, n = time.monotonic() + TAIL_SECONDS, 0
    while time.monotonic() < last and command.poll() is None:
        say_one_more(n)
        n += 1
        if any("for the command line" in line for line in said):
            return
        reader.join(0.5)
    raise AssertionError(f"it says {said}, and its code is {command.poll()}")
