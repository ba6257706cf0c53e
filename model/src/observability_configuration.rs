//! What an app's traces are sent to. Nothing collects them in this version.
//!
//! Source: App Runner API Reference, ObservabilityConfiguration.

use serde::{Deserialize, Serialize};

use crate::record::{Form, Noun, Record, RecordArn};

/// A revision of an observability configuration. `None`: nothing is traced, which the API allows though it then says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservabilityConfiguration {
    pub tracing: Option<TracingVendor>,
}

/// Who traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TracingVendor {
    AwsXray,
}

pub type ObservabilityArn = RecordArn<ObservabilityConfiguration>;
pub type ObservabilityRevision = Record<ObservabilityConfiguration>;

impl Noun for ObservabilityConfiguration {
    const RESOURCE: &'static str = "observabilityconfiguration";
    const TITLE: &'static str = "observability configuration";
    const NAME_CHARS: usize = 32;
    const FORM: Form = Form::Revisions;

    fn built_in() -> Option<Self> {
        Some(Self { tracing: Some(TracingVendor::AwsXray) })
    }
}
