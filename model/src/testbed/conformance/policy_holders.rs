//! Who has which policy: what a change of a user or a role says is counted at once, in pages that are whole while things go.

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::policy_holder::{HolderFilter, HolderKind, HolderRelation, PolicyUse};
use crate::port::{PolicyHolders, Roles, Users};
use crate::role::Role;
use crate::testbed::{caller, role, scope, user};
use crate::time::Timestamp;
use crate::user::{User, UserName};
use crate::wish::PageRequest;

const READ: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const OWN: &str = "arn:aws:iam::000000000000:policy/Own";

fn row() -> AuditRow {
    AuditRow {
        at: Timestamp::from_millis(5),
        caller: caller(),
        action: "iam:AttachRolePolicy".to_owned(),
        resource: "*".to_owned(),
    }
}

fn policies(arns: &[&str]) -> std::collections::BTreeSet<String> {
    arns.iter().map(|arn| (*arn).to_owned()).collect()
}

fn of(policy: &str) -> HolderFilter {
    HolderFilter { policy: policy.to_owned(), kind: None, relation: None, path_prefix: "/".to_owned() }
}

/// Kinds and names of a page, and where the next one begins.
async fn page(holders: &dyn PolicyHolders, filter: &HolderFilter, page: &PageRequest) -> (Vec<String>, Option<String>) {
    let found = holders.holders(&scope().account, filter, page).await.unwrap();
    (found.items.iter().map(|holder| format!("{} {}", holder.kind.as_str(), holder.name)).collect(), found.next)
}

async fn all(holders: &dyn PolicyHolders, filter: &HolderFilter) -> Vec<String> {
    page(holders, filter, &PageRequest { after: None, items_max: None }).await.0
}

async fn uses(holders: &dyn PolicyHolders, policy: &str) -> (usize, usize) {
    let found = holders.uses(&scope().account, Some(policy)).await.unwrap();
    assert!(found.len() <= 1, "only the one that was asked for");
    let PolicyUse { attached, bounding } = found.get(policy).copied().unwrap_or_default();
    (attached, bounding)
}

/// All promises of the port. The three are one memory.
pub async fn policy_holders(holders: &dyn PolicyHolders, users: &dyn Users, roles: &dyn Roles) {
    let account = scope().account;
    let pulls = Role { attached: policies(&[READ, OWN]), ..role("Pulls") };
    let bound = Role { boundary: Some(OWN.to_owned()), path: "/team/".to_owned(), ..role("bound") };
    let both = Role { attached: policies(&[OWN]), boundary: Some(OWN.to_owned()), ..role("both") };
    for role in [&pulls, &bound, &both] {
        roles.create(role, &row()).await.unwrap().unwrap();
    }
    let ann = User { attached: policies(&[OWN]), ..user("Ann") };
    users.create(&ann, &row()).await.unwrap().unwrap();
    users.create(&user("bob"), &row()).await.unwrap().unwrap();

    assert_eq!((uses(holders, OWN).await, uses(holders, READ).await), ((3, 2), (1, 0)));
    let every = holders.uses(&account, None).await.unwrap();
    assert_eq!(every.keys().map(String::as_str).collect::<Vec<_>>(), [OWN, READ], "those that nobody has are left out");
    let other = AccountId::parse("111111111111").expect("twelve digits");
    assert!(holders.uses(&other, None).await.unwrap().is_empty(), "each account has its own");

    assert_eq!(
        all(holders, &of(OWN)).await,
        ["role both", "role bound", "role Pulls", "user Ann"],
        "each once, whatever its letters"
    );
    let bounded = HolderFilter { relation: Some(HolderRelation::Bounded), ..of(OWN) };
    assert_eq!(all(holders, &bounded).await, ["role both", "role bound"]);
    let attached = HolderFilter { relation: Some(HolderRelation::Attached), kind: Some(HolderKind::Role), ..of(OWN) };
    assert_eq!(all(holders, &attached).await, ["role both", "role Pulls"]);
    assert_eq!(all(holders, &HolderFilter { path_prefix: "/team/".to_owned(), ..of(OWN) }).await, ["role bound"]);
    assert!(all(holders, &of("arn:aws:iam::000000000000:policy/None")).await.is_empty());
    let found = holders.holders(&account, &of(READ), &PageRequest { after: None, items_max: None }).await.unwrap().items;
    assert_eq!((found.len(), &found[0].id), (1, &pulls.id));

    // One goes and one comes between two pages.
    let (first, next) = page(holders, &of(OWN), &PageRequest { after: None, items_max: Some(2) }).await;
    assert_eq!(first, ["role both", "role bound"]);
    let unbound = Role { boundary: None, ..bound.clone() };
    assert!(roles.change(&bound, &unbound, &row()).await.unwrap());
    let renamed = User { name: UserName::parse("zoe").expect("a name"), ..ann.clone() };
    assert_eq!(users.change(&ann, &renamed, &row()).await.unwrap(), Ok(true));
    let (second, next) = page(holders, &of(OWN), &PageRequest { after: next, items_max: Some(2) }).await;
    assert_eq!((second, next), (vec!["role Pulls".to_owned(), "user zoe".to_owned()], None));

    assert_eq!(uses(holders, OWN).await, (3, 1));
    assert!(roles.remove(&both, &row()).await.unwrap());
    assert_eq!(users.remove(&renamed, &row()).await.unwrap(), Ok(true));
    assert_eq!(uses(holders, OWN).await, (1, 0));
    assert_eq!(all(holders, &of(OWN)).await, ["role Pulls"]);
}
