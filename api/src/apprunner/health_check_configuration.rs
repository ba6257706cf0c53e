//! `HealthCheckConfiguration`, in and out: always whole in answers.
//! Never probes. Source of truth: the App Runner API reference.

use crate::shape::apprunner as shape;
use model::{
    health::{Health, HealthProtocol},
    refusal::Refusal,
};

/// Reads it; what is left out has App Runner's default.
///
/// # Errors
/// A refusal where the path cannot be asked for.
pub fn parse(health: Option<shape::HealthCheckConfiguration>) -> Result<Health, Refusal> {
    let shape::HealthCheckConfiguration { healthy_threshold, interval, path, protocol, timeout, unhealthy_threshold } =
        health.unwrap_or_default();
    let default = Health::default();
    let protocol = match protocol.as_deref() {
        None => default.protocol,
        Some("HTTP") => HealthProtocol::Http,
        Some(_) => HealthProtocol::Tcp, // the enumeration has two values, and validation has seen it
    };
    Ok(Health {
        protocol,
        path: path.map_or(Ok(default.path), parse_path)?,
        interval_seconds: interval.map_or(default.interval_seconds, small),
        timeout_seconds: timeout.map_or(default.timeout_seconds, small),
        healthy_threshold: healthy_threshold.map_or(default.healthy_threshold, small),
        unhealthy_threshold: unhealthy_threshold.map_or(default.unhealthy_threshold, small),
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
