//! Takes away unpacked layers that nobody needs: no image that may run again, no instance that is there, no start under way.
//! Never takes one that it found needless for the first time: between two looks at the ledger, a revision may be written.
//! Source of truth: the images that the caller names; the orders of the instances; the folder of layers.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::local::layer::{SOURCES, doom, remove_doomed};
use crate::local::lease::Leases;
use crate::local::record::{ORDER_FILE, Order};

/// What earlier sweeps have seen.
#[derive(Debug, Default)]
pub struct Sweep {
    needless: BTreeSet<String>,
}

impl Sweep {
    /// Removes what is needless for the second time in a row. `leases.begin_sweep` came before `needed` was found out.
    pub fn sweep(&mut self, layers: &Path, shims: &Path, leases: &Leases, needed: &BTreeSet<String>) -> io::Result<()> {
        let used = used(shims)?;
        let mut needless = unpacked(layers)?;
        needless.retain(|layer| !needed.contains(layer) && !used.contains(layer));
        for layer in needless.intersection(&self.needless) {
            leases.unless_leased(layer, || doom_layer(layers, layer))?;
        }
        self.needless = needless;
        // Behind the leases: what takes long keeps no start waiting.
        remove_doomed(layers)
    }
}

/// Layers of instances that are there, running or not.
fn used(shims: &Path) -> io::Result<BTreeSet<String>> {
    let mut used = BTreeSet::new();
    for entry in fs::read_dir(shims)? {
        let text = match fs::read_to_string(entry?.path().join(ORDER_FILE)) {
            // Its start has a lease, or has failed.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => continue,
            text => text?,
        };
        let order = Order::decode(&text).map_err(io::Error::other)?;
        let names = order.layers.iter().filter_map(|layer| Path::new(layer).file_name());
        used.extend(names.map(|name| name.to_string_lossy().into_owned()));
    }
    Ok(used)
}

/// Layers that are there, or of which something is.
fn unpacked(layers: &Path) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(layers)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            found.insert(name.strip_suffix(SOURCES).unwrap_or(&name).to_owned());
        }
    }
    Ok(found)
}

/// Takes a layer and what is known of it out of their places. The layer first: without it, what is known of it is worth nothing.
fn doom_layer(layers: &Path, layer: &str) -> io::Result<()> {
    doom(layers, layer)?;
    doom(layers, &format!("{layer}{SOURCES}"))?;
    tracing::info!(layer, "an unpacked layer that nobody needs is removed");
    Ok(())
}
