//! Session credentials: a token that carries everything that is known of its session, sealed.
//! Nothing is kept of a session, so none is lost by a restart and there is nothing to sweep; its role is looked up at every call.
//! Never prints a secret. Source of truth: the STS API reference, AssumeRole; the sealing is AES-256-GCM with a nonce drawn for each token.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    account::AccountId,
    caller::{AccessKey, Principal, RoleSession},
    port::{Dice, draw},
    role::RoleArn,
    secret::Secret,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 12;
/// What the seal is bound to: another use of the key would say something else.
const PURPOSE: &[u8] = b"outrunner session token";
const ID_LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Base64 gives 40 characters of them, which is what AWS secret keys have.
const SECRET_BYTES: usize = 30;

/// Seals and opens session tokens.
pub struct SessionSeal(RandomizedNonceKey);

/// What a token says inside.
#[derive(Serialize, Deserialize)]
struct Statement {
    key_id: String,
    secret: String,
    role: String,
    role_id: String,
    name: String,
    expires_ms: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<String>,
}

/// Credentials of a new session.
pub struct Credentials {
    pub key_id: String,
    pub secret: Secret,
    pub token: String,
}

impl SessionSeal {
    /// `key` has 32 bytes that nobody can guess, and the same after a restart.
    pub fn new(key: &Secret) -> Self {
        Self(RandomizedNonceKey::new(&AES_256_GCM, key.expose()).expect("the session key is derived, and has 32 bytes"))
    }

    /// New credentials for `session`.
    pub fn issue(&self, session: &RoleSession, dice: &dyn Dice) -> Credentials {
        let key_id = format!("ASIA{}", letters(&draw::<16>(dice)));
        let secret = BASE64_STANDARD.encode(draw::<SECRET_BYTES>(dice));
        let RoleSession { role, role_id, name, expires_at, policies } = session.clone();
        let role = role.to_string();
        let statement = Statement {
            key_id: key_id.clone(),
            secret: secret.clone(),
            role,
            role_id,
            name,
            expires_ms: expires_at.millis(),
            policies,
        };
        let mut text = serde_json::to_vec(&statement).expect("texts and a number are JSON");
        let nonce = self.0.seal_in_place_append_tag(Aad::from(PURPOSE), &mut text).expect("a token is far shorter than 64 GiB");
        let token = BASE64_STANDARD.encode([&[FORMAT], &nonce.as_ref()[..], &text].concat());
        Credentials { key_id, secret: Secret::new(secret), token }
    }

    /// The key of the session that a token was made for, expired or not; `None` where we never made it.
    pub fn open(&self, token: &Secret) -> Option<AccessKey> {
        let bytes = BASE64_STANDARD.decode(token.expose()).ok()?;
        let (&format, rest) = bytes.split_first()?;
        let (nonce, text) = rest.split_at_checked(NONCE_BYTES)?;
        if format != FORMAT {
            return None;
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let text = self.0.open_in_place(nonce, Aad::from(PURPOSE), &mut text).ok()?;
        let Statement { key_id, secret, role, role_id, name, expires_ms, policies } = serde_json::from_slice(text).ok()?;
        let role = RoleArn::parse(&role).ok()?;
        let account: AccountId = role.account();
        let session = RoleSession { role, role_id, name, expires_at: Timestamp::from_millis(expires_ms), policies };
        Some(AccessKey::new(key_id, Secret::new(secret), account, Principal::AssumedRole(session)))
    }
}

/// Letters and digits for an id, from as many random bytes.
pub fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(ID_LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::testbed::{SeededDice, role};

    fn session() -> RoleSession {
        let role = role("Deployer");
        let policies = vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()];
        RoleSession {
            role: role.arn(),
            role_id: role.id,
            name: "build@ci".to_owned(),
            expires_at: Timestamp::from_millis(9),
            policies,
        }
    }

    #[test]
    fn a_token_opens_to_its_session_and_only_with_its_key() {
        let (seal, other) = (SessionSeal::new(&Secret::new([1; 32])), SessionSeal::new(&Secret::new([2; 32])));
        let Credentials { key_id, secret, token } = seal.issue(&session(), &SeededDice::new(7));
        assert!(key_id.starts_with("ASIA") && key_id.len() == 20, "{key_id}");
        assert_eq!(secret.expose().len(), 40);
        let key = seal.open(&Secret::new(token.clone())).expect("it is ours");
        assert_eq!((key.id, key.secret, key.principal), (key_id, secret, Principal::AssumedRole(session())));
        assert_eq!(other.open(&Secret::new(token)), None);
    }

    #[test]
    fn a_token_that_was_changed_anywhere_is_none() {
        let seal = SessionSeal::new(&Secret::new([1; 32]));
        let token = seal.issue(&session(), &SeededDice::new(7)).token;
        let good = BASE64_STANDARD.decode(&token).expect("base64");
        for at in 0..good.len() {
            let mut changed = good.clone();
            changed[at] ^= 1;
            assert_eq!(seal.open(&Secret::new(BASE64_STANDARD.encode(changed))), None, "byte {at}");
        }
        for none in ["", "AAAA", "not a token", &token[..40]] {
            assert_eq!(seal.open(&Secret::new(none)), None, "{none}");
        }
    }
}
