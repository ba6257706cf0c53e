//! What the door does with requests before anybody reads them.

use crate::{
    house::{House, order},
    signer::sign,
};
use http::Request;

#[tokio::test]
async fn an_operation_that_is_not_offered_is_unknown_and_never_pretended() {
    let house = House::new();
    for (target, service) in [
        ("AppRunner.DescribeOperation", "apprunner"),
        ("AppRunner.Nonsense", "apprunner"),
        ("AmazonEC2ContainerRegistry_V20150921.PutReplicationConfiguration", "ecr"),
        ("Logs_20140328.PutMetricFilter", "logs"),
        ("secretsmanager.ReplicateSecretToRegions", "secretsmanager"),
        ("AmazonSSM.CreateDocument", "ssm"),
        ("Unheard.Of", "apprunner"),
        ("", "apprunner"),
    ] {
        let reply = house.order(&order(target, service, "{}")).await;
        assert_eq!((reply.status, reply.fault().0.as_str()), (400, "UnknownOperationException"), "{target}");
    }
    let reply = house.send(Request::post("/").body("hello".into()).expect("a request")).await;
    assert_eq!(reply.fault().0, "UnknownOperationException");
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let house = House::new();
    let mut seen = Vec::new();
    for target in ["AppRunner.ListServices", "AppRunner.Nonsense", "AppRunner.DescribeService"] {
        let reply = house.order(&order(target, "apprunner", "{}")).await;
        let id = reply.headers["x-amzn-requestid"].to_str().expect("ASCII").to_owned();
        let dashes: Vec<usize> = id.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!((id.len(), dashes, &id[14..15]), (36, vec![8, 13, 18, 23], "4"), "{id}");
        assert!(!seen.contains(&id));
        seen.push(id);
    }
}

#[tokio::test]
async fn a_body_of_a_mebibyte_is_read_and_one_byte_more_is_not() {
    let house = House::new();
    let fits = format!("{{\"x\":\"{}\"}}", "y".repeat(1024 * 1024 - 8));
    assert_eq!(fits.len(), 1024 * 1024);
    let reply = house.raw("ListServices", &fits).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let reply = house.raw("ListServices", &format!("{fits} ")).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (413, "RequestEntityTooLargeException"));
    assert_eq!(reply.headers["connection"], "close");
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_refused_before_it_is_read() {
    let house = House::new();
    let mut request = sign(&order("AppRunner.ListServices", "apprunner", "{}"));
    request.headers_mut().insert("content-length", "1048577".parse().expect("a header value"));
    *request.body_mut() = axum::body::Body::new(Never);
    let reply = house.send(request).await;
    assert_eq!(reply.status, 413, "{}", reply.text);
    assert_eq!(reply.headers["connection"], "close");
    assert!(reply.headers.contains_key("x-amzn-requestid"));
}

/// A body that must not be read.
struct Never;

impl http_body::Body for Never {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        panic!("the body was read")
    }
}
