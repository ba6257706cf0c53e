"""A tour with boto3 as it ships: `tour_of_boto3.py IMAGE NAME` prints what it saw as JSON. The endpoint and the keys come from the environment.

Runs under any boto3 that knows endpoint variables, so under old ones too.
"""
import json
import sys
import time

import boto3

REST_SECONDS = 60
TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"build.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}]}'


def rests(client, arn):
    deadline = time.monotonic() + REST_SECONDS
    while (status := client.describe_service(ServiceArn=arn)["Service"]["Status"]) == "OPERATION_IN_PROGRESS":
        assert time.monotonic() < deadline, f"{arn} does not come to rest"
        time.sleep(0.1)
    return status


def main(image, name):
    client, iam, ecr = boto3.client("apprunner"), boto3.client("iam"), boto3.client("ecr")
    seen = {"version": boto3.__version__, "account": boto3.client("sts").get_caller_identity()["Account"]}
    configuration = {"Port": "8080", "RuntimeEnvironmentVariables": {"A": "ä"}}
    source = {"ImageRepository": {"ImageIdentifier": image, "ImageRepositoryType": "ECR", "ImageConfiguration": configuration}}
    created = client.create_service(ServiceName=name, SourceConfiguration=source)["Service"]
    arn, seen["began"] = created["ServiceArn"], created["Status"]
    seen["rests"] = rests(client, arn)
    for size in (1, 2, 3):
        client.create_auto_scaling_configuration(AutoScalingConfigurationName=f"{name}-py", MaxSize=size)
    found, token = [], {}
    while True:
        page = client.list_auto_scaling_configurations(AutoScalingConfigurationName=f"{name}-py", LatestOnly=False, MaxResults=1, **token)
        found += [one["AutoScalingConfigurationRevision"] for one in page["AutoScalingConfigurationSummaryList"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    seen["revisions"] = sorted(found)
    try:
        client.describe_service(ServiceArn=arn[:-32] + "0" * 32)
        seen["absent"] = False
    except client.exceptions.ResourceNotFoundException:
        seen["absent"] = True
    iam.create_role(RoleName=f"{name}-py", AssumeRolePolicyDocument=TRUST)
    iam.get_waiter("role_exists").wait(RoleName=f"{name}-py")
    seen["role"] = "Statement" in iam.get_role(RoleName=f"{name}-py")["Role"]["AssumeRolePolicyDocument"]
    iam.delete_role(RoleName=f"{name}-py")
    pages = ecr.get_paginator("list_images").paginate(repositoryName=image.split("/", 1)[1].split(":")[0])
    seen["images"] = any(page["imageIds"] for page in pages)
    client.delete_service(ServiceArn=arn)
    seen["ends"] = rests(client, arn)
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
