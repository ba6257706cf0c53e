//! `outrunner secrets`: Secrets Manager's secrets of the default region, by its own calls. A value comes from standard input or a file descriptor, never
//! from the command line, where every process on the machine could read it.

use std::fs::File;
use std::io::Read;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::{DataDir, print_line, text, time_of};
use crate::client::{Client, Service};
use crate::failure::{Failure, while_doing};
use crate::limit::SECRET_BYTES;

#[derive(Args, Debug)]
pub struct SecretsArgs {
    #[command(flatten)]
    data_dir: DataDir,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// List secrets, without their values
    List {
        /// Print JSON: a list of secrets
        #[arg(long)]
        json: bool,
    },
    /// Give a secret a value, from standard input; make it if it is not there; print its ARN
    Set {
        /// The secret's name or ARN
        name: String,
        /// Read the value from this file descriptor instead
        #[arg(long, value_name = "NUMBER")]
        fd: Option<u32>,
    },
    /// Print a secret's value
    Get {
        /// The secret's name or ARN
        name: String,
    },
    /// Delete a secret; it can be restored for 30 days
    Delete {
        /// The secret's name or ARN
        name: String,
        /// At once, for good
        #[arg(long)]
        force: bool,
    },
}

pub async fn run(args: &SecretsArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    match &args.verb {
        Verb::List { json } => list(&client, *json).await,
        Verb::Set { name, fd } => set(&client, name, &value(*fd)?).await,
        Verb::Get { name } => {
            let found = client.call(Service::SecretsManager, "GetSecretValue", &json!({ "SecretId": name })).await?;
            match found["SecretString"].as_str() {
                Some(value) => print_line(value).map(drop),
                None => Err(Failure::Refused(format!("{name} is binary: aws secretsmanager get-secret-value --secret-id {name}"))),
            }
        }
        Verb::Delete { name, force } => {
            let mut input = json!({ "SecretId": name });
            if *force {
                input["ForceDeleteWithoutRecovery"] = json!(true);
            }
            let gone = client.call(Service::SecretsManager, "DeleteSecret", &input).await?;
            match force {
                true => Ok(()),
                false => print_line(&format!("{name} goes on {} (UTC)", time_of(&gone["DeletionDate"]))).map(drop),
            }
        }
    }
}

async fn list(client: &Client, as_json: bool) -> Result<(), Failure> {
    let (mut secrets, mut input) = (Vec::new(), json!({}));
    loop {
        let page = client.call(Service::SecretsManager, "ListSecrets", &input).await?;
        secrets.extend(page["SecretList"].as_array().cloned().unwrap_or_default());
        match page["NextToken"].as_str() {
            Some(token) => input = json!({ "NextToken": token }),
            None => break,
        }
    }
    let answer = if as_json { format!("{:#}", Value::from(secrets)) } else { table(&secrets) };
    print_line(&answer).map(drop)
}

fn table(secrets: &[Value]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["NAME", "CHANGED (UTC)", "ARN"]);
    for secret in secrets {
        table.add_row([text(secret, "Name").to_owned(), time_of(&secret["LastChangedDate"]), text(secret, "ARN").to_owned()]);
    }
    table.trim_fmt()
}

/// One that is there gets a new version, any other is made.
async fn set(client: &Client, name: &str, value: &str) -> Result<(), Failure> {
    let input = json!({ "SecretId": name, "SecretString": value });
    let answer = match client.call(Service::SecretsManager, "PutSecretValue", &input).await {
        Err(Failure::NotFound(_)) if !name.starts_with("arn:") => {
            client.call(Service::SecretsManager, "CreateSecret", &json!({ "Name": name, "SecretString": value })).await?
        }
        answer => answer?,
    };
    print_line(text(&answer, "ARN")).map(drop)
}

/// Reads a value to its end. One line break at the end is not part of it: `echo` writes one.
fn value(fd: Option<u32>) -> Result<String, Failure> {
    let doing = "reading the value";
    let most = SECRET_BYTES + 1;
    let mut bytes = Vec::new();
    match fd {
        None => std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(while_doing(doing))?,
        Some(fd) => {
            let file = File::open(format!("/proc/self/fd/{fd}")).map_err(while_doing(doing))?;
            file.take(most).read_to_end(&mut bytes).map_err(while_doing(doing))?
        }
    };
    let text = String::from_utf8(bytes).map_err(|_| Failure::Refused("the value is not text".to_owned()))?;
    let text = text.strip_suffix('\n').map(str::to_owned).unwrap_or(text);
    if text.is_empty() {
        return Err(Failure::Refused(
            "there is no value on standard input: printf %s VALUE | outrunner secrets set NAME".to_owned(),
        ));
    }
    if text.len() as u64 > SECRET_BYTES {
        return Err(Failure::Refused(format!("the value has more than {SECRET_BYTES} bytes")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_names_secrets_and_shows_no_value() {
        let secret = json!({ "Name": "db", "ARN": "arn:x", "LastChangedDate": 1_800_000_000.25, "SecretString": "hunter2" });
        let table = table(&[secret]);
        assert!(table.contains("db") && table.contains("2027-01-15 08:00:00") && !table.contains("hunter2"), "{table}");
    }
}
