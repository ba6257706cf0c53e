//! Observability configurations, VPC connectors and connections: what is made, described, listed, deleted, tagged and permitted.

use crate::house::{House, Reply, faults, golden};
use model::{
    audit::AuditQuery,
    caller::Caller,
    port::{Action, Answer, Audit, Gatekeeper, Granted},
    testbed::scope,
    time::Timestamp,
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const PREFIX: &str = "arn:aws:apprunner:us-east-1:000000000000";
const ID: &str = "0123456789abcdef0123456789abcdef";

async fn done(house: &House, operation: &str, input: Value) -> Value {
    let reply = house.call(operation, input).await;
    assert_eq!(reply.status, 200, "{operation}: {}", reply.text);
    reply.json()
}

async fn observability(house: &House, name: &str) -> Value {
    let input = json!({ "ObservabilityConfigurationName": name, "TraceConfiguration": { "Vendor": "AWSXRAY" } });
    done(house, "CreateObservabilityConfiguration", input).await["ObservabilityConfiguration"].clone()
}

async fn connector(house: &House, name: &str) -> Value {
    let input = json!({ "VpcConnectorName": name, "Subnets": ["subnet-2", "subnet-1"], "SecurityGroups": ["sg-1"] });
    done(house, "CreateVpcConnector", input).await["VpcConnector"].clone()
}

async fn connection(house: &House, name: &str) -> Value {
    done(house, "CreateConnection", json!({ "ConnectionName": name, "ProviderType": "GITHUB" })).await["Connection"].clone()
}

async fn on(house: &House, operation: &str, kind: &str, tail: &str) -> Reply {
    let resource = kind.to_lowercase();
    house.call(&format!("{operation}{kind}"), json!({ (format!("{kind}Arn")): format!("{PREFIX}:{resource}/{tail}") })).await
}

/// What a list says of the member, page by page.
async fn pages(house: &House, operation: &str, mut input: Value, list: &str, member: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let page = done(house, operation, input.clone()).await;
        let items = page[list].as_array().expect("a list").iter();
        pages.push(items.map(|item| item[member].as_str().expect("a text").to_owned()).collect());
        match page.get("NextToken") {
            Some(token) => input["NextToken"] = token.clone(),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn revisions_of_an_observability_configuration_count_up_and_the_highest_active_one_is_latest() {
    let house = House::new();
    golden("create_observability_configuration.json", &observability(&house, "mine").await);
    let second = observability(&house, "mine").await;
    assert_eq!((&second["ObservabilityConfigurationRevision"], &second["Latest"]), (&json!(2), &json!(true)));
    let describe = async |tail: &str| on(&house, "Describe", "ObservabilityConfiguration", tail).await;
    let found = async |tail: &str| describe(tail).await.json()["ObservabilityConfiguration"].clone();
    let tail = second["ObservabilityConfigurationArn"].as_str().expect("an ARN").rsplit_once(":observabilityconfiguration/");
    for tail in ["mine", "mine/2", tail.expect("its kind").1] {
        assert_eq!(found(tail).await, second, "{tail}");
    }
    assert_eq!(found("mine/1").await["Latest"], false);
    let gone = on(&house, "Delete", "ObservabilityConfiguration", "mine").await.json()["ObservabilityConfiguration"].clone();
    assert_eq!((&gone["Status"], &gone["Latest"]), (&json!("INACTIVE"), &json!(false)), "in capitals");
    assert!(gone["DeletedAt"].is_number());
    assert_eq!(found("mine/2").await, gone, "it stays describable");
    let first = found("mine").await;
    assert_eq!((&first["ObservabilityConfigurationRevision"], &first["Latest"]), (&json!(1), &json!(true)));
    assert_eq!(observability(&house, "mine").await["ObservabilityConfigurationRevision"], 3, "a number is not given again");
    for (tail, code) in [
        ("yours", "ResourceNotFoundException"),
        ("mine/9", "ResourceNotFoundException"),
        ("mine/x", "InvalidRequestException"),
        ("mine/1/x", "InvalidRequestException"),
    ] {
        faults(&describe(tail).await, code, "");
        faults(&on(&house, "Delete", "ObservabilityConfiguration", tail).await, code, "");
    }
    faults(&on(&house, "Delete", "ObservabilityConfiguration", "mine/2").await, "ResourceNotFoundException", "mine/2");
    let untraced = done(&house, "CreateObservabilityConfiguration", json!({ "ObservabilityConfigurationName": "none" })).await;
    assert_eq!(untraced["ObservabilityConfiguration"].get("TraceConfiguration"), None, "absent stays absent");
}

#[tokio::test]
async fn the_default_observability_configuration_is_there_reserved_and_stays() {
    let house = House::new();
    let found = on(&house, "Describe", "ObservabilityConfiguration", "DefaultConfiguration").await.json();
    let arn = format!("{PREFIX}:observabilityconfiguration/DefaultConfiguration/1/00000000000000000000000000000001");
    assert_eq!(found["ObservabilityConfiguration"]["ObservabilityConfigurationArn"], arn);
    assert_eq!(found["ObservabilityConfiguration"]["TraceConfiguration"], json!({ "Vendor": "AWSXRAY" }));
    let refused = on(&house, "Delete", "ObservabilityConfiguration", "DefaultConfiguration/1").await;
    faults(&refused, "InvalidRequestException", "cannot be deleted");
    let input = json!({ "ObservabilityConfigurationName": "DefaultConfiguration" });
    faults(&house.call("CreateObservabilityConfiguration", input).await, "InvalidRequestException", "reserved");
}

#[tokio::test]
async fn lists_of_observability_configurations_show_the_latest_unless_told_and_come_by_pages() {
    let house = House::new();
    for name in ["mine", "mine", "other"] {
        observability(&house, name).await;
    }
    let list = async |input: Value| {
        let list = "ObservabilityConfigurationSummaryList";
        let pages = pages(&house, "ListObservabilityConfigurations", input, list, "ObservabilityConfigurationArn").await;
        let tail = |arn: &String| arn.rsplit(":observabilityconfiguration/").next().expect("a tail").to_owned();
        let short = |arn: &String| tail(arn).rsplit_once('/').expect("an id").0.to_owned();
        pages.iter().map(|page| page.iter().map(short).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    assert_eq!(list(json!({})).await, [["DefaultConfiguration/1", "mine/2", "other/1"]]);
    let mine = json!({ "ObservabilityConfigurationName": "mine", "LatestOnly": false });
    assert_eq!(list(mine).await, [["mine/1", "mine/2"]]);
    let paged = json!({ "LatestOnly": false, "MaxResults": 2 });
    assert_eq!(list(paged.clone()).await, [["DefaultConfiguration/1", "mine/1"], ["mine/2", "other/1"]]);
    let token = done(&house, "ListObservabilityConfigurations", paged).await["NextToken"].clone();
    for other in [json!({ "NextToken": token }), json!({ "NextToken": "x", "LatestOnly": false })] {
        faults(&house.call("ListObservabilityConfigurations", other).await, "InvalidRequestException", "next token");
    }
    faults(&house.call("ListConnections", json!({ "NextToken": token })).await, "InvalidRequestException", "next token");
}

#[tokio::test]
async fn a_vpc_connector_is_active_at_once_and_echoed_as_sent() {
    let house = House::new();
    let made = connector(&house, "mine").await;
    golden("create_vpc_connector.json", &made);
    let tail = made["VpcConnectorArn"].as_str().expect("an ARN").rsplit_once(":vpcconnector/").expect("its kind").1.to_owned();
    let found = on(&house, "Describe", "VpcConnector", &tail).await;
    assert_eq!(found.json(), json!({ "VpcConnector": made }));
    for partial in ["mine", "mine/1", "mine/1/x"] {
        for operation in ["Describe", "Delete"] {
            faults(&on(&house, operation, "VpcConnector", partial).await, "InvalidRequestException", "<name>/<revision>/<id>");
        }
    }
    faults(&on(&house, "Describe", "VpcConnector", &format!("mine/1/{ID}")).await, "ResourceNotFoundException", ID);
    let again = json!({ "VpcConnectorName": "mine", "Subnets": ["subnet-9"] });
    faults(&house.call("CreateVpcConnector", again.clone()).await, "InvalidRequestException", "exists already");
    let gone = on(&house, "Delete", "VpcConnector", &tail).await.json()["VpcConnector"].clone();
    assert_eq!((&gone["Status"], gone["DeletedAt"].is_number()), (&json!("INACTIVE"), true));
    assert_eq!(on(&house, "Describe", "VpcConnector", &tail).await.json()["VpcConnector"], gone);
    faults(&on(&house, "Delete", "VpcConnector", &tail).await, "ResourceNotFoundException", &tail);
    let second = done(&house, "CreateVpcConnector", again).await["VpcConnector"].clone();
    assert_eq!((&second["VpcConnectorRevision"], second.get("SecurityGroups")), (&json!(2), None), "absent stays absent");
    let list = done(&house, "ListVpcConnectors", json!({})).await;
    assert_eq!(list, json!({ "VpcConnectors": [second] }), "whole, and without what was deleted");
    let none = json!({ "VpcConnectorName": "none", "Subnets": [] });
    faults(&house.call("CreateVpcConnector", none).await, "InvalidRequestException", "at least one subnet");
}

#[tokio::test]
async fn a_connection_waits_for_its_handshake_and_is_gone_when_deleted() {
    let house = House::new();
    let made = connection(&house, "mine").await;
    golden("create_connection.json", &made);
    let bitbucket = json!({ "ConnectionName": "other", "ProviderType": "BITBUCKET" });
    assert_eq!(done(&house, "CreateConnection", bitbucket).await["Connection"]["ProviderType"], "BITBUCKET");
    let again = json!({ "ConnectionName": "mine", "ProviderType": "BITBUCKET" });
    faults(&house.call("CreateConnection", again).await, "InvalidRequestException", "exists already");
    let listed = async |input: Value| done(&house, "ListConnections", input).await["ConnectionSummaryList"].clone();
    assert_eq!(listed(json!({ "ConnectionName": "mine" })).await, json!([made]));
    assert_eq!(listed(json!({ "ConnectionName": "nowhere" })).await, json!([]), "no fault");
    let tail = made["ConnectionArn"].as_str().expect("an ARN").rsplit_once(":connection/").expect("its kind").1.to_owned();
    let gone = on(&house, "Delete", "Connection", &tail).await.json()["Connection"].clone();
    let mut wanted = made.clone();
    wanted["Status"] = json!("DELETED");
    assert_eq!(gone, wanted);
    assert_eq!(listed(json!({ "ConnectionName": "mine" })).await, json!([]));
    faults(&on(&house, "Delete", "Connection", &tail).await, "ResourceNotFoundException", &tail);
    let next = connection(&house, "mine").await;
    assert_ne!(next["ConnectionArn"], made["ConnectionArn"]);
    faults(&on(&house, "Delete", "Connection", &tail).await, "ResourceNotFoundException", &tail);
    assert_eq!(on(&house, "Delete", "Connection", "mine").await.status, 200, "a name alone will do");
    faults(&on(&house, "Delete", "Connection", "mine/x").await, "InvalidRequestException", "<name>/<id>");
}

#[tokio::test]
async fn a_deletion_between_pages_loses_and_repeats_nothing() {
    let house = House::new();
    for n in 0..5 {
        connector(&house, &format!("conn-{n}")).await;
        connection(&house, &format!("conn-{n}")).await;
    }
    for (kind, list, name) in
        [("VpcConnector", "VpcConnectors", "VpcConnectorName"), ("Connection", "ConnectionSummaryList", "ConnectionName")]
    {
        let operation = format!("List{kind}s");
        let first = done(&house, &operation, json!({ "MaxResults": 2 })).await;
        // The one that the next page begins after, and one of the next page.
        let all = done(&house, &operation, json!({})).await;
        for gone in [1, 2] {
            let arn = &all[list][gone][format!("{kind}Arn")];
            done(&house, &format!("Delete{kind}"), json!({ (format!("{kind}Arn")): arn })).await;
        }
        let input = json!({ "MaxResults": 2, "NextToken": first["NextToken"] });
        assert_eq!(pages(&house, &operation, input, list, name).await, [["conn-3", "conn-4"]]);
    }
}

#[tokio::test]
async fn the_models_constraints_are_held_for_each() {
    let house = House::new();
    for (operation, input, words) in [
        ("CreateObservabilityConfiguration", json!({}), "Value null at 'observabilityConfigurationName'"),
        (
            "CreateObservabilityConfiguration",
            json!({ "ObservabilityConfigurationName": "a b!", "TraceConfiguration": {} }),
            "2 validation errors detected",
        ),
        (
            "CreateObservabilityConfiguration",
            json!({ "ObservabilityConfigurationName": "mine", "TraceConfiguration": { "Vendor": "OTHER" } }),
            "Member must satisfy enum value set: [AWSXRAY]",
        ),
        ("CreateVpcConnector", json!({ "VpcConnectorName": "x".repeat(41) }), "3 validation errors detected"),
        ("CreateConnection", json!({ "ConnectionName": "mine" }), "Value null at 'providerType'"),
        ("CreateConnection", json!({ "ConnectionName": "mine", "ProviderType": "github" }), "[GITHUB, BITBUCKET]"),
        ("DeleteConnection", json!({}), "Value null at 'connectionArn'"),
        ("ListVpcConnectors", json!({ "MaxResults": 101 }), "less than or equal to 100"),
        ("ListConnections", json!({ "MaxResults": 0 }), "greater than or equal to 1"),
    ] {
        faults(&house.call(operation, input).await, "InvalidRequestException", words);
    }
}

#[tokio::test]
async fn each_of_them_has_tags_that_are_only_tags() {
    let house = House::new();
    let (mine, plug) = (observability(&house, "mine").await, connector(&house, "plug").await);
    let link = connection(&house, "link").await;
    let mut arns: Vec<String> =
        [&mine["ObservabilityConfigurationArn"], &plug["VpcConnectorArn"], &link["ConnectionArn"]].map(text).to_vec();
    arns.push(format!("{PREFIX}:observabilityconfiguration/mine"));
    arns.push(format!("{PREFIX}:observabilityconfiguration/DefaultConfiguration"));
    for arn in &arns {
        let input = json!({ "ResourceArn": arn, "Tags": [{ "Key": "outrunner:color", "Value": "red" }, { "Key": "team", "Value": "web" }] });
        assert_eq!(done(&house, "TagResource", input).await, json!({}));
        assert_eq!(
            done(&house, "UntagResource", json!({ "ResourceArn": arn, "TagKeys": ["team", "nowhere"] })).await,
            json!({}),
            "{arn}"
        );
        let tags = done(&house, "ListTagsForResource", json!({ "ResourceArn": arn })).await;
        assert_eq!(tags, json!({ "Tags": [{ "Key": "outrunner:color", "Value": "red" }] }), "{arn}");
        let many: Vec<Value> = (0..50).map(|n| json!({ "Key": format!("k{n}"), "Value": "" })).collect();
        let refused = house.call("TagResource", json!({ "ResourceArn": arn, "Tags": many })).await;
        faults(&refused, "InvalidRequestException", "50 tags at most");
    }
    let plug = text(&plug["VpcConnectorArn"]);
    done(&house, "DeleteVpcConnector", json!({ "VpcConnectorArn": plug })).await;
    let input = json!({ "ResourceArn": plug, "TagKeys": ["team"] });
    faults(&house.call("UntagResource", input).await, "InvalidStateException", "deleted");
    let link = text(&link["ConnectionArn"]);
    done(&house, "DeleteConnection", json!({ "ConnectionArn": link })).await;
    faults(&house.call("ListTagsForResource", json!({ "ResourceArn": link })).await, "ResourceNotFoundException", "connection");
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Allows everything and notes what it was asked.
#[derive(Default)]
struct Noting(Mutex<Vec<Action>>);

impl Gatekeeper for Noting {
    fn authorize<'a>(&'a self, _: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>> {
        self.0.lock().expect("nobody panics with it").push(action.clone());
        Box::pin(async { Ok(Ok(())) })
    }
}

impl Noting {
    /// Each action with its resource, an id left out, and what conditions may ask.
    fn taken(&self) -> Vec<String> {
        let noted = std::mem::take(&mut *self.0.lock().expect("nobody panics with it"));
        let line = |action: Action| {
            let facts = action.facts.0.iter().map(|(key, values)| format!(" {key}={}", values.join("+"))).collect::<String>();
            let resource = action.resource.trim_start_matches(PREFIX).trim_start_matches(':');
            let resource = resource.rsplit_once('/').filter(|(_, id)| id.len() == 32).map_or(resource, |(short, _)| short);
            format!("{} {resource}{facts}", action.name.trim_start_matches("apprunner:"))
        };
        noted.into_iter().map(line).collect()
    }
}

#[tokio::test]
async fn conditions_may_ask_about_the_tags_that_a_call_brings_and_those_that_are_there() {
    let gate = Arc::new(Noting::default());
    let house = House::new().guarded_by(gate.clone());
    let team = json!([{ "Key": "team", "Value": "web" }]);
    let asked = async |operation: &str, input: Value| {
        done(&house, operation, input).await;
        gate.taken()
    };
    let sent = " aws:RequestTag/team=web aws:TagKeys=team";
    let there = " aws:ResourceTag/team=web";
    let create = json!({ "ConnectionName": "link", "ProviderType": "GITHUB", "Tags": team });
    let resource = "connection/link/*";
    assert_eq!(
        asked("CreateConnection", create).await,
        [format!("CreateConnection {resource}{sent}"), format!("TagResource {resource}{sent}")]
    );
    let create = json!({ "AutoScalingConfigurationName": "mine", "Tags": team });
    let resource = "autoscalingconfiguration/mine/*";
    assert_eq!(
        asked("CreateAutoScalingConfiguration", create).await,
        [format!("CreateAutoScalingConfiguration {resource}{sent}"), format!("TagResource {resource}{sent}")]
    );
    let link = format!("{PREFIX}:connection/link");
    let mine = format!("{PREFIX}:autoscalingconfiguration/mine");
    for (arn, found) in [(&link, "connection/link"), (&mine, "autoscalingconfiguration/mine/1")] {
        let noted = asked("TagResource", json!({ "ResourceArn": arn, "Tags": [{ "Key": "a", "Value": "b" }] })).await;
        assert_eq!(noted, [format!("TagResource {found} aws:RequestTag/a=b{there} aws:TagKeys=a")]);
        let noted = asked("UntagResource", json!({ "ResourceArn": arn, "TagKeys": ["a"] })).await;
        assert_eq!(noted, [format!("UntagResource {found} aws:ResourceTag/a=b{there} aws:TagKeys=a")]);
        let noted = asked("ListTagsForResource", json!({ "ResourceArn": arn })).await;
        assert_eq!(noted, [format!("ListTagsForResource {found}{there}")]);
    }
    assert_eq!(asked("ListConnections", json!({})).await, ["ListConnections *"], "a list has no resource");
    assert_eq!(
        asked("DeleteConnection", json!({ "ConnectionArn": link })).await,
        [format!("DeleteConnection connection/link{there}")]
    );
    let noted = asked("UpdateDefaultAutoScalingConfiguration", json!({ "AutoScalingConfigurationArn": mine })).await;
    assert_eq!(noted, [format!("UpdateDefaultAutoScalingConfiguration autoscalingconfiguration/mine/1{there}")]);
    let service = house.service("webs").await;
    gate.taken();
    asked("TagResource", json!({ "ResourceArn": service, "Tags": team })).await;
    let noted = asked("UntagResource", json!({ "ResourceArn": service, "TagKeys": ["team"] })).await;
    assert_eq!(noted, [format!("UntagResource service/webs{there} aws:TagKeys=team")]);
}

#[tokio::test]
async fn each_operation_asks_before_it_tells_or_changes_anything() {
    let mut house = House::new();
    let made = [observability(&house, "mine").await, connector(&house, "plug").await, connection(&house, "link").await];
    for (made, kind) in made.iter().zip(["ObservabilityConfiguration", "VpcConnector", "Connection"]) {
        let arn = text(&made[format!("{kind}Arn")]);
        let absent = arn.rsplit_once('/').expect("an id").0.to_owned() + "/" + ID;
        for operation in ["Describe", "Delete"].map(|verb| format!("{verb}{kind}")) {
            if operation == "DescribeConnection" {
                continue;
            }
            house = house.denying(format!("apprunner:{operation}"));
            for arn in [&arn, &absent] {
                let reply = house.call(&operation, json!({ (format!("{kind}Arn")): arn })).await;
                faults(&reply, "AccessDeniedException", &format!("apprunner:{operation} on {arn} is denied"));
            }
        }
    }
    for (operation, input) in [
        ("CreateObservabilityConfiguration", json!({ "ObservabilityConfigurationName": "DefaultConfiguration" })),
        ("CreateVpcConnector", json!({ "VpcConnectorName": "plug", "Subnets": ["subnet-1"] })),
        ("CreateConnection", json!({ "ConnectionName": "link", "ProviderType": "GITHUB", "Tags": [{ "Value": "no key" }] })),
        ("ListObservabilityConfigurations", json!({})),
        ("ListVpcConnectors", json!({ "NextToken": "x" })),
        ("ListConnections", json!({})),
        (
            "UpdateDefaultAutoScalingConfiguration",
            json!({ "AutoScalingConfigurationArn": format!("{PREFIX}:autoscalingconfiguration/none") }),
        ),
    ] {
        house = house.denying(format!("apprunner:{operation}"));
        faults(&house.call(operation, input).await, "AccessDeniedException", operation);
    }
    house = house.denying("apprunner:TagResource");
    let tagged = json!({ "ConnectionName": "other", "ProviderType": "GITHUB", "Tags": [{ "Key": "a", "Value": "1" }] });
    faults(&house.call("CreateConnection", tagged).await, "AccessDeniedException", "apprunner:TagResource");
    let all = AuditQuery {
        scope: scope(),
        from: Timestamp::from_millis(i64::MIN),
        until: Timestamp::from_millis(i64::MAX),
        sought: None,
        before: None,
        events_max: 100,
    };
    let found = Audit::look_up(&*house.desk.ledger, &all).await.expect("memory answers");
    let done = found.events.iter().filter(|event| event.entry.fault.is_none());
    assert_eq!(done.count(), 3, "nothing was changed but what was made");
}
