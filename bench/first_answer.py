"""create-service → first 200 over HTTPS, beside `runc run --detach` → first 200 of the same program.

The peer is given what does not take its time: the bundle of an instance of ours with its program, whose user and network namespace, link and address are
there before the clock starts.
So what is above 1 is everything that Outrunner adds to runc: API, ledger, shim, namespaces, network, health check, route, TLS.
"""
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from statistics import mean

from table import Measured, ratio, spread
from under_test import run, until

ROUNDS = 20
PORT = 8080
ID_BASE = 0x0E00_0000
IDS = 65_536
# TEST-NET-1 (RFC 5737): nobody's on any machine.
OUTSIDE, INSIDE = "192.0.2.1", "192.0.2.2"
PAUSE = 0.0005
GIVE_UP = 10.0
CLOCK_REALTIME_COARSE = 5

# What an instance's folder tells about its start: each file is written once, at that moment.
FILES = {
    "berth.json": "the engine begins",
    "hostname": "bundle written",
    "rootfs": "shim has namespaces and root",
    "runc.log": "linked; runc begins",
    "pid": "runc has created",
    "ready": "healthy",
}
ORDER = ["API answered", *list(FILES.values())[:-1], "runc has returned", "healthy", "RUNNING", "first 200"]


def measure(table, platform, folder, hello):
    services = Services(platform)
    with services.standing() as instance, Runc(folder, hello, instance) as runc:
        services.round("warm")
        runc.round()
        ours, theirs = [], []
        for n in range(ROUNDS):
            # Who is first changes, so that neither always follows the other's cleaning up.
            for who in (ours, theirs) if n % 2 else (theirs, ours):
                who.append(services.round(f"round-{n}") if who is ours else runc.round())
    firsts = [marks["first 200"] for marks in ours]
    peer = [marks["first 200"] for marks in theirs]
    table.row("create-service → first 200 over HTTPS, beside runc run → first 200", spread(firsts, "ms"), spread(peer, "ms"), ratio(firsts, peer), ROUNDS)
    # Means, so that the parts add up to the whole.
    parts = [mark for mark in ours[-1] if mark != "API answered"]
    table.row("— of it, by the client's clock: API answered", part(marks["API answered"] for marks in ours), n=ROUNDS)
    for before, mark in zip(["call", *parts], parts):
        since = part(marks[mark] - marks.get(before, 0) for marks in ours)
        table.row(f"— of it: {before} → {mark}", since, n=ROUNDS)


def part(values):
    value = mean(values)
    return Measured(f"{value:.1f} ms (mean)", unit="ms", median=value)


class Services:
    """One service a round, by the stock client. The image is there; the service is deleted before the next round."""

    def __init__(self, platform):
        self.platform = platform
        self.client = platform.client("apprunner")
        self.tls = ssl.create_default_context(cafile=str(platform.data / "ca.pem"))
        self.wish = {
            "SourceConfiguration": {
                "ImageRepository": {
                    "ImageIdentifier": "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1",
                    "ImageRepositoryType": "ECR",
                    "ImageConfiguration": {"Port": str(PORT)},
                },
                "AutoDeploymentsEnabled": False,
            },
            "InstanceConfiguration": {"Cpu": "256", "Memory": "512"},
        }

    @contextmanager
    def standing(self):
        """The folder of an instance of such a service, which runs meanwhile."""
        old = set(self.platform.instances())
        service = self.client.create_service(ServiceName="standing", **self.wish)["Service"]
        self.platform.until_status(service["ServiceArn"], "RUNNING")
        (instance,) = set(self.platform.instances()) - old
        yield self.platform.run_dir() / "shims" / instance
        self.client.delete_service(ServiceArn=service["ServiceArn"])
        self.platform.until_status(service["ServiceArn"], "DELETED")

    def round(self, name):
        """Milliseconds since the call, by what was reached."""
        old = set(self.platform.instances())
        wall, began = time.time(), time.perf_counter()
        service = self.client.create_service(ServiceName=name, **self.wish)["Service"]
        answered = time.perf_counter() - began
        self.until_200(service["ServiceUrl"])
        first = time.perf_counter() - began
        # The route is there a moment before the operation has ended.
        self.platform.until_status(service["ServiceArn"], "RUNNING")
        (instance,) = set(self.platform.instances()) - old
        marks = self.on_the_way(instance, service["ServiceArn"], wall)
        marks |= {"API answered": answered * 1000, "first 200": first * 1000}
        self.client.delete_service(ServiceArn=service["ServiceArn"])
        self.platform.until_status(service["ServiceArn"], "DELETED")
        until("nothing is left of it", lambda: instance not in self.platform.instances())
        return {mark: marks[mark] for mark in ORDER}

    def until_200(self, url):
        host, port = url.split(":")
        request = f"GET / HTTP/1.1\r\nHost: {url}\r\n\r\n".encode()
        deadline = time.monotonic() + GIVE_UP
        with socket.create_connection(("127.0.0.1", int(port))) as tcp, self.tls.wrap_socket(tcp, server_hostname=host) as stream:
            while time.monotonic() < deadline:
                stream.sendall(request)
                answer = stream.recv(4096)
                if answer.startswith(b"HTTP/1.1 200 "):
                    return
                assert answer, "the front door closed the connection"
                time.sleep(PAUSE)
        raise AssertionError(f"{url} does not answer: {answer}")

    def on_the_way(self, instance, arn, wall):
        """What the instance's shim and the ledger wrote down, and when."""
        folder = self.platform.run_dir() / "shims" / instance
        state = dict(line.split(" ", 1) for line in (folder / "state").read_text().splitlines())
        (operation,) = self.client.list_operations(ServiceArn=arn)["OperationSummaryList"]
        # A file's time is that of the kernel's last tick; the other two are cut to milliseconds.
        tick = time.clock_getres(CLOCK_REALTIME_COARSE)
        at = {what: (folder / file).stat().st_mtime + tick / 2 for file, what in FILES.items()}
        at["runc has returned"] = int(state["started_ms"]) / 1000 + 0.0005
        at["RUNNING"] = operation["EndedAt"].timestamp() + 0.0005
        return {mark: (when - wall) * 1000 for mark, when in at.items()}


class Runc:
    """`runc run --detach` of a bundle of Outrunner's: what it says of mounts, limits, capabilities and system calls is the same."""

    def __init__(self, folder, hello, instance):
        """`instance` is the folder of an instance that runs."""
        self.instance = instance
        self.bundle = folder / "bundle"
        self.id = f"outrunner-bench-{os.getpid()}"
        self.program = ["runc", "--root", str(folder / "runc")]
        self.hello = hello
        self.log = open(folder / "runc.log", "ab")

    def __enter__(self):
        self.holder = subprocess.Popen(["unshare", "--user", "--net", "sleep", "1000"])
        pid = self.holder.pid
        own = os.readlink("/proc/self/ns/net")
        until("the namespaces are there", lambda: os.readlink(f"/proc/{pid}/ns/net") != own)
        for kind in ("uid", "gid"):
            with open(f"/proc/{pid}/{kind}_map", "w") as file:
                file.write(f"0 {ID_BASE} {IDS}\n")
        link = "orbench0"
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", pid)
        run("ip", "address", "add", f"{OUTSIDE}/30", "dev", link)
        run("ip", "link", "set", link, "up")
        inside = ["nsenter", f"--net=/proc/{pid}/ns/net", "ip"]
        run(*inside, "address", "add", f"{INSIDE}/30", "dev", "eth0")
        run(*inside, "link", "set", "eth0", "up")
        run(*inside, "link", "set", "lo", "up")
        self.write_bundle()
        return self

    def __exit__(self, *_):
        # Only if a round was broken off; absence is what is wanted.
        run(*self.program, "delete", "--force", self.id, check=False)
        self.holder.kill()
        self.holder.wait()
        self.log.close()

    def write_bundle(self):
        root = self.bundle / "rootfs"
        for inside in ("proc", "dev", "sys", "etc", "run"):
            (root / inside).mkdir(parents=True)
        shutil.copy(self.hello, root / "hello")
        for path in (root, *root.iterdir()):
            os.chown(path, ID_BASE, ID_BASE)
        config = json.loads((self.instance / "config.json").read_text())
        config["root"]["path"] = "rootfs"
        config["process"] |= {"args": ["/hello"], "env": [f"PORT={PORT}"]}
        for mount in config["mounts"]:
            if mount["type"] == "bind":
                mount["source"] = shutil.copy(mount["source"], self.bundle)
        linux, pid = config["linux"], self.holder.pid
        for namespace in linux["namespaces"]:
            if "path" in namespace:
                namespace["path"] = f"/proc/{pid}/ns/{'net' if namespace['type'] == 'network' else namespace['type']}"
        linux["uidMappings"] = linux["gidMappings"] = [{"containerID": 0, "hostID": ID_BASE, "size": IDS}]
        linux["cgroupsPath"] = f"/{self.id}"
        (self.bundle / "config.json").write_text(json.dumps(config))

    def round(self):
        first, returned = first_200(self, [*self.program, "run", "--detach", "--bundle", self.bundle, self.id])
        run(*self.program, "delete", "--force", self.id)
        return {"first 200": first, "returned": returned}

    def until_200(self, runc):
        deadline = time.monotonic() + GIVE_UP
        while time.monotonic() < deadline:
            try:
                with socket.create_connection((INSIDE, PORT), timeout=1) as stream:
                    stream.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
                    if stream.recv(4096).startswith(b"HTTP/1.1 200 "):
                        return
            except OSError:
                pass
            assert not runc.poll(), f"runc ended with {runc.returncode}, see its log"
            time.sleep(PAUSE)
        raise AssertionError("the container does not answer")


def first_200(runc, words):
    """Milliseconds from a command's start until the container that it starts in `runc`'s network namespace answers, and until the command returns."""
    returned = []
    began = time.perf_counter()
    command = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=runc.log, stderr=runc.log)
    waits = threading.Thread(target=lambda: (command.wait(), returned.append(time.perf_counter() - began)))
    waits.start()
    runc.until_200(command)
    first = time.perf_counter() - began
    waits.join(timeout=GIVE_UP)
    assert command.returncode == 0
    return first * 1000, returned[0] * 1000
