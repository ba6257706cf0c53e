//! What is told of a chain that somebody touched, and of one that nobody did.

use super::*;
use crate::migration::Schema;

fn key(byte: u8) -> ChainKey {
    ChainKey::new(&Secret::new([byte; 32]))
}

/// A ledger with as many rows.
fn ledger(rows: u32) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    let begun = |transaction: &Transaction<'_>, form| {
        transaction.execute("UPDATE audit_chain SET base_hash = zeroblob(32), head_hash = zeroblob(32)", []).unwrap();
        begin(transaction, form, &key(1), SealMark::Plain)
    };
    LEDGER.apply_and(&mut connection, begun).unwrap();
    look(&connection, &key(1)).unwrap();
    let transaction = connection.transaction().unwrap();
    for row in 0..rows {
        append(&transaction, &format!("{{\"row\":{row}}}")).unwrap();
    }
    seal(&transaction, &key(1)).unwrap();
    transaction.commit().unwrap();
    connection
}

/// The platform as it goes on: another row, a start, and one more.
fn look_again(ledger: &mut Connection) {
    for _ in 0..2 {
        let transaction = ledger.transaction().unwrap();
        // A row that was put in at the head's place is in the way of the next one: then nothing is written at all.
        if append(&transaction, "{}").is_ok() {
            seal(&transaction, &key(1)).unwrap();
            transaction.commit().unwrap();
        } else {
            drop(transaction);
        }
        ledger.execute_batch("DROP TABLE temp.audit_met; DROP TABLE temp.audit_gap_met; DROP TABLE temp.audit_gap_made").unwrap();
        LEDGER.apply_and(ledger, |transaction, form| begin(transaction, form, &key(1), SealMark::Chained)).unwrap();
        look(ledger, &key(1)).unwrap();
    }
}

/// Takes away the oldest.
fn forget(transaction: &Transaction<'_>, up_to: u64) {
    audit_gap::remove(transaction, &(1..=up_to).collect::<Vec<_>>()).unwrap();
}

fn take_away(ledger: &mut Connection, positions: &[u64]) {
    let transaction = ledger.transaction().unwrap();
    audit_gap::remove(&transaction, positions).unwrap();
    seal(&transaction, &key(1)).unwrap();
    transaction.commit().unwrap();
}

fn gaps(ledger: &Connection) -> Vec<(u64, u64)> {
    audit_gap::read_all(ledger).unwrap().iter().map(|gap| (gap.first, gap.last.position)).collect()
}

fn broken(connection: &Connection) -> Option<String> {
    walk(connection, &key(1), None).unwrap().broken
}

#[test]
fn the_encoding_is_the_one_that_was_released() {
    let ledger = ledger(2);
    let head = Ends::read(&ledger).unwrap().head;
    let path = format!("{}/tests/golden/audit_chain.txt", env!("CARGO_MANIFEST_DIR"));
    #[expect(clippy::disallowed_methods, reason = "the switch of golden files, in tests only")]
    if std::env::var("UPDATE").is_ok_and(|update| update == "1") {
        std::fs::write(&path, format!("{head}\n")).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap().trim_end(), head.to_string());
    assert_eq!(Link::parse(&head.to_string()), Some(head));
    assert_eq!(Link::parse("2:00"), None);
}

#[test]
fn a_chain_that_nobody_touched_holds_and_every_touch_is_told_by_its_row() {
    assert_eq!(broken(&ledger(0)), None);
    let whole = walk(&ledger(5), &key(1), None).unwrap();
    assert_eq!((whole.rows, whole.oldest, whole.head.position, whole.broken), (5, Some(1), 5, None));
    for (touch, words) in [
        ("UPDATE audit SET document = '{\"row\":9}' WHERE position = 3", "row 3 is not what was written"),
        ("UPDATE audit SET hash = randomblob(32) WHERE position = 3", "row 3 is not what was written"),
        ("UPDATE audit SET hash = NULL WHERE position = 5", "row 5 is not what was written"),
        ("DELETE FROM audit WHERE position = 3", "missing between 2 and 4"),
        ("DELETE FROM audit WHERE position = 1", "missing between 0 and 2"),
        ("DELETE FROM audit WHERE position >= 4", "the newest rows are missing: 5 was written, and the last that is there is 3"),
        ("INSERT INTO audit (position, document) VALUES (6, '{}')", "row 6 is not what was written"),
        ("DELETE FROM audit", "the newest rows are missing"),
        ("UPDATE audit_chain SET head_position = 4", "the ends of the chain were not written by this platform"),
        ("UPDATE audit_chain SET seal = NULL", "the ends of the chain were not written by this platform"),
        (
            "DELETE FROM audit WHERE position = 5;
             UPDATE audit_chain SET head_position = 4, head_hash = (SELECT hash FROM audit WHERE position = 4)",
            "the ends of the chain were not written by this platform",
        ),
        (
            "UPDATE audit_chain SET base_position = 2, base_hash = (SELECT hash FROM audit WHERE position = 2);
             DELETE FROM audit WHERE position <= 2",
            "the ends of the chain were not written by this platform",
        ),
    ] {
        let mut ledger = ledger(5);
        ledger.execute_batch(touch).unwrap();
        assert!(broken(&ledger).unwrap_or_default().contains(words), "{touch}: {:?}", broken(&ledger));
        // What the platform does afterwards proves nothing that was not proven: the next row, the next start, and forgetting.
        look_again(&mut ledger);
        assert!(broken(&ledger).is_some(), "{touch}");
    }
    assert!(walk(&ledger(5), &key(2), None).unwrap().broken.unwrap().contains("another master key"));
}

#[test]
fn a_chain_that_was_rewritten_without_the_key_is_not_sealed_by_the_next_row_nor_by_forgetting() {
    for forget_first in [false, true] {
        let mut ledger = ledger(5);
        let document = "{\"row\":9}";
        let before: Hash = ledger.query_row("SELECT hash FROM audit WHERE position = 4", [], |row| row.get(0)).unwrap();
        let hash = next(&before, 5, document);
        ledger.execute("UPDATE audit SET document = ?1, hash = ?2 WHERE position = 5", params![document, hash]).unwrap();
        ledger.execute("UPDATE audit_chain SET head_hash = ?1", [hash]).unwrap();
        let transaction = ledger.transaction().unwrap();
        if forget_first {
            forget(&transaction, 2);
        }
        append(&transaction, "{}").unwrap();
        seal(&transaction, &key(1)).unwrap();
        transaction.commit().unwrap();
        look_again(&mut ledger);
        assert!(broken(&ledger).unwrap().contains("not written by this platform"));
    }
}

#[test]
fn a_head_that_was_kept_elsewhere_tells_another_chain_from_this_one() {
    let ledger = ledger(3);
    let head = Ends::read(&ledger).unwrap().head;
    let told = |link: Link| walk(&ledger, &key(1), Some(&link)).unwrap().broken;
    assert_eq!(told(head), None);
    assert!(told(Link { hash: [9; 32], ..head }).unwrap().contains("another than was expected"));
    assert!(told(Link { position: 9, ..head }).unwrap().contains("there is no row 9"));
}

#[test]
fn rows_that_go_for_being_too_many_leave_a_chain_that_holds_and_goes_on() {
    let mut ledger = ledger(5);
    let transaction = ledger.transaction().unwrap();
    forget(&transaction, 2);
    append(&transaction, "{}").unwrap();
    seal(&transaction, &key(1)).unwrap();
    transaction.commit().unwrap();
    let walked = walk(&ledger, &key(1), None).unwrap();
    assert_eq!((walked.rows, walked.oldest, walked.head.position, walked.broken), (4, Some(3), 6, None));
    let old = Link { position: 1, hash: [0; 32] };
    assert!(walk(&ledger, &key(1), Some(&old)).unwrap().broken.unwrap().contains("taken away as too old"));
}

#[test]
fn rows_that_went_from_between_others_leave_gaps_behind_which_the_chain_goes_on() {
    let mut ledger = ledger(12);
    take_away(&mut ledger, &[4, 6]);
    assert_eq!(gaps(&ledger), [(4, 4), (6, 6)]);
    take_away(&mut ledger, &[5, 9, 10]);
    assert_eq!(gaps(&ledger), [(4, 6), (9, 10)], "those side by side are one");
    let transaction = ledger.transaction().unwrap();
    append(&transaction, "{}").unwrap();
    seal(&transaction, &key(1)).unwrap();
    transaction.commit().unwrap();
    let walked = walk(&ledger, &key(1), None).unwrap();
    assert_eq!((walked.rows, walked.oldest, walked.taken_away, walked.broken), (8, Some(1), 5, None));
    // The oldest of all: where it stood the chain begins, and a gap at its beginning is none.
    take_away(&mut ledger, &[1, 2, 3]);
    assert_eq!((gaps(&ledger), Ends::read(&ledger).unwrap().base.position), (vec![(9, 10)], 6));
    take_away(&mut ledger, &[7, 8, 77]);
    assert_eq!((gaps(&ledger), span(&ledger).unwrap()), (vec![], 3));
    take_away(&mut ledger, &[12, 13, 11]);
    let walked = walk(&ledger, &key(1), None).unwrap();
    assert_eq!((walked.rows, walked.oldest, walked.head.position, walked.broken), (0, None, 13, None), "all of them");
    look_again(&mut ledger);
    assert_eq!(broken(&ledger), None);
}

#[test]
fn the_newest_row_may_go_and_what_is_expected_of_a_row_that_went_cannot_be_told() {
    let mut ledger = ledger(5);
    let head = Ends::read(&ledger).unwrap().head;
    let link = |ledger: &Connection, position: u64| {
        let hash = ledger.query_row("SELECT hash FROM audit WHERE position = ?1", [position], |row| row.get(0)).unwrap();
        Link { position, hash }
    };
    let (third, fourth) = (link(&ledger, 3), link(&ledger, 4));
    take_away(&mut ledger, &[5, 4, 3]);
    assert_eq!(gaps(&ledger), [(3, 5)]);
    let told = |link: &Link| walk(&ledger, &key(1), Some(link)).unwrap().broken;
    assert_eq!((told(&head), broken(&ledger)), (None, None), "its hash is the gap's");
    for link in [third, fourth] {
        assert!(told(&link).unwrap().contains("its account had too many"), "{link}");
    }
}

#[test]
fn a_gap_that_somebody_made_or_changed_is_told_and_no_later_one_covers_it() {
    for (touch, words) in [
        ("DELETE FROM audit_gap WHERE first_position = 4", "rows are missing between 3 and 6"),
        ("UPDATE audit_gap SET seal = NULL", "rows are missing from 4 to 5"),
        ("UPDATE audit_gap SET last_position = 6; DELETE FROM audit WHERE position = 6", "rows are missing from 4 to 6"),
        ("UPDATE audit_gap SET last_hash = randomblob(32)", "rows are missing from 4 to 5"),
        ("UPDATE audit_gap SET before_hash = randomblob(32)", "rows are missing from 4 to 5"),
        (
            "INSERT INTO audit_gap SELECT 8, (SELECT hash FROM audit WHERE position = 7), 8, hash, NULL FROM audit WHERE position = 8;
             DELETE FROM audit WHERE position = 8",
            "rows are missing from 8 to 8",
        ),
        (
            "INSERT INTO audit_gap SELECT 8, (SELECT hash FROM audit WHERE position = 7), 8, hash, (SELECT seal FROM audit_gap) FROM audit
                 WHERE position = 8;
             DELETE FROM audit WHERE position = 8",
            "rows are missing from 8 to 8",
        ),
        ("UPDATE audit SET document = '{\"row\":9}' WHERE position = 3", "row 3 is not what was written"),
        ("UPDATE audit SET document = '{\"row\":9}' WHERE position = 7", "row 7 is not what was written"),
    ] {
        let mut ledger = ledger(10);
        take_away(&mut ledger, &[4, 5]);
        assert_eq!(broken(&ledger), None);
        ledger.execute_batch(touch).unwrap();
        assert!(broken(&ledger).unwrap_or_default().contains(words), "{touch}: {:?}", broken(&ledger));
        // What was touched goes into a larger gap, and then into the base: nothing of that proves it.
        for positions in [&[3, 6, 7][..], &[2, 8, 9], &[1]] {
            take_away(&mut ledger, positions);
            assert!(broken(&ledger).is_some(), "{touch}, and {positions:?} went");
            look_again(&mut ledger);
            assert!(broken(&ledger).is_some(), "{touch}, and {positions:?} went");
        }
    }
}

#[test]
fn a_ledger_that_was_set_back_to_before_its_chain_gets_one_that_proves_nothing() {
    let before = Schema { migrations: &LEDGER.migrations[..12], ..LEDGER };
    for (mark, rows, proven) in [
        (SealMark::Plain, 2, true),
        (SealMark::Absent, 0, true),
        (SealMark::Absent, 1, false),
        (SealMark::Chained, 0, false),
        (SealMark::Chained, 2, false),
    ] {
        let mut connection = Connection::open_in_memory().unwrap();
        before.apply(&mut connection).unwrap();
        for row in 0..rows {
            connection.execute("INSERT INTO audit (document) VALUES (?1)", [format!("{{\"row\":{row}}}")]).unwrap();
        }
        LEDGER.apply_and(&mut connection, |transaction, form| begin(transaction, form, &key(1), mark)).unwrap();
        assert_eq!(broken(&connection).is_none(), proven, "{mark:?} with {rows} rows");
        if !proven {
            look(&connection, &key(1)).unwrap();
            look_again(&mut connection);
            assert!(broken(&connection).unwrap().contains("not written by this platform"));
        }
    }
}

#[test]
fn rows_of_the_program_before_are_chained_at_its_first_start_and_never_again() {
    let before = Schema { migrations: &LEDGER.migrations[..12], ..LEDGER };
    let mut connection = Connection::open_in_memory().unwrap();
    before.apply(&mut connection).unwrap();
    connection.execute_batch("INSERT INTO audit VALUES (1, '{}'), (3, '{\"a\":1}')").unwrap();
    LEDGER.apply_and(&mut connection, |transaction, form| begin(transaction, form, &key(1), SealMark::Plain)).unwrap();
    let walked = walk(&connection, &key(1), None).unwrap();
    assert_eq!((walked.rows, walked.head.position, walked.broken), (2, 3, None));
    connection.execute("INSERT INTO audit (position, document) VALUES (4, '{}')", []).unwrap();
    LEDGER.apply_and(&mut connection, |transaction, form| begin(transaction, form, &key(1), SealMark::Plain)).unwrap();
    assert!(broken(&connection).unwrap().contains("row 4"), "what somebody put in stays unproven");
}
