//! The query protocol: a form comes in, XML goes out.
//! Timestamps are text, ISO 8601: the shapes have them so.
//! Source of truth: the AWS query protocol.

use crate::fault::Fault;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

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
                    self.value(member, value);
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

/// The text as XML can say it. Callers send characters that XML has no form for, and a fault repeats them: one raw would make the
/// whole answer unreadable. A carriage return is written by its number, or readers make a line feed of it.
/// Source: XML 1.0, sections 2.2 and 2.11.
fn escaped(text: &str) -> String {
    let sayable = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    let text: String = text.chars().map(|c| if sayable(c) { c } else { char::REPLACEMENT_CHARACTER }).collect();
    quick_xml::escape::escape(&text).replace('\r', "&#13;")
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
    fn what_xml_cannot_say_is_replaced_and_a_carriage_return_survives() {
        let output = serde_json::json!({ "Arn": "a\u{0}b\u{1b}c\u{ffff}d\r\n\té🙂" });
        let xml = String::from_utf8(encode("GetThing", "https://ns/", &output, "id-1")).expect("UTF-8");
        assert!(xml.contains("<Arn>a\u{fffd}b\u{fffd}c\u{fffd}d&#13;\n\té🙂</Arn>"), "{xml:?}");
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
