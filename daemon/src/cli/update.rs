//! `outrunner update NAME`: changes how a service runs; what is not said stays.

use clap::Args;
use serde_json::json;

use super::DataDir;
use super::operation::{OperationArgs, Printed, conclude};
use super::service_settings::{ServiceSettings, image_identifier};
use crate::client::{Client, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct UpdateArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// The service's name or ARN
    name: String,
    /// Another image, named as for deploy
    #[arg(long, value_name = "IMAGE")]
    image: Option<String>,
    #[command(flatten)]
    settings: ServiceSettings,
    /// Take a tag away; may be repeated
    #[arg(long, value_name = "KEY")]
    untag: Vec<String>,
    #[command(flatten)]
    operation: OperationArgs,
}

pub async fn run(args: &UpdateArgs) -> Result<(), Failure> {
    let UpdateArgs { data_dir, name, image, settings, untag, operation } = args;
    let client = Client::of(&data_dir.place()?)?;
    let image = image.as_deref().map(|image| image_identifier(image, client.run())).transpose()?;
    let arn = client.arn_of(name).await?;
    let described = client.call(Service::AppRunner, "DescribeService", &json!({ "ServiceArn": arn })).await?;
    let (tags, input) =
        (settings.tag_input(&described["Service"]), settings.update_input(&described["Service"], image.as_deref(), client.run()));
    if tags.is_none() && input.is_none() && untag.is_empty() {
        return Err(Failure::Usage("nothing to change is said; outrunner update --help names what can be".to_owned()));
    }
    if let Some(tags) = tags {
        client.call(Service::AppRunner, "TagResource", &tags).await?;
    }
    if !untag.is_empty() {
        client.call(Service::AppRunner, "UntagResource", &json!({ "ResourceArn": arn, "TagKeys": untag })).await?;
    }
    // Tags alone are no operation: what they say acts as each of them says.
    let answer = match input {
        Some(input) => client.call(Service::AppRunner, "UpdateService", &input).await?,
        None => described,
    };
    conclude(&client, &answer, *operation, Printed::Url).await
}
