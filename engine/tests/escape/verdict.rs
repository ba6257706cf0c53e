//! What is known of an attempt's guards, and the table of all.

use std::io::Write;

use crate::guard::Guard;

/// Whether the guards are the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Without them it works.
    Works,
    /// It fails without them too, or nobody can take them away; and why.
    NotProvable(String),
}

/// A line of the table.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// What was tried.
    pub aim: String,
    /// What stops it.
    pub guards: Vec<Guard>,
    /// Whether that is so.
    pub proof: Proof,
}

/// Prints the table past the test harness, which keeps what passing tests print.
pub fn print(title: &str, verdicts: &[Verdict], neighbour: &str) {
    let mut table = format!("\n{title}: every attempt fails; {neighbour}\n");
    for Verdict { aim, guards, proof } in verdicts {
        let guards: Vec<String> = guards.iter().map(|guard| format!("{guard:?}")).collect();
        let proof = match proof {
            Proof::Works => "proven: it works without them".to_owned(),
            Proof::NotProvable(why) => format!("not provable on this kernel: {why}"),
        };
        table.push_str(&format!("  {aim:<46} {:<44} {proof}\n", guards.join(", ")));
    }
    let proven = verdicts.iter().filter(|verdict| verdict.proof == Proof::Works).count();
    table.push_str(&format!("  {} attempts, {proven} proven, {} not provable\n", verdicts.len(), verdicts.len() - proven));
    say(&table);
}

/// Words that are to be seen whether the tests pass or not.
pub fn say(words: &str) {
    let _ = std::io::stderr().write_all(words.as_bytes());
}
