//! Commands in instances: output, input, codes and sizes as they are, and an end with whoever asked.

use bytes::Bytes;

use crate::execution::{ExecutionEnd, ExecutionNews, ExecutionOrder, TerminalSize};
use crate::instance::InstanceName;
use crate::port::{Engine, Execution, Executions, Pause};
use crate::refusal::RefusalKind;
use crate::testbed::conformance::engine::kill;

/// Commands for the suite.
#[derive(Clone, Debug)]
pub struct ExecutionBench {
    /// An instance that runs, and goes on running until the suite has stopped it.
    pub instance: InstanceName,
    /// Prints `hello` and a line end, and ends well.
    pub says_hello: Vec<String>,
    pub exits_with_3: Vec<String>,
    /// Prints what it reads, and ends with its input.
    pub copies: Vec<String>,
    /// Prints its terminal's size as `80x24`, now and whenever it changes, and ends when it reads something.
    pub sizes: Vec<String>,
    /// Does nothing until it is ended.
    pub stays: Vec<String>,
    /// Is not in the image.
    pub missing: Vec<String>,
}

/// More than any engine lets run in one instance.
const MANY: usize = 1_000;

fn order(command: &[String]) -> ExecutionOrder {
    ExecutionOrder::parse(command.to_vec(), None).unwrap()
}

/// Everything that it prints from now on, and how it ends.
async fn rest(execution: &dyn Execution) -> (Vec<u8>, ExecutionEnd) {
    let mut printed = Vec::new();
    loop {
        match execution.news().await.unwrap().expect("its end is told before there are no news any more") {
            ExecutionNews::Printed { bytes, .. } => {
                assert!(!bytes.is_empty(), "no news are no news");
                printed.extend_from_slice(&bytes);
            }
            ExecutionNews::Ended(end) => {
                assert_eq!(execution.news().await.unwrap(), None, "it ends once");
                return (printed, end);
            }
        }
    }
}

async fn until(execution: &dyn Execution, expected: &str) {
    let mut printed = Vec::new();
    while !String::from_utf8_lossy(&printed).contains(expected) {
        match execution.news().await.unwrap() {
            Some(ExecutionNews::Printed { bytes, .. }) => printed.extend_from_slice(&bytes),
            other => panic!("{expected} is not in {}: {other:?}", String::from_utf8_lossy(&printed)),
        }
    }
}

/// All promises of the port. `engine` keeps the instance.
pub async fn executions(
    engine: &dyn Engine,
    executions: &dyn Executions,
    bench: &ExecutionBench,
    pause: &(dyn Fn() -> Pause<'static> + Sync),
) {
    let begin = async |command: &[String]| executions.execute(&bench.instance, &order(command)).await.unwrap();
    let hello = begin(&bench.says_hello).await.unwrap();
    assert_eq!(rest(&*hello).await, (b"hello\n".to_vec(), ExecutionEnd::Code(0)));
    hello.input(Bytes::from_static(b"too late")).await.unwrap();
    hello.end_input().await.unwrap();
    hello.resize(TerminalSize { columns: 1, rows: 1 }).await.unwrap();
    assert_eq!(rest(&*begin(&bench.exits_with_3).await.unwrap()).await.1, ExecutionEnd::Code(3));

    let copies = begin(&bench.copies).await.unwrap();
    let bytes: Vec<u8> = (0..=255).collect();
    copies.input(bytes.clone().into()).await.unwrap();
    copies.end_input().await.unwrap();
    copies.end_input().await.unwrap();
    assert_eq!(rest(&*copies).await, (bytes, ExecutionEnd::Code(0)), "bytes are bytes");

    let mut sized = order(&bench.sizes);
    sized.terminal = Some(TerminalSize { columns: 91, rows: 17 });
    let sized = executions.execute(&bench.instance, &sized).await.unwrap().unwrap();
    until(&*sized, "91x17").await;
    sized.resize(TerminalSize { columns: 120, rows: 40 }).await.unwrap();
    until(&*sized, "120x40").await;
    sized.input(Bytes::from_static(b"q\n")).await.unwrap();
    assert_eq!(rest(&*sized).await.1, ExecutionEnd::Code(0));

    let refusal = begin(&bench.missing).await.err().expect("it is not there");
    assert!(refusal.message.contains(&bench.missing[0]), "{refusal}");

    let mut held = Vec::new();
    let refusal = loop {
        match begin(&bench.stays).await {
            Ok(execution) => held.push(execution),
            Err(refusal) => break refusal,
        }
        assert!(held.len() < MANY, "there is a limit");
    };
    assert_eq!(refusal.kind, RefusalKind::Quota, "{refusal}");
    held.clear();
    assert_eq!(rest(&*begin(&bench.says_hello).await.unwrap()).await.1, ExecutionEnd::Code(0), "who has gone takes no place");

    let stays = begin(&bench.stays).await.unwrap();
    kill(engine, &bench.instance, pause).await;
    drop(stays);
    let refusal = begin(&bench.says_hello).await.err().expect("it does not run any more");
    assert_eq!(refusal.kind, RefusalKind::WrongState, "{refusal}");
    engine.discard(&bench.instance).await.unwrap();
    assert!(begin(&bench.says_hello).await.is_err());
}
