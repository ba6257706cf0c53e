//! From a target to an answer: authenticate, then the one function that the operation is.
//! Never writes a response. Source of truth: the App Runner API reference for the order.

use crate::{
    apprunner,
    authenticate::{authenticate, check_region},
    call::Call,
    codec::{Protocol, json, query},
    door::Door,
    ecr,
    fault::{Common, Fault, Wrong},
    outrunner, sts,
    target::{Offered, Target},
};
use bytes::Bytes;
use http::request::Parts;
use model::{caller::Caller, trouble::Retry};
use serde::Serialize;

/// What came of a call.
pub struct Answered {
    /// Who called, where that is proven.
    pub caller: Option<Caller>,
    /// The body of the answer, or the fault.
    pub outcome: Result<Bytes, Fault>,
}

impl Answered {
    /// A fault for nobody in particular.
    pub const fn fault(fault: Fault) -> Self {
        Self { caller: None, outcome: Err(fault) }
    }
}

/// Answers one request.
pub async fn answer(door: &Door, target: &Target, parts: &Parts, body: &Bytes, request_id: &str) -> Answered {
    let protocol = target.voice.protocol;
    // Before authentication, as on AWS: without an operation nobody knows which service must have been signed for.
    let Some(offered) = target.offered else {
        let words = if target.name.is_empty() {
            "The request names no operation.".to_owned()
        } else {
            format!("The operation {} is not available in this version of Outrunner.", target.name)
        };
        return Answered::fault(Common::UnknownOperation(words).fault(protocol));
    };
    let ports = &door.ports;
    let caller = authenticate(&*ports.access_keys, &*ports.clock, offered.api(), (parts, body), request_id).await;
    let caller = match caller {
        Ok(caller) => caller,
        Err(wrong) => return Answered::fault(told(&wrong, offered, protocol, request_id)),
    };
    let call = Call { ports, settings: &door.settings, page_key: &door.page_key, caller: &caller, offered, body };
    let outcome = match check_region(&caller, offered.api(), &door.settings.regions) {
        Ok(()) => perform(&call, door).await,
        Err(refusal) => Err(refusal.into()),
    };
    let outcome = outcome.map_err(|wrong| told(&wrong, offered, protocol, request_id));
    Answered { caller: Some(caller), outcome }
}

/// The fault of a call; what is ours is written to the log, chain and all.
fn told(wrong: &Wrong, offered: Offered, protocol: Protocol, request_id: &str) -> Fault {
    if let Wrong::Trouble(trouble) = wrong {
        let (operation, error) = (offered.operation().name, trouble.chain());
        match trouble.retry() {
            Retry::Worthwhile => {
                tracing::warn!(request.id = request_id, operation, error, "a call failed on our side, and may succeed later")
            }
            Retry::Pointless => tracing::error!(request.id = request_id, operation, error, "a call failed on our side"),
        }
    }
    wrong.fault(offered.operation(), protocol)
}

async fn perform(call: &Call<'_>, door: &Door) -> Result<Bytes, Wrong> {
    Ok(match call.offered {
        Offered::CreateService => encode(call, &apprunner::create_service::answer(call).await?),
        Offered::DescribeService => encode(call, &apprunner::describe_service::answer(call).await?),
        Offered::ListServices => encode(call, &apprunner::list_services::answer(call).await?),
        Offered::ListOperations => encode(call, &apprunner::list_operations::answer(call).await?),
        Offered::DeleteService => encode(call, &apprunner::delete_service::answer(call).await?),
        Offered::ListTagsForResource => encode(call, &apprunner::list_tags_for_resource::answer(call).await?),
        Offered::CreateRepository => encode(call, &ecr::create_repository::answer(call).await?),
        Offered::DescribeRepositories => encode(call, &ecr::describe_repositories::answer(call).await?),
        Offered::DeleteRepository => encode(call, &ecr::delete_repository::answer(call).await?),
        Offered::ListImages => encode(call, &ecr::list_images::answer(call).await?),
        Offered::DescribeImages => encode(call, &ecr::describe_images::answer(call).await?),
        Offered::BatchGetImage => encode(call, &ecr::batch_get_image::answer(call).await?),
        Offered::BatchDeleteImage => encode(call, &ecr::batch_delete_image::answer(call).await?),
        Offered::PutImageTagMutability => encode(call, &ecr::put_image_tag_mutability::answer(call).await?),
        Offered::ListRepositoryTags => encode(call, &ecr::list_tags_for_resource::answer(call).await?),
        Offered::TagRepository => encode(call, &ecr::tag_resource::answer(call).await?),
        Offered::UntagRepository => encode(call, &ecr::untag_resource::answer(call).await?),
        Offered::GetAuthorizationToken => encode(call, &ecr::get_authorization_token::answer(call).await?),
        Offered::GetCallerIdentity => encode(call, &sts::get_caller_identity::answer(call)),
        Offered::ListEvents => encode(call, &outrunner::list_events::answer(call).await?),
        Offered::FollowLogs => encode(call, &outrunner::follow_logs::answer(call, &door.followers).await?),
    })
}

fn encode(call: &Call<'_>, output: &impl Serialize) -> Bytes {
    let voice = call.offered.api().voice();
    let body = match voice.protocol {
        Protocol::Json10 | Protocol::Json11 => json::encode(output),
        Protocol::Query => query::encode(call.offered.operation().name, voice.namespace, output, &call.caller.request_id),
    };
    Bytes::from(body)
}
