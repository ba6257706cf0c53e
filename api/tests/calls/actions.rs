//! Every operation of every service asks for its permission: a session with no policy is told which one it has not.
//! Never says what an operation does. Source of truth: the models, from which the smallest inputs are made; the Service Authorization Reference.

use crate::{
    house::{House, order},
    signer::Order,
};
use model::{port::Roles, role::Role, testbed::role};
use serde_json::{Map, Value, json};

/// A service that the test goes through: file of its model, signing name, target prefix or API version.
const SERVICES: [(&str, &str, &str); 5] = [
    ("apprunner", "apprunner", "AppRunner"),
    ("ecr", "ecr", "AmazonEC2ContainerRegistry_V20150921"),
    ("iam", "iam", "2010-05-08"),
    ("logs", "logs", "Logs_20140328"),
    ("sts", "sts", "2011-06-15"),
];
/// Operations that everybody may call. Source: STS API Reference, "No permissions are required".
const FREE: [&str; 1] = ["GetCallerIdentity"];
/// Everybody may call it who signs with keys that last: a session is refused in other words. Source: STS API Reference, GetSessionToken.
const NOT_FOR_SESSIONS: [&str; 1] = ["GetSessionToken"];
/// Nobody signs it: a token in its input says who calls. Source: STS API Reference, AssumeRoleWithWebIdentity.
const UNSIGNED: [&str; 1] = ["AssumeRoleWithWebIdentity"];
/// What the patterns of the models ask for, by the name of the member.
const VALUES: [(&str, &str); 34] = [
    ("ServiceArn", "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef"),
    ("ResourceArn", "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef"),
    (
        "AutoScalingConfigurationArn",
        "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/DefaultConfiguration/1/00000000000000000000000000000001",
    ),
    ("ConnectionArn", "arn:aws:apprunner:us-east-1:000000000000:connection/link/0123456789abcdef0123456789abcdef"),
    (
        "ObservabilityConfigurationArn",
        "arn:aws:apprunner:us-east-1:000000000000:observabilityconfiguration/DefaultConfiguration/1/00000000000000000000000000000001",
    ),
    ("VpcConnectorArn", "arn:aws:apprunner:us-east-1:000000000000:vpcconnector/plug/1/0123456789abcdef0123456789abcdef"),
    (
        "VpcIngressConnectionArn",
        "arn:aws:apprunner:us-east-1:000000000000:vpcingressconnection/in/0123456789abcdef0123456789abcdef",
    ),
    (
        "lifecyclePolicyText",
        r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}"#,
    ),
    ("DomainName", "a.example.com"),
    ("resourceArn", "arn:aws:ecr:us-east-1:000000000000:repository/hello"),
    ("repositoryName", "hello"),
    ("policyText", r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"ecr:*"}}"#),
    ("RoleArn", "arn:aws:iam::000000000000:role/x"),
    ("RoleSessionName", "session"),
    ("RoleName", "Other"),
    ("UserName", "other"),
    ("Url", "https://issuer.example"),
    ("OpenIDConnectProviderArn", "arn:aws:iam::000000000000:oidc-provider/issuer.example"),
    ("AWSServiceName", "apprunner.amazonaws.com"),
    ("PermissionsBoundary", "arn:aws:iam::aws:policy/AdministratorAccess"),
    ("PolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess"),
    ("PolicySourceArn", "arn:aws:iam::000000000000:role/Other"),
    ("PolicyName", "own"),
    ("VersionId", "v1"),
    ("PolicyDocument", r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#),
    ("AssumeRolePolicyDocument", r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}"#),
    ("logGroupName", "group"),
    ("logStreamName", "stream"),
    ("ActionNames", "ecr:BatchGetImage"),
    ("PolicyInputList", r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#),
    ("imageTagMutability", "MUTABLE"),
    ("ImageIdentifier", "localhost:4566/hello:latest"),
    ("ImageRepositoryType", "ECR"),
    ("Key", "team"),
];

struct Model(Value);

impl Model {
    fn read(file: &str) -> Self {
        let path = format!("{}/models/{file}.json", env!("CARGO_MANIFEST_DIR"));
        Self(serde_json::from_str(&std::fs::read_to_string(path).expect("the model is there")).expect("JSON"))
    }

    /// The smallest input of an operation.
    fn input(&self, operation: &str) -> Value {
        self.0["operations"][operation]["input"].as_str().map_or_else(|| json!({}), |shape| self.least(shape, ""))
    }

    fn least(&self, shape: &str, member: &str) -> Value {
        let shape = &self.0["shapes"][shape];
        match shape["type"].as_str().expect("every shape has a type") {
            "structure" => {
                let required = shape["required"].as_array().cloned().unwrap_or_default();
                let mut required: Vec<String> = required.iter().map(|name| name.as_str().expect("a name").to_owned()).collect();
                // The models of App Runner, Logs and IAM require less than the services do.
                required.extend(
                    ["ImageRepository", "logGroupName", "UserName"]
                        .map(str::to_owned)
                        .into_iter()
                        .filter(|name| shape["members"].get(name).is_some()),
                );
                required.sort();
                required.dedup();
                let members = required.into_iter().map(|name| {
                    let of = shape["members"][&name].as_str().expect("a member's shape").to_owned();
                    (name.clone(), self.least(&of, &name))
                });
                Value::Object(members.collect::<Map<String, Value>>())
            }
            "list" => json!([self.least(shape["member"].as_str().expect("a member"), member)]),
            "map" => json!({ "team": "blue" }),
            "boolean" => json!(false),
            "integer" | "long" | "float" | "double" => match member {
                "retentionInDays" => json!(1),
                _ => json!(shape["min"].as_i64().unwrap_or(1).max(1)),
            },
            "timestamp" => json!(1),
            _ => self.text(shape, member),
        }
    }

    fn text(&self, shape: &Value, member: &str) -> Value {
        if let Some((_, value)) = VALUES.iter().find(|(name, _)| *name == member) {
            return json!(value);
        }
        match shape["enum"].get(0) {
            Some(first) => first.clone(),
            None => json!("x".repeat(shape["min"].as_u64().unwrap_or(1).clamp(1, 64) as usize)),
        }
    }
}

/// An input as a form.
fn form(operation: &str, version: &str, input: &Value) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", operation).append_pair("Version", version);
    append(&mut form, "", input);
    form.finish()
}

fn append(form: &mut form_urlencoded::Serializer<'_, String>, at: &str, value: &Value) {
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| append(form, &below(name), value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| append(form, &below(&format!("member.{}", n + 1)), value));
        }
        Value::String(text) => {
            form.append_pair(at, text);
        }
        other => {
            form.append_pair(at, &other.to_string());
        }
    }
}

/// Operations that this version offers, from the list that the generator reads.
fn offered(service: &str) -> Vec<String> {
    let shapes = std::fs::read_to_string(format!("{}/src/shape/{service}.rs", env!("CARGO_MANIFEST_DIR"))).expect("the shapes");
    let list = shapes.split("pub const ALL: &[Self] = &[").nth(1).and_then(|rest| rest.split("];").next()).expect("the list");
    list.split(',').filter_map(|name| name.trim().strip_prefix("Self::")).map(str::to_owned).collect()
}

const TRUST: &str = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}}"#;

#[tokio::test]
async fn a_session_without_policies_is_told_which_permission_every_operation_needs() {
    let house = House::new();
    house.keep(&Role { trust: TRUST.to_owned(), ..role("Nobody") });
    house.keep(&role("Other"));
    let session = crate::sts::session(&house, "Nobody").await;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (file, service, of) in SERVICES {
        let model = Model::read(file);
        let query = model.0["metadata"]["protocol"] == "query";
        for operation in offered(file) {
            let mut input = model.input(&operation);
            if service == "logs" && input.get("resourceArn").is_some() {
                input["resourceArn"] = json!("arn:aws:logs:us-east-1:000000000000:log-group:group");
            }
            let (target, body) =
                if query { (None, form(&operation, of, &input)) } else { (Some(format!("{of}.{operation}")), input.to_string()) };
            let plain = Order { target: target.as_deref(), ..order("", service, &body) };
            let reply = house.order(&session.sign(plain)).await;
            asked += 1;
            if NOT_FOR_SESSIONS.contains(&operation.as_str()) || UNSIGNED.contains(&operation.as_str()) {
                continue;
            }
            if FREE.contains(&operation.as_str()) {
                if reply.status != 200 {
                    wrong.push(format!("{service}:{operation} is everybody's: {}", reply.text));
                }
                continue;
            }
            let words = format!("is not authorized to perform: {service}:{operation} on resource: ");
            if reply.status < 400 || !reply.text.contains(&words) {
                wrong.push(format!("{service}:{operation} with {body}: {} {}", reply.status, reply.text));
            }
        }
    }
    // Our own extension has no model.
    let body = json!({ "ServiceArn": VALUES[0].1 }).to_string();
    for operation in ["CancelOperation", "FollowLogs", "ListEvents", "ListRevisions", "RollBack"] {
        let target = format!("Outrunner.{operation}");
        let reply = house.order(&session.sign(order(&target, "outrunner", &body))).await;
        asked += 1;
        if !reply.text.contains(&format!("is not authorized to perform: outrunner:{operation} on resource: ")) {
            wrong.push(format!("outrunner:{operation}: {}", reply.text));
        }
    }
    assert!(asked >= 70, "{asked} operations");
    // Nothing that was refused was done.
    let others = [role("Other"), Role { trust: TRUST.to_owned(), ..role("Nobody") }];
    for other in others {
        let found = Roles::get(&*house.roles, &other.account, &other.name).await.expect("memory has no trouble");
        assert_eq!(found, Some(other));
    }
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
}
