//! Logins at the real ECR: a token for an account's registry, asked for with the operator's AWS keys and renewed before it ends.
//!
//! Never prints a key or a token, and never keeps a key: it is read anew for each login. Source of truth: the ECR API reference,
//! GetAuthorizationToken; Signature Version 4 by AWS's own crate.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_sigv4::http_request::SignableBody;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use model::account::Scope;
use model::port::Clock;
use model::refusal::RefusalKind;
use model::secret::Secret;
use model::time::Timestamp;
use serde::Deserialize;

use crate::aws_fault::throttles;
use crate::aws_signature::{AwsKeys, ReadKeys, ToSign, signature};
use crate::http_client::{Ask, HttpClient};
use crate::limit::{LOGIN_RENEWED, TOKEN_BYTES, TOKENS};
use crate::place::{Address, Named, Place};
use crate::registry_login::Password;
use crate::snag::Snag;

const TARGET_NAME: &str = "x-amz-target";
const TARGET: &str = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken";
const CONTENT_TYPE: &str = "application/x-amz-json-1.1";
const BODY: &str = "{}";

/// How an operator lets us ask the real ECR.
pub struct EcrUpstream {
    pub keys: Arc<ReadKeys>,
    /// API and registry in one place, instead of AWS's own.
    pub endpoint: Option<Place>,
    pub clock: Arc<dyn Clock>,
}

/// The logins that are good now.
pub(crate) struct EcrLogins {
    upstream: EcrUpstream,
    logins: Mutex<HashMap<Scope, Login>>,
}

#[derive(Clone)]
struct Login {
    password: Password,
    renewed_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    authorization_data: Vec<AuthorizationData>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizationData {
    authorization_token: String,
    /// Seconds since 1970, with fractions.
    expires_at: f64,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(alias = "Message")]
    message: Option<String>,
    #[serde(rename = "__type")]
    kind: Option<String>,
}

impl EcrLogins {
    pub(crate) fn new(upstream: EcrUpstream) -> Self {
        Self { upstream, logins: Mutex::default() }
    }

    pub(crate) fn endpoint(&self) -> Option<&Place> {
        self.upstream.endpoint.as_ref()
    }

    /// A login for an account's registry in a region.
    pub(crate) async fn login(&self, http: &HttpClient, scope: &Scope) -> Result<Password, Snag> {
        let now = self.upstream.clock.now();
        let known = self.logins().get(scope).filter(|login| now < login.renewed_at).cloned();
        if let Some(login) = known {
            return Ok(login.password);
        }
        // Two at once ask twice: both logins are good.
        let login = self.ask(http, scope, now).await?;
        let password = login.password.clone();
        let mut logins = self.logins();
        if logins.len() >= TOKENS {
            logins.clear();
        }
        logins.insert(scope.clone(), login);
        Ok(password)
    }

    /// It was refused.
    pub(crate) fn forget(&self, scope: &Scope) {
        self.logins().remove(scope);
    }

    async fn ask(&self, http: &HttpClient, scope: &Scope, now: Timestamp) -> Result<Login, Snag> {
        let refused = |words: String| Snag::refused(RefusalKind::Denied, words);
        let keys = (self.upstream.keys)().map_err(|why| refused(format!("There are no AWS keys for the upstream ECR: {why}")))?;
        let region = scope.region.as_str();
        let place = self.upstream.endpoint.clone().unwrap_or_else(|| Place {
            is_tls: true,
            host: format!("api.ecr.{region}.amazonaws.com"),
            port: 443,
        });
        let headers = signed(&place, region, &keys, now)
            .ok_or_else(|| refused("The AWS keys for the upstream ECR cannot sign a request.".to_owned()))?;
        let ask = Ask { method: Method::POST, headers, body: Bytes::from_static(BODY.as_bytes()) };
        let named = self.upstream.endpoint.as_ref().map_or_else(Named::default, |endpoint| Named::default().and(endpoint));
        // A signed call is for this place: whoever sends it on would get the session token.
        let reply = http.send_here(&Address { place: place.clone(), path: "/".to_owned() }, &ask, &named).await?;
        let (status, wait) = (reply.status.as_u16(), reply.retry_after());
        let body = reply.whole(&http.patience, TOKEN_BYTES).await?;
        if status != 200 {
            let fault: Option<Fault> = serde_json::from_slice(&body).ok();
            let kind = fault.as_ref().and_then(|fault| fault.kind.clone()).unwrap_or_default();
            let message = fault.and_then(|fault| fault.message).unwrap_or_default();
            let words = format!("{place} gives no login for account {} ({status} {kind}): {message}", scope.account);
            return Err(match status {
                status if throttles(status, &kind) => Snag::Later { words, wait },
                500..=599 => Snag::Passing(words),
                _ => refused(words),
            });
        }
        read(&body, now).ok_or_else(|| Snag::refused(RefusalKind::Invalid, format!("{place} answers with no login.")))
    }

    fn logins(&self) -> MutexGuard<'_, HashMap<Scope, Login>> {
        self.logins.lock().expect("nothing panics while it holds the logins")
    }
}

/// The login in an answer: `user:password` in base64.
fn read(body: &[u8], now: Timestamp) -> Option<Login> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let data = answer.authorization_data.into_iter().next()?;
    let pair = STANDARD.decode(data.authorization_token).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let user = String::from_utf8(pair[..colon].to_vec()).ok()?;
    let password = Secret::new(&pair[colon + 1..]);
    let expires_at = Timestamp::from_millis((data.expires_at * 1_000.0) as i64);
    Some(Login { password: Password { user, password }, renewed_at: renewed_at(now, expires_at) })
}

/// Half an hour before the end, or at half of a shorter life.
fn renewed_at(now: Timestamp, expires_at: Timestamp) -> Timestamp {
    let life = expires_at.since(now);
    let used = life.saturating_sub(LOGIN_RENEWED).max(life / 2);
    Timestamp::from_millis(now.millis() + i64::try_from(used.as_millis()).unwrap_or(0))
}

/// The headers of the one call that we make, signed.
fn signed(place: &Place, region: &str, keys: &AwsKeys, now: Timestamp) -> Option<HeaderMap> {
    let (host, url) = (place.authority(), format!("{place}/"));
    let headers = [("host", host.as_str()), ("content-type", CONTENT_TYPE), (TARGET_NAME, TARGET)];
    let body = SignableBody::Bytes(BODY.as_bytes());
    let order = ToSign { method: "POST", url: &url, headers: &headers, body, names_payload: false, service: "ecr", region };
    let mut map: HeaderMap = signature(order, keys, now)?.into_iter().collect();
    // `Host` is set from the place, to the same value.
    map.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    map.insert(HeaderName::from_static(TARGET_NAME), HeaderValue::from_static(TARGET));
    Some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_renewed_before_it_ends() {
        let now = Timestamp::from_millis(1_000_000);
        let after = |seconds: i64| Timestamp::from_millis(now.millis() + seconds * 1_000);
        assert_eq!(renewed_at(now, after(12 * 3600)), after(12 * 3600 - 1800));
        assert_eq!(renewed_at(now, after(600)), after(300));
        assert_eq!(renewed_at(now, after(0)), now, "one that is over is asked for anew each time");
    }

    #[test]
    fn a_login_is_read_from_the_answer_and_does_not_show() {
        let token = STANDARD.encode("AWS:hunter2:x");
        let body = format!(r#"{{"authorizationData":[{{"authorizationToken":"{token}","expiresAt":1.5e3,"proxyEndpoint":"x"}}]}}"#);
        let login = read(body.as_bytes(), Timestamp::from_millis(0)).unwrap();
        assert_eq!((login.password.user.as_str(), login.password.password.expose()), ("AWS", b"hunter2:x".as_slice()));
        assert!(!format!("{:?}", login.password).contains("hunter2"));
        for bad in ["", "{}", r#"{"authorizationData":[]}"#, r#"{"authorizationData":[{"authorizationToken":"%","expiresAt":1}]}"#]
        {
            assert!(read(bad.as_bytes(), Timestamp::from_millis(0)).is_none(), "{bad}");
        }
    }
}
