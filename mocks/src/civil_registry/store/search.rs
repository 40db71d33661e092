//! Searches over events, as SQL. Names of columns come from our own source, values are bound.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use super::events::{Kept, read};
use crate::civil_registry::model::search::{Matcher, Place, Question, Sort};
use crate::kit::registry::folded;

/// How many events match, and those of the page that is asked for.
pub(in crate::civil_registry) fn found(
    db: &Connection,
    question: &Question,
) -> rusqlite::Result<(i64, Vec<Kept>)> {
    let mut condition = Condition::default();
    let glue = if question.all { " and " } else { " or " };
    let clauses: Vec<String> = question
        .clauses
        .iter()
        .filter(|clause| !clause.is_empty())
        .map(|clause| {
            let parts: Vec<_> =
                clause.iter().map(|(place, matcher)| condition.part(place, matcher)).collect();
            format!("({})", parts.join(" and "))
        })
        .collect();
    let filter = clauses.join(glue);
    let count = format!("select count(*) from event as e where {filter}");
    let total = db
        .prepare_cached(&count)?
        .query_row(params_from_iter(&condition.values), |row| row.get(0))?;
    let order = match question.sort.0 {
        Sort::CreatedAt => "e.created_at",
        Sort::UpdatedAt => "e.updated_at",
        Sort::DateOfEvent => "e.date_of_event",
    };
    let direction = if question.sort.1 { "desc" } else { "asc" };
    let limit = condition.bind(Sql::Integer(question.limit.into()));
    let offset = condition.bind(Sql::Integer(question.offset.into()));
    let sql = format!(
        "select e.number, e.document, e.undo from event as e where {filter}
         order by {order} {direction}, e.number {direction} limit {limit} offset {offset}"
    );
    let mut query = db.prepare_cached(&sql)?;
    let kept = query.query_map(params_from_iter(&condition.values), read)?;
    Ok((total, kept.collect::<rusqlite::Result<_>>()?))
}

#[derive(Default)]
struct Condition {
    values: Vec<Sql>,
}

impl Condition {
    fn bind(&mut self, value: Sql) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn part(&mut self, place: &Place, matcher: &Matcher) -> String {
        match place {
            Place::Column(column) => self.compare(&format!("e.{column}"), matcher, false),
            Place::Flags => self.flags(matcher),
            Place::Field(name) => {
                let name = self.bind(Sql::Text(name.clone()));
                let compare = self.compare("f.value", matcher, true);
                format!(
                    "exists (select 1 from event_field as f where f.event = e.number and f.name = {name} and {compare})"
                )
            }
        }
    }

    /// Fields are kept in small letters, columns as they are.
    fn compare(&mut self, column: &str, matcher: &Matcher, small: bool) -> String {
        let text = |text: &String| Sql::Text(if small { folded(text) } else { text.clone() });
        match matcher {
            Matcher::Exact(term) => format!("{column} = {}", self.bind(text(term))),
            Matcher::Fuzzy(term) => {
                let term = folded(term).replace(['%', '_'], "");
                let begins = self.bind(Sql::Text(format!("{term}%")));
                let inside = self.bind(Sql::Text(format!("% {term}%")));
                format!("(lower({column}) like {begins} or lower({column}) like {inside})")
            }
            Matcher::AnyOf(terms) => {
                let places: Vec<_> = terms.iter().map(|term| self.bind(text(term))).collect();
                format!("{column} in ({})", places.join(", "))
            }
            Matcher::Range(from, to) => {
                let mut parts = Vec::new();
                if let Some(from) = from {
                    parts.push(format!("{column} >= {}", self.bind(text(from))));
                }
                if let Some(to) = to {
                    parts.push(format!("{column} <= {}", self.bind(text(to))));
                }
                format!("({})", parts.join(" and "))
            }
            Matcher::Within(place) => {
                let place = folded(place).replace(['%', '_'], "");
                let begins = self.bind(Sql::Text(format!("{place}%")));
                format!("lower({column}) like {begins}")
            }
        }
    }

    fn flags(&mut self, matcher: &Matcher) -> String {
        let terms = match matcher {
            Matcher::Exact(term) | Matcher::Fuzzy(term) | Matcher::Within(term) => vec![term],
            Matcher::AnyOf(terms) => terms.iter().collect(),
            Matcher::Range(..) => Vec::new(),
        };
        let mut parts = vec![String::from("1 = 0")];
        for term in terms {
            let flag = term.replace(['%', '_', ' '], "");
            let flag = self.bind(Sql::Text(format!("% {flag} %")));
            parts.push(format!("e.flags like {flag}"));
        }
        format!("({})", parts.join(" or "))
    }
}
