//! The structures `Service` and `ServiceSummary`.
//! Never stores a status: it is computed by the noun. Source of truth: the App Runner API reference, `Service`, and
//! what stock clients compare.

use super::{
    auto_scaling_configuration, health_check_configuration, network_configuration, service_observability, source_configuration,
};
use crate::{call::Call, shape::apprunner as shape};
use model::{
    configuration::Configuration,
    instance_size::InstanceSize,
    role::RoleArn,
    service::{Service, ServiceStatus},
    wish::ServiceView,
};

/// Writes a service. Never fails: what it shows may be committed by now.
pub async fn render(call: &Call<'_>, view: &ServiceView) -> shape::Service {
    let ServiceView { service, url: _, host: _ } = view;
    // Whether its auto scaling configuration is the default is the one thing that is not the service's own; left out where it cannot be told.
    let default = call.ports.scaling_configurations.default(&service.scope).await.ok();
    let is_default = default.map(|default| default.id == service.configuration.scaling.id);
    let configuration = &service.configuration;
    let Configuration {
        source,
        size,
        health,
        scaling,
        network,
        observability_enabled: _,
        observability_configuration: _,
        instance_role,
    } = configuration;
    shape::Service {
        service_name: service.name.to_string(),
        service_id: service.id.to_string(),
        service_arn: service.arn().to_string(),
        service_url: service_url(view),
        created_at: service.created_at.seconds(),
        updated_at: service.updated_at.seconds(),
        deleted_at: service.deleted_at().map(model::time::Timestamp::seconds),
        status: status(service).to_owned(),
        source_configuration: source_configuration::render(source, &service.scope.account),
        instance_configuration: instance(size, instance_role.as_ref()),
        encryption_configuration: None,
        health_check_configuration: Some(health_check_configuration::render(health)),
        auto_scaling_configuration_summary: auto_scaling_configuration::of_service(scaling, &service.scope, is_default),
        network_configuration: network_configuration::render(network),
        observability_configuration: service_observability::render(configuration),
    }
}

/// Writes what a list says of a service.
pub fn summary(view: &ServiceView) -> shape::ServiceSummary {
    let ServiceView { service, url: _, host: _ } = view;
    shape::ServiceSummary {
        service_name: Some(service.name.to_string()),
        service_id: Some(service.id.to_string()),
        service_arn: Some(service.arn().to_string()),
        service_url: service_url(view),
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

/// Absent where nothing answers: Terraform then asks DescribeCustomDomains for the host.
fn service_url(view: &ServiceView) -> Option<String> {
    view.service.configuration.network.is_public().then(|| view.url.clone())
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
