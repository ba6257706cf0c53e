//! The layout of everything that a shim and another process tell each other through files: order, state, exit and log
//! segments. Written by hand, std only, and included by the engine too, so that there is one copy.
//! Never performs anything. Every document carries a version; `shim/tests/golden` holds one of each. A reader takes any
//! version up to its own: an instance may be older than the platform that adopts it.
//!
//! A document is text: `outrunner-<kind> <version>`, then a `key value` line for each field. Values are escaped (`\n`
//! and `\\`), keys that a reader does not know are skipped.

use std::fmt::{self, Write as _};

/// Version of the order, state and exit documents that this code writes.
pub const DOCUMENT_VERSION: u32 = 1;
/// First bytes of a log segment: four letters, the version, two bytes that are zero. Little endian like all that follows.
pub const SEGMENT_HEADER: [u8; 8] = *b"orlg\x01\0\0\0";
/// Bytes before a frame's text: `u32` length of the text, `u64` milliseconds since 1970 shifted left by one, or'd with
/// the stream.
pub const FRAME_HEADER_BYTES: usize = 12;

/// File names in a shim's folder.
pub const ORDER_FILE: &str = "order";
/// The runtime's bundle is the folder itself.
pub const CONFIG_FILE: &str = "config.json";
/// Locked for the life of the shim: the lock is free means that the shim is gone.
pub const LOCK_FILE: &str = "lock";
/// The Unix socket for commands.
pub const SOCKET_FILE: &str = "sock";
/// Written by the shim whenever it changes.
pub const STATE_FILE: &str = "state";
/// Written once, when the instance has ended.
pub const EXIT_FILE: &str = "exit";
/// The runtime's own log, JSON lines.
pub const RUNTIME_LOG_FILE: &str = "runc.log";
/// Pin of the pair's user namespace, visible in the shim's mount namespace only.
pub const USER_PIN: &str = "user";
/// Pin of the pair's network namespace, visible in the shim's mount namespace only.
pub const NETWORK_PIN: &str = "net";
/// Where the root file system is mounted, in the shim's mount namespace only.
pub const ROOT_FOLDER: &str = "rootfs";

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Which document, and what is wrong with it. Never a value from the document.
    pub what: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Unreadable {}

/// What the engine asks of a shim. The instance's environment is not here: it stands in the bundle's `config.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The instance's name, which is also the runtime's container id.
    pub container: String,
    /// First id on the host of the 65,536 that the instance has.
    pub id_base: u32,
    /// The process's user inside.
    pub uid: u32,
    /// The process's group inside.
    pub gid: u32,
    /// Path of the OCI runtime's program.
    pub runtime: String,
    /// The runtime's `--root`.
    pub runtime_root: String,
    /// Unpacked image layers, the uppermost first.
    pub layers: Vec<String>,
    /// Folder for what the instance writes.
    pub scratch: String,
    /// An ext4 in a file, to be mounted at `scratch` first; none if the folder is there.
    pub scratch_image: Option<String>,
    /// Folder for log segments.
    pub logs: String,
    /// Log bytes kept before lines are dropped.
    pub logs_cap_bytes: u64,
    /// Absolute path of the control group inside each hierarchy.
    pub cgroup: String,
    /// The runtime must not see control groups of version 2 beside those of version 1. An order without it says no.
    pub hide_cgroup_2: bool,
    /// The runtime brings a kernel of its own (gVisor): the instance has no user namespace of the host's, its ids are that kernel's, and of the pair
    /// it joins the network only. An order without it says no.
    pub own_kernel: bool,
}

/// How far a shim has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Everything is prepared; the engine wires the network and says `go`.
    Paired,
    /// Made ahead: the runtime has prepared a process that becomes the instance's first one. Nothing of the image has run.
    Created {
        /// Its process id on the host.
        init_pid: u32,
        /// Its start time in clock ticks since boot, so that a reused id is noticed.
        init_started: u64,
    },
    /// The instance's first process runs, or is about to: from here on it counts as begun, whatever the runtime says.
    Running {
        /// Its process id on the host.
        init_pid: u32,
        /// Its start time in clock ticks since boot, so that a reused id is noticed.
        init_started: u64,
        /// Milliseconds since 1970.
        started_ms: u64,
        /// Milliseconds since the machine began, by a clock that nobody sets. Shims before this field say nothing.
        started_uptime_ms: Option<u64>,
    },
}

/// Who a shim is and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The shim's process id.
    pub shim_pid: u32,
    /// The kernel's boot id: a state file of another boot says nothing.
    pub boot_id: String,
    /// The shim's open descriptor of the pair's network namespace.
    pub network_fd: i32,
    /// How far it has come.
    pub phase: Phase,
}

/// How an instance ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Its first process returned this code.
    Code(i32),
    /// Its first process was ended by this signal.
    Signal(i32),
    /// It never ran; the runtime's words.
    NeverStarted(String),
}

/// What is known when an instance has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// How.
    pub end: End,
    /// The kernel ended a process of it for want of memory.
    pub out_of_memory: bool,
    /// The kernel refused it a process or thread, as it had as many as it may have. Shims before this field say no.
    pub processes_refused: bool,
    /// Milliseconds since 1970.
    pub ended_ms: u64,
    /// Log lines that found no room in its whole life.
    pub lines_dropped: u64,
}

/// The stream that a log line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

impl Order {
    /// The order as text.
    pub fn encode(&self) -> String {
        let mut text = Fields::begin("order");
        text.put("container", &self.container);
        text.put("id_base", &self.id_base.to_string());
        text.put("uid", &self.uid.to_string());
        text.put("gid", &self.gid.to_string());
        text.put("runtime", &self.runtime);
        text.put("runtime_root", &self.runtime_root);
        for layer in &self.layers {
            text.put("layer", layer);
        }
        text.put("scratch", &self.scratch);
        if let Some(image) = &self.scratch_image {
            text.put("scratch_image", image);
        }
        text.put("logs", &self.logs);
        text.put("logs_cap_bytes", &self.logs_cap_bytes.to_string());
        text.put("cgroup", &self.cgroup);
        if self.hide_cgroup_2 {
            text.put("hide_cgroup_2", "yes");
        }
        if self.own_kernel {
            text.put("own_kernel", "yes");
        }
        text.0
    }

    /// The order from its text.
    pub fn decode(text: &str) -> Result<Self, Unreadable> {
        let fields = Found::read("order", text)?;
        Ok(Self {
            container: fields.text("container")?,
            id_base: fields.number("id_base")?,
            uid: fields.number("uid")?,
            gid: fields.number("gid")?,
            runtime: fields.text("runtime")?,
            runtime_root: fields.text("runtime_root")?,
            layers: fields.all("layer"),
            scratch: fields.text("scratch")?,
            scratch_image: fields.has("scratch_image").then(|| fields.text("scratch_image")).transpose()?,
            logs: fields.text("logs")?,
            logs_cap_bytes: fields.number("logs_cap_bytes")?,
            cgroup: fields.text("cgroup")?,
            hide_cgroup_2: fields.has("hide_cgroup_2"),
            own_kernel: fields.has("own_kernel"),
        })
    }
}

impl State {
    /// The state as text.
    pub fn encode(&self) -> String {
        let mut text = Fields::begin("state");
        text.put("shim_pid", &self.shim_pid.to_string());
        text.put("boot_id", &self.boot_id);
        text.put("network_fd", &self.network_fd.to_string());
        match self.phase {
            Phase::Paired => text.put("phase", "paired"),
            Phase::Created { init_pid, init_started } => {
                text.put("phase", "created");
                text.put("init_pid", &init_pid.to_string());
                text.put("init_started", &init_started.to_string());
            }
            Phase::Running { init_pid, init_started, started_ms, started_uptime_ms } => {
                text.put("phase", "running");
                text.put("init_pid", &init_pid.to_string());
                text.put("init_started", &init_started.to_string());
                text.put("started_ms", &started_ms.to_string());
                if let Some(uptime) = started_uptime_ms {
                    text.put("started_uptime_ms", &uptime.to_string());
                }
            }
        }
        text.0
    }

    /// The state from its text.
    pub fn decode(text: &str) -> Result<Self, Unreadable> {
        let fields = Found::read("state", text)?;
        let phase = match fields.text("phase")?.as_str() {
            "paired" => Phase::Paired,
            "created" => Phase::Created { init_pid: fields.number("init_pid")?, init_started: fields.number("init_started")? },
            "running" => Phase::Running {
                init_pid: fields.number("init_pid")?,
                init_started: fields.number("init_started")?,
                started_ms: fields.number("started_ms")?,
                started_uptime_ms: fields.number("started_uptime_ms").ok(),
            },
            _ => return Err(fields.wrong("phase")),
        };
        Ok(Self {
            shim_pid: fields.number("shim_pid")?,
            boot_id: fields.text("boot_id")?,
            network_fd: fields.number("network_fd")?,
            phase,
        })
    }
}

impl Exit {
    /// The exit as text.
    pub fn encode(&self) -> String {
        let mut text = Fields::begin("exit");
        match &self.end {
            End::Code(code) => text.put("code", &code.to_string()),
            End::Signal(signal) => text.put("signal", &signal.to_string()),
            End::NeverStarted(why) => text.put("never_started", why),
        }
        text.put("out_of_memory", if self.out_of_memory { "yes" } else { "no" });
        text.put("processes_refused", if self.processes_refused { "yes" } else { "no" });
        text.put("ended_ms", &self.ended_ms.to_string());
        text.put("lines_dropped", &self.lines_dropped.to_string());
        text.0
    }

    /// The exit from its text.
    pub fn decode(text: &str) -> Result<Self, Unreadable> {
        let fields = Found::read("exit", text)?;
        let end = if fields.has("code") {
            End::Code(fields.number("code")?)
        } else if fields.has("signal") {
            End::Signal(fields.number("signal")?)
        } else {
            End::NeverStarted(fields.text("never_started")?)
        };
        Ok(Self {
            end,
            out_of_memory: fields.text("out_of_memory")? == "yes",
            processes_refused: fields.text("processes_refused").is_ok_and(|text| text == "yes"),
            ended_ms: fields.number("ended_ms")?,
            lines_dropped: fields.number("lines_dropped")?,
        })
    }
}

/// A log segment's file name. Segments sort by name; a finished one is never written again.
pub fn segment_name(sequence: u64) -> String {
    format!("{sequence:016}.log")
}

/// The sequence number in a segment's file name.
pub fn segment_sequence(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".log")?;
    (digits.len() == 16).then(|| digits.parse().ok()).flatten()
}

/// Appends one log line's frame. `text` has no line end.
pub fn put_frame(out: &mut Vec<u8>, stream: Stream, at_ms: u64, text: &[u8]) {
    let length = u32::try_from(text.len()).expect("a line is cut long before 4 GiB");
    let bit = match stream {
        Stream::Out => 0,
        Stream::Err => 1,
    };
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(at_ms << 1 | bit).to_le_bytes());
    out.extend_from_slice(text);
}

/// One log line as it lies in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Where it came from.
    pub stream: Stream,
    /// When the shim read it: milliseconds since 1970.
    pub at_ms: u64,
    /// The line without its end.
    pub text: &'a [u8],
}

/// The first frame of `bytes` and how many bytes it took; nothing while it is still incomplete.
pub fn take_frame(bytes: &[u8]) -> Option<(Frame<'_>, usize)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (stamp, rest) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).expect("a usize holds a u32 on every Linux");
    let text = rest.get(..length)?;
    let stamp = u64::from_le_bytes(*stamp);
    let stream = if stamp & 1 == 0 { Stream::Out } else { Stream::Err };
    Some((Frame { stream, at_ms: stamp >> 1, text }, FRAME_HEADER_BYTES + length))
}

/// A document being written.
struct Fields(String);

impl Fields {
    fn begin(kind: &str) -> Self {
        Self(format!("outrunner-{kind} {DOCUMENT_VERSION}\n"))
    }

    fn put(&mut self, key: &str, value: &str) {
        let value = value.replace('\\', "\\\\").replace('\n', "\\n");
        writeln!(self.0, "{key} {value}").expect("writing to a string cannot fail");
    }
}

/// A document being read.
struct Found<'a> {
    kind: &'static str,
    fields: Vec<(&'a str, String)>,
}

impl<'a> Found<'a> {
    fn read(kind: &'static str, text: &'a str) -> Result<Self, Unreadable> {
        let unreadable = |what: String| Unreadable { what };
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let version = first
            .strip_prefix("outrunner-")
            .and_then(|first| first.strip_prefix(kind))
            .and_then(|first| first.trim().parse::<u32>().ok())
            .ok_or_else(|| unreadable(format!("this is no {kind} document")))?;
        if version > DOCUMENT_VERSION {
            return Err(unreadable(format!("the {kind} document has version {version}, newer than {DOCUMENT_VERSION}")));
        }
        let fields = rest.lines().filter_map(|line| line.split_once(' ')).map(|(key, value)| (key, plain(value)));
        Ok(Self { kind, fields: fields.collect() })
    }

    fn wrong(&self, key: &str) -> Unreadable {
        Unreadable { what: format!("the {} document has no good {key}", self.kind) }
    }

    fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|(name, _)| *name == key)
    }

    fn all(&self, key: &str) -> Vec<String> {
        self.fields.iter().filter(|(name, _)| *name == key).map(|(_, value)| value.clone()).collect()
    }

    fn text(&self, key: &str) -> Result<String, Unreadable> {
        let found = self.fields.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| value.clone()).ok_or_else(|| self.wrong(key))
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Result<T, Unreadable> {
        self.text(key)?.parse().map_err(|_| self.wrong(key))
    }
}

fn plain(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}
