//! Percentiles of numbers that are not kept.
//!
//! Never off by more than one part in a hundred, unless the numbers span more than nine powers of ten: then the smallest are told apart less. Source: the
//! paper on DDSketch, arXiv:1908.10693.

use sketches_ddsketch::{Config, DDSketch};
use std::fmt;

/// One sketch.
pub struct Sketch(DDSketch);

/// How far a percentile may be off, as a part of itself.
const OFF_BY: f64 = 0.01;
/// Of these each takes eight bytes, once it is needed.
const BINS_MAX: u32 = 1024;
/// Numbers that are smaller are zero.
const SMALLEST: f64 = 1e-9;

impl Sketch {
    /// What it takes in memory at most, about.
    pub const BYTES: usize = 8 * BINS_MAX as usize + 256;

    pub fn add(&mut self, number: f64) {
        self.0.add(number);
    }

    /// The value below which a part of all lie; nothing of none.
    pub fn quantile(&self, part: f64) -> Option<f64> {
        self.0.quantile(part).expect("the grammar lets no part through but from 0 to 1")
    }
}

impl Default for Sketch {
    fn default() -> Self {
        Self(DDSketch::new(Config::new(OFF_BY, BINS_MAX, SMALLEST)))
    }
}

impl fmt::Debug for Sketch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sketch").field("count", &self.0.count()).finish_non_exhaustive()
    }
}
