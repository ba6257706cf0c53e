"""The witness itself: it passes answers on as they are, and what the model does not declare it finds."""
import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from witness import Witness

ROLE_XML = """<{op}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><{op}Result><Role><Path>/</Path><RoleName>r</RoleName>{extra}</Role></{op}Result>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{op}Response>"""
SERVICES = {"ServiceSummaryList": [{"ServiceName": "webs", "Status": "RUNNING", "CreatedAt": 1795660645.8}]}


def asked(status, content, service, target="", body=b"{}"):
    """What the witness finds in one answer, which must reach the client as it is."""

    class Upstream(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    upstream = HTTPServer(("127.0.0.1", 0), Upstream)
    thread = threading.Thread(target=upstream.serve_forever, daemon=True)
    thread.start()
    witness = Witness(f"127.0.0.1:{upstream.server_address[1]}")
    try:
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=AKIA/20261126/us-east-1/{service}/aws4_request, Signature=0", "X-Amz-Target": target}
        request = urllib.request.Request(f"http://{witness.address}/", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert (answer.status, answer.read()) == (status, content)
        except urllib.error.HTTPError as error:
            assert (error.code, error.read()) == (status, content)
        assert sum(witness.calls.values()) == 1
        return witness.offences
    finally:
        witness.end()
        upstream.shutdown()
        upstream.server_close()


def with_member(**members):
    return {"ServiceSummaryList": [{**SERVICES["ServiceSummaryList"][0], **members}]}


@pytest.mark.parametrize("answer, found", [
    (SERVICES, None),
    ({**SERVICES, "Total": 1}, "answer.Total is not declared"),
    (with_member(Owner="me"), "answer.ServiceSummaryList[0].Owner is not declared"),
    (with_member(CreatedAt="2026-11-26"), "CreatedAt is not a timestamp"),
    (with_member(Status=None), "Status is null"),
    (with_member(Status=True), "Status is not a string"),
    ({"ServiceSummaryList": {}}, "is not a list"),
], ids=["as declared", "a member", "a member of a member", "a type", "null", "a boolean", "no list"])
def test_what_an_answer_in_json_holds_is_read(answer, found):
    offences = asked(200, json.dumps(answer).encode(), "apprunner", "AppRunner.ListServices")
    assert offences == [] if found is None else found in offences[0], offences


@pytest.mark.parametrize("fault, is_declared", [
    ("InvalidRequestException", True), ("com.amazonaws.apprunner#InternalServiceErrorException", True), ("ThrottlingException", True),
    ("InvalidStateException", False), ("ResourceNotFoundException", False),
])
def test_a_fault_is_one_that_the_operation_declares_or_that_any_may_answer(fault, is_declared):
    offences = asked(400, json.dumps({"__type": fault, "Message": "no"}).encode(), "apprunner", "AppRunner.ListServices")
    assert (offences == []) == is_declared, offences


def test_what_an_answer_in_xml_holds_is_read():
    body = b"Action=GetRole&RoleName=r"
    read = lambda op, extra: asked(200, ROLE_XML.format(op=op, extra=extra).encode(), "iam", body=body)
    assert read("GetRole", "<Arn>a</Arn>") == []
    assert "Owner is not declared" in read("GetRole", "<Owner>me</Owner>")[0]
    assert "its root is" in read("ReadRole", "")[0]
    fault = "<ErrorResponse><Error><Code>{}</Code><Message>no</Message></Error></ErrorResponse>"
    assert asked(404, fault.format("NoSuchEntity").encode(), "iam", body=body) == []
    assert "is not declared" in asked(409, fault.format("EntityAlreadyExists").encode(), "iam", body=body)[0]
