//! Instance roles of AWS accounts that are not this platform's: taken with identity tokens, where there are some.

use crate::{
    house::{House, faults, order, service},
    signer::{Order, SECRET},
};
use model::{role::Role, testbed::role};
use serde_json::{Value, json};

const FOREIGN: &str = "arn:aws:iam::999988887777:role/Runner";
const TRUST: &str = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}}"#;

fn with(name: &str, role: &str) -> Value {
    let mut input = service(name);
    input["InstanceConfiguration"] = json!({ "InstanceRoleArn": role });
    input
}

#[tokio::test]
async fn a_role_of_another_account_is_taken_only_where_there_are_tokens_to_take_it_with() {
    let plain = House::new();
    let refused = plain.call("CreateService", with("webs", FOREIGN)).await;
    faults(
        &refused,
        "InvalidRequestException",
        "Error in assuming instance role arn:aws:iam::999988887777:role/Runner: the role belongs to",
    );
    faults(&refused, "InvalidRequestException", "--identity-tokens on");

    let house = House::making_tokens();
    let made = house.call("CreateService", with("webs", FOREIGN)).await;
    assert_eq!(made.status, 200, "{}", made.text);
    assert_eq!(made.json()["Service"]["InstanceConfiguration"]["InstanceRoleArn"], FOREIGN);
    // One of the service's own account is asked about as ever.
    let own = house.call("CreateService", with("owner", "arn:aws:iam::000000000000:role/Nobody")).await;
    faults(&own, "InvalidRequestException", "there is no such role");
}

#[tokio::test]
async fn a_role_of_another_account_of_this_platform_stays_refused() {
    let house = House::making_tokens();
    let body = with("webs", "arn:aws:iam::000000000000:role/service-role/AppRunnerECRAccessRole").to_string();
    let body = body.replace("000000000000.dkr", "111111111111.dkr");
    let foreign = Order { key: "AKIDFOREIGN", secret: SECRET, ..order("AppRunner.CreateService", "apprunner", &body) };
    let reply = house.order(&foreign).await;
    faults(&reply, "InvalidRequestException", "the role belongs to another account than the service.");
}

#[tokio::test]
async fn whoever_gives_a_service_such_a_role_needs_a_permission_for_it() {
    let house = House::making_tokens();
    let document = |actions: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}}}"#)
    };
    let creates = r#""apprunner:*","iam:PassRole","ecr:*""#;
    for (name, actions) in [("Creator", creates.to_owned()), ("Sender", format!(r#"{creates},"outrunner:UseForeignRole""#))] {
        let inline = [("own".to_owned(), document(&actions))].into();
        house.keep(&Role { trust: TRUST.to_owned(), inline, ..role(name) });
    }
    let body = with("webs", FOREIGN).to_string();
    let plain = order("AppRunner.CreateService", "apprunner", &body);
    let creator = crate::sts::session(&house, "Creator").await;
    let (code, words) = house.order(&creator.sign(plain.clone())).await.fault();
    assert_eq!(code, "AccessDeniedException");
    assert!(words.contains("is not authorized to perform: outrunner:UseForeignRole on resource: *"), "{words}");
    let sender = crate::sts::session(&house, "Sender").await;
    let made = house.order(&sender.sign(plain)).await;
    assert_eq!(made.status, 200, "{}", made.text);
}
