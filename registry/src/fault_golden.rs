//! The golden test of every fault: its code, status, words and headers, as clients have learned them.
//!
//! Source of truth: `registry/tests/golden/faults.txt`; `UPDATE=1` rewrites it.
#![expect(clippy::disallowed_methods, reason = "a test reads its golden file and the switch that rewrites it")]

use std::fmt::Write as _;

use http_body_util::BodyExt as _;
use model::account::{AccountId, Region, Scope};
use model::digest::Digest;
use model::image_reference::{ImageTag, RepositoryName};
use model::repository::RepositoryKey;
use model::trouble::Trouble;

use crate::fault::Fault;

fn every_fault() -> Vec<Fault> {
    let digest = Digest::parse(&format!("sha256:{}", "ab".repeat(32))).unwrap();
    let scope = Scope { account: AccountId::parse("000000000000").unwrap(), region: Region::parse("us-east-1").unwrap() };
    let repository = RepositoryName::parse("hello").unwrap();
    let message = || "Words of the one who refused.".to_owned();
    vec![
        Fault::Unauthorized { realm: "http://localhost:4566/".to_owned() },
        Fault::Denied { message: message() },
        Fault::NameInvalid { message: message() },
        Fault::NameUnknown { key: RepositoryKey { scope, name: repository.clone() } },
        Fault::NoSuchEndpoint,
        Fault::MethodNotAllowed { allow: "GET, HEAD" },
        Fault::DigestMalformed { message: message() },
        Fault::DigestMismatch { digest: digest.clone() },
        Fault::TagMalformed { message: message() },
        Fault::TagImmutable { tag: ImageTag::parse("v1").unwrap(), repository },
        Fault::ManifestUnknown,
        Fault::ManifestNotAcceptable { media_type: "application/vnd.oci.image.index.v1+json".to_owned() },
        Fault::ManifestInvalid { message: message() },
        Fault::ManifestTooLarge,
        Fault::ManifestReferencesUnknown { blobs: vec![digest.clone()], manifests: Vec::new() },
        Fault::ManifestReferencesUnknown { blobs: vec![digest.clone(); 2], manifests: vec![digest.clone(); 3] },
        Fault::BlobUnknown { digest: digest.clone() },
        Fault::BlobInUse { digest },
        Fault::RangeNotSatisfiable { size_bytes: 10 },
        Fault::UploadUnknown,
        Fault::UploadOutOfOrder { location: "/v2/hello/blobs/uploads/0".to_owned(), received_bytes: 5 },
        Fault::UploadBusy,
        Fault::UploadMalformed { message: message() },
        Fault::UploadTooLarge,
        Fault::BodyBroken { message: message() },
        Fault::TooMany { message: message() },
        Fault::Refused { message: message() },
        Fault::from(Trouble::passing("reading the ledger", "a cause that no caller may see")).of_call("the-request-id"),
        Fault::from(Trouble::passing("keeping a manifest", std::io::Error::from(std::io::ErrorKind::StorageFull)))
            .of_call("the-request-id"),
        Fault::from(Trouble::lasting("reading the ledger", "a cause that no caller may see")).of_call("the-request-id"),
    ]
}

#[tokio::test]
async fn every_fault_has_the_code_status_and_words_that_clients_know() {
    let mut text = String::new();
    for fault in every_fault() {
        let name = format!("{fault:?}");
        let name = name.split([' ', '(']).next().unwrap().to_owned();
        let (head, body) = fault.into_response().into_parts();
        writeln!(text, "{name}: {}", head.status).unwrap();
        for (header, value) in &head.headers {
            writeln!(text, "  {header}: {}", value.to_str().unwrap()).unwrap();
        }
        let body = body.collect().await.unwrap().to_bytes();
        writeln!(text, "  {}", std::str::from_utf8(&body).unwrap()).unwrap();
    }
    assert!(!text.contains("no caller may see"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/faults.txt");
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(path).unwrap());
}
