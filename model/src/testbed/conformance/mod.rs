//! What every implementation of a port promises, as suites that run on the in-memory ones and on the real ones.
//!
//! A suite panics with a sentence where a promise is broken. Each expects fresh, empty ports.

mod access_records;
mod accounts;
mod audit;
mod aws_upstreams;
mod bell;
mod bound;
mod desk;
mod edge;
mod engine;
mod executions;
mod identity;
mod image_copies;
mod image_pushes;
mod images;
mod instance_sessions;
mod issuers;
mod log_groups;
mod logs;
mod managed_policies;
mod names;
mod policy_holders;
mod quotas;
mod real_roles;
mod records;
mod remote_registry;
mod repository_images;
mod roles;
mod scaling_configurations;
mod sealed_nouns;
mod services;
mod stats;
mod token_keys;
mod users;
mod vault;

pub use access_records::access_records;
pub use accounts::accounts;
pub use audit::audit;
pub use aws_upstreams::aws_upstreams;
pub use bell::bell;
pub use bound::{custom_domains, vpc_ingress_connections};
pub use desk::desk;
pub use edge::edge;
pub use engine::{EngineBench, dormant, engine, made_ahead, pin_of, stopping};
pub use executions::{ExecutionBench, executions};
pub use identity::{gatekeeper, logins};
pub use image_copies::{CopiesBench, image_copies};
pub use image_pushes::{PushBench, image_pushes};
pub use images::images;
pub use instance_sessions::{SessionsBench, event_desk, instance_sessions};
pub use issuers::issuers;
pub use log_groups::log_groups;
pub use logs::logs;
pub use managed_policies::managed_policies;
pub use names::names;
pub use policy_holders::policy_holders;
pub use quotas::quotas;
pub use real_roles::real_roles;
pub use records::records;
pub use remote_registry::{RemoteFacts, remote_registry};
pub use repository_images::{pinned_images, repository_images};
pub use roles::roles;
pub use scaling_configurations::scaling_configurations;
pub use sealed_nouns::{revision_secrets, sealed_nouns};
pub use services::services;
pub use stats::stats;
pub use token_keys::token_keys;
pub use users::users;
pub use vault::vault;

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::sync::Arc;

    use super::*;
    use crate::digest::{Algorithm, Digest};
    use crate::foreign_image::ForeignImage;
    use crate::instance::InstanceName;
    use crate::instance_door::InstanceRole;
    use crate::port::{Clock, Engine};
    use crate::refusal::Refusal;
    use crate::testbed::{
        JumpingBell, MemoryAccounts, MemoryAwsUpstreams, MemoryDesk, MemoryEdge, MemoryEngine, MemoryImages, MemoryLedger,
        MemoryLogins, MemoryLogs, MemoryManagedPolicies, MemoryPolicyHolders, MemoryPushes, MemoryQuotas, MemoryRealRoles,
        MemoryRemote, MemoryResolver, MemoryRevisionSecrets, MemoryRoles, MemorySealed, MemorySessions, MemoryVault,
        NamedByManifest, RootGate, Script, TurnedClock, block_on,
    };
    use crate::time::Timestamp;

    /// Not a hash, but different for different small inputs: this crate has no key to SHA-256.
    fn toy_hash(algorithm: Algorithm, bytes: &[u8]) -> Digest {
        let length = match algorithm {
            Algorithm::Sha256 => 32,
            Algorithm::Sha512 => 64,
        };
        let sum = |i: usize| bytes.iter().enumerate().fold(i as u8, |sum, (at, b)| sum.rotate_left(3) ^ b.wrapping_add(at as u8));
        Digest::from_hash(algorithm, &(0..length).map(sum).collect::<Vec<u8>>())
    }

    /// Lines: `layer <digest>`, `image <digest>`, and what it is at the end.
    fn toy_manifest(bytes: &[u8], _: Option<&str>) -> Result<NamedByManifest, Refusal> {
        let text = std::str::from_utf8(bytes).expect("the suite writes text");
        let named = |kind: &str| text.lines().filter_map(|line| Digest::parse(line.strip_prefix(kind)?).ok()).collect();
        let media_type = match text.lines().last() {
            Some("image") => "application/vnd.toy.image",
            Some("index") => "application/vnd.toy.index",
            _ => return Err(Refusal::invalid("It does not say what it is.")),
        };
        Ok(NamedByManifest { media_type: media_type.to_owned(), layers: named("layer "), images: named("image ") })
    }

    #[test]
    fn the_ports_in_memory_pass_their_suites() {
        let ledger = MemoryLedger::default();
        block_on(services(&ledger, &ledger, &ledger, &ledger, &ledger));
        block_on(audit(&MemoryLedger::default()));
        block_on(aws_upstreams(&MemoryAwsUpstreams::of(&["sqs", "s3"]), "s3"));
        let ledger = MemoryLedger::default();
        block_on(scaling_configurations(&ledger, &ledger, &ledger));
        let ledger = MemoryLedger::default();
        block_on(vpc_ingress_connections(&ledger, &ledger, &ledger));
        let ledger = MemoryLedger::default();
        block_on(custom_domains(&ledger, &ledger, &ledger));
        let tracing = Some(crate::observability_configuration::TracingVendor::AwsXray);
        let ledger = MemoryLedger::default();
        block_on(records(&ledger, &ledger, &ledger, crate::observability_configuration::ObservabilityConfiguration { tracing }));
        let ledger = MemoryLedger::default();
        let subnets = vec!["subnet-2".to_owned(), "subnet-1".to_owned()];
        block_on(records(&ledger, &ledger, &ledger, crate::vpc_connector::VpcConnector { subnets, security_groups: None }));
        let ledger = MemoryLedger::default();
        let connection = crate::connection::Connection::pending(crate::connection::SourceProvider::GitHub);
        block_on(records(&ledger, &ledger, &ledger, connection));
        let kept = MemoryImages::new(toy_hash);
        block_on(images(&kept, &kept, &kept, &kept, toy_hash));
        let kept = MemoryImages::new(toy_hash);
        block_on(repository_images(&kept, &kept, &kept, &kept, toy_hash));
        let kept = MemoryImages::new(toy_hash);
        block_on(pinned_images(&kept, &kept, &kept, &kept, toy_hash));
        let kept = MemoryImages::new(toy_hash);
        let bench =
            CopiesBench { copies: &kept, repositories: &kept, manifests: &kept, blobs: &kept, pinned: &kept, hash: toy_hash };
        block_on(image_copies(&bench));
        block_on(logs(&MemoryLogs::default()));
        let kept = MemoryLogs::default();
        block_on(log_groups(&kept, &kept));
        let keys = MemoryVault::default();
        block_on(vault(&keys, &keys));
        let front_door = MemoryEdge::default();
        block_on(edge(&front_door, &front_door, 1));
        for path in ["/one", "/two"] {
            front_door.record(crate::testbed::access_record(path));
        }
        block_on(access_records(&front_door, 2));
        block_on(super::logins(&MemoryLogins::default()));
        block_on(gatekeeper(&RootGate));
        block_on(roles(&MemoryRoles::default()));
        block_on(sealed_nouns(&MemorySealed::default(), &MemorySealed::default()));
        block_on(revision_secrets(&MemoryRevisionSecrets::default(), &crate::testbed::service_id(1)));
        block_on(quotas(&MemoryQuotas::default()));
        let vault = MemoryVault::default();
        block_on(users(&vault, &vault));
        block_on(managed_policies(&MemoryManagedPolicies::default()));
        let (vault, kept): (Arc<MemoryVault>, Arc<MemoryRoles>) = Default::default();
        block_on(policy_holders(&MemoryPolicyHolders::new(vault.clone(), kept.clone()), &*vault, &*kept));
        let kept = MemoryAccounts::default();
        block_on(accounts(&kept, &kept));
        let outside: IpAddr = [93, 184, 215, 14].into();
        let inside: IpAddr = [10, 0, 0, 1].into();
        let known = [("public.test", vec![outside]), ("private.test", vec![inside]), ("mixed.test", vec![inside, outside])];
        block_on(names(&MemoryResolver(known.map(|(name, addresses)| (name.to_owned(), addresses)).into())));
        let remote = MemoryRemote::new(toy_hash);
        let image = ForeignImage::parse("registry.test:5000/team/hello:v1").unwrap();
        let layer = bytes::Bytes::from_static(b"0123456789");
        let digest = remote.offer(&image, &[&layer]);
        block_on(remote_registry(&remote, &RemoteFacts { image, digest, layer, hash: toy_hash }));
        let clock = Arc::new(TurnedClock::default());
        let elapsed = || clock.now().since(Timestamp::from_millis(0));
        block_on(bell(&JumpingBell::new(clock.clone()), &elapsed));
        block_on(desk(&MemoryDesk::new(Arc::default())));
    }

    #[test]
    fn real_roles_in_memory_pass_their_suite() {
        let role = |text: &str| crate::role::RoleArn::parse(text).unwrap();
        let (ours, real) = (role("arn:aws:iam::000000000000:role/app"), role("arn:aws:iam::123456789012:role/app"));
        let taking = MemoryRealRoles::new(ours.clone(), real.clone(), Arc::new(TurnedClock::default()));
        block_on(real_roles(&taking, &ours, &real));
    }

    #[test]
    fn pushes_in_memory_pass_their_suite() {
        let kept = Arc::new(MemoryImages::new(toy_hash));
        let pushes = MemoryPushes::new(kept.clone(), toy_hash, toy_manifest);
        let bench = PushBench {
            repositories: &*kept,
            pushes: &pushes,
            hash: toy_hash,
            image: &|layers| layers.iter().map(|(digest, _)| format!("layer {digest}\n")).collect::<String>() + "image",
            index: &|_, digest| format!("image {digest}\nindex"),
        };
        block_on(image_pushes(&bench));
    }

    fn name(slot: u16) -> InstanceName {
        InstanceName { service: crate::testbed::service_id(7), revision: 1, slot }
    }

    #[test]
    fn sessions_and_events_in_memory_pass_their_suites() {
        let clock = Arc::new(TurnedClock::default());
        let sessions = MemorySessions::new(clock.clone());
        let change = crate::testbed::conformance::services::created(1, "webs", 1);
        let role = |name: &str| InstanceRole { role: crate::testbed::role(name).arn(), service: change.service.arn() };
        let (trusted, missing) = (role("Runner"), role("Missing"));
        sessions.trust(&trusted.role);
        let turn = |by| clock.turn(by);
        let life = std::time::Duration::from_secs(3600);
        block_on(instance_sessions(&sessions, &SessionsBench { clock: &*clock, turn: &turn, life, trusted, missing }));
        let ledger = MemoryLedger::default();
        block_on(crate::port::Services::commit(&ledger, crate::port::Version(0), &change)).unwrap();
        block_on(event_desk(&ledger, &ledger, &ledger));
    }

    #[test]
    fn the_engine_in_memory_passes_its_suite() {
        let clock = Arc::new(TurnedClock::default());
        let kept = MemoryEngine::new(clock.clone());
        kept.script("exits", Script::Exit(3));
        kept.script("deaf", Script::ServeDeaf);
        let pin = |repository: &str| {
            let mut pin = super::pin_of(repository, &toy_hash(Algorithm::Sha256, b"image"));
            pin.repository = crate::image_reference::RepositoryName::parse(repository).unwrap();
            pin
        };
        let bench = EngineBench { serves: pin("serves"), exits_with_3: pin("exits"), missing: None, port: 8080 };
        let pause = || -> crate::port::Pause<'static> {
            clock.turn(std::time::Duration::from_millis(5));
            Box::pin(std::future::ready(()))
        };
        block_on(engine(&kept, &kept, &bench, &pause));
        block_on(made_ahead(&kept, &bench, &pause));
        block_on(dormant(&kept, &bench, &pause));
        block_on(stopping(&kept, &pin("deaf"), 8080, &pause));

        let spec = super::engine::spec(&name(0), &bench.serves, 8080);
        block_on(kept.start(&spec)).unwrap();
        let words = |text: &str| text.split(' ').map(str::to_owned).collect();
        let bench = ExecutionBench {
            instance: name(0),
            says_hello: words("say hello"),
            exits_with_3: words("exit 3"),
            copies: words("copy"),
            sizes: words("size"),
            stays: words("stay"),
            missing: words("nowhere"),
        };
        block_on(executions(&kept, &kept, &bench, &pause));
        block_on(kept.start(&spec)).unwrap();
        block_on(stats(&kept, &kept, &name(0), &pause));
    }
}
