//! How a service is reached, and how its instances reach others: `NetworkConfiguration`.
//!
//! Never opens a way itself: `control` routes by it, and what this version cannot give is never replaced by something else.
//! Source of truth: App Runner API Reference, `NetworkConfiguration`.

use serde::{Deserialize, Serialize};

/// A service's network, always whole. The default is what an absent member means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    pub egress: Egress,
    pub ingress: Ingress,
    pub addresses: AddressFamilies,
}

/// Where instances' connections go out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Egress {
    /// By the platform's own way.
    #[default]
    Default,
    /// By a VPC connector, named by its full ARN.
    Vpc { connector: String },
}

/// Who may reach the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ingress {
    /// The front door answers for its hosts.
    #[default]
    Public,
    /// The front door knows nothing of it.
    Private,
}

/// Over which addresses a public service is reached. The front door listens on both families, so that both are honoured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddressFamilies {
    #[default]
    V4,
    Dual,
}

/// What a call says of it; what is left out keeps its value. That a supplied member is merged is (unconfirmed): Terraform always sends all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkChange {
    pub egress: Option<Egress>,
    pub ingress: Option<Ingress>,
    pub addresses: Option<AddressFamilies>,
}

impl Network {
    /// Whether it is what every service had before there was a choice: then it is not written down.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    pub fn is_public(&self) -> bool {
        self.ingress == Ingress::Public
    }
}

impl NetworkChange {
    pub fn applied_to(&self, current: &Network) -> Network {
        Network {
            egress: self.egress.clone().unwrap_or_else(|| current.egress.clone()),
            ingress: self.ingress.unwrap_or(current.ingress),
            addresses: self.addresses.unwrap_or(current.addresses),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_of_a_change_keeps_its_value() {
        let connector = "arn:aws:apprunner:us-east-1:000000000000:vpcconnector/mine/1/0".to_owned();
        let vpc = NetworkChange { egress: Some(Egress::Vpc { connector: connector.clone() }), ..NetworkChange::default() };
        let private = NetworkChange { ingress: Some(Ingress::Private), ..NetworkChange::default() };
        let both = private.applied_to(&vpc.applied_to(&Network::default()));
        assert_eq!(both, Network { egress: Egress::Vpc { connector }, ingress: Ingress::Private, addresses: AddressFamilies::V4 });
        let public = NetworkChange { ingress: Some(Ingress::Public), egress: Some(Egress::Default), ..NetworkChange::default() };
        assert!(public.applied_to(&both).is_default());
    }
}
