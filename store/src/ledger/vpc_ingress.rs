//! VPC ingress connections: a row each, decided by the rules of `model` inside the transaction that writes it.
//!
//! To decide, those are read that have a name or lead to a service; the rest of the scope is only counted.

use rusqlite::{OptionalExtension, Transaction, named_params, params};

use model::account::Scope;
use model::arn::ServiceArn;
use model::audit::AuditRow;
use model::port::{Answer, Granted, VpcIngressConnections};
use model::refusal::Refusal;
use model::tag::TagChange;
use model::time::Timestamp;
use model::vpc_ingress::{IngressAsked, IngressChange, IngressFilter, VpcIngress, VpcIngressArn, admit};
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::{page, service};
use crate::{Store, audit, document};

impl VpcIngressConnections for Store {
    fn create<'a>(&'a self, new: &'a VpcIngress, audit: &'a AuditRow) -> Answer<'a, Granted<VpcIngress>> {
        let (new, row) = (new.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let (near, count) = (near(transaction, &new)?, count(transaction, &new.scope)?);
                let service = service::by_arn(transaction, &new.service)?;
                match admit(&near, count, service.as_ref(), &new, new.asked_at) {
                    Ok(()) => {
                        keep(transaction, &new, &row)?;
                        Ok(Ending::Commit(Ok(new.clone())))
                    }
                    Err(refusal) => Ok(Ending::RollBack(Err(refusal))),
                }
            };
            self.0.ledger.write("creating a VPC ingress connection", work).await
        })
    }

    fn find<'a>(&'a self, arn: &'a VpcIngressArn) -> Answer<'a, Option<VpcIngress>> {
        let arn = arn.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| found(snapshot, &arn);
            self.0.ledger.read("reading a VPC ingress connection", work).await
        })
    }

    fn list<'a>(
        &'a self,
        scope: &'a Scope,
        filter: &'a IngressFilter,
        now: Timestamp,
        page: &'a PageRequest,
    ) -> Answer<'a, Page<VpcIngress>> {
        let (scope, filter, page) = (scope.clone(), filter.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| list(snapshot, &scope, (&filter, now), &page);
            self.0.ledger.read("listing VPC ingress connections", work).await
        })
    }

    fn change<'a>(
        &'a self,
        arn: &'a VpcIngressArn,
        change: &'a IngressChange,
        now: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<VpcIngress>> {
        let change = change.clone();
        self.alter("changing a VPC ingress connection", arn, audit, move |kept| kept.changed(&change, now))
    }

    fn change_tags<'a>(
        &'a self,
        arn: &'a VpcIngressArn,
        change: &'a TagChange,
        now: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>> {
        let change = change.clone();
        let altered = self.alter("changing tags of a VPC ingress connection", arn, audit, move |kept| kept.retagged(&change, now));
        Box::pin(async move { Ok(altered.await?.map(drop)) })
    }
}

impl Store {
    fn alter<'a>(
        &'a self,
        doing: &'static str,
        arn: &VpcIngressArn,
        audit: &AuditRow,
        rule: impl Fn(&VpcIngress) -> Result<VpcIngress, Refusal> + Send + 'static,
    ) -> Answer<'a, Granted<VpcIngress>> {
        let (arn, row) = (arn.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let changed = found(transaction, &arn)?.ok_or_else(|| arn.not_found()).and_then(|kept| rule(&kept));
                match changed {
                    Ok(ingress) => {
                        keep(transaction, &ingress, &row)?;
                        Ok(Ending::Commit(Ok(ingress)))
                    }
                    Err(refusal) => Ok(Ending::RollBack(Err(refusal))),
                }
            };
            self.0.ledger.write(doing, work).await
        })
    }
}

/// Those of a scope that have the name of a new one or lead to its service, deleted ones included.
fn near(snapshot: &Transaction<'_>, new: &VpcIngress) -> Result<Vec<VpcIngress>, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT document FROM vpc_ingress WHERE account = ?1 AND region = ?2 AND name = ?3
         UNION ALL SELECT document FROM vpc_ingress WHERE service = ?4 AND account = ?1 AND region = ?2 AND name <> ?3",
    )?;
    let Scope { account, region } = &new.scope;
    let key = [account.as_str(), region.as_str(), &new.name, &new.service.to_string()];
    let rows = statement.query_map(key, |row| row.get::<_, String>(0))?;
    rows.map(|text| read(&text?)).collect()
}

fn count(snapshot: &Transaction<'_>, scope: &Scope) -> Result<usize, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT count(*) FROM vpc_ingress WHERE account = ?1 AND region = ?2")?;
    Ok(statement.query_row([scope.account.as_str(), scope.region.as_str()], |row| row.get(0))?)
}

/// Of those that are there no two have one name: it is a page's key.
fn list(
    snapshot: &Transaction<'_>,
    scope: &Scope,
    (filter, now): (&IngressFilter, Timestamp),
    page: &PageRequest,
) -> Result<Page<VpcIngress>, Fault> {
    let wanted = page.items_max.map_or(usize::MAX, |items| usize::try_from(items.max(1)).unwrap_or(usize::MAX));
    let mut statement = snapshot.prepare_cached(
        "SELECT document FROM vpc_ingress WHERE account = ?1 AND region = ?2 AND name > ?3
         AND (deletion_ms IS NULL OR deletion_ms > ?4) AND (?5 IS NULL OR service = ?5) ORDER BY name",
    )?;
    let after = page.after.as_deref().unwrap_or("");
    let (account, region) = (scope.account.as_str(), scope.region.as_str());
    let gone = VpcIngress::gone_if_asked_until(now).millis();
    let mut rows = statement.query(params![account, region, after, gone, filter.service])?;
    let mut listed = Vec::new();
    // One more than wanted tells whether there is a next page.
    while let Some(row) = if listed.len() > wanted { None } else { rows.next()? } {
        let ingress = read(&row.get::<_, String>(0)?)?;
        if ingress.is_listed(filter, now) {
            listed.push((ingress.name.clone(), ingress));
        }
    }
    Ok(page::cut(listed, page))
}

fn found(snapshot: &Transaction<'_>, arn: &VpcIngressArn) -> Result<Option<VpcIngress>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM vpc_ingress WHERE id = ?1")?;
    let text: Option<String> = statement.query_row([&arn.id], |row| row.get(0)).optional()?;
    let found = text.map(|text| read(&text)).transpose()?;
    Ok(found.filter(|found| found.arn() == *arn))
}

fn read(text: &str) -> Result<VpcIngress, Fault> {
    document::read("a VPC ingress connection", text.as_bytes())
}

/// The one that leads to a service at a moment.
pub(crate) fn leading_to(snapshot: &Transaction<'_>, service: &ServiceArn, now: Timestamp) -> Result<Option<VpcIngressArn>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM vpc_ingress WHERE service = ?1")?;
    let rows = statement.query_map([service.to_string()], |row| row.get::<_, String>(0))?;
    for text in rows {
        let ingress = read(&text?)?;
        if ingress.is_there(now) {
            return Ok(Some(ingress.arn()));
        }
    }
    Ok(None)
}

/// Writes one and the row that says who asked for it.
fn keep(transaction: &Transaction<'_>, ingress: &VpcIngress, row: &AuditRow) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO vpc_ingress (id, account, region, name, service, deletion_ms, document)
         VALUES (:id, :account, :region, :name, :service, :deletion_ms, :document)
         ON CONFLICT (id) DO UPDATE SET deletion_ms = excluded.deletion_ms, document = excluded.document",
    )?;
    let deletion = match ingress.asked {
        IngressAsked::Deletion => Some(ingress.asked_at.millis()),
        IngressAsked::Creation | IngressAsked::Update => None,
    };
    statement.execute(named_params! {
        ":id": ingress.id,
        ":account": ingress.scope.account.as_str(),
        ":region": ingress.scope.region.as_str(),
        ":name": ingress.name,
        ":service": ingress.service.to_string(),
        ":deletion_ms": deletion,
        ":document": document::write(ingress),
    })?;
    audit::keep(transaction, &AuditRow { resource: ingress.arn().to_string(), ..row.clone() })
}

/// Forgets those whose deletion was asked for before a moment.
pub(crate) fn forget(transaction: &Transaction<'_>, deleted_before: Timestamp) -> Result<(), Fault> {
    transaction.prepare_cached("DELETE FROM vpc_ingress WHERE deletion_ms < ?1")?.execute([deleted_before.millis()])?;
    Ok(())
}
