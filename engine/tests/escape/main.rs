//! Programs that try to get out of an instance, as root inside and as a user: each attempt fails, a neighbour notices nothing,
//! and with its guards taken away the attempt works, so that it is the guards which stop it.
//! Needs what the tests in `local` need. What cannot be proven on this kernel is said and counted.

mod attempt;
#[path = "../local/bench.rs"]
#[expect(dead_code, reason = "the tests in `local` need more of it")]
mod bench;
mod guard;
mod image;
mod lonely;
mod neighbour;
mod network;
mod plain;
mod spoof;
mod tricks;
mod verdict;
