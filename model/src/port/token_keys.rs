//! The keys of our own identity tokens, and the tokens.

use crate::arn::ServiceArn;
use crate::port::Answer;
use crate::token_key::{IdentityToken, TokenKey};

/// Keys that sign identity tokens. Kept by `store`, sealed.
pub trait TokenKeys: Send + Sync {
    /// All of them, in the order in which they begin to sign.
    fn list(&self) -> Answer<'_, Vec<TokenKey>>;

    /// Keeps a key; the first of an id stays as it is.
    fn keep<'a>(&'a self, key: &'a TokenKey) -> Answer<'a, ()>;

    /// Absence is success.
    fn remove<'a>(&'a self, id: &'a str) -> Answer<'a, ()>;
}

/// Makes identity tokens for instances. Kept by `api`.
pub trait IdentityTokens: Send + Sync {
    /// A fresh token that speaks for a service.
    fn issue<'a>(&'a self, service: &'a ServiceArn) -> Answer<'a, IdentityToken>;
}
