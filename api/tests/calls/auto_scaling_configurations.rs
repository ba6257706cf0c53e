//! Auto scaling configurations: revisions, the forms of their ARN, lists by pages, and what is refused.

use crate::house::{House, Reply, faults, golden, order, service};
use crate::signer::Order;
use serde_json::{Value, json};

const PREFIX: &str = "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration";

async fn create(house: &House, name: &str) -> Value {
    let reply = house.call("CreateAutoScalingConfiguration", json!({ "AutoScalingConfigurationName": name })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["AutoScalingConfiguration"].clone()
}

async fn describe(house: &House, tail: &str) -> Reply {
    house.call("DescribeAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/{tail}") })).await
}

async fn delete(house: &House, tail: &str, all: Value) -> Reply {
    let input = json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/{tail}"), "DeleteAllRevisions": all });
    house.call("DeleteAutoScalingConfiguration", input).await
}

/// Names and revisions of a list.
async fn list(house: &House, input: Value) -> Vec<String> {
    let reply = house.call("ListAutoScalingConfigurations", input).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let items = reply.json()["AutoScalingConfigurationSummaryList"].as_array().expect("a list").clone();
    let tail = |item: &Value| {
        format!("{}/{}", item["AutoScalingConfigurationName"].as_str().expect("a name"), item["AutoScalingConfigurationRevision"])
    };
    items.iter().map(tail).collect()
}

#[tokio::test]
async fn the_first_of_a_name_has_every_default_and_each_next_one_counts_up() {
    let house = House::new();
    let first = house.call("CreateAutoScalingConfiguration", json!({ "AutoScalingConfigurationName": "mine" })).await;
    golden("create_auto_scaling_configuration.json", &first.json());
    let input = json!({ "AutoScalingConfigurationName": "mine", "MaxConcurrency": 5, "MinSize": 2, "MaxSize": 3 });
    let second = house.call("CreateAutoScalingConfiguration", input).await.json()["AutoScalingConfiguration"].clone();
    assert_eq!((&second["AutoScalingConfigurationRevision"], &second["Latest"]), (&json!(2), &json!(true)));
    assert_eq!((&second["MaxConcurrency"], &second["MinSize"], &second["MaxSize"]), (&json!(5), &json!(2), &json!(3)));
    assert_eq!(second["Status"], "active", "lower case, as the real service answers");
    assert_eq!(describe(&house, "mine/1").await.json()["AutoScalingConfiguration"]["Latest"], false);
}

#[tokio::test]
async fn every_form_of_an_arn_is_described() {
    let house = House::new();
    let first = create(&house, "mine").await;
    let second = create(&house, "mine").await;
    let tail = |made: &Value| made["AutoScalingConfigurationArn"].as_str().expect("an ARN")[PREFIX.len() + 1..].to_owned();
    assert_eq!(describe(&house, "mine").await.json()["AutoScalingConfiguration"], second);
    assert_eq!(describe(&house, "mine/2").await.json()["AutoScalingConfiguration"], second);
    assert_eq!(describe(&house, &tail(&second)).await.json()["AutoScalingConfiguration"], second);
    assert_eq!(describe(&house, &tail(&first)).await.json()["AutoScalingConfiguration"]["AutoScalingConfigurationRevision"], 1);
    for absent in ["yours", "mine/3", "mine/1/0123456789abcdef0123456789abcdef"] {
        faults(&describe(&house, absent).await, "ResourceNotFoundException", absent);
    }
    let elsewhere = format!("{PREFIX}/mine").replace("us-east-1", "eu-west-1");
    let reply = house.call("DescribeAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": elsewhere })).await;
    assert_eq!(reply.fault().0, "ResourceNotFoundException");
    let body = json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/mine") }).to_string();
    let foreign = order("AppRunner.DescribeAutoScalingConfiguration", "apprunner", &body);
    let reply = house.order(&Order { key: "AKIDFOREIGN", ..foreign }).await;
    assert_eq!(reply.fault().0, "AccessDeniedException", "{}", reply.text);
    for wrong in ["", "min", "mine/x", "mine/0", "mine/1/x"] {
        faults(&describe(&house, wrong).await, "InvalidRequestException", "auto scaling configuration ARN");
    }
}

#[tokio::test]
async fn the_default_is_there_from_the_start_in_use_as_soon_as_a_service_names_none_and_never_deleted() {
    let house = House::new();
    let default = describe(&house, "DefaultConfiguration").await.json()["AutoScalingConfiguration"].clone();
    assert_eq!(default["AutoScalingConfigurationArn"], format!("{PREFIX}/DefaultConfiguration/1/00000000000000000000000000000001"));
    assert_eq!(
        (&default["IsDefault"], &default["HasAssociatedService"], &default["Latest"]),
        (&json!(true), &json!(false), &json!(true))
    );
    assert_eq!(list(&house, json!({})).await, ["DefaultConfiguration/1"], "Terraform looks for it among the latest ones");
    let arn = house.service("webs").await;
    let default = describe(&house, "DefaultConfiguration").await.json()["AutoScalingConfiguration"].clone();
    assert_eq!(default["HasAssociatedService"], true);
    let input = json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/DefaultConfiguration") });
    assert_eq!(house.call("ListServicesForAutoScalingConfiguration", input).await.json(), json!({ "ServiceArnList": [arn] }));
    faults(&delete(&house, "DefaultConfiguration/1", json!(false)).await, "InvalidRequestException", "default");
    faults(&delete(&house, "DefaultConfiguration", json!(true)).await, "InvalidRequestException", "default");
    create(&house, "DefaultConfiguration").await;
    assert_eq!(describe(&house, "DefaultConfiguration/1").await.json()["AutoScalingConfiguration"]["IsDefault"], true);
    assert_eq!(describe(&house, "DefaultConfiguration/2").await.json()["AutoScalingConfiguration"]["IsDefault"], false);
}

#[tokio::test]
async fn a_list_shows_the_latest_of_each_name_unless_told_and_comes_by_pages() {
    let house = House::new();
    for name in ["mine", "mine", "other", "third"] {
        create(&house, name).await;
    }
    assert_eq!(list(&house, json!({})).await, ["DefaultConfiguration/1", "mine/2", "other/1", "third/1"]);
    let all = ["DefaultConfiguration/1", "mine/1", "mine/2", "other/1", "third/1"];
    assert_eq!(list(&house, json!({ "LatestOnly": false })).await, all);
    assert_eq!(list(&house, json!({ "AutoScalingConfigurationName": "mine", "LatestOnly": false })).await, ["mine/1", "mine/2"]);
    assert_eq!(list(&house, json!({ "AutoScalingConfigurationName": "mine" })).await, ["mine/2"]);
    assert!(list(&house, json!({ "AutoScalingConfigurationName": "nowhere" })).await.is_empty(), "no fault");
    let mut input = json!({ "LatestOnly": false, "MaxResults": 2 });
    let mut found = Vec::new();
    let token = loop {
        found.extend(list(&house, input.clone()).await);
        let reply = house.call("ListAutoScalingConfigurations", input.clone()).await.json();
        match reply.get("NextToken") {
            Some(token) => input["NextToken"] = token.clone(),
            None => break input["NextToken"].clone(),
        }
    };
    assert_eq!(found, all);
    for other in
        [json!({ "NextToken": token }), json!({ "NextToken": token, "LatestOnly": false, "AutoScalingConfigurationName": "mine" })]
    {
        faults(&house.call("ListAutoScalingConfigurations", other).await, "InvalidRequestException", "next token");
    }
    for (number, words) in [(0, "greater than or equal to 1"), (101, "less than or equal to 100")] {
        faults(
            &house.call("ListAutoScalingConfigurations", json!({ "MaxResults": number })).await,
            "InvalidRequestException",
            words,
        );
    }
    let summary = house.call("ListAutoScalingConfigurations", json!({ "AutoScalingConfigurationName": "mine" })).await.json();
    golden("list_auto_scaling_configurations.json", &summary);
}

#[tokio::test]
async fn what_a_service_uses_is_not_deleted_until_the_service_lets_it_go() {
    let house = House::new();
    let made = create(&house, "mine").await;
    let mut input = service("webs");
    input["AutoScalingConfigurationArn"] = made["AutoScalingConfigurationArn"].clone();
    let created = house.call("CreateService", input).await;
    assert_eq!(created.status, 200, "{}", created.text);
    let summary = &created.json()["Service"]["AutoScalingConfigurationSummary"];
    assert_eq!(summary["AutoScalingConfigurationArn"], made["AutoScalingConfigurationArn"]);
    assert_eq!((&summary["IsDefault"], &summary["Status"]), (&json!(false), &json!("active")));
    let arn = created.json()["Service"]["ServiceArn"].as_str().expect("an ARN").to_owned();
    assert_eq!(describe(&house, "mine").await.json()["AutoScalingConfiguration"]["HasAssociatedService"], true);
    faults(&delete(&house, "mine/1", json!(false)).await, "InvalidRequestException", "is used by a service");
    faults(&delete(&house, "mine", json!(true)).await, "InvalidRequestException", "is used by a service");
    house.rest(&arn, model::service::Standing::Running { revision: 1 }).await;
    let default = json!({ "ServiceArn": arn, "AutoScalingConfigurationArn": format!("{PREFIX}/DefaultConfiguration") });
    assert_eq!(house.call("UpdateService", default).await.status, 200);
    assert_eq!(delete(&house, "mine", Value::Null).await.status, 200);
    let mut input = service("apis");
    for (tail, words) in [("mine", "does not exist"), ("mine/1", "has been deleted"), ("nowhere", "does not exist")] {
        input["AutoScalingConfigurationArn"] = json!(format!("{PREFIX}/{tail}"));
        faults(&house.call("CreateService", input.clone()).await, "InvalidRequestException", words);
    }
}

#[tokio::test]
async fn a_deletion_answers_with_what_went_and_a_second_one_in_the_words_that_terraform_knows() {
    let house = House::new();
    create(&house, "mine").await;
    create(&house, "mine").await;
    let gone = delete(&house, "mine/2", json!(false)).await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    let gone = gone.json()["AutoScalingConfiguration"].clone();
    assert_eq!((&gone["Status"], &gone["Latest"]), (&json!("inactive"), &json!(false)));
    assert!(gone["DeletedAt"].is_number());
    assert_eq!(describe(&house, "mine/2").await.json()["AutoScalingConfiguration"], gone, "it stays describable");
    assert_eq!(describe(&house, "mine").await.json()["AutoScalingConfiguration"]["AutoScalingConfigurationRevision"], 1);
    let words = "The auto scaling configuration you specified has been deleted";
    faults(&delete(&house, "mine/2", json!(false)).await, "InvalidRequestException", words);
    faults(&delete(&house, "mine/1", json!(true)).await, "InvalidRequestException", "must end with the name");
    assert_eq!(delete(&house, "mine", json!(true)).await.status, 200);
    faults(&delete(&house, "mine", json!(true)).await, "InvalidRequestException", words);
    faults(&delete(&house, "mine", json!(false)).await, "InvalidRequestException", words);
    faults(&delete(&house, "yours", json!(false)).await, "ResourceNotFoundException", "yours");
    assert_eq!(create(&house, "mine").await["AutoScalingConfigurationRevision"], 3);
}

#[tokio::test]
async fn services_of_a_revision_come_by_pages() {
    let house = House::new();
    let mut arns = Vec::new();
    for n in 0..3 {
        arns.push(house.service(&format!("webs-{n}")).await);
        house.clock.turn(std::time::Duration::from_secs(1));
    }
    let mut input = json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/DefaultConfiguration/1"), "MaxResults": 2 });
    let first = house.call("ListServicesForAutoScalingConfiguration", input.clone()).await.json();
    assert_eq!(first["ServiceArnList"], json!(arns[..2]));
    input["NextToken"] = first["NextToken"].clone();
    let rest = house.call("ListServicesForAutoScalingConfiguration", input.clone()).await.json();
    assert_eq!(rest, json!({ "ServiceArnList": [arns[2]] }));
    create(&house, "mine").await;
    input["AutoScalingConfigurationArn"] = json!(format!("{PREFIX}/mine"));
    faults(&house.call("ListServicesForAutoScalingConfiguration", input).await, "InvalidRequestException", "next token");
    let none = json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/mine") });
    assert_eq!(house.call("ListServicesForAutoScalingConfiguration", none).await.json(), json!({ "ServiceArnList": [] }));
    let absent = json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/yours") });
    faults(&house.call("ListServicesForAutoScalingConfiguration", absent).await, "ResourceNotFoundException", "yours");
}

#[tokio::test]
async fn app_runners_own_limits_are_not_ours_and_ours_are_told() {
    let house = House::new();
    let sized = |concurrency: i64, min: i64, max: i64| json!({ "AutoScalingConfigurationName": "mine", "MaxConcurrency": concurrency, "MinSize": min, "MaxSize": max });
    assert_eq!(house.call("CreateAutoScalingConfiguration", sized(10_000, 26, 1_000)).await.status, 200);
    for (input, words) in [
        (sized(10_001, 1, 1), "MaxConcurrency can be 10000 at most"),
        (sized(1, 1, 1_001), "MaxSize can be 1000 at most"),
        (sized(1, 1, 70_000), "MaxSize can be 1000 at most"),
        (sized(1, 70_000, 70_000), "MinSize can be 1000 at most"),
        (sized(1, 3, 2), "MinSize (3) must not be greater than MaxSize (2)"),
        (
            sized(0, 1, 1),
            "Value '0' at 'maxConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ),
        (sized(1, 0, 0), "2 validation errors detected"),
        (sized(1, -1, 1), "Value '-1' at 'minSize'"),
        (json!({}), "Value null at 'autoScalingConfigurationName'"),
        (json!({ "AutoScalingConfigurationName": "a b!" }), "[A-Za-z0-9][A-Za-z0-9\\-_]{3,31}"),
        (json!({ "AutoScalingConfigurationName": "x".repeat(33) }), "length less than or equal to 32"),
        (json!({ "AutoScalingConfigurationName": "mine", "Tags": [{ "Value": "1" }] }), "needs a Key"),
    ] {
        faults(&house.call("CreateAutoScalingConfiguration", input).await, "InvalidRequestException", words);
    }
    let reply =
        house.call("CreateAutoScalingConfiguration", json!({ "AutoScalingConfigurationName": "mine", "MinSize": "1" })).await;
    assert_eq!(reply.fault().0, "SerializationException");
    for _ in 1..50 {
        create(&house, "mine").await;
    }
    let reply = house.call("CreateAutoScalingConfiguration", json!({ "AutoScalingConfigurationName": "mine" })).await;
    faults(&reply, "ServiceQuotaExceededException", "50 active revisions");
}

async fn set_default(house: &House, tail: &str) -> Reply {
    let input = json!({ "AutoScalingConfigurationArn": format!("{PREFIX}/{tail}") });
    house.call("UpdateDefaultAutoScalingConfiguration", input).await
}

/// What a list says to be the default.
async fn defaults(house: &House) -> Vec<String> {
    let list = house.call("ListAutoScalingConfigurations", json!({ "LatestOnly": false })).await.json();
    let items = list["AutoScalingConfigurationSummaryList"].as_array().expect("a list").clone();
    let arn = |item: &Value| item["AutoScalingConfigurationArn"].as_str().expect("an ARN")[PREFIX.len() + 1..].to_owned();
    items.iter().filter(|item| item["IsDefault"] == true).map(arn).collect()
}

#[tokio::test]
async fn one_is_the_default_and_only_services_that_are_made_later_get_another_one() {
    let house = House::new();
    let old = house.running("olds").await;
    let made = create(&house, "mine").await;
    let chosen = set_default(&house, "mine").await;
    assert_eq!(chosen.status, 200, "{}", chosen.text);
    let chosen = chosen.json()["AutoScalingConfiguration"].clone();
    assert_eq!(
        (&chosen["AutoScalingConfigurationArn"], &chosen["IsDefault"]),
        (&made["AutoScalingConfigurationArn"], &json!(true))
    );
    assert_eq!(chosen["Status"], "active", "lower case");
    let tail = made["AutoScalingConfigurationArn"].as_str().expect("an ARN")[PREFIX.len() + 1..].to_owned();
    assert_eq!(defaults(&house).await, [tail.as_str()], "exactly one");
    create(&house, "mine").await;
    assert_eq!(defaults(&house).await, [tail.as_str()], "a later revision of the name is not it");
    let new = house.service("news").await;
    let summary = async |arn: &str| {
        let service = house.call("DescribeService", json!({ "ServiceArn": arn })).await.json();
        service["Service"]["AutoScalingConfigurationSummary"].clone()
    };
    assert_eq!(summary(&new).await["AutoScalingConfigurationArn"], made["AutoScalingConfigurationArn"]);
    assert_eq!((&summary(&new).await["IsDefault"], &summary(&old).await["IsDefault"]), (&json!(true), &json!(false)));
    assert!(summary(&old).await["AutoScalingConfigurationArn"].as_str().is_some_and(|arn| arn.contains("DefaultConfiguration/1")));
    faults(&delete(&house, "mine/1", json!(false)).await, "InvalidRequestException", "is the default of your account");
    faults(&delete(&house, "mine", json!(true)).await, "InvalidRequestException", "is the default of your account");
    faults(&delete(&house, "DefaultConfiguration/1", json!(false)).await, "InvalidRequestException", "is used by a service");
    let update = json!({ "ServiceArn": old, "AutoScalingConfigurationArn": format!("{PREFIX}/mine/2") });
    assert_eq!(house.call("UpdateService", update).await.status, 200);
    assert_eq!(delete(&house, "DefaultConfiguration/1", json!(false)).await.status, 200, "the first one is one like any other");
    faults(&set_default(&house, "DefaultConfiguration/1").await, "InvalidRequestException", "has been deleted");
    faults(&set_default(&house, "DefaultConfiguration").await, "ResourceNotFoundException", "DefaultConfiguration");
    faults(&set_default(&house, "yours").await, "ResourceNotFoundException", "yours");
    assert_eq!(create(&house, "DefaultConfiguration").await["AutoScalingConfigurationRevision"], 2, "its name is not reserved");
    assert_eq!(defaults(&house).await, [tail.as_str()]);
}

#[tokio::test]
async fn a_service_that_named_the_name_alone_gets_its_newest_revision_with_each_update() {
    let house = House::new();
    create(&house, "mine").await;
    let revision = |reply: &Reply| {
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["Service"]["AutoScalingConfigurationSummary"]["AutoScalingConfigurationRevision"].clone()
    };
    let mut arns = Vec::new();
    for (name, tail) in [("follows", "mine"), ("stays", "mine/1")] {
        let mut input = service(name);
        input["AutoScalingConfigurationArn"] = json!(format!("{PREFIX}/{tail}"));
        let created = house.call("CreateService", input).await;
        assert_eq!(revision(&created), 1);
        arns.push(created.json()["Service"]["ServiceArn"].as_str().expect("an ARN").to_owned());
    }
    create(&house, "mine").await;
    for (arn, wanted) in arns.iter().zip([2, 1]) {
        house.rest(arn, model::service::Standing::Running { revision: 1 }).await;
        let described = house.call("DescribeService", json!({ "ServiceArn": arn })).await;
        assert_eq!(revision(&described), 1, "nothing changes without an update");
        let update = json!({ "ServiceArn": arn, "InstanceConfiguration": { "Memory": "3072" } });
        assert_eq!(revision(&house.call("UpdateService", update).await), wanted);
    }
}

#[tokio::test]
async fn a_deletion_between_pages_loses_and_repeats_nothing() {
    let house = House::new();
    for n in 0..4 {
        create(&house, &format!("mine-{n}")).await;
    }
    let first = house.call("ListAutoScalingConfigurations", json!({ "MaxResults": 2 })).await.json();
    for gone in ["mine-0", "mine-1"] {
        assert_eq!(delete(&house, gone, json!(false)).await.status, 200, "the one that the next page begins after, and one of it");
    }
    let rest = list(&house, json!({ "MaxResults": 2, "NextToken": first["NextToken"] })).await;
    assert_eq!(rest, ["mine-2/1", "mine-3/1"]);
}
