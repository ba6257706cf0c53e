//! `outrunner-shim FOLDER`: prepares one instance from the order in FOLDER, then stays beside it in the background.
//! Ends with 0 as soon as its socket answers; with 1 and one line on stderr when it cannot, and then nothing is left.
//! Never: any other argument, any environment variable.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::ExitCode;

use shim::syscall::{self, Forked};
use shim::watch::{self, Watch};

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
    let (mut news, stands) = std::io::pipe()?;
    // The caller waits for the first process only, so nobody's child is left for it to reap.
    match syscall::fork()? {
        Forked::Parent(_) => {
            drop(stands);
            // Whatever kept the other from standing it has told by itself. Nothing of ours that it shares is undone here.
            let stood = news.read_exact(&mut [0]).is_ok();
            syscall::leave(i32::from(!stood))
        }
        Forked::Child => {
            drop(news);
            let signals = stand(&watch)?;
            silence()?;
            // A caller that has gone, with the first process, may come back; or nobody does, and we leave.
            let _ = { stands }.write_all(b".");
            watch.run(signals)
        }
    }
}

fn stand(watch: &Watch) -> std::io::Result<OwnedFd> {
    syscall::new_session()?;
    syscall::forget_keys()?;
    syscall::become_subreaper()?;
    watch.stand()
}

/// The caller's terminal or log is not ours to keep.
fn silence() -> std::io::Result<()> {
    let null = File::options().read(true).write(true).open("/dev/null")?;
    syscall::replace_stdio(&null)
}
