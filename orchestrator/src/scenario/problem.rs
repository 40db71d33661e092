//! What is wrong with a scenario: file, line, column, and what would have been right.

use std::fmt;

use serde_saphyr::{Location, Spanned};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub file: String,
    /// From 1; 0 where the place is not known.
    pub line: u64,
    pub column: u64,
    pub what: String,
    /// What would have been right; may be empty.
    pub hint: String,
}

/// Everything that is wrong with a scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl Problem {
    /// A problem at the place of a value.
    pub fn at<T>(file: &str, value: &Spanned<T>, what: String, hint: String) -> Self {
        Self::located(file, Some(value.referenced), what, hint)
    }

    /// A problem at a location, where one is known.
    pub fn located(file: &str, place: Option<Location>, what: String, hint: String) -> Self {
        let (line, column) = place.map_or((0, 0), |l| (l.line(), l.column()));
        Self { file: file.into(), line, column, what, hint }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.what)?;
        if !self.hint.is_empty() {
            write!(f, "\n    {}", self.hint)?;
        }
        Ok(())
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// What the reader of YAML found wrong, without the place and the drawing that it repeats; and what would be right.
pub(super) fn in_words(error: &serde_saphyr::Error) -> (String, String) {
    use serde_saphyr::Error;
    match error.without_snippet() {
        Error::SerdeUnknownField { field, expected, .. } => {
            (format!("there is no field `{field}` here"), offer(field, expected.iter().copied()))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            (format!("`{variant}` is no word here"), offer(variant, expected.iter().copied()))
        }
        Error::SerdeMissingField { field, .. } => {
            (format!("the field `{field}` is missing"), format!("add `{field}:`"))
        }
        Error::InvalidScalar { ty, .. } if ty.starts_with(['u', 'i']) => {
            (String::from("this is no whole number"), String::from("write digits alone, such as 4"))
        }
        other => {
            let text = other.to_string();
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or(&text);
            // `error: line 16 column 26: what is wrong`
            let first = first.trim_start_matches("error: ");
            let placed = first.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
            let what = placed.map_or(first, |(_, what)| what);
            let what = what.rsplit_once(" at line ").map_or(what, |(what, _)| what);
            // What we refuse ourselves says behind a colon what would be right.
            let halves = [": write ", ": leave "].into_iter().find_map(|colon| what.find(colon));
            halves.map_or((what.to_owned(), String::new()), |at| {
                (what[..at].to_owned(), what[at + 2..].to_owned())
            })
        }
    }
}

/// Fewer than this are all named, however unlike.
const FEW: usize = 20;
/// Of more, the most alike.
const SHOWN: usize = 12;

/// A sentence that offers what there is, the most alike first: "did you mean `x`?", "there is: `x`, `y`".
pub fn offer<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_by_key(|k| distance(given, k));
    match known.first() {
        None => String::from("there is none here"),
        Some(best) if distance(given, best) <= 3 => format!("did you mean `{best}`?"),
        Some(_) => {
            let shown = if known.len() < FEW { known.len() } else { SHOWN };
            let rest = known.len() - shown;
            let more = if rest == 0 { String::new() } else { format!(", and {rest} more") };
            let shown: Vec<_> = known.iter().take(shown).map(|k| format!("`{k}`")).collect();
            format!("there is: {}{more}", shown.join(", "))
        }
    }
}

/// Levenshtein distance, for hints only.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replace = before + usize::from(x != *y);
            before = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_offered_the_right_one() {
        assert_eq!(
            offer("civil_regstry", ["bank", "civil_registry"]),
            "did you mean `civil_registry`?"
        );
        assert!(offer("xyz", ["bank", "identity"]).starts_with("there is: `bank`"));
    }

    #[test]
    fn few_names_are_all_offered_and_of_many_the_most_alike() {
        let names: Vec<String> = (10..35).map(|n| format!("system_{n}")).collect();
        let named = |n: usize| offer("x", names[..n].iter().map(String::as_str));
        assert_eq!(named(19).matches('`').count(), 2 * 19);
        assert_eq!(named(25).matches('`').count(), 2 * 12);
        assert!(named(25).ends_with(", and 13 more"));
    }
}
