//! What is wrong with a data dir, and what would mend it.

use std::path::PathBuf;

use model::digest::Digest;

use crate::check::Seen;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: a file, a row, a block.
    pub what: String,
    pub wrong: String,
    /// What to do, or what a repair does.
    pub advice: String,
    /// Whether a repair can mend it, or has.
    pub mend: MendState,
}

/// How far a finding is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MendState {
    /// A person must act.
    ByHand,
    /// `--repair` mends it.
    ByRepair,
    Mended,
}

/// What a repair does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mend {
    Nothing,
    /// The mode that a file must have.
    Mode(PathBuf, u32),
    /// A file or a folder that nobody knows.
    Remove(PathBuf),
    /// A blob's file, and what of it was set aside.
    RemoveBlob(Digest),
    /// So that the next push of the image brings it.
    ForgetBlob(Digest),
    ForgetBlock {
        group: i64,
        first_position: u64,
    },
    /// The sums of the catalogue are counted anew.
    CountAgain,
}

pub(super) struct Found {
    pub finding: Finding,
    pub mend: Mend,
}

/// Findings as they come, and how far it is.
pub(super) struct Findings<'a> {
    pub list: Vec<Found>,
    pub seen: Seen,
    progress: &'a mut dyn FnMut(Seen),
}

impl<'a> Findings<'a> {
    pub fn new(progress: &'a mut dyn FnMut(Seen)) -> Self {
        Self { list: Vec::new(), seen: Seen::default(), progress }
    }

    pub fn saw(&mut self, count: impl FnOnce(&mut Seen)) {
        count(&mut self.seen);
        (self.progress)(self.seen);
    }

    /// Only a person can mend it.
    pub fn add(&mut self, what: impl Into<String>, wrong: impl Into<String>, advice: impl Into<String>) {
        self.add_mendable(what, wrong, advice, Mend::Nothing);
    }

    pub fn add_mendable(&mut self, what: impl Into<String>, wrong: impl Into<String>, advice: impl Into<String>, mend: Mend) {
        let state = if mend == Mend::Nothing { MendState::ByHand } else { MendState::ByRepair };
        let finding = Finding { what: what.into(), wrong: wrong.into(), advice: advice.into(), mend: state };
        self.list.push(Found { finding, mend });
    }
}
