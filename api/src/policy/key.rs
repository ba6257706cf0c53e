//! The condition keys that calls on this platform have. A denial that asks for another one would hold for nobody, so such a policy is refused.
//! Never has a value: `gatekeeper::context` and its callers put them in, and a test holds this list against them.
//! Source of truth: the code that puts them in; IAM User Guide, "AWS global condition context keys".

/// Keys of one name. AWS's service keys are here as far as a service that calls has them.
pub const SUPPLIED: [&str; 15] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:ViaAWSService",
    "aws:userid",
    "iam:PassedToService",
    "sts:ExternalId",
    "sts:RoleSessionName",
];
/// Keys with the tag's own name behind.
const PRINCIPAL_TAG: &str = "aws:principaltag/";

/// Whether some call has this key.
pub fn is_supplied(key: &str) -> bool {
    let folded = key.to_ascii_lowercase();
    SUPPLIED.iter().any(|known| known.eq_ignore_ascii_case(key))
        || folded.strip_prefix(PRINCIPAL_TAG).is_some_and(|tag| !tag.is_empty())
}

/// The key of the first policy variable in a text that no call has.
pub fn unsupplied_variable(text: &str) -> Option<&str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).find_map(|(name, _)| {
        let key = name.split(',').next().unwrap_or_default().trim();
        (!["*", "?", "$"].contains(&key) && !is_supplied(key)).then_some(key)
    })
}

/// What a person reads.
pub fn refusal(key: &str) -> String {
    let shown: String = key.chars().take(crate::limit::SHOWN_VALUE_CHARS).collect();
    format!("no call on this platform has the condition key {shown}. Keys are {} and aws:PrincipalTag/<key>.", SUPPLIED.join(", "))
}
