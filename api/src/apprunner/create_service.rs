//! CreateService: parse, authorize, wish, render.
//! Never decides whether the service may begin. Source of truth: the App Runner API reference.

use super::{
    auto_scaling_configuration, health_check_configuration, instance_role, named_resource, network_configuration, service,
    service_observability, source, source_configuration, tagged_resource::authorize_options, tags,
};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    account::Scope,
    caller::Caller,
    configuration::Configuration,
    health::Health,
    instance_size::InstanceSize,
    network::Network,
    quota::Quota,
    refusal::Refusal,
    scaling_configuration::ScalingConfiguration,
    service_name::ServiceName,
    trouble::Trouble,
    wish::{Accepted, CreateService, PageRequest, Wish},
};

/// Answers CreateService.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateServiceResponse, Wrong> {
    let mut request: shape::CreateServiceRequest = call.input()?;
    let resource = future_arn(call.caller, &request);
    call.authorize(&resource).await?;
    if request.tags.is_some() {
        call.authorize_action("apprunner:TagResource", &resource).await?;
    }
    let scaling = request.auto_scaling_configuration_arn.take();
    let mut wish = parse(request, call.caller, &call.settings.registry_hosts)?;
    authorize_options(call, wish.tags.0.keys().map(String::as_str), &resource).await?;
    source::check(call, &mut wish.configuration.source, &resource).await?;
    wish.configuration.network.egress = named_resource::egress(call, wish.configuration.network.egress).await?;
    let named = wish.configuration.observability_configuration.take();
    wish.configuration.observability_configuration = named_resource::observability(call, named).await?;
    wish.configuration.scaling = match scaling {
        Some(arn) => auto_scaling_configuration::resolve(call, &arn).await?,
        None => call.ports.scaling_configurations.default(&call.caller.scope).await?,
    };
    instance_role::check(call, wish.configuration.instance_role.as_ref(), &resource).await?;
    call.quota(Quota::Services, services(call)).await?;
    let Accepted { view, operation } = call.ports.desk.begin(call.caller, Wish::Create(wish)).await??;
    let operation =
        operation.ok_or_else(|| Trouble::lasting("creating a service", "the desk accepted it and began no operation"))?;
    Ok(shape::CreateServiceResponse { service: service::render(call, &view).await, operation_id: operation.to_string() })
}

/// How many services the caller's account has in this region; deleted ones do not count.
async fn services(call: &Call<'_>) -> Result<usize, Wrong> {
    let all = PageRequest { after: None, items_max: None };
    Ok(call.ports.desk.list(call.caller, &all).await?.items.len())
}

/// The ARN as far as it is known: the id is drawn later.
fn future_arn(caller: &Caller, request: &shape::CreateServiceRequest) -> String {
    let Scope { account, region } = &caller.scope;
    let name = request.service_name.as_deref().unwrap_or_default();
    format!("arn:aws:apprunner:{region}:{account}:service/{name}/*")
}

fn parse(request: shape::CreateServiceRequest, caller: &Caller, registry_hosts: &[String]) -> Result<CreateService, Refusal> {
    if request.encryption_configuration.is_some() {
        return Err(Refusal::invalid("Not available in this version of Outrunner: EncryptionConfiguration.KmsKey."));
    }
    let shape::CreateServiceRequest {
        service_name,
        source_configuration,
        instance_configuration,
        tags,
        encryption_configuration: _, // refused above
        health_check_configuration,
        auto_scaling_configuration_arn: _, // taken above: finding it is a question
        network_configuration,
        observability_configuration,
    } = request;
    let (observability_enabled, observability_configuration) = service_observability::parse(observability_configuration)?;
    let source = source_configuration.expect("validation refuses a call without a required member");
    let shape::InstanceConfiguration { cpu, memory, instance_role_arn } = instance_configuration.unwrap_or_default();
    let tags = tags::parse(tags)?;
    tags.service_options()?;
    let configuration = Configuration {
        source: source_configuration::parse(source, caller, registry_hosts)?,
        size: InstanceSize::parse(cpu.as_deref(), memory.as_deref(), InstanceSize::default())?,
        health: health_check_configuration::parse(health_check_configuration.unwrap_or_default())?.applied_to(&Health::default()),
        scaling: ScalingConfiguration::default(),
        observability_enabled,
        observability_configuration,
        network: network_configuration::parse(network_configuration.unwrap_or_default())?.applied_to(&Network::default()),
        instance_role: instance_role::parse(instance_role_arn.as_deref())?,
    };
    configuration.refuse_secrets_without_role()?;
    let name = ServiceName::parse(&service_name.expect("validation refuses a call without a required member"))?;
    Ok(CreateService { name, configuration, tags })
}
