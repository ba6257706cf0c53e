//! `outrunner accounts`: other accounts on the same platform, each with a root and registries of its own.

use clap::Subcommand;
use model::account::AccountId;
use serde_json::{Value, json};

use super::{VerbArgs, print_line, text, time_of};
use crate::client::{Client, Service};
use crate::failure::Failure;
use crate::first_run::{Credentials, write_credentials};

pub type AccountsArgs = VerbArgs<Verb>;

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Make another account; print the file that has its root's credentials
    Create {
        /// Twelve digits; drawn if left out
        account: Option<String>,
    },
    /// List accounts
    List,
}

pub async fn run(args: &AccountsArgs) -> Result<(), Failure> {
    let place = args.data_dir.place()?;
    let client = Client::of(&place)?;
    match &args.verb {
        Verb::Create { account } => {
            let input = account.as_ref().map_or_else(|| json!({}), |account| json!({ "AccountId": account }));
            let made = client.call(Service::Outrunner, "CreateAccount", &input).await?;
            let id = AccountId::parse(text(&made, "AccountId")).map_err(|refusal| Failure::other(refusal.message))?;
            let key = (text(&made, "AccessKeyId"), text(&made, "SecretAccessKey"));
            let path = write_credentials(&place, &id, Credentials::OfAccount, key)?;
            let words = format!(
                "account {id} is made. Its root: AWS_SHARED_CREDENTIALS_FILE={} AWS_PROFILE=outrunner-{id}\n\
                 Its registry answers at localhost:{} now, and by its printed name from the platform's next start.",
                path.display(),
                client.run().api.port()
            );
            let script = json!({ "AccountId": id.as_str(), "Credentials": path, "Profile": format!("outrunner-{id}") });
            print_line(&if args.json { format!("{script:#}") } else { words }).map(drop)
        }
        Verb::List => {
            let answer = client.call(Service::Outrunner, "ListAccounts", &json!({})).await?;
            let accounts = answer["Accounts"].as_array().cloned().unwrap_or_default();
            if args.json {
                return print_line(&format!("{:#}", Value::from(accounts))).map(drop);
            }
            accounts.iter().try_for_each(|account| print_line(&shown(account)).map(drop))
        }
    }
}

fn shown(account: &Value) -> String {
    match account.get("CreatedAt") {
        Some(at) => format!("{}  {}", text(account, "AccountId"), time_of(at)),
        None => format!("{}  the platform's own", text(account, "AccountId")),
    }
}
