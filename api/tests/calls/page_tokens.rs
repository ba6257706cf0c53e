//! The tokens of every list: good for the call that they came from and for no other, whatever of it is changed.
//! Source of truth: `Call::list`, one mechanism for all of them; here it meets lists of every service and both ways of paging.

use crate::{
    house::{House, Reply, order, wait},
    signer::Order,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

/// A list: its input, which leaves more than a page, and a change of each other parameter.
struct Case {
    service: &'static str,
    operation: &'static str,
    input: Value,
    changed: Vec<Value>,
}

const PREFIXES: [(&str, &str); 5] = [
    ("apprunner", "AppRunner"),
    ("ecr", "AmazonEC2ContainerRegistry_V20150921"),
    ("logs", "Logs_20140328"),
    ("secretsmanager", "secretsmanager"),
    ("ssm", "AmazonSSM"),
];

async fn ask(house: &House, case: &Case, input: &Value, region: &str, key: &str) -> Reply {
    match PREFIXES.iter().find(|(service, _)| *service == case.service) {
        Some((service, prefix)) => {
            let (target, body) = (format!("{prefix}.{}", case.operation), input.to_string());
            house.order(&Order { region, key, ..order(&target, service, &body) }).await
        }
        None => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("Action", case.operation).append_pair("Version", "2010-05-08");
            for (name, value) in input.as_object().expect("an object") {
                form.append_pair(name, value.as_str().expect("forms have texts"));
            }
            let body = form.finish();
            house.order(&Order { region, key, target: None, ..order("", case.service, &body) }).await
        }
    }
}

async fn asked(house: &House, service: &'static str, operation: &'static str, input: &Value) -> Reply {
    let case = Case { service, operation, input: Value::Null, changed: Vec::new() };
    ask(house, &case, input, "us-east-1", "AKIDEXAMPLE").await
}

/// The token of an answer.
fn token(case: &Case, reply: &Reply) -> Option<String> {
    if case.service == "iam" {
        let after = reply.text.split("<Marker>").nth(1)?;
        return Some(after.split('<').next()?.to_owned());
    }
    let body = reply.json();
    ["NextToken", "nextToken"].iter().find_map(|name| body[name].as_str()).map(str::to_owned)
}

fn with(input: &Value, more: &Value) -> Value {
    let mut input = input.clone();
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    input
}

fn of(service: &'static str, operation: &'static str, input: Value, changed: Vec<Value>) -> Case {
    Case { service, operation, input, changed }
}

/// What is kept by name.
fn named_cases() -> Vec<Case> {
    vec![
        of(
            "apprunner",
            "ListObservabilityConfigurations",
            json!({ "MaxResults": 1, "LatestOnly": false, "ObservabilityConfigurationName": "seen" }),
            vec![json!({ "LatestOnly": true }), json!({ "ObservabilityConfigurationName": "DefaultConfiguration" })],
        ),
        of("apprunner", "ListVpcConnectors", json!({ "MaxResults": 1 }), vec![]),
        of("apprunner", "ListConnections", json!({ "MaxResults": 1 }), vec![json!({ "ConnectionName": "git-1" })]),
        of(
            "secretsmanager",
            "ListSecrets",
            json!({ "MaxResults": 1 }),
            vec![
                json!({ "SortOrder": "desc" }),
                json!({ "SortBy": "created-date" }),
                json!({ "IncludePlannedDeletion": true }),
                json!({ "Filters": [{ "Key": "name", "Values": ["db"] }] }),
            ],
        ),
        of(
            "secretsmanager",
            "ListSecretVersionIds",
            json!({ "MaxResults": 1, "SecretId": "db-0" }),
            vec![json!({ "SecretId": "db-1" }), json!({ "IncludeDeprecated": true })],
        ),
        of(
            "ssm",
            "DescribeParameters",
            json!({ "MaxResults": 1 }),
            vec![json!({ "ParameterFilters": [{ "Key": "Type", "Values": ["String"] }] })],
        ),
        of(
            "ssm",
            "GetParametersByPath",
            json!({ "MaxResults": 1, "Path": "/p" }),
            vec![json!({ "Path": "/" }), json!({ "Recursive": true }), json!({ "WithDecryption": true })],
        ),
        of("ssm", "GetParameterHistory", json!({ "MaxResults": 1, "Name": "/p/0" }), vec![json!({ "Name": "/p/1" })]),
    ]
}

fn cases(service: &str) -> Vec<Case> {
    let scaling = "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/mine";
    vec![
        of("apprunner", "ListServices", json!({ "MaxResults": 1 }), vec![]),
        of(
            "apprunner",
            "ListOperations",
            json!({ "MaxResults": 1, "ServiceArn": service }),
            vec![json!({ "ServiceArn": service.replace("service/webs-0/", "service/webs-9/") })],
        ),
        of(
            "apprunner",
            "ListAutoScalingConfigurations",
            json!({ "MaxResults": 1, "LatestOnly": false, "AutoScalingConfigurationName": "mine" }),
            vec![json!({ "LatestOnly": true }), json!({ "AutoScalingConfigurationName": "DefaultConfiguration" })],
        ),
        of(
            "apprunner",
            "ListServicesForAutoScalingConfiguration",
            json!({ "MaxResults": 1, "AutoScalingConfigurationArn": format!("{scaling}/1") }),
            vec![json!({ "AutoScalingConfigurationArn": format!("{scaling}/2") })],
        ),
        of("ecr", "DescribeRepositories", json!({ "maxResults": 1 }), vec![json!({ "registryId": "000000000000" })]),
        of(
            "logs",
            "DescribeLogGroups",
            json!({ "limit": 1, "logGroupNamePrefix": "g" }),
            vec![json!({ "logGroupNamePrefix": "g-" }), json!({ "logGroupClass": "STANDARD" })],
        ),
        of(
            "logs",
            "DescribeLogStreams",
            json!({ "limit": 1, "logGroupName": "g-0" }),
            vec![
                json!({ "logGroupName": "g-1" }),
                json!({ "descending": true }),
                json!({ "orderBy": "LastEventTime" }),
                json!({ "logStreamNamePrefix": "s" }),
            ],
        ),
        of(
            "iam",
            "ListEntitiesForPolicy",
            json!({ "MaxItems": "1", "PolicyArn": READ_ONLY, "PathPrefix": "/" }),
            vec![
                json!({ "EntityFilter": "Role" }),
                json!({ "PathPrefix": "/none/" }),
                json!({ "PolicyUsageFilter": "PermissionsPolicy" }),
            ],
        ),
        of("iam", "ListRoles", json!({ "MaxItems": "1", "PathPrefix": "/" }), vec![json!({ "PathPrefix": "/service-role/" })]),
        of(
            "iam",
            "ListPolicies",
            json!({ "MaxItems": "1", "Scope": "All" }),
            vec![
                json!({ "Scope": "AWS" }),
                json!({ "OnlyAttached": "true" }),
                json!({ "PathPrefix": "/service-role/" }),
                json!({ "PolicyUsageFilter": "PermissionsPolicy" }),
            ],
        ),
    ]
}

/// Enough of everything for two pages.
async fn house() -> (House, String) {
    let house = House::new();
    let mut arn = String::new();
    for n in (0..2).rev() {
        let scaled = json!({ "AutoScalingConfigurationName": "mine" });
        assert_eq!(house.call("CreateAutoScalingConfiguration", scaled).await.status, 200);
        house.ecr("CreateRepository", json!({ "repositoryName": format!("hello-{n}") })).await;
        house.logs("CreateLogGroup", json!({ "logGroupName": format!("g-{n}") })).await;
        house.logs("CreateLogStream", json!({ "logGroupName": "g-0", "logStreamName": format!("s-{n}") })).await;
        let attached = [READ_ONLY.to_owned()].into();
        house.keep(&model::role::Role { attached, ..model::testbed::role(&format!("role-{n}")) });
        let seen = json!({ "ObservabilityConfigurationName": "seen" });
        assert_eq!(house.call("CreateObservabilityConfiguration", seen).await.status, 200);
        let connector = json!({ "VpcConnectorName": format!("vpc-{n}"), "Subnets": ["subnet-1"] });
        assert_eq!(house.call("CreateVpcConnector", connector).await.status, 200);
        let connection = json!({ "ConnectionName": format!("git-{n}"), "ProviderType": "GITHUB" });
        assert_eq!(house.call("CreateConnection", connection).await.status, 200);
        let secret = json!({ "Name": format!("db-{n}"), "SecretString": "a" });
        assert_eq!(asked(&house, "secretsmanager", "CreateSecret", &secret).await.status, 200);
        let value = json!({ "SecretId": format!("db-{n}"), "SecretString": "b" });
        assert_eq!(asked(&house, "secretsmanager", "PutSecretValue", &value).await.status, 200);
        for value in ["a", "b"] {
            let parameter = json!({ "Name": format!("/p/{n}"), "Value": value, "Type": "SecureString", "Overwrite": true });
            assert_eq!(asked(&house, "ssm", "PutParameter", &parameter).await.status, 200);
        }
    }
    house.logs("CreateLogStream", json!({ "logGroupName": "g-0", "logStreamName": "s-2" })).await;
    for n in (0..2).rev() {
        let mut input = crate::house::service(&format!("webs-{n}"));
        input["AutoScalingConfigurationArn"] = json!("arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/mine/1");
        let reply = house.call("CreateService", input).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        arn = reply.json()["Service"]["ServiceArn"].as_str().expect("an ARN").to_owned();
    }
    house.rest(&arn, model::service::Standing::Running { revision: 1 }).await;
    assert_eq!(house.call("PauseService", json!({ "ServiceArn": arn })).await.status, 200, "a second operation");
    (house, arn)
}

#[tokio::test]
async fn a_token_is_good_for_its_own_call_and_refused_when_any_other_parameter_is_changed() {
    let (house, arn) = house().await;
    for case in cases(&arn).into_iter().chain(named_cases()) {
        let name = format!("{}:{}", case.service, case.operation);
        let first = ask(&house, &case, &case.input, "us-east-1", "AKIDEXAMPLE").await;
        assert_eq!(first.status, 200, "{name}: {}", first.text);
        let token = token(&case, &first).unwrap_or_else(|| panic!("{name} has one page: {}", first.text));
        let member = match case.service {
            "apprunner" => "NextToken",
            "secretsmanager" | "ssm" => "NextToken",
            "iam" => "Marker",
            _ => "nextToken",
        };
        let next = with(&case.input, &json!({ member: token }));
        let own = ask(&house, &case, &next, "us-east-1", "AKIDEXAMPLE").await;
        assert_eq!(own.status, 200, "{name}: {}", own.text);
        let mut refused = Vec::new();
        for change in &case.changed {
            refused.push((change.to_string(), ask(&house, &case, &with(&next, change), "us-east-1", "AKIDEXAMPLE").await));
        }
        if case.service != "iam" {
            refused.push(("the region".to_owned(), ask(&house, &case, &next, "eu-west-1", "AKIDEXAMPLE").await));
        }
        let mut garbled = next.clone();
        garbled[member] = json!(format!("{}A", &token[..token.len() - 1]));
        refused.push(("the token itself".to_owned(), ask(&house, &case, &garbled, "us-east-1", "AKIDEXAMPLE").await));
        for (change, reply) in refused {
            if change == "the region"
                && ["ResourceNotFoundException", "ParameterNotFound"].iter().any(|fault| reply.text.contains(fault))
            {
                // What the list is of is not there: that is told first.
                continue;
            }
            let faults =
                ["InvalidRequestException", "InvalidParameterException", "ValidationError", "InvalidInput", "InvalidNextToken"];
            let named = faults.iter().any(|fault| reply.text.contains(fault));
            assert!(reply.status == 400 && named, "{name} with {change}: {} {}", reply.status, reply.text);
            assert!(reply.text.to_lowercase().contains("is not valid"), "{name} with {change}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn a_deletion_between_pages_loses_and_repeats_nothing() {
    let house = House::new();
    for n in 0..6 {
        let reply = house.ecr("CreateRepository", json!({ "repositoryName": format!("hello-{n}") })).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    let page = async |token: Value| {
        let reply = house.ecr("DescribeRepositories", with(&json!({ "maxResults": 2 }), &token)).await.json();
        let names: Vec<String> = reply["repositories"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|found| found["repositoryName"].as_str().expect("a name").to_owned())
            .collect();
        (names, json!({ "nextToken": reply["nextToken"] }))
    };
    let (first, token) = page(json!({})).await;
    assert_eq!(first, ["hello-0", "hello-1"]);
    for gone in ["hello-0", "hello-1", "hello-3"] {
        // The one that the token names, one before it, and one behind it.
        assert_eq!(house.ecr("DeleteRepository", json!({ "repositoryName": gone })).await.status, 200);
    }
    let (second, token) = page(token).await;
    assert_eq!(second, ["hello-2", "hello-4"]);
    house.ecr("CreateRepository", json!({ "repositoryName": "hello-0" })).await;
    let (third, _) = page(token).await;
    assert_eq!(third, ["hello-5"]);
}

/// A list of things that have names, and how one comes and goes.
struct Kept {
    service: &'static str,
    list: (&'static str, Value),
    /// Where the answer has the names.
    names: (&'static str, &'static str),
    create: (&'static str, fn(&str) -> Value),
    delete: (&'static str, fn(&str) -> Value),
}

fn kept() -> Vec<Kept> {
    let secrets = |list: Value| Kept {
        service: "secretsmanager",
        list: ("ListSecrets", list),
        names: ("SecretList", "Name"),
        create: ("CreateSecret", |name| json!({ "Name": name, "SecretString": "x" })),
        delete: ("DeleteSecret", |name| json!({ "SecretId": name, "ForceDeleteWithoutRecovery": true })),
    };
    let parameters = |operation: &'static str, list: Value| Kept {
        service: "ssm",
        list: (operation, list),
        names: ("Parameters", "Name"),
        create: ("PutParameter", |name| json!({ "Name": format!("/p/{name}"), "Value": "x", "Type": "String" })),
        delete: ("DeleteParameter", |name| json!({ "Name": format!("/p/{name}") })),
    };
    vec![
        secrets(json!({ "MaxResults": 2 })),
        secrets(json!({ "MaxResults": 2, "SortOrder": "desc" })),
        secrets(json!({ "MaxResults": 2, "SortBy": "created-date" })),
        secrets(json!({ "MaxResults": 2, "SortBy": "last-changed-date", "SortOrder": "desc" })),
        secrets(json!({ "MaxResults": 2, "Filters": [{ "Key": "name", "Values": ["n"] }] })),
        parameters("DescribeParameters", json!({ "MaxResults": 2 })),
        parameters("GetParametersByPath", json!({ "MaxResults": 2, "Path": "/p" })),
        parameters("DescribeParameters", json!({ "MaxResults": 2, "ParameterFilters": [{ "Key": "Type", "Values": ["String"] }] })),
    ]
}

async fn names_of(house: &House, kept: &Kept, token: &Value) -> (Vec<String>, Value) {
    let (operation, input) = &kept.list;
    let reply = asked(house, kept.service, operation, &with(input, &json!({ "NextToken": token }))).await;
    assert_eq!(reply.status, 200, "{operation}: {}", reply.text);
    let body = reply.json();
    let found = body[kept.names.0].as_array().expect("a list").iter();
    let names = found.map(|found| found[kept.names.1].as_str().expect("a name").trim_start_matches("/p/").to_owned());
    (names.collect(), body["NextToken"].clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Between two pages any of them goes: one that was shown, the one that the token names, one that is to come.
    #[test]
    fn whatever_goes_between_pages_of_secrets_and_parameters_nothing_that_stays_is_lost_or_repeated(
        gone in proptest::collection::vec(0..7_usize, 3),
    ) {
        wait(async {
            for kept in kept() {
                let house = House::new();
                for n in 0..7 {
                    let (operation, input) = &kept.create;
                    let reply = asked(&house, kept.service, operation, &input(&format!("n{n}"))).await;
                    assert_eq!(reply.status, 200, "{}", reply.text);
                    house.clock.turn(std::time::Duration::from_secs(1));
                }
                let (mut found, mut token) = names_of(&house, &kept, &Value::Null).await;
                for n in &gone {
                    // One that is gone already is refused, or not.
                    asked(&house, kept.service, kept.delete.0, &kept.delete.1(&format!("n{n}"))).await;
                    if token.is_null() {
                        break;
                    }
                    let (more, next) = names_of(&house, &kept, &token).await;
                    found.extend(more);
                    token = next;
                }
                while !token.is_null() {
                    let (more, next) = names_of(&house, &kept, &token).await;
                    found.extend(more);
                    token = next;
                }
                for n in 0..7 {
                    let times = found.iter().filter(|name| **name == format!("n{n}")).count();
                    let stays = !gone.contains(&n);
                    assert!(times == 1 || (!stays && times == 0), "{:?}: n{n} {times} times, {gone:?} went: {found:?}", kept.list);
                }
                let mut order = found.clone();
                order.sort();
                if kept.list.1["SortOrder"] == "desc" {
                    order.reverse();
                }
                assert_eq!(found, order, "{:?}", kept.list);
            }
        });
    }
}
