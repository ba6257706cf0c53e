//! Upstreams of AWS services: what is sent arrives, what is answered comes back, and half a call is none.

use bytes::Bytes;

use crate::account::Region;
use crate::aws_upstream::{AwsCall, Payload};
use crate::port::AwsUpstreams;
use crate::refusal::RefusalKind;
use crate::testbed::images::{VecBody, collect};

/// SHA-256 of `hello`. Source: `printf hello | sha256sum`.
const HELLO_SHA256: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// A call of `service` whose body is `hello`, in two pieces.
fn call(service: &str, pieces: Vec<Result<Bytes, String>>) -> AwsCall {
    AwsCall {
        service: service.to_owned(),
        region: Region::parse("eu-west-1").expect("a region"),
        method: "PUT".to_owned(),
        path: "/bucket/a%20key?x=1".to_owned(),
        headers: vec![("content-type".to_owned(), Bytes::from_static(b"text/plain"))],
        payload: Payload::Named(HELLO_SHA256.to_owned()),
        body: Box::new(VecBody(pieces)),
        body_bytes: Some(5),
    }
}

fn hello() -> Vec<Result<Bytes, String>> {
    vec![Ok(Bytes::from_static(b"hel")), Ok(Bytes::from_static(b"lo"))]
}

/// All promises of the port. Behind `service` stands an echo: it answers 200 with `x-echo: <method> <path>` and the body that came. Answers how many
/// whole calls it was sent.
pub async fn aws_upstreams(upstreams: &dyn AwsUpstreams, service: &str) -> usize {
    let services = upstreams.services();
    assert!(services.contains(&service.to_owned()), "{services:?}");
    assert!(services.is_sorted(), "{services:?}");

    let answer = upstreams.send(call(service, hello())).await.unwrap().unwrap();
    assert_eq!(answer.status, 200);
    let echo = answer.headers.iter().find(|(name, _)| name == "x-echo").map(|(_, value)| value.clone());
    assert_eq!(echo.as_deref(), Some(&b"PUT /bucket/a%20key?x=1"[..]), "method, path and query arrive as they came");
    assert_eq!(collect(answer.body).await.unwrap(), b"hello", "the body goes and comes whole");

    let broken = vec![Ok(Bytes::from_static(b"hel")), Err("the caller is gone".to_owned())];
    assert!(upstreams.send(call(service, broken)).await.unwrap().is_err(), "half a body is no call");

    let refusal = upstreams.send(call("nobody", hello())).await.unwrap().err().expect("it has no place");
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    assert!(refusal.message.contains("nobody"), "{}", refusal.message);
    1
}
