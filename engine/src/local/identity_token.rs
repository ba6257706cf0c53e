//! The identity token of an instance, in a folder of its own that the instance sees and cannot write: laid there before it begins, and replaced while it
//! lives.
//!
//! Never signs one, and never keeps one anywhere else: the folder goes with the instance's. The instance sees the folder and not the file, since a file
//! that is mounted alone stays the old one when another takes its place. Source of truth: `IdentityTokens` for the token; the files for when it is renewed.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use model::arn::ServiceArn;
use model::instance::InstanceName;
use model::port::IdentityTokens;
use model::time::Timestamp;
use model::token_key::{IdentityToken, TOKEN_FILE};
use model::trouble::Trouble;
use serde::{Deserialize, Serialize};

use crate::doing::Doing;
use crate::local::berth::write_private;
use crate::local::machine::Machine;

/// In the instance's folder: what the instance sees.
pub const TOKEN_FOLDER: &str = "identity";
/// In the instance's folder: whom the token speaks for and when it is renewed. Nobody but us reads it.
const HOLDER_FILE: &str = "identity-holder";
const VERSION: u32 = 1;

/// What `HOLDER_FILE` says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    version: u32,
    service: ServiceArn,
    renewed_at: Timestamp,
}

/// Lays the first token into the folder of an instance that has not begun.
pub async fn lay(machine: &Machine, name: &InstanceName, service: &ServiceArn) -> Result<(), Trouble> {
    let doing = || format!("laying an identity token into {name}");
    let tokens = machine.tokens.get().ok_or_else(|| Trouble::lasting(doing(), "this platform makes no identity tokens"))?;
    let token = tokens.issue(service).await?;
    let folder = machine.premises.shim(name);
    write(&folder, service, &token).doing(doing)
}

/// Replaces the tokens of all instances whose time has come, also of those that are frozen: they find the new one when they wake. Answers how many.
pub async fn renew_all(machine: &Machine) -> Result<usize, Trouble> {
    let Some(tokens) = machine.tokens.get() else { return Ok(0) };
    renew_below(&machine.premises.shims(), machine.ports.clock.now(), &**tokens).await
}

/// An instance whose token cannot be renewed keeps no other from its own. The first trouble is answered when all had their turn.
async fn renew_below(shims: &Path, now: Timestamp, tokens: &dyn IdentityTokens) -> Result<usize, Trouble> {
    let doing = || "renewing identity tokens".to_owned();
    let shims = shims.to_owned();
    let found = tokio::task::spawn_blocking(move || due(&shims, now)).await.doing(doing)?.doing(doing)?;
    let (mut renewed, mut first) = (0, None);
    for (folder, holder) in found {
        let outcome = match holder {
            Ok(service) => renew(folder.clone(), service, tokens).await,
            Err(error) => Err(error).doing(doing),
        };
        match outcome {
            Ok(is_renewed) => renewed += usize::from(is_renewed),
            Err(trouble) => {
                let instance = folder.file_name().unwrap_or_default();
                tracing::warn!(?instance, cause = trouble.chain(), "the identity token of an instance cannot be renewed");
                first.get_or_insert(trouble);
            }
        }
    }
    first.map_or(Ok(renewed), Err)
}

/// Folders with tokens whose time has come and for whom they speak, or why that is not known.
fn due(shims: &Path, now: Timestamp) -> io::Result<Vec<(PathBuf, io::Result<ServiceArn>)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(shims)? {
        let folder = entry?.path();
        match holder(&folder) {
            Ok(Some(holder)) if now >= holder.renewed_at => found.push((folder, Ok(holder.service))),
            Ok(_) => {}
            Err(error) => found.push((folder, Err(error))),
        }
    }
    Ok(found)
}

/// Whether there is still somebody to have it.
async fn renew(folder: PathBuf, service: ServiceArn, tokens: &dyn IdentityTokens) -> Result<bool, Trouble> {
    let doing = || "renewing an identity token".to_owned();
    let token = tokens.issue(&service).await?;
    match tokio::task::spawn_blocking(move || write(&folder, &service, &token)).await.doing(doing)? {
        Ok(()) => Ok(true),
        // It has ended meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).doing(doing),
    }
}

/// Who holds a token in this folder; nobody in one without, or in one that is half made or half gone.
fn holder(folder: &Path) -> io::Result<Option<Holder>> {
    match fs::read(folder.join(HOLDER_FILE)) {
        Ok(bytes) => {
            let holder: Holder = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
            // What a newer program has written, that one renews.
            Ok(Some(holder).filter(|holder| holder.version == VERSION))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound || error.kind() == io::ErrorKind::NotADirectory => Ok(None),
        Err(error) => Err(error),
    }
}

/// Token first: a crash in between renews it once more.
fn write(folder: &Path, service: &ServiceArn, token: &IdentityToken) -> io::Result<()> {
    let inside = folder.join(TOKEN_FOLDER);
    match DirBuilder::new().mode(0o755).create(&inside) {
        Ok(()) => fs::set_permissions(&inside, fs::Permissions::from_mode(0o755))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    // Whoever the app runs as reads it; the instance's folder lets nobody of the host in.
    let new = inside.join(".new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o444).open(&new)?;
    file.set_permissions(fs::Permissions::from_mode(0o444))?;
    file.write_all(token.text.expose())?;
    fs::rename(new, inside.join(TOKEN_FILE))?;
    let holder = Holder { version: VERSION, service: service.clone(), renewed_at: token.renewed_at };
    write_private(&folder.join(HOLDER_FILE), &serde_json::to_vec(&holder).expect("texts and numbers are JSON"))
}

#[cfg(test)]
mod tests {
    use model::account::{AccountId, Region, Scope};
    use model::port::Answer;
    use model::secret::Secret;
    use model::service::ServiceId;
    use model::service_name::ServiceName;

    use super::*;

    fn service() -> ServiceArn {
        let scope = Scope { account: AccountId::parse("000000000000").unwrap(), region: Region::parse("us-east-1").unwrap() };
        ServiceArn { scope, name: ServiceName::parse("webs").unwrap(), id: ServiceId::from_random([7; 16]) }
    }

    struct Tokens;

    impl IdentityTokens for Tokens {
        fn issue<'a>(&'a self, _: &'a ServiceArn) -> Answer<'a, IdentityToken> {
            let token = IdentityToken { text: Secret::new("new"), renewed_at: Timestamp::from_millis(9) };
            Box::pin(std::future::ready(Ok(token)))
        }
    }

    #[tokio::test]
    async fn one_that_cannot_be_renewed_keeps_no_other_from_its_token() {
        let shims = tempfile::tempdir().unwrap();
        let old = IdentityToken { text: Secret::new("old"), renewed_at: Timestamp::from_millis(5) };
        let names: Vec<String> = (0..8).map(|at| format!("instance-{at}")).collect();
        for name in &names {
            let folder = shims.path().join(name);
            fs::create_dir(&folder).unwrap();
            write(&folder, &service(), &old).unwrap();
        }
        for name in &names[..4] {
            fs::write(shims.path().join(name).join(HOLDER_FILE), "{").unwrap();
        }
        let now = Timestamp::from_millis(7);
        renew_below(shims.path(), now, &Tokens).await.expect_err("some are broken, and that is told");
        for name in &names[4..] {
            let token = shims.path().join(name).join(TOKEN_FOLDER).join(TOKEN_FILE);
            assert_eq!(fs::read_to_string(token).unwrap(), "new", "{name}");
        }
    }

    #[test]
    fn a_token_is_replaced_whole_and_its_holder_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        assert!(holder(folder.path()).unwrap().is_none());
        for (text, at) in [("one", 5), ("another one", 7)] {
            let token = IdentityToken { text: Secret::new(text), renewed_at: Timestamp::from_millis(at) };
            write(folder.path(), &service(), &token).unwrap();
            let file = folder.path().join(TOKEN_FOLDER).join(TOKEN_FILE);
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o444);
            let found = holder(folder.path()).unwrap().unwrap();
            assert_eq!((found.service, found.renewed_at.millis()), (service(), at));
        }
        let inside: Vec<_> =
            fs::read_dir(folder.path().join(TOKEN_FOLDER)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(inside, [TOKEN_FILE], "nothing else is left there");
        let golden = r#"{"version":1,"service":{"scope":{"account":"000000000000","region":"us-east-1"},"name":"webs","id":"07070707070707070707070707070707"},"renewed_at":7}"#;
        assert_eq!(fs::read_to_string(folder.path().join(HOLDER_FILE)).unwrap(), golden);
    }
}
