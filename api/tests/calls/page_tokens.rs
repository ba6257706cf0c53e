//! The tokens of every list: good for the call that they came from and for no other, whatever of it is changed.
//! Source of truth: `Call::list`, one mechanism for all of them; here it meets lists of every service and both ways of paging.

use crate::{
    house::{House, Reply, order},
    signer::Order,
};
use serde_json::{Value, json};

/// A list: its input, which leaves more than a page, and a change of each other parameter.
struct Case {
    service: &'static str,
    operation: &'static str,
    input: Value,
    changed: Vec<Value>,
}

const PREFIXES: [(&str, &str); 3] =
    [("apprunner", "AppRunner"), ("ecr", "AmazonEC2ContainerRegistry_V20150921"), ("logs", "Logs_20140328")];

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

fn cases(service: &str) -> Vec<Case> {
    let of = |service, operation, input, changed| Case { service, operation, input, changed };
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
        house.keep(&model::testbed::role(&format!("role-{n}")));
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
    for case in cases(&arn) {
        let name = format!("{}:{}", case.service, case.operation);
        let first = ask(&house, &case, &case.input, "us-east-1", "AKIDEXAMPLE").await;
        assert_eq!(first.status, 200, "{name}: {}", first.text);
        let token = token(&case, &first).unwrap_or_else(|| panic!("{name} has one page: {}", first.text));
        let member = match case.service {
            "apprunner" => "NextToken",
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
            if change == "the region" && reply.text.contains("ResourceNotFoundException") {
                // What the list is of is not there: that is told first.
                continue;
            }
            let faults = ["InvalidRequestException", "InvalidParameterException", "ValidationError", "InvalidInput"];
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
