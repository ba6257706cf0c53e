//! Services: the desk that answers wishes, and the keeper that carries them out.

mod access;
pub(crate) mod admission;
mod ahead;
mod copy;
mod desk;
mod event_desk;
mod find;
mod given;
mod keeper;
mod look;
mod perform;
mod revision_desk;
pub(crate) mod secrets;

pub(crate) use look::{promise, standing};
pub(crate) use perform::service_route;

pub use copy::Copies;
pub use desk::ServiceDesk;
pub use given::{Surroundings, UpstreamVariables};
pub use keeper::{Keeper, Turn};
