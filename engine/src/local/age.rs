//! How long ago something was, by a clock that nobody can set, so that a jump of the machine's time makes nobody late.
//! Never survives a boot: what is older than the machine's life has no age here.
//! Source of truth: proc_uptime(5); it goes on while the machine sleeps.

use std::fs;
use std::time::Duration;

use model::time::Timestamp;

use crate::limit::CLOCK_JUMP;

/// Time since the machine began; none if the kernel does not say.
pub fn uptime() -> Option<Duration> {
    let text = fs::read_to_string("/proc/uptime").ok()?;
    let seconds: f64 = text.split(' ').next()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// When something was that is `age` old, in the time of today's clock. `written` is what the clock said then; it stays as it is
/// while the clock was not set.
pub fn moment(written: Timestamp, age: Duration, now: Timestamp) -> Timestamp {
    let age_ms = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    let real = now.millis().saturating_sub(age_ms);
    if real.abs_diff(written.millis()) <= CLOCK_JUMP.as_millis() as u64 { written } else { Timestamp::from_millis(real) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_stays_until_the_clock_jumps() {
        let at = Timestamp::from_millis;
        let age = Duration::from_secs(10);
        assert_eq!(moment(at(50_000), age, at(60_300)), at(50_000), "a little late is no jump");
        assert_eq!(moment(at(50_000), age, at(3_660_000)), at(3_650_000), "set forward by an hour");
        assert_eq!(moment(at(50_000), age, at(20_000)), at(10_000), "set back");
        assert!(uptime().unwrap() > Duration::ZERO);
    }
}
