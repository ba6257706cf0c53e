//! The limits of this room. What happens at each is tested beside the code that holds it.

use std::time::Duration;

/// A host name, without its last dot. Source: RFC 1035 §2.3.4 (255 octets on the wire are 253 characters).
pub const HOST_BYTES: usize = 253;
/// One label of it. Source: RFC 1035 §2.3.4.
pub const LABEL_BYTES: usize = 63;
/// Addresses that one look-up answers with; the rest is left out.
pub const ADDRESSES: usize = 16;
/// A look-up in all, waiting for its turn included. Longer is trouble that may pass.
pub const LOOKUP: Duration = Duration::from_secs(5);
/// One question to one server, so that a silent one leaves time to ask another.
pub const QUESTION: Duration = Duration::from_secs(2);
/// Look-ups under way at the same time; the next one waits for its turn within its own time.
pub const LOOKUPS: usize = 64;
/// Answers remembered, for as long as they say themselves.
pub const ANSWERS_CACHED: u64 = 1_024;
/// …but no longer than this: whoever mends a record wants to see it.
pub const ANSWER_CACHED: Duration = Duration::from_secs(60);

/// Name servers of the machine that instances' questions are taken to, in the order of its file.
pub const SERVERS: usize = 3;
/// How long the machine's list of name servers is believed.
pub const SERVERS_READ: Duration = Duration::from_secs(5);
/// Ports of the kernel's choice that are tried for the name server where any will do: one must be free for UDP and for TCP.
pub const PORTS_TRIED: u32 = 16;
/// An instance's question, in bytes; longer ones are cut, and then understood by nobody.
pub const QUESTION_BYTES: usize = 4_096;
/// An answer by UDP: what fits into one packet everywhere. Source: DNS flag day 2020.
pub const ANSWER_BYTES_UDP: usize = 1_232;
/// Instances' questions under way at the same time, conversations by TCP included; the next one is refused.
pub const QUESTIONS: usize = 4_096;
/// …and those of one instance, so that one that floods is alone with it, and a service with 25 of them leaves most to the others.
pub const QUESTIONS_EACH: usize = 32;
/// A conversation by TCP ends after this, busy or not.
pub const CONVERSATION: Duration = Duration::from_secs(10);
/// …and after this if no question comes. Source: RFC 7766 §6.2.3 ("on the order of a few seconds").
pub const CONVERSATION_IDLE: Duration = Duration::from_secs(2);
/// After a socket that fails, this pause.
pub const REFUSED_PAUSE: Duration = Duration::from_millis(50);
/// How long an instance may remember where a service's name leads: a gateway's address does not change while it lives.
pub const OWN_TTL_SECONDS: u32 = 60;
/// How long an instance may remember what other servers said, at most.
pub const TTL_SECONDS: u32 = 3_600;

/// Opening one connection, TLS included.
pub const CONNECTED: Duration = Duration::from_secs(10);
/// Redirects that one request follows.
pub const REDIRECTS: usize = 5;
/// A token service's answer, or any other small one, in bytes.
pub const TOKEN_BYTES: usize = 1 << 20;
/// Largest manifest, in bytes: what our own registry keeps.
pub const MANIFEST_BYTES: usize = 4 << 20;
/// Largest blob, in bytes: what our own registry keeps.
pub const BLOB_BYTES: u64 = 10 << 30;
/// Blobs that an image may have: as many layers as can be stacked, and its configuration.
pub const BLOBS: usize = 128;
/// How often a request is sent before its fault is told, the first time included.
pub const TRIES: u32 = 4;
/// How often a blob is asked for again from where it broke off.
pub const RESUMES: u32 = 16;
/// A registry that says "later" is waited for so long at most; more is told.
pub const LATER: Duration = Duration::from_secs(20);
/// A token is used so long, or as long as it says; less a margin.
pub const TOKEN_USED: Duration = Duration::from_secs(240);
/// A token that does not say how long it is good. Source: Docker's token specification, 60 s.
pub const TOKEN_UNTOLD: Duration = Duration::from_secs(60);
/// Tokens are not used in their last seconds.
pub const TOKEN_MARGIN: Duration = Duration::from_secs(10);
/// Tokens and logins remembered; beyond it all are forgotten and asked for anew.
pub const TOKENS: usize = 512;
/// A login at ECR is renewed this long before it ends (of twelve hours), or at half of its life if that is shorter.
pub const LOGIN_RENEWED: Duration = Duration::from_secs(30 * 60);

/// How long the other side is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From sending a request to the answer's head.
    pub answer: Duration,
    /// Between two pieces of a body.
    pub silence: Duration,
    /// In this time a body must bring at least `window_bytes`.
    pub window: Duration,
    pub window_bytes: u64,
    /// Before a request is sent again; doubled each time.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(30),
            silence: Duration::from_secs(30),
            window: Duration::from_secs(60),
            window_bytes: 256 << 10,
            pause: Duration::from_millis(500),
        }
    }
}

/// How long a collector of traces may take for a batch.
pub const COLLECTOR_ANSWER: Duration = Duration::from_secs(5);
/// Bytes of its answer that are read.
pub const COLLECTOR_ANSWER_BYTES: usize = 64 << 10;

/// How long an AWS service that is not ours is waited for: a Lambda function may run for fifteen minutes. Source: Lambda quotas, "Function timeout".
pub const UPSTREAM_ANSWER: Duration = Duration::from_secs(905);
/// How long such an answer may be silent in its middle: streams of events are, between two of them.
pub const UPSTREAM_SILENCE: Duration = Duration::from_secs(300);

impl Patience {
    /// With AWS services that are not ours.
    pub fn with_upstreams() -> Self {
        Self { answer: UPSTREAM_ANSWER, silence: UPSTREAM_SILENCE, ..Self::default() }
    }
}

/// How long a session of a real role is asked for: whoever takes it by a role of his own gets no more. Source: IAM User Guide, role chaining.
pub const REAL_SESSION_SECONDS: u32 = 3_600;
/// What an outside issuer of tokens says of itself, in bytes.
pub const DISCOVERY_BYTES: usize = 64 << 10;
/// Its keys, in bytes.
pub const ISSUER_KEYS_BYTES: usize = 256 << 10;
/// How many. Source: IAM User Guide, "Create an OpenID Connect identity provider": 100 RSA and 100 EC keys.
pub const ISSUER_KEYS: usize = 200;
/// How long its keys are believed. A key that it withdraws is taken so long at most.
pub const ISSUER_KEPT: Duration = Duration::from_secs(60 * 60);
/// An issuer whose keys are known is asked again for the sake of an unknown one this long after it was last asked, not sooner: anybody can write
/// unknown names into tokens.
pub const ISSUER_ASKED_AGAIN: Duration = Duration::from_secs(60);
/// How long it is remembered that an issuer has no keys to give…
pub const ISSUER_REFUSAL_KEPT: Duration = Duration::from_secs(5);
/// …or this many times as long as it took to find out, if that is longer: one that is silent is waited for a fifth of the time at most.
pub const ISSUER_REFUSAL_REST: u32 = 4;
/// Issuers remembered; the one that was not asked for longest makes room.
pub const ISSUERS_KEPT: usize = 256;
/// Issuers that are asked at once; the next one waits for its turn within its own time.
pub const ISSUERS_ASKED: usize = 16;
/// Asking one issuer, in all.
pub const ISSUER_ASKED: Duration = Duration::from_secs(15);

impl Patience {
    /// For issuers: somebody waits for the answer.
    pub fn of_issuers() -> Self {
        let second = Duration::from_secs(1);
        Self { answer: 5 * second, silence: 5 * second, window: 5 * second, window_bytes: 0, pause: second / 4 }
    }
}
