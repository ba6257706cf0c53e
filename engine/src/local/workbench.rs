//! What benches and fuzzers call of the engine's inside: unpacking without an engine, a bundle without an instance.
//! Never part of the platform: only the feature `workbench` builds it. Never runs anything.
//! Source of truth: the rooms it opens, which are the platform's own.

use std::io::Read;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::account::{AccountId, Region, Scope};
use model::digest::Algorithm;
use model::environment::Environment;
use model::given_variables::GivenVariables;
use model::health::Health;
use model::image_reference::RepositoryName;
use model::instance::{InstanceName, InstanceSpec};
use model::instance_size::InstanceSize;
use model::port::PinnedImages;
use model::revision::ImagePin;
use model::service::ServiceId;
use serde_json::Value;

use crate::local::allowance::{Allowance, Allowed};
use crate::local::berth::{Berth, Numbers};
use crate::local::confinement::Confinement;
use crate::local::dialect::Dialect;
use crate::local::image::{ImageError, RunConfig, Unpacker, read_configuration};
use crate::local::layer::{Compression, decompressed, digest_of};
use crate::local::layer_error::LayerError;
use crate::local::ration::Ration;
use crate::local::runtime::{self, Bundle};
use crate::local::unpack::{BOUNDS, Bounds, unpack};
use crate::local::user;

/// Unpacks every layer of an image into `layers`, as the first start of it does. `Err` says why not.
pub async fn prepare(blobs: Arc<dyn PinnedImages>, pin: &ImagePin, layers: PathBuf) -> Result<Vec<PathBuf>, String> {
    match Unpacker::new(blobs, layers).prepare(pin).await {
        Ok(image) => Ok(image.layers),
        Err(ImageError::Wrong(words)) => Err(words),
        Err(ImageError::Trouble(trouble)) => Err(trouble.chain()),
    }
}

/// Whose fault it is that a layer is not unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The layer's.
    Layer(String),
    /// The machine's, or ours.
    Ours(String),
}

impl From<LayerError> for Fault {
    fn from(error: LayerError) -> Self {
        match error {
            LayerError::Wrong(words) => Self::Layer(words),
            LayerError::Failed(error) => Self::Ours(error.to_string()),
        }
    }
}

/// Unpacks a tar into an existing, empty folder; of at most so many bytes.
pub fn unpack_tar(tar: impl Read, folder: &Path, bytes: u64) -> Result<(), Fault> {
    let bounds = Bounds { stream: bytes, bytes, entries: 10_000, ..BOUNDS };
    unpack(tar, folder, bounds, &Ration::default()).map(drop).map_err(Fault::from)
}

/// Unpacks a layer as it is stored, compressed as its first bytes say; of at most so many bytes.
pub fn unpack_stored(stored: &[u8], folder: &Path, bytes: u64) -> Result<(), Fault> {
    let compression = match stored {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        _ => Compression::Plain,
    };
    let tar = decompressed(compression, stored)?;
    unpack_tar(Allowed::new(tar, Allowance::of(bytes), "it is too large"), folder, bytes)
}

/// An instance as plain as can be.
pub fn spec() -> InstanceSpec {
    let pin = ImagePin {
        scope: Scope {
            account: AccountId::parse("000000000000").expect("twelve digits"),
            region: Region::parse("us-east-1").expect("a region"),
        },
        repository: RepositoryName::parse("bench").expect("a name"),
        digest: digest_of(Algorithm::Sha256, b""),
    };
    InstanceSpec {
        name: InstanceName { service: ServiceId::from_random([7; 16]), revision: 1, slot: 0 },
        image: pin,
        start_command: None,
        environment: Environment::default(),
        given: GivenVariables::default(),
        role: None,
        identity: None,
        port: 8080,
        size: InstanceSize { cpu_units: 256, memory_mib: 512 },
        health: Health::default(),
        reach: Vec::new(),
    }
}

/// What the runtime would be told of an instance of the image with this configuration, whose layers are `layers`. `Err` is
/// for its owner.
pub fn bundle(configuration: &[u8], layers: &[PathBuf], spec: &InstanceSpec) -> Result<Value, String> {
    let config: RunConfig = read_configuration(configuration)?;
    let arguments = runtime::arguments(spec, &config)?;
    let user = user::resolve(config.user.as_deref().unwrap_or_default(), layers)?;
    let address = Ipv4Addr::new(10, 64, 0, 2);
    let numbers = Numbers { created_ms: 0, created_uptime_ms: None, run: 1, id_base: 1 << 28, link: "ov".to_owned(), address };
    let berth = Berth::new(spec, numbers);
    let confinement = Confinement::by(Dialect::Runc).map_err(|error| error.to_string())?;
    let bundle = Bundle {
        spec,
        given: &spec.given,
        image: &config,
        layers,
        user: &user,
        berth: &berth,
        folder: Path::new("/run"),
        cgroup: "/group",
        confinement: &confinement,
        arguments,
    };
    Ok(bundle.config())
}

#[cfg(test)]
#[path = "../../../fuzz/src/archive.rs"]
mod archive;
#[cfg(test)]
#[path = "../../../fuzz/src/check.rs"]
mod check;

#[cfg(test)]
mod tests {
    use super::archive::{Choices, tar_of};
    use super::check::{BYTES, Ground, check_bundle};
    use super::*;

    /// The same bytes for the same seed, for ever.
    fn bytes_of(seed: u64) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        (0..2000).map(|_| next()).collect()
    }

    #[test]
    fn no_archive_of_a_thousand_gets_outside_its_folder_or_is_our_fault() {
        let (mut whole, mut broken) = (0, 0);
        for seed in 0..1000 {
            let ground = Ground::new();
            let outcome = unpack_tar(&*tar_of(&bytes_of(seed)), &ground.inside(), BYTES);
            ground.check();
            match outcome {
                Ok(()) => whole += 1,
                Err(Fault::Layer(_)) => broken += 1,
                Err(Fault::Ours(words)) => panic!("seed {seed}: {words}"),
            }
        }
        assert!(whole > 20 && broken > 20, "both kinds are tried: {whole} whole, {broken} broken");
    }

    #[test]
    fn whatever_an_image_says_of_itself_every_guard_is_in_its_bundle() {
        let layer = tempfile::tempdir().unwrap();
        std::fs::create_dir(layer.path().join("etc")).unwrap();
        let words = ["null", "\"/\"", "\"..\"", "\"\"", "\"0\"", "\"1:2\"", "\"65536\"", "\"4294967296:0\"", "\"root\"", "7"];
        let lists = ["null", "[]", "[\"sh\",\"\"]", "[\"/a\"]", "[\"A=\\u0000\"]", "[\"PORT=1\",\"=\",\"A\"]", "[null]", "{}"];
        let mut made = 0;
        for seed in 0..2000 {
            let bytes = bytes_of(seed);
            let mut choices = Choices(&bytes);
            let keys = ["User", "Env", "Entrypoint", "Cmd", "WorkingDir", "Volumes", "Labels"];
            let text = |key: &str, choices: &mut Choices<'_>| match key {
                "User" | "WorkingDir" => choices.of(&words),
                _ => choices.of(&lists),
            };
            let members: Vec<String> = keys.iter().map(|key| format!("\"{key}\":{}", text(key, &mut choices))).collect();
            let configuration = format!("{{\"rootfs\":{{\"diff_ids\":[]}},\"config\":{{{}}}}}", members.join(","));
            std::fs::write(layer.path().join("etc/passwd"), choices.bytes(255)).unwrap();
            if let Ok(config) = bundle(configuration.as_bytes(), &[layer.path().to_owned()], &spec()) {
                check_bundle(&config);
                made += 1;
            }
            // And damaged ones.
            let mut damaged = configuration.into_bytes();
            let at = usize::from(choices.byte()) % damaged.len();
            damaged[at] = choices.byte();
            if let Ok(config) = bundle(&damaged, &[layer.path().to_owned()], &spec()) {
                check_bundle(&config);
            }
        }
        assert!(made > 20, "some are good enough to run: {made}");
    }
}
