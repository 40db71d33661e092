//! The identity record of mock-identity-system: names and lists as it has them, read into a person.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::claims::HOME;
use super::person::{Person, is_number, joined};
use super::refusal::Refusal;

/// A text in one language.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(in crate::identity) struct Said {
    #[serde(default)]
    language: String,
    value: String,
}

/// What is sent to create or to change a person; what is left out of a change stays.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
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
    preferred_lang: Option<String>,
    pub(in crate::identity) pin: Option<String>,
    pub(in crate::identity) password: Option<String>,
}

/// Members that are secrets: never told again.
const SECRETS: [&str; 2] = ["pin", "password"];

/// `kept` with what was `sent`: null and absent members stay as they were, secrets are left out.
pub(in crate::identity) fn merged(kept: Value, sent: &Value) -> Value {
    let mut members = match kept {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let told = sent.as_object().into_iter().flatten();
    for (name, value) in told.filter(|(n, v)| !v.is_null() && !SECRETS.contains(&n.as_str())) {
        members.insert(name.clone(), value.clone());
    }
    Value::Object(members)
}

/// The record as mock-identity-system tells it: what it was told, under what the person's record now says.
pub(in crate::identity) fn told(kept: &Value, p: &Person) -> Value {
    let said = |text: &str| json!([{"language": "eng", "value": text}]);
    let name = |part: fn((&str, &str)) -> String| {
        let each = ["eng"].into_iter().chain(p.names.keys().map(String::as_str));
        let parts = each.map(|language| (language, part(p.names_in(language))));
        let told = parts.filter(|(_, text)| !text.is_empty());
        let told: Vec<_> = told.map(|(l, text)| json!({"language": l, "value": text})).collect();
        if told.is_empty() { Value::Null } else { told.into() }
    };
    let maybe = |text: &Option<String>| text.as_deref().map(said);
    let now = json!({
        "individualId": p.uin, "fullName": name(|(g, f)| joined(g, f)),
        "givenName": name(|(g, _)| g.into()), "familyName": name(|(_, f)| f.into()),
        "gender": said(&p.sex), "dateOfBirth": p.birth_date.replace('-', "/"),
        "phone": p.phone, "email": p.email, "streetAddress": maybe(&p.street),
        "locality": maybe(&p.locality), "region": maybe(&p.region), "postalCode": p.postal_code,
        "preferredLang": p.language,
    });
    let mut told = merged(merged(json!({"country": said(HOME)}), kept), &now);
    // As it was written, where that is the same: `Male` and `male`.
    let written = kept["gender"][0]["value"].as_str();
    if written.is_some_and(|written| written.eq_ignore_ascii_case(&p.sex)) {
        told["gender"] = kept["gender"].clone();
    }
    told
}

/// The country that a kept record tells, in English where it does.
pub(in crate::identity) fn country(kept: &Value) -> Option<String> {
    let said = Vec::<Said>::deserialize(kept.get("country")?).ok()?;
    english(Some(&said)).map(str::to_owned)
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
        let nobody = Person::with_number(&self.individual_id);
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
        let english_parts = [&self.given_name, &self.family_name].map(|p| english(p.as_deref()));
        if let [given, Some(family)] = english_parts {
            person.family_name = family.into();
            // What stands between the two in the full name is told with the given name.
            let full = english(self.full_name.as_deref());
            let before = full.and_then(|full| full.strip_suffix(family)).map(str::trim_end);
            let before = before.filter(|before| before.starts_with(given.unwrap_or_default()));
            person.given_name = before.or(given).unwrap_or(&person.given_name).to_owned();
        } else if let [Some(given), None] = english_parts {
            person.given_name = given.into();
        }
        person.names.extend(self.other_names(&person));
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
        person.language = self.preferred_lang.clone().or(person.language);
        Ok(person)
    }

    /// Names in other languages than English, as far as both parts are told (or the full name, cut at its last space).
    fn other_names(&self, person: &Person) -> BTreeMap<String, [String; 2]> {
        let mut names = BTreeMap::new();
        for said in self.full_name.iter().flatten().filter(|s| !s.language.starts_with("en")) {
            let (given, family) = said.value.rsplit_once(' ').unwrap_or((&said.value, ""));
            names.insert(said.language.clone(), [given.to_owned(), family.to_owned()]);
        }
        for (part, list) in [(0, &self.given_name), (1, &self.family_name)] {
            for said in list.iter().flatten().filter(|s| !s.language.starts_with("en")) {
                let usual = || [person.given_name.clone(), person.family_name.clone()];
                names.entry(said.language.clone()).or_insert_with(usual)[part]
                    .clone_from(&said.value);
            }
        }
        names.retain(|language, _| !language.is_empty());
        names
    }
}

/// English where there is some, else what comes first.
fn english(said: Option<&[Said]>) -> Option<&str> {
    let said = said?;
    let english = said.iter().find(|s| s.language.starts_with("en"));
    english.or(said.first()).map(|s| s.value.trim()).filter(|v| !v.is_empty())
}
