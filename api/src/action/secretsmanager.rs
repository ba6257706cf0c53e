//! What each operation of Secrets Manager needs, and on what.
//! Never asks for it: the operation does. Source of truth: Service Authorization Reference, "Actions, resources, and condition keys for AWS Secrets Manager".

use super::{Kind, Row};

const SECRET: Kind = Kind { name: "Secret", arn: "arn:aws:secretsmanager:${Region}:${Account}:secret:${SecretId}" };

/// By name.
pub const ROWS: &[Row] = &[
    // Each value is asked for by itself.
    Row::new("BatchGetSecretValue", &[]).with(&["secretsmanager:GetSecretValue", "secretsmanager:ListSecrets"]),
    Row::new("CancelRotateSecret", &[SECRET]),
    Row::new("CreateSecret", &[SECRET])
        .keys(&["secretsmanager:Name", "aws:RequestTag/${TagKey}", "aws:TagKeys"])
        .with(&["secretsmanager:TagResource"]),
    Row::new("DeleteResourcePolicy", &[SECRET]),
    Row::new("DeleteSecret", &[SECRET]).keys(&["secretsmanager:ForceDeleteWithoutRecovery", "secretsmanager:RecoveryWindowInDays"]),
    Row::new("DescribeSecret", &[SECRET]),
    Row::new("GetRandomPassword", &[]),
    Row::new("GetResourcePolicy", &[SECRET]),
    Row::new("GetSecretValue", &[SECRET]).keys(&["secretsmanager:VersionId", "secretsmanager:VersionStage"]),
    Row::new("ListSecretVersionIds", &[SECRET]),
    Row::new("ListSecrets", &[]),
    Row::new("PutResourcePolicy", &[SECRET]),
    Row::new("PutSecretValue", &[SECRET]),
    Row::new("RestoreSecret", &[SECRET]),
    Row::new("RotateSecret", &[SECRET]),
    Row::new("TagResource", &[SECRET]).keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"]),
    Row::new("UntagResource", &[SECRET]).keys(&["aws:TagKeys"]),
    Row::new("UpdateSecret", &[SECRET]),
    Row::new("UpdateSecretVersionStage", &[SECRET]).keys(&["secretsmanager:VersionStage"]),
    // Source: a secret is not always named; where it is, the call is about it.
    Row::new("ValidateResourcePolicy", &[SECRET]),
];
