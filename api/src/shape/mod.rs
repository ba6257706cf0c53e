//! AWS structures as they are on the wire. They never leave this room: an operation parses them into nouns.
//! The modules are generated; this file holds what they share. Source of truth: `api/models` and the generator.

pub mod apprunner;
pub mod cloudtrail;
pub mod ecr;
pub mod iam;
pub mod logs;
pub mod secretsmanager;
pub mod service_quotas;
pub mod ssm;
pub mod sts;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{IgnoredAny, MapAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};
use std::{fmt, marker::PhantomData};

/// A fault that an operation declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// The name on the wire.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
}

/// An operation of a service model.
#[derive(Debug)]
pub struct Operation {
    /// The name on the wire.
    pub name: &'static str,
    /// The only faults that its answers may carry, the common ones apart.
    pub faults: &'static [Declared],
}

/// The answer of an operation that has nothing to say.
#[derive(Debug, serde::Serialize)]
pub struct Empty {}

/// Bytes: base64 on the wire, in every protocol.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As it stands in the body, without a copy of its own: a part of a layer has 28 MB.
        deserializer.deserialize_str(Base64)
    }
}

/// Reads base64.
struct Base64;

impl Visitor<'_> for Base64 {
    type Value = Blob;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Blob, E> {
        // What was sent is not repeated: it may be a secret.
        BASE64_STANDARD.decode(text).map(Blob).map_err(|_| E::custom("a blob is written in base64"))
    }
}

/// A map of the query protocol: XML knows no objects with any key, so it is written as a list of entries with a key and a value each. The key that
/// holds them is one that no structure of a model has (members there begin with a capital), and [`crate::codec::query`] knows it.
#[derive(Clone, Default)]
pub struct Entries<V>(pub std::collections::BTreeMap<String, V>);

/// The key of [`Entries`].
pub const ENTRY: &str = "entry";

impl<V: Serialize> Serialize for Entries<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(ENTRY, &Listed(&self.0))?;
        map.end()
    }
}

struct Listed<'a, V>(&'a std::collections::BTreeMap<String, V>);

impl<V: Serialize> Serialize for Listed<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for (key, value) in self.0 {
            list.serialize_element(&Entry { key, value })?;
        }
        list.end()
    }
}

#[derive(Serialize)]
struct Entry<'a, V> {
    key: &'a str,
    value: &'a V,
}

/// A structure that callers send.
pub trait Structure: Default {
    /// Reads the value of `member` into its place; `false`, and nothing read, where there is no such member.
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error>;
}

/// Reads a JSON object into a structure. Not serde's derive, because that also takes a list for a structure, and
/// refuses a member that occurs twice; the AWS front ends refuse the one and let the last win in the other.
/// Unknown members are ignored, as App Runner does.
pub fn structure<'de, S: Structure, D: Deserializer<'de>>(deserializer: D) -> Result<S, D::Error> {
    deserializer.deserialize_map(Members(PhantomData))
}

struct Members<S>(PhantomData<S>);

impl<'de, S: Structure> Visitor<'de> for Members<S> {
    type Value = S;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a structure")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<S, A::Error> {
        let mut structure = S::default();
        while let Some(member) = map.next_key::<String>()? {
            if !structure.read(&member, &mut map)? {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(structure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraint::{Rule, Walk};

    #[test]
    fn bytes_are_base64_and_a_refusal_does_not_repeat_them() {
        let read: Blob = serde_json::from_str("\"AP8=\"").expect("base64");
        assert_eq!(read.0, [0, 255]);
        assert_eq!(serde_json::to_string(&read).expect("a text"), "\"AP8=\"");
        let refused = serde_json::from_str::<Blob>("\"hunter2!\"").err().expect("no base64").to_string();
        assert!(refused.contains("base64") && !refused.contains("hunter2"), "{refused}");
    }

    #[test]
    fn the_length_of_bytes_is_theirs_and_a_number_with_a_fraction_has_bounds() {
        static LENGTH: Rule = Rule { min: Some(1), max: Some(2), pattern: None, values: &[], sensitive: true };
        static RANGE: Rule = Rule { min: Some(0), max: Some(10), pattern: None, values: &[], sensitive: false };
        let found = |check: &dyn Fn(&mut Walk)| {
            let mut walk = Walk::default();
            check(&mut walk);
            walk.into_words(crate::constraint::Dialect::Classic)
        };
        assert_eq!(found(&|walk| walk.blob("SecretBinary", Some(&Blob(vec![1, 2])), &LENGTH)), None);
        assert_eq!(
            found(&|walk| walk.blob("SecretBinary", Some(&Blob(vec![7; 3])), &LENGTH)).as_deref(),
            Some(
                "1 validation error detected: Value at 'secretBinary' failed to satisfy constraint: \
                 Member must have length less than or equal to 2"
            )
        );
        assert_eq!(found(&|walk| walk.real("DesiredValue", Some(10.0), &RANGE)), None);
        assert_eq!(
            found(&|walk| walk.real("DesiredValue", Some(10.5), &RANGE)).as_deref(),
            Some(
                "1 validation error detected: Value '10.5' at 'desiredValue' failed to satisfy constraint: \
                 Member must have value less than or equal to 10"
            )
        );
    }
}
