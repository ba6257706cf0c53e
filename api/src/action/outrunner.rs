//! What each operation of our extension needs, and on what.
//! Never asks for it: the operation does. Source of truth: `outrunner::shape`.

use super::{
    Row,
    apprunner::{CONNECTOR, SERVICE},
};

/// By name.
pub const ROWS: &[Row] = &[
    Row::new("CancelOperation", &[SERVICE]),
    Row::new("CreateAccount", &[]),
    Row::new("FollowLogs", &[SERVICE]),
    Row::new("ImportAccessKey", &[]),
    Row::new("ListAccounts", &[]),
    Row::new("ListEvents", &[SERVICE]),
    Row::new("ListRevisions", &[SERVICE]),
    // What was handed over once is handed over anew, so that all of UpdateService's is asked for. Source code has no revisions in this version.
    Row::new("RollBack", &[SERVICE, CONNECTOR])
        .keys(&["apprunner:AutoScalingConfigurationArn", "apprunner:ObservabilityConfigurationArn", "apprunner:VpcConnectorArn"])
        .with(&["iam:PassRole", "outrunner:PullForeignImage", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]),
];
