"""What reads the answers, and what breaks the inputs: both find what they must, and nothing else."""
import json

import pytest
from answer_check import offences
from breaking import cases, names_it
from inputs import member_paths
from signed_call import Answer, model_of
from compatibility_table import table

ID = "01234567-89ab-4def-8123-456789abcdef"
ARN = "arn:aws:apprunner:us-east-1:000000000000:service/webs/" + "0" * 32
SUMMARY = {"ServiceName": "webs", "Status": "RUNNING", "CreatedAt": 1795660645.8, "ServiceArn": ARN}
SCALING = {
    "AutoScalingConfiguration": {
        "AutoScalingConfigurationArn": ARN.replace("service/webs", "autoscalingconfiguration/webs/1"), "AutoScalingConfigurationName": "webs",
        "Status": "active", "MaxConcurrency": 100,
    }
}
ROLE = """<{op}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><{op}Result><Role><Path>/</Path><RoleName>role</RoleName>
<RoleId>AROA00000000000000000</RoleId><Arn>arn:aws:iam::000000000000:role/role</Arn><CreateDate>{date}</CreateDate>{extra}</Role></{op}Result>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{op}Response>"""
FAULT = """<ErrorResponse xmlns="{ns}"><Error><Type>{kind}</Type><Code>{code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>"""
NS = "https://iam.amazonaws.com/doc/2010-05-08/"


def read(service, operation, body, status=200, **headers):
    operation = model_of(service).operation_model(operation)
    kind = "text/xml" if service == "iam" else "application/x-amz-json-1.0"
    body = body if isinstance(body, str) else json.dumps(body)
    return offences(service, Answer(operation, status, {"content-type": kind, "x-amzn-requestid": ID, **headers}, body.encode()))


def summary(**members):
    return {"ServiceSummaryList": [{**SUMMARY, **members}]}


@pytest.mark.parametrize("operation, answer, found", [
    ("ListServices", summary(), None),
    ("ListServices", {}, ".ServiceSummaryList is required"),
    ("ListServices", {**summary(), "Total": 1}, ".Total is not declared"),
    ("ListServices", summary(Owner="me"), ".ServiceSummaryList[0].Owner is not declared"),
    ("ListServices", summary(CreatedAt="2026-11-26"), "CreatedAt is not a timestamp"),
    ("ListServices", summary(Status=None), "Status is null"),
    ("ListServices", summary(Status="running"), "Status is 'running', none of"),
    ("ListServices", summary(ServiceName="web"), "ServiceName is shorter than 4"),
    ("ListServices", summary(ServiceName="we bs"), "ServiceName does not match"),
    ("ListServices", "{", "cannot be read"),
    ("DescribeAutoScalingConfiguration", SCALING, None),
    ("DescribeAutoScalingConfiguration", {"AutoScalingConfiguration": {"Status": "ACTIVE"}}, "is 'ACTIVE', none of ['active', 'inactive']"),
    ("DescribeAutoScalingConfiguration", {"AutoScalingConfiguration": {"MaxConcurrency": "100"}}, "is not a integer"),
    ("DescribeAutoScalingConfiguration", {"AutoScalingConfiguration": {"Latest": 1}}, "is not a boolean"),
])
def test_what_an_answer_in_json_holds_is_read(operation, answer, found):
    seen = read("apprunner", operation, answer)
    assert seen == [] if found is None else any(found in one for one in seen), seen


@pytest.mark.parametrize("fault, status, found", [
    ("InvalidRequestException", 400, None), ("ThrottlingException", 400, None), ("InternalServiceErrorException", 500, None),
    ("InvalidRequestException", 500, "has status 500, not 400"), ("InvalidStateException", 400, "is not declared"), ("ValidationError", 400, "is not declared"),
])
def test_faults_are_declared_and_have_their_status(fault, status, found):
    seen = read("apprunner", "ListServices", {"__type": fault, "Message": "no"}, status)
    assert seen == [] if found is None else found in seen[0], seen


def test_a_fault_has_words_in_the_member_that_app_runner_uses():
    assert "App Runner's faults carry Message" in read("apprunner", "ListServices", {"__type": "InvalidRequestException", "message": "no"}, 400)
    assert "a fault without words" in read("apprunner", "ListServices", {"__type": "InvalidRequestException"}, 400)


def test_what_an_answer_in_xml_holds_is_read():
    date = "2026-11-26T00:00:00Z"
    good = ROLE.format(op="GetRole", date=date, extra="<AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument>")
    assert read("iam", "GetRole", good) == []
    for body, found in (
        (ROLE.format(op="GetRole", date=date, extra="<Owner>me</Owner>"), ".Role.Owner is not declared"),
        (ROLE.format(op="GetRole", date="1795660645", extra=""), "is no time of ISO 8601"),
        (ROLE.format(op="ReadRole", date=date, extra=""), "it is written as ReadRoleResponse"),
        (ROLE.format(op="GetRole", date=date, extra="<Tags><Tag/></Tags>"), "holds Tag, not member"),
        (good.replace(NS, "https://iam.example.com/"), "is in the namespace"),
        (good.replace("<Path>/</Path>", ""), ".Role.Path is required"),
        (good.replace("<Path>/</Path>", "<Path>/</Path><Path>/</Path>"), ".Role.Path is there twice"),
    ):
        assert any(found in one for one in read("iam", "GetRole", body)), (found, read("iam", "GetRole", body))
    assert read("iam", "GetRole", FAULT.format(ns=NS, kind="Sender", code="NoSuchEntity"), 404) == []
    assert "is not declared" in read("iam", "GetRole", FAULT.format(ns=NS, kind="Sender", code="EntityAlreadyExists"), 409)[0]
    assert "its type is Receiver" in read("iam", "GetRole", FAULT.format(ns=NS, kind="Receiver", code="NoSuchEntity"), 404)[0]


def test_every_answer_has_an_id_and_a_type():
    assert "x-amzn-RequestId is no UUID" in read("apprunner", "ListServices", summary(), **{"x-amzn-requestid": "1"})
    assert "its content type is" in read("apprunner", "ListServices", summary(), **{"content-type": "text/plain"})[0]


def test_each_constraint_is_broken_once():
    shape = model_of("apprunner").operation_model("CreateAutoScalingConfiguration").input_shape
    members = {"AutoScalingConfigurationName": "webs", "MaxConcurrency": 1, "MinSize": 1, "MaxSize": 1, "Tags": [{"Key": "a", "Value": "b"}]}
    found = {case.what for case in cases("apprunner", shape, members)}
    for what in ("autoScalingConfigurationName: left out", "autoScalingConfigurationName: too long", "autoScalingConfigurationName: too short",
                 "maxSize: 0", "minSize: 0", "tags.1.member.key: too long", "tags.1.member.value: too long"):
        assert what in found, found
    assert {"Tags", "Tags.Key", "Tags.Value", "MaxSize"} <= set(member_paths(shape, members)) <= set(member_paths(shape))
    words = "1 validation error detected: Value '0' at 'maxSize' failed to satisfy constraint: Member must have value greater than or equal to 1"
    assert names_it(words, "maxSize", "Member must have value greater than or equal to 1")
    assert not names_it(words, "minSize", "Member must have value greater than or equal to 1")
    assert not names_it("Not available in this version", "maxSize", "Member")


def row(*failed):
    return {"passed": 1, "failed": list(failed), "unprovoked": {}}


def test_the_table_says_what_is_complete_what_is_not_and_no_count_that_changes():
    names = ["apprunner:ListServices", "apprunner:CreateService", "apprunner:CreateConnection", "secretsmanager:RotateSecret"]
    operations = {**{name: row() for name in names}, "ecr:ListImages": row("it is wrong")}
    written = table({"operations": operations, "passed": 3_510, "failed": 1})
    (services,) = [line.split("|")[1:] for line in written.splitlines() if line.startswith("| App Runner")]
    assert [cell.strip() for cell in services[:4]] == ["App Runner (3)", "ListServices", "CreateService", "CreateConnection"]
    assert "DescribeService" in services[4] and "CreateService" not in services[4]
    assert "| ECR (1) | – | – | – |" in written and "Failed in that run: ECR: ListImages." in written
    assert "| Secrets Manager (0) |" in written and "RotateSecret: rotation runs" in written
    (partial,) = [line for line in written.splitlines() if line.startswith("- App Runner CreateService: ")]
    assert "EncryptionConfiguration (there is no KMS)" in partial and "EgressType VPC (the service ends CREATE_FAILED)" in partial
    assert written == table({"operations": {**operations, "ecr:ListImages": {**row("it is wrong"), "passed": 99}}, "passed": 9, "failed": 9})
    assert "3,510" not in written
