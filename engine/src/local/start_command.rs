//! A start command's words, split as a shell would split them: blanks, quotes, backslashes.
//! Never expands, substitutes or runs anything: `$HOME`, `|` and `;` are letters like any other.
//! Source of truth: POSIX shell, section 2.2 (quoting).

/// Splits. `Err` says what is wrong, for the service's owner.
pub fn words(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '\'' => single_quoted(&mut letters, word.get_or_insert_default())?,
            '"' => double_quoted(&mut letters, word.get_or_insert_default())?,
            '\\' => {
                let next = letters.next().ok_or("The start command ends with a backslash.")?;
                word.get_or_insert_default().push(next);
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    if words.is_empty() { Err("The start command is empty.".to_owned()) } else { Ok(words) }
}

fn single_quoted(letters: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), String> {
    loop {
        match letters.next().ok_or("The start command has a ' without its partner.")? {
            '\'' => return Ok(()),
            other => word.push(other),
        }
    }
}

fn double_quoted(letters: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), String> {
    let unended = "The start command has a \" without its partner.";
    loop {
        match letters.next().ok_or(unended)? {
            '"' => return Ok(()),
            '\\' => match letters.next().ok_or(unended)? {
                escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            other => word.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_splits_them_and_nothing_is_expanded() {
        let cases: &[(&str, &[&str])] = &[
            ("gunicorn app:app", &["gunicorn", "app:app"]),
            ("  a\t b\nc  ", &["a", "b", "c"]),
            ("echo 'two words' \"and two\"", &["echo", "two words", "and two"]),
            (r#"a\ b "c\"d" 'e\f'"#, &["a b", "c\"d", r"e\f"]),
            (r#""\n""#, &[r"\n"]),
            ("''", &[""]),
            ("a''b\"c\"", &["abc"]),
            ("sh -c 'echo $HOME && ls'", &["sh", "-c", "echo $HOME && ls"]),
            ("x $PORT; rm -rf / | `id` > y", &["x", "$PORT;", "rm", "-rf", "/", "|", "`id`", ">", "y"]),
        ];
        for (command, expected) in cases {
            assert_eq!(words(command).unwrap(), *expected, "{command}");
        }
    }

    #[test]
    fn an_unended_command_is_said_to_be_one() {
        for command in ["", "  ", "a 'b", "a \"b", "a \\", "\"a\\"] {
            assert!(words(command).is_err(), "{command}");
        }
    }
}
