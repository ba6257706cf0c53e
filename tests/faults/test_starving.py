"""Too little memory and too few descriptors: who is killed comes back, who has to wait waits, and nobody else notices."""
import os
import socket
import ssl
import threading
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from under_test import run, until

WAYS = ("keep_alive", "new_connection", "http2")
QUICK = [{"Key": "outrunner:stop-grace", "Value": "500ms"}]


@pytest.fixture
def p(platform, images):
    layout, _ = images("hello")
    made = platform().start()
    made.offer(layout)
    yield made
    made.stop()


def running(p, name="webs", image="hello:v1"):
    created = p.create(name, image, Tags=QUICK)["Service"]
    p.until_status(created["ServiceArn"], "RUNNING", 60)
    return created


def answers(p, url, path="/"):
    try:
        return p.https(url, path)[0]
    except OSError:
        return None


class Squeeze:
    """A control group with so little memory that who is put into it and asks for more is killed by the kernel. Version 1 or 2."""

    def __init__(self, name, limit_bytes):
        old = Path("/sys/fs/cgroup/memory")
        is_old = (old / "memory.limit_in_bytes").exists()
        self.folder = (old if is_old else Path("/sys/fs/cgroup")) / name
        controls = self.folder.parent / "cgroup.subtree_control"
        assert is_old or "memory" in controls.read_text().split(), f"{controls} does not hand memory on"
        self.folder.mkdir()
        self.limit = self.folder / ("memory.limit_in_bytes" if is_old else "memory.max")
        self.counts = self.folder / ("memory.oom_control" if is_old else "memory.events")
        self.limit.write_text(str(limit_bytes))

    def take(self, pid):
        (self.folder / "cgroup.procs").write_text(str(pid))

    def killed(self):
        return int(dict(line.split() for line in self.counts.read_text().splitlines())["oom_kill"])

    def end(self):
        # Whoever is left of it goes back to where everybody is.
        for pid in (self.folder / "cgroup.procs").read_text().split():
            (self.folder.parent / "cgroup.procs").write_text(pid)
        until("the group is empty", lambda: not self.folder.exists() or self.removed(), 10)

    def removed(self):
        try:
            self.folder.rmdir()
        except OSError:
            return False
        return True


@pytest.fixture
def squeeze():
    made = Squeeze(f"outrunner-test-squeeze-{os.getpid()}", 256 << 10)
    yield made
    made.end()


def hungry(p, url, until_over):
    """Uploads that have to be held for a moment, until it is over."""
    while not until_over.is_set():
        p.curl(f"https://{url}/echo", "--upload-file", "/dev/zero", "--max-time", "1", "-o", "/dev/null", check=False)


@pytest.mark.promise(
    "The kernel kills the front door for want of memory",
    "New connections wait for the next front door, a moment later.",
    "What it had in flight.",
)
def test_a_front_door_that_is_killed_for_want_of_memory_is_replaced(p, squeeze):
    p.allow("the front door says no more", "the front door cannot be started", "the front door does not answer")
    url, before = running(p)["ServiceUrl"], p.instances()
    edge, over = p.run_file()["edge_pid"], threading.Event()
    squeeze.take(edge)
    clients = [threading.Thread(target=hungry, args=(p, url, over)) for _ in range(3)]
    for client in clients:
        client.start()
    try:
        until("it is killed", lambda: squeeze.killed() > 0 and p.run_file()["edge_pid"] not in (edge, None), 60)
    finally:
        over.set()
        for client in clients:
            client.join()
    until("the URL answers", lambda: answers(p, url) == 200, 10)
    assert p.instances() == before


@pytest.mark.promise(
    "The kernel kills the platform for want of memory",
    "Running services answer all the time; the API answers again when the platform is started again.",
    "Nothing.",
)
def test_services_answer_while_the_platform_is_killed_for_want_of_memory(p, squeeze):
    url, before = running(p)["ServiceUrl"], p.instances()
    load = p.load(url, seconds=None, rate=10)
    client = p.client("apprunner")
    squeeze.take(p.process.pid)

    def dies():
        try:
            client.list_services()
        except (BotoCoreError, ClientError):
            pass
        return p.process.poll() is not None

    until("it is killed", dies, 60)
    assert p.process.returncode == -9 and squeeze.killed() > 0, (p.process.returncode, squeeze.killed())
    p.start()
    counts = load.end()
    assert {way: counts[way]["failures"] for way in WAYS if counts[way]["failed"]} == {}
    assert answers(p, url) == 200 and p.instances() == before


# GET /eat takes memory until there is none.
GLUTTON = r"""
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
    char head[4096] = "";
    const char *answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nHello\n";
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(8080)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&any, sizeof any) != 0 || listen(listener, 64) != 0) return 1;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        ssize_t got = read(fd, head, sizeof head - 1);
        if (got > 0 && strncmp(head, "GET /eat", 8) == 0)
            for (;;) memset(malloc(1 << 20), 1, 1 << 20);
        if (got > 0 && write(fd, answer, strlen(answer)) < 0) return 1;
        close(fd);
    }
}
"""


@pytest.mark.promise(
    "An app takes more memory than it may",
    "The instance is killed and replaced; an event says that it ran out of memory. Other services notice nothing.",
    "What that instance had in flight.",
)
def test_an_app_that_eats_its_memory_is_replaced_and_its_owner_is_told(p, images, tmp_path):
    source = tmp_path / "glutton.c"
    source.write_text(GLUTTON)
    layout, _ = images("glutton", source)
    p.push(layout, "v1", "hello:glutton")
    glutton, beside = running(p, "glutton", "hello:glutton"), running(p, "beside")
    load = p.load(beside["ServiceUrl"], seconds=None, rate=10)
    assert answers(p, glutton["ServiceUrl"], "/eat") != 200
    until("its owner is told", lambda: "memory" in p.events("glutton"), 20)
    until("it is back", lambda: answers(p, glutton["ServiceUrl"]) == 200, 30)
    assert p.status(glutton["ServiceArn"]) == "RUNNING" and len(p.instances()) == 2
    counts = load.end()
    assert {way: counts[way]["failures"] for way in WAYS if counts[way]["failed"]} == {}


def descriptors(pid):
    return [int(number) for number in os.listdir(f"/proc/{pid}/fd")]


class Few:
    """A process may have no more descriptors than it has, and a few."""

    def __init__(self, pid, more):
        self.pid, self.uid = pid, os.stat(f"/proc/{pid}").st_uid
        self.soft = int(self.prlimit("--output", "SOFT", "--noheadings", "--nofile"))
        self.limit = max(descriptors(pid)) + 1 + more
        self.set(self.limit)

    def set(self, soft):
        self.prlimit(f"--nofile={soft}:")

    def prlimit(self, *words):
        # As its own user, who may; root may not everywhere.
        return run("setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups", "prlimit", "--pid", self.pid, *words)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.set(self.soft)


def connect(p, url):
    host, port = url.split(":")
    context = ssl.create_default_context(cafile=str(p.data / "ca.pem"))
    return context.wrap_socket(socket.create_connection(("127.0.0.1", int(port)), timeout=30), server_hostname=host)


@pytest.mark.promise(
    "The front door has no descriptor left",
    "Connections that are open are served; new ones wait until there is room.",
    "Nothing.",
)
def test_connections_wait_while_the_front_door_has_no_descriptor_left(p):
    p.allow("Too many open files")
    url, edge = running(p)["ServiceUrl"], p.run_file()["edge_pid"]
    ask = f"GET / HTTP/1.1\r\nHost: {url}\r\n\r\n".encode()
    early = connect(p, url)
    early.sendall(ask)
    assert early.recv(65536).startswith(b"HTTP/1.1 200")
    answered = []

    def late():
        with connect(p, url) as client:
            client.sendall(ask)
            answered.append(client.recv(65536).split(b"\r\n")[0])

    with Few(edge, 4) as few:
        # Each holds one; what is left is too little for all of these.
        crowd = [socket.create_connection(("127.0.0.1", int(url.split(":")[1])), timeout=30) for _ in range(20)]
        until("none is left", lambda: len(descriptors(edge)) >= few.limit, 10)
        clients = [threading.Thread(target=late) for _ in range(5)]
        for client in clients:
            client.start()
        # One that is there goes on: its connection to the instance is there too.
        early.sendall(ask)
        assert early.recv(65536).startswith(b"HTTP/1.1 200")
        clients[0].join(1)
        assert all(client.is_alive() for client in clients), "they wait"
        assert answered == [] and p.run_file()["edge_pid"] == edge
    for client in clients:
        client.join(30)
    assert answered == [b"HTTP/1.1 200 OK"] * 5, answered
    assert p.run_file()["edge_pid"] == edge
    for connection in [early, *crowd]:
        connection.close()


@pytest.mark.promise(
    "The platform has no descriptor left",
    "Running services answer all the time; what was asked of the API is done when there is room.",
    "Nothing.",
)
def test_what_was_begun_goes_on_when_the_platform_has_descriptors_again(p):
    # Whatever is told has this cause.
    p.allow("Too many open files", "what is in flight is not known; what was wanted of late holds")
    url = running(p)["ServiceUrl"]
    before = p.instances()
    load = p.load(url, seconds=None, rate=10)
    client = p.client("apprunner")
    client.list_services()
    pid = p.process.pid
    with Few(pid, 0) as few:
        host, port = p.run_file()["api"].rsplit(":", 1)
        # Each takes one, also of those that are given back meanwhile; some wait all the time.
        crowd = [socket.create_connection((host, int(port)), timeout=30) for _ in range(few.limit)]
        none_left = lambda: len(descriptors(pid)) >= few.limit
        until("none is left", none_left, 10)
        call = threading.Thread(target=lambda: quietly(lambda: p_create(p, client)))
        call.start()
        waiting = socket.create_connection((host, int(port)), timeout=30)
        waiting.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        call.join(5)
        waiting.settimeout(1)
        with pytest.raises(TimeoutError):
            waiting.recv(1)
        until("none is left", none_left, 10)
        assert p.process.poll() is None and set(before) <= set(p.instances())
    waiting.settimeout(30)
    assert waiting.recv(65536).startswith(b"HTTP/1.1 200"), "who waited is answered"
    for connection in [waiting, *crowd]:
        connection.close()
    call.join(60)
    if "late" not in [s["ServiceName"] for s in p.client("apprunner").list_services()["ServiceSummaryList"]]:
        p_create(p, p.client("apprunner"))
    # Long before a sweep.
    [late] = [s for s in p.client("apprunner").list_services()["ServiceSummaryList"] if s["ServiceName"] == "late"]
    p.until_status(late["ServiceArn"], "RUNNING", 60)
    assert answers(p, late["ServiceUrl"]) == 200 and answers(p, url) == 200
    counts = load.end()
    assert {way: counts[way]["failures"] for way in WAYS if counts[way]["failed"]} == {}
    assert len(p.instances()) == 2 and set(before) <= set(p.instances()), "nobody who lives was buried"


def quietly(call):
    try:
        return call()
    except (BotoCoreError, ClientError) as error:
        return error


def p_create(p, client):
    """On a connection that is open already."""
    source = {"ImageRepository": {"ImageIdentifier": "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1", "ImageRepositoryType": "ECR",
                                  "ImageConfiguration": {"Port": "8080"}}, "AutoDeploymentsEnabled": False}
    return client.create_service(ServiceName="late", SourceConfiguration=source, Tags=QUICK)
