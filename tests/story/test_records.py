"""What App Runner keeps by name and of which nothing runs, with the stock clients: observability configurations, VPC connectors, connections, the default
auto scaling configuration, their tags, and their lists page by page. All of it is there after a restart."""
import json

import pytest
from botocore.exceptions import ClientError

from under_test import ACCOUNT, REGION

PREFIX = f"arn:aws:apprunner:{REGION}:{ACCOUNT}"


def fault(code, words=""):
    return pytest.raises(ClientError, match=rf"\({code}\).*{words}")


def pages(call, member, between=lambda number: None, **words):
    """Every item of a list that is read two at a time; `between` is told how many pages were read."""
    items, number = [], 0
    while True:
        page = call(MaxResults=2, **words)
        items += page[member]
        number += 1
        if "NextToken" not in page:
            return items
        assert len(page[member]) == 2
        words["NextToken"] = page["NextToken"]
        between(number)


def observability_configurations(client):
    def create(name):
        return client.create_observability_configuration(ObservabilityConfigurationName=name, TraceConfiguration={"Vendor": "AWSXRAY"})["ObservabilityConfiguration"]

    def describe(tail):
        return client.describe_observability_configuration(ObservabilityConfigurationArn=f"{PREFIX}:observabilityconfiguration/{tail}")["ObservabilityConfiguration"]

    first, second = create("traced"), create("traced")
    assert (first["Status"], first["Latest"], second["ObservabilityConfigurationRevision"]) == ("ACTIVE", True, 2)
    assert describe("traced") == second and describe("traced/1")["Latest"] is False
    gone = client.delete_observability_configuration(ObservabilityConfigurationArn=f"{PREFIX}:observabilityconfiguration/traced")["ObservabilityConfiguration"]
    assert (gone["Status"], gone["Latest"], "DeletedAt" in gone) == ("INACTIVE", False, True)
    assert describe("traced/2") == gone and describe("traced")["ObservabilityConfigurationRevision"] == 1
    assert create("traced")["ObservabilityConfigurationRevision"] == 3
    # What Copilot names where tracing is on.
    default = describe("DefaultConfiguration/1/00000000000000000000000000000001")
    assert (default["Status"], default["TraceConfiguration"]) == ("ACTIVE", {"Vendor": "AWSXRAY"})
    with fault("InvalidRequestException", "cannot be deleted"):
        client.delete_observability_configuration(ObservabilityConfigurationArn=default["ObservabilityConfigurationArn"])
    with fault("InvalidRequestException", "reserved"):
        create("DefaultConfiguration")
    with fault("ResourceNotFoundException"):
        describe("nowhere")
    listed = pages(client.list_observability_configurations, "ObservabilityConfigurationSummaryList", LatestOnly=False)
    assert [(c["ObservabilityConfigurationName"], c["ObservabilityConfigurationRevision"]) for c in listed] == [("DefaultConfiguration", 1), ("traced", 1), ("traced", 3)]
    latest = client.list_observability_configurations()["ObservabilityConfigurationSummaryList"]
    assert [c["ObservabilityConfigurationRevision"] for c in latest] == [1, 3]
    return listed[1]["ObservabilityConfigurationArn"]


def vpc_connectors(client):
    made = [client.create_vpc_connector(VpcConnectorName=f"wire-{n}", Subnets=["subnet-2", "subnet-1"], SecurityGroups=["sg-1"])["VpcConnector"] for n in range(6)]
    assert (made[0]["Status"], made[0]["VpcConnectorRevision"]) == ("ACTIVE", 1)
    assert (made[0]["Subnets"], made[0]["SecurityGroups"]) == (["subnet-2", "subnet-1"], ["sg-1"]), "as sent"
    with fault("InvalidRequestException", "exists already"):
        client.create_vpc_connector(VpcConnectorName="wire-0", Subnets=["subnet-1"])
    with fault("InvalidRequestException", "<name>/<revision>/<id>"):
        client.describe_vpc_connector(VpcConnectorArn=f"{PREFIX}:vpcconnector/wire-0")

    def between(number):
        # After the first page: the one that the next page begins after, and one that is still to come.
        for gone in (made[1], made[4]) if number == 1 else ():
            deleted = client.delete_vpc_connector(VpcConnectorArn=gone["VpcConnectorArn"])["VpcConnector"]
            assert (deleted["Status"], "DeletedAt" in deleted) == ("INACTIVE", True)
            assert client.describe_vpc_connector(VpcConnectorArn=gone["VpcConnectorArn"])["VpcConnector"] == deleted

    assert pages(client.list_vpc_connectors, "VpcConnectors", between) == [made[0], made[1], made[2], made[3], made[5]]
    return made[0]["VpcConnectorArn"]


def connections(client):
    made = [client.create_connection(ConnectionName=f"link-{n}", ProviderType=kind)["Connection"] for n, kind in enumerate(["GITHUB", "BITBUCKET", "GITHUB"])]
    assert {c["Status"] for c in made} == {"PENDING_HANDSHAKE"}
    with fault("InvalidRequestException", "exists already"):
        client.create_connection(ConnectionName="link-0", ProviderType="BITBUCKET")
    # As Terraform reads one: there is no Describe.
    assert client.list_connections(ConnectionName="link-1")["ConnectionSummaryList"] == [made[1]]
    assert client.list_connections(ConnectionName="nobody")["ConnectionSummaryList"] == []
    gone = client.delete_connection(ConnectionArn=f"{PREFIX}:connection/link-1")["Connection"]
    assert gone == {**made[1], "Status": "DELETED"}
    assert client.list_connections(ConnectionName="link-1")["ConnectionSummaryList"] == []
    with fault("ResourceNotFoundException"):
        client.delete_connection(ConnectionArn=made[1]["ConnectionArn"])
    assert pages(client.list_connections, "ConnectionSummaryList") == [made[0], made[2]]
    return made[0]["ConnectionArn"]


def default_scaling(client):
    """As Terraform reads it: of the latest ones, exactly one is active and the default."""
    found = [c for c in client.list_auto_scaling_configurations()["AutoScalingConfigurationSummaryList"] if c["Status"] == "active" and c["IsDefault"]]
    assert len(found) == 1, found
    return found[0]["AutoScalingConfigurationArn"].split(":autoscalingconfiguration/")[1]


def the_default_auto_scaling_configuration(p, client):
    def create_service(name):
        """Nobody made its image: it fails, and is configured with something all the same."""
        arn = p.create(name, "nowhere:v1")["Service"]["ServiceArn"]
        p.until_status(arn, "CREATE_FAILED", 60)
        return arn

    summary = lambda arn: client.describe_service(ServiceArn=arn)["Service"]["AutoScalingConfigurationSummary"]
    assert default_scaling(client).startswith("DefaultConfiguration/1/")
    old = create_service("old-one")
    made = client.create_auto_scaling_configuration(AutoScalingConfigurationName="small", MaxSize=2)["AutoScalingConfiguration"]
    arn = made["AutoScalingConfigurationArn"]
    chosen = client.update_default_auto_scaling_configuration(AutoScalingConfigurationArn=f"{PREFIX}:autoscalingconfiguration/small")
    assert chosen["AutoScalingConfiguration"] == {**made, "IsDefault": True}
    assert default_scaling(client) == arn.split(":autoscalingconfiguration/")[1]
    new = create_service("new-one")
    assert (summary(new)["AutoScalingConfigurationArn"], summary(new)["IsDefault"]) == (arn, True)
    assert summary(old)["IsDefault"] is False and "DefaultConfiguration/1/" in summary(old)["AutoScalingConfigurationArn"]
    with fault("InvalidRequestException", "is the default of your account"):
        client.delete_auto_scaling_configuration(AutoScalingConfigurationArn=arn)
    with fault("InvalidRequestException", "is used by a service"):
        client.delete_auto_scaling_configuration(AutoScalingConfigurationArn=summary(old)["AutoScalingConfigurationArn"])
    client.delete_service(ServiceArn=old)
    p.until_status(old, "DELETED", 60)
    first = client.delete_auto_scaling_configuration(AutoScalingConfigurationArn=f"{PREFIX}:autoscalingconfiguration/DefaultConfiguration/1")
    assert (first["AutoScalingConfiguration"]["Status"], first["AutoScalingConfiguration"]["IsDefault"]) == ("inactive", False)
    with fault("InvalidRequestException", "The auto scaling configuration you specified has been deleted"):
        client.update_default_auto_scaling_configuration(AutoScalingConfigurationArn=first["AutoScalingConfiguration"]["AutoScalingConfigurationArn"])
    return arn


def tags(client, arn):
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "web"}, {"Key": "outrunner:anything", "Value": "goes"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["team", "nowhere"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "outrunner:anything", "Value": "goes"}]
    with fault("InvalidRequestException", "50 tags at most"):
        client.tag_resource(ResourceArn=arn, Tags=[{"Key": f"k{n}", "Value": ""} for n in range(50)])


def test_all_that_is_kept_by_name(platform):
    p = platform().start()
    client = p.client("apprunner")
    arns = [observability_configurations(client), vpc_connectors(client), connections(client), the_default_auto_scaling_configuration(p, client)]
    for arn in arns:
        tags(client, arn)
    lists = [
        lambda: client.list_observability_configurations(LatestOnly=False)["ObservabilityConfigurationSummaryList"],
        lambda: client.list_vpc_connectors()["VpcConnectors"],
        lambda: client.list_connections()["ConnectionSummaryList"],
        lambda: client.list_auto_scaling_configurations(LatestOnly=False)["AutoScalingConfigurationSummaryList"],
        lambda: [client.list_tags_for_resource(ResourceArn=arn)["Tags"] for arn in arns],
    ]
    before = [each() for each in lists]
    p.kill()
    p.start()
    assert [each() for each in lists] == before, "the platform was killed and is back"
    assert default_scaling(client).startswith("small/1/")
    assert p.aws("apprunner", "list-connections", "--connection-name", "link-0")["ConnectionSummaryList"][0]["ConnectionArn"] == arns[2]
    assert json.loads(p.outrunner("check", "--json"))["findings"] == []
