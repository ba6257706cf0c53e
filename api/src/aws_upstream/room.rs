//! Room for calls that are sent on: so many in all, and so many for each caller, so that one who reads his answers slowly is alone with it.
//!
//! Never queues: whoever finds no room is told to come back.

use crate::limit;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many calls each caller has under way, by his ARN; callers without are not here.
#[derive(Default)]
pub struct ForwardedRoom(Mutex<HashMap<String, usize>>);

/// Room for one call; it is free when this is dropped.
pub struct Place {
    room: Arc<ForwardedRoom>,
    caller: String,
}

impl ForwardedRoom {
    fn callers(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many calls are under way.
    pub fn taken(&self) -> usize {
        self.callers().values().sum()
    }

    /// Room for a call of this caller, if there is some.
    pub fn take(self: &Arc<Self>, caller: String) -> Option<Place> {
        let mut callers = self.callers();
        let his = callers.get(&caller).copied().unwrap_or_default();
        if his >= limit::FORWARDED_CALLS_EACH || callers.values().sum::<usize>() >= limit::FORWARDED_CALLS {
            return None;
        }
        callers.insert(caller.clone(), his + 1);
        Some(Place { room: Arc::clone(self), caller })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut callers = self.room.callers();
        match callers.get_mut(&self.caller) {
            Some(his) if *his > 1 => *his -= 1,
            Some(_) | None => {
                callers.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_caller_leaves_room_for_others_and_what_he_gives_back_is_free() {
        let room = Arc::<ForwardedRoom>::default();
        let take = |caller: &str| room.take(caller.to_owned());
        let mut his: Vec<Place> = std::iter::from_fn(|| take("ann")).collect();
        assert_eq!(his.len(), limit::FORWARDED_CALLS_EACH);
        his.pop();
        his.extend(take("ann"));
        assert!(his.len() == limit::FORWARDED_CALLS_EACH && take("ann").is_none());
        let others: Vec<Place> = (0..limit::FORWARDED_CALLS).map_while(|caller| take(&caller.to_string())).collect();
        assert_eq!(his.len() + others.len(), limit::FORWARDED_CALLS, "there is so much in all");
        drop((his, others));
        assert!(room.callers().is_empty(), "nobody is remembered");
    }
}
