//! Synchronous exchanges: the answer comes back on the same line, in an envelope with the registry's signature.

use actix_web::HttpResponse;
use rusqlite::Connection;
use serde::Serialize;
use serde_json::json;
use standards::dci::search::{QueryType, SearchItem, SearchResponse, SearchResult};
use standards::dci::{Action, ErrorCode, Header, ReasonCode, Status};

use super::book::Readers;
use super::door;
use super::gate::{Admitted, Counter, Family, Turned, own_id};
use super::message::{BadItem, Batch, Request};
use super::nested::Nested;
use super::older;
use super::refusal::{Refusal, short};
use super::search::{self, Record, Way};
use crate::kit::server::Call;

/// More refused items than this, and the message is refused as a whole.
const MOST_REFUSED: usize = 100;

/// A message with more items than this is a long look.
const MOST_AT_ONCE: usize = 10;

/// What a synchronous request is answered with.
#[derive(Debug)]
pub struct Answered<T> {
    pub status: Status,
    pub message: T,
}

/// Lets a request in, has it answered by `work` (which gets the correlation id), and seals the answer.
pub async fn answer<M: Request, T: Serialize>(
    call: &Call,
    counter: Counter,
    work: impl FnOnce(&Admitted<M>, &str) -> Result<Answered<T>, Refusal>,
) -> HttpResponse {
    answer_later(call, counter, async move |admitted: &Admitted<M>, id: &str| work(admitted, id))
        .await
}

/// As [`answer`], where others must be asked first.
pub async fn answer_later<M: Request, T: Serialize>(
    call: &Call,
    counter: Counter,
    work: impl AsyncFnOnce(&Admitted<M>, &str) -> Result<Answered<T>, Refusal>,
) -> HttpResponse {
    let correlation_id = call.errand.office.next_id("COR");
    let admitted = match counter.admit::<M>(call).await {
        Ok(admitted) => admitted,
        Err(turned) => return turned_away(call, &turned, &correlation_id).await,
    };
    match work(&admitted, &correlation_id).await {
        Ok(answered) => {
            let Admitted { header, message, .. } = &admitted;
            let mut header = answer_header(call, header, message, answered.status);
            header.is_msg_encrypted = admitted.style.encrypted;
            sealed(call, &header, &answered.message).await
        }
        Err(refusal) => {
            call.remark(&refusal.to_string());
            admitted.not_taken(call);
            let Admitted { header, message, .. } = admitted;
            let turned = Turned { refusal, asked: Some((header, message)) };
            turned_away(call, &turned, &correlation_id).await
        }
    }
}

/// POST /registry/sync/search.
pub(super) async fn search(call: Call, counter: Counter) -> HttpResponse {
    let nested = counter.family == Family::Official && counter.registry.readers == Readers::Nested;
    answer::<Batch<SearchItem>, _>(&call, counter, |asked, correlation_id| {
        let at = call.errand.stamp();
        let way = Way {
            registry: counter.registry,
            mode: asked.mode,
            today: call.room().clock.today(),
            at: &at,
            older: older::example(counter.registry).filter(|_| asked.style.older),
            course: None,
        };
        let items = &asked.message.items;
        let look = |db: &Connection| search::answer(db, way, items);
        let answers =
            if is_short(items) { call.store().read(look) } else { call.store().survey(look) };
        let answers = answers.map_err(|e| Refusal::failed(&e))?;
        let status = overall(&answers.results)?;
        let remark = answers.results.iter().find_map(|r| r.status_reason_message.clone());
        if let Some(remark) = remark {
            call.remark(&remark);
        }
        let message = SearchResponse {
            transaction_id: asked.message.transaction_id.clone(),
            correlation_id: correlation_id.into(),
            search_response: answers.results,
        };
        // What is encrypted is its reader's alone, who knows where to look.
        let message = if nested && !asked.style.encrypted {
            Found::Nested(Box::new(Nested::of(message)))
        } else {
            Found::Plain(message)
        };
        Ok(Answered { status, message })
    })
    .await
}

/// Whether few are looked up, each by a number: that is too short a look for a reader of its own.
fn is_short(items: &[Result<SearchItem, BadItem>]) -> bool {
    let by_number = |item: &SearchItem| item.search_criteria.query_type == QueryType::IdtypeValue;
    items.len() <= MOST_AT_ONCE && items.iter().flatten().all(by_number)
}

/// `message` of an answered search.
#[derive(Serialize)]
#[serde(untagged)]
enum Found {
    Plain(SearchResponse<Record>),
    Nested(Box<Nested<Record>>),
}

/// Refused where every item was; refused as a whole where too many were.
pub(super) fn overall(results: &[SearchResult<Record>]) -> Result<Status, Refusal> {
    let refused = results.iter().filter(|r| r.status == Status::Rjct).count();
    if refused > MOST_REFUSED {
        let sentence = format!("{refused} items are wrong; mend them and send the message again");
        return Err(Refusal::header(ReasonCode::ErrorsTooMany, sentence));
    }
    let all = refused > 0 && refused == results.len();
    Ok(if all { Status::Rjct } else { Status::Succ })
}

/// The header of an answer: to what the path is for, and to as many items as there are, whatever the asker wrote.
fn answer_header<M: Request>(call: &Call, asked: &Header, message: &M, status: Status) -> Header {
    let id = call.errand.office.next_id("MSG");
    let asked = meant(asked, M::ACTION, message.count());
    asked.answer(status, &own_id(call), id, call.errand.stamp())
}

/// The asker's header with the action of the path and the true number of items.
pub(super) fn meant(asked: &Header, action: Action, count: usize) -> Header {
    Header { action, total_count: u64::try_from(count).ok(), ..asked.clone() }
}

/// A refused header is answered in the standard's own header; anything else as an HTTP error.
async fn turned_away<M: Request>(
    call: &Call,
    turned: &Turned<M>,
    correlation_id: &str,
) -> HttpResponse {
    let (Refusal::Header { code, sentence }, Some((header, message))) =
        (&turned.refusal, &turned.asked)
    else {
        call.remark(&turned.refusal.to_string());
        return turned.refusal.answered();
    };
    let header =
        answer_header(call, header, message, Status::Rjct).because(code.clone(), short(sentence));
    let mut body = json!({
        "transaction_id": message.transaction_id(),
        "correlation_id": correlation_id,
    });
    body[M::ANSWER] = message.nothing(correlation_id, &call.errand.stamp());
    sealed(call, &header, &body).await
}

async fn sealed(call: &Call, header: &Header, message: &impl Serialize) -> HttpResponse {
    match door::sealed(&call.errand, header, message).await {
        Ok(body) => HttpResponse::Ok().content_type("application/json").body(body),
        Err(error) => {
            call.remark(&error.to_string());
            Refusal::bad(ErrorCode::EncryptionInvalid, error.to_string()).answered()
        }
    }
}
