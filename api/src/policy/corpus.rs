//! Runs the corpus of `tests/iam`: policies, a request, and what AWS documents to come of it; then breaks each rule of the engine alone
//! and sees that a case fails.
//! Never takes an expectation from the engine. Source of truth: the section that each group of cases names.

use super::{Context, Document, Form, Identity, Kind, Party, Policies, Request, Why, rule::Rule};
use model::{
    account::AccountId,
    caller::{RoleSession, UserIdentity},
    role::RoleArn,
    tag::Tags,
    time::Timestamp,
    user::UserArn,
    web_identity::WebIdentity,
};
use serde_json::{Map, Value, json};
use std::{path::Path, sync::Arc};

const CASES_MIN: usize = 400;
const USER: (&str, &str) = ("arn:aws:iam::111122223333:user/team/alice", "AIDAEXAMPLEEXAMPLE123");
const ROLE: (&str, &str) = ("arn:aws:iam::111122223333:role/ci/Deployer", "AROAEXAMPLEEXAMPLE123");
const ACCOUNT: &str = "111122223333";

/// A case with what its group and its file say too.
struct Case {
    /// For whoever reads that it failed.
    name: String,
    members: Map<String, Value>,
    policies: Map<String, Value>,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/iam");
    let files = std::fs::read_dir(&folder).expect("the corpus is there").map(|entry| entry.expect("a file").path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).flat_map(|path| read(&path)).collect()
}

fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("a file of the corpus");
    let file: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let policies = file.get("policies").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut cases = Vec::new();
    for group in file["groups"].as_array().expect("groups") {
        let source = group["source"].as_str().filter(|source| !source.is_empty()).expect("every group names its source");
        for case in group["cases"].as_array().expect("cases") {
            let mut members = group.get("given").and_then(Value::as_object).cloned().unwrap_or_default();
            members.extend(case.as_object().expect("a case").clone());
            let name = format!("{} ({source}): {case}", path.file_name().expect("a name").display());
            cases.push(Case { name, members, policies: policies.clone() });
        }
    }
    cases
}

impl Case {
    fn text(&self, member: &str, otherwise: &str) -> String {
        self.members.get(member).map_or(otherwise, |value| value.as_str().expect("a text")).to_owned()
    }

    /// A document, the statements of one, or the name of one.
    fn document(&self, value: &Value, form: Form) -> Arc<Document> {
        let value = value.as_str().map_or(value, |name| &self.policies[name]);
        let whole = match value {
            Value::Object(members) if members.contains_key("Statement") => value.clone(),
            statements => json!({ "Version": "2012-10-17", "Statement": statements }),
        };
        let read = Document::parse(&whole.to_string(), form);
        // Where a rule of reading is broken, what cannot be read says nothing, and the case fails of it.
        Arc::new(read.unwrap_or_else(|words| {
            assert!(Rule::any_broken(), "{}: {whole}: {words}", self.name);
            Document::nothing()
        }))
    }

    fn one(&self, member: &str, form: Form) -> Option<Arc<Document>> {
        self.members.get(member).map(|value| self.document(value, form))
    }

    fn several(&self, member: &str) -> Option<Vec<Arc<Document>>> {
        self.members.get(member).map(|value| match value {
            Value::Array(values) => values.iter().map(|value| self.document(value, Form::Identity)).collect(),
            value => vec![self.document(value, Form::Identity)],
        })
    }

    fn context(&self) -> Context {
        let keys = self.members.get("context").and_then(Value::as_object).cloned().unwrap_or_default();
        keys.iter().fold(Context::default(), |context, (key, value)| match value {
            Value::Array(values) => {
                context.with_all(key, values.iter().map(|value| value.as_str().expect("a text").to_owned()).collect())
            }
            value => context.with(key, value.as_str().expect("a text")),
        })
    }

    fn policies(&self, on: &str) -> Policies {
        let identity = match self.members.get("condition") {
            Some(condition) => {
                let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition });
                vec![self.document(&statement, Form::Identity)]
            }
            None => self.several("identity").unwrap_or_default(),
        };
        Policies {
            identity: if self.text("who", "user") == "root" { Identity::Everything } else { Identity::Policies(identity) },
            boundary: self.one("boundary", Form::Identity),
            session: self.several("session"),
            guard: self.one("guard", Form::Identity),
            resource: self.one("resource", Form::Repository).or_else(|| self.one("trust", Form::Trust)),
            own: on == "*" || on.split(':').nth(4) == Some(ACCOUNT),
        }
    }

    /// What comes of it, in the words of the corpus.
    fn found(&self) -> (String, Option<&'static str>) {
        if let Some(document) = self.members.get("document") {
            let text = document.as_str().map_or_else(|| document.to_string(), str::to_owned);
            let form = match self.text("form", "identity").as_str() {
                "trust" => Form::Trust,
                "resource" => Form::Repository,
                _ => Form::Identity,
            };
            let word = if Document::parse(&text, form).is_ok() { "wellFormed" } else { "MalformedPolicyDocument" };
            return (word.to_owned(), None);
        }
        let (who, action) = (self.text("who", "user"), self.text("action", "ecr:BatchGetImage"));
        let on = self.text("on", "arn:aws:ecr:us-east-1:111122223333:repository/team/hello");
        let session = RoleSession {
            role: RoleArn::parse(ROLE.0).expect("a role"),
            role_id: ROLE.1.to_owned(),
            name: "build".to_owned(),
            expires_at: Timestamp::from_millis(0),
            policies: Vec::new(),
            federated: None,
            tags: Tags::default(),
            issued_at: None,
        };
        let user = UserIdentity { arn: UserArn::parse(USER.0).expect("a user"), id: USER.1.to_owned() };
        let account = AccountId::parse(ACCOUNT).expect("an account");
        let federated = who.strip_prefix("federated:").map(|provider| WebIdentity {
            provider: provider.to_owned(),
            subject: "repo:octo/web".to_owned(),
            audience: "sts.amazonaws.com".to_owned(),
        });
        let party = match who.as_str() {
            "root" => Party::Root(&account),
            "user" => Party::User(&user),
            "role" => Party::Session(&session),
            other => match (other.strip_prefix("service:"), &federated) {
                (Some(service), _) => Party::Service(service),
                (None, Some(identity)) => Party::Federated(identity),
                (None, None) => panic!("{other} is none of root, user, role, service:<name> and federated:<provider>"),
            },
        };
        let context = self.context();
        let request = Request { party, action: &action, resource: &on, context: &context };
        match self.policies(&on).decide(&request) {
            Ok(()) => ("allowed".to_owned(), None),
            Err(Why::DeniedBy(kind)) => ("explicitDeny".to_owned(), Some(word(kind))),
            Err(Why::NotBy(kind)) => ("implicitDeny".to_owned(), Some(word(kind))),
        }
    }

    /// What is wrong with what comes of it.
    fn fails(&self) -> Option<String> {
        let (found, by) = self.found();
        let wanted = self.text("expected", "");
        let wanted_by = self.members.get("by").and_then(Value::as_str);
        let good = found == wanted && wanted_by.is_none_or(|wanted| by == Some(wanted));
        (!good).then(|| format!("{} by {by:?}: {}", found, self.name))
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "identity",
        Kind::Resource => "resource",
        Kind::Boundary => "boundary",
        Kind::Session => "session",
        Kind::Guard => "guard",
    }
}

#[test]
fn every_case_of_the_corpus_comes_out_as_it_is_documented() {
    let cases = cases();
    assert!(cases.len() >= CASES_MIN, "{} cases", cases.len());
    let failed: Vec<String> = cases.iter().filter_map(Case::fails).collect();
    assert!(failed.is_empty(), "{} of {} fail:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

#[test]
fn breaking_any_one_rule_of_the_engine_makes_a_case_fail() {
    let cases = cases();
    let unnoticed: Vec<&Rule> =
        Rule::ALL.iter().filter(|rule| rule.break_while(|| cases.iter().all(|case| case.fails().is_none()))).collect();
    assert!(unnoticed.is_empty(), "no case fails when one of these is broken: {unnoticed:?}");
}
