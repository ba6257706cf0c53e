//! What an image can try by how it is made: links where the runtime mounts or writes, a working directory that is another's
//! open folder, and layers that it shares with others.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use engine::local::LocalEngine;
use model::port::Engine;
use serde_json::{Value, json};

use crate::bench::{Bench, PORT, exited, file, folder, name, printed, ready, spec, tar, until};
use crate::guard::Guard;
use crate::image::{USERS, base, program, said, tries};
use crate::neighbour::Neighbour;
use crate::plain::Plain;
use crate::verdict::{Proof, Verdict, print, say};

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
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
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

/// A folder of the host's, open to everybody, so that only where a path leads can keep somebody out.
struct Outside {
    folder: tempfile::TempDir,
    before: Vec<(String, String)>,
}

impl Outside {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, mode) in [("", 0o777), ("fs", 0o777), ("shm", 0o777)] {
            let path = folder.path().join(path);
            fs::create_dir_all(&path).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        let secret = folder.path().join("secret");
        fs::write(&secret, format!("{SECRET}\n")).unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o666)).unwrap();
        let before = content(folder.path());
        Self { folder, before }
    }

    fn name(&self) -> String {
        self.folder.path().display().to_string()
    }

    fn secret(&self) -> String {
        format!("{}/secret", self.name())
    }

    /// Whether something is in it that was not, or no longer.
    fn has_changed(&self) -> bool {
        content(self.folder.path()) != self.before
    }
}

/// Everything below a folder, with what is in it; of a link, where it leads.
fn content(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let text = |path: &Path| match fs::symlink_metadata(path).unwrap().file_type() {
        kind if kind.is_dir() => format!("{:?}", content(path)),
        kind if kind.is_file() => fs::read_to_string(path).unwrap(),
        kind => format!("{kind:?} {:?}", fs::read_link(path)),
    };
    let mut all: Vec<_> = entries.map(|path| (path.display().to_string(), text(&path))).collect();
    all.sort();
    all
}

/// Starts an instance of an image as each user and lets it end; it may also never start. Nothing of the host's is in what it says.
/// Answers who did not run and say what it had tried, with how it ended.
async fn sees_nothing(bench: &Bench, engine: &LocalEngine, layer: &[u8], mut config: Value) -> Vec<String> {
    let mut dead = Vec::new();
    for user in USERS {
        config["User"] = json!(user.to_string());
        let image = bench.image("tricks", &[layer.to_vec()], config.clone()).await;
        engine.start(&spec(0, &image)).await.unwrap();
        let exit = exited(engine, &name(0)).await;
        let lines = printed(engine, &name(0)).await;
        assert!(!lines.iter().any(|line| line.contains(SECRET)), "{config}: {lines:?}");
        if !lines.iter().any(|line| line.starts_with("show ")) {
            dead.push(format!("as {user}: {:?}", exit.how));
        }
        engine.discard(&name(0)).await.unwrap();
    }
    dead
}

#[tokio::test(flavor = "multi_thread")]
async fn no_image_reaches_the_host_by_its_links_its_folders_or_its_layers() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let serves = tries(&bench, "serves", 0, &[format!("serve={PORT}")]).await;
    engine.start(&spec(9, &serves)).await.unwrap();
    let address = ready(&engine, &name(9)).await.address.unwrap();
    let neighbour = Neighbour::at((address, PORT).into());
    let plain = Plain::of(&bench, 9, "no-key");
    let written = links(&bench, &engine, plain).await;
    let entered = descriptors(&bench, &engine).await;
    let shared = layers(&bench, &engine).await;
    let asked = neighbour.has_noticed_nothing().await;
    print("By the image", &[written, entered, shared], &asked.to_string());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_image_reaches_the_host_by_its_links_and_folders_with_crun_either() {
    by_images_with("/usr/bin/crun").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_image_reaches_the_host_by_its_links_and_folders_with_runsc_either() {
    by_images_with("/usr/bin/runsc").await;
}

async fn by_images_with(runtime: &str) {
    if !Path::new(runtime).exists() {
        return say(&format!("NOT CHECKED with {runtime}: it is not installed (tests/install-packages installs it)\n"));
    }
    let mut bench = Bench::new();
    bench.settings.runtime = runtime.into();
    let engine = bench.open().await;
    let dead = no_link_leads_outside(&bench, &engine, &Outside::new()).await;
    // Ours are there already. crun makes no folder where a link of the image's leads to nothing inside.
    let refused = |image: &String| image.starts_with("/run to ") || image.starts_with("/etc to ");
    assert!(dead.iter().all(refused), "images with these links do not run: {dead:#?}");
    descriptors(&bench, &engine).await;
    say(&format!("\nBy the image, with {runtime}: no link and no folder of its own leads outside\n"));
    drop(engine);
    bench.remove().await;
}

/// Links to the outside where the runtime, or we, mount or write something.
async fn links(bench: &Bench, engine: &LocalEngine, plain: Plain) -> Verdict {
    let outside = Outside::new();
    let dead = no_link_leads_outside(bench, engine, &outside).await;
    // What never starts has tried nothing.
    assert!(dead.is_empty(), "images with these links do not run: {dead:#?}");
    plain.link("dev", &outside.name());
    let said = plain.run(&["show=/etc/shared"], 0, &[], "");
    let proof = if outside.has_changed() {
        Proof::Works
    } else {
        Proof::NotProvable(format!("this runtime follows no link: {}", said.trim()))
    };
    let aim = "have the runtime write through a link".to_owned();
    Verdict { aim, guards: vec![Guard::OwnFolders, Guard::PathsInRoot], proof }
}

/// Each link by an image of its own, which must change nothing outside, and see nothing of it. Answers which images did not run.
async fn no_link_leads_outside(bench: &Bench, engine: &LocalEngine, outside: &Outside) -> Vec<String> {
    let mut dead = Vec::new();
    for place in PLACES {
        let is_file = place.starts_with("etc/");
        for up in ["", "../../../../../../../.."] {
            let target = format!("{up}{}", if is_file { outside.secret() } else { outside.name() });
            let words = ["/escape".to_owned(), format!("show=/{place}"), format!("show=/{place}/secret")];
            let words = words.into_iter().chain([format!("show={}", outside.secret())]).collect::<Vec<_>>();
            let mut ended = Vec::new();
            // gVisor has failed to start one, once in forty runs on a busy machine.
            for _ in 0..3 {
                ended = sees_nothing(bench, engine, &linked(place, &target), json!({ "Cmd": words })).await;
                if ended.is_empty() {
                    break;
                }
            }
            assert!(!outside.has_changed(), "/{place} is a link to {target}: {:?}", content(outside.folder.path()));
            dead.extend(ended.into_iter().map(|how| format!("/{place} to {target}, {how}")));
        }
    }
    dead
}

/// A working directory that is one of the runtime's own open folders.
async fn descriptors(bench: &Bench, engine: &LocalEngine) -> Verdict {
    let outside = Outside::new();
    let words = ["/escape".to_owned(), format!("show=../../../../../../..{}", outside.secret())];
    let beginning_in = |folder: String| json!({ "Cmd": words, "WorkingDir": folder });
    let dead = sees_nothing(bench, engine, &base(), beginning_in("/tmp".to_owned())).await;
    assert!(dead.is_empty(), "it runs, wherever it may begin: {dead:?}");
    for descriptor in DESCRIPTORS {
        sees_nothing(bench, engine, &base(), beginning_in(format!("/proc/self/fd/{descriptor}"))).await;
    }
    Verdict {
        aim: "begin in an open folder of the runtime's".to_owned(),
        guards: vec![Guard::PathsInRoot, Guard::MountNamespace],
        proof: Proof::NotProvable("a runtime cannot be told to leave its folders open".to_owned()),
    }
}

/// What one instance writes over a file of its image is in no layer on the disk, and no other instance sees it. As each user:
/// the file is open to all of them.
async fn layers(bench: &Bench, engine: &LocalEngine) -> Verdict {
    let show = "show=/etc/shared".to_owned();
    let mut shared = Vec::new();
    for (slot, user) in (1..).step_by(2).zip(USERS) {
        let words = ["overwrite=/etc/shared".to_owned(), show.clone(), "stay".to_owned()];
        let writes = tries(bench, &format!("writes-as-{user}"), user, &words).await;
        engine.start(&spec(slot, &writes)).await.unwrap();
        until(engine, &name(slot), |seen| seen.address.is_some()).await;
        let written = async || printed(engine, &name(slot)).await;
        let since = Instant::now();
        while !written().await.iter().any(|line| line == "show works: ") {
            assert!(since.elapsed() < Duration::from_secs(10), "{:?}", written().await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(written().await.contains(&"overwritten".to_owned()), "it may do in its own copy what it likes");
        let words = ["overwrite=/escape".to_owned(), show.clone()];
        let looks = tries(bench, &format!("looks-as-{user}"), user, &words).await;
        engine.start(&spec(slot + 1, &looks)).await.unwrap();
        let lines = said(engine, &name(slot + 1)).await;
        assert!(lines.contains(&"from the image".to_owned()), "{lines:?}");
        let layers = fs::read_dir(bench.data().join("layers")).unwrap().flatten().map(|layer| layer.path().join("etc/shared"));
        let on_disk: Vec<_> = layers.filter_map(|file| fs::read_to_string(file).ok()).collect();
        assert!(!on_disk.is_empty() && on_disk.iter().all(|text| text == "from the image\n"), "{on_disk:?}");

        let plain = Plain::of(bench, slot, "no-key");
        plain.run(&["overwrite=/etc/shared"], user, &[], "");
        shared.push(fs::read_to_string(plain.file("etc/shared")).unwrap());
    }
    let proof = match shared.iter().find(|text| *text != "overwritten\n") {
        None => Proof::Works,
        Some(text) => Proof::NotProvable(format!("without an overlay the file says {text:?}")),
    };
    Verdict { aim: "change a file for all who share its layer".to_owned(), guards: vec![Guard::CopyOnWrite], proof }
}
