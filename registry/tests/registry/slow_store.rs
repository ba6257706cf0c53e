//! A store that takes its time: the registry hands it one piece after another and keeps nothing in between.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use model::audit::AuditRow;
use model::chunks::{Body, Chunks};
use model::digest::Digest;
use model::port::{Answer, BlobInfo, Blobs, Granted, UploadId};
use model::repository::RepositoryKey;
use model::testbed::MemoryImages;
use model::trouble::Trouble;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::house::{DEADLINE, House, sha256};

/// Blobs in memory that take pieces, and finish, only through a gate.
pub struct SlowBlobs {
    images: Arc<MemoryImages>,
    gate: Arc<Semaphore>,
    /// Grows by one whenever somebody begins to append or to finish.
    begun: Arc<Semaphore>,
    largest_bytes: Arc<AtomicUsize>,
    /// Once it is set, nothing can be finished.
    broken: Arc<AtomicBool>,
}

struct Gated {
    body: Body,
    gate: Arc<Semaphore>,
    largest_bytes: Arc<AtomicUsize>,
}

impl Chunks for Gated {
    fn next(&mut self) -> Answer<'_, Option<Bytes>> {
        Box::pin(async move {
            let _open = self.gate.acquire().await.expect("the gate is never taken away");
            let piece = self.body.next().await?;
            self.largest_bytes.fetch_max(piece.as_ref().map_or(0, Bytes::len), Ordering::SeqCst);
            Ok(piece)
        })
    }
}

impl Blobs for SlowBlobs {
    fn append<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        offset: u64,
        body: Body,
        bytes_max: u64,
    ) -> Answer<'a, Granted<u64>> {
        self.begun.add_permits(1);
        let gated = Gated { body, gate: self.gate.clone(), largest_bytes: self.largest_bytes.clone() };
        self.images.append(repository, upload, offset, Box::new(gated), bytes_max)
    }

    fn begin<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, ()> {
        self.images.begin(repository, upload)
    }

    fn received<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, Option<u64>> {
        self.images.received(repository, upload)
    }

    fn finish<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        upload: &'a UploadId,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<()>> {
        Box::pin(async move {
            self.begun.add_permits(1);
            let _open = self.gate.acquire().await.expect("the gate is never taken away");
            if self.broken.load(Ordering::SeqCst) {
                return Err(Trouble::passing("finishing an upload", "the disk is full"));
            }
            self.images.finish(repository, upload, digest, audit).await
        })
    }

    fn cancel<'a>(&'a self, repository: &'a RepositoryKey, upload: &'a UploadId) -> Answer<'a, ()> {
        Box::pin(async move {
            // As a real store does: the work is another thread's, and the caller waits. Whoever drops this wait, drops the cancelling.
            tokio::task::spawn_blocking(|| {}).await.expect("nothing panics here");
            self.images.cancel(repository, upload).await
        })
    }

    fn stat<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<BlobInfo>> {
        self.images.stat(repository, digest)
    }

    fn promise<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest) -> Answer<'a, Option<BlobInfo>> {
        self.images.promise(repository, digest)
    }

    fn mount<'a>(
        &'a self,
        from: &'a RepositoryKey,
        to: &'a RepositoryKey,
        digest: &'a Digest,
        audit: &'a AuditRow,
    ) -> Answer<'a, bool> {
        self.images.mount(from, to, digest, audit)
    }

    fn read<'a>(
        &'a self,
        repository: &'a RepositoryKey,
        digest: &'a Digest,
        range: Option<Range<u64>>,
    ) -> Answer<'a, Option<Body>> {
        self.images.read(repository, digest, range)
    }

    fn remove<'a>(&'a self, repository: &'a RepositoryKey, digest: &'a Digest, audit: &'a AuditRow) -> Answer<'a, Granted<bool>> {
        Blobs::remove(&*self.images, repository, digest, audit)
    }
}

/// A house with such a store, and what its store shares with the test.
struct SlowHouse {
    house: House,
    gate: Arc<Semaphore>,
    begun: Arc<Semaphore>,
    largest_bytes: Arc<AtomicUsize>,
    broken: Arc<AtomicBool>,
}

impl SlowHouse {
    async fn open(permits: usize) -> Self {
        let (gate, begun) = (Arc::new(Semaphore::new(permits)), Arc::new(Semaphore::new(0)));
        let (largest_bytes, broken) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let lent = (gate.clone(), begun.clone(), largest_bytes.clone(), broken.clone());
        let slow = |images| {
            Arc::new(SlowBlobs { images, gate: lent.0, begun: lent.1, largest_bytes: lent.2, broken: lent.3 }) as Arc<dyn Blobs>
        };
        Self { house: House::open_with(slow).await, gate, begun, largest_bytes, broken }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_stops_reading_stops_the_sender() {
    let SlowHouse { house, gate, largest_bytes, .. } = SlowHouse::open(0).await;
    let bytes = vec![b'x'; 64 << 20];
    let digest = sha256(&bytes);
    let login = STANDARD.encode(format!("AWS:{}", house.password));
    let head = format!(
        "POST /v2/hello/blobs/uploads/?digest={digest} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Basic {login}\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    );
    let mut socket = TcpStream::connect(house.address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    // What fits into the sockets' buffers goes out, then nothing more does.
    let mut sent = 0;
    while let Ok(written) = tokio::time::timeout(Duration::from_millis(200), socket.write(&bytes[sent..])).await {
        sent += written.unwrap();
        assert!(sent < bytes.len(), "the registry took a whole blob that nobody read");
    }
    gate.add_permits(1);
    let exchange = async {
        socket.write_all(&bytes[sent..]).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let answer = tokio::time::timeout(DEADLINE, exchange).await.expect("an answer in time");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(largest_bytes.load(Ordering::SeqCst) <= 1 << 20, "pieces are small");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_upload_that_is_cut_off_leaves_no_upload_behind() {
    let SlowHouse { house, .. } = SlowHouse::open(1).await;
    let digest = sha256(&[b'x'; 100]);
    let open = async |number: usize| {
        let counted = async {
            while house.open_uploads("hello").await.len() != number {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(DEADLINE, counted).await.unwrap_or_else(|_| panic!("there should be {number} uploads"));
    };
    let socket = house.begin_request("POST", &format!("/v2/hello/blobs/uploads/?digest={digest}")).await;
    open(1).await;
    drop(socket);
    open(0).await;
    house.call("HEAD", &format!("/v2/hello/blobs/{digest}"), &[], b"").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_finished_even_when_its_client_does_not_wait() {
    let SlowHouse { house, gate, begun, .. } = SlowHouse::open(0).await;
    let (upload, digest) = (house.begin("hello").await, sha256(b""));
    let login = STANDARD.encode(format!("AWS:{}", house.password));
    let head = format!("PUT {upload}?digest={digest} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\n\r\n");
    let mut socket = TcpStream::connect(house.address).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    begun.acquire().await.unwrap().forget();
    drop(socket);
    // Time enough for the server to notice.
    for _ in 0..20 {
        house.call("GET", &upload, &[], b"").await.expect(204);
    }
    gate.add_permits(1);
    house.until("HEAD", &format!("/v2/hello/blobs/{digest}"), b"", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_the_middle_of_a_chunk_leaves_the_upload_as_it_was() {
    let SlowHouse { house, begun, .. } = SlowHouse::open(1).await;
    let upload = house.begin("hello").await;
    house.call("PATCH", &upload, &[], b"0123").await.expect(202);
    for abrupt in [false, true] {
        begun.forget_permits(usize::MAX);
        let socket = house.begin_request("PATCH", &upload).await;
        begun.acquire().await.unwrap().forget();
        for method in ["PATCH", "DELETE"] {
            let second = house.call(method, &upload, &[], b"yyyy").await;
            second.expect_fault(409, "BLOB_UPLOAD_INVALID");
        }
        if abrupt {
            socket.set_zero_linger().unwrap();
        }
        drop(socket);
        house.until("PATCH", &upload, b"", 202).await;
        assert_eq!(house.call("GET", &upload, &[], b"").await.expect(204).header("range"), "0-3");
    }
    house.call("PUT", &format!("{upload}?digest={}", sha256(b"01234567")), &[], b"4567").await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_the_store_could_not_finish_do_not_count_as_open() {
    let SlowHouse { house, broken, .. } = SlowHouse::open(1).await;
    broken.store(true, Ordering::SeqCst);
    // One more than a login may have open.
    for _ in 0..=256 {
        let upload = house.begin("hello").await;
        house.call("PUT", &format!("{upload}?digest={}", sha256(b"")), &[], b"").await.expect(503);
    }
    broken.store(false, Ordering::SeqCst);
    let upload = house.begin("hello").await;
    house.call("PUT", &format!("{upload}?digest={}", sha256(b"")), &[], b"").await.expect(201);
}
