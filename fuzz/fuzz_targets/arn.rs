//! Any text as an ARN or a name → refused with a sentence, or a noun that says the same again.
#![no_main]

use model::arn::ServiceArn;
use model::role::{RoleArn, RoleName};
use model::scaling_configuration::ScalingArn;
use model::service_name::ServiceName;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(arn) = ServiceArn::parse(text) {
        assert_eq!(arn.to_string(), text);
    }
    if let Ok(arn) = ScalingArn::parse(text) {
        assert_eq!(arn.to_string(), text);
    }
    if let Ok(arn) = RoleArn::parse(text) {
        assert_eq!(arn.to_string(), text);
    }
    if let Ok(name) = RoleName::parse(text) {
        assert_eq!(name.to_string(), text);
    }
    if let Ok(name) = ServiceName::parse(text) {
        assert_eq!(name.to_string(), text);
    }
});
