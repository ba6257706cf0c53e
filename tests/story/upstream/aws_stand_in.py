"""What stands in for the real AWS: S3, DynamoDB, SQS and Lambda, as far as the stories need them, each call verified by botocore's own signer.

Never believes a signature that it has not computed itself. Answers on loopback in plain HTTP, in threads of its own.
"""
import hashlib
import http.client
import http.server
import json
import threading
import urllib.parse
import zlib

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


DATED = [("Last-Modified", "Thu, 26 Nov 2026 12:00:00 GMT"), ("ETag", '"e"')]


class StandIn:
    """`key` and `secret` are the only ones that it knows. What was asked stands in `asked`: the service, the line, the headers."""

    def __init__(self, key, secret):
        self.key, self.secret = key, secret
        self.asked, self.refused, self.objects, self.items, self.messages = [], [], {}, {}, []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(stand_in):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b"", headers=()):
                body = body.encode() if isinstance(body, str) else body
                self.send_response(status)
                for name, value in [("Content-Length", str(len(body))), ("x-amzn-RequestId", "STAND-IN"), *headers]:
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def perform(self):
                body = self.read()
                service, why = stand_in.verify(self, body)
                stand_in.asked.append((service, f"{self.command} {self.path}", dict(self.headers)))
                if why:
                    stand_in.refused.append(why)
                    return self.answer(403, json.dumps({"__type": "InvalidSignatureException", "message": why}))
                return getattr(stand_in, f"perform_{service}")(self, body)

            def read(self):
                if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = perform

            def log_message(self, *words):
                pass

        return Handler

    def verify(self, request, body):
        """The service that a call was signed for, and why not, if its signature is not ours."""
        authorization = request.headers.get("Authorization", "")
        fields = dict(part.strip().split("=", 1) for part in authorization.removeprefix("AWS4-HMAC-SHA256 ").split(","))
        key, date, region, service, _ = fields["Credential"].split("/")
        if key != self.key:
            return service, f"the key {key} is not known"
        named = request.headers.get("X-Amz-Content-SHA256")
        if named and len(named) == 64 and hashlib.sha256(body).hexdigest() != named:
            return service, "the body is another one"
        signed = fields["SignedHeaders"].split(";")
        absent = {"host", "x-amz-date"} - set(signed)
        if absent:
            return service, f"{absent} are not signed"
        again = AWSRequest(method=request.command, url=f"http://{request.headers['Host']}{request.path}", data=body)
        for name in signed:
            again.headers[name] = request.headers[name]
        again.context["timestamp"] = request.headers["X-Amz-Date"]
        kind = S3SigV4Auth if service == "s3" else SigV4Auth
        signer = kind(Credentials(self.key, self.secret), service, region)
        # As the signer itself does it, but for the headers: only those that were signed.
        signer.headers_to_sign = lambda request: _only(request, signed)
        signer.payload = lambda request: named or hashlib.sha256(body).hexdigest()
        canonical = signer.canonical_request(again)
        wanted = signer.signature(signer.string_to_sign(again, canonical), again)
        return service, None if wanted == fields["Signature"] else f"another signature: {canonical}"

    # --- the services

    def perform_s3(self, request, body):
        url = urllib.parse.urlsplit(request.path)
        path = urllib.parse.unquote(url.path)
        if request.command == "PUT":
            if "aws-chunked" in request.headers.get("Content-Encoding", ""):
                body = _without_chunks(body)
            self.objects[path] = body
            etag = hashlib.md5(body).hexdigest()
            return request.answer(200, headers=[("ETag", f'"{etag}"'), ("x-amz-request-id", "S3-ID")])
        if request.command == "DELETE":
            self.objects.pop(path, None)
            return request.answer(204)
        if path.count("/") == 1:
            keys = sorted(name.split("/", 2)[2] for name in self.objects if name.startswith(f"{path}/") and name.count("/") > 1)
            rows = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in keys)
            return request.answer(200, f'<?xml version="1.0"?><ListBucketResult><KeyCount>{len(keys)}</KeyCount>{rows}</ListBucketResult>')
        if path not in self.objects:
            return request.answer(404, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>")
        return request.answer(200, self.objects[path], [("Content-Type", "application/octet-stream"), ("x-amz-meta-own", "kept"), *DATED])

    def perform_dynamodb(self, request, body):
        operation, asked = request.headers["X-Amz-Target"].split(".")[1], json.loads(body)
        json_10 = [("Content-Type", "application/x-amz-json-1.0"), ("x-amz-crc32", str(_crc32(b"{}")))]
        if operation == "PutItem":
            self.items[json.dumps(asked["Item"]["id"])] = asked["Item"]
            return request.answer(200, "{}", json_10)
        if operation == "GetItem":
            answer = json.dumps({"Item": self.items[json.dumps(asked["Key"]["id"])]}).encode()
            return request.answer(200, answer, [json_10[0], ("x-amz-crc32", str(_crc32(answer)))])
        words = {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "Requested resource not found"}
        return request.answer(400, json.dumps(words), json_10[:1])

    def perform_sqs(self, request, body):
        operation, asked = request.headers["X-Amz-Target"].split(".")[1], json.loads(body)
        if operation == "SendMessage":
            self.messages.append(asked["MessageBody"])
            md5 = hashlib.md5(asked["MessageBody"].encode()).hexdigest()
            answer = {"MessageId": str(len(self.messages)), "MD5OfMessageBody": md5}
        else:
            found = [{"MessageId": "1", "ReceiptHandle": "r", "Body": text, "MD5OfBody": hashlib.md5(text.encode()).hexdigest()} for text in self.messages]
            answer = {"Messages": found}
        return request.answer(200, json.dumps(answer), [("Content-Type", "application/x-amz-json-1.0")])

    def perform_lambda(self, request, body):
        return request.answer(200, json.dumps({"got": json.loads(body or b"null")}), [("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST")])


def _only(request, signed):
    headers = http.client.HTTPMessage()
    for name in signed:
        headers[name] = request.headers[name]
    return headers


def _without_chunks(body):
    """What a body says that is sent in pieces with checksums behind it (the content encoding aws-chunked)."""
    said = b""
    while (line := body.partition(b"\r\n"))[0].split(b";")[0] != b"0":
        size = int(line[0].split(b";")[0], 16)
        said, body = said + line[2][:size], line[2][size + 2:]
    return said


def _crc32(data):
    return zlib.crc32(data)
