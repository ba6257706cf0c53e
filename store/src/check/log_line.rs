//! The catalogue of log lines and every block that it knows: whether it is where it should be, whole, and counted once.

use std::io;
use std::path::Path;

use rusqlite::{Connection, params};

use crate::check::finding::{Findings, Mend};
use crate::fault::Fault;
use crate::limit::CHECK_ROWS;
use crate::logs::block;
use crate::logs::segment::{SegmentReader, Spot};

/// What the catalogue says of itself, at one moment.
pub(super) fn check_rows(catalogue: &Connection, findings: &mut Findings<'_>) -> Result<(), Fault> {
    check_positions(catalogue, findings)?;
    check_sums(catalogue, findings)
}

struct Row {
    group: i64,
    first_position: u64,
    lines: usize,
    spot: Spot,
    length: usize,
}

/// Rows are read in steps, none of them held open while segments are: a platform that runs beside must be able to empty its write-ahead log.
pub(super) fn check_blocks(catalogue: &Connection, segments: &Path, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut reader = SegmentReader::new(segments);
    let mut last = (-1, -1);
    loop {
        let rows = rows_behind(catalogue, last)?;
        let Some(Row { spot, .. }) = rows.last() else { return Ok(()) };
        last = (i64::try_from(spot.segment).unwrap_or(i64::MAX), i64::try_from(spot.offset).unwrap_or(i64::MAX));
        for row in &rows {
            look_at(row, &mut reader, findings);
        }
    }
}

fn rows_behind(catalogue: &Connection, last: (i64, i64)) -> Result<Vec<Row>, Fault> {
    let mut statement = catalogue.prepare_cached(
        "SELECT log_group, first_position, lines, segment, offset_bytes, length_bytes FROM log_block
         WHERE (segment, offset_bytes) > (?1, ?2) ORDER BY segment, offset_bytes LIMIT ?3",
    )?;
    let rows = statement.query_map(params![last.0, last.1, CHECK_ROWS], |row| {
        Ok(Row {
            group: row.get(0)?,
            first_position: row.get(1)?,
            lines: row.get(2)?,
            spot: Spot { segment: row.get(3)?, offset: row.get(4)? },
            length: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn look_at(row: &Row, reader: &mut SegmentReader<'_>, findings: &mut Findings<'_>) {
    let Row { group, first_position, lines, spot, length } = *row;
    // Only what is not there is lost: what cannot be read just now may be whole.
    let is_gone = |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof);
    let wrong = match reader.read(spot, length).and_then(|bytes| block::decode(&bytes)) {
        Ok(found) if found.len() == lines => None,
        Ok(found) => Some((format!("it holds {} lines instead of {lines}", found.len()), true)),
        Err(Fault::File(error)) => Some((format!("it cannot be read: {error}"), is_gone(&error))),
        Err(fault) => Some((fault.to_string(), true)),
    };
    if let Some((wrong, is_lost)) = wrong {
        let what = format!("log segment {}, byte {}", spot.segment, spot.offset);
        if is_lost {
            let advice = format!("its {lines} lines are lost and are forgotten; the others of their group are found again");
            findings.add_mendable(what, wrong, advice, Mend::ForgetBlock { group, first_position });
        } else {
            findings.add(what, wrong, "it may be whole: look at the disk, then check again");
        }
    }
    findings.saw(|seen| {
        seen.log_blocks += 1;
        seen.log_bytes += length as u64;
    });
}

/// Positions of a group are given once.
fn check_positions(catalogue: &Connection, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut statement = catalogue.prepare(
        "SELECT log_group.name, first_position FROM
             (SELECT log_group AS ordinal, first_position, first_position + lines AS next,
                     lead(first_position) OVER (PARTITION BY log_group ORDER BY first_position) AS follows FROM log_block)
             JOIN log_group USING (ordinal)
         WHERE next > follows OR next > last_position + 1",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (group, position): (String, u64) = (row.get(0)?, row.get(1)?);
        let wrong = format!("the lines from {position} on have positions that are others' too");
        findings.add(format!("log group {group}"), wrong, "restore a backup");
    }
    Ok(())
}

fn check_sums(catalogue: &Connection, findings: &mut Findings<'_>) -> Result<(), Fault> {
    for (what, sql) in [
        (
            "the sums of log segments",
            "SELECT count(*) FROM log_segment FULL JOIN
                 (SELECT segment, count(*) AS found, sum(length_bytes) AS bytes FROM log_block GROUP BY segment) ON number = segment
             WHERE blocks IS NOT found OR living_bytes IS NOT bytes",
        ),
        (
            "the sums of log groups",
            "SELECT count(*) FROM log_group LEFT JOIN
                 (SELECT log_group AS ordinal, sum(length_bytes) AS bytes FROM log_block GROUP BY log_group) USING (ordinal)
             WHERE stored_bytes IS NOT coalesce(bytes, 0)",
        ),
    ] {
        let differ: u64 = catalogue.query_row(sql, [], |row| row.get(0))?;
        if differ > 0 {
            findings.add_mendable(
                what,
                format!("{differ} are not what their blocks add up to"),
                "they are counted again",
                Mend::CountAgain,
            );
        }
    }
    Ok(())
}
