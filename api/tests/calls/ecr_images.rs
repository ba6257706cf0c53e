//! Images and repositories of ECR through the door: listed, described, read, removed; repositories changed and deleted.

use crate::house::{House, Reply, golden};
use model::{
    audit::AuditRow,
    digest::{Algorithm, Digest},
    image_reference::{ImageTag, RepositoryName},
    port::{Clock, Manifests, PutManifest},
    repository::{Manifest, RepositoryKey},
    testbed::{caller, scope},
};
use serde_json::{Value, json};

const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

fn digest(byte: u8) -> Digest {
    Digest::from_hash(Algorithm::Sha256, &[byte; 32])
}

/// Puts an image into `hello`, as the registry does.
async fn put(house: &House, byte: u8, media_type: &str, names: &[Digest], tags: &[Option<&str>], bytes: usize) -> String {
    let digest = digest(byte);
    let text = format!("{{\"n\":{byte}}}{}", " ".repeat(bytes.saturating_sub(9)));
    let is_index = media_type == INDEX;
    for tag in tags {
        let manifest = Manifest {
            digest: digest.clone(),
            media_type: media_type.to_owned(),
            size_bytes: text.len() as u64,
            pushed_at: house.clock.now(),
            references: names.to_vec(),
            subject: None,
            artifact_type: (!is_index).then(|| "application/vnd.oci.image.config.v1+json".to_owned()),
            image_bytes: Some(1_000 * u64::from(byte)),
        };
        let key = RepositoryKey { scope: scope(), name: RepositoryName::parse("hello").expect("a name") };
        let tag = tag.map(|tag| ImageTag::parse(tag).expect("a tag"));
        let order = PutManifest { repository: key.clone(), manifest, bytes: text.clone().into(), tag };
        let row = AuditRow { at: house.clock.now(), caller: caller(), action: "ecr:PutImage".to_owned(), resource: key.arn() };
        house.images.put(&order, &row).await.expect("memory keeps it").expect("it is complete");
    }
    digest.to_string()
}

/// `hello` with an image under two tags, an index that names it, and an image without a tag.
async fn shelf() -> (House, [String; 3]) {
    let house = House::new();
    house.ecr("CreateRepository", json!({ "repositoryName": "hello" })).await;
    let image = put(&house, 1, IMAGE, &[], &[Some("v1"), Some("latest")], 0).await;
    let index = put(&house, 2, INDEX, &[digest(1)], &[Some("many")], 0).await;
    let loose = put(&house, 3, IMAGE, &[], &[None], 0).await;
    (house, [image, index, loose])
}

fn of_hello(more: Value) -> Value {
    let mut input = json!({ "repositoryName": "hello" });
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    input
}

#[track_caller]
fn check(reply: &Reply, code: &str, words: &str) {
    let (found, message) = reply.fault();
    assert_eq!((reply.status, found.as_str()), (400, code), "{message}");
    assert!(message.contains(words), "{message} does not say {words}");
}

const ABSENT: &str = "The repository with name 'absent' does not exist in the registry with id '000000000000'";

#[tokio::test]
async fn images_are_listed_a_row_for_each_tag() {
    let (house, [image, index, loose]) = shelf().await;
    let all = json!([
        { "imageDigest": image, "imageTag": "latest" }, { "imageDigest": image, "imageTag": "v1" },
        { "imageDigest": index, "imageTag": "many" }, { "imageDigest": loose },
    ]);
    let reply = house.ecr("ListImages", of_hello(json!({}))).await;
    assert_eq!(reply.json(), json!({ "imageIds": all }));
    for (filter, rows) in [
        (json!({ "tagStatus": "TAGGED" }), 0..3),
        (json!({ "tagStatus": "UNTAGGED" }), 3..4),
        (json!({ "tagStatus": "ANY", "imageStatus": "ANY" }), 0..4),
        (json!({ "imageStatus": "ACTIVE" }), 0..4),
        (json!({ "imageStatus": "ARCHIVED" }), 0..0),
    ] {
        let reply = house.ecr("ListImages", of_hello(json!({ "filter": filter }))).await.json();
        assert_eq!(reply["imageIds"].as_array().map(Vec::as_slice), all.as_array().map(|all| &all[rows]), "{filter}");
    }
    let first = house.ecr("ListImages", of_hello(json!({ "maxResults": 1 }))).await.json();
    let next = json!({ "maxResults": 1000, "nextToken": first["nextToken"] });
    let second = house.ecr("ListImages", of_hello(next.clone())).await.json();
    assert_eq!((second["imageIds"].as_array().map(Vec::len), second["nextToken"].is_null()), (Some(3), true));
    let mut filtered = next;
    filtered["filter"] = json!({ "tagStatus": "TAGGED" });
    check(&house.ecr("ListImages", of_hello(filtered)).await, "InvalidParameterException", "next token");
    check(&house.ecr("ListImages", json!({ "repositoryName": "absent" })).await, "RepositoryNotFoundException", ABSENT);
}

#[tokio::test]
async fn images_are_described() {
    let (house, [image, index, loose]) = shelf().await;
    let reply = house.ecr("DescribeImages", of_hello(json!({}))).await;
    golden("describe_images.json", &reply.json());
    let ids = json!([{ "imageTag": "v1" }, { "imageDigest": loose }, { "imageDigest": image, "imageTag": "latest" }]);
    let named = house.ecr("DescribeImages", of_hello(json!({ "imageIds": ids }))).await.json();
    let digests: Vec<_> = named["imageDetails"].as_array().expect("a list").iter().map(|one| &one["imageDigest"]).collect();
    assert_eq!(digests, [&image, &loose, &image]);
    let tagged = json!({ "imageIds": ids, "filter": { "tagStatus": "UNTAGGED" } });
    assert_eq!(house.ecr("DescribeImages", of_hello(tagged)).await.json()["imageDetails"].as_array().map(Vec::len), Some(1));
    let page = house.ecr("DescribeImages", of_hello(json!({ "maxResults": 2, "filter": { "tagStatus": "TAGGED" } }))).await.json();
    assert_eq!((page["imageDetails"][1]["imageDigest"].as_str(), page["nextToken"].is_null()), (Some(index.as_str()), true));
    let archived = house.ecr("DescribeImages", of_hello(json!({ "filter": { "imageStatus": "ARCHIVED" } }))).await;
    assert_eq!(archived.json(), json!({ "imageDetails": [] }));
    check(&house.ecr("DescribeImages", json!({ "repositoryName": "absent" })).await, "RepositoryNotFoundException", ABSENT);
    let absent = json!({ "imageIds": [{ "imageTag": "v1" }, { "imageTag": "v9" }] });
    check(
        &house.ecr("DescribeImages", of_hello(absent)).await,
        "ImageNotFoundException",
        "The image with imageId {imageDigest:'null', imageTag:'v9'} does not exist within the repository with name 'hello'",
    );
    let both = json!({ "imageIds": ids, "maxResults": 1 });
    check(&house.ecr("DescribeImages", of_hello(both)).await, "InvalidParameterException", "cannot be used with imageIds");
    for (id, words) in
        [(json!({}), "cannot be null"), (json!({ "imageDigest": "x" }), "digest"), (json!({ "imageTag": "-" }), "tag")]
    {
        check(&house.ecr("DescribeImages", of_hello(json!({ "imageIds": [id] }))).await, "InvalidParameterException", words);
    }
}

#[tokio::test]
async fn manifests_are_read_and_what_is_not_to_be_had_is_a_failure_beside_them() {
    let (house, [image, index, loose]) = shelf().await;
    let ids = json!([
        { "imageTag": "v1" }, { "imageTag": "v9" }, { "imageDigest": index }, { "imageDigest": loose, "imageTag": "v1" }, {},
        { "imageDigest": "sha256:x" }, { "imageTag": "-" },
    ]);
    let reply = house.ecr("BatchGetImage", of_hello(json!({ "imageIds": ids }))).await.json();
    let read = |n: usize| &reply["images"][n];
    assert_eq!(read(0)["imageId"], json!({ "imageDigest": image, "imageTag": "v1" }));
    assert_eq!((&read(0)["imageManifest"], &read(0)["imageManifestMediaType"]), (&json!("{\"n\":1}"), &json!(IMAGE)));
    assert_eq!((&read(0)["registryId"], &read(0)["repositoryName"]), (&json!("000000000000"), &json!("hello")));
    assert_eq!(read(1)["imageId"], json!({ "imageDigest": index }));
    let failures: Vec<_> = reply["failures"].as_array().expect("a list").iter().map(|one| &one["failureCode"]).collect();
    let codes = ["ImageNotFound", "ImageTagDoesNotMatchDigest", "MissingDigestAndTag", "InvalidImageDigest", "InvalidImageTag"];
    assert_eq!(failures, codes);
    assert_eq!(reply["failures"][0]["failureReason"], "Requested image not found");
    assert_eq!(reply["failures"][0]["imageId"], json!({ "imageTag": "v9" }));
    let accepted = json!({ "imageIds": [{ "imageTag": "v1" }, { "imageTag": "many" }], "acceptedMediaTypes": [INDEX] });
    let reply = house.ecr("BatchGetImage", of_hello(accepted)).await.json();
    assert_eq!(reply["images"][0]["imageId"]["imageTag"], "many");
    assert!(reply["failures"][0]["failureReason"].as_str().expect("a reason").contains(IMAGE), "{reply}");
    check(&house.ecr("BatchGetImage", json!({ "repositoryName": "hello" })).await, "InvalidParameterException", "imageIds");
    let absent = json!({ "repositoryName": "absent", "imageIds": [{ "imageTag": "v1" }] });
    check(&house.ecr("BatchGetImage", absent).await, "RepositoryNotFoundException", ABSENT);
}

#[tokio::test]
async fn too_many_manifests_at_once_are_refused() {
    let house = House::new();
    house.ecr("CreateRepository", json!({ "repositoryName": "hello" })).await;
    let large = put(&house, 9, IMAGE, &[], &[None], 4 << 20).await;
    let ids = |count: usize| of_hello(json!({ "imageIds": vec![json!({ "imageDigest": large }); count] }));
    assert_eq!(house.ecr("BatchGetImage", ids(4)).await.status, 200);
    check(&house.ecr("BatchGetImage", ids(5)).await, "LimitExceededException", "ask for fewer");
    check(&house.ecr("BatchGetImage", ids(101)).await, "InvalidParameterException", "less than or equal to 100");
}

#[tokio::test]
async fn an_image_goes_by_digest_or_with_its_last_tag() {
    let (house, [image, index, loose]) = shelf().await;
    let remove = async |ids: Value| house.ecr("BatchDeleteImage", of_hello(json!({ "imageIds": ids }))).await.json();
    let gone = |rows: Value| json!({ "imageIds": rows, "failures": [] });
    let by_tag = remove(json!([{ "imageTag": "latest" }])).await;
    assert_eq!(by_tag, gone(json!([{ "imageDigest": image, "imageTag": "latest" }])), "only the tag goes");
    let held = remove(json!([{ "imageDigest": image }, { "imageTag": "v9" }, {}])).await;
    assert_eq!(held["imageIds"], json!([]));
    let codes: Vec<_> = held["failures"].as_array().expect("a list").iter().map(|one| &one["failureCode"]).collect();
    assert_eq!(codes, ["ImageReferencedByManifestList", "ImageNotFound", "MissingDigestAndTag"]);
    let reason = held["failures"][0]["failureReason"].as_str().expect("a reason");
    assert_eq!(reason, format!("Requested image referenced by manifest list: [{index}]"));
    let left = house.ecr("ListImages", of_hello(json!({}))).await.json();
    assert_eq!(left["imageIds"].as_array().map(Vec::len), Some(3), "a failure changes nothing");
    let rest = remove(json!([{ "imageDigest": image }, { "imageTag": "many" }, { "imageDigest": loose }])).await;
    let rows = json!([
        { "imageDigest": image, "imageTag": "v1" }, { "imageDigest": index, "imageTag": "many" }, { "imageDigest": loose },
    ]);
    assert_eq!(rest, gone(rows), "an image goes with the index that names it");
    assert_eq!(house.ecr("ListImages", of_hello(json!({}))).await.json(), json!({ "imageIds": [] }));
    check(&house.ecr("BatchDeleteImage", of_hello(json!({}))).await, "InvalidParameterException", "imageIds");
    let absent = json!({ "repositoryName": "absent", "imageIds": [{ "imageTag": "v1" }] });
    check(&house.ecr("BatchDeleteImage", absent).await, "RepositoryNotFoundException", ABSENT);
}

#[tokio::test]
async fn a_repository_with_images_goes_only_by_force() {
    let (house, _) = shelf().await;
    let described = house.ecr("DescribeRepositories", json!({})).await.json()["repositories"][0].clone();
    let words =
        "The repository with name 'hello' in registry with id '000000000000' cannot be deleted because it still contains images";
    for force in [json!({}), json!({ "force": false })] {
        check(&house.ecr("DeleteRepository", of_hello(force)).await, "RepositoryNotEmptyException", words);
    }
    let deleted = house.ecr("DeleteRepository", of_hello(json!({ "force": true }))).await;
    assert_eq!(deleted.json(), json!({ "repository": described }));
    check(&house.ecr("ListImages", of_hello(json!({}))).await, "RepositoryNotFoundException", "hello");
    check(
        &house.ecr("DeleteRepository", json!({ "repositoryName": "absent", "force": true })).await,
        "RepositoryNotFoundException",
        ABSENT,
    );
    house.ecr("CreateRepository", json!({ "repositoryName": "hello" })).await;
    assert_eq!(house.ecr("DeleteRepository", of_hello(json!({}))).await.status, 200, "an empty one goes without");
}

#[tokio::test]
async fn mutability_and_tags_of_a_repository_change() {
    let house = House::new();
    let tags = json!([{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }]);
    let created = house.ecr("CreateRepository", json!({ "repositoryName": "hello", "tags": tags })).await.json();
    let arn = created["repository"]["repositoryArn"].clone();
    let put = of_hello(json!({ "imageTagMutability": "IMMUTABLE" }));
    let answer = json!({ "registryId": "000000000000", "repositoryName": "hello", "imageTagMutability": "IMMUTABLE" });
    assert_eq!(house.ecr("PutImageTagMutability", put).await.json(), answer);
    assert_eq!(house.ecr("DescribeRepositories", json!({})).await.json()["repositories"][0]["imageTagMutability"], "IMMUTABLE");
    let absent = json!({ "repositoryName": "absent", "imageTagMutability": "MUTABLE" });
    check(&house.ecr("PutImageTagMutability", absent).await, "RepositoryNotFoundException", ABSENT);

    assert_eq!(house.ecr("ListTagsForResource", json!({ "resourceArn": arn })).await.json(), json!({ "tags": tags }));
    let tag = json!({ "resourceArn": arn, "tags": [{ "Key": "b", "Value": "3" }, { "Key": "c", "Value": "" }] });
    assert_eq!(house.ecr("TagResource", tag).await.json(), json!({}));
    assert_eq!(house.ecr("UntagResource", json!({ "resourceArn": arn, "tagKeys": ["a", "nobody"] })).await.json(), json!({}));
    let left = json!([{ "Key": "b", "Value": "3" }, { "Key": "c", "Value": "" }]);
    assert_eq!(house.ecr("ListTagsForResource", json!({ "resourceArn": arn })).await.json(), json!({ "tags": left }));
    let many: Vec<Value> = (0..49).map(|n| json!({ "Key": format!("k{n}"), "Value": "" })).collect();
    check(&house.ecr("TagResource", json!({ "resourceArn": arn, "tags": many })).await, "TooManyTagsException", "50");
    let bad = json!({ "resourceArn": arn, "tags": [{ "Key": "aws:x", "Value": "" }] });
    check(&house.ecr("TagResource", bad).await, "InvalidTagParameterException", "aws:");
    for (operation, more) in [
        ("ListTagsForResource", json!({})),
        ("TagResource", json!({ "tags": left })),
        ("UntagResource", json!({ "tagKeys": ["a"] })),
    ] {
        for (arn, code) in [
            ("arn:aws:ecr:us-east-1:000000000000:repository/absent", "RepositoryNotFoundException"),
            ("arn:aws:ecr:us-east-1:111111111111:repository/hello", "AccessDeniedException"),
            ("arn:aws:ecr:eu-west-1:000000000000:repository/hello", "InvalidParameterException"),
            ("arn:aws:s3:::hello", "InvalidParameterException"),
            ("hello", "InvalidParameterException"),
        ] {
            let mut input = more.clone();
            input["resourceArn"] = json!(arn);
            check(&house.ecr(operation, input).await, code, "");
        }
    }
}

#[tokio::test]
async fn the_images_of_another_account_are_denied() {
    let (house, [image, ..]) = shelf().await;
    let ids = json!([{ "imageDigest": image }]);
    for (operation, more) in [
        ("ListImages", json!({})),
        ("DescribeImages", json!({})),
        ("BatchGetImage", json!({ "imageIds": ids })),
        ("BatchDeleteImage", json!({ "imageIds": ids })),
        ("DeleteRepository", json!({ "force": true })),
        ("PutImageTagMutability", json!({ "imageTagMutability": "MUTABLE" })),
    ] {
        let mut input = of_hello(more);
        input["registryId"] = json!("111111111111");
        check(&house.ecr(operation, input).await, "AccessDeniedException", "ecr:");
    }
}

#[tokio::test]
async fn a_scan_ends_at_once_and_says_that_there_is_no_scanner() {
    let (house, [image, _, _]) = shelf().await;
    let of_v1 = of_hello(json!({ "imageId": { "imageTag": "v1" } }));
    for operation in ["StartImageScan", "DescribeImageScanFindings"] {
        let answer = house.ecr(operation, of_v1.clone()).await.json();
        assert_eq!(answer["imageId"], json!({ "imageDigest": image, "imageTag": "v1" }));
        assert_eq!(answer["imageScanStatus"]["status"], "FAILED");
        let why = answer["imageScanStatus"]["description"].as_str().expect("a reason");
        assert!(why.contains("no scanner"), "{why}");
        let absent = house.ecr(operation, of_hello(json!({ "imageId": { "imageTag": "v2" } }))).await;
        assert_eq!(absent.fault().0, "ImageNotFoundException", "{}", absent.text);
    }
}
