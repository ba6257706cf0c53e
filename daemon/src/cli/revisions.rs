//! `outrunner revisions NAME`: what was ever deployed on a service, newest first.

use clap::Args;
use serde_json::{Value, json};

use super::{DataDir, Reader, print_line, text, time_of};
use crate::client::{Client, Service};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct RevisionsArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Print JSON: an object on each line
    #[arg(long)]
    json: bool,
    /// The service's name or ARN
    name: String,
}

pub async fn run(args: &RevisionsArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let arn = client.arn_of(&args.name).await?;
    let mut input = json!({ "ServiceArn": arn });
    loop {
        let answer = client.call(Service::Outrunner, "ListRevisions", &input).await?;
        for revision in answer["Revisions"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let line = if args.json { revision.to_string() } else { shown(revision) };
            if print_line(&line)? == Reader::Gone {
                return Ok(());
            }
        }
        let Some(token) = answer.get("NextToken").and_then(Value::as_str) else { return Ok(()) };
        input["NextToken"] = json!(token);
    }
}

/// `3 2026-01-31 12:34:56 hello:v1 sha256:0123456789ab current`
fn shown(revision: &Value) -> String {
    let digest = text(revision, "ImageDigest");
    let digest = digest.get(..19).unwrap_or(digest);
    let mut words = vec![
        revision["RevisionNumber"].to_string(),
        time_of(&revision["CreatedAt"]),
        text(revision, "ImageIdentifier").to_owned(),
        digest.to_owned(),
    ];
    words.extend(revision.get("Restores").map(|earlier| format!("restores {earlier}")));
    words.extend((revision["Current"] == true).then(|| "current".to_owned()));
    words.extend((revision["Kept"] == false).then(|| "image gone".to_owned()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_special_about_a_revision() {
        let revision = json!({
            "RevisionNumber": 4, "CreatedAt": 1_800_000_000.25, "ImageIdentifier": "hello:v1",
            "ImageDigest": format!("sha256:{}", "ab".repeat(32)), "Restores": 1, "Current": true, "Kept": false,
        });
        assert_eq!(shown(&revision), "4 2027-01-15 08:00:00 hello:v1 sha256:abababababab restores 1 current image gone");
        let plain = json!({ "RevisionNumber": 1, "CreatedAt": 0, "ImageIdentifier": "a", "ImageDigest": "b", "Current": false, "Kept": true });
        assert_eq!(shown(&plain), "1 1970-01-01 00:00:00 a b");
    }
}
