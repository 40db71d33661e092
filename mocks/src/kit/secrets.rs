//! Secrets never reach the journal: the values of named fields are masked in bodies and addresses.

/// What stands in place of a secret.
const MASK: &str = "•••";

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
    replace_values(text, prefix, |rest| {
        let legal = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
        let end = rest.find(|c| !legal(c)).unwrap_or(rest.len());
        (end > 0).then_some((0, end))
    })
}

fn mask_json(text: &str, name: &str) -> String {
    let key = format!("\"{name}\"");
    replace_values(text, &key, |rest| {
        let after = rest.trim_start().strip_prefix(':')?.trim_start();
        let value = after.strip_prefix('"')?;
        let start = rest.len() - value.len();
        Some((start, start + value.find('"')?))
    })
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

/// Replaces what `value` points at behind each `key`.
fn replace_values(text: &str, key: &str, value: impl Fn(&str) -> Option<(usize, usize)>) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(key) {
        let (before, after) = rest.split_at(at + key.len());
        masked.push_str(before);
        rest = after;
        if let Some((start, end)) = value(rest) {
            masked.push_str(&rest[..start]);
            masked.push_str(MASK);
            rest = &rest[end..];
        }
    }
    masked + rest
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
    fn a_name_inside_another_name_is_left_alone() {
        assert_eq!(mask(&["code"], "postcode=12"), "postcode=12");
    }
}
