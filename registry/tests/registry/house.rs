//! A registry on a loopback port for one test, and a client that writes its requests byte by byte.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, SHA512, digest as hash};
use axum::Router;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::account::AccountId;
use model::audit::AuditRow;
use model::caller::Caller;
use model::digest::{Algorithm, Digest};
use model::image_reference::RepositoryName;
use model::port::{
    Action, Answer, Blobs, Dice, Gatekeeper, Granted, ImagePushes, ImageTags, Logins, Manifests, PutManifest, Repositories, Ring,
    Stored, UploadId,
};
use model::refusal::{Refusal, RefusalKind};
use model::repository::{Manifest, Repository, RepositoryKey, TagMutability, TaggedImage};
use model::secret::Secret;
use model::tag::Tags;
use model::testbed::{JumpingBell, MemoryImages, MemoryLedger, MemoryVault, SeededDice, TurnedClock, caller, scope};
use model::time::Timestamp;
use model::trouble::Trouble;
use model::wish::{Page, PageRequest};
use registry::{Parts, SignedLogins};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Longest time that any one exchange may take.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A registry with the repositories `hello`, `other` and `fixed` (whose tags never move).
pub struct House {
    pub address: SocketAddr,
    pub password: String,
    pub images: Arc<MemoryImages>,
    pub clock: Arc<TurnedClock>,
    pub ledger: Arc<Watched>,
    /// What the door itself writes down.
    pub audit: Arc<MemoryLedger>,
    /// The same registry, as ECR's own operations ask it.
    pub pushes: Arc<dyn ImagePushes>,
    bell: Arc<JumpingBell>,
    gate: Arc<Gate>,
    dice: Arc<WatchedDice>,
    server: JoinHandle<()>,
}

impl Drop for House {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Lets everything pass but what a test forbids, and writes down what was asked.
#[derive(Default)]
pub struct Gate {
    forbidden: Mutex<Vec<String>>,
    asked: Mutex<Vec<String>>,
}

impl Gatekeeper for Gate {
    fn authorize<'a>(&'a self, _caller: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>> {
        let asked = format!("{} on {}", action.name, action.resource);
        let forbidden = self.forbidden.lock().unwrap().contains(&action.name);
        self.asked.lock().unwrap().push(asked.clone());
        let refusal = Refusal::new(RefusalKind::Denied, format!("The test does not allow {asked}"));
        Box::pin(std::future::ready(Ok(if forbidden { Err(refusal) } else { Ok(()) })))
    }
}

/// Dice whose throws can be looked up: ids of uploads are among them.
pub struct WatchedDice {
    dice: SeededDice,
    drawn: Mutex<Vec<String>>,
}

impl Dice for WatchedDice {
    fn fill(&self, bytes: &mut [u8]) {
        self.dice.fill(bytes);
        self.drawn.lock().unwrap().push(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
    }
}

/// Manifests and tags in memory, with the audit rows that came with their changes.
pub struct Watched {
    images: Arc<MemoryImages>,
    pub rows: Mutex<Vec<AuditRow>>,
    /// What the next push of a manifest is answered, whatever it is.
    pub next_put: Mutex<Option<Result<Granted<Stored>, Trouble>>>,
}

impl Manifests for Watched {
    fn put<'a>(&'a self, order: &'a PutManifest, audit: &'a AuditRow) -> Answer<'a, Granted<Stored>> {
        self.rows.lock().unwrap().push(audit.clone());
        match self.next_put.lock().unwrap().take() {
            Some(answer) => Box::pin(std::future::ready(answer)),
            None => self.images.put(order, audit),
        }
    }

    fn get<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<Manifest>> {
        Manifests::get(&*self.images, repository, digest)
    }

    fn names<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, bool> {
        self.images.names(repository, digest)
    }

    fn referrers<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Vec<Manifest>> {
        self.images.referrers(repository, digest)
    }

    fn remove<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, audit: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        self.rows.lock().unwrap().push(audit.clone());
        Manifests::remove(&*self.images, repository, digest, audit)
    }
}

impl ImageTags for Watched {
    fn get<'a>(&'a self, repository: &'a RepositoryKey, tag: &'a model::image_reference::ImageTag) -> Answer<'a, Option<Digest>> {
        ImageTags::get(&*self.images, repository, tag)
    }

    fn list<'a>(&'a self, repository: &'a RepositoryKey, page: &'a PageRequest) -> Answer<'a, Page<TaggedImage>> {
        ImageTags::list(&*self.images, repository, page)
    }

    fn remove<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        tag: &'a model::image_reference::ImageTag,
        audit: &'a AuditRow,
    ) -> Answer<'a, bool> {
        self.rows.lock().unwrap().push(audit.clone());
        ImageTags::remove(&*self.images, repository, tag, audit)
    }
}

/// The digest of some bytes.
pub fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let function = match algorithm {
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha512 => &SHA512,
    };
    Digest::from_hash(algorithm, hash(function, bytes).as_ref())
}

pub fn sha256(bytes: &[u8]) -> String {
    digest_of(Algorithm::Sha256, bytes).to_string()
}

pub fn key(name: &str) -> RepositoryKey {
    RepositoryKey { scope: scope(), name: RepositoryName::parse(name).unwrap() }
}

impl House {
    pub async fn open() -> Self {
        Self::open_with(|images| images).await
    }

    /// With other blobs than the ones in memory.
    pub async fn open_with(blobs: impl FnOnce(Arc<MemoryImages>) -> Arc<dyn Blobs>) -> Self {
        let images = Arc::new(MemoryImages::new(digest_of));
        let clock = Arc::new(TurnedClock::at_millis(1_700_000_000_000));
        let bell = Arc::new(JumpingBell::new(clock.clone()));
        let ledger = Arc::new(Watched { images: images.clone(), rows: Mutex::default(), next_put: Mutex::default() });
        let gate = Arc::new(Gate::default());
        let dice = Arc::new(WatchedDice { dice: SeededDice::new(7), drawn: Mutex::default() });
        let logins =
            Arc::new(SignedLogins::new(&Secret::new(vec![3; 32]), clock.clone(), dice.clone(), Arc::<MemoryVault>::default()));
        let password = logins.issue(&caller()).await.unwrap().password.expose_text().unwrap().to_owned();
        let audit = Arc::new(MemoryLedger::default());
        let doors = registry::open(Parts {
            repositories: images.clone(),
            tags: ledger.clone(),
            manifests: ledger.clone(),
            blobs: blobs(images.clone()),
            logins,
            gatekeeper: gate.clone(),
            audit: audit.clone(),
            bell: bell.clone(),
            clock: clock.clone(),
            dice: dice.clone(),
            link_key: Secret::new(vec![4; 32]),
        });
        let (address, server) = serve(doors.router).await;
        let house = Self { address, password, images, clock, ledger, audit, bell, gate, dice, server, pushes: doors.pushes };
        for name in ["hello", "other", "fixed"] {
            house.create(&key(name)).await;
        }
        house
    }

    /// Makes a repository, as ECR's `CreateRepository` would.
    pub async fn create(&self, key: &RepositoryKey) {
        let tag_mutability = if key.name.as_str() == "fixed" { TagMutability::Immutable } else { TagMutability::Mutable };
        let at = Timestamp::from_millis(0);
        let repository = Repository {
            key: key.clone(),
            created_at: at,
            tag_mutability,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        let row = AuditRow { at, caller: caller(), action: "ecr:CreateRepository".to_owned(), resource: key.arn() };
        self.images.create(&repository, &row).await.unwrap().unwrap();
    }

    pub fn forbid(&self, action: &str) {
        self.gate.forbidden.lock().unwrap().push(action.to_owned());
    }

    /// The permissions asked for since the last call of this.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.gate.asked.lock().unwrap())
    }

    /// Every open upload of a repository.
    pub async fn open_uploads(&self, repository: &str) -> Vec<UploadId> {
        let drawn: Vec<UploadId> = self.dice.drawn.lock().unwrap().iter().cloned().map(UploadId).collect();
        let mut open = Vec::new();
        for id in drawn {
            if self.images.received(&key(repository), &id).await.unwrap().is_some() {
                open.push(id);
            }
        }
        open
    }

    /// How often the bell for pushes rang since the last call of this.
    pub fn take_rung(&self) -> usize {
        self.bell.take_rung().iter().filter(|ring| **ring == Ring::Pushes).count()
    }

    /// One exchange with good credentials on a connection of its own.
    pub async fn call(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let login = format!("Basic {}", STANDARD.encode(format!("AWS:{}", self.password)));
        let mut headers = headers.to_vec();
        headers.push(("Authorization", &login));
        self.anonymous(method, url, &headers, body).await
    }

    /// One exchange without credentials.
    pub async fn anonymous(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut head = format!("{method} {url} HTTP/1.1\r\nConnection: close\r\n");
        let has = |name: &str| headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        if !has("Host") {
            head.push_str(&format!("Host: {}\r\n", self.address));
        }
        if !has("Content-Length") && !has("Transfer-Encoding") {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        let sent = [head.as_bytes(), b"\r\n", body].concat();
        let exchange = async {
            let mut socket = TcpStream::connect(self.address).await.unwrap();
            // A server that refuses early may close before it has read everything; its answer is there nevertheless.
            let _ = socket.write_all(&sent).await;
            let mut answer = Vec::new();
            let read = socket.read_to_end(&mut answer).await;
            assert!(read.is_ok() || !answer.is_empty(), "{method} {url}: no answer: {read:?}");
            answer
        };
        let answer = tokio::time::timeout(DEADLINE, exchange).await.expect("an answer in time");
        Reply::parse(method, url, &answer)
    }

    /// Sends a head that promises 100 bytes, then 40 of them; the socket stays open.
    pub async fn begin_request(&self, method: &str, url: &str) -> TcpStream {
        let login = STANDARD.encode(format!("AWS:{}", self.password));
        let head =
            format!("{method} {url} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\nContent-Length: 100\r\n\r\n");
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(&[b'x'; 40]).await.unwrap();
        socket
    }

    /// Asks again until the answer has this status.
    pub async fn until(&self, method: &str, url: &str, body: &[u8], status: u16) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let reply = self.call(method, url, &[], body).await;
            if reply.status == status {
                return;
            }
            assert!(Instant::now() < deadline, "{method} {url} still answers {}: {}", reply.status, reply.text());
            tokio::task::yield_now().await;
        }
    }

    /// Pushes a blob in one request and answers its digest.
    pub async fn push_blob(&self, repository: &str, bytes: &[u8]) -> String {
        let digest = sha256(bytes);
        self.call("POST", &format!("/v2/{repository}/blobs/uploads/?digest={digest}"), &[], bytes).await.expect(201);
        digest
    }

    /// Begins an upload and answers its path.
    pub async fn begin(&self, repository: &str) -> String {
        let reply = self.call("POST", &format!("/v2/{repository}/blobs/uploads/"), &[], b"").await;
        reply.expect(202).header("location").to_owned()
    }

    /// Pushes an image of one layer, and answers its manifest's bytes.
    pub async fn push_image(&self, repository: &str, reference: &str, layer: &[u8]) -> Vec<u8> {
        let (config, layer_digest) = (self.push_blob(repository, b"{}").await, self.push_blob(repository, layer).await);
        let manifest = image(&config, &layer_digest, layer.len());
        let reply = self.put_manifest(repository, reference, OCI_IMAGE, &manifest).await;
        reply.expect(201);
        manifest
    }

    pub async fn put_manifest(&self, repository: &str, reference: &str, media_type: &str, bytes: &[u8]) -> Reply {
        let url = format!("/v2/{repository}/manifests/{reference}");
        self.call("PUT", &url, &[("Content-Type", media_type)], bytes).await
    }
}

pub const OCI_IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// An OCI image manifest with the configuration `{}` and one layer.
pub fn image(config: &str, layer: &str, layer_bytes: usize) -> Vec<u8> {
    let config = format!(r#"{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config}","size":2}}"#);
    let layer = format!(r#"{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{layer}","size":{layer_bytes}}}"#);
    format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_IMAGE}","config":{config},"layers":[{layer}]}}"#).into_bytes()
}

async fn serve(router: Router) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (address, tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }))
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
    call: String,
    headers: Vec<(String, String)>,
}

impl Reply {
    fn parse(method: &str, url: &str, bytes: &[u8]) -> Self {
        let call = format!("{method} {url}");
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or_else(|| panic!("{call}: no head"));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let body = bytes[end + 4..].to_vec();
        assert!(!chunked, "{call}: every answer of the registry knows its length");
        Self { status, body, call, headers }
    }

    #[track_caller]
    pub fn expect(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text());
        assert_eq!(self.header("docker-distribution-api-version"), "registry/2.0", "{}", self.call);
        self
    }

    /// A failure in the specification's form.
    #[track_caller]
    pub fn expect_fault(&self, status: u16, code: &str) -> &Self {
        self.expect(status);
        let json: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(json["errors"][0]["code"], code, "{}: {}", self.call, self.text());
        assert!(!json["errors"][0]["message"].as_str().unwrap().is_empty());
        self
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.find(name).unwrap_or_else(|| panic!("{}: no {name}: {:?}", self.call, self.headers))
    }

    pub fn find(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Another account than the house's own.
pub fn stranger() -> AccountId {
    AccountId::parse("111111111111").unwrap()
}
