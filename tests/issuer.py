"""An outside issuer of identity tokens, as GitHub is one: a real HTTPS server with a certificate of an authority of its own and a key of its own.

It listens at port 443, since an issuer's URL has no port, on a loopback address of its own: tests have a network namespace to themselves.
"""
import http.server
import json
import secrets
import ssl
import subprocess
import threading
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ADDRESS = "127.0.0.9"
# An issuer that the platform may ask, and at which nobody listens.
SILENT = "127.0.0.250"


def authority(folder, address):
    """An authority, and a certificate of its for an address: (CA file, chain file, key file)."""

    def openssl(*words):
        subprocess.run(["openssl", *[str(word) for word in words]], check=True, capture_output=True, timeout=60)

    folder.mkdir(parents=True, exist_ok=True)
    ca, ca_key, leaf, leaf_key, asked = (folder / name for name in ("ca.pem", "ca.key", "leaf.pem", "leaf.key", "leaf.csr"))
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *new_key, "-keyout", ca_key, "-out", ca, "-days", 2, "-subj", "/CN=issuer authority")
    openssl("req", *new_key, "-keyout", leaf_key, "-out", asked, "-subj", f"/CN={address}")
    names = folder / "names"
    names.write_text(f"subjectAltName=IP:{address}\n")
    openssl("x509", "-req", "-in", asked, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-out", leaf, "-days", 2, "-extfile", names)
    return ca, leaf, leaf_key


class Issuer:
    """Serves discovery document and keys until `close`."""

    def __init__(self, folder, address=ADDRESS):
        self.address, self.url = address, f"https://{address}"
        self.ca, leaf, leaf_key = authority(folder, address)
        self.keys = {}
        self.asked = []
        self.add_key("first")
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                body = issuer.pages().get(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, 443), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(leaf, leaf_key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add_key(self, name, algorithm="RS256"):
        pair = rsa.generate_private_key(65537, 2048) if algorithm == "RS256" else ec.generate_private_key(ec.SECP256R1())
        self.keys[name] = (algorithm, pair)

    def pages(self):
        known = {"RS256": jwt.algorithms.RSAAlgorithm, "ES256": jwt.algorithms.ECAlgorithm}
        shown = [
            {**known[algorithm].to_jwk(pair.public_key(), as_dict=True), "kid": name, "use": "sig", "alg": algorithm}
            for name, (algorithm, pair) in self.keys.items()
        ]
        discovery = {"issuer": self.url, "jwks_uri": f"{self.url}/keys", "id_token_signing_alg_values_supported": ["RS256", "ES256"]}
        return {"/.well-known/openid-configuration": json.dumps(discovery).encode(), "/keys": json.dumps({"keys": shown}).encode()}

    def token(self, key="first", **claims):
        """A token as a workflow gets one; claims of `None` are left out."""
        now = int(time.time())
        said = {
            "iss": self.url, "aud": "sts.amazonaws.com", "sub": "repo:octo/web:ref:refs/heads/main", "iat": now, "nbf": now, "exp": now + 300,
            "jti": secrets.token_hex(8), **claims,
        }
        algorithm, pair = self.keys[key]
        return jwt.encode({k: v for k, v in said.items() if v is not None}, pair, algorithm=algorithm, headers={"kid": key})

    def env(self):
        """What a platform is told of it."""
        return {"OUTRUNNER_ISSUER_CA": str(self.ca), "OUTRUNNER_ISSUER_PRIVATE": f"{self.address},{SILENT}"}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
