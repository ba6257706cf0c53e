//! Amazon resource names of the nouns we keep: parsed once at the door, printed by `Display`.
//!
//! Source of truth: App Runner Developer Guide and ECR API Reference, resource names.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Region, Scope};
use crate::refusal::Refusal;
use crate::service::ServiceId;
use crate::service_name::ServiceName;

/// `arn:aws:apprunner:<region>:<account>:service/<name>/<id>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ServiceArn {
    pub scope: Scope,
    pub name: ServiceName,
    pub id: ServiceId,
}

impl ServiceArn {
    /// Parses the whole ARN. Any other partition, service or resource type is refused with a sentence that shows the form.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || {
            Refusal::invalid(format!(
                "'{text}' is not a service ARN. It has the form arn:aws:apprunner:<region>:<account>:service/<name>/<id>."
            ))
        };
        let (region, account, resource) = split(text, "apprunner").ok_or_else(wrong)?;
        let mut parts = resource.split('/');
        let (Some("service"), Some(name), Some(id), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        Ok(Self {
            scope: Scope { account, region },
            name: ServiceName::parse(name).map_err(|_| wrong())?,
            id: ServiceId::parse(id).map_err(|_| wrong())?,
        })
    }
}

impl fmt::Display for ServiceArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { account, region } = &self.scope;
        write!(f, "arn:aws:apprunner:{region}:{account}:service/{}/{}", self.name, self.id)
    }
}

/// Splits `arn:aws:<service>:<region>:<account>:<resource>`.
pub(crate) fn split<'a>(text: &'a str, service: &str) -> Option<(Region, AccountId, &'a str)> {
    let mut parts = text.splitn(6, ':');
    if parts.next() != Some("arn") || parts.next() != Some("aws") || parts.next() != Some(service) {
        return None;
    }
    let region = Region::parse(parts.next()?).ok()?;
    let account = AccountId::parse(parts.next()?).ok()?;
    Some((region, account, parts.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_arn_survives_a_round_trip_and_nothing_else_parses() {
        let text = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";
        assert_eq!(ServiceArn::parse(text).unwrap().to_string(), text);
        for bad in [
            "",
            "arn:aws:apprunner:us-east-1:000000000000:service/webs",
            "arn:aws:apprunner:us-east-1:000000000000:connection/webs/0123456789abcdef0123456789abcdef",
            "arn:aws:ecr:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef",
            "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef/x",
            "arn:aws:apprunner:us-east-1:1:service/webs/0123456789abcdef0123456789abcdef",
        ] {
            assert!(ServiceArn::parse(bad).is_err(), "{bad}");
        }
    }
}
