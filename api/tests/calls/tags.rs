//! TagResource and UntagResource: of services, whose tags may be settings, and of auto scaling configurations.

use crate::house::{House, Reply, faults};
use serde_json::{Value, json};

async fn tag(house: &House, arn: &str, tags: &[(&str, &str)]) -> Reply {
    let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    house.call("TagResource", json!({ "ResourceArn": arn, "Tags": tags })).await
}

async fn untag(house: &House, arn: &str, keys: &[&str]) -> Reply {
    house.call("UntagResource", json!({ "ResourceArn": arn, "TagKeys": keys })).await
}

async fn tags(house: &House, arn: &str) -> Vec<(String, String)> {
    let reply = house.call("ListTagsForResource", json!({ "ResourceArn": arn })).await.json();
    let text = |tag: &Value, member: &str| tag[member].as_str().expect("a text").to_owned();
    reply["Tags"].as_array().expect("tags").iter().map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}

#[tokio::test]
async fn tags_are_added_replaced_and_removed_while_an_operation_is_under_way() {
    let house = House::new();
    let arn = house.service("webs").await;
    let done = tag(&house, &arn, &[("team", "web"), ("stage", "test")]).await;
    assert_eq!((done.status, done.json()), (200, json!({})));
    assert_eq!(tag(&house, &arn, &[("stage", "live"), ("empty", "")]).await.status, 200);
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(tags(&house, &arn).await, [pair("empty", ""), pair("stage", "live"), pair("team", "web")]);
    for _retry in 0..2 {
        let done = untag(&house, &arn, &["stage", "empty", "nowhere"]).await;
        assert_eq!((done.status, done.json()), (200, json!({})));
    }
    assert_eq!(tags(&house, &arn).await, [pair("team", "web")]);
    let operations = house.call("ListOperations", json!({ "ServiceArn": arn })).await.json();
    assert_eq!(operations["OperationSummaryList"].as_array().map(Vec::len), Some(1), "a change of tags is no operation");
}

#[tokio::test]
async fn options_are_checked_as_they_would_be_afterwards() {
    let house = House::new();
    let arn = house.running("webs").await;
    assert_eq!(tag(&house, &arn, &[("outrunner:stop-grace", "5s"), ("outrunner:reach", "10.0.0.1:5432")]).await.status, 200);
    for (key, value, words) in [
        ("outrunner:color", "red", "Unknown tag outrunner:color"),
        ("outrunner:stop-grace", "soon", "outrunner:stop-grace needs a duration"),
        ("outrunner:reach", "127.0.0.1:1", "outrunner:reach"),
    ] {
        faults(&tag(&house, &arn, &[("team", "web"), (key, value)]).await, "InvalidRequestException", words);
    }
    assert_eq!(tags(&house, &arn).await.len(), 2, "a refused change changes nothing");
    assert_eq!(untag(&house, &arn, &["outrunner:stop-grace", "outrunner:reach"]).await.status, 200);
    assert!(tags(&house, &arn).await.is_empty());
}

#[tokio::test]
async fn too_many_tags_bad_tags_and_a_deleted_service_are_refused() {
    let house = House::new();
    let arn = house.running("webs").await;
    let keys: Vec<String> = (0..50).map(|n| format!("k{n}")).collect();
    let many: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "")).collect();
    assert_eq!(tag(&house, &arn, &many).await.status, 200);
    faults(&tag(&house, &arn, &[("one-more", "")]).await, "InvalidRequestException", "50 tags at most");
    assert_eq!(tag(&house, &arn, &[("k0", "again")]).await.status, 200);
    faults(&tag(&house, &arn, &[("a", "1"), ("a", "2")]).await, "InvalidRequestException", "occurs twice");
    faults(&tag(&house, &arn, &[("aws:mine", "")]).await, "InvalidRequestException", "at 'tags.1.member.key'");
    faults(&tag(&house, &arn, &[("a", &"v".repeat(257))]).await, "InvalidRequestException", "at 'tags.1.member.value'");
    faults(&untag(&house, &arn, &["", "fine"]).await, "InvalidRequestException", "at 'tagKeys.1.member'");
    let nothing = house.call("TagResource", json!({})).await;
    faults(&nothing, "InvalidRequestException", "Value null at 'tags' failed");
    let nothing = house.call("UntagResource", json!({ "ResourceArn": arn })).await;
    faults(&nothing, "InvalidRequestException", "Value null at 'tagKeys' failed");
    house.rest(&arn, model::service::Standing::Deleted { at: model::time::Timestamp::from_millis(1) }).await;
    faults(&tag(&house, &arn, &[("a", "1")]).await, "InvalidStateException", "DELETED");
    faults(&untag(&house, &arn, &["k0"]).await, "InvalidStateException", "DELETED");
    assert_eq!(tags(&house, &arn).await.len(), 50, "and still described");
}

#[tokio::test]
async fn an_auto_scaling_configuration_has_tags_that_are_only_tags() {
    let house = House::new();
    let input = json!({ "AutoScalingConfigurationName": "mine", "Tags": [{ "Key": "outrunner:color", "Value": "red" }] });
    let made = house.call("CreateAutoScalingConfiguration", input).await;
    let arn = made.json()["AutoScalingConfiguration"]["AutoScalingConfigurationArn"].as_str().expect("an ARN").to_owned();
    assert_eq!(tags(&house, &arn).await, [("outrunner:color".to_owned(), "red".to_owned())]);
    assert_eq!(tag(&house, &arn, &[("team", "web")]).await.status, 200);
    assert_eq!(untag(&house, &arn, &["outrunner:color"]).await.status, 200);
    assert_eq!(tags(&house, &arn).await, [("team".to_owned(), "web".to_owned())]);
    house.call("DeleteAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": arn })).await;
    faults(&tag(&house, &arn, &[("a", "1")]).await, "InvalidStateException", "deleted");
    let absent = arn.replace("mine", "yours");
    faults(&tag(&house, &absent, &[("a", "1")]).await, "ResourceNotFoundException", "yours");
    faults(&untag(&house, &absent, &["a"]).await, "ResourceNotFoundException", "yours");
}

#[tokio::test]
async fn a_resource_of_another_kind_is_not_there_and_a_text_that_is_no_arn_is_invalid() {
    let house = House::new();
    let id = "0123456789abcdef0123456789abcdef";
    for kind in ["connection/mine/", "observabilityconfiguration/mine/1/", "vpcconnector/mine/1/", "vpcingressconnection/mine/"] {
        let arn = format!("arn:aws:apprunner:us-east-1:000000000000:{kind}{id}");
        faults(&tag(&house, &arn, &[("a", "1")]).await, "ResourceNotFoundException", id);
    }
    faults(
        &untag(&house, "arn:aws:apprunner:us-east-1:000000000000:service/webs", &["a"]).await,
        "InvalidRequestException",
        "service ARN",
    );
    faults(&untag(&house, "webs", &["a"]).await, "InvalidRequestException", "at 'resourceArn'");
}

#[tokio::test]
async fn who_may_tag_may_not_yet_change_who_can_reach_what() {
    let house = House::new();
    let arn = house.running("webs").await;
    assert_eq!(tag(&house, &arn, &[("outrunner:reach", "10.0.0.1:5432")]).await.status, 200);
    let house = house.denying("outrunner:SetServiceOption");
    let mut input = crate::house::service("apis");
    input["Tags"] = json!([{ "Key": "outrunner:reach", "Value": "10.0.0.1:1" }]);
    for refused in [
        tag(&house, &arn, &[("team", "web"), ("outrunner:reach", "10.0.0.1:1")]).await,
        untag(&house, &arn, &["outrunner:reach"]).await,
        house.call("CreateService", input).await,
    ] {
        faults(&refused, "AccessDeniedException", "outrunner:SetServiceOption");
    }
    assert_eq!(tags(&house, &arn).await, [("outrunner:reach".to_owned(), "10.0.0.1:5432".to_owned())]);
    assert_eq!(
        tag(&house, &arn, &[("team", "web"), ("outrunner:stop-grace", "5s")]).await.status,
        200,
        "other options are the tagger's"
    );
}

#[tokio::test]
async fn each_operation_asks_for_its_own_permission_before_anything_changes() {
    let house = House::new();
    let arn = house.running("webs").await;
    let mine = house.call("CreateAutoScalingConfiguration", json!({ "AutoScalingConfigurationName": "mine" })).await.json();
    let mine = mine["AutoScalingConfiguration"]["AutoScalingConfigurationArn"].as_str().expect("an ARN").to_owned();
    let by_name = mine.rsplitn(3, '/').last().expect("three parts").to_owned();
    let mut house = house;
    for (operation, input, resource) in [
        ("UpdateService", json!({ "ServiceArn": arn }), &arn),
        ("StartDeployment", json!({ "ServiceArn": arn }), &arn),
        ("PauseService", json!({ "ServiceArn": arn }), &arn),
        ("ResumeService", json!({ "ServiceArn": arn }), &arn),
        ("TagResource", json!({ "ResourceArn": arn, "Tags": [] }), &arn),
        ("UntagResource", json!({ "ResourceArn": arn, "TagKeys": [] }), &arn),
        // The permission is asked for on what a name means, so that a policy about one revision holds.
        ("TagResource", json!({ "ResourceArn": by_name, "Tags": [] }), &mine),
        ("DescribeAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": by_name }), &mine),
        ("DeleteAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": by_name }), &mine),
        ("DeleteAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": by_name, "DeleteAllRevisions": true }), &mine),
        ("ListServicesForAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": by_name }), &mine),
    ] {
        house = house.denying(format!("apprunner:{operation}"));
        let reply = house.call(operation, input).await;
        faults(&reply, "AccessDeniedException", &format!("apprunner:{operation} on {resource} is denied"));
    }
    let described = house.call("DescribeService", json!({ "ServiceArn": arn })).await.json();
    assert_eq!(described["Service"]["Status"], "RUNNING");
}
