//! `outrunner-shim FOLDER`: prepares one instance from the order in FOLDER, then stays beside it in the background.
//! Ends with 0 as soon as its socket answers; with 1 and one line on stderr when it cannot, and then nothing is left.
//! Never: any other argument, any environment variable.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use shim::syscall::{self, Forked};
use shim::watch;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: outrunner-shim FOLDER");
        return ExitCode::from(2);
    };
    match begin(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("outrunner-shim: {error}");
            ExitCode::FAILURE
        }
    }
}

fn begin(folder: &Path) -> std::io::Result<()> {
    syscall::close_inherited()?;
    syscall::make_private();
    let watch = watch::prepare(folder)?;
    // The caller waits for the first process only, so nobody's child is left for it to reap.
    match syscall::fork()? {
        Forked::Parent(_) => syscall::leave(0),
        Forked::Child => {
            syscall::new_session()?;
            syscall::forget_keys()?;
            syscall::become_subreaper()?;
            silence()?;
            watch.run()
        }
    }
}

/// The caller's terminal or log is not ours to keep.
fn silence() -> std::io::Result<()> {
    let null = File::options().read(true).write(true).open("/dev/null")?;
    syscall::replace_stdio(&null)
}
