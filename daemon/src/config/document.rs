//! The list of settings in docs/settings.md, written from the flags themselves.

use clap::{Arg, Args, Command};

use super::ServeArgs;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
/// Tables of the file, by the flags that stand in them.
const TABLES: [(&str, &str); 3] = [("RegistryArgs", "registries"), ("AwsUpstreamArgs", "upstreams"), ("IssuerArgs", "issuers")];
/// What is of one run, and no setting of a file.
const OF_ONE_RUN: [&str; 3] = ["config", "ephemeral", "test-keys"];

fn command() -> Command {
    ServeArgs::augment_args(Command::new("serve"))
}

/// The table that a flag stands in; nothing: none.
fn table(command: &Command, arg: &Arg) -> Option<&'static str> {
    let group = command.get_groups().filter(|group| group.get_args().any(|id| id == arg.get_id()));
    group.into_iter().find_map(|group| TABLES.into_iter().find(|(id, _)| group.get_id() == *id)).map(|(_, table)| table)
}

fn row(command: &Command, arg: &Arg) -> String {
    let flag = arg.get_long().expect("every setting has a flag");
    let values = arg.get_action().takes_values().then(|| arg.get_value_names()).flatten().unwrap_or_default();
    let value: String = values.iter().map(|value| format!(" {value}")).collect();
    let variable = arg.get_env().map_or_else(String::new, |variable| format!("`{}`", variable.display()));
    let key = match table(command, arg) {
        _ if OF_ONE_RUN.contains(&flag) => String::new(),
        Some(table) => format!("`{flag}` in `[{table}]`"),
        None => format!("`{flag}`"),
    };
    let help = arg.get_help().expect("every setting is explained").to_string();
    format!("| `--{flag}{value}` | {variable} | {key} | {} |\n", help.replace('<', "&lt;").replace('|', "\\|"))
}

fn document() -> String {
    let command = command();
    let mut text = String::from(
        "# Settings of `outrunner serve`\n\n<!-- Written from daemon/src/config.rs: UPDATE=1 cargo test -p daemon config -->\n\n\
         None is needed. A flag goes before its variable, a variable before the file (`/etc/outrunner/outrunner.toml`, or `--config`). In the file a setting\n\
         that may be given several times is a list, one without a value is `true`; what the file has and we do not know is refused.\n\n\
         ```\ndomain = \"apps.example\"\ndoors-public = true\non-stop = \"leave\"\n\n[registries]\nregistry-private = [\"registry.internal:5000\"]\n```\n\n\
         | flag | variable | in the file | what |\n| --- | --- | --- | --- |\n",
    );
    text.extend(command.get_arguments().map(|arg| row(&command, arg)));
    text
}

#[test]
fn every_setting_stands_in_the_document() {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(DOCUMENT, document()).expect("docs can be written");
    }
    let written = std::fs::read_to_string(DOCUMENT).expect("docs/settings.md is there");
    assert_eq!(written, document(), "the settings have changed: UPDATE=1 writes them anew");
}

#[test]
fn the_file_knows_the_settings_that_the_document_says_it_knows() {
    let command = command();
    for arg in command.get_arguments() {
        let (flag, table) = (arg.get_long().unwrap(), table(&command, arg));
        let text = table.map_or_else(|| "unheard-of = 1".to_owned(), |table| format!("[{table}]\nunheard-of = 1"));
        let known = toml::from_str::<ServeArgs>(&text).unwrap_err().to_string();
        assert_eq!(known.contains(&format!("`{flag}`")), !OF_ONE_RUN.contains(&flag), "{flag}: {known}");
    }
    let example = document();
    let example = example.split("```\n").nth(1).expect("an example");
    let read: ServeArgs = toml::from_str(example).expect("the example is a file");
    assert!(read.doors_public && read.domain.as_deref() == Some("apps.example"));
}
