"""Each of the twelve rules, and each line of the tables of what Terraform, CloudFormation, Copilot and the GitHub action wait for, polled as they poll.

Source: client-expectations of App Runner's clients, read in their sources; the rule or line stands above each test.
"""
import time

import pytest
from clients_that_wait import GONE, Action, CloudFormation, Copilot, Terraform, WaitFailed, pages
from ground import arn
from under_test import ACCOUNT, REGION, until

IN_PROGRESS = "OPERATION_IN_PROGRESS"


def needs(*operations):
    """Fails at once where the platform does not have them, with words that say so."""

    def wrap(test):
        return pytest.mark.needs(*operations)(test)

    return wrap


@pytest.fixture(autouse=True)
def what_it_needs(request, ground, tally):
    for mark in request.node.iter_markers("needs"):
        for operation in mark.args:
            assert ("apprunner", operation) in ground.offered, f"{operation} is not here"
    yield
    report = getattr(request.node, "call_report", None)
    tally.check("waiters", request.node.name, "the client is content", report is not None and report.passed, str(report and report.longrepr)[-300:])


@pytest.fixture(scope="module", autouse=True)
def early_domain(ground):
    """(service, domain, the answer, when) of an association that grows old while the other tests run."""
    service, name = ground.shared_service(), f"{ground.name('rule')}.example.com"
    made_at = time.monotonic()
    return service, name, ground.made("apprunner", "AssociateCustomDomain", ServiceArn=service, DomainName=name), made_at


@pytest.fixture
def terraform(ground):
    return Terraform(ground)


def described(g, service):
    return g.made("apprunner", "DescribeService", ServiceArn=service)["Service"]


def operation(g, service, identity):
    return next(one for one in pages(g, "ListOperations", "OperationSummaryList", ServiceArn=service) if one["Id"] == identity)


def echo(g, service):
    """What a second apply or an import compares: everything that does not move by itself."""
    seen = described(g, service)
    return {name: value for name, value in seen.items() if name not in ("UpdatedAt", "CreatedAt", "Status")}


# --- the twelve rules

# Rule 1
def test_a_changing_call_says_that_an_operation_is_in_progress(ground):
    created = ground.made("apprunner", "CreateService", ServiceName=ground.name("rule"), SourceConfiguration=ground.source())
    service = created["Service"]["ServiceArn"]
    assert created["Service"]["Status"] == IN_PROGRESS
    ground.settled(service)
    update = {"InstanceConfiguration": {"Cpu": "512", "Memory": "1024"}}
    for name, members in (("UpdateService", update), ("PauseService", {}), ("ResumeService", {}), ("StartDeployment", {})):
        answer = ground.made("apprunner", name, ServiceArn=service, **members)
        assert name == "StartDeployment" or answer["Service"]["Status"] == IN_PROGRESS
        ground.settled(service)
    for status in ("PAUSED", "CREATE_FAILED"):
        gone = ground.made("apprunner", "DeleteService", ServiceArn=ground.service(status))
        assert gone["Service"]["Status"] == IN_PROGRESS, status


# Rule 2
@pytest.mark.parametrize("tag, how, status", [("v1", "SUCCEEDED", "RUNNING"), ("missing", "FAILED", "CREATE_FAILED")])
def test_the_operation_has_ended_when_the_service_rests(ground, tag, how, status):
    created = ground.made("apprunner", "CreateService", ServiceName=ground.name("rule"), SourceConfiguration=ground.source(tag))
    service = created["Service"]["ServiceArn"]
    # Without a pause between the two: whoever writes one before the other is caught sooner or later.
    deadline = time.monotonic() + 60
    while ground.status(service) == IN_PROGRESS:
        assert time.monotonic() < deadline
    first = ground.made("apprunner", "ListOperations", ServiceArn=service, MaxResults=1)["OperationSummaryList"][0]
    assert (first["Id"], first["Status"], described(ground, service)["Status"]) == (created["OperationId"], how, status)
    assert first["EndedAt"] >= first["StartedAt"]


# Rules 3 and 11; list line 9
def test_a_deleted_service_is_described_and_its_name_is_free(ground):
    name = ground.name("rule")
    old = ground.create_service(ServiceName=name)
    assert ground.settled(old["ServiceArn"]) == "RUNNING"
    ground.made("apprunner", "DeleteService", ServiceArn=old["ServiceArn"])
    until("it is deleted", lambda: ground.status(old["ServiceArn"]) == "DELETED", 60)
    new = ground.create_service(ServiceName=name)
    assert new["ServiceArn"] != old["ServiceArn"] and new["ServiceId"] != old["ServiceId"] and new["ServiceUrl"] != old["ServiceUrl"]
    gone = described(ground, old["ServiceArn"])
    assert gone["Status"] == "DELETED" and gone["DeletedAt"] >= gone["CreatedAt"]
    listed = [one["ServiceArn"] for one in pages(ground, "ListServices", "ServiceSummaryList")]
    assert new["ServiceArn"] in listed and old["ServiceArn"] not in listed
    kinds = [one["Type"] for one in pages(ground, "ListOperations", "OperationSummaryList", ServiceArn=old["ServiceArn"])]
    assert kinds == ["DELETE_SERVICE", "CREATE_SERVICE"]


# Rule 4; list line 7
def test_a_failed_update_leaves_the_service_running_as_it_was(ground, terraform):
    service = ground.service()
    before = echo(ground, service)
    update = ground.made("apprunner", "UpdateService", ServiceArn=service, SourceConfiguration=ground.source("missing"))
    assert update["Service"]["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"].endswith(":missing")
    terraform.service_updated(service).wait()
    assert echo(ground, service) == before
    assert operation(ground, service, update["OperationId"])["Status"] == "ROLLBACK_SUCCEEDED"
    with pytest.raises(WaitFailed):
        name = service.split("/")[1]
        Action(ground).run(name, ground.source("missing"))
    assert described(ground, service)["Status"] == "RUNNING"


# Rule 5
def test_the_status_of_an_auto_scaling_configuration_is_lower_case_everywhere(ground):
    created = ground.made("apprunner", "CreateAutoScalingConfiguration", AutoScalingConfigurationName=ground.name("rule"))["AutoScalingConfiguration"]
    which = {"AutoScalingConfigurationArn": created["AutoScalingConfigurationArn"]}
    seen = [created, ground.made("apprunner", "DescribeAutoScalingConfiguration", which)["AutoScalingConfiguration"]]
    seen += pages(ground, "ListAutoScalingConfigurations", "AutoScalingConfigurationSummaryList")
    seen.append(described(ground, ground.shared_service())["AutoScalingConfigurationSummary"])
    assert {one["Status"] for one in seen if "Status" in one} == {"active"}
    assert ground.made("apprunner", "DeleteAutoScalingConfiguration", which)["AutoScalingConfiguration"]["Status"] == "inactive"


# Rule 6; list line 6
@pytest.mark.parametrize("cpu, memory, numbers", [("1 vCPU", "3 GB", ("1024", "3072")), ("0.25 vCPU", "0.5 GB", ("256", "512")), ("2048", "4096", ("2048", "4096"))])
def test_cpu_and_memory_come_back_as_numbers(ground, cpu, memory, numbers):
    made = ground.create_service(InstanceConfiguration={"Cpu": cpu, "Memory": memory}, SourceConfiguration=ground.source("missing"))
    for seen in (made, described(ground, made["ServiceArn"])):
        assert (seen["InstanceConfiguration"]["Cpu"], seen["InstanceConfiguration"]["Memory"]) == numbers


# Rule 7; the provider's own test of a basic service
def test_defaults_are_filled_in_where_they_always_are_and_nowhere_else(ground):
    made = ground.made("apprunner", "CreateService", ServiceName=ground.name("rule"), SourceConfiguration=ground.source("missing", Port="80"))["Service"]
    seen = described(ground, made["ServiceArn"])
    assert seen["HealthCheckConfiguration"] == {
        "Protocol": "TCP", "Path": "/", "Interval": 5, "Timeout": 2, "HealthyThreshold": 1, "UnhealthyThreshold": 5}
    assert seen["NetworkConfiguration"] == {
        "EgressConfiguration": {"EgressType": "DEFAULT"}, "IngressConfiguration": {"IsPubliclyAccessible": True}, "IpAddressType": "IPV4"}
    assert seen["InstanceConfiguration"] == {"Cpu": "1024", "Memory": "2048"}
    assert "autoscalingconfiguration/DefaultConfiguration/1/" in seen["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"]
    assert not {"EncryptionConfiguration", "ObservabilityConfiguration", "DeletedAt"} & set(seen)
    source = seen["SourceConfiguration"]
    assert source["ImageRepository"]["ImageConfiguration"] == {"Port": "80"}
    assert not {"AuthenticationConfiguration", "CodeRepository"} & set(source)
    assert ground.made("apprunner", "ListTagsForResource", ResourceArn=made["ServiceArn"])["Tags"] == []
    for moving in ("UpdatedAt", "Status"):
        made.pop(moving), seen.pop(moving)
    assert made == seen, "and the answer of CreateService said so already"


# Rule 7: what was supplied is given back as it was
def test_what_was_supplied_comes_back_as_it_was(ground):
    health = {"Protocol": "TCP", "Path": "/", "Interval": 5, "Timeout": 10, "HealthyThreshold": 2, "UnhealthyThreshold": 4}
    made = ground.create_service(SourceConfiguration={**ground.source("missing"), "AuthenticationConfiguration": {"AccessRoleArn": ground.access_role()}},
                                 HealthCheckConfiguration=health, ObservabilityConfiguration={"ObservabilityEnabled": False})
    seen = described(ground, made["ServiceArn"])
    assert seen["HealthCheckConfiguration"] == health
    assert seen["ObservabilityConfiguration"] == {"ObservabilityEnabled": False}
    assert seen["SourceConfiguration"]["AuthenticationConfiguration"] == {"AccessRoleArn": ground.access_role()}


# Rule 7: an empty structure says nothing (CDK sends one)
def test_an_empty_authentication_is_none(ground):
    made = ground.create_service(SourceConfiguration={**ground.source("missing"), "AuthenticationConfiguration": {}})
    assert not described(ground, made["ServiceArn"])["SourceConfiguration"].get("AuthenticationConfiguration")


# Rule 8
def test_environment_maps_and_tags_come_back_exactly(ground):
    variables = {"Z": "  spaced  ", "a": "", "lines": "one\ntwo\r\n", "Ä": "ö🙂", "json": '{"a": [1]}'}
    tags = [{"Key": "Team", "Value": "web"}, {"Key": "empty", "Value": ""}]
    made = ground.create_service(SourceConfiguration=ground.source("missing", RuntimeEnvironmentVariables=variables), Tags=tags)
    seen = described(ground, made["ServiceArn"])["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"]
    assert seen["RuntimeEnvironmentVariables"] == variables
    found = ground.made("apprunner", "ListTagsForResource", ResourceArn=made["ServiceArn"])["Tags"]
    assert sorted(found, key=lambda tag: tag["Key"]) == tags


# Rule 9
def test_the_scaling_arn_is_always_the_full_one(ground):
    full = ground.scaling()
    for given in (full.rsplit("/", 2)[0], full.rsplit("/", 1)[0], full):
        made = ground.create_service(AutoScalingConfigurationArn=given, SourceConfiguration=ground.source("missing"))
        for seen in (made, described(ground, made["ServiceArn"])):
            assert seen["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"] == full, given


# Rule 12
def test_not_there_is_said_so_and_an_empty_list_is_no_error(ground):
    absent = ground.call("apprunner", "DescribeService", ServiceArn=arn("service", "nobody/" + "0" * 32))
    assert (absent.code, absent.status) == ("ResourceNotFoundException", 400)
    found = ground.made("apprunner", "ListAutoScalingConfigurations", AutoScalingConfigurationName="nobody")
    assert found["AutoScalingConfigurationSummaryList"] == [] and "NextToken" not in found


@needs("ListConnections", "ListObservabilityConfigurations", "ListVpcIngressConnections")
def test_filters_that_match_nothing_are_empty_lists(ground):
    for name, members, member in (
        ("ListConnections", {"ConnectionName": "nobody"}, "ConnectionSummaryList"),
        ("ListObservabilityConfigurations", {"ObservabilityConfigurationName": "nobody"}, "ObservabilityConfigurationSummaryList"),
        ("ListVpcIngressConnections", {"Filter": {"VpcEndpointId": "vpce-nobody"}}, "VpcIngressConnectionSummaryList"),
    ):
        assert ground.made("apprunner", name, members)[member] == []


# --- Terraform: services

# What stands in a service's resource, by case; those with a VPC connector, a private way in, code and a key have stories of their own below.
def private_with_role(g):
    return {"SourceConfiguration": {**g.source("v1", Port="8080"), "AuthenticationConfiguration": {"AccessRoleArn": g.access_role()}}}


def public_image(_):
    image = {"ImageIdentifier": "public.ecr.aws/example/hello:v1", "ImageRepositoryType": "ECR_PUBLIC", "ImageConfiguration": {"Port": "8080"}}
    return {"SourceConfiguration": {"ImageRepository": image, "AutoDeploymentsEnabled": False}}


def observed(g):
    observability = {"ObservabilityEnabled": True, "ObservabilityConfigurationArn": g.once("an observability", g.observability)}
    return {"SourceConfiguration": g.source("v1", Port="8080"), "ObservabilityConfiguration": observability}


# Waiter table: service create, update, delete; list line 1
@needs("CreateObservabilityConfiguration")
@pytest.mark.parametrize("case", [private_with_role, public_image, observed])
def test_terraform_applies_changes_imports_and_destroys_a_service(ground, terraform, case):
    configuration = {
        **case(ground),
        "InstanceConfiguration": {"Cpu": "1 vCPU", "Memory": "3 GB"},
        "HealthCheckConfiguration": {"Protocol": "TCP", "Path": "/", "Interval": 5, "Timeout": 2, "HealthyThreshold": 1, "UnhealthyThreshold": 5},
    }
    tags = [{"Key": "team", "Value": "web"}]
    created = ground.made("apprunner", "CreateService", ServiceName=ground.name("terraform"), Tags=tags, **configuration)["Service"]
    service = created["ServiceArn"]
    assert set(terraform.service_created(service).wait()) <= {IN_PROGRESS, "RUNNING"}
    first = echo(ground, service)
    # What an import reads by the ARN alone is what was applied, sizes as numbers.
    applied = {**configuration, "InstanceConfiguration": {"Cpu": "1024", "Memory": "3072"}}
    assert {name: first.get(name) for name in applied} == applied
    assert ("ObservabilityConfiguration" in first) == (case is observed)
    assert ground.made("apprunner", "ListTagsForResource", ResourceArn=service)["Tags"] == tags
    assert first == echo(ground, service), "a second plan is empty"
    # A change of one variable: only the block that changed is sent, and the others stay.
    source = {**configuration["SourceConfiguration"]}
    source["ImageRepository"] = {**source["ImageRepository"], "ImageConfiguration": {"Port": "8080", "RuntimeEnvironmentVariables": {"A": "1"}}}
    ground.made("apprunner", "UpdateService", ServiceArn=service, SourceConfiguration=source)
    terraform.service_updated(service).wait()
    changed = echo(ground, service)
    assert changed == {**first, "SourceConfiguration": source}
    # The same again: the operation runs, and nothing is different.
    ground.made("apprunner", "UpdateService", ServiceArn=service, SourceConfiguration=source)
    terraform.service_updated(service).wait()
    assert echo(ground, service) == changed
    # An empty map is left out of what is sent, and that clears it.
    ground.made("apprunner", "UpdateService", ServiceArn=service, SourceConfiguration=configuration["SourceConfiguration"])
    terraform.service_updated(service).wait()
    assert echo(ground, service) == first
    # Tags change by calls of their own, and no operation begins.
    ground.made("apprunner", "TagResource", ResourceArn=service, Tags=[{"Key": "team", "Value": "api"}])
    assert described(ground, service)["Status"] == "RUNNING"
    assert ground.made("apprunner", "ListTagsForResource", ResourceArn=service)["Tags"] == [{"Key": "team", "Value": "api"}]
    ground.made("apprunner", "DeleteService", ServiceArn=service)
    assert terraform.service_deleted(service).wait()[-1] is GONE


# List line 1: code, whose settings come with the call or lie in the repository. Nothing builds code yet: the apply fails, and what it left is destroyed
@pytest.mark.parametrize("where", ["API", "REPOSITORY"])
def test_terraform_taints_a_service_of_code_and_destroys_it(ground, terraform, where):
    values = {"Runtime": "PYTHON_311", "BuildCommand": "pip install .", "StartCommand": "python app.py", "Port": "8080"}
    code = {
        "RepositoryUrl": "https://github.com/example/app", "SourceCodeVersion": {"Type": "BRANCH", "Value": "main"},
        "CodeConfiguration": {"ConfigurationSource": where, **({"CodeConfigurationValues": values} if where == "API" else {})},
    }
    name, source = ground.name("terraform"), {"CodeRepository": code, "AutoDeploymentsEnabled": False}
    # Twice: what was destroyed leaves its name to the next apply.
    for _ in range(2):
        made = ground.create_service(ServiceName=name, SourceConfiguration=source)
        tainted = made["ServiceArn"]
        assert made["Status"] == IN_PROGRESS
        with pytest.raises(WaitFailed, match="unexpected state 'CREATE_FAILED'"):
            terraform.service_created(tainted).wait()
        seen = described(ground, tainted)["SourceConfiguration"]
        assert {part: seen["CodeRepository"][part] for part in code} == code and seen["AutoDeploymentsEnabled"] is False
        ground.made("apprunner", "DeleteService", ServiceArn=tainted)
        assert terraform.service_deleted(tainted).wait()[-1] is GONE


# List line 1: an encryption key. The apply ends with the refusal, and there is nothing to destroy
def test_terraform_is_told_that_there_are_no_keys_of_its_own(ground):
    name = ground.name("terraform")
    key = {"KmsKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000"}
    refused = ground.call("apprunner", "CreateService", ServiceName=name, SourceConfiguration=ground.source(), EncryptionConfiguration=key)
    assert (refused.code, refused.status) == ("InvalidRequestException", 400), refused
    assert "EncryptionConfiguration.KmsKey" in refused.words, refused
    assert name not in {one["ServiceName"] for one in pages(ground, "ListServices", "ServiceSummaryList")}


# §2.3: removing the block of the instance keeps what it said
def test_omitted_blocks_keep_their_values(ground, terraform):
    service = ground.service()
    ground.made("apprunner", "UpdateService", ServiceArn=service, InstanceConfiguration={"Cpu": "512", "Memory": "1024"})
    terraform.service_updated(service).wait()
    ground.made("apprunner", "UpdateService", ServiceArn=service, HealthCheckConfiguration={"Interval": 3})
    terraform.service_updated(service).wait()
    seen = described(ground, service)
    assert (seen["InstanceConfiguration"]["Cpu"], seen["InstanceConfiguration"]["Memory"]) == ("512", "1024")
    assert seen["HealthCheckConfiguration"]["Interval"] == 3


# Waiter table: CREATE_FAILED ends the apply, and the tainted resource is replaced
def test_terraform_taints_what_failed_and_replaces_it(ground, terraform):
    name = ground.name("terraform")
    failed = ground.create_service(ServiceName=name, SourceConfiguration=ground.source("missing"))["ServiceArn"]
    with pytest.raises(WaitFailed, match="unexpected state 'CREATE_FAILED'"):
        terraform.service_created(failed).wait()
    ground.made("apprunner", "DeleteService", ServiceArn=failed)
    terraform.service_deleted(failed).wait()
    again = ground.create_service(ServiceName=name)["ServiceArn"]
    terraform.service_created(again).wait()


# §2.3: CreateService is repeated for two minutes while the role is not there yet
def test_a_role_that_cannot_be_assumed_is_told_in_the_words_that_are_retried(ground):
    nobody = f"arn:aws:iam::{ACCOUNT}:role/nobody"
    source = {**ground.source(), "AuthenticationConfiguration": {"AccessRoleArn": nobody}}
    answer = ground.call("apprunner", "CreateService", ServiceName=ground.name("role"), SourceConfiguration=source)
    assert (answer.code, f"Error in assuming access role {nobody}" in answer.words) == ("InvalidRequestException", True), answer
    instance = {"Cpu": "256", "Memory": "512", "InstanceRoleArn": nobody}
    answer = ground.call("apprunner", "CreateService", ServiceName=ground.name("role"), SourceConfiguration=ground.source(), InstanceConfiguration=instance)
    assert (answer.code, f"Error in assuming instance role {nobody}" in answer.words) == ("InvalidRequestException", True), answer


# §2.3: automatic deployments of a public image are refused, never changed
def test_automatic_deployments_of_a_public_image_are_refused(ground):
    image = {"ImageIdentifier": "public.ecr.aws/nginx/nginx:latest", "ImageRepositoryType": "ECR_PUBLIC"}
    answer = ground.call("apprunner", "CreateService", ServiceName=ground.name("public"), SourceConfiguration={"ImageRepository": image, "AutoDeploymentsEnabled": True})
    assert answer.code == "InvalidRequestException", answer


# §2.3: deleted behind Terraform's back
def test_a_service_that_was_deleted_behind_its_back_is_removed_from_the_state(ground, terraform):
    gone = ground.shared_service("DELETED")
    assert terraform.read("DescribeService", "Service", "ServiceArn", gone, {"DELETED"})() is GONE


# Waiter table: deployment; list line 4, §2.6
def test_terraform_deploys_and_finds_the_operation_again_later(ground, terraform):
    service = ground.service()
    identity = ground.made("apprunner", "StartDeployment", ServiceArn=service)["OperationId"]
    assert set(terraform.deployed(service, identity).wait()) <= {"PENDING", "IN_PROGRESS", "SUCCEEDED"}
    for _ in range(3):
        ground.made("apprunner", "UpdateService", ServiceArn=service, HealthCheckConfiguration={"Interval": 2})
        terraform.service_updated(service).wait()
    assert operation(ground, service, identity)["Status"] == "SUCCEEDED"


# --- Terraform: auto scaling configurations

# Waiter table; list line 2
def test_terraform_makes_revisions_and_destroys_in_the_right_order(ground, terraform):
    name = ground.name("scaling")
    sizes = {"MaxConcurrency": 50, "MinSize": 1, "MaxSize": 2}
    made = ground.made("apprunner", "CreateAutoScalingConfiguration", AutoScalingConfigurationName=name, **sizes)["AutoScalingConfiguration"]
    first = made["AutoScalingConfigurationArn"]
    assert terraform.scaling_created(first).wait() == ["active"]
    described_one = lambda which: ground.made("apprunner", "DescribeAutoScalingConfiguration", AutoScalingConfigurationArn=which)["AutoScalingConfiguration"]
    assert described_one(first) == made, "what the apply wrote down is what the next plan reads"
    service = ground.create_service(AutoScalingConfigurationArn=first)["ServiceArn"]
    terraform.service_created(service).wait()
    # Destroying first, which is Terraform's way unless it is told otherwise, is refused while the service uses it.
    refused = ground.call("apprunner", "DeleteAutoScalingConfiguration", AutoScalingConfigurationArn=first)
    assert refused.code == "InvalidRequestException", refused
    second = ground.scaling(AutoScalingConfigurationName=name, **{**sizes, "MaxSize": 3})
    terraform.scaling_created(second).wait()
    assert [(described_one(which)["AutoScalingConfigurationRevision"], described_one(which)["Latest"]) for which in (first, second)] == [(1, False), (2, True)]
    ground.made("apprunner", "UpdateService", ServiceArn=service, AutoScalingConfigurationArn=second)
    terraform.service_updated(service).wait()
    ground.made("apprunner", "DeleteAutoScalingConfiguration", AutoScalingConfigurationArn=first)
    assert terraform.scaling_deleted(first).wait() == [GONE]
    again = ground.call("apprunner", "DeleteAutoScalingConfiguration", AutoScalingConfigurationArn=first)
    assert (again.code, "The auto scaling configuration you specified has been deleted" in again.words) == ("InvalidRequestException", True), again
    ground.made("apprunner", "DeleteService", ServiceArn=service)
    terraform.service_deleted(service).wait()
    ground.made("apprunner", "DeleteAutoScalingConfiguration", AutoScalingConfigurationArn=second)
    terraform.scaling_deleted(second).wait()


# §2.5; list line 2
@needs("UpdateDefaultAutoScalingConfiguration")
def test_terraform_switches_the_default_and_finds_exactly_one(ground):
    def default():
        found = pages(ground, "ListAutoScalingConfigurations", "AutoScalingConfigurationSummaryList")
        return [one["AutoScalingConfigurationArn"] for one in found if one["Status"] == "active" and one["IsDefault"]]

    before = default()
    assert len(before) == 1
    mine = ground.scaling()
    try:
        changed = ground.made("apprunner", "UpdateDefaultAutoScalingConfiguration", AutoScalingConfigurationArn=mine)["AutoScalingConfiguration"]
        assert changed["IsDefault"] is True and default() == [mine]
        refused = ground.call("apprunner", "DeleteAutoScalingConfiguration", AutoScalingConfigurationArn=mine)
        assert refused.code == "InvalidRequestException", refused
        made = ground.create_service(SourceConfiguration=ground.source("missing"))
        assert made["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"] == mine
    finally:
        ground.made("apprunner", "UpdateDefaultAutoScalingConfiguration", AutoScalingConfigurationArn=before[0])
    assert default() == before


# --- Terraform: the other resources

# Waiter table
@needs("CreateObservabilityConfiguration")
def test_terraform_makes_and_destroys_an_observability_configuration(ground, terraform):
    vendor = {"Vendor": "AWSXRAY"}
    made = ground.made("apprunner", "CreateObservabilityConfiguration", ObservabilityConfigurationName=ground.name("tracing"), TraceConfiguration=vendor)
    made = made["ObservabilityConfiguration"]
    which = made["ObservabilityConfigurationArn"]
    assert (made["ObservabilityConfigurationRevision"], made["Latest"], made["TraceConfiguration"]) == (1, True, vendor)
    assert terraform.observability_created(which).wait() == ["ACTIVE"]
    seen = ground.made("apprunner", "DescribeObservabilityConfiguration", ObservabilityConfigurationArn=which)["ObservabilityConfiguration"]
    assert seen == made, "what the apply wrote down is what the next plan reads"
    assert ground.made("apprunner", "ListTagsForResource", ResourceArn=which)["Tags"] == []
    ground.made("apprunner", "DeleteObservabilityConfiguration", ObservabilityConfigurationArn=which)
    assert terraform.observability_deleted(which).wait() == [GONE]


# Waiter table
@needs("CreateVpcConnector")
def test_terraform_makes_and_destroys_a_vpc_connector(ground, terraform):
    sets = {"Subnets": ["subnet-b", "subnet-a"], "SecurityGroups": ["sg-b", "sg-a"]}
    made = ground.made("apprunner", "CreateVpcConnector", VpcConnectorName=ground.name("connector"), **sets)["VpcConnector"]
    which = made["VpcConnectorArn"]
    assert terraform.connector_created(which).wait() == ["ACTIVE"]
    seen = ground.made("apprunner", "DescribeVpcConnector", VpcConnectorArn=which)["VpcConnector"]
    assert ({name: sorted(seen[name]) for name in sets}, seen["VpcConnectorRevision"]) == ({name: sorted(value) for name, value in sets.items()}, 1)
    assert seen == made
    assert ground.made("apprunner", "ListTagsForResource", ResourceArn=which)["Tags"] == []
    ground.made("apprunner", "DeleteVpcConnector", VpcConnectorArn=which)
    assert terraform.connector_deleted(which).wait() == [GONE]


# What is not there yet: egress through a VPC never becomes other egress
@needs("CreateVpcConnector")
def test_a_service_with_vpc_egress_fails_and_an_update_to_it_rolls_back(ground, terraform):
    egress = {"EgressConfiguration": {"EgressType": "VPC", "VpcConnectorArn": ground.once("a connector", ground.connector)}}
    failed = ground.create_service(NetworkConfiguration=egress)["ServiceArn"]
    with pytest.raises(WaitFailed, match="CREATE_FAILED"):
        terraform.service_created(failed).wait()
    assert described(ground, failed)["NetworkConfiguration"]["EgressConfiguration"] == egress["EgressConfiguration"]
    service = ground.service()
    before = echo(ground, service)
    update = ground.made("apprunner", "UpdateService", ServiceArn=service, NetworkConfiguration=egress)
    terraform.service_updated(service).wait()
    assert operation(ground, service, update["OperationId"])["Status"] == "ROLLBACK_SUCCEEDED"
    assert echo(ground, service) == before


# Waiter table: it ends FAILED_CREATION for the time being, and the waiter says so at once; deletion goes as printed
@needs("CreateVpcIngressConnection")
def test_terraform_is_told_that_a_vpc_ingress_connection_failed_and_destroys_it(ground, terraform):
    service = ground.private_service()
    to = {"VpcId": "vpc-0a1b2c3d", "VpcEndpointId": "vpce-0a1b2c3d"}
    members = {"ServiceArn": service, "VpcIngressConnectionName": ground.name("ingress"), "IngressVpcConfiguration": to}
    made = ground.made("apprunner", "CreateVpcIngressConnection", members)["VpcIngressConnection"]
    which = made["VpcIngressConnectionArn"]
    assert made["Status"] == "PENDING_CREATION" and made["AccountId"] == ACCOUNT
    with pytest.raises(WaitFailed, match="unexpected state 'FAILED_CREATION'"):
        terraform.ingress_created(which).wait()
    refused = ground.call("apprunner", "DeleteService", ServiceArn=service)
    assert refused.code == "InvalidStateException", refused
    gone = ground.made("apprunner", "DeleteVpcIngressConnection", VpcIngressConnectionArn=which)["VpcIngressConnection"]
    assert gone["Status"] == "PENDING_DELETION"
    terraform.ingress_deleted(which).wait()
    ground.made("apprunner", "DeleteService", ServiceArn=service)
    terraform.service_deleted(service).wait()


# §2.3: a private service has no URL, and DNSTarget is asked instead
@needs("DescribeCustomDomains")
def test_a_private_service_has_no_url_and_is_not_answered_by_the_front_door(ground):
    service = ground.once("a private service", ground.private_service)
    seen = described(ground, service)
    assert seen["NetworkConfiguration"]["IngressConfiguration"] == {"IsPubliclyAccessible": False}
    assert not seen.get("ServiceUrl")
    domains = ground.made("apprunner", "DescribeCustomDomains", ServiceArn=service)
    assert domains["CustomDomains"] == [] and domains["DNSTarget"] and ":" not in domains["DNSTarget"]
    port = ground.p.run_file()["https"].rsplit(":", 1)[1]
    status, words = ground.p.https(f"{domains['DNSTarget']}:{port}")
    assert status == 404 and "Good day" not in words and "Hello" not in words, (status, words)


# §2.6: read through ListConnections by name
@needs("CreateConnection")
def test_terraform_makes_and_destroys_a_connection(ground, terraform):
    name = ground.name("github")
    made = ground.made("apprunner", "CreateConnection", ConnectionName=name, ProviderType="GITHUB")["Connection"]
    assert made["Status"] == "PENDING_HANDSHAKE"
    found = ground.made("apprunner", "ListConnections", ConnectionName=name)["ConnectionSummaryList"]
    assert found == [made]
    assert ground.made("apprunner", "ListTagsForResource", ResourceArn=made["ConnectionArn"])["Tags"] == []
    ground.made("apprunner", "DeleteConnection", ConnectionArn=made["ConnectionArn"])
    assert terraform.connection_deleted(name).wait() == [GONE]
    twice = ground.call("apprunner", "DeleteConnection", ConnectionArn=made["ConnectionArn"])
    assert twice.code == "ResourceNotFoundException", twice


# Waiter table; list line 3
@needs("AssociateCustomDomain")
def test_terraform_associates_a_domain_and_takes_it_away_inside_a_minute(ground, terraform):
    service = ground.shared_service()
    name = f"{ground.name('terraform')}.example.com"
    made = ground.made("apprunner", "AssociateCustomDomain", ServiceArn=service, DomainName=name, EnableWWWSubdomain=False)
    assert made["DNSTarget"] and ":" not in made["DNSTarget"], "the target of a CNAME has no port"
    seen = terraform.domain_created(service, name).wait()
    assert "active" not in seen
    domain = next(one for one in domains_of(ground, service) if one["DomainName"] == name)
    records = domain["CertificateValidationRecords"]
    assert len(records) == 2 and {(one["Type"], one["Status"]) for one in records} == {("CNAME", "PENDING_VALIDATION")}
    assert all(one["Name"].endswith(f".{name}.") and one["Value"].endswith(".acm-validations.aws.") for one in records)
    assert domains_of(ground, service) == domains_of(ground, service), "an import reads the same"
    twice = ground.call("apprunner", "AssociateCustomDomain", ServiceArn=service, DomainName=name)
    assert (twice.code, f"{name} is already associated with" in twice.words) == ("InvalidRequestException", True), twice
    ground.made("apprunner", "DisassociateCustomDomain", ServiceArn=service, DomainName=name)
    terraform.domain_deleted(service, name).wait()
    absent = ground.call("apprunner", "DisassociateCustomDomain", ServiceArn=service, DomainName=name)
    assert f"No custom domain {name} found for the provided service" in absent.words, absent


def domains_of(g, service):
    return g.made("apprunner", "DescribeCustomDomains", ServiceArn=service)["CustomDomains"]


# --- CloudFormation

# §3: create, update (a rolled-back one counts as success), delete, read
def test_cloudformation_creates_updates_and_deletes(ground):
    handler = CloudFormation(ground)
    service = ground.create_service()["ServiceArn"]
    handler.stabilized(service)
    ground.made("apprunner", "UpdateService", ServiceArn=service, SourceConfiguration=ground.source("missing"))
    handler.stabilized(service)
    ground.made("apprunner", "DeleteService", ServiceArn=service)
    handler.deleted(service)
    failed = ground.create_service(SourceConfiguration=ground.source("missing"))["ServiceArn"]
    with pytest.raises(WaitFailed, match="CREATE_FAILED"):
        handler.stabilized(failed)
    ground.made("apprunner", "DeleteService", ServiceArn=failed)
    handler.deleted(failed)


# §3: deletion of connectors and configurations answers the object
@needs("CreateVpcConnector", "CreateObservabilityConfiguration")
def test_cloudformation_reads_the_object_in_the_answer_of_a_deletion(ground):
    gone = ground.made("apprunner", "DeleteVpcConnector", VpcConnectorArn=ground.connector())["VpcConnector"]
    assert gone["Status"] == "INACTIVE" and gone["DeletedAt"] >= gone["CreatedAt"]
    gone = ground.made("apprunner", "DeleteObservabilityConfiguration", ObservabilityConfigurationArn=ground.observability())["ObservabilityConfiguration"]
    assert gone["Status"] == "INACTIVE" and gone["DeletedAt"] >= gone["CreatedAt"]


# --- Copilot

# §5; list line 8
def test_copilot_pauses_and_resumes_twice(ground):
    copilot = Copilot(ground)
    service = ground.create_service(SourceConfiguration=ground.source("v1", Port="8080"))["ServiceArn"]
    ground.settled(service)
    seen = copilot.described(service)
    assert (seen["cpu"], seen["memory"], seen["port"], len(seen["id"])) == ("256", "512", "8080", 32)
    for name, done in (("PauseService", "PAUSED"), ("ResumeService", "RUNNING")):
        assert copilot.waited(ground.made("apprunner", name, ServiceArn=service), done) == "SUCCEEDED"
        assert copilot.waited(ground.made("apprunner", name, ServiceArn=service), done) == "already"
    groups = ground.made("logs", "DescribeLogGroups", logGroupNamePrefix=f"/aws/apprunner/{seen['name']}/{seen['id']}/")["logGroups"]
    names = {group["logGroupName"].rsplit("/", 1)[1] for group in groups}
    assert {"service", "application"} <= names


# §5: the default configuration by the ARN that Copilot knows
@needs("DescribeObservabilityConfiguration")
def test_copilot_finds_the_default_observability_configuration(ground):
    which = arn("observabilityconfiguration", "DefaultConfiguration/1/00000000000000000000000000000001")
    seen = ground.made("apprunner", "DescribeObservabilityConfiguration", ObservabilityConfigurationArn=which)["ObservabilityConfiguration"]
    assert seen["ObservabilityConfigurationArn"] == which and seen["TraceConfiguration"] == {"Vendor": "AWSXRAY"}


# §5: the helper of custom domains polls ten times with three seconds between
@needs("AssociateCustomDomain")
def test_copilot_finds_the_validation_records_of_a_domain(ground):
    service = ground.shared_service()
    name = f"{ground.name('copilot')}.example.com"
    ground.made("apprunner", "AssociateCustomDomain", ServiceArn=service, DomainName=name)
    for _ in range(10):
        domain = next(one for one in domains_of(ground, service) if one["DomainName"] == name)
        if domain["Status"] == "pending_certificate_dns_validation":
            break
        time.sleep(3)
    assert len(domain["CertificateValidationRecords"]) == 3, "with www"
    ground.made("apprunner", "DisassociateCustomDomain", ServiceArn=service, DomainName=name)
    until("it is not listed any more", lambda: name not in {one["DomainName"] for one in domains_of(ground, service)}, 60)


# --- the GitHub action

# §6
def test_the_action_creates_updates_and_replaces_what_failed(ground):
    action, name = Action(ground), ground.name("action")
    sizes = {"InstanceConfiguration": {"Cpu": "0.25 vCPU", "Memory": "0.5 GB"}}
    with pytest.raises(WaitFailed):
        action.run(name, ground.source("missing"), **sizes)
    failed = action.found(name)
    assert failed["Status"] == "CREATE_FAILED", "it is listed"
    service = action.run(name, ground.source("v1", Port="8080"), **sizes)
    assert service != failed["ServiceArn"]
    assert action.run(name, ground.source("v1", Port="8080"), **sizes) == service


# --- AWS CLI and scripts

# §7; list line 10
def test_scripts_read_the_newest_operation_first_and_the_fixed_sentence(ground):
    busy = ground.shared_service("OPERATION_IN_PROGRESS")
    refused = ground.call("apprunner", "StartDeployment", ServiceArn=busy)
    assert refused.code == "InvalidRequestException"
    assert refused.words == "Can't start a deployment on the specified service, because it isn't in RUNNING state."
    refused = ground.call("apprunner", "UpdateService", ServiceArn=busy)
    assert refused.code == "InvalidStateException", refused
    service = ground.service()
    newest = ground.made("apprunner", "StartDeployment", ServiceArn=service)["OperationId"]
    first = ground.made("apprunner", "ListOperations", ServiceArn=service, MaxResults=1)["OperationSummaryList"][0]
    assert (first["Id"], first["Type"]) == (newest, "START_DEPLOYMENT")
    ground.settled(service)


# §7: a name in use is a request that is not valid, and nothing was made
def test_a_name_in_use_is_refused(ground):
    name = ground.name("twice")
    ground.create_service(ServiceName=name, SourceConfiguration=ground.source("missing"))
    answer = ground.call("apprunner", "CreateService", ServiceName=name, SourceConfiguration=ground.source())
    assert answer.code == "InvalidRequestException", answer
    assert [one["ServiceName"] for one in pages(ground, "ListServices", "ServiceSummaryList")].count(name) == 1


# --- pages

def test_a_token_belongs_to_its_call(ground):
    for _ in range(2):
        ground.scaling()
    token = ground.made("apprunner", "ListAutoScalingConfigurations", MaxResults=1)["NextToken"]
    same = ground.made("apprunner", "ListAutoScalingConfigurations", MaxResults=1, NextToken=token)
    assert same["AutoScalingConfigurationSummaryList"]
    for name, members in (
        ("ListAutoScalingConfigurations", {"LatestOnly": False}),
        ("ListAutoScalingConfigurations", {"AutoScalingConfigurationName": "DefaultConfiguration"}),
        ("ListServices", {}),
        ("ListOperations", {"ServiceArn": ground.shared_service()}),
    ):
        answer = ground.call("apprunner", name, {**members, "NextToken": token})
        assert answer.code == "InvalidRequestException", (name, answer)
    everything = pages(ground, "ListAutoScalingConfigurations", "AutoScalingConfigurationSummaryList")
    arns = [one["AutoScalingConfigurationArn"] for one in everything]
    assert len(arns) == len(set(arns)) and len(arns) >= 3
    assert all(f":{REGION}:" in one for one in arns)


# Rule 10
@needs("AssociateCustomDomain")
def test_a_domain_is_pending_long_enough_and_deleting_at_once(ground, terraform, early_domain):
    service, name, answer, made_at = early_domain
    assert answer["CustomDomain"]["Status"] in ("creating", "pending_certificate_dns_validation")
    assert answer["CustomDomain"]["EnableWWWSubdomain"] is True and answer["VpcDNSTargets"] == []
    terraform.domain_created(service, name).wait()
    # 16 seconds later it is still not active: nobody has put the records into the DNS.
    time.sleep(max(0, made_at + 16 - time.monotonic()))
    assert terraform.domain(service, name)() == "pending_certificate_dns_validation"
    gone = ground.made("apprunner", "DisassociateCustomDomain", ServiceArn=service, DomainName=name)
    assert gone["CustomDomain"]["Status"] == "deleting"
    terraform.domain_deleted(service, name).wait()
