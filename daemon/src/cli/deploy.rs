//! `outrunner deploy IMAGE`: an image becomes a service that answers at a URL, or the next version of one that is there.

use clap::Args;
use serde_json::{Value, json};

use super::DataDir;
use super::operation::{OperationArgs, Printed, conclude};
use super::service_settings::{ServiceSettings, image_identifier, name_of_image};
use crate::client::{Client, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct DeployArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// An image: hello:v1 is one of this platform's registry; any other is named with its registry
    image: String,
    /// The service's name [default: the last part of the image's name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    settings: ServiceSettings,
    #[command(flatten)]
    operation: OperationArgs,
}

pub async fn run(args: &DeployArgs) -> Result<(), Failure> {
    let DeployArgs { data_dir, image, name, settings, operation } = args;
    let client = Client::of(&data_dir.place()?)?;
    let image = image_identifier(image, client.run())?;
    let name = name.clone().map_or_else(|| name_of_image(&image), Ok)?;
    let services = client.services().await?;
    let answer = match services.iter().find(|service| service["ServiceName"] == name.as_str()) {
        None => client.call(Service::AppRunner, "CreateService", &settings.create_input(&name, &image, client.run())).await?,
        Some(listed) => again(&client, &listed["ServiceArn"], settings, &image).await?,
    };
    conclude(&client, &answer, *operation, Printed::Url).await
}

/// Deploys an image to a service that is there.
async fn again(client: &Client, arn: &Value, settings: &ServiceSettings, image: &str) -> Result<Value, Failure> {
    let described = client.call(Service::AppRunner, "DescribeService", &json!({ "ServiceArn": arn })).await?;
    let service = &described["Service"];
    // Before the update, so that the new instances have what only acts on those that are started from then on.
    if let Some(input) = settings.tag_input(service) {
        client.call(Service::AppRunner, "TagResource", &input).await?;
    }
    let input = settings.update_input(service, Some(image), client.run()).expect("an image is something to change");
    client.call(Service::AppRunner, "UpdateService", &input).await
}
