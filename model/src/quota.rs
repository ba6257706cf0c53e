//! How many of each thing an account may have in a region: App Runner's own quotas, by name.
//!
//! Lifted unless somebody asks for App Runner's own (`serve --strict`); the ones that AWS raises on request are raised here at once. Never counts
//! anything: who creates says how many there are. Source of truth: App Runner Developer Guide, "Quotas".

use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::limit;
use crate::refusal::{Refusal, RefusalKind};
use crate::time::Timestamp;

/// A quota of App Runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quota {
    Services,
    Connections,
    ScalingNames,
    ScalingRevisions,
    ObservabilityNames,
    ObservabilityRevisions,
    VpcConnectors,
    VpcIngressConnections,
    CustomDomains,
}

/// Whose quotas hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuotaSetting {
    /// The platform's own, which are far above App Runner's.
    #[default]
    Lifted,
    /// App Runner's, and what was granted beyond them.
    AppRunners,
}

impl Quota {
    /// All of them, in the order of lists.
    pub const ALL: &[Self] = &[
        Self::Services,
        Self::Connections,
        Self::ScalingNames,
        Self::ScalingRevisions,
        Self::ObservabilityNames,
        Self::ObservabilityRevisions,
        Self::VpcConnectors,
        Self::VpcIngressConnections,
        Self::CustomDomains,
    ];

    /// As a person reads it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Services => "Services",
            Self::Connections => "Connections",
            Self::ScalingNames => "Auto scaling configuration names",
            Self::ScalingRevisions => "Revisions per auto scaling configuration name",
            Self::ObservabilityNames => "Observability configuration names",
            Self::ObservabilityRevisions => "Revisions per observability configuration name",
            Self::VpcConnectors => "VPC connectors",
            Self::VpcIngressConnections => "VPC ingress connections",
            Self::CustomDomains => "Custom domains per service",
        }
    }

    /// App Runner's own.
    pub const fn of_app_runner(self) -> u64 {
        match self {
            Self::Services => 30,
            Self::Connections
            | Self::ScalingNames
            | Self::ObservabilityNames
            | Self::ObservabilityRevisions
            | Self::VpcConnectors => 10,
            Self::ScalingRevisions | Self::CustomDomains => 5,
            Self::VpcIngressConnections => 1,
        }
    }

    /// Whether AWS raises it on request. That of custom domains is unconfirmed: it is taken for fixed, as the ones that belong to one resource are.
    pub const fn is_adjustable(self) -> bool {
        match self {
            Self::Services | Self::Connections | Self::ScalingNames | Self::ObservabilityNames | Self::VpcConnectors => true,
            Self::ScalingRevisions | Self::ObservabilityRevisions | Self::VpcIngressConnections | Self::CustomDomains => false,
        }
    }

    /// The platform's own, which nothing is raised beyond.
    pub const fn of_platform(self) -> u64 {
        match self {
            Self::ScalingNames => limit::SCALING_NAMES as u64,
            Self::ScalingRevisions => limit::SCALING_REVISIONS as u64,
            Self::Services
            | Self::Connections
            | Self::ObservabilityNames
            | Self::ObservabilityRevisions
            | Self::VpcConnectors
            | Self::VpcIngressConnections
            | Self::CustomDomains => limit::QUOTA_LIFTED,
        }
    }

    /// The code by which Service Quotas knows it. AWS's own codes are not public knowledge for App Runner, and none is pretended: this one is made of
    /// the name (FNV-1a), looks like theirs, and stays.
    pub fn code(self) -> String {
        let hash = self.name().bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("L-{hash:08X}")
    }

    /// The quota of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|quota| quota.code() == code)
    }

    /// What holds, of a scope whose granted changes are these.
    pub fn applied(self, setting: QuotaSetting, changes: &[QuotaChange]) -> u64 {
        match setting {
            QuotaSetting::Lifted => self.of_platform(),
            QuotaSetting::AppRunners => {
                let granted = changes.iter().filter(|change| change.quota == self).map(|change| change.value).max();
                granted.unwrap_or(0).max(self.of_app_runner())
            }
        }
    }

    /// Whether one more may be created where there are `count`. Exact text unconfirmed; the kind is confirmed.
    ///
    /// # Errors
    /// A refusal (`Quota`) that says what to do.
    pub fn admit(self, applied: u64, count: usize) -> Result<(), Refusal> {
        if u64::try_from(count).is_ok_and(|count| count < applied) {
            return Ok(());
        }
        let raise = if self.is_adjustable() {
            format!(
                ", or raise it: aws service-quotas request-service-quota-increase --service-code apprunner --quota-code {} \
                 --desired-value NUMBER",
                self.code()
            )
        } else {
            String::new()
        };
        let message = format!("The quota '{}' is reached: {applied}. Delete what you do not need any more{raise}.", self.name());
        Err(Refusal::new(RefusalKind::Quota, message))
    }

    /// Whether a value may be asked for where `applied` holds.
    ///
    /// # Errors
    /// A refusal (`Invalid`) where it is none, not more than what holds, too much, or the quota is fixed.
    pub fn check_request(self, applied: u64, desired: f64) -> Result<u64, Refusal> {
        if !self.is_adjustable() {
            return Err(Refusal::invalid(format!("The quota '{}' cannot be changed.", self.name())));
        }
        if desired.fract() != 0.0 || desired < 0.0 {
            return Err(Refusal::invalid(format!("DesiredValue: {desired} is not a whole number.")));
        }
        if desired <= applied as f64 {
            return Err(Refusal::invalid(format!(
                "DesiredValue: you must provide a quota value greater than the current quota value, {applied}."
            )));
        }
        if desired > self.of_platform() as f64 {
            return Err(Refusal::invalid(format!("DesiredValue: this platform allows {} at most.", self.of_platform())));
        }
        // Below the platform's own value, which is far below 2^53: nothing is cut.
        Ok(desired as u64)
    }
}

/// A change of a quota that was asked for, and granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaChange {
    pub scope: Scope,
    /// 32 hexadecimal digits.
    pub id: String,
    pub quota: Quota,
    pub value: u64,
    pub at: Timestamp,
    /// The ARN of who asked.
    pub requester: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountId, Region};

    fn change(quota: Quota, value: u64) -> QuotaChange {
        let scope = Scope { account: AccountId::parse("000000000000").unwrap(), region: Region::parse("us-east-1").unwrap() };
        let requester = "arn:aws:iam::000000000000:root".to_owned();
        QuotaChange { scope, id: "a".repeat(32), quota, value, at: Timestamp::from_millis(5), requester }
    }

    #[test]
    fn every_quota_has_a_code_of_its_own_that_stays() {
        for quota in Quota::ALL {
            assert_eq!(Quota::of_code(&quota.code()), Some(*quota));
        }
        assert_eq!(Quota::of_code("L-00000000"), None);
        assert_eq!(Quota::Services.code(), "L-63B30055", "a code that was told once is asked for ever after");
    }

    #[test]
    fn app_runners_own_hold_only_when_asked_for_and_what_was_granted_goes_beyond() {
        for quota in Quota::ALL {
            assert!(quota.of_app_runner() < quota.of_platform(), "{quota:?}");
            assert_eq!(quota.applied(QuotaSetting::Lifted, &[]), quota.of_platform());
            assert_eq!(quota.applied(QuotaSetting::AppRunners, &[]), quota.of_app_runner());
        }
        let changes = [change(Quota::Services, 40), change(Quota::Services, 50), change(Quota::Connections, 90)];
        assert_eq!(Quota::Services.applied(QuotaSetting::AppRunners, &changes), 50);
    }

    #[test]
    fn the_one_that_reaches_a_quota_is_refused_and_told_what_to_do() {
        assert_eq!(Quota::Services.admit(30, 29), Ok(()));
        let refused = Quota::Services.admit(30, 30).unwrap_err();
        assert_eq!(refused.kind, RefusalKind::Quota);
        assert!(refused.message.contains("'Services' is reached: 30") && refused.message.contains("--quota-code L-"), "{refused}");
        assert!(!Quota::CustomDomains.admit(5, 5).unwrap_err().message.contains("raise it"));
        assert!(refused.message.chars().count() < 600, "the model's ErrorMessage");
    }

    #[test]
    fn only_more_of_what_is_adjustable_is_granted() {
        assert_eq!(Quota::Services.check_request(30, 31.0), Ok(31));
        for (quota, desired, words) in [
            (Quota::Services, 30.0, "greater than the current"),
            (Quota::Services, 30.5, "whole number"),
            (Quota::Services, 1e10, "at most"),
            (Quota::ScalingNames, 1_000.0, "at most"),
            (Quota::CustomDomains, 50.0, "cannot be changed"),
        ] {
            let refused = quota.check_request(quota.of_app_runner(), desired).unwrap_err();
            assert!(refused.kind == RefusalKind::Invalid && refused.message.contains(words), "{refused}");
        }
    }
}
