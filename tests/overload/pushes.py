"""Clients that push at once, in a process of their own: each a layer and a manifest, and each comes back when it is told to. Reads one JSON object from standard
input, prints one. Pushes the same images when it is started again. Talks to loopback only.
"""
import asyncio
import collections
import hashlib
import json
import resource
import sys


class Pusher:
    """One client."""

    statuses, waited = collections.Counter(), 0

    def __init__(self, at, repository, login, number, source):
        self.at, self.repository, self.number, self.source = tuple(at), repository, number, source
        self.fixed = f"Host: localhost:{at[1]}\r\nAuthorization: Basic {login}\r\n"

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
        reader, writer = await asyncio.open_connection(*self.at, local_addr=(self.source, 0))
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
            status, fields = await self.call("POST", f"/v2/{self.repository}/blobs/uploads/")
            assert status == 202, status
            status, _ = await self.call("PUT", f"{fields['location']}?digest={digest}", blob)
            assert status == 201, status
            described.append({"mediaType": kind, "digest": digest, "size": len(blob)})
        kind = "application/vnd.oci.image.manifest.v1+json"
        manifest = {"schemaVersion": 2, "mediaType": kind, "config": described[1], "layers": described[:1]}
        status, _ = await self.call("PUT", f"/v2/{self.repository}/manifests/t{self.number}", json.dumps(manifest).encode(), kind)
        assert status == 201, status


async def all_of_them(first, count, **order):
    await asyncio.gather(*(Pusher(number=number, **order).push() for number in range(first, first + count)))


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(all_of_them(**json.load(sys.stdin)))
    print(json.dumps({"statuses": {str(status): count for status, count in Pusher.statuses.items()}, "waited": Pusher.waited}))
