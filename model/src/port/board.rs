//! What goes to the edge and what comes back. Both halves live in `edge`.

use crate::access_log::AccessBatch;
use crate::certificate::CertificateTable;
use crate::demand::Demand;
use crate::log_line::LogCursor;
use crate::port::Answer;
use crate::route_table::RouteTable;

/// Where the edge's tables are published.
pub trait Board: Send + Sync {
    /// Answers when a living edge carries by this table or a newer one. While no edge lives it waits for the next. Publishing an older generation
    /// than the last changes nothing.
    fn publish<'a>(&'a self, table: &'a RouteTable) -> Answer<'a, ()>;

    /// The same for certificates.
    fn publish_certificates<'a>(&'a self, table: &'a CertificateTable) -> Answer<'a, ()>;
}

/// What the edge carries now.
pub trait Gauge: Send + Sync {
    /// A snapshot taken after this call began. While no edge lives: nothing is in flight, and the generation is that of the last table published.
    fn read(&self) -> Answer<'_, Demand>;
}

/// What the edge has carried, request by request.
pub trait AccessRecords: Send + Sync {
    /// What came after `have`, the cursor of the last batch that is kept for good: only then does the edge forget it. Asked the same again, it
    /// answers the same again. An edge that does not know the cursor (it is another one) begins with what it has. While no edge lives, or one of
    /// another version that writes nothing down: an empty batch.
    fn fetch(&self, have: LogCursor) -> Answer<'_, AccessBatch>;
}
