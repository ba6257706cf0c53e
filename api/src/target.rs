//! Which operation of which service a request names, and which of them this version offers.
//! Never authenticates. Source of truth: the services' models: target prefixes, API versions, protocols.

use crate::{
    codec::Protocol,
    constraint::Dialect,
    limit,
    outrunner::shape::OutrunnerOperation,
    shape::{
        Operation, apprunner::AppRunnerOperation, cloudtrail::CloudTrailOperation, ecr::EcrOperation, iam::IamOperation,
        logs::LogsOperation, secretsmanager::SecretsManagerOperation, service_quotas::ServiceQuotasOperation, ssm::SsmOperation,
        sts::StsOperation,
    },
};

/// A service that we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// AWS App Runner.
    AppRunner,
    /// AWS CloudTrail.
    CloudTrail,
    /// Amazon ECR.
    Ecr,
    /// Amazon CloudWatch Logs.
    Logs,
    /// AWS IAM.
    Iam,
    /// Service Quotas.
    ServiceQuotas,
    /// AWS STS.
    Sts,
    /// AWS Secrets Manager.
    SecretsManager,
    /// AWS Systems Manager.
    Ssm,
    /// Our own extension.
    Outrunner,
}

/// An operation of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// One of App Runner's.
    AppRunner(AppRunnerOperation),
    /// One of CloudTrail's.
    CloudTrail(CloudTrailOperation),
    /// One of ECR's.
    Ecr(EcrOperation),
    /// One of CloudWatch Logs'.
    Logs(LogsOperation),
    /// One of IAM's.
    Iam(IamOperation),
    /// One of Service Quotas'.
    ServiceQuotas(ServiceQuotasOperation),
    /// One of STS'.
    Sts(StsOperation),
    /// One of Secrets Manager's.
    SecretsManager(SecretsManagerOperation),
    /// One of Systems Manager's.
    Ssm(SsmOperation),
    /// One of our own.
    Outrunner(OutrunnerOperation),
}

/// Services that clients may aim at us and that this version does not offer: only their protocol is known, so that
/// the fault can be read. App Runner, ECR, IAM and STS operations that are not offered are unknown in the same way.
const OTHER_PREFIXES: [(&str, Protocol); 7] = [
    ("SpencerFrontendService", Protocol::Json11),
    ("GraniteServiceVersion20100801", Protocol::Json10),
    ("CertificateManager", Protocol::Json11),
    ("AWSEvents", Protocol::Json11),
    ("TrentService", Protocol::Json11),
    ("AWSWAF_20190729", Protocol::Json11),
    ("com.amazonaws.codestar.connections.CodeStar_connections_20191201", Protocol::Json10),
];

/// Prefixes under which some clients name a service of ours, beside its own. Source: botocore's models have the long one, smithy's the short one.
const OTHER_NAMES: [(&str, Api); 1] = [("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", Api::CloudTrail)];

/// Namespaces of query services by the version of their API.
const OTHER_VERSIONS: [(&str, &str); 3] = [
    ("2010-08-01", "http://monitoring.amazonaws.com/doc/2010-08-01/"),
    ("2010-05-15", "http://cloudformation.amazonaws.com/doc/2010-05-15/"),
    ("2010-03-31", "http://sns.amazonaws.com/doc/2010-03-31/"),
];

const IAM_VERSION: &str = "2010-05-08";
const IAM_NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";
const STS_VERSION: &str = "2011-06-15";
const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// How answers to a request are written, whatever comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voice {
    /// The protocol.
    pub protocol: Protocol,
    /// The XML namespace, for the query protocol.
    pub namespace: &'static str,
    /// The member that carries a fault's words, for the JSON protocols.
    pub message: &'static str,
}

/// What a request names.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// How to answer.
    pub voice: Voice,
    /// The operation, if this version offers it.
    pub offered: Option<Offered>,
    /// The name as the caller wrote it.
    pub name: String,
}

impl Voice {
    const fn json(protocol: Protocol) -> Self {
        Self { protocol, namespace: "", message: "message" }
    }
}

/// For requests that name nothing: the oldest and most widely understood form.
pub const UNNAMED: Voice = Voice::json(Protocol::Json10);

impl Target {
    /// The target of an `X-Amz-Target` header: `Prefix.Operation`.
    pub fn of_header(header: &str) -> Self {
        // A prefix may contain dots itself (CloudTrail's does), an operation may not.
        let (prefix, operation) = header.rsplit_once('.').unwrap_or(("", header));
        let renamed = OTHER_NAMES.iter().find(|(name, _)| *name == prefix).map(|(_, api)| api);
        let ours = renamed.or_else(|| Api::ALL.iter().find(|api| api.prefix() == Some(prefix)));
        let other = OTHER_PREFIXES.iter().find(|(other, _)| *other == prefix);
        let voice = match (ours, other) {
            (Some(api), _) => api.voice(),
            (None, Some((_, protocol))) => Voice::json(*protocol),
            (None, None) => UNNAMED,
        };
        Self { voice, offered: ours.and_then(|api| api.offered(operation)), name: header.to_owned() }
    }

    /// Whether an `X-Amz-Target` header begins as those of a service of ours do.
    pub fn is_of_ours(header: &str) -> bool {
        let (prefix, _) = header.rsplit_once('.').unwrap_or(("", header));
        OTHER_NAMES.iter().any(|(name, _)| *name == prefix) || Api::ALL.iter().any(|api| api.prefix() == Some(prefix))
    }

    /// Whether the version of a form is of a service of ours.
    pub fn is_our_version(version: &str) -> bool {
        Api::ALL.iter().any(|api| api.version() == Some(version))
    }

    /// The target of a form: the version names the service.
    pub fn of_form(action: &str, version: &str) -> Self {
        let api = Api::ALL.iter().copied().find(|api| api.version() == Some(version));
        let other = OTHER_VERSIONS.iter().find(|(other, _)| *other == version);
        let namespace = other.map_or(STS_NAMESPACE, |(_, namespace)| *namespace);
        let unknown = Voice { protocol: Protocol::Query, namespace, message: "Message" };
        let voice = api.map_or(unknown, Api::voice);
        Self { voice, offered: api.and_then(|api| api.offered(action)), name: format!("{action} ({version})") }
    }

    /// Bytes that the body of a call may have.
    pub fn body_bytes_max(&self) -> usize {
        if self.offered == Some(Offered::Logs(LogsOperation::PutLogEvents)) {
            limit::LOG_BATCH_BODY_BYTES
        } else if self.offered == Some(Offered::Ecr(EcrOperation::UploadLayerPart)) {
            limit::LAYER_PART_BODY_BYTES
        } else if self.offered == Some(Offered::Ecr(EcrOperation::PutImage)) {
            limit::MANIFEST_BODY_BYTES
        } else {
            limit::REQUEST_BODY_BYTES
        }
    }
}

impl Api {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AppRunner,
        Self::Ecr,
        Self::Logs,
        Self::Iam,
        Self::ServiceQuotas,
        Self::Sts,
        Self::SecretsManager,
        Self::Ssm,
        Self::CloudTrail,
        Self::Outrunner,
    ];

    /// What this version offers of it.
    pub fn operations(self) -> Vec<Offered> {
        match self {
            Self::AppRunner => all(AppRunnerOperation::ALL, Offered::AppRunner),
            Self::CloudTrail => all(CloudTrailOperation::ALL, Offered::CloudTrail),
            Self::Ecr => all(EcrOperation::ALL, Offered::Ecr),
            Self::Logs => all(LogsOperation::ALL, Offered::Logs),
            Self::Iam => all(IamOperation::ALL, Offered::Iam),
            Self::ServiceQuotas => all(ServiceQuotasOperation::ALL, Offered::ServiceQuotas),
            Self::Sts => all(StsOperation::ALL, Offered::Sts),
            Self::SecretsManager => all(SecretsManagerOperation::ALL, Offered::SecretsManager),
            Self::Ssm => all(SsmOperation::ALL, Offered::Ssm),
            Self::Outrunner => all(OutrunnerOperation::ALL, Offered::Outrunner),
        }
    }

    /// Its operation of a name.
    fn offered(self, name: &str) -> Option<Offered> {
        self.operations().into_iter().find(|offered| offered.operation().name == name)
    }

    /// The name in an access policy's actions, and the signing name.
    pub const fn signing_name(self) -> &'static str {
        match self {
            Self::AppRunner => "apprunner",
            Self::CloudTrail => "cloudtrail",
            Self::Ecr => "ecr",
            Self::Logs => "logs",
            Self::Iam => "iam",
            Self::ServiceQuotas => "servicequotas",
            Self::Sts => "sts",
            Self::SecretsManager => "secretsmanager",
            Self::Ssm => "ssm",
            Self::Outrunner => "outrunner",
        }
    }

    /// What stands before the operation in `X-Amz-Target`.
    const fn prefix(self) -> Option<&'static str> {
        match self {
            Self::AppRunner => Some("AppRunner"),
            Self::CloudTrail => Some("CloudTrail_20131101"),
            Self::Ecr => Some("AmazonEC2ContainerRegistry_V20150921"),
            Self::Logs => Some("Logs_20140328"),
            Self::SecretsManager => Some("secretsmanager"),
            Self::Ssm => Some("AmazonSSM"),
            Self::ServiceQuotas => Some("ServiceQuotasV20190624"),
            Self::Outrunner => Some("Outrunner"),
            Self::Iam | Self::Sts => None,
        }
    }

    /// What a form's `Version` says.
    const fn version(self) -> Option<&'static str> {
        match self {
            Self::Iam => Some(IAM_VERSION),
            Self::Sts => Some(STS_VERSION),
            Self::AppRunner
            | Self::CloudTrail
            | Self::Ecr
            | Self::Logs
            | Self::SecretsManager
            | Self::ServiceQuotas
            | Self::Ssm
            | Self::Outrunner => None,
        }
    }

    /// How this service answers.
    pub const fn voice(self) -> Voice {
        match self {
            Self::AppRunner | Self::Outrunner => Voice { protocol: Protocol::Json10, namespace: "", message: "Message" },
            Self::CloudTrail | Self::Ecr | Self::Logs | Self::SecretsManager | Self::Ssm => Voice::json(Protocol::Json11),
            Self::ServiceQuotas => Voice { protocol: Protocol::Json11, namespace: "", message: "Message" },
            Self::Iam => Voice { protocol: Protocol::Query, namespace: IAM_NAMESPACE, message: "Message" },
            Self::Sts => Voice { protocol: Protocol::Query, namespace: STS_NAMESPACE, message: "Message" },
        }
    }

    /// This service's protocol.
    pub const fn protocol(self) -> Protocol {
        self.voice().protocol
    }

    /// Whose words it uses for violations of the model.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::AppRunner
            | Self::CloudTrail
            | Self::Iam
            | Self::Logs
            | Self::SecretsManager
            | Self::ServiceQuotas
            | Self::Ssm
            | Self::Sts
            | Self::Outrunner => Dialect::Classic,
            Self::Ecr => Dialect::Ecr,
        }
    }
}

fn all<O: Copy>(operations: &[O], offered: fn(O) -> Offered) -> Vec<Offered> {
    operations.iter().copied().map(offered).collect()
}

impl Offered {
    /// The service it belongs to.
    pub const fn api(self) -> Api {
        match self {
            Self::AppRunner(_) => Api::AppRunner,
            Self::CloudTrail(_) => Api::CloudTrail,
            Self::Ecr(_) => Api::Ecr,
            Self::Logs(_) => Api::Logs,
            Self::Iam(_) => Api::Iam,
            Self::ServiceQuotas(_) => Api::ServiceQuotas,
            Self::Sts(_) => Api::Sts,
            Self::SecretsManager(_) => Api::SecretsManager,
            Self::Ssm(_) => Api::Ssm,
            Self::Outrunner(_) => Api::Outrunner,
        }
    }

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::AppRunner(operation) => operation.operation(),
            Self::CloudTrail(operation) => operation.operation(),
            Self::Ecr(operation) => operation.operation(),
            Self::Logs(operation) => operation.operation(),
            Self::Iam(operation) => operation.operation(),
            Self::ServiceQuotas(operation) => operation.operation(),
            Self::Sts(operation) => operation.operation(),
            Self::SecretsManager(operation) => operation.operation(),
            Self::Ssm(operation) => operation.operation(),
            Self::Outrunner(operation) => operation.operation(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_operation_is_found_by_its_name_and_no_other() {
        for offered in Api::ALL.iter().flat_map(|api| api.operations()) {
            let name = offered.operation().name;
            let target = match offered.api().prefix() {
                Some(prefix) => Target::of_header(&format!("{prefix}.{name}")),
                None => Target::of_form(name, offered.api().version().expect("it has a prefix or a version")),
            };
            assert_eq!(target.offered, Some(offered));
            assert_eq!(target.voice, offered.api().voice());
        }
        for unknown in ["", "CreateService", "AppRunner", "AppRunner.", "AppRunner.DescribeOperation", "apprunner.ListServices"] {
            assert_eq!(Target::of_header(unknown).offered, None, "{unknown}");
        }
        assert_eq!(Target::of_form("GetCallerIdentity", "2010-05-08").offered, None);
        assert_eq!(Target::of_form("ListServices", STS_VERSION).offered, None);
    }

    #[test]
    fn a_service_that_is_not_offered_is_still_answered_in_its_own_protocol() {
        assert_eq!(Target::of_header("Logs_20140328.DescribeLogGroups").voice.protocol, Protocol::Json11);
        assert_eq!(
            Target::of_header("com.amazonaws.codestar.connections.CodeStar_connections_20191201.X").voice.protocol,
            Protocol::Json10
        );
        let iam = Target::of_form("ListGroups", "2010-05-08");
        assert_eq!((iam.offered, iam.voice.namespace), (None, "https://iam.amazonaws.com/doc/2010-05-08/"));
        let sns = Target::of_form("Publish", "2010-03-31");
        assert_eq!((sns.offered, sns.voice.namespace), (None, "http://sns.amazonaws.com/doc/2010-03-31/"));
    }
}
