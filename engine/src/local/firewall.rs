//! The platform's own nftables table: what instances may reach, and that nobody pretends to be another.
//! Never touches another table. Loading it again replaces it in one transaction; nothing else needs undoing.
//! Source of truth: the engine recipe, section 6, where every line was tried against its target.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard};

use futures_util::future::join;
use model::trouble::Trouble;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::doing::Doing;
use crate::limit::{FIREWALL, LOADS};
use crate::local::berth::hardware_address;
use crate::local::flows;
use crate::local::porter::Outcome;
use crate::local::premises::Premises;
use crate::local::ruleset;
use crate::local::runtime::PROGRAM_FOLDERS;
use crate::local::subnet::{BRIDGES, Subnet};

/// What is nobody's on the internet, and may be somebody's here. Source: RFC 6890. The single address is every Azure machine's own
/// way to its host (its secrets and its agent); as a name server it is let through before.
const PRIVATE: &str = "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, \
                       168.63.129.16, 192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/3";

/// A port of this machine that its owner publishes for something behind it (Docker does) has another destination by the time that it
/// passes here; what counts is where the instance has sent it.
const PUBLISHED: &str = "meta l4proto tcp ct status dnat ip saddr . ct original ip daddr . ct original proto-dst @reach accept";

/// The table of one platform, and what was last loaded.
pub struct Firewall {
    premises: Premises,
    subnet: Subnet,
    name_servers: Vec<Ipv4Addr>,
    front_door_ports: Vec<u16>,
    loaded: Mutex<Loaded>,
    /// One at a time: what is loaded last is what is known to be loaded.
    turn: Semaphore,
}

/// How `nft` begins about a table that is not there: libnftables gives the kernel's `ENOENT` in these words.
const NO_SUCH_TABLE: &str = "nft: Error: No such file or directory";

/// From an instance to an address and a port of TCP.
pub type Way = (Ipv4Addr, Ipv4Addr, u16);

/// What a look at the machine's rules has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// No table of anybody.
    Unchanged,
    /// Only other tables.
    OthersChanged,
    /// Our table is not as it was loaded.
    OursChanged,
}

#[derive(Debug, Default)]
struct Loaded {
    /// Links from which nothing is forwarded but what belongs to an instance's own conversation.
    closed: BTreeSet<String>,
    /// Destinations that are open.
    reach: BTreeSet<Way>,
    /// How many changes the machine's rules had seen when we looked at ours last.
    generation: Option<u32>,
    /// What `nft` then said about our table.
    listing: String,
}

impl Firewall {
    /// Nothing is loaded yet. `reach` will be open from the first table on.
    pub fn new(
        premises: &Premises,
        subnet: Subnet,
        name_servers: &[Ipv4Addr],
        front_door_ports: &[u16],
        reach: BTreeSet<Way>,
    ) -> Self {
        Self {
            premises: premises.clone(),
            subnet,
            name_servers: name_servers.to_vec(),
            front_door_ports: front_door_ports.to_vec(),
            loaded: Mutex::new(Loaded { reach, ..Loaded::default() }),
            turn: Semaphore::new(1),
        }
    }

    fn loaded(&self) -> MutexGuard<'_, Loaded> {
        self.loaded.lock().expect("nothing panics while it holds what is loaded")
    }

    /// Whether exactly these links are closed.
    pub fn closes(&self, closed: &BTreeSet<String>) -> bool {
        self.loaded().closed == *closed
    }

    /// Loads the table, whatever was there before under its name. From the links in `closed` nothing is forwarded but what
    /// belongs to an instance's own conversation.
    pub async fn load(&self, closed: BTreeSet<String>) -> Result<(), Trouble> {
        let _turn = self.turn.acquire().await.expect("the semaphore is never closed");
        let text = self.table(&closed, &self.loaded().reach) + &flows::table(&self.premises);
        self.run_alone(text).await.doing(|| "loading the firewall's table".to_owned())?;
        self.loaded().closed = closed;
        Ok(())
    }

    /// Opens exactly these ways beside what is open to all instances. They are asked for when it is our turn: whoever comes last
    /// must not open what was right before.
    pub async fn open_ways(&self, ways: impl FnOnce() -> BTreeSet<Way>) -> Result<(), Trouble> {
        let _turn = self.turn.acquire().await.expect("the semaphore is never closed");
        let reach = ways();
        if self.loaded().reach == reach {
            return Ok(());
        }
        let table = self.premises.table();
        let elements = elements(&reach);
        let add = if elements.is_empty() { elements } else { format!("add element inet {table} reach {{ {elements} }}\n") };
        let text = format!("flush set inet {table} reach\n{add}");
        self.run_alone(text).await.doing(|| "opening destinations to instances".to_owned())?;
        self.loaded().reach = reach;
        Ok(())
    }

    /// Has `nft` make a change that may be made more than once, until nobody else has made one meanwhile.
    async fn run_alone(&self, text: String) -> Outcome<()> {
        for _ in 0..LOADS {
            let before = ruleset::generation().ok();
            run(text.clone()).await?;
            self.remember().await?;
            // One change, ours: what was read back is what was loaded. Else somebody may have changed it in between.
            let expected = before.map(|before| before.wrapping_add(1));
            if expected == self.loaded().generation && expected == ruleset::generation().ok() {
                break;
            }
        }
        Ok(())
    }

    /// Loads the same again.
    pub async fn reload(&self) -> Result<(), Trouble> {
        let closed = self.loaded().closed.clone();
        self.load(closed).await
    }

    /// Takes what is there now for what should be there.
    async fn remember(&self) -> Outcome<()> {
        let generation = ruleset::generation().ok();
        let listing = self.list().await?;
        let mut loaded = self.loaded();
        (loaded.generation, loaded.listing) = (generation, listing);
        Ok(())
    }

    /// Looks whether somebody else has changed the table or taken it away. Starts a process only if somebody has changed any.
    ///
    /// # Errors
    /// It cannot be looked at: nothing is known of it.
    pub async fn look(&self) -> Outcome<Seen> {
        let generation = ruleset::generation().ok();
        if generation.is_some() && generation == self.loaded().generation {
            return Ok(Seen::Unchanged);
        }
        let _turn = self.turn.acquire().await.expect("the semaphore is never closed");
        let listing = match self.list().await {
            Err(error) if error.to_string().starts_with(NO_SUCH_TABLE) => None,
            listed => Some(listed?),
        };
        let mut loaded = self.loaded();
        if listing.is_some_and(|listing| listing == loaded.listing) {
            loaded.generation = generation;
            Ok(Seen::OthersChanged)
        } else {
            Ok(Seen::OursChanged)
        }
    }

    async fn list(&self) -> Outcome<String> {
        let own = nft(&["--stateless", "list", "table", "inet", &self.premises.table()], String::new()).await?;
        // Without its elements: they come and go with conversations.
        let flows = ["--stateless", "--terse", "list", "table", "inet", &flows::name(&self.premises)];
        Ok(own + &nft(&flows, String::new()).await?)
    }

    /// The table as `nft` reads it. Only plain names, and addresses that we made or parsed ourselves, stand in it.
    fn table(&self, closed: &BTreeSet<String>, reach: &BTreeSet<Way>) -> String {
        let (table, bridges, subnet) = (self.premises.table(), self.premises.bridges(), self.subnet);
        let gateways = list((0..BRIDGES).map(|bridge| subnet.part(bridge).gateway()));
        let own_addresses = self.own_addresses();
        let dns = unless_empty(list(&self.name_servers), |servers| {
            format!("ip daddr {{ {servers} }} meta l4proto {{ tcp, udp }} th dport 53 accept")
        });
        let front_door =
            unless_empty(list(&self.front_door_ports), |ports| format!("ip daddr {{ {gateways} }} tcp dport {{ {ports} }} accept"));
        let reach = unless_empty(elements(reach), |elements| format!("elements = {{ {elements} }}"));
        // The kernel forwards from these only for our sake. What stands behind them does not get a router by that.
        let closed = unless_empty(list(closed.iter().map(|link| format!("\"{link}\""))), |links| {
            format!("meta nfproto ipv4 iifname {{ {links} }} oifname != \"{bridges}\" counter drop")
        });
        format!(
            r#"
add table inet {table}
delete table inet {table}
table inet {table} {{
  set private4 {{
    type ipv4_addr
    flags interval
    elements = {{ {PRIVATE} }}
  }}
  set reach {{
    type ipv4_addr . ipv4_addr . inet_service
    {reach}
  }}
  chain input {{
    type filter hook input priority filter - 10; policy accept;
    iifname != "{bridges}" iifname != "lo" ip daddr {{ {gateways} }} counter drop
    iifname != "{bridges}" accept
    meta nfproto ipv6 counter drop
    ct state established,related accept
    ip daddr {{ {gateways} }} meta l4proto {{ tcp, udp }} th dport 53 accept
    {front_door}
    ip saddr . ip daddr . tcp dport @reach accept
    {PUBLISHED}
    counter drop
  }}
  chain forward {{
    type filter hook forward priority filter - 10; policy accept;
    ct state established,related accept
    {closed}
    iifname != "{bridges}" oifname != "{bridges}" accept
    oifname "{bridges}" counter drop
    meta nfproto ipv6 counter drop
    ip saddr != {subnet} counter drop
    {dns}
    ip saddr . ip daddr . tcp dport @reach accept
    {PUBLISHED}
    ip daddr @private4 counter reject with icmp type admin-prohibited
    accept
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr {subnet} oifname != "{bridges}" masquerade
  }}
{own_addresses}
}}
"#
        )
    }

    /// Under which addresses instances send: those of their own bridge, and each under its own.
    fn own_addresses(&self) -> String {
        let (bridges, subnet) = (self.premises.bridges(), self.subnet);
        let parts = (0..BRIDGES).map(|bridge| (self.premises.bridge(bridge), subnet.part(bridge)));
        let foreign: String = parts
            .clone()
            .map(|(bridge, part)| format!("    iifname \"{bridge}\" meta nfproto ipv4 ip saddr != {part} counter drop\n"))
            .collect();
        let own = list(parts.flat_map(|(_, part)| part.addresses()).map(pair));
        format!(
            r#"  set own {{
    type ether_addr . ipv4_addr
    elements = {{ {own} }}
  }}
  chain antispoof {{
    type filter hook prerouting priority raw; policy accept;
    iifname != "{bridges}" accept
{foreign}
    meta nfproto ipv4 ether saddr . ip saddr != @own counter drop
  }}"#
        )
    }
}

/// An address and the hardware address that goes with it. All that instances may ever have are in the table: starting one must not
/// wait for a change there.
fn pair(address: Ipv4Addr) -> String {
    let [a, b, c, d, e, f] = hardware_address(address);
    format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x} . {address}")
}

/// A set may not be empty where these stand, so nothing is no rule.
fn unless_empty(list: String, rule: impl FnOnce(String) -> String) -> String {
    if list.is_empty() { list } else { rule(list) }
}

fn list<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn elements(reach: &BTreeSet<Way>) -> String {
    list(reach.iter().map(|(from, to, port)| format!("{from} . {to} . {port}")))
}

/// Takes the table away. Absence is success.
pub async fn unload(premises: &Premises) -> Result<(), Trouble> {
    let table = premises.table();
    let text = format!("add table inet {table}\ndelete table inet {table}\n{}", flows::removal(premises));
    run(text).await.doing(|| "removing the firewall's table".to_owned())
}

async fn run(text: String) -> Outcome<()> {
    nft(&["-f", "-"], text).await.map(drop)
}

/// Runs `nft` with a text to read, and answers what it prints.
pub async fn nft(arguments: &[&str], text: String) -> Outcome<String> {
    let mut command = Command::new("nft");
    command.args(arguments).env_clear().env("PATH", PROGRAM_FOLDERS);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().expect("asked for just above");
    let exchange = async move {
        // One that does not read to the end says why.
        let write = async move {
            let _ = stdin.write_all(text.as_bytes()).await;
        };
        join(write, child.wait_with_output()).await.1
    };
    // Dropped, it takes the process with it.
    let output = timeout(FIREWALL, exchange).await.map_err(|_| format!("nft does not end within {FIREWALL:?}"))??;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("nft: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
}
