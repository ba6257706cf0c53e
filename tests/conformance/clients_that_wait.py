"""How the clients of App Runner wait: what each polls, which answers it takes for under way, done and wrong.

Rewritten from what the clients were seen to do; their limits and pauses are kept in proportion, shortened. Each answers what it saw, in order, so that
a test can also say what must have been seen. Source: the clients' own sources (Terraform's provider, CloudFormation's handlers, Copilot, the GitHub action).
"""
import time

# A second of theirs is this much of ours. What we do in the background does not wait for anybody's clock, the pauses of domains apart.
SCALE = 0.05


class WaitFailed(AssertionError):
    """The client ends with an error here."""


class Gone:
    """The client takes what it polls for not there."""


GONE = Gone()


class TerraformWaiter:
    """The state waiter of Terraform's provider: first read at once, then 100 ms, doubled up to 10 s.

    An answer that is neither pending nor the target ends the apply, unless nothing is pending: then everything is polled on until the limit.
    Not there is success where there is no target, and is tolerated 20 times where there is one.
    """

    def __init__(self, read, pending, target, minutes, poll_seconds=None, not_found_max=20):
        self.read, self.pending, self.target, self.seconds = read, pending, target, minutes * 60
        self.poll_seconds, self.not_found_max = poll_seconds, not_found_max

    def wait(self, limit=None):
        deadline = time.monotonic() + (limit or self.seconds)
        pause, not_found, seen = 0.1, 0, []
        while True:
            state = self.read()
            if not seen or seen[-1] != state:
                seen.append(state)
            if state is GONE:
                if not self.target:
                    return seen
                not_found += 1
                if not_found > self.not_found_max:
                    raise WaitFailed(f"not there {not_found} times; seen {seen}")
            elif state in self.target:
                return seen
            elif self.pending and state not in self.pending:
                raise WaitFailed(f"unexpected state '{state}', wanted target '{', '.join(self.target)}'; seen {seen}")
            if time.monotonic() > deadline:
                raise WaitFailed(f"timeout while waiting for state to become '{', '.join(self.target)}'; seen {seen}")
            time.sleep(min((self.poll_seconds or pause), 10) * SCALE)
            pause *= 2


class Terraform:
    """The provider's waiters by resource, as its table has them."""

    def __init__(self, g):
        self.g = g

    def read(self, operation, member, name, value, gone):
        def state():
            answer = self.g.call("apprunner", operation, {name: value})
            if answer.code == "ResourceNotFoundException":
                return GONE
            status = answer[member]["Status"]
            return GONE if status in gone else status

        return state

    def service_created(self, arn):
        return TerraformWaiter(self.read("DescribeService", "Service", "ServiceArn", arn, ()), {"OPERATION_IN_PROGRESS"}, {"RUNNING"}, 20)

    service_updated = service_created

    def service_deleted(self, arn):
        return TerraformWaiter(self.read("DescribeService", "Service", "ServiceArn", arn, {"DELETED"}), {"RUNNING", "OPERATION_IN_PROGRESS"}, set(), 20)

    def scaling(self, arn, gone=()):
        return self.read("DescribeAutoScalingConfiguration", "AutoScalingConfiguration", "AutoScalingConfigurationArn", arn, gone)

    def scaling_created(self, arn):
        return TerraformWaiter(self.scaling(arn), set(), {"active"}, 2)

    def scaling_deleted(self, arn):
        return TerraformWaiter(self.scaling(arn, {"inactive"}), {"active"}, set(), 2)

    def observability(self, arn, gone=()):
        return self.read("DescribeObservabilityConfiguration", "ObservabilityConfiguration", "ObservabilityConfigurationArn", arn, gone)

    def observability_created(self, arn):
        return TerraformWaiter(self.observability(arn), set(), {"ACTIVE"}, 2)

    def observability_deleted(self, arn):
        return TerraformWaiter(self.observability(arn, {"INACTIVE"}), {"ACTIVE"}, set(), 2)

    def connector(self, arn, gone=()):
        return self.read("DescribeVpcConnector", "VpcConnector", "VpcConnectorArn", arn, gone)

    def connector_created(self, arn):
        return TerraformWaiter(self.connector(arn), set(), {"ACTIVE"}, 2)

    def connector_deleted(self, arn):
        return TerraformWaiter(self.connector(arn, {"INACTIVE"}), {"ACTIVE"}, set(), 2)

    def ingress(self, arn, gone=()):
        return self.read("DescribeVpcIngressConnection", "VpcIngressConnection", "VpcIngressConnectionArn", arn, gone)

    def ingress_created(self, arn):
        return TerraformWaiter(self.ingress(arn), {"PENDING_CREATION"}, {"AVAILABLE"}, 2)

    def ingress_deleted(self, arn):
        return TerraformWaiter(self.ingress(arn, {"DELETED"}), {"AVAILABLE", "PENDING_DELETION"}, set(), 2)

    def connection_deleted(self, name):
        def state():
            found = self.g.made("apprunner", "ListConnections", ConnectionName=name)["ConnectionSummaryList"]
            return GONE if not found or found[0]["Status"] == "DELETED" else found[0]["Status"]

        return TerraformWaiter(state, {"PENDING_HANDSHAKE", "AVAILABLE"}, set(), 5)

    def domain(self, arn, name):
        def state():
            answer = self.g.call("apprunner", "DescribeCustomDomains", ServiceArn=arn)
            if answer.code == "ResourceNotFoundException":
                return GONE
            found = [domain for domain in answer["CustomDomains"] if domain["DomainName"] == name]
            return found[0]["Status"] if found else GONE

        return state

    def domain_created(self, arn, name):
        return TerraformWaiter(self.domain(arn, name), {"creating"}, {"pending_certificate_dns_validation", "binding_certificate"}, 5)

    def domain_deleted(self, arn, name):
        return TerraformWaiter(self.domain(arn, name), {"active", "deleting"}, set(), 5)

    def deployed(self, arn, operation):
        def state():
            found = [one for one in pages(self.g, "ListOperations", "OperationSummaryList", ServiceArn=arn) if one["Id"] == operation]
            return found[0]["Status"] if found else GONE

        return TerraformWaiter(state, {"PENDING", "IN_PROGRESS"}, {"SUCCEEDED"}, 20, poll_seconds=30 * 0.05, not_found_max=30)


def pages(g, operation, member, **members):
    """Every item, page by page, as an SDK's paginator reads them."""
    items, token = [], None
    while True:
        answer = g.made("apprunner", operation, {**members, "MaxResults": 1, **({"NextToken": token} if token else {})})
        items += answer[member]
        token = answer["NextToken"] if "NextToken" in answer else None
        if token is None:
            return items


class CloudFormation:
    """The handlers of AWS::AppRunner::Service: everything but OPERATION_IN_PROGRESS is stable; deletion ends with DELETED only."""

    def __init__(self, g):
        self.g = g

    def stabilized(self, arn, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            status = self.g.made("apprunner", "DescribeService", ServiceArn=arn)["Service"]["Status"]
            if status != "OPERATION_IN_PROGRESS":
                if status != "RUNNING":
                    raise WaitFailed(f"NotStabilized: {status}")
                return
            if time.monotonic() > deadline:
                raise WaitFailed("NotStabilized: it took too long")
            time.sleep(10 * SCALE)

    def deleted(self, arn, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            answer = self.g.call("apprunner", "DescribeService", ServiceArn=arn)
            if answer.is_fault:
                raise WaitFailed(f"NotFound: {answer}")
            if answer["Service"]["Status"] == "DELETED":
                return
            if time.monotonic() > deadline:
                raise WaitFailed(f"it stays {answer['Service']['Status']}")
            time.sleep(10 * SCALE)


class Copilot:
    """Copilot reads members without asking whether they are there, and waits by the operation's id."""

    def __init__(self, g):
        self.g = g

    def described(self, arn):
        service = self.g.made("apprunner", "DescribeService", ServiceArn=arn)["Service"]
        image = service["SourceConfiguration"]["ImageRepository"]
        _, name, identity = service["ServiceArn"].rsplit(":", 1)[1].split("/")
        return {
            "name": name, "id": identity, "cpu": service["InstanceConfiguration"]["Cpu"], "memory": service["InstanceConfiguration"]["Memory"],
            "created": service["CreatedAt"], "updated": service["UpdatedAt"], "image": image["ImageIdentifier"], "port": image["ImageConfiguration"]["Port"],
        }

    def waited(self, answer, done, seconds=60):
        """Pause and resume: without an id and in the status that was wished it is done already."""
        if "OperationId" not in answer:
            if answer["Service"]["Status"] != done:
                raise WaitFailed(f"no operation, and {answer['Service']['Status']}")
            return "already"
        arn, operation, deadline = answer["Service"]["ServiceArn"], answer["OperationId"], time.monotonic() + seconds
        while True:
            found = [one for one in self.g.made("apprunner", "ListOperations", ServiceArn=arn)["OperationSummaryList"] if one["Id"] == operation]
            if found and found[0]["Status"] in ("SUCCEEDED", "FAILED"):
                return found[0]["Status"]
            if time.monotonic() > deadline:
                raise WaitFailed(f"it loops for ever: {found}")
            time.sleep(3 * SCALE)


class Action:
    """The GitHub action: finds by name, replaces what failed to be created, and reads the first page of operations only."""

    def __init__(self, g):
        self.g = g

    def found(self, name):
        token = None
        while True:
            answer = self.g.made("apprunner", "ListServices", {"NextToken": token} if token else {})
            for one in answer["ServiceSummaryList"]:
                if one["ServiceName"] == name:
                    return one
            token = answer["NextToken"] if "NextToken" in answer else None
            if token is None:
                return None

    def run(self, name, source, **members):
        """What the action does with `name`; answers the service's ARN or fails as the action does."""
        found = self.found(name)
        if found and found["Status"] == "CREATE_FAILED":
            self.g.made("apprunner", "DeleteService", ServiceArn=found["ServiceArn"])
            self.until(found["ServiceArn"], lambda status: status == "DELETED")
            found = None
        if found:
            assert len(found["ServiceId"]) == 32
            answer = self.g.made("apprunner", "UpdateService", ServiceArn=found["ServiceArn"], SourceConfiguration=source, **members)
        else:
            answer = self.g.made("apprunner", "CreateService", ServiceName=name, SourceConfiguration=source, **members)
        arn = answer["Service"]["ServiceArn"]
        self.until(arn, lambda status: status != "OPERATION_IN_PROGRESS")
        operations = self.g.made("apprunner", "ListOperations", ServiceArn=arn)["OperationSummaryList"]
        ours = [one["Status"] for one in operations if one["Id"] == answer["OperationId"]]
        if ours != ["SUCCEEDED"]:
            raise WaitFailed(f"operation {answer['OperationId']} is {ours}")
        return arn

    def until(self, arn, is_done, seconds=60):
        deadline = time.monotonic() + seconds
        while not is_done(self.g.made("apprunner", "DescribeService", ServiceArn=arn)["Service"]["Status"]):
            if time.monotonic() > deadline:
                raise WaitFailed("it took too long")
            time.sleep(1 * SCALE)
