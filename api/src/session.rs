//! Session credentials: a token that carries everything that is known of its session, sealed.
//! Nothing is kept of a session, so none is lost by a restart and there is nothing to sweep; its role is looked up at every call.
//! Never prints a secret. Source of truth: the STS API reference, AssumeRole; the sealing is AES-256-GCM with a nonce drawn for each token.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    account::AccountId,
    caller::{AccessKey, OwnSession, Principal, RoleSession, UserIdentity},
    port::{Dice, draw},
    role::RoleArn,
    secret::Secret,
    tag::Tags,
    time::Timestamp,
    web_identity::WebIdentity,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of a role's session.
const FORMAT: u8 = 2;
/// Of the root's or a user's own.
const OWN_FORMAT: u8 = 3;
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    federated: Option<WebIdentity>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
    /// Nothing in tokens of before this was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issued_ms: Option<i64>,
}

/// What a token of the root's or a user's own session says inside. Such a session may do what its owner may, for a while.
#[derive(Serialize, Deserialize)]
struct OwnStatement {
    key_id: String,
    secret: String,
    account: String,
    /// Nothing of the root.
    user: Option<UserIdentity>,
    expires_ms: i64,
    /// Nothing in tokens of before this was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issued_ms: Option<i64>,
}

/// A token that was opened.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// What signs the session's calls.
    pub key: AccessKey,
    /// When it ends, or ended.
    pub expires_at: Timestamp,
    /// The session, if it is the root's or a user's own.
    pub own: Option<OwnSession>,
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
        let (key_id, secret) = key_pair("ASIA", dice);
        let secret = secret.expose_text().expect("it is base64").to_owned();
        let RoleSession { role, role_id, name, expires_at, policies, federated, tags: Tags(tags), issued_at } = session.clone();
        let role = role.to_string();
        let statement = Statement {
            key_id: key_id.clone(),
            secret: secret.clone(),
            role,
            role_id,
            name,
            expires_ms: expires_at.millis(),
            policies,
            federated,
            tags,
            issued_ms: issued_at.map(Timestamp::millis),
        };
        let token = self.token(FORMAT, &statement);
        Credentials { key_id, secret: Secret::new(secret), token }
    }

    /// New credentials of the root or of a user, who stays who it is. Source: STS API reference, GetSessionToken.
    pub fn issue_own(
        &self,
        account: &AccountId,
        user: Option<&UserIdentity>,
        OwnSession { issued_at, expires_at }: OwnSession,
        dice: &dyn Dice,
    ) -> Credentials {
        let (key_id, secret) = key_pair("ASIA", dice);
        let text = secret.expose_text().expect("it is base64").to_owned();
        let (account, user) = (account.to_string(), user.cloned());
        let (expires_ms, issued_ms) = (expires_at.millis(), Some(issued_at.millis()));
        let statement = OwnStatement { key_id: key_id.clone(), secret: text, account, user, expires_ms, issued_ms };
        let token = self.token(OWN_FORMAT, &statement);
        Credentials { key_id, secret, token }
    }

    fn token(&self, format: u8, statement: &impl Serialize) -> String {
        let mut text = serde_json::to_vec(statement).expect("texts and numbers are JSON");
        let nonce = self.0.seal_in_place_append_tag(Aad::from([PURPOSE, &[format]].concat()), &mut text);
        let nonce = nonce.expect("a token is far shorter than 64 GiB");
        BASE64_STANDARD.encode([&[format], &nonce.as_ref()[..], &text].concat())
    }

    /// The key of the session that a token was made for, expired or not; `None` where we never made it.
    pub fn open(&self, token: &Secret) -> Option<Opened> {
        let bytes = BASE64_STANDARD.decode(token.expose()).ok()?;
        let (&format, rest) = bytes.split_first()?;
        let (nonce, text) = rest.split_at_checked(NONCE_BYTES)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let text = self.0.open_in_place(nonce, Aad::from([PURPOSE, &[format]].concat()), &mut text).ok()?;
        match format {
            FORMAT => of_role(text),
            OWN_FORMAT => of_owner(text),
            _ => None,
        }
    }
}

fn of_role(text: &[u8]) -> Option<Opened> {
    let Statement { key_id, secret, role, role_id, name, expires_ms, policies, federated, tags, issued_ms } =
        serde_json::from_slice(text).ok()?;
    let role = RoleArn::parse(&role).ok()?;
    let (account, expires_at) = (role.account(), Timestamp::from_millis(expires_ms));
    let issued_at = Some(issued_ms.map_or_else(|| RoleSession::began_at_the_earliest(expires_at), Timestamp::from_millis));
    let tags = Tags(tags);
    let session = RoleSession { role, role_id, name, expires_at, policies, federated, tags, issued_at };
    let key = AccessKey::new(key_id, Secret::new(secret), account, Principal::AssumedRole(session));
    Some(Opened { key, expires_at, own: None })
}

fn of_owner(text: &[u8]) -> Option<Opened> {
    let OwnStatement { key_id, secret, account, user, expires_ms, issued_ms } = serde_json::from_slice(text).ok()?;
    let (account, principal) = (AccountId::parse(&account).ok()?, user.map_or(Principal::Root, Principal::User));
    let key = AccessKey::new(key_id, Secret::new(secret), account, principal);
    let expires_at = Timestamp::from_millis(expires_ms);
    let own = issued_ms.map_or_else(
        || OwnSession::until(expires_at),
        |issued_ms| OwnSession { issued_at: Timestamp::from_millis(issued_ms), expires_at },
    );
    Some(Opened { key, expires_at, own: Some(own) })
}

/// A new key: an id that begins with `prefix`, `AKIA` or `ASIA`, and its secret.
pub fn key_pair(prefix: &str, dice: &dyn Dice) -> (String, Secret) {
    let id = format!("{prefix}{}", letters(&draw::<16>(dice)));
    (id, Secret::new(BASE64_STANDARD.encode(draw::<SECRET_BYTES>(dice))))
}

/// Bytes as small hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Letters and digits for an id, from as many random bytes.
pub fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(ID_LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::testbed::{SeededDice, role, user};

    fn session() -> RoleSession {
        let role = role("Deployer");
        let policies = vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()];
        RoleSession {
            role: role.arn(),
            role_id: role.id,
            name: "build@ci".to_owned(),
            expires_at: Timestamp::from_millis(9),
            policies,
            federated: Some(WebIdentity {
                provider: "arn:aws:iam::000000000000:oidc-provider/issuer.example".to_owned(),
                subject: "repo:octo/web".to_owned(),
                audience: "sts.amazonaws.com".to_owned(),
            }),
            tags: Tags([("team".to_owned(), "web".to_owned()), ("empty".to_owned(), String::new())].into()),
            issued_at: Some(Timestamp::from_millis(5)),
        }
    }

    #[test]
    fn a_token_opens_to_its_session_and_only_with_its_key() {
        let (seal, other) = (SessionSeal::new(&Secret::new([1; 32])), SessionSeal::new(&Secret::new([2; 32])));
        let Credentials { key_id, secret, token } = seal.issue(&session(), &SeededDice::new(7));
        assert!(key_id.starts_with("ASIA") && key_id.len() == 20, "{key_id}");
        assert_eq!(secret.expose().len(), 40);
        let Opened { key, expires_at, own } = seal.open(&Secret::new(token.clone())).expect("it is ours");
        assert_eq!((key.id, key.secret, key.principal), (key_id, secret, Principal::AssumedRole(session())));
        assert_eq!((expires_at, own), (session().expires_at, None));
        assert_eq!(other.open(&Secret::new(token)), None);
    }

    /// Whoever has a session while a platform gets a newer version keeps it.
    #[test]
    fn a_token_of_before_sessions_had_tags_opens() {
        let seal = SessionSeal::new(&Secret::new([1; 32]));
        // Not written down: then as early as it can be, so that a denial of sessions from before a moment binds it.
        let issued_at = Some(Timestamp::from_millis(9 - 12 * 3_600_000));
        let plain = RoleSession { policies: Vec::new(), federated: None, tags: Tags::default(), issued_at, ..session() };
        let old = serde_json::json!({
            "key_id": "ASIAOLD", "secret": "s", "role": plain.role.to_string(), "role_id": plain.role_id, "name": plain.name, "expires_ms": 9,
        });
        let Opened { key, .. } = seal.open(&Secret::new(seal.token(FORMAT, &old))).expect("it is ours");
        assert_eq!(key.principal, Principal::AssumedRole(plain));
    }

    #[test]
    fn a_token_of_a_user_or_the_root_opens_to_them() {
        let seal = SessionSeal::new(&Secret::new([1; 32]));
        let identity = UserIdentity { arn: user("ann").arn(), id: user("ann").id };
        for (of, principal) in [(None, Principal::Root), (Some(&identity), Principal::User(identity.clone()))] {
            let session = OwnSession { issued_at: Timestamp::from_millis(5), expires_at: Timestamp::from_millis(9) };
            let Credentials { key_id, secret, token } = seal.issue_own(&user("ann").account, of, session, &SeededDice::new(7));
            let Opened { key, expires_at, own } = seal.open(&Secret::new(token)).expect("it is ours");
            assert_eq!((key.id, key.secret, key.principal), (key_id, secret, principal));
            assert_eq!((key.account, expires_at, own), (user("ann").account, session.expires_at, Some(session)));
        }
    }

    #[test]
    fn a_token_of_a_user_of_before_it_said_when_it_was_made_opens_as_of_the_earliest() {
        let seal = SessionSeal::new(&Secret::new([1; 32]));
        let old =
            serde_json::json!({ "key_id": "ASIAOLD", "secret": "s", "account": "000000000000", "user": null, "expires_ms": 9 });
        let Opened { own, .. } = seal.open(&Secret::new(seal.token(OWN_FORMAT, &old))).expect("it is ours");
        let issued_at = Timestamp::from_millis(9 - 36 * 3_600_000);
        assert_eq!(own, Some(OwnSession { issued_at, expires_at: Timestamp::from_millis(9) }));
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
