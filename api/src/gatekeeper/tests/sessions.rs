//! What conditions know of a session, and of where its calls come from.
//! Source of truth: IAM User Guide, "AWS global condition context keys" and "Pass session tags in AWS STS".

use super::*;

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
