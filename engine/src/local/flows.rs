//! How much of the kernel's one table of conversations an instance may take: a full one stops the whole machine's network.
//! Never decides what may pass: it counts what `firewall` has let through. A table of its own, because the kernel keeps its
//! counts as elements of a set, and a table that changes by itself cannot be compared with what was loaded.
//! Source of truth: nft(8), "ct count" (live conversations only: closed ones that the kernel still remembers do not count).

use crate::limit::FLOWS;
use crate::local::premises::Premises;

/// The table's name.
pub fn name(premises: &Premises) -> String {
    format!("{}_flows", premises.table())
}

/// The table as `nft` reads it, whatever was there before under its name.
pub fn table(premises: &Premises) -> String {
    let name = name(premises);
    let bridges = premises.bridges();
    let count = format!("iifname \"{bridges}\" ct state new add @instances {{ ip saddr ct count over {FLOWS} }} counter drop");
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
