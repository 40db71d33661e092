//! POST /registry/sync/search and the answers of /registry/search (DCI v1.0.0, `SearchResponse`).

use jiff::civil::Date;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};
use serde_json::value::RawValue;
use standards::dci::query::Mode;
use standards::dci::search::{Page, SearchData, SearchItem, SearchResult};
use standards::dci::{ReasonCode, Status};

use super::book::Registry;
use super::message::BadItem;
use super::question::{
    LARGEST_PAGE, MOST_UNPAGED, NotAnswered, Question, References, code_of, question,
};
use super::refusal::short;

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
    /// The page that a question without one is answered with; none where it is answered whole.
    pub(super) page: Option<(u64, u64)>,
}

/// The answers to the items of a message, and whether a later page has more.
pub(super) struct Answers {
    pub(super) results: Vec<SearchResult<Record>>,
    pub(super) more: bool,
}

/// Answers every item.
pub(super) fn answer(
    db: &Connection,
    way: Way<'_>,
    items: &[Result<SearchItem, BadItem>],
) -> rusqlite::Result<Answers> {
    let mut references = References::default();
    let later = way.page.is_some_and(|(_, number)| number > 1);
    let mut answers = Answers { results: Vec::with_capacity(items.len()), more: false };
    for item in items {
        let asked = match item {
            Err(bad) => Err(NotAnswered::new(code_of(bad), &*bad.sentence)),
            Ok(item) => references
                .check(&item.reference_id, &item.timestamp)
                .and_then(|()| question(way.registry, item, way.mode, way.today)),
        };
        let answered = match asked {
            // A question with a page of its own is answered once.
            Ok(question) if later && question.page.is_some() => continue,
            Ok(question) => look_up(db, way, &question)?.inspect(|(_, page)| {
                let end = page.page_number.saturating_mul(page.page_size);
                let whole = way.page.is_some() && question.page.is_none();
                answers.more |= whole && end < page.total_count;
            }),
            Err(refused) => Err(refused),
        };
        let over = |(data, _): &(SearchData<Record>, Page)| data.reg_records.is_empty();
        if later && answered.as_ref().map_or(true, over) {
            continue;
        }
        let id = match item {
            Ok(item) => &item.reference_id,
            Err(bad) => &bad.reference_id,
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

type Outcome = Result<(SearchData<Record>, Page), NotAnswered>;

/// One page of the records meant, and how many there are in all.
fn look_up(db: &Connection, way: Way<'_>, question: &Question) -> rusqlite::Result<Outcome> {
    let page = question.page.or(way.page);
    let (size, number) = page.unwrap_or((MOST_UNPAGED, 1));
    let skip = size.saturating_mul(number - 1);
    // One more than the page holds tells whether counting is needed at all.
    let mut records = records(db, question, size + 1, skip)?;
    let seen = records.len() as u64;
    let total = match seen {
        _ if seen > size || (seen == 0 && number > 1) => count(db, question)?,
        _ => skip + seen,
    };
    if page.is_none() && total > MOST_UNPAGED {
        let sentence = format!(
            "{total} records are meant; narrow the question, or ask for pages of at most {LARGEST_PAGE}"
        );
        return Ok(Err(NotAnswered::new(ReasonCode::TooManyRecordsFound, sentence)));
    }
    records.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    let data = SearchData {
        version: Some("1.0.0".into()),
        reg_type: Some(way.registry.reg_type.into()),
        reg_event_type: None,
        reg_record_type: Some(question.called.clone()),
        reg_records: records,
    };
    // Without a page the whole answer is one page.
    let size = if page.is_none() { total.max(1) } else { size };
    Ok(Ok((data, Page { page_size: size, page_number: number, total_count: total })))
}

/// The statement that a question becomes; its last two parameters are the limit and the offset.
pub(super) fn statement(question: &Question) -> String {
    let Question { kind, condition, order, .. } = question;
    let next = condition.values.len() + 1;
    format!(
        "select {} from {} as r where {} order by {order}r.number limit ${next} offset ${}",
        kind.record,
        kind.table,
        condition.text,
        next + 1
    )
}

fn records(
    db: &Connection,
    question: &Question,
    limit: u64,
    skip: u64,
) -> rusqlite::Result<Vec<Record>> {
    let number = |n: u64| Sql::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let values = question.condition.values.iter().cloned().chain([number(limit), number(skip)]);
    let mut query = db.prepare_cached(&statement(question))?;
    let mut rows = query.query(params_from_iter(values))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(raw(row.get(0)?)?);
    }
    Ok(records)
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

/// A record as JSON; the archive holds nothing else.
pub(super) fn raw(text: String) -> rusqlite::Result<Record> {
    RawValue::from_string(text).map_err(|e| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, e.into())
    })
}
