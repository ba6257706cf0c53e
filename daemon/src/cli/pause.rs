//! `outrunner pause NAME`: its instances end, its URL and configuration stay. A paused service is already so.

use clap::Args;
use serde_json::json;

use super::DataDir;
use super::operation::{OperationArgs, Printed, conclude};
use crate::client::{Client, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct PauseArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// The service's name or ARN
    name: String,
    #[command(flatten)]
    operation: OperationArgs,
}

pub async fn run(args: &PauseArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let arn = client.arn_of(&args.name).await?;
    let answer = client.call(Service::AppRunner, "PauseService", &json!({ "ServiceArn": arn })).await?;
    conclude(&client, &answer, args.operation, Printed::Nothing).await
}
