//! From a signature to a caller.
//! Never decides what the caller may do. Source of truth: `sigv4` for the proof, the port `AccessKeys` and session tokens for the keys.

use crate::{
    call::Ports,
    fault::Wrong,
    key_use::KeyUses,
    limit,
    session::SessionSeal,
    sigv4::{self, Claim, Rejection, named_payload::verify_named},
    target::Api,
};
use bytes::Bytes;
use http::{HeaderMap, header, request::Parts};
use model::{
    account::{Region, Scope},
    caller::{AccessKey, Caller, KeyStatus, KeyUse, Origin, OwnSession, Principal, Transport, UserIdentity},
    refusal::Refusal,
    time::Timestamp,
    trouble::Trouble,
};
use std::net::IpAddr;

/// What a signature is to prove.
#[derive(Clone, Copy)]
pub enum Signed<'a> {
    /// A call of ours, whose body is here.
    Body(&'a Bytes),
    /// A call that may be passed on: what its signature knows of its body.
    Payload(&'a str),
}

/// Whether a request names a key that signs, of this platform. Nothing of it is proven.
pub async fn names_a_key(ports: &Ports, sessions: &SessionSeal, headers: &HeaderMap) -> bool {
    match Claim::read(headers) {
        Ok(claim) => key_of(ports, sessions, &claim).await.is_ok(),
        Err(_) => false,
    }
}

/// The key that a claim names, if it lasts, or the session that it is of.
async fn key_of(ports: &Ports, sessions: &SessionSeal, claim: &Claim) -> Result<Signer, Wrong> {
    match &claim.session_token {
        Some(token) => {
            let opened = sessions.open(token).filter(|opened| opened.key.id == claim.access_key_id).ok_or(Rejection::UnknownKey)?;
            Ok(Signer { key: opened.key, expires_at: Some(opened.expires_at), own_session: opened.own })
        }
        None => {
            let found = ports.access_keys.find(&claim.access_key_id).await?;
            let key = found.filter(|key| key.status == KeyStatus::Active).ok_or(Rejection::UnknownKey)?;
            Ok(Signer { key, expires_at: None, own_session: None })
        }
    }
}

/// What signs a call.
struct Signer {
    key: AccessKey,
    /// Nothing where the key lasts.
    expires_at: Option<Timestamp>,
    own_session: Option<OwnSession>,
}

/// Who signed the request for a service, in the region that it was signed for.
///
/// # Errors
/// A rejection where the signature proves nothing; trouble where the keys cannot be read.
pub async fn authenticate(
    ports: &Ports,
    sessions: &SessionSeal,
    uses: &KeyUses,
    service: &str,
    request: (&Parts, Signed<'_>),
    request_id: &str,
) -> Result<Caller, Wrong> {
    let (parts, signed) = request;
    match signed {
        Signed::Body(_) => sigv4::check_form(parts)?,
        Signed::Payload(_) => sigv4::check_not_presigned(parts)?,
    }
    let claim = Claim::read(&parts.headers)?;
    let now = ports.clock.now();
    claim.check_clock(now)?;
    claim.check_service(service)?;
    let region = Region::parse(&claim.region)
        .map_err(|_| Rejection::Mismatch(format!("Credential should be scoped to a valid region, not '{}'.", claim.region)))?;
    let Signer { key, expires_at, own_session } = key_of(ports, sessions, &claim).await?;
    let proven = match signed {
        Signed::Body(body) => sigv4::verify(&claim, parts, body, &key.secret).await,
        Signed::Payload(payload) => verify_named(&claim, parts, payload, &key.secret),
    };
    match proven {
        Ok(()) => {}
        Err(Some(rejection)) => return Err(rejection.into()),
        Err(None) => {
            return Err(Trouble::lasting(
                format!("verifying a signature of access key {}", key.id),
                "the stored secret is not an AWS secret key of 1 to 40 characters",
            )
            .into());
        }
    }
    if expires_at.is_some_and(|end| end <= now) {
        return Err(Rejection::Expired.into());
    }
    let principal = present(ports, service, &key, expires_at.is_some()).await?;
    if expires_at.is_none() {
        uses.note(&*ports.access_keys, &key.id, KeyUse { at: now, region: region.clone(), service: service.to_owned() }).await;
    }
    Ok(Caller {
        scope: Scope { account: key.account, region },
        principal,
        access_key_id: key.id,
        request_id: request_id.to_owned(),
        own_session,
        origin: Some(origin(parts)),
    })
}

/// Whose key it is, as they are now: a user may have been renamed since, or be gone.
async fn present(ports: &Ports, service: &str, key: &AccessKey, is_session: bool) -> Result<Principal, Wrong> {
    match &key.principal {
        // Whoever has a session of its own without a second factor may not call IAM with it, and is told so in these words.
        // Source: STS API reference, GetSessionToken, "Permissions".
        Principal::Root | Principal::User(_) if is_session && service == Api::Iam.signing_name() => {
            Err(Rejection::UnknownKey.into())
        }
        Principal::User(identity) => {
            let user = ports.users.find(&key.account, &identity.id).await?.ok_or(Rejection::UnknownKey)?;
            Ok(Principal::User(UserIdentity { arn: user.arn(), id: user.id }))
        }
        Principal::Root | Principal::AssumedRole(_) | Principal::Service(_) | Principal::WebIdentity(_) => {
            Ok(key.principal.clone())
        }
    }
}

/// Where the call comes from, as far as the connection and the client say.
pub fn origin(parts: &Parts) -> Origin {
    let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Origin {
        address: parts.extensions.get::<IpAddr>().map(IpAddr::to_string),
        agent: agent.map(|agent| agent.chars().take(limit::USER_AGENT_CHARS).collect()),
        transport: parts.extensions.get::<Transport>().copied(),
    }
}

/// Whether this platform serves the region that the call was signed for. IAM and STS are the same in every region.
///
/// # Errors
/// A refusal that tells what to set: the caller meant AWS, or another platform.
pub fn check_region(caller: &Caller, api: Api, served: &[Region]) -> Result<(), Refusal> {
    let asked = caller.region();
    match api {
        Api::Iam | Api::Sts => return Ok(()),
        Api::AppRunner
        | Api::CloudTrail
        | Api::Ecr
        | Api::Logs
        | Api::SecretsManager
        | Api::ServiceQuotas
        | Api::Ssm
        | Api::Outrunner => {}
    }
    if served.contains(asked) {
        return Ok(());
    }
    let served: Vec<&str> = served.iter().map(Region::as_str).collect();
    Err(Refusal::invalid(format!(
        "This platform serves {} only: the call was signed for {asked}. Set the region (AWS_REGION, AWS_DEFAULT_REGION, or --region of \
         the aws command) to one that is served.",
        served.join(", "),
    )))
}
