//! What goes to the edge and what comes back. Both halves live in `edge`.

use crate::certificate::CertificateTable;
use crate::demand::Demand;
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
