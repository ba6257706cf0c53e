//! Our own extension service through the door.

use crate::{
    actions::TRUST,
    house::{House, order, service},
    sts::session,
};
use model::{role::Role, service::Standing, testbed::role};
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

#[tokio::test]
async fn an_operation_is_cancelled_once_and_only_the_one_that_is_meant() {
    let house = House::new();
    let arn = house.service("webs").await;
    let under_way =
        house.call("ListOperations", json!({ "ServiceArn": arn })).await.json()["OperationSummaryList"][0]["Id"].clone();
    let other = json!({ "ServiceArn": arn, "OperationId": "00000000-0000-4000-8000-000000000000" });
    assert_eq!(house.own("CancelOperation", other).await.fault().0, "InvalidStateException");
    let reply = house.own("CancelOperation", json!({ "ServiceArn": arn, "OperationId": under_way })).await.json();
    assert_eq!((&reply["OperationId"], &reply["ServiceArn"]), (&under_way, &json!(arn)), "{reply}");
    let again = house.own("CancelOperation", json!({ "ServiceArn": arn })).await.fault();
    assert_eq!(again.0, "InvalidStateException", "{}", again.1);
    assert!(again.1.contains("rolled back already"), "{}", again.1);
}

#[tokio::test]
async fn revisions_are_listed_newest_first_and_one_of_them_is_brought_back() {
    let house = House::new();
    let arn = house.running("webs").await;
    house.revisions(&arn, 3).await;
    let all = house.own("ListRevisions", json!({ "ServiceArn": arn })).await.json();
    let numbers = |reply: &Value| -> Vec<u64> {
        let revisions = reply["Revisions"].as_array().expect("revisions");
        revisions.iter().map(|revision| revision["RevisionNumber"].as_u64().expect("a number")).collect()
    };
    assert_eq!(numbers(&all), [3, 2, 1]);
    let newest = &all["Revisions"][0];
    assert_eq!((&newest["Current"], &newest["Kept"]), (&json!(true), &json!(true)), "{newest}");
    assert!(newest["ImageDigest"].as_str().is_some_and(|digest| digest.starts_with("sha256:")), "{newest}");
    assert!(newest["CreatedAt"].is_number() && newest.get("Restores").is_none(), "{newest}");
    let first = house.own("ListRevisions", json!({ "ServiceArn": arn, "MaxResults": 2 })).await.json();
    let rest = house.own("ListRevisions", json!({ "ServiceArn": arn, "NextToken": first["NextToken"] })).await.json();
    assert_eq!((numbers(&first), numbers(&rest)), (vec![3, 2], vec![1]));
    assert!(rest.get("NextToken").is_none());
    let back = house.own("RollBack", json!({ "ServiceArn": arn, "RevisionNumber": 1 })).await.json();
    assert!(back["OperationId"].is_string(), "{back}");
    let newest = house.own("ListRevisions", json!({ "ServiceArn": arn })).await.json()["Revisions"][0].clone();
    assert_eq!((&newest["RevisionNumber"], &newest["Restores"]), (&json!(4), &json!(1)), "{newest}");
    assert_eq!((&newest["OperationId"], &newest["Current"]), (&back["OperationId"], &json!(false)), "{newest}");
    assert_eq!(house.own("RollBack", json!({ "ServiceArn": arn })).await.fault().0, "InvalidStateException");
}

#[tokio::test]
async fn the_way_back_needs_permission_on_the_service_and_is_checked_like_everything() {
    let absent = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";
    for operation in ["CancelOperation", "RollBack", "ListRevisions"] {
        let house = House::new().denying(format!("outrunner:{operation}"));
        let (code, words) = house.own(operation, json!({ "ServiceArn": absent })).await.fault();
        assert_eq!(code, "AccessDeniedException", "{operation}");
        assert!(words.contains(&format!("outrunner:{operation} on {absent}")), "{words}");
        let house = House::new();
        for (input, code) in [
            (json!({}), "InvalidRequestException"),
            (json!({ "ServiceArn": absent }), "ResourceNotFoundException"),
            (json!({ "ServiceArn": absent, "RevisionNumber": 0, "OperationId": "x", "MaxResults": 0 }), "InvalidRequestException"),
        ] {
            assert_eq!(house.own(operation, input.clone()).await.fault().0, code, "{operation} {input}");
        }
    }
}

#[tokio::test]
async fn who_brings_a_revision_back_must_be_allowed_to_pass_its_roles_and_to_use_what_it_names() {
    let house = House::new();
    house.keep(&Role { trust: role("x").trust.replace("build.", "tasks."), ..role("Runner") });
    let runner = "arn:aws:iam::000000000000:role/Runner";
    let pull = "arn:aws:iam::000000000000:role/service-role/AppRunnerECRAccessRole";
    let mut input = service("webs");
    input["SourceConfiguration"]["AuthenticationConfiguration"] = json!({ "AccessRoleArn": pull });
    input["InstanceConfiguration"] = json!({ "InstanceRoleArn": runner });
    let made = house.call("CreateService", input).await.json();
    let arn = made["Service"]["ServiceArn"].as_str().expect("an ARN");
    let scaling = &made["Service"]["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"];
    house.rest(arn, Standing::Running { revision: 1 }).await;
    house.revisions(arn, 2).await;
    let allow = |actions: Value, resource: &str| json!({ "Effect": "Allow", "Action": actions, "Resource": resource });
    let back = allow(json!("outrunner:*"), "*");
    let [access, instance] = [pull, runner].map(|role| allow(json!("iam:PassRole"), role));
    let kept = json!({ "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "ArnEquals": { "apprunner:AutoScalingConfigurationArn": scaling } } });
    for (name, statements, denied) in [
        ("Neither", json!([back]), Some(format!("iam:PassRole on resource: {pull}"))),
        ("Access", json!([back, access]), Some(format!("iam:PassRole on resource: {runner}"))),
        ("Instance", json!([back, instance]), Some(format!("iam:PassRole on resource: {pull}"))),
        (
            "Kept",
            json!([back, access, instance, kept]),
            Some(format!("outrunner:RollBack on resource: {arn} with an explicit deny")),
        ),
        ("Both", json!([back, access, instance]), None),
    ] {
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        house.keep(&Role { trust: TRUST.to_owned(), inline: [("own".to_owned(), text)].into(), ..role(name) });
        let session = session(&house, name).await;
        let body = json!({ "ServiceArn": arn, "RevisionNumber": 1 }).to_string();
        let reply = house.order(&session.sign(order("Outrunner.RollBack", "outrunner", &body))).await;
        match denied {
            Some(words) => crate::house::faults(&reply, "AccessDeniedException", &words),
            None => assert_eq!(reply.status, 200, "{name}: {}", reply.text),
        }
    }
}
