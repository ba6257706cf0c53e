"""Calls any operation of AWS with botocore's own serializer, signer and parser, and keeps the bytes of the answer.

Nothing is checked before sending, nothing is sent again: what a stock client would keep from us reaches the platform here.
"""
import http.client
import json
import threading
from dataclasses import dataclass, field

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.serialize

# Services by the name of their model in botocore. Our own service has no model there.
SERVICES = ("apprunner", "cloudtrail", "ecr", "iam", "logs", "secretsmanager", "service-quotas", "ssm", "sts")
ANSWER_SECONDS_MAX = 60
# What says that an operation is not here; query services of AWS say the second.
UNKNOWN = {"UnknownOperationException", "InvalidAction"}
# The content type of an answer that is a stream of events.
EVENTS = "application/vnd.amazon.eventstream"
# The code of an answer that a client cannot read.
UNREADABLE = "(unreadable)"


@dataclass
class Answer:
    """What came back: the bytes, and how botocore reads them."""

    operation: object
    status: int
    headers: dict
    body: bytes
    parsed: dict = field(default_factory=dict)

    @property
    def is_fault(self):
        return self.status >= 300

    @property
    def code(self):
        """The fault's name as a client sees it; empty where it is none."""
        return self.parsed.get("Error", {}).get("Code", "") if self.is_fault else ""

    @property
    def words(self):
        return self.parsed.get("Error", {}).get("Message", "") if self.is_fault else ""

    def __getitem__(self, member):
        assert not self.is_fault, f"{self.operation.name}: {self.code}: {self.words}"
        return self.parsed[member]

    def __contains__(self, member):
        return not self.is_fault and member in self.parsed

    def __repr__(self):
        return f"{self.operation.name}: {self.status} {self.code} {self.words or self.body[:300]!r}"


class Events:
    """The first messages of a stream of events, as botocore reads a connection."""

    def __init__(self, body):
        self.body = body

    def stream(self):
        yield self.body

    def close(self):
        pass


def model_of(service, loader=botocore.loaders.Loader(), read={}):
    """botocore's model of a service, read once."""
    if service not in read:
        read[service] = botocore.model.ServiceModel(loader.load_service_model(service, "service-2"), service_name=service)
    return read[service]


class Caller:
    """Somebody with an access key, at an endpoint `host:port`."""

    def __init__(self, endpoint, access_key, secret_key, region, token=None):
        self.endpoint, self.region = endpoint, region
        self.credentials = botocore.credentials.Credentials(access_key, secret_key, token)
        self.of_thread = threading.local()
        self.tools = {}

    def call(self, service, operation, _members=None, **members):
        """Calls it with these members; those whose names are no Python words come in a dictionary."""
        operation = model_of(service).operation_model(operation)
        serializer, parser = self.tools_of(service)
        request = serializer.serialize_to_request({**(_members or {}), **members}, operation)
        headers, body = {**operation_headers(request)}, request["body"]
        if isinstance(body, dict):
            body = botocore.awsrequest.AWSRequest(data=body).prepare().body
        if isinstance(body, str):
            body = body.encode()
        return self.send(service, operation, headers, body, parser)

    def tools_of(self, service):
        if service not in self.tools:
            protocol = model_of(service).metadata["protocol"]
            serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
            self.tools[service] = (serializer, botocore.parsers.create_parser(protocol))
        return self.tools[service]

    def send(self, service, operation, headers, body, parser=None, is_signed=True):
        """Sends these bytes as that operation."""
        request = botocore.awsrequest.AWSRequest("POST", f"http://{self.endpoint}/", headers, body)
        if is_signed:
            botocore.auth.SigV4Auth(self.credentials, model_of(service).signing_name, self.region).add_auth(request)
        status, headers, body = self.exchange(request)
        answer = Answer(operation, status, {name.lower(): value for name, value in headers}, body)
        if answer.headers.get("content-type") == EVENTS:
            body = Events(body)
        parser = parser or self.tools_of(service)[1]
        shape = operation.output_shape if operation else None
        try:
            said = {"body": body, "headers": answer.headers, "status_code": status, "context": {"operation_name": operation.name if operation else None}}
            answer.parsed = parser.parse(said, shape)
        except botocore.parsers.ResponseParserError as error:
            answer.status, answer.parsed = max(status, 400), {"Error": {"Code": UNREADABLE, "Message": str(error)}}
        return answer

    def exchange(self, request):
        """Over one connection a thread, as clients with a pool have them; a connection that was closed meanwhile is made anew."""
        headers = {name: value for name, value in request.headers.items()}
        for attempt in (1, 2):
            connection = getattr(self.of_thread, "connection", None)
            is_old = connection is not None
            if not is_old:
                connection = self.of_thread.connection = http.client.HTTPConnection(self.endpoint, timeout=ANSWER_SECONDS_MAX)
            try:
                connection.request("POST", "/", request.body, headers)
                answer = connection.getresponse()
                if answer.getheader("content-type") == EVENTS:
                    # It goes on for hours: what comes first is enough.
                    body = answer.read1(1 << 16)
                    connection.close()
                    self.of_thread.connection = None
                    return answer.status, answer.getheaders(), body
                body = answer.read()
                if answer.will_close:
                    self.of_thread.connection = None
                return answer.status, answer.getheaders(), body
            except (http.client.HTTPException, ConnectionError):
                connection.close()
                self.of_thread.connection = None
                if not is_old or attempt == 2:
                    raise

    def is_offered(self, service, operation):
        """Whether the platform knows the operation: it says so before it asks who calls, so nothing happens."""
        model = model_of(service)
        if model.metadata["protocol"] == "query":
            body = f"Action={operation}&Version={model.api_version}".encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        else:
            body = b"{}"
            headers = {
                "Content-Type": f"application/x-amz-json-{model.metadata['jsonVersion']}",
                "X-Amz-Target": f"{model.metadata['targetPrefix']}.{operation}",
            }
        answer = self.send(service, model.operation_model(operation), headers, body, is_signed=False)
        known = {"MissingAuthenticationToken", "MissingAuthenticationTokenException"}
        assert answer.code in known | UNKNOWN or operation == "AssumeRoleWithWebIdentity", answer
        return answer.code not in UNKNOWN


def operation_headers(request):
    return {name: value for name, value in request["headers"].items()}


def json_call(caller, service, operation, text):
    """A JSON call with this text as its body, whatever it is."""
    model = model_of(service)
    headers = {
        "Content-Type": f"application/x-amz-json-{model.metadata['jsonVersion']}",
        "X-Amz-Target": f"{model.metadata['targetPrefix']}.{operation}",
    }
    body = text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode()
    return caller.send(service, model.operation_model(operation), headers, body)
