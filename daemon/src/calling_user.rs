//! The person who called us, also behind `sudo`: whose files are his, and written with his rights.
//!
//! Files in a home are opened as its owner, so that no link in it leads us to a file that he could not write himself. Source: sudo(8), `SUDO_UID`; passwd(5).

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use rustix::process::{Gid, Uid, getegid, geteuid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use crate::failure::{Failure, while_doing};
use crate::programs;

/// A user of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallingUser {
    pub uid: u32,
    pub gid: u32,
    pub home: PathBuf,
}

impl CallingUser {
    /// The user behind `sudo`, else our own.
    pub fn find() -> Result<Self, Failure> {
        let number = |name: &str| std::env::var(name).ok()?.parse::<u32>().ok();
        match (geteuid().is_root(), number("SUDO_UID"), number("SUDO_GID")) {
            (true, Some(uid), Some(gid)) => {
                let home = home_of(uid).ok_or_else(|| {
                    Failure::other(format!(
                        "SUDO_UID says that you are user {uid}, whom this machine's user database does not know"
                    ))
                })?;
                Ok(Self { uid, gid, home })
            }
            (true | false, _, _) => {
                let home = std::env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
                let home = home.or_else(|| home_of(geteuid().as_raw()));
                let home = home.ok_or_else(|| Failure::other("HOME is not set: it is not known where your settings are"))?;
                Ok(Self { uid: geteuid().as_raw(), gid: getegid().as_raw(), home })
            }
        }
    }

    pub fn is_us(&self) -> bool {
        geteuid().as_raw() == self.uid
    }

    /// Does something with this user's rights and no others. Another user's on a thread of its own: in Linux, each thread has its own.
    pub fn act<T: Send>(&self, work: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
        if self.is_us() {
            return work();
        }
        let (uid, gid) = (Uid::from_raw(self.uid), Gid::from_raw(self.gid));
        let become_him = move || {
            set_thread_groups(&[gid])?;
            set_thread_res_gid(gid, gid, gid)?;
            set_thread_res_uid(uid, uid, uid)
        };
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                become_him().map_err(while_doing(format!("acting as user {}", self.uid)))?;
                work()
            });
            thread.join().expect("what is done with a user's rights does not panic")
        })
    }
}

/// The home of a user: from the machine's user database, whatever it is made of, else from the file.
fn home_of(uid: u32) -> Option<PathBuf> {
    let asked = programs::ask_admin("getent", &["passwd", &uid.to_string()]);
    let database = asked.unwrap_or_else(|| std::fs::read("/etc/passwd").unwrap_or_default());
    home_in(&database, uid)
}

/// `name:password:uid:gid:comment:home:shell`
fn home_in(database: &[u8], uid: u32) -> Option<PathBuf> {
    database.split(|byte| *byte == b'\n').find_map(|line| {
        let mut fields = line.split(|byte| *byte == b':');
        let is_it = fields.nth(2)? == uid.to_string().as_bytes();
        let home = fields.nth(2)?;
        (is_it && home.starts_with(b"/")).then(|| PathBuf::from(OsString::from_vec(home.to_vec())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_found_by_the_users_number() {
        let database = b"root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\nodd:x:1001:1001::relative:/bin/sh\nshort:x\n";
        assert_eq!(home_in(database, 1000), Some(PathBuf::from("/home/ann")));
        assert_eq!(home_in(database, 0), Some(PathBuf::from("/root")));
        assert_eq!(home_in(database, 1001), None, "not a place");
        assert_eq!(home_in(database, 7), None);
    }

    #[test]
    fn what_is_done_as_oneself_is_done_here() {
        let me = CallingUser { uid: geteuid().as_raw(), gid: getegid().as_raw(), home: PathBuf::from("/") };
        assert_eq!(me.act(|| Ok(7)).unwrap(), 7);
    }
}
