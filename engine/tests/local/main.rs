//! The local engine with real parts: runc, namespaces, bridge, nftables, control groups.
//! Never leaves anything behind: every test ends with `remove_everything`, and one looks whether that is true.

mod adoption;
mod bench;
mod conformance;
mod exits;
mod forwarding;
mod images;
mod inside;
mod layers;
mod reach;
mod scratch;
mod wellness;
