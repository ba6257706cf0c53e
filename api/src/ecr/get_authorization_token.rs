//! GetAuthorizationToken: a password for the registry, as `docker login` takes it.
//! Never makes the password itself. Source of truth: the ECR API reference.

use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    account::{AccountId, Scope},
    port::LoginToken,
};

/// The user that every ECR password goes with.
const USER: &str = "AWS";

/// Answers GetAuthorizationToken.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetAuthorizationTokenResponse, Wrong> {
    let shape::GetAuthorizationTokenRequest { registry_ids } = call.input()?;
    call.authorize("*").await?;
    let Scope { account, region } = &call.caller.scope;
    // Deprecated, and still sent by old scripts. One login is good for all registries: only the endpoints differ.
    let asked: Vec<AccountId> = match registry_ids {
        Some(asked) => asked.iter().map(|asked| AccountId::parse(asked)).collect::<Result<_, _>>()?,
        None => vec![account.clone()],
    };
    let LoginToken { password, expires_at } = call.ports.logins.issue(call.caller).await?;
    let token = BASE64_STANDARD.encode([USER.as_bytes(), b":", password.expose()].concat());
    let data = |account: &AccountId| shape::AuthorizationData {
        authorization_token: Some(token.clone()),
        expires_at: Some(expires_at.seconds()),
        proxy_endpoint: Some(format!("https://{account}.dkr.ecr.{region}.amazonaws.com")),
    };
    Ok(shape::GetAuthorizationTokenResponse { authorization_data: Some(asked.iter().map(data).collect()) })
}
