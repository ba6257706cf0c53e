//! What lists of images have in common: filters and pages.
//! Source of truth: the ECR API reference, `ListImagesFilter`, `DescribeImagesFilter`.

use crate::{
    call::{Call, page},
    fault::Wrong,
    limit,
};
use model::{repository::RepositoryKey, repository_image::TagStatus, wish::PageRequest};

/// What a filter asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// By their tags.
    pub tags: TagStatus,
    /// Whether images that are in use are listed. There are no archived ones here.
    pub active: bool,
}

/// Reads a filter's two members.
pub fn wanted(tag_status: Option<&str>, image_status: Option<&str>) -> Wanted {
    let tags = match tag_status {
        Some("TAGGED") => TagStatus::Tagged,
        Some("UNTAGGED") => TagStatus::Untagged,
        _ => TagStatus::Any, // absent or ANY: validation refuses the rest
    };
    Wanted { tags, active: matches!(image_status, None | Some("ACTIVE" | "ANY")) }
}

impl Wanted {
    /// What a page token is bound to, besides the operation.
    pub fn parameters(self, key: &RepositoryKey) -> String {
        format!("{} {:?} {}", key.arn(), self.tags, self.active)
    }
}

/// The page that a caller asks for, of a list that these parameters decide.
///
/// # Errors
/// A refusal where the token belongs to another list.
pub fn page_of(call: &Call<'_>, parameters: &str, token: Option<&str>, items_max: Option<i32>) -> Result<PageRequest, Wrong> {
    let mut page = page(&call.list(parameters), token, items_max)?;
    page.items_max = page.items_max.or(Some(limit::IMAGES_DEFAULT));
    Ok(page)
}
