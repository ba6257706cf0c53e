//! The forms of our databases, in order; each is applied once, in one transaction, and counted in `user_version`.
//!
//! A migration that was released never changes: the next one does. A database of a newer program is refused, never guessed at.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::database::{name_damaged, open_reader};
use crate::fault::Fault;

/// What kind of database a file is, and how it came to its present form.
#[derive(Debug)]
pub(crate) struct Schema {
    pub name: &'static str,
    /// SQLite's `application_id`, in the file's header: `file` and we tell our databases from others by it.
    pub application_id: i32,
    pub migrations: &'static [&'static str],
}

pub(crate) const LEDGER: Schema = Schema {
    name: "ledger",
    application_id: i32::from_be_bytes(*b"ORLe"),
    migrations: &[
        include_str!("migration/ledger_1.sql"),
        include_str!("migration/ledger_2_scaling_configuration.sql"),
        include_str!("migration/ledger_3_role.sql"),
        include_str!("migration/ledger_4_image_pin.sql"),
        include_str!("migration/ledger_5_event.sql"),
        include_str!("migration/ledger_6_record.sql"),
        include_str!("migration/ledger_7_scaling_default.sql"),
        include_str!("migration/ledger_8_quota.sql"),
        include_str!("migration/ledger_9_vpc_ingress.sql"),
        include_str!("migration/ledger_10_custom_domain.sql"),
        include_str!("migration/ledger_11_user.sql"),
        include_str!("migration/ledger_12_secret.sql"),
        include_str!("migration/ledger_13_audit_chain.sql"),
        include_str!("migration/ledger_14_policy_holder.sql"),
        include_str!("migration/ledger_15_audit_gap.sql"),
        include_str!("migration/ledger_16_token_key.sql"),
    ],
};

pub(crate) const LOGS: Schema = Schema {
    name: "log catalogue",
    application_id: i32::from_be_bytes(*b"ORLo"),
    migrations: &[
        include_str!("migration/logs_1.sql"),
        include_str!("migration/logs_2_groups.sql"),
        include_str!("migration/logs_3_sums.sql"),
    ],
};

/// Refuses a data dir of a newer program, before anything in it is changed.
pub(crate) fn refuse_newer(data_dir: &Path) -> Result<(), Fault> {
    for (path, schema) in [("ledger.db", &LEDGER), ("logs/catalogue.db", &LOGS)] {
        let path = data_dir.join(path);
        // An empty file is a database that was never written to.
        if path.metadata().is_ok_and(|found| found.len() > 0) {
            open_reader(&path).and_then(|connection| schema.form(&connection)).map_err(|fault| name_damaged(fault, &path))?;
        }
    }
    Ok(())
}

impl Schema {
    /// How many migrations a database has seen. Somebody else's is refused, and one of a newer program.
    pub(crate) fn form(&self, connection: &Connection) -> Result<usize, Fault> {
        let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let (application_id, version) = (pragma("application_id")?, pragma("user_version")?);
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let known = self.migrations.len();
        let applied = match usize::try_from(version) {
            Ok(0) if application_id == 0 && tables == 0 => 0,
            Ok(applied) if application_id == i64::from(self.application_id) => applied,
            Ok(_) | Err(_) => return Err(Fault::Damaged(format!("this file is not a {} of Outrunner", self.name))),
        };
        if applied > known {
            return Err(Fault::Damaged(format!(
                "the {} was written by a newer Outrunner (form {applied}, this program knows {known}): start that version, or restore a backup",
                self.name
            )));
        }
        Ok(applied)
    }

    /// Brings a database to the newest form, or refuses it with a sentence.
    #[cfg(test)]
    pub(crate) fn apply(&self, connection: &mut Connection) -> Result<(), Fault> {
        self.apply_and(connection, |_, _| Ok(()))
    }

    /// Brings a database to the newest form, or refuses it with a sentence; with a last word in the transaction, which is told how many migrations the database had seen before.
    pub(crate) fn apply_and(
        &self,
        connection: &mut Connection,
        last: impl FnOnce(&Transaction<'_>, usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (applied, known) = (self.form(&transaction)?, self.migrations.len());
        for migration in &self.migrations[applied..] {
            transaction.execute_batch(migration)?;
        }
        if applied < known {
            transaction.pragma_update(None, "application_id", self.application_id)?;
            transaction.pragma_update(None, "user_version", i64::try_from(known).expect("migrations are few"))?;
        }
        last(&transaction, applied)?;
        Ok(transaction.commit()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Schema = Schema { name: "test", application_id: 7, migrations: &["CREATE TABLE a (x)"] };
    const NEW: Schema = Schema { name: "test", application_id: 7, migrations: &["CREATE TABLE a (x)", "CREATE TABLE b (y)"] };

    fn version(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_older_database_is_brought_up_and_keeps_its_rows() {
        let mut connection = Connection::open_in_memory().unwrap();
        OLD.apply(&mut connection).unwrap();
        connection.execute("INSERT INTO a VALUES (1)", []).unwrap();
        NEW.apply(&mut connection).unwrap();
        NEW.apply(&mut connection).unwrap();
        assert_eq!(version(&connection), 2);
        assert_eq!(
            connection.query_row("SELECT count(*) FROM a, (SELECT count(*) FROM b)", [], |row| row.get::<_, i64>(0)).unwrap(),
            1
        );
    }

    #[test]
    fn a_role_and_a_user_that_are_damaged_keep_no_older_ledger_from_opening() {
        let older = Schema { migrations: &LEDGER.migrations[..13], ..LEDGER };
        let mut connection = Connection::open_in_memory().unwrap();
        older.apply(&mut connection).unwrap();
        connection
            .execute_batch(
                r#"INSERT INTO role VALUES ('a', 'damaged', '/', 'no document'), ('a', 'whole', '/', '{"noun":{"attached":["p","q"],"boundary":"b"}}');
                   INSERT INTO user VALUES ('a', 'damaged', '1', '/', ''), ('a', 'whole', '2', '/', '{"noun":{"attached":["p"],"boundary":"b"}}');"#,
            )
            .unwrap();
        LEDGER.apply(&mut connection).unwrap();
        let held =
            "SELECT group_concat(kind || ' ' || folded || ' ' || policy, ', ' ORDER BY kind, folded, policy) FROM policy_holder";
        let held: String = connection.query_row(held, [], |row| row.get(0)).unwrap();
        assert_eq!(held, "role whole b, role whole p, role whole q, user whole b, user whole p");
    }

    #[test]
    fn lines_of_the_first_form_have_times_and_an_age_in_the_second() {
        let first = Schema { migrations: &LOGS.migrations[..1], ..LOGS };
        let mut connection = Connection::open_in_memory().unwrap();
        first.apply(&mut connection).unwrap();
        connection
            .execute_batch(
                "INSERT INTO log_group VALUES (1, '000000000000', 'us-east-1', 'g', 3), (2, '000000000000', 'us-east-1', 'empty', 0);
                 INSERT INTO log_stream VALUES (1, 1, 'a'), (2, 1, 'b');
                 INSERT INTO log_block VALUES (1, 1, 1, 1, 1, 0, 9, 50, 60), (1, 2, 2, 1, 1, 9, 9, 40, 70);",
            )
            .unwrap();
        LOGS.apply(&mut connection).unwrap();
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0)).unwrap();
        assert_eq!(number("SELECT created_at_ms FROM log_group WHERE ordinal = 1"), Some(40), "as old as its first line");
        assert_eq!(number("SELECT first_ms FROM log_stream WHERE ordinal = 1"), Some(40));
        assert_eq!(number("SELECT last_ms FROM log_stream WHERE ordinal = 1"), Some(70));
        assert_eq!(number("SELECT ingested_ms FROM log_block WHERE first_position = 1"), Some(60));
        assert_eq!(number("SELECT last_ms FROM log_stream WHERE ordinal = 2"), None);
        assert_eq!(number("SELECT retention_days FROM log_group WHERE ordinal = 1"), None, "they are kept for good");
        assert_eq!(number("SELECT living_bytes FROM log_segment WHERE number = 1 AND blocks = 2"), Some(18), "counted once");
        assert_eq!(number("SELECT stored_bytes FROM log_group WHERE ordinal = 1"), Some(18));
    }

    #[test]
    fn what_segments_and_groups_hold_is_counted_as_blocks_come_move_and_go() {
        let mut connection = Connection::open_in_memory().unwrap();
        LOGS.apply(&mut connection).unwrap();
        let check = |sql: &str| {
            connection.execute_batch(sql).unwrap();
            let differ = |sums: &str, blocks: &str| -> i64 {
                let sql = format!(
                    "SELECT count(*) FROM (SELECT * FROM ({sums} EXCEPT {blocks}) UNION SELECT * FROM ({blocks} EXCEPT {sums}))"
                );
                connection.query_row(&sql, [], |row| row.get(0)).unwrap()
            };
            let segments = "SELECT segment, count(*), sum(length_bytes) FROM log_block GROUP BY segment";
            assert_eq!(differ("SELECT number, blocks, living_bytes FROM log_segment", segments), 0, "segments: {sql}");
            let groups = "SELECT log_group, sum(length_bytes) FROM log_block GROUP BY log_group";
            assert_eq!(differ("SELECT ordinal, stored_bytes FROM log_group WHERE stored_bytes > 0", groups), 0, "groups: {sql}");
        };
        let block = |group: u32, position: u32, segment: u32, bytes: u32| {
            format!("INSERT INTO log_block VALUES ({group}, {position}, 1, 1, {segment}, 0, {bytes}, 1, 1, 1);")
        };
        check(
            "INSERT INTO log_group (ordinal, account, region, name, last_position) VALUES (1, 'a', 'r', 'g', 9), (2, 'a', 'r', 'h', 9);
             INSERT INTO log_stream (ordinal, log_group, name) VALUES (1, 1, 's')",
        );
        check(&[block(1, 1, 1, 10), block(1, 2, 1, 20), block(2, 1, 1, 40), block(1, 3, 2, 80)].concat());
        check("UPDATE log_block SET segment = 3, offset_bytes = 7 WHERE log_group = 1 AND first_position = 1");
        check("UPDATE log_block SET segment = 3 WHERE segment = 2");
        check("DELETE FROM log_block WHERE log_group = 1 AND first_position = 2");
        check("DELETE FROM log_block WHERE log_group = 1");
        check("DELETE FROM log_block");
    }

    #[test]
    fn a_newer_database_is_refused_with_a_sentence_and_left_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        NEW.apply(&mut connection).unwrap();
        let fault = OLD.apply(&mut connection).unwrap_err();
        assert!(fault.to_string().contains("newer Outrunner (form 2, this program knows 1)"), "{fault}");
        assert_eq!(version(&connection), 2);
    }

    #[test]
    fn somebody_elses_database_is_refused() {
        let mut foreign = Connection::open_in_memory().unwrap();
        foreign.execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert!(OLD.apply(&mut foreign).unwrap_err().to_string().contains("not a test of Outrunner"));
        let mut other = Connection::open_in_memory().unwrap();
        LOGS.apply(&mut other).unwrap();
        assert!(LEDGER.apply(&mut other).unwrap_err().to_string().contains("not a ledger of Outrunner"));
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing() {
        const BROKEN: Schema =
            Schema { name: "test", application_id: 7, migrations: &["CREATE TABLE a (x)", "CREATE TABEL b (y)"] };
        let mut connection = Connection::open_in_memory().unwrap();
        OLD.apply(&mut connection).unwrap();
        assert!(BROKEN.apply(&mut connection).is_err());
        assert_eq!(version(&connection), 1);
    }
}
