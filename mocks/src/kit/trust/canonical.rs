//! JSON in the one form that DCI signatures cover in the field: compact, keys sorted, ASCII only (as `OpenSPP2` writes it).

use std::io;
use std::ops::Range;

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
    let mut out = Vec::with_capacity(json.len() + json.len() / 8);
    Reader { rest: json.as_bytes() }.value(&mut out);
    out
}

/// Reads JSON text, of which every part is appended to an output in canonical form.
struct Reader<'a> {
    rest: &'a [u8],
}

/// A member of an object: its name, and where it stands in the output.
type Member<'a> = (&'a [u8], Range<usize>);

impl<'a> Reader<'a> {
    fn value(&mut self, out: &mut Vec<u8>) {
        match self.peek() {
            Some(b'{') => self.object(out),
            Some(b'[') => self.array(out),
            Some(b'"') => drop(self.string(out)),
            // What can begin no value is passed, so that the end is always reached.
            Some(b',' | b']' | b'}') => self.pass(out),
            _ => {
                let ends = |b: &u8| matches!(b, b',' | b']' | b'}' | b' ' | b'\n');
                let end = self.rest.iter().position(ends).unwrap_or(self.rest.len());
                out.extend_from_slice(self.take(end));
            }
        }
    }

    fn array(&mut self, out: &mut Vec<u8>) {
        self.pass(out);
        while self.peek().is_some_and(|b| b != b']') {
            self.value(out);
            self.pass_comma(out);
        }
        self.pass(out);
    }

    fn object(&mut self, out: &mut Vec<u8>) {
        self.pass(out);
        let begin = out.len();
        let mut members: Vec<Member<'a>> = Vec::new();
        while self.peek() == Some(b'"') {
            let start = out.len();
            let name = self.string(out);
            self.peek();
            self.pass(out);
            self.value(out);
            members.push((name, start..out.len()));
            self.pass_comma(out);
        }
        if !members.is_sorted_by_key(|(name, _)| *name) {
            sort(out, begin, &mut members);
        }
        self.pass(out);
    }

    /// Copies a string, and gives what stands between its quotation marks.
    fn string(&mut self, out: &mut Vec<u8>) -> &'a [u8] {
        let text = self.rest.get(1..).unwrap_or_default();
        let (mut end, mut is_plain) = (0, true);
        while let Some(byte) = text.get(end).filter(|byte| **byte != b'"') {
            is_plain &= (b' '..=b'~').contains(byte);
            // A backslash takes the next one along.
            end += if *byte == b'\\' { 2 } else { 1 };
        }
        let inside = &text[..end.min(text.len())];
        out.push(b'"');
        if is_plain {
            out.extend_from_slice(inside);
        } else if let Ok(inside) = str::from_utf8(inside) {
            // Writing into memory cannot fail.
            drop(Ascii.write_string_fragment(out, inside));
        }
        out.push(b'"');
        self.rest = text.get(end + 1..).unwrap_or_default();
        inside
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let blank = |b: &u8| matches!(b, b' ' | b'\n' | b'\r' | b'\t');
        let blanks = self.rest.iter().take_while(|b| blank(b)).count();
        self.take(blanks);
        self.rest.first().copied()
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Copies the next byte.
    fn pass(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.take(1));
    }

    fn pass_comma(&mut self, out: &mut Vec<u8>) {
        if self.peek() == Some(b',') {
            self.pass(out);
        }
    }
}

/// Puts what stands in the output since `begin` in the order of the names.
fn sort(out: &mut Vec<u8>, begin: usize, members: &mut [Member<'_>]) {
    members.sort_by_key(|(name, _)| *name);
    let parts: Vec<&[u8]> = members.iter().map(|(_, at)| &out[at.clone()]).collect();
    let sorted = parts.join(&b',');
    out.truncate(begin);
    out.extend_from_slice(&sorted);
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
