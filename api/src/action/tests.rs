//! The table itself: what its rows may say.

use super::*;
use crate::{
    asked::MEMBERS,
    policy::{ASKED, is_supplied},
    target::Api,
};

const SERVICES: [&str; 10] =
    ["apprunner", "cloudtrail", "ecr", "iam", "logs", "outrunner", "secretsmanager", "servicequotas", "ssm", "sts"];

#[test]
fn every_row_has_a_name_of_its_own_and_kinds_of_its_service() {
    for service in SERVICES {
        let rows = rows(service).expect("a service of the table");
        assert!(rows.is_sorted_by(|one, other| one.operation < other.operation), "{service}");
        for row in rows {
            for kind in row.on {
                assert!(kind.arn.starts_with("arn:aws:") && kind.arn.matches("${Account}").count() == 1, "{kind:?}");
                assert!(row.concerns(&kind.arn.replace("${", "").replace('}', "")), "{row:?}");
            }
            for action in row.with {
                assert!(is_known(action), "{action} of {}", row.operation);
            }
            for key in row.keys {
                assert!(is_supplied(&key.replace("${TagKey}", "team")), "{key} of {}", row.operation);
            }
        }
    }
    for api in Api::ALL {
        let name = api.signing_name();
        assert!(rows(name).is_some(), "{name}");
    }
}

/// A denial that asks for a key that nothing supplies would hold for nobody.
#[test]
fn every_key_of_one_operation_is_in_a_row_and_is_read_from_the_input() {
    for key in ASKED {
        assert!(MEMBERS.iter().any(|(known, _)| *known == key), "{key} is read nowhere");
        let row = SERVICES.iter().flat_map(|service| rows(service).unwrap_or_default()).find(|row| row.keys.contains(&key));
        assert!(row.is_some(), "{key} is in no row");
    }
    assert_eq!(MEMBERS.len(), ASKED.len());
}

/// The tests at the door read from these files on what every operation is asked for (`tests/calls/actions.rs`), and which keys it has, and try each
/// (`tests/calls/condition_cases.rs`).
#[test]
fn what_is_tried_at_the_door_is_the_table() {
    let (mut resources, mut keys) = (String::new(), String::new());
    for service in SERVICES {
        for row in rows(service).expect("a service of the table") {
            resources.push_str(&format!("{service}:{} {}\n", row.operation, row.forms().join(" ")));
            row.keys.iter().for_each(|key| keys.push_str(&format!("{service}:{} {key}\n", row.operation)));
        }
    }
    for (name, lines) in [("action_resources.txt", resources), ("condition_keys.txt", keys)] {
        let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE").is_some() {
            #[expect(clippy::disallowed_methods, reason = "golden files are written by tests")]
            std::fs::write(&path, &lines).expect("the golden file can be written");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), lines, "UPDATE=1 writes {path}");
    }
}

#[test]
fn an_action_is_known_in_any_case_and_one_of_another_service_may_be_there() {
    for known in ["apprunner:CreateService", "APPRUNNER:createservice", "iam:PassRole", "s3:Anything", "outrunner:SetServiceOption"]
    {
        assert!(is_known(known), "{known}");
    }
    for unknown in ["apprunner:MakeService", "iam:passrolls", "ecr:"] {
        assert!(!is_known(unknown), "{unknown}");
    }
}

#[test]
fn a_row_knows_what_it_is_asked_for_on() {
    let row = |service: &str, operation: &str| {
        *rows(service).expect("a service").iter().find(|row| row.operation == operation).expect("an operation")
    };
    let service = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";
    assert!(row("apprunner", "PauseService").concerns(service));
    assert!(!row("apprunner", "PauseService").concerns("*"));
    assert!(!row("apprunner", "PauseService").concerns("arn:aws:ecr:us-east-1:000000000000:repository/x"));
    assert!(row("apprunner", "ListServices").concerns("*"));
}
