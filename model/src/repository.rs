//! Image repositories: what ECR describes and the registry serves, from one source.
//!
//! Source: ECR service model.

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Region, Scope};
use crate::digest::Digest;
use crate::foreign_image::ForeignImage;
use crate::image_reference::{ImageTag, RepositoryName};
use crate::tag::Tags;
use crate::time::Timestamp;

/// A repository of an account and region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    pub key: RepositoryKey,
    pub created_at: Timestamp,
    pub tag_mutability: TagMutability,
    pub tags: Tags,
    /// Who else may do what with it: a policy document, as it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// What names a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RepositoryKey {
    pub scope: Scope,
    pub name: RepositoryName,
}

/// Whether a tag may be pushed again with another image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TagMutability {
    Mutable,
    Immutable,
}

/// A manifest in a repository. Its bytes are a blob of the same digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub digest: Digest,
    pub media_type: String,
    pub size_bytes: u64,
    pub pushed_at: Timestamp,
    /// The blobs and manifests it names: none of them may go while it stays.
    pub references: Vec<Digest>,
    /// The manifest this one is about (OCI `subject`), if it names one.
    pub subject: Option<Digest>,
    /// The media type of what it carries (OCI `artifactType`, else the configuration's), as referrers are filtered by it.
    pub artifact_type: Option<String>,
}

/// A tag and what it points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaggedImage {
    pub tag: ImageTag,
    pub digest: Digest,
}

impl RepositoryKey {
    /// Where the platform keeps what it copies of a foreign repository: one place for all accounts and regions, since a copy is only found by
    /// its digest, and whoever names it has asked the other registry first.
    pub fn of_copies(image: &ForeignImage) -> Self {
        let scope = Scope {
            account: AccountId::parse("000000000000").expect("it has twelve digits"),
            region: Region::parse("outside").expect("it is a DNS label"),
        };
        Self { scope, name: RepositoryName::of_copies(&image.registry, &image.repository) }
    }

    pub fn arn(&self) -> String {
        let Scope { account, region } = &self.scope;
        format!("arn:aws:ecr:{region}:{account}:repository/{}", self.name)
    }

    pub fn uri(&self) -> String {
        let Scope { account, region } = &self.scope;
        format!("{account}.dkr.ecr.{region}.amazonaws.com/{}", self.name)
    }

    /// The sentence every door answers for a repository that is not there. Source: ECR service model.
    pub fn not_found(&self) -> crate::refusal::Refusal {
        crate::refusal::Refusal::not_found(format!(
            "The repository with name '{}' does not exist in the registry with id '{}'",
            self.name, self.scope.account
        ))
    }
}
