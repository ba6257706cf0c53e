//! The structure `VpcConnector`.
//! Source of truth: the App Runner API reference.

use super::record::{number, status};
use crate::shape::apprunner as shape;
use model::{
    record::{Record, RecordView},
    vpc_connector::VpcConnector,
};

/// Writes it whole, which is how lists have it too.
pub fn render(view: &RecordView<VpcConnector>) -> shape::VpcConnector {
    let Record { scope: _, name, revision, id: _, noun, created_at, deleted_at, tags: _ } = &view.record;
    let VpcConnector { subnets, security_groups } = noun;
    shape::VpcConnector {
        vpc_connector_arn: Some(view.record.arn().to_string()),
        vpc_connector_name: Some(name.clone()),
        vpc_connector_revision: Some(number(*revision)),
        subnets: Some(subnets.clone()),
        security_groups: security_groups.clone(),
        status: Some(status(view)),
        created_at: created_at.map(model::time::Timestamp::seconds),
        deleted_at: deleted_at.map(model::time::Timestamp::seconds),
    }
}
