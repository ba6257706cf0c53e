//! Bridges, and each instance's link to its bridge, as messages to the kernel.
//! Never decides who has which address, and never opens a firewall.
//! Source of truth: the engine recipe, sections 1 and 9; rtnetlink(7).

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rtnetlink::packet_route::address::{AddressAttribute, AddressMessage};
use rtnetlink::packet_route::link::{
    InfoBridgePort, InfoData, InfoKind, InfoPortData, InfoVeth, LinkAttribute, LinkFlags, LinkInfo, LinkMessage,
};
use rtnetlink::packet_route::neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourFlags, NeighbourMessage, NeighbourState};
use rtnetlink::packet_route::route::{RouteAddress, RouteAttribute, RouteMessage};
use rtnetlink::packet_route::{AddressFamily, RouteNetlinkMessage};
use rtnetlink::{AddressMessageBuilder, LinkBridge, LinkBridgePort, LinkMessageBuilder, LinkUnspec, LinkVeth, RouteMessageBuilder};

use crate::local::berth::hardware_address;
use crate::local::forwarding::switch;
use crate::local::netlink::{Netlink, Request, bridge_of, name_of};
use crate::local::porter::{Host, Outcome};
use crate::local::subnet::{BRIDGE_PREFIX, Block, Part};

/// The instance's own name for its link.
const INSIDE: &str = "eth0";

/// One instance's link.
#[derive(Debug, Clone)]
pub struct Wire {
    /// The bridge's name.
    pub bridge: String,
    /// What is on that bridge.
    pub part: Part,
    /// Our end's name.
    pub link: String,
    /// The instance's address.
    pub address: Ipv4Addr,
}

/// Makes a bridge as it should be, whatever of it is there. Answers its index.
pub fn make_bridge(netlink: &mut Netlink, name: &str, part: Part, mtu: u32) -> Outcome<u32> {
    let gateway = part.gateway();
    // An address of its own: else it changes with the ports, and instances would have to ask again.
    // One that is there is made smaller and never larger: the ends of links that hang on it are as they were made, and what is larger than an end is lost on
    // the way without a word.
    let mtu = mtu_of(netlink, name)?.map_or(mtu, |kept| kept.min(mtu));
    let new = LinkBridge::new(name).address(hardware_address(gateway).to_vec()).mtu(mtu).build();
    netlink.ask([Request::ensure(RouteNetlinkMessage::NewLink(new))])?;
    let index = netlink.link(name)?.ok_or("the bridge is gone right after it was made")?.header.index;
    switch(&format!("net/ipv6/conf/{name}/disable_ipv6"), "1");
    let others = addresses(netlink)?.into_iter().filter(|(message, address)| message.header.index == index && *address != gateway);
    let mut requests: Vec<Request> = others.map(|(message, _)| Request::remove(RouteNetlinkMessage::DelAddress(message))).collect();
    let address = AddressMessageBuilder::<Ipv4Addr>::new().index(index).address(gateway, BRIDGE_PREFIX).build();
    requests.push(Request::replace(RouteNetlinkMessage::NewAddress(address)));
    // Of an earlier platform's it may be another.
    requests.push(change(LinkUnspec::new_with_index(index).mtu(mtu).up().build()));
    netlink.ask(requests)?;
    Ok(index)
}

/// Links the network namespace `inside` to its bridge.
pub fn wire(host: &mut Host, wire: &Wire, mtu: u32, inside: &OwnedFd) -> Outcome<()> {
    let bridge = host.netlink.link(&wire.bridge)?.ok_or("the bridge is gone")?.header.index;
    let peer = LinkMessageBuilder::<LinkUnspec>::new()
        .name(INSIDE)
        .address(hardware_address(wire.address).to_vec())
        .mtu(mtu)
        .setns_by_fd(inside.as_raw_fd())
        .build();
    let link = LinkMessageBuilder::<LinkVeth>::new_with_info_kind(InfoKind::Veth)
        .name(wire.link.clone())
        .mtu(mtu)
        .controller(bridge)
        .set_info_data(InfoData::Veth(InfoVeth::Peer(peer)))
        .build();
    host.netlink.ask([Request::create(RouteNetlinkMessage::NewLink(link))])?;
    let port = host.netlink.link(&wire.link)?.ok_or("the link is gone right after it was made")?.header.index;
    switch(&format!("net/ipv6/conf/{}/disable_ipv6", wire.link), "1");
    host.netlink.ask(settle(bridge, port, wire.address))?;
    host.inside(inside.as_fd(), |netlink| furnish(netlink, wire))
}

/// A port as it should be. Isolated before it is up: there is no moment in which instances see each other. Locked: it sends
/// under its own hardware address or not at all.
fn settle(bridge: u32, port: u32, address: Ipv4Addr) -> [Request; 3] {
    let guarded = LinkBridgePort::new(port)
        .append_info_data(InfoBridgePort::Isolated(true))
        .append_info_data(InfoBridgePort::Learning(false))
        .append_info_data(InfoBridgePort::Locked(true))
        .up()
        .build();
    let mut known = NeighbourMessage::default();
    known.header.family = AddressFamily::Bridge;
    known.header.ifindex = port;
    known.header.state = NeighbourState::Noarp;
    known.header.flags = NeighbourFlags::Controller;
    known.attributes.push(NeighbourAttribute::LinkLayerAddress(hardware_address(address).to_vec()));
    [
        change(guarded),
        Request::replace(RouteNetlinkMessage::NewNeighbour(known)),
        Request::replace(RouteNetlinkMessage::NewNeighbour(neighbour(bridge, address))),
    ]
}

/// The instance's side: loopback, its address, and the way to everybody else.
fn furnish(netlink: &mut Netlink, wire: &Wire) -> Outcome<()> {
    let mut indices = [0; 2];
    for (index, name) in indices.iter_mut().zip(["lo", INSIDE]) {
        *index = netlink.link(name)?.ok_or("the instance's end of the link is not there")?.header.index;
    }
    let ([lo, eth], gateway) = (indices, wire.part.gateway());
    let address = AddressMessageBuilder::<Ipv4Addr>::new().index(eth).address(wire.address, BRIDGE_PREFIX).build();
    let route = RouteMessageBuilder::<Ipv4Addr>::new().gateway(gateway).build();
    Ok(netlink.ask([
        change(LinkUnspec::new_with_index(lo).up().build()),
        Request::ensure(RouteNetlinkMessage::NewAddress(address)),
        change(LinkUnspec::new_with_index(eth).up().build()),
        // The kernel's table of neighbours is one for all namespaces, and small; permanent entries do not count.
        Request::replace(RouteNetlinkMessage::NewNeighbour(neighbour(eth, gateway))),
        Request::ensure(RouteNetlinkMessage::NewRoute(route)),
    ])?)
}

/// Forgets the address of an instance that is gone; its link went with its namespace.
pub fn unwire(netlink: &mut Netlink, wire: &Wire) -> Outcome<()> {
    let Some(bridge) = netlink.link(&wire.bridge)? else { return Ok(()) };
    let gone = neighbour(bridge.header.index, wire.address);
    Ok(netlink.ask([Request::remove(RouteNetlinkMessage::DelNeighbour(gone))])?)
}

/// Makes bridges and ports as they should be. Answers what was not so, in words.
pub fn mend(netlink: &mut Netlink, bridges: &[(String, Part)], wires: &[Wire], mtu: u32) -> Outcome<Vec<String>> {
    let mut mended = Vec::new();
    let mut indices = BTreeMap::new();
    let present = addresses(netlink)?;
    for (name, part) in bridges {
        let found = netlink.link(name)?.filter(|link| {
            let index = link.header.index;
            let addressed = |(message, address): &(AddressMessage, Ipv4Addr)| {
                message.header.index == index && message.header.prefix_len == BRIDGE_PREFIX && *address == part.gateway()
            };
            link.header.flags.contains(LinkFlags::Up) && present.iter().any(addressed)
        });
        let index = match found {
            Some(link) => link.header.index,
            None => {
                mended.push(format!("the bridge {name}"));
                make_bridge(netlink, name, *part, mtu)?
            }
        };
        indices.insert(name.as_str(), index);
    }
    if wires.is_empty() {
        return Ok(mended);
    }
    let links = netlink.links()?;
    let links: BTreeMap<&str, &LinkMessage> = links.iter().filter_map(|link| Some((name_of(link)?, link))).collect();
    let mut requests = Vec::new();
    for wire in wires {
        // Without its link an instance has no network, and is seen to be unwell; or it is over.
        let (Some(link), Some(bridge)) = (links.get(wire.link.as_str()), indices.get(wire.bridge.as_str())) else { continue };
        let port = link.header.index;
        if bridge_of(link) != Some(*bridge) {
            requests.push(change(LinkUnspec::new_with_index(port).controller(*bridge).build()));
        } else if link.header.flags.contains(LinkFlags::Up) && is_guarded(link) {
            continue;
        }
        mended.push(format!("the link {}", wire.link));
        requests.extend(settle(*bridge, port, wire.address));
    }
    netlink.ask(requests)?;
    Ok(mended)
}

/// Takes the links away that `is_ours` knows by their names.
pub fn remove(netlink: &mut Netlink, is_ours: impl Fn(&str) -> bool) -> Outcome<()> {
    let links = netlink.links()?;
    let ours = links.iter().filter(|link| name_of(link).is_some_and(&is_ours));
    let removed = ours.map(|link| LinkUnspec::new_with_index(link.header.index).build());
    Ok(netlink.ask(removed.map(|link| Request::remove(RouteNetlinkMessage::DelLink(link))))?)
}

/// Every IPv4 address and route of this machine but the default routes, with the name of its link. Those on links that `is_ours` knows are left out.
pub fn blocks(netlink: &mut Netlink, is_ours: impl Fn(&str) -> bool) -> Outcome<Vec<(Block, String)>> {
    let links = netlink.links()?;
    let names: BTreeMap<u32, &str> = links.iter().filter_map(|link| Some((link.header.index, name_of(link)?))).collect();
    let name = |index: Option<u32>| index.and_then(|index| names.get(&index)).copied().unwrap_or("?");
    let mut blocks = Vec::new();
    for (message, address) in addresses(netlink)? {
        blocks.push((Block::new(address, message.header.prefix_len), name(Some(message.header.index)).to_owned()));
    }
    for message in netlink.list(RouteNetlinkMessage::GetRoute(RouteMessageBuilder::<Ipv4Addr>::new().build()))? {
        let RouteNetlinkMessage::NewRoute(route) = message else { continue };
        let prefix = route.header.destination_prefix_length;
        let link = link_of(&route);
        for attribute in &route.attributes {
            if let RouteAttribute::Destination(RouteAddress::Inet(address)) = attribute
                && prefix > 0
            {
                blocks.push((Block::new(*address, prefix), name(link).to_owned()));
            }
        }
    }
    blocks.retain(|(_, link)| !is_ours(link));
    Ok(blocks)
}

/// The links over which packets to these addresses leave the machine, as the kernel says, with all its rules and tables.
pub fn towards(netlink: &mut Netlink, addresses: impl Iterator<Item = Ipv4Addr>) -> io::Result<Vec<String>> {
    let question = |address| {
        let route = RouteMessageBuilder::<Ipv4Addr>::new().destination_prefix(address, 32).build();
        RouteNetlinkMessage::GetRoute(route)
    };
    let mut indices = Vec::new();
    for answer in netlink.answers(addresses.map(question).collect())? {
        let RouteNetlinkMessage::NewRoute(route) = answer else { continue };
        if let Some(index) = link_of(&route)
            && !indices.contains(&index)
        {
            indices.push(index);
        }
    }
    Ok(indices.into_iter().filter_map(|index| netlink.name(index)).collect())
}

fn link_of(route: &RouteMessage) -> Option<u32> {
    route.attributes.iter().find_map(|attribute| match attribute {
        RouteAttribute::Oif(index) => Some(*index),
        _ => None,
    })
}

/// What a link carries; none if it is not there.
pub fn mtu_of(netlink: &mut Netlink, name: &str) -> Outcome<Option<u32>> {
    Ok(netlink.link(name)?.and_then(|link| {
        link.attributes.iter().find_map(|attribute| match attribute {
            LinkAttribute::Mtu(mtu) => Some(*mtu),
            _ => None,
        })
    }))
}

fn addresses(netlink: &mut Netlink) -> Outcome<Vec<(AddressMessage, Ipv4Addr)>> {
    let mut wanted = AddressMessage::default();
    wanted.header.family = AddressFamily::Inet;
    let mut found = Vec::new();
    for message in netlink.list(RouteNetlinkMessage::GetAddress(wanted))? {
        let RouteNetlinkMessage::NewAddress(message) = message else { continue };
        // The far end of a point-to-point link stands in `Address`, our own in `Local`.
        let own = message.attributes.iter().find_map(|attribute| match attribute {
            AddressAttribute::Local(IpAddr::V4(address)) => Some(*address),
            _ => None,
        });
        let far = message.attributes.iter().find_map(|attribute| match attribute {
            AddressAttribute::Address(IpAddr::V4(address)) => Some(*address),
            _ => None,
        });
        found.extend(own.or(far).map(|address| (message, address)));
    }
    Ok(found)
}

fn change(link: LinkMessage) -> Request {
    Request::change(RouteNetlinkMessage::NewLink(link))
}

/// A permanent entry, so that nobody ever has to ask.
fn neighbour(link: u32, address: Ipv4Addr) -> NeighbourMessage {
    let mut message = NeighbourMessage::default();
    message.header.family = AddressFamily::Inet;
    message.header.ifindex = link;
    message.header.state = NeighbourState::Permanent;
    message.attributes.push(NeighbourAttribute::Destination(NeighbourAddress::Inet(address)));
    message.attributes.push(NeighbourAttribute::LinkLayerAddress(hardware_address(address).to_vec()));
    message
}

/// Whether a port hears no other, and lets nobody send under another's hardware address.
fn is_guarded(link: &LinkMessage) -> bool {
    let infos = link.attributes.iter().filter_map(|attribute| match attribute {
        LinkAttribute::LinkInfo(infos) => Some(infos),
        _ => None,
    });
    let ports = infos.flatten().filter_map(|info| match info {
        LinkInfo::PortData(InfoPortData::BridgePort(port)) => Some(port),
        _ => None,
    });
    let guards: Vec<bool> = ports
        .flatten()
        .filter_map(|port| match port {
            InfoBridgePort::Isolated(is) | InfoBridgePort::Locked(is) => Some(*is),
            _ => None,
        })
        .collect();
    guards.len() == 2 && guards.into_iter().all(|is| is)
}
