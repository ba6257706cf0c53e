//! The bridges, and which instance hangs on which of them.
//! Never enters a namespace itself (see `porter`). What may pass the bridges is `firewall`'s, whether the kernel forwards at all
//! `forwarding`'s.
//! Source of truth: the engine recipe, sections 1, 6 and 9; what is there on the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard};

use model::port::Hosts;
use model::trouble::Trouble;
use tokio::sync::watch;

use crate::doing::Doing;
use crate::limit::{COLLISIONS_EVERY, NAME_SERVERS, SEARCH_DOMAINS};
use crate::local::berth::Berth;
use crate::local::firewall::{self, Firewall, Seen};
use crate::local::foreign::{self, Foreign};
use crate::local::forwarding::{self, SUBNET_FILE, Sight, uplinks};
use crate::local::ids;
use crate::local::link::{self, Wire};
use crate::local::netlink::Netlink;
use crate::local::porter::{Outcome, Porter};
use crate::local::premises::{Premises, RUN};
use crate::local::reached::Reached;
use crate::local::subnet::{Block, Subnet};

/// What an Ethernet carries where nobody says otherwise.
const MTU: u32 = 1500;
/// In the run folder while everything is taken away: from then on nothing is mended.
const LEAVING_FILE: &str = "leaving";

/// A platform's network, made.
pub struct Network {
    premises: Premises,
    /// What instances live in.
    pub subnet: Subnet,
    /// What they are told to ask for names after the gateway of their bridge.
    pub name_servers: Vec<Ipv4Addr>,
    /// The host's line of domains in which short names are looked up, with its end; or nothing.
    search: String,
    mtu: u32,
    porter: Porter,
    firewall: Firewall,
    reached: Reached,
    known: Mutex<Known>,
    /// Of the bridges that are there.
    gateways: watch::Sender<Vec<Ipv4Addr>>,
}

#[derive(Debug, Default)]
struct Known {
    /// Bridges that have been made.
    bridges: BTreeSet<usize>,
    /// Instances by the names of their links.
    wires: BTreeMap<String, Ipv4Addr>,
    /// What the machine's switches and uplinks were when forwarding was last put in order.
    forwarded: Option<Sight>,
    sweeps: u32,
    /// What has been said about others in our subnet.
    collisions: Vec<String>,
}

impl Network {
    /// Makes what is missing. Instances of an earlier platform keep their links. A first start that fails leaves nothing.
    /// `front_door_ports` are open to instances at their gateway.
    pub async fn open(premises: &Premises, front_door_ports: &[u16], hosts: Arc<dyn Hosts>) -> Result<Self, Trouble> {
        let first = premises.run().join(SUBNET_FILE).try_exists().is_ok_and(|exists| !exists);
        let made = Self::make(premises, front_door_ports, hosts).await;
        if made.is_err()
            && first
            && let Err(second) = Self::remove(premises).await
        {
            tracing::warn!(trouble = %second.chain(), "a network that could not be made leaves something behind");
        }
        made
    }

    async fn make(premises: &Premises, front_door_ports: &[u16], hosts: Arc<dyn Hosts>) -> Result<Self, Trouble> {
        let doing = || "making the bridge".to_owned();
        let _ = fs::remove_file(premises.run().join(LEAVING_FILE));
        let uplinks = uplinks();
        let porter = Porter::start().doing(doing)?;
        let (names, uplink) = (premises.clone(), uplinks.first().cloned());
        let made = porter.run(move |host| first_bridge(&mut host.netlink, &names, uplink.as_deref()));
        let (subnet, mtu) = made.await.doing(doing)?;
        let name_servers = name_servers();
        let closed = forwarding::note(premises, &uplinks).doing(doing)?;
        let firewall = Firewall::new(premises, subnet, &name_servers, front_door_ports);
        firewall.load(closed).await?;
        pass_others(premises).await?;
        forwarding::switch_on(&[premises.bridge(0)], &uplinks).doing(doing)?;
        let known = Known { bridges: BTreeSet::from([0]), ..Known::default() };
        let gateways = watch::Sender::new(vec![subnet.part(0).gateway()]);
        let known = Mutex::new(known);
        let search = search_in(&fs::read_to_string("/etc/resolv.conf").unwrap_or_default());
        Ok(Self {
            premises: premises.clone(),
            subnet,
            name_servers,
            search,
            mtu,
            porter,
            firewall,
            reached: Reached::new(hosts),
            known,
            gateways,
        })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("nothing panics while it holds what is known")
    }

    /// The addresses of the bridges, and of those that will be made.
    pub fn gateways(&self) -> watch::Receiver<Vec<Ipv4Addr>> {
        self.gateways.subscribe()
    }

    /// What an instance is told about name servers: its gateway, where the platform answers; then the host's, for as long as
    /// no platform does.
    pub fn resolver_file(&self, address: Ipv4Addr) -> String {
        let gateway = self.subnet.bridge_of(address).map(|bridge| self.subnet.part(bridge).gateway());
        let servers = gateway.iter().chain(&self.name_servers).take(NAME_SERVERS);
        let servers: String = servers.map(|server| format!("nameserver {server}\n")).collect();
        format!("{servers}{}", self.search)
    }

    /// Before an instance starts: looks at no more than tells whether something has changed.
    async fn still_forward(&self) -> Result<(), Trouble> {
        let bridges = self.bridges();
        let sight = Sight::now(&bridges);
        if self.known().forwarded.as_ref() == Some(&sight) { Ok(()) } else { self.forward().await }
    }

    fn bridges(&self) -> Vec<String> {
        self.known().bridges.iter().map(|bridge| self.premises.bridge(*bridge)).collect()
    }

    /// Whoever wrote the machine's global switch meanwhile (Docker does) has overwritten ours; and uplinks come and go.
    async fn forward(&self) -> Result<(), Trouble> {
        let doing = || "forwarding to the bridge".to_owned();
        let uplinks = uplinks();
        let closed = forwarding::note(&self.premises, &uplinks).doing(doing)?;
        if !self.firewall.closes(&closed) {
            self.firewall.load(closed).await?;
        }
        let bridges = self.bridges();
        forwarding::switch_on(&bridges, &uplinks).doing(doing)?;
        self.known().forwarded = Some(Sight::now(&bridges));
        Ok(())
    }

    fn wire_of(&self, link: &str, address: Ipv4Addr) -> Option<Wire> {
        let bridge = self.subnet.bridge_of(address)?;
        let part = self.subnet.part(bridge);
        Some(Wire { bridge: self.premises.bridge(bridge), part, link: link.to_owned(), address })
    }

    /// Makes the bridge that an address is on, if it is not there yet.
    async fn bridge(&self, address: Ipv4Addr) -> Outcome<()> {
        let bridge = self.subnet.bridge_of(address).ok_or("an instance's address is not in the platform's network")?;
        if self.known().bridges.contains(&bridge) {
            return Ok(());
        }
        let (name, part, mtu) = (self.premises.bridge(bridge), self.subnet.part(bridge), self.mtu);
        let made = name.clone();
        self.porter.run(move |host| link::make_bridge(&mut host.netlink, &made, part, mtu)).await?;
        forwarding::switch_on(&[name], &[])?;
        if self.known().bridges.insert(bridge) {
            self.gateways.send_modify(|gateways| gateways.push(part.gateway()));
        }
        Ok(())
    }

    /// Links the network namespace `inside` to its bridge under the berth's address.
    pub async fn wire(&self, berth: &Berth, inside: OwnedFd) -> Result<(), Trouble> {
        let doing = || format!("linking {} to the bridge", berth.name);
        self.still_forward().await?;
        self.bridge(berth.address).await.doing(doing)?;
        let wire = self.wire_of(&berth.link, berth.address).expect("its bridge was found just above");
        let mtu = self.mtu;
        self.porter.run(move |host| link::wire(host, &wire, mtu, &inside)).await.doing(doing)?;
        self.known().wires.insert(berth.link.clone(), berth.address);
        // Open before its first instruction.
        self.reached.add(berth).await;
        self.firewall.open_ways(self.reached.ways()).await
    }

    /// Forgets the address of an instance that is gone; its link went with its namespace.
    pub async fn unwire(&self, berth: &Berth) -> Result<(), Trouble> {
        self.known().wires.remove(&berth.link);
        self.reached.remove(berth.address);
        self.firewall.open_ways(self.reached.ways()).await?;
        let Some(wire) = self.wire_of(&berth.link, berth.address) else { return Ok(()) };
        let unwired = self.porter.run(move |host| link::unwire(&mut host.netlink, &wire));
        unwired.await.doing(|| format!("unlinking {}", berth.name))
    }

    /// Takes over the links of instances that run already.
    pub async fn adopt(&self, berths: &[Berth]) -> Result<(), Trouble> {
        for berth in berths {
            self.bridge(berth.address).await.doing(|| format!("finding the bridge of {}", berth.name))?;
            self.known().wires.insert(berth.link.clone(), berth.address);
            self.reached.add(berth).await;
        }
        self.mend().await
    }

    /// Finds what others have changed of ours, and makes it as it should be. No process is started where all is well.
    pub async fn mend(&self) -> Result<(), Trouble> {
        self.forward().await?;
        let (premises, mtu, subnet) = (self.premises.clone(), self.mtu, self.subnet);
        let (bridges, wires): (Vec<_>, Vec<_>) = {
            let known = self.known();
            let bridges = known.bridges.iter().map(|bridge| (premises.bridge(*bridge), subnet.part(*bridge))).collect();
            let wires = known.wires.iter().filter_map(|(link, address)| self.wire_of(link, *address)).collect();
            (bridges, wires)
        };
        let mended = self.porter.run(move |host| {
            // Whoever takes everything away writes this down first.
            let _lock = ids::lock_machine()?;
            if is_leaving(&premises) { Ok(Vec::new()) } else { link::mend(&mut host.netlink, &bridges, &wires, mtu) }
        });
        for what in mended.await.doing(|| "mending the bridges".to_owned())? {
            tracing::warn!(what, "somebody has taken a part of the network away or changed it; it is mended");
        }
        self.forward().await?;
        self.mend_firewall().await?;
        let turn = {
            let mut known = self.known();
            known.sweeps = known.sweeps.wrapping_add(1);
            known.sweeps
        };
        if turn % COLLISIONS_EVERY == 1 {
            self.tell_collisions().await?;
        }
        // Last: others' name servers may be slow.
        self.reached.look_up_again().await;
        self.firewall.open_ways(self.reached.ways()).await
    }

    /// Our table, and our rules in others'.
    async fn mend_firewall(&self) -> Result<(), Trouble> {
        let seen = self.firewall.look().await;
        if seen == Seen::Unchanged || is_leaving(&self.premises) {
            return Ok(());
        }
        if seen == Seen::OursChanged {
            tracing::warn!("somebody has changed or removed the firewall's table; it is loaded again");
            self.firewall.reload().await?;
        }
        pass_others(&self.premises).await?;
        if is_leaving(&self.premises) {
            foreign::withdraw(&self.premises).await.doing(|| "leaving others' firewalls".to_owned())?;
            firewall::unload(&self.premises).await?;
        }
        Ok(())
    }

    /// Says it once when others have come to use addresses of ours.
    async fn tell_collisions(&self) -> Result<(), Trouble> {
        let (premises, subnet) = (self.premises.clone(), self.subnet);
        let found = self.porter.run(move |host| collisions(&mut host.netlink, &premises, subnet));
        let found = found.await.doing(|| "comparing the machine's routes with our addresses".to_owned())?;
        let mut known = self.known();
        for collision in found.iter().filter(|collision| !known.collisions.contains(collision)) {
            tracing::error!(
                subnet = %self.subnet,
                collision,
                "another network has come to use addresses of the instances; traffic of either may go astray.                  Remove that route, or stop the platform (outrunner stop) and start it again: it chooses free addresses"
            );
        }
        known.collisions = found;
        Ok(())
    }

    /// Takes everything away that `open` and `wire` have made, whoever made it. Absence is success.
    pub async fn remove(premises: &Premises) -> Result<(), Trouble> {
        let doing = || "removing the bridge".to_owned();
        leave(premises).doing(doing)?;
        let names = premises.clone();
        // One that fails keeps none of the others. The table last: until nothing is forwarded, it says what may be.
        let porter = Porter::start().doing(doing)?;
        let links = porter.run(move |host| link::remove(&mut host.netlink, |name| names.is_link(name))).await.doing(doing);
        let switches = forwarding::put_back(premises).doing(doing);
        let rules = foreign::withdraw(premises).await.doing(|| "leaving others' firewalls".to_owned());
        let table = firewall::unload(premises).await;
        let _ = fs::remove_file(premises.run().join(LEAVING_FILE));
        links.and(switches).and(rules).and(table)
    }
}

/// Where others' firewalls drop what they do not know, ours says what may pass.
async fn pass_others(premises: &Premises) -> Result<(), Trouble> {
    let doing = || "looking at others' firewalls".to_owned();
    let foreign = Foreign::look(&premises.table()).await.doing(doing)?;
    let chains = foreign::let_through(premises, &foreign).await.doing(doing)?;
    if !chains.is_empty() {
        tracing::info!(
            chains = chains.join(", "),
            comment = premises.table(),
            "another firewall drops what it does not know; rules with this comment let instances' traffic to our own table, and go when the platform stops"
        );
    }
    Ok(())
}

/// From here on nobody mends what is being taken away.
fn leave(premises: &Premises) -> io::Result<()> {
    let _lock = ids::lock_machine()?;
    match fs::write(premises.run().join(LEAVING_FILE), "") {
        // Then nobody has a network.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn is_leaving(premises: &Premises) -> bool {
    let has = |file| premises.run().join(file).exists();
    has(LEAVING_FILE) || !has(SUBNET_FILE)
}

fn first_bridge(netlink: &mut Netlink, premises: &Premises, uplink: Option<&str>) -> Outcome<(Subnet, u32)> {
    let subnet = choose_subnet(premises, netlink)?;
    let mtu = match uplink {
        Some(uplink) => link::mtu_of(netlink, uplink)?.unwrap_or(MTU),
        None => MTU,
    };
    link::make_bridge(netlink, &premises.bridge(0), subnet.part(0), mtu)?;
    Ok((subnet, mtu))
}

/// The one of an earlier start if there is one, else the first that touches nothing on this machine.
fn choose_subnet(premises: &Premises, netlink: &mut Netlink) -> Outcome<Subnet> {
    if let Some(subnet) = kept_subnet(premises)? {
        return Ok(subnet);
    }
    let blocks = link::blocks(netlink, |name| premises.is_link(name))?;
    let mut taken: Vec<Block> = blocks.into_iter().map(|(block, _)| block).collect();
    // Two platforms that start at the same moment must not see the same gap.
    let lock = ids::lock_machine()?;
    let others = fs::read_dir(RUN)?.flatten().filter_map(|entry| fs::read_to_string(entry.path().join(SUBNET_FILE)).ok());
    taken.extend(others.filter_map(|text| Subnet::parse(&text)).map(Subnet::block));
    let subnet = Subnet::choose(premises.seed, &taken).ok_or("no free /20 is left in 10.64.0.0/9")?;
    fs::write(premises.run().join(SUBNET_FILE), format!("{subnet}\n"))?;
    drop(lock);
    Ok(subnet)
}

/// The one that this platform has, or had when it died.
pub fn kept_subnet(premises: &Premises) -> io::Result<Option<Subnet>> {
    match fs::read_to_string(premises.run().join(SUBNET_FILE)) {
        // Instances may live in it: whatever else fails, no second one is chosen beside it.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        kept => Ok(kept.ok().as_deref().and_then(Subnet::parse)),
    }
}

/// What else on this machine has addresses of ours: an address or a route, with its link.
pub fn collisions(netlink: &mut Netlink, premises: &Premises, subnet: Subnet) -> Outcome<Vec<String>> {
    let blocks = link::blocks(netlink, |name| premises.is_link(name))?;
    let overlapping = blocks.into_iter().filter(|(block, _)| block.overlaps(subnet.block()));
    let mut found: Vec<String> = overlapping.map(|(block, link)| format!("{block} on {link}")).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

/// The host's name servers that an instance can reach: not those on a loopback address.
pub fn name_servers() -> Vec<Ipv4Addr> {
    // systemd's stub listens on loopback; behind it stands the file with the servers themselves.
    let files = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];
    let found = files.iter().map(|file| servers_in(&fs::read_to_string(file).unwrap_or_default()));
    found.into_iter().find(|servers| !servers.is_empty()).unwrap_or_default()
}

fn servers_in(text: &str) -> Vec<Ipv4Addr> {
    let addresses = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver")?.trim().parse().ok());
    addresses.filter(|address: &Ipv4Addr| !address.is_loopback()).take(NAME_SERVERS).collect()
}

/// The last line of its kind is in force. One that is not made of names is left out.
fn search_in(text: &str) -> String {
    let mut lines = text.lines().filter_map(|line| line.trim().strip_prefix("search"));
    let words = lines.rfind(|rest| rest.starts_with([' ', '\t'])).unwrap_or_default();
    let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let words: Vec<&str> = words.split_whitespace().filter(|word| plain(word)).take(SEARCH_DOMAINS).collect();
    if words.is_empty() { String::new() } else { format!("search {}\n", words.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_on_loopback_is_no_use_to_an_instance() {
        let text = "# x\nnameserver 127.0.0.53\nnameserver ::1\nsearch a\nnameserver 10.0.0.2\nnameserver 1.1.1.1\n";
        assert_eq!(servers_in(text), [Ipv4Addr::new(10, 0, 0, 2), Ipv4Addr::new(1, 1, 1, 1)]);
        assert!(servers_in("nameserver 127.0.0.1\n").is_empty());
        assert_eq!(servers_in(&"nameserver 1.1.1.1\n".repeat(9)).len(), NAME_SERVERS);
    }

    #[test]
    fn short_names_are_looked_up_where_the_host_looks() {
        assert_eq!(search_in("search a.test\nnameserver 1.1.1.1\n search b.test\tc.test $x\n"), "search b.test c.test\n");
        assert_eq!(search_in("searching a\n#search b\n"), "");
        assert_eq!(search_in(&format!("search{}", " a.test".repeat(9))).matches("a.test").count(), SEARCH_DOMAINS);
    }
}
