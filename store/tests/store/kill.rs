//! `kill -9` of a process that commits, again and again: what it was told is done, is done; what it was not told is whole or not there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use model::event::Event;
use model::instance::InstanceName;
use model::log_line::{LogCursor, LogLine, LogStream};
use model::port::{Audit, Blobs, Commit, Events, LogLines, Services, Version};
use model::repository::RepositoryKey;
use model::testbed::{TurnedClock, collect, scope, service_id};
use model::time::Timestamp;
use model::wish::LogPosition;
use store::Store;

use crate::rig::{Rig, blob, created, key, open, repository, row, sha256, upload};

/// Set for the child only: the data dir it writes to.
const DATA_DIR: &str = "OUTRUNNER_TEST_KILLED_DATA_DIR";

fn instance() -> InstanceName {
    InstanceName { service: service_id(1), revision: 1, slot: 0 }
}

fn stream() -> LogStream {
    LogStream { scope: scope(), group: "g".to_owned(), stream: "instance/r1-0".to_owned() }
}

/// The first part of a round: a commit with an event and an audit row. Everything carries the round's number.
async fn commit(store: &Store, n: u64) {
    let mut change = created(1, "webs");
    change.operation = None;
    change.events = vec![Event::new(Timestamp::from_millis(1), n.to_string())];
    change.audit = Some(row(&n.to_string()));
    assert_eq!(store.commit(Version(n - 1), &change).await.unwrap(), Commit::Done(Version(n)));
}

/// The rest of a round: two log lines and a blob. Done twice, it is done once.
async fn print_and_push(store: &Store, repository: &RepositoryKey, n: u64) {
    let lines = ["x", "y"].map(|text| LogLine { at: Timestamp::from_millis(1), bytes: format!("{text}{n}").into() });
    let cursor = |offset| LogCursor { run: 0, segment: 0, offset };
    LogLines::append(store, &stream(), &lines, &instance(), cursor(n - 1), cursor(n)).await.unwrap();
    blob(store, repository, 1, n.to_string().as_bytes()).await;
}

/// What the child does until it is killed: goes on where the killed one before it stopped, and says when a round is done.
async fn commit_until_killed(data_dir: &Path) {
    let store = open(data_dir, Arc::new(TurnedClock::at_millis(1_000))).unwrap();
    let hello = key("hello");
    store.cancel(&hello, &upload(1)).await.unwrap();
    let mut version = store.by_id(&service_id(1)).await.unwrap().map_or(0, |found| found.version.0);
    if version > 0 {
        // The kill cut through this round somewhere behind its commit.
        print_and_push(&store, &hello, version).await;
    }
    loop {
        version += 1;
        commit(&store, version).await;
        print_and_push(&store, &hello, version).await;
        let mut out = std::io::stdout().lock();
        writeln!(out, "\ndone {version}").unwrap();
        out.flush().unwrap();
    }
}

fn start(data_dir: &Path) -> Child {
    #[expect(clippy::disallowed_methods, reason = "the test kills a process of its own")]
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::what_was_acknowledged_survives_kill_9_and_the_rest_is_whole_or_not_there", "--nocapture"])
        .env(DATA_DIR, data_dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets the child do so many rounds, kills it, and answers the last round it said was done.
fn kill_after(data_dir: &Path, rounds: usize) -> u64 {
    let mut child = start(data_dir);
    let said = BufReader::new(child.stdout.take().unwrap());
    let mut done = said.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("done ").and_then(|n| n.parse().ok()));
    let before: Vec<u64> = done.by_ref().take(rounds).collect();
    assert_eq!(before.len(), rounds, "the child works");
    child.kill().unwrap();
    let last = done.last().or(before.last().copied()).unwrap();
    child.wait().unwrap();
    last
}

async fn check(store: &Store, acknowledged: u64) {
    let version = store.by_id(&service_id(1)).await.unwrap().unwrap().version.0;
    assert!(version >= acknowledged, "commit {acknowledged} was acknowledged, {version} is there");
    let numbers: Vec<_> = (1..=version).map(|n| n.to_string()).collect();
    let events = Events::list(store, &service_id(1), LogPosition(0), u32::MAX).await.unwrap();
    assert_eq!(events.iter().map(|placed| placed.event.message.replace("[AppRunner] ", "")).collect::<Vec<_>>(), numbers);
    let rows = Audit::list(store, LogPosition(0), u32::MAX).await.unwrap();
    let actions = rows.into_iter().map(|(_, row)| row.action).filter(|action| !action.starts_with("ecr:"));
    assert_eq!(actions.collect::<Vec<_>>(), numbers, "an audit row for each commit");

    let cursor = store.cursor(&instance()).await.unwrap().offset;
    assert!(cursor >= acknowledged, "lines {acknowledged} were acknowledged, {cursor} is there");
    let lines = LogLines::read(store, &scope(), "g", LogPosition(0), u32::MAX).await.unwrap();
    let printed: Vec<_> = lines.iter().map(|placed| String::from_utf8(placed.line.bytes.to_vec()).unwrap()).collect();
    let last: Vec<_> = printed.iter().filter_map(|text| text.strip_prefix('y')?.parse::<u64>().ok()).collect();
    assert_eq!(last, (1..=cursor).collect::<Vec<_>>(), "each batch once, up to the cursor");
    assert_eq!(printed.len(), last.len() * 2, "a batch is whole or not there");

    for n in 1..=acknowledged {
        let text = n.to_string();
        if let Some(bytes) = Blobs::read(store, &key("hello"), &sha256(text.as_bytes()), None).await.unwrap() {
            assert_eq!(collect(bytes).await.unwrap(), text.as_bytes());
        } else {
            panic!("blob {n} was acknowledged");
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_kill_9_and_the_rest_is_whole_or_not_there() {
    #[expect(clippy::disallowed_methods, reason = "how the child knows that it is the child")]
    let told = std::env::var_os(DATA_DIR);
    if let Some(data_dir) = told {
        return commit_until_killed(Path::new(&data_dir)).await;
    }
    let rig = Rig::new();
    let store = rig.open();
    repository(&store, "hello").await;
    drop(store);
    let mut before = 0;
    for rounds in [3, 17, 41, 8] {
        let acknowledged = kill_after(&rig.data_dir(), rounds);
        assert!(acknowledged >= before + rounds as u64);
        let store = rig.open();
        check(&store, acknowledged).await;
        before = acknowledged;
    }
}
