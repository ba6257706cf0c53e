//! UpdateService: parse, authorize, wish, render. What is left out keeps its value.
//! Never decides whether the service may begin. Source of truth: the App Runner API reference, "merging".

use super::{
    access_role, auto_scaling_configuration, health_check_configuration, instance_role, named_resource, network_configuration,
    service, service_arn, service_observability, source_configuration,
};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    arn::ServiceArn,
    refusal::Refusal,
    trouble::Trouble,
    wish::{Accepted, UpdateService, Wish},
};

/// Answers UpdateService.
pub async fn answer(call: &Call<'_>) -> Result<shape::UpdateServiceResponse, Wrong> {
    let mut request: shape::UpdateServiceRequest = call.input()?;
    let arn = service_arn::parse(request.service_arn.take())?;
    call.authorize(arn.to_string()).await?;
    let scaling = request.auto_scaling_configuration_arn.take();
    let mut wish = parse(request, arn, call)?;
    let role = wish.source.as_ref().and_then(|source| source.access_role.as_ref()).and_then(Option::as_ref);
    access_role::check(call, role, &wish.arn.to_string()).await?;
    instance_role::check(call, wish.instance_role.as_ref(), &wish.arn.to_string()).await?;
    if let Some(change) = &mut wish.source {
        access_role::check_change(call, &wish.arn, change).await?;
        if let Some(named) = change.connection.take() {
            change.connection = Some(named_resource::connection(call, named).await?);
        }
    }
    if let Some(network) = &mut wish.network
        && let Some(egress) = network.egress.take()
    {
        network.egress = Some(named_resource::egress(call, egress).await?);
    }
    let named = wish.observability_configuration.take();
    wish.observability_configuration = named_resource::observability(call, named).await?;
    wish.scaling = match scaling {
        Some(arn) => Some(auto_scaling_configuration::resolve(call, &arn).await?),
        None => auto_scaling_configuration::renewed(call, &wish.arn).await?,
    };
    let Accepted { view, operation } = call.ports.desk.begin(call.caller, Wish::Update(wish)).await??;
    let operation =
        operation.ok_or_else(|| Trouble::lasting("updating a service", "the desk accepted it and began no operation"))?;
    Ok(shape::UpdateServiceResponse { service: service::render(call, &view).await, operation_id: operation.to_string() })
}

fn parse(request: shape::UpdateServiceRequest, arn: ServiceArn, call: &Call<'_>) -> Result<UpdateService, Refusal> {
    let shape::UpdateServiceRequest {
        service_arn: _,                    // taken above: it is what the call is authorized on
        auto_scaling_configuration_arn: _, // taken above: finding it is a question
        source_configuration,
        instance_configuration,
        health_check_configuration,
        network_configuration,
        observability_configuration,
    } = request;
    let (observability_enabled, observability_configuration) = service_observability::parse(observability_configuration)?;
    let shape::InstanceConfiguration { cpu, memory, instance_role_arn } = instance_configuration.unwrap_or_default();
    let source = source_configuration
        .map(|source| source_configuration::parse_change(source, call.caller, &call.settings.registry_hosts))
        .transpose()?;
    Ok(UpdateService {
        source,
        cpu,
        memory,
        health: health_check_configuration.map(health_check_configuration::parse).transpose()?,
        observability_enabled,
        observability_configuration,
        network: network_configuration.map(network_configuration::parse).transpose()?,
        instance_role: instance_role::parse(instance_role_arn.as_deref())?,
        ..UpdateService::of(arn)
    })
}
