//! UpdateService: what is said changes, what is left out stays, and the answer shows the new configuration already.

use crate::house::{House, Reply, faults};
use serde_json::{Value, json};

const IMAGE: &str = "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1";
const ROLE: &str = "arn:aws:iam::000000000000:role/service-role/AppRunnerECRAccessRole";

/// A running service that says everything.
async fn full(house: &House) -> String {
    let created = house
        .call(
            "CreateService",
            json!({
                "ServiceName": "webs",
                "SourceConfiguration": {
                    "AuthenticationConfiguration": { "AccessRoleArn": ROLE },
                    "AutoDeploymentsEnabled": false,
                    "ImageRepository": { "ImageIdentifier": IMAGE, "ImageRepositoryType": "ECR", "ImageConfiguration": {
                        "Port": "80", "StartCommand": "serve", "RuntimeEnvironmentVariables": { "A": "1" } } },
                },
                "InstanceConfiguration": { "Cpu": "1 vCPU", "Memory": "3 GB" },
                "HealthCheckConfiguration": { "Protocol": "HTTP", "Path": "/health", "Interval": 7, "HealthyThreshold": 2 },
                "ObservabilityConfiguration": { "ObservabilityEnabled": false },
            }),
        )
        .await;
    assert_eq!(created.status, 200, "{}", created.text);
    let arn = created.json()["Service"]["ServiceArn"].as_str().expect("an ARN").to_owned();
    house.rest(&arn, model::service::Standing::Running { revision: 1 }).await;
    arn
}

async fn update(house: &House, arn: &str, mut members: Value) -> Reply {
    members["ServiceArn"] = json!(arn);
    house.call("UpdateService", members).await
}

/// What an update of a full service makes of one part of it.
async fn updated(members: Value, pointer: &str) -> Value {
    updated_in(House::new(), members, pointer).await
}

async fn updated_in(house: House, members: Value, pointer: &str) -> Value {
    let arn = full(&house).await;
    let before = house.call("DescribeService", json!({ "ServiceArn": arn })).await.json();
    let reply = update(&house, &arn, members).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let answered = reply.json();
    assert_eq!(answered["OperationId"].as_str().map(str::len), Some(36));
    assert_eq!(answered["Service"]["Status"], "OPERATION_IN_PROGRESS");
    let after = house.call("DescribeService", json!({ "ServiceArn": arn })).await.json();
    assert_eq!(after["Service"], answered["Service"], "the answer is what is described");
    // Everything but the part in question is as before.
    let (mut a, mut b) = (before["Service"].clone(), answered["Service"].clone());
    for service in [&mut a, &mut b] {
        *service.pointer_mut(pointer).expect("the part is there") = Value::Null;
        service["Status"] = Value::Null;
    }
    assert_eq!(a, b);
    answered["Service"].pointer(pointer).expect("the part is there").clone()
}

#[tokio::test]
async fn an_update_that_says_nothing_changes_nothing_and_is_an_operation_all_the_same() {
    assert_eq!(updated(json!({}), "/Status").await, "OPERATION_IN_PROGRESS");
    updated(json!({ "NetworkConfiguration": { "IngressConfiguration": { "IsPubliclyAccessible": true } } }), "/Status").await;
    updated(json!({ "SourceConfiguration": {}, "InstanceConfiguration": {}, "HealthCheckConfiguration": {} }), "/Status").await;
}

#[tokio::test]
async fn cpu_and_memory_are_merged_and_then_held_against_each_other() {
    let size = updated(json!({ "InstanceConfiguration": { "Memory": "4 GB" } }), "/InstanceConfiguration").await;
    assert_eq!(size, json!({ "Cpu": "1024", "Memory": "4096" }));
    let house = House::new();
    let arn = full(&house).await;
    let reply = update(&house, &arn, json!({ "InstanceConfiguration": { "Cpu": "4 vCPU" } })).await;
    faults(&reply, "InvalidRequestException", "do not go together");
}

#[tokio::test]
async fn a_health_check_is_merged() {
    let health = updated(json!({ "HealthCheckConfiguration": { "Timeout": 10 } }), "/HealthCheckConfiguration").await;
    let wanted = json!({ "Protocol": "HTTP", "Path": "/health", "Interval": 7, "Timeout": 10, "HealthyThreshold": 2, "UnhealthyThreshold": 5 });
    assert_eq!(health, wanted);
}

#[tokio::test]
async fn a_source_that_is_said_in_part_keeps_the_rest() {
    let deployments = json!({ "SourceConfiguration": { "AutoDeploymentsEnabled": true } });
    let source = updated(deployments, "/SourceConfiguration").await;
    assert_eq!(source["AutoDeploymentsEnabled"], true);
    assert_eq!(source["ImageRepository"]["ImageConfiguration"]["Port"], "80");
    assert_eq!(source["AuthenticationConfiguration"], json!({ "AccessRoleArn": ROLE }));
    let role = "arn:aws:iam::000000000000:role/other-role";
    let source = updated_in(
        House::new().with_role("other-role"),
        json!({ "SourceConfiguration": { "AuthenticationConfiguration": { "AccessRoleArn": role } } }),
        "/SourceConfiguration",
    )
    .await;
    assert_eq!(source["AuthenticationConfiguration"], json!({ "AccessRoleArn": role }));
    assert_eq!(source["AutoDeploymentsEnabled"], false);
}

#[tokio::test]
async fn an_image_that_is_named_replaces_all_that_was_said_about_running_the_one_before() {
    let next = IMAGE.replace("v1", "v2");
    let image = json!({ "ImageIdentifier": next, "ImageRepositoryType": "ECR", "ImageConfiguration": { "Port": "81" } });
    let source = updated(json!({ "SourceConfiguration": { "ImageRepository": image } }), "/SourceConfiguration").await;
    assert_eq!(source["ImageRepository"], image, "Terraform clears variables by leaving them out");
    assert_eq!(source["AutoDeploymentsEnabled"], false);
    assert_eq!(source["AuthenticationConfiguration"], json!({ "AccessRoleArn": ROLE }));
    let bare = json!({ "ImageIdentifier": next, "ImageRepositoryType": "ECR" });
    let source = updated(json!({ "SourceConfiguration": { "ImageRepository": bare } }), "/SourceConfiguration").await;
    assert_eq!(source["ImageRepository"], bare);
}

#[tokio::test]
async fn an_image_of_another_registry_keeps_nothing_that_only_own_images_have() {
    let foreign = json!({ "ImageIdentifier": "public.ecr.aws/nginx/nginx:1", "ImageRepositoryType": "ECR_PUBLIC" });
    let house = House::new();
    let arn = full(&house).await;
    let on = json!({ "SourceConfiguration": { "AutoDeploymentsEnabled": true } });
    assert_eq!(update(&house, &arn, on.clone()).await.status, 200);
    house.rest(&arn, model::service::Standing::Running { revision: 1 }).await;
    let reply = update(&house, &arn, json!({ "SourceConfiguration": { "ImageRepository": foreign } })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let source = reply.json()["Service"]["SourceConfiguration"].clone();
    assert_eq!(source["ImageRepository"], foreign);
    assert_eq!(source["AutoDeploymentsEnabled"], false);
    assert!(source["AuthenticationConfiguration"].is_null(), "{source}");
    house.rest(&arn, model::service::Standing::Running { revision: 1 }).await;
    let role = json!({ "SourceConfiguration": { "AuthenticationConfiguration": { "AccessRoleArn": ROLE } } });
    faults(&update(&house, &arn, role).await, "InvalidRequestException", "An access role is for images of your own registry");
    faults(
        &update(&house, &arn, on).await,
        "InvalidRequestException",
        "AutoDeploymentsEnabled: only images of your own account's registry",
    );
    let own = json!({ "ImageIdentifier": IMAGE, "ImageRepositoryType": "ECR" });
    let reply = update(&house, &arn, json!({ "SourceConfiguration": { "ImageRepository": own } })).await;
    assert_eq!(
        reply.json()["Service"]["SourceConfiguration"]["AutoDeploymentsEnabled"],
        true,
        "the default of its own: {}",
        reply.text
    );
}

#[tokio::test]
async fn an_auto_scaling_configuration_is_pinned_at_the_update() {
    let house = House::new();
    let arn = full(&house).await;
    let mine = |size: i32| json!({ "AutoScalingConfigurationName": "mine", "MaxSize": size });
    let first = house.call("CreateAutoScalingConfiguration", mine(3)).await.json();
    let name = "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/mine";
    let reply = update(&house, &arn, json!({ "AutoScalingConfigurationArn": name })).await;
    let pinned = reply.json()["Service"]["AutoScalingConfigurationSummary"].clone();
    assert_eq!(
        pinned["AutoScalingConfigurationArn"], first["AutoScalingConfiguration"]["AutoScalingConfigurationArn"],
        "{}",
        reply.text
    );
    house.call("CreateAutoScalingConfiguration", mine(4)).await;
    let described = house.call("DescribeService", json!({ "ServiceArn": arn })).await.json();
    assert_eq!(described["Service"]["AutoScalingConfigurationSummary"], pinned, "what came later is not its own");
    house.rest(&arn, model::service::Standing::Running { revision: 1 }).await;
    for (wrong, code) in [
        (format!("{name}/9"), "ResourceNotFoundException"),
        (name.replace("mine", "yours"), "ResourceNotFoundException"),
        (name.replace("us-east-1", "eu-west-1"), "ResourceNotFoundException"),
        (arn.clone(), "InvalidRequestException"),
    ] {
        let reply = update(&house, &arn, json!({ "AutoScalingConfigurationArn": wrong })).await;
        faults(&reply, code, "AutoScalingConfigurationArn");
    }
}

#[tokio::test]
async fn bad_values_are_refused_as_in_a_creation() {
    let house = House::new();
    let arn = full(&house).await;
    for (members, words) in [
        (json!({ "HealthCheckConfiguration": { "Path": "health" } }), "Path must begin with '/'"),
        (json!({ "HealthCheckConfiguration": { "Interval": 21 } }), "at 'healthCheckConfiguration.interval'"),
        (json!({ "InstanceConfiguration": { "Cpu": "3 vCPU" } }), "at 'instanceConfiguration.cpu'"),
        (
            json!({ "SourceConfiguration": { "ImageRepository": { "ImageIdentifier": IMAGE, "ImageRepositoryType": "ECR",
                "ImageConfiguration": { "Port": "http" } } } }),
            "Port must be",
        ),
        (
            json!({ "SourceConfiguration": { "AuthenticationConfiguration": { "AccessRoleArn": "arn:aws:iam::111111111111:role/service-role/x" } } }),
            "Error in assuming access role",
        ),
        (json!({ "SourceConfiguration": { "ImageRepository": {} } }), "at 'sourceConfiguration.imageRepository.imageIdentifier'"),
    ] {
        faults(&update(&house, &arn, members).await, "InvalidRequestException", words);
    }
    let described = house.call("DescribeService", json!({ "ServiceArn": arn })).await.json();
    assert_eq!(described["Service"]["Status"], "RUNNING", "a refused call changes nothing");
}
