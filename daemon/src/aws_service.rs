//! The AWS services that this version answers, as clients' settings name them, and the names of the others. Calls for those go to AWS itself, unless a client
//! is told of one endpoint for all.
//!
//! Source: botocore's models for the names of the others (`known.txt`: the name that calls are signed for, then the ids of its clients); AWS SDKs and Tools Reference Guide, "Service-specific endpoints": a variable's suffix is the service's id with `_` for spaces, in upper
//! case; in a `services` section it is the same in lower case.

/// In the order in which they are printed.
const SERVICES: [&str; 9] =
    ["apprunner", "cloudtrail", "cloudwatch_logs", "ecr", "iam", "secrets_manager", "service_quotas", "ssm", "sts"];

/// The names that calls of other services are signed for, each with the ids of its clients as variables write them.
const KNOWN: &str = include_str!("aws_service/known.txt");
/// The same of ours, as they are signed for.
const OURS: [&str; 10] =
    ["apprunner", "cloudtrail", "ecr", "iam", "logs", "outrunner", "secretsmanager", "servicequotas", "ssm", "sts"];

/// Whether calls that are signed for this name are answered here.
pub fn is_ours(signing_name: &str) -> bool {
    OURS.contains(&signing_name)
}

/// Whether an AWS service has this name, one that is not ours.
pub fn is_known(signing_name: &str) -> bool {
    ids_of(signing_name).is_some()
}

/// The variables that lead the clients of a service that is not ours to a place.
pub fn variables_of(signing_name: &str) -> Vec<String> {
    ids_of(signing_name).into_iter().flat_map(str::split_whitespace).map(|id| format!("AWS_ENDPOINT_URL_{id}")).collect()
}

fn ids_of(signing_name: &str) -> Option<&'static str> {
    KNOWN.lines().filter_map(|line| line.split_once(' ')).find_map(|(name, ids)| (name == signing_name).then_some(ids))
}

/// The one variable that leads every client here, whatever it calls.
pub fn endpoint_of_all(endpoint: &str) -> Vec<(String, String)> {
    vec![("AWS_ENDPOINT_URL".to_owned(), endpoint.to_owned())]
}

/// The variables that would lead clients of ours elsewhere.
pub fn names_of_ours() -> impl Iterator<Item = String> {
    SERVICES.iter().map(|service| format!("AWS_ENDPOINT_URL_{}", service.to_uppercase()))
}

/// Endpoint variables of a shell, as names and values.
pub fn endpoint_variables(endpoint: &str) -> Vec<(String, String)> {
    SERVICES.iter().map(|service| (format!("AWS_ENDPOINT_URL_{}", service.to_uppercase()), endpoint.to_owned())).collect()
}

/// The settings of a `services` section, one service each.
pub fn endpoint_settings(endpoint: &str) -> String {
    SERVICES.iter().map(|service| format!("{service} =\n  endpoint_url = {endpoint}\n")).collect()
}

/// What is wrong with an AWS CLI that calls itself so (`aws --version`): one that ignores endpoint settings would call AWS.
///
/// Source: the guide above (CLI 2.13.0 and 1.29.0 read them first); tried with 2.9.19, which is Debian 12's.
pub fn ignores_endpoints(version: &str) -> Option<String> {
    let number = version.strip_prefix("aws-cli/")?.split_whitespace().next()?;
    let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next()?, parts.next()?);
    let first = if found.0 >= 2 { (2, 13) } else { (1, 29) };
    (found < first).then(|| {
        format!(
            "AWS CLI {number} ignores endpoint settings and would call AWS: give each call --endpoint-url, or install 2.13 or newer"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_named_as_the_clients_do() {
        let variables = endpoint_variables("http://127.0.0.1:4566");
        assert!(variables.contains(&("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS".to_owned(), "http://127.0.0.1:4566".to_owned())));
        assert!(endpoint_settings("http://h:1").starts_with("apprunner =\n  endpoint_url = http://h:1\ncloudtrail =\n"));
    }

    #[test]
    fn other_services_are_known_by_the_name_that_they_are_signed_for() {
        assert!(is_known("s3") && is_known("dynamodb") && is_known("states"));
        assert_eq!(variables_of("states"), ["AWS_ENDPOINT_URL_SFN"]);
        assert_eq!(variables_of("dynamodb"), ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS"]);
        for none in ["", "S3", "sfn", "dynamo", "ecr", "apprunner", "outrunner"] {
            assert!(!is_known(none) && variables_of(none).is_empty(), "{none}");
        }
        for ours in OURS {
            assert!(is_ours(ours) && !is_known(ours), "{ours}");
        }
    }

    #[test]
    fn a_command_line_that_would_call_aws_is_named() {
        let old = ignores_endpoints("aws-cli/2.9.19 Python/3.11.2 Linux/6.1.0 source/x86_64.debian.12 prompt/off").unwrap();
        assert!(old.contains("2.9.19") && old.contains("--endpoint-url"), "{old}");
        assert!(ignores_endpoints("aws-cli/1.22.34 Python/3.10.12 Linux/5.15 botocore/1.23.34").is_some());
        for good in ["aws-cli/2.13.0 Python/3", "aws-cli/2.38.5 Python/3.14", "aws-cli/1.45.11 Python/3.11", "something else", ""] {
            assert_eq!(ignores_endpoints(good), None, "{good}");
        }
    }
}
