//! The master key as a backup keeps it: encrypted with age, for a recipient or with a passphrase.
//!
//! Secrets come from files, never from the command line, which others can read. Nothing of them is printed. Source of the form: age-encryption.org/v1.

use std::path::Path;
use std::str::FromStr;

use age::secrecy::SecretString;
use age::{scrypt, x25519};
use model::secret::Secret;

use crate::failure::Failure;
use crate::limit::{KEY_FILE_BYTES, PASSPHRASE_WORK, PASSPHRASE_WORK_MAX};

/// For whom a master key is encrypted.
pub enum SealedFor {
    /// Whoever has the identity of this public key.
    Recipient(Box<x25519::Recipient>),
    Passphrase(SecretString),
}

/// What opens an encrypted master key.
pub enum Opener {
    Identities(Vec<x25519::Identity>),
    Passphrase(SecretString),
}

impl SealedFor {
    pub fn recipient(text: &str) -> Result<Self, Failure> {
        let wrong = |why| Failure::Usage(format!("--recipient: '{text}' is not a public key of age (age1…): {why}"));
        x25519::Recipient::from_str(text).map(|recipient| Self::Recipient(Box::new(recipient))).map_err(wrong)
    }

    pub fn passphrase_file(path: &Path) -> Result<Self, Failure> {
        passphrase(path).map(Self::Passphrase)
    }

    /// The key, for them alone.
    pub fn encrypt(&self, key: &Secret) -> Result<Vec<u8>, Failure> {
        let encrypted = match self {
            Self::Recipient(recipient) => age::encrypt(&**recipient, key.expose()),
            Self::Passphrase(passphrase) => {
                let mut recipient = scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(PASSPHRASE_WORK);
                age::encrypt(&recipient, key.expose())
            }
        };
        encrypted.map_err(|error| Failure::other(format!("the master key cannot be encrypted: {error}")))
    }
}

impl Opener {
    /// A file as `age-keygen` writes it.
    pub fn identity_file(path: &Path) -> Result<Self, Failure> {
        let text = key_file("--identity", path)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let identities: Vec<x25519::Identity> = lines
            .map(x25519::Identity::from_str)
            .collect::<Result<_, _>>()
            .map_err(|why| Failure::Usage(format!("--identity: {} is not a file of age's identities: {why}", path.display())))?;
        if identities.is_empty() {
            return Err(Failure::Usage(format!("--identity: there is no identity in {}", path.display())));
        }
        Ok(Self::Identities(identities))
    }

    pub fn passphrase_file(path: &Path) -> Result<Self, Failure> {
        passphrase(path).map(Self::Passphrase)
    }

    /// The key, if it was encrypted for this.
    pub fn decrypt(&self, sealed: &[u8]) -> Result<Secret, Failure> {
        let wrong = |flag: &str, why: age::DecryptError| {
            Failure::other(format!("{flag}: it does not open the master key in the backup: {why}"))
        };
        match self {
            Self::Passphrase(passphrase) => {
                let mut identity = scrypt::Identity::new(passphrase.clone());
                identity.set_max_work_factor(PASSPHRASE_WORK_MAX);
                age::decrypt(&identity, sealed).map(Secret::new).map_err(|why| match why {
                    age::DecryptError::ExcessiveWork { required, .. } => Failure::other(format!(
                        "--passphrase-file: the master key in the backup was encrypted with work 2^{required}, more than the 2^{PASSPHRASE_WORK_MAX} that \
                         restore takes on. Open it with the age command and give it with --master-key"
                    )),
                    other => wrong("--passphrase-file", other),
                })
            }
            Self::Identities(identities) => {
                let mut last = None;
                for identity in identities {
                    match age::decrypt(identity, sealed) {
                        Ok(key) => return Ok(Secret::new(key)),
                        Err(why) => last = Some(why),
                    }
                }
                Err(wrong("--identity", last.expect("there is an identity")))
            }
        }
    }
}

fn passphrase(path: &Path) -> Result<SecretString, Failure> {
    let text = key_file("--passphrase-file", path)?;
    // What stands behind the first line is not part of it.
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Failure::Usage(format!("--passphrase-file: the first line of {} is empty", path.display())));
    }
    Ok(SecretString::from(line.to_owned()))
}

fn key_file(flag: &str, path: &Path) -> Result<String, Failure> {
    let unreadable = |why: &dyn std::fmt::Display| Failure::Usage(format!("{flag}: {} cannot be read: {why}", path.display()));
    let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if size > KEY_FILE_BYTES {
        return Err(unreadable(&format!("it has {size} bytes, far more than a key")));
    }
    std::fs::read_to_string(path).map_err(|error| unreadable(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::secrecy::ExposeSecret;

    fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> std::path::PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_key_is_opened_by_its_own_identity_and_by_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, other) = (x25519::Identity::generate(), x25519::Identity::generate());
        let sealed_for = SealedFor::recipient(&ours.to_public().to_string()).unwrap();
        let key = Secret::new([7; 32]);
        let sealed = sealed_for.encrypt(&key).unwrap();
        let keys = |identities: &[&x25519::Identity]| {
            let lines: String = identities.iter().map(|identity| format!("{}\n", identity.to_string().expose_secret())).collect();
            Opener::identity_file(&file(&folder, "keys", &format!("# created: today\n\n{lines}"))).unwrap()
        };
        assert!(keys(&[&other, &ours]).decrypt(&sealed).unwrap() == key);
        assert!(keys(&[&other]).decrypt(&sealed).unwrap_err().to_string().contains("does not open the master key"));
        assert!(SealedFor::recipient("age1nobody").is_err());
        assert!(Opener::identity_file(&file(&folder, "none", "# nothing\n")).is_err());
    }

    #[test]
    fn a_key_is_opened_by_its_own_passphrase_and_by_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let key = Secret::new([7; 32]);
        let sealed = SealedFor::passphrase_file(&file(&folder, "pass", "correct horse\n")).unwrap().encrypt(&key).unwrap();
        assert!(
            Opener::passphrase_file(&file(&folder, "same", "correct horse\r\na second line\n")).unwrap().decrypt(&sealed).unwrap()
                == key
        );
        assert!(Opener::passphrase_file(&file(&folder, "other", "battery staple")).unwrap().decrypt(&sealed).is_err());
        assert!(SealedFor::passphrase_file(&file(&folder, "empty", "\n")).is_err());
        assert!(SealedFor::passphrase_file(&folder.path().join("missing")).is_err());
    }

    #[test]
    fn every_machine_does_the_work_that_another_chose_up_to_a_limit_that_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let key = Secret::new([7; 32]);
        let passphrase = file(&folder, "pass", "correct horse");
        let sealed = SealedFor::passphrase_file(&passphrase).unwrap().encrypt(&key).unwrap();
        let stanza = |work: u8| format!(" {work}\n").into_bytes();
        let at = sealed
            .windows(4)
            .position(|bytes| bytes == stanza(PASSPHRASE_WORK))
            .expect("the work stands in the head, whoever encrypts");
        let mut more = sealed;
        more.splice(at..at + 4, stanza(PASSPHRASE_WORK_MAX + 1));
        let refused = Opener::passphrase_file(&passphrase).unwrap().decrypt(&more).unwrap_err().to_string();
        assert!(refused.contains("work 2^23"), "{refused}");
    }
}
