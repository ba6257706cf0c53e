//! What must be so when the storm is over and time has gone by: every operation has ended, what is carried is what is said, and nothing is left over.
//!
//! Reads the truth, never the platform.

use std::collections::{BTreeMap, BTreeSet};

use model::image_reference::Pick;
use model::instance::InstanceName;
use model::lifecycle::Promise;
use model::limit::REVISIONS_KEPT;
use model::log_line::LogStream;
use model::operation::Operation;
use model::port::{Audit, ImageTags, LogLines, Operations, Services};
use model::revision::ImagePin;
use model::service::{Phase, Service, Standing};
use model::wish::{LogPosition, PageRequest};

use super::engine::Running;
use super::registry::repository;
use super::world::World;

const ALL: PageRequest = PageRequest { after: None, items_max: None };

/// Whether an action begins an operation.
fn begins(action: &str) -> bool {
    !action.contains("Tag") && !action.contains("Cancel")
}

impl World {
    /// Whether everything is as promised; if not, what is not.
    pub async fn look_at_rest(&self) -> Result<(), String> {
        let mut services = self.ledger.kept().await.expect("memory");
        services.extend(self.ledger.gone().await.expect("memory"));
        let mut pins: Vec<ImagePin> = Vec::new();
        let mut made_ahead = 0;
        for service in &services {
            self.look_at_operations(service).await?;
            made_ahead += self.look_at_instances(service)?;
            self.look_at_push(service).await?;
            self.look_at_lines(service).await?;
            if service.deleted_at().is_none() {
                pins.extend(self.needed(service));
            }
        }
        if made_ahead > self.spares {
            return Err(format!("{made_ahead} instances are made ahead, and {} may be", self.spares));
        }
        let known: BTreeSet<_> = services.iter().map(|service| &service.id).collect();
        let strangers: Vec<InstanceName> =
            self.machine().instances.keys().filter(|name| !known.contains(&name.service)).cloned().collect();
        if !strangers.is_empty() {
            return Err(format!("{strangers:?} are of services that nobody knows"));
        }
        if let Some(route) = self.table().services.into_iter().find(|route| !known.contains(&route.service)) {
            return Err(format!("{} is routed, and nobody knows it", route.service));
        }
        self.look_at_images(&pins)
    }

    /// After a burst that all instances together can take: nobody waits any more.
    pub async fn look_at_burst(&self) {
        for service in self.ledger.kept().await.expect("memory") {
            let (waiting, carried) = (self.waiting(&service.id), self.carried(&service.id).len());
            let most = service.configuration.scaling.instances_max;
            // A request of the storm may still have a slot.
            if waiting > 0 && carried < usize::from(most) {
                self.broken(|| format!("{}: {waiting} requests wait, and {carried} of {most} instances carry", service.name));
            }
        }
    }

    async fn look_at_operations(&self, service: &Service) -> Result<(), String> {
        let operations: Vec<Operation> = Operations::list(&*self.ledger, &service.id, &ALL).await.expect("memory").items;
        if let Some(open) = operations.iter().find(|operation| operation.is_open()) {
            return Err(format!("{}: {:?} has not ended: {:?}", service.name, open.kind, service.phase));
        }
        let granted = self.customers().granted.clone();
        let lost = granted.iter().find(|(id, of)| *id == service.id && !operations.iter().any(|one| one.id == *of));
        if let Some((_, lost)) = lost {
            return Err(format!("{}: operation {lost} was granted and is lost", service.name));
        }
        let rows = Audit::list(&*self.ledger, LogPosition(0), u32::MAX).await.expect("memory");
        let arn = service.arn().to_string();
        let begun = rows.iter().filter(|(_, row)| row.resource == arn && begins(&row.action)).count();
        if begun != operations.len() {
            return Err(format!("{}: {} operations, and {begun} rows say who asked", service.name, operations.len()));
        }
        Ok(())
    }

    /// Answers how many instances of the service are made ahead.
    fn look_at_instances(&self, service: &Service) -> Result<usize, String> {
        let name = &service.name;
        let machine = self.machine();
        let all: Vec<Running> = machine.instances.values().filter(|one| one.seen.name.service == service.id).cloned().collect();
        drop(machine);
        let told = || all.iter().map(|one| format!("{} {:?}", one.seen.name.short(), one.seen.phase)).collect::<Vec<_>>();
        let route = self.table().services.into_iter().find(|route| route.service == service.id);
        let standing = match &service.phase {
            Phase::Moving { step, .. } => return Err(format!("{name} has not come to rest: {step:?}, {:?}", told())),
            Phase::Still(standing) => standing,
        };
        let Standing::Running { revision: number } = standing else {
            if route.is_some() || !all.is_empty() {
                return Err(format!("{name} is {standing:?}, routed: {}, instances: {:?}", route.is_some(), told()));
            }
            return Ok(0);
        };
        let revision = self.books().revision(&service.id, *number).cloned().expect("it was written");
        let (ahead, begun): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.is_ahead());
        let carried: BTreeSet<InstanceName> = self.carried(&service.id);
        let names: BTreeSet<InstanceName> = begun.iter().map(|one| one.seen.name.clone()).collect();
        let is_right = |one: &&Running| one.seen.name.revision == *number && one.image == revision.image;
        let least = usize::from(revision.configuration.scaling.instances_min);
        if begun.len() != least || !begun.iter().all(|one| one.is_ready()) || !all.iter().all(|one| is_right(&one)) {
            return Err(format!("{name} runs revision {number} with MinSize {least}: {:?}", told()));
        }
        if carried != names || ahead.len() > 1 {
            return Err(format!("{name} has {:?}, and requests are sent to {carried:?}", told()));
        }
        if service.configuration != revision.configuration {
            return Err(format!("{name} runs revision {number} and is described with another configuration"));
        }
        Ok(ahead.len())
    }

    /// Where a service follows a tag, somebody has cared for what the tag points at.
    async fn look_at_push(&self, service: &Service) -> Result<(), String> {
        let source = service.configuration.image_source();
        let follows = matches!(service.phase, Phase::Still(Standing::Running { .. } | Standing::Paused { .. }));
        let Some(Pick::Tag(tag)) =
            source.reference.own().map(|own| &own.pick).filter(|_| follows && source.auto_deployments(&service.scope.account))
        else {
            return Ok(());
        };
        let current = ImageTags::get(&*self.images, &repository(), tag).await.expect("memory");
        if service.push_noticed != current {
            return Err(format!("{} follows {tag}, and nobody cared for the last push", service.name));
        }
        Ok(())
    }

    /// No line is kept twice.
    async fn look_at_lines(&self, service: &Service) -> Result<(), String> {
        let group = LogStream::application_group(service);
        let lines = LogLines::read(&*self.logs, &service.scope, &group, LogPosition(0), u32::MAX).await.expect("memory");
        let mut count: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
        for placed in lines {
            *count.entry(placed.line.bytes.to_vec()).or_default() += 1;
        }
        match count.into_iter().find(|(_, times)| *times > 1) {
            Some((line, times)) => Err(format!("{}: {:?} is kept {times} times", service.name, String::from_utf8_lossy(&line))),
            None => Ok(()),
        }
    }

    /// Images that a service may run again.
    fn needed(&self, service: &Service) -> Vec<ImagePin> {
        let newest = service.revisions;
        let mut numbers = Promise::revisions_named(&service.phase);
        numbers.extend(newest.saturating_sub(REVISIONS_KEPT - 1)..=newest);
        let books = self.books();
        numbers.iter().filter_map(|number| books.revision(&service.id, *number)).map(|revision| revision.image.clone()).collect()
    }

    fn look_at_images(&self, needed: &[ImagePin]) -> Result<(), String> {
        let pins = self.pins();
        if let Some(missing) = needed.iter().find(|image| !pins.is_kept(image)) {
            return Err(format!("{} may run again, and the platform keeps no copy", missing.digest));
        }
        if let Some((left, _)) = pins.kept.iter().find(|(image, _)| !needed.contains(image)) {
            return Err(format!("a copy of {} is kept, and nobody needs it", left.digest));
        }
        let machine = self.machine();
        match machine.prepared.iter().find(|image| !needed.contains(image)) {
            Some(left) => Err(format!("{} is unpacked, and nobody needs it", left.digest)),
            None => Ok(()),
        }
    }
}
