//! A desk in memory: the real rules over the in-memory ledger, and nobody who carries anything out.

use std::sync::Arc;

use crate::arn::ServiceArn;
use crate::caller::Caller;
use crate::event::PlacedEvent;
use crate::lifecycle::{Admission, Change, FreshIds, admit, admit_create};
use crate::operation::{Operation, OperationId};
use crate::port::{
    Answer, Clock, Commit, Desk, Events, FollowedLogs, Granted, LogLines, LogQuery, Operations, ServiceChange, Services, Version,
    Versioned, draw,
};
use crate::refusal::Refusal;
use crate::service::{HostLabel, Service, ServiceId};
use crate::tag::{TagChange, Tags, retag};
use crate::testbed::{MemoryLedger, MemoryLogs, SeededDice, TurnedClock};
use crate::trouble::Trouble;
use crate::vpc_ingress::leads_here;
use crate::wish::{Accepted, LogPosition, Page, PageRequest, ServiceView, Wish};

/// Answers callers; operations begin and stay open until a test moves the ledger.
#[derive(Debug)]
pub struct MemoryDesk {
    pub ledger: Arc<MemoryLedger>,
    pub logs: Arc<MemoryLogs>,
    pub clock: Arc<TurnedClock>,
    pub dice: SeededDice,
    /// Services answer at `<label>.<region>.<domain>`.
    pub domain: String,
}

impl MemoryDesk {
    /// A desk with everything of its own.
    pub fn new(clock: Arc<TurnedClock>) -> Self {
        Self {
            ledger: Arc::default(),
            logs: Arc::default(),
            clock,
            dice: SeededDice::new(1),
            domain: "outrunner.localhost".to_owned(),
        }
    }

    fn view(&self, service: Service) -> ServiceView {
        let host = service.host(&self.domain);
        ServiceView { service, url: host.clone(), host }
    }

    pub(super) async fn find(&self, caller: &Caller, arn: &ServiceArn) -> Result<Granted<Versioned<Service>>, Trouble> {
        let found = if arn.scope == caller.scope { self.ledger.get(arn).await? } else { None };
        Ok(found.ok_or_else(|| Refusal::not_found(format!("Service with the provided ARN does not exist: {arn}."))))
    }

    pub(super) async fn grant(&self, read: Version, change: Change) -> Result<Granted<Accepted>, Trouble> {
        let Change { service, operation, revision, events } = change;
        let id = operation.as_ref().map(|operation| operation.id.clone());
        let change = ServiceChange { service: service.clone(), operation, revision, events, audit: None };
        match self.ledger.commit(read, &change).await? {
            Commit::Done(_) => Ok(Ok(Accepted { view: self.view(service), operation: id })),
            Commit::Bound(held) => Ok(Err(leads_here(&held))),
            Commit::Stale | Commit::NameTaken => Err(Trouble::passing("committing", "a test raced with itself")),
        }
    }
}

impl MemoryDesk {
    async fn change_tags(&self, caller: &Caller, arn: &ServiceArn, change: &TagChange) -> Result<Granted<()>, Trouble> {
        let Versioned { version, value } = match self.find(caller, arn).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        match retag(&value, change) {
            Ok(service) => {
                let change = ServiceChange { service, operation: None, revision: None, events: Vec::new(), audit: None };
                match self.ledger.commit(version, &change).await? {
                    Commit::Done(_) => Ok(Ok(())),
                    Commit::Stale | Commit::NameTaken | Commit::Bound(_) => {
                        Err(Trouble::passing("committing", "a test raced with itself"))
                    }
                }
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }
}

fn wanted(wish: &Wish) -> Option<&ServiceArn> {
    match wish {
        Wish::Create(_) => None,
        Wish::Update(update) => Some(&update.arn),
        Wish::Deploy { arn } | Wish::Pause { arn } | Wish::Resume { arn } | Wish::Delete { arn } => Some(arn),
    }
}

impl Desk for MemoryDesk {
    fn begin<'a>(&'a self, caller: &'a Caller, wish: Wish) -> Answer<'a, Granted<Accepted>> {
        Box::pin(async move {
            let now = self.clock.now();
            let operation = OperationId::from_random(draw(&self.dice));
            let (read, service, admission) = match (&wish, wanted(&wish)) {
                (Wish::Create(create), _) => {
                    let holder = self.ledger.by_name(&caller.scope, &create.name).await?;
                    let service = ServiceId::from_random(draw(&self.dice));
                    let ids = FreshIds { service, label: HostLabel::from_random(draw(&self.dice)), operation };
                    let holder = holder.map(|held| held.value);
                    (Version(0), None, admit_create(create, &caller.scope, holder.as_ref(), ids, now))
                }
                (_, Some(arn)) => match self.find(caller, arn).await? {
                    Ok(found) => {
                        let admission = admit(&wish, &found.value, operation, now);
                        (found.version, Some(found.value), admission)
                    }
                    Err(refusal) => return Ok(Err(refusal)),
                },
                (_, None) => unreachable!("every wish but Create names a service"),
            };
            match admission {
                Admission::Begin(change) => self.grant(read, *change).await,
                Admission::AlreadySo => {
                    let view = self.view(service.expect("only a service that exists is already so"));
                    Ok(Ok(Accepted { view, operation: None }))
                }
                Admission::Refused(refusal) => Ok(Err(refusal)),
            }
        })
    }

    fn describe<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn) -> Answer<'a, Granted<ServiceView>> {
        Box::pin(async move { Ok(self.find(caller, arn).await?.map(|found| self.view(found.value))) })
    }

    fn list<'a>(&'a self, caller: &'a Caller, page: &'a PageRequest) -> Answer<'a, Page<ServiceView>> {
        Box::pin(async move {
            let Page { items, next } = Services::list(&*self.ledger, &caller.scope, page).await?;
            Ok(Page { items: items.into_iter().map(|service| self.view(service)).collect(), next })
        })
    }

    fn operations<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<Operation>>> {
        Box::pin(async move {
            match self.find(caller, arn).await? {
                Ok(found) => Ok(Ok(Operations::list(&*self.ledger, &found.value.id, page).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    }

    fn tags<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn) -> Answer<'a, Granted<Tags>> {
        Box::pin(async move { Ok(self.find(caller, arn).await?.map(|found| found.value.tags)) })
    }

    fn tag<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, tags: Tags) -> Answer<'a, Granted<()>> {
        Box::pin(async move { self.change_tags(caller, arn, &TagChange::Set(tags)).await })
    }

    fn untag<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, keys: Vec<String>) -> Answer<'a, Granted<()>> {
        Box::pin(async move { self.change_tags(caller, arn, &TagChange::Remove(keys)).await })
    }

    fn events<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        after: LogPosition,
        events_max: u32,
    ) -> Answer<'a, Granted<Vec<PlacedEvent>>> {
        Box::pin(async move {
            match self.find(caller, arn).await? {
                Ok(found) => Ok(Ok(Events::list(&*self.ledger, &found.value.id, after, events_max).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    }

    fn logs<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, query: LogQuery) -> Answer<'a, Granted<FollowedLogs>> {
        Box::pin(async move {
            let found = match self.find(caller, arn).await? {
                Ok(found) => found.value,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let group = crate::log_line::LogStream::application_group(&found);
            let after = match query {
                LogQuery::Tail { lines } => self.logs.tail(&found.scope, &group, lines).await?,
                LogQuery::After { position, .. } => position,
            };
            let lines = self.logs.read(&found.scope, &group, after, 1_000).await?;
            let next = lines.last().map_or(after, |line| line.position);
            Ok(Ok(FollowedLogs { lines, next }))
        })
    }
}
