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
/// Folders that a path in a layer leads through.
pub const PATH_PARTS: usize = 256;
/// From a layer's first byte to its last, unpacked: it holds one of `UNPACKING` turns.
pub const LAYER_TIME: Duration = Duration::from_secs(15 * 60);
/// All layers of one image, unpacked.
pub const IMAGE_BYTES: u64 = 20 << 30;
/// Files in all layers of one image.
pub const IMAGE_ENTRIES: u64 = 4_000_000;
/// Less free space than this, and no layer is unpacked: what runs, the store and the log go on.
pub const UNPACKING_RESERVE_BYTES: u64 = 1 << 30;
/// And so many files.
pub const UNPACKING_RESERVE_FILES: u64 = 100_000;
/// On a small disk, this part of either.
pub const UNPACKING_RESERVE_PART: u64 = 50;
/// After so many bytes of a layer it is looked what is free.
pub const DISK_LOOK_BYTES: u64 = 64 << 20;
/// Or after so many of its files.
pub const DISK_LOOK_FILES: u64 = 8192;
/// Folders that are open at the same time while a tree of any depth is removed.
pub const REMOVAL_OPEN: usize = 32;
/// How often a folder is read again that somebody writes into while it is removed.
pub const REMOVAL_ROUNDS: u32 = 8;
/// Ids that an image may use, and that an instance has.
pub const IDS: u32 = 65_536;
/// Chunks of a layer on their way from the store to the unpacking thread.
pub const CHUNKS_AHEAD: usize = 4;
/// Layers that are unpacked at the same time.
pub const UNPACKING: usize = 4;
/// Links that are followed on the way to a file of an image, as many as the kernel follows.
pub const IMAGE_LINKS: u32 = 40;
/// Names in folders of an image that are read to be compared with a command that is not there, those that are hidden by a layer
/// above included.
pub const IMAGE_NAMES: usize = 5_000;
/// Folders of a `PATH` that are looked into; nobody has so many.
pub const PATH_FOLDERS: usize = 32;
/// Longer names are compared with nothing.
pub const NEAR_NAME_BYTES: usize = 64;
/// Names that are shown in its place.
pub const NEAR_NAMES: usize = 3;
/// The beginning of a program that is read to see what it needs.
pub const PROGRAM_HEAD_BYTES: u64 = 64 << 10;
/// The runtime's configuration of one instance, as we wrote it.
pub const IMAGE_CONFIG_BYTES: u64 = 16 << 20;
/// `/etc/passwd` and `/etc/group` of an image.
pub const USERS_BYTES: u64 = 1 << 20;

/// Processes and threads of one instance.
pub const PIDS: i64 = 2048;
/// One vCPU: the least an instance has until it is healthy for the first time.
pub const CPU_UNITS_AT_START: u32 = 1024;
/// What a throttled instance has: a little over a hundredth of a vCPU, the least that the kernel lets a group have.
pub const REST_CPU_UNITS: u32 = 11;
/// From asking the kernel to freeze or thaw an instance until it says that it has. It takes less than a millisecond, but for
/// processes that wait for a disk.
pub const FREEZING: Duration = Duration::from_secs(2);
/// How often the kernel is asked whether it has.
pub const FREEZER_LOOK: Duration = Duration::from_micros(50);
/// Looks at an instance's processes while they are killed one by one; new ones are found in the next look.
pub const KILL_ROUNDS: usize = 64;
/// Bytes that an instance can write below /run; they count as its memory.
pub const RUN_BYTES: u64 = 64 << 20;
/// Added to the kernel's measure of whom to end when the whole machine is out of memory: instances go before the platform,
/// the front door and what else runs on the machine. 1000 is the most.
pub const OUT_OF_MEMORY_SCORE: i32 = 500;
/// The kernel's period of the CPU quota.
pub const CPU_PERIOD_MICROS: u64 = 100_000;

/// Instances of one platform: its /20 has eight bridges with 509 addresses each, 4,072 in all.
pub const INSTANCES: usize = 4_000;
/// Conversations of one instance with others at once, at most; less where the kernel has little room (see `FLOWS_SHARE`).
pub const FLOWS: u32 = 8192;
/// The part of the kernel's one table of conversations that one instance may take: a sixty-fourth. The kernel makes room for
/// 262,144 on a machine with more than 4 GB.
pub const FLOWS_SHARE: u32 = 64;
/// The least that an instance has, however little room there is.
pub const FLOWS_MIN: u32 = 512;
/// Unread log of one instance; above it the shim drops lines and says so.
pub const LOGS_BYTES: u64 = 64 << 20;
/// Lines answered at once.
pub const LINES: u32 = 20_000;
/// Bytes of lines answered at once, passed by at most one segment: what gathered while nobody read is not held in memory whole.
pub const LINES_BYTES: usize = 2 << 20;
/// Bytes of an instance's unread log that are read at a time.
pub const READ_BYTES: usize = 1 << 20;
/// The same where no more than [`FEW_LINES`] are asked for.
pub const READ_FEW_BYTES: usize = 64 << 10;
/// See [`READ_FEW_BYTES`]. More than a pump asks for in its look for few lines (`PUMP_FEW_LINES`).
pub const FEW_LINES: usize = 500;
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
/// How long a shim is told again that it may leave, while it does not hear.
pub const SHIM_HEARS: Duration = Duration::from_secs(4);
/// From SIGKILL until the shim has written the exit down and gone.
pub const SHIM_END: Duration = Duration::from_secs(10);
/// From SIGKILL until the kernel has ended the processes of an instance without a shim.
pub const ORPHAN_END: Duration = Duration::from_secs(5);
/// How long a shim that stops talking may take to have left.
pub const SHIM_LEAVING: Duration = Duration::from_secs(1);
/// What the machine's clock may differ from the time that has passed before it counts as set.
pub const CLOCK_JUMP: Duration = Duration::from_secs(2);
/// How often something is looked at for which the kernel has no bell.
pub const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// How often an instance that was made ahead is looked at, beside the bell that tells of its beginning.
pub const CREATED_LOOK: Duration = Duration::from_secs(10);
/// An instance that cannot be woken is unwell after this, and replaced.
pub const WAKING: Duration = Duration::from_secs(30);
/// Instances that are paged out at once: they share one disk, and whoever waits for it a thread.
pub const PAGING: usize = 3;

/// How often something is looked at again that could not be looked at, for a trouble of ours.
pub const LOOK_AGAIN_LATER: Duration = Duration::from_secs(1);

/// At start an instance is asked again after the eighth part of the time that it has taken so far, and not before this…
pub const PROBE_PAUSE_MIN: Duration = Duration::from_millis(1);
/// …nor later than this.
pub const PROBE_PAUSE_MAX: Duration = Duration::from_millis(10);
/// What `PROBE_PAUSE_MIN` says: whoever is ready waits for the next question an eighth longer at most.
pub const PROBE_PAUSE_PART: u32 = 8;
/// After `PROBE_SLOWLY_AFTER`, this often.
pub const PROBE_SLOWLY: Duration = Duration::from_millis(100);
/// See `PROBE_SLOWLY`.
pub const PROBE_SLOWLY_AFTER: Duration = Duration::from_secs(10);
/// An instance that does not answer is looked at where it listens for the first time after this: most have answered by then, and have the processors.
pub const LISTENING_FIRST: Duration = Duration::from_millis(100);
/// And then so often.
pub const LISTENING_EVERY: Duration = Duration::from_millis(500);
/// The part of an HTTP answer that a probe reads: its first line, and the headers of one that leads elsewhere.
pub const PROBE_BYTES: usize = 4 << 10;
/// What is quoted of it.
pub const PROBE_QUOTED_BYTES: usize = 200;
/// Ports that a sight names at most.
pub const PORTS: usize = 16;
/// Sockets of an instance that are read to find them.
pub const SOCKETS_BYTES: u64 = 1 << 20;

/// Changes to links, and openings of doors, that wait for their turn: three for each instance.
pub const ERRANDS: usize = 3 * INSTANCES;
/// Connections to an instance's own door that wait until somebody answers there: those of its own processes, and nobody else's.
pub const DOOR_BACKLOG: i32 = 128;
/// How often the network is compared with what it should be.
pub const NETWORK_SWEPT: Duration = Duration::from_secs(3);
/// Of so many comparisons, one looks at all of the machine's routes too.
pub const COLLISIONS_EVERY: u32 = 10;
/// A file of counters of one control group; the longest is the CPU's of version 2.
pub const COUNTER_BYTES: usize = 1 << 10;

/// Commands that run in all instances at once, a runtime process each.
pub const EXECUTIONS: usize = 64;
/// Open files of a process in an instance; the shim's `OPEN_FILES` for those that it starts.
pub const OPEN_FILES: u64 = 65_536;
/// The size of its core dump. Where the machine pipes them into a program of its own, the kernel takes just this number for
/// "none"; elsewhere a file of one byte is as good as none. Source: `fs/coredump.c` of the kernel.
pub const CORE_BYTES: u64 = 1;
/// Commands that run in all instances of one service at once: what one tenant takes, the others lack.
pub const EXECUTIONS_OF_SERVICE: usize = 16;
/// Commands that run in one instance at once.
pub const EXECUTIONS_OF_INSTANCE: usize = 8;
/// The runtime's time to begin one.
pub const EXECUTION_BEGIN: Duration = Duration::from_secs(20);
/// What is read at once of what a command prints.
pub const EXECUTION_READ_BYTES: usize = 16 << 10;

/// `nft`'s time for one table.
pub const FIREWALL: Duration = Duration::from_secs(10);
/// How often the addresses of open destinations are looked up again.
pub const HOSTS_LOOKED_UP: Duration = Duration::from_secs(60);
/// Names of destinations that are looked up at once for one service; the others wait.
pub const HOSTS_AT_ONCE_OF_SERVICE: usize = 4;
/// …and for all of them: half of what `outside` does at once.
pub const HOSTS_AT_ONCE: usize = 32;
/// How long an instance's start waits for look-ups: one look-up and a little. They are opened later then.
pub const HOSTS_AWAITED: Duration = Duration::from_secs(6);
/// Open destinations of all instances together; what is more stays closed, and is told.
pub const WAYS: usize = 65_536;
/// Open destinations that the kernel is asked the way to, at every start of an instance; for what is more, its main table says it.
pub const ROUTES_ASKED: usize = 1_024;
/// How long a platform waits for another that writes what they share on a machine.
pub const MACHINE_LOCK: Duration = Duration::from_secs(10);
/// The kernel's answer to one question about links; it comes while we ask.
pub const KERNEL_ANSWER: Duration = Duration::from_secs(5);
/// One change to links, the wait for its turn included.
pub const ERRAND: Duration = Duration::from_secs(30);
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

/// What all instances may write together unless somebody says otherwise; half of the free disk if that is less.
pub const SCRATCH_ALL_BYTES: u64 = 64 << 30;
/// The least that file systems for scratch are made with.
pub const SCRATCH_ALL_BYTES_MIN: u64 = 512 << 20;
/// After a start, so much later places to write are made ahead again.
pub const SPARES_AFTER: Duration = Duration::from_secs(2);
/// Places to write that are made ahead.
pub const SCRATCH_SPARES: usize = 16;
/// How often is looked how full instances' places are.
pub const SCRATCH_LOOK: Duration = Duration::from_secs(5);
/// A place is called full when so many hundredths of it are used: writers are refused what does not fit whole.
pub const SCRATCH_FULL_PERCENT: u64 = 95;
/// The host's programs that make and mount file systems, each time they are run.
pub const PROGRAM: Duration = Duration::from_secs(60);
