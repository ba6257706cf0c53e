//! The document of a lifecycle policy: JSON text, read once into rules.
//! Never evaluates it: that is the noun's. Source of truth: Amazon ECR User Guide, "Lifecycle policy properties".

use crate::{fault::Wrong, limit, shape::ecr as shape};
use model::{
    lifecycle_policy::{Keep, LifecyclePolicy, LifecycleRule, Selection},
    refusal::Refusal,
    repository::RepositoryKey,
};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Rule {
    rule_priority: u32,
    #[serde(default, rename = "description")]
    _description: String,
    selection: Chosen,
    action: Action,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Chosen {
    tag_status: TagStatus,
    #[serde(default)]
    tag_prefix_list: Vec<String>,
    #[serde(default)]
    tag_pattern_list: Vec<String>,
    count_type: String,
    count_unit: Option<String>,
    count_number: u32,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum TagStatus {
    Tagged,
    Untagged,
    Any,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    #[serde(rename = "type")]
    kind: String,
}

/// Reads the text of a policy.
///
/// # Errors
/// A refusal that says which rule breaks what.
pub fn parse(text: &str) -> Result<LifecyclePolicy, Refusal> {
    let Document { mut rules } = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    if rules.is_empty() || rules.len() > limit::LIFECYCLE_RULES {
        return Err(wrong(&format!("a policy has 1 to {} rules, not {}", limit::LIFECYCLE_RULES, rules.len())));
    }
    rules.sort_by_key(|rule| rule.rule_priority);
    let mut priorities = BTreeSet::new();
    let (mut any, mut untagged) = (None, false);
    for rule in &rules {
        let priority = rule.rule_priority;
        if priority == 0 || !priorities.insert(priority) {
            return Err(wrong(&format!("rulePriority {priority} is used twice, or not above 0")));
        }
        if let Some(before) = any {
            return Err(wrong(&format!("rule {before} selects any image, so it must be the one with the highest rulePriority")));
        }
        match rule.selection.tag_status {
            TagStatus::Any => any = Some(priority),
            TagStatus::Untagged if untagged => return Err(wrong("more than one rule selects untagged images")),
            TagStatus::Untagged => untagged = true,
            TagStatus::Tagged => {}
        }
    }
    let rules = rules.into_iter().map(rule).collect::<Result<_, Refusal>>()?;
    Ok(LifecyclePolicy { text: text.to_owned(), rules })
}

fn rule(rule: Rule) -> Result<LifecycleRule, Refusal> {
    let Rule { rule_priority, _description: _, selection, action } = rule;
    let broken = |words: String| wrong(&format!("rule {rule_priority}: {words}"));
    if action.kind != "expire" {
        return Err(broken(format!("the action's type is 'expire'; '{}' is not available here", cut(&action.kind))));
    }
    let Chosen { tag_status, tag_prefix_list, tag_pattern_list, count_type, count_unit, count_number } = selection;
    if count_number == 0 {
        return Err(broken("countNumber must be above 0".to_owned()));
    }
    let keep = match (count_type.as_str(), count_unit.as_deref()) {
        ("imageCountMoreThan", None) => Keep::Newest(count_number),
        ("sinceImagePushed", Some("days")) => Keep::Days(count_number),
        ("imageCountMoreThan", Some(_)) => return Err(broken("imageCountMoreThan has no countUnit".to_owned())),
        ("sinceImagePushed", _) => return Err(broken("sinceImagePushed needs the countUnit 'days'".to_owned())),
        (other, _) => {
            let other = cut(other);
            return Err(broken(format!("countType is imageCountMoreThan or sinceImagePushed; '{other}' is not available here")));
        }
    };
    let selection = match (tag_status, tag_prefix_list.is_empty(), tag_pattern_list.is_empty()) {
        (TagStatus::Tagged, false, true) => Selection::TagPrefixes(listed(tag_prefix_list).map_err(broken)?),
        (TagStatus::Tagged, true, false) => Selection::TagPatterns(patterns(tag_pattern_list).map_err(broken)?),
        (TagStatus::Tagged, _, _) => {
            return Err(broken("tagged images need either a tagPrefixList or a tagPatternList".to_owned()));
        }
        (TagStatus::Untagged, true, true) => Selection::Untagged,
        (TagStatus::Any, true, true) => Selection::Any,
        (TagStatus::Untagged | TagStatus::Any, _, _) => {
            return Err(broken("only tagged images can have a tagPrefixList or a tagPatternList".to_owned()));
        }
    };
    Ok(LifecycleRule { selection, keep })
}

fn listed(texts: Vec<String>) -> Result<Vec<String>, String> {
    if texts.len() > limit::LIFECYCLE_TAGS || texts.iter().any(String::is_empty) {
        return Err(format!("at most {} tags, none of them empty", limit::LIFECYCLE_TAGS));
    }
    Ok(texts)
}

fn patterns(texts: Vec<String>) -> Result<Vec<String>, String> {
    match texts.iter().find(|text| text.matches('*').count() > limit::LIFECYCLE_WILDCARDS) {
        Some(_) => Err(format!("a pattern has at most {} wildcards", limit::LIFECYCLE_WILDCARDS)),
        None => listed(texts),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(limit::SHOWN_VALUE_CHARS).collect()
}

fn wrong(words: &str) -> Refusal {
    Refusal::invalid(format!(
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: {words}'"
    ))
}

/// The fault for a repository without a policy.
pub fn none(key: &RepositoryKey) -> Wrong {
    let words = format!(
        "Lifecycle policy does not exist for the repository with name '{}' in the registry with id '{}'",
        key.name, key.scope.account
    );
    Wrong::Declared(shape::LIFECYCLE_POLICY_NOT_FOUND_EXCEPTION, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(rules: &str) -> Result<LifecyclePolicy, Refusal> {
        parse(&format!("{{\"rules\": [{rules}]}}"))
    }

    fn one(priority: u32, selection: &str) -> String {
        format!("{{\"rulePriority\": {priority}, \"selection\": {{{selection}}}, \"action\": {{\"type\": \"expire\"}}}}")
    }

    const AGE: &str = "\"countType\": \"sinceImagePushed\", \"countUnit\": \"days\", \"countNumber\": 14";
    const NUMBER: &str = "\"countType\": \"imageCountMoreThan\", \"countNumber\": 30";

    #[test]
    fn rules_are_read_in_the_order_of_their_priority() {
        let text = [
            one(9, &format!("\"tagStatus\": \"any\", {NUMBER}")),
            one(2, &format!("\"tagStatus\": \"tagged\", \"tagPatternList\": [\"prod*\"], {NUMBER}")),
            one(1, &format!("\"tagStatus\": \"untagged\", {AGE}")),
        ];
        let read = policy(&text.join(",")).expect("a policy");
        let wanted = [
            (Selection::Untagged, Keep::Days(14)),
            (Selection::TagPatterns(vec!["prod*".to_owned()]), Keep::Newest(30)),
            (Selection::Any, Keep::Newest(30)),
        ];
        assert_eq!(read.rules, wanted.map(|(selection, keep)| LifecycleRule { selection, keep }));
    }

    #[test]
    fn what_breaks_a_rule_is_said() {
        let untagged = |rest: &str| one(1, &format!("\"tagStatus\": \"untagged\", {rest}"));
        for (rules, words) in [
            (String::new(), "1 to 50 rules"),
            ("{}".to_owned(), "rulePriority"),
            (untagged("\"countType\": \"sinceImagePulled\", \"countUnit\": \"days\", \"countNumber\": 1"), "not available here"),
            (untagged("\"countType\": \"sinceImagePushed\", \"countNumber\": 1"), "needs the countUnit"),
            (untagged("\"countType\": \"imageCountMoreThan\", \"countNumber\": 0"), "above 0"),
            (untagged(&format!("{AGE}, \"tagPrefixList\": [\"a\"]")), "only tagged images"),
            (untagged(&format!("{AGE}, \"else\": 1")), "unknown field"),
            (one(1, &format!("\"tagStatus\": \"tagged\", {AGE}")), "either a tagPrefixList or"),
            (one(1, &format!("\"tagStatus\": \"tagged\", \"tagPatternList\": [\"*a*b*c*d*\"], {AGE}")), "at most 4 wildcards"),
            ([untagged(AGE), untagged(AGE)].join(","), "used twice"),
            ([untagged(AGE), one(2, &format!("\"tagStatus\": \"untagged\", {NUMBER}"))].join(","), "more than one rule"),
            (
                [one(1, &format!("\"tagStatus\": \"any\", {AGE}")), one(2, &format!("\"tagStatus\": \"untagged\", {AGE}"))]
                    .join(","),
                "highest",
            ),
        ] {
            let refusal = policy(&rules).expect_err(words);
            assert!(refusal.message.contains(words), "{words}: {}", refusal.message);
        }
    }
}
