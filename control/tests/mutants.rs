//! The mutants of `tests/soak/mutants` fit the code as it is: otherwise the soak says so a week later. That the simulation finds them is the soak's own to see.

use std::path::Path;
use std::process::Command;

#[test]
#[expect(clippy::disallowed_methods, reason = "the mutants are another program's, and no part of any platform")]
fn every_mutant_finds_the_rule_that_it_breaks_exactly_once() {
    let program = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/soak/mutants"));
    let looked = Command::new("python3").arg(program).arg("look").output().expect("python3 is there, as for all tests");
    assert!(looked.status.success(), "{}", String::from_utf8_lossy(&looked.stderr));
}
