//! Image repositories: what ECR describes and the registry serves, from one source.
//!
//! Source: ECR service model.

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Region, Scope};
use crate::digest::Digest;
use crate::foreign_image::ForeignImage;
use crate::image_reference::{ImageTag, RepositoryName};
use crate::lifecycle_policy::LifecyclePolicy;
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
    /// What goes from it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<LifecyclePolicy>,
    /// Whether images are to be scanned when they are pushed. Kept for whoever reads it back: there is no scanner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scan_on_push: bool,
}

/// What names a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RepositoryKey {
    pub scope: Scope,
    pub name: RepositoryName,
}

/// Whether a tag may be pushed again with another image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TagMutability {
    Mutable,
    Immutable,
    /// Tags that one of the filters fits never move.
    MutableExcept(Vec<TagFilter>),
    /// Only tags that one of the filters fits may move.
    ImmutableExcept(Vec<TagFilter>),
}

/// Tags by their letters; `*` stands for any, also for none. About the whole tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagFilter(pub String);

impl TagMutability {
    /// Whether a tag that is there may be moved to another image.
    pub fn lets_move(&self, tag: &ImageTag) -> bool {
        let fits =
            |filters: &[TagFilter]| filters.iter().any(|TagFilter(filter)| crate::lifecycle_policy::fits(filter, tag.as_str()));
        match self {
            Self::Mutable => true,
            Self::Immutable => false,
            Self::MutableExcept(filters) => !fits(filters),
            Self::ImmutableExcept(filters) => fits(filters),
        }
    }
}

/// What may change of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RepositoryChange {
    TagMutability(TagMutability),
    /// Replaces what goes from it by itself, or takes it away.
    Lifecycle(Option<LifecyclePolicy>),
    ScanOnPush(bool),
    /// Adds these tags, and overwrites those of the same keys.
    Tag(Tags),
    /// Takes away the tags of these keys; absence is success.
    Untag(Vec<String>),
}

/// What may be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// A repository without images.
    OnlyEmpty,
    /// With all images that are in it.
    WithImages,
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
    /// What ECR calls an image's size: the bytes of its layers as they are stored; of an index, those of its largest manifest. Absent in what an
    /// earlier version wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_bytes: Option<u64>,
}

/// A tag and what it points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaggedImage {
    pub tag: ImageTag,
    pub digest: Digest,
}

impl RepositoryChange {
    /// The repository as the change leaves it. More than `limit::TAGS` tags are refused (`Quota`).
    pub fn apply(&self, mut repository: Repository) -> Result<Repository, crate::refusal::Refusal> {
        match self {
            Self::TagMutability(mutability) => repository.tag_mutability.clone_from(mutability),
            Self::Lifecycle(policy) => repository.lifecycle.clone_from(policy),
            Self::ScanOnPush(wanted) => repository.scan_on_push = *wanted,
            Self::Tag(Tags(tags)) => {
                repository.tags.0.extend(tags.clone());
                if repository.tags.0.len() > crate::limit::TAGS {
                    let message = format!("A repository can have {} tags at most.", crate::limit::TAGS);
                    return Err(crate::refusal::Refusal::new(crate::refusal::RefusalKind::Quota, message));
                }
            }
            Self::Untag(keys) => repository.tags.0.retain(|key, _| !keys.contains(key)),
        }
        Ok(repository)
    }
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

    /// The sentence for a repository that still has images. Source: ECR, RepositoryNotEmptyException.
    pub fn not_empty(&self) -> crate::refusal::Refusal {
        crate::refusal::Refusal::wrong_state(format!(
            "The repository with name '{}' in registry with id '{}' cannot be deleted because it still contains images",
            self.name, self.scope.account
        ))
    }

    /// The sentence for a tag that is there and may not move. Source: ECR, ImageTagAlreadyExistsException.
    pub fn tag_stays(&self, tag: &ImageTag) -> crate::refusal::Refusal {
        crate::refusal::Refusal::wrong_state(format!(
            "The image tag '{tag}' already exists in the '{}' repository and cannot be overwritten because the repository is immutable.",
            self.name
        ))
    }

    /// The sentence every door answers for a repository that is not there. Source: ECR service model.
    pub fn not_found(&self) -> crate::refusal::Refusal {
        crate::refusal::Refusal::not_found(format!(
            "The repository with name '{}' does not exist in the registry with id '{}'",
            self.name, self.scope.account
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_turn_what_a_repository_says_of_its_tags() {
        let filters = || vec![TagFilter("dev-*".to_owned()), TagFilter("latest".to_owned())];
        let cases = [
            (TagMutability::Mutable, [true, true, true]),
            (TagMutability::Immutable, [false, false, false]),
            (TagMutability::MutableExcept(filters()), [false, false, true]),
            (TagMutability::ImmutableExcept(filters()), [true, true, false]),
        ];
        for (mutability, moves) in cases {
            let found = ["dev-7", "latest", "latest-7"].map(|tag| mutability.lets_move(&ImageTag::parse(tag).expect("a tag")));
            assert_eq!(found, moves, "{mutability:?}");
        }
    }
}
