//! Changes of quotas: kept in order, by scope, and not without end.

use crate::account::Region;
use crate::audit::AuditRow;
use crate::limit::QUOTA_CHANGES;
use crate::port::Quotas;
use crate::quota::{Quota, QuotaChange};
use crate::refusal::RefusalKind;
use crate::testbed::{caller, scope};
use crate::time::Timestamp;

/// All promises of the port.
pub async fn quotas(quotas: &dyn Quotas) {
    let row = AuditRow {
        at: Timestamp::from_millis(5),
        caller: caller(),
        action: "servicequotas:RequestServiceQuotaIncrease".to_owned(),
        resource: "*".to_owned(),
    };
    let change = |number: u64| QuotaChange {
        scope: scope(),
        id: format!("{number:032x}"),
        quota: Quota::Services,
        value: 30 + number,
        at: Timestamp::from_millis(5),
        requester: caller().arn(),
    };
    assert_eq!(quotas.changes(&scope()).await.unwrap(), []);
    for number in 0..QUOTA_CHANGES as u64 {
        quotas.grant(&change(number), &row).await.unwrap().unwrap();
    }
    let kept = quotas.changes(&scope()).await.unwrap();
    assert_eq!(kept.len(), QUOTA_CHANGES);
    assert_eq!(kept[..2], [change(QUOTA_CHANGES as u64 - 1), change(QUOTA_CHANGES as u64 - 2)], "the newest first, whole");
    let refused = quotas.grant(&change(QUOTA_CHANGES as u64), &row).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Quota, "{refused}");
    let mut elsewhere = scope();
    elsewhere.region = Region::parse("eu-west-1").expect("a region");
    assert_eq!(quotas.changes(&elsewhere).await.unwrap(), [], "a region has its own");
    quotas.grant(&QuotaChange { scope: elsewhere.clone(), ..change(1) }, &row).await.unwrap().unwrap();
    assert_eq!(quotas.changes(&elsewhere).await.unwrap().len(), 1);
}
