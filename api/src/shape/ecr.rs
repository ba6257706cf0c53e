//! ECR: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/ecr.json`.

use super::{Blob, Declared, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use crate::pattern::Pattern;
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};
use std::collections::BTreeMap;

/// An operation of ECR that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EcrOperation {
    /// `BatchCheckLayerAvailability`.
    BatchCheckLayerAvailability,
    /// `BatchDeleteImage`.
    BatchDeleteImage,
    /// `BatchGetImage`.
    BatchGetImage,
    /// `CompleteLayerUpload`.
    CompleteLayerUpload,
    /// `CreateRepository`.
    CreateRepository,
    /// `DeleteLifecyclePolicy`.
    DeleteLifecyclePolicy,
    /// `DeleteRepository`.
    DeleteRepository,
    /// `DeleteRepositoryPolicy`.
    DeleteRepositoryPolicy,
    /// `DescribeImageScanFindings`.
    DescribeImageScanFindings,
    /// `DescribeImages`.
    DescribeImages,
    /// `DescribeRegistry`.
    DescribeRegistry,
    /// `DescribeRepositories`.
    DescribeRepositories,
    /// `GetAuthorizationToken`.
    GetAuthorizationToken,
    /// `GetDownloadUrlForLayer`.
    GetDownloadUrlForLayer,
    /// `GetLifecyclePolicy`.
    GetLifecyclePolicy,
    /// `GetRepositoryPolicy`.
    GetRepositoryPolicy,
    /// `InitiateLayerUpload`.
    InitiateLayerUpload,
    /// `ListImages`.
    ListImages,
    /// `ListTagsForResource`.
    ListTagsForResource,
    /// `PutImage`.
    PutImage,
    /// `PutImageScanningConfiguration`.
    PutImageScanningConfiguration,
    /// `PutImageTagMutability`.
    PutImageTagMutability,
    /// `PutLifecyclePolicy`.
    PutLifecyclePolicy,
    /// `SetRepositoryPolicy`.
    SetRepositoryPolicy,
    /// `StartImageScan`.
    StartImageScan,
    /// `TagResource`.
    TagResource,
    /// `UntagResource`.
    UntagResource,
    /// `UploadLayerPart`.
    UploadLayerPart,
}

impl EcrOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::BatchCheckLayerAvailability,
        Self::BatchDeleteImage,
        Self::BatchGetImage,
        Self::CompleteLayerUpload,
        Self::CreateRepository,
        Self::DeleteLifecyclePolicy,
        Self::DeleteRepository,
        Self::DeleteRepositoryPolicy,
        Self::DescribeImageScanFindings,
        Self::DescribeImages,
        Self::DescribeRegistry,
        Self::DescribeRepositories,
        Self::GetAuthorizationToken,
        Self::GetDownloadUrlForLayer,
        Self::GetLifecyclePolicy,
        Self::GetRepositoryPolicy,
        Self::InitiateLayerUpload,
        Self::ListImages,
        Self::ListTagsForResource,
        Self::PutImage,
        Self::PutImageScanningConfiguration,
        Self::PutImageTagMutability,
        Self::PutLifecyclePolicy,
        Self::SetRepositoryPolicy,
        Self::StartImageScan,
        Self::TagResource,
        Self::UntagResource,
        Self::UploadLayerPart,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::BatchCheckLayerAvailability => &BATCH_CHECK_LAYER_AVAILABILITY,
            Self::BatchDeleteImage => &BATCH_DELETE_IMAGE,
            Self::BatchGetImage => &BATCH_GET_IMAGE,
            Self::CompleteLayerUpload => &COMPLETE_LAYER_UPLOAD,
            Self::CreateRepository => &CREATE_REPOSITORY,
            Self::DeleteLifecyclePolicy => &DELETE_LIFECYCLE_POLICY,
            Self::DeleteRepository => &DELETE_REPOSITORY,
            Self::DeleteRepositoryPolicy => &DELETE_REPOSITORY_POLICY,
            Self::DescribeImageScanFindings => &DESCRIBE_IMAGE_SCAN_FINDINGS,
            Self::DescribeImages => &DESCRIBE_IMAGES,
            Self::DescribeRegistry => &DESCRIBE_REGISTRY,
            Self::DescribeRepositories => &DESCRIBE_REPOSITORIES,
            Self::GetAuthorizationToken => &GET_AUTHORIZATION_TOKEN,
            Self::GetDownloadUrlForLayer => &GET_DOWNLOAD_URL_FOR_LAYER,
            Self::GetLifecyclePolicy => &GET_LIFECYCLE_POLICY,
            Self::GetRepositoryPolicy => &GET_REPOSITORY_POLICY,
            Self::InitiateLayerUpload => &INITIATE_LAYER_UPLOAD,
            Self::ListImages => &LIST_IMAGES,
            Self::ListTagsForResource => &LIST_TAGS_FOR_RESOURCE,
            Self::PutImage => &PUT_IMAGE,
            Self::PutImageScanningConfiguration => &PUT_IMAGE_SCANNING_CONFIGURATION,
            Self::PutImageTagMutability => &PUT_IMAGE_TAG_MUTABILITY,
            Self::PutLifecyclePolicy => &PUT_LIFECYCLE_POLICY,
            Self::SetRepositoryPolicy => &SET_REPOSITORY_POLICY,
            Self::StartImageScan => &START_IMAGE_SCAN,
            Self::TagResource => &TAG_RESOURCE,
            Self::UntagResource => &UNTAG_RESOURCE,
            Self::UploadLayerPart => &UPLOAD_LAYER_PART,
        }
    }
}

/// `BatchCheckLayerAvailability` and the faults that it declares.
pub const BATCH_CHECK_LAYER_AVAILABILITY: Operation = Operation {
    name: "BatchCheckLayerAvailability",
    faults: &[REPOSITORY_NOT_FOUND_EXCEPTION, INVALID_PARAMETER_EXCEPTION, SERVER_EXCEPTION],
};

/// `BatchDeleteImage` and the faults that it declares.
pub const BATCH_DELETE_IMAGE: Operation = Operation {
    name: "BatchDeleteImage",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION],
};

/// `BatchGetImage` and the faults that it declares.
pub const BATCH_GET_IMAGE: Operation = Operation {
    name: "BatchGetImage",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        UNABLE_TO_GET_UPSTREAM_IMAGE_EXCEPTION,
    ],
};

/// `CompleteLayerUpload` and the faults that it declares.
pub const COMPLETE_LAYER_UPLOAD: Operation = Operation {
    name: "CompleteLayerUpload",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        UPLOAD_NOT_FOUND_EXCEPTION,
        INVALID_LAYER_EXCEPTION,
        LAYER_PART_TOO_SMALL_EXCEPTION,
        LAYER_ALREADY_EXISTS_EXCEPTION,
        EMPTY_UPLOAD_EXCEPTION,
        KMS_EXCEPTION,
    ],
};

/// `CreateRepository` and the faults that it declares.
pub const CREATE_REPOSITORY: Operation = Operation {
    name: "CreateRepository",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        INVALID_TAG_PARAMETER_EXCEPTION,
        TOO_MANY_TAGS_EXCEPTION,
        REPOSITORY_ALREADY_EXISTS_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        KMS_EXCEPTION,
    ],
};

/// `DeleteLifecyclePolicy` and the faults that it declares.
pub const DELETE_LIFECYCLE_POLICY: Operation = Operation {
    name: "DeleteLifecyclePolicy",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        LIFECYCLE_POLICY_NOT_FOUND_EXCEPTION,
        VALIDATION_EXCEPTION,
    ],
};

/// `DeleteRepository` and the faults that it declares.
pub const DELETE_REPOSITORY: Operation = Operation {
    name: "DeleteRepository",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        REPOSITORY_NOT_EMPTY_EXCEPTION,
        KMS_EXCEPTION,
    ],
};

/// `DeleteRepositoryPolicy` and the faults that it declares.
pub const DELETE_REPOSITORY_POLICY: Operation = Operation {
    name: "DeleteRepositoryPolicy",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION, REPOSITORY_POLICY_NOT_FOUND_EXCEPTION],
};

/// `DescribeImageScanFindings` and the faults that it declares.
pub const DESCRIBE_IMAGE_SCAN_FINDINGS: Operation = Operation {
    name: "DescribeImageScanFindings",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        IMAGE_NOT_FOUND_EXCEPTION,
        SCAN_NOT_FOUND_EXCEPTION,
        VALIDATION_EXCEPTION,
    ],
};

/// `DescribeImages` and the faults that it declares.
pub const DESCRIBE_IMAGES: Operation = Operation {
    name: "DescribeImages",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION, IMAGE_NOT_FOUND_EXCEPTION],
};

/// `DescribeRegistry` and the faults that it declares.
pub const DESCRIBE_REGISTRY: Operation =
    Operation { name: "DescribeRegistry", faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, VALIDATION_EXCEPTION] };

/// `DescribeRepositories` and the faults that it declares.
pub const DESCRIBE_REPOSITORIES: Operation = Operation {
    name: "DescribeRepositories",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION],
};

/// `GetAuthorizationToken` and the faults that it declares.
pub const GET_AUTHORIZATION_TOKEN: Operation =
    Operation { name: "GetAuthorizationToken", faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION] };

/// `GetDownloadUrlForLayer` and the faults that it declares.
pub const GET_DOWNLOAD_URL_FOR_LAYER: Operation = Operation {
    name: "GetDownloadUrlForLayer",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        LAYERS_NOT_FOUND_EXCEPTION,
        LAYER_INACCESSIBLE_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        UNABLE_TO_GET_UPSTREAM_LAYER_EXCEPTION,
    ],
};

/// `GetLifecyclePolicy` and the faults that it declares.
pub const GET_LIFECYCLE_POLICY: Operation = Operation {
    name: "GetLifecyclePolicy",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        LIFECYCLE_POLICY_NOT_FOUND_EXCEPTION,
        VALIDATION_EXCEPTION,
    ],
};

/// `GetRepositoryPolicy` and the faults that it declares.
pub const GET_REPOSITORY_POLICY: Operation = Operation {
    name: "GetRepositoryPolicy",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION, REPOSITORY_POLICY_NOT_FOUND_EXCEPTION],
};

/// `InitiateLayerUpload` and the faults that it declares.
pub const INITIATE_LAYER_UPLOAD: Operation = Operation {
    name: "InitiateLayerUpload",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION, KMS_EXCEPTION],
};

/// `ListImages` and the faults that it declares.
pub const LIST_IMAGES: Operation =
    Operation { name: "ListImages", faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION] };

/// `ListTagsForResource` and the faults that it declares.
pub const LIST_TAGS_FOR_RESOURCE: Operation = Operation {
    name: "ListTagsForResource",
    faults: &[INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION, SERVER_EXCEPTION],
};

/// `PutImage` and the faults that it declares.
pub const PUT_IMAGE: Operation = Operation {
    name: "PutImage",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        IMAGE_ALREADY_EXISTS_EXCEPTION,
        LAYERS_NOT_FOUND_EXCEPTION,
        REFERENCED_IMAGES_NOT_FOUND_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        IMAGE_TAG_ALREADY_EXISTS_EXCEPTION,
        IMAGE_DIGEST_DOES_NOT_MATCH_EXCEPTION,
        KMS_EXCEPTION,
    ],
};

/// `PutImageScanningConfiguration` and the faults that it declares.
pub const PUT_IMAGE_SCANNING_CONFIGURATION: Operation = Operation {
    name: "PutImageScanningConfiguration",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION, VALIDATION_EXCEPTION],
};

/// `PutImageTagMutability` and the faults that it declares.
pub const PUT_IMAGE_TAG_MUTABILITY: Operation = Operation {
    name: "PutImageTagMutability",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION],
};

/// `PutLifecyclePolicy` and the faults that it declares.
pub const PUT_LIFECYCLE_POLICY: Operation = Operation {
    name: "PutLifecyclePolicy",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION, VALIDATION_EXCEPTION],
};

/// `SetRepositoryPolicy` and the faults that it declares.
pub const SET_REPOSITORY_POLICY: Operation = Operation {
    name: "SetRepositoryPolicy",
    faults: &[SERVER_EXCEPTION, INVALID_PARAMETER_EXCEPTION, REPOSITORY_NOT_FOUND_EXCEPTION],
};

/// `StartImageScan` and the faults that it declares.
pub const START_IMAGE_SCAN: Operation = Operation {
    name: "StartImageScan",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        UNSUPPORTED_IMAGE_TYPE_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        IMAGE_NOT_FOUND_EXCEPTION,
        VALIDATION_EXCEPTION,
        IMAGE_ARCHIVED_EXCEPTION,
    ],
};

/// `TagResource` and the faults that it declares.
pub const TAG_RESOURCE: Operation = Operation {
    name: "TagResource",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        INVALID_TAG_PARAMETER_EXCEPTION,
        TOO_MANY_TAGS_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        SERVER_EXCEPTION,
    ],
};

/// `UntagResource` and the faults that it declares.
pub const UNTAG_RESOURCE: Operation = Operation {
    name: "UntagResource",
    faults: &[
        INVALID_PARAMETER_EXCEPTION,
        INVALID_TAG_PARAMETER_EXCEPTION,
        TOO_MANY_TAGS_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        SERVER_EXCEPTION,
    ],
};

/// `UploadLayerPart` and the faults that it declares.
pub const UPLOAD_LAYER_PART: Operation = Operation {
    name: "UploadLayerPart",
    faults: &[
        SERVER_EXCEPTION,
        INVALID_PARAMETER_EXCEPTION,
        INVALID_LAYER_PART_EXCEPTION,
        REPOSITORY_NOT_FOUND_EXCEPTION,
        UPLOAD_NOT_FOUND_EXCEPTION,
        LIMIT_EXCEEDED_EXCEPTION,
        KMS_EXCEPTION,
    ],
};

/// Fault `EmptyUploadException`.
pub const EMPTY_UPLOAD_EXCEPTION: Declared = Declared { code: "EmptyUploadException", status: 400 };

/// Fault `ImageAlreadyExistsException`.
pub const IMAGE_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "ImageAlreadyExistsException", status: 400 };

/// Fault `ImageArchivedException`.
pub const IMAGE_ARCHIVED_EXCEPTION: Declared = Declared { code: "ImageArchivedException", status: 400 };

/// Fault `ImageDigestDoesNotMatchException`.
pub const IMAGE_DIGEST_DOES_NOT_MATCH_EXCEPTION: Declared = Declared { code: "ImageDigestDoesNotMatchException", status: 400 };

/// Fault `ImageNotFoundException`.
pub const IMAGE_NOT_FOUND_EXCEPTION: Declared = Declared { code: "ImageNotFoundException", status: 400 };

/// Fault `ImageTagAlreadyExistsException`.
pub const IMAGE_TAG_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "ImageTagAlreadyExistsException", status: 400 };

/// Fault `InvalidLayerException`.
pub const INVALID_LAYER_EXCEPTION: Declared = Declared { code: "InvalidLayerException", status: 400 };

/// Fault `InvalidLayerPartException`.
pub const INVALID_LAYER_PART_EXCEPTION: Declared = Declared { code: "InvalidLayerPartException", status: 400 };

/// Fault `InvalidParameterException`.
pub const INVALID_PARAMETER_EXCEPTION: Declared = Declared { code: "InvalidParameterException", status: 400 };

/// Fault `InvalidTagParameterException`.
pub const INVALID_TAG_PARAMETER_EXCEPTION: Declared = Declared { code: "InvalidTagParameterException", status: 400 };

/// Fault `KmsException`.
pub const KMS_EXCEPTION: Declared = Declared { code: "KmsException", status: 400 };

/// Fault `LayerAlreadyExistsException`.
pub const LAYER_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "LayerAlreadyExistsException", status: 400 };

/// Fault `LayerInaccessibleException`.
pub const LAYER_INACCESSIBLE_EXCEPTION: Declared = Declared { code: "LayerInaccessibleException", status: 400 };

/// Fault `LayerPartTooSmallException`.
pub const LAYER_PART_TOO_SMALL_EXCEPTION: Declared = Declared { code: "LayerPartTooSmallException", status: 400 };

/// Fault `LayersNotFoundException`.
pub const LAYERS_NOT_FOUND_EXCEPTION: Declared = Declared { code: "LayersNotFoundException", status: 400 };

/// Fault `LifecyclePolicyNotFoundException`.
pub const LIFECYCLE_POLICY_NOT_FOUND_EXCEPTION: Declared = Declared { code: "LifecyclePolicyNotFoundException", status: 400 };

/// Fault `LimitExceededException`.
pub const LIMIT_EXCEEDED_EXCEPTION: Declared = Declared { code: "LimitExceededException", status: 400 };

/// Fault `ReferencedImagesNotFoundException`.
pub const REFERENCED_IMAGES_NOT_FOUND_EXCEPTION: Declared = Declared { code: "ReferencedImagesNotFoundException", status: 400 };

/// Fault `RepositoryAlreadyExistsException`.
pub const REPOSITORY_ALREADY_EXISTS_EXCEPTION: Declared = Declared { code: "RepositoryAlreadyExistsException", status: 400 };

/// Fault `RepositoryNotEmptyException`.
pub const REPOSITORY_NOT_EMPTY_EXCEPTION: Declared = Declared { code: "RepositoryNotEmptyException", status: 400 };

/// Fault `RepositoryNotFoundException`.
pub const REPOSITORY_NOT_FOUND_EXCEPTION: Declared = Declared { code: "RepositoryNotFoundException", status: 400 };

/// Fault `RepositoryPolicyNotFoundException`.
pub const REPOSITORY_POLICY_NOT_FOUND_EXCEPTION: Declared = Declared { code: "RepositoryPolicyNotFoundException", status: 400 };

/// Fault `ScanNotFoundException`.
pub const SCAN_NOT_FOUND_EXCEPTION: Declared = Declared { code: "ScanNotFoundException", status: 400 };

/// Fault `ServerException`.
pub const SERVER_EXCEPTION: Declared = Declared { code: "ServerException", status: 500 };

/// Fault `TooManyTagsException`.
pub const TOO_MANY_TAGS_EXCEPTION: Declared = Declared { code: "TooManyTagsException", status: 400 };

/// Fault `UnableToGetUpstreamImageException`.
pub const UNABLE_TO_GET_UPSTREAM_IMAGE_EXCEPTION: Declared = Declared { code: "UnableToGetUpstreamImageException", status: 400 };

/// Fault `UnableToGetUpstreamLayerException`.
pub const UNABLE_TO_GET_UPSTREAM_LAYER_EXCEPTION: Declared = Declared { code: "UnableToGetUpstreamLayerException", status: 400 };

/// Fault `UnsupportedImageTypeException`.
pub const UNSUPPORTED_IMAGE_TYPE_EXCEPTION: Declared = Declared { code: "UnsupportedImageTypeException", status: 400 };

/// Fault `UploadNotFoundException`.
pub const UPLOAD_NOT_FOUND_EXCEPTION: Declared = Declared { code: "UploadNotFoundException", status: 400 };

/// Fault `ValidationException`.
pub const VALIDATION_EXCEPTION: Declared = Declared { code: "ValidationException", status: 400 };

/// Shape `Attribute`.
#[derive(Clone, Serialize)]
pub struct Attribute {
    /// Member `key`.
    #[serde(rename = "key")]
    pub key: String,
    /// Member `value`.
    #[serde(rename = "value", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Shape `AuthorizationData`.
#[derive(Clone, Serialize)]
pub struct AuthorizationData {
    /// Member `authorizationToken`.
    #[serde(rename = "authorizationToken", skip_serializing_if = "Option::is_none")]
    pub authorization_token: Option<String>,
    /// Member `expiresAt`.
    #[serde(rename = "expiresAt", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<f64>,
    /// Member `proxyEndpoint`.
    #[serde(rename = "proxyEndpoint", skip_serializing_if = "Option::is_none")]
    pub proxy_endpoint: Option<String>,
}

/// Shape `AwsEcrContainerImageDetails`.
#[derive(Clone, Serialize)]
pub struct AwsEcrContainerImageDetails {
    /// Member `architecture`.
    #[serde(rename = "architecture", skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// Member `author`.
    #[serde(rename = "author", skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Member `imageHash`.
    #[serde(rename = "imageHash", skip_serializing_if = "Option::is_none")]
    pub image_hash: Option<String>,
    /// Member `imageTags`.
    #[serde(rename = "imageTags", skip_serializing_if = "Option::is_none")]
    pub image_tags: Option<Vec<String>>,
    /// Member `inUseCount`.
    #[serde(rename = "inUseCount", skip_serializing_if = "Option::is_none")]
    pub in_use_count: Option<i64>,
    /// Member `lastInUseAt`.
    #[serde(rename = "lastInUseAt", skip_serializing_if = "Option::is_none")]
    pub last_in_use_at: Option<f64>,
    /// Member `platform`.
    #[serde(rename = "platform", skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Member `pushedAt`.
    #[serde(rename = "pushedAt", skip_serializing_if = "Option::is_none")]
    pub pushed_at: Option<f64>,
    /// Member `registry`.
    #[serde(rename = "registry", skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `BatchCheckLayerAvailabilityRequest`.
#[derive(Clone, Default, Serialize)]
pub struct BatchCheckLayerAvailabilityRequest {
    /// Member `layerDigests`.
    #[serde(rename = "layerDigests", skip_serializing_if = "Option::is_none")]
    pub layer_digests: Option<Vec<String>>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for BatchCheckLayerAvailabilityRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "layerDigests" => self.layer_digests = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for BatchCheckLayerAvailabilityRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for BatchCheckLayerAvailabilityRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("layerDigests", self.layer_digests.is_some());
        walk.texts(
            "layerDigests",
            self.layer_digests.as_deref(),
            Some(&BATCHED_OPERATION_LAYER_DIGEST_LIST),
            &BATCHED_OPERATION_LAYER_DIGEST,
        );
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `BatchCheckLayerAvailabilityResponse`.
#[derive(Clone, Serialize)]
pub struct BatchCheckLayerAvailabilityResponse {
    /// Member `failures`.
    #[serde(rename = "failures", skip_serializing_if = "Option::is_none")]
    pub failures: Option<Vec<LayerFailure>>,
    /// Member `layers`.
    #[serde(rename = "layers", skip_serializing_if = "Option::is_none")]
    pub layers: Option<Vec<Layer>>,
}

/// Shape `BatchDeleteImageRequest`.
#[derive(Clone, Default, Serialize)]
pub struct BatchDeleteImageRequest {
    /// Member `imageIds`.
    #[serde(rename = "imageIds", skip_serializing_if = "Option::is_none")]
    pub image_ids: Option<Vec<ImageIdentifier>>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for BatchDeleteImageRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageIds" => self.image_ids = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for BatchDeleteImageRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for BatchDeleteImageRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("imageIds", self.image_ids.is_some());
        walk.structures("imageIds", self.image_ids.as_deref(), Some(&IMAGE_IDENTIFIER_LIST));
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `BatchDeleteImageResponse`.
#[derive(Clone, Serialize)]
pub struct BatchDeleteImageResponse {
    /// Member `failures`.
    #[serde(rename = "failures", skip_serializing_if = "Option::is_none")]
    pub failures: Option<Vec<ImageFailure>>,
    /// Member `imageIds`.
    #[serde(rename = "imageIds", skip_serializing_if = "Option::is_none")]
    pub image_ids: Option<Vec<ImageIdentifier>>,
}

/// Shape `BatchGetImageRequest`.
#[derive(Clone, Default, Serialize)]
pub struct BatchGetImageRequest {
    /// Member `acceptedMediaTypes`.
    #[serde(rename = "acceptedMediaTypes", skip_serializing_if = "Option::is_none")]
    pub accepted_media_types: Option<Vec<String>>,
    /// Member `imageIds`.
    #[serde(rename = "imageIds", skip_serializing_if = "Option::is_none")]
    pub image_ids: Option<Vec<ImageIdentifier>>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for BatchGetImageRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "acceptedMediaTypes" => self.accepted_media_types = value.next_value()?,
            "imageIds" => self.image_ids = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for BatchGetImageRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for BatchGetImageRequest {
    fn check(&self, walk: &mut Walk) {
        walk.texts("acceptedMediaTypes", self.accepted_media_types.as_deref(), Some(&MEDIA_TYPE_LIST), &crate::constraint::NO_RULE);
        walk.required("imageIds", self.image_ids.is_some());
        walk.structures("imageIds", self.image_ids.as_deref(), Some(&IMAGE_IDENTIFIER_LIST));
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `BatchGetImageResponse`.
#[derive(Clone, Serialize)]
pub struct BatchGetImageResponse {
    /// Member `failures`.
    #[serde(rename = "failures", skip_serializing_if = "Option::is_none")]
    pub failures: Option<Vec<ImageFailure>>,
    /// Member `images`.
    #[serde(rename = "images", skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<Image>>,
}

/// Shape `CompleteLayerUploadRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CompleteLayerUploadRequest {
    /// Member `layerDigests`.
    #[serde(rename = "layerDigests", skip_serializing_if = "Option::is_none")]
    pub layer_digests: Option<Vec<String>>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
    /// Member `uploadId`.
    #[serde(rename = "uploadId", skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<String>,
}

impl Structure for CompleteLayerUploadRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "layerDigests" => self.layer_digests = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            "uploadId" => self.upload_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CompleteLayerUploadRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CompleteLayerUploadRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("layerDigests", self.layer_digests.is_some());
        walk.texts("layerDigests", self.layer_digests.as_deref(), Some(&LAYER_DIGEST_LIST), &LAYER_DIGEST);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
        walk.required("uploadId", self.upload_id.is_some());
        walk.text("uploadId", self.upload_id.as_deref(), &UPLOAD_ID);
    }
}

/// Shape `CompleteLayerUploadResponse`.
#[derive(Clone, Serialize)]
pub struct CompleteLayerUploadResponse {
    /// Member `layerDigest`.
    #[serde(rename = "layerDigest", skip_serializing_if = "Option::is_none")]
    pub layer_digest: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
    /// Member `uploadId`.
    #[serde(rename = "uploadId", skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<String>,
}

/// Shape `CreateRepositoryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct CreateRepositoryRequest {
    /// Member `encryptionConfiguration`.
    #[serde(rename = "encryptionConfiguration", skip_serializing_if = "Option::is_none")]
    pub encryption_configuration: Option<EncryptionConfiguration>,
    /// Member `imageScanningConfiguration`.
    #[serde(rename = "imageScanningConfiguration", skip_serializing_if = "Option::is_none")]
    pub image_scanning_configuration: Option<ImageScanningConfiguration>,
    /// Member `imageTagMutability`.
    #[serde(rename = "imageTagMutability", skip_serializing_if = "Option::is_none")]
    pub image_tag_mutability: Option<String>,
    /// Member `imageTagMutabilityExclusionFilters`.
    #[serde(rename = "imageTagMutabilityExclusionFilters", skip_serializing_if = "Option::is_none")]
    pub image_tag_mutability_exclusion_filters: Option<Vec<ImageTagMutabilityExclusionFilter>>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
    /// Member `tags`.
    #[serde(rename = "tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for CreateRepositoryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "encryptionConfiguration" => self.encryption_configuration = value.next_value()?,
            "imageScanningConfiguration" => self.image_scanning_configuration = value.next_value()?,
            "imageTagMutability" => self.image_tag_mutability = value.next_value()?,
            "imageTagMutabilityExclusionFilters" => self.image_tag_mutability_exclusion_filters = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            "tags" => self.tags = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CreateRepositoryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CreateRepositoryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.nested("encryptionConfiguration", self.encryption_configuration.as_ref());
        walk.nested("imageScanningConfiguration", self.image_scanning_configuration.as_ref());
        walk.text("imageTagMutability", self.image_tag_mutability.as_deref(), &IMAGE_TAG_MUTABILITY);
        walk.structures(
            "imageTagMutabilityExclusionFilters",
            self.image_tag_mutability_exclusion_filters.as_deref(),
            Some(&IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS),
        );
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
        walk.structures("tags", self.tags.as_deref(), None);
    }
}

/// Shape `CreateRepositoryResponse`.
#[derive(Clone, Serialize)]
pub struct CreateRepositoryResponse {
    /// Member `repository`.
    #[serde(rename = "repository", skip_serializing_if = "Option::is_none")]
    pub repository: Option<Repository>,
}

/// Shape `CvssScore`.
#[derive(Clone, Serialize)]
pub struct CvssScore {
    /// Member `baseScore`.
    #[serde(rename = "baseScore", skip_serializing_if = "Option::is_none")]
    pub base_score: Option<f64>,
    /// Member `scoringVector`.
    #[serde(rename = "scoringVector", skip_serializing_if = "Option::is_none")]
    pub scoring_vector: Option<String>,
    /// Member `source`.
    #[serde(rename = "source", skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Member `version`.
    #[serde(rename = "version", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Shape `CvssScoreAdjustment`.
#[derive(Clone, Serialize)]
pub struct CvssScoreAdjustment {
    /// Member `metric`.
    #[serde(rename = "metric", skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// Member `reason`.
    #[serde(rename = "reason", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Shape `CvssScoreDetails`.
#[derive(Clone, Serialize)]
pub struct CvssScoreDetails {
    /// Member `adjustments`.
    #[serde(rename = "adjustments", skip_serializing_if = "Option::is_none")]
    pub adjustments: Option<Vec<CvssScoreAdjustment>>,
    /// Member `score`.
    #[serde(rename = "score", skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Member `scoreSource`.
    #[serde(rename = "scoreSource", skip_serializing_if = "Option::is_none")]
    pub score_source: Option<String>,
    /// Member `scoringVector`.
    #[serde(rename = "scoringVector", skip_serializing_if = "Option::is_none")]
    pub scoring_vector: Option<String>,
    /// Member `version`.
    #[serde(rename = "version", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Shape `DeleteLifecyclePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteLifecyclePolicyRequest {
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for DeleteLifecyclePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteLifecyclePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteLifecyclePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `DeleteLifecyclePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteLifecyclePolicyResponse {
    /// Member `lastEvaluatedAt`.
    #[serde(rename = "lastEvaluatedAt", skip_serializing_if = "Option::is_none")]
    pub last_evaluated_at: Option<f64>,
    /// Member `lifecyclePolicyText`.
    #[serde(rename = "lifecyclePolicyText", skip_serializing_if = "Option::is_none")]
    pub lifecycle_policy_text: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `DeleteReplication`.
#[derive(Clone, Serialize)]
pub struct DeleteReplication {
    /// Member `enabled`.
    #[serde(rename = "enabled")]
    pub enabled: bool,
}

/// Shape `DeleteRepositoryPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteRepositoryPolicyRequest {
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for DeleteRepositoryPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteRepositoryPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteRepositoryPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `DeleteRepositoryPolicyResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteRepositoryPolicyResponse {
    /// Member `policyText`.
    #[serde(rename = "policyText", skip_serializing_if = "Option::is_none")]
    pub policy_text: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `DeleteRepositoryRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DeleteRepositoryRequest {
    /// Member `force`.
    #[serde(rename = "force", skip_serializing_if = "Option::is_none")]
    pub force: Option<bool>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for DeleteRepositoryRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "force" => self.force = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DeleteRepositoryRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DeleteRepositoryRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `DeleteRepositoryResponse`.
#[derive(Clone, Serialize)]
pub struct DeleteRepositoryResponse {
    /// Member `repository`.
    #[serde(rename = "repository", skip_serializing_if = "Option::is_none")]
    pub repository: Option<Repository>,
}

/// Shape `DescribeImageScanFindingsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeImageScanFindingsRequest {
    /// Member `imageId`.
    #[serde(rename = "imageId", skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageIdentifier>,
    /// Member `maxResults`.
    #[serde(rename = "maxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for DescribeImageScanFindingsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageId" => self.image_id = value.next_value()?,
            "maxResults" => self.max_results = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeImageScanFindingsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeImageScanFindingsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("imageId", self.image_id.is_some());
        walk.nested("imageId", self.image_id.as_ref());
        walk.number("maxResults", self.max_results, &MAX_RESULTS);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `DescribeImageScanFindingsResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeImageScanFindingsResponse {
    /// Member `imageId`.
    #[serde(rename = "imageId", skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageIdentifier>,
    /// Member `imageScanFindings`.
    #[serde(rename = "imageScanFindings", skip_serializing_if = "Option::is_none")]
    pub image_scan_findings: Option<ImageScanFindings>,
    /// Member `imageScanStatus`.
    #[serde(rename = "imageScanStatus", skip_serializing_if = "Option::is_none")]
    pub image_scan_status: Option<ImageScanStatus>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `DescribeImagesFilter`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeImagesFilter {
    /// Member `imageStatus`.
    #[serde(rename = "imageStatus", skip_serializing_if = "Option::is_none")]
    pub image_status: Option<String>,
    /// Member `tagStatus`.
    #[serde(rename = "tagStatus", skip_serializing_if = "Option::is_none")]
    pub tag_status: Option<String>,
}

impl Structure for DescribeImagesFilter {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageStatus" => self.image_status = value.next_value()?,
            "tagStatus" => self.tag_status = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeImagesFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeImagesFilter {
    fn check(&self, walk: &mut Walk) {
        walk.text("imageStatus", self.image_status.as_deref(), &IMAGE_STATUS_FILTER);
        walk.text("tagStatus", self.tag_status.as_deref(), &TAG_STATUS);
    }
}

/// Shape `DescribeImagesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeImagesRequest {
    /// Member `filter`.
    #[serde(rename = "filter", skip_serializing_if = "Option::is_none")]
    pub filter: Option<DescribeImagesFilter>,
    /// Member `imageIds`.
    #[serde(rename = "imageIds", skip_serializing_if = "Option::is_none")]
    pub image_ids: Option<Vec<ImageIdentifier>>,
    /// Member `maxResults`.
    #[serde(rename = "maxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for DescribeImagesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "filter" => self.filter = value.next_value()?,
            "imageIds" => self.image_ids = value.next_value()?,
            "maxResults" => self.max_results = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeImagesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeImagesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.nested("filter", self.filter.as_ref());
        walk.structures("imageIds", self.image_ids.as_deref(), Some(&IMAGE_IDENTIFIER_LIST));
        walk.number("maxResults", self.max_results, &MAX_RESULTS);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `DescribeImagesResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeImagesResponse {
    /// Member `imageDetails`.
    #[serde(rename = "imageDetails", skip_serializing_if = "Option::is_none")]
    pub image_details: Option<Vec<ImageDetail>>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Shape `DescribeRegistryResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeRegistryResponse {
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `replicationConfiguration`.
    #[serde(rename = "replicationConfiguration", skip_serializing_if = "Option::is_none")]
    pub replication_configuration: Option<ReplicationConfiguration>,
}

/// Shape `DescribeRepositoriesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct DescribeRepositoriesRequest {
    /// Member `maxResults`.
    #[serde(rename = "maxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryNames`.
    #[serde(rename = "repositoryNames", skip_serializing_if = "Option::is_none")]
    pub repository_names: Option<Vec<String>>,
}

impl Structure for DescribeRepositoriesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "maxResults" => self.max_results = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryNames" => self.repository_names = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for DescribeRepositoriesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for DescribeRepositoriesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.number("maxResults", self.max_results, &MAX_RESULTS);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.texts("repositoryNames", self.repository_names.as_deref(), Some(&REPOSITORY_NAME_LIST), &REPOSITORY_NAME);
    }
}

/// Shape `DescribeRepositoriesResponse`.
#[derive(Clone, Serialize)]
pub struct DescribeRepositoriesResponse {
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `repositories`.
    #[serde(rename = "repositories", skip_serializing_if = "Option::is_none")]
    pub repositories: Option<Vec<Repository>>,
}

/// Shape `EncryptionConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct EncryptionConfiguration {
    /// Member `encryptionType`.
    #[serde(rename = "encryptionType", skip_serializing_if = "Option::is_none")]
    pub encryption_type: Option<String>,
    /// Member `kmsKey`.
    #[serde(rename = "kmsKey", skip_serializing_if = "Option::is_none")]
    pub kms_key: Option<String>,
}

impl Structure for EncryptionConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "encryptionType" => self.encryption_type = value.next_value()?,
            "kmsKey" => self.kms_key = value.next_value()?,
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
        walk.required("encryptionType", self.encryption_type.is_some());
        walk.text("encryptionType", self.encryption_type.as_deref(), &ENCRYPTION_TYPE);
        walk.text("kmsKey", self.kms_key.as_deref(), &KMS_KEY);
    }
}

/// Shape `EnhancedImageScanFinding`.
#[derive(Clone, Serialize)]
pub struct EnhancedImageScanFinding {
    /// Member `awsAccountId`.
    #[serde(rename = "awsAccountId", skip_serializing_if = "Option::is_none")]
    pub aws_account_id: Option<String>,
    /// Member `description`.
    #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `exploitAvailable`.
    #[serde(rename = "exploitAvailable", skip_serializing_if = "Option::is_none")]
    pub exploit_available: Option<String>,
    /// Member `findingArn`.
    #[serde(rename = "findingArn", skip_serializing_if = "Option::is_none")]
    pub finding_arn: Option<String>,
    /// Member `firstObservedAt`.
    #[serde(rename = "firstObservedAt", skip_serializing_if = "Option::is_none")]
    pub first_observed_at: Option<f64>,
    /// Member `fixAvailable`.
    #[serde(rename = "fixAvailable", skip_serializing_if = "Option::is_none")]
    pub fix_available: Option<String>,
    /// Member `lastObservedAt`.
    #[serde(rename = "lastObservedAt", skip_serializing_if = "Option::is_none")]
    pub last_observed_at: Option<f64>,
    /// Member `packageVulnerabilityDetails`.
    #[serde(rename = "packageVulnerabilityDetails", skip_serializing_if = "Option::is_none")]
    pub package_vulnerability_details: Option<PackageVulnerabilityDetails>,
    /// Member `remediation`.
    #[serde(rename = "remediation", skip_serializing_if = "Option::is_none")]
    pub remediation: Option<Remediation>,
    /// Member `resources`.
    #[serde(rename = "resources", skip_serializing_if = "Option::is_none")]
    pub resources: Option<Vec<Resource>>,
    /// Member `score`.
    #[serde(rename = "score", skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Member `scoreDetails`.
    #[serde(rename = "scoreDetails", skip_serializing_if = "Option::is_none")]
    pub score_details: Option<ScoreDetails>,
    /// Member `severity`.
    #[serde(rename = "severity", skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Member `status`.
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Member `title`.
    #[serde(rename = "title", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Member `type`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// Member `updatedAt`.
    #[serde(rename = "updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<f64>,
}

/// Shape `GetAuthorizationTokenRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetAuthorizationTokenRequest {
    /// Member `registryIds`.
    #[serde(rename = "registryIds", skip_serializing_if = "Option::is_none")]
    pub registry_ids: Option<Vec<String>>,
}

impl Structure for GetAuthorizationTokenRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "registryIds" => self.registry_ids = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetAuthorizationTokenRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetAuthorizationTokenRequest {
    fn check(&self, walk: &mut Walk) {
        walk.texts("registryIds", self.registry_ids.as_deref(), Some(&GET_AUTHORIZATION_TOKEN_REGISTRY_ID_LIST), &REGISTRY_ID);
    }
}

/// Shape `GetAuthorizationTokenResponse`.
#[derive(Clone, Serialize)]
pub struct GetAuthorizationTokenResponse {
    /// Member `authorizationData`.
    #[serde(rename = "authorizationData", skip_serializing_if = "Option::is_none")]
    pub authorization_data: Option<Vec<AuthorizationData>>,
}

/// Shape `GetDownloadUrlForLayerRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetDownloadUrlForLayerRequest {
    /// Member `layerDigest`.
    #[serde(rename = "layerDigest", skip_serializing_if = "Option::is_none")]
    pub layer_digest: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for GetDownloadUrlForLayerRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "layerDigest" => self.layer_digest = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetDownloadUrlForLayerRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetDownloadUrlForLayerRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("layerDigest", self.layer_digest.is_some());
        walk.text("layerDigest", self.layer_digest.as_deref(), &LAYER_DIGEST);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `GetDownloadUrlForLayerResponse`.
#[derive(Clone, Serialize)]
pub struct GetDownloadUrlForLayerResponse {
    /// Member `downloadUrl`.
    #[serde(rename = "downloadUrl", skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
    /// Member `layerDigest`.
    #[serde(rename = "layerDigest", skip_serializing_if = "Option::is_none")]
    pub layer_digest: Option<String>,
}

/// Shape `GetLifecyclePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetLifecyclePolicyRequest {
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for GetLifecyclePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetLifecyclePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetLifecyclePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `GetLifecyclePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct GetLifecyclePolicyResponse {
    /// Member `lastEvaluatedAt`.
    #[serde(rename = "lastEvaluatedAt", skip_serializing_if = "Option::is_none")]
    pub last_evaluated_at: Option<f64>,
    /// Member `lifecyclePolicyText`.
    #[serde(rename = "lifecyclePolicyText", skip_serializing_if = "Option::is_none")]
    pub lifecycle_policy_text: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `GetRepositoryPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct GetRepositoryPolicyRequest {
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for GetRepositoryPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for GetRepositoryPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for GetRepositoryPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `GetRepositoryPolicyResponse`.
#[derive(Clone, Serialize)]
pub struct GetRepositoryPolicyResponse {
    /// Member `policyText`.
    #[serde(rename = "policyText", skip_serializing_if = "Option::is_none")]
    pub policy_text: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `Image`.
#[derive(Clone, Serialize)]
pub struct Image {
    /// Member `imageId`.
    #[serde(rename = "imageId", skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageIdentifier>,
    /// Member `imageManifest`.
    #[serde(rename = "imageManifest", skip_serializing_if = "Option::is_none")]
    pub image_manifest: Option<String>,
    /// Member `imageManifestMediaType`.
    #[serde(rename = "imageManifestMediaType", skip_serializing_if = "Option::is_none")]
    pub image_manifest_media_type: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `ImageDetail`.
#[derive(Clone, Serialize)]
pub struct ImageDetail {
    /// Member `artifactMediaType`.
    #[serde(rename = "artifactMediaType", skip_serializing_if = "Option::is_none")]
    pub artifact_media_type: Option<String>,
    /// Member `imageDigest`.
    #[serde(rename = "imageDigest", skip_serializing_if = "Option::is_none")]
    pub image_digest: Option<String>,
    /// Member `imageManifestMediaType`.
    #[serde(rename = "imageManifestMediaType", skip_serializing_if = "Option::is_none")]
    pub image_manifest_media_type: Option<String>,
    /// Member `imagePushedAt`.
    #[serde(rename = "imagePushedAt", skip_serializing_if = "Option::is_none")]
    pub image_pushed_at: Option<f64>,
    /// Member `imageScanFindingsSummary`.
    #[serde(rename = "imageScanFindingsSummary", skip_serializing_if = "Option::is_none")]
    pub image_scan_findings_summary: Option<ImageScanFindingsSummary>,
    /// Member `imageScanStatus`.
    #[serde(rename = "imageScanStatus", skip_serializing_if = "Option::is_none")]
    pub image_scan_status: Option<ImageScanStatus>,
    /// Member `imageSizeInBytes`.
    #[serde(rename = "imageSizeInBytes", skip_serializing_if = "Option::is_none")]
    pub image_size_in_bytes: Option<i64>,
    /// Member `imageStatus`.
    #[serde(rename = "imageStatus", skip_serializing_if = "Option::is_none")]
    pub image_status: Option<String>,
    /// Member `imageTags`.
    #[serde(rename = "imageTags", skip_serializing_if = "Option::is_none")]
    pub image_tags: Option<Vec<String>>,
    /// Member `lastActivatedAt`.
    #[serde(rename = "lastActivatedAt", skip_serializing_if = "Option::is_none")]
    pub last_activated_at: Option<f64>,
    /// Member `lastArchivedAt`.
    #[serde(rename = "lastArchivedAt", skip_serializing_if = "Option::is_none")]
    pub last_archived_at: Option<f64>,
    /// Member `lastRecordedPullTime`.
    #[serde(rename = "lastRecordedPullTime", skip_serializing_if = "Option::is_none")]
    pub last_recorded_pull_time: Option<f64>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
    /// Member `subjectManifestDigest`.
    #[serde(rename = "subjectManifestDigest", skip_serializing_if = "Option::is_none")]
    pub subject_manifest_digest: Option<String>,
}

/// Shape `ImageFailure`.
#[derive(Clone, Serialize)]
pub struct ImageFailure {
    /// Member `failureCode`.
    #[serde(rename = "failureCode", skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
    /// Member `failureReason`.
    #[serde(rename = "failureReason", skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// Member `imageId`.
    #[serde(rename = "imageId", skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageIdentifier>,
}

/// Shape `ImageIdentifier`.
#[derive(Clone, Default, Serialize)]
pub struct ImageIdentifier {
    /// Member `imageDigest`.
    #[serde(rename = "imageDigest", skip_serializing_if = "Option::is_none")]
    pub image_digest: Option<String>,
    /// Member `imageTag`.
    #[serde(rename = "imageTag", skip_serializing_if = "Option::is_none")]
    pub image_tag: Option<String>,
}

impl Structure for ImageIdentifier {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageDigest" => self.image_digest = value.next_value()?,
            "imageTag" => self.image_tag = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ImageIdentifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ImageIdentifier {
    fn check(&self, walk: &mut Walk) {
        walk.text("imageTag", self.image_tag.as_deref(), &IMAGE_TAG);
    }
}

/// Shape `ImageScanFinding`.
#[derive(Clone, Serialize)]
pub struct ImageScanFinding {
    /// Member `attributes`.
    #[serde(rename = "attributes", skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<Attribute>>,
    /// Member `description`.
    #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `name`.
    #[serde(rename = "name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `severity`.
    #[serde(rename = "severity", skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Member `uri`.
    #[serde(rename = "uri", skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}

/// Shape `ImageScanFindings`.
#[derive(Clone, Serialize)]
pub struct ImageScanFindings {
    /// Member `enhancedFindings`.
    #[serde(rename = "enhancedFindings", skip_serializing_if = "Option::is_none")]
    pub enhanced_findings: Option<Vec<EnhancedImageScanFinding>>,
    /// Member `findingSeverityCounts`.
    #[serde(rename = "findingSeverityCounts", skip_serializing_if = "Option::is_none")]
    pub finding_severity_counts: Option<BTreeMap<String, i32>>,
    /// Member `findings`.
    #[serde(rename = "findings", skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<ImageScanFinding>>,
    /// Member `imageScanCompletedAt`.
    #[serde(rename = "imageScanCompletedAt", skip_serializing_if = "Option::is_none")]
    pub image_scan_completed_at: Option<f64>,
    /// Member `vulnerabilitySourceUpdatedAt`.
    #[serde(rename = "vulnerabilitySourceUpdatedAt", skip_serializing_if = "Option::is_none")]
    pub vulnerability_source_updated_at: Option<f64>,
}

/// Shape `ImageScanFindingsSummary`.
#[derive(Clone, Serialize)]
pub struct ImageScanFindingsSummary {
    /// Member `findingSeverityCounts`.
    #[serde(rename = "findingSeverityCounts", skip_serializing_if = "Option::is_none")]
    pub finding_severity_counts: Option<BTreeMap<String, i32>>,
    /// Member `imageScanCompletedAt`.
    #[serde(rename = "imageScanCompletedAt", skip_serializing_if = "Option::is_none")]
    pub image_scan_completed_at: Option<f64>,
    /// Member `vulnerabilitySourceUpdatedAt`.
    #[serde(rename = "vulnerabilitySourceUpdatedAt", skip_serializing_if = "Option::is_none")]
    pub vulnerability_source_updated_at: Option<f64>,
}

/// Shape `ImageScanStatus`.
#[derive(Clone, Serialize)]
pub struct ImageScanStatus {
    /// Member `description`.
    #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Member `status`.
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Shape `ImageScanningConfiguration`.
#[derive(Clone, Default, Serialize)]
pub struct ImageScanningConfiguration {
    /// Member `scanOnPush`.
    #[serde(rename = "scanOnPush", skip_serializing_if = "Option::is_none")]
    pub scan_on_push: Option<bool>,
}

impl Structure for ImageScanningConfiguration {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "scanOnPush" => self.scan_on_push = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ImageScanningConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ImageScanningConfiguration {
    fn check(&self, _walk: &mut Walk) {}
}

/// Shape `ImageTagMutabilityExclusionFilter`.
#[derive(Clone, Default, Serialize)]
pub struct ImageTagMutabilityExclusionFilter {
    /// Member `filter`.
    #[serde(rename = "filter", skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Member `filterType`.
    #[serde(rename = "filterType", skip_serializing_if = "Option::is_none")]
    pub filter_type: Option<String>,
}

impl Structure for ImageTagMutabilityExclusionFilter {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "filter" => self.filter = value.next_value()?,
            "filterType" => self.filter_type = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ImageTagMutabilityExclusionFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ImageTagMutabilityExclusionFilter {
    fn check(&self, walk: &mut Walk) {
        walk.required("filter", self.filter.is_some());
        walk.text("filter", self.filter.as_deref(), &IMAGE_TAG_MUTABILITY_EXCLUSION_FILTER_VALUE);
        walk.required("filterType", self.filter_type.is_some());
        walk.text("filterType", self.filter_type.as_deref(), &IMAGE_TAG_MUTABILITY_EXCLUSION_FILTER_TYPE);
    }
}

/// Shape `InitiateLayerUploadRequest`.
#[derive(Clone, Default, Serialize)]
pub struct InitiateLayerUploadRequest {
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for InitiateLayerUploadRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for InitiateLayerUploadRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for InitiateLayerUploadRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `InitiateLayerUploadResponse`.
#[derive(Clone, Serialize)]
pub struct InitiateLayerUploadResponse {
    /// Member `partSize`.
    #[serde(rename = "partSize", skip_serializing_if = "Option::is_none")]
    pub part_size: Option<i64>,
    /// Member `uploadId`.
    #[serde(rename = "uploadId", skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<String>,
}

/// Shape `Layer`.
#[derive(Clone, Serialize)]
pub struct Layer {
    /// Member `layerAvailability`.
    #[serde(rename = "layerAvailability", skip_serializing_if = "Option::is_none")]
    pub layer_availability: Option<String>,
    /// Member `layerDigest`.
    #[serde(rename = "layerDigest", skip_serializing_if = "Option::is_none")]
    pub layer_digest: Option<String>,
    /// Member `layerSize`.
    #[serde(rename = "layerSize", skip_serializing_if = "Option::is_none")]
    pub layer_size: Option<i64>,
    /// Member `mediaType`.
    #[serde(rename = "mediaType", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

/// Shape `LayerFailure`.
#[derive(Clone, Serialize)]
pub struct LayerFailure {
    /// Member `failureCode`.
    #[serde(rename = "failureCode", skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
    /// Member `failureReason`.
    #[serde(rename = "failureReason", skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// Member `layerDigest`.
    #[serde(rename = "layerDigest", skip_serializing_if = "Option::is_none")]
    pub layer_digest: Option<String>,
}

/// Shape `ListImagesFilter`.
#[derive(Clone, Default, Serialize)]
pub struct ListImagesFilter {
    /// Member `imageStatus`.
    #[serde(rename = "imageStatus", skip_serializing_if = "Option::is_none")]
    pub image_status: Option<String>,
    /// Member `tagStatus`.
    #[serde(rename = "tagStatus", skip_serializing_if = "Option::is_none")]
    pub tag_status: Option<String>,
}

impl Structure for ListImagesFilter {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageStatus" => self.image_status = value.next_value()?,
            "tagStatus" => self.tag_status = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListImagesFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListImagesFilter {
    fn check(&self, walk: &mut Walk) {
        walk.text("imageStatus", self.image_status.as_deref(), &IMAGE_STATUS_FILTER);
        walk.text("tagStatus", self.tag_status.as_deref(), &TAG_STATUS);
    }
}

/// Shape `ListImagesRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListImagesRequest {
    /// Member `filter`.
    #[serde(rename = "filter", skip_serializing_if = "Option::is_none")]
    pub filter: Option<ListImagesFilter>,
    /// Member `maxResults`.
    #[serde(rename = "maxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for ListImagesRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "filter" => self.filter = value.next_value()?,
            "maxResults" => self.max_results = value.next_value()?,
            "nextToken" => self.next_token = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListImagesRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListImagesRequest {
    fn check(&self, walk: &mut Walk) {
        walk.nested("filter", self.filter.as_ref());
        walk.number("maxResults", self.max_results, &MAX_RESULTS);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `ListImagesResponse`.
#[derive(Clone, Serialize)]
pub struct ListImagesResponse {
    /// Member `imageIds`.
    #[serde(rename = "imageIds", skip_serializing_if = "Option::is_none")]
    pub image_ids: Option<Vec<ImageIdentifier>>,
    /// Member `nextToken`.
    #[serde(rename = "nextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Shape `ListTagsForResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct ListTagsForResourceRequest {
    /// Member `resourceArn`.
    #[serde(rename = "resourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
}

impl Structure for ListTagsForResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "resourceArn" => self.resource_arn = value.next_value()?,
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
        walk.required("resourceArn", self.resource_arn.is_some());
    }
}

/// Shape `ListTagsForResourceResponse`.
#[derive(Clone, Serialize)]
pub struct ListTagsForResourceResponse {
    /// Member `tags`.
    #[serde(rename = "tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

/// Shape `PackageVulnerabilityDetails`.
#[derive(Clone, Serialize)]
pub struct PackageVulnerabilityDetails {
    /// Member `cvss`.
    #[serde(rename = "cvss", skip_serializing_if = "Option::is_none")]
    pub cvss: Option<Vec<CvssScore>>,
    /// Member `referenceUrls`.
    #[serde(rename = "referenceUrls", skip_serializing_if = "Option::is_none")]
    pub reference_urls: Option<Vec<String>>,
    /// Member `relatedVulnerabilities`.
    #[serde(rename = "relatedVulnerabilities", skip_serializing_if = "Option::is_none")]
    pub related_vulnerabilities: Option<Vec<String>>,
    /// Member `source`.
    #[serde(rename = "source", skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Member `sourceUrl`.
    #[serde(rename = "sourceUrl", skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    /// Member `vendorCreatedAt`.
    #[serde(rename = "vendorCreatedAt", skip_serializing_if = "Option::is_none")]
    pub vendor_created_at: Option<f64>,
    /// Member `vendorSeverity`.
    #[serde(rename = "vendorSeverity", skip_serializing_if = "Option::is_none")]
    pub vendor_severity: Option<String>,
    /// Member `vendorUpdatedAt`.
    #[serde(rename = "vendorUpdatedAt", skip_serializing_if = "Option::is_none")]
    pub vendor_updated_at: Option<f64>,
    /// Member `vulnerabilityId`.
    #[serde(rename = "vulnerabilityId", skip_serializing_if = "Option::is_none")]
    pub vulnerability_id: Option<String>,
    /// Member `vulnerablePackages`.
    #[serde(rename = "vulnerablePackages", skip_serializing_if = "Option::is_none")]
    pub vulnerable_packages: Option<Vec<VulnerablePackage>>,
}

/// Shape `PutImageRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutImageRequest {
    /// Member `imageDigest`.
    #[serde(rename = "imageDigest", skip_serializing_if = "Option::is_none")]
    pub image_digest: Option<String>,
    /// Member `imageManifest`.
    #[serde(rename = "imageManifest", skip_serializing_if = "Option::is_none")]
    pub image_manifest: Option<String>,
    /// Member `imageManifestMediaType`.
    #[serde(rename = "imageManifestMediaType", skip_serializing_if = "Option::is_none")]
    pub image_manifest_media_type: Option<String>,
    /// Member `imageTag`.
    #[serde(rename = "imageTag", skip_serializing_if = "Option::is_none")]
    pub image_tag: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for PutImageRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageDigest" => self.image_digest = value.next_value()?,
            "imageManifest" => self.image_manifest = value.next_value()?,
            "imageManifestMediaType" => self.image_manifest_media_type = value.next_value()?,
            "imageTag" => self.image_tag = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutImageRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutImageRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("imageManifest", self.image_manifest.is_some());
        walk.text("imageManifest", self.image_manifest.as_deref(), &IMAGE_MANIFEST);
        walk.text("imageTag", self.image_tag.as_deref(), &IMAGE_TAG);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `PutImageResponse`.
#[derive(Clone, Serialize)]
pub struct PutImageResponse {
    /// Member `image`.
    #[serde(rename = "image", skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
}

/// Shape `PutImageScanningConfigurationRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutImageScanningConfigurationRequest {
    /// Member `imageScanningConfiguration`.
    #[serde(rename = "imageScanningConfiguration", skip_serializing_if = "Option::is_none")]
    pub image_scanning_configuration: Option<ImageScanningConfiguration>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for PutImageScanningConfigurationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageScanningConfiguration" => self.image_scanning_configuration = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutImageScanningConfigurationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutImageScanningConfigurationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("imageScanningConfiguration", self.image_scanning_configuration.is_some());
        walk.nested("imageScanningConfiguration", self.image_scanning_configuration.as_ref());
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `PutImageScanningConfigurationResponse`.
#[derive(Clone, Serialize)]
pub struct PutImageScanningConfigurationResponse {
    /// Member `imageScanningConfiguration`.
    #[serde(rename = "imageScanningConfiguration", skip_serializing_if = "Option::is_none")]
    pub image_scanning_configuration: Option<ImageScanningConfiguration>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `PutImageTagMutabilityRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutImageTagMutabilityRequest {
    /// Member `imageTagMutability`.
    #[serde(rename = "imageTagMutability", skip_serializing_if = "Option::is_none")]
    pub image_tag_mutability: Option<String>,
    /// Member `imageTagMutabilityExclusionFilters`.
    #[serde(rename = "imageTagMutabilityExclusionFilters", skip_serializing_if = "Option::is_none")]
    pub image_tag_mutability_exclusion_filters: Option<Vec<ImageTagMutabilityExclusionFilter>>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for PutImageTagMutabilityRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageTagMutability" => self.image_tag_mutability = value.next_value()?,
            "imageTagMutabilityExclusionFilters" => self.image_tag_mutability_exclusion_filters = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutImageTagMutabilityRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutImageTagMutabilityRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("imageTagMutability", self.image_tag_mutability.is_some());
        walk.text("imageTagMutability", self.image_tag_mutability.as_deref(), &IMAGE_TAG_MUTABILITY);
        walk.structures(
            "imageTagMutabilityExclusionFilters",
            self.image_tag_mutability_exclusion_filters.as_deref(),
            Some(&IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS),
        );
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `PutImageTagMutabilityResponse`.
#[derive(Clone, Serialize)]
pub struct PutImageTagMutabilityResponse {
    /// Member `imageTagMutability`.
    #[serde(rename = "imageTagMutability", skip_serializing_if = "Option::is_none")]
    pub image_tag_mutability: Option<String>,
    /// Member `imageTagMutabilityExclusionFilters`.
    #[serde(rename = "imageTagMutabilityExclusionFilters", skip_serializing_if = "Option::is_none")]
    pub image_tag_mutability_exclusion_filters: Option<Vec<ImageTagMutabilityExclusionFilter>>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `PutLifecyclePolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct PutLifecyclePolicyRequest {
    /// Member `lifecyclePolicyText`.
    #[serde(rename = "lifecyclePolicyText", skip_serializing_if = "Option::is_none")]
    pub lifecycle_policy_text: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for PutLifecyclePolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "lifecyclePolicyText" => self.lifecycle_policy_text = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for PutLifecyclePolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for PutLifecyclePolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("lifecyclePolicyText", self.lifecycle_policy_text.is_some());
        walk.text("lifecyclePolicyText", self.lifecycle_policy_text.as_deref(), &LIFECYCLE_POLICY_TEXT);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `PutLifecyclePolicyResponse`.
#[derive(Clone, Serialize)]
pub struct PutLifecyclePolicyResponse {
    /// Member `lifecyclePolicyText`.
    #[serde(rename = "lifecyclePolicyText", skip_serializing_if = "Option::is_none")]
    pub lifecycle_policy_text: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `Recommendation`.
#[derive(Clone, Serialize)]
pub struct Recommendation {
    /// Member `text`.
    #[serde(rename = "text", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Member `url`.
    #[serde(rename = "url", skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Shape `Remediation`.
#[derive(Clone, Serialize)]
pub struct Remediation {
    /// Member `recommendation`.
    #[serde(rename = "recommendation", skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<Recommendation>,
}

/// Shape `ReplicationConfiguration`.
#[derive(Clone, Serialize)]
pub struct ReplicationConfiguration {
    /// Member `rules`.
    #[serde(rename = "rules")]
    pub rules: Vec<ReplicationRule>,
}

/// Shape `ReplicationDestination`.
#[derive(Clone, Serialize)]
pub struct ReplicationDestination {
    /// Member `region`.
    #[serde(rename = "region")]
    pub region: String,
    /// Member `registryId`.
    #[serde(rename = "registryId")]
    pub registry_id: String,
}

/// Shape `ReplicationRule`.
#[derive(Clone, Serialize)]
pub struct ReplicationRule {
    /// Member `deleteReplication`.
    #[serde(rename = "deleteReplication", skip_serializing_if = "Option::is_none")]
    pub delete_replication: Option<DeleteReplication>,
    /// Member `destinations`.
    #[serde(rename = "destinations")]
    pub destinations: Vec<ReplicationDestination>,
    /// Member `repositoryFilters`.
    #[serde(rename = "repositoryFilters", skip_serializing_if = "Option::is_none")]
    pub repository_filters: Option<Vec<RepositoryFilter>>,
}

/// Shape `Repository`.
#[derive(Clone, Serialize)]
pub struct Repository {
    /// Member `createdAt`.
    #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<f64>,
    /// Member `encryptionConfiguration`.
    #[serde(rename = "encryptionConfiguration", skip_serializing_if = "Option::is_none")]
    pub encryption_configuration: Option<EncryptionConfiguration>,
    /// Member `imageScanningConfiguration`.
    #[serde(rename = "imageScanningConfiguration", skip_serializing_if = "Option::is_none")]
    pub image_scanning_configuration: Option<ImageScanningConfiguration>,
    /// Member `imageTagMutability`.
    #[serde(rename = "imageTagMutability", skip_serializing_if = "Option::is_none")]
    pub image_tag_mutability: Option<String>,
    /// Member `imageTagMutabilityExclusionFilters`.
    #[serde(rename = "imageTagMutabilityExclusionFilters", skip_serializing_if = "Option::is_none")]
    pub image_tag_mutability_exclusion_filters: Option<Vec<ImageTagMutabilityExclusionFilter>>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryArn`.
    #[serde(rename = "repositoryArn", skip_serializing_if = "Option::is_none")]
    pub repository_arn: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
    /// Member `repositoryUri`.
    #[serde(rename = "repositoryUri", skip_serializing_if = "Option::is_none")]
    pub repository_uri: Option<String>,
}

/// Shape `RepositoryFilter`.
#[derive(Clone, Serialize)]
pub struct RepositoryFilter {
    /// Member `filter`.
    #[serde(rename = "filter")]
    pub filter: String,
    /// Member `filterType`.
    #[serde(rename = "filterType")]
    pub filter_type: String,
}

/// Shape `Resource`.
#[derive(Clone, Serialize)]
pub struct Resource {
    /// Member `details`.
    #[serde(rename = "details", skip_serializing_if = "Option::is_none")]
    pub details: Option<ResourceDetails>,
    /// Member `id`.
    #[serde(rename = "id", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Member `tags`.
    #[serde(rename = "tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
    /// Member `type`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
}

/// Shape `ResourceDetails`.
#[derive(Clone, Serialize)]
pub struct ResourceDetails {
    /// Member `awsEcrContainerImage`.
    #[serde(rename = "awsEcrContainerImage", skip_serializing_if = "Option::is_none")]
    pub aws_ecr_container_image: Option<AwsEcrContainerImageDetails>,
}

/// Shape `ScoreDetails`.
#[derive(Clone, Serialize)]
pub struct ScoreDetails {
    /// Member `cvss`.
    #[serde(rename = "cvss", skip_serializing_if = "Option::is_none")]
    pub cvss: Option<CvssScoreDetails>,
}

/// Shape `SetRepositoryPolicyRequest`.
#[derive(Clone, Default, Serialize)]
pub struct SetRepositoryPolicyRequest {
    /// Member `force`.
    #[serde(rename = "force", skip_serializing_if = "Option::is_none")]
    pub force: Option<bool>,
    /// Member `policyText`.
    #[serde(rename = "policyText", skip_serializing_if = "Option::is_none")]
    pub policy_text: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for SetRepositoryPolicyRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "force" => self.force = value.next_value()?,
            "policyText" => self.policy_text = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for SetRepositoryPolicyRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for SetRepositoryPolicyRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("policyText", self.policy_text.is_some());
        walk.text("policyText", self.policy_text.as_deref(), &REPOSITORY_POLICY_TEXT);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `SetRepositoryPolicyResponse`.
#[derive(Clone, Serialize)]
pub struct SetRepositoryPolicyResponse {
    /// Member `policyText`.
    #[serde(rename = "policyText", skip_serializing_if = "Option::is_none")]
    pub policy_text: Option<String>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

/// Shape `StartImageScanRequest`.
#[derive(Clone, Default, Serialize)]
pub struct StartImageScanRequest {
    /// Member `imageId`.
    #[serde(rename = "imageId", skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageIdentifier>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
}

impl Structure for StartImageScanRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "imageId" => self.image_id = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for StartImageScanRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for StartImageScanRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("imageId", self.image_id.is_some());
        walk.nested("imageId", self.image_id.as_ref());
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
    }
}

/// Shape `StartImageScanResponse`.
#[derive(Clone, Serialize)]
pub struct StartImageScanResponse {
    /// Member `imageId`.
    #[serde(rename = "imageId", skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageIdentifier>,
    /// Member `imageScanStatus`.
    #[serde(rename = "imageScanStatus", skip_serializing_if = "Option::is_none")]
    pub image_scan_status: Option<ImageScanStatus>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
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
        walk.required("Key", self.key.is_some());
        walk.required("Value", self.value.is_some());
    }
}

/// Shape `TagResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct TagResourceRequest {
    /// Member `resourceArn`.
    #[serde(rename = "resourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// Member `tags`.
    #[serde(rename = "tags", skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

impl Structure for TagResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "resourceArn" => self.resource_arn = value.next_value()?,
            "tags" => self.tags = value.next_value()?,
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
        walk.required("resourceArn", self.resource_arn.is_some());
        walk.required("tags", self.tags.is_some());
        walk.structures("tags", self.tags.as_deref(), None);
    }
}

/// Shape `UntagResourceRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UntagResourceRequest {
    /// Member `resourceArn`.
    #[serde(rename = "resourceArn", skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// Member `tagKeys`.
    #[serde(rename = "tagKeys", skip_serializing_if = "Option::is_none")]
    pub tag_keys: Option<Vec<String>>,
}

impl Structure for UntagResourceRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "resourceArn" => self.resource_arn = value.next_value()?,
            "tagKeys" => self.tag_keys = value.next_value()?,
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
        walk.required("resourceArn", self.resource_arn.is_some());
        walk.required("tagKeys", self.tag_keys.is_some());
    }
}

/// Shape `UploadLayerPartRequest`.
#[derive(Clone, Default, Serialize)]
pub struct UploadLayerPartRequest {
    /// Member `layerPartBlob`.
    #[serde(rename = "layerPartBlob", skip_serializing_if = "Option::is_none")]
    pub layer_part_blob: Option<Blob>,
    /// Member `partFirstByte`.
    #[serde(rename = "partFirstByte", skip_serializing_if = "Option::is_none")]
    pub part_first_byte: Option<i64>,
    /// Member `partLastByte`.
    #[serde(rename = "partLastByte", skip_serializing_if = "Option::is_none")]
    pub part_last_byte: Option<i64>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
    /// Member `uploadId`.
    #[serde(rename = "uploadId", skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<String>,
}

impl Structure for UploadLayerPartRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "layerPartBlob" => self.layer_part_blob = value.next_value()?,
            "partFirstByte" => self.part_first_byte = value.next_value()?,
            "partLastByte" => self.part_last_byte = value.next_value()?,
            "registryId" => self.registry_id = value.next_value()?,
            "repositoryName" => self.repository_name = value.next_value()?,
            "uploadId" => self.upload_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for UploadLayerPartRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for UploadLayerPartRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("layerPartBlob", self.layer_part_blob.is_some());
        walk.blob("layerPartBlob", self.layer_part_blob.as_ref(), &LAYER_PART_BLOB);
        walk.required("partFirstByte", self.part_first_byte.is_some());
        walk.number("partFirstByte", self.part_first_byte, &PART_SIZE);
        walk.required("partLastByte", self.part_last_byte.is_some());
        walk.number("partLastByte", self.part_last_byte, &PART_SIZE);
        walk.text("registryId", self.registry_id.as_deref(), &REGISTRY_ID);
        walk.required("repositoryName", self.repository_name.is_some());
        walk.text("repositoryName", self.repository_name.as_deref(), &REPOSITORY_NAME);
        walk.required("uploadId", self.upload_id.is_some());
        walk.text("uploadId", self.upload_id.as_deref(), &UPLOAD_ID);
    }
}

/// Shape `UploadLayerPartResponse`.
#[derive(Clone, Serialize)]
pub struct UploadLayerPartResponse {
    /// Member `lastByteReceived`.
    #[serde(rename = "lastByteReceived", skip_serializing_if = "Option::is_none")]
    pub last_byte_received: Option<i64>,
    /// Member `registryId`.
    #[serde(rename = "registryId", skip_serializing_if = "Option::is_none")]
    pub registry_id: Option<String>,
    /// Member `repositoryName`.
    #[serde(rename = "repositoryName", skip_serializing_if = "Option::is_none")]
    pub repository_name: Option<String>,
    /// Member `uploadId`.
    #[serde(rename = "uploadId", skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<String>,
}

/// Shape `VulnerablePackage`.
#[derive(Clone, Serialize)]
pub struct VulnerablePackage {
    /// Member `arch`.
    #[serde(rename = "arch", skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
    /// Member `epoch`.
    #[serde(rename = "epoch", skip_serializing_if = "Option::is_none")]
    pub epoch: Option<i32>,
    /// Member `filePath`.
    #[serde(rename = "filePath", skip_serializing_if = "Option::is_none")]
    pub file_path: Option<String>,
    /// Member `fixedInVersion`.
    #[serde(rename = "fixedInVersion", skip_serializing_if = "Option::is_none")]
    pub fixed_in_version: Option<String>,
    /// Member `name`.
    #[serde(rename = "name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Member `packageManager`.
    #[serde(rename = "packageManager", skip_serializing_if = "Option::is_none")]
    pub package_manager: Option<String>,
    /// Member `release`.
    #[serde(rename = "release", skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Member `sourceLayerHash`.
    #[serde(rename = "sourceLayerHash", skip_serializing_if = "Option::is_none")]
    pub source_layer_hash: Option<String>,
    /// Member `version`.
    #[serde(rename = "version", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Constraints of `BatchedOperationLayerDigest`.
pub static BATCHED_OPERATION_LAYER_DIGEST: Rule =
    Rule { min: Some(0), max: Some(1000), pattern: None, values: &[], sensitive: false };

/// Constraints of `BatchedOperationLayerDigestList`.
pub static BATCHED_OPERATION_LAYER_DIGEST_LIST: Rule =
    Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `EncryptionType`.
pub static ENCRYPTION_TYPE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["AES256", "KMS", "KMS_DSSE"], sensitive: false };

/// Constraints of `GetAuthorizationTokenRegistryIdList`.
pub static GET_AUTHORIZATION_TOKEN_REGISTRY_ID_LIST: Rule =
    Rule { min: Some(1), max: Some(10), pattern: None, values: &[], sensitive: false };

/// Constraints of `ImageIdentifierList`.
pub static IMAGE_IDENTIFIER_LIST: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `ImageManifest`.
pub static IMAGE_MANIFEST: Rule = Rule { min: Some(1), max: Some(4194304), pattern: None, values: &[], sensitive: false };

/// Constraints of `ImageStatusFilter`.
pub static IMAGE_STATUS_FILTER: Rule =
    Rule { min: None, max: None, pattern: None, values: &["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"], sensitive: false };

/// Constraints of `ImageTag`.
pub static IMAGE_TAG: Rule = Rule { min: Some(1), max: Some(300), pattern: None, values: &[], sensitive: false };

/// Constraints of `ImageTagMutability`.
pub static IMAGE_TAG_MUTABILITY: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"],
    sensitive: false,
};

/// Constraints of `ImageTagMutabilityExclusionFilterType`.
pub static IMAGE_TAG_MUTABILITY_EXCLUSION_FILTER_TYPE: Rule =
    Rule { min: None, max: None, pattern: None, values: &["WILDCARD"], sensitive: false };

/// Constraints of `ImageTagMutabilityExclusionFilterValue`.
pub static IMAGE_TAG_MUTABILITY_EXCLUSION_FILTER_VALUE: Rule =
    Rule { min: Some(1), max: Some(128), pattern: Some(Pattern::new("^[0-9a-zA-Z._*-]{1,128}$")), values: &[], sensitive: false };

/// Constraints of `ImageTagMutabilityExclusionFilters`.
pub static IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS: Rule =
    Rule { min: Some(1), max: Some(5), pattern: None, values: &[], sensitive: false };

/// Constraints of `KmsKey`.
pub static KMS_KEY: Rule = Rule { min: Some(1), max: Some(2048), pattern: None, values: &[], sensitive: false };

/// Constraints of `LayerDigest`.
pub static LAYER_DIGEST: Rule =
    Rule { min: None, max: None, pattern: Some(Pattern::new("[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+")), values: &[], sensitive: false };

/// Constraints of `LayerDigestList`.
pub static LAYER_DIGEST_LIST: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `LayerPartBlob`.
pub static LAYER_PART_BLOB: Rule = Rule { min: Some(0), max: Some(20971520), pattern: None, values: &[], sensitive: false };

/// Constraints of `LifecyclePolicyText`.
pub static LIFECYCLE_POLICY_TEXT: Rule = Rule { min: Some(100), max: Some(30720), pattern: None, values: &[], sensitive: false };

/// Constraints of `MaxResults`.
pub static MAX_RESULTS: Rule = Rule { min: Some(1), max: Some(1000), pattern: None, values: &[], sensitive: false };

/// Constraints of `MediaTypeList`.
pub static MEDIA_TYPE_LIST: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `PartSize`.
pub static PART_SIZE: Rule = Rule { min: Some(0), max: None, pattern: None, values: &[], sensitive: false };

/// Constraints of `RegistryId`.
pub static REGISTRY_ID: Rule =
    Rule { min: None, max: None, pattern: Some(Pattern::new("[0-9]{12}")), values: &[], sensitive: false };

/// Constraints of `RepositoryName`.
pub static REPOSITORY_NAME: Rule = Rule {
    min: Some(2),
    max: Some(256),
    pattern: Some(Pattern::new("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*")),
    values: &[],
    sensitive: false,
};

/// Constraints of `RepositoryNameList`.
pub static REPOSITORY_NAME_LIST: Rule = Rule { min: Some(1), max: Some(100), pattern: None, values: &[], sensitive: false };

/// Constraints of `RepositoryPolicyText`.
pub static REPOSITORY_POLICY_TEXT: Rule = Rule { min: Some(0), max: Some(10240), pattern: None, values: &[], sensitive: false };

/// Constraints of `TagStatus`.
pub static TAG_STATUS: Rule =
    Rule { min: None, max: None, pattern: None, values: &["TAGGED", "UNTAGGED", "ANY"], sensitive: false };

/// Constraints of `UploadId`.
pub static UPLOAD_ID: Rule = Rule {
    min: None,
    max: None,
    pattern: Some(Pattern::new("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")),
    values: &[],
    sensitive: false,
};

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[
    &BATCHED_OPERATION_LAYER_DIGEST,
    &BATCHED_OPERATION_LAYER_DIGEST_LIST,
    &ENCRYPTION_TYPE,
    &GET_AUTHORIZATION_TOKEN_REGISTRY_ID_LIST,
    &IMAGE_IDENTIFIER_LIST,
    &IMAGE_MANIFEST,
    &IMAGE_STATUS_FILTER,
    &IMAGE_TAG,
    &IMAGE_TAG_MUTABILITY,
    &IMAGE_TAG_MUTABILITY_EXCLUSION_FILTER_TYPE,
    &IMAGE_TAG_MUTABILITY_EXCLUSION_FILTER_VALUE,
    &IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS,
    &KMS_KEY,
    &LAYER_DIGEST,
    &LAYER_DIGEST_LIST,
    &LAYER_PART_BLOB,
    &LIFECYCLE_POLICY_TEXT,
    &MAX_RESULTS,
    &MEDIA_TYPE_LIST,
    &PART_SIZE,
    &REGISTRY_ID,
    &REPOSITORY_NAME,
    &REPOSITORY_NAME_LIST,
    &REPOSITORY_POLICY_TEXT,
    &TAG_STATUS,
    &UPLOAD_ID,
];
