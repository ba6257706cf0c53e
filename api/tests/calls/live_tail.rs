//! Live tail through the door: what comes, how often, what is left out, and how it ends. Time is tokio's own, paused.

use crate::{
    house::{House, NOW_MILLIS, faults, order},
    signer::sign,
};
use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::time::Duration;

const ARN: &str = "arn:aws:logs:us-east-1:000000000000:log-group:g";

/// A house with a group and two streams.
async fn house() -> House {
    let house = House::new();
    call(&house, "CreateLogGroup", json!({ "logGroupName": "g" })).await;
    for stream in ["one", "two"] {
        call(&house, "CreateLogStream", json!({ "logGroupName": "g", "logStreamName": stream })).await;
    }
    house
}

async fn call(house: &House, operation: &str, input: Value) {
    let reply = house.logs(operation, input).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

async fn put(house: &House, stream: &str, messages: &[String]) {
    let events: Vec<Value> = messages.iter().map(|message| json!({ "timestamp": NOW_MILLIS, "message": message })).collect();
    call(house, "PutLogEvents", json!({ "logGroupName": "g", "logStreamName": stream, "logEvents": events })).await;
}

/// A session, as its client reads it.
struct Session {
    body: Body,
    bytes: Vec<u8>,
}

impl Session {
    async fn start(house: &House, input: Value) -> Self {
        use tower::ServiceExt;
        let body = input.to_string();
        let request = sign(&order("Logs_20140328.StartLiveTail", "logs", &body));
        let answer = house.router.clone().oneshot(request).await.expect("a router never fails");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/vnd.amazon.eventstream");
        assert!(answer.headers().contains_key("x-amzn-requestid"));
        let mut session = Self { body: answer.into_body(), bytes: Vec::new() };
        let (kind, name, payload) = session.next().await.expect("a first message");
        assert_eq!((kind.as_str(), name.as_str(), payload), ("event", "initial-response", json!({})));
        session
    }

    /// The kind, the name and the payload of the next message; nothing: it is over.
    async fn next(&mut self) -> Option<(String, String, Value)> {
        loop {
            if let Some(length) = self.bytes.first_chunk::<4>().map(|length| u32::from_be_bytes(*length) as usize)
                && self.bytes.len() >= length
            {
                let rest = self.bytes.split_off(length);
                return Some(read(&std::mem::replace(&mut self.bytes, rest)));
            }
            let frame = self.body.frame().await?.expect("it never fails");
            self.bytes.extend_from_slice(&frame.into_data().expect("there are no trailers"));
        }
    }

    /// What the next update says: whether it is sampled, and its messages.
    async fn update(&mut self) -> (bool, Vec<String>) {
        let (_, name, payload) = self.next().await.expect("it goes on");
        assert_eq!(name, "sessionUpdate", "{payload}");
        let results = payload["sessionResults"].as_array().expect("a list");
        let messages = results.iter().map(|line| line["message"].as_str().expect("a text").to_owned()).collect();
        (payload["sessionMetadata"]["sampled"].as_bool().expect("a truth"), messages)
    }
}

fn read(message: &[u8]) -> (String, String, Value) {
    let headers_length = u32::from_be_bytes(message[4..8].try_into().expect("four bytes")) as usize;
    let (mut headers, payload) = (&message[12..12 + headers_length], &message[12 + headers_length..message.len() - 4]);
    let (mut kind, mut name) = (String::new(), String::new());
    while let [length, rest @ ..] = headers {
        let (key, rest) = rest.split_at(*length as usize);
        let (size, rest) = (u16::from_be_bytes([rest[1], rest[2]]) as usize, &rest[3..]);
        let value = String::from_utf8(rest[..size].to_vec()).expect("a text");
        match key {
            b":message-type" => kind = value,
            b":event-type" | b":exception-type" => name = value,
            _ => {}
        }
        headers = &rest[size..];
    }
    (kind, name, serde_json::from_slice(payload).expect("JSON"))
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("line {n}")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_session_says_what_it_is_and_then_every_second_what_is_new() {
    let house = house().await;
    put(&house, "one", &["before".to_owned()]).await;
    let mut session = Session::start(&house, json!({ "logGroupIdentifiers": [ARN], "logEventFilterPattern": "line" })).await;
    let (_, name, start) = session.next().await.expect("its start");
    assert_eq!(name, "sessionStart");
    assert_eq!((&start["logGroupIdentifiers"], &start["logEventFilterPattern"]), (&json!([ARN]), &json!("line")));
    assert!(start["sessionId"].is_string() && start["requestId"].is_string());
    assert_eq!(session.update().await, (false, vec![]), "an update without a line is one too");
    put(&house, "one", &["line a".to_owned(), "other".to_owned()]).await;
    put(&house, "two", &["line b".to_owned()]).await;
    let (_, _, update) = session.next().await.expect("an update");
    let line = &update["sessionResults"][1];
    assert_eq!(
        (&line["message"], &line["logStreamName"], &line["logGroupIdentifier"]),
        (&json!("line b"), &json!("two"), &json!("000000000000:g"))
    );
    assert!(line["timestamp"] == NOW_MILLIS && line["ingestionTime"].is_i64());
    assert_eq!(update["sessionResults"].as_array().expect("a list").len(), 2);
    assert_eq!(session.update().await, (false, vec![]), "each line once");
    let soon = tokio::time::timeout(Duration::from_millis(990), session.next()).await;
    assert!(soon.is_err(), "an update a second, and not more");
    session.update().await;
}

#[tokio::test(start_paused = true)]
async fn streams_are_chosen_by_name_or_by_prefix() {
    let house = house().await;
    let mut named = Session::start(&house, json!({ "logGroupIdentifiers": [ARN], "logStreamNames": ["two", "nobody"] })).await;
    let mut prefixed = Session::start(&house, json!({ "logGroupIdentifiers": [ARN], "logStreamNamePrefixes": ["x", "o"] })).await;
    put(&house, "one", &["a".to_owned()]).await;
    put(&house, "two", &["b".to_owned()]).await;
    named.next().await.expect("its start");
    prefixed.next().await.expect("its start");
    assert_eq!(named.update().await.1, ["b"]);
    assert_eq!(prefixed.update().await.1, ["a"]);
}

#[tokio::test(start_paused = true)]
async fn of_more_lines_than_it_tells_in_a_second_it_says_that_some_are_left_out() {
    let house = house().await;
    let mut session = Session::start(&house, json!({ "logGroupIdentifiers": [ARN] })).await;
    session.next().await.expect("its start");
    put(&house, "one", &texts(500)).await;
    assert_eq!(session.update().await, (false, texts(500)), "just as many");
    put(&house, "one", &texts(501)).await;
    assert_eq!(session.update().await, (true, texts(500)));
    put(&house, "one", &["after".to_owned()]).await;
    assert_eq!(session.update().await, (false, vec!["after".to_owned()]), "it goes on with what is new");
    put(&house, "one", &vec!["x".repeat(200_000); 5]).await;
    put(&house, "one", &vec!["x".repeat(200_000); 5]).await;
    let (sampled, lines) = session.update().await;
    assert!(sampled && lines.len() < 10, "{} lines of 200,000 bytes", lines.len());
}

#[tokio::test(start_paused = true)]
async fn a_group_that_is_deleted_and_made_anew_is_followed_from_its_first_line() {
    let house = house().await;
    put(&house, "one", &texts(20)).await;
    let mut session = Session::start(&house, json!({ "logGroupIdentifiers": [ARN] })).await;
    session.next().await.expect("its start");
    call(&house, "DeleteLogGroup", json!({ "logGroupName": "g" })).await;
    assert_eq!(session.update().await, (false, vec![]));
    call(&house, "CreateLogGroup", json!({ "logGroupName": "g" })).await;
    call(&house, "CreateLogStream", json!({ "logGroupName": "g", "logStreamName": "one" })).await;
    put(&house, "one", &["anew".to_owned()]).await;
    assert_eq!(session.update().await, (false, vec!["anew".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_after_three_hours_with_an_event_that_says_so() {
    let house = house().await;
    let mut session = Session::start(&house, json!({ "logGroupIdentifiers": [ARN] })).await;
    session.next().await.expect("its start");
    house.clock.turn(Duration::from_secs(3 * 3_600 - 1));
    session.update().await;
    house.clock.turn(Duration::from_secs(1));
    let (kind, name, payload) = session.next().await.expect("the last event");
    assert_eq!((kind.as_str(), name.as_str()), ("exception", "SessionTimeoutException"));
    assert!(payload["message"].as_str().expect("words").contains("three hours"));
    assert!(session.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_account_has_so_many_sessions_and_one_that_nobody_reads_any_more_makes_room() {
    let house = house().await;
    let input = json!({ "logGroupIdentifiers": [ARN] });
    let mut sessions = Vec::new();
    for _ in 0..15 {
        sessions.push(Session::start(&house, input.clone()).await);
    }
    faults(&house.logs("StartLiveTail", input.clone()).await, "LimitExceededException", "15");
    sessions.pop();
    Session::start(&house, input).await;
}

#[tokio::test]
async fn what_cannot_be_tailed_is_refused() {
    let house = house().await;
    call(&house, "CreateLogGroup", json!({ "logGroupName": "h" })).await;
    for (input, code, words) in [
        (json!({ "logGroupIdentifiers": ["nobody"] }), "ResourceNotFoundException", "log group"),
        (
            json!({ "logGroupIdentifiers": [ARN], "logStreamNames": ["a"], "logStreamNamePrefixes": ["a"] }),
            "InvalidParameterException",
            "both",
        ),
        (json!({ "logGroupIdentifiers": [ARN, "h"], "logStreamNames": ["a"] }), "InvalidParameterException", "one log group"),
        (
            json!({ "logGroupIdentifiers": [ARN], "logEventFilterPattern": "{ $.a = 1 }" }),
            "InvalidParameterException",
            "not available",
        ),
        (json!({ "logGroupIdentifiers": [] }), "InvalidParameterException", "logGroupIdentifiers"),
    ] {
        faults(&house.logs("StartLiveTail", input).await, code, words);
    }
    let house = house.denying("logs:StartLiveTail");
    faults(&house.logs("StartLiveTail", json!({ "logGroupIdentifiers": [ARN] })).await, "AccessDeniedException", "denied");
}
