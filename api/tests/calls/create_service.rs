//! CreateService: what comes back, and what is refused by name.

use crate::house::{House, faults, golden, service};
use model::service::Standing;
use serde_json::{Value, json};

/// Everything that this version honours.
fn full() -> Value {
    json!({
        "ServiceName": "webs",
        "SourceConfiguration": {
            "AuthenticationConfiguration": { "AccessRoleArn": "arn:aws:iam::000000000000:role/service-role/AppRunnerECRAccessRole" },
            "AutoDeploymentsEnabled": false,
            "ImageRepository": {
                "ImageIdentifier": "000000000000.dkr.ecr.us-east-1.amazonaws.com/team/hello:v1",
                "ImageRepositoryType": "ECR",
                "ImageConfiguration": {
                    "Port": "80",
                    "StartCommand": "serve --now",
                    "RuntimeEnvironmentVariables": { "GREETING": "é\nzwei", "EMPTY": "" },
                },
            },
        },
        "InstanceConfiguration": { "Cpu": "0.25 vCPU", "Memory": "0.5 GB" },
        "HealthCheckConfiguration": { "Protocol": "HTTP", "Path": "/health", "Interval": 1, "Timeout": 20, "HealthyThreshold": 3, "UnhealthyThreshold": 20 },
        "AutoScalingConfigurationArn": "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/DefaultConfiguration/1/00000000000000000000000000000001",
        "NetworkConfiguration": {
            "EgressConfiguration": { "EgressType": "DEFAULT" },
            "IngressConfiguration": { "IsPubliclyAccessible": true },
            "IpAddressType": "IPV4",
        },
        "ObservabilityConfiguration": { "ObservabilityEnabled": false },
        "Tags": [ { "Key": "team", "Value": "web" }, { "Key": "outrunner:stop-grace", "Value": "5s" } ],
    })
}

#[tokio::test]
async fn the_least_that_can_be_said_is_answered_with_every_default() {
    let house = House::new();
    let reply = house.call("CreateService", service("webs")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    golden("create_service_least.json", &reply.json());
}

#[tokio::test]
async fn everything_that_was_said_comes_back_as_it_was_said() {
    let house = House::new();
    let reply = house.call("CreateService", full()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    golden("create_service_full.json", &reply.json());
    let arn = reply.json()["Service"]["ServiceArn"].clone();
    let described = house.call("DescribeService", json!({ "ServiceArn": arn })).await;
    assert_eq!(described.json()["Service"], reply.json()["Service"]);
    let tags = house.call("ListTagsForResource", json!({ "ResourceArn": arn })).await;
    assert_eq!(
        tags.json(),
        json!({ "Tags": [ { "Key": "outrunner:stop-grace", "Value": "5s" }, { "Key": "team", "Value": "web" } ] })
    );
}

/// Sets a member by its path and sends it.
async fn with(path: &str, value: Value) -> crate::house::Reply {
    let mut input = full();
    let pointer = format!("/{}", path.replace('.', "/"));
    let (parent, member) = pointer.rsplit_once('/').expect("a pointer");
    let mut place = &mut input;
    for part in parent.split('/').skip(1) {
        place = place.as_object_mut().expect("a structure").entry(part).or_insert_with(|| json!({}));
    }
    place[member] = value;
    House::new().call("CreateService", input).await
}

#[track_caller]
fn refuses(reply: &crate::house::Reply, words: &str) {
    let (code, message) = reply.fault();
    assert_eq!((reply.status, code.as_str()), (400, "InvalidRequestException"), "{message}");
    assert!(message.contains(words), "{message} does not say {words}");
}

#[tokio::test]
async fn what_this_version_cannot_honour_is_refused_by_name() {
    let kms = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000";
    for (path, value, words) in [
        ("EncryptionConfiguration".to_owned(), json!({ "KmsKey": kms }), "EncryptionConfiguration.KmsKey"),
        (
            "AutoScalingConfigurationArn".to_owned(),
            json!("arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/mine"),
            "AutoScalingConfigurationArn",
        ),
        ("Tags".to_owned(), json!([{ "Key": "outrunner:color", "Value": "red" }]), "outrunner:color"),
        ("Tags".to_owned(), json!([{ "Key": "outrunner:reach", "Value": "127.0.0.1:1" }]), "outrunner:reach"),
    ] {
        refuses(&with(&path, value).await, words);
    }
}

#[tokio::test]
async fn values_that_cannot_be_are_refused_with_the_reason() {
    let image = "SourceConfiguration.ImageRepository";
    let twice = json!([{ "Key": "a", "Value": "1" }, { "Key": "a", "Value": "2" }]);
    let many: Vec<Value> = (0..51).map(|n| json!({ "Key": format!("k{n}"), "Value": "" })).collect();
    for (path, value, words) in [
        (format!("{image}.ImageConfiguration.Port"), json!("0"), "Port must be"),
        (format!("{image}.ImageConfiguration.Port"), json!("080"), "Port must be"),
        (format!("{image}.ImageConfiguration.Port"), json!("65536"), "Port must be"),
        (format!("{image}.ImageConfiguration.Port"), json!("http"), "Port must be"),
        (format!("{image}.ImageConfiguration.RuntimeEnvironmentVariables"), json!({ "PORT": "1" }), "PORT is reserved"),
        (format!("{image}.ImageConfiguration.RuntimeEnvironmentVariables"), json!({ "AWSAPPRUNNERX": "1" }), "is reserved"),
        (
            format!("{image}.ImageIdentifier"),
            json!("localhost:5000/hello:v1"),
            "'localhost:5000/hello:v1' is not an image of this registry. It has the form \
             <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag> or localhost:4566/<repository>:<tag> or \
             127.0.0.1:4566/<repository>:<tag>. An image of another registry has ImageRepositoryType ECR_PUBLIC.",
        ),
        (format!("{image}.ImageIdentifier"), json!("localhost:4566/hello:"), "is not an image tag"),
        ("InstanceConfiguration".to_owned(), json!({ "Cpu": "256", "Memory": "2048" }), "do not go together"),
        ("InstanceConfiguration".to_owned(), json!({ "Cpu": "4 vCPU" }), "do not go together"),
        (
            "SourceConfiguration.AuthenticationConfiguration.AccessRoleArn".to_owned(),
            json!("arn:aws:iam::111111111111:role/service-role/x"),
            "Error in assuming access role arn:aws:iam::111111111111:role/service-role/x",
        ),
        (
            "SourceConfiguration.AuthenticationConfiguration.AccessRoleArn".to_owned(),
            json!("arn:aws-cn:iam::000000000000:role/service-role/x"),
            "is not a role ARN",
        ),
        ("HealthCheckConfiguration.Path".to_owned(), json!("health"), "Path must begin with '/'"),
        ("HealthCheckConfiguration.Path".to_owned(), json!("/x HTTP/1.1\r\nHost: y"), "Path must begin with '/'"),
        ("Tags".to_owned(), twice, "occurs twice"),
        ("Tags".to_owned(), json!([{ "Value": "1" }]), "needs a Key"),
        ("Tags".to_owned(), Value::from(many), "50 tags at most"),
        ("Tags".to_owned(), json!([{ "Key": "outrunner:stop-grace", "Value": "soon" }]), "outrunner:stop-grace needs a duration"),
        ("SourceConfiguration".to_owned(), json!({}), "exactly one of CodeRepository and ImageRepository"),
    ] {
        refuses(&with(&path, value).await, words);
    }
}

#[tokio::test]
async fn every_form_of_the_default_scaling_arn_is_the_default_one() {
    let name = "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/DefaultConfiguration";
    for arn in [name.to_owned(), format!("{name}/1"), format!("{name}/1/00000000000000000000000000000001")] {
        let reply = with("AutoScalingConfigurationArn", json!(arn)).await;
        let summary = &reply.json()["Service"]["AutoScalingConfigurationSummary"];
        assert_eq!(summary["AutoScalingConfigurationArn"], format!("{name}/1/00000000000000000000000000000001"));
        assert_eq!(summary["Status"], "active");
    }
}

#[tokio::test]
async fn an_image_may_be_named_by_our_registrys_host_and_is_echoed_so() {
    let path = "SourceConfiguration.ImageRepository.ImageIdentifier";
    for identifier in ["localhost:4566/hello:v1", "127.0.0.1:4566/hello:v1"] {
        let reply = with(path, json!(identifier)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let image = &reply.json()["Service"]["SourceConfiguration"]["ImageRepository"];
        assert_eq!(image["ImageIdentifier"], identifier);
    }
}

/// A call for an image of another registry.
fn foreign(identifier: &str) -> Value {
    let mut input = full();
    let source = input["SourceConfiguration"].as_object_mut().expect("a structure");
    source.remove("AuthenticationConfiguration");
    source.remove("AutoDeploymentsEnabled");
    source["ImageRepository"]["ImageRepositoryType"] = json!("ECR_PUBLIC");
    source["ImageRepository"]["ImageIdentifier"] = json!(identifier);
    input
}

#[tokio::test]
async fn an_image_of_any_other_registry_comes_back_as_it_was_said_and_is_never_deployed_automatically() {
    for identifier in ["public.ecr.aws/nginx/nginx:1.27", "docker.io/nginx", "registry.local:5000/x:tag", "localhost:5000/hello:v1"]
    {
        let house = House::new();
        let reply = house.call("CreateService", foreign(identifier)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let source = &reply.json()["Service"]["SourceConfiguration"];
        assert_eq!(source["ImageRepository"]["ImageIdentifier"], identifier);
        assert_eq!(source["ImageRepository"]["ImageRepositoryType"], "ECR_PUBLIC");
        assert_eq!(source["AutoDeploymentsEnabled"], false);
    }
}

#[tokio::test]
async fn an_image_of_another_registry_has_no_access_role_no_automatic_deployment_and_a_host() {
    let with = |path: &str, value: Value| {
        let mut input = foreign("public.ecr.aws/nginx/nginx:1.27");
        *input.pointer_mut(path).expect("a member") = value;
        input
    };
    let identifier = "/SourceConfiguration/ImageRepository/ImageIdentifier";
    let mut role = foreign("public.ecr.aws/nginx/nginx:1.27");
    role["SourceConfiguration"]["AuthenticationConfiguration"] =
        full()["SourceConfiguration"]["AuthenticationConfiguration"].clone();
    let mut automatic = foreign("public.ecr.aws/nginx/nginx:1.27");
    automatic["SourceConfiguration"]["AutoDeploymentsEnabled"] = json!(true);
    for (input, words) in [
        (role, "Authentication configuration is invalid"),
        (automatic, "AutoDeploymentsEnabled: only images of your own account's registry"),
        (with(identifier, json!("nginx:1")), "names no registry"),
        (with(identifier, json!("localhost:4566/hello:v1")), "its ImageRepositoryType is ECR"),
        (with(identifier, json!("000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1")), "its ImageRepositoryType is ECR"),
    ] {
        refuses(&House::new().call("CreateService", input).await, words);
    }
}

#[tokio::test]
async fn observability_that_is_switched_off_is_echoed_and_what_was_not_said_stays_unsaid() {
    let said = House::new().call("CreateService", full()).await.json();
    assert_eq!(said["Service"]["ObservabilityConfiguration"], json!({ "ObservabilityEnabled": false }));
    let unsaid = House::new().call("CreateService", service("webs")).await.json();
    assert!(unsaid["Service"].get("ObservabilityConfiguration").is_none(), "{unsaid}");
}

#[tokio::test]
async fn automatic_deployment_is_echoed_and_true_unless_refused() {
    let path = "SourceConfiguration.AutoDeploymentsEnabled";
    for (sent, echoed) in [(json!(true), true), (json!(false), false), (Value::Null, true)] {
        let reply = with(path, sent).await;
        assert_eq!(reply.json()["Service"]["SourceConfiguration"]["AutoDeploymentsEnabled"], echoed);
    }
}

#[tokio::test]
async fn a_name_in_use_is_refused() {
    let house = House::new();
    house.service("webs").await;
    let reply = house.call("CreateService", service("webs")).await;
    let (code, message) = reply.fault();
    assert_eq!(code, "InvalidRequestException");
    assert!(message.contains("webs"), "{message}");
}

#[tokio::test]
async fn an_image_of_another_account_needs_its_repositorys_word_or_an_access_role() {
    let house = House::new();
    let mut input = service("webs");
    let image = &mut input["SourceConfiguration"]["ImageRepository"];
    image["ImageIdentifier"] = json!("111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v1");
    let (code, words) = house.call("CreateService", input.clone()).await.fault();
    assert!(code == "AccessDeniedException" && words.contains("repository/hello"), "{code} {words}");
    let role = "arn:aws:iam::000000000000:role/service-role/AppRunnerECRAccessRole";
    input["SourceConfiguration"]["AuthenticationConfiguration"] = json!({ "AccessRoleArn": role });
    let reply = house.call("CreateService", input).await;
    assert_eq!(reply.status, 200, "whether the role may pull is the deployment's question: {}", reply.text);
}

#[tokio::test]
async fn an_image_of_another_account_is_never_deployed_by_its_pushes() {
    let house = House::new();
    let mut input = service("webs");
    let source = &mut input["SourceConfiguration"];
    source["ImageRepository"]["ImageIdentifier"] = json!("111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v1");
    let role = "arn:aws:iam::000000000000:role/service-role/AppRunnerECRAccessRole";
    source["AuthenticationConfiguration"] = json!({ "AccessRoleArn": role });
    source["AutoDeploymentsEnabled"] = json!(true);
    let words = "AutoDeploymentsEnabled: only images of your own account's registry";
    faults(&house.call("CreateService", input.clone()).await, "InvalidRequestException", words);
    input["SourceConfiguration"].as_object_mut().expect("a structure").remove("AutoDeploymentsEnabled");
    let made = house.call("CreateService", input).await.json()["Service"].clone();
    assert_eq!(made["SourceConfiguration"]["AutoDeploymentsEnabled"], false, "{made}");
    house.rest(made["ServiceArn"].as_str().expect("an ARN"), Standing::Running { revision: 1 }).await;
    let update = json!({ "ServiceArn": made["ServiceArn"], "SourceConfiguration": { "AutoDeploymentsEnabled": true } });
    faults(&house.call("UpdateService", update).await, "InvalidRequestException", words);
}
