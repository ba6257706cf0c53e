//! `outrunner events NAME`: what happened to a service.

use clap::Args;
use serde_json::{Value, json};

use super::{DataDir, Reader, print_line, text, time_of};
use crate::client::{Client, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct EventsArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// The service's name or ARN
    name: String,
}

pub async fn run(args: &EventsArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let arn = client.arn_of(&args.name).await?;
    let mut input = json!({ "ServiceArn": arn });
    loop {
        let answer = client.call(Service::Outrunner, "ListEvents", &input).await?;
        let events = answer["Events"].as_array().map(Vec::as_slice).unwrap_or_default();
        for event in events {
            if print_line(&format!("{} {}", time_of(&event["Timestamp"]), text(event, "Message")))? == Reader::Gone {
                return Ok(());
            }
        }
        match answer.get("Cursor").and_then(Value::as_str) {
            Some(cursor) if !events.is_empty() => input = json!({ "ServiceArn": arn, "Cursor": cursor }),
            Some(_) | None => return Ok(()),
        }
    }
}
