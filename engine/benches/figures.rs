//! An engine that does what its standard input says and answers with milliseconds: bench/engine.py drives it, beside `runc run`.
//! Never a test: it asserts that things work, not how long they take.
//! Arguments: the shim's program, a static web server that listens on PORT, and an OCI layout with one image that listens there too.
//! A command a line, an answer a line, in JSON.

#[path = "../tests/local/bench.rs"]
#[expect(dead_code, reason = "the rest of it is for the tests of single promises")]
mod bench;

use std::fs;
use std::io::{BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::local::LocalEngine;
use engine::local::premises::Premises;
use engine::local::record::{Phase, State};
use model::instance::{InstancePhase, InstanceSpec, Rest};
use model::port::Engine;
use model::revision::ImagePin;
use serde_json::{Value, json};

use crate::bench::{Bench, PORT, base_layer, file, name, ready, see, spec, tar};

/// Between two questions.
const PAUSE: Duration = Duration::from_micros(100);

#[tokio::main(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "argv is this program's own")]
async fn main() {
    // Cargo adds `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(shim), Some(program), Some(layout)) = (arguments.next(), arguments.next(), arguments.next()) else {
        // Whoever runs all benches at once wants no engine that waits for words.
        eprintln!("usage: figures SHIM PROGRAM LAYOUT < commands; see bench/engine.py");
        return;
    };
    let bench = Bench::with_shim(PathBuf::from(shim));
    let program = fs::read(program).expect("the server's program");
    let layer = tar(|builder| file(builder, "server", 0o755, 0, &program));
    let image = bench.image("served", &[base_layer(), layer], json!({ "Cmd": ["/server"] })).await;
    let laid_out = image_of(&bench, Path::new(&layout)).await;
    let figures = Figures { engine: bench.open().await, bench, image, laid_out };
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("words on standard input");
        let words: Vec<&str> = line.split_whitespace().collect();
        println!("{}", figures.obey(&words).await);
    }
    let Figures { engine, bench, .. } = figures;
    drop(engine);
    bench.remove().await;
}

struct Figures {
    bench: Bench,
    engine: LocalEngine,
    image: ImagePin,
    laid_out: ImagePin,
}

/// Stores the image of a layout.
async fn image_of(bench: &Bench, layout: &Path) -> ImagePin {
    let blob = |descriptor: &Value| {
        let digest = descriptor["digest"].as_str().and_then(|digest| digest.strip_prefix("sha256:")).expect("a digest");
        fs::read(layout.join("blobs/sha256").join(digest)).expect("a blob of the layout")
    };
    let document = |bytes: Vec<u8>| -> Value { serde_json::from_slice(&bytes).expect("a document of the layout") };
    let index = document(fs::read(layout.join("index.json")).expect("a layout"));
    let manifest = document(blob(&index["manifests"][0]));
    let layers = manifest["layers"].as_array().expect("layers");
    for layer in layers {
        bench.blob("laid-out", &blob(layer)).await;
    }
    bench.manifest("laid-out", &document(blob(&manifest["config"])), layers).await
}

impl Figures {
    async fn obey(&self, words: &[&str]) -> Value {
        let slot = |word: &str| word.parse().expect("a number");
        match words {
            ["start", n] => self.start(&self.spec(slot(n))).await,
            ["start-layout", n] => self.start(&spec(slot(n), &self.laid_out)).await,
            ["create", n] => {
                let began = Instant::now();
                self.engine.create(&self.spec(slot(n))).await.unwrap();
                json!({ "created": millis(began.elapsed()) })
            }
            ["rest", n, rest] => {
                let rest = [Rest::Throttled, Rest::Frozen, Rest::PagedOut]
                    .into_iter()
                    .find(|known| format!("{known:?}").to_lowercase() == *rest);
                let began = Instant::now();
                self.engine.rest(&name(slot(n)), rest.expect("throttled, frozen or pagedout")).await.unwrap();
                json!({ "rests": millis(began.elapsed()) })
            }
            ["wake", n] => {
                let address = self.address(slot(n)).await;
                let began = Instant::now();
                self.engine.wake(&name(slot(n))).await.unwrap();
                let woken = millis(began.elapsed());
                until_200(address);
                json!({ "woken": woken, "200": millis(began.elapsed()) })
            }
            ["storm", n] => self.storm(slot(n)).await,
            ["discard", n] => {
                let began = Instant::now();
                self.engine.discard(&name(slot(n))).await.unwrap();
                json!({ "discarded": millis(began.elapsed()) })
            }
            ["pids", n] => self.pids(slot(n)),
            ["group", n] => json!({ "group": Premises::of(self.bench.data()).unwrap().cgroup(&name(slot(n)).to_string()) }),
            ["pool"] => json!({ "pool": Premises::of(self.bench.data()).unwrap().pool() }),
            ["folder", n] => json!({ "folder": self.folder(slot(n)) }),
            other => panic!("unknown words: {other:?}"),
        }
    }

    fn spec(&self, slot: u16) -> InstanceSpec {
        spec(slot, &self.image)
    }

    fn folder(&self, slot: u16) -> PathBuf {
        Premises::of(self.bench.data()).unwrap().shim(&name(slot))
    }

    async fn address(&self, slot: u16) -> SocketAddr {
        let seen = see(&self.engine, &name(slot)).await.expect("it is there");
        SocketAddr::from((seen.address.expect("it has an address"), PORT))
    }

    /// Begins one, made ahead or not: until the call answers, until its server answers, until it counts as ready.
    async fn start(&self, spec: &InstanceSpec) -> Value {
        let began = Instant::now();
        self.engine.start(spec).await.unwrap();
        let running = millis(began.elapsed());
        until_200(self.address(spec.name.slot).await);
        let answers = millis(began.elapsed());
        ready(&self.engine, &spec.name).await;
        json!({ "running": running, "200": answers, "ready": millis(began.elapsed()) })
    }

    /// Many at once, of slots from 1000 up, and all of them away again.
    async fn storm(&self, count: u16) -> Value {
        let specs: Vec<_> = (1000..1000 + count).map(|slot| self.spec(slot)).collect();
        let began = Instant::now();
        let started = futures_util::future::join_all(specs.iter().map(|spec| self.engine.start(spec))).await;
        let failed = started.iter().filter(|outcome| outcome.is_err()).count();
        let asked = millis(began.elapsed());
        loop {
            let seen = self.engine.look(&specs[0].name.service).await.unwrap();
            let storm = seen.iter().filter(|seen| seen.name.slot >= 1000);
            if storm.filter(|seen| seen.phase == InstancePhase::Ready).count() + failed >= specs.len() {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(120), "they never get ready");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let all = millis(began.elapsed());
        let discarding = Instant::now();
        futures_util::future::join_all(specs.iter().map(|spec| self.engine.discard(&spec.name))).await;
        json!({ "started": asked, "ready": all, "failed": failed, "discarded": millis(discarding.elapsed()) })
    }

    fn pids(&self, slot: u16) -> Value {
        let state = State::decode(&fs::read_to_string(self.folder(slot).join("state")).unwrap()).unwrap();
        let init = match state.phase {
            Phase::Running { init_pid, .. } | Phase::Created { init_pid, .. } => Some(init_pid),
            Phase::Paired => None,
        };
        json!({ "shim": state.shim_pid, "init": init })
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[expect(clippy::disallowed_methods, reason = "a condition with a deadline")]
fn until_200(address: SocketAddr) {
    let since = Instant::now();
    let answered = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"HTTP/1.1 200")
    };
    while !answered().unwrap_or(false) {
        assert!(since.elapsed() < Duration::from_secs(20), "{address} does not answer");
        // Whoever is asked needs the core too.
        std::thread::sleep(PAUSE);
    }
}
