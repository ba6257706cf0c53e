//! Queries over log lines through the door: asked, waited for, stopped, forgotten; the language itself has its tests beside it.

use crate::{
    house::{House, NOW_MILLIS, Reply, faults, order},
    signer::{Order, SECRET},
};
use model::port::{Answer, Gatekeeper, Granted};
use serde_json::{Value, json};
use std::time::Duration;

const NOW_SECONDS: i64 = NOW_MILLIS / 1_000;
/// Longer than any query of a test takes, on any machine.
const MILLIS: usize = 60_000;

#[track_caller]
fn fine(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

/// A house with a group whose lines were written a second apart, the last one now.
async fn house(lines: &[&str]) -> House {
    let house = House::new();
    fine(&house.logs("CreateLogGroup", json!({ "logGroupName": "g" })).await);
    fine(&house.logs("CreateLogStream", json!({ "logGroupName": "g", "logStreamName": "s" })).await);
    for (number, line) in lines.iter().enumerate() {
        let at = NOW_MILLIS - 1_000 * i64::try_from(lines.len() - 1 - number).expect("a few");
        let events = json!([{ "timestamp": at, "message": line }]);
        fine(&house.logs("PutLogEvents", json!({ "logGroupName": "g", "logStreamName": "s", "logEvents": events })).await);
    }
    house
}

fn asking(query: &str) -> Value {
    json!({ "logGroupName": "g", "startTime": NOW_SECONDS - 3_600, "endTime": NOW_SECONDS, "queryString": query })
}

async fn start(house: &House, input: Value) -> String {
    fine(&house.logs("StartQuery", input).await)["queryId"].as_str().expect("an id").to_owned()
}

async fn results(house: &House, id: &str) -> Value {
    fine(&house.logs("GetQueryResults", json!({ "queryId": id })).await)
}

/// What it says once it is no more in one of these states.
async fn past(house: &House, id: &str, states: &[&str]) -> Value {
    for _ in 0..MILLIS {
        let found = results(house, id).await;
        if !states.contains(&found["status"].as_str().expect("a status")) {
            return found;
        }
        // It is looked after on threads of its own.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("the query {id} stays in {states:?}");
}

/// What it says once it is over.
async fn over(house: &House, id: &str) -> Value {
    past(house, id, &["Scheduled", "Running"]).await
}

/// The rows as `field=value`, `@ptr` left out.
fn rows(found: &Value) -> Vec<String> {
    let field = |field: &Value| {
        let name = field["field"].as_str().expect("a name");
        (name != "@ptr").then(|| format!("{name}={}", field["value"].as_str().expect("a text")))
    };
    let row = |row: &Value| row.as_array().expect("fields").iter().filter_map(field).collect::<Vec<_>>().join(" ");
    found["results"].as_array().expect("rows").iter().map(row).collect()
}

const LINES: [&str; 4] =
    [r#"{"status":200,"path":"/"}"#, r#"{"status":500,"path":"/pay"}"#, "plain", r#"{"status":500,"path":"/"}"#];

#[tokio::test]
async fn a_query_is_asked_waited_for_and_says_its_rows_and_what_it_has_looked_at() {
    let house = house(&LINES).await;
    let id = start(&house, asking("fields path | filter status = 500 | sort @timestamp")).await;
    let found = over(&house, &id).await;
    assert_eq!((found["status"].as_str(), rows(&found)), (Some("Complete"), vec!["path=/pay".to_owned(), "path=/".to_owned()]));
    let last = found["results"][0].as_array().expect("fields").last().expect("one").clone();
    assert_eq!(last["field"], "@ptr", "a line can be found again: {last}");
    let bytes = LINES.iter().map(|line| line.len() + 1).sum::<usize>() as f64;
    let statistics = json!({
        "bytesScanned": bytes, "recordsScanned": 4.0, "recordsMatched": 2.0, "logGroupsScanned": 1.0, "resultCount": 2.0,
        "estimatedBytesSkipped": 0.0, "estimatedRecordsSkipped": 0.0,
    });
    assert_eq!(found["statistics"], statistics);
    let id = start(&house, asking("stats count(*) as n by status | filter ispresent(status) | sort n")).await;
    assert_eq!(rows(&over(&house, &id).await), ["status=200 n=1", "status=500 n=2"]);
}

#[tokio::test]
async fn a_query_is_about_its_groups_and_its_seconds_both_of_which_are_meant() {
    let house = house(&LINES).await;
    fine(&house.logs("CreateLogGroup", json!({ "logGroupName": "other" })).await);
    fine(&house.logs("CreateLogStream", json!({ "logGroupName": "other", "logStreamName": "s" })).await);
    let events = json!([{ "timestamp": NOW_MILLIS, "message": "elsewhere" }]);
    fine(&house.logs("PutLogEvents", json!({ "logGroupName": "other", "logStreamName": "s", "logEvents": events })).await);
    let count = async |more: Value| {
        let mut input =
            json!({ "startTime": NOW_SECONDS - 2, "endTime": NOW_SECONDS, "queryString": "stats count(*) by @log | sort @log" });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        rows(&over(&house, &start(&house, input).await).await)
    };
    let arn = |name: &str| format!("arn:aws:logs:us-east-1:000000000000:log-group:{name}");
    for groups in [json!({ "logGroupNames": ["g", "other", "g"] }), json!({ "logGroupIdentifiers": [arn("g"), "other"] })] {
        assert_eq!(count(groups).await, ["@log=000000000000:g count(*)=3", "@log=000000000000:other count(*)=1"]);
    }
    let g = json!({ "logGroupName": "g" });
    let within = |start: i64, end: i64| {
        let mut input = g.clone();
        input
            .as_object_mut()
            .expect("an object")
            .extend([("startTime".to_owned(), json!(start)), ("endTime".to_owned(), json!(end))]);
        input
    };
    assert_eq!(
        count(within(NOW_SECONDS - 2, NOW_SECONDS - 1)).await,
        ["@log=000000000000:g count(*)=2"],
        "both seconds, to their ends"
    );
    assert_eq!(count(within(NOW_SECONDS + 1, NOW_SECONDS + 2)).await, [""; 0]);
    assert_eq!(count(within(NOW_MILLIS - 1_000, NOW_MILLIS)).await, ["@log=000000000000:g count(*)=2"], "milliseconds are known");
}

#[tokio::test]
async fn a_row_leads_back_to_all_that_is_known_of_its_line() {
    let house = house(&[r#"{"a":{"b":[true,null]},"n":1.50}"#, "plain"]).await;
    let found = over(&house, &start(&house, asking("fields a.b.0 | filter ispresent(n)")).await).await;
    let pointer = found["results"][0][1]["value"].as_str().expect("a pointer").to_owned();
    let record = fine(&house.logs("GetLogRecord", json!({ "logRecordPointer": pointer })).await)["logRecord"].clone();
    let at = (NOW_MILLIS - 1_000).to_string();
    let known = json!({
        "a.b.0": "true", "n": "1.5", "@message": r#"{"a":{"b":[true,null]},"n":1.50}"#, "@timestamp": at, "@ingestionTime": at,
        "@log": "000000000000:g", "@logStream": "s", "@ptr": pointer,
    });
    assert_eq!(record, known);
    faults(&house.logs("GetLogRecord", json!({ "logRecordPointer": "g:1" })).await, "InvalidParameterException", "@ptr");
    fine(&house.logs("DeleteLogStream", json!({ "logGroupName": "g", "logStreamName": "s" })).await);
    faults(&house.logs("GetLogRecord", json!({ "logRecordPointer": pointer })).await, "ResourceNotFoundException", "not kept");
}

#[tokio::test]
async fn rows_come_in_pages() {
    let lines: Vec<String> = (0..7).map(|n| n.to_string()).collect();
    let house = house(&lines.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut input = asking("fields @message | sort @timestamp");
    input["limit"] = json!(5);
    let id = start(&house, input).await;
    over(&house, &id).await;
    let (mut read, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut input = json!({ "queryId": id, "maxItems": 2 });
        if token.is_string() {
            input["nextToken"] = token;
        }
        let page = fine(&house.logs("GetQueryResults", input).await);
        assert!(page["results"].as_array().expect("rows").len() <= 2);
        read.extend(rows(&page));
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(read, ["@message=0", "@message=1", "@message=2", "@message=3", "@message=4"]);
    let foreign = json!({ "queryId": id, "nextToken": "nobody's" });
    faults(&house.logs("GetQueryResults", foreign).await, "InvalidParameterException", "token");
}

#[tokio::test]
async fn what_is_wrong_with_a_query_is_said_with_its_place() {
    let house = house(&[]).await;
    let reply = house.logs("StartQuery", asking("fields @message | limit many")).await;
    faults(&reply, "MalformedQueryException", "characters 24 to 28");
    let error = &reply.json()["queryCompileError"];
    assert_eq!(error["location"], json!({ "startCharOffset": 24, "endCharOffset": 28 }));
    assert!(error["message"].as_str().expect("words").contains("whole number"));
    let with = |member: &str, value: Value| {
        let mut input = asking("fields @message");
        input[member] = value;
        input
    };
    for (input, code, words) in [
        (with("logGroupName", json!("nobody")), "ResourceNotFoundException", "log group"),
        (with("logGroupNames", json!(["g"])), "InvalidParameterException", "Exactly one"),
        (with("endTime", json!(NOW_SECONDS - 7_200)), "InvalidParameterException", "before"),
        (with("queryLanguage", json!("SQL")), "InvalidParameterException", "not available"),
        (with("limit", json!(100_001)), "InvalidParameterException", "limit"),
        (json!({ "startTime": 1, "endTime": 2, "queryString": "x", "logGroupNames": [] }), "InvalidParameterException", "1 to 50"),
    ] {
        faults(&house.logs("StartQuery", input).await, code, words);
    }
    for operation in ["GetQueryResults", "StopQuery"] {
        faults(&house.logs(operation, json!({ "queryId": "nobody" })).await, "ResourceNotFoundException", "nobody");
    }
}

#[tokio::test]
async fn a_query_is_its_accounts_alone_and_a_restart_forgets_it() {
    let house = house(&LINES).await;
    let id = start(&house, asking("fields @message")).await;
    over(&house, &id).await;
    let body = json!({ "queryId": id }).to_string();
    let foreign = Order { key: "AKIDFOREIGN", secret: SECRET, ..order("Logs_20140328.GetQueryResults", "logs", &body) };
    faults(&house.order(&foreign).await, "ResourceNotFoundException", "no query");
    let elsewhere = Order { region: "eu-west-1", ..order("Logs_20140328.GetQueryResults", "logs", &body) };
    faults(&house.order(&elsewhere).await, "ResourceNotFoundException", "no query");
    let house = house.restarted();
    faults(&house.logs("GetQueryResults", json!({ "queryId": id })).await, "ResourceNotFoundException", "started again");
}

#[tokio::test]
async fn an_account_has_so_many_open_queries_and_stopping_one_makes_room() {
    let house = house(&["a", "b", "c"]).await;
    house.desk.logs.hold_scans(true);
    let mut ids = Vec::new();
    for _ in 0..30 {
        ids.push(start(&house, asking("stats count(*)")).await);
    }
    faults(&house.logs("StartQuery", asking("stats count(*)")).await, "LimitExceededException", "30");
    past(&house, &ids[0], &["Scheduled"]).await;
    assert_eq!(results(&house, &ids[1]).await["status"], "Scheduled", "an account has one turn at a time");
    assert_eq!(fine(&house.logs("StopQuery", json!({ "queryId": ids[0] })).await), json!({ "success": true }));
    assert_eq!(fine(&house.logs("StopQuery", json!({ "queryId": ids[0] })).await), json!({ "success": false }));
    ids.push(start(&house, asking("stats count(*)")).await);
    let stopped = over(&house, &ids[0]).await;
    assert_eq!((stopped["status"].as_str(), &stopped["results"]), (Some("Cancelled"), &json!([])));
    house.desk.logs.hold_scans(false);
    for id in &ids[1..] {
        assert_eq!(rows(&over(&house, id).await), ["count(*)=3"], "those that had to wait get there too");
    }
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_given_up() {
    let house = house(&["a", "b"]).await;
    house.desk.logs.hold_scans(true);
    let id = start(&house, asking("fields @message")).await;
    assert_eq!(past(&house, &id, &["Scheduled"]).await["status"], "Running");
    house.clock.turn(Duration::from_secs(15 * 60));
    house.desk.logs.hold_scans(false);
    let body = json!({ "queryId": id }).to_string();
    let later = Order { date: "20270115T081500Z", ..order("Logs_20140328.GetQueryResults", "logs", &body) };
    let mut found = fine(&house.order(&later).await);
    for _ in 0..MILLIS {
        if found["status"] != "Running" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        found = fine(&house.order(&later).await);
    }
    assert_eq!((&found["status"], &found["statistics"]["recordsScanned"]), (&json!("Timeout"), &json!(0.0)), "within a piece too");
}

#[tokio::test]
async fn queries_are_described_the_newest_first_and_in_pages() {
    let house = house(&LINES).await;
    let mut ids = Vec::new();
    for query in ["fields @message", "stats count(*)", "limit 1"] {
        let id = start(&house, asking(query)).await;
        over(&house, &id).await;
        ids.insert(0, id);
    }
    let described = |reply: &Value| -> Vec<String> {
        let queries = reply["queries"].as_array().expect("queries");
        queries.iter().map(|query| query["queryId"].as_str().expect("an id").to_owned()).collect()
    };
    let all = fine(&house.logs("DescribeQueries", json!({})).await);
    assert_eq!(described(&all), ids);
    let newest = &all["queries"][0];
    assert_eq!(
        (&newest["queryString"], &newest["status"], &newest["logGroupName"]),
        (&json!("limit 1"), &json!("Complete"), &json!("g"))
    );
    assert_eq!(newest["userIdentity"], "arn:aws:iam::000000000000:root");
    let first = fine(&house.logs("DescribeQueries", json!({ "maxResults": 2 })).await);
    assert_eq!(described(&first), ids[..2]);
    let rest = fine(&house.logs("DescribeQueries", json!({ "maxResults": 2, "nextToken": first["nextToken"] })).await);
    assert_eq!((described(&rest), &rest["nextToken"]), (ids[2..].to_vec(), &Value::Null));
    for (filter, count) in [(json!({ "status": "Complete", "logGroupName": "g" }), 3), (json!({ "status": "Failed" }), 0)] {
        assert_eq!(described(&fine(&house.logs("DescribeQueries", filter).await)).len(), count);
    }
    faults(&house.logs("DescribeQueries", json!({ "logGroupName": "other" })).await, "ResourceNotFoundException", "log group");
}

#[tokio::test]
async fn every_group_of_a_query_is_asked_for() {
    struct OnlyOne;
    impl Gatekeeper for OnlyOne {
        fn authorize<'a>(&'a self, _: &'a model::caller::Caller, action: &'a model::port::Action) -> Answer<'a, Granted<()>> {
            let denied = action.name == "logs:StartQuery" && action.resource.contains(":secret:");
            let refusal = || model::refusal::Refusal::new(model::refusal::RefusalKind::Denied, format!("no {}", action.resource));
            let granted = if denied { Err(refusal()) } else { Ok(()) };
            Box::pin(async move { Ok(granted) })
        }
    }
    let house = house(&LINES).await.guarded_by(std::sync::Arc::new(OnlyOne));
    let mut input = asking("fields @message");
    input.as_object_mut().expect("an object").remove("logGroupName");
    input["logGroupNames"] = json!(["g", "secret"]);
    faults(&house.logs("StartQuery", input).await, "AccessDeniedException", "log-group:secret");
}
