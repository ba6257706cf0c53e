"""Stands before the API and stumbles: of each call the first attempts fail, the next is passed on. Clients that retry as they ship do not notice.

It changes nothing of what it passes on. Which operations were answered is kept.
"""
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# How the first attempts of each call fail, in turn.
WAYS = ("closed", 500, 503)
BODY_BYTES_MAX = 16 * 1024 * 1024


class StumblingDoor:
    """Listens at `address` and passes on to `upstream` (host:port) what it does not stumble over."""

    def __init__(self, upstream, stumbles):
        self.upstream, self.stumbles = upstream, stumbles
        self.stumbled, self.passed = 0, 0
        # (service, operation, status) of what was passed on, where a header names the operation.
        self.answered = set()
        self.lock = threading.Lock()
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                door.attend(self)

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def end(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def attend(self, request):
        body = request.rfile.read(min(int(request.headers.get("Content-Length") or 0), BODY_BYTES_MAX))
        with self.lock:
            way = WAYS[self.stumbled % len(WAYS)] if self.stumbled < self.stumbles else None
            self.stumbled += way is not None
            self.passed += way is None
        if way == "closed":
            request.close_connection = True
            return
        status, headers, content = (way, [], b"") if way else self.ask(request, body)
        service, _, operation = request.headers.get("X-Amz-Target", "").rpartition(".")
        if operation and way is None:
            with self.lock:
                self.answered.add((service, operation, status))
        request.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def ask(self, request, body):
        upstream = http.client.HTTPConnection(self.upstream, timeout=120)
        upstream.putrequest("POST", request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            # The signature covers Host: it stays the one that the client used.
            if name.lower() not in ("connection", "expect"):
                upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        return answer.status, answer.getheaders(), content
