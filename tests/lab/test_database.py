"""A service and a database on the host: a real PostgreSQL at a private address is closed to the service, until its tag opens exactly that port of it.

The server is the package's programs run as the package's user, on folders of its own; a cluster that the package has made is not touched.
"""
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from under_test import run, until
from workplace import BASE_IMAGES

# Nothing leads there from outside: it is an address of the lab's own network namespace.
ADDRESS, PORT, OTHER_PORT = "10.77.0.1", 5432, 5433
USER = "postgres"
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
PASSWORD = secrets.token_hex(12)
ROWS = [[1, "Ada"], [2, "Grace"]]
TAG = "outrunner:reach"
BASE = "docker.io/library/python:3.12-slim"

# 2 s are many times what a connection on one machine takes; what is dropped would be waited for over a minute.
APP = '''
import json, os, socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pg8000.native

database = urlsplit(os.environ["DATABASE_URL"])
server = (database.hostname, database.port)


def rows():
    words = {"password": database.password, "database": database.path[1:], "timeout": 2}
    connection = pg8000.native.Connection(database.username, server[0], port=server[1], **words)
    try:
        return connection.run("SELECT id, name FROM people ORDER BY id")
    finally:
        connection.close()


def connects(port):
    socket.create_connection((server[0], port), timeout=2).close()
    return "connected"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, answer = 200, rows() if self.path == "/" else connects(int(self.path.rsplit("/", 1)[1]))
        except Exception as error:
            status, answer = 503, f"{type(error).__name__}: {error}"
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
'''

DOCKERFILE = """
FROM python:3.12-slim
RUN pip install --no-cache-dir 'pg8000>=1.31,<2'
COPY app.py /app.py
CMD ["python3", "/app.py"]
"""


class Postgres:
    """A server with a role, a database and a table for the service; every connection says its password, by SCRAM."""

    def __init__(self, folder):
        self.programs = PROGRAMS[-1].parent
        self.folder = folder
        self.log_path = folder / "server.log"
        self.process = None

    def words(self, *words):
        """What the server's user runs; nothing of it runs as root."""
        # Not the folder of whoever runs the tests, which that user may not read.
        more = {"user": USER, "group": USER, "extra_groups": [], "cwd": self.folder}
        return {"args": [str(word) for word in words], "env": {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}, **more}

    def start(self):
        owner, data = secrets.token_hex(12), self.folder / "data"
        password = self.folder / "password"
        password.write_text(owner)
        shutil.chown(password, USER)
        flags = ["-U", "owner", "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]
        done = subprocess.run(**self.words(self.programs / "initdb", "-D", data, *flags), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        (data / "pg_hba.conf").write_text("host all all 0.0.0.0/0 scram-sha-256\n")
        settings = {"listen_addresses": ADDRESS, "port": PORT, "unix_socket_directories": "", "fsync": "off"}
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(self.log_path, "ab") as log:
            server = self.words(self.programs / "postgres", "-D", data, *flags)
            self.process = subprocess.Popen(**server, stdout=log, stderr=log, start_new_session=True)
        until("PostgreSQL answers", self.answers, seconds=60, pause=0.1)
        self.sql("owner", owner, "postgres", f"CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'")
        self.sql("owner", owner, "postgres", "CREATE DATABASE app OWNER app")
        values = ", ".join(f"({number}, '{name}')" for number, name in ROWS)
        self.sql("app", PASSWORD, "app", f"CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL); INSERT INTO people VALUES {values}")
        return self

    def answers(self):
        assert self.process.poll() is None, self.log_path.read_text()
        return run(self.programs / "pg_isready", "-h", ADDRESS, "-p", PORT, check=False).returncode == 0

    def sql(self, user, password, database, text, check=True):
        words = [self.programs / "psql", "-X", "-v", "ON_ERROR_STOP=1", "-h", ADDRESS, "-p", PORT, "-U", user, "-d", database, "-c", text]
        return run(*words, env={"PATH": os.environ["PATH"], "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "10"}, check=check)

    def end(self):
        if self.process is None or self.process.poll() is not None:
            return
        # It ends its connections and then itself.
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def postgres():
    assert PROGRAMS, "PostgreSQL is missing: run tests/lab/install"
    run("ip", "address", "add", f"{ADDRESS}/32", "dev", "lo")
    try:
        # pytest's own folders are closed to everybody but root.
        with tempfile.TemporaryDirectory(prefix="outrunner-lab-postgres.") as folder:
            shutil.chown(folder, USER, USER)
            server = Postgres(Path(folder))
            try:
                yield server.start()
            finally:
                server.end()
    finally:
        run("ip", "address", "delete", f"{ADDRESS}/32", "dev", "lo")


@pytest.fixture
def p(lab_programs, platform, tmp_path):
    made = platform().start()
    made.client("ecr").create_repository(repositoryName="people")
    made.login()
    build(made, tmp_path)
    yield made
    made.stop()


def build(p, folder):
    """The application's image, on the lab's own base, in our registry."""
    (folder / "app").mkdir()
    (folder / "app" / "app.py").write_text(APP)
    (folder / "app" / "Dockerfile").write_text(DOCKERFILE)
    buildah = ["buildah", "--root", folder / "storage", "--runroot", folder / "storage-run", "--storage-driver", "overlay"]
    env = {**os.environ, **p.env()}
    base = run(*buildah, "pull", "--quiet", f"oci:{BASE_IMAGES}/python:3.12-slim", env=env).split()[-1]
    run(*buildah, "tag", base, BASE, env=env)
    run(*buildah, "bud", "--isolation", "chroot", "--pull=never", "-t", "people:v1", folder / "app", env=env, timeout=300)
    run(*buildah, "push", "--tls-verify=false", "people:v1", f"docker://{p.registry_host()}/people:v1", env=env, timeout=300)
    # What is mounted below goes with the containers; there are none any more.
    shutil.rmtree(folder / "storage")


def deployed(p, arn):
    """`aws apprunner start-deployment`, until it is over."""
    p.aws("apprunner", "start-deployment", "--service-arn", arn)

    def over():
        newest = p.client("apprunner").list_operations(ServiceArn=arn, MaxResults=1)["OperationSummaryList"][0]["Status"]
        return newest if newest not in ("PENDING", "IN_PROGRESS", "ROLLBACK_IN_PROGRESS") else None

    assert until("the deployment is over", over, seconds=120, pause=0.2) == "SUCCEEDED", p.events(arn)


def test_a_database_on_the_host_is_closed_until_the_services_tag_opens_its_port(postgres, p):
    other = socket.create_server((ADDRESS, OTHER_PORT))
    # From here both ports are open, and the database knows whom it lets in.
    for port in (PORT, OTHER_PORT):
        socket.create_connection((ADDRESS, port), timeout=10).close()
    assert postgres.sql("app", "wrong", "app", "SELECT 1", check=False).returncode != 0

    variables = {"DATABASE_URL": f"postgresql://app:{PASSWORD}@{ADDRESS}:{PORT}/app"}
    tags = [{"Key": "outrunner:stop-grace", "Value": "1s"}]
    created = p.create("people", "people:v1", Tags=tags, more={"RuntimeEnvironmentVariables": variables})["Service"]
    arn, url = created["ServiceArn"], created["ServiceUrl"]
    p.until_status(arn, "RUNNING", seconds=120)

    def is_closed(path="/"):
        began = time.monotonic()
        status, words = p.https(url, path)
        assert status == 503 and ("timeout" in words or "timed out" in words or "refused" in words), (status, words)
        assert time.monotonic() - began < 15, "it is said soon"

    def is_open():
        status, words = p.https(url)
        assert (status, json.loads(words)) == (200, ROWS), (words, postgres.log_path.read_text())

    is_closed()
    p.aws("apprunner", "tag-resource", "--resource-arn", arn, "--tags", f"Key={TAG},Value={ADDRESS}:{PORT}")
    # It acts on instances that are started from now on.
    is_closed()
    deployed(p, arn)
    is_open()
    is_closed(f"/connects/{OTHER_PORT}")

    p.aws("apprunner", "untag-resource", "--resource-arn", arn, "--tag-keys", TAG)
    is_open()
    deployed(p, arn)
    is_closed()
    assert postgres.process.poll() is None and PASSWORD not in p.log()
    other.close()
