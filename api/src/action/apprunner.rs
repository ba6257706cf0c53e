//! What each operation of App Runner needs, and on what.
//! Never asks for it: the operation does. Source of truth: Service Authorization Reference, "Actions, resources, and condition keys for AWS App Runner".

use super::{Kind, Row};

pub(super) const SERVICE: Kind =
    Kind { name: "service", arn: "arn:aws:apprunner:${Region}:${Account}:service/${ServiceName}/${ServiceId}" };
const SCALING: Kind = Kind {
    name: "autoscalingconfiguration",
    arn: "arn:aws:apprunner:${Region}:${Account}:autoscalingconfiguration/${Name}/${Revision}/${Id}",
};
const OBSERVABILITY: Kind = Kind {
    name: "observabilityconfiguration",
    arn: "arn:aws:apprunner:${Region}:${Account}:observabilityconfiguration/${Name}/${Revision}/${Id}",
};
pub(super) const CONNECTOR: Kind =
    Kind { name: "vpcconnector", arn: "arn:aws:apprunner:${Region}:${Account}:vpcconnector/${Name}/${Revision}/${Id}" };
const INGRESS: Kind =
    Kind { name: "vpcingressconnection", arn: "arn:aws:apprunner:${Region}:${Account}:vpcingressconnection/${Name}/${Id}" };
const CONNECTION: Kind = Kind { name: "connection", arn: "arn:aws:apprunner:${Region}:${Account}:connection/${Name}/${Id}" };

/// By name.
pub const ROWS: &[Row] = &[
    Row::new("AssociateCustomDomain", &[SERVICE]),
    Row::new("CreateAutoScalingConfiguration", &[SCALING])
        .keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"])
        .with(&["apprunner:TagResource"]),
    Row::new("CreateConnection", &[CONNECTION]).keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"]).with(&["apprunner:TagResource"]),
    Row::new("CreateObservabilityConfiguration", &[OBSERVABILITY])
        .keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"])
        .with(&["apprunner:TagResource"]),
    Row::new("CreateService", &[SERVICE, SCALING, CONNECTION, OBSERVABILITY, CONNECTOR])
        .keys(&[
            "apprunner:AutoScalingConfigurationArn",
            "apprunner:ConnectionArn",
            "apprunner:ObservabilityConfigurationArn",
            "apprunner:VpcConnectorArn",
            "aws:RequestTag/${TagKey}",
            "aws:TagKeys",
        ])
        .with(&[
            "apprunner:TagResource",
            "iam:PassRole",
            "outrunner:SetServiceOption",
            "outrunner:PullForeignImage",
            "outrunner:UseForeignRole",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ]),
    Row::new("CreateVpcConnector", &[CONNECTOR])
        .keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"])
        .with(&["apprunner:TagResource"]),
    Row::new("CreateVpcIngressConnection", &[SERVICE, INGRESS])
        .keys(&["apprunner:ServiceArn", "apprunner:VpcEndpointId", "apprunner:VpcId", "aws:RequestTag/${TagKey}", "aws:TagKeys"])
        .with(&["apprunner:TagResource"]),
    Row::new("DeleteAutoScalingConfiguration", &[SCALING]),
    Row::new("DeleteConnection", &[CONNECTION]),
    Row::new("DeleteObservabilityConfiguration", &[OBSERVABILITY]),
    Row::new("DeleteService", &[SERVICE]).with(&["apprunner:DisassociateCustomDomain"]),
    Row::new("DeleteVpcConnector", &[CONNECTOR]),
    Row::new("DeleteVpcIngressConnection", &[INGRESS]),
    Row::new("DescribeAutoScalingConfiguration", &[SCALING]),
    Row::new("DescribeCustomDomains", &[SERVICE]),
    Row::new("DescribeObservabilityConfiguration", &[OBSERVABILITY]),
    Row::new("DescribeService", &[SERVICE]),
    Row::new("DescribeVpcConnector", &[CONNECTOR]),
    Row::new("DescribeVpcIngressConnection", &[INGRESS]),
    Row::new("DisassociateCustomDomain", &[SERVICE]),
    Row::new("ListAutoScalingConfigurations", &[]),
    Row::new("ListConnections", &[]),
    Row::new("ListObservabilityConfigurations", &[]),
    Row::new("ListOperations", &[SERVICE]),
    Row::new("ListServices", &[]),
    Row::new("ListServicesForAutoScalingConfiguration", &[SCALING]),
    Row::new("ListTagsForResource", &[SERVICE, SCALING, OBSERVABILITY, CONNECTOR, INGRESS, CONNECTION]),
    Row::new("ListVpcConnectors", &[]),
    Row::new("ListVpcIngressConnections", &[]),
    Row::new("PauseService", &[SERVICE]),
    Row::new("ResumeService", &[SERVICE]),
    Row::new("StartDeployment", &[SERVICE]),
    Row::new("TagResource", &[SERVICE, SCALING, OBSERVABILITY, CONNECTOR, INGRESS, CONNECTION])
        .keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"])
        .with(&["outrunner:SetServiceOption"]),
    Row::new("UntagResource", &[SERVICE, SCALING, OBSERVABILITY, CONNECTOR, INGRESS, CONNECTION])
        .keys(&["aws:TagKeys"])
        .with(&["outrunner:SetServiceOption"]),
    Row::new("UpdateDefaultAutoScalingConfiguration", &[SCALING]),
    Row::new("UpdateService", &[SERVICE, SCALING, CONNECTION, OBSERVABILITY, CONNECTOR])
        .keys(&[
            "apprunner:AutoScalingConfigurationArn",
            "apprunner:ConnectionArn",
            "apprunner:ObservabilityConfigurationArn",
            "apprunner:VpcConnectorArn",
        ])
        .with(&[
            "iam:PassRole",
            "outrunner:PullForeignImage",
            "outrunner:UseForeignRole",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ]),
    Row::new("UpdateVpcIngressConnection", &[INGRESS]).keys(&["apprunner:VpcEndpointId", "apprunner:VpcId"]),
];
