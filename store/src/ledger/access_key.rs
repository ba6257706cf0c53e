//! Keys that sign calls, sealed whole.

use rusqlite::{OptionalExtension, Transaction, params};

use model::account::AccountId;
use model::caller::AccessKey;
use model::port::{AccessKeys, Answer};

use crate::database::Ending;
use crate::secrets::Place;
use crate::{Store, document};

const TABLE: &str = "access_key";

impl AccessKeys for Store {
    fn find<'a>(&'a self, id: &'a str) -> Answer<'a, Option<AccessKey>> {
        Box::pin(async move {
            let row = id.to_owned();
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot.prepare_cached("SELECT sealed FROM access_key WHERE id = ?1")?;
                Ok(statement.query_row([row], |row| row.get::<_, Vec<u8>>(0)).optional()?)
            };
            let doing = "reading an access key";
            let sealed = self.0.ledger.read(doing, work).await?;
            sealed
                .map(|sealed| self.0.seal.open_noun(Place { table: TABLE, row: id }, &sealed))
                .transpose()
                .map_err(|fault| fault.while_doing(doing))
        })
    }

    fn keep<'a>(&'a self, key: &'a AccessKey) -> Answer<'a, ()> {
        let sealed = self.0.seal.close(Place { table: TABLE, row: &key.id }, &document::write_secret(key));
        let (id, account) = (key.id.clone(), key.account.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let mut statement = transaction.prepare_cached(
                    "INSERT INTO access_key (id, account, sealed) VALUES (?1, ?2, ?3)
                     ON CONFLICT (id) DO UPDATE SET account = excluded.account, sealed = excluded.sealed",
                )?;
                statement.execute(params![id, account.as_str(), sealed])?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write("keeping an access key", work).await
        })
    }

    fn of_account<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Vec<AccessKey>> {
        let account = account.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut statement = snapshot.prepare_cached("SELECT id, sealed FROM access_key WHERE account = ?1 ORDER BY id")?;
                let rows = statement.query_map([account.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<Vec<(String, Vec<u8>)>, _>>()?)
            };
            let doing = "reading the access keys of an account";
            let rows = self.0.ledger.read(doing, work).await?;
            let open = |(row, sealed): (String, Vec<u8>)| self.0.seal.open_noun(Place { table: TABLE, row: &row }, &sealed);
            rows.into_iter().map(open).collect::<Result<_, _>>().map_err(|fault| fault.while_doing(doing))
        })
    }
}
