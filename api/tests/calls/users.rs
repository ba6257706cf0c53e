//! Users and their keys through the door, as stock clients write and read them.

use crate::{
    house::{House, NOW, order},
    iam::{form, granted, iam, refused},
    signer::Order,
};
use std::time::Duration;

const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}]}"#;
const READ: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

fn part<'a>(text: &'a str, name: &str) -> &'a str {
    let found = text.split(&format!("<{name}>")).nth(1).and_then(|rest| rest.split('<').next());
    found.unwrap_or_else(|| panic!("{text} has no {name}"))
}

/// A user with a key: its id and secret.
async fn user_with_key(house: &House, name: &str) -> (String, String) {
    granted(house, "CreateUser", &[("UserName", name)]).await;
    key_of(house, name).await
}

async fn key_of(house: &House, name: &str) -> (String, String) {
    let made = granted(house, "CreateAccessKey", &[("UserName", name)]).await;
    (part(&made, "AccessKeyId").to_owned(), part(&made, "SecretAccessKey").to_owned())
}

async fn as_key(house: &House, (key, secret): &(String, String), service: &str, body: &str) -> crate::house::Reply {
    house.order(&Order { key, secret, target: None, ..order("", service, body) }).await
}

const WHO: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn a_user_is_created_in_the_words_of_iam_and_found_by_its_name() {
    let house = House::new();
    let members = [
        ("UserName", "Ann"),
        ("Path", "/team/"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "web"),
        ("PermissionsBoundary", READ),
    ];
    let made = granted(&house, "CreateUser", &members).await;
    assert!(part(&made, "UserId").starts_with("AIDA") && part(&made, "UserId").len() == 21, "{made}");
    for words in [
        "<Arn>arn:aws:iam::000000000000:user/team/Ann</Arn><CreateDate>2027-01-15T08:00:00Z</CreateDate><Path>/team/</Path>",
        "<PermissionsBoundaryArn>arn:aws:iam::aws:policy/ReadOnlyAccess</PermissionsBoundaryArn><PermissionsBoundaryType>Policy<",
        "<Tags><member><Key>team</Key><Value>web</Value></member></Tags>",
    ] {
        assert!(made.contains(words), "{made} has no {words}");
    }
    assert!(granted(&house, "GetUser", &[("UserName", "Ann")]).await.contains(part(&made, "UserId")));
    let listed = granted(&house, "ListUsers", &[("PathPrefix", "/team/")]).await;
    assert!(listed.contains("<UserName>Ann</UserName>") && !listed.contains("<Tags>"), "{listed}");
    let tags = [("UserName", "Ann"), ("Tags.member.1.Key", "TEAM"), ("Tags.member.1.Value", "shop")];
    granted(&house, "TagUser", &tags).await;
    let tags = granted(&house, "ListUserTags", &[("UserName", "Ann")]).await;
    assert!(tags.contains("<Tags><member><Key>TEAM</Key><Value>shop</Value></member></Tags>"), "{tags}");
    granted(&house, "UntagUser", &[("UserName", "Ann"), ("TagKeys.member.1", "team")]).await;
    assert!(!granted(&house, "ListUserTags", &[("UserName", "Ann")]).await.contains("shop"));
    granted(&house, "DeleteUserPermissionsBoundary", &[("UserName", "Ann")]).await;
    let none = iam(&house, "DeleteUserPermissionsBoundary", &[("UserName", "Ann")]).await;
    refused(&none, 404, "NoSuchEntity", "does not have a permission boundary");
    granted(&house, "PutUserPermissionsBoundary", &[("UserName", "Ann"), ("PermissionsBoundary", READ)]).await;
    assert!(granted(&house, "GetUser", &[("UserName", "Ann")]).await.contains("<PermissionsBoundaryArn>"));
}

#[tokio::test]
async fn a_user_that_is_renamed_keeps_its_keys_and_signs_under_its_new_name() {
    let house = House::new();
    let key = user_with_key(&house, "ann").await;
    granted(&house, "UpdateUser", &[("UserName", "ann"), ("NewUserName", "anna"), ("NewPath", "/ex/")]).await;
    let who = as_key(&house, &key, "sts", WHO).await;
    assert!(who.text.contains("<Arn>arn:aws:iam::000000000000:user/ex/anna</Arn>"), "{}", who.text);
    assert!(part(&who.text, "UserId").starts_with("AIDA"));
    assert!(granted(&house, "ListAccessKeys", &[("UserName", "anna")]).await.contains(&key.0));
    granted(&house, "CreateUser", &[("UserName", "bob")]).await;
    let taken = iam(&house, "UpdateUser", &[("UserName", "bob"), ("NewUserName", "ANNA")]).await;
    refused(&taken, 409, "EntityAlreadyExists", "User with name ANNA already exists.");
}

#[tokio::test]
async fn a_user_has_two_keys_that_are_rotated_deactivated_and_deleted() {
    let house = House::new();
    let first = user_with_key(&house, "ann").await;
    assert_eq!((first.0.len(), first.1.len()), (20, 40));
    let second = key_of(&house, "ann").await;
    let third = iam(&house, "CreateAccessKey", &[("UserName", "ann")]).await;
    refused(&third, 409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2");
    for key in [&first, &second] {
        assert!(as_key(&house, key, "sts", WHO).await.text.contains(":user/ann</Arn>"));
    }
    let state = |status| [("UserName", "ann"), ("AccessKeyId", first.0.as_str()), ("Status", status)];
    granted(&house, "UpdateAccessKey", &state("Inactive")).await;
    refused(
        &as_key(&house, &first, "sts", WHO).await,
        403,
        "InvalidClientTokenId",
        "security token included in the request is invalid",
    );
    let listed = granted(&house, "ListAccessKeys", &[("UserName", "ann")]).await;
    assert!(listed.contains("<Status>Inactive</Status>") && listed.contains("<Status>Active</Status>"), "{listed}");
    assert!(!listed.contains(&first.1), "no secret is listed");
    granted(&house, "UpdateAccessKey", &state("Active")).await;
    assert_eq!(as_key(&house, &first, "sts", WHO).await.status, 200);
    let left = iam(&house, "DeleteUser", &[("UserName", "ann")]).await;
    refused(&left, 409, "DeleteConflict", "must delete access keys first.");
    for key in [&first, &second] {
        granted(&house, "DeleteAccessKey", &[("UserName", "ann"), ("AccessKeyId", &key.0)]).await;
        refused(&as_key(&house, key, "sts", WHO).await, 403, "InvalidClientTokenId", "invalid");
    }
    let gone = iam(&house, "DeleteAccessKey", &[("UserName", "ann"), ("AccessKeyId", &first.0)]).await;
    refused(&gone, 404, "NoSuchEntity", "cannot be found.");
    granted(&house, "DeleteUser", &[("UserName", "ann")]).await;
    let gone = iam(&house, "GetUser", &[("UserName", "ann")]).await;
    refused(&gone, 404, "NoSuchEntity", "The user with name ann cannot be found.");
}

#[tokio::test]
async fn a_key_tells_what_it_was_last_used_for() {
    let house = House::new();
    let key = user_with_key(&house, "ann").await;
    let asked = [("AccessKeyId", key.0.as_str())];
    let never = granted(&house, "GetAccessKeyLastUsed", &asked).await;
    assert!(never.contains("<Region>N/A</Region><ServiceName>N/A</ServiceName>") && !never.contains("LastUsedDate"), "{never}");
    as_key(&house, &key, "sts", WHO).await;
    let used = granted(&house, "GetAccessKeyLastUsed", &asked).await;
    assert!(used.contains("<LastUsedDate>2027-01-15T08:00:00Z</LastUsedDate><Region>us-east-1</Region>"), "{used}");
    assert!(used.contains("<ServiceName>sts</ServiceName>") && used.contains("<UserName>ann</UserName>"), "{used}");
    let stranger = iam(&house, "GetAccessKeyLastUsed", &[("AccessKeyId", "AKIDFOREIGN00000")]).await;
    assert_eq!(stranger.status, 400, "{}", stranger.text);
}

#[tokio::test]
async fn policies_are_put_into_a_user_and_attached_and_it_stays_while_they_are() {
    let house = House::new();
    granted(&house, "CreateUser", &[("UserName", "ann")]).await;
    let ann = ("UserName", "ann");
    granted(&house, "PutUserPolicy", &[ann, ("PolicyName", "runs"), ("PolicyDocument", ALLOW)]).await;
    let got = granted(&house, "GetUserPolicy", &[ann, ("PolicyName", "runs")]).await;
    assert!(got.contains("%7B%22Version%22%3A%222012-10-17%22"), "{got}");
    assert!(granted(&house, "ListUserPolicies", &[ann]).await.contains("<member>runs</member>"));
    let bad = iam(&house, "PutUserPolicy", &[ann, ("PolicyName", "x"), ("PolicyDocument", "{")]).await;
    refused(&bad, 400, "MalformedPolicyDocument", "invalid Json");
    let long = ALLOW.replace("apprunner:*", &format!("s3:{}", "x".repeat(2_048)));
    let long = iam(&house, "PutUserPolicy", &[ann, ("PolicyName", "long"), ("PolicyDocument", &long)]).await;
    refused(&long, 409, "LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user ann");
    granted(&house, "AttachUserPolicy", &[ann, ("PolicyArn", READ)]).await;
    let none = iam(&house, "AttachUserPolicy", &[ann, ("PolicyArn", "arn:aws:iam::000000000000:policy/None")]).await;
    refused(&none, 404, "NoSuchEntity", "policy/None does not exist or is not attachable.");
    let listed = granted(&house, "ListAttachedUserPolicies", &[ann]).await;
    assert!(listed.contains("<PolicyName>ReadOnlyAccess</PolicyName>"), "{listed}");
    let stays = iam(&house, "DeleteUser", &[ann]).await;
    refused(&stays, 409, "DeleteConflict", "must detach all policies first.");
    granted(&house, "DetachUserPolicy", &[ann, ("PolicyArn", READ)]).await;
    refused(&iam(&house, "DeleteUser", &[ann]).await, 409, "DeleteConflict", "must delete policies first.");
    granted(&house, "DeleteUserPolicy", &[ann, ("PolicyName", "runs")]).await;
    granted(&house, "DeleteUser", &[ann]).await;
}

#[tokio::test]
async fn a_call_that_names_nobody_is_about_who_calls() {
    let house = House::new();
    let root = granted(&house, "GetUser", &[]).await;
    assert!(root.contains("<Arn>arn:aws:iam::000000000000:root</Arn>"), "{root}");
    let made = granted(&house, "CreateAccessKey", &[]).await;
    let own = (part(&made, "AccessKeyId").to_owned(), part(&made, "SecretAccessKey").to_owned());
    assert!(as_key(&house, &own, "sts", WHO).await.text.contains(":root</Arn>"), "it is the root's");
    assert!(granted(&house, "ListAccessKeys", &[]).await.contains(&own.0));
    granted(&house, "DeleteAccessKey", &[("AccessKeyId", &own.0)]).await;
    assert_eq!(as_key(&house, &own, "sts", WHO).await.status, 403);

    let open = House::new().denying("nothing");
    let key = user_with_key(&open, "ann").await;
    let reply = as_key(&open, &key, "iam", &form("GetUser", &[])).await;
    assert!(reply.text.contains("<UserName>ann</UserName>"), "{}", reply.text);
    let reply = as_key(&open, &key, "iam", &form("CreateAccessKey", &[])).await;
    assert!(reply.text.contains("<UserName>ann</UserName>"), "{}", reply.text);
}

#[tokio::test]
async fn what_is_denied_says_nothing_of_users() {
    for (operation, members) in [
        ("GetUser", vec![("UserName", "nobody")]),
        ("DeleteUser", vec![("UserName", "nobody")]),
        ("CreateAccessKey", vec![("UserName", "nobody")]),
        ("ListUsers", vec![]),
        ("CreateUser", vec![("UserName", "x")]),
    ] {
        let house = House::new().denying(format!("iam:{operation}"));
        refused(&iam(&house, operation, &members).await, 403, "AccessDenied", &format!("iam:{operation}"));
    }
    let house = House::new().denying("iam:TagUser");
    let tagged = [("UserName", "x"), ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")];
    refused(&iam(&house, "CreateUser", &tagged).await, 403, "AccessDenied", "iam:TagUser");
}

#[tokio::test]
async fn a_users_own_session_calls_as_the_user_for_a_while_and_not_iam() {
    let house = House::new();
    let key = user_with_key(&house, "ann").await;
    let reply = as_key(&house, &key, "sts", "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900").await;
    assert_eq!(part(&reply.text, "Expiration"), "2027-01-15T08:15:00Z", "{}", reply.text);
    let (id, secret) = (part(&reply.text, "AccessKeyId").to_owned(), part(&reply.text, "SecretAccessKey").to_owned());
    let token = part(&reply.text, "SessionToken").to_owned();
    let sign = |service, body| Order { key: &id, secret: &secret, token: Some(&token), target: None, ..order("", service, body) };
    assert!(house.order(&sign("sts", WHO)).await.text.contains(":user/ann</Arn>"));
    let again = house.order(&sign("sts", "Action=GetSessionToken&Version=2011-06-15")).await;
    refused(&again, 403, "AccessDenied", "Cannot call GetSessionToken with session credentials");
    let list = form("ListUsers", &[]);
    refused(&house.order(&sign("iam", &list)).await, 403, "InvalidClientTokenId", "invalid");
    house.clock.turn(Duration::from_secs(900));
    let late = Order { date: "20270115T081500Z", ..sign("sts", WHO) };
    refused(&house.order(&late).await, 403, "ExpiredToken", "expired");
    assert_ne!(late.date, NOW);
}

#[tokio::test]
async fn sts_says_whose_key_it_is_and_decodes_nothing() {
    let house = House::new();
    let key = user_with_key(&house, "ann").await;
    let reply = house.form("sts", &format!("Action=GetAccessKeyInfo&Version=2011-06-15&AccessKeyId={}", key.0)).await;
    assert_eq!(part(&reply.text, "Account"), "000000000000");
    let unknown = house.form("sts", "Action=GetAccessKeyInfo&Version=2011-06-15&AccessKeyId=AKIANOBODY000000").await;
    refused(&unknown, 400, "ValidationError", "is not known here");
    let decode = house.form("sts", "Action=DecodeAuthorizationMessage&Version=2011-06-15&EncodedMessage=x").await;
    refused(&decode, 400, "InvalidAuthorizationMessageException", "Message is not valid");
}

#[tokio::test]
async fn lists_of_users_and_keys_have_pages() {
    let house = House::new();
    for n in 0..5 {
        granted(&house, "CreateUser", &[("UserName", &format!("user-{n}"))]).await;
    }
    let (mut names, mut marker) = (Vec::new(), None::<String>);
    loop {
        let mut members = vec![("MaxItems", "2")];
        members.extend(marker.as_deref().map(|marker| ("Marker", marker)));
        let page = granted(&house, "ListUsers", &members).await;
        names.extend(page.split("<UserName>").skip(1).map(|rest| rest.split('<').next().unwrap_or_default().to_owned()));
        if page.contains("<IsTruncated>false</IsTruncated>") {
            break;
        }
        marker = Some(part(&page, "Marker").to_owned());
    }
    assert_eq!(names, ["user-0", "user-1", "user-2", "user-3", "user-4"]);
}

/// A user that may do this alone.
async fn limited(house: &House, name: &str, statement: &str) -> (String, String) {
    let key = user_with_key(house, name).await;
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
    granted(house, "PutUserPolicy", &[("UserName", name), ("PolicyName", "own"), ("PolicyDocument", &text)]).await;
    key
}

#[tokio::test]
async fn who_may_not_ask_about_a_key_does_not_hear_whether_it_is_there_or_whose() {
    let house = House::new();
    let secret = user_with_key(&house, "secret-project").await;
    let own = r#"{"Effect":"Allow","Action":"iam:GetAccessKeyLastUsed","Resource":"arn:aws:iam::000000000000:user/ann"}"#;
    let ann = limited(&house, "ann", own).await;
    let ask = async |id: &str| as_key(&house, &ann, "iam", &form("GetAccessKeyLastUsed", &[("AccessKeyId", id)])).await;
    assert_eq!(ask(&ann.0).await.status, 200, "her own");
    let mut told = Vec::new();
    for id in [secret.0.as_str(), "AKIANOBODYHASTHIS000"] {
        let reply = ask(id).await;
        let words = format!(
            "is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key {id} because no identity-based"
        );
        refused(&reply, 403, "AccessDenied", &words);
        let text = reply.text.replace(id, "<id>");
        told.push(text.split("<RequestId>").next().expect("a beginning").to_owned());
    }
    assert!(told.iter().all(|text| *text == told[0] && !text.contains("secret-project")), "{told:?}");
}

#[tokio::test]
async fn the_last_active_key_of_a_root_stays() {
    let house = House::new();
    let made = house.own("CreateAccount", serde_json::json!({ "AccountId": "333333333333" })).await.json();
    let member = |name: &str| made[name].as_str().expect("a text").to_owned();
    let root = (member("AccessKeyId"), member("SecretAccessKey"));
    let call = async |operation: &str, members: &[(&str, &str)]| as_key(&house, &root, "iam", &form(operation, members)).await;
    let words = "is the last active key of the root user. Make another first";
    let inactive = ("Status", "Inactive");
    for (operation, more) in [("DeleteAccessKey", None), ("UpdateAccessKey", Some(inactive))] {
        let members: Vec<(&str, &str)> = [("AccessKeyId", root.0.as_str())].into_iter().chain(more).collect();
        let reply = call(operation, &members).await;
        assert!(reply.status == 400 && reply.text.contains(words), "{operation}: {}", reply.text);
    }
    let second = part(&call("CreateAccessKey", &[]).await.text, "AccessKeyId").to_owned();
    assert_eq!(call("UpdateAccessKey", &[("AccessKeyId", &second), inactive]).await.status, 200);
    let reply = call("DeleteAccessKey", &[("AccessKeyId", &root.0)]).await;
    assert!(reply.text.contains(words), "one that signs nothing does not count: {}", reply.text);
    assert_eq!(call("UpdateAccessKey", &[("AccessKeyId", &second), ("Status", "Active")]).await.status, 200);
    assert_eq!(call("DeleteAccessKey", &[("AccessKeyId", &root.0)]).await.status, 200);
}
