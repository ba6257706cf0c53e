//! Where `api` asks for what App Runner has no call for: out of an operation, and back to an earlier revision. Kept by `control`.

use crate::arn::ServiceArn;
use crate::caller::Caller;
use crate::operation::OperationId;
use crate::port::{Answer, Granted};
use crate::revision::{Revision, RevisionNumber, RevisionView};
use crate::wish::{Accepted, Page, PageRequest};

/// The caller has been authenticated and authorized. An ARN of another account or region, and one that is not there, is refused (`NotFound`) as at `Desk`.
pub trait RevisionDesk: Send + Sync {
    /// Ends the operation under way as if it had failed, or refuses (`WrongState`). Durable when it answers; what is left of it ends afterwards. The
    /// answer names the operation.
    fn cancel<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        operation: Option<&'a OperationId>,
    ) -> Answer<'a, Granted<Accepted>>;

    /// The revision that a rollback would bring back, or why there is none: whoever asks for it must be allowed what it names.
    fn earlier<'a>(&'a self, caller: &'a Caller, arn: &'a ServiceArn, to: Option<RevisionNumber>) -> Answer<'a, Granted<Revision>>;

    /// Begins an operation that brings an earlier revision back, or refuses. Without a number it is the newest before the present one that once served.
    fn roll_back<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        to: Option<RevisionNumber>,
    ) -> Answer<'a, Granted<Accepted>>;

    /// Newest first.
    fn revisions<'a>(
        &'a self,
        caller: &'a Caller,
        arn: &'a ServiceArn,
        page: &'a PageRequest,
    ) -> Answer<'a, Granted<Page<RevisionView>>>;
}
