//! App Runner: one file for each operation (parse, ask, render) and one for each structure they share.
//! Never decides what may begin: that is asked of the desk. Source of truth: the App Runner API reference.

pub mod create_auto_scaling_configuration;
pub mod create_service;
pub mod delete_auto_scaling_configuration;
pub mod delete_service;
pub mod describe_auto_scaling_configuration;
pub mod describe_service;
pub mod list_auto_scaling_configurations;
pub mod list_operations;
pub mod list_services;
pub mod list_services_for_auto_scaling_configuration;
pub mod list_tags_for_resource;
pub mod pause_service;
pub mod resume_service;
pub mod start_deployment;
pub mod tag_resource;
pub mod untag_resource;
pub mod update_service;

mod access_role;
mod auto_scaling_configuration;
mod health_check_configuration;
mod instance_role;
mod network_configuration;
pub mod service;
pub mod service_arn;
mod source_configuration;
mod tagged_resource;
mod tags;
mod unavailable;

use crate::{answer::encode, call::Call, fault::Wrong, shape::apprunner::AppRunnerOperation};
use bytes::Bytes;

/// Answers an operation of App Runner.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: AppRunnerOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        AppRunnerOperation::CreateAutoScalingConfiguration => encode(call, &create_auto_scaling_configuration::answer(call).await?),
        AppRunnerOperation::CreateService => encode(call, &create_service::answer(call).await?),
        AppRunnerOperation::DeleteAutoScalingConfiguration => encode(call, &delete_auto_scaling_configuration::answer(call).await?),
        AppRunnerOperation::DeleteService => encode(call, &delete_service::answer(call).await?),
        AppRunnerOperation::DescribeAutoScalingConfiguration => {
            encode(call, &describe_auto_scaling_configuration::answer(call).await?)
        }
        AppRunnerOperation::DescribeService => encode(call, &describe_service::answer(call).await?),
        AppRunnerOperation::ListAutoScalingConfigurations => encode(call, &list_auto_scaling_configurations::answer(call).await?),
        AppRunnerOperation::ListOperations => encode(call, &list_operations::answer(call).await?),
        AppRunnerOperation::ListServices => encode(call, &list_services::answer(call).await?),
        AppRunnerOperation::ListServicesForAutoScalingConfiguration => {
            encode(call, &list_services_for_auto_scaling_configuration::answer(call).await?)
        }
        AppRunnerOperation::ListTagsForResource => encode(call, &list_tags_for_resource::answer(call).await?),
        AppRunnerOperation::PauseService => encode(call, &pause_service::answer(call).await?),
        AppRunnerOperation::ResumeService => encode(call, &resume_service::answer(call).await?),
        AppRunnerOperation::StartDeployment => encode(call, &start_deployment::answer(call).await?),
        AppRunnerOperation::TagResource => encode(call, &tag_resource::answer(call).await?),
        AppRunnerOperation::UntagResource => encode(call, &untag_resource::answer(call).await?),
        AppRunnerOperation::UpdateService => encode(call, &update_service::answer(call).await?),
    })
}
