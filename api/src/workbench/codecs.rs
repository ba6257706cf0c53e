//! What must hold of the three codecs, whatever comes in: JSON, forms, XML.
//! Never part of the platform. Source of truth: the codecs; what is expected of them is said by other readers and writers than theirs.

use super::checked;
use crate::{
    codec::{form, json, query},
    constraint::Checked,
    fault::Fault,
    shape::{apprunner, ecr, iam, logs, service_quotas},
};
use quick_xml::{Reader, escape::resolve_xml_entity, events::Event};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Serializer, Value, ser::Formatter};
use std::io;

const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";
/// A member that no structure has.
const NOBODYS_MEMBER: &str = "Nobody";

/// Reads a body as the inputs of the JSON services and checks it. What was read is written and read again, and nothing changes on the way; and the same document means
/// the same in whatever way a client writes it: dense, with spaces, each letter escaped.
pub fn read_json(bytes: &[u8]) {
    round_trip::<apprunner::CreateServiceRequest>(bytes);
    round_trip::<apprunner::UpdateServiceRequest>(bytes);
    round_trip::<ecr::BatchGetImageRequest>(bytes);
    round_trip::<logs::PutLogEventsRequest>(bytes);
    checked(&json::decode::<service_quotas::RequestServiceQuotaIncreaseRequest>(bytes).unwrap_or_default());
}

fn round_trip<T: DeserializeOwned + Serialize + Checked>(bytes: &[u8]) {
    if let Ok(input) = json::decode::<T>(bytes) {
        checked(&input);
        let written = json::encode(&input);
        let again: T = json::decode(&written).expect("what we write we read");
        assert_eq!(json::encode(&again), written);
    }
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        let read = |body: Vec<u8>| json::decode::<T>(&body).ok().map(|input| json::encode(&input));
        let dense = read(value.to_string().into_bytes());
        assert_eq!(read(serde_json::to_vec_pretty(&value).expect("it is written to memory")), dense, "with spaces");
        assert_eq!(read(with_escapes(&value)), dense, "with escapes");
    }
}

fn with_escapes(value: &Value) -> Vec<u8> {
    struct Escapes;
    impl Formatter for Escapes {
        fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
            fragment.encode_utf16().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))
        }
    }
    let mut written = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut written, Escapes)).expect("it is written to memory");
    written
}

/// Reads a body as a call of the query protocol. What was read is written as a form and as JSON, and both are read as the same.
pub fn read_form(bytes: &[u8]) {
    let _ = query::decode(bytes);
    form_round_trip::<iam::CreateRoleRequest>(bytes);
    form_round_trip::<iam::UntagRoleRequest>(bytes);
    form_round_trip::<iam::ListPoliciesRequest>(bytes);
}

fn form_round_trip<T: DeserializeOwned + Serialize + Checked>(bytes: &[u8]) {
    let Ok(input) = form::decode::<T>(bytes) else { return };
    checked(&input);
    let meant = serde_json::to_value(&input).expect("shapes have text keys and finite numbers");
    let mut written = form_urlencoded::Serializer::new(String::new());
    flatten("", &meant, &mut written);
    let again: T = form::decode(written.finish().as_bytes()).expect("a form that means something is read");
    assert_eq!(serde_json::to_value(&again).ok().as_ref(), Some(&meant));
    let again: T = json::decode(&json::encode(&input)).expect("what we write we read");
    assert_eq!(serde_json::to_value(&again).ok().as_ref(), Some(&meant), "both protocols mean the same");
}

/// Source: the AWS query protocol, "Serialization of lists and structures".
fn flatten(name: &str, value: &Value, form: &mut form_urlencoded::Serializer<'_, String>) {
    let below = |member: &str| if name.is_empty() { member.to_owned() } else { format!("{name}.{member}") };
    match value {
        Value::Object(members) => {
            // A structure of which nothing is said is written by what nobody reads.
            form.append_pair(&below(NOBODYS_MEMBER), "");
            members.iter().for_each(|(member, value)| flatten(&below(member), value, form));
        }
        Value::Array(elements) if elements.is_empty() => {
            form.append_pair(name, "");
        }
        Value::Array(elements) => {
            (1..).zip(elements).for_each(|(n, element)| flatten(&format!("{name}.member.{n}"), element, form));
        }
        Value::String(text) => {
            form.append_pair(name, text);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            form.append_pair(name, &value.to_string());
        }
    }
}

/// Writes texts in XML, in answers and in faults: a reader that is not ours finds each of them as it was, save for what XML cannot hold.
pub fn write_xml(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let half: String = text.chars().take(text.chars().count() / 2).collect();
    let output =
        serde_json::json!({ "Role": { "RoleName": half, "Tags": [{ "Key": text, "Value": half }] }, "Names": [text, half, ""] });
    let (text, half) = (held(&text), held(&half));
    let found = leaves(&query::encode("GetRole", NAMESPACE, &output, "id"));
    let wanted = [
        ("RoleName", half.as_str()),
        ("Key", &text),
        ("Value", &half),
        ("member", &text),
        ("member", &half),
        ("member", ""),
        ("RequestId", "id"),
    ];
    assert_eq!(sorted(found), sorted(wanted.map(|(name, text)| (name.to_owned(), text.to_owned())).into()));
    let fault = Fault { code: "NoSuchEntity", status: 404, message: String::from_utf8_lossy(bytes).into_owned() };
    let found = leaves(&query::fault(&fault, NAMESPACE, "id"));
    let wanted = [("Type", "Sender"), ("Code", "NoSuchEntity"), ("Message", &text), ("RequestId", "id")];
    assert_eq!(found, wanted.map(|(name, text)| (name.to_owned(), text.to_owned())));
}

/// The order of members is nobody's promise.
fn sorted(mut leaves: Vec<(String, String)>) -> Vec<(String, String)> {
    leaves.sort();
    leaves
}

/// Source: XML 1.0, section 2.2.
fn held(text: &str) -> String {
    let may = |letter: char| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|letter| if may(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// Every element without elements, with its text as an XML reader hands it on.
fn leaves(xml: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(xml).expect("XML of ours is UTF-8");
    assert_eq!(held(text), text, "it has what XML forbids");
    assert!(!text.contains('\r'), "readers make a line break of it");
    let mut reader = Reader::from_str(text);
    let (mut open, mut said, mut leaves): (Vec<String>, String, _) = (Vec::new(), String::new(), Vec::new());
    let mut is_leaf = false;
    loop {
        match reader.read_event().expect("XML of ours is well formed") {
            Event::Start(element) => {
                open.push(element.name().0.to_owned());
                said.clear();
                is_leaf = true;
            }
            Event::End(element) => {
                let name = open.pop().expect("what ends has begun");
                assert_eq!(name, element.name().0);
                if is_leaf {
                    leaves.push((name, said.clone()));
                }
                is_leaf = false;
            }
            Event::Text(text) => said.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().expect("a reference is one") {
                Some(letter) => said.push(letter),
                None => said.push_str(resolve_xml_entity(&reference).expect("only what XML itself names is referred to")),
            },
            Event::Eof => break,
            Event::Decl(_) => {}
            Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {
                panic!("nothing of this kind is written")
            }
        }
    }
    assert!(open.is_empty(), "what begins ends");
    leaves
}
