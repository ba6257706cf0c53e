//! Images pushed and pulled by ECR's own operations through the door: layers in parts, manifests, links to layers.

use crate::house::{House, Reply, faults, order};
use aws_lc_rs::digest::{SHA256, SHA512, digest as hash};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::HeaderValue;
use model::{
    digest::{Algorithm, Digest},
    port::Repositories,
    refusal::Refusal,
    repository::{RepositoryKey, TagFilter, TagMutability},
    testbed::{NamedByManifest, scope},
};
use serde_json::{Value, json};

/// The digest of some bytes.
pub fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let function = match algorithm {
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha512 => &SHA512,
    };
    Digest::from_hash(algorithm, hash(function, bytes).as_ref())
}

/// What the pushes in memory know of a manifest.
pub fn read_manifest(bytes: &[u8], said: Option<&str>) -> Result<NamedByManifest, Refusal> {
    let invalid = |words: &str| Refusal::invalid(words);
    let manifest: Value = serde_json::from_slice(bytes).map_err(|_| invalid("The manifest cannot be read."))?;
    let media_type = said.or(manifest["mediaType"].as_str()).ok_or_else(|| invalid("Nobody says what it is."))?;
    let all = |member: &str| manifest[member].as_array().cloned().unwrap_or_default();
    let digests = |descriptors: Vec<Value>| {
        descriptors.iter().map(|one| Digest::parse(one["digest"].as_str().expect("a digest")).expect("a digest")).collect()
    };
    Ok(NamedByManifest { media_type: media_type.to_owned(), layers: digests(all("layers")), images: digests(all("manifests")) })
}

fn of_hello(more: Value) -> Value {
    let mut input = json!({ "repositoryName": "hello" });
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    input
}

async fn house() -> House {
    let house = House::new();
    house.ecr("CreateRepository", of_hello(json!({}))).await;
    house
}

fn sha256(bytes: &[u8]) -> String {
    digest_of(Algorithm::Sha256, bytes).to_string()
}

fn part(upload: &Value, first: usize, bytes: &[u8]) -> Value {
    let last = (first + bytes.len()).saturating_sub(1);
    let blob = BASE64_STANDARD.encode(bytes);
    of_hello(json!({ "uploadId": upload, "partFirstByte": first, "partLastByte": last, "layerPartBlob": blob }))
}

async fn begun(house: &House) -> Value {
    house.ecr("InitiateLayerUpload", of_hello(json!({}))).await.json()["uploadId"].clone()
}

async fn complete(house: &House, upload: &Value, digests: &[&str]) -> Reply {
    house.ecr("CompleteLayerUpload", of_hello(json!({ "uploadId": upload, "layerDigests": digests }))).await
}

/// A layer of `hello`, and its digest.
async fn layer(house: &House, bytes: &[u8]) -> String {
    let upload = begun(house).await;
    let reply = house.ecr("UploadLayerPart", part(&upload, 0, bytes)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let digest = sha256(bytes);
    let reply = complete(house, &upload, &[&digest]).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    digest
}

fn image(layers: &[&str]) -> String {
    let layers: Vec<Value> = layers.iter().map(|digest| json!({ "digest": digest })).collect();
    json!({ "mediaType": IMAGE, "layers": layers }).to_string()
}

async fn put(house: &House, manifest: &str, more: Value) -> Reply {
    let mut input = of_hello(json!({ "imageManifest": manifest }));
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    house.ecr("PutImage", input).await
}

const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";

#[tokio::test]
async fn an_image_is_pushed_part_by_part_and_pulled_by_a_link() {
    let house = house().await;
    let began = house.ecr("InitiateLayerUpload", of_hello(json!({}))).await.json();
    let upload = began["uploadId"].clone();
    assert_eq!(upload.as_str().map(str::len), Some(36), "a UUID: {began}");
    assert_eq!(began["partSize"], 5 << 20);
    let big = vec![b'x'; 5 << 20];
    let reply = house.ecr("UploadLayerPart", part(&upload, 0, &big)).await;
    let (registry, last) = ("000000000000", big.len() - 1);
    let answer = json!({ "registryId": registry, "repositoryName": "hello", "uploadId": upload, "lastByteReceived": last });
    assert_eq!(reply.json(), answer);
    let end = house.ecr("UploadLayerPart", part(&upload, big.len(), b"the end")).await;
    assert_eq!(end.json()["lastByteReceived"], big.len() + 6, "the last part may be small");
    let whole = [&big[..], b"the end"].concat();
    let digest = sha256(&whole);
    let done = complete(&house, &upload, &[&digest, &digest]).await;
    let answer = json!({ "registryId": registry, "repositoryName": "hello", "uploadId": upload, "layerDigest": digest });
    assert_eq!(done.json(), answer);

    let absent = sha256(b"absent");
    let asked = json!({ "layerDigests": [digest, absent, "", "sha256:12"] });
    let found = house.ecr("BatchCheckLayerAvailability", of_hello(asked)).await.json();
    let layers = json!([
        { "layerDigest": digest, "layerAvailability": "AVAILABLE", "layerSize": whole.len() },
        { "layerDigest": absent, "layerAvailability": "UNAVAILABLE" },
    ]);
    assert_eq!(found["layers"], layers);
    let codes: Vec<_> = found["failures"].as_array().expect("a list").iter().map(|one| &one["failureCode"]).collect();
    assert_eq!(codes, ["MissingLayerDigest", "InvalidLayerDigest"]);

    let manifest = image(&[&digest]);
    let link = of_hello(json!({ "layerDigest": digest }));
    faults(&house.ecr("GetDownloadUrlForLayer", link.clone()).await, "LayerInaccessibleException", "not associated with an image");
    let pushed = put(&house, &manifest, json!({ "imageTag": "v1" })).await.json();
    let id = json!({ "imageDigest": sha256(manifest.as_bytes()), "imageTag": "v1" });
    let answer = json!({ "registryId": registry, "repositoryName": "hello", "imageId": id, "imageManifest": manifest,
        "imageManifestMediaType": IMAGE });
    assert_eq!(pushed, json!({ "image": answer }));
    let read = house.ecr("BatchGetImage", of_hello(json!({ "imageIds": [{ "imageTag": "v1" }] }))).await.json();
    assert_eq!(read["images"], json!([answer]), "what was pushed is read back");
    let linked = house.ecr("GetDownloadUrlForLayer", link.clone()).await.json();
    let url = linked["downloadUrl"].as_str().expect("a URL").to_owned();
    assert!(url.starts_with(&format!("http://127.0.0.1:4566/v2/hello/blobs/{digest}?")), "{url}");
    assert_eq!(linked["layerDigest"], digest);
    let target = "AmazonEC2ContainerRegistry_V20150921.GetDownloadUrlForLayer";
    let mut through_the_front_door = crate::signer::sign(&order(target, "ecr", &link.to_string()));
    through_the_front_door.headers_mut().insert("x-forwarded-proto", HeaderValue::from_static("https"));
    let url = house.send(through_the_front_door).await.json()["downloadUrl"].as_str().expect("a URL").to_owned();
    assert!(url.starts_with("https://127.0.0.1:4566/v2/"), "{url}");
    let absent = of_hello(json!({ "layerDigest": absent }));
    faults(&house.ecr("GetDownloadUrlForLayer", absent).await, "LayersNotFoundException", "does not exist in the repository");
    let strange = of_hello(json!({ "layerDigest": "md5:00" }));
    faults(&house.ecr("GetDownloadUrlForLayer", strange).await, "InvalidParameterException", "'layerDigest'");
}

#[tokio::test]
async fn what_is_wrong_with_a_part_says_where_to_go_on() {
    let house = house().await;
    let upload = begun(&house).await;
    let empty = complete(&house, &upload, &[&sha256(b"x")]).await;
    faults(&empty, "EmptyUploadException", "does not contain any layer parts");
    let early = house.ecr("UploadLayerPart", part(&upload, 7, b"x")).await;
    faults(&early, "InvalidLayerPartException", "the next part begins at 0");
    let body = early.json();
    assert_eq!((&body["registryId"], &body["repositoryName"]), (&json!("000000000000"), &json!("hello")), "{body}");
    assert_eq!((&body["uploadId"], &body["lastValidByteReceived"]), (&upload, &Value::Null), "{body}");
    house.ecr("UploadLayerPart", part(&upload, 0, b"0123456789")).await;
    let twice = house.ecr("UploadLayerPart", part(&upload, 0, b"0123456789")).await;
    faults(&twice, "InvalidLayerPartException", "begins at 10");
    assert_eq!(twice.json()["lastValidByteReceived"], 9);
    let mut short = part(&upload, 10, b"x");
    short["partLastByte"] = json!(19);
    faults(&house.ecr("UploadLayerPart", short).await, "InvalidLayerPartException", "begins at 10");
    house.ecr("UploadLayerPart", part(&upload, 10, b"x")).await;
    let small = complete(&house, &upload, &[&sha256(b"0123456789x")]).await;
    faults(&small, "LayerPartTooSmallException", "5242880 bytes");

    let upload = begun(&house).await;
    house.ecr("UploadLayerPart", part(&upload, 0, b"0123456789")).await;
    let two = complete(&house, &upload, &[&sha256(b"0123456789"), &sha256(b"x")]).await;
    faults(&two, "InvalidLayerException", &sha256(b"x"));
    faults(&complete(&house, &upload, &["sha256:AB"]).await, "InvalidParameterException", "'layerDigests'");
    faults(&complete(&house, &upload, &[&sha256(b"x")]).await, "InvalidLayerException", "Begin the upload again");
    let gone = complete(&house, &upload, &[&sha256(b"0123456789")]).await;
    faults(&gone, "UploadNotFoundException", upload.as_str().expect("an id"));
    let nowhere = json!("01234567-89ab-cdef-0123-456789abcdef");
    faults(&house.ecr("UploadLayerPart", part(&nowhere, 0, b"x")).await, "UploadNotFoundException", "01234567");
    layer(&house, b"0123456789").await;
    let upload = begun(&house).await;
    house.ecr("UploadLayerPart", part(&upload, 0, b"0123456789")).await;
    let there = complete(&house, &upload, &[&sha256(b"0123456789")]).await;
    faults(&there, "LayerAlreadyExistsException", &sha256(b"0123456789"));
    let long = house.ecr("UploadLayerPart", part(&upload, 0, &vec![0; (20 << 20) + 1])).await;
    faults(&long, "InvalidParameterException", "layerPartBlob");
    let too_long = house.ecr("UploadLayerPart", part(&upload, 0, &vec![0; 22 << 20])).await;
    assert_eq!(too_long.status, 413, "{}", too_long.text);
}

#[tokio::test]
async fn what_is_wrong_with_an_image_says_what_is_missing() {
    let house = house().await;
    let layer = layer(&house, b"0123456789").await;
    let absent = sha256(b"absent");
    let missing = put(&house, &image(&[&layer, &absent]), json!({})).await;
    faults(&missing, "LayersNotFoundException", &absent);
    let index = json!({ "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [{ "digest": absent }] }).to_string();
    faults(&put(&house, &index, json!({})).await, "ReferencedImagesNotFoundException", &absent);
    let manifest = image(&[&layer]);
    let digest = sha256(manifest.as_bytes());
    let differs = put(&house, &manifest, json!({ "imageDigest": absent })).await;
    faults(&differs, "ImageDigestDoesNotMatchException", &digest);
    faults(&put(&house, "{", json!({})).await, "InvalidParameterException", "manifest");
    faults(&put(&house, &manifest, json!({ "imageTag": "a b" })).await, "InvalidParameterException", "'imageTag'");
    faults(&put(&house, &manifest, json!({ "imageDigest": "x" })).await, "InvalidParameterException", "'imageDigest'");
    let tagged = json!({ "imageTag": "v1", "imageDigest": digest });
    assert_eq!(put(&house, &manifest, tagged.clone()).await.status, 200);
    faults(&put(&house, &manifest, tagged).await, "ImageAlreadyExistsException", &digest);
    let other = put(&house, &manifest, json!({ "imageTag": "v2" })).await;
    assert_eq!(other.status, 200, "another tag is a change: {}", other.text);
    house.ecr("PutImageTagMutability", of_hello(json!({ "imageTagMutability": "IMMUTABLE" }))).await;
    let moved = put(&house, &image(&[&layer, &layer]), json!({ "imageTag": "v1" })).await;
    faults(&moved, "ImageTagAlreadyExistsException", "The image tag 'v1' already exists in the 'hello' repository");
}

#[tokio::test]
async fn a_push_is_denied_and_refused_as_everything_else() {
    let house = house().await;
    let upload = begun(&house).await;
    let digest = sha256(b"x");
    let calls = [
        ("BatchCheckLayerAvailability", json!({ "layerDigests": [digest] })),
        ("CompleteLayerUpload", json!({ "uploadId": upload, "layerDigests": [digest] })),
        ("GetDownloadUrlForLayer", json!({ "layerDigest": digest })),
        ("InitiateLayerUpload", json!({})),
        ("PutImage", json!({ "imageManifest": "{}" })),
        ("UploadLayerPart", json!({ "uploadId": upload, "partFirstByte": 0, "partLastByte": 0, "layerPartBlob": "eA==" })),
    ];
    for (operation, input) in calls {
        let mut absent = input.clone();
        absent["repositoryName"] = json!("absent");
        let words = "The repository with name 'absent' does not exist in the registry with id '000000000000'";
        faults(&house.ecr(operation, absent).await, "RepositoryNotFoundException", words);
        let mut foreign = of_hello(input);
        foreign["registryId"] = json!("111111111111");
        faults(&house.ecr(operation, foreign).await, "AccessDeniedException", &format!("ecr:{operation}"));
    }
}

#[tokio::test]
async fn tags_move_or_stay_as_the_filters_say() {
    let house = House::new();
    let filters = json!([{ "filterType": "WILDCARD", "filter": "dev-*" }, { "filterType": "WILDCARD", "filter": "latest" }]);
    let excluding = json!({ "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": filters });
    let created = house.ecr("CreateRepository", of_hello(excluding.clone())).await.json()["repository"].clone();
    assert_eq!(created["imageTagMutability"], "IMMUTABLE_WITH_EXCLUSION");
    assert_eq!(created["imageTagMutabilityExclusionFilters"], filters);
    let key = RepositoryKey { scope: scope(), name: model::image_reference::RepositoryName::parse("hello").expect("a name") };
    let kept = Repositories::get(&*house.images, &key).await.expect("memory reads").expect("it is there").tag_mutability;
    let expected = ["dev-*", "latest"].map(|filter| TagFilter(filter.to_owned())).to_vec();
    assert_eq!(kept, TagMutability::ImmutableExcept(expected));
    let turned = json!({ "imageTagMutability": "MUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": filters });
    let answer = house.ecr("PutImageTagMutability", of_hello(turned.clone())).await.json();
    let mut expected = json!({ "registryId": "000000000000", "repositoryName": "hello" });
    expected.as_object_mut().expect("an object").extend(turned.as_object().expect("an object").clone());
    assert_eq!(answer, expected);
    let described = house.ecr("DescribeRepositories", json!({})).await.json();
    assert_eq!(described["repositories"][0]["imageTagMutabilityExclusionFilters"], filters);
    let three = json!([{ "filterType": "WILDCARD", "filter": "a*b*c*" }]);
    for (mutability, filters, words) in [
        ("MUTABLE", filters.clone(), "cannot be used with the imageTagMutability MUTABLE"),
        ("IMMUTABLE", filters.clone(), "cannot be used with the imageTagMutability IMMUTABLE"),
        ("IMMUTABLE_WITH_EXCLUSION", Value::Null, "is needed with the imageTagMutability IMMUTABLE_WITH_EXCLUSION"),
        ("MUTABLE_WITH_EXCLUSION", three, "more than 2 wildcards"),
        ("MUTABLE_WITH_EXCLUSION", json!([]), "imageTagMutabilityExclusionFilters"),
        ("MUTABLE_WITH_EXCLUSION", json!([{ "filterType": "WILDCARD", "filter": "a b" }]), "filter"),
    ] {
        let mut input = json!({ "imageTagMutability": mutability });
        if !filters.is_null() {
            input["imageTagMutabilityExclusionFilters"] = filters;
        }
        faults(&house.ecr("PutImageTagMutability", of_hello(input.clone())).await, "InvalidParameterException", words);
        input["repositoryName"] = json!("other");
        faults(&house.ecr("CreateRepository", input).await, "InvalidParameterException", words);
    }
}
