//! Custom domains: a row each, decided by the rules of `model` inside the transaction that writes it.

use rusqlite::{OptionalExtension, Transaction, params};

use model::arn::ServiceArn;
use model::audit::AuditRow;
use model::custom_domain::{CustomDomain, Www, admit, require_running, unknown};
use model::port::{Answer, CustomDomains, Granted};
use model::service::Service;
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::{page, service};
use crate::{Store, audit, document};

impl CustomDomains for Store {
    fn associate<'a>(
        &'a self,
        arn: &'a ServiceArn,
        new: &'a CustomDomain,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<CustomDomain>> {
        let (arn, new, row) = (arn.clone(), new.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let service = service::by_arn(transaction, &arn)?;
                let holders = holders(transaction, &new)?;
                let count = count(transaction, &arn)?;
                let admitted = require_running(&arn, service.as_ref()).and_then(|_| admit(&arn, &new, &holders, count));
                if let Err(refusal) = admitted {
                    return Ok(Ending::RollBack(Err(refusal)));
                }
                keep(transaction, &new)?;
                audit::keep(transaction, &AuditRow { resource: arn.to_string(), ..row.clone() })?;
                Ok(Ending::Commit(Ok(new.clone())))
            };
            self.0.ledger.write("associating a custom domain", work).await
        })
    }

    fn list<'a>(&'a self, arn: &'a ServiceArn, page: &'a PageRequest) -> Answer<'a, Page<CustomDomain>> {
        let (arn, page) = (arn.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| list(snapshot, &arn, &page);
            self.0.ledger.read("listing custom domains", work).await
        })
    }

    fn disassociate<'a>(&'a self, arn: &'a ServiceArn, name: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<CustomDomain>> {
        let (arn, name, row) = (arn.clone(), name.to_owned(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let service = service::by_arn(transaction, &arn)?;
                if let Err(refusal) = require_running(&arn, service.as_ref()) {
                    return Ok(Ending::RollBack(Err(refusal)));
                }
                let Some(gone) = take(transaction, &arn, &name.to_ascii_lowercase())? else {
                    return Ok(Ending::RollBack(Err(unknown(&name))));
                };
                audit::keep(transaction, &AuditRow { resource: arn.to_string(), ..row.clone() })?;
                Ok(Ending::Commit(Ok(gone)))
            };
            self.0.ledger.write("disassociating a custom domain", work).await
        })
    }
}

fn read(text: &str) -> Result<CustomDomain, Fault> {
    document::read("a custom domain", text.as_bytes())
}

/// The `www` column.
fn www_name(domain: &CustomDomain) -> Option<String> {
    match domain.www {
        Www::Included => domain.names().pop(),
        Www::Left => None,
    }
}

fn keep(transaction: &Transaction<'_>, domain: &CustomDomain) -> Result<(), Fault> {
    let mut statement =
        transaction.prepare_cached("INSERT INTO custom_domain (service, name, www, document) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![domain.service.as_str(), domain.folded(), www_name(domain), document::write(domain)])?;
    Ok(())
}

/// Associations of services that are not deleted which have one of its names.
fn holders(snapshot: &Transaction<'_>, new: &CustomDomain) -> Result<Vec<(ServiceArn, CustomDomain)>, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT service.document, custom_domain.document FROM custom_domain JOIN service ON service.id = custom_domain.service
         WHERE service.deleted_at_ms IS NULL AND (custom_domain.name IN (?1, ?2) OR custom_domain.www IN (?1, ?2))
         ORDER BY custom_domain.ordinal",
    )?;
    let rows = statement.query_map(params![new.folded(), www_name(new)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (service, domain): (String, String) = row?;
        Ok((document::read::<Service>("a service", service.as_bytes())?.arn(), read(&domain)?))
    })
    .collect()
}

fn count(snapshot: &Transaction<'_>, arn: &ServiceArn) -> Result<usize, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT count(*) FROM custom_domain WHERE service = ?1")?;
    Ok(statement.query_row([arn.id.as_str()], |row| row.get(0))?)
}

/// In the order they were made; a page's key is the ordinal.
fn list(snapshot: &Transaction<'_>, arn: &ServiceArn, page: &PageRequest) -> Result<Page<CustomDomain>, Fault> {
    let Some(after) = page.after.as_deref().map_or(Some(0_i64), |key| key.parse().ok()) else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    if service::by_arn(snapshot, arn)?.is_none_or(|service| service.deleted_at().is_some()) {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let mut statement = snapshot.prepare_cached(
        "SELECT ordinal, document FROM custom_domain WHERE service = ?1 AND ordinal > ?2 ORDER BY ordinal LIMIT ?3",
    )?;
    let rows = statement.query_map(params![arn.id.as_str(), after, page::rows_max(page)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (ordinal, text): (i64, String) = row?;
        Ok((ordinal.to_string(), read(&text)?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

fn take(transaction: &Transaction<'_>, arn: &ServiceArn, folded: &str) -> Result<Option<CustomDomain>, Fault> {
    let mut statement =
        transaction.prepare_cached("DELETE FROM custom_domain WHERE service = ?1 AND name = ?2 RETURNING document")?;
    let text: Option<String> = statement.query_row([arn.id.as_str(), folded], |row| row.get(0)).optional()?;
    text.map(|text| read(&text)).transpose()
}
