//! One line on a terminal that is written over until it is final. Where nobody looks, nothing is written.

use std::io::{IsTerminal, Write};

/// The line. It stands on standard error, so that standard output stays for what scripts read.
pub struct LiveLine {
    /// Columns of the terminal; nothing where there is none.
    columns: Option<usize>,
}

/// Of a terminal that does not say how wide it is.
const COLUMNS_DEFAULT: usize = 80;

impl LiveLine {
    /// Writes if both outputs are a terminal: whoever takes the output into a file or a variable wants no company.
    pub fn on_terminal() -> Self {
        let watched = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        Self { columns: watched.then(columns) }
    }

    /// Writes nothing.
    pub const fn off() -> Self {
        Self { columns: None }
    }

    /// Shows a text in place of the one before.
    pub fn draw(&mut self, text: &str) {
        if let Some(columns) = self.columns {
            // A terminal that went away is no reason to end.
            let _ = write!(std::io::stderr(), "\r\x1b[K{}", fitted(text, columns));
        }
    }

    /// Shows the last text, and leaves it there.
    pub fn end(&mut self, text: &str) {
        if self.columns.is_some() {
            self.draw(text);
            let _ = writeln!(std::io::stderr());
        }
    }
}

fn columns() -> usize {
    let size = rustix::termios::tcgetwinsize(std::io::stderr());
    size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0).unwrap_or(COLUMNS_DEFAULT)
}

/// As much as fits on one line, the cursor included. What an application printed may be in it: no control character gets through.
fn fitted(text: &str, columns: usize) -> String {
    let room = columns.saturating_sub(1);
    let plain: Vec<char> = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if plain.len() <= room {
        return plain.into_iter().collect();
    }
    plain.into_iter().take(room.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fits_on_one_line_and_cannot_move_the_cursor() {
        assert_eq!(fitted("short", 80), "short");
        assert_eq!(fitted("0123456789", 10), "01234567…");
        assert_eq!(fitted("a\nb\x1b[2Jc", 80), "a b [2Jc");
        assert_eq!(fitted("anything", 0), "…");
    }
}
