//! Who has which policy: a row for each, which the database writes itself whenever a user or a role is written (`migration/`), so that none can be forgotten.
//!
//! Only reads. Source of truth: the documents of users and roles; `check` holds the rows against them.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};

use model::account::AccountId;
use model::policy_holder::{HolderFilter, HolderKind, HolderRelation, PolicyHolder, PolicyUse};
use model::port::{Answer, PolicyHolders};
use model::wish::{Page, PageRequest};

use crate::Store;
use crate::fault::Fault;
use crate::ledger::page;

impl PolicyHolders for Store {
    fn uses<'a>(&'a self, account: &'a AccountId, policy: Option<&'a str>) -> Answer<'a, BTreeMap<String, PolicyUse>> {
        let (account, policy) = (account.clone(), policy.map(str::to_owned));
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| uses(snapshot, &account, policy.as_deref());
            self.0.ledger.read("counting who has a policy", work).await
        })
    }

    fn holders<'a>(
        &'a self,
        account: &'a AccountId,
        filter: &'a HolderFilter,
        page: &'a PageRequest,
    ) -> Answer<'a, Page<PolicyHolder>> {
        let (account, filter, page) = (account.clone(), filter.clone(), page.clone());
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| holders(snapshot, &account, &filter, &page);
            self.0.ledger.read("listing who has a policy", work).await
        })
    }
}

fn uses(snapshot: &Transaction<'_>, account: &AccountId, policy: Option<&str>) -> Result<BTreeMap<String, PolicyUse>, Fault> {
    // Two statements, so that the one has an equality to look up by.
    let one = if policy.is_some() { "policy = ?2" } else { "?2 IS NULL" };
    let mut statement = snapshot.prepare_cached(&format!(
        "SELECT policy, count(*) FILTER (WHERE relation = 'attached'), count(*) FILTER (WHERE relation = 'bounded')
         FROM policy_holder WHERE account = ?1 AND {one} GROUP BY policy"
    ))?;
    let rows = statement.query_map(params![account.as_str(), policy], |row| {
        Ok((row.get(0)?, PolicyUse { attached: row.get(1)?, bounding: row.get(2)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A page's key is the kind and the folded name.
fn holders(
    snapshot: &Transaction<'_>,
    account: &AccountId,
    filter: &HolderFilter,
    page: &PageRequest,
) -> Result<Page<PolicyHolder>, Fault> {
    let HolderFilter { policy, kind, relation, path_prefix } = filter;
    let (kind_after, after) = page.after.as_deref().and_then(|key| key.split_once(' ')).unwrap_or_default();
    // In the order of the key, so that a page is read and not sorted. Who has it in both ways is there for the one. Not LIKE: a path may contain its
    // wildcards.
    let mut statement = snapshot.prepare_cached(
        "SELECT held.kind, held.folded, coalesce(role.document, user.document) ->> '$.noun.id',
             coalesce(role.document, user.document) ->> '$.noun.name'
         FROM policy_holder AS held
         LEFT JOIN role ON held.kind = 'role' AND role.account = held.account AND role.folded = held.folded
         LEFT JOIN user ON held.kind = 'user' AND user.account = held.account AND user.folded = held.folded
         WHERE held.account = ?1 AND held.policy = ?2 AND (held.kind, held.folded) > (?3, ?4)
             AND (?5 IS NULL OR held.kind = ?5)
             AND (held.relation = ?6 OR ?6 IS NULL AND (held.relation = 'attached' OR NOT EXISTS (
                 SELECT 1 FROM policy_holder AS other WHERE other.account = held.account AND other.policy = held.policy
                 AND other.kind = held.kind AND other.folded = held.folded AND other.relation = 'attached')))
             AND substr(coalesce(role.path, user.path), 1, length(?7)) = ?7
         ORDER BY held.kind, held.folded LIMIT ?8",
    )?;
    let (kind, relation) = (kind.map(HolderKind::as_str), relation.map(HolderRelation::as_str));
    let key = params![account.as_str(), policy, kind_after, after, kind, relation, path_prefix, page::rows_max(page)];
    let rows = statement.query_map(key, |row| {
        let (kind, folded): (String, String) = (row.get(0)?, row.get(1)?);
        let of = if kind == HolderKind::Role.as_str() { HolderKind::Role } else { HolderKind::User };
        Ok((format!("{kind} {folded}"), PolicyHolder { kind: of, id: row.get(2)?, name: row.get(3)? }))
    })?;
    Ok(page::cut(rows.collect::<Result<_, _>>()?, page))
}
