//! Registries that are not ours: which server a name leads to, what it is asked, and what its answers mean.
//!
//! Never keeps an image. Source of truth: the distribution specification, "Pulling manifests" and "Pulling blobs".

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use http::HeaderName;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RANGE};
use model::chunks::Body;
use model::digest::Digest;
use model::foreign_image::{ForeignImage, RegistryHost, RemoteBlob, RemoteManifest};
use model::image_reference::{Pick, scope_of};
use model::port::{Answer, Granted, Hosts, RemoteRegistry, Resolver};
use model::refusal::RefusalKind;
use model::secret::Secret;
use serde::Deserialize;
use tokio::time::Instant;

use crate::ecr_login::{EcrLogins, EcrUpstream};
use crate::http_client::{Ask, HttpClient, Reply, TrustError, trust};
use crate::limit::{BLOB_BYTES, MANIFEST_BYTES, Patience, TOKEN_BYTES, TOKENS};
use crate::place::{Address, Mirror, Named, Place};
use crate::registry_login::{Challenge, Pass, Password, answer};
use crate::remote_blob::BlobBody;
use crate::remote_manifest::{ACCEPT as MANIFESTS, Found, read};
use crate::snag::{Snag, persist};

/// Docker Hub is not where its name says. Source: Docker's documentation of registry names.
const DOCKER_HUB: (&str, &str) = ("docker.io", "registry-1.docker.io");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

/// An operator's login for a registry.
#[derive(Clone, Debug)]
pub struct Credential {
    pub registry: RegistryHost,
    pub user: String,
    pub password: Secret,
}

/// What an operator says about other registries.
#[derive(Default)]
pub struct RegistrySettings {
    /// Asked before the registry itself, in order.
    pub mirrors: Vec<Mirror>,
    /// May have private addresses.
    pub private: Vec<RegistryHost>,
    /// Speak plain HTTP on loopback.
    pub insecure: Vec<RegistryHost>,
    pub credentials: Vec<Credential>,
    /// The machine's roots, as PEM.
    pub system_roots: Vec<u8>,
    /// The operator's own, as PEM; they must hold a certificate if they are not empty.
    pub authorities: Vec<u8>,
    pub ecr: Option<EcrUpstream>,
    pub patience: Patience,
}

/// Every registry but ours.
pub struct Registries(Arc<Asker>);

/// What asks them.
pub(crate) struct Asker {
    http: HttpClient,
    mirrors: Vec<Mirror>,
    /// By the operator: registries that may be private or plain.
    named: Named,
    credentials: Vec<Credential>,
    ecr: Option<EcrLogins>,
    passes: Mutex<HashMap<(Place, String), Pass>>,
}

/// One server that may have a registry's images.
#[derive(Clone)]
struct End {
    place: Place,
    prefix: String,
    /// Whose login it takes.
    registry: RegistryHost,
    is_ecr: bool,
    /// What this end, and whoever it sends us on to, may reach beside public places.
    named: Named,
}

/// What is asked of a repository.
enum Wanted<'a> {
    /// The one that the image's pick names.
    Manifest,
    Blob {
        digest: &'a Digest,
        from: u64,
    },
}

/// What came.
enum Got {
    Manifest(Found),
    Blob(Reply),
}

#[derive(Deserialize)]
struct Errors {
    errors: Vec<ErrorWords>,
}

#[derive(Deserialize)]
struct ErrorWords {
    #[serde(default)]
    message: String,
}

impl Registries {
    /// # Errors
    /// If `authorities` holds no certificate.
    pub fn new(settings: RegistrySettings, resolver: Arc<dyn Resolver>, hosts: Arc<dyn Hosts>) -> Result<Self, TrustError> {
        let key = |registry: &RegistryHost, usual: u16| (registry.host().to_owned(), registry.port().unwrap_or(usual));
        let named = Named {
            private: settings.private.iter().map(|registry| key(registry, 443)).collect(),
            plain: settings.insecure.iter().map(|registry| key(registry, 80)).collect(),
        };
        let tls = trust(&settings.system_roots, &settings.authorities)?;
        let http = HttpClient::new(resolver, hosts, tls, settings.patience);
        Ok(Self(Arc::new(Asker {
            http,
            mirrors: settings.mirrors,
            named,
            credentials: settings.credentials,
            ecr: settings.ecr.map(EcrLogins::new),
            passes: Mutex::default(),
        })))
    }

    /// Registries whose images are asked for with a login that was given, there or at a mirror.
    pub fn with_logins(&self) -> Vec<RegistryHost> {
        let Asker { credentials, mirrors, .. } = &*self.0;
        let has_login = |registry: &RegistryHost| credentials.iter().any(|credential| credential.registry == *registry);
        let mirrored = mirrors.iter().filter(|mirror| registry_at(&mirror.place).is_some_and(|at| has_login(&at)));
        let own = credentials.iter().map(|credential| credential.registry.clone());
        own.chain(mirrored.map(|mirror| mirror.of.clone())).collect()
    }

    /// Whether there are keys for the real ECR.
    pub fn has_ecr_keys(&self) -> bool {
        self.0.ecr.is_some()
    }
}

impl RemoteRegistry for Registries {
    fn is_asked(&self, registry: &RegistryHost) -> bool {
        scope_of(registry.host()).is_none() || self.0.ecr.is_some()
    }

    fn manifest<'a>(&'a self, image: &'a ForeignImage) -> Answer<'a, Granted<RemoteManifest>> {
        Box::pin(async move { Ok(self.0.manifest(image).await.map_err(Snag::into_refusal)) })
    }

    fn blob<'a>(&'a self, image: &'a ForeignImage, blob: &'a RemoteBlob, offset: u64) -> Answer<'a, Granted<Body>> {
        let refusal = (blob.size_bytes > BLOB_BYTES).then(|| {
            let words =
                format!("{} of {image} has {} bytes; {BLOB_BYTES} is the most that is copied.", blob.digest, blob.size_bytes);
            model::refusal::Refusal::invalid(words)
        });
        let body = refusal.map_or_else(|| Ok(Box::new(BlobBody::new(self.0.clone(), image, blob, offset)) as Body), Err);
        Box::pin(std::future::ready(Ok(body)))
    }
}

impl Asker {
    pub(crate) fn patience(&self) -> Patience {
        self.http.patience
    }

    async fn manifest(&self, image: &ForeignImage) -> Result<RemoteManifest, Snag> {
        let digest = match self.read_manifest(image).await? {
            Found::Image(manifest) => return Ok(*manifest),
            Found::Elsewhere(digest) => digest,
        };
        let ours = ForeignImage { pick: Pick::Digest(digest), ..image.clone() };
        match self.read_manifest(&ours).await? {
            Found::Image(manifest) => Ok(*manifest),
            Found::Elsewhere(_) => {
                let words = format!("The index of {image} leads to another index; that is not supported.");
                Err(Snag::refused(RefusalKind::Invalid, words))
            }
        }
    }

    async fn read_manifest(&self, image: &ForeignImage) -> Result<Found, Snag> {
        match self.at_any_end(image, &Wanted::Manifest).await? {
            Got::Manifest(found) => Ok(found),
            Got::Blob(_) => unreachable!("a manifest was asked for"),
        }
    }

    /// A blob from a byte on.
    pub(crate) async fn open_blob(&self, image: &ForeignImage, digest: &Digest, from: u64) -> Result<Reply, Snag> {
        match self.at_any_end(image, &Wanted::Blob { digest, from }).await? {
            Got::Blob(reply) => Ok(reply),
            Got::Manifest(_) => unreachable!("a blob was asked for"),
        }
    }

    /// One server after the other, each with patience; the registry's own is the last, and its words are told.
    async fn at_any_end(&self, image: &ForeignImage, wanted: &Wanted<'_>) -> Result<Got, Snag> {
        let (mirrors, own) = self.ends(&image.registry);
        for mirror in &mirrors {
            match persist(&self.http.patience, || self.get(mirror, image, wanted)).await {
                Ok(got) => return Ok(got),
                Err(snag) => {
                    let refusal = snag.into_refusal();
                    tracing::info!(%image, mirror = %mirror.place, cause = %refusal, "a mirror did not answer; the registry itself is asked");
                }
            }
        }
        persist(&self.http.patience, || self.get(&own, image, wanted)).await
    }

    async fn get(&self, end: &End, image: &ForeignImage, wanted: &Wanted<'_>) -> Result<Got, Snag> {
        match wanted {
            Wanted::Blob { digest, from } => {
                let mut ask = Ask::get(&[]);
                if *from > 0 {
                    ask = Ask::get(&[(RANGE, &format!("bytes={from}-"))]);
                }
                Ok(Got::Blob(self.ask(end, image, &format!("blobs/{digest}"), ask).await?))
            }
            Wanted::Manifest => {
                let pick = match &image.pick {
                    Pick::Tag(tag) => tag.to_string(),
                    Pick::Digest(digest) => digest.to_string(),
                };
                let reply = self.ask(end, image, &format!("manifests/{pick}"), Ask::get(&[(ACCEPT, MANIFESTS)])).await?;
                let header = |name: HeaderName| reply.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
                let (content_type, told) = (header(CONTENT_TYPE), header(CONTENT_DIGEST));
                let bytes = reply.whole(&self.http.patience, MANIFEST_BYTES).await?;
                read(image, content_type.as_deref(), told.as_deref(), bytes).map(Got::Manifest)
            }
        }
    }

    fn ends(&self, registry: &RegistryHost) -> (Vec<End>, End) {
        let mirrors = self.mirrors.iter().filter(|mirror| mirror.of == *registry).map(|mirror| End {
            place: mirror.place.clone(),
            prefix: mirror.prefix.clone(),
            registry: registry_at(&mirror.place).unwrap_or_else(|| registry.clone()),
            is_ecr: false,
            // What an operator names as a mirror, or as the real ECR, he has named on purpose: for this.
            named: self.named.and(&mirror.place),
        });
        let is_ecr = scope_of(registry.host()).is_some();
        let stand_in = self.ecr.as_ref().filter(|_| is_ecr).and_then(|ecr| ecr.endpoint().cloned());
        let named = stand_in.as_ref().map(|place| self.named.and(place));
        let place = stand_in.unwrap_or_else(|| self.place_of(registry));
        let named = named.unwrap_or_else(|| self.named.beginning_at(&place));
        (mirrors.collect(), End { place, prefix: String::new(), registry: registry.clone(), is_ecr, named })
    }

    fn place_of(&self, registry: &RegistryHost) -> Place {
        let host = if registry.as_str() == DOCKER_HUB.0 { DOCKER_HUB.1 } else { registry.host() };
        let plain = (host.to_owned(), registry.port().unwrap_or(80));
        if self.named.plain.contains(&plain) {
            return Place { is_tls: false, host: plain.0, port: plain.1 };
        }
        Place { is_tls: true, host: host.to_owned(), port: registry.port().unwrap_or(443) }
    }

    /// Asks once, and once more if a login is wanted.
    async fn ask(&self, end: &End, image: &ForeignImage, what: &str, mut ask: Ask) -> Result<Reply, Snag> {
        let repository = format!("{}{}", end.prefix, image.repository);
        let address = Address { place: end.place.clone(), path: format!("/v2/{repository}/{what}") };
        if let Some(header) = self.pass(end, &repository).await? {
            ask.headers.insert(AUTHORIZATION, header);
        }
        let had_one = ask.headers.contains_key(AUTHORIZATION);
        let mut reply = self.http.send(address.clone(), ask.clone(), &end.named).await?;
        if reply.status == http::StatusCode::UNAUTHORIZED && reply.place == end.place {
            self.forget(end, &repository);
            let challenge = Challenge::of(&reply.headers);
            let header = match (end.is_ecr, challenge) {
                // A login that was good until now; a new one is asked for, once.
                (true, _) if had_one => self.pass(end, &repository).await?,
                (false, Some(challenge)) => self.answer(end, challenge, &repository).await?,
                (true | false, _) => None,
            };
            if let Some(header) = header {
                ask.headers.insert(AUTHORIZATION, header);
                reply = self.http.send(address, ask, &end.named).await?;
            }
        }
        self.judged(reply, end, image).await
    }

    /// What is shown without being asked for it.
    async fn pass(&self, end: &End, repository: &str) -> Result<Option<http::HeaderValue>, Snag> {
        if let (true, Some(ecr), Some(scope)) = (end.is_ecr, &self.ecr, scope_of(end.registry.host())) {
            return Ok(ecr.login(&self.http, &scope).await?.basic());
        }
        let key = (end.place.clone(), repository.to_owned());
        let pass = self.passes().get(&key).cloned();
        let is_good = |pass: &Pass| pass.until.is_none_or(|until| Instant::now() < until);
        Ok(pass.filter(is_good).map(|pass| pass.header))
    }

    fn forget(&self, end: &End, repository: &str) {
        self.passes().remove(&(end.place.clone(), repository.to_owned()));
        if let (true, Some(ecr), Some(scope)) = (end.is_ecr, &self.ecr, scope_of(end.registry.host())) {
            ecr.forget(&scope);
        }
    }

    async fn answer(&self, end: &End, challenge: Challenge, repository: &str) -> Result<Option<http::HeaderValue>, Snag> {
        let credential = self.credentials.iter().find(|credential| credential.registry == end.registry);
        let password =
            credential.map(|credential| Password { user: credential.user.clone(), password: credential.password.clone() });
        let pass = answer(&self.http, challenge, &end.place, &end.named, repository, password.as_ref()).await?;
        let Some(pass) = pass else { return Ok(None) };
        let mut passes = self.passes();
        if passes.len() >= TOKENS {
            passes.clear();
        }
        passes.insert((end.place.clone(), repository.to_owned()), pass.clone());
        Ok(Some(pass.header))
    }

    /// What an answer's status means.
    async fn judged(&self, reply: Reply, end: &End, image: &ForeignImage) -> Result<Reply, Snag> {
        let status = reply.status.as_u16();
        if matches!(status, 200 | 206) {
            return Ok(reply);
        }
        let (place, wait) = (reply.place.clone(), reply.retry_after());
        let said = said(reply, &self.http.patience).await;
        let words = format!("{place} answers {status} for {image}.{said}");
        Err(match status {
            404 => Snag::refused(RefusalKind::NotFound, format!("The image {image} does not exist, or not all of it: {words}")),
            401 | 403 => {
                let known = end.is_ecr || self.credentials.iter().any(|credential| credential.registry == end.registry);
                let advice = if known {
                    "Its login does not allow it."
                } else {
                    "If it is private, give a login with --registry-auth FILE."
                };
                Snag::refused(RefusalKind::Denied, format!("{words} {advice}"))
            }
            429 => Snag::Later { words: format!("{words} That is its rate limit."), wait },
            408 | 500..=599 => Snag::Passing(words),
            _ => Snag::refused(RefusalKind::Invalid, words),
        })
    }

    fn passes(&self) -> MutexGuard<'_, HashMap<(Place, String), Pass>> {
        self.passes.lock().expect("nothing panics while it holds the tokens")
    }
}

/// Where an auth file would say that a mirror's login is.
fn registry_at(place: &Place) -> Option<RegistryHost> {
    let host = if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
    let usual = place.is_tls && place.port == 443;
    RegistryHost::parse(&if usual { host } else { format!("{host}:{}", place.port) }).ok()
}

/// The registry's own words, if it has some; in plain letters and not many.
async fn said(reply: Reply, patience: &Patience) -> String {
    let Ok(body) = reply.whole(patience, TOKEN_BYTES).await else { return String::new() };
    let errors: Option<Errors> = serde_json::from_slice(&body).ok();
    let message = errors.and_then(|errors| errors.errors.into_iter().next()).map(|error| error.message).unwrap_or_default();
    let plain: String = message.chars().filter(|c| !c.is_control()).take(SAID_CHARS).collect();
    let ended = plain.trim().trim_end_matches('.');
    if ended.is_empty() { String::new() } else { format!(" It says: {ended}.") }
}

/// Of the words of another registry that are repeated.
const SAID_CHARS: usize = 200;
