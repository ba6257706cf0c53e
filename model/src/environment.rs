//! The environment variables that a service gives its instances.
//!
//! Source: App Runner Developer Guide, and what its users saw (`PORT` and the prefix `AWSAPPRUNNER` are reserved).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Variables by name, kept and echoed exactly as sent. `Debug` shows the names only: values are often secrets.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Environment(pub BTreeMap<String, String>);

/// The platform sets this one.
pub const PORT_VARIABLE: &str = "PORT";
const RESERVED_PREFIX: &str = "AWSAPPRUNNER";

impl Environment {
    /// Refuses reserved names, and names and values that no process could be given.
    pub fn parse(variables: BTreeMap<String, String>) -> Result<Self, Refusal> {
        for (name, value) in &variables {
            if name == PORT_VARIABLE || name.starts_with(RESERVED_PREFIX) {
                return Err(Refusal::invalid(format!("The environment variable {name} is reserved.")));
            }
            if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
                return Err(Refusal::invalid(format!(
                    "The environment variable {name:?} cannot be set: a name is not empty and has no '=', and neither name nor value has a NUL."
                )));
            }
        }
        Ok(Self(variables))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_impossible_names_are_refused_and_values_are_never_printed() {
        let one = |k: &str, v: &str| Environment::parse(BTreeMap::from([(k.to_owned(), v.to_owned())]));
        for (name, value) in [("PORT", "1"), ("AWSAPPRUNNER_X", "1"), ("", "1"), ("A=B", "1"), ("A", "\0")] {
            assert!(one(name, value).is_err(), "{name}");
        }
        assert_eq!(format!("{:?}", one("KEY", "hunter2").unwrap()), r#"{"KEY"}"#);
    }
}
