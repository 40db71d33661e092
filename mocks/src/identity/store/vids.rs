//! Virtual numbers, and whom a typed number stands for.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use standards::ids::Vid as Number;

use super::logins::moment;
use super::people;
use crate::identity::model::id_type::handle;
use crate::identity::model::vid::{Bearer, Kind, State, Vid};
use crate::kit::store::next_number;

/// Numbers are drawn by steps of this size through the range below, so that they look drawn by lot and never repeat.
const STEP: i128 = 382_673_849_000_037;
const FIRST: i128 = 200_000_000_000_000;
const RANGE: i128 = 800_000_000_000_000;

const COLUMNS: &str = "vid, uin, kind, state, until, issued";

/// Whom `number` stands for: a UIN, or a virtual number that counts now.
pub(in crate::identity) fn bearer(
    db: &Connection,
    number: &str,
    now: Timestamp,
) -> rusqlite::Result<Bearer> {
    if let Some(vid) = find(db, number)? {
        let Some(person) = people::find(db, &vid.uin)? else { return Ok(Bearer::Nobody) };
        return Ok(match vid.state(now) {
            State::Active => Bearer::Is(Box::new(person), Some(vid.vid)),
            ended => Bearer::Ended(ended, Box::new(person)),
        });
    }
    let person = people::find(db, number)?;
    Ok(person.map_or(Bearer::Nobody, |person| Bearer::Is(Box::new(person), None)))
}

/// Whom a handle stands for.
pub(in crate::identity) fn holder(db: &Connection, text: &str) -> rusqlite::Result<Bearer> {
    let named = handle(text).map(|of| people::of_handle(db, of)).transpose()?;
    Ok(named.flatten().map_or(Bearer::Nobody, |person| Bearer::Is(Box::new(person), None)))
}

/// The virtual number `vid`.
pub(in crate::identity) fn find(db: &Connection, vid: &str) -> rusqlite::Result<Option<Vid>> {
    db.prepare_cached(&format!("select {COLUMNS} from vid where vid = $1"))?
        .query_row([vid], read)
        .optional()
}

/// The virtual numbers of a person, the newest first.
pub(in crate::identity) fn of(db: &Connection, uin: &str) -> rusqlite::Result<Vec<Vid>> {
    let mut query = db.prepare_cached(&format!(
        "select {COLUMNS} from vid where uin = $1 order by issued desc, vid"
    ))?;
    query.query_map([uin], read)?.collect()
}

/// Issues a virtual number that may be given out and that nobody has.
pub(in crate::identity) fn issue(
    tx: &Connection,
    uin: &str,
    (kind, until): (Kind, Option<Timestamp>),
    issued: &str,
) -> rusqlite::Result<Vid> {
    loop {
        let counted = i128::from(next_number(tx, "VID")?);
        let Ok(number) = Number::issued(&(counted * STEP % RANGE + FIRST).to_string()) else {
            continue;
        };
        let vid = number.to_string();
        if people::find(tx, &vid)?.is_some() {
            continue;
        }
        let set = State::Active;
        let vid = Vid { vid, uin: uin.into(), kind, set, until, issued: issued.into() };
        if add(tx, &vid)? {
            return Ok(vid);
        }
    }
}

fn add(tx: &Connection, vid: &Vid) -> rusqlite::Result<bool> {
    let added = tx
        .prepare_cached(&format!(
            "insert into vid ({COLUMNS}) values ($1, $2, $3, $4, $5, $6) on conflict (vid) do nothing"
        ))?
        .execute(params![
            vid.vid,
            vid.uin,
            vid.kind.word(),
            vid.set.word(),
            vid.until.map(|t| t.to_string()),
            vid.issued
        ])?;
    Ok(added == 1)
}

/// Sets where a virtual number stands.
pub(in crate::identity) fn set(tx: &Connection, vid: &str, state: State) -> rusqlite::Result<()> {
    tx.prepare_cached("update vid set state = $1 where vid = $2")?
        .execute(params![state.word(), vid])?;
    Ok(())
}

/// Uses a virtual number to prove somebody: false where it no longer counts, so that of many who try together one
/// succeeds with a number that is good for one use.
pub(in crate::identity) fn spend(
    tx: &Connection,
    vid: Option<&str>,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let Some(vid) = vid else { return Ok(true) };
    let Some(found) = find(tx, vid)? else { return Ok(false) };
    if found.state(now) != State::Active {
        return Ok(false);
    }
    if found.kind.once() {
        set(tx, vid, State::Used)?;
    }
    Ok(true)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Vid> {
    let (kind, state): (String, String) = (row.get(2)?, row.get(3)?);
    let until: Option<String> = row.get(4)?;
    Ok(Vid {
        vid: row.get(0)?,
        uin: row.get(1)?,
        kind: Kind::read(&kind).unwrap_or(Kind::Temporary),
        // A word that nobody of ours wrote ends the number rather than letting somebody in.
        set: State::read(&state).unwrap_or(State::Deactivated),
        until: until.map(|t| moment(&t)).transpose()?,
        issued: row.get(5)?,
    })
}
