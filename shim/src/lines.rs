//! Cuts a stream of bytes into lines, and holds the piece of a line that has not ended yet.
//! Never interprets bytes: a line may be anything but a line feed.

use crate::limit::{IDLE_BYTES, LINE_BYTES};

/// The unfinished line of one stream.
#[derive(Default)]
pub struct Lines {
    held: Vec<u8>,
}

impl Lines {
    /// Gives each finished line of what was held and `bytes` to `each`, without its line feed. A line that grows over
    /// the limit is given in pieces.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8])) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            match piece.split_last() {
                Some((b'\n', whole)) if self.held.is_empty() && whole.len() <= LINE_BYTES => each(whole),
                Some((b'\n', whole)) => {
                    self.hold(whole, &mut each);
                    each(&self.held);
                    self.held.clear();
                }
                Some(_) | None => self.hold(piece, &mut each),
            }
        }
        if self.held.is_empty() && self.held.capacity() > IDLE_BYTES {
            self.held = Vec::new();
        }
    }

    fn hold(&mut self, mut bytes: &[u8], each: &mut impl FnMut(&[u8])) {
        while self.held.len() + bytes.len() > LINE_BYTES {
            let (fits, rest) = bytes.split_at(LINE_BYTES - self.held.len());
            self.held.extend_from_slice(fits);
            each(&self.held);
            self.held.clear();
            bytes = rest;
        }
        self.held.extend_from_slice(bytes);
    }

    /// The stream has ended: what is held is a line too.
    pub fn end(&mut self, mut each: impl FnMut(&[u8])) {
        if !self.held.is_empty() {
            each(&self.held);
            self.held = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pushes: &[&[u8]], expected: &[&str]) {
        let mut lines = Lines::default();
        let mut got: Vec<String> = Vec::new();
        for bytes in pushes {
            lines.push(bytes, |line| got.push(String::from_utf8_lossy(line).into_owned()));
        }
        lines.end(|line| got.push(format!("{}(unended)", String::from_utf8_lossy(line))));
        assert_eq!(got, expected);
    }

    #[test]
    fn a_line_is_whole_however_it_was_read() {
        check(&[b"one\ntwo\n"], &["one", "two"]);
        check(&[b"on", b"e\nt", b"wo\n"], &["one", "two"]);
        check(&[b"\n\n"], &["", ""]);
        check(&[b"last words"], &["last words(unended)"]);
        check(&[], &[]);
    }

    #[test]
    fn a_line_over_the_limit_is_cut_and_nothing_is_lost() {
        let long = vec![b'x'; LINE_BYTES * 2 + 5];
        let mut lines = Lines::default();
        let mut sizes = Vec::new();
        lines.push(&long, |line| sizes.push(line.len()));
        lines.push(b"\n", |line| sizes.push(line.len()));
        assert_eq!(sizes, [LINE_BYTES, LINE_BYTES, 5]);
    }
}
