//! Users and roles as a policy sees them: who has it attached, and whom it bounds.

/// What kind of entity has a policy. In the order of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HolderKind {
    Role,
    User,
}

/// How somebody has a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HolderRelation {
    /// It is attached, and allows.
    Attached,
    /// It is the boundary of what others allow.
    Bounded,
}

/// A user or a role that has a policy, in whatever way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyHolder {
    pub kind: HolderKind,
    pub id: String,
    pub name: String,
}

/// Whom is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderFilter {
    /// The ARN.
    pub policy: String,
    /// Of both if none is named.
    pub kind: Option<HolderKind>,
    /// In either way if none is named.
    pub relation: Option<HolderRelation>,
    /// How the path of the user or role begins.
    pub path_prefix: String,
}

/// How many have a policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyUse {
    pub attached: usize,
    pub bounding: usize,
}

impl HolderKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
        }
    }
}

impl HolderRelation {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attached => "attached",
            Self::Bounded => "bounded",
        }
    }
}
