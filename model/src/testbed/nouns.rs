//! Nouns for tests, so that a test names only what it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::access_log::AccessRecord;
use crate::account::{AccountId, Region, Scope};
use crate::caller::{Caller, Principal};
use crate::configuration::{Configuration, ImageConfiguration, ImageSource, Source};
use crate::digest::{Algorithm, Digest};
use crate::health::Health;
use crate::image_reference::{ImageReference, RepositoryName};
use crate::instance_size::InstanceSize;
use crate::managed_policy::{ManagedPolicy, PolicyName, PolicyVersion};
use crate::managed_secret::ManagedSecret;
use crate::parameter::{Parameter, ParameterKind, ParameterTier, ParameterVersion};
use crate::revision::{ImagePin, Revision, RevisionNumber};
use crate::role::{Role, RoleName};
use crate::scaling_configuration::ScalingConfiguration;
use crate::service::ServiceId;
use crate::service_name::ServiceName;
use crate::tag::Tags;
use crate::time::Timestamp;
use crate::user::{User, UserName};
use crate::wish::CreateService;

/// Account 000000000000 in us-east-1.
pub fn scope() -> Scope {
    Scope {
        account: AccountId::parse("000000000000").expect("twelve digits"),
        region: Region::parse("us-east-1").expect("a region"),
    }
}

/// That account's root.
pub fn caller() -> Caller {
    Caller {
        scope: scope(),
        principal: Principal::Root,
        access_key_id: "AKIDEXAMPLE".to_owned(),
        request_id: "00000000-0000-4000-8000-000000000000".to_owned(),
        own_session: None,
        origin: None,
    }
}

/// A revision of that account's repository `hello`.
pub fn revision(number: RevisionNumber) -> Revision {
    let digest = Digest::from_hash(Algorithm::Sha256, &[u8::try_from(number).expect("tests have few"); 32]);
    let repository = RepositoryName::parse("hello").expect("a name");
    Revision {
        number,
        created_at: Timestamp::from_millis(1_000),
        configuration: configuration(8080),
        image: ImagePin { scope: scope(), repository, digest },
        operation: None,
        restores: None,
    }
}

/// A role of that account which trusts App Runner's builds and has no policy.
pub fn role(name: &str) -> Role {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"build.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    Role {
        account: scope().account,
        name: RoleName::parse(name).expect("a role name"),
        path: "/".to_owned(),
        id: "AROAEXAMPLEEXAMPLE123".to_owned(),
        created_at: Timestamp::from_millis(1_000),
        trust: trust.to_owned(),
        description: None,
        session_max_seconds: 3_600,
        tags: Tags::default(),
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
        boundary: None,
    }
}

/// A user of that account who has no policy.
pub fn user(name: &str) -> User {
    User {
        account: scope().account,
        name: UserName::parse(name).expect("a user name"),
        path: "/".to_owned(),
        // Names of tests are plain; an id tells users apart, so it is made of the name.
        id: format!("AIDA{:X<17.17}", name.to_ascii_uppercase()),
        created_at: Timestamp::from_millis(1_000),
        tags: Tags::default(),
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
        boundary: None,
    }
}

/// A policy of that account with one version.
pub fn managed_policy(name: &str, document: &str) -> ManagedPolicy {
    let created_at = Timestamp::from_millis(1_000);
    ManagedPolicy {
        account: scope().account,
        name: PolicyName::parse(name).expect("a policy name"),
        path: "/".to_owned(),
        id: "ANPAEXAMPLEEXAMPLE123".to_owned(),
        description: None,
        created_at,
        updated_at: created_at,
        tags: Tags::default(),
        versions: vec![PolicyVersion { number: 1, document: document.to_owned(), created_at }],
        default_version: 1,
        version_last: 1,
    }
}

/// A secret without a version.
pub fn managed_secret(name: &str) -> ManagedSecret {
    ManagedSecret {
        scope: scope(),
        name: name.to_owned(),
        suffix: "AbCdEf".to_owned(),
        description: None,
        tags: Tags::default(),
        created_at: Timestamp::from_millis(1_000),
        changed_at: Timestamp::from_millis(1_000),
        deletion: None,
        versions: BTreeMap::new(),
    }
}

/// A secure parameter with its first version.
pub fn parameter(name: &str) -> Parameter {
    let version = ParameterVersion {
        at: Timestamp::from_millis(1_000),
        by: caller().arn(),
        kind: ParameterKind::SecureString,
        tier: ParameterTier::Standard,
        description: None,
        allowed_pattern: None,
        labels: BTreeSet::new(),
    };
    Parameter { scope: scope(), name: name.to_owned(), tags: Tags::default(), latest: 1, versions: BTreeMap::from([(1, version)]) }
}

/// A request that was answered.
pub fn access_record(path: &str) -> AccessRecord {
    AccessRecord {
        service: service_id(1),
        ago: Duration::ZERO,
        method: "GET".to_owned(),
        path: path.to_owned(),
        status: 200,
        duration: Duration::from_millis(1),
        held: Duration::ZERO,
        request_bytes: 0,
        response_bytes: 2,
        request_id: "00000000-0000-4000-8000-000000000000".to_owned(),
        instance: None,
        protocol: "HTTP/2".to_owned(),
        client: [127, 0, 0, 1].into(),
    }
}

/// Runs `hello:v1` on a port, with the smallest size.
pub fn configuration(port: u16) -> Configuration {
    let identifier = "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1";
    Configuration {
        source: Source::Image(ImageSource {
            identifier: identifier.to_owned(),
            reference: ImageReference::parse(identifier).expect("a reference"),
            image: Some(ImageConfiguration { port: Some(port), start_command: None, environment: None, secrets: None }),
            auto_deployments: None,
            access_role: None,
        }),
        size: InstanceSize { cpu_units: 256, memory_mib: 512 },
        health: Health::default(),
        scaling: ScalingConfiguration::default(),
        observability_enabled: None,
        observability_configuration: None,
        network: crate::network::Network::default(),
        instance_role: None,
    }
}

/// The wish for a service of that configuration.
pub fn create_service(name: &str) -> CreateService {
    CreateService {
        name: ServiceName::parse(name).expect("a service name"),
        configuration: configuration(8080),
        tags: Tags::default(),
    }
}

/// A service id made of one byte.
pub fn service_id(byte: u8) -> ServiceId {
    ServiceId::from_random([byte; 16])
}
