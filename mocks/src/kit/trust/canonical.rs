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
}
