//! What a decision costs. Run with `cargo test --release -p api --lib -- --ignored --nocapture policy::figures`.
//! Never part of a plain test run: a loaded machine measures itself. Source of truth: issue 7, "policy decision ≤ 20 µs for 50 statements".

use super::{Context, Document, Form, Identity, Party, Policies, Request};
use model::{account::AccountId, caller::UserIdentity, user::UserArn};
use serde_json::{Value, json};
use std::{sync::Arc, time::Instant};

const STATEMENTS: usize = 50;
const DECISIONS: u32 = 100_000;
const NANOS_MAX: u128 = 20_000;

/// Half of the statements speak of the action, with a variable or a condition, and only the last allows.
fn statements() -> Value {
    let each = (0..STATEMENTS).map(|n| match n {
        _ if n + 1 == STATEMENTS => {
            json!({ "Effect": "Allow", "Action": "apprunner:*", "Resource": "arn:aws:apprunner:*:*:service/*" })
        }
        _ if n % 4 == 0 => json!({ "Effect": "Deny", "Action": "apprunner:*Service",
            "Resource": format!("arn:aws:apprunner:*:*:service/${{aws:username}}-{n}/*") }),
        _ if n % 2 == 0 => json!({ "Effect": "Deny", "Action": ["apprunner:Describe*", "ecr:*"], "Resource": "*",
            "Condition": { "StringLike": { "aws:PrincipalTag/team": [format!("team-{n}*"), "nobody"] } } }),
        _ => json!({ "Effect": "Allow", "Action": ["logs:Get*", "logs:Describe*", "ssm:Get*"],
            "Resource": format!("arn:aws:logs:us-east-1:000000000000:log-group:/aws/{n}/*") }),
    });
    Value::Array(each.collect())
}

#[test]
#[ignore = "a figure, for a machine that does nothing else"]
fn a_decision_over_fifty_statements_takes_no_longer_than_it_may() {
    let text = json!({ "Version": "2012-10-17", "Statement": statements() }).to_string();
    let began = Instant::now();
    let document = Arc::new(Document::parse(&text, Form::Identity).expect("a policy"));
    let parsing = began.elapsed();
    let policies = Policies {
        identity: Identity::Policies(vec![document]),
        boundary: None,
        session: None,
        guard: None,
        resource: None,
        own: true,
    };
    let account = AccountId::parse("000000000000").expect("an account");
    let user = UserIdentity { arn: UserArn::parse("arn:aws:iam::000000000000:user/ann").expect("a user"), id: "AIDA".to_owned() };
    let context = Context::default()
        .with("aws:username", "ann")
        .with("aws:PrincipalTag/team", "blue")
        .with("aws:PrincipalAccount", account.as_str());
    let request = Request {
        party: Party::User(&user),
        action: "apprunner:DescribeService",
        resource: "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef",
        context: &context,
    };
    let began = Instant::now();
    for _ in 0..DECISIONS {
        assert_eq!(std::hint::black_box(&policies).decide(std::hint::black_box(&request)), Ok(()));
    }
    let nanos = began.elapsed().as_nanos() / u128::from(DECISIONS);
    println!("{STATEMENTS} statements: {nanos} ns a decision; reading the document: {} ns", parsing.as_nanos());
    assert!(nanos <= NANOS_MAX, "{nanos} ns a decision");
}
