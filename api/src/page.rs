//! The token that asks for the next page of a list.
//! Never trusted: it carries a MAC, so nobody but us makes one, and it is bound to the call that it came from, so a
//! token of another list, account, region or service is refused instead of being misread.
//! Source of truth: the App Runner API reference, NextToken (base64 of a small document, opaque). The alphabet is the usual one: Service Quotas'
//! model takes no other.

use crate::limit;
use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use model::{account::Scope, refusal::Refusal, secret::Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The key of every token. It is given, and the same after a restart: a list may be read across one.
pub struct PageKey(hmac::Key);

impl PageKey {
    /// The key made of a secret of at least [`limit::PAGE_KEY_BYTES`].
    pub fn new(secret: &Secret) -> Self {
        assert!(secret.expose().len() >= limit::PAGE_KEY_BYTES, "the page key is derived, and never so short");
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.expose()))
    }
}

/// What a token belongs to.
#[derive(Clone, Copy)]
pub struct List<'a> {
    /// What signs the tokens.
    pub key: &'a PageKey,
    /// The operation's name.
    pub operation: &'a str,
    /// The caller's account and region.
    pub scope: &'a Scope,
    /// The parameters that decide what is listed, as they were understood; how much fits on a page is not among them.
    pub parameters: &'a str,
    /// The same as the caller wrote them ([`asked`]); empty for lists whose tokens are positions to go on from.
    pub asked: &'a str,
}

/// Members that say which page of a list is wanted, and not what is listed. Source: the services' models.
const PAGING: [&str; 8] = ["NextToken", "nextToken", "MaxResults", "maxResults", "limit", "Limit", "Marker", "MaxItems"];

/// A digest of everything that a call says beside its page, whatever the order: one mechanism for every list, so that no member is forgotten.
pub fn asked(said: &Value) -> String {
    // Maps are sorted, and what a model does not have is not in them.
    let members = said.as_object().into_iter().flatten();
    let members = members.filter(|(name, value)| !PAGING.contains(&name.as_str()) && !value.is_null());
    let texts: Vec<String> = members.flat_map(|(name, value)| [name.clone(), value.to_string()]).collect();
    digest(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Of texts, each with its length in front, so that none runs into the next.
fn digest(texts: &[&str]) -> String {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for text in texts {
        context.update(&u64::try_from(text.len()).expect("a text in memory").to_be_bytes());
        context.update(text.as_bytes());
    }
    BASE64_STANDARD_NO_PAD.encode(&context.finish().as_ref()[..MAC_BYTES])
}

/// The document inside a token.
#[derive(Serialize, Deserialize)]
struct Document {
    version: u8,
    operation: String,
    account: String,
    region: String,
    /// A digest: a token must stay short, and a filter's pattern need not.
    parameters: String,
    after: String,
}

const VERSION: u8 = 2;
/// Of the 32 bytes of the MAC these travel: 128 bits are out of reach, and tokens stay short.
const MAC_BYTES: usize = 16;

impl List<'_> {
    /// The token of the page that begins after the key `after`.
    pub fn token(&self, after: &str) -> String {
        let document = self.document(after);
        let text = serde_json::to_vec(&document).expect("texts and a number are JSON");
        let mac = hmac::sign(&self.key.0, &text);
        BASE64_STANDARD_NO_PAD.encode([&mac.as_ref()[..MAC_BYTES], &text].concat())
    }

    /// The key after which the page begins.
    ///
    /// # Errors
    /// A refusal where the token is none, was changed, or belongs to another list.
    pub fn after(&self, token: &str) -> Result<String, Refusal> {
        let foreign = || Refusal::invalid("The next token is not valid. Use the one that the same call returned.");
        let document = self.read(token).ok_or_else(foreign)?;
        let same = document.version == VERSION
            && document.operation == self.operation
            && document.account == self.scope.account.as_str()
            && document.region == self.scope.region.as_str()
            && document.parameters == self.bound();
        if same { Ok(document.after) } else { Err(foreign()) }
    }

    /// The same for IAM, whose markers are at most 320 characters: only the key travels, and the MAC speaks of the rest.
    pub fn marker(&self, after: &str) -> String {
        BASE64_STANDARD_NO_PAD.encode([&self.mac(after)[..], after.as_bytes()].concat())
    }

    /// The key after which the page of a marker begins.
    ///
    /// # Errors
    /// A refusal where the marker is none, was changed, or belongs to another list.
    pub fn after_marker(&self, marker: &str) -> Result<String, Refusal> {
        let read = || {
            let bytes = BASE64_STANDARD_NO_PAD.decode(marker).ok()?;
            let (mac, after) = bytes.split_at_checked(MAC_BYTES)?;
            let after = std::str::from_utf8(after).ok()?;
            verify_slices_are_equal(mac, &self.mac(after)).ok()?;
            Some(after.to_owned())
        };
        read().ok_or_else(|| Refusal::invalid("The Marker is not valid. Use the one that the same call returned."))
    }

    fn mac(&self, after: &str) -> [u8; MAC_BYTES] {
        let text = serde_json::to_vec(&self.document(after)).expect("texts and a number are JSON");
        hmac::sign(&self.key.0, &text).as_ref()[..MAC_BYTES].try_into().expect("a MAC has 32 bytes")
    }

    fn bound(&self) -> String {
        digest(&[self.parameters, self.asked])
    }

    fn document(&self, after: &str) -> Document {
        Document {
            version: VERSION,
            operation: self.operation.to_owned(),
            account: self.scope.account.to_string(),
            region: self.scope.region.to_string(),
            parameters: self.bound(),
            after: after.to_owned(),
        }
    }

    fn read(&self, token: &str) -> Option<Document> {
        if token.len() > limit::NEXT_TOKEN_CHARS {
            return None;
        }
        let bytes = BASE64_STANDARD_NO_PAD.decode(token).ok()?;
        let (mac, text) = bytes.split_at_checked(MAC_BYTES)?;
        verify_slices_are_equal(mac, &hmac::sign(&self.key.0, text).as_ref()[..MAC_BYTES]).ok()?;
        serde_json::from_slice(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::account::{AccountId, Region};

    fn key(byte: u8) -> PageKey {
        PageKey::new(&Secret::new([byte; limit::PAGE_KEY_BYTES]))
    }

    fn scope(account: &str, region: &str) -> Scope {
        Scope { account: AccountId::parse(account).expect("an account"), region: Region::parse(region).expect("a region") }
    }

    #[test]
    fn a_token_is_good_for_the_list_it_came_from_and_for_no_other() {
        let home = scope("000000000000", "us-east-1");
        let (key, other_key) = (key(1), key(2));
        let list = List { key: &key, operation: "ListOperations", scope: &home, parameters: "arn:1", asked: "all" };
        let token = list.token("17/é");
        assert_eq!(list.after(&token).as_deref(), Ok("17/é"));
        assert_eq!(list.after_marker(&list.marker("17/é")).as_deref(), Ok("17/é"));
        assert!(list.marker(&"x".repeat(128)).len() <= 320, "IAM's own bound");
        let (elsewhere, foreign) = (scope("000000000000", "eu-west-1"), scope("111111111111", "us-east-1"));
        for other in [
            List { operation: "ListServices", ..list },
            List { scope: &elsewhere, ..list },
            List { scope: &foreign, ..list },
            List { parameters: "arn:2", ..list },
            List { asked: "some", ..list },
            List { key: &other_key, ..list },
        ] {
            assert!(other.after(&token).is_err(), "{}", other.operation);
            assert!(other.after_marker(&list.marker("17/é")).is_err(), "{}", other.operation);
        }
    }

    #[test]
    fn what_was_asked_is_everything_but_the_page_in_any_order() {
        let json = |text: &str| asked(&serde_json::from_str(text).expect("JSON"));
        assert_eq!(
            json(r#"{"Name":"a","LatestOnly":true}"#),
            json(r#"{"LatestOnly":true,"NextToken":"x","MaxResults":2,"Name":"a"}"#)
        );
        assert_eq!(json("{}"), json(r#"{"Name":null}"#));
        assert_eq!(json(r#"{"PathPrefix":"/"}"#), json(r#"{"PathPrefix":"/","Marker":"x","MaxItems":2}"#));
        for other in [r#"{"Name":"b","LatestOnly":true}"#, r#"{"Name":"a"}"#, r#"{"Name":"a","LatestOnly":true,"More":[]}"#] {
            assert_ne!(json(r#"{"Name":"a","LatestOnly":true}"#), json(other), "{other}");
        }
    }

    #[test]
    fn a_token_stays_short_whatever_was_asked() {
        let (home, key, long) = (scope("000000000000", "us-east-1"), key(1), "x".repeat(100_000));
        let list = List { key: &key, operation: "FilterLogEvents", scope: &home, parameters: &long, asked: &long };
        let token = list.token("17");
        assert!(token.len() < 512, "{}: App Runner takes 1024", token.len());
        assert_eq!(list.after(&token).as_deref(), Ok("17"));
    }

    #[test]
    fn a_token_that_was_changed_anywhere_is_refused() {
        let home = scope("000000000000", "us-east-1");
        let key = key(1);
        let list = List { key: &key, operation: "ListServices", scope: &home, parameters: "", asked: "" };
        let token = list.token("webs");
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(list.after(&changed).is_err(), "{changed}");
        }
        for none in ["", "A", "not a token", "AAAA", &"A".repeat(limit::NEXT_TOKEN_CHARS + 4)] {
            assert!(list.after(none).is_err(), "{none}");
        }
    }
}
