//! The room that speaks AWS: signatures, protocols, shapes, and the words of App Runner, ECR, IAM, CloudWatch Logs, Secrets
//! Manager, Systems Manager and STS.
//! The room that speaks AWS: signatures, protocols, shapes, and the words of App Runner, ECR, IAM, CloudTrail, CloudWatch Logs and STS.
//!
//! Never decides about a service, never stores anything: it parses a call into a noun once, asks a port, and renders.
//! Holds the only key to SigV4, to `X-Amz-*` and to AWS's names. Source of truth: `ARCHITECTURE.md` §2, the AWS API references.

mod access_role;
mod action;
mod answer;
mod apprunner;
mod asked;
mod audit;
mod authenticate;
mod aws_upstream;
mod body;
mod call;
mod cloudtrail;
mod codec;
mod constraint;
mod door;
mod ecr;
mod fault;
mod fault_name;
mod gatekeeper;
mod guard_policy;
mod holder;
mod iam;
mod instance_door;
mod instance_role;
mod instance_sessions;
mod key_use;
mod limit;
mod log_query;
mod logs;
mod named_arn;
mod outrunner;
mod page;
mod parsed;
mod pattern;
mod policy;
mod sealed_page;
mod secretsmanager;
mod service_quotas;
mod session;
mod shape;
mod sigv4;
mod ssm;
mod sts;
mod target;
mod token_issuer;
mod web_identity;

#[cfg(any(test, feature = "workbench"))]
pub mod workbench;

pub use aws_upstream::is_for_elsewhere;
pub use call::{AuditedReads, OperatorLogins, Ports, Settings};
pub use door::{Fullness, open, router};
pub use gatekeeper::PolicyGate;
pub use guard_policy::GuardPolicy;
pub use instance_door::{Visitor, instance_router};
pub use instance_role::InstanceRoleReader;
pub use instance_sessions::InstanceSessionIssuer;
pub use limit::CALLS;
pub use token_issuer::{TokenIssuer, issuer_router};
