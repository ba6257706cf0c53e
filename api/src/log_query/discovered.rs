//! Fields that a line has because it is JSON: those that a query asks for, by the names that lead to them, such as `a.b` and `list.0.c`.
//!
//! Never builds the document: what is not asked for is passed over. A line is JSON if it is an object and nothing else; fields of a fragment within other
//! text are not found. Source: Amazon CloudWatch Logs User Guide, "Fields in JSON logs".

use super::value::Value;
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt};

/// Whole numbers beyond this are kept as they are written: as a floating number they would be others.
const WHOLE_MAX: u64 = 1 << 53;

/// The values of the fields `wanted`, in their order; nothing at all where the line is not JSON.
pub fn discover<'a>(line: &'a [u8], wanted: &[String]) -> Vec<Value<'a>> {
    let begins = line.iter().find(|byte| !byte.is_ascii_whitespace());
    if begins != Some(&b'{') {
        return Vec::new();
    }
    let mut found = vec![Value::Missing; wanted.len()];
    let mut path = String::new();
    let mut document = serde_json::Deserializer::from_slice(line);
    let read = Part { wanted, path: &mut path, found: &mut found }.deserialize(&mut document);
    match read.and_then(|()| document.end()) {
        Ok(()) => found,
        Err(_) => Vec::new(),
    }
}

/// What stands under a path.
struct Part<'s, 'a> {
    wanted: &'s [String],
    path: &'s mut String,
    found: &'s mut Vec<Value<'a>>,
}

impl<'a> Part<'_, 'a> {
    /// A value under this path, which may be asked for under several names.
    fn keep(self, value: Value<'a>) {
        for (number, _) in self.wanted.iter().enumerate().filter(|(_, name)| *name == self.path) {
            self.found[number] = value.clone();
        }
    }

    /// Whether the path, or one that goes on from it, is asked for.
    fn is_wanted(&self) -> bool {
        self.wanted
            .iter()
            .any(|name| name.strip_prefix(self.path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }
}

impl<'a> DeserializeSeed<'a> for Part<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Part<'_, 'a> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<(), E> {
        self.keep(Value::Truth(truth));
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        let exact = number.unsigned_abs() <= WHOLE_MAX;
        self.keep(if exact { Value::Number(number as f64) } else { Value::text_of(number.to_string()) });
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.keep(if number <= WHOLE_MAX { Value::Number(number as f64) } else { Value::text_of(number.to_string()) });
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.keep(Value::number_of(number));
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<(), E> {
        self.keep(Value::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.keep(Value::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    /// `null` is nothing.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<M: MapAccess<'a>>(self, mut members: M) -> Result<(), M::Error> {
        let Self { wanted, path, found } = self;
        let length = path.len();
        while let Some(key) = members.next_key::<Key<'a>>()? {
            if length > 0 {
                path.push('.');
            }
            path.push_str(&key.0);
            let part = Part { wanted, path: &mut *path, found: &mut *found };
            if part.is_wanted() {
                members.next_value_seed(part)?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
            path.truncate(length);
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut items: S) -> Result<(), S::Error> {
        let Self { wanted, path, found } = self;
        let length = path.len();
        for number in 0_usize.. {
            path.push_str(&format!(".{number}"));
            let part = Part { wanted, path: &mut *path, found: &mut *found };
            let next =
                if part.is_wanted() { items.next_element_seed(part)? } else { items.next_element::<IgnoredAny>()?.map(|_| ()) };
            path.truncate(length);
            if next.is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// A member's name, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'a> serde::Deserialize<'a> for Key<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'a> Visitor<'a> for Name {
            type Value = Key<'a>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<Key<'a>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'a>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let wanted = ["a", "a.b", "list.1.c", "x.y", "ü"].map(str::to_owned);
        let found = discover(line.as_bytes(), &wanted);
        let texts: Vec<String> =
            found.into_iter().map(|value| value.into_text().unwrap_or(Cow::Borrowed("-")).into_owned()).collect();
        assert_eq!(texts, expected, "{line}");
    }

    #[test]
    fn fields_are_found_by_the_names_that_lead_to_them() {
        check(r#"{"a":"one","list":[{"c":1},{"c":2.5,"d":3}],"x":{"y":true},"ü":"\u00e4"}"#, &["one", "-", "2.5", "1", "ä"]);
        check(r#" {"a":{"b":-7,"c":[1,{"d":[]}]},"z":{"a":1}}"#, &["-", "-7", "-", "-", "-"]);
        check(r#"{"x.y":5,"a":null,"a.b":12345678901234567890}"#, &["-", "12345678901234567890", "-", "5", "-"]);
        check(r#"{"a":1,"a":2}"#, &["2", "-", "-", "-", "-"]);
        check("{}", &["-"; 5]);
    }

    #[test]
    fn a_line_that_is_not_one_object_has_no_fields() {
        for line in ["", "a", "[1]", r#"{"a":1} {"a":2}"#, r#"{"a":1"#, r#"x {"a":1}"#, "{\"a\":\"\u{1}\"}"] {
            check(line, &[]);
        }
        let deep = format!("{{\"x\":{}", "{\"y\":".repeat(10_000));
        assert!(discover(deep.as_bytes(), &["a".to_owned()]).is_empty());
        assert!(discover(b"{\"a\":\"\xff\"}", &["a".to_owned()]).is_empty());
    }
}
