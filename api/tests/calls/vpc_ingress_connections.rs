//! VPC ingress connections: they are on their way, fail, and hold their service until they are gone.

use crate::house::{House, Reply, faults, service};
use model::{limit::VPC_INGRESS_SETTLES, service::Standing};
use serde_json::{Value, json};

/// A private service that runs.
async fn private(house: &House, name: &str) -> String {
    let mut input = service(name);
    input["NetworkConfiguration"] = json!({ "IngressConfiguration": {} });
    let reply = house.call("CreateService", input).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let arn = reply.json()["Service"]["ServiceArn"].as_str().expect("an ARN").to_owned();
    house.rest(&arn, Standing::Running { revision: 1 }).await;
    arn
}

fn input(name: &str, service: &str) -> Value {
    json!({
        "VpcIngressConnectionName": name, "ServiceArn": service,
        "IngressVpcConfiguration": { "VpcId": "vpc-1", "VpcEndpointId": format!("vpce-{name}") },
        "Tags": [{ "Key": "outrunner:color", "Value": "red" }],
    })
}

async fn create(house: &House, name: &str, service: &str) -> Reply {
    house.call("CreateVpcIngressConnection", input(name, service)).await
}

#[track_caller]
fn shown(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["VpcIngressConnection"].clone()
}

async fn on(house: &House, operation: &str, arn: &Value) -> Reply {
    house.call(operation, json!({ "VpcIngressConnectionArn": arn, "IngressVpcConfiguration": { "VpcId": "vpc-2" } })).await
}

#[tokio::test]
async fn one_is_on_its_way_fails_is_changed_and_deleted_and_stays_describable() {
    let house = House::new();
    let service = private(&house, "webs").await;
    let made = shown(&create(&house, "mine", &service).await);
    let arn = &made["VpcIngressConnectionArn"];
    let text = arn.as_str().expect("an ARN");
    assert!(text.starts_with("arn:aws:apprunner:us-east-1:000000000000:vpcingressconnection/mine/"), "{text}");
    assert_eq!((&made["Status"], &made["AccountId"]), (&json!("PENDING_CREATION"), &json!("000000000000")));
    assert_eq!(made["IngressVpcConfiguration"], json!({ "VpcId": "vpc-1", "VpcEndpointId": "vpce-mine" }));
    let target = house.call("DescribeCustomDomains", json!({ "ServiceArn": service })).await.json();
    let (label, rest) = target["DNSTarget"].as_str().expect("a host").split_once('.').expect("a host");
    assert_eq!(made["DomainName"], format!("{label}.vpc-1.{rest}"));
    assert_eq!(shown(&on(&house, "DescribeVpcIngressConnection", arn).await), made);
    for operation in ["UpdateVpcIngressConnection", "DeleteVpcIngressConnection"] {
        faults(&on(&house, operation, arn).await, "InvalidStateException", "PENDING_CREATION");
    }
    house.clock.turn(VPC_INGRESS_SETTLES);
    assert_eq!(shown(&on(&house, "DescribeVpcIngressConnection", arn).await)["Status"], "FAILED_CREATION");
    let updated = shown(&on(&house, "UpdateVpcIngressConnection", arn).await);
    assert_eq!((&updated["Status"], &updated["IngressVpcConfiguration"]), (&json!("PENDING_UPDATE"), &json!({ "VpcId": "vpc-2" })));
    faults(&on(&house, "DeleteVpcIngressConnection", arn).await, "InvalidStateException", "PENDING_UPDATE");
    house.clock.turn(VPC_INGRESS_SETTLES);
    assert_eq!(shown(&on(&house, "DescribeVpcIngressConnection", arn).await)["Status"], "FAILED_UPDATE");
    assert_eq!(shown(&on(&house, "DeleteVpcIngressConnection", arn).await)["Status"], "PENDING_DELETION");
    faults(&on(&house, "DeleteVpcIngressConnection", arn).await, "InvalidStateException", "PENDING_DELETION");
    house.clock.turn(VPC_INGRESS_SETTLES);
    let gone = shown(&on(&house, "DescribeVpcIngressConnection", arn).await);
    assert_eq!(gone["Status"], "DELETED");
    assert!(gone["DeletedAt"].is_number());
    faults(&on(&house, "DeleteVpcIngressConnection", arn).await, "ResourceNotFoundException", "There is no VPC ingress connection");
    shown(&create(&house, "mine", &service).await);
}

#[tokio::test]
async fn it_leads_to_a_private_service_that_runs_once_and_by_its_own_name() {
    let house = House::new();
    let first = private(&house, "first").await;
    let second = private(&house, "second").await;
    let public = house.running("public").await;
    shown(&create(&house, "mine", &first).await);
    faults(&create(&house, "mine", &second).await, "InvalidRequestException", "exists already");
    faults(&create(&house, "other", &first).await, "ServiceQuotaExceededException", "has a VPC ingress connection already");
    faults(&create(&house, "other", &public).await, "InvalidRequestException", "publicly accessible");
    house.rest(&second, Standing::Paused { revision: 1 }).await;
    faults(&create(&house, "other", &second).await, "InvalidStateException", "RUNNING");
    let nowhere = first.replace("/first/", "/third/");
    faults(&create(&house, "other", &nowhere).await, "InvalidRequestException", "does not exist");
    faults(&create(&house, "other", "mine").await, "InvalidRequestException", "");
}

#[tokio::test]
async fn a_service_that_one_leads_to_is_not_deleted() {
    let house = House::new();
    let service = private(&house, "webs").await;
    let arn = shown(&create(&house, "mine", &service).await)["VpcIngressConnectionArn"].clone();
    let delete = || house.call("DeleteService", json!({ "ServiceArn": service }));
    faults(&delete().await, "InvalidStateException", "Delete it first: arn:aws:apprunner");
    house.clock.turn(VPC_INGRESS_SETTLES);
    faults(&delete().await, "InvalidStateException", "Delete it first");
    shown(&on(&house, "DeleteVpcIngressConnection", &arn).await);
    faults(&delete().await, "InvalidStateException", "Delete it first");
    house.clock.turn(VPC_INGRESS_SETTLES);
    assert_eq!(delete().await.status, 200);
}

#[tokio::test]
async fn a_list_is_filtered_and_paged_and_shows_what_is_there() {
    let house = House::new();
    let mut arns = Vec::new();
    for name in ["aaaa", "bbbb", "cccc"] {
        let service = private(&house, &format!("to-{name}")).await;
        let made = shown(&create(&house, name, &service).await);
        arns.push((made["VpcIngressConnectionArn"].clone(), service));
    }
    let list = async |input: Value| {
        let reply = house.call("ListVpcIngressConnections", input).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    };
    let whole = list(json!({})).await;
    let summary = |(arn, service): &(Value, String)| json!({ "VpcIngressConnectionArn": arn, "ServiceArn": service });
    assert_eq!(whole["VpcIngressConnectionSummaryList"], json!(arns.iter().map(summary).collect::<Vec<_>>()));
    let by_service = list(json!({ "Filter": { "ServiceArn": arns[1].1 } })).await;
    assert_eq!(by_service["VpcIngressConnectionSummaryList"], json!([summary(&arns[1])]));
    let by_endpoint = list(json!({ "Filter": { "VpcEndpointId": "vpce-cccc" } })).await;
    assert_eq!(by_endpoint["VpcIngressConnectionSummaryList"], json!([summary(&arns[2])]));
    assert_eq!(list(json!({ "Filter": { "VpcEndpointId": "none" } })).await, json!({ "VpcIngressConnectionSummaryList": [] }));
    let page = list(json!({ "MaxResults": 2 })).await;
    assert_eq!(page["VpcIngressConnectionSummaryList"].as_array().map(Vec::len), Some(2));
    let token = &page["NextToken"];
    let rest = list(json!({ "MaxResults": 2, "NextToken": token })).await;
    assert_eq!(rest, json!({ "VpcIngressConnectionSummaryList": [summary(&arns[2])] }));
    let other = house.call("ListVpcIngressConnections", json!({ "NextToken": token, "Filter": { "VpcEndpointId": "x" } })).await;
    faults(&other, "InvalidRequestException", "");
}

#[tokio::test]
async fn its_tags_are_only_tags() {
    let house = House::new();
    let service = private(&house, "webs").await;
    let arn = shown(&create(&house, "mine", &service).await)["VpcIngressConnectionArn"].clone();
    let tags = async || house.call("ListTagsForResource", json!({ "ResourceArn": arn })).await.json();
    assert_eq!(tags().await, json!({ "Tags": [{ "Key": "outrunner:color", "Value": "red" }] }));
    let set = json!({ "ResourceArn": arn, "Tags": [{ "Key": "team", "Value": "web" }] });
    assert_eq!(house.call("TagResource", set).await.status, 200);
    let unset = json!({ "ResourceArn": arn, "TagKeys": ["outrunner:color", "none"] });
    assert_eq!(house.call("UntagResource", unset).await.status, 200);
    assert_eq!(tags().await, json!({ "Tags": [{ "Key": "team", "Value": "web" }] }));
    let house = house.denying("apprunner:TagResource");
    faults(&create(&house, "other", &service).await, "AccessDeniedException", "apprunner:TagResource");
}
