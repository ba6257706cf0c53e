"""What an App Runner client may call, service by service, and what of it another part of the product brings.

An operation of REQUIRED that the platform does not know fails the run, unless it stands in LATER with what it waits for. `named_operations.py` holds
what the specification names: nothing of it may be missing here.
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
        CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteRetentionPolicy DescribeLogGroups DescribeLogStreams DescribeMetricFilters
        DescribeQueries FilterLogEvents GetLogEvents GetQueryResults ListTagsForResource PutLogEvents PutMetricFilter PutRetentionPolicy StartLiveTail
        StartQuery StopQuery TagResource UntagResource""",
    "secretsmanager": """
        CreateSecret DeleteSecret DescribeSecret GetResourcePolicy GetSecretValue ListSecrets PutSecretValue RestoreSecret TagResource
        UntagResource UpdateSecret""",
    "ssm": """
        AddTagsToResource DeleteParameter DeleteParameters DescribeParameters GetParameter GetParameters GetParametersByPath ListTagsForResource
        PutParameter""",
    "cloudtrail": "LookupEvents",
    "service-quotas": "GetServiceQuota ListServiceQuotas RequestServiceQuotaIncrease",
}

LATER = {
    ("logs", name): "a metric filter makes CloudWatch metrics of lines, and there are no CloudWatch metrics yet" for name in ("DescribeMetricFilters", "PutMetricFilter")
}

# What is known, and refused by name whatever is sent: the fault, and why. Neither a gap nor a pass: the end of a run says so.
REFUSED = {
    ("secretsmanager", "PutResourcePolicy"): ("InvalidParameterException", "policies of secrets are not evaluated, and one that means nothing would be a trap"),
    ("secretsmanager", "RotateSecret"): ("InvalidRequestException", "rotation runs a Lambda function, and there is no Lambda"),
}

NO_KMS, NO_DEVICES, NO_REPLICAS = "there is no KMS", "there are no MFA devices", "there are no replicas"
NO_IDENTITY_CENTER, NEWER = "there is no Identity Center", "AWS added it lately"
NO_BUILDS = "nothing is built from source code"
SESSIONS = {"MinimumSessionTokenSize": NEWER}
DEVICES = {"SerialNumber": NO_DEVICES, "TokenCode": NO_DEVICES}

KEPT = {
    "NetworkConfiguration.IngressConfiguration: IsPubliclyAccessible false": "record only: no private way leads to the service, and the front door never answers for it",
    "ObservabilityConfiguration: ObservabilityEnabled true": "record only: nothing collects traces, and an event says so",
}

# What an operation that is complete otherwise does not honour: a member by its path, with `: ` before which values of it where others are honoured.
# Each is refused by name, or the service ends as the reason says; `partly_honoured.py` sends each. `Member` alone means everything below as well.
PARTIAL = {
    ("apprunner", "CreateService"): {
        "EncryptionConfiguration": NO_KMS,
        "SourceConfiguration.CodeRepository: any": f"{NO_BUILDS}: the service ends CREATE_FAILED",
        "SourceConfiguration.AuthenticationConfiguration.ConnectionArn": "a connection never becomes AVAILABLE",
        "NetworkConfiguration.EgressConfiguration: EgressType VPC": "the service ends CREATE_FAILED",
        **KEPT,
    },
    ("apprunner", "UpdateService"): {
        "SourceConfiguration.CodeRepository: any": f"{NO_BUILDS}: an update of a service from source code fails",
        "SourceConfiguration.AuthenticationConfiguration.ConnectionArn": "a connection never becomes AVAILABLE",
        "NetworkConfiguration.EgressConfiguration: EgressType VPC": "the update is rolled back",
        **KEPT,
    },
    ("ecr", "CreateRepository"): {"encryptionConfiguration.kmsKey": NO_KMS, "encryptionConfiguration.encryptionType: other than AES256": NO_KMS},
    ("ecr", "PutLifecyclePolicy"): {
        "lifecyclePolicyText: sinceImagePulled, sinceImageTransitioned": "pulls are not counted as a rule's age",
        "lifecyclePolicyText: the action transition": "images are not archived",
    },
    ("iam", "SimulateCustomPolicy"): {
        "OrderedOrganizationPolicyInputList": "there are no organisations", "ResourceHandlingOption": "it belongs to EC2's resources",
    },
    ("iam", "SimulatePrincipalPolicy"): {"PolicyExclusionList": "every policy of the principal counts", "ResourceHandlingOption": "it belongs to EC2's resources"},
    ("sts", "AssumeRole"): {
        "TransitiveTagKeys": "tags of a session end with it",
        "SourceIdentity": "sessions are told apart by their names", "ProvidedContexts": NO_IDENTITY_CENTER,
        **DEVICES, **SESSIONS,
    },
    ("sts", "AssumeRoleWithWebIdentity"): {"ProviderId": "it belongs to tokens that are not of OpenID Connect", **SESSIONS},
    ("sts", "GetSessionToken"): {**DEVICES, **SESSIONS},
    ("logs", "CreateLogGroup"): {
        "kmsKeyId": NO_KMS, "deletionProtectionEnabled: true": NEWER, "logGroupClass: other than STANDARD": "groups of all classes would be alike",
    },
    ("logs", "DescribeLogGroups"): {"accountIdentifiers: other accounts": "there are no linked accounts", "includeLinkedAccounts: true": "there are no linked accounts"},
    ("logs", "FilterLogEvents"): {
        "filterPattern: of JSON members, columns, regular expressions": "patterns are of terms", "startFromHead: false": "the oldest events come first",
    },
    ("logs", "StartLiveTail"): {"logEventFilterPattern: of JSON members, columns, regular expressions": "patterns are of terms"},
    ("logs", "StartQuery"): {
        "queryLanguage: other than CWLI": "queries are of Logs Insights",
        "queryString: commands such as pattern, diff, lookup, join": "each that is not here is refused by its name",
    },
    ("secretsmanager", "CreateSecret"): {
        "KmsKeyId: other than alias/aws/secretsmanager": NO_KMS, "AddReplicaRegions": NO_REPLICAS, "CrossAccountPrimaryARN": NO_REPLICAS,
        "Type": "it belongs to secrets of partners",
    },
    ("secretsmanager", "UpdateSecret"): {"KmsKeyId: other than alias/aws/secretsmanager": NO_KMS, "Type": "it belongs to secrets of partners"},
    ("ssm", "PutParameter"): {
        "Policies": "there are no expirations of parameters", "KeyId: other than alias/aws/ssm": NO_KMS, "DataType: other than text": "there are no images of EC2",
    },
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
