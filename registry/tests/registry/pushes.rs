//! The same registry as ECR's own operations ask it: its promises, its limits, and what it has in common with `/v2/`.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::caller::Caller;
use model::digest::{Algorithm, Digest};
use model::image_push::{ImagePush, LayerPart, PushFailure};
use model::image_reference::ImageTag;
use model::limit::LAYER_PART_BYTES_MIN;
use model::port::{Blobs, UploadId};
use model::refusal::RefusalKind;
use model::testbed::conformance::{PushBench, image_pushes};
use model::testbed::{caller, scope};
use registry::limit;

use crate::house::{House, OCI_IMAGE, OCI_INDEX, digest_of, image, key, sha256};

fn digest(text: &str) -> Digest {
    Digest::parse(text).unwrap()
}

fn row(house: &House, action: &str) -> model::audit::AuditRow {
    use model::port::Clock;
    let resource = key("hello").arn();
    model::audit::AuditRow { at: house.clock.now(), caller: caller(), action: action.to_owned(), resource }
}

fn part(first_byte: u64, bytes: Vec<u8>) -> LayerPart {
    LayerPart { first_byte, last_byte: first_byte + bytes.len() as u64 - 1, bytes: bytes.into() }
}

async fn begin(house: &House) -> UploadId {
    house.pushes.begin(&key("hello"), &caller()).await.unwrap().unwrap()
}

fn order(repository: &str, manifest: &[u8], tag: Option<&str>) -> ImagePush {
    ImagePush {
        repository: key(repository),
        manifest: Bytes::copy_from_slice(manifest),
        media_type: None,
        tag: tag.map(|tag| ImageTag::parse(tag).unwrap()),
        digest: None,
    }
}

#[tokio::test]
async fn pushes_keep_their_promises() {
    let house = House::open().await;
    let descriptor = |(digest, size): &(Digest, usize)| format!(r#"{{"mediaType":"a/b","digest":"{digest}","size":{size}}}"#);
    let bench = PushBench {
        repositories: &*house.images,
        pushes: &*house.pushes,
        hash: digest_of,
        // The first is the configuration.
        image: &|layers| {
            let nothing = (digest_of(Algorithm::Sha256, b""), 0);
            let (config, layers) = layers.split_first().unwrap_or((&nothing, &[]));
            let layers: Vec<String> = layers.iter().map(descriptor).collect();
            let config = descriptor(config);
            format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_IMAGE}","config":{config},"layers":[{}]}}"#, layers.join(","))
        },
        index: &|text, digest| {
            let image = format!(r#"{{"mediaType":"{OCI_IMAGE}","digest":"{digest}","size":{}}}"#, text.len());
            format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{image}]}}"#)
        },
    };
    image_pushes(&bench).await;
}

#[tokio::test]
async fn a_layer_in_parts_is_one_that_image_clients_pull() {
    let house = House::open().await;
    let id = begin(&house).await;
    let whole: Vec<u8> = (0..LAYER_PART_BYTES_MIN + 7).map(|n| (n % 251) as u8).collect();
    let (first, last) = whole.split_at(LAYER_PART_BYTES_MIN as usize);
    let append =
        async |at: u64, bytes: &[u8]| house.pushes.append(&key("hello"), &id, part(at, bytes.to_vec()), &caller()).await.unwrap();
    assert_eq!(append(0, first).await, Ok(LAYER_PART_BYTES_MIN));
    assert_eq!(append(LAYER_PART_BYTES_MIN, last).await, Ok(whole.len() as u64));
    let layer = digest(&sha256(&whole));
    let audit = row(&house, "ecr:CompleteLayerUpload");
    assert_eq!(house.pushes.finish(&key("hello"), &id, &layer, &audit).await.unwrap(), Ok(()));
    let pulled = house.call("GET", &format!("/v2/hello/blobs/{layer}"), &[], b"").await;
    assert!(pulled.expect(200).body == whole);

    let config = house.push_blob("hello", b"{}").await;
    let manifest = image(&config, layer.as_str(), whole.len());
    house.take_rung();
    let put = house.pushes.put(&order("hello", &manifest, Some("v1")), &row(&house, "ecr:PutImage")).await.unwrap().unwrap();
    assert_eq!((put.digest.as_str(), put.media_type.as_str()), (sha256(&manifest).as_str(), OCI_IMAGE));
    assert_eq!(house.take_rung(), 1, "whoever follows the tag is woken");
    assert_eq!(house.ledger.rows.lock().unwrap().last().unwrap().action, "ecr:PutImage");
    let again = house.pushes.put(&order("hello", &manifest, Some("v1")), &row(&house, "ecr:PutImage")).await.unwrap();
    assert_eq!(again, Err(PushFailure::ImageExists(put.digest)));
    assert_eq!(house.take_rung(), 0, "nothing changed");
    assert!(house.call("GET", "/v2/hello/manifests/v1", &[], b"").await.expect(200).body == manifest);
}

#[tokio::test]
async fn an_upload_may_go_on_at_the_other_door_and_is_counted_with_it() {
    let house = House::open().await;
    let UploadId(id) = begin(&house).await;
    let url = format!("/v2/hello/blobs/uploads/{id}");
    house.call("PATCH", &url, &[], b"01234").await.expect(202);
    let whole = house.pushes.append(&key("hello"), &UploadId(id.clone()), part(5, b"56789".to_vec()), &caller()).await.unwrap();
    assert_eq!(whole, Ok(10));
    let layer = sha256(b"0123456789");
    house.call("PUT", &format!("{url}?digest={layer}"), &[], b"").await.expect(201);
    for _ in 0..limit::UPLOADS_PER_LOGIN {
        begin(&house).await;
    }
    let refused = house.pushes.begin(&key("hello"), &caller()).await.unwrap().unwrap_err();
    assert!(matches!(&refused, PushFailure::Refused(refusal) if refusal.kind == RefusalKind::Throttled), "{refused:?}");
    house.call("POST", "/v2/hello/blobs/uploads/", &[], b"").await.expect_fault(429, "TOOMANYREQUESTS");
    let other = Caller { access_key_id: "AKIAOTHER".to_owned(), ..caller() };
    assert!(house.pushes.begin(&key("hello"), &other).await.unwrap().is_ok(), "another login has its own count");
}

#[tokio::test]
async fn an_image_too_large_to_be_kept_is_refused_before_it_is_read() {
    let house = House::open().await;
    let large = vec![b' '; limit::MANIFEST_BYTES as usize + 1];
    let refused = house.pushes.put(&order("hello", &large, None), &row(&house, "ecr:PutImage")).await.unwrap().unwrap_err();
    let expected = format!("A manifest has at most {} bytes.", limit::MANIFEST_BYTES);
    assert!(matches!(&refused, PushFailure::Refused(refusal) if refusal.message == expected), "{refused:?}");
}

#[tokio::test]
async fn a_link_opens_one_layer_for_an_hour_without_a_login() {
    let house = House::open().await;
    let manifest = house.push_image("hello", "v1", b"the layer").await;
    let (layer, config) = (digest(&sha256(b"the layer")), sha256(b"{}"));
    let link = house.pushes.link(&key("hello"), &layer).await.unwrap().unwrap();
    let get = async |url: &str, headers: &[(&str, &str)]| house.anonymous("GET", url, headers, b"").await;
    let reply = get(&link, &[]).await;
    assert_eq!(reply.expect(200).body, b"the layer");
    assert_eq!(reply.header("content-length"), "9");
    assert_eq!(get(&link, &[("Range", "bytes=4-8")]).await.expect(206).body, b"layer", "a pull that broke off goes on");
    // Whatever host it is asked at: the link says whose registry is meant.
    let host = format!("{}.dkr.ecr.eu-west-1.amazonaws.com", scope().account);
    assert_eq!(get(&link, &[("Host", &host)]).await.expect(200).body, b"the layer");
    let (_, query) = link.split_once('?').unwrap();
    for other in [
        format!("/v2/hello/blobs/{config}?{query}"),
        format!("/v2/other/blobs/{layer}?{query}"),
        format!("/v2/hello/blobs/{layer}?link="),
        format!("{link}AAAA"),
    ] {
        get(&other, &[]).await.expect_fault(403, "DENIED");
    }
    get(&format!("/v2/hello/manifests/{}?{query}", sha256(&manifest)), &[]).await.expect_fault(404, "UNSUPPORTED");
    for method in ["HEAD", "DELETE", "PUT"] {
        house.anonymous(method, &link, &[], b"").await.expect(401);
    }
    house.clock.turn(limit::LAYER_LINK - Duration::from_millis(1));
    get(&link, &[]).await.expect(200);
    house.clock.turn(Duration::from_millis(1));
    let over = get(&link, &[]).await;
    assert!(over.expect_fault(403, "DENIED").text().contains("GetDownloadUrlForLayer"), "{}", over.text());
}

#[tokio::test]
async fn a_link_to_what_has_gone_leads_nowhere() {
    let house = House::open().await;
    house.push_image("hello", "v1", b"the layer").await;
    let layer = digest(&sha256(b"the layer"));
    let link = house.pushes.link(&key("hello"), &layer).await.unwrap().unwrap();
    house.call("DELETE", "/v2/hello/manifests/v1", &[], b"").await.expect(202);
    let images: Arc<_> = house.images.clone();
    model::port::RepositoryImages::remove(
        &*images,
        &key("hello"),
        &[model::repository_image::ImageId::Digest(digest(&sha256(&image(&sha256(b"{}"), layer.as_str(), 9))))],
        &row(&house, "ecr:BatchDeleteImage"),
    )
    .await
    .unwrap()
    .unwrap();
    Blobs::remove(&*images, &key("hello"), &layer, &row(&house, "ecr:BatchDeleteImage")).await.unwrap().unwrap();
    house.anonymous("GET", &link, &[], b"").await.expect_fault(404, "BLOB_UNKNOWN");
}
