//! Words of strangers, as a terminal and a log may show them.
//! Never shortens what is short, and never hides that something was cut.

/// Words with an image's own names in them, as a terminal and a log may show them: no control characters, and no longer
/// than so many bytes.
pub fn in_plain_letters(words: &str, bytes_max: usize) -> String {
    let mut plain = String::new();
    for letter in words.chars() {
        let before = plain.len();
        match letter {
            // Invisible, or changing the direction in which the rest is read.
            control if control.is_control() => plain.extend(control.escape_default()),
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}' => {
                plain.extend(letter.escape_unicode());
            }
            '\u{2066}'..='\u{2069}' | '\u{feff}' => plain.extend(letter.escape_unicode()),
            visible => plain.push(visible),
        }
        if plain.len() > bytes_max {
            plain.truncate(before);
            plain.push('…');
            break;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_image_says_cannot_move_the_cursor_or_fill_the_page() {
        assert_eq!(in_plain_letters("it's a\u{1b}[2Jb\r\n\u{202e}ü", 99), "it's a\\u{1b}[2Jb\\r\\n\\u{202e}ü");
        assert_eq!(in_plain_letters("a\u{61c}\u{ad}\u{feff}\u{2060}b", 99), "a\\u{61c}\\u{ad}\\u{feff}\\u{2060}b");
        assert_eq!(in_plain_letters("abcdef", 6), "abcdef");
        assert_eq!(in_plain_letters("abcdefg", 6), "abcdef…");
        assert_eq!(in_plain_letters("abcde\n", 6), "abcde…");
    }
}
