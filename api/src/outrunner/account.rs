//! Accounts of the platform, and keys that somebody has already: CreateAccount, ListAccounts, ImportAccessKey.
//! Only the root of the platform's own account makes accounts: whoever has it runs the platform. Source of truth: `ARCHITECTURE.md` §5.

use super::account_shape as shape;
use crate::{
    call::Call,
    fault::{Common, Wrong},
    session::key_pair,
};
use model::{
    account::{Account, AccountId},
    caller::{AccessKey, KeyOrigin, KeyStatus, Principal, UserIdentity},
    port::draw,
    refusal::Refusal,
    secret::Secret,
    user::UserName,
};

/// Answers CreateAccount: the account's root has a key, whose secret is in this answer and never in another.
pub async fn create(call: &Call<'_>) -> Result<shape::CreateAccountResponse, Wrong> {
    let shape::CreateAccountRequest { account_id } = call.input()?;
    check_owner(call).await?;
    let id = match account_id {
        Some(text) => AccountId::parse(&text)?,
        None => drawn(call),
    };
    if id == call.settings.account {
        return Err(Refusal::invalid(format!("{id} is the platform's own account.")).into());
    }
    let now = call.ports.clock.now();
    let row = call.audit(format!("arn:aws:iam::{id}:root"));
    call.ports.accounts.create(&Account { id: id.clone(), created_at: now }, &row).await??;
    // An end of the platform before this line leaves an account without a key: the next start gives it one.
    let (key, secret) = key_pair("AKIA", &*call.ports.dice);
    let made = AccessKey { created_at: Some(now), ..AccessKey::new(key, secret, id, Principal::Root) };
    call.ports.access_keys.create(&made, &row).await??;
    Ok(shape::CreateAccountResponse {
        account_id: made.account.to_string(),
        access_key_id: made.id,
        secret_access_key: made.secret.expose_text().expect("a secret key is base64").to_owned(),
    })
}

/// Answers ListAccounts: the platform's own first.
pub async fn list(call: &Call<'_>) -> Result<shape::ListAccountsResponse, Wrong> {
    let shape::ListAccountsRequest {} = call.input()?;
    check_owner(call).await?;
    let mut accounts = vec![shape::Account { account_id: call.settings.account.to_string(), created_at: None }];
    for Account { id, created_at } in call.ports.accounts.list().await? {
        accounts.push(shape::Account { account_id: id.to_string(), created_at: Some(seconds(created_at.millis())) });
    }
    Ok(shape::ListAccountsResponse { accounts })
}

/// Answers ImportAccessKey: a key that signs for AWS signs here too, for the root or for a user.
pub async fn import(call: &Call<'_>) -> Result<shape::ImportAccessKeyResponse, Wrong> {
    let shape::ImportAccessKeyRequest { access_key_id, secret_access_key, user_name } = call.input()?;
    let id = access_key_id.expect("validation refuses a call without a required member");
    let secret = Secret::new(secret_access_key.expect("validation refuses a call without a required member"));
    let account = call.caller.account().clone();
    let name = user_name.map(|name| UserName::parse(&name)).transpose()?;
    let user = match &name {
        Some(name) => call.ports.users.get(&account, name).await?,
        None => None,
    };
    let arn = match (&name, &user) {
        (None, _) => format!("arn:aws:iam::{account}:root"),
        (Some(_), Some(user)) => user.arn().to_string(),
        (Some(name), None) => format!("arn:aws:iam::{account}:user/{name}"),
    };
    call.authorize(arn.as_str()).await?;
    let principal = match (name, user) {
        (None, _) if call.caller.principal == Principal::Root => Principal::Root,
        (None, _) => return Err(Refusal::invalid("Only the root registers keys of its own. Name a user.").into()),
        (Some(_), Some(user)) => Principal::User(UserIdentity { arn: user.arn(), id: user.id }),
        (Some(name), None) => return Err(Refusal::not_found(format!("The user with name {name} cannot be found.")).into()),
    };
    let key = AccessKey {
        id: id.clone(),
        secret,
        account,
        principal,
        status: KeyStatus::Active,
        created_at: Some(call.ports.clock.now()),
        origin: KeyOrigin::Imported,
    };
    let there = call.ports.access_keys.find(&id).await?;
    // Whoever says it twice is answered twice.
    let same = |kept: &AccessKey| kept.secret == key.secret && kept.account == key.account && kept.principal == key.principal;
    let there = there.filter(same);
    if there.as_ref().is_some_and(|kept| kept.status == KeyStatus::Inactive) {
        let words =
            format!("The key {id} is registered here and inactive: it signs nothing. Activate it first (iam:UpdateAccessKey).");
        return Err(Refusal::invalid(words).into());
    }
    if there.is_none() {
        call.ports.access_keys.create(&key, &call.audit(arn.as_str())).await??;
    }
    Ok(shape::ImportAccessKeyResponse { access_key_id: id, owner: arn })
}

/// Refuses everybody but the root of the platform's own account.
async fn check_owner(call: &Call<'_>) -> Result<(), Wrong> {
    call.authorize("*").await?;
    if call.caller.principal == Principal::Root && *call.caller.account() == call.settings.account {
        return Ok(());
    }
    let name = call.offered.operation().name;
    let words = format!(
        "User: {} is not authorized to perform: outrunner:{name}. Only the root of the platform's own account ({}) is.",
        call.caller.arn(),
        call.settings.account
    );
    Err(Common::Denied(words).into())
}

/// Twelve digits; never the one of nobody in particular.
fn drawn(call: &Call<'_>) -> AccountId {
    let number = u64::from_be_bytes(draw::<8>(&*call.ports.dice)) % 899_999_999_999 + 100_000_000_000;
    AccountId::parse(&number.to_string()).expect("twelve digits")
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of the next centuries are exact")]
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}
