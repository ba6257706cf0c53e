//! Policy documents as they were read, by a digest of their text: a call's policies are the same as the last call's.
//! Never reads a file or a port, and never answers for a text that it was not asked about: a changed policy is another text. Source of truth:
//! `policy::Document`.

use crate::{
    limit::PARSED_BYTES,
    policy::{Document, Form},
};
use aws_lc_rs::digest::{Context, SHA256};
use model::trouble::Trouble;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

type Key = [u8; 32];

/// The documents that were read lately.
#[derive(Debug, Default)]
pub struct Parsed(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    documents: HashMap<Key, Arc<Document>>,
    /// The oldest first, with the bytes of its text.
    order: VecDeque<(Key, usize)>,
    bytes: usize,
}

impl Known {
    /// Keeps one more; the oldest make room for it.
    fn keep(&mut self, key: Key, bytes: usize, document: Arc<Document>) {
        // Two calls may have read the same text at once.
        if self.documents.insert(key, document).is_none() {
            self.order.push_back((key, bytes));
            self.bytes += bytes;
        }
        while self.bytes > PARSED_BYTES {
            let (oldest, bytes) = self.order.pop_front().expect("what has bytes is in the order");
            self.documents.remove(&oldest);
            self.bytes -= bytes;
        }
    }
}

impl Parsed {
    /// A policy that was read before it was stored.
    ///
    /// # Errors
    /// Trouble, since nothing is stored that cannot be read.
    pub fn stored(&self, text: &str, form: Form, owner: &str) -> Result<Arc<Document>, Trouble> {
        let key = key(text, form);
        if let Some(found) = self.known().documents.get(&key) {
            return Ok(found.clone());
        }
        let read = Self::read(text, form, owner)?;
        self.known().keep(key, text.len(), read.clone());
        Ok(read)
    }

    /// The same without keeping it: what belongs to one session is not worth the room.
    ///
    /// # Errors
    /// As `stored`.
    pub fn read(text: &str, form: Form, owner: &str) -> Result<Arc<Document>, Trouble> {
        let read = Document::parse(text, form);
        read.map(Arc::new).map_err(|words| Trouble::lasting(format!("reading a policy of {owner}"), words))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().expect("nothing panics while it holds the documents")
    }
}

/// Two texts with one digest are not to be had.
fn key(text: &str, form: Form) -> Key {
    let mut context = Context::new(&SHA256);
    context.update(format!("{form:?}\n").as_bytes());
    context.update(text.as_bytes());
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_once_and_the_oldest_make_room() {
        let parsed = Parsed::default();
        let padded = " ".repeat(60_000);
        let text = |n: usize| format!(r#"{{"Statement":{{"Effect":"Allow","Action":"ecr:A{n}","Resource":"*"}}}}{padded}"#);
        let stored = |n: usize| parsed.stored(&text(n), Form::Identity, "x").expect("a policy");
        let first = stored(0);
        assert!(Arc::ptr_eq(&first, &stored(0)));
        let fit = PARSED_BYTES / text(1_000).len();
        let last = (1..=fit).map(stored).last().expect("some fit");
        assert!(parsed.known().bytes <= PARSED_BYTES);
        assert!(!Arc::ptr_eq(&first, &stored(0)), "the oldest has made room");
        assert!(Arc::ptr_eq(&last, &stored(fit)), "and no other");
        let (ordered, kept) = {
            let known = parsed.known();
            (known.order.len(), known.documents.len())
        };
        assert_eq!(ordered, kept);
        assert!(parsed.stored("{", Form::Identity, "the role x").is_err());
        assert!(parsed.stored(&text(0), Form::Trust, "x").is_err(), "the form decides what a document may be");
    }
}
