"""How fast an instance's lines become searchable, and how fast they are searched.

The platform is held (SIGSTOP) while the app prints, so that all of it stands in the shim's segments; then it goes on, and until the last line is
found is the time of taking over alone. A search has a pattern that no line has, so every line is read and compared.
"""
import os
import signal
import socket
import sys
import time

from per_request import origin_of
from process import cpu_us
from table import single, spread
from under_test import ROOT, run, until

ROUNDS = 5
# Below what an instance may have unread, with its frames.
FLOOD_MB = 45
PATTERN = '"no line has this"'


def measure(table, platform, folder):
    flood, layout = folder / "flood", folder / "flood-layout"
    run("gcc", "-O2", "-static", "-o", flood, ROOT / "bench" / "flood.c")
    run(sys.executable, ROOT / "examples" / "oci_image.py", layout, "v1", "--entrypoint", "/flood", f"{flood}=/flood")
    platform.offer(layout, "v1", "flood:v1")
    others = set(platform.instances())
    service = platform.create("flood", "flood:v1", InstanceConfiguration={"Cpu": "1024", "Memory": "2048"})["Service"]
    platform.until_status(service["ServiceArn"], "RUNNING")
    (instance,) = set(platform.instances()) - others
    logs = platform.client("logs")
    group = f"/aws/apprunner/flood/{service['ServiceId']}/application"
    stream = f"instance/{instance.split('.')[1]}"
    origin = origin_of(platform, instance).rsplit(":", 1)
    pid = platform.process.pid
    rate, a_core = [], []
    for n in range(1, ROUNDS + 1):
        os.kill(pid, signal.SIGSTOP)
        try:
            printed(origin[0], int(origin[1]))
        finally:
            before, began = cpu_us([pid]), time.perf_counter()
            os.kill(pid, signal.SIGCONT)
        until("the last line is found", lambda: newest(logs, group, stream) == f"END {n}", seconds=60, pause=0.01)
        rate.append(FLOOD_MB / (time.perf_counter() - began))
        a_core.append(FLOOD_MB * 1e6 / (cpu_us([pid]) - before))
    table.row("log ingest, from the segment to searchable", spread(rate, "MB/s", 0), n=ROUNDS)
    table.row("— a core, by the platform's CPU time", spread(a_core, "MB/s", 0), n=ROUNDS)
    scan(table, platform, logs, group)
    client = platform.client("apprunner")
    client.delete_service(ServiceArn=service["ServiceArn"])
    platform.until_status(service["ServiceArn"], "DELETED")


def printed(host, port):
    with socket.create_connection((host, port), timeout=60) as stream:
        stream.sendall(f"GET /flood/{FLOOD_MB} HTTP/1.1\r\n\r\n".encode())
        assert stream.recv(4096).startswith(b"HTTP/1.1 200 ")


def newest(logs, group, stream):
    try:
        events = logs.get_log_events(logGroupName=group, logStreamName=stream, limit=1, startFromHead=False)["events"]
    except logs.exceptions.ResourceNotFoundException:
        # The first line makes it.
        return ""
    return events[-1]["message"] if events else ""


def scan(table, platform, logs, group):
    pid, total = platform.process.pid, FLOOD_MB * ROUNDS
    rate, a_core = [], []
    for _ in range(ROUNDS):
        before, began = cpu_us([pid]), time.perf_counter()
        more = {}
        while True:
            page = logs.filter_log_events(logGroupName=group, filterPattern=PATTERN, **more)
            assert not page["events"], page["events"][:1]
            if "nextToken" not in page:
                break
            more = {"nextToken": page["nextToken"]}
        rate.append(total / (time.perf_counter() - began))
        a_core.append(total * 1e6 / (cpu_us([pid]) - before))
    table.row("log scan, a core", spread(a_core, "MB/s", 0), n=ROUNDS)
    table.row("— as a caller sees it", spread(rate, "MB/s", 0), n=ROUNDS)
    table.row("— lines that were searched", single(total, "MB", 0))
