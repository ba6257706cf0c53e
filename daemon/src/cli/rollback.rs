//! `outrunner rollback NAME [REVISION]`: an earlier revision's image and configuration, as a new revision. Without a number the newest before the present
//! one that once served.

use clap::Args;
use serde_json::json;

use super::DataDir;
use super::cancel::as_app_runner_answers;
use super::operation::{OperationArgs, Printed, conclude};
use crate::client::{Client, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct RollbackArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// The service's name or ARN
    name: String,
    /// The revision's number, as `outrunner revisions` shows it [default: the one that served before]
    #[arg(value_name = "REVISION", value_parser = clap::value_parser!(u32).range(1..))]
    revision: Option<u32>,
    #[command(flatten)]
    operation: OperationArgs,
}

pub async fn run(args: &RollbackArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let arn = client.arn_of(&args.name).await?;
    let mut input = json!({ "ServiceArn": arn });
    if let Some(revision) = args.revision {
        input["RevisionNumber"] = json!(revision);
    }
    let answer = client.call(Service::Outrunner, "RollBack", &input).await?;
    conclude(&client, &as_app_runner_answers(&answer), args.operation, Printed::Url).await
}
