//! A tour with the AWS SDK for Rust as it ships, with its own retries, paginators and waiters: `tour IMAGE NAME` makes every call of App Runner and prints what it saw as JSON,
//! `tour quota NAME` makes connections until a quota is reached.
//! An answer that the SDK cannot parse, or a fault that it does not know as the type that is looked for, ends it. Never part of the product. The endpoint and the keys come from the environment.
//! Source of truth: the SDK's documentation.

mod networks;
mod records;
mod services;

use aws_sdk_apprunner::{Client, types::ServiceStatus};
use aws_sdk_iam::client::Waiters as _;
use serde_json::{Value, json};
use std::{error::Error, time::Duration};

/// How long the SDK's own waiter looks for a role.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// How often what moves is looked at until it rests, at 100 ms each.
const REST_TURNS: u32 = 600;
const TURN: Duration = Duration::from_millis(100);
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"build.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

type Answer<T> = Result<T, Box<dyn Error>>;

/// What an answer must carry and the SDK's types leave open.
trait There<T> {
    fn there(self, what: &str) -> Answer<T>;
}

impl<T> There<T> for Option<T> {
    fn there(self, what: &str) -> Answer<T> {
        self.ok_or_else(|| format!("no {what} in the answer").into())
    }
}

async fn rests(client: &Client, arn: &str) -> Answer<ServiceStatus> {
    for _ in 0..REST_TURNS {
        let status = client.describe_service().service_arn(arn).send().await?.service.there("service")?.status;
        if status != ServiceStatus::OperationInProgress {
            return Ok(status);
        }
        tokio::time::sleep(TURN).await;
    }
    Err(format!("{arn} does not come to rest").into())
}

/// The waiter of roles, which App Runner has none of.
async fn role(iam: &aws_sdk_iam::Client, name: &str) -> Answer<bool> {
    iam.create_role().role_name(name).assume_role_policy_document(TRUST).send().await?;
    let is_there = iam.wait_until_role_exists().role_name(name).wait(WAIT_MAX).await.is_ok();
    iam.delete_role().role_name(name).send().await?;
    Ok(is_there)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Answer<()> {
    let mut words = std::env::args().skip(1);
    let (image, name) = words.next().zip(words.next()).ok_or("tour IMAGE NAME, or tour quota NAME")?;
    let settings = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
    let client = Client::new(&settings);
    if image == "quota" {
        println!("{}", records::quota(&client, &name).await?);
        return Ok(());
    }
    let account = aws_sdk_sts::Client::new(&settings).get_caller_identity().send().await?.account;
    let mut seen = json!({ "version": aws_sdk_apprunner::meta::PKG_VERSION, "account": account });
    let mut add = |more: Value| {
        for (name, value) in more.as_object().expect("each part answers an object") {
            seen[name] = value.clone();
        }
    };

    let (arn, created) = services::created(&client, &image, &name).await?;
    add(created);
    add(json!({ "role": role(&aws_sdk_iam::Client::new(&settings), &format!("{name}-rust")).await? }));
    add(records::scaling(&client, &arn, &name).await?);
    add(records::tracing(&client, &name).await?);
    add(records::connections(&client, &name).await?);
    add(records::tags(&client, &arn).await?);
    add(networks::connectors(&client, &name).await?);
    add(networks::domains(&client, &arn, &name).await?);
    add(services::changed(&client, &arn).await?);
    add(services::refused(&client, &arn, &image, &name).await?);
    add(networks::ingress(&client, &arn, &name).await?);
    add(services::deleted(&client, &arn).await?);
    println!("{seen}");
    Ok(())
}
