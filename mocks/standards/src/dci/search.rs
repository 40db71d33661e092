//! POST /registry/search, /registry/on-search and /registry/sync/search: `SearchRequest` and `SearchResponse` v1.0.0.

use super::codes::{ReasonCode, Status};
use super::null;
use super::object;
use super::query::{Filter, Mode, QueryError, parse};
use super::timestamp::DateTime;
use super::transaction_id::TransactionId;
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

open_code! {
    /// How `query` is written. The standard leaves `query` unlabelled, so this decides.
    QueryType {
        IdtypeValue = "idtype-value",
        Expression = "expression",
        Predicate = "predicate",
        Graphql = "graphql",
    }
}

open_code! {
    /// Direction of a sort.
    SortOrder { Asc = "asc", Desc = "desc" }
}

/// `message` of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchRequest {
    /// The caller's name for the conversation.
    pub transaction_id: TransactionId,
    /// One entry a question.
    #[serde(deserialize_with = "object::each")]
    pub search_request: Vec<SearchItem>,
}

/// One question of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchItem {
    /// The caller's name for the question; the answer repeats it.
    pub reference_id: String,
    /// When it was asked.
    pub timestamp: DateTime,
    /// What is asked.
    #[serde(deserialize_with = "object::read")]
    pub search_criteria: SearchCriteria,
    /// Where some clients put the page, outside the criteria; see [`SearchItem::page`].
    #[serde(
        default,
        deserialize_with = "object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub pagination: Option<PageRequest>,
    /// Language of the answer, three letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl SearchItem {
    /// The page asked for, wherever it was put; inside the criteria is where the standard defines it.
    pub fn page(&self) -> Option<PageRequest> {
        self.search_criteria.pagination.or(self.pagination)
    }
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchCriteria {
    /// Version of the criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Which registry, for example `ns:org:RegistryType:Civil`.
    #[serde(default, deserialize_with = "null::word", skip_serializing_if = "Option::is_none")]
    pub reg_type: Option<String>,
    /// Which kind of record is wanted (newest texts).
    #[serde(default, deserialize_with = "null::word", skip_serializing_if = "Option::is_none")]
    pub reg_record_type: Option<String>,
    /// Which event is wanted (the text of January 2025, in place of the record type).
    #[serde(default, deserialize_with = "null::word", skip_serializing_if = "Option::is_none")]
    pub reg_event_type: Option<String>,
    /// Whether households or persons should be answered (`Group`, `Member`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_entity: Option<String>,
    /// How `query` is written.
    pub query_type: QueryType,
    /// The question, in the words of `query_type`.
    pub query: Value,
    /// Order of the answer.
    #[serde(default, deserialize_with = "null::or_default", skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<Sort>,
    /// Which part of the answer.
    #[serde(
        default,
        deserialize_with = "object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub pagination: Option<PageRequest>,
    /// The person's consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Value>,
    /// The authority's permission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize: Option<Value>,
}

impl SearchCriteria {
    /// Criteria with nothing but a question.
    pub fn new(query_type: QueryType, query: Value) -> Self {
        Self {
            version: Some("1.0.0".to_owned()),
            reg_type: None,
            reg_record_type: None,
            reg_event_type: None,
            response_entity: None,
            query_type,
            query,
            sort: Vec::new(),
            pagination: None,
            consent: None,
            authorize: None,
        }
    }

    /// Criteria that look a person up by one identifier.
    pub fn by_identifier(kind: &str, value: &str) -> Self {
        Self::new(QueryType::IdtypeValue, serde_json::json!({"type": kind, "value": value}))
    }

    /// The question as a filter.
    pub fn filter(&self, mode: Mode) -> Result<Filter, QueryError> {
        parse(self.query_type.as_str(), &self.query, mode)
    }

    /// The record type, or the event type that stood in its place in January 2025.
    pub fn record_or_event_type(&self) -> Option<&str> {
        self.reg_record_type.as_deref().or(self.reg_event_type.as_deref())
    }
}

/// One key of the order of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sort {
    /// By which attribute.
    pub attribute_name: String,
    /// In which direction; ascending where it is not said.
    #[serde(default = "ascending", deserialize_with = "ascending_or_said")]
    pub sort_order: SortOrder,
}

fn ascending() -> SortOrder {
    SortOrder::Asc
}

fn ascending_or_said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SortOrder, D::Error> {
    Option::deserialize(deserializer).map(|order| order.unwrap_or(SortOrder::Asc))
}

/// The page asked for, as it was written. [`PageRequest::checked`] refuses the impossible ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageRequest {
    /// Records a page.
    #[serde(deserialize_with = "null::whole")]
    pub page_size: i64,
    /// Which page, counted from 1.
    #[serde(default = "first_page", deserialize_with = "null::whole_or_one")]
    pub page_number: i64,
}

fn first_page() -> i64 {
    1
}

/// A page that cannot be: refused with `rjct.pagination.invalid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPage {
    /// No or fewer records.
    #[error("page_size is {0}: ask for at least 1 record a page")]
    Size(i64),
    /// Before the first page.
    #[error("page_number is {0}: pages count from 1")]
    Number(i64),
}

impl PageRequest {
    /// Size and number (from 1), where both make sense.
    pub fn checked(self) -> Result<(u64, u64), InvalidPage> {
        let size = u64::try_from(self.page_size).ok().filter(|size| *size > 0);
        let number = u64::try_from(self.page_number).ok().filter(|number| *number > 0);
        match (size, number) {
            (None, _) => Err(InvalidPage::Size(self.page_size)),
            (_, None) => Err(InvalidPage::Number(self.page_number)),
            (Some(size), Some(number)) => Ok((size, number)),
        }
    }
}

/// `message` of an answered search. `R` is the record; [`Value`] reads any registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchResponse<R = Value> {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack.
    pub correlation_id: String,
    /// One entry a question.
    pub search_response: Vec<SearchResult<R>>,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchResult<R = Value> {
    /// As in the question.
    pub reference_id: String,
    /// When it was answered.
    pub timestamp: DateTime,
    /// How it went. An empty answer is `succ`: no code says "no records".
    pub status: Status,
    /// Why not, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<ReasonCode>,
    /// Why not, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// The records; absent where the question was refused or still waits.
    #[serde(default = "Option::<SearchData<R>>::default", skip_serializing_if = "Option::is_none")]
    pub data: Option<SearchData<R>>,
    /// Which part of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Page>,
    /// Language of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// The records of one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchData<R = Value> {
    /// Version of the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Which registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_type: Option<String>,
    /// Which event (January 2025).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_event_type: Option<String>,
    /// Which kind of record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_record_type: Option<String>,
    /// The records. Written as an array; a single object, as older texts have it, is read as one record.
    #[serde(
        deserialize_with = "crate::one_or_many::read",
        bound(deserialize = "R: Deserialize<'de>")
    )]
    pub reg_records: Vec<R>,
}

/// Which part of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// Records a page.
    pub page_size: u64,
    /// Which page, counted from 1.
    pub page_number: u64,
    /// How many records there are in all: clients page until they have this many.
    pub total_count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(more: &Value) -> SearchItem {
        let mut item = json!({"reference_id": "R-1", "timestamp": "2026-01-05T09:00:00Z",
            "search_criteria": {"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}}});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(item).unwrap()
    }

    #[test]
    fn a_page_is_found_beside_the_criteria_as_well_as_inside() {
        let beside = item(&json!({"pagination": {"page_size": 5}}));
        assert_eq!(beside.page().unwrap().checked(), Ok((5, 1)));
        assert_eq!(item(&json!({})).page(), None);
    }

    #[test]
    fn impossible_pages_are_refused_with_what_would_be_right() {
        let refuse = |page_size, page_number| {
            PageRequest { page_size, page_number }.checked().unwrap_err().to_string()
        };
        assert_eq!(refuse(0, 1), "page_size is 0: ask for at least 1 record a page");
        assert_eq!(refuse(-1, 1), "page_size is -1: ask for at least 1 record a page");
        assert_eq!(refuse(10, 0), "page_number is 0: pages count from 1");
    }

    #[test]
    fn the_record_type_may_be_called_event_type() {
        let mut criteria = SearchCriteria::by_identifier("BRN", "B-1");
        assert_eq!(criteria.record_or_event_type(), None);
        criteria.reg_event_type = Some("birth".into());
        assert_eq!(criteria.record_or_event_type(), Some("birth"));
        criteria.reg_record_type = Some("Person".into());
        assert_eq!(criteria.record_or_event_type(), Some("Person"));
    }

    #[test]
    fn records_are_written_as_an_array_and_a_single_object_is_read_as_one() {
        let data: SearchData = serde_json::from_value(json!({"reg_records": {"a": 1}})).unwrap();
        assert_eq!(data.reg_records, [json!({"a": 1})]);
        assert_eq!(serde_json::to_value(&data).unwrap(), json!({"reg_records": [{"a": 1}]}));
    }
}
