//! What the doctor says of a machine with a platform, and of one where others have come to use its addresses.

use engine::local::LocalEngine;
use engine::local::doctor::{Check, Verdict};

use crate::bench::Bench;
use crate::reach::{in_a_network_of_its_own, ip};

async fn look(bench: &Bench, name: &str) -> Check {
    let checks = LocalEngine::doctor(&bench.settings).await;
    checks.into_iter().find(|check| check.name == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_on_which_tests_run_is_well_and_one_without_a_runtime_is_told_what_to_do() {
    let mut bench = Bench::new();
    let checks = LocalEngine::doctor(&bench.settings).await;
    let failed: Vec<&Check> = checks.iter().filter(|check| check.verdict == Verdict::Fail).collect();
    assert!(failed.is_empty(), "{failed:?}");
    bench.settings.runtime = "/nowhere/runc".into();
    let check = look(&bench, "runtime").await;
    assert_eq!(check.verdict, Verdict::Fail);
    assert!(check.seen.contains("/nowhere/runc") && check.advice.unwrap().contains("Install"), "{}", check.seen);
    assert!(LocalEngine::missing(&bench.settings).await[0].contains("/nowhere/runc"));
}

#[test]
fn a_network_that_comes_up_in_the_instances_addresses_is_found() {
    let machine = in_a_network_of_its_own(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::new();
            let free = look(&bench, "addresses").await;
            let engine = bench.open().await;
            let kept = look(&bench, "addresses").await;
            assert_eq!((free.verdict, kept.verdict), (Verdict::Ok, Verdict::Ok), "{free:?} {kept:?}");
            let gateway = *engine.gateways().borrow().first().unwrap();
            let [a, b, c, _] = gateway.octets();
            for words in
                ["link add vpn0 type veth peer name vpn1", "link set vpn0 up", &format!("route add {a}.{b}.{c}.128/25 dev vpn0")]
            {
                ip(words);
            }
            let check = look(&bench, "addresses").await;
            assert_eq!(check.verdict, Verdict::Fail);
            assert!(check.seen.contains(&format!("{a}.{b}.{c}.128/25 on vpn0")), "{}", check.seen);
            drop(engine);
            bench.remove().await;
        });
    });
    machine.join().unwrap();
}
