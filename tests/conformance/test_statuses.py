"""Every status of a service × every operation that changes one: what is answered, and what the service is right after."""
import pytest
from ground import arn

STATUSES = ("RUNNING", "PAUSED", "CREATE_FAILED", "OPERATION_IN_PROGRESS", "DELETED")
NOT_RUNNING = "Can't start a deployment on the specified service, because it isn't in RUNNING state."
BEGINS, ALREADY, STAYS = "begins", "already so", "stays"
STATE, REQUEST, GONE = "InvalidStateException", "InvalidRequestException", "ResourceNotFoundException"

# Each cell: what happens. `begins`: the answer says OPERATION_IN_PROGRESS and names the operation; `already so`: it names none; a fault otherwise.
# Source: App Runner API reference and what Terraform, Copilot and the GitHub action depend on. A deleted service may be not there any more.
TABLE = {
    "UpdateService": (BEGINS, {STATE}, BEGINS, {STATE}, {STATE, GONE}),
    "PauseService": (BEGINS, ALREADY, {STATE}, {STATE}, {STATE, GONE}),
    "ResumeService": (ALREADY, BEGINS, {STATE}, {STATE}, {STATE, GONE}),
    "StartDeployment": (BEGINS, {REQUEST}, {REQUEST}, {REQUEST}, {REQUEST, GONE}),
    "DeleteService": (BEGINS, BEGINS, BEGINS, {STATE}, {STATE, GONE}),
    "AssociateCustomDomain": (STAYS, {STATE}, {STATE}, {STATE}, {STATE, REQUEST}),
    "DisassociateCustomDomain": ({GONE}, {STATE}, {STATE}, {STATE}, {STATE, GONE}),
    "CreateVpcIngressConnection": ({STATE, REQUEST}, {STATE, REQUEST}, {STATE, REQUEST}, {STATE}, {STATE, REQUEST}),
    "TagResource": (STAYS, STAYS, STAYS, STAYS, {STATE}),
    "UntagResource": (STAYS, STAYS, STAYS, STAYS, {STATE}),
}
MORE = {
    "AssociateCustomDomain": lambda g: {"DomainName": f"{g.name('shop')}.example.com"},
    "DisassociateCustomDomain": lambda g: {"DomainName": "nobody.example.com"},
    "CreateVpcIngressConnection": lambda g: {
        "VpcIngressConnectionName": g.name("ingress"), "IngressVpcConfiguration": {"VpcId": "vpc-0a1b2c3d", "VpcEndpointId": "vpce-0a1b2c3d"}},
    "TagResource": lambda g: {"Tags": [{"Key": "team", "Value": "web"}]},
    "UntagResource": lambda g: {"TagKeys": ["team"]},
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("operation", TABLE)
def test_what_an_operation_does_in_a_status(ground, tally, operation, status):
    expected = TABLE[operation][STATUSES.index(status)]
    # What begins something has a service of its own; the others must change nothing.
    service = ground.service(status) if expected == BEGINS else ground.shared_service(status)
    name = "ResourceArn" if operation in ("TagResource", "UntagResource") else "ServiceArn"
    answer = ground.call("apprunner", operation, {name: service, **MORE.get(operation, lambda _: {})(ground)})
    says = repr(answer)
    if isinstance(expected, set):
        holds = answer.code in expected and (operation != "StartDeployment" or answer.code == GONE or answer.words == NOT_RUNNING)
    elif expected == STAYS:
        holds = not answer.is_fault
    else:
        holds = not answer.is_fault and ("OperationId" in answer) == (expected == BEGINS)
        if holds and operation != "StartDeployment":
            holds = answer["Service"]["Status"] == ("OPERATION_IN_PROGRESS" if expected == BEGINS else status)
    tally.check("apprunner", operation, f"in {status}: {expected}", holds, says)
    assert holds, says
    # Whoever reads right after sees what the answer said, and a refusal has changed nothing.
    if expected != BEGINS:
        now = ground.status(service)
        assert tally.check("apprunner", operation, f"in {status}: the service is as before", now == status, now), now
        return
    found = ground.made("apprunner", "ListOperations", ServiceArn=service)["OperationSummaryList"]
    listed = bool(found) and found[0]["Id"] == answer["OperationId"] and found[0]["TargetArn"] == service
    assert tally.check("apprunner", operation, f"in {status}: its operation is listed first", listed, repr(found)), found


@pytest.mark.parametrize("operation", [name for name in TABLE if name not in ("CreateVpcIngressConnection", "AssociateCustomDomain")])
def test_what_is_nobodys_is_not_found(ground, tally, operation):
    name = "ResourceArn" if operation in ("TagResource", "UntagResource") else "ServiceArn"
    answer = ground.call("apprunner", operation, {name: arn("service", "nobody/" + "0" * 32), **MORE.get(operation, lambda _: {})(ground)})
    assert tally.check("apprunner", operation, "a service that is nobody's", answer.code == GONE, repr(answer)), answer
