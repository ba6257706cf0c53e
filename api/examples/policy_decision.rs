//! Prints how many nanoseconds a decision over a policy of fifty statements takes: `cargo run --release -p api --features workbench --example policy_decision`.
//! Never judges: the bench holds it against its target.
#![expect(clippy::disallowed_methods, reason = "it measures time, and has no port to ask for it")]

use std::time::Instant;

const DECISIONS: u32 = 200_000;

fn main() {
    api::workbench::decide_over_fifty_statements(DECISIONS / 20);
    let began = Instant::now();
    api::workbench::decide_over_fifty_statements(DECISIONS);
    println!("{}", began.elapsed().as_nanos() / u128::from(DECISIONS));
}
