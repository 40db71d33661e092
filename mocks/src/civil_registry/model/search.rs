//! A search over events, read: clauses that all (or one of them) must hold, each a set of matchers (OpenCRVS 2).

use serde::Deserialize;
use serde_json::{Map, Value};

/// Pages are no longer than this.
const MOST: u32 = 100;
/// A question has no more matchers.
const MOST_MATCHERS: usize = 50;

/// A search that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) struct Question {
    /// Whether all clauses must hold, or one.
    pub(in crate::civil_registry) all: bool,
    pub(in crate::civil_registry) clauses: Vec<Vec<(Place, Matcher)>>,
    pub(in crate::civil_registry) limit: u32,
    pub(in crate::civil_registry) offset: u32,
    pub(in crate::civil_registry) sort: (Sort, bool),
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) enum Place {
    Column(&'static str),
    Flags,
    /// A field of the declaration.
    Field(String),
}

/// How it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) enum Matcher {
    Exact(String),
    /// Any word of the value begins so.
    Fuzzy(String),
    AnyOf(Vec<String>),
    Range(Option<String>, Option<String>),
    /// A place, or one inside it: P-codes begin with their surroundings'.
    Within(String),
}

/// What results are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::civil_registry) enum Sort {
    CreatedAt,
    UpdatedAt,
    DateOfEvent,
}

#[derive(Debug, Deserialize)]
struct Asked {
    query: Query,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    offset: u32,
    #[serde(default)]
    sort: Vec<SortAsked>,
}

#[derive(Debug, Deserialize)]
struct Query {
    #[serde(rename = "type")]
    kind: String,
    clauses: Vec<Map<String, Value>>,
}

#[derive(Debug, Deserialize)]
struct SortAsked {
    field: String,
    #[serde(default)]
    direction: String,
}

impl Question {
    /// Reads a request; the error says where it is wrong and what would be right.
    pub(in crate::civil_registry) fn read(body: &[u8]) -> Result<Self, String> {
        let mut reader = serde_json::Deserializer::from_slice(body);
        let asked: Asked = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| format!("at `{}`: {}", error.path(), error.inner()))?;
        let all = match asked.query.kind.as_str() {
            "and" => true,
            "or" => false,
            other => return Err(format!("at `query.type`: `{other}` is neither and nor or")),
        };
        let clauses: Vec<_> = asked.query.clauses.iter().map(clause).collect::<Result<_, _>>()?;
        let matchers = clauses.iter().map(Vec::len).sum::<usize>();
        if clauses.is_empty() || matchers == 0 || matchers > MOST_MATCHERS {
            return Err(format!(
                "at `query.clauses`: 1 to {MOST_MATCHERS} matchers make a question"
            ));
        }
        let limit = asked.limit.unwrap_or(10);
        if limit == 0 || limit > MOST {
            return Err(format!("at `limit`: a page has 1 to {MOST} results"));
        }
        let sort = asked.sort.first().map_or(Ok((Sort::UpdatedAt, true)), sort)?;
        Ok(Self { all, clauses, limit, offset: asked.offset, sort })
    }
}

fn sort(asked: &SortAsked) -> Result<(Sort, bool), String> {
    let by = match asked.field.as_str() {
        "createdAt" => Sort::CreatedAt,
        "updatedAt" => Sort::UpdatedAt,
        "dateOfEvent" => Sort::DateOfEvent,
        other => {
            return Err(format!("at `sort`: `{other}` is not createdAt, updatedAt or dateOfEvent"));
        }
    };
    Ok((by, asked.direction == "desc"))
}

fn clause(members: &Map<String, Value>) -> Result<Vec<(Place, Matcher)>, String> {
    let mut found = Vec::new();
    for (name, value) in members {
        if name == "data" {
            let fields = value.as_object().ok_or("at `data`: an object of fields and matchers")?;
            for (field, value) in fields {
                found.push((Place::Field(field.clone()), matcher(field, value)?));
            }
            continue;
        }
        let place = match name.as_str() {
            "id" => Place::Column("id"),
            "eventType" | "type" => Place::Column("kind"),
            "status" => Place::Column("status"),
            "trackingId" => Place::Column("tracking_id"),
            "dateOfEvent" => Place::Column("date_of_event"),
            "createdAt" => Place::Column("created_at"),
            "updatedAt" => Place::Column("updated_at"),
            "createdBy" => Place::Column("created_by"),
            "legalStatuses.REGISTERED.registrationNumber" => Place::Column("registration_number"),
            "flags" => Place::Flags,
            other => return Err(format!("`{other}` cannot be asked by here")),
        };
        found.push((place, matcher(name, value)?));
    }
    Ok(found)
}

fn matcher(name: &str, value: &Value) -> Result<Matcher, String> {
    const RIGHT: &str = r#"write {"type":"exact","term":"..."}, fuzzy, anyOf with terms, range with gte and lte, or within with location"#;
    let wrong = || format!("at `{name}`: {RIGHT}");
    if let Some(term) = value.as_str() {
        return Ok(Matcher::Exact(term.into()));
    }
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    match value["type"].as_str().ok_or_else(wrong)? {
        "exact" => text("term").map(Matcher::Exact).ok_or_else(wrong),
        "fuzzy" => text("term").map(Matcher::Fuzzy).ok_or_else(wrong),
        "anyOf" => {
            let terms = value["terms"].as_array().ok_or_else(wrong)?;
            let terms: Option<Vec<_>> =
                terms.iter().map(|term| term.as_str().map(str::to_owned)).collect();
            terms
                .filter(|terms| !terms.is_empty() && terms.len() <= 100)
                .map(Matcher::AnyOf)
                .ok_or_else(wrong)
        }
        "range" => match (text("gte"), text("lte")) {
            (None, None) => Err(wrong()),
            (from, to) => Ok(Matcher::Range(from, to)),
        },
        "within" => text("location").map(Matcher::Within).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(question: &Value) -> Result<Question, String> {
        Question::read(question.to_string().as_bytes())
    }

    #[test]
    fn a_question_is_read_with_its_matchers() {
        let question = read(&json!({"query": {"type": "and", "clauses": [{"eventType": "birth",
            "status": {"type": "exact", "term": "REGISTERED"},
            "data": {"child.dob": {"type": "range", "gte": "2026-10-01"}}}]}, "limit": 5}))
        .unwrap();
        assert_eq!(question.clauses[0].len(), 3);
        assert_eq!((question.limit, question.all), (5, true));
        let range = Matcher::Range(Some("2026-10-01".into()), None);
        assert!(question.clauses[0].contains(&(Place::Field("child.dob".into()), range)));
    }

    #[test]
    fn a_question_that_is_wrong_is_told_where() {
        let clauses = |clause: Value| json!({"query": {"type": "and", "clauses": [clause]}});
        for (question, words) in [
            (json!({}), "query"),
            (json!({"query": {"type": "xor", "clauses": []}}), "neither and nor or"),
            (json!({"query": {"type": "and", "clauses": []}}), "1 to 50 matchers"),
            (clauses(json!({"colour": "red"})), "`colour` cannot be asked by"),
            (clauses(json!({"status": {"type": "like", "term": "x"}})), "at `status`"),
            (clauses(json!({"data": {"child.dob": {"type": "range"}}})), "gte and lte"),
        ] {
            let wrong = read(&question).unwrap_err();
            assert!(wrong.contains(words), "{question}: {wrong}");
        }
    }
}
