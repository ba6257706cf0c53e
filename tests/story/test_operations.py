"""App Runner's own operations with the stock clients: update, deploy, pause, resume, tags, auto scaling configurations."""
import json

import pytest
from botocore.exceptions import ClientError

from under_test import ACCOUNT, REGION, REGISTRY, until

CONFIGURATIONS = f"arn:aws:apprunner:{REGION}:{ACCOUNT}:autoscalingconfiguration"


def fault(code):
    return pytest.raises(ClientError, match=rf"\({code}\)")


def newest(p, arn):
    return p.aws("apprunner", "list-operations", "--service-arn", arn, "--max-results", "1")["OperationSummaryList"][0]


def ends(p, operation, arn, how="SUCCEEDED"):
    """The operation ends so, and by then the service rests: clients read them one after the other."""
    client = p.client("apprunner")

    def ended():
        found = [o for o in client.list_operations(ServiceArn=arn)["OperationSummaryList"] if o["Id"] == operation]
        return found[0]["Status"] if "EndedAt" in found[0] else None

    assert until("the operation ends", ended, 60) == how
    return client.describe_service(ServiceArn=arn)["Service"]


def image(tag, **variables):
    configuration = {"Port": "8080", "RuntimeEnvironmentVariables": variables}
    return {"ImageIdentifier": f"{REGISTRY}/hello:{tag}", "ImageRepositoryType": "ECR", "ImageConfiguration": configuration}


def test_every_operation_of_a_service(platform, images):
    p = platform().start()
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    p.offer(layout)
    words = ["--auto-scaling-configuration-name", "small", "--max-concurrency", "50", "--min-size", "1", "--max-size", "2"]
    small = p.aws("apprunner", "create-auto-scaling-configuration", *words)["AutoScalingConfiguration"]
    assert (small["Status"], small["AutoScalingConfigurationRevision"], small["HasAssociatedService"]) == ("active", 1, False)
    created = p.create("webs", "hello:v1", more={"RuntimeEnvironmentVariables": {"GREETING": "One"}}, AutoScalingConfigurationArn=f"{CONFIGURATIONS}/small")
    arn, url = created["Service"]["ServiceArn"], created["Service"]["ServiceUrl"]
    assert created["Service"]["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"] == small["AutoScalingConfigurationArn"]
    ends(p, created["OperationId"], arn)
    client = p.client("apprunner")

    update = json.dumps({"ImageRepository": image("v1", GREETING="Two")})
    updated = p.aws("apprunner", "update-service", "--service-arn", arn, "--source-configuration", update)
    assert updated["Service"]["Status"] == "OPERATION_IN_PROGRESS"
    service = ends(p, updated["OperationId"], arn)
    assert (service["Status"], newest(p, arn)["Type"]) == ("RUNNING", "UPDATE_SERVICE")
    assert p.https(url)[1].startswith("Two from")

    broken = client.update_service(ServiceArn=arn, SourceConfiguration={"ImageRepository": image("v9", GREETING="Nine")})
    service = ends(p, broken["OperationId"], arn, "ROLLBACK_SUCCEEDED")
    assert (service["Status"], service["SourceConfiguration"]["ImageRepository"]) == ("RUNNING", image("v1", GREETING="Two"))
    assert p.https(url)[1].startswith("Two from")

    deployment = p.aws("apprunner", "start-deployment", "--service-arn", arn)
    assert ends(p, deployment["OperationId"], arn)["Status"] == "RUNNING"

    paused = p.aws("apprunner", "pause-service", "--service-arn", arn)
    assert ends(p, paused["OperationId"], arn)["Status"] == "PAUSED"
    again = p.aws("apprunner", "pause-service", "--service-arn", arn)
    assert "OperationId" not in again and again["Service"]["Status"] == "PAUSED"
    assert p.instances() == []
    with fault("InvalidStateException"):
        client.update_service(ServiceArn=arn)
    with pytest.raises(ClientError, match="because it isn't in RUNNING state"):
        client.start_deployment(ServiceArn=arn)
    resumed = p.aws("apprunner", "resume-service", "--service-arn", arn)
    assert ends(p, resumed["OperationId"], arn)["Status"] == "RUNNING"
    assert p.https(url)[1].startswith("Two from")
    tags_and_configurations(p, client, arn, small)

    deleted = p.aws("apprunner", "delete-service", "--service-arn", arn)
    ends(p, deleted["OperationId"], arn)
    gone = p.aws("apprunner", "delete-auto-scaling-configuration", "--auto-scaling-configuration-arn", f"{CONFIGURATIONS}/small")
    assert gone["AutoScalingConfiguration"]["Status"] == "inactive"
    with fault("InvalidRequestException"):
        client.delete_auto_scaling_configuration(AutoScalingConfigurationArn=small["AutoScalingConfigurationArn"])
    listed = p.aws("apprunner", "list-auto-scaling-configurations")["AutoScalingConfigurationSummaryList"]
    assert [c["AutoScalingConfigurationName"] for c in listed] == ["DefaultConfiguration"]
    p.stop()


def tags_and_configurations(p, client, arn, small):
    p.aws("apprunner", "tag-resource", "--resource-arn", arn, "--tags", "Key=team,Value=web", "Key=outrunner:request-timeout,Value=9s")
    p.aws("apprunner", "untag-resource", "--resource-arn", arn, "--tag-keys", "team", "nowhere")
    tags = p.aws("apprunner", "list-tags-for-resource", "--resource-arn", arn)["Tags"]
    assert tags == [{"Key": "outrunner:request-timeout", "Value": "9s"}]
    with fault("InvalidRequestException"):
        client.tag_resource(ResourceArn=arn, Tags=[{"Key": "outrunner:color", "Value": "red"}])
    described = p.aws("apprunner", "describe-auto-scaling-configuration", "--auto-scaling-configuration-arn", f"{CONFIGURATIONS}/small/1")
    assert described["AutoScalingConfiguration"]["HasAssociatedService"] is True
    users = p.aws("apprunner", "list-services-for-auto-scaling-configuration", "--auto-scaling-configuration-arn", f"{CONFIGURATIONS}/small")
    assert users["ServiceArnList"] == [arn]
    with fault("InvalidRequestException"):
        client.delete_auto_scaling_configuration(AutoScalingConfigurationArn=small["AutoScalingConfigurationArn"])
    # What is stored outlives the platform.
    p.kill()
    p.start()
    again = p.aws("apprunner", "describe-auto-scaling-configuration", "--auto-scaling-configuration-arn", small["AutoScalingConfigurationArn"])
    assert again == described
    assert p.aws("apprunner", "list-tags-for-resource", "--resource-arn", arn)["Tags"] == tags


def test_a_request_time_limit_that_a_tag_sets_holds_at_once(platform, images):
    p = platform().start()
    layout, _ = images("hello", flags=["--env", "GREETING=Hello"])
    p.offer(layout)
    created = p.create("webs", "hello:v1")
    arn, url = created["Service"]["ServiceArn"], created["Service"]["ServiceUrl"]
    ends(p, created["OperationId"], arn)
    before = p.instances()
    p.client("apprunner").tag_resource(ResourceArn=arn, Tags=[{"Key": "outrunner:request-timeout", "Value": "300ms"}])
    until("a slow request is cut", lambda: p.https(url, "/wait/2000")[0] != 200, 20)
    p.client("apprunner").untag_resource(ResourceArn=arn, TagKeys=["outrunner:request-timeout"])
    until("it is not cut any more", lambda: p.https(url, "/wait/2000")[0] == 200, 20)
    assert p.instances() == before, "and no instance was started anew"
    p.stop()
