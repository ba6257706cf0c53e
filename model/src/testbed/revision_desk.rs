//! The desk of revisions in memory: the real rules over the in-memory ledger. Every image is there for good.

use crate::arn::ServiceArn;
use crate::caller::Caller;
use crate::lifecycle::{Admission, Promise, admit_roll_back, before, cancel};
use crate::operation::OperationId;
use crate::port::{Answer, Clock, Granted, Operations, RevisionDesk, Revisions, draw};
use crate::refusal::Refusal;
use crate::revision::{Revision, RevisionNumber, RevisionView};
use crate::service::Phase;
use crate::testbed::MemoryDesk;
use crate::wish::{Accepted, Page, PageRequest};

const ALL: PageRequest = PageRequest { after: None, items_max: None };

impl RevisionDesk for MemoryDesk {
    fn cancel<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        operation: Option<&'a OperationId>,
    ) -> Answer<'a, Granted<Accepted>> {
        Box::pin(async move {
            let found = match self.find(caller, arn).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            match cancel(&found.value, operation, &caller.arn(), self.clock.now()) {
                Ok(change) => {
                    let Phase::Moving { operation, .. } = &found.value.phase else { unreachable!("nothing else is cancelled") };
                    let granted = self.grant(found.version, change).await?;
                    Ok(granted.map(|accepted| Accepted { operation: Some(operation.id.clone()), ..accepted }))
                }
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    }

    fn earlier<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, to: Option<RevisionNumber>) -> Answer<'a, Granted<Revision>> {
        Box::pin(async move {
            let found = match self.find(caller, arn).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let id = &found.value.id;
            let revisions = Revisions::list(&*self.ledger, id, &ALL).await?.items;
            let operations = Operations::list(&*self.ledger, id, &ALL).await?.items;
            let current = Promise::revisions_named(&found.value.phase).last().copied().unwrap_or_default();
            let number = to.or_else(|| before(current, &revisions, &operations)).unwrap_or(current);
            let earlier = revisions.into_iter().find(|revision| revision.number == number);
            Ok(earlier.ok_or_else(|| Refusal::invalid(format!("The service has no revision {number}."))))
        })
    }

    fn roll_back<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        to: Option<RevisionNumber>,
    ) -> Answer<'a, Granted<Accepted>> {
        Box::pin(async move {
            let found = match self.find(caller, arn).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let earlier = match self.earlier(caller, arn, to).await? {
                Ok(earlier) => earlier,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let operation = OperationId::from_random(draw(&self.dice));
            match admit_roll_back(&found.value, &earlier, None, operation, self.clock.now()) {
                Admission::Begin(change) => self.grant(found.version, *change).await,
                Admission::AlreadySo => unreachable!("a rollback begins, or is refused"),
                Admission::Refused(refusal) => Ok(Err(refusal)),
            }
        })
    }

    fn revisions<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<RevisionView>>> {
        Box::pin(async move {
            let service = match self.find(caller, arn).await? {
                Ok(found) => found.value,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let current = match &service.phase {
                Phase::Still(_) => Promise::revisions_named(&service.phase),
                Phase::Moving { from, .. } => {
                    from.as_ref().map(|from| Promise::revisions_named(&Phase::Still(from.clone()))).unwrap_or_default()
                }
            };
            let Page { items, next } = Revisions::list(&*self.ledger, &service.id, page).await?;
            let view = |revision: crate::revision::Revision| RevisionView {
                is_current: current.contains(&revision.number),
                is_kept: true,
                revision,
            };
            Ok(Ok(Page { items: items.into_iter().map(view).collect(), next }))
        })
    }
}
