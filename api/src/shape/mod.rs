//! AWS structures as they are on the wire. They never leave this room: an operation parses them into nouns.
//! The modules are generated; this file holds what they share. Source of truth: `api/models` and the generator.

pub mod apprunner;
pub mod cloudtrail;
pub mod ecr;
pub mod iam;
pub mod logs;
pub mod sts;

use serde::{
    Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
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
