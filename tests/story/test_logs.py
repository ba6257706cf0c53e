"""CloudWatch Logs with the stock clients: what an app prints, what happened to its service, who called, and how long all of it is kept."""

import json
import os
import random
import time
from pathlib import Path

from under_test import until

# The platform's lives of which the kernel ends all but the last.
KILLS = 5


def events_of(p, group, stream, **more):
    return [event["message"] for event in p.client("logs").get_log_events(logGroupName=group, logStreamName=stream, **more)["events"]]


def groups_of(p, prefix):
    answer = p.aws("logs", "describe-log-groups", "--log-group-name-prefix", prefix)
    return {group["logGroupName"]: group for group in answer["logGroups"]}


def test_logs(platform, images):
    layout, _ = images("hello")
    p = platform("--api", "127.0.0.1:0", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--log-retention", "30").start()
    p.offer(layout)
    created = p.create("webs", "hello:v1")
    service, operation = created["Service"], created["OperationId"].replace("-", "")
    arn, url = service["ServiceArn"], service["ServiceUrl"]
    p.until_status(arn, "RUNNING")
    base = f"/aws/apprunner/webs/{service['ServiceId']}"
    application, told, access = f"{base}/application", f"{base}/service", f"{base}/access"

    # What it printed: `describe-log-groups`, `describe-log-streams`, `get-log-events`, `filter-log-events`.
    until("its lines are there", lambda: application in groups_of(p, base), seconds=10)
    assert groups_of(p, base)[application]["retentionInDays"] == 30
    streams = p.aws("logs", "describe-log-streams", "--log-group-name", application)["logStreams"]
    assert [stream["logStreamName"] for stream in streams] == ["instance/r1-0"], streams
    got = p.aws("logs", "get-log-events", "--log-group-name", application, "--log-stream-name", "instance/r1-0")
    assert any("listens on port 8080" in event["message"] for event in got["events"]), got
    found = p.aws("logs", "filter-log-events", "--log-group-name", application, "--filter-pattern", '"on port 8080" -nonsense')
    assert [event["logStreamName"] for event in found["events"]] == ["instance/r1-0"], found
    assert p.aws("logs", "filter-log-events", "--log-group-name", application, "--filter-pattern", "nonsense")["events"] == []

    # What happened: the same sentences as `outrunner events`, and the deployment's own log.
    running = "[AppRunner] Service status is set to RUNNING."
    until("its events are there", lambda: told in groups_of(p, base) and running in events_of(p, told, "events"), seconds=10)
    owners = [line.split("[AppRunner]", 1)[1] for line in p.events("webs").splitlines() if "[AppRunner]" in line]
    assert [message.split("[AppRunner]", 1)[1] for message in events_of(p, told, "events")] == owners
    deployment = events_of(p, told, f"deployment/{operation}")
    assert deployment[0] == "[AppRunner] Starting to pull your application image." and "Successfully deployed" in deployment[-1], deployment

    # Who called: without the query.
    assert p.https(url, "/who?token=hunter2")[0] in (200, 404)
    until("the request is written down", lambda: access in groups_of(p, base) and requests_of(p, access), seconds=10)
    requests = requests_of(p, access)
    one = next(request for request in requests if request["path"] == "/who")
    assert (one["method"], one["protocol"], one["instance"], one["client"]) == ("GET", "HTTP/1.1", "r1-0", "127.0.0.1"), one
    assert one["status"] in (200, 404) and one["response_bytes"] > 0 and one["duration_ms"] > 0 and len(one["request_id"]) == 36, one
    assert "hunter2" not in json.dumps(requests)

    nothing_is_lost_or_doubled(p, url, told, access)
    retention(p, base, application)
    a_callers_own_group(p)
    p.aws("logs", "delete-log-group", "--log-group-name", application)
    assert application not in groups_of(p, base)

    # Logs of a service that is gone.
    p.client("apprunner").delete_service(ServiceArn=arn)
    p.until_status(arn, "DELETED")
    last = "[AppRunner] Service status is set to DELETED."
    until("its last event is there", lambda: events_of(p, told, "events")[-1] == last, seconds=10)
    # The group was deleted while it ran: its next line, which is also its last one, made it anew.
    until("its last line is there", lambda: application in groups_of(p, base) and all_of(p, application)[-1] == "hello ends", seconds=10)
    for group in (application, told, access):
        p.aws("logs", "delete-log-group", "--log-group-name", group)
    assert groups_of(p, base) == {}
    p.stop()


def test_each_line_of_an_app_that_prints_all_the_time_is_there_once_however_often_the_platform_is_killed(platform, images):
    layout, _ = images("numbered", source=Path(__file__).resolve().parent / "numbered.c")
    p = platform().start()
    p.offer(layout, image="numbered:v1")
    service = p.create("numbered", "numbered:v1")["Service"]
    p.until_status(service["ServiceArn"], "RUNNING")
    before = p.begun()
    group, stream = f"/aws/apprunner/numbered/{service['ServiceId']}/application", "instance/r1-0"
    seed = int(os.environ.get("OUTRUNNER_LOGS_SEED", time.time_ns() % 100_000))
    print(f"OUTRUNNER_LOGS_SEED={seed}")
    luck = random.Random(seed)
    newest = lambda: (events_of(p, group, stream, limit=1) or ["none"])[-1]
    for n in range(KILLS):
        # Not a wait for anything: when it is killed shall be anybody's guess, each other time before it is ready.
        time.sleep(luck.uniform(0, 1.2))
        p.kill()
        p.start(wait=n % 2 == 0)
    until("the last platform is ready", p.is_ready)
    last = int(p.https(service["ServiceUrl"], "/end")[1])
    until("its last line is there", lambda: newest() == f"number {last}", seconds=60)
    assert p.begun() == before, "the same process has printed all of it"
    numbers, token, more = [], None, {}
    while token is None or more["nextToken"] != token:
        token = more.get("nextToken", "")
        page = p.client("logs").get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, **more)
        numbers += [event["message"] for event in page["events"]]
        more = {"nextToken": page["nextForwardToken"]}
    print(f"{len(numbers)} lines over {KILLS} deaths")
    assert last > 1000, "it has printed all the time"
    expected = [f"number {n}" for n in range(last + 1)]
    lost = set(expected) - set(numbers)
    assert not lost, f"{len(lost)} are lost, as {sorted(lost)[:5]}"
    assert len(numbers) == len(expected), f"{len(numbers) - len(expected)} came twice"
    assert numbers == expected, "they are not in order"
    p.stop()


def requests_of(p, access):
    return [json.loads(line) for line in events_of(p, access, "front-door", startFromHead=True)]


def all_of(p, group):
    return [event["message"] for event in p.client("logs").filter_log_events(logGroupName=group)["events"]]


def nothing_is_lost_or_doubled(p, url, told, access):
    """kill -9 of the platform: what happened and who called is told once, also what came while nobody was at home."""
    before = events_of(p, told, "events")
    for n in range(5):
        assert p.https(url, f"/before/{n}")[0] in (200, 404)
    p.kill()
    for n in range(5):
        assert p.https(url, f"/meanwhile/{n}")[0] in (200, 404)
    p.start()
    paths = [f"/{when}/{n}" for when in ("before", "meanwhile") for n in range(5)]
    ours = lambda: [request["path"] for request in requests_of(p, access) if request["path"] in paths]
    until("all ten are written down", lambda: len(ours()) >= 10, seconds=15)
    time.sleep(1)
    assert sorted(ours()) == sorted(paths), "each once"
    assert events_of(p, told, "events") == before


def retention(p, base, application):
    p.aws("logs", "put-retention-policy", "--log-group-name", application, "--retention-in-days", "7")
    assert groups_of(p, base)[application]["retentionInDays"] == 7
    p.aws("logs", "delete-retention-policy", "--log-group-name", application)
    assert "retentionInDays" not in groups_of(p, base)[application]
    refused = p.aws("logs", "put-retention-policy", "--log-group-name", application, "--retention-in-days", "2", check=False)
    assert refused == "" or "InvalidParameterException" in str(refused)


def a_callers_own_group(p):
    p.aws("logs", "create-log-group", "--log-group-name", "mine", "--tags", "team=web")
    p.aws("logs", "create-log-stream", "--log-group-name", "mine", "--log-stream-name", "s")
    now = int(time.time() * 1000)
    events = json.dumps([{"timestamp": now, "message": "first"}, {"timestamp": now + 1, "message": "second"}])
    p.aws("logs", "put-log-events", "--log-group-name", "mine", "--log-stream-name", "s", "--log-events", events)
    client = p.client("logs")
    page = client.get_log_events(logGroupName="mine", logStreamName="s", limit=1, startFromHead=True)
    assert [event["message"] for event in page["events"]] == ["first"]
    page = client.get_log_events(logGroupName="mine", logStreamName="s", nextToken=page["nextForwardToken"])
    assert [event["message"] for event in page["events"]] == ["second"]
    end = client.get_log_events(logGroupName="mine", logStreamName="s", nextToken=page["nextForwardToken"])
    assert (end["events"], end["nextForwardToken"]) == ([], page["nextForwardToken"])
    paginated = client.get_paginator("filter_log_events").paginate(logGroupName="mine", PaginationConfig={"PageSize": 1})
    assert [event["message"] for page in paginated for event in page["events"]] == ["first", "second"]
    arn = groups_of(p, "mine")["mine"]["logGroupArn"]
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "web"}
    p.aws("logs", "delete-log-group", "--log-group-name", "mine")
