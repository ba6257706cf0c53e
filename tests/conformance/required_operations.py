"""What an App Runner client may call, service by service, and what of it another part of the product brings.

An operation of REQUIRED that the platform does not know fails the run, unless it stands in LATER with what it waits for.
"""

REQUIRED = {
    "apprunner": """
        AssociateCustomDomain CreateAutoScalingConfiguration CreateConnection CreateObservabilityConfiguration CreateService CreateVpcConnector
        CreateVpcIngressConnection DeleteAutoScalingConfiguration DeleteConnection DeleteObservabilityConfiguration DeleteService DeleteVpcConnector
        DeleteVpcIngressConnection DescribeAutoScalingConfiguration DescribeCustomDomains DescribeObservabilityConfiguration DescribeService
        DescribeVpcConnector DescribeVpcIngressConnection DisassociateCustomDomain ListAutoScalingConfigurations ListConnections
        ListObservabilityConfigurations ListOperations ListServices ListServicesForAutoScalingConfiguration ListTagsForResource ListVpcConnectors
        ListVpcIngressConnections PauseService ResumeService StartDeployment TagResource UntagResource UpdateDefaultAutoScalingConfiguration
        UpdateService UpdateVpcIngressConnection""",
    "ecr": """
        BatchCheckLayerAvailability BatchDeleteImage BatchGetImage CompleteLayerUpload CreateRepository DeleteLifecyclePolicy DeleteRepository
        DeleteRepositoryPolicy DescribeImageScanFindings DescribeImages DescribeRegistry DescribeRepositories GetAuthorizationToken
        GetDownloadUrlForLayer GetLifecyclePolicy GetRepositoryPolicy InitiateLayerUpload ListImages ListTagsForResource PutImage
        PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy StartImageScan TagResource UntagResource
        UploadLayerPart""",
    "sts": "AssumeRole AssumeRoleWithWebIdentity DecodeAuthorizationMessage GetAccessKeyInfo GetCallerIdentity GetSessionToken",
    "iam": """
        AttachRolePolicy AttachUserPolicy CreateAccessKey CreateOpenIDConnectProvider CreatePolicy CreateRole CreateServiceLinkedRole CreateUser
        DeleteAccessKey DeletePolicy DeleteRole DeleteRolePolicy DeleteUser DetachRolePolicy GetAccessKeyLastUsed GetAccountSummary GetPolicy
        GetPolicyVersion GetRole GetRolePolicy GetUser ListAccessKeys ListAccountAliases ListAttachedRolePolicies ListInstanceProfilesForRole
        ListPolicies ListPolicyVersions ListRolePolicies ListRoleTags ListRoles ListUsers PutRolePolicy PutUserPolicy SimulatePrincipalPolicy
        TagRole UntagRole UpdateAccessKey UpdateAssumeRolePolicy""",
    "logs": """
        CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteRetentionPolicy DescribeLogGroups DescribeLogStreams DescribeQueries FilterLogEvents
        GetLogEvents GetQueryResults ListTagsForResource PutLogEvents PutRetentionPolicy StartLiveTail StartQuery StopQuery TagResource
        UntagResource""",
    "secretsmanager": """
        CreateSecret DeleteSecret DescribeSecret GetResourcePolicy GetSecretValue ListSecrets PutSecretValue RestoreSecret TagResource
        UntagResource UpdateSecret""",
    "ssm": """
        AddTagsToResource DeleteParameter DeleteParameters DescribeParameters GetParameter GetParameters GetParametersByPath ListTagsForResource
        PutParameter""",
    "cloudtrail": "LookupEvents",
    "service-quotas": "GetServiceQuota ListServiceQuotas RequestServiceQuotaIncrease",
}

LATER = {}

# What is known, and refused by name whatever is sent: the fault, and why. Neither a gap nor a pass: the end of a run says so.
REFUSED = {
    ("secretsmanager", "PutResourcePolicy"): ("InvalidParameterException", "policies of secrets are not evaluated, and one that means nothing would be a trap"),
    ("secretsmanager", "RotateSecret"): ("InvalidRequestException", "rotation runs a Lambda function, and there is no Lambda"),
}

# What answers as the service does but has nothing behind it yet; the README marks these.
RECORD_ONLY = {
    ("apprunner", "AssociateCustomDomain"): "the domain stays pending_certificate_dns_validation",
    ("apprunner", "CreateConnection"): "the connection stays PENDING_HANDSHAKE",
    ("apprunner", "CreateObservabilityConfiguration"): "nothing collects traces",
    ("apprunner", "CreateVpcConnector"): "a service with EgressType VPC ends CREATE_FAILED",
    ("apprunner", "CreateVpcIngressConnection"): "the connection ends FAILED_CREATION",
    ("apprunner", "UpdateVpcIngressConnection"): "the connection ends FAILED_UPDATE",
    **{
        ("ecr", operation): "there is no scanner: every scan has the status FAILED and says so"
        for operation in "DescribeImageScanFindings PutImageScanningConfiguration StartImageScan".split()
    },
}


def required():
    """Every (service, operation) that a client may call."""
    return [(service, operation) for service, names in REQUIRED.items() for operation in names.split()]
