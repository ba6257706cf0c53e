//! Auto scaling configurations: a row for each revision, decided by the rules of `model` inside the transaction that writes it.
//!
//! A scope has few (`model::limit`), so that all of it is read to decide. Who uses one is asked of the services' own documents.

use rusqlite::{OptionalExtension, Transaction, named_params, params};

use model::account::Scope;
use model::arn::ServiceArn;
use model::audit::AuditRow;
use model::port::{Answer, Granted, ScalingConfigurations};
use model::scaling_configuration::{
    NewScaling, ScalingArn, ScalingConfiguration, ScalingExtent, ScalingFilter, ScalingRevision, ScalingView, chosen,
    default_place, deleted, latest, listed, meant, next, with_default,
};
use model::service::Service;
use model::tag::TagChange;
use model::time::Timestamp;
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::{page, revision};
use crate::{Store, audit, document};

impl ScalingConfigurations for Store {
    fn create<'a>(&'a self, new: &'a NewScaling, audit: &'a AuditRow) -> Answer<'a, Granted<ScalingView>> {
        let (new, row) = (new.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let mut kept = kept(transaction, &new.scope)?;
                match next(&kept, &new) {
                    Ok(revision) => {
                        keep(transaction, &revision, &row)?;
                        kept.push(revision.clone());
                        Ok(Ending::Commit(Ok(view(transaction, &kept, revision)?)))
                    }
                    Err(refusal) => Ok(Ending::RollBack(Err(refusal))),
                }
            };
            self.0.ledger.write("creating an auto scaling configuration", work).await
        })
    }

    fn find<'a>(&'a self, arn: &'a ScalingArn) -> Answer<'a, Option<ScalingView>> {
        let arn = arn.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let kept = kept(snapshot, &arn.scope)?;
                meant(&kept, &arn).map(|found| view(snapshot, &kept, found.clone())).transpose()
            };
            self.0.ledger.read("reading an auto scaling configuration", work).await
        })
    }

    fn default<'a>(&'a self, scope: &'a Scope) -> Answer<'a, ScalingConfiguration> {
        let work = move |snapshot: &Transaction<'_>| {
            let Some((name, number)) = chosen_place(snapshot, scope)? else { return Ok(ScalingConfiguration::default()) };
            let mut statement = snapshot.prepare_cached(
                "SELECT document FROM scaling_configuration WHERE account = ?1 AND region = ?2 AND name = ?3 AND revision = ?4",
            )?;
            let key = params![scope.account.as_str(), scope.region.as_str(), name, number];
            let text: String = statement.query_row(key, |row| row.get(0))?;
            let kept: ScalingRevision = document::read("an auto scaling configuration", text.as_bytes())?;
            Ok(kept.configuration)
        };
        Box::pin(self.0.ledger.find("reading the default auto scaling configuration", work))
    }

    fn set_default<'a>(&'a self, arn: &'a ScalingArn, audit: &'a AuditRow) -> Answer<'a, Granted<ScalingView>> {
        let (arn, row) = (arn.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let kept = kept(transaction, &arn.scope)?;
                match chosen(&kept, &arn) {
                    Ok(revision) => {
                        // Its row is there from now on, also that of the one from the start: the default refers to it.
                        keep(transaction, revision, &row)?;
                        choose(transaction, revision)?;
                        Ok(Ending::Commit(Ok(view(transaction, &kept, revision.clone())?)))
                    }
                    Err(refusal) => Ok(Ending::RollBack(Err(refusal))),
                }
            };
            self.0.ledger.write("choosing the default auto scaling configuration", work).await
        })
    }

    fn list<'a>(&'a self, scope: &'a Scope, filter: &'a ScalingFilter, page: &'a PageRequest) -> Answer<'a, Page<ScalingView>> {
        let (scope, filter, page) = (scope.clone(), filter.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| list(snapshot, &scope, &filter, &page);
            self.0.ledger.read("listing auto scaling configurations", work).await
        })
    }

    fn delete<'a>(
        &'a self,
        arn: &'a ScalingArn,
        extent: ScalingExtent,
        at: Timestamp,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<ScalingView>> {
        let (arn, row) = (arn.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let in_use = |id: &str| {
                    Ok::<bool, Fault>(
                        is_used(transaction, &arn.scope, id)? || revision::is_returned_to(transaction, &arn.scope, id)?,
                    )
                };
                let default = default_place(chosen_place(transaction, &arn.scope)?);
                let gone = match deleted(&kept(transaction, &arn.scope)?, &arn, extent, at, &default, in_use)? {
                    Ok(gone) => gone,
                    Err(refusal) => return Ok(Ending::RollBack(Err(refusal))),
                };
                for revision in &gone {
                    keep(transaction, revision, &row)?;
                }
                let shown = gone.last().cloned().expect("a deletion that is not refused takes something");
                Ok(Ending::Commit(Ok(view(transaction, &kept(transaction, &arn.scope)?, shown)?)))
            };
            self.0.ledger.write("deleting an auto scaling configuration", work).await
        })
    }

    fn change_tags<'a>(&'a self, arn: &'a ScalingArn, change: &'a TagChange, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (arn, change, row) = (arn.clone(), change.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let changed = match meant(&kept(transaction, &arn.scope)?, &arn) {
                    Some(found) => found.retagged(&change),
                    None => Err(arn.not_found()),
                };
                match changed {
                    Ok(revision) => {
                        keep(transaction, &revision, &row)?;
                        Ok(Ending::Commit(Ok(())))
                    }
                    Err(refusal) => Ok(Ending::RollBack(Err(refusal))),
                }
            };
            self.0.ledger.write("changing tags of an auto scaling configuration", work).await
        })
    }

    fn services<'a>(&'a self, revision: &'a ScalingRevision, page: &'a PageRequest) -> Answer<'a, Page<ServiceArn>> {
        let (scope, id, page) = (revision.scope.clone(), revision.configuration.id.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| users(snapshot, &scope, &id, &page);
            self.0.ledger.read("listing services of an auto scaling configuration", work).await
        })
    }
}

/// All of a scope, deleted ones included, in the order of lists.
fn kept(snapshot: &Transaction<'_>, scope: &Scope) -> Result<Vec<ScalingRevision>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT document FROM scaling_configuration WHERE account = ?1 AND region = ?2")?;
    let rows = statement.query_map([scope.account.as_str(), scope.region.as_str()], |row| row.get::<_, String>(0))?;
    let read = rows.map(|text| document::read("an auto scaling configuration", text?.as_bytes()));
    Ok(with_default(scope, read.collect::<Result<_, Fault>>()?))
}

/// Writes a revision and the row that says who asked for it.
fn keep(transaction: &Transaction<'_>, revision: &ScalingRevision, row: &AuditRow) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO scaling_configuration (account, region, name, revision, deleted_at_ms, document)
         VALUES (:account, :region, :name, :revision, :deleted_at_ms, :document)
         ON CONFLICT DO UPDATE SET deleted_at_ms = excluded.deleted_at_ms, document = excluded.document",
    )?;
    let (name, number) = revision.place();
    statement.execute(named_params! {
        ":account": revision.scope.account.as_str(),
        ":region": revision.scope.region.as_str(),
        ":name": name,
        ":revision": number,
        ":deleted_at_ms": revision.deleted_at.map(Timestamp::millis),
        ":document": document::write(revision),
    })?;
    audit::keep(transaction, &AuditRow { resource: revision.arn().to_string(), ..row.clone() })
}

fn view(snapshot: &Transaction<'_>, kept: &[ScalingRevision], revision: ScalingRevision) -> Result<ScalingView, Fault> {
    let (name, number) = revision.place();
    let latest = latest(kept, name) == Some(number);
    let in_use = is_used(snapshot, &revision.scope, &revision.configuration.id)?;
    let (default_name, default_number) = default_place(chosen_place(snapshot, &revision.scope)?);
    let is_default = (name, number) == (default_name.as_str(), default_number);
    Ok(ScalingView { latest, in_use, is_default, revision })
}

/// Where somebody put the default of a scope.
fn chosen_place(snapshot: &Transaction<'_>, scope: &Scope) -> Result<Option<(String, u32)>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT name, revision FROM scaling_default WHERE account = ?1 AND region = ?2")?;
    let key = [scope.account.as_str(), scope.region.as_str()];
    Ok(statement.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn choose(transaction: &Transaction<'_>, revision: &ScalingRevision) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO scaling_default (account, region, name, revision) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET name = excluded.name, revision = excluded.revision",
    )?;
    let (name, number) = revision.place();
    statement.execute(params![revision.scope.account.as_str(), revision.scope.region.as_str(), name, number])?;
    Ok(())
}

/// A page's key is `<name>/<revision>`.
fn list(snapshot: &Transaction<'_>, scope: &Scope, filter: &ScalingFilter, page: &PageRequest) -> Result<Page<ScalingView>, Fault> {
    let kept = kept(snapshot, scope)?;
    let after = match page.after.as_deref() {
        None => None,
        Some(key) => match key.split_once('/').and_then(|(name, number)| Some((name, number.parse::<u32>().ok()?))) {
            Some(place) => Some(place),
            None => return Ok(Page { items: Vec::new(), next: None }),
        },
    };
    let behind = listed(&kept, filter).into_iter().filter(|revision| after.is_none_or(|after| revision.place() > after));
    let keyed = |revision: ScalingRevision| {
        let (name, number) = revision.place();
        (format!("{name}/{number}"), revision)
    };
    let Page { items, next } = page::cut(behind.map(keyed).collect(), page);
    let items = items.into_iter().map(|revision| view(snapshot, &kept, revision));
    Ok(Page { items: items.collect::<Result<_, Fault>>()?, next })
}

fn is_used(snapshot: &Transaction<'_>, scope: &Scope, id: &str) -> Result<bool, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM service WHERE account = ?1 AND region = ?2
         AND json_extract(document, '$.noun.configuration.scaling.id') = ?3 AND deleted_at_ms IS NULL)",
    )?;
    Ok(statement.query_row([scope.account.as_str(), scope.region.as_str(), id], |row| row.get(0))?)
}

/// In the order they were made; a page's key is the ordinal.
fn users(snapshot: &Transaction<'_>, scope: &Scope, id: &str, page: &PageRequest) -> Result<Page<ServiceArn>, Fault> {
    let Some(after) = page.after.as_deref().map_or(Some(0), |key| key.parse().ok()) else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let mut statement = snapshot.prepare_cached(
        "SELECT ordinal, document FROM service WHERE account = ?1 AND region = ?2
         AND json_extract(document, '$.noun.configuration.scaling.id') = ?3 AND deleted_at_ms IS NULL AND ordinal > ?4
         ORDER BY ordinal LIMIT ?5",
    )?;
    let after: i64 = after;
    let key = params![scope.account.as_str(), scope.region.as_str(), id, after, page::rows_max(page)];
    let rows = statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (ordinal, text): (i64, String) = row?;
        Ok((ordinal.to_string(), document::read::<Service>("a service", text.as_bytes())?.arn()))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

/// Forgets revisions that were deleted before a moment. The highest number of a name stays while any other of it does, so that it is not given
/// again. The first default stays for good: a scope that has no row of it has it as it was.
pub(crate) fn forget(transaction: &Transaction<'_>, deleted_before: Timestamp) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "DELETE FROM scaling_configuration AS old WHERE deleted_at_ms < ?1 AND NOT (name = ?2 AND revision = ?3) AND (
             EXISTS (SELECT 1 FROM scaling_configuration AS higher WHERE higher.account = old.account AND higher.region = old.region
                     AND higher.name = old.name AND higher.revision > old.revision)
             OR NOT EXISTS (SELECT 1 FROM scaling_configuration AS other WHERE other.account = old.account AND other.region = old.region
                     AND other.name = old.name AND other.revision <> old.revision
                     AND (other.deleted_at_ms IS NULL OR other.deleted_at_ms >= ?1)))",
    )?;
    let (name, number) = default_place(None);
    statement.execute(params![deleted_before.millis(), name, number])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::scaling_configuration::ScalingConfiguration;
    use model::tag::Tags;
    use model::testbed::{caller, scope};

    use super::*;
    use crate::migration::LEDGER;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn put(transaction: &Transaction<'_>, name: &str, revision: u32, deleted_at: Option<i64>) {
        let id = format!("{revision:032x}");
        let configuration = ScalingConfiguration { name: name.to_owned(), revision, id, ..ScalingConfiguration::default() };
        let deleted_at = deleted_at.map(at);
        let made = ScalingRevision { scope: scope(), configuration, created_at: Some(at(1)), deleted_at, tags: Tags::default() };
        let row = AuditRow { at: at(1), caller: caller(), action: String::new(), resource: String::new() };
        keep(transaction, &made, &row).unwrap();
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
            ("DefaultConfiguration", 1, Some(10)),
            ("DefaultConfiguration", 2, Some(10)),
            ("DefaultConfiguration", 3, None),
        ] {
            put(&transaction, name, revision, deleted_at);
        }
        forget(&transaction, at(100)).unwrap();
        let first = kept(&transaction, &scope()).unwrap().remove(0);
        assert_eq!(first.deleted_at, Some(at(10)), "the first default does not come back as if it had never been deleted");
        let left: Vec<(String, u32)> =
            kept(&transaction, &scope()).unwrap().iter().map(|kept| (kept.place().0.to_owned(), kept.place().1)).collect();
        let left: Vec<(&str, u32)> = left.iter().map(|(name, number)| (name.as_str(), *number)).collect();
        let first = ["DefaultConfiguration"; 2];
        assert_eq!(left, [(first[0], 1), (first[1], 3), ("lives", 2), ("lives", 3), ("young", 1), ("young", 2)]);
        assert_eq!(
            users(&transaction, &scope(), "x", &PageRequest { after: Some("x".to_owned()), items_max: None }).unwrap().items,
            []
        );
    }

    #[test]
    fn services_of_an_older_ledger_are_found_too() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        let older = crate::migration::Schema { migrations: &LEDGER.migrations[..1], ..LEDGER };
        older.apply(&mut connection).unwrap();
        let golden = include_str!("../../tests/golden/service_running.json");
        let service: Service = document::read("a service", golden.as_bytes()).unwrap();
        let insert = "INSERT INTO service (id, account, region, name, label, created_at_ms, version, document)
                      VALUES (?1, ?2, ?3, 'webs', 'label', 1, 1, ?4)";
        let Scope { account, region } = &service.scope;
        connection.execute(insert, [service.id.as_str(), account.as_str(), region.as_str(), golden.trim_end()]).unwrap();
        LEDGER.apply(&mut connection).unwrap();
        let transaction = connection.transaction().unwrap();
        let id = &service.configuration.scaling.id;
        assert!(is_used(&transaction, &service.scope, id).unwrap());
        let all = PageRequest { after: None, items_max: None };
        assert_eq!(users(&transaction, &service.scope, id, &all).unwrap().items, [service.arn()]);
        assert!(!is_used(&transaction, &service.scope, "another").unwrap());
    }

    #[test]
    fn who_uses_one_is_found_by_an_index() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        LEDGER.apply(&mut connection).unwrap();
        let plan: String = connection
            .query_row(
                "EXPLAIN QUERY PLAN SELECT 1 FROM service WHERE account = ?1 AND region = ?2
                 AND json_extract(document, '$.noun.configuration.scaling.id') = ?3 AND deleted_at_ms IS NULL",
                ["a", "r", "i"],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("service_scaling"), "{plan}");
    }
}
