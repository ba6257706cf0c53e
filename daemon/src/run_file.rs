//! `<data-dir>/run.json`: where the living platform answers. Written when everything is bound, taken away at an orderly end.
//!
//! Readable by everyone: it holds no secret.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, while_doing};
use crate::host::{Place, replace_file};

const VERSION: u32 = 1;

/// What was bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFile {
    /// Of this document.
    pub version: u32,
    pub pid: u32,
    pub api: SocketAddr,
    pub http: SocketAddr,
    pub https: SocketAddr,
    pub edge_pid: Option<u32>,
    /// Milliseconds since the Unix epoch.
    pub started: i64,
    pub domain: String,
    pub region: String,
    pub account: String,
    /// The OCI runtime's program: what `outrunner stop` ends instances with.
    pub runtime: String,
    /// Services whose calls are sent on to other places: what `env --all` tells of.
    #[serde(default)]
    pub upstreams: Vec<String>,
}

impl RunFile {
    pub const fn version() -> u32 {
        VERSION
    }

    pub fn write(&self, place: &Place) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(self).map_err(while_doing("writing run.json"))?;
        replace_file(&place.data_dir.join("run.json"), &text, 0o644)
    }

    /// The file of the platform that runs, or ran last, on this data dir.
    pub fn read(place: &Place) -> Result<Self, Failure> {
        let path = place.data_dir.join("run.json");
        let text = std::fs::read(&path).map_err(|_| {
            Failure::Unreachable(format!("no platform runs on {}. Start one: sudo outrunner serve", place.data_dir.display()))
        })?;
        serde_json::from_slice(&text).map_err(while_doing(format!("reading {}", path.display())))
    }

    pub fn remove(place: &Place) {
        // A stale file is only a wrong hint: the locks say who is alive.
        let _ = std::fs::remove_file(place.data_dir.join("run.json"));
    }
}
