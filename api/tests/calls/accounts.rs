//! Other accounts of the platform, and keys that somebody has already, through the door of our own extension.

use crate::{
    house::{House, faults, order},
    signer::{Order, SECRET},
};
use serde_json::json;

const WHO: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn an_account_is_made_with_a_root_of_its_own() {
    let house = House::new();
    let made = house.own("CreateAccount", json!({ "AccountId": "333333333333" })).await.json();
    assert_eq!(made["AccountId"], "333333333333");
    let text = |member: &str| made[member].as_str().expect("a text").to_owned();
    let (key, secret) = (text("AccessKeyId"), text("SecretAccessKey"));
    let reply = house.order(&Order { key: &key, secret: &secret, target: None, ..order("", "sts", WHO) }).await;
    assert!(reply.text.contains("<Arn>arn:aws:iam::333333333333:root</Arn>"), "{}", reply.text);
    let drawn = house.own("CreateAccount", json!({})).await.json();
    assert_eq!(drawn["AccountId"].as_str().map(str::len), Some(12));
    let listed = house.own("ListAccounts", json!({})).await.json();
    assert_eq!(listed["Accounts"].as_array().map(Vec::len), Some(3));
    assert_eq!(listed["Accounts"][0], json!({ "AccountId": "000000000000" }), "the platform's own first");
    for (id, words) in [
        ("333333333333", "is there already"),
        ("000000000000", "the platform's own account"),
        ("33333333333x", "must be 12 digits"),
    ] {
        faults(&house.own("CreateAccount", json!({ "AccountId": id })).await, "InvalidRequestException", words);
    }
    // What is one account's is not another's.
    let target = "Outrunner.CreateAccount";
    let reply = house.order(&Order { key: &key, secret: &secret, ..order(target, "outrunner", "{}") }).await;
    faults(&reply, "AccessDeniedException", "Only the root of the platform's own account (000000000000) is.");
    let body = "Action=ListUsers&Version=2010-05-08";
    assert_eq!(house.form("iam", "Action=CreateUser&Version=2010-05-08&UserName=ann").await.status, 200);
    let reply = house.order(&Order { key: &key, secret: &secret, target: None, ..order("", "iam", body) }).await;
    assert!(reply.status == 200 && !reply.text.contains("ann"), "{}", reply.text);
}

#[tokio::test]
async fn a_key_that_somebody_has_signs_here_too() {
    let house = House::new();
    assert_eq!(house.form("iam", "Action=CreateUser&Version=2010-05-08&UserName=ann").await.status, 200);
    let key = "AKIAIOSFODNN7EXAMPLE";
    let input = json!({ "AccessKeyId": key, "SecretAccessKey": SECRET, "UserName": "ann" });
    for _ in 0..2 {
        let said = house.own("ImportAccessKey", input.clone()).await;
        assert_eq!(said.json()["Owner"], "arn:aws:iam::000000000000:user/ann", "{}", said.text);
    }
    let reply = house.order(&Order { key, target: None, ..order("", "sts", WHO) }).await;
    assert!(reply.text.contains(":user/ann</Arn>"), "{}", reply.text);
    let other = json!({ "AccessKeyId": key, "SecretAccessKey": "another", "UserName": "ann" });
    faults(&house.own("ImportAccessKey", other).await, "InvalidRequestException", "is there already");
    let nobody = json!({ "AccessKeyId": "AKIAIOSFODNN7NOBODY0", "SecretAccessKey": SECRET, "UserName": "bob" });
    let (code, words) = house.own("ImportAccessKey", nobody).await.fault();
    assert!(code == "ResourceNotFoundException" && words.contains("bob"), "{code} {words}");
    let long = json!({ "AccessKeyId": "AKIAIOSFODNN7NOBODY0", "SecretAccessKey": "x".repeat(41) });
    let (code, words) = house.own("ImportAccessKey", long).await.fault();
    assert!(code == "InvalidRequestException" && !words.contains("xxxx"), "no secret is repeated: {words}");
    let root = json!({ "AccessKeyId": "AKIAIOSFODNN7ROOT000", "SecretAccessKey": SECRET });
    assert_eq!(house.own("ImportAccessKey", root).await.json()["Owner"], "arn:aws:iam::000000000000:root");
}
