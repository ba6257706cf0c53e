//! What `trust` and `setup` have changed on this machine for one data dir, taken back before that data dir goes: the journals lie in it.
//!
//! Never touches settings of other users than the calling one; whose they are is said.

use super::{setup, trust};
use crate::alteration::{Manner, journal_path};
use crate::failure::Failure;
use crate::host::Place;

/// The commands that keep a journal.
const COMMANDS: [&str; 2] = [trust::COMMAND, setup::COMMAND];

/// The commands that have changed something which is not taken back.
pub fn left(place: &Place) -> Vec<&'static str> {
    COMMANDS.into_iter().filter(|command| journal_path(place, command).exists()).collect()
}

/// Takes everything back that the calling user may; says what, a line each.
pub fn take_back(place: &Place, manner: Manner) -> Result<Vec<String>, Failure> {
    let mut said = Vec::new();
    if journal_path(place, trust::COMMAND).exists() {
        said.extend(trust::undo(place, manner)?);
    }
    if journal_path(place, setup::COMMAND).exists() {
        said.extend(setup::undo(place, manner)?);
    }
    Ok(said)
}

/// What is to be done before the data dir may be taken away, if something is.
pub fn advice(place: &Place) -> Option<String> {
    let left = left(place);
    let undo = |command: &&str| format!("outrunner {command} --undo --data-dir {}", place.data_dir.display());
    let words = left.iter().map(undo).collect::<Vec<_>>().join(", and ");
    (!left.is_empty()).then(|| format!("This machine still has what was changed for it; whoever called them runs {words} first."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_dir_with_a_journal_is_not_to_be_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::make(&folder.path().join("data")).unwrap();
        assert_eq!((left(&place), advice(&place)), (Vec::new(), None));
        std::fs::write(journal_path(&place, "setup"), r#"{"version":1,"entries":[]}"#).unwrap();
        assert_eq!(left(&place), ["setup"]);
        assert!(advice(&place).unwrap().contains("outrunner setup --undo --data-dir "));
    }
}
