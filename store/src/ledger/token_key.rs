//! Keys that sign the identity tokens of instances, at rest: a private key is in each, so each is sealed whole.

use rusqlite::{Transaction, params};

use model::port::{Answer, TokenKeys};
use model::token_key::TokenKey;

use crate::database::Ending;
use crate::secrets::Place;
use crate::{Store, document};

const TABLE: &str = "token_key";

impl TokenKeys for Store {
    fn list(&self) -> Answer<'_, Vec<TokenKey>> {
        Box::pin(async move {
            let work = |snapshot: &Transaction<'_>| {
                let mut statement = snapshot.prepare_cached("SELECT id, sealed FROM token_key ORDER BY signs_from_ms, id")?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<Vec<(String, Vec<u8>)>, _>>()?)
            };
            let doing = "reading the keys of identity tokens";
            let rows = self.0.ledger.read(doing, work).await?;
            let open = |(row, sealed): (String, Vec<u8>)| self.0.seal.open_noun(Place { table: TABLE, row: &row }, &sealed);
            rows.into_iter().map(open).collect::<Result<_, _>>().map_err(|fault| fault.while_doing(doing))
        })
    }

    fn keep<'a>(&'a self, key: &'a TokenKey) -> Answer<'a, ()> {
        Box::pin(async move {
            let (row, from) = (key.id.clone(), key.signs_from.millis());
            let sealed = self.0.seal.close(Place { table: TABLE, row: &row }, &document::write_secret(key));
            let work = move |transaction: &Transaction<'_>| {
                let mut statement = transaction.prepare_cached(
                    "INSERT INTO token_key (id, signs_from_ms, sealed) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
                )?;
                statement.execute(params![row, from, sealed])?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write("keeping a key of identity tokens", work).await
        })
    }

    fn remove<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let row = id.to_owned();
            let work = move |transaction: &Transaction<'_>| {
                transaction.prepare_cached("DELETE FROM token_key WHERE id = ?1")?.execute([row])?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write("removing a key of identity tokens", work).await
        })
    }
}
