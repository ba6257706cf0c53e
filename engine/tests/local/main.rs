//! The local engine with real parts: runc, namespaces, bridge, nftables, control groups.
//! Never leaves anything behind: every test ends with `remove_everything`, and one looks whether that is true.

mod adoption;
mod ahead;
mod bench;
mod beside;
mod causes;
mod clock;
mod conformance;
mod destinations;
mod doctor;
mod doors;
mod dormant;
mod executions;
mod exits;
mod forwarding;
mod identity_tokens;
mod images;
mod inside;
mod layers;
mod logs;
mod mending;
mod reach;
mod run_folder;
mod scratch;
mod secrets;
mod stopping;
mod wellness;
