"""The API at ten times what it can carry, in the words of each protocol that stock clients try again on."""
import json
import os
import socket
import time

import pytest

import frames
from frames import Connection
from town import SCALE, Memory, begin_many, beside, is_fair, load, told
from under_test import until

# Calls under way at once; more are throttled.
CALLS = 512
# More than that at once; soak is at ten times. Of connections, 2,048 are taken at once, and whoever is beyond that waits for one of them to end.
FLOOD_CALLS = CALLS * (3 if SCALE == 1 else 10)
# Full batches at once, of which the room for bodies takes 64.
FLOOD_BATCHES = 100 if SCALE == 1 else 640
# Beside what bodies take (64 MiB, and what is made of them a few times): a connection, a call, an answer.
PLATFORM_MIB = 256
BATCHES_MIB = 512
# What bodies may take together, in batches of 1 MiB.
ROOM_MIB = 64
# As long as others are looked at beside it, and a call is made.
FLOOD_SECONDS = 6


@pytest.mark.promise(
    "The API gets ten times the calls that it can carry (soak; three times in CI)",
    "512 calls are under way; more get ThrottlingException (Throttling in the query protocol), which stock clients try again. Services go on.",
    "Calls that were refused, for clients that do not try again.",
)
def test_a_flooded_api_throttles_and_stock_clients_get_through(town):
    call, logs = town.describe_call(), town.p.client("logs")
    logs.create_log_group(logGroupName="calls")
    logs.create_log_stream(logGroupName="calls", logStreamName="one")
    line = {"logGroupName": "calls", "logStreamName": "one", "logEvents": [{"timestamp": int(time.time() * 1000), "message": "x"}]}
    # Reads are over as soon as they are looked at, and a slow client cannot have many under way; what waits for the disk can be many.
    write = town.signed("logs", "Logs_20140328.PutLogEvents", json.dumps(line).encode(), version="1.1")
    capacity = load(town, seconds=2, connections=8, at=town.api, request=call)["per_second"]
    described, took = {}, 0

    def stock_client():
        nonlocal described, took
        began = time.monotonic()
        described = town.p.aws("apprunner", "describe-service", "--service-arn", town.calm_arn)
        took = time.monotonic() - began

    with Memory(**town.pids) as memory:
        order = {"seconds": FLOOD_SECONDS, "connections": FLOOD_CALLS // 2, "at_once": True, "at": town.api}
        flood = lambda: [one for request in (call, write) for one in begin_many(town, request=request, **order)]  # noqa: E731
        quiet, flooded, answers = beside(town, flood, meanwhile=stock_client)
    logs.delete_log_group(logGroupName="calls")
    assert described["Service"]["Status"] == "RUNNING"
    throttled = sum(answer["statuses"].get("400", 0) for answer in answers)
    told("a flooded API", capacity_per_s=capacity, throttled=throttled, carried_per_s=[round(answer["statuses"].get("200", 0) / FLOOD_SECONDS) for answer in answers],
         cli_s=round(took, 1), quiet=quiet, flooded=flooded, platform_mib=memory.grown_mib("platform"))
    for answer in answers:
        assert set(answer["statuses"]) <= {"200", "400"} and not answer["broken"], answer
        fields, body = answer["examples"].get("400", [{"content-type": "application/x-amz-json-1.0"}, '{"__type":"ThrottlingException"}'])
        assert "ThrottlingException" in body and "json" in fields["content-type"], (fields, body)
        assert answer["statuses"]["200"] > 0
        # At ten times there are more connections than are taken at once, and some wait to the end.
        assert SCALE > 1 or not answer["unanswered"], answer
    assert throttled > 0, "the limit was reached"
    assert memory.grown_mib("platform") <= PLATFORM_MIB
    assert is_fair(quiet, flooded), (quiet, flooded)
    town.recovered()


def fill_the_room_for_bodies(town, call, meanwhile):
    """More batches than there is room for, each there but for its last byte, and `meanwhile()` beside them; answers their statuses when all have come."""
    held = [socket.create_connection(town.api, timeout=30) for _ in range(ROOM_MIB + 16)]
    for tcp in held:
        tcp.sendall(call[:-1])
    meanwhile()

    def finish(tcp, rest):
        tcp.sendall(rest)
        answer = tcp.recv(65536).decode()
        tcp.close()
        status = int(answer.split(" ")[1])
        assert status == 200 or "ThrottlingException" in answer, answer
        return status

    # Whoever comes whole finds no room either.
    one_more = socket.create_connection(town.api, timeout=30)
    return [finish(one_more, call), *(finish(tcp, call[-1:]) for tcp in held)]


@pytest.mark.promise(
    "PutLogEvents is flooded with full batches",
    "Bodies take 64 MiB together; whoever finds no room gets ThrottlingException, in a flood after some five seconds; where 640 MiB wait for that, connections are closed. Small calls and services go on.",
    "Batches that were refused, for clients that do not try again.",
)
def test_a_flood_of_log_batches_is_bounded_and_small_calls_go_on(town):
    logs = town.p.client("logs")
    logs.create_log_group(logGroupName="flood")
    logs.create_log_stream(logGroupName="flood", logStreamName="one")
    now = int(time.time() * 1000)
    # 1,048,576 bytes as AWS counts them: each event has 26 more than its message.
    events = [{"timestamp": now, "message": "x" * 65_510} for _ in range(16)]
    logs.put_log_events(logGroupName="flood", logStreamName="one", logEvents=events)
    body = json.dumps({"logGroupName": "flood", "logStreamName": "one", "logEvents": events}).encode()
    call = town.signed("logs", "Logs_20140328.PutLogEvents", body, version="1.1")
    api, small = town.p.client("apprunner"), []

    def small_calls():
        # Of a client that does not try again.
        small.extend(api.describe_service(ServiceArn=town.calm_arn)["Service"]["Status"] for _ in range(5))

    with Memory(**town.pids) as memory:
        flood = lambda: begin_many(town, seconds=FLOOD_SECONDS, connections=FLOOD_BATCHES, at=town.api, request=call)  # noqa: E731
        quiet, flooded, answers = beside(town, flood, meanwhile=small_calls)
        held = fill_the_room_for_bodies(town, call, small_calls)
    told("a flood of log batches", statuses=[answer["statuses"] for answer in answers], broken=[answer["broken"] for answer in answers],
         quiet=quiet, flooded=flooded, platform_mib=memory.grown_mib("platform"))
    assert small == ["RUNNING"] * 10
    assert set(held) == {200, 400}, held
    for answer in answers:
        assert set(answer["statuses"]) <= {"200", "400"} and not answer["broken"], answer
        assert "400" not in answer["examples"] or "ThrottlingException" in answer["examples"]["400"][1], answer
        assert answer["statuses"].get("200", 0) > 0
    assert memory.grown_mib("platform") <= BATCHES_MIB
    assert is_fair(quiet, flooded), (quiet, flooded)
    logs.delete_log_group(logGroupName="flood")
    town.recovered()


@pytest.mark.promise(
    "A client takes every connection of the API that the front door passes on",
    "This machine's own calls have places of their own and do not wait.",
    "Nothing.",
)
def test_calls_of_this_machine_do_not_wait_for_those_from_outside(town):
    host = "api." + town.host("calm").split(".", 2)[2]
    asked, streams = 2400, 120
    connections = [Connection(town.tls("calm", alpn="h2", name=host)) for _ in range(asked // streams)]
    # A body that does not come: each holds a connection of the platform for as long as it may.
    call = frames.literal("x-amz-target", "AppRunner.ListServices") + frames.literal("content-length", "10")
    for connection in connections:
        for number in range(streams):
            head = frames.get(f"{host}:{town.https[1]}", method="POST") + call
            connection.send(frames.frame(frames.HEADERS, frames.END_HEADERS, 2 * number + 1, head))
    seen = []

    def have_come():
        seen.append(len(os.listdir(f"/proc/{town.pids['platform']}/fd")))
        return seen[-1] > 1000 and len(seen) > 20 and len(set(seen[-10:])) == 1

    until("as many as may have come", have_come, 25, pause=0.05)
    began = time.monotonic()
    assert town.p.is_ready()
    town.p.client("apprunner").describe_service(ServiceArn=town.calm_arn)
    took = time.monotonic() - began
    told("this machine's call beside 2,400 from outside", s=round(took, 2))
    assert took < 5
    for connection in connections:
        connection.stream.close()
    town.recovered(seconds=15)


def test_the_stock_command_works_after_all_this(town):
    listed = town.p.aws("apprunner", "list-services")["ServiceSummaryList"]
    assert {service["Status"] for service in listed} == {"RUNNING"}
