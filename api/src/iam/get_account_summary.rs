//! GetAccountSummary: count, render.
//! Source of truth: the IAM API reference.

use super::managed_policy;
use crate::{
    call::Call,
    fault::Wrong,
    limit as room,
    shape::{Entries, iam as shape},
};
use model::{caller::Principal, limit, wish::PageRequest};

/// Answers GetAccountSummary.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetAccountSummaryResponse, Wrong> {
    call.authorize("*").await?;
    let account = call.caller.account();
    let (users, roles) = managed_policy::entities(call).await?;
    let all = PageRequest { after: None, items_max: None };
    let policies = call.ports.managed_policies.list(account, "/", &all).await?.items;
    let providers = call.ports.identity_providers.list(account).await?;
    let root_keys = call.ports.access_keys.of_principal(account, &Principal::Root).await?;
    let versions = policies.iter().map(|policy| policy.versions.len()).sum();
    let summary = [
        ("AccessKeysPerUserQuota", limit::USER_KEYS),
        ("AccountAccessKeysPresent", root_keys.len().min(1)),
        ("AccountMFAEnabled", 0),
        ("AccountPasswordPresent", 0),
        ("AccountSigningCertificatesPresent", 0),
        ("AssumeRolePolicySizeQuota", room::ROLE_TRUST_CHARS),
        ("AttachedPoliciesPerRoleQuota", room::ROLE_ATTACHED),
        ("AttachedPoliciesPerUserQuota", room::ROLE_ATTACHED),
        ("Groups", 0),
        ("GroupsQuota", 0),
        ("InstanceProfiles", 0),
        ("MFADevices", 0),
        ("MFADevicesInUse", 0),
        ("Policies", policies.len()),
        ("PoliciesQuota", limit::POLICIES),
        ("PolicySizeQuota", room::MANAGED_POLICY_CHARS),
        ("PolicyVersionsInUse", versions),
        ("Providers", providers.len()),
        ("RolePolicySizeQuota", room::ROLE_INLINE_CHARS),
        ("Roles", roles.len()),
        ("RolesQuota", limit::ROLES),
        ("ServerCertificates", 0),
        ("UserPolicySizeQuota", room::USER_INLINE_CHARS),
        ("Users", users.len()),
        ("UsersQuota", limit::USERS),
        ("VersionsPerPolicyQuota", limit::POLICY_VERSIONS),
    ];
    let number = |value: usize| i32::try_from(value).expect("quotas keep these numbers small");
    let summary_map = summary.into_iter().map(|(key, value)| (key.to_owned(), number(value))).collect();
    let summary_map = Some(Entries(summary_map));
    Ok(shape::GetAccountSummaryResponse { summary_map })
}
