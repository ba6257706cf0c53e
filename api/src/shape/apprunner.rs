//! App Runner: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/apprunner.json`.

use super::{Declared, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use crate::pattern::Pattern;
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};
use std::collections::BTreeMap;

/// An operation of App Runner that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppRunnerOperation {
    /// `AssociateCustomDomain`.
    AssociateCustomDomain,
    /// `CreateAutoScalingConfiguration`.
    CreateAutoScalingConfiguration,
    /// `CreateConnection`.
    CreateConnection,
    /// `CreateObservabilityConfiguration`.
    CreateObservabilityConfiguration,
    /// `CreateService`.
    CreateService,
    /// `CreateVpcConnector`.
    CreateVpcConnector,
    /// `CreateVpcIngressConnection`.
    CreateVpcIngressConnection,
    /// `DeleteAutoScalingConfiguration`.
    DeleteAutoScalingConfiguration,
    /// `DeleteConnection`.
    DeleteConnection,
    /// `DeleteObservabilityConfiguration`.
    DeleteObservabilityConfiguration,
    /// `DeleteService`.
    DeleteService,
    /// `DeleteVpcConnector`.
    DeleteVpcConnector,
    /// `DeleteVpcIngressConnection`.
    DeleteVpcIngressConnection,
    /// `DescribeAutoScalingConfiguration`.
    DescribeAutoScalingConfiguration,
    /// `DescribeCustomDomains`.
    DescribeCustomDomains,
    /// `DescribeObservabilityConfiguration`.
    DescribeObservabilityConfiguration,
    /// `DescribeService`.
    DescribeService,
    /// `DescribeVpcConnector`.
    DescribeVpcConnector,
    /// `DescribeVpcIngressConnection`.
    DescribeVpcIngressConnection,
    /// `DisassociateCustomDomain`.
    DisassociateCustomDomain,
    /// `ListAutoScalingConfigurations`.
    ListAutoScalingConfigurations,
    /// `ListConnections`.
    ListConnections,
    /// `ListObservabilityConfigurations`.
    ListObservabilityConfigurations,
    /// `ListOperations`.
    ListOperations,
    /// `ListServices`.
    ListServices,
    /// `ListServicesForAutoScalingConfiguration`.
    ListServicesForAutoScalingConfiguration,
    /// `ListTagsForResource`.
    ListTagsForResource,
    /// `ListVpcConnectors`.
    ListVpcConnectors,
    /// `ListVpcIngressConnections`.
    ListVpcIngressConnections,
    /// `PauseService`.
    PauseService,
    /// `ResumeService`.
    ResumeService,
    /// `StartDeployment`.
    StartDeployment,
    /// `TagResource`.
    TagResource,
    /// `UntagResource`.
    UntagResource,
    /// `UpdateDefaultAutoScalingConfiguration`.
    UpdateDefaultAutoScalingConfiguration,
    /// `UpdateService`.
    UpdateService,
    /// `UpdateVpcIngressConnection`.
    UpdateVpcIngressConnection,
}

impl AppRunnerOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::AssociateCustomDomain,
        Self::CreateAutoScalingConfiguration,
        Self::CreateConnection,
        Self::CreateObservabilityConfiguration,
        Self::CreateService,
        Self::CreateVpcConnector,
        Self::CreateVpcIngressConnection,
        Self::DeleteAutoScalingConfiguration,
        Self::DeleteConnection,
        Self::DeleteObservabilityConfiguration,
        Self::DeleteService,
        Self::DeleteVpcConnector,
        Self::DeleteVpcIngressConnection,
        Self::DescribeAutoScalingConfiguration,
        Self::DescribeCustomDomains,
        Self::DescribeObservabilityConfiguration,
        Self::DescribeService,
        Self::DescribeVpcConnector,
        Self::DescribeVpcIngressConnection,
        Self::DisassociateCustomDomain,
        Self::ListAutoScalingConfigurations,
        Self::ListConnections,
        Self::ListObservabilityConfigurations,
        Self::ListOperations,
        Self::ListServices,
        Self::ListServicesForAutoScalingConfiguration,
        Self::ListTagsForResource,
        Self::ListVpcConnectors,
        Self::ListVpcIngressConnections,
        Self::PauseService,
        Self::ResumeService,
        Self::StartDeployment,
        Self::TagResource,
        Self::UntagResource,
        Self::UpdateDefaultAutoScalingConfiguration,
        Self::UpdateService,
        Self::UpdateVpcIngressConnection,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::AssociateCustomDomain => &ASSOCIATE_CUSTOM_DOMAIN,
            Self::CreateAutoScalingConfiguration => &CREATE_AUTO_SCALING_CONFIGURATION,
            Self::CreateConnection => &CREATE_CONNECTION,
            Self::CreateObservabilityConfiguration => &CREATE_OBSERVABILITY_CONFIGURATION,
            Self::CreateService => &CREATE_SERVICE,
            Self::CreateVpcConnector => &CREATE_VPC_CONNECTOR,
            Self::CreateVpcIngressConnection => &CREATE_VPC_INGRESS_CONNECTION,
            Self::DeleteAutoScalingConfiguration => &DELETE_AUTO_SCALING_CONFIGURATION,
            Self::DeleteConnection => &DELETE_CONNECTION,
            Self::DeleteObservabilityConfiguration => &DELETE_OBSERVABILITY_CONFIGURATION,
            Self::DeleteService => &DELETE_SERVICE,
            Self::DeleteVpcConnector => &DELETE_VPC_CONNECTOR,
            Self::DeleteVpcIngressConnection => &DELETE_VPC_INGRESS_CONNECTION,
            Self::DescribeAutoScalingConfiguration => &DESCRIBE_AUTO_SCALING_CONFIGURATION,
            Self::DescribeCustomDomains => &DESCRIBE_CUSTOM_DOMAINS,
            Self::DescribeObservabilityConfiguration => &DESCRIBE_OBSERVABILITY_CONFIGURATION,
            Self::DescribeService => &DESCRIBE_SERVICE,
            Self::DescribeVpcConnector => &DESCRIBE_VPC_CONNECTOR,
            Self::DescribeVpcIngressConnection => &DESCRIBE_VPC_INGRESS_CONNECTION,
            Self::DisassociateCustomDomain => &DISASSOCIATE_CUSTOM_DOMAIN,
            Self::ListAutoScalingConfigurations => &LIST_AUTO_SCALING_CONFIGURATIONS,
            Self::ListConnections => &LIST_CONNECTIONS,
            Self::ListObservabilityConfigurations => &LIST_OBSERVABILITY_CONFIGURATIONS,
            Self::ListOperations => &LIST_OPERATIONS,
            Self::ListServices => &LIST_SERVICES,
            Self::ListServicesForAutoScalingConfiguration => &LIST_SERVICES_FOR_AUTO_SCALING_CONFIGURATION,
            Self::ListTagsForResource => &LIST_TAGS_FOR_RESOURCE,
            Self::ListVpcConnectors => &LIST_VPC_CONNECTORS,
            Self::ListVpcIngressConnections => &LIST_VPC_INGRESS_CONNECTIONS,
            Self::PauseService => &PAUSE_SERVICE,
            Self::ResumeService => &RESUME_SERVICE,
            Self::StartDeployment => &START_DEPLOYMENT,
            Self::TagResource => &TAG_RESOURCE,
            Self::UntagResource => &UNTAG_RESOURCE,
            Self::UpdateDefaultAutoScalingConfiguration => &UPDATE_DEFAULT_AUTO_SCALING_CONFIGURATION,
            Self::UpdateService => &UPDATE_SERVICE,
            Self::UpdateVpcIngressConnection => &UPDATE_VPC_INGRESS_CONNECTION,
        }
    }
}

/// `AssociateCustomDomain` and the faults that it declares.
pub const ASSOCIATE_CUSTOM_DOMAIN: Operation = Operation {
    name: "AssociateCustomDomain",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, INVALID_STATE_EXCEPTION],
};

/// `CreateAutoScalingConfiguration` and the faults that it declares.
pub const CREATE_AUTO_SCALING_CONFIGURATION: Operation = Operation {
    name: "CreateAutoScalingConfiguration",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, SERVICE_QUOTA_EXCEEDED_EXCEPTION],
};

/// `CreateConnection` and the faults that it declares.
pub const CREATE_CONNECTION: Operation = Operation {
    name: "CreateConnection",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, SERVICE_QUOTA_EXCEEDED_EXCEPTION],
};

/// `CreateObservabilityConfiguration` and the faults that it declares.
pub const CREATE_OBSERVABILITY_CONFIGURATION: Operation = Operation {
    name: "CreateObservabilityConfiguration",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, SERVICE_QUOTA_EXCEEDED_EXCEPTION],
};

/// `CreateService` and the faults that it declares.
pub const CREATE_SERVICE: Operation = Operation {
    name: "CreateService",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, SERVICE_QUOTA_EXCEEDED_EXCEPTION],
};

/// `CreateVpcConnector` and the faults that it declares.
pub const CREATE_VPC_CONNECTOR: Operation = Operation {
    name: "CreateVpcConnector",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, SERVICE_QUOTA_EXCEEDED_EXCEPTION],
};

/// `CreateVpcIngressConnection` and the faults that it declares.
pub const CREATE_VPC_INGRESS_CONNECTION: Operation = Operation {
    name: "CreateVpcIngressConnection",
    faults: &[
        INVALID_REQUEST_EXCEPTION,
        INVALID_STATE_EXCEPTION,
        INTERNAL_SERVICE_ERROR_EXCEPTION,
        SERVICE_QUOTA_EXCEEDED_EXCEPTION,
    ],
};

/// `DeleteAutoScalingConfiguration` and the faults that it declares.
pub const DELETE_AUTO_SCALING_CONFIGURATION: Operation = Operation {
    name: "DeleteAutoScalingConfiguration",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `DeleteConnection` and the faults that it declares.
pub const DELETE_CONNECTION: Operation = Operation {
    name: "DeleteConnection",
    faults: &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION],
};

/// `DeleteObservabilityConfiguration` and the faults that it declares.
pub const DELETE_OBSERVABILITY_CONFIGURATION: Operation = Operation {
    name: "DeleteObservabilityConfiguration",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `DeleteService` and the faults that it declares.
pub const DELETE_SERVICE: Operation = Operation {
    name: "DeleteService",
    faults: &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INVALID_STATE_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION],
};

/// `DeleteVpcConnector` and the faults that it declares.
pub const DELETE_VPC_CONNECTOR: Operation = Operation {
    name: "DeleteVpcConnector",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `DeleteVpcIngressConnection` and the faults that it declares.
pub const DELETE_VPC_INGRESS_CONNECTION: Operation = Operation {
    name: "DeleteVpcIngressConnection",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INVALID_STATE_EXCEPTION],
};

/// `DescribeAutoScalingConfiguration` and the faults that it declares.
pub const DESCRIBE_AUTO_SCALING_CONFIGURATION: Operation = Operation {
    name: "DescribeAutoScalingConfiguration",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `DescribeCustomDomains` and the faults that it declares.
pub const DESCRIBE_CUSTOM_DOMAINS: Operation = Operation {
    name: "DescribeCustomDomains",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `DescribeObservabilityConfiguration` and the faults that it declares.
pub const DESCRIBE_OBSERVABILITY_CONFIGURATION: Operation = Operation {
    name: "DescribeObservabilityConfiguration",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `DescribeService` and the faults that it declares.
pub const DESCRIBE_SERVICE: Operation = Operation {
    name: "DescribeService",
    faults: &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION],
};

/// `DescribeVpcConnector` and the faults that it declares.
pub const DESCRIBE_VPC_CONNECTOR: Operation = Operation {
    name: "DescribeVpcConnector",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `DescribeVpcIngressConnection` and the faults that it declares.
pub const DESCRIBE_VPC_INGRESS_CONNECTION: Operation = Operation {
    name: "DescribeVpcIngressConnection",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `DisassociateCustomDomain` and the faults that it declares.
pub const DISASSOCIATE_CUSTOM_DOMAIN: Operation = Operation {
    name: "DisassociateCustomDomain",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INVALID_STATE_EXCEPTION],
};

/// `ListAutoScalingConfigurations` and the faults that it declares.
pub const LIST_AUTO_SCALING_CONFIGURATIONS: Operation =
    Operation { name: "ListAutoScalingConfigurations", faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION] };

/// `ListConnections` and the faults that it declares.
pub const LIST_CONNECTIONS: Operation =
    Operation { name: "ListConnections", faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION] };

/// `ListObservabilityConfigurations` and the faults that it declares.
pub const LIST_OBSERVABILITY_CONFIGURATIONS: Operation =
    Operation { name: "ListObservabilityConfigurations", faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION] };

/// `ListOperations` and the faults that it declares.
pub const LIST_OPERATIONS: Operation = Operation {
    name: "ListOperations",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `ListServices` and the faults that it declares.
pub const LIST_SERVICES: Operation =
    Operation { name: "ListServices", faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION] };

/// `ListServicesForAutoScalingConfiguration` and the faults that it declares.
pub const LIST_SERVICES_FOR_AUTO_SCALING_CONFIGURATION: Operation = Operation {
    name: "ListServicesForAutoScalingConfiguration",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `ListTagsForResource` and the faults that it declares.
pub const LIST_TAGS_FOR_RESOURCE: Operation = Operation {
    name: "ListTagsForResource",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, INVALID_REQUEST_EXCEPTION, INVALID_STATE_EXCEPTION],
};

/// `ListVpcConnectors` and the faults that it declares.
pub const LIST_VPC_CONNECTORS: Operation =
    Operation { name: "ListVpcConnectors", faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION] };

/// `ListVpcIngressConnections` and the faults that it declares.
pub const LIST_VPC_INGRESS_CONNECTIONS: Operation =
    Operation { name: "ListVpcIngressConnections", faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION] };

/// `PauseService` and the faults that it declares.
pub const PAUSE_SERVICE: Operation = Operation {
    name: "PauseService",
    faults: &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, INVALID_STATE_EXCEPTION],
};

/// `ResumeService` and the faults that it declares.
pub const RESUME_SERVICE: Operation = Operation {
    name: "ResumeService",
    faults: &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, INVALID_STATE_EXCEPTION],
};

/// `StartDeployment` and the faults that it declares.
pub const START_DEPLOYMENT: Operation = Operation {
    name: "StartDeployment",
    faults: &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION],
};

/// `TagResource` and the faults that it declares.
pub const TAG_RESOURCE: Operation = Operation {
    name: "TagResource",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, INVALID_REQUEST_EXCEPTION, INVALID_STATE_EXCEPTION],
};

/// `UntagResource` and the faults that it declares.
pub const UNTAG_RESOURCE: Operation = Operation {
    name: "UntagResource",
    faults: &[RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, INVALID_REQUEST_EXCEPTION, INVALID_STATE_EXCEPTION],
};

/// `UpdateDefaultAutoScalingConfiguration` and the faults that it declares.
pub const UPDATE_DEFAULT_AUTO_SCALING_CONFIGURATION: Operation = Operation {
    name: "UpdateDefaultAutoScalingConfiguration",
    faults: &[INVALID_REQUEST_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION],
};

/// `UpdateService` and the faults that it declares.
pub const UPDATE_SERVICE: Operation = Operation {
    name: "UpdateService",
    faults: &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INVALID_STATE_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION],
};

/// `UpdateVpcIngressConnection` and the faults that it declares.
pub const UPDATE_VPC_INGRESS_CONNECTION: Operation = Operation {
    name: "UpdateVpcIngressConnection",
    faults: &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INVALID_STATE_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION],
};

/// Fault `InternalServiceErrorException`.
pub const INTERNAL_SERVICE_ERROR_EXCEPTION: Declared = Declared { code: "InternalServiceErrorException", status: 500 };

/// Fault `InvalidRequestException`.
pub const INVALID_REQUEST_EXCEPTION: Declared = Declared { code: "InvalidRequestException", status: 400 };

/// Fault `InvalidStateException`.
pub const INVALID_STATE_EXCEPTION: Declared = Declared { code: "InvalidStateException", status: 400 };

/// Fault `ResourceNotFoundException`.
pub const RESOURCE_NOT_FOUND_EXCEPTION: Declared = Declared { code: "ResourceNotFoundException", status: 400 };

/// Fault `ServiceQuotaExceededException`.
pub const SERVICE_QUOTA_EXCEEDED_EXCEPTION: Declared = Declared { code: "ServiceQuotaExceededException", status: 400 };

/// Shape `AssociateCustomDomainRequest`.
#[derive(Clone, Default, Serialize)]
pub struct AssociateCustomDomainRequest {
    /// Member `DomainName`.
    #[serde(rename = "DomainName", skip_serializing_if = "Option::is_none")]
    pub domain_name: Option<String>,
    /// Member `EnableWWWSubdomain`.
    #[serde(rename = "EnableWWWSubdomain", skip_serializing_if = "Option::is_none")]
    pub enable_www_subdomain: Option<bool>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for AssociateCustomDomainRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "DomainName" => self.domain_name = value.next_value()?,
            "EnableWWWSubdomain" => self.enable_www_subdomain = value.next_value()?,
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AssociateCustomDomainRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for AssociateCustomDomainRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("DomainName", self.domain_name.is_some());
        walk.text("DomainName", self.domain_name.as_deref(), &DOMAIN_NAME);
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `AssociateCustomDomainResponse`.
#[derive(Clone, Serialize)]
pub struct AssociateCustomDomainResponse {
    /// Member `CustomDomain`.
    #[serde(rename = "CustomDomain")]
    pub custom_domain: CustomDomain,
    /// Member `DNSTarget`.
    #[serde(rename = "DNSTarget")]
    pub dns_target: String,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn")]
    pub service_arn: String,
    /// Member `VpcDNSTargets`.
    #[serde(rename = "VpcDNSTargets")]
    pub vpc_dns_targets: Vec<VpcDNSTarget>,
}

/// Shape `AuthenticationConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct AuthenticationConfiguration {
    /// Member `AccessRoleArn`.
    #[serde(rename = "AccessRoleArn", skip_serializing_if = "Option::is_none")]
    pub access_role_arn: Option<String>,
    /// Member `ConnectionArn`.
    #[serde(rename = "ConnectionArn", skip_serializing_if = "Option::is_none")]
    pub connection_arn: Option<String>,
}

impl Structure for AuthenticationConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AccessRoleArn" => self.access_role_arn = value.next_value()?,
            "ConnectionArn" => self.connection_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for AuthenticationConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for AuthenticationConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.text("AccessRoleArn", self.access_role_arn.as_deref(), &ROLE_ARN);
        walk.text("ConnectionArn", self.connection_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `AutoScalingConfiguration`.
#[derive(Clone, Serialize)]
pub struct AutoScalingConfiguration {
    /// Member `AutoScalingConfigurationArn`.
    #[serde(rename = "AutoScalingConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_arn: Option<String>,
    /// Member `AutoScalingConfigurationName`.
    #[serde(rename = "AutoScalingConfigurationName", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_name: Option<String>,
    /// Member `AutoScalingConfigurationRevision`.
    #[serde(rename = "AutoScalingConfigurationRevision", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_revision: Option<i32>,
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `DeletedAt`.
    #[serde(rename = "DeletedAt", skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<f64>,
    /// Member `HasAssociatedService`.
    #[serde(rename = "HasAssociatedService", skip_serializing_if = "Option::is_none")]
    pub has_associated_service: Option<bool>,
    /// Member `IsDefault`.
    #[serde(rename = "IsDefault", skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// Member `Latest`.
    #[serde(rename = "Latest", skip_serializing_if = "Option::is_none")]
    pub latest: Option<bool>,
    /// Member `MaxConcurrency`.
    #[serde(rename = "MaxConcurrency", skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<i32>,
    /// Member `MaxSize`.
    #[serde(rename = "MaxSize", skip_serializing_if = "Option::is_none")]
    pub max_size: Option<i32>,
    /// Member `MinSize`.
    #[serde(rename = "MinSize", skip_serializing_if = "Option::is_none")]
    pub min_size: Option<i32>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Shape `AutoScalingConfigurationSummary`.
#[derive(Clone, Serialize)]
pub struct AutoScalingConfigurationSummary {
    /// Member `AutoScalingConfigurationArn`.
    #[serde(rename = "AutoScalingConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_arn: Option<String>,
    /// Member `AutoScalingConfigurationName`.
    #[serde(rename = "AutoScalingConfigurationName", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_name: Option<String>,
    /// Member `AutoScalingConfigurationRevision`.
    #[serde(rename = "AutoScalingConfigurationRevision", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_revision: Option<i32>,
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `HasAssociatedService`.
    #[serde(rename = "HasAssociatedService", skip_serializing_if = "Option::is_none")]
    pub has_associated_service: Option<bool>,
    /// Member `IsDefault`.
    #[serde(rename = "IsDefault", skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Shape `CertificateValidationRecord`.
#[derive(Clone, Serialize)]
pub struct CertificateValidationRecord {
    /// Member `Name`.
    #[serde(rename = "Name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Shape `CodeConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct CodeConfiguration {
    /// Member `CodeConfigurationValues`.
    #[serde(rename = "CodeConfigurationValues", skip_serializing_if = "Option::is_none")]
    pub code_configuration_values: Option<CodeConfigurationValues>,
    /// Member `ConfigurationSource`.
    #[serde(rename = "ConfigurationSource", skip_serializing_if = "Option::is_none")]
    pub configuration_source: Option<String>,
}

impl Structure for CodeConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "CodeConfigurationValues" => self.code_configuration_values = value.next_value()?,
            "ConfigurationSource" => self.configuration_source = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CodeConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CodeConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.nested("CodeConfigurationValues", self.code_configuration_values.as_ref());
        walk.required("ConfigurationSource", self.configuration_source.is_some());
        walk.text("ConfigurationSource", self.configuration_source.as_deref(), &CONFIGURATION_SOURCE);
    }
}

/// Shape `CodeConfigurationValues`.
#[derive(Clone, Default, Serialize)]
pub struct CodeConfigurationValues {
    /// Member `BuildCommand`.
    #[serde(rename = "BuildCommand", skip_serializing_if = "Option::is_none")]
    pub build_command: Option<String>,
    /// Member `Port`.
    #[serde(rename = "Port", skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Member `Runtime`.
    #[serde(rename = "Runtime", skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// Member `RuntimeEnvironmentSecrets`.
    #[serde(rename = "RuntimeEnvironmentSecrets", skip_serializing_if = "Option::is_none")]
    pub runtime_environment_secrets: Option<BTreeMap<String, String>>,
    /// Member `RuntimeEnvironmentVariables`.
    #[serde(rename = "RuntimeEnvironmentVariables", skip_serializing_if = "Option::is_none")]
    pub runtime_environment_variables: Option<BTreeMap<String, String>>,
    /// Member `StartCommand`.
    #[serde(rename = "StartCommand", skip_serializing_if = "Option::is_none")]
    pub start_command: Option<String>,
}

impl Structure for CodeConfigurationValues {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "BuildCommand" => self.build_command = value.next_value()?,
            "Port" => self.port = value.next_value()?,
            "Runtime" => self.runtime = value.next_value()?,
            "RuntimeEnvironmentSecrets" => self.runtime_environment_secrets = value.next_value()?,
            "RuntimeEnvironmentVariables" => self.runtime_environment_variables = value.next_value()?,
            "StartCommand" => self.start_command = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CodeConfigurationValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CodeConfigurationValues {
    fn check(&self, walk: &mut Walk) {
        walk.text("BuildCommand", self.build_command.as_deref(), &BUILD_COMMAND);
        walk.text("Port", self.port.as_deref(), &STRING);
        walk.required("Runtime", self.runtime.is_some());
        walk.text("Runtime", self.runtime.as_deref(), &RUNTIME);
        walk.map(
            "RuntimeEnvironmentSecrets",
            self.runtime_environment_secrets.as_ref(),
            &RUNTIME_ENVIRONMENT_SECRETS_NAME,
            &RUNTIME_ENVIRONMENT_SECRETS_VALUE,
        );
        walk.map(
            "RuntimeEnvironmentVariables",
            self.runtime_environment_variables.as_ref(),
            &RUNTIME_ENVIRONMENT_VARIABLES_KEY,
            &RUNTIME_ENVIRONMENT_VARIABLES_VALUE,
        );
        walk.text("StartCommand", self.start_command.as_deref(), &START_COMMAND);
    }
}

/// Shape `CodeRepository`.
#[derive(Clone, Default, Serialize)]
pub struct CodeRepository {
    /// Member `CodeConfiguration`.
    #[serde(rename = "CodeConfiguration", skip_serializing_if = "Option::is_none")]
    pub code_configuration: Option<CodeConfiguration>,
    /// Member `RepositoryUrl`.
    #[serde(rename = "RepositoryUrl", skip_serializing_if = "Option::is_none")]
    pub repository_url: Option<String>,
    /// Member `SourceCodeVersion`.
    #[serde(rename = "SourceCodeVersion", skip_serializing_if = "Option::is_none")]
    pub source_code_version: Option<SourceCodeVersion>,
    /// Member `SourceDirectory`.
    #[serde(rename = "SourceDirectory", skip_serializing_if = "Option::is_none")]
    pub source_directory: Option<String>,
}

impl Structure for CodeRepository {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "CodeConfiguration" => self.code_configuration = value.next_value()?,
            "RepositoryUrl" => self.repository_url = value.next_value()?,
            "SourceCodeVersion" => self.source_code_version = value.next_value()?,
            "SourceDirectory" => self.source_directory = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CodeRepository {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CodeRepository {
    fn check(&self, walk: &mut Walk) {
        walk.nested("CodeConfiguration", self.code_configuration.as_ref());
        walk.required("RepositoryUrl", self.repository_url.is_some());
        walk.text("RepositoryUrl", self.repository_url.as_deref(), &STRING);
        walk.required("SourceCodeVersion", self.source_code_version.is_some());
        walk.nested("SourceCodeVersion", self.source_code_version.as_ref());
        walk.text("SourceDirectory", self.source_directory.as_deref(), &SOURCE_DIRECTORY);
    }
}

/// Shape `Connection`.
#[derive(Clone, Serialize)]
pub struct Connection {
    /// Member `ConnectionArn`.
    #[serde(rename = "ConnectionArn", skip_serializing_if = "Option::is_none")]
    pub connection_arn: Option<String>,
    /// Member `ConnectionName`.
    #[serde(rename = "ConnectionName", skip_serializing_if = "Option::is_none")]
    pub connection_name: Option<String>,
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `ProviderType`.
    #[serde(rename = "ProviderType", skip_serializing_if = "Option::is_none")]
    pub provider_type: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Shape `ConnectionSummary`.
#[derive(Clone, Serialize)]
pub struct ConnectionSummary {
    /// Member `ConnectionArn`.
    #[serde(rename = "ConnectionArn", skip_serializing_if = "Option::is_none")]
    pub connection_arn: Option<String>,
    /// Member `ConnectionName`.
    #[serde(rename = "ConnectionName", skip_serializing_if = "Option::is_none")]
    pub connection_name: Option<String>,
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `ProviderType`.
    #[serde(rename = "ProviderType", skip_serializing_if = "Option::is_none")]
    pub provider_type: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Shape `CreateAutoScalingConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateAutoScalingConfigurationRequest {
    /// Member `AutoScalingConfigurationName`.
    #[serde(rename = "AutoScalingConfigurationName", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_name: Option<String>,
    /// Member `MaxConcurrency`.
    #[serde(rename = "MaxConcurrency", skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<i32>,
    /// Member `MaxSize`.
    #[serde(rename = "MaxSize", skip_serializing_if = "Option::is_none")]
    pub max_size: Option<i32>,
    /// Member `MinSize`.
    #[serde(rename = "MinSize", skip_serializing_if = "Option::is_none")]
    pub min_size: Option<i32>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for CreateAutoScalingConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutoScalingConfigurationName" => self.auto_scaling_configuration_name = value.next_value()?,
            "MaxConcurrency" => self.max_concurrency = value.next_value()?,
            "MaxSize" => self.max_size = value.next_value()?,
            "MinSize" => self.min_size = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateAutoScalingConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateAutoScalingConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AutoScalingConfigurationName", self.auto_scaling_configuration_name.is_some());
        walk.text(
            "AutoScalingConfigurationName",
            self.auto_scaling_configuration_name.as_deref(),
            &AUTO_SCALING_CONFIGURATION_NAME,
        );
        walk.number("MaxConcurrency", self.max_concurrency, &AS_CONFIG_MAX_CONCURRENCY);
        walk.number("MaxSize", self.max_size, &AS_CONFIG_MAX_SIZE);
        walk.number("MinSize", self.min_size, &AS_CONFIG_MIN_SIZE);
        walk.structures("Tags", self.tags.as_deref(), None);
    }
}

/// Shape `CreateAutoScalingConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct CreateAutoScalingConfigurationResponse {
    /// Member `AutoScalingConfiguration`.
    #[serde(rename = "AutoScalingConfiguration")]
    pub auto_scaling_configuration: AutoScalingConfiguration,
}

/// Shape `CreateConnectionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateConnectionRequest {
    /// Member `ConnectionName`.
    #[serde(rename = "ConnectionName", skip_serializing_if = "Option::is_none")]
    pub connection_name: Option<String>,
    /// Member `ProviderType`.
    #[serde(rename = "ProviderType", skip_serializing_if = "Option::is_none")]
    pub provider_type: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for CreateConnectionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ConnectionName" => self.connection_name = value.next_value()?,
            "ProviderType" => self.provider_type = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateConnectionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateConnectionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ConnectionName", self.connection_name.is_some());
        walk.text("ConnectionName", self.connection_name.as_deref(), &CONNECTION_NAME);
        walk.required("ProviderType", self.provider_type.is_some());
        walk.text("ProviderType", self.provider_type.as_deref(), &PROVIDER_TYPE);
        walk.structures("Tags", self.tags.as_deref(), None);
    }
}

/// Shape `CreateConnectionResponse`.
#[derive(Clone, Serialize)]
pub struct CreateConnectionResponse {
    /// Member `Connection`.
    #[serde(rename = "Connection")]
    pub connection: Connection,
}

/// Shape `CreateObservabilityConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateObservabilityConfigurationRequest {
    /// Member `ObservabilityConfigurationName`.
    #[serde(rename = "ObservabilityConfigurationName", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_name: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `TraceConfiguration`.
    #[serde(rename = "TraceConfiguration", skip_serializing_if = "Option::is_none")]
    pub trace_configuration: Option<TraceConfiguration>,
}

impl Structure for CreateObservabilityConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ObservabilityConfigurationName" => self.observability_configuration_name = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            "TraceConfiguration" => self.trace_configuration = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateObservabilityConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateObservabilityConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ObservabilityConfigurationName", self.observability_configuration_name.is_some());
        walk.text(
            "ObservabilityConfigurationName",
            self.observability_configuration_name.as_deref(),
            &OBSERVABILITY_CONFIGURATION_NAME,
        );
        walk.structures("Tags", self.tags.as_deref(), None);
        walk.nested("TraceConfiguration", self.trace_configuration.as_ref());
    }
}

/// Shape `CreateObservabilityConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct CreateObservabilityConfigurationResponse {
    /// Member `ObservabilityConfiguration`.
    #[serde(rename = "ObservabilityConfiguration")]
    pub observability_configuration: ObservabilityConfiguration,
}

/// Shape `CreateServiceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateServiceRequest {
    /// Member `AutoScalingConfigurationArn`.
    #[serde(rename = "AutoScalingConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_arn: Option<String>,
    /// Member `EncryptionConfiguration`.
    #[serde(rename = "EncryptionConfiguration", skip_serializing_if = "Option::is_none")]
    pub encryption_configuration: Option<EncryptionConfiguration>,
    /// Member `HealthCheckConfiguration`.
    #[serde(rename = "HealthCheckConfiguration", skip_serializing_if = "Option::is_none")]
    pub health_check_configuration: Option<HealthCheckConfiguration>,
    /// Member `InstanceConfiguration`.
    #[serde(rename = "InstanceConfiguration", skip_serializing_if = "Option::is_none")]
    pub instance_configuration: Option<InstanceConfiguration>,
    /// Member `NetworkConfiguration`.
    #[serde(rename = "NetworkConfiguration", skip_serializing_if = "Option::is_none")]
    pub network_configuration: Option<NetworkConfiguration>,
    /// Member `ObservabilityConfiguration`.
    #[serde(rename = "ObservabilityConfiguration", skip_serializing_if = "Option::is_none")]
    pub observability_configuration: Option<ServiceObservabilityConfiguration>,
    /// Member `ServiceName`.
    #[serde(rename = "ServiceName", skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// Member `SourceConfiguration`.
    #[serde(rename = "SourceConfiguration", skip_serializing_if = "Option::is_none")]
    pub source_configuration: Option<SourceConfiguration>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for CreateServiceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutoScalingConfigurationArn" => self.auto_scaling_configuration_arn = value.next_value()?,
            "EncryptionConfiguration" => self.encryption_configuration = value.next_value()?,
            "HealthCheckConfiguration" => self.health_check_configuration = value.next_value()?,
            "InstanceConfiguration" => self.instance_configuration = value.next_value()?,
            "NetworkConfiguration" => self.network_configuration = value.next_value()?,
            "ObservabilityConfiguration" => self.observability_configuration = value.next_value()?,
            "ServiceName" => self.service_name = value.next_value()?,
            "SourceConfiguration" => self.source_configuration = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateServiceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateServiceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.nested("EncryptionConfiguration", self.encryption_configuration.as_ref());
        walk.nested("HealthCheckConfiguration", self.health_check_configuration.as_ref());
        walk.nested("InstanceConfiguration", self.instance_configuration.as_ref());
        walk.nested("NetworkConfiguration", self.network_configuration.as_ref());
        walk.nested("ObservabilityConfiguration", self.observability_configuration.as_ref());
        walk.required("ServiceName", self.service_name.is_some());
        walk.text("ServiceName", self.service_name.as_deref(), &SERVICE_NAME);
        walk.required("SourceConfiguration", self.source_configuration.is_some());
        walk.nested("SourceConfiguration", self.source_configuration.as_ref());
        walk.structures("Tags", self.tags.as_deref(), None);
    }
}

/// Shape `CreateServiceResponse`.
#[derive(Clone, Serialize)]
pub struct CreateServiceResponse {
    /// Member `OperationId`.
    #[serde(rename = "OperationId")]
    pub operation_id: String,
    /// Member `Service`.
    #[serde(rename = "Service")]
    pub service: Service,
}

/// Shape `CreateVpcConnectorRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateVpcConnectorRequest {
    /// Member `SecurityGroups`.
    #[serde(rename = "SecurityGroups", skip_serializing_if = "Option::is_none")]
    pub security_groups: Option<Vec<String>>,
    /// Member `Subnets`.
    #[serde(rename = "Subnets", skip_serializing_if = "Option::is_none")]
    pub subnets: Option<Vec<String>>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `VpcConnectorName`.
    #[serde(rename = "VpcConnectorName", skip_serializing_if = "Option::is_none")]
    pub vpc_connector_name: Option<String>,
}

impl Structure for CreateVpcConnectorRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "SecurityGroups" => self.security_groups = value.next_value()?,
            "Subnets" => self.subnets = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            "VpcConnectorName" => self.vpc_connector_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateVpcConnectorRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateVpcConnectorRequest {
    fn check(&self, walk: &mut Walk) {
        walk.texts("SecurityGroups", self.security_groups.as_deref(), None, &STRING);
        walk.required("Subnets", self.subnets.is_some());
        walk.texts("Subnets", self.subnets.as_deref(), None, &STRING);
        walk.structures("Tags", self.tags.as_deref(), None);
        walk.required("VpcConnectorName", self.vpc_connector_name.is_some());
        walk.text("VpcConnectorName", self.vpc_connector_name.as_deref(), &VPC_CONNECTOR_NAME);
    }
}

/// Shape `CreateVpcConnectorResponse`.
#[derive(Clone, Serialize)]
pub struct CreateVpcConnectorResponse {
    /// Member `VpcConnector`.
    #[serde(rename = "VpcConnector")]
    pub vpc_connector: VpcConnector,
}

/// Shape `CreateVpcIngressConnectionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateVpcIngressConnectionRequest {
    /// Member `IngressVpcConfiguration`.
    #[serde(rename = "IngressVpcConfiguration", skip_serializing_if = "Option::is_none")]
    pub ingress_vpc_configuration: Option<IngressVpcConfiguration>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Member `VpcIngressConnectionName`.
    #[serde(rename = "VpcIngressConnectionName", skip_serializing_if = "Option::is_none")]
    pub vpc_ingress_connection_name: Option<String>,
}

impl Structure for CreateVpcIngressConnectionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "IngressVpcConfiguration" => self.ingress_vpc_configuration = value.next_value()?,
            "ServiceArn" => self.service_arn = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            "VpcIngressConnectionName" => self.vpc_ingress_connection_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateVpcIngressConnectionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateVpcIngressConnectionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("IngressVpcConfiguration", self.ingress_vpc_configuration.is_some());
        walk.nested("IngressVpcConfiguration", self.ingress_vpc_configuration.as_ref());
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.structures("Tags", self.tags.as_deref(), None);
        walk.required("VpcIngressConnectionName", self.vpc_ingress_connection_name.is_some());
        walk.text("VpcIngressConnectionName", self.vpc_ingress_connection_name.as_deref(), &VPC_INGRESS_CONNECTION_NAME);
    }
}

/// Shape `CreateVpcIngressConnectionResponse`.
#[derive(Clone, Serialize)]
pub struct CreateVpcIngressConnectionResponse {
    /// Member `VpcIngressConnection`.
    #[serde(rename = "VpcIngressConnection")]
    pub vpc_ingress_connection: VpcIngressConnection,
}

/// Shape `CustomDomain`.
#[derive(Clone, Serialize)]
pub struct CustomDomain {
    /// Member `CertificateValidationRecords`.
    #[serde(rename = "CertificateValidationRecords", skip_serializing_if = "Option::is_none")]
    pub certificate_validation_records: Option<Vec<CertificateValidationRecord>>,
    /// Member `DomainName`.
    #[serde(rename = "DomainName")]
    pub domain_name: String,
    /// Member `EnableWWWSubdomain`.
    #[serde(rename = "EnableWWWSubdomain")]
    pub enable_www_subdomain: bool,
    /// Member `Status`.
    #[serde(rename = "Status")]
    pub status: String,
}

/// Shape `DeleteAutoScalingConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteAutoScalingConfigurationRequest {
    /// Member `AutoScalingConfigurationArn`.
    #[serde(rename = "AutoScalingConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_arn: Option<String>,
    /// Member `DeleteAllRevisions`.
    #[serde(rename = "DeleteAllRevisions", skip_serializing_if = "Option::is_none")]
    pub delete_all_revisions: Option<bool>,
}

impl Structure for DeleteAutoScalingConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutoScalingConfigurationArn" => self.auto_scaling_configuration_arn = value.next_value()?,
            "DeleteAllRevisions" => self.delete_all_revisions = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteAutoScalingConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteAutoScalingConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.is_some());
        walk.text("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DeleteAutoScalingConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteAutoScalingConfigurationResponse {
    /// Member `AutoScalingConfiguration`.
    #[serde(rename = "AutoScalingConfiguration")]
    pub auto_scaling_configuration: AutoScalingConfiguration,
}

/// Shape `DeleteConnectionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteConnectionRequest {
    /// Member `ConnectionArn`.
    #[serde(rename = "ConnectionArn", skip_serializing_if = "Option::is_none")]
    pub connection_arn: Option<String>,
}

impl Structure for DeleteConnectionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ConnectionArn" => self.connection_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteConnectionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteConnectionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ConnectionArn", self.connection_arn.is_some());
        walk.text("ConnectionArn", self.connection_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DeleteConnectionResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteConnectionResponse {
    /// Member `Connection`.
    #[serde(rename = "Connection", skip_serializing_if = "Option::is_none")]
    pub connection: Option<Connection>,
}

/// Shape `DeleteObservabilityConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteObservabilityConfigurationRequest {
    /// Member `ObservabilityConfigurationArn`.
    #[serde(rename = "ObservabilityConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_arn: Option<String>,
}

impl Structure for DeleteObservabilityConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ObservabilityConfigurationArn" => self.observability_configuration_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteObservabilityConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteObservabilityConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ObservabilityConfigurationArn", self.observability_configuration_arn.is_some());
        walk.text("ObservabilityConfigurationArn", self.observability_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DeleteObservabilityConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteObservabilityConfigurationResponse {
    /// Member `ObservabilityConfiguration`.
    #[serde(rename = "ObservabilityConfiguration")]
    pub observability_configuration: ObservabilityConfiguration,
}

/// Shape `DeleteServiceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteServiceRequest {
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for DeleteServiceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteServiceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteServiceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DeleteServiceResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteServiceResponse {
    /// Member `OperationId`.
    #[serde(rename = "OperationId")]
    pub operation_id: String,
    /// Member `Service`.
    #[serde(rename = "Service")]
    pub service: Service,
}

/// Shape `DeleteVpcConnectorRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteVpcConnectorRequest {
    /// Member `VpcConnectorArn`.
    #[serde(rename = "VpcConnectorArn", skip_serializing_if = "Option::is_none")]
    pub vpc_connector_arn: Option<String>,
}

impl Structure for DeleteVpcConnectorRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "VpcConnectorArn" => self.vpc_connector_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteVpcConnectorRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteVpcConnectorRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("VpcConnectorArn", self.vpc_connector_arn.is_some());
        walk.text("VpcConnectorArn", self.vpc_connector_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DeleteVpcConnectorResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteVpcConnectorResponse {
    /// Member `VpcConnector`.
    #[serde(rename = "VpcConnector")]
    pub vpc_connector: VpcConnector,
}

/// Shape `DeleteVpcIngressConnectionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteVpcIngressConnectionRequest {
    /// Member `VpcIngressConnectionArn`.
    #[serde(rename = "VpcIngressConnectionArn", skip_serializing_if = "Option::is_none")]
    pub vpc_ingress_connection_arn: Option<String>,
}

impl Structure for DeleteVpcIngressConnectionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "VpcIngressConnectionArn" => self.vpc_ingress_connection_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteVpcIngressConnectionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteVpcIngressConnectionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("VpcIngressConnectionArn", self.vpc_ingress_connection_arn.is_some());
        walk.text("VpcIngressConnectionArn", self.vpc_ingress_connection_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DeleteVpcIngressConnectionResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteVpcIngressConnectionResponse {
    /// Member `VpcIngressConnection`.
    #[serde(rename = "VpcIngressConnection")]
    pub vpc_ingress_connection: VpcIngressConnection,
}

/// Shape `DescribeAutoScalingConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeAutoScalingConfigurationRequest {
    /// Member `AutoScalingConfigurationArn`.
    #[serde(rename = "AutoScalingConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_arn: Option<String>,
}

impl Structure for DescribeAutoScalingConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutoScalingConfigurationArn" => self.auto_scaling_configuration_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeAutoScalingConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeAutoScalingConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.is_some());
        walk.text("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DescribeAutoScalingConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeAutoScalingConfigurationResponse {
    /// Member `AutoScalingConfiguration`.
    #[serde(rename = "AutoScalingConfiguration")]
    pub auto_scaling_configuration: AutoScalingConfiguration,
}

/// Shape `DescribeCustomDomainsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeCustomDomainsRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for DescribeCustomDomainsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeCustomDomainsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeCustomDomainsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &DESCRIBE_CUSTOM_DOMAINS_MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &STRING);
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DescribeCustomDomainsResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeCustomDomainsResponse {
    /// Member `CustomDomains`.
    #[serde(rename = "CustomDomains")]
    pub custom_domains: Vec<CustomDomain>,
    /// Member `DNSTarget`.
    #[serde(rename = "DNSTarget")]
    pub dns_target: String,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn")]
    pub service_arn: String,
    /// Member `VpcDNSTargets`.
    #[serde(rename = "VpcDNSTargets")]
    pub vpc_dns_targets: Vec<VpcDNSTarget>,
}

/// Shape `DescribeObservabilityConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeObservabilityConfigurationRequest {
    /// Member `ObservabilityConfigurationArn`.
    #[serde(rename = "ObservabilityConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_arn: Option<String>,
}

impl Structure for DescribeObservabilityConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ObservabilityConfigurationArn" => self.observability_configuration_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeObservabilityConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeObservabilityConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ObservabilityConfigurationArn", self.observability_configuration_arn.is_some());
        walk.text("ObservabilityConfigurationArn", self.observability_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DescribeObservabilityConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeObservabilityConfigurationResponse {
    /// Member `ObservabilityConfiguration`.
    #[serde(rename = "ObservabilityConfiguration")]
    pub observability_configuration: ObservabilityConfiguration,
}

/// Shape `DescribeServiceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeServiceRequest {
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for DescribeServiceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeServiceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeServiceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DescribeServiceResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeServiceResponse {
    /// Member `Service`.
    #[serde(rename = "Service")]
    pub service: Service,
}

/// Shape `DescribeVpcConnectorRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeVpcConnectorRequest {
    /// Member `VpcConnectorArn`.
    #[serde(rename = "VpcConnectorArn", skip_serializing_if = "Option::is_none")]
    pub vpc_connector_arn: Option<String>,
}

impl Structure for DescribeVpcConnectorRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "VpcConnectorArn" => self.vpc_connector_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeVpcConnectorRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeVpcConnectorRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("VpcConnectorArn", self.vpc_connector_arn.is_some());
        walk.text("VpcConnectorArn", self.vpc_connector_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DescribeVpcConnectorResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeVpcConnectorResponse {
    /// Member `VpcConnector`.
    #[serde(rename = "VpcConnector")]
    pub vpc_connector: VpcConnector,
}

/// Shape `DescribeVpcIngressConnectionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeVpcIngressConnectionRequest {
    /// Member `VpcIngressConnectionArn`.
    #[serde(rename = "VpcIngressConnectionArn", skip_serializing_if = "Option::is_none")]
    pub vpc_ingress_connection_arn: Option<String>,
}

impl Structure for DescribeVpcIngressConnectionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "VpcIngressConnectionArn" => self.vpc_ingress_connection_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeVpcIngressConnectionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeVpcIngressConnectionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("VpcIngressConnectionArn", self.vpc_ingress_connection_arn.is_some());
        walk.text("VpcIngressConnectionArn", self.vpc_ingress_connection_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DescribeVpcIngressConnectionResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeVpcIngressConnectionResponse {
    /// Member `VpcIngressConnection`.
    #[serde(rename = "VpcIngressConnection")]
    pub vpc_ingress_connection: VpcIngressConnection,
}

/// Shape `DisassociateCustomDomainRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DisassociateCustomDomainRequest {
    /// Member `DomainName`.
    #[serde(rename = "DomainName", skip_serializing_if = "Option::is_none")]
    pub domain_name: Option<String>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for DisassociateCustomDomainRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "DomainName" => self.domain_name = value.next_value()?,
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DisassociateCustomDomainRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DisassociateCustomDomainRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("DomainName", self.domain_name.is_some());
        walk.text("DomainName", self.domain_name.as_deref(), &DOMAIN_NAME);
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `DisassociateCustomDomainResponse`.
#[derive(Clone, Serialize)]
pub struct DisassociateCustomDomainResponse {
    /// Member `CustomDomain`.
    #[serde(rename = "CustomDomain")]
    pub custom_domain: CustomDomain,
    /// Member `DNSTarget`.
    #[serde(rename = "DNSTarget")]
    pub dns_target: String,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn")]
    pub service_arn: String,
    /// Member `VpcDNSTargets`.
    #[serde(rename = "VpcDNSTargets")]
    pub vpc_dns_targets: Vec<VpcDNSTarget>,
}

/// Shape `EgressConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct EgressConfiguration {
    /// Member `EgressType`.
    #[serde(rename = "EgressType", skip_serializing_if = "Option::is_none")]
    pub egress_type: Option<String>,
    /// Member `VpcConnectorArn`.
    #[serde(rename = "VpcConnectorArn", skip_serializing_if = "Option::is_none")]
    pub vpc_connector_arn: Option<String>,
}

impl Structure for EgressConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "EgressType" => self.egress_type = value.next_value()?,
            "VpcConnectorArn" => self.vpc_connector_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for EgressConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for EgressConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.text("EgressType", self.egress_type.as_deref(), &EGRESS_TYPE);
        walk.text("VpcConnectorArn", self.vpc_connector_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `EncryptionConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct EncryptionConfiguration {
    /// Member `KmsKey`.
    #[serde(rename = "KmsKey", skip_serializing_if = "Option::is_none")]
    pub kms_key: Option<String>,
}

impl Structure for EncryptionConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "KmsKey" => self.kms_key = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for EncryptionConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for EncryptionConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.required("KmsKey", self.kms_key.is_some());
        walk.text("KmsKey", self.kms_key.as_deref(), &KMS_KEY_ARN);
    }
}

/// Shape `HealthCheckConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct HealthCheckConfiguration {
    /// Member `HealthyThreshold`.
    #[serde(rename = "HealthyThreshold", skip_serializing_if = "Option::is_none")]
    pub healthy_threshold: Option<i32>,
    /// Member `Interval`.
    #[serde(rename = "Interval", skip_serializing_if = "Option::is_none")]
    pub interval: Option<i32>,
    /// Member `Path`.
    #[serde(rename = "Path", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Member `Protocol`.
    #[serde(rename = "Protocol", skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Member `Timeout`.
    #[serde(rename = "Timeout", skip_serializing_if = "Option::is_none")]
    pub timeout: Option<i32>,
    /// Member `UnhealthyThreshold`.
    #[serde(rename = "UnhealthyThreshold", skip_serializing_if = "Option::is_none")]
    pub unhealthy_threshold: Option<i32>,
}

impl Structure for HealthCheckConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "HealthyThreshold" => self.healthy_threshold = value.next_value()?,
            "Interval" => self.interval = value.next_value()?,
            "Path" => self.path = value.next_value()?,
            "Protocol" => self.protocol = value.next_value()?,
            "Timeout" => self.timeout = value.next_value()?,
            "UnhealthyThreshold" => self.unhealthy_threshold = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for HealthCheckConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for HealthCheckConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.number("HealthyThreshold", self.healthy_threshold, &HEALTH_CHECK_HEALTHY_THRESHOLD);
        walk.number("Interval", self.interval, &HEALTH_CHECK_INTERVAL);
        walk.text("Path", self.path.as_deref(), &HEALTH_CHECK_PATH);
        walk.text("Protocol", self.protocol.as_deref(), &HEALTH_CHECK_PROTOCOL);
        walk.number("Timeout", self.timeout, &HEALTH_CHECK_TIMEOUT);
        walk.number("UnhealthyThreshold", self.unhealthy_threshold, &HEALTH_CHECK_UNHEALTHY_THRESHOLD);
    }
}

/// Shape `ImageConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct ImageConfiguration {
    /// Member `Port`.
    #[serde(rename = "Port", skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Member `RuntimeEnvironmentSecrets`.
    #[serde(rename = "RuntimeEnvironmentSecrets", skip_serializing_if = "Option::is_none")]
    pub runtime_environment_secrets: Option<BTreeMap<String, String>>,
    /// Member `RuntimeEnvironmentVariables`.
    #[serde(rename = "RuntimeEnvironmentVariables", skip_serializing_if = "Option::is_none")]
    pub runtime_environment_variables: Option<BTreeMap<String, String>>,
    /// Member `StartCommand`.
    #[serde(rename = "StartCommand", skip_serializing_if = "Option::is_none")]
    pub start_command: Option<String>,
}

impl Structure for ImageConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Port" => self.port = value.next_value()?,
            "RuntimeEnvironmentSecrets" => self.runtime_environment_secrets = value.next_value()?,
            "RuntimeEnvironmentVariables" => self.runtime_environment_variables = value.next_value()?,
            "StartCommand" => self.start_command = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ImageConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ImageConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.text("Port", self.port.as_deref(), &STRING);
        walk.map(
            "RuntimeEnvironmentSecrets",
            self.runtime_environment_secrets.as_ref(),
            &RUNTIME_ENVIRONMENT_SECRETS_NAME,
            &RUNTIME_ENVIRONMENT_SECRETS_VALUE,
        );
        walk.map(
            "RuntimeEnvironmentVariables",
            self.runtime_environment_variables.as_ref(),
            &RUNTIME_ENVIRONMENT_VARIABLES_KEY,
            &RUNTIME_ENVIRONMENT_VARIABLES_VALUE,
        );
        walk.text("StartCommand", self.start_command.as_deref(), &START_COMMAND);
    }
}

/// Shape `ImageRepository`.
#[derive(Clone, Default, Serialize)]
pub struct ImageRepository {
    /// Member `ImageConfiguration`.
    #[serde(rename = "ImageConfiguration", skip_serializing_if = "Option::is_none")]
    pub image_configuration: Option<ImageConfiguration>,
    /// Member `ImageIdentifier`.
    #[serde(rename = "ImageIdentifier", skip_serializing_if = "Option::is_none")]
    pub image_identifier: Option<String>,
    /// Member `ImageRepositoryType`.
    #[serde(rename = "ImageRepositoryType", skip_serializing_if = "Option::is_none")]
    pub image_repository_type: Option<String>,
}

impl Structure for ImageRepository {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ImageConfiguration" => self.image_configuration = value.next_value()?,
            "ImageIdentifier" => self.image_identifier = value.next_value()?,
            "ImageRepositoryType" => self.image_repository_type = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ImageRepository {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ImageRepository {
    fn check(&self, walk: &mut Walk) {
        walk.nested("ImageConfiguration", self.image_configuration.as_ref());
        walk.required("ImageIdentifier", self.image_identifier.is_some());
        walk.text("ImageIdentifier", self.image_identifier.as_deref(), &IMAGE_IDENTIFIER);
        walk.required("ImageRepositoryType", self.image_repository_type.is_some());
        walk.text("ImageRepositoryType", self.image_repository_type.as_deref(), &IMAGE_REPOSITORY_TYPE);
    }
}

/// Shape `IngressConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct IngressConfiguration {
    /// Member `IsPubliclyAccessible`.
    #[serde(rename = "IsPubliclyAccessible", skip_serializing_if = "Option::is_none")]
    pub is_publicly_accessible: Option<bool>,
}

impl Structure for IngressConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "IsPubliclyAccessible" => self.is_publicly_accessible = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for IngressConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for IngressConfiguration {
    fn check(&self, _walk: &mut Walk) {}
}

/// Shape `IngressVpcConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct IngressVpcConfiguration {
    /// Member `VpcEndpointId`.
    #[serde(rename = "VpcEndpointId", skip_serializing_if = "Option::is_none")]
    pub vpc_endpoint_id: Option<String>,
    /// Member `VpcId`.
    #[serde(rename = "VpcId", skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
}

impl Structure for IngressVpcConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "VpcEndpointId" => self.vpc_endpoint_id = value.next_value()?,
            "VpcId" => self.vpc_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for IngressVpcConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for IngressVpcConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.text("VpcEndpointId", self.vpc_endpoint_id.as_deref(), &STRING);
        walk.text("VpcId", self.vpc_id.as_deref(), &STRING);
    }
}

/// Shape `InstanceConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct InstanceConfiguration {
    /// Member `Cpu`.
    #[serde(rename = "Cpu", skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Member `InstanceRoleArn`.
    #[serde(rename = "InstanceRoleArn", skip_serializing_if = "Option::is_none")]
    pub instance_role_arn: Option<String>,
    /// Member `Memory`.
    #[serde(rename = "Memory", skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
}

impl Structure for InstanceConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Cpu" => self.cpu = value.next_value()?,
            "InstanceRoleArn" => self.instance_role_arn = value.next_value()?,
            "Memory" => self.memory = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for InstanceConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for InstanceConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.text("Cpu", self.cpu.as_deref(), &CPU);
        walk.text("InstanceRoleArn", self.instance_role_arn.as_deref(), &ROLE_ARN);
        walk.text("Memory", self.memory.as_deref(), &MEMORY);
    }
}

/// Shape `ListAutoScalingConfigurationsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListAutoScalingConfigurationsRequest {
    /// Member `AutoScalingConfigurationName`.
    #[serde(rename = "AutoScalingConfigurationName", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_name: Option<String>,
    /// Member `LatestOnly`.
    #[serde(rename = "LatestOnly", skip_serializing_if = "Option::is_none")]
    pub latest_only: Option<bool>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Structure for ListAutoScalingConfigurationsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutoScalingConfigurationName" => self.auto_scaling_configuration_name = value.next_value()?,
            "LatestOnly" => self.latest_only = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListAutoScalingConfigurationsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListAutoScalingConfigurationsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text(
            "AutoScalingConfigurationName",
            self.auto_scaling_configuration_name.as_deref(),
            &AUTO_SCALING_CONFIGURATION_NAME,
        );
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
    }
}

/// Shape `ListAutoScalingConfigurationsResponse`.
#[derive(Clone, Serialize)]
pub struct ListAutoScalingConfigurationsResponse {
    /// Member `AutoScalingConfigurationSummaryList`.
    #[serde(rename = "AutoScalingConfigurationSummaryList")]
    pub auto_scaling_configuration_summary_list: Vec<AutoScalingConfigurationSummary>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Shape `ListConnectionsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListConnectionsRequest {
    /// Member `ConnectionName`.
    #[serde(rename = "ConnectionName", skip_serializing_if = "Option::is_none")]
    pub connection_name: Option<String>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Structure for ListConnectionsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ConnectionName" => self.connection_name = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListConnectionsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListConnectionsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("ConnectionName", self.connection_name.as_deref(), &CONNECTION_NAME);
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
    }
}

/// Shape `ListConnectionsResponse`.
#[derive(Clone, Serialize)]
pub struct ListConnectionsResponse {
    /// Member `ConnectionSummaryList`.
    #[serde(rename = "ConnectionSummaryList")]
    pub connection_summary_list: Vec<ConnectionSummary>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Shape `ListObservabilityConfigurationsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListObservabilityConfigurationsRequest {
    /// Member `LatestOnly`.
    #[serde(rename = "LatestOnly", skip_serializing_if = "Option::is_none")]
    pub latest_only: Option<bool>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ObservabilityConfigurationName`.
    #[serde(rename = "ObservabilityConfigurationName", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_name: Option<String>,
}

impl Structure for ListObservabilityConfigurationsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "LatestOnly" => self.latest_only = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "ObservabilityConfigurationName" => self.observability_configuration_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListObservabilityConfigurationsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListObservabilityConfigurationsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
        walk.text(
            "ObservabilityConfigurationName",
            self.observability_configuration_name.as_deref(),
            &OBSERVABILITY_CONFIGURATION_NAME,
        );
    }
}

/// Shape `ListObservabilityConfigurationsResponse`.
#[derive(Clone, Serialize)]
pub struct ListObservabilityConfigurationsResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ObservabilityConfigurationSummaryList`.
    #[serde(rename = "ObservabilityConfigurationSummaryList")]
    pub observability_configuration_summary_list: Vec<ObservabilityConfigurationSummary>,
}

/// Shape `ListOperationsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListOperationsRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for ListOperationsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListOperationsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListOperationsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &LIST_OPERATIONS_MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &STRING);
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `ListOperationsResponse`.
#[derive(Clone, Serialize)]
pub struct ListOperationsResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `OperationSummaryList`.
    #[serde(rename = "OperationSummaryList", skip_serializing_if = "Option::is_none")]
    pub operation_summary_list: Option<Vec<OperationSummary>>,
}

/// Shape `ListServicesForAutoScalingConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListServicesForAutoScalingConfigurationRequest {
    /// Member `AutoScalingConfigurationArn`.
    #[serde(rename = "AutoScalingConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_arn: Option<String>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Structure for ListServicesForAutoScalingConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutoScalingConfigurationArn" => self.auto_scaling_configuration_arn = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListServicesForAutoScalingConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListServicesForAutoScalingConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.is_some());
        walk.text("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
    }
}

/// Shape `ListServicesForAutoScalingConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct ListServicesForAutoScalingConfigurationResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ServiceArnList`.
    #[serde(rename = "ServiceArnList")]
    pub service_arn_list: Vec<String>,
}

/// Shape `ListServicesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListServicesRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Structure for ListServicesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListServicesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListServicesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &SERVICE_MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &STRING);
    }
}

/// Shape `ListServicesResponse`.
#[derive(Clone, Serialize)]
pub struct ListServicesResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `ServiceSummaryList`.
    #[serde(rename = "ServiceSummaryList")]
    pub service_summary_list: Vec<ServiceSummary>,
}

/// Shape `ListTagsForResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListTagsForResourceRequest {
    /// Member `ResourceArn`.
    #[serde(rename = "ResourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
}

impl Structure for ListTagsForResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ResourceArn" => self.resource_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListTagsForResourceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListTagsForResourceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ResourceArn", self.resource_arn.is_some());
        walk.text("ResourceArn", self.resource_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `ListTagsForResourceResponse`.
#[derive(Clone, Serialize)]
pub struct ListTagsForResourceResponse {
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

/// Shape `ListVpcConnectorsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListVpcConnectorsRequest {
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Structure for ListVpcConnectorsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListVpcConnectorsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListVpcConnectorsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
    }
}

/// Shape `ListVpcConnectorsResponse`.
#[derive(Clone, Serialize)]
pub struct ListVpcConnectorsResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `VpcConnectors`.
    #[serde(rename = "VpcConnectors")]
    pub vpc_connectors: Vec<VpcConnector>,
}

/// Shape `ListVpcIngressConnectionsFilter`.
#[derive(Clone, Default, Serialize)]
pub struct ListVpcIngressConnectionsFilter {
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
    /// Member `VpcEndpointId`.
    #[serde(rename = "VpcEndpointId", skip_serializing_if = "Option::is_none")]
    pub vpc_endpoint_id: Option<String>,
}

impl Structure for ListVpcIngressConnectionsFilter {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            "VpcEndpointId" => self.vpc_endpoint_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListVpcIngressConnectionsFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListVpcIngressConnectionsFilter {
    fn check(&self, walk: &mut Walk) {
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.text("VpcEndpointId", self.vpc_endpoint_id.as_deref(), &STRING);
    }
}

/// Shape `ListVpcIngressConnectionsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListVpcIngressConnectionsRequest {
    /// Member `Filter`.
    #[serde(rename = "Filter", skip_serializing_if = "Option::is_none")]
    pub filter: Option<ListVpcIngressConnectionsFilter>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Structure for ListVpcIngressConnectionsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Filter" => self.filter = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListVpcIngressConnectionsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListVpcIngressConnectionsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.nested("Filter", self.filter.as_ref());
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
        walk.text("NextToken", self.next_token.as_deref(), &NEXT_TOKEN);
    }
}

/// Shape `ListVpcIngressConnectionsResponse`.
#[derive(Clone, Serialize)]
pub struct ListVpcIngressConnectionsResponse {
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `VpcIngressConnectionSummaryList`.
    #[serde(rename = "VpcIngressConnectionSummaryList")]
    pub vpc_ingress_connection_summary_list: Vec<VpcIngressConnectionSummary>,
}

/// Shape `NetworkConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct NetworkConfiguration {
    /// Member `EgressConfiguration`.
    #[serde(rename = "EgressConfiguration", skip_serializing_if = "Option::is_none")]
    pub egress_configuration: Option<EgressConfiguration>,
    /// Member `IngressConfiguration`.
    #[serde(rename = "IngressConfiguration", skip_serializing_if = "Option::is_none")]
    pub ingress_configuration: Option<IngressConfiguration>,
    /// Member `IpAddressType`.
    #[serde(rename = "IpAddressType", skip_serializing_if = "Option::is_none")]
    pub ip_address_type: Option<String>,
}

impl Structure for NetworkConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "EgressConfiguration" => self.egress_configuration = value.next_value()?,
            "IngressConfiguration" => self.ingress_configuration = value.next_value()?,
            "IpAddressType" => self.ip_address_type = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for NetworkConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for NetworkConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.nested("EgressConfiguration", self.egress_configuration.as_ref());
        walk.nested("IngressConfiguration", self.ingress_configuration.as_ref());
        walk.text("IpAddressType", self.ip_address_type.as_deref(), &IP_ADDRESS_TYPE);
    }
}

/// Shape `ObservabilityConfiguration`.
#[derive(Clone, Serialize)]
pub struct ObservabilityConfiguration {
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `DeletedAt`.
    #[serde(rename = "DeletedAt", skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<f64>,
    /// Member `Latest`.
    #[serde(rename = "Latest", skip_serializing_if = "Option::is_none")]
    pub latest: Option<bool>,
    /// Member `ObservabilityConfigurationArn`.
    #[serde(rename = "ObservabilityConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_arn: Option<String>,
    /// Member `ObservabilityConfigurationName`.
    #[serde(rename = "ObservabilityConfigurationName", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_name: Option<String>,
    /// Member `ObservabilityConfigurationRevision`.
    #[serde(rename = "ObservabilityConfigurationRevision", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_revision: Option<i32>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `TraceConfiguration`.
    #[serde(rename = "TraceConfiguration", skip_serializing_if = "Option::is_none")]
    pub trace_configuration: Option<TraceConfiguration>,
}

/// Shape `ObservabilityConfigurationSummary`.
#[derive(Clone, Serialize)]
pub struct ObservabilityConfigurationSummary {
    /// Member `ObservabilityConfigurationArn`.
    #[serde(rename = "ObservabilityConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_arn: Option<String>,
    /// Member `ObservabilityConfigurationName`.
    #[serde(rename = "ObservabilityConfigurationName", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_name: Option<String>,
    /// Member `ObservabilityConfigurationRevision`.
    #[serde(rename = "ObservabilityConfigurationRevision", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_revision: Option<i32>,
}

/// Shape `OperationSummary`.
#[derive(Clone, Serialize)]
pub struct OperationSummary {
    /// Member `EndedAt`.
    #[serde(rename = "EndedAt", skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<f64>,
    /// Member `Id`.
    #[serde(rename = "Id", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Member `StartedAt`.
    #[serde(rename = "StartedAt", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<f64>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `TargetArn`.
    #[serde(rename = "TargetArn", skip_serializing_if = "Option::is_none")]
    pub target_arn: Option<String>,
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `UpdatedAt`.
    #[serde(rename = "UpdatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<f64>,
}

/// Shape `PauseServiceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PauseServiceRequest {
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for PauseServiceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PauseServiceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PauseServiceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `PauseServiceResponse`.
#[derive(Clone, Serialize)]
pub struct PauseServiceResponse {
    /// Member `OperationId`.
    #[serde(rename = "OperationId", skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// Member `Service`.
    #[serde(rename = "Service")]
    pub service: Service,
}

/// Shape `ResumeServiceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ResumeServiceRequest {
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for ResumeServiceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ResumeServiceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ResumeServiceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `ResumeServiceResponse`.
#[derive(Clone, Serialize)]
pub struct ResumeServiceResponse {
    /// Member `OperationId`.
    #[serde(rename = "OperationId", skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// Member `Service`.
    #[serde(rename = "Service")]
    pub service: Service,
}

/// Shape `Service`.
#[derive(Clone, Serialize)]
pub struct Service {
    /// Member `AutoScalingConfigurationSummary`.
    #[serde(rename = "AutoScalingConfigurationSummary")]
    pub auto_scaling_configuration_summary: AutoScalingConfigurationSummary,
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt")]
    pub created_at: f64,
    /// Member `DeletedAt`.
    #[serde(rename = "DeletedAt", skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<f64>,
    /// Member `EncryptionConfiguration`.
    #[serde(rename = "EncryptionConfiguration", skip_serializing_if = "Option::is_none")]
    pub encryption_configuration: Option<EncryptionConfiguration>,
    /// Member `HealthCheckConfiguration`.
    #[serde(rename = "HealthCheckConfiguration", skip_serializing_if = "Option::is_none")]
    pub health_check_configuration: Option<HealthCheckConfiguration>,
    /// Member `InstanceConfiguration`.
    #[serde(rename = "InstanceConfiguration")]
    pub instance_configuration: InstanceConfiguration,
    /// Member `NetworkConfiguration`.
    #[serde(rename = "NetworkConfiguration")]
    pub network_configuration: NetworkConfiguration,
    /// Member `ObservabilityConfiguration`.
    #[serde(rename = "ObservabilityConfiguration", skip_serializing_if = "Option::is_none")]
    pub observability_configuration: Option<ServiceObservabilityConfiguration>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn")]
    pub service_arn: String,
    /// Member `ServiceId`.
    #[serde(rename = "ServiceId")]
    pub service_id: String,
    /// Member `ServiceName`.
    #[serde(rename = "ServiceName")]
    pub service_name: String,
    /// Member `ServiceUrl`.
    #[serde(rename = "ServiceUrl", skip_serializing_if = "Option::is_none")]
    pub service_url: Option<String>,
    /// Member `SourceConfiguration`.
    #[serde(rename = "SourceConfiguration")]
    pub source_configuration: SourceConfiguration,
    /// Member `Status`.
    #[serde(rename = "Status")]
    pub status: String,
    /// Member `UpdatedAt`.
    #[serde(rename = "UpdatedAt")]
    pub updated_at: f64,
}

/// Shape `ServiceObservabilityConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct ServiceObservabilityConfiguration {
    /// Member `ObservabilityConfigurationArn`.
    #[serde(rename = "ObservabilityConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub observability_configuration_arn: Option<String>,
    /// Member `ObservabilityEnabled`.
    #[serde(rename = "ObservabilityEnabled", skip_serializing_if = "Option::is_none")]
    pub observability_enabled: Option<bool>,
}

impl Structure for ServiceObservabilityConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ObservabilityConfigurationArn" => self.observability_configuration_arn = value.next_value()?,
            "ObservabilityEnabled" => self.observability_enabled = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ServiceObservabilityConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ServiceObservabilityConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.text("ObservabilityConfigurationArn", self.observability_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.required("ObservabilityEnabled", self.observability_enabled.is_some());
    }
}

/// Shape `ServiceSummary`.
#[derive(Clone, Serialize)]
pub struct ServiceSummary {
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
    /// Member `ServiceId`.
    #[serde(rename = "ServiceId", skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// Member `ServiceName`.
    #[serde(rename = "ServiceName", skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// Member `ServiceUrl`.
    #[serde(rename = "ServiceUrl", skip_serializing_if = "Option::is_none")]
    pub service_url: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `UpdatedAt`.
    #[serde(rename = "UpdatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<f64>,
}

/// Shape `SourceCodeVersion`.
#[derive(Clone, Default, Serialize)]
pub struct SourceCodeVersion {
    /// Member `Type`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Structure for SourceCodeVersion {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Type" => self.r#type = value.next_value()?,
            "Value" => self.value = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for SourceCodeVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for SourceCodeVersion {
    fn check(&self, walk: &mut Walk) {
        walk.required("Type", self.r#type.is_some());
        walk.text("Type", self.r#type.as_deref(), &SOURCE_CODE_VERSION_TYPE);
        walk.required("Value", self.value.is_some());
        walk.text("Value", self.value.as_deref(), &STRING);
    }
}

/// Shape `SourceConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct SourceConfiguration {
    /// Member `AuthenticationConfiguration`.
    #[serde(rename = "AuthenticationConfiguration", skip_serializing_if = "Option::is_none")]
    pub authentication_configuration: Option<AuthenticationConfiguration>,
    /// Member `AutoDeploymentsEnabled`.
    #[serde(rename = "AutoDeploymentsEnabled", skip_serializing_if = "Option::is_none")]
    pub auto_deployments_enabled: Option<bool>,
    /// Member `CodeRepository`.
    #[serde(rename = "CodeRepository", skip_serializing_if = "Option::is_none")]
    pub code_repository: Option<CodeRepository>,
    /// Member `ImageRepository`.
    #[serde(rename = "ImageRepository", skip_serializing_if = "Option::is_none")]
    pub image_repository: Option<ImageRepository>,
}

impl Structure for SourceConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AuthenticationConfiguration" => self.authentication_configuration = value.next_value()?,
            "AutoDeploymentsEnabled" => self.auto_deployments_enabled = value.next_value()?,
            "CodeRepository" => self.code_repository = value.next_value()?,
            "ImageRepository" => self.image_repository = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for SourceConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for SourceConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.nested("AuthenticationConfiguration", self.authentication_configuration.as_ref());
        walk.nested("CodeRepository", self.code_repository.as_ref());
        walk.nested("ImageRepository", self.image_repository.as_ref());
    }
}

/// Shape `StartDeploymentRequest`.
#[derive(Clone, Default, Serialize)]
pub struct StartDeploymentRequest {
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
}

impl Structure for StartDeploymentRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for StartDeploymentRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for StartDeploymentRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `StartDeploymentResponse`.
#[derive(Clone, Serialize)]
pub struct StartDeploymentResponse {
    /// Member `OperationId`.
    #[serde(rename = "OperationId")]
    pub operation_id: String,
}

/// Shape `Tag`.
#[derive(Clone, Default, Serialize)]
pub struct Tag {
    /// Member `Key`.
    #[serde(rename = "Key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Member `Value`.
    #[serde(rename = "Value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Structure for Tag {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Key" => self.key = value.next_value()?,
            "Value" => self.value = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for Tag {
    fn check(&self, walk: &mut Walk) {
        walk.text("Key", self.key.as_deref(), &TAG_KEY);
        walk.text("Value", self.value.as_deref(), &TAG_VALUE);
    }
}

/// Shape `TagResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct TagResourceRequest {
    /// Member `ResourceArn`.
    #[serde(rename = "ResourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// Member `Tags`.
    #[serde(rename = "Tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for TagResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ResourceArn" => self.resource_arn = value.next_value()?,
            "Tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for TagResourceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for TagResourceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ResourceArn", self.resource_arn.is_some());
        walk.text("ResourceArn", self.resource_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.required("Tags", self.tags.is_some());
        walk.structures("Tags", self.tags.as_deref(), None);
    }
}

/// Shape `TraceConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct TraceConfiguration {
    /// Member `Vendor`.
    #[serde(rename = "Vendor", skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
}

impl Structure for TraceConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "Vendor" => self.vendor = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for TraceConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for TraceConfiguration {
    fn check(&self, walk: &mut Walk) {
        walk.required("Vendor", self.vendor.is_some());
        walk.text("Vendor", self.vendor.as_deref(), &TRACING_VENDOR);
    }
}

/// Shape `UntagResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UntagResourceRequest {
    /// Member `ResourceArn`.
    #[serde(rename = "ResourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// Member `TagKeys`.
    #[serde(rename = "TagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

impl Structure for UntagResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ResourceArn" => self.resource_arn = value.next_value()?,
            "TagKeys" => self.tag_keys = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UntagResourceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UntagResourceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ResourceArn", self.resource_arn.is_some());
        walk.text("ResourceArn", self.resource_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.required("TagKeys", self.tag_keys.is_some());
        walk.texts("TagKeys", self.tag_keys.as_deref(), None, &TAG_KEY);
    }
}

/// Shape `UpdateDefaultAutoScalingConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateDefaultAutoScalingConfigurationRequest {
    /// Member `AutoScalingConfigurationArn`.
    #[serde(rename = "AutoScalingConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_arn: Option<String>,
}

impl Structure for UpdateDefaultAutoScalingConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutoScalingConfigurationArn" => self.auto_scaling_configuration_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateDefaultAutoScalingConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateDefaultAutoScalingConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.is_some());
        walk.text("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `UpdateDefaultAutoScalingConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct UpdateDefaultAutoScalingConfigurationResponse {
    /// Member `AutoScalingConfiguration`.
    #[serde(rename = "AutoScalingConfiguration")]
    pub auto_scaling_configuration: AutoScalingConfiguration,
}

/// Shape `UpdateServiceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateServiceRequest {
    /// Member `AutoScalingConfigurationArn`.
    #[serde(rename = "AutoScalingConfigurationArn", skip_serializing_if = "Option::is_none")]
    pub auto_scaling_configuration_arn: Option<String>,
    /// Member `HealthCheckConfiguration`.
    #[serde(rename = "HealthCheckConfiguration", skip_serializing_if = "Option::is_none")]
    pub health_check_configuration: Option<HealthCheckConfiguration>,
    /// Member `InstanceConfiguration`.
    #[serde(rename = "InstanceConfiguration", skip_serializing_if = "Option::is_none")]
    pub instance_configuration: Option<InstanceConfiguration>,
    /// Member `NetworkConfiguration`.
    #[serde(rename = "NetworkConfiguration", skip_serializing_if = "Option::is_none")]
    pub network_configuration: Option<NetworkConfiguration>,
    /// Member `ObservabilityConfiguration`.
    #[serde(rename = "ObservabilityConfiguration", skip_serializing_if = "Option::is_none")]
    pub observability_configuration: Option<ServiceObservabilityConfiguration>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
    /// Member `SourceConfiguration`.
    #[serde(rename = "SourceConfiguration", skip_serializing_if = "Option::is_none")]
    pub source_configuration: Option<SourceConfiguration>,
}

impl Structure for UpdateServiceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AutoScalingConfigurationArn" => self.auto_scaling_configuration_arn = value.next_value()?,
            "HealthCheckConfiguration" => self.health_check_configuration = value.next_value()?,
            "InstanceConfiguration" => self.instance_configuration = value.next_value()?,
            "NetworkConfiguration" => self.network_configuration = value.next_value()?,
            "ObservabilityConfiguration" => self.observability_configuration = value.next_value()?,
            "ServiceArn" => self.service_arn = value.next_value()?,
            "SourceConfiguration" => self.source_configuration = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateServiceRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateServiceRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("AutoScalingConfigurationArn", self.auto_scaling_configuration_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.nested("HealthCheckConfiguration", self.health_check_configuration.as_ref());
        walk.nested("InstanceConfiguration", self.instance_configuration.as_ref());
        walk.nested("NetworkConfiguration", self.network_configuration.as_ref());
        walk.nested("ObservabilityConfiguration", self.observability_configuration.as_ref());
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.nested("SourceConfiguration", self.source_configuration.as_ref());
    }
}

/// Shape `UpdateServiceResponse`.
#[derive(Clone, Serialize)]
pub struct UpdateServiceResponse {
    /// Member `OperationId`.
    #[serde(rename = "OperationId")]
    pub operation_id: String,
    /// Member `Service`.
    #[serde(rename = "Service")]
    pub service: Service,
}

/// Shape `UpdateVpcIngressConnectionRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UpdateVpcIngressConnectionRequest {
    /// Member `IngressVpcConfiguration`.
    #[serde(rename = "IngressVpcConfiguration", skip_serializing_if = "Option::is_none")]
    pub ingress_vpc_configuration: Option<IngressVpcConfiguration>,
    /// Member `VpcIngressConnectionArn`.
    #[serde(rename = "VpcIngressConnectionArn", skip_serializing_if = "Option::is_none")]
    pub vpc_ingress_connection_arn: Option<String>,
}

impl Structure for UpdateVpcIngressConnectionRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "IngressVpcConfiguration" => self.ingress_vpc_configuration = value.next_value()?,
            "VpcIngressConnectionArn" => self.vpc_ingress_connection_arn = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UpdateVpcIngressConnectionRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UpdateVpcIngressConnectionRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("IngressVpcConfiguration", self.ingress_vpc_configuration.is_some());
        walk.nested("IngressVpcConfiguration", self.ingress_vpc_configuration.as_ref());
        walk.required("VpcIngressConnectionArn", self.vpc_ingress_connection_arn.is_some());
        walk.text("VpcIngressConnectionArn", self.vpc_ingress_connection_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
    }
}

/// Shape `UpdateVpcIngressConnectionResponse`.
#[derive(Clone, Serialize)]
pub struct UpdateVpcIngressConnectionResponse {
    /// Member `VpcIngressConnection`.
    #[serde(rename = "VpcIngressConnection")]
    pub vpc_ingress_connection: VpcIngressConnection,
}

/// Shape `VpcConnector`.
#[derive(Clone, Serialize)]
pub struct VpcConnector {
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `DeletedAt`.
    #[serde(rename = "DeletedAt", skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<f64>,
    /// Member `SecurityGroups`.
    #[serde(rename = "SecurityGroups", skip_serializing_if = "Option::is_none")]
    pub security_groups: Option<Vec<String>>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `Subnets`.
    #[serde(rename = "Subnets", skip_serializing_if = "Option::is_none")]
    pub subnets: Option<Vec<String>>,
    /// Member `VpcConnectorArn`.
    #[serde(rename = "VpcConnectorArn", skip_serializing_if = "Option::is_none")]
    pub vpc_connector_arn: Option<String>,
    /// Member `VpcConnectorName`.
    #[serde(rename = "VpcConnectorName", skip_serializing_if = "Option::is_none")]
    pub vpc_connector_name: Option<String>,
    /// Member `VpcConnectorRevision`.
    #[serde(rename = "VpcConnectorRevision", skip_serializing_if = "Option::is_none")]
    pub vpc_connector_revision: Option<i32>,
}

/// Shape `VpcDNSTarget`.
#[derive(Clone, Serialize)]
pub struct VpcDNSTarget {
    /// Member `DomainName`.
    #[serde(rename = "DomainName", skip_serializing_if = "Option::is_none")]
    pub domain_name: Option<String>,
    /// Member `VpcId`.
    #[serde(rename = "VpcId", skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
    /// Member `VpcIngressConnectionArn`.
    #[serde(rename = "VpcIngressConnectionArn", skip_serializing_if = "Option::is_none")]
    pub vpc_ingress_connection_arn: Option<String>,
}

/// Shape `VpcIngressConnection`.
#[derive(Clone, Serialize)]
pub struct VpcIngressConnection {
    /// Member `AccountId`.
    #[serde(rename = "AccountId", skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// Member `CreatedAt`.
    #[serde(rename = "CreatedAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `DeletedAt`.
    #[serde(rename = "DeletedAt", skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<f64>,
    /// Member `DomainName`.
    #[serde(rename = "DomainName", skip_serializing_if = "Option::is_none")]
    pub domain_name: Option<String>,
    /// Member `IngressVpcConfiguration`.
    #[serde(rename = "IngressVpcConfiguration", skip_serializing_if = "Option::is_none")]
    pub ingress_vpc_configuration: Option<IngressVpcConfiguration>,
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
    /// Member `Status`.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `VpcIngressConnectionArn`.
    #[serde(rename = "VpcIngressConnectionArn", skip_serializing_if = "Option::is_none")]
    pub vpc_ingress_connection_arn: Option<String>,
    /// Member `VpcIngressConnectionName`.
    #[serde(rename = "VpcIngressConnectionName", skip_serializing_if = "Option::is_none")]
    pub vpc_ingress_connection_name: Option<String>,
}

/// Shape `VpcIngressConnectionSummary`.
#[derive(Clone, Serialize)]
pub struct VpcIngressConnectionSummary {
    /// Member `ServiceArn`.
    #[serde(rename = "ServiceArn", skip_serializing_if = "Option::is_none")]
    pub service_arn: Option<String>,
    /// Member `VpcIngressConnectionArn`.
    #[serde(rename = "VpcIngressConnectionArn", skip_serializing_if = "Option::is_none")]
    pub vpc_ingress_connection_arn: Option<String>,
}

/// Constraints of `ASConfigMaxConcurrency`.
pub static AS_CONFIG_MAX_CONCURRENCY: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `ASConfigMaxSize`.
pub static AS_CONFIG_MAX_SIZE: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `ASConfigMinSize`.
pub static AS_CONFIG_MIN_SIZE: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `AppRunnerResourceArn`.
pub static APP_RUNNER_RESOURCE_ARN: Rule = Rule {
    min: Some(1),
    max: Some(1011),
    pattern: Some(Pattern::new("arn:aws(-[\\w]+)*:[a-z0-9-\\\\.]{0,63}:[a-z0-9-\\\\.]{0,63}:[0-9]{12}:(\\w|\\/|-){1,1011}")),
    values: &[],
    sensitive: false,
};

/// Constraints of `AutoScalingConfigurationName`.
pub static AUTO_SCALING_CONFIGURATION_NAME: Rule = Rule {
    min: Some(4),
    max: Some(32),
    pattern: Some(Pattern::new("[A-Za-z0-9][A-Za-z0-9\\-_]{3,31}")),
    values: &[],
    sensitive: false,
};

/// Constraints of `BuildCommand`.
pub static BUILD_COMMAND: Rule =
    Rule { min: None, max: None, pattern: Some(Pattern::new("[^\\x0a\\x0d]+")), values: &[], sensitive: true };

/// Constraints of `ConfigurationSource`.
pub static CONFIGURATION_SOURCE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["REPOSITORY", "API"], sensitive: false };

/// Constraints of `ConnectionName`.
pub static CONNECTION_NAME: Rule = Rule {
    min: Some(4),
    max: Some(32),
    pattern: Some(Pattern::new("[A-Za-z0-9][A-Za-z0-9\\-_]{3,31}")),
    values: &[],
    sensitive: false,
};

/// Constraints of `Cpu`.
pub static CPU: Rule = Rule {
    min: Some(3),
    max: Some(9),
    pattern: Some(Pattern::new("256|512|1024|2048|4096|(0.25|0.5|1|2|4) vCPU")),
    values: &[],
    sensitive: false,
};

/// Constraints of `DescribeCustomDomainsMaxResults`.
pub static DESCRIBE_CUSTOM_DOMAINS_MAX_RESULTS: Rule =
    Rule { min: Some(1), max: Some(5), pattern: None, values: &[], sensitive: false };

/// Constraints of `DomainName`.
pub static DOMAIN_NAME: Rule =
    Rule { min: Some(1), max: Some(255), pattern: Some(Pattern::new("[A-Za-z0-9*.-]{1,255}")), values: &[], sensitive: false };

/// Constraints of `EgressType`.
pub static EGRESS_TYPE: Rule = Rule { min: None, max: None, pattern: None, values: &["DEFAULT", "VPC"], sensitive: false };

/// Constraints of `HealthCheckHealthyThreshold`.
pub static HEALTH_CHECK_HEALTHY_THRESHOLD: Rule =
    Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `HealthCheckInterval`.
pub static HEALTH_CHECK_INTERVAL: Rule = Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `HealthCheckPath`.
pub static HEALTH_CHECK_PATH: Rule = Rule { min: Some(1), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `HealthCheckProtocol`.
pub static HEALTH_CHECK_PROTOCOL: Rule = Rule { min: None, max: None, pattern: None, values: &["TCP", "HTTP"], sensitive: false };

/// Constraints of `HealthCheckTimeout`.
pub static HEALTH_CHECK_TIMEOUT: Rule = Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `HealthCheckUnhealthyThreshold`.
pub static HEALTH_CHECK_UNHEALTHY_THRESHOLD: Rule =
    Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `ImageIdentifier`.
pub static IMAGE_IDENTIFIER: Rule = Rule {
    min: Some(1),
    max: Some(1024),
    pattern: Some(Pattern::wider(
        "([0-9]{12}.dkr.ecr.[a-z\\-]+-[0-9]{1}.amazonaws.com\\/((?:[a-z0-9]+(?:[._-][a-z0-9]+)*\\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*)(:([\\w\\d+\\-=._:\\/@])+|@([\\w\\d\\:]+))?)|(^public\\.ecr\\.aws\\/.+\\/((?:[a-z0-9]+(?:[._-][a-z0-9]+)*\\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*)(:([\\w\\d+\\-=._:\\/@])+|@([\\w\\d\\:]+))?)",
        crate::pattern::any_registry,
    )),
    values: &[],
    sensitive: false,
};

/// Constraints of `ImageRepositoryType`.
pub static IMAGE_REPOSITORY_TYPE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["ECR", "ECR_PUBLIC"], sensitive: false };

/// Constraints of `IpAddressType`.
pub static IP_ADDRESS_TYPE: Rule = Rule { min: None, max: None, pattern: None, values: &["IPV4", "DUAL_STACK"], sensitive: false };

/// Constraints of `KmsKeyArn`.
pub static KMS_KEY_ARN: Rule = Rule {
    min: Some(0),
    max: Some(256),
    pattern: Some(Pattern::new(
        "arn:aws(-[\\w]+)*:kms:[a-z\\-]+-[0-9]{1}:[0-9]{12}:key\\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    )),
    values: &[],
    sensitive: false,
};

/// Constraints of `ListOperationsMaxResults`.
pub static LIST_OPERATIONS_MAX_RESULTS: Rule = Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `MaxResults`.
pub static MAX_RESULTS: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `Memory`.
pub static MEMORY: Rule = Rule {
    min: Some(3),
    max: Some(6),
    pattern: Some(Pattern::new("512|1024|2048|3072|4096|6144|8192|10240|12288|(0.5|1|2|3|4|6|8|10|12) GB")),
    values: &[],
    sensitive: false,
};

/// Constraints of `NextToken`.
pub static NEXT_TOKEN: Rule =
    Rule { min: Some(1), max: Some(1024), pattern: Some(Pattern::new(".*")), values: &[], sensitive: false };

/// Constraints of `ObservabilityConfigurationName`.
pub static OBSERVABILITY_CONFIGURATION_NAME: Rule = Rule {
    min: Some(4),
    max: Some(32),
    pattern: Some(Pattern::new("[A-Za-z0-9][A-Za-z0-9\\-_]{3,31}")),
    values: &[],
    sensitive: false,
};

/// Constraints of `ProviderType`.
pub static PROVIDER_TYPE: Rule = Rule { min: None, max: None, pattern: None, values: &["GITHUB", "BITBUCKET"], sensitive: false };

/// Constraints of `RoleArn`.
pub static ROLE_ARN: Rule = Rule {
    min: Some(29),
    max: Some(1024),
    pattern: Some(Pattern::new(
        "arn:(aws|aws-us-gov|aws-cn|aws-iso|aws-iso-b):iam::[0-9]{12}:(role|role\\/service-role)\\/[\\w+=,.@\\-/]{1,1000}",
    )),
    values: &[],
    sensitive: false,
};

/// Constraints of `Runtime`.
pub static RUNTIME: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &[
        "PYTHON_3",
        "NODEJS_12",
        "NODEJS_14",
        "CORRETTO_8",
        "CORRETTO_11",
        "NODEJS_16",
        "GO_1",
        "DOTNET_6",
        "PHP_81",
        "RUBY_31",
        "PYTHON_311",
        "NODEJS_18",
        "NODEJS_22",
    ],
    sensitive: false,
};

/// Constraints of `RuntimeEnvironmentSecretsName`.
pub static RUNTIME_ENVIRONMENT_SECRETS_NAME: Rule =
    Rule { min: Some(1), max: Some(2048), pattern: None, values: &[], sensitive: true };

/// Constraints of `RuntimeEnvironmentSecretsValue`.
pub static RUNTIME_ENVIRONMENT_SECRETS_VALUE: Rule =
    Rule { min: Some(1), max: Some(2048), pattern: None, values: &[], sensitive: true };

/// Constraints of `RuntimeEnvironmentVariablesKey`.
pub static RUNTIME_ENVIRONMENT_VARIABLES_KEY: Rule =
    Rule { min: Some(1), max: Some(51200), pattern: Some(Pattern::new(".*")), values: &[], sensitive: true };

/// Constraints of `RuntimeEnvironmentVariablesValue`.
pub static RUNTIME_ENVIRONMENT_VARIABLES_VALUE: Rule =
    Rule { min: Some(0), max: Some(51200), pattern: Some(Pattern::new(".*")), values: &[], sensitive: true };

/// Constraints of `ServiceMaxResults`.
pub static SERVICE_MAX_RESULTS: Rule = Rule { min: Some(1), max: Some(20), pattern: None, values: &[], sensitive: false };

/// Constraints of `ServiceName`.
pub static SERVICE_NAME: Rule = Rule {
    min: Some(4),
    max: Some(40),
    pattern: Some(Pattern::new("[A-Za-z0-9][A-Za-z0-9-_]{3,39}")),
    values: &[],
    sensitive: false,
};

/// Constraints of `SourceCodeVersionType`.
pub static SOURCE_CODE_VERSION_TYPE: Rule = Rule { min: None, max: None, pattern: None, values: &["BRANCH"], sensitive: false };

/// Constraints of `SourceDirectory`.
pub static SOURCE_DIRECTORY: Rule =
    Rule { min: Some(1), max: Some(4096), pattern: Some(Pattern::new("[^\\x00]+")), values: &[], sensitive: false };

/// Constraints of `StartCommand`.
pub static START_COMMAND: Rule =
    Rule { min: None, max: None, pattern: Some(Pattern::new("[^\\x0a\\x0d]+")), values: &[], sensitive: true };

/// Constraints of `String`.
pub static STRING: Rule = Rule { min: Some(0), max: Some(51200), pattern: Some(Pattern::new(".*")), values: &[], sensitive: false };

/// Constraints of `TagKey`.
pub static TAG_KEY: Rule =
    Rule { min: Some(1), max: Some(128), pattern: Some(Pattern::new("^(?!aws:).+")), values: &[], sensitive: false };

/// Constraints of `TagValue`.
pub static TAG_VALUE: Rule =
    Rule { min: Some(0), max: Some(256), pattern: Some(Pattern::new(".*")), values: &[], sensitive: false };

/// Constraints of `TracingVendor`.
pub static TRACING_VENDOR: Rule = Rule { min: None, max: None, pattern: None, values: &["AWSXRAY"], sensitive: false };

/// Constraints of `VpcConnectorName`.
pub static VPC_CONNECTOR_NAME: Rule = Rule {
    min: Some(4),
    max: Some(40),
    pattern: Some(Pattern::new("[A-Za-z0-9][A-Za-z0-9\\-_]{3,39}")),
    values: &[],
    sensitive: false,
};

/// Constraints of `VpcIngressConnectionName`.
pub static VPC_INGRESS_CONNECTION_NAME: Rule = Rule {
    min: Some(4),
    max: Some(40),
    pattern: Some(Pattern::new("[A-Za-z0-9][A-Za-z0-9\\-_]{3,39}")),
    values: &[],
    sensitive: false,
};

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[
    &AS_CONFIG_MAX_CONCURRENCY,
    &AS_CONFIG_MAX_SIZE,
    &AS_CONFIG_MIN_SIZE,
    &APP_RUNNER_RESOURCE_ARN,
    &AUTO_SCALING_CONFIGURATION_NAME,
    &BUILD_COMMAND,
    &CONFIGURATION_SOURCE,
    &CONNECTION_NAME,
    &CPU,
    &DESCRIBE_CUSTOM_DOMAINS_MAX_RESULTS,
    &DOMAIN_NAME,
    &EGRESS_TYPE,
    &HEALTH_CHECK_HEALTHY_THRESHOLD,
    &HEALTH_CHECK_INTERVAL,
    &HEALTH_CHECK_PATH,
    &HEALTH_CHECK_PROTOCOL,
    &HEALTH_CHECK_TIMEOUT,
    &HEALTH_CHECK_UNHEALTHY_THRESHOLD,
    &IMAGE_IDENTIFIER,
    &IMAGE_REPOSITORY_TYPE,
    &IP_ADDRESS_TYPE,
    &KMS_KEY_ARN,
    &LIST_OPERATIONS_MAX_RESULTS,
    &MAX_RESULTS,
    &MEMORY,
    &NEXT_TOKEN,
    &OBSERVABILITY_CONFIGURATION_NAME,
    &PROVIDER_TYPE,
    &ROLE_ARN,
    &RUNTIME,
    &RUNTIME_ENVIRONMENT_SECRETS_NAME,
    &RUNTIME_ENVIRONMENT_SECRETS_VALUE,
    &RUNTIME_ENVIRONMENT_VARIABLES_KEY,
    &RUNTIME_ENVIRONMENT_VARIABLES_VALUE,
    &SERVICE_MAX_RESULTS,
    &SERVICE_NAME,
    &SOURCE_CODE_VERSION_TYPE,
    &SOURCE_DIRECTORY,
    &START_COMMAND,
    &STRING,
    &TAG_KEY,
    &TAG_VALUE,
    &TRACING_VENDOR,
    &VPC_CONNECTOR_NAME,
    &VPC_INGRESS_CONNECTION_NAME,
];
