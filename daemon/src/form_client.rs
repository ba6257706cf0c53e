//! Our own command line as a client of IAM, which speaks forms and XML. Signs its calls like anyone.
//!
//! Never prints a secret by itself. Source of truth: the AWS query protocol.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::client::Client;
use crate::failure::{Failure, while_doing};

/// The version of IAM's API.
const IAM_VERSION: &str = "2010-05-08";

/// An answer: the text of each element by its path from the result on, such as `Users/member/UserName`, in the order of the document.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer(BTreeMap<String, Vec<String>>);

impl Answer {
    /// The text of the first element at a path.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).and_then(|found| found.first()).map(String::as_str)
    }

    /// The texts of all elements at a path.
    pub fn texts(&self, path: &str) -> &[String] {
        self.0.get(path).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Client {
    /// Calls an operation of IAM. A fault becomes a failure in the platform's own words.
    pub async fn iam(&self, operation: &str, members: &[(&str, &str)]) -> Result<Answer, Failure> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", operation).append_pair("Version", IAM_VERSION).extend_pairs(members);
        let headers = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        let (status, body) = self.send("iam", operation, &headers, form.finish()).await?;
        let answer = read(&body).map_err(while_doing(format!("reading the answer of {operation}")))?;
        if status.is_success() {
            return Ok(answer);
        }
        let words = answer.text("Error/Message").unwrap_or("no reason was given");
        let words = format!("{operation}: {words}");
        Err(match (answer.text("Error/Code"), status.is_server_error()) {
            (Some("NoSuchEntity"), _) => Failure::NotFound(words),
            (_, true) => Failure::Other(words),
            (_, false) => Failure::Refused(words),
        })
    }
}

/// Reads a document; paths leave out its root, and the result in it.
fn read(body: &[u8]) -> Result<Answer, quick_xml::Error> {
    let body = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(&body);
    let (mut path, mut answer, mut text) = (Vec::<String>::new(), Answer::default(), String::new());
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(name) => text.push_str(entity(&name)),
            Event::End(_) => {
                let within = path.iter().skip(1).skip_while(|name| name.ends_with("Result"));
                let key = within.map(String::as_str).collect::<Vec<_>>().join("/");
                answer.0.entry(key).or_default().push(std::mem::take(&mut text));
                path.pop();
            }
            Event::Eof => return Ok(answer),
            Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// The five that XML has.
fn entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_by_paths_and_a_fault_too() {
        let body =
            b"<?xml version=\"1.0\"?><ListUsersResponse xmlns=\"x\"><ListUsersResult><Users><member><UserName>a&amp;b</UserName>\
            </member><member><UserName>c</UserName></member></Users></ListUsersResult></ListUsersResponse>";
        let answer = read(body).unwrap();
        assert_eq!(answer.texts("Users/member/UserName"), ["a&b", "c"]);
        assert_eq!(answer.text("Marker"), None);
        let fault = b"<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>No &lt;one&gt;.</Message></Error></ErrorResponse>";
        assert_eq!(read(fault).unwrap().text("Error/Message"), Some("No <one>."));
    }
}
