//! Every limit of this room, in one place; each has a test that reaches it or a comment on why it needs none.
//! Never decides what happens at a limit. Source of truth: this file; a number that comes from elsewhere says from where.

use std::time::Duration;

/// Carrying cores. Two listening sockets each must fit into one `SCM_RIGHTS` message (the kernel's limit is 253).
pub const CORES_MAX: usize = 64;

/// Connections that the kernel keeps for us until we accept them, per listening socket.
pub const BACKLOG: i32 = 4096;

/// A frame's body, in bytes: about half a million routes.
pub const FRAME_BYTES_MAX: u32 = 64 << 20;

/// Characters of a host name (RFC 1035 section 2.3.4).
pub const HOST_LENGTH_MAX: usize = 253;

/// Open client connections per core, fewer where the process may have few descriptors. Above it we leave them in the backlog.
pub const CONNECTIONS_MAX: usize = 16_384;

/// Of these, the part that one client (an IPv4 address, a /64 of IPv6) may have: half, so that two are needed to keep others out. One that stands
/// in front of us for many, a proxy say, is one client.
pub const CONNECTIONS_SHARE: usize = 2;

/// Of the descriptors that the process may have, so many in this many are for clients' connections; the others for what they ask for.
pub const DESCRIPTORS_FOR_CLIENTS: (usize, usize) = (2, 3);

/// Pause between two log lines about connections that were not taken.
pub const REFUSALS_TOLD: Duration = Duration::from_secs(10);

/// TLS handshakes that are computed in one turn of a core's loop: they are the dearest thing that a stranger can ask for, about a quarter of a
/// millisecond each, and everybody else on the core waits meanwhile.
pub const HANDSHAKES_PER_TURN: usize = 4;

/// A TLS handshake must be over after this.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// A request head must have arrived after this; also how long a connection without a request is kept.
pub const HEAD_TIME: Duration = Duration::from_secs(30);

/// Header fields of a request; more is 431. It is hyper's own default too, and only as such is it free: see `door.rs`.
pub const HEADERS_MAX: usize = 100;

/// Bytes of an HTTP/1 head (one read more at most: hyper looks between reads), and of what is read ahead of a body.
pub const READ_BUFFER_MAX: usize = 64 << 10;

/// Bytes of the header list of an HTTP/2 request.
pub const H2_HEADER_BYTES_MAX: u32 = 32 << 10;

/// Requests at a time on one HTTP/2 connection.
pub const H2_STREAMS_MAX: u32 = 128;

/// Bytes that an HTTP/2 client may send ahead of us, per stream and per connection, and that we keep for it.
pub const H2_STREAM_WINDOW: u32 = 256 << 10;
/// See [`H2_STREAM_WINDOW`].
pub const H2_CONNECTION_WINDOW: u32 = 1 << 20;
/// Bytes of an answer that wait for one HTTP/2 stream.
pub const H2_SEND_BUFFER: usize = 64 << 10;
/// Bytes that one HTTP/2 connection may send before the core's other tasks have their turn: a thousand of the smallest frames.
pub const H2_TURN_BYTES: usize = 16 << 10;
/// An HTTP/2 connection that says nothing is asked for a sign of life this often, and given this long to answer.
pub const H2_PING: Duration = Duration::from_secs(20);

/// Connecting to an instance: it is on this machine.
pub const CONNECT_TIME: Duration = Duration::from_secs(2);

/// Pause before connecting again to what refused, doubled with each refusal: an instance that died is found out and replaced meanwhile ...
pub const CONNECT_PAUSE: Duration = Duration::from_millis(25);

/// ... up to this.
pub const CONNECT_PAUSE_MAX: Duration = Duration::from_millis(400);

/// Requests of one service that wait for an instance to accept a connection; the next one is 503 at once.
pub const REFUSED_WAITING_MAX: u32 = 1_000;

/// An instance that refused a connection is passed over for this long while others have room.
pub const SHUN_TIME: Duration = Duration::from_secs(1);

/// Idle connections kept to one instance by one core.
pub const IDLE_PER_INSTANCE_MAX: usize = 64;

/// How long an idle connection to an instance is used: below Node's and uvicorn's five seconds.
pub const IDLE_TIME: Duration = Duration::from_secs(4);

/// The same for a request that may not be sent twice: were the connection closed while it is on its way, it would be lost. Below the shortest time that
/// servers are set to keep a silent connection (gunicorn's two seconds; one, by hand).
pub const IDLE_TIME_ONCE: Duration = Duration::from_millis(500);
/// Request ids of one core whose random bytes are fetched at once.
pub const REQUEST_IDS_AHEAD: usize = 64;

/// Requests that wait for one of the platform's own doors.
pub const DOOR_WAITING_MAX: u32 = 256;

/// A body that does not move in either direction for this long is given up where no request time-out ends it; so is an HTTP/2 connection
/// whose client takes nothing.
pub const PROGRESS_TIME: Duration = Duration::from_secs(60);

/// The kernel asks a client that was silent for [`PROGRESS_TIME`] for a sign of life this often; the first question that stays open so long ends it.
pub const SIGN_OF_LIFE_PAUSE: Duration = Duration::from_secs(10);

/// How long one of the platform's own doors may take to answer once it has the whole request: many gigabytes of an image are still on their way to the disk.
pub const DOOR_ANSWER_TIME: Duration = Duration::from_secs(15 * 60);

/// A WebSocket on which nothing moves for this long is closed.
pub const TUNNEL_IDLE_TIME: Duration = Duration::from_secs(3600);

/// How long a WebSocket lives on once the end has begun: nothing in it says when it would end by itself.
pub const TUNNEL_DRAIN_TIME: Duration = Duration::from_secs(5);

/// A pause after an accept that failed (no descriptors left): not a loop, not an end.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Bells (somebody begins to wait, a removed instance is empty) go to the platform at once, and then at most this often.
/// Each costs its service's keeper a look, and while all instances are busy everybody who comes rings.
pub const BELL_PAUSE: Duration = Duration::from_millis(20);

/// Notes of requests that wait to be fetched, of all cores together. The oldest go first.
pub const ACCESS_NOTES_MAX: usize = 65_536;
/// A core of many has room for so many all the same.
pub const ACCESS_NOTES_MIN: usize = 1_024;
/// Bytes of all these notes, about: usual paths do not reach it.
pub const ACCESS_BYTES_MAX: usize = 32 << 20;
/// See [`ACCESS_NOTES_MIN`].
pub const ACCESS_BYTES_MIN: usize = 2 << 20;
/// Notes that are fetched at once.
pub const ACCESS_BATCH_NOTES: usize = 4_096;
/// How long a front door that has drained waits until the platform has its last notes, if it asks for them; less than [`CONTROL_TIME`].
pub const LAST_NOTES_TIME: Duration = Duration::from_secs(3);
/// How often it looks whether it has.
pub const LAST_NOTES_LOOK: Duration = Duration::from_millis(10);
/// Bytes of a path that are noted.
pub const ACCESS_PATH_BYTES: usize = 1_024;
/// A longer method is noted as `OTHER`: those that mean anything have at most 17 letters, and a stranger may send 60 KiB.
pub const ACCESS_METHOD_BYTES: usize = 32;
/// What everything else of a note takes on the socket, at most.
pub const ACCESS_REST_BYTES: usize = 256;
const _: () = assert!(
    ACCESS_BATCH_NOTES * (ACCESS_PATH_BYTES + ACCESS_METHOD_BYTES + ACCESS_REST_BYTES) < FRAME_BYTES_MAX as usize / 2,
    "a batch of the longest notes fits into a frame"
);

/// What the other side of the control socket may take for a hand-over or an answer.
pub const CONTROL_TIME: Duration = Duration::from_secs(5);

/// How long whoever asks for the counts waits: what else he keeps does not wait for a front door that says nothing. Longer than the pause between two
/// of them.
pub const GAUGE_TIME: Duration = Duration::from_secs(2);

/// Frames read ahead of their use on the control socket.
pub const FRAMES_AHEAD: usize = 4;

/// When everything stops: silent connections are closed after this ...
pub const DRAIN_LINGER: Duration = Duration::from_millis(200);

/// ... and the rest after this, whatever they carry, unless the platform says less.
pub const DRAIN_TIME_MAX: Duration = Duration::from_secs(150);

/// Whoever gives a front door this long to drain is in no hurry: it gets [`DRAIN_TIME_MAX`], and silent connections end by their own time-out
/// ([`HEAD_TIME`]) or with their next answer. Closed sooner, one may just be asked over.
pub const UNHURRIED_TIME: Duration = Duration::from_secs(180);
const _: () = assert!(UNHURRIED_TIME.as_millis() > DRAIN_TIME_MAX.as_millis(), "nobody who is in a hurry says it by chance");

/// How long a front door that is replaced accepts on while the next one has no tables: longer than a start takes that adopts hundreds of instances.
pub const TABLES_TIME: Duration = Duration::from_secs(60);
/// How often it is looked whether it has.
pub const TABLES_LOOK: Duration = Duration::from_millis(5);

/// How often an edge looks whether its control socket is still its own.
pub const OWN_SOCKET_LOOK: Duration = Duration::from_millis(500);

/// Pauses between two edges that die at once.
pub const RESPAWN_PAUSE_MIN: Duration = Duration::from_millis(20);
/// See [`RESPAWN_PAUSE_MIN`].
pub const RESPAWN_PAUSE_MAX: Duration = Duration::from_secs(1);

/// How long a request waits for one of the platform's own doors to listen again.
pub const DOOR_HOLD: Duration = Duration::from_secs(10);

/// Pause between two log lines about failed requests of one service.
pub const COMPLAINT_PAUSE: Duration = Duration::from_secs(1);

/// The front door's niceness (setpriority(2)): nine times the platform's share of a core that both want.
pub const NICENESS: i32 = -10;

/// How long the end of a process is waited for where it should have ended already.
pub const EXIT_LOOK: Duration = Duration::from_millis(100);
