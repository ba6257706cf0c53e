//! The image of the programs that try to get out, and what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use engine::local::LocalEngine;
use model::instance::InstanceName;
use model::revision::ImagePin;
use serde_json::json;

use crate::bench::{Bench, exited, file, folder, printed, tar};

/// Whose attempts: root inside, and a plain user.
pub const USERS: [u32; 2] = [0, 1000];

/// The program, built once.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = PROGRAM.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/escape/escape.c");
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("escape");
        let status = Command::new("cc").args(["-static", "-O1", "-w", "-o"]).arg(&target).arg(source).status();
        assert!(status.expect("a C compiler").success());
        (folder, target)
    });
    path
}

/// The program, the same as a set-user-id program, and a file that all instances of the image share.
pub fn base() -> Vec<u8> {
    let program = fs::read(program()).unwrap();
    tar(|builder| {
        folder(builder, "etc/", 0o755);
        folder(builder, "tmp/", 0o1777);
        file(builder, "etc/passwd", 0o644, 0, b"root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n");
        file(builder, "etc/shared", 0o666, 0, b"from the image\n");
        file(builder, "escape", 0o755, 0, &program);
        file(builder, "suid", 0o4755, 0, &program);
    })
}

/// An image that tries `words`, in order, as this user.
pub async fn tries(bench: &Bench, repository: &str, user: u32, words: &[String]) -> ImagePin {
    let words: Vec<&str> = ["/escape"].into_iter().chain(words.iter().map(String::as_str)).collect();
    bench.image(repository, &[base()], json!({ "Cmd": words, "User": user.to_string() })).await
}

/// What an instance has said once it has ended.
pub async fn said(engine: &LocalEngine, name: &InstanceName) -> Vec<String> {
    exited(engine, name).await;
    printed(engine, name).await
}

/// Panics unless each word's attempt was made and has failed.
pub fn assert_all_fail(lines: &[String], words: &[String]) {
    let name_of = |word: &String| word.split('=').next().unwrap().to_owned();
    for word in words {
        let name = name_of(word);
        let asked = words.iter().filter(|other| name_of(other) == name).count();
        let of_it: Vec<_> = lines.iter().filter(|line| line.split(' ').next() == Some(name.as_str())).collect();
        let failed = |line: &&String| line.starts_with(&format!("{name} fails: "));
        assert!(of_it.len() == asked && of_it.iter().all(failed), "{word}, {asked} of its kind: {of_it:?} in {lines:#?}");
    }
}
