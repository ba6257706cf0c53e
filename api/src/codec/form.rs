//! The members of a query call: `Tags.member.1.Key=team` is a list of structures, flattened.
//! Never knows which members there are. Source of truth: the AWS query protocol.

use crate::{fault::Common, limit};
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error as _, IntoDeserializer, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use std::collections::BTreeMap;

/// A value of a form: every leaf is a text.
enum Node {
    Text(String),
    Branch(BTreeMap<String, Node>),
}

/// Reads the input of a call from its form.
pub fn decode<I: DeserializeOwned>(body: &[u8]) -> Result<I, Common> {
    let mut root = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(body).filter(|(name, _)| name != "Action" && name != "Version") {
        let path: Vec<&str> = name.split('.').collect();
        if path.len() > limit::FORM_DEPTH || !insert(&mut root, &path, &value) {
            return Err(Common::Serialization("A member of the form cannot be read: its name contradicts another's.".to_owned()));
        }
    }
    I::deserialize(Node::Branch(root)).map_err(|error| Common::Serialization(error.to_string()))
}

/// Puts a value in its place; `false` where a text and a structure would stand in the same one.
fn insert(branch: &mut BTreeMap<String, Node>, path: &[&str], value: &str) -> bool {
    let (first, rest) = path.split_first().expect("a name has at least one part");
    if rest.is_empty() {
        return match branch.insert((*first).to_owned(), Node::Text(value.to_owned())) {
            // Of a member that occurs twice the last counts, as in JSON.
            None | Some(Node::Text(_)) => true,
            Some(Node::Branch(_)) => false,
        };
    }
    match branch.entry((*first).to_owned()).or_insert_with(|| Node::Branch(BTreeMap::new())) {
        Node::Branch(branch) => insert(branch, rest, value),
        Node::Text(_) => false,
    }
}

impl Node {
    fn text(self) -> Result<String, Error> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Branch(_) => Err(Error::custom("a structure stands where a text belongs")),
        }
    }

    /// `member.1`, `member.2`, …; an empty text is how clients write an empty list.
    fn elements(self) -> Result<Vec<Self>, Error> {
        let wrong = || Error::custom("a list is written as Name.member.1, Name.member.2 and so on");
        let mut members = match self {
            Self::Text(text) if text.is_empty() => return Ok(Vec::new()),
            Self::Text(_) => return Err(wrong()),
            Self::Branch(members) => members,
        };
        let Some(Self::Branch(numbered)) = members.remove("member") else { return Err(wrong()) };
        let number = |(number, node): (String, Self)| number.parse::<u32>().map(|number| (number, node)).map_err(|_| wrong());
        let mut numbered: Vec<(u32, Self)> = numbered.into_iter().map(number).collect::<Result<_, _>>()?;
        numbered.sort_by_key(|(number, _)| *number);
        Ok(numbered.into_iter().map(|(_, node)| node).collect())
    }
}

impl IntoDeserializer<'_, Error> for Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text()?;
        visitor.visit_i32(text.parse().map_err(|_| Error::custom(format!("'{text}' is not a whole number")))?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text()?;
        visitor.visit_i64(text.parse().map_err(|_| Error::custom(format!("'{text}' is not a whole number")))?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.text()?;
        let number: f64 = text.parse().map_err(|_| Error::custom(format!("'{text}' is not a number")))?;
        // JSON cannot say the others, so nobody behind this expects them.
        if number.is_finite() { visitor.visit_f64(number) } else { Err(Error::custom(format!("'{text}' is not a number"))) }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text()?.as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            other => Err(Error::custom(format!("'{other}' is neither true nor false"))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(self.elements()?.into_iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Branch(members) => visitor.visit_map(MapDeserializer::new(members.into_iter())),
            Self::Text(_) => Err(Error::custom("a text stands where a structure belongs")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 char str string bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct struct enum identifier
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::iam::{CreateRoleRequest, ListPoliciesRequest, UntagRoleRequest};

    #[test]
    fn lists_structures_numbers_and_truth_are_read() {
        let body = b"Action=CreateRole&Version=2010-05-08&RoleName=a&MaxSessionDuration=7200&Unknown.x.y=1\
            &Tags.member.2.Key=b&Tags.member.2.Value=&Tags.member.10.Key=c&Tags.member.10.Value=3&Tags.member.1.Key=a%20a\
            &Tags.member.1.Value=1";
        let request: CreateRoleRequest = decode(body).expect("it is readable");
        assert_eq!((request.role_name.as_deref(), request.max_session_duration), (Some("a"), Some(7200)));
        let tags = request.tags.expect("tags");
        let keys: Vec<&str> = tags.iter().filter_map(|tag| tag.key.as_deref()).collect();
        assert_eq!(keys, ["a a", "b", "c"], "by number, not by text");
        assert_eq!(tags[1].value.as_deref(), Some(""));
        let request: ListPoliciesRequest = decode(b"OnlyAttached=true&Scope=AWS&Scope=Local").expect("it is readable");
        assert_eq!((request.only_attached, request.scope.as_deref()), (Some(true), Some("Local")), "the last one counts");
        let request: UntagRoleRequest = decode(b"RoleName=a&TagKeys=").expect("it is readable");
        assert_eq!(request.tag_keys.map(|keys| keys.len()), Some(0), "an empty list");
        let request: UntagRoleRequest = decode(b"RoleName=a&TagKeys.member.1=x").expect("it is readable");
        assert_eq!(request.tag_keys, Some(vec!["x".to_owned()]));
    }

    #[test]
    fn what_contradicts_itself_or_has_a_wrong_type_is_refused() {
        let deep = format!("a{}=1", ".b".repeat(limit::FORM_DEPTH));
        for body in [
            "RoleName=a&RoleName.x=b",
            "RoleName.x=b&RoleName=a",
            "RoleName.x=b",
            "MaxSessionDuration=1h",
            "MaxSessionDuration=99999999999",
            "Tags=x",
            "Tags.1.Key=a",
            "Tags.member.x.Key=a",
            "Tags.member.1=a",
            &deep,
        ] {
            assert!(matches!(decode::<CreateRoleRequest>(body.as_bytes()), Err(Common::Serialization(_))), "{body}");
        }
        assert!(decode::<ListPoliciesRequest>(b"OnlyAttached=yes").is_err());
    }
}
