"""Valid inputs of operations that nobody requires and that are here nevertheless; `inputs.py` says how they are written."""
from ground import document
from under_test import ACCOUNT, PULL_POLICY, REGION

TAGS = [{"Key": "team", "Value": "web"}]
READS = document(Action="s3:Get*", Resource="*")
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def none(_):
    return {}


def lists(**more):
    return lambda g: {"MaxItems": 1000, **more}


def user(g):
    return {"UserName": g.once("a user", g.user)}


def policy(g):
    return {"PolicyArn": g.once("a policy", g.own_policy)}


def provider_arn(g):
    made = g.made("iam", "CreateOpenIDConnectProvider", Url=f"https://{g.name('issuer')}.example.com", ClientIDList=["one"])
    return {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}


def provider(g):
    return g.once("a provider", lambda: provider_arn(g))


def with_inline(g):
    name = g.user()
    g.made("iam", "PutUserPolicy", UserName=name, PolicyName="reads", PolicyDocument=READS)
    return {"UserName": name, "PolicyName": "reads"}


def with_attached(g):
    name = g.user()
    g.made("iam", "AttachUserPolicy", UserName=name, PolicyArn=PULL_POLICY)
    return {"UserName": name, "PolicyArn": PULL_POLICY}


def with_versions(g):
    made = g.own_policy()
    version = g.made("iam", "CreatePolicyVersion", PolicyArn=made, PolicyDocument=READS)["PolicyVersion"]["VersionId"]
    return {"PolicyArn": made, "VersionId": version}


def bounded(kind):
    def make(g):
        name = g.role()["RoleName"] if kind == "Role" else g.user()
        members = {f"{kind}Name": name}
        g.made("iam", f"Put{kind}PermissionsBoundary", {**members, "PermissionsBoundary": ADMINISTRATOR})
        return members

    return make


def linked(g):
    service = "apprunner.amazonaws.com"
    made = g.call("iam", "CreateServiceLinkedRole", AWSServiceName=service)
    return {"RoleName": made["Role"]["RoleName"] if not made.is_fault else "AWSServiceRoleForAppRunner"}


def deletion_task(g):
    return {"DeletionTaskId": g.made("iam", "DeleteServiceLinkedRole", linked(g))["DeletionTaskId"]}


def alias(g):
    name = g.name("alias")
    g.made("iam", "CreateAccountAlias", AccountAlias=name)
    return {"AccountAlias": name}


def simulated(g):
    """What both simulations are told of who calls, and of whose resource it is."""
    role = g.once("a role", g.role)["Arn"]
    held = document(Principal={"AWS": role}, Action="s3:Get*", Resource="*")
    return {"PermissionsBoundaryPolicyInputList": [READS], "ResourcePolicy": held, "ResourceOwner": f"arn:aws:iam::{ACCOUNT}:root", "CallerArn": role}


IAM = {
    "AddClientIDToOpenIDConnectProvider": (lambda g: {**provider(g), "ClientID": "two"},),
    "CreateAccountAlias": (lambda g: {"AccountAlias": g.name("alias")},),
    "CreatePolicyVersion": (lambda g: {"PolicyArn": g.own_policy(), "PolicyDocument": READS}, lambda g: {"SetAsDefault": True}),
    "DeleteAccountAlias": (alias,),
    "DeleteOpenIDConnectProvider": (provider_arn,),
    "DeletePolicyVersion": (with_versions,),
    "DeleteRolePermissionsBoundary": (bounded("Role"),),
    "DeleteServiceLinkedRole": (linked,),
    "DeleteUserPermissionsBoundary": (bounded("User"),),
    "DeleteUserPolicy": (with_inline,),
    "DetachUserPolicy": (with_attached,),
    "GetOpenIDConnectProvider": (provider,),
    "GetServiceLinkedRoleDeletionStatus": (deletion_task,),
    "GetUserPolicy": (with_inline,),
    "ListAttachedUserPolicies": (lambda g: {"UserName": with_attached(g)["UserName"]}, lists(PathPrefix="/")),
    "ListEntitiesForPolicy": (lambda g: {"PolicyArn": PULL_POLICY}, lists(EntityFilter="Role", PathPrefix="/", PolicyUsageFilter="PermissionsPolicy")),
    "ListOpenIDConnectProviderTags": (provider, lists()),
    "ListOpenIDConnectProviders": (none,),
    "ListPolicyTags": (policy, lists()),
    "ListUserPolicies": (lambda g: {"UserName": with_inline(g)["UserName"]}, lists()),
    "ListUserTags": (user, lists()),
    "PutRolePermissionsBoundary": (lambda g: {"RoleName": g.role()["RoleName"], "PermissionsBoundary": ADMINISTRATOR},),
    "PutUserPermissionsBoundary": (lambda g: {"UserName": g.user(), "PermissionsBoundary": ADMINISTRATOR},),
    "RemoveClientIDFromOpenIDConnectProvider": (lambda g: {**provider(g), "ClientID": "one"},),
    "SetDefaultPolicyVersion": (with_versions,),
    "SimulateCustomPolicy": (
        lambda g: {"PolicyInputList": [READS], "ActionNames": ["apprunner:ListServices"]},
        lambda g: {"ResourceArns": ["*"], "MaxItems": 100, **simulated(g),
                   "ContextEntries": [{"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": [REGION], "ContextKeyType": "string"}]}),
    "TagOpenIDConnectProvider": (lambda g: {**provider(g), "Tags": TAGS},),
    "TagPolicy": (lambda g: {**policy(g), "Tags": TAGS},),
    "TagUser": (lambda g: {**user(g), "Tags": TAGS},),
    "UntagOpenIDConnectProvider": (lambda g: {**provider(g), "TagKeys": ["team"]},),
    "UntagPolicy": (lambda g: {**policy(g), "TagKeys": ["team"]},),
    "UntagUser": (lambda g: {**user(g), "TagKeys": ["team"]},),
    "UpdateOpenIDConnectProviderThumbprint": (lambda g: {**provider(g), "ThumbprintList": ["a" * 40]},),
    "UpdateRoleDescription": (lambda g: {"RoleName": g.once("a role", g.role)["RoleName"], "Description": "what it is for"},),
    "UpdateUser": (lambda g: {"UserName": g.user()}, lambda g: {"UserName": g.user(), "NewPath": "/team/", "NewUserName": g.name("renamed")}),
}


def secret(g):
    return {"SecretId": g.once("a secret", g.secret)}


def two_versions(g):
    made = g.secret()
    first = g.made("secretsmanager", "GetSecretValue", SecretId=made)["VersionId"]
    second = g.made("secretsmanager", "PutSecretValue", SecretId=made, SecretString="2")["VersionId"]
    return made, first, second


def moved(g):
    made, first, second = two_versions(g)
    return {"SecretId": made, "VersionStage": "AWSCURRENT", "MoveToVersionId": first, "RemoveFromVersionId": second}


SECRET_POLICY = document(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="secretsmanager:GetSecretValue", Resource="*")
SECRETS = {
    "BatchGetSecretValue": (lambda g: {"SecretIdList": [secret(g)["SecretId"]]},
                            lambda g: {"SecretIdList": None, "Filters": [{"Key": "name", "Values": ["secret"]}], "MaxResults": 20}),
    "DeleteResourcePolicy": (secret,),
    "GetRandomPassword": (none, lambda g: {
        "PasswordLength": 40, "ExcludeCharacters": "abc", "ExcludeNumbers": False, "ExcludePunctuation": True, "ExcludeUppercase": False,
        "ExcludeLowercase": False, "IncludeSpace": True, "RequireEachIncludedType": True}),
    "ListSecretVersionIds": (secret, lambda g: {"MaxResults": 100, "IncludeDeprecated": True}),
    "PutResourcePolicy": (lambda g: {**secret(g), "ResourcePolicy": SECRET_POLICY}, lambda g: {"BlockPublicPolicy": True, "PolicyName": "mine"}),
    "RotateSecret": (secret, lambda g: {
        "ClientRequestToken": "01234567-89ab-4def-8123-456789abcdef", "RotationLambdaARN": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:rotates",
        "RotationRules": {"AutomaticallyAfterDays": 30, "Duration": "3h", "ScheduleExpression": "rate(30 days)"}, "RotateImmediately": True,
        "ExternalSecretRotationRoleArn": f"arn:aws:iam::{ACCOUNT}:role/rotates", "ExternalSecretRotationMetadata": [{"Key": "a", "Value": "b"}]}),
    "UpdateSecretVersionStage": (lambda g: {**secret(g), "VersionStage": "MINE",
                                            "MoveToVersionId": g.made("secretsmanager", "GetSecretValue", secret(g))["VersionId"]}, moved),
    "ValidateResourcePolicy": (lambda g: {"ResourcePolicy": SECRET_POLICY}, secret),
}


def labelled(g):
    name = g.parameter()
    g.made("ssm", "LabelParameterVersion", Name=name, ParameterVersion=1, Labels=["live"])
    return {"Name": name, "ParameterVersion": 1, "Labels": ["live"]}


SSM = {
    "GetParameterHistory": (lambda g: {"Name": g.once("a parameter", g.parameter)}, lambda g: {"WithDecryption": True, "MaxResults": 50}),
    "LabelParameterVersion": (lambda g: {"Name": g.parameter(), "Labels": ["live"]}, lambda g: {"ParameterVersion": 1}),
    "UnlabelParameterVersion": (labelled,),
}


def quota(g):
    found = g.made("service-quotas", "ListServiceQuotas", ServiceCode="apprunner")["Quotas"]
    return {"ServiceCode": "apprunner", "QuotaCode": next(one["QuotaCode"] for one in found if one["Adjustable"])}


def one_more(g):
    """One more than there may be now."""
    value = g.made("service-quotas", "GetServiceQuota", quota(g))["Quota"]["Value"]
    return {**quota(g), "DesiredValue": value + 1}


def raised(g):
    return g.made("service-quotas", "RequestServiceQuotaIncrease", one_more(g))["RequestedQuota"]["Id"]


QUOTAS = {
    "GetAWSDefaultServiceQuota": (quota,),
    "GetRequestedServiceQuotaChange": (lambda g: {"RequestId": raised(g)},),
    "ListAWSDefaultServiceQuotas": (lambda g: {"ServiceCode": "apprunner"}, lambda g: {"MaxResults": 100}),
    "ListRequestedServiceQuotaChangeHistory": (none, lambda g: {
        "ServiceCode": "apprunner", "Status": "APPROVED", "MaxResults": 100, "QuotaRequestedAtLevel": "ACCOUNT"}),
    "ListRequestedServiceQuotaChangeHistoryByQuota": (quota, lambda g: {"Status": "APPROVED", "MaxResults": 100, "QuotaRequestedAtLevel": "ACCOUNT"}),
    "ListServices": (none, lambda g: {"MaxResults": 100}),
}

BEYOND = {"iam": IAM, "secretsmanager": SECRETS, "ssm": SSM, "service-quotas": QUOTAS}
