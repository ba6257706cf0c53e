//! AWS managed policies that exist here: those that App Runner's tutorials attach.
//! Never changes while the platform runs, and no caller can change one. Source of truth: `data/managed_policies.json`, written by us from
//! the action lists of the AWS managed policy reference; entries marked `abridged` speak only of services that this platform is.

use super::document::{Document, Form};
use aws_lc_rs::digest::{SHA256, digest};
use serde::Deserialize;
use std::sync::{Arc, OnceLock};

/// A managed policy.
#[derive(Clone, Debug)]
pub struct Managed {
    pub name: String,
    /// `/`, or `/service-role/`.
    pub path: String,
    pub description: String,
    /// As the answer carries it.
    pub text: String,
    pub document: Arc<Document>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    path: String,
    description: String,
    #[serde(default)]
    abridged: bool,
    document: serde_json::Value,
}

impl Managed {
    /// `arn:aws:iam::aws:policy<path><name>`: managed policies belong to no account.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }

    /// `ANPA` and 17 letters and digits that its name decides.
    pub fn id(&self) -> String {
        let hash = digest(&SHA256, self.arn().as_bytes());
        let letters = hash.as_ref().iter().take(17).map(|byte| char::from(ID_LETTERS[usize::from(byte % 32)]));
        format!("ANPA{}", letters.collect::<String>())
    }
}

const ID_LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// All of them, by ARN.
pub fn managed_policies() -> &'static [Managed] {
    static ALL: OnceLock<Vec<Managed>> = OnceLock::new();
    ALL.get_or_init(|| {
        let entries: Vec<Entry> =
            serde_json::from_str(include_str!("../../data/managed_policies.json")).expect("a test reads the file");
        let mut all: Vec<Managed> = entries.into_iter().map(read).collect();
        all.sort_by_key(Managed::arn);
        all
    })
}

fn read(entry: Entry) -> Managed {
    let Entry { name, path, mut description, abridged, document } = entry;
    if abridged {
        description.push_str(" Abridged: it speaks of this platform's services only.");
    }
    let text = document.to_string();
    let document = Arc::new(Document::parse(&text, Form::Identity).expect("a test reads every entry"));
    Managed { name, path, description, text, document }
}

/// One of them.
pub fn managed(arn: &str) -> Option<&'static Managed> {
    managed_policies().iter().find(|policy| policy.arn() == arn)
}
