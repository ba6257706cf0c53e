//! Logins for registries: a file in the form of Docker's `config.json`.
//!
//! Never runs a helper program, and never prints what it reads. Source of truth: Docker CLI's documentation of `config.json`; containers-auth.json(5).

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::foreign_image::RegistryHost;
use model::secret::Secret;
use outside::Credential;
use serde::Deserialize;

use crate::failure::Failure;
use crate::registries::private_file;

const FLAG: &str = "--registry-auth";

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    auths: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
}

/// Every login of the file. Refused are a file that others can read, and an entry that only a helper program could complete.
pub fn read(path: &Path) -> Result<Vec<Credential>, Failure> {
    let text = private_file(FLAG, path)?;
    // The parser's own words could show a part of the file.
    let wrong = |what: &str| Failure::Usage(format!("{FLAG}: {} {what}", path.display()));
    let file: File = serde_json::from_slice(&text).map_err(|_| wrong("is not in the form of Docker's config.json"))?;
    file.auths
        .into_iter()
        .map(|(key, entry)| {
            let registry = registry_of(&key).ok_or_else(|| wrong(&format!("has a login for '{key}', which is no registry")))?;
            let login = login(entry).map_err(|why| wrong(&format!("has a login for '{key}' {why}")))?;
            let (user, password) = login;
            Ok(Credential { registry, user, password })
        })
        .collect()
}

/// Docker writes URLs for Docker Hub, and hosts for the others.
fn registry_of(key: &str) -> Option<RegistryHost> {
    let host = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    let host = host.split('/').next().unwrap_or_default();
    let host = if matches!(host, "index.docker.io" | "registry-1.docker.io") { "docker.io" } else { host };
    RegistryHost::parse(host).ok()
}

fn login(entry: Entry) -> Result<(String, Secret), &'static str> {
    let Entry { auth, username, password, identitytoken } = entry;
    if identitytoken.is_some_and(|token| !token.is_empty()) {
        return Err("with an identity token, which is not supported: use a user and a password or access token");
    }
    if let (Some(user), Some(password)) = (username, password) {
        return Ok((user, Secret::new(password)));
    }
    let auth = auth.filter(|auth| !auth.is_empty());
    let auth =
        auth.ok_or("that a helper program keeps: no helper is run here; log in with a plain file (docker --config DIR login)")?;
    let pair = STANDARD.decode(auth.trim()).map_err(|_| "whose auth is not base64")?;
    let colon = pair.iter().position(|byte| *byte == b':').ok_or("whose auth is not user:password")?;
    let user = String::from_utf8(pair[..colon].to_vec()).map_err(|_| "whose user is not text")?;
    Ok((user, Secret::new(&pair[colon + 1..])))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn read_text(text: &str, mode: u32) -> Result<Vec<Credential>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("auth.json");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        read(&path).map_err(|failure| failure.to_string())
    }

    #[test]
    fn logins_are_read_as_docker_writes_them() {
        let text = r#"{"auths":{"https://index.docker.io/v1/":{"auth":"dXNlcjpodW50ZXIy"},"ghcr.io":{"username":"u","password":"p:q"},
            "localhost:5000":{"auth":"YTpiOmM="}},"credsStore":"x"}"#;
        let logins = read_text(text, 0o600).unwrap();
        let seen: Vec<(&str, &str, &str)> = logins
            .iter()
            .map(|login| (login.registry.as_str(), login.user.as_str(), login.password.expose_text().unwrap()))
            .collect();
        assert_eq!(seen, [("ghcr.io", "u", "p:q"), ("docker.io", "user", "hunter2"), ("localhost:5000", "a", "b:c")]);
    }

    #[test]
    fn a_file_that_others_can_read_or_that_cannot_be_understood_is_refused_without_showing_it() {
        for (text, mode, words) in [
            (r#"{"auths":{}}"#, 0o644, "mode 644"),
            (r#"{"auths":{}}"#, 0o640, "chmod 600"),
            ("hunter2", 0o600, "config.json"),
            (r#"{"auths":{"a/b c":{"auth":"aHVudGVyMg=="}}}"#, 0o600, "not user:password"),
            (r#"{"auths":{"a..b":{"auth":"eDp5"}}}"#, 0o600, "no registry"),
            (r#"{"auths":{"a.test":{}}}"#, 0o600, "no helper is run"),
            (r#"{"auths":{"a.test":{"auth":"hunter2!"}}}"#, 0o600, "not base64"),
            (r#"{"auths":{"a.test":{"identitytoken":"hunter2"}}}"#, 0o600, "identity token"),
        ] {
            let wrong = read_text(text, mode).unwrap_err();
            assert!(wrong.starts_with("--registry-auth:") && wrong.contains(words), "{words}: {wrong}");
            assert!(!wrong.contains("hunter2"), "{wrong}");
        }
    }
}
