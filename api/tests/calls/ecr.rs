//! ECR through the door.

use crate::house::{House, golden};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

#[tokio::test]
async fn a_repository_is_created_and_described_in_the_same_words() {
    let house = House::new();
    let created =
        house.ecr("CreateRepository", json!({ "repositoryName": "team/hello", "tags": [{ "Key": "a", "Value": "" }] })).await;
    assert_eq!(created.status, 200, "{}", created.text);
    assert_eq!(created.headers["content-type"], "application/x-amz-json-1.1");
    golden("create_repository.json", &created.json());
    for input in [json!({}), json!({ "repositoryNames": ["team/hello"] }), json!({ "registryId": "000000000000" })] {
        let described = house.ecr("DescribeRepositories", input).await;
        assert_eq!(described.json(), json!({ "repositories": [created.json()["repository"]] }));
    }
}

#[track_caller]
fn check(reply: &crate::house::Reply, code: &str, words: &str) {
    let (found, message) = reply.fault();
    assert_eq!((reply.status, found.as_str()), (400, code), "{message}");
    assert!(message.contains(words), "{message} does not say {words}");
}

#[tokio::test]
async fn a_repository_that_is_there_or_is_not_there_has_its_own_fault() {
    let house = House::new();
    house.ecr("CreateRepository", json!({ "repositoryName": "hello" })).await;
    let again = house.ecr("CreateRepository", json!({ "repositoryName": "hello" })).await;
    check(&again, "RepositoryAlreadyExistsException", "hello");
    let absent = house.ecr("DescribeRepositories", json!({ "repositoryNames": ["hello", "absent"] })).await;
    check(
        &absent,
        "RepositoryNotFoundException",
        "The repository with name 'absent' does not exist in the registry with id '000000000000'",
    );
    assert!(absent.json()["message"].is_string(), "ECR's own spelling: {}", absent.text);
}

#[tokio::test]
async fn violations_are_told_in_ecrs_own_words() {
    let house = House::new();
    let reply = house.ecr("CreateRepository", json!({ "repositoryName": "A" })).await;
    check(
        &reply,
        "InvalidParameterException",
        "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '[a-z0-9]+",
    );
    check(&reply, "InvalidParameterException", "'must have length greater than or equal to 2'");
    let reply = house.ecr("CreateRepository", json!({})).await;
    check(
        &reply,
        "InvalidParameterException",
        "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must not be null'",
    );
    let reply = house.ecr("DescribeRepositories", json!({ "maxResults": 1001 })).await;
    check(&reply, "InvalidParameterException", "must have value less than or equal to 1000");
    let many: Vec<String> = (0..101).map(|n| format!("name{n}")).collect();
    let reply = house.ecr("DescribeRepositories", json!({ "repositoryNames": many })).await;
    check(
        &reply,
        "InvalidParameterException",
        "'repositoryNames' failed to satisfy constraint: 'must have length less than or equal to 100'",
    );
    let reply = house.ecr("DescribeRepositories", json!({ "repositoryNames": ["ok", "-"] })).await;
    check(&reply, "InvalidParameterException", "at 'repositoryNames.2.member'");
}

#[tokio::test]
async fn what_this_version_cannot_honour_is_refused_by_name() {
    let house = House::new();
    let encrypted = json!({ "repositoryName": "hello", "encryptionConfiguration": { "encryptionType": "KMS" } });
    check(&house.ecr("CreateRepository", encrypted).await, "InvalidParameterException", "encryptionConfiguration");
    let told = json!({ "repositoryName": "hello", "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": { "scanOnPush": true }, "encryptionConfiguration": { "encryptionType": "AES256" } });
    let reply = house.ecr("CreateRepository", told).await;
    assert_eq!(reply.json()["repository"]["imageTagMutability"], "IMMUTABLE");
    assert_eq!(reply.json()["repository"]["imageScanningConfiguration"], json!({ "scanOnPush": true }));
    let input = json!({ "repositoryName": "hello", "imageScanningConfiguration": { "scanOnPush": false } });
    let changed = house.ecr("PutImageScanningConfiguration", input).await;
    assert_eq!(changed.json()["imageScanningConfiguration"], json!({ "scanOnPush": false }), "{}", changed.text);
    let described = house.ecr("DescribeRepositories", json!({})).await;
    assert_eq!(described.json()["repositories"][0]["imageScanningConfiguration"], json!({ "scanOnPush": false }));
}

#[tokio::test]
async fn a_lifecycle_policy_is_kept_as_it_was_sent_and_taken_away() {
    let house = House::new();
    house.ecr("CreateRepository", json!({ "repositoryName": "hello" })).await;
    let named = json!({ "repositoryName": "hello" });
    for operation in ["GetLifecyclePolicy", "DeleteLifecyclePolicy"] {
        let none = house.ecr(operation, named.clone()).await;
        check(&none, "LifecyclePolicyNotFoundException", "does not exist for the repository with name 'hello'");
    }
    let text = r#"{ "rules": [ { "rulePriority": 1, "description": "old ones", "selection": { "tagStatus": "untagged",
        "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14 }, "action": { "type": "expire" } } ] }"#;
    let put = house.ecr("PutLifecyclePolicy", json!({ "repositoryName": "hello", "lifecyclePolicyText": text })).await;
    let kept = json!({ "registryId": "000000000000", "repositoryName": "hello", "lifecyclePolicyText": text });
    assert_eq!((put.status, put.json()), (200, kept.clone()), "{}", put.text);
    for operation in ["GetLifecyclePolicy", "DeleteLifecyclePolicy"] {
        assert_eq!(house.ecr(operation, named.clone()).await.json(), kept);
    }
    check(&house.ecr("GetLifecyclePolicy", named).await, "LifecyclePolicyNotFoundException", "");
    let wrong = text.replace("untagged", "some").replace("14", "15");
    let refused = house.ecr("PutLifecyclePolicy", json!({ "repositoryName": "hello", "lifecyclePolicyText": wrong })).await;
    check(&refused, "InvalidParameterException", "Lifecycle policy validation failure: unknown variant `some`");
    let nowhere = house.ecr("PutLifecyclePolicy", json!({ "repositoryName": "absent", "lifecyclePolicyText": text })).await;
    check(&nowhere, "RepositoryNotFoundException", "absent");
}

#[tokio::test]
async fn the_registry_describes_itself() {
    let described = House::new().ecr("DescribeRegistry", json!({})).await;
    assert_eq!(described.json(), json!({ "registryId": "000000000000", "replicationConfiguration": { "rules": [] } }));
}

#[tokio::test]
async fn tags_of_a_repository_have_faults_of_their_own() {
    let house = House::new();
    let tag = |key: &str, value: &str| json!({ "Key": key, "Value": value });
    let many: Vec<Value> = (0..51).map(|n| tag(&format!("k{n}"), "")).collect();
    for (tags, code) in [
        (json!([tag("", "")]), "InvalidTagParameterException"),
        (json!([tag("aws:x", "")]), "InvalidTagParameterException"),
        (json!([tag(&"k".repeat(129), "")]), "InvalidTagParameterException"),
        (json!([tag("k", &"v".repeat(257))]), "InvalidTagParameterException"),
        (json!([tag("k", "1"), tag("k", "2")]), "InvalidTagParameterException"),
        (json!([{ "Key": "k" }]), "InvalidParameterException"),
        (Value::from(many), "TooManyTagsException"),
    ] {
        let reply = house.ecr("CreateRepository", json!({ "repositoryName": "hello", "tags": tags })).await;
        check(&reply, code, "");
    }
}

#[tokio::test]
async fn repositories_come_in_pages_and_names_do_not_go_with_pages() {
    let house = House::new();
    for name in ["aa", "bb", "cc"] {
        house.ecr("CreateRepository", json!({ "repositoryName": name })).await;
    }
    let first = house.ecr("DescribeRepositories", json!({ "maxResults": 2 })).await.json();
    assert_eq!(first["repositories"].as_array().map(Vec::len), Some(2));
    let second = house.ecr("DescribeRepositories", json!({ "maxResults": 2, "nextToken": first["nextToken"] })).await.json();
    assert_eq!(second["repositories"][0]["repositoryName"], "cc");
    assert!(second["nextToken"].is_null());
    let both = house.ecr("DescribeRepositories", json!({ "maxResults": 2, "repositoryNames": ["aa"] })).await;
    check(&both, "InvalidParameterException", "cannot be used with repositoryNames");
}

#[tokio::test]
async fn a_login_password_is_for_the_user_aws_and_lasts_twelve_hours() {
    let house = House::new();
    let data = house.ecr("GetAuthorizationToken", json!({})).await.json()["authorizationData"][0].clone();
    let token = BASE64_STANDARD.decode(data["authorizationToken"].as_str().expect("a token")).expect("base64");
    let token = String::from_utf8(token).expect("UTF-8");
    assert_eq!(token.split(':').collect::<Vec<_>>(), ["AWS", "password-0"]);
    assert_eq!(data["expiresAt"], json!(43200.0));
    assert_eq!(data["proxyEndpoint"], "https://000000000000.dkr.ecr.us-east-1.amazonaws.com");
    let own = house.ecr("GetAuthorizationToken", json!({ "registryIds": ["000000000000"] })).await;
    assert_eq!(own.status, 200);
    let both = house.ecr("GetAuthorizationToken", json!({ "registryIds": ["111111111111", "000000000000"] })).await.json();
    let endpoints: Vec<_> = both["authorizationData"].as_array().expect("a list").iter().map(|one| &one["proxyEndpoint"]).collect();
    let of = |account: &str| format!("https://{account}.dkr.ecr.us-east-1.amazonaws.com");
    assert_eq!(endpoints, [&json!(of("111111111111")), &json!(of("000000000000"))], "one for each registry, in the order asked");
    check(&house.ecr("GetAuthorizationToken", json!({ "registryIds": ["1"] })).await, "InvalidParameterException", "registryIds");
}

#[tokio::test]
async fn the_registry_of_another_account_is_denied() {
    let house = House::new();
    for (operation, input) in [
        ("CreateRepository", json!({ "repositoryName": "hello", "registryId": "111111111111" })),
        ("DescribeRepositories", json!({ "registryId": "111111111111" })),
        ("DescribeRepositories", json!({ "registryId": "111111111111", "repositoryNames": ["hello"] })),
    ] {
        check(&house.ecr(operation, input).await, "AccessDeniedException", "ecr:");
    }
}

#[tokio::test]
async fn without_a_number_a_hundred_repositories_make_a_page() {
    let house = House::new();
    for n in 0..101 {
        house.ecr("CreateRepository", json!({ "repositoryName": format!("name{n:03}") })).await;
    }
    let first = house.ecr("DescribeRepositories", json!({})).await.json();
    assert_eq!(first["repositories"].as_array().map(Vec::len), Some(100));
    assert!(first["nextToken"].is_string());
}
