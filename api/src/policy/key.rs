//! The condition keys that calls on this platform have. A denial that asks for another one would hold for nobody, so such a policy is refused.
//! Never has a value: `gatekeeper::context` and its callers put them in, and a test holds this list against them.
//! Source of truth: the code that puts them in; IAM User Guide, "AWS global condition context keys".

use model::identity_provider::IssuerUrl;

/// Keys of one name that calls have. AWS's service keys are here as far as a service that calls has them.
pub const SUPPLIED: [&str; 21] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:ViaAWSService",
    "aws:userid",
    "aws:username",
    "iam:PassedToService",
    "sts:ExternalId",
    "sts:RoleSessionName",
];
/// Keys that some calls of one operation have: what the operation is told, and what its resource has.
/// Source: the table of actions, `action`, whose test holds every key of a row against these.
pub const ASKED: [&str; 15] = [
    "apprunner:AutoScalingConfigurationArn",
    "apprunner:ConnectionArn",
    "apprunner:ObservabilityConfigurationArn",
    "apprunner:ServiceArn",
    "apprunner:VpcConnectorArn",
    "apprunner:VpcEndpointId",
    "apprunner:VpcId",
    "iam:AWSServiceName",
    "iam:PermissionsBoundary",
    "iam:PolicyARN",
    "secretsmanager:Name",
    "secretsmanager:VersionId",
    "secretsmanager:VersionStage",
    "servicequotas:service",
    "ssm:Overwrite",
];
/// Keys that operations tell themselves, beside what their input says.
const TOLD: [&str; 4] = [
    "secretsmanager:ForceDeleteWithoutRecovery",
    "secretsmanager:RecoveryWindowInDays",
    "secretsmanager:SecretId",
    "ssm:Recursive",
];
/// Keys that no call has, because what they tell of does not exist here, and that AWS leaves absent then too: a policy may ask for them.
pub const ABSENT: [&str; 5] =
    ["aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent", "aws:SourceIdentity", "sts:SourceIdentity", "sts:TransitiveTagKeys"];
/// Keys with the tag's own name behind.
const TAGS: [&str; 8] = [
    "apprunner:resourcetag/",
    "aws:principaltag/",
    "aws:requesttag/",
    "aws:resourcetag/",
    "ecr:resourcetag/",
    "iam:resourcetag/",
    "secretsmanager:resourcetag/",
    "ssm:resourcetag/",
];

/// What tokens of every outside issuer say of whoever brings one, behind the issuer and a colon. `oaud` is the token's `aud` where its `azp` is the
/// audience. Source: IAM User Guide, "Available keys for AWS OIDC federation".
const TOKEN_CLAIMS: [&str; 5] = ["amr", "aud", "email", "oaud", "sub"];
/// What those of single issuers say beside it. Source: the same, "GitHub".
const ISSUER_CLAIMS: [(&str, &[&str]); 1] = [(
    "token.actions.githubusercontent.com",
    &["actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref", "repository", "repository_id", "workflow"],
)];

/// The claims of an issuer's tokens that conditions may ask for, beside its `aud`, `oaud` and `sub`.
pub fn token_claims(issuer: &str) -> impl Iterator<Item = &'static str> {
    let own = ISSUER_CLAIMS.iter().find(|(known, _)| known.eq_ignore_ascii_case(issuer)).map_or(&[][..], |(_, claims)| claims);
    ["amr", "email"].into_iter().chain(own.iter().copied())
}

/// Whether a key is of some outside issuer: `token.actions.githubusercontent.com:sub`. Which issuers an account knows changes; that it is one is
/// known by its form, which has the dot that no service's prefix has.
fn is_of_issuer(key: &str) -> bool {
    let Some((issuer, claim)) = key.rsplit_once(':') else { return false };
    let folded = claim.to_ascii_lowercase();
    let known = TOKEN_CLAIMS.contains(&folded.as_str()) || token_claims(issuer).any(|known| known == folded);
    known && issuer.contains('.') && IssuerUrl::parse(issuer).is_ok()
}

/// Whether a policy may ask for this key.
pub fn is_supplied(key: &str) -> bool {
    let folded = key.to_ascii_lowercase();
    let mut known = SUPPLIED.iter().chain(&ASKED).chain(&TOLD).chain(&ABSENT);
    known.any(|known| known.eq_ignore_ascii_case(key))
        || is_of_issuer(key)
        || TAGS.iter().filter_map(|prefix| folded.strip_prefix(prefix)).any(|tag| !tag.is_empty())
}

/// The keys of the policy variables in a text.
pub fn variables(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    names.map(|(name, _)| name.split(',').next().unwrap_or_default().trim()).filter(|key| !["*", "?", "$"].contains(key))
}

/// The key of the first policy variable in a text that no call has.
pub fn unsupplied_variable(text: &str) -> Option<&str> {
    variables(text).find(|key| !is_supplied(key))
}

/// What a person reads.
pub fn refusal(key: &str) -> String {
    let shown: String = key.chars().take(crate::limit::SHOWN_VALUE_CHARS).collect();
    let known: Vec<&str> = SUPPLIED.iter().chain(&ASKED).chain(&TOLD).chain(&ABSENT).copied().collect();
    format!(
        "no call on this platform has the condition key {shown}. Keys are {}, and with a tag's key behind aws:PrincipalTag/, \
         aws:RequestTag/ and aws:ResourceTag/; of tokens <issuer>:aud, <issuer>:sub and <issuer>:amr.",
        known.join(", ")
    )
}
