//! GetAccessKeyLastUsed: parse, ask, render. The last use may be some minutes late (`key_use`).
//! Source of truth: the IAM API reference.

use super::role::iso;
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{
    caller::Principal,
    refusal::{Refusal, RefusalKind},
};

/// Answers GetAccessKeyLastUsed.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetAccessKeyLastUsedResponse, Wrong> {
    let shape::GetAccessKeyLastUsedRequest { access_key_id } = call.input()?;
    let id = access_key_id.expect("validation refuses a call without a required member");
    let account = call.caller.account();
    // Another account's key is as good as none.
    let found = call.ports.access_keys.find(&id).await?.filter(|key| key.account == *account);
    let user = match found.as_ref().map(|key| &key.principal) {
        Some(Principal::User(identity)) => call.ports.users.find(account, &identity.id).await?,
        Some(Principal::Root | Principal::AssumedRole(_) | Principal::Service(_) | Principal::WebIdentity(_)) | None => None,
    };
    let resource = user.as_ref().map_or_else(|| "*".to_owned(), |user| user.arn().to_string());
    call.authorize(resource).await.map_err(|wrong| untold(call, &id, wrong))?;
    // The operation declares no fault: a key that is not there is a wrong input.
    found.ok_or_else(|| Refusal::invalid(format!("The Access Key with id {id} cannot be found.")))?;
    let last = call.ports.access_keys.last_use(&id).await?;
    let never = || "N/A".to_owned();
    Ok(shape::GetAccessKeyLastUsedResponse {
        access_key_last_used: Some(shape::AccessKeyLastUsed {
            last_used_date: last.as_ref().map(|last| iso(last.at)),
            region: last.as_ref().map_or_else(never, |last| last.region.to_string()),
            service_name: last.map_or_else(never, |last| last.service),
        }),
        user_name: user.map(|user| user.name.to_string()),
    })
}

/// A denial that names the key, as AWS's does, and not whose it is: nobody learns so which keys there are.
fn untold(call: &Call<'_>, id: &str, wrong: Wrong) -> Wrong {
    match wrong {
        Wrong::Refused(Refusal { kind: RefusalKind::Denied, .. }) => {
            let caller = call.caller.arn();
            let words = format!(
                "User: {caller} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key {id} because no identity-based \
                 policy allows the iam:GetAccessKeyLastUsed action"
            );
            Refusal::new(RefusalKind::Denied, words).into()
        }
        other => other,
    }
}
