//! AWS services that are not ours, each at a place that the operator named, asked with the operator's keys. Kept by `outside`.

use crate::aws_upstream::{AwsAnswer, AwsCall};
use crate::port::{Answer, Granted};

/// Sends calls on.
pub trait AwsUpstreams: Send + Sync {
    /// The signing names of the services that have a place, in order.
    fn services(&self) -> Vec<String>;

    /// Sends a call on, once, signed with the keys of the place, and answers as soon as the head of the answer is there; its body comes as it comes.
    /// Refuses (`NotFound`) a service that has no place, (`Denied`) where there are no keys or the place must not be reached, and otherwise where it is
    /// not reached or breaks off: each in a sentence that names the place. A call whose body breaks off is never ended as a whole one.
    fn send(&self, call: AwsCall) -> Answer<'_, Granted<AwsAnswer>>;
}
