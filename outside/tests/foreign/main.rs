//! Foreign registries over real sockets: honest ones, and those that are slow, lie, redirect inwards, break off or have had enough of us.

mod bench;
mod ecr;
mod login;
mod server;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use model::foreign_image::ForeignImage;
use model::port::RemoteRegistry;
use model::refusal::RefusalKind;
use model::testbed::conformance::{RemoteFacts, remote_registry};
use outside::{Mirror, Place, RegistrySettings};

use crate::bench::{
    CONFIG, LAYER, bytes, client_of, hash, honest, host, image, layer, manifest, pull_layer, refusal, registries, settings, sha256,
};
use crate::server::{Act, Server, json, ok, status, with};

#[tokio::test]
async fn a_registry_over_the_wire_keeps_the_promises() {
    let server = Server::start(honest).await;
    let facts = RemoteFacts { image: image(server.at), digest: sha256(manifest().as_bytes()), layer: bytes(LAYER), hash };
    remote_registry(&client_of(&server), &facts).await;
    assert!(!CONFIG.is_empty());
}

#[tokio::test]
async fn of_an_index_the_manifest_for_this_machine_is_taken() {
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let digest = sha256(manifest().as_bytes());
    let index = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"m","digest":"{digest}","size":1,"platform":{{"os":"linux","architecture":"{architecture}"}}}}]}}"#
    );
    let server = Server::start(move |asked| if asked.line.ends_with("/manifests/v1") { json(&index) } else { honest(asked) }).await;
    let found = client_of(&server).manifest(&image(server.at)).await.unwrap().unwrap();
    assert_eq!(found.digest, digest);
}

#[tokio::test]
async fn a_blob_that_breaks_off_is_continued_where_it_broke() {
    let server = Server::start(|asked| match asked.from() {
        0 => Act::Cut { length: LAYER.len(), body: LAYER[..5].to_vec() },
        5 => Act::Answer { status: 206, headers: vec![("content-range", "bytes 5-15/16".to_owned())], body: LAYER[5..].to_vec() },
        _ => status(416),
    })
    .await;
    assert_eq!(pull_layer(&client_of(&server), &server, 0).await.unwrap(), LAYER);
    let asked: Vec<String> = server.take().iter().map(|asked| asked.header("range").to_owned()).collect();
    assert_eq!(asked, ["", "bytes=5-"]);
}

#[tokio::test]
async fn a_registry_without_ranges_sends_all_again_and_only_the_rest_is_taken() {
    let server = Server::start(|_| ok(LAYER)).await;
    assert_eq!(pull_layer(&client_of(&server), &server, 6).await.unwrap(), LAYER[6..]);
}

#[tokio::test]
async fn a_registry_that_breaks_off_every_time_is_given_up_with_words() {
    let server = Server::start(|asked| Act::Cut { length: LAYER.len() - asked.from(), body: Vec::new() }).await;
    let refusal = pull_layer(&client_of(&server), &server, 0).await.unwrap_err();
    assert!(refusal.message.contains("broke off 16 times"), "{}", refusal.message);
}

#[tokio::test]
async fn a_registry_that_lies_about_a_digest_is_caught_before_the_end_is_handed_out() {
    let server = Server::start(|asked| match asked.line.contains("/blobs/") {
        true => ok(b"0123456789abcdeX"),
        false => {
            let told = sha256(b"else").to_string();
            Act::Answer { status: 200, headers: vec![("docker-content-digest", told)], body: manifest().into_bytes() }
        }
    })
    .await;
    let client = client_of(&server);
    let lie = pull_layer(&client, &server, 0).await.unwrap_err();
    assert_eq!(lie.kind, RefusalKind::Invalid);
    assert!(lie.message.contains(&format!("sends a blob whose digest is {}", sha256(b"0123456789abcdeX"))), "{}", lie.message);
    let lie = refusal(&client, &image(server.at)).await;
    assert!(lie.message.contains("sent a manifest for") && lie.message.contains(sha256(b"else").as_str()), "{}", lie.message);
}

#[tokio::test]
async fn a_registry_that_sends_more_than_it_said_is_refused() {
    let server = Server::start(|_| ok(b"0123456789abcdef and more")).await;
    let refusal = pull_layer(&client_of(&server), &server, 0).await.unwrap_err();
    assert!(refusal.message.contains("sends more than the 16 bytes"), "{}", refusal.message);
    let server = Server::start(|_| with(206, &[("content-range", "bytes 0-15/16")])).await;
    let refusal = pull_layer(&client_of(&server), &server, 4).await.unwrap_err();
    assert!(refusal.message.contains("another part"), "{}", refusal.message);
}

#[tokio::test]
async fn a_redirect_to_what_only_we_can_reach_is_refused_with_a_sentence() {
    for (location, words) in [
        (
            "https://10.0.0.1/secret?token=hunter2",
            "redirects to https://10.0.0.1. 10.0.0.1 leads to 10.0.0.1, which is a private address",
        ),
        ("http://169.254.169.254/latest/meta-data", "which is a link-local address"),
        ("https://[::1]:4566/", "which is a loopback address"),
        ("https://127.0.0.1:1/", "which is a loopback address"),
        ("http://93.184.215.14/", "plain HTTP is only spoken with registries on this machine"),
        ("https://user:hunter2@93.184.215.14/", "redirects to nowhere"),
        ("ftp://93.184.215.14/", "redirects to nowhere"),
    ] {
        let server = Server::start(move |_| with(307, &[("location", location)])).await;
        let client = client_of(&server);
        for message in
            [refusal(&client, &image(server.at)).await.message, pull_layer(&client, &server, 0).await.unwrap_err().message]
        {
            assert!(message.contains(words), "{location}: {message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
        assert_eq!(server.take().len(), 2, "a final no is not asked for again");
    }
}

#[tokio::test]
async fn endless_redirects_end() {
    let server = Server::start(|_| with(302, &[("location", "/again")])).await;
    let message = refusal(&client_of(&server), &image(server.at)).await.message;
    assert!(message.contains("redirects more than 5 times"), "{message}");
}

#[tokio::test]
async fn what_the_operator_did_not_name_is_not_asked() {
    let server = Server::start(honest).await;
    let message = refusal(&registries(settings()), &image(server.at)).await.message;
    assert!(message.contains("127.0.0.1, which is a loopback address"), "{message}");
    let public = ForeignImage::parse("93.184.215.14:80/team/hello:v1").unwrap();
    let insecure = registries(RegistrySettings { insecure: vec![public.registry.clone()], ..settings() });
    let message = refusal(&insecure, &public).await.message;
    assert!(message.contains("--registry-insecure is for registries on this machine's loopback addresses only"), "{message}");
    assert!(server.take().is_empty());
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_if_it_is_short_and_told_if_it_is_long() {
    let times = AtomicUsize::new(0);
    let server = Server::start(move |asked| match times.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => with(429, &[("retry-after", "0")]),
        _ => honest(asked),
    })
    .await;
    client_of(&server).manifest(&image(server.at)).await.unwrap().unwrap();
    assert_eq!(server.take().len(), 3);
    let body = br#"{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}"#;
    let server =
        Server::start(|_| Act::Answer { status: 429, headers: vec![("retry-after", "3600".to_owned())], body: body.to_vec() })
            .await;
    let told = refusal(&client_of(&server), &image(server.at)).await;
    assert_eq!(told.kind, RefusalKind::Throttled);
    for words in ["429", "You have reached your pull rate limit.", "It asks to wait 3600 s."] {
        assert!(told.message.contains(words), "{}", told.message);
    }
    assert_eq!(server.take().len(), 1);
}

#[tokio::test]
async fn a_rate_limit_in_the_middle_of_a_layer_is_told_and_not_asked_at_again() {
    let server = Server::start(|asked| match asked.from() {
        0 => Act::Cut { length: LAYER.len(), body: LAYER[..5].to_vec() },
        _ => with(429, &[("retry-after", "3600")]),
    })
    .await;
    let told = pull_layer(&client_of(&server), &server, 0).await.unwrap_err();
    assert_eq!(told.kind, RefusalKind::Throttled);
    assert!(told.message.contains("It asks to wait 3600 s."), "{}", told.message);
    assert_eq!(server.take().len(), 2, "a limit that lasts is asked at once");
}

#[tokio::test]
async fn a_passing_fault_is_tried_again_and_a_lasting_one_is_told() {
    let times = AtomicUsize::new(0);
    let server =
        Server::start(move |asked| if times.fetch_add(1, Ordering::Relaxed) < 3 { status(503) } else { honest(asked) }).await;
    client_of(&server).manifest(&image(server.at)).await.unwrap().unwrap();
    for (code, kind, words) in [
        (503, RefusalKind::WrongState, "answers 503"),
        (404, RefusalKind::NotFound, "does not exist"),
        (403, RefusalKind::Denied, "--registry-auth"),
        (401, RefusalKind::Denied, "--registry-auth"),
        (418, RefusalKind::Invalid, "answers 418"),
    ] {
        let server = Server::start(move |_| status(code)).await;
        let told = refusal(&client_of(&server), &image(server.at)).await;
        assert_eq!(told.kind, kind);
        assert!(told.message.contains(words), "{}", told.message);
    }
}

#[tokio::test]
async fn a_slow_registry_is_told_from_a_dead_one() {
    let server = Server::start(|_| Act::Silence).await;
    let told = refusal(&client_of(&server), &image(server.at)).await;
    assert!(told.message.contains("did not answer within"), "{}", told.message);

    let server = Server::start(|_| Act::Cut { length: LAYER.len(), body: Vec::new() }).await;
    let gone = server.at;
    let client = client_of(&server);
    drop(server);
    let told = refusal(&client, &image(gone)).await;
    assert!(told.message.contains("cannot be reached"), "{}", told.message);

    let server = Server::start(|_| Act::Trickle { body: LAYER.to_vec(), each: Duration::from_secs(1) }).await;
    let told = pull_layer(&client_of(&server), &server, 0).await.unwrap_err();
    assert!(told.message.contains("is too slow"), "{}", told.message);
}

#[tokio::test]
async fn a_mirror_is_asked_first_and_the_registry_itself_if_that_has_nothing() {
    let mirror = Server::start(|asked| match asked.line.contains("/manifests/") {
        true => status(404),
        false => ok(LAYER),
    })
    .await;
    let own = Server::start(honest).await;
    let place = Place { is_tls: false, host: "127.0.0.1".to_owned(), port: mirror.at.port() };
    let client = registries(RegistrySettings {
        mirrors: vec![Mirror { of: host(own.at), place, prefix: "copies/".to_owned() }],
        insecure: vec![host(own.at)],
        ..settings()
    });
    client.manifest(&image(own.at)).await.unwrap().unwrap();
    assert_eq!(mirror.take()[0].line, "GET /v2/copies/team/hello/manifests/v1");
    assert_eq!(own.take().len(), 1);
    assert_eq!(pull_layer(&client, &own, 0).await.unwrap(), LAYER);
    assert_eq!(own.take().len(), 0, "the mirror had it");
    drop(mirror);
    assert_eq!(pull_layer(&client, &own, 0).await.unwrap(), LAYER, "and without the mirror it is still there");
}

#[tokio::test]
async fn a_blob_of_more_than_can_be_kept_is_refused_before_it_is_asked_for() {
    let server = Server::start(honest).await;
    let large = model::foreign_image::RemoteBlob { size_bytes: 11 << 30, ..layer() };
    let Err(refusal) = client_of(&server).blob(&image(server.at), &large, 0).await.unwrap() else { panic!("it is too large") };
    assert!(refusal.message.contains("is the most that is copied"), "{}", refusal.message);
    assert!(server.take().is_empty());
}
