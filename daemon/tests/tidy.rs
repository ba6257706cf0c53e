//! The house style, tested: file headers, lengths, names, and words that have no place here.
//!
//! Reads every `.rs` file of the workspace. What it cannot see (is the name good, is the comment true) stays with the reader.

use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const ROOMS: [&str; 10] = ["model", "api", "registry", "edge", "control", "store", "engine", "shim", "outside", "daemon"];
/// The aim is 300; this is where a file must be split.
const LINES_MAX: usize = 600;
/// The ceiling for a function, from its first line to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;
/// Names that say nothing: a homeless function is a noun not yet found.
const BANNED_NAMES: [&str; 6] = ["utils", "util", "common", "helpers", "manager", "types"];
/// Joined, so that this file does not contain them.
const BANNED_WORDS: [[&str; 2]; 8] = [
    ["todo", "!("],
    ["unimplemented", "!("],
    ["dbg", "!("],
    ["FIX", "ME"],
    ["#[ign", "ore"],
    ["allow(dead", "_code)"],
    ["allow(un", "used"],
    ["crates", ".io"],
];
/// `unsafe` is forbidden outside files whose header says so.
const ALLOWS_UNSAFE: &str = "#![allow(unsafe_code)]";

struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn name(&self) -> String {
        self.path.strip_prefix(ROOT).unwrap_or(&self.path).display().to_string()
    }

    fn is_generated(&self) -> bool {
        self.path.components().any(|part| part.as_os_str() == "shape") && self.text.to_lowercase().contains("generated")
    }
}

fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    for room in ROOMS {
        collect(&Path::new(ROOT).join(room), "rs", &mut paths);
    }
    assert!(paths.len() > 100, "every room was read");
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
        Source { path, text }
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, extension: &str, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the workspace can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, extension, paths);
        } else if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
}

/// Every offence at once: one run tells all.
fn check(offence: impl Fn(&Source) -> Option<String>) {
    let found: Vec<String> =
        sources().iter().filter_map(|source| Some(format!("{}: {}", source.name(), offence(source)?))).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    check(|source| (!source.text.starts_with("//! ")).then(|| "does not open with a //! header".to_owned()));
}

#[test]
fn no_file_is_longer_than_it_may_be() {
    check(|source| {
        let lines = source.text.lines().count();
        (lines > LINES_MAX && !source.is_generated())
            .then(|| format!("has {lines} lines, more than {LINES_MAX}: find the second noun in it"))
    });
}

/// The longest function of a file, as rustfmt lays it out: it ends at the first closing brace of its own indentation.
fn longest_function(text: &str) -> (usize, String) {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| {
        let words = line.split('(').next().unwrap_or_default();
        words.split_whitespace().any(|word| word == "fn") && !line.trim_start().starts_with("//")
    };
    let length = |at: usize| {
        let indent = lines[at].len() - lines[at].trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        lines[at..].iter().position(|line| *line == end).map_or(0, |length| length + 1)
    };
    let declared = |at: usize| lines[at..].iter().take_while(|line| !line.contains('{')).any(|line| line.trim_end().ends_with(';'));
    let functions = (0..lines.len()).filter(|at| begins(lines[*at]) && !declared(*at));
    functions.map(|at| (length(at), lines[at].trim().to_owned())).max().unwrap_or_default()
}

#[test]
fn no_function_is_longer_than_it_may_be() {
    check(|source| {
        let (lines, name) = longest_function(&source.text);
        (lines > FUNCTION_LINES_MAX && !source.is_generated())
            .then(|| format!("{name} has {lines} lines, more than {FUNCTION_LINES_MAX}"))
    });
    assert_eq!(longest_function("fn a() {\n    x();\n}\n\nfn b();\n").0, 3, "the measure itself");
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    check(|source| {
        let stem = source.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        BANNED_NAMES.contains(&stem.as_str()).then(|| format!("the name {stem} says nothing"))
    });
}

/// pytest imports a test by its base name: a second file of that name stops the whole run, though each folder alone is green.
#[test]
fn no_two_python_files_of_the_tests_share_a_name() {
    let mut paths = Vec::new();
    collect(&Path::new(ROOT).join("tests"), "py", &mut paths);
    let mut names: Vec<_> = paths.iter().filter_map(|path| path.file_name()).filter(|name| *name != "conftest.py").collect();
    assert!(names.len() > 50, "the tests were read");
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(twice.is_empty(), "pytest cannot tell these apart: {twice:?}");
}

#[test]
fn no_banned_word_is_in_any_file() {
    check(|source| {
        let word = BANNED_WORDS.iter().map(|halves| halves.concat()).find(|word| source.text.contains(word.as_str()))?;
        Some(format!("contains {word}"))
    });
}

#[test]
fn unsafe_stands_only_in_files_that_say_so_and_say_why() {
    check(|source| {
        let count = |word: &str| source.text.matches(word).count();
        let blocks = count("unsafe {") + count("unsafe impl") + count("unsafe fn") + count("unsafe extern");
        let is_this_file = source.path.ends_with("daemon/tests/tidy.rs");
        if blocks == 0 || is_this_file {
            None
        } else if !source.text.contains(ALLOWS_UNSAFE) {
            Some(format!("has unsafe code without {ALLOWS_UNSAFE}"))
        } else if count("SAFETY:") == 0 {
            Some("has unsafe code without a SAFETY comment".to_owned())
        } else {
            None
        }
    });
}

/// By the settings' names: whoever reads one can end or hold a platform.
#[test]
fn what_tests_stop_a_platform_by_is_in_debug_builds_alone() {
    let main = std::fs::read_to_string(Path::new(ROOT).join("daemon/src/main.rs")).expect("a source file is UTF-8");
    assert!(main.contains("#[cfg(debug_assertions)]\nmod checkpoint;"), "daemon/src/checkpoint.rs is in every build");
    let names = ["OUTRUNNER_ABORT_AT", "OUTRUNNER_CHECKPOINTS"];
    check(|source| {
        let may = source.path.ends_with("daemon/src/checkpoint.rs") || source.path.ends_with("daemon/tests/tidy.rs");
        let name = names.into_iter().find(|name| !may && source.text.contains(name))?;
        Some(format!("contains {name}, which belongs to daemon/src/checkpoint.rs"))
    });
}

#[test]
fn every_room_bans_the_other_rooms_keys() {
    for room in ROOMS {
        let path = Path::new(ROOT).join(room).join("clippy.toml");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(text.contains("disallowed-methods"), "{room}/clippy.toml bans no method");
        let ends_processes = ["daemon", "shim"].contains(&room);
        // A crate's own file replaces the workspace's: the bans that all share are repeated in each.
        assert!(ends_processes || text.contains("std::process::exit"), "{room}/clippy.toml lets the room end the process");
    }
}

/// The versions that a changelog calls released: `## 1.2.3`, whatever follows. `## Unreleased (1.2.3)` is not.
fn released(changelog: &str) -> Vec<&str> {
    let headings = changelog.lines().filter_map(|line| line.strip_prefix("## ")?.split_whitespace().next());
    headings.filter(|word| word.starts_with(|first: char| first.is_ascii_digit())).collect()
}

/// What `tests/golden/make-data-dir` wrote with that version; `tests/faults/test_restore.py` opens every one.
#[test]
fn every_released_version_has_left_a_data_dir_to_the_tests() {
    let read = |name: &str| std::fs::read_to_string(Path::new(ROOT).join(name)).expect("a file of the repository is UTF-8");
    let archive = |version: &str| Path::new(ROOT).join(format!("tests/golden/data-dir-{version}.tar.zst"));
    assert_eq!(
        released("# C\n## Unreleased (0.3.0)\n## 0.2.0 (2027-01-01)\n- x\n## 0.1.0\n"),
        ["0.2.0", "0.1.0"],
        "the measure itself"
    );
    let changelog = read("CHANGELOG.md");
    let missing: Vec<_> = released(&changelog).into_iter().filter(|version| !archive(version).is_file()).collect();
    assert!(missing.is_empty(), "CHANGELOG.md names versions without a golden data dir: {missing:?}");
    assert!(archive("0.1.0").is_file(), "the first one is there");
    assert!(read("tests/faults/test_restore.py").contains("data-dir-"), "a test opens them");
}

/// Where signatures, passwords and links are verified: whoever may ask as often as he likes must not learn from the time that it takes how much of one was right.
const VERIFIES: [&str; 4] =
    ["api/src/sigv4.rs", "api/src/sigv4/named_payload.rs", "registry/src/layer_link.rs", "registry/src/login.rs"];
/// What is compared there in constant time or not at all.
const PROOFS: [&str; 5] = ["signature", "secret", "password", "told", "hmac"];
/// How a comparison is written that ends with the first difference.
const COMPARES: [&str; 6] = [" == ", " != ", ".eq(", ".ne(", "starts_with(", ".cmp("];

/// The lines that compare a proof so. Comments, texts and tests are not looked at.
fn early_ends(text: &str) -> Vec<&str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let bare = |line: &str| line.split('"').step_by(2).collect::<String>().split("//").next().unwrap_or_default().to_lowercase();
    let compares = |line: &&str| {
        let bare = bare(line);
        COMPARES.iter().any(|sign| bare.contains(sign)) && PROOFS.iter().any(|proof| bare.contains(proof))
    };
    code.lines().filter(compares).collect()
}

#[test]
fn nothing_that_proves_who_calls_is_compared_by_an_operator_that_ends_with_the_first_difference() {
    let mut read = 0;
    check(|source| {
        let name = source.name();
        let name = name.trim_start_matches("../");
        let found = early_ends(&source.text);
        (VERIFIES.contains(&name) && !found.is_empty()).then(|| format!("compares a proof early: {found:?}"))
    });
    for source in sources().iter().filter(|source| VERIFIES.iter().any(|file| source.path.ends_with(file))) {
        let verifies =
            ["verify_slices_are_equal", "hmac::verify(", "sigv4_validate_request("].iter().any(|way| source.text.contains(way));
        assert!(verifies, "{} verifies in no way that is known here", source.name());
        read += 1;
    }
    assert_eq!(read, VERIFIES.len(), "every one of them is there");
    assert_eq!(early_ends("    if signature == told {\n").len(), 1, "the measure itself");
}
