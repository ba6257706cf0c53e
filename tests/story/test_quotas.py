"""Quotas of App Runner: lifted, or its own with `--strict`; read and raised through Service Quotas, and still raised after a restart."""
import pytest
from botocore.exceptions import ClientError

SERVE = ("--api", "127.0.0.1:0", "--http", ":0", "--https", ":0")


def names(quotas):
    listed = quotas.get_paginator("list_service_quotas").paginate(ServiceCode="apprunner", PaginationConfig={"PageSize": 4})
    return {quota["QuotaName"]: quota for page in listed for quota in page["Quotas"]}


def test_app_runners_own_quotas_hold_with_strict_and_are_raised_for_good(platform):
    # As a variable, which holds for every start; `outrunner.toml` and the flag say the same.
    p = platform(*SERVE, env={"OUTRUNNER_STRICT": "true"}).start()
    quotas, apprunner = p.client("service-quotas"), p.client("apprunner")
    quota = names(quotas)["Auto scaling configuration names"]
    assert (quota["Value"], quota["Adjustable"]) == (10, True)
    for number in range(10):
        apprunner.create_auto_scaling_configuration(AutoScalingConfigurationName=f"name-{number}")
    with pytest.raises(ClientError) as refused:
        apprunner.create_auto_scaling_configuration(AutoScalingConfigurationName="one-more")
    assert refused.value.response["Error"]["Code"] == "ServiceQuotaExceededException"
    assert quota["QuotaCode"] in refused.value.response["Error"]["Message"], "it says what to raise"
    asked = quotas.request_service_quota_increase(ServiceCode="apprunner", QuotaCode=quota["QuotaCode"], DesiredValue=11)
    assert asked["RequestedQuota"]["Status"] == "APPROVED"
    p.kill()

    p.start()
    quotas, apprunner = p.client("service-quotas"), p.client("apprunner")
    assert names(quotas)["Auto scaling configuration names"]["Value"] == 11
    apprunner.create_auto_scaling_configuration(AutoScalingConfigurationName="one-more")
    with pytest.raises(ClientError) as refused:
        apprunner.create_auto_scaling_configuration(AutoScalingConfigurationName="too-many", MaxConcurrency=201)
    assert "'maxConcurrency' failed to satisfy constraint" in refused.value.response["Error"]["Message"]
    p.stop()

    p = platform(*SERVE).start()
    assert names(p.client("service-quotas"))["Services"]["Value"] > 30, "lifted unless asked for"
    p.client("apprunner").create_auto_scaling_configuration(AutoScalingConfigurationName="large", MaxConcurrency=201)
    p.stop()
