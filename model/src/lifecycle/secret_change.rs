//! May a new value of a secret be deployed by itself? As with pushes two states are compared: the versions that serve, and those that are current.

use std::collections::BTreeMap;

use crate::event::Event;
use crate::lifecycle::{Admission, Pushed, admit};
use crate::operation::OperationId;
use crate::service::{Phase, Service, Standing};
use crate::time::Timestamp;
use crate::wish::Wish;

/// `current` are the versions of the secrets that a service with the option names; `deployed` are those of the revision at which it rests. A deployment
/// that fails is not tried again until a secret changes once more; a paused service is looked at again when it runs.
pub fn admit_secret_change(
    service: &Service,
    deployed: &BTreeMap<String, String>,
    current: &BTreeMap<String, String>,
    id: OperationId,
    now: Timestamp,
) -> Pushed {
    let Phase::Still(Standing::Running { .. }) = &service.phase else { return Pushed::Nothing };
    if deployed == current || service.secrets_noticed.as_ref() == Some(current) {
        return Pushed::Nothing;
    }
    let noticed = Service { secrets_noticed: Some(current.clone()), ..service.clone() };
    match admit(&Wish::Deploy { arn: service.arn() }, &noticed, id, now) {
        Admission::Begin(mut change) => {
            let changed: Vec<&str> = current
                .iter()
                .filter(|(name, version)| deployed.get(*name) != Some(version))
                .map(|(name, _)| name.as_str())
                .collect();
            let why = format!(
                "A secret has changed ({}). It is deployed, as the tag outrunner:redeploy-on-secret-change says.",
                changed.join(", ")
            );
            change.events.insert(0, Event::new(now, why));
            Pushed::Begin(change)
        }
        Admission::AlreadySo | Admission::Refused(_) => Pushed::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::bench::{at, every_phase, service};

    #[test]
    fn a_new_value_deploys_once_where_a_service_runs() {
        let versions = |version: &str| BTreeMap::from([("KEY".to_owned(), version.to_owned())]);
        for (phase, noticed, current, begins) in [
            ("running", None, "a", false),
            ("running", None, "b", true),
            ("running", Some("b"), "b", false),
            ("running", Some("b"), "c", true),
            ("paused", None, "b", false),
            ("moving", None, "b", false),
            ("create failed", None, "b", false),
            ("deleted", None, "b", false),
        ] {
            let mut service = service(every_phase(phase));
            service.secrets_noticed = noticed.map(versions);
            let pushed =
                admit_secret_change(&service, &versions("a"), &versions(current), OperationId::from_random([1; 16]), at(5));
            match pushed {
                Pushed::Begin(change) => {
                    assert!(begins, "{phase} {noticed:?} {current}");
                    assert_eq!(change.service.secrets_noticed, Some(versions(current)));
                    assert!(change.events[0].message.contains("A secret has changed (KEY)"), "{:?}", change.events);
                }
                Pushed::Nothing | Pushed::Noted(_) => assert!(!begins, "{phase} {noticed:?} {current}"),
            }
        }
    }
}
