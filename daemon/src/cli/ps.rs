//! `outrunner ps`: the services of the default region.

use clap::Args;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::{DataDir, print_line, short_host, text, time_of, url_of};
use crate::client::{Client, Service};
use crate::failure::Failure;
use crate::run_file::RunFile;
use crate::short_url::{self, ShortUrl};

#[derive(Args, Debug)]
pub struct PsArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Print JSON: a list of services, each with its last operation
    #[arg(long)]
    json: bool,
}

pub async fn run(args: &PsArgs) -> Result<(), Failure> {
    let place = args.data_dir.place()?;
    let (client, run) = (Client::of(&place)?, RunFile::read(&place)?);
    let mut services = client.services().await?;
    for service in &mut services {
        service["AlsoAt"] = also_at(&run, service).await.into();
        let input = json!({ "ServiceArn": service["ServiceArn"], "MaxResults": 1 });
        let operations = client.call(Service::AppRunner, "ListOperations", &input).await?;
        service["LastOperation"] = operations["OperationSummaryList"][0].clone();
    }
    let answer = if args.json { format!("{:#}", Value::from(services)) } else { table(&services) };
    print_line(&answer).map(drop)
}

fn table(services: &[Value]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["NAME", "STATUS", "URL", "ALSO AT", "LAST OPERATION", "UPDATED (UTC)"]);
    for service in services {
        let last = &service["LastOperation"];
        table.add_row([
            text(service, "ServiceName").to_owned(),
            text(service, "Status").to_owned(),
            url_of(service),
            text(service, "AlsoAt").to_owned(),
            format!("{} {}", text(last, "Type"), text(last, "Status")),
            time_of(&service["UpdatedAt"]),
        ]);
    }
    table.trim_fmt()
}

/// The short URL of a service that runs.
async fn also_at(run: &RunFile, service: &Value) -> String {
    let host = short_host(text(service, "ServiceName"), &run.domain).filter(|_| text(service, "Status") == "RUNNING");
    let Some(host) = host else { return "-".to_owned() };
    match short_url::ask(run, &host).await {
        Some(ShortUrl::Leads(url)) => url,
        Some(ShortUrl::Nowhere) => "- (another service has this name)".to_owned(),
        None => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_line_for_each_service() {
        let service = json!({
            "ServiceName": "webs", "Status": "RUNNING", "ServiceUrl": "x.example", "UpdatedAt": 1_800_000_000.25,
            "LastOperation": { "Type": "CREATE_SERVICE", "Status": "SUCCEEDED" },
        });
        let table = table(&[service]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 2, "{table}");
        for words in ["webs", "RUNNING", "https://x.example", "CREATE_SERVICE SUCCEEDED", "2027-01-15 08:00:00"] {
            assert!(lines[1].contains(words), "{table}");
        }
    }
}
