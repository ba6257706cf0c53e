//! Sessions of instance roles: each instance has its own, for a while; and events that no operation tells of.

use std::time::Duration;

use crate::instance::InstanceName;
use crate::instance_door::InstanceRole;
use crate::port::{Clock, EventDesk, Events, InstanceSessions, Services};
use crate::refusal::RefusalKind;
use crate::testbed::service_id;
use crate::time::Timestamp;
use crate::wish::LogPosition;

/// What a test of sessions needs.
pub struct SessionsBench<'a> {
    pub clock: &'a dyn Clock,
    /// Lets time pass.
    pub turn: &'a (dyn Fn(Duration) + Sync),
    /// As long as credentials live.
    pub life: Duration,
    /// A role that can be taken.
    pub trusted: InstanceRole,
    /// One that is not there.
    pub missing: InstanceRole,
}

/// All promises of the port.
pub async fn instance_sessions(sessions: &dyn InstanceSessions, bench: &SessionsBench<'_>) {
    let name = |slot| InstanceName { service: service_id(7), revision: 1, slot };
    let ask = async |slot| sessions.credentials(&name(slot), &bench.trusted).await.unwrap().expect("the role can be taken");
    let left = |until: Timestamp| until.since(bench.clock.now());
    let first = ask(0).await;
    assert_eq!(first.role, bench.trusted.role);
    assert!(first.access_key_id.starts_with("ASIA") && left(first.expires_at) <= bench.life);
    assert_eq!(ask(0).await, first, "whoever asks again soon gets the same");
    let other = ask(1).await;
    assert_ne!(other.access_key_id, first.access_key_id, "an instance has its own");
    assert!(other.secret_access_key != first.secret_access_key && other.session_token != first.session_token);
    let mut last = first;
    for _ in 0..8 {
        (bench.turn)(bench.life / 3);
        let next = ask(0).await;
        assert!(left(next.expires_at) >= bench.life / 2, "nobody gets what is about to end");
        assert!(next.expires_at >= last.expires_at);
        last = next;
    }
    let refused = sessions.credentials(&name(0), &bench.missing).await.unwrap().expect_err("there is no such role");
    assert_eq!(refused.kind, RefusalKind::Denied);
    assert!(refused.message.contains(bench.missing.role.as_str()), "{}", refused.message);
    assert_eq!(ask(0).await, last, "one role's trouble is none of another's");
}

/// All promises of the event desk, at which the one service that `services` has is told something.
pub async fn event_desk(desk: &dyn EventDesk, services: &dyn Services, events: &dyn Events) {
    let service = services.kept().await.unwrap().remove(0);
    let before = events.list(&service.id, LogPosition(0), 100).await.unwrap().len();
    desk.tell(&service.arn(), "Something is so.").await.unwrap();
    let told = events.list(&service.id, LogPosition(0), 100).await.unwrap();
    assert_eq!(told.len(), before + 1);
    assert_eq!(told[before].event.message, "[AppRunner] Something is so.");
    assert_eq!(services.by_id(&service.id).await.unwrap().map(|found| found.value), Some(service.clone()), "nothing else changes");
    let mut gone = service.arn();
    gone.id = service_id(99);
    desk.tell(&gone, "Nobody reads this.").await.unwrap();
}
