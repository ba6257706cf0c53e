//! VPC connectors: which one a service may use.
//! Source of truth: the App Runner API reference.

use crate::{call::Call, fault::Wrong};
use model::{network::Egress, refusal::Refusal};

/// # Errors
/// A refusal where the connector is not there or not ACTIVE.
pub async fn resolve(_call: &Call<'_>, egress: Egress) -> Result<Egress, Wrong> {
    match egress {
        Egress::Default => Ok(Egress::Default),
        Egress::Vpc { connector } => {
            Err(Refusal::invalid(format!("VpcConnectorArn: the VPC connector {connector} does not exist.")).into())
        }
    }
}
