//! What conditions are told of a call: what the operation reads of its input, and nothing that it does not.

use super::{
    house::{House, order},
    signer::{Order, SECRET},
};
use model::{
    caller::Caller,
    port::{Action, Answer, Gatekeeper, Granted},
    service::Standing,
};
use serde_json::json;
use std::sync::{Arc, Mutex};

const FOREIGN: &str = "111111111111";
const CREATE_REPOSITORY: &str = "AmazonEC2ContainerRegistry_V20150921.CreateRepository";

/// Allows everything, and remembers what was asked.
#[derive(Default)]
struct Recording(Mutex<Vec<Action>>);

impl Gatekeeper for Recording {
    fn authorize<'a>(&'a self, _: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>> {
        self.0.lock().expect("nobody panics with it").push(action.clone());
        Box::pin(async { Ok(Ok(())) })
    }
}

impl Recording {
    /// Everything that was asked since the last time.
    fn all(&self) -> Vec<Action> {
        std::mem::take(&mut *self.0.lock().expect("nobody panics with it"))
    }

    /// What was asked for an action since the last time.
    fn taken(&self, name: &str) -> Action {
        self.all().into_iter().find(|action| action.name == name).unwrap_or_else(|| panic!("{name} was not asked for"))
    }
}

/// A house whose guard policy binds the root of the other account, so that conditions may ask about its calls.
fn house() -> (House, Arc<Recording>) {
    let recording = Arc::new(Recording::default());
    (House::new().bound_and_guarded_by(recording.clone()), recording)
}

fn of_foreign<'a>(target: &'a str, service: &'a str, body: &'a str) -> Order<'a> {
    Order { key: "AKIDFOREIGN", secret: SECRET, ..order(target, service, body) }
}

#[tokio::test]
async fn the_tags_that_count_are_those_that_are_kept_whatever_else_the_body_has() {
    let (house, recording) = house();
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let mut read = 0;
    for (number, decoy) in [
        r#""Tags":[{"Key":"team","Value":"web"}]"#.to_owned(),
        r#""Tags":null"#.to_owned(),
        r#""x":1e999"#.to_owned(),
        r#""x":"\ud800""#.to_owned(),
        format!(r#""x":{deep}"#),
    ]
    .into_iter()
    .enumerate()
    {
        let body = format!(r#"{{{decoy},"repositoryName":"r{number}","tags":[{{"Key":"team","Value":"admin"}}]}}"#);
        let reply = house.order(&of_foreign(CREATE_REPOSITORY, "ecr", &body)).await;
        if reply.status != 200 {
            // What cannot be read at all is refused before anything is asked for.
            assert!(reply.text.contains("SerializationException"), "{decoy}: {}", reply.text);
            continue;
        }
        read += 1;
        let facts = recording.taken("ecr:CreateRepository").facts.0;
        assert_eq!(facts.get("aws:RequestTag/team"), Some(&vec!["admin".to_owned()]), "{decoy}");
        assert_eq!(facts.get("aws:TagKeys"), Some(&vec!["team".to_owned()]), "{decoy}");
    }
    assert!(read >= 2, "{read} decoys were read");
    let body = json!({ "ServiceName": "webs", "tags": [{ "Key": "team", "Value": "web" }], "SourceConfiguration": {
        "ImageRepository": { "ImageIdentifier": "public.ecr.aws/x/y:1", "ImageRepositoryType": "ECR_PUBLIC" } } });
    house.order(&of_foreign("AppRunner.CreateService", "apprunner", &body.to_string())).await;
    let facts = recording.taken("apprunner:CreateService").facts.0;
    assert!(!facts.keys().any(|key| key.starts_with("aws:RequestTag/") || key == "aws:TagKeys"), "{facts:?}");
}

/// The pattern by which rights over users are handed on: who may only attach policies to the bounded must not say himself who is.
#[tokio::test]
async fn nobody_says_of_another_which_boundary_it_has() {
    let (house, recording) = house();
    let policy = "PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess&PolicyName=p&PolicyDocument=%7B%7D";
    for (noun, operations) in [
        ("User", ["AttachUserPolicy", "DetachUserPolicy", "PutUserPolicy", "DeleteUserPolicy", "DeleteUserPermissionsBoundary"]),
        ("Role", ["AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy", "DeleteRolePermissionsBoundary"]),
    ] {
        for operation in operations {
            let body = format!(
                "Action={operation}&Version=2010-05-08&{noun}Name=unbounded&{policy}&PermissionsBoundary=arn:aws:iam::{FOREIGN}:policy/b"
            );
            house.order(&Order { target: None, ..of_foreign("", "iam", &body) }).await;
            let facts = recording.taken(&format!("iam:{operation}")).facts.0;
            assert_eq!(facts.get("iam:PermissionsBoundary"), None, "{operation}");
        }
    }
    let body = format!("Action=CreateUser&Version=2010-05-08&UserName=a&PermissionsBoundary=arn:aws:iam::{FOREIGN}:policy/b");
    house.order(&Order { target: None, ..of_foreign("", "iam", &body) }).await;
    assert!(recording.taken("iam:CreateUser").facts.0.contains_key("iam:PermissionsBoundary"), "the new one's own is told");
}

#[tokio::test]
async fn the_tags_of_a_log_group_are_told_by_every_call_on_it_and_on_its_streams() {
    let (house, recording) = house();
    let call = async |operation: &str, body: &str| {
        let reply = house.order(&of_foreign(&format!("Logs_20140328.{operation}"), "logs", body)).await;
        assert_eq!(reply.status, 200, "{operation}: {}", reply.text);
        recording.taken(&format!("logs:{operation}")).facts.0.get("aws:ResourceTag/team").cloned()
    };
    let team = Some(vec!["web".to_owned()]);
    assert_eq!(call("CreateLogGroup", r#"{"logGroupName":"/g/a","tags":{"team":"web"}}"#).await, None, "it is not there yet");
    assert_eq!(call("CreateLogStream", r#"{"logGroupName":"/g/a","logStreamName":"s"}"#).await, team);
    assert_eq!(call("FilterLogEvents", r#"{"logGroupName":"/g/a"}"#).await, team);
    assert_eq!(call("GetLogEvents", r#"{"logGroupName":"/g/a","logStreamName":"s"}"#).await, team);
    assert_eq!(call("DeleteLogGroup", r#"{"logGroupName":"/g/a"}"#).await, team);
}

#[tokio::test]
async fn tagging_a_log_group_tells_its_tags_and_those_that_are_given() {
    let (house, recording) = house();
    let call = async |operation: &str, body: &str| {
        let target = format!("Logs_20140328.{operation}");
        let reply = house.order(&of_foreign(&target, "logs", body)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        recording.taken(&format!("logs:{operation}")).facts.0
    };
    call("CreateLogGroup", r#"{"logGroupName":"g","tags":{"team":"web"}}"#).await;
    let arn = format!("arn:aws:logs:us-east-1:{FOREIGN}:log-group:g");
    let facts = call("TagResource", &format!(r#"{{"resourceArn":"{arn}","tags":{{"env":"prod"}}}}"#)).await;
    for (key, value) in [("aws:ResourceTag/team", "web"), ("aws:RequestTag/env", "prod"), ("aws:TagKeys", "env")] {
        assert_eq!(facts.get(key).map(Vec::as_slice), Some([value.to_owned()].as_slice()), "{key}");
    }
    let facts = call("UntagResource", &format!(r#"{{"resourceArn":"{arn}","tagKeys":["team"]}}"#)).await;
    assert_eq!(facts.get("aws:TagKeys").map(Vec::as_slice), Some(["team".to_owned()].as_slice()));
    assert_eq!(facts.get("aws:ResourceTag/env").map(Vec::as_slice), Some(["prod".to_owned()].as_slice()));
}

/// A short ARN means what it would pin, at every question that the call asks; one that means nothing is told as it was sent.
#[tokio::test]
async fn conditions_are_told_the_full_arn_whichever_way_it_is_written() {
    let (house, recording) = house();
    let call = async |operation: &str, input: serde_json::Value| {
        house.order(&of_foreign(&format!("AppRunner.{operation}"), "apprunner", &input.to_string())).await
    };
    let make = async || {
        let made = call("CreateAutoScalingConfiguration", json!({ "AutoScalingConfigurationName": "plan" })).await.json();
        made["AutoScalingConfiguration"]["AutoScalingConfigurationArn"].as_str().expect("an ARN").to_owned()
    };
    let (first, second) = (make().await, make().await);
    let named = first.split('/').take(2).collect::<Vec<_>>().join("/");
    let absent = named.replace("plan", "none");
    let elsewhere = named.replace("us-east-1", "eu-west-1");
    for (sent, told, status) in [
        (named.clone(), &second, 200),
        (format!("{named}/1"), &first, 200),
        (first.clone(), &first, 200),
        (absent.clone(), &absent, 400),
        (elsewhere.clone(), &elsewhere, 400),
    ] {
        let mut input = crate::house::service(&format!("webs{}", sent.len()));
        input["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"] = json!("localhost:4566/hello:v1");
        input["AutoScalingConfigurationArn"] = json!(sent);
        let _ = recording.all();
        let reply = call("CreateService", input).await;
        let asked: Vec<Action> = recording.all().into_iter().filter(|asked| asked.name == "apprunner:CreateService").collect();
        assert_eq!(reply.status, status, "{sent}: {}", reply.text);
        assert!(asked.len() >= 2, "on the service and on what it names: {asked:?}");
        for action in asked {
            assert_eq!(
                action.facts.0.get("apprunner:AutoScalingConfigurationArn"),
                Some(&vec![told.clone()]),
                "{sent}: {action:?}"
            );
        }
    }
}

/// A service that names its configuration by the name alone gets the latest revision with every update: a denial of that revision holds there too.
#[tokio::test]
async fn an_update_that_brings_another_revision_by_itself_is_asked_about_it() {
    let (house, recording) = house();
    let call = async |operation: &str, input: serde_json::Value| {
        let reply = house.order(&of_foreign(&format!("AppRunner.{operation}"), "apprunner", &input.to_string())).await;
        assert_eq!(reply.status, 200, "{operation}: {}", reply.text);
        reply.json()
    };
    let plan = json!({ "AutoScalingConfigurationName": "plan" });
    let first = call("CreateAutoScalingConfiguration", plan.clone()).await;
    let first = first["AutoScalingConfiguration"]["AutoScalingConfigurationArn"].as_str().expect("an ARN").to_owned();
    let mut input = crate::house::service("webs");
    input["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"] = json!("localhost:4566/hello:v1");
    input["AutoScalingConfigurationArn"] = json!(first.split('/').take(2).collect::<Vec<_>>().join("/"));
    let arn = call("CreateService", input).await["Service"]["ServiceArn"].as_str().expect("an ARN").to_owned();
    let update = async || {
        house.rest(&arn, Standing::Running { revision: 1 }).await;
        let _ = recording.all();
        call("UpdateService", json!({ "ServiceArn": arn, "InstanceConfiguration": { "Cpu": "1024" } })).await;
        let asked = recording.all();
        let told = asked.iter().filter_map(|asked| asked.facts.0.get("apprunner:AutoScalingConfigurationArn"));
        told.flatten().cloned().collect::<Vec<String>>()
    };
    assert!(update().await.is_empty(), "the same revision as before is no news");
    let second = call("CreateAutoScalingConfiguration", plan).await;
    let second = second["AutoScalingConfiguration"]["AutoScalingConfigurationArn"].as_str().expect("an ARN").to_owned();
    assert_eq!(update().await, [second]);
    assert!(update().await.is_empty());
}
