//! Lists by pages.

use crate::{
    house::{House, order},
    signer::Order,
};
use serde_json::{Value, json};

/// Reads a list page by page and says what was on each.
async fn pages(house: &House, operation: &str, mut input: Value, list: &str, member: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let reply = house.call(operation, input.clone()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let body = reply.json();
        let items = body[list].as_array().expect("a list");
        pages.push(items.iter().map(|item| item[member].as_str().expect("a text").to_owned()).collect());
        assert!(pages.len() < 20, "the list never ends");
        if body["NextToken"].is_null() {
            return pages;
        }
        input["NextToken"] = body["NextToken"].clone();
    }
}

#[tokio::test]
async fn services_come_newest_first_and_no_page_repeats_one() {
    let house = House::new();
    for n in 0..5 {
        house.clock.turn(std::time::Duration::from_secs(1));
        house.service(&format!("webs-{n}")).await;
    }
    let found = pages(&house, "ListServices", json!({ "MaxResults": 2 }), "ServiceSummaryList", "ServiceName").await;
    assert_eq!(found, [vec!["webs-4", "webs-3"], vec!["webs-2", "webs-1"], vec!["webs-0"]]);
    let all = pages(&house, "ListServices", json!({}), "ServiceSummaryList", "ServiceName").await;
    assert_eq!(all.len(), 1, "without a number everything comes at once");
}

#[tokio::test]
async fn a_token_of_another_list_region_or_account_or_a_changed_one_is_an_invalid_request() {
    let house = House::new();
    let arn = house.service("webs-0").await;
    house.service("webs-1").await;
    let first = house.call("ListServices", json!({ "MaxResults": 1 })).await.json();
    let token = first["NextToken"].as_str().expect("there is more").to_owned();
    let body = json!({ "NextToken": token }).to_string();
    assert_eq!(house.raw("ListServices", &body).await.status, 200);

    let changed = format!("{}A", &token[..token.len() - 1]);
    let mut refused = vec![
        house.call("ListServices", json!({ "NextToken": changed })).await,
        house.call("ListServices", json!({ "NextToken": "" })).await,
        house.call("ListOperations", json!({ "ServiceArn": arn, "NextToken": token })).await,
    ];
    let listing = order("AppRunner.ListServices", "apprunner", &body);
    refused.push(house.order(&Order { region: "eu-west-1", ..listing.clone() }).await);
    refused.push(house.order(&Order { key: "AKIDFOREIGN", ..listing }).await);
    for reply in refused {
        let (code, words) = reply.fault();
        assert_eq!(code, "InvalidRequestException");
        assert!(words.contains("next token"), "{words}");
    }
}

#[tokio::test]
async fn a_list_is_read_on_across_a_restart() {
    let house = House::new();
    house.service("webs-0").await;
    house.service("webs-1").await;
    let first = house.call("ListServices", json!({ "MaxResults": 1 })).await.json();
    let rest = house.restarted().call("ListServices", json!({ "NextToken": first["NextToken"] })).await;
    assert_eq!(rest.status, 200, "{}", rest.text);
    assert_eq!(rest.json()["ServiceSummaryList"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_page_has_one_to_twenty_items() {
    let house = House::new();
    for (number, words) in [(0, "greater than or equal to 1"), (21, "less than or equal to 20")] {
        let reply = house.call("ListServices", json!({ "MaxResults": number })).await;
        let (code, message) = reply.fault();
        assert_eq!(code, "InvalidRequestException");
        assert_eq!(
            message,
            format!(
                "1 validation error detected: Value '{number}' at 'maxResults' failed to satisfy constraint: Member must have value {words}"
            )
        );
    }
}
