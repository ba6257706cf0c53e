"""With `serve --strict` App Runner's own quotas hold, and each is told by its fault; `aws service-quotas` says what they are, and raises the adjustable ones."""
import pytest
from ground import arn

QUOTAS = {  # Source: App Runner Developer Guide, "Quotas": how many there may be, and whether AWS raises it on request
    "Services": (30, True), "Connections": (10, True), "Auto scaling configuration names": (10, True),
    "Revisions per auto scaling configuration name": (5, False), "Observability configuration names": (10, True),
    "Revisions per observability configuration name": (10, False), "VPC connectors": (10, True), "VPC ingress connections": (1, False),
    "Custom domains per service": (5, False),
}
# What creates one more, by the quota. Revisions come before names: a new name needs room.
ONE_MORE = {
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
    if ("service-quotas", "ListServiceQuotas") not in strict.offered:
        pytest.skip("not here")
    return {one["QuotaName"]: one for one in strict.made("service-quotas", "ListServiceQuotas", ServiceCode="apprunner")["Quotas"]}


@pytest.mark.parametrize("quota", ONE_MORE)
def test_one_more_than_app_runner_allows_is_refused(strict, tally, quota):
    operation, members = ONE_MORE[quota]
    if ("apprunner", operation) not in strict.offered:
        pytest.skip("not here")
    # Other tests of the run made some already, and may have raised it.
    for made in range(int(quotas(strict)[quota]["Value"]) + 1):
        answer = strict.call("apprunner", operation, members(strict))
        if answer.is_fault:
            break
    holds = answer.code == "ServiceQuotaExceededException" and made > 0
    tally.check("apprunner", operation, f"{quota}: ServiceQuotaExceededException is provoked with --strict", holds, repr(answer))
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
