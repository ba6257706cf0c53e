//! Every operation of every service asks for its permission: a session with no policy is told which one it has not.
//! Never says what an operation does. Source of truth: the models, from which the smallest inputs are made; the Service Authorization Reference.

use crate::{
    house::{House, order},
    signer::Order,
};
use model::{port::Roles, role::Role, testbed::role};
use serde_json::{Map, Value, json};

/// A service that the test goes through: file of its model, signing name, target prefix or API version.
pub const SERVICES: [(&str, &str, &str); 9] = [
    ("apprunner", "apprunner", "AppRunner"),
    ("cloudtrail", "cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"),
    ("ecr", "ecr", "AmazonEC2ContainerRegistry_V20150921"),
    ("iam", "iam", "2010-05-08"),
    ("logs", "logs", "Logs_20140328"),
    ("secretsmanager", "secretsmanager", "secretsmanager"),
    ("service_quotas", "servicequotas", "ServiceQuotasV20190624"),
    ("ssm", "ssm", "AmazonSSM"),
    ("sts", "sts", "2011-06-15"),
];
/// Operations that everybody may call. Source: STS API Reference, "No permissions are required".
const FREE: [&str; 1] = ["GetCallerIdentity"];
/// Everybody may call it who signs with keys that last: a session is refused in other words. Source: STS API Reference, GetSessionToken.
const NOT_FOR_SESSIONS: [&str; 1] = ["GetSessionToken"];
/// Nobody signs it: a token in its input says who calls. Source: STS API Reference, AssumeRoleWithWebIdentity.
const UNSIGNED: [&str; 1] = ["AssumeRoleWithWebIdentity"];
/// What the patterns of the models ask for, by the name of the member.
const VALUES: [(&str, &str); 47] = [
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
    ("uploadId", "01234567-89ab-cdef-0123-456789abcdef"),
    ("layerDigest", "sha256:0000000000000000000000000000000000000000000000000000000000000000"),
    ("layerDigests", "sha256:0000000000000000000000000000000000000000000000000000000000000000"),
    ("layerPartBlob", "eA=="),
    ("imageManifest", "{}"),
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
    ("logRecordPointer", "Z3JvdXA6MQ=="),
    ("ActionNames", "ecr:BatchGetImage"),
    ("PolicyInputList", r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#),
    ("imageTagMutability", "MUTABLE"),
    ("ImageIdentifier", "localhost:4566/hello:latest"),
    ("ImageRepositoryType", "ECR"),
    ("Key", "team"),
    ("ServiceCode", "apprunner"),
    ("QuotaCode", "L-63B30055"),
    ("RequestId", "a1"),
    (
        "DeletionTaskId",
        "task/aws-service-role/apprunner.amazonaws.com/AWSServiceRoleForAppRunner/00000000-0000-4000-8000-000000000000",
    ),
    ("Path", "/a"),
    ("ResourceType", "Parameter"),
    ("ResourceId", "/a/b"),
];

/// A service's model.
pub struct Model(Value);

impl Model {
    pub fn read(file: &str) -> Self {
        let path = format!("{}/models/{file}.json", env!("CARGO_MANIFEST_DIR"));
        Self(serde_json::from_str(&std::fs::read_to_string(path).expect("the model is there")).expect("JSON"))
    }

    /// The smallest input of an operation.
    pub fn input(&self, operation: &str) -> Value {
        self.0["operations"][operation]["input"].as_str().map_or_else(|| json!({}), |shape| self.least(shape, ""))
    }

    /// The smallest value of a member of an operation's input, if it has the member.
    pub fn optional(&self, operation: &str, member: &str) -> Option<Value> {
        let input = self.0["operations"][operation]["input"].as_str()?;
        Some(self.least(self.0["shapes"][input]["members"][member].as_str()?, member))
    }

    fn least(&self, shape: &str, member: &str) -> Value {
        let shape = &self.0["shapes"][shape];
        match shape["type"].as_str().expect("every shape has a type") {
            "structure" => {
                let required = shape["required"].as_array().cloned().unwrap_or_default();
                let mut required: Vec<String> = required.iter().map(|name| name.as_str().expect("a name").to_owned()).collect();
                // The models of App Runner, Logs and IAM require less than the services do.
                required.extend(
                    ["ImageRepository", "Key", "UserName", "Value", "logGroupName"]
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
pub fn form(operation: &str, version: &str, input: &Value) -> String {
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
pub fn offered(service: &str) -> Vec<String> {
    let shapes = std::fs::read_to_string(format!("{}/src/shape/{service}.rs", env!("CARGO_MANIFEST_DIR"))).expect("the shapes");
    let list = shapes.split("pub const ALL: &[Self] = &[").nth(1).and_then(|rest| rest.split("];").next()).expect("the list");
    list.split(',').filter_map(|name| name.trim().strip_prefix("Self::")).map(str::to_owned).collect()
}

/// Whether the row of an action has the form of a resource. A key is named in place of its owner, who is nobody's to know.
fn is_asked_on(action: &str, resource: &str) -> bool {
    let table = include_str!("../golden/action_resources.txt");
    let row = table.lines().find_map(|line| line.strip_prefix(action)?.strip_prefix(' ')).expect("every action has a row");
    let fits = |form: &str, resource: &str| {
        let (mut rest, mut pieces) = (Some(resource), form.split('*'));
        let first = pieces.next().unwrap_or_default();
        rest = rest.and_then(|rest| rest.strip_prefix(first));
        for piece in pieces {
            rest = rest.and_then(|rest| rest.find(piece).map(|at| &rest[at + piece.len()..]));
        }
        rest.is_some_and(|rest| rest.is_empty() || form.ends_with('*'))
    };
    // What is only made has an id that nobody knows yet, and ends with a star.
    let whole = format!("{resource}/*");
    let of_row = row.split(' ').any(|form| fits(form, resource) || (resource.ends_with("/*") && fits(form, &whole)));
    // It is about a secret only where the call names one.
    let is_of_none = action == "secretsmanager:ValidateResourcePolicy" && resource == "*";
    of_row || is_of_none || (action == "iam:GetAccessKeyLastUsed" && resource.starts_with("access key "))
}

/// Trusts the account.
pub const TRUST: &str = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}}"#;

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
            match reply.text.split(&words).nth(1) {
                Some(rest) if reply.status >= 400 => {
                    let resource = rest.split(" because ").next().unwrap_or_default();
                    if !is_asked_on(&format!("{service}:{operation}"), resource) {
                        wrong.push(format!("{service}:{operation} is asked for on {resource}, which its row does not have"));
                    }
                }
                Some(_) | None => wrong.push(format!("{service}:{operation} with {body}: {} {}", reply.status, reply.text)),
            }
        }
    }
    // Our own extension has no model.
    let key = json!({ "ServiceArn": VALUES[0].1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x".repeat(40) });
    let body = key.to_string();
    for operation in [
        "CancelOperation",
        "CreateAccount",
        "FollowLogs",
        "ImportAccessKey",
        "ListAccounts",
        "ListEvents",
        "ListRevisions",
        "RollBack",
    ] {
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
