//! Stock clients against the registry: what they push, they pull with the same digest.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::house::{House, OCI_IMAGE, OCI_INDEX, image, sha256};

/// A folder in which a client finds its whole world: home, credentials, policy.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(desk.path("policy.json"), r#"{"default":[{"type":"insecureAcceptAnything"}]}"#).unwrap();
        std::fs::write(desk.path("auth.json"), "{}").unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        command.env("HOME", self.folder.path()).env("TMPDIR", self.folder.path()).env("XDG_RUNTIME_DIR", self.folder.path());
        command.env("REGISTRY_AUTH_FILE", self.path("auth.json"));
        // As root these programs keep a cache below /var/lib; as somebody else, below the home folder.
        command.env("_CONTAINERS_ROOTLESS_UID", "65534");
        command.output().unwrap_or_else(|error| panic!("{program} is part of what tests need: {error}"))
    }

    #[track_caller]
    fn works(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.run(program, arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Runs blocking work beside the server of the same test.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn keep(layout: &Path, bytes: &[u8]) -> String {
    let digest = sha256(bytes);
    std::fs::write(layout.join("blobs/sha256").join(&digest["sha256:".len()..]), bytes).unwrap();
    digest
}

/// An OCI layout on disk: an index of one linux image (one layer of some MB) and one attestation, tagged `v1`. Answers the index's digest.
fn lay_out(layout: &Path) -> String {
    std::fs::create_dir_all(layout.join("blobs/sha256")).unwrap();
    std::fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let layer: Vec<u8> =
        (0..3_000_000u32).flat_map(|number| (number.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()).take(3_000_000).collect();
    let layer_digest = keep(layout, &layer);
    let diff = format!(r#"{{"architecture":"amd64","os":"linux","rootfs":{{"type":"layers","diff_ids":["{layer_digest}"]}}}}"#);
    let config = keep(layout, diff.as_bytes());
    let manifest = String::from_utf8(image(&config, &layer_digest, layer.len())).unwrap();
    let manifest = manifest.replace(r#""size":2}"#, &format!(r#""size":{}}}"#, diff.len()));
    let attestation_config = keep(layout, b"{}");
    let attestation = image(&attestation_config, &attestation_config, 2);
    let entry = |bytes: &[u8], platform: &str| {
        let (digest, size) = (keep(layout, bytes), bytes.len());
        format!(r#"{{"mediaType":"{OCI_IMAGE}","digest":"{digest}","size":{size},"platform":{platform}}}"#)
    };
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{},{}]}}"#,
        entry(manifest.as_bytes(), r#"{"architecture":"amd64","os":"linux"}"#),
        entry(&attestation, r#"{"architecture":"unknown","os":"unknown"}"#),
    );
    let digest = keep(layout, index.as_bytes());
    let top = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{OCI_INDEX}","digest":"{digest}","size":{},"annotations":{{"org.opencontainers.image.ref.name":"v1"}}}}]}}"#,
        index.len()
    );
    std::fs::write(layout.join("index.json"), top).unwrap();
    digest
}

#[tokio::test(flavor = "multi_thread")]
async fn skopeo_logs_in_pushes_an_index_and_pulls_the_same_digest() {
    let house = House::open().await;
    let (registry, password) = (house.address.to_string(), house.password.clone());
    let pushed = beside(move || {
        let desk = Desk::new();
        let digest = lay_out(&desk.path("made"));
        let policy = desk.path("policy.json").display().to_string();
        let (made, pulled) = (format!("oci:{}:v1", desk.path("made").display()), desk.path("pulled"));
        let remote = format!("docker://{registry}/hello:v1");
        let wrong = desk.run("skopeo", &["login", "--tls-verify=false", "-u", "AWS", "-p", "wrong", &registry]);
        assert!(!wrong.status.success(), "a wrong password does not log in");
        let refused = desk.run("skopeo", &["inspect", "--tls-verify=false", &remote]);
        assert!(!refused.status.success(), "anonymous calls are refused");
        desk.works("skopeo", &["login", "--tls-verify=false", "-u", "AWS", "-p", &password, &registry]);
        let copy = ["--policy", &policy, "copy", "--all", "--preserve-digests"];
        desk.works("skopeo", &[&copy[..], &["--dest-tls-verify=false", &made, &remote]].concat());
        let inspected = desk.works("skopeo", &["inspect", "--tls-verify=false", "--format", "{{.Digest}}", &remote]);
        assert_eq!(inspected.trim(), digest);
        let raw = desk.works("skopeo", &["inspect", "--tls-verify=false", "--raw", &remote]);
        assert_eq!(sha256(raw.as_bytes()), digest);
        let tags = desk.works("skopeo", &["list-tags", "--tls-verify=false", &format!("docker://{registry}/hello")]);
        assert!(tags.contains("v1"), "{tags}");
        let target = format!("oci:{}:v1", pulled.display());
        desk.works("skopeo", &[&copy[..], &["--src-tls-verify=false", &remote, &target]].concat());
        assert!(pulled.join("blobs/sha256").join(&digest["sha256:".len()..]).exists());
        let missing = format!("docker://{registry}/nowhere:v1");
        let failed = desk.run("skopeo", &[&copy[..], &["--dest-tls-verify=false", &made, &missing]].concat());
        let stderr = String::from_utf8_lossy(&failed.stderr).into_owned();
        let words = "The repository with name 'nowhere' does not exist in the registry with id '000000000000'";
        assert!(stderr.contains(words), "{stderr}");
        desk.works("skopeo", &["delete", "--tls-verify=false", &remote]);
        digest
    });
    let digest = pushed.await;
    assert_eq!(house.take_rung(), 1, "only the tag rings, not the manifests below it");
    house.call("GET", &format!("/v2/hello/manifests/{digest}"), &[], b"").await.expect_fault(404, "MANIFEST_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn buildah_pushes_and_pulls_an_image_made_from_nothing() {
    Command::new("buildah").arg("--version").output().expect("buildah: tests/install-packages installs it");
    let house = House::open().await;
    let (registry, password) = (house.address.to_string(), house.password.clone());
    beside(move || {
        let desk = Desk::new();
        let storage = [
            format!("--root={}", desk.path("root").display()),
            format!("--runroot={}", desk.path("run").display()),
            "--storage-driver=vfs".to_owned(),
        ];
        let policy = format!("--signature-policy={}", desk.path("policy.json").display());
        let buildah = |arguments: &[&str]| {
            let storage: Vec<&str> = storage.iter().map(String::as_str).collect();
            desk.works("buildah", &[&storage[..], arguments].concat())
        };
        std::fs::write(desk.path("hello.txt"), "hello").unwrap();
        let container = buildah(&["from", "--name", "work", "scratch"]);
        buildah(&["copy", container.trim(), &desk.path("hello.txt").display().to_string(), "/hello.txt"]);
        buildah(&["commit", &policy, container.trim(), "hello"]);
        buildah(&["rm", container.trim()]);
        buildah(&["login", "--tls-verify=false", "-u", "AWS", "-p", &password, &registry]);
        let remote = format!("{registry}/hello:v2");
        let digest = desk.path("digest").display().to_string();
        buildah(&["push", &policy, "--tls-verify=false", "--digestfile", &digest, "hello", &format!("docker://{remote}")]);
        buildah(&["rmi", "--all"]);
        buildah(&["pull", &policy, "--tls-verify=false", &remote]);
        let pulled = buildah(&["images", "--digests", "--format", "{{.Digest}}"]);
        assert_eq!(pulled.trim(), std::fs::read_to_string(digest).unwrap().trim());
        buildah(&["rmi", "--all"]);
    })
    .await;
    assert_eq!(house.take_rung(), 1);
}
