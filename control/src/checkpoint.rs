//! The one place that every commit and every effect passes, by name, so that a test can see it, and end or hold a process exactly there.
//!
//! Release builds contain none of it: `pass` is empty there. Never decides what happens at a checkpoint: whoever opens the rooms does.

/// The names that are passed, in the order that a create, a start ahead, a wake and a delete pass them. `.before` is passed before the world changes, `.after` when it has.
pub const NAMES: [&str; 26] = [
    "commit.begin.before",
    "commit.begin.after",
    "commit.tags.before",
    "commit.tags.after",
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
    "effect.discard.taken",
    "effect.discard.after",
    "commit.event.before",
];

/// A moment: the `count`-th time that a checkpoint is passed, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub name: String,
    pub count: u32,
}

impl Moment {
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

/// Is told each name that is passed. It may take its time: whoever passes waits.
pub type OnPass = Box<dyn Fn(&'static str) + Send + Sync>;

/// Tells of what is passed.
#[derive(Default)]
pub struct Checkpoints {
    #[cfg(debug_assertions)]
    on_pass: Option<OnPass>,
    #[cfg(debug_assertions)]
    broken: Option<Breakage>,
}

impl Checkpoints {
    /// In a release build there is nobody to tell.
    #[cfg_attr(not(debug_assertions), expect(unused_variables, reason = "release builds contain none of it"))]
    pub fn new(on_pass: Option<OnPass>) -> Self {
        Self {
            #[cfg(debug_assertions)]
            on_pass,
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

    /// Passes a checkpoint.
    pub fn pass(&self, name: &'static str) {
        debug_assert!(NAMES.contains(&name), "{name} is not in the list of checkpoints");
        #[cfg(debug_assertions)]
        if let Some(on_pass) = &self.on_pass {
            on_pass(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_name_and_a_count_are_understood() {
        assert_eq!(Moment::parse("effect.start.after#2"), Some(Moment { name: "effect.start.after".to_owned(), count: 2 }));
        for bad in ["", "effect.start.after", "effect.start.after#0", "effect.start.after#x", "nowhere#1"] {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }
}
