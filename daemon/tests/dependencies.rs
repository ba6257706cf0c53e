//! Gates on what comes from outside: licences we may ship, one TLS provider, no OpenSSL.

use std::process::Command;

use cargo_metadata::MetadataCommand;

/// Every licence expression in the tree must be satisfiable with these alone.
const LICENCES: [&str; 13] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "CDLA-Permissive-2.0",
    "Unlicense",
    "0BSD",
    "BSL-1.0",
];
/// Would bring a second TLS provider or a C library that hosts patch on their own.
const NEVER: [&str; 4] = ["ring", "openssl-sys", "native-tls", "openssl"];
const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");

/// Whether a licence expression can be met. Understands `OR`, `AND`, parentheses and the old slash.
fn satisfiable(expression: &str) -> bool {
    let text = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "_WITH_");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    let met = any(&words, &mut at);
    assert_eq!(at, words.len(), "the licence expression {expression} is not understood");
    met
}

fn any(words: &[&str], at: &mut usize) -> bool {
    let mut met = all(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at);
    }
    met
}

fn all(words: &[&str], at: &mut usize) -> bool {
    let mut met = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at);
    }
    met
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let word = words[*at];
    *at += 1;
    if word == "(" {
        let met = any(words, at);
        assert_eq!(words.get(*at), Some(&")"));
        *at += 1;
        return met;
    }
    LICENCES.contains(&word.replace("_WITH_", " WITH ").as_str())
}

#[test]
fn every_dependency_has_a_licence_that_we_may_ship() {
    let mut command = MetadataCommand::new();
    let options = ["--offline", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"].map(str::to_owned);
    command.manifest_path(MANIFEST).other_options(options.to_vec());
    let metadata = command.exec().expect("cargo metadata works offline once everything is fetched");
    assert!(metadata.packages.len() > 100, "the whole tree was read");
    for package in &metadata.packages {
        let licence = package.license.as_deref().unwrap_or("none");
        assert!(satisfiable(licence), "{} {} has the licence {licence}", package.name, package.version);
    }
}

#[test]
fn there_is_one_tls_provider_and_no_openssl() {
    for name in NEVER {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--locked",
                "--workspace",
                "--target",
                "all",
                "--edges",
                "all",
                "--manifest-path",
                MANIFEST,
                "-i",
                name,
            ])
            .output()
            .expect("cargo runs");
        let (tree, words) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // Absent altogether, or in the lock file for a feature that nobody turns on. Any other word means that the tree was not read.
        let read = words.contains("did not match any packages") || words.contains("nothing to print");
        assert!(read || !tree.is_empty(), "cargo tree could not answer (make test fetches everything first): {words}");
        assert!(tree.trim().is_empty(), "{name} is in the tree:\n{tree}");
    }
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    for (expression, met) in [
        ("MIT", true),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0", false),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
    ] {
        assert_eq!(satisfiable(expression), met, "{expression}");
    }
}
