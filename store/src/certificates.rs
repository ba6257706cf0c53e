//! Certificates and authorities at rest, sealed whole: a private key is in each.

use rusqlite::{OptionalExtension, Transaction, params};

use model::certificate::{Authority, Certificate};
use model::port::{Answer, Certificates};

use crate::database::Ending;
use crate::fault::Fault;
use crate::secrets::Place;
use crate::{Store, document};

const CERTIFICATE: &str = "certificate";
const AUTHORITY: &str = "authority";

impl Certificates for Store {
    fn authority<'a>(&'a self, suffix: &'a str) -> Answer<'a, Option<Authority>> {
        Box::pin(async move {
            let row = suffix.to_owned();
            let doing = "reading an authority";
            let sealed = self.0.ledger.read(doing, move |snapshot| kept_authority(snapshot, &row)).await?;
            sealed.map(|sealed| self.open_authority(suffix, &sealed)).transpose().map_err(|fault| fault.while_doing(doing))
        })
    }

    fn keep_authority<'a>(&'a self, authority: &'a Authority) -> Answer<'a, Authority> {
        Box::pin(async move {
            let row = authority.suffix.clone();
            let sealed = self.0.seal.close(Place { table: AUTHORITY, row: &row }, &document::write_secret(authority));
            let work = move |transaction: &Transaction<'_>| {
                transaction
                    .prepare_cached("INSERT INTO authority (suffix, sealed) VALUES (?1, ?2) ON CONFLICT (suffix) DO NOTHING")?
                    .execute(params![row, sealed])?;
                Ok(Ending::Commit(kept_authority(transaction, &row)?.expect("this transaction wrote it, or one before did")))
            };
            let doing = "keeping an authority";
            let kept = self.0.ledger.write(doing, work).await?;
            self.open_authority(&authority.suffix, &kept).map_err(|fault| fault.while_doing(doing))
        })
    }

    fn list(&self) -> Answer<'_, Vec<Certificate>> {
        Box::pin(async move {
            let work = |snapshot: &Transaction<'_>| {
                let mut statement = snapshot.prepare_cached("SELECT name, sealed FROM certificate ORDER BY name")?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<Vec<(String, Vec<u8>)>, _>>()?)
            };
            let doing = "reading all certificates";
            let rows = self.0.ledger.read(doing, work).await?;
            let open = |(row, sealed): (String, Vec<u8>)| self.0.seal.open_noun(Place { table: CERTIFICATE, row: &row }, &sealed);
            rows.into_iter().map(open).collect::<Result<_, _>>().map_err(|fault| fault.while_doing(doing))
        })
    }

    fn keep<'a>(&'a self, certificate: &'a Certificate) -> Answer<'a, ()> {
        Box::pin(async move {
            let doing = "keeping a certificate";
            let nameless = || Fault::Damaged("a certificate without a name serves nobody".to_owned()).while_doing(doing);
            let row = certificate.names.first().ok_or_else(nameless)?.clone();
            let sealed = self.0.seal.close(Place { table: CERTIFICATE, row: &row }, &document::write_secret(certificate));
            let work = move |transaction: &Transaction<'_>| {
                let mut statement = transaction.prepare_cached(
                    "INSERT INTO certificate (name, sealed) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
                )?;
                statement.execute(params![row, sealed])?;
                Ok(Ending::Commit(()))
            };
            self.0.ledger.write(doing, work).await
        })
    }
}

impl Store {
    fn open_authority(&self, suffix: &str, sealed: &[u8]) -> Result<Authority, Fault> {
        self.0.seal.open_noun(Place { table: AUTHORITY, row: suffix }, sealed)
    }
}

fn kept_authority(snapshot: &Transaction<'_>, suffix: &str) -> Result<Option<Vec<u8>>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT sealed FROM authority WHERE suffix = ?1")?;
    Ok(statement.query_row([suffix], |row| row.get(0)).optional()?)
}
