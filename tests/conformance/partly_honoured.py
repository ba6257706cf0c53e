"""How what `PARTIAL` says is not honoured is sent, and what comes of it; and what is taken and says nothing. The tests send each one.

The inputs build on the smallest one of `inputs.py`. They serve a second purpose: what is refused by name has constraints as well, and is broken like any other.
"""
import json
from dataclasses import dataclass

from inputs import INPUTS, LIFECYCLE, READS, code_service, full_code, network, vpc_egress
from under_test import ACCOUNT, PULL_POLICY, REGION

KMS_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/01234567-89ab-4def-8123-456789abcdef"
OTHER_ACCOUNT = "111122223333"
JSON_PATTERN = '{ $.level = "error" }'
OURS = "in this version of Outrunner"


@dataclass
class Refused:
    """Members that are refused by name: the refusal's words hold `says`."""

    members: object
    says: str


@dataclass
class Ends:
    """Members that are taken, after which the service ends in `status`, its operation in `operation`, and an event `says` why."""

    members: object
    status: str
    operation: str
    says: str = f"is not available {OURS}"


def by_name(**members):
    """One member that is refused, its name with it."""
    return Refused(lambda _: members, f"Not available {OURS}: {', '.join(members)}.")


def unconnected(g):
    """A source whose connection is there and not AVAILABLE."""
    source = full_code(g)
    return {"SourceConfiguration": {**source, "AuthenticationConfiguration": {"ConnectionArn": g.once("a connection", g.connection)}}}


def rule(**changes):
    """A lifecycle policy whose rule differs from one that is taken."""
    policy = json.loads(LIFECYCLE)
    (only,) = policy["rules"]
    only["action"].update(changes.pop("action", {}))
    only["selection"].update(changes)
    return lambda _: {"lifecyclePolicyText": json.dumps(policy)}


def private(_):
    """A service that the front door never answers for."""
    return {"NetworkConfiguration": {**network(), "IngressConfiguration": {"IsPubliclyAccessible": False}}}


def traced(g):
    """A service whose traces would be collected."""
    return {"ObservabilityConfiguration": {"ObservabilityEnabled": True, "ObservabilityConfigurationArn": g.once("an observability", g.observability)}}


VPC_KEY = "NetworkConfiguration.EgressConfiguration: EgressType VPC"
CONNECTION_KEY = "SourceConfiguration.AuthenticationConfiguration.ConnectionArn"
CODE_KEY = "SourceConfiguration.CodeRepository: any"
PATTERNS_KEY = "of JSON members, columns, regular expressions"
DEVICES = {"SerialNumber": by_name(SerialNumber="a-device-of-mine"), "TokenCode": by_name(TokenCode="123456")}
SESSIONS = {"MinimumSessionTokenSize": by_name(MinimumSessionTokenSize=1024)}
PATTERN_WORDS = f"are not available {OURS}"
REPLICAS = [{"Region": "eu-west-1", "KmsKeyId": KMS_KEY}]
# Kept and answered; the service runs without what they ask for.
KEPT = {
    "NetworkConfiguration.IngressConfiguration: IsPubliclyAccessible false": Ends(
        private, "RUNNING", "SUCCEEDED", "the front door does not answer for it"),
    "ObservabilityConfiguration: ObservabilityEnabled true": Ends(traced, "RUNNING", "SUCCEEDED", f"nothing collects traces {OURS}"),
}
SENT = {
    ("apprunner", "CreateService"): {
        "EncryptionConfiguration": Refused(lambda _: {"EncryptionConfiguration": {"KmsKey": KMS_KEY}}, f"{OURS}: EncryptionConfiguration.KmsKey"),
        CODE_KEY: Ends(lambda g: {"SourceConfiguration": full_code(g)}, "CREATE_FAILED", "FAILED"),
        CONNECTION_KEY: Refused(unconnected, "is not AVAILABLE"),
        VPC_KEY: Ends(vpc_egress, "CREATE_FAILED", "FAILED"),
        **KEPT,
    },
    ("apprunner", "UpdateService"): {
        CODE_KEY: Ends(lambda g: {"ServiceArn": code_service(g), "SourceConfiguration": full_code(g)}, "CREATE_FAILED", "FAILED"),
        CONNECTION_KEY: Refused(lambda g: {"ServiceArn": code_service(g), **unconnected(g)}, "is not AVAILABLE"),
        VPC_KEY: Ends(vpc_egress, "RUNNING", "ROLLBACK_SUCCEEDED"),
        **KEPT,
    },
    ("ecr", "CreateRepository"): {
        "encryptionConfiguration.kmsKey": Refused(
            lambda _: {"encryptionConfiguration": {"encryptionType": "AES256", "kmsKey": KMS_KEY}}, f"{OURS}: encryptionConfiguration other than AES256"),
        "encryptionConfiguration.encryptionType: other than AES256": Refused(
            lambda _: {"encryptionConfiguration": {"encryptionType": "KMS"}}, f"{OURS}: encryptionConfiguration other than AES256"),
    },
    ("ecr", "PutLifecyclePolicy"): {
        "lifecyclePolicyText: sinceImagePulled, sinceImageTransitioned": Refused(rule(countType="sinceImagePulled"), "'sinceImagePulled' is not available here"),
        "lifecyclePolicyText: the action transition": Refused(rule(action={"type": "transition"}), "'transition' is not available here"),
    },
    ("iam", "SimulateCustomPolicy"): {
        "OrderedOrganizationPolicyInputList": by_name(OrderedOrganizationPolicyInputList=[{"ServiceControlPolicyInputList": [READS]}]),
        "ResourceHandlingOption": by_name(ResourceHandlingOption="EC2-VPC-InstanceStore"),
    },
    ("iam", "SimulatePrincipalPolicy"): {
        "PolicyExclusionList": by_name(PolicyExclusionList=[{
            "PolicyType": "inline", "PolicyArn": PULL_POLICY,
            "InlinePolicyIdentifier": {"PolicyName": "reads", "AttachmentType": "role", "AttachmentName": "builds"}}]),
        "ResourceHandlingOption": by_name(ResourceHandlingOption="EC2-VPC-InstanceStore"),
    },
    ("sts", "AssumeRole"): {
        "TransitiveTagKeys": by_name(TransitiveTagKeys=["team"]), "SourceIdentity": by_name(SourceIdentity="somebody"),
        "ProvidedContexts": by_name(ProvidedContexts=[{"ProviderArn": "arn:aws:iam::aws:contextProvider/IdentityCenter", "ContextAssertion": "said"}]),
        **DEVICES, **SESSIONS,
    },
    ("sts", "AssumeRoleWithWebIdentity"): {"ProviderId": by_name(ProviderId="www.example.com"), **SESSIONS},
    ("sts", "GetSessionToken"): {**DEVICES, **SESSIONS},
    ("logs", "CreateLogGroup"): {
        "kmsKeyId": by_name(kmsKeyId=KMS_KEY),
        "deletionProtectionEnabled: true": Refused(lambda _: {"deletionProtectionEnabled": True}, f"{OURS}: deletionProtectionEnabled true"),
        "logGroupClass: other than STANDARD": Refused(lambda _: {"logGroupClass": "DELIVERY"}, f"{OURS}: logGroupClass other than STANDARD"),
    },
    ("logs", "DescribeLogGroups"): {
        "accountIdentifiers: other accounts": Refused(lambda _: {"accountIdentifiers": [OTHER_ACCOUNT]}, f"other accounts are not available {OURS}"),
        "includeLinkedAccounts: true": Refused(lambda _: {"includeLinkedAccounts": True}, f"other accounts are not available {OURS}"),
    },
    ("logs", "FilterLogEvents"): {
        f"filterPattern: {PATTERNS_KEY}": Refused(lambda _: {"filterPattern": JSON_PATTERN}, PATTERN_WORDS),
        "startFromHead: false": Refused(lambda _: {"startFromHead": False}, f"startFromHead false is not available {OURS}"),
    },
    ("logs", "StartLiveTail"): {f"logEventFilterPattern: {PATTERNS_KEY}": Refused(lambda _: {"logEventFilterPattern": JSON_PATTERN}, PATTERN_WORDS)},
    ("logs", "StartQuery"): {
        "queryLanguage: other than CWLI": Refused(lambda _: {"queryLanguage": "SQL"}, f"SQL is not available {OURS}"),
        "queryString: commands such as pattern, diff, lookup, join": Refused(
            lambda _: {"queryString": "fields @message | pattern @message"}, f"'pattern' is not available {OURS}"),
    },
    ("secretsmanager", "CreateSecret"): {
        "KmsKeyId: other than alias/aws/secretsmanager": Refused(lambda _: {"KmsKeyId": KMS_KEY}, f"{OURS}: KmsKeyId other than alias/aws/secretsmanager"),
        "AddReplicaRegions": by_name(AddReplicaRegions=REPLICAS), "Type": by_name(Type="a-partners"),
        "CrossAccountPrimaryARN": by_name(CrossAccountPrimaryARN=f"arn:aws:secretsmanager:{REGION}:{OTHER_ACCOUNT}:secret:theirs-AbCdEf"),
    },
    ("secretsmanager", "UpdateSecret"): {
        "KmsKeyId: other than alias/aws/secretsmanager": Refused(lambda _: {"KmsKeyId": KMS_KEY}, f"{OURS}: KmsKeyId other than alias/aws/secretsmanager"),
        "Type": by_name(Type="a-partners"),
    },
    ("ssm", "PutParameter"): {
        "Policies": Refused(lambda _: {"Policies": '[{"Type":"Expiration","Version":"1.0"}]'}, f"Policies are not available {OURS}"),
        "KeyId: other than alias/aws/ssm": Refused(lambda _: {"Type": "SecureString", "KeyId": KMS_KEY}, f"only alias/aws/ssm is available {OURS}"),
        "DataType: other than text": Refused(lambda _: {"DataType": "aws:ec2:image"}, f"only text is available {OURS}"),
    },
}

# What is taken and says nothing, by the member; the reasons stand in LEFT_OUT. The text is the fault that AWS answers with as well, where it is one.
TAKEN = {
    ("iam", "CreateOpenIDConnectProvider"): {
        "ContextProvider": ({"SubjectSourceKey": "sub"}, ""), "IdentityCenterInstanceArn": ("arn:aws:sso:::instance/ssoins-0123456789abcdef", "")},
    ("iam", "CreateRole"): {"MaxSigninSessionDuration": (3600, "")},
    ("iam", "UpdateRole"): {"MaxSigninSessionDuration": (3600, ""), "ResetMaxSigninSessionDuration": (True, "")},
    ("iam", "CreateServiceLinkedRole"): {"CustomSuffix": ("mine", "InvalidInput")},
    ("secretsmanager", "DeleteResourcePolicy"): {"PolicyName": ("mine", "")},
    ("secretsmanager", "GetResourcePolicy"): {"PolicyName": ("mine", "")},
    ("secretsmanager", "PutSecretValue"): {"RotationToken": ("01234567-89ab-4def-8123-456789abcdef", "")},
}


def member_of(key):
    """The member's path that a key of PARTIAL is about, and whether all of its values are."""
    path, some, _ = key.partition(": ")
    return path, not some


def sent_alone(g, service, operation):
    """(key, what comes of it, members) for everything of an operation that is not honoured."""
    for key, sent in SENT.get((service, operation), {}).items():
        yield key, sent, {**INPUTS[service, operation][0](g), **sent.members(g)}


def taken_alone(g, service, operation):
    """(member, the fault or nothing, members) for what is taken and says nothing."""
    for name, (value, fault) in TAKEN.get((service, operation), {}).items():
        yield name, fault, {**INPUTS[service, operation][0](g), name: value}
