//! Tags of a resource, and the options that a service carries in tags under our prefix.
//!
//! Source: App Runner service model (`TagKey` 1–128, `TagValue` 0–256); the prefix is ours (design §5).

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::access_log::AccessLog;
use crate::limit;
use crate::reach::Reach;
use crate::refusal::Refusal;
use crate::service::Service;

/// Tags, by key. Kept and echoed exactly as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(pub BTreeMap<String, String>);

/// Tag keys with this prefix are settings of ours.
pub const OPTION_PREFIX: &str = "outrunner:";

/// An option that changes who can reach what: setting or removing it needs a permission of its own beside that to tag.
pub const REACH_OPTION: &str = "outrunner:reach";

/// What TagResource and UntagResource do to tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagChange {
    /// Added; a key that is there already gets the new value.
    Set(Tags),
    /// Removed; keys that are not there are no mistake.
    Remove(Vec<String>),
}

/// What App Runner cannot say, as a service's tags say it. A change of tags begins no deployment: each option says when it acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceOptions {
    /// Longest time from the first byte of a request to the last of its answer; `None` is no limit. Acts at once, on requests that come
    /// from then on.
    pub request_timeout: Option<Duration>,
    /// From SIGTERM to SIGKILL. Acts at once, on instances that are asked to end from then on.
    pub stop_grace: Duration,
    /// How long an instance may take to become healthy. Acts at once, also on instances that are starting.
    pub startup_timeout: Duration,
    /// Private destinations that instances may connect to. Acts on instances that are started from then on.
    #[serde(default)]
    pub reach: Vec<Reach>,
    /// Which requests are written down. Acts at once.
    #[serde(default)]
    pub access_log: AccessLog,
    /// What a new value of a secret that the service names does. Acts at once, on changes since the last deployment.
    #[serde(default)]
    pub secret_changes: SecretChanges,
}

/// What a new value of a secret does to the services that name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretChanges {
    /// Nothing until the next deployment, as on App Runner.
    #[default]
    Wait,
    /// It is deployed.
    Deploy,
}

impl Default for ServiceOptions {
    fn default() -> Self {
        Self {
            request_timeout: Some(limit::REQUEST_TIMEOUT),
            stop_grace: limit::STOP_GRACE,
            startup_timeout: limit::STARTUP_TIMEOUT,
            reach: Vec::new(),
            access_log: AccessLog::On,
            secret_changes: SecretChanges::Wait,
        }
    }
}

impl Tags {
    /// These tags after a change.
    ///
    /// # Errors
    /// A refusal (`Invalid`) where there would be more than a resource can have.
    pub fn changed(&self, change: &TagChange) -> Result<Self, Refusal> {
        let mut map = self.0.clone();
        match change {
            TagChange::Set(Self(set)) => map.extend(set.clone()),
            TagChange::Remove(keys) => map.retain(|key, _| !keys.contains(key)),
        }
        if map.len() > limit::TAGS {
            return Err(Refusal::invalid(format!(
                "Tags: a resource can have {} tags at most, and this would make {}.",
                limit::TAGS,
                map.len()
            )));
        }
        Ok(Self(map))
    }

    /// Reads our options. An unknown key under the prefix, or a bad value, is refused by name.
    pub fn service_options(&self) -> Result<ServiceOptions, Refusal> {
        let mut options = ServiceOptions::default();
        for (key, value) in &self.0 {
            let Some(option) = key.strip_prefix(OPTION_PREFIX) else {
                continue;
            };
            match option {
                "request-timeout" if value == "none" => options.request_timeout = None,
                "request-timeout" => options.request_timeout = Some(duration(key, value)?),
                "stop-grace" => options.stop_grace = duration(key, value)?,
                "startup-timeout" => options.startup_timeout = duration(key, value)?,
                "access-log" => {
                    options.access_log = AccessLog::parse(value).ok_or_else(|| {
                        Refusal::invalid(format!("The tag {key} needs on, off, or a share such as 'sample 10%', not '{value}'."))
                    })?;
                }
                "redeploy-on-secret-change" => {
                    options.secret_changes = match value.as_str() {
                        "on" => SecretChanges::Deploy,
                        "off" => SecretChanges::Wait,
                        _ => return Err(Refusal::invalid(format!("The tag {key} needs on or off, not '{value}'."))),
                    };
                }
                "scale-to-zero" if value == "off" => {}
                "rollout" if value == "all-at-once" => {}
                "reach" => options.reach = Reach::parse_list(key, value)?,
                "scale-to-zero" | "rollout" => {
                    return Err(Refusal::invalid(format!("The tag {key}={value} is not available in this version of Outrunner.")));
                }
                _ => {
                    return Err(Refusal::invalid(format!(
                        "Unknown tag {key}: keys with the prefix {OPTION_PREFIX} are settings. \
                         Known: request-timeout, stop-grace, startup-timeout, scale-to-zero, rollout, reach, access-log, \
                         redeploy-on-secret-change."
                    )));
                }
            }
        }
        Ok(options)
    }
}

/// The service after a change of its tags, in any state but deleted, also while an operation is under way. Our options are held against the
/// rules as a whole, as they would be after the change.
///
/// # Errors
/// A refusal where there would be too many tags, an unknown option or a bad value (`Invalid`), or the service is deleted (`WrongState`).
pub fn retag(service: &Service, change: &TagChange) -> Result<Service, Refusal> {
    if service.deleted_at().is_some() {
        return Err(Refusal::wrong_state("Tags of a service cannot be changed in the current state: DELETED."));
    }
    let tags = service.tags.changed(change)?;
    tags.service_options()?;
    Ok(Service { tags, ..service.clone() })
}

/// A duration such as `500ms`, `90s`, `5m` or `2h`: at least a millisecond, at most a day.
fn duration(key: &str, value: &str) -> Result<Duration, Refusal> {
    let wrong =
        || Refusal::invalid(format!("The tag {key} needs a duration such as 500ms, 30s, 5m or 2h (1ms to 24h), not '{value}'."));
    let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = value.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let factor_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    let span = Duration::from_millis(number.checked_mul(factor_ms).ok_or_else(wrong)?);
    if span.is_zero() || span > limit::OPTION_DURATION { Err(wrong()) } else { Ok(span) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(key: &str, value: &str) -> Tags {
        Tags(BTreeMap::from([(key.to_owned(), value.to_owned())]))
    }

    #[test]
    fn options_are_read_and_other_tags_are_only_tags() {
        let options = tags("team", "web").service_options().unwrap();
        assert_eq!(options, ServiceOptions::default());
        let options = tags("outrunner:stop-grace", "1500ms").service_options().unwrap();
        assert_eq!(options.stop_grace, Duration::from_millis(1_500));
        assert_eq!(tags("outrunner:reach", "10.0.0.1:5432").service_options().unwrap().reach.len(), 1);
        assert_eq!(tags("outrunner:request-timeout", "none").service_options().unwrap().request_timeout, None);
    }

    #[test]
    fn a_change_of_tags_is_held_against_the_limit_as_a_whole() {
        let many = Tags((0..limit::TAGS).map(|n| (format!("k{n}"), String::new())).collect());
        let same = TagChange::Set(tags("k0", "new"));
        assert_eq!(many.changed(&same).unwrap().0["k0"], "new", "a key that is there takes no more room");
        assert!(many.changed(&TagChange::Set(tags("one-more", ""))).unwrap_err().message.contains("51"));
        let fewer = many.changed(&TagChange::Remove(vec!["k1".to_owned(), "nowhere".to_owned()])).unwrap();
        assert_eq!(fewer.0.len(), limit::TAGS - 1);
    }

    #[test]
    fn an_unknown_option_or_a_bad_value_is_refused_by_name() {
        for (key, value) in [
            ("outrunner:color", "red"),
            ("outrunner:stop-grace", ""),
            ("outrunner:stop-grace", "5"),
            ("outrunner:stop-grace", "0s"),
            ("outrunner:stop-grace", "25h"),
            ("outrunner:stop-grace", "-1s"),
            ("outrunner:scale-to-zero", "5m"),
            ("outrunner:access-log", "sometimes"),
            ("outrunner:reach", "10.0.0.1"),
            ("outrunner:reach", "127.0.0.1:5432"),
        ] {
            let refusal = tags(key, value).service_options().unwrap_err();
            assert!(refusal.message.contains(key), "{refusal}");
        }
    }
}
