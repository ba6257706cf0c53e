//! From a signature to a caller.
//! Never decides what the caller may do. Source of truth: `sigv4` for the proof, the port `AccessKeys` and session tokens for the keys.

use crate::{
    call::Ports,
    fault::Wrong,
    limit,
    session::SessionSeal,
    sigv4::{self, Claim, Rejection},
    target::Api,
};
use bytes::Bytes;
use http::{header, request::Parts};
use model::{
    account::{Region, Scope},
    caller::{Caller, Origin, Principal},
    refusal::Refusal,
    trouble::Trouble,
};
use std::net::IpAddr;

/// Who signed the request, in the region that it was signed for.
///
/// # Errors
/// A rejection where the signature proves nothing; trouble where the keys cannot be read.
pub async fn authenticate(
    ports: &Ports,
    sessions: &SessionSeal,
    api: Api,
    request: (&Parts, &Bytes),
    request_id: &str,
) -> Result<Caller, Wrong> {
    let (parts, body) = request;
    let claim = Claim::read(&parts.headers)?;
    let now = ports.clock.now();
    claim.check_clock(now)?;
    claim.check_service(api.signing_name())?;
    let region = Region::parse(&claim.region)
        .map_err(|_| Rejection::Mismatch(format!("Credential should be scoped to a valid region, not '{}'.", claim.region)))?;
    let key = match &claim.session_token {
        Some(token) => sessions.open(token).filter(|key| key.id == claim.access_key_id),
        None => ports.access_keys.find(&claim.access_key_id).await?,
    };
    let key = key.ok_or(Rejection::UnknownKey)?;
    match sigv4::verify(&claim, parts, body, &key.secret).await {
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
    match &key.principal {
        Principal::AssumedRole(session) if session.expires_at <= now => return Err(Rejection::Expired.into()),
        Principal::AssumedRole(_) | Principal::Root | Principal::Service(_) => {}
    }
    Ok(Caller {
        scope: Scope { account: key.account, region },
        principal: key.principal,
        access_key_id: key.id,
        request_id: request_id.to_owned(),
        origin: Some(origin(parts)),
    })
}

/// Where the call comes from, as far as the connection and the client say.
fn origin(parts: &Parts) -> Origin {
    let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Origin {
        address: parts.extensions.get::<IpAddr>().map(IpAddr::to_string),
        agent: agent.map(|agent| agent.chars().take(limit::USER_AGENT_CHARS).collect()),
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
        Api::AppRunner | Api::CloudTrail | Api::Ecr | Api::Logs | Api::Outrunner => {}
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
