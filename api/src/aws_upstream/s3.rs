//! The actions of S3's operations: in S3 the operation is the method, the path and what stands in the query, and the resource is in the path.
//!
//! What is not in the tables cannot be told. Buckets are named in the path: at one address for all services a host cannot name them. Source of truth:
//! Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3"; S3 API reference, operation by operation.

use super::s3_delete::{Deleted, deleted};
use http::{HeaderMap, Method, request::Parts};
use model::port::{Action, Facts};
use percent_encoding::percent_decode_str;

/// Method, what the query asks for instead of the bucket itself, action.
const OF_BUCKET: [(&str, &str, &str); 53] = [
    ("GET", "", "ListBucket"),
    ("HEAD", "", "ListBucket"),
    ("PUT", "", "CreateBucket"),
    ("DELETE", "", "DeleteBucket"),
    ("GET", "accelerate", "GetAccelerateConfiguration"),
    ("PUT", "accelerate", "PutAccelerateConfiguration"),
    ("GET", "acl", "GetBucketAcl"),
    ("PUT", "acl", "PutBucketAcl"),
    ("GET", "analytics", "GetAnalyticsConfiguration"),
    ("PUT", "analytics", "PutAnalyticsConfiguration"),
    ("GET", "cors", "GetBucketCORS"),
    ("PUT", "cors", "PutBucketCORS"),
    ("DELETE", "cors", "PutBucketCORS"),
    ("GET", "encryption", "GetEncryptionConfiguration"),
    ("PUT", "encryption", "PutEncryptionConfiguration"),
    ("DELETE", "encryption", "PutEncryptionConfiguration"),
    ("GET", "inventory", "GetInventoryConfiguration"),
    ("PUT", "inventory", "PutInventoryConfiguration"),
    ("GET", "lifecycle", "GetLifecycleConfiguration"),
    ("PUT", "lifecycle", "PutLifecycleConfiguration"),
    ("DELETE", "lifecycle", "PutLifecycleConfiguration"),
    ("GET", "location", "GetBucketLocation"),
    ("GET", "logging", "GetBucketLogging"),
    ("PUT", "logging", "PutBucketLogging"),
    ("GET", "metrics", "GetMetricsConfiguration"),
    ("PUT", "metrics", "PutMetricsConfiguration"),
    ("GET", "notification", "GetBucketNotification"),
    ("PUT", "notification", "PutBucketNotification"),
    ("GET", "object-lock", "GetBucketObjectLockConfiguration"),
    ("PUT", "object-lock", "PutBucketObjectLockConfiguration"),
    ("GET", "ownershipControls", "GetBucketOwnershipControls"),
    ("PUT", "ownershipControls", "PutBucketOwnershipControls"),
    ("DELETE", "ownershipControls", "PutBucketOwnershipControls"),
    ("GET", "policy", "GetBucketPolicy"),
    ("PUT", "policy", "PutBucketPolicy"),
    ("DELETE", "policy", "DeleteBucketPolicy"),
    ("GET", "policyStatus", "GetBucketPolicyStatus"),
    ("GET", "publicAccessBlock", "GetBucketPublicAccessBlock"),
    ("PUT", "publicAccessBlock", "PutBucketPublicAccessBlock"),
    ("DELETE", "publicAccessBlock", "PutBucketPublicAccessBlock"),
    ("GET", "replication", "GetReplicationConfiguration"),
    ("PUT", "replication", "PutReplicationConfiguration"),
    ("DELETE", "replication", "PutReplicationConfiguration"),
    ("GET", "tagging", "GetBucketTagging"),
    ("PUT", "tagging", "PutBucketTagging"),
    ("DELETE", "tagging", "PutBucketTagging"),
    ("GET", "uploads", "ListBucketMultipartUploads"),
    ("GET", "versioning", "GetBucketVersioning"),
    ("PUT", "versioning", "PutBucketVersioning"),
    ("GET", "versions", "ListBucketVersions"),
    ("GET", "website", "GetBucketWebsite"),
    ("PUT", "website", "PutBucketWebsite"),
    ("DELETE", "website", "DeleteBucketWebsite"),
];

/// The same of an object.
const OF_OBJECT: [(&str, &str, &str); 23] = [
    ("GET", "", "GetObject"),
    ("HEAD", "", "GetObject"),
    ("PUT", "", "PutObject"),
    ("DELETE", "", "DeleteObject"),
    ("GET", "acl", "GetObjectAcl"),
    ("PUT", "acl", "PutObjectAcl"),
    ("GET", "legal-hold", "GetObjectLegalHold"),
    ("PUT", "legal-hold", "PutObjectLegalHold"),
    ("POST", "restore", "RestoreObject"),
    ("GET", "retention", "GetObjectRetention"),
    ("PUT", "retention", "PutObjectRetention"),
    ("POST", "select", "GetObject"),
    ("GET", "tagging", "GetObjectTagging"),
    ("PUT", "tagging", "PutObjectTagging"),
    ("DELETE", "tagging", "DeleteObjectTagging"),
    ("GET", "uploadId", "ListMultipartUploadParts"),
    ("PUT", "uploadId", "PutObject"),
    ("POST", "uploadId", "PutObject"),
    ("DELETE", "uploadId", "AbortMultipartUpload"),
    ("POST", "uploads", "PutObject"),
    ("GET", "versionId", "GetObjectVersion"),
    ("HEAD", "versionId", "GetObjectVersion"),
    ("DELETE", "versionId", "DeleteObjectVersion"),
];

/// What stands in a query and changes no operation.
const PLAIN: [&str; 27] = [
    "bucket-region",
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "key-marker",
    "list-type",
    "marker",
    "max-buckets",
    "max-keys",
    "max-parts",
    "max-uploads",
    "optional-object-attributes",
    "part-number-marker",
    "partNumber",
    "prefix",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "select-type",
    "start-after",
    "upload-id-marker",
    "version-id-marker",
    "x-id",
];

/// What a bucket's name is made of.
const BUCKET_CHARS: std::ops::RangeInclusive<usize> = 3..=63;

/// Whether a request is one whose body says what it does.
pub fn is_told_by_body(parts: &Parts) -> bool {
    let asks = |query: &str| form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "delete");
    parts.method == Method::POST && parts.uri.query().is_some_and(asks)
}

/// Everything that a caller must be allowed; nothing where it cannot be told. `body` is there where it was read.
pub fn actions(parts: &Parts, body: Option<&[u8]>) -> Option<Vec<Action>> {
    let (method, query) = (parts.method.as_str(), parts.uri.query().unwrap_or_default());
    let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut asked = query.iter().map(|(name, _)| name.as_str()).filter(|name| !PLAIN.contains(name));
    let part = asked.next().unwrap_or_default();
    if asked.next().is_some() {
        return None;
    }
    // Of two values the place may take the other one.
    if query.iter().enumerate().any(|(at, (name, _))| query[..at].iter().any(|(earlier, _)| earlier == name)) {
        return None;
    }
    let path = parts.uri.path().strip_prefix('/')?;
    if path.is_empty() {
        return (method == "GET" && part.is_empty()).then(|| vec![Action::new("s3:ListAllMyBuckets", "*")]);
    }
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let resource = arn(bucket, key)?;
    if (method, part, key) == ("POST", "delete", "") {
        let action = |Deleted { key, is_version }: Deleted| {
            let name = if is_version { "s3:DeleteObjectVersion" } else { "s3:DeleteObject" };
            Some(Action::new(name, named(bucket, &key)?))
        };
        let mut actions = deleted(body?)?.into_iter().map(action).collect::<Option<Vec<Action>>>()?;
        besides(&parts.headers, &resource, true, &mut actions)?;
        return Some(actions);
    }
    let table = if key.is_empty() { &OF_BUCKET[..] } else { &OF_OBJECT[..] };
    let (_, _, name) = table.iter().find(|(of, about, _)| *of == method && *about == part)?;
    let mut facts = Facts::default();
    if let Some((_, prefix)) = query.iter().find(|(name, _)| name == "prefix") {
        facts = facts.with("s3:prefix", prefix.clone());
    }
    let mut actions = vec![Action { name: format!("s3:{name}"), resource: resource.clone(), facts }];
    besides(&parts.headers, &resource, !key.is_empty(), &mut actions)?;
    Some(actions)
}

/// What else a call does by its headers. Nothing where one of them cannot be told.
fn besides(headers: &HeaderMap, resource: &str, is_object: bool, actions: &mut Vec<Action>) -> Option<()> {
    for (name, value) in headers {
        let name = name.as_str();
        let more = if name == "x-amz-acl" || name.starts_with("x-amz-grant-") {
            if is_object { "PutObjectAcl" } else { "PutBucketAcl" }
        } else {
            match name {
                "x-amz-tagging" => "PutObjectTagging",
                "x-amz-bypass-governance-retention" => "BypassGovernanceRetention",
                "x-amz-object-lock-legal-hold" => "PutObjectLegalHold",
                "x-amz-object-lock-mode" | "x-amz-object-lock-retain-until-date" => "PutObjectRetention",
                "x-amz-copy-source" => {
                    actions.push(copied(value.to_str().ok()?)?);
                    continue;
                }
                _ => continue,
            }
        };
        actions.push(Action::new(format!("s3:{more}"), resource));
    }
    Some(())
}

/// `[/]bucket/key[?versionId=…]`, percent-encoded.
fn copied(source: &str) -> Option<Action> {
    let (path, version) = match source.split_once('?') {
        Some((path, version)) => (path, Some(version)),
        None => (source, None),
    };
    let name = match version {
        None => "s3:GetObject",
        Some(version) if version.starts_with("versionId=") => "s3:GetObjectVersion",
        Some(_) => return None,
    };
    let path = path.strip_prefix('/').unwrap_or(path);
    // A space to some, a plus to others.
    if path.contains('+') {
        return None;
    }
    // The slash between them may be encoded too.
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let (bucket, key) = path.split_once('/')?;
    (!key.is_empty()).then_some(())?;
    Some(Action::new(name, named(bucket, key)?))
}

/// The ARN of what a path names, as it stands there.
fn arn(bucket: &str, key: &str) -> Option<String> {
    named(&percent_decode_str(bucket).decode_utf8().ok()?, &percent_decode_str(key).decode_utf8().ok()?)
}

/// A key with `.`, `..` or nothing between two slashes may be another one to who stands on the way, and to places that keep files.
fn named(bucket: &str, key: &str) -> Option<String> {
    let plain = bucket.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    let is_bucket =
        BUCKET_CHARS.contains(&bucket.len()) && plain && bucket.starts_with(|first: char| first.is_ascii_alphanumeric());
    // A folder's own key ends with a slash.
    let inner = key.strip_suffix('/').unwrap_or(key);
    let is_clear = key.is_empty() || inner.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !is_bucket || !is_clear {
        return None;
    }
    Some(if key.is_empty() { format!("arn:aws:s3:::{bucket}") } else { format!("arn:aws:s3:::{bucket}/{key}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn of(line: &str, headers: &[(&str, &str)]) -> Option<Vec<String>> {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Some(actions(&parts, None)?.into_iter().map(|action| format!("{} {}", action.name, action.resource)).collect())
    }

    #[test]
    fn what_a_request_does_to_what_is_told() {
        for (line, told) in [
            ("GET /?x-id=ListBuckets", "s3:ListAllMyBuckets *"),
            ("PUT /photos", "s3:CreateBucket arn:aws:s3:::photos"),
            ("GET /photos?list-type=2&prefix=a%2F", "s3:ListBucket arn:aws:s3:::photos"),
            ("HEAD /photos/", "s3:ListBucket arn:aws:s3:::photos"),
            ("DELETE /photos?policy", "s3:DeleteBucketPolicy arn:aws:s3:::photos"),
            ("GET /photos/a%20b/c?x-id=GetObject", "s3:GetObject arn:aws:s3:::photos/a b/c"),
            ("PUT /photos/a/", "s3:PutObject arn:aws:s3:::photos/a/"),
            ("HEAD /photos/a", "s3:GetObject arn:aws:s3:::photos/a"),
            ("PUT /photos/a?partNumber=1&uploadId=x", "s3:PutObject arn:aws:s3:::photos/a"),
            ("DELETE /photos/a?versionId=x", "s3:DeleteObjectVersion arn:aws:s3:::photos/a"),
            ("POST /photos/a?uploads", "s3:PutObject arn:aws:s3:::photos/a"),
        ] {
            assert_eq!(of(line, &[]), Some(vec![told.to_owned()]), "{line}");
        }
    }

    #[test]
    fn what_a_request_does_beside_is_told_too() {
        let copy = [("x-amz-copy-source", "/secret%2Fplans/a%20b?versionId=7"), ("x-amz-acl", "public-read")];
        let told = of("PUT /photos/a", &copy).unwrap();
        let wanted = [
            "s3:PutObject arn:aws:s3:::photos/a",
            "s3:GetObjectVersion arn:aws:s3:::secret/plans/a b",
            "s3:PutObjectAcl arn:aws:s3:::photos/a",
        ];
        assert_eq!(told, wanted);
        assert_eq!(of("PUT /photos", &[("x-amz-grant-read", "x")]).unwrap()[1], "s3:PutBucketAcl arn:aws:s3:::photos");
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        for line in [
            "POST /photos?delete",
            "PUT /",
            "GET /?acl",
            "PATCH /photos/a",
            "GET /photos?acl&policy",
            "GET /photos/a?acl&versionId=7",
            "GET /photos/a?torrent",
            "GET //photos/a",
            "GET /photos/../other/a",
            "GET /photos/%2E%2E/other/a",
            "GET /PHOTOS/a",
            "GET /arn%3Aaws%3As3%3Aus-east-1%3A000000000000%3Aaccesspoint%2Fx/a",
            "GET /photos/%FF",
            "GET /photos//a",
            "GET /photos/a//b",
            "GET /photos/a%2F/b",
            "GET /photos//",
            "GET /photos?prefix=public/&prefix=secret/",
        ] {
            assert_eq!(of(line, &[]), None, "{line}");
        }
        for source in [
            "photos",
            "photos/../other/a",
            "arn:aws:s3:us-east-1:000000000000:accesspoint/x/object/a",
            "photos/a?acl",
            "photos//a",
            "photos/a+b",
        ] {
            assert_eq!(of("PUT /photos/b", &[("x-amz-copy-source", source)]), None, "{source}");
        }
    }
}
