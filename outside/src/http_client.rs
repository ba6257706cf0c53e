//! One request, one connection: to an address that was checked, and to no other.
//!
//! Names are resolved under the policy, and the connection is made to the very address that was judged, so a name that changes its mind gains nothing.
//! A redirect is a new request under the same rules. Plain HTTP goes to loopback places that the operator named, and nowhere else; places that he named are
//! reached only on the way that begins at one of them. Never sends a caller's credentials to another place than they are for. No pool: a pull is few
//! requests, and long ones.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST, LOCATION, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_util::rt::TokioIo;
use model::port::{Hosts, Resolver};
use model::refusal::RefusalKind;
use model::trouble::Trouble;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::limit::{CONNECTED, Patience, REDIRECTS};
use crate::place::{Address, Named, Place};
use crate::snag::Snag;

/// No certificate could be read where there should be some.
#[derive(Debug, PartialEq, Eq)]
pub struct TrustError;

/// What asks.
pub(crate) struct HttpClient {
    resolver: Arc<dyn Resolver>,
    hosts: Arc<dyn Hosts>,
    tls: TlsConnector,
    pub patience: Patience,
    hints: Hints,
}

/// What the operator can do about a place that is not asked, for whoever reads why.
#[derive(Clone, Copy)]
pub(crate) struct Hints {
    /// About a certificate that is not trusted.
    pub authority: &'static str,
    /// About plain HTTP to a place that may not speak it.
    pub plain: &'static str,
    /// About plain HTTP to a place that may, but is elsewhere.
    pub elsewhere: &'static str,
}

/// For registries.
const OF_REGISTRIES: Hints = Hints {
    authority: "Name its authority with --registry-ca FILE.",
    plain: "plain HTTP is only spoken with registries on this machine that --registry-insecure names",
    elsewhere: "--registry-insecure is for registries on this machine's loopback addresses only",
};

/// A request, apart from where it goes.
#[derive(Clone)]
pub(crate) struct Ask {
    pub method: Method,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer whose body is still on its way. Dropping it ends the connection.
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Where it came from, after redirects.
    pub place: Place,
    body: Incoming,
    _driver: JoinSet<()>,
}

impl Ask {
    pub(crate) fn get(headers: &[(HeaderName, &str)]) -> Self {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            // What is no header value is left out: it is made of parsed nouns, so it is one.
            if let Ok(value) = HeaderValue::from_str(value) {
                map.insert(name, value);
            }
        }
        Self { method: Method::GET, headers: map, body: Bytes::new() }
    }
}

/// Trust in the certificates of a PEM file; `more` are the operator's own.
pub(crate) fn trust(system: &[u8], more: &[u8]) -> Result<TlsConnector, TrustError> {
    let mut roots = RootCertStore::empty();
    let mut add = |pem: &[u8]| roots.add_parsable_certificates(CertificateDer::pem_slice_iter(pem).filter_map(Result::ok)).0;
    // A machine without roots reaches the registries that the operator names; it is not our trouble yet.
    let _ = add(system);
    if !more.is_empty() && add(more) == 0 {
        return Err(TrustError);
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("the provider has TLS 1.2 and 1.3").with_root_certificates(roots).with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

impl HttpClient {
    pub(crate) fn new(resolver: Arc<dyn Resolver>, hosts: Arc<dyn Hosts>, tls: TlsConnector, patience: Patience) -> Self {
        Self { resolver, hosts, tls, patience, hints: OF_REGISTRIES }
    }

    /// One that says other things to do.
    pub(crate) fn with_hints(self, hints: Hints) -> Self {
        Self { hints, ..self }
    }

    /// Sends a request and follows where it is sent on to, to `named` places and to those that the policy allows. `Authorization` stays behind when the
    /// place changes.
    pub(crate) async fn send(&self, mut address: Address, mut ask: Ask, named: &Named) -> Result<Reply, Snag> {
        let first = address.place.clone();
        for _ in 0..=REDIRECTS {
            let reply =
                self.send_here(&address, &ask, named).await.map_err(|snag| said_on_the_way(snag, &first, &address.place))?;
            if !reply.status.is_redirection() || reply.status == StatusCode::NOT_MODIFIED {
                return Ok(reply);
            }
            let location = reply.headers.get(LOCATION).and_then(|location| location.to_str().ok());
            let next = location.and_then(|location| address.redirected(location));
            let lost = || Snag::refused(RefusalKind::Invalid, format!("{} redirects to nowhere.", address.place));
            let next = next.ok_or_else(lost)?;
            if next.place != address.place {
                ask.headers.remove(AUTHORIZATION);
            }
            address = next;
        }
        Err(Snag::refused(RefusalKind::Invalid, format!("{first} redirects more than {REDIRECTS} times.")))
    }

    /// Sends a request; where the answer would send it on to is not followed.
    pub(crate) async fn send_here(&self, address: &Address, ask: &Ask, named: &Named) -> Result<Reply, Snag> {
        let sent = timeout(self.patience.answer, self.send_once(address, ask, named)).await;
        let silent = || Snag::Passing(format!("{} did not answer within {} s.", address.place, self.patience.answer.as_secs()));
        sent.map_err(|_| silent())?
    }

    async fn send_once(&self, address: &Address, ask: &Ask, named: &Named) -> Result<Reply, Snag> {
        let place = &address.place;
        let mut request = Request::new(Full::new(ask.body.clone()));
        *request.method_mut() = ask.method.clone();
        *request.uri_mut() = address
            .path
            .parse()
            .map_err(|_| Snag::refused(RefusalKind::Invalid, format!("{place} was to be asked for something that is no path.")))?;
        *request.headers_mut() = ask.headers.clone();
        let authority = HeaderValue::from_str(&place.authority());
        request.headers_mut().insert(HOST, authority.expect("a host that was parsed is a header value"));
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(concat!("outrunner/", env!("CARGO_PKG_VERSION"))));
        self.exchange(place, request, named).await
    }

    /// Sends a request as it is, once, and waits for the head of its answer as long as `patience.answer`. The body may still be coming.
    pub(crate) async fn pass<B>(&self, place: &Place, request: Request<B>, named: &Named) -> Result<Reply, Snag>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let sent = timeout(self.patience.answer, self.exchange(place, request, named)).await;
        sent.map_err(|_| Snag::Passing(format!("{place} did not answer within {} s.", self.patience.answer.as_secs())))?
    }

    async fn exchange<B>(&self, place: &Place, request: Request<B>, named: &Named) -> Result<Reply, Snag>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let stream = self.connect(place, named).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(place, &error))?;
        let mut driver = JoinSet::new();
        driver.spawn(async move {
            // Its faults are the request's and the body's too.
            let _ = connection.await;
        });
        let (head, body) = sender.send_request(request).await.map_err(|error| broken(place, &error))?.into_parts();
        Ok(Reply { status: head.status, headers: head.headers, place: place.clone(), body, _driver: driver })
    }

    async fn connect(&self, place: &Place, named: &Named) -> Result<Box<dyn Stream>, Snag> {
        let addresses = self.addresses(place, named).await?;
        let mut last = format!("{place} has no address.");
        for address in addresses {
            match timeout(CONNECTED, self.dial(place, SocketAddr::new(address, place.port))).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) if is_distrust(&error) => {
                    let words = format!("{place} shows a certificate that is not trusted: {error}. {}", self.hints.authority);
                    return Err(Snag::refused(RefusalKind::Denied, words));
                }
                Ok(Err(error)) => last = format!("{place} ({address}) cannot be reached: {error}."),
                Err(_) => last = format!("{place} ({address}) did not open a connection within {} s.", CONNECTED.as_secs()),
            }
        }
        Err(Snag::Passing(last))
    }

    async fn dial(&self, place: &Place, address: SocketAddr) -> std::io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect(address).await?;
        // A request is small and must not wait for company.
        stream.set_nodelay(true)?;
        if !place.is_tls {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(place.host.clone()).map_err(std::io::Error::other)?;
        Ok(Box::new(self.tls.connect(name, stream).await?))
    }

    /// Addresses that may be connected to, in order.
    async fn addresses(&self, place: &Place, named: &Named) -> Result<Vec<IpAddr>, Snag> {
        let plain = named.plain.contains(&place.key());
        let addresses = if plain || named.private.contains(&place.key()) {
            named_addresses(&*self.hosts, &place.host).await.map_err(|trouble| not_looked_up(place, &trouble))?
        } else {
            match self.resolver.resolve(&place.host).await {
                Ok(Ok(addresses)) => addresses,
                Ok(Err(refusal)) => return Err(Snag::Final(refusal)),
                Err(trouble) => return Err(not_looked_up(place, &trouble)),
            }
        };
        if place.is_tls {
            return Ok(addresses);
        }
        let words = if !plain {
            self.hints.plain
        } else if addresses.iter().all(IpAddr::is_loopback) {
            return Ok(addresses);
        } else {
            self.hints.elsewhere
        };
        Err(Snag::refused(RefusalKind::Denied, format!("{place} is not asked: {words}.")))
    }
}

/// Where an operator's own place is. `localhost` needs nobody's word.
pub(crate) async fn named_addresses(hosts: &dyn Hosts, host: &str) -> Result<Vec<IpAddr>, Trouble> {
    if host == "localhost" {
        return Ok(vec![Ipv4Addr::LOCALHOST.into()]);
    }
    if let Ok(address) = host.parse() {
        return Ok(vec![address]);
    }
    Ok(hosts.addresses(host).await?.into_iter().map(IpAddr::V4).collect())
}

/// Whether the other side's certificate is the matter: no later try will find another one.
fn is_distrust(error: &std::io::Error) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    matches!(cause, Some(rustls::Error::InvalidCertificate(_)))
}

fn not_looked_up(place: &Place, trouble: &Trouble) -> Snag {
    Snag::Passing(format!("{place} cannot be reached: {}.", trouble.chain()))
}

fn broken(place: &Place, error: &hyper::Error) -> Snag {
    Snag::Passing(format!("The connection to {place} broke: {error}."))
}

/// A fault on the way that a redirect led says who redirected.
fn said_on_the_way(snag: Snag, first: &Place, place: &Place) -> Snag {
    if first == place {
        return snag;
    }
    let said = |words: String| format!("{first} redirects to {place}. {words}");
    match snag {
        Snag::Passing(words) => Snag::Passing(said(words)),
        Snag::Later { words, wait } => Snag::Later { words: said(words), wait },
        Snag::Final(mut refusal) => {
            refusal.message = said(refusal.message);
            Snag::Final(refusal)
        }
    }
}

impl Reply {
    /// The next piece of the body; none at its end.
    pub(crate) async fn piece(&mut self, silence: Duration) -> Result<Option<Bytes>, Snag> {
        loop {
            let frame = timeout(silence, self.body.frame()).await;
            let silent = || Snag::Passing(format!("{} sent nothing for {} s.", self.place, silence.as_secs()));
            match frame.map_err(|_| silent())? {
                None => return Ok(None),
                Some(Err(error)) => return Err(broken(&self.place, &error)),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Ok(Some(data)),
                    // Nothing, or trailers.
                    Ok(_) | Err(_) => {}
                },
            }
        }
    }

    /// The whole body, if it is not larger than `bytes_max`.
    pub(crate) async fn whole(mut self, patience: &Patience, bytes_max: usize) -> Result<Bytes, Snag> {
        let mut bytes = Vec::new();
        let gather = async {
            while let Some(piece) = self.piece(patience.silence).await? {
                bytes.extend_from_slice(&piece);
                if bytes.len() > bytes_max {
                    let words = format!("{} answers with more than {bytes_max} bytes.", self.place);
                    return Err(Snag::refused(RefusalKind::Invalid, words));
                }
            }
            Ok(())
        };
        let gathered = timeout(patience.window, gather).await;
        let slow = || Snag::Passing(format!("{} did not end its answer within {} s.", self.place, patience.window.as_secs()));
        gathered.map_err(|_| slow())??;
        Ok(bytes.into())
    }

    /// How long it asks to wait, if it does in seconds.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}

/// Plain or TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}
