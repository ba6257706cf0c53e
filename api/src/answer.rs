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
    iam::{self, IamOperation},
    logs, outrunner, sts,
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
    let caller = authenticate(ports, &door.sessions, offered.api(), (parts, body), request_id).await;
    let caller = match caller {
        Ok(caller) => caller,
        Err(wrong) => return Answered::fault(told(&wrong, offered, protocol, request_id)),
    };
    let Door { settings, page_key, sessions, .. } = door;
    let call = Call { ports, settings, page_key, sessions, caller: &caller, offered, body };
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
        let (call, cause) = (offered.operation().name, trouble.chain());
        match trouble.retry() {
            Retry::Worthwhile => {
                tracing::warn!(request_id, call, cause, "a call failed on our side, and may succeed later")
            }
            Retry::Pointless => tracing::error!(request_id, call, cause, "a call failed on our side"),
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
        Offered::CreateAutoScalingConfiguration => encode(call, &apprunner::create_auto_scaling_configuration::answer(call).await?),
        Offered::DeleteAutoScalingConfiguration => encode(call, &apprunner::delete_auto_scaling_configuration::answer(call).await?),
        Offered::DescribeAutoScalingConfiguration => {
            encode(call, &apprunner::describe_auto_scaling_configuration::answer(call).await?)
        }
        Offered::ListAutoScalingConfigurations => encode(call, &apprunner::list_auto_scaling_configurations::answer(call).await?),
        Offered::ListServicesForAutoScalingConfiguration => {
            encode(call, &apprunner::list_services_for_auto_scaling_configuration::answer(call).await?)
        }
        Offered::PauseService => encode(call, &apprunner::pause_service::answer(call).await?),
        Offered::ResumeService => encode(call, &apprunner::resume_service::answer(call).await?),
        Offered::StartDeployment => encode(call, &apprunner::start_deployment::answer(call).await?),
        Offered::TagResource => encode(call, &apprunner::tag_resource::answer(call).await?),
        Offered::UntagResource => encode(call, &apprunner::untag_resource::answer(call).await?),
        Offered::UpdateService => encode(call, &apprunner::update_service::answer(call).await?),
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
        Offered::CreateLogGroup => encode(call, &logs::create_log_group::answer(call).await?),
        Offered::CreateLogStream => encode(call, &logs::create_log_stream::answer(call).await?),
        Offered::DeleteLogGroup => encode(call, &logs::delete_log_group::answer(call).await?),
        Offered::DeleteLogStream => encode(call, &logs::delete_log_stream::answer(call).await?),
        Offered::DeleteRetentionPolicy => encode(call, &logs::delete_retention_policy::answer(call).await?),
        Offered::DescribeLogGroups => encode(call, &logs::describe_log_groups::answer(call).await?),
        Offered::DescribeLogStreams => encode(call, &logs::describe_log_streams::answer(call).await?),
        Offered::FilterLogEvents => encode(call, &logs::filter_log_events::answer(call).await?),
        Offered::GetLogEvents => encode(call, &logs::get_log_events::answer(call).await?),
        Offered::ListLogTags => encode(call, &logs::list_tags_for_resource::answer(call).await?),
        Offered::PutLogEvents => encode(call, &logs::put_log_events::answer(call).await?),
        Offered::PutRetentionPolicy => encode(call, &logs::put_retention_policy::answer(call).await?),
        Offered::SetRepositoryPolicy => encode(call, &ecr::set_repository_policy::answer(call).await?),
        Offered::GetRepositoryPolicy => encode(call, &ecr::get_repository_policy::answer(call).await?),
        Offered::DeleteRepositoryPolicy => encode(call, &ecr::delete_repository_policy::answer(call).await?),
        Offered::Iam(operation) => perform_iam(call, operation).await?,
        Offered::AssumeRole => encode(call, &sts::assume_role::answer(call).await?),
        Offered::GetCallerIdentity => encode(call, &sts::get_caller_identity::answer(call)),
        Offered::ListEvents => encode(call, &outrunner::list_events::answer(call).await?),
        Offered::FollowLogs => encode(call, &outrunner::follow_logs::answer(call, &door.followers).await?),
    })
}

async fn perform_iam(call: &Call<'_>, operation: IamOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        IamOperation::AttachRolePolicy => encode(call, &iam::attach_role_policy::answer(call).await?),
        IamOperation::CreateRole => encode(call, &iam::create_role::answer(call).await?),
        IamOperation::DeleteRole => encode(call, &iam::delete_role::answer(call).await?),
        IamOperation::DeleteRolePolicy => encode(call, &iam::delete_role_policy::answer(call).await?),
        IamOperation::DetachRolePolicy => encode(call, &iam::detach_role_policy::answer(call).await?),
        IamOperation::GetPolicy => encode(call, &iam::get_policy::answer(call).await?),
        IamOperation::GetPolicyVersion => encode(call, &iam::get_policy_version::answer(call).await?),
        IamOperation::GetRole => encode(call, &iam::get_role::answer(call).await?),
        IamOperation::GetRolePolicy => encode(call, &iam::get_role_policy::answer(call).await?),
        IamOperation::ListAttachedRolePolicies => encode(call, &iam::list_attached_role_policies::answer(call).await?),
        IamOperation::ListInstanceProfilesForRole => encode(call, &iam::list_instance_profiles_for_role::answer(call).await?),
        IamOperation::ListPolicies => encode(call, &iam::list_policies::answer(call).await?),
        IamOperation::ListPolicyVersions => encode(call, &iam::list_policy_versions::answer(call).await?),
        IamOperation::ListRolePolicies => encode(call, &iam::list_role_policies::answer(call).await?),
        IamOperation::ListRoleTags => encode(call, &iam::list_role_tags::answer(call).await?),
        IamOperation::ListRoles => encode(call, &iam::list_roles::answer(call).await?),
        IamOperation::PutRolePolicy => encode(call, &iam::put_role_policy::answer(call).await?),
        IamOperation::TagRole => encode(call, &iam::tag_role::answer(call).await?),
        IamOperation::UntagRole => encode(call, &iam::untag_role::answer(call).await?),
        IamOperation::UpdateAssumeRolePolicy => encode(call, &iam::update_assume_role_policy::answer(call).await?),
        IamOperation::UpdateRole => encode(call, &iam::update_role::answer(call).await?),
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
