"""HTTP/2 frames by hand (RFC 9113): what well-behaved clients never send."""
import select
import ssl
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS, ACK = 0x1, 0x4, 0x1
INITIAL_WINDOW_SIZE = 4


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def settings(**values):
    numbers = {"initial_window_size": INITIAL_WINDOW_SIZE}
    return frame(SETTINGS, payload=b"".join(struct.pack(">HI", numbers[name], value) for name, value in values.items()))


def window_update(stream, bytes_more):
    return frame(WINDOW_UPDATE, stream=stream, payload=struct.pack(">I", bytes_more))


def literal(name, value):
    """A field of HPACK that is not indexed and not compressed."""
    def text(value):
        value = value.encode()
        assert len(value) < 127
        return bytes([len(value)]) + value

    return b"\x00" + text(name) + text(value)


def get(authority, path="/", method="GET"):
    return b"".join(literal(*field) for field in ((":method", method), (":scheme", "https"), (":authority", authority), (":path", path)))


class Connection:
    """One connection, its frames in and out."""

    def __init__(self, stream, **settings_of_ours):
        self.stream, self.rest = stream, b""
        stream.sendall(PREFACE + settings(**settings_of_ours))

    def send(self, *frames):
        self.stream.sendall(b"".join(frames))

    def heard(self, more=b""):
        """The frames that are whole by now."""
        self.rest += more
        at = 0
        while len(self.rest) >= at + 9:
            length = int.from_bytes(self.rest[at : at + 3], "big")
            if len(self.rest) < at + 9 + length:
                break
            yield self.rest[at + 3], self.rest[at + 4], int.from_bytes(self.rest[at + 5 : at + 9], "big"), self.rest[at + 9 : at + 9 + length]
            at += 9 + length
        self.rest = self.rest[at:]

    def frames(self):
        """Every frame until the other side ends the connection."""
        while True:
            yield from self.heard()
            try:
                more = self.stream.recv(65536)
            except (ConnectionError, BrokenPipeError):
                return
            if not more:
                return
            self.rest += more

    def exchange(self, pieces, over=None, seconds=60):
        """Sends the pieces as fast as they are taken and answers every frame that comes meanwhile and after, until the other side ends the
        connection or `over` is set. One thread does both: a TLS connection is not for two at the same time."""
        self.stream.setblocking(False)
        pieces, unsent, until = iter(pieces), b"", time.monotonic() + seconds
        while not (over and over.is_set()):
            assert time.monotonic() < until, f"the connection is not ended within {seconds} s"
            moved = False
            try:
                more = self.stream.recv(65536)
                if not more:
                    return
                moved = True
                yield from list(self.heard(more))
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                pass
            except OSError:
                return
            unsent = unsent or next(pieces, b"")
            try:
                if unsent:
                    unsent = unsent[self.stream.send(unsent) :]
                    moved = True
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                pass
            except OSError:
                # It takes no more; what it said before is still to be heard.
                pieces, unsent = iter(()), b""
            if not moved:
                select.select([self.stream], [self.stream] if unsent else [], [], 0.2)

    def answers(self):
        """The pieces of bodies, as they come."""
        return (payload for kind, _, _, payload in self.frames() if kind == DATA and payload)

    def goodbye(self, pieces=()):
        """The error by which the other side ends the connection while it is sent these; None if it just ends it."""
        error = None
        for kind, _, _, payload in self.exchange(pieces):
            if kind == GOAWAY:
                error = int.from_bytes(payload[4:8], "big")
                # The first one may be a graceful farewell.
                if error:
                    return error
        return error
