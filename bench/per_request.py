"""CPU per proxied request of the edge beside nginx, in front of the same instance; HAProxy, Envoy and Traefik have rows of their own (peers.py).

All: TLS 1.3 with an ECDSA P-256 certificate, one worker a core, connections to the origin kept, X-Forwarded-For and -Proto and X-Request-Id
set, an access log (nginx's is buffered, which is its cheapest). The load is closed-loop from h2load; rounds alternate, and ratios are taken inside a round.

The edge notes each request, and the platform writes the access line later: what it spends on that is counted too, in rounds before and after which shim and
platform are waited for until they rest. The instance prints a line for each request, whoever carried it: what shim and platform spend on that, nginx's rounds tell.
"""
import os
import re
import socket
import subprocess
import time
from contextlib import ExitStack

import peers
from process import TICK_US, children, cpu_us, shims
from table import ratio, say, single, spread
from under_test import run, until

ROUNDS = 9
ROUND_SECONDS = 2.0
PEER_ROUND_SECONDS = 1.0
WARM_REQUESTS = 8000
CARRIES_REQUESTS = 64
# As long as nothing happens for so long, shim and platform have written what there was to write.
REST_SECONDS = 0.7
REST_SECONDS_MAX = 5.0
PROTOCOLS = {"HTTP/1.1": ["--h1", "-c", "32"], "HTTP/2": ["-c", "8", "-m", "4"]}

CONFIG = """
user root;
daemon off;
worker_processes {cores};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    access_log {folder}/access.log combined buffer=64k flush=1s;
    server_tokens off;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream origin {{
        server {origin};
        keepalive 64;
        keepalive_requests 100000000;
    }}
    server {{
        listen 127.0.0.1:{port} ssl http2 reuseport;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        ssl_protocols TLSv1.3;
        ssl_conf_command NumTickets 1;
        location / {{
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Request-Id $request_id;
        }}
    }}
}}
"""


def measure(table, platform, folder, kept):
    url = kept["ServiceUrl"]
    bystanders = [platform.process.pid, *shims(platform)]
    own = folder / "peers"
    own.mkdir()
    with ExitStack() as stack:
        nginx = stack.enter_context(Nginx(folder / "nginx", origin_of(platform)))
        others = peers.standing(stack, own, origin_of(platform), lambda proxy: proxy.round(url, PROTOCOLS["HTTP/1.1"], CARRIES_REQUESTS))
        edge = Proxy("edge", [platform.run_file()["edge_pid"]], int(url.rsplit(":", 1)[1]))
        for protocol, flags in PROTOCOLS.items():
            measure_protocol(table, protocol, lambda proxy, requests: proxy.round(url, flags, requests), edge, nginx.proxy(), others, bystanders)


def measure_protocol(table, protocol, carry, edge, nginx, others, bystanders):
    """`carry` sends a round of so many requests through a proxy."""
    count = {proxy.name: int(carry(proxy, WARM_REQUESTS)["rate"] * ROUND_SECONDS) for proxy in (edge, nginx)}
    count |= {proxy.name: int(carry(proxy, WARM_REQUESTS)["rate"] * PEER_ROUND_SECONDS) for proxy in others}
    seen = {proxy.name: [] for proxy in (edge, nginx, *others)}
    beside = {edge.name: [], nginx.name: []}
    whole = []
    for n in range(ROUNDS):
        counted = n % (ROUNDS // peers.ROUNDS) == 1
        for proxy in (edge, nginx) if n % 2 else (nginx, edge):
            before = rested(bystanders) if counted else 0
            seen[proxy.name].append(carry(proxy, count[proxy.name]))
            if counted:
                beside[proxy.name].append((rested(bystanders) - before) / count[proxy.name])
        if counted:
            whole.append(n)
            for proxy in others:
                seen[proxy.name].append(carry(proxy, count[proxy.name]))
    report(table, protocol, seen[edge.name], seen[nginx.name])
    report_lines(table, protocol, [seen[edge.name][n]["cpu_us"] for n in whole], [seen[nginx.name][n]["cpu_us"] for n in whole], *beside.values())
    figures = {proxy.name: [figure["cpu_us"] for figure in seen[proxy.name]] for proxy in others}
    ours = {name: [seen[edge.name][n]["cpu_us"] for n in whole] for name in figures}
    peers.rows(table, f"CPU per request, HTTPS {protocol}", "µs", ours, figures)


def rested(pids):
    """CPU time of those who write lines, when they have stood still for a while: the front door's notes are fetched twice a second."""
    deadline, still, last = time.monotonic() + REST_SECONDS_MAX, time.monotonic(), cpu_us(pids)
    while time.monotonic() < min(still + REST_SECONDS, deadline):
        time.sleep(0.05)
        now = cpu_us(pids)
        # A tick is what they spend at rest.
        if now > last + TICK_US:
            still, last = time.monotonic(), now
    return cpu_us(pids)


def origin_of(platform, instance=None):
    """Where an instance listens: the only one, unless told."""
    (instance,) = [instance] if instance else platform.instances()
    hosts = (platform.run_dir() / "shims" / instance / "hosts").read_text()
    return f"{hosts.splitlines()[-1].split()[0]}:8080"


def report(table, protocol, ours, theirs):
    cpu = [[figure["cpu_us"] for figure in figures] for figures in (ours, theirs)]
    rate = [[figure["rate"] for figure in figures] for figures in (ours, theirs)]
    table.row(f"CPU per request, HTTPS {protocol}, beside nginx", spread(cpu[0], "µs"), spread(cpu[1], "µs"), ratio(*cpu), ROUNDS)
    table.row(f"— requests a second, closed loop, all on these cores, {protocol}", spread(rate[0], "/s", 0), spread(rate[1], "/s", 0), ratio(*rate), ROUNDS)


def report_lines(table, protocol, ours, theirs, beside_ours, beside_theirs):
    """What the edge's requests cost shim and platform more than nginx's do is the access line's. It may come out as nothing, and never as a gain."""
    share = [max(0, a - b) for a, b in zip(beside_ours, beside_theirs)]
    with_line = [a + b for a, b in zip(ours, share)]
    table.row(f"CPU per request, HTTPS {protocol}, with the platform's share for the access line, beside nginx", spread(with_line, "µs"), spread(theirs, "µs"),
              ratio(with_line, theirs), len(ours))
    table.row(f"— the platform's share for the access line, {protocol}", spread(share, "µs"), n=len(share))
    table.row(f"— CPU of shim and platform for the line that the app prints, {protocol}", spread(beside_theirs, "µs"), n=len(beside_theirs))


class Proxy:
    def __init__(self, name, pids, port):
        self.name, self.pids, self.port = name, pids, port

    def calibrate(self, url, flags):
        """Warms up; answers how many requests fill a round."""
        return int(self.round(url, flags, WARM_REQUESTS)["rate"] * ROUND_SECONDS)

    def round(self, url, flags, requests):
        before = cpu_us(self.pids)
        words = ["h2load", *flags, "-n", str(requests), f"--connect-to=127.0.0.1:{self.port}", f"https://{url}/"]
        text = run(*words, timeout=30)
        used = cpu_us(self.pids) - before
        # Anything but a 200 is not a request carried.
        assert f" {requests} succeeded, 0 failed, 0 errored" in text and f"status codes: {requests} 2xx" in text, text
        seen = "; ".join(re.findall(r"^(?:TLS Protocol|Cipher|Application protocol): .*$", text, re.M))
        if requests == WARM_REQUESTS:
            say(f"{self.name}: {seen}")
        return {"cpu_us": used / requests, "rate": float(re.search(r"([\d.]+) req/s", text)[1])}


class Nginx:
    def __init__(self, folder, origin):
        self.folder, self.origin = folder, origin
        self.cores = len(os.sched_getaffinity(0))

    def __enter__(self):
        self.folder.mkdir()
        self.port = free_port()
        certificate(self.folder)
        config = self.folder / "nginx.conf"
        config.write_text(CONFIG.format(cores=self.cores, folder=self.folder, origin=self.origin, port=self.port))
        words = ["nginx", "-c", str(config), "-e", str(self.folder / "error.log"), "-p", str(self.folder)]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        until("nginx listens", self.listens)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)

    def listens(self):
        assert self.process.poll() is None, (self.folder / "error.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return len(children(self.process.pid)) == self.cores

    def proxy(self):
        return Proxy("nginx", [self.process.pid, *children(self.process.pid)], self.port)


def certificate(folder):
    """One of its own for a peer."""
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=bench", "-days", "1"]
    run(*words, "-keyout", folder / "key.pem", "-out", folder / "certificate.pem")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
