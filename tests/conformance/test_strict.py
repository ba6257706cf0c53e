"""With `serve --strict` App Runner's own quotas hold, and each is told by its fault; `aws service-quotas` says what they are, and raises the adjustable ones."""
import pytest
from ground import arn
from signed_call import model_of

QUOTAS = {  # Source: App Runner Developer Guide, "Quotas": how many there may be, and whether AWS raises it on request
    "Services": (30, True), "Connections": (10, True), "Auto scaling configuration names": (10, True),
    "Revisions per auto scaling configuration name": (5, False), "Observability configuration names": (10, True),
    "Revisions per observability configuration name": (10, False), "VPC connectors": (10, True), "VPC ingress connections": (1, False),
    "Custom domains per service": (5, False),
}
TO = {"VpcId": "vpc-0a1b2c3d", "VpcEndpointId": "vpce-0a1b2c3d"}
# What creates one more, by the quota. Revisions come before names, and what belongs to a service before services: what is new needs room.
ONE_MORE = {
    "Custom domains per service": (
        "AssociateCustomDomain", lambda g: {"ServiceArn": g.once("of domains", g.service), "DomainName": f"{g.name('shop')}.example.com"}),
    "VPC ingress connections": (
        "CreateVpcIngressConnection",
        lambda g: {"ServiceArn": g.once("private", g.private_service), "VpcIngressConnectionName": g.name("ingress"), "IngressVpcConfiguration": TO}),
    "Revisions per auto scaling configuration name": ("CreateAutoScalingConfiguration", lambda g: {"AutoScalingConfigurationName": "one-name"}),
    "Revisions per observability configuration name": ("CreateObservabilityConfiguration", lambda g: {"ObservabilityConfigurationName": "one-name"}),
    "Services": ("CreateService", lambda g: {"ServiceName": g.name("service"), "SourceConfiguration": g.source("missing")}),
    "Connections": ("CreateConnection", lambda g: {"ConnectionName": g.name("github"), "ProviderType": "GITHUB"}),
    "Auto scaling configuration names": ("CreateAutoScalingConfiguration", lambda g: {"AutoScalingConfigurationName": g.name("scaling")}),
    "Observability configuration names": ("CreateObservabilityConfiguration", lambda g: {"ObservabilityConfigurationName": g.name("tracing")}),
    "VPC connectors": ("CreateVpcConnector", lambda g: {"VpcConnectorName": g.name("connector"), "Subnets": ["subnet-0a1b2c3d"]}),
}


def quotas(strict):
    """By name, as Service Quotas lists them."""
    return {one["QuotaName"]: one for one in strict.made("service-quotas", "ListServiceQuotas", ServiceCode="apprunner")["Quotas"]}


@pytest.mark.parametrize("quota", ONE_MORE)
def test_one_more_than_app_runner_allows_is_refused(strict, tally, quota):
    operation, members = ONE_MORE[quota]
    # Other tests of the run made some already, and may have raised it.
    for made in range(int(quotas(strict)[quota]["Value"]) + 1):
        answer = strict.call("apprunner", operation, members(strict))
        if answer.is_fault:
            break
    # AssociateCustomDomain declares no fault for quotas.
    declared = {shape.error_code for shape in model_of("apprunner").operation_model(operation).error_shapes}
    expected = "ServiceQuotaExceededException" if "ServiceQuotaExceededException" in declared else "InvalidRequestException"
    holds = answer.code == expected and f"'{quota}'" in answer.words and made > 0
    tally.check("apprunner", operation, f"{quota}: {expected} is provoked with --strict", holds, repr(answer))
    assert holds, answer


def test_the_quotas_are_read_through_service_quotas_and_raised(strict):
    found = quotas(strict)
    assert {name: one["Adjustable"] for name, one in found.items()} == {name: adjustable for name, (_, adjustable) in QUOTAS.items()}
    for name, (most, adjustable) in QUOTAS.items():
        assert found[name]["Value"] >= most if adjustable else found[name]["Value"] == most, name
    connectors = found["VPC connectors"]
    which = {"ServiceCode": "apprunner", "QuotaCode": connectors["QuotaCode"]}
    strict.made("service-quotas", "RequestServiceQuotaIncrease", {**which, "DesiredValue": connectors["Value"] + 2})
    assert strict.made("service-quotas", "GetServiceQuota", which)["Quota"]["Value"] == connectors["Value"] + 2
    fixed = found["VPC ingress connections"]["QuotaCode"]
    refused = strict.call("service-quotas", "RequestServiceQuotaIncrease", ServiceCode="apprunner", QuotaCode=fixed, DesiredValue=99.0)
    assert refused.code == "IllegalArgumentException", refused


def test_sizes_beyond_app_runners_are_refused(strict):
    answer = strict.call("apprunner", "CreateAutoScalingConfiguration", AutoScalingConfigurationName="too-big", MaxConcurrency=201)
    assert answer.code == "InvalidRequestException", answer
    answer = strict.call("apprunner", "CreateAutoScalingConfiguration", AutoScalingConfigurationName="too-big", MinSize=26, MaxSize=30)
    assert answer.code == "InvalidRequestException", answer


def test_every_answer_of_the_strict_platform_was_as_the_model_says(strict):
    strict.call("apprunner", "DescribeService", ServiceArn=arn("service", "nobody/" + "0" * 32))
    assert not strict.wrong, strict.wrong
