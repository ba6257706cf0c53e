//! What a caller may by itself: the policies of a user or a role, its boundary, and what a session was narrowed to.
//! Never decides. Source of truth: IAM User Guide, "Policies and permissions in IAM"; the ports `Roles`, `Users` and `ManagedPolicies`.

use crate::{
    gatekeeper::PolicyGate,
    iam::service_linked_role::is_linked,
    parsed::Parsed,
    policy::{Document, Form, Identity, Party, Policies, managed},
};
use model::{
    account::AccountId,
    caller::{RoleSession, UserIdentity},
    managed_policy::PolicyArn,
    role::Role,
    tag::Tags,
    trouble::Trouble,
    user::User,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Where a policy that somebody has is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// With the user.
    User,
    /// With the role.
    Role,
    /// Among AWS's.
    Aws,
    /// Among the account's.
    Account,
}

/// A policy of a user or a role.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its name.
    pub name: String,
    pub shelf: Shelf,
    /// As it was written.
    pub text: Arc<str>,
    pub document: Arc<Document>,
}

/// Somebody with everything that says what it may do.
#[derive(Clone, Debug)]
pub struct Holder {
    pub account: AccountId,
    pub tags: Tags,
    /// None: everything, as root.
    pub policies: Option<Vec<Held>>,
    pub boundary: Option<Held>,
    /// What the session was narrowed to, if it was.
    pub session: Option<Vec<Arc<Document>>>,
    /// A user as it is called now: logins and sessions outlive a change of its name.
    pub user: Option<UserIdentity>,
    /// The guard policy does not bind it: it is AWS's own hand in the account.
    pub service_linked: bool,
}

impl Holder {
    /// The root of an account.
    fn root(account: &AccountId) -> Self {
        let (tags, service_linked) = (Tags::default(), false);
        Self { account: account.clone(), tags, policies: None, boundary: None, session: None, user: None, service_linked }
    }

    /// Its policies, for a request on something that is its own account's or is not, and whose policy is `resource`.
    pub fn policies(&self, own: bool, resource: Option<Arc<Document>>) -> Policies {
        let documents = |held: &Vec<Held>| held.iter().map(|held| held.document.clone()).collect();
        Policies {
            identity: self.policies.as_ref().map_or(Identity::Everything, |held| Identity::Policies(documents(held))),
            boundary: self.boundary.as_ref().map(|held| held.document.clone()),
            session: self.session.clone(),
            guard: None,
            resource,
            own,
        }
    }
}

/// What a user and a role have of a holder.
struct Written<'a> {
    shelf: Shelf,
    owner: &'a str,
    inline: &'a BTreeMap<String, String>,
    attached: &'a BTreeSet<String>,
    boundary: Option<&'a String>,
}

impl PolicyGate {
    /// Who `party` is now. `None` where it is gone, or was made again under its name: what others grant to that name they do not grant to
    /// what it was. A service has no policies of its own, nor has whoever brings a token, and they are nobody here.
    pub(crate) async fn holder(&self, party: Party<'_>) -> Result<Option<Holder>, Trouble> {
        match party {
            Party::Root(account) => Ok(Some(Holder::root(account))),
            Party::User(user) => self.user(user).await,
            Party::Session(session) => self.session(session).await,
            Party::Service(_) | Party::Federated(_) => Ok(None),
        }
    }

    async fn user(&self, identity: &UserIdentity) -> Result<Option<Holder>, Trouble> {
        let Some(user) = self.users.find(&identity.arn.account(), &identity.id).await? else { return Ok(None) };
        self.of_user(user).await.map(Some)
    }

    async fn session(&self, session: &RoleSession) -> Result<Option<Holder>, Trouble> {
        let role = self.roles.get(&session.role.account(), &session.role.name()).await?;
        let Some(role) = role.filter(|role| role.id == session.role_id) else { return Ok(None) };
        let account = role.account.clone();
        let mut holder = self.of_role(role).await?;
        if !session.policies.is_empty() {
            let mut narrowed = Vec::new();
            for policy in &session.policies {
                narrowed.push(if policy.starts_with("arn:") {
                    self.attached(&account, policy).await?.map_or_else(|| Arc::new(Document::nothing()), |held| held.document)
                } else {
                    Parsed::read(policy, Form::Identity, &session.arn())?
                });
            }
            holder.session = Some(narrowed);
        }
        Ok(Some(holder))
    }

    /// A user, as it is kept.
    pub(crate) async fn of_user(&self, user: User) -> Result<Holder, Trouble> {
        let owner = user.arn();
        let User { account, name: _, path: _, id, created_at: _, tags, inline, attached, boundary } = user;
        let boundary = boundary.as_ref();
        let written = Written { shelf: Shelf::User, owner: owner.as_str(), inline: &inline, attached: &attached, boundary };
        let (policies, boundary) = self.read(&account, &written).await?;
        let user = Some(UserIdentity { arn: owner, id });
        Ok(Holder { account, tags, policies: Some(policies), boundary, session: None, user, service_linked: false })
    }

    /// A role, as it is kept.
    pub(crate) async fn of_role(&self, role: Role) -> Result<Holder, Trouble> {
        let owner = role.arn();
        let boundary = role.boundary.as_ref();
        let written =
            Written { shelf: Shelf::Role, owner: owner.as_str(), inline: &role.inline, attached: &role.attached, boundary };
        let (policies, boundary) = self.read(&role.account, &written).await?;
        let service_linked = is_linked(&role);
        let (account, tags, policies) = (role.account, role.tags, Some(policies));
        Ok(Holder { account, tags, policies, boundary, session: None, user: None, service_linked })
    }

    async fn read(&self, account: &AccountId, written: &Written<'_>) -> Result<(Vec<Held>, Option<Held>), Trouble> {
        let Written { shelf, owner, inline, attached, boundary } = *written;
        let mut policies = Vec::with_capacity(inline.len() + attached.len());
        for (name, text) in inline {
            let document = self.parsed.stored(text, Form::Identity, owner)?;
            policies.push(Held { name: name.clone(), shelf, text: text.as_str().into(), document });
        }
        for arn in attached {
            policies.extend(self.attached(account, arn).await?);
        }
        let boundary = match boundary {
            None => None,
            // A boundary that is gone allows nothing: to lose it must not set its holder free.
            Some(arn) => Some(self.attached(account, arn).await?.unwrap_or_else(|| Held {
                name: arn.clone(),
                shelf: Shelf::Account,
                text: "".into(),
                document: Arc::new(Document::nothing()),
            })),
        };
        Ok((policies, boundary))
    }

    /// A managed policy, AWS's or the account's own.
    pub(crate) async fn attached(&self, account: &AccountId, arn: &str) -> Result<Option<Held>, Trouble> {
        if let Some(policy) = managed(arn) {
            let (name, text) = (policy.name.clone(), policy.text.as_str().into());
            return Ok(Some(Held { name, shelf: Shelf::Aws, text, document: policy.document.clone() }));
        }
        let Some(arn) = PolicyArn::parse(arn).ok().filter(|arn| arn.account() == *account) else { return Ok(None) };
        let found = self.managed_policies.get(account, &arn.name()).await?.filter(|policy| policy.arn() == arn);
        let Some(policy) = found else { return Ok(None) };
        let text = &policy.in_force().document;
        let document = self.parsed.stored(text, Form::Identity, arn.as_str())?;
        Ok(Some(Held { name: policy.name.to_string(), shelf: Shelf::Account, text: text.as_str().into(), document }))
    }
}
