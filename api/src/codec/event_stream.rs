//! Messages of AWS's event streams: what an answer is made of that goes on for hours.
//!
//! Never reads one. Source: Amazon Transcribe Developer Guide, "Event stream encoding" (it is the same for all services); smithy.io, "Amazon Event Stream".
//! A message is its length and that of its headers (each u32, big-endian), the CRC-32 of these eight bytes, the headers, the payload, and the CRC-32 of all
//! before. A header is the length of its name (u8), the name, its type (7: a text), and the text after its length (u16).

use crate::codec::json;
use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

/// What an answer of messages calls itself.
pub const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// The type of a header that is a text.
const TEXT: u8 = 7;
/// Length, headers' length, and their checksum.
const PRELUDE_BYTES: usize = 12;
const CHECKSUM_BYTES: usize = 4;

/// The first message of an answer in a JSON protocol: the members beside the stream, of which there are none.
pub fn initial_response() -> Bytes {
    message(
        &[(":message-type", "event"), (":event-type", "initial-response"), (":content-type", "application/x-amz-json-1.1")],
        b"{}",
    )
}

/// An event.
pub fn event(name: &str, payload: &impl Serialize) -> Bytes {
    message(&[(":message-type", "event"), (":event-type", name), (":content-type", "application/json")], &json::encode(payload))
}

/// The last message of a stream that breaks off, under the name of its fault.
pub fn exception(name: &str, payload: &impl Serialize) -> Bytes {
    message(
        &[(":message-type", "exception"), (":exception-type", name), (":content-type", "application/json")],
        &json::encode(payload),
    )
}

fn message(headers: &[(&str, &str)], payload: &[u8]) -> Bytes {
    let headers_bytes: usize = headers.iter().map(|(name, value)| 1 + name.len() + 1 + 2 + value.len()).sum();
    let whole = PRELUDE_BYTES + headers_bytes + payload.len() + CHECKSUM_BYTES;
    let length = |bytes: usize| u32::try_from(bytes).expect("an update is a megabyte or two");
    let mut message = BytesMut::with_capacity(whole);
    message.put_u32(length(whole));
    message.put_u32(length(headers_bytes));
    message.put_u32(crc32fast::hash(&message));
    for (name, value) in headers {
        message.put_u8(u8::try_from(name.len()).expect("names of headers are short"));
        message.put_slice(name.as_bytes());
        message.put_u8(TEXT);
        message.put_u16(u16::try_from(value.len()).expect("values of headers are short"));
        message.put_slice(value.as_bytes());
    }
    message.put_slice(payload);
    message.put_u32(crc32fast::hash(&message));
    message.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// As botocore's own reader takes it apart, and these bytes were given to it.
    #[test]
    fn a_message_is_as_the_clients_read_it() {
        let message = event("sessionUpdate", &json!({ "a": 1 }));
        let word = |at: usize| u32::from_be_bytes(message[at..at + 4].try_into().expect("four bytes"));
        assert_eq!(word(0) as usize, message.len());
        assert_eq!(word(8), crc32fast::hash(&message[..8]));
        assert_eq!(word(message.len() - 4), crc32fast::hash(&message[..message.len() - 4]));
        let headers = &message[12..12 + word(4) as usize];
        assert!(headers.starts_with(b"\x0d:message-type\x07\x00\x05event\x0b:event-type\x07\x00\x0dsessionUpdate"), "{headers:?}");
        assert_eq!(&message[12 + word(4) as usize..message.len() - 4], br#"{"a":1}"#);
        assert!(
            exception("SessionTimeoutException", &json!({})).windows(25).any(|part| part == b":exception-type\x07\x00\x17Session")
        );
        assert!(initial_response().ends_with(&crc32fast::hash(&initial_response()[..initial_response().len() - 4]).to_be_bytes()));
    }
}
