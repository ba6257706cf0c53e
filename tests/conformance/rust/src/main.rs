//! A tour with the AWS SDK for Rust as it ships, with its own retries, paginators and waiters: `tour IMAGE NAME` prints what it saw as JSON.
//! Never part of the product. The endpoint and the keys come from the environment.
//! Source of truth: the SDK's documentation.

use aws_sdk_apprunner::{
    Client,
    types::{ImageConfiguration, ImageRepository, ImageRepositoryType, ServiceStatus, SourceConfiguration},
};
use aws_sdk_iam::client::Waiters as _;
use std::{error::Error, time::Duration};

/// How long the SDK's own waiter looks for a role.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// How often a service is looked at until it rests, at 100 ms each.
const REST_TURNS: u32 = 600;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"build.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

async fn rests(client: &Client, arn: &str) -> Result<ServiceStatus, Box<dyn Error>> {
    for _ in 0..REST_TURNS {
        let service = client.describe_service().service_arn(arn).send().await?.service;
        let status = service.ok_or("no service in the answer")?.status;
        if status != ServiceStatus::OperationInProgress {
            return Ok(status);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(format!("{arn} does not come to rest").into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (image, name) = words.next().zip(words.next()).ok_or("tour IMAGE NAME")?;
    let settings = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
    let client = Client::new(&settings);
    let account = aws_sdk_sts::Client::new(&settings).get_caller_identity().send().await?.account;

    let configuration = ImageConfiguration::builder().port("8080").runtime_environment_variables("A", "ä").build();
    let repository = ImageRepository::builder()
        .image_identifier(&image)
        .image_repository_type(ImageRepositoryType::Ecr)
        .image_configuration(configuration)
        .build()?;
    let source = SourceConfiguration::builder().image_repository(repository).build();
    let created = client.create_service().service_name(&name).source_configuration(source).send().await?;
    let created = created.service.ok_or("no service in the answer")?;
    let arn = created.service_arn;
    let rested = rests(&client, &arn).await?;

    let scaling = format!("{name}-rust");
    for size in 1..=3 {
        client.create_auto_scaling_configuration().auto_scaling_configuration_name(&scaling).max_size(size).send().await?;
    }
    let mut revisions = Vec::new();
    let listing = client.list_auto_scaling_configurations().auto_scaling_configuration_name(&scaling).latest_only(false);
    let mut pages = listing.into_paginator().page_size(1).send();
    while let Some(page) = pages.next().await {
        revisions.extend(page?.auto_scaling_configuration_summary_list.iter().map(|one| one.auto_scaling_configuration_revision));
    }
    revisions.sort_unstable();

    let absent = format!("{}{}", &arn[..arn.len() - 32], "0".repeat(32));
    let absent = client.describe_service().service_arn(absent).send().await;
    let absent = absent.is_err_and(|error| error.into_service_error().is_resource_not_found_exception());
    let iam = aws_sdk_iam::Client::new(&settings);
    iam.create_role().role_name(&scaling).assume_role_policy_document(TRUST).send().await?;
    let role = iam.wait_until_role_exists().role_name(&scaling).wait(WAIT_MAX).await.is_ok();
    iam.delete_role().role_name(&scaling).send().await?;
    client.delete_service().service_arn(&arn).send().await?;
    let ends = rests(&client, &arn).await?;
    let seen = serde_json::json!({
        "version": aws_sdk_apprunner::meta::PKG_VERSION, "account": account, "began": created.status.as_str(), "rests": rested.as_str(), "revisions": revisions, "absent": absent, "role": role,
        "ends": ends.as_str(),
    });
    println!("{seen}");
    Ok(())
}
