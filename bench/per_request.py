"""CPU per proxied request of the edge beside nginx, in front of the same instance.

Both: TLS 1.3 with an ECDSA P-256 certificate, one worker a core, connections to the origin kept, X-Forwarded-For and -Proto and X-Request-Id
set, an access log (nginx's is buffered, which is its cheapest). The load is closed-loop from h2load; rounds alternate, and ratios are taken inside a round.
"""
import os
import re
import socket
import subprocess

from process import children, cpu_us, shims
from table import ratio, say, spread
from under_test import run, until

ROUNDS = 9
ROUND_SECONDS = 2.0
WARM_REQUESTS = 8000
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
    with Nginx(folder / "nginx", origin_of(platform)) as nginx:
        edge = Proxy("edge", [platform.run_file()["edge_pid"]], int(url.rsplit(":", 1)[1]))
        for protocol, flags in PROTOCOLS.items():
            ours, theirs = [], []
            proxies = [(edge, ours), (nginx.proxy(), theirs)]
            count = {proxy.name: proxy.calibrate(url, flags) for proxy, _ in proxies}
            before, carried = cpu_us(bystanders), 0
            for n in range(ROUNDS):
                for proxy, figures in proxies if n % 2 else reversed(proxies):
                    figures.append(proxy.round(url, flags, count[proxy.name]))
                    carried += count[proxy.name]
            report(table, protocol, ours, theirs)
            beside = (cpu_us(bystanders) - before) / carried
            table.row(f"— CPU of shim and platform for the log line of a request, {protocol}", f"{beside:.1f} µs")


def origin_of(platform):
    """Where the only instance listens."""
    (instance,) = platform.instances()
    hosts = (platform.run_dir() / "shims" / instance / "hosts").read_text()
    return f"{hosts.splitlines()[-1].split()[0]}:8080"


def report(table, protocol, ours, theirs):
    cpu = [[figure["cpu_us"] for figure in figures] for figures in (ours, theirs)]
    rate = [[figure["rate"] for figure in figures] for figures in (ours, theirs)]
    table.row(f"CPU per request, HTTPS {protocol}, beside nginx", spread(cpu[0], "µs"), spread(cpu[1], "µs"), ratio(*cpu), ROUNDS)
    table.row(f"— requests a second, closed loop, all on these cores, {protocol}", spread(rate[0], "/s", 0), spread(rate[1], "/s", 0), ratio(*rate), ROUNDS)


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
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=bench", "-days", "1"]
        run(*words, "-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem")
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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
