//! Images as they come: indexes, compressions, whiteouts, links, and those that try to get out.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use engine::limit::{DOCUMENT_BYTES, LAYERS, UNPACKING};
use engine::local::{LocalEngine, Ports};
use model::chunks::{Body, Chunks};
use model::digest::{Algorithm, Digest};
use model::instance::ExitCause;
use model::port::{Answer, Engine, Images, PinnedImages};
use model::revision::ImagePin;
use model::testbed::MemoryImages;
use model::time::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::bench::{Bench, architecture, base_layer, exited, file, folder, hash, name, pin, printed, spec, tar};

const TAR: &str = "application/vnd.oci.image.layer.v1.tar";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn config(diff_ids: &[&Digest]) -> Value {
    json!({ "architecture": architecture(), "os": "linux", "rootfs": { "type": "layers", "diff_ids": diff_ids },
            "config": { "Cmd": ["/resident", "say=it runs"] } })
}

fn descriptor(media_type: &str, digest: &Digest) -> Value {
    json!({ "mediaType": media_type, "digest": digest, "size": 1 })
}

async fn problem(bench: &Bench, pin: &ImagePin) -> String {
    let engine = bench.open().await;
    engine.prepare(pin).await.unwrap().unwrap_err().message
}

#[tokio::test(flavor = "multi_thread")]
async fn layers_of_every_compression_and_of_docker_are_unpacked() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let plain = base_layer();
    let diff_id = hash(Algorithm::Sha256, &plain);
    let cases = [
        ("application/vnd.oci.image.layer.v1.tar+gzip", gzip(&plain)),
        ("application/vnd.docker.image.rootfs.diff.tar.gzip", gzip(&plain)),
        ("application/vnd.oci.image.layer.v1.tar+zstd", zstd::encode_all(plain.as_slice(), 1).unwrap()),
        (TAR, plain.clone()),
    ];
    for (slot, (media_type, bytes)) in (0..).zip(cases) {
        let _ = fs::remove_dir_all(bench.data().join("layers").join(diff_id.hex()));
        let digest = bench.blob("kinds", &bytes).await;
        let image = bench.manifest("kinds", &config(&[&diff_id]), &[descriptor(media_type, &digest)]).await;
        engine.start(&spec(slot, &image)).await.unwrap();
        assert_eq!(exited(&engine, &name(slot)).await.how, ExitCause::Code(0), "{media_type}");
        assert_eq!(printed(&engine, &name(slot)).await, ["it runs"]);
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_index_our_own_variant_is_taken_and_attestations_are_not() {
    let bench = Bench::new();
    let image = bench.resident("index", &["say=ours"]).await;
    let entry = |digest: &Digest, os: &str, architecture: &str| {
        json!({ "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": 1,
                "platform": { "os": os, "architecture": architecture } })
    };
    let other = hash(Algorithm::Sha256, b"another variant, which is nowhere");
    let index = |entries: Vec<Value>| json!({ "schemaVersion": 2, "manifests": entries }).to_string().into_bytes();
    let mixed = vec![
        entry(&other, "unknown", "unknown"),
        entry(&other, "linux", "s390x"),
        entry(&other, "windows", architecture()),
        entry(&image.digest, "linux", architecture()),
    ];
    let mixed = pin("index", bench.blob("index", &index(mixed)).await);
    let engine = bench.open().await;
    engine.start(&spec(0, &mixed)).await.unwrap();
    exited(&engine, &name(0)).await;
    assert_eq!(printed(&engine, &name(0)).await, ["ours"]);
    let foreign = vec![entry(&other, "linux", "s390x"), entry(&other, "unknown", "unknown")];
    let foreign = pin("index", bench.blob("index", &index(foreign)).await);
    let words = problem(&bench, &foreign).await;
    assert!(words.contains("it has linux/s390x."), "{words}");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_image_is_told_apart_and_leaves_nothing() {
    let bench = Bench::new();
    let plain = base_layer();
    let diff_id = hash(Algorithm::Sha256, &plain);
    let wrong = hash(Algorithm::Sha256, b"something else");
    let good = bench.blob("broken", &plain).await;
    let cut = bench.blob("broken", &gzip(&plain)[..1000]).await;
    let noise = bench.blob("broken", &[7; 5000]).await;
    let foreign = json!({ "architecture": "s390x", "os": "linux", "rootfs": { "type": "layers", "diff_ids": [diff_id] } });
    let gz = "application/vnd.oci.image.layer.v1.tar+gzip";
    let cases = [
        (config(&[&wrong]), vec![descriptor(TAR, &good)], "does not have the digest that the configuration names"),
        (config(&[&diff_id]), vec![descriptor(gz, &cut)], "cannot be read"),
        (config(&[&diff_id]), vec![descriptor(TAR, &noise)], "cannot be read"),
        (config(&[&diff_id]), vec![descriptor(TAR, &wrong)], "is not in the repository"),
        (config(&[&diff_id, &diff_id]), vec![descriptor(TAR, &good)], "name different layers"),
        (config(&[]), vec![], "name different layers, or none"),
        (config(&[&diff_id]), vec![descriptor("application/vnd.example.model", &good)], "is no file system"),
        (foreign, vec![descriptor(TAR, &good)], "is built for linux/s390x"),
        (json!({ "rootfs": 1 }), vec![], "cannot be read"),
        (config(&[&diff_id; LAYERS + 1]), vec![descriptor(TAR, &good); LAYERS + 1], "128 layers; 127 can be stacked"),
        (json!({ "filler": "x".repeat(DOCUMENT_BYTES as usize) }), vec![], "is larger than"),
    ];
    for (config, layers, expected) in cases {
        let image = bench.manifest("broken", &config, &layers).await;
        let words = problem(&bench, &image).await;
        assert!(words.contains(expected), "{expected}: {words}");
    }
    let nonsense = pin("broken", bench.blob("broken", b"no manifest").await);
    assert!(problem(&bench, &nonsense).await.contains("cannot be read"));
    assert_eq!(fs::read_dir(bench.data().join("layers")).unwrap().count(), 0);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_names_anothers_layer_as_its_own_is_refused_though_that_layer_is_unpacked() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let secret = tar(|builder| file(builder, "secret", 0o600, 0, b"theirs"));
    let own = tar(|builder| file(builder, "own", 0o600, 0, b"mine"));
    let secret_id = hash(Algorithm::Sha256, &secret);
    let theirs = bench.image("theirs", std::slice::from_ref(&secret), json!({})).await;
    engine.prepare(&theirs).await.unwrap().unwrap();
    let digest = bench.blob("thief", &own).await;
    let thief = bench.manifest("thief", &config(&[&secret_id]), &[descriptor(TAR, &digest)]).await;
    for _ in 0..2 {
        let words = engine.prepare(&thief).await.unwrap().unwrap_err().message;
        assert!(words.contains("does not have the digest that the configuration names"), "{words}");
    }

    // The same tar, stored otherwise, is verified once and not unpacked again.
    let unpacked = bench.data().join("layers").join(secret_id.hex());
    let inode = fs::metadata(&unpacked).unwrap().ino();
    let digest = bench.blob("again", &gzip(&secret)).await;
    let gz = "application/vnd.oci.image.layer.v1.tar+gzip";
    let again = bench.manifest("again", &config(&[&secret_id]), &[descriptor(gz, &digest)]).await;
    engine.prepare(&again).await.unwrap().unwrap();
    assert_eq!(fs::metadata(&unpacked).unwrap().ino(), inode);
    let sources = bench.data().join("layers").join(format!("{}.from", secret_id.hex()));
    assert!(sources.join(digest.hex()).exists(), "what was verified is remembered");
    let names = fs::read_dir(sources).unwrap().flatten().map(|entry| entry.file_name());
    let blobs = names.filter(|name| !name.to_string_lossy().starts_with('.'));
    assert_eq!(blobs.count(), 2, "and nothing else");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_broken_image_says_has_no_control_characters_in_it() {
    let bench = Bench::new();
    let layer = tar(|builder| {
        file(builder, "\u{1b}[2Jx", 0o644, 0, b"");
        file(builder, "\u{1b}[2Jx/y", 0o644, 0, b"");
    });
    let image = bench.image("rude", &[layer], json!({})).await;
    let words = problem(&bench, &image).await;
    assert!(words.contains("\\u{1b}[2Jx is used as a folder and is none"), "{words}");
    let kind = json!({ "mediaType": "a\u{1b}b\n", "digest": hash(Algorithm::Sha256, b""), "size": 1 });
    let image = bench.manifest("rude", &config(&[&hash(Algorithm::Sha256, b"")]), &[kind]).await;
    let words = problem(&bench, &image).await;
    assert!(words.contains("the type 'a\\u{1b}b\\n'"), "{words}");
    bench.remove().await;
}

/// Unpacks layers and answers their folders.
async fn unpacked(bench: &Bench, layers: &[Vec<u8>]) -> Vec<PathBuf> {
    let image = bench.image("layers", layers, json!({})).await;
    let engine = bench.open().await;
    engine.prepare(&image).await.unwrap().unwrap();
    let folder = |layer: &Vec<u8>| bench.data().join("layers").join(hash(Algorithm::Sha256, layer).hex());
    layers.iter().map(folder).collect()
}

fn link(builder: &mut tar::Builder<Vec<u8>>, path: &str, target: &str, kind: tar::EntryType) {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(0);
    header.set_mode(0o777);
    header.set_uid(0);
    header.set_gid(0);
    builder.append_link(&mut header, path, target).unwrap();
}

/// An entry whose name the tar library would refuse to write.
fn raw(builder: &mut tar::Builder<Vec<u8>>, path: &[u8], kind: tar::EntryType, content: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path);
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    builder.append(&header, content).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_modes_links_and_whiteouts_arrive_as_the_overlay_wants_them() {
    let bench = Bench::new();
    let layer = tar(|builder| {
        folder(builder, "./", 0o755);
        folder(builder, "bin/", 0o750);
        file(builder, "bin/tool", 0o4755, 33, b"tool");
        link(builder, "bin/again", "bin/tool", tar::EntryType::Link);
        link(builder, "bin/soft", "/bin/tool", tar::EntryType::Symlink);
        file(builder, "deep/in/a/tree", 0o600, 0, b"made on the way");
        file(builder, "etc/.wh.hidden", 0o644, 0, b"");
        file(builder, "var/.wh..wh..opq", 0o644, 0, b"");
        file(builder, "var/.wh..wh.plnk", 0o644, 0, b"");
        file(builder, "twice", 0o644, 0, b"first");
        file(builder, "twice", 0o644, 0, b"second");
        raw(builder, b"dev/null", tar::EntryType::Char, b"");
        raw(builder, b"pipe", tar::EntryType::Fifo, b"");
    });
    let found = unpacked(&bench, &[layer]).await.remove(0);
    let meta = |path: &str| fs::symlink_metadata(found.join(path)).unwrap();
    assert_eq!((meta("bin").mode() & 0o7777, meta("bin/tool").mode() & 0o7777), (0o750, 0o4755));
    assert_eq!((meta("bin/tool").uid(), meta("bin/tool").gid()), (33, 33));
    assert_eq!(meta("bin/again").ino(), meta("bin/tool").ino());
    assert_eq!(fs::read_link(found.join("bin/soft")).unwrap(), PathBuf::from("/bin/tool"));
    assert_eq!(fs::read(found.join("deep/in/a/tree")).unwrap(), b"made on the way");
    assert_eq!((meta("deep/in/a").mode() & 0o7777, meta("deep/in/a/tree").mode() & 0o7777), (0o755, 0o600));
    assert!(meta("etc/hidden").file_type().is_char_device() && meta("etc/hidden").rdev() == 0);
    let mut opaque = [0; 8];
    let length = rustix::fs::getxattr(found.join("var"), "trusted.overlay.opaque", &mut opaque[..]).unwrap();
    assert_eq!(&opaque[..length], b"y");
    assert!(fs::read_dir(found.join("var")).unwrap().next().is_none());
    assert_eq!(fs::read(found.join("twice")).unwrap(), b"second");
    assert!(fs::symlink_metadata(found.join("dev/null")).is_err(), "devices are left out");
    assert!(meta("pipe").file_type().is_fifo());
    let layers = fs::metadata(bench.data().join("layers")).unwrap();
    assert_eq!(layers.permissions().mode() & 0o7777, 0o700, "set-user-id files are for nobody on the host");
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_cannot_write_outside_itself() {
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().to_str().unwrap().to_owned();
    let refused: [(&str, Vec<u8>); 6] = [
        ("contains '..'", tar(|builder| raw(builder, b"../evil", tar::EntryType::Regular, b"x"))),
        ("contains '..'", tar(|builder| raw(builder, b"a/../../evil", tar::EntryType::Directory, b""))),
        ("contains '..'", tar(|builder| link(builder, "x", "../../etc/passwd", tar::EntryType::Link))),
        ("a file that is not in it", tar(|builder| link(builder, "x", "etc/passwd", tar::EntryType::Link))),
        ("whiteout of nothing", tar(|builder| raw(builder, b"a/.wh...", tar::EntryType::Regular, b""))),
        ("belongs to the id 70000", tar(|builder| file(builder, "x", 0o644, 70_000, b""))),
    ];
    for (expected, layer) in refused {
        let bench = Bench::new();
        let image = bench.image("evil", &[layer], json!({})).await;
        let words = problem(&bench, &image).await;
        assert!(words.contains(expected), "{expected}: {words}");
        bench.remove().await;
    }
    // Through links, what seems to lead out ends inside.
    let bench = Bench::new();
    let layer = tar(|builder| {
        link(builder, "up", "../../../../../../../..", tar::EntryType::Symlink);
        file(builder, "up/by_dots", 0o644, 0, b"x");
        folder(builder, target.trim_start_matches('/'), 0o755);
        link(builder, "out", &target, tar::EntryType::Symlink);
        file(builder, "out/by_link", 0o644, 0, b"x");
        raw(builder, b"/absolute", tar::EntryType::Regular, b"x");
        link(builder, "victim", "out/by_link", tar::EntryType::Symlink);
        file(builder, "victim", 0o644, 0, b"replaced, not followed");
    });
    let found = unpacked(&bench, &[layer]).await.remove(0);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    assert!(found.join("by_dots").exists() && found.join("absolute").exists());
    assert_eq!(fs::read(found.join(target.trim_start_matches('/')).join("by_link")).unwrap(), b"x");
    assert!(fs::symlink_metadata(found.join("victim")).unwrap().is_file());
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn upper_layers_hide_replace_and_add_to_lower_ones() {
    let bench = Bench::new();
    let lower = tar(|builder| {
        file(builder, "data/stays", 0o644, 0, b"");
        file(builder, "data/goes", 0o644, 0, b"");
        file(builder, "emptied/old", 0o644, 0, b"");
    });
    let upper = tar(|builder| {
        file(builder, "data/.wh.goes", 0o644, 0, b"");
        file(builder, "emptied/.wh..wh..opq", 0o644, 0, b"");
        file(builder, "emptied/new", 0o644, 0, b"");
    });
    let paths = ["/data/stays", "/data/goes", "/emptied/old", "/emptied/new"];
    let words: Vec<String> = ["/resident".to_owned()].into_iter().chain(paths.map(|path| format!("exists={path}"))).collect();
    let image = bench.image("stacked", &[base_layer(), lower, upper], json!({ "Cmd": words })).await;
    let engine = bench.open().await;
    engine.start(&spec(0, &image)).await.unwrap();
    exited(&engine, &name(0)).await;
    let expected = ["/data/stays is there", "/data/goes is not there", "/emptied/old is not there", "/emptied/new is there"];
    assert_eq!(printed(&engine, &name(0)).await, expected);
    drop(engine);
    bench.remove().await;
}

/// A store in which no layer comes before all of them are asked for.
struct Meeting {
    images: Arc<MemoryImages>,
    layers: Vec<Digest>,
    met: Arc<Barrier>,
}

struct Late {
    met: Option<Arc<Barrier>>,
    body: Body,
}

impl Chunks for Late {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            if let Some(met) = self.met.take() {
                met.wait().await;
            }
            self.body.next().await
        })
    }
}

impl PinnedImages for Meeting {
    fn pin<'a>(&'a self, image: &'a ImagePin, now: Timestamp) -> Answer<'a, bool> {
        PinnedImages::pin(&*self.images, image, now)
    }

    fn read<'a>(&'a self, image: &'a ImagePin, digest: &'a Digest) -> Answer<'a, Option<Body>> {
        Box::pin(async move {
            let body = PinnedImages::read(&*self.images, image, digest).await?;
            let met = self.layers.contains(digest).then(|| self.met.clone());
            Ok(body.map(|body| Box::new(Late { met, body }) as Body))
        })
    }

    fn keep<'a>(&'a self, images: &'a [ImagePin], before: Timestamp) -> Answer<'a, ()> {
        PinnedImages::keep(&*self.images, images, before)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn layers_of_an_image_are_unpacked_at_the_same_time() {
    let bench = Bench::new();
    let layers: Vec<Vec<u8>> =
        (0..UNPACKING).map(|n| tar(|builder| file(builder, &format!("own/{n}"), 0o644, 0, b"its own"))).collect();
    let image = bench.image("parallel", &layers, json!({})).await;
    let digests = layers.iter().map(|layer| hash(Algorithm::Sha256, layer)).collect();
    let meeting = Meeting { images: bench.images.clone(), layers: digests, met: Arc::new(Barrier::new(UNPACKING)) };
    let ports = Ports { blobs: Arc::new(meeting), ..bench.ports() };
    let engine = LocalEngine::open(bench.settings.clone(), ports).await.unwrap_or_else(|trouble| panic!("{}", trouble.chain()));
    let prepared = tokio::time::timeout(Duration::from_secs(30), engine.prepare(&image)).await;
    prepared.expect("one layer waits for the other's end").unwrap().unwrap();
    for (n, layer) in layers.iter().enumerate() {
        let unpacked = bench.data().join("layers").join(hash(Algorithm::Sha256, layer).hex());
        assert!(unpacked.join(format!("own/{n}")).exists(), "{n}");
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_with_the_same_layer_twice_runs() {
    let bench = Bench::new();
    let empty = tar(|_| {});
    let hides = tar(|builder| file(builder, ".wh.resident", 0o644, 0, b""));
    let layers = [empty.clone(), base_layer(), empty.clone(), hides, base_layer(), empty];
    let image = bench.image("twice", &layers, json!({ "Cmd": ["/resident", "say=it runs"] })).await;
    let engine = bench.open().await;
    engine.start(&spec(0, &image)).await.unwrap();
    assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Code(0));
    assert_eq!(printed(&engine, &name(0)).await, ["it runs"]);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_unfinished_is_removed_at_the_next_start() {
    let bench = Bench::new();
    let half = bench.data().join("layers/.new-abc-1-0");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("file"), b"half").unwrap();
    fs::create_dir_all(bench.data().join("scratch/nobody")).unwrap();
    let engine = bench.open().await;
    assert!(!half.exists());
    assert!(!bench.data().join("scratch/nobody").exists());
    drop(engine);
    bench.remove().await;
}

/// A disk of its own for the layers.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(folder: PathBuf, size: &str) -> Self {
        fs::create_dir_all(&folder).unwrap();
        let options = format!("size={size},mode=700");
        assert!(Command::new("mount").args(["-t", "tmpfs", "-o", &options, "layers"]).arg(&folder).status().unwrap().success());
        Self(folder)
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        assert!(Command::new("mount").args(["-o", &options]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_while_unpacking_is_trouble_leaves_nothing_and_goes_on_when_there_is_room() {
    let bench = Bench::new();
    let disk = SmallDisk::at(bench.data().join("layers"), "4m");
    let engine = bench.open().await;
    let large = tar(|builder| {
        for number in 0..8 {
            file(builder, &format!("data/{number}"), 0o644, 0, &vec![number; 1 << 20]);
        }
    });
    let image = bench.image("large", &[tar(|builder| folder(builder, "first/", 0o755)), large], json!({})).await;
    for _ in 0..3 {
        let trouble = engine.prepare(&image).await.unwrap_err();
        assert!(trouble.chain().contains("No space left on device"), "{}", trouble.chain());
        let left: Vec<_> = fs::read_dir(&disk.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "half a layer is left: {left:?}");
        assert!(left.len() <= 2, "no more than the small layer, and where it comes from: {left:?}");
    }
    disk.grow("64m");
    engine.prepare(&image).await.unwrap().unwrap();
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_that_may_not_have_reached_the_disk_is_trusted_in_the_same_life_of_the_machine_only() {
    let bench = Bench::new();
    let layers = [base_layer(), tar(|builder| file(builder, "etc/own", 0o644, 0, b"own"))];
    let found = unpacked(&bench, &layers).await;
    let mark = |folder: &PathBuf| PathBuf::from(format!("{}.from/.unsettled", folder.display()));
    let since = Instant::now();
    let engine = bench.open().await;
    while found.iter().any(|folder| mark(folder).exists()) {
        assert!(since.elapsed() < Duration::from_secs(120), "nobody writes them to the disk");
        tokio::task::yield_now().await;
    }
    drop(engine);
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    fs::write(mark(&found[0]), &boot).unwrap();
    fs::write(mark(&found[1]), "another life").unwrap();
    let engine = bench.open().await;
    assert!(found[0].exists(), "the platform died, the machine did not");
    assert!(!found[1].exists() && !mark(&found[1]).parent().unwrap().exists());
    let image = bench.image("again", &layers, json!({ "Cmd": ["/resident", "exists=/etc/own"] })).await;
    engine.start(&spec(0, &image)).await.unwrap();
    exited(&engine, &name(0)).await;
    assert_eq!(printed(&engine, &name(0)).await, ["/etc/own is there"]);
    drop(engine);
    bench.remove().await;
}
