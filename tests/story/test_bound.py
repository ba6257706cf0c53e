"""What hangs on a service, with boto3 as its users' tools poll it: network, private services, source code, VPC ingress connections, custom domains."""
import pytest
from botocore.exceptions import ClientError

from under_test import REGION, until

CODE = {
    "RepositoryUrl": "https://github.com/example/hello",
    "SourceCodeVersion": {"Type": "BRANCH", "Value": "main"},
    "CodeConfiguration": {"ConfigurationSource": "REPOSITORY"},
}


def fault(code, words=""):
    return pytest.raises(ClientError, match=rf"\({code}\).*{words}")


def ended(client, arn, operation, how):
    """The operation ends so; answers the service, which rests by then."""
    def found():
        listed = client.list_operations(ServiceArn=arn)["OperationSummaryList"]
        return next((o["Status"] for o in listed if o["Id"] == operation and "EndedAt" in o), None)

    assert until("the operation ends", found, 60) == how
    return client.describe_service(ServiceArn=arn)["Service"]


def asked(p, host):
    """What the front door says of a host: its status and its words, without the host in them."""
    status, words = p.https(host)
    return status, words.replace(host.split(":")[0], "HOST")


def is_unknown(p, host):
    """A private service's host answers as one that does not exist."""
    nobody = host.replace(host.split(".")[0], "aaaaaaaaaa")
    answer = asked(p, host)
    return answer[0] == 404 and answer == asked(p, nobody)


def waits(describe, pending, target):
    """Polls as Terraform does: a status that is neither pending nor the target is an error."""
    def seen():
        status = describe()
        assert status in (pending, target), status
        return status == target

    until(f"{target} is seen", seen, 30)


def test_what_a_service_says_of_its_network_and_source(platform, images):
    p = platform().start()
    layout, _ = images("hello")
    p.offer(layout)
    client = p.client("apprunner")

    private = {"IngressConfiguration": {"IsPubliclyAccessible": False}}
    created = p.create("webs", "hello:v1", NetworkConfiguration=private)
    arn = created["Service"]["ServiceArn"]
    service = ended(client, arn, created["OperationId"], "SUCCEEDED")
    assert service["Status"] == "RUNNING" and not service.get("ServiceUrl")
    domains = client.describe_custom_domains(ServiceArn=arn)
    port = p.run_file()["https"].rsplit(":", 1)[1]
    host = f"{domains['DNSTarget']}:{port}"
    assert ":" not in domains["DNSTarget"] and domains["VpcDNSTargets"] == []
    assert is_unknown(p, host) and is_unknown(p, f"webs.{p.run_file()['domain']}:{port}")

    public = {"IngressConfiguration": {"IsPubliclyAccessible": True}}
    updated = client.update_service(ServiceArn=arn, NetworkConfiguration=public)
    service = ended(client, arn, updated["OperationId"], "SUCCEEDED")
    assert service["ServiceUrl"] == host and asked(p, host)[0] == 200
    updated = client.update_service(ServiceArn=arn, NetworkConfiguration={"IngressConfiguration": {}})
    assert not ended(client, arn, updated["OperationId"], "SUCCEEDED").get("ServiceUrl")
    assert is_unknown(p, host), "from the moment that the operation has succeeded"

    connector = client.create_vpc_connector(VpcConnectorName="mine", Subnets=["subnet-1"])["VpcConnector"]["VpcConnectorArn"]
    vpc = {"EgressConfiguration": {"EgressType": "VPC", "VpcConnectorArn": connector}}
    updated = client.update_service(ServiceArn=arn, NetworkConfiguration=vpc)
    assert updated["Service"]["NetworkConfiguration"]["EgressConfiguration"] == vpc["EgressConfiguration"]
    service = ended(client, arn, updated["OperationId"], "ROLLBACK_SUCCEEDED")
    assert (service["Status"], service["NetworkConfiguration"]["EgressConfiguration"]) == ("RUNNING", {"EgressType": "DEFAULT"})
    assert "EgressType VPC) is not available" in p.events("webs")

    source = {"SourceConfiguration": {"CodeRepository": CODE}}
    created = client.create_service(ServiceName="code", **source)
    code = ended(client, created["Service"]["ServiceArn"], created["OperationId"], "FAILED")
    assert (code["Status"], code["SourceConfiguration"]["CodeRepository"]) == ("CREATE_FAILED", CODE)
    assert "Building from a source code repository is not available" in p.events("code")

    ingress(client, arn)
    p.stop()
    # What was said survives: the front door of the next platform knows no host either.
    p.start()
    assert not client.describe_service(ServiceArn=arn)["Service"].get("ServiceUrl")
    p.until_status(arn, "RUNNING")
    assert is_unknown(p, host)
    deleted = client.delete_service(ServiceArn=arn)
    assert ended(client, arn, deleted["OperationId"], "SUCCEEDED")["Status"] == "DELETED"
    p.stop()


def ingress(client, service):
    """A VPC ingress connection fails, holds its service, and goes."""
    made = client.create_vpc_ingress_connection(
        ServiceArn=service,
        VpcIngressConnectionName="mine",
        IngressVpcConfiguration={"VpcId": "vpc-1", "VpcEndpointId": "vpce-1"},
        Tags=[{"Key": "team", "Value": "web"}],
    )["VpcIngressConnection"]
    arn = made["VpcIngressConnectionArn"]
    assert made["Status"] == "PENDING_CREATION"

    def status():
        return client.describe_vpc_ingress_connection(VpcIngressConnectionArn=arn)["VpcIngressConnection"]["Status"]

    waits(status, "PENDING_CREATION", "FAILED_CREATION")
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "web"}]
    listed = client.list_vpc_ingress_connections(Filter={"ServiceArn": service})["VpcIngressConnectionSummaryList"]
    assert listed == [{"VpcIngressConnectionArn": arn, "ServiceArn": service}]
    with fault("InvalidStateException", "Delete it first"):
        client.delete_service(ServiceArn=service)
    gone = client.delete_vpc_ingress_connection(VpcIngressConnectionArn=arn)["VpcIngressConnection"]
    assert gone["Status"] == "PENDING_DELETION"
    waits(status, "PENDING_DELETION", "DELETED")
    assert client.list_vpc_ingress_connections()["VpcIngressConnectionSummaryList"] == []


def test_custom_domains_as_terraform_and_copilot_read_them(platform, images):
    p = platform().start()
    layout, _ = images("hello")
    p.offer(layout)
    client = p.client("apprunner")
    created = p.create("webs", "hello:v1")
    arn = created["Service"]["ServiceArn"]
    with fault("InvalidStateException", "RUNNING"):
        client.associate_custom_domain(ServiceArn=arn, DomainName="example.com")
    url = ended(client, arn, created["OperationId"], "SUCCEEDED")["ServiceUrl"]
    made = client.associate_custom_domain(ServiceArn=arn, DomainName="example.com")
    assert made["DNSTarget"] == url.split(":")[0] and made["VpcDNSTargets"] == [] and made["CustomDomain"]["EnableWWWSubdomain"]
    assert f".{REGION}." in made["DNSTarget"]

    def domain():
        return client.describe_custom_domains(ServiceArn=arn)["CustomDomains"][0]

    waits(lambda: domain()["Status"], "creating", "pending_certificate_dns_validation")
    records = domain()["CertificateValidationRecords"]
    assert records == made["CustomDomain"]["CertificateValidationRecords"] and len(records) == 3
    assert {(r["Type"], r["Status"]) for r in records} == {("CNAME", "PENDING_VALIDATION")}
    with fault("InvalidRequestException", "example.com is already associated with"):
        client.associate_custom_domain(ServiceArn=arn, DomainName="example.com")
    p.stop()
    p.start()
    assert domain()["CertificateValidationRecords"] == records, "the same after a restart"
    p.until_status(arn, "RUNNING")
    gone = client.disassociate_custom_domain(ServiceArn=arn, DomainName="example.com")["CustomDomain"]
    assert gone["Status"] == "deleting"
    assert client.describe_custom_domains(ServiceArn=arn)["CustomDomains"] == []
    with fault("ResourceNotFoundException", "No custom domain example.com found for the provided service"):
        client.disassociate_custom_domain(ServiceArn=arn, DomainName="example.com")
    deleted = client.delete_service(ServiceArn=arn)
    ended(client, arn, deleted["OperationId"], "SUCCEEDED")
    p.stop()
