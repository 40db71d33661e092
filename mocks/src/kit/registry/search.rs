//! POST /registry/sync/search and the answers of /registry/search (DCI v1.0.0, `SearchResponse`).

use jiff::civil::Date;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};
use serde_json::value::RawValue;
use standards::dci::query::Mode;
use standards::dci::records::v1::RecordKind;
use standards::dci::search::{Page, SearchData, SearchItem, SearchResult};
use standards::dci::{ReasonCode, Status};

use super::archive::{Place, Places};
use super::book::Registry;
use super::message::{BadItem, MOST_RECORDS};
use super::older;
use super::question::{
    LARGEST_PAGE, MOST_UNPAGED, NotAnswered, Question, References, code_of, question,
};
use super::refusal::short;
use super::sorting::{self, Held};
use super::sql::Condition;

/// A record as it stands in the archive.
pub(super) type Record = Box<RawValue>;

/// How a message is answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) registry: &'static Registry,
    pub(super) mode: Mode,
    pub(super) today: Date,
    /// The time that the answer carries.
    pub(super) at: &'a str,
    /// The older spelling that records are written in; none for the one of 2026.
    pub(super) older: Option<RecordKind>,
    /// Where a long answer stands; none where the answer is one message.
    pub(super) course: Option<Course<'a>>,
}

/// A long answer under way: which page comes now, and where its items stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course<'a> {
    pub(super) size: u64,
    pub(super) number: u64,
    pub(super) places: &'a Places,
}

/// The answers to the items of a message, and where those stand that a later page goes on with.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) results: Vec<SearchResult<Record>>,
    pub(super) next: Places,
}

/// Answers every item; of a long answer's later pages only those that go on.
pub(super) fn answer(
    db: &Connection,
    way: Way<'_>,
    items: &[Result<SearchItem, BadItem>],
) -> rusqlite::Result<Answers> {
    let mut references = References::default();
    let mut answers = Answers::default();
    let later = way.course.is_some_and(|course| course.number > 1);
    let mut left = MOST_RECORDS;
    for item in items {
        let (id, asked) = match item {
            Err(bad) => {
                let refused = NotAnswered::new(code_of(bad), &*bad.sentence);
                (&bad.reference_id, Err(refused))
            }
            Ok(item) => {
                let checked = references.check(&item.reference_id, &item.timestamp);
                let asked =
                    checked.and_then(|()| question(way.registry, item, way.mode, way.today));
                (&item.reference_id, asked)
            }
        };
        let place = way.course.and_then(|course| course.places.get(id));
        if later && (place.is_none() || asked.is_err()) {
            continue;
        }
        let answered = match (asked, way.course) {
            (Err(refused), _) => Err(refused),
            // A question with a page of its own is answered with it, and once.
            (Ok(question), Some(course)) if question.page.is_none() => {
                let (found, next) = part(db, way, &question, course, place)?;
                answers.next.extend(next.map(|next| (id.clone(), next)));
                Ok(found)
            }
            (Ok(question), _) => {
                let found = look_up(db, way, &question, left)?;
                left -= found.as_ref().map_or(0, |(data, _)| data.reg_records.len() as u64);
                found
            }
        };
        answers.results.push(result(id, way.at, answered));
    }
    Ok(answers)
}

fn result(reference_id: &str, at: &str, outcome: Outcome) -> SearchResult<Record> {
    let mut result = SearchResult {
        reference_id: reference_id.to_owned(),
        timestamp: at.into(),
        status: Status::Succ,
        status_reason_code: None,
        status_reason_message: None,
        data: None,
        pagination: None,
        locale: Some("eng".into()),
    };
    match outcome {
        Ok((data, page)) => {
            result.data = Some(data);
            result.pagination = Some(page);
        }
        Err(refused) => {
            result.status = Status::Rjct;
            result.status_reason_code = Some(refused.code);
            result.status_reason_message = Some(short(&refused.sentence));
        }
    }
    result
}

type Found = (SearchData<Record>, Page);
type Outcome = Result<Found, NotAnswered>;

/// One page of the records meant, and how many there are in all; refused where it holds more than the `left` records for
/// which the answer has room.
fn look_up(
    db: &Connection,
    way: Way<'_>,
    question: &Question,
    left: u64,
) -> rusqlite::Result<Outcome> {
    let (size, number) = question.page.unwrap_or((MOST_UNPAGED, 1));
    let skip = size.saturating_mul(number - 1);
    // One more than the page holds tells whether counting is needed at all.
    let wanted = size.min(left) + 1;
    let mut rows = records(db, way, question, (wanted, From::Skip(skip)))?.records;
    let seen = rows.len() as u64;
    if seen > left && size > left {
        let sentence = format!(
            "one message is answered with at most {MOST_RECORDS} records, and the items before took most of them; ask for this in a message of its own"
        );
        return Ok(Err(NotAnswered::new(ReasonCode::TooManyRecordsFound, sentence)));
    }
    let total = match seen {
        _ if seen > size || (seen == 0 && number > 1) => count(db, question)?,
        _ => skip + seen,
    };
    if question.page.is_none() && total > MOST_UNPAGED {
        let sentence = format!(
            "{total} records are meant; narrow the question, or ask for pages of at most {LARGEST_PAGE}"
        );
        return Ok(Err(NotAnswered::new(ReasonCode::TooManyRecordsFound, sentence)));
    }
    rows.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    // Without a page the whole answer is one page.
    let size = if question.page.is_none() { total.max(1) } else { size };
    let page = Page { page_size: size, page_number: number, total_count: total };
    Ok(Ok((data(way, question, rows), page)))
}

/// The next part of a long answer, and where the one behind it begins. The archive is asked for one page at a time, from
/// the record behind the last one that was sent; the total is counted once, so that it stays what the first page said.
fn part(
    db: &Connection,
    way: Way<'_>,
    question: &Question,
    course: Course<'_>,
    place: Option<&Place>,
) -> rusqlite::Result<(Found, Option<Place>)> {
    let sent = place.map_or(0, |place| place.sent);
    let from = place.map_or(From::Skip(0), |place| From::Behind(place.after, &place.held));
    let wanted = match place {
        Some(place) => course.size.min(place.total.saturating_sub(sent)),
        None => course.size + 1,
    };
    let mut rows = records(db, way, question, (wanted, from))?;
    let total = match place {
        Some(place) => place.total,
        None if rows.records.len() as u64 > course.size => count(db, question)?,
        None => rows.records.len() as u64,
    };
    let size = usize::try_from(course.size).unwrap_or(usize::MAX);
    rows.records.truncate(size);
    rows.places.truncate(size);
    let sent = sent + rows.records.len() as u64;
    let last = rows.places.pop().filter(|_| sent < total);
    let next = last.map(|(after, held)| Place { after, held, sent, total });
    let page = Page { page_size: course.size, page_number: course.number, total_count: total };
    Ok(((data(way, question, rows.records), page), next))
}

fn data(way: Way<'_>, question: &Question, reg_records: Vec<Record>) -> SearchData<Record> {
    SearchData {
        version: Some("1.0.0".into()),
        reg_type: Some(way.registry.reg_type.into()),
        reg_event_type: None,
        reg_record_type: Some(question.called.clone()),
        reg_records,
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy)]
enum From<'a> {
    /// Behind so many records.
    Skip(u64),
    /// Behind the record with this number, and what it has where it is sorted by: the archive need not pass over those before
    /// it, and what was entered meanwhile moves none.
    Behind(i64, &'a [Held]),
}

/// Records with their numbers and what they have where they are sorted by.
struct Rows {
    records: Vec<Record>,
    places: Vec<(i64, Vec<Held>)>,
}

/// The statement that a question becomes; its last two parameters are the limit and the offset.
pub(super) fn statement(question: &Question) -> String {
    let Question { kind, condition, order, .. } = question;
    let next = condition.values.len() + 1;
    format!(
        "select {}, r.number{} from {} as r where {} order by {}r.number limit ${next} offset ${}",
        kind.record,
        sorting::columns(order),
        kind.table,
        condition.text,
        sorting::order(order),
        next + 1
    )
}

/// The same for the later pages of a long answer, with the condition where they begin; the last parameter is the limit.
fn later_statement(question: &Question, condition: &Condition) -> String {
    let Question { kind, order, .. } = question;
    let next = condition.values.len() + 1;
    format!(
        "select {}, r.number{} from {} as r where {} order by {}r.number limit ${next}",
        kind.record,
        sorting::columns(order),
        kind.table,
        condition.text,
        sorting::order(order)
    )
}

fn records(
    db: &Connection,
    way: Way<'_>,
    question: &Question,
    (limit, from): (u64, From<'_>),
) -> rusqlite::Result<Rows> {
    let number = |n: u64| Sql::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let (sql, values) = match from {
        From::Skip(skip) => {
            let last = [number(limit), number(skip)];
            (statement(question), [&question.condition.values[..], &last].concat())
        }
        From::Behind(after, held) => {
            let condition = sorting::behind(question.scanned(), &question.order, (after, held));
            let sql = later_statement(question, &condition);
            (sql, [condition.values, vec![number(limit)]].concat())
        }
    };
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query(params_from_iter(values))?;
    let mut found = Rows { records: Vec::new(), places: Vec::new() };
    while let Some(row) = rows.next()? {
        found.records.push(older::spelled(way.older, row.get(0)?)?);
        found.places.push((row.get(1)?, sorting::held(&question.order, row, 2)?));
    }
    Ok(found)
}

/// How many records are meant.
fn count(db: &Connection, question: &Question) -> rusqlite::Result<u64> {
    let Question { kind, condition, .. } = question;
    let sql = format!("select count(*) from {} as r where {}", kind.table, condition.text);
    let count: i64 = db
        .prepare_cached(&sql)?
        .query_row(params_from_iter(condition.values.iter()), |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}
