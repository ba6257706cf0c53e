//! The bridges, and which instance hangs on which of them.
//! Never enters a namespace itself (see `porter`). What may pass the bridges is `firewall`'s, whether the kernel forwards at all
//! `forwarding`'s.
//! Source of truth: the engine recipe, sections 1, 6 and 9; what is there on the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::future::join_all;
use model::port::Hosts;
use model::trouble::Trouble;
use tokio::sync::watch;

use crate::doing::Doing;
use crate::limit::COLLISIONS_EVERY;
use crate::local::berth::{Berth, write_private};
use crate::local::firewall::{self, Firewall, Seen, Way};
use crate::local::foreign::{self, Foreign};
use crate::local::forwarding::{self, LEAVING_FILE, SUBNET_FILE, Sight, is_leaving, uplinks_to};
use crate::local::host_names::HostNames;
use crate::local::ids::MachineLock;
use crate::local::link::{self, Wire};
use crate::local::netlink::Netlink;
use crate::local::porter::{Outcome, Porter};
use crate::local::premises::{Premises, RUN};
use crate::local::reached::Reached;
use crate::local::subnet::{Block, Subnet};

/// What an Ethernet carries where nobody says otherwise.
const MTU: u32 = 1500;

/// A platform's network, made.
pub struct Network {
    premises: Premises,
    /// What instances live in.
    pub subnet: Subnet,
    names: HostNames,
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
    /// Whether others' firewalls have all the rules that they should have of us.
    passed: bool,
    /// What has been said about them.
    in_the_way: Vec<String>,
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
            tracing::warn!(cause = %second.chain(), "a network that could not be made leaves something behind");
        }
        made
    }

    async fn make(premises: &Premises, front_door_ports: &[u16], hosts: Arc<dyn Hosts>) -> Result<Self, Trouble> {
        let doing = || "making the bridge".to_owned();
        let _ = fs::remove_file(premises.run().join(LEAVING_FILE));
        // What is open to instances that run stays open.
        let reached = Reached::of_an_earlier_platform(premises, hosts);
        let ways = reached.ways();
        let uplinks = uplinks_to(&destinations(&ways));
        let porter = Porter::start().doing(doing)?;
        // Two platforms that start at the same moment must not see the same gap.
        let lock = MachineLock::take().await.doing(doing)?;
        let (names, uplink) = (premises.clone(), uplinks.first().cloned());
        let made = porter.run(move |host| first_bridge(&mut host.netlink, &names, uplink.as_deref(), &lock));
        let (subnet, mtu) = made.await.doing(doing)?;
        let names = HostNames::of_host();
        let closed = forwarding::note(premises, &uplinks, &MachineLock::take().await.doing(doing)?).doing(doing)?;
        let firewall = Firewall::new(premises, subnet, &names.servers, front_door_ports, ways);
        firewall.load(closed).await?;
        let known = Mutex::new(Known { bridges: BTreeSet::from([0]), ..Known::default() });
        let gateways = watch::Sender::new(vec![subnet.part(0).gateway()]);
        let network = Self { premises: premises.clone(), subnet, names, mtu, porter, firewall, reached, known, gateways };
        if let Err(trouble) = network.pass_others().await {
            tracing::warn!(cause = %trouble.chain(), "others' firewalls cannot be looked at; it is tried again");
        }
        forwarding::switch_on(&network.bridges(), &uplinks).doing(doing)?;
        Ok(network)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("nothing panics while it holds what is known")
    }

    /// How many changes to links wait or are under way.
    pub fn changes_under_way(&self) -> usize {
        self.porter.under_way()
    }

    /// How many names that services may reach are asked for at this moment.
    pub fn names_asked(&self) -> usize {
        self.reached.asked()
    }

    /// The addresses of the bridges, and of those that will be made.
    pub fn gateways(&self) -> watch::Receiver<Vec<Ipv4Addr>> {
        self.gateways.subscribe()
    }

    /// What an instance is told about names.
    pub fn resolver_file(&self, address: Ipv4Addr) -> String {
        let gateway = self.subnet.bridge_of(address).map(|bridge| self.subnet.part(bridge).gateway());
        self.names.resolver_file(gateway)
    }

    /// Before an instance starts: looks at no more than tells whether something has changed.
    async fn still_forward(&self) -> Result<(), Trouble> {
        let sight = self.sight();
        if self.known().forwarded.as_ref() == Some(&sight) { Ok(()) } else { self.forward().await }
    }

    fn bridges(&self) -> Vec<String> {
        self.known().bridges.iter().map(|bridge| self.premises.bridge(*bridge)).collect()
    }

    /// Whoever wrote the machine's global switch meanwhile (Docker does) has overwritten ours; and uplinks come and go.
    async fn forward(&self) -> Result<(), Trouble> {
        let doing = || "forwarding to the bridge".to_owned();
        let uplinks = self.uplinks();
        let lock = MachineLock::take().await.doing(doing)?;
        let closed = forwarding::note(&self.premises, &uplinks, &lock).doing(doing)?;
        drop(lock);
        if !self.firewall.closes(&closed) {
            self.firewall.load(closed).await?;
        }
        let bridges = self.bridges();
        forwarding::switch_on(&bridges, &uplinks).doing(doing)?;
        let sight = self.sight();
        self.known().forwarded = Some(sight);
        Ok(())
    }

    fn uplinks(&self) -> Vec<String> {
        uplinks_to(&destinations(&self.reached.ways()))
    }

    fn sight(&self) -> Sight {
        Sight::now(&self.bridges(), self.uplinks())
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
        self.open_ways().await?;
        if berth.reach.is_empty() { Ok(()) } else { self.still_forward().await }
    }

    /// Does something small in the network namespace `inside`, as what is made there stays there.
    pub async fn inside<T: Send + 'static>(
        &self,
        inside: OwnedFd,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Outcome<T> {
        self.porter.run(move |host| host.enter(inside.as_fd(), || Ok(work()?))).await
    }

    async fn open_ways(&self) -> Result<(), Trouble> {
        self.firewall.open_ways(|| self.reached.ways()).await
    }

    /// Forgets the address of an instance that is gone; its link went with its namespace.
    pub async fn unwire(&self, berth: &Berth) -> Result<(), Trouble> {
        self.known().wires.remove(&berth.link);
        self.reached.remove(berth.address);
        let closed = self.open_ways().await;
        let Some(wire) = self.wire_of(&berth.link, berth.address) else { return closed };
        let unwired = self.porter.run(move |host| link::unwire(&mut host.netlink, &wire));
        closed.and(unwired.await.doing(|| format!("unlinking {}", berth.name)))
    }

    /// Takes over the links of instances that run already. Waits for no name server.
    pub async fn adopt(&self, berths: &[Berth]) -> Result<(), Trouble> {
        for berth in berths {
            self.bridge(berth.address).await.doing(|| format!("finding the bridge of {}", berth.name))?;
            self.known().wires.insert(berth.link.clone(), berth.address);
        }
        self.reached.adopt(berths);
        self.mend().await
    }

    /// Looks up, for ever, where the names of open destinations lead, and opens that.
    pub async fn keep_reached(&self) {
        loop {
            self.reached.rung().await;
            join_all(self.reached.due().iter().map(|(host, service)| async move {
                self.reached.look_up(service, host).await;
                // The sweep says what is wrong with a firewall, and tries it again.
                if !is_leaving(&self.premises) && self.open_ways().await.is_ok() {
                    let _ = self.still_forward().await;
                }
            }))
            .await;
        }
    }

    /// Finds what others have changed of ours, and makes it as it should be. No process is started where all is well. What cannot
    /// be mended keeps nothing else from being mended; the first trouble is the answer.
    pub async fn mend(&self) -> Result<(), Trouble> {
        if is_leaving(&self.premises) {
            return Ok(());
        }
        let sweep = {
            let mut known = self.known();
            known.sweeps = known.sweeps.wrapping_add(1);
            known.sweeps
        };
        let is_thorough = sweep % COLLISIONS_EVERY == 1;
        // First: whatever else is wrong, nothing passes that should not.
        let firewall = self.mend_firewall(is_thorough).await;
        let links = self.mend_links().await;
        let forwarding = self.forward().await;
        let collisions = if is_thorough { self.tell_collisions().await } else { Ok(()) };
        let ways = self.open_ways().await;
        let mended = firewall.and(links).and(forwarding).and(collisions).and(ways);
        // What goes away meanwhile needs no mending.
        if is_leaving(&self.premises) { Ok(()) } else { mended }
    }

    async fn mend_links(&self) -> Result<(), Trouble> {
        let doing = || "mending the bridges".to_owned();
        let (premises, mtu, subnet) = (self.premises.clone(), self.mtu, self.subnet);
        let (bridges, wires): (Vec<_>, Vec<_>) = {
            let known = self.known();
            let bridges = known.bridges.iter().map(|bridge| (premises.bridge(*bridge), subnet.part(*bridge))).collect();
            let wires = known.wires.iter().filter_map(|(link, address)| self.wire_of(link, *address)).collect();
            (bridges, wires)
        };
        // Whoever takes everything away writes this down first, under the same lock.
        let lock = MachineLock::take().await.doing(doing)?;
        let mended = self.porter.run(move |host| {
            let _lock = lock;
            if is_leaving(&premises) { Ok(Vec::new()) } else { link::mend(&mut host.netlink, &bridges, &wires, mtu) }
        });
        for what in mended.await.doing(doing)? {
            tracing::warn!(what, "somebody has taken a part of the network away or changed it; it is mended");
        }
        Ok(())
    }

    /// Our table, and our rules in others'. `is_thorough` tries again what others' firewalls have refused.
    async fn mend_firewall(&self, is_thorough: bool) -> Result<(), Trouble> {
        let seen = self.firewall.look().await.doing(|| "looking at the firewall's table".to_owned())?;
        let refused = is_thorough && !self.known().passed;
        if (seen == Seen::Unchanged && !refused) || is_leaving(&self.premises) {
            return Ok(());
        }
        self.known().passed = false;
        let reloaded = if seen == Seen::OursChanged {
            tracing::warn!("somebody has changed or removed the firewall's table; it is loaded again");
            self.firewall.reload().await
        } else {
            Ok(())
        };
        let passed = self.pass_others().await;
        if is_leaving(&self.premises) {
            foreign::withdraw(&self.premises).await.doing(|| "leaving others' firewalls".to_owned())?;
            firewall::unload(&self.premises).await?;
        }
        reloaded.and(passed)
    }

    /// Where others' firewalls drop what they do not know, ours says what may pass. What they refuse is told, not trouble: an
    /// administrator's own table may let instances through.
    async fn pass_others(&self) -> Result<(), Trouble> {
        let doing = || "looking at others' firewalls".to_owned();
        let foreign = Foreign::look(&self.premises.table()).await.doing(doing)?;
        let passed = foreign::let_through(&self.premises, &foreign).await.doing(doing)?;
        if !passed.chains.is_empty() {
            tracing::info!(
                chains = passed.chains.join(", "),
                comment = self.premises.table(),
                "another firewall drops what it does not know; rules with this comment let instances' traffic to our own table, and go when the platform stops"
            );
        }
        let in_the_way: Vec<String> = foreign.others.into_iter().chain(passed.refused.iter().cloned()).collect();
        let mut known = self.known();
        known.passed = passed.refused.is_empty();
        for what in in_the_way.iter().filter(|what| !known.in_the_way.contains(what)) {
            tracing::warn!(
                what,
                "another firewall may keep instances from the network, and no rule of ours can be put into it: let through what comes \
                 from and goes to the links or-* (outrunner doctor says more)"
            );
        }
        known.in_the_way = in_the_way;
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
                "another network has come to use addresses of the instances; traffic of either may go astray. \
                 Remove that route, or stop the platform (outrunner stop) and start it again: it chooses free addresses"
            );
        }
        known.collisions = found;
        Ok(())
    }

    /// Takes everything away that `open` and `wire` have made, whoever made it. Absence is success.
    pub async fn remove(premises: &Premises) -> Result<(), Trouble> {
        let doing = || "removing the bridge".to_owned();
        let lock = MachineLock::take().await.doing(doing)?;
        leave(premises).doing(doing)?;
        drop(lock);
        let names = premises.clone();
        // One that fails keeps none of the others. The table last: until nothing is forwarded, it says what may be.
        let porter = Porter::start().doing(doing)?;
        let links = porter.run(move |host| link::remove(&mut host.netlink, |name| names.is_link(name))).await.doing(doing);
        let switches = MachineLock::take().await.and_then(|lock| forwarding::put_back(premises, &lock)).doing(doing);
        let rules = foreign::withdraw(premises).await.doing(|| "leaving others' firewalls".to_owned());
        let table = firewall::unload(premises).await;
        let _ = fs::remove_file(premises.run().join(LEAVING_FILE));
        links.and(switches).and(rules).and(table)
    }
}

fn destinations(ways: &BTreeSet<Way>) -> BTreeSet<Ipv4Addr> {
    ways.iter().map(|(_, to, _)| *to).collect()
}

/// From here on nobody mends what is being taken away.
fn leave(premises: &Premises) -> io::Result<()> {
    match fs::write(premises.run().join(LEAVING_FILE), "") {
        // Then nobody has a network.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn first_bridge(netlink: &mut Netlink, premises: &Premises, uplink: Option<&str>, lock: &MachineLock) -> Outcome<(Subnet, u32)> {
    let subnet = choose_subnet(premises, netlink, lock)?;
    let mtu = match uplink {
        Some(uplink) => link::mtu_of(netlink, uplink)?.unwrap_or(MTU),
        None => MTU,
    };
    link::make_bridge(netlink, &premises.bridge(0), subnet.part(0), mtu)?;
    Ok((subnet, mtu))
}

/// The one of an earlier start if there is one, else the first that touches nothing on this machine.
fn choose_subnet(premises: &Premises, netlink: &mut Netlink, _lock: &MachineLock) -> Outcome<Subnet> {
    if let Some(subnet) = kept_subnet(premises)? {
        return Ok(subnet);
    }
    let blocks = link::blocks(netlink, |name| premises.is_link(name))?;
    let mut taken: Vec<Block> = blocks.into_iter().map(|(block, _)| block).collect();
    let others = fs::read_dir(RUN)?.flatten().filter_map(|entry| fs::read_to_string(entry.path().join(SUBNET_FILE)).ok());
    taken.extend(others.filter_map(|text| Subnet::parse(&text)).map(Subnet::block));
    let subnet = Subnet::choose(premises.seed, &taken).ok_or("no free /20 is left from 10.64.0.0 to 10.191.255.255")?;
    write_private(&premises.run().join(SUBNET_FILE), format!("{subnet}\n").as_bytes())?;
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
