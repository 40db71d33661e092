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

/// JSON text in canonical form, without a tree of values in between: what is sent is made of records that stand in an
/// archive as text. A text that is no JSON gives nothing of use.
pub fn canonical_text(json: &str) -> Vec<u8> {
    let text = json.as_bytes();
    let out = Vec::with_capacity(text.len() + text.len() / 8);
    let mut scribe = Scribe { text, at: 0, copied: 0, out, members: Vec::new() };
    scribe.value();
    scribe.catch_up();
    scribe.out
}

/// What stands inside a string as it is.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = byte != b'"' && byte != b'\\';
        byte += 1;
    }
    plain
};

/// Reads JSON text and writes it in canonical form. Most of it is in that form already, so what was read is copied only
/// where something else is due, in one piece.
struct Scribe<'a> {
    text: &'a [u8],
    /// What comes next in the text.
    at: usize,
    /// The text is in the output up to here.
    copied: usize,
    out: Vec<u8>,
    /// The members of the objects that are being read, those of the innermost last.
    members: Vec<Member<'a>>,
}

/// A member of an object: its name, and where it stands in the output.
type Member<'a> = (&'a [u8], Range<usize>);

impl<'a> Scribe<'a> {
    fn value(&mut self) {
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => drop(self.string()),
            // What can begin no value is passed, so that the end is always reached.
            Some(b',' | b']' | b'}') => self.pass(),
            _ => {
                let ends = |b: &u8| matches!(b, b',' | b']' | b'}' | b' ' | b'\n');
                let rest = &self.text[self.at..];
                self.at += rest.iter().position(ends).unwrap_or(rest.len());
            }
        }
    }

    fn array(&mut self) {
        self.pass();
        while self.peek().is_some_and(|b| b != b']') {
            self.value();
            self.pass_comma();
        }
        self.pass();
    }

    fn object(&mut self) {
        self.pass();
        let (begin, first) = (self.place(), self.members.len());
        while self.peek() == Some(b'"') {
            let start = self.place();
            let name = self.string();
            self.peek();
            self.pass();
            self.value();
            self.members.push((name, start..self.place()));
            self.pass_comma();
        }
        if !self.members[first..].is_sorted_by_key(|(name, _)| *name) {
            self.catch_up();
            sort(&mut self.out, begin, &mut self.members[first..]);
        }
        self.members.truncate(first);
        self.pass();
    }

    /// Passes a string, and gives what stands between its quotation marks.
    fn string(&mut self) -> &'a [u8] {
        let text = &self.text[self.at + 1..];
        let mut end = text.iter().position(|b| !PLAIN[usize::from(*b)]).unwrap_or(text.len());
        if text.get(end) == Some(&b'"') {
            self.at += end + 2;
            return &text[..end];
        }
        while let Some(byte) = text.get(end).filter(|byte| **byte != b'"') {
            // A backslash takes the next one along.
            end += if *byte == b'\\' { 2 } else { 1 };
        }
        let inside = &text[..end.min(text.len())];
        self.at += 1;
        self.catch_up();
        if let Ok(inside) = str::from_utf8(inside) {
            // Writing into memory cannot fail.
            drop(Ascii.write_string_fragment(&mut self.out, inside));
        }
        self.at += inside.len();
        self.copied = self.at;
        self.pass();
        inside
    }

    /// The next byte that is no white space, which the output does without.
    fn peek(&mut self) -> Option<u8> {
        let blank = |b: &u8| matches!(b, b' ' | b'\n' | b'\r' | b'\t');
        if self.text.get(self.at).is_some_and(blank) {
            self.catch_up();
            self.at += self.text[self.at..].iter().take_while(|b| blank(b)).count();
            self.copied = self.at;
        }
        self.text.get(self.at).copied()
    }

    /// Passes the next byte.
    fn pass(&mut self) {
        self.at = self.text.len().min(self.at + 1);
    }

    fn pass_comma(&mut self) {
        if self.peek() == Some(b',') {
            self.pass();
        }
    }

    /// How long the output is, with what has yet to be copied.
    fn place(&self) -> usize {
        self.out.len() + self.at - self.copied
    }

    /// Copies what was read.
    fn catch_up(&mut self) {
        self.out.extend_from_slice(&self.text[self.copied..self.at]);
        self.copied = self.at;
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
        for text in [
            "",
            "{",
            "[1",
            "\"",
            "\"a",
            "{\"é",
            "{ ",
            "{\"a\"",
            "{\"a\":}",
            "]",
            "\"\\",
            "{\"a\" 1}",
            "[}",
        ] {
            canonical_text(text);
        }
    }
}
