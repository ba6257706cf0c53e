//! Tokens, passwords, certificates: what a registry wants to see, and what it must not.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use model::foreign_image::{ForeignImage, RegistryHost};
use model::port::{Answer, Granted, Hosts, RemoteRegistry, Resolver};
use model::refusal::{Refusal, RefusalKind};
use model::secret::Secret;
use outside::{Credential, Mirror, Place, Registries, RegistrySettings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::bench::{LAYER, client_of, honest, host, image, manifest, pull_layer, refusal, registries, settings};
use crate::server::{Act, Asked, Server, json, ok, status, with};

/// `user:hunter2`
const BASIC: &str = "Basic dXNlcjpodW50ZXIy";

fn with_password(server: &Server) -> Registries {
    let registry = host(server.at);
    let credential = Credential { registry: registry.clone(), user: "user".to_owned(), password: Secret::new("hunter2") };
    registries(RegistrySettings { insecure: vec![registry], credentials: vec![credential], ..settings() })
}

/// A registry that answers only with a token of its own token service.
fn token_registry(asked: &Asked) -> Act {
    if asked.line.starts_with("GET /token?") {
        return json(&format!(r#"{{"token":"for {}","expires_in":300}}"#, asked.header("authorization").len()));
    }
    if asked.header("authorization").starts_with("Bearer for ") {
        return honest(asked);
    }
    let realm = format!(r#"Bearer realm="http://{}/token",service="the service",scope="x""#, asked.header("host"));
    Act::Answer { status: 401, headers: vec![("www-authenticate", realm)], body: Vec::new() }
}

#[tokio::test]
async fn a_token_is_fetched_with_the_operators_password_and_used_again() {
    let server = Server::start(token_registry).await;
    let client = with_password(&server);
    client.manifest(&image(server.at)).await.unwrap().unwrap();
    let asked = server.take();
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[1].line, "GET /token?service=the%20service&scope=repository%3Ateam%2Fhello%3Apull");
    assert_eq!(asked[1].header("authorization"), BASIC, "the password goes to the token service");
    assert_eq!(asked[2].header("authorization"), format!("Bearer for {}", BASIC.len()), "and the token to the registry");
    assert_eq!(pull_layer(&client, &server, 0).await.unwrap(), LAYER);
    assert_eq!(server.take().len(), 1, "with the token that is there");
}

#[tokio::test]
async fn without_a_password_a_token_is_fetched_too() {
    let server = Server::start(token_registry).await;
    client_of(&server).manifest(&image(server.at)).await.unwrap().unwrap();
    assert_eq!(server.take()[1].header("authorization"), "");
}

#[tokio::test]
async fn a_registry_that_wants_the_password_itself_gets_it_when_it_asks() {
    let server = Server::start(|asked| match asked.header("authorization") {
        BASIC => honest(asked),
        _ => with(401, &[("www-authenticate", "Basic realm=\"x\"")]),
    })
    .await;
    with_password(&server).manifest(&image(server.at)).await.unwrap().unwrap();
    let refused = refusal(&client_of(&server), &image(server.at)).await;
    assert_eq!(refused.kind, RefusalKind::Denied);
    assert!(refused.message.contains("--registry-auth FILE"), "{}", refused.message);
}

#[tokio::test]
async fn a_wrong_password_is_told_and_does_not_show() {
    let server =
        Server::start(|asked| if asked.line.starts_with("GET /token") { status(401) } else { token_registry(asked) }).await;
    let refused = refusal(&with_password(&server), &image(server.at)).await;
    assert!(refused.message.contains("The user or the password that --registry-auth gives is wrong."), "{}", refused.message);
    assert!(!refused.message.contains("hunter2"));
}

#[tokio::test]
async fn a_token_service_in_a_private_place_is_not_asked() {
    let server = Server::start(|_| with(401, &[("www-authenticate", "Bearer realm=\"https://10.0.0.1/token\"")])).await;
    let refused = refusal(&with_password(&server), &image(server.at)).await;
    assert!(
        refused.message.contains("sends us to the token service https://10.0.0.1")
            && refused.message.contains("which is a private address"),
        "{}",
        refused.message
    );
}

#[tokio::test]
async fn a_redirect_to_another_place_leaves_the_login_behind() {
    let storage = Server::start(|asked| match asked.header("authorization") {
        "" => ok(LAYER),
        _ => status(400),
    })
    .await;
    let at = storage.at;
    let server = Server::start(move |asked| match (asked.header("authorization"), asked.line.contains("/blobs/")) {
        (BASIC, true) => Act::Answer { status: 307, headers: vec![("location", format!("http://{at}/x?sig=1"))], body: Vec::new() },
        (BASIC, false) => honest(asked),
        _ => with(401, &[("www-authenticate", "Basic realm=\"x\"")]),
    })
    .await;
    let credential = Credential { registry: host(server.at), user: "user".to_owned(), password: Secret::new("hunter2") };
    let client = registries(RegistrySettings {
        insecure: vec![host(server.at), host(storage.at)],
        credentials: vec![credential],
        ..settings()
    });
    assert_eq!(pull_layer(&client, &server, 0).await.unwrap(), LAYER);
    assert_eq!(storage.take().len(), 1);
}

/// A TLS server, for `name`, that gives the same answer to everything. Answers its address and its authority's PEM.
async fn tls_server(name: &str, answer: String) -> (std::net::SocketAddr, String, tokio::task::JoinSet<()>) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
    let (listener, acceptor) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), TlsAcceptor::from(Arc::new(config)));
    let at = listener.local_addr().unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (at, authority.pem(), tasks)
}

#[tokio::test]
async fn a_private_registry_is_asked_over_tls_if_its_authority_is_named() {
    let body = manifest();
    let answer = format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let (at, authority, _tasks) = tls_server("127.0.0.1", answer).await;
    let private = vec![host(at)];
    let trusting = registries(RegistrySettings { private: private.clone(), authorities: authority.into_bytes(), ..settings() });
    trusting.manifest(&image(at)).await.unwrap().unwrap();
    let refused = refusal(&registries(RegistrySettings { private, ..settings() }), &image(at)).await;
    assert_eq!(refused.kind, RefusalKind::Denied);
    assert!(refused.message.contains("is not trusted") && refused.message.contains("--registry-ca FILE"), "{}", refused.message);
}

/// Names that are public as far as anybody knows, and lead to the tests' own servers.
struct Anywhere;

impl Resolver for Anywhere {
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a, Granted<Vec<IpAddr>>> {
        let found = match host {
            "tenant.test" => Ok(vec![Ipv4Addr::LOCALHOST.into()]),
            _ => Err(Refusal::new(RefusalKind::Denied, format!("{host} is denied by the policy."))),
        };
        Box::pin(std::future::ready(Ok(found)))
    }
}

impl Hosts for Anywhere {
    fn addresses<'a>(&'a self, _host: &'a str) -> Answer<'a, Vec<Ipv4Addr>> {
        Box::pin(std::future::ready(Ok(vec![Ipv4Addr::LOCALHOST])))
    }
}

#[tokio::test]
async fn a_tenants_registry_cannot_send_us_to_the_places_that_the_operator_named() {
    let (plain, mirror) = (Server::start(honest).await, Server::start(honest).await);
    for named in
        [format!("http://{}/token", plain.at), format!("http://{}/token", mirror.at), "https://inside.test/token".to_owned()]
    {
        for (head, verb) in [
            (format!("307 X\r\nlocation: {named}"), "redirects to"),
            (format!("401 X\r\nwww-authenticate: Bearer realm=\"{named}\",service=\"x\""), "sends us to the token service"),
        ] {
            let answer = format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n");
            let (at, authority, _tasks) = tls_server("tenant.test", answer).await;
            let place = Place { is_tls: false, host: "127.0.0.1".to_owned(), port: mirror.at.port() };
            let mirrors = vec![Mirror { of: host("10.0.0.1:1".parse().unwrap()), place, prefix: String::new() }];
            let settings = RegistrySettings {
                mirrors,
                insecure: vec![host(plain.at)],
                private: vec![RegistryHost::parse("inside.test").unwrap()],
                authorities: authority.into_bytes(),
                ..settings()
            };
            let client = Registries::new(settings, Arc::new(Anywhere), Arc::new(Anywhere)).unwrap();
            let image = ForeignImage::parse(&format!("tenant.test:{}/team/hello:v1", at.port())).unwrap();
            let refused = refusal(&client, &image).await;
            assert_eq!(refused.kind, RefusalKind::Denied, "{}", refused.message);
            let place = named.strip_suffix("/token").unwrap();
            let (sent, denied) = (format!("{verb} {place}"), "is denied by the policy");
            assert!(refused.message.contains(&sent) && refused.message.contains(denied), "{}", refused.message);
        }
    }
    assert!(plain.take().is_empty() && mirror.take().is_empty(), "nobody was asked");
}
