"""IAM users, their keys and boundaries; a second account whose service pulls the first one's image; keys that somebody has already."""
import json
import os

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from under_test import ACCOUNT, BIN, PULL_POLICY, REGION, policy, run, until

OTHER = "111122223333"
READ = "arn:aws:iam::aws:policy/AWSAppRunnerReadOnlyAccess"


def client(p, service, key, secret):
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=f"http://{p.run_file()['api']}",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )


def who(p, key, secret):
    return client(p, "sts", key, secret).get_caller_identity()["Arn"]


def outrunner(p, *words):
    return run(BIN / "outrunner", *words, env={**os.environ, "OUTRUNNER_DATA_DIR": str(p.data)})


def refused(call, code, **members):
    with pytest.raises(ClientError) as caught:
        call(**members)
    assert caught.value.response["Error"]["Code"] == code, caught.value
    return str(caught.value)


def test_users_have_keys_that_rotate_and_survive_the_platform(platform):
    p = platform()
    p.start()
    made = json.loads(outrunner(p, "users", "--json", "create", "ann", "--policy", "AWSAppRunnerReadOnlyAccess", "--boundary", READ))
    first = made["AccessKeyId"], made["SecretAccessKey"]
    assert who(p, *first) == f"arn:aws:iam::{ACCOUNT}:user/ann"
    iam = p.client("iam")
    user = iam.get_user(UserName="ann")["User"]
    assert user["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ and user["UserId"].startswith("AIDA"), user
    assert "ann" in outrunner(p, "users", "list")

    # Rotated by the command: the old key signs nothing any more, the new one does, also after a crash.
    second = json.loads(outrunner(p, "users", "--json", "keys", "rotate", "ann"))
    second = second["AccessKeyId"], second["SecretAccessKey"]
    refused(client(p, "sts", *first).get_caller_identity, "InvalidClientTokenId")
    refused(client(p, "apprunner", *first).list_services, "UnrecognizedClientException")
    p.kill()
    p.start()
    assert who(p, *second) == f"arn:aws:iam::{ACCOUNT}:user/ann"
    refused(client(p, "sts", *first).get_caller_identity, "InvalidClientTokenId")
    until("the key's use is known", lambda: iam.get_access_key_last_used(AccessKeyId=second[0])["AccessKeyLastUsed"].get("LastUsedDate"))
    last = iam.get_access_key_last_used(AccessKeyId=second[0])
    assert last["UserName"] == "ann" and last["AccessKeyLastUsed"]["ServiceName"] == "sts", last
    statuses = {key["AccessKeyId"]: key["Status"] for key in iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]}
    assert statuses == {first[0]: "Inactive", second[0]: "Active"}, statuses
    assert first[0] in outrunner(p, "users", "keys", "list", "ann")

    # A policy of the account's own, with versions, attached to the user and told by its documents.
    document = policy(Action="ecr:*", Resource="*")
    arn = iam.create_policy(PolicyName="Images", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(Action="ecr:Describe*", Resource="*"), SetAsDefault=True)
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert version["Document"] == json.loads(document) and not version["IsDefaultVersion"], version
    pages = iam.get_paginator("list_policies").paginate(Scope="Local", OnlyAttached=True, PaginationConfig={"PageSize": 1})
    assert [policy["Arn"] for page in pages for policy in page["Policies"]] == [arn]
    assert iam.list_entities_for_policy(PolicyArn=arn)["PolicyUsers"][0]["UserName"] == "ann"
    refused(iam.delete_policy, "DeleteConflict", PolicyArn=arn)
    assert iam.get_account_summary()["SummaryMap"]["Users"] == 1

    assert files_with(p, second[1]) == []
    refused(iam.delete_user, "DeleteConflict", UserName="ann")
    outrunner(p, "users", "delete", "ann")
    refused(client(p, "sts", *second).get_caller_identity, "InvalidClientTokenId")
    refused(iam.get_user, "NoSuchEntity", UserName="ann")
    p.stop()


def files_with(p, words):
    """The files of the data dir in which these words stand as they are."""
    found = []
    for folder, _, files in os.walk(p.data):
        for name in files:
            # What instances write lies in one sparse file, which no key of a caller ever reaches.
            if os.path.getsize(os.path.join(folder, name)) >= 64 << 20:
                continue
            with open(os.path.join(folder, name), "rb") as file:
                if words.encode() in file.read():
                    found.append(name)
    return found


def test_keys_that_somebody_has_already_sign_here_too(platform):
    p = platform()
    p.start()
    outrunner(p, "users", "create", "ann", "--no-key")
    home = p.folder / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text("[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = kept/by+somebody\n")
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "OUTRUNNER_DATA_DIR": str(p.data)}
    said = run(BIN / "outrunner", "setup", "--keys", "work", "--user", "ann", "--dry-run", env=env)
    assert "register the key AKIAIOSFODNN7EXAMPLE of profile work for user ann" in said, said
    key = "AKIAIOSFODNN7EXAMPLE", "kept/by+somebody"
    refused(client(p, "sts", *key).get_caller_identity, "InvalidClientTokenId")
    for _ in range(2):
        said = run(BIN / "outrunner", "setup", "--keys", "work", "--user", "ann", env=env)
        assert "signs here for user ann" in said and "kept/by+somebody" not in said, said
    assert who(p, *key) == f"arn:aws:iam::{ACCOUNT}:user/ann"
    # Sealed while the platform runs, and in what it leaves when it is killed. The key's name, which is no secret, shows that the right files were read.
    assert files_with(p, key[1]) == [] and files_with(p, key[0]) != []
    p.kill()
    assert files_with(p, key[1]) == []
    p.start()
    assert who(p, *key) == f"arn:aws:iam::{ACCOUNT}:user/ann"
    absent = run(BIN / "outrunner", "setup", "--keys", "nobody", env=env, check=False)
    assert absent.returncode != 0 and "profile 'nobody'" in absent.stderr, absent
    run(BIN / "outrunner", "setup", "--undo", env=env)
    p.stop()


def test_a_service_of_one_account_pulls_an_image_of_another_only_by_its_repositorys_policy(platform, images):
    p = platform()
    layout, _ = images("hello")
    p.start()
    p.offer(layout)
    made = json.loads(outrunner(p, "accounts", "--json", "create", OTHER))
    assert os.stat(made["Credentials"]).st_mode & 0o777 == 0o600
    assert OTHER in outrunner(p, "accounts", "list")
    lines = dict(line.split(" = ") for line in open(made["Credentials"]).read().splitlines() if " = " in line)
    other = lines["aws_access_key_id"], lines["aws_secret_access_key"]
    assert who(p, *other) == f"arn:aws:iam::{OTHER}:root"
    # Made while the platform runs; its printed registry names and its key are there after the next start too.
    p.kill()
    p.start()
    assert who(p, *other) == f"arn:aws:iam::{OTHER}:root"
    assert client(p, "ecr", *other).describe_repositories()["repositories"] == [], "each account has its own"

    iam, apprunner = client(p, "iam", *other), client(p, "apprunner", *other)
    trust = policy(Principal={"Service": "build.apprunner.amazonaws.com"}, Action="sts:AssumeRole")
    role = iam.create_role(RoleName="Puller", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="Puller", PolicyArn=PULL_POLICY)

    def create(name):
        return apprunner.create_service(
            ServiceName=name,
            SourceConfiguration={
                "ImageRepository": {
                    "ImageIdentifier": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/hello:v1",
                    "ImageRepositoryType": "ECR",
                    "ImageConfiguration": {"Port": "8080"},
                },
                "AuthenticationConfiguration": {"AccessRoleArn": role},
                "AutoDeploymentsEnabled": False,
            },
            InstanceConfiguration={"Cpu": "256", "Memory": "512"},
        )["Service"]

    def until_status(service, status):
        describe = lambda: apprunner.describe_service(ServiceArn=service["ServiceArn"])["Service"]["Status"]
        until(f"{service['ServiceName']} is {status}", lambda: describe() == status, 40)

    alone = create("alone")
    assert f":{OTHER}:service/alone/" in alone["ServiceArn"], alone
    until_status(alone, "CREATE_FAILED")
    actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability", "ecr:DescribeImages"]
    allow = policy(Principal={"AWS": OTHER}, Action=actions)
    p.client("ecr").set_repository_policy(repositoryName="hello", policyText=allow)
    shared = create("shared")
    until_status(shared, "RUNNING")
    assert p.https(shared["ServiceUrl"])[0] == 200
    assert p.client("apprunner").list_services()["ServiceSummaryList"] == [], "the first account sees nothing of it"
    p.stop()
