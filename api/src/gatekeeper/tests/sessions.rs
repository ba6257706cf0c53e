//! What conditions know of a session, and of where its calls come from.
//! Source of truth: IAM User Guide, "AWS global condition context keys" and "Pass session tags in AWS STS".

use super::*;
use model::caller::OwnSession;
use std::time::Duration;

/// Whoever denies what was issued before a moment means users' own sessions too, and no key that lasts: that has no such time.
#[test]
fn conditions_know_the_age_of_a_users_own_session() {
    let house = House::new();
    let older = json!({ "DateLessThan": { "aws:TokenIssueTime": "2027-01-15T07:43:20Z" } });
    let statements = json!([
        { "Effect": "Allow", "Action": "*", "Resource": "*" },
        { "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": older },
    ]);
    let user = User { inline: [("own".to_owned(), text(statements))].into(), ..user("ann") };
    block_on(Users::create(&*house.users, &user, &row())).unwrap().unwrap();
    let own = |seconds: i64| {
        let issued_at = Timestamp::from_millis(1_799_999_000_000 + seconds * 1_000);
        Some(OwnSession { issued_at, expires_at: issued_at.plus(Duration::from_secs(900)) })
    };
    for (own_session, granted) in [(None, true), (own(0), true), (own(-1), false)] {
        let caller = Caller { own_session, ..calls_as(&user) };
        assert_eq!(house.authorize(&caller, "ecr:PutImage", HELLO).is_ok(), granted, "{own_session:?}");
    }
}

/// A session's tag is its principal's, before the role's own of the same key in any case of letters.
#[test]
fn conditions_know_the_tags_and_the_age_of_a_session_and_where_a_call_comes_from() {
    let house = House::new();
    let tags = Tags([("team", "role"), ("site", "role")].map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    let allow = |condition: Value| json!([{ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition }]);
    let here = Origin { address: Some("192.0.2.7".to_owned()), agent: None, transport: Some(Transport::Tls) };
    let plain = Origin { transport: Some(Transport::Plain), ..here.clone() };
    let nowhere = Origin { address: None, transport: None, ..here.clone() };
    for (n, (condition, origin, granted)) in [
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "session", "aws:PrincipalTag/site": "role" } }), None, true),
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "role" } }), None, false),
        (json!({ "DateLessThan": { "aws:TokenIssueTime": "2027-01-15T07:43:21Z" } }), None, true),
        (json!({ "DateLessThan": { "aws:TokenIssueTime": "2027-01-15T07:43:20Z" } }), None, false),
        (json!({ "IpAddress": { "aws:SourceIp": "192.0.2.0/24" } }), Some(&here), true),
        (json!({ "IpAddress": { "aws:SourceIp": "192.0.3.0/24" } }), Some(&here), false),
        (json!({ "IpAddress": { "aws:SourceIp": "0.0.0.0/0" } }), None, false),
        (json!({ "NotIpAddress": { "aws:SourceIp": "0.0.0.0/0" } }), Some(&nowhere), true),
        (json!({ "Bool": { "aws:SecureTransport": "true" } }), Some(&here), true),
        (json!({ "Bool": { "aws:SecureTransport": "true" } }), Some(&plain), false),
        (json!({ "Bool": { "aws:SecureTransport": "false" } }), Some(&plain), true),
        (json!({ "Null": { "aws:SecureTransport": "true" } }), Some(&nowhere), true),
    ]
    .into_iter()
    .enumerate()
    {
        let role = Role { tags: tags.clone(), ..with_inline(&format!("R{n}"), allow(condition.clone())) };
        house.role(&role);
        let Principal::AssumedRole(session) = session_of(&role).principal else { panic!("a session") };
        let session = RoleSession { tags: Tags([("Team".to_owned(), "session".to_owned())].into()), ..session };
        let caller = Caller { principal: Principal::AssumedRole(session), origin: origin.cloned(), ..caller() };
        assert_eq!(house.authorize(&caller, "ecr:PutImage", HELLO).is_ok(), granted, "{condition} {origin:?}");
    }
}
