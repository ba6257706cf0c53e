//! One authenticated call on its way through an operation.
//! Never knows a service. Source of truth: the App Runner API reference for the order of checks.

use crate::{
    asked,
    codec::{Protocol, form, json},
    constraint::{Checked, violations},
    fault::Wrong,
    guard_policy::GuardPolicy,
    limit,
    page::{List, PageKey, asked},
    session::SessionSeal,
    target::Offered,
    web_identity::Vouched,
};
use bytes::Bytes;
use http::{HeaderName, header, request::Parts};
use model::{
    account::{AccountId, Region},
    audit::AuditRow,
    caller::Caller,
    foreign_image::RegistryHost,
    image_reference::scope_of,
    managed_secret::ManagedSecret,
    parameter::Parameter,
    port::{
        AccessKeys, AccessRoles, Accounts, Action, Audit, AwsUpstreams, Bell, Blobs, Clock, Connections, CustomDomains, Desk, Dice,
        Facts, Gatekeeper, IdentityProviders, ImagePushes, InstanceRoles, Issuers, LogGroups, LogLines, Logins, ManagedPolicies,
        ObservabilityConfigurations, PolicyHolders, Quotas, Repositories, RepositoryImages, RevisionDesk, Roles,
        ScalingConfigurations, SealedNouns, Users, VpcConnectors, VpcIngressConnections,
    },
    quota::{Quota, QuotaSetting},
    secret::Secret,
    wish::PageRequest,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::sync::{Arc, Mutex, OnceLock};

/// How a request came to the front door that passed it on.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What this room asks of others.
#[derive(Clone)]
pub struct Ports {
    /// Services and what belongs to them.
    pub desk: Arc<dyn Desk>,
    /// Their revisions, and the way back.
    pub revision_desk: Arc<dyn RevisionDesk>,
    /// Auto scaling configurations.
    pub scaling_configurations: Arc<dyn ScalingConfigurations>,
    /// Observability configurations.
    pub observability_configurations: Arc<ObservabilityConfigurations>,
    /// VPC connectors.
    pub vpc_connectors: Arc<VpcConnectors>,
    /// Connections.
    pub connections: Arc<Connections>,
    /// VPC ingress connections.
    pub vpc_ingress_connections: Arc<dyn VpcIngressConnections>,
    /// Custom domains.
    pub custom_domains: Arc<dyn CustomDomains>,
    /// Image repositories.
    pub repositories: Arc<dyn Repositories>,
    /// The images in them.
    pub repository_images: Arc<dyn RepositoryImages>,
    /// Manifests' bytes.
    pub blobs: Arc<dyn Blobs>,
    /// Layers and manifests on their way in, and links to layers.
    pub image_pushes: Arc<dyn ImagePushes>,
    /// Groups and streams of log lines.
    pub log_groups: Arc<dyn LogGroups>,
    /// Log lines.
    pub log_lines: Arc<dyn LogLines>,
    /// Registry passwords.
    pub logins: Arc<dyn Logins>,
    /// The keys that sign calls.
    pub access_keys: Arc<dyn AccessKeys>,
    /// Roles with their policies.
    pub roles: Arc<dyn Roles>,
    /// Users with their policies.
    pub users: Arc<dyn Users>,
    /// Policies of accounts.
    pub managed_policies: Arc<dyn ManagedPolicies>,
    /// Who has which policy.
    pub policy_holders: Arc<dyn PolicyHolders>,
    /// Accounts and their aliases.
    pub accounts: Arc<dyn Accounts>,
    /// Outside issuers that accounts trust.
    pub identity_providers: Arc<dyn IdentityProviders>,
    /// Their keys.
    pub issuers: Arc<dyn Issuers>,
    /// What was done that changes nothing else: who took which role.
    pub audit: Arc<dyn Audit>,
    /// Changes of quotas.
    pub quotas: Arc<dyn Quotas>,
    /// Who may do what.
    pub gatekeeper: Arc<dyn Gatekeeper>,
    /// Whether App Runner may take a role.
    pub access_roles: Arc<dyn AccessRoles>,
    /// Whether App Runner's tasks may take a role.
    pub instance_roles: Arc<dyn InstanceRoles>,
    /// Secrets Manager's secrets.
    pub secrets: Arc<dyn SealedNouns<ManagedSecret>>,
    /// Parameter Store's parameters.
    pub parameters: Arc<dyn SealedNouns<Parameter>>,
    /// Services that we are not.
    pub aws_upstreams: Arc<dyn AwsUpstreams>,
    /// Wakes whoever waits for new values of secrets.
    pub bell: Arc<dyn Bell>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Request ids are drawn.
    pub dice: Arc<dyn Dice>,
}

/// What a person may set about this room.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Hosts, with their ports, under which our registry is reached on this machine, such as `localhost:4566`
    /// and `127.0.0.1:4566`. An
    /// image identifier may begin with one of them in place of `<account>.dkr.ecr.<region>.amazonaws.com`.
    pub registry_hosts: Vec<String>,
    /// The platform's own account: its root makes the others.
    pub account: AccountId,
    /// The regions that this platform serves. A call that is signed for another is refused; STS and IAM answer in any.
    pub regions: Vec<Region>,
    /// What page tokens are signed with: at least 32 bytes, and the same after a restart.
    pub page_key: Secret,
    /// What session tokens are sealed with: 32 bytes, and the same after a restart.
    pub session_key: Secret,
    /// Whose quotas hold.
    pub quotas: QuotaSetting,
    /// Which calls that change nothing are in the audit log.
    pub audited_reads: AuditedReads,
    /// Registries that are asked with logins of whoever runs the platform, so that not every caller may have everything from them.
    pub operator_logins: OperatorLogins,
    /// Whether instances get identity tokens, so that they may have roles of real AWS accounts.
    pub makes_tokens: bool,
    /// What binds the whole platform, if anything does; the gatekeeper has the same.
    pub guard_policy: Option<GuardPolicy>,
}

/// Whether calls that only read are recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AuditedReads {
    /// Those that were denied.
    #[default]
    Denied,
    /// Every one, which costs a commit each.
    All,
}

/// Registries for which the platform has a login.
#[derive(Debug, Clone, Default)]
pub struct OperatorLogins {
    /// By name.
    pub registries: Vec<RegistryHost>,
    /// Every registry of the real ECR.
    pub ecr: bool,
}

impl OperatorLogins {
    /// Whether a registry is asked with one of them.
    pub fn include(&self, registry: &RegistryHost) -> bool {
        self.registries.contains(registry) || (self.ecr && scope_of(registry.host()).is_some())
    }
}

/// One call.
pub struct Call<'a> {
    /// What may be asked.
    pub ports: &'a Ports,
    /// What was set.
    pub settings: &'a Settings,
    /// What signs page tokens.
    pub page_key: &'a PageKey,
    /// What seals session tokens.
    pub sessions: &'a SessionSeal,
    /// Who calls.
    pub caller: &'a Caller,
    /// What a token says of whoever calls with one.
    pub vouched: Option<&'a Vouched>,
    /// What is called.
    pub offered: Offered,
    /// The request without its body.
    pub head: &'a Parts,
    /// The body as it came.
    pub body: &'a Bytes,
    /// The input as it was understood, in the model's names: what conditions may ask, and what a page belongs to. Members that the model does not have
    /// are not in it, so that nobody says with them what the operation does not do.
    pub said: OnceLock<Value>,
    /// What the input says to conditions of policies (`asked`).
    pub told: OnceLock<Facts>,
    /// What [`Call::asked`] has found.
    pub asked: OnceLock<String>,
    /// What the caller was first asked to be allowed on: an ARN or `*`. For the audit log, where the call fails.
    pub resource: OnceLock<String>,
    /// What the call did beside itself, for the audit log: of a batch each part that was denied (with the fault) or read.
    pub parts: Mutex<Vec<(AuditRow, Option<&'static str>)>>,
}

impl Call<'_> {
    /// Reads the input and holds it against the model.
    ///
    /// # Errors
    /// Serialization where it cannot be read; every violation of the model in one text.
    pub fn input<I: DeserializeOwned + Checked + Serialize>(&self) -> Result<I, Wrong> {
        let input: I = match self.offered.api().protocol() {
            Protocol::Json10 | Protocol::Json11 => json::decode(self.body)?,
            Protocol::Query => form::decode(self.body)?,
        };
        if let Some(text) = violations(&input, self.offered.api().dialect(), self.settings.quotas) {
            return Err(Wrong::Invalid(text));
        }
        // A larger one is a batch of log lines, a layer's part or a manifest: nothing is asked of it, and it is not written once more.
        if self.body.len() <= limit::REQUEST_BODY_BYTES {
            self.said.get_or_init(|| serde_json::to_value(&input).expect("a shape of a model is JSON"));
        }
        Ok(input)
    }

    /// Asks whether the caller may call this operation on `resource`, an ARN or `*`.
    ///
    /// # Errors
    /// Denied, in AWS's sentence.
    pub async fn authorize(&self, resource: impl Into<String>) -> Result<(), Wrong> {
        self.authorize_with(self.action(resource)).await
    }

    /// The same for an action that the operation implies, such as `apprunner:TagResource`.
    ///
    /// # Errors
    /// Denied, in AWS's sentence.
    pub async fn authorize_action(&self, name: impl Into<String>, resource: impl Into<String>) -> Result<(), Wrong> {
        self.authorize_with(Action::new(name, resource)).await
    }

    /// The action of this operation on `resource`, an ARN or `*`, for [`Call::authorize_with`].
    pub fn action(&self, resource: impl Into<String>) -> Action {
        Action::new(format!("{}:{}", self.offered.api().signing_name(), self.offered.operation().name), resource)
    }

    /// The same with what conditions may ask about it; what the call's input and the tags of the resource say is added.
    ///
    /// # Errors
    /// Denied, in AWS's sentence.
    pub async fn authorize_with(&self, action: Action) -> Result<(), Wrong> {
        let action = asked::complete(self, action).await?;
        self.resource.get_or_init(|| action.resource.clone());
        Ok(self.ports.gatekeeper.authorize(self.caller, &action).await??)
    }

    /// What holds of a quota for this caller.
    pub async fn applied(&self, quota: Quota) -> Result<u64, Wrong> {
        Ok(quota.applied(self.settings.quotas, &self.ports.quotas.changes(&self.caller.scope).await?))
    }

    /// Whether one more may be created where `count` are; they are counted only if somebody asked for App Runner's own quotas. Two calls at once may
    /// both be let in, as on AWS: what must never be exceeded is held by its keeper.
    ///
    /// # Errors
    /// A refusal (`Quota`) that says what to do.
    pub async fn quota(&self, quota: Quota, count: impl Future<Output = Result<usize, Wrong>>) -> Result<(), Wrong> {
        match self.settings.quotas {
            QuotaSetting::Lifted => Ok(()),
            QuotaSetting::AppRunners => Ok(quota.admit(self.applied(quota).await?, count.await?)?),
        }
    }

    /// The audit row of this call, if it changes `resource`.
    pub fn audit(&self, resource: impl Into<String>) -> AuditRow {
        let action = format!("{}:{}", self.offered.api().signing_name(), self.offered.operation().name);
        AuditRow { at: self.ports.clock.now(), caller: self.caller.clone(), action, resource: resource.into() }
    }

    /// The list that this call pages through. Its tokens are good for this operation, account and region, for the same other members of the input,
    /// and for `parameters`: what these members meant at the time, such as the revision that a name stood for.
    pub fn list<'b>(&'b self, parameters: &'b str) -> List<'b> {
        List { asked: self.asked(), ..self.journal(parameters) }
    }

    /// A list that grows at its end while it is read: its tokens are positions to go on from, good whatever else is asked of the same `parameters`.
    pub fn journal<'b>(&'b self, parameters: &'b str) -> List<'b> {
        List { key: self.page_key, operation: self.offered.operation().name, scope: &self.caller.scope, parameters, asked: "" }
    }

    /// Scheme and host under which the caller has reached us, and reaches us again.
    pub fn reached_at(&self) -> String {
        let said = |name: HeaderName| self.head.headers.get(name).and_then(|value| value.to_str().ok());
        // What the front door says of itself.
        let scheme = if said(FORWARDED_PROTO) == Some("https") { "https" } else { "http" };
        let here = || self.settings.registry_hosts.first().map(String::as_str);
        format!("{scheme}://{}", said(header::HOST).or_else(here).unwrap_or_default())
    }

    /// A digest of what the input says beside its page.
    pub fn asked(&self) -> &str {
        self.asked.get_or_init(|| self.said.get().map(asked).unwrap_or_default())
    }
}

/// The page that a caller asks for. Without a number everything comes at once, as App Runner does.
///
/// # Errors
/// A refusal where the token belongs to another list.
pub fn page(list: &List<'_>, token: Option<&str>, items_max: Option<i32>) -> Result<PageRequest, Wrong> {
    Ok(PageRequest {
        after: token.map(|token| list.after(token)).transpose().map_err(Wrong::Token)?,
        items_max: items_max.map(|number| u32::try_from(number).expect("the model's range is positive")),
    })
}
