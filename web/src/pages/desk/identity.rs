//! The people whom the desk of Arenoa ID offers to try things with, and what is special about each.

use mocks::kit::country::Country;
use mocks::kit::room::Hall;

use crate::pages::counter::address_of;
use crate::texts::Texts;

/// The system that has them.
pub(super) const OFFICE: &str = "identity";
/// What everybody of the cast types; `mocks/src/identity/seed.rs` sets it.
const SECRETS: [(&str, &str); 3] =
    [("code", "111111"), ("pin", "545411"), ("password", "Arenoa-ID-1")];

/// By their names in stories; the words are `desk-cast-{key}`.
const KEYS: [&str; 12] = [
    "tomas",
    "elia",
    "kemal",
    "ivo",
    "pavel",
    "hana_torres",
    "nora_brandt",
    "tomas_norra",
    "tomas_altena",
    "rosa_reyn",
    "omar_elling",
    "dina",
];

/// Somebody of the cast.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) uin: String,
    pub(super) special: String,
    /// The address of their file at Arenoa ID.
    pub(super) file: String,
}

/// What to type, in a sentence.
pub(super) fn lead(texts: &Texts) -> String {
    texts.with("desk-cast-text", &SECRETS)
}

/// The list, as far as the country has these people.
pub(super) fn list(country: &Country, hall: &Hall, prefix: &str, texts: &Texts) -> Vec<Member> {
    let base = address_of(hall, prefix, OFFICE);
    let member = |key: &str| {
        let person = country.people.named(key)?;
        Some(Member {
            name: person.full_name(),
            uin: person.uin.to_string(),
            special: texts.get(&format!("desk-cast-{key}")).clone(),
            file: format!("{base}/desk/persons/{}", person.uin),
        })
    };
    KEYS.into_iter().filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::in_language;

    #[test]
    fn everybody_of_the_list_has_words() {
        let keys = in_language("en").keys();
        for key in KEYS {
            assert!(keys.contains(&format!("desk-cast-{key}")), "web/texts/en.ftl lacks {key}");
        }
    }
}
