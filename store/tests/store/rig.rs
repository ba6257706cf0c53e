//! A data dir to open and open again, and nouns to put into it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use bytes::Bytes;
use model::audit::AuditRow;
use model::chunks::Body;
use model::digest::{Algorithm, Digest};
use model::image_reference::RepositoryName;
use model::lifecycle::{Admission, FreshIds, admit_create};
use model::operation::OperationId;
use model::port::{Blobs, Repositories, ServiceChange, UploadId};
use model::repository::{Repository, RepositoryKey, TagMutability};
use model::secret::Secret;
use model::service::HostLabel;
use model::tag::Tags;
use model::testbed::{TurnedClock, VecBody, caller, create_service, scope, service_id};
use model::time::Timestamp;
use model::trouble::Trouble;
use store::Store;

/// A data dir that lasts as long as the test.
pub struct Rig {
    folder: tempfile::TempDir,
    pub clock: Arc<TurnedClock>,
}

impl Rig {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), clock: Arc::new(TurnedClock::at_millis(1_000)) }
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn open(&self) -> Store {
        self.try_open().unwrap_or_else(|trouble| panic!("{}", trouble.chain()))
    }

    pub fn try_open(&self) -> Result<Store, Trouble> {
        open(&self.data_dir(), self.clock.clone())
    }

    /// Every file under a part of the data dir.
    pub fn files(&self, part: &str) -> Vec<PathBuf> {
        files_under(&self.data_dir().join(part))
    }

    /// How many migrations the ledger has seen. The store must be closed.
    pub fn form(&self) -> i64 {
        let connection = rusqlite::Connection::open(self.data_dir().join("ledger.db")).unwrap();
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    /// Changes the ledger behind the store's back. The store must be closed.
    pub fn tamper(&self, sql: &str) {
        self.tamper_with("ledger.db", sql);
    }

    /// Changes a database behind the store's back. The store must be closed.
    pub fn tamper_with(&self, database: &str, sql: &str) {
        rusqlite::Connection::open(self.data_dir().join(database)).unwrap().execute_batch(sql).unwrap();
    }
}

pub fn open(data_dir: &Path, clock: Arc<TurnedClock>) -> Result<Store, Trouble> {
    Store::open(data_dir, clock, &Secret::new([7; 32]))
}

fn files_under(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

pub fn hash(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let function = match algorithm {
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha512 => &SHA512,
    };
    Digest::from_hash(algorithm, digest(function, bytes).as_ref())
}

pub fn sha256(bytes: &[u8]) -> Digest {
    hash(Algorithm::Sha256, bytes)
}

pub fn row(action: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: action.to_owned(), resource: "*".to_owned() }
}

pub fn key(name: &str) -> RepositoryKey {
    RepositoryKey { scope: scope(), name: RepositoryName::parse(name).unwrap() }
}

pub fn upload(byte: u8) -> UploadId {
    UploadId(format!("{byte:02x}").repeat(16))
}

pub fn body(pieces: impl IntoIterator<Item = Result<Vec<u8>, &'static str>>) -> Body {
    Box::new(VecBody(pieces.into_iter().map(|piece| piece.map(Bytes::from).map_err(str::to_owned)).collect()))
}

pub async fn repository(store: &Store, name: &str) -> RepositoryKey {
    let repository = Repository {
        key: key(name),
        created_at: Timestamp::from_millis(5),
        tag_mutability: TagMutability::Mutable,
        tags: Tags::default(),
        policy: None,
        lifecycle: None,
        scan_on_push: false,
    };
    store.create(&repository, &row("ecr:CreateRepository")).await.unwrap().unwrap();
    repository.key
}

pub async fn blob(store: &Store, repository: &RepositoryKey, byte: u8, bytes: &[u8]) -> Digest {
    let digest = sha256(bytes);
    store.begin(repository, &upload(byte)).await.unwrap();
    store.append(repository, &upload(byte), 0, body([Ok(bytes.to_vec())]), u64::MAX).await.unwrap().unwrap();
    store.finish(repository, &upload(byte), &digest, &row("ecr:CompleteLayerUpload")).await.unwrap().unwrap();
    digest
}

/// A service as CreateService makes it, with its operation, an event and an audit row.
pub fn created(byte: u8, name: &str) -> ServiceChange {
    let ids = FreshIds {
        service: service_id(byte),
        label: HostLabel::from_random([byte; 10]),
        operation: OperationId::from_random([byte; 16]),
    };
    let Admission::Begin(change) = admit_create(&create_service(name), &scope(), None, ids, Timestamp::from_millis(1_000)) else {
        panic!("a free name is admitted")
    };
    let audit = Some(row("apprunner:CreateService"));
    ServiceChange { service: change.service, operation: change.operation, revision: None, events: change.events, audit }
}
