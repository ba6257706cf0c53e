//! A small open-loop HTTPS client for tests and benchmarks: it sends at a fixed rate whether or not answers come, in several ways at once, and
//! counts every refused, reset, short or wrong answer as a failure.
//!
//!     open_loop --connect 127.0.0.1:8943 --host HOST:8943 --ca ca.pem [--path /] [--rate 100] [--seconds 5] [--expect TEXT] [--end input]
//!     open_loop … --profile witness | --ways upload=50,http2=10
//!
//! Without a profile it asks for one path over HTTP/1.1 keep-alive, a new connection each, and HTTP/2, each at the rate. With `--profile witness`
//! it asks the application `tests/never_drop/witness.c` for everything that it knows, uploads, downloads, slow and long answers and WebSockets
//! too, at shares of the rate; `--ways` says which of them, and how many a second. With `--end input` it ends as soon as its standard input does,
//! at the latest after the seconds. A line `phase NAME` on standard input begins a phase: latencies are counted for each. Prints one JSON object
//! when it is over; a line `started` goes to standard error as soon as all ways have had an answer.

mod aim;
mod tally;
mod way;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::mpsc;
use tokio_rustls::TlsConnector;

use crate::aim::{Aim, Asked, Error};
use crate::tally::{Outcome, Sight, Tally};
use crate::way::{PLAIN, WITNESS, Way};

/// Outcomes that wait to be counted.
const OUTCOMES_AHEAD: usize = 4096;

/// What whoever started this says while it runs.
#[derive(Default)]
struct Word {
    /// Nothing is begun any more.
    over: AtomicBool,
    phase: AtomicUsize,
    phases: Mutex<Vec<String>>,
}

impl Word {
    fn begin(&self, phase: &str) {
        let mut phases = self.phases.lock().expect("no holder panics");
        phases.push(phase.to_owned());
        self.phase.store(phases.len() - 1, Ordering::Relaxed);
    }

    fn listen(&self, ends: bool) {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if let Some(phase) = line.strip_prefix("phase ") {
                self.begin(phase);
            }
        }
        self.over.fetch_or(ends, Ordering::Relaxed);
    }
}

fn connector(roots: &RootCertStore, protocol: &[u8]) -> TlsConnector {
    let mut config = ClientConfig::builder().with_root_certificates(roots.clone()).with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// Sends at the rate, counting from the moment each request should have been sent. Returns when all are answered.
async fn run(aim: Arc<Aim>, word: Arc<Word>, (way, rate): (Way, f64), span: Duration, out: mpsc::Sender<Outcome>) {
    let (began, calendar) = (tokio::time::Instant::now(), SystemTime::now());
    let total = (span.as_secs_f64() * rate) as u32;
    for number in 0..total {
        let after = Duration::from_secs_f64(f64::from(number) / rate);
        tokio::time::sleep_until(began + after).await;
        if word.over.load(Ordering::Relaxed) {
            break;
        }
        let (aim, out, phase) = (Arc::clone(&aim), out.clone(), word.phase.load(Ordering::Relaxed));
        tokio::spawn(async move {
            let mut sight = Sight::default();
            let result = aim.once(way, number, &mut sight).await;
            let outcome = Outcome {
                way: way.name(),
                path: aim.path(way, number),
                phase,
                intended: calendar + after,
                ended: SystemTime::now(),
                took: (began + after).elapsed(),
                sight,
                failed: result.err().map(|error| chain(&*error)),
            };
            out.send(outcome).await.expect("the counting ends last");
        });
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}

fn arguments() -> BTreeMap<String, String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    words.chunks(2).map(|pair| (pair[0].trim_start_matches("--").to_owned(), pair.get(1).cloned().unwrap_or_default())).collect()
}

/// Which ways, and how many requests a second in each.
fn ways(profile: &str, listed: &str, rate: f64) -> Result<Vec<(Way, f64)>, Error> {
    if !listed.is_empty() {
        let one = |text: &str| {
            let (name, rate) = text.split_once('=')?;
            Some((Way::of(name)?, rate.parse().ok()?))
        };
        return listed.split(',').map(|text| one(text).ok_or_else(|| format!("no way: {text}").into())).collect();
    }
    match profile {
        "plain" => Ok(PLAIN.map(|way| (way, rate)).to_vec()),
        "witness" => Ok(WITNESS.map(|(way, percent)| (way, rate * f64::from(percent) / 100.0)).to_vec()),
        other => Err(format!("no profile: {other}").into()),
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    rustls::crypto::aws_lc_rs::default_provider().install_default().expect("nothing has installed a provider before");
    let arguments = arguments();
    let argument = |name: &str, default: &str| arguments.get(name).cloned().unwrap_or_else(|| default.to_owned());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(argument("ca", "ca.pem"))? {
        roots.add(certificate?)?;
    }
    let listed = argument("ways", "");
    let profile = argument("profile", if listed.is_empty() { "plain" } else { "witness" });
    let ways = ways(&profile, &listed, argument("rate", "100").parse()?)?;
    let asked = match profile.as_str() {
        "plain" => Asked::Plain { path: argument("path", "/"), expect: argument("expect", "") },
        _ => Asked::Witness,
    };
    let tls = [connector(&roots, b"http/1.1"), connector(&roots, b"h2")];
    let aim = Arc::new(Aim::new(argument("connect", "127.0.0.1:443").parse()?, argument("host", ""), asked, tls));
    for (way, _) in &ways {
        aim.once(*way, 0, &mut Sight::default()).await.map_err(|error| format!("{}: {}", way.name(), chain(&*error)))?;
    }
    let word = Arc::new(Word::default());
    word.begin("all");
    let (ends, hears) = (argument("end", "time") == "input", Arc::clone(&word));
    std::thread::spawn(move || hears.listen(ends));
    eprintln!("started");
    let span = Duration::from_secs_f64(argument("seconds", "5").parse()?);
    let began = Instant::now();
    let (out, mut outcomes) = mpsc::channel(OUTCOMES_AHEAD);
    for way in &ways {
        tokio::spawn(run(Arc::clone(&aim), Arc::clone(&word), *way, span, out.clone()));
    }
    drop(out);
    let mut tally = Tally::default();
    while let Some(outcome) = outcomes.recv().await {
        tally.note(outcome);
    }
    let phases = word.phases.lock().expect("no holder panics").clone();
    let names: Vec<&'static str> = ways.iter().map(|(way, _)| way.name()).collect();
    println!("{}", tally.report(&names, &phases, began.elapsed()));
    Ok(())
}
