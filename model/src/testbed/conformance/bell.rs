//! Bells: a ring is not lost on who is about to wait, and wakes nobody else.

use std::time::Duration;

use crate::port::{Bell, Ring, Woken};
use crate::testbed::service_id;

const LONG: Duration = Duration::from_secs(60);

/// All promises of the port. `elapsed` is virtual time since any one moment.
pub async fn bell(bell: &dyn Bell, elapsed: &(dyn Fn() -> Duration + Sync)) {
    let service = Ring::Service(service_id(1));
    let began = elapsed();
    bell.ring(&service);
    assert_eq!(bell.wait(&service, LONG).await, Woken::Rung);
    assert_eq!(elapsed() - began, Duration::ZERO, "rung while nobody waited, the next wait ends at once");
    assert_eq!(bell.wait(&service, LONG).await, Woken::Late);
    assert_eq!(elapsed() - began, LONG, "once");
    bell.ring(&Ring::Logs(service_id(1)));
    bell.ring(&Ring::Service(service_id(2)));
    bell.wait(&service, LONG).await;
    assert_eq!(elapsed() - began, LONG * 2, "another's bell wakes nobody here");
}
