//! `HealthCheckConfiguration`, in and out: always whole in answers.
//! Never probes. Source of truth: the App Runner API reference.

use crate::shape::apprunner as shape;
use model::{
    health::{Health, HealthChange, HealthProtocol},
    refusal::Refusal,
};

/// Reads it: what was said. What is left out has App Runner's default in a new service, and keeps its value in an update.
///
/// # Errors
/// A refusal where the path cannot be asked for.
pub fn parse(health: shape::HealthCheckConfiguration) -> Result<HealthChange, Refusal> {
    let shape::HealthCheckConfiguration { healthy_threshold, interval, path, protocol, timeout, unhealthy_threshold } = health;
    Ok(HealthChange {
        protocol: protocol.as_deref().map(|protocol| match protocol {
            "HTTP" => HealthProtocol::Http,
            _ => HealthProtocol::Tcp, // the enumeration has two values, and validation has seen it
        }),
        path: path.map(parse_path).transpose()?,
        interval_seconds: interval.map(small),
        timeout_seconds: timeout.map(small),
        healthy_threshold: healthy_threshold.map(small),
        unhealthy_threshold: unhealthy_threshold.map(small),
    })
}

/// A path that fits a request line: nothing else could ever be answered with 200.
fn parse_path(path: String) -> Result<String, Refusal> {
    if path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(path);
    }
    Err(Refusal::invalid(format!(
        "HealthCheckConfiguration.Path must begin with '/' and have no spaces or control characters, not {path:?}."
    )))
}

fn small(number: i32) -> u8 {
    u8::try_from(number).expect("the model's range is 1 to 20")
}

/// Writes it.
pub fn render(health: &Health) -> shape::HealthCheckConfiguration {
    let Health { protocol, path, interval_seconds, timeout_seconds, healthy_threshold, unhealthy_threshold } = health;
    let protocol = match protocol {
        HealthProtocol::Tcp => "TCP",
        HealthProtocol::Http => "HTTP",
    };
    shape::HealthCheckConfiguration {
        healthy_threshold: Some((*healthy_threshold).into()),
        interval: Some((*interval_seconds).into()),
        path: Some(path.clone()),
        protocol: Some(protocol.to_owned()),
        timeout: Some((*timeout_seconds).into()),
        unhealthy_threshold: Some((*unhealthy_threshold).into()),
    }
}
