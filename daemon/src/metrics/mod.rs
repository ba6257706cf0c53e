//! `GET /metrics` on the API's address: what the rooms count and what waits in them, gathered when somebody asks.
//!
//! Never at the front door, and never for a name that is not this machine's: a web page that had its name lead here would read it. A part that does not
//! answer in time is left out, and said so. Source of truth: docs/metrics.md, which is written from `family`.

mod edge_figures;
pub mod family;
mod page;
mod process;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use control::ports::Ports;
use edge::FrontDoor;
use model::instance::{InstanceName, InstancePhase, Rest};
use model::port::Stats;
use model::service::ServiceStatus;
use model::time::Timestamp;
use model::trouble::Trouble;
use store::Store;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::door::Places;
use crate::host::Place;
use crate::limit::{
    API_CONNECTIONS, DOOR_CONNECTIONS, ISSUER_CONNECTIONS, KEPT_LINES_QUEUED, SCRAPE_PART, SCRAPES, SERIES_PER_FAMILY, SPANS_QUEUED,
};
use crate::sight::Sight;
use crate::sight::tally::{BOUNDS, Value};
use crate::wiring::Rooms;
use family as f;
use page::{CONTENT_TYPE, Page, Sample};

/// Everything that is asked.
pub struct Metrics {
    pub sight: Sight,
    pub ports: Ports,
    pub store: Store,
    pub stats: Arc<dyn Stats>,
    pub rooms: Rooms,
    pub front_door: Arc<FrontDoor>,
    pub place: Place,
    pub spares: u16,
    /// Room for connections.
    pub connections: Places,
    /// When the platform was ready, and how long that took.
    pub ready: (Timestamp, Duration),
}

/// The router of `/metrics`: for the API's own address alone.
pub fn router(metrics: Metrics) -> Router {
    let (metrics, scrapes) = (Arc::new(metrics), Arc::new(Semaphore::new(SCRAPES)));
    let answer = move |headers: HeaderMap| {
        let (metrics, scrapes) = (Arc::clone(&metrics), Arc::clone(&scrapes));
        async move {
            if !is_asked_for_this_machine(&headers) {
                return (StatusCode::FORBIDDEN, "Figures are for this machine: ask http://127.0.0.1 or localhost.\n")
                    .into_response();
            }
            match scrapes.try_acquire() {
                Ok(_permit) => {
                    let gathering = SCRAPES - scrapes.available_permits();
                    ([(header::CONTENT_TYPE, CONTENT_TYPE)], metrics.gather(gathering).await).into_response()
                }
                Err(_) => busy(),
            }
        }
    };
    Router::new().route("/metrics", get(answer))
}

fn busy() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "The figures are being read already. Ask again in a second.\n")
        .into_response()
}

/// Whether the host that is asked for is an address of loopback, or localhost.
fn is_asked_for_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Metrics {
    /// `gathering`: how many pages are gathered at this moment.
    async fn gather(&self, gathering: usize) -> String {
        let began = Instant::now();
        let mut page = Page::default();
        add_queue(&mut page, "scrapes", gathering as u64, Some(SCRAPES as u64));
        self.add_platform(&mut page);
        self.add_tallied(&mut page);
        let (store, services, instances, usage, certificates, edge, processes) = tokio::join!(
            part(self.of_store()),
            part(self.of_services()),
            part(self.of_instances()),
            part(self.of_usage()),
            part(self.of_certificates()),
            part(edge_figures::gather(&self.front_door)),
            part(self.of_processes()),
        );
        let parts = [
            ("store", store),
            ("services", services),
            ("instances", instances),
            ("usage", usage),
            ("certificates", certificates),
            ("edge", edge),
            ("processes", processes),
        ];
        for (name, part) in parts {
            page.whole(&f::SCRAPE_FAILED, &[name], u64::from(part.is_none()));
            for Series { family, labels, sample } in part.unwrap_or_default() {
                let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
                page.add(family, &labels, sample);
            }
        }
        page.number(&f::SCRAPE_SECONDS, &[], began.elapsed().as_secs_f64());
        page.text()
    }

    fn add_platform(&self, page: &mut Page) {
        let tally = &self.sight.tally;
        page.whole(&f::BUILD, &[env!("CARGO_PKG_VERSION")], 1);
        page.number(&f::START_TIME, &[], self.ready.0.millis() as f64 / 1000.0);
        page.number(&f::READY_SECONDS, &[], self.ready.1.as_secs_f64());
        page.whole(&f::SPARES_LIMIT, &[], u64::from(self.spares));
        page.whole(&f::KEEPERS, &[], tally.open("keeper"));
        page.whole(&f::KEEPERS_AT_WORK, &[], tally.open("keeper_step"));
        for load in self.store.load() {
            let queue = |what: &str| format!("{} {what}", load.database);
            add_queue(page, &queue("writes"), load.writes_queued as u64, Some(store::limit::WRITES_QUEUED as u64));
            add_queue(page, &queue("readers"), load.readers_busy as u64, Some(store::limit::READERS as u64));
        }
        let (encoding, encoding_max) = self.store.encoding();
        add_queue(page, "log batches compressed", encoding as u64, Some(encoding_max as u64));
        add_queue(page, "api calls", tally.open("api_call"), Some(api::CALLS as u64));
        // The listener holds one for who comes next.
        for (queue, places, max) in [
            ("api connections", &self.connections.api, API_CONNECTIONS),
            ("api connections by the front door", &self.connections.front_door, DOOR_CONNECTIONS),
            ("token issuer connections", &self.connections.issuer, ISSUER_CONNECTIONS),
        ] {
            add_queue(page, queue, (max - 1).saturating_sub(places.available_permits()) as u64, Some(max as u64));
        }
        let runtime = tokio::runtime::Handle::current().metrics();
        add_queue(page, "runtime tasks", runtime.global_queue_depth() as u64, None);
        page.whole(&f::RUNTIME_TASKS, &[], runtime.num_alive_tasks() as u64);
        add_queue(page, "registry requests", tally.open("registry_request"), Some(registry::limit::CALLS as u64));
        add_queue(page, "instance starts", tally.open("instance_start"), None);
        add_queue(page, "image pulls", tally.open("image_pull"), None);
        add_queue(page, "name lookups", tally.open("name_lookup"), None);
        add_queue(page, "token issuers asked", tally.open("issuer_lookup"), Some(outside::limit::ISSUERS_ASKED as u64));
        for (what, most) in [
            ("log segments", store::limit::LOG_BYTES),
            ("image copies", control::limit::COPIES_BYTES),
            ("instance disks", self.rooms.scratch_bytes_max()),
        ] {
            page.whole(&f::STORED_BYTES_LIMIT, &[what], most);
        }
        let kept = ("platform log lines", self.sight.kept.waiting(), KEPT_LINES_QUEUED);
        for (queue, length, limit) in self.rooms.queues().into_iter().chain([kept]) {
            add_queue(page, queue, length as u64, Some(limit as u64));
        }
        if let Some(traces) = &self.sight.traces {
            let read = |counter: &std::sync::atomic::AtomicU64| counter.load(std::sync::atomic::Ordering::Relaxed);
            add_queue(page, "trace spans", traces.waiting() as u64, Some(SPANS_QUEUED as u64));
            page.whole(&f::TRACE_SPANS, &["exported"], read(&traces.exported));
            page.whole(&f::TRACE_SPANS, &["dropped_full"], read(&traces.dropped_full));
            page.whole(&f::TRACE_SPANS, &["dropped_refused"], read(&traces.dropped_refused));
        }
    }

    fn add_tallied(&self, page: &mut Page) {
        for family in f::ALL {
            for (labels, value) in self.sight.tally.series(family) {
                let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
                page.add(
                    family,
                    &labels,
                    match value {
                        Value::Number(number) => Sample::Number(number),
                        Value::Times { counts, sum_seconds } => {
                            Sample::Times { bounds: BOUNDS.to_vec(), counts: counts.to_vec(), sum_seconds }
                        }
                    },
                );
            }
        }
    }

    async fn of_store(&self) -> Result<Vec<Series>, Trouble> {
        let held = self.store.holdings().await?;
        let mut series = vec![
            whole(&f::BLOBS, &[], held.blobs),
            whole(&f::BLOB_BYTES, &[], held.blob_bytes),
            whole(&f::IMAGE_COPY_BYTES, &[], self.ports.image_copies.room().await?.taken_bytes),
            whole(&f::DATABASE_BYTES, &["ledger"], held.ledger_bytes),
            whole(&f::LOG_STORED_BYTES, &[], held.log_bytes),
            whole(&f::QUEUE_LENGTH, &["uploads"], held.uploads),
            whole(&f::QUEUE_LIMIT, &["uploads"], store::limit::UPLOADS_OPEN as u64),
        ];
        let rows = [
            ("services", held.services),
            ("operations", held.operations),
            ("repositories", held.repositories),
            ("audit", held.audit_rows),
            ("log_groups", held.log_groups),
            ("log_segments", held.log_segments),
        ];
        series.extend(rows.map(|(kind, count)| whole(&f::ROWS, &[kind], count)));
        if let Ok(disk) = rustix::fs::statvfs(&self.place.data_dir) {
            series.push(whole(&f::DISK_FREE_BYTES, &[], disk.f_bavail.saturating_mul(disk.f_frsize)));
            series.push(whole(&f::DISK_BYTES, &[], disk.f_blocks.saturating_mul(disk.f_frsize)));
        }
        Ok(series)
    }

    async fn of_services(&self) -> Result<Vec<Series>, Trouble> {
        let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
        for service in self.ports.services.kept().await? {
            *by_status.entry(status_name(service.status())).or_default() += 1;
        }
        let series = by_status.into_iter().map(|(status, count)| whole(&f::SERVICES, &[status], count));
        Ok(series.collect())
    }

    async fn of_instances(&self) -> Result<Vec<Series>, Trouble> {
        let names = self.ports.engine.all().await?;
        let mut by_state: BTreeMap<&str, u64> = BTreeMap::new();
        let total = names.len() as u64;
        for of_one in names.chunk_by(|one: &InstanceName, next| one.service == next.service) {
            for seen in self.ports.engine.look(&of_one[0].service).await? {
                *by_state.entry(state_name(&seen.phase)).or_default() += 1;
            }
        }
        let mut series: Vec<Series> = by_state.into_iter().map(|(state, count)| whole(&f::INSTANCES, &[state], count)).collect();
        series.push(whole(&f::QUEUE_LENGTH, &["instances"], total));
        series.push(whole(&f::QUEUE_LIMIT, &["instances"], engine::limit::INSTANCES as u64));
        Ok(series)
    }

    async fn of_usage(&self) -> Result<Vec<Series>, Trouble> {
        let usages = self.stats.usage().await?;
        let sum = |of: fn(&model::instance_usage::InstanceUsage) -> Option<u64>| usages.iter().filter_map(of).sum::<u64>();
        Ok(vec![
            whole(&f::INSTANCE_MEMORY_BYTES, &[], sum(|usage| usage.memory.map(|memory| memory.bytes))),
            number(&f::INSTANCE_CPU_SECONDS, &[], sum(|usage| usage.cpu_micros) as f64 / 1e6),
            whole(&f::INSTANCE_DISK_BYTES, &[], sum(|usage| usage.scratch_bytes)),
        ])
    }

    async fn of_certificates(&self) -> Result<Vec<Series>, Trouble> {
        let now = self.ports.clock.now();
        let certificates = self.ports.certificates.list().await?;
        let left = certificates.iter().take(SERIES_PER_FAMILY).map(|certificate| {
            let left = (certificate.not_after.millis() - now.millis()) as f64 / 1000.0;
            number(&f::CERTIFICATE_LEFT, &[certificate.names.first().map_or("", String::as_str)], left)
        });
        Ok(left.collect())
    }

    async fn of_processes(&self) -> Result<Vec<Series>, Trouble> {
        let (place, edge) = (self.place.clone(), self.front_door.pid());
        let measured = tokio::task::spawn_blocking(move || {
            [
                ("platform", process::of(std::process::id())),
                ("edge", edge.and_then(process::of)),
                ("shim", Some(process::of_shims(&place))),
            ]
        });
        let costs = measured.await.map_err(|error| Trouble::passing("measuring our processes", error))?;
        let of_one = |(program, cost): (&'static str, Option<process::Cost>)| {
            let cost = cost.unwrap_or_default();
            [
                whole(&f::PROCESS_COUNT, &[program], cost.processes),
                whole(&f::PROCESS_PSS_BYTES, &[program], cost.pss_bytes),
                whole(&f::PROCESS_RSS_BYTES, &[program], cost.rss_bytes),
                number(&f::PROCESS_CPU_SECONDS, &[program], cost.cpu_seconds),
                whole(&f::PROCESS_FDS, &[program], cost.descriptors),
                whole(&f::PROCESS_FDS_MAX, &[program], cost.descriptors_max),
                whole(&f::PROCESS_THREADS, &[program], cost.threads),
            ]
        };
        Ok(costs.into_iter().flat_map(of_one).collect())
    }
}

fn add_queue(page: &mut Page, queue: &str, length: u64, limit: Option<u64>) {
    page.whole(&f::QUEUE_LENGTH, &[queue], length);
    if let Some(limit) = limit {
        page.whole(&f::QUEUE_LIMIT, &[queue], limit);
    }
}

/// A part of the page; nothing if it failed or took too long.
async fn part(gathering: impl Future<Output = Result<Vec<Series>, Trouble>>) -> Option<Vec<Series>> {
    match timeout(SCRAPE_PART, gathering).await {
        Ok(Ok(series)) => Some(series),
        Ok(Err(trouble)) => {
            tracing::info!(cause = trouble.chain(), "a part of the figures could not be read");
            None
        }
        Err(_) => None,
    }
}

/// A series of a part.
struct Series {
    family: &'static f::Family,
    labels: Vec<String>,
    sample: Sample,
}

fn number(family: &'static f::Family, labels: &[&str], value: f64) -> Series {
    Series { family, labels: labels.iter().map(|label| (*label).to_owned()).collect(), sample: Sample::Number(value) }
}

fn whole(family: &'static f::Family, labels: &[&str], value: u64) -> Series {
    number(family, labels, value as f64)
}

fn status_name(status: ServiceStatus) -> &'static str {
    match status {
        ServiceStatus::OperationInProgress => "operation_in_progress",
        ServiceStatus::Running => "running",
        ServiceStatus::Paused => "paused",
        ServiceStatus::CreateFailed => "create_failed",
        ServiceStatus::DeleteFailed => "delete_failed",
        ServiceStatus::Deleted => "deleted",
    }
}

fn state_name(phase: &InstancePhase) -> &'static str {
    match phase {
        InstancePhase::Created => "created",
        InstancePhase::Starting { .. } => "starting",
        InstancePhase::Ready => "ready",
        InstancePhase::Unwell { .. } => "unwell",
        InstancePhase::Dormant(Rest::Throttled) => "throttled",
        InstancePhase::Dormant(Rest::Frozen) => "frozen",
        InstancePhase::Dormant(Rest::PagedOut) => "paged_out",
        InstancePhase::Stopping => "stopping",
        InstancePhase::Exited(_) => "exited",
    }
}

#[cfg(test)]
mod tests;
