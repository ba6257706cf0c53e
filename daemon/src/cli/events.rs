//! `outrunner events [-f] NAME`: what happened to a service.

use clap::Args;
use serde_json::{Value, json};

use super::{DataDir, Reader, print_line, text, time_of};
use crate::client::{Client, Service};
use crate::failure::Failure;
use crate::limit::EVENTS_LOOKED_AT;

#[derive(Args, Debug)]
pub struct EventsArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Wait for more events, until Ctrl-C
    #[arg(short, long)]
    follow: bool,
    /// Print JSON: an object on each line
    #[arg(long)]
    json: bool,
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
            if print_line(&shown(event, args.json))? == Reader::Gone {
                return Ok(());
            }
        }
        let Some(cursor) = answer.get("Cursor").and_then(Value::as_str) else { return Ok(()) };
        input["Cursor"] = json!(cursor);
        match (events.is_empty(), args.follow) {
            (false, _) => {}
            (true, true) => tokio::time::sleep(EVENTS_LOOKED_AT).await,
            (true, false) => return Ok(()),
        }
    }
}

fn shown(event: &Value, as_json: bool) -> String {
    if as_json { event.to_string() } else { format!("{} {}", time_of(&event["Timestamp"]), text(event, "Message")) }
}
