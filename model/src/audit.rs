//! Who did what: one row for every changing call, written in the same transaction as the change; and one for what was denied or failed.
//!
//! Never holds what a call brought but the resource that it names: parameters may be secrets. Source for the members: CloudTrail User Guide, "record
//! contents".

use serde::{Deserialize, Serialize, Serializer};

use crate::account::Scope;
use crate::caller::{Caller, Principal, RoleSession};
use crate::tag::Tags;
use crate::time::Timestamp;
use crate::wish::LogPosition;

/// One row of the audit log. Append only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    pub at: Timestamp,
    /// Kept without what came with the call that began a session: the policies that it was narrowed to, its tags, and
    /// when it began.
    #[serde(serialize_with = "without_what_came")]
    pub caller: Caller,
    /// As IAM spells it: `apprunner:CreateService`.
    pub action: String,
    /// The ARN of what was changed.
    pub resource: String,
}

fn without_what_came<S: Serializer>(caller: &Caller, serializer: S) -> Result<S::Ok, S::Error> {
    match &caller.principal {
        Principal::AssumedRole(session) => {
            let session = RoleSession { policies: Vec::new(), tags: Tags::default(), issued_at: None, ..session.clone() };
            Caller { principal: Principal::AssumedRole(session), ..caller.clone() }.serialize(serializer)
        }
        Principal::Root | Principal::User(_) | Principal::Service(_) | Principal::WebIdentity(_) => {
            Caller { own_session: None, ..caller.clone() }.serialize(serializer)
        }
    }
}

/// A row with what became of the call. One without a fault reads and writes as the row alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    #[serde(flatten)]
    pub row: AuditRow,
    /// The name of the fault on the wire, where the call was denied or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Failed calls of the account that were left out before this row, since there were too many.
    #[serde(default, skip_serializing_if = "is_none")]
    pub omitted: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_none(number: &u32) -> bool {
    *number == 0
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        Self { row, fault: None, omitted: 0 }
    }
}

/// What stands behind the colon of an action, and before it.
fn parts(action: &str) -> (&str, &str) {
    action.split_once(':').unwrap_or(("", action))
}

/// Whether an action changes nothing, by its name, as CloudTrail's `readOnly` says it: taking a role counts as reading there.
pub fn is_read_only(action: &str) -> bool {
    const VERBS: [&str; 15] = [
        "Assume",
        "BatchCheck",
        "BatchGet",
        "Decode",
        "Describe",
        "Filter",
        "Follow",
        "Get",
        "List",
        "Lookup",
        "Simulate",
        "Test",
        // Queries over log lines, and watching them: CloudTrail calls these reading too.
        "StartLiveTail",
        "StartQuery",
        "StopQuery",
    ];
    let (_, name) = parts(action);
    VERBS.iter().any(|verb| name.starts_with(verb))
}

/// The name of an ARN's kind, as CloudTrail and CloudFormation spell it; nothing for what has none.
pub fn resource_kind(arn: &str) -> Option<&'static str> {
    let mut parts = arn.split(':').skip(2);
    let (service, path) = (parts.next()?, parts.nth(2)?);
    let kind = path.split('/').next().unwrap_or_default();
    Some(match (service, kind) {
        ("apprunner", "service") => "AWS::AppRunner::Service",
        ("apprunner", "autoscalingconfiguration") => "AWS::AppRunner::AutoScalingConfiguration",
        ("apprunner", "observabilityconfiguration") => "AWS::AppRunner::ObservabilityConfiguration",
        ("apprunner", "vpcconnector") => "AWS::AppRunner::VpcConnector",
        ("apprunner", "vpcingressconnection") => "AWS::AppRunner::VpcIngressConnection",
        ("ecr", "repository") => "AWS::ECR::Repository",
        ("iam", "role") => "AWS::IAM::Role",
        ("iam", "user") => "AWS::IAM::User",
        ("iam", "policy") => "AWS::IAM::ManagedPolicy",
        ("iam", "oidc-provider") => "AWS::IAM::OIDCProvider",
        ("logs", "log-group") => "AWS::Logs::LogGroup",
        ("secretsmanager", "secret") => "AWS::SecretsManager::Secret",
        ("ssm", "parameter") => "AWS::SSM::Parameter",
        _ => return None,
    })
}

impl AuditRow {
    /// `CreateService`.
    pub fn event_name(&self) -> &str {
        parts(&self.action).1
    }

    /// `apprunner.amazonaws.com`.
    pub fn event_source(&self) -> String {
        format!("{}.amazonaws.com", parts(&self.action).0)
    }

    /// `root`, a user's name, a session's name: what an ARN of whoever called ends in.
    pub fn user_name(&self) -> String {
        // Of a token it is the whole subject, whatever stands in it.
        if let Principal::WebIdentity(identity) = &self.caller.principal {
            return identity.subject.clone();
        }
        let arn = self.caller.arn();
        arn.rsplit(['/', ':']).next().unwrap_or_default().to_owned()
    }

    /// The ARN of the resource; what was told in other words, or of everything, has none.
    pub fn resource_arn(&self) -> Option<&str> {
        self.resource.split(' ').next().filter(|text| text.starts_with("arn:"))
    }
}

/// An entry with the name it is looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedEvent {
    pub position: LogPosition,
    /// A lower-case UUID, never another's.
    pub id: String,
    pub entry: AuditEntry,
}

/// The one attribute that a look-up asks for, with the value that it must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    Id(String),
    Name(String),
    ReadOnly(bool),
    User(String),
    ResourceKind(String),
    Resource(String),
    Source(String),
    AccessKey(String),
}

impl Sought {
    /// Whether an event is one of those. A resource is found by its ARN and by its name.
    pub fn is_in(&self, event: &AuditedEvent) -> bool {
        let row = &event.entry.row;
        match self {
            Self::Id(id) => event.id == *id,
            Self::Name(name) => row.event_name() == name,
            Self::ReadOnly(wanted) => is_read_only(&row.action) == *wanted,
            Self::User(name) => row.user_name() == *name,
            Self::ResourceKind(kind) => row.resource_arn().and_then(resource_kind) == Some(kind.as_str()),
            Self::Resource(name) => {
                row.resource_arn().is_some_and(|arn| arn == name || arn.split(['/', ':']).skip(5).any(|part| part == name))
            }
            Self::Source(source) => row.event_source() == *source,
            Self::AccessKey(id) => row.caller.access_key_id == *id,
        }
    }
}

/// Which events are looked up, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditQuery {
    pub scope: Scope,
    pub from: Timestamp,
    /// Included, as the first is.
    pub until: Timestamp,
    pub sought: Option<Sought>,
    /// Only older ones.
    pub before: Option<LogPosition>,
    pub events_max: u32,
}

impl AuditQuery {
    /// Whether an event is asked for, apart from where the page begins.
    pub fn asks_for(&self, event: &AuditedEvent) -> bool {
        let row = &event.entry.row;
        row.caller.scope == self.scope
            && (self.from..=self.until).contains(&row.at)
            && self.sought.as_ref().is_none_or(|sought| sought.is_in(event))
    }
}

/// What was found. There may be more behind `next`, also where nothing was found before it: one look-up looks at so many rows only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFound {
    pub events: Vec<AuditedEvent>,
    pub next: Option<LogPosition>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_apart_by_their_names() {
        for (action, reads) in [
            ("apprunner:DescribeService", true),
            ("apprunner:CreateService", false),
            ("ecr:BatchGetImage", true),
            ("ecr:BatchDeleteImage", false),
            ("ecr:GetAuthorizationToken", true),
            ("sts:AssumeRole", true),
            ("logs:FilterLogEvents", true),
            ("logs:PutLogEvents", false),
            ("iam:AttachRolePolicy", false),
            ("outrunner:RollBack", false),
            ("cloudtrail:LookupEvents", true),
        ] {
            assert_eq!(is_read_only(action), reads, "{action}");
        }
    }

    #[test]
    fn a_resource_has_the_kind_that_its_arn_says() {
        for (arn, kind) in [
            ("arn:aws:apprunner:us-east-1:000000000000:service/webs/1", Some("AWS::AppRunner::Service")),
            ("arn:aws:iam::000000000000:role/service-role/puller", Some("AWS::IAM::Role")),
            ("arn:aws:logs:us-east-1:000000000000:log-group:/a/b", Some("AWS::Logs::LogGroup")),
            ("arn:aws:quantum:us-east-1:000000000000:thing/1", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(resource_kind(arn), kind, "{arn}");
        }
    }
}
