//! The answer as readers of the farmer registry's official mock look for it: once more inside `message`, with the records
//! below `example`.

use serde::Serialize;
use standards::dci::search::{SearchData, SearchResponse, SearchResult};

/// `message` of an answered search, with itself inside.
#[derive(Debug, Serialize)]
pub(super) struct Nested<R> {
    #[serde(flatten)]
    answer: SearchResponse<R>,
    message: Inner<R>,
}

#[derive(Debug, Serialize)]
struct Inner<R> {
    search_response: Vec<Item<R>>,
}

#[derive(Debug, Serialize)]
struct Item<R> {
    /// Without its data, which stands beside it.
    #[serde(flatten)]
    result: SearchResult<R>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<R>>,
}

#[derive(Debug, Serialize)]
struct Data<R> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reg_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reg_event_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reg_record_type: Option<String>,
    reg_records: Records<R>,
}

#[derive(Debug, Serialize)]
struct Records<R> {
    example: Vec<R>,
}

impl<R: Clone> Nested<R> {
    /// The answer, and itself inside.
    pub(super) fn of(answer: SearchResponse<R>) -> Self {
        let search_response = answer.search_response.iter().map(Item::of).collect();
        Self { answer, message: Inner { search_response } }
    }
}

impl<R: Clone> Item<R> {
    fn of(result: &SearchResult<R>) -> Self {
        let mut result = result.clone();
        let data = result.data.take().map(Data::of);
        Self { result, data }
    }
}

impl<R> Data<R> {
    fn of(data: SearchData<R>) -> Self {
        let SearchData { version, reg_type, reg_event_type, reg_record_type, reg_records } = data;
        let reg_records = Records { example: reg_records };
        Self { version, reg_type, reg_event_type, reg_record_type, reg_records }
    }
}
