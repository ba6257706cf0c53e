"""Reads one answer against botocore's own model: undeclared members, missing required ones, wrong types, wrong case, undeclared faults.

An answer's bytes are read, not what a parser makes of them: parsers pass over what they do not know.
"""
import json
import re
import uuid
import xml.etree.ElementTree as ElementTree
from datetime import datetime

from botocore.eventstream import EventStreamBuffer

# Faults that any operation of AWS may answer with, whatever its model says.
COMMON_FAULTS = {
    "json": {
        "AccessDeniedException", "ExpiredTokenException", "IncompleteSignatureException", "InvalidSignatureException",
        "MissingAuthenticationTokenException", "SerializationException", "ThrottlingException", "UnknownOperationException",
        "UnrecognizedClientException",
    },
    "query": {
        "AccessDenied", "ExpiredToken", "IncompleteSignature", "InternalFailure", "InvalidAction", "InvalidClientTokenId", "MalformedInput",
        "MissingAuthenticationToken", "SignatureDoesNotMatch", "Throttling", "ValidationError",
    },
}
# Services whose front end tells violations of the model by a name of its own.
FRONT_END_FAULTS = {name: {"ValidationException"} for name in ("secretsmanager", "ssm", "cloudtrail", "service-quotas")}
# The real service sends these in lower case, whatever its model says; Terraform compares them so.
LOWER_CASE = {"AutoScalingConfigurationStatus", "CustomDomainAssociationStatus"}
# Constraints that the model puts on what we answer and that the real service breaks itself.
UNTRUE_PATTERNS = {
    ("apprunner", "ServiceId"): "a dashed UUID cannot be 32 characters long",
}
# Values that AWS itself answers against its own model: by shape, and where that says too much, by place. Source: its documented examples.
UNTRUE_VALUES = {
    # The model's enumeration holds PermissionsBoundaryPolicy alone; its documentation says "only a value of Policy", and that is what comes.
    ("iam", "PermissionsBoundaryAttachmentType"): re.compile("Policy"),
    # The root user's id is the account's number, which is shorter than any id may be.
    ("iam", ".User.UserId"): re.compile(r"\d{12}"),
}
JSON_TYPES = {
    "string": str, "boolean": bool, "integer": int, "long": int, "float": (int, float), "double": (int, float), "timestamp": (int, float),
    "blob": str,
}
ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def offences(service, answer):
    """Everything that is wrong with an answer; empty where nothing is."""
    operation, protocol = answer.operation, answer.operation.service_model.metadata["protocol"]
    found = [] if is_request_id(answer.headers.get("x-amzn-requestid", "")) else ["x-amzn-RequestId is no UUID"]
    kind = "text/xml" if protocol == "query" else f"application/x-amz-json-{operation.service_model.metadata['jsonVersion']}"
    if operation.has_event_stream_output and not answer.is_fault:
        kind = "application/vnd.amazon.eventstream"
    if answer.headers.get("content-type") != kind:
        found.append(f"its content type is {answer.headers.get('content-type')}, not {kind}")
    try:
        read = read_events if kind.endswith("eventstream") else read_xml if protocol == "query" else read_json
        return found + read(service, operation, answer)
    except (ValueError, ElementTree.ParseError) as error:
        return [*found, f"cannot be read: {error}: {answer.body[:200]!r}"]


def is_request_id(text):
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def declared_faults(service, operation):
    """What the operation may answer with: its own faults by the name on the wire and by status, and the common ones."""
    own = {shape.error_code: shape.metadata.get("error", {}).get("httpStatusCode") for shape in operation.error_shapes}
    protocol = "query" if operation.service_model.metadata["protocol"] == "query" else "json"
    return own, COMMON_FAULTS[protocol] | FRONT_END_FAULTS.get(service, set())


def fault_offences(service, operation, code, status):
    own, common = declared_faults(service, operation)
    if code in own:
        # Client faults of the JSON services are 400 where the model gives no status.
        expected = own[code] or (500 if is_server_fault(operation, code) else 400)
        return [] if status == expected else [f"{code} has status {status}, not {expected}"]
    return [] if code in common else [f"the fault {code!r} is not declared"]


def is_server_fault(operation, code):
    # botocore keeps `fault` out of the metadata that it offers.
    return any(shape.error_code == code and shape._shape_model.get("fault") for shape in operation.error_shapes)


def read_events(service, operation, answer):
    """botocore has read the first message, or the answer would be a fault; the others are events that the model declares."""
    (stream,) = [shape for shape in operation.output_shape.members.values() if shape.serialization.get("eventstream")]
    events = EventStreamBuffer()
    events.add_data(answer.body)
    found = []
    for message in events:
        name, payload = message.headers[":event-type"], json.loads(message.payload)
        if name == "initial-response":
            found += [] if payload == {} else [f"the initial response says {payload}"]
        elif name not in stream.members:
            found.append(f"the event {name!r} is not declared")
        else:
            found += json_offences(service, stream.members[name], payload, f".{name}")
    return found


def read_json(service, operation, answer):
    value = json.loads(answer.body or b"{}")
    if answer.is_fault:
        names = [name for name in ("message", "Message") if isinstance(value.get(name), str)]
        of_its_own = {name for shape in operation.error_shapes if shape.error_code == value.get("__type") for name in shape.members}
        extra = set(value) - {"__type", "message", "Message"} - of_its_own
        found = [] if len(names) == 1 and value[names[0]] else ["a fault without words"]
        found += [f"a fault with the member {name}" for name in sorted(extra)]
        if service == "apprunner" and names != ["Message"] and answer.status == 400:
            found.append("App Runner's faults carry Message")
        return found + fault_offences(service, operation, value.get("__type", ""), answer.status)
    shape = operation.output_shape
    return json_offences(service, shape, value, "") if shape else [f"{name} is not declared" for name in value]


def json_offences(service, shape, value, at):
    kind = shape.type_name
    if value is None:
        return [f"{at} is null"]
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{at} is not a structure: {value!r}"]
        members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        found = [f"{at}.{name} is not declared" for name in value if name not in members]
        found += [f"{at}.{name} is required" for name in shape.required_members if shape.members[name].serialization.get("name", name) not in value]
        return found + [o for name, inner in value.items() if name in members for o in json_offences(service, members[name], inner, f"{at}.{name}")]
    if kind == "list":
        if not isinstance(value, list):
            return [f"{at} is not a list: {value!r}"]
        return [o for n, inner in enumerate(value) for o in json_offences(service, shape.member, inner, f"{at}[{n}]")]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{at} is not a map: {value!r}"]
        keys = [o for name in value for o in text_offences(service, shape.key, name, f"a key of {at}")]
        return keys + [o for name, inner in value.items() for o in json_offences(service, shape.value, inner, f"{at}[{name}]")]
    if not isinstance(value, JSON_TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return [f"{at} is not a {kind}: {value!r}"]
    return text_offences(service, shape, value, at) if kind == "string" else number_offences(shape, value, at)


def number_offences(shape, value, at):
    if shape.type_name not in ("integer", "long", "float", "double"):
        return []
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    found = [f"{at} is less than {least}: {value}"] if least is not None and value < least else []
    return found + ([f"{at} is more than {most}: {value}"] if most is not None and value > most else [])


def is_known_untrue(service, shape, value, at):
    return any(known is not None and known.fullmatch(value) for known in (UNTRUE_VALUES.get((service, key)) for key in (shape.name, at)))


def text_offences(service, shape, value, at):
    if is_known_untrue(service, shape, value, at):
        return []
    if shape.enum:
        values = [v.lower() for v in shape.enum] if shape.name in LOWER_CASE else shape.enum
        return [] if value in values else [f"{at} is {value!r}, none of {values}"]
    least, most, pattern = shape.metadata.get("min", 0), shape.metadata.get("max"), shape.metadata.get("pattern")
    found = [f"{at} is shorter than {least}: {value!r}"] if len(value) < least else []
    if most is not None and len(value) > most:
        found.append(f"{at} is longer than {most}: {value!r}")
    if pattern and (service, shape.name) not in UNTRUE_PATTERNS and not matches(pattern, value):
        found.append(f"{at} does not match {pattern}: {value!r}")
    return found


def matches(pattern, value):
    """Whether the whole value matches; patterns that Python cannot read (a few name character classes) match everything."""
    try:
        return re.fullmatch(pattern, value, re.ASCII | re.DOTALL) is not None
    except re.error:
        return True


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def namespace(element):
    return element.tag[1:].rsplit("}", 1)[0] if element.tag.startswith("{") else ""


def read_xml(service, operation, answer):
    root = ElementTree.fromstring(answer.body)
    wanted = operation.service_model.metadata["xmlNamespace"]
    found = sorted({f"{local(e)} is in the namespace {namespace(e)!r}" for e in root.iter() if namespace(e) != wanted})
    if answer.is_fault:
        shape = [local(child) for child in root]
        inner = [local(child) for child in root[0]] if len(root) else []
        if (local(root), shape, inner) != ("ErrorResponse", ["Error", "RequestId"], ["Type", "Code", "Message"]):
            return [*found, f"a fault is written as {local(root)}{shape}{inner}"]
        sender = "Sender" if answer.status < 500 else "Receiver"
        found += [] if root[0][0].text == sender else [f"its type is {root[0][0].text}, not {sender}"]
        return found + fault_offences(service, operation, root[0][1].text, answer.status)
    result = f"{operation.name}Result"
    wanted = [result, "ResponseMetadata"] if operation.output_shape else ["ResponseMetadata"]
    if local(root) != f"{operation.name}Response" or [local(child) for child in root] != wanted:
        return [*found, f"it is written as {local(root)}{[local(child) for child in root]}"]
    found += [] if [local(child) for child in root[-1]] == ["RequestId"] else ["ResponseMetadata holds more than RequestId"]
    return found + (xml_offences(service, operation.output_shape, root[0], "") if operation.output_shape else [])


def xml_offences(service, shape, element, at):
    kind, children = shape.type_name, list(element)
    if kind == "structure":
        return structure_offences(service, shape, children, at)
    if kind == "list":
        name = shape.member.serialization.get("name", "member")
        wrong = [f"{at} holds {local(child)}, not {name}" for child in children if local(child) != name]
        return wrong + [o for n, child in enumerate(children) for o in xml_offences(service, shape.member, child, f"{at}[{n}]")]
    if kind == "map":
        return [f"{at} holds {local(child)}, not entry" for child in children if local(child) != "entry"]
    if children:
        return [f"{at} is not a {kind}"]
    text = element.text or ""
    if kind == "string":
        return text_offences(service, shape, unquoted(shape, text), at)
    return xml_scalar_offences(shape, text, at)


def unquoted(shape, text):
    """Policy documents are percent-encoded on the wire; the model speaks of what is inside."""
    from urllib.parse import unquote

    return unquote(text) if shape.name == "policyDocumentType" else text


def structure_offences(service, shape, children, at):
    members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    seen = [local(child) for child in children]
    found = [f"{at}.{name} is not declared" for name in seen if name not in members]
    found += [f"{at}.{name} is there twice" for name in set(seen) if seen.count(name) > 1]
    found += [f"{at}.{name} is required" for name in shape.required_members if shape.members[name].serialization.get("name", name) not in seen]
    return found + [o for c in children if local(c) in members for o in xml_offences(service, members[local(c)], c, f"{at}.{local(c)}")]


def xml_scalar_offences(shape, text, at):
    kind = shape.type_name
    if kind == "boolean":
        return [] if text in ("true", "false") else [f"{at} is no boolean: {text!r}"]
    if kind == "timestamp":
        if not ISO_8601.fullmatch(text):
            return [f"{at} is no time of ISO 8601: {text!r}"]
        datetime.fromisoformat(text.replace("Z", "+00:00"))
        return []
    if kind in ("integer", "long", "float", "double"):
        return number_offences(shape, float(text), at)
    return []
