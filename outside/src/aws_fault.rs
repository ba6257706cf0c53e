//! Which refusals of an AWS service mean that it was asked too often: the same call may be answered later.

/// Sent with status 400. Source: "Common errors" in the API references of STS and ECR; the SDKs' lists of throttling errors.
const THROTTLED: [&str; 6] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "TooManyRequestsException",
];

/// `code` as the service names the fault, with or without a prefix that ends with `#`.
pub(crate) fn throttles(status: u16, code: &str) -> bool {
    let plain = code.rsplit('#').next().unwrap_or_default();
    status == 429 || THROTTLED.contains(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_be_asked_too_often_is_told_from_every_other_refusal() {
        for (status, code, wanted) in [
            (400, "Throttling", true),
            (400, "com.amazonaws.ecr#ThrottlingException", true),
            (429, "", true),
            (403, "AccessDenied", false),
            (400, "ValidationError", false),
            (503, "ServiceUnavailable", false),
        ] {
            assert_eq!(throttles(status, code), wanted, "{status} {code}");
        }
    }
}
