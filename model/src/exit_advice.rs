//! What an instance's end means and what its owner can do, from its code or signal and its last lines.
//!
//! Never certain: a line is quoted or paraphrased, nobody is told that it must be so. Source of the meanings: the exit codes that
//! shells give (POSIX shell, section 2.8.2), signal(7), and the sentences of the loaders and languages that images are made of.

use crate::instance::ExitCause;

/// A sentence or two; none where the code says all that is known.
pub(crate) fn advice(how: &ExitCause, last_lines: &[String]) -> Option<String> {
    match how {
        ExitCause::Code(code) => of_lines(last_lines).or_else(|| of_code(*code)),
        ExitCause::Signal(signal) => of_lines(last_lines).or_else(|| of_signal(*signal).map(|(_, words)| words.to_owned())),
        ExitCause::OutOfMemory | ExitCause::NeverStarted(_) | ExitCause::EngineTrouble(_) | ExitCause::Lost => None,
    }
}

/// ` (SIGSEGV)`, where people have a name for it.
pub(crate) fn signal_name(signal: i32) -> String {
    of_signal(signal).map_or_else(String::new, |(name, _)| format!(" ({name})"))
}

fn of_code(code: i32) -> Option<String> {
    let words = match code {
        0 => "It ended by itself, without an error: the process of a service goes on for as long as the service does.",
        126 => "That is how a shell says that a command may not be executed. Give it the mode 755.",
        127 => "That is how a shell says that it did not find a command. Check the names in the start command or script.",
        129..=192 => {
            let (name, words) = of_signal(code - 128)?;
            return Some(format!("That is how a shell says that a command was ended by {name}. {words}"));
        }
        _ => return None,
    };
    Some(words.to_owned())
}

fn of_signal(signal: i32) -> Option<(&'static str, &'static str)> {
    Some(match signal {
        4 => (
            "SIGILL",
            "It used an instruction that this processor does not have: perhaps it, or a library of it, is built for a newer one.",
        ),
        6 => ("SIGABRT", "It gave up by itself, as programs do that find themselves in a state that cannot be."),
        7 => ("SIGBUS", "It used memory that is not there: perhaps a file that it maps was cut, or /dev/shm is full."),
        8 => ("SIGFPE", "It divided by zero or the like."),
        9 => ("SIGKILL", "Somebody ended it by force: itself, a process in it, or a person on this machine."),
        11 => ("SIGSEGV", "It used memory that is not its own: a bug in it or in a library of it."),
        13 => ("SIGPIPE", "It wrote to somebody who had gone."),
        15 => ("SIGTERM", "It was asked to end."),
        31 => ("SIGSYS", "It made a system call that instances may not make, a 32-bit one perhaps."),
        _ => return None,
    })
}

/// By a line that says it better than any code. The last such line counts.
fn of_lines(lines: &[String]) -> Option<String> {
    lines.iter().rev().find_map(|line| of_line(line))
}

fn of_line(line: &str) -> Option<String> {
    let after = |words: &str| line.split_once(words).map(|(_, rest)| rest.trim());
    let until = |text: &str, ends: &[char]| text.split(ends).next().unwrap_or_default().trim().to_owned();
    let library = after("error while loading shared libraries: ").or_else(|| after("Error loading shared library "));
    if let Some(library) = library.map(|rest| until(rest, &[':'])) {
        return Some(format!(
            "The program needs the library {library}, which its image does not have. Install the package that has it."
        ));
    }
    if let Some(version) = after("version `").filter(|_| line.contains("' not found")) {
        let version = until(version, &['\'']);
        return Some(format!(
            "The program was built with a newer library ({version}) than its image has. Build it in the image that runs it."
        ));
    }
    if line.starts_with("Error relocating ") {
        return Some(
            "The program was built for another C library than its image has. Build it in the image that runs it.".to_owned(),
        );
    }
    if let Some(module) = after("ModuleNotFoundError: No module named ") {
        let module = module.trim_matches(['\'', '"']);
        return Some(format!("The image has no Python module {module}. Install it when the image is built."));
    }
    if let Some(module) = after("Error: Cannot find module ") {
        let module = module.trim_matches(['\'', '"']);
        return Some(format!("The image has no Node.js module {module}. Install it when the image is built."));
    }
    if line.contains("No space left on device") || line.contains("Disk quota exceeded") {
        // Said of small file systems in memory and of file watches too; whether it was the disk, an event of its own says.
        let words = "Something that it writes to was full: its disk, where an event of the service says so; else /dev/shm or /run, which \
                     hold 64 MB each, or it had as many file watches as it may.";
        return Some(words.to_owned());
    }
    if line.contains("ddress already in use") {
        return Some("Something in the instance listens on that port already: perhaps the program is started twice.".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(how: ExitCause, lines: &[&str], expected: Option<&str>) {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let words = advice(&how, &lines);
        match expected {
            Some(part) => assert!(words.as_ref().is_some_and(|words| words.contains(part)), "{how:?} {lines:?}: {words:?}"),
            None => assert_eq!(words, None, "{how:?} {lines:?}"),
        }
    }

    #[test]
    fn what_a_code_a_signal_or_a_line_means_is_said() {
        use ExitCause::{Code, OutOfMemory, Signal};
        check(Code(1), &["no idea"], None);
        check(Code(0), &[], Some("by itself"));
        check(Code(126), &["sh: ./run: Permission denied"], Some("mode 755"));
        check(Code(127), &["sh: 1: gunicorn: not found"], Some("did not find a command"));
        check(Code(139), &["Segmentation fault"], Some("SIGSEGV"));
        check(Code(255), &[], None);
        check(Signal(4), &[], Some("newer one"));
        check(Signal(31), &[], Some("32-bit"));
        check(Signal(40), &[], None);
        check(OutOfMemory, &["ddress already in use"], None);
        let glibc =
            "/app: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory";
        check(Code(127), &[glibc], Some("library libpq.so.5, which"));
        let musl = "Error loading shared library libpq.so.5: No such file or directory (needed by /app)";
        check(Code(127), &[musl], Some("library libpq.so.5, which"));
        let old = "/app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app)";
        check(Code(1), &[old], Some("newer library (GLIBC_2.38)"));
        check(Code(1), &["ModuleNotFoundError: No module named 'flask'", "and more"], Some("Python module flask."));
        check(Code(1), &["Error: Cannot find module 'express'"], Some("module express."));
        check(Code(1), &["OSError: [Errno 28] No space left on device"], Some("its disk, where an event of the service says so"));
        check(Code(1), &["OSError: [Errno 98] Address already in use"], Some("listens on that port already"));
    }
}
