"""Stands between AWS clients and the API and reads every answer against botocore's own model: an answer may hold declared members only, of their
declared types, and only faults that its operation declares. It changes nothing of what passes.
"""
import http.client
import json
import re
import threading
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import botocore.loaders
import botocore.model

# Faults that any operation of AWS may answer, whatever its model says.
COMMON_FAULTS = {
    "AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "IncompleteSignatureException",
    "InternalFailure", "InternalServerError", "InvalidClientTokenId", "InvalidSignatureException", "MalformedInput", "MissingAuthenticationToken",
    "MissingAuthenticationTokenException", "OptInRequired", "RequestExpired", "SerializationException", "ServiceUnavailable",
    "SignatureDoesNotMatch", "Throttling", "ThrottlingException", "UnknownOperationException", "InvalidAction", "UnrecognizedClientException",
    "ValidationError", "ValidationException",
}
SCALARS = {
    "string": str, "boolean": bool, "integer": int, "long": int, "float": (int, float), "double": (int, float), "timestamp": (int, float),
    "blob": str,
}
BODY_BYTES_MAX = 64 * 1024 * 1024


def models():
    """A service's model by the name that it signs with."""
    loader = botocore.loaders.Loader()
    read = {}
    for name in ("apprunner", "ecr", "sts", "iam", "logs"):
        model = botocore.model.ServiceModel(loader.load_service_model(name, "service-2"), service_name=name)
        read[model.signing_name] = model
    return read


def json_offences(shape, value, where):
    """What `value` holds that `shape` does not declare; nothing for what is declared and left out."""
    if value is None:
        return [f"{where} is null"]
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{where} is not a structure: {value!r}"]
        members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        found = [f"{where}.{name} is not declared" for name in value if name not in members]
        return found + [o for name, inner in value.items() if name in members for o in json_offences(members[name], inner, f"{where}.{name}")]
    if kind == "list":
        if not isinstance(value, list):
            return [f"{where} is not a list: {value!r}"]
        return [o for at, inner in enumerate(value) for o in json_offences(shape.member, inner, f"{where}[{at}]")]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{where} is not a map: {value!r}"]
        return [o for name, inner in value.items() for o in json_offences(shape.value, inner, f"{where}[{name}]")]
    # Values of enumerations are not judged: the real service answers some that its model does not list ('active').
    expected = SCALARS[kind]
    is_wrong = not isinstance(value, expected) or (isinstance(value, bool) and kind != "boolean")
    if is_wrong:
        return [f"{where} is not a {kind}: {value!r}"]
    return []


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def xml_offences(shape, element, where):
    kind = shape.type_name
    children = list(element)
    if kind == "structure":
        members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        found = []
        for child in children:
            name = local(child)
            member = members.get(name)
            found += [f"{where}.{name} is not declared"] if member is None else xml_offences(member, child, f"{where}.{name}")
        return found
    if kind == "list":
        name = shape.member.serialization.get("name", "member")
        wrong = [f"{where} holds {local(child)}, not {name}" for child in children if local(child) != name]
        return wrong + [o for child in children for o in xml_offences(shape.member, child, f"{where}[]")]
    if kind == "map":
        return [f"{where} holds {local(child)}, not entry" for child in children if local(child) != "entry"]
    return [f"{where} is not a {kind}"] if children else []


class Witness:
    """Listens at `address` and passes everything on to `upstream` (host:port)."""

    def __init__(self, upstream):
        self.upstream = upstream
        self.models = models()
        self.offences = []
        self.calls = {}
        self.losing = 0
        self.lock = threading.Lock()
        witness = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def pass_on(self):
                witness.pass_on(self)

            do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = pass_on

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                # A client that went away is its own affair; what it was told was read before.
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def end(self):
        """Ends listening; said twice is said once."""
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()

    def lose(self, answers):
        """The next answers are lost on the way to the client: what they answer to has happened."""
        with self.lock:
            self.losing = answers

    def is_lost(self):
        with self.lock:
            lost, self.losing = self.losing > 0, max(self.losing - 1, 0)
            return lost

    def pass_on(self, request):
        body = request.rfile.read(min(int(request.headers.get("Content-Length") or 0), BODY_BYTES_MAX))
        upstream = http.client.HTTPConnection(self.upstream, timeout=120)
        upstream.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            # The signature covers Host: it stays the one that the client used.
            if name.lower() not in ("connection", "expect"):
                upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        self.judge(request, body, answer.status, content)
        if self.is_lost():
            request.close_connection = True
            return
        request.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(content)
        upstream.close()

    def judge(self, request, body, status, content):
        signed = re.search(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/aws4_request", request.headers.get("Authorization", ""))
        model = self.models.get(signed.group(1)) if signed else None
        if model is None:
            return
        target = request.headers.get("X-Amz-Target", "")
        operation = target.rsplit(".", 1)[-1] if target else parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
        found = self.read(model, operation, status, content)
        with self.lock:
            key = f"{model.signing_name}:{operation}"
            self.calls[key] = self.calls.get(key, 0) + 1
            self.offences += [f"{key} ({status}): {offence}" for offence in found]

    def read(self, model, operation, status, content):
        if operation not in model.operation_names:
            return [] if status >= 400 else ["an operation that is not in the model was answered"]
        operation = model.operation_model(operation)
        declared = {shape.error_code for shape in operation.error_shapes} | {shape.name for shape in operation.error_shapes}
        try:
            if model.metadata["protocol"] == "query":
                return self.read_xml(operation, declared, status, ElementTree.fromstring(content))
            return self.read_json(operation, declared, status, json.loads(content or b"{}"))
        except (ValueError, ElementTree.ParseError) as error:
            return [f"cannot be read: {error}: {content[:200]!r}"]

    @staticmethod
    def read_json(operation, declared, status, answer):
        if status < 400:
            return json_offences(operation.output_shape, answer, "answer") if operation.output_shape else [f"{n} is not declared" for n in answer]
        fault = str(answer.get("__type", "")).rsplit("#", 1)[-1]
        return [] if fault in declared | COMMON_FAULTS else [f"the fault {fault!r} is not declared"]

    @staticmethod
    def read_xml(operation, declared, status, answer):
        if status >= 400:
            codes = [element.text for element in answer.iter() if local(element) == "Code"]
            return [] if codes and codes[0] in declared | COMMON_FAULTS else [f"the fault {codes} is not declared"]
        if local(answer) != f"{operation.name}Response":
            return [f"its root is {local(answer)}"]
        allowed = {f"{operation.name}Result", "ResponseMetadata"}
        found = [f"{local(child)} is not declared" for child in answer if local(child) not in allowed]
        for child in answer:
            if local(child) == f"{operation.name}Result" and operation.output_shape:
                found += xml_offences(operation.output_shape, child, "answer")
        return found
