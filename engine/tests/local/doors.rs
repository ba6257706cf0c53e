//! Instances' own doors: who finds which, what outlives a platform, and that nothing of one stays behind.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::arn::ServiceArn;
use model::instance::{InstancePhase, InstanceSpec, Rest, StopOrder};
use model::instance_door::{InstanceRole, TOKEN_VARIABLE, door_port};
use model::port::Engine;
use model::revision::ImagePin;
use model::role::RoleArn;

use crate::bench::{Bench, PORT, exited, init, name, printed, printed_at_last, ready, see, spec, state, until};

/// A machine with a lot to do.
const DEADLINE: Duration = Duration::from_secs(20);

/// An instance that has a role, and so a door.
fn with_role(slot: u16, image: &ImagePin) -> InstanceSpec {
    let arn = format!("arn:aws:apprunner:us-east-1:000000000000:service/webs/{}", name(slot).service);
    let role = InstanceRole {
        role: RoleArn::parse("arn:aws:iam::000000000000:role/Runner").unwrap(),
        service: ServiceArn::parse(&arn).unwrap(),
    };
    InstanceSpec { role: Some(role), ..spec(slot, image) }
}

/// What somebody hears at an address in the network of a process; nothing if nobody answers.
fn heard(process: u32, address: &str, port: u16) -> Option<String> {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net=/proc/{process}/ns/net")).args(["timeout", "2", "bash", "-c"]);
    let output = command.arg(format!("exec 3<>/dev/tcp/{address}/{port} && cat <&3")).output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

/// The same at its own door, once it is opened (again).
async fn greeted(process: u32) -> String {
    let since = Instant::now();
    loop {
        if let Some(words) = heard(process, "127.0.0.1", door_port(PORT)) {
            return words;
        }
        assert!(since.elapsed() < DEADLINE, "nobody answers at the door in the network of {process}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until so many doors stand open.
async fn open_doors(bench: &Bench, wanted: usize) {
    let since = Instant::now();
    loop {
        let open = Arc::strong_count(&bench.greeter.open) - 1;
        if open == wanted {
            return;
        }
        assert!(since.elapsed() < DEADLINE, "{open} doors stand open, not {wanted}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_to_the_door_of_an_instance_is_at_its_own_and_at_nobody_elses() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["env", "serve"]).await;
    for asked in [with_role(0, &image), with_role(1, &image), spec(2, &image)] {
        engine.start(&asked).await.unwrap();
        ready(&engine, &asked.name).await;
    }
    let processes = [0, 1, 2].map(|slot| init(&bench, slot));
    let mut tokens = Vec::new();
    for slot in [0, 1] {
        let words = greeted(processes[usize::from(slot)]).await;
        let (whose, token) = words.split_once(' ').unwrap();
        assert_eq!(whose, name(slot).to_string());
        let told = format!("env {TOKEN_VARIABLE}={token}");
        // Its own token stands in its environment.
        printed_at_last(&engine, &name(slot), |lines| lines.contains(&told)).await;
        tokens.push(token.to_owned());
    }
    assert!(tokens[0] != tokens[1] && tokens[0].len() == 64, "a token each");
    let lines = printed(&engine, &name(2)).await;
    assert!(!lines.iter().any(|line| line.contains(TOKEN_VARIABLE)), "no role, no door, no token: {lines:?}");
    assert_eq!(heard(processes[2], "127.0.0.1", door_port(PORT)), None);
    assert_eq!(heard(std::process::id(), "127.0.0.1", door_port(PORT)), None, "it is not the host's");
    let address = see(&engine, &name(0)).await.unwrap().address.unwrap().to_string();
    for process in [processes[1], processes[2], std::process::id()] {
        assert_eq!(heard(process, &address, door_port(PORT)), None, "it is reached from inside alone");
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_platform_opens_every_door_again_for_the_same_token() {
    let bench = Bench::new();
    let first = bench.open().await;
    let image = bench.resident("serves", &["env", "serve"]).await;
    for slot in [0, 1] {
        first.start(&with_role(slot, &image)).await.unwrap();
        ready(&first, &name(slot)).await;
    }
    first.rest(&name(1), Rest::Frozen).await.unwrap();
    first.create(&with_role(2, &image)).await.unwrap();
    open_doors(&bench, 3).await;
    let process = init(&bench, 0);
    let before = greeted(process).await;
    drop(first);
    open_doors(&bench, 0).await;
    assert_eq!(heard(process, "127.0.0.1", door_port(PORT)), None, "nobody is there to answer");

    let second = bench.open().await;
    assert_eq!(greeted(process).await, before);
    second.wake(&name(1)).await.unwrap();
    assert!(greeted(init(&bench, 1)).await.starts_with(&name(1).to_string()));
    second.start(&with_role(2, &image)).await.unwrap();
    ready(&second, &name(2)).await;
    let words = greeted(init(&bench, 2)).await;
    let told = words.split_once(' ').map(|(_, token)| format!("env {TOKEN_VARIABLE}={token}")).unwrap();
    // One that was made ahead has the token that it was made with.
    printed_at_last(&second, &name(2), |lines| lines.contains(&told)).await;
    drop(second);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_closes_with_its_instance_however_that_ends_and_its_link_goes_with_it() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    for slot in [0, 1] {
        engine.start(&with_role(slot, &image)).await.unwrap();
        ready(&engine, &name(slot)).await;
        greeted(init(&bench, slot)).await;
    }
    // A guest who stays does not keep the network in being.
    let mut guest = Command::new("nsenter");
    guest.arg(format!("--net=/proc/{}/ns/net", init(&bench, 0))).args(["bash", "-c"]);
    let words = format!("exec 3<>/dev/tcp/127.0.0.1/{}; exec sleep 0.1", door_port(PORT));
    assert!(guest.arg(words).status().unwrap().success());
    engine.stop(&name(0), StopOrder { grace: Duration::ZERO }).await.unwrap();
    exited(&engine, &name(0)).await;
    open_doors(&bench, 1).await;
    crate::bench::kill_9(state(&bench, 1).shim_pid);
    exited(&engine, &name(1)).await;
    open_doors(&bench, 0).await;
    for slot in [0, 1] {
        engine.discard(&name(slot)).await.unwrap();
        // The same address and the same link may be taken at once.
        engine.start(&with_role(slot, &image)).await.unwrap();
        ready(&engine, &name(slot)).await;
    }
    open_doors(&bench, 2).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_at_the_door_is_not_taken_for_the_application() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("loopback", &["loopback"]).await;
    engine.start(&with_role(0, &image)).await.unwrap();
    let elsewhere = |phase: &InstancePhase| match phase {
        InstancePhase::Starting { elsewhere, .. } => elsewhere.clone(),
        InstancePhase::Created
        | InstancePhase::Ready
        | InstancePhase::Unwell { .. }
        | InstancePhase::Dormant(_)
        | InstancePhase::Stopping
        | InstancePhase::Exited(_) => None,
    };
    let seen = until(&engine, &name(0), |seen| elsewhere(&seen.phase).is_some()).await;
    assert_eq!(elsewhere(&seen.phase).unwrap().loopback_ports, [PORT]);
    drop(engine);
    bench.remove().await;
}
