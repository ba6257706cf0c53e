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
    // The one that whoever asks has seen: another, begun before this call arrives, is not meant.
    let seen = client.call(Service::AppRunner, "ListOperations", &json!({ "ServiceArn": arn, "MaxResults": 1 })).await?;
    let mut input = json!({ "ServiceArn": arn });
    if let Some(id) = newest(&seen) {
        input["OperationId"] = json!(id);
    }
    let answer = client.call(Service::Outrunner, "CancelOperation", &input).await?;
    conclude_cancelled(&client, &as_app_runner_answers(&answer), args.operation).await
}

/// The operation that was begun last: where it has ended, the platform says that nothing is under way.
fn newest(listed: &Value) -> Option<&str> {
    listed["OperationSummaryList"].get(0)?["Id"].as_str()
}

/// An answer of our own extension as App Runner's calls give it.
pub fn as_app_runner_answers(answer: &Value) -> Value {
    let member = |name: &str| text(answer, name).to_owned();
    let service =
        json!({ "ServiceArn": member("ServiceArn"), "ServiceName": member("ServiceName"), "ServiceUrl": member("ServiceUrl") });
    json!({ "Service": service, "OperationId": member("OperationId") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operation_that_is_cancelled_is_the_one_that_was_seen_last() {
        let listed =
            json!({ "OperationSummaryList": [{ "Id": "new", "Status": "IN_PROGRESS" }, { "Id": "old", "Status": "SUCCEEDED" }] });
        assert_eq!(newest(&listed), Some("new"));
        assert_eq!(newest(&json!({ "OperationSummaryList": [] })), None);
    }
}
