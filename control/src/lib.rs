//! Keeps promises: commits services and their operations, and performs what `model::lifecycle` plans.
//!
//! Has no timers, no `select!`, no clock of its own and spawns nothing: a keeper is a step function, waiting comes from the ports `Bell` and
//! `Clock`, `daemon` spawns. Reaches everything through ports. Only this room commits services (invariant 4).

pub mod access_log;
pub mod auto_deploy;
pub mod certificates;
pub mod checkpoint;
pub mod closing;
pub mod event;
pub mod image_expiry;
pub mod image_sweep;
pub mod limit;
pub mod pin_dates;
pub mod ports;
pub mod pump;
pub mod roster;
pub mod routes;
pub mod service;
pub mod spares;
