//! Manifests and tags over the wire: pushed, pulled, moved, refused, deleted.

use futures_util::future::select_all;
use model::digest::Algorithm;
use model::port::RepositoryImages;
use model::refusal::{Refusal, RefusalKind};
use model::repository_image::TagStatus;
use model::trouble::Trouble;
use model::wish::PageRequest;
use registry::limit;
use tokio::io::AsyncReadExt;

use crate::house::{DEADLINE, House, OCI_IMAGE, OCI_INDEX, digest_of, image, key, sha256};

const DOCKER_IMAGE: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

#[tokio::test]
async fn a_manifest_comes_back_byte_for_byte_by_tag_and_by_digest() {
    let house = House::open().await;
    let manifest = house.push_image("hello", "v1", b"layer").await;
    let digest = sha256(&manifest);
    for reference in ["v1", &digest, &digest.replace(':', "%3A")] {
        let url = format!("/v2/hello/manifests/{reference}");
        for (method, body) in [("GET", &manifest[..]), ("HEAD", b"")] {
            let reply = house.call(method, &url, &[], b"").await;
            assert_eq!(reply.expect(200).body, body);
            assert_eq!(reply.header("content-type"), OCI_IMAGE);
            assert_eq!(reply.header("content-length"), manifest.len().to_string());
            assert_eq!(reply.header("docker-content-digest"), digest);
            assert_eq!(reply.header("etag"), format!("\"{digest}\""));
        }
    }
    let pushed = house.put_manifest("hello", "v1", OCI_IMAGE, &manifest).await;
    assert_eq!(pushed.expect(201).header("location"), format!("/v2/hello/manifests/{digest}"));
    assert_eq!(pushed.header("docker-content-digest"), digest);
    assert_eq!(pushed.find("oci-subject"), None);
}

#[tokio::test]
async fn the_bell_rings_when_a_tag_is_made_or_moved_and_only_then() {
    let house = House::open().await;
    let first = house.push_image("hello", "v1", b"one").await;
    assert_eq!(house.take_rung(), 1);
    house.put_manifest("hello", "v1", OCI_IMAGE, &first).await.expect(201);
    assert_eq!(house.take_rung(), 0, "the same again changes nothing");
    house.put_manifest("hello", "v2", OCI_IMAGE, &first).await.expect(201);
    assert_eq!(house.take_rung(), 1, "a second tag for the same image");
    let (config, layer) = (house.push_blob("hello", b"{}").await, house.push_blob("hello", b"two").await);
    let second = image(&config, &layer, 3);
    house.put_manifest("hello", &sha256(b"no such manifest"), OCI_IMAGE, &second).await.expect_fault(400, "DIGEST_INVALID");
    house.put_manifest("hello", &sha256(&second), OCI_IMAGE, &second).await.expect(201);
    assert_eq!(house.take_rung(), 0);
    house.put_manifest("hello", "v1", OCI_IMAGE, &second).await.expect(201);
    assert_eq!(house.take_rung(), 1);
    let rows = house.ledger.rows.lock().unwrap().clone();
    assert!(rows.iter().all(|row| row.action == "ecr:PutImage" && row.resource.ends_with(":repository/hello")));
    assert!(rows.iter().all(|row| row.caller.access_key_id == "AKIDEXAMPLE" && row.at.millis() == 1_700_000_000_000));
}

#[tokio::test]
async fn every_type_of_image_and_index_is_kept_under_both_algorithms() {
    let house = House::open().await;
    let (config, layer) = (house.push_blob("hello", b"{}").await, house.push_blob("hello", b"layer").await);
    let oci = image(&config, &layer, 5);
    let docker = String::from_utf8(oci.clone()).unwrap().replace(OCI_IMAGE, DOCKER_IMAGE).into_bytes();
    let untyped = String::from_utf8(oci.clone()).unwrap().replace(&format!(r#""mediaType":"{OCI_IMAGE}","#), "").into_bytes();
    let child = format!(r#"{{"mediaType":"{OCI_IMAGE}","digest":"{}","size":{}}}"#, sha256(&oci), oci.len());
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{child}]}}"#).into_bytes();
    let empty = br#"{"schemaVersion":2,"manifests":[]}"#.to_vec();
    let list = format!(r#"{{"schemaVersion":2,"mediaType":"{DOCKER_LIST}","manifests":[{child}]}}"#).into_bytes();
    let types = [
        (OCI_IMAGE, &oci),
        (DOCKER_IMAGE, &docker),
        (OCI_IMAGE, &untyped),
        (OCI_INDEX, &index),
        (DOCKER_LIST, &list),
        (OCI_INDEX, &empty),
    ];
    for (media_type, bytes) in types {
        house.put_manifest("hello", "v1", &format!("{media_type}; charset=utf-8"), bytes).await.expect(201);
        let reply = house.call("GET", "/v2/hello/manifests/v1", &[("Accept", media_type)], b"").await;
        assert_eq!((reply.expect(200).header("content-type"), &reply.body), (media_type, bytes));
        let digest = digest_of(Algorithm::Sha512, bytes);
        let pushed = house.put_manifest("hello", digest.as_str(), media_type, bytes).await;
        assert_eq!(pushed.expect(201).header("docker-content-digest"), digest.as_str());
        let reply = house.call("GET", pushed.header("location"), &[], b"").await;
        assert_eq!((reply.expect(200).header("docker-content-digest"), &reply.body), (digest.as_str(), bytes));
    }
}

#[tokio::test]
async fn accept_is_honoured() {
    let house = House::open().await;
    house.push_image("hello", "v1", b"layer").await;
    let cases = [("*/*", 200), ("application/*", 200), (OCI_IMAGE, 200), (OCI_INDEX, 404), ("application/json", 404)];
    for (accept, status) in cases {
        let reply = house.call("GET", "/v2/hello/manifests/v1", &[("Accept", accept)], b"").await;
        assert_eq!(reply.status, status, "{accept}");
        assert_eq!(reply.text().contains("MANIFEST_UNKNOWN"), status == 404);
    }
    let many = format!("{DOCKER_IMAGE}, {OCI_IMAGE};q=0.9");
    house.call("GET", "/v2/hello/manifests/v1", &[("Accept", OCI_INDEX), ("Accept", &many)], b"").await.expect(200);
}

#[tokio::test]
async fn a_manifest_whose_parts_are_missing_is_refused_by_name() {
    let house = House::open().await;
    let config = house.push_blob("hello", b"{}").await;
    let missing = sha256(b"missing");
    let reply = house.put_manifest("hello", "v1", OCI_IMAGE, &image(&config, &missing, 7)).await;
    assert!(reply.expect_fault(400, "MANIFEST_BLOB_UNKNOWN").text().contains(&missing), "{}", reply.text());
    house.push_blob("other", b"missing").await;
    let elsewhere = house.put_manifest("hello", "v1", OCI_IMAGE, &image(&config, &missing, 7)).await;
    elsewhere.expect_fault(400, "MANIFEST_BLOB_UNKNOWN");
    house.push_blob("hello", b"missing").await;
    let lying = house.put_manifest("hello", "v1", OCI_IMAGE, &image(&config, &missing, 8)).await;
    assert!(lying.expect_fault(400, "MANIFEST_INVALID").text().contains("8 bytes"));
    // A blob is not a manifest, even with the right digest and size.
    let child = format!(r#"{{"mediaType":"{OCI_IMAGE}","digest":"{missing}","size":7}}"#);
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{child}]}}"#);
    house.put_manifest("hello", "v1", OCI_INDEX, index.as_bytes()).await.expect_fault(400, "MANIFEST_BLOB_UNKNOWN");
    house.call("GET", "/v2/hello/manifests/v1", &[], b"").await.expect_fault(404, "MANIFEST_UNKNOWN");
    let foreign = image(&config, &sha256(b"foreign"), 9);
    let foreign = String::from_utf8(foreign).unwrap().replace("layer.v1.tar", "layer.nondistributable.v1.tar");
    house.put_manifest("hello", "v1", OCI_IMAGE, foreign.as_bytes()).await.expect(201);
    assert_eq!(house.take_rung(), 1);
}

#[tokio::test]
async fn what_is_not_a_manifest_or_too_large_is_refused() {
    let house = House::open().await;
    let cases: [(&str, &[u8]); 5] = [
        (OCI_IMAGE, b""),
        (OCI_IMAGE, b"not json"),
        (OCI_IMAGE, br#"{"schemaVersion":1,"name":"hello","fsLayers":[]}"#),
        ("application/vnd.docker.distribution.manifest.v1+prettyjws", br#"{"schemaVersion":2}"#),
        (OCI_IMAGE, br#"{"schemaVersion":2}"#),
    ];
    for (media_type, bytes) in cases {
        house.put_manifest("hello", "v1", media_type, bytes).await.expect_fault(400, "MANIFEST_INVALID");
    }
    let over = (limit::MANIFEST_BYTES + 1).to_string();
    let headers = [("Content-Type", OCI_IMAGE), ("Content-Length", over.as_str())];
    house.call("PUT", "/v2/hello/manifests/v1", &headers, b"").await.expect_fault(413, "SIZE_INVALID");
    let streamed = [
        format!("{:x}\r\n", limit::MANIFEST_BYTES + 1).into_bytes(),
        vec![b' '; limit::MANIFEST_BYTES as usize + 1],
        b"\r\n0\r\n\r\n".to_vec(),
    ];
    let headers = [("Content-Type", OCI_IMAGE), ("Transfer-Encoding", "chunked")];
    house.call("PUT", "/v2/hello/manifests/v1", &headers, &streamed.concat()).await.expect_fault(413, "SIZE_INVALID");
    let (config, layer) = (house.push_blob("hello", b"{}").await, house.push_blob("hello", b"x").await);
    let mut largest = image(&config, &layer, 1);
    largest.resize(limit::MANIFEST_BYTES as usize, b' ');
    house.put_manifest("hello", "v1", OCI_IMAGE, &largest).await.expect(201);
}

#[tokio::test]
async fn what_goes_wrong_at_the_commit_is_said_in_the_registrys_words() {
    let house = House::open().await;
    let manifest = house.push_image("hello", "v1", b"layer").await;
    house.take_rung();
    let refused = |kind| Ok(Err(Refusal::new(kind, "words of the store")));
    let cases = [
        (refused(RefusalKind::Invalid), 400, "MANIFEST_BLOB_UNKNOWN"),
        (refused(RefusalKind::WrongState), 400, "TAG_INVALID"),
        (refused(RefusalKind::NotFound), 404, "NAME_UNKNOWN"),
        (refused(RefusalKind::Quota), 429, "TOOMANYREQUESTS"),
        (Err(Trouble::passing("writing the ledger", "disk full")), 503, "UNKNOWN"),
    ];
    for (answer, status, code) in cases {
        *house.ledger.next_put.lock().unwrap() = Some(answer);
        let reply = house.put_manifest("hello", "v2", OCI_IMAGE, &manifest).await;
        assert!(!reply.expect_fault(status, code).text().contains("disk full"), "the cause is not the caller's to read");
        if status == 503 {
            assert!(reply.text().contains("The request id is "), "{}", reply.text());
        }
    }
    assert_eq!(house.take_rung(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_manifests_are_held_at_once() {
    let house = House::open().await;
    let url = "/v2/hello/manifests/v1";
    let mut slow = Vec::new();
    for _ in 0..=limit::MANIFESTS_HELD {
        slow.push(house.begin_request("PUT", url).await);
    }
    // One more than fits: exactly one is answered while the others are still sending.
    let mut answers = vec![[0; 16]; slow.len()];
    let reads = slow.iter_mut().zip(&mut answers).map(|(socket, answer)| Box::pin(socket.read_exact(answer)));
    let first = tokio::time::timeout(DEADLINE, select_all(reads)).await.expect("one is refused");
    let refused = first.1;
    drop(first);
    assert_eq!(answers[refused], *b"HTTP/1.1 429 Too");
    let reply = house.call("PUT", url, &[], b"").await;
    assert_eq!(reply.expect_fault(429, "TOOMANYREQUESTS").header("retry-after"), "5");
    let referrers = format!("/v2/hello/referrers/{}", sha256(b"x"));
    house.call("GET", &referrers, &[], b"").await.expect_fault(429, "TOOMANYREQUESTS");
    house.call("GET", "/v2/hello/tags/list", &[], b"").await.expect(200);
    drop(slow);
    house.until("GET", &referrers, b"", 200).await;
}

#[tokio::test]
async fn an_immutable_tag_never_moves() {
    let house = House::open().await;
    let first = house.push_image("fixed", "v1", b"one").await;
    house.put_manifest("fixed", "v1", OCI_IMAGE, &first).await.expect(201);
    let (config, layer) = (house.push_blob("fixed", b"{}").await, house.push_blob("fixed", b"two").await);
    let reply = house.put_manifest("fixed", "v1", OCI_IMAGE, &image(&config, &layer, 3)).await;
    let words = "The image tag 'v1' already exists in the 'fixed' repository and cannot be overwritten because the repository is immutable.";
    assert!(reply.expect_fault(400, "TAG_INVALID").text().contains(words), "{}", reply.text());
    assert_eq!(house.call("GET", "/v2/fixed/manifests/v1", &[], b"").await.body, first);
    assert_eq!(house.take_rung(), 1);
}

#[tokio::test]
async fn a_manifest_that_an_index_names_is_deleted_after_the_index() {
    let house = House::open().await;
    let manifest = house.push_image("hello", "v1", b"layer").await;
    let child = sha256(&manifest);
    let entry = format!(r#"{{"mediaType":"{OCI_IMAGE}","digest":"{child}","size":{}}}"#, manifest.len());
    let index = format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{entry}]}}"#).into_bytes();
    house.put_manifest("hello", "many", OCI_INDEX, &index).await.expect(201);
    let key = key("hello");
    let listed = RepositoryImages::list(&*house.images, &key, TagStatus::Any, &PageRequest { after: None, items_max: None }).await;
    let sizes: Vec<u64> = listed.unwrap().unwrap().items.iter().map(|image| image.size_bytes).collect();
    assert_eq!(sizes, [5, 5], "an image has its layers' size, and an index that of its largest image");
    let by_digest = format!("/v2/hello/manifests/{child}");
    let refused = house.call("DELETE", &by_digest, &[], b"").await;
    assert_eq!(refused.expect_fault(405, "UNSUPPORTED").header("allow"), "GET, HEAD");
    house.call("DELETE", &format!("/v2/hello/manifests/{}", sha256(&index)), &[], b"").await.expect(202);
    house.call("DELETE", &by_digest, &[], b"").await.expect(202);
}

#[tokio::test]
async fn a_tag_goes_alone_and_a_manifest_takes_its_tags_along() {
    let house = House::open().await;
    let manifest = house.push_image("hello", "v1", b"layer").await;
    let by_digest = format!("/v2/hello/manifests/{}", sha256(&manifest));
    house.put_manifest("hello", "v2", OCI_IMAGE, &manifest).await.expect(201);
    house.call("DELETE", "/v2/hello/manifests/v1", &[], b"").await.expect(202);
    house.call("GET", "/v2/hello/manifests/v1", &[], b"").await.expect_fault(404, "MANIFEST_UNKNOWN");
    house.call("GET", "/v2/hello/manifests/v2", &[], b"").await.expect(200);
    house.call("DELETE", &by_digest, &[], b"").await.expect(202);
    house.call("DELETE", &by_digest, &[], b"").await.expect_fault(404, "MANIFEST_UNKNOWN");
    house.call("GET", "/v2/hello/manifests/v2", &[], b"").await.expect_fault(404, "MANIFEST_UNKNOWN");
    let rows = house.ledger.rows.lock().unwrap().clone();
    let deleted = rows.iter().filter(|row| row.action == "ecr:BatchDeleteImage").count();
    assert_eq!(deleted, 3, "every try carries its row; the store keeps those that change something");
}
