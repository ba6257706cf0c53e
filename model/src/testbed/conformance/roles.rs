//! Roles: unique by folded name, listed in its order, changed and removed only by those who read the last form.

use std::collections::BTreeSet;

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::limit;
use crate::port::Roles;
use crate::refusal::RefusalKind;
use crate::role::{Role, RoleName};
use crate::testbed::{caller, role};
use crate::time::Timestamp;
use crate::wish::PageRequest;

fn row(action: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: action.to_owned(), resource: "*".to_owned() }
}

async fn names(roles: &dyn Roles, path_prefix: &str, items_max: u32) -> Vec<Vec<String>> {
    let account = role("x").account;
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = roles.list(&account, path_prefix, &PageRequest { after, items_max: Some(items_max) }).await.unwrap();
        pages.push(page.items.iter().map(|role| role.name.to_string()).collect());
        after = page.next;
        if after.is_none() {
            return pages;
        }
    }
}

/// All promises of the port.
pub async fn roles(roles: &dyn Roles) {
    let made = row("iam:CreateRole");
    let path = |name: &str, path: &str| Role { path: path.to_owned(), ..role(name) };
    for role in [role("beta"), path("Alpha", "/service-role/"), role("gamma")] {
        assert_eq!(roles.get(&role.account, &role.name).await.unwrap(), None);
        roles.create(&role, &made).await.unwrap().unwrap();
        assert_eq!(roles.get(&role.account, &role.name).await.unwrap(), Some(role));
    }
    let again = roles.create(&role("ALPHA"), &made).await.unwrap().unwrap_err();
    assert_eq!(again.kind, RefusalKind::AlreadyExists, "names are not told apart by case");
    let account = role("x").account;
    let capitals = RoleName::parse("ALPHA").unwrap();
    assert_eq!(roles.get(&account, &capitals).await.unwrap(), None, "and are found by exactly what they are");

    assert_eq!(names(roles, "/", 2).await, [vec!["Alpha", "beta"], vec!["gamma"]]);
    assert_eq!(names(roles, "/service-role/", 1).await, [["Alpha"]]);
    assert_eq!(names(roles, "/%/", 1).await, [[""; 0]], "a prefix is text, not a pattern");
    let other = AccountId::parse("111111111111").expect("twelve digits");
    let foreign = Role { account: other.clone(), ..role("beta") };
    roles.create(&foreign, &made).await.unwrap().unwrap();
    assert_eq!(roles.get(&other, &foreign.name).await.unwrap(), Some(foreign), "each account has its own");

    for n in 1..limit::ROLES {
        let role = Role { account: other.clone(), ..role(&format!("role-{n}")) };
        roles.create(&role, &made).await.unwrap().unwrap();
    }
    let full = roles.create(&Role { account: other.clone(), ..role("one-more") }, &made).await.unwrap().unwrap_err();
    assert_eq!(full.kind, RefusalKind::Quota, "{full}");

    let before = role("beta");
    let attached = BTreeSet::from(["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()]);
    let after = Role { description: Some("é".to_owned()), attached, ..before.clone() };
    assert!(roles.change(&before, &after, &row("iam:AttachRolePolicy")).await.unwrap());
    assert_eq!(roles.get(&account, &before.name).await.unwrap(), Some(after.clone()));
    assert!(!roles.change(&before, &role("beta"), &row("iam:UpdateRole")).await.unwrap(), "somebody else was faster");
    assert!(!roles.remove(&before, &row("iam:DeleteRole")).await.unwrap(), "somebody else was faster");
    assert_eq!(roles.get(&account, &before.name).await.unwrap(), Some(after.clone()));
    assert!(roles.remove(&after, &row("iam:DeleteRole")).await.unwrap());
    assert!(!roles.remove(&after, &row("iam:DeleteRole")).await.unwrap(), "it is gone");
    assert!(!roles.change(&after, &before, &row("iam:UpdateRole")).await.unwrap(), "it is gone");
    assert_eq!(names(roles, "/", 9).await, [vec!["Alpha", "gamma"]]);
    roles.create(&before, &made).await.unwrap().unwrap();
}
