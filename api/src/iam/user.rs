//! A user as IAM's operations read, change and write it.
//! Never evaluates it. Source of truth: the IAM API reference, `User`; the words are IAM's own.

use super::{policy, role::iso, tags};
use crate::{call::Call, fault::Wrong, limit, shape::iam as shape};
use model::{
    audit::AuditRow,
    caller::{Principal, UserIdentity},
    port::{Action, Facts},
    refusal::{Refusal, RefusalKind},
    user::{User, UserArn, UserName},
};

/// Whose keys a call is about.
pub enum Owner {
    /// The account's root.
    Root,
    /// A user.
    User(User),
}

impl Owner {
    /// As keys know it.
    pub fn principal(&self) -> Principal {
        match self {
            Self::Root => Principal::Root,
            Self::User(user) => Principal::User(UserIdentity { arn: user.arn(), id: user.id.clone() }),
        }
    }

    /// Its ARN.
    pub fn arn(&self, call: &Call<'_>) -> String {
        match self {
            Self::Root => format!("arn:aws:iam::{}:root", call.caller.account()),
            Self::User(user) => user.arn().to_string(),
        }
    }

    /// The user's name; the root has none.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Root => None,
            Self::User(user) => Some(user.name.to_string()),
        }
    }
}

/// The user that a call names, if the caller may do this to it.
///
/// # Errors
/// Denied, before anything is said of the user; `NoSuchEntity`.
pub async fn find(call: &Call<'_>, user_name: Option<String>, facts: Facts) -> Result<User, Wrong> {
    let name = UserName::parse(&user_name.expect("validation refuses a call without a required member"))?;
    let account = call.caller.account();
    let found = call.ports.users.get(account, &name).await?;
    let arn = found.as_ref().map_or_else(|| UserArn::new(account, "/", &name), User::arn);
    call.authorize_with(action(call, arn.as_str(), found.as_ref(), facts)).await?;
    found.ok_or_else(|| missing(&name))
}

/// The user that a call names, or who calls, where it names nobody: on AWS too, a key says whose it is.
///
/// # Errors
/// As `find`; `ValidationError` where the caller is neither root nor a user.
pub async fn named_or_caller(call: &Call<'_>, user_name: Option<String>) -> Result<Owner, Wrong> {
    if user_name.is_some() {
        return Ok(Owner::User(find(call, user_name, Facts::default()).await?));
    }
    match &call.caller.principal {
        Principal::Root => {
            let owner = Owner::Root;
            call.authorize(owner.arn(call)).await?;
            Ok(owner)
        }
        Principal::User(identity) => {
            let found = call.ports.users.find(call.caller.account(), &identity.id).await?;
            call.authorize_with(action(call, identity.arn.as_str(), found.as_ref(), Facts::default())).await?;
            found.map(Owner::User).ok_or_else(|| missing(&identity.arn.name()))
        }
        // Source of the words: IAM.
        Principal::AssumedRole(_) | Principal::Service(_) | Principal::WebIdentity(_) => {
            Err(Refusal::invalid("Must specify userName when calling with non-User credentials").into())
        }
    }
}

/// Changes the user that a call names; `change` answers what it shall be. A change that changes nothing is not written.
///
/// # Errors
/// As `find` and `change`; throttled where others change the user all the time.
pub async fn change(
    call: &Call<'_>,
    user_name: Option<String>,
    facts: Facts,
    change: impl Fn(&User) -> Result<User, Wrong>,
) -> Result<(), Wrong> {
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let before = find(call, user_name.clone(), facts.clone()).await?;
        let after = change(&before)?;
        if after == before || call.ports.users.change(&before, &after, &audit(call, &before)).await?? {
            return Ok(());
        }
    }
    Err(busy())
}

/// What a caller reads who was never the fastest.
pub fn busy() -> Wrong {
    Refusal::new(RefusalKind::Throttled, "The user is changed by many calls at once. Try again.").into()
}

fn missing(name: &UserName) -> Wrong {
    Refusal::not_found(format!("The user with name {name} cannot be found.")).into()
}

/// The action of a call on a user, with what conditions may ask.
fn action(call: &Call<'_>, arn: &str, user: Option<&User>, facts: Facts) -> Action {
    let facts = user.map_or_else(|| facts.clone(), |user| policy::facts(facts.clone(), &user.tags, user.boundary.as_deref()));
    Action { facts, ..call.action(arn) }
}

/// The row of a change of `user`.
pub fn audit(call: &Call<'_>, user: &User) -> AuditRow {
    call.audit(user.arn().to_string())
}

/// Refuses a user whose own policies are too long together, or too many.
pub fn check_inline(user: &User) -> Result<(), Wrong> {
    let most = limit::USER_INLINE_CHARS;
    let exceeded = |words: String| Err(Wrong::Declared(shape::LIMIT_EXCEEDED_EXCEPTION, words));
    if user.inline.values().map(|text| policy::counted(text)).sum::<usize>() > most {
        return exceeded(format!("Maximum policy size of {most} bytes exceeded for user {}", user.name));
    }
    if user.inline.len() > limit::ROLE_INLINE_POLICIES {
        return exceeded(format!("User {} may have {} policies of its own at most.", user.name, limit::ROLE_INLINE_POLICIES));
    }
    let bytes: usize = user.inline.iter().map(|(name, text)| name.len() + text.len()).sum();
    if bytes > limit::ROLE_BYTES {
        return exceeded(format!(
            "The policies of user {} may have {} bytes together, white space counted.",
            user.name,
            limit::ROLE_BYTES
        ));
    }
    Ok(())
}

/// Writes a user.
pub fn render(user: &User) -> shape::User {
    let arn = user.arn().to_string();
    let User { account: _, name, path, id, created_at, tags, inline: _, attached: _, boundary } = user;
    shape::User {
        arn,
        create_date: iso(*created_at),
        password_last_used: None,
        path: path.clone(),
        permissions_boundary: policy::render_boundary(boundary.as_deref()),
        tags: if tags.0.is_empty() { None } else { Some(tags::render(tags)) },
        user_id: id.clone(),
        user_name: name.to_string(),
    }
}
