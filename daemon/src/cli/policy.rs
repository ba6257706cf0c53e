//! `outrunner policy test`: what a user, a role, or policies in files may do, decided by the engine that decides real calls, and by which statement.
//!
//! Asks SimulatePrincipalPolicy and SimulateCustomPolicy like any client; nothing is called. As on AWS the policy of what is asked for counts only if a
//! file brings it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Value, json};

use super::{DataDir, print_line};
use crate::client::Client;
use crate::failure::Failure;
use crate::form_client::Answer;
use crate::limit::POLICY_FILE_BYTES;

#[derive(Args, Debug)]
pub struct PolicyArgs {
    #[command(flatten)]
    data_dir: DataDir,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Say whether an action would be allowed, and which statement of which policy decides. Exit code 6: it is denied
    #[command(after_help = crate::failure::EXIT_CODES)]
    Test(TestArgs),
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("whose").required(true).multiple(true).args(["user", "role", "policies"]))]
struct TestArgs {
    /// A user of the account, with its policies and its boundary
    #[arg(long, value_name = "NAME", conflicts_with = "role")]
    user: Option<String>,
    /// A role of the account, with its policies and its boundary
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// A file with a policy document; with a user or a role, beside those that it has (may be given several times)
    #[arg(long = "policy", value_name = "FILE")]
    policies: Vec<PathBuf>,
    /// A file with the policy of the resource, such as a repository's
    #[arg(long, value_name = "FILE")]
    resource_policy: Option<PathBuf>,
    /// Such as apprunner:CreateService (may be given several times)
    #[arg(long = "action", value_name = "ACTION", required = true)]
    actions: Vec<String>,
    /// What it is done to (may be given several times)
    #[arg(long = "resource", value_name = "ARN", default_value = "*")]
    resources: Vec<String>,
    /// What conditions may ask: a condition key and a value; the same key again for one more value
    #[arg(long = "context", value_name = "KEY=VALUE", value_parser = entry)]
    context: Vec<(String, String)>,
    /// Print JSON: a list of decisions
    #[arg(long)]
    json: bool,
}

pub async fn run(args: &PolicyArgs) -> Result<(), Failure> {
    match &args.verb {
        Verb::Test(test) => {
            // What the command line brings is looked at first.
            let files = Files::read(test)?;
            let client = Client::of(&args.data_dir.place()?)?;
            let source = source(&client, test).await?;
            let mut decisions = Vec::new();
            for action in &test.actions {
                for resource in &test.resources {
                    let members = members(test, &files, source.as_deref(), (action, resource));
                    let members: Vec<(&str, &str)> = members.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                    let operation = if source.is_some() { "SimulatePrincipalPolicy" } else { "SimulateCustomPolicy" };
                    decisions.push(decision(&client.iam(operation, &members).await?, &files, (action, resource))?);
                }
            }
            tell(&decisions, test.json)
        }
    }
}

/// The type that an answer gives to the documents of its call.
const SHELF_OF_FILES: &str = "IAM Policy";

/// The documents that files bring.
struct Files {
    /// Each with its path as it was given.
    policies: Vec<(String, String)>,
    resource: Option<String>,
}

impl Files {
    fn read(test: &TestArgs) -> Result<Self, Failure> {
        let policies = test.policies.iter().map(|path| Ok((path.display().to_string(), document(path)?)));
        Ok(Self {
            policies: policies.collect::<Result<_, Failure>>()?,
            resource: test.resource_policy.as_deref().map(document).transpose()?,
        })
    }
}

fn document(path: &Path) -> Result<String, Failure> {
    let wrong = |why: String| Failure::Usage(format!("the policy {} cannot be read: {why}", path.display()));
    let mut text = String::new();
    let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
    file.take(POLICY_FILE_BYTES + 1).read_to_string(&mut text).map_err(|error| wrong(error.to_string()))?;
    if text.len() as u64 > POLICY_FILE_BYTES {
        return Err(wrong(format!("it has more than {POLICY_FILE_BYTES} bytes")));
    }
    Ok(text)
}

/// `KEY=VALUE`: a value may have further equals signs.
fn entry(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("it has the form KEY=VALUE, such as aws:ResourceTag/team=web")?;
    if !key.contains(':') {
        return Err(format!("{key} is not a condition key: one has the form service:Name, such as aws:username"));
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// The ARN of the user or the role that is asked about.
async fn source(client: &Client, test: &TestArgs) -> Result<Option<String>, Failure> {
    let (operation, member, path, name) = match (&test.user, &test.role) {
        (Some(user), _) => ("GetUser", "UserName", "User/Arn", user),
        (None, Some(role)) => ("GetRole", "RoleName", "Role/Arn", role),
        (None, None) => return Ok(None),
    };
    let found = client.iam(operation, &[(member, name)]).await?;
    let arn = found.text(path).ok_or_else(|| Failure::other(format!("the answer of {operation} names no ARN")))?;
    Ok(Some(arn.to_owned()))
}

/// The members of one simulation: of one action on one resource, so that its answer has one result.
fn members(test: &TestArgs, files: &Files, source: Option<&str>, (action, resource): (&str, &str)) -> Vec<(String, String)> {
    let mut members = Vec::new();
    let mut add = |name: String, value: &str| members.push((name, value.to_owned()));
    if let Some(source) = source {
        add("PolicySourceArn".to_owned(), source);
    }
    for (n, (_, text)) in files.policies.iter().enumerate() {
        add(format!("PolicyInputList.member.{}", n + 1), text);
    }
    if let Some(text) = &files.resource {
        add("ResourcePolicy".to_owned(), text);
    }
    add("ActionNames.member.1".to_owned(), action);
    add("ResourceArns.member.1".to_owned(), resource);
    let mut context: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, value) in &test.context {
        context.entry(key).or_default().push(value);
    }
    for (n, (key, values)) in context.into_iter().enumerate() {
        let entry = format!("ContextEntries.member.{}", n + 1);
        add(format!("{entry}.ContextKeyName"), key);
        add(format!("{entry}.ContextKeyType"), if values.len() == 1 { "string" } else { "stringList" });
        for (n, value) in values.into_iter().enumerate() {
            add(format!("{entry}.ContextKeyValues.member.{}", n + 1), value);
        }
    }
    members
}

/// A decision as `--json` prints it. An answer without one is no denial: scripts take that for the policies' word.
fn decision(answer: &Answer, files: &Files, (action, resource): (&str, &str)) -> Result<Value, Failure> {
    let at = |path: &str| format!("EvaluationResults/member/{path}");
    let detail = |path: &str| answer.text(&at(path)).map(|text| text == "true");
    let of_statements = |path: &str| answer.texts(&at(&format!("MatchedStatements/member/{path}")));
    let number = |texts: &[String], n: usize| texts.get(n).and_then(|text| text.parse::<u32>().ok());
    let (lines, columns) = (of_statements("StartPosition/Line"), of_statements("StartPosition/Column"));
    let shelves = of_statements("SourcePolicyType");
    let statements = of_statements("SourcePolicyId").iter().enumerate().map(|(n, id)| {
        json!({
            "Policy": named(id, shelves.get(n).map(String::as_str), files),
            "PolicyType": shelves.get(n),
            "Line": number(lines, n),
            "Column": number(columns, n),
        })
    });
    let word = answer.text(&at("EvalDecision")).ok_or_else(|| Failure::other("the answer names no decision"))?;
    Ok(json!({
        "Action": action,
        "Resource": resource,
        "Decision": word,
        "Statements": statements.collect::<Vec<_>>(),
        "MissingContextKeys": answer.texts(&at("MissingContextValues/member")),
        "AllowedByBoundary": detail("PermissionsBoundaryDecisionDetail/AllowedByPermissionsBoundary"),
        "AllowedByGuardPolicy": detail("OrganizationsDecisionDetail/AllowedByOrganizations"),
    }))
}

/// A policy of a file by the file: the answer has its number. A policy that somebody has may be called so too, and is on another shelf.
fn named(id: &str, shelf: Option<&str>, files: &Files) -> String {
    let id_of_file = id.strip_prefix("PolicyInputList.").filter(|_| shelf == Some(SHELF_OF_FILES));
    let number = id_of_file.and_then(|number| number.parse::<usize>().ok());
    let file = number.and_then(|number| files.policies.get(number.checked_sub(1)?));
    file.map_or_else(|| id.to_owned(), |(path, _)| path.clone())
}

/// Prints all decisions, and ends badly where one is a denial.
fn tell(decisions: &[Value], as_json: bool) -> Result<(), Failure> {
    let printed =
        if as_json { format!("{:#}", Value::from(decisions)) } else { decisions.iter().map(shown).collect::<Vec<_>>().join("\n") };
    let _ = print_line(&printed)?;
    let denied: Vec<&Value> = decisions.iter().filter(|decision| decision["Decision"] != "allowed").collect();
    match denied.as_slice() {
        [] => Ok(()),
        [one] => Err(Failure::Denied(format!("{} on {} is denied", text(one, "Action"), text(one, "Resource")))),
        many => Err(Failure::Denied(format!("{} of {} are denied", many.len(), decisions.len()))),
    }
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or("-")
}

/// A decision for a person: one line, and one for each reason.
fn shown(decision: &Value) -> String {
    let (action, resource) = (text(decision, "Action"), text(decision, "Resource"));
    let is_allowed = decision["Decision"] == "allowed";
    let (word, why) = match decision["Decision"].as_str() {
        Some("allowed") => ("allowed", ""),
        Some("explicitDeny") => ("denied", ": a statement denies it"),
        _ => ("denied", ": no statement allows it"),
    };
    let mut lines = vec![format!("{word}  {action} on {resource}{why}")];
    for statement in decision["Statements"].as_array().into_iter().flatten() {
        // Beside a denial that nothing speaks for are statements that would allow, and something else that does not.
        let verb = if is_allowed || decision["Decision"] == "explicitDeny" { "by" } else { "although" };
        let place = format!("line {}, column {}", statement["Line"], statement["Column"]);
        lines.push(format!(
            "  {verb} the statement at {place} of {} ({})",
            text(statement, "Policy"),
            text(statement, "PolicyType")
        ));
    }
    for (member, words) in [
        ("AllowedByBoundary", "  the permissions boundary does not allow it"),
        ("AllowedByGuardPolicy", "  the guard policy does not allow it"),
    ] {
        if decision[member] == false {
            lines.push(words.to_owned());
        }
    }
    for key in decision["MissingContextKeys"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        lines.push(format!("  a condition asks for {key}, which was not given: --context {key}=VALUE"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser, Debug)]
    struct Line {
        #[command(flatten)]
        test: TestArgs,
    }

    fn parsed(words: &[&str]) -> Result<TestArgs, String> {
        Line::try_parse_from(["test"].iter().chain(words)).map(|line| line.test).map_err(|error| error.to_string())
    }

    #[test]
    fn a_test_is_of_a_user_a_role_or_files_and_of_an_action() {
        for (words, good) in [
            (&["--user", "ann", "--action", "ecr:PutImage"][..], true),
            (&["--role", "ci", "--policy", "more.json", "--action", "ecr:PutImage"], true),
            (&["--policy", "a.json", "--policy", "b.json", "--action", "a:B", "--action", "a:C"], true),
            (&["--user", "ann", "--role", "ci", "--action", "ecr:PutImage"], false),
            (&["--action", "ecr:PutImage"], false),
            (&["--user", "ann"], false),
            (&["--user", "ann", "--action", "a:B", "--context", "team"], false),
            (&["--user", "ann", "--action", "a:B", "--context", "team=web"], false),
        ] {
            assert_eq!(parsed(words).is_ok(), good, "{words:?}");
        }
    }

    #[test]
    fn a_key_that_is_given_twice_has_two_values_and_a_value_may_have_an_equals_sign() {
        let context = ["--context", "aws:TagKeys=a=b", "--context", "aws:username=ann", "--context", "aws:TagKeys=c"];
        let words: Vec<&str> = ["--user", "ann", "--action", "a:B"].into_iter().chain(context).collect();
        let test = parsed(&words).unwrap();
        let files = Files { policies: vec![("p.json".to_owned(), "{}".to_owned())], resource: None };
        let members = members(&test, &files, Some("arn:u"), ("a:B", "*"));
        let members: Vec<String> = members.iter().map(|(name, value)| format!("{name} {value}")).collect();
        assert_eq!(
            members,
            [
                "PolicySourceArn arn:u",
                "PolicyInputList.member.1 {}",
                "ActionNames.member.1 a:B",
                "ResourceArns.member.1 *",
                "ContextEntries.member.1.ContextKeyName aws:TagKeys",
                "ContextEntries.member.1.ContextKeyType stringList",
                "ContextEntries.member.1.ContextKeyValues.member.1 a=b",
                "ContextEntries.member.1.ContextKeyValues.member.2 c",
                "ContextEntries.member.2.ContextKeyName aws:username",
                "ContextEntries.member.2.ContextKeyType string",
                "ContextEntries.member.2.ContextKeyValues.member.1 ann",
            ]
        );
    }

    #[test]
    fn a_decision_names_the_statement_the_boundary_and_the_keys_that_were_not_given() {
        let files = Files { policies: vec![("deny.json".to_owned(), String::new())], resource: None };
        assert_eq!(named("PolicyInputList.1", Some(SHELF_OF_FILES), &files), "deny.json");
        for other in ["PolicyInputList.0", "PolicyInputList.2", "read"] {
            assert_eq!(named(other, Some(SHELF_OF_FILES), &files), other);
        }
        assert_eq!(named("PolicyInputList.1", Some("user"), &files), "PolicyInputList.1", "somebody's own that is called so");
        let statement = json!({ "Policy": "deny.json", "PolicyType": "IAM Policy", "Line": 3, "Column": 5 });
        let denied = json!({ "Action": "a:B", "Resource": "*", "Decision": "explicitDeny", "Statements": [statement],
            "MissingContextKeys": ["aws:RequestTag/team"], "AllowedByBoundary": false, "AllowedByGuardPolicy": null });
        assert_eq!(
            shown(&denied),
            "denied  a:B on *: a statement denies it\n  by the statement at line 3, column 5 of deny.json (IAM Policy)\n  \
             the permissions boundary does not allow it\n  a condition asks for aws:RequestTag/team, which was not given: \
             --context aws:RequestTag/team=VALUE"
        );
        assert_eq!(tell(std::slice::from_ref(&denied), true).unwrap_err().exit_code(), 6);
        let allowed =
            json!({ "Action": "a:B", "Resource": "*", "Decision": "allowed", "Statements": [], "MissingContextKeys": [] });
        tell(std::slice::from_ref(&allowed), false).unwrap();
        assert!(tell(&[allowed, denied.clone(), denied], false).unwrap_err().to_string().contains("2 of 3"));
    }

    #[test]
    fn a_file_that_is_not_there_or_too_long_is_a_wrong_command_line() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("long.json");
        std::fs::write(&long, " ".repeat(usize::try_from(POLICY_FILE_BYTES).unwrap() + 1)).unwrap();
        for path in [folder.path().join("none.json"), long] {
            let failure = document(&path).unwrap_err();
            assert_eq!(failure.exit_code(), 2, "{failure}");
            assert!(failure.to_string().contains(&path.display().to_string()), "{failure}");
        }
    }
}
