"""How each fault that an operation declares is provoked, and which cannot be, by name and with the reason.

A recipe answers the input that provokes the fault. Rules at the end make those that are alike: what is not there, what is not valid.
"""
import base64
import json
import time

from breaking import cases
from ground import HEX, arn
from inputs import (
    INPUTS, MANIFESTS, PULL_POLICY, READS, TAGS, TRUST, VPC, begun, digest_of, fresh, manifest, repository_name, uploaded, with_config,
)
from issuer import SILENT
from signed_call import model_of
from under_test import ACCOUNT, REGION

OURS = "ours: no caller can provoke it"
LIFTED = "quotas are lifted unless the operator sets them: see the run with --strict"
HIGH = "the platform's own limits are far above what a run makes"
NO_KMS = "there is no KMS"

# (service, fault): why no caller can provoke it, whatever the operation.
UNPROVOKED = {
    ("apprunner", "InternalServiceErrorException"): OURS,
    ("apprunner", "ServiceQuotaExceededException"): LIFTED,
    ("ecr", "ServerException"): OURS,
    ("ecr", "KmsException"): NO_KMS,
    ("ecr", "ValidationException"): "violations of the model are told as InvalidParameterException",
    ("ecr", "ScanNotFoundException"): "every image that is there has a scan, which has failed: there is no scanner",
    ("ecr", "UnsupportedImageTypeException"): "every type of image is scanned alike: there is no scanner",
    ("ecr", "ImageArchivedException"): "images are not archived",
    ("ecr", "LimitExceededException"): HIGH,
    ("ecr", "UnableToGetUpstreamImageException"): "there are no pull-through rules",
    ("ecr", "UnableToGetUpstreamLayerException"): "there are no pull-through rules",
    ("iam", "ServiceFailureException"): OURS,
    ("iam", "InvalidInputException"): "violations of the model are told as ValidationError: see the recipes of those that have more rules",
    ("iam", "ConcurrentModificationException"): "changes of one entity are taken one after the other",
    ("iam", "UnmodifiableEntityException"): "only roles of services are protected: see their own recipes",
    ("iam", "LimitExceededException"): HIGH,
    ("iam", "OpenIdIdpCommunicationErrorException"): "the issuer's keys are fetched when a token is shown, not when the provider is made",
    ("sts", "RegionDisabledException"): "no region can be switched off",
    ("sts", "ExpiredTokenException"): "expired sessions are told by the front end: see the recipe of AssumeRoleWithWebIdentity for tokens",
    ("sts", "InvalidContextAssertionException"): "there is no Identity Center",
    ("logs", "ServiceUnavailableException"): OURS,
    ("logs", "ValidationException"): "violations of the model are told as InvalidParameterException",
    ("logs", "LimitExceededException"): HIGH,
    ("logs", "OperationAbortedException"): "changes of one group are taken one after the other",
    ("logs", "InvalidSequenceTokenException"): "sequence tokens are ignored, as the service does nowadays",
    ("logs", "DataAlreadyAcceptedException"): "sequence tokens are ignored, as the service does nowadays",
    ("logs", "UnrecognizedClientException"): "the front end tells it: see the tests of signatures",
    ("logs", "AccessDeniedException"): "the root may do everything: the front end tells it, see the tests of policies",
    ("logs", "InvalidOperationException"): "a group has no state in which it cannot be tailed",
    ("secretsmanager", "InternalServiceError"): OURS,
    ("secretsmanager", "InvalidParameterException"): "violations of the model are told as ValidationException: see the recipes of those that have more rules",
    ("secretsmanager", "EncryptionFailure"): NO_KMS,
    ("secretsmanager", "DecryptionFailure"): NO_KMS,
    ("secretsmanager", "LimitExceededException"): HIGH,
    ("secretsmanager", "PublicPolicyException"): "policies are not judged for being public",
    ("secretsmanager", "PreconditionNotMetException"): "there are no replicas",
    ("ssm", "InternalServerError"): OURS,
    ("ssm", "InvalidKeyId"): NO_KMS,
    ("ssm", "TooManyUpdates"): "changes of one parameter are taken one after the other",
    ("ssm", "ParameterLimitExceeded"): HIGH,
    ("ssm", "PoliciesLimitExceededException"): "there are no policies of parameters",
    ("ssm", "InvalidPolicyTypeException"): "there are no policies of parameters",
    ("ssm", "InvalidPolicyAttributeException"): "there are no policies of parameters",
    ("ssm", "IncompatiblePolicyException"): "there are no policies of parameters",
    ("ssm", "InvalidFilterValue"): "every text is a value",
    ("cloudtrail", "UnsupportedOperationException"): "there is nothing that is not supported",
    ("cloudtrail", "OperationNotPermittedException"): "the front end tells it",
    ("cloudtrail", "InvalidEventCategoryException"): "told as the model's violation",
    ("iam", "EntityTemporarilyUnmodifiableException"): "what was made can be changed at once",
    ("iam", "PolicyEvaluationException"): OURS,
    ("service-quotas", "AccessDeniedException"): "the front end tells it",
    ("service-quotas", "DependencyAccessDeniedException"): "there is no organisation",
    ("service-quotas", "ServiceException"): OURS,
    ("service-quotas", "TooManyRequestsException"): "the front end tells it as ThrottlingException",
    ("service-quotas", "QuotaExceededException"): "requests are not counted",
    ("service-quotas", "InvalidResourceStateException"): "requests are granted at once",
}

# The same for one operation.
UNPROVOKED_HERE = {
    ("iam", "AttachRolePolicy", "PolicyNotAttachableException"): "every managed policy that is known can be attached",
    ("iam", "AttachUserPolicy", "PolicyNotAttachableException"): "every managed policy that is known can be attached",
    ("iam", "PutRolePermissionsBoundary", "PolicyNotAttachableException"): "every managed policy that is known can be a boundary",
    ("iam", "PutUserPermissionsBoundary", "PolicyNotAttachableException"): "every managed policy that is known can be a boundary",
    # Source: IAM API Reference, DeleteOpenIDConnectProvider: "This operation is idempotent; it does not fail or return an error if you call the
    # operation for a provider that does not exist." Its model declares the fault all the same.
    ("iam", "DeleteOpenIDConnectProvider", "NoSuchEntityException"): "deleting a provider that is not there is answered, as on AWS",
    ("iam", "CreateAccountAlias", "EntityAlreadyExistsException"): "the account's alias is replaced; another account would have to have it",
    ("iam", "CreateUser", "NoSuchEntityException"): "a boundary that is not there: see CreateRole, which declares InvalidInput for it",
    ("iam", "CreateServiceLinkedRole", "NoSuchEntityException"): "a service that is not known is InvalidInput",
    ("ecr", "DescribeRegistry", "InvalidParameterException"): "there is no parameter",
    ("ecr", "UntagResource", "InvalidTagParameterException"): "a key that no tag can have is one that no tag has",
    ("ecr", "BatchGetImage", "LimitExceededException"): "an answer of many MiB: provoked in api/tests/calls/ecr_images.rs",
    ("logs", "StartQuery", "LimitExceededException"): "thirty queries at once: provoked in api/tests/calls/log_queries.rs",
    ("logs", "StartLiveTail", "LimitExceededException"): "fifteen tails at once: provoked in api/tests/calls/live_tail.rs",
    ("ecr", "UntagResource", "TooManyTagsException"): "fewer tags are never too many",
    ("secretsmanager", "CreateSecret", "ResourceNotFoundException"): "there are no replicas",
    ("secretsmanager", "CreateSecret", "MalformedPolicyDocumentException"): "a new secret brings no policy",
    ("secretsmanager", "UpdateSecret", "MalformedPolicyDocumentException"): "a secret's policy is not changed here",
    ("secretsmanager", "ListSecrets", "InvalidRequestException"): "a list has no state",
    ("secretsmanager", "BatchGetSecretValue", "InvalidRequestException"): "a list has no state",
    ("secretsmanager", "BatchGetSecretValue", "ResourceNotFoundException"): "what is not there is told in Errors, beside what is",
    ("secretsmanager", "GetRandomPassword", "InvalidRequestException"): "a password has no state: exclusions that leave nothing are InvalidParameterException",
    ("secretsmanager", "PutResourcePolicy", "MalformedPolicyDocumentException"): "every policy is refused by name: see REFUSED",
    ("secretsmanager", "ValidateResourcePolicy", "MalformedPolicyDocumentException"): "what is wrong with a policy is what the answer says",
    ("secretsmanager", "ValidateResourcePolicy", "InvalidRequestException"): "nothing is changed, so that no state is asked for",
    ("secretsmanager", "GetResourcePolicy", "InvalidRequestException"): "a policy may be read in every state",
    ("secretsmanager", "DeleteResourcePolicy", "InvalidRequestException"): "see PutSecretValue",
    ("secretsmanager", "PutResourcePolicy", "InvalidRequestException"): "see PutSecretValue",
    ("secretsmanager", "RestoreSecret", "InvalidRequestException"): "restoring a secret that is not being deleted is answered",
    ("sts", "AssumeRoleWithWebIdentity", "PackedPolicyTooLargeException"): "the longest policy that its member takes fits, and there are no tags beside it",
    ("service-quotas", "ListRequestedServiceQuotaChangeHistory", "NoSuchResourceException"): "a service without requests has an empty history",
    ("service-quotas", "RequestServiceQuotaIncrease", "ResourceAlreadyExistsException"): "requests are granted at once: none is open",
    ("apprunner", "ListTagsForResource", "InvalidStateException"): "tags may be read in every state",
}

NOBODY = {
    "service": arn("service", f"nobody/{HEX}"),
    "AutoScalingConfigurationArn": arn("autoscalingconfiguration", f"nobody/1/{HEX}"),
    "ObservabilityConfigurationArn": arn("observabilityconfiguration", f"nobody/1/{HEX}"),
    "VpcConnectorArn": arn("vpcconnector", f"nobody/1/{HEX}"),
    "VpcIngressConnectionArn": arn("vpcingressconnection", f"nobody/{HEX}"),
    "ConnectionArn": arn("connection", f"nobody/{HEX}"),
    "ServiceArn": arn("service", f"nobody/{HEX}"),
    "ResourceArn": arn("service", f"nobody/{HEX}"),
}
OWN_NAMES = {  # the member by which each service names what must be there
    "ecr": {"repositoryName": "nobody/here", "resourceArn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/nobody/here"},
    "iam": {"RoleName": "nobody", "UserName": "nobody", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/nobody",
            "PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:role/nobody", "AccountAlias": "nobody",
            "OpenIDConnectProviderArn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/nobody.example.com",
            "DeletionTaskId": "task/aws-service-role/apprunner.amazonaws.com/nobody/01234567-89ab-4def-8123-456789abcdef"},
    "service-quotas": {"RequestId": "0" * 32},
    "logs": {"logGroupName": "/nobody/here", "resourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/nobody/here",
             "queryId": "nobody", "logRecordPointer": base64.b64encode(b"/nobody/here:1").decode(), "logGroupIdentifiers": ["/nobody/here"]},
    "secretsmanager": {"SecretId": "nobody/here"},
    "ssm": {"Name": "/nobody/here"},
}


def smallest(g, service, operation, **more):
    return {**INPUTS[service, operation][0](g), **more}


def under_way(g):
    return g.shared_service("OPERATION_IN_PROGRESS")


def with_state(operation, **more):
    return lambda g: {"ServiceArn": under_way(g), **more}


def taken_repository(g):
    return {"repositoryName": g.once("a repository", g.repository)["repositoryName"]}


def with_many_tags(count, key="Key", value="Value"):
    return [{key: f"key-{n}", value: "x"} for n in range(count)]


def filled_tags(g):
    made = g.repository(tags=with_many_tags(50))
    return {"resourceArn": made["repositoryArn"], "tags": [{"Key": "one-more", "Value": "x"}]}


def unreadable(**member):
    """A policy that is JSON and none."""
    return {name: '{"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps"}]}' for name in member}


def long(document, count):
    """A policy that is fine but for its length: so many characters more."""
    return json.dumps({**json.loads(document), "Id": "x" * count})


def fifty_tags(g):
    """A log group with 49 tags, and fifty others."""
    arn = smallest(g, "logs", "TagResource")["resourceArn"]
    g.made("logs", "TagResource", resourceArn=arn, tags={f"key-{n}": "x" for n in range(49)})
    return {"resourceArn": arn, "tags": {f"other-{n}": "x" for n in range(50)}}


def two_keys(g):
    user = g.user()
    g.key_of(user), g.key_of(user)
    return {"UserName": user}


def attached_role(g):
    role = g.role()["RoleName"]
    g.made("iam", "AttachRolePolicy", RoleName=role, PolicyArn=PULL_POLICY)
    return {"RoleName": role}


def attached_policy(g):
    made = g.own_policy()
    g.made("iam", "AttachRolePolicy", RoleName=g.role()["RoleName"], PolicyArn=made)
    return {"PolicyArn": made}


def user_with_key(g):
    user = g.user()
    g.key_of(user)
    return {"UserName": user}


def deleted(g, **more):
    made = g.secret()
    g.made("secretsmanager", "DeleteSecret", SecretId=made)
    return {"SecretId": made, **more}


def linked_role(g):
    g.call("iam", "CreateServiceLinkedRole", AWSServiceName="apprunner.amazonaws.com")
    return {"RoleName": "AWSServiceRoleForAppRunner"}


NO_UPLOAD = "01234567-89ab-4def-8123-456789abcdef"


def small_parts(g):
    content = fresh(g)
    upload = uploaded(g, content)
    g.made("ecr", "UploadLayerPart", **upload, partFirstByte=len(content), partLastByte=len(content), layerPartBlob=b"x")
    return {**upload, "layerDigests": [digest_of(content + b"x")]}


def put_already(g, mutability="MUTABLE"):
    """An image that is there under its tag."""
    name = with_config(g)
    image = {"repositoryName": name, "imageManifest": manifest(), "imageTag": "v1"}
    g.made("ecr", "PutImage", image)
    g.made("ecr", "PutImageTagMutability", repositoryName=name, imageTagMutability=mutability)
    return image


def index_of_nothing():
    media = "application/vnd.oci.image.index.v1+json"
    entry = {"mediaType": MANIFESTS[0], "digest": digest_of(b"nowhere"), "size": 7}
    return json.dumps({"schemaVersion": 2, "mediaType": media, "manifests": [entry]})


RECIPES = {
    # App Runner
    ("apprunner", "PauseService", "InvalidStateException"): with_state("PauseService"),
    ("apprunner", "ResumeService", "InvalidStateException"): with_state("ResumeService"),
    ("apprunner", "DeleteService", "InvalidStateException"): with_state("DeleteService"),
    ("apprunner", "UpdateService", "InvalidStateException"): with_state("UpdateService"),
    ("apprunner", "AssociateCustomDomain", "InvalidStateException"): with_state("AssociateCustomDomain", DomainName="busy.example.com"),
    ("apprunner", "DisassociateCustomDomain", "InvalidStateException"): with_state("DisassociateCustomDomain", DomainName="busy.example.com"),
    ("apprunner", "CreateVpcIngressConnection", "InvalidStateException"):
        lambda g: {"ServiceArn": under_way(g), "VpcIngressConnectionName": g.name("ingress"), "IngressVpcConfiguration": VPC},
    # It is PENDING_CREATION for two seconds, and is called at once.
    ("apprunner", "DeleteVpcIngressConnection", "InvalidStateException"): lambda g: {"VpcIngressConnectionArn": g.new_ingress(g.private_service())},
    ("apprunner", "UpdateVpcIngressConnection", "InvalidStateException"):
        lambda g: {"VpcIngressConnectionArn": g.new_ingress(g.private_service()), "IngressVpcConfiguration": VPC},
    ("apprunner", "TagResource", "InvalidStateException"): lambda g: {"ResourceArn": g.shared_service("DELETED"), "Tags": TAGS},
    ("apprunner", "UntagResource", "InvalidStateException"): lambda g: {"ResourceArn": g.shared_service("DELETED"), "TagKeys": ["team"]},
    # ECR
    ("ecr", "CreateRepository", "RepositoryAlreadyExistsException"): taken_repository,
    ("ecr", "CompleteLayerUpload", "UploadNotFoundException"): lambda g: {**smallest(g, "ecr", "CompleteLayerUpload"), "uploadId": NO_UPLOAD},
    ("ecr", "CompleteLayerUpload", "EmptyUploadException"): lambda g: {**begun(g), "layerDigests": [digest_of(b"x")]},
    ("ecr", "CompleteLayerUpload", "InvalidLayerException"): lambda g: {**uploaded(g, fresh(g)), "layerDigests": [digest_of(b"another")]},
    ("ecr", "CompleteLayerUpload", "LayerAlreadyExistsException"):
        lambda g: {**uploaded(g, b"{}", with_config(g)), "layerDigests": [digest_of(b"{}")]},
    ("ecr", "CompleteLayerUpload", "LayerPartTooSmallException"): small_parts,
    ("ecr", "UploadLayerPart", "UploadNotFoundException"): lambda g: {**smallest(g, "ecr", "UploadLayerPart"), "uploadId": NO_UPLOAD},
    ("ecr", "UploadLayerPart", "InvalidLayerPartException"): lambda g: {**smallest(g, "ecr", "UploadLayerPart"), "partFirstByte": 7, "partLastByte": 7},
    ("ecr", "GetDownloadUrlForLayer", "LayersNotFoundException"): lambda g: {**repository_name(g), "layerDigest": digest_of(b"nowhere")},
    ("ecr", "GetDownloadUrlForLayer", "LayerInaccessibleException"): lambda g: {"repositoryName": with_config(g), "layerDigest": digest_of(b"{}")},
    ("ecr", "PutImage", "LayersNotFoundException"): lambda g: {"repositoryName": g.repository()["repositoryName"], "imageManifest": manifest()},
    ("ecr", "PutImage", "ReferencedImagesNotFoundException"): lambda g: {**repository_name(g), "imageManifest": index_of_nothing()},
    ("ecr", "PutImage", "ImageAlreadyExistsException"): put_already,
    ("ecr", "PutImage", "ImageTagAlreadyExistsException"): lambda g: {**put_already(g, "IMMUTABLE"), "imageManifest": manifest("another")},
    ("ecr", "PutImage", "ImageDigestDoesNotMatchException"):
        lambda g: {"repositoryName": with_config(g), "imageManifest": manifest(), "imageDigest": digest_of(b"another")},
    ("ecr", "CreateRepository", "TooManyTagsException"): lambda g: {"repositoryName": g.name("repository"), "tags": with_many_tags(51)},
    ("ecr", "TagResource", "TooManyTagsException"): filled_tags,
    ("ecr", "TagResource", "InvalidTagParameterException"): lambda g: {**smallest(g, "ecr", "TagResource"), "tags": [{"Key": "aws:x", "Value": ""}]},
    ("ecr", "CreateRepository", "InvalidTagParameterException"):
        lambda g: {"repositoryName": g.name("repository"), "tags": [{"Key": "twice", "Value": "1"}, {"Key": "twice", "Value": "2"}]},
    ("ecr", "DeleteRepository", "RepositoryNotEmptyException"): lambda g: {"repositoryName": g.pushed()[0]},
    ("ecr", "DescribeRepositories", "RepositoryNotFoundException"): lambda g: {"repositoryNames": ["nobody/here"]},
    ("ecr", "DescribeImages", "ImageNotFoundException"): lambda g: {"repositoryName": g.once("pushed", g.pushed)[0], "imageIds": [{"imageTag": "nowhere"}]},
    **{
        ("ecr", operation, "ImageNotFoundException"): lambda g: {"repositoryName": g.once("pushed", g.pushed)[0], "imageId": {"imageTag": "nowhere"}}
        for operation in ("DescribeImageScanFindings", "StartImageScan")
    },
    **{
        ("ecr", operation, "LifecyclePolicyNotFoundException"): lambda g: {"repositoryName": g.repository()["repositoryName"]}
        for operation in ("DeleteLifecyclePolicy", "GetLifecyclePolicy")
    },
    ("ecr", "GetRepositoryPolicy", "RepositoryPolicyNotFoundException"): lambda g: {"repositoryName": g.repository()["repositoryName"]},
    ("ecr", "DeleteRepositoryPolicy", "RepositoryPolicyNotFoundException"): lambda g: {"repositoryName": g.repository()["repositoryName"]},
    # IAM
    ("iam", "CreateRole", "EntityAlreadyExistsException"): lambda g: {"RoleName": g.once("a role", g.role)["RoleName"], "AssumeRolePolicyDocument": TRUST},
    ("iam", "CreateRole", "MalformedPolicyDocumentException"):
        lambda g: {"RoleName": g.name("role"), **unreadable(AssumeRolePolicyDocument=1)},
    ("iam", "CreateRole", "InvalidInputException"):
        lambda g: {"RoleName": g.name("role"), "AssumeRolePolicyDocument": TRUST, "Tags": [{"Key": "twice", "Value": "1"}, {"Key": "Twice", "Value": "2"}]},
    ("iam", "TagRole", "InvalidInputException"):
        lambda g: {"RoleName": g.once("a role", g.role)["RoleName"], "Tags": [{"Key": "twice", "Value": "1"}, {"Key": "Twice", "Value": "2"}]},
    ("iam", "CreatePolicy", "EntityAlreadyExistsException"):
        lambda g: {"PolicyName": g.own_policy().rsplit("/", 1)[1], "PolicyDocument": READS},
    ("iam", "CreatePolicy", "MalformedPolicyDocumentException"): lambda g: {"PolicyName": g.name("policy"), **unreadable(PolicyDocument=1)},
    ("iam", "CreateUser", "EntityAlreadyExistsException"): lambda g: {"UserName": g.once("a user", g.user)},
    ("iam", "CreateOpenIDConnectProvider", "EntityAlreadyExistsException"): lambda g: provider_twice(g),
    ("iam", "CreateAccessKey", "LimitExceededException"): two_keys,
    ("iam", "CreateRole", "LimitExceededException"): lambda g: {"RoleName": g.name("role"), "AssumeRolePolicyDocument": long(TRUST, 2_100)},
    ("iam", "UpdateAssumeRolePolicy", "LimitExceededException"):
        lambda g: {"RoleName": g.once("a role", g.role)["RoleName"], "PolicyDocument": long(TRUST, 2_100)},
    ("iam", "PutUserPolicy", "LimitExceededException"):
        lambda g: {"UserName": g.once("a user", g.user), "PolicyName": "p", "PolicyDocument": long(READS, 2_100)},
    ("iam", "PutRolePolicy", "LimitExceededException"):
        lambda g: {"RoleName": g.once("a role", g.role)["RoleName"], "PolicyName": "p", "PolicyDocument": long(READS, 10_300)},
    ("iam", "DeleteRole", "DeleteConflictException"): attached_role,
    ("iam", "DeletePolicy", "DeleteConflictException"): attached_policy,
    ("iam", "DeleteUser", "DeleteConflictException"): user_with_key,
    ("iam", "PutRolePolicy", "MalformedPolicyDocumentException"):
        lambda g: {"RoleName": g.once("a role", g.role)["RoleName"], "PolicyName": "p", **unreadable(PolicyDocument=1)},
    ("iam", "PutUserPolicy", "MalformedPolicyDocumentException"):
        lambda g: {"UserName": g.once("a user", g.user), "PolicyName": "p", **unreadable(PolicyDocument=1)},
    ("iam", "UpdateAssumeRolePolicy", "MalformedPolicyDocumentException"):
        lambda g: {"RoleName": g.once("a role", g.role)["RoleName"], **unreadable(PolicyDocument=1)},
    ("iam", "CreateServiceLinkedRole", "InvalidInputException"): lambda g: {"AWSServiceName": "nobody.amazonaws.com"},
    ("iam", "GetPolicyVersion", "NoSuchEntityException"): lambda g: {"PolicyArn": PULL_POLICY, "VersionId": "v999"},
    ("iam", "GetRolePolicy", "NoSuchEntityException"): lambda g: {"RoleName": g.once("a role", g.role)["RoleName"], "PolicyName": "nobody"},
    ("iam", "CreatePolicyVersion", "MalformedPolicyDocumentException"): lambda g: {"PolicyArn": g.own_policy(), **unreadable(PolicyDocument=1)},
    ("iam", "CreatePolicyVersion", "LimitExceededException"): lambda g: five_versions(g),
    ("iam", "DeletePolicyVersion", "DeleteConflictException"): lambda g: {"PolicyArn": g.own_policy(), "VersionId": "v1"},
    ("iam", "DeleteUserPolicy", "NoSuchEntityException"): lambda g: {"UserName": g.once("a user", g.user), "PolicyName": "nobody"},
    ("iam", "GetUserPolicy", "NoSuchEntityException"): lambda g: {"UserName": g.once("a user", g.user), "PolicyName": "nobody"},
    ("iam", "UpdateUser", "EntityAlreadyExistsException"): lambda g: {"UserName": g.user(), "NewUserName": g.once("a user", g.user)},
    # STS
    ("sts", "AssumeRole", "PackedPolicyTooLargeException"): lambda g: {**INPUTS["sts", "AssumeRole"][0](g), "Policy": long(READS, 2_100)},
    ("sts", "AssumeRole", "MalformedPolicyDocumentException"): lambda g: {**INPUTS["sts", "AssumeRole"][0](g), **unreadable(Policy=1)},
    ("sts", "AssumeRoleWithWebIdentity", "MalformedPolicyDocumentException"):
        lambda g: {**INPUTS["sts", "AssumeRoleWithWebIdentity"][0](g), **unreadable(Policy=1)},
    ("sts", "AssumeRoleWithWebIdentity", "ExpiredTokenException"): lambda g: with_token(g, exp=1_700_000_000),
    ("sts", "AssumeRoleWithWebIdentity", "InvalidIdentityTokenException"): lambda g: with_token(g, aud="nobody"),
    ("sts", "AssumeRoleWithWebIdentity", "IDPRejectedClaimException"): lambda g: with_token(g, nbf=int(time.time()) + 3_600),
    ("sts", "AssumeRoleWithWebIdentity", "IDPCommunicationErrorException"): lambda g: silent_issuer(g),
    ("sts", "DecodeAuthorizationMessage", "InvalidAuthorizationMessageException"): lambda g: {"EncodedMessage": "no message of ours"},
    # CloudTrail
    ("cloudtrail", "LookupEvents", "InvalidMaxResultsException"): lambda g: {"MaxResults": 51},
    # Logs
    ("logs", "TagResource", "TooManyTagsException"): fifty_tags,
    ("logs", "CreateLogGroup", "ResourceAlreadyExistsException"): lambda g: {"logGroupName": g.once("a group", g.log_group)},
    ("logs", "CreateLogStream", "ResourceAlreadyExistsException"): lambda g: dict(zip(("logGroupName", "logStreamName"), g.once("a stream", g.log_stream))),
    ("logs", "StartQuery", "MalformedQueryException"): lambda g: smallest(g, "logs", "StartQuery", queryString="select *"),
    # Secrets Manager
    ("secretsmanager", "CreateSecret", "ResourceExistsException"): lambda g: {"Name": secret_name(g), "SecretString": "2"},
    ("secretsmanager", "CreateSecret", "InvalidRequestException"): lambda g: {"Name": deleted_name(g), "SecretString": "2"},
    ("secretsmanager", "GetSecretValue", "InvalidRequestException"): deleted,
    ("secretsmanager", "PutSecretValue", "InvalidRequestException"): lambda g: deleted(g, SecretString="2"),
    ("secretsmanager", "UpdateSecret", "InvalidRequestException"): lambda g: deleted(g, Description="2"),
    ("secretsmanager", "TagResource", "InvalidRequestException"): lambda g: deleted(g, Tags=TAGS),
    ("secretsmanager", "UntagResource", "InvalidRequestException"): lambda g: deleted(g, TagKeys=["team"]),
    ("secretsmanager", "DeleteSecret", "InvalidRequestException"): lambda g: deleted(g),
    ("secretsmanager", "DeleteSecret", "InvalidParameterException"):
        lambda g: {"SecretId": g.secret(), "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True},
    ("secretsmanager", "PutSecretValue", "ResourceExistsException"): lambda g: token_twice(g),
    ("secretsmanager", "UpdateSecret", "ResourceExistsException"): lambda g: token_twice(g),
    ("secretsmanager", "CreateSecret", "InvalidParameterException"): lambda g: {"Name": g.name("secret"), "SecretString": "1", "SecretBinary": b"1"},
    ("secretsmanager", "PutSecretValue", "InvalidParameterException"): lambda g: {"SecretId": g.secret(), "SecretString": "1", "SecretBinary": b"1"},
    ("secretsmanager", "UpdateSecret", "InvalidParameterException"): lambda g: {"SecretId": g.secret(), "SecretString": "1", "SecretBinary": b"1"},
    ("secretsmanager", "ListSecrets", "InvalidNextTokenException"): lambda g: {"NextToken": "no token of ours"},
    ("secretsmanager", "GetRandomPassword", "InvalidParameterException"):
        lambda g: {f"Exclude{kind}": True for kind in ("Numbers", "Punctuation", "Uppercase", "Lowercase")},
    ("secretsmanager", "ListSecretVersionIds", "InvalidNextTokenException"):
        lambda g: {"SecretId": g.once("a secret", g.secret), "NextToken": "no token of ours"},
    ("secretsmanager", "BatchGetSecretValue", "InvalidNextTokenException"):
        lambda g: {"Filters": [{"Key": "name", "Values": ["secret"]}], "NextToken": "no token of ours"},
    ("secretsmanager", "PutResourcePolicy", "InvalidParameterException"): lambda g: smallest(g, "secretsmanager", "PutResourcePolicy"),
    ("secretsmanager", "RotateSecret", "InvalidRequestException"): lambda g: secret_of(g),
    ("secretsmanager", "UpdateSecretVersionStage", "InvalidRequestException"): lambda g: deleted(g, VersionStage="MINE"),
    # SSM
    ("ssm", "PutParameter", "ParameterAlreadyExists"): lambda g: {"Name": g.once("a parameter", g.parameter), "Value": "2", "Type": "String"},
    ("ssm", "PutParameter", "HierarchyLevelLimitExceededException"): lambda g: {"Name": "/a" * 16, "Value": "1", "Type": "String"},
    ("ssm", "PutParameter", "UnsupportedParameterType"): lambda g: {"Name": g.name("/made/p"), "Value": "1", "Type": "String", "DataType": "aws:ec2:image"},
    ("ssm", "GetParameter", "ParameterVersionNotFound"): lambda g: {"Name": f"{g.once('a parameter', g.parameter)}:99"},
    ("ssm", "GetParametersByPath", "InvalidFilterKey"): lambda g: {"Path": "/made", "ParameterFilters": [{"Key": "Tier", "Values": ["Standard"]}]},
    ("ssm", "DescribeParameters", "InvalidFilterKey"): lambda g: {"ParameterFilters": [{"Key": "Label", "Values": ["live"]}]},
    ("ssm", "GetParametersByPath", "InvalidFilterOption"):
        lambda g: {"Path": "/made", "ParameterFilters": [{"Key": "Type", "Option": "Sideways", "Values": ["String"]}]},
    ("ssm", "DescribeParameters", "InvalidFilterOption"): lambda g: {"ParameterFilters": [{"Key": "Type", "Option": "Sideways", "Values": ["String"]}]},
    ("ssm", "PutParameter", "InvalidKeyId"): lambda g: {"Name": g.name("/made/p"), "Value": "1", "Type": "SecureString", "KeyId": "alias/mine"},
    ("ssm", "PutParameter", "HierarchyTypeMismatchException"):
        lambda g: {"Name": g.once("a parameter", g.parameter), "Value": "1", "Type": "StringList", "Overwrite": True},
    ("ssm", "PutParameter", "InvalidAllowedPatternException"): lambda g: {"Name": g.name("/made/p"), "Value": "1", "Type": "String", "AllowedPattern": "["},
    ("ssm", "PutParameter", "ParameterPatternMismatchException"):
        lambda g: {"Name": g.name("/made/p"), "Value": "1", "Type": "String", "AllowedPattern": "^[a-z]+$"},
    ("ssm", "PutParameter", "ParameterMaxVersionLimitExceeded"): lambda g: full_parameter(g),
    ("ssm", "AddTagsToResource", "TooManyTagsError"):
        lambda g: {"ResourceType": "Parameter", "ResourceId": g.parameter(Tags=with_many_tags(50)), "Tags": TAGS},
    ("ssm", "LabelParameterVersion", "ParameterVersionNotFound"):
        lambda g: {"Name": g.once("a parameter", g.parameter), "ParameterVersion": 99, "Labels": ["live"]},
    ("ssm", "UnlabelParameterVersion", "ParameterVersionNotFound"):
        lambda g: {"Name": g.once("a parameter", g.parameter), "ParameterVersion": 99, "Labels": ["live"]},
    ("ssm", "LabelParameterVersion", "ParameterVersionLabelLimitExceeded"): lambda g: full_of_labels(g),
    ("ssm", "GetParameterHistory", "InvalidNextToken"): lambda g: {"Name": g.once("a parameter", g.parameter), "NextToken": "no token of ours"},
    ("ssm", "GetParametersByPath", "InvalidNextToken"): lambda g: {"Path": "/made", "NextToken": "no token of ours"},
    ("ssm", "DescribeParameters", "InvalidNextToken"): lambda g: {"NextToken": "no token of ours"},
    # CloudTrail
    ("cloudtrail", "LookupEvents", "InvalidLookupAttributesException"):
        lambda g: {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": "x"} for key in ("EventName", "EventId")]},
    ("cloudtrail", "LookupEvents", "InvalidTimeRangeException"): lambda g: {"StartTime": 2_000_000_000, "EndTime": 1_900_000_000},
    ("cloudtrail", "LookupEvents", "InvalidNextTokenException"): lambda g: {"NextToken": "no token of ours"},
    # Service Quotas
    ("service-quotas", "ListAWSDefaultServiceQuotas", "InvalidPaginationTokenException"):
        lambda g: {"ServiceCode": "apprunner", "NextToken": "AAAA"},
    ("service-quotas", "ListRequestedServiceQuotaChangeHistory", "InvalidPaginationTokenException"): lambda g: {"NextToken": "AAAA"},
    ("service-quotas", "ListRequestedServiceQuotaChangeHistoryByQuota", "InvalidPaginationTokenException"):
        lambda g: smallest(g, "service-quotas", "ListRequestedServiceQuotaChangeHistoryByQuota", NextToken="AAAA"),
    ("service-quotas", "ListServices", "InvalidPaginationTokenException"): lambda g: {"NextToken": "AAAA"},
    ("service-quotas", "ListServices", "IllegalArgumentException"): lambda g: {"MaxResults": 0},
    ("service-quotas", "ListServiceQuotas", "InvalidPaginationTokenException"): lambda g: {"ServiceCode": "apprunner", "NextToken": "AAAA"},
    ("service-quotas", "RequestServiceQuotaIncrease", "IllegalArgumentException"):
        lambda g: {**INPUTS["service-quotas", "RequestServiceQuotaIncrease"][0](g), "DesiredValue": 0.0},
}


def five_versions(g):
    made = g.own_policy()
    for _ in range(4):
        g.made("iam", "CreatePolicyVersion", PolicyArn=made, PolicyDocument=READS)
    return {"PolicyArn": made, "PolicyDocument": READS}


def full_of_labels(g):
    """One label more than a version may have; a call takes no more than ten."""
    name = g.parameter()
    g.made("ssm", "LabelParameterVersion", Name=name, Labels=[f"label-{n}" for n in range(10)])
    return {"Name": name, "Labels": ["one-more"]}


def full_parameter(g):
    """As many versions as there may be, the oldest with a label, so that it does not make room."""
    name = g.parameter()
    g.made("ssm", "LabelParameterVersion", Name=name, ParameterVersion=1, Labels=["live"])
    for _ in range(99):
        g.made("ssm", "PutParameter", Name=name, Value="1", Overwrite=True)
    return {"Name": name, "Value": "1", "Overwrite": True}


def deleted_name(g):
    return g.made("secretsmanager", "DescribeSecret", deleted(g))["Name"]


def provider_twice(g):
    url = {"Url": f"https://{g.name('issuer')}.example.com"}
    g.made("iam", "CreateOpenIDConnectProvider", url)
    return url


def with_token(g, **claims):
    return {**INPUTS["sts", "AssumeRoleWithWebIdentity"][0](g), "WebIdentityToken": g.issuer.token(**claims)}


def silent_issuer(g):
    """Nobody listens at this provider's address."""
    url = f"https://{SILENT}"
    if not g.kept.get("a silent provider"):
        g.kept["a silent provider"] = g.made("iam", "CreateOpenIDConnectProvider", Url=url, ClientIDList=["sts.amazonaws.com"])
    return with_token(g, iss=url)


def secret_of(g):
    return {"SecretId": g.once("a secret", g.secret)}


def secret_name(g):
    return g.made("secretsmanager", "DescribeSecret", SecretId=g.once("a secret", g.secret))["Name"]


def token_twice(g):
    token = "01234567-89ab-4def-8123-0123456789ab"
    made = g.secret()
    g.made("secretsmanager", "PutSecretValue", SecretId=made, ClientRequestToken=token, SecretString="once")
    return {"SecretId": made, "ClientRequestToken": token, "SecretString": "and another"}


def recipe_of(service, operation, fault):
    """The recipe; a reason as text where there can be none; `None` where nobody wrote either."""
    if (service, operation, fault) in RECIPES:
        return RECIPES[service, operation, fault]
    if (service, operation, fault) in UNPROVOKED_HERE:
        return UNPROVOKED_HERE[service, operation, fault]
    if (service, fault) in UNPROVOKED:
        return UNPROVOKED[service, fault]
    if "NotFound" in fault or fault in ("NoSuchEntityException", "NoSuchResourceException"):
        return lambda g: nobody(g, service, operation)
    if fault in ("InvalidRequestException", "InvalidParameterException", "InvalidInputException", "ValidationException", "IllegalArgumentException"):
        return lambda g: invalid(g, service, operation)
    if fault in ("InvalidResourceType", "InvalidResourceId"):
        wrong = {"ResourceType": "Document"} if fault == "InvalidResourceType" else {"ResourceId": "/nobody/here"}
        return lambda g: smallest(g, service, operation, **wrong)
    return None


def nobody(g, service, operation):
    """The smallest input with the name of what must be there changed to nobody's."""
    members = smallest(g, service, operation)
    known = NOBODY if service == "apprunner" else OWN_NAMES.get(service, {})
    if service == "service-quotas" and operation != "GetRequestedServiceQuotaChange":
        return {**members, "ServiceCode": "nobody"} if "QuotaCode" not in members else {**members, "QuotaCode": "L-00000000"}
    shape = model_of(service).operation_model(operation).input_shape
    # Names that the smallest input leaves out (GetUser) count as well; the first that the operation has is the one.
    name = next(name for name in known if name in shape.members)
    if operation.startswith("Attach"):
        name = "PolicyArn"
    return {**members, name: known[name]}


def invalid(g, service, operation):
    """The smallest input with one member that breaks the model or is no token of ours."""
    members = smallest(g, service, operation)
    shape = model_of(service).operation_model(operation).input_shape
    for name, member in (shape.members if shape else {}).items():
        if name in ("NextToken", "nextToken", "Marker"):
            return {**members, name: "no token of ours"}
    broken = next(iter(cases(service, shape, members)), None)
    if broken is None and service == "ecr" and "registryIds" in shape.members:
        return {**members, "registryIds": ["x"]}
    if service == "iam" and "Path" in shape.members:
        return {**members, "Path": "no path"}
    return broken.members if broken else {**members, **{name: "" for name in members}}
