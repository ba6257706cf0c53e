//! Instance roles and secret variables of services, as calls set them. What a deployment reads is asked of the reader itself.

use crate::house::{House, faults, service};
use model::{role::Role, testbed::role};
use serde_json::{Value, json};

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
