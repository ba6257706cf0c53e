//! `NetworkConfiguration`, in and out: always whole in answers.
//! Never opens a way, and never looks whether a connector is there: `vpc_connector` does. Source of truth: the App Runner API reference.

use crate::shape::apprunner as shape;
use model::{
    network::{AddressFamilies, Egress, Ingress, Network, NetworkChange},
    refusal::Refusal,
};

const EGRESS_DEFAULT: &str = "DEFAULT";
const EGRESS_VPC: &str = "VPC";
const IPV4: &str = "IPV4";
const DUAL_STACK: &str = "DUAL_STACK";

/// Reads it: what was said. What is left out has App Runner's default in a new service, and keeps its value in an update.
///
/// # Errors
/// A refusal where a connector is named without EgressType VPC, or the other way round.
pub fn parse(network: shape::NetworkConfiguration) -> Result<NetworkChange, Refusal> {
    let shape::NetworkConfiguration { egress_configuration, ingress_configuration, ip_address_type } = network;
    Ok(NetworkChange {
        egress: egress_configuration.map_or(Ok(None), parse_egress)?,
        // Present but empty means private: the Go SDK cannot send `false`.
        ingress: ingress_configuration
            .map(|ingress| if ingress.is_publicly_accessible == Some(true) { Ingress::Public } else { Ingress::Private }),
        addresses: ip_address_type.as_deref().map(|family| match family {
            DUAL_STACK => AddressFamilies::Dual,
            _ => AddressFamilies::V4, // the enumeration has two values, and validation has seen it
        }),
    })
}

fn parse_egress(egress: shape::EgressConfiguration) -> Result<Option<Egress>, Refusal> {
    let shape::EgressConfiguration { egress_type, vpc_connector_arn } = egress;
    let wrong = |words: &str| Refusal::invalid(format!("NetworkConfiguration.EgressConfiguration: {words}"));
    match (egress_type.as_deref(), vpc_connector_arn) {
        (Some(EGRESS_VPC), Some(connector)) => Ok(Some(Egress::Vpc { connector })),
        (Some(EGRESS_VPC), None) => Err(wrong("EgressType VPC needs a VpcConnectorArn.")),
        (Some(_), None) => Ok(Some(Egress::Default)),
        (None, None) => Ok(None),
        (Some(_) | None, Some(_)) => Err(wrong("a VpcConnectorArn needs EgressType VPC.")),
    }
}

/// Writes it.
pub fn render(network: &Network) -> shape::NetworkConfiguration {
    let Network { egress, ingress, addresses } = network;
    let (egress_type, vpc_connector_arn) = match egress {
        Egress::Default => (EGRESS_DEFAULT, None),
        Egress::Vpc { connector } => (EGRESS_VPC, Some(connector.clone())),
    };
    let family = match addresses {
        AddressFamilies::V4 => IPV4,
        AddressFamilies::Dual => DUAL_STACK,
    };
    shape::NetworkConfiguration {
        egress_configuration: Some(shape::EgressConfiguration { egress_type: Some(egress_type.to_owned()), vpc_connector_arn }),
        ingress_configuration: Some(shape::IngressConfiguration { is_publicly_accessible: Some(*ingress == Ingress::Public) }),
        ip_address_type: Some(family.to_owned()),
    }
}
