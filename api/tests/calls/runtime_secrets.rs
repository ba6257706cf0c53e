//! Instance roles and secret variables of services, as calls set them. What a deployment reads is asked of the reader itself.

use crate::house::{House, faults, service};
use api::{InstanceRoleReader, PolicyGate};
use model::{
    arn::ServiceArn,
    audit::AuditRow,
    managed_secret::{ManagedSecret, ValueForm},
    parameter::Parameter,
    port::{InstanceRoles, ReadOrder, Roles, SealedNouns},
    role::{Role, RoleArn},
    sealed_noun::NewValue,
    secret::Secret,
    secret_reference::SecretReferences,
    testbed::{
        MemoryImages, MemoryManagedPolicies, MemoryRoles, MemorySealed, MemoryVault, TurnedClock, block_on, caller, managed_secret,
        parameter, role, scope,
    },
    time::Timestamp,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

const ROLE: &str = "arn:aws:iam::000000000000:role/Runner";
const SECRET: &str = "arn:aws:secretsmanager:us-east-1:000000000000:secret:db-AbCdEf";

/// A house in which `Runner` trusts tasks.
fn house() -> House {
    let house = House::new();
    let trust = role("x").trust.replace("build.", "tasks.");
    house.keep(&Role { trust, ..role("Runner") });
    house
}

/// A service with secret variables; with a role, if one is named.
fn with(secrets: Value, role: Option<&str>) -> Value {
    let mut input = service("webs");
    let image = &mut input["SourceConfiguration"]["ImageRepository"];
    image["ImageConfiguration"] = json!({ "RuntimeEnvironmentVariables": { "PLAIN": "1" }, "RuntimeEnvironmentSecrets": secrets });
    if let Some(role) = role {
        input["InstanceConfiguration"] = json!({ "InstanceRoleArn": role });
    }
    input
}

#[tokio::test]
async fn references_and_role_are_echoed_as_they_were_sent_and_absent_stays_absent() {
    let house = house();
    let secrets = json!({ "A": SECRET, "B": format!("{SECRET}:user::"), "C": "/prod/url", "D": "arn:aws:ssm:us-east-1:000000000000:parameter/x" });
    let reply = house.call("CreateService", with(secrets.clone(), Some(ROLE))).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let made = &reply.json()["Service"];
    let configuration = &made["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"];
    assert_eq!(configuration["RuntimeEnvironmentSecrets"], secrets);
    assert_eq!(made["InstanceConfiguration"]["InstanceRoleArn"], json!(ROLE));
    let plain = house.call("CreateService", service("plain")).await.json();
    assert_eq!(plain["Service"]["InstanceConfiguration"].get("InstanceRoleArn"), None);
}

#[tokio::test]
async fn an_update_keeps_the_role_and_clears_secrets_that_it_does_not_name() {
    let house = house();
    let made = house.call("CreateService", with(json!({ "A": SECRET }), Some(ROLE))).await.json();
    let arn = made["Service"]["ServiceArn"].as_str().expect("an ARN").to_owned();
    house.rest(&arn, model::service::Standing::Running { revision: 1 }).await;
    let input = json!({ "ServiceArn": arn, "SourceConfiguration": { "ImageRepository": service("x")["SourceConfiguration"]["ImageRepository"] } });
    let updated = house.call("UpdateService", input).await.json();
    assert_eq!(updated["Service"]["InstanceConfiguration"]["InstanceRoleArn"], json!(ROLE));
    assert!(!updated.to_string().contains(SECRET), "{updated}");
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_once() {
    let house = house();
    house.keep(&role("Builder"));
    let builder = ROLE.replace("Runner", "Builder");
    let absent = ROLE.replace("Runner", "Absent");
    let foreign = ROLE.replace("000000000000", "111111111111");
    let one = json!({ "A": SECRET });
    for (input, words) in [
        (with(one.clone(), None), "Set InstanceConfiguration.InstanceRoleArn".to_owned()),
        (with(one.clone(), Some(&absent)), format!("Error in assuming instance role {absent}: there is no such role")),
        (
            with(one.clone(), Some(&builder)),
            format!("Error in assuming instance role {builder}: its trust policy does not let tasks."),
        ),
        (with(one, Some(&foreign)), format!("Error in assuming instance role {foreign}")),
        (with(json!({ "PLAIN": SECRET }), Some(ROLE)), "The name PLAIN is used in both".to_owned()),
        (with(json!({ "PORT": SECRET }), Some(ROLE)), "PORT is reserved".to_owned()),
        (with(json!({ "AWSAPPRUNNER_A": SECRET }), Some(ROLE)), "AWSAPPRUNNER_A is reserved".to_owned()),
        (with(json!({ "A": "not a name" }), Some(ROLE)), "is not a reference to a secret".to_owned()),
        (
            with(json!({ "A": SECRET.replace("000000000000", "111111111111") }), Some(ROLE)),
            "belongs to account 111111111111".to_owned(),
        ),
    ] {
        faults(&house.call("CreateService", input).await, "InvalidRequestException", &words);
    }
    let denied = house.denying("iam:PassRole");
    let reply = denied.call("CreateService", with(json!({ "A": SECRET }), Some(ROLE))).await;
    faults(&reply, "AccessDeniedException", "iam:PassRole");
}

/// What a deployment of a service with this role and these references reads.
struct Bench {
    roles: Arc<MemoryRoles>,
    secrets: Arc<MemorySealed<ManagedSecret>>,
    parameters: Arc<MemorySealed<Parameter>>,
    reader: InstanceRoleReader,
}

impl Bench {
    /// With a secret `db` and a parameter `/prod/url`, and the role `Runner` with these statements.
    fn new(statements: &str) -> Self {
        let clock = Arc::new(TurnedClock::at_millis(1_000));
        let roles = Arc::new(MemoryRoles::default());
        let images = Arc::new(MemoryImages::new(|_, _| panic!("nothing is pushed here")));
        let gate = Arc::new(PolicyGate::new(
            roles.clone(),
            Arc::new(MemoryVault::default()),
            Arc::new(MemoryManagedPolicies::default()),
            images,
            clock,
        ));
        let (secrets, parameters) = (Arc::new(MemorySealed::default()), Arc::new(MemorySealed::default()));
        let reader = InstanceRoleReader::new(gate, secrets.clone(), parameters.clone());
        let bench = Self { roles, secrets, parameters, reader };
        let trust = role("x").trust.replace("build.", "tasks.");
        let inline = [("reads".to_owned(), format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#))].into();
        block_on(bench.roles.create(&Role { trust, inline, ..role("Runner") }, &row())).unwrap().unwrap();
        let db = managed_secret("db").with_version("one", ValueForm::Text, Default::default(), Timestamp::from_millis(1)).unwrap();
        let value = NewValue { version: "one".to_owned(), value: Secret::new(r#"{"user":"shop","port":5432}"#) };
        block_on(bench.secrets.create(&db, Some(&value), &row())).unwrap().unwrap();
        let value = NewValue { version: "1".to_owned(), value: Secret::new("https://db") };
        block_on(bench.parameters.create(&parameter("/prod/url"), Some(&value), &row())).unwrap().unwrap();
        bench
    }

    fn resolve(&self, references: &[(&str, &str)]) -> Result<BTreeMap<String, String>, String> {
        let map = references.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let references = SecretReferences::parse(map).unwrap();
        let service =
            ServiceArn::parse(&format!("arn:aws:apprunner:us-east-1:000000000000:service/webs/{}", "a".repeat(32))).unwrap();
        let order = ReadOrder { service: &service, role: &RoleArn::parse(ROLE).unwrap(), references: &references };
        let resolved = block_on(self.reader.resolve(&order)).unwrap();
        let text = |secret: &Secret| secret.expose_text().expect("text").to_owned();
        resolved
            .map(|found| found.values.iter().map(|(name, value)| (name.clone(), text(value))).collect())
            .map_err(|refusal| refusal.message)
    }
}

fn row() -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: "test".to_owned(), resource: "*".to_owned() }
}

const READS: &str = r#"{"Effect":"Allow","Action":["secretsmanager:GetSecretValue","ssm:GetParameters"],"Resource":"*"}"#;

#[test]
fn a_deployment_reads_all_four_forms_with_the_rights_of_the_role() {
    let bench = Bench::new(READS);
    let part = &SECRET[..SECRET.len() - 7];
    let found = bench.resolve(&[
        ("WHOLE", SECRET),
        ("PART", part),
        ("KEY", &format!("{SECRET}:user::")),
        ("NUMBER", &format!("{SECRET}:port:AWSCURRENT:one")),
        ("NAME", "/prod/url"),
        ("ARN", "arn:aws:ssm:us-east-1:000000000000:parameter/prod/url"),
    ]);
    let whole = r#"{"user":"shop","port":5432}"#;
    let wanted =
        [("WHOLE", whole), ("PART", whole), ("KEY", "shop"), ("NUMBER", "5432"), ("NAME", "https://db"), ("ARN", "https://db")];
    assert_eq!(found, Ok(wanted.map(|(name, value)| (name.to_owned(), value.to_owned())).into()));
}

#[test]
fn what_cannot_be_read_is_told_with_variable_role_action_resource_and_command() {
    let only_parameters = Bench::new(r#"{"Effect":"Allow","Action":"ssm:GetParameters","Resource":"*"}"#);
    let words = only_parameters.resolve(&[("KEY", SECRET)]).unwrap_err();
    for part in [
        "The secret variable KEY could not be read",
        &format!("none of the policies of the instance role {ROLE} allows secretsmanager:GetSecretValue on {SECRET}"),
        "aws iam put-role-policy --role-name Runner",
    ] {
        assert!(words.contains(part), "{words} does not say {part}");
    }
    let denied = Bench::new(&format!(r#"{READS},{{"Effect":"Deny","Action":"ssm:*","Resource":"*"}}"#));
    assert!(denied.resolve(&[("URL", "/prod/url")]).unwrap_err().contains("denies ssm:GetParameters on arn:aws:ssm:us-east-1"));
    // The singular does not do: it is the plural that App Runner calls.
    let singular = Bench::new(r#"{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}"#);
    assert!(singular.resolve(&[("URL", "/prod/url")]).unwrap_err().contains("ssm:GetParameters"));
    let bench = Bench::new(READS);
    for (reference, words) in [
        (SECRET.replace("db-AbCdEf", "none-AbCdEf"), "Make it: aws secretsmanager create-secret"),
        (format!("{SECRET}:nokey::"), "no JSON object with the key 'nokey'"),
        (format!("{SECRET}::AWSPENDING:"), "no such version"),
        ("/prod/none".to_owned(), "aws ssm put-parameter --name /prod/none"),
        ("/prod/url:9".to_owned(), "no such parameter or version"),
    ] {
        let told = bench.resolve(&[("A", &reference)]).expect_err(&reference);
        assert!(told.contains(words), "{reference}: {told}");
    }
    block_on(
        bench
            .roles
            .remove(&block_on(bench.roles.get(&scope().account, &RoleArn::parse(ROLE).unwrap().name())).unwrap().unwrap(), &row()),
    )
    .unwrap();
    assert!(bench.resolve(&[("A", SECRET)]).unwrap_err().contains(&format!("Error in assuming instance role {ROLE}")));
}

#[test]
fn a_policy_of_the_role_may_ask_which_version_of_which_secret_a_deployment_reads() {
    let reads = |condition: &str| {
        Bench::new(&format!(
            r#"{{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Condition":{{"StringEquals":{{{condition}}}}}}}"#
        ))
    };
    let (current, previous) = (r#""secretsmanager:VersionStage":"AWSCURRENT""#, r#""secretsmanager:VersionStage":"AWSPREVIOUS""#);
    let this = format!(r#""secretsmanager:SecretId":"{SECRET}""#);
    for (condition, reference, granted) in [
        (current, SECRET.to_owned(), true),
        (previous, SECRET.to_owned(), false),
        (current, format!("{SECRET}::AWSCURRENT:"), true),
        (r#""secretsmanager:VersionId":"one""#, format!("{SECRET}:::one"), true),
        (r#""secretsmanager:VersionId":"two""#, format!("{SECRET}:::one"), false),
        (current, format!("{SECRET}:::one"), false),
        // Named without its end: a policy has the whole ARN.
        (&this, SECRET[..SECRET.len() - 7].to_owned(), true),
    ] {
        let found = reads(condition).resolve(&[("A", &reference)]);
        assert_eq!(found.is_ok(), granted, "{condition} {reference}: {found:?}");
    }
}
