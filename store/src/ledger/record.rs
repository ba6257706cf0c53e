//! Observability configurations, VPC connectors and connections: a row for each revision, decided by the rules of `model` inside the transaction that
//! writes it.
//!
//! A rule speaks of one name: all of that name is read, and the rest of the scope is only counted. Whether a service names one is asked of the services'
//! own documents.

use rusqlite::{Transaction, named_params, params};

use model::account::Scope;
use model::audit::AuditRow;
use model::port::{Answer, Granted, Records};
use model::record::{
    NewRecord, Noun, Record, RecordArn, RecordCounts, RecordFilter, RecordView, deleted, meant, next_of_name, seen, with_built_in,
};
use model::service::Service;
use model::tag::TagChange;
use model::time::Timestamp;
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::{page, revision};
use crate::{Store, audit, document};

impl<N: Noun> Records<N> for Store {
    fn create<'a>(&'a self, new: &'a NewRecord<N>, audit: &'a AuditRow) -> Answer<'a, Granted<RecordView<N>>> {
        let (new, row) = (new.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let made = next_of_name(&of_name(transaction, &new.scope, &new.name)?, counts::<N>(transaction, &new.scope)?, &new);
                keep(transaction, made, &row)
            };
            self.0.ledger.write("creating a record", work).await
        })
    }

    fn find<'a>(&'a self, arn: &'a RecordArn<N>) -> Answer<'a, Option<RecordView<N>>> {
        let arn = arn.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let kept = of_name(snapshot, &arn.scope, &arn.name)?;
                Ok(meant(&kept, &arn).map(|found| seen(&kept, found.clone())))
            };
            self.0.ledger.read("reading a record", work).await
        })
    }

    fn list<'a>(&'a self, scope: &'a Scope, filter: &'a RecordFilter, page: &'a PageRequest) -> Answer<'a, Page<RecordView<N>>> {
        let (scope, filter, page) = (scope.clone(), filter.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| list(snapshot, &scope, &filter, &page);
            self.0.ledger.read("listing records", work).await
        })
    }

    fn delete<'a>(&'a self, arn: &'a RecordArn<N>, at: Timestamp, audit: &'a AuditRow) -> Answer<'a, Granted<RecordView<N>>> {
        let (arn, row) = (arn.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let in_use = |id: &str| {
                    Ok::<bool, Fault>(
                        is_named(transaction, &arn.scope, id)? || revision::is_returned_to(transaction, &arn.scope, id)?,
                    )
                };
                let gone = deleted(&of_name(transaction, &arn.scope, &arn.name)?, &arn, at, in_use)?;
                keep(transaction, gone, &row)
            };
            self.0.ledger.write("deleting a record", work).await
        })
    }

    fn change_tags<'a>(&'a self, arn: &'a RecordArn<N>, change: &'a TagChange, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (arn, change, row) = (arn.clone(), change.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let changed = match meant(&of_name(transaction, &arn.scope, &arn.name)?, &arn) {
                    Some(found) => found.retagged(&change),
                    None => Err(arn.not_found()),
                };
                keep(transaction, changed, &row)
            };
            Ok(self.0.ledger.write("changing tags of a record", work).await?.map(drop))
        })
    }
}

/// All of a name, deleted ones included, with what nobody had to write.
fn of_name<N: Noun>(snapshot: &Transaction<'_>, scope: &Scope, name: &str) -> Result<Vec<Record<N>>, Fault> {
    let mut statement = snapshot
        .prepare_cached("SELECT document FROM record WHERE account = ?1 AND region = ?2 AND resource = ?3 AND name = ?4")?;
    let key = [scope.account.as_str(), scope.region.as_str(), N::RESOURCE, name];
    let rows = statement.query_map(key, |row| row.get::<_, String>(0))?;
    let mut kept = with_built_in(scope, rows.map(|text| read(&text?)).collect::<Result<_, Fault>>()?);
    kept.retain(|record: &Record<N>| record.name == name);
    Ok(kept)
}

fn read<N: Noun>(text: &str) -> Result<Record<N>, Fault> {
    document::read(&format!("the {}", N::TITLE), text.as_bytes())
}

fn counts<N: Noun>(snapshot: &Transaction<'_>, scope: &Scope) -> Result<RecordCounts, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT count(*), count(DISTINCT name) FILTER (WHERE deleted_at_ms IS NULL) FROM record
         WHERE account = ?1 AND region = ?2 AND resource = ?3",
    )?;
    let key = [scope.account.as_str(), scope.region.as_str(), N::RESOURCE];
    let (kept, names): (usize, usize) = statement.query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let unwritten = usize::from(unwritten::<N>(snapshot, scope)?.is_some());
    Ok(RecordCounts { kept: kept + unwritten, names: names + unwritten })
}

/// What every scope has from the start, as long as it was never written.
fn unwritten<N: Noun>(snapshot: &Transaction<'_>, scope: &Scope) -> Result<Option<Record<N>>, Fault> {
    let Some(built_in) = Record::<N>::built_in_of(scope) else { return Ok(None) };
    let mut statement = snapshot.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM record
             WHERE account = ?1 AND region = ?2 AND resource = ?3 AND name = ?4 AND revision = ?5)",
    )?;
    let (name, number) = built_in.place();
    let key = params![scope.account.as_str(), scope.region.as_str(), N::RESOURCE, name, number];
    let is_written: bool = statement.query_row(key, |row| row.get(0))?;
    Ok((!is_written).then_some(built_in))
}

/// Writes what was granted, with the row that says who asked for it, and answers with what a caller sees of it then.
fn keep<N: Noun>(
    transaction: &Transaction<'_>,
    granted: Granted<Record<N>>,
    row: &AuditRow,
) -> Result<Ending<Granted<RecordView<N>>>, Fault> {
    let record = match granted {
        Ok(record) => record,
        Err(refusal) => return Ok(Ending::RollBack(Err(refusal))),
    };
    put(transaction, &record)?;
    audit::keep(transaction, &AuditRow { resource: record.arn().to_string(), ..row.clone() })?;
    Ok(Ending::Commit(Ok(seen(&of_name(transaction, &record.scope, &record.name)?, record))))
}

fn put<N: Noun>(transaction: &Transaction<'_>, record: &Record<N>) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO record (account, region, resource, name, revision, deleted_at_ms, document)
         VALUES (:account, :region, :resource, :name, :revision, :deleted_at_ms, :document)
         ON CONFLICT DO UPDATE SET deleted_at_ms = excluded.deleted_at_ms, document = excluded.document",
    )?;
    let (name, number) = record.place();
    statement.execute(named_params! {
        ":account": record.scope.account.as_str(),
        ":region": record.scope.region.as_str(),
        ":resource": N::RESOURCE,
        ":name": name,
        ":revision": number,
        ":deleted_at_ms": record.deleted_at.map(Timestamp::millis),
        ":document": document::write(record),
    })?;
    Ok(())
}

/// A page's key is `<name>/<revision>`.
fn list<N: Noun>(
    snapshot: &Transaction<'_>,
    scope: &Scope,
    filter: &RecordFilter,
    page: &PageRequest,
) -> Result<Page<RecordView<N>>, Fault> {
    let after = match page.after.as_deref() {
        None => ("", 0),
        Some(key) => match key.split_once('/').and_then(|(name, number)| Some((name, number.parse::<u32>().ok()?))) {
            Some(place) => place,
            None => return Ok(Page { items: Vec::new(), next: None }),
        },
    };
    let mut statement = snapshot.prepare_cached(
        "SELECT document, is_latest FROM (
             SELECT name, revision, document, NOT EXISTS (
                 SELECT 1 FROM record AS higher WHERE higher.account = record.account AND higher.region = record.region
                 AND higher.resource = record.resource AND higher.name = record.name AND higher.revision > record.revision
                 AND higher.deleted_at_ms IS NULL) AS is_latest
             FROM record WHERE account = ?1 AND region = ?2 AND resource = ?3 AND deleted_at_ms IS NULL
             AND (name, revision) > (?4, ?5) AND (?6 IS NULL OR name = ?6))
         WHERE is_latest OR NOT ?7 ORDER BY name, revision LIMIT ?8",
    )?;
    let (account, region) = (scope.account.as_str(), scope.region.as_str());
    let RecordFilter { name, latest_only } = filter;
    let key = params![account, region, N::RESOURCE, after.0, after.1, name, latest_only, page::rows_max(page)];
    let rows = statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (text, latest): (String, bool) = row?;
        Ok(RecordView { record: read(&text)?, latest })
    });
    let mut views: Vec<RecordView<N>> = rows.collect::<Result<_, Fault>>()?;
    // It is the only one of its name.
    if let Some(record) = unwritten::<N>(snapshot, scope)?
        .filter(|record| record.place() > after && name.as_ref().is_none_or(|name| *name == record.name))
    {
        let at = views.partition_point(|view| view.record.place() < record.place());
        views.insert(at, RecordView { record, latest: true });
    }
    let keyed = views.into_iter().map(|view| (format!("{}/{}", view.record.name, view.record.revision), view));
    Ok(page::cut(keyed.collect(), page))
}

/// Documents that contain the id are read, to see whether they name it there: few do, and deletions are rare.
fn is_named(snapshot: &Transaction<'_>, scope: &Scope, id: &str) -> Result<bool, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT document FROM service WHERE account = ?1 AND region = ?2 AND deleted_at_ms IS NULL AND instr(document, ?3) > 0",
    )?;
    let mut rows = statement.query(params![scope.account.as_str(), scope.region.as_str(), id])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        if document::read::<Service>("a service", text.as_bytes())?.configuration.names(id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Forgets records that were deleted before a moment. The highest number of a name stays while any other of it does, so that it is not given again.
pub(crate) fn forget(transaction: &Transaction<'_>, deleted_before: Timestamp) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "DELETE FROM record AS old WHERE deleted_at_ms < ?1 AND (
             EXISTS (SELECT 1 FROM record AS higher WHERE higher.account = old.account AND higher.region = old.region
                     AND higher.resource = old.resource AND higher.name = old.name AND higher.revision > old.revision)
             OR NOT EXISTS (SELECT 1 FROM record AS other WHERE other.account = old.account AND other.region = old.region
                     AND other.resource = old.resource AND other.name = old.name AND other.revision <> old.revision
                     AND (other.deleted_at_ms IS NULL OR other.deleted_at_ms >= ?1)))",
    )?;
    statement.execute([deleted_before.millis()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::observability_configuration::ObservabilityConfiguration;
    use model::tag::Tags;
    use model::testbed::scope;
    use model::vpc_connector::VpcConnector;

    use super::*;
    use crate::migration::LEDGER;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn made<N: Noun>(noun: N, name: &str, revision: u32, deleted_at: Option<i64>) -> Record<N> {
        let (name, id, tags) = (name.to_owned(), format!("{revision:032x}"), Tags::default());
        Record { scope: scope(), name, revision, id, noun, created_at: Some(at(1)), deleted_at: deleted_at.map(at), tags }
    }

    fn places<N: Noun>(transaction: &Transaction<'_>) -> Vec<String> {
        let mut statement = transaction.prepare("SELECT document FROM record WHERE resource = ?1").unwrap();
        let rows = statement.query_map([N::RESOURCE], |row| row.get::<_, String>(0)).unwrap();
        let kept = with_built_in(&scope(), rows.map(|text| read::<N>(&text.unwrap()).unwrap()).collect());
        kept.iter().map(|kept| format!("{}/{}", kept.name, kept.revision)).collect()
    }

    #[test]
    fn old_deleted_ones_are_forgotten_and_a_number_is_not_given_again_while_its_name_lives() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        LEDGER.apply(&mut connection).unwrap();
        let transaction = connection.transaction().unwrap();
        for (name, revision, deleted_at) in [
            ("lives", 1, Some(10)),
            ("lives", 2, None),
            ("lives", 3, Some(10)),
            ("gone", 1, Some(10)),
            ("gone", 2, Some(20)),
            ("young", 1, Some(500)),
            ("young", 2, Some(10)),
        ] {
            put(&transaction, &made(ObservabilityConfiguration { tracing: None }, name, revision, deleted_at)).unwrap();
        }
        // Another noun's of the same names keeps and forgets for itself.
        let connector = VpcConnector { subnets: vec!["subnet-1".to_owned()], security_groups: None };
        put(&transaction, &made(connector.clone(), "gone", 1, None)).unwrap();
        put(&transaction, &made(connector, "lives", 9, Some(10))).unwrap();
        forget(&transaction, at(100)).unwrap();
        let left = places::<ObservabilityConfiguration>(&transaction);
        assert_eq!(left, ["DefaultConfiguration/1", "lives/2", "lives/3", "young/1", "young/2"]);
        assert_eq!(places::<VpcConnector>(&transaction), ["gone/1"]);
        let strange = PageRequest { after: Some("x".to_owned()), items_max: None };
        assert!(list::<VpcConnector>(&transaction, &scope(), &RecordFilter::default(), &strange).unwrap().items.is_empty());
    }
}
