"""The registry at ten times what it can carry: hundreds of pushes at once, and a layer at full speed beside small calls."""
import asyncio
import base64
import collections
import hashlib
import json
import statistics
import threading
import time

import pytest

from town import MIB, SCALE, Memory, told
from under_test import until

PUSHES = 250 * min(SCALE, 4)
# 512 calls with a piece each, 32 manifests, and what the store has under its hands.
PLATFORM_MIB = 384


class Pusher:
    """One client that pushes a layer and a manifest, and comes back when it is told to."""

    statuses, waited = collections.Counter(), 0

    def __init__(self, town, number, login):
        self.at, self.number = town.api, number
        self.fixed = f"Host: localhost:{town.api[1]}\r\nAuthorization: Basic {login}\r\n"

    async def call(self, method, path, body=b"", kind="application/octet-stream"):
        for _ in range(200):
            try:
                status, fields = await self.once(method, path, body, kind)
            except (OSError, asyncio.IncompleteReadError):
                Pusher.statuses["broken"] += 1
                await asyncio.sleep(1)
                continue
            Pusher.statuses[status] += 1
            if status not in (429, 503):
                return status, fields
            assert "retry-after" in fields, (status, fields)
            Pusher.waited += 1
            # Clients spread their tries, as the wish for a retry is the same for all of them.
            await asyncio.sleep(int(fields["retry-after"]) * (0.2 + self.number % 10 / 10))
        raise AssertionError("no room for this push in 200 tries")

    async def once(self, method, path, body, kind):
        reader, writer = await asyncio.open_connection(*self.at)
        try:
            head = f"{method} {path} HTTP/1.1\r\n{self.fixed}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            answer = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in answer[1:] if line)}
            await reader.read()
            return int(answer[0].split(" ")[1]), fields
        finally:
            writer.close()

    async def push(self):
        layer = hashlib.sha256(str(self.number).encode()).digest() * 2048
        config = json.dumps({"architecture": "amd64", "os": "linux", "number": self.number}).encode()
        described = []
        for blob, kind in ((layer, "application/vnd.oci.image.layer.v1.tar"), (config, "application/vnd.oci.image.config.v1+json")):
            digest = "sha256:" + hashlib.sha256(blob).hexdigest()
            status, fields = await self.call("POST", "/v2/many/blobs/uploads/")
            assert status == 202, status
            status, _ = await self.call("PUT", f"{fields['location']}?digest={digest}", blob)
            assert status == 201, status
            described.append({"mediaType": kind, "digest": digest, "size": len(blob)})
        kind = "application/vnd.oci.image.manifest.v1+json"
        manifest = {"schemaVersion": 2, "mediaType": kind, "config": described[1], "layers": described[:1]}
        status, _ = await self.call("PUT", f"/v2/many/manifests/t{self.number}", json.dumps(manifest).encode(), kind)
        assert status == 201, status


def login(town):
    password = town.p.client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    assert base64.b64decode(password).startswith(b"AWS:")
    return password


@pytest.mark.promise(
    "Hundreds of clients push at once with one login",
    "Whoever is beyond the limits gets 429 with Retry-After; whoever comes back when it is told to gets its push done.",
    "Nothing.",
)
def test_hundreds_of_pushes_at_once_are_all_done_in_the_end(town):
    town.p.client("ecr").create_repository(repositoryName="many")
    word = login(town)

    async def all_of_them():
        await asyncio.gather(*(Pusher(town, number, word).push() for number in range(PUSHES)))

    began = time.monotonic()
    with Memory(**town.pids) as memory:
        asyncio.run(all_of_them())
    took = time.monotonic() - began
    told("pushes at once", count=PUSHES, s=round(took, 1), statuses=dict(Pusher.statuses), waits=Pusher.waited, platform_mib=memory.grown_mib("platform"))
    assert set(Pusher.statuses) <= {201, 202, 429, 503, "broken"}, Pusher.statuses
    assert Pusher.statuses[429] > 0, "the limit was reached"
    assert memory.grown_mib("platform") <= PLATFORM_MIB
    images = town.p.client("ecr").get_paginator("list_images").paginate(repositoryName="many")
    assert sum(len(page["imageIds"]) for page in images) == PUSHES
    town.recovered()


@pytest.mark.promise(
    "A layer is pushed at full speed",
    "API calls go on beside it, and the platform keeps a few pieces of it in memory, whatever its size.",
    "Nothing.",
)
def test_a_push_at_full_speed_leaves_room_for_calls(town):
    import socket

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
        with socket.create_connection(town.api, timeout=60) as tcp:
            tcp.sendall(f"POST /v2/large/blobs/uploads/ HTTP/1.1\r\n{fixed}Content-Length: 0\r\n\r\n".encode())
            place = next(line.split(": ")[1] for line in tcp.recv(4096).decode().split("\r\n") if line.lower().startswith("location"))
            tcp.sendall(f"PATCH {place} HTTP/1.1\r\n{fixed}Content-Length: {size}\r\n\r\n".encode())
            for _ in range(size // len(piece)):
                tcp.sendall(piece)
            status.append(tcp.recv(4096).decode().split(" ")[1])

    status, beside = [], []
    quiet = [call_ms() for _ in range(50)]
    with Memory(**town.pids) as memory:
        pushing = threading.Thread(target=push)
        began = time.monotonic()
        pushing.start()
        while pushing.is_alive():
            beside.append(call_ms())
        took = time.monotonic() - began
    told("a push at full speed", mb_per_s=round(size / took / 1e6), quiet_ms=round(statistics.median(quiet), 1), beside_ms=round(statistics.median(beside), 1),
         calls=len(beside), platform_mib=memory.grown_mib("platform"))
    assert status == ["202"]
    assert memory.grown_mib("platform") <= 64
    assert len(beside) > 5 and statistics.median(beside) < 1000
    until("it is ready", town.p.is_ready, 5)
