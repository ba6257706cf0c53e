"""A service that asks AWS with whatever its environment gives it: stock boto3, no setting of its own.

    /who             who it is, as STS says
    /secret/NAME     the value of a secret, or the fault's code
    /key             the id of the access key that its client signs with now
    /ask?TOKEN       what the credentials' address answers to TOKEN (nothing: no token), as status and text
    /at?HOST:PORT    whether somebody answers there
"""
import http.server
import json
import os
import socket
import threading
import urllib.error
import urllib.request
from urllib.parse import unquote

import boto3
from botocore.exceptions import BotoCoreError, ClientError

SESSION, LOCK = boto3.session.Session(), threading.Lock()


def client(service):
    with LOCK:
        return SESSION.client(service)


CLIENTS = {service: client(service) for service in ("sts", "secretsmanager")}


def ask(token):
    request = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    if token:
        request.add_header("Authorization", token)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return f"{answer.status} {answer.read().decode()}"
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read().decode()}"


def at(place):
    host, port = place.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
        return "somebody answers"
    except OSError as error:
        return f"nobody: {error}"


def answer(path):
    path, _, query = path.partition("?")
    query = unquote(query)
    if path == "/who":
        return json.dumps(CLIENTS["sts"].get_caller_identity(), default=str)
    if path.startswith("/secret/"):
        return CLIENTS["secretsmanager"].get_secret_value(SecretId=path.removeprefix("/secret/"))["SecretString"]
    if path == "/key":
        return SESSION.get_credentials().get_frozen_credentials().access_key
    if path == "/ask":
        return ask(query)
    if path == "/at":
        return at(query)
    return "Hello"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, text = 200, answer(self.path)
        except ClientError as error:
            status, text = 502, error.response["Error"]["Code"]
        except (BotoCoreError, OSError) as error:
            status, text = 503, f"{type(error).__name__}: {error}"
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
