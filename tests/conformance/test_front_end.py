"""What every operation of every service may be answered before anybody looks at it: in the names, statuses and form of the service's own protocol."""
import pytest
from answer_check import offences
from required_operations import REQUIRED
from signed_call import Caller, json_call, model_of

# A harmless operation of each service, which the platform must know for the service to be tried.
ONE = {
    "apprunner": "ListServices", "ecr": "DescribeRepositories", "iam": "ListRoles", "logs": "DescribeLogGroups", "sts": "GetCallerIdentity",
    "secretsmanager": "ListSecrets", "ssm": "DescribeParameters", "cloudtrail": "LookupEvents", "service-quotas": "ListServices",
}
# The fault of each mistake: (JSON services, query services), each with its status. Source: common errors of AWS's API references.
FAULTS = {
    "no signature": (("MissingAuthenticationTokenException", 400), ("MissingAuthenticationToken", 403)),
    "a key of nobody": (("UnrecognizedClientException", 400), ("InvalidClientTokenId", 403)),
    "another secret": (("InvalidSignatureException", 400), ("SignatureDoesNotMatch", 403)),
    "a token of nobody": (("UnrecognizedClientException", 400), ("InvalidClientTokenId", 403)),
}


def called(ground, service, mistake):
    good = ground.caller
    key, secret, token = good.credentials.access_key, good.credentials.secret_key, None
    if mistake == "a key of nobody":
        key = "AKIA" + "0" * 16
    elif mistake == "another secret":
        secret = "x" * 40
    elif mistake == "a token of nobody":
        token = "no token of ours"
    caller = Caller(good.endpoint, key, secret, good.region, token)
    if mistake != "no signature":
        return caller.call(service, ONE[service])
    model = model_of(service)
    if model.metadata["protocol"] == "query":
        body, headers = f"Action={ONE[service]}&Version={model.api_version}".encode(), {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    else:
        body = b"{}"
        target = f"{model.metadata['targetPrefix']}.{ONE[service]}"
        headers = {"Content-Type": f"application/x-amz-json-{model.metadata['jsonVersion']}", "X-Amz-Target": target}
    return caller.send(service, model.operation_model(ONE[service]), headers, body, is_signed=False)


@pytest.mark.parametrize("mistake", FAULTS)
@pytest.mark.parametrize("service", sorted(ONE))
def test_who_calls_is_asked_in_the_services_own_words(ground, tally, service, mistake):
    answer = called(ground, service, mistake)
    expected = FAULTS[mistake][model_of(service).metadata["protocol"] == "query"]
    holds = (answer.code, answer.status) == expected and not offences(service, answer)
    tally.check(service, ONE[service], f"{mistake} is told as {expected}", holds, f"{answer!r} {offences(service, answer)}")
    assert holds, (answer, offences(service, answer))


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"MaxResults": "many"}', b"\xff\xfe", b'{"NextToken": 7}'])
def test_a_body_that_cannot_be_read_is_told_so(ground, tally, body):
    answer = json_call(ground.caller, "apprunner", "ListServices", body)
    holds = (answer.code, answer.status) == ("SerializationException", 400) and not offences("apprunner", answer)
    tally.check("apprunner", "ListServices", f"{body!r} is told as SerializationException", holds, repr(answer))
    assert holds, (answer, offences("apprunner", answer))


@pytest.mark.parametrize("text", ["", "{}", '{"Unknown": [1], "MaxResults": null}'])
def test_an_empty_body_unknown_members_and_null_are_taken(ground, text):
    answer = ground.judged("apprunner", json_call(ground.caller, "apprunner", "ListServices", text))
    assert "ServiceSummaryList" in answer, answer


def test_an_operation_that_is_not_here_is_unknown_in_its_own_protocol(ground):
    for service in REQUIRED:
        model = model_of(service)
        absent = [name for name in model.operation_names if (service, name) not in ground.offered]
        for name in absent[:3]:
            answer = ground.caller.call(service, name, {})
            expected = "InvalidAction" if model.metadata["protocol"] == "query" else "UnknownOperationException"
            assert (answer.code, answer.status) == (expected, 400), answer
