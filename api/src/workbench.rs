//! What fuzzers call of this room's inside: codecs, signatures, tokens, policies, each with what must hold whatever comes in.
//! Never part of the platform: only the feature `workbench` builds it. Never answers a call.
//! Source of truth: the rooms it opens, which are the platform's own.

mod codecs;

use crate::{
    constraint::{Checked, Dialect, violations},
    log_query::{Evaluation, Line, Place, Query},
    page::{List, PageKey},
    session::SessionSeal,
    sigv4::{Claim, check_form, verify},
};
use bytes::Bytes;
use http::{HeaderValue, Request};
use model::{
    account::{AccountId, Region, Scope},
    quota::QuotaSetting,
    secret::Secret,
    time::Timestamp,
};
use std::sync::Arc;

pub use crate::policy::{figures::decide_over_fifty_statements, laws::read_policy};
pub use codecs::{read_form, read_json, write_xml};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// Of a list's key: names are no longer, and a token must stay short.
const KEY_CHARS: usize = 200;
/// Between the parts of an input that has several.
const BETWEEN: u8 = 0xff;

fn checked(input: &impl Checked) {
    for whose in [QuotaSetting::Lifted, QuotaSetting::AppRunners] {
        for dialect in [Dialect::Classic, Dialect::Ecr] {
            assert_ne!(violations(input, dialect, whose).as_deref(), Some(""), "a violation has words");
        }
    }
}

/// Reads a signature and its request: whatever it claims, it proves nothing.
pub fn read_signature(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == BETWEEN);
    let mut next = || parts.next().unwrap_or_default();
    let mut request = Request::builder().method("POST");
    for name in ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "host"] {
        let Ok(value) = HeaderValue::from_bytes(next()) else { return };
        if !value.is_empty() {
            request = request.header(name, value);
        }
    }
    let path = String::from_utf8_lossy(next()).into_owned();
    let Ok(request) = request.uri(format!("/{}", path.trim_start_matches('/'))).body(()) else { return };
    let (parts, ()) = request.into_parts();
    let body = Bytes::copy_from_slice(next());
    let (Ok(()), Ok(claim)) = (check_form(&parts), Claim::read(&parts.headers)) else { return };
    let _ = claim.check_clock(Timestamp::from_millis(1_800_000_000_000));
    let _ = claim.check_service("apprunner");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let proven = runtime.block_on(verify(&claim, &parts, &body, &Secret::new(SECRET)));
    assert!(proven.is_err(), "nobody guesses a signature");
}

/// Whether `secret` is proven to have signed this request, whenever that was.
///
/// # Errors
/// What is wrong with it.
pub fn is_proven(request: Request<Bytes>, secret: &str) -> Result<(), String> {
    let (parts, body) = request.into_parts();
    check_form(&parts).map_err(|wrong| format!("{wrong:?}"))?;
    let claim = Claim::read(&parts.headers).map_err(|wrong| format!("{wrong:?}"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(verify(&claim, &parts, &body, &Secret::new(secret))).map_err(|wrong| format!("{wrong:?}"))
}

/// Reads tokens of pages and of sessions: none of them is ours.
pub fn read_token(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let key = PageKey::new(&Secret::new([7; 32]));
    let scope = Scope {
        account: AccountId::parse("000000000000").expect("an account"),
        region: Region::parse("us-east-1").expect("a region"),
    };
    let list = List { key: &key, operation: "ListServices", scope: &scope, parameters: "", asked: "" };
    assert!(list.after(&text).is_err() && list.after_marker(&text).is_err(), "nobody guesses a token");
    let key: String = text.chars().take(KEY_CHARS).collect();
    assert_eq!(list.after(&list.token(&key)).as_deref(), Ok(&*key), "one of ours is read back whole");
    assert!(SessionSeal::new(&Secret::new([8; 32])).open(&Secret::new(text.as_bytes())).is_none(), "nobody guesses a session");
}

/// Reads a query over log lines and evaluates it over the lines behind it: it is refused within its own length, or has no more rows than it may.
pub fn query_log(bytes: &[u8]) {
    const ROWS_MAX: usize = 50;
    let mut parts = bytes.split(|byte| *byte == BETWEEN);
    let text = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let query = match Query::parse(&text, ROWS_MAX, 1_800_000_000_000) {
        Ok(query) => query,
        Err(error) => {
            assert!(error.start <= error.end && error.end <= text.chars().count() && !error.message.is_empty());
            return;
        }
    };
    let mut evaluation = Evaluation::new(Arc::new(query));
    for (number, bytes) in parts.enumerate() {
        let at = 1_800_000_000_000 + number as i64;
        let place = Place { group: 0, position: number as u64 };
        let line = Line { bytes, at, ingested_at: at, stream: "instance/r1-0", log: "000000000000:g", place };
        if evaluation.take(&line).is_err() {
            return;
        }
    }
    if let Ok(rows) = evaluation.finish(&|| false) {
        assert!(rows.rows.len() <= ROWS_MAX && rows.rows.iter().all(|row| row.values.len() == rows.columns.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*",
        "Condition":{"StringLike":{"aws:username":["${aws:username}","?*"]}}}]}"#;
    const QUERY: &[u8] = b"filter a.b like /x(?<y>.)/ | parse 'a*' as z | stats pct(a, 9) as p, count(*) by bin(5m) | sort p desc\xff{\"a\":{\"b\":\"xy\"}}";
    const SIGNATURE: &[u8] = b"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/us-east-1/apprunner/aws4_request, \
        SignedHeaders=host;x-amz-date, Signature=00\xff20270115T080000Z\xff\xff\xff127.0.0.1:4566\xff/\xff{}";

    /// Random bytes, and well-formed ones with a few of them changed.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let seeds: [&[u8]; 5] = [
            br#"{"ServiceName":"webs","SourceConfiguration":{"ImageRepository":{"ImageIdentifier":"a"}},"Tags":[{"Key":"a"}]}"#,
            b"Action=CreateRole&Version=2010-05-08&RoleName=a&Tags.member.1.Key=a&Tags.member.1.Value=%00",
            POLICY.as_bytes(),
            SIGNATURE,
            QUERY,
        ];
        let changed = (proptest::sample::select(seeds.to_vec()), proptest::collection::vec((any::<usize>(), any::<u8>()), 0..6));
        let changed = changed.prop_map(|(seed, changes)| {
            let mut bytes = seed.to_vec();
            for (at, byte) in changes {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            bytes
        });
        prop_oneof![proptest::collection::vec(any::<u8>(), 0..400), changed, any::<String>().prop_map(String::into_bytes)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_fuzzers_hold_holds_for_some_hundred_inputs(bytes in bytes()) {
            read_json(&bytes);
            read_form(&bytes);
            write_xml(&bytes);
            read_signature(&bytes);
            read_token(&bytes);
            read_policy(&bytes);
            query_log(&bytes);
        }
    }
}
