//! Repositories: one row each, named by account, region and name.

use rusqlite::{OptionalExtension, Transaction, params};

use model::account::{AccountId, Region, Scope};
use model::audit::AuditRow;
use model::digest::Digest;
use model::image_reference::RepositoryName;
use model::port::{Answer, Granted, Repositories};
use model::refusal::{Refusal, RefusalKind};
use model::repository::{Deletion, Repository, RepositoryChange, RepositoryKey};
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::{blob, page};
use crate::{Store, audit, document};

/// What other tables name a repository by.
pub(crate) type Ordinal = i64;

impl Repositories for Store {
    fn create<'a>(&'a self, repository: &'a Repository, audit: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let (repository, row) = (repository.clone(), audit.clone());
        Box::pin(async move {
            self.0.ledger.write("creating a repository", move |transaction| create(transaction, &repository, &row)).await
        })
    }

    fn get<'a>(&'a self, key: &'a RepositoryKey) -> Answer<'a, Option<Repository>> {
        Box::pin(self.0.ledger.find("reading a repository", move |snapshot| get(snapshot, key)))
    }

    fn list<'a>(&'a self, scope: &'a Scope, page: &'a PageRequest) -> Answer<'a, Page<Repository>> {
        let (scope, page) = (scope.clone(), page.clone());
        Box::pin(async move { self.0.ledger.read("listing repositories", move |snapshot| list(snapshot, &scope, &page)).await })
    }

    fn set_policy<'a>(
        &'a self,
        key: &'a RepositoryKey,
        policy: Option<&'a str>,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Option<String>>> {
        let (key, policy, row) = (key.clone(), policy.map(str::to_owned), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| set_policy(transaction, &key, policy, &row);
            self.0.ledger.write("setting the policy of a repository", work).await
        })
    }

    fn with_lifecycle(&self) -> Answer<'_, Vec<Repository>> {
        Box::pin(async move { self.0.ledger.read("looking for lifecycle policies", with_lifecycle).await })
    }

    fn named<'a>(&'a self, scope: &'a Scope, names: &'a [RepositoryName]) -> Answer<'a, Granted<Vec<Repository>>> {
        let keys: Vec<_> = names.iter().map(|name| RepositoryKey { scope: scope.clone(), name: name.clone() }).collect();
        Box::pin(async move {
            let work = move |snapshot: &Transaction<'_>| {
                let mut found = Vec::with_capacity(keys.len());
                for key in &keys {
                    match get(snapshot, key)? {
                        Some(repository) => found.push(repository),
                        None => return Ok(Err(key.not_found())),
                    }
                }
                Ok(Ok(found))
            };
            self.0.ledger.read("reading named repositories", work).await
        })
    }

    fn change<'a>(
        &'a self,
        key: &'a RepositoryKey,
        change: &'a RepositoryChange,
        audit: &'a AuditRow,
    ) -> Answer<'a, Granted<Repository>> {
        let (key, change, row) = (key.clone(), change.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| {
                let Some((ordinal, repository)) = find(transaction, &key)? else {
                    return Ok(Ending::RollBack(Err(key.not_found())));
                };
                let changed = match change.apply(repository) {
                    Ok(changed) => changed,
                    Err(refusal) => return Ok(Ending::RollBack(Err(refusal))),
                };
                transaction
                    .prepare_cached("UPDATE repository SET document = ?2 WHERE ordinal = ?1")?
                    .execute(params![ordinal, document::write(&changed)])?;
                audit::keep(transaction, &row)?;
                Ok(Ending::Commit(Ok(changed)))
            };
            self.0.ledger.write("changing a repository", work).await
        })
    }

    fn delete<'a>(&'a self, key: &'a RepositoryKey, deletion: Deletion, audit: &'a AuditRow) -> Answer<'a, Granted<Repository>> {
        let (key, row) = (key.clone(), audit.clone());
        Box::pin(async move {
            let work = move |transaction: &Transaction<'_>| delete(transaction, &key, deletion, &row);
            match self.0.ledger.write("deleting a repository", work).await? {
                Ok(Deleted { repository, blobs }) => {
                    self.remove_files_now_or_later(blobs).await;
                    Ok(Ok(repository))
                }
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    }
}

/// A repository that is gone.
struct Deleted {
    /// As it was.
    repository: Repository,
    /// Those of its blobs that nobody knows any more.
    blobs: Vec<Digest>,
}

fn delete(
    transaction: &Transaction<'_>,
    key: &RepositoryKey,
    deletion: Deletion,
    row: &AuditRow,
) -> Result<Ending<Granted<Deleted>>, Fault> {
    let Some((ordinal, repository)) = find(transaction, key)? else {
        return Ok(Ending::RollBack(Err(key.not_found())));
    };
    // Tags and references go with the manifests (foreign keys).
    let images = transaction.prepare_cached("DELETE FROM manifest WHERE repository = ?1")?.execute([ordinal])?;
    match deletion {
        Deletion::OnlyEmpty if images > 0 => return Ok(Ending::RollBack(Err(key.not_empty()))),
        Deletion::OnlyEmpty | Deletion::WithImages => {}
    }
    let blobs = blob::hide_all(transaction, ordinal)?;
    transaction.prepare_cached("DELETE FROM repository WHERE ordinal = ?1")?.execute([ordinal])?;
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(Deleted { repository, blobs })))
}

fn create(transaction: &Transaction<'_>, repository: &Repository, row: &AuditRow) -> Result<Ending<Granted<()>>, Fault> {
    let RepositoryKey { scope, name } = &repository.key;
    let mut statement = transaction.prepare_cached(
        "INSERT INTO repository (account, region, name, document) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )?;
    let new = statement.execute([scope.account.as_str(), scope.region.as_str(), name.as_str(), &document::write(repository)])?;
    if new == 0 {
        // Source: ECR, RepositoryAlreadyExistsException.
        let message = format!("The repository with name '{name}' already exists in the registry with id '{}'", scope.account);
        return Ok(Ending::RollBack(Err(Refusal::new(RefusalKind::AlreadyExists, message))));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(())))
}

fn set_policy(
    transaction: &Transaction<'_>,
    key: &RepositoryKey,
    policy: Option<String>,
    row: &AuditRow,
) -> Result<Ending<Granted<Option<String>>>, Fault> {
    let Some((ordinal, mut repository)) = find(transaction, key)? else { return Ok(Ending::RollBack(Err(key.not_found()))) };
    let before = std::mem::replace(&mut repository.policy, policy);
    let mut statement = transaction.prepare_cached("UPDATE repository SET document = ?2 WHERE ordinal = ?1")?;
    statement.execute(params![ordinal, document::write(&repository)])?;
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(Ok(before)))
}

fn get(snapshot: &Transaction<'_>, key: &RepositoryKey) -> Result<Option<Repository>, Fault> {
    Ok(find(snapshot, key)?.map(|(_, repository)| repository))
}

/// A repository and what other tables name it by.
pub(crate) fn find(snapshot: &Transaction<'_>, key: &RepositoryKey) -> Result<Option<(Ordinal, Repository)>, Fault> {
    let RepositoryKey { scope, name } = key;
    let mut statement =
        snapshot.prepare_cached("SELECT ordinal, document FROM repository WHERE account = ?1 AND region = ?2 AND name = ?3")?;
    let row = statement
        .query_row([scope.account.as_str(), scope.region.as_str(), name.as_str()], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    row.map(|(ordinal, text)| Ok((ordinal, document::read("a repository", text.as_bytes())?))).transpose()
}

/// What other tables name a repository by.
pub(crate) fn ordinal(snapshot: &Transaction<'_>, key: &RepositoryKey) -> Result<Option<Ordinal>, Fault> {
    let RepositoryKey { scope, name } = key;
    let mut statement =
        snapshot.prepare_cached("SELECT ordinal FROM repository WHERE account = ?1 AND region = ?2 AND name = ?3")?;
    Ok(statement.query_row([scope.account.as_str(), scope.region.as_str(), name.as_str()], |row| row.get(0)).optional()?)
}

/// By name; a page's key is the name. Places for copies are the platform's own: their names stand behind all that callers can give.
fn list(snapshot: &Transaction<'_>, scope: &Scope, page: &PageRequest) -> Result<Page<Repository>, Fault> {
    let mut statement = snapshot.prepare_cached(
        "SELECT name, document FROM repository WHERE account = ?1 AND region = ?2 AND name > ?3 AND name < '~' ORDER BY name LIMIT ?4",
    )?;
    let after = page.after.as_deref().unwrap_or("");
    let key = params![scope.account.as_str(), scope.region.as_str(), after, page::rows_max(page)];
    let rows = statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (name, text): (String, String) = row?;
        Ok((name, document::read("a repository", text.as_bytes())?))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

fn with_lifecycle(snapshot: &Transaction<'_>) -> Result<Vec<Repository>, Fault> {
    // The word may also stand in somebody's policy: what is read decides.
    let mut statement = snapshot.prepare_cached("SELECT document FROM repository WHERE instr(document, '\"lifecycle\"') > 0")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut found = Vec::new();
    for text in rows {
        let repository: Repository = document::read("a repository", text?.as_bytes())?;
        if repository.lifecycle.is_some() {
            found.push(repository);
        }
    }
    Ok(found)
}

/// The keys of all repositories.
pub(crate) fn keys(snapshot: &Transaction<'_>) -> Result<Vec<RepositoryKey>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT account, region, name FROM repository")?;
    let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
    let damaged = || Fault::Damaged("a row of the table repository is damaged".to_owned());
    rows.map(|row| parse_key(&row?).ok_or_else(damaged)).collect()
}

/// A key of its columns.
pub(crate) fn parse_key([account, region, name]: &[String; 3]) -> Option<RepositoryKey> {
    let scope = Scope { account: AccountId::parse(account).ok()?, region: Region::parse(region).ok()? };
    Some(RepositoryKey { scope, name: RepositoryName::stored(name).ok()? })
}
