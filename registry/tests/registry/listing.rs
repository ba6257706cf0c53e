//! Lists over the wire: tags and referrers, page by page.

use registry::limit;
use serde_json::{Value, json};

use crate::house::{House, OCI_IMAGE, OCI_INDEX, sha256};

#[tokio::test]
async fn tags_come_in_order_and_in_pages() {
    let house = House::open().await;
    assert_eq!(house.call("GET", "/v2/hello/tags/list", &[], b"").await.expect(200).json(), json!({"name": "hello", "tags": []}));
    let manifest = house.push_image("hello", "b", b"layer").await;
    for tag in ["a", "C", "latest", "_x"] {
        house.put_manifest("hello", tag, OCI_IMAGE, &manifest).await.expect(201);
    }
    let all = ["C", "_x", "a", "b", "latest"];
    let cases: [(&str, &[&str], Option<&str>); 8] = [
        ("", &all, None),
        ("?n=2", &all[..2], Some("</v2/hello/tags/list?n=2&last=%5Fx>; rel=\"next\"")),
        ("?n=2&last=_x", &all[2..4], Some("</v2/hello/tags/list?n=2&last=b>; rel=\"next\"")),
        ("?n=2&last=b", &all[4..], None),
        ("?last=a", &all[3..], None),
        // A tag that is not there, or no more: the list goes on behind where it would stand.
        ("?last=aa", &all[3..], None),
        ("?n=0", &[], None),
        ("?n=4000000000", &all, None),
    ];
    for (query, tags, link) in cases {
        let reply = house.call("GET", &format!("/v2/hello/tags/list{query}"), &[], b"").await;
        assert_eq!(reply.expect(200).json(), json!({"name": "hello", "tags": tags}), "{query}");
        assert_eq!(reply.find("link"), link, "{query}");
    }
}

#[tokio::test]
async fn an_answer_has_no_more_tags_than_its_limit() {
    let house = House::open().await;
    let manifest = house.push_image("hello", "0", b"layer").await;
    for number in 0..limit::TAGS_PAGE {
        house.put_manifest("hello", &format!("t{number}"), OCI_IMAGE, &manifest).await.expect(201);
    }
    for query in ["", "?n=5000"] {
        let reply = house.call("GET", &format!("/v2/hello/tags/list{query}"), &[], b"").await;
        assert_eq!(reply.expect(200).json()["tags"].as_array().unwrap().len(), limit::TAGS_PAGE as usize);
        let next = reply.header("link").trim_start_matches('<').split('>').next().unwrap();
        let rest = house.call("GET", next, &[], b"").await;
        assert_eq!((rest.expect(200).json()["tags"].as_array().unwrap().len(), rest.find("link")), (1, None));
    }
}

/// A manifest about another one.
fn about(subject: &str, subject_bytes: usize, config: &str, number: usize, artifact_type: &str) -> Vec<u8> {
    let artifact = if artifact_type.is_empty() { String::new() } else { format!(r#""artifactType":"{artifact_type}","#) };
    format!(
        r#"{{"schemaVersion":2,{artifact}"config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{config}","size":2}},"layers":[],"subject":{{"mediaType":"{OCI_IMAGE}","digest":"{subject}","size":{subject_bytes}}},"annotations":{{"number":"{number}"}}}}"#
    )
    .into_bytes()
}

#[tokio::test]
async fn referrers_are_found_filtered_and_carry_their_annotations() {
    let house = House::open().await;
    let config = house.push_blob("hello", b"{}").await;
    let subject = sha256(b"a manifest that may come later");
    let url = format!("/v2/hello/referrers/{subject}");
    let empty = house.call("GET", &url, &[], b"").await;
    assert_eq!(empty.expect(200).json(), json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}));
    assert_eq!(empty.header("content-type"), OCI_INDEX);
    let (signature, plain) =
        (about(&subject, 30, &config, 1, "application/vnd.test.signature"), about(&subject, 30, &config, 2, ""));
    for manifest in [&signature, &plain] {
        let reply = house.put_manifest("hello", &sha256(manifest), OCI_IMAGE, manifest).await;
        assert_eq!(reply.expect(201).header("oci-subject"), subject);
    }
    let descriptor = |bytes: &[u8], artifact_type: &str, number: &str| {
        json!({
            "mediaType": OCI_IMAGE, "size": bytes.len(), "digest": sha256(bytes),
            "artifactType": artifact_type, "annotations": {"number": number},
        })
    };
    let signed = descriptor(&signature, "application/vnd.test.signature", "1");
    let mut both = [signed.clone(), descriptor(&plain, "application/vnd.oci.empty.v1+json", "2")];
    both.sort_by_key(|entry| entry["digest"].as_str().unwrap().to_owned());
    let all = house.call("GET", &url, &[], b"").await;
    assert_eq!(all.expect(200).json()["manifests"], json!(both));
    assert_eq!(all.find("oci-filters-applied"), None);
    let filtered = house.call("GET", &format!("{url}?artifactType=application%2Fvnd.test.signature"), &[], b"").await;
    assert_eq!(filtered.expect(200).json()["manifests"], json!([signed]));
    assert_eq!(filtered.header("oci-filters-applied"), "artifactType");
}

#[tokio::test]
async fn more_referrers_than_fit_in_an_answer_are_reached_by_its_link() {
    let house = House::open().await;
    let config = house.push_blob("hello", b"{}").await;
    let subject = sha256(b"popular");
    let mut expected = Vec::new();
    for number in 0..limit::REFERRERS_PAGE + 3 {
        let manifest = about(&subject, 7, &config, number, "a/b");
        expected.push(sha256(&manifest));
        house.put_manifest("hello", &sha256(&manifest), OCI_IMAGE, &manifest).await.expect(201);
    }
    expected.sort();
    let url = format!("/v2/hello/referrers/{subject}?artifactType=a/b");
    assert_eq!(all_pages(&house, url).await, (expected, 2));
}

#[tokio::test]
async fn an_answer_with_large_annotations_ends_early_and_is_continued_by_its_link() {
    let house = House::open().await;
    let config = house.push_blob("hello", b"{}").await;
    let subject = sha256(b"talkative");
    let mut expected = Vec::new();
    for number in 0..4 {
        let manifest = String::from_utf8(about(&subject, 9, &config, number, "a/b")).unwrap();
        let words = "x".repeat(limit::REFERRERS_BYTES / 2);
        let manifest = manifest.replace(r#""annotations":{"#, &format!(r#""annotations":{{"words":"{words}","#)).into_bytes();
        expected.push(sha256(&manifest));
        house.put_manifest("hello", &sha256(&manifest), OCI_IMAGE, &manifest).await.expect(201);
    }
    expected.sort();
    assert_eq!(all_pages(&house, format!("/v2/hello/referrers/{subject}")).await, (expected, 2));
}

/// Follows the links; answers the digests and the number of pages.
async fn all_pages(house: &House, url: String) -> (Vec<String>, usize) {
    let (mut next, mut seen, mut pages) = (Some(url), Vec::new(), 0);
    while let Some(url) = next {
        let reply = house.call("GET", &url, &[], b"").await;
        let page = reply.expect(200).json();
        seen.extend(page["manifests"].as_array().unwrap().iter().map(|entry: &Value| entry["digest"].as_str().unwrap().to_owned()));
        next = reply.find("link").map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
        pages += 1;
    }
    (seen, pages)
}
