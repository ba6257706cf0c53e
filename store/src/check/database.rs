//! A database as SQLite sees it: pages, indexes, constraints, and rows that others refer to.

use rusqlite::Connection;

use crate::check::finding::Findings;
use crate::fault::Fault;

/// Words of SQLite's that are taken over; a database with more is lost anyway.
const WORDS: usize = 20;

pub(super) fn check(connection: &Connection, name: &str, findings: &mut Findings<'_>) -> Result<(), Fault> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({WORDS})"))?;
    let words = statement.query_map([], |row| row.get::<_, String>(0))?;
    for words in words {
        match words {
            Ok(words) if words == "ok" => {}
            Ok(words) => findings.add(name, words, "restore a backup"),
            Err(error) => findings.add(name, error.to_string(), "restore a backup"),
        }
    }
    let mut statement = connection.prepare("SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for row in rows {
        let (table, parent, rows): (String, String, u64) = row?;
        findings.add(
            format!("{name}, table {table}"),
            format!("{rows} rows name rows of {parent} that are not there"),
            "restore a backup",
        );
    }
    Ok(())
}
