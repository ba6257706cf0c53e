//! Calls of services that are not ours: who may have them sent on, what arrives, and what is said where nothing is sent.

use crate::{
    house::{House, Reply, order},
    iam::granted,
    signer::{Elsewhere, Order, SECRET, sha256, sign, sign_elsewhere},
};
use api::AuditedReads;
use axum::body::Body;
use http::{HeaderMap, Request};
use model::{
    audit::{AuditQuery, AuditedEvent},
    aws_upstream::Payload,
    port::Audit,
    testbed::{Arrived, MemoryAwsUpstreams, block_on, scope},
    time::Timestamp,
};
use std::sync::Arc;

const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.0");
const PUT_ITEM: (&str, &str) = ("x-amz-target", "DynamoDB_20120810.PutItem");
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// A house, and where its calls go.
struct Bench {
    house: House,
    upstreams: Arc<MemoryAwsUpstreams>,
}

impl Bench {
    fn new() -> Self {
        Self::of(AuditedReads::Denied, None)
    }

    fn of(reads: AuditedReads, denied: Option<&str>) -> Self {
        let upstreams = Arc::new(MemoryAwsUpstreams::of(&["dynamodb", "ec2", "lambda", "monitoring", "route53", "s3", "sns"]));
        Self { house: House::with_upstreams(upstreams.clone(), reads, denied), upstreams }
    }

    async fn send(&self, call: &Elsewhere<'_>) -> Reply {
        self.house.send(sign_elsewhere(call)).await
    }

    /// The one call that arrived.
    #[track_caller]
    fn arrived(&self) -> Arrived {
        let mut all = self.upstreams.take();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// Makes a user with a policy of one statement, and a key; answers the key.
    async fn user(&self, name: &str, effect: &str, action: &str, resource: &str) -> (String, String) {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"}},{{"Effect":"{effect}","Action":"{action}","Resource":"{resource}"}}]}}"#
        );
        let policy =
            if effect == "Allow" { policy.replace(r#"{"Effect":"Allow","Action":"*","Resource":"*"},"#, "") } else { policy };
        granted(&self.house, "CreateUser", &[("UserName", name)]).await;
        let members = [("UserName", name), ("PolicyName", "own"), ("PolicyDocument", &policy)];
        granted(&self.house, "PutUserPolicy", &members).await;
        let made = granted(&self.house, "CreateAccessKey", &[("UserName", name)]).await;
        let part = |of: &str| made.split(&format!("<{of}>")).nth(1).and_then(|rest| rest.split('<').next()).expect(of).to_owned();
        (part("AccessKeyId"), part("SecretAccessKey"))
    }

    /// What is written down of calls that are not ours, oldest first: action, resource, fault.
    fn written(&self) -> Vec<(String, String, Option<String>)> {
        let (from, until) = (Timestamp::from_millis(0), Timestamp::from_millis(i64::MAX));
        let query = AuditQuery { scope: scope(), from, until, sought: None, before: None, events_max: 1_000 };
        let mut events = block_on(self.house.desk.ledger.look_up(&query)).expect("memory answers").events;
        events.reverse();
        let told = |event: AuditedEvent| (event.entry.row.action, event.entry.row.resource, event.entry.fault);
        events.into_iter().map(told).filter(|(action, _, _)| !action.starts_with("iam:")).collect()
    }
}

fn s3<'a>(method: &'a str, path: &'a str, body: &'a str, payload: &'a str) -> Elsewhere<'a> {
    let order = Order { target: None, ..order("", "s3", body) };
    Elsewhere { order, method, path: (path, path), query: "", headers: &[], payload: Some(payload) }
}

fn dynamodb(body: &str) -> Elsewhere<'_> {
    let order = Order { target: None, ..order("", "dynamodb", body) };
    Elsewhere { order, method: "POST", path: ("/", "/"), query: "", headers: &[JSON, PUT_ITEM], payload: None }
}

fn header<'a>(arrived: &'a Arrived, name: &str) -> Option<&'a str> {
    let found = arrived.headers.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| std::str::from_utf8(value).expect("text"))
}

#[tokio::test]
async fn a_call_is_sent_on_as_it_came_but_for_whose_it_is() {
    let bench = Bench::new();
    let reply = bench.send(&dynamodb(r#"{"TableName":"t"}"#)).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, r#"{"TableName":"t"}"#), "the answer comes back as it was");
    assert_eq!(reply.headers["x-echo"], "POST /");
    let arrived = bench.arrived();
    assert_eq!((arrived.service.as_str(), arrived.region.as_str(), arrived.line.as_str()), ("dynamodb", "us-east-1", "POST /"));
    assert_eq!(arrived.payload, Payload::Hash(sha256(r#"{"TableName":"t"}"#)));
    assert_eq!((header(&arrived, "content-type"), header(&arrived, "x-amz-target")), (Some(JSON.1), Some(PUT_ITEM.1)));
    for ours in ["authorization", "host", "x-amz-date", "x-amz-security-token", "content-length"] {
        assert_eq!(header(&arrived, ours), None, "{ours}");
    }
    assert_eq!(
        bench.written(),
        [("dynamodb:PutItem".to_owned(), "*".to_owned(), None)],
        "a change in the operator's name has its row"
    );
}

#[tokio::test]
async fn what_is_about_the_callers_connection_stays_here() {
    let bench = Bench::new();
    let mut request = sign_elsewhere(&dynamodb("{}"));
    for (name, value) in [
        ("connection", "keep-alive, x-own"),
        ("x-own", "1"),
        ("te", "trailers"),
        ("expect", "100-continue"),
        ("x-forwarded-for", "10.0.0.1"),
        ("user-agent", "aws-cli/2"),
        ("x-amzn-trace-id", "Root=1"),
    ] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    assert_eq!(bench.house.send(request).await.status, 200);
    let arrived = bench.arrived();
    let names: Vec<&str> = arrived.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!((header(&arrived, "user-agent"), header(&arrived, "x-amzn-trace-id")), (Some("aws-cli/2"), Some("Root=1")));
}

#[tokio::test]
async fn buckets_in_the_path_and_bodies_that_the_signature_names_are_sent_on() {
    let bench = Bench::new();
    let hash = sha256("hello");
    for payload in [hash.as_str(), UNSIGNED, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"] {
        let reply = bench.send(&s3("PUT", "/photos/a%20b/%C3%A9.txt", "hello", payload)).await;
        assert_eq!(reply.status, 200, "{payload}: {}", reply.text);
        let arrived = bench.arrived();
        assert_eq!((arrived.line.as_str(), &arrived.body[..]), ("PUT /photos/a%20b/%C3%A9.txt", &b"hello"[..]));
        assert_eq!(arrived.payload, Payload::Named(payload.to_owned()));
    }
    let listed = Elsewhere { query: "list-type=2&prefix=a%2Fb", ..s3("GET", "/photos", "", UNSIGNED) };
    assert_eq!(bench.send(&listed).await.status, 200);
    assert_eq!(bench.arrived().line, "GET /photos?list-type=2&prefix=a%2Fb");
    assert_eq!(bench.send(&s3("GET", "/", "", UNSIGNED)).await.status, 200, "all buckets are asked for at the root");
    assert_eq!(bench.arrived().line, "GET /");
    let rows: Vec<String> = bench.written().into_iter().map(|(action, resource, _)| format!("{action} {resource}")).collect();
    assert_eq!(rows, ["s3:PutObject arn:aws:s3:::photos/a b/é.txt"; 3], "reading has no row");
}

#[tokio::test]
async fn reading_has_a_row_where_somebody_wants_it() {
    let bench = Bench::of(AuditedReads::All, None);
    bench.send(&s3("GET", "/photos/a", "", UNSIGNED)).await;
    assert_eq!(bench.written(), [("s3:GetObject".to_owned(), "arn:aws:s3:::photos/a".to_owned(), None)]);
}

#[tokio::test]
async fn a_path_with_encoded_letters_is_signed_twice_encoded_elsewhere_than_in_s3() {
    let bench = Bench::new();
    let path = ("/2015-03-31/functions/a%3Ab/invocations", "/2015-03-31/functions/a%253Ab/invocations");
    let order = Order { target: None, ..order("", "lambda", "{}") };
    let call = Elsewhere { order, method: "POST", path, query: "", headers: &[], payload: None };
    let reply = bench.send(&call).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(bench.arrived().line, "POST /2015-03-31/functions/a%3Ab/invocations");
    let reply = bench.send(&Elsewhere { path: (path.0, path.0), ..call }).await;
    assert_eq!(reply.status, 403, "{}", reply.text);
}

#[tokio::test]
async fn a_body_that_is_not_what_was_signed_does_not_arrive() {
    let bench = Bench::new();
    let mut request = sign_elsewhere(&s3("PUT", "/photos/a", "hello", &sha256("hello")));
    *request.body_mut() = Body::from("jello");
    let reply = bench.house.send(request).await;
    assert_eq!(reply.status, 403, "{}", reply.text);
    assert!(reply.text.contains("<Code>SignatureDoesNotMatch</Code>") && reply.text.contains("SHA-256"), "{}", reply.text);
    let mut request = sign_elsewhere(&dynamodb("{}"));
    *request.body_mut() = Body::from("[]");
    assert_eq!(bench.house.send(request).await.fault().0, "InvalidSignatureException");
    assert_eq!(bench.upstreams.take(), []);
}

#[tokio::test]
async fn what_a_form_calls_is_read_also_where_the_request_names_its_hash() {
    let bench = Bench::new();
    let (key, secret) = bench.user("publisher", "Allow", "sns:Publish", "*").await;
    for (action, status) in [("Publish", 200), ("DeleteTopic", 403)] {
        let body = format!("Action={action}&Version=2010-03-31");
        let hash = sha256(&body);
        let order = Order { target: None, key: &key, secret: &secret, ..order("", "sns", &body) };
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let call = Elsewhere { order, method: "POST", path: ("/", "/"), query: "", headers: &headers, payload: Some(&hash) };
        let reply = bench.send(&call).await;
        assert_eq!(reply.status, status, "{}", reply.text);
    }
    assert_eq!(bench.arrived().body, "Action=Publish&Version=2010-03-31");
}

/// Changes a signed request.
type Change = fn(&mut Request<Body>);

#[tokio::test]
async fn a_signature_that_proves_nothing_is_refused_in_the_words_of_the_service() {
    let bench = Bench::new();
    let stranger = Order { key: "AKIDSTRANGER", ..s3("GET", "/b00/k", "", UNSIGNED).order };
    let reply = bench.send(&Elsewhere { order: stranger, ..s3("GET", "/b00/k", "", UNSIGNED) }).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text.contains("<Error><Code>InvalidAccessKeyId</Code>"), "{}", reply.text);
    let changes: [(Change, &str, &str); 9] = [
        (
            |request| drop(request.headers_mut().insert("x-amz-acl", "public-read".parse().unwrap())),
            "SignatureDoesNotMatch",
            "x-amz-acl&apos; must be",
        ),
        (|request| *request.uri_mut() = "/b00/other".parse().unwrap(), "SignatureDoesNotMatch", "does not match"),
        (|request| *request.uri_mut() = "/b00/k?acl".parse().unwrap(), "SignatureDoesNotMatch", "does not match"),
        (|request| *request.method_mut() = http::Method::DELETE, "SignatureDoesNotMatch", "does not match"),
        (|request| drop(request.headers_mut().insert("host", "other".parse().unwrap())), "SignatureDoesNotMatch", "does not match"),
        (|request| change_signature(request.headers_mut(), "Signature=", "Signature=0"), "SignatureDoesNotMatch", "does not match"),
        (|request| change_signature(request.headers_mut(), "host;", ""), "SignatureDoesNotMatch", "&apos;host&apos; must be"),
        (
            |request| change_signature(request.headers_mut(), ", Signature=", ", X="),
            "AuthorizationHeaderMalformed",
            "&apos;Signature&apos;",
        ),
        (
            |request| drop(request.headers_mut().insert("x-amz-date", "20270115T070000Z".parse().unwrap())),
            "SignatureDoesNotMatch",
            "expired",
        ),
    ];
    for (change, code, words) in changes {
        let mut request = sign_elsewhere(&s3("GET", "/b00/k", "", UNSIGNED));
        change(&mut request);
        let reply = bench.house.send(request).await;
        assert!(reply.text.contains(&format!("<Code>{code}</Code>")) && reply.text.contains(words), "{words}: {}", reply.text);
    }
    assert_eq!(bench.upstreams.take(), []);
}

fn change_signature(headers: &mut HeaderMap, from: &str, to: &str) {
    let text = headers["authorization"].to_str().unwrap().replace(from, to);
    headers.insert("authorization", text.parse().unwrap());
}

#[tokio::test]
async fn ways_of_signing_that_cannot_be_sent_on_are_refused_by_their_names() {
    let bench = Bench::new();
    for (payload, words) in [
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "pieces are signed one by one"),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "pieces are signed one by one"),
        ("nonsense", "64 small hexadecimal digits"),
    ] {
        let reply = bench.send(&s3("PUT", "/b00/k", "x", payload)).await;
        assert_eq!(reply.status, 400, "{}", reply.text);
        assert!(reply.text.contains("<Code>AuthorizationHeaderMalformed</Code>") && reply.text.contains(words), "{}", reply.text);
    }
    let presigned = "/b00/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20270115%2Fus-east-1%2Fs3%2Faws4_request\
                     &X-Amz-Date=20270115T080000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
    for presigned in [presigned, "/b00/k?AWSAccessKeyId=AKIDEXAMPLE&Signature=x%3D&Expires=1800000000"] {
        let reply = bench.house.send(Request::get(presigned).body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, 400, "{}", reply.text);
        assert!(reply.text.contains("presigned") && reply.text.contains("<Error><Code>"), "{}", reply.text);
    }
    assert_eq!(bench.upstreams.take(), []);
}

#[tokio::test]
async fn nobody_but_root_may_what_no_policy_allows_and_a_denial_has_its_row() {
    let bench = Bench::new();
    let (key, secret) = bench.user("reader", "Allow", "s3:GetObject", "arn:aws:s3:::photos/*").await;
    let as_user = |call: Elsewhere<'static>| {
        let (key, secret) = (key.clone(), secret.clone());
        let bench = &bench;
        async move { bench.send(&Elsewhere { order: Order { key: &key, secret: &secret, ..call.order.clone() }, ..call }).await }
    };
    assert_eq!(as_user(s3("GET", "/photos/a", "", UNSIGNED)).await.status, 200);
    let copy = Elsewhere { headers: &[("x-amz-copy-source", "secrets/a")], ..s3("PUT", "/photos/a", "", UNSIGNED) };
    for (call, action, resource) in [
        (s3("GET", "/secrets/a", "", UNSIGNED), "s3:GetObject", "arn:aws:s3:::secrets/a"),
        (s3("PUT", "/photos/a", "", UNSIGNED), "s3:PutObject", "arn:aws:s3:::photos/a"),
        (copy, "s3:PutObject", "arn:aws:s3:::photos/a"),
        (s3("GET", "/photos", "", UNSIGNED), "s3:ListBucket", "arn:aws:s3:::photos"),
    ] {
        let reply = as_user(call).await;
        assert_eq!(reply.status, 403, "{}", reply.text);
        let sentence = format!(
            "User: arn:aws:iam::000000000000:user/reader is not authorized to perform: {action} on resource: {resource} because no identity-based policy \
             allows the {action} action"
        );
        assert!(reply.text.contains(&sentence) && reply.text.contains("<Code>AccessDenied</Code>"), "{}", reply.text);
    }
    let reply = as_user(dynamodb("{}")).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (400, "AccessDeniedException"));
    let reply = as_user(Elsewhere { query: "torrent=", ..s3("GET", "/photos/a", "", UNSIGNED) }).await;
    assert!(reply.text.contains("which operation of s3 this is cannot be told"), "{}", reply.text);
    assert_eq!(bench.upstreams.take().len(), 1);
    let rows = bench.written();
    assert_eq!(rows.len(), 6, "{rows:?}");
    assert!(rows.iter().all(|(_, _, fault)| fault.as_deref() == Some("AccessDenied")), "{rows:?}");
    assert_eq!(rows[5].0, "s3:Unknown");
}

#[tokio::test]
async fn a_denied_bucket_is_denied_also_as_the_source_of_a_copy() {
    let bench = Bench::new();
    let (key, secret) = bench.user("most", "Deny", "s3:*", "arn:aws:s3:::secrets/*").await;
    for (source, status) in [("photos/b", 200), ("secrets/b", 403), ("/secrets%2Fb", 403), ("secrets/b?versionId=1", 403)] {
        let headers = [("x-amz-copy-source", source)];
        let call = Elsewhere { headers: &headers, ..s3("PUT", "/photos/a", "", UNSIGNED) };
        let reply = bench.send(&Elsewhere { order: Order { key: &key, secret: &secret, ..call.order.clone() }, ..call }).await;
        assert_eq!(reply.status, status, "{source}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_denied_table_denies_the_operation_because_which_table_is_meant_is_in_the_input() {
    let bench = Bench::new();
    let (key, secret) =
        bench.user("writer", "Deny", "dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:000000000000:table/prod").await;
    let call = dynamodb(r#"{"TableName":"prod"}"#);
    let reply = bench.send(&Elsewhere { order: Order { key: &key, secret: &secret, ..call.order.clone() }, ..call }).await;
    assert!(reply.fault().1.contains("with an explicit deny in an identity-based policy"), "{}", reply.text);
    let (key, secret) =
        bench.user("other", "Deny", "dynamodb:DeleteTable", "arn:aws:dynamodb:us-east-1:000000000000:table/prod").await;
    let call = dynamodb("{}");
    let reply = bench.send(&Elsewhere { order: Order { key: &key, secret: &secret, ..call.order.clone() }, ..call }).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[tokio::test]
async fn every_object_of_many_that_are_deleted_at_once_is_asked_for() {
    let bench = Bench::new();
    let (key, secret) = bench.user("cleaner", "Allow", "s3:DeleteObject", "arn:aws:s3:::photos/old/*").await;
    for (keys, status) in [(&["old/a", "old/b"][..], 200), (&["old/a", "new/b"], 403), (&["old/../new/b"], 403)] {
        let objects: String = keys.iter().map(|key| format!("<Object><Key>{key}</Key></Object>")).collect();
        let body = format!("<Delete>{objects}</Delete>");
        let hash = sha256(&body);
        let order = Order { target: None, key: &key, secret: &secret, ..order("", "s3", &body) };
        let call = Elsewhere { order, query: "delete=", ..s3("POST", "/photos", "", &hash) };
        let reply = bench.send(&call).await;
        assert_eq!(reply.status, status, "{keys:?}: {}", reply.text);
    }
    assert_eq!(bench.arrived().line, "POST /photos?delete=");
    let written = bench.written();
    let sent: Vec<&str> =
        written.iter().filter(|(_, _, fault)| fault.is_none()).map(|(_, resource, _)| resource.as_str()).collect();
    assert_eq!(sent, ["arn:aws:s3:::photos/old/a", "arn:aws:s3:::photos/old/b"], "each has its row");
}

#[tokio::test]
async fn root_may_what_cannot_be_told_and_another_account_nothing() {
    let bench = Bench::new();
    let rare = Elsewhere { query: "torrent=", ..s3("GET", "/photos/a", "", UNSIGNED) };
    assert_eq!(bench.send(&rare).await.status, 200);
    let foreign = Order { key: "AKIDFOREIGN", secret: SECRET, ..rare.order.clone() };
    let reply = bench.send(&Elsewhere { order: foreign, ..s3("GET", "/photos/a", "", UNSIGNED) }).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text.contains("only account 000000000000 may make them, not 111111111111"), "{}", reply.text);
    assert_eq!(bench.upstreams.take().len(), 1);
}

#[tokio::test]
async fn root_is_asked_for_too_so_that_a_guard_policy_binds_what_is_sent_on() {
    let bench = Bench::of(AuditedReads::Denied, Some("dynamodb:PutItem"));
    let reply = bench.send(&dynamodb("{}")).await;
    assert_eq!(reply.fault(), ("AccessDeniedException".to_owned(), "dynamodb:PutItem on * is denied.".to_owned()));
    assert_eq!(bench.send(&s3("PUT", "/photos/a", "", UNSIGNED)).await.status, 200);
    assert_eq!(bench.arrived().service, "s3");
}

#[tokio::test]
async fn without_a_place_a_sentence_says_what_is_here_and_what_to_set() {
    let house = House::new();
    let form = Order { target: None, ..order("", "sns", "Action=Publish&Version=2010-03-31") };
    let reply = house.send(sign(&form)).await;
    assert_eq!((reply.status, reply.headers["content-type"].to_str().unwrap()), (400, "text/xml"));
    assert!(reply.text.contains("<ErrorResponse") && reply.text.contains("<Code>InvalidAction</Code>"), "{}", reply.text);
    let sentence = "sns is not available here: this platform is apprunner, ecr, logs, iam, servicequotas, sts, secretsmanager, ssm, cloudtrail, outrunner. \
                    Whoever runs it can have calls of sns sent on: outrunner serve --upstream sns=URL --upstream-keys KEYS.";
    assert!(reply.text.contains(sentence), "{}", reply.text);
    let reply = house.send(sign_elsewhere(&dynamodb("{}"))).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (400, "UnknownOperationException"));
    assert_eq!(reply.headers["content-type"], "application/x-amz-json-1.0");
    let reply = house.send(sign_elsewhere(&s3("GET", "/photos/a", "", UNSIGNED))).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("<Error><Code>NotImplemented</Code><Message>s3 is not available here"), "{}", reply.text);
    let order = Order { target: None, ..order("", "lambda", "") };
    let call = Elsewhere {
        order,
        method: "GET",
        path: ("/2015-03-31/functions", "/2015-03-31/functions"),
        query: "",
        headers: &[],
        payload: None,
    };
    let reply = house.send(sign_elsewhere(&call)).await;
    assert_eq!((reply.status, reply.headers["x-amzn-errortype"].to_str().unwrap()), (400, "UnknownOperationException"));
    assert!(reply.json()["message"].as_str().unwrap().starts_with("lambda is not available here"), "{}", reply.text);
    let forwarding = Bench::new();
    let reply = forwarding.send(&Elsewhere { order: Order { service: "kinesis", ..call.order.clone() }, ..call }).await;
    assert!(reply.text.contains("Calls of dynamodb, ec2, lambda, monitoring, route53, s3, sns are sent on."), "{}", reply.text);
}

#[tokio::test]
async fn a_place_that_does_not_answer_is_a_fault_that_clients_try_again_after() {
    let bench = Bench::new();
    bench.upstreams.refuse("https://a.test cannot be reached: nobody listens.");
    let reply = bench.send(&dynamodb("{}")).await;
    assert_eq!(
        (reply.status, reply.fault()),
        (502, ("UpstreamUnavailableException".to_owned(), "https://a.test cannot be reached: nobody listens.".to_owned()))
    );
    let reply = bench.send(&s3("GET", "/photos/a", "", UNSIGNED)).await;
    assert_eq!(reply.status, 502);
    assert!(reply.text.contains("<Error><Code>UpstreamUnavailable</Code><Message>https://a.test cannot"), "{}", reply.text);
    // Root runs the platform. Nobody else learns what is where.
    let (key, secret) = bench.user("reader", "Allow", "s3:GetObject", "arn:aws:s3:::photos/*").await;
    let read = s3("GET", "/photos/a", "", UNSIGNED);
    let reply = bench.send(&Elsewhere { order: Order { key: &key, secret: &secret, ..read.order.clone() }, ..read }).await;
    assert_eq!(reply.status, 502);
    assert!(reply.text.contains("in its log") && !reply.text.contains("a.test"), "{}", reply.text);
    let form = Order { target: None, ..order("", "sns", "Action=Publish&Version=2010-03-31") };
    let reply = bench.house.send(sign(&form)).await;
    assert_eq!(reply.status, 502);
    assert!(reply.text.contains("<Type>Receiver</Type><Code>UpstreamUnavailable</Code>"), "{}", reply.text);
    let form = Order { target: None, ..order("", "ec2", "Action=DescribeInstances&Version=2016-11-15") };
    let reply = bench.house.send(sign(&form)).await;
    assert!(reply.text.contains("<Response><Errors><Error><Code>UpstreamUnavailable</Code>"), "{}", reply.text);
    let order = Order { target: None, ..order("", "route53", "") };
    let zones = Elsewhere {
        order,
        method: "GET",
        path: ("/2013-04-01/hostedzone", "/2013-04-01/hostedzone"),
        query: "",
        headers: &[],
        payload: None,
    };
    let reply = bench.send(&zones).await;
    assert!(reply.text.contains("<ErrorResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">"), "{}", reply.text);
}

#[tokio::test]
async fn what_is_no_call_at_all_is_told_what_is_where() {
    let house = House::new();
    for path in ["/favicon.ico", "/photos/a", "/v3/", "/2015-03-31/functions"] {
        let reply = house.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.text.starts_with("This is Outrunner. The AWS API is at POST /"), "{}", reply.text);
    }
    let mut ours = sign(&order("AppRunner.ListServices", "apprunner", "{}"));
    *ours.uri_mut() = "/elsewhere".parse().unwrap();
    assert_eq!(house.send(ours).await.status, 404, "our own calls have no path");
}

#[tokio::test]
async fn a_call_that_is_held_whole_may_be_so_long_and_no_longer() {
    let bench = Bench::new();
    let mut request = sign_elsewhere(&dynamodb("{}"));
    request.headers_mut().insert("content-length", (16 * 1024 * 1024 + 1).to_string().parse().unwrap());
    let reply = bench.house.send(request).await;
    assert_eq!(reply.status, 413, "{}", reply.text);
    let mut request = sign_elsewhere(&s3("PUT", "/photos/a", "x", UNSIGNED));
    request.headers_mut().insert("content-length", (6_u64 << 30).to_string().parse().unwrap());
    let reply = bench.house.send(request).await;
    assert_eq!(reply.status, 413, "{}", reply.text);
    assert_eq!(bench.upstreams.take(), []);
}
