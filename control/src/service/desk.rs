//! Where callers ask for services: decides with the model's rules, commits, rings the keeper's bell, and answers.
//!
//! Carries nothing out: when an operation is granted it is durable, and the keeper does the rest.

use std::time::Duration;

use model::arn::ServiceArn;
use model::audit::AuditRow;
use model::caller::Caller;
use model::event::PlacedEvent;
use model::lifecycle::{Admission, Change, FreshIds, admit, admit_create};
use model::log_line::LogStream;
use model::operation::{Operation, OperationId};
use model::port::{Answer, Commit, Desk, FollowedLogs, Granted, LogQuery, Ring, ServiceChange, Version, Versioned, draw};
use model::refusal::{Refusal, RefusalKind};
use model::service::{HostLabel, Service, ServiceId};
use model::tag::{TagChange, Tags, retag};
use model::trouble::Trouble;
use model::wish::{Accepted, CreateService, LogPosition, Page, PageRequest, ServiceView, Wish};

use crate::limit;
use crate::ports::Ports;
use crate::service::admission::{self, Begun};

/// The desk of services.
pub struct ServiceDesk {
    pub(super) ports: Ports,
    domain: String,
    https_port: u16,
}

impl ServiceDesk {
    /// Services answer at `<label>.<region>.<domain>`, on `https_port`.
    pub fn new(ports: Ports, domain: String, https_port: u16) -> Self {
        Self { ports, domain, https_port }
    }

    pub(super) fn view(&self, service: Service) -> ServiceView {
        let host = service.host(&self.domain);
        let url = if self.https_port == 443 { host.clone() } else { format!("{host}:{}", self.https_port) };
        ServiceView { service, url, host }
    }

    pub(super) async fn find(&self, caller: &Caller, arn: &ServiceArn) -> Result<Granted<Versioned<Service>>, Trouble> {
        let found = if arn.scope == caller.scope { self.ports.services.get(arn).await? } else { None };
        Ok(found.ok_or_else(|| Refusal::not_found(format!("Service with the provided ARN does not exist: {arn}."))))
    }

    async fn create(&self, caller: &Caller, wish: &CreateService) -> Result<Decided, Trouble> {
        let dice = &*self.ports.dice;
        let holder = self.ports.services.by_name(&caller.scope, &wish.name).await?;
        let ids = FreshIds {
            service: ServiceId::from_random(draw(dice)),
            label: HostLabel::from_random(draw(dice)),
            operation: OperationId::from_random(draw(dice)),
        };
        let holder = holder.map(|held| held.value);
        let admission = admit_create(wish, &caller.scope, holder.as_ref(), ids, self.ports.clock.now());
        Ok(Decided { read: Version(0), service: None, admission })
    }

    async fn change(&self, caller: &Caller, wish: &Wish, arn: &ServiceArn) -> Result<Granted<Decided>, Trouble> {
        let Versioned { version, value } = match self.find(caller, arn).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let operation = OperationId::from_random(draw(&*self.ports.dice));
        let admission = admit(wish, &value, operation, self.ports.clock.now());
        Ok(Ok(Decided { read: version, service: Some(value), admission }))
    }

    /// Commits what was admitted. `None`: somebody else was faster, decide again.
    async fn commit(
        &self,
        caller: &Caller,
        wish: &Wish,
        read: Version,
        change: Change,
    ) -> Result<Option<Granted<Accepted>>, Trouble> {
        let begun = admission::begin(&self.ports, caller, action(wish), read, change).await?;
        let accept = |Begun { service, operation }| Accepted { view: self.view(service), operation };
        Ok(begun.map(|begun| begun.map(accept)))
    }

    async fn begin_wish(&self, caller: &Caller, wish: &Wish) -> Result<Granted<Accepted>, Trouble> {
        for _ in 0..limit::COMMIT_TRIES {
            let decided = match wish {
                Wish::Create(create) => self.create(caller, create).await?,
                Wish::Update(update) => match self.change(caller, wish, &update.arn).await? {
                    Ok(decided) => decided,
                    Err(refusal) => return Ok(Err(refusal)),
                },
                Wish::Deploy { arn } | Wish::Pause { arn } | Wish::Resume { arn } | Wish::Delete { arn } => {
                    match self.change(caller, wish, arn).await? {
                        Ok(decided) => decided,
                        Err(refusal) => return Ok(Err(refusal)),
                    }
                }
            };
            match decided.admission {
                Admission::Refused(refusal) => return Ok(Err(refusal)),
                Admission::AlreadySo => {
                    let service = decided.service.expect("only a service that exists can be so already");
                    return Ok(Ok(Accepted { view: self.view(service), operation: None }));
                }
                Admission::Begin(change) => {
                    if let Some(answer) = self.commit(caller, wish, decided.read, *change).await? {
                        return Ok(answer);
                    }
                }
            }
        }
        Ok(Err(too_many_at_once()))
    }

    /// Commits a change of tags, on the version that it was decided on.
    async fn change_tags(&self, caller: &Caller, arn: &ServiceArn, change: &TagChange) -> Result<Granted<()>, Trouble> {
        for _ in 0..limit::COMMIT_TRIES {
            let Versioned { version, value } = match self.find(caller, arn).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let service = match retag(&value, change) {
                Ok(service) => service,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let action = match change {
                TagChange::Set(_) => "apprunner:TagResource",
                TagChange::Remove(_) => "apprunner:UntagResource",
            };
            let audit = self.audit(caller, action, &service);
            let change = ServiceChange { service, operation: None, revision: None, events: Vec::new(), audit: Some(audit) };
            self.ports.checkpoints.pass("commit.tags.before");
            let committed = self.ports.services.commit(version, &change).await?;
            self.ports.checkpoints.pass("commit.tags.after");
            match committed {
                Commit::Done(_) => {
                    // What is said in tags may act at once.
                    self.ports.bell.ring(&Ring::Service(change.service.id));
                    return Ok(Ok(()));
                }
                Commit::Stale | Commit::NameTaken | Commit::Bound(_) => {}
            }
        }
        Ok(Err(too_many_at_once()))
    }

    fn audit(&self, caller: &Caller, action: &str, service: &Service) -> AuditRow {
        let (action, resource) = (action.to_owned(), service.arn().to_string());
        AuditRow { at: self.ports.clock.now(), caller: caller.clone(), action, resource }
    }

    async fn follow(&self, service: &Service, query: LogQuery) -> Result<FollowedLogs, Trouble> {
        let group = LogStream::application_group(service);
        let lines = &self.ports.lines;
        let (after, wait) = match query {
            LogQuery::Tail { lines: last } => (lines.tail(&service.scope, &group, last).await?, Duration::ZERO),
            LogQuery::After { position, wait } => (position, wait.min(limit::FOLLOW_WAIT)),
        };
        let ring = Ring::Logs(service.id.clone());
        let until = self.ports.clock.now().plus(wait);
        loop {
            let read = lines.read(&service.scope, &group, after, limit::FOLLOW_LINES).await?;
            let left = until.since(self.ports.clock.now());
            if !read.is_empty() || left.is_zero() {
                let next = read.last().map_or(after, |line| line.position);
                return Ok(FollowedLogs { lines: read, next });
            }
            // A bell wakes at least one of those who wait; another may have been reading when it rang.
            self.ports.bell.wait(&ring, left.min(limit::FOLLOW_LOOK)).await;
        }
    }
}

pub(super) fn too_many_at_once() -> Refusal {
    Refusal::new(RefusalKind::Throttled, "The service is changed by many calls at once. Try again.")
}

struct Decided {
    read: Version,
    /// The service as it was read; nothing for a creation.
    service: Option<Service>,
    admission: Admission,
}

fn action(wish: &Wish) -> &'static str {
    match wish {
        Wish::Create(_) => "apprunner:CreateService",
        Wish::Update(_) => "apprunner:UpdateService",
        Wish::Deploy { .. } => "apprunner:StartDeployment",
        Wish::Pause { .. } => "apprunner:PauseService",
        Wish::Resume { .. } => "apprunner:ResumeService",
        Wish::Delete { .. } => "apprunner:DeleteService",
    }
}

impl Desk for ServiceDesk {
    fn begin<'a>(&'a self, caller: &'a Caller, wish: Wish) -> Answer<'a, Granted<Accepted>> {
        Box::pin(async move { self.begin_wish(caller, &wish).await })
    }

    fn describe<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn) -> Answer<'a, Granted<ServiceView>> {
        Box::pin(async move { Ok(self.find(caller, arn).await?.map(|found| self.view(found.value))) })
    }

    fn list<'a>(&'a self, caller: &'a Caller, page: &'a PageRequest) -> Answer<'a, Page<ServiceView>> {
        Box::pin(async move {
            let Page { items, next } = self.ports.services.list(&caller.scope, page).await?;
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
                Ok(found) => Ok(Ok(self.ports.operations.list(&found.value.id, page).await?)),
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
                Ok(found) => Ok(Ok(self.ports.events.list(&found.value.id, after, events_max).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    }

    fn logs<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, query: LogQuery) -> Answer<'a, Granted<FollowedLogs>> {
        Box::pin(async move {
            match self.find(caller, arn).await? {
                Ok(found) => Ok(Ok(self.follow(&found.value, query).await?)),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    }
}
