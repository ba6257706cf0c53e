//! The shapes of our extension's operations about accounts, by hand: there is no model of them but this file.
//! JSON 1.0. Times are seconds since the epoch. Never prints a secret key.

use super::shape::FAULTS;
use crate::constraint::{Checked, Rule, Walk};
use crate::shape::{Operation, Structure, structure};
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};

/// `CreateAccount`: another account on this platform.
pub const CREATE_ACCOUNT: Operation = Operation { name: "CreateAccount", faults: FAULTS };
/// `ListAccounts`: the accounts of this platform.
pub const LIST_ACCOUNTS: Operation = Operation { name: "ListAccounts", faults: FAULTS };
/// `ImportAccessKey`: a key that somebody has already.
pub const IMPORT_ACCESS_KEY: Operation = Operation { name: "ImportAccessKey", faults: FAULTS };

/// Input of `CreateAccount`.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccountRequest {
    /// Twelve digits; drawn if absent.
    pub account_id: Option<String>,
}

/// Output of `CreateAccount`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccountResponse {
    /// Twelve digits.
    pub account_id: String,
    /// The key of its root…
    pub access_key_id: String,
    /// …and its secret.
    pub secret_access_key: String,
}

/// Input of `ListAccounts`.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAccountsRequest {}

/// Output of `ListAccounts`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAccountsResponse {
    /// The platform's own first, the others by number.
    pub accounts: Vec<Account>,
}

/// One account.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Account {
    /// Twelve digits.
    pub account_id: String,
    /// When it was made; absent of the platform's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
}

/// Input of `ImportAccessKey`.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImportAccessKeyRequest {
    /// As AWS made it.
    pub access_key_id: Option<String>,
    /// As AWS made it.
    pub secret_access_key: Option<String>,
    /// Whose it is to be; absent for the root.
    pub user_name: Option<String>,
}

/// Output of `ImportAccessKey`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImportAccessKeyResponse {
    /// The key.
    pub access_key_id: String,
    /// ARN of whose it is.
    pub owner: String,
}

/// Source: IAM service model, `accessKeyIdType`.
static KEY_ID: Rule =
    Rule { min: Some(16), max: Some(128), pattern: Some(crate::pattern::Pattern::new(r"[\w]+")), values: &[], sensitive: false };
/// What signature version 4 takes of it here.
static SECRET_KEY: Rule = Rule { min: Some(1), max: Some(40), pattern: None, values: &[], sensitive: true };
/// Twelve digits: whether they are is for the noun to say.
static ACCOUNT: Rule = Rule { min: Some(12), max: Some(12), pattern: None, values: &[], sensitive: false };
/// Source: IAM service model, `userNameType`.
static USER: Rule = Rule { min: Some(1), max: Some(64), pattern: None, values: &[], sensitive: false };

impl Structure for CreateAccountRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccountId" => self.account_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateAccountRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateAccountRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("AccountId", self.account_id.as_deref(), &ACCOUNT);
    }
}

impl Structure for ListAccountsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, _: &str, _: &mut A) -> Result<bool, A::Error> {
        Ok(false)
    }
}

impl<'de> Deserialize<'de> for ListAccountsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListAccountsRequest {
    fn check(&self, _: &mut Walk) {}
}

impl Structure for ImportAccessKeyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccessKeyId" => self.access_key_id = value.next_value()?,
            "SecretAccessKey" => self.secret_access_key = value.next_value()?,
            "UserName" => self.user_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ImportAccessKeyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ImportAccessKeyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AccessKeyId", self.access_key_id.is_some());
        walk.required("SecretAccessKey", self.secret_access_key.is_some());
        walk.text("AccessKeyId", self.access_key_id.as_deref(), &KEY_ID);
        walk.text("SecretAccessKey", self.secret_access_key.as_deref(), &SECRET_KEY);
        walk.text("UserName", self.user_name.as_deref(), &USER);
    }
}
