//! Policy documents as they were read, by their text: a call's policies are the same as the last call's.
//! Never reads a file or a port, and never answers for a text that it was not asked about: a changed policy is another text. Source of truth:
//! `policy::Document`.

use crate::{
    limit::PARSED_DOCUMENTS,
    policy::{Document, Form},
};
use model::trouble::Trouble;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// The documents that were read lately.
#[derive(Debug, Default)]
pub struct Parsed(Mutex<HashMap<(Form, String), Arc<Document>>>);

impl Parsed {
    /// A policy that was read before it was stored. When there is no more room everything is forgotten, and read again.
    ///
    /// # Errors
    /// Trouble, since nothing is stored that cannot be read.
    pub fn stored(&self, text: &str, form: Form, owner: &str) -> Result<Arc<Document>, Trouble> {
        let key = (form, text.to_owned());
        if let Some(found) = self.known().get(&key) {
            return Ok(found.clone());
        }
        let read = Document::parse(text, form).map_err(|words| Trouble::lasting(format!("reading a policy of {owner}"), words))?;
        let read = Arc::new(read);
        let mut known = self.known();
        if known.len() >= PARSED_DOCUMENTS {
            known.clear();
        }
        known.insert(key, read.clone());
        Ok(read)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<(Form, String), Arc<Document>>> {
        self.0.lock().expect("nothing panics while it holds the documents")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_once_and_never_more_are_kept_than_there_is_room_for() {
        let parsed = Parsed::default();
        let text = |n: usize| format!(r#"{{"Statement":{{"Effect":"Allow","Action":"ecr:A{n}","Resource":"*"}}}}"#);
        let first = parsed.stored(&text(0), Form::Identity, "x").expect("a policy");
        assert!(Arc::ptr_eq(&first, &parsed.stored(&text(0), Form::Identity, "x").expect("a policy")));
        for n in 0..=PARSED_DOCUMENTS {
            parsed.stored(&text(n), Form::Identity, "x").expect("a policy");
            assert!(parsed.known().len() <= PARSED_DOCUMENTS);
        }
        assert!(parsed.stored("{", Form::Identity, "the role x").is_err());
        assert!(parsed.stored(&text(0), Form::Trust, "x").is_err(), "the form decides what a document may be");
    }
}
