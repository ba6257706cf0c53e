//! IAM through the door: roles and their policies, as stock clients write and read them.

use crate::{
    house::{House, Reply, order},
    signer::Order,
};
use http::Request;
use model::{
    account::AccountId,
    audit::AuditRow,
    port::{Answer, Granted, Roles},
    role::{Role, RoleName},
    testbed::{MemoryRoles, role},
    wish::{Page, PageRequest},
};
use serde_json::json;
use std::sync::Arc;

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"build.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
const PULL: &str = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess";

/// A call of IAM: an operation and its members, each as it is before it is encoded.
pub fn form(operation: &str, members: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(format!("Action={operation}&Version=2010-05-08"));
    form.extend_pairs(members).finish()
}

pub async fn iam(house: &House, operation: &str, members: &[(&str, &str)]) -> Reply {
    house.form("iam", &form(operation, members)).await
}

/// A call that must be granted: its answer.
pub async fn granted(house: &House, operation: &str, members: &[(&str, &str)]) -> String {
    let reply = iam(house, operation, members).await;
    assert_eq!(reply.status, 200, "{operation}: {}", reply.text);
    assert!(reply.text.contains(&format!("<{operation}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">")));
    reply.text
}

#[track_caller]
pub fn refused(reply: &Reply, status: u16, code: &str, words: &str) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert!(reply.text.contains(&format!("<Type>Sender</Type><Code>{code}</Code>")), "{}", reply.text);
    assert!(reply.text.contains(words), "{} does not say {words}", reply.text);
}

async fn create(house: &House, name: &str) -> String {
    granted(house, "CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", TRUST)]).await
}

#[tokio::test]
async fn a_role_is_created_in_the_words_of_iam() {
    let house = House::new();
    let members = [
        ("RoleName", "Puller"),
        ("Path", "/service-role/"),
        ("AssumeRolePolicyDocument", TRUST),
        ("Description", "It pulls & waits."),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "web"),
    ];
    let text = granted(&house, "CreateRole", &members).await;
    for part in [
        "<Path>/service-role/</Path>",
        "<RoleName>Puller</RoleName>",
        "<Arn>arn:aws:iam::000000000000:role/service-role/Puller</Arn>",
        "<CreateDate>2027-01-15T08:00:00Z</CreateDate>",
        "<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B",
        "<Description>It pulls &amp; waits.</Description>",
        "<MaxSessionDuration>3600</MaxSessionDuration>",
        "<Tags><member><Key>team</Key><Value>web</Value></member></Tags>",
    ] {
        assert!(text.contains(part), "{text} does not have {part}");
    }
    let id = text.split("<RoleId>").nth(1).and_then(|rest| rest.split('<').next()).expect("an id");
    assert!(id.len() == 21 && id.starts_with("AROA"), "{id}");
    let again = granted(&house, "GetRole", &[("RoleName", "Puller")]).await;
    assert!(again.contains(id) && again.contains("<GetRoleResult><Role>"), "{again}");
}

#[tokio::test]
async fn a_role_belongs_to_the_account_and_not_to_a_region() {
    let house = House::new();
    create(&house, "Everywhere").await;
    let body = form("GetRole", &[("RoleName", "Everywhere")]);
    for region in ["us-east-1", "eu-west-1", "ap-south-2"] {
        let reply = house.order(&Order { target: None, region, ..order("", "iam", &body) }).await;
        assert_eq!(reply.status, 200, "{region}: {}", reply.text);
    }
    let other = Order { key: "AKIDFOREIGN", target: None, ..order("", "iam", &body) };
    refused(&house.order(&other).await, 404, "NoSuchEntity", "The role with name Everywhere cannot be found.");
    // A marker made in one region leads on in another.
    create(&house, "Nowhere").await;
    let list =
        |marker: &str| form("ListRoles", &if marker.is_empty() { vec![("MaxItems", "2")] } else { vec![("Marker", marker)] });
    let first = house.form("iam", &list("")).await.text;
    assert!(first.contains("<IsTruncated>true</IsTruncated>"), "{first}");
    let marker = first.split("<Marker>").nth(1).and_then(|rest| rest.split('<').next()).expect("a marker");
    let body = list(marker);
    let second = house.order(&Order { target: None, region: "eu-west-1", ..order("", "iam", &body) }).await.text;
    assert!(second.contains("Nowhere") && !second.contains("Everywhere") && second.contains("<IsTruncated>false"), "{second}");
    let strange = iam(&house, "ListRoles", &[("Marker", "c3RyYW5nZQ")]).await;
    refused(&strange, 400, "ValidationError", "The Marker is not valid");
}

#[tokio::test]
async fn policies_come_and_go_and_a_role_with_policies_stays() {
    let house = House::new();
    create(&house, "Puller").await;
    let role = ("RoleName", "Puller");
    let document = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ecr:*","Resource":"*"}}"#;
    let attached = granted(&house, "AttachRolePolicy", &[role, ("PolicyArn", PULL)]).await;
    assert!(!attached.contains("Result") && attached.contains("<ResponseMetadata><RequestId>"), "only its id: {attached}");
    granted(&house, "AttachRolePolicy", &[role, ("PolicyArn", PULL)]).await;
    granted(&house, "PutRolePolicy", &[role, ("PolicyName", "own"), ("PolicyDocument", document)]).await;
    let list = granted(&house, "ListAttachedRolePolicies", &[role]).await;
    let wanted = format!(
        "<AttachedPolicies><member><PolicyArn>{PULL}</PolicyArn><PolicyName>AWSAppRunnerServicePolicyForECRAccess</PolicyName></member>\
         </AttachedPolicies><IsTruncated>false</IsTruncated>"
    );
    assert!(list.contains(&wanted), "{list}");
    assert!(granted(&house, "ListRolePolicies", &[role]).await.contains("<PolicyNames><member>own</member></PolicyNames>"));
    let own = granted(&house, "GetRolePolicy", &[role, ("PolicyName", "own")]).await;
    assert!(own.contains("<PolicyDocument>%7B%22Version%22") && own.contains("%22ecr%3A%2A%22"), "{own}");
    let counted = granted(&house, "GetPolicy", &[("PolicyArn", PULL)]).await;
    assert!(counted.contains("<AttachmentCount>1</AttachmentCount>") && counted.contains("<IsAttachable>true<"), "{counted}");
    let version = granted(&house, "GetPolicyVersion", &[("PolicyArn", PULL), ("VersionId", "v1")]).await;
    assert!(version.contains("ecr%3ABatchGetImage") && version.contains("<IsDefaultVersion>true<"), "{version}");
    let only = granted(&house, "ListPolicies", &[("OnlyAttached", "true"), ("Scope", "AWS")]).await;
    assert_eq!(only.matches("<member>").count(), 1, "{only}");
    assert!(granted(&house, "ListInstanceProfilesForRole", &[role]).await.contains("<InstanceProfiles></InstanceProfiles>"));

    let members = [role];
    let delete = || iam(&house, "DeleteRole", &members);
    refused(&delete().await, 409, "DeleteConflict", "Cannot delete entity, must detach all policies first.");
    granted(&house, "DetachRolePolicy", &[role, ("PolicyArn", PULL)]).await;
    refused(&delete().await, 409, "DeleteConflict", "Cannot delete entity, must delete policies first.");
    granted(&house, "DeleteRolePolicy", &[role, ("PolicyName", "own")]).await;
    for (operation, member) in [("DetachRolePolicy", ("PolicyArn", PULL)), ("DeleteRolePolicy", ("PolicyName", "own"))] {
        refused(&iam(&house, operation, &[role, member]).await, 404, "NoSuchEntity", "");
    }
    granted(&house, "DeleteRole", &[role]).await;
    refused(&delete().await, 404, "NoSuchEntity", "The role with name Puller cannot be found.");
}

#[tokio::test]
async fn a_role_is_updated_and_tagged() {
    let house = House::new();
    create(&house, "Puller").await;
    let role = ("RoleName", "Puller");
    let updated = granted(&house, "UpdateRole", &[role, ("MaxSessionDuration", "7200"), ("Description", "New")]).await;
    assert!(updated.contains("<UpdateRoleResult></UpdateRoleResult>"), "clients look for it: {updated}");
    granted(&house, "UpdateRole", &[role]).await;
    granted(&house, "UpdateAssumeRolePolicy", &[role, ("PolicyDocument", &TRUST.replace("build", "tasks"))]).await;
    granted(&house, "TagRole", &[role, ("Tags.member.1.Key", "Team"), ("Tags.member.1.Value", "a")]).await;
    granted(&house, "TagRole", &[role, ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "b")]).await;
    let tags = granted(&house, "ListRoleTags", &[role]).await;
    assert!(tags.contains("<Tags><member><Key>team</Key><Value>b</Value></member></Tags>"), "one key in any case: {tags}");
    let found = granted(&house, "GetRole", &[role]).await;
    for part in ["<MaxSessionDuration>7200<", "<Description>New<", "tasks.apprunner", "<Key>team<"] {
        assert!(found.contains(part), "{found} does not have {part}");
    }
    granted(&house, "UntagRole", &[role, ("TagKeys.member.1", "TEAM"), ("TagKeys.member.2", "absent")]).await;
    assert!(granted(&house, "ListRoleTags", &[role]).await.contains("<Tags></Tags>"));
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_faults_of_iam() {
    let house = House::new();
    create(&house, "Puller").await;
    let role = ("RoleName", "Puller");
    let document = |text| ("AssumeRolePolicyDocument", text);
    let long_trust = TRUST.replace("build", &"b".repeat(2_048));
    let big = format!(r#"{{"Statement":{{"Effect":"Allow","Action":"ecr:{}","Resource":"*"}}}}"#, "x".repeat(10_240));
    let tags: Vec<(String, String)> = (1..=50)
        .flat_map(|n| [(format!("Tags.member.{n}.Key"), format!("k{n}")), (format!("Tags.member.{n}.Value"), String::new())])
        .collect();
    let tags: Vec<(&str, &str)> = tags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    granted(&house, "TagRole", &[&[role], &tags[..]].concat()).await;
    for (operation, members, status, code, words) in [
        (
            "CreateRole",
            vec![("RoleName", "PULLER"), document(TRUST)],
            409,
            "EntityAlreadyExists",
            "Role with name PULLER already exists.",
        ),
        ("CreateRole", vec![("RoleName", "a b"), document(TRUST)], 400, "ValidationError", "1 validation error detected: Value"),
        ("CreateRole", vec![document(TRUST)], 400, "ValidationError", "roleName"),
        ("CreateRole", vec![("RoleName", "x"), document("{}")], 400, "MalformedPolicyDocument", "must have a Statement"),
        ("CreateRole", vec![("RoleName", "x"), document("{")], 400, "MalformedPolicyDocument", "invalid Json"),
        ("CreateRole", vec![("RoleName", "x"), document(TRUST), ("Path", "/a|b/")], 400, "InvalidInput", "path is invalid"),
        ("CreateRole", vec![("RoleName", "x"), document(&long_trust)], 409, "LimitExceeded", "ACLSizePerRole: 2048"),
        (
            "CreateRole",
            vec![("RoleName", "x"), document(TRUST), ("PermissionsBoundary", "arn:aws:iam::000000000000:policy/Nothing")],
            400,
            "InvalidInput",
            "policy/Nothing does not exist or is not attachable.",
        ),
        (
            "CreateRole",
            vec![("RoleName", "x"), document(TRUST), ("MaxSessionDuration", "1h")],
            400,
            "MalformedInput",
            "1h&apos; is not a whole number",
        ),
        (
            "TagRole",
            vec![role, ("Tags.member.1.Key", "one-more"), ("Tags.member.1.Value", "")],
            409,
            "LimitExceeded",
            "limit of 50",
        ),
        ("GetRole", vec![("RoleName", "Nobody")], 404, "NoSuchEntity", "The role with name Nobody cannot be found."),
        ("UpdateRole", vec![role, ("MaxSessionDuration", "60")], 400, "ValidationError", "maxSessionDuration"),
        ("UpdateAssumeRolePolicy", vec![role, ("PolicyDocument", "[]")], 400, "MalformedPolicyDocument", "JSON object"),
        ("PutRolePolicy", vec![role, ("PolicyName", "p"), ("PolicyDocument", TRUST)], 400, "MalformedPolicyDocument", "Resource"),
        ("PutRolePolicy", vec![role, ("PolicyName", "p"), ("PolicyDocument", &big)], 409, "LimitExceeded", "Maximum policy size"),
        ("GetRolePolicy", vec![role, ("PolicyName", "p")], 404, "NoSuchEntity", "The role policy with name p cannot be found."),
        (
            "AttachRolePolicy",
            vec![role, ("PolicyArn", "arn:aws:iam::aws:policy/Nothing")],
            404,
            "NoSuchEntity",
            "does not exist or is not attachable.",
        ),
        ("GetPolicy", vec![("PolicyArn", "arn:aws:iam::aws:policy/Nothing")], 404, "NoSuchEntity", "was not found"),
        ("GetPolicyVersion", vec![("PolicyArn", PULL), ("VersionId", "v2")], 404, "NoSuchEntity", "v2"),
        ("ListRoles", vec![("MaxItems", "1001")], 400, "ValidationError", "maxItems"),
    ] {
        let reply = iam(&house, operation, &members).await;
        assert!(reply.text.contains(code), "{operation} {members:?}: {}", reply.text);
        refused(&reply, status, code, words);
    }
}

#[tokio::test]
async fn a_role_has_ten_attached_policies_at_most() {
    let house = House::new();
    create(&house, "Puller").await;
    let role = ("RoleName", "Puller");
    let arns = granted(&house, "ListPolicies", &[]).await;
    let arns: Vec<&str> = arns.split("<Arn>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    for arn in &arns[..10] {
        granted(&house, "AttachRolePolicy", &[role, ("PolicyArn", arn)]).await;
    }
    let eleventh = iam(&house, "AttachRolePolicy", &[role, ("PolicyArn", arns[10])]).await;
    refused(&eleventh, 409, "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10");
}

#[tokio::test]
async fn a_list_of_policies_is_read_page_by_page() {
    let house = House::new();
    let (mut names, mut marker) = (Vec::new(), String::new());
    loop {
        let mut members = vec![("MaxItems", "5"), ("PathPrefix", "/")];
        if !marker.is_empty() {
            members.push(("Marker", &marker));
        }
        let text = granted(&house, "ListPolicies", &members).await;
        names.extend(text.split("<PolicyName>").skip(1).map(|rest| rest.split('<').next().unwrap_or_default().to_owned()));
        match text.split("<Marker>").nth(1).and_then(|rest| rest.split('<').next()) {
            Some(next) => marker = next.to_owned(),
            None => break,
        }
    }
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((names.len(), names == sorted), (12, true), "each once, by name: {names:?}");
    let other = iam(&house, "ListPolicies", &[("Marker", &marker), ("PathPrefix", "/service-role/")]).await;
    refused(&other, 400, "ValidationError", "The Marker is not valid");
}

#[tokio::test]
async fn a_page_has_a_hundred_items_unless_told() {
    let house = House::new();
    for n in 0..120 {
        house.keep(&role(&format!("role-{n:03}")));
    }
    let first = granted(&house, "ListRoles", &[]).await;
    assert_eq!((first.matches("<RoleName>").count(), first.contains("<IsTruncated>true</IsTruncated>")), (100, true));
    let all = granted(&house, "ListRoles", &[("MaxItems", "1000")]).await;
    assert_eq!((all.matches("<RoleName>").count(), all.contains("<IsTruncated>false</IsTruncated>")), (121, true));
}

/// Roles that somebody else changes between every reading and writing.
struct Busy(MemoryRoles);

impl Roles for Busy {
    fn create<'a>(&'a self, role: &'a Role, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        self.0.create(role, audit)
    }

    fn get<'a>(&'a self, account: &'a AccountId, name: &'a RoleName) -> Answer<'a, Option<Role>> {
        self.0.get(account, name)
    }

    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<Role>> {
        self.0.list(account, path_prefix, page)
    }

    fn change<'a>(&'a self, _: &'a Role, _: &'a Role, _: &'a AuditRow) -> Answer<'a, bool> {
        Box::pin(async { Ok(false) })
    }

    fn remove<'a>(&'a self, _: &'a Role, _: &'a AuditRow) -> Answer<'a, bool> {
        Box::pin(async { Ok(false) })
    }
}

/// No call here comes from a VPC: the denial would hold for nobody.
const FROM_VPC: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}}"#;

#[tokio::test]
async fn a_policy_with_a_condition_key_that_no_call_has_is_refused_by_its_name() {
    let house = House::new();
    create(&house, "Puller").await;
    let members = [("RoleName", "Puller"), ("PolicyName", "p"), ("PolicyDocument", FROM_VPC)];
    refused(&iam(&house, "PutRolePolicy", &members).await, 400, "MalformedPolicyDocument", "aws:SourceVpc");
    let trust = FROM_VPC.replace(r#""Action":"*","Resource":"*""#, r#""Principal":"*","Action":"sts:AssumeRole""#);
    let members = [("RoleName", "Puller"), ("PolicyDocument", &*trust)];
    refused(&iam(&house, "UpdateAssumeRolePolicy", &members).await, 400, "MalformedPolicyDocument", "aws:SourceVpc");
    let members = [("RoleName", "Other"), ("AssumeRolePolicyDocument", &*trust)];
    refused(&iam(&house, "CreateRole", &members).await, 400, "MalformedPolicyDocument", "aws:SourceVpc");
    house.ecr("CreateRepository", serde_json::json!({ "repositoryName": "hello" })).await;
    let text = trust.replace("sts:AssumeRole", "ecr:*");
    let reply = house.ecr("SetRepositoryPolicy", serde_json::json!({ "repositoryName": "hello", "policyText": text })).await;
    let (code, words) = reply.fault();
    assert!(code == "InvalidParameterException" && words.contains("aws:SourceVpc"), "{code} {words}");
}

#[tokio::test]
async fn a_policy_that_is_named_by_no_arn_is_told_so() {
    let house = House::new();
    for operation in ["GetPolicy", "ListPolicyVersions"] {
        let reply = iam(&house, operation, &[("PolicyArn", "AWSAppRunnerServicePolicyForECRAccess")]).await;
        refused(&reply, 400, "InvalidInput", "ARN AWSAppRunnerServicePolicyForECRAccess is not valid");
    }
}

#[tokio::test]
async fn the_documents_of_a_role_have_a_limit_that_white_space_does_not_get_round() {
    let house = House::new();
    create(&house, "Wide").await;
    let wide = format!(r#"{{"Statement":{{"Effect":"Allow","Action":"ecr:*",{}"Resource":"*"}}}}"#, " ".repeat(40_000));
    let put = |name: &'static str, text: &'static str| vec![("RoleName", "Wide"), ("PolicyName", name), ("PolicyDocument", text)];
    let wide: &'static str = wide.leak();
    granted(&house, "PutRolePolicy", &put("first", wide)).await;
    refused(&iam(&house, "PutRolePolicy", &put("second", wide)).await, 409, "LimitExceeded", "65536 bytes together");
    let trust: &'static str = TRUST.replace('}', &format!("{}}}", " ".repeat(10_000))).leak();
    let members = [("RoleName", "Wide"), ("PolicyDocument", trust)];
    refused(&iam(&house, "UpdateAssumeRolePolicy", &members).await, 409, "LimitExceeded", "65536 bytes together");
    let least = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    for n in 1..64 {
        granted(&house, "PutRolePolicy", &put(format!("p{n}").leak(), least)).await;
    }
    refused(&iam(&house, "PutRolePolicy", &put("more", least)).await, 409, "LimitExceeded", "may have 64 policies");
}

#[tokio::test]
async fn a_role_that_others_change_all_the_time_is_told_to_come_back_for() {
    let house = House::with_roles(Arc::new(Busy(MemoryRoles::default())));
    create(&house, "Puller").await;
    let role = ("RoleName", "Puller");
    for (operation, members) in [("AttachRolePolicy", vec![role, ("PolicyArn", PULL)]), ("DeleteRole", vec![role])] {
        refused(
            &iam(&house, operation, &members).await,
            400,
            "Throttling",
            "The role is changed by many calls at once. Try again.",
        );
    }
    granted(&house, "UpdateRole", &[role]).await;
}

#[tokio::test]
async fn a_call_without_a_signature_is_told_so_in_xml() {
    let house = House::new();
    let request = Request::post("/").body(form("ListRoles", &[]).into()).expect("a request");
    refused(&house.send(request).await, 403, "MissingAuthenticationToken", "Request is missing Authentication Token");
}

#[tokio::test]
async fn app_runner_refuses_a_role_that_it_cannot_take() {
    let house = House::new();
    let with = |name: &str, role: &str| {
        let mut input = crate::house::service(name);
        let arn = format!("arn:aws:iam::000000000000:role/{role}");
        input["SourceConfiguration"]["AuthenticationConfiguration"] = json!({ "AccessRoleArn": arn });
        input
    };
    let absent = house.call("CreateService", with("webs", "Absent")).await.fault();
    assert_eq!(absent.0, "InvalidRequestException");
    let words =
        "Error in assuming access role arn:aws:iam::000000000000:role/Absent: there is no such role. Make it: aws iam create-role";
    assert!(absent.1.starts_with(words), "{}", absent.1);
    let trust = TRUST.replace("build", "tasks");
    granted(&house, "CreateRole", &[("RoleName", "Distrustful"), ("AssumeRolePolicyDocument", &trust)]).await;
    let distrustful = house.call("CreateService", with("webs", "Distrustful")).await.fault();
    assert!(distrustful.1.contains("aws iam update-assume-role-policy --role-name Distrustful"), "{}", distrustful.1);
    assert!(distrustful.1.ends_with("\"sts:AssumeRole\"}]}'"), "the whole command fits: {}", distrustful.1);
    create(&house, "Trusting").await;
    let reply = house.call("CreateService", with("webs", "Trusting")).await;
    assert_eq!(reply.status, 200, "whether it may pull is the deployment's question: {}", reply.text);
}

#[tokio::test]
async fn a_repository_has_a_policy_when_one_is_set() {
    let house = House::new();
    house.ecr("CreateRepository", json!({ "repositoryName": "hello" })).await;
    let name = json!({ "repositoryName": "hello" });
    let none = house.ecr("GetRepositoryPolicy", name.clone()).await.fault();
    assert_eq!(none.0, "RepositoryPolicyNotFoundException");
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"ecr:*"}]}"#;
    let set = house.ecr("SetRepositoryPolicy", json!({ "repositoryName": "hello", "policyText": text })).await;
    assert_eq!(set.json(), json!({ "policyText": text, "registryId": "000000000000", "repositoryName": "hello" }));
    assert_eq!(house.ecr("GetRepositoryPolicy", name.clone()).await.json(), set.json());
    let bad = house.ecr("SetRepositoryPolicy", json!({ "repositoryName": "hello", "policyText": "{}" })).await.fault();
    assert_eq!(bad.0, "InvalidParameterException");
    assert!(bad.1.contains("must have a Statement"), "{}", bad.1);
    assert_eq!(house.ecr("DeleteRepositoryPolicy", name.clone()).await.json(), set.json(), "what was there");
    assert_eq!(house.ecr("DeleteRepositoryPolicy", name).await.fault().0, "RepositoryPolicyNotFoundException");
    let absent = house.ecr("SetRepositoryPolicy", json!({ "repositoryName": "absent", "policyText": text })).await.fault();
    assert_eq!(absent.0, "RepositoryNotFoundException");
}
