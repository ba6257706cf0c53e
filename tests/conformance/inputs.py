"""The smallest and the fullest valid input of every operation, on ground where their resources exist.

`INPUTS[service, operation]` is a function that answers the required members, and functions that answer those to add; several where members exclude
each other. Together they must name every member of the model, nested ones included, or `PARTIAL` or `LEFT_OUT` says why not.
"""
import hashlib
import json
import time

from ground import TASKS, arn, document
from inputs_beyond import BEYOND, one_more, quota, simulated
from required_operations import PARTIAL
from under_test import ACCOUNT, BUILDS, PULL_POLICY, REGION

TAGS = [{"Key": "team", "Value": "web"}, {"Key": "empty", "Value": ""}]
VPC = {"VpcId": "vpc-0a1b2c3d", "VpcEndpointId": "vpce-0a1b2c3d"}
TOKENS = "a token of a page comes from the page before: see the tests of pages"
UNKNOWN = "newer than the models that the platform is made from: passed over, as AWS passes over members that it does not know; no constraint is held"


def none(_):
    return {}


def full_image(g):
    return {
        "ImageRepository": {
            "ImageIdentifier": g.image(),
            "ImageRepositoryType": "ECR",
            "ImageConfiguration": {
                "Port": "8080",
                "StartCommand": "/hello",
                "RuntimeEnvironmentVariables": {"GREETING": "Good day", "EMPTY": "", "LINES": "a\nb"},
                "RuntimeEnvironmentSecrets": {"TOKEN": g.once("a secret", g.secret)},
            },
        },
        "AutoDeploymentsEnabled": True,
        "AuthenticationConfiguration": {"AccessRoleArn": g.access_role()},
    }


def full_code(_):
    values = {
        "Runtime": "PYTHON_311", "BuildCommand": "pip install -r requirements.txt", "StartCommand": "python app.py", "Port": "8080",
        "RuntimeEnvironmentVariables": {"A": "b"},
    }
    code = {
        "RepositoryUrl": "https://github.com/example/app",
        "SourceCodeVersion": {"Type": "BRANCH", "Value": "main"},
        "CodeConfiguration": {"ConfigurationSource": "API", "CodeConfigurationValues": values},
        "SourceDirectory": "/",
    }
    return {"CodeRepository": code, "AutoDeploymentsEnabled": False}


def network(**ingress):
    return {"EgressConfiguration": {"EgressType": "DEFAULT"}, "IngressConfiguration": {"IsPubliclyAccessible": True}, "IpAddressType": "IPV4"}


HEALTH = {"Protocol": "HTTP", "Path": "/health", "Interval": 1, "Timeout": 2, "HealthyThreshold": 1, "UnhealthyThreshold": 20}


def service_settings(g):
    return {
        "InstanceConfiguration": {"Cpu": "0.25 vCPU", "Memory": "0.5 GB", "InstanceRoleArn": secret_reader(g)},
        "AutoScalingConfigurationArn": g.once("a scaling", g.scaling),
        "HealthCheckConfiguration": HEALTH,
        "NetworkConfiguration": network(),
        "ObservabilityConfiguration": {"ObservabilityEnabled": True, "ObservabilityConfigurationArn": g.once("an observability", g.observability)},
    }


def secret_reader(g):
    def make():
        role = g.role(TASKS)
        reads = document(Action=["secretsmanager:GetSecretValue", "ssm:GetParameter*"], Resource="*")
        g.made("iam", "PutRolePolicy", RoleName=role["RoleName"], PolicyName="reads", PolicyDocument=reads)
        return role["Arn"]

    return g.once("a role that reads secrets", make)


def new_code_service(g):
    return {"ServiceName": g.name("service"), "SourceConfiguration": full_code(g)}


def code_with_secrets(g):
    """The same whose app is to read a secret."""
    made = new_code_service(g)
    values = made["SourceConfiguration"]["CodeRepository"]["CodeConfiguration"]["CodeConfigurationValues"]
    values["RuntimeEnvironmentSecrets"] = {"TOKEN": g.once("a secret", g.secret)}
    return {**made, "InstanceConfiguration": {"InstanceRoleArn": secret_reader(g)}}


def code_service(g):
    """A service from source code, whose creation has failed."""
    made = g.made("apprunner", "CreateService", new_code_service(g))["Service"]["ServiceArn"]
    assert g.settled(made) == "CREATE_FAILED"
    return made


def vpc_egress(g):
    """Taken at the call; what becomes of it says PARTIAL."""
    egress = {"EgressType": "VPC", "VpcConnectorArn": g.once("a connector", g.connector)}
    return {"NetworkConfiguration": {**network(), "EgressConfiguration": egress}}


APPRUNNER = {
    "AssociateCustomDomain": (
        lambda g: {"ServiceArn": g.shared_service(), "DomainName": f"{g.name('shop')}.example.com"}, lambda g: {"EnableWWWSubdomain": False}),
    "CreateAutoScalingConfiguration": (
        lambda g: {"AutoScalingConfigurationName": g.name("scaling")}, lambda g: {"MaxConcurrency": 200, "MinSize": 1, "MaxSize": 25, "Tags": TAGS}),
    "CreateConnection": (lambda g: {"ConnectionName": g.name("github"), "ProviderType": "GITHUB"}, lambda g: {"Tags": TAGS}),
    "CreateObservabilityConfiguration": (
        lambda g: {"ObservabilityConfigurationName": g.name("tracing")}, lambda g: {"TraceConfiguration": {"Vendor": "AWSXRAY"}, "Tags": TAGS}),
    "CreateService": (
        lambda g: {"ServiceName": g.name("service"), "SourceConfiguration": {"ImageRepository": {"ImageIdentifier": g.image(), "ImageRepositoryType": "ECR"}}},
        lambda g: {"SourceConfiguration": full_image(g), "Tags": TAGS, **service_settings(g)},
        code_with_secrets, vpc_egress),
    "CreateVpcConnector": (
        lambda g: {"VpcConnectorName": g.name("connector"), "Subnets": ["subnet-0a1b2c3d"]},
        lambda g: {"Subnets": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"], "SecurityGroups": ["sg-0a1b2c3d"], "Tags": TAGS}),
    "CreateVpcIngressConnection": (
        lambda g: {"ServiceArn": g.private_service(), "VpcIngressConnectionName": g.name("ingress"), "IngressVpcConfiguration": VPC},
        lambda g: {"ServiceArn": g.private_service(), "VpcIngressConnectionName": g.name("ingress"), "Tags": TAGS}),
    "DeleteAutoScalingConfiguration": (
        lambda g: {"AutoScalingConfigurationArn": g.scaling()},
        lambda g: {"AutoScalingConfigurationArn": g.scaling().rsplit("/", 2)[0], "DeleteAllRevisions": True}),
    "DeleteConnection": (lambda g: {"ConnectionArn": g.connection()},),
    "DeleteObservabilityConfiguration": (lambda g: {"ObservabilityConfigurationArn": g.observability()},),
    "DeleteService": (lambda g: {"ServiceArn": g.service()},),
    "DeleteVpcConnector": (lambda g: {"VpcConnectorArn": g.connector()},),
    "DeleteVpcIngressConnection": (lambda g: {"VpcIngressConnectionArn": g.ingress()},),
    "DescribeAutoScalingConfiguration": (lambda g: {"AutoScalingConfigurationArn": g.once("a scaling", g.scaling)},),
    "DescribeCustomDomains": (lambda g: {"ServiceArn": g.domain()[0]}, lambda g: {"MaxResults": 5}),
    "DescribeObservabilityConfiguration": (lambda g: {"ObservabilityConfigurationArn": g.once("an observability", g.observability)},),
    "DescribeService": (lambda g: {"ServiceArn": g.shared_service()},),
    "DescribeVpcConnector": (lambda g: {"VpcConnectorArn": g.once("a connector", g.connector)},),
    "DescribeVpcIngressConnection": (lambda g: {"VpcIngressConnectionArn": g.once("an ingress", g.ingress)},),
    "DisassociateCustomDomain": (lambda g: dict(zip(("ServiceArn", "DomainName"), g.domain())),),
    "ListAutoScalingConfigurations": (
        none, lambda g: {"AutoScalingConfigurationName": "DefaultConfiguration", "LatestOnly": False, "MaxResults": 100}),
    "ListConnections": (none, lambda g: {"ConnectionName": "nobody", "MaxResults": 100}),
    "ListObservabilityConfigurations": (none, lambda g: {"ObservabilityConfigurationName": "nobody", "LatestOnly": False, "MaxResults": 100}),
    "ListOperations": (lambda g: {"ServiceArn": g.shared_service()}, lambda g: {"MaxResults": 20}),
    "ListServices": (none, lambda g: {"MaxResults": 20}),
    "ListServicesForAutoScalingConfiguration": (
        lambda g: {"AutoScalingConfigurationArn": arn("autoscalingconfiguration", "DefaultConfiguration")}, lambda g: {"MaxResults": 100}),
    "ListTagsForResource": (lambda g: {"ResourceArn": g.shared_service()},),
    "ListVpcConnectors": (none, lambda g: {"MaxResults": 100}),
    "ListVpcIngressConnections": (
        none, lambda g: {"Filter": {"ServiceArn": g.shared_service(), "VpcEndpointId": VPC["VpcEndpointId"]}, "MaxResults": 100}),
    "PauseService": (lambda g: {"ServiceArn": g.service()},),
    "ResumeService": (lambda g: {"ServiceArn": g.service("PAUSED")},),
    "StartDeployment": (lambda g: {"ServiceArn": g.service()},),
    "TagResource": (lambda g: {"ResourceArn": g.once("tagged", g.service), "Tags": TAGS},),
    "UntagResource": (lambda g: {"ResourceArn": g.once("tagged", g.service), "TagKeys": ["team", "nowhere"]},),
    "UpdateDefaultAutoScalingConfiguration": (lambda g: {"AutoScalingConfigurationArn": arn("autoscalingconfiguration", "DefaultConfiguration/1")},),
    "UpdateService": (
        lambda g: {"ServiceArn": g.service()},
        lambda g: {"ServiceArn": g.service(), "SourceConfiguration": full_image(g), **service_settings(g)},
        lambda g: {"ServiceArn": code_service(g), "SourceConfiguration": code_with_secrets(g)["SourceConfiguration"],
                   "InstanceConfiguration": {"InstanceRoleArn": secret_reader(g)}},
        vpc_egress),
    "UpdateVpcIngressConnection": (lambda g: {"VpcIngressConnectionArn": g.once("an ingress", g.ingress), "IngressVpcConfiguration": VPC},),
}

REGISTRY_ID = {"registryId": ACCOUNT}
MANIFESTS = ["application/vnd.oci.image.manifest.v1+json"]


def of_pushed(g):
    repository, tag = g.once("pushed", g.pushed)
    return {"repositoryName": repository, "imageIds": [{"imageTag": tag}]}


def with_digest(g):
    repository, tag = g.once("pushed", g.pushed)
    digest = g.made("ecr", "DescribeImages", repositoryName=repository)["imageDetails"][0]["imageDigest"]
    return [{"imageDigest": digest, "imageTag": tag}]


def repository_name(g):
    return {"repositoryName": g.once("a repository", g.repository)["repositoryName"]}


def with_policy(g):
    name = g.repository()["repositoryName"]
    g.made("ecr", "SetRepositoryPolicy", repositoryName=name, policyText=REPOSITORY_POLICY)
    return {"repositoryName": name}


def with_lifecycle(g):
    name = g.repository()["repositoryName"]
    g.made("ecr", "PutLifecyclePolicy", repositoryName=name, lifecyclePolicyText=LIFECYCLE)
    return {"repositoryName": name}


def one_image(g):
    named = of_pushed(g)
    return {"repositoryName": named["repositoryName"], "imageId": named["imageIds"][0]}


def digest_of(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def begun(g, repository=None):
    """An upload that has begun, in a repository of its own or the one that is named."""
    name = repository or repository_name(g)["repositoryName"]
    return {"repositoryName": name, "uploadId": g.made("ecr", "InitiateLayerUpload", repositoryName=name)["uploadId"]}


def uploaded(g, content, repository=None):
    """One that has all its bytes."""
    upload = begun(g, repository)
    g.made("ecr", "UploadLayerPart", **upload, partFirstByte=0, partLastByte=len(content) - 1, layerPartBlob=content)
    return upload


def fresh(g):
    """Bytes that no layer has yet."""
    return g.name("layer").encode()


def completed(g):
    content = fresh(g)
    return {**uploaded(g, content, g.repository()["repositoryName"]), "layerDigests": [digest_of(content)]}


def pushed_layer(g):
    """A layer of an image."""
    read = g.made("ecr", "BatchGetImage", of_pushed(g))["images"][0]
    return {"repositoryName": read["repositoryName"], "layerDigest": json.loads(read["imageManifest"])["layers"][0]["digest"]}


def with_config(g):
    """A repository with the layer that `manifest` names; its name."""
    name = g.repository()["repositoryName"]
    g.made("ecr", "CompleteLayerUpload", **uploaded(g, b"{}", name), layerDigests=[digest_of(b"{}")])
    return name


def manifest(comment=""):
    """Of an image without layers."""
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(b"{}"), "size": 2}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFESTS[0], "config": config, "layers": [], "annotations": {"comment": comment}})


REPOSITORY_POLICY = document(Principal={"Service": BUILDS}, Action="ecr:BatchGetImage")
OLD = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}
FILTERS = [{"filterType": "WILDCARD", "filter": "dev-*"}]
LIFECYCLE = json.dumps({"rules": [{"rulePriority": 1, "description": "what it is for", "selection": OLD, "action": {"type": "expire"}}]})
ECR = {
    "BatchCheckLayerAvailability": (
        lambda g: {"repositoryName": of_pushed(g)["repositoryName"], "layerDigests": [pushed_layer(g)["layerDigest"]]},
        lambda g: {"layerDigests": [digest_of(b"nowhere"), "no digest", ""], **REGISTRY_ID}),
    "BatchDeleteImage": (lambda g: {"repositoryName": g.repository()["repositoryName"], "imageIds": [{"imageTag": "v1"}]},
                         lambda g: {"repositoryName": g.repository()["repositoryName"], "imageIds": with_digest(g), **REGISTRY_ID}),
    "BatchGetImage": (of_pushed, lambda g: {"imageIds": with_digest(g), "acceptedMediaTypes": MANIFESTS, **REGISTRY_ID}),
    "CompleteLayerUpload": (completed, lambda g: {**completed(g), **REGISTRY_ID}),
    "CreateRepository": (
        lambda g: {"repositoryName": g.name("made/repository")},
        lambda g: {"tags": TAGS, "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "imageScanningConfiguration": {"scanOnPush": False},
                   "imageTagMutabilityExclusionFilters": FILTERS, "encryptionConfiguration": {"encryptionType": "AES256"}, **REGISTRY_ID}),
    "DeleteLifecyclePolicy": (with_lifecycle, lambda g: {**with_lifecycle(g), **REGISTRY_ID}),
    "DeleteRepository": (lambda g: {"repositoryName": g.repository()["repositoryName"]},
                         lambda g: {"repositoryName": g.pushed()[0], "force": True, **REGISTRY_ID}),
    "DeleteRepositoryPolicy": (with_policy, lambda g: {**with_policy(g), **REGISTRY_ID}),
    "DescribeImageScanFindings": (one_image, lambda g: {"imageId": with_digest(g)[0], "maxResults": 1000, **REGISTRY_ID}),
    "DescribeImages": (
        lambda g: {"repositoryName": of_pushed(g)["repositoryName"]},
        lambda g: {"imageIds": with_digest(g), **REGISTRY_ID}, lambda g: {"filter": {"tagStatus": "TAGGED", "imageStatus": "ACTIVE"}, "maxResults": 1000}),
    "DescribeRegistry": (none,),
    "DescribeRepositories": (none, lambda g: {"maxResults": 1000, **REGISTRY_ID}, lambda g: {"repositoryNames": [repository_name(g)["repositoryName"]]}),
    "GetAuthorizationToken": (none, lambda g: {"registryIds": [ACCOUNT]}),
    "GetDownloadUrlForLayer": (pushed_layer, lambda g: REGISTRY_ID),
    "GetLifecyclePolicy": (with_lifecycle, lambda g: REGISTRY_ID),
    "GetRepositoryPolicy": (with_policy, lambda g: REGISTRY_ID),
    "InitiateLayerUpload": (repository_name, lambda g: REGISTRY_ID),
    "ListImages": (lambda g: {"repositoryName": of_pushed(g)["repositoryName"]},
                   lambda g: {"filter": {"tagStatus": "ANY", "imageStatus": "ACTIVE"}, "maxResults": 1000, **REGISTRY_ID}),
    "ListTagsForResource": (lambda g: {"resourceArn": g.once("a repository", g.repository)["repositoryArn"]},),
    "PutImage": (
        lambda g: {"repositoryName": with_config(g), "imageManifest": manifest()},
        lambda g: {"repositoryName": with_config(g), "imageManifestMediaType": MANIFESTS[0], "imageTag": "v1",
                   "imageDigest": digest_of(manifest().encode()), **REGISTRY_ID}),
    "PutImageScanningConfiguration": (
        lambda g: {"repositoryName": g.repository()["repositoryName"], "imageScanningConfiguration": {}},
        lambda g: {"imageScanningConfiguration": {"scanOnPush": True}, **REGISTRY_ID}),
    "PutImageTagMutability": (lambda g: {"repositoryName": g.repository()["repositoryName"], "imageTagMutability": "IMMUTABLE"},
                              lambda g: {"imageTagMutability": "MUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": FILTERS, **REGISTRY_ID}),
    "PutLifecyclePolicy": (lambda g: {**repository_name(g), "lifecyclePolicyText": LIFECYCLE}, lambda g: REGISTRY_ID),
    "SetRepositoryPolicy": (lambda g: {**repository_name(g), "policyText": REPOSITORY_POLICY}, lambda g: {"force": True, **REGISTRY_ID}),
    "StartImageScan": (one_image, lambda g: {"imageId": with_digest(g)[0], **REGISTRY_ID}),
    "TagResource": (lambda g: {"resourceArn": g.once("a repository", g.repository)["repositoryArn"], "tags": TAGS},),
    "UntagResource": (lambda g: {"resourceArn": g.once("a repository", g.repository)["repositoryArn"], "tagKeys": ["team"]},),
    "UploadLayerPart": (
        lambda g: {**begun(g), "partFirstByte": 0, "partLastByte": 0, "layerPartBlob": b"x"},
        lambda g: {**begun(g), **REGISTRY_ID}),
}

TRUST = document(Principal={"Service": BUILDS}, Action="sts:AssumeRole")
READS = document(Action="s3:Get*", Resource="*")


def role_name(g):
    return {"RoleName": g.once("a role", g.role)["RoleName"]}


def with_inline(g):
    name = g.role()["RoleName"]
    g.made("iam", "PutRolePolicy", RoleName=name, PolicyName="reads", PolicyDocument=READS)
    return {"RoleName": name, "PolicyName": "reads"}


def with_attached(g):
    name = g.role()["RoleName"]
    g.made("iam", "AttachRolePolicy", RoleName=name, PolicyArn=PULL_POLICY)
    return {"RoleName": name, "PolicyArn": PULL_POLICY}


def user_name(g):
    return {"UserName": g.once("a user", g.user)}


def of_key(g):
    user = g.user()
    return {"UserName": user, "AccessKeyId": g.key_of(user)["AccessKeyId"]}


def lists(path=False):
    return lambda g: {"MaxItems": 1000, **({"PathPrefix": "/"} if path else {})}


IAM = {
    "AttachRolePolicy": (lambda g: {"RoleName": g.role()["RoleName"], "PolicyArn": PULL_POLICY},),
    "AttachUserPolicy": (lambda g: {"UserName": g.user(), "PolicyArn": PULL_POLICY},),
    "CreateAccessKey": (lambda g: {"UserName": g.user()},),
    "CreateOpenIDConnectProvider": (
        lambda g: {"Url": f"https://{g.name('issuer')}.example.com"}, lambda g: {"ClientIDList": ["sts.amazonaws.com"], "ThumbprintList": ["a" * 40], "Tags": TAGS}),
    "CreatePolicy": (lambda g: {"PolicyName": g.name("policy"), "PolicyDocument": READS},
                     lambda g: {"PolicyName": g.name("policy"), "Path": "/team/", "Description": "what it is for", "Tags": TAGS}),
    "CreateRole": (lambda g: {"RoleName": g.name("role"), "AssumeRolePolicyDocument": TRUST},
                   lambda g: {"Path": "/team/", "Description": "what it is for", "MaxSessionDuration": 43200, "Tags": TAGS,
                              "PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    "CreateServiceLinkedRole": (lambda g: {"AWSServiceName": "apprunner.amazonaws.com"},
                                lambda g: {"AWSServiceName": "networking.apprunner.amazonaws.com", "Description": "what it is for"}),
    "CreateUser": (lambda g: {"UserName": g.name("user")},
                   lambda g: {"Path": "/team/", "Tags": TAGS, "PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    "DeleteAccessKey": (of_key,),
    "DeletePolicy": (lambda g: {"PolicyArn": g.own_policy()},),
    "DeleteRole": (lambda g: {"RoleName": g.role()["RoleName"]},),
    "DeleteRolePolicy": (with_inline,),
    "DeleteUser": (lambda g: {"UserName": g.user()},),
    "DetachRolePolicy": (with_attached,),
    "GetAccessKeyLastUsed": (lambda g: {"AccessKeyId": of_key(g)["AccessKeyId"]},),
    "GetAccountSummary": (none,),
    "GetPolicy": (lambda g: {"PolicyArn": PULL_POLICY},),
    "GetPolicyVersion": (lambda g: {"PolicyArn": PULL_POLICY, "VersionId": managed_version(g)},),
    "GetRole": (role_name,),
    "GetRolePolicy": (with_inline,),
    "GetUser": (none, user_name),
    "ListAccessKeys": (user_name, lists()),
    "ListAccountAliases": (none, lists()),
    "ListAttachedRolePolicies": (lambda g: {"RoleName": with_attached(g)["RoleName"]}, lists(path=True)),
    "ListInstanceProfilesForRole": (role_name, lists()),
    "ListPolicies": (none, lambda g: {"Scope": "AWS", "OnlyAttached": False, "PathPrefix": "/", "PolicyUsageFilter": "PermissionsPolicy", "MaxItems": 1000}),
    "ListPolicyVersions": (lambda g: {"PolicyArn": PULL_POLICY}, lists()),
    "ListRolePolicies": (lambda g: {"RoleName": with_inline(g)["RoleName"]}, lists()),
    "ListRoleTags": (lambda g: {"RoleName": g.once("a tagged role", lambda: g.role(Tags=TAGS))["RoleName"]}, lists()),
    "ListRoles": (none, lists(path=True)),
    "ListUsers": (none, lists(path=True)),
    "PutRolePolicy": (lambda g: {**role_name(g), "PolicyName": "reads", "PolicyDocument": READS},),
    "PutUserPolicy": (lambda g: {**user_name(g), "PolicyName": "reads", "PolicyDocument": READS},),
    "SimulatePrincipalPolicy": (
        lambda g: {"PolicySourceArn": g.once("a role", g.role)["Arn"], "ActionNames": ["apprunner:ListServices"]},
        lambda g: {"ResourceArns": ["*"], "PolicyInputList": [READS], "MaxItems": 100, **simulated(g),
                   "ContextEntries": [{"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": [REGION], "ContextKeyType": "string"}]}),
    "TagRole": (lambda g: {**role_name(g), "Tags": TAGS},),
    "UntagRole": (lambda g: {**role_name(g), "TagKeys": ["team"]},),
    "UpdateAccessKey": (lambda g: {**of_key(g), "Status": "Inactive"},),
    "UpdateAssumeRolePolicy": (lambda g: {**role_name(g), "PolicyDocument": TRUST},),
    "UpdateRole": (role_name, lambda g: {"Description": "what it is for", "MaxSessionDuration": 7200}),
}


def managed_version(g):
    return g.made("iam", "GetPolicy", PolicyArn=PULL_POLICY)["Policy"]["DefaultVersionId"]


def assumable(g):
    return {"RoleArn": g.once("an assumable role", lambda: g.role(ACCOUNT))["Arn"], "RoleSessionName": "session"}


def taggable(g):
    """A role whose sessions may have tags: its trust policy says so."""
    trust = document(Principal={"AWS": ACCOUNT}, Action=["sts:AssumeRole", "sts:TagSession"])
    role = lambda: g.made("iam", "CreateRole", RoleName=g.name("role"), AssumeRolePolicyDocument=trust)["Role"]
    return {"RoleArn": g.once("a taggable role", role)["Arn"]}


def federated(g):
    role = g.once("a federated role", g.federated_role)
    return {"RoleArn": role, "RoleSessionName": "session", "WebIdentityToken": g.issuer.token()}


STS = {
    "AssumeRole": (assumable, lambda g: {"DurationSeconds": 900, "ExternalId": "42", "Policy": READS, "PolicyArns": [{"arn": PULL_POLICY}]},
                   lambda g: {**taggable(g), "Tags": TAGS}),
    "AssumeRoleWithWebIdentity": (
        federated, lambda g: {"DurationSeconds": 900, "Policy": READS, "PolicyArns": [{"arn": PULL_POLICY}]},
    ),
    "DecodeAuthorizationMessage": (lambda g: {"EncodedMessage": "an encoded message"},),
    "GetAccessKeyInfo": (lambda g: {"AccessKeyId": g.access_key},),
    "GetCallerIdentity": (none,),
    "GetSessionToken": (none, lambda g: {"DurationSeconds": 900}),
}


def group(g):
    return {"logGroupName": g.once("a group", g.log_group)}


def stream(g):
    return dict(zip(("logGroupName", "logStreamName"), g.once("a stream", g.log_stream)))


def hour(**more):
    return lambda g: {"startTime": int(time.time() - 3600) * 1000, "endTime": int(time.time() + 3600) * 1000, **more}


def group_arn(g):
    return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group(g)['logGroupName']}"


def by_identifier(g, **more):
    """The group by its ARN instead of its name: one of the two."""
    return {"logGroupName": None, "logGroupIdentifier": group_arn_of(g, stream(g)["logGroupName"]), **more}


def group_arn_of(_, name):
    return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"


def lines():
    return [{"timestamp": int(time.time() * 1000), "message": "a line"}]


def with_retention(g):
    name = g.log_group()
    g.made("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=7)
    return {"logGroupName": name}


def asked(g):
    return {**group(g), "startTime": int(time.time()) - 3600, "endTime": int(time.time()) + 3600, "queryString": "fields @message"}


def query(g):
    return {"queryId": g.once("a query", lambda: g.made("logs", "StartQuery", asked(g))["queryId"])}


def record(g):
    """The pointer of a line that a query has found."""
    asked_of = {**asked(g), "logGroupName": stream(g)["logGroupName"]}
    made = g.made("logs", "StartQuery", asked_of)["queryId"]
    for _ in range(200):
        found = g.made("logs", "GetQueryResults", queryId=made)
        if found["status"] == "Complete":
            return {"logRecordPointer": next(field["value"] for field in found["results"][0] if field["field"] == "@ptr")}
        time.sleep(0.05)
    raise AssertionError(f"the query does not end: {found}")


# Taken, and told in the answer that entities are not kept.
ENTITY = {"keyAttributes": {"Type": "Service", "Name": "shop"}, "attributes": {"Team": "web"}}
LOGS = {
    "CreateLogGroup": (lambda g: {"logGroupName": g.name("/made/group")}, lambda g: {"tags": {"team": "web"}, "logGroupClass": "STANDARD", "deletionProtectionEnabled": False}),
    "CreateLogStream": (lambda g: {**group(g), "logStreamName": g.name("stream")},),
    "DeleteLogGroup": (lambda g: {"logGroupName": g.log_group()},),
    "DeleteLogStream": (lambda g: dict(zip(("logGroupName", "logStreamName"), g.log_stream())),),
    "DeleteRetentionPolicy": (with_retention,),
    "DescribeLogGroups": (none, lambda g: {"logGroupNamePrefix": "/made", "limit": 50},
                          lambda g: {"logGroupNamePattern": "made", "logGroupClass": "STANDARD", "accountIdentifiers": [ACCOUNT], "includeLinkedAccounts": False},
                          lambda g: {"logGroupIdentifiers": [group_arn(g)]}),
    "DescribeLogStreams": (lambda g: {"logGroupName": stream(g)["logGroupName"]},
                           lambda g: {"logStreamNamePrefix": "s", "orderBy": "LogStreamName", "descending": True, "limit": 50},
                           lambda g: by_identifier(g)),
    "DescribeQueries": (none, lambda g: {**group(g), "status": "Complete", "maxResults": 1000, "queryLanguage": "CWLI"}),
    "FilterLogEvents": (lambda g: {"logGroupName": stream(g)["logGroupName"]},
                        lambda g: hour(filterPattern="line", limit=10000, interleaved=True, logStreamNames=["stream"], startFromHead=True, unmask=True)(g),
                        lambda g: by_identifier(g, logStreamNamePrefix="s")),
    "GetLogEvents": (stream, hour(limit=10000, startFromHead=True, unmask=True), lambda g: by_identifier(g)),
    "GetLogRecord": (lambda g: g.once("a record", lambda: record(g)), lambda g: {"unmask": True}),
    "GetQueryResults": (query, lambda g: {"maxItems": 10}),
    "ListTagsForResource": (lambda g: {"resourceArn": group_arn(g)},),
    "PutLogEvents": (lambda g: {**stream(g), "logEvents": lines()}, lambda g: {"sequenceToken": "1", "entity": ENTITY}),
    "PutRetentionPolicy": (lambda g: {**group(g), "retentionInDays": 7},),
    "StartLiveTail": (lambda g: {"logGroupIdentifiers": [group_arn(g)]},
                      lambda g: {"logStreamNames": ["stream"], "logEventFilterPattern": "line"}, lambda g: {"logStreamNamePrefixes": ["s"]}),
    "StartQuery": (asked, lambda g: {"limit": 100, "queryLanguage": "CWLI"},
                   lambda g: {"logGroupName": None, "logGroupNames": [group(g)["logGroupName"]]},
                   lambda g: {"logGroupName": None, "logGroupIdentifiers": [group_arn(g)]}),
    "StopQuery": (query,),
    "TagResource": (lambda g: {"resourceArn": group_arn(g), "tags": {"team": "web"}},),
    "UntagResource": (lambda g: {"resourceArn": group_arn(g), "tagKeys": ["team"]},),
}


def secret_id(g):
    return {"SecretId": g.once("a secret", g.secret)}


def deleted_secret(g):
    made = g.secret()
    g.made("secretsmanager", "DeleteSecret", SecretId=made, RecoveryWindowInDays=7)
    return {"SecretId": made}


TOKEN = "01234567-89ab-4def-8123-456789abcdef"
SECRETS = {
    "CreateSecret": (lambda g: {"Name": g.name("secret")},
                     lambda g: {"Name": g.name("secret"), "ClientRequestToken": TOKEN, "Description": "what it is for", "SecretString": "s", "Tags": TAGS,
                                "KmsKeyId": "alias/aws/secretsmanager", "ForceOverwriteReplicaSecret": True},
                     lambda g: {"Name": g.name("secret"), "SecretBinary": b"\x00\xff"}),
    "DeleteSecret": (lambda g: {"SecretId": g.secret()}, lambda g: {"SecretId": g.secret(), "RecoveryWindowInDays": 30},
                     lambda g: {"SecretId": g.secret(), "ForceDeleteWithoutRecovery": True}),
    "DescribeSecret": (secret_id,),
    "GetResourcePolicy": (secret_id,),
    "GetSecretValue": (secret_id, lambda g: {"VersionStage": "AWSCURRENT"},
                       lambda g: {"VersionId": g.made("secretsmanager", "GetSecretValue", **secret_id(g))["VersionId"]}),
    "ListSecrets": (none, lambda g: {"MaxResults": 100, "IncludePlannedDeletion": True, "Filters": [{"Key": "name", "Values": ["secret"]}], "SortOrder": "asc",
                               "SortBy": "name"}),
    "PutSecretValue": (lambda g: {"SecretId": g.secret(), "SecretString": "2"},
                       lambda g: {"SecretId": g.secret(), "ClientRequestToken": TOKEN, "VersionStages": ["AWSCURRENT"]},
                       lambda g: {"SecretId": g.secret(), "SecretString": None, "SecretBinary": b"2"}),
    "RestoreSecret": (deleted_secret,),
    "TagResource": (lambda g: {**secret_id(g), "Tags": TAGS},),
    "UntagResource": (lambda g: {**secret_id(g), "TagKeys": ["team"]},),
    "UpdateSecret": (lambda g: {"SecretId": g.secret()},
                     lambda g: {"SecretId": g.secret(), "ClientRequestToken": TOKEN, "Description": "what it is for", "SecretString": "3",
                                "KmsKeyId": "alias/aws/secretsmanager"},
                     lambda g: {"SecretId": g.secret(), "SecretBinary": b"3"}),
}


def parameter_name(g):
    return {"Name": g.once("a parameter", g.parameter)}


def tagged_parameter(g):
    return {"ResourceType": "Parameter", "ResourceId": parameter_name(g)["Name"]}


SSM = {
    "AddTagsToResource": (lambda g: {**tagged_parameter(g), "Tags": TAGS},),
    "DeleteParameter": (lambda g: {"Name": g.parameter()},),
    "DeleteParameters": (lambda g: {"Names": [g.parameter(), "/no/where"]},),
    "DescribeParameters": (none, lambda g: {"MaxResults": 50, "ParameterFilters": [{"Key": "Name", "Option": "BeginsWith", "Values": ["/made"]}]},
                           lambda g: {"Filters": [{"Key": "Name", "Values": ["/made"]}], "Shared": True}),
    "GetParameter": (parameter_name, lambda g: {"WithDecryption": True}),
    "GetParameters": (lambda g: {"Names": [parameter_name(g)["Name"], "/no/where"]}, lambda g: {"WithDecryption": True}),
    "GetParametersByPath": (lambda g: {"Path": "/made"}, lambda g: {"Recursive": True, "WithDecryption": True, "MaxResults": 10,
                                                                    "ParameterFilters": [{"Key": "Type", "Option": "Equals", "Values": ["String"]}]}),
    "ListTagsForResource": (tagged_parameter,),
    "PutParameter": (lambda g: {"Name": g.name("/made/parameter"), "Value": "1", "Type": "String"},
                     lambda g: {"Name": g.name("/made/parameter"), "Type": "SecureString", "Description": "what it is for", "Tier": "Standard", "Tags": TAGS,
                                "DataType": "text", "KeyId": "alias/aws/ssm", "AllowedPattern": "^[0-9]+$"},
                     lambda g: {**parameter_name(g), "Type": None, "Value": "2", "Overwrite": True}),
    "RemoveTagsFromResource": (lambda g: {**tagged_parameter(g), "TagKeys": ["team"]},),
}

CLOUDTRAIL = {
    "LookupEvents": (none, lambda g: {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "CreateService"}], "MaxResults": 50,
                                      "StartTime": int(time.time()) - 3600, "EndTime": int(time.time())},
                     lambda g: {"EventCategory": "insight"}),
}


QUOTAS = {
    "GetServiceQuota": (quota, lambda g: {"ContextId": "*"}),
    "ListServiceQuotas": (lambda g: {"ServiceCode": "apprunner"}, lambda g: {**quota(g), "MaxResults": 100, "QuotaAppliedAtLevel": "ACCOUNT"}),
    "RequestServiceQuotaIncrease": (one_more, lambda g: {"ContextId": "*", "SupportCaseAllowed": False}),
}

INPUTS = {
    (service, operation): functions
    for service, table in {
        "apprunner": APPRUNNER, "ecr": ECR, "iam": IAM, "sts": STS, "logs": LOGS, "secretsmanager": SECRETS, "ssm": SSM, "cloudtrail": CLOUDTRAIL,
        "service-quotas": QUOTAS,
    }.items()
    for operation, functions in {**table, **BEYOND.get(service, {})}.items()
}

# Members that no input names, and why, beside those that PARTIAL says are refused. A path ends with `*` where everything below is meant; `*` as an
# operation means every one of the service that has it. `TAKEN` of partly_honoured.py sends what is no token.
LEFT_OUT = {
    **{(service, "*"): {"NextToken": TOKENS} for service in ("apprunner", "secretsmanager", "ssm", "cloudtrail", "service-quotas")},
    **{(service, "*"): {"nextToken": TOKENS} for service in ("ecr", "logs")},
    ("iam", "*"): {"Marker": TOKENS},
    ("iam", "CreateOpenIDConnectProvider"): {"ContextProvider*": UNKNOWN, "IdentityCenterInstanceArn": UNKNOWN},
    ("iam", "CreateRole"): {"MaxSigninSessionDuration": UNKNOWN},
    ("iam", "UpdateRole"): {"MaxSigninSessionDuration": UNKNOWN, "ResetMaxSigninSessionDuration": UNKNOWN},
    ("iam", "CreateServiceLinkedRole"): {"CustomSuffix": "refused as on AWS: services of this name take none"},
    ("secretsmanager", "DeleteResourcePolicy"): {"PolicyName": "taken, and says nothing: a secret has one policy, if any"},
    ("secretsmanager", "GetResourcePolicy"): {"PolicyName": "taken, and says nothing: a secret has one policy, if any"},
    ("secretsmanager", "PutSecretValue"): {"RotationToken": "taken, and says nothing: there is no rotation"},
}


def left_out(service, operation, path):
    """Why no input names that member; `None` where it should be named."""
    for key, why in PARTIAL.get((service, operation), {}).items():
        if path == key or path.startswith(f"{key}."):
            return f"refused by name: {why}"
    return left_out_of((service, operation), path) or left_out_of((service, "*"), path)


def left_out_of(key, path):
    """What one entry of LEFT_OUT says of a member."""
    for name, why in LEFT_OUT.get(key, {}).items():
        if path == name or (name.endswith("*") and path.startswith(name[:-1])):
            return why
    return None


def inputs_of(g, service, operation):
    """(what it is, members) for each valid input; the fullest ones build on the smallest."""
    smallest, *fuller = INPUTS[service, operation]
    yield "smallest", smallest(g)
    for n, more in enumerate(fuller, start=1):
        members = {**smallest(g), **more(g)}
        yield "fullest" if n == 1 else f"fullest, way {n}", {name: value for name, value in members.items() if value is not None}


def member_paths(shape, value=None, at=""):
    """Every member below `shape` (or, with a value, every member that the value names)."""
    if shape is None:
        return
    kind = shape.type_name
    if kind == "structure":
        for name, member in shape.members.items():
            if value is None or (isinstance(value, dict) and name in value):
                path = f"{at}.{name}" if at else name
                yield path
                yield from member_paths(member, None if value is None else value[name], path)
    elif kind == "list":
        for inner in [None] if value is None else value:
            yield from member_paths(shape.member, inner, at)
