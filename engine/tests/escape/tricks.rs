//! What an image can try by how it is made: links where the runtime mounts or writes, a working directory that is another's
//! open folder, and layers that it shares with others.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use engine::local::LocalEngine;
use model::port::Engine;
use serde_json::{Value, json};

use crate::bench::{Bench, PORT, file, folder, name, ready, spec, tar, until};
use crate::guard::Guard;
use crate::image::{base, program, said, tries};
use crate::neighbour::Neighbour;
use crate::plain::Plain;
use crate::verdict::{Proof, Verdict, print};

const SECRET: &str = "of the host's";
/// Where the runtime, or we, mount or write something.
const PLACES: [&str; 10] =
    ["proc", "sys", "dev", "run", "etc", "etc/resolv.conf", "etc/hosts", "etc/hostname", "dev/shm", "sys/fs/cgroup"];
/// Descriptors that a runtime may have left open for its child.
const DESCRIPTORS: std::ops::RangeInclusive<u32> = 3..=12;

fn link(builder: &mut tar::Builder<Vec<u8>>, path: &str, target: &str) {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    header.set_mode(0o777);
    builder.append_link(&mut header, path, target).unwrap();
}

/// The program alone, so that nothing is in a link's way, and the link.
fn linked(place: &str, target: &str) -> Vec<u8> {
    let program = fs::read(program()).unwrap();
    tar(|builder| {
        file(builder, "escape", 0o755, 0, &program);
        if let Some((parent, _)) = place.rsplit_once('/') {
            folder(builder, &format!("{parent}/"), 0o755);
        }
        link(builder, place, target);
    })
}

/// Everything below a folder, with what is in it.
fn content(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let text = |path: &Path| if path.is_dir() { format!("{:?}", content(path)) } else { fs::read_to_string(path).unwrap() };
    let mut all: Vec<_> = entries.map(|path| (path.display().to_string(), text(&path))).collect();
    all.sort();
    all
}

/// Starts an instance of an image and lets it end; it may also never start. Nothing of the host's is in what it says.
async fn sees_nothing(bench: &Bench, engine: &LocalEngine, layer: Vec<u8>, config: Value) {
    let words = config.to_string();
    let image = bench.image("tricks", &[layer], config).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let lines = said(engine, &name(0)).await;
    assert!(!lines.iter().any(|line| line.contains(SECRET)), "{words}: {lines:?}");
    engine.discard(&name(0)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_image_reaches_the_host_by_its_links_its_folders_or_its_layers() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let serves = tries(&bench, "serves", 0, &[format!("serve={PORT}")]).await;
    engine.start(&spec(9, &serves)).await.unwrap();
    let address = ready(&engine, &name(9)).await.address.unwrap();
    let neighbour = Neighbour::at((address, PORT).into());

    // Open to everybody, so that only where a path leads can keep somebody out.
    let outside = tempfile::tempdir().unwrap();
    for (path, mode) in [("", 0o777), ("fs", 0o777), ("shm", 0o777)] {
        let path = outside.path().join(path);
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let secret = outside.path().join("secret");
    fs::write(&secret, format!("{SECRET}\n")).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o666)).unwrap();
    let before = content(outside.path());

    let (outside_name, secret_name) = (outside.path().display().to_string(), secret.display().to_string());
    for place in PLACES {
        let is_file = place.starts_with("etc/");
        for up in ["", "../../../../../../../.."] {
            let target = format!("{up}{}", if is_file { &secret_name } else { &outside_name });
            let words =
                ["/escape".to_owned(), format!("show=/{place}"), format!("show=/{place}/secret"), format!("show={secret_name}")];
            sees_nothing(&bench, &engine, linked(place, &target), json!({ "Cmd": words })).await;
            assert_eq!(content(outside.path()), before, "/{place} is a link to {target}");
        }
    }
    for descriptor in DESCRIPTORS {
        let words = ["/escape".to_owned(), format!("show=../../../../../../..{secret_name}")];
        let config = json!({ "Cmd": words, "WorkingDir": format!("/proc/self/fd/{descriptor}") });
        sees_nothing(&bench, &engine, base(), config).await;
    }
    let shared = layers(&bench, &engine).await;
    let asked = neighbour.has_noticed_nothing().await;
    let verdict = |aim: &str| Verdict {
        aim: aim.to_owned(),
        guards: vec![Guard::PathsInRoot, Guard::MountNamespace],
        proof: Proof::NotProvable("a runtime cannot be told to follow links out of the root".to_owned()),
    };
    let verdicts = [verdict("have the runtime write through a link"), verdict("begin in an open folder of the runtime's"), shared];
    print("By the image", &verdicts, &asked.to_string());
    drop(engine);
    bench.remove().await;
}

/// What one instance writes over a file of its image is in no layer on the disk, and no other instance sees it.
async fn layers(bench: &Bench, engine: &LocalEngine) -> Verdict {
    let show = "show=/etc/shared".to_owned();
    let writes = tries(bench, "writes", 0, &["overwrite=/etc/shared".to_owned(), show.clone(), "stay".to_owned()]).await;
    engine.start(&spec(1, &writes)).await.unwrap();
    until(engine, &name(1), |seen| seen.address.is_some()).await;
    let looks = tries(bench, "looks", 0, &["overwrite=/escape".to_owned(), show]).await;
    let both = async || crate::bench::printed(engine, &name(1)).await;
    let since = std::time::Instant::now();
    while !both().await.iter().any(|line| line == "show works: ") {
        assert!(since.elapsed() < std::time::Duration::from_secs(10), "{:?}", both().await);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert!(both().await.contains(&"overwritten".to_owned()), "it may do in its own copy what it likes");
    engine.start(&spec(2, &looks)).await.unwrap();
    let lines = said(engine, &name(2)).await;
    assert!(lines.contains(&"from the image".to_owned()), "{lines:?}");
    let layers = fs::read_dir(bench.data().join("layers")).unwrap().flatten().map(|layer| layer.path().join("etc/shared"));
    let on_disk: Vec<_> = layers.filter_map(|file| fs::read_to_string(file).ok()).collect();
    assert!(!on_disk.is_empty() && on_disk.iter().all(|text| text == "from the image\n"), "{on_disk:?}");

    let plain = Plain::of(bench, 1, "no-key");
    plain.run(&["overwrite=/etc/shared"], 0, &[], "");
    let proof = match fs::read_to_string(plain.file("etc/shared")).unwrap().as_str() {
        "overwritten\n" => Proof::Works,
        text => Proof::NotProvable(format!("without an overlay the file says {text:?}")),
    };
    Verdict { aim: "change a file for all who share its layer".to_owned(), guards: vec![Guard::CopyOnWrite], proof }
}
