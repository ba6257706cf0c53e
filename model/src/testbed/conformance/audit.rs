//! What the audit log promises: rows stay in the order written, failures carry their fault, and a look-up answers newest first, only of its scope.

use std::collections::BTreeSet;

use crate::account::{Region, Scope};
use crate::audit::{AuditEntry, AuditQuery, AuditRow, Sought};
use crate::caller::{Caller, Origin, Transport};
use crate::port::Audit;
use crate::testbed::{caller, scope};
use crate::time::Timestamp;
use crate::wish::LogPosition;

fn row(at: i64, action: &str, resource: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(at), caller: caller(), action: action.to_owned(), resource: resource.to_owned() }
}

fn query(sought: Option<Sought>) -> AuditQuery {
    let (from, until) = (Timestamp::from_millis(0), Timestamp::from_millis(1_000));
    AuditQuery { scope: scope(), from, until, sought, before: None, events_max: 50 }
}

async fn found(audit: &dyn Audit, query: &AuditQuery) -> Vec<String> {
    let mut query = query.clone();
    let mut actions = Vec::new();
    loop {
        let page = audit.look_up(&query).await.expect("it answers");
        assert!(page.events.len() <= query.events_max as usize, "no more than were asked for");
        actions.extend(page.events.into_iter().map(|event| event.entry.row.action));
        match page.next {
            Some(next) => query.before = Some(next),
            None => return actions,
        }
    }
}

/// The suite.
pub async fn audit(audit: &dyn Audit) {
    const WEBS: &str = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";
    audit.append(&row(10, "apprunner:CreateService", WEBS)).await.expect("it is kept");
    let agent = Some("a client".to_owned());
    let from = Caller {
        origin: Some(Origin { address: Some("192.0.2.7".to_owned()), agent, transport: Some(Transport::Tls) }),
        ..caller()
    };
    let denied = AuditRow { caller: from, ..row(20, "apprunner:DeleteService", WEBS) };
    let denied = AuditEntry { row: denied, fault: Some("AccessDeniedException".to_owned()), omitted: 7 };
    audit.record(&denied).await.expect("it is kept");
    let elsewhere = Scope { region: Region::parse("eu-west-1").expect("a region"), ..scope() };
    let other = AuditRow { caller: Caller { scope: elsewhere.clone(), ..caller() }, ..row(40, "ecr:CreateRepository", "*") };
    let puller = row(30, "iam:CreateRole", "arn:aws:iam::000000000000:role/puller");
    audit.append_all(&[puller, other.clone()]).await.expect("they are kept");
    audit.record(&row(50, "apprunner:ListServices", "*").into()).await.expect("it is kept");

    let rows = audit.list(LogPosition(0), 100).await.expect("it lists");
    assert_eq!(rows.len(), 5, "failures and reads are rows as well");
    assert_eq!(rows[1].1, denied.row, "with what is known of the caller");

    let all = ["apprunner:ListServices", "iam:CreateRole", "apprunner:DeleteService", "apprunner:CreateService"];
    assert_eq!(found(audit, &query(None)).await, all, "newest first, of the scope alone");
    assert_eq!(found(audit, &AuditQuery { scope: elsewhere, ..query(None) }).await, ["ecr:CreateRepository"]);
    for events_max in [1, 2, 3] {
        let paged = found(audit, &AuditQuery { events_max, ..query(None) }).await;
        assert_eq!(paged, all, "in pages of {events_max}");
    }
    let until = Timestamp::from_millis(20);
    assert_eq!(found(audit, &AuditQuery { until, ..query(None) }).await, all[2..], "the end of the range is in it");
    assert_eq!(found(audit, &AuditQuery { from: until, ..query(None) }).await, all[..3], "and its beginning");

    for (sought, expected) in [
        (Sought::Name("CreateRole".to_owned()), &all[1..2]),
        (Sought::ReadOnly(true), &all[..1]),
        (Sought::ReadOnly(false), &all[1..]),
        (Sought::User("root".to_owned()), &all[..]),
        (Sought::User("somebody".to_owned()), &[]),
        (Sought::ResourceKind("AWS::AppRunner::Service".to_owned()), &all[2..]),
        (Sought::Resource(WEBS.to_owned()), &all[2..]),
        (Sought::Resource("webs".to_owned()), &all[2..]),
        (Sought::Resource("puller".to_owned()), &all[1..2]),
        (Sought::Resource("000000000000".to_owned()), &[]),
        (Sought::Source("iam.amazonaws.com".to_owned()), &all[1..2]),
        (Sought::AccessKey(caller().access_key_id), &all[..]),
        (Sought::AccessKey("AKIANOBODY".to_owned()), &[]),
    ] {
        assert_eq!(found(audit, &query(Some(sought.clone()))).await, expected, "{sought:?}");
    }
    let events = audit.look_up(&query(None)).await.expect("it answers").events;
    assert_eq!(events[2].entry, denied, "nothing of it is lost");
    let ids: BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert!(ids.len() == events.len() && ids.iter().all(|id| id.len() == 36), "{ids:?}");
    let one = Sought::Id(events[1].id.clone());
    assert_eq!(found(audit, &query(Some(one))).await, ["iam:CreateRole"], "and each is found by its own");
}
