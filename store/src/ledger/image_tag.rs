//! Tags of a repository. They are put by `manifest.rs`, with what they point at; the ledger never holds one that points nowhere.

use rusqlite::{OptionalExtension, Transaction, params};

use model::audit::AuditRow;
use model::digest::Digest;
use model::image_reference::ImageTag;
use model::port::{Answer, ImageTags};
use model::repository::{RepositoryKey, TaggedImage};
use model::wish::{Page, PageRequest};

use crate::database::Ending;
use crate::fault::Fault;
use crate::ledger::page;
use crate::ledger::repository::{self, Ordinal};
use crate::{Store, audit};

impl ImageTags for Store {
    fn get<'a>(&'a self, repository: &'a RepositoryKey, tag: &'a ImageTag) -> Answer<'a, Option<Digest>> {
        let work = move |snapshot: &Transaction<'_>| match repository::ordinal(snapshot, repository)? {
            Some(ordinal) => get(snapshot, ordinal, tag),
            None => Ok(None),
        };
        Box::pin(self.0.ledger.find("reading a tag", work))
    }

    fn list<'a>(&'a self, repository: &'a RepositoryKey, page: &'a PageRequest) -> Answer<'a, Page<TaggedImage>> {
        let (key, page) = (repository.clone(), page.clone());
        Box::pin(async move { self.0.ledger.read("listing tags", move |snapshot| list(snapshot, &key, &page)).await })
    }

    fn remove<'a>(&'a self, repository: &'a RepositoryKey, tag: &'a ImageTag, audit: &'a AuditRow) -> Answer<'a, bool> {
        let (key, tag, row) = (repository.clone(), tag.clone(), audit.clone());
        Box::pin(
            async move { self.0.ledger.write("removing a tag", move |transaction| remove(transaction, &key, &tag, &row)).await },
        )
    }
}

/// What a tag points at.
pub(super) fn get(snapshot: &Transaction<'_>, repository: Ordinal, tag: &ImageTag) -> Result<Option<Digest>, Fault> {
    let mut statement = snapshot.prepare_cached("SELECT digest FROM image_tag WHERE repository = ?1 AND tag = ?2")?;
    let digest: Option<String> = statement.query_row(params![repository, tag.as_str()], |row| row.get(0)).optional()?;
    digest.map(|text| parse(&text)).transpose()
}

/// Lets a tag point at a manifest of the repository.
pub(super) fn put(transaction: &Transaction<'_>, repository: Ordinal, tag: &ImageTag, digest: &Digest) -> Result<(), Fault> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO image_tag (repository, tag, digest) VALUES (?1, ?2, ?3) ON CONFLICT (repository, tag) DO UPDATE SET digest = excluded.digest",
    )?;
    statement.execute(params![repository, tag.as_str(), digest.as_str()])?;
    Ok(())
}

/// In byte order; a page's key is the tag.
fn list(snapshot: &Transaction<'_>, key: &RepositoryKey, page: &PageRequest) -> Result<Page<TaggedImage>, Fault> {
    let Some(ordinal) = repository::ordinal(snapshot, key)? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let mut statement =
        snapshot.prepare_cached("SELECT tag, digest FROM image_tag WHERE repository = ?1 AND tag > ?2 ORDER BY tag LIMIT ?3")?;
    let after = page.after.as_deref().unwrap_or("");
    let rows = statement.query_map(params![ordinal, after, page::rows_max(page)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.map(|row| {
        let (tag, digest): (String, String) = row?;
        let item = TaggedImage { tag: ImageTag::parse(&tag).map_err(|_| damaged())?, digest: parse(&digest)? };
        Ok((tag, item))
    });
    Ok(page::cut(rows.collect::<Result<_, Fault>>()?, page))
}

fn remove(transaction: &Transaction<'_>, key: &RepositoryKey, tag: &ImageTag, row: &AuditRow) -> Result<Ending<bool>, Fault> {
    let Some(ordinal) = repository::ordinal(transaction, key)? else {
        return Ok(Ending::RollBack(false));
    };
    if !take(transaction, ordinal, tag)? {
        return Ok(Ending::RollBack(false));
    }
    audit::keep(transaction, row)?;
    Ok(Ending::Commit(true))
}

/// Takes a tag away, and leaves what it points at. Answers whether it was there.
pub(super) fn take(transaction: &Transaction<'_>, repository: Ordinal, tag: &ImageTag) -> Result<bool, Fault> {
    let mut statement = transaction.prepare_cached("DELETE FROM image_tag WHERE repository = ?1 AND tag = ?2")?;
    Ok(statement.execute(params![repository, tag.as_str()])? > 0)
}

fn parse(text: &str) -> Result<Digest, Fault> {
    Digest::parse(text).map_err(|_| damaged())
}

fn damaged() -> Fault {
    Fault::Damaged("a row of the table image_tag is damaged".to_owned())
}
