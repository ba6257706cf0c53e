"""The operations that the specification names, by where it names them. App Runner's own are all that its model has.

`REQUIRED` is what the run holds us to: a test ties it to this list in both directions, so that nothing that is named is forgotten by leaving it out there.
"""

NAMED = {
    ("Companion APIs, 2", "ecr"): """
        BatchCheckLayerAvailability BatchDeleteImage BatchGetImage CompleteLayerUpload CreateRepository DeleteLifecyclePolicy DeleteRepository
        DeleteRepositoryPolicy DescribeImageScanFindings DescribeImages DescribeRegistry DescribeRepositories GetAuthorizationToken
        GetDownloadUrlForLayer GetLifecyclePolicy GetRepositoryPolicy InitiateLayerUpload ListImages ListTagsForResource PutImage
        PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy StartImageScan TagResource UntagResource
        UploadLayerPart""",
    ("Companion APIs, 3", "sts"): "AssumeRole AssumeRoleWithWebIdentity DecodeAuthorizationMessage GetAccessKeyInfo GetCallerIdentity GetSessionToken",
    ("Companion APIs, 4", "iam"): """
        AttachRolePolicy AttachUserPolicy CreateAccessKey CreatePolicy CreateRole CreateServiceLinkedRole CreateUser DeleteAccessKey DeletePolicy
        DeleteRole DeleteRolePolicy DeleteUser DetachRolePolicy GetAccountSummary GetPolicy GetPolicyVersion GetRole GetRolePolicy GetUser
        ListAccessKeys ListAccountAliases ListAttachedRolePolicies ListInstanceProfilesForRole ListPolicies ListPolicyVersions ListRolePolicies
        ListRoleTags ListRoles ListUsers PutRolePolicy PutUserPolicy TagRole UntagRole UpdateAssumeRolePolicy""",
    ("Identity: outside issuers, keys' last use and deactivation, simulation", "iam"):
        "CreateOpenIDConnectProvider GetAccessKeyLastUsed SimulatePrincipalPolicy UpdateAccessKey",
    ("Companion APIs, 5; the last two optional", "logs"): """
        CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteRetentionPolicy DescribeLogGroups DescribeLogStreams FilterLogEvents
        GetLogEvents GetQueryResults ListTagsForResource PutLogEvents PutRetentionPolicy StartLiveTail StartQuery StopQuery TagResource UntagResource
        DescribeMetricFilters PutMetricFilter""",
    ("What consoles of queries list", "logs"): "DescribeQueries",
    ("Companion APIs, 8", "secretsmanager"): """
        CreateSecret DeleteSecret DescribeSecret GetResourcePolicy GetSecretValue ListSecrets PutSecretValue RestoreSecret TagResource UpdateSecret""",
    ("What undoes TagResource", "secretsmanager"): "UntagResource",
    ("What Terraform's secrets may ask", "secretsmanager"): "PutResourcePolicy RotateSecret",
    ("Companion APIs, 8", "ssm"): """
        AddTagsToResource DeleteParameter DeleteParameters DescribeParameters GetParameter GetParameters GetParametersByPath ListTagsForResource
        PutParameter""",
    ("Companion APIs, 8", "cloudtrail"): "LookupEvents",
    ("Quotas: get, list, request", "service-quotas"): "GetServiceQuota ListServiceQuotas RequestServiceQuotaIncrease",
}


def named():
    """Every (service, operation) that is named, App Runner's own apart."""
    return {(service, operation) for (_, service), names in NAMED.items() for operation in names.split()}
