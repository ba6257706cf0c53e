//! Real roles: who stands for whom, and credentials that are new each time.

use crate::account::Region;
use crate::port::RealRoles;
use crate::refusal::RefusalKind;
use crate::role::RoleArn;

/// All promises of the port, where `real` stands for `ours` and says yes.
pub async fn real_roles(roles: &dyn RealRoles, ours: &RoleArn, real: &RoleArn) {
    let region = Region::parse("eu-west-1").expect("a region");
    assert_eq!(roles.standing_for(ours).as_ref(), Some(real));
    let first = roles.take(ours, "webs-1", &region).await.unwrap().unwrap();
    assert_eq!(first.role, *real, "the credentials are the real role's");
    assert!(!first.secret_access_key.expose().is_empty() && !first.session_token.expose().is_empty());
    let shown = format!("{first:?}");
    for secret in [&first.secret_access_key, &first.session_token] {
        assert!(!shown.contains(secret.expose_text().expect("it is text")), "{shown}");
    }
    let second = roles.take(ours, "webs-1", &region).await.unwrap().unwrap();
    assert_ne!(first.access_key_id, second.access_key_id, "each taking is one of its own");

    let nobody = RoleArn::parse("arn:aws:iam::000000000000:role/Nobody").expect("an ARN");
    assert_eq!(roles.standing_for(&nobody), None);
    let refusal = roles.take(&nobody, "webs-1", &region).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    assert!(refusal.message.contains(nobody.as_str()), "{}", refusal.message);
}
