//! The columns of a roll that tell who somebody is, and the person that they make.

use standards::dci::records::{Address, Kind, MaritalStatus, Member, Name, Person, Sex};

use super::{Row, Wrong};
use crate::kit::registry::portrait;

/// The columns of a person who stands as a member at `$at` of a record, the registry's own columns, and `more`; `$how` is
/// `needed` where every record tells name, sex and birth, and else `optional`.
macro_rules! columns_with_a_person {
    ($at:literal, $how:ident, $($own:expr),+ $(,)?) => {{
        use $crate::kit::registry::codes::SEX;
        use $crate::kit::roll::{Cell, MORE, needed, optional};
        macro_rules! who {
            ($way:literal) => { concat!($at, "/demographic_info/", $way) };
        }
        &[
            needed("uin", &["nid", "national_id", "id"], Cell::Uin)
                .at(concat!($at, "/member_identifier/0/identifier_value")),
            $how("given_name", &["first_name", "forename"], Cell::Text).at(who!("name/given_name")),
            $how("surname", &["family_name", "last_name"], Cell::Text).at(who!("name/surname")),
            $how("sex", &["gender"], Cell::Code(SEX)).at(who!("sex")),
            $how("birth_date", &["date_of_birth", "dob", "birthdate"], Cell::Date)
                .at(who!("birth_date")),
            optional("phone_number", &["phone", "telephone"], Cell::Phones)
                .at(who!("phone_number")),
            optional("address_line", &["address", "street", "address_line_1"], Cell::Text)
                .at(who!("address/0/address_line_1")),
            optional("locality", &["community", "town", "village"], Cell::Text)
                .at(who!("address/0/locality")),
            optional("district", &["sub_region_code"], Cell::District)
                .at(who!("address/0/sub_region_code")),
            optional("region", &["province", "region_code"], Cell::Province)
                .at(who!("address/0/region_code")),
            $($own,)+
            MORE,
        ]
    }};
}
pub(crate) use columns_with_a_person;

/// The text in a column, where there is one.
pub fn text(row: &Row<'_>, column: &str) -> Option<String> {
    row.get(column).map(str::to_owned)
}

/// The person of a row, whom a registry calls `kind`.
pub fn person(row: &Row<'_>, kind: Kind) -> Person {
    let named = row.get("given_name").is_some() || row.get("surname").is_some();
    let name = Name {
        given_name: text(row, "given_name"),
        surname: text(row, "surname"),
        ..Name::default().inner()
    };
    Person {
        identifier: vec![portrait::uin(row.need("uin"))],
        name: named.then_some(name),
        sex: row.get("sex").map(Sex::from),
        birth_date: text(row, "birth_date"),
        address: home(row).into_iter().collect(),
        phone_number: row.several("phone_number"),
        registration_date: text(row, "registration_date"),
        last_updated: text(row, "last_updated"),
        ..Person::default()
    }
    .called(kind)
    .inner()
}

/// The same person as a member; `kinds` are the registry's words for a member and a person.
pub fn member(row: &Row<'_>, kinds: (Kind, Kind)) -> Member {
    Member {
        member_identifier: vec![portrait::uin(row.need("uin"))],
        demographic_info: Some(person(row, kinds.1)),
        marital_status: row.get("marital_status").map(MaritalStatus::from),
        registration_date: text(row, "registration_date"),
        last_updated: text(row, "last_updated"),
        ..Member::default()
    }
    .called(kinds.0)
    .inner()
}

fn home(row: &Row<'_>) -> Option<Address> {
    let told = ["address_line", "locality", "district", "region"].map(|column| text(row, column));
    if told.iter().all(Option::is_none) {
        return None;
    }
    let [address_line_1, locality, sub_region_code, region_code] = told;
    let country_code = Some("QN".into());
    let address = Address {
        address_line_1,
        locality,
        sub_region_code,
        region_code,
        country_code,
        ..Address::default()
    };
    Some(address.inner())
}

/// A district of another region.
pub fn misplaced(row: &Row<'_>) -> Option<Wrong> {
    let (district, region) = (row.get("district")?, row.get("region")?);
    let right = || format!("a district of {region}");
    (!district.starts_with(region)).then(|| Wrong::new("district", district, right()))
}
