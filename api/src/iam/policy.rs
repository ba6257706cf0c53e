//! Policies as IAM's operations read and write them.
//! Never evaluates one. Source of truth: the IAM API reference; `crate::policy` for what a document may be.

use super::role::iso;
use crate::{
    fault::Wrong,
    limit,
    policy::{Document, Form, Managed},
    shape::{Declared, iam as shape},
};
use model::{port::Facts, refusal::Refusal, role::Role, tag::Tags, time::Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Source: Service Authorization Reference, IAM, condition keys.
const BOUNDARY_KEY: &str = "iam:PermissionsBoundary";

/// The only version of a managed policy of AWS's.
pub const VERSION: &str = "v1";
/// Managed policies are as old as this version's data file: 2026-01-01T00:00:00Z.
const MANAGED_SINCE: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Documents travel URL-encoded in answers. Source: IAM API reference, `AssumeRolePolicyDocument`.
pub fn encode_document(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Refuses a document that is none, in a sentence that says why. `fault` is the service's own for it.
pub fn check(text: &str, form: Form, fault: Declared) -> Result<(), Wrong> {
    let checked = Document::parse(text, form).and_then(|document| document.check_keys());
    checked.map_err(|words| Wrong::Declared(fault, words))
}

/// Refuses a trust policy that is none, or too long.
pub fn check_trust(text: &str) -> Result<(), Wrong> {
    check(text, Form::Trust, shape::MALFORMED_POLICY_DOCUMENT_EXCEPTION)?;
    let most = limit::ROLE_TRUST_CHARS;
    if counted(text) > most {
        let words = format!("Cannot exceed quota for ACLSizePerRole: {most}");
        return Err(Wrong::Declared(shape::LIMIT_EXCEEDED_EXCEPTION, words));
    }
    Ok(())
}

/// Refuses a role whose own policies are too long together, or too many.
pub fn check_inline(role: &Role) -> Result<(), Wrong> {
    let most = limit::ROLE_INLINE_CHARS;
    let exceeded = |words: String| Err(Wrong::Declared(shape::LIMIT_EXCEEDED_EXCEPTION, words));
    if role.inline.values().map(|text| counted(text)).sum::<usize>() > most {
        return exceeded(format!("Maximum policy size of {most} bytes exceeded for role {}", role.name));
    }
    if role.inline.len() > limit::ROLE_INLINE_POLICIES {
        return exceeded(format!("Role {} may have {} policies of its own at most.", role.name, limit::ROLE_INLINE_POLICIES));
    }
    check_bytes(role)
}

/// Refuses a role whose documents take too much room, white space and all: every call of its sessions reads them.
pub fn check_bytes(role: &Role) -> Result<(), Wrong> {
    let inline = role.inline.iter().map(|(name, text)| name.len() + text.len());
    if role.trust.len() + inline.sum::<usize>() <= limit::ROLE_BYTES {
        return Ok(());
    }
    let most = limit::ROLE_BYTES;
    let words =
        format!("The documents of role {} may have {most} bytes together, white space counted. Write them shorter.", role.name);
    Err(Wrong::Declared(shape::LIMIT_EXCEEDED_EXCEPTION, words))
}

/// White space does not count. Source: IAM quotas.
pub fn counted(text: &str) -> usize {
    text.chars().filter(|letter| !letter.is_whitespace()).count()
}

/// What a call names as a policy, if it has the form of an ARN: whoever writes something else is told so before rights are looked at.
///
/// # Errors
/// IAM's words.
pub fn named(policy_arn: Option<String>) -> Result<String, Refusal> {
    let arn = policy_arn.expect("validation refuses a call without a required member");
    let good = arn.starts_with("arn:") && arn.split(':').count() >= 6;
    if good { Ok(arn) } else { Err(Refusal::invalid(format!("ARN {arn} is not valid."))) }
}

/// What conditions may ask about a noun of IAM: its tags (under IAM's own name too), and the boundary that it has, unless the call names one.
pub fn facts(facts: Facts, tags: &Tags, boundary: Option<&str>) -> Facts {
    let wished = facts.0.contains_key(BOUNDARY_KEY);
    let mut facts = if wished { facts } else { boundary_fact(facts, boundary) }.resource_tags(tags);
    for (key, value) in &tags.0 {
        facts = facts.with(&format!("iam:ResourceTag/{key}"), value.clone());
    }
    facts
}

/// With the boundary that a call is about.
pub fn boundary_fact(facts: Facts, boundary: Option<&str>) -> Facts {
    match boundary {
        Some(arn) => facts.with(BOUNDARY_KEY, arn),
        None => facts,
    }
}

/// Writes a boundary.
pub fn render_boundary(arn: Option<&str>) -> Option<shape::AttachedPermissionsBoundary> {
    arn.map(|arn| shape::AttachedPermissionsBoundary {
        permissions_boundary_arn: Some(arn.to_owned()),
        permissions_boundary_type: Some("Policy".to_owned()),
    })
}

/// Writes a managed policy of AWS's, which `attachments` roles of the account have.
pub fn render(policy: &Managed, attachments: usize, description: Option<String>) -> shape::Policy {
    shape::Policy {
        arn: Some(policy.arn()),
        attachment_count: Some(i32::try_from(attachments).expect("an account has a thousand roles at most")),
        create_date: Some(iso(MANAGED_SINCE)),
        default_version_id: Some(VERSION.to_owned()),
        description,
        is_attachable: Some(true),
        path: Some(policy.path.clone()),
        permissions_boundary_usage_count: Some(0),
        policy_id: Some(policy.id()),
        policy_name: Some(policy.name.clone()),
        tags: None,
        update_date: Some(iso(MANAGED_SINCE)),
    }
}

/// Writes its version; `document` only where the answer has one.
pub fn render_version(document: Option<&str>) -> shape::PolicyVersion {
    shape::PolicyVersion {
        create_date: Some(iso(MANAGED_SINCE)),
        document: document.map(encode_document),
        is_default_version: Some(true),
        version_id: Some(VERSION.to_owned()),
    }
}
