//! What instances write: as much as they may and no more, in every way that bounds it, and gone when they are.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use engine::local::premises::Premises;
use engine::local::{ScratchSettings, Way};
use model::instance::{DiskSeen, InstancePhase};
use model::port::{Engine, Ring};
use serde_json::json;

use crate::bench::{Bench, base_layer, exited, folder, name, printed, ready, see, spec, tar, until};

const EACH: u64 = 24 << 20;

fn bench_with(way: Way) -> Bench {
    let mut bench = Bench::new();
    bench.settings.scratch = ScratchSettings { all_bytes: Some(1 << 30), each_bytes: EACH, ways: vec![way] };
    bench
}

/// In the whole pool. (What is free there jumps, with the pieces that btrfs sets aside for its own tables.)
fn used(pool: &Path) -> u64 {
    let disk = rustix::fs::statvfs(pool).unwrap();
    (disk.f_blocks - disk.f_bfree) * disk.f_frsize
}

/// What a line that begins so goes on with.
fn after<'a>(lines: &'a [String], beginning: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.strip_prefix(beginning)).collect()
}

fn assert_full(why: &str, way: Way) {
    let expected = match way {
        Way::Pool => "Disk quota exceeded",
        Way::Images | Way::Shared => "No space left on device",
    };
    assert!(why.ends_with(expected), "{way:?}: {why}");
}

/// What the bomb met.
fn assert_bomb(lines: &[String], way: Way) {
    let fills = after(lines, "fill ");
    assert_eq!(fills.len(), 3, "{lines:?}");
    for fill in &fills {
        assert_full(fill, way);
    }
    for fill in &fills[..2] {
        assert!((EACH * 7 / 10..=EACH).contains(&bytes(fill)), "{way:?}: {fill}");
    }
    assert_eq!(after(lines, "holes "), ["done"], "a file that is written and emptied again and again");
    if way == Way::Images {
        // A quota refuses this too, as it needs a little room for itself; removing a file does not.
        assert_eq!(after(lines, "punch "), ["done"]);
    }
    for path in ["h", "a", "b"] {
        assert_eq!(after(lines, &format!("rm /tmp/{path}: ")), ["done"], "room can be made even when there is none");
    }
    assert_eq!(after(lines, "sparse "), ["done"], "what is not written costs nothing");
    assert_full(after(lines, "files ")[0], way);
    assert_ne!(after(lines, "subvolume "), ["made"]);
}

/// Of a line that says how many bytes and why not more.
fn bytes(fill: &str) -> u64 {
    fill.split(' ').next().unwrap().parse().unwrap()
}

/// The bomb writes, punches, makes files, and tries to get another quota; the neighbour and the platform go on.
async fn a_disk_bomb_stays_within_its_instance(way: Way, user: &str) {
    let bench = bench_with(way);
    let engine = bench.open().await;
    assert_eq!(engine.scratch_way(), way);
    let open_to_all = tar(|builder| folder(builder, "tmp/", 0o1777));
    let words = "/resident holes=/tmp/h rm=/tmp/h fill=/tmp/a punch=/tmp/a rm=/tmp/a fill=/tmp/b rm=/tmp/b sparse=/tmp/s \
                 files=/tmp/many fill=/tmp/c subvolume serve";
    let words: Vec<&str> = words.split_ascii_whitespace().collect();
    let config = json!({ "Cmd": words, "User": user });
    let bomb = bench.image("bomb", &[base_layer(), open_to_all], config).await;
    let quiet = bench.resident("quiet", &["serve"]).await;
    engine.start(&spec(0, &quiet)).await.unwrap();
    ready(&engine, &name(0)).await;
    bench.bell.take_rung();
    let pool = Premises::of(bench.data()).unwrap().pool();
    let at_first = if way == Way::Pool { used(&pool) } else { 0 };

    engine.start(&spec(1, &bomb)).await.unwrap();
    let full = until(&engine, &name(1), |seen| seen.disk == DiskSeen::Full && seen.phase == InstancePhase::Ready).await;
    assert!(bench.bell.take_rung().contains(&Ring::Service(name(1).service)), "and the bell rang");
    // It answers by now; what it printed is on its way through its shim.
    let since = Instant::now();
    let mut lines = printed(&engine, &name(1)).await;
    while after(&lines, "subvolume ").is_empty() {
        assert!(since.elapsed() < Duration::from_secs(60), "{lines:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
        lines = printed(&engine, &name(1)).await;
    }
    assert_bomb(&lines, way);
    if way == Way::Pool {
        // Holes, sparse files and names included.
        assert!(used(&pool) < at_first + EACH * 3 / 2, "it has taken more than it may: {}", used(&pool) - at_first);
    }

    assert_eq!(see(&engine, &name(0)).await.unwrap().phase, InstancePhase::Ready, "its neighbour goes on");
    assert_eq!(see(&engine, &name(0)).await.unwrap().disk, DiskSeen::Room);
    let writer = bench.resident("writer", &["fill=/x"]).await;
    engine.start(&spec(2, &writer)).await.unwrap();
    exited(&engine, &name(2)).await;
    let lines = printed(&engine, &name(2)).await;
    let bytes = bytes(after(&lines, "fill ")[0]);
    assert!(bytes > EACH * 7 / 10, "another has all of its own room: {bytes}");
    assert_eq!(see(&engine, &name(2)).await.unwrap().disk, DiskSeen::Full, "it is told of one that ended at once too");

    drop(engine);
    let engine = bench.open().await;
    let again = until(&engine, &name(1), |seen| seen.phase == InstancePhase::Ready).await;
    assert_eq!(again, full, "the next platform sees the same");
    for slot in [1, 2] {
        engine.discard(&name(slot)).await.unwrap();
    }
    let since = Instant::now();
    while way == Way::Pool && used(&pool) > at_first + EACH / 4 {
        assert!(since.elapsed() < Duration::from_secs(60), "the space does not come back: {}", used(&pool));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(engine);
    bench.remove().await;
    assert_eq!(fs::read_dir(bench.data().join("scratch")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_bomb_of_root_meets_its_quota() {
    a_disk_bomb_stays_within_its_instance(Way::Pool, "0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_bomb_of_a_user_meets_its_quota() {
    a_disk_bomb_stays_within_its_instance(Way::Pool, "1000").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_bomb_of_root_meets_the_end_of_its_own_file_system() {
    a_disk_bomb_stays_within_its_instance(Way::Images, "0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_bomb_of_a_user_meets_the_end_of_its_own_file_system() {
    a_disk_bomb_stays_within_its_instance(Way::Images, "1000").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_limits_instances_they_run_and_it_is_said() {
    let bench = bench_with(Way::Shared);
    let engine = bench.open().await;
    assert!(engine.scratch_way().to_string().contains("NOT LIMITED"));
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    assert_eq!(ready(&engine, &name(0)).await.disk, DiskSeen::Room);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dying_platform_left_of_its_pool_is_made_anew() {
    let bench = bench_with(Way::Pool);
    let premises = Premises::of(bench.data()).unwrap();
    fs::create_dir_all(premises.pool()).unwrap();
    fs::write(premises.pool_file(), b"half a file system").unwrap();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    let half = premises.pool().join(".new-.spare-77");
    assert!(Command::new("btrfs").args(["-q", "subvolume", "create"]).arg(&half).status().unwrap().success());
    drop(engine);
    let engine = bench.open().await;
    assert!(!half.exists(), "a place without a quota is nobody's");
    assert_eq!(see(&engine, &name(0)).await.unwrap().phase, InstancePhase::Ready, "the pool is taken over as it is");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_together_write_no_more_than_they_may_and_the_next_one_starts_when_there_is_room() {
    let mut bench = bench_with(Way::Pool);
    bench.settings.scratch.all_bytes = Some(512 << 20);
    bench.settings.scratch.each_bytes = 3 << 30;
    let engine = bench.open().await;
    let quiet = bench.resident("quiet", &["serve"]).await;
    let fills = bench.resident("fills", &["fill=/x", "rm=/x", "fill=/y"]).await;
    engine.start(&spec(0, &quiet)).await.unwrap();
    ready(&engine, &name(0)).await;
    engine.start(&spec(1, &fills)).await.unwrap();
    exited(&engine, &name(1)).await;
    let lines = printed(&engine, &name(1)).await;
    assert_eq!(after(&lines, "fill ").iter().filter(|fill| fill.ends_with("Disk quota exceeded")).count(), 2, "{lines:?}");
    assert_eq!(see(&engine, &name(0)).await.unwrap().phase, InstancePhase::Ready);
    engine.discard(&name(1)).await.unwrap();
    // Its space comes back a little later, and until then there may be none for a start: trouble of ours, and it passes.
    let since = Instant::now();
    while let Err(trouble) = engine.start(&spec(2, &quiet)).await {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", trouble.chain());
    }
    ready(&engine, &name(2)).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_each_has_a_file_system_none_starts_while_all_of_the_room_is_written_and_one_does_when_there_is_some() {
    let mut bench = bench_with(Way::Images);
    // The least that all may have: more than one fills, less than two.
    bench.settings.scratch.all_bytes = Some(512 << 20);
    bench.settings.scratch.each_bytes = 400 << 20;
    let engine = bench.open().await;
    let quiet = bench.resident("quiet", &["serve"]).await;
    let fills = bench.resident("fills", &["fill=/x", "serve"]).await;
    for slot in [0, 1] {
        engine.start(&spec(slot, &fills)).await.unwrap();
        until(&engine, &name(slot), |seen| seen.disk == DiskSeen::Full && seen.phase == InstancePhase::Ready).await;
    }
    // What lies in memory takes no room on the disk yet.
    rustix::fs::sync();
    let trouble = engine.start(&spec(2, &quiet)).await.unwrap_err().chain();
    assert!(trouble.contains("raise --scratch-size, or stop some"), "{trouble}");
    engine.discard(&name(1)).await.unwrap();
    engine.start(&spec(2, &quiet)).await.unwrap();
    ready(&engine, &name(2)).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_cannot_be_taken_over_is_put_aside_and_those_who_write_there_go_on() {
    let bench = bench_with(Way::Pool);
    let engine = bench.open().await;
    let quiet = bench.resident("quiet", &["serve"]).await;
    engine.start(&spec(0, &quiet)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    let pool = Premises::of(bench.data()).unwrap().pool();
    // As the kernel leaves it after an error of the disk.
    assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(&pool).status().unwrap().success());
    let engine = bench.open().await;
    assert_eq!(engine.scratch_way(), Way::Pool, "another one is made");
    ready(&engine, &name(0)).await;
    engine.start(&spec(1, &quiet)).await.unwrap();
    ready(&engine, &name(1)).await;
    engine.discard(&name(0)).await.unwrap();
    drop(engine);
    bench.remove().await;
    assert_eq!(fs::read_dir(bench.data().join("scratch")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_breaks_under_a_running_platform_is_put_aside_by_the_next_start() {
    let bench = bench_with(Way::Pool);
    let engine = bench.open().await;
    let quiet = bench.resident("quiet", &["serve"]).await;
    for slot in [0, 3] {
        engine.start(&spec(slot, &quiet)).await.unwrap();
        ready(&engine, &name(slot)).await;
    }
    let pool = Premises::of(bench.data()).unwrap().pool();
    // As the kernel leaves it when the disk below it was full.
    assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(&pool).status().unwrap().success());
    // What is in it goes with it.
    engine.discard(&name(3)).await.unwrap();
    assert_eq!(see(&engine, &name(3)).await, None);
    // Several at once: one of them makes the new pool, all of them start.
    let specs = [spec(1, &quiet), spec(2, &quiet)];
    futures_util::future::join_all(specs.iter().map(|spec| async { engine.start(spec).await.unwrap() })).await;
    for number in 0..3 {
        ready(&engine, &name(number)).await;
    }
    assert!(pool.join(name(1).to_string()).exists() && !pool.join(name(0).to_string()).exists());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tries_and_other_ways_left_is_taken_away_and_stops_nothing() {
    let bench = bench_with(Way::Images);
    let scratch = bench.data().join("scratch");
    fs::create_dir_all(scratch.join(".try")).unwrap();
    for _ in 0..2 {
        // A platform that died in its try, and the next one too.
        assert!(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(scratch.join(".try")).status().unwrap().success());
    }
    fs::write(scratch.join("nobodys"), "a plain file").unwrap();
    let engine = bench.open().await;
    assert_eq!(engine.scratch_way(), Way::Images);
    let left = || fs::read_dir(&scratch).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    assert!(left().all(|name| name.starts_with(".spare-")), "{:?}", left().collect::<Vec<_>>());
    // The last of them is made by a task of its own.
    let since = Instant::now();
    while left().count() == 0 {
        assert!(since.elapsed() < Duration::from_secs(60), "no place is made ahead");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(engine);
    let mut bench = bench;
    bench.settings.scratch.ways = vec![Way::Pool];
    let engine = bench.open().await;
    assert_eq!(left().filter(|name| name.ends_with(".img")).count(), 0, "places of another way are nobody's");
    drop(engine);
    bench.remove().await;
    assert_eq!(left().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_grows_when_more_is_asked_for_and_keeps_its_size_when_nobody_asks() {
    let mut bench = bench_with(Way::Pool);
    let pool = Premises::of(bench.data()).unwrap().pool();
    let size = || {
        let disk = rustix::fs::statvfs(&pool).unwrap();
        disk.f_blocks * disk.f_frsize
    };
    bench.settings.scratch.all_bytes = Some(512 << 20);
    drop(bench.open().await);
    let first = size();
    bench.settings.scratch.all_bytes = None;
    drop(bench.open().await);
    assert_eq!(size(), first);
    bench.settings.scratch.all_bytes = Some(2 << 30);
    let engine = bench.open().await;
    assert!(size() > first + (1 << 30), "{first} and then {}", size());
    let quiet = bench.resident("quiet", &["serve"]).await;
    engine.start(&spec(0, &quiet)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    bench.remove().await;
}
