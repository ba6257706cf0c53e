//! The host for people: `<service>.<domain>`, beside the long one that App Runner's form asks for.
//!
//! Never says whether it is free: two services of one name (in two regions, say) lead nowhere by it. A name that is no DNS label, or is one of the
//! platform's own, has none.

use crate::service_name::ServiceName;

/// Labels under the domain that are the platform's own, or will be.
pub const RESERVED_LABELS: [&str; 7] = ["api", "console", "git", "registry", "status", "stream-api", "www"];

/// The short host of a service, without a port. Case makes no difference in DNS, so `Web` and `web` have the same.
pub fn short_host(name: &ServiceName, domain: &str) -> Option<String> {
    let label = name.as_str().to_ascii_lowercase();
    let is_label = !label.ends_with('-') && !label.contains('_');
    let is_free = !RESERVED_LABELS.contains(&label.as_str()) && !crate::registry_name::AWS_REGIONS.contains(&label.as_str());
    // `xn--…` is how DNS writes other alphabets: a browser would show another name than the service's.
    (is_label && is_free && !label.starts_with("xn--")).then(|| format!("{label}.{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_dns_label_and_not_ours_has_a_short_host() {
        let short = |name: &str| short_host(&ServiceName::parse(name).unwrap(), "outrunner.localhost");
        assert_eq!(short("flask-demo").as_deref(), Some("flask-demo.outrunner.localhost"));
        assert_eq!(short("WebShop").as_deref(), Some("webshop.outrunner.localhost"));
        for none in ["under_score", "ends-with-", "registry", "Registry", "console", "us-east-1", "xn--mnchen-3ya"] {
            assert_eq!(short(none), None, "{none}");
        }
    }
}
