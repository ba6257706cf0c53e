//! The catalogue's rows: groups, streams, blocks and cursors.
//!
//! Positions of a group are given as 1, 2, 3 … without gaps; retention, and a stream that is deleted, leave holes among them. What segments and groups
//! hold is counted by the database itself (`migration/logs_3_sums.sql`).

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use model::account::Scope;
use model::instance::InstanceName;
use model::log_group::RetentionDays;
use model::log_line::{LogCursor, LogSource};
use model::service::ServiceId;
use model::time::Timestamp;

use crate::fault::Fault;
use crate::limit::{LOG_BLOCKS_FORGOTTEN, LOG_ROW_BYTES};
use crate::logs::block::Block;
use crate::logs::segment::Spot;

/// A group: its number, the position of its newest line, and how long its lines are kept.
pub(super) struct Group {
    pub ordinal: i64,
    pub last_position: u64,
    pub retention_days: Option<i64>,
}

/// What a group is given when the first line makes it.
#[derive(Clone, Copy)]
pub(super) struct Birth {
    pub now: Timestamp,
    pub retention: Option<RetentionDays>,
}

/// The row of a cursor.
pub(super) struct CursorRow(String);

impl From<&InstanceName> for CursorRow {
    fn from(instance: &InstanceName) -> Self {
        Self(instance.to_string())
    }
}

impl From<&LogSource> for CursorRow {
    fn from(source: &LogSource) -> Self {
        // No instance's name has a '/'.
        Self(match source {
            LogSource::Events(service) => format!("events/{service}"),
            LogSource::FrontDoor => "front-door/".to_owned(),
        })
    }
}

/// A block as the catalogue knows it.
pub(super) struct Entry {
    pub first_position: u64,
    pub stream: String,
    pub spot: Spot,
    pub length: usize,
    pub lines: u64,
    pub earliest: Timestamp,
}

/// Where the last block ends.
pub(super) fn end(connection: &Connection) -> Result<Option<Spot>, Fault> {
    let sql = "SELECT segment, offset_bytes + length_bytes FROM log_block ORDER BY segment DESC, offset_bytes DESC LIMIT 1";
    Ok(connection.query_row(sql, [], |row| Ok(Spot { segment: row.get(0)?, offset: row.get(1)? })).optional()?)
}

/// A segment as the catalogue knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentEntry {
    pub number: u64,
    /// Of blocks that have a row.
    pub living_bytes: u64,
}

/// The segments, oldest first.
pub(super) fn segments(snapshot: &Transaction<'_>) -> Result<Vec<SegmentEntry>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT number, living_bytes FROM log_segment ORDER BY number")?;
    let rows = statement.query_map([], |row| Ok(SegmentEntry { number: row.get(0)?, living_bytes: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets the blocks that came first, wherever they stand now, until all of them take no more than `bytes_max` with their rows; then those that follow
/// in the same segment, so that its file goes whole. At most `LOG_BLOCKS_FORGOTTEN`: then it answers the last one's segment, from which the caller goes on.
pub(super) fn forget_oldest(transaction: &Transaction<'_>, bytes_max: u64, last: Option<u64>) -> Result<Option<u64>, Fault> {
    let total: u64 = transaction
        .prepare_cached("SELECT coalesce(sum(living_bytes + blocks * ?1), 0) FROM log_segment")?
        .query_row([LOG_ROW_BYTES], |row| row.get(0))?;
    let (mut over, mut last) = (total.saturating_sub(bytes_max), last);
    if over == 0 && last.is_none() {
        return Ok(None);
    }
    let mut statement = transaction.prepare_cached(
        "SELECT log_group, first_position, segment, length_bytes FROM log_block ORDER BY ingested_ms, log_group, first_position LIMIT ?1",
    )?;
    let rows = statement.query_map([LOG_BLOCKS_FORGOTTEN], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let oldest: Vec<(i64, u64, u64, u64)> = rows.collect::<Result<_, _>>()?;
    let are_all = oldest.len() < LOG_BLOCKS_FORGOTTEN as usize;
    let mut forget = transaction.prepare_cached("DELETE FROM log_block WHERE log_group = ?1 AND first_position = ?2")?;
    for (group, first_position, segment, length) in oldest {
        if over == 0 && last != Some(segment) {
            return Ok(None);
        }
        forget.execute(params![group, first_position])?;
        over = over.saturating_sub(length + LOG_ROW_BYTES);
        last = Some(segment);
    }
    Ok(last.filter(|_| !are_all))
}

pub(super) fn is_known(snapshot: &Transaction<'_>, segment: u64) -> Result<bool, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT EXISTS (SELECT 1 FROM log_block WHERE segment = ?1)")?;
    Ok(statement.query_row([segment], |row| row.get(0))?)
}

/// Forgets the blocks whose newest line has been kept for as long as its group says, and the streams that have lost their last one so.
pub(super) fn retire(transaction: &Transaction<'_>, now: Timestamp) -> Result<(), Fault> {
    let mut statement =
        transaction.prepare_cached("SELECT ordinal, retention_days FROM log_group WHERE retention_days IS NOT NULL")?;
    let groups = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<Vec<(i64, i64)>, _>>()?;
    for (group, days) in groups {
        let damaged = |_| Fault::Damaged("a log group's retention is damaged".to_owned());
        let cutoff = RetentionDays::parse(days).map_err(damaged)?.cutoff(now).millis();
        for sql in [
            "DELETE FROM log_block WHERE log_group = ?1 AND latest_ms < ?2",
            "DELETE FROM log_stream WHERE log_group = ?1 AND last_ms < ?2
                 AND NOT EXISTS (SELECT 1 FROM log_block WHERE log_block.log_stream = log_stream.ordinal)",
            "UPDATE log_stream SET first_ms =
                 coalesce((SELECT min(earliest_ms) FROM log_block WHERE log_block.log_stream = log_stream.ordinal), first_ms)
             WHERE log_group = ?1 AND first_ms < ?2",
        ] {
            transaction.prepare_cached(sql)?.execute([group, cutoff])?;
        }
    }
    Ok(())
}

/// The services that have cursors.
pub(super) fn cursor_owners(snapshot: &Transaction<'_>) -> Result<BTreeSet<ServiceId>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT instance FROM log_cursor")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut owners = BTreeSet::new();
    for row in rows {
        let row = row?;
        let id = row.strip_prefix("events/").or_else(|| row.split_once('.').map(|(id, _)| id));
        owners.extend(id.and_then(|id| ServiceId::parse(id).ok()));
    }
    Ok(owners)
}

/// After which position the last `lines` lines of a group come.
pub(super) fn tail(snapshot: &Transaction<'_>, group: &Group, lines: u32) -> Result<u64, Fault> {
    let mut left = u64::from(lines);
    if left == 0 {
        return Ok(group.last_position);
    }
    let mut statement =
        snapshot.prepare_cached("SELECT first_position, lines FROM log_block WHERE log_group = ?1 ORDER BY first_position DESC")?;
    let mut rows = statement.query([group.ordinal])?;
    while let Some(row) = rows.next()? {
        let (first_position, lines): (u64, u64) = (row.get(0)?, row.get(1)?);
        if lines >= left {
            return Ok(first_position + lines - left - 1);
        }
        left -= lines;
    }
    Ok(0)
}

/// Forgets the cursors of a service's instances and events.
pub(super) fn forget_cursors(transaction: &Transaction<'_>, service: &ServiceId) -> Result<(), Fault> {
    // An instance's name is its service's id, a dot, and what has no dot in it; '/' is what follows '.'.
    transaction
        .prepare_cached("DELETE FROM log_cursor WHERE instance >= ?1 || '.' AND instance < ?1 || '/'")?
        .execute([service.as_str()])?;
    let CursorRow(events) = (&LogSource::Events(service.clone())).into();
    transaction.prepare_cached("DELETE FROM log_cursor WHERE instance = ?1")?.execute([events])?;
    Ok(())
}

pub(super) fn cursor(snapshot: &Transaction<'_>, CursorRow(row): &CursorRow) -> Result<LogCursor, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT run, segment, offset_bytes FROM log_cursor WHERE instance = ?1")?;
    let read = |row: &Row<'_>| Ok(LogCursor { run: row.get(0)?, segment: row.get(1)?, offset: row.get(2)? });
    Ok(statement.query_row([row], read).optional()?.unwrap_or_default())
}

pub(super) fn keep_cursor(transaction: &Transaction<'_>, CursorRow(row): &CursorRow, next: LogCursor) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO log_cursor (instance, run, segment, offset_bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (instance)
         DO UPDATE SET run = excluded.run, segment = excluded.segment, offset_bytes = excluded.offset_bytes",
    )?;
    statement.execute(params![row, next.run, next.segment, next.offset])?;
    Ok(())
}

pub(super) fn group(snapshot: &Transaction<'_>, scope: &Scope, name: &str) -> Result<Option<Group>, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT ordinal, last_position, retention_days FROM log_group WHERE account = ?1 AND region = ?2 AND name = ?3",
    )?;
    let read = |row: &Row<'_>| Ok(Group { ordinal: row.get(0)?, last_position: row.get(1)?, retention_days: row.get(2)? });
    Ok(statement.query_row([scope.account.as_str(), scope.region.as_str(), name], read).optional()?)
}

pub(super) fn group_or_new(transaction: &Transaction<'_>, scope: &Scope, name: &str, birth: Birth) -> Result<Group, Fault> {
    transaction
        .prepare_cached(
            "INSERT INTO log_group (account, region, name, last_position, created_at_ms, retention_days) VALUES (?1, ?2, ?3, 0, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            scope.account.as_str(),
            scope.region.as_str(),
            name,
            birth.now.millis(),
            birth.retention.map(RetentionDays::days)
        ])?;
    Ok(group(transaction, scope, name)?.expect("this transaction wrote it, or one before did"))
}

pub(super) fn stream(snapshot: &Transaction<'_>, group: &Group, name: &str) -> Result<Option<i64>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT ordinal FROM log_stream WHERE log_group = ?1 AND name = ?2")?;
    Ok(statement.query_row(params![group.ordinal, name], |row| row.get(0)).optional()?)
}

pub(super) fn stream_or_new(transaction: &Transaction<'_>, group: &Group, name: &str, birth: Birth) -> Result<i64, Fault> {
    transaction
        .prepare_cached("INSERT INTO log_stream (log_group, name, created_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![group.ordinal, name, birth.now.millis()])?;
    Ok(stream(transaction, group, name)?.expect("this transaction wrote it, or one before did"))
}

/// Adds blocks that stand one after another from a spot on, and gives their lines the group's next positions.
pub(super) fn add(
    transaction: &Transaction<'_>,
    group: &Group,
    stream: i64,
    blocks: &[Block],
    from: Spot,
    now: Timestamp,
) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached("INSERT INTO log_block VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
    let mut seen = transaction.prepare_cached(
        "UPDATE log_stream SET first_ms = min(coalesce(first_ms, ?2), ?2), last_ms = max(coalesce(last_ms, ?3), ?3), ingested_ms = ?4
         WHERE ordinal = ?1",
    )?;
    let (mut last, mut offset) = (group.last_position, from.offset);
    for block in blocks {
        let (length, earliest, latest) = (block.bytes.len() as u64, block.earliest.millis(), block.latest.millis());
        statement.execute(params![
            group.ordinal,
            last + 1,
            block.lines,
            stream,
            from.segment,
            offset,
            length,
            earliest,
            latest,
            now.millis()
        ])?;
        seen.execute(params![stream, earliest, latest, now.millis()])?;
        last += u64::from(block.lines);
        offset += length;
    }
    transaction
        .prepare_cached("UPDATE log_group SET last_position = ?2 WHERE ordinal = ?1")?
        .execute(params![group.ordinal, last])?;
    Ok(())
}

/// Gives the blocks that hold lines after a position, in order, to `each` until it says false.
pub(super) fn after(
    snapshot: &Transaction<'_>,
    group: &Group,
    position: u64,
    mut each: impl FnMut(Entry) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    // The block that holds the next line is the last one that begins at it or before.
    let mut statement = snapshot.prepare_cached(
        "SELECT first_position, name, segment, offset_bytes, length_bytes, lines, earliest_ms
         FROM log_block JOIN log_stream ON log_stream.ordinal = log_stream
         WHERE log_block.log_group = ?1 AND first_position >= coalesce(
             (SELECT max(first_position) FROM log_block WHERE log_group = ?1 AND first_position <= ?2), 0)
         ORDER BY first_position",
    )?;
    let mut rows = statement.query(params![group.ordinal, position + 1])?;
    while let Some(row) = rows.next()? {
        let spot = Spot { segment: row.get(2)?, offset: row.get(3)? };
        let earliest = Timestamp::from_millis(row.get(6)?);
        let entry =
            Entry { first_position: row.get(0)?, stream: row.get(1)?, spot, length: row.get(4)?, lines: row.get(5)?, earliest };
        if !each(entry)? {
            break;
        }
    }
    Ok(())
}
