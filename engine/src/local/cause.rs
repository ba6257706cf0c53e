//! Why an instance never began, in its owner's words, from the runtime's and from the image.
//! Never hides what the runtime said: where nothing fits, its own words are shown. Never blames an owner for what no owner
//! can mend: what is not known to be the image's is ours.
//! Source of truth: messages of runc 1.1 and 1.3, crun 1.8 and runsc, as seen (the tests hold them).

use serde::Deserialize;

use crate::local::program::Program;

#[derive(Deserialize)]
struct Line {
    level: String,
    msg: String,
}

/// Whose fault it is that an instance never began, in words for its owner.
#[derive(Debug, PartialEq, Eq)]
pub enum NeverBegan {
    /// The image's, or the service's start command's.
    Owners(String),
    /// Ours or this machine's.
    Engines(String),
}

/// From what the shim wrote down: the end of the runtime's log, or words of its own. `program` is what was to run.
pub fn of_runtime(complaint: &str, program: Option<&Program>) -> NeverBegan {
    let mut lines = complaint.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    let Some(last) = lines.rfind(|line| line.level == "error" || line.level == "fatal") else {
        return NeverBegan::Engines(complaint.to_owned());
    };
    let message = last.msg.as_str();
    let says = |any: &[&str]| any.iter().any(|words| message.contains(words));
    if says(&PROGRAM_WORDS) {
        return NeverBegan::Owners(program.and_then(Program::fault).unwrap_or_else(|| program_words(message)));
    }
    if says(&["argument list too long", "Argument list too long"]) {
        let words = "The start command and the environment variables are too long together for any program. Shorten them.";
        return NeverBegan::Owners(words.to_owned());
    }
    if let Some(program) = program.filter(|_| says(&["chdir", "mkdir", "cwd"]) && says(&FOLDER_WORDS)) {
        let folder = program.cwd.display();
        return NeverBegan::Owners(format!(
            "The image's working directory {folder} cannot be entered: it is no folder, or its user may not enter it. Correct WORKDIR."
        ));
    }
    if says(&["cgroup"]) {
        return NeverBegan::Engines(format!("a limit cannot be set, perhaps as the kernel lacks a control group: {message}"));
    }
    NeverBegan::Engines(message.to_owned())
}

/// What runtimes say of a program that does not run: runc, crun and runsc, in this order.
const PROGRAM_WORDS: [&str; 9] = [
    "executable file not found in $PATH",
    "exec: \"",
    "process: exec /",
    "exec format error",
    "executable file `",
    "open executable:",
    "exec container process",
    "error finding executable",
    ": failed to load /",
];

/// What they say of a folder that nobody can be in.
const FOLDER_WORDS: [&str; 4] =
    ["ot a directory", "ermission denied", "o such file or directory", "oo many levels of symbolic links"];

/// Where the image shows no fault, or is not there any more.
fn program_words(message: &str) -> String {
    let program = quoted(message).unwrap_or_else(|| "that was asked for".to_owned());
    let says = |words: &str| message.to_lowercase().contains(words);
    if says("exec format error") {
        format!(
            "This machine cannot run the image's file {program}: it is built for another processor, or it is a script without a first line like '#!/bin/sh'."
        )
    } else if says("permission denied") || says("not permitted") {
        format!("The image's file {program} may not be executed. Give it the mode 755.")
    } else if says("not found") || says("finding") || says("no such file") {
        format!("The image has no command {program}. Check the start command, or the image's own.")
    } else {
        format!("The image's command {program} does not start: {message}")
    }
}

/// A first process that ended because the kernel could not run its file: the runtime had let go of it already, so the
/// words stand in the log, and nothing else does.
pub fn of_exec(code: i32, last_lines: &[String], program: impl FnOnce() -> Option<Program>) -> Option<String> {
    let [line] = last_lines else { return None };
    // crun writes it as it writes its log.
    let message = serde_json::from_str::<Line>(line).map_or_else(|_| line.clone(), |line| line.msg);
    let told = (message.starts_with("exec ") || message.contains("exec user process"))
        && ["exec format error", "no such file or directory", "permission denied"]
            .iter()
            .any(|why| message.to_lowercase().ends_with(why));
    (told && matches!(code, 1 | 126 | 127 | 255))
        .then(|| program().and_then(|program| program.fault()).unwrap_or_else(|| program_words(&message)))
}

/// The file that a message is about: in quotes of whatever kind, or plain after `exec `.
fn quoted(message: &str) -> Option<String> {
    let within = |mark: char| message.split(mark).nth(1).map(str::to_owned);
    let plain = || message.split("exec ").nth(1).and_then(|rest| rest.split(':').next()).map(str::to_owned);
    let loaded = || message.split("failed to load ").nth(1).and_then(|rest| rest.split(':').next()).map(str::to_owned);
    within('"').or_else(|| within('`')).or_else(loaded).or_else(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: Result<&str, &str>) {
        let line = serde_json::json!({ "level": "error", "msg": message, "time": "x" }).to_string();
        match (of_runtime(&line, None), expected) {
            (NeverBegan::Owners(words), Ok(part)) | (NeverBegan::Engines(words), Err(part)) => {
                assert!(words.contains(part), "{message}: {words}");
            }
            (other, expected) => panic!("{message}: {other:?}, not {expected:?}"),
        }
    }

    #[test]
    fn the_runtimes_messages_become_an_owners_words() {
        let runc = "runc run failed: unable to start container process";
        check(&format!("{runc}: exec: \"nope\": executable file not found in $PATH"), Ok("has no command nope."));
        check(&format!("{runc}: exec: \"/nope\": stat /nope: no such file or directory"), Ok("has no command /nope."));
        check(&format!("{runc}: exec: \"/x\": permission denied"), Ok("/x may not be executed"));
        check("executable file `nope` not found in $PATH: No such file or directory", Ok("has no command nope."));
        check("open executable: Permission denied", Ok("may not be executed"));
        check("exec container process `/x`: Exec format error", Ok("cannot run the image's file /x"));
        let runsc = "running container: starting container: starting root container: starting sandbox";
        check(
            &format!("{runsc}: error finding executable \"nope\" in PATH [/bin]: no such file or directory"),
            Ok("no command nope"),
        );
        check(&format!("{runsc}: creating process: failed to load /x: permission denied"), Ok("/x may not be executed"));
        let inside =
            "executing processes for container: executing command \"/x\" in sandbox: failed to load /x: no such file or directory";
        check(inside, Ok("no command /x"));
    }

    #[test]
    fn what_is_not_the_owners_is_said_to_be_ours() {
        let runc = "runc run failed: unable to start container process: error during container init";
        check(
            &format!("{runc}: error setting cgroup config for procHooks process: cannot set pids limit"),
            Err("a limit cannot be set"),
        );
        check("something new", Err("something new"));
        let own = "/nowhere/runc does not start: No such file or directory (os error 2)";
        assert_eq!(of_runtime(own, None), NeverBegan::Engines(own.to_owned()));
    }

    #[test]
    fn a_file_that_the_kernel_cannot_run_is_told_from_an_exit() {
        let line = |text: &str| vec![text.to_owned()];
        let of = |code, lines: &[String]| of_exec(code, lines, || None);
        assert!(of(1, &line("exec /app: exec format error")).unwrap().contains("/app"));
        assert!(of(1, &line("exec /app: no such file or directory")).unwrap().contains("/app"));
        let crun =
            r#"{"msg":"exec container process (missing dynamic library?) `/app`: No such file or directory","level":"error"}"#;
        assert!(of(1, &line(crun)).unwrap().contains("/app"));
        assert_eq!(of(2, &line("exec /app: exec format error")), None);
        assert_eq!(of(1, &line("an app that says exec format error")), None);
        let after_others = ["hello".to_owned(), "exec /app: exec format error".to_owned()];
        assert_eq!(of(1, &after_others), None, "who has printed something was run");
    }
}
