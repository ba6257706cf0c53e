//! The instances' name server over real sockets, with a server of our own behind it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hickory_resolver::proto::op::{Edns, Message, Query, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use outside::limit::{ANSWER_BYTES_UDP, OWN_TTL_SECONDS, QUESTIONS_EACH, TTL_SECONDS};
use outside::{Ears, NameServer, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;

const GATEWAY: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 7);
/// Around the gateway: all of loopback.
const PREFIX: u8 = 8;

struct House {
    at: SocketAddr,
    asked: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

/// What the world says: silent at `silent…`, long at `long…`, an address that lasts a day elsewhere, and not there at `nobody…`.
fn world(packet: &[u8]) -> Option<Vec<u8>> {
    let question = Message::from_vec(packet).unwrap();
    let name = question.queries[0].name().clone();
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.queries = question.queries.clone();
    let text = name.to_ascii().to_ascii_lowercase();
    if text.starts_with("silent") {
        return None;
    }
    if text.starts_with("nobody") {
        answer.metadata.response_code = ResponseCode::NXDomain;
    } else if text.starts_with("long") {
        for n in 0..30 {
            let text = format!("{n}{}", "x".repeat(200));
            answer.add_answer(Record::from_rdata(name.clone(), 60, RData::TXT(TXT::new(vec![text]))));
        }
    } else {
        answer.add_answer(Record::from_rdata(name, 86_400, RData::A(A(Ipv4Addr::new(93, 184, 215, 14)))));
    }
    Some(answer.to_vec().unwrap())
}

async fn upstream(tasks: &mut JoinSet<()>, asked: Arc<AtomicUsize>) -> SocketAddr {
    let (tcp, udp) = loop {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // Another program may have the same port for UDP.
        match UdpSocket::bind(tcp.local_addr().unwrap()).await {
            Ok(udp) => break (tcp, udp),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse),
        }
    };
    let at = tcp.local_addr().unwrap();
    tasks.spawn(async move {
        let mut packet = [0; 4096];
        loop {
            let (length, peer) = udp.recv_from(&mut packet).await.unwrap();
            asked.fetch_add(1, Ordering::SeqCst);
            if let Some(mut answer) = world(&packet[..length]) {
                if answer.len() > ANSWER_BYTES_UDP {
                    answer = Message::from_vec(&answer).unwrap().truncate().to_vec().unwrap();
                }
                udp.send_to(&answer, peer).await.unwrap();
            }
        }
    });
    tasks.spawn(async move {
        loop {
            let (mut stream, _) = tcp.accept().await.unwrap();
            let length = stream.read_u16().await.unwrap();
            let mut packet = vec![0; length.into()];
            stream.read_exact(&mut packet).await.unwrap();
            let answer = world(&packet).unwrap();
            stream.write_u16(answer.len().try_into().unwrap()).await.unwrap();
            stream.write_all(&answer).await.unwrap();
        }
    });
    at
}

async fn house() -> House {
    house_for(PREFIX).await
}

async fn house_for(prefix: u8) -> House {
    let mut tasks = JoinSet::new();
    let asked = Arc::new(AtomicUsize::new(0));
    let world = upstream(&mut tasks, asked.clone()).await;
    let server = NameServer::new("outrunner.localhost", Upstream::of_servers(&[world])).unwrap();
    let ears = Ears::open("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let at = ears.address();
    tasks.spawn(server.serve(ears, GATEWAY, prefix));
    House { at, asked, _tasks: tasks }
}

fn question(name: &str, kind: RecordType) -> Message {
    let mut question = Message::query();
    question.metadata.recursion_desired = true;
    question.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
    question
}

async fn by_udp(house: &House, question: &Message) -> Message {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(&question.to_vec().unwrap(), house.at).await.unwrap();
    let mut packet = [0; 65_535];
    let length = tokio::time::timeout(Duration::from_secs(20), socket.recv(&mut packet)).await.unwrap().unwrap();
    let answer = Message::from_vec(&packet[..length]).unwrap();
    assert_eq!(answer.metadata.id, question.metadata.id);
    assert_eq!(answer.queries, question.queries);
    answer
}

async fn by_tcp(house: &House, question: &Message) -> Message {
    let mut stream = TcpStream::connect(house.at).await.unwrap();
    let packet = question.to_vec().unwrap();
    stream.write_u16(packet.len().try_into().unwrap()).await.unwrap();
    stream.write_all(&packet).await.unwrap();
    let length = stream.read_u16().await.unwrap();
    let mut packet = vec![0; length.into()];
    stream.read_exact(&mut packet).await.unwrap();
    Message::from_vec(&packet).unwrap()
}

fn addresses(answer: &Message) -> Vec<(IpAddr, u32)> {
    let address = |record: &Record| record.data.ip_addr().map(|address| (address, record.ttl));
    answer.answers.iter().filter_map(address).collect()
}

#[tokio::test]
async fn a_services_name_leads_to_the_gateway_and_has_no_address_of_another_kind() {
    let house = house().await;
    let name = "Abcdefghij.us-east-1.outrunner.localhost.";
    for answer in [by_udp(&house, &question(name, RecordType::A)).await, by_tcp(&house, &question(name, RecordType::A)).await] {
        assert_eq!(answer.metadata.response_code, ResponseCode::NoError);
        assert_eq!(addresses(&answer), [(IpAddr::V4(GATEWAY), OWN_TTL_SECONDS)]);
    }
    let answer = by_udp(&house, &question(name, RecordType::AAAA)).await;
    assert_eq!((answer.metadata.response_code, answer.answers.len()), (ResponseCode::NoError, 0));
    assert_eq!(house.asked.load(Ordering::SeqCst), 0, "nobody else hears of it");
}

#[tokio::test]
async fn every_other_name_is_asked_of_the_machines_servers_and_not_remembered_for_long() {
    let house = house().await;
    let answer = by_udp(&house, &question("example.com.", RecordType::A)).await;
    assert_eq!(addresses(&answer), [("93.184.215.14".parse().unwrap(), TTL_SECONDS)]);
    let answer = by_udp(&house, &question("nobody.example.com.", RecordType::A)).await;
    assert_eq!(answer.metadata.response_code, ResponseCode::NXDomain);
    assert_eq!(house.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_says_so_and_comes_whole_by_tcp() {
    let house = house().await;
    let mut asked = question("long.example.com.", RecordType::TXT);
    asked.set_edns(Edns::new());
    let answer = by_udp(&house, &asked).await;
    assert!(answer.metadata.truncation && answer.answers.is_empty());
    let answer = by_tcp(&house, &question("long.example.com.", RecordType::TXT)).await;
    assert_eq!(answer.answers.len(), 30);
}

#[tokio::test]
async fn one_instance_with_too_many_questions_is_refused_more() {
    let house = house().await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for _ in 0..QUESTIONS_EACH {
        let packet = question("silent.example.com.", RecordType::A).to_vec().unwrap();
        socket.send_to(&packet, house.at).await.unwrap();
    }
    // Packets are taken in the order of their coming.
    let answer = by_udp(&house, &question("example.com.", RecordType::A)).await;
    assert_eq!(answer.metadata.response_code, ResponseCode::Refused);
    let own = by_udp(&house, &question("abcdefghij.us-east-1.outrunner.localhost.", RecordType::A)).await;
    assert_eq!(addresses(&own), [(IpAddr::V4(GATEWAY), OWN_TTL_SECONDS)], "a service's own name needs no turn");
    // And each of the others is told in the end that nobody answers; then there is room again.
    let mut packet = [0; 4096];
    for _ in 0..QUESTIONS_EACH {
        let length = tokio::time::timeout(Duration::from_secs(20), socket.recv(&mut packet)).await.unwrap().unwrap();
        let answer = Message::from_vec(&packet[..length]).unwrap();
        assert_eq!(answer.metadata.response_code, ResponseCode::ServFail);
    }
    let answer = by_udp(&house, &question("example.com.", RecordType::A)).await;
    assert_eq!(answer.metadata.response_code, ResponseCode::NoError);
}

#[tokio::test]
async fn what_is_no_question_gets_no_answer_and_ends_a_conversation() {
    let house = house().await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let mut response = question("example.com.", RecordType::A);
    response.metadata.message_type = hickory_resolver::proto::op::MessageType::Response;
    for packet in [vec![], vec![0; 3], vec![0xff; 4096], response.to_vec().unwrap()] {
        socket.send_to(&packet, house.at).await.unwrap();
    }
    by_udp(&house, &question("example.com.", RecordType::A)).await;
    assert!(socket.try_recv(&mut [0; 512]).is_err(), "an answer to none");
    let mut stream = TcpStream::connect(house.at).await.unwrap();
    stream.write_all(&[0xff; 5000]).await.unwrap();
    assert_eq!(stream.read(&mut [0; 16]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn nobody_outside_the_bridges_network_is_answered() {
    // Only 127.0.0.6 and .7 are inside.
    let house = house_for(31).await;
    let packet = question("abcdefghij.us-east-1.outrunner.localhost.", RecordType::A).to_vec().unwrap();
    let [outside, inside] = ["127.0.0.5:0", "127.0.0.6:0"].map(|at| async move { UdpSocket::bind(at).await.unwrap() });
    let (outside, inside) = (outside.await, inside.await);
    outside.send_to(&packet, house.at).await.unwrap();
    inside.send_to(&packet, house.at).await.unwrap();
    let mut answer = [0; 512];
    tokio::time::timeout(Duration::from_secs(20), inside.recv(&mut answer)).await.unwrap().unwrap();
    // Packets are taken in the order of their coming.
    assert!(outside.try_recv(&mut answer).is_err(), "an answer to a stranger");
    let mut stream = TcpStream::connect(house.at).await.unwrap();
    assert_eq!(stream.read(&mut answer).await.unwrap_or(0), 0, "and no conversation");
}

#[tokio::test]
async fn a_conversation_in_which_nothing_is_said_is_soon_over() {
    let house = house().await;
    let mut stream = TcpStream::connect(house.at).await.unwrap();
    let ended = tokio::time::timeout(outside::limit::CONVERSATION, stream.read(&mut [0; 16])).await;
    assert_eq!(ended.expect("before a busy one would end").unwrap_or(0), 0);
}
