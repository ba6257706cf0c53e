//! GetSessionToken: credentials of the caller itself, for a while. There is no second factor here.
//! Never keeps them: `session` seals everything into the token. Source of truth: the STS API reference.

use crate::{
    call::Call,
    fault::{Common, Wrong},
    iam::iso,
    limit,
    session::Credentials,
    shape::sts as shape,
};
use model::{
    caller::{OwnSession, Principal},
    refusal::Refusal,
};
use std::time::Duration;

/// Answers GetSessionToken. It needs no permission, on AWS as well.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetSessionTokenResponse, Wrong> {
    let shape::GetSessionTokenRequest { duration_seconds, minimum_session_token_size, serial_number, token_code } = call.input()?;
    for (member, sent) in [
        ("MinimumSessionTokenSize", minimum_session_token_size.is_some()),
        ("SerialNumber", serial_number.is_some()),
        ("TokenCode", token_code.is_some()),
    ] {
        if sent {
            return Err(Refusal::invalid(format!("Not available in this version of Outrunner: {member}.")).into());
        }
    }
    let seconds = duration_seconds.map_or(limit::OWN_SESSION_SECONDS_DEFAULT, |n| u32::try_from(n).expect("the range is positive"));
    let (user, seconds) = match &call.caller.principal {
        // A session of its own has a key of its own: sessions beget no sessions. Source of the words: STS.
        _ if call.caller.access_key_id.starts_with("ASIA") => {
            return Err(Common::Denied("Cannot call GetSessionToken with session credentials".to_owned()).into());
        }
        Principal::Root => (None, seconds.min(limit::ROOT_SESSION_SECONDS)),
        Principal::User(user) => (Some(user), seconds),
        Principal::AssumedRole(_) | Principal::Service(_) | Principal::WebIdentity(_) => {
            return Err(Common::Denied("Cannot call GetSessionToken with session credentials".to_owned()).into());
        }
    };
    call.ports.audit.append(&call.audit(call.caller.arn())).await?;
    let issued_at = call.ports.clock.now();
    let expires_at = issued_at.plus(Duration::from_secs(seconds.into()));
    let session = OwnSession { issued_at, expires_at };
    let Credentials { key_id, secret, token } = call.sessions.issue_own(call.caller.account(), user, session, &*call.ports.dice);
    Ok(shape::GetSessionTokenResponse {
        credentials: Some(shape::Credentials {
            access_key_id: key_id,
            expiration: iso(expires_at),
            secret_access_key: secret.expose_text().expect("a secret key is base64").to_owned(),
            session_token: token,
        }),
        session_token_size: None,
        session_token_utilization: None,
    })
}
