//! GetAuthorizationToken: a password for the registry, as `docker login` takes it.
//! Never makes the password itself. Source of truth: the ECR API reference.

use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    account::Scope,
    port::LoginToken,
    refusal::{Refusal, RefusalKind},
};

/// The user that every ECR password goes with.
const USER: &str = "AWS";

/// Answers GetAuthorizationToken.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetAuthorizationTokenResponse, Wrong> {
    let shape::GetAuthorizationTokenRequest { registry_ids } = call.input()?;
    call.authorize("*").await?;
    let Scope { account, region } = &call.caller.scope;
    // Deprecated, and still sent by old scripts: it may only say what is so anyway.
    let asked = registry_ids.unwrap_or_default();
    if let Some(foreign) = asked.iter().find(|asked| *asked != account.as_str()) {
        let message = format!("registryIds: the registry {foreign} is not yours.");
        return Err(Refusal::new(RefusalKind::Invalid, message).into());
    }
    let LoginToken { password, expires_at } = call.ports.logins.issue(call.caller).await?;
    let token = [USER.as_bytes(), b":", password.expose()].concat();
    Ok(shape::GetAuthorizationTokenResponse {
        authorization_data: Some(vec![shape::AuthorizationData {
            authorization_token: Some(BASE64_STANDARD.encode(token)),
            expires_at: Some(expires_at.seconds()),
            proxy_endpoint: Some(format!("https://{account}.dkr.ecr.{region}.amazonaws.com")),
        }]),
    })
}
