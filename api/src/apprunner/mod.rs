//! App Runner: one file for each operation (parse, ask, render) and one for each structure they share.
//! Never decides what may begin: that is asked of the desk. Source of truth: the App Runner API reference.

pub mod associate_custom_domain;
pub mod create_auto_scaling_configuration;
pub mod create_connection;
pub mod create_observability_configuration;
pub mod create_service;
pub mod create_vpc_connector;
pub mod create_vpc_ingress_connection;
pub mod delete_auto_scaling_configuration;
pub mod delete_connection;
pub mod delete_observability_configuration;
pub mod delete_service;
pub mod delete_vpc_connector;
pub mod delete_vpc_ingress_connection;
pub mod describe_auto_scaling_configuration;
pub mod describe_custom_domains;
pub mod describe_observability_configuration;
pub mod describe_service;
pub mod describe_vpc_connector;
pub mod describe_vpc_ingress_connection;
pub mod disassociate_custom_domain;
pub mod list_auto_scaling_configurations;
pub mod list_connections;
pub mod list_observability_configurations;
pub mod list_operations;
pub mod list_services;
pub mod list_services_for_auto_scaling_configuration;
pub mod list_tags_for_resource;
pub mod list_vpc_connectors;
pub mod list_vpc_ingress_connections;
pub mod pause_service;
pub mod resume_service;
pub mod start_deployment;
pub mod tag_resource;
pub mod untag_resource;
pub mod update_default_auto_scaling_configuration;
pub mod update_service;
pub mod update_vpc_ingress_connection;

mod access_role;
mod auto_scaling_configuration;
mod code_repository;
mod connection;
mod custom_domain;
mod health_check_configuration;
mod instance_role;
mod named_resource;
mod network_configuration;
mod observability_configuration;
mod record;
pub mod service;
pub mod service_arn;
mod service_observability;
pub mod source;
mod source_configuration;
mod tagged_resource;
mod tags;
mod vpc_connector;
mod vpc_ingress_connection;

pub use record::Kept;

use crate::{answer::encode, call::Call, fault::Wrong, shape::apprunner::AppRunnerOperation};
use bytes::Bytes;

/// Answers an operation of App Runner.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: AppRunnerOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        AppRunnerOperation::AssociateCustomDomain => encode(call, &associate_custom_domain::answer(call).await?),
        AppRunnerOperation::CreateAutoScalingConfiguration => encode(call, &create_auto_scaling_configuration::answer(call).await?),
        AppRunnerOperation::CreateConnection => encode(call, &create_connection::answer(call).await?),
        AppRunnerOperation::CreateObservabilityConfiguration => {
            encode(call, &create_observability_configuration::answer(call).await?)
        }
        AppRunnerOperation::CreateService => encode(call, &create_service::answer(call).await?),
        AppRunnerOperation::CreateVpcConnector => encode(call, &create_vpc_connector::answer(call).await?),
        AppRunnerOperation::CreateVpcIngressConnection => encode(call, &create_vpc_ingress_connection::answer(call).await?),
        AppRunnerOperation::DeleteAutoScalingConfiguration => encode(call, &delete_auto_scaling_configuration::answer(call).await?),
        AppRunnerOperation::DeleteConnection => encode(call, &delete_connection::answer(call).await?),
        AppRunnerOperation::DeleteObservabilityConfiguration => {
            encode(call, &delete_observability_configuration::answer(call).await?)
        }
        AppRunnerOperation::DeleteService => encode(call, &delete_service::answer(call).await?),
        AppRunnerOperation::DeleteVpcConnector => encode(call, &delete_vpc_connector::answer(call).await?),
        AppRunnerOperation::DeleteVpcIngressConnection => encode(call, &delete_vpc_ingress_connection::answer(call).await?),
        AppRunnerOperation::DescribeAutoScalingConfiguration => {
            encode(call, &describe_auto_scaling_configuration::answer(call).await?)
        }
        AppRunnerOperation::DescribeCustomDomains => encode(call, &describe_custom_domains::answer(call).await?),
        AppRunnerOperation::DescribeObservabilityConfiguration => {
            encode(call, &describe_observability_configuration::answer(call).await?)
        }
        AppRunnerOperation::DescribeService => encode(call, &describe_service::answer(call).await?),
        AppRunnerOperation::DescribeVpcConnector => encode(call, &describe_vpc_connector::answer(call).await?),
        AppRunnerOperation::DescribeVpcIngressConnection => encode(call, &describe_vpc_ingress_connection::answer(call).await?),
        AppRunnerOperation::DisassociateCustomDomain => encode(call, &disassociate_custom_domain::answer(call).await?),
        AppRunnerOperation::ListAutoScalingConfigurations => encode(call, &list_auto_scaling_configurations::answer(call).await?),
        AppRunnerOperation::ListConnections => encode(call, &list_connections::answer(call).await?),
        AppRunnerOperation::ListObservabilityConfigurations => {
            encode(call, &list_observability_configurations::answer(call).await?)
        }
        AppRunnerOperation::ListOperations => encode(call, &list_operations::answer(call).await?),
        AppRunnerOperation::ListServices => encode(call, &list_services::answer(call).await?),
        AppRunnerOperation::ListServicesForAutoScalingConfiguration => {
            encode(call, &list_services_for_auto_scaling_configuration::answer(call).await?)
        }
        AppRunnerOperation::ListTagsForResource => encode(call, &list_tags_for_resource::answer(call).await?),
        AppRunnerOperation::ListVpcConnectors => encode(call, &list_vpc_connectors::answer(call).await?),
        AppRunnerOperation::ListVpcIngressConnections => encode(call, &list_vpc_ingress_connections::answer(call).await?),
        AppRunnerOperation::PauseService => encode(call, &pause_service::answer(call).await?),
        AppRunnerOperation::ResumeService => encode(call, &resume_service::answer(call).await?),
        AppRunnerOperation::StartDeployment => encode(call, &start_deployment::answer(call).await?),
        AppRunnerOperation::TagResource => encode(call, &tag_resource::answer(call).await?),
        AppRunnerOperation::UntagResource => encode(call, &untag_resource::answer(call).await?),
        AppRunnerOperation::UpdateDefaultAutoScalingConfiguration => {
            encode(call, &update_default_auto_scaling_configuration::answer(call).await?)
        }
        AppRunnerOperation::UpdateService => encode(call, &update_service::answer(call).await?),
        AppRunnerOperation::UpdateVpcIngressConnection => encode(call, &update_vpc_ingress_connection::answer(call).await?),
    })
}
