//! The resolver against a name server of our own, over a real socket.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use model::port::{Hosts, Resolver};
use model::refusal::RefusalKind;
use model::trouble::Retry;
use outside::SystemResolver;
use outside::limit::{ADDRESSES, LOOKUP, LOOKUPS};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// A name server for the names that a test asks; it counts the questions.
struct Server {
    at: SocketAddr,
    questions: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What is at a name, or how the server fails at it.
fn at_name(name: &str) -> Result<Vec<&'static str>, ResponseCode> {
    match name {
        "public.test." => Ok(vec!["93.184.215.14", "93.184.215.15", "2606:2800:21f::1"]),
        "private.test." => Ok(vec!["10.0.0.1", "fd00::1"]),
        "metadata.test." => Ok(vec!["169.254.169.254"]),
        "mapped.test." => Ok(vec!["::ffff:127.0.0.1"]),
        "mixed.test." => Ok(vec!["127.0.0.1", "93.184.215.14", "192.168.1.1"]),
        "empty.test." => Ok(Vec::new()),
        "broken.test." => Err(ResponseCode::ServFail),
        _ => Err(ResponseCode::NXDomain),
    }
}

/// The answer to a question, or nothing for a name at which the server is silent.
fn answer(packet: &[u8]) -> Option<Vec<u8>> {
    let question = Message::from_vec(packet).unwrap();
    let query = question.queries[0].clone();
    let mut name = query.name().to_lowercase();
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.metadata.message_type = MessageType::Response;
    answer.add_query(query.clone());
    if name.to_ascii().starts_with("silent") {
        return None;
    }
    if name == Name::from_ascii("alias.test.").unwrap() {
        let target = Name::from_ascii("private.test.").unwrap();
        answer.add_answer(Record::from_rdata(name, 60, RData::CNAME(CNAME(target.clone()))));
        name = target;
    }
    let many = name == Name::from_ascii("many.test.").unwrap();
    let found = if many { Ok((1..=40).map(|n| IpAddr::from([93, 184, 0, n])).collect()) } else { addresses(&name) };
    match found {
        Err(code) => answer.metadata.response_code = code,
        Ok(addresses) => {
            for address in addresses {
                let data = match (address, query.query_type()) {
                    (IpAddr::V4(address), RecordType::A) => RData::A(A(address)),
                    (IpAddr::V6(address), RecordType::AAAA) => RData::AAAA(AAAA(address)),
                    _ => continue,
                };
                answer.add_answer(Record::from_rdata(name.clone(), 60, data));
            }
        }
    }
    Some(answer.to_vec().unwrap())
}

fn addresses(name: &Name) -> Result<Vec<IpAddr>, ResponseCode> {
    let texts = at_name(&name.to_ascii())?;
    Ok(texts.into_iter().map(|text| text.parse().unwrap()).collect())
}

async fn serve() -> Server {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = socket.local_addr().unwrap();
    let questions = Arc::new(AtomicUsize::new(0));
    let counted = questions.clone();
    #[expect(clippy::disallowed_methods, reason = "the test owns its name server")]
    let task = tokio::spawn(async move {
        let mut packet = [0; 4_096];
        loop {
            let (length, peer) = socket.recv_from(&mut packet).await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            if let Some(answer) = answer(&packet[..length]) {
                socket.send_to(&answer, peer).await.unwrap();
            }
        }
    });
    Server { at, questions, task }
}

async fn with_server() -> (Server, SystemResolver) {
    let server = serve().await;
    let resolver = SystemResolver::of_servers(&[server.at]).unwrap();
    (server, resolver)
}

#[tokio::test]
async fn the_resolver_keeps_its_promises() {
    let (_server, resolver) = with_server().await;
    model::testbed::conformance::names(&resolver).await;
}

#[tokio::test]
async fn a_public_name_gives_its_addresses_of_both_families_and_is_remembered() {
    let (server, resolver) = with_server().await;
    let mut found = resolver.resolve("public.test").await.unwrap().unwrap();
    found.sort();
    let expected = ["93.184.215.14", "93.184.215.15", "2606:2800:21f::1"].map(|text| text.parse::<IpAddr>().unwrap());
    assert_eq!(found, expected);
    let asked = server.questions.load(Ordering::SeqCst);
    resolver.resolve("PUBLIC.test.").await.unwrap().unwrap();
    assert_eq!(server.questions.load(Ordering::SeqCst), asked, "the second answer comes from memory");
}

#[tokio::test]
async fn a_name_that_leads_inside_is_denied_however_it_gets_there() {
    let (_server, resolver) = with_server().await;
    for (name, what) in [
        ("private.test", "a private address"),
        ("metadata.test", "169.254.169.254, which is a link-local address"),
        ("mapped.test", "a loopback address"),
        ("alias.test", "a private address"),
        ("localhost", "a loopback address"),
        ("127.0.0.1", "a loopback address"),
        ("[::1]", "a loopback address"),
        ("169.254.169.254", "a link-local address"),
        ("64:ff9b::10.0.0.1", "a private address"),
    ] {
        let refusal = resolver.resolve(name).await.unwrap().unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Denied, "{name}: {refusal}");
        assert!(refusal.message.contains(what) && refusal.message.contains(name), "{name}: {refusal}");
    }
}

#[tokio::test]
async fn of_a_name_that_leads_to_both_only_what_is_allowed_is_answered() {
    let (_server, resolver) = with_server().await;
    let found = resolver.resolve("mixed.test").await.unwrap().unwrap();
    assert_eq!(found, ["93.184.215.14".parse::<IpAddr>().unwrap()]);
    let many = resolver.resolve("many.test").await.unwrap().unwrap();
    assert_eq!(many.len(), ADDRESSES);
    assert_eq!(resolver.resolve("1.1.1.1").await.unwrap().unwrap(), ["1.1.1.1".parse::<IpAddr>().unwrap()]);
}

#[tokio::test]
async fn hosts_that_a_service_may_reach_have_their_private_addresses() {
    let (_server, resolver) = with_server().await;
    for (host, expected) in [("private.test", "[10.0.0.1]"), ("10.9.8.7", "[10.9.8.7]"), ("nobody.test", "[]"), ("a..b", "[]")] {
        assert_eq!(format!("{:?}", resolver.addresses(host).await.unwrap()), expected, "{host}");
    }
    assert!(resolver.addresses("broken.test").await.is_err());
}

#[tokio::test]
async fn a_name_that_is_not_there_or_has_no_address_is_not_found() {
    let (_server, resolver) = with_server().await;
    for name in ["nobody.test", "empty.test"] {
        let refusal = resolver.resolve(name).await.unwrap().unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::NotFound, "{name}: {refusal}");
        assert!(refusal.message.contains(name), "{refusal}");
    }
}

#[tokio::test]
async fn a_name_server_that_fails_is_trouble_that_passes() {
    let (_server, resolver) = with_server().await;
    let trouble = resolver.resolve("broken.test").await.unwrap_err();
    assert_eq!(trouble.retry(), Retry::Worthwhile);
    assert_eq!(trouble.to_string(), "trouble while looking up broken.test");
}

// Time is tokio's own here and jumps to the next deadline when nothing else is left to do: the test waits for no second of it.
#[tokio::test(start_paused = true)]
async fn a_name_server_that_is_silent_is_trouble_that_passes_within_the_limit() {
    let (_server, resolver) = with_server().await;
    let begun = tokio::time::Instant::now();
    let trouble = resolver.resolve("silent.test").await.unwrap_err();
    assert_eq!(trouble.retry(), Retry::Worthwhile, "{}", trouble.chain());
    assert!(begun.elapsed() <= LOOKUP, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_is_not_a_name_is_refused_before_anybody_is_asked() {
    let (server, resolver) = with_server().await;
    for host in ["", "a..b", "bad host", "127.1", "user@public.test", &"a".repeat(64)] {
        assert_eq!(resolver.resolve(host).await.unwrap().unwrap_err().kind, RefusalKind::Invalid, "{host}");
    }
    assert_eq!(server.questions.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_never_gets_its_turn_is_trouble_that_passes_within_the_limit() {
    let server = serve().await;
    let resolver = Arc::new(SystemResolver::of_servers(&[server.at]).unwrap());
    let begun = tokio::time::Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for n in 0..4 * LOOKUPS {
        let resolver = resolver.clone();
        callers.spawn(async move { resolver.resolve(&format!("silent-{n}.test")).await });
    }
    while let Some(outcome) = callers.join_next().await {
        assert_eq!(outcome.unwrap().unwrap_err().retry(), Retry::Worthwhile);
    }
    assert!(begun.elapsed() <= LOOKUP, "{:?}", begun.elapsed());
}

/// In a mount namespace of its own: what `outrunner trust` writes into the hosts file, and no name server that answers.
const HOSTS_OF_ITS_OWN: &str =
    r#"mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/resolv.conf && exec "$3" --exact --nocapture "$4""#;
const INSIDE: &str = "OUTRUNNER_TEST_HOSTS_ARE_OURS";
const REAL_ECR: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

#[tokio::test]
async fn the_real_ecr_is_found_although_trust_leads_its_name_to_this_machine() {
    if std::env::var_os(INSIDE).is_some() {
        let with = SystemResolver::of_system().unwrap().resolve(REAL_ECR).await.unwrap().unwrap_err();
        assert!(with.message.contains("127.0.0.1, which is a loopback address"), "{with}");
        let without = SystemResolver::of_name_servers().unwrap().resolve(REAL_ECR).await;
        assert_eq!(without.unwrap_err().retry(), Retry::Worthwhile, "the name servers were asked, and here nobody answers");
        return;
    }
    let folder = std::env::temp_dir().join(format!("outrunner-hosts-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let (hosts, servers) = (folder.join("hosts"), folder.join("resolv.conf"));
    std::fs::write(&hosts, format!("127.0.0.1 localhost\n127.0.0.1 {REAL_ECR}\n")).unwrap();
    std::fs::write(&servers, "nameserver 127.0.0.1\n").unwrap();
    #[expect(clippy::disallowed_methods, reason = "the test runs itself once more, where the hosts file is its own")]
    let mut unshare = std::process::Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "--net", "sh", "-euc", HOSTS_OF_ITS_OWN, "sh"]).args([&hosts, &servers]);
    unshare.arg(std::env::current_exe().unwrap());
    unshare.arg("the_real_ecr_is_found_although_trust_leads_its_name_to_this_machine").env(INSIDE, "1");
    let done = unshare.output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&done.stderr));
}
