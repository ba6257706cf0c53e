//! What a registry wants to see before it answers: nothing, a password, or a token that a token service gives for one.
//!
//! Never prints a password or a token. Source of truth: RFC 9110 §11.6.1; the distribution project's token authentication specification.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};
use model::refusal::RefusalKind;
use model::secret::Secret;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tokio::time::Instant;

use crate::http_client::{Ask, HttpClient};
use crate::limit::{TOKEN_BYTES, TOKEN_MARGIN, TOKEN_UNTOLD, TOKEN_USED};
use crate::place::{Address, Named, Place};
use crate::snag::Snag;

/// An `Authorization` value and how long it is good.
#[derive(Clone)]
pub(crate) struct Pass {
    pub header: HeaderValue,
    pub until: Option<Instant>,
}

/// What a 401 asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    Basic,
    Bearer { realm: String, service: Option<String> },
}

/// A user and a password.
#[derive(Clone, Debug)]
pub(crate) struct Password {
    pub user: String,
    pub password: Secret,
}

#[derive(Deserialize)]
struct TokenAnswer {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<u64>,
}

impl Password {
    /// As RFC 7617 writes it.
    pub(crate) fn basic(&self) -> Option<HeaderValue> {
        let pair = [self.user.as_bytes(), b":", self.password.expose()].concat();
        let mut header = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

impl Challenge {
    /// The strongest one that we can answer.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let challenges: Vec<Self> =
            headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| Self::parse(value.to_str().ok()?)).collect();
        let bearer = challenges.iter().position(|challenge| matches!(challenge, Self::Bearer { .. })).unwrap_or(0);
        challenges.into_iter().nth(bearer)
    }

    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let parameters = parameters(rest);
        let find = |name: &str| parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone());
        Some(Self::Bearer { realm: find("realm")?, service: find("service") })
    }
}

/// `name="value"` or `name=value`, with commas between them; commas within quotes are the value's.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, tail) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(',').unwrap_or((after, "")),
        };
        found.push((name.trim().to_owned(), value.trim().to_owned()));
        rest = tail.trim_start_matches([',', ' ']);
    }
    found
}

/// Answers a challenge. `asked` is the registry that sent it, `named` the places that it may send us to although they are not public; the password, if there is
/// one, is the operator's for it.
pub(crate) async fn answer(
    http: &HttpClient,
    challenge: Challenge,
    asked: &Place,
    named: &Named,
    repository: &str,
    password: Option<&Password>,
) -> Result<Option<Pass>, Snag> {
    match challenge {
        Challenge::Basic => Ok(password.and_then(Password::basic).map(|header| Pass { header, until: None })),
        Challenge::Bearer { realm, service } => {
            let mut address = Address::parse(&realm)
                .ok_or_else(|| Snag::refused(RefusalKind::Invalid, format!("{asked} names a token service that is no address.")))?;
            let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let scope = format!("scope={}", encode(&format!("repository:{repository}:pull")));
            let service = service.map_or_else(String::new, |service| format!("service={}&", encode(&service)));
            let joint = if address.path.contains('?') { '&' } else { '?' };
            address.path = format!("{}{joint}{service}{scope}", address.path);
            token(http, address, asked, named, password).await.map(Some)
        }
    }
}

async fn token(
    http: &HttpClient,
    address: Address,
    asked: &Place,
    named: &Named,
    password: Option<&Password>,
) -> Result<Pass, Snag> {
    let mut ask = Ask::get(&[]);
    if let Some(header) = password.and_then(Password::basic) {
        ask.headers.insert(AUTHORIZATION, header);
    }
    let place = address.place.clone();
    let reply = http.send(address, ask, named).await.map_err(|snag| by_way_of(snag, asked, &place))?;
    let words = format!("The token service {place} of {asked} answers {}.", reply.status.as_u16());
    match reply.status.as_u16() {
        200 => {}
        401 | 403 => {
            let advice = match password {
                Some(_) => "The user or the password that --registry-auth gives is wrong.",
                None => "If the image is private, give a login with --registry-auth FILE.",
            };
            return Err(Snag::refused(RefusalKind::Denied, format!("{words} {advice}")));
        }
        429 => return Err(Snag::Later { words, wait: reply.retry_after() }),
        408 | 500.. => return Err(Snag::Passing(words)),
        _ => return Err(Snag::refused(RefusalKind::Invalid, words)),
    }
    let wrong = || Snag::refused(RefusalKind::Invalid, format!("The token service {place} of {asked} answers with no token."));
    let body = reply.whole(&http.patience, TOKEN_BYTES).await?;
    let answer: TokenAnswer = serde_json::from_slice(&body).map_err(|_| wrong())?;
    let token = answer.token.or(answer.access_token).filter(|token| !token.is_empty()).ok_or_else(wrong)?;
    let mut header = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| wrong())?;
    header.set_sensitive(true);
    let good = answer.expires_in.map_or(TOKEN_UNTOLD, Duration::from_secs).min(TOKEN_USED).saturating_sub(TOKEN_MARGIN);
    Ok(Pass { header, until: Some(Instant::now() + good) })
}

/// Whose token service it was.
fn by_way_of(snag: Snag, asked: &Place, place: &Place) -> Snag {
    if asked == place {
        return snag;
    }
    match snag {
        Snag::Final(mut refusal) => {
            refusal.message = format!("{asked} sends us to the token service {place}. {}", refusal.message);
            Snag::Final(refusal)
        }
        Snag::Passing(words) => Snag::Passing(format!("{asked} sends us to the token service {place}. {words}")),
        later @ Snag::Later { .. } => later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read_as_registries_write_them() {
        let bearer = |realm: &str, service: Option<&str>| {
            Some(Challenge::Bearer { realm: realm.to_owned(), service: service.map(str::to_owned) })
        };
        for (text, read) in [
            (
                r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#,
                bearer("https://auth.docker.io/token", Some("registry.docker.io")),
            ),
            (r#"bearer scope="a,b", realm="https://x/t""#, bearer("https://x/t", None)),
            ("Bearer realm=https://x/t, service=y", bearer("https://x/t", Some("y"))),
            (r#"Basic realm="x""#, Some(Challenge::Basic)),
            ("basic", Some(Challenge::Basic)),
            ("Bearer", None),
            ("Negotiate", None),
            (r#"Bearer realm="unended"#, bearer("unended", None)),
        ] {
            assert_eq!(Challenge::parse(text), read, "{text}");
        }
    }

    #[test]
    fn a_bearer_challenge_is_preferred_and_a_password_does_not_show() {
        let mut headers = HeaderMap::new();
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"x\""));
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"https://x/t\""));
        assert!(matches!(Challenge::of(&headers), Some(Challenge::Bearer { .. })));
        let password = Password { user: "u".to_owned(), password: Secret::new("hunter2") };
        let shown = format!("{password:?} {:?}", password.basic().unwrap());
        assert!(!shown.contains("hunter2") && !shown.contains("dTpodW"), "{shown}");
    }
}
