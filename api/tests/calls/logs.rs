//! CloudWatch Logs through the door.

use crate::house::{House, NOW_MILLIS, Reply, golden};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

#[track_caller]
fn check(reply: &Reply, code: &str, words: &str) {
    let (found, message) = reply.fault();
    assert_eq!((reply.status, found.as_str()), (400, code), "{message}");
    assert!(message.contains(words), "{message}");
}

#[track_caller]
fn fine(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

fn messages(reply: &Value) -> Vec<&str> {
    reply["events"].as_array().expect("events").iter().map(|event| event["message"].as_str().expect("a text")).collect()
}

/// A house with a group and two streams.
async fn house() -> House {
    let house = House::new();
    fine(&house.logs("CreateLogGroup", json!({ "logGroupName": "g", "tags": { "team": "w\u{fc}b" } })).await);
    for stream in ["one", "two"] {
        fine(&house.logs("CreateLogStream", json!({ "logGroupName": "g", "logStreamName": stream })).await);
    }
    house
}

async fn put(house: &House, stream: &str, events: &[(i64, &str)]) -> Value {
    let events: Vec<Value> = events.iter().map(|(at, text)| json!({ "timestamp": NOW_MILLIS + at, "message": text })).collect();
    fine(&house.logs("PutLogEvents", json!({ "logGroupName": "g", "logStreamName": stream, "logEvents": events })).await)
}

async fn get(house: &House, more: Value) -> Value {
    let mut input = json!({ "logGroupName": "g", "logStreamName": "one" });
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    fine(&house.logs("GetLogEvents", input).await)
}

#[tokio::test]
async fn groups_and_streams_are_described_as_on_aws() {
    let house = house().await;
    put(&house, "one", &[(-2_000, "a"), (-1_000, "b")]).await;
    fine(&house.logs("PutRetentionPolicy", json!({ "logGroupName": "g", "retentionInDays": 7 })).await);
    golden("describe_log_groups.json", &fine(&house.logs("DescribeLogGroups", json!({})).await));
    let streams =
        house.logs("DescribeLogStreams", json!({ "logGroupName": "g", "orderBy": "LastEventTime", "descending": true })).await;
    golden("describe_log_streams.json", &fine(&streams));
    let tags = house.logs("ListTagsForResource", json!({ "resourceArn": "arn:aws:logs:us-east-1:000000000000:log-group:g" })).await;
    assert_eq!(fine(&tags), json!({ "tags": { "team": "w\u{fc}b" } }));
    let done = house.logs("DeleteRetentionPolicy", json!({ "logGroupName": "g" })).await;
    assert_eq!(fine(&done), json!({}));
    assert!(fine(&house.logs("DescribeLogGroups", json!({})).await)["logGroups"][0]["retentionInDays"].is_null());
}

#[tokio::test]
async fn a_group_is_found_by_name_part_and_arn_and_comes_in_pages() {
    let house = house().await;
    for name in ["/aws/apprunner/x", "/aws/lambda/y"] {
        fine(&house.logs("CreateLogGroup", json!({ "logGroupName": name })).await);
    }
    let names = |reply: Reply| -> Vec<String> {
        let reply = fine(&reply);
        let groups = reply["logGroups"].as_array().expect("groups");
        groups.iter().map(|group| group["logGroupName"].as_str().expect("a name").to_owned()).collect()
    };
    let arn = "arn:aws:logs:us-east-1:000000000000:log-group:g";
    for (input, expected) in [
        (json!({ "logGroupNamePrefix": "/aws/" }), vec!["/aws/apprunner/x", "/aws/lambda/y"]),
        (json!({ "logGroupNamePattern": "lambda" }), vec!["/aws/lambda/y"]),
        (json!({ "logGroupIdentifiers": [arn, "nobody", "/aws/lambda/y"] }), vec!["g", "/aws/lambda/y"]),
        (json!({ "logGroupClass": "INFREQUENT_ACCESS" }), vec![]),
    ] {
        assert_eq!(names(house.logs("DescribeLogGroups", input.clone()).await), expected, "{input}");
    }
    let first = fine(&house.logs("DescribeLogGroups", json!({ "limit": 2 })).await);
    let next = json!({ "limit": 2, "nextToken": first["nextToken"] });
    assert_eq!(names(house.logs("DescribeLogGroups", next).await), ["g"]);
    let foreign = json!({ "logGroupNamePrefix": "g", "nextToken": first["nextToken"] });
    check(&house.logs("DescribeLogGroups", foreign).await, "InvalidParameterException", "token");
    let streams = house.logs("DescribeLogStreams", json!({ "logGroupIdentifier": arn, "logStreamNamePrefix": "t" })).await;
    assert_eq!(fine(&streams)["logStreams"][0]["logStreamName"], "two");
}

#[tokio::test]
async fn tokens_lead_through_a_stream_in_both_directions_and_come_back_at_its_ends() {
    let house = house().await;
    let lines: Vec<String> = (0..5).map(|n| n.to_string()).collect();
    let events: Vec<(i64, &str)> = lines.iter().enumerate().map(|(n, text)| (n as i64, text.as_str())).collect();
    put(&house, "one", &events).await;
    put(&house, "two", &[(1, "not mine")]).await;

    let newest = get(&house, json!({ "limit": 2 })).await;
    assert_eq!(messages(&newest), ["3", "4"], "the newest page, without a word");
    assert_eq!(newest["events"][0]["timestamp"], NOW_MILLIS + 3);
    assert!(newest["events"][0]["ingestionTime"].is_i64());
    let before = get(&house, json!({ "limit": 2, "nextToken": newest["nextBackwardToken"] })).await;
    assert_eq!(messages(&before), ["1", "2"]);
    let first = get(&house, json!({ "limit": 2, "nextToken": before["nextBackwardToken"] })).await;
    assert_eq!(messages(&first), ["0"]);
    let end = get(&house, json!({ "limit": 2, "nextToken": first["nextBackwardToken"] })).await;
    assert!(messages(&end).is_empty());
    assert_eq!(end["nextBackwardToken"], first["nextBackwardToken"], "the same token: there is nothing before");
    let again = get(&house, json!({ "nextToken": end["nextForwardToken"] })).await;
    assert_eq!(messages(&again), ["0", "1", "2", "3", "4"]);

    let head = get(&house, json!({ "startFromHead": true, "limit": 4 })).await;
    assert_eq!(messages(&head), ["0", "1", "2", "3"]);
    let rest = get(&house, json!({ "nextToken": head["nextForwardToken"], "startFromHead": true })).await;
    assert_eq!(messages(&rest), ["4"]);
    let end = get(&house, json!({ "nextToken": rest["nextForwardToken"] })).await;
    assert_eq!((messages(&end), &end["nextForwardToken"]), (vec![], &rest["nextForwardToken"]));
    put(&house, "one", &[(9, "new")]).await;
    let new = get(&house, json!({ "nextToken": end["nextForwardToken"] })).await;
    assert_eq!(messages(&new), ["new"], "a follower gets what came since, once");

    let timed = get(&house, json!({ "startTime": NOW_MILLIS + 1, "endTime": NOW_MILLIS + 3 })).await;
    assert_eq!(messages(&timed), ["1", "2"]);
    let empty = json!({ "logGroupName": "g", "logStreamName": "one", "nextToken": "f/123" });
    check(&house.logs("GetLogEvents", empty).await, "InvalidParameterException", "token");
    let other = json!({ "logGroupName": "g", "logStreamName": "two", "nextToken": head["nextForwardToken"] });
    check(&house.logs("GetLogEvents", other).await, "InvalidParameterException", "token");
}

#[tokio::test]
async fn a_stream_without_a_line_has_tokens_too() {
    for head in [true, false] {
        let house = house().await;
        let empty = get(&house, json!({ "startFromHead": head })).await;
        assert!(messages(&empty).is_empty());
        assert!(empty["nextForwardToken"].is_string() && empty["nextBackwardToken"].is_string());
        let text = format!("after {head}");
        put(&house, "one", &[(0, &text)]).await;
        let new = get(&house, json!({ "nextToken": empty["nextForwardToken"] })).await;
        assert_eq!(messages(&new).last(), Some(&text.as_str()));
    }
}

#[tokio::test]
async fn events_are_filtered_by_pattern_stream_and_time_and_told_apart_by_id() {
    let house = house().await;
    put(&house, "one", &[(0, "GET / 200"), (20, "GET /health 200"), (40, "POST / 500")]).await;
    put(&house, "two", &[(10, "GET / 404"), (30, "starting")]).await;
    let filter = |more: Value| {
        let house = &house;
        async move {
            let mut input = json!({ "logGroupName": "g", "interleaved": true });
            input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            fine(&house.logs("FilterLogEvents", input).await)
        }
    };
    let all = filter(json!({})).await;
    assert_eq!(
        messages(&all),
        ["GET / 200", "GET / 404", "GET /health 200", "starting", "POST / 500"],
        "by time, over all streams"
    );
    assert_eq!(all["searchedLogStreams"], json!([]));
    assert!(all["nextToken"].is_null());
    let ids: std::collections::BTreeSet<&str> =
        all["events"].as_array().expect("events").iter().map(|event| event["eventId"].as_str().expect("an id")).collect();
    assert_eq!((ids.len(), ids.first().map(|id| id.len())), (5, Some(56)));
    assert_eq!(all, filter(json!({})).await, "and they stay the same");
    for (more, expected) in [
        (json!({ "filterPattern": "" }), 5),
        (json!({ "filterPattern": "GET 200" }), 2),
        (json!({ "filterPattern": "\"GET / \" -404" }), 1),
        (json!({ "filterPattern": "?500 ?404" }), 2),
        (json!({ "logStreamNames": ["two", "nobody"] }), 2),
        (json!({ "logStreamNamePrefix": "o" }), 3),
        (json!({ "startTime": NOW_MILLIS + 10, "endTime": NOW_MILLIS + 30 }), 2),
    ] {
        assert_eq!(messages(&filter(more.clone()).await).len(), expected, "{more}");
    }
    let first = filter(json!({ "limit": 3 })).await;
    let rest = filter(json!({ "limit": 3, "nextToken": first["nextToken"] })).await;
    assert_eq!((messages(&first).len(), messages(&rest).len(), rest["nextToken"].is_null()), (3, 2, true));
    for (more, words) in [
        (json!({ "filterPattern": "{ $.a = 1 }" }), "not available"),
        (json!({ "filterPattern": "\"open" }), "Invalid filter pattern"),
        (json!({ "logStreamNames": ["two"], "logStreamNamePrefix": "o" }), "cannot both"),
        (json!({ "startFromHead": false }), "startFromHead"),
        (json!({ "filterPattern": "GET", "nextToken": first["nextToken"] }), "token"),
        (json!({ "limit": 10_001 }), "less than or equal to 10000"),
    ] {
        let mut input = json!({ "logGroupName": "g" });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        check(&house.logs("FilterLogEvents", input).await, "InvalidParameterException", words);
    }
}

#[tokio::test]
async fn a_batch_is_taken_but_for_what_is_too_old_or_too_new() {
    let house = house().await;
    let taken = put(&house, "one", &[(-1, "a"), (0, "b")]).await;
    assert!(taken["nextSequenceToken"].is_string() && taken["rejectedLogEventsInfo"].is_null(), "{taken}");
    let edge = put(&house, "one", &[(2 * HOUR, "just in time"), (2 * HOUR + 1, "too new")]).await;
    assert_eq!(edge["rejectedLogEventsInfo"], json!({ "tooNewLogEventStartIndex": 1 }));
    let old = put(&house, "one", &[(-14 * DAY - 1, "too old"), (-14 * DAY, "old")]).await;
    assert_eq!(old["rejectedLogEventsInfo"], json!({ "tooOldLogEventEndIndex": 1 }));
    fine(&house.logs("PutRetentionPolicy", json!({ "logGroupName": "g", "retentionInDays": 1 })).await);
    let expired = put(&house, "one", &[(-DAY - 1, "expired"), (-DAY, "kept")]).await;
    assert_eq!(expired["rejectedLogEventsInfo"], json!({ "expiredLogEventEndIndex": 1 }));
    assert_eq!(messages(&get(&house, json!({})).await), ["a", "b", "just in time", "old", "kept"]);

    let batch = |events: Value| json!({ "logGroupName": "g", "logStreamName": "one", "logEvents": events });
    let event = |at: i64, message: &str| json!({ "timestamp": NOW_MILLIS + at, "message": message });
    for (events, words) in [
        (json!([event(1, "b"), event(0, "a")]), "chronological order"),
        (json!([event(0, "a"), event(DAY + 1, "b")]), "24 hours"),
        (json!([event(0, "")]), "greater than or equal to 1"),
        (json!([]), "greater than or equal to 1"),
        (json!([{ "message": "when?" }]), "timestamp"),
    ] {
        check(&house.logs("PutLogEvents", batch(events)).await, "InvalidParameterException", words);
    }
    let many: Vec<Value> = (0..9_000).map(|_| event(0, &"x".repeat(100))).collect();
    check(&house.logs("PutLogEvents", batch(many.into())).await, "InvalidParameterException", "Upload too large");
}

#[tokio::test]
async fn a_whole_batch_is_taken_however_clients_write_its_letters() {
    let house = house().await;
    // 16 events of 65,510 bytes, each with AWS's overhead of 26: 1,048,576 in all.
    for letter in ["x", "\u{1}"] {
        let message = letter.repeat(65_510);
        let events: Vec<(i64, &str)> = (0..16).map(|at| (at, message.as_str())).collect();
        let taken = put(&house, "two", &events).await;
        assert!(taken["rejectedLogEventsInfo"].is_null(), "{taken}");
    }
}

#[tokio::test]
async fn what_is_not_there_or_there_already_is_told_in_awss_words() {
    let house = house().await;
    for (operation, input) in [
        ("DescribeLogStreams", json!({ "logGroupName": "no" })),
        ("GetLogEvents", json!({ "logGroupName": "no", "logStreamName": "s" })),
        ("FilterLogEvents", json!({ "logGroupName": "no" })),
        ("CreateLogStream", json!({ "logGroupName": "no", "logStreamName": "s" })),
        ("PutLogEvents", json!({ "logGroupName": "no", "logStreamName": "s", "logEvents": [{ "timestamp": 1, "message": "m" }] })),
        ("DeleteLogGroup", json!({ "logGroupName": "no" })),
        ("DeleteLogStream", json!({ "logGroupName": "no", "logStreamName": "s" })),
        ("PutRetentionPolicy", json!({ "logGroupName": "no", "retentionInDays": 1 })),
        ("DeleteRetentionPolicy", json!({ "logGroupName": "no" })),
        ("ListTagsForResource", json!({ "resourceArn": "arn:aws:logs:us-east-1:000000000000:log-group:no" })),
        ("FilterLogEvents", json!({ "logGroupIdentifier": "arn:aws:logs:us-east-1:111111111111:log-group:g" })),
        ("FilterLogEvents", json!({ "logGroupIdentifier": "arn:aws:logs:eu-west-1:000000000000:log-group:g" })),
    ] {
        let reply = house.logs(operation, input).await;
        check(&reply, "ResourceNotFoundException", "The specified log group does not exist.");
    }
    for (operation, input) in [
        ("GetLogEvents", json!({ "logGroupName": "g", "logStreamName": "on" })),
        ("DeleteLogStream", json!({ "logGroupName": "g", "logStreamName": "no" })),
        (
            "PutLogEvents",
            json!({ "logGroupName": "g", "logStreamName": "no", "logEvents": [{ "timestamp": NOW_MILLIS, "message": "m" }] }),
        ),
    ] {
        let reply = house.logs(operation, input).await;
        check(&reply, "ResourceNotFoundException", "The specified log stream does not exist.");
    }
    let taken = house.logs("CreateLogGroup", json!({ "logGroupName": "g" })).await;
    check(&taken, "ResourceAlreadyExistsException", "The specified log group already exists");
    let taken = house.logs("CreateLogStream", json!({ "logGroupName": "g", "logStreamName": "one" })).await;
    check(&taken, "ResourceAlreadyExistsException", "The specified log stream already exists");
    fine(&house.logs("DeleteLogStream", json!({ "logGroupName": "g", "logStreamName": "one" })).await);
    fine(&house.logs("DeleteLogGroup", json!({ "logGroupName": "g" })).await);
    assert_eq!(fine(&house.logs("DescribeLogGroups", json!({})).await), json!({ "logGroups": [] }));
}

#[tokio::test]
async fn what_cannot_be_honoured_or_is_no_group_is_refused_by_name() {
    let house = house().await;
    for (operation, input, words) in [
        ("CreateLogGroup", json!({ "logGroupName": "x", "kmsKeyId": "k" }), "kmsKeyId"),
        ("CreateLogGroup", json!({ "logGroupName": "x", "logGroupClass": "INFREQUENT_ACCESS" }), "logGroupClass"),
        ("CreateLogGroup", json!({ "logGroupName": "x", "deletionProtectionEnabled": true }), "deletionProtectionEnabled"),
        ("CreateLogGroup", json!({ "logGroupName": "x", "tags": { "aws:x": "" } }), "aws:"),
        ("CreateLogGroup", json!({ "logGroupName": "x y" }), "regular expression"),
        ("CreateLogGroup", json!({}), "must not be null"),
        ("PutRetentionPolicy", json!({ "logGroupName": "g", "retentionInDays": 2 }), "choose one of 1, 3, 5"),
        ("DescribeLogGroups", json!({ "logGroupNamePrefix": "a", "logGroupNamePattern": "b" }), "Only one of"),
        ("DescribeLogGroups", json!({ "accountIdentifiers": ["111111111111"] }), "other accounts"),
        (
            "DescribeLogStreams",
            json!({ "logGroupName": "g", "orderBy": "LastEventTime", "logStreamNamePrefix": "a" }),
            "LastEventTime",
        ),
        ("DescribeLogStreams", json!({}), "Either logGroupName"),
        ("DescribeLogStreams", json!({ "logGroupName": "g", "logGroupIdentifier": "g" }), "both"),
        ("DescribeLogStreams", json!({ "logGroupIdentifier": "arn:aws:s3:::bucket" }), "not the ARN"),
    ] {
        check(&house.logs(operation, input).await, "InvalidParameterException", words);
    }
}

#[tokio::test]
async fn what_a_service_prints_is_read_here_too() {
    let house = House::new();
    let arn = house.service("webs").await;
    house.print(&arn, &[b"one", b"t\xffwo"]).await;
    let id = arn.rsplit('/').next().expect("an id");
    let group = format!("/aws/apprunner/webs/{id}/application");
    let input = json!({ "logGroupName": group, "logStreamName": "instance/r1-0" });
    assert_eq!(messages(&fine(&house.logs("GetLogEvents", input).await)), ["one", "t\u{fffd}wo"]);
}

#[tokio::test]
async fn a_group_is_given_tags_and_loses_them() {
    let house = house().await;
    let arn = "arn:aws:logs:us-east-1:000000000000:log-group:g";
    let tags = async || fine(&house.logs("ListTagsForResource", json!({ "resourceArn": arn })).await)["tags"].clone();
    let given = json!({ "resourceArn": arn, "tags": { "team": "api", "env": "" } });
    assert_eq!(fine(&house.logs("TagResource", given).await), json!({}));
    assert_eq!(tags().await, json!({ "team": "api", "env": "" }));
    let taken = json!({ "resourceArn": arn, "tagKeys": ["env", "nobody"] });
    assert_eq!(fine(&house.logs("UntagResource", taken).await), json!({}));
    assert_eq!(tags().await, json!({ "team": "api" }));
    let many: serde_json::Map<String, Value> = (0..50).map(|n| (format!("k{n}"), json!("v"))).collect();
    check(&house.logs("TagResource", json!({ "resourceArn": arn, "tags": many })).await, "TooManyTagsException", "50");
    check(
        &house.logs("TagResource", json!({ "resourceArn": arn, "tags": { "aws:x": "v" } })).await,
        "InvalidParameterException",
        "aws:",
    );
    let nobody = format!("{arn}x");
    check(
        &house.logs("TagResource", json!({ "resourceArn": nobody, "tags": { "a": "v" } })).await,
        "ResourceNotFoundException",
        "log group",
    );
    check(
        &house.logs("UntagResource", json!({ "resourceArn": nobody, "tagKeys": ["a"] })).await,
        "ResourceNotFoundException",
        "log group",
    );
}
