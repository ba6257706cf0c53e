//! Policies of accounts: unique by folded name, listed in its order, changed and removed only by those who read the last form.

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::limit;
use crate::managed_policy::{ManagedPolicy, PolicyName, PolicyVersion};
use crate::port::ManagedPolicies;
use crate::refusal::RefusalKind;
use crate::testbed::{caller, managed_policy};
use crate::time::Timestamp;
use crate::wish::PageRequest;

fn row(action: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: action.to_owned(), resource: "*".to_owned() }
}

fn policy(name: &str) -> ManagedPolicy {
    managed_policy(name, "{}")
}

/// All promises of the port.
pub async fn managed_policies(policies: &dyn ManagedPolicies) {
    let made = row("iam:CreatePolicy");
    for policy in [policy("beta"), ManagedPolicy { path: "/team/".to_owned(), ..policy("Alpha") }] {
        policies.create(&policy, &made).await.unwrap().unwrap();
        assert_eq!(policies.get(&policy.account, &policy.name).await.unwrap(), Some(policy));
    }
    let again = policies.create(&policy("ALPHA"), &made).await.unwrap().unwrap_err();
    assert_eq!(again.kind, RefusalKind::AlreadyExists, "names are not told apart by case");
    let (account, other) = (policy("x").account, AccountId::parse("111111111111").expect("twelve digits"));
    assert_eq!(policies.get(&account, &PolicyName::parse("ALPHA").unwrap()).await.unwrap(), None);
    assert_eq!(policies.get(&other, &policy("beta").name).await.unwrap(), None, "each account has its own");
    let first = PageRequest { after: None, items_max: Some(1) };
    let page = policies.list(&account, "/", &first).await.unwrap();
    assert_eq!(page.items.iter().map(|policy| policy.name.as_str()).collect::<Vec<_>>(), ["Alpha"]);
    let second = policies.list(&account, "/", &PageRequest { after: page.next, items_max: Some(1) }).await.unwrap();
    assert_eq!((second.items, second.next), (vec![policy("beta")], None));
    assert_eq!(policies.list(&account, "/team/", &PageRequest { after: None, items_max: None }).await.unwrap().items.len(), 1);

    let before = policy("beta");
    let version = PolicyVersion { number: 2, document: "{ }".to_owned(), created_at: Timestamp::from_millis(2) };
    let after = ManagedPolicy {
        versions: [before.versions.clone(), vec![version]].concat(),
        default_version: 2,
        version_last: 2,
        ..before.clone()
    };
    assert!(policies.change(&before, &after, &row("iam:CreatePolicyVersion")).await.unwrap());
    assert!(!policies.change(&before, &after, &row("iam:CreatePolicyVersion")).await.unwrap(), "somebody else was faster");
    assert_eq!(policies.get(&account, &after.name).await.unwrap().expect("it is there").in_force().document, "{ }");
    assert!(!policies.remove(&before, &row("iam:DeletePolicy")).await.unwrap(), "somebody else was faster");
    assert!(policies.remove(&after, &row("iam:DeletePolicy")).await.unwrap());
    assert!(!policies.remove(&after, &row("iam:DeletePolicy")).await.unwrap(), "it is gone");

    let numbered = |n: usize| ManagedPolicy { account: other.clone(), ..policy(&format!("policy-{n}")) };
    for n in 0..limit::POLICIES {
        policies.create(&numbered(n), &made).await.unwrap().unwrap();
    }
    let full = policies.create(&numbered(limit::POLICIES), &made).await.unwrap().unwrap_err();
    assert_eq!(full.kind, RefusalKind::Quota, "{full}");
}
