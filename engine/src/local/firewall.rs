//! The platform's own nftables table: what instances may reach, and that nobody pretends to be another.
//! Never touches another table. Loading it again replaces it in one transaction; nothing else needs undoing.
//! Source of truth: the engine recipe, section 6, where every line was tried against its target.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::process::Stdio;

use model::trouble::Trouble;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

use crate::doing::Doing;
use crate::limit::FIREWALL;
use crate::local::flows;
use crate::local::premises::Premises;
use crate::local::runtime::PROGRAM_FOLDERS;
use crate::local::subnet::Subnet;

/// The table as `nft` reads it. Only plain names, and addresses that we made or parsed ourselves, stand in it.
fn table(premises: &Premises, subnet: Subnet, name_servers: &[Ipv4Addr], closed: &BTreeSet<String>) -> String {
    let (table, bridge) = (premises.table(), premises.bridge());
    // A set may not be empty in this place, so no server is no rule.
    let dns = if name_servers.is_empty() {
        String::new()
    } else {
        let servers: Vec<String> = name_servers.iter().map(Ipv4Addr::to_string).collect();
        format!("ip daddr {{ {} }} meta l4proto {{ tcp, udp }} th dport 53 accept", servers.join(", "))
    };
    // The kernel forwards from these only for our sake. What stands behind them does not get a router by that.
    let closed = if closed.is_empty() {
        String::new()
    } else {
        let links: Vec<String> = closed.iter().map(|link| format!("\"{link}\"")).collect();
        format!("meta nfproto ipv4 iifname {{ {} }} oifname != \"{bridge}\" counter drop", links.join(", "))
    };
    format!(
        r#"
add table inet {table}
delete table inet {table}
table inet {table} {{
  set private4 {{
    type ipv4_addr
    flags interval
    elements = {{ 0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24,
                  192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/3 }}
  }}
  chain input {{
    type filter hook input priority filter - 10; policy accept;
    iifname != "{bridge}" accept
    ct state established,related accept
    counter drop
  }}
  chain forward {{
    type filter hook forward priority filter - 10; policy accept;
    ct state established,related accept
    {closed}
    iifname != "{bridge}" oifname != "{bridge}" accept
    iifname "{bridge}" oifname "{bridge}" counter drop
    oifname "{bridge}" counter drop
    meta nfproto ipv6 counter drop
    ip saddr != {subnet} counter drop
    {dns}
    ip daddr @private4 counter reject with icmp type admin-prohibited
    accept
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr {subnet} oifname != "{bridge}" masquerade
  }}
  chain antispoof {{
    type filter hook prerouting priority raw; policy accept;
    iifname "{bridge}" meta nfproto ipv4 ip saddr != {subnet} counter drop
  }}
}}
"#
    )
}

/// Loads the table, whatever was there before under its name. `closed` are links from which nothing is forwarded but what
/// belongs to an instance's own conversation.
pub async fn load(
    premises: &Premises,
    subnet: Subnet,
    name_servers: &[Ipv4Addr],
    closed: &BTreeSet<String>,
) -> Result<(), Trouble> {
    let text = table(premises, subnet, name_servers, closed) + &flows::table(premises);
    run(text).await.doing(|| "loading the firewall's table".to_owned())
}

/// Takes the table away. Absence is success.
pub async fn unload(premises: &Premises) -> Result<(), Trouble> {
    let table = premises.table();
    let text = format!("add table inet {table}\ndelete table inet {table}\n{}", flows::removal(premises));
    run(text).await.doing(|| "removing the firewall's table".to_owned())
}

async fn run(text: String) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut command = Command::new("nft");
    command.args(["-f", "-"]).env_clear().env("PATH", PROGRAM_FOLDERS);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().expect("asked for just above");
    stdin.write_all(text.as_bytes()).await?;
    drop(stdin);
    let output = timeout(FIREWALL, child.wait_with_output()).await??;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("nft: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
}
