//! `outrunner delete NAME`: the service and its instances go; its name is free at once.

use clap::Args;
use serde_json::json;

use super::DataDir;
use super::operation::{OperationArgs, Printed, conclude};
use crate::client::{Client, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct DeleteArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// The service's name or ARN
    name: String,
    #[command(flatten)]
    operation: OperationArgs,
}

pub async fn run(args: &DeleteArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let arn = client.arn_of(&args.name).await?;
    let answer = client.call(Service::AppRunner, "DeleteService", &json!({ "ServiceArn": arn })).await?;
    conclude(&client, &answer, args.operation, Printed::Nothing).await
}
