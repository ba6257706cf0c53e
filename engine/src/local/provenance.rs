//! Who made an instance ahead, and of what: this build, or another one that may have told its shim and its runtime other
//! things; and the spec that it was made of, which may have changed since.
//! Never asked about an instance that has begun: those outlive every build.
//! Source of truth: the programs' files as they are on the disk.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

use aws_lc_rs::digest::{SHA256, digest};

use model::instance::InstanceSpec;

use crate::local::machine::Settings;
use crate::local::record::Phase;
use crate::local::shim::Shim;

/// In the folder of an instance that was made ahead: `made_by` at that moment.
pub const MADE_BY_FILE: &str = "made-by";

/// One line for the platform, the shim and the runtime of these settings. Another line is another build.
pub fn current(settings: &Settings) -> io::Result<String> {
    // The shim is a few hundred kB and says by its content what it is; the other two are told apart as `make` does it.
    let shim = hex(&fs::read(&settings.shim)?);
    let platform = fs::metadata("/proc/self/exe")?;
    let runtime = fs::metadata(&settings.runtime).map(|runtime| stamp(&runtime)).unwrap_or_default();
    Ok(format!(
        "outrunner {} {} shim {shim} runtime {} {runtime}\n",
        env!("CARGO_PKG_VERSION"),
        stamp(&platform),
        settings.runtime.display(),
    ))
}

/// What `MADE_BY_FILE` holds of an instance that is made ahead now.
pub fn made_by(settings: &Settings, spec: &InstanceSpec) -> io::Result<String> {
    Ok(current(settings)? + &asked(spec))
}

/// Whether an instance was made ahead of another spec than this. One that has begun is what it is.
pub fn is_of_another_spec(shim: &Shim, spec: &InstanceSpec) -> io::Result<bool> {
    let waits = matches!(shim.state()?.map(|state| state.phase), Some(Phase::Created { .. })) && shim.exit()?.is_none();
    Ok(waits && shim.read(MADE_BY_FILE)?.is_some_and(|made_by| !made_by.ends_with(&asked(spec))))
}

/// One line that tells specs apart, and nothing of what is in them.
fn asked(spec: &InstanceSpec) -> String {
    let spec = serde_json::to_vec(spec).expect("a spec has text keys only");
    format!("spec {}\n", hex(&spec))
}

fn hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn stamp(file: &fs::Metadata) -> String {
    format!("{}-{}.{}", file.len(), file.mtime(), file.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use model::account::{AccountId, Region, Scope};
    use model::digest::{Algorithm, Digest};
    use model::environment::Environment;
    use model::given_variables::GivenVariables;
    use model::health::Health;
    use model::image_reference::RepositoryName;
    use model::instance::InstanceName;
    use model::instance_size::InstanceSize;
    use model::revision::ImagePin;
    use model::service::ServiceId;

    use super::*;
    use crate::local::record::{STATE_FILE, State};

    #[test]
    fn only_what_waits_and_was_asked_for_in_another_way_is_of_another_spec() {
        let folder = tempfile::tempdir().unwrap();
        let shim = Shim::at(folder.path().to_owned());
        let spec = InstanceSpec {
            name: InstanceName { service: ServiceId::from_random([7; 16]), revision: 1, slot: 0 },
            image: ImagePin {
                scope: Scope { account: AccountId::parse("000000000000").unwrap(), region: Region::parse("us-east-1").unwrap() },
                repository: RepositoryName::parse("hello").unwrap(),
                digest: Digest::from_hash(Algorithm::Sha256, &[7; 32]),
            },
            start_command: None,
            environment: Environment::default(),
            given: GivenVariables::default(),
            role: None,
            identity: None,
            port: 8080,
            size: InstanceSize::default(),
            health: Health::default(),
            reach: Vec::new(),
        };
        let other = InstanceSpec { port: 8081, ..spec.clone() };
        assert!(!is_of_another_spec(&shim, &spec).unwrap(), "nothing is there");
        fs::write(folder.path().join(MADE_BY_FILE), format!("outrunner 1\n{}", asked(&spec))).unwrap();
        for (phase, of_another) in [
            (Phase::Paired, false),
            (Phase::Created { init_pid: 1, init_started: 2 }, true),
            (Phase::Running { init_pid: 1, init_started: 2, started_ms: 3, started_uptime_ms: None }, false),
        ] {
            let state = State { shim_pid: 1, boot_id: "x".to_owned(), network_fd: -1, phase };
            fs::write(folder.path().join(STATE_FILE), state.encode()).unwrap();
            assert!(!is_of_another_spec(&shim, &spec).unwrap(), "{phase:?}");
            assert_eq!(is_of_another_spec(&shim, &other).unwrap(), of_another, "{phase:?}");
        }
    }

    #[test]
    fn another_shim_is_another_build() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            shim: folder.path().join("shim"),
            runtime: "/usr/sbin/runc".into(),
            front_door_ports: Vec::new(),
            scratch: crate::local::ScratchSettings::default(),
        };
        fs::write(&settings.shim, "one").unwrap();
        let before = current(&settings).unwrap();
        assert_eq!(before, current(&settings).unwrap());
        fs::write(&settings.shim, "two").unwrap();
        assert_ne!(before, current(&settings).unwrap());
        fs::remove_file(&settings.shim).unwrap();
        assert!(current(&settings).is_err(), "nobody knows");
    }
}
