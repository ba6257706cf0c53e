"""The registry at ten times what it can carry: hundreds of pushes at once (thousands in the soak), and layers at full speed beside small calls."""
import base64
import socket
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from town import MIB, SCALE, Memory, begin_program, beside, in_turn, is_fair, told
from under_test import until

# One login may have 256 uploads open at once, everybody together 512 calls under way: soak is at ten times the first.
PUSHES = 256 * SCALE
# What one process of clients does at most, from an address of its own.
PUSHES_EACH = 256
# 512 calls with a piece each, 32 manifests, and what the store has under its hands.
PLATFORM_MIB = 384


def login(town):
    password = town.p.client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    assert base64.b64decode(password).startswith(b"AWS:")
    return password


@pytest.mark.promise(
    "Hundreds of clients push at once with one login",
    "Whoever is beyond the limits gets 429 with Retry-After; whoever comes back when it is told to gets its push done. Services go on.",
    "Nothing.",
)
def test_hundreds_of_pushes_at_once_are_all_done_in_the_end(town):
    town.p.client("ecr").create_repository(repositoryName="many")
    order, times = {"at": town.api, "repository": "many", "login": login(town)}, []

    def flood():
        times.append(time.monotonic())
        firsts = range(0, PUSHES, PUSHES_EACH)
        return [begin_program(town, "pushes.py", first=first, count=PUSHES_EACH, source=f"127.0.2.{1 + n}", **order) for n, first in enumerate(firsts)]

    with Memory(**town.pids) as memory:
        quiet, flooded, answers = beside(town, flood)
    took = time.monotonic() - times[-1]
    told("pushes at once", count=PUSHES, s=round(took, 1), answers=answers, quiet=quiet, flooded=flooded, platform_mib=memory.grown_mib("platform"))
    for answer in answers:
        assert set(answer["statuses"]) <= {"201", "202", "429", "503", "broken"}, answer
        assert answer["waited"] == sum(answer["statuses"].get(status, 0) for status in ("429", "503")), "each was told when to come back"
    assert any(answer["statuses"].get("429") for answer in answers), "the limit was reached"
    assert memory.grown_mib("platform") <= PLATFORM_MIB
    images = town.p.client("ecr").get_paginator("list_images").paginate(repositoryName="many")
    assert sum(len(page["imageIds"]) for page in images) == PUSHES
    assert is_fair(quiet, flooded), (quiet, flooded)
    town.recovered()


@pytest.mark.promise(
    "A layer is pushed at full speed",
    "API calls and services go on beside it, and the platform keeps a few pieces of it in memory, whatever its size.",
    "Nothing.",
)
def test_a_push_at_full_speed_leaves_room_for_calls(town):
    ecr, api = town.p.client("ecr"), town.p.client("apprunner")
    ecr.create_repository(repositoryName="large")
    word, size = login(town), 300 * MIB * min(SCALE, 3)
    fixed = f"Host: localhost:{town.api[1]}\r\nAuthorization: Basic {word}\r\n"
    piece = bytes(MIB)

    def call_ms():
        began = time.monotonic()
        api.describe_service(ServiceArn=town.calm_arn)
        return (time.monotonic() - began) * 1e3

    def push():
        """One layer; others after it until others' requests have been looked at."""
        while True:
            began = time.monotonic()
            with socket.create_connection(town.api, timeout=60) as tcp:
                tcp.sendall(f"POST /v2/large/blobs/uploads/ HTTP/1.1\r\n{fixed}Content-Length: 0\r\n\r\n".encode())
                place = next(line.split(": ")[1] for line in tcp.recv(4096).decode().split("\r\n") if line.lower().startswith("location"))
                tcp.sendall(f"PATCH {place} HTTP/1.1\r\n{fixed}Content-Length: {size}\r\n\r\n".encode())
                for _ in range(size // len(piece)):
                    tcp.sendall(piece)
                statuses.append(tcp.recv(4096).decode().split(" ")[1])
            speeds.append(round(size / (time.monotonic() - began) / 1e6))
            with socket.create_connection(town.api, timeout=60) as tcp:
                # The disk is not what is looked at.
                tcp.sendall(f"DELETE {place} HTTP/1.1\r\n{fixed}Connection: close\r\n\r\n".encode())
                assert tcp.recv(4096).startswith(b"HTTP/1.1 204")
            if looked_at.is_set():
                return

    def flooded():
        looked_at.clear()

        def look():
            try:
                return town.peace(2), pushing.running()
            finally:
                # Whatever came of it: the push goes on until somebody has looked.
                looked_at.set()

        with ThreadPoolExecutor(2) as pool:
            pushing = pool.submit(push)
            looking = pool.submit(look)
            while not pushing.done():
                calls.append(call_ms())
            pushing.result()
            peace, was_beside = looking.result()
        assert was_beside, "the push was over before anybody had looked"
        return peace

    statuses, speeds, calls, looked_at = [], [], [], threading.Event()
    quiet_calls = [call_ms() for _ in range(50)]
    with Memory(**town.pids) as memory:
        quiet, now = in_turn(town, flooded)
    told("a push at full speed", mb_per_s=speeds, quiet_ms=round(statistics.median(quiet_calls), 1), beside_ms=round(statistics.median(calls), 1),
         calls=len(calls), quiet=quiet, flooded=now, platform_mib=memory.grown_mib("platform"))
    assert set(statuses) == {"202"}, statuses
    assert memory.grown_mib("platform") <= 64
    assert len(calls) > 5 and statistics.median(calls) < 1000
    assert is_fair(quiet, now), (quiet, now)
    until("it is ready", town.p.is_ready, 5)
