//! What is seen of a service right now: instances from the engine, requests from the edge, the route from the table.

use model::instance::InstanceName;
use model::lifecycle::{Promise, RouteSeen, Seen, Sight};
use model::port::Versioned;
use model::service::{Service, ServiceId};
use model::tag::ServiceOptions;
use model::trouble::Trouble;

use crate::ports::Ports;

/// Reads a service and the revisions that its phase names.
pub(crate) async fn promise(ports: &Ports, id: &ServiceId) -> Result<Option<Versioned<Promise>>, Trouble> {
    let Some(Versioned { version, value: service }) = ports.services.by_id(id).await? else { return Ok(None) };
    let mut revisions = std::collections::BTreeMap::new();
    for number in Promise::revisions_named(&service.phase) {
        let revision = ports.revisions.get(id, number).await?;
        let revision = revision
            .ok_or_else(|| Trouble::lasting("reading a revision", format!("revision {number} of {id} is not in the ledger")))?;
        revisions.insert(number, revision);
    }
    let options = options(&service);
    Ok(Some(Versioned { version, value: Promise { service, revisions, options } }))
}

/// Tags were checked when they came in; what an older version let through has its default.
fn options(service: &Service) -> ServiceOptions {
    service.tags.service_options().unwrap_or_default()
}

/// Looks at everything that `plan` compares with the promise.
pub(super) async fn seen(ports: &Ports, id: &ServiceId) -> Result<Seen, Trouble> {
    let route = ports.routes.seen(id);
    let instances = ports.engine.look(id).await?;
    let is_carried = |name: &InstanceName| match &route {
        RouteSeen::Carried(names) => names.contains(name),
        RouteSeen::Unknown | RouteSeen::Absent => false,
    };
    // Only instances that may be drained need the edge's word.
    let demand = if instances.iter().all(|instance| is_carried(&instance.name)) { None } else { Some(ports.gauge.read().await?) };
    let sights = instances.into_iter().map(|instance| {
        let in_flight = demand.as_ref().and_then(|demand| demand.instances.get(&instance.name)).copied().unwrap_or(0);
        let unrouted_since = ports.routes.unrouted_since(&instance.name);
        Sight { instance, in_flight, unrouted_since }
    });
    Ok(Seen { instances: sights.collect(), route })
}
