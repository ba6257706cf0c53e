//! What each operation of Amazon ECR needs, and on what.
//! Never asks for it: the operation does. Source of truth: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Elastic Container Registry".

use super::{Kind, Row};

const REPOSITORY: Kind = Kind { name: "repository", arn: "arn:aws:ecr:${Region}:${Account}:repository/${RepositoryName}" };

/// By name.
pub const ROWS: &[Row] = &[
    Row::new("BatchCheckLayerAvailability", &[REPOSITORY]),
    Row::new("BatchDeleteImage", &[REPOSITORY]),
    Row::new("BatchGetImage", &[REPOSITORY]),
    Row::new("CompleteLayerUpload", &[REPOSITORY]),
    Row::new("CreateRepository", &[REPOSITORY]).keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"]).with(&["ecr:TagResource"]),
    Row::new("DeleteLifecyclePolicy", &[REPOSITORY]),
    Row::new("DeleteRepository", &[REPOSITORY]),
    Row::new("DeleteRepositoryPolicy", &[REPOSITORY]),
    Row::new("DescribeImageScanFindings", &[REPOSITORY]),
    Row::new("DescribeImages", &[REPOSITORY]),
    Row::new("DescribeRegistry", &[]),
    Row::new("DescribeRepositories", &[REPOSITORY]),
    Row::new("GetAuthorizationToken", &[]),
    Row::new("GetDownloadUrlForLayer", &[REPOSITORY]),
    Row::new("GetLifecyclePolicy", &[REPOSITORY]),
    Row::new("GetLifecyclePolicyPreview", &[REPOSITORY]),
    Row::new("GetRepositoryPolicy", &[REPOSITORY]),
    Row::new("InitiateLayerUpload", &[REPOSITORY]),
    Row::new("ListImages", &[REPOSITORY]),
    Row::new("ListTagsForResource", &[REPOSITORY]),
    Row::new("PutImage", &[REPOSITORY]),
    Row::new("PutImageScanningConfiguration", &[REPOSITORY]),
    Row::new("PutImageTagMutability", &[REPOSITORY]),
    Row::new("PutLifecyclePolicy", &[REPOSITORY]),
    Row::new("SetRepositoryPolicy", &[REPOSITORY]),
    Row::new("StartImageScan", &[REPOSITORY]),
    Row::new("StartLifecyclePolicyPreview", &[REPOSITORY]),
    Row::new("TagResource", &[REPOSITORY]).keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"]),
    Row::new("UntagResource", &[REPOSITORY]).keys(&["aws:TagKeys"]),
    Row::new("UploadLayerPart", &[REPOSITORY]),
];
