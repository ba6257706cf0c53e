//! Every family of figures that `/metrics` shows: its name, what it is, and by what it is told apart. The one list: docs/metrics.md is written from it.
//! Never holds a value. Source of truth for how names are made: Prometheus, "Metric and label naming".

/// What kind of figure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, until whoever counts begins anew. Its series' names end in `_total`.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Times, in ranges. Seconds.
    Histogram,
}

/// One family.
#[derive(Debug)]
pub struct Family {
    /// Without `_total`.
    pub name: &'static str,
    pub kind: Kind,
    /// One sentence.
    pub help: &'static str,
    pub labels: &'static [&'static str],
}

/// Declares families, and a list of all of them in this order.
macro_rules! families {
    ($($id:ident = $kind:ident $name:literal [$($label:literal),*] $help:literal;)*) => {
        $(pub static $id: Family = Family { name: $name, kind: Kind::$kind, help: $help, labels: &[$($label),*] };)*
        /// All of them.
        pub static ALL: &[&Family] = &[$(&$id),*];
    };
}

families! {
    // The platform itself.
    BUILD = Gauge "outrunner_build" ["version"] "1, with the version of the platform that answers.";
    START_TIME = Gauge "outrunner_start_time_seconds" [] "When the platform was ready, in seconds since 1970.";
    READY_SECONDS = Gauge "outrunner_ready_seconds" [] "How long the start took until the platform was ready.";
    QUEUE_LENGTH = Gauge "outrunner_queue_length" ["queue"] "What waits, or is under way, in a queue; the limit of one that has some is outrunner_queue_limit.";
    QUEUE_LIMIT = Gauge "outrunner_queue_limit" ["queue"] "How many there may be in that queue.";
    RUNTIME_TASKS = Gauge "outrunner_runtime_tasks" [] "Tasks of the platform's runtime that are alive; those that are ready to run and wait for a thread are the queue 'runtime tasks'.";
    LOG_EVENTS = Counter "outrunner_log_events" ["room", "level"] "Lines of the platform's own log that warn or tell of an error, by the room that wrote them.";
    SCRAPE_FAILED = Gauge "outrunner_scrape_part_failed" ["part"] "1 for a part of this page that could not be read in time; its figures are left out.";
    SCRAPE_SECONDS = Gauge "outrunner_scrape_seconds" [] "How long it took to gather this page.";

    // Calls.
    API_CALLS = Counter "outrunner_api_calls" ["call", "fault"] "Calls of the AWS API, by IAM's name for the call and by the fault that was answered; no fault is success.";
    API_CALL_SECONDS = Histogram "outrunner_api_call_seconds" ["call"] "Time of a call of the AWS API, from its head to its answer.";
    REGISTRY_REQUESTS = Counter "outrunner_registry_requests" ["part", "verb", "class"] "Requests of image clients, by what they are about, their verb, and the class of the status.";
    REGISTRY_SECONDS = Histogram "outrunner_registry_request_seconds" ["part", "verb"] "Time of a request of an image client, to the head of its answer; uploads with their bodies.";

    // Keeping promises.
    KEEPERS = Gauge "outrunner_keepers" [] "Tasks that keep a service each.";
    KEEPERS_AT_WORK = Gauge "outrunner_keepers_at_work" [] "Of them, those that look or act at this moment; the others wait for a bell.";
    KEEPER_STEP_SECONDS = Histogram "outrunner_keeper_step_seconds" [] "Time of one look of a keeper and what follows from it, waits apart.";
    KEEPER_FAILURES = Counter "outrunner_keeper_step_failures" [] "Steps of keepers that failed, and were tried again.";
    EFFECT_SECONDS = Histogram "outrunner_effect_seconds" ["effect", "outcome"] "Time of one effect: resolve, start, create, wake, publish, stop, discard.";
    COMMIT_SECONDS = Histogram "outrunner_commit_seconds" ["point", "outcome"] "Time of a keeper's commit of a service, by its checkpoint.";
    OPERATIONS_BEGUN = Counter "outrunner_operations_begun" ["kind"] "Operations of services that have begun.";
    OPERATION_SECONDS = Histogram "outrunner_operation_seconds" ["kind", "outcome"] "Time of an operation of a service, from its beginning to its end.";
    SERVICES = Gauge "outrunner_services" ["status"] "Services that are not deleted, by their status.";
    SPARES_LIMIT = Gauge "outrunner_spares_limit" [] "How many services may have an instance made ahead.";

    // The memory.
    DATABASE_WAIT_SECONDS = Histogram "outrunner_database_wait_seconds" ["database"] "How long a write waits for the database's one writer.";
    DATABASE_WRITE_SECONDS = Histogram "outrunner_database_write_seconds" ["database", "outcome"] "Time of a write, its wait and the disk's sync in it.";
    DATABASE_BYTES = Gauge "outrunner_database_bytes" ["database"] "Size of the ledger, without its write-ahead log.";
    ROWS = Gauge "outrunner_ledger_rows" ["kind"] "What the ledger keeps, by kind. Audit rows are about so many.";
    BLOBS = Gauge "outrunner_blobs" [] "Blobs of images that are kept.";
    BLOB_BYTES = Gauge "outrunner_blob_bytes" [] "Bytes of these blobs.";
    SWEPT = Counter "outrunner_swept" ["kind"] "What sweeps took away because nobody needs it any more.";
    DISK_FREE_BYTES = Gauge "outrunner_disk_free_bytes" [] "Bytes that are free on the data dir's file system.";
    DISK_BYTES = Gauge "outrunner_disk_bytes" [] "Size of the data dir's file system.";

    // Instances.
    INSTANCES = Gauge "outrunner_instances" ["state"] "Instances on this machine, by state.";
    INSTANCE_STARTS = Counter "outrunner_instance_starts" ["ahead", "cause"] "Instances that were made, ahead or at once, and why making one failed: image is the image's fault, trouble is ours, none is success.";
    INSTANCE_START_SECONDS = Histogram "outrunner_instance_start_seconds" ["ahead"] "Time to make an instance, until its first process runs or would.";
    INSTANCE_START_PHASE_SECONDS = Histogram "outrunner_instance_start_phase_seconds" ["phase"] "Time of a part of that: image, disk, bundle, shim, pairing, network, runtime.";
    INSTANCE_READY_SECONDS = Histogram "outrunner_instance_ready_seconds" [] "Time from an instance's begin until it is healthy for the first time.";
    INSTANCE_ENDS = Counter "outrunner_instance_ends" ["cause", "asked"] "Instances that ended, by cause (exit, signal, memory, never_started, trouble, lost), and whether they were asked to.";
    IMAGE_PULL_SECONDS = Histogram "outrunner_image_pull_seconds" [] "Time to copy an image of another registry.";
    LAYER_UNPACK_SECONDS = Histogram "outrunner_layer_unpack_seconds" [] "Time to verify a layer, and to unpack it if it is not yet.";
    INSTANCE_MEMORY_BYTES = Gauge "outrunner_instance_memory_bytes" [] "Memory of all instances together.";
    INSTANCE_CPU_SECONDS = Gauge "outrunner_instance_cpu_seconds" [] "CPU time of all living instances together, since each began.";
    INSTANCE_DISK_BYTES = Gauge "outrunner_instance_disk_bytes" [] "What all instances together keep on their own disks.";

    IMAGE_COPY_BYTES = Gauge "outrunner_image_copy_bytes" [] "Bytes of images of other registries that are copied.";
    STORED_BYTES_LIMIT = Gauge "outrunner_stored_bytes_limit" ["what"] "How many bytes there may be: of log segments, of copies of others' images, of what all instances together keep on their own disks.";

    // Logs of instances.
    LOG_LINES = Counter "outrunner_log_lines" [] "Lines of instances that were taken over.";
    LOG_BYTES = Counter "outrunner_log_line_bytes" [] "Bytes of these lines.";
    LOG_LAG_SECONDS = Histogram "outrunner_log_lag_seconds" [] "How old the newest line of a batch is when it is stored.";
    LOG_STORED_BYTES = Gauge "outrunner_log_stored_bytes" [] "Bytes of all log segments.";
    ACCESS_NOTES_LOST = Counter "outrunner_access_notes_lost" [] "Notes of requests that the front door had no room for until they were fetched.";

    // The front door.
    EDGE_UP = Gauge "outrunner_edge_up" [] "1 while a front door answers.";
    EDGE_CONNECTIONS = Gauge "outrunner_edge_connections" ["scheme"] "Open connections of clients.";
    EDGE_ACCEPTED = Counter "outrunner_edge_connections_accepted" ["scheme"] "Connections that were taken in.";
    EDGE_ACCEPT_FAILED = Counter "outrunner_edge_accept_failures" [] "Connections that could not be taken in, for want of descriptors mostly.";
    EDGE_SHARE_FULL = Counter "outrunner_edge_connections_over_share" [] "Connections that were closed at once, as their client had as many as one may have.";
    EDGE_HANDSHAKES = Counter "outrunner_edge_handshakes" ["outcome"] "TLS handshakes, by how they ended.";
    EDGE_HANDSHAKES_OPEN = Gauge "outrunner_edge_handshakes_open" [] "TLS handshakes under way, or waiting for their turn.";
    EDGE_ANSWERS = Counter "outrunner_edge_answers" ["class"] "Answers of the front door, by the class of their status.";
    EDGE_ANSWER_SECONDS = Histogram "outrunner_edge_answer_seconds" [] "Time from a request's head to its answer's head.";
    EDGE_REFUSALS = Counter "outrunner_edge_refusals" ["cause"] "Answers in the front door's own words, by cause.";
    EDGE_HELD = Counter "outrunner_edge_held" [] "Requests that waited for an instance.";
    EDGE_HELD_SECONDS = Counter "outrunner_edge_held_seconds" [] "How long they waited, all together.";
    EDGE_UPSTREAM = Counter "outrunner_edge_upstream_connections" ["kind"] "Connections to instances that carried a request: made for it, or used again.";
    EDGE_RETRIES = Counter "outrunner_edge_retries" ["cause"] "Requests that were sent again: elsewhere, or on a new connection as the kept one was dead.";
    EDGE_NOTES_WAITING = Gauge "outrunner_edge_notes_waiting" [] "Notes of requests that wait to be fetched.";
    SERVICE_REQUESTS = Counter "outrunner_service_requests" ["service"] "Requests of a service that ended, since the front door began.";
    SERVICE_IN_FLIGHT = Gauge "outrunner_service_requests_in_flight" ["service"] "Requests of a service that are carried.";
    SERVICE_WAITING = Gauge "outrunner_service_requests_waiting" ["service"] "Requests of a service that wait for an instance.";
    CERTIFICATE_LEFT = Gauge "outrunner_certificate_left_seconds" ["name"] "Time until a certificate ends.";

    // Traces.
    TRACE_SPANS = Counter "outrunner_trace_spans" ["outcome"] "Spans for the collector: exported, dropped as the queue was full, dropped as the collector did not take them.";

    // Processes.
    PROCESS_COUNT = Gauge "outrunner_processes" ["program"] "Processes of ours: platform, edge, shim.";
    PROCESS_PSS_BYTES = Gauge "outrunner_process_pss_bytes" ["program"] "Their memory, what they share counted in parts.";
    PROCESS_RSS_BYTES = Gauge "outrunner_process_rss_bytes" ["program"] "Their memory, what they share counted for each.";
    PROCESS_CPU_SECONDS = Gauge "outrunner_process_cpu_seconds" ["program"] "Their CPU time; of shims, of those that live.";
    PROCESS_FDS = Gauge "outrunner_process_open_fds" ["program"] "Their open descriptors.";
    PROCESS_FDS_MAX = Gauge "outrunner_process_max_fds" ["program"] "How many descriptors one of them may have.";
    PROCESS_THREADS = Gauge "outrunner_process_threads" ["program"] "Their threads.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_made_as_prometheus_wants_them() {
        let mut names = BTreeSet::new();
        for family in ALL {
            let name = family.name;
            assert!(name.starts_with("outrunner_") && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
            assert!(!name.ends_with("_total") && !name.ends_with("_count") && !name.ends_with("_sum"), "{name}: others' endings");
            assert!(family.kind != Kind::Histogram || name.ends_with("_seconds"), "{name}: a base unit");
            assert!(family.help.ends_with('.') && !family.help.contains('\n'), "{name}: a sentence");
            assert!(names.insert(name), "{name} twice");
        }
    }
}
