//! Looks at a machine and says what of it is well for instances, what is not, and what to do.
//! Never changes anything, and needs no platform: it may run before the first one, beside one, or after one.
//! Source of truth: the machine itself, now.

use std::fs;
use std::path::Path;

use crate::limit::DISK_FREE_BYTES;
use crate::local::cgroup;
use crate::local::foreign::Foreign;
use crate::local::host_names::HostNames;
use crate::local::machine::Settings;
use crate::local::porter::{Outcome, Porter};
use crate::local::premises::Premises;
use crate::local::subnet::{Block, Subnet};
use crate::local::{forwarding, fullness, link, network, pool, requirement};

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    /// Instances run, but something does not work that one may want.
    Warn,
    /// Instances do not run.
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name, a word or two.
    pub name: &'static str,
    pub verdict: Verdict,
    /// What was seen, a sentence.
    pub seen: String,
    /// What to do, a sentence; none where nothing is to be done.
    pub advice: Option<String>,
}

impl Check {
    pub fn ok(name: &'static str, seen: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Ok, seen: seen.into(), advice: None }
    }

    pub fn warn(name: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Warn, seen: seen.into(), advice: Some(advice.into()) }
    }

    pub fn fail(name: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Fail, seen: seen.into(), advice: Some(advice.into()) }
    }
}

/// Everything, in the order in which one would mend it. New checks go into this list.
pub async fn examine(settings: &Settings) -> Vec<Check> {
    // A platform that was never there has no names yet, and takes nothing.
    let premises = Premises::of(&settings.data_dir).ok();
    let mut checks = vec![requirement::root(), requirement::kernel()];
    checks.push(control_groups());
    checks.push(requirement::runtime(settings).await);
    checks.push(requirement::firewall().await);
    checks.push(requirement::shim(settings));
    checks.push(addresses(premises.as_ref()).await);
    checks.push(uplink());
    checks.push(foreign(premises.as_ref()).await);
    checks.push(name_servers());
    checks.push(name_port());
    checks.push(disk(&settings.data_dir));
    checks.extend(premises.as_ref().and_then(scratch));
    checks
}

fn control_groups() -> Check {
    const NAME: &str = "control groups";
    let (layout, missing) = cgroup::layout();
    if missing.is_empty() {
        return Check::ok(NAME, layout);
    }
    let advice = match layout {
        "version 2" => {
            "Hand the controllers down: echo '+cpu +memory +pids' > /sys/fs/cgroup/cgroup.subtree_control, \
                        or run outrunner as a systemd service with Delegate=yes."
        }
        _ => "Mount them, or boot with them: the kernel's command line may have cgroup_disable= or lack cgroup_enable=memory.",
    };
    Check::fail(NAME, format!("{layout}, without {}", missing.join(", ")), advice)
}

/// The addresses of a platform on this data folder, or those that one would take.
async fn addresses(premises: Option<&Premises>) -> Check {
    const NAME: &str = "addresses";
    let names = premises.cloned();
    let look = |subnet: Option<Subnet>| async move {
        let porter = Porter::start()?;
        let look = move |host: &mut crate::local::porter::Host| -> Outcome<(Vec<Block>, Vec<String>)> {
            let ours = |name: &str| names.as_ref().is_some_and(|names| names.is_link(name));
            let blocks = link::blocks(&mut host.netlink, ours)?.into_iter().map(|(block, _)| block).collect();
            let collisions = match (&names, subnet) {
                (Some(names), Some(subnet)) => network::collisions(&mut host.netlink, names, subnet)?,
                (_, _) => Vec::new(),
            };
            Ok((blocks, collisions))
        };
        porter.run(look).await
    };
    let kept = premises.and_then(|premises| network::kept_subnet(premises).ok().flatten());
    match (kept, look(kept).await) {
        (_, Err(error)) => Check::fail(NAME, format!("the machine's routes cannot be read: {error}"), "Run it as root."),
        (Some(subnet), Ok((_, collisions))) if collisions.is_empty() => {
            Check::ok(NAME, format!("{subnet} is the instances' alone"))
        }
        (Some(subnet), Ok((_, collisions))) => Check::fail(
            NAME,
            format!("{subnet} is the instances', and others use addresses of it: {}", collisions.join(", ")),
            "Remove those routes, or stop the platform (outrunner stop) and start it again: it chooses free addresses.",
        ),
        (None, Ok((taken, _))) => match Subnet::choose(premises.map_or([0, 0], |premises| premises.seed), &taken) {
            Some(subnet) => Check::ok(NAME, format!("{subnet} is free for instances")),
            None => Check::fail(
                NAME,
                "no /20 is free from 10.64.0.0 to 10.191.255.255",
                "Routes and addresses of this machine cover all of it; instances need one /20 of it for themselves.",
            ),
        },
    }
}

fn uplink() -> Check {
    const NAME: &str = "uplink";
    let uplinks = forwarding::uplinks();
    if uplinks.is_empty() {
        let advice = "Instances can be reached, but reach nothing outside. Add a default route when they should.";
        return Check::warn(NAME, "there is no default route", advice);
    }
    Check::ok(NAME, format!("the default route leads over {}", uplinks.join(", ")))
}

async fn foreign(premises: Option<&Premises>) -> Check {
    const NAME: &str = "other firewalls";
    let own = premises.map(Premises::table).unwrap_or_default();
    match Foreign::look(&own).await {
        Err(error) => Check::warn(NAME, format!("they cannot be listed: {error}"), "Run it as root, with nft installed."),
        Ok(found) if !found.others.is_empty() => Check::warn(
            NAME,
            found.sentence(),
            "Outrunner does not change that table: let through what comes from and goes to the links or-*. With firewalld: \
             firewall-cmd --permanent --zone=trusted --add-interface=or-<8 letters>",
        ),
        Ok(found) if found.chains.is_empty() => Check::ok(NAME, found.sentence()),
        Ok(found) => {
            Check::ok(NAME, format!("{}; a platform lets its bridges through and takes that back when it stops", found.sentence()))
        }
    }
}

fn name_servers() -> Check {
    const NAME: &str = "name servers";
    let servers = HostNames::of_host().servers;
    if servers.is_empty() {
        let advice = "The platform answers instances' questions for names; while none runs, nobody does. \
                      Add a server to /etc/resolv.conf that is not on a loopback address, or live with it.";
        return Check::warn(NAME, "instances cannot reach any of the machine's", advice);
    }
    let list: Vec<String> = servers.iter().map(ToString::to_string).collect();
    Check::ok(NAME, list.join(", "))
}

/// Somebody who listens on port 53 of all addresses leaves no room for the platform's name server.
fn name_port() -> Check {
    const NAME: &str = "port 53";
    let all =
        ["/proc/thread-self/net/udp", "/proc/thread-self/net/tcp", "/proc/thread-self/net/udp6", "/proc/thread-self/net/tcp6"];
    let holds = |line: &str| {
        let mut words = line.split_whitespace();
        let local = words.nth(1).and_then(|local| local.split_once(':'));
        local.is_some_and(|(address, port)| port == "0035" && address.bytes().all(|byte| byte == b'0'))
    };
    if all.iter().any(|file| fs::read_to_string(file).unwrap_or_default().lines().any(holds)) {
        return Check::warn(
            NAME,
            "a program listens on it on every address of the machine",
            "Services' own names will not work from inside instances. Make that program listen on its own addresses only \
             (dnsmasq: bind-interfaces; bind: listen-on).",
        );
    }
    Check::ok(NAME, "free at the instances' gateways")
}

/// What instances of the platform write, if it has a pool for that.
fn scratch(premises: &Premises) -> Option<Check> {
    const NAME: &str = "scratch";
    let (used, all) = pool::all_used(&premises.pool())?;
    let seen = format!("instances have written {} MiB; all together may {} MiB", used >> 20, all >> 20);
    Some(match fullness::is_full(used, all) {
        true => Check::warn(NAME, seen, "New instances do not start. Raise --scratch-size, or stop some."),
        false => Check::ok(NAME, seen),
    })
}

fn disk(data_dir: &Path) -> Check {
    const NAME: &str = "disk";
    let there = data_dir.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    match rustix::fs::statvfs(there) {
        Err(error) => Check::fail(NAME, format!("{} cannot be looked at: {error}", there.display()), "Choose another --data-dir."),
        Ok(room) => {
            let free = room.f_bavail.saturating_mul(room.f_frsize);
            let seen = format!("{} MiB are free below {}", free >> 20, there.display());
            if free < DISK_FREE_BYTES {
                return Check::warn(
                    NAME,
                    seen,
                    "Images, builds and what instances write go there. Make room, or choose another --data-dir.",
                );
            }
            Check::ok(NAME, seen)
        }
    }
}
