//! SimulatePrincipalPolicy and SimulateCustomPolicy through the door: what would be decided, and by which statement.
//! Source of truth: the IAM API reference.

use crate::house::House;
use model::{role::Role, testbed::role};

const READ: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "ecr:Batch*", "Resource": "*" },
    { "Effect": "Deny", "Action": "ecr:BatchDeleteImage", "Resource": "*" },
    { "Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*", "Condition": { "StringEquals": { "aws:ResourceTag/env": "dev" } } }
  ]
}"#;

fn form(action: &str, pairs: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", action).append_pair("Version", "2010-05-08").extend_pairs(pairs);
    form.finish()
}

/// The decisions of an answer, in their order.
fn decisions(text: &str) -> Vec<&str> {
    text.split("<EvalDecision>").skip(1).filter_map(|rest| rest.split('<').next()).collect()
}

fn house() -> House {
    let house = House::new();
    let inline = [("read".to_owned(), READ.to_owned())].into();
    house.keep(&Role {
        inline,
        attached: ["arn:aws:iam::aws:policy/AWSAppRunnerReadOnlyAccess".to_owned()].into(),
        ..role("Reader")
    });
    house
}

const READER: (&str, &str) = ("PolicySourceArn", "arn:aws:iam::000000000000:role/Reader");

#[tokio::test]
async fn a_role_is_simulated_with_its_own_policies_and_the_statement_that_decides_is_named() {
    let house = house();
    let ask = |more: &[(&'static str, &'static str)]| form("SimulatePrincipalPolicy", &[[READER].as_slice(), more].concat());
    let actions = [
        ("ActionNames.member.1", "ecr:BatchGetImage"),
        ("ActionNames.member.2", "ecr:BatchDeleteImage"),
        ("ActionNames.member.3", "ecr:PutImage"),
        ("ActionNames.member.4", "apprunner:DescribeService"),
        ("ActionNames.member.5", "iam:GetRole"),
    ];
    let reply = house.form("iam", &ask(&actions)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(decisions(&reply.text), ["allowed", "explicitDeny", "implicitDeny", "allowed", "implicitDeny"], "{}", reply.text);
    // The denial is the second statement: line 5 of the document.
    let denied = reply.text.split("ecr:BatchDeleteImage").nth(1).expect("its answer");
    assert!(denied.contains("<SourcePolicyId>read</SourcePolicyId><SourcePolicyType>role</SourcePolicyType>"), "{denied}");
    assert!(denied.contains("<StartPosition><Column>5</Column><Line>5</Line></StartPosition>"), "{denied}");
    assert!(
        reply.text.contains("<MissingContextValues><member>aws:ResourceTag/env</member></MissingContextValues>"),
        "{}",
        reply.text
    );
    assert!(reply.text.contains("<SourcePolicyType>aws-managed</SourcePolicyType>"), "{}", reply.text);

    let told = ask(&[
        ("ActionNames.member.1", "ecr:PutImage"),
        ("ContextEntries.member.1.ContextKeyName", "aws:ResourceTag/env"),
        ("ContextEntries.member.1.ContextKeyValues.member.1", "dev"),
        ("ContextEntries.member.1.ContextKeyType", "string"),
    ]);
    assert_eq!(decisions(&house.form("iam", &told).await.text), ["allowed"]);
}

#[tokio::test]
async fn a_boundary_that_the_call_brings_limits_and_its_detail_is_told() {
    let house = house();
    let bound = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}}"#;
    let body = form(
        "SimulatePrincipalPolicy",
        &[
            READER,
            ("ActionNames.member.1", "ecr:BatchGetImage"),
            ("ActionNames.member.2", "apprunner:ListServices"),
            ("PermissionsBoundaryPolicyInputList.member.1", bound),
        ],
    );
    let reply = house.form("iam", &body).await;
    assert_eq!(decisions(&reply.text), ["implicitDeny", "allowed"], "{}", reply.text);
    for detail in ["false", "true"] {
        let words = format!("<AllowedByPermissionsBoundary>{detail}</AllowedByPermissionsBoundary>");
        assert!(reply.text.contains(&words), "{}", reply.text);
    }
}

#[tokio::test]
async fn documents_alone_are_simulated_page_by_page() {
    let house = house();
    let mut pairs = vec![("PolicyInputList.member.1", READ), ("MaxItems", "1")];
    pairs.extend([("ActionNames.member.1", "ecr:BatchGetImage"), ("ActionNames.member.2", "ecr:GetDownloadUrlForLayer")]);
    let first = house.form("iam", &form("SimulateCustomPolicy", &pairs)).await;
    assert_eq!(decisions(&first.text), ["allowed"], "{}", first.text);
    assert!(first.text.contains("<IsTruncated>true</IsTruncated>"), "{}", first.text);
    let marker = first.text.split("<Marker>").nth(1).and_then(|rest| rest.split('<').next()).expect("a marker").to_owned();
    pairs.push(("Marker", &marker));
    let second = house.form("iam", &form("SimulateCustomPolicy", &pairs)).await;
    assert_eq!(decisions(&second.text), ["implicitDeny"], "{}", second.text);
    assert!(second.text.contains("<IsTruncated>false</IsTruncated>"), "{}", second.text);
}

#[tokio::test]
async fn what_cannot_be_simulated_is_told() {
    let house = house();
    for (action, pairs, words) in [
        (
            "SimulatePrincipalPolicy",
            vec![READER, ("ActionNames.member.1", "apprunner:MakeService")],
            "apprunner:MakeService is not an action",
        ),
        (
            "SimulatePrincipalPolicy",
            vec![("PolicySourceArn", "arn:aws:iam::000000000000:role/None"), ("ActionNames.member.1", "ecr:PutImage")],
            "The role with name None cannot be found.",
        ),
        (
            "SimulatePrincipalPolicy",
            vec![("PolicySourceArn", "arn:aws:iam::000000000000:user/none"), ("ActionNames.member.1", "ecr:PutImage")],
            "The user with name none cannot be found.",
        ),
        (
            "SimulateCustomPolicy",
            vec![("PolicyInputList.member.1", "{}"), ("ActionNames.member.1", "ecr:PutImage")],
            "PolicyInputList.1: The policy must have a Statement",
        ),
    ] {
        let reply = house.form("iam", &form(action, &pairs)).await;
        assert!(reply.status >= 400 && reply.text.contains(words), "{words}: {}", reply.text);
    }
}

#[tokio::test]
async fn more_answers_than_a_simulation_has_are_refused_and_pages_go_on_by_number() {
    let house = house();
    let resources: Vec<(String, String)> = (0..101)
        .map(|n| (format!("ResourceArns.member.{}", n + 1), format!("arn:aws:ecr:us-east-1:000000000000:repository/r{n}")))
        .collect();
    let ask = |actions: usize, more: &[(&str, &str)]| {
        let actions: Vec<String> = (1..=actions).map(|n| format!("ActionNames.member.{n}")).collect();
        let actions = actions.iter().map(|name| (name.as_str(), "ecr:BatchGetImage"));
        let resources = resources.iter().map(|(name, arn)| (name.as_str(), arn.as_str()));
        let pairs: Vec<(&str, &str)> = [READER].into_iter().chain(actions).chain(resources).chain(more.iter().copied()).collect();
        form("SimulatePrincipalPolicy", &pairs)
    };
    let reply = house.form("iam", &ask(100, &[])).await;
    assert!(reply.status == 400 && reply.text.contains("InvalidInput") && reply.text.contains("Ask in parts"), "{}", reply.text);
    let (mut marker, mut pages) = (None::<String>, Vec::new());
    loop {
        let more: Vec<(&str, &str)> = [("MaxItems", "80")].into_iter().chain(marker.as_deref().map(|m| ("Marker", m))).collect();
        let reply = house.form("iam", &ask(2, &more)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        pages.push(decisions(&reply.text).len());
        marker = reply.text.split("<Marker>").nth(1).map(|rest| rest.split('<').next().expect("a text").to_owned());
        if marker.is_none() {
            break;
        }
    }
    assert_eq!(pages, [80, 80, 42]);
}

/// Who may simulate may not thereby find out which users and roles there are.
#[tokio::test]
async fn a_caller_that_is_only_named_is_looked_up_by_nobody() {
    let house = house();
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/ann"},"Action":"sts:AssumeRole","Resource":"*"}}"#;
    let by_id = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:userid":"*"}}}}"#;
    for caller in
        ["arn:aws:iam::000000000000:user/ann", "arn:aws:iam::000000000000:role/Reader", "arn:aws:iam::000000000000:role/None"]
    {
        let body = form(
            "SimulateCustomPolicy",
            &[
                (
                    "PolicyInputList.member.1",
                    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}}"#,
                ),
                ("PolicyInputList.member.2", by_id),
                ("ResourcePolicy", trust),
                ("CallerArn", caller),
                ("ActionNames.member.1", "sts:AssumeRole"),
            ],
        );
        let reply = house.form("iam", &body).await;
        let wanted = if caller.ends_with("/ann") { "allowed" } else { "implicitDeny" };
        assert_eq!(decisions(&reply.text), [wanted], "{caller}: {}", reply.text);
        assert!(reply.text.contains("<MissingContextValues><member>aws:userid</member>"), "{caller}: {}", reply.text);
    }
    let nobody =
        [("PolicyInputList.member.1", by_id), ("CallerArn", "arn:aws:s3:::bucket"), ("ActionNames.member.1", "ecr:PutImage")];
    let reply = house.form("iam", &form("SimulateCustomPolicy", &nobody)).await;
    assert!(reply.status == 400 && reply.text.contains("is neither the ARN of a user nor that of a role"), "{}", reply.text);
}
