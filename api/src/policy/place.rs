//! Where in a document's text its statements stand.
//! Never reads a document that was not read before as JSON: of what is none it finds nothing, or nonsense. Source of truth: RFC 8259 for
//! what a text may be; IAM API reference, `Position`.

/// A place in a text: line and column, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// The first and the last character of each statement, in their order.
pub fn places(text: &str) -> Vec<(Place, Place)> {
    let mut found = Vec::new();
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    // The last text at the depth of the document's own members, and whether the member `Statement` is being read.
    let (mut word, mut inside, mut began) = (String::new(), false, None);
    let mut here = Place { line: 1, column: 0 };
    for letter in text.chars() {
        here.column += 1;
        if letter == '\n' {
            here = Place { line: here.line + 1, column: 0 };
        }
        if quoted {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = false,
                _ if depth == 1 => word.push(letter),
                _ => {}
            }
            continue;
        }
        match letter {
            '"' => {
                quoted = true;
                if depth == 1 {
                    word.clear();
                }
            }
            ':' if depth == 1 => inside = word == "Statement",
            ',' if depth == 1 => inside = false,
            '{' | '[' => {
                depth += 1;
                if letter == '{' && inside && began.is_none() {
                    began = Some((depth, here));
                }
            }
            '}' | ']' => {
                if let Some((_, start)) = began.filter(|(of, _)| *of == depth) {
                    found.push((start, here));
                    began = None;
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    type LineAndColumn = (usize, usize);

    fn check(text: &str, wanted: &[(LineAndColumn, LineAndColumn)]) {
        let found: Vec<_> = places(text).into_iter().map(|(from, to)| ((from.line, from.column), (to.line, to.column))).collect();
        assert_eq!(found, wanted, "{text}");
    }

    #[test]
    fn statements_are_found_in_a_list_and_alone() {
        check(r#"{"Statement":{"Effect":"Allow"}}"#, &[((1, 14), (1, 31))]);
        check(
            "{\"Statement\": [\n  {\"Condition\": {\"a\": {}}},\n  {}\n], \"Id\": \"}{\"}",
            &[((2, 3), (2, 26)), ((3, 3), (3, 4))],
        );
        check(r#"{"Id":"Statement","Version":"\"{","Statement":[{"Sid":"é}"}]}"#, &[((1, 48), (1, 59))]);
        check("{}", &[]);
    }
}
