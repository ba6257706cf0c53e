//! Uploads over the wire: whole, in chunks, streamed, mounted, cancelled, cut off.

use model::digest::Algorithm;
use registry::limit;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::house::{DEADLINE, House, digest_of, key, sha256};

#[tokio::test]
async fn one_post_uploads_a_whole_blob() {
    let house = House::open().await;
    for bytes in [&b"0123456789"[..], b""] {
        for digest in [digest_of(Algorithm::Sha256, bytes), digest_of(Algorithm::Sha512, bytes)] {
            let reply = house.call("POST", &format!("/v2/hello/blobs/uploads/?digest={digest}"), &[], bytes).await;
            assert_eq!(reply.expect(201).header("location"), format!("/v2/hello/blobs/{digest}"));
            assert_eq!(reply.header("docker-content-digest"), digest.as_str());
            let pulled = house.call("GET", reply.header("location"), &[], b"").await;
            assert_eq!(pulled.expect(200).body, bytes);
        }
    }
}

#[tokio::test]
async fn a_wrong_digest_leaves_nothing() {
    let house = House::open().await;
    let claimed = sha256(b"something else");
    let url = format!("/v2/hello/blobs/uploads/?digest={claimed}");
    house.call("POST", &url, &[], b"0123456789").await.expect_fault(400, "DIGEST_INVALID");
    house.call("HEAD", &format!("/v2/hello/blobs/{claimed}"), &[], b"").await.expect(404);
    let upload = house.begin("hello").await;
    house.call("PUT", &format!("{upload}?digest={claimed}"), &[], b"0123456789").await.expect_fault(400, "DIGEST_INVALID");
    house.call("GET", &upload, &[], b"").await.expect_fault(404, "BLOB_UPLOAD_UNKNOWN");
    for query in ["?digest=sha256:12", "?digest=md5:00", "?mount=sha256:12&from=other", "?digest-algorithm=md5"] {
        house.call("POST", &format!("/v2/hello/blobs/uploads/{query}"), &[], b"x").await.expect_fault(400, "DIGEST_INVALID");
    }
    let upload = house.begin("hello").await;
    house.call("PUT", &upload, &[], b"").await.expect_fault(400, "DIGEST_INVALID");
    house.call("GET", &upload, &[], b"").await.expect(204);
}

#[tokio::test]
async fn chunks_are_appended_in_order_and_closed_by_a_put() {
    let house = House::open().await;
    let digest = sha256(b"0123456789");
    for last in [&b""[..], b"789"] {
        let opened = house.call("POST", "/v2/hello/blobs/uploads/?digest-algorithm=sha256", &[], b"").await;
        let upload = opened.expect(202).header("location").to_owned();
        assert_eq!(opened.header("range"), "0-0");
        assert_eq!(upload, format!("/v2/hello/blobs/uploads/{}", opened.header("docker-upload-uuid")));
        let first = house.call("PATCH", &upload, &[("Content-Range", "0-3")], b"0123").await;
        assert_eq!((first.expect(202).header("range"), first.header("location")), ("0-3", upload.as_str()));
        let streamed = house.call("PATCH", &upload, &[("Transfer-Encoding", "chunked")], b"2\r\n45\r\n1\r\n6\r\n0\r\n\r\n").await;
        assert_eq!(streamed.expect(202).header("range"), "0-6");
        if last.is_empty() {
            assert_eq!(house.call("PATCH", &upload, &[], b"789").await.expect(202).header("range"), "0-9");
        }
        let status = house.call("GET", &upload, &[], b"").await;
        assert_eq!(status.expect(204).header("range"), if last.is_empty() { "0-9" } else { "0-6" });
        let range: &[(&str, &str)] = if last.is_empty() { &[] } else { &[("Content-Range", "7-9")] };
        let closed = house.call("PUT", &format!("{upload}?digest={digest}"), range, last).await;
        assert_eq!(closed.expect(201).header("docker-content-digest"), digest);
        assert_eq!(house.call("GET", closed.header("location"), &[], b"").await.text(), "0123456789");
        house.call("PATCH", &upload, &[], b"x").await.expect_fault(404, "BLOB_UPLOAD_UNKNOWN");
    }
}

#[tokio::test]
async fn a_chunk_in_the_wrong_place_is_told_where_to_go_on() {
    let house = House::open().await;
    let upload = house.begin("hello").await;
    house.call("PATCH", &upload, &[("Content-Range", "0-4")], b"01234").await.expect(202);
    let digest = sha256(b"01234");
    let put = format!("{upload}?digest={digest}");
    for (method, url, range) in [("PATCH", &upload, "0-4"), ("PATCH", &upload, "7-11"), ("PUT", &put, "6-10")] {
        let reply = house.call(method, url, &[("Content-Range", range)], b"56789").await;
        reply.expect_fault(416, "BLOB_UPLOAD_INVALID");
        assert_eq!((reply.header("range"), reply.header("location")), ("0-4", upload.as_str()));
    }
    for (range, code) in [("5-4", "BLOB_UPLOAD_INVALID"), ("bytes 5-9/10", "BLOB_UPLOAD_INVALID"), ("5-8", "SIZE_INVALID")] {
        house.call("PATCH", &upload, &[("Content-Range", range)], b"56789").await.expect_fault(400, code);
    }
    let short = [("Content-Range", "5-9"), ("Transfer-Encoding", "chunked")];
    house.call("PATCH", &upload, &short, b"2\r\n56\r\n0\r\n\r\n").await.expect_fault(400, "SIZE_INVALID");
    house.call("PATCH", &upload, &short, b"6\r\n567890\r\n0\r\n\r\n").await.expect_fault(400, "SIZE_INVALID");
    assert_eq!(house.call("GET", &upload, &[], b"").await.header("range"), "0-4", "nothing of these stays");
    house.call("PUT", &put, &[], b"").await.expect(201);
}

#[tokio::test]
async fn a_blob_is_mounted_where_it_may_be_read_and_uploaded_otherwise() {
    let house = House::open().await;
    let digest = house.push_blob("hello", b"shared").await;
    let mount = format!("/v2/other/blobs/uploads/?mount={digest}&from=hello");
    house.take_asked();
    let reply = house.call("POST", &mount, &[], b"").await;
    assert_eq!(reply.expect(201).header("location"), format!("/v2/other/blobs/{digest}"));
    assert_eq!(reply.header("docker-content-digest"), digest);
    let asked = [
        format!("ecr:InitiateLayerUpload on {}", key("other").arn()),
        format!("ecr:GetDownloadUrlForLayer on {}", key("hello").arn()),
    ];
    assert_eq!(house.take_asked(), asked);
    house.call("HEAD", &format!("/v2/other/blobs/{digest}"), &[], b"").await.expect(200);
    for from in ["&from=nowhere", "&from=../hello", "&from=other", ""] {
        let url = format!("/v2/fixed/blobs/uploads/?mount={}{from}", sha256(b"not there"));
        house.call("POST", &url, &[], b"").await.expect(202).header("location");
    }
    house.forbid("ecr:GetDownloadUrlForLayer");
    house.call("POST", &format!("/v2/fixed/blobs/uploads/?mount={digest}&from=hello"), &[], b"").await.expect(202);
    house.call("HEAD", &format!("/v2/fixed/blobs/{digest}"), &[], b"").await.expect(404);
}

#[tokio::test]
async fn an_upload_can_be_cancelled_and_belongs_to_its_repository() {
    let house = House::open().await;
    let upload = house.begin("hello").await;
    let elsewhere = upload.replace("/hello/", "/other/");
    house.call("PATCH", &elsewhere, &[], b"x").await.expect_fault(404, "BLOB_UPLOAD_UNKNOWN");
    house.call("DELETE", &elsewhere, &[], b"").await.expect_fault(404, "BLOB_UPLOAD_UNKNOWN");
    house.call("DELETE", &upload, &[], b"").await.expect(204);
    house.call("DELETE", &upload, &[], b"").await.expect_fault(404, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn a_blob_over_the_limit_is_refused_before_it_is_read() {
    let house = House::open().await;
    let upload = house.begin("hello").await;
    let (over, range) = ((limit::BLOB_BYTES + 1).to_string(), format!("0-{}", limit::BLOB_BYTES));
    house.call("PATCH", &upload, &[("Content-Length", &over)], b"").await.expect_fault(413, "SIZE_INVALID");
    let headers = [("Transfer-Encoding", "chunked"), ("Content-Range", range.as_str())];
    house.call("PATCH", &upload, &headers, b"0\r\n\r\n").await.expect_fault(413, "SIZE_INVALID");
    let url = format!("/v2/hello/blobs/uploads/?digest={}", sha256(b""));
    house.call("POST", &url, &[("Content-Length", &over)], b"").await.expect_fault(413, "SIZE_INVALID");
    house.call("GET", &upload, &[], b"").await.expect(204);
}

#[tokio::test]
async fn a_login_with_too_many_uploads_open_is_told_to_come_again() {
    let house = House::open().await;
    let mut uploads = Vec::new();
    for _ in 0..limit::UPLOADS_PER_LOGIN {
        uploads.push(house.begin("hello").await);
    }
    let refused = house.call("POST", "/v2/hello/blobs/uploads/", &[], b"").await;
    assert_eq!(refused.expect_fault(429, "TOOMANYREQUESTS").header("retry-after"), "5");
    house.call("DELETE", &uploads[0], &[], b"").await.expect(204);
    house.begin("hello").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_short_for_its_length_is_answered_if_somebody_listens() {
    let house = House::open().await;
    let upload = house.begin("hello").await;
    let mut socket = house.begin_request("PATCH", &upload).await;
    socket.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(DEADLINE, socket.read_to_end(&mut answer)).await.expect("the server does not wait for more");
    house.until("PATCH", &upload, b"", 202).await;
    assert_eq!(house.call("GET", &upload, &[], b"").await.expect(204).header("range"), "0-0", "nothing was appended");
}
