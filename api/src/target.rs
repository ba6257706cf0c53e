//! Which operation of which service a request names, and which of them this version offers.
//! Never authenticates. Source of truth: the services' models: target prefixes, API versions, protocols.

use crate::{
    codec::Protocol,
    constraint::Dialect,
    iam::IamOperation,
    limit, outrunner,
    shape::{Operation, apprunner, ecr, logs, sts},
};

/// A service that we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// AWS App Runner.
    AppRunner,
    /// Amazon ECR.
    Ecr,
    /// Amazon CloudWatch Logs.
    Logs,
    /// AWS IAM.
    Iam,
    /// AWS STS.
    Sts,
    /// Our own extension.
    Outrunner,
}

/// An operation of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// App Runner `CreateService`.
    CreateService,
    /// App Runner `DescribeService`.
    DescribeService,
    /// App Runner `ListServices`.
    ListServices,
    /// App Runner `ListOperations`.
    ListOperations,
    /// App Runner `DeleteService`.
    DeleteService,
    /// App Runner `ListTagsForResource`.
    ListTagsForResource,
    /// App Runner `CreateAutoScalingConfiguration`.
    CreateAutoScalingConfiguration,
    /// App Runner `DeleteAutoScalingConfiguration`.
    DeleteAutoScalingConfiguration,
    /// App Runner `DescribeAutoScalingConfiguration`.
    DescribeAutoScalingConfiguration,
    /// App Runner `ListAutoScalingConfigurations`.
    ListAutoScalingConfigurations,
    /// App Runner `ListServicesForAutoScalingConfiguration`.
    ListServicesForAutoScalingConfiguration,
    /// App Runner `PauseService`.
    PauseService,
    /// App Runner `ResumeService`.
    ResumeService,
    /// App Runner `StartDeployment`.
    StartDeployment,
    /// App Runner `TagResource`.
    TagResource,
    /// App Runner `UntagResource`.
    UntagResource,
    /// App Runner `UpdateService`.
    UpdateService,
    /// ECR `CreateRepository`.
    CreateRepository,
    /// ECR `DescribeRepositories`.
    DescribeRepositories,
    /// ECR `DeleteRepository`.
    DeleteRepository,
    /// ECR `ListImages`.
    ListImages,
    /// ECR `DescribeImages`.
    DescribeImages,
    /// ECR `BatchGetImage`.
    BatchGetImage,
    /// ECR `BatchDeleteImage`.
    BatchDeleteImage,
    /// ECR `PutImageTagMutability`.
    PutImageTagMutability,
    /// ECR `ListTagsForResource`.
    ListRepositoryTags,
    /// ECR `TagResource`.
    TagRepository,
    /// ECR `UntagResource`.
    UntagRepository,
    /// ECR `GetAuthorizationToken`.
    GetAuthorizationToken,
    /// CloudWatch Logs `CreateLogGroup`.
    CreateLogGroup,
    /// CloudWatch Logs `CreateLogStream`.
    CreateLogStream,
    /// CloudWatch Logs `DeleteLogGroup`.
    DeleteLogGroup,
    /// CloudWatch Logs `DeleteLogStream`.
    DeleteLogStream,
    /// CloudWatch Logs `DeleteRetentionPolicy`.
    DeleteRetentionPolicy,
    /// CloudWatch Logs `DescribeLogGroups`.
    DescribeLogGroups,
    /// CloudWatch Logs `DescribeLogStreams`.
    DescribeLogStreams,
    /// CloudWatch Logs `FilterLogEvents`.
    FilterLogEvents,
    /// CloudWatch Logs `GetLogEvents`.
    GetLogEvents,
    /// CloudWatch Logs `ListTagsForResource`.
    ListLogTags,
    /// CloudWatch Logs `PutLogEvents`.
    PutLogEvents,
    /// CloudWatch Logs `PutRetentionPolicy`.
    PutRetentionPolicy,
    /// ECR `SetRepositoryPolicy`.
    SetRepositoryPolicy,
    /// ECR `GetRepositoryPolicy`.
    GetRepositoryPolicy,
    /// ECR `DeleteRepositoryPolicy`.
    DeleteRepositoryPolicy,
    /// One of IAM's.
    Iam(IamOperation),
    /// STS `AssumeRole`.
    AssumeRole,
    /// STS `GetCallerIdentity`.
    GetCallerIdentity,
    /// Our own `ListEvents`.
    ListEvents,
    /// Our own `FollowLogs`.
    FollowLogs,
}

/// Everything that this version offers.
pub const OFFERED: [Offered; 69] = [
    Offered::CreateService,
    Offered::DescribeService,
    Offered::ListServices,
    Offered::ListOperations,
    Offered::DeleteService,
    Offered::ListTagsForResource,
    Offered::CreateAutoScalingConfiguration,
    Offered::DeleteAutoScalingConfiguration,
    Offered::DescribeAutoScalingConfiguration,
    Offered::ListAutoScalingConfigurations,
    Offered::ListServicesForAutoScalingConfiguration,
    Offered::PauseService,
    Offered::ResumeService,
    Offered::StartDeployment,
    Offered::TagResource,
    Offered::UntagResource,
    Offered::UpdateService,
    Offered::CreateRepository,
    Offered::DescribeRepositories,
    Offered::DeleteRepository,
    Offered::ListImages,
    Offered::DescribeImages,
    Offered::BatchGetImage,
    Offered::BatchDeleteImage,
    Offered::PutImageTagMutability,
    Offered::ListRepositoryTags,
    Offered::TagRepository,
    Offered::UntagRepository,
    Offered::GetAuthorizationToken,
    Offered::CreateLogGroup,
    Offered::CreateLogStream,
    Offered::DeleteLogGroup,
    Offered::DeleteLogStream,
    Offered::DeleteRetentionPolicy,
    Offered::DescribeLogGroups,
    Offered::DescribeLogStreams,
    Offered::FilterLogEvents,
    Offered::GetLogEvents,
    Offered::ListLogTags,
    Offered::PutLogEvents,
    Offered::PutRetentionPolicy,
    Offered::SetRepositoryPolicy,
    Offered::GetRepositoryPolicy,
    Offered::DeleteRepositoryPolicy,
    Offered::Iam(IamOperation::AttachRolePolicy),
    Offered::Iam(IamOperation::CreateRole),
    Offered::Iam(IamOperation::DeleteRole),
    Offered::Iam(IamOperation::DeleteRolePolicy),
    Offered::Iam(IamOperation::DetachRolePolicy),
    Offered::Iam(IamOperation::GetPolicy),
    Offered::Iam(IamOperation::GetPolicyVersion),
    Offered::Iam(IamOperation::GetRole),
    Offered::Iam(IamOperation::GetRolePolicy),
    Offered::Iam(IamOperation::ListAttachedRolePolicies),
    Offered::Iam(IamOperation::ListInstanceProfilesForRole),
    Offered::Iam(IamOperation::ListPolicies),
    Offered::Iam(IamOperation::ListPolicyVersions),
    Offered::Iam(IamOperation::ListRolePolicies),
    Offered::Iam(IamOperation::ListRoleTags),
    Offered::Iam(IamOperation::ListRoles),
    Offered::Iam(IamOperation::PutRolePolicy),
    Offered::Iam(IamOperation::TagRole),
    Offered::Iam(IamOperation::UntagRole),
    Offered::Iam(IamOperation::UpdateAssumeRolePolicy),
    Offered::Iam(IamOperation::UpdateRole),
    Offered::AssumeRole,
    Offered::GetCallerIdentity,
    Offered::ListEvents,
    Offered::FollowLogs,
];

/// Services that clients may aim at us and that this version does not offer: only their protocol is known, so that
/// the fault can be read. App Runner, ECR, IAM and STS operations that are not offered are unknown in the same way.
const OTHER_PREFIXES: [(&str, Protocol); 11] = [
    ("SpencerFrontendService", Protocol::Json11),
    ("GraniteServiceVersion20100801", Protocol::Json10),
    ("secretsmanager", Protocol::Json11),
    ("AmazonSSM", Protocol::Json11),
    ("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", Protocol::Json11),
    ("CloudTrail_20131101", Protocol::Json11),
    ("CertificateManager", Protocol::Json11),
    ("AWSEvents", Protocol::Json11),
    ("TrentService", Protocol::Json11),
    ("AWSWAF_20190729", Protocol::Json11),
    ("com.amazonaws.codestar.connections.CodeStar_connections_20191201", Protocol::Json10),
];

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
        let ours = OFFERED.iter().find(|offered| offered.api().prefix() == Some(prefix));
        let other = OTHER_PREFIXES.iter().find(|(other, _)| *other == prefix);
        let voice = match (ours, other) {
            (Some(offered), _) => offered.api().voice(),
            (None, Some((_, protocol))) => Voice::json(*protocol),
            (None, None) => UNNAMED,
        };
        let named = |offered: &&Offered| offered.api().prefix() == Some(prefix) && offered.operation().name == operation;
        Self { voice, offered: OFFERED.iter().find(named).copied(), name: header.to_owned() }
    }

    /// The target of a form: the version names the service.
    pub fn of_form(action: &str, version: &str) -> Self {
        let api = [Api::Iam, Api::Sts].into_iter().find(|api| api.version() == Some(version));
        let other = OTHER_VERSIONS.iter().find(|(other, _)| *other == version);
        let namespace = other.map_or(STS_NAMESPACE, |(_, namespace)| *namespace);
        let unknown = Voice { protocol: Protocol::Query, namespace, message: "Message" };
        let voice = api.map_or(unknown, Api::voice);
        let named = |offered: &&Offered| Some(offered.api()) == api && offered.operation().name == action;
        let offered = OFFERED.iter().find(named).copied();
        Self { voice, offered, name: format!("{action} ({version})") }
    }

    /// Bytes that the body of a call may have.
    pub fn body_bytes_max(&self) -> usize {
        if self.offered == Some(Offered::PutLogEvents) { limit::LOG_BATCH_BODY_BYTES } else { limit::REQUEST_BODY_BYTES }
    }
}

impl Api {
    /// The name in an access policy's actions, and the signing name.
    pub const fn signing_name(self) -> &'static str {
        match self {
            Self::AppRunner => "apprunner",
            Self::Ecr => "ecr",
            Self::Logs => "logs",
            Self::Iam => "iam",
            Self::Sts => "sts",
            Self::Outrunner => "outrunner",
        }
    }

    /// What stands before the operation in `X-Amz-Target`.
    const fn prefix(self) -> Option<&'static str> {
        match self {
            Self::AppRunner => Some("AppRunner"),
            Self::Ecr => Some("AmazonEC2ContainerRegistry_V20150921"),
            Self::Logs => Some("Logs_20140328"),
            Self::Outrunner => Some("Outrunner"),
            Self::Iam | Self::Sts => None,
        }
    }

    /// What a form's `Version` says.
    const fn version(self) -> Option<&'static str> {
        match self {
            Self::Iam => Some(IAM_VERSION),
            Self::Sts => Some(STS_VERSION),
            Self::AppRunner | Self::Ecr | Self::Logs | Self::Outrunner => None,
        }
    }

    /// How this service answers.
    pub const fn voice(self) -> Voice {
        match self {
            Self::AppRunner | Self::Outrunner => Voice { protocol: Protocol::Json10, namespace: "", message: "Message" },
            Self::Ecr | Self::Logs => Voice::json(Protocol::Json11),
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
            Self::AppRunner | Self::Iam | Self::Logs | Self::Sts | Self::Outrunner => Dialect::Classic,
            Self::Ecr => Dialect::Ecr,
        }
    }
}

impl Offered {
    /// The service it belongs to.
    pub const fn api(self) -> Api {
        match self {
            Self::CreateService
            | Self::DescribeService
            | Self::ListServices
            | Self::ListOperations
            | Self::DeleteService
            | Self::ListTagsForResource
            | Self::CreateAutoScalingConfiguration
            | Self::DeleteAutoScalingConfiguration
            | Self::DescribeAutoScalingConfiguration
            | Self::ListAutoScalingConfigurations
            | Self::ListServicesForAutoScalingConfiguration
            | Self::PauseService
            | Self::ResumeService
            | Self::StartDeployment
            | Self::TagResource
            | Self::UntagResource
            | Self::UpdateService => Api::AppRunner,
            Self::CreateRepository
            | Self::DescribeRepositories
            | Self::DeleteRepository
            | Self::ListImages
            | Self::DescribeImages
            | Self::BatchGetImage
            | Self::BatchDeleteImage
            | Self::PutImageTagMutability
            | Self::ListRepositoryTags
            | Self::TagRepository
            | Self::UntagRepository
            | Self::GetAuthorizationToken
            | Self::SetRepositoryPolicy
            | Self::GetRepositoryPolicy
            | Self::DeleteRepositoryPolicy => Api::Ecr,
            Self::Iam(_) => Api::Iam,
            Self::CreateLogGroup
            | Self::CreateLogStream
            | Self::DeleteLogGroup
            | Self::DeleteLogStream
            | Self::DeleteRetentionPolicy
            | Self::DescribeLogGroups
            | Self::DescribeLogStreams
            | Self::FilterLogEvents
            | Self::GetLogEvents
            | Self::ListLogTags
            | Self::PutLogEvents
            | Self::PutRetentionPolicy => Api::Logs,
            Self::AssumeRole | Self::GetCallerIdentity => Api::Sts,
            Self::ListEvents | Self::FollowLogs => Api::Outrunner,
        }
    }

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::CreateService => &apprunner::CREATE_SERVICE,
            Self::DescribeService => &apprunner::DESCRIBE_SERVICE,
            Self::ListServices => &apprunner::LIST_SERVICES,
            Self::ListOperations => &apprunner::LIST_OPERATIONS,
            Self::DeleteService => &apprunner::DELETE_SERVICE,
            Self::ListTagsForResource => &apprunner::LIST_TAGS_FOR_RESOURCE,
            Self::CreateAutoScalingConfiguration => &apprunner::CREATE_AUTO_SCALING_CONFIGURATION,
            Self::DeleteAutoScalingConfiguration => &apprunner::DELETE_AUTO_SCALING_CONFIGURATION,
            Self::DescribeAutoScalingConfiguration => &apprunner::DESCRIBE_AUTO_SCALING_CONFIGURATION,
            Self::ListAutoScalingConfigurations => &apprunner::LIST_AUTO_SCALING_CONFIGURATIONS,
            Self::ListServicesForAutoScalingConfiguration => &apprunner::LIST_SERVICES_FOR_AUTO_SCALING_CONFIGURATION,
            Self::PauseService => &apprunner::PAUSE_SERVICE,
            Self::ResumeService => &apprunner::RESUME_SERVICE,
            Self::StartDeployment => &apprunner::START_DEPLOYMENT,
            Self::TagResource => &apprunner::TAG_RESOURCE,
            Self::UntagResource => &apprunner::UNTAG_RESOURCE,
            Self::UpdateService => &apprunner::UPDATE_SERVICE,
            Self::CreateRepository => &ecr::CREATE_REPOSITORY,
            Self::DescribeRepositories => &ecr::DESCRIBE_REPOSITORIES,
            Self::DeleteRepository => &ecr::DELETE_REPOSITORY,
            Self::ListImages => &ecr::LIST_IMAGES,
            Self::DescribeImages => &ecr::DESCRIBE_IMAGES,
            Self::BatchGetImage => &ecr::BATCH_GET_IMAGE,
            Self::BatchDeleteImage => &ecr::BATCH_DELETE_IMAGE,
            Self::PutImageTagMutability => &ecr::PUT_IMAGE_TAG_MUTABILITY,
            Self::ListRepositoryTags => &ecr::LIST_TAGS_FOR_RESOURCE,
            Self::TagRepository => &ecr::TAG_RESOURCE,
            Self::UntagRepository => &ecr::UNTAG_RESOURCE,
            Self::GetAuthorizationToken => &ecr::GET_AUTHORIZATION_TOKEN,
            Self::CreateLogGroup => &logs::CREATE_LOG_GROUP,
            Self::CreateLogStream => &logs::CREATE_LOG_STREAM,
            Self::DeleteLogGroup => &logs::DELETE_LOG_GROUP,
            Self::DeleteLogStream => &logs::DELETE_LOG_STREAM,
            Self::DeleteRetentionPolicy => &logs::DELETE_RETENTION_POLICY,
            Self::DescribeLogGroups => &logs::DESCRIBE_LOG_GROUPS,
            Self::DescribeLogStreams => &logs::DESCRIBE_LOG_STREAMS,
            Self::FilterLogEvents => &logs::FILTER_LOG_EVENTS,
            Self::GetLogEvents => &logs::GET_LOG_EVENTS,
            Self::ListLogTags => &logs::LIST_TAGS_FOR_RESOURCE,
            Self::PutLogEvents => &logs::PUT_LOG_EVENTS,
            Self::PutRetentionPolicy => &logs::PUT_RETENTION_POLICY,
            Self::SetRepositoryPolicy => &ecr::SET_REPOSITORY_POLICY,
            Self::GetRepositoryPolicy => &ecr::GET_REPOSITORY_POLICY,
            Self::DeleteRepositoryPolicy => &ecr::DELETE_REPOSITORY_POLICY,
            Self::Iam(operation) => operation.operation(),
            Self::AssumeRole => &sts::ASSUME_ROLE,
            Self::GetCallerIdentity => &sts::GET_CALLER_IDENTITY,
            Self::ListEvents => &outrunner::shape::LIST_EVENTS,
            Self::FollowLogs => &outrunner::shape::FOLLOW_LOGS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_operation_is_found_by_its_name_and_no_other() {
        for offered in OFFERED {
            let name = offered.operation().name;
            let target = match offered.api().prefix() {
                Some(prefix) => Target::of_header(&format!("{prefix}.{name}")),
                None => Target::of_form(name, offered.api().version().expect("it has a prefix or a version")),
            };
            assert_eq!(target.offered, Some(offered));
            assert_eq!(target.voice, offered.api().voice());
        }
        for unknown in [
            "",
            "CreateService",
            "AppRunner",
            "AppRunner.",
            "AppRunner.UpdateDefaultAutoScalingConfiguration",
            "apprunner.ListServices",
        ] {
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
        let iam = Target::of_form("ListUsers", "2010-05-08");
        assert_eq!((iam.offered, iam.voice.namespace), (None, "https://iam.amazonaws.com/doc/2010-05-08/"));
        let sns = Target::of_form("Publish", "2010-03-31");
        assert_eq!((sns.offered, sns.voice.namespace), (None, "http://sns.amazonaws.com/doc/2010-03-31/"));
    }
}
