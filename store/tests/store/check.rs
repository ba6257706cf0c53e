//! `check` finds what is wrong, says nothing where nothing is, and mends what can be mended.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use bytes::Bytes;
use model::caller::{AccessKey, Principal, UserIdentity};
use model::configuration::{Configuration, Source};
use model::custom_domain::{CustomDomain, DomainName, RecordSeed, Www};
use model::identity_provider::{IdentityProvider, IssuerUrl};
use model::image_reference::ImageTag;
use model::log_line::{LogCursor, LogLine, LogStream};
use model::managed_secret::ValueForm;
use model::network::Ingress;
use model::port::{
    AccessKeys, Blobs, Commit, CustomDomains, IdentityProviders, LogLines, ManagedPolicies, Manifests, PinnedImages, PutManifest,
    Records, Repositories, ResolvedSecrets, RevisionSecrets, Roles, SealedNouns, Services, Users, Version, VpcIngressConnections,
};
use model::record::NewRecord;
use model::repository::{Deletion, Manifest};
use model::revision::{ImagePin, Revision};
use model::role::Role;
use model::sealed_noun::NewValue;
use model::secret::Secret;
use model::secret_reference::SecretReferences;
use model::service::{Phase, Standing};
use model::tag::Tags;
use model::testbed::{managed_policy, managed_secret, parameter, role, scope, service_id, user};
use model::time::Timestamp;
use model::user::User;
use model::vpc_connector::VpcConnector;
use model::vpc_ingress::{IngressAsked, IngressVpc, VpcIngress};
use model::wish::LogPosition;
use store::Store;
use store::check::{CheckOrder, Checked, Manner, MendState, check};

use crate::rig::{Rig, blob, created, key, repository, row, sha256};

fn look(data_dir: &Path, manner: Manner) -> Checked {
    let key = Secret::new([7; 32]);
    let order =
        CheckOrder { data_dir, master_key: Some(&key), judge_certificate: &|_| Ok(()), judge_authority: &|_| Ok(()), manner };
    check(&order, |_| ()).unwrap_or_else(|trouble| panic!("{}", trouble.chain()))
}

fn words(checked: &Checked) -> Vec<String> {
    checked.findings.iter().map(|finding| format!("{}: {}", finding.what, finding.wrong)).collect()
}

/// Finds this, and nothing else.
fn only(rig: &Rig, what: &str) -> MendState {
    let checked = look(&rig.data_dir(), Manner::Look);
    assert!(checked.findings.len() == 1 && words(&checked)[0].contains(what), "{what}: {:?}", words(&checked));
    checked.findings[0].mend
}

async fn push(store: &Store) {
    let hello = repository(store, "hello").await;
    let layer = blob(store, &hello, 1, b"layer").await;
    let manifest = Manifest {
        digest: sha256(b"{image}"),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        size_bytes: 7,
        pushed_at: Timestamp::from_millis(9),
        references: vec![layer],
        subject: None,
        artifact_type: None,
        image_bytes: None,
    };
    let tag = Some(ImageTag::parse("v1").unwrap());
    let order = PutManifest { repository: hello.clone(), manifest, bytes: Bytes::from_static(b"{image}"), tag };
    store.put(&order, &row("ecr:PutImage")).await.unwrap().unwrap();
}

async fn print(store: &Store, text: &str, at: u64) {
    let name = model::instance::InstanceName::parse(&format!("{}.r1-0", "ab".repeat(16))).unwrap();
    let line = LogLine { at: Timestamp::from_millis(5), bytes: text.to_owned().into() };
    let cursor = |offset| LogCursor { run: 1, segment: 0, offset };
    let read = if at == 0 { LogCursor::default() } else { cursor(at) };
    let stream = LogStream { scope: scope(), group: "g".to_owned(), stream: "s".to_owned() };
    LogLines::append(store, &stream, &[line], &name, read, cursor(at + 1)).await.unwrap();
}

async fn filled() -> Rig {
    let rig = Rig::new();
    let store = rig.open();
    push(&store).await;
    let image = ImagePin { scope: scope(), repository: key("hello").name, digest: sha256(b"{image}") };
    assert!(store.pin(&image, Timestamp::from_millis(2_000)).await.unwrap());
    assert_eq!(store.commit(Version(0), &created(1, "webs")).await.unwrap(), Commit::Done(Version(1)));
    let secret = Secret::new("hunter2");
    let access_key = AccessKey::new("AKIA1", secret, scope().account, Principal::Root);
    AccessKeys::keep(&store, &access_key).await.unwrap();
    let value = |version: &str| NewValue { version: version.to_owned(), value: Secret::new("hunter2") };
    let secret = managed_secret("db").with_version("one", ValueForm::Text, Default::default(), Timestamp::from_millis(1)).unwrap();
    SealedNouns::create(&store, &secret, Some(&value("one")), &row("secretsmanager:CreateSecret")).await.unwrap().unwrap();
    SealedNouns::create(&store, &parameter("/p"), Some(&value("1")), &row("ssm:PutParameter")).await.unwrap().unwrap();
    let values = [("KEY".to_owned(), Secret::new("hunter2"))].into();
    let resolved = ResolvedSecrets { values, ..Default::default() };
    RevisionSecrets::keep(&store, &service_id(1), 1, &resolved).await.unwrap();
    print(&store, "first", 0).await;
    print(&store, "second", 1).await;
    rig
}

/// The same with something in every table.
async fn filled_whole() -> Rig {
    let rig = filled().await;
    let store = rig.open();
    fill_identities(&store).await;
    fill_records(&store).await;
    rig
}

async fn fill_identities(store: &Store) {
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned();
    let bound = Role { attached: [read_only.clone()].into(), boundary: Some(read_only.clone()), ..role("Puller") };
    Roles::create(store, &bound, &row("iam:CreateRole")).await.unwrap().unwrap();
    let ann = User { attached: [read_only].into(), ..user("Ann") };
    Users::create(store, &ann, &row("iam:CreateUser")).await.unwrap().unwrap();
    let owner = Principal::User(UserIdentity { arn: ann.arn(), id: ann.id.clone() });
    let key = AccessKey::new("AKIAANN", Secret::new("hunter2"), scope().account, owner);
    AccessKeys::create(store, &key, &row("iam:CreateAccessKey")).await.unwrap().unwrap();
    ManagedPolicies::create(store, &managed_policy("Deploy", "{}"), &row("iam:CreatePolicy")).await.unwrap().unwrap();
    let url = IssuerUrl::parse("token.actions.githubusercontent.com").unwrap();
    let provider = IdentityProvider {
        account: scope().account,
        url,
        client_ids: Vec::new(),
        thumbprints: Vec::new(),
        created_at: Timestamp::from_millis(1),
        tags: Tags::default(),
    };
    IdentityProviders::create(store, &provider, &row("iam:CreateOpenIDConnectProvider")).await.unwrap().unwrap();
}

/// A service that runs, with what leads to it, and what is kept by name.
async fn fill_records(store: &Store) {
    let mut change = created(2, "runs");
    change.service.configuration.network.ingress = Ingress::Private;
    let image = ImagePin { scope: scope(), repository: key("hello").name, digest: sha256(b"{image}") };
    let configuration = with_secret(change.service.configuration.clone());
    assert_eq!(store.commit(Version(0), &change).await.unwrap(), Commit::Done(Version(1)));
    RevisionSecrets::keep(store, &service_id(2), 1, &ResolvedSecrets::default()).await.unwrap();
    change.revision =
        Some(Revision { number: 1, created_at: Timestamp::from_millis(1), configuration, image, operation: None, restores: None });
    (change.service.revisions, change.service.phase) = (1, Phase::Still(Standing::Running { revision: 1 }));
    assert_eq!(store.commit(Version(1), &change).await.unwrap(), Commit::Done(Version(2)));
    let made = row("apprunner:Create");
    let ingress = VpcIngress {
        scope: scope(),
        name: "mine".to_owned(),
        id: "0".repeat(32),
        service: change.service.arn(),
        from: IngressVpc { vpc: Some("vpc-1".to_owned()), endpoint: None },
        created_at: Timestamp::from_millis(5),
        asked: IngressAsked::Creation,
        asked_at: Timestamp::from_millis(5),
        tags: Tags::default(),
    };
    VpcIngressConnections::create(store, &ingress, &made).await.unwrap().unwrap();
    let seed = RecordSeed { name: [1; 16], value: [2; 16], zone: [3; 10] };
    let name = DomainName::parse("Example.com").unwrap();
    let domain = CustomDomain::new(&change.service.arn(), &name, Www::Included, [seed; 3], Timestamp::from_millis(5));
    store.associate(&change.service.arn(), &domain, &made).await.unwrap().unwrap();
    let new = NewRecord {
        scope: scope(),
        name: "mine".to_owned(),
        id: "a".repeat(32),
        noun: VpcConnector { subnets: vec!["subnet-1".to_owned()], security_groups: None },
        tags: Tags::default(),
        at: Timestamp::from_millis(5),
    };
    let connector = Records::create(store, &new, &made).await.unwrap().unwrap().record;
    Records::delete(store, &connector.arn(), Timestamp::from_millis(9), &made).await.unwrap().unwrap();
}

fn with_secret(mut configuration: Configuration) -> Configuration {
    let Source::Image(source) = &mut configuration.source else { panic!("it is an image") };
    let references = SecretReferences::parse([("KEY".to_owned(), "/key".to_owned())].into()).unwrap();
    source.image.as_mut().expect("it has a port").secrets = Some(references);
    configuration.instance_role = Some(role("Puller").arn());
    configuration
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_data_dir_that_is_well_has_no_findings_open_or_not() {
    let rig = filled_whole().await;
    let store = rig.open();
    let running = look(&rig.data_dir(), Manner::Look);
    assert!(running.findings.is_empty() && running.is_running, "{:?}", words(&running));
    drop(store);
    let checked = look(&rig.data_dir(), Manner::Look);
    assert!(checked.findings.is_empty() && !checked.is_running, "{:?}", words(&checked));
    assert_eq!((checked.seen.blobs, checked.seen.blob_bytes, checked.seen.log_blocks), (2, 12, 2));
    assert!(checked.seen.documents >= 5, "{:?}", checked.seen);
}

#[tokio::test]
async fn a_flipped_blob_is_found_and_the_next_push_mends_what_a_repair_forgot() {
    let rig = filled().await;
    let layer = rig.files("blobs").into_iter().find(|path| std::fs::read(path).unwrap() == b"layer").unwrap();
    flip(&layer, 2);
    assert_eq!(only(&rig, "its file has other bytes"), MendState::ByRepair);
    std::fs::write(&layer, b"lay").unwrap();
    only(&rig, "its file has 3 bytes instead of 5");
    let repaired = look(&rig.data_dir(), Manner::Repair);
    assert_eq!(repaired.findings[0].mend, MendState::Mended);
    assert!(!layer.exists());
    assert_eq!(only(&rig, &format!("{} of it is not there", sha256(b"layer"))), MendState::ByHand);
    let store = rig.open();
    let hello = key("hello");
    assert!(store.promise(&hello, &sha256(b"layer")).await.unwrap().is_none(), "a client uploads it");
    blob(&store, &hello, 2, b"layer").await;
    drop(store);
    assert!(look(&rig.data_dir(), Manner::Look).findings.is_empty());
}

#[tokio::test]
async fn a_lost_manifest_is_forgotten_whole_so_that_the_next_push_brings_it() {
    let rig = filled().await;
    let manifest = rig.files("blobs").into_iter().find(|path| std::fs::read(path).unwrap() == b"{image}").unwrap();
    std::fs::remove_file(&manifest).unwrap();
    only(&rig, "its file is not there");
    look(&rig.data_dir(), Manner::Repair);
    assert!(look(&rig.data_dir(), Manner::Look).findings.is_empty());
    let store = rig.open();
    assert!(Manifests::get(&store, &key("hello"), &sha256(b"{image}")).await.unwrap().is_none());
}

/// What a disk or a process cannot read just now may be whole: nothing of it is taken away.
#[tokio::test]
async fn a_blob_and_a_block_that_cannot_be_read_stay_as_they_are_under_a_repair() {
    let rig = filled().await;
    let manifest = rig.files("blobs").into_iter().find(|path| std::fs::read(path).unwrap() == b"{image}").unwrap();
    let segment = rig.files("logs/segments").remove(0);
    for path in [&manifest, &segment] {
        std::fs::rename(path, path.with_extension("whole")).unwrap();
        // It opens, and no byte of it can be read.
        std::fs::create_dir(path).unwrap();
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o700)).unwrap();
        std::fs::set_permissions(path.with_extension("whole"), PermissionsExt::from_mode(0o600)).unwrap();
    }
    let found = look(&rig.data_dir(), Manner::Repair);
    let unread = found.findings.iter().filter(|finding| finding.wrong.contains("cannot be read"));
    assert!(unread.clone().count() == 3 && unread.clone().all(|finding| finding.mend == MendState::ByHand), "{:?}", words(&found));
    for path in [&manifest, &segment] {
        std::fs::remove_dir(path).unwrap();
        std::fs::rename(path.with_extension("whole"), path).unwrap();
    }
    assert!(look(&rig.data_dir(), Manner::Look).findings.is_empty());
}

/// The other blobs of an image whose manifest is lost, where only its pin knew them.
#[tokio::test]
async fn what_only_the_pin_of_a_lost_manifest_needed_goes_with_it() {
    let rig = filled().await;
    let store = rig.open();
    Repositories::delete(&store, &key("hello"), Deletion::WithImages, &row("ecr:DeleteRepository")).await.unwrap().unwrap();
    drop(store);
    assert_eq!(rig.files("blobs").len(), 2, "the pin keeps both");
    let manifest = rig.files("blobs").into_iter().find(|path| std::fs::read(path).unwrap() == b"{image}").unwrap();
    std::fs::remove_file(&manifest).unwrap();
    look(&rig.data_dir(), Manner::Repair);
    assert!(rig.files("blobs").is_empty());
    assert!(look(&rig.data_dir(), Manner::Look).findings.is_empty());
}

#[tokio::test]
async fn what_was_set_aside_is_told_and_goes_when_nobody_needs_it() {
    let rig = filled().await;
    let manifest = rig.files("blobs").into_iter().find(|path| std::fs::read(path).unwrap() == b"{image}").unwrap();
    std::fs::rename(&manifest, manifest.with_extension("damaged")).unwrap();
    only(&rig, "its file is not there: it was damaged, and set aside as");
    let orphan = rig.data_dir().join("blobs/sha256/aa").join(format!("{}.damaged", "aa".repeat(32)));
    std::fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    std::fs::set_permissions(orphan.parent().unwrap(), PermissionsExt::from_mode(0o700)).unwrap();
    std::fs::write(&orphan, b"").unwrap();
    std::fs::set_permissions(&orphan, PermissionsExt::from_mode(0o600)).unwrap();
    look(&rig.data_dir(), Manner::Repair);
    assert!(!orphan.exists() && look(&rig.data_dir(), Manner::Look).findings.is_empty());
}

/// A look lasts for hours where there is much: a platform starts, and empties its write-ahead log, meanwhile.
#[tokio::test]
async fn a_platform_starts_and_writes_while_somebody_looks() {
    let rig = filled().await;
    let key = Secret::new([7; 32]);
    let data_dir = rig.data_dir();
    let order = CheckOrder {
        data_dir: &data_dir,
        master_key: Some(&key),
        judge_certificate: &|_| Ok(()),
        judge_authority: &|_| Ok(()),
        manner: Manner::Look,
    };
    let mut started = None;
    let checked = check(&order, |seen| {
        if seen.blob_bytes > 0 && started.is_none() {
            let store = rig.open();
            rig.tamper("INSERT INTO audit (document) SELECT document FROM audit LIMIT 1");
            rig.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
            let wal = std::fs::metadata(data_dir.join("ledger.db-wal")).map_or(0, |file| file.len());
            assert_eq!(wal, 0, "no reader keeps it");
            started = Some(store);
        }
    })
    .unwrap_or_else(|trouble| panic!("{}", trouble.chain()));
    assert!(started.is_some() && checked.findings.is_empty(), "{:?}", words(&checked));
}

#[tokio::test]
async fn a_folder_that_an_operator_has_put_on_another_disk_is_looked_at_there() {
    let rig = filled().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let (blobs, moved) = (rig.data_dir().join("blobs"), elsewhere.path().join("blobs"));
    std::fs::rename(&blobs, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &blobs).unwrap();
    assert!(look(&rig.data_dir(), Manner::Look).findings.is_empty());
    std::fs::set_permissions(&moved, PermissionsExt::from_mode(0o755)).unwrap();
    only(&rig, "blobs: others can read it (mode 755)");
    look(&rig.data_dir(), Manner::Repair);
    assert_eq!(std::fs::metadata(&moved).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn a_damaged_block_of_lines_is_found_and_its_group_is_read_again_after_a_repair() {
    let rig = filled().await;
    flip(&rig.files("logs/segments")[0], 25);
    only(&rig, "log segment 1, byte 0");
    look(&rig.data_dir(), Manner::Repair);
    assert!(look(&rig.data_dir(), Manner::Look).findings.is_empty(), "{:?}", words(&look(&rig.data_dir(), Manner::Look)));
    let store = rig.open();
    let lines = LogLines::read(&store, &scope(), "g", LogPosition(0), 9).await.unwrap();
    assert_eq!(lines.into_iter().map(|placed| placed.line.bytes).collect::<Vec<_>>(), ["second"]);
}

/// What somebody does to the ledger, and what is found.
const CHANGES: &[(&str, &str)] = &[
    ("UPDATE service SET document = '{\"v\":1,\"noun\":{}}'", "the document of service"),
    ("UPDATE operation SET document = 'hunter2'", "the document of operation"),
    ("UPDATE audit SET document = replace(document, '\"v\":1', '\"v\":7') WHERE position = 1", "has version 7"),
    (
        "INSERT INTO record VALUES ('1', 'r', 'observabilityconfiguration', 'n', 1, NULL, 'hunter2')",
        "observabilityconfiguration n/1",
    ),
    ("INSERT INTO record VALUES ('1', 'r', 'vpcconnector', 'n', 1, NULL, 'hunter2')", "the document of vpcconnector n/1"),
    ("INSERT INTO record VALUES ('1', 'r', 'connection', 'n', 1, NULL, 'hunter2')", "the document of connection n/1"),
    ("UPDATE access_key SET id = 'AKIA2' WHERE id = 'AKIA1'", "does not open"),
    ("UPDATE managed_secret SET name = 'other'", "managed_secret 000000000000/us-east-1/other one: a value does not open"),
    ("UPDATE managed_secret SET document = 'hunter2'", "the document of managed_secret"),
    ("UPDATE parameter_value SET sealed = x'01'", "parameter 000000000000/us-east-1//p 1: a value does not open"),
    ("UPDATE revision_secret SET revision = 2", "does not open"),
    ("UPDATE revision_secret SET revision = 2", "the secrets of its revision 1 are not there"),
    ("DROP TRIGGER role_changed; UPDATE role SET document = 'hunter2'", "the document of role 000000000000/puller"),
    ("DROP TRIGGER user_changed; UPDATE user SET document = 'hunter2'", "the document of user 000000000000/ann"),
    ("UPDATE managed_policy SET document = 'hunter2'", "the document of managed_policy"),
    ("UPDATE identity_provider SET document = 'hunter2'", "the document of identity_provider"),
    ("UPDATE vpc_ingress SET document = 'hunter2'", "the document of vpc_ingress"),
    ("UPDATE custom_domain SET document = 'hunter2'", "the document of custom_domain"),
    ("DELETE FROM managed_secret_value", "managed_secret 000000000000/us-east-1/db one: the value of a version is not there"),
    ("DELETE FROM parameter_value", "parameter 000000000000/us-east-1//p 1: the value of a version is not there"),
    ("DELETE FROM user", "access_key AKIAANN: the user whose key it is is not there"),
    ("UPDATE service SET deleted_at_ms = 5 WHERE name = 'runs'", "the service that it leads to is not there"),
    ("DELETE FROM policy_holder WHERE relation = 'bounded'", "policy_holder 000000000000/role/puller: it does not say what"),
    (
        "INSERT INTO policy_holder VALUES ('000000000000', 'arn', 'user', 'ann', 'attached')",
        "policy_holder 000000000000/user/ann: it does not say what",
    ),
    ("UPDATE service SET label = 'aaaaaaaaab' WHERE name = 'runs'", "it is found by other words than it says of itself: label"),
    ("UPDATE service SET deleted_at_ms = 5 WHERE name = 'runs'", "of itself: deleted_at_ms"),
    (
        "UPDATE record SET name = 'theirs', revision = 7",
        "record vpcconnector theirs/7: it is found by other words than it says of itself: name revision",
    ),
    ("UPDATE record SET deleted_at_ms = NULL", "of itself: deleted_at_ms"),
    ("UPDATE vpc_ingress SET name = 'theirs', deletion_ms = 5", "of itself: name deletion_ms"),
    ("UPDATE vpc_ingress SET service = 'arn'", "of itself: service"),
    ("UPDATE custom_domain SET name = 'example.org', www = NULL", "of itself: name www"),
    (
        "UPDATE managed_secret SET due_ms = 5",
        "managed_secret 000000000000/us-east-1/db: it is found by other words than it says of itself: due_ms",
    ),
    ("UPDATE parameter SET region = 'eu-west-1'", "of itself: region"),
    ("UPDATE role SET path = '/x/'", "role 000000000000/puller: it is found by other words than it says of itself: path"),
    ("UPDATE user SET id = 'AIDA'", "of itself: id"),
    ("UPDATE managed_policy SET folded = 'other'", "of itself: folded"),
    ("UPDATE identity_provider SET url = 'example.com'", "of itself: url"),
    ("UPDATE revision SET number = 7", "of itself: number"),
    ("UPDATE operation SET id = 'other' WHERE ordinal = 1", "of itself: id"),
    ("UPDATE audit SET hash = x'00' WHERE position = 2", "row 2 is not what was written there"),
    ("UPDATE seal_check SET sealed = x'00'", "the master key is not the one"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM operation", "its operation"),
    ("DELETE FROM repository_blob WHERE digest NOT IN (SELECT digest FROM manifest)", "of it is not there"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM repository", "that are not there"),
];

#[tokio::test]
async fn what_was_changed_in_the_ledger_is_found_and_no_word_shows_a_secret() {
    for (sql, what) in CHANGES.iter().copied() {
        let rig = filled_whole().await;
        rig.tamper(sql);
        let found = words(&look(&rig.data_dir(), Manner::Look));
        assert!(found.iter().any(|words| words.contains(what)), "{sql}: {found:?}");
        assert!(!found.iter().any(|words| words.contains("hunter2")), "{sql}: {found:?}");
    }
    for (sql, what) in [
        ("UPDATE log_segment SET blocks = 9", "the sums of log segments"),
        ("UPDATE log_group SET stored_bytes = 1", "the sums of log groups"),
        ("UPDATE log_group SET last_position = 1", "have positions that are others' too"),
        ("UPDATE log_block SET lines = 2 WHERE first_position = 1", "it holds 1 lines instead of 2"),
    ] {
        let rig = filled().await;
        rig.tamper_with("logs/catalogue.db", sql);
        let found = words(&look(&rig.data_dir(), Manner::Look));
        assert!(found.iter().any(|words| words.contains(what)), "{sql}: {found:?}");
    }
}

#[tokio::test]
async fn sums_modes_and_leftovers_are_mended() {
    let rig = filled().await;
    rig.tamper_with("logs/catalogue.db", "UPDATE log_segment SET blocks = 9");
    std::fs::set_permissions(&rig.files("blobs")[0], PermissionsExt::from_mode(0o644)).unwrap();
    std::fs::write(rig.data_dir().join("logs/segments/0000000009"), b"").unwrap();
    let orphan = rig.data_dir().join("blobs/sha256/aa").join("aa".repeat(32));
    std::fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    std::fs::set_permissions(orphan.parent().unwrap(), PermissionsExt::from_mode(0o700)).unwrap();
    std::fs::write(&orphan, b"").unwrap();
    std::fs::set_permissions(&orphan, PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::set_permissions(rig.data_dir().join("logs/segments/0000000009"), PermissionsExt::from_mode(0o600)).unwrap();
    let found = look(&rig.data_dir(), Manner::Look);
    assert_eq!(found.findings.len(), 4, "{:?}", words(&found));
    assert!(found.findings.iter().all(|finding| finding.mend == MendState::ByRepair));
    look(&rig.data_dir(), Manner::Repair);
    let left = look(&rig.data_dir(), Manner::Look);
    assert!(left.findings.is_empty(), "{:?}", words(&left));
    assert!(!orphan.exists());
}

#[tokio::test]
async fn a_damaged_database_is_a_finding_and_a_running_one_is_not_repaired() {
    let rig = filled().await;
    let store = rig.open();
    let key = Secret::new([7; 32]);
    let order = CheckOrder {
        data_dir: &rig.data_dir(),
        master_key: Some(&key),
        judge_certificate: &|_| Ok(()),
        judge_authority: &|_| Ok(()),
        manner: Manner::Repair,
    };
    let refused = check(&order, |_| ()).unwrap_err();
    assert!(refused.chain().contains("stop it before anything is repaired"), "{}", refused.chain());
    drop(store);
    let path = rig.data_dir().join("ledger.db");
    let mut bytes = std::fs::read(&path).unwrap();
    assert!(bytes.len() > 16 << 10, "a store that was closed has its rows in its file");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4_096].fill(0xee);
    std::fs::write(&path, &bytes).unwrap();
    let found = look(&rig.data_dir(), Manner::Look);
    assert!(!found.findings.is_empty());
    std::fs::write(&path, [0xff; 8_192]).unwrap();
    let found = look(&rig.data_dir(), Manner::Look);
    assert!(words(&found).iter().any(|words| words.contains("ledger.db: it cannot be opened")), "{:?}", words(&found));
}
