//! The crate graph is a star: every room knows `model` and no other; only `daemon` knows all. Held against a golden file.
//!
//! Normal, development and build dependencies count. `UPDATE=1` rewrites the golden file.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/star.txt");
/// What `model` may use: it decides, and needs nothing from the outside.
const MODEL_MAY_USE: [&str; 3] = ["bytes", "serde", "thiserror"];

fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).no_deps().other_options(vec!["--offline".to_owned()]);
    command.exec().expect("cargo metadata works offline without dependencies")
}

fn rooms_known(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let rooms: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let known = |package: &cargo_metadata::Package| {
        let inner = package.dependencies.iter().filter(|dependency| rooms.contains(&dependency.name) || dependency.path.is_some());
        inner.map(|dependency| dependency.name.clone()).collect()
    };
    metadata.packages.iter().map(|package| (package.name.to_string(), known(package))).collect()
}

#[test]
fn every_room_knows_model_and_no_other() {
    let graph = rooms_known(&metadata());
    let line = |(room, known): (&String, &BTreeSet<String>)| {
        format!("{room} -> {}\n", known.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
    };
    let drawn: String = graph.iter().map(line).collect();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(GOLDEN, &drawn).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(GOLDEN).expect("the golden file is there");
    assert_eq!(drawn, golden, "the crate graph has changed. If that is meant, UPDATE=1 rewrites {GOLDEN}");
    for (room, known) in &graph {
        match room.as_str() {
            "daemon" => {}
            "model" | "shim" => assert!(known.is_empty(), "{room} knows no room, and yet it knows {known:?}"),
            _ => assert_eq!(known, &BTreeSet::from(["model".to_owned()]), "{room} knows model and no other room"),
        }
    }
}

#[test]
fn model_and_shim_use_next_to_nothing_from_outside() {
    let metadata = metadata();
    let used = |room: &str| -> BTreeSet<String> {
        let package = metadata.packages.iter().find(|package| package.name == room).expect("the room is there");
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        normal.map(|dependency| dependency.name.clone()).collect()
    };
    assert_eq!(used("model"), MODEL_MAY_USE.map(str::to_owned).into());
    assert_eq!(used("shim"), BTreeSet::from(["libc".to_owned()]));
}
