//! The tables: published by the platform, put in force by the front door.
//! Never decides what stands in a table. Source of truth: `model::route_table`, `model::certificate`, `model::port::Board`.

mod apply;
mod publish;

pub use apply::Board;
