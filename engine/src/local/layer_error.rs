//! Why a layer does not become a folder, and whose fault that is: the author's of the image, or ours.
//! Never guesses: what the author cannot have caused is ours.
//! Source of truth: errno(3); the kernel's answers to names, links and attributes as a layer can ask for them.

use std::fmt;
use std::io;

use model::trouble::Trouble;
use rustix::io::Errno;

/// Why a layer is not unpacked.
#[derive(Debug)]
pub enum LayerError {
    /// The layer is wrong; for the image's owner.
    Wrong(String),
    /// The machine failed, or the store did.
    Failed(io::Error),
}

/// From what a layer has asked the file system for.
impl From<Errno> for LayerError {
    fn from(errno: Errno) -> Self {
        match authors(errno) {
            Some(words) => Self::Wrong(words.to_owned()),
            None => Self::Failed(errno.into()),
        }
    }
}

impl From<io::Error> for LayerError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// What the author must mend, in words. None is for us.
fn authors(errno: Errno) -> Option<&'static str> {
    Some(match errno {
        Errno::LOOP => "links in it lead in a circle",
        Errno::NAMETOOLONG => "it has a name, or a link to a name, that is too long",
        Errno::MLINK => "it has more links to one file, or more folders in one, than a file system takes",
        Errno::INVAL | Errno::ILSEQ => "it has a name or an attribute that no file can have",
        Errno::TOOBIG | Errno::RANGE => "it has an attribute that is too large",
        Errno::NOTDIR | Errno::ISDIR | Errno::EXIST => "it uses a name as a folder and as something else",
        _ => return None,
    })
}

impl LayerError {
    /// An error of reading the layer: the store's if it comes with one, else the layer's own.
    pub fn reading(error: io::Error) -> Self {
        if find::<Trouble>(&error).is_some() {
            return Self::Failed(error);
        }
        match find::<TooMuch>(&error) {
            Some(TooMuch(words)) => Self::Wrong((*words).to_owned()),
            None => Self::Wrong(format!("it cannot be read: {error}")),
        }
    }

    /// An error of walking to a place in the layer's folder.
    pub fn walking(error: io::Error) -> Self {
        match error.raw_os_error() {
            Some(number) => Errno::from_raw_os_error(number).into(),
            None => Self::Failed(error),
        }
    }
}

/// A reader has passed on all that it may; says what there is too much of.
#[derive(Debug)]
pub struct TooMuch(pub &'static str);

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for TooMuch {}

/// The cause of a kind, however often readers on the way have wrapped it.
fn find<T: std::error::Error + 'static>(error: &io::Error) -> Option<&T> {
    let inner = error.get_ref()?;
    match inner.downcast_ref() {
        Some(found) => Some(found),
        None => find(inner.source()?.downcast_ref()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_author_must_mend_is_told_from_what_is_ours() {
        let wrong = |error: LayerError| matches!(error, LayerError::Wrong(_));
        for errno in [Errno::LOOP, Errno::NAMETOOLONG, Errno::MLINK, Errno::INVAL, Errno::NOTDIR] {
            assert!(wrong(errno.into()) && wrong(LayerError::walking(errno.into())), "{errno}");
        }
        for errno in [Errno::NOSPC, Errno::MFILE, Errno::NFILE, Errno::IO, Errno::DQUOT, Errno::NOMEM, Errno::ROFS] {
            assert!(!wrong(errno.into()) && !wrong(LayerError::walking(errno.into())), "{errno}");
        }
        assert!(wrong(LayerError::reading(io::Error::other(io::Error::other(TooMuch("bytes"))))));
        assert!(!wrong(LayerError::reading(io::Error::other(Trouble::passing("reading", "a disk")))));
        assert!(wrong(LayerError::reading(io::ErrorKind::UnexpectedEof.into())));
    }
}
