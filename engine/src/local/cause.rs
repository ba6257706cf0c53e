//! Why an instance never began, in its owner's words, from the runtime's.
//! Never hides what the runtime said: where nothing fits, its own words are shown.
//! Source of truth: messages of runc 1.1 and 1.3, as seen (the tests hold them).

use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    level: String,
    msg: String,
}

/// From the end of the runtime's log, or from words that are plain already.
pub fn of_runtime(complaint: &str) -> String {
    let mut lines = complaint.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    let Some(last) = lines.rfind(|line| line.level == "error" || line.level == "fatal") else {
        return complaint.to_owned();
    };
    let message = last.msg.as_str();
    let program = program(message);
    if message.contains("executable file not found in $PATH") {
        return format!("The image has no command {program}. Check the start command, or the image's own.");
    }
    if message.contains("no such file or directory") && message.contains("exec: ") {
        return format!("The image has no file {program}. Check the start command, or the image's own.");
    }
    if message.contains("permission denied") && message.contains("exec: ") {
        return format!("The image's file {program} may not be executed. Give it the mode 755.");
    }
    if message.contains("exec format error") {
        return wrong_format(&program);
    }
    format!("The runtime could not start the instance: {message}")
}

/// A first process that ended because the kernel could not run its file: the runtime had let go of it already, so the
/// words stand in the log.
pub fn of_exec(code: i32, last_lines: &[String]) -> Option<String> {
    let line = last_lines.last().filter(|_| code == 1)?;
    let told = line.contains("exec format error") && (line.starts_with("exec ") || line.contains("exec user process"));
    told.then(|| wrong_format(&program(line)))
}

/// Words with an image's own names in them, as a terminal and a log may show them: no control characters, and no longer
/// than so many bytes.
pub fn in_plain_letters(words: &str, bytes_max: usize) -> String {
    let mut plain = String::new();
    for letter in words.chars() {
        let before = plain.len();
        match letter {
            // Invisible, or changing the direction in which the rest is read.
            control if control.is_control() => plain.extend(control.escape_default()),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => plain.extend(letter.escape_unicode()),
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

fn wrong_format(program: &str) -> String {
    format!(
        "This machine cannot run the image's file {program}: it is built for another processor, or it is a script without a first line like '#!/bin/sh'."
    )
}

/// The file that a message is about: quoted after `exec: `, or plain after `exec `.
fn program(message: &str) -> String {
    let quoted = message.split("exec: \"").nth(1).and_then(|rest| rest.split('"').next());
    let plain = || message.split("exec ").nth(1).and_then(|rest| rest.split(':').next());
    quoted.or_else(plain).unwrap_or("that was asked for").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: &str) {
        let line = serde_json::json!({ "level": "error", "msg": message, "time": "x" }).to_string();
        let words = of_runtime(&line);
        assert!(words.contains(expected), "{words}");
    }

    #[test]
    fn the_runtimes_messages_become_an_owners_words() {
        let run = "runc run failed: unable to start container process";
        check(&format!("{run}: exec: \"nope\": executable file not found in $PATH"), "has no command nope.");
        check(&format!("{run}: exec: \"/nope\": stat /nope: no such file or directory"), "has no file /nope.");
        check(&format!("{run}: exec: \"/x\": permission denied"), "/x may not be executed");
        check("something new", "could not start the instance: something new");
        assert_eq!(of_runtime("The image is broken."), "The image is broken.");
    }

    #[test]
    fn what_an_image_says_cannot_move_the_cursor_or_fill_the_page() {
        assert_eq!(in_plain_letters("it's a\u{1b}[2Jb\r\n\u{202e}ü", 99), "it's a\\u{1b}[2Jb\\r\\n\\u{202e}ü");
        assert_eq!(in_plain_letters("abcdef", 6), "abcdef");
        assert_eq!(in_plain_letters("abcdefg", 6), "abcdef…");
        assert_eq!(in_plain_letters("abcde\n", 6), "abcde…");
    }

    #[test]
    fn a_file_that_the_kernel_cannot_run_is_told_from_an_exit() {
        let told = vec!["exec /app: exec format error".to_owned()];
        assert!(of_exec(1, &told).unwrap().contains("/app"));
        assert_eq!(of_exec(2, &told), None);
        assert_eq!(of_exec(1, &["an app that says exec format error".to_owned()]), None);
    }
}
