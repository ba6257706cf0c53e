//! A decision over fifty statements, for whoever measures what one costs (`examples/policy_decision.rs`).
//! Never measures itself. Source of truth: the policies below, as an organisation writes them.

use super::{Context, Document, Form, Identity, Party, Policies, Request};
use model::{account::AccountId, caller::UserIdentity, user::UserArn};
use serde_json::{Value, json};
use std::sync::Arc;

const STATEMENTS: usize = 50;

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

/// Makes `count` decisions that read every statement, after the document was read once.
pub fn decide_over_fifty_statements(count: u32) {
    let text = json!({ "Version": "2012-10-17", "Statement": statements() }).to_string();
    let document = Arc::new(Document::parse(&text, Form::Identity).expect("a policy"));
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
    for _ in 0..count {
        assert_eq!(std::hint::black_box(&policies).decide(std::hint::black_box(&request)), Ok(()));
    }
}
