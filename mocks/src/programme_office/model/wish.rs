//! What an applicant types, and whether somebody can be looked up by it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use standards::ids::Uin;

use super::application::Refusal;

/// What the applicant types.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub(in crate::programme_office) struct Wish {
    pub(in crate::programme_office) programme: String,
    #[serde(default)]
    pub(in crate::programme_office) uin: Option<String>,
    #[serde(default)]
    pub(in crate::programme_office) name: Option<String>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(in crate::programme_office) birth_date: Option<Date>,
    /// Where news goes, and money where there is no account. Who has none leaves it out.
    #[serde(default)]
    pub(in crate::programme_office) phone: String,
    #[serde(default = "portal")]
    pub(in crate::programme_office) channel: String,
    #[serde(default)]
    pub(in crate::programme_office) language: Option<String>,
}

fn portal() -> String {
    String::from("portal")
}

impl Wish {
    /// Reads and checks what was typed.
    pub(in crate::programme_office) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let wish: Self =
            serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string()))?;
        match (&wish.uin, &wish.name, wish.birth_date) {
            (Some(uin), _, _) => drop(Uin::checked(uin)?),
            (None, Some(_), Some(_)) => {}
            _ => return Err(Refusal::Nobody),
        }
        let digits = wish.phone.strip_prefix('+').unwrap_or_default();
        let is_number =
            (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        let usable = wish.phone.is_empty() || is_number;
        if usable { Ok(wish) } else { Err(Refusal::Phone(wish.phone)) }
    }
}
