//! Secrets never reach the journal: the values of named fields are masked in bodies and addresses.

/// The header in which a program shows the secret of a country that others can reach.
pub const CONTROL_SECRET: &str = "arenoa-secret";
/// What stands in place of a secret.
pub const MASK: &str = "•••";

/// Whether a column or a setting called `name` holds a secret of a system that keeps the values of `names` secret.
pub fn is_secret(names: &[&str], name: &str) -> bool {
    names.contains(&name) || name.contains("secret")
}

/// `text` with the values of `names` masked, in JSON (`"name":"value"`) and in forms and queries (`name=value`). A name
/// that begins with a slash stands for the part of a path that follows it: `/login/` masks `/login/{ticket}`.
pub fn mask(names: &[&str], text: String) -> String {
    let mut masked = text;
    for name in names {
        // Most names are in most texts not at all.
        if !masked.contains(name) {
            continue;
        }
        if name.starts_with('/') {
            masked = mask_segments(&masked, name);
            continue;
        }
        masked = mask_json(&masked, name);
        masked = mask_pairs(&masked, name);
    }
    masked
}

fn mask_segments(text: &str, prefix: &str) -> String {
    replace_values(text, prefix, MASK, |rest| {
        let legal = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
        let end = rest.find(|c| !legal(c)).unwrap_or(rest.len());
        (end > 0).then_some((0, end))
    })
}

fn mask_json(text: &str, name: &str) -> String {
    let (key, masked) = (format!("\"{name}\""), format!("\"{MASK}\""));
    replace_values(text, &key, &masked, |rest| {
        let value = rest.trim_start().strip_prefix(':')?.trim_start();
        let start = rest.len() - value.len();
        Some((start, start + scalar_end(value)?))
    })
}

/// Where the text, number or truth that `value` begins with ends. None where it begins with none of these.
fn scalar_end(value: &str) -> Option<usize> {
    if let Some(text) = value.strip_prefix('"') {
        // A text that was cut off goes on to the line that says so.
        let cut = || text.rfind('\n').unwrap_or(text.len());
        return Some(1 + closing_quote(text).map_or_else(cut, |at| at + 1));
    }
    let outside = |c: char| c.is_whitespace() || ",]}".contains(c);
    let end = value.find(outside).unwrap_or(value.len());
    (end > 0 && !value.starts_with(['[', '{']) && &value[..end] != "null").then_some(end)
}

/// Where a JSON text ends: a quote behind a backslash belongs to it.
fn closing_quote(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find(['"', '\\'])?;
        if text[at..].starts_with('"') {
            return Some(at);
        }
        let escaped = text[at + 1..].chars().next()?;
        from = at + 1 + escaped.len_utf8();
    }
}

fn mask_pairs(text: &str, name: &str) -> String {
    let key = format!("{name}=");
    let mut from = 0;
    let mut masked = String::new();
    while let Some(found) = text[from..].find(&key) {
        let at = from + found;
        let value = at + key.len();
        let whole_name = at == 0 || text[..at].ends_with(['&', '?', ' ', '\n']);
        let end = text[value..].find(['&', '\n', ' ', '#']).map_or(text.len(), |n| value + n);
        masked.push_str(&text[from..value]);
        if whole_name && end > value {
            masked.push_str(MASK);
            from = end;
        } else {
            from = value;
        }
    }
    masked + &text[from..]
}

/// Writes `masked` over what `value` points at behind each `key`.
fn replace_values(
    text: &str,
    key: &str,
    masked: &str,
    value: impl Fn(&str) -> Option<(usize, usize)>,
) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(key) {
        let (before, after) = rest.split_at(at + key.len());
        replaced.push_str(before);
        rest = after;
        if let Some((start, end)) = value(rest) {
            replaced.push_str(&rest[..start]);
            replaced.push_str(masked);
            rest = &rest[end..];
        }
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    fn mask(names: &[&str], text: &str) -> String {
        super::mask(names, text.to_owned())
    }

    #[test]
    fn secrets_are_masked_in_json_and_in_forms() {
        let names = ["client_secret", "code"];
        assert_eq!(
            mask(&names, r#"{"client_secret" : "abc","x":1}"#),
            r#"{"client_secret" : "•••","x":1}"#
        );
        assert_eq!(mask(&names, "a=1&code=xyz&code_x=2"), "a=1&code=•••&code_x=2");
    }

    #[test]
    fn a_secret_part_of_a_path_is_masked_wherever_the_path_stands() {
        let page = r#"<form action="http://x/login/abc-_1/code"> /login/ "#;
        assert_eq!(mask(&["/login/"], page), r#"<form action="http://x/login/•••/code"> /login/ "#);
    }

    #[test]
    fn an_escaped_quote_does_not_end_a_secret() {
        let told = r#"{"password":"a\"bc\\","x":1,"password": "\\"}"#;
        assert_eq!(mask(&["password"], told), r#"{"password":"•••","x":1,"password": "•••"}"#);
    }

    #[test]
    fn a_number_is_a_secret_too_and_the_json_stays_whole() {
        let told = r#"{"otp":111111,"pin" : -1.5e3 ,"code":true}"#;
        let masked = r#"{"otp":"•••","pin" : "•••" ,"code":"•••"}"#;
        assert_eq!(mask(&["otp", "pin", "code"], told), masked);
        let empty = r#"{"otp":null,"pin":[1],"code":{"x":2}}"#;
        assert_eq!(mask(&["otp", "pin", "code"], empty), empty);
    }

    #[test]
    fn a_secret_that_was_cut_off_is_masked_up_to_the_cut() {
        let names = ["password", "otp", "/login/"];
        for (told, wanted) in [
            ("{\"password\":\"abc\n… cut here", "{\"password\":\"•••\"\n… cut here"),
            ("{\"password\":\"abc\\\n… cut here", "{\"password\":\"•••\"\n… cut here"),
            ("{\"password\":\"é\u{fffd}", "{\"password\":\"•••\""),
            ("{\"otp\":1111\n… cut here", "{\"otp\":\"•••\"\n… cut here"),
            ("otp=1111\n… cut here", "otp=•••\n… cut here"),
            ("x/login/abc\n… cut here", "x/login/•••\n… cut here"),
            ("{\"password\":", "{\"password\":"),
        ] {
            assert_eq!(mask(&names, told), wanted);
        }
    }

    #[test]
    fn a_name_inside_another_name_is_left_alone() {
        assert_eq!(mask(&["code"], "postcode=12"), "postcode=12");
    }
}
