//! What a path under `/v2/` refers to. Parsed by hand, because a repository's name has slashes.
//!
//! Decodes percents once, part by part, so that no encoded slash makes a path part of its own; every name then passes the
//! model's parsers. Nothing of a path reaches a file system. Source of truth: OCI distribution specification, "Endpoints".

use model::digest::Digest;
use model::image_reference::{ImageTag, Pick, RepositoryName};
use model::port::UploadId;
use percent_encoding::percent_decode_str;

use crate::fault::Fault;

/// What a call is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `/v2/`: is this a registry, and do my credentials work?
    Base,
    Repository {
        name: RepositoryName,
        target: Target,
    },
}

/// What of a repository.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Manifest(Pick),
    /// A manifest by something that cannot be a tag: never found, and no tag can be made of it.
    Untaggable {
        message: String,
    },
    Blob(Digest),
    /// Where uploads begin.
    Uploads,
    Upload(UploadId),
    /// An upload that no upload is named like.
    NoUpload,
    Tags,
    Referrers(Digest),
}

/// Parses a raw path that begins with `/v2`.
pub(crate) fn place(path: &str) -> Result<Place, Fault> {
    let Some(rest) = path.strip_prefix("/v2") else { return Err(Fault::NoSuchEndpoint) };
    if rest.is_empty() || rest == "/" {
        return Ok(Place::Base);
    }
    let parts: Vec<String> = rest[1..].split('/').map(decoded).collect::<Result<_, _>>()?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    // The end decides: a repository may itself be called `a/blobs/uploads`.
    let (name, target) = match parts.as_slice() {
        [name @ .., "tags", "list"] => (name, Target::Tags),
        [name @ .., "manifests", reference] => (name, manifest(reference)?),
        [name @ .., "referrers", reference] => (name, Target::Referrers(digest(reference)?)),
        [name @ .., "blobs", "uploads"] | [name @ .., "blobs", "uploads", ""] => (name, Target::Uploads),
        [name @ .., "blobs", "uploads", upload] => (name, upload_of(upload)),
        [name @ .., "blobs", reference] => (name, Target::Blob(digest(reference)?)),
        _ => return Err(Fault::NoSuchEndpoint),
    };
    let name = RepositoryName::parse(&name.join("/")).map_err(|refusal| Fault::NameInvalid { message: refusal.message })?;
    Ok(Place::Repository { name, target })
}

fn decoded(part: &str) -> Result<String, Fault> {
    let wrong = |why: &str| Fault::NameInvalid { message: format!("A part of the path {why}.") };
    let text = percent_decode_str(part).decode_utf8().map_err(|_| wrong("is not UTF-8"))?;
    if text.contains('/') { Err(wrong("has an encoded slash")) } else { Ok(text.into_owned()) }
}

fn digest(text: &str) -> Result<Digest, Fault> {
    Digest::parse(text).map_err(|refusal| Fault::DigestMalformed { message: refusal.message })
}

/// No tag has a colon, and every digest has one.
fn manifest(text: &str) -> Result<Target, Fault> {
    if text.contains(':') {
        return Ok(Target::Manifest(Pick::Digest(digest(text)?)));
    }
    Ok(match ImageTag::parse(text) {
        Ok(tag) => Target::Manifest(Pick::Tag(tag)),
        Err(refusal) => Target::Untaggable { message: refusal.message },
    })
}

fn upload_of(text: &str) -> Target {
    let drawn = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if drawn { Target::Upload(UploadId(text.to_owned())) } else { Target::NoUpload }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> (String, Target) {
        match place(path) {
            Ok(Place::Repository { name, target }) => (name.as_str().to_owned(), target),
            other => panic!("{path}: {other:?}"),
        }
    }

    #[test]
    fn the_end_of_the_path_decides_what_it_refers_to() {
        let hex = "ab".repeat(32);
        let digest = Digest::parse(&format!("sha256:{hex}")).unwrap();
        let tag = |text: &str| Target::Manifest(Pick::Tag(ImageTag::parse(text).unwrap()));
        let upload = "0123456789abcdef0123456789abcdef";
        let cases = [
            ("/v2/hello/manifests/v1".to_owned(), "hello", tag("v1")),
            ("/v2/team/web/manifests/v1".to_owned(), "team/web", tag("v1")),
            (format!("/v2/hello/manifests/sha256:{hex}"), "hello", Target::Manifest(Pick::Digest(digest.clone()))),
            (format!("/v2/hello/manifests/sha256%3A{hex}"), "hello", Target::Manifest(Pick::Digest(digest.clone()))),
            (format!("/v2/hello/blobs/sha256:{hex}"), "hello", Target::Blob(digest.clone())),
            (format!("/v2/hello/referrers/sha256:{hex}"), "hello", Target::Referrers(digest.clone())),
            ("/v2/hello/tags/list".to_owned(), "hello", Target::Tags),
            ("/v2/hello/blobs/uploads/".to_owned(), "hello", Target::Uploads),
            ("/v2/hello/blobs/uploads".to_owned(), "hello", Target::Uploads),
            (format!("/v2/hello/blobs/uploads/{upload}"), "hello", Target::Upload(UploadId(upload.to_owned()))),
            ("/v2/hello/blobs/uploads/nope".to_owned(), "hello", Target::NoUpload),
            (format!("/v2/a1/blobs/uploads/blobs/sha256:{hex}"), "a1/blobs/uploads", Target::Blob(digest)),
            ("/v2/a1/manifests/b1/tags/list".to_owned(), "a1/manifests/b1", Target::Tags),
        ];
        for (path, name, target) in cases {
            assert_eq!(of(&path), (name.to_owned(), target), "{path}");
        }
        assert_eq!(place("/v2").unwrap(), Place::Base);
        assert_eq!(place("/v2/").unwrap(), Place::Base);
        assert!(matches!(of("/v2/hello/manifests/.hidden").1, Target::Untaggable { .. }));
    }

    #[test]
    fn path_tricks_are_not_names() {
        for trick in [
            "/v2/../etc/manifests/passwd",
            "/v2/%2e%2e/etc/manifests/v1",
            "/v2/a1/../b1/manifests/v1",
            "/v2/a1%2fb1/manifests/v1",
            "/v2/a1%252fb1/manifests/v1",
            "/v2/a1//b1/manifests/v1",
            "/v2//a1/tags/list",
            "/v2/Hello/manifests/v1",
            "/v2/he%00lo/manifests/v1",
            "/v2/he%ffo/manifests/v1",
            "/v2/hello/manifests/..%2f..%2fetc",
            "/v2/manifests/v1",
            "/v2/a/tags/list",
        ] {
            assert!(matches!(place(trick), Err(Fault::NameInvalid { .. })), "{trick}: {:?}", place(trick));
        }
        for nowhere in ["/v2/_catalog", "/v2/hello", "/v2/hello/", "/v2/hello/nothing/here", "/v2/hello/tags/list/"] {
            assert!(matches!(place(nowhere), Err(Fault::NoSuchEndpoint)), "{nowhere}");
        }
        for bad in ["/v2/hello/blobs/sha256:12", "/v2/hello/blobs/x", "/v2/hello/manifests/md5:00", "/v2/hello/referrers/v1"] {
            assert!(matches!(place(bad), Err(Fault::DigestMalformed { .. })), "{bad}");
        }
    }
}
