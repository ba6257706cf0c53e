//! The AWS services that this version answers, as clients' settings name them. Calls for all others go to AWS itself.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints": a variable's suffix is the service's id with `_` for spaces, in upper
//! case; in a `services` section it is the same in lower case.

/// In the order in which they are printed.
const SERVICES: [&str; 9] =
    ["apprunner", "cloudtrail", "cloudwatch_logs", "ecr", "iam", "secrets_manager", "service_quotas", "ssm", "sts"];

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
    fn a_command_line_that_would_call_aws_is_named() {
        let old = ignores_endpoints("aws-cli/2.9.19 Python/3.11.2 Linux/6.1.0 source/x86_64.debian.12 prompt/off").unwrap();
        assert!(old.contains("2.9.19") && old.contains("--endpoint-url"), "{old}");
        assert!(ignores_endpoints("aws-cli/1.22.34 Python/3.10.12 Linux/5.15 botocore/1.23.34").is_some());
        for good in ["aws-cli/2.13.0 Python/3", "aws-cli/2.38.5 Python/3.14", "aws-cli/1.45.11 Python/3.11", "something else", ""] {
            assert_eq!(ignores_endpoints(good), None, "{good}");
        }
    }
}
