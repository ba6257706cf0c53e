//! Managed policies as IAM's operations find, change and write them: AWS's own, which nobody changes, and those of accounts.
//! Never evaluates one. Source of truth: the IAM API reference, `Policy`; the words are IAM's own.

use super::{
    policy::{self, encode_document},
    role::iso,
    tags,
};
use crate::{
    call::Call,
    fault::{Common, Wrong},
    limit,
    policy::{Managed, managed},
    shape::iam as shape,
};
use model::{
    managed_policy::{ManagedPolicy, PolicyArn, PolicyVersion},
    policy_holder::PolicyUse,
    port::{Action, Facts},
    refusal::{Refusal, RefusalKind},
    role::Role,
    user::User,
    wish::PageRequest,
};
use std::collections::{BTreeMap, BTreeSet};

/// A managed policy that is there.
pub enum Found {
    /// One of AWS's.
    Aws(&'static Managed),
    /// One of the caller's account.
    Own(Box<ManagedPolicy>),
}

impl Found {
    /// Its ARN.
    pub fn arn(&self) -> String {
        match self {
            Self::Aws(aws) => aws.arn(),
            Self::Own(own) => own.arn().to_string(),
        }
    }
}

/// The policy of an ARN, AWS's or the caller's account's. Asks nobody whether the caller may know.
pub async fn find(call: &Call<'_>, arn: &str) -> Result<Option<Found>, Wrong> {
    if let Some(found) = managed(arn) {
        return Ok(Some(Found::Aws(found)));
    }
    let Ok(parsed) = PolicyArn::parse(arn) else { return Ok(None) };
    if parsed.account() != *call.caller.account() {
        return Ok(None);
    }
    let found = call.ports.managed_policies.get(&parsed.account(), &parsed.name()).await?;
    Ok(found.filter(|policy| policy.arn() == parsed).map(|policy| Found::Own(Box::new(policy))))
}

/// The policy that a call names, if the caller may do this to it.
///
/// # Errors
/// `InvalidInput` where it has not the form of an ARN; denied, before anything is said of the policy; `NoSuchEntity`.
pub async fn named(call: &Call<'_>, policy_arn: Option<String>, facts: Facts) -> Result<Found, Wrong> {
    let arn = policy::named(policy_arn)?;
    let found = find(call, &arn).await?;
    let facts = match &found {
        Some(Found::Own(own)) => policy::facts(facts, &own.tags, None),
        Some(Found::Aws(_)) | None => facts,
    };
    call.authorize_with(Action { facts, ..call.action(arn.as_str()) }).await?;
    found.ok_or_else(|| Refusal::not_found(format!("Policy {arn} was not found.")).into())
}

/// The policy of the account that a call names and wants to change.
///
/// # Errors
/// As `named`; denied where it is one of AWS's.
pub async fn own(call: &Call<'_>, policy_arn: Option<String>, facts: Facts) -> Result<ManagedPolicy, Wrong> {
    match named(call, policy_arn, facts).await? {
        Found::Own(own) => Ok(*own),
        Found::Aws(aws) => {
            let (caller, action) = (call.caller.arn(), call.action(aws.arn()));
            let words =
                format!("User: {caller} is not authorized to perform: {} on resource: policy {}", action.name, action.resource);
            Err(Common::Denied(words).into())
        }
    }
}

/// Changes the policy that a call names; answers what it has become.
///
/// # Errors
/// As `own` and `change`; throttled where others change the policy all the time.
pub async fn change(
    call: &Call<'_>,
    policy_arn: Option<String>,
    facts: Facts,
    change: impl Fn(&ManagedPolicy) -> Result<ManagedPolicy, Wrong>,
) -> Result<ManagedPolicy, Wrong> {
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let before = own(call, policy_arn.clone(), facts.clone()).await?;
        let after = change(&before)?;
        let row = call.audit(before.arn().to_string());
        if after == before || call.ports.managed_policies.change(&before, &after, &row).await? {
            return Ok(after);
        }
    }
    Err(busy())
}

/// What a caller reads who was never the fastest.
pub fn busy() -> Wrong {
    Refusal::new(RefusalKind::Throttled, "The policy is changed by many calls at once. Try again.").into()
}

/// What attaching a policy answers that is not there.
pub fn unattachable(arn: &str) -> Wrong {
    Refusal::not_found(format!("Policy {arn} does not exist or is not attachable.")).into()
}

/// Whether a policy can be a boundary; if not, IAM's words.
pub async fn check_boundary(call: &Call<'_>, arn: &str) -> Result<Result<(), String>, Wrong> {
    let found = find(call, arn).await?;
    Ok(found.map(drop).ok_or_else(|| format!("Scope ARN: {arn} does not exist or is not attachable.")))
}

/// Refuses a document that is none, or too long. Source of the limit: IAM quotas.
pub fn check_document(text: &str) -> Result<(), Wrong> {
    policy::check(text, crate::policy::Form::Identity, shape::MALFORMED_POLICY_DOCUMENT_EXCEPTION)?;
    let most = limit::MANAGED_POLICY_CHARS;
    if policy::counted(text) > most || text.len() > limit::ROLE_BYTES {
        let words = format!("Cannot exceed quota for PolicySize: {most}");
        return Err(Wrong::Declared(shape::LIMIT_EXCEEDED_EXCEPTION, words));
    }
    Ok(())
}

/// 7 of `v7`; nothing of what no version is called.
pub fn number(version_id: &str) -> Option<u32> {
    version_id.strip_prefix('v')?.parse().ok()
}

/// The version of a policy that a call names.
pub fn version<'a>(policy: &'a ManagedPolicy, version_id: &str) -> Result<&'a PolicyVersion, Refusal> {
    let found = number(version_id).and_then(|number| policy.version(number));
    let missing =
        || Refusal::not_found(format!("Policy {} version {version_id} does not exist or is not attachable.", policy.arn()));
    found.ok_or_else(missing)
}

/// Attached policies as lists write them, by name. Their ARNs say all that is written.
pub fn attached<'a>(
    arns: &'a BTreeSet<String>,
    path_prefix: &'a str,
) -> impl Iterator<Item = (String, shape::AttachedPolicy)> + 'a {
    arns.iter().filter_map(move |arn| {
        let path_and_name = arn.split_once(":policy")?.1;
        let (path, name) = path_and_name.rsplit_once('/')?;
        format!("{path}/").starts_with(path_prefix).then(|| {
            // Policies of AWS and of the account may have the same name.
            let row = shape::AttachedPolicy { policy_arn: Some(arn.clone()), policy_name: Some(name.to_owned()) };
            (format!("{name} {arn}"), row)
        })
    })
}

/// How many have which policy.
#[derive(Default)]
pub struct Usage(BTreeMap<String, PolicyUse>);

impl Usage {
    /// Of the caller's account; of one policy, if one is named.
    pub async fn read(call: &Call<'_>, arn: Option<&str>) -> Result<Self, Wrong> {
        Ok(Self(call.ports.policy_holders.uses(call.caller.account(), arn).await?))
    }

    /// Whether somebody has it, in whatever way.
    pub fn is_used(&self, arn: &str) -> bool {
        self.0.contains_key(arn)
    }

    fn counts(&self, arn: &str) -> (Option<i32>, Option<i32>) {
        let PolicyUse { attached, bounding } = self.0.get(arn).copied().unwrap_or_default();
        let count = |of: usize| Some(i32::try_from(of).expect("an account has some thousand users and roles at most"));
        (count(attached), count(bounding))
    }
}

/// All users and roles of the caller's account, read a page at a time.
pub async fn entities(call: &Call<'_>) -> Result<(Vec<User>, Vec<Role>), Wrong> {
    let (account, first) = (call.caller.account(), PageRequest { after: None, items_max: Some(limit::ROLES_COUNTED) });
    let (mut users, mut page) = (Vec::new(), first.clone());
    loop {
        let read = call.ports.users.list(account, "/", &page).await?;
        users.extend(read.items);
        match read.next {
            next @ Some(_) => page.after = next,
            None => break,
        }
    }
    let (mut roles, mut page) = (Vec::new(), first);
    loop {
        let read = call.ports.roles.list(account, "/", &page).await?;
        roles.extend(read.items);
        match read.next {
            next @ Some(_) => page.after = next,
            None => return Ok((users, roles)),
        }
    }
}

/// Writes a policy with its use.
pub fn render(found: &Found, usage: &Usage) -> shape::Policy {
    match found {
        Found::Aws(aws) => {
            let (attachment_count, permissions_boundary_usage_count) = usage.counts(&aws.arn());
            let policy = policy::render(aws, 0, Some(aws.description.clone()));
            shape::Policy { attachment_count, permissions_boundary_usage_count, ..policy }
        }
        Found::Own(own) => {
            let arn = own.arn().to_string();
            let (attachment_count, permissions_boundary_usage_count) = usage.counts(&arn);
            shape::Policy {
                arn: Some(arn),
                attachment_count,
                create_date: Some(iso(own.created_at)),
                default_version_id: Some(format!("v{}", own.default_version)),
                description: own.description.clone(),
                is_attachable: Some(true),
                path: Some(own.path.clone()),
                permissions_boundary_usage_count,
                policy_id: Some(own.id.clone()),
                policy_name: Some(own.name.to_string()),
                tags: Some(tags::render(&own.tags)),
                update_date: Some(iso(own.updated_at)),
            }
        }
    }
}

/// Writes a version of an account's policy; the document only where the answer has one.
pub fn render_version(policy: &ManagedPolicy, version: &PolicyVersion, with_document: bool) -> shape::PolicyVersion {
    shape::PolicyVersion {
        create_date: Some(iso(version.created_at)),
        document: with_document.then(|| encode_document(&version.document)),
        is_default_version: Some(version.number == policy.default_version),
        version_id: Some(format!("v{}", version.number)),
    }
}
