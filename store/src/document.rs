//! Nouns as stored documents: `{"v":1,"noun":{…}}`.
//!
//! The version is read first, so that a document of a newer program is told from a damaged one. Each noun has a golden file in `tests/golden`:
//! what an earlier version wrote is read for good. Errors never carry a stored value.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::fault::Fault;

/// The version written. A change of a noun that old documents do not fit raises it, and `read` translates.
const VERSION: u32 = 1;
/// How a document of this version begins.
const BEFORE_NOUN: &[u8] = br#"{"v":1,"noun":"#;

#[derive(Serialize)]
struct Written<'a, T> {
    v: u32,
    noun: &'a T,
}

#[derive(Deserialize)]
struct Found<'a> {
    v: u32,
    #[serde(borrow)]
    noun: &'a RawValue,
}

/// A noun as a document.
pub(crate) fn write<T: Serialize>(noun: &T) -> String {
    serde_json::to_string(&Written { v: VERSION, noun }).expect("our nouns have text keys and finite numbers")
}

/// A noun that holds a secret, as a document to be sealed.
pub(crate) fn write_secret<T: Serialize>(noun: &T) -> Zeroizing<Vec<u8>> {
    // Room for any key of ours, so that growing leaves no copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(64 << 10));
    serde_json::to_writer(&mut *text, &Written { v: VERSION, noun }).expect("our nouns have text keys and finite numbers");
    text
}

/// The noun in a document. `what` names the row for the person who must act.
pub(crate) fn read<T: DeserializeOwned>(what: &str, text: &[u8]) -> Result<T, Fault> {
    let damaged = || Fault::Damaged(format!("the document of {what} is damaged"));
    // As `write` writes it: read once, not twice. Whatever else it is, it is looked at with care.
    if let Some(noun) = text.strip_prefix(BEFORE_NOUN).and_then(|text| text.strip_suffix(b"}"))
        && let Ok(noun) = serde_json::from_slice(noun)
    {
        return Ok(noun);
    }
    let found: Found<'_> = serde_json::from_slice(text).map_err(|_| damaged())?;
    match found.v {
        VERSION => serde_json::from_str(found.noun.get()).map_err(|_| damaged()),
        newer => Err(Fault::Damaged(format!("the document of {what} has version {newer}; this program knows {VERSION}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Debug;

    use model::account::Account;
    use model::audit::{AuditEntry, AuditRow};
    use model::caller::{AccessKey, Caller, KeyUse, Origin, Principal, RoleSession, UserIdentity};
    use model::certificate::{Authority, Certificate};
    use model::code_source::{CodeConfiguration, CodeSource, CodeValues, ConfigurationPlace};
    use model::configuration::{Configuration, Source};
    use model::connection::{Connection, Handshake, SourceProvider};
    use model::custom_domain::{CustomDomain, DomainName, RecordSeed, Www};
    use model::digest::{Algorithm, Digest};
    use model::foreign_image::ForeignImage;
    use model::identity_provider::{IdentityProvider, IssuerUrl};
    use model::image_reference::{ImageReference, RepositoryName};
    use model::managed_secret::ValueForm;
    use model::network::{AddressFamilies, Egress, Ingress, Network};
    use model::observability_configuration::{ObservabilityConfiguration, TracingVendor};
    use model::operation::{Failure, Operation, OperationId, OperationKind, OperationState, Outcome};
    use model::quota::{Quota, QuotaChange};
    use model::record::{Noun, Record};
    use model::repository::{Manifest, Repository, RepositoryKey, TagFilter, TagMutability};
    use model::revision::{ImagePin, Revision};
    use model::role::Role;
    use model::scaling_configuration::{ScalingConfiguration, ScalingNamed, ScalingRevision};
    use model::secret::Secret;
    use model::secret_reference::SecretReferences;
    use model::service::{HostLabel, Phase, Service, Standing, Step};
    use model::tag::Tags;
    use model::testbed::{
        caller, configuration, create_service, managed_policy, managed_secret, parameter, role, scope, service_id, user,
    };
    use model::time::Timestamp;
    use model::token_key::TokenKey;
    use model::user::User;
    use model::vpc_connector::VpcConnector;
    use model::vpc_ingress::{IngressAsked, IngressVpc, VpcIngress};
    use model::web_identity::WebIdentity;

    use super::*;

    /// The golden file is what is written, and is read as what was written. `UPDATE=1` rewrites it.
    fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(file: &str, noun: &T) {
        let path = format!("{}/tests/golden/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let written = write(noun);
        #[expect(clippy::disallowed_methods, reason = "the switch of golden files, in tests only")]
        let update = std::env::var("UPDATE").is_ok_and(|update| update == "1");
        if update {
            std::fs::write(&path, format!("{written}\n")).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap();
        assert_eq!(golden.trim_end(), written, "{file}: a stored document changed its form");
        assert_eq!(&read::<T>(file, golden.as_bytes()).unwrap(), noun, "{file}");
        assert_eq!(*write_secret(noun), *written.as_bytes(), "{file}");
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn sha256(byte: u8) -> Digest {
        Digest::from_hash(Algorithm::Sha256, &[byte; 32])
    }

    fn operation(state: OperationState) -> Operation {
        let begun = Operation::begun(OperationId::from_random([7; 16]), OperationKind::Create, at(1_000));
        begun.with_state(state, at(2_000))
    }

    fn service(phase: Phase) -> Service {
        Service {
            scope: scope(),
            name: create_service("webs").name,
            id: service_id(1),
            label: HostLabel::from_random([1; 10]),
            created_at: at(1_000),
            updated_at: at(2_000),
            tags: Tags(BTreeMap::from([("team".to_owned(), "web".to_owned())])),
            configuration: Configuration { observability_enabled: Some(false), ..configuration(8080) },
            revisions: 2,
            phase,
            push_noticed: Some(sha256(9)),
            secrets_noticed: None,
            exits: 3,
            full_noticed: BTreeSet::new(),
        }
    }

    #[test]
    fn services_and_what_belongs_to_them_are_stored_as_before() {
        let failure = Failure { message: "It did not start.".to_owned() };
        let moving = |from, step| service(Phase::Moving { from, operation: operation(OperationState::InProgress), step });
        check("service_creating", &moving(None, Step::Resolving));
        check("service_starting", &moving(None, Step::Starting { revision: 1, since: at(1_500), warned: true }));
        check("service_routing", &moving(Some(Standing::Running { revision: 1 }), Step::Routing { revision: 2 }));
        check(
            "service_rolling_back",
            &moving(Some(Standing::Paused { revision: 1 }), Step::RollingBack { failure: failure.clone() }),
        );
        check("service_running", &service(Phase::Still(Standing::Running { revision: 2 })));
        check("service_create_failed", &service(Phase::Still(Standing::CreateFailed)));
        check("service_deleted", &service(Phase::Still(Standing::Deleted { at: at(3_000) })));
        check("operation_begun", &operation(OperationState::InProgress));
        check("operation_succeeded", &operation(OperationState::Ended { at: at(3_000), outcome: Outcome::Succeeded }));
        check("operation_rolled_back", &operation(OperationState::Ended { at: at(3_000), outcome: Outcome::RolledBack(failure) }));
        let image = ImagePin { scope: scope(), repository: RepositoryName::parse("hello").unwrap(), digest: sha256(1) };
        check(
            "revision",
            &Revision {
                number: 2,
                created_at: at(1_500),
                configuration: configuration(8080),
                image,
                operation: None,
                restores: None,
            },
        );
        let foreign = ForeignImage::parse("docker.io/nginx:1").unwrap();
        let RepositoryKey { scope, name: repository } = RepositoryKey::of_copies(&foreign);
        let image = ImagePin { scope, repository, digest: sha256(1) };
        let mut configuration = configuration(8080);
        let Source::Image(source) = &mut configuration.source else { panic!("it is an image") };
        source.identifier = "docker.io/nginx:1".to_owned();
        source.reference = ImageReference::Foreign(foreign);
        let foreign = Revision { number: 2, created_at: at(1_500), configuration, image, operation: None, restores: None };
        check("revision_foreign", &foreign);
        let operation = Some(OperationId::from_random([7; 16]));
        check("revision_restored", &Revision { number: 3, operation, restores: Some(1), ..foreign });
        check(
            "audit_row",
            &AuditRow { at: at(5), caller: caller(), action: "apprunner:CreateService".to_owned(), resource: "*".to_owned() },
        );
    }

    #[test]
    fn failed_calls_are_stored_as_before_and_a_row_alone_is_an_entry() {
        let agent = Some("aws-cli/2".to_owned());
        let origin = Some(Origin { address: Some("127.0.0.1".to_owned()), agent, transport: None });
        let action = "apprunner:CreateService".to_owned();
        let row = AuditRow { at: at(5), caller: Caller { origin, ..caller() }, action, resource: "*".to_owned() };
        let denied = AuditEntry { row: row.clone(), fault: Some("AccessDeniedException".to_owned()), omitted: 3 };
        check("audit_entry_denied", &denied);
        assert_eq!(read::<AuditEntry>("a row", write(&row).as_bytes()).unwrap(), AuditEntry::from(row));
    }

    #[test]
    fn auto_scaling_configurations_are_stored_as_before() {
        let configuration = ScalingConfiguration { name: "mine".to_owned(), revision: 2, ..ScalingConfiguration::default() };
        let tags = Tags(BTreeMap::from([("team".to_owned(), "web".to_owned())]));
        let revision = |deleted_at| ScalingRevision {
            scope: scope(),
            configuration: configuration.clone(),
            created_at: Some(at(5)),
            deleted_at,
            tags: tags.clone(),
        };
        check("scaling_revision", &revision(None));
        check("scaling_revision_deleted", &revision(Some(at(6))));
        check("scaling_named_by_name", &ScalingConfiguration { named: ScalingNamed::Name, ..configuration.clone() });
    }

    #[test]
    fn what_leads_to_services_is_stored_as_before() {
        let ingress = VpcIngress {
            scope: scope(),
            name: "mine".to_owned(),
            id: "0".repeat(32),
            service: service(Phase::Still(Standing::Running { revision: 2 })).arn(),
            from: IngressVpc { vpc: Some("vpc-1".to_owned()), endpoint: None },
            created_at: at(5),
            asked: IngressAsked::Creation,
            asked_at: at(5),
            tags: Tags(BTreeMap::from([("team".to_owned(), "web".to_owned())])),
        };
        check("vpc_ingress", &ingress);
        check("vpc_ingress_deleted", &VpcIngress { asked: IngressAsked::Deletion, asked_at: at(9), ..ingress.clone() });
        let seed = RecordSeed { name: [1; 16], value: [2; 16], zone: [3; 10] };
        let name = DomainName::parse("Example.com").unwrap();
        check("custom_domain", &CustomDomain::new(&ingress.service, &name, Www::Included, [seed; 3], at(5)));
    }

    #[test]
    fn what_a_service_may_say_of_its_network_and_source_code_is_stored_as_before() {
        let connector = "arn:aws:apprunner:us-east-1:000000000000:vpcconnector/mine/1/00000000000000000000000000000002";
        let values = CodeValues {
            runtime: "PYTHON_311".to_owned(),
            build_command: Some("pip install .".to_owned()),
            start_command: Some("python app.py".to_owned()),
            port: Some(80),
            environment: None,
            secrets: Some(BTreeMap::from([("KEY".to_owned(), "mine".to_owned())])),
        };
        let code = CodeSource {
            repository_url: "https://github.com/example/hello".to_owned(),
            branch: "main".to_owned(),
            directory: Some("/app".to_owned()),
            configuration: CodeConfiguration { place: ConfigurationPlace::Api, values: Some(values) },
            auto_deployments: Some(true),
            connection: Some("arn:aws:apprunner:us-east-1:000000000000:connection/git/0".to_owned()),
            access_role: None,
        };
        let mut service = service(Phase::Still(Standing::CreateFailed));
        service.configuration.source = Source::Code(code);
        service.configuration.network = Network {
            egress: Egress::Vpc { connector: connector.to_owned() },
            ingress: Ingress::Private,
            addresses: AddressFamilies::Dual,
        };
        service.configuration.observability_configuration = Some("arn".to_owned());
        check("service_of_code", &service);
    }

    #[test]
    fn records_are_stored_as_before() {
        fn record<N: Noun>(noun: N, deleted_at: Option<Timestamp>) -> Record<N> {
            let tags = Tags(BTreeMap::from([("team".to_owned(), "web".to_owned())]));
            let (name, id, created_at) = ("mine".to_owned(), "a".repeat(32), Some(at(5)));
            Record { scope: scope(), name, revision: 2, id, noun, created_at, deleted_at, tags }
        }
        let tracing = Some(TracingVendor::AwsXray);
        check("observability_revision", &record(ObservabilityConfiguration { tracing }, None));
        check("observability_revision_untraced", &record(ObservabilityConfiguration { tracing: None }, Some(at(6))));
        let subnets = vec!["subnet-2".to_owned(), "subnet-1".to_owned()];
        let security_groups = Some(vec!["sg-1".to_owned()]);
        check("vpc_connector_revision", &record(VpcConnector { subnets: subnets.clone(), security_groups }, None));
        check("vpc_connector_revision_deleted", &record(VpcConnector { subnets, security_groups: None }, Some(at(6))));
        check("connection_github", &record(Connection::pending(SourceProvider::GitHub), None));
        let done = Connection { provider: SourceProvider::Bitbucket, handshake: Handshake::Done };
        check("connection_bitbucket", &record(done, None));
        check("connection_failed", &record(Connection { handshake: Handshake::Failed, ..done }, None));
    }

    #[test]
    fn a_service_in_the_first_form_is_read() {
        let path = format!("{}/tests/golden/service_of_the_first_form.json", env!("CARGO_MANIFEST_DIR"));
        let golden = std::fs::read_to_string(&path).unwrap();
        let service = read::<Service>("service_of_the_first_form", golden.as_bytes()).unwrap();
        assert_eq!((service.name.as_str(), service.exits), ("hello", 0));
    }

    #[test]
    fn a_key_in_the_first_form_is_read() {
        let path = format!("{}/tests/golden/access_key_of_the_first_form.json", env!("CARGO_MANIFEST_DIR"));
        let golden = std::fs::read_to_string(&path).unwrap();
        let key = read::<AccessKey>("access_key_of_the_first_form", golden.as_bytes()).unwrap();
        assert_eq!(key, AccessKey::new("AKIDEXAMPLE", Secret::new("hunter2"), scope().account, Principal::Root));
    }

    #[test]
    fn images_are_stored_as_before() {
        let key = RepositoryKey { scope: scope(), name: RepositoryName::parse("team/hello").unwrap() };
        let repository = |tag_mutability| Repository {
            key: key.clone(),
            created_at: at(5),
            tag_mutability,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        check("repository", &repository(TagMutability::Mutable));
        check("repository_immutable", &repository(TagMutability::Immutable));
        let filters = vec![TagFilter("latest".to_owned()), TagFilter("dev-*".to_owned())];
        check("repository_immutable_except", &repository(TagMutability::ImmutableExcept(filters.clone())));
        check("repository_mutable_except", &repository(TagMutability::MutableExcept(filters)));
        let manifest = Manifest {
            digest: sha256(1),
            media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
            size_bytes: 500,
            pushed_at: at(6),
            references: vec![sha256(2), sha256(3)],
            subject: Some(sha256(4)),
            artifact_type: Some("application/vnd.example+json".to_owned()),
            image_bytes: None,
        };
        check("manifest", &manifest);
        check("manifest_with_image_bytes", &Manifest { image_bytes: Some(1_000), ..manifest });
    }

    #[test]
    fn secrets_parameters_and_references_to_them_are_stored_as_before() {
        let stages = BTreeSet::from(["mine".to_owned()]);
        let secret = managed_secret("db").with_version("one", ValueForm::Text, stages, at(5)).unwrap();
        check("managed_secret", &secret);
        check("managed_secret_deleted", &secret.going(7, at(6)));
        check("parameter", &parameter("/db/url").with_labels(1, &BTreeSet::from(["live".to_owned()])).unwrap());
        let mut configuration = configuration(8080);
        let Source::Image(source) = &mut configuration.source else { panic!("it is an image") };
        let reference = "arn:aws:secretsmanager:us-east-1:000000000000:secret:db-AbCdEf:user::".to_owned();
        let references = SecretReferences::parse(BTreeMap::from([("USER".to_owned(), reference)])).unwrap();
        source.image.as_mut().unwrap().secrets = Some(references);
        configuration.instance_role = Some(role("Runner").arn());
        let versions = BTreeMap::from([("USER".to_owned(), "arn one".to_owned())]);
        let running = service(Phase::Still(Standing::Running { revision: 2 }));
        check("service_with_secrets", &Service { configuration, secrets_noticed: Some(versions), ..running });
    }

    #[test]
    fn roles_and_who_took_them_are_stored_as_before() {
        let attached = BTreeSet::from(["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()]);
        let inline = BTreeMap::from([("pull".to_owned(), "{}".to_owned())]);
        let role = Role { description: Some("It pulls.".to_owned()), attached, inline, ..role("puller") };
        check("role", &role);
        check(
            "role_with_a_boundary",
            &Role { boundary: Some("arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()), ..role.clone() },
        );
        let session = RoleSession {
            role: role.arn(),
            role_id: role.id.clone(),
            name: "ci".to_owned(),
            expires_at: at(3_600_000),
            policies: Vec::new(),
            federated: None,
            tags: Tags::default(),
            issued_at: None,
        };
        let caller = Caller { principal: Principal::AssumedRole(session), ..caller() };
        check(
            "audit_row_of_a_session",
            &AuditRow { at: at(5), caller, action: "iam:CreateRole".to_owned(), resource: role.arn().to_string() },
        );
        let identity = WebIdentity {
            provider: "arn:aws:iam::000000000000:oidc-provider/issuer.example".to_owned(),
            subject: "repo:octo/web".to_owned(),
            audience: "sts.amazonaws.com".to_owned(),
        };
        let caller = Caller { principal: Principal::WebIdentity(identity), ..self::caller() };
        let action = "sts:AssumeRoleWithWebIdentity".to_owned();
        check("audit_row_of_a_web_identity", &AuditRow { at: at(5), caller, action, resource: role.arn().to_string() });
    }

    #[test]
    fn changes_of_quotas_are_stored_as_before() {
        let requester = caller().arn();
        let change =
            QuotaChange { scope: scope(), id: "a".repeat(32), quota: Quota::ScalingNames, value: 40, at: at(5), requester };
        check("quota_change", &change);
    }

    #[test]
    fn users_policies_and_accounts_are_stored_as_before() {
        check("user", &User { attached: BTreeSet::from(["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()]), ..user("ann") });
        check("managed_policy", &managed_policy("Deploy", "{}"));
        check("account", &Account { id: scope().account, created_at: at(5) });
        let provider = IdentityProvider {
            account: scope().account,
            url: IssuerUrl::parse("token.actions.githubusercontent.com").unwrap(),
            client_ids: vec!["sts.amazonaws.com".to_owned()],
            thumbprints: vec!["0".repeat(40)],
            created_at: at(5),
            tags: Tags::default(),
        };
        check("identity_provider", &provider);
        check("access_key_use", &KeyUse { at: at(5), region: scope().region, service: "apprunner".to_owned() });
        let principal = Principal::User(UserIdentity { arn: user("ann").arn(), id: user("ann").id });
        let caller = Caller { principal, ..caller() };
        let row = AuditRow { at: at(5), caller, action: "iam:CreateRole".to_owned(), resource: "*".to_owned() };
        check("audit_row_of_a_user", &row);
    }

    #[test]
    fn what_is_sealed_is_stored_as_before() {
        let secret = Secret::new("hunter2");
        let account = scope().account;
        check("access_key", &AccessKey::new("AKIDEXAMPLE", secret.clone(), account, Principal::Root));
        let names = vec!["*.us-east-1.outrunner.localhost".to_owned()];
        check("certificate", &Certificate { names, chain: vec![vec![1, 2], vec![3]], key: secret.clone(), not_after: at(9) });
        let suffix = "outrunner.localhost".to_owned();
        check("authority", &Authority { suffix, certificate_pem: "PEM".to_owned(), key_pem: secret.clone() });
        check("token_key", &TokenKey { id: "ab".repeat(16), pair: secret, signs_from: at(5) });
    }

    #[test]
    fn a_document_begins_as_whoever_reads_it_fast_expects_and_is_read_in_any_other_form() {
        assert!(write(&7).as_bytes().starts_with(BEFORE_NOUN));
        for text in [r#"{"v":1,"noun":7}"#, r#" {"v":1,"noun":7}"#, r#"{"noun":7,"v":1}"#, r#"{"v":1,"noun":7,"later":{}}"#] {
            assert_eq!(read::<u8>("a number", text.as_bytes()).unwrap(), 7, "{text}");
        }
    }

    #[test]
    fn a_newer_document_is_told_from_a_damaged_one_and_no_error_shows_what_is_stored() {
        for (text, words) in [
            (r#"{"v":2,"noun":{"hunter2":1}}"#, "the document of a key has version 2; this program knows 1"),
            (r#"{"v":1,"noun":{"hunter2":1}}"#, "the document of a key is damaged"),
            (r#"{"v":1,"noun":"hunter2"}"#, "the document of a key is damaged"),
            (r#"{"noun":"hunter2"}"#, "the document of a key is damaged"),
            ("hunter2", "the document of a key is damaged"),
            ("", "the document of a key is damaged"),
        ] {
            let trouble = read::<AccessKey>("a key", text.as_bytes()).unwrap_err().while_doing("testing");
            assert!(trouble.chain().ends_with(words), "{}", trouble.chain());
        }
    }
}
