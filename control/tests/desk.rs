//! The desk when others commit at the same time: it decides again, and gives up with a sentence.

mod memory;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use control::limit::COMMIT_TRIES;
use control::ports::Ports;
use control::service::ServiceDesk;
use model::account::Scope;
use model::arn::ServiceArn;
use model::digest::{Algorithm, Digest};
use model::port::{Answer, Commit, Desk, EventDesk, ServiceChange, Services, Version, Versioned};
use model::refusal::RefusalKind;
use model::service::{Service, ServiceId};
use model::service_name::ServiceName;
use model::tag::Tags;
use model::testbed::conformance::event_desk;
use model::testbed::{MemoryEdge, MemoryEngine, MemoryImages, MemoryLedger, TurnedClock, block_on, caller, create_service};
use model::wish::{Page, PageRequest, Wish};

/// Services that somebody else is always faster to change, for as many commits as it is told.
struct Busy {
    ledger: Arc<MemoryLedger>,
    lost: AtomicU32,
}

impl Services for Busy {
    fn commit<'a>(&'a self, read: Version, change: &'a ServiceChange) -> Answer<'a, Commit> {
        let loses = self.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if loses { Box::pin(async { Ok(Commit::Stale) }) } else { self.ledger.commit(read, change) }
    }
    fn get<'a>(&'a self, arn: &'a ServiceArn) -> Answer<'a, Option<Versioned<Service>>> {
        Services::get(&*self.ledger, arn)
    }
    fn by_id<'a>(&'a self, id: &'a ServiceId) -> Answer<'a, Option<Versioned<Service>>> {
        self.ledger.by_id(id)
    }
    fn by_name<'a>(&'a self, scope: &'a Scope, name: &'a ServiceName) -> Answer<'a, Option<Versioned<Service>>> {
        self.ledger.by_name(scope, name)
    }
    fn list<'a>(&'a self, scope: &'a Scope, page: &'a PageRequest) -> Answer<'a, Page<Service>> {
        Services::list(&*self.ledger, scope, page)
    }
    fn kept(&self) -> Answer<'_, Vec<Service>> {
        self.ledger.kept()
    }
    fn gone(&self) -> Answer<'_, Vec<Service>> {
        self.ledger.gone()
    }
}

fn desk() -> (Arc<Busy>, ServiceDesk) {
    let clock = Arc::new(TurnedClock::at_millis(1_800_000_000_000));
    let ledger: Arc<MemoryLedger> = Arc::default();
    let services = Arc::new(Busy { ledger: ledger.clone(), lost: AtomicU32::new(0) });
    let images = Arc::new(MemoryImages::new(|_, _| Digest::from_hash(Algorithm::Sha256, &[0; 32])));
    let (engine, edge) = (Arc::new(MemoryEngine::new(clock.clone())), Arc::new(MemoryEdge::default()));
    let ports = Ports { services: services.clone(), ..memory::ports(&ledger, &images, &engine, &edge, &clock) };
    (services, ServiceDesk::new(ports, "outrunner.localhost".to_owned(), 443))
}

fn tags(value: &str) -> Tags {
    Tags([("team".to_owned(), value.to_owned())].into())
}

#[test]
fn a_call_that_loses_a_race_is_decided_again_and_one_that_always_loses_is_told_to_try_again() {
    let (services, desk) = desk();
    let created = block_on(desk.begin(&caller(), Wish::Create(create_service("webs")))).unwrap().unwrap();
    let arn = created.view.service.arn();
    services.lost.store(COMMIT_TRIES - 1, Ordering::SeqCst);
    block_on(desk.tag(&caller(), &arn, tags("web"))).unwrap().unwrap();
    assert_eq!(block_on(desk.tags(&caller(), &arn)).unwrap().unwrap(), tags("web"));
    services.lost.store(u32::MAX, Ordering::SeqCst);
    let refused = [
        block_on(desk.tag(&caller(), &arn, tags("shop"))).unwrap().unwrap_err(),
        block_on(desk.untag(&caller(), &arn, vec!["team".to_owned()])).unwrap().unwrap_err(),
        block_on(desk.begin(&caller(), Wish::Create(create_service("apis")))).unwrap().unwrap_err(),
    ];
    for refusal in refused {
        assert_eq!(refusal.kind, RefusalKind::Throttled, "{refusal}");
    }
    assert_eq!(block_on(desk.tags(&caller(), &arn)).unwrap().unwrap(), tags("web"), "a call that is refused changes nothing");
}

#[test]
fn the_desk_tells_an_owner_what_no_operation_tells_also_when_others_are_faster() {
    let (services, desk) = desk();
    block_on(desk.begin(&caller(), Wish::Create(create_service("webs")))).unwrap().unwrap();
    services.lost.store(COMMIT_TRIES - 1, Ordering::SeqCst);
    block_on(event_desk(&desk, &*services, &*services.ledger));
    services.lost.store(u32::MAX, Ordering::SeqCst);
    let arn = block_on(services.kept()).unwrap()[0].arn();
    let trouble = block_on(desk.tell(&arn, "Nobody hears this.")).unwrap_err();
    assert!(trouble.chain().contains("changed by many at once"), "{}", trouble.chain());
}
