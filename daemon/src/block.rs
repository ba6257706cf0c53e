//! Our block of lines in a file of others: between two marks, put in and taken out without a change of any other byte.
//!
//! Pure: bytes in, bytes out. The marks carry the platform's tag, so that several platforms have a block each in one file. Both kinds of file it is for
//! (hosts(5), the AWS configuration) know `#` comments.

/// Why a block cannot be found: a mark of its pair is missing. Nothing is guessed then.
#[derive(Debug, PartialEq, Eq)]
pub struct Torn;

/// Which block.
#[derive(Clone, Debug)]
pub struct Mark {
    tag: String,
    /// The command that makes it, for whoever reads the file.
    command: &'static str,
}

/// How the line before the block ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// With a line feed, or there was none.
    Whole,
    /// Without: we added one, and it goes with the block.
    Unfinished,
}

struct Found {
    /// Of the first mark.
    from: usize,
    /// Behind the line feed of the last mark.
    to: usize,
    before: Before,
}

impl Mark {
    pub fn new(tag: &str, command: &'static str) -> Self {
        Self { tag: tag.to_owned(), command }
    }

    fn begin(&self, before: Before) -> String {
        let note = match before {
            Before::Whole => "",
            Before::Unfinished => ", after a line without an end",
        };
        format!("# >>> outrunner {} (by outrunner {}; --undo takes it away{note}) >>>\n", self.tag, self.command)
    }

    fn end(&self) -> String {
        format!("# <<< outrunner {} <<<", self.tag)
    }

    fn find(&self, text: &[u8]) -> Result<Option<Found>, Torn> {
        let begins = [Before::Whole, Before::Unfinished]
            .into_iter()
            .find_map(|before| line_at(text, 0, self.begin(before).trim_end().as_bytes()).map(|(from, _)| (from, before)));
        let end = self.end();
        match begins {
            None if line_at(text, 0, end.as_bytes()).is_some() => Err(Torn),
            None => Ok(None),
            Some((from, before)) => {
                let (_, to) = line_at(text, from, end.as_bytes()).ok_or(Torn)?;
                Ok(Some(Found { from, to, before }))
            }
        }
    }

    /// The text with the block in it: in the place where it was, else at the end. `lines` end with a line feed.
    pub fn put(&self, text: &[u8], lines: &str) -> Result<Vec<u8>, Torn> {
        let (from, to, before) = match self.find(text)? {
            Some(Found { from, to, before }) => (from, to, before),
            None if text.is_empty() || text.ends_with(b"\n") => (text.len(), text.len(), Before::Whole),
            None => (text.len(), text.len(), Before::Unfinished),
        };
        let mut changed = text[..from].to_vec();
        if from == text.len() && before == Before::Unfinished {
            changed.push(b'\n');
        }
        changed.extend_from_slice(self.begin(before).as_bytes());
        changed.extend_from_slice(lines.as_bytes());
        changed.extend_from_slice(self.end().as_bytes());
        changed.push(b'\n');
        changed.extend_from_slice(&text[to..]);
        Ok(changed)
    }

    /// The text as it was without the block. What others wrote meanwhile, before or behind it, stays.
    pub fn take_out(&self, text: &[u8]) -> Result<Vec<u8>, Torn> {
        let Some(Found { mut from, to, before }) = self.find(text)? else { return Ok(text.to_vec()) };
        // With something behind it, the line feed has become somebody's.
        if before == Before::Unfinished && to == text.len() && text[..from].ends_with(b"\n") {
            from -= 1;
        }
        Ok([&text[..from], &text[to..]].concat())
    }
}

/// Where a whole line stands at or behind `from`: its first byte, and the one behind its line feed.
fn line_at(text: &[u8], from: usize, line: &[u8]) -> Option<(usize, usize)> {
    let mut at = from;
    while at < text.len() {
        let end = text[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |length| at + length + 1);
        let here = &text[at..end];
        if here.strip_suffix(b"\n").unwrap_or(here) == line {
            return Some((at, end));
        }
        at = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use model::port::{Dice, draw};
    use model::testbed::SeededDice;

    use super::*;

    fn mark() -> Mark {
        Mark::new("0123abcd", "trust")
    }

    /// Files of lines as people and programs leave them, ends without line feeds and bytes that are no text included.
    fn drawn_text(dice: &dyn Dice) -> Vec<u8> {
        let pieces: [&[u8]; 8] =
            [b"127.0.0.1 localhost", b"\n", b"\n\n", b"\r\n", b"# comment", b"\xff\x00", b"[profile a]\nregion=x", b" "];
        let [count] = draw::<1>(dice);
        (0..count % 12).flat_map(|_| pieces[usize::from(draw::<1>(dice)[0] % 8)].to_vec()).collect()
    }

    #[test]
    fn what_was_put_in_and_taken_out_is_what_it_was() {
        let dice = SeededDice::new(7);
        for _ in 0..2_000 {
            let text = drawn_text(&dice);
            let once = mark().put(&text, "a\n").unwrap();
            assert_eq!(mark().take_out(&once).unwrap(), text);
            let other = Mark::new("ffffffff", "trust");
            let both = other.put(&once, "b\nc\n").unwrap();
            assert_eq!(mark().put(&both, "a\n").unwrap(), both, "putting it in again changes nothing");
            let changed = mark().put(&both, "x\ny\n").unwrap();
            assert_eq!(mark().take_out(&other.take_out(&changed).unwrap()).unwrap(), text, "in the other order than they came");
        }
    }

    #[test]
    fn what_others_add_stays_a_line_of_its_own() {
        let mut text = mark().put(b"127.0.0.1 localhost", "127.0.0.1 a\n").unwrap();
        text.extend_from_slice(b"10.0.0.1 later\n");
        assert_eq!(mark().take_out(&text).unwrap(), b"127.0.0.1 localhost\n10.0.0.1 later\n");
    }

    #[test]
    fn a_block_that_lost_a_mark_is_not_guessed() {
        let text = String::from_utf8(mark().put(b"x\n", "a\n").unwrap()).unwrap();
        let without_end = text.replace("# <<< outrunner 0123abcd <<<\n", "");
        let without_begin = text.split_once(">>>\n").unwrap().1;
        for torn in [without_end.as_str(), without_begin] {
            assert_eq!(mark().take_out(torn.as_bytes()), Err(Torn), "{torn}");
            assert_eq!(mark().put(torn.as_bytes(), "b\n"), Err(Torn));
        }
    }
}
