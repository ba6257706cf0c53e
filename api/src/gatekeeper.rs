//! Who may do what. In this version the root of an account may do everything in its own account, and nobody may do
//! anything in another's.
//! Never authenticates, never looks whether a resource exists. Source of truth: the App Runner API reference for the words.

use model::{
    caller::{Caller, Principal},
    port::{Action, Answer, Gatekeeper, Granted},
    refusal::{Refusal, RefusalKind},
};

/// The rule of this version: an account's root, its own account.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnAccount;

impl Gatekeeper for OwnAccount {
    fn authorize<'a>(&'a self, caller: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>> {
        let granted = match &caller.principal {
            Principal::Root if concerns(&action.resource, caller) => Ok(()),
            Principal::Root | Principal::Service(_) => Err(denied(caller, action)),
        };
        Box::pin(async move { Ok(granted) })
    }
}

/// Whether the resource is the caller's: `*`, or an ARN with its account in the fifth place.
fn concerns(resource: &str, caller: &Caller) -> bool {
    resource == "*" || resource.split(':').nth(4) == Some(caller.account().as_str())
}

fn denied(caller: &Caller, action: &Action) -> Refusal {
    let Action { name, resource } = action;
    Refusal::new(
        RefusalKind::Denied,
        format!(
            "User: {} is not authorized to perform: {name} on resource: {resource} because no resource-based policy \
             allows the {name} action",
            caller.arn()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::account::{AccountId, Region, Scope};

    #[track_caller]
    fn check(resource: &str, granted: bool) {
        let caller = Caller {
            scope: Scope {
                account: AccountId::parse("000000000000").expect("an account"),
                region: Region::parse("us-east-1").expect("a region"),
            },
            principal: Principal::Root,
            access_key_id: "AKIDEXAMPLE".to_owned(),
            request_id: String::new(),
        };
        let action = Action { name: "apprunner:DescribeService".to_owned(), resource: resource.to_owned() };
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let answer = runtime.block_on(OwnAccount.authorize(&caller, &action)).expect("it never has trouble");
        assert_eq!(answer.is_ok(), granted, "{resource}: {answer:?}");
        if let Err(refusal) = answer {
            let words = "User: arn:aws:iam::000000000000:root is not authorized to perform: apprunner:DescribeService on";
            assert!(refusal.message.starts_with(words), "{refusal}");
            assert_eq!(refusal.kind, RefusalKind::Denied);
        }
    }

    #[test]
    fn root_may_do_everything_in_its_own_account_and_nothing_in_another() {
        check("*", true);
        check("arn:aws:apprunner:us-east-1:000000000000:service/webs/*", true);
        check("arn:aws:iam::000000000000:role/x", true);
        check("arn:aws:apprunner:us-east-1:111111111111:service/webs/*", false);
        check("arn:aws:apprunner:us-east-1::service/webs/*", false);
        check("webs", false);
        check("", false);
    }

    #[test]
    fn the_gatekeeper_keeps_its_promises() {
        model::testbed::block_on(model::testbed::conformance::gatekeeper(&OwnAccount));
    }
}
