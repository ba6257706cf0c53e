//! CreateAccessKey: parse, authorize, draw, create, render. The secret is in this answer and never in another.
//! Source of truth: the IAM API reference.

use super::{access_key::status, role::iso, user};
use crate::{call::Call, fault::Wrong, session, shape::iam as shape};
use model::caller::AccessKey;

/// Answers CreateAccessKey.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateAccessKeyResponse, Wrong> {
    let shape::CreateAccessKeyRequest { user_name } = call.input()?;
    let owner = user::named_or_caller(call, user_name).await?;
    let now = call.ports.clock.now();
    let (id, secret) = session::key_pair("AKIA", &*call.ports.dice);
    let made = AccessKey { created_at: Some(now), ..AccessKey::new(id, secret, call.caller.account().clone(), owner.principal()) };
    call.ports.access_keys.create(&made, &call.audit(owner.arn(call))).await??;
    Ok(shape::CreateAccessKeyResponse {
        access_key: shape::AccessKey {
            access_key_id: made.id,
            create_date: Some(iso(now)),
            secret_access_key: made.secret.expose_text().expect("a secret key is base64").to_owned(),
            status: status(made.status).to_owned(),
            user_name: owner.name().unwrap_or_else(|| "root".to_owned()),
        },
    })
}
