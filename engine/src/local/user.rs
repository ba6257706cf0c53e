//! Who an instance's process is: the image's `USER`, by name or number, looked up in the image's own files.
//! Never looks at the host's users, never follows a path out of a layer.
//! Source of truth: OCI image specification, config.md (`User`); passwd(5), group(5).

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::limit::{IDS, USERS_BYTES};
use crate::local::image_root::ImageRoot;

/// A process's user inside an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
    /// The other groups.
    pub groups: Vec<u32>,
    /// For `HOME`.
    pub home: String,
}

/// Resolves `USER` against an image's layers, the uppermost first. `Err` is for the image's owner.
pub fn resolve(user: &str, layers: &[PathBuf]) -> Result<User, String> {
    let passwd = read(layers, "passwd");
    let group = read(layers, "group");
    look_up(user, &passwd, &group)
}

fn look_up(text: &str, passwd: &str, group: &str) -> Result<User, String> {
    let (user, named_group) = match text.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (text, None),
    };
    let user = if user.is_empty() { "0" } else { user };
    let number = number(user)?;
    // name:password:uid:gid:comment:home:shell
    let entry = passwd.lines().map(fields).find(|fields| match number {
        Some(uid) => fields.get(2).and_then(|field| field.parse().ok()) == Some(uid),
        None => fields.first() == Some(&user),
    });
    let field = |index: usize| entry.as_ref().and_then(|fields| fields.get(index).copied());
    let uid = match (number, field(2)) {
        (Some(uid), _) => uid,
        (None, Some(uid)) => in_range(uid)?,
        (None, None) => return Err(format!("The image's user '{user}' is not in its /etc/passwd.")),
    };
    let gid = match named_group.filter(|group| !group.is_empty()) {
        Some(name) => group_id(name, group)?,
        None => field(3).map_or(Ok(0), in_range)?,
    };
    let groups = field(0).filter(|_| named_group.is_none()).map_or_else(Vec::new, |name| memberships(name, group));
    let home = field(5).filter(|home| !home.is_empty()).unwrap_or("/").to_owned();
    Ok(User { uid, gid, groups, home })
}

fn fields(line: &str) -> Vec<&str> {
    line.split(':').collect()
}

/// A number, or a name. Not every number is an id that an instance has.
fn number(text: &str) -> Result<Option<u32>, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { in_range(text).map(Some) } else { Ok(None) }
}

fn in_range(text: &str) -> Result<u32, String> {
    let id = text.parse().ok().filter(|id| *id < IDS);
    id.ok_or_else(|| format!("The image's user has the id '{text}'; an instance has {IDS} ids, from 0."))
}

fn group_id(name: &str, group: &str) -> Result<u32, String> {
    if let Some(gid) = number(name)? {
        return Ok(gid);
    }
    // name:password:gid:members
    let entry = group.lines().map(fields).find(|fields| fields.first() == Some(&name));
    let gid = entry.and_then(|fields| fields.get(2).copied());
    in_range(gid.ok_or_else(|| format!("The image's group '{name}' is not in its /etc/group."))?)
}

fn memberships(user: &str, group: &str) -> Vec<u32> {
    let member = |fields: &Vec<&str>| fields.get(3).is_some_and(|members| members.split(',').any(|name| name == user));
    group.lines().map(fields).filter(member).filter_map(|fields| in_range(fields.get(2)?).ok()).collect()
}

/// A file of `/etc` as the stacked layers show it; empty where there is none.
fn read(layers: &[PathBuf], name: &str) -> String {
    let found = ImageRoot::of(layers).find(&Path::new("/etc").join(name));
    let mut bytes = Vec::new();
    match found.and_then(|found| found.open()).map(|file| file.take(USERS_BYTES).read_to_end(&mut bytes)) {
        Some(Ok(_)) => String::from_utf8_lossy(&bytes).into_owned(),
        Some(Err(_)) | None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\nbig:x:70000:1::/:\n";
    const GROUP: &str = "root:x:0:\napp:x:1001:\nmail:x:8:app,root\nwheel:x:10:app\n";

    fn check(text: &str, expected: Result<(u32, u32, &[u32], &str), &str>) {
        match (look_up(text, PASSWD, GROUP), expected) {
            (Ok(user), Ok((uid, gid, groups, home))) => {
                assert_eq!(user, User { uid, gid, groups: groups.to_vec(), home: home.to_owned() }, "{text}");
            }
            (Err(words), Err(part)) => assert!(words.contains(part), "{text}: {words}"),
            (got, expected) => panic!("{text}: {got:?}, not {expected:?}"),
        }
    }

    #[test]
    fn a_user_is_found_by_name_and_by_number_with_and_without_a_group() {
        check("", Ok((0, 0, &[8], "/root")));
        check("app", Ok((1000, 1001, &[8, 10], "/home/app")));
        check("1000", Ok((1000, 1001, &[8, 10], "/home/app")));
        check("app:mail", Ok((1000, 8, &[], "/home/app")));
        check("1234", Ok((1234, 0, &[], "/")));
        check("1234:5678", Ok((1234, 5678, &[], "/")));
    }

    #[test]
    fn a_user_or_group_that_is_not_there_or_too_large_is_named() {
        check("nobody", Err("'nobody' is not in its /etc/passwd"));
        check("app:nogroup", Err("'nogroup' is not in its /etc/group"));
        check("70000", Err("70000"));
        check("big", Err("70000"));
        check("99999999999", Err("99999999999"));
    }
}
