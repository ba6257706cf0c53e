//! Changes of quotas: a row each, in the order granted. A scope has few (`model::limit`), so that all of them are read at once.

use rusqlite::{Transaction, params};

use model::account::Scope;
use model::audit::AuditRow;
use model::limit::QUOTA_CHANGES;
use model::port::{Answer, Granted, Quotas};
use model::quota::QuotaChange;
use model::refusal::{Refusal, RefusalKind};

use crate::database::Ending;
use crate::fault::Fault;
use crate::{Store, audit, document};

impl Quotas for Store {
    fn grant<'a>(&'a self, change: &'a QuotaChange, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (change, row) = (change.clone(), audit.clone());
        Box::pin(async move { self.0.ledger.write("raising a quota", move |transaction| grant(transaction, &change, &row)).await })
    }

    fn changes<'a>(&'a self, scope: &'a Scope) -> Answer<'a, Vec<QuotaChange>> {
        let work = move |snapshot: &Transaction<'_>| {
            let mut statement = snapshot
                .prepare_cached("SELECT document FROM quota_change WHERE account = ?1 AND region = ?2 ORDER BY position DESC")?;
            let rows = statement.query_map([scope.account.as_str(), scope.region.as_str()], |row| row.get::<_, String>(0))?;
            rows.map(|text| document::read("a change of a quota", text?.as_bytes())).collect()
        };
        Box::pin(self.0.ledger.find("reading changes of quotas", work))
    }
}

fn grant(transaction: &Transaction<'_>, change: &QuotaChange, row: &AuditRow) -> Result<Ending<Granted<()>>, Fault> {
    let (account, region) = (change.scope.account.as_str(), change.scope.region.as_str());
    let mut count = transaction.prepare_cached("SELECT count(*) FROM quota_change WHERE account = ?1 AND region = ?2")?;
    let kept: usize = count.query_row([account, region], |row| row.get(0))?;
    if kept >= QUOTA_CHANGES {
        let message = format!("Quotas were changed {QUOTA_CHANGES} times, which is the most.");
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::Quota, message))));
    }
    transaction.prepare_cached("INSERT INTO quota_change (account, region, document) VALUES (?1, ?2, ?3)")?.execute(params![
        account,
        region,
        document::write(change)
    ])?;
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}
