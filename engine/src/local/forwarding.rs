//! The kernel's forwarding switches of the bridges and of the uplinks: on while a platform needs them, and then as before.
//! Never writes the global switch: it belongs to the machine's owner. Never lets an uplink forward before the firewall has
//! closed the way through: a machine that was no router must not become one for its neighbours.
//! Source of truth: the switches themselves; for what they were, the file `uplinks` in each platform's run folder.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::local::ids;
use crate::local::premises::{Premises, RUN};

/// In the run folder: which network namespace this platform is in.
const NAMESPACE_FILE: &str = "namespace";
/// In the run folder: the uplinks that did not forward before.
const UPLINKS_FILE: &str = "uplinks";
/// In the run folder: where the instances' addresses come from. Whoever has it has a bridge.
pub const SUBNET_FILE: &str = "subnet";

/// Writes down which uplinks do not forward yet, so that they can be put back. Answers those that forward only because a
/// platform wants it: there, nobody but instances may be forwarded to.
pub fn note(premises: &Premises, uplinks: &[String]) -> io::Result<BTreeSet<String>> {
    let _lock = ids::lock_machine()?;
    let here = network_namespace()?;
    let namespace = premises.run().join(NAMESPACE_FILE);
    if !fs::read_to_string(&namespace).is_ok_and(|kept| kept == here) {
        fs::write(namespace, &here)?;
    }
    let file = premises.run().join(UPLINKS_FILE);
    let mut kept = match fs::read_to_string(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        kept => kept?,
    };
    for uplink in uplinks {
        if !is_on(&forwarding(uplink))? && !kept.lines().any(|line| line == uplink) {
            kept.push_str(&format!("{uplink}\n"));
            fs::write(&file, &kept)?;
        }
    }
    if is_on("net/ipv4/ip_forward")? {
        // The owner has made the machine a router, before us or since (Docker does): not ours to close.
        return Ok(BTreeSet::new());
    }
    // Another platform's too: it may go before us.
    let all = platforms(&here).filter_map(|platform| fs::read_to_string(platform.join(UPLINKS_FILE)).ok());
    Ok(all.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect())
}

/// Forwards between the bridges and the uplinks, which may have gone meanwhile.
pub fn switch_on(bridges: &[String], uplinks: &[String]) -> io::Result<()> {
    for link in bridges.iter().chain(uplinks) {
        match is_on(&forwarding(link)) {
            Ok(false) => switch(&forwarding(link), "1"),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(true) | Err(_) => {}
        }
    }
    for bridge in bridges {
        let disabled = format!("net/ipv6/conf/{bridge}/disable_ipv6");
        if is_on(&disabled).is_ok_and(|on| !on) {
            switch(&disabled, "1");
        }
    }
    Ok(())
}

/// What can be seen of forwarding without writing anything down: the same twice means that nothing has changed in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    uplinks: Vec<String>,
    /// The machine's own, then the bridges', then the uplinks'. One that is not there is none.
    switches: Vec<Option<bool>>,
}

impl Sight {
    /// As it is now.
    pub fn now(bridges: &[String]) -> Self {
        let uplinks = uplinks();
        let links = bridges.iter().chain(&uplinks).map(|link| is_on(&forwarding(link)).ok());
        let switches = std::iter::once(is_on("net/ipv4/ip_forward").ok()).chain(links).collect();
        Self { uplinks, switches }
    }
}

/// Puts back what was changed, unless another platform needs it. From here on we are no platform any more: nobody hands
/// its own changes to us.
pub fn put_back(premises: &Premises) -> io::Result<()> {
    let _lock = ids::lock_machine()?;
    let kept = fs::read_to_string(premises.run().join(UPLINKS_FILE)).unwrap_or_default();
    for file in [UPLINKS_FILE, SUBNET_FILE, NAMESPACE_FILE] {
        let _ = fs::remove_file(premises.run().join(file));
    }
    match platforms(&network_namespace()?).next() {
        // The owner wants them on by now.
        None if is_on("net/ipv4/ip_forward")? => {}
        None => kept.lines().for_each(|uplink| switch(&forwarding(uplink), "0")),
        // Theirs to put back now.
        Some(other) if !kept.is_empty() => {
            let theirs = fs::read_to_string(other.join(UPLINKS_FILE)).unwrap_or_default();
            let new = kept.lines().filter(|line| !theirs.lines().any(|known| known == *line));
            let all: String = theirs.lines().chain(new).map(|line| format!("{line}\n")).collect();
            fs::write(other.join(UPLINKS_FILE), all)?;
        }
        Some(_) => {}
    }
    Ok(())
}

/// The run folders of the platforms in this network namespace: one in another has other uplinks, even of the same name.
fn platforms(here: &str) -> impl Iterator<Item = PathBuf> {
    let all = fs::read_dir(RUN).into_iter().flatten().flatten().map(|entry| entry.path());
    all.filter(move |path| fs::read_to_string(path.join(NAMESPACE_FILE)).is_ok_and(|theirs| theirs == here))
}

/// The links that default routes lead over. Source: `/proc/<pid>/net/route`, whose second column is the destination.
pub fn uplinks() -> Vec<String> {
    let text = fs::read_to_string("/proc/thread-self/net/route").unwrap_or_default();
    let rows = text.lines().skip(1).map(|line| line.split_ascii_whitespace());
    let mut links: Vec<String> = Vec::new();
    for mut row in rows {
        if let (Some(link), Some("00000000")) = (row.next(), row.next())
            && is_plain(link)
            && !links.iter().any(|known| known == link)
        {
            links.push(link.to_owned());
        }
    }
    links
}

/// Whether the firewall and the kernel's switches can be told this name as it is.
fn is_plain(link: &str) -> bool {
    link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-@:+".contains(&byte))
}

/// Writes a switch of the kernel. One that is not there is a part of the kernel that is not there.
pub fn switch(name: &str, value: &str) {
    if let Err(error) = fs::write(switch_path(name), value)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(switch = name, %error, "a switch of the kernel cannot be written");
    }
}

fn is_on(name: &str) -> io::Result<bool> {
    Ok(fs::read_to_string(switch_path(name))?.trim() == "1")
}

/// Which network namespace this is: the number of its file.
fn network_namespace() -> io::Result<String> {
    Ok(format!("{}\n", fs::metadata("/proc/thread-self/ns/net")?.ino()))
}

fn switch_path(name: &str) -> PathBuf {
    Path::new("/proc/sys").join(name)
}

fn forwarding(link: &str) -> String {
    format!("net/ipv4/conf/{link}/forwarding")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_whose_name_would_mean_something_else_is_left_alone() {
        assert!(["eth0", "enp0s31f6", "br-lan", "veth1@if2"].into_iter().all(is_plain));
        assert!(!["e*", "a\"b", "..", "a/b"].into_iter().any(is_plain));
    }
}
