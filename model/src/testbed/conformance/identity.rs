//! Logins and gatekeepers: a password stands for its caller and nobody else; root does everything in its own account.

use crate::port::{Action, Gatekeeper, Logins};
use crate::refusal::RefusalKind;
use crate::secret::Secret;
use crate::testbed::caller;

/// All promises of `Logins` but the expiry, which needs a clock that the suite cannot turn.
pub async fn logins(logins: &dyn Logins) {
    let caller = caller();
    let token = logins.issue(&caller).await.unwrap();
    assert!(!token.password.expose().contains(&b':'), "the command line splits the token at a colon");
    let redeemed = logins.redeem(&token.password).await.unwrap().expect("a password that was just issued is good");
    assert_eq!((&redeemed.scope, &redeemed.principal), (&caller.scope, &caller.principal));
    assert_eq!(redeemed.access_key_id, caller.access_key_id);
    let mut changed = token.password.expose().to_vec();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    for wrong in [changed, Vec::new(), b"password".to_vec(), vec![0xff; 4_096]] {
        assert_eq!(logins.redeem(&Secret::new(wrong)).await.unwrap(), None, "a password that is not ours stands for nobody");
    }
    let mut elsewhere = caller.clone();
    elsewhere.scope.region = crate::account::Region::parse("eu-west-1").expect("a region");
    let token = logins.issue(&elsewhere).await.unwrap();
    let redeemed = logins.redeem(&token.password).await.unwrap().expect("a password that was just issued is good");
    assert_eq!(redeemed.scope, elsewhere.scope, "a login keeps the region it was issued for");
}

/// The rule of this version.
pub async fn gatekeeper(gatekeeper: &dyn Gatekeeper) {
    let caller = caller();
    let action = |resource: &str| Action::new("apprunner:DescribeService", resource);
    for own in
        ["*", "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123", "arn:aws:ecr:eu-west-1:000000000000:repository/x"]
    {
        gatekeeper.authorize(&caller, &action(own)).await.unwrap().unwrap_or_else(|refusal| panic!("{own}: {refusal}"));
    }
    for foreign in
        ["arn:aws:apprunner:us-east-1:111111111111:service/webs/0123", "arn:aws:iam::111111111111:role/x", "nonsense", ""]
    {
        let refusal = gatekeeper.authorize(&caller, &action(foreign)).await.unwrap().expect_err(foreign);
        assert_eq!(refusal.kind, RefusalKind::Denied, "{foreign}");
        assert!(refusal.message.contains("apprunner:DescribeService"), "the sentence names the action: {refusal}");
    }
}
