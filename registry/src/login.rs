//! Logging in: the password that ECR gives out, and the `Authorization` header that brings it back.
//!
//! A password is a signed statement (who, for which account and region, until when), so nothing is stored and a restart logs
//! nobody out. Never prints a password or its key. Source of truth: the ECR API reference, GetAuthorizationToken.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderMap, header};
use model::account::{AccountId, Region, Scope};
use model::caller::{Caller, OwnSession, Principal, RoleSession, UserIdentity};
use model::port::{Answer, Clock, Dice, LoginToken, Logins, Users, draw};
use model::role::RoleArn;
use model::secret::Secret;
use model::tag::Tags;
use model::time::Timestamp;
use model::user::UserArn;
use model::web_identity::WebIdentity;

use crate::limit;

/// Bytes of the signature in front of a password's statement.
const SIGNATURE_BYTES: usize = 32;
/// First field of every statement: another form of it would be another version.
const VERSION: &str = "2";

/// Registry passwords as signed statements.
pub struct SignedLogins {
    key: hmac::Key,
    clock: Arc<dyn Clock>,
    dice: Arc<dyn Dice>,
    users: Arc<dyn Users>,
}

impl SignedLogins {
    /// `key`: at least 32 bytes that nobody can guess, and that stay the same over restarts. `dice` draws request ids, and `users` knows what
    /// users are called by now.
    pub fn new(key: &Secret, clock: Arc<dyn Clock>, dice: Arc<dyn Dice>, users: Arc<dyn Users>) -> Self {
        assert!(key.expose().len() >= 32, "a signing key has at least 32 bytes");
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key.expose()), clock, dice, users }
    }

    /// The signature goes first and the whole is base64url without padding: no colon, at which the CLI would split it.
    fn password(&self, caller: &Caller, expires_at: Timestamp) -> Secret {
        let Scope { account, region } = &caller.scope;
        let expires_ms = expires_at.millis();
        let principal = match &caller.principal {
            Principal::Root => "root".to_owned(),
            // The platform needs no login, nor does somebody who has not taken a role yet: nobody could use this one.
            Principal::Service(_) | Principal::WebIdentity(_) => "service".to_owned(),
            Principal::User(UserIdentity { arn, id }) => format!("user\n{arn}\n{id}"),
            Principal::AssumedRole(RoleSession { role, role_id, name, expires_at, policies, federated, tags, issued_at }) => {
                // None of them can contain a line break, policies and what a token said apart: each is a field of its own, encoded.
                let policies: String = policies.iter().map(|policy| format!("\n{}", URL_SAFE_NO_PAD.encode(policy))).collect();
                let (kind, identity) = match federated {
                    None => ("role", String::new()),
                    Some(WebIdentity { provider, subject, audience }) => {
                        ("federated", [provider, subject, audience].map(|text| URL_SAFE_NO_PAD.encode(text) + "\n").concat())
                    }
                };
                let issued_ms = issued_at.map_or_else(String::new, |at| at.millis().to_string());
                let tags =
                    tags.0.iter().map(|(key, value)| format!("{}.{}", URL_SAFE_NO_PAD.encode(key), URL_SAFE_NO_PAD.encode(value)));
                let tags: Vec<String> = tags.collect();
                format!(
                    "session\n{issued_ms}\n{}\n{kind}\n{identity}{role}\n{role_id}\n{name}\n{}{policies}",
                    tags.join(","),
                    expires_at.millis()
                )
            }
        };
        let own = caller.own_session.map_or_else(String::new, |OwnSession { issued_at, expires_at }| {
            format!("own\n{}\n{}\n", issued_at.millis(), expires_at.millis())
        });
        let statement = format!("{VERSION}\n{account}\n{region}\n{}\n{expires_ms}\n{own}{principal}", caller.access_key_id);
        let mut signed = hmac::sign(&self.key, statement.as_bytes()).as_ref().to_vec();
        signed.extend_from_slice(statement.as_bytes());
        Secret::new(URL_SAFE_NO_PAD.encode(signed))
    }

    fn caller(&self, password: &Secret) -> Option<Caller> {
        let signed = URL_SAFE_NO_PAD.decode(password.expose()).ok()?;
        let (signature, statement) = signed.split_at_checked(SIGNATURE_BYTES)?;
        // `verify` takes the same time wherever the first difference is.
        hmac::verify(&self.key, statement, signature).ok()?;
        let mut fields = std::str::from_utf8(statement).ok()?.split('\n');
        let mut field = || fields.next();
        let (VERSION, account, region) = (field()?, AccountId::parse(field()?).ok()?, Region::parse(field()?).ok()?) else {
            return None;
        };
        let (access_key_id, expires_ms) = (field()?.to_owned(), field()?.parse().ok()?);
        let mut kind = field()?;
        let mut own_session = None;
        if kind == "own" {
            let mut at = || field()?.parse().ok().map(Timestamp::from_millis);
            own_session = Some(OwnSession { issued_at: at()?, expires_at: at()? });
            kind = field()?;
        }
        if own_session.is_none() && access_key_id.starts_with("ASIA") && matches!(kind, "root" | "user") {
            own_session = Some(own_session_of_before(Timestamp::from_millis(expires_ms)));
        }
        let (mut issued_at, mut tags) = (None, Tags::default());
        // Passwords of before sessions had them begin with what stands behind.
        if kind == "session" {
            let issued_ms = field()?;
            issued_at = if issued_ms.is_empty() { None } else { Some(Timestamp::from_millis(issued_ms.parse().ok()?)) };
            tags = session_tags(field()?)?;
            kind = field()?;
        }
        let principal = match kind {
            "root" => Principal::Root,
            kind @ ("role" | "federated") => {
                let federated = match kind {
                    "federated" => {
                        let mut text = || String::from_utf8(URL_SAFE_NO_PAD.decode(field()?).ok()?).ok();
                        Some(WebIdentity { provider: text()?, subject: text()?, audience: text()? })
                    }
                    _ => None,
                };
                let (role, role_id, name) = (RoleArn::parse(field()?).ok()?, field()?.to_owned(), field()?.to_owned());
                let expires_at = Timestamp::from_millis(field()?.parse().ok()?);
                Principal::AssumedRole(RoleSession {
                    role,
                    role_id,
                    name,
                    expires_at,
                    // Whatever is left: a policy that cannot be read makes the whole password none.
                    policies: fields
                        .map(|field| String::from_utf8(URL_SAFE_NO_PAD.decode(field).ok()?).ok())
                        .collect::<Option<_>>()?,
                    federated,
                    tags,
                    issued_at: Some(issued_at.unwrap_or_else(|| RoleSession::began_at_the_earliest(expires_at))),
                })
            }
            "user" => Principal::User(UserIdentity { arn: UserArn::parse(field()?).ok()?, id: field()?.to_owned() }),
            _ => return None,
        };
        if self.clock.now() >= Timestamp::from_millis(expires_ms) {
            return None;
        }
        Some(Caller {
            scope: Scope { account, region },
            principal,
            access_key_id,
            request_id: request_id(&*self.dice),
            own_session,
            origin: None,
        })
    }
}

/// The session of a password that was made before they said it: begun as early as it can have, and as long as the password.
fn own_session_of_before(expires_at: Timestamp) -> OwnSession {
    let made_at = expires_at.millis().saturating_sub(i64::try_from(limit::LOGIN.as_millis()).expect("hours"));
    OwnSession { expires_at, ..OwnSession::until(Timestamp::from_millis(made_at)) }
}

/// The tags of a session, as a password has them; nothing where they cannot be read.
fn session_tags(text: &str) -> Option<Tags> {
    let decoded = |part: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let pairs = text.split(',').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('.').and_then(|(key, value)| Some((decoded(key)?, decoded(value)?))));
    pairs.collect::<Option<_>>().map(Tags)
}

impl Logins for SignedLogins {
    fn issue<'a>(&'a self, caller: &'a Caller) -> Answer<'a, LoginToken> {
        Box::pin(async move {
            let longest = self.clock.now().plus(limit::LOGIN);
            // A session lends what it has: its login ends with it.
            let ends_at = match &caller.principal {
                Principal::AssumedRole(session) => Some(session.expires_at),
                Principal::Root | Principal::User(_) | Principal::Service(_) | Principal::WebIdentity(_) => {
                    caller.own_session.map(|session| session.expires_at)
                }
            };
            let expires_at = ends_at.map_or(longest, |end| longest.min(end));
            Ok(LoginToken { password: self.password(caller, expires_at), expires_at })
        })
    }

    fn redeem<'a>(&'a self, password: &'a Secret) -> Answer<'a, Option<Caller>> {
        Box::pin(async move {
            let Some(mut caller) = self.caller(password) else { return Ok(None) };
            // Users are renamed, and audit rows and denials name whoever it is now: only the id in the statement holds.
            if let Principal::User(identity) = &mut caller.principal {
                let Some(user) = self.users.find(&caller.scope.account, &identity.id).await? else { return Ok(None) };
                identity.arn = user.arn();
            }
            Ok(Some(caller))
        })
    }
}

/// A random UUID (RFC 9562, version 4), lower case.
pub(crate) fn request_id(dice: &dyn Dice) -> String {
    let mut number = u128::from_be_bytes(draw::<16>(dice));
    number = number & !(0xf << 76) | (0x4 << 76);
    number = number & !(0x3 << 62) | (0x2 << 62);
    let hex = format!("{number:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The password that a call brings. Nothing if it brings none, if its form is wrong, or if the user is not `AWS`.
pub(crate) fn presented(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    if value.len() > limit::AUTHORIZATION_BYTES {
        return None;
    }
    let (scheme, encoded) = value.split_at_checked("Basic ".len())?;
    if !scheme.eq_ignore_ascii_case(b"Basic ") {
        return None;
    }
    let pair = Secret::new(STANDARD.decode(encoded).ok()?);
    pair.expose().strip_prefix(b"AWS:").map(Secret::new)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use model::audit::AuditRow;
    use model::testbed::{MemoryVault, user};
    use model::user::{User, UserName};

    use super::*;

    struct Watch(AtomicI64);

    impl Clock for Watch {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::Relaxed))
        }
    }

    struct Sevens;

    impl Dice for Sevens {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0x77);
        }
    }

    fn caller() -> Caller {
        Caller {
            scope: Scope { account: AccountId::parse("123456789012").unwrap(), region: Region::parse("eu-west-3").unwrap() },
            principal: Principal::Root,
            access_key_id: "AKIAEXAMPLE".to_owned(),
            request_id: "77777777-7777-4777-b777-777777777777".to_owned(),
            own_session: None,
            origin: None,
        }
    }

    fn logins(key: u8) -> (SignedLogins, Arc<Watch>) {
        logins_of(key, Arc::default())
    }

    fn logins_of(key: u8, users: Arc<MemoryVault>) -> (SignedLogins, Arc<Watch>) {
        let watch = Arc::new(Watch(AtomicI64::new(1_700_000_000_000)));
        (SignedLogins::new(&Secret::new(vec![key; 32]), watch.clone(), Arc::new(Sevens), users), watch)
    }

    #[tokio::test]
    async fn the_logins_keep_their_promises() {
        model::testbed::conformance::logins(&logins(1).0).await;
    }

    #[tokio::test]
    async fn a_password_stands_for_its_caller_for_twelve_hours() {
        let (logins, watch) = logins(1);
        let token = logins.issue(&caller()).await.unwrap();
        let text = token.password.expose_text().unwrap();
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "no colon, no padding");
        assert_eq!(logins.redeem(&token.password).await.unwrap(), Some(caller()));
        let twelve_hours_ms = 12 * 3600 * 1000;
        assert_eq!(token.expires_at.millis(), 1_700_000_000_000 + twelve_hours_ms);
        watch.0.fetch_add(twelve_hours_ms - 1, Ordering::Relaxed);
        assert!(logins.redeem(&token.password).await.unwrap().is_some());
        watch.0.fetch_add(1, Ordering::Relaxed);
        assert_eq!(logins.redeem(&token.password).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_login_of_a_user_stands_for_the_user_whatever_it_is_called_by_now_and_for_nobody_when_it_is_gone() {
        let users = Arc::new(MemoryVault::default());
        let (logins, _) = logins_of(1, users.clone());
        let (before, row) = (
            user("pusher"),
            AuditRow {
                at: Timestamp::from_millis(1),
                caller: caller(),
                action: "iam:CreateUser".to_owned(),
                resource: "*".to_owned(),
            },
        );
        Users::create(&*users, &before, &row).await.unwrap().unwrap();
        let identity = UserIdentity { arn: before.arn(), id: before.id.clone() };
        let scope = Scope { account: before.account.clone(), region: Region::parse("eu-west-3").unwrap() };
        let caller = Caller { scope, principal: Principal::User(identity.clone()), ..caller() };
        let token = logins.issue(&caller).await.unwrap();
        assert_eq!(logins.redeem(&token.password).await.unwrap(), Some(caller.clone()));
        let after = User { name: UserName::parse("deployer").unwrap(), ..before.clone() };
        assert!(Users::change(&*users, &before, &after, &row).await.unwrap().unwrap());
        let renamed = Caller { principal: Principal::User(UserIdentity { arn: after.arn(), ..identity }), ..caller };
        assert_eq!(logins.redeem(&token.password).await.unwrap(), Some(renamed));
        assert!(Users::remove(&*users, &after, &row).await.unwrap().unwrap());
        let again = User { id: "AIDAEXAMPLEEXAMPLE999".to_owned(), ..before };
        Users::create(&*users, &again, &row).await.unwrap().unwrap();
        assert_eq!(logins.redeem(&token.password).await.unwrap(), None, "one that was made again under the name is another");
    }

    #[tokio::test]
    async fn a_login_of_a_session_stands_for_the_session_and_ends_with_it() {
        let (logins, watch) = logins(1);
        let session = RoleSession {
            role: RoleArn::parse("arn:aws:iam::123456789012:role/ci/Puller").unwrap(),
            role_id: "AROAEXAMPLEEXAMPLE123".to_owned(),
            name: "build-7@ci".to_owned(),
            expires_at: Timestamp::from_millis(1_700_000_900_000),
            policies: vec!["{\n}".to_owned(), "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
            federated: None,
            tags: Tags([("team".to_owned(), "web\n.,=".to_owned()), ("empty".to_owned(), String::new())].into()),
            issued_at: Some(Timestamp::from_millis(1_699_999_000_000)),
        };
        let identity = WebIdentity {
            provider: "arn:aws:iam::123456789012:oidc-provider/issuer.example".to_owned(),
            subject: "anything\nat all".to_owned(),
            audience: "sts.amazonaws.com".to_owned(),
        };
        let taken_with_a_token = RoleSession { federated: Some(identity), ..session.clone() };
        let caller_with_a_token = Caller { principal: Principal::AssumedRole(taken_with_a_token), ..caller() };
        let token = logins.issue(&caller_with_a_token).await.unwrap();
        assert_eq!(logins.redeem(&token.password).await.unwrap(), Some(caller_with_a_token));
        let caller = Caller { principal: Principal::AssumedRole(session.clone()), ..caller() };
        let token = logins.issue(&caller).await.unwrap();
        assert_eq!(token.expires_at, session.expires_at, "and not in twelve hours");
        assert_eq!(logins.redeem(&token.password).await.unwrap(), Some(caller));
        watch.0.fetch_add(900_000, Ordering::Relaxed);
        assert_eq!(logins.redeem(&token.password).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_login_of_the_roots_own_session_knows_its_age_and_ends_with_it() {
        let (logins, watch) = logins(1);
        let at = |seconds: i64| Timestamp::from_millis(1_700_000_000_000 + seconds * 1_000);
        let caller = Caller { own_session: Some(OwnSession { issued_at: at(-60), expires_at: at(900) }), ..caller() };
        let token = logins.issue(&caller).await.unwrap();
        assert_eq!(token.expires_at, at(900), "and not in twelve hours");
        assert_eq!(logins.redeem(&token.password).await.unwrap(), Some(caller));
        watch.0.fetch_add(900_000, Ordering::Relaxed);
        assert_eq!(logins.redeem(&token.password).await.unwrap(), None);
    }

    /// A denial of what was issued before a moment must hold a password that an earlier version gave out.
    #[tokio::test]
    async fn a_login_of_a_session_of_before_it_said_its_age_is_of_the_earliest() {
        let (logins, _) = logins(1);
        for (key, session) in [("ASIAEXAMPLE", true), ("AKIAEXAMPLE", false)] {
            let old = Caller { access_key_id: key.to_owned(), own_session: None, ..caller() };
            let token = logins.issue(&old).await.unwrap();
            let found = logins.redeem(&token.password).await.unwrap().unwrap();
            let issued_at = Timestamp::from_millis(1_700_000_000_000 - 36 * 3600 * 1000);
            assert_eq!(found.own_session, session.then_some(OwnSession { issued_at, expires_at: token.expires_at }));
        }
    }

    #[tokio::test]
    async fn a_changed_password_or_one_of_another_house_stands_for_nobody() {
        let (logins, _) = logins(1);
        let token = logins.issue(&caller()).await.unwrap();
        let good = URL_SAFE_NO_PAD.decode(token.password.expose()).unwrap();
        for place in 0..good.len() {
            let mut changed = good.clone();
            changed[place] ^= 1;
            let changed = Secret::new(URL_SAFE_NO_PAD.encode(changed));
            assert_eq!(logins.redeem(&changed).await.unwrap(), None, "byte {place}");
        }
        for bad in [&good[..0], &good[..31], &good[..32], &good[..good.len() - 1]] {
            assert_eq!(logins.redeem(&Secret::new(URL_SAFE_NO_PAD.encode(bad))).await.unwrap(), None);
        }
        let (other, _) = super::tests::logins(2);
        assert_eq!(other.redeem(&token.password).await.unwrap(), None);
    }

    #[test]
    fn only_the_user_aws_brings_a_password() {
        let with = |value: &str| presented(&HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]));
        assert_eq!(with(&format!("Basic {}", STANDARD.encode("AWS:pass:word"))), Some(Secret::new("pass:word")));
        assert_eq!(with(&format!("basic {}", STANDARD.encode("AWS:x"))), Some(Secret::new("x")));
        let long = format!("Basic {}", STANDARD.encode(format!("AWS:{}", "x".repeat(limit::AUTHORIZATION_BYTES))));
        for bad in [
            &format!("Basic {}", STANDARD.encode("root:x")),
            &format!("Bearer {}", STANDARD.encode("AWS:x")),
            "Basic",
            "Basic !!",
            "",
            &long,
        ] {
            assert_eq!(with(bad), None, "{bad}");
        }
        assert_eq!(presented(&HeaderMap::new()), None);
    }
}
