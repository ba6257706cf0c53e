//! What is refused before any handler is asked: strangers, bad names, missing permissions, wrong methods.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::account::{Region, Scope};
use model::audit::AuditQuery;
use model::port::Audit;
use model::repository::RepositoryKey;
use model::time::Timestamp;

use crate::house::{House, key, sha256, stranger};

#[tokio::test]
async fn the_base_answers_only_those_who_logged_in() {
    let house = House::open().await;
    for url in ["/v2", "/v2/"] {
        let reply = house.call("GET", url, &[], b"").await;
        assert_eq!(reply.expect(200).text(), "{}");
        house.call("HEAD", url, &[], b"").await.expect(200);
    }
    let challenge = format!(r#"Basic realm="http://{}/",service="ecr.amazonaws.com""#, house.address);
    let calls = [
        ("GET", "/v2/"),
        ("GET", "/v2/hello/tags/list"),
        ("POST", "/v2/hello/blobs/uploads/"),
        ("GET", "/v2/_catalog"),
        ("GET", "/v2/../x"),
    ];
    for (method, url) in calls {
        let reply = house.anonymous(method, url, &[], b"").await;
        assert_eq!(reply.expect_fault(401, "UNAUTHORIZED").header("www-authenticate"), challenge);
    }
    let basic = |pair: String| format!("Basic {}", STANDARD.encode(pair));
    for bad in [
        basic(format!("root:{}", house.password)),
        basic(format!("AWS:{}x", house.password)),
        basic("AWS:".to_owned()),
        basic(house.password.clone()),
        format!("Bearer {}", house.password),
        "Basic ".to_owned(),
    ] {
        let reply = house.anonymous("GET", "/v2/", &[("Authorization", &bad)], b"").await;
        reply.expect_fault(401, "UNAUTHORIZED");
        assert!(!reply.text().contains(&house.password), "no answer repeats a password");
    }
    house.clock.turn(Duration::from_secs(12 * 3600));
    house.call("GET", "/v2/", &[], b"").await.expect_fault(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn the_host_decides_the_account_and_region() {
    let house = House::open().await;
    let far = Scope { region: Region::parse("eu-west-3").unwrap(), ..key("hello").scope };
    house.create(&RepositoryKey { scope: far, name: key("far-away").name }).await;
    let cases = [
        ("localhost:4566", "hello", 200),
        ("registry.outrunner.localhost", "hello", 200),
        ("000000000000.dkr.ecr.us-east-1.amazonaws.com", "hello", 200),
        ("000000000000.dkr.ecr.us-east-1.amazonaws.com:8443", "hello", 200),
        ("localhost:4566", "far-away", 404),
        ("000000000000.dkr.ecr.eu-west-3.amazonaws.com", "far-away", 200),
        ("000000000000.dkr.ecr.eu-west-3.amazonaws.com", "hello", 404),
    ];
    for (host, repository, status) in cases {
        let reply = house.call("GET", &format!("/v2/{repository}/tags/list"), &[("Host", host)], b"").await;
        assert_eq!(reply.status, status, "{repository} at {host}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_login_is_good_for_the_registries_of_all_accounts_whose_policies_let_it_in() {
    let house = House::open().await;
    let shared = RepositoryKey { scope: Scope { account: stranger(), ..key("hello").scope }, name: key("shared").name };
    house.create(&shared).await;
    let host = format!("{}.dkr.ecr.us-east-1.amazonaws.com", stranger());
    let at_theirs = [("Host", host.as_str())];
    house.call("GET", "/v2/", &at_theirs, b"").await.expect(200);
    house.take_asked();
    house.call("GET", "/v2/shared/tags/list", &at_theirs, b"").await.expect(200);
    assert_eq!(house.take_asked(), [format!("ecr:ListImages on {}", shared.arn())], "asked as everybody is, of their repository");
    house.call("GET", "/v2/hello/tags/list", &at_theirs, b"").await.expect_fault(404, "NAME_UNKNOWN");
    house.call("GET", "/v2/shared/tags/list", &[], b"").await.expect_fault(404, "NAME_UNKNOWN");
    house.forbid("ecr:ListImages");
    house.call("GET", "/v2/shared/tags/list", &at_theirs, b"").await.expect_fault(403, "DENIED");
}

#[tokio::test]
async fn names_methods_and_places_that_mean_nothing_are_refused() {
    let house = House::open().await;
    let digest = sha256(b"anything");
    let upload = "0123456789abcdef0123456789abcdef";
    let cases = [
        ("GET", "/v2/../etc/manifests/passwd".to_owned(), 400, "NAME_INVALID"),
        ("GET", "/v2/%2e%2e/etc/manifests/passwd".to_owned(), 400, "NAME_INVALID"),
        ("GET", "/v2/hello%2fworld/tags/list".to_owned(), 400, "NAME_INVALID"),
        ("GET", "/v2/hello//tags/list".to_owned(), 400, "NAME_INVALID"),
        ("GET", "/v2/Hello/tags/list".to_owned(), 400, "NAME_INVALID"),
        ("PUT", "/v2/hel%00lo/manifests/v1".to_owned(), 400, "NAME_INVALID"),
        ("POST", "/v2/hello/../../blobs/uploads/".to_owned(), 400, "NAME_INVALID"),
        ("POST", format!("/v2/{}/blobs/uploads/", "a".repeat(257)), 400, "NAME_INVALID"),
        ("GET", "/v2/nowhere/tags/list".to_owned(), 404, "NAME_UNKNOWN"),
        ("GET", "/v2/nowhere/manifests/v1".to_owned(), 404, "NAME_UNKNOWN"),
        ("POST", "/v2/nowhere/blobs/uploads/".to_owned(), 404, "NAME_UNKNOWN"),
        ("PUT", "/v2/nowhere/manifests/v1".to_owned(), 404, "NAME_UNKNOWN"),
        ("GET", format!("/v2/nowhere/referrers/{digest}"), 404, "NAME_UNKNOWN"),
        ("GET", "/v2/_catalog".to_owned(), 404, "UNSUPPORTED"),
        ("GET", "/v2/hello/tags/list/more".to_owned(), 404, "UNSUPPORTED"),
        ("POST", "/v2/".to_owned(), 405, "UNSUPPORTED"),
        ("PUT", "/v2/hello/tags/list".to_owned(), 405, "UNSUPPORTED"),
        ("POST", "/v2/hello/manifests/v1".to_owned(), 405, "UNSUPPORTED"),
        ("PUT", format!("/v2/hello/blobs/{digest}"), 405, "UNSUPPORTED"),
        ("GET", "/v2/hello/blobs/uploads/".to_owned(), 405, "UNSUPPORTED"),
        ("POST", format!("/v2/hello/blobs/uploads/{upload}"), 405, "UNSUPPORTED"),
        ("DELETE", format!("/v2/hello/referrers/{digest}"), 405, "UNSUPPORTED"),
        ("OPTIONS", "/v2/hello/tags/list".to_owned(), 405, "UNSUPPORTED"),
        ("GET", "/v2/hello/blobs/sha256:12".to_owned(), 400, "DIGEST_INVALID"),
        ("GET", "/v2/hello/referrers/v1".to_owned(), 400, "DIGEST_INVALID"),
        ("GET", "/v2/hello/manifests/v1".to_owned(), 404, "MANIFEST_UNKNOWN"),
        ("GET", "/v2/hello/manifests/.INVALID".to_owned(), 404, "MANIFEST_UNKNOWN"),
        ("PUT", "/v2/hello/manifests/.INVALID".to_owned(), 400, "TAG_INVALID"),
        ("DELETE", "/v2/hello/manifests/v1".to_owned(), 404, "MANIFEST_UNKNOWN"),
        ("GET", format!("/v2/hello/blobs/{digest}"), 404, "BLOB_UNKNOWN"),
        ("DELETE", format!("/v2/hello/blobs/{digest}"), 404, "BLOB_UNKNOWN"),
        ("PATCH", format!("/v2/hello/blobs/uploads/{upload}"), 404, "BLOB_UPLOAD_UNKNOWN"),
        ("GET", format!("/v2/hello/blobs/uploads/{upload}"), 404, "BLOB_UPLOAD_UNKNOWN"),
        ("DELETE", format!("/v2/hello/blobs/uploads/{upload}"), 404, "BLOB_UPLOAD_UNKNOWN"),
        ("PUT", format!("/v2/hello/blobs/uploads/{upload}?digest={digest}"), 404, "BLOB_UPLOAD_UNKNOWN"),
        ("GET", "/v2/hello/blobs/uploads/..%2e".to_owned(), 404, "BLOB_UPLOAD_UNKNOWN"),
        ("GET", "/v2/hello/tags/list?n=x".to_owned(), 400, "UNSUPPORTED"),
        ("GET", "/v2/hello/tags/list?n=-1".to_owned(), 400, "UNSUPPORTED"),
    ];
    for (method, url, status, code) in cases {
        house.call(method, &url, &[], b"").await.expect_fault(status, code);
    }
    let reply = house.call("GET", "/v2/nowhere/tags/list", &[], b"").await;
    assert!(reply.text().contains("The repository with name 'nowhere' does not exist in the registry with id '000000000000'"));
    assert_eq!(house.call("PUT", "/v2/hello/tags/list", &[], b"").await.header("allow"), "GET, HEAD");
}

#[tokio::test]
async fn every_call_asks_for_the_permissions_that_ecr_asks_for() {
    let house = House::open().await;
    let digest = sha256(b"anything");
    let upload = "0123456789abcdef0123456789abcdef";
    let cases: [(&str, String, &[&str]); 15] = [
        ("GET", "/v2/hello/manifests/v1".to_owned(), &["ecr:BatchGetImage"]),
        ("HEAD", "/v2/hello/manifests/v1".to_owned(), &["ecr:BatchGetImage"]),
        ("PUT", "/v2/hello/manifests/v1".to_owned(), &["ecr:PutImage"]),
        ("DELETE", "/v2/hello/manifests/v1".to_owned(), &["ecr:BatchDeleteImage"]),
        ("GET", format!("/v2/hello/blobs/{digest}"), &["ecr:GetDownloadUrlForLayer"]),
        ("HEAD", format!("/v2/hello/blobs/{digest}"), &["ecr:BatchCheckLayerAvailability", "ecr:PutImage"]),
        ("DELETE", format!("/v2/hello/blobs/{digest}"), &["ecr:BatchDeleteImage"]),
        ("POST", "/v2/hello/blobs/uploads/".to_owned(), &["ecr:InitiateLayerUpload"]),
        (
            "POST",
            format!("/v2/hello/blobs/uploads/?digest={digest}"),
            &["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"],
        ),
        ("GET", format!("/v2/hello/blobs/uploads/{upload}"), &["ecr:UploadLayerPart"]),
        ("PATCH", format!("/v2/hello/blobs/uploads/{upload}"), &["ecr:UploadLayerPart"]),
        ("PUT", format!("/v2/hello/blobs/uploads/{upload}?digest={digest}"), &["ecr:UploadLayerPart", "ecr:CompleteLayerUpload"]),
        ("DELETE", format!("/v2/hello/blobs/uploads/{upload}"), &["ecr:UploadLayerPart"]),
        ("GET", "/v2/hello/tags/list".to_owned(), &["ecr:ListImages"]),
        ("GET", format!("/v2/hello/referrers/{digest}"), &["ecr:ListImageReferrers"]),
    ];
    for (method, url, actions) in &cases {
        house.call(method, url, &[], b"").await;
        let expected: Vec<String> = actions.iter().map(|action| format!("{action} on {}", key("hello").arn())).collect();
        assert_eq!(house.take_asked(), expected, "{method} {url}");
    }
    // One who may only read asks whether a blob is there, too.
    house.forbid("ecr:PutImage");
    let there = house.push_blob("hello", b"a layer").await;
    house.call("HEAD", &format!("/v2/hello/blobs/{there}"), &[], b"").await.expect(200);
    let everything = ["ecr:BatchGetImage", "ecr:PutImage", "ecr:BatchDeleteImage", "ecr:GetDownloadUrlForLayer", "ecr:ListImages"];
    let more = ["ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:ListImageReferrers"];
    everything.iter().chain(&more).for_each(|action| house.forbid(action));
    for (method, url, _) in cases.iter().filter(|(method, ..)| *method != "HEAD") {
        let reply = house.call(method, url, &[], b"").await;
        assert!(reply.expect_fault(403, "DENIED").text().contains("The test does not allow ecr:"));
    }
    house.call("GET", "/v2/nowhere/tags/list", &[], b"").await.expect_fault(403, "DENIED");
}

#[tokio::test]
async fn what_is_denied_is_in_the_audit_log_and_what_is_pulled_is_not() {
    let house = House::open().await;
    house.call("GET", "/v2/hello/tags/list", &[], b"").await.expect(200);
    house.forbid("ecr:ListImages");
    house.call("GET", "/v2/hello/tags/list", &[("User-Agent", "a client")], b"").await.expect_fault(403, "DENIED");
    let query = AuditQuery {
        scope: key("hello").scope,
        from: Timestamp::from_millis(0),
        until: Timestamp::from_millis(i64::MAX),
        sought: None,
        before: None,
        events_max: 9,
    };
    let events = house.audit.look_up(&query).await.unwrap().events;
    let [event] = &events[..] else { panic!("{events:?}") };
    let entry = &event.entry;
    assert_eq!((entry.row.action.as_str(), entry.row.resource.clone()), ("ecr:ListImages", key("hello").arn()));
    assert_eq!(entry.fault.as_deref(), Some("AccessDeniedException"));
    assert_eq!(entry.row.caller.origin.as_ref().and_then(|origin| origin.agent.as_deref()), Some("a client"));
}
