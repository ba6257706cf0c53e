//! The one place that every commit and every effect passes, by name, so that a test can end the process exactly there.
//!
//! Release builds contain none of it: `pass` is empty there.

/// The names that are passed, in the order that a create, a start ahead, a wake and a delete pass them. `.before` is passed before the world changes, `.after` when it has.
pub const NAMES: [&str; 23] = [
    "commit.begin.before",
    "commit.begin.after",
    "effect.resolve.before",
    "effect.copy.blob",
    "effect.copy.piece",
    "effect.copy.manifest",
    "commit.pin.before",
    "commit.pin.after",
    "effect.start.before",
    "effect.start.after",
    "effect.create.before",
    "effect.create.after",
    "effect.wake.before",
    "effect.wake.after",
    "commit.absorb.before",
    "commit.absorb.after",
    "effect.publish.before",
    "effect.publish.after",
    "effect.stop.before",
    "effect.stop.after",
    "effect.discard.before",
    "effect.discard.after",
    "commit.event.before",
];

/// Where the process shall end: the `count`-th time a checkpoint is passed, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbortAt {
    pub name: String,
    pub count: u32,
}

impl AbortAt {
    /// Parses `<name>#<n>`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, count) = text.split_once('#')?;
        let count = count.parse().ok().filter(|count| *count > 0)?;
        NAMES.contains(&name).then(|| Self { name: name.to_owned(), count })
    }
}

/// A promise that is broken on purpose, so that a test can show that it would see that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// An instance that left the route is stopped whatever it still carries.
    Drain,
}

impl Breakage {
    /// Parses its name.
    pub fn parse(text: &str) -> Option<Self> {
        (text == "drain").then_some(Self::Drain)
    }
}

/// Counts what is passed.
#[derive(Debug, Default)]
pub struct Checkpoints {
    #[cfg(debug_assertions)]
    left: std::sync::Mutex<Option<AbortAt>>,
    #[cfg(debug_assertions)]
    broken: Option<Breakage>,
}

impl Checkpoints {
    /// In a release build there is nothing to count.
    #[cfg_attr(not(debug_assertions), expect(unused_variables, reason = "release builds contain none of it"))]
    pub fn new(abort_at: Option<AbortAt>) -> Self {
        Self {
            #[cfg(debug_assertions)]
            left: std::sync::Mutex::new(abort_at),
            #[cfg(debug_assertions)]
            broken: None,
        }
    }

    /// The same, and this promise is broken. In a release build none is.
    #[cfg_attr(not(debug_assertions), expect(unused_variables, unused_mut, reason = "release builds contain none of it"))]
    pub fn breaking(mut self, broken: Option<Breakage>) -> Self {
        #[cfg(debug_assertions)]
        {
            self.broken = broken;
        }
        self
    }

    /// Whether this promise is broken on purpose.
    #[cfg_attr(not(debug_assertions), expect(unused_variables, reason = "release builds contain none of it"))]
    pub fn is_broken(&self, promise: Breakage) -> bool {
        #[cfg(debug_assertions)]
        return self.broken == Some(promise);
        #[cfg(not(debug_assertions))]
        false
    }

    /// Passes a checkpoint; aborts the process if it is the one.
    pub fn pass(&self, name: &'static str) {
        debug_assert!(NAMES.contains(&name), "{name} is not in the list of checkpoints");
        #[cfg(debug_assertions)]
        if let Some(abort_at) = &mut *self.left.lock().expect("nothing panics while it counts")
            && abort_at.name == name
        {
            abort_at.count -= 1;
            if abort_at.count == 0 {
                std::process::abort();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_name_and_a_count_are_understood() {
        assert_eq!(AbortAt::parse("effect.start.after#2"), Some(AbortAt { name: "effect.start.after".to_owned(), count: 2 }));
        for bad in ["", "effect.start.after", "effect.start.after#0", "effect.start.after#x", "nowhere#1"] {
            assert_eq!(AbortAt::parse(bad), None, "{bad}");
        }
    }
}
