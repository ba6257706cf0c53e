//! Whatever comes in: the door answers with a fault of the caller's and a request id, and writes its line. It never falls over and never says 500.
//! Never sends what is well formed and allowed. Source of truth: `ARCHITECTURE.md`, invariant 12, and the AWS protocols.

use crate::{
    actions::{SERVICES, offered},
    house::{House, NOW, wait},
    log::Lines,
    signer::{KEY, Order, SECRET, sign},
};
use http::Request;
use proptest::prelude::*;
use serde_json::{Value, json};

const CASES: u32 = 256;
/// Documents that every operation is sent, one after another.
const CASES_OF_ALL: u32 = 8;

const TARGETS: [(&str, &str); 12] = [
    ("AppRunner.CreateService", "apprunner"),
    ("AppRunner.UpdateService", "apprunner"),
    ("AppRunner.ListServices", "apprunner"),
    ("AppRunner.CreateAutoScalingConfiguration", "apprunner"),
    ("AppRunner.TagResource", "apprunner"),
    ("AmazonEC2ContainerRegistry_V20150921.CreateRepository", "ecr"),
    ("AmazonEC2ContainerRegistry_V20150921.BatchGetImage", "ecr"),
    ("Logs_20140328.FilterLogEvents", "logs"),
    ("Logs_20140328.PutLogEvents", "logs"),
    ("ServiceQuotasV20190624.RequestServiceQuotaIncrease", "servicequotas"),
    ("Outrunner.FollowLogs", "outrunner"),
    ("Nobody.Knows", "apprunner"),
];

/// Names of members, so that a random document sometimes means something.
const MEMBERS: [&str; 20] = [
    "ServiceName",
    "SourceConfiguration",
    "ImageRepository",
    "ImageIdentifier",
    "ImageRepositoryType",
    "InstanceConfiguration",
    "Cpu",
    "Tags",
    "Key",
    "Value",
    "ServiceArn",
    "ResourceArn",
    "NextToken",
    "MaxResults",
    "repositoryName",
    "imageIds",
    "logGroupName",
    "logEvents",
    "DesiredValue",
    "AutoScalingConfigurationName",
];

const TEXTS: [&str; 8] = [
    "webs",
    "ECR",
    "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1",
    "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef",
    "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/DefaultConfiguration/1",
    "1 vCPU",
    "L-63B30055",
    "\u{0}\u{fffd}'\"<&",
];

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        (0..30_i64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        proptest::sample::select(&TEXTS[..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        let member = prop_oneof![4 => proptest::sample::select(&MEMBERS[..]).prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((member, inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn form() -> impl Strategy<Value = String> {
    let names = [
        "RoleName",
        "AssumeRolePolicyDocument",
        "Tags.member.1.Key",
        "Tags.member.1.Value",
        "Tags.member.1",
        "Tags",
        "MaxItems",
        "Marker",
        "PolicyArn",
        "PolicyDocument",
        "Path",
        "MaxSessionDuration",
    ];
    let actions = ["CreateRole", "UpdateRole", "PutRolePolicy", "TagRole", "ListRoles", "AttachRolePolicy", "GetPolicyVersion"];
    let name = prop_oneof![6 => proptest::sample::select(names.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    (proptest::sample::select(actions.to_vec()), proptest::collection::vec((name, any::<String>()), 0..8)).prop_map(
        |(action, members)| {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("Action", action).append_pair("Version", "2010-05-08").extend_pairs(members);
            form.finish()
        },
    )
}

/// Sends it and holds what comes back and what is written against what every call gets.
fn check(house: &House, request: Request<axum::body::Body>) {
    let lines = Lines::default();
    let guard = lines.listen();
    let reply = wait(house.send(request));
    drop(guard);
    assert!(reply.status < 500, "{}: {}", reply.status, reply.text);
    let id = reply.headers["x-amzn-requestid"].to_str().expect("ASCII").to_owned();
    let written: Vec<String> = lines.taken().into_iter().filter(|line| line.contains("\"api call\"")).collect();
    assert_eq!(written.len(), 1, "{written:?}");
    assert!(written[0].contains(&id), "{written:?} has not {id}");
    assert!(!written[0].contains(SECRET));
    if reply.headers["content-type"] == "text/xml" {
        assert!(reply.text.ends_with('>') && !reply.text.contains('\0'), "{}", reply.text);
    } else {
        assert!(reply.json().is_object(), "{}", reply.text);
    }
}

fn signed(target: Option<&str>, service: &str, body: &str) -> Request<axum::body::Body> {
    sign(&Order { key: KEY, secret: SECRET, date: NOW, region: "us-east-1", service, target, body, token: None })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_json_that_is_well_signed_is_answered(target in proptest::sample::select(&TARGETS[..]), body in document()) {
        check(&House::new(), signed(Some(target.0), target.1, &body.to_string()));
    }

    #[test]
    fn random_text_that_is_well_signed_is_answered(target in proptest::sample::select(&TARGETS[..]), body in any::<String>()) {
        check(&House::new(), signed(Some(target.0), target.1, &body));
    }

    #[test]
    fn a_random_form_that_is_well_signed_is_answered(body in form()) {
        check(&House::new(), signed(None, "iam", &body));
    }

    #[test]
    fn random_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let request = Request::post("/").body(bytes.into()).expect("a request");
        check(&House::new(), request);
    }

    #[test]
    fn a_random_signature_is_refused(
        authorization in "(AWS4-HMAC-SHA256 )?(Credential=[A-Za-z0-9/ ]{0,40}(, ?SignedHeaders=[a-z;-]{0,30}(, ?Signature=[0-9a-f]{0,64})?)?)?",
        date in "[0-9TZ]{0,17}|20270115T080000Z",
        hash in proptest::option::of("[ -~]{0,70}"),
        token in proptest::option::of("[ -~]{0,200}"),
    ) {
        let mut request = signed(Some("AppRunner.ListServices"), "apprunner", "{}");
        let headers = request.headers_mut();
        headers.insert("authorization", authorization.parse().expect("printable"));
        headers.insert("x-amz-date", date.parse().expect("printable"));
        if let Some(hash) = hash {
            headers.insert("x-amz-content-sha256", hash.parse().expect("printable"));
        }
        if let Some(token) = token {
            headers.insert("x-amz-security-token", token.parse().expect("printable"));
        }
        let house = House::new();
        let lines = Lines::default();
        let guard = lines.listen();
        let reply = wait(house.send(request));
        drop(guard);
        assert_eq!(reply.status, 400, "{}", reply.text);
        let code = reply.fault().0;
        let known = ["IncompleteSignatureException", "InvalidSignatureException", "UnrecognizedClientException"];
        assert!(known.contains(&code.as_str()), "{}", reply.text);
        assert_eq!(lines.taken().len(), 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES_OF_ALL, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_operation_that_is_offered_answers_random_input(bodies in proptest::collection::vec((document(), form()), 7)) {
        let (house, mut number) = (House::new(), 0);
        for (file, service, of) in SERVICES {
            for operation in offered(file) {
                let (document, members) = &bodies[number % bodies.len()];
                number += 1;
                if of.starts_with("20") {
                    let members = members.split_once("&Version=2010-05-08").map_or("", |(_, members)| members);
                    check(&house, signed(None, service, &format!("Action={operation}&Version={of}{members}")));
                } else {
                    check(&house, signed(Some(&format!("{of}.{operation}")), service, &document.to_string()));
                }
            }
        }
        assert!(number > 150, "{number} operations");
    }
}
