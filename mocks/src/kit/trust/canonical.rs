//! JSON in the one form that DCI signatures cover in the field: compact, keys sorted, ASCII only (as `OpenSPP2` writes it).

use std::io;

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// `value` in canonical form. Maps of [`Value`] are sorted already.
pub fn canonical(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let mut serializer = Serializer::with_formatter(&mut bytes, Ascii);
    // Writing a value into memory cannot fail: its keys are strings, and memory takes everything.
    drop(value.serialize(&mut serializer));
    bytes
}

/// JSON text in canonical form, without a tree of values in between: what we send is made of records that stand in the
/// archive as text. A text that is no JSON gives nothing of use; ours comes from the serializer.
pub fn canonical_text(json: &str) -> Vec<u8> {
    let mut writer = Writer { rest: json, out: Vec::with_capacity(json.len() + json.len() / 8) };
    writer.value();
    writer.out
}

/// Reads JSON text and appends its canonical form.
struct Writer<'a> {
    rest: &'a str,
    out: Vec<u8>,
}

/// A member of an object: its name, and where it stands in the output.
type Member<'a> = (&'a str, std::ops::Range<usize>);

impl<'a> Writer<'a> {
    fn value(&mut self) {
        match self.peek() {
            Some('{') => self.object(),
            Some('[') => self.array(),
            Some('"') => {
                self.string();
            }
            // What can begin no value is passed, so that the end is always reached.
            Some(sign @ (',' | ']' | '}')) => self.take(sign),
            _ => {
                let end = self.rest.find([',', ']', '}', ' ', '\n']).unwrap_or(self.rest.len());
                let (word, rest) = self.rest.split_at(end);
                self.out.extend_from_slice(word.as_bytes());
                self.rest = rest;
            }
        }
    }

    fn array(&mut self) {
        self.take('[');
        while self.peek().is_some_and(|c| c != ']') {
            self.value();
            if self.peek() == Some(',') {
                self.take(',');
            }
        }
        self.take(']');
    }

    fn object(&mut self) {
        self.take('{');
        let mut members: Vec<Member<'a>> = Vec::new();
        let begin = self.out.len();
        while self.peek() == Some('"') {
            let start = self.out.len();
            let name = self.string();
            self.peek();
            self.take(':');
            self.value();
            members.push((name, start..self.out.len()));
            if self.peek() == Some(',') {
                self.take(',');
            }
        }
        if !members.is_sorted_by_key(|(name, _)| *name) {
            self.sort(begin, &mut members);
        }
        self.take('}');
    }

    /// Puts what stands in the output since `begin` in the order of the names.
    fn sort(&mut self, begin: usize, members: &mut [Member<'a>]) {
        members.sort_by_key(|(name, _)| *name);
        let parts: Vec<&[u8]> = members.iter().map(|(_, at)| &self.out[at.clone()]).collect();
        let sorted = parts.join(&b',');
        self.out.truncate(begin);
        self.out.extend_from_slice(&sorted);
    }

    /// Copies a string, and gives what stands between its quotation marks.
    fn string(&mut self) -> &'a str {
        let text = self.rest.get(1..).unwrap_or_default();
        let mut escaped = false;
        let end = text.bytes().position(|b| match (escaped, b) {
            (false, b'"') => true,
            (false, b'\\') => {
                escaped = true;
                false
            }
            _ => {
                escaped = false;
                false
            }
        });
        let end = end.unwrap_or(text.len());
        self.out.push(b'"');
        // Writing into memory cannot fail.
        drop(Ascii.write_string_fragment(&mut self.out, &text[..end]));
        self.out.push(b'"');
        self.rest = text.get(end + 1..).unwrap_or_default();
        &text[..end]
    }

    /// The next character that is no white space.
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
        self.rest.chars().next()
    }

    /// Copies `sign` if it stands here, and passes whatever does, so that the end is always reached.
    fn take(&mut self, sign: char) {
        if self.rest.starts_with(sign) {
            self.out.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
        }
        let mut chars = self.rest.chars();
        chars.next();
        self.rest = chars.as_str();
    }
}

/// Writes whatever is not printable ASCII as `\uXXXX`, pairs of surrogates included.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c| !(' '..='~').contains(&c)) {
            let (plain, from) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut chars = from.chars();
            for unit in chars.next().into_iter().flat_map(|c| {
                let mut units = [0; 2];
                c.encode_utf16(&mut units).to_vec()
            }) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn it_is_what_python_writes_with_sorted_keys_and_no_spaces() {
        let value =
            json!({"name": "Zoë \u{1f600}\n\"q\" \u{7f}", "a": [1, 1.5, null, true], "B": {}});
        let expected =
            r#"{"B":{},"a":[1,1.5,null,true],"name":"Zo\u00eb \ud83d\ude00\n\"q\" \u007f"}"#;
        assert_eq!(String::from_utf8(canonical(&value)).unwrap(), expected);
    }

    #[test]
    fn text_and_tree_give_the_same() {
        for text in [
            r#"{"b": 1, "a": [ ], "c": {"z": null, "y": -1.5e3, "x": "q\"\\ \n"}}"#,
            r#"[{"name":"Zoë 😀","Name":"\u007f\u0001"},[[],{}],true,"", 0]"#,
            r#""only a text""#,
            " 17 ",
            r#"{"a":{"d":[{"b":1,"a":2}],"c":false},"B":"}]{[,:"}"#,
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            let expected = String::from_utf8(canonical(&value)).unwrap();
            // The tree writes numbers in its own way; ours were written so already.
            let expected = expected.replace("-1500.0", "-1.5e3");
            assert_eq!(String::from_utf8(canonical_text(text)).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_no_json_ends_all_the_same() {
        for text in ["", "{", "[1", "{\"a\"", "{\"a\":}", "]", "\"\\", "{\"a\" 1}", "[}"] {
            canonical_text(text);
        }
    }
}
