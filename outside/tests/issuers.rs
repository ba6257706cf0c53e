//! Outside issuers of tokens over real TLS: honest ones, and those that are silent, lie, flood, or send us inwards.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::foreign_image::RegistryHost;
use model::identity_provider::IssuerUrl;
use model::port::{Answer, Granted, Hosts, Issuers, Resolver};
use model::refusal::{Refusal, RefusalKind};
use model::testbed::conformance;
use model::web_identity::KeyNumbers;
use outside::limit::{ISSUER_ASKED_AGAIN, ISSUER_KEYS, ISSUER_KEYS_BYTES};
use outside::{IssuerSettings, OutsideIssuers, Patience};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

const HOSTS: [&str; 5] = ["good.test", "nonsense.test", "tenant.test", "inside.test", "moved.test"];
const KEYS: &str = r#"{"keys":[
    {"kty":"RSA","kid":"one","alg":"RS256","use":"sig","n":"AQAB","e":"AQAB"},
    {"kty":"RSA","kid":"sealing","use":"enc","n":"AQAB","e":"AQAB"},
    {"kty":"OKP","kid":"edwards","crv":"Ed25519","x":"AQAB"},
    {"kty":"oct","kid":"shared","k":"AQAB"},
    {"kty":"EC","kid":"half","crv":"P-256","x":"AQAB"}
]}"#;

/// One server for all issuers; what it answers to `host/path`, and what it was asked.
struct World {
    port: u16,
    authority: String,
    pages: Arc<Mutex<BTreeMap<String, String>>>,
    asked: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

fn page(body: &str) -> String {
    format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn discovery(issuer: &str, keys: &str) -> String {
    page(&format!(r#"{{"issuer":"https://{issuer}","jwks_uri":"{keys}","claims_supported":["sub"]}}"#))
}

impl World {
    async fn new() -> Self {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(HOSTS.map(str::to_owned).to_vec()).unwrap().signed_by(&key, &authority).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
        let (listener, acceptor) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), TlsAcceptor::from(Arc::new(config)));
        let port = listener.local_addr().unwrap().port();
        let (pages, asked) = (Arc::<Mutex<BTreeMap<String, String>>>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (shown, book) = (pages.clone(), asked.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, shown, book) = (acceptor.clone(), shown.clone(), book.clone());
                open.spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let mut stream = BufReader::new(stream);
                    let (mut path, mut host) = (String::new(), String::new());
                    loop {
                        let mut line = String::new();
                        if stream.read_line(&mut line).await.is_err() || line.trim().is_empty() {
                            break;
                        }
                        if let Some(rest) = line.strip_prefix("GET ") {
                            path = rest.split(' ').next().unwrap_or_default().to_owned();
                        }
                        if let Some(rest) = line.to_ascii_lowercase().strip_prefix("host: ") {
                            host = rest.trim().split(':').next().unwrap_or_default().to_owned();
                        }
                    }
                    let name = format!("{host}{path}");
                    book.lock().unwrap().push(name.clone());
                    let answer = shown.lock().unwrap().get(&name).cloned();
                    let answer = answer.unwrap_or_else(|| "HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n".to_owned());
                    // Whoever has enough of it hangs up.
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                    let _ = stream.read(&mut [0; 1]).await;
                });
            }
        });
        Self { port, authority: authority.pem(), pages, asked, _tasks: tasks }
    }

    fn show(&self, name: &str, answer: impl Into<String>) {
        self.pages.lock().unwrap().insert(name.to_owned(), answer.into());
    }

    /// An issuer at a host, with these keys.
    fn issuer(&self, host: &str, keys: &str) {
        self.show(
            &format!("{host}/.well-known/openid-configuration"),
            discovery(host, &format!("https://{host}:{}/keys", self.port)),
        );
        self.show(&format!("{host}/keys"), page(keys));
    }

    /// What was asked since the last time.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn settings(&self, private: &[&str]) -> IssuerSettings {
        IssuerSettings {
            private: private.iter().map(|host| RegistryHost::parse(host).unwrap()).collect(),
            authorities: self.authority.clone().into_bytes(),
            port: Some(self.port),
            patience: Some(Patience { pause: Duration::from_millis(5), ..Patience::of_issuers() }),
            ..IssuerSettings::default()
        }
    }

    fn client(&self, private: &[&str]) -> OutsideIssuers {
        OutsideIssuers::new(self.settings(private), Arc::new(Names), Arc::new(Names)).unwrap()
    }
}

/// `tenant.test` and `moved.test` are public as far as anybody knows; the others are private; all lead here but `silent.test`.
struct Names;

impl Resolver for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a, Granted<Vec<IpAddr>>> {
        let found = match host {
            "tenant.test" | "moved.test" => Ok(vec![Ipv4Addr::LOCALHOST.into()]),
            _ => Err(Refusal::new(RefusalKind::Denied, format!("{host} is denied by the policy."))),
        };
        Box::pin(std::future::ready(Ok(found)))
    }
}

impl Hosts for Names {
    fn addresses<'a>(&'a self, host: &'a str) -> Answer<'a, Vec<Ipv4Addr>> {
        let address = if host == "silent.test" { Ipv4Addr::new(127, 0, 0, 9) } else { Ipv4Addr::LOCALHOST };
        Box::pin(std::future::ready(Ok(vec![address])))
    }
}

fn url(text: &str) -> IssuerUrl {
    IssuerUrl::parse(text).unwrap()
}

/// The clock goes on by this much; nothing else happens meanwhile, since a clock that stands still would not wait for sockets.
async fn later(by: Duration) {
    tokio::time::pause();
    tokio::time::advance(by).await;
    tokio::time::resume();
}

async fn refusal(client: &OutsideIssuers, issuer: &str) -> Refusal {
    client.keys(&url(issuer), None).await.unwrap().expect_err("it is refused")
}

#[tokio::test]
async fn issuers_over_the_wire_keep_the_promises() {
    let world = World::new().await;
    world.issuer("good.test", KEYS);
    world.show("nonsense.test/.well-known/openid-configuration", page("<html>"));
    let client = world.client(&["good.test", "silent.test", "nonsense.test"]);
    conformance::issuers(&client, [&url("good.test"), &url("silent.test"), &url("nonsense.test")]).await;
}

#[tokio::test]
async fn only_keys_that_sign_tokens_of_ours_are_read_and_they_are_remembered() {
    let world = World::new().await;
    world.issuer("good.test", KEYS);
    let client = world.client(&["good.test"]);
    let keys = client.keys(&url("good.test"), None).await.unwrap().unwrap();
    let [one] = &keys[..] else { panic!("{keys:?}") };
    assert_eq!((one.id.as_deref(), one.algorithm.as_deref()), (Some("one"), Some("RS256")));
    assert_eq!(one.numbers, KeyNumbers::Rsa { n: "AQAB".to_owned(), e: "AQAB".to_owned() });
    assert_eq!(world.take(), ["good.test/.well-known/openid-configuration", "good.test/keys"]);
    for wanted in [None, Some("one"), Some("two"), Some("three")] {
        client.keys(&url("good.test"), wanted).await.unwrap().unwrap();
    }
    assert!(world.take().is_empty(), "unknown names make nobody ask again within a minute");
}

#[tokio::test]
async fn an_issuer_that_many_wait_for_is_asked_once() {
    let world = World::new().await;
    world.issuer("good.test", KEYS);
    let client = Arc::new(world.client(&["good.test", "nonsense.test"]));
    for (issuer, asked) in [("good.test", 2), ("nonsense.test", 1)] {
        let mut all = JoinSet::new();
        for _ in 0..20 {
            let client = client.clone();
            all.spawn(async move { client.keys(&url(issuer), Some("one")).await.unwrap().is_ok() });
        }
        assert!(all.join_all().await.iter().all(|has_keys| *has_keys == (issuer == "good.test")));
        assert_eq!(world.take().len(), asked, "{issuer}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_was_silent_is_let_alone_for_as_long_as_makes_it_cheap() {
    let world = World::new().await;
    let _silent = TcpListener::bind(("127.0.0.9", world.port)).await.unwrap();
    let client = world.client(&["silent.test"]);
    refusal(&client, "silent.test").await;
    for _ in 0..5 {
        tokio::time::advance(Duration::from_secs(10)).await;
        let asked_at = tokio::time::Instant::now();
        refusal(&client, "silent.test").await;
        assert_eq!(asked_at.elapsed(), Duration::ZERO, "it is remembered");
    }
    tokio::time::advance(Duration::from_secs(10)).await;
    let asked_at = tokio::time::Instant::now();
    refusal(&client, "silent.test").await;
    assert!(asked_at.elapsed() > Duration::from_secs(1), "and asked again in the end");
}

#[tokio::test]
async fn a_new_key_is_found_a_minute_later_and_the_old_ones_stay_while_the_issuer_is_ill() {
    let world = World::new().await;
    world.issuer("good.test", KEYS);
    let client = world.client(&["good.test"]);
    client.keys(&url("good.test"), Some("one")).await.unwrap().unwrap();
    world.take();
    later(ISSUER_ASKED_AGAIN).await;
    world.show("good.test/keys", "HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n");
    let kept = client.keys(&url("good.test"), Some("two")).await.unwrap().unwrap();
    assert_eq!(kept[0].id.as_deref(), Some("one"), "an issuer that answers nonsense takes no key away");
    assert!(!world.take().is_empty(), "it was asked");
    later(ISSUER_ASKED_AGAIN).await;
    world.show("good.test/keys", page(&KEYS.replace("\"one\"", "\"two\"")));
    let fresh = client.keys(&url("good.test"), Some("two")).await.unwrap().unwrap();
    assert_eq!(fresh[0].id.as_deref(), Some("two"), "and the old one is gone, as the issuer says");
}

#[tokio::test]
async fn an_issuer_at_a_private_address_is_asked_only_if_the_operator_named_it() {
    let world = World::new().await;
    world.issuer("good.test", KEYS);
    assert_eq!(refusal(&world.client(&[]), "good.test").await.kind, RefusalKind::Denied);
    assert_eq!(refusal(&world.client(&["other.test"]), "good.test").await.kind, RefusalKind::Denied);
    assert!(world.take().is_empty(), "nobody was asked");
}

#[tokio::test]
async fn an_issuer_cannot_send_us_to_a_private_address_nor_to_a_place_that_the_operator_named_for_another() {
    let world = World::new().await;
    world.issuer("inside.test", KEYS);
    let inside = format!("https://inside.test:{}/keys", world.port);
    let redirect = format!("HTTP/1.1 302 X\r\nlocation: {inside}\r\ncontent-length: 0\r\n\r\n");
    for private in [&[][..], &["inside.test"][..]] {
        world.issuer("tenant.test", KEYS);
        world.show("tenant.test/.well-known/openid-configuration", discovery("tenant.test", &inside));
        assert_eq!(refusal(&world.client(private), "tenant.test").await.kind, RefusalKind::Denied, "the keys are inside");
        world.show("tenant.test/.well-known/openid-configuration", redirect.clone());
        assert_eq!(refusal(&world.client(private), "tenant.test").await.kind, RefusalKind::Denied, "the discovery is");
        world.issuer("tenant.test", KEYS);
        world.show("tenant.test/keys", redirect.clone());
        assert_eq!(refusal(&world.client(private), "tenant.test").await.kind, RefusalKind::Denied, "the keys are sent on");
    }
    assert!(world.take().iter().all(|asked| asked.starts_with("tenant.test/")), "inside nobody was asked");
    let moved = format!("HTTP/1.1 302 X\r\nlocation: https://moved.test:{}/keys\r\ncontent-length: 0\r\n\r\n", world.port);
    world.show("tenant.test/keys", moved);
    world.show("moved.test/keys", page(KEYS));
    world.client(&[]).keys(&url("tenant.test"), None).await.unwrap().expect("a public place may send on to another");
}

#[tokio::test]
async fn what_an_issuer_says_wrong_is_told_in_a_sentence() {
    let world = World::new().await;
    let discovery_at = "good.test/.well-known/openid-configuration";
    let refused = async |words: &str| {
        let refusal = refusal(&world.client(&["good.test"]), "good.test").await;
        assert_eq!(refusal.kind, RefusalKind::Invalid, "{refusal}");
        assert!(refusal.message.contains(words), "{refusal} does not say {words}");
    };
    refused("answers 404").await;
    world.show(discovery_at, discovery("evil.test", "https://good.test/keys"));
    refused("is of another issuer: 'https://evil.test'").await;
    world.show(discovery_at, discovery("good.test", "http://good.test/keys"));
    refused("no https address").await;
    world.show(discovery_at, page(&"x".repeat(70_000)));
    refused("more than 65536 bytes").await;
    world.issuer("good.test", "[]");
    refused("is no set of keys").await;
    let one = r#"{"kty":"oct"}"#;
    world.issuer("good.test", &format!(r#"{{"keys":[{}]}}"#, vec![one; ISSUER_KEYS + 1].join(",")));
    refused("has 201 keys").await;
    world.issuer("good.test", &format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(ISSUER_KEYS_BYTES)));
    refused("more than 262144 bytes").await;
}

#[tokio::test]
async fn an_authority_that_nobody_trusts_is_told_with_the_flag_that_names_it() {
    let world = World::new().await;
    world.issuer("good.test", KEYS);
    let settings = IssuerSettings { authorities: Vec::new(), ..world.settings(&["good.test"]) };
    let client = OutsideIssuers::new(settings, Arc::new(Names), Arc::new(Names)).unwrap();
    let refusal = refusal(&client, "good.test").await;
    assert_eq!(refusal.kind, RefusalKind::Denied);
    assert!(refusal.message.contains("is not trusted") && refusal.message.contains("--issuer-ca FILE"), "{refusal}");
}
