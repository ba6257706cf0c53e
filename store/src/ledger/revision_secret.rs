//! Values of the secret variables of revisions: one sealed row each, with a data key of its own.
//!
//! They go in the commit after which nothing can come back to them: `model::lifecycle` says to what a service can. So whoever commits on the version that
//! he read finds what was there then, and a deleted service leaves none.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use model::lifecycle::revisions_with_secrets;
use model::port::{Answer, ResolvedSecrets, RevisionSecrets};
use model::revision::{Revision, RevisionNumber};
use model::secret::Secret;
use model::service::{Phase, Service, ServiceId, Step};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::sealed_noun::{new_key, open_key};
use crate::ledger::{revision, service};
use crate::secrets::{Place, Seal};
use crate::{Store, document};

pub(crate) const TABLE: &str = "revision_secret";

/// The document inside the seal.
#[derive(Serialize, Deserialize)]
struct Kept {
    values: BTreeMap<String, Secret>,
    versions: BTreeMap<String, String>,
}

impl RevisionSecrets for Store {
    fn keep<'a>(&'a self, service: &'a ServiceId, revision: RevisionNumber, secrets: &'a ResolvedSecrets) -> Answer<'a, ()> {
        Box::pin(async move {
            let row = row(service.as_str(), revision);
            let (key, sealed_key) = new_key(&self.0.seal, &row, TABLE);
            let ResolvedSecrets { values, versions } = secrets.clone();
            let sealed = key.close(Place { table: TABLE, row: &row }, &document::write_secret(&Kept { values, versions }));
            let service = service.clone();
            let work = move |transaction: &Transaction<'_>| {
                // A deployment that was cancelled meanwhile, or a service that is gone, needs none.
                if !service::by_id(transaction, &service)?.is_some_and(|service| is_resolving(&service)) {
                    return Ok(Ending::RollBack(()));
                }
                // A revision never changes: what comes too late changes nothing.
                transaction
                    .prepare_cached(
                        "INSERT OR REPLACE INTO revision_secret (service, revision, sealed_key, sealed) SELECT ?1, ?2, ?3, ?4
                         WHERE NOT EXISTS (SELECT 1 FROM revision WHERE service = ?1 AND number = ?2)",
                    )?
                    .execute(params![service.as_str(), revision, sealed_key, sealed])?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write("keeping a revision's secrets", work).await
        })
    }

    fn get<'a>(&'a self, service: &'a ServiceId, revision: RevisionNumber) -> Answer<'a, Option<ResolvedSecrets>> {
        Box::pin(async move {
            let doing = "reading a revision's secrets";
            let id = service.clone();
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot
                    .prepare_cached("SELECT sealed_key, sealed FROM revision_secret WHERE service = ?1 AND revision = ?2")?;
                let found = statement.query_row(params![id.as_str(), revision], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                Ok(found)
            };
            let found: Option<(Vec<u8>, Vec<u8>)> = self.0.ledger.read(doing, work).await?;
            let opened = found.map(|(key, sealed)| open(&self.0.seal, &row(service.as_str(), revision), &key, &sealed)).transpose();
            opened.map_err(|fault| fault.while_doing(doing))
        })
    }
}

fn is_resolving(service: &Service) -> bool {
    match &service.phase {
        Phase::Moving { step: Step::Resolving, .. } => true,
        Phase::Moving {
            step: Step::Starting { .. } | Step::Routing { .. } | Step::Retiring | Step::RollingBack { .. }, ..
        }
        | Phase::Still(_) => false,
    }
}

/// Takes away what nothing can come back to any more, as the service is now. Its revisions are those that are written by now.
pub(crate) fn forget_unneeded(transaction: &Transaction<'_>, service: &Service) -> Result<(), Fault> {
    let id = service.id.as_str();
    let mut statement = transaction.prepare_cached("SELECT revision FROM revision_secret WHERE service = ?1")?;
    let kept: Vec<RevisionNumber> = statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let needed = revisions_with_secrets(service);
    let mut unneeded: Vec<RevisionNumber> = kept.into_iter().filter(|number| !needed.contains(number)).collect();
    if unneeded.is_empty() {
        return Ok(());
    }
    for number in needed {
        let Some(text) = revision::find(transaction, &service.id, number)? else { continue };
        match document::read::<Revision>("a revision", text.as_bytes()) {
            Ok(revision) => unneeded.retain(|number| revision.restores != Some(*number)),
            // Nobody knows what it restores: nothing goes, and `check` tells of it.
            Err(_) => return Ok(()),
        }
    }
    let mut statement = transaction.prepare_cached("DELETE FROM revision_secret WHERE service = ?1 AND revision = ?2")?;
    for number in unneeded {
        statement.execute(params![id, number])?;
    }
    Ok(())
}

/// The same for every service, once: an older program kept them all.
pub(crate) fn forget_all_unneeded(transaction: &Transaction<'_>) -> Result<(), Fault> {
    let mut statement = transaction.prepare(
        "SELECT document FROM service WHERE EXISTS (SELECT 1 FROM revision_secret WHERE revision_secret.service = service.id)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        // One that cannot be read keeps its own: that it is damaged is no reason not to start.
        if let Ok(service) = document::read("a service", text.as_bytes()) {
            forget_unneeded(transaction, &service)?;
        }
    }
    Ok(())
}

/// What a row holds.
pub(crate) fn open(seal: &Seal, row: &str, sealed_key: &[u8], sealed: &[u8]) -> Result<ResolvedSecrets, Fault> {
    let key = open_key(seal, row, TABLE, sealed_key)?;
    let Kept { values, versions } = key.open_noun(Place { table: TABLE, row }, sealed)?;
    Ok(ResolvedSecrets { values, versions })
}

pub(crate) fn row(service: &str, revision: RevisionNumber) -> String {
    format!("{service}/{revision}")
}
