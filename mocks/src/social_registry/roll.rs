//! The social registry's roll: a row is a member of a household; rows with the same household make one.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::{Number, Value};
use standards::dci::records::{
    Address, AssistanceUnit, DisabilityInfo, EducationLevel, EmploymentStatus,
    FunctionalLimitation, FunctionalSeverity, GeoCoordinates, Group, Identifier, IdentifierType,
    MaritalStatus, Member, Name, Occupation, Person, Place, RelatedPerson, Relationship, Sex, kind,
};

use crate::kit::registry::codes::{Codes, EMPLOYMENT_STATUS, MARITAL_STATUS, SEX};
use crate::kit::registry::folded;
use crate::kit::roll::person::{misplaced, text};
use crate::kit::roll::{
    Cell, Column, Intake, Listed, Roll, Row, Unique, Wrong, needed, optional, parsed, shown,
};
use crate::kit::seed::places::{District, Province};
use crate::kit::store::unwritable;

/// What a member is to the head of the household (DCI `RelationshipTypeEnum`, those that the registry asks for).
const RELATIONSHIPS: Codes = &[
    ("SELF", "Head"),
    ("SPS", "Spouse"),
    ("CHILD", "Child"),
    ("GRNDCHILD", "Grandchild"),
    ("PRN", "Parent"),
    ("SIB", "Sibling"),
];

const COLUMNS: &[Column] = &[
    needed("household_id", &["household", "group_identifier"], Cell::Text),
    needed("uin", &["nid", "national_id", "id"], Cell::Uin),
    needed("relationship", &["role", "relation_to_head"], Cell::Code(RELATIONSHIPS)),
    needed("given_name", &["first_name", "forename"], Cell::Text),
    needed("surname", &["family_name", "last_name"], Cell::Text),
    needed("sex", &["gender"], Cell::Code(SEX)),
    needed("birth_date", &["date_of_birth", "dob", "birthdate"], Cell::Date),
    needed("marital_status", &["civil_status"], Cell::Code(MARITAL_STATUS)),
    needed("employment_status", &["employment"], Cell::Code(EMPLOYMENT_STATUS)),
    needed("is_disabled", &["disabled"], Cell::YesNo),
    optional("disability_limitation_type", &["limitation"], Cell::Text),
    optional("functional_severity", &["severity"], Cell::Text),
    optional("occupation", &[], Cell::Text),
    optional("income_level", &[], Cell::Text),
    optional("language_code", &["language"], Cell::Text),
    optional("education_level", &["education"], Cell::Text),
    optional("phone_number", &["phone", "telephone"], Cell::Phones),
    needed("poverty_score", &["score", "pmt"], Cell::Number),
    optional("address_line", &["address", "street", "address_line_1"], Cell::Text),
    needed("locality", &["community", "town", "village"], Cell::Text),
    needed("district", &["sub_region_code"], Cell::District),
    needed("region", &["province", "region_code"], Cell::Province),
    optional("latitude", &["lat"], Cell::Number),
    optional("longitude", &["lon", "lng"], Cell::Number),
    needed("registration_date", &["registered"], Cell::Date),
    needed("last_updated", &["updated"], Cell::Date),
];

/// What every row of a household must say alike.
const OF_THE_HOUSEHOLD: [&str; 6] =
    ["poverty_score", "address_line", "locality", "district", "registration_date", "last_updated"];

/// The social registry's roll.
pub(crate) static ROLL: Roll = Roll {
    columns: COLUMNS,
    unique: &[Unique { column: "uin", table: "member", at: "uin" }],
    begin: || Box::new(Households::default()),
    list,
};

/// An import under way: the households that it has made so far, by their own number.
#[derive(Default)]
struct Households {
    made: BTreeMap<String, Home>,
    last: Option<(i64, i64)>,
}

struct Home {
    number: i64,
    head: Option<(i64, String)>,
    size: u32,
    said: Vec<Option<String>>,
}

impl Intake for Households {
    fn enter(&mut self, db: &Connection, row: &Row<'_>) -> rusqlite::Result<Result<(), Wrong>> {
        if let Some(wrong) = contradiction(row) {
            return Ok(Err(wrong));
        }
        let (household, member) = self.numbers(db)?;
        let id = row.need("household_id").to_owned();
        if !self.made.contains_key(&id) {
            if exists(db, &id)? {
                let right = "a household that is not in the registry yet";
                return Ok(Err(Wrong::new("household_id", id, right)));
            }
            enter_household(db, household, row)?;
            self.last = Some((household, member - 1));
            let said = OF_THE_HOUSEHOLD.map(|column| row.get(column).map(str::to_owned)).into();
            self.made.insert(id.clone(), Home { number: household, head: None, size: 0, said });
        }
        let Some(home) = self.made.get_mut(&id) else { return Ok(Ok(())) };
        for (column, said) in OF_THE_HOUSEHOLD.into_iter().zip(&home.said) {
            if row.get(column) != said.as_deref() {
                let right = format!(
                    "{}, as on the household's first row",
                    said.as_deref().unwrap_or("nothing")
                );
                return Ok(Err(Wrong::new(column, row.get(column).unwrap_or_default(), right)));
            }
        }
        if row.need("relationship") == "SELF" {
            let head = (member, row.need("uin").to_owned());
            if home.head.replace(head).is_some() {
                let right = "one head in each household: the others are something to the head";
                return Ok(Err(Wrong::new("relationship", "SELF", right)));
            }
        }
        home.size += 1;
        enter_member(db, (home.number, member), row)?;
        self.last = Some((self.last.map_or(household, |(h, _)| h), member));
        Ok(Ok(()))
    }

    /// Every household has a head, to whom its members are something, and a size.
    fn finish(&mut self, db: &Connection) -> rusqlite::Result<Vec<Wrong>> {
        let mut wrong = Vec::new();
        for (id, home) in &self.made {
            let Some((head, uin)) = &home.head else {
                let right = "a household with a head: one member whose relationship is SELF";
                wrong.push(Wrong::new("household_id", id.as_str(), right));
                continue;
            };
            db.prepare_cached(
                "update household set head = $1, size = $2, record = json_set(record, '$.group_size', $2) where number = $3",
            )?
            .execute(params![head, home.size, home.number])?;
            db.prepare_cached(
                "update member set record = json_set(record, '$.related_person[0].related_member.identifier[0].identifier_value', $1)
                 where household = $2",
            )?
            .execute(params![uin, home.number])?;
        }
        Ok(wrong)
    }
}

impl Households {
    /// The numbers that a new household and a new member get.
    fn numbers(&mut self, db: &Connection) -> rusqlite::Result<(i64, i64)> {
        let last = |table: &str| {
            let sql = format!("select coalesce(max(number), 0) from {table}");
            db.query_row(&sql, [], |row| row.get::<_, i64>(0))
        };
        let (household, member) =
            if let Some(last) = self.last { last } else { (last("household")?, last("member")?) };
        Ok((household + 1, member + 1))
    }
}

fn exists(db: &Connection, household_id: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("select 1 from household where household_id = $1")?.exists([household_id])
}

fn contradiction(row: &Row<'_>) -> Option<Wrong> {
    if let Some(wrong) = misplaced(row) {
        return Some(wrong);
    }
    let score = row.need("poverty_score");
    let within = score.parse::<f64>().is_ok_and(|score| (0.0..=100.0).contains(&score));
    (!within).then(|| Wrong::new("poverty_score", score, "a number from 0 (poorest) to 100"))
}

fn enter_household(db: &Connection, number: i64, row: &Row<'_>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into household (number, household_id, head, poverty_score, size, region, district, locality, registered,
           updated, record) values ($1, $2, 0, $3, 0, $4, $5, $6, $7, $8, $9)",
    )?
    .execute(params![
        number,
        row.need("household_id"),
        row.need("poverty_score").parse::<f64>().unwrap_or_default(),
        row.need("region"),
        row.need("district"),
        folded(row.need("locality")),
        row.need("registration_date"),
        row.need("last_updated"),
        group(row).to_json().map_err(unwritable)?,
    ])?;
    Ok(())
}

fn enter_member(
    db: &Connection,
    (household, number): (i64, i64),
    row: &Row<'_>,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into member (number, household, uin, given_name, surname, sex, birth_date, marital_status, employment,
           disabled, registered, updated, record) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )?
    .execute(params![
        number,
        household,
        row.need("uin"),
        folded(row.need("given_name")),
        folded(row.need("surname")),
        row.need("sex"),
        row.need("birth_date"),
        row.need("marital_status"),
        row.need("employment_status"),
        row.need("is_disabled") == "yes",
        row.need("registration_date"),
        row.need("last_updated"),
        member(row).to_json().map_err(unwritable)?,
    ])?;
    Ok(())
}

fn number(row: &Row<'_>, column: &str) -> Option<Number> {
    Number::from_f64(row.get(column)?.parse().ok()?)
}

/// The household without its members: they are put in when it is answered.
fn group(row: &Row<'_>) -> Group {
    let named = |name: &str| Place::named(name).inner();
    let geo = GeoCoordinates {
        latitude: number(row, "latitude"),
        longitude: number(row, "longitude"),
        ..GeoCoordinates::default().inner()
    };
    let geo = Some(geo).filter(|geo| geo.latitude.is_some() && geo.longitude.is_some());
    let place = Place { geo, ..named(row.need("locality")) };
    let district = District::all().find(|d| d.code() == row.need("district"));
    let province = Province::all().find(|p| p.code() == row.need("region"));
    let place = match (district, province) {
        (Some(d), Some(p)) => place.within(named(d.name()).within(named(p.name()))),
        _ => place,
    };
    Group {
        ld_id: Some(format!("urn:arenoa:social-registry:{}", row.need("household_id"))),
        group_identifier: vec![Identifier::new("HOUSEHOLD_ID", row.need("household_id")).inner()],
        group_type: Some(AssistanceUnit::Household),
        geographical_location: Some(place),
        address: vec![address(row)],
        place_address: Some(true),
        poverty_score: number(row, "poverty_score"),
        poverty_score_type: Some("proxy means test, 0 poorest to 100 best off".into()),
        registration_date: text(row, "registration_date"),
        last_updated: text(row, "last_updated"),
        ..Group::default()
    }
    .called(kind::SOCIAL_GROUP)
}

fn address(row: &Row<'_>) -> Address {
    Address {
        address_line_1: text(row, "address_line"),
        locality: text(row, "locality"),
        sub_region_code: text(row, "district"),
        region_code: text(row, "region"),
        country_code: Some("QN".into()),
        ..Address::default().inner()
    }
}

fn member(row: &Row<'_>) -> Member {
    let uin = |value: &str| Identifier::new(IdentifierType::Uin, value).inner();
    let head = Person { identifier: vec![uin("")], ..Person::default() };
    let disability = DisabilityInfo {
        disability_limitation_type: text(row, "disability_limitation_type")
            .map(FunctionalLimitation::from),
        functional_severity: text(row, "functional_severity").map(FunctionalSeverity::from),
        ..DisabilityInfo::default().inner()
    };
    let disability = Some(disability).filter(|_| row.get("disability_limitation_type").is_some());
    Member {
        member_identifier: vec![uin(row.need("uin"))],
        demographic_info: Some(demographics(row)),
        related_person: vec![RelatedPerson {
            relationship_type: Some(Relationship::from(row.need("relationship"))),
            related_member: Some(head.called(kind::SOCIAL_PERSON).inner()),
            ..RelatedPerson::default().inner()
        }],
        is_disabled: Some(row.need("is_disabled") == "yes"),
        disability_info: disability.into_iter().collect(),
        marital_status: Some(MaritalStatus::from(row.need("marital_status"))),
        employment_status: Some(EmploymentStatus::from(row.need("employment_status"))),
        occupation: text(row, "occupation").map(Occupation::from),
        income_level: text(row, "income_level"),
        language_code: text(row, "language_code"),
        education_level: text(row, "education_level").map(EducationLevel::from),
        registration_date: text(row, "registration_date"),
        last_updated: text(row, "last_updated"),
        ..Member::default()
    }
    .called(kind::SOCIAL_MEMBER)
}

fn demographics(row: &Row<'_>) -> Person {
    Person {
        identifier: vec![Identifier::new(IdentifierType::Uin, row.need("uin")).inner()],
        name: Some(Name::of(row.need("given_name"), row.need("surname")).inner()),
        sex: Some(Sex::from(row.need("sex"))),
        birth_date: text(row, "birth_date"),
        address: vec![address(row)],
        phone_number: row.several("phone_number"),
        registration_date: text(row, "registration_date"),
        last_updated: text(row, "last_updated"),
        ..Person::default()
    }
    .called(kind::SOCIAL_PERSON)
}

fn list(db: &Connection, after: i64, limit: u32) -> rusqlite::Result<Vec<Listed>> {
    let mut query = db.prepare_cached(
        "select m.number, m.record, h.record from member as m join household as h on h.number = m.household
         where m.number > $1 order by m.number limit $2",
    )?;
    let mut rows = query.query(params![after, limit])?;
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        people.push((row.get(0)?, values(&parsed(row, 1)?, &parsed(row, 2)?)));
    }
    Ok(people)
}

/// Where the values of a row stand in the records of member and household, in the order of the columns.
const WAYS: [(bool, &str); 26] = [
    (false, "/group_identifier/0/identifier_value"),
    (true, "/member_identifier/0/identifier_value"),
    (true, "/related_person/0/relationship_type"),
    (true, "/demographic_info/name/given_name"),
    (true, "/demographic_info/name/surname"),
    (true, "/demographic_info/sex"),
    (true, "/demographic_info/birth_date"),
    (true, "/marital_status"),
    (true, "/employment_status"),
    (true, "/is_disabled"),
    (true, "/disability_info/0/disability_limitation_type"),
    (true, "/disability_info/0/functional_severity"),
    (true, "/occupation"),
    (true, "/income_level"),
    (true, "/language_code"),
    (true, "/education_level"),
    (true, "/demographic_info/phone_number"),
    (false, "/poverty_score"),
    (false, "/address/0/address_line_1"),
    (false, "/address/0/locality"),
    (false, "/address/0/sub_region_code"),
    (false, "/address/0/region_code"),
    (false, "/geographical_location/geo/latitude"),
    (false, "/geographical_location/geo/longitude"),
    (false, "/registration_date"),
    (false, "/last_updated"),
];

fn values(member: &Value, household: &Value) -> Vec<String> {
    let at = |(own, way): (bool, &str)| if own { member } else { household }.pointer(way);
    WAYS.map(|way| shown(at(way))).into()
}
