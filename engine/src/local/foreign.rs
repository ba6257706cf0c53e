//! Other people's firewalls on this machine (Docker's, ufw's, an administrator's): a drop in any table wins, so where theirs drop
//! what they do not know, rules of ours stand in front for the instances' bridges.
//! Never lets more through than our own table allows: that is asked as well. Never changes a table that is not iptables' own; of others it tells.
//! Source of truth: the engine recipe, section 6; `nft -j list chains`, where the tables of iptables-nft are seen too.

use std::fs;
use std::io;
use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

use crate::limit::{FIREWALL, RULE_COPIES};
use crate::local::firewall::nft;
use crate::local::premises::Premises;
use crate::local::runtime::PROGRAM_FOLDERS;

/// In the run folder as soon as a rule of ours may stand in a table of others.
const FOREIGN_FILE: &str = "foreign";
/// The kernel's list of tables of the iptables from before nftables.
const LEGACY_TABLES: &str = "/proc/net/ip_tables_names";
const NOBODY: &str = "no other firewall drops what it does not know";

/// What others' firewalls do with what they do not know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreign {
    /// Chains of iptables that drop: the program that keeps them, and the chain into which a rule of ours belongs.
    pub chains: Vec<(&'static str, &'static str)>,
    /// Tables that we cannot put a rule into, in words.
    pub others: Vec<String>,
}

impl Foreign {
    /// Looks. Starts one process, and one more where the machine has the old iptables' tables.
    pub async fn look(own_table: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let listing = nft(&["-j", "list", "chains"], String::new()).await?;
        let mut found = Self::read(&listing, own_table)?;
        if fs::read_to_string(LEGACY_TABLES).is_ok_and(|tables| tables.lines().any(|table| table == "filter")) {
            let rules = run("iptables-legacy", &["-S"]).await.unwrap_or_default();
            found.add_iptables("iptables-legacy", &|words| rules.lines().any(|line| line == words));
        }
        Ok(found)
    }

    fn read(listing: &str, own_table: &str) -> Result<Self, serde_json::Error> {
        let listing: Value = serde_json::from_str(listing)?;
        let chains: Vec<&Value> = listing["nftables"].as_array().into_iter().flatten().map(|item| &item["chain"]).collect();
        let is = |chain: &&&Value, member: &str, value: &str| chain[member].as_str() == Some(value);
        // Iptables' own chains are known by name and hook: an administrator's table may have the name of theirs.
        let in_iptables = |chain: &&&Value| {
            let hook = match chain["name"].as_str() {
                Some("INPUT") => Some("input"),
                Some("FORWARD") => Some("forward"),
                Some("OUTPUT") => Some("output"),
                Some(_) | None => None,
            };
            is(chain, "family", "ip") && is(chain, "table", "filter") && chain["hook"].as_str() == hook
        };
        let mut found = Self::default();
        found.add_iptables("iptables", &|words| match words.split_once(" DROP") {
            Some((policy, _)) => {
                let name = policy.trim_start_matches("-P ");
                chains.iter().filter(in_iptables).any(|chain| is(&chain, "name", name) && is(&chain, "policy", "drop"))
            }
            None => chains.iter().filter(in_iptables).any(|chain| is(&chain, "name", words.trim_start_matches("-N "))),
        });
        for chain in chains.iter().filter(|chain| !in_iptables(chain) && is(chain, "policy", "drop")) {
            let [family, table, hook] = ["family", "table", "hook"].map(|member| chain[member].as_str().unwrap_or("?"));
            if matches!(hook, "input" | "forward") && matches!(family, "ip" | "inet") && table != own_table {
                found.others.push(format!("the table {family} {table} drops what it does not know ({hook})"));
            }
        }
        let firewalld = chains.iter().any(|chain| is(&chain, "family", "inet") && is(&chain, "table", "firewalld"));
        if firewalld {
            found.others.push("firewalld rejects what it does not know".to_owned());
        }
        found.others.sort();
        found.others.dedup();
        Ok(found)
    }

    /// `has` knows whether a line of `iptables -S` is there.
    fn add_iptables(&mut self, program: &'static str, has: &dyn Fn(&str) -> bool) {
        if has("-P FORWARD DROP") {
            // Docker leaves this chain alone when it makes its own anew.
            self.chains.push((program, if has("-N DOCKER-USER") { "DOCKER-USER" } else { "FORWARD" }));
        }
        if has("-P INPUT DROP") {
            self.chains.push((program, "INPUT"));
        }
    }

    /// In words.
    pub fn sentence(&self) -> String {
        let chains = self.chains.iter().map(|(program, chain)| match *chain {
            "INPUT" => format!("{program} drops what comes to this machine"),
            _ => format!("{program} drops what is forwarded (rules of ours go into {chain})"),
        });
        let all: Vec<String> = chains.chain(self.others.iter().cloned()).collect();
        if all.is_empty() { NOBODY.to_owned() } else { all.join("; ") }
    }
}

/// Our rules for a chain, without the command that adds or removes them.
fn rules(premises: &Premises, chain: &str) -> Vec<Vec<String>> {
    let (bridges, comment) = (premises.bridges().replace('*', "+"), premises.table());
    let rule = |words: &[&str]| {
        let words = words.iter().copied().chain(["-m", "comment", "--comment", &comment, "-j", "ACCEPT"]);
        words.map(str::to_owned).collect()
    };
    let from = rule(&["-i", &bridges]);
    if chain == "INPUT" {
        return vec![from];
    }
    vec![from, rule(&["-o", &bridges, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED"])]
}

/// What has come of putting our rules into others' chains.
#[derive(Debug, Default)]
pub struct Passed {
    /// Those that got some.
    pub chains: Vec<&'static str>,
    /// Those that did not, in words.
    pub refused: Vec<String>,
}

/// Puts our rules in front where they are missing. One that others' programs refuse keeps none of the others.
pub async fn let_through(premises: &Premises, foreign: &Foreign) -> io::Result<Passed> {
    let mut passed = Passed::default();
    for (program, chain) in &foreign.chains {
        for rule in rules(premises, chain) {
            let with = |command: &str| -> Vec<String> {
                ["--wait", command, chain].into_iter().map(str::to_owned).chain(rule.iter().cloned()).collect()
            };
            match run(program, &with("--check")).await {
                Ok(_) => continue,
                Err(refused) if refused.means_absence() => {}
                Err(refused) => {
                    passed.refused.push(format!("{chain}: {}", refused.error));
                    continue;
                }
            }
            fs::write(premises.run().join(FOREIGN_FILE), "")?;
            match run(program, &with("--insert")).await {
                Ok(_) if passed.chains.contains(chain) => {}
                Ok(_) => passed.chains.push(*chain),
                Err(refused) => passed.refused.push(format!("{chain}: {}", refused.error)),
            }
        }
    }
    passed.refused.dedup();
    Ok(passed)
}

/// Takes our rules out of others' tables again. Absence is success.
pub async fn withdraw(premises: &Premises) -> io::Result<()> {
    if !premises.run().join(FOREIGN_FILE).try_exists()? {
        return Ok(());
    }
    let mut outcome = Ok(());
    for program in ["iptables", "iptables-legacy"] {
        for chain in ["DOCKER-USER", "FORWARD", "INPUT"] {
            for rule in rules(premises, chain) {
                let words: Vec<String> =
                    ["--wait", "--delete", chain].into_iter().map(str::to_owned).chain(rule.iter().cloned()).collect();
                for _ in 0..RULE_COPIES {
                    match run(program, &words).await {
                        Ok(_) => {}
                        Err(refused) if refused.means_absence() => break,
                        Err(refused) => {
                            outcome = outcome.and(Err(refused.error));
                            break;
                        }
                    }
                }
            }
        }
    }
    // As long as a rule may be there, the next who tries must know.
    outcome.and_then(|()| fs::remove_file(premises.run().join(FOREIGN_FILE)))
}

/// A program that did not do it.
struct Refused {
    error: io::Error,
    /// What it ended with; none if it did not run or did not end.
    code: Option<i32>,
}

impl Refused {
    /// Whether what should be taken away cannot be there. Source: iptables' `enum xtables_exittype` and its answers: 1 for a rule,
    /// 2 for a chain and 3 for a table that is not there; 4 is a lock, or a right, that it did not get.
    fn means_absence(&self) -> bool {
        matches!(self.code, Some(1..=3)) || self.error.kind() == io::ErrorKind::NotFound
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self { error, code: None }
    }
}

async fn run<S: AsRef<std::ffi::OsStr>>(program: &str, words: &[S]) -> Result<String, Refused> {
    let mut command = Command::new(program);
    command.args(words).env_clear().env("PATH", PROGRAM_FOLDERS).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, format!("{program} does not end within {FIREWALL:?}"));
    let output = timeout(FIREWALL, command.output()).await.map_err(late)??;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let error = io::Error::other(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()));
    Err(Refused { error, code: output.status.code() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(chains: &str, expected: &str) {
        let listing = format!(r#"{{"nftables":[{{"metainfo":{{}}}},{chains}]}}"#);
        assert_eq!(Foreign::read(&listing, "outrunner_1").unwrap().sentence(), expected);
    }

    #[test]
    fn who_drops_what_he_does_not_know_is_seen_and_told() {
        let forward = r#"{"chain":{"family":"ip","table":"filter","name":"FORWARD","hook":"forward","policy":"drop"}}"#;
        let input = r#"{"chain":{"family":"ip","table":"filter","name":"INPUT","hook":"input","policy":"drop"}}"#;
        let docker = r#"{"chain":{"family":"ip","table":"filter","name":"DOCKER-USER"}}"#;
        let open = r#"{"chain":{"family":"ip","table":"filter","name":"FORWARD","hook":"forward","policy":"accept"}}"#;
        let own = r#"{"chain":{"family":"inet","table":"outrunner_1","name":"input","hook":"input","policy":"drop"}}"#;
        let admin = r#"{"chain":{"family":"inet","table":"mine","name":"in","hook":"input","policy":"drop"}}"#;
        check(open, NOBODY);
        check(own, NOBODY);
        check(forward, "iptables drops what is forwarded (rules of ours go into FORWARD)");
        let both =
            "iptables drops what is forwarded (rules of ours go into DOCKER-USER); iptables drops what comes to this machine";
        check(&[forward, docker, input].join(","), both);
        check(admin, "the table inet mine drops what it does not know (input)");
        let named_alike = r#"{"chain":{"family":"ip","table":"filter","name":"input","hook":"input","policy":"drop"}}"#;
        check(named_alike, "the table ip filter drops what it does not know (input)");
        check(r#"{"chain":{"family":"inet","table":"firewalld","name":"x"}}"#, "firewalld rejects what it does not know");
    }
}
