//! Remembers: SQL and every file that must survive. One `Store` keeps every stored noun of a platform behind the ports of `model`.
//!
//! Never decides what may be stored (the caller did), never asks what time it is beyond the clock it was given, never talks to a network.
//! Source of truth: the ports' doc comments in `model::port`.
//!
//! ```text
//! <data-dir>/
//!     store.lock                 held while a store is open
//!     hold.lock                  held by whoever copies or verifies the files below: none of them goes meanwhile
//!     ledger.db                  services, operations, revisions, events, audit, repositories, tags, manifests, sealed keys
//!     blobs/sha256/ab/<hex>      verified, whole, synced before they get this name
//!     uploads/<id>.<repository>  on their way in
//!     logs/catalogue.db          where each block of lines stands
//!     logs/segments/<number>     blocks of lines, compressed
//! ```

mod audit;
pub mod audit_chain;
mod audit_gap;
pub mod backup;
mod blobs;
mod blocking;
mod certificates;
pub mod check;
mod database;
mod document;
mod fault;
mod folder;
mod hold;
mod holdings;
mod ledger;
pub mod limit;
mod lock;
mod logs;
mod migration;
mod secrets;
mod sweep;

use std::path::Path;
use std::sync::Arc;

use model::log_group::RetentionDays;
use model::port::Clock;
use model::secret::Secret;
use model::trouble::Trouble;
use rusqlite::Connection;

use crate::audit_chain::ChainKey;
use crate::blobs::{BlobFolder, Uploads};
use crate::database::Database;
use crate::fault::Fault;
use crate::hold::Holds;
use crate::ledger::revision_secret;
use crate::lock::Lock;
use crate::logs::LogBook;
use crate::migration::LEDGER;
use crate::secrets::Seal;

pub use crate::database::DatabaseLoad;
pub use crate::holdings::Holdings;
pub use crate::sweep::Swept;

/// The memory of a platform: cheap to clone, and every clone implements every port that `store` keeps. The files are closed with the last clone.
#[derive(Clone)]
pub struct Store(Arc<Parts>);

/// What a store holds open.
struct Parts {
    ledger: Database,
    seal: Seal,
    blobs: BlobFolder,
    uploads: Arc<Uploads>,
    logs: LogBook,
    holds: Arc<Holds>,
    clock: Arc<dyn Clock>,
    /// Dropped last: the data dir is free when nothing of it is open any more.
    _lock: Lock,
}

impl Store {
    /// Opens the data dir, making what is not there; mends what a crash left. Blocks: call it before the runtime serves.
    ///
    /// `master_key` has 32 bytes and is the one the data dir was first opened with. Refused (lasting trouble) are: another master key, a data dir
    /// that another process has open, and one that a newer program wrote.
    pub fn open(data_dir: &Path, clock: Arc<dyn Clock>, master_key: &Secret) -> Result<Self, Trouble> {
        let (seal, chain) = (Seal::new(master_key)?, ChainKey::new(master_key));
        open_parts(data_dir, clock, seal, chain)
            .map_err(|fault| fault.while_doing(format!("opening the data dir {}", data_dir.display())))
    }

    /// How long log groups that are made from now on keep their lines, unless a caller says otherwise; `None` is for good.
    pub fn retain_new_log_groups_for(&self, retention: Option<RetentionDays>) {
        self.0.logs.retain_new_for(retention);
    }
}

fn open_parts(data_dir: &Path, clock: Arc<dyn Clock>, seal: Seal, chain: ChainKey) -> Result<Store, Fault> {
    folder::make(data_dir)?;
    let lock = Lock::take(data_dir)?;
    backup::clear_finished(data_dir)?;
    let holds = Arc::new(Holds::open(data_dir)?);
    // Both are looked at before either is changed: a data dir that is refused stays what it was.
    migration::refuse_newer(data_dir)?;
    let check = |connection: &Connection| {
        secrets::check_seal(connection, &seal)?;
        audit_chain::look(connection, &chain)
    };
    let (beginning, sealing) = (chain.clone(), chain.clone());
    let ledger = Database::open_closing(
        &data_dir.join("ledger.db"),
        &LEDGER,
        check,
        |transaction, form| {
            // First of all: under another master key nothing is brought up.
            let mark = secrets::mark(transaction, &seal)?;
            audit_chain::begin(transaction, form, &beginning, mark)?;
            if form == LEDGER.migrations.len() {
                return Ok(());
            }
            secrets::mark_chained(transaction, &seal)?;
            revision_secret::forget_all_unneeded(transaction)
        },
        Box::new(move |transaction| audit_chain::seal(transaction, &sealing)),
    )?;
    let blobs = BlobFolder::open(data_dir.join("blobs"))?;
    let uploads = Arc::new(Uploads::open(data_dir.join("uploads"))?);
    let logs = LogBook::open(&data_dir.join("logs"), holds.clone())?;
    folder::sync(data_dir)?;
    Ok(Store(Arc::new(Parts { ledger, seal, blobs, uploads, logs, holds, clock, _lock: lock })))
}
