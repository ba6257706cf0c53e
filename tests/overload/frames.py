"""HTTP/2 frames by hand (RFC 9113): what well-behaved clients never send."""
import struct

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

    def frames(self):
        """Every frame until the other side ends the connection."""
        while True:
            while len(self.rest) >= 9:
                length = int.from_bytes(self.rest[:3], "big")
                if len(self.rest) < 9 + length:
                    break
                kind, flags, stream = self.rest[3], self.rest[4], int.from_bytes(self.rest[5:9], "big")
                payload, self.rest = self.rest[9 : 9 + length], self.rest[9 + length :]
                yield kind, flags, stream, payload
            try:
                more = self.stream.recv(65536)
            except (ConnectionError, BrokenPipeError):
                return
            if not more:
                return
            self.rest += more

    def answers(self):
        """The pieces of bodies, as they come."""
        return (payload for kind, _, _, payload in self.frames() if kind == DATA and payload)

    def goodbye(self):
        """The error by which the other side ends the connection; None if it just ends it."""
        error = None
        for kind, _, _, payload in self.frames():
            if kind == GOAWAY:
                error = int.from_bytes(payload[4:8], "big")
                # The first one may be a graceful farewell.
                if error:
                    return error
        return error
