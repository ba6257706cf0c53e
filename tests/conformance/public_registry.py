"""A public registry that gives away one image and asks nobody who he is: what an operator names with `--registry-mirror public.ecr.aws=URL`.

Serves the files of an image layout as they are; writes nothing. Source: the distribution specification, pull only.
"""
import http.server
import json
import re
import threading
from pathlib import Path


class PublicRegistry:
    """Listens on loopback until `close`; every repository there has the image `layout` under the tag `v1`."""

    def __init__(self, layout):
        self.asked = []
        blobs = Path(layout) / "blobs" / "sha256"
        top = json.loads((Path(layout) / "index.json").read_text())["manifests"][0]
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def found(self):
                """(media type, digest, content) of what the path names."""
                path = re.fullmatch(r"/v2/[a-z0-9/._-]+/(manifests|blobs)/(.+)", self.path)
                kind, what = path.groups() if path else (None, "")
                digest = top["digest"] if kind == "manifests" and what == "v1" else what
                file = blobs / digest.removeprefix("sha256:")
                if not re.fullmatch("sha256:[0-9a-f]{64}", digest) or not file.exists():
                    return None
                return top["mediaType"] if kind == "manifests" else "application/octet-stream", digest, file.read_bytes()

            def answer(self):
                registry.asked.append(self.path)
                media_type, digest, content = self.found() or ("text/plain", "", b"")
                self.send_response(200 if digest or self.path == "/v2/" else 404)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(content)))
                if digest:
                    self.send_header("Docker-Content-Digest", digest)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(content)

            do_GET = do_HEAD = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
