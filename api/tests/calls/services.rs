//! Describing, deleting and the faults of services that are not there.

use crate::house::{House, golden};
use serde_json::json;

const ABSENT: &str = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_service_that_is_not_there_is_not_found_in_every_operation() {
    let house = House::new();
    for (operation, member) in [
        ("DescribeService", "ServiceArn"),
        ("DeleteService", "ServiceArn"),
        ("ListOperations", "ServiceArn"),
        ("ListTagsForResource", "ResourceArn"),
        ("PauseService", "ServiceArn"),
        ("ResumeService", "ServiceArn"),
        ("StartDeployment", "ServiceArn"),
        ("TagResource", "ResourceArn"),
        ("UntagResource", "ResourceArn"),
        ("UpdateService", "ServiceArn"),
    ] {
        let elsewhere = ABSENT.replace("us-east-1", "eu-west-1");
        for arn in [ABSENT, &elsewhere] {
            // Members that other operations do not have are ignored.
            let reply = house.call(operation, json!({ member: arn, "Tags": [], "TagKeys": [] })).await;
            assert_eq!((reply.status, reply.fault().0.as_str()), (400, "ResourceNotFoundException"), "{operation}");
        }
    }
    let connection = "arn:aws:apprunner:us-east-1:000000000000:connection/mine";
    let reply = house.call("ListTagsForResource", json!({ "ResourceArn": connection })).await;
    assert_eq!(reply.fault().0, "ResourceNotFoundException");
}

#[tokio::test]
async fn an_arn_that_is_no_services_is_an_invalid_request() {
    let house = House::new();
    let name_only = "arn:aws:apprunner:us-east-1:000000000000:service/webs";
    for operation in
        ["DescribeService", "DeleteService", "ListOperations", "PauseService", "ResumeService", "StartDeployment", "UpdateService"]
    {
        let reply = house.call(operation, json!({ "ServiceArn": name_only })).await;
        let (code, words) = reply.fault();
        assert_eq!(code, "InvalidRequestException");
        assert!(words.contains("is not a service ARN"), "{words}");
    }
}

#[tokio::test]
async fn a_service_with_an_operation_under_way_cannot_be_deleted() {
    let house = House::new();
    let arn = house.service("webs").await;
    let reply = house.call("DeleteService", json!({ "ServiceArn": arn })).await;
    assert_eq!((reply.status, reply.fault().0.as_str()), (400, "InvalidStateException"), "{}", reply.text);
}

#[tokio::test]
async fn a_service_that_failed_is_deleted_and_the_answer_says_that_it_is_under_way() {
    let house = House::new();
    let arn = house.service("webs").await;
    house.fail(&arn).await;
    let described = house.call("DescribeService", json!({ "ServiceArn": arn })).await;
    assert_eq!(described.json()["Service"]["Status"], "CREATE_FAILED");
    let operations = house.call("ListOperations", json!({ "ServiceArn": arn })).await;
    golden("list_operations_failed.json", &operations.json());
    let deleted = house.call("DeleteService", json!({ "ServiceArn": arn })).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text);
    assert_eq!(deleted.json()["Service"]["Status"], "OPERATION_IN_PROGRESS");
    let operations = house.call("ListOperations", json!({ "ServiceArn": arn })).await.json();
    assert_eq!(operations["OperationSummaryList"][0]["Type"], "DELETE_SERVICE");
    assert_eq!(operations["OperationSummaryList"][0]["Id"], deleted.json()["OperationId"]);
}
