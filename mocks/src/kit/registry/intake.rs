//! Somebody whom a registry meets for the first time: the civil registry says who it is (DCI CRVS v1.0.0, `sync/search`).

use jiff::civil::Date;
use standards::age::full_years;
use standards::dci::records::CrvsPerson;
use standards::dci::search::{
    SearchCriteria, SearchItem, SearchRequest, SearchResponse, SearchResult,
};
use standards::dci::{Action, Status, TransactionId};

use crate::kit::courier::{Errand, Undelivered};
use crate::kit::dci::{self, DciError};

/// So many people are asked for in one message.
const AT_ONCE: usize = 500;

/// Nobody younger farms land of their own or works for a wage.
const WORKING_AGE: i16 = 15;

/// Why somebody cannot be taken into a registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    #[error("nobody in the civil registry has the number {0}")]
    Unknown(String),
    #[error("the civil registry records that {0} died on {1}")]
    Dead(String, String),
    #[error(
        "the civil registry records that {uin} was born on {born}, and who farms or works is at least {WORKING_AGE} years old: on {on} that is not so"
    )]
    TooYoung { uin: String, born: Date, on: Date },
    #[error("the civil registry has not said who this is, so nobody is registered: {0}")]
    Silent(String),
    /// The cast has no civil registry.
    #[error("nobody plays the civil registry, so nobody is registered: {0}")]
    Nobody(String),
}

impl NotTaken {
    /// The HTTP status that a counter answers with.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unknown(_) => 404,
            Self::Dead(..) | Self::TooYoung { .. } => 409,
            Self::Silent(_) | Self::Nobody(_) => 503,
        }
    }
}

/// The civil registry's record of a living person.
pub async fn newcomer(errand: &Errand, uin: &str) -> Result<CrvsPerson, NotTaken> {
    let found = newcomers(errand, &[uin.to_owned()]).await.pop();
    found.unwrap_or_else(|| Err(NotTaken::Unknown(uin.into())))
}

/// The same of several people, asked for in one message; each has an answer of its own.
pub async fn newcomers(errand: &Errand, uins: &[String]) -> Vec<Result<CrvsPerson, NotTaken>> {
    let mut found = Vec::new();
    for some in uins.chunks(AT_ONCE) {
        match ask(errand, some).await {
            Ok(results) => found.extend(results.into_iter().zip(some).map(living)),
            Err(why) => found.extend(some.iter().map(|_| Err(why.clone()))),
        }
    }
    found
}

/// Whether the person of a record of the civil registry was old enough on that day to farm or to work.
pub fn may_work(civil: &CrvsPerson, uin: &str, on: Date) -> Result<(), NotTaken> {
    let born = civil.birth_date.as_deref().and_then(|text| text.get(..10)?.parse::<Date>().ok());
    let born = born.ok_or_else(|| NotTaken::Silent(format!("it tells no birth date of {uin}")))?;
    if full_years(born, on) < WORKING_AGE {
        return Err(NotTaken::TooYoung { uin: uin.into(), born, on });
    }
    Ok(())
}

/// Whether somebody whom a registry knows may be dealt with as living. Whom the civil registry does not know, or who plays
/// without one, is.
pub async fn lives(errand: &Errand, uin: &str) -> Result<(), NotTaken> {
    match newcomer(errand, uin).await {
        Ok(_) | Err(NotTaken::Unknown(_) | NotTaken::Nobody(_)) => Ok(()),
        Err(why) => Err(why),
    }
}

async fn ask(errand: &Errand, uins: &[String]) -> Result<Vec<SearchResult>, NotTaken> {
    let transaction_id = TransactionId::from(errand.office.next_id("TXN"));
    let item = |uin: &String| {
        let mut criteria = SearchCriteria::by_identifier("UIN", uin);
        criteria.reg_type = Some("ns:org:RegistryType:Civil".into());
        SearchItem {
            reference_id: errand.office.next_id("REF"),
            timestamp: errand.stamp().into(),
            search_criteria: criteria,
            pagination: None,
            locale: Some("eng".into()),
        }
    };
    let message = SearchRequest { transaction_id, search_request: uins.iter().map(item).collect() };
    let (part, path) = ("civil_registry", "/registry/sync/search");
    let asked = dci::ask::<SearchResponse>(errand, part, path, Action::Search, &message).await;
    let results = asked.map_err(|error| not_said(&error))?.message.search_response;
    if results.len() == uins.len() {
        return Ok(results);
    }
    Err(NotTaken::Silent(format!("it gave {} answers to {}", results.len(), uins.len())))
}

fn not_said(error: &DciError) -> NotTaken {
    match error {
        DciError::Undelivered(Undelivered::NoSuchPart(_)) => NotTaken::Nobody(error.to_string()),
        _ => NotTaken::Silent(error.to_string()),
    }
}

fn living((result, uin): (SearchResult, &String)) -> Result<CrvsPerson, NotTaken> {
    let (Status::Succ, Some(data)) = (result.status, result.data) else {
        let why = result.status_reason_message.unwrap_or_default();
        return Err(NotTaken::Silent(format!("it refused the question. {why}")));
    };
    let Some(record) = data.reg_records.into_iter().next() else {
        return Err(NotTaken::Unknown(uin.clone()));
    };
    let record: CrvsPerson =
        serde_json::from_value(record).map_err(|error| NotTaken::Silent(error.to_string()))?;
    match &record.death_date {
        Some(date) => Err(NotTaken::Dead(uin.clone(), date.clone())),
        None => Ok(record),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn nobody_works_before_the_fifteenth_birthday() {
        let civil = |born: &str| CrvsPerson { birth_date: Some(born.into()), ..Default::default() };
        let check = |born: &str| may_work(&civil(born), "1", date(2026, 10, 1));
        assert_eq!(check("2011-10-01"), Ok(()));
        assert!(matches!(check("2011-10-02"), Err(NotTaken::TooYoung { .. })));
        assert!(matches!(check("2027-01-01"), Err(NotTaken::TooYoung { .. })));
        assert!(matches!(check("long ago"), Err(NotTaken::Silent(_))));
    }
}
