//! What runs instances. Kept by `engine`.

use crate::instance::{ImageProblem, InstanceName, InstanceSeen, InstanceSpec, StopOrder};
use crate::log_line::{LogBatch, LogCursor};
use crate::port::Answer;
use crate::revision::ImagePin;
use crate::service::ServiceId;

/// Instances by name. Every effect may be performed twice. The engine rings the service's bell whenever a phase changes.
pub trait Engine: Send + Sync {
    /// Begins an instance. One that is there already under this name is left as it is, whatever its phase. What the image's owner must mend does not
    /// fail the call: it is seen as `Exited(NeverStarted)`.
    fn start<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()>;

    /// Every instance of a service that is not discarded, by name. Instances survive the platform: a new engine on the same data sees them as they are.
    fn look<'a>(&'a self, service: &'a ServiceId) -> Answer<'a, Vec<InstanceSeen>>;

    /// Every instance on this machine that is ours, whosever: what boot compares with the ledger.
    fn all(&self) -> Answer<'_, Vec<InstanceName>>;

    /// SIGTERM, and SIGKILL when the grace is over; answers when the instance has exited. Absence is success; one that has exited stays so.
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
