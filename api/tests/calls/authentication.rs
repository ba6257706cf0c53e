//! Who may come in, and what those read who may not.

use crate::{
    house::{House, NOW, order},
    signer::{KEY, Order, sign},
};
use http::header::AUTHORIZATION;
use std::time::Duration;

fn list_services() -> Order<'static> {
    order("AppRunner.ListServices", "apprunner", "{}")
}

fn identity() -> Order<'static> {
    Order { service: "sts", target: None, body: "Action=GetCallerIdentity&Version=2011-06-15", ..list_services() }
}

/// Both protocols refuse the same request, each in its own words.
async fn check(change: impl Fn(Order<'static>) -> Order<'static>, json: &str, query: &str, query_status: u16) {
    let house = House::new();
    let reply = house.order(&change(list_services())).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (400, json), "{}", reply.text);
    assert_eq!(reply.headers["content-type"], "application/x-amz-json-1.0");
    let reply = house.order(&change(identity())).await;
    assert_eq!(reply.status, query_status, "{}", reply.text);
    assert!(reply.text.contains(&format!("<Code>{query}</Code>")), "{}", reply.text);
    assert_eq!(reply.headers["content-type"], "text/xml");
}

#[tokio::test]
async fn an_unknown_access_key_is_not_let_in() {
    let change = |order: Order<'static>| Order { key: "AKIDSTRANGER", ..order };
    check(change, "UnrecognizedClientException", "InvalidClientTokenId", 403).await;
}

#[tokio::test]
async fn a_wrong_secret_is_not_let_in() {
    let change = |order: Order<'static>| Order { secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEX", ..order };
    check(change, "InvalidSignatureException", "SignatureDoesNotMatch", 403).await;
}

#[tokio::test]
async fn a_request_signed_for_another_service_is_not_let_in() {
    let change = |order: Order<'static>| Order { service: "s3", ..order };
    check(change, "InvalidSignatureException", "SignatureDoesNotMatch", 403).await;
}

#[tokio::test]
async fn a_request_signed_six_minutes_ago_is_not_let_in() {
    let change = |order: Order<'static>| Order { date: "20270115T075400Z", ..order };
    check(change, "InvalidSignatureException", "SignatureDoesNotMatch", 403).await;
}

#[tokio::test]
async fn a_clock_within_five_minutes_is_let_in_either_way() {
    let house = House::new();
    for date in ["20270115T075501Z", NOW, "20270115T080500Z"] {
        let reply = house.order(&Order { date, ..list_services() }).await;
        assert_eq!(reply.status, 200, "{date}: {}", reply.text);
    }
    house.clock.turn(Duration::from_secs(301));
    let reply = house.order(&list_services()).await;
    let (code, words) = reply.fault();
    assert_eq!(code, "InvalidSignatureException");
    assert!(words.starts_with("Signature expired: 20270115T080000Z is now earlier than"), "{words}");
}

#[tokio::test]
async fn a_request_without_a_signature_is_not_let_in() {
    let house = House::new();
    let mut request = sign(&list_services());
    request.headers_mut().remove(AUTHORIZATION);
    let reply = house.send(request).await;
    assert_eq!(reply.fault().0, "MissingAuthenticationTokenException");
    let mut request = sign(&identity());
    request.headers_mut().remove(AUTHORIZATION);
    let reply = house.send(request).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text.contains("<Code>MissingAuthenticationToken</Code>"), "{}", reply.text);
}

#[tokio::test]
async fn a_malformed_signature_is_incomplete() {
    let house = House::new();
    for authorization in ["AWS4-HMAC-SHA256", "Basic QVdTOng=", "AWS4-HMAC-SHA256 Credential=x"] {
        let mut request = sign(&list_services());
        request.headers_mut().insert(AUTHORIZATION, authorization.parse().expect("a header value"));
        let reply = house.send(request).await;
        assert_eq!(reply.fault().0, "IncompleteSignatureException", "{authorization}");
    }
}

#[tokio::test]
async fn a_body_a_target_or_a_header_that_was_not_signed_is_not_let_in() {
    let house = House::new();
    let mut body = sign(&list_services());
    *body.body_mut() = "{ }".into();
    let mut target = sign(&list_services());
    target.headers_mut().insert("x-amz-target", "AppRunner.DeleteService".parse().expect("a header value"));
    let mut header = sign(&list_services());
    header.headers_mut().insert("x-amz-meta", "x".parse().expect("a header value"));
    for request in [body, target, header] {
        let reply = house.send(request).await;
        assert_eq!(reply.fault().0, "InvalidSignatureException", "{}", reply.text);
    }
}

#[tokio::test]
async fn a_session_token_that_was_never_given_out_is_not_let_in() {
    let house = House::new();
    let mut request = sign(&list_services());
    request.headers_mut().insert("x-amz-security-token", "token".parse().expect("a header value"));
    let reply = house.send(request).await;
    assert_eq!(reply.fault().0, "UnrecognizedClientException");
}

#[tokio::test]
async fn over_http_2_the_authority_is_the_host_that_was_signed() {
    let house = House::new();
    let mut request = sign(&list_services());
    request.headers_mut().remove("host");
    *request.uri_mut() = "http://127.0.0.1:4566/".parse().expect("a URI");
    assert_eq!(house.send(request).await.status, 200);
}

#[tokio::test]
async fn nobody_reaches_what_another_account_has() {
    let house = House::new();
    let arn = house.service("webs").await;
    let body = format!(r#"{{"ServiceArn":"{arn}"}}"#);
    for operation in ["DescribeService", "DeleteService", "ListOperations"] {
        let target = format!("AppRunner.{operation}");
        let reply = house.order(&Order { key: "AKIDFOREIGN", ..order(&target, "apprunner", &body) }).await;
        let (code, words) = reply.fault();
        assert_eq!(code, "AccessDeniedException");
        let wanted =
            format!("User: arn:aws:iam::111111111111:root is not authorized to perform: apprunner:{operation} on resource: {arn}");
        assert!(words.starts_with(&wanted), "{words}");
    }
    let reply = house.order(&Order { key: "AKIDFOREIGN", ..list_services() }).await;
    assert_eq!(reply.json()["ServiceSummaryList"], serde_json::json!([]));
    assert_eq!(
        house.order(&Order { key: KEY, ..list_services() }).await.json()["ServiceSummaryList"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn a_call_for_a_region_that_is_not_served_is_told_which_are_and_what_to_set() {
    let house = House::new();
    let arn = house.service("webs").await;
    let described = format!(r#"{{"ServiceArn":"{arn}"}}"#);
    let ecr = "AmazonEC2ContainerRegistry_V20150921";
    for (target, service, body, code) in [
        ("AppRunner.CreateService".to_owned(), "apprunner", "{}", "InvalidRequestException"),
        ("AppRunner.DescribeService".to_owned(), "apprunner", &described, "InvalidRequestException"),
        ("AppRunner.ListServices".to_owned(), "apprunner", "{}", "InvalidRequestException"),
        (format!("{ecr}.CreateRepository"), "ecr", r#"{"repositoryName":"hello"}"#, "InvalidParameterException"),
        (format!("{ecr}.GetAuthorizationToken"), "ecr", "{}", "InvalidParameterException"),
        ("Outrunner.ListEvents".to_owned(), "outrunner", &described, "InvalidRequestException"),
    ] {
        let elsewhere = Order { region: "eu-central-1", ..order(&target, service, body) };
        let reply = house.order(&elsewhere).await;
        let (found, words) = reply.fault();
        assert_eq!((reply.status, found.as_str()), (400, code), "{target}: {words}");
        let wanted = "This platform serves us-east-1, eu-west-1 only: the call was signed for eu-central-1.";
        assert!(words.starts_with(wanted) && words.contains("AWS_REGION"), "{words}");
        let stranger = house.order(&Order { key: "AKIDSTRANGER", ..elsewhere }).await;
        assert_eq!(stranger.fault().0, "UnrecognizedClientException", "who is not let in learns nothing of it");
    }
}

#[tokio::test]
async fn a_key_that_we_keep_wrongly_is_trouble_of_ours() {
    let house = House::new();
    let reply = house.order(&Order { key: "AKIDBROKEN", ..list_services() }).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (500, "InternalServiceErrorException"));
    let reply = house.order(&Order { key: "AKIDBROKEN", ..identity() }).await;
    assert_eq!(reply.status, 500);
    assert!(reply.text.contains("<Type>Receiver</Type><Code>InternalFailure</Code>"), "{}", reply.text);
}

#[tokio::test]
async fn every_protocol_has_the_same_window_for_a_replay() {
    let house = House::new();
    let calls = [
        order("AppRunner.ListServices", "apprunner", "{}"),
        order("AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "ecr", "{}"),
        identity(),
        Order { service: "iam", target: None, body: "Action=ListRoles&Version=2010-05-08", ..list_services() },
    ];
    // NOW is 08:00:00, a quarter of a second before the house's clock: five minutes before it, and after, are the last that are let in.
    for (date, let_in) in [
        ("20270115T075500Z", false),
        ("20270115T075501Z", true),
        ("20270115T080500Z", true),
        ("20270115T080501Z", false),
        ("20260115T080000Z", false),
        ("20280115T080000Z", false),
    ] {
        for call in &calls {
            let reply = house.order(&Order { date, ..call.clone() }).await;
            assert_eq!(reply.status == 200, let_in, "{date} {:?}: {}", call.target, reply.text);
            let named = reply.text.contains("InvalidSignatureException") || reply.text.contains("SignatureDoesNotMatch");
            assert_eq!(named, !let_in, "{date} {:?}: {}", call.target, reply.text);
        }
    }
    let again = house.order(&calls[0]).await;
    assert_eq!(again.status, 200, "within the window a request may come twice: clients retry");
}

#[tokio::test]
async fn ways_of_signing_that_are_not_offered_are_refused_by_their_names() {
    let house = House::new();
    let presigned = "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20270115\
                     %2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20270115T080000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
    for method in ["GET", "POST"] {
        let request = http::Request::builder().method(method).uri(presigned).body("".into()).expect("a request");
        let reply = house.send(request).await;
        assert_eq!(reply.status, 400, "{method}: {}", reply.text);
        assert!(reply.text.contains("<Code>IncompleteSignature</Code>"), "{method}: {}", reply.text);
        assert!(reply.text.contains("presigned") && reply.headers.contains_key("x-amzn-requestid"), "{method}: {}", reply.text);
    }
    for (hash, words) in [
        ("UNSIGNED-PAYLOAD", "must cover the body"),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "in pieces"),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "in pieces"),
    ] {
        let mut request = sign(&list_services());
        request.headers_mut().insert("x-amz-content-sha256", hash.parse().expect("a header value"));
        let (code, found) = house.send(request).await.fault();
        assert_eq!(code, "IncompleteSignatureException");
        assert!(found.contains(words), "{hash}: {found}");
    }
    let reply = house.send(http::Request::get("/").body("".into()).expect("a request")).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (400, "UnknownOperationException"), "a browser reads a sentence");
}
