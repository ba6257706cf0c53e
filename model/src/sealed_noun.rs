//! Nouns whose values are secrets: a record that says everything but the values, and a sealed value for each of its versions.
//!
//! Never holds a value: those cross one at a time as `Secret`, so that whoever lists or describes cannot show one by mistake.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::account::Scope;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::time::Timestamp;

/// A record of this kind. Unique by scope and name.
pub trait SealedNoun: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Names it in places that are kept, such as tables: small letters and `_`.
    const KIND: &'static str;

    /// How many an account may have in a region.
    const MAX: usize;

    fn scope(&self) -> &Scope;

    fn name(&self) -> &str;

    /// The versions whose values are kept.
    fn version_keys(&self) -> Vec<String>;

    /// When it goes by itself, if it does.
    fn due_at(&self) -> Option<Timestamp>;

    /// The refusal of a name that is taken.
    fn taken(&self) -> Refusal;

    /// The refusal of one more than [`SealedNoun::MAX`].
    fn too_many() -> Refusal;
}

/// A value on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewValue {
    /// One of the record's version keys.
    pub version: String,
    pub value: Secret,
}
