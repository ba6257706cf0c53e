//! Every limit of the engine, by name.
//! Source of truth: the design, section 3, and the engine recipe's measurements.

use std::time::Duration;

/// A manifest, an index or a configuration of an image.
pub const DOCUMENT_BYTES: u64 = 4 << 20;
/// Layers of one image: the kernel's overlay takes more, the one page of mount options does not.
pub const LAYERS: usize = 127;
/// One layer, unpacked.
pub const LAYER_BYTES: u64 = 16 << 30;
/// One layer's whole tar: headers, what is left out and what follows the archive's end included.
pub const LAYER_STREAM_BYTES: u64 = 20 << 30;
/// A file's headers in a layer, with its long names and its attributes: they are held in memory.
pub const EXTENSION_BYTES: u64 = 1 << 20;
/// Extended attributes of one file that every file system takes; one that has no room for more says that the disk is full.
pub const ATTRIBUTES_BYTES: usize = 2 << 10;
/// The names of all folders in one layer: they are held in memory until it is unpacked.
pub const FOLDER_NAMES_BYTES: usize = 64 << 20;
/// What an image's owner is told about a fault of it, in bytes.
pub const FAULT_BYTES: usize = 1 << 10;
/// Files in one layer.
pub const LAYER_ENTRIES: u64 = 2_000_000;
/// A path in a layer.
pub const PATH_BYTES: usize = 4095;
/// Ids that an image may use, and that an instance has.
pub const IDS: u32 = 65_536;
/// Chunks of a layer on their way from the store to the unpacking thread.
pub const CHUNKS_AHEAD: usize = 4;
/// Layers that are unpacked at the same time.
pub const UNPACKING: usize = 2;
/// `/etc/passwd` and `/etc/group` of an image.
pub const USERS_BYTES: u64 = 1 << 20;

/// Processes and threads of one instance.
pub const PIDS: i64 = 2048;
/// Open files of one process of an instance, if the platform itself may have as many.
pub const OPEN_FILES: u64 = 65_536;
/// One vCPU: the least an instance has until it is healthy for the first time.
pub const CPU_UNITS_AT_START: u32 = 1024;
/// The kernel's period of the CPU quota.
pub const CPU_PERIOD_MICROS: u64 = 100_000;

/// Instances of one platform: its /20 has eight bridges with 509 addresses each, 4,072 in all.
pub const INSTANCES: usize = 4_000;
/// Unread log of one instance; above it the shim drops lines and says so.
pub const LOGS_BYTES: u64 = 64 << 20;
/// Lines answered at once.
pub const LINES: u32 = 10_000;
/// Lines that an exit shows.
pub const LAST_LINES: usize = 10;
/// Of each of them, so many bytes.
pub const LAST_LINE_BYTES: usize = 1024;

/// Starting a shim: it makes namespaces and mounts.
pub const SHIM_SPAWN: Duration = Duration::from_secs(10);
/// A shim's answer to anything but `go`.
pub const SHIM_ANSWER: Duration = Duration::from_secs(2);
/// A shim's answer to `go`: the runtime has 30 s of it.
pub const SHIM_GO: Duration = Duration::from_secs(40);
/// An answer's size.
pub const SHIM_ANSWER_BYTES: u64 = 64 << 10;
/// From SIGKILL until the shim has written the exit down and gone.
pub const SHIM_END: Duration = Duration::from_secs(10);
/// From SIGKILL until the kernel has ended the processes of an instance without a shim.
pub const ORPHAN_END: Duration = Duration::from_secs(5);
/// How long a shim that stops talking may take to have left.
pub const SHIM_LEAVING: Duration = Duration::from_secs(1);
/// How often something is looked at for which the kernel has no bell.
pub const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// How often something is looked at again that could not be looked at, for a trouble of ours.
pub const LOOK_AGAIN_LATER: Duration = Duration::from_secs(1);

/// At start an instance is asked this often.
pub const PROBE_EVERY: Duration = Duration::from_millis(10);
/// After `PROBE_SLOWLY_AFTER`, this often.
pub const PROBE_SLOWLY: Duration = Duration::from_millis(100);
/// See `PROBE_SLOWLY`.
pub const PROBE_SLOWLY_AFTER: Duration = Duration::from_secs(10);
/// How often an instance that does not answer is asked where it listens.
pub const LISTENING_EVERY: Duration = Duration::from_millis(500);
/// The part of an HTTP answer that a probe reads: its first line.
pub const PROBE_BYTES: usize = 256;
/// Ports that a sight names at most.
pub const PORTS: usize = 16;
/// Sockets of an instance that are read to find them.
pub const SOCKETS_BYTES: u64 = 1 << 20;

/// Changes to links that wait for their turn, two for each instance.
pub const ERRANDS: usize = 2 * INSTANCES;
/// How often the network is compared with what it should be.
pub const NETWORK_SWEPT: Duration = Duration::from_secs(3);
/// Of so many comparisons, one looks at all of the machine's routes too.
pub const COLLISIONS_EVERY: u32 = 10;
/// `nft`'s time for one table.
pub const FIREWALL: Duration = Duration::from_secs(10);
/// How often the addresses of open destinations are looked up again.
pub const HOSTS_LOOKED_UP: Duration = Duration::from_secs(60);
/// How often the table is loaded until nobody else has changed a rule meanwhile.
pub const LOADS: u32 = 8;
/// The runtime's time to forget an instance whose shim is gone.
pub const RUNTIME: Duration = Duration::from_secs(30);
/// Name servers that an instance is told of; the resolver of the C library takes no more.
pub const NAME_SERVERS: usize = 3;
/// Domains in which an instance's short names are looked up. Source: resolv.conf(5), of older C libraries.
pub const SEARCH_DOMAINS: usize = 6;
/// Copies of one rule of ours in another's table that are taken out: a crash between looking and adding may leave two.
pub const RULE_COPIES: usize = 8;
/// Less free space than this below the data folder is told: a few images need as much.
pub const DISK_FREE_BYTES: u64 = 5 << 30;
