//! `outrunner logs [-f] NAME`: what a service's instances print.

use clap::Args;
use serde_json::{Value, json};

use super::{DataDir, Reader, print_line, text, time_of};
use crate::client::{Client, FOLLOW_WAIT, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct LogsArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Wait for more lines, until Ctrl-C
    #[arg(short, long)]
    follow: bool,
    /// Begin with the last so many lines
    #[arg(short = 'n', long, value_name = "LINES", default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=1000))]
    tail: u32,
    /// Print JSON: an object on each line
    #[arg(long)]
    json: bool,
    /// The service's name or ARN
    name: String,
}

pub async fn run(args: &LogsArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let arn = client.arn_of(&args.name).await?;
    let mut input = json!({ "ServiceArn": arn, "TailLines": args.tail });
    loop {
        let answer = client.call(Service::Outrunner, "FollowLogs", &input).await?;
        let lines = answer["Lines"].as_array().map(Vec::as_slice).unwrap_or_default();
        for line in lines {
            if print_line(&shown(line, args.json))? == Reader::Gone {
                return Ok(());
            }
        }
        let cursor = answer.get("Cursor").and_then(Value::as_str);
        match cursor {
            Some(cursor) if args.follow => {
                input = json!({ "ServiceArn": arn, "Cursor": cursor, "WaitSeconds": FOLLOW_WAIT.as_secs() });
            }
            Some(_) | None => return Ok(()),
        }
    }
}

fn shown(line: &Value, as_json: bool) -> String {
    if as_json {
        return line.to_string();
    }
    format!("{} {} {}", time_of(&line["Timestamp"]), text(line, "Stream"), text(line, "Message"))
}
