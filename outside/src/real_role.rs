//! Roles of the real AWS, taken with the operator's keys: `sts:AssumeRole`, signed and sent to STS or to what stands in for it.
//!
//! Never keeps what it gets, and never prints a key or a token. Source of truth: the STS API reference, AssumeRole.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sigv4::http_request::SignableBody;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use model::account::Region;
use model::port::{Answer, Clock, Granted, Hosts, RealRoles, Resolver};
use model::refusal::RefusalKind;
use model::role::RoleArn;
use model::role_credentials::RoleCredentials;
use model::secret::Secret;
use model::time::Timestamp;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::aws_fault::passes;
use crate::aws_signature::{ReadKeys, ToSign, signature};
use crate::aws_upstream::{HINTS, Whereabouts};
use crate::http_client::{Ask, HttpClient, TrustError, trust};
use crate::limit::{Patience, REAL_SESSION_SECONDS, TOKEN_BYTES};
use crate::place::{Address, Named};
use crate::snag::Snag;

const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// What an operator says about them.
pub struct RealRoleSettings {
    /// A role of ours, and the real one that stands for it.
    pub roles: Vec<(RoleArn, RoleArn)>,
    pub keys: Arc<ReadKeys>,
    /// Where STS is.
    pub sts: Whereabouts,
    /// The machine's roots, as PEM.
    pub system_roots: Vec<u8>,
    /// The operator's own, as PEM; they must hold a certificate if they are not empty.
    pub authorities: Vec<u8>,
    pub clock: Arc<dyn Clock>,
    pub patience: Patience,
}

/// Takes them.
pub struct Sts {
    http: HttpClient,
    roles: HashMap<RoleArn, RoleArn>,
    keys: Arc<ReadKeys>,
    place: Whereabouts,
    clock: Arc<dyn Clock>,
}

impl Sts {
    /// # Errors
    /// If `authorities` holds no certificate.
    pub fn new(settings: RealRoleSettings, resolver: Arc<dyn Resolver>, hosts: Arc<dyn Hosts>) -> Result<Self, TrustError> {
        let tls = trust(&settings.system_roots, &settings.authorities)?;
        let http = HttpClient::new(resolver, hosts, tls, settings.patience).with_hints(HINTS);
        let RealRoleSettings { roles, keys, sts: place, clock, .. } = settings;
        Ok(Self { http, roles: roles.into_iter().collect(), keys, place, clock })
    }

    async fn ask(&self, role: &RoleArn, session: &str, region: &Region) -> Result<RoleCredentials, Snag> {
        let denied = |words: String| Snag::refused(RefusalKind::Denied, words);
        let real = self.roles.get(role);
        let real = real.ok_or_else(|| Snag::refused(RefusalKind::NotFound, format!("No real role stands for {role}.")))?;
        // The words are for a service's owner too: where the operator keeps his keys is none of theirs.
        let keys = (self.keys)().map_err(|why| {
            tracing::warn!(%role, cause = why, "there are no keys to take a real role with");
            denied(format!("The platform has no keys to take {real} with. Whoever runs it finds the reason in its log."))
        })?;
        let place = self.place.in_region(region);
        let body = form(real, session);
        let (host, url) = (place.authority(), format!("{place}/"));
        let order = ToSign {
            method: "POST",
            url: &url,
            headers: &[("host", &host), ("content-type", CONTENT_TYPE)],
            body: SignableBody::Bytes(body.as_bytes()),
            names_payload: false,
            service: "sts",
            region: region.as_str(),
        };
        let signature = signature(order, &keys, self.clock.now());
        let signature = signature.ok_or_else(|| denied(format!("The keys to take {real} with cannot sign a request.")))?;
        let mut headers: HeaderMap = signature.into_iter().collect();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        let ask = Ask { method: Method::POST, headers, body: Bytes::from(body) };
        // A signed call is for this place: whoever sends it on would get the session token.
        let address = Address { place: place.clone(), path: "/".to_owned() };
        let reply =
            self.http.send_here(&address, &ask, &Named::default().and(&place)).await.map_err(|snag| unreached(role, snag))?;
        let status = reply.status.as_u16();
        let answer = read(&reply.whole(&self.http.patience, TOKEN_BYTES).await?);
        if status == 200 {
            let found = credentials(&answer, real);
            return found
                .ok_or_else(|| Snag::refused(RefusalKind::Invalid, format!("{place} answers AssumeRole with no credentials.")));
        }
        let text = |name: &str| answer.get(name).map_or("", String::as_str);
        let words = format!("{place} does not give {real} ({status} {}): {}", text("Code"), text("Message"));
        Err(if passes(status, text("Code")) { Snag::Passing(words) } else { denied(words) })
    }
}

impl RealRoles for Sts {
    fn standing_for(&self, role: &RoleArn) -> Option<RoleArn> {
        self.roles.get(role).cloned()
    }

    fn take<'a>(&'a self, role: &'a RoleArn, session: &'a str, region: &'a Region) -> Answer<'a, Granted<RoleCredentials>> {
        Box::pin(async move { Ok(self.ask(role, session, region).await.map_err(Snag::into_refusal)) })
    }
}

/// Where the operator's STS is, and what kept it from answering, is in the log alone.
fn unreached(role: &RoleArn, snag: Snag) -> Snag {
    match snag {
        Snag::Passing(why) => {
            tracing::warn!(%role, cause = why, "STS does not answer about a real role");
            Snag::Passing("STS did not answer. Whoever runs the platform finds the reason in its log.".to_owned())
        }
        snag @ (Snag::Later { .. } | Snag::Final(_)) => snag,
    }
}

fn form(role: &RoleArn, session: &str) -> String {
    let seconds = REAL_SESSION_SECONDS.to_string();
    let members = [
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", role.as_str()),
        ("RoleSessionName", session),
        ("DurationSeconds", &seconds),
    ];
    form_urlencoded::Serializer::new(String::new()).extend_pairs(members).finish()
}

/// The text of each element, by its name: no name stands twice in these answers.
fn read(body: &[u8]) -> HashMap<String, String> {
    let body = String::from_utf8_lossy(body);
    let (mut reader, mut found, mut text) = (Reader::from_str(&body), HashMap::new(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => text.clear(),
            Ok(Event::Text(part)) => text.push_str(&part),
            Ok(Event::GeneralRef(name)) => text.push_str(entity(&name)),
            Ok(Event::End(end)) => drop(found.insert(end.name().as_ref().to_owned(), std::mem::take(&mut text))),
            Ok(Event::Eof) | Err(_) => return found,
            Ok(Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
        }
    }
}

/// The five that XML has.
fn entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

fn credentials(answer: &HashMap<String, String>, role: &RoleArn) -> Option<RoleCredentials> {
    let text = |name: &str| answer.get(name).filter(|text| !text.is_empty());
    let expires: jiff::Timestamp = text("Expiration")?.parse().ok()?;
    Some(RoleCredentials {
        role: role.clone(),
        access_key_id: text("AccessKeyId")?.clone(),
        secret_access_key: Secret::new(text("SecretAccessKey")?.as_str()),
        session_token: Secret::new(text("SessionToken")?.as_str()),
        expires_at: Timestamp::from_millis(expires.as_millisecond()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_read_from_the_answer_and_do_not_show() {
        let role = RoleArn::parse("arn:aws:iam::123456789012:role/app").unwrap();
        let body =
            b"<AssumeRoleResponse xmlns=\"x\"><AssumeRoleResult><AssumedRoleUser><Arn>a</Arn></AssumedRoleUser><Credentials>\
            <AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>hunter2&amp;</SecretAccessKey><SessionToken>t</SessionToken>\
            <Expiration>2027-01-15T09:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
        let found = credentials(&read(body), &role).unwrap();
        assert_eq!((found.access_key_id.as_str(), found.secret_access_key.expose()), ("ASIA1", &b"hunter2&"[..]));
        assert_eq!(found.expires_at.millis(), 1_800_003_600_000);
        assert!(!format!("{found:?}").contains("hunter2"));
        for wrong in [&b""[..], b"<a/>", b"<AccessKeyId>ASIA1</AccessKeyId>", b"\xff<"] {
            assert_eq!(credentials(&read(wrong), &role), None);
        }
    }

    #[test]
    fn a_role_is_asked_for_in_a_form() {
        let role = RoleArn::parse("arn:aws:iam::123456789012:role/a+b").unwrap();
        let asked = form(&role, "webs.1");
        assert!(
            asked.starts_with("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%2Bb&"),
            "{asked}"
        );
        assert!(asked.ends_with("&RoleSessionName=webs.1&DurationSeconds=3600"), "{asked}");
    }
}
