//! `outrunner ps`: the services of the default region.

use comfy_table::{Table, presets};
use serde_json::json;

use super::{DataDir, print_line, text, time_of};
use crate::client::{Client, Service};
use crate::failure::Failure;

pub async fn run(data_dir: &DataDir) -> Result<(), Failure> {
    let client = Client::of(&data_dir.place()?)?;
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["NAME", "STATUS", "URL", "LAST OPERATION", "UPDATED (UTC)"]);
    for service in client.services().await? {
        let input = json!({ "ServiceArn": service["ServiceArn"], "MaxResults": 1 });
        let operations = client.call(Service::AppRunner, "ListOperations", &input).await?;
        let last = &operations["OperationSummaryList"][0];
        table.add_row([
            text(&service, "ServiceName").to_owned(),
            text(&service, "Status").to_owned(),
            format!("https://{}", text(&service, "ServiceUrl")),
            format!("{} {}", text(last, "Type"), text(last, "Status")),
            time_of(&service["UpdatedAt"]),
        ]);
    }
    let _ = print_line(&table.trim_fmt())?;
    Ok(())
}
