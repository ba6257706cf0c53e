//! Services: the desk that answers wishes, and the keeper that carries them out.

mod desk;
mod keeper;
mod look;
mod perform;

pub use desk::ServiceDesk;
pub use keeper::{Keeper, Turn};
