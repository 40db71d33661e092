//! The identity record of mock-identity-system: names and lists as it has them, read into a person.

use serde::Deserialize;

use super::person::{Person, Status, is_number};
use super::refusal::Refusal;

/// A text in one language.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::identity) struct Said {
    #[serde(default)]
    language: String,
    value: String,
}

/// What is sent to create or to change a person; what is left out of a change stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::identity) struct Record {
    pub(in crate::identity) individual_id: String,
    full_name: Option<Vec<Said>>,
    given_name: Option<Vec<Said>>,
    family_name: Option<Vec<Said>>,
    gender: Option<Vec<Said>>,
    date_of_birth: Option<String>,
    street_address: Option<Vec<Said>>,
    locality: Option<Vec<Said>>,
    region: Option<Vec<Said>>,
    postal_code: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

impl Record {
    /// The new person; name, gender and birth date are needed.
    pub(in crate::identity) fn person(&self) -> Result<Person, Refusal> {
        if !is_number(&self.individual_id) {
            return Err(Refusal::new(
                "invalid_individual_id",
                "`individualId` must be 5 to 19 digits",
            ));
        }
        let nobody = Person {
            uin: self.individual_id.clone(),
            given_name: String::new(),
            family_name: String::new(),
            birth_date: String::new(),
            sex: String::new(),
            phone: None,
            email: None,
            street: None,
            locality: None,
            region: None,
            postal_code: None,
            status: Status::Active,
            deceased_on: None,
        };
        let person = self.changed(nobody)?;
        for (name, value) in [
            ("invalid_name", &person.given_name),
            ("invalid_gender", &person.sex),
            ("invalid_dob", &person.birth_date),
        ] {
            if value.is_empty() {
                return Err(Refusal::new(name, "fullName, gender and dateOfBirth are needed"));
            }
        }
        Ok(person)
    }

    /// `person` with what was sent.
    pub(in crate::identity) fn changed(&self, mut person: Person) -> Result<Person, Refusal> {
        if let Some(full) = english(self.full_name.as_deref()) {
            let (given, family) = full.rsplit_once(' ').unwrap_or((full, ""));
            (person.given_name, person.family_name) = (given.into(), family.into());
        }
        if let Some(given) = english(self.given_name.as_deref()) {
            person.given_name = given.into();
        }
        if let Some(family) = english(self.family_name.as_deref()) {
            person.family_name = family.into();
        }
        if let Some(gender) = english(self.gender.as_deref()) {
            person.sex = match gender.to_lowercase().as_str() {
                "female" => "female".into(),
                "male" => "male".into(),
                _ => "others".into(),
            };
        }
        if let Some(date) = &self.date_of_birth {
            let dashes = date.replace('/', "-");
            let read = dashes.parse::<jiff::civil::Date>();
            person.birth_date = read
                .map_err(|_| {
                    Refusal::new("invalid_dob", "`dateOfBirth` must be written yyyy/MM/dd")
                })?
                .to_string();
        }
        let owned = |said: &Option<Vec<Said>>| english(said.as_deref()).map(str::to_owned);
        person.street = owned(&self.street_address).or(person.street);
        person.locality = owned(&self.locality).or(person.locality);
        person.region = owned(&self.region).or(person.region);
        person.postal_code = self.postal_code.clone().or(person.postal_code);
        person.email = self.email.clone().or(person.email);
        person.phone = self.phone.clone().or(person.phone);
        Ok(person)
    }
}

/// English where there is some, else what comes first.
fn english(said: Option<&[Said]>) -> Option<&str> {
    let said = said?;
    let english = said.iter().find(|s| s.language.starts_with("en"));
    english.or(said.first()).map(|s| s.value.trim()).filter(|v| !v.is_empty())
}
