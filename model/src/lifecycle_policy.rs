//! What goes from an image repository by itself: rules about age and number.
//! Never removes anything: it says which images may go. Source of truth: Amazon ECR User Guide, "Lifecycle policies" and "Lifecycle policy properties".

use std::collections::HashSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::repository_image::RepositoryImage;
use crate::time::Timestamp;

/// The policy of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecyclePolicy {
    /// As it was sent.
    pub text: String,
    /// By priority, the first decides before the second.
    pub rules: Vec<LifecycleRule>,
}

/// One rule of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleRule {
    pub selection: Selection,
    pub keep: Keep,
}

/// The images that a rule speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Selection {
    Any,
    Untagged,
    /// For each of these prefixes the image has a tag that begins with it.
    TagPrefixes(Vec<String>),
    /// For each of these patterns the image has a tag that it fits; `*` stands for any letters.
    TagPatterns(Vec<String>),
}

/// Those of them that stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keep {
    /// So many, those pushed last.
    Newest(u32),
    /// Those that were pushed at most so many days ago.
    Days(u32),
}

const DAY: Duration = Duration::from_secs(24 * 3600);

impl LifecyclePolicy {
    /// The images that are to go at `now`. A rule counts every image that it selects, also those that an earlier rule lets go; and what an earlier
    /// rule selects, and keeps, no later rule lets go.
    pub fn expired(&self, images: &[RepositoryImage], now: Timestamp) -> Vec<Digest> {
        let mut spoken_for: HashSet<&Digest> = HashSet::new();
        let mut expired = Vec::new();
        for LifecycleRule { selection, keep } in &self.rules {
            let mut selected: Vec<&RepositoryImage> = images.iter().filter(|image| selection.selects(image)).collect();
            // The youngest first; by digest where two were pushed at once, so that each look says the same.
            selected.sort_by(|one, other| {
                let key = |image: &RepositoryImage| (image.manifest.pushed_at.millis(), image.manifest.digest.clone());
                key(other).cmp(&key(one))
            });
            for (place, image) in selected.iter().enumerate() {
                let goes = match keep {
                    Keep::Newest(number) => place >= *number as usize,
                    Keep::Days(days) => now.since(image.manifest.pushed_at) > DAY * *days,
                };
                if goes && !spoken_for.contains(&image.manifest.digest) {
                    expired.push(image.manifest.digest.clone());
                }
            }
            spoken_for.extend(selected.iter().map(|image| &image.manifest.digest));
        }
        expired
    }
}

impl Selection {
    fn selects(&self, image: &RepositoryImage) -> bool {
        let all = |wanted: &[String], fits: &dyn Fn(&str, &str) -> bool| {
            wanted.iter().all(|text| image.tags.iter().any(|tag| fits(text, tag.as_str())))
        };
        match self {
            Self::Any => true,
            Self::Untagged => image.tags.is_empty(),
            Self::TagPrefixes(prefixes) => all(prefixes, &|prefix, tag| tag.starts_with(prefix)),
            Self::TagPatterns(patterns) => all(patterns, &fits),
        }
    }
}

/// Whether a pattern of tags fits: `*` stands for any letters, also for none.
pub(crate) fn fits(pattern: &str, tag: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = tag.strip_prefix(first) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image_reference::ImageTag;
    use crate::repository::Manifest;

    /// Pushed on a day, under some tags; its digest ends with the day.
    fn image(day: i64, tags: &[&str]) -> RepositoryImage {
        let manifest = Manifest {
            digest: Digest::parse(&format!("sha256:{day:064x}")).expect("a digest"),
            media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
            size_bytes: 1,
            pushed_at: Timestamp::from_millis(day * 24 * 3_600_000),
            references: Vec::new(),
            subject: None,
            artifact_type: None,
            image_bytes: None,
        };
        let tags = tags.iter().map(|tag| ImageTag::parse(tag).expect("a tag")).collect();
        RepositoryImage { manifest, tags, size_bytes: 1 }
    }

    /// The days of the images that go on day 100.
    fn gone(rules: &[(Selection, Keep)], images: &[RepositoryImage]) -> Vec<i64> {
        let rules = rules.iter().map(|(selection, keep)| LifecycleRule { selection: selection.clone(), keep: *keep }).collect();
        let policy = LifecyclePolicy { text: String::new(), rules };
        let day = |digest: &Digest| i64::from_str_radix(&digest.as_str()["sha256:".len()..], 16).expect("a number");
        let mut days: Vec<i64> = policy.expired(images, Timestamp::from_millis(100 * 24 * 3_600_000)).iter().map(day).collect();
        days.sort_unstable();
        days
    }

    fn prefixes(of: &[&str]) -> Selection {
        Selection::TagPrefixes(of.iter().map(|prefix| (*prefix).to_owned()).collect())
    }

    // Source: Amazon ECR User Guide, "Examples of lifecycle policies": filtering on age, on number, on several rules, on several tags in one rule, on all.
    #[test]
    fn images_go_by_age_by_number_and_never_against_an_earlier_rule() {
        let images = [
            image(10, &[]),
            image(86, &[]),
            image(85, &[]),
            image(20, &["prod-1"]),
            image(30, &["prod-2", "beta-1"]),
            image(99, &["prod-3"]),
        ];
        assert_eq!(gone(&[(Selection::Untagged, Keep::Days(14))], &images), [10, 85], "exactly 14 days are not more than 14");
        assert_eq!(gone(&[(prefixes(&["prod"]), Keep::Newest(1))], &images), [20, 30]);
        assert_eq!(gone(&[(prefixes(&["prod", "beta"]), Keep::Newest(0))], &images), [30], "all tags that a rule names");
        assert_eq!(gone(&[(Selection::Any, Keep::Newest(2))], &images), [10, 20, 30, 85]);
        let both = [(prefixes(&["prod"]), Keep::Newest(2)), (prefixes(&["beta"]), Keep::Newest(0))];
        assert_eq!(gone(&both, &images), [20], "the first rule keeps 30, whatever the second says");
        let counted = [(prefixes(&["prod"]), Keep::Newest(2)), (Selection::Any, Keep::Newest(4))];
        assert_eq!(gone(&counted, &images), [10, 20], "the second counts 20 too, though it goes by the first");
    }

    #[test]
    fn a_pattern_of_tags_is_about_the_whole_tag() {
        for (pattern, tag, expected) in [
            ("prod*", "prod-1", true),
            ("prod*", "a-prod", false),
            ("*prod", "a-prod", true),
            ("*prod", "a-prod-1", false),
            ("prod", "prod", true),
            ("prod", "prod1", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c", false),
            ("a*a", "a", false),
            ("*", "x", true),
            ("**", "x", true),
        ] {
            assert_eq!(fits(pattern, tag), expected, "{pattern} {tag}");
        }
    }
}
