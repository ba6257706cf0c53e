"""What a platform costs that only stands there, and how fast it stands again after `kill -9`."""
import re
import socket
import time

from process import memory_kib, shims
from table import Measured, single, spread
from under_test import until

RESTARTS = 12


def memory(table, platform, when):
    edge = platform.run_file()["edge_pid"]
    (shim,) = shims(platform)
    total = 0
    for name, pid in (("platform", platform.process.pid), ("edge", edge), ("shim", shim)):
        pss, dirty = memory_kib(pid)
        total += pss
        words = f"{pss / 1024:.2f} MiB ({dirty / 1024:.2f} private dirty)"
        table.row(f"memory (PSS), {when}: {name}", Measured(words, unit="MiB", median=pss / 1024))
    table.row(f"memory (PSS), {when}: platform, edge and shim together", single(total / 1024, "MiB", 2))


def restarts(table, platform, kept):
    """From the start of the new process to `ok` of /healthz; one service is running and is adopted."""
    host, port = platform.run_file()["api"].rsplit(":", 1)
    total, own, again = [], [], []
    for _ in range(RESTARTS):
        killed = time.perf_counter()
        platform.kill()
        logged = len(platform.log())
        began = time.perf_counter()
        platform.start(wait=False)
        while not healthy((host, int(port))):
            assert platform.process.poll() is None, platform.log()
            time.sleep(0.0005)
        total.append((time.perf_counter() - began) * 1000)
        again.append((time.perf_counter() - killed) * 1000)
        until("it says so", lambda: b"ready_ms" in platform.log()[logged:].encode())
        plain = re.sub(r"\x1b\[[0-9;]*m", "", platform.log()[logged:])
        own.append(float(re.search(r"ready_ms=(\d+)", plain)[1]))
        # Settled before the next blow.
        until("the service answers", lambda: platform.https(kept["ServiceUrl"])[0] == 200)
        assert platform.status(kept["ServiceArn"]) == "RUNNING"
    table.row("serve, not first run: start of the process → /healthz ok", spread(total, "ms"), n=RESTARTS)
    table.row("— by its own clock", spread(own, "ms", 0), n=RESTARTS)
    table.row("kill -9 of the platform, started anew at once → the API answers again", spread(again, "ms"), n=RESTARTS)


def healthy(address):
    try:
        with socket.create_connection(address, timeout=1) as stream:
            stream.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return stream.recv(4096).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False
