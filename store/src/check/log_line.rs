//! The catalogue of log lines and every block that it knows: whether it is where it should be, whole, and counted once.

use std::path::Path;

use rusqlite::Connection;

use crate::check::finding::{Findings, Mend};
use crate::fault::Fault;
use crate::logs::block;
use crate::logs::segment::{SegmentReader, Spot};

pub(super) fn check(catalogue: &Connection, segments: &Path, findings: &mut Findings<'_>) -> Result<(), Fault> {
    check_blocks(catalogue, segments, findings)?;
    check_positions(catalogue, findings)?;
    check_sums(catalogue, findings)
}

fn check_blocks(catalogue: &Connection, segments: &Path, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut statement = catalogue.prepare(
        "SELECT log_group, first_position, lines, segment, offset_bytes, length_bytes FROM log_block ORDER BY segment, offset_bytes",
    )?;
    let mut rows = statement.query([])?;
    let mut reader = SegmentReader::new(segments);
    while let Some(row) = rows.next()? {
        let (group, first_position, lines): (i64, u64, usize) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (spot, length) = (Spot { segment: row.get(3)?, offset: row.get(4)? }, row.get::<_, usize>(5)?);
        let wrong = match reader.read(spot, length).and_then(|bytes| block::decode(&bytes)) {
            Ok(found) if found.len() == lines => None,
            Ok(found) => Some(format!("it holds {} lines instead of {lines}", found.len())),
            Err(Fault::File(error)) => Some(format!("it cannot be read: {error}")),
            Err(fault) => Some(fault.to_string()),
        };
        if let Some(wrong) = wrong {
            let what = format!("log segment {}, byte {}", spot.segment, spot.offset);
            let advice = format!("its {lines} lines are lost and are forgotten; the others of their group are found again");
            findings.add_mendable(what, wrong, advice, Mend::ForgetBlock { group, first_position });
        }
        findings.saw(|seen| {
            seen.log_blocks += 1;
            seen.log_bytes += length as u64;
        });
    }
    Ok(())
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
