//! Instances: their derived names, what the engine is asked to run, and what it sees.

use std::fmt;
use std::net::Ipv4Addr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::arn::ServiceArn;
use crate::environment::Environment;
use crate::exit_advice::{advice, signal_name};
use crate::given_variables::GivenVariables;
use crate::health::Health;
use crate::instance_door::InstanceRole;
use crate::instance_size::InstanceSize;
use crate::limit;
use crate::reach::Reach;
use crate::refusal::Refusal;
use crate::revision::{ImagePin, RevisionNumber};
use crate::service::ServiceId;
use crate::time::Timestamp;

/// Names are derived, not drawn: planning twice asks for the same instance, not for a second one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InstanceName {
    pub service: ServiceId,
    pub revision: RevisionNumber,
    pub slot: u16,
}

impl InstanceName {
    /// `r<revision>-<slot>`: unique within a service.
    pub fn short(&self) -> String {
        format!("r{}-{}", self.revision, self.slot)
    }

    /// Parses what `Display` prints.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let parts = || {
            let (service, short) = text.split_once('.')?;
            let (revision, slot) = short.strip_prefix('r')?.split_once('-')?;
            let name =
                Self { service: ServiceId::parse(service).ok()?, revision: revision.parse().ok()?, slot: slot.parse().ok()? };
            (name.to_string() == text).then_some(name)
        };
        parts().ok_or_else(|| Refusal::invalid(format!("'{text}' is not an instance name.")))
    }
}

/// `<service id>.r<revision>-<slot>`: unique on the machine, at most 49 characters, safe as a file, cgroup and container name.
impl fmt::Display for InstanceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.r{}-{}", self.service, self.revision, self.slot)
    }
}

/// All the engine needs to run an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceSpec {
    pub name: InstanceName,
    pub image: ImagePin,
    /// Replaces the image's entry point and command; split into words, never given to a shell.
    pub start_command: Option<String>,
    /// The service's own variables. The engine adds `PORT`, and puts the image's variables beneath.
    pub environment: Environment,
    /// What the platform adds to that; the engine adds the token of the instance's door.
    #[serde(default)]
    pub given: GivenVariables,
    /// The role whose credentials its own door has. Without a role it has no door.
    #[serde(default)]
    pub role: Option<InstanceRole>,
    /// For whom an identity token lies in it: where its role is of an AWS account that is not the platform's.
    #[serde(default)]
    pub identity: Option<ServiceArn>,
    pub port: u16,
    pub size: InstanceSize,
    pub health: Health,
    /// Private destinations that it may connect to, beside the internet.
    #[serde(default)]
    pub reach: Vec<Reach>,
}

/// What the engine sees of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceSeen {
    pub name: InstanceName,
    /// When it was asked to begin; of one made ahead, when it was made.
    pub started_at: Timestamp,
    /// Where it is reached, as soon as it has a network.
    pub address: Option<Ipv4Addr>,
    pub phase: InstancePhase,
    pub disk: DiskSeen,
}

/// How much of what an instance may write is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskSeen {
    /// Some; or nobody can tell.
    Room,
    /// Hardly any, once in its life: writes fail, or failed.
    Full,
}

/// How far an instance is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstancePhase {
    /// Made ahead: everything is there but its first instruction, and nothing of its image has run yet.
    Created,
    /// Begun, and not yet healthy for the first time.
    Starting {
        /// What the last probe saw, in words: "connection refused on port 8080", "GET /health answered 404".
        last_probe: Option<String>,
        /// Set while the process listens, but not where it was told to.
        elsewhere: Option<Elsewhere>,
    },
    /// Healthy. Survives a restart of the platform.
    Ready,
    /// Was healthy, and has failed as many health checks in a row as its service allows. It is replaced.
    Unwell {
        /// What the last probe saw, in words.
        last_probe: String,
    },
    /// Healthy when it was put to rest. It answers nobody, or too slowly to count, until it is woken; nobody asks how it is meanwhile.
    Dormant(Rest),
    /// Asked to end, and not over yet: it has its grace. Whoever waits for its end is rung for.
    Stopping,
    /// Its first process ended, or never began.
    Exited(Exit),
}

/// How deeply a healthy instance rests. The deeper, the less it costs and the longer it takes to wake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rest {
    /// It has a small share of a vCPU: timers fire and connections stay alive, a request would take long.
    Throttled,
    /// No process of it runs. Its memory stays where it is.
    Frozen,
    /// Frozen, and memory of it lies on the host's swap. Where the host has none, or nothing came to lie there, it stays `Frozen`, and is seen so.
    PagedOut,
}

/// The process listens on other ports than its own, or only on the loopback address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// When this was first seen without a break.
    pub since: Timestamp,
    /// Ports it listens on, reachable from outside.
    pub ports: Vec<u16>,
    /// Ports it listens on at 127.0.0.1 or ::1 only.
    pub loopback_ports: Vec<u16>,
}

/// How an instance ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    pub at: Timestamp,
    pub how: ExitCause,
    /// The last lines it printed, at most ten, oldest first.
    pub last_lines: Vec<String>,
    /// Limits that it ran into before, whether or not it ended of them.
    pub limits_reached: Vec<LimitReached>,
    /// It was asked to end before it did: its end says nothing about the application.
    pub asked: bool,
}

/// A limit of an instance at which the kernel refused something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitReached {
    /// A process or thread could not be started.
    Processes {
        /// As many as an instance may have.
        max: u64,
    },
    /// The kernel ended one of its processes for want of memory, but not the first one.
    Memory,
    /// What it wrote had filled its disk.
    Disk,
}

/// Why its first process is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExitCause {
    Code(i32),
    Signal(i32),
    OutOfMemory,
    /// Its image or its start command is wrong; the words say why and what to do ("The image has no command /app/x. …").
    NeverStarted(String),
    /// The platform or its machine could not start it, whatever its image is. The words complete "The platform could not start it: …".
    EngineTrouble(String),
    /// Its shim died; the instance was ended with it.
    Lost,
}

impl Exit {
    /// One sentence for the owner: how it ended, and what it said last.
    pub fn sentence(&self) -> String {
        let how = match &self.how {
            ExitCause::Code(code) => format!("Container exit code: {code}."),
            ExitCause::Signal(signal) => format!("The container was ended by signal {signal}{}.", signal_name(*signal)),
            ExitCause::OutOfMemory => {
                "The container used more memory than it has and was ended. Give the service more Memory.".to_owned()
            }
            ExitCause::NeverStarted(words) => words.clone(),
            ExitCause::EngineTrouble(words) => format!(
                "The platform could not start it, which is not the application's fault: {words}. \
                 'outrunner doctor' tells what this machine lacks; then deploy again."
            ),
            ExitCause::Lost => "The instance was lost with the process that kept it, which is not the application's fault. \
                 If it happens again, 'outrunner doctor' tells what this machine lacks."
                .to_owned(),
        };
        let mut sentences = vec![how];
        sentences.extend(self.limits_reached.iter().map(LimitReached::sentence));
        sentences.extend(advice(&self.how, &self.last_lines));
        if self.last_lines.is_empty() {
            sentences.push("It printed nothing.".to_owned());
        } else {
            sentences.push(format!("Last lines: {}", self.last_lines.join(" | ")));
        }
        sentences.join(" ")
    }
}

impl LimitReached {
    fn sentence(&self) -> String {
        match self {
            Self::Processes { max } => format!(
                "It had as many processes and threads as an instance may have ({max}). Let it begin fewer, or lower MaxConcurrency, so that more instances share the requests."
            ),
            Self::Memory => {
                "One of its processes was ended, as together they used more memory than it has. Give the service more Memory."
                    .to_owned()
            }
            Self::Disk => format!(
                "It had filled the {} GB of disk that an instance has, so it could not write any more. Let it remove what it does not need, or keep it elsewhere.",
                limit::SCRATCH_BYTES >> 30
            ),
        }
    }
}

/// Why an image cannot be run, in words for its owner; it stays so until another image is pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageProblem {
    pub message: String,
}

/// How an instance is asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopOrder {
    /// From SIGTERM to SIGKILL; zero kills at once.
    pub grace: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_with_its_limits_its_meaning_and_its_last_lines_and_blames_whom_it_must() {
        let exit = |how, lines: &[&str], limits_reached| Exit {
            at: Timestamp::from_millis(0),
            how,
            last_lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            limits_reached,
            asked: false,
        };
        let full = exit(ExitCause::Code(127), &["one", "sh: x: not found"], vec![LimitReached::Processes { max: 7 }]);
        assert_eq!(
            full.sentence(),
            "Container exit code: 127. It had as many processes and threads as an instance may have (7). Let it begin fewer, or lower \
             MaxConcurrency, so that more instances share the requests. That is how a shell says that it did not \
             find a command. Check the names in the start command or script. Last lines: one | sh: x: not found"
        );
        let signal = exit(ExitCause::Signal(31), &[], Vec::new()).sentence();
        assert!(signal.starts_with("The container was ended by signal 31 (SIGSYS). It made a system call"), "{signal}");
        let disk = exit(ExitCause::Code(1), &[], vec![LimitReached::Disk]).sentence();
        assert!(disk.contains("It had filled the 3 GB of disk that an instance has, so it could not write any more."), "{disk}");
        let memory = exit(ExitCause::Code(1), &[], vec![LimitReached::Memory]).sentence();
        assert!(memory.contains("Give the service more Memory."), "{memory}");
        let lost = exit(ExitCause::Lost, &[], Vec::new()).sentence();
        assert!(lost.contains("not the application's fault. If it happens again, 'outrunner doctor'"), "{lost}");
        let ours = exit(ExitCause::EngineTrouble("out of cheese".to_owned()), &[], Vec::new()).sentence();
        assert!(ours.contains("not the application's fault: out of cheese."), "{ours}");
    }

    #[test]
    fn an_instance_name_survives_a_round_trip_and_nothing_else_parses() {
        let name = InstanceName { service: ServiceId::from_random([0xab; 16]), revision: 7, slot: 1 };
        assert_eq!(InstanceName::parse(&name.to_string()).unwrap(), name);
        assert_eq!(name.short(), "r7-1");
        for bad in ["", "r7-1", &format!("{}.r07-1", name.service), &format!("{}.r7", name.service), "../x.r1-0"] {
            assert!(InstanceName::parse(bad).is_err(), "{bad}");
        }
    }
}
