//! Where `api` and `registry` ask for services. Kept by `control`.

use std::time::Duration;

use crate::arn::ServiceArn;
use crate::caller::Caller;
use crate::event::PlacedEvent;
use crate::log_line::PlacedLine;
use crate::operation::Operation;
use crate::port::{Answer, Granted};
use crate::tag::Tags;
use crate::wish::{Accepted, LogPosition, Page, PageRequest, ServiceView, Wish};

/// What a follower of logs asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogQuery {
    /// The last so many lines.
    Tail { lines: u32 },
    /// What came after; waits at most so long for something to come.
    After { position: LogPosition, wait: Duration },
}

/// Lines, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedLogs {
    pub lines: Vec<PlacedLine>,
    pub next: LogPosition,
}

/// Services, as callers ask for them. The caller has been authenticated and authorized. An ARN of another account or region, and one
/// that is not there, is refused (`NotFound`) in the same words.
pub trait Desk: Send + Sync {
    /// Begins an operation, or refuses. When it answers, the operation is durable and the status says so.
    fn begin<'a>(&'a self, caller: &'a Caller, wish: Wish) -> Answer<'a, Granted<Accepted>>;

    fn describe<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn) -> Answer<'a, Granted<ServiceView>>;

    /// Of the caller's scope, deleted ones left out, newest first.
    fn list<'a>(&'a self, caller: &'a Caller, page: &'a PageRequest) -> Answer<'a, Page<ServiceView>>;

    /// Newest first.
    fn operations<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<Operation>>>;

    fn tags<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn) -> Answer<'a, Granted<Tags>>;

    /// Adds tags and replaces those that are there, by the rules of `tag::retag`. Durable when it answers; begins no operation.
    fn tag<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, tags: Tags) -> Answer<'a, Granted<()>>;

    /// Removes tags; a key that is not there is no mistake. As `tag` otherwise.
    fn untag<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, keys: Vec<String>) -> Answer<'a, Granted<()>>;

    /// In the order they happened.
    fn events<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        after: LogPosition,
        events_max: u32,
    ) -> Answer<'a, Granted<Vec<PlacedEvent>>>;

    /// Application output of a service, all instances.
    fn logs<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, query: LogQuery) -> Answer<'a, Granted<FollowedLogs>>;
}
