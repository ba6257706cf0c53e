//! What each operation of STS needs, and on what.
//! Never asks for it: the operation does. Source of truth: Service Authorization Reference, "Actions, resources, and condition keys for AWS Security Token Service"; STS API Reference, GetCallerIdentity and GetSessionToken ("No permissions are required").

use super::{Kind, Row};

const ROLE: Kind = Kind { name: "role", arn: "arn:aws:iam::${Account}:role/${RoleNameWithPath}" };

/// By name.
pub const ROWS: &[Row] = &[
    Row::new("AssumeRole", &[ROLE])
        .keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys", "sts:ExternalId", "sts:RoleSessionName"])
        .with(&["sts:TagSession"]),
    Row::new("AssumeRoleWithWebIdentity", &[ROLE]).keys(&["sts:RoleSessionName"]).free(),
    Row::new("DecodeAuthorizationMessage", &[]),
    Row::new("GetAccessKeyInfo", &[]),
    Row::new("GetCallerIdentity", &[]).free(),
    Row::new("GetSessionToken", &[]).free(),
];
