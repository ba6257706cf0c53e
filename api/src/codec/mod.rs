//! The protocols that AWS clients speak: how a call is read and how an answer or a fault is written.
//! Never knows what an operation means. Source of truth: the AWS JSON 1.0, JSON 1.1 and query protocols.

pub mod event_stream;
pub mod form;
pub mod json;
pub mod query;

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.0.
    Json10,
    /// AWS JSON 1.1.
    Json11,
    /// A form in, XML out.
    Query,
}

impl Protocol {
    /// The content type of every answer.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json10 => "application/x-amz-json-1.0",
            Self::Json11 => "application/x-amz-json-1.1",
            Self::Query => "text/xml",
        }
    }
}
