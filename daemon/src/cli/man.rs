//! `outrunner man --dir DIR`: the manual, a page for each verb, made of the same words as `--help`.

use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::Cli;
use crate::failure::{Failure, while_doing};

#[derive(Args, Debug)]
pub struct ManArgs {
    /// A folder that takes the pages, such as /usr/local/share/man/man1; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(args: &ManArgs) -> Result<(), Failure> {
    let doing = || while_doing(format!("writing the manual to {}", args.dir.display()));
    std::fs::create_dir_all(&args.dir).map_err(doing())?;
    clap_mangen::generate_to(Cli::command(), &args.dir).map_err(doing())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_but_hidden_ones_has_a_page_and_pages_say_the_exit_codes() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("man1");
        run(&ManArgs { dir: dir.clone() }).unwrap();
        let page = std::fs::read_to_string(dir.join("outrunner-deploy.1")).unwrap();
        assert!(page.contains("not reachable") && page.contains("IMAGE"), "{page}");
        for verb in Cli::command().get_subcommands() {
            let page = dir.join(format!("outrunner-{}.1", verb.get_name()));
            assert_eq!(page.exists(), !verb.is_hide_set(), "{}", page.display());
        }
    }
}
