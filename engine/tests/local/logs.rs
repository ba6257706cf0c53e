//! What instances print: bytes as they are, every line once, whoever comes and goes, however fast.

use std::time::Instant;

use engine::local::LocalEngine;
use model::instance::{ExitCause, InstancePhase};
use model::log_line::LogCursor;
use model::port::Engine;

use crate::bench::{Bench, exited, name, see, spec};

/// The longest piece of a line; see the shim's limits.
const LINE_BYTES: usize = 256 << 10;

async fn everything(engine: &LocalEngine, slot: u16) -> Vec<Vec<u8>> {
    let batch = engine.lines(&name(slot), LogCursor::default(), 10_000).await.unwrap();
    batch.lines.into_iter().map(|line| line.bytes.to_vec()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn binary_long_and_unended_lines_arrive_as_they_are() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("bytes", &["binary", "flood=1048576", "say=END", "mutter=last words", "exit=0"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Code(0));
    let mut expected: Vec<Vec<u8>> = vec![(0..10).collect(), (11..=255).collect()];
    expected.extend(vec![vec![b'x'; LINE_BYTES]; 4]);
    expected.extend([b"END".to_vec(), b"last words".to_vec()]);
    let got = everything(&engine, 0).await;
    let lengths = |lines: &[Vec<u8>]| lines.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lengths(&got), lengths(&expected));
    assert!(got == expected);
    drop(engine);
    bench.remove().await;
}

/// Takes over what an instance prints until it has ended, in batches, and forgets what it has taken. Every so many batches
/// `again` makes another engine.
async fn take_over(bench: &Bench, slot: u16, lives: usize) -> u64 {
    let mut engine = bench.open().await;
    let mut cursor = LogCursor::default();
    let mut expected = 0;
    let mut batches = 0;
    loop {
        let over = matches!(see(&engine, &name(slot)).await.unwrap().phase, InstancePhase::Exited(_));
        let batch = engine.lines(&name(slot), cursor, 7_000).await.unwrap();
        if over && batch.lines.is_empty() {
            return expected;
        }
        for line in &batch.lines {
            assert_eq!(String::from_utf8_lossy(&line.bytes), format!("line {expected}"), "none is lost, none comes twice");
            expected += 1;
        }
        cursor = batch.next;
        batches += 1;
        // A platform may die between taking lines over and saying so: then they are still there, before the cursor.
        if batches % 2 == 0 {
            engine.absorbed(&name(slot), cursor).await.unwrap();
        }
        if batches % lives == 0 {
            drop(engine);
            engine = bench.open().await;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_is_lost_or_doubled_however_often_the_platform_goes_and_comes() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("counts", &["count=300000"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    drop(engine);
    assert_eq!(take_over(&bench, 0, 5).await, 300_000);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_that_print_as_fast_as_they_can_lose_nothing() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("counts", &["count=500000"]).await;
    let run = async |slots: std::ops::Range<u16>| {
        let since = Instant::now();
        for slot in slots.clone() {
            engine.start(&spec(slot, &image)).await.unwrap();
        }
        for slot in slots.clone() {
            assert_eq!(exited(&engine, &name(slot)).await.how, ExitCause::Code(0));
        }
        let took = since.elapsed();
        for slot in slots.clone() {
            let last = &exited(&engine, &name(slot)).await.last_lines;
            assert_eq!(last.last().map(String::as_str), Some("line 499999"), "nothing was dropped");
            engine.discard(&name(slot)).await.unwrap();
        }
        f64::from(500_000 * u32::from(slots.end - slots.start)) / took.as_secs_f64()
    };
    let (alone, together) = (run(0..1).await, run(1..4).await);
    // A hundred thousand on a quiet machine. Not asserted: other tests run beside this one, on whatever there is.
    println!("{alone:.0} lines/s by one, {together:.0} by three, starts and ends included");
    drop(engine);
    bench.remove().await;
}
