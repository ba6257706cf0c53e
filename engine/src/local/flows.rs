//! How much of the kernel's one table of conversations an instance may take: a full one stops the whole machine's network.
//! Never decides what may pass: it counts what `firewall` has let through. A table of its own, because the kernel keeps its
//! counts as elements of a set, and a table that changes by itself cannot be compared with what was loaded.
//! Source of truth: nft(8), "ct count" (live conversations only: closed ones that the kernel still remembers do not count).

use std::fs;

use crate::limit::{FLOWS, FLOWS_MIN, FLOWS_SHARE};
use crate::local::premises::Premises;

/// The table's name.
pub fn name(premises: &Premises) -> String {
    format!("{}_flows", premises.table())
}

/// How many one instance may have on this machine.
pub fn limit() -> u32 {
    let room = fs::read_to_string("/proc/sys/net/netfilter/nf_conntrack_max").ok();
    share_of(room.and_then(|text| text.trim().parse().ok()))
}

/// Of a kernel's room; none if it does not say (its module is not loaded yet).
fn share_of(room: Option<u32>) -> u32 {
    room.map_or(FLOWS, |room| (room / FLOWS_SHARE).clamp(FLOWS_MIN, FLOWS))
}

/// The table as `nft` reads it, whatever was there before under its name.
pub fn table(premises: &Premises) -> String {
    let name = name(premises);
    let bridges = premises.bridges();
    let flows = limit();
    let count = format!("iifname \"{bridges}\" ct state new add @instances {{ ip saddr ct count over {flows} }} counter drop");
    format!(
        r#"
add table inet {name}
delete table inet {name}
table inet {name} {{
  set instances {{
    type ipv4_addr
    size 65536
    flags dynamic
  }}
  chain input {{
    type filter hook input priority filter - 5; policy accept;
    {count}
  }}
  chain forward {{
    type filter hook forward priority filter - 5; policy accept;
    {count}
  }}
}}
"#
    )
}

/// What takes it away. Absence is success.
pub fn removal(premises: &Premises) -> String {
    let name = name(premises);
    format!("add table inet {name}\ndelete table inet {name}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_instance_takes_more_than_its_share_of_a_small_table() {
        let shares = [None, Some(2_000_000), Some(262_144), Some(65_536), Some(1_000)].map(share_of);
        assert_eq!(shares, [8192, 8192, 4096, 1024, 512]);
    }
}
