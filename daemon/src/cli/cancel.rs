//! `outrunner cancel NAME`: the operation under way ends as if it had failed, and what ran before runs on. A creation ends CREATE_FAILED.

use clap::Args;
use serde_json::{Value, json};

use super::operation::{OperationArgs, conclude_cancelled};
use super::{DataDir, text};
use crate::client::{Client, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct CancelArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// The service's name or ARN
    name: String,
    #[command(flatten)]
    operation: OperationArgs,
}

pub async fn run(args: &CancelArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let arn = client.arn_of(&args.name).await?;
    let answer = client.call(Service::Outrunner, "CancelOperation", &json!({ "ServiceArn": arn })).await?;
    conclude_cancelled(&client, &as_app_runner_answers(&answer), args.operation).await
}

/// An answer of our own extension as App Runner's calls give it.
pub fn as_app_runner_answers(answer: &Value) -> Value {
    let member = |name: &str| text(answer, name).to_owned();
    let service =
        json!({ "ServiceArn": member("ServiceArn"), "ServiceName": member("ServiceName"), "ServiceUrl": member("ServiceUrl") });
    json!({ "Service": service, "OperationId": member("OperationId") })
}
