//! Requests at a fixed rate that are spread evenly over time, for bench/latency.py. h2load begins all that its rate asks for in each hundredth of a second
//! at once, so that whoever answers works at full load for a part of the time and rests for the other.
//! Never a test, and never more than its rate asks for. Source of truth: its arguments; RFC 9112 for the little of HTTP that it reads.
//!
//!     paced_load RATE SECONDS CONNECTIONS http|https ADDRESS HOST
//!
//! Each connection (HTTP/1.1, kept; whose certificate a proxy shows is its own affair) has its turn in a fixed order. Prints the microseconds that each
//! answer took: from when its request was sent, or from when it should have been if its connection still waited for the one before. Anything but a whole
//! answer with 200 ends it.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::num::NonZeroU64;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// What one connection does.
#[derive(Clone)]
struct Order {
    address: SocketAddr,
    host: String,
    tls: Option<Arc<ClientConfig>>,
    /// Between two of its requests.
    every: Duration,
    requests: u32,
}

trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

#[expect(clippy::disallowed_methods, reason = "argv is this program's own")]
fn main() -> Result<(), Error> {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [rate, seconds, connections, scheme, address, host] = words.as_slice() else {
        return Err("usage: paced_load RATE SECONDS CONNECTIONS http|https ADDRESS HOST; see bench/latency.py".into());
    };
    let (rate, seconds, connections): (f64, f64, u32) = (rate.parse()?, seconds.parse()?, connections.parse()?);
    if rate <= 0.0 || connections == 0 {
        return Err("paced_load: the rate and the number of connections are at least 1".into());
    }
    let every = Duration::from_secs_f64(f64::from(connections) / rate);
    let requests = (seconds / every.as_secs_f64()) as u32;
    let tls = match scheme.as_str() {
        "http" => None,
        "https" => Some(tls_config()?),
        other => return Err(format!("paced_load: '{other}' is neither http nor https").into()),
    };
    let order = Order { address: address.parse()?, host: host.clone(), tls, every, requests };
    // Inherited by the threads: with the usual 50 µs those whose turns are close together would be woken together.
    rustix::thread::set_current_timer_slack(NonZeroU64::new(1))?;
    let ready = Arc::new(Barrier::new(connections as usize));
    let threads: Vec<_> = (0..connections)
        .map(|number| {
            let (order, ready) = (order.clone(), Arc::clone(&ready));
            thread::spawn(move || take_turns(&order, every * number / connections, &ready))
        })
        .collect();
    let mut out = io::stdout().lock();
    for thread in threads {
        for took in thread.join().map_err(|_| "a connection's thread panicked")?? {
            writeln!(out, "{took}")?;
        }
    }
    Ok(())
}

fn tls_config() -> Result<Arc<ClientConfig>, Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let any = Arc::new(AnyCertificate(provider.signature_verification_algorithms));
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(Arc::new(builder.dangerous().with_custom_certificate_verifier(any).with_no_client_auth()))
}

/// Checks that whoever shows a certificate has its key, and asks for no more.
#[derive(Debug)]
struct AnyCertificate(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// All requests of one connection, which is `late` in the order of them: what their answers took, in microseconds.
fn take_turns(order: &Order, late: Duration, ready: &Barrier) -> Result<Vec<u128>, Error> {
    let connected = connect(order);
    // Whether or not it is connected: the others wait for it.
    ready.wait();
    let mut stream = connected?;
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", order.host);
    let began = Instant::now() + late;
    let (mut took, mut answered) = (Vec::with_capacity(order.requests as usize), Instant::now());
    for number in 0..order.requests {
        let due = began + order.every * number;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let since = if answered > due { due } else { Instant::now() };
        stream.write_all(request.as_bytes())?;
        read_answer(&mut stream)?;
        answered = Instant::now();
        took.push((answered - since).as_micros());
    }
    Ok(took)
}

/// With the handshake over.
fn connect(order: &Order) -> Result<Box<dyn Stream>, Error> {
    let tcp = TcpStream::connect(order.address)?;
    tcp.set_nodelay(true)?;
    let Some(config) = &order.tls else { return Ok(Box::new(tcp)) };
    let name = order.host.rsplit_once(':').map_or(order.host.as_str(), |(name, _)| name);
    let mut stream = StreamOwned::new(ClientConnection::new(Arc::clone(config), ServerName::try_from(name.to_owned())?)?, tcp);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(Box::new(stream))
}

/// Reads one answer whose length is told.
fn read_answer(stream: &mut dyn Stream) -> Result<(), Error> {
    let (mut bytes, mut filled) = ([0; 8192], 0);
    loop {
        let read = stream.read(&mut bytes[filled..])?;
        filled += read;
        let text = std::str::from_utf8(&bytes[..filled])?;
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let length =
                lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).map(|(_, value)| value.parse()).next();
            if !head.starts_with("HTTP/1.1 200 ") || length.is_none() {
                return Err(format!("not the answer that is expected: {head}").into());
            }
            if length == Some(Ok(body.len())) {
                return Ok(());
            }
        }
        if read == 0 || filled == bytes.len() {
            return Err("an answer ended early, or is larger than any that is expected".into());
        }
    }
}
