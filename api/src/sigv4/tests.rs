//! Signatures of real clients as they were recorded, and what becomes of them when something is changed.
//! Never signs anything itself. Source of truth: `tests/wire`, whose README names the clients.

use super::*;
use recorded::all;

#[path = "../../tests/wire/recorded.rs"]
mod recorded;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[track_caller]
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

async fn outcome(parts: &Parts, body: &Bytes, secret: &str) -> Result<(), Option<Rejection>> {
    let claim = Claim::read(&parts.headers).map_err(Some)?;
    verify(&claim, parts, body, &Secret::new(secret)).await
}

#[test]
fn every_recorded_request_of_every_client_verifies_at_its_time() {
    let all = all();
    assert_eq!(all.len(), 100, "all but the one whose body was too long to keep");
    for (name, parts, body) in all {
        let claim = Claim::read(&parts.headers).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
        assert_eq!(claim.access_key_id, "AKIDEXAMPLE", "{name}");
        claim.check_clock(claim.signed_at()).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
        block_on(outcome(&parts, &body, SECRET)).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
    }
}

#[test]
fn a_changed_body_target_date_or_secret_is_a_mismatch() {
    for (name, parts, body) in all() {
        let changed = Bytes::from([&body[..], b" "].concat());
        let mut retargeted = parts.clone();
        retargeted.headers.insert("x-amz-target", "AppRunner.DeleteService".parse().expect("a header value"));
        let mut redated = parts.clone();
        redated.headers.insert("x-amz-date", "20261123T000000Z".parse().expect("a header value"));
        let mut added = parts.clone();
        added.headers.insert("x-amz-security-token", "stolen".parse().expect("a header value"));
        for result in [
            block_on(outcome(&parts, &changed, SECRET)),
            block_on(outcome(&retargeted, &body, SECRET)),
            block_on(outcome(&redated, &body, SECRET)),
            block_on(outcome(&added, &body, SECRET)),
            block_on(outcome(&parts, &body, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEX")),
        ] {
            assert!(matches!(result, Err(Some(Rejection::Mismatch(_)))), "{name}: {result:?}");
        }
    }
}

#[test]
fn a_secret_that_cannot_be_one_is_our_trouble_and_not_the_callers() {
    let (_, parts, body) = all().swap_remove(0);
    for secret in ["", &format!("{SECRET}X")] {
        assert_eq!(block_on(outcome(&parts, &body, secret)), Err(None), "{secret:?}");
    }
    for secret in ["short", "schl\u{fc}ssel"] {
        let short = block_on(outcome(&parts, &body, secret));
        assert!(matches!(short, Err(Some(Rejection::Mismatch(_)))), "a platform with test keys has a short one: {short:?}");
    }
}

#[test]
fn a_clock_may_be_five_minutes_off_and_not_a_second_more() {
    let (_, parts, _) = all().swap_remove(0);
    let claim = Claim::read(&parts.headers).expect("a recorded claim");
    let at = |seconds: i64| claim.check_clock(Timestamp::from_millis(claim.signed_at().millis() + seconds * 1000));
    assert_eq!(at(300), Ok(()));
    assert_eq!(at(-300), Ok(()));
    assert_eq!(
        at(301),
        Err(Rejection::Mismatch(
            "Signature expired: 20261123T034609Z is now earlier than 20261123T034610Z (20261123T035110Z - 5 min.)".into()
        ))
    );
    assert_eq!(
        at(-301),
        Err(Rejection::Mismatch(
            "Signature not yet current: 20261123T034609Z is still later than 20261123T034608Z (20261123T034108Z + 5 min.)".into()
        ))
    );
}

#[test]
fn a_malformed_authorization_header_is_incomplete_and_says_what_is_missing() {
    let check = |authorization: &str, date: Option<&str>, words: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", authorization.parse().expect("a header value"));
        if let Some(date) = date {
            headers.insert("x-amz-date", date.parse().expect("a header value"));
        }
        match Claim::read(&headers) {
            Err(Rejection::Incomplete(found)) => assert!(found.contains(words), "{authorization}: {found}"),
            other => panic!("{authorization}: {other:?}"),
        }
    };
    let credential = "AWS4-HMAC-SHA256 Credential=A/20261123/us-east-1/apprunner/aws4_request";
    check("Bearer x", None, "Unsupported AWS 'algorithm': 'Bearer'");
    check("AWS4-HMAC-SHA256", None, "requires 'Credential'");
    check("AWS4-HMAC-SHA256 Credential=A/20261123/us-east-1", None, "exactly 5");
    check(credential, None, "'X-Amz-Date'");
    check(credential, Some("yesterday"), "basic format");
    check(credential, Some("20261399T034609Z"), "basic format");
    assert_eq!(Claim::read(&HeaderMap::new()), Err(Rejection::Missing));
}
