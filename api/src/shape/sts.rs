//! STS: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/sts.json`.

use super::{Declared, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use crate::pattern::Pattern;
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};

/// An operation of STS that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StsOperation {
    /// `AssumeRole`.
    AssumeRole,
    /// `AssumeRoleWithWebIdentity`.
    AssumeRoleWithWebIdentity,
    /// `DecodeAuthorizationMessage`.
    DecodeAuthorizationMessage,
    /// `GetAccessKeyInfo`.
    GetAccessKeyInfo,
    /// `GetCallerIdentity`.
    GetCallerIdentity,
    /// `GetSessionToken`.
    GetSessionToken,
}

impl StsOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AssumeRole,
        Self::AssumeRoleWithWebIdentity,
        Self::DecodeAuthorizationMessage,
        Self::GetAccessKeyInfo,
        Self::GetCallerIdentity,
        Self::GetSessionToken,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::AssumeRole => &ASSUME_ROLE,
            Self::AssumeRoleWithWebIdentity => &ASSUME_ROLE_WITH_WEB_IDENTITY,
            Self::DecodeAuthorizationMessage => &DECODE_AUTHORIZATION_MESSAGE,
            Self::GetAccessKeyInfo => &GET_ACCESS_KEY_INFO,
            Self::GetCallerIdentity => &GET_CALLER_IDENTITY,
            Self::GetSessionToken => &GET_SESSION_TOKEN,
        }
    }
}

/// `AssumeRole` and the faults that it declares.
pub const ASSUME_ROLE: Operation = Operation {
    name: "AssumeRole",
    faults: &[
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        PACKED_POLICY_TOO_LARGE_EXCEPTION,
        REGION_DISABLED_EXCEPTION,
        EXPIRED_TOKEN_EXCEPTION,
    ],
};

/// `AssumeRoleWithWebIdentity` and the faults that it declares.
pub const ASSUME_ROLE_WITH_WEB_IDENTITY: Operation = Operation {
    name: "AssumeRoleWithWebIdentity",
    faults: &[
        MALFORMED_POLICY_DOCUMENT_EXCEPTION,
        PACKED_POLICY_TOO_LARGE_EXCEPTION,
        IDP_REJECTED_CLAIM_EXCEPTION,
        IDP_COMMUNICATION_ERROR_EXCEPTION,
        INVALID_IDENTITY_TOKEN_EXCEPTION,
        EXPIRED_TOKEN_EXCEPTION,
        REGION_DISABLED_EXCEPTION,
    ],
};

/// `DecodeAuthorizationMessage` and the faults that it declares.
pub const DECODE_AUTHORIZATION_MESSAGE: Operation =
    Operation { name: "DecodeAuthorizationMessage", faults: &[INVALID_AUTHORIZATION_MESSAGE_EXCEPTION] };

/// `GetAccessKeyInfo` and the faults that it declares.
pub const GET_ACCESS_KEY_INFO: Operation = Operation { name: "GetAccessKeyInfo", faults: &[] };

/// `GetCallerIdentity` and the faults that it declares.
pub const GET_CALLER_IDENTITY: Operation = Operation { name: "GetCallerIdentity", faults: &[] };

/// `GetSessionToken` and the faults that it declares.
pub const GET_SESSION_TOKEN: Operation = Operation { name: "GetSessionToken", faults: &[REGION_DISABLED_EXCEPTION] };

/// Fault `ExpiredTokenException`.
pub const EXPIRED_TOKEN_EXCEPTION: Declared = Declared { code: "ExpiredTokenException", status: 400 };

/// Fault `IDPCommunicationErrorException`.
pub const IDP_COMMUNICATION_ERROR_EXCEPTION: Declared = Declared { code: "IDPCommunicationError", status: 400 };

/// Fault `IDPRejectedClaimException`.
pub const IDP_REJECTED_CLAIM_EXCEPTION: Declared = Declared { code: "IDPRejectedClaim", status: 403 };

/// Fault `InvalidAuthorizationMessageException`.
pub const INVALID_AUTHORIZATION_MESSAGE_EXCEPTION: Declared =
    Declared { code: "InvalidAuthorizationMessageException", status: 400 };

/// Fault `InvalidIdentityTokenException`.
pub const INVALID_IDENTITY_TOKEN_EXCEPTION: Declared = Declared { code: "InvalidIdentityToken", status: 400 };

/// Fault `MalformedPolicyDocumentException`.
pub const MALFORMED_POLICY_DOCUMENT_EXCEPTION: Declared = Declared { code: "MalformedPolicyDocument", status: 400 };

/// Fault `PackedPolicyTooLargeException`.
pub const PACKED_POLICY_TOO_LARGE_EXCEPTION: Declared = Declared { code: "PackedPolicyTooLarge", status: 400 };

/// Fault `RegionDisabledException`.
pub const REGION_DISABLED_EXCEPTION: Declared = Declared { code: "RegionDisabledException", status: 403 };

/// Shape `AssumeRoleRequest`.
#[derive(Clone, Default, Serialize)]
pub struct AssumeRoleRequest {
    /// Member `DurationSeconds`.
    #[serde(rename = "DurationSeconds", skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<i32>,
    /// Member `ExternalId`.
    #[serde(rename = "ExternalId", skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Member `MinimumSessionTokenSize`.
    #[serde(rename = "MinimumSessionTokenSize", skip_serializing_if = "Option::is_none")]
    pub minimum_session_token_size: Option<i32>,
    /// Member `Policy`.
    #[serde(rename = "Policy", skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Member `PolicyArns`.
    #[serde(rename = "PolicyArns", skip_serializing_if = "Option::is_none")]
    pub policy_arns: Option<Vec<PolicyDescriptorType>>,
    /// Member `ProvidedContexts`.
    #[serde(rename = "ProvidedContexts", skip_serializing_if = "Option::is_none")]
    pub provided_contexts: Option<Vec<ProvidedContext>>,
    /// Member `RoleArn`.
    #[serde(rename = "RoleArn", skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// Member `RoleSessionName`.
    #[serde(rename = "RoleSessionName", skip_serializing_if = "Option::is_none")]
    pub role_session_name: Option<String>,
    /// Member `SerialNumber`.
    #[serde(rename = "SerialNumber", skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// Member `SourceIdentity`.
    #[serde(rename = "SourceIdentity", skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `TokenCode`.
    #[serde(rename = "TokenCode", skip_serializing_if = "Option::is_none")]
    pub token_code: Option<String>,
    /// Member `TransitiveTagKeys`.
    #[serde(rename = "TransitiveTagKeys", skip_serializing_if = "Option::is_none")]
    pub transitive_tag_keys: Option<Vec<String>>,
}

impl Structure for AssumeRoleRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "DurationSeconds" => self.duration_seconds = value.next_value()?,
            "ExternalId" => self.external_id = value.next_value()?,
            "MinimumSessionTokenSize" => self.minimum_session_token_size = value.next_value()?,
            "Policy" => self.policy = value.next_value()?,
            "PolicyArns" => self.policy_arns = value.next_value()?,
            "ProvidedContexts" => self.provided_contexts = value.next_value()?,
            "RoleArn" => self.role_arn = value.next_value()?,
            "RoleSessionName" => self.role_session_name = value.next_value()?,
            "SerialNumber" => self.serial_number = value.next_value()?,
            "SourceIdentity" => self.source_identity = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            "TokenCode" => self.token_code = value.next_value()?,
            "TransitiveTagKeys" => self.transitive_tag_keys = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AssumeRoleRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for AssumeRoleRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("DurationSeconds", self.duration_seconds, &ROLE_DURATION_SECONDS_TYPE);
        walk.text("ExternalId", self.external_id.as_deref(), &EXTERNAL_ID_TYPE);
        walk.number("MinimumSessionTokenSize", self.minimum_session_token_size, &MINIMUM_SESSION_TOKEN_SIZE_TYPE);
        walk.text("Policy", self.policy.as_deref(), &UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE);
        walk.structures("PolicyArns", self.policy_arns.as_deref(), None);
        walk.structures("ProvidedContexts", self.provided_contexts.as_deref(), Some(&PROVIDED_CONTEXTS_LIST_TYPE));
        walk.required("RoleArn", self.role_arn.is_some());
        walk.text("RoleArn", self.role_arn.as_deref(), &ARN_TYPE);
        walk.required("RoleSessionName", self.role_session_name.is_some());
        walk.text("RoleSessionName", self.role_session_name.as_deref(), &ROLE_SESSION_NAME_TYPE);
        walk.text("SerialNumber", self.serial_number.as_deref(), &SERIAL_NUMBER_TYPE);
        walk.text("SourceIdentity", self.source_identity.as_deref(), &SOURCE_IDENTITY_TYPE);
        walk.structures("Tags", self.tags.as_deref(), Some(&TAG_LIST_TYPE));
        walk.text("TokenCode", self.token_code.as_deref(), &TOKEN_CODE_TYPE);
        walk.texts("TransitiveTagKeys", self.transitive_tag_keys.as_deref(), Some(&TAG_KEY_LIST_TYPE), &TAG_KEY_TYPE);
    }
}

/// Shape `AssumeRoleResponse`.
#[derive(Clone, Serialize)]
pub struct AssumeRoleResponse {
    /// Member `AssumedRoleUser`.
    #[serde(rename = "AssumedRoleUser", skip_serializing_if = "Option::is_none")]
    pub assumed_role_user: Option<AssumedRoleUser>,
    /// Member `Credentials`.
    #[serde(rename = "Credentials", skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
    /// Member `PackedPolicySize`.
    #[serde(rename = "PackedPolicySize", skip_serializing_if = "Option::is_none")]
    pub packed_policy_size: Option<i32>,
    /// Member `SessionTokenSize`.
    #[serde(rename = "SessionTokenSize", skip_serializing_if = "Option::is_none")]
    pub session_token_size: Option<i32>,
    /// Member `SessionTokenUtilization`.
    #[serde(rename = "SessionTokenUtilization", skip_serializing_if = "Option::is_none")]
    pub session_token_utilization: Option<i32>,
    /// Member `SourceIdentity`.
    #[serde(rename = "SourceIdentity", skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
}

/// Shape `AssumeRoleWithWebIdentityRequest`.
#[derive(Clone, Default, Serialize)]
pub struct AssumeRoleWithWebIdentityRequest {
    /// Member `DurationSeconds`.
    #[serde(rename = "DurationSeconds", skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<i32>,
    /// Member `MinimumSessionTokenSize`.
    #[serde(rename = "MinimumSessionTokenSize", skip_serializing_if = "Option::is_none")]
    pub minimum_session_token_size: Option<i32>,
    /// Member `Policy`.
    #[serde(rename = "Policy", skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Member `PolicyArns`.
    #[serde(rename = "PolicyArns", skip_serializing_if = "Option::is_none")]
    pub policy_arns: Option<Vec<PolicyDescriptorType>>,
    /// Member `ProviderId`.
    #[serde(rename = "ProviderId", skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// Member `RoleArn`.
    #[serde(rename = "RoleArn", skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// Member `RoleSessionName`.
    #[serde(rename = "RoleSessionName", skip_serializing_if = "Option::is_none")]
    pub role_session_name: Option<String>,
    /// Member `WebIdentityToken`.
    #[serde(rename = "WebIdentityToken", skip_serializing_if = "Option::is_none")]
    pub web_identity_token: Option<String>,
}

impl Structure for AssumeRoleWithWebIdentityRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "DurationSeconds" => self.duration_seconds = value.next_value()?,
            "MinimumSessionTokenSize" => self.minimum_session_token_size = value.next_value()?,
            "Policy" => self.policy = value.next_value()?,
            "PolicyArns" => self.policy_arns = value.next_value()?,
            "ProviderId" => self.provider_id = value.next_value()?,
            "RoleArn" => self.role_arn = value.next_value()?,
            "RoleSessionName" => self.role_session_name = value.next_value()?,
            "WebIdentityToken" => self.web_identity_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AssumeRoleWithWebIdentityRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for AssumeRoleWithWebIdentityRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("DurationSeconds", self.duration_seconds, &ROLE_DURATION_SECONDS_TYPE);
        walk.number("MinimumSessionTokenSize", self.minimum_session_token_size, &MINIMUM_SESSION_TOKEN_SIZE_TYPE);
        walk.text("Policy", self.policy.as_deref(), &SESSION_POLICY_DOCUMENT_TYPE);
        walk.structures("PolicyArns", self.policy_arns.as_deref(), None);
        walk.text("ProviderId", self.provider_id.as_deref(), &URL_TYPE);
        walk.required("RoleArn", self.role_arn.is_some());
        walk.text("RoleArn", self.role_arn.as_deref(), &ARN_TYPE);
        walk.required("RoleSessionName", self.role_session_name.is_some());
        walk.text("RoleSessionName", self.role_session_name.as_deref(), &ROLE_SESSION_NAME_TYPE);
        walk.required("WebIdentityToken", self.web_identity_token.is_some());
        walk.text("WebIdentityToken", self.web_identity_token.as_deref(), &CLIENT_TOKEN_TYPE);
    }
}

/// Shape `AssumeRoleWithWebIdentityResponse`.
#[derive(Clone, Serialize)]
pub struct AssumeRoleWithWebIdentityResponse {
    /// Member `AssumedRoleUser`.
    #[serde(rename = "AssumedRoleUser", skip_serializing_if = "Option::is_none")]
    pub assumed_role_user: Option<AssumedRoleUser>,
    /// Member `Audience`.
    #[serde(rename = "Audience", skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Member `Credentials`.
    #[serde(rename = "Credentials", skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
    /// Member `PackedPolicySize`.
    #[serde(rename = "PackedPolicySize", skip_serializing_if = "Option::is_none")]
    pub packed_policy_size: Option<i32>,
    /// Member `Provider`.
    #[serde(rename = "Provider", skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Member `SessionTokenSize`.
    #[serde(rename = "SessionTokenSize", skip_serializing_if = "Option::is_none")]
    pub session_token_size: Option<i32>,
    /// Member `SessionTokenUtilization`.
    #[serde(rename = "SessionTokenUtilization", skip_serializing_if = "Option::is_none")]
    pub session_token_utilization: Option<i32>,
    /// Member `SourceIdentity`.
    #[serde(rename = "SourceIdentity", skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
    /// Member `SubjectFromWebIdentityToken`.
    #[serde(rename = "SubjectFromWebIdentityToken", skip_serializing_if = "Option::is_none")]
    pub subject_from_web_identity_token: Option<String>,
}

/// Shape `AssumedRoleUser`.
#[derive(Clone, Serialize)]
pub struct AssumedRoleUser {
    /// Member `Arn`.
    #[serde(rename = "Arn")]
    pub arn: String,
    /// Member `AssumedRoleId`.
    #[serde(rename = "AssumedRoleId")]
    pub assumed_role_id: String,
}

/// Shape `Credentials`.
#[derive(Clone, Serialize)]
pub struct Credentials {
    /// Member `AccessKeyId`.
    #[serde(rename = "AccessKeyId")]
    pub access_key_id: String,
    /// Member `Expiration`.
    #[serde(rename = "Expiration")]
    pub expiration: String,
    /// Member `SecretAccessKey`.
    #[serde(rename = "SecretAccessKey")]
    pub secret_access_key: String,
    /// Member `SessionToken`.
    #[serde(rename = "SessionToken")]
    pub session_token: String,
}

/// Shape `DecodeAuthorizationMessageRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DecodeAuthorizationMessageRequest {
    /// Member `EncodedMessage`.
    #[serde(rename = "EncodedMessage", skip_serializing_if = "Option::is_none")]
    pub encoded_message: Option<String>,
}

impl Structure for DecodeAuthorizationMessageRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "EncodedMessage" => self.encoded_message = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DecodeAuthorizationMessageRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DecodeAuthorizationMessageRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("EncodedMessage", self.encoded_message.is_some());
        walk.text("EncodedMessage", self.encoded_message.as_deref(), &ENCODED_MESSAGE_TYPE);
    }
}

/// Shape `DecodeAuthorizationMessageResponse`.
#[derive(Clone, Serialize)]
pub struct DecodeAuthorizationMessageResponse {
    /// Member `DecodedMessage`.
    #[serde(rename = "DecodedMessage", skip_serializing_if = "Option::is_none")]
    pub decoded_message: Option<String>,
}

/// Shape `GetAccessKeyInfoRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetAccessKeyInfoRequest {
    /// Member `AccessKeyId`.
    #[serde(rename = "AccessKeyId", skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
}

impl Structure for GetAccessKeyInfoRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccessKeyId" => self.access_key_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetAccessKeyInfoRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetAccessKeyInfoRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AccessKeyId", self.access_key_id.is_some());
        walk.text("AccessKeyId", self.access_key_id.as_deref(), &ACCESS_KEY_ID_TYPE);
    }
}

/// Shape `GetAccessKeyInfoResponse`.
#[derive(Clone, Serialize)]
pub struct GetAccessKeyInfoResponse {
    /// Member `Account`.
    #[serde(rename = "Account", skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// Shape `GetCallerIdentityResponse`.
#[derive(Clone, Serialize)]
pub struct GetCallerIdentityResponse {
    /// Member `Account`.
    #[serde(rename = "Account", skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Member `Arn`.
    #[serde(rename = "Arn", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Member `UserId`.
    #[serde(rename = "UserId", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

/// Shape `GetSessionTokenRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetSessionTokenRequest {
    /// Member `DurationSeconds`.
    #[serde(rename = "DurationSeconds", skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<i32>,
    /// Member `MinimumSessionTokenSize`.
    #[serde(rename = "MinimumSessionTokenSize", skip_serializing_if = "Option::is_none")]
    pub minimum_session_token_size: Option<i32>,
    /// Member `SerialNumber`.
    #[serde(rename = "SerialNumber", skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// Member `TokenCode`.
    #[serde(rename = "TokenCode", skip_serializing_if = "Option::is_none")]
    pub token_code: Option<String>,
}

impl Structure for GetSessionTokenRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "DurationSeconds" => self.duration_seconds = value.next_value()?,
            "MinimumSessionTokenSize" => self.minimum_session_token_size = value.next_value()?,
            "SerialNumber" => self.serial_number = value.next_value()?,
            "TokenCode" => self.token_code = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetSessionTokenRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetSessionTokenRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("DurationSeconds", self.duration_seconds, &DURATION_SECONDS_TYPE);
        walk.number("MinimumSessionTokenSize", self.minimum_session_token_size, &MINIMUM_SESSION_TOKEN_SIZE_TYPE);
        walk.text("SerialNumber", self.serial_number.as_deref(), &SERIAL_NUMBER_TYPE);
        walk.text("TokenCode", self.token_code.as_deref(), &TOKEN_CODE_TYPE);
    }
}

/// Shape `GetSessionTokenResponse`.
#[derive(Clone, Serialize)]
pub struct GetSessionTokenResponse {
    /// Member `Credentials`.
    #[serde(rename = "Credentials", skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Credentials>,
    /// Member `SessionTokenSize`.
    #[serde(rename = "SessionTokenSize", skip_serializing_if = "Option::is_none")]
    pub session_token_size: Option<i32>,
    /// Member `SessionTokenUtilization`.
    #[serde(rename = "SessionTokenUtilization", skip_serializing_if = "Option::is_none")]
    pub session_token_utilization: Option<i32>,
}

/// Shape `PolicyDescriptorType`.
#[derive(Clone, Default, Serialize)]
pub struct PolicyDescriptorType {
    /// Member `arn`.
    #[serde(rename = "arn", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
}

impl Structure for PolicyDescriptorType {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "arn" => self.arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PolicyDescriptorType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PolicyDescriptorType {
    fn check(&self, walk: &mut Walk) {
        walk.text("arn", self.arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `ProvidedContext`.
#[derive(Clone, Default, Serialize)]
pub struct ProvidedContext {
    /// Member `ContextAssertion`.
    #[serde(rename = "ContextAssertion", skip_serializing_if = "Option::is_none")]
    pub context_assertion: Option<String>,
    /// Member `ProviderArn`.
    #[serde(rename = "ProviderArn", skip_serializing_if = "Option::is_none")]
    pub provider_arn: Option<String>,
}

impl Structure for ProvidedContext {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ContextAssertion" => self.context_assertion = value.next_value()?,
            "ProviderArn" => self.provider_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ProvidedContext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ProvidedContext {
    fn check(&self, walk: &mut Walk) {
        walk.text("ContextAssertion", self.context_assertion.as_deref(), &CONTEXT_ASSERTION_TYPE);
        walk.text("ProviderArn", self.provider_arn.as_deref(), &ARN_TYPE);
    }
}

/// Shape `Tag`.
#[derive(Clone, Default, Serialize)]
pub struct Tag {
    /// Member `Key`.
    #[serde(rename = "Key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Structure for Tag {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Key" => self.key = value.next_value()?,
            "Value" => self.value = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for Tag {
    fn check(&self, walk: &mut Walk) {
        walk.required("Key", self.key.is_some());
        walk.text("Key", self.key.as_deref(), &TAG_KEY_TYPE);
        walk.required("Value", self.value.is_some());
        walk.text("Value", self.value.as_deref(), &TAG_VALUE_TYPE);
    }
}

/// Constraints of `ProvidedContextsListType`.
pub static PROVIDED_CONTEXTS_LIST_TYPE: Rule = Rule { min: Some(1), max: Some(5), pattern: None, values: &[], sensitive: false };

/// Constraints of `accessKeyIdType`.
pub static ACCESS_KEY_ID_TYPE: Rule =
    Rule { min: Some(16), max: Some(128), pattern: Some(Pattern::new("[\\w]*")), values: &[], sensitive: false };

/// Constraints of `arnType`.
pub static ARN_TYPE: Rule = Rule {
    min: Some(20),
    max: Some(2048),
    pattern: Some(Pattern::new("[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+")),
    values: &[],
    sensitive: false,
};

/// Constraints of `clientTokenType`.
pub static CLIENT_TOKEN_TYPE: Rule = Rule { min: Some(4), max: Some(20000), pattern: None, values: &[], sensitive: true };

/// Constraints of `contextAssertionType`.
pub static CONTEXT_ASSERTION_TYPE: Rule = Rule { min: Some(4), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `durationSecondsType`.
pub static DURATION_SECONDS_TYPE: Rule = Rule { min: Some(900), max: Some(129600), pattern: None, values: &[], sensitive: false };

/// Constraints of `encodedMessageType`.
pub static ENCODED_MESSAGE_TYPE: Rule = Rule { min: Some(1), max: Some(10240), pattern: None, values: &[], sensitive: false };

/// Constraints of `externalIdType`.
pub static EXTERNAL_ID_TYPE: Rule =
    Rule { min: Some(2), max: Some(1224), pattern: Some(Pattern::new("[\\w+=,.@:\\/-]*")), values: &[], sensitive: false };

/// Constraints of `minimumSessionTokenSizeType`.
pub static MINIMUM_SESSION_TOKEN_SIZE_TYPE: Rule =
    Rule { min: Some(0), max: Some(4096), pattern: None, values: &[], sensitive: false };

/// Constraints of `roleDurationSecondsType`.
pub static ROLE_DURATION_SECONDS_TYPE: Rule =
    Rule { min: Some(900), max: Some(43200), pattern: None, values: &[], sensitive: false };

/// Constraints of `roleSessionNameType`.
pub static ROLE_SESSION_NAME_TYPE: Rule =
    Rule { min: Some(2), max: Some(64), pattern: Some(Pattern::new("[\\w+=,.@-]*")), values: &[], sensitive: false };

/// Constraints of `serialNumberType`.
pub static SERIAL_NUMBER_TYPE: Rule =
    Rule { min: Some(9), max: Some(256), pattern: Some(Pattern::new("[\\w+=/:,.@-]*")), values: &[], sensitive: false };

/// Constraints of `sessionPolicyDocumentType`.
pub static SESSION_POLICY_DOCUMENT_TYPE: Rule = Rule {
    min: Some(1),
    max: Some(2048),
    pattern: Some(Pattern::new("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+")),
    values: &[],
    sensitive: false,
};

/// Constraints of `sourceIdentityType`.
pub static SOURCE_IDENTITY_TYPE: Rule =
    Rule { min: Some(2), max: Some(64), pattern: Some(Pattern::new("[\\w+=,.@-]*")), values: &[], sensitive: false };

/// Constraints of `tagKeyListType`.
pub static TAG_KEY_LIST_TYPE: Rule = Rule { min: None, max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `tagKeyType`.
pub static TAG_KEY_TYPE: Rule = Rule {
    min: Some(1),
    max: Some(128),
    pattern: Some(Pattern::new("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+")),
    values: &[],
    sensitive: false,
};

/// Constraints of `tagListType`.
pub static TAG_LIST_TYPE: Rule = Rule { min: None, max: Some(50), pattern: None, values: &[], sensitive: false };

/// Constraints of `tagValueType`.
pub static TAG_VALUE_TYPE: Rule = Rule {
    min: Some(0),
    max: Some(256),
    pattern: Some(Pattern::new("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*")),
    values: &[],
    sensitive: false,
};

/// Constraints of `tokenCodeType`.
pub static TOKEN_CODE_TYPE: Rule =
    Rule { min: Some(6), max: Some(6), pattern: Some(Pattern::new("[\\d]*")), values: &[], sensitive: false };

/// Constraints of `unrestrictedSessionPolicyDocumentType`.
pub static UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE: Rule = Rule {
    min: Some(1),
    max: None,
    pattern: Some(Pattern::new("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+")),
    values: &[],
    sensitive: false,
};

/// Constraints of `urlType`.
pub static URL_TYPE: Rule = Rule { min: Some(4), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[
    &PROVIDED_CONTEXTS_LIST_TYPE,
    &ACCESS_KEY_ID_TYPE,
    &ARN_TYPE,
    &CLIENT_TOKEN_TYPE,
    &CONTEXT_ASSERTION_TYPE,
    &DURATION_SECONDS_TYPE,
    &ENCODED_MESSAGE_TYPE,
    &EXTERNAL_ID_TYPE,
    &MINIMUM_SESSION_TOKEN_SIZE_TYPE,
    &ROLE_DURATION_SECONDS_TYPE,
    &ROLE_SESSION_NAME_TYPE,
    &SERIAL_NUMBER_TYPE,
    &SESSION_POLICY_DOCUMENT_TYPE,
    &SOURCE_IDENTITY_TYPE,
    &TAG_KEY_LIST_TYPE,
    &TAG_KEY_TYPE,
    &TAG_LIST_TYPE,
    &TAG_VALUE_TYPE,
    &TOKEN_CODE_TYPE,
    &UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE,
    &URL_TYPE,
];
