//! Blobs over the wire: whole, in ranges, by name only, deleted.

use crate::house::{House, sha256};

/// Request headers; status, body and `Content-Range` of the answer.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str, Option<&'a str>);

#[tokio::test]
async fn a_blob_is_read_whole_or_in_ranges() {
    let house = House::open().await;
    let digest = house.push_blob("hello", b"0123456789").await;
    let url = format!("/v2/hello/blobs/{digest}");
    let head = house.call("HEAD", &url, &[], b"").await;
    assert_eq!((head.expect(200).header("content-length"), head.header("docker-content-digest")), ("10", digest.as_str()));
    let etag = format!("\"{digest}\"");
    assert_eq!((head.header("etag"), head.header("accept-ranges")), (etag.as_str(), "bytes"));
    let cases: [Case; 9] = [
        (&[], 200, "0123456789", None),
        (&[("Range", "bytes=0-3")], 206, "0123", Some("bytes 0-3/10")),
        (&[("Range", "bytes=4-")], 206, "456789", Some("bytes 4-9/10")),
        (&[("Range", "bytes=-3")], 206, "789", Some("bytes 7-9/10")),
        (&[("Range", "bytes=0-1,4-5")], 200, "0123456789", None),
        (&[("Range", "nonsense")], 200, "0123456789", None),
        (&[("Range", "bytes=0-3"), ("If-Range", &etag)], 206, "0123", Some("bytes 0-3/10")),
        (&[("Range", "bytes=0-3"), ("If-Range", "\"other\"")], 200, "0123456789", None),
        (&[("Range", "bytes=9-99")], 206, "9", Some("bytes 9-9/10")),
    ];
    for (headers, status, body, range) in cases {
        let reply = house.call("GET", &url, headers, b"").await;
        assert_eq!((reply.expect(status).text().as_str(), reply.find("content-range")), (body, range), "{headers:?}");
        assert_eq!(reply.header("content-length"), body.len().to_string());
        assert_eq!(reply.header("docker-content-digest"), digest);
    }
    for outside in ["bytes=10-", "bytes=10-20", "bytes=-0"] {
        let reply = house.call("GET", &url, &[("Range", outside)], b"").await;
        assert_eq!(reply.expect_fault(416, "SIZE_INVALID").header("content-range"), "bytes */10");
    }
}

#[tokio::test]
async fn a_large_blob_streams_both_ways() {
    let house = House::open().await;
    let bytes: Vec<u8> = (0..8 << 20).map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let digest = house.push_blob("hello", &bytes).await;
    let reply = house.call("GET", &format!("/v2/hello/blobs/{digest}"), &[], b"").await;
    assert_eq!(sha256(&reply.expect(200).body), digest);
}

#[tokio::test]
async fn a_blob_is_seen_only_where_it_was_pushed_and_stays_while_it_is_named() {
    let house = House::open().await;
    let layer = house.push_blob("hello", b"layer").await;
    let url = format!("/v2/hello/blobs/{layer}");
    house.call("GET", &url.replace("hello", "other"), &[], b"").await.expect_fault(404, "BLOB_UNKNOWN");
    let manifest = house.push_image("hello", "v1", b"layer").await;
    house.call("DELETE", &url, &[], b"").await.expect_fault(405, "UNSUPPORTED");
    house.call("GET", &url, &[], b"").await.expect(200);
    house.call("DELETE", &format!("/v2/hello/manifests/{}", sha256(&manifest)), &[], b"").await.expect(202);
    house.call("DELETE", &url, &[], b"").await.expect(202);
    house.call("DELETE", &url, &[], b"").await.expect_fault(404, "BLOB_UNKNOWN");
}
