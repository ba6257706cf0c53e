//! Who did what: rows that are only ever added, in the transaction of the change they tell of. The oldest go when there are too many.

use rusqlite::{Transaction, params};

use model::audit::AuditRow;
use model::port::{Answer, Audit};
use model::wish::LogPosition;

use crate::database::Ending;
use crate::fault::Fault;
use crate::limit::{AUDIT_COMPARED, AUDIT_ROWS};
use crate::{Store, document};

impl Audit for Store {
    fn append<'a>(&'a self, row: &'a AuditRow) -> Answer<'a, ()> {
        let row = row.clone();
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| Ok(Ending::Commit(keep(transaction, &row)?));
            self.0.ledger.write("adding an audit row", work).await
        })
    }

    fn list(&self, after: LogPosition, rows_max: u32) -> Answer<'_, Vec<(LogPosition, AuditRow)>> {
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot
                    .prepare_cached("SELECT position, document FROM audit WHERE position > ?1 ORDER BY position LIMIT ?2")?;
                let after = i64::try_from(after.0).unwrap_or(i64::MAX);
                let rows = statement.query_map(params![after, rows_max], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.map(|row| {
                    let (position, text): (u64, String) = row?;
                    Ok((LogPosition(position), document::read("an audit row", text.as_bytes())?))
                })
                .collect()
            };
            self.0.ledger.read("listing audit rows", work).await
        })
    }
}

/// Adds a row to the transaction of the change it tells of.
pub(crate) fn keep(transaction: &Transaction<'_>, row: &AuditRow) -> Result<(), Fault> {
    transaction.prepare_cached("INSERT INTO audit (document) VALUES (?1)")?.execute([document::write(row)])?;
    Ok(())
}

/// Adds rows that were kept elsewhere with their change. One that came already is known again by its request: it is not added twice.
pub(crate) fn keep_once(transaction: &Transaction<'_>, documents: &[String]) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO audit (document) SELECT ?1 WHERE NOT EXISTS
             (SELECT 1 FROM audit WHERE position > (SELECT coalesce(max(position), 0) FROM audit) - ?2 AND document = ?1)",
    )?;
    for document in documents {
        statement.execute(params![document, AUDIT_COMPARED])?;
    }
    Ok(())
}

/// Takes away all but the newest rows. Positions have next to no gaps, so they count the rows.
pub(crate) fn forget_oldest(transaction: &Transaction<'_>) -> Result<(), Fault> {
    transaction
        .prepare_cached("DELETE FROM audit WHERE position <= (SELECT max(position) FROM audit) - ?1")?
        .execute([AUDIT_ROWS])?;
    Ok(())
}
