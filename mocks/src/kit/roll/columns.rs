//! Which column of a file is which column of a roll: by name, by another name, or as the caller maps it.

use std::collections::BTreeMap;

use super::{Column, Problem};

/// How the caller's headers are called here: `name=given_name,notes=-` (a hyphen leaves a column out).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(BTreeMap<String, String>);

impl Mapping {
    /// Reads `theirs=ours` pairs with commas between them. The error says what would be right.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut pairs = BTreeMap::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let Some((theirs, ours)) = pair.split_once('=') else {
                return Err(format!(
                    "`{pair}` is no pair: write theirs=ours, as in name=given_name"
                ));
            };
            if pairs.insert(folded(theirs), ours.trim().to_owned()).is_some() {
                return Err(format!("`{theirs}` is mapped twice"));
            }
        }
        Ok(Self(pairs))
    }
}

/// Where in a row each column of the roll stands.
pub(super) type Places = Vec<Option<usize>>;

/// Finds the columns of the roll in the headers of a file. What is wrong is told of line 1.
pub(super) fn places(
    columns: &'static [Column],
    headers: &[String],
    mapping: &Mapping,
) -> Result<Places, Vec<Problem>> {
    let mut places: Places = vec![None; columns.len()];
    let mut problems = Vec::new();
    let mut used = Vec::new();
    for (at, header) in headers.iter().enumerate() {
        let mapped = mapping.0.get(&folded(header));
        if mapped.is_some_and(|ours| ours == "-") {
            used.push(folded(header));
            continue;
        }
        used.extend(mapped.map(|_| folded(header)));
        let wanted = mapped.unwrap_or(header);
        let Some(found) = columns.iter().position(|column| is_called(column, wanted)) else {
            problems.push(unknown(columns, header, wanted));
            continue;
        };
        if places[found].replace(at).is_some() {
            let right = format!("one column for {}, and not two", columns[found].name);
            problems.push(Problem::of_header(header, right));
        }
    }
    for theirs in mapping.0.keys().filter(|theirs| !used.contains(theirs)) {
        let right = format!("a header of the file: {}", headers.join(", "));
        problems.push(Problem::of_header(theirs, right));
    }
    for (column, place) in columns.iter().zip(&places) {
        if column.needed && place.is_none() {
            let right = String::from("a column of that name, or a mapping theirs=ours to it");
            problems.push(Problem {
                line: 1,
                column: column.name.into(),
                value: String::new(),
                right,
            });
        }
    }
    if problems.is_empty() { Ok(places) } else { Err(problems) }
}

fn unknown(columns: &[Column], header: &str, wanted: &str) -> Problem {
    let names =
        columns.iter().flat_map(|c| c.also.iter().chain([&c.name]).map(move |n| (c.name, *n)));
    let distances = names.map(|(ours, name)| (distance(&folded(wanted), &folded(name)), ours));
    let near = distances.min().filter(|(distance, ours)| *distance <= (ours.len() / 3).max(2));
    let all = columns.iter().map(|c| c.name).collect::<Vec<_>>().join(", ");
    let right = match near {
        Some((_, ours)) => {
            format!("did you mean {ours}? Map it: {header}={ours}, or {header}=- to leave it out")
        }
        None => format!("one of {all}; map it, or write {header}=- to leave it out"),
    };
    Problem::of_header(header, right)
}

fn is_called(column: &Column, text: &str) -> bool {
    let text = folded(text);
    folded(column.name) == text || column.also.iter().any(|other| folded(other) == text)
}

/// A header as it is compared: small letters and digits.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many letters must change to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().take(64).enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = last[j] + usize::from(a != *b);
            row.push(changed.min(last[j + 1] + 1).min(row[j] + 1));
        }
        last = row;
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, needed, optional};
    use super::*;

    static COLUMNS: &[Column] = &[
        needed("given_name", &["first_name"], Cell::Text),
        optional("sex", &["gender"], Cell::Text),
    ];

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn columns_are_found_by_any_of_their_names_or_by_the_mapping() {
        let found = places(COLUMNS, &headers(&["Gender", "First Name"]), &Mapping::default());
        assert_eq!(found, Ok(vec![Some(1), Some(0)]));
        let mapping = Mapping::read("vorname=given_name, notes=-").unwrap();
        let found = places(COLUMNS, &headers(&["notes", "Vorname"]), &mapping);
        assert_eq!(found, Ok(vec![Some(1), None]));
        assert!(Mapping::read("name").unwrap_err().contains("theirs=ours"));
    }

    #[test]
    fn a_header_that_is_nearly_right_is_told_what_was_meant() {
        let wrong = places(COLUMNS, &headers(&["given_nmae", "height"]), &Mapping::default());
        let told: Vec<_> = wrong.unwrap_err().into_iter().map(|p| p.right).collect();
        assert!(told[0].contains("did you mean given_name?"), "{told:?}");
        assert!(told[1].contains("one of given_name, sex"), "{told:?}");
        assert!(told[2].contains("a column of that name"), "{told:?}");
        let mapping = Mapping::read("size=sex").unwrap();
        assert_eq!(
            places(COLUMNS, &headers(&["given_name"]), &mapping).unwrap_err()[0].column,
            "size"
        );
    }
}
