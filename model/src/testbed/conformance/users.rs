//! Users and their keys: unique by folded name, found by id when renamed, never gone while a key is theirs.

use std::collections::BTreeSet;

use crate::account::{AccountId, Region};
use crate::audit::AuditRow;
use crate::caller::{AccessKey, KeyStatus, KeyUse, Principal, UserIdentity};
use crate::limit;
use crate::port::{AccessKeys, Users};
use crate::refusal::RefusalKind;
use crate::secret::Secret;
use crate::testbed::{caller, user};
use crate::time::Timestamp;
use crate::user::{User, UserName};
use crate::wish::PageRequest;

fn row(action: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: action.to_owned(), resource: "*".to_owned() }
}

async fn names(users: &dyn Users, path_prefix: &str, items_max: u32) -> Vec<Vec<String>> {
    let account = user("x").account;
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = users.list(&account, path_prefix, &PageRequest { after, items_max: Some(items_max) }).await.unwrap();
        pages.push(page.items.iter().map(|user| user.name.to_string()).collect());
        after = page.next;
        if after.is_none() {
            return pages;
        }
    }
}

/// All promises of the two ports that concern users.
pub async fn users(users: &dyn Users, keys: &dyn AccessKeys) {
    kept(users).await;
    changed(users).await;
    key_life(users, keys).await;
    full(users).await;
}

async fn kept(users: &dyn Users) {
    let made = row("iam:CreateUser");
    for user in [user("beta"), User { path: "/team/".to_owned(), ..user("Alpha") }, user("gamma")] {
        assert_eq!(users.get(&user.account, &user.name).await.unwrap(), None);
        users.create(&user, &made).await.unwrap().unwrap();
        assert_eq!(users.get(&user.account, &user.name).await.unwrap(), Some(user.clone()));
        assert_eq!(users.find(&user.account, &user.id).await.unwrap(), Some(user));
    }
    let again = users.create(&User { id: "AIDAOTHER".to_owned(), ..user("ALPHA") }, &made).await.unwrap().unwrap_err();
    assert_eq!(again.kind, RefusalKind::AlreadyExists, "names are not told apart by case");
    let (account, other) = (user("x").account, AccountId::parse("111111111111").expect("twelve digits"));
    assert_eq!(users.get(&account, &UserName::parse("ALPHA").unwrap()).await.unwrap(), None, "found by exactly what they are");
    assert_eq!(users.get(&other, &user("beta").name).await.unwrap(), None, "each account has its own");
    assert_eq!(users.find(&other, &user("beta").id).await.unwrap(), None, "each account has its own");
    assert_eq!(names(users, "/", 2).await, [vec!["Alpha", "beta"], vec!["gamma"]]);
    assert_eq!(names(users, "/team/", 1).await, [["Alpha"]]);
    assert_eq!(names(users, "/%/", 1).await, [[""; 0]], "a prefix is text, not a pattern");
}

async fn changed(users: &dyn Users) {
    let (before, changed) = (user("beta"), row("iam:UpdateUser"));
    let attached = BTreeSet::from(["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()]);
    let after = User { attached, boundary: Some("arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()), ..before.clone() };
    assert_eq!(users.change(&before, &after, &changed).await.unwrap(), Ok(true));
    assert_eq!(users.change(&before, &user("beta"), &changed).await.unwrap(), Ok(false), "somebody else was faster");
    let taken = User { name: UserName::parse("GAMMA").unwrap(), ..after.clone() };
    assert_eq!(users.change(&after, &taken, &changed).await.unwrap().unwrap_err().kind, RefusalKind::AlreadyExists);
    for name in ["BETA", "delta"] {
        let (current, renamed) = (
            users.find(&after.account, &after.id).await.unwrap().expect("it is there"),
            User { name: UserName::parse(name).unwrap(), ..after.clone() },
        );
        assert_eq!(users.change(&current, &renamed, &changed).await.unwrap(), Ok(true), "{name}");
        assert_eq!(users.get(&after.account, &current.name).await.unwrap(), None, "{name}");
        assert_eq!(users.find(&after.account, &after.id).await.unwrap(), Some(renamed), "{name}");
    }
    assert_eq!(users.remove(&after, &row("iam:DeleteUser")).await.unwrap(), Ok(false), "somebody else was faster");
}

async fn key_life(users: &dyn Users, keys: &dyn AccessKeys) {
    let (owner, made) = (user("gamma"), row("iam:CreateAccessKey"));
    let principal = |user: &User| Principal::User(UserIdentity { arn: user.arn(), id: user.id.clone() });
    let key = |id: &str, at: i64| AccessKey {
        created_at: Some(Timestamp::from_millis(at)),
        ..AccessKey::new(id, Secret::new("s"), owner.account.clone(), principal(&owner))
    };
    keys.create(&key("AKIAB", 1), &made).await.unwrap().unwrap();
    let again = keys.create(&key("AKIAB", 2), &made).await.unwrap().unwrap_err();
    assert_eq!(again.kind, RefusalKind::AlreadyExists, "an id is one key's");
    keys.create(&key("AKIAA", 2), &made).await.unwrap().unwrap();
    let third = keys.create(&key("AKIAC", 3), &made).await.unwrap().unwrap_err();
    assert_eq!(third.kind, RefusalKind::Quota, "{third}");
    let stranger = AccessKey::new("AKIAD", Secret::new("s"), owner.account.clone(), principal(&user("nobody")));
    assert_eq!(keys.create(&stranger, &made).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
    assert_eq!(keys.find("AKIAD").await.unwrap(), None);
    // The name in a key is that of when it was made.
    let renamed = User { name: UserName::parse("gamma-2").unwrap(), ..owner.clone() };
    assert_eq!(
        keys.of_principal(&owner.account, &principal(&renamed)).await.unwrap(),
        [key("AKIAB", 1), key("AKIAA", 2)],
        "the oldest first"
    );
    assert_eq!(keys.of_principal(&owner.account, &Principal::Root).await.unwrap(), []);

    assert!(keys.set_status("AKIAB", KeyStatus::Inactive, &row("iam:UpdateAccessKey")).await.unwrap());
    let found = keys.find("AKIAB").await.unwrap().expect("it is there");
    assert_eq!((found.status, found.secret), (KeyStatus::Inactive, Secret::new("s")));
    assert!(!keys.set_status("AKIAX", KeyStatus::Inactive, &row("iam:UpdateAccessKey")).await.unwrap());
    let last = |at: i64| KeyUse {
        at: Timestamp::from_millis(at),
        region: Region::parse("us-east-1").expect("a region"),
        service: "apprunner".to_owned(),
    };
    assert_eq!(keys.last_use("AKIAB").await.unwrap(), None);
    for at in [5, 6] {
        keys.note_use("AKIAB", &last(at)).await.unwrap();
        assert_eq!(keys.last_use("AKIAB").await.unwrap(), Some(last(at)));
    }
    keys.note_use("AKIAX", &last(5)).await.unwrap();
    assert_eq!(keys.last_use("AKIAX").await.unwrap(), None, "there is no such key");

    let refusal = users.remove(&owner, &row("iam:DeleteUser")).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::WrongState, "it has keys");
    for id in ["AKIAA", "AKIAB"] {
        assert!(keys.remove(id, &row("iam:DeleteAccessKey")).await.unwrap());
        assert!(!keys.remove(id, &row("iam:DeleteAccessKey")).await.unwrap());
    }
    assert_eq!(keys.last_use("AKIAB").await.unwrap(), None, "nothing is left of a key");
    assert_eq!(users.remove(&owner, &row("iam:DeleteUser")).await.unwrap(), Ok(true));
    assert_eq!(users.find(&owner.account, &owner.id).await.unwrap(), None);
}

async fn full(users: &dyn Users) {
    let (made, other) = (row("iam:CreateUser"), AccountId::parse("222222222222").expect("twelve digits"));
    let numbered = |n: usize| User { account: other.clone(), id: format!("AIDA{n}"), ..user(&format!("user-{n}")) };
    for n in 0..limit::USERS {
        users.create(&numbered(n), &made).await.unwrap().unwrap();
    }
    let full = users.create(&numbered(limit::USERS), &made).await.unwrap().unwrap_err();
    assert_eq!(full.kind, RefusalKind::Quota, "{full}");
}
