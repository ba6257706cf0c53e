//! The rules of the engine by name, so that a test can break each of them alone and see that the corpus notices.
//! Never breaks anything outside this crate's tests: there, `broken` is always false and costs nothing. Source of truth: the places that ask.

macro_rules! rules {
    ($($name:ident,)*) => {
        /// A rule that the corpus must notice when it is broken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rule {
            $($name,)*
        }

        impl Rule {
            /// All of them, for the test that breaks one after the other.
            #[cfg(test)]
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

rules! {
    // How documents of all kinds decide together.
    ExplicitDenyWins,
    DefaultDeny,
    IdentityDeny,
    ResourceDeny,
    BoundaryDeny,
    SessionDeny,
    GuardDeny,
    BoundaryLimits,
    SessionLimits,
    GuardLimits,
    AnySessionPolicyAllows,
    ResourceAloneWithinAccount,
    IdentityAloneWithinAccount,
    ResourceNeededAcrossAccounts,
    IdentityNeededAcrossAccounts,
    DirectGrantPassesBoundary,
    DirectGrantPassesSession,
    RoleGrantIsLimited,
    AccountGrantDelegates,
    // Elements of a statement.
    NotAction,
    NotResource,
    ActionCase,
    ResourceCase,
    Star,
    QuestionMark,
    EveryConditionHolds,
    // Who is meant.
    PrincipalEverybody,
    PrincipalAccount,
    PrincipalRoleArn,
    PrincipalSessionArn,
    PrincipalUserArn,
    PrincipalId,
    PrincipalService,
    PrincipalFederated,
    NotPrincipal,
    NotPrincipalNamesNoAccount,
    // Conditions.
    KeyCase,
    AnyValueFits,
    NegatedRefusesEveryValue,
    MissingKeyFails,
    MissingKeySuitsNegated,
    IfExists,
    NullAsksForAbsence,
    ForAllValuesOfNone,
    ForAllValuesNeedsEach,
    ForAnyValueOfNone,
    ForAnyValueNeedsOne,
    TextIsExact,
    TextCase,
    IgnoreCase,
    LikeHasWildcards,
    ArnPartByPart,
    NumberOrder,
    NumberNotText,
    DateOrder,
    DateEpoch,
    BoolCase,
    BinaryIsExact,
    IpBlock,
    IpFamily,
    // Variables.
    VariablesArePutIn,
    VariablesNeedVersion,
    VariableDefault,
    VariableWithoutValueMatchesNothing,
    VariableValueIsNoPattern,
    VariableOfManyValuesIsNone,
    EscapedCharacters,
}

#[cfg(test)]
pub use switch::broken;

/// Whether a test has broken this rule.
#[cfg(not(test))]
pub const fn broken(_: Rule) -> bool {
    false
}

#[cfg(test)]
mod switch {
    use super::Rule;
    use std::cell::Cell;

    thread_local! {
        static BROKEN: Cell<Option<Rule>> = const { Cell::new(None) };
    }

    impl Rule {
        /// Breaks this rule on this thread while `f` runs.
        pub fn break_while<T>(self, f: impl FnOnce() -> T) -> T {
            BROKEN.set(Some(self));
            let found = f();
            BROKEN.set(None);
            found
        }

        /// Whether one is broken now.
        pub fn any_broken() -> bool {
            BROKEN.get().is_some()
        }
    }

    pub fn broken(rule: Rule) -> bool {
        BROKEN.get() == Some(rule)
    }
}
