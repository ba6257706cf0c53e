//! Filters of `ListSecrets` and `BatchGetSecretValue`: all of them must hold, of each one of its values.
//! Source of truth: the Secrets Manager User Guide, "Find secrets".

use crate::shape::secretsmanager as shape;
use model::managed_secret::ManagedSecret;

/// Whether all filters hold.
pub fn holds(secret: &ManagedSecret, filters: &[shape::Filter]) -> bool {
    filters.iter().all(|filter| {
        let values = filter.values.iter().flatten();
        let mut values = values.map(|value| value.strip_prefix('!').map_or((false, value.as_str()), |rest| (true, rest)));
        values.any(|(negated, value)| fits(secret, filter.key.as_deref().unwrap_or("all"), value) != negated)
    })
}

/// Prefixes, but for descriptions, whose words are looked at; the case counts for names and tags only.
fn fits(secret: &ManagedSecret, key: &str, value: &str) -> bool {
    let is_name = || secret.name.starts_with(value);
    let is_tag_key = || secret.tags.0.keys().any(|key| key.starts_with(value));
    let is_tag_value = || secret.tags.0.values().any(|tag| tag.starts_with(value));
    let is_described = || {
        let text = secret.description.as_deref().unwrap_or_default().to_lowercase();
        let value = value.to_lowercase();
        text.split_whitespace().any(|word| word.starts_with(&value)) || text.starts_with(&value)
    };
    match key {
        "name" => is_name(),
        "description" => is_described(),
        "tag-key" => is_tag_key(),
        "tag-value" => is_tag_value(),
        "all" => is_name() || is_described() || is_tag_key() || is_tag_value(),
        // Nothing here is replicated from another region, or owned by a service.
        _ => false,
    }
}
