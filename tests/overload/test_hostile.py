"""Clients that mean harm, or are broken: each is answered or cut, at a named limit, and nobody else notices."""
import contextlib
import socket
import ssl
import struct
import threading
import time

import pytest

import frames
from frames import Connection
from town import BUSY_SECONDS, MIB, SCALE, Memory, flooding, in_turn, is_fair, pss, told
from under_test import until

PROTOCOL_ERROR, FLOW_CONTROL_ERROR, ENHANCE_YOUR_CALM = 0x1, 0x3, 0xB
HEADERS_MAX, HEAD_BYTES_MAX = 100, 64 << 10
# What an answer that nobody reads takes here: pieces on their way to the client and from the instance, 64 KiB each.
READER_BYTES = 256 << 10
# And its two connections, one to the client with TLS and one to the instance, with the buffers of both.
READERS_CONNECTIONS_BYTES = 128 << 10
# One HTTP/2 connection has so many of them.
STREAMS = 128


def answers(connect, said):
    """What is answered. Whoever still speaks when it is, may be cut off before it hears that: it asks again."""
    for _ in range(5):
        with connect() as stream:
            with contextlib.suppress(OSError):
                stream.sendall(said)
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                if heard := stream.recv(4096):
                    return heard
    return b""


@pytest.mark.promise(
    "A request has too many or too large header fields",
    "431 at the front door, at the API and at the registry; over HTTP/2, 431 or the end of the stream.",
    "That request.",
)
def test_a_flood_of_header_fields_is_refused(town):
    head = f"GET / HTTP/1.1\r\nHost: {town.urls['calm']}\r\n"
    many = "".join(f"x-{n}: y\r\n" for n in range(HEADERS_MAX + 1))
    long = "x: " + "y" * (2 * HEAD_BYTES_MAX) + "\r\n"
    for fields in (many, long):
        request = f"{head}{fields}\r\n".encode()
        assert answers(lambda: town.tls("calm"), request).startswith(b"HTTP/1.1 431 "), fields[:20]
        for path in ("/", "/v2/"):
            to_api = request.replace(b"GET / ", f"GET {path} ".encode())
            assert answers(lambda: socket.create_connection(town.api, timeout=20), to_api).startswith(b"HTTP/1.1 431 "), (path, fields[:20])
    assert town.answers("calm")


@pytest.mark.promise(
    "Clients say nothing, or send their heads byte by byte",
    "A TLS handshake has 10 seconds, a head at the API too; then the connection is closed. Others do not wait.",
    "Those requests.",
)
def test_slow_clients_are_given_up_at_their_limits(town):
    host = town.urls["busy"]
    slow_head = f"GET / HTTP/1.1\r\nHost: {host}\r\nx: ".encode()
    slow_body = f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000\r\n\r\n".encode()
    api_body = f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AppRunner.ListServices\r\nContent-Length: 100\r\n\r\n".encode()
    # What is said at once, whether bytes follow, and the seconds after which it must be over.
    cases = {
        "silent tls": (lambda: socket.create_connection(town.https), b"", False, 10),
        "silent http": (lambda: socket.create_connection(town.http), b"", False, 30),
        "silent https": (lambda: town.tls("busy"), b"", False, 30),
        "silent h2": (lambda: town.tls("busy", alpn="h2"), frames.PREFACE + frames.settings(), False, 40),
        "slow head": (lambda: town.tls("busy"), slow_head, True, 30),
        "slow body": (lambda: town.tls("busy"), slow_body, True, BUSY_SECONDS),
        "silent api": (lambda: socket.create_connection(town.api), b"", False, 10),
        "slow head api": (lambda: socket.create_connection(town.api), b"POST / HTTP/1.1\r\nx: ", True, 10),
        "slow body api": (lambda: socket.create_connection(town.api), api_body, True, 30),
    }
    if SCALE == 1:
        # Soak waits for the longer ones.
        cases = {name: case for name, case in cases.items() if case[-1] <= 10}
    took = {name: [] for name in cases}

    def be(name, connect, said, drips):
        stream = connect()
        began = time.monotonic()
        stream.settimeout(0.5)
        stream.sendall(said)
        while time.monotonic() < began + 60:
            try:
                if drips:
                    stream.sendall(b"y")
                if stream.recv(65536) == b"":
                    break
            except (TimeoutError, ssl.SSLWantReadError):
                continue
            except OSError:
                break
        took[name].append(time.monotonic() - began)
        stream.close()

    slow = []
    for name, (connect, said, drips, _) in cases.items():
        for _ in range(10):
            slow.append(threading.Thread(target=be, args=(name, connect, said, drips), daemon=True))
    for thread in slow:
        thread.start()
    while any(thread.is_alive() for thread in slow):
        assert town.ask("calm", timeout=5)[0] == 200
        until("the API answers", town.p.is_ready, 10)
        time.sleep(0.5)
    told("slow clients, seconds until they are given up", **{name.replace(" ", "_"): round(max(seconds), 1) for name, seconds in took.items()})
    for name, (_, _, _, seconds) in cases.items():
        assert len(took[name]) == 10 and seconds - 2 <= min(took[name]) and max(took[name]) <= seconds + 15, (name, took[name])


@pytest.mark.promise(
    "Clients ask for large answers and do not read them",
    "The answer waits with its instance: the front door keeps at most 384 KiB for it. The connection is cut at the request time-out, at the latest after 60 seconds without progress.",
    "Those answers.",
)
def test_slow_readers_take_little_memory(town):
    readers = 60
    with Memory(**town.pids) as memory:
        streams = [town.tls("calm", receive_bytes=4096) for _ in range(readers)]
        for stream in streams:
            stream.sendall(town.get("calm", "/big/64"))
        # Two samples after everything that goes has gone.
        time.sleep(2)
        # The instance has 100 places, and 60 are taken.
        assert town.ask("calm", timeout=5)[0] == 200
    each = memory.grown_mib("edge") * MIB / readers
    told("readers that read nothing", kib_each=round(each / 1024, 1))
    assert each <= READER_BYTES + READERS_CONNECTIONS_BYTES, each
    for stream in streams:
        assert stream.recv(12) == b"HTTP/1.1 200", "the answer waits"
        stream.close()
    town.recovered()


def h2(town, **settings):
    return Connection(town.tls("calm", alpn="h2"), **settings)


def request(town, stream, path="/", flags=frames.END_STREAM | frames.END_HEADERS):
    return frames.frame(frames.HEADERS, flags, stream, frames.get(town.urls["calm"], path))


def cancel(stream):
    return frames.frame(frames.RST_STREAM, stream=stream, payload=struct.pack(">I", 8))


@pytest.mark.promise(
    "HTTP/2 attacks: rapid reset, endless CONTINUATION, floods of PING and SETTINGS, impossible windows",
    "The connection is ended with the error that RFC 9113 names, or is slowed to what its client reads. Others go on.",
    "The requests of that connection.",
)
@pytest.mark.parametrize("attack", ["rapid reset", "continuation", "zero window update", "window overflow"])
def test_an_http_2_connection_that_breaks_the_rules_is_ended(town, attack):
    expected = {
        "rapid reset": {ENHANCE_YOUR_CALM},
        "continuation": {ENHANCE_YOUR_CALM, PROTOCOL_ERROR, None},
        "zero window update": {PROTOCOL_ERROR},
        "window overflow": {FLOW_CONTROL_ERROR},
    }[attack]
    connection = h2(town)
    sent = [0]

    def pieces():
        if attack == "rapid reset":
            for stream in range(1, 40_001, 2):
                sent[0] += 1
                yield request(town, stream, "/wait/1000") + cancel(stream)
        elif attack == "continuation":
            yield request(town, 1, flags=frames.END_STREAM)
            for number in range(20_000):
                sent[0] += 1
                yield frames.frame(frames.CONTINUATION, stream=1, payload=frames.literal(f"x-{number}", "y" * 100) * 10)
        elif attack == "zero window update":
            yield frames.window_update(0, 0)
        else:
            yield frames.window_update(0, (1 << 31) - 1) * 2

    with Memory(**town.pids) as memory:
        error = connection.goodbye(pieces())
    told(attack, frames_until_the_end=sent[0], error=error, edge_mib=memory.grown_mib("edge"))
    assert error in expected, error
    assert sent[0] < 20_000, "it is ended long before"
    assert memory.grown_mib("edge") <= 16
    town.recovered()


@pytest.mark.parametrize("kind", ["ping", "settings"])
def test_floods_of_control_frames_do_not_hold_up_others(town, kind):
    """Each is answered, as the protocol asks, but only as fast as its client reads the answers; and a core goes on with others in between."""
    one = frames.frame(frames.PING, payload=b"overload") if kind == "ping" else frames.settings(initial_window_size=65535)
    flood, sent = one * 1000, [0, 0]

    def say(number, over):
        def pieces():
            while True:
                sent[number] += 1000
                yield flood

        connection = h2(town)
        for _ in connection.exchange(pieces(), over):
            pass
        connection.stream.close()

    def beside_it():
        with flooding(say, len(sent)):
            return town.peace(2)

    with Memory(**town.pids) as memory:
        quiet, flooded = in_turn(town, beside_it)
    told(f"{kind} flood", frames=sum(sent), quiet=quiet, flooded=flooded, edge_mib=memory.grown_mib("edge"))
    assert min(sent) > 10_000, "it is a flood"
    assert memory.grown_mib("edge") <= 16
    assert is_fair(quiet, flooded), (quiet, flooded)
    town.recovered()


@pytest.mark.promise(
    "An HTTP/2 client opens its windows wide on every stream and takes nothing",
    "At most 256 KiB are kept for each answer (128 at a time on one connection), which is cut after 60 seconds without progress. Others go on.",
    "The answers of that connection.",
)
def test_wide_windows_of_a_client_that_takes_nothing_take_little_memory(town):
    connection = h2(town, initial_window_size=(1 << 31) - 1)
    with Memory(**town.pids) as memory:
        connection.send(frames.window_update(0, (1 << 31) - 1 - 65535))
        connection.send(*(request(town, stream, "/big/8") for stream in range(1, 256, 2)))
        time.sleep(3)
    told("an HTTP/2 client that takes nothing", edge_mib=memory.grown_mib("edge"))
    assert memory.grown_mib("edge") * MIB <= STREAMS * READER_BYTES
    # Settings come first, in a TLS record of their own.
    assert any(kind == frames.HEADERS for kind, *_ in connection.frames()), "the answers wait"
    connection.stream.close()
    town.recovered()


def test_after_all_this_the_front_door_is_as_small_as_before(town):
    """Nothing is kept of whoever is gone: not more than the allocator's own reserve."""
    assert pss(town.pids["edge"]) <= 400 * MIB
