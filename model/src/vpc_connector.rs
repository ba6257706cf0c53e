//! Where a service's own connections would leave from. Kept and echoed; no service gets such egress in this version.
//!
//! Source: App Runner API Reference, VpcConnector.

use serde::{Deserialize, Serialize};

use crate::record::{Form, Noun, Record, RecordArn};

/// A VPC connector. Texts as sent, in the order in which they were sent: nobody looks whether there are such subnets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcConnector {
    pub subnets: Vec<String>,
    /// Absent stays absent: there is no VPC whose default group could be told (unconfirmed what App Runner fills in).
    pub security_groups: Option<Vec<String>>,
}

pub type VpcConnectorArn = RecordArn<VpcConnector>;
pub type VpcConnectorRevision = Record<VpcConnector>;

impl Noun for VpcConnector {
    const RESOURCE: &'static str = "vpcconnector";
    const TITLE: &'static str = "VPC connector";
    const NAME_CHARS: usize = 40;
    const FORM: Form = Form::OneRevision;
}
