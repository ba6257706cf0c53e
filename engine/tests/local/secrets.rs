//! Where an instance's variables stand: in the bundle and in its own memory, and nowhere that anybody else can read.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use engine::local::premises::Premises;
use engine::local::record::CONFIG_FILE;
use model::environment::Environment;
use model::port::Engine;

use crate::bench::{Bench, init, name, ready, spec};

const LOOKED_AT: u64 = 64 << 20;

/// Another one each time: an instance that a test which was killed has left behind has its own.
fn secret() -> String {
    format!("hunter2-{}-between-you-and-me", std::process::id())
}

fn contains(path: &Path) -> bool {
    let secret = secret();
    // What a process is doing at the moment may be gone before it is read.
    fs::read(path).is_ok_and(|bytes| bytes.windows(secret.len()).any(|window| window == secret.as_bytes()))
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    // So may a folder.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        match kind {
            kind if kind.is_dir() => files_below(&entry.path(), found),
            kind if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_stands_in_no_arguments_and_in_no_file_that_others_may_read() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    let mut asked = spec(0, &image);
    let variables = BTreeMap::from([("PASSWORD".to_owned(), secret())]);
    asked.environment = Environment::parse(variables).unwrap();
    engine.start(&asked).await.unwrap();
    ready(&engine, &name(0)).await;

    let mut files = Vec::new();
    files_below(&Premises::of(bench.data()).unwrap().run(), &mut files);
    files_below(bench.data(), &mut files);
    // What instances write together is one large file: taken for a holder without a look.
    let may_hold = |file: &PathBuf| fs::metadata(file).is_ok_and(|meta| meta.len() > LOOKED_AT) || contains(file);
    let holders: Vec<_> = files.into_iter().filter(may_hold).collect();
    let is_bundle = |file: &&PathBuf| file.ends_with(CONFIG_FILE) && contains(file);
    assert!(holders.iter().any(|file| is_bundle(&file)), "the bundle has it, or this test looks at the wrong place");
    for file in holders {
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        // A file whose folder lets nobody in is as good as closed.
        let parent = fs::metadata(file.parent().unwrap()).unwrap().permissions().mode();
        assert!(mode & 0o077 == 0 || parent & 0o077 == 0, "{} has mode {mode:o}", file.display());
    }
    let own = init(&bench, 0);
    for process in fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path()) {
        if process.file_name().unwrap().to_string_lossy().parse::<u32>().is_ok_and(|id| id != own) {
            assert!(!contains(&process.join("cmdline")), "{} has it in its arguments", process.display());
            assert!(!contains(&process.join("environ")), "{} has it in its variables", process.display());
        }
    }
    assert!(contains(Path::new(&format!("/proc/{own}/environ"))), "the app has it");
    drop(engine);
    bench.remove().await;
}
