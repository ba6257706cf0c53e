//! What S3's `DeleteObjects` deletes: the keys stand in the body, and each needs a permission.
//!
//! Read strictly: a document that has anything else than what S3 documents is not told, so that nobody reads other keys in it than we do. Source of truth:
//! S3 API reference, "DeleteObjects".

use quick_xml::{Reader, events::Event};

/// Objects in one call. Source: the S3 API reference above.
const OBJECTS: usize = 1_000;

/// An object that is to be deleted, or one of its versions.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    pub key: String,
    pub is_version: bool,
}

/// What a body deletes; nothing where it cannot be told.
pub fn deleted(body: &[u8]) -> Option<Vec<Deleted>> {
    let text = std::str::from_utf8(body).ok()?;
    let (mut reader, mut path, mut written) = (Reader::from_str(text), Vec::<String>::new(), String::new());
    let (mut all, mut object, mut has_key) = (Vec::new(), Deleted::default(), false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                written.clear();
                path.push(start.name().as_ref().to_owned());
                match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                    ["Delete"] if all.is_empty() => {}
                    ["Delete", "Quiet"] => {}
                    ["Delete", "Object"] => (object, has_key) = (Deleted::default(), false),
                    ["Delete", "Object", "Key" | "VersionId" | "ETag" | "LastModifiedTime" | "Size"] => {}
                    _ => return None,
                }
            }
            Event::Text(part) => written.push_str(&part),
            Event::GeneralRef(name) => written.push_str(entity(&name)?),
            Event::End(_) => {
                match (path.len(), path.last().map(String::as_str)) {
                    (3, Some("Key")) if !has_key && !written.is_empty() => {
                        (object.key, has_key) = (std::mem::take(&mut written), true)
                    }
                    (3, Some("Key")) => return None,
                    (3, Some("VersionId")) => object.is_version = true,
                    (2, Some("Object")) if has_key && all.len() < OBJECTS => all.push(std::mem::take(&mut object)),
                    (2, Some("Object")) => return None,
                    (_, _) => {}
                }
                written.clear();
                path.pop()?;
            }
            Event::Decl(_) => {}
            Event::Eof => return (path.is_empty() && !all.is_empty()).then_some(all),
            Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => return None,
        }
    }
}

/// The five that XML has; a letter by its number cannot be told here.
fn entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str, is_version: bool) -> Deleted {
        Deleted { key: key.to_owned(), is_version }
    }

    #[test]
    fn the_keys_that_clients_write_are_told() {
        // As botocore writes it.
        let body = b"<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a&amp;b/\xc3\xa9</Key></Object><Object><Key> c </Key>\
            <VersionId>7</VersionId></Object><Quiet>true</Quiet></Delete>";
        assert_eq!(deleted(body), Some(vec![object("a&b/é", false), object(" c ", true)]));
        let spaced = b"<?xml version=\"1.0\"?>\n<Delete>\n <Object>\n  <Key>a</Key>\n </Object>\n</Delete>\n";
        assert_eq!(deleted(spaced), Some(vec![object("a", false)]));
    }

    #[test]
    fn what_somebody_could_read_otherwise_is_not_told() {
        for body in [
            "",
            "<Delete></Delete>",
            "<Delete><Object></Object></Delete>",
            "<Delete><Object><Key></Key></Object></Delete>",
            "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
            "<Delete><Object><Key>a<!-- b --></Key></Object></Delete>",
            "<Delete><Object><Key><![CDATA[a]]></Key></Object></Delete>",
            "<Delete><Object><Key>a&#98;</Key></Object></Delete>",
            "<Delete><Object><Key>a<b>c</b></Key></Object></Delete>",
            "<Delete><Object><Key>a</Key></Object>",
            "<Delete><Object><Key>a</Key></Object></Delete><Delete><Object><Key>b</Key></Object></Delete>",
            "<!DOCTYPE x [<!ENTITY e \"b\">]><Delete><Object><Key>a</Key></Object></Delete>",
            "<x:Delete xmlns:x=\"y\"><Object><Key>a</Key></Object></x:Delete>",
            "<Delete><object><Key>a</Key></object></Delete>",
        ] {
            assert_eq!(deleted(body.as_bytes()), None, "{body}");
        }
        let many = "<Object><Key>a</Key></Object>".repeat(OBJECTS + 1);
        assert_eq!(deleted(format!("<Delete>{many}</Delete>").as_bytes()), None);
        assert_eq!(deleted(b"<Delete><Object><Key>\xff</Key></Object></Delete>"), None);
    }
}
