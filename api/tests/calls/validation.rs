//! Violations of the model: all of them, in App Runner's words.

use crate::house::{House, service};
use serde_json::{Value, json};

#[track_caller]
fn check(reply: &crate::house::Reply, wanted: &str) {
    let (code, message) = reply.fault();
    assert_eq!((reply.status, code.as_str()), (400, "InvalidRequestException"), "{message}");
    assert_eq!(message, wanted);
}

#[tokio::test]
async fn one_violation_is_told_in_the_singular() {
    let reply = House::new().call("CreateService", service("!!")).await;
    let pattern = "Value '!!' at 'serviceName' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9][A-Za-z0-9-_]{3,39}";
    let length = "Value '!!' at 'serviceName' failed to satisfy constraint: Member must have length greater than or equal to 4";
    check(&reply, &format!("2 validation errors detected: {pattern}; {length}"));
    let reply = House::new().call("DescribeService", json!({})).await;
    check(&reply, "1 validation error detected: Value null at 'serviceArn' failed to satisfy constraint: Member must not be null");
}

#[tokio::test]
async fn every_violation_of_a_call_is_named_with_its_path() {
    let input = json!({
        "ServiceName": "x".repeat(41),
        "SourceConfiguration": {
            "ImageRepository": { "ImageIdentifier": "docker.io/n ginx", "ImageRepositoryType": "DOCKER",
                "ImageConfiguration": { "RuntimeEnvironmentVariables": { "": "x" }, "StartCommand": "a\nb" } },
            "CodeRepository": { "RepositoryUrl": "x", "SourceCodeVersion": {} },
        },
        "InstanceConfiguration": { "Cpu": "3 vCPU", "Memory": "x" },
        "HealthCheckConfiguration": { "Interval": 0, "Path": "", "Protocol": "UDP" },
        "Tags": [ { "Key": "fine" }, { "Key": "aws:mine", "Value": "v".repeat(257) } ],
    });
    let (code, message) = House::new().call("CreateService", input).await.fault();
    assert_eq!(code, "InvalidRequestException");
    for wanted in [
        "16 validation errors detected: ",
        "at 'serviceName' failed to satisfy constraint: Member must have length less than or equal to 40",
        "Value 'docker.io/n ginx' at 'sourceConfiguration.imageRepository.imageIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: (",
        "Value 'DOCKER' at 'sourceConfiguration.imageRepository.imageRepositoryType' failed to satisfy constraint: Member must satisfy enum value set: [ECR, ECR_PUBLIC]",
        "Value at 'sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length greater than or equal to 1]",
        "Value at 'sourceConfiguration.imageRepository.imageConfiguration.startCommand' failed to satisfy constraint: Member must satisfy regular expression pattern: [^\\x0a\\x0d]+",
        "Value null at 'sourceConfiguration.codeRepository.sourceCodeVersion.type' failed to satisfy constraint: Member must not be null",
        "Value null at 'sourceConfiguration.codeRepository.sourceCodeVersion.value' failed to satisfy constraint: Member must not be null",
        "Value '3 vCPU' at 'instanceConfiguration.cpu' failed to satisfy constraint: Member must satisfy regular expression pattern: 256|",
        "Value 'x' at 'instanceConfiguration.memory' failed to satisfy constraint: Member must have length greater than or equal to 3",
        "Value '0' at 'healthCheckConfiguration.interval' failed to satisfy constraint: Member must have value greater than or equal to 1",
        "Value '' at 'healthCheckConfiguration.path' failed to satisfy constraint: Member must have length greater than or equal to 1",
        "Value 'UDP' at 'healthCheckConfiguration.protocol' failed to satisfy constraint: Member must satisfy enum value set: [TCP, HTTP]",
        "Value 'aws:mine' at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?!aws:).+",
        "at 'tags.2.member.value' failed to satisfy constraint: Member must have length less than or equal to 256",
    ] {
        assert!(message.contains(wanted), "{message}\nlacks {wanted}");
    }
}

#[tokio::test]
async fn a_long_value_is_shortened_and_a_flood_of_violations_is_counted() {
    let mut input = service("webs");
    input["Tags"] = Value::from(vec![json!({ "Key": format!("aws:{}", "k".repeat(500)) }); 200]);
    let (_, message) = House::new().call("CreateService", input).await.fault();
    assert!(message.starts_with("400 validation errors detected: Value 'aws:kkk"), "{message}");
    assert!(message.ends_with("; and 300 more"), "{message}");
    assert!(!message.contains(&"k".repeat(200)), "the value is not repeated whole");
}

#[tokio::test]
async fn what_is_sensitive_is_never_repeated() {
    let mut input = service("webs");
    input["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"] =
        json!({ "StartCommand": "hunter2\n", "RuntimeEnvironmentVariables": { "hunter2".repeat(8000): "hunter2" } });
    let reply = House::new().call("CreateService", input).await;
    assert_eq!(reply.fault().0, "InvalidRequestException");
    assert!(!reply.text.contains("hunter2"), "{}", reply.text);
}

#[tokio::test]
async fn a_body_that_is_not_json_or_has_a_wrong_type_is_a_serialization_fault() {
    let house = House::new();
    for body in ["{", "[]", "null", r#"{"ServiceName":1}"#, r#"{"Tags":"x"}"#, r#"{"SourceConfiguration":[]}"#, "\u{0}"] {
        let reply = house.raw("CreateService", body).await;
        assert_eq!((reply.status, reply.fault().0.as_str()), (400, "SerializationException"), "{body}: {}", reply.text);
    }
}

#[tokio::test]
async fn an_empty_body_is_an_empty_structure() {
    let reply = House::new().raw("ListServices", "").await;
    assert_eq!(reply.json(), json!({ "ServiceSummaryList": [] }));
}
