//! Customer managed policies, boundaries of roles and service-linked roles through the door.

use crate::{
    house::House,
    iam::{granted, iam, refused},
};
use model::testbed::role;

const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}]}"#;
const DENY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"apprunner:*","Resource":"*"}]}"#;
const DEPLOY: &str = "arn:aws:iam::000000000000:policy/team/Deploy";
const READ: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

async fn deploy(house: &House) -> String {
    let members = [
        ("PolicyName", "Deploy"),
        ("Path", "/team/"),
        ("PolicyDocument", ALLOW),
        ("Description", "It deploys."),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "web"),
    ];
    granted(house, "CreatePolicy", &members).await
}

#[tokio::test]
async fn a_policy_is_created_read_and_listed_in_the_words_of_iam() {
    let house = House::new();
    let made = deploy(&house).await;
    for words in [
        "<Arn>arn:aws:iam::000000000000:policy/team/Deploy</Arn><AttachmentCount>0</AttachmentCount>",
        "<DefaultVersionId>v1</DefaultVersionId><Description>It deploys.</Description><IsAttachable>true</IsAttachable>",
        "<PermissionsBoundaryUsageCount>0</PermissionsBoundaryUsageCount><PolicyId>ANPA",
        "<Tags><member><Key>team</Key><Value>web</Value></member></Tags>",
    ] {
        assert!(made.contains(words), "{made} has no {words}");
    }
    let again = iam(&house, "CreatePolicy", &[("PolicyName", "DEPLOY"), ("PolicyDocument", ALLOW)]).await;
    refused(&again, 409, "EntityAlreadyExists", "A policy called DEPLOY already exists. Duplicate names are not allowed.");
    let bad = iam(&house, "CreatePolicy", &[("PolicyName", "x"), ("PolicyDocument", "{}")]).await;
    refused(&bad, 400, "MalformedPolicyDocument", "must have a Statement");
    let long = ALLOW.replace("apprunner:*", &format!("s3:{}", "x".repeat(6_144)));
    let long = iam(&house, "CreatePolicy", &[("PolicyName", "x"), ("PolicyDocument", &long)]).await;
    refused(&long, 409, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144");
    let local = granted(&house, "ListPolicies", &[("Scope", "Local")]).await;
    assert!(local.contains(DEPLOY) && !local.contains("ReadOnlyAccess") && !local.contains("It deploys."), "{local}");
    let aws = granted(&house, "ListPolicies", &[("Scope", "AWS")]).await;
    assert!(!aws.contains(DEPLOY) && aws.contains(READ), "{aws}");
    let all = granted(&house, "ListPolicies", &[]).await;
    assert!(all.contains(DEPLOY) && all.contains(READ), "{all}");
    assert!(!granted(&house, "ListPolicies", &[("OnlyAttached", "true")]).await.contains("<Arn>"));
    granted(&house, "UntagPolicy", &[("PolicyArn", DEPLOY), ("TagKeys.member.1", "team")]).await;
    granted(&house, "TagPolicy", &[("PolicyArn", DEPLOY), ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")]).await;
    let tags = granted(&house, "ListPolicyTags", &[("PolicyArn", DEPLOY)]).await;
    assert!(tags.contains("<Tags><member><Key>a</Key><Value>b</Value></member></Tags>"), "{tags}");
}

#[tokio::test]
async fn a_policy_has_up_to_five_versions_and_one_of_them_is_in_force() {
    let house = House::new();
    deploy(&house).await;
    let arn = ("PolicyArn", DEPLOY);
    for (n, default) in [(2, "true"), (3, "false"), (4, "false"), (5, "false")] {
        let made = granted(&house, "CreatePolicyVersion", &[arn, ("PolicyDocument", DENY), ("SetAsDefault", default)]).await;
        assert!(made.contains(&format!("<IsDefaultVersion>{default}</IsDefaultVersion><VersionId>v{n}</VersionId>")), "{made}");
    }
    let sixth = iam(&house, "CreatePolicyVersion", &[arn, ("PolicyDocument", DENY)]).await;
    refused(&sixth, 409, "LimitExceeded", "A managed policy can have up to 5 versions.");
    let listed = granted(&house, "ListPolicyVersions", &[arn]).await;
    let order: Vec<&str> = listed.split("<VersionId>").skip(1).map(|rest| &rest[..2]).collect();
    assert_eq!(order, ["v5", "v4", "v3", "v2", "v1"], "the newest first");
    let version = granted(&house, "GetPolicyVersion", &[arn, ("VersionId", "v2")]).await;
    assert!(version.contains("Deny") && version.contains("<IsDefaultVersion>true<"), "{version}");
    let kept = iam(&house, "DeletePolicyVersion", &[arn, ("VersionId", "v2")]).await;
    refused(&kept, 409, "DeleteConflict", "Cannot delete the default version of a policy.");
    granted(&house, "SetDefaultPolicyVersion", &[arn, ("VersionId", "v1")]).await;
    assert!(granted(&house, "GetPolicy", &[arn]).await.contains("<DefaultVersionId>v1</DefaultVersionId>"));
    let more = iam(&house, "DeletePolicy", &[arn]).await;
    refused(&more, 409, "DeleteConflict", "This policy has more than one version.");
    for version in ["v2", "v3", "v4", "v5"] {
        granted(&house, "DeletePolicyVersion", &[arn, ("VersionId", version)]).await;
    }
    let gone = iam(&house, "GetPolicyVersion", &[arn, ("VersionId", "v5")]).await;
    refused(&gone, 404, "NoSuchEntity", "version v5 does not exist");
    let made = granted(&house, "CreatePolicyVersion", &[arn, ("PolicyDocument", DENY)]).await;
    assert!(made.contains("<VersionId>v6</VersionId>"), "a number is never given twice: {made}");
}

#[tokio::test]
async fn a_policy_that_somebody_has_stays_and_says_who_has_it() {
    let house = House::new();
    deploy(&house).await;
    house.keep(&role("Deployer"));
    granted(&house, "CreateUser", &[("UserName", "ann"), ("PermissionsBoundary", DEPLOY)]).await;
    granted(&house, "AttachRolePolicy", &[("RoleName", "Deployer"), ("PolicyArn", DEPLOY)]).await;
    let listed = granted(&house, "ListAttachedRolePolicies", &[("RoleName", "Deployer")]).await;
    assert!(listed.contains(DEPLOY) && listed.contains("<PolicyName>Deploy</PolicyName>"), "{listed}");
    let shown = granted(&house, "GetPolicy", &[("PolicyArn", DEPLOY)]).await;
    assert!(shown.contains("<AttachmentCount>1<") && shown.contains("<PermissionsBoundaryUsageCount>1<"), "{shown}");
    let who = granted(&house, "ListEntitiesForPolicy", &[("PolicyArn", DEPLOY)]).await;
    assert!(who.contains("<RoleName>Deployer</RoleName>") && who.contains("<UserName>ann</UserName>"), "{who}");
    let roles = granted(&house, "ListEntitiesForPolicy", &[("PolicyArn", DEPLOY), ("EntityFilter", "Role")]).await;
    assert!(roles.contains("Deployer") && !roles.contains("ann"), "{roles}");
    let bounded = [("PolicyArn", DEPLOY), ("PolicyUsageFilter", "PermissionsBoundary")];
    let bounded = granted(&house, "ListEntitiesForPolicy", &bounded).await;
    assert!(!bounded.contains("Deployer") && bounded.contains("ann"), "{bounded}");
    let used = granted(&house, "ListPolicies", &[("OnlyAttached", "true"), ("Scope", "Local")]).await;
    assert!(used.contains(DEPLOY), "{used}");
    let kept = iam(&house, "DeletePolicy", &[("PolicyArn", DEPLOY)]).await;
    refused(&kept, 409, "DeleteConflict", "Cannot delete a policy attached to entities.");
    granted(&house, "DetachRolePolicy", &[("RoleName", "Deployer"), ("PolicyArn", DEPLOY)]).await;
    refused(&iam(&house, "DeletePolicy", &[("PolicyArn", DEPLOY)]).await, 409, "DeleteConflict", "attached to entities");
    granted(&house, "DeleteUserPermissionsBoundary", &[("UserName", "ann")]).await;
    granted(&house, "DeletePolicy", &[("PolicyArn", DEPLOY)]).await;
    refused(&iam(&house, "GetPolicy", &[("PolicyArn", DEPLOY)]).await, 404, "NoSuchEntity", "was not found.");
}

#[tokio::test]
async fn nobody_changes_a_policy_of_aws() {
    let house = House::new();
    for (operation, more) in [
        ("DeletePolicy", None),
        ("CreatePolicyVersion", Some(("PolicyDocument", ALLOW))),
        ("SetDefaultPolicyVersion", Some(("VersionId", "v1"))),
        ("DeletePolicyVersion", Some(("VersionId", "v1"))),
    ] {
        let members: Vec<(&str, &str)> = [("PolicyArn", READ)].into_iter().chain(more).collect();
        refused(&iam(&house, operation, &members).await, 403, "AccessDenied", &format!("iam:{operation}"));
    }
}

#[tokio::test]
async fn a_role_takes_a_boundary_and_gives_it_back() {
    let house = House::new();
    house.keep(&role("Deployer"));
    let (name, boundary) = (("RoleName", "Deployer"), ("PermissionsBoundary", READ));
    granted(&house, "PutRolePermissionsBoundary", &[name, boundary]).await;
    let shown = granted(&house, "GetRole", &[name]).await;
    let words = format!("<PermissionsBoundary><PermissionsBoundaryArn>{READ}</PermissionsBoundaryArn>");
    assert!(shown.contains(&words), "{shown}");
    let none = [name, ("PermissionsBoundary", "arn:aws:iam::000000000000:policy/None")];
    refused(&iam(&house, "PutRolePermissionsBoundary", &none).await, 404, "NoSuchEntity", "Scope ARN");
    granted(&house, "DeleteRolePermissionsBoundary", &[name]).await;
    assert!(!granted(&house, "GetRole", &[name]).await.contains("PermissionsBoundary"));
    granted(&house, "UpdateRoleDescription", &[name, ("Description", "It deploys.")]).await;
    assert!(granted(&house, "GetRole", &[name]).await.contains("<Description>It deploys.</Description>"));
}

#[tokio::test]
async fn a_service_linked_role_is_made_kept_from_changes_and_deleted_by_a_task() {
    let house = House::new();
    let service = ("AWSServiceName", "apprunner.amazonaws.com");
    let made = granted(&house, "CreateServiceLinkedRole", &[service]).await;
    let arn = "arn:aws:iam::000000000000:role/aws-service-role/apprunner.amazonaws.com/AWSServiceRoleForAppRunner";
    assert!(made.contains(&format!("<Arn>{arn}</Arn>")), "{made}");
    refused(&iam(&house, "CreateServiceLinkedRole", &[service]).await, 400, "InvalidInput", "has been taken in this account");
    let other = iam(&house, "CreateServiceLinkedRole", &[("AWSServiceName", "lambda.amazonaws.com")]).await;
    refused(&other, 400, "InvalidInput", "lambda.amazonaws.com");
    let name = ("RoleName", "AWSServiceRoleForAppRunner");
    for (operation, more) in [
        ("DeleteRole", None),
        ("AttachRolePolicy", Some(("PolicyArn", READ))),
        ("UpdateAssumeRolePolicy", Some(("PolicyDocument", ALLOW))),
        ("PutRolePermissionsBoundary", Some(("PermissionsBoundary", READ))),
    ] {
        let members: Vec<(&str, &str)> = [name].into_iter().chain(more).collect();
        refused(&iam(&house, operation, &members).await, 400, "UnmodifiableEntity", "only modifiable by AWS");
    }
    granted(&house, "UpdateRole", &[name, ("Description", "Logs and rules.")]).await;
    let deleted = granted(&house, "DeleteServiceLinkedRole", &[name]).await;
    let task = deleted.split("<DeletionTaskId>").nth(1).and_then(|rest| rest.split('<').next()).expect("a task");
    assert!(task.starts_with("task/aws-service-role/apprunner.amazonaws.com/AWSServiceRoleForAppRunner/"), "{task}");
    let status = granted(&house, "GetServiceLinkedRoleDeletionStatus", &[("DeletionTaskId", task)]).await;
    assert!(status.contains("<Status>SUCCEEDED</Status>"), "{status}");
    let unknown = iam(&house, "GetServiceLinkedRoleDeletionStatus", &[("DeletionTaskId", "task/x")]).await;
    refused(&unknown, 404, "NoSuchEntity", "cannot be found");
    refused(&iam(&house, "GetRole", &[name]).await, 404, "NoSuchEntity", "cannot be found");
}
