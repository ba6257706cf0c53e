//! The registry over the wire: the router behind a real loopback socket, ports in memory, raw requests and stock clients.
//!
//! Never leaves loopback. Source of truth: OCI distribution specification 1.1; the ECR User Guide.
#![expect(clippy::disallowed_methods, reason = "tests bind, connect, keep files in a temporary folder and run stock clients")]

mod clients;
mod house;
mod listing;
mod manifests;
mod pushes;
mod reading;
mod refusals;
mod slow_store;
mod uploads;
