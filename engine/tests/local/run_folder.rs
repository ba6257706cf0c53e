//! What an instance finds below /run and /dev/shm: memory of its own, with what the image has put there.

use model::port::Engine;
use serde_json::json;

use crate::bench::{Bench, base_layer, exited, file, folder, name, printed, spec, tar};

/// The mount at a place, as /proc/self/mounts has it: kind and options.
fn mount<'a>(lines: &'a [String], place: &str) -> (&'a str, Vec<&'a str>) {
    let words = lines.iter().filter_map(|line| line.strip_prefix("/proc/self/mounts: ")).map(|line| line.split(' '));
    let mut found = words.map(Iterator::collect::<Vec<_>>).filter(|words| words.get(1) == Some(&place));
    let words = found.next().unwrap_or_else(|| panic!("nothing is mounted at {place}: {lines:#?}"));
    (words[2], words[3].split(',').collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_that_the_image_gives_run_to_writes_in_it() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let layer = tar(|builder| {
        let mut header = ::tar::Header::new_gnu();
        header.set_entry_type(::tar::EntryType::Directory);
        header.set_size(0);
        header.set_mode(0o755);
        header.set_uid(1000);
        header.set_gid(1000);
        builder.append_data(&mut header, "run/", std::io::empty()).unwrap();
    });
    let config = json!({ "Cmd": ["/resident", "write=/run/pid", "show=/run/pid"], "User": "1000:1000" });
    let image = bench.image("owns-run", &[base_layer(), layer], config).await;
    engine.start(&spec(0, &image)).await.unwrap();
    exited(&engine, &name(0)).await;
    assert_eq!(printed(&engine, &name(0)).await, ["/run/pid: written"]);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn run_and_shared_memory_are_small_and_what_the_image_has_in_run_is_still_there() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let layer = tar(|builder| {
        folder(builder, "run/", 0o755);
        folder(builder, "run/app/", 0o755);
        file(builder, "run/app/ready", 0o640, 1000, b"from the image\n");
    });
    let words = ["/resident", "show=/run/app/ready", "show=/proc/self/mounts"];
    let image = bench.image("runs", &[base_layer(), layer], json!({ "Cmd": words, "User": "1000:1000" })).await;
    let asked = spec(0, &image);
    engine.start(&asked).await.unwrap();
    exited(&engine, &name(0)).await;
    let lines = printed(&engine, &name(0)).await;
    let of_root = bench.resident("of-root", &["show=/run/nothing", "show=/proc/self/mounts"]).await;
    engine.start(&spec(1, &of_root)).await.unwrap();
    exited(&engine, &name(1)).await;
    let of_root = printed(&engine, &name(1)).await;
    for lines in [&lines, &of_root] {
        for place in ["/run", "/dev/shm"] {
            let (kind, options) = mount(lines, place);
            assert_eq!(kind, "tmpfs", "{place}");
            for option in ["nosuid", "nodev", "size=65536k"] {
                assert!(options.contains(&option), "{place} has {options:?}");
            }
        }
    }
    assert!(lines.iter().any(|line| line == "/run/app/ready: from the image"), "{lines:#?}");
    drop(engine);
    bench.remove().await;
}
