//! The query protocol: a form comes in, XML goes out.
//! Timestamps are text, ISO 8601: the shapes have them so.
//! Source of truth: the AWS query protocol.

use crate::{fault::Fault, shape::ENTRY};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// What a form says that every call says.
#[derive(Debug, PartialEq, Eq)]
pub struct Form<'a> {
    /// The operation.
    pub action: Cow<'a, str>,
    /// The version of the service's API: it names the service.
    pub version: Cow<'a, str>,
}

/// Reads a form; `None` where it is no call.
pub fn decode(body: &[u8]) -> Option<Form<'_>> {
    let (mut action, mut version) = (None, None);
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "Action" => action = Some(value),
            "Version" => version = Some(value),
            _ => {}
        }
    }
    Some(Form { action: action?, version: version? })
}

/// Writes an answer. An operation without a result has only its id to say.
pub fn encode(operation: &str, namespace: &str, output: &impl Serialize, request_id: &str) -> Vec<u8> {
    let output = serde_json::to_value(output).expect("shapes have text keys and finite numbers");
    let response = format!("{operation}Response");
    let mut xml = Xml::begin(&response, namespace);
    if output != Value::Null {
        xml.value(&format!("{operation}Result"), &output);
    }
    xml.open("ResponseMetadata");
    xml.text("RequestId", request_id);
    xml.close("ResponseMetadata");
    xml.end(&response)
}

/// Writes a fault.
pub fn fault(fault: &Fault, namespace: &str, request_id: &str) -> Vec<u8> {
    let mut xml = Xml::begin("ErrorResponse", namespace);
    xml.open("Error");
    xml.text("Type", if fault.status < 500 { "Sender" } else { "Receiver" });
    xml.text("Code", fault.code);
    xml.text("Message", &fault.message);
    xml.close("Error");
    xml.text("RequestId", request_id);
    xml.end("ErrorResponse")
}

/// Writes a fault as EC2 does. Source: EC2 API reference, "Error codes for the Amazon EC2 API".
pub fn ec2_fault(fault: &Fault, request_id: &str) -> Vec<u8> {
    let (code, message) = (escaped(fault.code), escaped(&fault.message));
    format!(
        "{DECLARATION}<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>{request_id}</RequestID>\
         </Response>"
    )
    .into_bytes()
}

/// Writes a fault as S3 does. Source: S3 API reference, "REST error responses".
pub fn s3_fault(fault: &Fault, request_id: &str) -> Vec<u8> {
    let (code, message) = (escaped(fault.code), escaped(&fault.message));
    format!("{DECLARATION}<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request_id}</RequestId></Error>")
        .into_bytes()
}

/// Text as XML may hold it: what XML 1.0 forbids even as a reference is replaced, so that a caller's control character does not make the answer
/// unreadable; a carriage return is a reference, because readers make a line break of it. Source: XML 1.0, 2.2 and 2.11.
fn escaped(text: &str) -> Cow<'_, str> {
    let escaped = quick_xml::escape::escape(text);
    let forbidden =
        |letter: char| matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if !escaped.contains(|letter| letter == '\r' || forbidden(letter)) {
        return escaped;
    }
    Cow::Owned(escaped.replace(forbidden, "\u{fffd}").replace('\r', "&#13;"))
}

struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn begin(root: &str, namespace: &str) -> Self {
        let mut xml = Self(Writer::new(Vec::new()));
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        let mut root = BytesStart::new(root);
        root.push_attribute(("xmlns", namespace));
        xml.write(Event::Start(root));
        xml
    }

    fn end(mut self, root: &str) -> Vec<u8> {
        self.close(root);
        self.0.into_inner()
    }

    fn value(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                self.open(name);
                for (member, value) in members {
                    match value {
                        // A map, which is flattened: no member of a model has this name.
                        Value::Array(entries) if member == ENTRY => entries.iter().for_each(|entry| self.value(ENTRY, entry)),
                        value => self.value(member, value),
                    }
                }
                self.close(name);
            }
            Value::Array(elements) => {
                self.open(name);
                for element in elements {
                    self.value("member", element);
                }
                self.close(name);
            }
            Value::String(text) => self.text(name, text),
            Value::Null | Value::Bool(_) | Value::Number(_) => self.text(name, &value.to_string()),
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.open(name);
        self.write(Event::Text(BytesText::from_escaped(escaped(text))));
        self.close(name);
    }

    fn open(&mut self, name: &str) {
        self.write(Event::Start(BytesStart::new(name)));
    }

    fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    fn write(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing to memory does not fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_wrapped_and_escaped_and_lists_have_members() {
        let output = serde_json::json!({ "Arn": "a<b>&\"c", "Names": ["x", "y"], "Open": true });
        let xml = String::from_utf8(encode("GetThing", "https://ns/", &output, "id-1")).expect("UTF-8");
        assert_eq!(
            xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><GetThingResponse xmlns=\"https://ns/\"><GetThingResult>\
             <Arn>a&lt;b&gt;&amp;&quot;c</Arn><Names><member>x</member><member>y</member></Names><Open>true</Open>\
             </GetThingResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetThingResponse>"
        );
    }

    #[test]
    fn a_control_character_does_not_make_an_answer_unreadable() {
        let xml =
            String::from_utf8(encode("Get", "https://ns/", &serde_json::json!({ "A": "a\u{1}b\r\n\tc\0é" }), "id")).expect("UTF-8");
        assert!(xml.contains("<A>a\u{fffd}b&#13;\n\tc\u{fffd}é</A>"), "{xml}");
    }

    #[test]
    fn a_map_is_a_list_of_entries() {
        let map = crate::shape::Entries([("Users", 1), ("UsersQuota", 5000)].map(|(key, value)| (key.to_owned(), value)).into());
        let xml = String::from_utf8(encode("Get", "https://ns/", &serde_json::json!({ "SummaryMap": map }), "id")).expect("UTF-8");
        let wanted = "<SummaryMap><entry><key>Users</key><value>1</value></entry>\
                      <entry><key>UsersQuota</key><value>5000</value></entry></SummaryMap>";
        assert!(xml.contains(wanted), "{xml}");
    }

    #[test]
    fn a_fault_names_its_sender() {
        let denied = Fault { code: "AccessDenied", status: 403, message: "no <way>".to_owned() };
        let xml = String::from_utf8(fault(&denied, "https://ns/", "id-2")).expect("UTF-8");
        assert!(xml.contains("<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no &lt;way&gt;</Message>"));
        assert!(xml.contains("</Error><RequestId>id-2</RequestId></ErrorResponse>"));
    }

    #[test]
    fn a_form_without_action_and_version_is_no_call() {
        let form = decode(b"Action=GetCallerIdentity&Version=2011-06-15").expect("a call");
        assert_eq!((&*form.action, &*form.version), ("GetCallerIdentity", "2011-06-15"));
        assert_eq!(decode(b"Action=GetCallerIdentity"), None);
        assert_eq!(decode(b"{\"a\":1}"), None);
        assert_eq!(decode(&[0xff, 0, b'&', b'=']), None);
    }
}
