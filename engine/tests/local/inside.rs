//! What an instance sees of itself: user, words, variables, files, limits, and what it may not do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use model::environment::Environment;
use model::instance::ExitCause;
use model::port::Engine;
use serde_json::json;

use crate::bench::{Bench, base_layer, exited, init, name, printed, printed_at_last, ready, spec};

fn assert_printed(lines: &[String], expected: &str) {
    assert!(lines.iter().any(|line| line == expected), "{expected:?} is not in {lines:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_gets_the_users_words_variables_and_folder_that_were_asked_for() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let config = json!({
        "User": "app", "WorkingDir": "/srv/app", "Entrypoint": ["/resident"], "Cmd": ["say=the image's words"],
        "Env": ["FROM=image", "BOTH=image", "PORT=1", "PATH=/own"],
    });
    let image = bench.image("asked", &[base_layer()], config).await;
    let mut asked = spec(0, &image);
    let variables = [("BOTH", "service"), ("SECRET", "hunter2 with\nlines")];
    asked.environment = Environment::parse(
        variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect::<BTreeMap<_, _>>(),
    )
    .unwrap();
    asked.start_command = Some("/resident who cwd env 'say=two words' show=/etc/hostname show=/etc/hosts".to_owned());
    engine.start(&asked).await.unwrap();
    assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Code(0));
    let lines = printed(&engine, &name(0)).await;
    for expected in [
        "uid 1000 gid 1001",
        "cwd /srv/app",
        "two words",
        "env FROM=image",
        "env BOTH=service",
        "env PORT=8080",
        "env PATH=/own",
        "env HOME=/home/app",
        "env SECRET=hunter2 with",
        "/etc/hostname: r1-0",
        "/etc/hosts: 127.0.0.1\tlocalhost",
    ] {
        assert_printed(&lines, expected);
    }
    assert!(!lines.iter().any(|line| line == "the image's words" || line == "env BOTH=image" || line == "env PORT=1"));

    let own = spec(1, &image);
    engine.start(&own).await.unwrap();
    exited(&engine, &name(1)).await;
    assert_printed(&printed(&engine, &name(1)).await, "the image's words");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_that_is_not_root_listens_on_port_80() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.image("eighty", &[base_layer()], json!({ "User": "1000", "Cmd": ["/resident", "serve"] })).await;
    let mut asked = spec(0, &image);
    asked.port = 80;
    engine.start(&asked).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn root_inside_makes_no_device_and_no_raw_socket() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("limits", &["who", "mknod", "raw", "show=/proc/self/uid_map", "show=/proc/self/status"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    exited(&engine, &name(0)).await;
    let lines = printed(&engine, &name(0)).await;
    assert_printed(&lines, "uid 0 gid 0");
    assert_printed(&lines, "mknod refused");
    assert_printed(&lines, "raw refused");
    assert_printed(&lines, "/proc/self/status: NoNewPrivs:\t1");
    assert_printed(&lines, "/proc/self/status: Seccomp:\t2");
    let map = lines.iter().find(|line| line.contains("uid_map")).unwrap();
    let base: u32 = map.split_ascii_whitespace().nth(2).unwrap().parse().unwrap();
    assert!(base >= 0x1000_0000, "root inside is nobody outside: {map}");
    drop(engine);
    bench.remove().await;
}

/// The ids outside that an instance's own stand for: users, then groups.
fn ids(bench: &Bench, slot: u16) -> [std::ops::Range<u64>; 2] {
    ["uid_map", "gid_map"].map(|file| {
        let map = fs::read_to_string(format!("/proc/{}/{file}", init(bench, slot))).unwrap();
        let [inside, outside, count] =
            map.split_ascii_whitespace().map(|word| word.parse::<u64>().unwrap()).collect::<Vec<_>>().try_into().expect("one line");
        assert_eq!((inside, count), (0, u64::from(engine::limit::IDS)), "{map}");
        outside..outside + count
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_instances_of_a_machine_have_an_id_in_common_also_those_of_two_platforms() {
    let (first, second) = (Bench::new(), Bench::new());
    let engines = [first.open().await, second.open().await];
    for (bench, engine, slots) in [(&first, &engines[0], 0..2), (&second, &engines[1], 0..1)] {
        let image = bench.resident("serves", &["serve"]).await;
        for slot in slots {
            engine.start(&spec(slot, &image)).await.unwrap();
            ready(engine, &name(slot)).await;
        }
    }
    let all = [ids(&first, 0), ids(&first, 1), ids(&second, 0)];
    for kind in [0, 1] {
        let mut ranges = all.each_ref().map(|ids| ids[kind].clone());
        ranges.sort_by_key(|range| range.start);
        assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start), "{ranges:?}");
    }
    drop(engines);
    first.remove().await;
    second.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_the_kernel_cannot_be_written() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("mounts", &["show=/proc/self/mounts"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    exited(&engine, &name(0)).await;
    let lines = printed(&engine, &name(0)).await;
    let mounts: Vec<Vec<&str>> = lines.iter().map(|line| line.split(' ').skip(1).collect()).collect();
    let read_only = |mount: &Vec<&str>| mount[3].split(',').any(|option| option == "ro");
    for place in ["/sys", "/proc/sys", "/proc/irq", "/proc/bus", "/proc/fs"] {
        let found = mounts.iter().rfind(|mount| mount[1] == place);
        assert!(found.is_some_and(read_only), "{place}: {lines:#?}");
    }
    let groups: Vec<_> = mounts.iter().filter(|mount| mount[2].starts_with("cgroup")).collect();
    assert!(!groups.is_empty() && groups.into_iter().all(read_only), "{lines:#?}");
    // The usual device nodes are the host's, one by one; nothing else of its /dev is there.
    let nodes: Vec<&str> = mounts.iter().filter(|mount| mount[1].starts_with("/dev/")).map(|mount| mount[1]).collect();
    let usual = ["null", "zero", "full", "random", "urandom", "tty", "pts", "shm", "mqueue"];
    assert!(nodes.iter().all(|node| usual.contains(&&node["/dev/".len()..])), "{nodes:?}");
    drop(engine);
    bench.remove().await;
}

/// A limit's value in whichever hierarchy this machine has.
fn limit(group: &str, files: [&str; 2]) -> String {
    let found = files.map(|file| file.replace("{}", group)).into_iter().find(|file| Path::new(file).exists());
    fs::read_to_string(found.expect("the group is in one hierarchy")).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_and_the_cpu_is_lowered_to_its_size_when_the_instance_is_well() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let files = ["/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max"];
    let image = bench
        .resident(
            "limited",
            &[&format!("show={}", files[0]), &format!("show={}", files[1]), "show=/proc/self/oom_score_adj", "late=400", "serve"],
        )
        .await;
    engine.create(&spec(0, &image)).await.unwrap();
    let premises = engine::local::premises::Premises::of(bench.data()).unwrap();
    let group = premises.cgroup(&name(0).to_string());
    let cpu = || limit(&group, ["/sys/fs/cgroup/cpu{}/cpu.cfs_quota_us", "/sys/fs/cgroup{}/cpu.max"]);
    assert!(cpu().starts_with("100000"), "one vCPU while it starts: {}", cpu());
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    assert!(cpu().starts_with("25000"), "a quarter afterwards: {}", cpu());
    // Where cores are short, it is its size that counts. On version 2 the runtime makes a weight of it, each version of it another one: below the usual 100.
    let weight: u32 = limit(&group, ["/sys/fs/cgroup/cpu{}/cpu.shares", "/sys/fs/cgroup{}/cpu.weight"]).parse().unwrap();
    let version_1 = Path::new(&format!("/sys/fs/cgroup/cpu{group}")).exists();
    assert!(if version_1 { weight == 256 } else { (1..100).contains(&weight) }, "a quarter's part of the CPU: {weight}");
    let memory = limit(&group, ["/sys/fs/cgroup/memory{}/memory.limit_in_bytes", "/sys/fs/cgroup{}/memory.max"]);
    assert_eq!(memory, (512u64 << 20).to_string());
    let lines = printed_at_last(&engine, &name(0), |lines| lines.iter().any(|line| line.contains("oom_score_adj"))).await;
    assert!(lines.iter().any(|line| line.ends_with(&format!(": {memory}"))), "language runtimes read their limit: {lines:?}");
    assert_printed(&lines, &format!("/proc/self/oom_score_adj: {}", engine::limit::OUT_OF_MEMORY_SCORE));
    let pids = limit(&group, ["/sys/fs/cgroup/pids{}/pids.max", "/sys/fs/cgroup{}/pids.max"]);
    assert_eq!(pids, engine::limit::PIDS.to_string());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_bomb_stays_within_its_instance() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("bomb", &["fork"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let exit = exited(&engine, &name(0)).await;
    let forked = |line: &String| line.strip_prefix("forked ").and_then(|count| count.parse::<i64>().ok());
    let most = printed(&engine, &name(0)).await.iter().filter_map(forked).max();
    assert_eq!(most, Some(engine::limit::PIDS - 1), "{exit:?}");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_instance_writes_no_other_sees_and_it_is_gone_with_it() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image =
        bench.image("writes", &[base_layer()], json!({ "Cmd": ["/resident", "exists=/srv/app"], "WorkingDir": "/srv/app" })).await;
    let looks = bench.resident("looks", &["exists=/srv/app"]).await;
    for (slot, image, expected) in [(0, &image, "/srv/app is there"), (1, &looks, "/srv/app is not there")] {
        engine.start(&spec(slot, image)).await.unwrap();
        exited(&engine, &name(slot)).await;
        assert_printed(&printed(&engine, &name(slot)).await, expected);
    }
    let folders = fs::read_dir(bench.data().join("layers")).unwrap().flatten().map(|entry| entry.file_name());
    let layers: Vec<_> = folders.filter(|name| !name.to_string_lossy().ends_with(".from")).collect();
    assert_eq!(layers.len(), 1, "both share one layer");
    engine.discard(&name(0)).await.unwrap();
    engine.discard(&name(1)).await.unwrap();
    let pool = engine::local::premises::Premises::of(bench.data()).unwrap().pool();
    let mine = fs::read_dir(pool).unwrap().flatten().filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(mine.count(), 0);
    assert_eq!(fs::read_dir(bench.data().join("logs/incoming")).unwrap().count(), 0);
    drop(engine);
    bench.remove().await;
}
