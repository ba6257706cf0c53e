//! Names of fields in log lines and spans: one name for one thing in every room, so that a search finds all of it.
//!
//! Reads every `tracing` macro of the rooms' sources. Source of truth: docs/logging.md.

use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const ROOMS: [&str; 8] = ["api", "registry", "edge", "control", "store", "engine", "outside", "daemon"];
const MACROS: [&str; 6] = ["info!(", "warn!(", "error!(", "debug!(", "trace!(", "info_span!("];
/// Other names for what has a name in docs/logging.md.
const OTHERWISE_CALLED: [(&str, &str); 9] = [
    ("error", "cause"),
    ("trouble", "cause"),
    ("failure", "cause"),
    ("why", "cause"),
    ("service_id", "service"),
    ("id", "service, operation or instance"),
    ("operation_id", "operation"),
    ("took_ms", "seconds"),
    ("elapsed", "seconds"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a room's folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The arguments of a macro call that begins behind its opening parenthesis, cut at its own commas.
fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut escaped, mut begin) = (1, false, false, 0);
    let mut found = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 1 => {
                found.push(&text[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
        if depth == 0 {
            found.push(&text[begin..at]);
            break;
        }
    }
    found
}

/// The field that an argument names; nothing for a message or an option of the macro.
fn field(argument: &str) -> Option<&str> {
    let text = argument.trim().trim_start_matches(['%', '?']);
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '.')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_field = !name.is_empty() && !rest.starts_with(':') && (rest.trim().is_empty() || rest.trim_start().starts_with('='));
    is_field.then_some(name)
}

#[test]
fn a_thing_has_one_name_in_the_lines_of_all_rooms() {
    let (mut files, mut read, mut wrong) = (Vec::new(), 0, Vec::new());
    ROOMS.iter().for_each(|room| sources(&Path::new(ROOT).join(room).join("src"), &mut files));
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
        for (at, _) in text.match_indices("tracing::") {
            let call = &text[at + "tracing::".len()..];
            let Some(begin) = MACROS.iter().find_map(|name| call.strip_prefix(name)) else { continue };
            for name in arguments(begin).into_iter().filter_map(field) {
                read += 1;
                let better = OTHERWISE_CALLED.iter().find(|(other, _)| *other == name).map(|(_, better)| *better);
                let better = better.or(name.contains('.').then_some("a name without a dot"));
                wrong.extend(better.map(|better| format!("{}: the field {name} is called {better}", path.display())));
            }
        }
    }
    assert!(read > 150, "the macros were read: {read}");
    assert!(wrong.is_empty(), "docs/logging.md has the names ('cause = %error'):\n{}", wrong.join("\n"));
}

#[test]
fn fields_are_told_from_messages_and_options() {
    let call = r#"name: "x", service = %a.b(c, d), %gateway, count = f("a, b)"), "a message, {x}", late)"#;
    let found: Vec<_> = arguments(call).into_iter().filter_map(field).collect();
    assert_eq!(found, ["service", "gateway", "count", "late"]);
}
