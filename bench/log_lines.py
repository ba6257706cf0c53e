"""How fast an instance's lines become searchable, and how fast they are searched.

The platform is held (SIGSTOP) while the app prints, so that all of it stands in the shim's segments; then it goes on, and until the last line is
found is the time of taking over alone. A search has a pattern that no line has, so every line is read and compared.
"""
import os
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import mean

from per_request import origin_of
from process import cpu_us
from table import ratio, single, spread
from under_test import ROOT, run, until

ROUNDS = 5
# Below what an instance may have unread, with its frames.
FLOOD_MB = 45
# The same for an instance that prints twice in a round.
TAKEN_MB = 20
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
    taken(table, platform)
    client = platform.client("apprunner")
    client.delete_service(ServiceArn=service["ServiceArn"])
    platform.until_status(service["ServiceArn"], "DELETED")


def printed(host, port, megabytes=FLOOD_MB):
    """Lines a second, until the shim has taken all but what the pipe holds."""
    began = time.perf_counter()
    with socket.create_connection((host, port), timeout=60) as stream:
        stream.sendall(f"GET /flood/{megabytes} HTTP/1.1\r\n\r\n".encode())
        answer = stream.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    return int(answer.split()[-1]) / (time.perf_counter() - began)


def taken(table, platform):
    """Instances of one service at full speed, one alone and three at once, while the platform is held: their shims alone take what they print."""
    client = platform.client("apprunner")
    scaling = client.create_auto_scaling_configuration(AutoScalingConfigurationName="three", MinSize=3, MaxSize=3)["AutoScalingConfiguration"]
    others = set(platform.instances())
    service = platform.create("three", "flood:v1", InstanceConfiguration={"Cpu": "1024", "Memory": "2048"},
                              AutoScalingConfigurationArn=scaling["AutoScalingConfigurationArn"])["Service"]
    platform.until_status(service["ServiceArn"], "RUNNING")
    until("there are three", lambda: len(set(platform.instances()) - others) == 3)
    origins = [origin_of(platform, instance).rsplit(":", 1) for instance in sorted(set(platform.instances()) - others)]
    until("all of them answer", lambda: all(answers(host, int(port)) for host, port in origins))
    logs, group = platform.client("logs"), f"/aws/apprunner/three/{service['ServiceId']}/application"
    alone, each, together = [], [], []
    with ThreadPoolExecutor(len(origins)) as pool:
        for n in range(1, ROUNDS + 1):
            os.kill(platform.process.pid, signal.SIGSTOP)
            try:
                # Each alone is as many lines as each of three; which one it is changes.
                alone.append(printed(*one_of(origins[n % 3]), TAKEN_MB))
                rates = list(pool.map(lambda origin: printed(*one_of(origin), TAKEN_MB), origins))
            finally:
                os.kill(platform.process.pid, signal.SIGCONT)
            each.append(mean(rates))
            together.append(sum(rates))
            # What stands in the segments is taken over before more comes: no instance may have more than so much unread.
            ends = [n + sum(1 for earlier in range(1, n + 1) if earlier % 3 == which) for which in range(3)]
            streams = [f"instance/r1-{slot}" for slot in range(3)]
            until("all is taken over", lambda: sorted(newest(logs, group, stream) for stream in streams) == sorted(f"END {end}" for end in ends), seconds=60)
    table.row("lines that one instance's shim takes", spread(alone, "/s", 0), n=ROUNDS)
    table.row("— each of three at once, beside one alone (app and shim want a core each)", spread(each, "/s", 0), spread(alone, "/s", 0),
              ratio(each, alone), ROUNDS)
    table.row("lines that three instances' shims take together, beside one alone", spread(together, "/s", 0), spread(alone, "/s", 0), ratio(together, alone), ROUNDS)
    client.delete_service(ServiceArn=service["ServiceArn"])
    platform.until_status(service["ServiceArn"], "DELETED")
    client.delete_auto_scaling_configuration(AutoScalingConfigurationArn=scaling["AutoScalingConfigurationArn"])


def one_of(origin):
    return origin[0], int(origin[1])


def answers(host, port):
    try:
        with socket.create_connection((host, port), timeout=10) as stream:
            stream.sendall(b"GET / HTTP/1.1\r\n\r\n")
            return stream.recv(4096).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


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
