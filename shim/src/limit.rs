//! Every limit of the shim, by name.
//! Source of truth: the engine recipe's measurements.

use std::time::Duration;

/// Depth of each log pipe: the largest a process without CAP_SYS_RESOURCE may ask for.
pub const PIPE_BYTES: i32 = 1 << 20;
/// One read from a log pipe. So large that the allocator asks the kernel for it: pages that no read has reached cost nothing.
pub const READ_BYTES: usize = 128 << 10;
/// Frames are written out when this much has gathered, so that a flood of short lines cannot grow the buffer.
pub const WRITE_BYTES: usize = 128 << 10;
/// A log segment is closed and the next one begun at this size.
pub const SEGMENT_BYTES: u64 = 1 << 20;
/// A longer line is cut into several.
pub const LINE_BYTES: usize = 256 << 10;
/// Buffers larger than this are given back once they are empty: a burst must not stay in memory for life.
pub const IDLE_BYTES: usize = 16 << 10;
/// After so long without a word a burst is over, and what it has touched is given back.
pub const IDLE: Duration = Duration::from_secs(1);
/// Between two reads of a log that is written all the time but slowly: what gathers meanwhile costs no more than one line.
pub const GATHER: Duration = Duration::from_millis(10);
/// A read that brings as much is not waited after: the pipe would be full before.
pub const GATHERED_BYTES: usize = 64 << 10;
/// While lines are dropped, how often the folder is looked at again for room.
pub const ROOM_CHECK: Duration = Duration::from_millis(100);
/// A shim whose engine does not come back with `go` leaves after this long.
pub const GO_WAIT: Duration = Duration::from_secs(60);
/// Longest time from SIGTERM to SIGKILL that is kept here.
pub const GRACE: Duration = Duration::from_secs(24 * 3600);
/// The runtime's own time for one command; it takes 40 ms where all is well.
pub const RUNTIME_WAIT: Duration = Duration::from_secs(30);
/// How often it is looked at what else has ended while a command of the runtime's takes its time.
pub const RUNTIME_LOOK: Duration = Duration::from_millis(20);
/// After the first process ended, how long the pipes may be silent before they count as read: somebody else may hold
/// a write end.
pub const SILENCE: Duration = Duration::from_millis(200);
/// And how long reading what is left may take in all.
pub const LAST_WORDS: Duration = Duration::from_secs(2);
/// Conversations at once on the socket; the next one waits in the backlog.
pub const CLIENTS: usize = 8;
/// One command on the socket.
pub const COMMAND_BYTES: usize = 128;
/// Open files of one process of an instance, if the shim itself may have as many.
pub const OPEN_FILES: u64 = 65_536;
/// A process's core dump. Too small for a file; and where the host hands cores to a program, which runs as the host's root, this
/// very number says that there shall be none, while 0 means nothing there. Source: core(5), and `do_coredump` in the kernel.
pub const CORE_BYTES: u64 = 1;
/// Image layers of one instance: their names must fit into the one page of mount options.
pub const LAYERS: usize = 128;
/// What is kept of the runtime's complaint.
pub const COMPLAINT_BYTES: usize = 4 << 10;
/// The order file.
pub const ORDER_BYTES: u64 = 256 << 10;
/// Free loop devices that are asked for before a start gives up; others ask for them too.
pub const LOOP_DEVICE_TRIES: u32 = 1000;
