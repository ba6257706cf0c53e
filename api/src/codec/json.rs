//! AWS JSON 1.0 and 1.1. Timestamps are numbers, seconds since the epoch; absent members are left out.
//! Source of truth: the AWS JSON protocols.

use crate::fault::{Common, Details, Fault};
use serde::{Serialize, de::DeserializeOwned};

/// Reads a request body. An empty one is an empty structure.
pub fn decode<I: DeserializeOwned>(body: &[u8]) -> Result<I, Common> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| Common::Serialization(error.to_string()))
}

/// Writes an answer.
pub fn encode(output: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(output).expect("shapes have text keys and finite numbers")
}

/// Writes a fault, with the members that are its own. `message` is a member's name: services disagree on its first letter, clients take either.
pub fn fault(fault: &Fault, message: &str, details: &Details) -> Vec<u8> {
    let mut members = details.clone();
    members.insert("__type".to_owned(), fault.code.into());
    members.insert(message.to_owned(), fault.message.as_str().into());
    encode(&members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::apprunner::{CreateServiceRequest, ListServicesRequest};

    #[track_caller]
    fn refuses(body: &str, words: &str) {
        match decode::<CreateServiceRequest>(body.as_bytes()) {
            Err(Common::Serialization(found)) => assert!(found.contains(words), "{body}: {found}"),
            Err(other) => panic!("{body}: {other:?}"),
            Ok(_) => panic!("{body} was read"),
        }
    }

    #[test]
    fn what_is_not_json_or_has_a_wrong_type_is_refused_and_says_where() {
        refuses("{", "line 1 column 1");
        refuses("ServiceName=x", "line 1 column 1");
        refuses("[]", "a structure");
        refuses(r#""x""#, "a structure");
        refuses(r#"{"ServiceName":5}"#, "expected a string");
        refuses(r#"{"Tags":{}}"#, "expected a sequence");
        refuses(r#"{"HealthCheckConfiguration":{"Interval":"5"}}"#, "expected i32");
        refuses(r#"{"HealthCheckConfiguration":{"Interval":99999999999}}"#, "i32");
        refuses(r#"{"SourceConfiguration":[null,null]}"#, "a structure");
    }

    #[test]
    fn absent_null_empty_unknown_and_repeated_members_are_read_as_aws_does() {
        let read = |body: &str| decode::<ListServicesRequest>(body.as_bytes()).expect("it is readable");
        assert_eq!(read("").max_results, None);
        assert_eq!(read(r#"{"MaxResults":null}"#).max_results, None);
        assert_eq!(read(r#"{"Unknown":{"a":[1,{}]},"MaxResults":5}"#).max_results, Some(5));
        assert_eq!(read(r#"{"MaxResults":5,"MaxResults":6}"#).max_results, Some(6));
        let deep = format!(r#"{{"Unknown":{}{},"MaxResults":7}}"#, "[".repeat(400_000), "]".repeat(400_000));
        assert_eq!(read(&deep).max_results, Some(7), "depth costs no stack");
    }
}
