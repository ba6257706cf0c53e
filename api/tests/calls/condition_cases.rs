//! Every condition key of every operation, as policies have it: a denial that asks for the value that the call carries holds, one that asks for another
//! value does not, and a permission that asks for the value is enough. What is tried is read from the table of actions (`golden/condition_keys.txt`,
//! which a test beside the table writes): a new key without a case fails here. App Runner's ARNs are sent as short as callers may write them.

use crate::{
    actions::{Model, TRUST, form, offered},
    house::{House, order, service},
    signer::Order,
    sts::session,
};
use model::{role::Role, service::Standing, testbed::role};
use serde_json::{Value, json};

/// A service of the table: signing name, file of its model, target prefix or API version. Our own extension has no model.
const SERVICES: [(&str, &str, &str); 9] = [
    ("apprunner", "apprunner", "AppRunner"),
    ("ecr", "ecr", "AmazonEC2ContainerRegistry_V20150921"),
    ("iam", "iam", "2010-05-08"),
    ("logs", "logs", "Logs_20140328"),
    ("outrunner", "", "Outrunner"),
    ("secretsmanager", "secretsmanager", "secretsmanager"),
    ("servicequotas", "service_quotas", "ServiceQuotasV20190624"),
    ("ssm", "ssm", "AmazonSSM"),
    ("sts", "sts", "2011-06-15"),
];
/// Operations that are not signed: nobody's policies are held against them.
const UNSIGNED: [&str; 1] = ["AssumeRoleWithWebIdentity"];
const BOUNDARY: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// A house with what calls name, and the short and the full ARN of each.
struct Bench {
    house: House,
    scaling: [String; 2],
    connection: [String; 2],
    observability: [String; 2],
    connector: String,
    /// A service with two revisions that name them all, but for the connection.
    service: String,
    roles: usize,
}

impl Bench {
    async fn new() -> Self {
        let house = House::new();
        house.keep(&Role { boundary: Some(BOUNDARY.to_owned()), ..role("Other") });
        house.keep(&Role { trust: TRUST.to_owned(), ..role("x") });
        house.form("iam", "Action=CreateUser&Version=2010-05-08&UserName=other").await;
        let made = async |operation: &str, input: Value, noun: &str| {
            let reply = house.call(operation, input).await;
            assert_eq!(reply.status, 200, "{}", reply.text);
            reply.json()[noun][format!("{noun}Arn")].as_str().expect("an ARN").to_owned()
        };
        let scaling = json!({ "AutoScalingConfigurationName": "plan" });
        let scaling = made("CreateAutoScalingConfiguration", scaling, "AutoScalingConfiguration").await;
        let connection = json!({ "ConnectionName": "link", "ProviderType": "GITHUB" });
        let connection = made("CreateConnection", connection, "Connection").await;
        let observability = json!({ "ObservabilityConfigurationName": "trace" });
        let observability = made("CreateObservabilityConfiguration", observability, "ObservabilityConfiguration").await;
        let connector = json!({ "VpcConnectorName": "plug", "Subnets": ["subnet-1"] });
        let connector = made("CreateVpcConnector", connector, "VpcConnector").await;
        let short = |arn: &str| arn.split('/').take(2).collect::<Vec<_>>().join("/");
        let mut bench = Self {
            scaling: [short(&scaling), scaling],
            connection: [short(&connection), connection],
            observability: [short(&observability), observability],
            connector,
            service: String::new(),
            house,
            roles: 0,
        };
        let mut input = service("kept");
        for key in ["AutoScalingConfigurationArn", "ObservabilityConfigurationArn", "VpcConnectorArn"] {
            bench.add_arn(&mut input, key);
        }
        let reply = bench.house.call("CreateService", input).await;
        bench.service = reply.json()["Service"]["ServiceArn"].as_str().unwrap_or_else(|| panic!("{}", reply.text)).to_owned();
        bench.house.rest(&bench.service, Standing::Running { revision: 1 }).await;
        bench.house.revisions(&bench.service, 2).await;
        bench
    }

    /// Puts an ARN of App Runner's into an input; answers what a condition is told.
    fn add_arn(&self, input: &mut Value, member: &str) -> Option<String> {
        let [short, full] = match member {
            "AutoScalingConfigurationArn" => &self.scaling,
            "ConnectionArn" => &self.connection,
            "ObservabilityConfigurationArn" => &self.observability,
            "VpcConnectorArn" => &[self.connector.clone(), self.connector.clone()],
            _ => return None,
        };
        match member {
            "AutoScalingConfigurationArn" => input[member] = json!(short),
            "ConnectionArn" => input["SourceConfiguration"]["AuthenticationConfiguration"] = json!({ member: short }),
            "ObservabilityConfigurationArn" => {
                input["ObservabilityConfiguration"] = json!({ "ObservabilityEnabled": true, member: short });
            }
            _ => input["NetworkConfiguration"] = json!({ "EgressConfiguration": { "EgressType": "VPC", member: short } }),
        }
        Some(full.clone())
    }

    /// Puts the value of a key into an input; answers the key as a policy spells it, and its value. Nothing where this test does not know how.
    fn add(&self, model: Option<&Model>, operation: &str, key: &str, input: &mut Value) -> Option<(String, String)> {
        let mut set = |member: &str, value: Value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            input[member] = value;
            text
        };
        let value = match (operation, key) {
            (_, "aws:RequestTag/${TagKey}" | "aws:TagKeys") => return tagged(model?, operation, key, input),
            ("RollBack", _) => self.add_arn(&mut json!({ "SourceConfiguration": {} }), key.strip_prefix("apprunner:")?)?,
            (_, "apprunner:ServiceArn") => set("ServiceArn", json!(self.service)),
            (_, "apprunner:VpcEndpointId" | "apprunner:VpcId") => {
                let vpc = json!({ "VpcId": "vpc-1", "VpcEndpointId": "vpce-1" });
                let value = vpc[key.strip_prefix("apprunner:")?].as_str()?.to_owned();
                set("IngressVpcConfiguration", vpc);
                value
            }
            (_, "iam:AWSServiceName") => input["AWSServiceName"].as_str()?.to_owned(),
            (_, "iam:PolicyARN") => input["PolicyArn"].as_str()?.to_owned(),
            ("CreateRole" | "CreateUser", "iam:PermissionsBoundary") => set("PermissionsBoundary", json!(BOUNDARY)),
            // That which the user or the role has, or is to have.
            (_, "iam:PermissionsBoundary") => BOUNDARY.to_owned(),
            (_, "secretsmanager:ForceDeleteWithoutRecovery") => set("ForceDeleteWithoutRecovery", json!(true)),
            (_, "secretsmanager:Name") => set("Name", json!("db/password")),
            (_, "secretsmanager:RecoveryWindowInDays") => set("RecoveryWindowInDays", json!(7)),
            (_, "secretsmanager:VersionId") => set("VersionId", json!("00000000-0000-4000-8000-000000000000")),
            (_, "secretsmanager:VersionStage") => set("VersionStage", json!("AWSPREVIOUS")),
            (_, "servicequotas:service") => set("ServiceCode", json!("apprunner")),
            (_, "ssm:Overwrite") => set("Overwrite", json!(true)),
            (_, "ssm:Recursive") => set("Recursive", json!(true)),
            (_, "sts:ExternalId") => set("ExternalId", json!("partner-7")),
            (_, "sts:RoleSessionName") => set("RoleSessionName", json!("build-9")),
            (_, _) => self.add_arn(input, key.strip_prefix("apprunner:")?)?,
        };
        Some((key.to_owned(), value))
    }

    /// Whether a call by a role with this policy is denied what it is for.
    async fn is_denied(&mut self, statements: &Value, (name, operation): (&str, &str), of: &str, body: &str) -> bool {
        if name == "iam" {
            // An operation before may have taken them away.
            for noun in ["RoleName=Other&Action=PutRole", "UserName=other&Action=PutUser"] {
                let body = format!("{noun}PermissionsBoundary&Version=2010-05-08&PermissionsBoundary={BOUNDARY}");
                assert_eq!(self.house.form("iam", &body).await.status, 200);
            }
        }
        self.roles += 1;
        let role_name = format!("Keyed{}", self.roles);
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        self.house.keep(&Role { trust: TRUST.to_owned(), inline: [("own".to_owned(), text)].into(), ..role(&role_name) });
        let session = session(&self.house, &role_name).await;
        let target = format!("{of}.{operation}");
        let is_form = of.starts_with("20");
        let plain = Order { target: (!is_form).then_some(target.as_str()), ..order("", name, body) };
        let reply = self.house.order(&session.sign(plain)).await;
        reply.text.contains(&format!("is not authorized to perform: {name}:{operation} on resource: "))
    }
}

/// The same for tags: the model says in which member and form an operation has them.
fn tagged(model: &Model, operation: &str, key: &str, input: &mut Value) -> Option<(String, String)> {
    let (member, value) =
        ["Tags", "tags", "TagKeys", "tagKeys"].iter().find_map(|name| Some((*name, model.optional(operation, name)?)))?;
    let (tag, of_tag) = match &value {
        Value::Object(tags) => tags.iter().next().map(|(tag, value)| (tag.clone(), value.as_str().map(str::to_owned)))?,
        Value::Array(tags) => match tags.first()? {
            Value::String(tag) => (tag.clone(), None),
            pair => {
                let part = |large, small| pair.get(large).or_else(|| pair.get(small))?.as_str().map(str::to_owned);
                (part("Key", "key")?, part("Value", "value"))
            }
        },
        _ => return None,
    };
    input[member] = value;
    match key {
        "aws:TagKeys" => Some((key.to_owned(), tag)),
        _ => Some((format!("aws:RequestTag/{tag}"), of_tag?)),
    }
}

/// What the operation needs beside, so that it gets as far as asking for its permission.
fn complete(service: &str, operation: &str, bench: &Bench, input: &mut Value) {
    match (service, operation) {
        ("apprunner", "CreateService") => *input = crate::house::service("webs"),
        ("apprunner", "UpdateService") => *input = json!({ "ServiceArn": bench.service, "SourceConfiguration": {} }),
        ("outrunner", _) => *input = json!({ "ServiceArn": bench.service, "RevisionNumber": 1 }),
        // Of the account: AWS's own are tagged by nobody.
        ("iam", "TagPolicy" | "UntagPolicy") => input["PolicyArn"] = json!("arn:aws:iam::000000000000:policy/mine"),
        ("logs", "TagResource" | "UntagResource") => {
            input["resourceArn"] = json!("arn:aws:logs:us-east-1:000000000000:log-group:group");
        }
        ("secretsmanager", "CreateSecret") => input["Name"] = json!("a/secret"),
        ("ssm", "AddTagsToResource" | "RemoveTagsFromResource") => {
            *input = json!({ "ResourceType": "Parameter", "ResourceId": "/a/b" });
        }
        ("ssm", "GetParametersByPath") => input["Path"] = json!("/a"),
        ("ssm", "PutParameter") => *input = json!({ "Name": "/a/b", "Value": "v", "Type": "String" }),
        _ => {}
    }
}

/// Four policies for one value: what they say, and whether the call is denied.
fn policies(action: &str, key: &str, value: &str) -> [(Value, bool); 4] {
    let operator = if key == "aws:TagKeys" { "ForAnyValue:StringEquals" } else { "StringEquals" };
    let asks = |effect: &str, value: &str| json!({ "Effect": effect, "Action": action, "Resource": "*", "Condition": { operator: { key: value } } });
    let all = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    let others = json!({ "Effect": "Allow", "NotAction": action, "Resource": "*" });
    let another = format!("{value}-not");
    [
        (json!([all, asks("Deny", value)]), true),
        (json!([all, asks("Deny", &another)]), false),
        (json!([others, asks("Allow", value)]), false),
        (json!([others, asks("Allow", &another)]), true),
    ]
}

#[tokio::test]
async fn every_key_of_every_operation_is_told_to_denials_and_to_permissions() {
    let table =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/condition_keys.txt")).expect("the table");
    let (mut bench, mut wrong, mut tried) = (Bench::new().await, Vec::new(), 0);
    for line in table.lines() {
        let (action, key) = line.split_once(' ').expect("an action and a key");
        let (name, operation) = action.split_once(':').expect("a service and an operation");
        let Some((_, file, of)) = SERVICES.iter().find(|(service, _, _)| *service == name) else {
            wrong.push(format!("{line}: no service of this test"));
            continue;
        };
        let model = (!file.is_empty()).then(|| Model::read(file));
        // Rows of operations that another version may offer are in the table too.
        if UNSIGNED.contains(&operation) || (model.is_some() && !offered(file).iter().any(|offered| offered == operation)) {
            continue;
        }
        let mut input = model.as_ref().map_or_else(|| json!({}), |model| model.input(operation));
        complete(name, operation, &bench, &mut input);
        let Some((key, value)) = bench.add(model.as_ref(), operation, key, &mut input) else {
            wrong.push(format!("{line}: no case for it"));
            continue;
        };
        let body = if of.starts_with("20") { form(operation, of, &input) } else { input.to_string() };
        for (statements, is_denied) in policies(action, &key, &value) {
            if bench.is_denied(&statements, (name, operation), of, &body).await != is_denied {
                wrong.push(format!("{line}: {body} by {statements} should be denied: {is_denied}"));
            }
        }
        tried += 1;
    }
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried >= 95, "{tried} keys");
}
