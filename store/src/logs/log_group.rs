//! The port `LogGroups`: groups and streams as rows of the catalogue.
//!
//! The catalogue is a database of its own, so a change's audit row is committed with it there, and is moved into the ledger afterwards: a crash in
//! between leaves it for the next move, and the ledger knows one that comes a second time.

use rusqlite::types::ToSql;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use model::account::Scope;
use model::audit::AuditRow;
use model::log_group::{Direction, GroupNames, LogGroup, LogGroupKey, LogStreamSummary, RetentionDays, StreamList, StreamOrder};
use model::port::{Answer, Granted, LogGroups};
use model::refusal::{Refusal, RefusalKind};
use model::tag::Tags;
use model::time::Timestamp;
use model::trouble::Trouble;
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::page;
use crate::limit::{AUDIT_MOVED, LOG_GROUPS};
use crate::logs::catalogue::{self, Group};
use crate::{Store, audit, document};

impl LogGroups for Store {
    fn create<'a>(&'a self, group: &'a LogGroupKey, tags: &'a Tags, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (key, tags, at, retention) = (group.clone(), tags.clone(), audit.at, self.0.logs.retention());
        Box::pin(self.change_logs("making a log group", audit, move |transaction| create(transaction, &key, &tags, at, retention)))
    }

    fn delete<'a>(&'a self, group: &'a LogGroupKey, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let key = group.clone();
        Box::pin(self.change_logs("deleting a log group", audit, move |transaction| {
            with_group(transaction, &key, |group| delete(transaction, group))
        }))
    }

    fn get<'a>(&'a self, group: &'a LogGroupKey) -> Answer<'a, Option<LogGroup>> {
        let key = group.clone();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let sql = format!("{GROUPS} AND name = ?3");
                let mut statement = snapshot.prepare_cached(&sql)?;
                let scope = [key.scope.account.as_str(), key.scope.region.as_str(), &key.name];
                let row = statement.query_row(scope, columns).optional()?;
                row.map(|row| read(&key.scope, row)).transpose()
            };
            self.0.logs.catalogue.read("reading a log group", work).await
        })
    }

    fn list<'a>(&'a self, scope: &'a Scope, names: &'a GroupNames, page: &'a PageRequest) -> Answer<'a, Page<LogGroup>> {
        let (scope, names, page) = (scope.clone(), names.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| list(snapshot, &scope, &names, &page);
            self.0.logs.catalogue.read("listing log groups", work).await
        })
    }

    fn set_retention<'a>(
        &'a self,
        group: &'a LogGroupKey,
        retention: Option<RetentionDays>,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>> {
        let key = group.clone();
        Box::pin(self.change_logs("setting a log group's retention", audit, move |transaction| {
            with_group(transaction, &key, |group| {
                let sql = "UPDATE log_group SET retention_days = ?2 WHERE ordinal = ?1";
                transaction.prepare_cached(sql)?.execute(params![group.ordinal, retention.map(RetentionDays::days)])?;
                Ok(Ok(()))
            })
        }))
    }

    fn tag<'a>(
        &'a self,
        group: &'a LogGroupKey,
        given: &'a Tags,
        taken: &'a [String],
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>> {
        let (key, given, taken) = (group.clone(), given.clone(), taken.to_vec());
        Box::pin(self.change_logs("tagging a log group", audit, move |transaction| {
            with_group(transaction, &key, |group| retag(transaction, &key, group, &given, &taken))
        }))
    }

    fn create_stream<'a>(&'a self, group: &'a LogGroupKey, stream: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (key, name, at) = (group.clone(), stream.to_owned(), audit.at);
        Box::pin(self.change_logs("making a log stream", audit, move |transaction| {
            with_group(transaction, &key, |group| {
                let sql = "INSERT INTO log_stream (log_group, name, created_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
                let new = transaction.prepare_cached(sql)?.execute(params![group.ordinal, name, at.millis()])?;
                Ok(if new == 0 { Err(key.stream_taken()) } else { Ok(()) })
            })
        }))
    }

    fn delete_stream<'a>(&'a self, group: &'a LogGroupKey, stream: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (key, name) = (group.clone(), stream.to_owned());
        Box::pin(self.change_logs("deleting a log stream", audit, move |transaction| {
            with_group(transaction, &key, |group| match catalogue::stream(transaction, group, &name)? {
                None => Ok(Err(key.stream_not_found())),
                Some(ordinal) => {
                    for sql in ["DELETE FROM log_block WHERE log_stream = ?1", "DELETE FROM log_stream WHERE ordinal = ?1"] {
                        transaction.prepare_cached(sql)?.execute([ordinal])?;
                    }
                    Ok(Ok(()))
                }
            })
        }))
    }

    fn streams<'a>(
        &'a self,
        group: &'a LogGroupKey,
        list: &'a StreamList,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<LogStreamSummary>>> {
        let (key, list, page) = (group.clone(), list.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                with_group(snapshot, &key, |group| Ok(Ok(streams(snapshot, group, &list, &page)?)))
            };
            self.0.logs.catalogue.read("listing log streams", work).await
        })
    }
}

impl Store {
    /// One change of groups or streams, with its audit row.
    async fn change_logs(
        &self,
        doing: &'static str,
        audit: &AuditRow,
        work: impl FnOnce(&Transaction<'_>) -> Result<Granted<()>, Fault> + Send + 'static,
    ) -> Result<Granted<()>, Trouble> {
        let document = document::write(audit);
        let work = move |transaction: &Transaction<'_>| match work(transaction)? {
            Ok(()) => {
                transaction.prepare_cached("INSERT INTO audit_pending (document) VALUES (?1)")?.execute([document])?;
                Ok(Ending::Commit(Ok(())))
            }
            refused @ Err(_) => Ok(Ending::RollBack(refused)),
        };
        let done = self.0.logs.catalogue.write(doing, work).await?;
        if done.is_ok()
            && let Err(trouble) = self.move_audit().await
        {
            // The change is made, and its row is safe: it goes with the next one, or with a sweep.
            tracing::warn!(cause = %trouble.chain(), "an audit row did not reach the ledger; it will be tried again");
        }
        Ok(done)
    }

    /// Moves audit rows of the catalogue into the ledger.
    pub(crate) async fn move_audit(&self) -> Result<(), Trouble> {
        let doing = "moving audit rows into the ledger";
        loop {
            let look = |snapshot: &Transaction<'_>| {
                let mut statement =
                    snapshot.prepare_cached("SELECT position, document FROM audit_pending ORDER BY position LIMIT ?1")?;
                let rows = statement.query_map([AUDIT_MOVED], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<Vec<(i64, String)>, _>>()?)
            };
            let rows = self.0.logs.catalogue.read(doing, look).await?;
            let Some(last) = rows.last().map(|(position, _)| *position) else { return Ok(()) };
            let documents: Vec<String> = rows.into_iter().map(|(_, document)| document).collect();
            let add = move |transaction: &Transaction<'_>| Ok(Ending::Commit(audit::keep_once(transaction, &documents)?));
            self.0.ledger.write(doing, add).await?;
            let forget = move |transaction: &Transaction<'_>| {
                transaction.prepare_cached("DELETE FROM audit_pending WHERE position <= ?1")?.execute([last])?;
                Ok(Ending::Commit(()))
            };
            self.0.logs.catalogue.write(doing, forget).await?;
        }
    }
}

fn with_group<T>(
    snapshot: &Transaction<'_>,
    key: &LogGroupKey,
    then: impl FnOnce(&Group) -> Result<Granted<T>, Fault>,
) -> Result<Granted<T>, Fault> {
    match catalogue::group(snapshot, &key.scope, &key.name)? {
        Some(group) => then(&group),
        None => Ok(Err(key.not_found())),
    }
}

fn create(
    transaction: &Transaction<'_>,
    key: &LogGroupKey,
    tags: &Tags,
    at: Timestamp,
    retention: Option<RetentionDays>,
) -> Result<Granted<()>, Fault> {
    let count: u32 = transaction.prepare_cached("SELECT count(*) FROM log_group")?.query_row([], |row| row.get(0))?;
    if count >= LOG_GROUPS {
        let message = format!("There are {LOG_GROUPS} log groups already. Delete some that nobody needs.");
        return Ok(Err(Refusal::new(RefusalKind::Quota, message)));
    }
    let mut statement = transaction.prepare_cached(
        "INSERT INTO log_group (account, region, name, last_position, created_at_ms, retention_days, tags)
         VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?;
    let tags = (!tags.0.is_empty()).then(|| document::write(tags));
    let Scope { account, region } = &key.scope;
    let days = retention.map(RetentionDays::days);
    let new = statement.execute(params![account.as_str(), region.as_str(), key.name, at.millis(), days, tags])?;
    Ok(if new == 0 { Err(key.taken()) } else { Ok(()) })
}

fn retag(
    transaction: &Transaction<'_>,
    key: &LogGroupKey,
    group: &Group,
    given: &Tags,
    taken: &[String],
) -> Result<Granted<()>, Fault> {
    let sql = "SELECT tags FROM log_group WHERE ordinal = ?1";
    let kept: Option<String> = transaction.prepare_cached(sql)?.query_row([group.ordinal], |row| row.get(0))?;
    let tags = match key.retagged(tags(kept)?, given, taken) {
        Ok(tags) => tags,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let document = (!tags.0.is_empty()).then(|| document::write(&tags));
    let sql = "UPDATE log_group SET tags = ?2 WHERE ordinal = ?1";
    transaction.prepare_cached(sql)?.execute(params![group.ordinal, document])?;
    Ok(Ok(()))
}

/// A row's tags; absent: none.
fn tags(document: Option<String>) -> Result<Tags, Fault> {
    Ok(document.map(|text| document::read("a log group's tags", text.as_bytes())).transpose()?.unwrap_or_default())
}

/// The bytes of the lines go with their segments.
fn delete(transaction: &Transaction<'_>, group: &Group) -> Result<Granted<()>, Fault> {
    for sql in [
        "DELETE FROM log_block WHERE log_group = ?1",
        "DELETE FROM log_stream WHERE log_group = ?1",
        "DELETE FROM log_group WHERE ordinal = ?1",
    ] {
        transaction.prepare_cached(sql)?.execute([group.ordinal])?;
    }
    Ok(Ok(()))
}

const GROUPS: &str =
    "SELECT name, created_at_ms, retention_days, tags, stored_bytes FROM log_group WHERE account = ?1 AND region = ?2";

/// Columns of a group's row.
type GroupRow = (String, i64, Option<i64>, Option<String>, u64);

fn columns(row: &Row<'_>) -> rusqlite::Result<GroupRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn read(scope: &Scope, (name, created_at_ms, days, tags, stored_bytes): GroupRow) -> Result<LogGroup, Fault> {
    let damaged = |_| Fault::Damaged("a log group's retention is damaged".to_owned());
    Ok(LogGroup {
        key: LogGroupKey { scope: scope.clone(), name },
        created_at: Timestamp::from_millis(created_at_ms),
        retention: days.map(RetentionDays::parse).transpose().map_err(damaged)?,
        stored_bytes,
        tags: self::tags(tags)?,
    })
}

/// By name; a page's key is the name.
fn list(snapshot: &Transaction<'_>, scope: &Scope, names: &GroupNames, page: &PageRequest) -> Result<Page<LogGroup>, Fault> {
    let (condition, text) = match names {
        GroupNames::All => ("?5 = ''", ""),
        GroupNames::Prefix(prefix) => ("name >= ?5 AND substr(name, 1, length(?5)) = ?5", prefix.as_str()),
        GroupNames::Containing(part) => ("instr(name, ?5) > 0", part.as_str()),
    };
    let mut statement = snapshot.prepare_cached(&format!("{GROUPS} AND name > ?3 AND {condition} ORDER BY name LIMIT ?4"))?;
    let after = page.after.as_deref().unwrap_or("");
    let key = params![scope.account.as_str(), scope.region.as_str(), after, page::rows_max(page), text];
    let rows = statement.query_map(key, columns)?;
    let rows = rows.map(|row| {
        let row = row?;
        Ok((row.0.clone(), read(scope, row)?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

/// A page's key is the name, or the time of the newest line and the number of the stream.
fn streams(
    snapshot: &Transaction<'_>,
    group: &Group,
    list: &StreamList,
    page: &PageRequest,
) -> Result<Page<LogStreamSummary>, Fault> {
    let (order, compare) = match list.direction {
        Direction::Ascending => ("ASC", ">"),
        Direction::Descending => ("DESC", "<"),
    };
    const LAST: &str = "coalesce(last_ms, -9223372036854775808)";
    let name = page.after.clone();
    let newest = page.after.as_deref().and_then(|key| key.split_once('.'));
    let newest: Option<(i64, i64)> = newest.and_then(|(at, ordinal)| Some((at.parse().ok()?, ordinal.parse().ok()?)));
    let (condition, order, keys): (_, _, [&dyn ToSql; 2]) = match list.order {
        StreamOrder::Name => (format!("name {compare} ?3 AND ?4 IS NULL"), format!("name {order}"), [&name, &None::<i64>]),
        StreamOrder::LastLine => {
            let (at, ordinal) = newest.as_ref().map_or((&0, &0), |(at, ordinal)| (at, ordinal));
            (format!("({LAST}, ordinal) {compare} (?3, ?4)"), format!("{LAST} {order}, ordinal {order}"), [at, ordinal])
        }
    };
    let is_first = page.after.is_none();
    let sql = format!(
        "SELECT name, created_at_ms, first_ms, last_ms, ingested_ms, {LAST} || '.' || ordinal FROM log_stream
         WHERE log_group = ?1 AND substr(name, 1, length(?2)) = ?2 AND (?6 OR ({condition})) ORDER BY {order} LIMIT ?5"
    );
    let mut statement = snapshot.prepare_cached(&sql)?;
    let rows_max = page::rows_max(page);
    let parameters: [&dyn ToSql; 6] = [&group.ordinal, &list.prefix, keys[0], keys[1], &rows_max, &is_first];
    let at = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    let rows = statement.query_map(parameters.as_slice(), |row| {
        let stream = LogStreamSummary {
            name: row.get(0)?,
            created_at: Timestamp::from_millis(row.get(1)?),
            first_at: at(row.get(2)?),
            last_at: at(row.get(3)?),
            ingested_at: at(row.get(4)?),
        };
        let key = match list.order {
            StreamOrder::Name => stream.name.clone(),
            StreamOrder::LastLine => row.get(5)?,
        };
        Ok((key, stream))
    })?;
    Ok(page::cut(rows.collect::<Result<_, _>>()?, page))
}
