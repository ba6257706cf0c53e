//! Pausing, resuming and deploying in every state, and what a stock client's retry of the same request gets.

use crate::house::{House, faults};
use model::{service::Standing, time::Timestamp};
use serde_json::{Value, json};

async fn call(house: &House, operation: &str, arn: &str) -> crate::house::Reply {
    house.call(operation, json!({ "ServiceArn": arn })).await
}

#[tokio::test]
async fn a_pause_and_a_resume_are_operations_and_the_answer_says_that_they_are_under_way() {
    let house = House::new();
    let arn = house.running("webs").await;
    for (operation, kind, then) in [
        ("PauseService", "PAUSE_SERVICE", Standing::Paused { revision: 1 }),
        ("ResumeService", "RESUME_SERVICE", Standing::Running { revision: 1 }),
    ] {
        let reply = call(&house, operation, &arn).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.json()["Service"]["Status"], "OPERATION_IN_PROGRESS");
        let listed = call(&house, "ListOperations", &arn).await.json();
        let newest = &listed["OperationSummaryList"][0];
        assert_eq!((&newest["Type"], &newest["Id"]), (&json!(kind), &reply.json()["OperationId"]));
        faults(&call(&house, operation, &arn).await, "InvalidStateException", "OPERATION_IN_PROGRESS");
        house.rest(&arn, then).await;
        let again = call(&house, operation, &arn).await;
        assert_eq!(again.status, 200, "{}", again.text);
        assert!(again.json().get("OperationId").is_none(), "a client takes the absence of an operation for done: {}", again.text);
        let operations = call(&house, "ListOperations", &arn).await.json();
        assert_eq!(
            operations["OperationSummaryList"].as_array().map(Vec::len),
            listed["OperationSummaryList"].as_array().map(Vec::len)
        );
    }
}

#[tokio::test]
async fn a_deployment_answers_with_its_operation_and_nothing_else() {
    let house = House::new();
    let arn = house.running("webs").await;
    let reply = call(&house, "StartDeployment", &arn).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let body = reply.json();
    assert_eq!(body.as_object().map(|members| members.len()), Some(1), "{body}");
    assert_eq!(body["OperationId"].as_str().map(str::len), Some(36));
    let operations = call(&house, "ListOperations", &arn).await.json();
    assert_eq!(operations["OperationSummaryList"][0]["Type"], "START_DEPLOYMENT");
}

#[tokio::test]
async fn every_state_answers_every_operation_with_a_fault_that_it_declares() {
    let deploys =
        ("InvalidRequestException", "Can't start a deployment on the specified service, because it isn't in RUNNING state.");
    let state = |words| ("InvalidStateException", words);
    for (standing, operation, (code, words)) in [
        (None, "PauseService", state("paused in the current state: OPERATION_IN_PROGRESS")),
        (None, "ResumeService", state("resumed in the current state: OPERATION_IN_PROGRESS")),
        (None, "UpdateService", state("updated in the current state: OPERATION_IN_PROGRESS")),
        (None, "StartDeployment", deploys),
        (Some(Standing::CreateFailed), "PauseService", state("CREATE_FAILED")),
        (Some(Standing::CreateFailed), "ResumeService", state("CREATE_FAILED")),
        (Some(Standing::CreateFailed), "StartDeployment", deploys),
        (Some(Standing::Paused { revision: 1 }), "UpdateService", state("PAUSED")),
        (Some(Standing::Paused { revision: 1 }), "StartDeployment", deploys),
        (Some(Standing::DeleteFailed), "UpdateService", state("DELETE_FAILED")),
        (Some(Standing::Deleted { at: Timestamp::from_millis(1) }), "PauseService", state("DELETED")),
        (Some(Standing::Deleted { at: Timestamp::from_millis(1) }), "UpdateService", state("DELETED")),
        (Some(Standing::Deleted { at: Timestamp::from_millis(1) }), "StartDeployment", deploys),
    ] {
        let house = House::new();
        let arn = house.service("webs").await;
        if let Some(standing) = standing {
            house.rest(&arn, standing).await;
        }
        let before = call(&house, "DescribeService", &arn).await.json();
        faults(&call(&house, operation, &arn).await, code, words);
        assert_eq!(call(&house, "DescribeService", &arn).await.json(), before, "a refused call changes nothing");
    }
}

/// Source: App Runner API reference, the table of allowed states. A fault, `=` for an answer without an operation, `B` for one with it.
#[tokio::test]
async fn every_state_answers_every_changing_operation_as_the_reference_says() {
    const ST: &str = "InvalidStateException";
    const IR: &str = "InvalidRequestException";
    let operations = [
        "UpdateService",
        "StartDeployment",
        "PauseService",
        "ResumeService",
        "DeleteService",
        "AssociateCustomDomain",
        "DisassociateCustomDomain",
        "CreateVpcIngressConnection",
        "TagResource",
        "UntagResource",
    ];
    let nowhere = "ResourceNotFoundException"; // the domain: the state is right
    for (name, standing, answers) in [
        ("moving", None, [ST, IR, ST, ST, ST, ST, ST, ST, "=", "="]),
        ("running", Some(Standing::Running { revision: 1 }), ["B", "B", "B", "=", "B", "=", nowhere, "=", "=", "="]),
        ("paused", Some(Standing::Paused { revision: 1 }), [ST, IR, "=", "B", "B", ST, ST, ST, "=", "="]),
        ("create failed", Some(Standing::CreateFailed), ["B", IR, ST, ST, "B", ST, ST, ST, "=", "="]),
        ("delete failed", Some(Standing::DeleteFailed), [ST, IR, ST, ST, "B", ST, ST, ST, "=", "="]),
        ("deleted", Some(Standing::Deleted { at: Timestamp::from_millis(1) }), [ST, IR, ST, ST, ST, ST, ST, ST, ST, ST]),
    ] {
        for (operation, wanted) in operations.iter().zip(answers) {
            let house = House::new();
            let mut input = crate::house::service("webs");
            input["NetworkConfiguration"] = json!({ "IngressConfiguration": {} });
            let created = house.call("CreateService", input).await.json();
            let arn = created["Service"]["ServiceArn"].as_str().expect("an ARN");
            if let Some(standing) = standing.clone() {
                house.rest(arn, standing).await;
            }
            // Members that other operations do not have are ignored.
            let members = json!({
                "ServiceArn": arn, "ResourceArn": arn, "DomainName": "example.com", "Tags": [], "TagKeys": [],
                "VpcIngressConnectionName": "mine", "IngressVpcConfiguration": {},
            });
            let reply = house.call(operation, members).await;
            let answer = match reply.status {
                200 if reply.json()["OperationId"].is_string() => "B".to_owned(),
                200 => "=".to_owned(),
                _ => reply.fault().0,
            };
            assert_eq!(answer, wanted, "{operation} of a service that is {name}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn a_service_that_failed_is_built_again_by_an_update() {
    let house = House::new();
    let arn = house.service("webs").await;
    house.fail(&arn).await;
    let reply = call(&house, "UpdateService", &arn).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.json()["Service"]["Status"], "OPERATION_IN_PROGRESS");
}

#[tokio::test]
async fn a_missing_arn_is_told_as_the_model_tells_it() {
    let house = House::new();
    for operation in ["PauseService", "ResumeService", "StartDeployment", "UpdateService"] {
        let reply = house.call(operation, Value::Null).await;
        assert_eq!(reply.fault().0, "SerializationException");
        let reply = house.call(operation, json!({})).await;
        faults(
            &reply,
            "InvalidRequestException",
            "Value null at 'serviceArn' failed to satisfy constraint: Member must not be null",
        );
    }
}
