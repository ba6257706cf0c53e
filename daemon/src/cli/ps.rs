//! `outrunner ps`: the services of the default region.

use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::{DataDir, print_line, short_host, text, time_of};
use crate::client::{Client, Service};
use crate::failure::Failure;
use crate::run_file::RunFile;
use crate::short_url::{self, ShortUrl};

pub async fn run(data_dir: &DataDir) -> Result<(), Failure> {
    let place = data_dir.place()?;
    let (client, run) = (Client::of(&place)?, RunFile::read(&place)?);
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["NAME", "STATUS", "URL", "ALSO AT", "LAST OPERATION", "UPDATED (UTC)"]);
    for service in client.services().await? {
        let input = json!({ "ServiceArn": service["ServiceArn"], "MaxResults": 1 });
        let operations = client.call(Service::AppRunner, "ListOperations", &input).await?;
        let last = &operations["OperationSummaryList"][0];
        table.add_row([
            text(&service, "ServiceName").to_owned(),
            text(&service, "Status").to_owned(),
            format!("https://{}", text(&service, "ServiceUrl")),
            also_at(&run, &service).await,
            format!("{} {}", text(last, "Type"), text(last, "Status")),
            time_of(&service["UpdatedAt"]),
        ]);
    }
    let _ = print_line(&table.trim_fmt())?;
    Ok(())
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
