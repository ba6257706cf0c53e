//! CloudTrail: the shapes of the operations that this version offers, their constraints and their faults.
//! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.
//! Source of truth: `api/models/cloudtrail.json`.

use super::{Declared, Operation, Structure, structure};
use crate::constraint::{Checked, Rule, Walk};
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};

/// An operation of CloudTrail that this version offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloudTrailOperation {
    /// `LookupEvents`.
    LookupEvents,
}

impl CloudTrailOperation {
    /// All of them.
    pub const ALL: &[Self] = &[Self::LookupEvents];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::LookupEvents => &LOOKUP_EVENTS,
        }
    }
}

/// `LookupEvents` and the faults that it declares.
pub const LOOKUP_EVENTS: Operation = Operation {
    name: "LookupEvents",
    faults: &[
        INVALID_LOOKUP_ATTRIBUTES_EXCEPTION,
        INVALID_TIME_RANGE_EXCEPTION,
        INVALID_MAX_RESULTS_EXCEPTION,
        INVALID_NEXT_TOKEN_EXCEPTION,
        INVALID_EVENT_CATEGORY_EXCEPTION,
        UNSUPPORTED_OPERATION_EXCEPTION,
        OPERATION_NOT_PERMITTED_EXCEPTION,
    ],
};

/// Fault `InvalidEventCategoryException`.
pub const INVALID_EVENT_CATEGORY_EXCEPTION: Declared = Declared { code: "InvalidEventCategoryException", status: 400 };

/// Fault `InvalidLookupAttributesException`.
pub const INVALID_LOOKUP_ATTRIBUTES_EXCEPTION: Declared = Declared { code: "InvalidLookupAttributesException", status: 400 };

/// Fault `InvalidMaxResultsException`.
pub const INVALID_MAX_RESULTS_EXCEPTION: Declared = Declared { code: "InvalidMaxResultsException", status: 400 };

/// Fault `InvalidNextTokenException`.
pub const INVALID_NEXT_TOKEN_EXCEPTION: Declared = Declared { code: "InvalidNextTokenException", status: 400 };

/// Fault `InvalidTimeRangeException`.
pub const INVALID_TIME_RANGE_EXCEPTION: Declared = Declared { code: "InvalidTimeRangeException", status: 400 };

/// Fault `OperationNotPermittedException`.
pub const OPERATION_NOT_PERMITTED_EXCEPTION: Declared = Declared { code: "OperationNotPermittedException", status: 400 };

/// Fault `UnsupportedOperationException`.
pub const UNSUPPORTED_OPERATION_EXCEPTION: Declared = Declared { code: "UnsupportedOperationException", status: 400 };

/// Shape `Event`.
#[derive(Clone, Serialize)]
pub struct Event {
    /// Member `AccessKeyId`.
    #[serde(rename = "AccessKeyId", skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// Member `CloudTrailEvent`.
    #[serde(rename = "CloudTrailEvent", skip_serializing_if = "Option::is_none")]
    pub cloud_trail_event: Option<String>,
    /// Member `EventId`.
    #[serde(rename = "EventId", skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Member `EventName`.
    #[serde(rename = "EventName", skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// Member `EventSource`.
    #[serde(rename = "EventSource", skip_serializing_if = "Option::is_none")]
    pub event_source: Option<String>,
    /// Member `EventTime`.
    #[serde(rename = "EventTime", skip_serializing_if = "Option::is_none")]
    pub event_time: Option<f64>,
    /// Member `ReadOnly`.
    #[serde(rename = "ReadOnly", skip_serializing_if = "Option::is_none")]
    pub read_only: Option<String>,
    /// Member `Resources`.
    #[serde(rename = "Resources", skip_serializing_if = "Option::is_none")]
    pub resources: Option<Vec<Resource>>,
    /// Member `Username`.
    #[serde(rename = "Username", skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// Shape `LookupAttribute`.
#[derive(Clone, Default, Serialize)]
pub struct LookupAttribute {
    /// Member `AttributeKey`.
    #[serde(rename = "AttributeKey", skip_serializing_if = "Option::is_none")]
    pub attribute_key: Option<String>,
    /// Member `AttributeValue`.
    #[serde(rename = "AttributeValue", skip_serializing_if = "Option::is_none")]
    pub attribute_value: Option<String>,
}

impl Structure for LookupAttribute {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "AttributeKey" => self.attribute_key = value.next_value()?,
            "AttributeValue" => self.attribute_value = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for LookupAttribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for LookupAttribute {
    fn check(&self, walk: &mut Walk) {
        walk.required("AttributeKey", self.attribute_key.is_some());
        walk.text("AttributeKey", self.attribute_key.as_deref(), &LOOKUP_ATTRIBUTE_KEY);
        walk.required("AttributeValue", self.attribute_value.is_some());
        walk.text("AttributeValue", self.attribute_value.as_deref(), &LOOKUP_ATTRIBUTE_VALUE);
    }
}

/// Shape `LookupEventsRequest`.
#[derive(Clone, Default, Serialize)]
pub struct LookupEventsRequest {
    /// Member `EndTime`.
    #[serde(rename = "EndTime", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<f64>,
    /// Member `EventCategory`.
    #[serde(rename = "EventCategory", skip_serializing_if = "Option::is_none")]
    pub event_category: Option<String>,
    /// Member `LookupAttributes`.
    #[serde(rename = "LookupAttributes", skip_serializing_if = "Option::is_none")]
    pub lookup_attributes: Option<Vec<LookupAttribute>>,
    /// Member `MaxResults`.
    #[serde(rename = "MaxResults", skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Member `StartTime`.
    #[serde(rename = "StartTime", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<f64>,
}

impl Structure for LookupEventsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "EndTime" => self.end_time = value.next_value()?,
            "EventCategory" => self.event_category = value.next_value()?,
            "LookupAttributes" => self.lookup_attributes = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            "StartTime" => self.start_time = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for LookupEventsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for LookupEventsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.text("EventCategory", self.event_category.as_deref(), &EVENT_CATEGORY);
        walk.structures("LookupAttributes", self.lookup_attributes.as_deref(), None);
        walk.number("MaxResults", self.max_results, &MAX_RESULTS);
    }
}

/// Shape `LookupEventsResponse`.
#[derive(Clone, Serialize)]
pub struct LookupEventsResponse {
    /// Member `Events`.
    #[serde(rename = "Events", skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
    /// Member `NextToken`.
    #[serde(rename = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Shape `Resource`.
#[derive(Clone, Serialize)]
pub struct Resource {
    /// Member `ResourceName`.
    #[serde(rename = "ResourceName", skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
    /// Member `ResourceType`.
    #[serde(rename = "ResourceType", skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
}

/// Constraints of `EventCategory`.
pub static EVENT_CATEGORY: Rule = Rule { min: None, max: None, pattern: None, values: &["insight"], sensitive: false };

/// Constraints of `LookupAttributeKey`.
pub static LOOKUP_ATTRIBUTE_KEY: Rule = Rule {
    min: None,
    max: None,
    pattern: None,
    values: &["EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"],
    sensitive: false,
};

/// Constraints of `LookupAttributeValue`.
pub static LOOKUP_ATTRIBUTE_VALUE: Rule = Rule { min: Some(1), max: Some(2000), pattern: None, values: &[], sensitive: false };

/// Constraints of `MaxResults`.
pub static MAX_RESULTS: Rule = Rule { min: Some(1), max: Some(50), pattern: None, values: &[], sensitive: false };

/// Every rule of this file, for the test that compiles every pattern.
#[cfg(test)]
pub static RULES: &[&Rule] = &[&EVENT_CATEGORY, &LOOKUP_ATTRIBUTE_KEY, &LOOKUP_ATTRIBUTE_VALUE, &MAX_RESULTS];
