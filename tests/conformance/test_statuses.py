"""Every status of a service, and of a VPC ingress connection, × every operation that changes one: what is answered, and what it is right after.

DELETE_FAILED cannot be reached by calls: a service that cannot be deleted is one whose instances the machine does not end. Each of the operations in it is
held by `api/tests/calls/states.rs`. AVAILABLE and FAILED_DELETION of a connection do not occur in this version.
"""
import time

import pytest
from ground import PATIENT, UNHURRIED, arn

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


# A VPC ingress connection: each of its statuses × what changes one. A fault, or the status that the answer says.
TO = {"IngressVpcConfiguration": {"VpcId": "vpc-1a1b2c3d", "VpcEndpointId": "vpce-1a1b2c3d"}}
UPDATE, DELETE = "UpdateVpcIngressConnection", "DeleteVpcIngressConnection"
INGRESS_TABLE = {
    "PENDING_CREATION": ((UPDATE, STATE), (DELETE, STATE)), "FAILED_CREATION": ((UPDATE, "PENDING_UPDATE"),),
    "PENDING_UPDATE": ((UPDATE, STATE), (DELETE, STATE)), "FAILED_UPDATE": ((DELETE, "PENDING_DELETION"),),
    "PENDING_DELETION": ((UPDATE, STATE), (DELETE, STATE)), "DELETED": ((UPDATE, GONE), (DELETE, GONE)),
}
# It is under way for two seconds. Answers that took longer say nothing of it, and it is tried again.
UNDER_WAY_SECONDS, TRIES = 1.5, 4


class TooSlow(Exception):
    """The status was left while it was asked about."""


def change(ground, operation, ingress):
    """The fault, or the status that it answers with."""
    answer = ground.call("apprunner", operation, {"VpcIngressConnectionArn": ingress, **(TO if operation == UPDATE else {})})
    return answer.code or answer["VpcIngressConnection"]["Status"]


def lived(ground, service):
    """(status, operation, what it said) of a connection from its creation to its deletion."""
    found = []
    began, ingress = time.monotonic(), ground.new_ingress(service)
    for status, cells in INGRESS_TABLE.items():
        if not status.startswith("PENDING"):
            ground.settled_ingress(ingress)
            began = time.monotonic()
        assert (seen := ground.ingress_status(ingress)) == status or status.startswith("PENDING"), seen
        found += [(status, operation, change(ground, operation, ingress)) for operation, _ in cells]
        if status.startswith("PENDING") and time.monotonic() - began > UNDER_WAY_SECONDS:
            raise TooSlow(f"{status}: {time.monotonic() - began:.1f} s")
    return found


def test_what_an_operation_does_in_a_status_of_a_vpc_ingress_connection(ground, tally):
    for attempt in range(TRIES):
        try:
            found = lived(ground, ground.private_service())
            break
        except TooSlow:
            assert attempt < TRIES - 1, "the machine is too slow for it"
    expected = [(status, operation, says) for status, cells in INGRESS_TABLE.items() for operation, says in cells]
    for (status, operation, says), (_, _, seen) in zip(expected, found, strict=True):
        tally.check("apprunner", operation, f"of a connection in {status}: {says}", seen == says, seen)
    assert found == expected


@pytest.mark.parametrize("status", ["RUNNING", "PAUSED", "OPERATION_IN_PROGRESS"])
def test_a_vpc_ingress_connection_is_changed_whatever_its_service_does(ground, tally, status):
    """Only a RUNNING service gets one, and one that has one is not deleted: in the other statuses there is none to change."""
    service = ground.private_service(Tags=UNHURRIED)
    ingress = ground.new_ingress(service)
    if status == "PAUSED":
        ground.made("apprunner", "PauseService", ServiceArn=service)
        assert ground.settled(service) == status
    elif status == "OPERATION_IN_PROGRESS":
        ground.made("apprunner", "UpdateService", ServiceArn=service, HealthCheckConfiguration=PATIENT)
    assert ground.settled_ingress(ingress) == "FAILED_CREATION"
    # From FAILED_CREATION and from FAILED_UPDATE each.
    updates = {"RUNNING": 0, "PAUSED": 1, "OPERATION_IN_PROGRESS": 2}[status]
    for operation, says in [(UPDATE, "PENDING_UPDATE")] * updates + [(DELETE, "PENDING_DELETION")]:
        assert ground.status(service) == status
        seen = change(ground, operation, ingress)
        assert tally.check("apprunner", operation, f"of a service in {status}: {says}", seen == says, seen), seen
        ground.settled_ingress(ingress)
    assert ground.ingress_status(ingress) == "DELETED"
