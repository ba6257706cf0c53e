//! A login at a place where source code is kept. Nobody completes its handshake in this version.
//!
//! Source: App Runner API Reference, Connection.

use serde::{Deserialize, Serialize};

use crate::record::{Form, Noun, Record, RecordArn};

/// A connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub provider: SourceProvider,
    pub handshake: Handshake,
}

/// Who keeps the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceProvider {
    GitHub,
    Bitbucket,
}

/// How far a person is with letting us in: a step that no API call takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Handshake {
    /// As it is made.
    Pending,
    /// The only one that a service may name.
    Done,
    Failed,
}

pub type ConnectionArn = RecordArn<Connection>;
pub type ConnectionRecord = Record<Connection>;

impl Connection {
    /// A new one of a provider.
    pub const fn pending(provider: SourceProvider) -> Self {
        Self { provider, handshake: Handshake::Pending }
    }

    /// Whether a service may name it: the status AVAILABLE.
    pub fn is_available(&self) -> bool {
        self.handshake == Handshake::Done
    }
}

impl Noun for Connection {
    const RESOURCE: &'static str = "connection";
    const TITLE: &'static str = "connection";
    const NAME_CHARS: usize = 32;
    const FORM: Form = Form::Unnumbered;
}
