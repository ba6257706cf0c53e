//! Parameter Store through the door.

use crate::house::{House, Reply, faults, order};
use model::limit;
use serde_json::{Value, json};

async fn call(house: &House, operation: &str, input: Value) -> Reply {
    house.order(&order(&format!("AmazonSSM.{operation}"), "ssm", &input.to_string())).await
}

#[track_caller]
fn good(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

async fn put(house: &House, name: &str, value: &str) -> i64 {
    let input = json!({ "Name": name, "Value": value, "Type": "SecureString", "Overwrite": true });
    good(&call(house, "PutParameter", input).await)["Version"].as_i64().expect("a version")
}

fn names(answer: &Value) -> String {
    let found = answer["Parameters"].as_array().expect("a list").iter();
    found.map(|parameter| parameter["Name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_parameter_is_read_by_name_version_label_and_arn_and_in_clear_only_on_demand() {
    let house = House::new();
    assert_eq!(put(&house, "/prod/url", "one").await, 1);
    assert_eq!(put(&house, "/prod/url", "two").await, 2);
    let labels = json!({ "Name": "/prod/url", "ParameterVersion": 1, "Labels": ["live", "1bad"] });
    assert_eq!(good(&call(&house, "LabelParameterVersion", labels).await)["InvalidLabels"], json!(["1bad"]));
    let labels = json!({ "Name": "/prod/url", "ParameterVersion": 1, "Labels": ["live"] });
    good(&call(&house, "LabelParameterVersion", labels).await);
    let arn = "arn:aws:ssm:us-east-1:000000000000:parameter/prod/url";
    for (name, value, version) in [
        ("/prod/url", "two", 2),
        ("/prod/url:1", "one", 1),
        ("/prod/url:live", "one", 1),
        (arn, "two", 2),
        (&format!("{arn}:1"), "one", 1),
    ] {
        let read = good(&call(&house, "GetParameter", json!({ "Name": name, "WithDecryption": true })).await);
        let found = &read["Parameter"];
        assert_eq!((&found["Value"], &found["Version"], &found["ARN"]), (&json!(value), &json!(version), &json!(arn)), "{name}");
        assert_eq!((&found["Type"], &found["DataType"]), (&json!("SecureString"), &json!("text")));
    }
    let closed = good(&call(&house, "GetParameter", json!({ "Name": "/prod/url" })).await);
    assert!(!closed.to_string().contains("two"), "{closed}");
    let absent = json!({ "Name": "/prod/none" });
    faults(&call(&house, "GetParameter", absent).await, "ParameterNotFound", "/prod/none");
    let absent = json!({ "Name": "/prod/url:7" });
    faults(&call(&house, "GetParameter", absent).await, "ParameterVersionNotFound", "/prod/url:7");
    let several = json!({ "Names": ["/prod/url:1", "/prod/none"], "WithDecryption": true });
    let answer = good(&call(&house, "GetParameters", several).await);
    assert_eq!(answer["Parameters"][0]["Selector"], json!(":1"));
    assert_eq!(answer["InvalidParameters"], json!(["/prod/none"]));
    let history = good(&call(&house, "GetParameterHistory", json!({ "Name": "/prod/url", "WithDecryption": true })).await);
    assert_eq!((&history["Parameters"][0]["Labels"], &history["Parameters"][1]["Value"]), (&json!(["live"]), &json!("two")));
    assert_eq!(history["Parameters"][0]["LastModifiedUser"], json!("arn:aws:iam::000000000000:root"));
    let off = json!({ "Name": "/prod/url", "ParameterVersion": 1, "Labels": ["live", "none"] });
    let answer = good(&call(&house, "UnlabelParameterVersion", off).await);
    assert_eq!((&answer["RemovedLabels"], &answer["InvalidLabels"]), (&json!(["live"]), &json!(["none"])));
}

#[tokio::test]
async fn what_cannot_be_a_parameter_is_refused_with_the_fault_that_says_so() {
    let house = House::new();
    put(&house, "x", "one").await;
    let of = |members: Value| {
        let mut input = json!({ "Name": "y", "Value": "one", "Type": "String" });
        input.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
        input
    };
    let deep = format!("/{}", vec!["a"; limit::PARAMETER_LEVELS + 1].join("/"));
    for (members, code, words) in [
        (json!({ "Name": "x" }), "ParameterAlreadyExists", "set the overwrite option"),
        (json!({ "Name": "x", "Overwrite": true }), "HierarchyTypeMismatchException", "type"),
        (json!({ "Name": "x", "Type": null, "Overwrite": true, "Tags": [] }), "ValidationException", "can't be used together"),
        (json!({ "Type": null }), "ValidationException", "type is required"),
        (json!({ "Name": "aws/x" }), "ValidationException", "fully qualified"),
        (json!({ "Name": "/aws/x" }), "ValidationException", "prefixed with"),
        (
            json!({ "Name": "x:1", "Overwrite": true }),
            "ValidationException",
            "a mix of letters, numbers and the following 3 symbols .-_",
        ),
        (json!({ "Name": "x:none" }), "ValidationException", "a mix of letters"),
        (
            json!({ "Name": "arn:aws:ssm:us-east-1:000000000000:parameter/x:1", "Overwrite": true }),
            "ValidationException",
            "a mix of",
        ),
        (json!({ "Name": "a b" }), "ValidationException", "a mix of letters"),
        (json!({ "Name": deep }), "HierarchyLevelLimitExceededException", "15 levels"),
        (json!({ "Value": "x".repeat(limit::PARAMETER_BYTES + 1) }), "ValidationException", "advanced-parameter tier"),
        (json!({ "Value": "x".repeat(limit::PARAMETER_ADVANCED_BYTES + 1), "Tier": "Advanced" }), "ValidationException", "8192"),
        (json!({ "Value": "" }), "ValidationException", "1 to 4096"),
        (json!({ "AllowedPattern": "^\\d+$" }), "ParameterPatternMismatchException", "allowedPattern"),
        (json!({ "AllowedPattern": "(" }), "InvalidAllowedPatternException", "regular expression"),
        (json!({ "KeyId": "alias/mine" }), "InvalidKeyId", "alias/aws/ssm"),
        (json!({ "DataType": "aws:ec2:image" }), "UnsupportedParameterType", "text"),
        (json!({ "Policies": "[{\"Type\":\"Expiration\"}]" }), "ValidationException", "not available"),
        (json!({ "Type": "Number" }), "ValidationException", "enum value set"),
    ] {
        faults(&call(&house, "PutParameter", of(members)).await, code, words);
    }
    let tiers = [
        ("Intelligent-Tiering", 10, "Standard"),
        ("Intelligent-Tiering", limit::PARAMETER_BYTES + 1, "Advanced"),
        ("Advanced", 10, "Advanced"),
    ];
    for (tier, length, found) in tiers {
        let input = of(json!({ "Name": format!("{tier}{length}"), "Tier": tier, "Value": "x".repeat(length) }));
        assert_eq!(good(&call(&house, "PutParameter", input).await)["Tier"], json!(found), "{tier} {length}");
    }
    let down = of(json!({ "Name": "Advanced10", "Tier": "Standard", "Overwrite": true }));
    faults(&call(&house, "PutParameter", down).await, "ValidationException", "can't downgrade");
    for _ in 1..limit::PARAMETER_VERSIONS {
        put(&house, "x", "one").await;
    }
    good(&call(&house, "LabelParameterVersion", json!({ "Name": "x", "ParameterVersion": 1, "Labels": ["old"] })).await);
    let more = json!({ "Name": "x", "Value": "one", "Overwrite": true });
    faults(&call(&house, "PutParameter", more).await, "ParameterMaxVersionLimitExceeded", "label");
}

#[tokio::test]
async fn parameters_are_found_under_their_path_and_by_filters() {
    let house = House::new();
    for name in ["/a/x", "/a/b/y", "/ab/z", "plain"] {
        put(&house, name, name).await;
    }
    good(
        &call(
            &house,
            "AddTagsToResource",
            json!({ "ResourceType": "Parameter", "ResourceId": "plain", "Tags": [{ "Key": "team", "Value": "x" }] }),
        )
        .await,
    );
    let by_path = |path: &str, recursive: bool| json!({ "Path": path, "Recursive": recursive, "WithDecryption": true });
    for (path, recursive, found) in
        [("/a", false, "/a/x"), ("/a/", true, "/a/b/y /a/x"), ("/", true, "/a/b/y /a/x /ab/z"), ("/none", true, "")]
    {
        let answer = good(&call(&house, "GetParametersByPath", by_path(path, recursive)).await);
        assert_eq!(names(&answer), found, "{path}");
    }
    faults(&call(&house, "GetParametersByPath", json!({ "Path": "a" })).await, "ValidationException", "must begin with a slash");
    let mut first = by_path("/", true);
    first["MaxResults"] = json!(2);
    let page = good(&call(&house, "GetParametersByPath", first.clone()).await);
    assert_eq!(names(&page), "/a/b/y /a/x");
    first["NextToken"] = page["NextToken"].clone();
    let page = good(&call(&house, "GetParametersByPath", first).await);
    assert_eq!((names(&page).as_str(), page.get("NextToken")), ("/ab/z", None));
    faults(&call(&house, "DescribeParameters", json!({ "NextToken": "x" })).await, "InvalidNextToken", "next token");

    let filter =
        |key: &str, option: &str, value: &str| json!({ "ParameterFilters": [{ "Key": key, "Option": option, "Values": [value] }] });
    for (input, found) in [
        (json!({}), "/a/b/y /a/x /ab/z plain"),
        (filter("Name", "BeginsWith", "/a/"), "/a/b/y /a/x"),
        (filter("Name", "Contains", "b"), "/a/b/y /ab/z"),
        (filter("Name", "Equals", "plain"), "plain"),
        (filter("Path", "Recursive", "/a"), "/a/b/y /a/x"),
        (filter("Path", "OneLevel", "/a"), "/a/x"),
        (filter("Type", "Equals", "String"), ""),
        (filter("tag:team", "Equals", "x"), "plain"),
        (json!({ "Filters": [{ "Key": "Name", "Values": ["/ab"] }] }), "/ab/z"),
    ] {
        let answer = good(&call(&house, "DescribeParameters", input.clone()).await);
        assert_eq!(names(&answer), found, "{input}");
        assert!(answer["Parameters"].as_array().expect("a list").iter().all(|found| found.get("Value").is_none()));
    }
    faults(&call(&house, "DescribeParameters", filter("Name", "Odd", "x")).await, "InvalidFilterOption", "Odd");
    let tags = json!({ "ResourceType": "Parameter", "ResourceId": "plain" });
    assert_eq!(good(&call(&house, "ListTagsForResource", tags.clone()).await)["TagList"], json!([{ "Key": "team", "Value": "x" }]));
    let off = json!({ "ResourceType": "Parameter", "ResourceId": "plain", "TagKeys": ["team", "absent"] });
    good(&call(&house, "RemoveTagsFromResource", off).await);
    assert_eq!(good(&call(&house, "ListTagsForResource", tags).await)["TagList"], json!([]));
    let odd = json!({ "ResourceType": "Parameter", "ResourceId": "none" });
    faults(&call(&house, "ListTagsForResource", odd).await, "InvalidResourceId", "not valid");
    let odd = json!({ "ResourceType": "Document", "ResourceId": "none" });
    faults(&call(&house, "ListTagsForResource", odd).await, "InvalidResourceType", "parameters");
    let answer = good(&call(&house, "DeleteParameters", json!({ "Names": ["/a/x", "none"] })).await);
    assert_eq!((&answer["DeletedParameters"], &answer["InvalidParameters"]), (&json!(["/a/x"]), &json!(["none"])));
    assert_eq!(good(&call(&house, "DeleteParameter", json!({ "Name": "plain" })).await), json!({}));
    faults(&call(&house, "DeleteParameter", json!({ "Name": "plain" })).await, "ParameterNotFound", "plain");
}

#[tokio::test]
async fn each_list_of_parameters_has_filter_keys_of_its_own() {
    let house = House::new();
    for name in ["/a/x", "/a/b/y"] {
        put(&house, name, name).await;
    }
    let by_path = |path: &str, recursive: bool| json!({ "Path": path, "Recursive": recursive, "WithDecryption": true });
    let filter =
        |key: &str, option: &str, value: &str| json!({ "ParameterFilters": [{ "Key": key, "Option": option, "Values": [value] }] });
    good(&call(&house, "LabelParameterVersion", json!({ "Name": "/a/x", "ParameterVersion": 1, "Labels": ["live"] })).await);
    for (key, value, found) in [
        ("Label", "live", "/a/x"),
        ("Type", "SecureString", "/a/b/y /a/x"),
        ("KeyId", "alias/aws/ssm", "/a/b/y /a/x"),
        ("Type", "String", ""),
    ] {
        let mut input = filter(key, "Equals", value);
        input.as_object_mut().expect("an object").extend(by_path("/a", true).as_object().expect("an object").clone());
        assert_eq!(names(&good(&call(&house, "GetParametersByPath", input).await)), found, "{key} {value}");
    }
    for (operation, keys) in
        [("DescribeParameters", &["Label"][..]), ("GetParametersByPath", &["Name", "Path", "Tier", "DataType", "tag:team"])]
    {
        for key in keys {
            let mut input = filter(key, "Equals", "x");
            if operation == "GetParametersByPath" {
                input["Path"] = json!("/a");
            }
            faults(&call(&house, operation, input).await, "InvalidFilterKey", key);
        }
    }
}
