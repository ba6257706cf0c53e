//! Our own extension service through the door.

use crate::house::House;
use serde_json::{Value, json};

#[tokio::test]
async fn events_are_told_in_order_and_the_cursor_goes_on() {
    let house = House::new();
    let arn = house.service("webs").await;
    house.fail(&arn).await;
    let first = house.own("ListEvents", json!({ "ServiceArn": arn, "MaxResults": 1 })).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let first = first.json();
    assert_eq!(first["Events"].as_array().map(Vec::len), Some(1), "{first}");
    let rest = house.own("ListEvents", json!({ "ServiceArn": arn, "Cursor": first["Cursor"] })).await.json();
    let all = house.own("ListEvents", json!({ "ServiceArn": arn })).await.json();
    let joined: Vec<Value> = [&first, &rest].iter().flat_map(|part| part["Events"].as_array().expect("events").clone()).collect();
    assert_eq!(Value::from(joined), all["Events"]);
    assert!(all["Events"][0]["Message"].as_str().is_some_and(|message| message.starts_with("[AppRunner] ")), "{all}");
    assert!(all["Events"][0]["Timestamp"].is_number());
    let nothing = house.own("ListEvents", json!({ "ServiceArn": arn, "Cursor": all["Cursor"] })).await.json();
    assert_eq!(nothing["Events"], json!([]));
    assert!(nothing["Cursor"].is_string());
}

#[tokio::test]
async fn log_lines_are_followed_from_the_last_ones_on() {
    let house = House::new();
    let arn = house.service("webs").await;
    house.print(&arn, &[b"one", b"two", b"thr\xffee"]).await;
    let tail = house.own("FollowLogs", json!({ "ServiceArn": arn, "TailLines": 2 })).await.json();
    let words = |reply: &Value| -> Vec<String> {
        let lines = reply["Lines"].as_array().expect("lines");
        lines.iter().map(|line| line["Message"].as_str().expect("a text").to_owned()).collect()
    };
    assert_eq!(words(&tail), ["two", "thr\u{fffd}ee"]);
    assert!(tail["Lines"][0]["Stream"].as_str().is_some_and(|stream| stream.starts_with("instance/")), "{tail}");
    house.print(&arn, &[b"four"]).await;
    let next = house.own("FollowLogs", json!({ "ServiceArn": arn, "Cursor": tail["Cursor"], "WaitSeconds": 20 })).await.json();
    assert_eq!(words(&next), ["four"]);
}

#[tokio::test]
async fn a_cursor_of_another_service_or_operation_is_refused() {
    let house = House::new();
    let (webs, apis) = (house.service("webs").await, house.service("apis").await);
    let cursor = house.own("FollowLogs", json!({ "ServiceArn": webs })).await.json()["Cursor"].clone();
    for (operation, arn) in [("FollowLogs", &apis), ("ListEvents", &webs)] {
        let reply = house.own(operation, json!({ "ServiceArn": arn, "Cursor": cursor })).await;
        assert_eq!(reply.fault().0, "InvalidRequestException", "{}", reply.text);
    }
}

#[tokio::test]
async fn input_out_of_range_and_services_that_are_not_there_are_refused() {
    let house = House::new();
    let absent = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";
    for (operation, input, code) in [
        ("FollowLogs", json!({ "ServiceArn": absent, "WaitSeconds": 21 }), "InvalidRequestException"),
        ("FollowLogs", json!({ "ServiceArn": absent, "TailLines": 1001 }), "InvalidRequestException"),
        ("ListEvents", json!({ "ServiceArn": absent, "MaxResults": 0 }), "InvalidRequestException"),
        ("ListEvents", json!({}), "InvalidRequestException"),
        ("ListEvents", json!([]), "SerializationException"),
        ("FollowLogs", json!({ "ServiceArn": absent }), "ResourceNotFoundException"),
        ("ListEvents", json!({ "ServiceArn": absent }), "ResourceNotFoundException"),
    ] {
        assert_eq!(house.own(operation, input).await.fault().0, code, "{operation}");
    }
}
