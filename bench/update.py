"""update-service → first answer of the new version, image here; and how soon a start that fails is reported.

The peer is `runc run` → first 200 of the same program, as in first_answer: what is above it is everything that an update adds.
"""
import socket
import ssl
import sys
import time

import first_answer
from table import ratio, spread
from under_test import ROOT, REGISTRY, run

ROUNDS = 12
FAILURES = 7
GIVE_UP = 15.0


def measure(table, platform, folder, hello):
    own = folder / "update"
    own.mkdir()
    program = own / "program"
    run("gcc", "-O2", "-static", "-x", "c", "-o", program, "-", stdin="int main(void) { return 3; }")
    platform.client("ecr").create_repository(repositoryName="versions")
    platform.login()
    for version, source in (("one", hello), ("two", hello), ("broken", program)):
        pack = [sys.executable, ROOT / "examples" / "oci_image.py", own / version, version]
        run(*pack, "--entrypoint", "/app", "--env", f"GREETING={version}", f"{source}=/app")
        platform.push(own / version, version, f"versions:{version}")
    client = platform.client("apprunner")
    updates(table, platform, client, own, hello)
    failures(table, platform, client)


def updates(table, platform, client, own, hello):
    others = set(platform.instances())
    service = platform.create("updated", "versions:one")["Service"]
    arn = service["ServiceArn"]
    platform.until_status(arn, "RUNNING")
    ours, theirs = [], []
    (instance,) = set(platform.instances()) - others
    with first_answer.Runc(own, hello, platform.run_dir() / "shims" / instance) as runc:
        runc.round()
        for n in range(ROUNDS + 1):
            version = ("two", "one")[n % 2]
            took = update(platform, client, service, version)
            platform.until_status(arn, "RUNNING")
            bare = runc.round()["first 200"]
            # The first unpacks the image.
            if n:
                ours.append(took)
                theirs.append(bare)
    table.row("update → first answer of the new version, image here, beside runc run → first 200", spread(ours, "ms"), spread(theirs, "ms"),
              ratio(ours, theirs), ROUNDS)
    client.delete_service(ServiceArn=arn)
    platform.until_status(arn, "DELETED")


def update(platform, client, service, version):
    """Milliseconds until a connection that is kept gets the new version's answer; every answer on the way is the old one's."""
    host, port = service["ServiceUrl"].split(":")
    tls = ssl.create_default_context(cafile=str(platform.data / "ca.pem"))
    request = f"GET / HTTP/1.1\r\nHost: {service['ServiceUrl']}\r\n\r\n".encode()
    image = {"ImageIdentifier": f"{REGISTRY}/versions:{version}", "ImageRepositoryType": "ECR", "ImageConfiguration": {"Port": "8080"}}
    with socket.create_connection(("127.0.0.1", int(port))) as tcp, tls.wrap_socket(tcp, server_hostname=host) as stream:
        began = time.perf_counter()
        client.update_service(ServiceArn=service["ServiceArn"], SourceConfiguration={"ImageRepository": image})
        while time.perf_counter() - began < GIVE_UP:
            stream.sendall(request)
            answer = stream.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200 "), answer
            if version.encode() in answer.split(b"\r\n\r\n", 1)[1]:
                return (time.perf_counter() - began) * 1000
            time.sleep(first_answer.PAUSE)
    raise AssertionError(f"the version {version} never answers")


def failures(table, platform, client):
    """An upper bound: the start of the app, which ends at once, is in it."""
    took = []
    for n in range(FAILURES + 1):
        began = time.perf_counter()
        arn = platform.create(f"broken-{n}", "versions:broken")["Service"]["ServiceArn"]
        platform.until_status(arn, "CREATE_FAILED")
        if n:
            took.append((time.perf_counter() - began) * 1000)
        client.delete_service(ServiceArn=arn)
    table.row("failed start: create-service of an app that exits at once → the operation has failed", spread(took, "ms", 0), n=FAILURES)
