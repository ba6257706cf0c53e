"""A platform with a service that is flooded (`busy`) and one beside it (`calm`), and how both fare: load, memory, and what others notice."""
import base64
import contextlib
import json
import os
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import threading
import time
import typing
from collections import Counter
from pathlib import Path

from under_test import ACCOUNT, REGION, run, until

MIB = 1 << 20
# Soak asks for more of everything.
SCALE = int(os.environ.get("OUTRUNNER_OVERLOAD_SCALE", "1"))
# What `busy` can carry: so many at once, each for so long.
CONCURRENCY, WAIT_MS = 4, 50
# The time that a request to `busy` may take.
BUSY_SECONDS = 20


class Peace(typing.NamedTuple):
    """What others notice."""

    p50_ms: float
    p99_ms: float
    # Programs of others that want each processor.
    crowd: float = 1


# With the machine to ourselves (soak), p50 and p99 of others may double; up to 20 ms nobody minds. Where the flood, the platform and whatever else share
# two cores (CI), most of a wait is the scheduler's: they may grow eightfold, and below 100 ms (p50) and 1,500 ms (p99), times the programs of others that
# want a core, a figure is no figure of ours. That says that nobody starves, not that nobody notices; who must not notice is what soak looks at.
ALONE = "OUTRUNNER_OVERLOAD_ALONE" in os.environ
TIMES = Peace(2, 2) if ALONE else Peace(8, 8)
NOISE = Peace(20, 20) if ALONE else Peace(100, 1500)
ROUNDS_MAX = 3


class Town:
    def __init__(self, platform, images):
        self.p = platform
        source = Path(__file__).parent / "app.c"
        layout, _ = images("app", source=source)
        platform.offer(layout, image="app:v1")
        api = platform.client("apprunner")
        small = api.create_auto_scaling_configuration(AutoScalingConfigurationName="small", MaxConcurrency=CONCURRENCY, MinSize=1, MaxSize=1)
        roomy = api.create_auto_scaling_configuration(AutoScalingConfigurationName="roomy", MaxConcurrency=100, MinSize=1, MaxSize=1)
        arns = [answer["AutoScalingConfiguration"]["AutoScalingConfigurationArn"] for answer in (small, roomy)]
        tags = [{"Key": "outrunner:request-timeout", "Value": f"{BUSY_SECONDS}s"}]
        self.busy_arn = platform.create("busy", "app:v1", AutoScalingConfigurationArn=arns[0], Tags=tags)["Service"]["ServiceArn"]
        self.calm_arn = platform.create("calm", "app:v1", AutoScalingConfigurationArn=arns[1])["Service"]["ServiceArn"]
        self.urls = {}
        for name, arn in (("busy", self.busy_arn), ("calm", self.calm_arn)):
            platform.until_status(arn, "RUNNING", seconds=60)
            self.urls[name] = api.describe_service(ServiceArn=arn)["Service"]["ServiceUrl"]
        bound = platform.run_file()
        self.api = self.address(bound["api"])
        self.http = self.address(bound["http"])
        self.https = self.address(bound["https"])
        self.pids = {"platform": bound["pid"], "edge": bound["edge_pid"]}

    @staticmethod
    def address(text):
        host, port = text.rsplit(":", 1)
        return host, int(port)

    # --- clients

    def host(self, service):
        return self.urls[service].split(":")[0]

    def tls(self, service, alpn="http/1.1", source="127.0.0.1", receive_bytes=None, name=None):
        """A TLS connection to the front door for a service."""
        context = ssl.create_default_context(cafile=str(self.p.data / "ca.pem"))
        context.set_alpn_protocols([alpn])
        tcp = socket.socket()
        if receive_bytes:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        tcp.bind((source, 0))
        tcp.settimeout(60)
        tcp.connect(self.https)
        return context.wrap_socket(tcp, server_hostname=name or self.host(service))

    def get(self, service, path="/"):
        return f"GET {path} HTTP/1.1\r\nHost: {self.urls[service]}\r\n\r\n".encode()

    def ask(self, service, path="/", timeout=20):
        return self.p.https(self.urls[service], path, timeout=timeout)

    def signed(self, service, target, body, version="1.0"):
        """The bytes of a signed call, which may be sent again and again for five minutes."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        env = self.p.env()
        headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": target, "Host": "%s:%d" % self.api}
        request = AWSRequest("POST", "http://%s:%d/" % self.api, data=body, headers=headers)
        SigV4Auth(Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]), service, REGION).add_auth(request)
        lines = [f"{name}: {value}" for name, value in request.headers.items()] + [f"Content-Length: {len(body)}"]
        return ("POST / HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode() + body

    def describe_call(self):
        return self.signed("apprunner", "AppRunner.DescribeService", json.dumps({"ServiceArn": self.calm_arn}).encode())

    def to_service(self, service, path):
        """The part of a load that says where it goes."""
        return {"at": self.https, "request": self.get(service, path), "host": self.host(service), "ca": str(self.p.data / "ca.pem")}

    # --- how it fares

    def peace(self, seconds=3):
        """What `calm` is like: p50 and p99 over keep-alive connections and HTTP/2, in milliseconds. A client's own wait for a core is not `calm`'s, and on two
        cores with a flood's clients it was most of the p99: it asks from elsewhere."""
        figures = self.p.load(self.urls["calm"], seconds, rate=60, elsewhere=True).end()
        ways = {way: figures[way] for way in ("keep_alive", "http2")}
        failures = [failure for way in ways.values() for failure in way["failures"]]
        assert not failures, failures
        return Peace(*(round(statistics.mean(way[f"p{share}_us"] for way in ways.values()) / 1e3, 1) for share in (50, 99)))

    def fresh_edge(self):
        """A front door that has carried nothing yet: its memory is what a test makes of it. Kills the one that is there."""
        before = self.p.run_file()["edge_pid"]
        self.p.allow("the front door (says no more|does not answer: it is ended)")
        os.kill(before, signal.SIGKILL)
        self.pids["edge"] = until("another front door is there", lambda: self.p.run_file()["edge_pid"] not in (None, before) and self.p.run_file()["edge_pid"])
        until("calm answers", lambda: self.answers("calm"), 10)
        return self.pids["edge"]

    def recovered(self, seconds=15):
        """Whatever was too much is over: everything answers as before, within seconds."""
        until("healthz answers", self.p.is_ready, seconds)
        until("calm answers", lambda: self.answers("calm"), seconds)
        until("busy answers", lambda: self.answers("busy"), seconds)
        self.p.client("apprunner").describe_service(ServiceArn=self.calm_arn)

    def answers(self, service):
        try:
            return self.ask(service, timeout=5)[0] == 200
        except OSError:
            return False


def begin(town, *, request, **order):
    """Starts a load; its end is `end(load)`."""
    return begin_program(town, "load.py", request=base64.b64encode(request).decode(), **order)


def begin_program(town, name, **order):
    process = subprocess.Popen([sys.executable, Path(__file__).parent / name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    town.p.beside.append(process)
    process.stdin.write(json.dumps(order))
    process.stdin.close()
    return process


def begin_many(town, *, connections, **order):
    """A load of so many connections, of which one process opens a thousand at most, from an address of its own."""
    count = -(-connections // 1000)
    return [begin(town, connections=connections // count, source=f"127.0.1.{1 + n}", **order) for n in range(count)]


def end(process):
    """What a load has to say; of several, together."""
    if isinstance(process, list):
        return together([end(one) for one in process])
    out = process.stdout.read()
    assert process.wait(timeout=600) == 0, "the load broke"
    return json.loads(out)


def together(answers):
    """Counts are added; what stands for one is the first one's."""
    whole = dict(answers[0])
    for answer in answers[1:]:
        for name, value in answer.items():
            if isinstance(value, dict) and name != "examples":
                whole[name] = dict(Counter(whole[name]) + Counter(value))
            elif isinstance(value, dict):
                whole[name] = {**value, **whole[name]}
            elif name in ("unanswered", "per_second", "waited"):
                whole[name] += value
    return whole


def load(town, **order):
    return end(begin(town, **order))


@contextlib.contextmanager
def flooding(say, count):
    """Threads that say `say(number, over)`, which returns when `over` is set: at the end of the block, whatever becomes of it."""
    over = threading.Event()
    threads = [threading.Thread(target=say, args=(number, over), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(timeout=30)


def crowd():
    """How many programs want each processor now, when we are at rest: the middle of ten looks, at least 1."""
    looks = []
    for _ in range(10):
        time.sleep(0.05)
        # The one that looks runs.
        looks.append(int(Path("/proc/loadavg").read_text().split()[3].split("/")[0]) - 1)
    return max(1, round(statistics.median(looks) / os.cpu_count(), 1))


def in_turn(town, flooded):
    """What `calm` is like in quiet, and what `flooded()` answers that it is like then. Whatever else is at work on the machine comes and goes: who starves
    under a flood does so each time, so that one fair round is enough."""
    for _ in range(ROUNDS_MAX):
        quiet, now = town.peace(2)._replace(crowd=crowd()), flooded()
        if is_fair(quiet, now):
            break
    return quiet, now


def beside(town, flood, meanwhile=lambda: None):
    """What `calm` is like in quiet and while `flood()` goes on, and what the floods answered. `meanwhile()` is done beside the first one."""
    answers = []

    def flooded():
        process = flood()
        time.sleep(1)
        now = town.peace(2)
        if not answers:
            meanwhile()
        answers.append(end(process))
        return now

    return *in_turn(town, flooded), answers


def told(what, **figures):
    """A line for whoever runs the tests to see figures."""
    print(f"\noverload: {what}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))


def is_fair(quiet, flooded):
    """Whether others' p50 and p99 are fair beside a flood. Soak, with the machine to itself: at most twice the quiet ones, or 20 ms. CI, on a machine that is
    shared: at most eight times the quiet ones, or 100 ms and 1,500 ms for each program of others that wants a core; who starves is over it."""
    return all(now <= max(times * before, noise * quiet.crowd) for before, now, times, noise in zip(quiet[:2], flooded, TIMES, NOISE))


def pss(pid):
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"no memory of {pid} to be seen")


class Memory:
    """The most that processes take while a block runs, beyond what they took before; in bytes."""

    def __init__(self, **pids):
        self.pids, self.peak = pids, {}
        self.over = threading.Event()

    def __enter__(self):
        self.before = {name: pss(pid) for name, pid in self.pids.items()}
        self.peak = dict(self.before)
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def watch(self):
        while not self.over.wait(0.1):
            for name, pid in self.pids.items():
                self.peak[name] = max(self.peak[name], pss(pid))

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def grown_mib(self, name):
        return round((self.peak[name] - self.before[name]) / MIB, 1)


__all__ = ["ACCOUNT", "BUSY_SECONDS", "CONCURRENCY", "MIB", "Memory", "SCALE", "Town", "WAIT_MS", "begin", "begin_many", "begin_program", "beside", "end", "flooding", "in_turn",
           "is_fair", "load", "pss", "run", "told"]
