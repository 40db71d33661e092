//! The archive of the farmer registry: one line a farmer, with the record as it is answered, and lines to ask by.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, params};
use standards::dci::records::{FarmInfo, FarmType, FarmerPerson, LandTenure};

use super::model::{hectares_of, plot_of};
use crate::kit::registry::folded;
use crate::kit::registry::portrait::Traits;
use crate::kit::store::unwritable;

/// The farmer with that number: number in the archive, and record.
pub(super) fn farmer(db: &Connection, uin: &str) -> rusqlite::Result<Option<(i64, FarmerPerson)>> {
    let sql = "select number, record from farmer where uin = $1";
    read(
        db.prepare_cached(sql)?
            .query_row([uin], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?,
    )
}

/// The farmer who has that plot.
pub(super) fn farmer_on(
    db: &Connection,
    plot: &str,
) -> rusqlite::Result<Option<(i64, FarmerPerson)>> {
    let sql = "select f.number, f.record from plot as p join farmer as f on f.number = p.farmer where p.plot = $1";
    let mut query = db.prepare_cached(sql)?;
    read(query.query_row([plot], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn read(found: Option<(i64, String)>) -> rusqlite::Result<Option<(i64, FarmerPerson)>> {
    let Some((number, record)) = found else { return Ok(None) };
    let record = serde_json::from_str(&record)
        .map_err(|e| Error::FromSqlConversionFailure(1, Type::Text, e.into()))?;
    Ok(Some((number, record)))
}

/// Keeps a farmer, new or changed, and gives the number in the archive.
pub(super) fn keep(db: &Connection, record: &FarmerPerson) -> rusqlite::Result<i64> {
    let nameless = || Error::ToSqlConversionFailure("a farmer has no UIN or no FARMER_ID".into());
    let member = record.farmer_personal_details.as_ref().ok_or_else(nameless)?;
    let about = Traits::of(&member.member_identifier, member.demographic_info.as_ref())
        .ok_or_else(nameless)?;
    let farmer_id = member.member_identifier.iter().find(|id| id.is_a("FARMER_ID"));
    let farmer_id = farmer_id.and_then(|id| id.identifier_value.clone()).ok_or_else(nameless)?;
    let json = record.to_json().map_err(unwritable)?;
    let number = db
        .prepare_cached(
            "insert into farmer (uin, farmer_id, given_name, surname, sex, birth_date, region, district, locality, farm_type,
               hectares, irrigated, registered, updated, record)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
             on conflict (uin) do update set farm_type = excluded.farm_type, hectares = excluded.hectares,
               irrigated = excluded.irrigated, updated = excluded.updated, record = excluded.record
             returning number",
        )?
        .query_row(
            params![
                about.uin,
                farmer_id,
                about.given_name,
                about.surname,
                about.sex,
                about.birth_date,
                about.region,
                about.district,
                about.locality,
                record.farm_type.as_ref().map(FarmType::as_str),
                record.farm_details.iter().filter_map(hectares_of).sum::<f64>(),
                crops(record).any(|crop| crop.irrigation == Some(true)),
                record.registration_date,
                record.last_updated,
                json,
            ],
            |row| row.get(0),
        )?;
    keep_plots(db, number, &record.farm_details)?;
    keep_words(db, number, record)?;
    Ok(number)
}

fn keep_plots(db: &Connection, number: i64, plots: &[FarmInfo]) -> rusqlite::Result<()> {
    db.prepare_cached("delete from plot where farmer = $1")?.execute([number])?;
    let mut insert = db.prepare_cached(
        "insert into plot (plot, farmer, hectares, tenure, region) values ($1, $2, $3, $4, $5)",
    )?;
    for info in plots {
        let region = info.more.get("region_code").and_then(serde_json::Value::as_str);
        let tenure = info.land_tenure.as_ref().map(LandTenure::as_str);
        insert.execute(params![plot_of(info), number, hectares_of(info), tenure, region])?;
    }
    Ok(())
}

fn keep_words(db: &Connection, number: i64, record: &FarmerPerson) -> rusqlite::Result<()> {
    db.prepare_cached("delete from crop_word where farmer = $1")?.execute([number])?;
    db.prepare_cached("delete from water_word where farmer = $1")?.execute([number])?;
    let mut crop_word =
        db.prepare_cached("insert into crop_word (farmer, word) values ($1, $2)")?;
    let mut water_word =
        db.prepare_cached("insert into water_word (farmer, word) values ($1, $2)")?;
    for crop in crops(record) {
        let code = crop.crop_type_name.iter().flat_map(|c| [c.as_str(), c.label()]);
        for word in code.chain(crop.variety.as_deref()) {
            crop_word.execute(params![number, folded(word)])?;
        }
        for word in crop.irrigation_water.iter().flat_map(|w| [w.as_str(), w.label()]) {
            water_word.execute(params![number, folded(word)])?;
        }
    }
    Ok(())
}

fn crops(record: &FarmerPerson) -> impl Iterator<Item = &standards::dci::records::CropDetails> {
    let activities = record.farm_details.iter().filter_map(|f| f.farming_activities.as_ref());
    activities.flat_map(|a| &a.crop_production)
}
