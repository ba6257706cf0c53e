//! What runs instances. Kept by `engine`.

use crate::instance::{ImageProblem, InstanceName, InstanceSeen, InstanceSpec, Rest, StopOrder};
use crate::log_line::{LogBatch, LogCursor};
use crate::port::Answer;
use crate::revision::ImagePin;
use crate::service::ServiceId;

/// Instances by name. Every effect may be performed twice. The engine rings the service's bell whenever a phase changes.
pub trait Engine: Send + Sync {
    /// Makes an instance ahead, up to its first instruction: seen as `Created`, it costs memory and no CPU until `start` begins it. One that is there
    /// already under this name is left as it is, whatever its phase. What the image's owner must mend is seen as after `start`. A new platform may find
    /// that one of an older build is not worth keeping: then it is gone. So is one of another spec, as soon as `create` or `start` asks for this one.
    fn create<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()>;

    /// Begins an instance, the sooner if it was made ahead. Any other that is there already under this name is left as it is, whatever its phase. What
    /// the image's owner must mend does not fail the call: it is seen as `Exited(NeverStarted)`.
    fn start<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()>;

    /// Every instance of a service that is not discarded, by name. Instances survive the platform: a new engine on the same data sees them as they are.
    fn look<'a>(&'a self, service: &'a ServiceId) -> Answer<'a, Vec<InstanceSeen>>;

    /// Every instance on this machine that is ours, whosever: what boot compares with the ledger.
    fn all(&self) -> Answer<'_, Vec<InstanceName>>;

    /// Puts a ready instance to rest, or one that rests already to a deeper or a lighter rest; answers when it rests. Absence is success, and in any
    /// other phase nothing changes. Whoever routes to it stops that first: a frozen one accepts connections, and answers none.
    fn rest<'a>(&'a self, name: &'a InstanceName, rest: Rest) -> Answer<'a, ()>;

    /// Wakes an instance that rests; answers when its processes run again at full size. One that does not rest is awake already; absence is success.
    fn wake<'a>(&'a self, name: &'a InstanceName) -> Answer<'a, ()>;

    /// Begins an instance's end and answers at once: SIGTERM now, however deeply it rests, and SIGKILL when the grace is over, even if this platform is
    /// gone by then. Until it has exited it is seen as `Stopping`, by every later platform too. One that was only made ahead exits as well. Asked again,
    /// the shorter grace holds. Absence is success; one that has exited stays so.
    fn stop<'a>(&'a self, name: &'a InstanceName, order: StopOrder) -> Answer<'a, ()>;

    /// Takes away all that an exited instance left, its unread output included; ends one that still runs. Absence is success.
    fn discard<'a>(&'a self, name: &'a InstanceName) -> Answer<'a, ()>;

    /// Whole lines that an instance printed after a cursor; a last line without an end counts once the instance has exited. A cursor of an earlier run
    /// begins at the present run's first line. Empty when there is nothing new, with a cursor to go on from.
    fn lines<'a>(&'a self, name: &'a InstanceName, after: LogCursor, lines_max: u32) -> Answer<'a, LogBatch>;

    /// Everything before the cursor is stored elsewhere: the engine may forget it.
    fn absorbed<'a>(&'a self, name: &'a InstanceName, before: LogCursor) -> Answer<'a, ()>;
}

/// Images, unpacked. Kept by `engine`.
pub trait Images: Send + Sync {
    /// Makes an image ready to run: of an index it takes linux on our architecture, verifies what it reads, and unpacks each layer once. Ready already is
    /// success. What is wrong with the image itself is the inner error.
    fn prepare<'a>(&'a self, image: &'a ImagePin) -> Answer<'a, Result<(), ImageProblem>>;

    /// The engine may forget what it made ready of every other image, as far as no instance and no start under way needs it. It forgets only what was
    /// needless at the call before too: between two looks at the ledger an image may become needed. A forgotten one can be made ready again.
    fn keep<'a>(&'a self, images: &'a [ImagePin]) -> Answer<'a, ()>;
}
