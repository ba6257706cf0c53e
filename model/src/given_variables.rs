//! Environment variables that the platform gives an instance beside what its image and its service say: where its role's credentials are, the region,
//! the endpoints of services.
//!
//! Never part of a service: no answer of the API shows one. Source of truth: `control`'s `given.rs` says which there are.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::environment::Environment;

/// Variables by name. `Debug` shows the names only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenVariables {
    /// Those that hold only where neither the image nor the service has one of the name.
    #[serde(default)]
    offered: BTreeMap<String, String>,
    /// Those that hold whatever image and service say.
    #[serde(default)]
    set: BTreeMap<String, String>,
}

impl GivenVariables {
    /// One that the image's and the service's own go before: a region, an endpoint.
    pub fn offer(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.offered.insert(name.into(), value.into());
    }

    /// One that goes before the image's and the service's own.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.set.insert(name.into(), value.into());
    }

    /// One less, however it was given.
    pub fn withdraw(&mut self, name: &str) {
        self.offered.remove(name);
        self.set.remove(name);
    }

    /// With those of `others`, which go before what was here already.
    pub fn add(&mut self, others: &Self) {
        self.offered.extend(others.offered.clone());
        self.set.extend(others.set.clone());
    }

    /// The value of a variable, however it is given.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.set.get(name).or_else(|| self.offered.get(name)).map(String::as_str)
    }

    /// Everything that a process is given, as `NAME=value`, in the order in which a later one goes before an earlier one: what is offered, the image's,
    /// the service's own, what is set.
    pub fn around<'a>(&'a self, image: &'a [String], own: &'a Environment) -> impl Iterator<Item = String> + 'a {
        let line = |(name, value): (&String, &String)| format!("{name}={value}");
        let offered = self.offered.iter().map(line);
        offered.chain(image.iter().cloned()).chain(own.0.iter().map(line)).chain(self.set.iter().map(line))
    }
}

impl fmt::Debug for GivenVariables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.offered.keys()).entries(self.set.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_gives_way_and_what_is_set_does_not() {
        let mut given = GivenVariables::default();
        given.offer("AWS_REGION", "us-east-1");
        given.set("TOKEN", "ours");
        let own = Environment::parse(BTreeMap::from([("AWS_REGION".to_owned(), "eu-west-1".to_owned())])).unwrap();
        let image = ["TOKEN=theirs".to_owned()];
        let last = |name: &str| {
            let lines = given.around(&image, &own).filter(|line| line.split('=').next() == Some(name));
            lines.last().unwrap()
        };
        assert_eq!([last("AWS_REGION"), last("TOKEN")], ["AWS_REGION=eu-west-1", "TOKEN=ours"]);
        assert_eq!([given.get("AWS_REGION"), given.get("TOKEN"), given.get("X")], [Some("us-east-1"), Some("ours"), None]);
        assert_eq!(format!("{given:?}"), r#"{"AWS_REGION", "TOKEN"}"#, "values are never printed");
    }

    #[test]
    fn what_is_added_goes_before_and_what_is_withdrawn_is_gone() {
        let (mut given, mut others) = (GivenVariables::default(), GivenVariables::default());
        given.offer("A", "1");
        given.offer("B", "1");
        others.offer("A", "2");
        given.add(&others);
        given.withdraw("B");
        assert_eq!([given.get("A"), given.get("B")], [Some("2"), None]);
    }
}
