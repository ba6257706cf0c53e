//! The one boxed future of every port.

use std::future::Future;
use std::pin::Pin;

use crate::refusal::Refusal;
use crate::trouble::Trouble;

/// What a port answers: a value, or trouble of ours.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send + 'a>>;

/// The inner answer of a port that may refuse: `Ok(Err(refusal))` is the caller's to mend.
pub type Granted<T> = Result<T, Refusal>;

/// A wait that cannot fail.
pub type Pause<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
