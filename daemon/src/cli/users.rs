//! `outrunner users`: IAM users with their keys, over the same API as any client's.
//!
//! A secret is printed once, by the command that made it.

use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::{Reader, VerbArgs, print_line};
use crate::client::Client;
use crate::failure::Failure;
use crate::form_client::Answer;

pub type UsersArgs = VerbArgs<Verb>;

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Make a user with a key; print the key, whose secret is not shown again
    Create {
        /// The user's name
        name: String,
        /// A managed policy: its name among AWS's, or its ARN (may be given several times)
        #[arg(long = "policy", value_name = "POLICY")]
        policies: Vec<String>,
        /// ARN of the managed policy that bounds what it may do
        #[arg(long, value_name = "ARN")]
        boundary: Option<String>,
        /// Make no key
        #[arg(long)]
        no_key: bool,
    },
    /// List users
    List,
    /// Delete a user with its keys and policies
    Delete {
        /// The user's name
        name: String,
    },
    /// A user's keys
    #[command(subcommand)]
    Keys(KeyVerb),
}

#[derive(Subcommand, Debug)]
pub enum KeyVerb {
    /// List keys and when each was last used
    List {
        /// The user's name
        name: String,
    },
    /// Make a new key and deactivate the one that was there; print the new one. Run again to delete the old one and go on
    Rotate {
        /// The user's name
        name: String,
    },
    /// Let a key sign nothing any more
    Deactivate {
        /// The user's name
        name: String,
        /// The key's id
        key: String,
    },
    /// Let a key sign again
    Activate {
        /// The user's name
        name: String,
        /// The key's id
        key: String,
    },
    /// Delete a key
    Delete {
        /// The user's name
        name: String,
        /// The key's id
        key: String,
    },
}

pub async fn run(args: &UsersArgs) -> Result<(), Failure> {
    let client = Client::of(&args.data_dir.place()?)?;
    let said = match &args.verb {
        Verb::Create { name, policies, boundary, no_key } => {
            create(&client, name, policies, boundary.as_deref()).await?;
            if *no_key { Said::nothing(json!({ "UserName": name })) } else { new_key(&client, name).await? }
        }
        Verb::List => list(&client).await?,
        Verb::Delete { name } => {
            delete(&client, name).await?;
            Said::nothing(json!({ "UserName": name }))
        }
        Verb::Keys(KeyVerb::List { name }) => keys(&client, name).await?,
        Verb::Keys(KeyVerb::Rotate { name }) => return rotate(&client, name, args.json).await,
        Verb::Keys(KeyVerb::Deactivate { name, key }) => set_status(&client, name, key, "Inactive").await?,
        Verb::Keys(KeyVerb::Activate { name, key }) => set_status(&client, name, key, "Active").await?,
        Verb::Keys(KeyVerb::Delete { name, key }) => {
            client.iam("DeleteAccessKey", &[("UserName", name), ("AccessKeyId", key)]).await?;
            Said::nothing(json!({ "UserName": name, "AccessKeyId": key }))
        }
    };
    said.print(args.json).map(drop)
}

/// What a command says, to a script and to a person.
struct Said {
    script: Value,
    person: Option<String>,
}

impl Said {
    const fn nothing(script: Value) -> Self {
        Self { script, person: None }
    }

    fn print(self, json: bool) -> Result<Reader, Failure> {
        match (json, self.person) {
            (true, _) => print_line(&format!("{:#}", self.script)),
            (false, Some(text)) => print_line(&text),
            (false, None) => Ok(Reader::Listens),
        }
    }
}

async fn create(client: &Client, name: &str, policies: &[String], boundary: Option<&str>) -> Result<(), Failure> {
    let mut members = vec![("UserName", name)];
    members.extend(boundary.map(|arn| ("PermissionsBoundary", arn)));
    client.iam("CreateUser", &members).await?;
    for policy in policies {
        let arn = if policy.starts_with("arn:") { policy.clone() } else { format!("arn:aws:iam::aws:policy/{policy}") };
        client.iam("AttachUserPolicy", &[("UserName", name), ("PolicyArn", &arn)]).await?;
    }
    Ok(())
}

/// As lines of a profile, so that it can be put where it belongs.
async fn new_key(client: &Client, name: &str) -> Result<Said, Failure> {
    let made = client.iam("CreateAccessKey", &[("UserName", name)]).await?;
    let part = |part: &str| made.text(&format!("AccessKey/{part}")).unwrap_or_default().to_owned();
    let (id, secret) = (part("AccessKeyId"), part("SecretAccessKey"));
    Ok(Said {
        script: json!({ "UserName": name, "AccessKeyId": id, "SecretAccessKey": secret }),
        person: Some(format!("[{name}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}")),
    })
}

/// Every page of a list: the texts at some paths, row by row.
async fn all(client: &Client, operation: &str, members: &[(&str, &str)], paths: &[&str]) -> Result<Vec<Vec<String>>, Failure> {
    let (mut rows, mut marker) = (Vec::new(), None::<String>);
    loop {
        let mut asked = members.to_vec();
        asked.extend(marker.as_deref().map(|marker| ("Marker", marker)));
        let page = client.iam(operation, &asked).await?;
        rows.extend(page_rows(&page, paths));
        match page.text("Marker") {
            Some(next) => marker = Some(next.to_owned()),
            None => return Ok(rows),
        }
    }
}

fn page_rows(page: &Answer, paths: &[&str]) -> Vec<Vec<String>> {
    let columns: Vec<&[String]> = paths.iter().map(|path| page.texts(path)).collect();
    let count = columns.first().map_or(0, |column| column.len());
    (0..count).map(|row| columns.iter().map(|column| column.get(row).cloned().unwrap_or_default()).collect()).collect()
}

async fn list(client: &Client) -> Result<Said, Failure> {
    let members = ["UserName", "Arn", "CreateDate"].map(|member| format!("Users/member/{member}"));
    let rows = all(client, "ListUsers", &[], &members.each_ref().map(String::as_str)).await?;
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["NAME", "ARN", "CREATED (UTC)"]);
    for row in &rows {
        table.add_row(row);
    }
    let script = rows.iter().map(|row| json!({ "UserName": row[0], "Arn": row[1], "CreateDate": row[2] })).collect();
    Ok(Said { script, person: Some(table.trim_fmt()) })
}

/// The ids and statuses of a user's keys.
async fn listed(client: &Client, name: &str) -> Result<Vec<(String, String)>, Failure> {
    let members = ["AccessKeyMetadata/member/AccessKeyId", "AccessKeyMetadata/member/Status"];
    let rows = all(client, "ListAccessKeys", &[("UserName", name)], &members).await?;
    Ok(rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect())
}

async fn keys(client: &Client, name: &str) -> Result<Said, Failure> {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["KEY", "STATUS", "LAST USED (UTC)", "FOR"]);
    let mut script = Vec::new();
    for (id, status) in listed(client, name).await? {
        let last = client.iam("GetAccessKeyLastUsed", &[("AccessKeyId", &id)]).await?;
        let part = |part: &str| last.text(&format!("AccessKeyLastUsed/{part}")).map(str::to_owned);
        let (at, service, region) = (part("LastUsedDate"), part("ServiceName"), part("Region"));
        let used_for =
            at.as_ref().and(service.as_ref()).map(|service| format!("{service} in {}", region.as_deref().unwrap_or("-")));
        let never = || "-".to_owned();
        table.add_row([id.clone(), status.clone(), at.clone().unwrap_or_else(never), used_for.unwrap_or_else(never)]);
        script.push(json!({ "AccessKeyId": id, "Status": status, "LastUsedDate": at, "ServiceName": service, "Region": region }));
    }
    Ok(Said { script: script.into(), person: Some(table.trim_fmt()) })
}

/// One of two keys must go before there is room for a new one: the inactive one, which nothing signs with.
async fn rotate(client: &Client, name: &str, json: bool) -> Result<(), Failure> {
    let there = listed(client, name).await?;
    let (inactive, active): (Vec<_>, Vec<_>) = there.iter().partition(|(_, status)| status == "Inactive");
    match (active.len(), inactive.first()) {
        (2.., _) => {
            let ids: Vec<&str> = there.iter().map(|(id, _)| id.as_str()).collect();
            let words = format!(
                "{name} has two active keys, {}: deactivate the one that nothing signs with any more: outrunner users keys deactivate {name} KEY",
                ids.join(" and ")
            );
            return Err(Failure::Refused(words));
        }
        (1, Some((id, _))) => drop(client.iam("DeleteAccessKey", &[("UserName", name), ("AccessKeyId", id)]).await?),
        (_, _) => {}
    }
    // The only copy of the new secret is out before the old key ends: standard output is flushed at each line.
    let reader = new_key(client, name).await?.print(json)?;
    if reader == Reader::Gone {
        let words = format!(
            "nobody read the new key of {name}, so the old one was left active: delete the newest: outrunner users keys list {name}"
        );
        return Err(Failure::Refused(words));
    }
    for (id, _) in active {
        if let Err(failure) = set_status(client, name, id, "Inactive").await {
            let words = format!(
                "the new key is printed, but the old one, {id}, still signs ({failure}). Run: outrunner users keys deactivate {name} {id}"
            );
            return Err(Failure::Refused(words));
        }
    }
    Ok(())
}

async fn set_status(client: &Client, name: &str, key: &str, status: &str) -> Result<Said, Failure> {
    client.iam("UpdateAccessKey", &[("UserName", name), ("AccessKeyId", key), ("Status", status)]).await?;
    Ok(Said::nothing(json!({ "UserName": name, "AccessKeyId": key, "Status": status })))
}

/// What is in the way goes first: IAM deletes no user who has something.
async fn delete(client: &Client, name: &str) -> Result<(), Failure> {
    let user = ("UserName", name);
    for (id, _) in listed(client, name).await? {
        client.iam("DeleteAccessKey", &[user, ("AccessKeyId", &id)]).await?;
    }
    for row in all(client, "ListAttachedUserPolicies", &[user], &["AttachedPolicies/member/PolicyArn"]).await? {
        client.iam("DetachUserPolicy", &[user, ("PolicyArn", &row[0])]).await?;
    }
    for row in all(client, "ListUserPolicies", &[user], &["PolicyNames/member"]).await? {
        client.iam("DeleteUserPolicy", &[user, ("PolicyName", &row[0])]).await?;
    }
    client.iam("DeleteUser", &[user]).await.map(drop)
}
