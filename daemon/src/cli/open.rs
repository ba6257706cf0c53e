//! `outrunner open NAME`: prints a service's URL, and opens it in a browser where there is one.

use std::io::IsTerminal;
use std::process::{Command, Stdio};

use clap::Args;
use serde_json::json;

use super::{DataDir, print_line, text, url_of};
use crate::client::{Client, Service};
use crate::failure::{Failure, while_doing};

#[derive(Args, Debug)]
pub struct OpenArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// The service's name or ARN
    name: String,
    /// Print the URL only
    #[arg(long)]
    print: bool,
    /// Print JSON: URL and status
    #[arg(long)]
    json: bool,
}

pub async fn run(args: &OpenArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let arn = client.arn_of(&args.name).await?;
    let described = client.call(Service::AppRunner, "DescribeService", &json!({ "ServiceArn": arn })).await?;
    let service = &described["Service"];
    let (status, url) = (text(service, "Status"), url_of(service));
    if args.json {
        return print_line(&format!("{:#}", json!({ "Url": url, "Status": status }))).map(drop);
    }
    if url == "-" {
        return Err(Failure::other(format!("{} is not publicly accessible: there is no URL to open", args.name)));
    }
    let _ = print_line(&url)?;
    if !args.print && std::io::stdout().is_terminal() && has_desktop() {
        browse(&url)?;
    }
    Ok(())
}

/// A browser is for a person's own desktop: root's would run with root's rights.
fn has_desktop() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    (set("DISPLAY") || set("WAYLAND_DISPLAY")) && !rustix::process::geteuid().is_root()
}

fn browse(url: &str) -> Result<(), Failure> {
    let mut browser = Command::new("xdg-open");
    browser.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = browser.status().map_err(while_doing("opening a browser with xdg-open"))?;
    if status.success() { Ok(()) } else { Err(Failure::other(format!("xdg-open ended with {status}"))) }
}
