//! Values of the secret variables of revisions: one sealed row each, with a data key of its own.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use model::port::{Answer, ResolvedSecrets, RevisionSecrets};
use model::revision::RevisionNumber;
use model::secret::Secret;
use model::service::ServiceId;

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::sealed_noun::{new_key, open_key};
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

/// What a row holds.
pub(crate) fn open(seal: &Seal, row: &str, sealed_key: &[u8], sealed: &[u8]) -> Result<ResolvedSecrets, Fault> {
    let key = open_key(seal, row, TABLE, sealed_key)?;
    let Kept { values, versions } = key.open_noun(Place { table: TABLE, row }, sealed)?;
    Ok(ResolvedSecrets { values, versions })
}

pub(crate) fn row(service: &str, revision: RevisionNumber) -> String {
    format!("{service}/{revision}")
}
