//! The fields of a form or a query (`application/x-www-form-urlencoded`).

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

/// Fields by name; `OAuth` 2.0 (RFC 6749, 3.1) forbids to send one twice, so repeats are known.
#[derive(Debug, Clone, Default)]
pub(in crate::identity) struct Fields {
    values: BTreeMap<String, Vec<String>>,
}

impl Fields {
    /// Reads a query or a form's body.
    pub(in crate::identity) fn read(text: &str) -> Self {
        let mut values = BTreeMap::<String, Vec<String>>::new();
        let mut carrier = Url::parse("http://fields").ok();
        if let Some(url) = &mut carrier {
            url.set_query(Some(text));
            for (name, value) in url.query_pairs() {
                values.entry(name.into_owned()).or_default().push(value.into_owned());
            }
        }
        Self { values }
    }

    /// Fields that came in another form than a query; those without a value are left out.
    pub(in crate::identity) fn of<const N: usize>(pairs: [(&str, Option<String>); N]) -> Self {
        let told = pairs.into_iter().filter_map(|(name, value)| Some((name.into(), vec![value?])));
        Self { values: told.collect() }
    }

    /// The value of a field, where it was sent and is not empty (RFC 6749 treats an empty one as left out).
    pub(in crate::identity) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.first().map(String::as_str).filter(|v| !v.is_empty())
    }

    /// As [`Fields::get`], owned.
    pub(in crate::identity) fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// All values of a field that may be sent several times, as check boxes are.
    pub(in crate::identity) fn all(&self, name: &str) -> BTreeSet<String> {
        self.values.get(name).into_iter().flatten().cloned().collect()
    }

    /// The words of a field that lists them, separated by spaces.
    pub(in crate::identity) fn words(&self, name: &str) -> Vec<String> {
        self.get(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }

    /// The first field that was sent twice.
    pub(in crate::identity) fn repeated(&self) -> Option<&str> {
        self.values.iter().find(|(_, values)| values.len() > 1).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_comes_twice_is_noticed() {
        let fields = Fields::read("a=1&b=x+y%2Fz&a=2&c=");
        assert_eq!(
            (fields.repeated(), fields.get("b"), fields.get("c")),
            (Some("a"), Some("x y/z"), None)
        );
    }
}
