//! Services: made, deployed, changed, paused, resumed, deleted, and the faults by their types.

use super::{Answer, There as _, rests};
use aws_sdk_apprunner::{
    Client,
    types::{
        HealthCheckConfiguration, HealthCheckProtocol, ImageConfiguration, ImageRepository, ImageRepositoryType,
        InstanceConfiguration, OperationStatus, ServiceStatus, SourceConfiguration, Tag,
    },
};
use serde_json::{Value, json};

/// The SDK takes a time that is missing for the beginning of 1970.
const SOME_TIME_AGO: i64 = 1_700_000_000;

fn source(image: &str) -> Answer<SourceConfiguration> {
    let configuration = ImageConfiguration::builder().port("8080").runtime_environment_variables("A", "ä").build();
    let repository = ImageRepository::builder()
        .image_identifier(image)
        .image_repository_type(ImageRepositoryType::Ecr)
        .image_configuration(configuration)
        .build()?;
    Ok(SourceConfiguration::builder().image_repository(repository).auto_deployments_enabled(false).build())
}

/// The service's ARN, and what was seen of how it was made.
pub async fn created(client: &Client, image: &str, name: &str) -> Answer<(String, Value)> {
    let sizes = InstanceConfiguration::builder().cpu("0.25 vCPU").memory("0.5 GB").build();
    let tag = Tag::builder().key("made-by").value("rust").build();
    let made =
        client.create_service().service_name(name).source_configuration(source(image)?).instance_configuration(sizes).tags(tag);
    let began = made.send().await?.service.there("service")?;
    let arn = began.service_arn;
    let rested = rests(client, &arn).await?;
    let service = client.describe_service().service_arn(&arn).send().await?.service.there("service")?;
    let sizes = service.instance_configuration.there("sizes")?;
    let repository = service.source_configuration.there("source")?.image_repository.there("image")?;
    let variables = repository.image_configuration.there("configuration")?.runtime_environment_variables;
    let health = service.health_check_configuration.there("health check")?;
    let is_listed = all_services(client).await?.contains(&arn);
    let seen = json!({
        "began": began.status.as_str(), "rests": rested.as_str(), "sizes": [sizes.cpu, sizes.memory], "variables": variables,
        "health": health.protocol.there("protocol")?.as_str(), "listed": is_listed, "dates": service.created_at.secs() > SOME_TIME_AGO && service.updated_at >= service.created_at,
    });
    Ok((arn, seen))
}

async fn all_services(client: &Client) -> Answer<Vec<String>> {
    let mut pages = client.list_services().into_paginator().page_size(1).send();
    let mut arns = Vec::new();
    while let Some(page) = pages.next().await {
        arns.extend(page?.service_summary_list.into_iter().filter_map(|one| one.service_arn));
    }
    Ok(arns)
}

/// A deployment, an update, a pause and a resumption, each told by the operation that it began. Ends paused and resumed twice: the second time nothing begins.
pub async fn changed(client: &Client, arn: &str) -> Answer<Value> {
    let mut begun = vec![client.start_deployment().service_arn(arn).send().await?.operation_id];
    rests(client, arn).await?;
    let health = HealthCheckConfiguration::builder().protocol(HealthCheckProtocol::Http).path("/").interval(2).build();
    begun.push(client.update_service().service_arn(arn).health_check_configuration(health).send().await?.operation_id);
    rests(client, arn).await?;
    begun.extend(client.pause_service().service_arn(arn).send().await?.operation_id);
    let paused = rests(client, arn).await?;
    let twice = client.pause_service().service_arn(arn).send().await?;
    // A paused service is not deployed; there is no fault of its own for that.
    let refused = client.start_deployment().service_arn(arn).send().await;
    let refused = refused.is_err_and(|error| error.into_service_error().is_invalid_request_exception());
    begun.extend(client.resume_service().service_arn(arn).send().await?.operation_id);
    rests(client, arn).await?;
    let mut pages = client.list_operations().service_arn(arn).into_paginator().page_size(2).send();
    let mut operations = Vec::new();
    while let Some(page) = pages.next().await {
        operations.extend(page?.operation_summary_list.unwrap_or_default());
    }
    // The newest is first.
    operations.reverse();
    let ours = operations.iter().filter(|one| begun.iter().any(|id| one.id.as_deref() == Some(id)));
    let succeeded = ours.filter(|one| one.status == Some(OperationStatus::Succeeded) && one.ended_at >= one.started_at).count();
    let kinds: Vec<_> = operations.iter().filter_map(|one| one.r#type.as_ref()).map(|kind| kind.as_str()).collect();
    Ok(json!({
        "operations": kinds, "begun": begun.len(), "succeeded": succeeded, "paused": paused.as_str(), "paused_deploys": !refused,
        "twice": [twice.operation_id.is_some().to_string(), twice.service.there("service")?.status.to_string()],
    }))
}

/// Each fault that can be had without waiting, as the SDK's own type.
pub async fn refused(client: &Client, arn: &str, image: &str, name: &str) -> Answer<Value> {
    let absent = format!("{}{}", &arn[..arn.len() - 32], "0".repeat(32));
    let absent = client.describe_service().service_arn(absent).send().await;
    let absent = absent.is_err_and(|error| error.into_service_error().is_resource_not_found_exception());
    let again = client.create_service().service_name(name).source_configuration(source(image)?).send().await;
    let again = again.is_err_and(|error| error.into_service_error().is_invalid_request_exception());
    // Under way until it is deployed: no update begins beside it.
    client.start_deployment().service_arn(arn).send().await?;
    let sizes = InstanceConfiguration::builder().cpu("512").memory("1024").build();
    let busy = client.update_service().service_arn(arn).instance_configuration(sizes).send().await;
    let busy = busy.is_err_and(|error| error.into_service_error().is_invalid_state_exception());
    rests(client, arn).await?;
    Ok(json!({ "absent": absent, "name_in_use": again, "busy": busy }))
}

pub async fn deleted(client: &Client, arn: &str) -> Answer<Value> {
    client.delete_service().service_arn(arn).send().await?;
    let ends = rests(client, arn).await?;
    let is_listed = ends == ServiceStatus::Deleted && all_services(client).await?.iter().any(|one| one == arn);
    Ok(json!({ "ends": ends.as_str(), "listed_after": is_listed }))
}
