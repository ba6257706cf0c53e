//! A reader that passes so many bytes on and no more, so that a small file cannot become an endless one.
//! Never cuts silently: the byte after the last one is an error that says what there is too much of.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::local::layer_error::TooMuch;

/// Bytes that may still be read. Whoever holds a clone can give more, or take them back.
#[derive(Debug, Clone)]
pub struct Allowance(Rc<Cell<u64>>);

impl Allowance {
    /// So many bytes.
    pub fn of(bytes: u64) -> Self {
        Self(Rc::new(Cell::new(bytes)))
    }

    /// From here on so many bytes, whatever was left.
    pub fn set(&self, bytes: u64) {
        self.0.set(bytes);
    }
}

/// Reads from `inner` for as long as the allowance lasts.
pub struct Allowed<R> {
    inner: R,
    left: Allowance,
    too_much: &'static str,
}

impl<R: Read> Allowed<R> {
    /// `too_much` completes the sentence "the layer is broken: …".
    pub fn new(inner: R, left: Allowance, too_much: &'static str) -> Self {
        Self { inner, left, too_much }
    }
}

impl<R: Read> Read for Allowed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.0.get();
        if left == 0 && !buffer.is_empty() {
            // Exactly as much as is allowed, and then the end, is well.
            return match self.inner.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(io::Error::other(TooMuch(self.too_much))),
            };
        }
        let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = self.inner.read(&mut buffer[..most])?;
        self.left.0.set(left - count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_as_is_allowed_is_read_and_a_byte_more_is_an_error() {
        let read = |bytes: u64| {
            let mut text = String::new();
            Allowed::new(&b"12345"[..], Allowance::of(bytes), "of everything").read_to_string(&mut text).map(|_| text)
        };
        assert_eq!(read(5).unwrap(), "12345");
        assert_eq!(read(4).unwrap_err().to_string(), "of everything");
        assert!(read(0).is_err());
    }
}
