//! Claims (`OpenID Connect` Core 5): which are asked for, and what a person's record says in a client's own formats.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::client::{BirthdateForm, Client, GenderForm};
use super::person::{Person, joined};
use super::refusal::Refusal;

/// The claims that Arenoa ID knows, in the order in which they are shown.
pub(in crate::identity) const KNOWN: [&str; 12] = [
    "name",
    "given_name",
    "family_name",
    "birthdate",
    "gender",
    "individual_id",
    "phone_number",
    "phone_number_verified",
    "email",
    "address",
    "locale",
    "dci_person",
];

/// What tokens say besides: who they are about and for, and when and how that was proved.
const OF_TOKENS: [&str; 9] =
    ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr"];

/// The claims that discovery announces.
pub(in crate::identity) fn announced() -> Vec<&'static str> {
    OF_TOKENS.into_iter().chain(KNOWN).collect()
}

/// What each scope stands for (Core 5.4); `dci_person` is DCI's Person as one claim.
const SCOPES: [(&str, &[&str]); 5] = [
    ("profile", &["name", "given_name", "family_name", "birthdate", "gender", "locale"]),
    ("phone", &["phone_number", "phone_number_verified"]),
    ("email", &["email"]),
    ("address", &["address"]),
    ("dci_person", &["dci_person"]),
];

/// The `claims` parameter (Core 5.5).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
pub(in crate::identity) struct ClaimsAsked {
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::identity) userinfo: BTreeMap<String, Option<Demand>>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::identity) id_token: BTreeMap<String, Option<Demand>>,
}

/// What is demanded of one claim.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
pub(in crate::identity) struct Demand {
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::identity) essential: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::identity) value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::identity) values: Option<Vec<Value>>,
}

/// `null` where clients in Java have nothing to say.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

impl Demand {
    /// Whether `text` is among the values that are demanded (Core 5.5.1); true where none is.
    fn admits(&self, text: &str) -> bool {
        let mut demanded = self.values.iter().flatten().chain(&self.value).peekable();
        demanded.peek().is_none() || demanded.any(|value| value.as_str() == Some(text))
    }
}

/// One claim on the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) struct Wanted {
    pub(in crate::identity) claim: &'static str,
    /// The client cannot do without it: it cannot be unticked, only the whole be refused.
    pub(in crate::identity) essential: bool,
}

impl ClaimsAsked {
    /// Reads the parameter; some libraries encode it twice, and the forms of OpenCRVS write a list.
    pub(in crate::identity) fn read(text: &str) -> Result<Self, Refusal> {
        if is_list(text) {
            let named = text.split(',').map(|claim| (claim.trim().to_owned(), None));
            return Ok(Self { userinfo: named.collect(), ..Self::default() });
        }
        let decoded = if text.starts_with("%7B") || text.starts_with("%7b") {
            let fields = super::fields::Fields::read(&format!("claims={text}"));
            fields.owned("claims").unwrap_or_default()
        } else {
            text.to_owned()
        };
        serde_json::from_str(&decoded).map_err(|e| no_json(&e.to_string()))
    }

    /// The claims to be shown: those of the scopes and those asked for by name, as far as the client may have them
    /// and the record holds them.
    pub(in crate::identity) fn wanted(
        &self,
        scope: &[String],
        client: &Client,
        person: &Person,
    ) -> Vec<Wanted> {
        let held = |claim: &&str| value(claim, person, client).is_some();
        let listed = self.listed(scope, client).filter(held);
        listed.map(|claim| Wanted { claim, essential: self.essential(claim) }).collect()
    }

    /// The claims that are asked for before it is known about whom: essential ones, and others.
    pub(in crate::identity) fn asked_for(
        &self,
        scope: &[String],
        client: &Client,
    ) -> (Vec<&'static str>, Vec<&'static str>) {
        self.listed(scope, client).partition(|claim| self.essential(claim))
    }

    /// Whether the person whom the client knows as `subject` is one it asked for; true where it asked for nobody.
    pub(in crate::identity) fn admit(&self, subject: &str) -> bool {
        let sides = [&self.userinfo, &self.id_token].into_iter();
        sides.filter_map(|side| side.get("sub")).flatten().all(|demand| demand.admits(subject))
    }

    fn listed(&self, scope: &[String], client: &Client) -> impl Iterator<Item = &'static str> {
        KNOWN.into_iter().filter(move |claim| {
            let named = self.userinfo.contains_key(*claim) || self.id_token.contains_key(*claim);
            (named || by_scope(scope, claim)) && client.may_ask(claim)
        })
    }

    fn essential(&self, claim: &str) -> bool {
        let sides = [&self.userinfo, &self.id_token].into_iter();
        sides.filter_map(|side| side.get(claim)).flatten().any(|demand| demand.essential)
    }
}

/// That `claims` is something else than what it should be.
pub(in crate::identity) fn no_json(why: &str) -> Refusal {
    Refusal::request(format!(
        r#"`claims` is no JSON of OpenID Connect Core 5.5: {why}; write {{"userinfo":{{"name":{{"essential":true}}}}}}"#
    ))
}

/// Whether `claims` names claims with commas between them, as the eSignet login of OpenCRVS has it: one at least is known.
pub(in crate::identity) fn is_list(text: &str) -> bool {
    let is_word =
        |word: &str| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-#".contains(&b));
    let mut words = text.split(',').map(str::trim);
    words.clone().all(is_word) && words.any(|word| KNOWN.contains(&word))
}

/// Whether one of the scopes stands for a claim.
fn by_scope(scope: &[String], claim: &str) -> bool {
    SCOPES.iter().any(|(s, claims)| scope.iter().any(|x| x == s) && claims.contains(&claim))
}

/// What a person allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(in crate::identity) struct Allowed {
    /// Claims that userinfo may tell.
    pub(in crate::identity) userinfo: BTreeSet<String>,
    /// Claims that the `id_token` carries, because it was asked to.
    pub(in crate::identity) id_token: BTreeSet<String>,
}

impl Allowed {
    /// Splits what was allowed by where it was asked for.
    pub(in crate::identity) fn split(
        allowed: &BTreeSet<String>,
        asked: &ClaimsAsked,
        scope: &[String],
    ) -> Self {
        let userinfo = |c: &&String| by_scope(scope, c) || asked.userinfo.contains_key(*c);
        Self {
            userinfo: allowed.iter().filter(userinfo).cloned().collect(),
            id_token: allowed.iter().filter(|c| asked.id_token.contains_key(*c)).cloned().collect(),
        }
    }
}

/// What the record says about each of `claims`, in the client's formats. Names come in the one language of `locales`,
/// or once for each of several, with the language behind them: `name#fra` (Core 5.2).
pub(in crate::identity) fn told(
    claims: &BTreeSet<String>,
    person: &Person,
    client: &Client,
    locales: &[String],
) -> Map<String, Value> {
    let mut told = Map::new();
    for claim in claims {
        let Some(usual) = value(claim, person, client) else { continue };
        match (spelled(claim, person, "eng").is_some(), locales) {
            (false, _) | (true, []) => {
                told.insert(claim.clone(), usual);
            }
            (true, [only]) => {
                told.insert(claim.clone(), spelled(claim, person, only).unwrap_or(usual));
            }
            (true, several) => {
                let each = several.iter().filter_map(|language| {
                    Some((format!("{claim}#{language}"), spelled(claim, person, language)?))
                });
                told.extend(each);
            }
        }
    }
    told
}

/// A name as a language spells it; nothing for claims that are the same in every language.
fn spelled(claim: &str, person: &Person, language: &str) -> Option<Value> {
    let (given, family) = person.names_in(language);
    Some(match claim {
        "name" => joined(given, family).into(),
        "given_name" => given.into(),
        "family_name" => family.into(),
        _ => return None,
    })
}

/// What the record says about one claim; nothing where it says nothing.
pub(in crate::identity) fn value(claim: &str, person: &Person, client: &Client) -> Option<Value> {
    Some(match claim {
        "name" => person.name().into(),
        "given_name" => person.given_name.clone().into(),
        "family_name" => person.family_name.clone().into(),
        "birthdate" => match client.birthdate {
            BirthdateForm::Dashes => person.birth_date.clone().into(),
            BirthdateForm::Slashes => person.birth_date.replace('-', "/").into(),
        },
        "gender" => gender(&person.sex, client.gender)?.into(),
        "individual_id" => person.uin.clone().into(),
        "phone_number" => person.phone.clone()?.into(),
        "phone_number_verified" => person.phone.is_some().then_some(true)?.into(),
        "email" => person.email.clone()?.into(),
        "address" => address(person)?,
        "locale" => person.language.clone()?.into(),
        "dci_person" => dci_person(person),
        _ => return None,
    })
}

pub(super) fn gender(sex: &str, form: GenderForm) -> Option<&'static str> {
    Some(match (sex, form) {
        ("female", GenderForm::Small) => "female",
        ("female", GenderForm::Capital) => "Female",
        ("male", GenderForm::Small) => "male",
        ("male", GenderForm::Capital) => "Male",
        ("others", GenderForm::Small) => "other",
        ("others", GenderForm::Capital) => "Others",
        _ => return None,
    })
}

/// The country of everybody of whom no other was told.
pub(super) const HOME: &str = "QN";

/// Core 5.1.1.
fn address(person: &Person) -> Option<Value> {
    let parts = [
        ("street_address", &person.street),
        ("locality", &person.locality),
        ("region", &person.region),
        ("postal_code", &person.postal_code),
    ];
    let mut object: Map<String, Value> =
        parts.iter().filter_map(|(k, v)| Some(((*k).into(), v.as_deref()?.into()))).collect();
    if object.is_empty() {
        return None;
    }
    let lines: Vec<&str> = parts.iter().filter_map(|(_, v)| v.as_deref()).collect();
    object.insert("formatted".into(), lines.join("\n").into());
    object.insert("country".into(), person.country.as_deref().unwrap_or(HOME).into());
    Some(Value::Object(object))
}

/// DCI ID Systems v1.0.0, DO.ID.01 Person.
fn dci_person(person: &Person) -> Value {
    json!({
        "identifier": [{"identifier_type": "UIN", "identifier_value": person.uin}],
        "name": {"surname": person.family_name, "given_name": person.given_name},
        "sex": person.sex,
        "birth_date": person.birth_date,
        "phone_number": person.phone.iter().collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::client::tests::client;
    use super::*;

    #[test]
    fn a_list_of_claims_asks_for_each_and_demands_none() {
        let asked = ClaimsAsked::read("name,family_name, birthdate,middle_name").unwrap();
        let (essential, voluntary) = asked.asked_for(&[], &client());
        assert!(essential.is_empty());
        assert_eq!(voluntary, ["name", "family_name", "birthdate"]);
        for other in ["", "x", "middle name", "name;email", "[\"name\"]"] {
            assert!(ClaimsAsked::read(other).is_err(), "{other}");
        }
    }

    #[test]
    fn names_come_in_each_language_that_is_asked_for() {
        let mut person = Person::with_number("2154189532");
        (person.given_name, person.family_name) = ("Grace".into(), "Amaro".into());
        person.names.insert("fra".into(), ["Grâce".into(), "Amaro".into()]);
        let claims = ["name".to_owned(), "individual_id".to_owned()].into();
        let told = |locales: &[&str]| {
            let locales: Vec<String> = locales.iter().map(|l| (*l).to_owned()).collect();
            Value::Object(told(&claims, &person, &client(), &locales))
        };
        assert_eq!(told(&[])["name"], "Grace Amaro");
        assert_eq!(told(&["fra"])["name"], "Grâce Amaro");
        let both = told(&["fra", "spa"]);
        assert_eq!(
            (&both["name#fra"], &both["name#spa"]),
            (&json!("Grâce Amaro"), &json!("Grace Amaro"))
        );
        assert!(both.get("name").is_none() && both["individual_id"] == "2154189532");
    }
}
