"""Peers that are gone without a word: nothing of them arrives any more, not even that their connection is closed. What they held is given back."""
import socket
import time

import pytest

import frames
from frames import Connection
from town import BUSY_SECONDS, SCALE, told
from under_test import run, until

EACH = 5
MIB = 1 << 20
# The shortest time after which anything is given up. Whoever lets go sooner has been told that the connection ended.
GIVEN_UP_SECONDS_MIN = 9


class Cable:
    """Between some clients on this machine and what they talk to; it can be cut. The network namespace is the run's own."""

    TABLE = "outrunner_test_cable"

    def __enter__(self):
        chain = "chain cut { type filter hook input priority -300; }"
        run("nft", "-f", "-", stdin=f"table inet {self.TABLE} {{\nset gone {{ type inet_service; }}\n{chain}\n}}\n")
        for side in ("sport", "dport"):
            run("nft", "add", "rule", "inet", self.TABLE, "cut", "tcp", side, "@gone", "drop")
        return self

    def __exit__(self, *_):
        run("nft", "delete", "table", "inet", self.TABLE)

    def cut(self, ports):
        run("nft", "add", "element", "inet", self.TABLE, "gone", "{ " + ", ".join(map(str, ports)) + " }")


def held(port):
    """The clients' ports whose connections the side that was called holds; what it has closed is the kernel's to say for a while."""
    lines = run("ss", "-Htn", "state", "established", "state", "close-wait", f"sport = :{port}").splitlines()
    return {int(line.split()[-1].rsplit(":", 1)[1]) for line in lines}


def after(connect, said=b"", hears=0):
    """A client that has said something, and has heard so many bytes of the answer."""
    stream = connect()
    stream.sendall(said)
    heard = b""
    while len(heard) < hears:
        heard += (more := stream.recv(65536))
        assert more, heard[:200]
    return stream


def upgraded(town):
    asks = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    return after(lambda: town.tls("calm"), town.get("calm", "/tunnel")[:-2] + asks, 12)


@pytest.mark.promise(
    "Clients are gone without a word: the network between is cut",
    "A handshake, and a call to the API that has not arrived, are given up after 10 seconds. Soak holds the longer ones: a connection without a request 30 seconds (HTTP/2: 40), an answer that nobody takes and a WebSocket that shows no sign of life about 70. Others do not notice.",
    "What was on its way to them.",
)
def test_peers_that_vanish_without_a_word_are_let_go(town):
    door = town.p.run_file()["edge_pid"]
    large, hang = town.get("busy", f"/big/{64 * MIB}"), town.get("busy", "/hang")
    # How a client got where it is, and the seconds after which it must be given up.
    cases = {
        "in its handshake": (lambda: after(lambda: socket.create_connection(town.https)), town.https, 10),
        "in its call to the API": (lambda: after(lambda: socket.create_connection(town.api), b"POST / HTTP/1.1\r\nx: "), town.api, 10),
        "at rest": (lambda: after(lambda: town.tls("calm"), town.get("calm"), 12), town.https, 30),
        "at rest, HTTP/2": (lambda: Connection(town.tls("calm", alpn="h2")).stream, town.https, 40),
        "before its answer": (lambda: after(lambda: town.tls("busy"), hang), town.https, BUSY_SECONDS + 70),
        "within its answer": (lambda: after(lambda: town.tls("busy", receive_bytes=4096), large, 12), town.https, 70),
        "WebSocket": (lambda: upgraded(town), town.https, 75),
    }
    if SCALE == 1:
        # Soak waits for the longer ones.
        cases = {name: case for name, case in cases.items() if case[-1] <= 10}
    with Cable() as cable:
        streams, since = {}, {}
        for name, (connect, _, _) in cases.items():
            since[name] = time.monotonic()
            streams[name] = [connect() for _ in range(EACH if "answer" not in name else 1)]
        ports = {name: {stream.getsockname()[1] for stream in made} for name, made in streams.items()}
        for name, (_, address, _) in cases.items():
            until(f"what is {name} is held", lambda: ports[name] <= held(address[1]), 5)
        cable.cut(set().union(*ports.values()))
        for stream in (stream for made in streams.values() for stream in made):
            # What the kernel says of it is dropped on the way.
            stream.close()
        began, took = time.monotonic(), {}

        def let_go():
            for name, (_, address, _) in cases.items():
                if name not in took and not ports[name] & held(address[1]):
                    took[name] = time.monotonic() - began
            assert town.ask("calm", timeout=5)[0] == 200
            return len(took) == len(cases)

        longest = max(seconds for _, _, seconds in cases.values()) + 30
        while not let_go():
            assert time.monotonic() < began + longest, f"still held after {longest} s: {cases.keys() - took.keys()}"
            time.sleep(0.2)
    told("clients that vanished, seconds until they are let go", **{name.replace(" ", "_"): round(seconds, 1) for name, seconds in took.items()})
    for name, (_, _, seconds) in cases.items():
        assert took[name] <= seconds + 15, (name, took)
        assert began + took[name] - since[name] >= GIVEN_UP_SECONDS_MIN, f"they were told: {name}, {took}"
    assert town.p.run_file()["edge_pid"] == door and town.p.process.poll() is None, "it let go of them, and did not die"
    town.recovered(seconds=30)
