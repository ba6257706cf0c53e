"""What stands there costs: memory of idle TLS connections and of routes, and CPU of a platform that nobody asks anything."""
import resource
import socket
import ssl
import subprocess
import time

from per_request import Nginx, origin_of
from process import cpu_us, memory_kib, shims

CONNECTIONS = 1000
ROUTES = 10_000
IDLE_SECONDS = 60
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
END_STREAM = 1


def idle_cpu(table, platform):
    """Instances are the user's and not counted."""
    ours = [platform.process.pid, platform.run_file()["edge_pid"], *shims(platform)]
    before, began = cpu_us(ours), time.monotonic()
    time.sleep(IDLE_SECONDS)
    share = (cpu_us(ours) - before) / (time.monotonic() - began) / 10_000
    table.row(f"CPU of platform, edge and shim over {IDLE_SECONDS} s, one idle service", f"{share:.2f} % of a core")


def connections(table, platform, folder, kept):
    """Each has carried one request and then says nothing. What the kernel keeps for it is not counted: it is the same for everybody."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    host, port = kept["ServiceUrl"].split(":")
    with Nginx(folder / "nginx-idle", origin_of(platform)) as nginx:
        for protocol, ask in (("HTTP/1.1", ask_1), ("HTTP/2", ask_2)):
            ours = idle(host, int(port), ask, [platform.run_file()["edge_pid"]])
            theirs = idle(host, nginx.port, ask, nginx.proxy().pids)
            table.row(f"memory per idle TLS connection, {protocol}, of {CONNECTIONS}", f"{ours:.1f} KiB", f"{theirs:.1f} KiB", f"{ours / theirs:.2f}")


def idle(host, port, ask, pids):
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    tls.set_alpn_protocols(["h2" if ask is ask_2 else "http/1.1"])
    before = sum(memory_kib(pid)[1] for pid in pids)
    streams = []
    try:
        for _ in range(CONNECTIONS):
            stream = tls.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30), server_hostname=host)
            streams.append(stream)
            ask(stream, host)
        return (sum(memory_kib(pid)[1] for pid in pids) - before) / CONNECTIONS
    finally:
        for stream in streams:
            stream.close()


def ask_1(stream, host):
    stream.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert stream.recv(65536).startswith(b"HTTP/1.1 200 ")


def ask_2(stream, host):
    """GET / on stream 1, by the static table (RFC 7541, appendix A), and frames until its end."""
    head = bytes([0x82, 0x84, 0x87, 0x41, len(host)]) + host.encode()
    stream.sendall(PREFACE + len(head).to_bytes(3, "big") + bytes([1, 5, 0, 0, 0, 1]) + head)
    ended = False
    while not ended:
        header = exactly(stream, 9)
        exactly(stream, int.from_bytes(header[:3], "big"))
        ended = header[5:9] == bytes([0, 0, 0, 1]) and header[3] in (0, 1) and bool(header[4] & END_STREAM)


def exactly(stream, count):
    bytes_read = b""
    while len(bytes_read) < count:
        piece = stream.recv(count - len(bytes_read))
        assert piece, "the connection was closed"
        bytes_read += piece
    return bytes_read


def routes(table, folder, program, outrunner):
    """A front door without a platform takes a table of many services, each with a host and an instance; twice, as a new table lies beside the old one."""
    run_folder = folder / "front-door"
    run_folder.mkdir()
    words = [str(word) for word in (program, run_folder, 1, outrunner, "edge")]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        pid = int(process.stdout.readline().split()[-1])
        say(process, "serve 127.0.0.1:1")
        before = memory_kib(pid)[1]
        figures = []
        for _ in range(2):
            say(process, f"fill {ROUTES}")
            figures.append((memory_kib(pid)[1] - before) / ROUTES)
    finally:
        process.stdin.close()
        process.wait(timeout=30)
    table.row(f"memory of the edge per route, of {ROUTES} · after the table came again", f"{figures[0]:.2f} KiB · {figures[1]:.2f} KiB")


def say(process, line):
    print(line, file=process.stdin, flush=True)
    answer = process.stdout.readline()
    assert answer == "done\n", answer
