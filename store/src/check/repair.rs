//! Mends what was found, where no platform runs. Each mend is one step that may be done twice.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use model::digest::Digest;
use rusqlite::{Connection, OpenFlags, params};

use crate::blobs::BlobFolder;
use crate::check::finding::{Found, Mend, MendState};
use crate::database::prepare_writer;
use crate::fault::Fault;
use crate::ledger::image_pin;
use crate::ledger::repository::Ordinal;

pub(super) fn mend(data_dir: &Path, found: &mut [Found]) -> Result<(), Fault> {
    for Found { finding, mend } in found {
        match mend {
            Mend::Nothing => continue,
            Mend::Mode(path, mode) => std::fs::set_permissions(path, Permissions::from_mode(*mode))?,
            Mend::Remove(path) => remove(path)?,
            Mend::RemoveBlob(digest) => BlobFolder::open(data_dir.join("blobs"))?.remove(digest)?,
            Mend::ForgetBlob(digest) => forget_blob(data_dir, digest)?,
            Mend::ForgetBlock { group, first_position } => {
                let sql = "DELETE FROM log_block WHERE log_group = ?1 AND first_position = ?2";
                open(&data_dir.join("logs/catalogue.db"))?.execute(sql, params![*group, *first_position])?;
            }
            Mend::CountAgain => open(&data_dir.join("logs/catalogue.db"))?.execute_batch(
                "BEGIN IMMEDIATE;
                 DELETE FROM log_segment;
                 INSERT INTO log_segment SELECT segment, count(*), sum(length_bytes) FROM log_block GROUP BY segment;
                 UPDATE log_group SET stored_bytes =
                     (SELECT coalesce(sum(length_bytes), 0) FROM log_block WHERE log_block.log_group = log_group.ordinal);
                 COMMIT",
            )?,
        }
        finding.mend = MendState::Mended;
    }
    Ok(())
}

fn open(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare_writer(&connection)?;
    Ok(connection)
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Takes a blob out of everything that would answer "it is here" for it: a client then uploads it again. A pin of it is made anew by the platform once the
/// image is back. If it is a manifest, its tags go too: they would lead to bytes that nobody has.
fn forget_blob(data_dir: &Path, digest: &Digest) -> Result<(), Fault> {
    let mut ledger = open(&data_dir.join("ledger.db"))?;
    let transaction = ledger.transaction()?;
    let pins = {
        let mut statement = transaction.prepare("SELECT image_pin FROM pinned_blob WHERE digest = ?1")?;
        let pins = statement.query_map([digest.as_str()], |row| row.get(0))?;
        pins.collect::<Result<Vec<Ordinal>, _>>()?
    };
    // What else only these pins needed goes with them.
    let mut gone = vec![digest.clone()];
    for pin in pins {
        gone.extend(image_pin::remove(&transaction, pin)?);
    }
    for sql in [
        "DELETE FROM manifest WHERE digest = ?1",
        "DELETE FROM repository_blob WHERE digest = ?1",
        "DELETE FROM blob WHERE digest = ?1",
    ] {
        transaction.execute(sql, [digest.as_str()])?;
    }
    transaction.commit()?;
    let folder = BlobFolder::open(data_dir.join("blobs"))?;
    gone.iter().try_for_each(|digest| folder.remove(digest))
}
