//! Secrets Manager through the door.

use crate::house::{House, Reply, faults, order};
use model::{limit, role::Role, testbed::role};
use serde_json::{Value, json};
use std::time::Duration;

async fn call(house: &House, operation: &str, input: Value) -> Reply {
    house.order(&order(&format!("secretsmanager.{operation}"), "secretsmanager", &input.to_string())).await
}

#[track_caller]
fn good(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

fn token(letter: char) -> String {
    letter.to_string().repeat(32)
}

async fn made(house: &House, name: &str, value: &str) -> String {
    let input = json!({ "Name": name, "SecretString": value, "ClientRequestToken": token('a') });
    good(&call(house, "CreateSecret", input).await)["ARN"].as_str().expect("an ARN").to_owned()
}

#[tokio::test]
async fn a_secret_is_read_by_its_name_its_arn_and_its_arn_without_the_end_and_in_each_version() {
    let house = House::new();
    let arn = made(&house, "prod/db", "one").await;
    let id = arn.strip_prefix("arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db-").expect("the form of its ARN");
    assert!(id.len() == 6 && id.bytes().all(|b| b.is_ascii_alphanumeric()), "{arn}");
    for name in ["prod/db", &arn, &arn[..arn.len() - 7]] {
        let read = good(&call(&house, "GetSecretValue", json!({ "SecretId": name })).await);
        assert_eq!((&read["SecretString"], &read["ARN"], &read["Name"]), (&json!("one"), &json!(arn), &json!("prod/db")));
        assert_eq!((&read["VersionId"], &read["VersionStages"]), (&json!(token('a')), &json!(["AWSCURRENT"])));
        assert_eq!(read["CreatedDate"], json!(1_800_000_000.25));
    }
    let put = json!({ "SecretId": "prod/db", "SecretString": "two", "ClientRequestToken": token('b') });
    let answer = good(&call(&house, "PutSecretValue", put.clone()).await);
    assert_eq!(answer["VersionStages"], json!(["AWSCURRENT"]));
    assert_eq!(good(&call(&house, "PutSecretValue", put).await), answer, "the same again is success");
    let other = json!({ "SecretId": "prod/db", "SecretString": "three", "ClientRequestToken": token('b') });
    faults(&call(&house, "PutSecretValue", other).await, "ResourceExistsException", "another value");
    for (pick, value) in [
        (json!({}), "two"),
        (json!({ "VersionStage": "AWSPREVIOUS" }), "one"),
        (json!({ "VersionId": token('a') }), "one"),
        (json!({ "VersionId": token('b'), "VersionStage": "AWSCURRENT" }), "two"),
    ] {
        let mut input = pick.clone();
        input["SecretId"] = json!(arn);
        assert_eq!(good(&call(&house, "GetSecretValue", input).await)["SecretString"], json!(value), "{pick}");
    }
    let words = "can't find the specified secret value for staging label: AWSPENDING";
    let pending = json!({ "SecretId": arn, "VersionStage": "AWSPENDING" });
    faults(&call(&house, "GetSecretValue", pending).await, "ResourceNotFoundException", words);
    let torn = json!({ "SecretId": arn, "VersionId": token('a'), "VersionStage": "AWSCURRENT" });
    faults(&call(&house, "GetSecretValue", torn).await, "InvalidParameterException", "not associated");
    let words = "Secrets Manager can't find the specified secret.";
    for absent in ["nothing", &arn.replace(id, "zzzzzz"), &arn.replace("us-east-1", "eu-west-1")] {
        faults(&call(&house, "GetSecretValue", json!({ "SecretId": absent })).await, "ResourceNotFoundException", words);
    }
    let described = good(&call(&house, "DescribeSecret", json!({ "SecretId": "prod/db" })).await);
    assert_eq!(described["VersionIdsToStages"], json!({ (token('a')): ["AWSPREVIOUS"], (token('b')): ["AWSCURRENT"] }));
    assert!(!described.to_string().contains("two"), "a description shows no value");
}

#[tokio::test]
async fn creating_again_is_success_only_with_the_same_token_and_value() {
    let house = House::new();
    let arn = made(&house, "db", "one").await;
    assert_eq!(made(&house, "db", "one").await, arn);
    let other = json!({ "Name": "db", "SecretString": "two", "ClientRequestToken": token('b') });
    faults(&call(&house, "CreateSecret", other).await, "ResourceExistsException", "the secret db already exists");
    let empty = json!({ "Name": "later" });
    assert_eq!(good(&call(&house, "CreateSecret", empty).await).get("VersionId"), None);
    faults(&call(&house, "GetSecretValue", json!({ "SecretId": "later" })).await, "ResourceNotFoundException", "AWSCURRENT");
    let binary = json!({ "Name": "binary", "SecretBinary": "AAEC/w==" });
    good(&call(&house, "CreateSecret", binary).await);
    let read = good(&call(&house, "GetSecretValue", json!({ "SecretId": "binary" })).await);
    assert_eq!((&read["SecretBinary"], read.get("SecretString")), (&json!("AAEC/w=="), None));
    let both = json!({ "Name": "x", "SecretString": "a", "SecretBinary": "AA==" });
    faults(&call(&house, "CreateSecret", both).await, "InvalidParameterException", "both SecretString and SecretBinary");
    let named = json!({ "Name": "a b", "SecretString": "a" });
    faults(&call(&house, "CreateSecret", named).await, "InvalidParameterException", "Invalid name");
    let keyed = json!({ "Name": "x", "SecretString": "a", "KmsKeyId": "alias/mine" });
    faults(&call(&house, "CreateSecret", keyed).await, "InvalidParameterException", "KmsKeyId");
    let long = json!({ "Name": "x", "SecretString": "é".repeat(limit::SECRET_BYTES / 2 + 1) });
    faults(&call(&house, "CreateSecret", long).await, "InvalidParameterException", "bytes");
    let token = json!({ "Name": "x", "SecretString": "hunter2", "ClientRequestToken": "short" });
    let reply = call(&house, "CreateSecret", token).await;
    assert!(reply.status == 400 && !reply.text.contains("hunter2"), "{}", reply.text);
}

#[tokio::test]
async fn labels_are_moved_as_a_rotation_moves_them() {
    let house = House::new();
    made(&house, "db", "one").await;
    let pending = json!({
        "SecretId": "db", "SecretString": "two", "ClientRequestToken": token('b'), "VersionStages": ["AWSPENDING"],
    });
    good(&call(&house, "PutSecretValue", pending).await);
    let wrong = json!({ "SecretId": "db", "VersionStage": "AWSCURRENT", "MoveToVersionId": token('b') });
    faults(
        &call(&house, "UpdateSecretVersionStage", wrong).await,
        "InvalidParameterException",
        "RemoveFromVersionId can't be empty",
    );
    let step = json!({
        "SecretId": "db", "VersionStage": "AWSCURRENT", "MoveToVersionId": token('b'), "RemoveFromVersionId": token('a'),
    });
    good(&call(&house, "UpdateSecretVersionStage", step).await);
    assert_eq!(good(&call(&house, "GetSecretValue", json!({ "SecretId": "db" })).await)["SecretString"], json!("two"));
    let off = json!({ "SecretId": "db", "VersionStage": "AWSPREVIOUS", "RemoveFromVersionId": token('a') });
    good(&call(&house, "UpdateSecretVersionStage", off).await);
    let ids = |answer: &Value| {
        let versions = answer["Versions"].as_array().expect("a list").iter();
        versions.map(|version| version["VersionId"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let labelled = good(&call(&house, "ListSecretVersionIds", json!({ "SecretId": "db" })).await);
    assert_eq!(ids(&labelled), [token('b')]);
    let first = json!({ "SecretId": "db", "IncludeDeprecated": true, "MaxResults": 1 });
    let page = good(&call(&house, "ListSecretVersionIds", first.clone()).await);
    assert_eq!(ids(&page), [token('a')]);
    let mut next = first;
    next["NextToken"] = page["NextToken"].clone();
    let page = good(&call(&house, "ListSecretVersionIds", next).await);
    assert_eq!((ids(&page), page.get("NextToken")), (vec![token('b')], None));
    let bad = json!({ "SecretId": "db", "NextToken": "x" });
    faults(&call(&house, "ListSecretVersionIds", bad).await, "InvalidNextTokenException", "next token");
    let updated =
        json!({ "SecretId": "db", "Description": "of the shop", "SecretString": "three", "ClientRequestToken": token('c') });
    assert_eq!(good(&call(&house, "UpdateSecret", updated).await)["VersionId"], json!(token('c')));
    let described = good(&call(&house, "DescribeSecret", json!({ "SecretId": "db" })).await);
    assert_eq!(described["Description"], json!("of the shop"));
    house.clock.turn(Duration::from_secs(1));
    let again = |description: &str| json!({ "SecretId": "db", "Description": description, "SecretString": "three", "ClientRequestToken": token('c') });
    for description in ["of the bank", "of the bank"] {
        assert_eq!(good(&call(&house, "UpdateSecret", again(description)).await)["VersionId"], json!(token('c')));
        house.clock.turn(Duration::from_secs(1));
    }
    let described = good(&call(&house, "DescribeSecret", json!({ "SecretId": "db" })).await);
    assert_eq!(
        described["Description"],
        json!("of the bank"),
        "a version that is there already is no reason to drop what else was said"
    );
    assert_eq!(described["LastChangedDate"], json!(1_800_000_000.25 + 1.0), "what changes nothing is no change");
    assert_eq!(described["VersionIdsToStages"][token('c')], json!(["AWSCURRENT"]));
}

#[tokio::test]
async fn a_deletion_waits_for_its_window_and_can_be_taken_back_and_a_forced_one_does_not() {
    let house = House::new();
    let arn = made(&house, "db", "one").await;
    for (input, words) in [
        (json!({ "SecretId": "db", "RecoveryWindowInDays": 6 }), "between 7 and 30"),
        (json!({ "SecretId": "db", "RecoveryWindowInDays": 31 }), "between 7 and 30"),
        (json!({ "SecretId": "db", "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": true }), "in conjunction"),
    ] {
        faults(&call(&house, "DeleteSecret", input).await, "InvalidParameterException", words);
    }
    let gone = good(&call(&house, "DeleteSecret", json!({ "SecretId": "db", "RecoveryWindowInDays": 7 })).await);
    assert_eq!(gone["DeletionDate"], json!(1_800_000_000.25 + 7.0 * 86_400.0));
    house.clock.turn(Duration::from_secs(1));
    for operation in ["GetSecretValue", "DeleteSecret", "PutSecretValue", "TagResource", "UpdateSecret"] {
        let input = json!({ "SecretId": "db", "SecretString": "x", "Tags": [] });
        faults(&call(&house, operation, input).await, "InvalidRequestException", "marked for deletion");
    }
    let described = good(&call(&house, "DescribeSecret", json!({ "SecretId": arn })).await);
    assert_eq!(described["DeletedDate"], json!(1_800_000_000.25));
    let again = json!({ "Name": "db", "SecretString": "x" });
    faults(&call(&house, "CreateSecret", again).await, "InvalidRequestException", "scheduled for deletion");
    let listed = |answer: Value| answer["SecretList"].as_array().expect("a list").len();
    assert_eq!(listed(good(&call(&house, "ListSecrets", json!({})).await)), 0);
    assert_eq!(listed(good(&call(&house, "ListSecrets", json!({ "IncludePlannedDeletion": true })).await)), 1);
    good(&call(&house, "RestoreSecret", json!({ "SecretId": "db" })).await);
    assert_eq!(good(&call(&house, "GetSecretValue", json!({ "SecretId": "db" })).await)["SecretString"], json!("one"));
    good(&call(&house, "DeleteSecret", json!({ "SecretId": "db", "ForceDeleteWithoutRecovery": true })).await);
    faults(&call(&house, "DescribeSecret", json!({ "SecretId": "db" })).await, "ResourceNotFoundException", "can't find");
    good(&call(&house, "DeleteSecret", json!({ "SecretId": "db", "ForceDeleteWithoutRecovery": true })).await);
    assert_ne!(made(&house, "db", "one").await, arn, "one that is made again has another ARN");
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged_and_values_are_got_together() {
    let house = House::new();
    for (name, description, tag) in [("prod/a", "The shop", "x"), ("prod/b", "the bank", "y"), ("test/a", "", "x")] {
        let tags = json!([{ "Key": "team", "Value": tag }]);
        let input = json!({ "Name": name, "SecretString": name, "Description": description, "Tags": tags });
        good(&call(&house, "CreateSecret", input).await);
        house.clock.turn(Duration::from_secs(1));
    }
    let names = |answer: &Value| {
        let names = answer["SecretList"].as_array().expect("a list").iter().map(|secret| secret["Name"].as_str().expect("a name"));
        names.collect::<Vec<_>>().join(" ")
    };
    let filter = |key: &str, values: &[&str]| json!({ "Filters": [{ "Key": key, "Values": values }] });
    for (input, found) in [
        (json!({}), "prod/a prod/b test/a"),
        (filter("name", &["prod"]), "prod/a prod/b"),
        (filter("name", &["!prod"]), "test/a"),
        (filter("description", &["shop", "ban"]), "prod/a prod/b"),
        (filter("tag-value", &["x"]), "prod/a test/a"),
        (filter("tag-key", &["team"]), "prod/a prod/b test/a"),
        (filter("all", &["bank"]), "prod/b"),
        (filter("owning-service", &["x"]), ""),
        (json!({ "SortBy": "created-date", "SortOrder": "desc" }), "test/a prod/b prod/a"),
    ] {
        assert_eq!(names(&good(&call(&house, "ListSecrets", input.clone()).await)), found, "{input}");
    }
    let first = good(&call(&house, "ListSecrets", json!({ "MaxResults": 2 })).await);
    let next = json!({ "MaxResults": 2, "NextToken": first["NextToken"] });
    assert_eq!(names(&good(&call(&house, "ListSecrets", next).await)), "test/a");
    for by in ["name", "created-date", "last-changed-date"] {
        for (order, expected) in [("asc", "prod/a prod/b test/a"), ("desc", "test/a prod/b prod/a")] {
            let (mut found, mut input) = (Vec::new(), json!({ "MaxResults": 1, "SortBy": by, "SortOrder": order }));
            loop {
                let page = good(&call(&house, "ListSecrets", input.clone()).await);
                found.push(names(&page));
                input["NextToken"] = page["NextToken"].clone();
                if page["NextToken"].is_null() {
                    break;
                }
            }
            assert_eq!(found.join(" "), expected, "{by} {order}");
        }
    }
    let other = json!({ "SortOrder": "desc", "NextToken": first["NextToken"] });
    faults(&call(&house, "ListSecrets", other).await, "InvalidNextTokenException", "same call");

    let both = json!({ "SecretIdList": ["prod/a", "nothing"] });
    let answer = good(&call(&house, "BatchGetSecretValue", both).await);
    assert_eq!(answer["SecretValues"][0]["SecretString"], json!("prod/a"));
    assert_eq!(
        (&answer["Errors"][0]["SecretId"], &answer["Errors"][0]["ErrorCode"]),
        (&json!("nothing"), &json!("ResourceNotFoundException"))
    );
    let answer = good(&call(&house, "BatchGetSecretValue", filter("name", &["test"])).await);
    assert_eq!(answer["SecretValues"][0]["SecretString"], json!("test/a"));
    faults(&call(&house, "BatchGetSecretValue", json!({})).await, "InvalidParameterException", "Either SecretIdList or Filters");

    let tags = json!({ "SecretId": "prod/a", "Tags": [{ "Key": "team", "Value": "z" }, { "Key": "new", "Value": "" }] });
    good(&call(&house, "TagResource", tags).await);
    good(&call(&house, "UntagResource", json!({ "SecretId": "prod/a", "TagKeys": ["new", "absent"] })).await);
    let described = good(&call(&house, "DescribeSecret", json!({ "SecretId": "prod/a" })).await);
    assert_eq!(described["Tags"], json!([{ "Key": "team", "Value": "z" }]));
}

#[tokio::test]
async fn passwords_have_what_was_asked_for_and_rotation_and_policies_are_refused_by_name() {
    let house = House::new();
    let drawn = |answer: Value| answer["RandomPassword"].as_str().expect("a password").to_owned();
    let first = drawn(good(&call(&house, "GetRandomPassword", json!({})).await));
    assert_eq!(first.len(), 32);
    assert_ne!(first, drawn(good(&call(&house, "GetRandomPassword", json!({})).await)));
    for _ in 0..50 {
        let input = json!({ "PasswordLength": 4, "ExcludeCharacters": "0123456789abc", "IncludeSpace": false });
        let word = drawn(good(&call(&house, "GetRandomPassword", input).await));
        assert!(word.len() == 4 && !word.chars().any(|c| "0123456789abc".contains(c)), "{word}");
        let kinds = [
            word.chars().any(|c| c.is_ascii_lowercase()),
            word.chars().any(|c| c.is_ascii_uppercase()),
            word.chars().any(|c| c.is_ascii_punctuation()),
        ];
        assert_eq!(kinds, [true; 3], "{word}");
    }
    let none = json!({ "ExcludeLowercase": true, "ExcludeUppercase": true, "ExcludeNumbers": true, "ExcludePunctuation": true });
    faults(&call(&house, "GetRandomPassword", none).await, "InvalidParameterException", "leave no character");

    made(&house, "db", "one").await;
    let words = "Outrunner has no Lambda";
    faults(&call(&house, "RotateSecret", json!({ "SecretId": "db" })).await, "InvalidRequestException", words);
    let policy = json!({ "SecretId": "db", "ResourcePolicy": "{}" });
    faults(&call(&house, "PutResourcePolicy", policy).await, "InvalidParameterException", "policies of secrets are not available");
    let read = good(&call(&house, "GetResourcePolicy", json!({ "SecretId": "db" })).await);
    assert_eq!((&read["Name"], read.get("ResourcePolicy")), (&json!("db"), None));
    good(&call(&house, "DeleteResourcePolicy", json!({ "SecretId": "db" })).await);
    let validated = good(&call(&house, "ValidateResourcePolicy", json!({ "ResourcePolicy": "{" })).await);
    assert_eq!(validated["PolicyValidationPassed"], json!(false));
}

#[tokio::test]
async fn a_secret_that_a_caller_may_not_read_is_denied_also_where_it_is_not_there() {
    let house = House::new();
    made(&house, "db", "one").await;
    let house = house.denying("secretsmanager:GetSecretValue");
    for name in ["db", "nothing"] {
        faults(
            &call(&house, "GetSecretValue", json!({ "SecretId": name })).await,
            "AccessDeniedException",
            "GetSecretValue on arn:",
        );
    }
}

/// A batch reads the current version of each: a role that may read only another one reads nothing by it.
#[tokio::test]
async fn the_parts_of_a_batch_are_held_against_conditions_about_the_version() {
    let house = House::new();
    made(&house, "db", "one").await;
    for (name, stage, granted) in [("Current", "AWSCURRENT", true), ("Previous", "AWSPREVIOUS", false)] {
        let text = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "secretsmanager:BatchGetSecretValue", "Resource": "*" },
            { "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*",
              "Condition": { "StringEquals": { "secretsmanager:VersionStage": stage } } },
        ] });
        house.keep(&Role {
            trust: crate::actions::TRUST.to_owned(),
            inline: [("own".to_owned(), text.to_string())].into(),
            ..role(name)
        });
        let session = crate::sts::session(&house, name).await;
        let body = json!({ "SecretIdList": ["db"] }).to_string();
        let reply = house.order(&session.sign(order("secretsmanager.BatchGetSecretValue", "secretsmanager", &body))).await;
        let answer = good(&reply);
        let (values, errors) =
            (answer["SecretValues"].as_array().map_or(0, Vec::len), answer["Errors"].as_array().map_or(0, Vec::len));
        assert_eq!((values, errors), if granted { (1, 0) } else { (0, 1) }, "{stage}: {answer}");
    }
}
