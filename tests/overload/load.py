"""Load that a test can count: raw requests over many connections, in a process of its own. Reads one JSON object from standard input, prints one.

`at` and `request` (base64) say what is sent where; with `host` and `ca` it is sent over TLS. `rate` requests a second are begun whether or not answers
come (open loop); without one, each of `connections` sends the next as soon as it has its answer (closed loop), `at_once` when all are open. Talks to loopback only.
"""
import asyncio
import base64
import collections
import json
import resource
import ssl
import sys
import time

# What a process of ours may have open; the rest waits.
CONNECTIONS_MAX = 6000


class Load:
    def __init__(self, at, request, seconds, connections=None, rate=None, at_once=False, host=None, ca=None, source="127.0.0.1"):
        self.at, self.request, self.seconds = tuple(at), base64.b64decode(request), seconds
        self.connections, self.rate, self.at_once, self.source = connections, rate, at_once, source
        self.tls = {"ssl": ssl.create_default_context(cafile=ca), "server_hostname": host} if host else {}
        self.idle, self.open, self.unanswered = [], 0, 0
        self.statuses, self.retry_after, self.broken = collections.Counter(), collections.Counter(), collections.Counter()
        self.example, self.latencies = {}, []

    async def connect(self):
        return await asyncio.open_connection(*self.at, local_addr=(self.source, 0), limit=1 << 20, **self.tls)

    async def once(self):
        """One request on a connection that is idle, or a new one."""
        began = time.monotonic()
        pair = self.idle.pop() if self.idle else None
        self.open += pair is None
        try:
            pair = pair or await self.connect()
            status, fields, body = await self.exchange(*pair)
        except (OSError, asyncio.IncompleteReadError, ssl.SSLError, ValueError) as error:
            self.open -= 1
            self.broken[type(error).__name__] += 1
            if pair:
                pair[1].close()
            return
        self.statuses[status] += 1
        self.example.setdefault(str(status), [fields, body[:300].decode(errors="replace")])
        if "retry-after" in fields:
            self.retry_after[status] += 1
        self.latencies.append(time.monotonic() - began)
        if fields.get("connection") == "close":
            self.open -= 1
            pair[1].close()
        else:
            self.idle.append(pair)

    async def exchange(self, reader, writer):
        writer.write(self.request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        return int(head[0].split(" ")[1]), fields, body

    async def open_all(self):
        """As many as can be within some seconds: a client on a busy machine would begin its last call when its first is long over."""
        opening = [asyncio.ensure_future(self.connect()) for _ in range(self.connections)]
        opened, late = await asyncio.wait(opening, timeout=5)
        for one in late:
            one.cancel()
        self.idle = [one.result() for one in opened if not one.exception()]
        self.broken.update(type(one.exception()).__name__ for one in opened if one.exception())
        self.open = len(self.idle)

    async def closed_loop(self):
        if self.at_once:
            await self.open_all()
        until = time.monotonic() + self.seconds

        async def one():
            while time.monotonic() < until:
                await self.once()
                # A refused connection is no reason to hammer.
                await asyncio.sleep(0.05 if self.broken else 0)

        # A connection that is not taken while the others are kept would wait for them for ever.
        tasks = [asyncio.ensure_future(one()) for _ in range(self.connections)]
        done, waiting = await asyncio.wait(tasks, timeout=self.seconds + 30)
        self.unanswered = len(waiting)
        for task in waiting:
            task.cancel()
        for task in done:
            # What is no answer and no broken connection is a mistake of ours.
            task.result()

    async def open_loop(self):
        began, tasks = time.monotonic(), []
        for number in range(int(self.rate * self.seconds)):
            await asyncio.sleep(max(0, began + number / self.rate - time.monotonic()))
            if self.open - len(self.idle) < CONNECTIONS_MAX:
                tasks.append(asyncio.ensure_future(self.once()))
            else:
                self.broken["too many at once for the load"] += 1
        # Whoever is still held then goes away without an answer.
        _, waiting = await asyncio.wait(tasks, timeout=2)
        self.unanswered = len(waiting)

    async def run(self):
        began = time.monotonic()
        await (self.open_loop() if self.rate else self.closed_loop())
        self.latencies.sort()
        count = len(self.latencies)
        return {
            "statuses": {str(status): n for status, n in self.statuses.items()},
            "retry_after": {str(status): n for status, n in self.retry_after.items()},
            "broken": dict(self.broken),
            "unanswered": self.unanswered,
            "examples": self.example,
            "per_second": round(count / (time.monotonic() - began), 1),
            "p50_ms": round(self.latencies[count // 2] * 1e3, 1) if count else None,
            "p99_ms": round(self.latencies[count * 99 // 100] * 1e3, 1) if count else None,
        }


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(json.dumps(asyncio.run(Load(**json.load(sys.stdin)).run())))
