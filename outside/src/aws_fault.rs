//! Which refusals of an AWS service mean that it was asked too often: the same call may be answered later.

/// Sent with status 400. Source: "Common errors" in the API references of STS and ECR; the SDKs' lists of throttling errors.
const THROTTLED: [&str; 7] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
];

/// `code` as the service names the fault, with or without a prefix that ends with `#` and an address behind `:`.
pub(crate) fn throttles(status: u16, code: &str) -> bool {
    let named = code.split(':').next().unwrap_or_default();
    let plain = named.rsplit('#').next().unwrap_or_default();
    status == 429 || THROTTLED.contains(&plain)
}

/// Whether the same call may be answered later: the service is not well, or was asked too often.
pub(crate) fn passes(status: u16, code: &str) -> bool {
    status >= 500 || throttles(status, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_be_asked_too_often_is_told_from_every_other_refusal() {
        for (status, code, wanted) in [
            (400, "Throttling", (true, true)),
            (400, "com.amazonaws.ecr#ThrottlingException:http://example.com/", (true, true)),
            (429, "", (true, true)),
            (403, "AccessDenied", (false, false)),
            (400, "ValidationError", (false, false)),
            (503, "ServiceUnavailable", (false, true)),
        ] {
            assert_eq!((throttles(status, code), passes(status, code)), wanted, "{status} {code}");
        }
    }
}
