//! The audit log through the door: what is written down of a call, and CloudTrail's LookupEvents.

use crate::house::{House, faults, order, service};
use model::{
    account::{Region, Scope},
    audit::{AuditQuery, AuditedEvent},
    port::Audit,
    testbed::{block_on, scope},
    time::Timestamp,
};
use serde_json::{Value, json};

const CREATE: &str = "CreateAutoScalingConfiguration";

fn named(name: &str) -> Value {
    json!({ "AutoScalingConfigurationName": name })
}

impl House {
    async fn look_up(&self, input: Value) -> crate::house::Reply {
        let text = input.to_string();
        self.order(&order("CloudTrail_20131101.LookupEvents", "cloudtrail", &text)).await
    }

    async fn found(&self, input: Value) -> Vec<Value> {
        let reply = self.look_up(input).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["Events"].as_array().expect("events").clone()
    }

    /// Everything that is written down, oldest first.
    fn written(&self) -> Vec<AuditedEvent> {
        let (from, until) = (Timestamp::from_millis(0), Timestamp::from_millis(i64::MAX));
        let query = AuditQuery { scope: scope(), from, until, sought: None, before: None, events_max: 1_000 };
        let mut events = block_on(self.desk.ledger.look_up(&query)).expect("memory answers").events;
        events.reverse();
        events
    }
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["EventName"].as_str().expect("a name")).collect()
}

#[tokio::test]
async fn a_change_is_looked_up_with_all_that_clients_read() {
    let house = House::new();
    let made = house.call(CREATE, named("mine")).await.json();
    let arn = made["AutoScalingConfiguration"]["AutoScalingConfigurationArn"].clone();
    let events = house.found(json!({})).await;
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!((&event["EventName"], &event["EventSource"]), (&json!(CREATE), &json!("apprunner.amazonaws.com")));
    assert_eq!((&event["ReadOnly"], &event["Username"]), (&json!("false"), &json!("root")));
    assert!(event["EventTime"].is_number() && event["AccessKeyId"].is_string(), "{event}");
    assert_eq!(event["Resources"], json!([{ "ResourceName": arn, "ResourceType": "AWS::AppRunner::AutoScalingConfiguration" }]));
    let record: Value = serde_json::from_str(event["CloudTrailEvent"].as_str().expect("a text")).expect("JSON in a text");
    for (member, value) in [
        ("eventVersion", json!("1.11")),
        ("eventTime", json!("2027-01-15T08:00:00Z")),
        ("eventSource", json!("apprunner.amazonaws.com")),
        ("eventName", json!(CREATE)),
        ("awsRegion", json!("us-east-1")),
        ("readOnly", json!(false)),
        ("eventType", json!("AwsApiCall")),
        ("recipientAccountId", json!("000000000000")),
        ("eventID", event["EventId"].clone()),
        ("requestParameters", Value::Null),
    ] {
        assert_eq!(record[member], value, "{member}: {record}");
    }
    let who = &record["userIdentity"];
    assert_eq!((&who["type"], &who["arn"]), (&json!("Root"), &json!("arn:aws:iam::000000000000:root")), "{who}");
    assert!(record.get("errorCode").is_none() && record["requestID"].is_string(), "{record}");
}

#[tokio::test]
async fn the_name_that_botocore_sends_is_the_same_service() {
    let house = House::new();
    let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
    let reply = house.order(&order(target, "cloudtrail", "{}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[tokio::test]
async fn one_attribute_a_range_and_pages_choose_what_is_found() {
    let house = House::new();
    for name in ["first", "second", "third"] {
        assert_eq!(house.call(CREATE, named(name)).await.status, 200);
    }
    let attribute = |key: &str, value: &str| json!({ "LookupAttributes": [{ "AttributeKey": key, "AttributeValue": value }] });
    assert_eq!(house.found(attribute("EventName", CREATE)).await.len(), 3);
    assert_eq!(house.found(attribute("EventName", "CreateService")).await.len(), 0);
    assert_eq!(house.found(attribute("ReadOnly", "true")).await.len(), 0);
    assert_eq!(house.found(attribute("ResourceName", "second")).await.len(), 1);
    let now = 1_800_000_000;
    assert_eq!(house.found(json!({ "StartTime": now - 60, "EndTime": now + 60 })).await.len(), 3);
    assert_eq!(house.found(json!({ "EndTime": now - 60 })).await.len(), 0);
    let first = house.look_up(json!({ "MaxResults": 2 })).await.json();
    assert_eq!(first["Events"].as_array().map(Vec::len), Some(2));
    let rest = house.look_up(json!({ "MaxResults": 2, "NextToken": first["NextToken"] })).await.json();
    assert_eq!(rest["Events"].as_array().map(Vec::len), Some(1));
    assert!(rest.get("NextToken").is_none(), "{rest}");
    let id = first["Events"][1]["EventId"].as_str().expect("an id");
    let by_id = house.found(attribute("EventId", id)).await;
    assert_eq!(by_id, [first["Events"][1].clone()]);
}

#[tokio::test]
async fn nobody_sees_another_region_or_account() {
    let house = House::new();
    house.call(CREATE, named("mine")).await;
    let elsewhere = house
        .order(&crate::signer::Order { region: "eu-west-1", ..order("CloudTrail_20131101.LookupEvents", "cloudtrail", "{}") })
        .await;
    assert_eq!(elsewhere.json()["Events"], json!([]));
    let foreign = house
        .order(&crate::signer::Order { key: "AKIDFOREIGN", ..order("CloudTrail_20131101.LookupEvents", "cloudtrail", "{}") })
        .await;
    assert_eq!(foreign.json()["Events"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_told_in_cloudtrails_faults() {
    let house = House::new();
    let attribute = |key: &str, value: &str| json!({ "AttributeKey": key, "AttributeValue": value });
    let two = json!([attribute("EventName", "a"), attribute("EventId", "b")]);
    let token = "not a token";
    for (input, code) in [
        (json!({ "MaxResults": 51 }), "InvalidMaxResultsException"),
        (json!({ "MaxResults": 0 }), "InvalidMaxResultsException"),
        (json!({ "LookupAttributes": [attribute("Nothing", "a")] }), "InvalidLookupAttributesException"),
        (json!({ "LookupAttributes": [{ "AttributeKey": "EventId" }] }), "InvalidLookupAttributesException"),
        (json!({ "LookupAttributes": [attribute("ReadOnly", "maybe")] }), "InvalidLookupAttributesException"),
        (json!({ "LookupAttributes": two }), "InvalidLookupAttributesException"),
        (json!({ "StartTime": 20, "EndTime": 10 }), "InvalidTimeRangeException"),
        (json!({ "NextToken": token }), "InvalidNextTokenException"),
        (json!({ "EventCategory": "weather" }), "InvalidEventCategoryException"),
    ] {
        let (found, words) = house.look_up(input.clone()).await.fault();
        assert_eq!(found, code, "{input}: {words}");
    }
    assert_eq!(house.found(json!({ "EventCategory": "insight" })).await.len(), 0);
    for _ in 0..3 {
        house.call(CREATE, named("mine")).await;
    }
    let token = house.look_up(json!({ "MaxResults": 1 })).await.json()["NextToken"].clone();
    let other = house.look_up(json!({ "MaxResults": 1, "EndTime": 1_900_000_000, "NextToken": token })).await;
    assert_eq!(other.fault().0, "InvalidNextTokenException", "a token belongs to its list");
}

#[tokio::test]
async fn what_is_denied_or_fails_is_written_down_with_its_fault_and_reading_is_not() {
    let house = House::new();
    let arn = house.service("webs").await;
    assert_eq!(house.call("ListServices", json!({})).await.status, 200);
    let absent = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";
    house.call("DescribeService", json!({ "ServiceArn": absent })).await.fault();
    assert_eq!(house.written().len(), 0, "what only reads leaves nothing, whether or not it fails");
    house.call("DeleteService", json!({ "ServiceArn": absent })).await.fault();
    faults(&house.call("CreateService", service("webs")).await, "InvalidRequestException", "webs");
    let house = house.denying("apprunner:DescribeService");
    faults(&house.call("DescribeService", json!({ "ServiceArn": arn })).await, "AccessDeniedException", "denied");
    let written = house.written();
    let told: Vec<(&str, &str, Option<&str>)> = written
        .iter()
        .map(|event| &event.entry)
        .map(|entry| (entry.row.event_name(), entry.row.resource.as_str(), entry.fault.as_deref()))
        .collect();
    let everything = "arn:aws:apprunner:us-east-1:000000000000:service/webs/*";
    assert_eq!(told[0], ("DeleteService", absent, Some("ResourceNotFoundException")));
    assert_eq!((told[1].0, told[1].2), ("CreateService", Some("InvalidRequestException")), "{} or so: {everything}", told[1].1);
    assert_eq!(told[2], ("DescribeService", arn.as_str(), Some("AccessDeniedException")));
    let denied = house.found(json!({ "LookupAttributes": [{ "AttributeKey": "ReadOnly", "AttributeValue": "true" }] })).await;
    assert_eq!(names(&denied), ["DescribeService"]);
    let record: Value = serde_json::from_str(denied[0]["CloudTrailEvent"].as_str().expect("a text")).expect("JSON");
    assert_eq!(record["errorCode"], "AccessDeniedException");
}

#[tokio::test]
async fn a_signature_that_proves_nothing_leaves_no_row() {
    let house = House::new();
    let wrong = crate::signer::Order { secret: "wrong", ..order("AppRunner.CreateService", "apprunner", "{}") };
    assert!(house.order(&wrong).await.status >= 400);
    assert_eq!(house.written().len(), 0);
}

#[tokio::test]
async fn reading_is_written_down_by_choice() {
    let house = House::auditing_reads();
    house.call("ListServices", json!({})).await;
    house.found(json!({})).await;
    let written = house.written();
    let told: Vec<&str> = written.iter().map(|event| event.entry.row.action.as_str()).collect();
    assert_eq!(told, ["apprunner:ListServices", "cloudtrail:LookupEvents"]);
}

#[tokio::test]
async fn a_flood_of_failures_has_so_many_rows_and_the_next_says_how_many_were_left_out() {
    let house = House::new();
    let absent = json!({ "ServiceArn": "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef" });
    for (calls, left_out) in [(210, &[][..]), (1, &[10])] {
        for _ in 0..calls {
            house.call("DeleteService", absent.clone()).await.fault();
        }
        let written = house.written();
        assert_eq!(written.len(), 200 + left_out.len());
        let told: Vec<u32> = written.iter().map(|event| event.entry.omitted).filter(|omitted| *omitted > 0).collect();
        assert_eq!(told, left_out);
    }
    let elsewhere = Scope { region: Region::parse("eu-west-1").expect("a region"), ..scope() };
    assert!(house.written().iter().all(|event| event.entry.row.caller.scope != elsewhere));
}
