//! What must hold of every policy document, whatever it says: how it is written does not matter, nor in which order its statements stand, and a denial wins.
//! Never part of the platform, and no second engine: it holds the one that is there against itself.
//! Source of truth: IAM User Guide, "Policy evaluation logic"; RFC 8259, sections 2 and 7.

use super::{Context, Document, Effect, Form, Party, Request, Verdict, document::Statement};
use model::{
    account::AccountId,
    caller::{RoleSession, UserIdentity},
    role::RoleArn,
    tag::Tags,
    time::Timestamp,
    user::UserArn,
};
use serde_json::Value;

const FORMS: [Form; 4] = [Form::Identity, Form::Trust, Form::Repository, Form::Resource];
const DENY_ALL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}}"#;
const REQUESTS: [(&str, &str); 5] = [
    ("apprunner:DescribeService", "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef"),
    ("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:000000000000:repository/team/hello"),
    ("sts:AssumeRole", "arn:aws:iam::000000000000:role/ci/Deployer"),
    ("s3:GetObject", "arn:aws:s3:::bucket/ann/a*b?c"),
    ("iam:PassRole", "*"),
];

/// Reads a policy, whatever it is for: it is read, or a sentence says why not. One that is read obeys the laws of policies.
pub fn read_policy(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for form in FORMS {
        match Document::parse(&text, form) {
            Ok(document) => {
                assert_ne!(document.check_keys().err().as_deref(), Some(""), "a refusal has words");
                written_otherwise(&text, form, &document);
                hold(&document);
            }
            Err(words) => assert!(!words.is_empty(), "a refusal has words"),
        }
    }
}

/// The same document with spaces, and with its one statement in a list, is the same.
fn written_otherwise(text: &str, form: Form, document: &Document) {
    let mut value: Value = serde_json::from_str(text).expect("a document is JSON");
    let again = |value: &Value| Document::parse(&format!("{value:#}"), form);
    assert_eq!(again(&value).as_ref(), Ok(document));
    if let Some(statement) = value.get_mut("Statement").filter(|statement| statement.is_object()) {
        *statement = Value::Array(vec![statement.take()]);
        assert_eq!(again(&value).as_ref(), Ok(document));
    }
}

fn hold(document: &Document) {
    let with = |statements: Vec<Statement>| Document { variables: document.variables, statements };
    let only = |effect: Effect| with(document.statements.iter().filter(|one| one.effect == effect).cloned().collect());
    let backwards = with(document.statements.iter().rev().cloned().collect());
    let doubled = with([document.statements.clone(), document.statements.clone()].concat());
    let denies = Document::parse(DENY_ALL, Form::Resource).expect("a policy");
    let denied = with([document.statements.clone(), denies.statements].concat());
    let (denying, allowing) = (only(Effect::Deny), only(Effect::Allow));
    let account = AccountId::parse("000000000000").expect("an account");
    let user = UserIdentity { arn: UserArn::parse("arn:aws:iam::000000000000:user/ann").expect("a user"), id: "AIDA".to_owned() };
    let session = RoleSession {
        role: RoleArn::parse("arn:aws:iam::000000000000:role/ci/Deployer").expect("a role"),
        role_id: "AROAEXAMPLEEXAMPLE123".to_owned(),
        name: "build".to_owned(),
        expires_at: Timestamp::from_millis(0),
        policies: Vec::new(),
        federated: None,
        tags: Tags::default(),
        issued_at: None,
    };
    let parties =
        [Party::Root(&account), Party::User(&user), Party::Session(&session), Party::Service("build.apprunner.amazonaws.com")];
    let context = context();
    for party in parties {
        for (action, resource) in REQUESTS {
            let request = Request { party, action, resource, context: &context };
            let says = |document: &Document| document.evaluate(&request);
            let verdict = says(document);
            assert_eq!(says(&backwards), verdict, "the order of statements does not matter: {action}");
            assert_eq!(says(&doubled), verdict, "nor does saying it twice: {action}");
            assert_eq!(says(&denied), Verdict::Denied, "a denial wins: {action}");
            assert!(matches!(says(&denying), Verdict::Denied | Verdict::Silent), "who denies never allows: {action}");
            assert_ne!(says(&allowing), Verdict::Denied, "who allows never denies: {action}");
            assert_eq!(verdict == Verdict::Denied, says(&denying) == Verdict::Denied, "only denials deny: {action}");
            assert_eq!(
                document.matching(&request).next().is_none(),
                verdict == Verdict::Silent,
                "who speaks is not silent: {action}"
            );
        }
    }
}

fn context() -> Context {
    Context::default()
        .with("aws:username", "ann")
        .with("aws:PrincipalTag/team", "blue")
        .with("aws:SourceIp", "203.0.113.7")
        .with("aws:CurrentTime", "2026-03-01T12:00:00Z")
        .with("aws:EpochTime", "1772366400")
        .with("aws:SecureTransport", "true")
        .with_all("aws:TagKeys", vec!["team".to_owned(), "cost".to_owned()])
        .with_all("aws:Empty", Vec::new())
}
