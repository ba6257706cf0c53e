//! The local engine passes the suite that the one in memory passes, with real runc.

use std::time::Duration;

use crate::bench::{Bench, PORT, hash, pin};
use model::digest::Algorithm;
use model::port::Pause;
use model::testbed::conformance::{EngineBench, dormant, engine, made_ahead};

#[tokio::test(flavor = "multi_thread")]
async fn the_local_engine_keeps_the_promises_of_its_ports() {
    let bench = Bench::new();
    let suite = EngineBench {
        serves: bench.resident("serves", &["say=hello", "serve"]).await,
        exits_with_3: bench.resident("exits", &["say=boom", "exit=3"]).await,
        missing: Some(pin("serves", hash(Algorithm::Sha256, b"nowhere"))),
        port: PORT,
    };
    let local = bench.open().await;
    let pause = || -> Pause<'static> { Box::pin(tokio::time::sleep(Duration::from_millis(5))) };
    engine(&local, &local, &suite, &pause).await;
    made_ahead(&local, &suite, &pause).await;
    dormant(&local, &suite, &pause).await;
    drop(local);
    bench.remove().await;
}
