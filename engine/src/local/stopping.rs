//! Ends that have begun: who asked for one need not wait for it, nor live until it is over.
//! Never ends anything itself. Source of truth: the file `stopping` in an instance's folder, written before anybody is told to end.

use std::io;
use std::time::Duration;

use crate::local::age;
use crate::local::berth::write_private;
use crate::local::shim::Shim;

/// In an instance's folder once it was asked to end: when that was, in milliseconds since 1970, and by when it shall be over, in milliseconds since
/// the machine began.
pub const STOP_FILE: &str = "stopping";

/// What a mark has come to.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// For the first time, or with less time than before.
    Anew,
    /// It has to be over as soon, or sooner, already.
    Before,
    /// There is nothing to mark yet, or any more.
    Nothing,
}

/// Writes down that an instance was asked to end. Of two graces the shorter holds.
pub fn mark(shim: &Shim, now_ms: i64, grace: Duration) -> io::Result<Marked> {
    let by = age::uptime().unwrap_or_default() + grace;
    let by_ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
    let since_ms = match read(shim)? {
        Some((_, before_ms)) if before_ms <= by_ms => return Ok(Marked::Before),
        Some((since_ms, _)) => since_ms,
        None => now_ms,
    };
    match write_private(&shim.folder().join(STOP_FILE), format!("{since_ms} {by_ms}\n").as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Marked::Nothing),
        written => written.map(|()| Marked::Anew),
    }
}

/// It could not be ended, and is what it was before.
pub fn unmark(shim: &Shim) -> io::Result<()> {
    match std::fs::remove_file(shim.folder().join(STOP_FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// What is left of its grace; none if nobody has asked it to end.
pub fn left(shim: &Shim) -> io::Result<Option<Duration>> {
    let by_ms = read(shim)?.map(|(_, by_ms)| by_ms);
    let now = age::uptime();
    // Where nobody knows how late it is, it is late.
    Ok(by_ms.map(|by_ms| now.map_or(Duration::ZERO, |now| Duration::from_millis(by_ms).saturating_sub(now))))
}

/// Whether it was asked before that moment, in milliseconds since 1970.
pub fn was_asked_before(shim: &Shim, ended_ms: u64) -> io::Result<bool> {
    let ended_ms = i64::try_from(ended_ms).unwrap_or(i64::MAX);
    Ok(read(shim)?.is_some_and(|(since_ms, _)| since_ms <= ended_ms))
}

/// One that cannot be understood was asked long ago.
fn read(shim: &Shim) -> io::Result<Option<(i64, u64)>> {
    let text = match shim.read(STOP_FILE) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => String::new(),
        text => match text? {
            Some(text) => text,
            None => return Ok(None),
        },
    };
    let numbers = || {
        let (since_ms, by_ms) = text.trim().split_once(' ')?;
        Some((since_ms.parse().ok()?, by_ms.parse().ok()?))
    };
    Ok(Some(numbers().unwrap_or((0, 0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_grace_holds_and_an_end_before_the_question_was_nobodys_wish() {
        let folder = tempfile::tempdir().unwrap();
        let shim = Shim::at(folder.path().to_owned());
        assert_eq!(left(&shim).unwrap(), None);
        assert!(!was_asked_before(&shim, u64::MAX).unwrap());
        assert_eq!(mark(&shim, 1_000, Duration::from_secs(600)).unwrap(), Marked::Anew);
        assert_eq!(mark(&shim, 2_000, Duration::from_secs(6_000)).unwrap(), Marked::Before);
        assert!(left(&shim).unwrap().unwrap() > Duration::from_secs(500));
        assert_eq!(mark(&shim, 3_000, Duration::from_secs(60)).unwrap(), Marked::Anew);
        assert!(left(&shim).unwrap().unwrap() <= Duration::from_secs(60));
        assert!(!was_asked_before(&shim, 999).unwrap() && was_asked_before(&shim, 1_000).unwrap());
        std::fs::write(folder.path().join(STOP_FILE), "nonsense").unwrap();
        assert_eq!(left(&shim).unwrap(), Some(Duration::ZERO));
        std::fs::write(folder.path().join(STOP_FILE), [0xff, 0xfe]).unwrap();
        assert_eq!(left(&shim).unwrap(), Some(Duration::ZERO), "what is no text is nonsense too");
        unmark(&shim).unwrap();
        unmark(&shim).unwrap();
        assert_eq!(left(&shim).unwrap(), None);
        let gone = Shim::at(folder.path().join("nowhere"));
        assert_eq!(mark(&gone, 1, Duration::ZERO).unwrap(), Marked::Nothing);
    }
}
