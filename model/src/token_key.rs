//! Keys that the platform signs instances' identity tokens with: when one signs, when others may read it, and when it is forgotten.
//!
//! Never signs and never draws a key: it says when. Whoever verifies our tokens reads our keys now and then and remembers them, so a key is shown
//! before it signs, and as long as a token that it signed may be good.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::arn::ServiceArn;
use crate::secret::Secret;
use crate::time::Timestamp;

/// How long a token is good. An hour is the least and a day the most that makes sense: an app gets new credentials by it every hour, and whoever stole
/// one has it so long.
pub const TOKEN_LIFE: Duration = Duration::from_secs(12 * 60 * 60);
/// An instance's token is replaced when so much of its life is over: what is left is for a platform that is down.
pub const TOKEN_RENEWED: Duration = Duration::from_secs(4 * 60 * 60);
/// How long one key signs.
pub const KEY_SIGNS: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long it is shown before.
pub const KEY_SHOWN_AHEAD: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// How long it is shown after: longer than a token lives, for clocks that differ.
pub const KEY_SHOWN_AFTER: Duration = Duration::from_secs(2 * 24 * 60 * 60);
/// How long others may remember what was shown to them.
pub const KEYS_REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// Where an instance has its token: a folder of its own, so that another file can take the place of the old one.
pub const TOKEN_FOLDER: &str = "/run/secrets/outrunner";
/// Its name there.
pub const TOKEN_FILE: &str = "token";

/// A key pair.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKey {
    /// Its name in tokens and among the public keys.
    pub id: String,
    /// The pair, as PKCS#8.
    pub pair: Secret,
    /// From when on it signs. The next one ends that.
    pub signs_from: Timestamp,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKey").field("id", &self.id).field("signs_from", &self.signs_from).finish_non_exhaustive()
    }
}

/// What is to be done about the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPlan {
    /// A new one is wanted, that signs from then on.
    pub make: Option<Timestamp>,
    /// Ids of those that nobody needs any more.
    pub forget: Vec<String>,
}

/// The key that signs now: of those that may, the newest.
pub fn signing(keys: &[TokenKey], now: Timestamp) -> Option<&TokenKey> {
    keys.iter().filter(|key| key.signs_from <= now).max_by_key(|key| (key.signs_from, &key.id))
}

/// What is to be done at this time. The same keys at the same time give the same answer, so what a crash cut short is done again.
pub fn plan(keys: &[TokenKey], now: Timestamp) -> KeyPlan {
    let Some(newest) = keys.iter().map(|key| key.signs_from).max() else {
        // Nobody has read any of our keys yet, so nobody has to be waited for.
        return KeyPlan { make: Some(now), forget: Vec::new() };
    };
    let due = newest.plus(KEY_SIGNS);
    // A platform that was down for long has shown nothing meanwhile: the old key signs until the new one has been shown long enough.
    let make = (now.plus(KEY_SHOWN_AHEAD) >= due).then(|| due.max(now.plus(KEY_SHOWN_AHEAD)));
    let is_over = |key: &&TokenKey| {
        let successors = keys.iter().map(|other| other.signs_from).filter(|from| *from > key.signs_from);
        successors.min().is_some_and(|ended| ended.plus(KEY_SHOWN_AFTER) <= now)
    };
    KeyPlan { make, forget: keys.iter().filter(is_over).map(|key| key.id.clone()).collect() }
}

/// Whom an instance's token speaks for: `service:<account>:<region>:<name>:<id>`. The name is for people who write trust policies; the id tells a
/// service that was made again from the old one.
pub fn subject(service: &ServiceArn) -> String {
    let ServiceArn { scope, name, id } = service;
    format!("service:{}:{}:{name}:{id}", scope.account, scope.region)
}

/// A token of an instance's, to be laid where the instance reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityToken {
    pub text: Secret,
    /// When another one takes its place.
    pub renewed_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * 60 * 60;

    fn day(n: u64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000).plus(Duration::from_secs(n * DAY))
    }

    fn key(n: u64) -> TokenKey {
        TokenKey { id: format!("k{n}"), pair: Secret::new("hunter2"), signs_from: day(n) }
    }

    #[test]
    fn the_first_key_signs_at_once_and_the_next_is_shown_before_it_does() {
        assert_eq!(plan(&[], day(0)), KeyPlan { make: Some(day(0)), forget: Vec::new() });
        let first = [key(0)];
        assert_eq!(plan(&first, day(26)), KeyPlan::default());
        assert_eq!(plan(&first, day(27)), KeyPlan { make: Some(day(30)), forget: Vec::new() });
        let two = [key(0), key(30)];
        assert_eq!(plan(&two, day(27)), KeyPlan::default(), "once is enough");
        assert_eq!(signing(&two, day(29)).unwrap().id, "k0");
        assert_eq!(signing(&two, day(30)).unwrap().id, "k30");
    }

    #[test]
    fn an_old_key_is_shown_until_its_tokens_are_over_and_then_forgotten() {
        let two = [key(0), key(30)];
        assert_eq!(plan(&two, day(31)), KeyPlan::default());
        assert_eq!(plan(&two, day(32)).forget, ["k0"]);
        assert!(KEY_SHOWN_AFTER > TOKEN_LIFE && TOKEN_RENEWED < TOKEN_LIFE && KEYS_REMEMBERED < KEY_SHOWN_AHEAD);
    }

    #[test]
    fn after_a_long_sleep_the_old_key_signs_until_the_new_one_was_shown_long_enough() {
        let first = [key(0)];
        assert_eq!(plan(&first, day(100)), KeyPlan { make: Some(day(103)), forget: Vec::new() });
        let two = [key(0), key(103)];
        assert_eq!(signing(&two, day(101)).unwrap().id, "k0");
        assert_eq!(plan(&two, day(101)), KeyPlan::default());
    }

    #[test]
    fn a_key_is_never_printed() {
        assert!(!format!("{:?}", key(0)).contains("hunter2"));
    }
}
