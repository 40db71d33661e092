//! The civil registry's roll: what a row of a file becomes, and a person as a row again.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use rusqlite::{Connection, params};
use standards::dci::records::{
    Address, CrvsPerson, Identifier, IdentifierType, MaritalStatus, Name, Place, Sex,
};

use super::model::birth::LEAST_AGE;
use super::model::event::EventType;
use super::model::place::place as known_place;
use super::store::people::{self, updated};
use crate::kit::registry::codes::{MARITAL_STATUS, SEX};
use crate::kit::registry::folded;
use crate::kit::roll::person::misplaced;
use crate::kit::roll::{Cell, Column, Intake, Listed, Roll, Row, Unique, Wrong, needed, optional};
use crate::kit::store::unwritable;

const COLUMNS: &[Column] = &[
    // A newborn has none until Arenoa ID has issued it, and is named by its birth's number.
    optional("uin", &["nid", "national_id", "id"], Cell::Uin),
    optional("brn", &["birth_registration_number"], Cell::Entry("BRN")),
    optional("mrn", &["marriage_registration_number"], Cell::Entry("MRN")),
    optional("drn", &["death_registration_number"], Cell::Entry("DRN")),
    needed("given_name", &["first_name", "forename"], Cell::Text),
    needed("surname", &["family_name", "last_name"], Cell::Text),
    needed("sex", &["gender"], Cell::Code(SEX)),
    needed("birth_date", &["date_of_birth", "dob", "birthdate"], Cell::Date),
    needed("birth_place", &["place_of_birth"], Cell::Text),
    optional("death_date", &["date_of_death"], Cell::Date),
    optional("death_place", &["place_of_death"], Cell::Text),
    needed("marital_status", &["civil_status"], Cell::Code(MARITAL_STATUS)),
    optional("marriage_date", &["marriage_dates"], Cell::Dates),
    optional("divorce_date", &["divorce_dates"], Cell::Dates),
    optional("parent1", &["mother", "parent1_identifier"], Cell::Uin),
    optional("parent2", &["father", "parent2_identifier"], Cell::Uin),
    optional("address_line", &["address", "street", "address_line_1"], Cell::Text),
    needed("locality", &["community", "town", "village"], Cell::Text),
    needed("district", &["sub_region_code"], Cell::District),
    needed("region", &["province", "region_code"], Cell::Province),
    needed("registration_date", &["registered"], Cell::Date),
    optional("last_updated", &["updated"], Cell::Date),
];

/// The civil registry's roll.
pub(crate) static ROLL: Roll = Roll {
    columns: COLUMNS,
    unique: &[
        Unique { column: "uin", table: "person", at: "uin" },
        Unique { column: "brn", table: "person", at: "brn" },
        Unique { column: "drn", table: "person", at: "drn" },
    ],
    begin: || Box::new(Entries::default()),
    list,
};

/// An import under way.
#[derive(Default)]
struct Entries {
    today: Date,
    /// The number of the person entered last.
    last: Option<i64>,
    /// On which line each person stands who was entered.
    lines: BTreeMap<i64, u64>,
}

impl Intake for Entries {
    fn begins(&mut self, today: Date) {
        self.today = today;
    }

    fn enter(&mut self, db: &Connection, row: &Row<'_>) -> rusqlite::Result<Result<(), Wrong>> {
        if let Some(wrong) = contradiction(row, self.today) {
            return Ok(Err(wrong));
        }
        let number = match self.last {
            Some(last) => last + 1,
            None => {
                db.query_row("select coalesce(max(number), 0) + 1 from person", [], |r| r.get(0))?
            }
        };
        self.last = Some(number);
        self.lines.insert(number, row.line());
        let brn = if let Some(brn) = row.get("brn") {
            brn.to_owned()
        } else {
            let born = row.need("birth_date").parse().map_or(0, |date: Date| date.year());
            people::new_number(db, EventType::Birth, born)?
        };
        let record = record(row, &brn);
        db.prepare_cached(
            "insert into person (number, uin, brn, mrn, drn, given_name, surname, sex, birth_date, birth_place, death_date,
               marital_status, region, district, locality, registered, parent1, parent2, record, updated, divorce_date)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        )?
        .execute(params![
            number,
            row.get("uin"),
            brn,
            row.get("mrn"),
            row.get("drn"),
            folded(row.need("given_name")),
            folded(row.need("surname")),
            row.need("sex"),
            row.need("birth_date"),
            folded(row.need("birth_place")),
            row.get("death_date"),
            row.need("marital_status"),
            row.need("region"),
            row.need("district"),
            folded(row.need("locality")),
            row.need("registration_date"),
            row.get("parent1"),
            row.get("parent2"),
            record.to_json().map_err(unwritable)?,
            updated(&record),
            record.divorce_date.first(),
        ])?;
        Ok(Ok(()))
    }

    /// Parents are older than their children, whichever of them the file names first or the register knew before.
    fn finish(&mut self, db: &Connection) -> rusqlite::Result<Vec<Wrong>> {
        let Some((first, _)) = self.lines.first_key_value() else { return Ok(Vec::new()) };
        let mut wrong = Vec::new();
        for column in ["parent1", "parent2"] {
            for pair in too_close(db, column, *first)? {
                let line = |number| self.lines.get(number).copied();
                wrong.extend(match (line(&pair.child), line(&pair.parent)) {
                    (Some(line), _) => Some(pair.wrong_parent(column).on_line(line)),
                    (None, Some(line)) => Some(pair.wrong_birth().on_line(line)),
                    (None, None) => None,
                });
            }
        }
        Ok(wrong)
    }
}

/// A child and a parent who is not old enough to be one.
struct TooClose {
    child: i64,
    parent: i64,
    parent_uin: String,
    parent_born: String,
    child_brn: String,
    child_born: String,
}

impl TooClose {
    fn wrong_parent(&self, column: &'static str) -> Wrong {
        let right = format!(
            "somebody who is at least {LEAST_AGE} years older; this person was born on {}",
            self.parent_born
        );
        Wrong::new(column, self.parent_uin.as_str(), right)
    }

    fn wrong_birth(&self) -> Wrong {
        let right = format!(
            "a day at least {LEAST_AGE} years before the birth of the child {}, {}",
            self.child_brn, self.child_born
        );
        Wrong::new("birth_date", self.parent_born.as_str(), right)
    }
}

/// Children and parents, at least one of them entered as number `first` or later, who are too near in age.
fn too_close(db: &Connection, column: &'static str, first: i64) -> rusqlite::Result<Vec<TooClose>> {
    // Asked once from the new children and once from the new parents, so that neither reads the whole register.
    let pairs = |new: &str| {
        format!(
            "select c.number, p.number, p.uin, p.birth_date, c.brn, c.birth_date
             from person as c join person as p on p.uin = c.{column}
             where {new}"
        )
    };
    let sql = format!(
        "{} union all {} order by 1",
        pairs("c.number >= $1"),
        pairs("p.number >= $1 and c.number < $1")
    );
    let mut query = db.prepare_cached(&sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(TooClose {
            child: row.get(0)?,
            parent: row.get(1)?,
            parent_uin: row.get(2)?,
            parent_born: row.get(3)?,
            child_brn: row.get(4)?,
            child_born: row.get(5)?,
        })
    };
    let pairs = query.query_map([first], read)?;
    let too_close = |pair: &rusqlite::Result<TooClose>| {
        pair.as_ref().map_or(true, |pair| is_too_close(&pair.parent_born, &pair.child_born))
    };
    pairs.filter(too_close).collect()
}

/// Whether a parent's birth lies less than [`LEAST_AGE`] years before a child's. A day that cannot be read is told elsewhere.
fn is_too_close(parent: &str, child: &str) -> bool {
    let day = |text: &str| text.parse::<Date>().ok();
    let (Some(parent), Some(child)) = (day(parent), day(child)) else { return false };
    parent.saturating_add(i64::from(LEAST_AGE).years()) > child
}

/// What cannot be so although each value by itself can.
fn contradiction(row: &Row<'_>, today: Date) -> Option<Wrong> {
    if row.get("uin").is_none() && row.get("brn").is_none() {
        let right = "ten digits; only who has a brn may be without";
        return Some(Wrong::new("uin", "", right));
    }
    if let Some(wrong) = ahead(row, today).or_else(|| union(row)).or_else(|| parents(row)) {
        return Some(wrong);
    }
    let born = row.need("birth_date");
    if let Some(died) = row.get("death_date").filter(|date| *date < born) {
        let right = format!("a day not before the birth, {born}");
        return Some(Wrong::new("death_date", died, right));
    }
    if let Some(wrong) = misplaced(row) {
        return Some(wrong);
    }
    let both = row.get("death_date").is_some() == row.get("drn").is_some();
    let right = "the number of the entry where there is a death_date, and none where there is not";
    (!both).then(|| Wrong::new("drn", row.get("drn").unwrap_or_default(), right))
}

/// A birth or a death that is still to come.
fn ahead(row: &Row<'_>, today: Date) -> Option<Wrong> {
    let today = today.to_string();
    ["birth_date", "death_date"].into_iter().find_map(|column| {
        let date = row.get(column).filter(|date| *date > today.as_str())?;
        Some(Wrong::new(column, date, format!("a day not after today, {today}")))
    })
}

/// A marriage before the birth, or a divorce of which there is no marriage before.
fn union(row: &Row<'_>) -> Option<Wrong> {
    let born = row.need("birth_date");
    let sorted = |column: &str| {
        let mut dates = row.several(column);
        dates.sort_unstable();
        dates
    };
    let (marriages, divorces) = (sorted("marriage_date"), sorted("divorce_date"));
    if let Some(early) = marriages.iter().find(|date| date.as_str() < born) {
        let right = format!("a day not before the birth, {born}");
        return Some(Wrong::new("marriage_date", early.as_str(), right));
    }
    if divorces.len() > marriages.len() {
        let right = "no more divorces than there are days in marriage_date";
        return Some(Wrong::new("divorce_date", divorces.join(";"), right));
    }
    let (married, divorced) = marriages.iter().zip(&divorces).find(|(m, d)| d < m)?;
    let right = format!("a day not before the marriage, {married}");
    Some(Wrong::new("divorce_date", divorced.as_str(), right))
}

/// Somebody who is their own parent, or who has one parent twice.
fn parents(row: &Row<'_>) -> Option<Wrong> {
    let (one, other) = (row.get("parent1"), row.get("parent2"));
    for (column, parent) in [("parent1", one), ("parent2", other)] {
        if parent.is_some() && parent == row.get("uin") {
            let right = "somebody else: nobody is their own parent";
            return Some(Wrong::new(column, parent.unwrap_or_default(), right));
        }
    }
    let twice = other.filter(|_| one == other)?;
    Some(Wrong::new("parent2", twice, "somebody else than parent1, or nothing"))
}

fn record(row: &Row<'_>, brn: &str) -> CrvsPerson {
    let text = |column: &str| row.get(column).map(str::to_owned);
    let numbered = |kind, value: &str| Identifier::new(kind, value).inner();
    let uin = row.get("uin").map(|uin| numbered(IdentifierType::Uin, uin));
    let mut identifier: Vec<_> = uin.into_iter().collect();
    identifier.push(numbered(IdentifierType::Brn, brn));
    identifier.extend(row.get("mrn").map(|mrn| Identifier::new(IdentifierType::Mrn, mrn)));
    identifier.extend(row.get("drn").map(|drn| numbered(IdentifierType::Drn, drn)));
    let parent = |column| row.get(column).map(|uin| numbered(IdentifierType::Uin, uin));
    CrvsPerson {
        ld_id: Some(format!("urn:arenoa:civil-registry:{}", row.get("uin").unwrap_or(brn))),
        identifier,
        name: Some(Name::of(row.need("given_name"), row.need("surname")).inner()),
        sex: Some(Sex::from(row.need("sex"))),
        birth_date: text("birth_date"),
        birth_place: row.get("birth_place").map(known_place),
        death_date: text("death_date"),
        death_place: row.get("death_place").map(|name| Place::named(name).inner()),
        address: vec![
            Address {
                address_line_1: text("address_line"),
                locality: text("locality"),
                sub_region_code: text("district"),
                region_code: text("region"),
                country_code: Some("QN".into()),
                ..Address::default()
            }
            .inner(),
        ],
        registration_date: text("registration_date"),
        last_updated: text("last_updated").or_else(|| text("registration_date")),
        marital_status: Some(MaritalStatus::from(row.need("marital_status"))),
        marriage_date: row.several("marriage_date"),
        divorce_date: row.several("divorce_date"),
        parent1_identifier: parent("parent1"),
        parent2_identifier: parent("parent2"),
        ..CrvsPerson::default()
    }
}

fn list(db: &Connection, after: i64, limit: u32) -> rusqlite::Result<Vec<Listed>> {
    let mut query = db.prepare_cached(
        "select number, record from person where number > $1 order by number limit $2",
    )?;
    let mut rows = query.query(params![after, limit])?;
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(1)?;
        let record: CrvsPerson = serde_json::from_str(&text).map_err(|e| {
            rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, e.into())
        })?;
        people.push((row.get(0)?, values(&record)));
    }
    Ok(people)
}

fn values(record: &CrvsPerson) -> Vec<String> {
    let number = |kind: IdentifierType| {
        let found = record.identifier.iter().find(|i| i.identifier_type.as_ref() == Some(&kind));
        found.and_then(|i| i.identifier_value.clone()).unwrap_or_default()
    };
    let name = record.name.as_ref();
    let address = record.address.first();
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let place = |place: Option<&Place>| text(place.and_then(|p| p.name.as_ref()));
    let parent = |id: Option<&Identifier>| text(id.and_then(|i| i.identifier_value.as_ref()));
    vec![
        number(IdentifierType::Uin),
        number(IdentifierType::Brn),
        number(IdentifierType::Mrn),
        number(IdentifierType::Drn),
        text(name.and_then(|n| n.given_name.as_ref())),
        text(name.and_then(|n| n.surname.as_ref())),
        record.sex.as_ref().map(|s| s.as_str().to_owned()).unwrap_or_default(),
        text(record.birth_date.as_ref()),
        place(record.birth_place.as_ref()),
        text(record.death_date.as_ref()),
        place(record.death_place.as_ref()),
        record.marital_status.as_ref().map(|s| s.as_str().to_owned()).unwrap_or_default(),
        record.marriage_date.join(";"),
        record.divorce_date.join(";"),
        parent(record.parent1_identifier.as_ref()),
        parent(record.parent2_identifier.as_ref()),
        text(address.and_then(|a| a.address_line_1.as_ref())),
        text(address.and_then(|a| a.locality.as_ref())),
        text(address.and_then(|a| a.sub_region_code.as_ref())),
        text(address.and_then(|a| a.region_code.as_ref())),
        text(record.registration_date.as_ref()),
        text(record.last_updated.as_ref()),
    ]
}
