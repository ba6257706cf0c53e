//! `NetworkConfiguration`, in and out: always whole in answers. This version has one: public, default egress, IPv4.
//! Source of truth: the App Runner API reference.

use crate::shape::apprunner as shape;

/// Names what this version cannot honour.
pub fn unavailable(network: &shape::NetworkConfiguration, members: &mut Vec<&'static str>) {
    let egress = network.egress_configuration.as_ref();
    if egress.is_some_and(|egress| egress.egress_type.as_deref() == Some("VPC")) {
        members.push("NetworkConfiguration.EgressConfiguration.EgressType VPC");
    }
    if egress.is_some_and(|egress| egress.vpc_connector_arn.is_some()) {
        members.push("NetworkConfiguration.EgressConfiguration.VpcConnectorArn");
    }
    // Present but empty means private: the Go SDK cannot send `false`.
    let ingress = network.ingress_configuration.as_ref();
    if ingress.is_some_and(|ingress| ingress.is_publicly_accessible != Some(true)) {
        members.push("NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible false");
    }
    if network.ip_address_type.as_deref() == Some("DUAL_STACK") {
        members.push("NetworkConfiguration.IpAddressType DUAL_STACK");
    }
}

/// The one that every service of this version has.
pub fn render() -> shape::NetworkConfiguration {
    shape::NetworkConfiguration {
        egress_configuration: Some(shape::EgressConfiguration { egress_type: Some("DEFAULT".to_owned()), vpc_connector_arn: None }),
        ingress_configuration: Some(shape::IngressConfiguration { is_publicly_accessible: Some(true) }),
        ip_address_type: Some("IPV4".to_owned()),
    }
}
