//! `outrunner completions SHELL`: what a shell needs to complete our words.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, print_line};
use crate::failure::Failure;

#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "outrunner", &mut script);
    let script = String::from_utf8(script).expect("our words are UTF-8");
    print_line(script.trim_end()).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_learns_the_verbs() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "outrunner", &mut script);
            let script = String::from_utf8(script).expect("UTF-8");
            for verb in ["deploy", "events", "resume"] {
                assert!(script.contains(verb), "{shell} does not learn {verb}");
            }
        }
    }
}
