//! The structures `Service` and `ServiceSummary`.
//! Never stores a status: it is computed by the noun. Source of truth: the App Runner API reference, `Service`, and
//! what stock clients compare.

use super::{auto_scaling_configuration, health_check_configuration, network_configuration, source_configuration};
use crate::shape::apprunner as shape;
use model::{
    configuration::Configuration,
    instance_size::InstanceSize,
    role::RoleArn,
    service::{Service, ServiceStatus},
    wish::ServiceView,
};

/// Writes a service.
pub fn render(view: &ServiceView) -> shape::Service {
    let ServiceView { service, url } = view;
    let Configuration { source, size, health, scaling, observability_enabled, instance_role } = &service.configuration;
    shape::Service {
        service_name: service.name.to_string(),
        service_id: service.id.to_string(),
        service_arn: service.arn().to_string(),
        service_url: Some(url.clone()),
        created_at: service.created_at.seconds(),
        updated_at: service.updated_at.seconds(),
        deleted_at: service.deleted_at().map(model::time::Timestamp::seconds),
        status: status(service).to_owned(),
        source_configuration: source_configuration::render(source),
        instance_configuration: instance(size, instance_role.as_ref()),
        encryption_configuration: None,
        health_check_configuration: Some(health_check_configuration::render(health)),
        auto_scaling_configuration_summary: auto_scaling_configuration::of_service(scaling, &service.scope),
        network_configuration: network_configuration::render(),
        observability_configuration: observability_enabled.map(observability),
    }
}

/// Writes what a list says of a service.
pub fn summary(view: &ServiceView) -> shape::ServiceSummary {
    let ServiceView { service, url } = view;
    shape::ServiceSummary {
        service_name: Some(service.name.to_string()),
        service_id: Some(service.id.to_string()),
        service_arn: Some(service.arn().to_string()),
        service_url: Some(url.clone()),
        created_at: Some(service.created_at.seconds()),
        updated_at: Some(service.updated_at.seconds()),
        status: Some(status(service).to_owned()),
    }
}

/// Plain numbers in texts, whatever form was sent. Source: App Runner API reference.
fn instance(size: &InstanceSize, role: Option<&RoleArn>) -> shape::InstanceConfiguration {
    let InstanceSize { cpu_units, memory_mib } = size;
    shape::InstanceConfiguration {
        cpu: Some(cpu_units.to_string()),
        memory: Some(memory_mib.to_string()),
        instance_role_arn: role.map(RoleArn::to_string),
    }
}

/// As it was supplied: absent stays absent. There is no ARN beside it while it cannot be enabled.
fn observability(enabled: bool) -> shape::ServiceObservabilityConfiguration {
    shape::ServiceObservabilityConfiguration { observability_configuration_arn: None, observability_enabled: Some(enabled) }
}

fn status(service: &Service) -> &'static str {
    match service.status() {
        ServiceStatus::OperationInProgress => "OPERATION_IN_PROGRESS",
        ServiceStatus::Running => "RUNNING",
        ServiceStatus::Paused => "PAUSED",
        ServiceStatus::CreateFailed => "CREATE_FAILED",
        ServiceStatus::DeleteFailed => "DELETE_FAILED",
        ServiceStatus::Deleted => "DELETED",
    }
}
