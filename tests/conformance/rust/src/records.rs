//! Auto scaling and observability configurations, connections, tags: made, described, listed page by page, deleted.

use super::{Answer, There as _};
use aws_sdk_apprunner::{
    Client,
    types::{ProviderType, Tag, TraceConfiguration, TracingVendor},
};
use serde_json::{Value, json};

/// More than any account may have by default.
const CONNECTIONS_TRIED_MAX: usize = 20;

/// Three revisions, found again page by page; one is the default for a moment; which services use one; all deleted.
pub async fn scaling(client: &Client, service: &str, name: &str) -> Answer<Value> {
    let name = format!("{name}-rust");
    let mut arns = Vec::new();
    for size in 1..=3 {
        let made = client.create_auto_scaling_configuration().auto_scaling_configuration_name(&name).max_size(size).send().await?;
        arns.extend(made.auto_scaling_configuration.there("configuration")?.auto_scaling_configuration_arn);
    }
    let listing = client.list_auto_scaling_configurations().auto_scaling_configuration_name(&name).latest_only(false);
    let mut pages = listing.into_paginator().page_size(1).send();
    let (mut revisions, mut turns) = (Vec::new(), 0);
    while let Some(page) = pages.next().await {
        turns += 1;
        revisions.extend(page?.auto_scaling_configuration_summary_list.iter().map(|one| one.auto_scaling_configuration_revision));
    }
    revisions.sort_unstable();
    let newest = arns.last().there("ARN")?;
    let described = client.describe_auto_scaling_configuration().auto_scaling_configuration_arn(newest).send().await?;
    let described = described.auto_scaling_configuration.there("configuration")?;
    let used = client.describe_service().service_arn(service).send().await?.service.there("service")?;
    let used = used.auto_scaling_configuration_summary.there("configuration")?.auto_scaling_configuration_arn.there("ARN")?;
    let mut users = Vec::new();
    let mut pages = client
        .list_services_for_auto_scaling_configuration()
        .auto_scaling_configuration_arn(&used)
        .into_paginator()
        .page_size(1)
        .send();
    while let Some(page) = pages.next().await {
        users.extend(page?.service_arn_list);
    }
    // The default is everybody's: it is put back at once.
    let before = default_of(client).await?;
    let default = client.update_default_auto_scaling_configuration().auto_scaling_configuration_arn(newest).send().await?;
    let default = default.auto_scaling_configuration.there("configuration")?;
    client.update_default_auto_scaling_configuration().auto_scaling_configuration_arn(&before).send().await?;
    let mut statuses = Vec::new();
    for arn in &arns {
        let gone = client.delete_auto_scaling_configuration().auto_scaling_configuration_arn(arn).send().await?;
        statuses.push(gone.auto_scaling_configuration.there("configuration")?.status.there("status")?.to_string());
    }
    Ok(json!({
        "revisions": revisions, "turns": turns >= 3, "max_size": described.max_size, "latest": described.latest, "status": described.status.there("status")?.as_str(),
        "uses": users.iter().any(|one| one == service), "default": default.is_default, "default_is_back": default_of(client).await? == before, "inactive": statuses,
    }))
}

async fn default_of(client: &Client) -> Answer<String> {
    let mut pages = client.list_auto_scaling_configurations().into_paginator().send();
    while let Some(page) = pages.next().await {
        if let Some(found) = page?.auto_scaling_configuration_summary_list.into_iter().find(|one| one.is_default == Some(true)) {
            return found.auto_scaling_configuration_arn.there("ARN");
        }
    }
    Err("no configuration is the default".into())
}

pub async fn tracing(client: &Client, name: &str) -> Answer<Value> {
    let name = format!("{name}-rust");
    let vendor = TraceConfiguration::builder().vendor(TracingVendor::Awsxray).build()?;
    let made = client
        .create_observability_configuration()
        .observability_configuration_name(&name)
        .trace_configuration(vendor)
        .send()
        .await?;
    let made = made.observability_configuration.there("configuration")?;
    let arn = made.observability_configuration_arn.clone().there("ARN")?;
    let described = client.describe_observability_configuration().observability_configuration_arn(&arn).send().await?;
    let mut pages = client.list_observability_configurations().observability_configuration_name(&name).into_paginator().send();
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        listed.extend(
            page?.observability_configuration_summary_list.into_iter().filter_map(|one| one.observability_configuration_arn),
        );
    }
    let gone = client.delete_observability_configuration().observability_configuration_arn(&arn).send().await?;
    let gone = gone.observability_configuration.there("configuration")?;
    Ok(json!({
        "tracing": [
            (described.observability_configuration == Some(made)).to_string(), (listed == [arn]).to_string(), gone.status.there("status")?.to_string(),
        ],
    }))
}

pub async fn connections(client: &Client, name: &str) -> Answer<Value> {
    let made = client.create_connection().connection_name(name).provider_type(ProviderType::Github).send().await?;
    let made = made.connection.there("connection")?;
    let mut pages = client.list_connections().connection_name(name).into_paginator().send();
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        listed.extend(page?.connection_summary_list.into_iter().filter_map(|one| one.connection_arn));
    }
    let arn = made.connection_arn.there("ARN")?;
    let gone = client.delete_connection().connection_arn(&arn).send().await?.connection.there("connection")?;
    Ok(
        json!({ "connection": [made.status.there("status")?.to_string(), (listed == [arn]).to_string(), gone.status.there("status")?.to_string()] }),
    )
}

/// Connections until there may be no more, as the SDK's own type says; then they are deleted.
pub async fn quota(client: &Client, name: &str) -> Answer<Value> {
    let mut arns = Vec::new();
    let mut refused = None;
    while refused.is_none() && arns.len() < CONNECTIONS_TRIED_MAX {
        let made = client
            .create_connection()
            .connection_name(format!("{name}-{}", arns.len()))
            .provider_type(ProviderType::Github)
            .send()
            .await;
        match made {
            Ok(made) => arns.push(made.connection.there("connection")?.connection_arn.there("ARN")?),
            Err(error) => refused = Some(error.into_service_error()),
        }
    }
    for arn in &arns {
        client.delete_connection().connection_arn(arn).send().await?;
    }
    let refused = refused.is_some_and(|error| error.is_service_quota_exceeded_exception());
    Ok(json!({ "made": arns.len(), "quota": refused }))
}

/// The tags that are left when one was added and the first taken away.
pub async fn tags(client: &Client, arn: &str) -> Answer<Value> {
    client.tag_resource().resource_arn(arn).tags(Tag::builder().key("team").value("wéb").build()).send().await?;
    client.untag_resource().resource_arn(arn).tag_keys("made-by").send().await?;
    let left = client.list_tags_for_resource().resource_arn(arn).send().await?.tags.unwrap_or_default();
    Ok(json!({ "tags": left.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect::<Vec<_>>() }))
}
