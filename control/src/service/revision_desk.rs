//! The desk where callers cancel an operation, go back to an earlier revision, and list revisions.
//!
//! Decides with the model's rules and carries nothing out, as the other desk. Source of truth: `model::lifecycle`.

use std::collections::{BTreeMap, BTreeSet};

use model::arn::ServiceArn;
use model::caller::Caller;
use model::digest::Digest;
use model::image_reference::Pick;
use model::lifecycle::{Admission, Promise, admit_roll_back, before, cancel};
use model::operation::OperationId;
use model::port::{Answer, Granted, RevisionDesk, Versioned, draw};
use model::refusal::Refusal;
use model::repository::RepositoryKey;
use model::revision::{Revision, RevisionNumber, RevisionView};
use model::service::{Phase, Service, Standing};
use model::tag::SecretChanges;
use model::trouble::Trouble;
use model::wish::{Accepted, Page, PageRequest};

use crate::limit;
use crate::service::admission::{self, Begun};
use crate::service::desk::{ServiceDesk, too_many_at_once};
use crate::service::secrets;

const ALL: PageRequest = PageRequest { after: None, items_max: None };

impl ServiceDesk {
    async fn cancel_operation(
        &self,
        caller: &Caller,
        arn: &ServiceArn,
        which: Option<&OperationId>,
    ) -> Result<Granted<Accepted>, Trouble> {
        for _ in 0..limit::COMMIT_TRIES {
            let Versioned { version, value } = match self.find(caller, arn).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let change = match cancel(&value, which, &caller.arn(), self.ports.clock.now()) {
                Ok(change) => change,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let cancelled = under_way(&value);
            if let Some(begun) = admission::begin(&self.ports, caller, "outrunner:CancelOperation", version, change).await? {
                return Ok(begun.map(|begun| Accepted { view: self.view(begun.service), operation: cancelled }));
            }
        }
        Ok(Err(too_many_at_once()))
    }

    async fn go_back(&self, caller: &Caller, arn: &ServiceArn, to: Option<RevisionNumber>) -> Result<Granted<Accepted>, Trouble> {
        for _ in 0..limit::COMMIT_TRIES {
            let Versioned { version, value } = match self.find(caller, arn).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let earlier = match self.meant(&value, to).await? {
                Ok(earlier) => earlier,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let watched = self.watched(&earlier, &value).await?;
            let now = self.ports.clock.now();
            let operation = OperationId::from_random(draw(&*self.ports.dice));
            let mut change = match admit_roll_back(&value, &earlier, watched, operation, now) {
                Admission::Begin(change) => change,
                Admission::AlreadySo => unreachable!("a rollback begins, or is refused"),
                Admission::Refused(refusal) => return Ok(Err(refusal)),
            };
            match self.noticed(&earlier, &value).await? {
                Ok(Some(versions)) => change.service.secrets_noticed = Some(versions),
                Ok(None) => {}
                Err(refusal) => return Ok(Err(refusal)),
            }
            // Before a revision names it, which is below: from here on the platform has its own copy, however old it is.
            let held = self.ports.pin_dates.hold(&*self.ports.clock);
            if !self.ports.pinned_images.pin(&earlier.image, held.date).await? {
                return Ok(Err(gone(&earlier)));
            }
            let begun = admission::begin(&self.ports, caller, "outrunner:RollBack", version, *change).await?;
            drop(held);
            if let Some(begun) = begun {
                return Ok(begun.map(|Begun { service, operation }| Accepted { view: self.view(service), operation }));
            }
        }
        Ok(Err(too_many_at_once()))
    }

    /// The revision that is meant.
    async fn meant(&self, service: &Service, to: Option<RevisionNumber>) -> Result<Granted<Revision>, Trouble> {
        let number = match (to, &service.phase) {
            (Some(number), _) => number,
            (None, Phase::Still(Standing::Running { revision })) => {
                let revisions = self.ports.revisions.list(&service.id, &ALL).await?.items;
                let operations = self.ports.operations.list(&service.id, &ALL).await?.items;
                match before(*revision, &revisions, &operations) {
                    Some(number) => number,
                    None => return Ok(Err(Refusal::invalid(format!("Nothing served before revision {revision}.")))),
                }
            }
            // Refused for its state in a moment, whatever it is compared with.
            (None, Phase::Still(_) | Phase::Moving { .. }) => service.revisions,
        };
        let found = self.ports.revisions.get(&service.id, number).await?;
        Ok(found.ok_or_else(|| {
            let newest = service.revisions;
            Refusal::invalid(format!("The service has no revision {number}: its revisions are 1 to {newest}."))
        }))
    }

    /// What the tag that a service will follow points at now.
    async fn watched(&self, earlier: &Revision, service: &Service) -> Result<Option<Digest>, Trouble> {
        let source = earlier.configuration.image_source();
        let account = &service.scope.account;
        let Some(own) = source.reference.own().filter(|_| source.reference.is_followed_by(account)) else { return Ok(None) };
        let Pick::Tag(tag) = &own.pick else { return Ok(None) };
        let repository = RepositoryKey { scope: own.scope.clone(), name: own.repository.clone() };
        self.ports.image_tags.get(&repository, tag).await
    }

    /// The versions that the secrets of an earlier revision have now, where changes are followed: they are passed over, or the next look would undo the
    /// rollback. Refused where its values are not kept.
    async fn noticed(&self, earlier: &Revision, service: &Service) -> Result<Granted<Option<BTreeMap<String, String>>>, Trouble> {
        if earlier.configuration.image_source().secrets().is_none() {
            return Ok(Ok(None));
        }
        if !self.has_secrets(service, earlier).await? {
            let number = earlier.number;
            return Ok(Err(Refusal::invalid(format!(
                "The secrets of revision {number} are not kept any more. Deploy another one."
            ))));
        }
        let options = service.tags.service_options().unwrap_or_default();
        if options.secret_changes == SecretChanges::Wait {
            return Ok(Ok(None));
        }
        let after = Service { configuration: earlier.configuration.clone(), ..service.clone() };
        Ok(Ok(secrets::resolve(&self.ports, &after).await?.and_then(Result::ok).map(|current| current.versions)))
    }

    /// Whether what a revision's secret variables were is still kept; so it is where it has none.
    async fn has_secrets(&self, service: &Service, revision: &Revision) -> Result<bool, Trouble> {
        let has_some = revision.configuration.image_source().secrets().is_some();
        Ok(!has_some || secrets::of_revision(&self.ports, &service.id, revision).await?.is_some())
    }

    async fn list_revisions(
        &self,
        caller: &Caller,
        arn: &ServiceArn,
        page: &PageRequest,
    ) -> Result<Granted<Page<RevisionView>>, Trouble> {
        let service = match self.find(caller, arn).await? {
            Ok(found) => found.value,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let current = current(&service);
        let Page { items, next } = self.ports.revisions.list(&service.id, page).await?;
        let mut views = Vec::new();
        for revision in items {
            let is_kept = self.ports.pinned_images.read(&revision.image, &revision.image.digest).await?.is_some()
                && self.has_secrets(&service, &revision).await?;
            views.push(RevisionView { is_current: current.contains(&revision.number), is_kept, revision });
        }
        Ok(Ok(Page { items: views, next }))
    }
}

fn gone(earlier: &Revision) -> Refusal {
    Refusal::invalid(format!(
        "The image of revision {} ({}) is not kept any more. Push it again, or deploy another one.",
        earlier.number, earlier.image.digest
    ))
}

fn under_way(service: &Service) -> Option<OperationId> {
    match &service.phase {
        Phase::Moving { operation, .. } => Some(operation.id.clone()),
        Phase::Still(_) => None,
    }
}

/// The revision that serves, or rests in a paused service: while one is under way, the one before.
fn current(service: &Service) -> BTreeSet<RevisionNumber> {
    let standing = match &service.phase {
        Phase::Still(standing) => Some(standing),
        Phase::Moving { from, .. } => from.as_ref(),
    };
    standing.map(|standing| Promise::revisions_named(&Phase::Still(standing.clone()))).unwrap_or_default()
}

impl RevisionDesk for ServiceDesk {
    fn cancel<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        operation: Option<&'a OperationId>,
    ) -> Answer<'a, Granted<Accepted>> {
        Box::pin(async move { self.cancel_operation(caller, arn, operation).await })
    }

    fn earlier<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, to: Option<RevisionNumber>) -> Answer<'a, Granted<Revision>> {
        Box::pin(async move {
            match self.find(caller, arn).await? {
                Ok(Versioned { value, .. }) => self.meant(&value, to).await,
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    }

    fn roll_back<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        to: Option<RevisionNumber>,
    ) -> Answer<'a, Granted<Accepted>> {
        Box::pin(async move { self.go_back(caller, arn, to).await })
    }

    fn revisions<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<RevisionView>>> {
        Box::pin(async move { self.list_revisions(caller, arn, page).await })
    }
}
