//! The bridge, and each instance's link to it.
//! Never enters a namespace but on a thread that ends right after. What may pass the bridge is `firewall`'s, whether the
//! kernel forwards at all `forwarding`'s.
//! Source of truth: the engine recipe, sections 1, 6 and 9; what is there on the machine.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use model::trouble::Trouble;
use nix::sched::{CloneFlags, setns};
use rtnetlink::packet_route::address::AddressAttribute;
use rtnetlink::packet_route::link::{InfoData, InfoKind, InfoVeth, LinkAttribute};
use rtnetlink::packet_route::neighbour::NeighbourState;
use rtnetlink::packet_route::route::{RouteAddress, RouteAttribute};
use rtnetlink::{Handle, LinkBridge, LinkBridgePort, LinkMessageBuilder, LinkUnspec, LinkVeth, RouteMessageBuilder};

use crate::doing::Doing;
use crate::limit::NAME_SERVERS;
use crate::local::berth::{Berth, hardware_address};
use crate::local::forwarding::{self, SUBNET_FILE, switch, uplinks};
use crate::local::premises::{Premises, RUN};
use crate::local::subnet::{Block, PREFIX, Subnet};
use crate::local::{firewall, ids};

/// The instance's own name for its link.
const INSIDE: &str = "eth0";
/// What an Ethernet carries where nobody says otherwise.
const MTU: u32 = 1500;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A platform's network, made.
#[derive(Debug, Clone)]
pub struct Network {
    premises: Premises,
    /// What instances live in.
    pub subnet: Subnet,
    /// What they are told to ask for names.
    pub name_servers: Vec<Ipv4Addr>,
    mtu: u32,
    /// The uplinks that the loaded firewall closes.
    closed: Arc<Mutex<BTreeSet<String>>>,
}

impl Network {
    /// Makes what is missing. Instances of an earlier platform keep their links. A first start that fails leaves nothing.
    pub async fn open(premises: &Premises) -> Result<Self, Trouble> {
        let first = premises.run().join(SUBNET_FILE).try_exists().is_ok_and(|exists| !exists);
        let made = Self::make(premises).await;
        if made.is_err()
            && first
            && let Err(second) = Self::remove(premises).await
        {
            tracing::warn!(trouble = %second.chain(), "a network that could not be made leaves something behind");
        }
        made
    }

    async fn make(premises: &Premises) -> Result<Self, Trouble> {
        let doing = || "making the bridge".to_owned();
        let name_servers = name_servers();
        let uplinks = uplinks();
        let names = premises.clone();
        let uplink = uplinks.first().cloned();
        let (subnet, mtu) = on_thread(async move || bridge(&names, uplink.as_deref()).await).await.doing(doing)?;
        let closed = forwarding::note(premises, &uplinks).doing(doing)?;
        firewall::load(premises, subnet, &name_servers, &closed).await?;
        forwarding::switch_on(premises, &uplinks).doing(doing)?;
        Ok(Self { premises: premises.clone(), subnet, name_servers, mtu, closed: Arc::new(Mutex::new(closed)) })
    }

    /// Whoever wrote the machine's global switch meanwhile (Docker does) has overwritten ours; and uplinks come and go.
    async fn forward(&self) -> Result<(), Trouble> {
        let doing = || "forwarding to the bridge".to_owned();
        let uplinks = uplinks();
        let closed = forwarding::note(&self.premises, &uplinks).doing(doing)?;
        let known = || self.closed.lock().expect("nothing panics while it holds the names");
        if *known() != closed {
            firewall::load(&self.premises, self.subnet, &self.name_servers, &closed).await?;
            *known() = closed;
        }
        forwarding::switch_on(&self.premises, &uplinks).doing(doing)
    }

    /// Links the network namespace `inside` to the bridge under the berth's address.
    pub async fn wire(&self, berth: &Berth, inside: OwnedFd) -> Result<(), Trouble> {
        let doing = || format!("linking {} to the bridge", berth.name);
        self.forward().await?;
        let (network, berth) = (self.clone(), berth.clone());
        on_thread(async move || wire(&network, &berth, inside).await).await.doing(doing)
    }

    /// Forgets the address of an instance that is gone; its link went with its namespace.
    pub async fn unwire(&self, berth: &Berth) -> Result<(), Trouble> {
        let doing = || format!("unlinking {}", berth.name);
        let (bridge, berth) = (self.premises.bridge(), berth.clone());
        on_thread(async move || unwire(&bridge, &berth).await).await.doing(doing)
    }

    /// Takes everything away that `open` and `wire` have made, whoever made it. Absence is success.
    pub async fn remove(premises: &Premises) -> Result<(), Trouble> {
        let doing = || "removing the bridge".to_owned();
        let names = premises.clone();
        // One that fails keeps none of the others. The table last: until nothing is forwarded, it says what may be.
        let links = on_thread(async move || remove(&names).await).await.doing(doing);
        let switches = forwarding::put_back(premises).doing(doing);
        let table = firewall::unload(premises).await;
        links.and(switches).and(table)
    }
}

/// Runs netlink conversations on a thread of their own: it may change its network namespace, and ends.
async fn on_thread<T: Send + 'static, F: AsyncFnOnce() -> Outcome<T> + Send + 'static>(work: F) -> Outcome<T> {
    let (send, receive) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("network".to_owned()).spawn(move || {
        let outcome = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(Into::into)
            .and_then(|runtime| runtime.block_on(work()));
        // Nobody waits any more: then nobody is told.
        let _ = send.send(outcome);
    })?;
    receive.await?
}

/// A conversation in the thread's present network namespace. It ends with the thread's runtime.
fn connect() -> io::Result<Handle> {
    let (connection, handle, _) = rtnetlink::new_connection()?;
    tokio::spawn(connection);
    Ok(handle)
}

async fn bridge(premises: &Premises, uplink: Option<&str>) -> Outcome<(Subnet, u32)> {
    let netlink = connect()?;
    let subnet = choose_subnet(premises, &netlink).await?;
    let mtu = match uplink {
        Some(uplink) => mtu_of(&netlink, uplink).await?.unwrap_or(MTU),
        None => MTU,
    };
    let name = premises.bridge();
    let gateway = subnet.gateway();
    // An address of its own: else it changes with the ports, and instances would have to ask again.
    let new = LinkBridge::new(&name).address(hardware_address(gateway).to_vec()).mtu(mtu).build();
    exists_is_fine(netlink.link().add(new).execute().await)?;
    let index = index_of(&netlink, &name).await?.ok_or("the bridge is gone right after it was made")?;
    switch(&format!("net/ipv6/conf/{name}/disable_ipv6"), "1");
    netlink.address().add(index, gateway.into(), PREFIX).replace().execute().await?;
    netlink.link().set(LinkUnspec::new_with_index(index).up().build()).execute().await?;
    Ok((subnet, mtu))
}

/// The one of an earlier start if there is one, else the first that touches nothing on this machine.
async fn choose_subnet(premises: &Premises, netlink: &Handle) -> Outcome<Subnet> {
    let file = premises.run().join(SUBNET_FILE);
    match fs::read_to_string(&file) {
        // Instances may live in it: whatever else fails, no second one is chosen beside it.
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        kept => {
            if let Some(subnet) = kept.ok().as_deref().and_then(Subnet::parse) {
                return Ok(subnet);
            }
        }
    }
    let mut taken = blocks(netlink).await?;
    // Two platforms that start at the same moment must not see the same gap.
    let lock = ids::lock_machine()?;
    let others = fs::read_dir(RUN)?.flatten().filter_map(|entry| fs::read_to_string(entry.path().join(SUBNET_FILE)).ok());
    taken.extend(others.filter_map(|text| Subnet::parse(&text)).map(Subnet::block));
    let subnet = Subnet::choose(premises.seed, &taken).ok_or("no free /20 is left in 10.64.0.0/9")?;
    fs::write(file, format!("{subnet}\n"))?;
    drop(lock);
    Ok(subnet)
}

/// Every IPv4 address and route of this machine, the default routes apart.
async fn blocks(netlink: &Handle) -> Outcome<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut addresses = netlink.address().get().execute();
    while let Some(message) = addresses.try_next().await? {
        for attribute in &message.attributes {
            if let AddressAttribute::Address(IpAddr::V4(address)) = attribute {
                blocks.push(Block::new(*address, message.header.prefix_len));
            }
        }
    }
    let mut routes = netlink.route().get(RouteMessageBuilder::<Ipv4Addr>::new().build()).execute();
    while let Some(message) = routes.try_next().await? {
        let prefix = message.header.destination_prefix_length;
        for attribute in &message.attributes {
            if let RouteAttribute::Destination(RouteAddress::Inet(address)) = attribute
                && prefix > 0
            {
                blocks.push(Block::new(*address, prefix));
            }
        }
    }
    Ok(blocks)
}

async fn wire(network: &Network, berth: &Berth, inside: OwnedFd) -> Outcome<()> {
    let netlink = connect()?;
    let bridge = index_of(&netlink, &network.premises.bridge()).await?.ok_or("the bridge is gone")?;
    let hardware = berth.hardware_address().to_vec();
    let peer = LinkMessageBuilder::<LinkUnspec>::new()
        .name(INSIDE)
        .address(hardware.clone())
        .mtu(network.mtu)
        .setns_by_fd(inside.as_raw_fd())
        .build();
    let link = LinkMessageBuilder::<LinkVeth>::new_with_info_kind(InfoKind::Veth)
        .name(berth.link.clone())
        .mtu(network.mtu)
        .controller(bridge)
        .set_info_data(InfoData::Veth(InfoVeth::Peer(peer)))
        .build();
    netlink.link().add(link).execute().await?;
    let port = index_of(&netlink, &berth.link).await?.ok_or("the link is gone right after it was made")?;
    // Isolated before it is up: there is no moment in which instances see each other.
    netlink.link().set_port(LinkBridgePort::new(port).isolated(true).build()).execute().await?;
    switch(&format!("net/ipv6/conf/{}/disable_ipv6", berth.link), "1");
    netlink.link().set(LinkUnspec::new_with_index(port).up().build()).execute().await?;
    let neighbour = netlink.neighbours().add(bridge, berth.address.into()).link_layer_address(&hardware);
    neighbour.state(NeighbourState::Permanent).replace().execute().await?;

    setns(inside, CloneFlags::CLONE_NEWNET)?;
    let netlink = connect()?;
    for name in ["lo", INSIDE] {
        let index = index_of(&netlink, name).await?.ok_or("the instance's end of the link is not there")?;
        if name == INSIDE {
            netlink.address().add(index, berth.address.into(), PREFIX).execute().await?;
        }
        netlink.link().set(LinkUnspec::new_with_index(index).up().build()).execute().await?;
    }
    let route = RouteMessageBuilder::<Ipv4Addr>::new().gateway(network.subnet.gateway()).build();
    Ok(netlink.route().add(route).execute().await?)
}

async fn unwire(bridge: &str, berth: &Berth) -> Outcome<()> {
    let netlink = connect()?;
    let Some(index) = index_of(&netlink, bridge).await? else { return Ok(()) };
    let mut neighbour = netlink.neighbours().add(index, berth.address.into());
    let message = neighbour.message_mut().clone();
    gone_is_fine(netlink.neighbours().del(message).execute().await)
}

async fn remove(premises: &Premises) -> Outcome<()> {
    let netlink = connect()?;
    let prefix = premises.link_prefix();
    let mut links = netlink.link().get().execute();
    let mut ours = Vec::new();
    while let Some(message) = links.try_next().await? {
        let named = |attribute: &LinkAttribute| matches!(attribute, LinkAttribute::IfName(name) if name.starts_with(&prefix) || *name == premises.bridge());
        if message.attributes.iter().any(named) {
            ours.push(message.header.index);
        }
    }
    for index in ours {
        gone_is_fine(netlink.link().del(index).execute().await)?;
    }
    Ok(())
}

async fn index_of(netlink: &Handle, name: &str) -> Outcome<Option<u32>> {
    let found = netlink.link().get().match_name(name).execute().try_next().await;
    match found {
        Ok(message) => Ok(message.map(|message| message.header.index)),
        Err(error) if is(&error, libc::ENODEV) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn mtu_of(netlink: &Handle, name: &str) -> Outcome<Option<u32>> {
    let found = netlink.link().get().match_name(name).execute().try_next().await?;
    Ok(found.and_then(|message| {
        message.attributes.iter().find_map(|attribute| match attribute {
            LinkAttribute::Mtu(mtu) => Some(*mtu),
            _ => None,
        })
    }))
}

fn is(error: &rtnetlink::Error, errno: i32) -> bool {
    matches!(error, rtnetlink::Error::NetlinkError(message) if message.raw_code() == -errno)
}

fn exists_is_fine(outcome: Result<(), rtnetlink::Error>) -> Outcome<()> {
    match outcome {
        Err(error) if is(&error, libc::EEXIST) => Ok(()),
        other => Ok(other?),
    }
}

fn gone_is_fine(outcome: Result<(), rtnetlink::Error>) -> Outcome<()> {
    match outcome {
        Err(error) if is(&error, libc::ENODEV) || is(&error, libc::ENOENT) => Ok(()),
        other => Ok(other?),
    }
}

/// The host's name servers that an instance can reach: not those on a loopback address.
fn name_servers() -> Vec<Ipv4Addr> {
    // systemd's stub listens on loopback; behind it stands the file with the servers themselves.
    let files = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];
    let found = files.iter().map(|file| servers_in(&fs::read_to_string(file).unwrap_or_default()));
    found.into_iter().find(|servers| !servers.is_empty()).unwrap_or_default()
}

fn servers_in(text: &str) -> Vec<Ipv4Addr> {
    let addresses = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver")?.trim().parse().ok());
    addresses.filter(|address: &Ipv4Addr| !address.is_loopback()).take(NAME_SERVERS).collect()
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
}
