//! The kernel's forwarding switches of the bridges and of the uplinks: on while a platform needs them, and then as before.
//! Never writes the global switch: it belongs to the machine's owner. Never lets an uplink forward before the firewall has
//! closed the way through: a machine that was no router must not become one for its neighbours.
//! Source of truth: the switches themselves; for what they were, the file `uplinks` in each platform's run folder.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::limit::ROUTES_ASKED;
use crate::local::berth::write_private;
use crate::local::ids::MachineLock;
use crate::local::link;
use crate::local::netlink::Netlink;
use crate::local::premises::{Premises, RUN};
use crate::local::reached::REACHED_FILE;

/// In the run folder: which network namespace this platform is in.
const NAMESPACE_FILE: &str = "namespace";
/// In the run folder: the uplinks that did not forward before.
const UPLINKS_FILE: &str = "uplinks";
/// In the run folder: where the instances' addresses come from. Whoever has it has a bridge.
pub const SUBNET_FILE: &str = "subnet";
/// In the run folder while everything is taken away: from then on nothing is mended.
pub const LEAVING_FILE: &str = "leaving";

/// Whether a platform's network is being taken away, or has been.
pub fn is_leaving(premises: &Premises) -> bool {
    let has = |file| premises.run().join(file).exists();
    has(LEAVING_FILE) || !has(SUBNET_FILE)
}

/// Writes down which uplinks do not forward yet, so that they can be put back. Answers those that forward only because a
/// platform wants it: there, nobody but instances may be forwarded to.
pub fn note(premises: &Premises, uplinks: &[String], _lock: &MachineLock) -> io::Result<BTreeSet<String>> {
    if is_leaving(premises) {
        return Err(io::Error::other("the platform's network is being taken away"));
    }
    let here = network_namespace()?;
    let namespace = premises.run().join(NAMESPACE_FILE);
    if !fs::read_to_string(&namespace).is_ok_and(|kept| kept == here) {
        write_private(&namespace, here.as_bytes())?;
    }
    let file = premises.run().join(UPLINKS_FILE);
    let mut kept = match fs::read_to_string(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        kept => kept?,
    };
    for uplink in uplinks {
        let is_off = match is_on(&forwarding(uplink)) {
            // Gone since it was looked for.
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            on => !on?,
        };
        if is_off && !kept.lines().any(|line| line == uplink) {
            kept.push_str(&format!("{uplink}\n"));
            write_private(&file, kept.as_bytes())?;
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
    pub fn now(bridges: &[String], uplinks: Vec<String>) -> Self {
        let links = bridges.iter().chain(&uplinks).map(|link| is_on(&forwarding(link)).ok());
        let switches = std::iter::once(is_on("net/ipv4/ip_forward").ok()).chain(links).collect();
        Self { uplinks, switches }
    }
}

/// Puts back what was changed, unless another platform needs it. Afterwards we are no platform any more: nobody hands its own
/// changes to us. What is written down goes last: whoever dies in between is found by the next who tries.
pub fn put_back(premises: &Premises, _lock: &MachineLock) -> io::Result<()> {
    let kept = fs::read_to_string(premises.run().join(UPLINKS_FILE)).unwrap_or_default();
    match platforms(&network_namespace()?).find(|platform| *platform != premises.run()) {
        // The owner wants them on by now.
        None if is_on("net/ipv4/ip_forward")? => {}
        None => kept.lines().for_each(|uplink| switch(&forwarding(uplink), "0")),
        // Theirs to put back now.
        Some(other) if !kept.is_empty() => {
            let theirs = fs::read_to_string(other.join(UPLINKS_FILE)).unwrap_or_default();
            let new = kept.lines().filter(|line| !theirs.lines().any(|known| known == *line));
            let all: String = theirs.lines().chain(new).map(|line| format!("{line}\n")).collect();
            write_private(&other.join(UPLINKS_FILE), all.as_bytes())?;
        }
        Some(_) => {}
    }
    for file in [REACHED_FILE, NAMESPACE_FILE, SUBNET_FILE, UPLINKS_FILE].map(|file| premises.run().join(file)) {
        let _ = fs::remove_file(file.with_extension("new"));
        let _ = fs::remove_file(file);
    }
    Ok(())
}

/// The run folders of the platforms in this network namespace: one in another has other uplinks, even of the same name.
fn platforms(here: &str) -> impl Iterator<Item = PathBuf> {
    let all = fs::read_dir(RUN).into_iter().flatten().flatten().map(|entry| entry.path());
    all.filter(move |path| fs::read_to_string(path.join(NAMESPACE_FILE)).is_ok_and(|theirs| theirs == here))
}

/// A public address in each half of all: a VPN may take the whole way out with two routes, one for each half. Nobody sends to them.
const PUBLIC: [Ipv4Addr; 2] = [Ipv4Addr::new(1, 1, 1, 1), Ipv4Addr::new(198, 41, 0, 4)];

/// The links that lead to the internet. The first is the one that packets take now.
pub fn uplinks() -> Vec<String> {
    uplinks_to(&BTreeSet::new())
}

/// The same, and those over which the nearest routes lead to these addresses: answers come back that way, and are forwarded to
/// the instances only if the link forwards.
pub fn uplinks_to(addresses: &BTreeSet<Ipv4Addr>) -> Vec<String> {
    // A VPN's default route is in a table of its own, which the list of routes does not show: the kernel is asked for the way.
    let asked = PUBLIC.into_iter().chain(addresses.iter().copied().take(ROUTES_ASKED));
    let taken = Netlink::open().and_then(|mut netlink| link::towards(&mut netlink, asked)).unwrap_or_else(|error| {
        tracing::warn!(cause = %error, "the kernel does not say which way leads out; its main table does");
        Vec::new()
    });
    let routes = routes(&fs::read_to_string("/proc/thread-self/net/route").unwrap_or_default());
    let defaults = routes.iter().filter(|route| route.mask == 0);
    let nearest = |address: &Ipv4Addr| {
        let there = routes.iter().filter(|route| address.to_bits() & route.mask == route.destination);
        there.max_by_key(|route| route.mask)
    };
    let mut links: Vec<String> = Vec::new();
    let listed = defaults.chain(addresses.iter().filter_map(nearest)).map(|route| route.link.clone());
    for link in taken.into_iter().chain(listed) {
        if is_plain(&link) && link != "lo" && !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

struct Route {
    link: String,
    destination: u32,
    mask: u32,
}

/// Source: `/proc/<pid>/net/route`: the link, the destination, and in the eighth column the mask; addresses as they stand in memory.
fn routes(text: &str) -> Vec<Route> {
    let address = |word: &str| Some(u32::from_be(u32::from_str_radix(word, 16).ok()?));
    let route = |line: &str| {
        let columns: Vec<&str> = line.split_ascii_whitespace().collect();
        let [link, destination, mask] = [0, 1, 7].map(|column| columns.get(column).copied());
        Some(Route { link: link?.to_owned(), destination: address(destination?)?, mask: address(mask?)? })
    };
    text.lines().skip(1).filter_map(route).collect()
}

/// Whether the firewall and the kernel's switches can be told this name as it is.
fn is_plain(link: &str) -> bool {
    // With a dot: a VLAN's, eth0.100.
    let is_folder = link == "." || link == "..";
    !is_folder && link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-@:+.".contains(&byte))
}

/// Writes a switch of the kernel. One that is not there is a part of the kernel that is not there.
pub fn switch(name: &str, value: &str) {
    if let Err(error) = fs::write(switch_path(name), value)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(switch = name, cause = %error, "a switch of the kernel cannot be written");
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
    fn the_nearest_route_says_the_link_and_default_routes_are_known_by_their_mask() {
        let text = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
                    eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
                    lan0\t0000630A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
        let routes = routes(text);
        let words: Vec<_> =
            routes.iter().map(|route| (route.link.as_str(), Ipv4Addr::from_bits(route.destination), route.mask)).collect();
        let lan = Ipv4Addr::new(10, 99, 0, 0);
        assert_eq!(words, [("eth0", Ipv4Addr::UNSPECIFIED, 0), ("lan0", lan, 0xffff_0000)]);
    }

    #[test]
    fn a_link_whose_name_would_mean_something_else_is_left_alone() {
        assert!(["eth0", "enp0s31f6", "br-lan", "veth1@if2", "eth0.100"].into_iter().all(is_plain));
        assert!(!["e*", "a\"b", ".", "..", "a/b"].into_iter().any(is_plain));
    }
}
