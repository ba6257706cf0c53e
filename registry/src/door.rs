//! The door: who calls, what about, may they; then the handler. Handler and permission are chosen in one step.
//!
//! Never answers anonymous calls, whatever the path, but for one layer by a link that we signed. Source of truth: OCI distribution specification, "Endpoints"; ECR's
//! action names from the Service Authorization Reference for Amazon ECR.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use model::account::Scope;
use model::audit::AuditRow;
use model::caller::{Caller, Origin, Transport};
use model::image_reference::RepositoryName;
use model::port::{Action, Granted};
use model::repository::RepositoryKey;
use model::trouble::Trouble;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tracing::Instrument;
use tracing::field::Empty;

use crate::crew::Crew;
use crate::denial::Denials;
use crate::fault::Fault;
use crate::host::Host;
use crate::layer_link::{self, LayerLinks};
use crate::open_uploads::OpenUploads;
use crate::query::Query;
use crate::reference::{Place, Target, place};
use crate::reply::reply;
use crate::{Parts, blob, limit, login, manifest, referrer, tag, upload};

const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// What all handlers share.
pub(crate) struct Registry {
    pub parts: Parts,
    pub uploads: Arc<OpenUploads>,
    /// A permit for each manifest that is held whole in memory.
    manifests_held: Semaphore,
    /// A permit for each blob or manifest that is being sent.
    bodies_sent: Arc<Semaphore>,
    pub crew: Crew,
    pub links: LayerLinks,
    denials: Denials,
}

/// One authenticated call about one repository, without its body.
pub(crate) struct Visit {
    pub caller: Caller,
    pub key: RepositoryKey,
    pub headers: HeaderMap,
    pub query: Query,
}

/// The methods that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Head,
    Post,
    Patch,
    Put,
    Delete,
}

type Work = Pin<Box<dyn Future<Output = Result<Response, Fault>> + Send>>;

/// A handler, not yet begun, and what its caller must be allowed to do before it is.
struct Errand {
    actions: &'static [&'static str],
    work: Work,
}

pub(crate) fn registry(parts: Parts) -> Arc<Registry> {
    let manifests_held = Semaphore::new(limit::MANIFESTS_HELD);
    let bodies_sent = Arc::new(Semaphore::new(limit::BODIES_SENT));
    Arc::new(Registry {
        links: LayerLinks::new(&parts.link_key),
        parts,
        uploads: Arc::default(),
        manifests_held,
        bodies_sent,
        crew: Crew::default(),
        denials: Denials::default(),
    })
}

pub(crate) fn router(registry: Arc<Registry>) -> Router {
    Router::new().route("/v2", any(enter)).route("/v2/", any(enter)).route("/v2/{*rest}", any(enter)).with_state(registry)
}

async fn enter(State(registry): State<Arc<Registry>>, request: Request) -> Response {
    let verb = Verb::of(request.method()).map_or("other", Verb::name);
    let span = tracing::info_span!("registry_request", verb, part = part(request.uri().path()), request_id = Empty, status = Empty);
    let mut response = authenticate(&registry, request).instrument(span.clone()).await.unwrap_or_else(Fault::into_response);
    span.record("status", response.status().as_u16());
    response.headers_mut().insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
    response
}

/// What a path is about, in one of a few words.
fn part(path: &str) -> &'static str {
    let parts = [
        ("/blobs/uploads", "upload"),
        ("/blobs/", "blob"),
        ("/manifests/", "manifest"),
        ("/tags/", "tags"),
        ("/referrers/", "referrers"),
    ];
    parts.into_iter().find(|(words, _)| path.contains(words)).map_or("base", |(_, part)| part)
}

async fn authenticate(registry: &Arc<Registry>, request: Request) -> Result<Response, Fault> {
    if let Some(token) = layer_link::token(&request) {
        return layer_link::follow(registry, &token, request).await;
    }
    let host = Host::of(request.uri(), request.headers());
    let caller = match login::presented(request.headers()) {
        Some(password) => registry.parts.logins.redeem(&password).await?,
        None => None,
    };
    let Some(mut caller) = caller else { return Err(Fault::Unauthorized { realm: host.realm() }) };
    // A login is good for every registry: whose repositories its owner may use, their policies say.
    let scope = host.scope().unwrap_or_else(|| caller.scope.clone());
    caller.scope.region = scope.region.clone();
    caller.origin = Some(origin(&request));
    let request_id = caller.request_id.clone();
    tracing::Span::current().record("request_id", &request_id);
    receive(registry, caller, scope, request).await.map_err(|fault| fault.of_call(&request_id))
}

/// Where a call comes from, as far as the connection and the client say.
fn origin(request: &Request) -> Origin {
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Origin {
        address: request.extensions().get::<IpAddr>().map(IpAddr::to_string),
        agent: agent.map(|agent| agent.chars().take(limit::USER_AGENT_CHARS).collect()),
        transport: request.extensions().get::<Transport>().copied(),
    }
}

/// `scope` is the registry that was called.
async fn receive(registry: &Arc<Registry>, caller: Caller, scope: Scope, request: Request) -> Result<Response, Fault> {
    let (parts, body) = request.into_parts();
    let verb = Verb::of(&parts.method).ok_or(Fault::MethodNotAllowed { allow: "GET, HEAD, POST, PATCH, PUT, DELETE" })?;
    let (name, target) = match place(parts.uri.path())? {
        Place::Base => return base(verb),
        Place::Repository { name, target } => (name, target),
    };
    let key = RepositoryKey { scope, name };
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let visit = Visit { caller: caller.clone(), key: key.clone(), headers: parts.headers, query };
    let Errand { actions, work } = choose(Arc::clone(registry), verb, target, visit, body)?;
    for action in actions {
        if let Err(refusal) = registry.allows(&caller, action, &key).await? {
            registry.denials.record(&registry.parts, registry.audit(&caller, &key, action)).await;
            return Err(Fault::Denied { message: refusal.message });
        }
    }
    registry.known(&key).await?;
    if verb.changes() { registry.crew.see_through(work).await? } else { work.await }
}

/// `GET /v2/`: any good login may ask.
fn base(verb: Verb) -> Result<Response, Fault> {
    match verb {
        Verb::Get | Verb::Head => {
            Ok(reply(StatusCode::OK, [(header::CONTENT_TYPE, "application/json".to_owned())], Body::from("{}")))
        }
        Verb::Post | Verb::Patch | Verb::Put | Verb::Delete => Err(Fault::MethodNotAllowed { allow: "GET, HEAD" }),
    }
}

/// Which handler a call is for, with the permissions that it needs.
fn choose(registry: Arc<Registry>, verb: Verb, target: Target, visit: Visit, body: Body) -> Result<Errand, Fault> {
    let errand = match target {
        Target::Manifest(pick) => match verb {
            Verb::Get | Verb::Head => Errand::new(&["ecr:BatchGetImage"], manifest::get(registry, visit, verb, pick)),
            Verb::Put => Errand::new(&["ecr:PutImage"], manifest::put(registry, visit, pick, body)),
            Verb::Delete => Errand::new(&["ecr:BatchDeleteImage"], manifest::delete(registry, visit, pick)),
            Verb::Post | Verb::Patch => return Err(Fault::MethodNotAllowed { allow: "GET, HEAD, PUT, DELETE" }),
        },
        Target::Untaggable { message } => match verb {
            Verb::Get | Verb::Head => Errand::new(&["ecr:BatchGetImage"], fail(Fault::ManifestUnknown)),
            Verb::Put => Errand::new(&["ecr:PutImage"], fail(Fault::TagMalformed { message })),
            Verb::Delete => Errand::new(&["ecr:BatchDeleteImage"], fail(Fault::ManifestUnknown)),
            Verb::Post | Verb::Patch => return Err(Fault::MethodNotAllowed { allow: "GET, HEAD, PUT, DELETE" }),
        },
        Target::Blob(digest) => match verb {
            Verb::Get => Errand::new(&["ecr:GetDownloadUrlForLayer"], blob::get(registry, visit, digest)),
            Verb::Head => Errand::new(&["ecr:BatchCheckLayerAvailability"], blob::head(registry, visit, digest)),
            Verb::Delete => Errand::new(&["ecr:BatchDeleteImage"], blob::delete(registry, visit, digest)),
            Verb::Post | Verb::Patch | Verb::Put => return Err(Fault::MethodNotAllowed { allow: "GET, HEAD, DELETE" }),
        },
        Target::Uploads => match verb {
            Verb::Post if visit.query.get("digest").is_some() => Errand::new(
                &["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"],
                upload::post_whole(registry, visit, body),
            ),
            Verb::Post => Errand::new(&["ecr:InitiateLayerUpload"], upload::post(registry, visit)),
            Verb::Get | Verb::Head | Verb::Patch | Verb::Put | Verb::Delete => {
                return Err(Fault::MethodNotAllowed { allow: "POST" });
            }
        },
        Target::Upload(id) => match verb {
            Verb::Get | Verb::Head => Errand::new(&["ecr:UploadLayerPart"], upload::status(registry, visit, id)),
            Verb::Patch => Errand::new(&["ecr:UploadLayerPart"], upload::patch(registry, visit, id, body)),
            Verb::Put => Errand::new(&["ecr:UploadLayerPart", "ecr:CompleteLayerUpload"], upload::put(registry, visit, id, body)),
            Verb::Delete => Errand::new(&["ecr:UploadLayerPart"], upload::delete(registry, visit, id)),
            Verb::Post => return Err(Fault::MethodNotAllowed { allow: "GET, HEAD, PATCH, PUT, DELETE" }),
        },
        Target::NoUpload => Errand::new(&["ecr:UploadLayerPart"], fail(Fault::UploadUnknown)),
        Target::Tags => match verb {
            Verb::Get | Verb::Head => Errand::new(&["ecr:ListImages"], tag::list(registry, visit)),
            Verb::Post | Verb::Patch | Verb::Put | Verb::Delete => return Err(Fault::MethodNotAllowed { allow: "GET, HEAD" }),
        },
        Target::Referrers(digest) => match verb {
            Verb::Get | Verb::Head => Errand::new(&["ecr:ListImageReferrers"], referrer::list(registry, visit, digest)),
            Verb::Post | Verb::Patch | Verb::Put | Verb::Delete => return Err(Fault::MethodNotAllowed { allow: "GET, HEAD" }),
        },
    };
    Ok(errand)
}

/// A call that fails, but only before those who may make it.
async fn fail(fault: Fault) -> Result<Response, Fault> {
    Err(fault)
}

impl Registry {
    /// Whether the caller may do this to the repository.
    pub(crate) async fn allows(&self, caller: &Caller, action: &str, key: &RepositoryKey) -> Result<Granted<()>, Trouble> {
        let action = Action::new(action, key.arn());
        self.parts.gatekeeper.authorize(caller, &action).await
    }

    /// Whether the repository is there.
    pub(crate) async fn known(&self, key: &RepositoryKey) -> Result<(), Fault> {
        match self.parts.repositories.get(key).await? {
            Some(_) => Ok(()),
            None => Err(Fault::NameUnknown { key: key.clone() }),
        }
    }

    /// How many manifests are held whole in memory, and how many bodies are being sent.
    pub(crate) fn held(&self) -> (usize, usize) {
        (limit::MANIFESTS_HELD - self.manifests_held.available_permits(), limit::BODIES_SENT - self.bodies_sent.available_permits())
    }

    /// The right to hold one manifest whole in memory, until dropped. Nobody waits for it: a slow sender must not stop the others.
    pub(crate) fn hold_manifest(&self) -> Result<SemaphorePermit<'_>, Fault> {
        let full = || Fault::TooMany { message: "Too many manifests are under way. Try again in a few seconds.".to_owned() };
        self.manifests_held.try_acquire().map_err(|_| full())
    }

    /// The right to send one blob or manifest, until dropped.
    pub(crate) fn send_body(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let full = || Fault::TooMany { message: "Too many images are being sent. Try again in a few seconds.".to_owned() };
        Arc::clone(&self.bodies_sent).try_acquire_owned().map_err(|_| full())
    }

    /// The audit row of a call that is made now.
    pub(crate) fn audit(&self, caller: &Caller, key: &RepositoryKey, action: &str) -> AuditRow {
        AuditRow { at: self.parts.clock.now(), caller: caller.clone(), action: action.to_owned(), resource: key.arn() }
    }
}

impl Visit {
    pub(crate) fn name(&self) -> &RepositoryName {
        &self.key.name
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.key.scope
    }

    /// A header's text; one that is not ASCII counts as absent.
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What `Content-Length` says; the server has checked that it is a number.
    pub(crate) fn content_length(&self) -> Option<u64> {
        self.header(header::CONTENT_LENGTH).and_then(|text| text.parse().ok())
    }

    /// The path of something that can be pulled from this repository.
    pub(crate) fn location(&self, kind: &str, pick: impl std::fmt::Display) -> String {
        location(&self.key, kind, pick)
    }
}

/// The path of something that can be pulled from a repository.
pub(crate) fn location(key: &RepositoryKey, kind: &str, pick: impl std::fmt::Display) -> String {
    format!("/v2/{}/{kind}/{pick}", key.name)
}

impl Verb {
    fn of(method: &Method) -> Option<Self> {
        let known = [
            (Method::GET, Self::Get),
            (Method::HEAD, Self::Head),
            (Method::POST, Self::Post),
            (Method::PATCH, Self::Patch),
            (Method::PUT, Self::Put),
            (Method::DELETE, Self::Delete),
        ];
        known.into_iter().find(|(name, _)| name == method).map(|(_, verb)| verb)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Head => "head",
            Self::Post => "post",
            Self::Patch => "patch",
            Self::Put => "put",
            Self::Delete => "delete",
        }
    }

    fn changes(self) -> bool {
        match self {
            Self::Get | Self::Head => false,
            Self::Post | Self::Patch | Self::Put | Self::Delete => true,
        }
    }
}

impl Errand {
    fn new(actions: &'static [&'static str], work: impl Future<Output = Result<Response, Fault>> + Send + 'static) -> Self {
        Self { actions, work: Box::pin(work) }
    }
}
