//! The room that speaks AWS: signatures, protocols, shapes, and the words of App Runner, ECR, IAM, CloudTrail, CloudWatch Logs and STS.
//!
//! Never decides about a service, never stores anything: it parses a call into a noun once, asks a port, and renders.
//! Holds the only key to SigV4, to `X-Amz-*` and to AWS's names. Source of truth: `ARCHITECTURE.md` §2, the AWS API references.

mod access_role;
mod answer;
mod apprunner;
mod audit;
mod authenticate;
mod body;
mod call;
mod cloudtrail;
mod codec;
mod constraint;
mod door;
mod ecr;
mod fault;
mod gatekeeper;
mod iam;
mod limit;
mod logs;
mod outrunner;
mod page;
mod pattern;
mod policy;
mod session;
mod shape;
mod sigv4;
mod sts;
mod target;

pub use call::{AuditedReads, OperatorLogins, Ports, Settings};
pub use door::router;
pub use gatekeeper::PolicyGate;
pub use limit::CALLS;
