"""Connections that are cut in the middle: of an image's push and pull, and of a call that makes a service."""
import hashlib
import json
import os
import socket
import sys
import threading
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from steps import Steps

from under_test import REGION, REGISTRY, ROOT, run, until

QUICK = [{"Key": "outrunner:stop-grace", "Value": "500ms"}]


class Cutter:
    """Passes connections on to an address and cuts all that are open as soon as so many bytes have come from one side; afterwards it cuts nothing."""

    def __init__(self, target, from_client_bytes=None, from_server_bytes=None):
        host, port = target.rsplit(":", 1)
        self.target = (host, int(port))
        self.left = {"client": from_client_bytes, "server": from_server_bytes}
        self.cuts = 0
        self.open, self.lock = [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.target, timeout=20)
            except OSError:
                return
            with self.lock:
                self.open.append((client, server))
            for side, source, sink in (("client", client, server), ("server", server, client)):
                threading.Thread(target=self.copy, args=(side, source, sink), daemon=True).start()

    def copy(self, side, source, sink):
        try:
            while data := source.recv(65536):
                if self.is_enough(side, len(data)):
                    self.cut()
                    return
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def is_enough(self, side, count):
        with self.lock:
            if self.left[side] is None:
                return False
            self.left[side] -= count
            if self.left[side] > 0:
                return False
            self.left[side] = None
            return True

    def cut(self):
        with self.lock:
            self.cuts += 1
            for pair in self.open:
                for end in pair:
                    # A reset, not an orderly end; and whoever reads from it is woken.
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
                    end.close()
            self.open.clear()

    def close(self):
        self.listener.close()
        self.cut()


@pytest.fixture
def large(tmp_path):
    """An image with a layer that does not get smaller: it takes a moment."""
    blob = tmp_path / "blob"
    blob.write_bytes(os.urandom(24 << 20))
    layout = tmp_path / "large"
    pack = [sys.executable, ROOT / "examples" / "oci_image.py", layout, "v1", "--entrypoint", "/hello", f"{blob}=/blob"]
    return layout, run(*pack).strip()


def skopeo(p, *words, check=True):
    return run("skopeo", "--insecure-policy", "copy", "--retry-times", "0", *words, env=p.env(), check=check)


def login(p, host):
    password = p.aws("ecr", "get-login-password")
    run("skopeo", "login", "--tls-verify=false", "--username", "AWS", "--password-stdin", host, env=p.env(), stdin=password)


@pytest.mark.promise(
    "The network of a registry's client is cut in the middle of a push or a pull",
    "The client's command fails; the same command again succeeds, and the image is whole.",
    "Nothing.",
)
def test_a_push_and_a_pull_that_are_cut_succeed_when_they_are_tried_again(platform, large, tmp_path):
    layout, digest = large
    p = platform().start()
    p.client("ecr").create_repository(repositoryName="large")
    cutter = Cutter(p.run_file()["api"], from_client_bytes=8 << 20)
    login(p, cutter.address)
    push = lambda **more: skopeo(p, "--dest-tls-verify=false", f"oci:{layout}:v1", f"docker://{cutter.address}/large:v1", **more)
    pull = lambda to, **more: skopeo(p, "--src-tls-verify=false", f"docker://{cutter.address}/large:v1", f"oci:{to}:v1", **more)
    cut = push(check=False)
    tags = lambda: p.client("ecr").list_images(repositoryName="large")["imageIds"]
    # The client may have tried again by itself; what it says then is true.
    assert cutter.cuts == 1 and ((cut.returncode != 0 and tags() == []) or tags()), cut.stderr
    push()
    assert [image["imageDigest"] for image in tags()] == [digest]

    with cutter.lock:
        cutter.left["server"] = 8 << 20
    pull(tmp_path / "cut", check=False)
    assert cutter.cuts == 2
    pull(tmp_path / "whole")
    for blob in (tmp_path / "whole" / "blobs" / "sha256").iterdir():
        assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name
    assert digest.split(":")[1] in os.listdir(tmp_path / "whole" / "blobs" / "sha256")
    cutter.close()
    p.stop()


def signed(p, body):
    """A signed call as bytes, to be cut off wherever the test likes."""
    env, api = p.env(), p.run_file()["api"]
    headers = {"X-Amz-Target": "AppRunner.CreateService", "Content-Type": "application/x-amz-json-1.0", "Host": api}
    request = AWSRequest("POST", f"http://{api}/", data=json.dumps(body), headers=headers)
    SigV4Auth(Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]), "apprunner", REGION).add_auth(request)
    content = json.dumps(body).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items() if name.lower() != "content-length")
    return f"POST / HTTP/1.1\r\n{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def wish(name):
    image = {"ImageIdentifier": f"{REGISTRY}/hello:v1", "ImageRepositoryType": "ECR", "ImageConfiguration": {"Port": "8080"}}
    return {"ServiceName": name, "SourceConfiguration": {"ImageRepository": image, "AutoDeploymentsEnabled": False}, "Tags": QUICK}


CUT = pytest.mark.promise(
    "The connection of a create-service call breaks before its answer",
    "The service is made, once, as soon as the call has reached the platform; the same call again is refused with its name, as App Runner does.",
    "The answer.",
)


@CUT
def test_a_create_whose_client_is_cut_off_makes_one_service_and_makes_it_at_once(platform, images, tmp_path):
    layout, _ = images("hello")
    steps = Steps(tmp_path / "steps")
    p = platform(env=steps.env).start()
    p.offer(layout)
    host, port = p.run_file()["api"].rsplit(":", 1)
    client = p.client("apprunner")
    names = lambda: [service["ServiceName"] for service in client.list_services()["ServiceSummaryList"]]

    # Before the whole call is there: nothing was asked for.
    call = signed(p, wish("half"))
    with socket.create_connection((host, int(port)), timeout=10) as cut:
        cut.sendall(call[: len(call) - 10])
    assert names() == []

    for number, step in enumerate(("commit.begin.before#1", "commit.begin.after#1")):
        name = f"cut-{number}"
        steps.arm(step)
        call = signed(p, wish(name))
        with socket.create_connection((host, int(port)), timeout=10) as cut:
            cut.sendall(call)
            until("the call has come to the step", steps.reached)
            cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        steps.disarm()
        # Long before the sweep that would find it anyway.
        until("the service runs", lambda: running(client, name), 30)
        with pytest.raises(ClientError) as refused:
            p.create(name, "hello:v1")
        error = refused.value.response["Error"]
        assert error["Code"] == "InvalidRequestException" and name in error["Message"], error
    assert sorted(names()) == ["cut-0", "cut-1"] and len(p.instances()) == 2
    p.stop()


@CUT
def test_calls_that_are_cut_off_at_any_moment_make_no_second_service(platform, images):
    layout, _ = images("hello")
    p = platform().start()
    p.offer(layout)
    host, port = p.run_file()["api"].rsplit(":", 1)
    client = p.client("apprunner")
    for number, after_ms in enumerate((0, 2, 8)):
        name = f"any-{number}"
        with socket.create_connection((host, int(port)), timeout=10) as cut:
            cut.sendall(signed(p, wish(name)))
            time.sleep(after_ms / 1000)
            cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        # A client tries again: either it was made before, or it is made now.
        try:
            p.create(name, "hello:v1", Tags=QUICK)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "InvalidRequestException" and name in error.response["Error"]["Message"], error
        until("the service runs", lambda: running(client, name), 60)
    assert len(p.instances()) == 3
    made = [s["ServiceName"] for s in client.list_services()["ServiceSummaryList"]]
    assert sorted(made) == [f"any-{number}" for number in range(3)]
    p.stop()


def running(client, name):
    found = [s for s in client.list_services()["ServiceSummaryList"] if s["ServiceName"] == name]
    assert len(found) <= 1, found
    return bool(found) and found[0]["Status"] == "RUNNING"
