//! RollBack: an earlier revision's image and configuration, as a new revision.
//! Source of truth: `outrunner/shape.rs`, and `model::lifecycle` for what may begin.

use super::{operation, shape};
use crate::{
    apprunner::{service_arn, source},
    call::Call,
    fault::Wrong,
};

/// Answers RollBack.
pub async fn answer(call: &Call<'_>) -> Result<shape::OperationResponse, Wrong> {
    let shape::RollBackRequest { service_arn, revision_number } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    let number = revision_number.map(|number| u32::try_from(number).expect("the rule's range is positive"));
    // Looked up in silence: conditions may ask what the revision names.
    let earlier = call.ports.revision_desk.earlier(call.caller, &arn, number).await?;
    if let Ok(found) = &earlier {
        call.told.get_or_init(|| source::facts(&found.configuration, &arn.scope));
    }
    call.authorize(arn.to_string()).await?;
    let mut earlier = earlier?;
    source::check_again(call, &mut earlier.configuration, &arn.to_string()).await?;
    let number = Some(earlier.number);
    Ok(operation(call.ports.revision_desk.roll_back(call.caller, &arn, number).await??))
}
