//! Whose TLS handshake is computed next: so many a turn of a core's loop, and client by client, so that neither the requests of open connections nor
//! another client's handshake wait behind a flood of them.
//! Never waits for a client: only who has said hello stands in line. Source of truth: `limit.rs`; RFC 8446 section 4.1.2.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard};

use tokio::sync::{Notify, oneshot};
use tokio::task::yield_now;

use crate::client_network::ClientNetwork;
use crate::limit::HANDSHAKES_PER_TURN;

/// The turnstile of one core.
pub struct Turnstile {
    turn: Mutex<Turn>,
    /// Somebody has passed or stands in line: the next turn is due.
    used: Notify,
}

struct Turn {
    /// How many may still pass in this turn.
    left: usize,
    /// Who waits, of each client.
    lines: HashMap<ClientNetwork, VecDeque<oneshot::Sender<()>>>,
    /// The clients that wait, each once, the next one first.
    order: VecDeque<ClientNetwork>,
}

impl Turnstile {
    /// Nobody waits.
    pub fn new() -> Self {
        let turn = Turn { left: HANDSHAKES_PER_TURN, lines: HashMap::new(), order: VecDeque::new() };
        Self { turn: Mutex::new(turn), used: Notify::new() }
    }

    /// Returns when it is this client's turn. Who is dropped while he waits has never been there.
    pub async fn pass(&self, network: ClientNetwork) {
        let called = {
            let mut turn = self.turn();
            self.used.notify_one();
            if turn.left > 0 && turn.order.is_empty() {
                turn.left -= 1;
                return;
            }
            turn.queue(network)
        };
        called.await.expect("the turnstile calls everybody, and outlives those who wait");
    }

    /// Lets the next ones pass, turn by turn, for as long as the core lives.
    pub async fn turn_by_turn(&self) {
        loop {
            self.used.notified().await;
            // Whoever else has something to do on this core does it first.
            yield_now().await;
            if self.turn().begin() {
                self.used.notify_one();
            }
        }
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().expect("nothing under this lock can panic")
    }
}

impl Turn {
    fn queue(&mut self, network: ClientNetwork) -> oneshot::Receiver<()> {
        let (call, called) = oneshot::channel();
        let line = self.lines.entry(network).or_default();
        if line.is_empty() {
            self.order.push_back(network);
        }
        line.push_back(call);
        called
    }

    /// A new turn. Answers whether somebody is left for the next one.
    fn begin(&mut self) -> bool {
        self.left = HANDSHAKES_PER_TURN;
        while self.left > 0
            && let Some(network) = self.order.pop_front()
        {
            let line = self.lines.get_mut(&network).expect("who is in the order has a line");
            let call = line.pop_front().expect("a line in the order is not empty");
            if line.is_empty() {
                self.lines.remove(&network);
            } else {
                self.order.push_back(network);
            }
            // Who has given up meanwhile is not there to hear it.
            if call.send(()).is_ok() {
                self.left -= 1;
            }
        }
        !self.order.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::net::Ipv4Addr;
    use std::task::{Context, Waker};

    use super::*;

    fn client(number: u8) -> ClientNetwork {
        ClientNetwork::of(Ipv4Addr::new(192, 0, 2, number).into())
    }

    /// Who is called in each turn, of those who stand in line in this order.
    fn turns(clients: &[u8]) -> Vec<Vec<u8>> {
        let mut turn = Turn { left: 0, lines: HashMap::new(), order: VecDeque::new() };
        let mut waiting: Vec<_> = clients.iter().map(|number| (*number, turn.queue(client(*number)))).collect();
        let mut seen = Vec::new();
        while !waiting.is_empty() {
            turn.begin();
            let (called, others) = waiting.into_iter().partition(|(_, called)| !called.is_empty());
            waiting = others;
            let called: Vec<(u8, _)> = called;
            seen.push(called.into_iter().map(|(number, _)| number).collect());
        }
        assert!(turn.lines.is_empty() && turn.order.is_empty(), "nothing is left behind");
        seen
    }

    #[test]
    fn a_turn_lets_so_many_pass_and_a_flood_of_one_client_does_not_hold_up_another() {
        assert_eq!(HANDSHAKES_PER_TURN, 4);
        assert_eq!(turns(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3]), [vec![1, 1, 2, 3], vec![1, 1, 1, 1], vec![1, 1, 1]]);
    }

    #[tokio::test]
    async fn everybody_passes_and_who_gives_up_costs_nobody_a_turn() {
        let turnstile = std::sync::Arc::new(Turnstile::new());
        let mut passing: Vec<_> = (0..100).map(|n| Box::pin(turnstile.pass(client(n % 3)))).collect();
        for one in &mut passing {
            let _ = one.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        passing.truncate(50);
        let turning = std::sync::Arc::clone(&turnstile);
        let turning = tokio::spawn(async move { turning.turn_by_turn().await });
        for one in passing.split_off(HANDSHAKES_PER_TURN) {
            one.await;
        }
        turnstile.pass(client(9)).await;
        turning.abort();
    }
}
