//! The front door: TLS, routing, holding, forwarding, counting and draining, as a process of its own, and the platform's
//! half that starts it, feeds it and reads its counts.
//! Never reads the ledger: it carries the last table that it was given, even while the platform is gone.
//! Source of truth: `ARCHITECTURE.md`; each trap is told where it is avoided.

mod access_fetch;
mod access_log;
mod answer;
mod board;
mod body;
mod carrier;
mod certificate;
mod client_network;
mod complaint;
mod conversation;
mod document;
mod door;
mod drain;
mod exchange;
mod figures;
mod forward;
mod frame;
mod front_door;
mod gauge;
#[cfg(test)]
mod golden;
mod header;
mod hold;
mod host;
mod keeper;
mod lease;
pub mod limit;
mod link;
mod listener;
mod pace;
mod passing;
mod patience;
mod peer;
mod process;
mod pulse;
mod request_id;
mod routing;
mod run;
mod screen;
mod slot;
mod socket;
mod sync;
mod tally;
mod tunnel;
mod turnstile;
mod upstream;

pub use front_door::{FrontDoor, NotOpened, Order, Origin};
pub use listener::Listen;
pub use process::{User, stop_left_behind};
pub use run::run;
pub use tally::{BOUNDS_US, Count, Figures};
