//! Somebody whom a registry meets for the first time: the civil registry says who it is (DCI CRVS v1.0.0, `sync/search`).

use standards::dci::records::CrvsPerson;
use standards::dci::search::{SearchCriteria, SearchItem, SearchRequest, SearchResponse};
use standards::dci::{Action, Status, TransactionId};

use crate::kit::courier::Errand;
use crate::kit::dci;

/// Why somebody cannot be taken into a registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    #[error("nobody in the civil registry has the number {0}")]
    Unknown(String),
    #[error("the civil registry records that {0} died on {1}")]
    Dead(String, String),
    #[error("the civil registry has not said who this is, so nobody is registered: {0}")]
    Silent(String),
}

impl NotTaken {
    /// The HTTP status that a counter answers with.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unknown(_) => 404,
            Self::Dead(..) => 409,
            Self::Silent(_) => 503,
        }
    }
}

/// The civil registry's record of a living person.
pub async fn newcomer(errand: &Errand, uin: &str) -> Result<CrvsPerson, NotTaken> {
    let silent = |why: &dyn ToString| NotTaken::Silent(why.to_string());
    let mut criteria = SearchCriteria::by_identifier("UIN", uin);
    criteria.reg_type = Some("ns:org:RegistryType:Civil".into());
    let message = SearchRequest {
        transaction_id: TransactionId::from(errand.office.next_id("TXN")),
        search_request: vec![SearchItem {
            reference_id: errand.office.next_id("REF"),
            timestamp: errand.stamp().into(),
            search_criteria: criteria,
            pagination: None,
            locale: Some("eng".into()),
        }],
    };
    let (part, path) = ("civil_registry", "/registry/sync/search");
    let asked = dci::ask::<SearchResponse>(errand, part, path, Action::Search, &message);
    let mut answer = asked.await.map_err(|error| silent(&error))?;
    let result = answer.message.search_response.pop();
    let result = result.ok_or_else(|| silent(&"its answer is empty"))?;
    let (Status::Succ, Some(data)) = (result.status, result.data) else {
        let why = result.status_reason_message.unwrap_or_default();
        return Err(silent(&format!("it refused the question. {why}")));
    };
    let Some(record) = data.reg_records.into_iter().next() else {
        return Err(NotTaken::Unknown(uin.into()));
    };
    let record: CrvsPerson = serde_json::from_value(record).map_err(|error| silent(&error))?;
    match &record.death_date {
        Some(date) => Err(NotTaken::Dead(uin.into(), date.clone())),
        None => Ok(record),
    }
}
