//! The structure `ImageTagMutabilityExclusionFilter`, and the four things that a repository may say of its tags.
//! Source of truth: the ECR API reference; Amazon ECR User Guide, "Preventing image tags from being overwritten".

use crate::{limit, shape::ecr as shape};
use model::{
    refusal::Refusal,
    repository::{TagFilter, TagMutability},
};

/// Reads what a caller says; absent means that tags move.
///
/// # Errors
/// A refusal where filters are missing, or stand where nothing is excluded.
pub fn parse(
    mutability: Option<&str>,
    filters: Option<Vec<shape::ImageTagMutabilityExclusionFilter>>,
) -> Result<TagMutability, Refusal> {
    match (mutability, filters) {
        (None | Some("MUTABLE"), None) => Ok(TagMutability::Mutable),
        (Some("IMMUTABLE"), None) => Ok(TagMutability::Immutable),
        (Some("MUTABLE_WITH_EXCLUSION"), Some(filters)) => Ok(TagMutability::MutableExcept(read(filters)?)),
        (Some("IMMUTABLE_WITH_EXCLUSION"), Some(filters)) => Ok(TagMutability::ImmutableExcept(read(filters)?)),
        // Validation refuses every other word.
        (Some(word), None) => Err(wrong(&format!("is needed with the imageTagMutability {word}"))),
        (word, Some(_)) => Err(wrong(&format!("cannot be used with the imageTagMutability {}", word.unwrap_or("MUTABLE")))),
    }
}

fn read(filters: Vec<shape::ImageTagMutabilityExclusionFilter>) -> Result<Vec<TagFilter>, Refusal> {
    let one = |filter: shape::ImageTagMutabilityExclusionFilter| {
        let shape::ImageTagMutabilityExclusionFilter { filter_type: _, filter } = filter; // there is only WILDCARD
        let filter = filter.expect("validation refuses a filter without a required member");
        if filter.matches('*').count() > limit::TAG_FILTER_WILDCARDS {
            return Err(wrong(&format!("'{filter}' has more than {} wildcards", limit::TAG_FILTER_WILDCARDS)));
        }
        Ok(TagFilter(filter))
    };
    filters.into_iter().map(one).collect()
}

fn wrong(words: &str) -> Refusal {
    Refusal::invalid(format!("Invalid parameter at 'imageTagMutabilityExclusionFilters': {words}."))
}

/// Writes what a repository says, and its filters where it has any.
pub fn render(of: &TagMutability) -> (String, Option<Vec<shape::ImageTagMutabilityExclusionFilter>>) {
    let written = |filters: &[TagFilter]| {
        let one = |TagFilter(filter): &TagFilter| shape::ImageTagMutabilityExclusionFilter {
            filter_type: Some("WILDCARD".to_owned()),
            filter: Some(filter.clone()),
        };
        Some(filters.iter().map(one).collect())
    };
    let (word, filters) = match of {
        TagMutability::Mutable => ("MUTABLE", None),
        TagMutability::Immutable => ("IMMUTABLE", None),
        TagMutability::MutableExcept(filters) => ("MUTABLE_WITH_EXCLUSION", written(filters)),
        TagMutability::ImmutableExcept(filters) => ("IMMUTABLE_WITH_EXCLUSION", written(filters)),
    };
    (word.to_owned(), filters)
}
