"""From inside an instance a service's own URL works: its name leads to the front door at the instance's gateway, with our certificate."""
import re
import socket
import sys

import program_image
from under_test import CommandFailed, run, until

ASK = """
import socket, ssl, sys, http.client
url, bundle = sys.argv[1:]
host, port = url.split(":")
print(socket.gethostbyname(host))
door = http.client.HTTPSConnection(host, int(port), context=ssl.create_default_context(cafile=bundle), timeout=20)
door.request("GET", "/")
answer = door.getresponse()
print(answer.status, answer.read().decode().strip())
"""

# In an image: asks a service by its URL as any program would, told nothing of certificates but by its environment. `/distrusting/…` forgets that too.
ASKS_INSIDE = """
import http.client, http.server, os

TRUSTED = os.environ["SSL_CERT_FILE"]

class Asks(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        how, _, url = self.path.strip("/").partition("/")
        try:
            answer = self.ask(how, url) if url else "ok"
        except OSError as error:
            answer = repr(error)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer.encode())

    def ask(self, how, url):
        os.environ.pop("SSL_CERT_FILE", None) if how == "distrusting" else os.environ.update(SSL_CERT_FILE=TRUSTED)
        door = http.client.HTTPSConnection(url, timeout=20)
        door.request("GET", "/")
        answer = door.getresponse()
        return f"{answer.status} {answer.read().decode().strip()}"

http.server.HTTPServer(("", int(os.environ["PORT"])), Asks).serve_forever()
"""


def first_process(p, instance):
    state = (p.run_dir() / "shims" / instance / "state").read_text()
    return re.search(r"^init_pid (\d+)$", state, re.M)[1]


def inside(p, instance, *words):
    """Runs a program of the host's in an instance's network, with the instance's own resolv.conf."""
    resolver = p.run_dir() / "shims" / instance / "resolv.conf"
    with_file = f'mount --bind {resolver} /etc/resolv.conf && exec "$@"'
    enter = ["nsenter", f"--net=/proc/{first_process(p, instance)}/ns/net", "unshare", "--mount"]
    return run(*enter, "sh", "-c", with_file, "sh", *words)


def test_a_services_own_url_works_from_inside_an_instance_also_of_the_next_platform(platform, images):
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    p = platform("--api", "127.0.0.1:0", "--http", ":0", "--https", ":0").start()
    p.offer(layout)
    urls = []
    for name in ("first", "second"):
        created = p.create(name, "hello:v1")["Service"]
        p.until_status(created["ServiceArn"], "RUNNING")
        urls.append(created["ServiceUrl"])
    instance = p.instances()[0]
    gateway = re.search(r"^nameserver (\S+)", (p.run_dir() / "shims" / instance / "resolv.conf").read_text(), re.M)[1]

    def asks(url):
        """Whether the URL answers from inside. Just after a start nobody may listen for names yet."""
        try:
            answer = inside(p, instance, sys.executable, "-c", ASK, url, p.data / "ca-bundle.pem").splitlines()
        except CommandFailed as failed:
            assert "gaierror" in str(failed), failed
            return False
        assert answer[0] == gateway
        assert answer[1].startswith("200 Hello"), answer
        return True

    for url in urls:
        until("a service's own URL answers", lambda: asks(url))
    p.kill()
    p.start()
    until("the next platform answers for names", lambda: asks(urls[0]))
    p.stop()


def test_a_program_in_an_image_trusts_a_services_own_url_once_its_environment_names_our_authority(platform, images, tmp_path):
    layout, _ = images("hello")
    p = platform("--api", "127.0.0.1:0", "--http", ":0", "--https", ":0").start()
    p.offer(layout)
    asked = p.create("asked", "hello:v1")["Service"]
    program, files, environment = program_image.python()
    script = tmp_path / "asks.py"
    script.write_text(ASKS_INSIDE)
    # The interpreter alone; and the platform's authority, as a Dockerfile's COPY would bring it.
    files = {file for file in files if "site-packages" not in file} | {f"{script}=/srv/asks.py", f"{p.data / 'ca.pem'}=/etc/outrunner/ca.pem"}
    del environment["PYTHONPATH"]
    p.offer(program_image.pack(tmp_path / "asks-layout", [program, "/srv/asks.py"], files, environment), image="asks:v1")
    asks = p.create("asks", "asks:v1", more={"RuntimeEnvironmentVariables": {"SSL_CERT_FILE": "/etc/outrunner/ca.pem"}})["Service"]
    for service in (asked, asks):
        p.until_status(service["ServiceArn"], "RUNNING", seconds=120)
    said = lambda how: p.https(asks["ServiceUrl"], f"/{how}/{asked['ServiceUrl']}")[1]
    until("it asks the other service by its URL", lambda: said("trusting").startswith("200 Hello"))
    assert "CERTIFICATE_VERIFY_FAILED" in said("distrusting"), "it is the variable that makes it trust us"
    p.stop()


def test_the_reach_tag_opens_a_database_on_the_host_to_its_service_only(platform, images):
    layout, _ = images("hello")
    address = "192.0.2.77"
    run("ip", "address", "replace", f"{address}/32", "dev", "lo")
    p = platform().start()
    p.offer(layout)
    with socket.create_server((address, 0)) as database:
        port = database.getsockname()[1]
        tags = {"with-tag": [{"Key": "outrunner:reach", "Value": f"{address}:{port}"}], "without": []}
        reaches = {}
        for name, tag in tags.items():
            before = set(p.instances())
            created = p.create(name, "hello:v1", Tags=tag)["Service"]
            p.until_status(created["ServiceArn"], "RUNNING")
            [instance] = set(p.instances()) - before
            connect = f"import socket; socket.create_connection(('{address}', {port}), timeout=2)"
            reaches[name] = run("nsenter", f"--net=/proc/{first_process(p, instance)}/ns/net", sys.executable, "-c", connect, check=False).returncode
    assert reaches == {"with-tag": 0, "without": 1}
    run("ip", "address", "delete", f"{address}/32", "dev", "lo")
    p.stop()
