//! FSPIOP 1.1, 6.5 and 6.9: `POST /quotes` and `POST /bulkQuotes` go on to the payee's bank, `PUT /quotes/{id}` and
//! `PUT /bulkQuotes/{id}` back to the payer's.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use http::Method;
use serde_json::json;
use standards::fspiop::{
    BulkQuotesPostRequest, BulkQuotesPutResponse, ErrorCode, ErrorInformationObject,
    QuotesPostRequest, QuotesPutResponse,
};

use super::{Id, hash, open, reply, within_bulk};
use crate::kit::courier::Errand;
use crate::kit::fspiop::operations::{self, answers, asks, gives_up, money};
use crate::kit::fspiop::{Head, Kind, Refusal, accepted, check_id, read_message, taken};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::server::Call;
use crate::payment_switch::directory;
use crate::payment_switch::relay::{Passed, pass_on, say_error};
use crate::payment_switch::store::{self, Quote, QuoteAnswer};

/// One quote and many at once go the same way under other names.
struct Flow {
    all: &'static str,
    one: &'static str,
    error: &'static str,
    unknown: ErrorCode,
    read: fn(&[u8]) -> Result<Wish, Refusal>,
    /// Whether an answer is one: the first that is not trouble is final, and passed on as it came.
    check_answer: fn(&[u8]) -> Result<(), Refusal>,
}

/// What the switch must know of a question.
struct Wish {
    id: String,
    /// The payer's FSP, where the body names it.
    payer: Option<String>,
    /// The payee's FSP, where the body names it.
    payee: Option<String>,
}

const SINGLE: Flow = Flow {
    all: "/quotes",
    one: "/quotes/{id}",
    error: "/quotes/{id}/error",
    unknown: ErrorCode::QUOTE_ID_NOT_FOUND,
    read: |body| {
        let wish: QuotesPostRequest = read_message(body)?;
        let (payer, payee) = (wish.payer.party_id_info.fsp_id, wish.payee.party_id_info.fsp_id);
        Ok(Wish { id: wish.quote_id, payer, payee })
    },
    check_answer: |body| read_message::<QuotesPutResponse>(body).map(drop),
};

const BULK: Flow = Flow {
    all: "/bulkQuotes",
    one: "/bulkQuotes/{id}",
    error: "/bulkQuotes/{id}/error",
    unknown: ErrorCode::BULK_QUOTE_ID_NOT_FOUND,
    read: read_bulk,
    check_answer: |body| read_message::<BulkQuotesPutResponse>(body).map(drop),
};

/// A bulk asks one FSP about 1 to 1000 payees.
fn read_bulk(body: &[u8]) -> Result<Wish, Refusal> {
    let wish: BulkQuotesPostRequest = read_message(body)?;
    within_bulk("individualQuotes", wish.individual_quotes.len())?;
    let mut named = wish.individual_quotes.into_iter().map(|q| q.payee.party_id_info.fsp_id);
    let payee = named.next().flatten();
    if named.any(|other| other != payee) {
        let right = "individualQuotes: a bulk goes to one payee FSP; group the payees by theirs";
        return Err(Refusal::new(ErrorCode::VALIDATION, right));
    }
    Ok(Wish { id: wish.bulk_quote_id, payer: wish.payer.party_id_info.fsp_id, payee })
}

fn flow_of(uri: &str) -> &'static Flow {
    if uri.starts_with(BULK.all) { &BULK } else { &SINGLE }
}

impl Flow {
    /// What a quote is kept under: its own path.
    fn uri(&self, id: &str) -> String {
        format!("{}/{id}", self.all)
    }

    fn not_found(&self, id: &str) -> Refusal {
        Refusal::new(self.unknown, format!("nobody asked for a quote {id}"))
    }
}

/// What becomes of a quote that is asked for.
enum Asked {
    New(String),
    UnderWay,
    Answered(QuoteAnswer),
}

pub(super) fn routes(routes: &mut Routes) {
    let terms = json!({
        "transferAmount": money("60"), "expiration": operations::TOO_LATE, "ilpPacket": "AYIC",
        "condition": operations::CONDITION,
    });
    let (media, bulk) = (operations::QUOTES, operations::BULK_QUOTES);
    let bulk_terms = json!({"individualQuoteResults": [], "expiration": operations::TOO_LATE});
    let one = [
        asks("Asks what a payment costs", media, "treasury")
            .takes_as::<QuotesPostRequest>(media, operations::quote()),
        answers("Says what a payment costs", media, "greenbank")
            .takes_as::<QuotesPutResponse>(media, terms),
        gives_up("Says that there is no quote", media, "greenbank"),
        asks("Asks again what a payment costs", media, "treasury"),
    ];
    let many = [
        asks("Asks what many payments cost", bulk, "treasury")
            .takes_as::<BulkQuotesPostRequest>(bulk, operations::bulk_quote()),
        answers("Says what many payments cost", bulk, "greenbank")
            .takes_as::<BulkQuotesPutResponse>(bulk, bulk_terms),
        gives_up("Says that there are no quotes", bulk, "greenbank"),
        asks("Asks again what many payments cost", bulk, "treasury"),
    ];
    for (flow, [asks, answers, gives_up, asks_again]) in [(SINGLE, one), (BULK, many)] {
        let of = |is: Operation| is.path("id", operations::QUOTE);
        routes
            .post(flow.all, ask, asks)
            .put(flow.error, answer, of(gives_up).after(ASKED))
            .put(flow.one, answer, of(answers).after(ASKED))
            .get(flow.one, ask_again, of(asks_again));
    }
}

const ASKED: &str = "a quote with this id was asked for";

async fn ask(call: Call, req: HttpRequest) -> HttpResponse {
    let asked = receive(&call, &req).await;
    reply(&call, asked, accepted())
}

async fn receive(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let flow = flow_of(&head.uri);
    let wish = (flow.read)(&call.body)?;
    call.correlation(&wish.id);
    let asked = keep(call, &head, &wish);
    let errand = call.errand.clone();
    let message = Passed::new(&head, flow.all, &call.body);
    call.later(async move {
        let uri = flow.uri(&wish.id);
        if let Err(why) = go_on(&errand, &head, (&uri, message), asked).await {
            say_error(&errand, (&uri, flow.error, head.version), &head.source, &why).await;
        }
    });
    Ok(())
}

/// Whether the quote is new; a new one is kept before it leaves.
fn keep(call: &Call, head: &Head, wish: &Wish) -> Result<Asked, Refusal> {
    let refuse = |code, sentence: String| Err(Refusal::new(code, sentence));
    if let Some(payer) = wish.payer.as_ref().filter(|payer| **payer != head.source) {
        let sentence = format!("the payer's fspId is {payer}, but {} sends it", head.source);
        return refuse(ErrorCode::VALIDATION, sentence);
    }
    let Some(payee) = head.destination.as_ref().or(wish.payee.as_ref()) else {
        let right = "name the payee's FSP in FSPIOP-Destination or in payee.partyIdInfo.fspId";
        return refuse(ErrorCode::DESTINATION_FSP, right.into());
    };
    if wish.payee.as_ref().is_some_and(|named| named != payee) {
        let sentence = format!("the payees' fspId is not {payee}, to which the message goes");
        return refuse(ErrorCode::VALIDATION, sentence);
    }
    let (hash, uri) = (hash(&call.body), flow_of(&head.uri).uri(&wish.id));
    let listed = directory::look_up(&call.errand.office, payee)?;
    call.store().write(|tx| {
        if let Some(known) = store::quote(tx, &uri)? {
            if known.hash != hash {
                let sentence = String::from("another quote with this id came before");
                return refuse(ErrorCode::MODIFIED_REQUEST, sentence);
            }
            return Ok(match known.answer {
                Some(answer) if may_pass(&answer) => {
                    store::reopen_quote(tx, &uri)?;
                    Asked::New(known.payee)
                }
                Some(answer) => Asked::Answered(answer),
                None => Asked::UnderWay,
            });
        }
        if !listed.is_active() {
            let sentence = format!("{payee} takes no part here");
            return refuse(ErrorCode::PAYEE_FSP_ID_NOT_FOUND, sentence);
        }
        let (payer, payee) = (head.source.clone(), payee.clone());
        let quote = Quote { hash, payer, payee: payee.clone(), answer: None };
        store::keep_quote(tx, &uri, &quote)?;
        Ok(Asked::New(payee))
    })
}

/// Whether an answer says that there is none just now: it is passed on, but whoever asks again has the payee asked again.
fn may_pass(answer: &QuoteAnswer) -> bool {
    let said = serde_json::from_str::<ErrorInformationObject>(&answer.body);
    answer.path.ends_with("/error")
        && said.is_ok_and(|said| Refusal::from(said.error_information).may_pass())
}

async fn go_on(
    errand: &Errand,
    head: &Head,
    (uri, message): (&str, Passed),
    asked: Result<Asked, Refusal>,
) -> Result<(), Refusal> {
    let payee = match asked? {
        Asked::UnderWay => return Ok(()),
        Asked::Answered(answer) => {
            send_answer(errand, answer, &head.source).await;
            return Ok(());
        }
        Asked::New(payee) => payee,
    };
    let passed = pass_on(errand, message, &payee).await;
    if passed.is_err() {
        // The payee knows nothing of it, so the payer may ask with the same id again.
        errand.office.store.alter(|tx| store::drop_quote(tx, uri))?;
    }
    passed
}

async fn send_answer(errand: &Errand, answer: QuoteAnswer, payer: &str) {
    let flow = flow_of(&answer.path);
    let route = if answer.path.ends_with("/error") { flow.error } else { flow.one };
    let message = Passed::kept((Method::PUT, answer.path, route), &answer.headers, answer.body);
    if let Err(error) = pass_on(errand, message, payer).await {
        tracing::info!(%error, payer, "an answer to a quote was not taken");
    }
}

async fn answer(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let answered = receive_answer(&call, &req, &path.id).await;
    reply(&call, answered, taken())
}

async fn receive_answer(call: &Call, req: &HttpRequest, id: &str) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Callback).await?;
    check_id(id)?;
    call.correlation(id);
    let flow = flow_of(&head.uri);
    if head.uri.ends_with("/error") {
        read_message::<ErrorInformationObject>(&call.body)?;
    } else {
        (flow.check_answer)(&call.body)?;
    }
    let message = Passed::new(&head, flow.one, &call.body);
    let (path, headers, body) = (head.uri.clone(), message.kept_headers(), message.kept_body());
    let answer = QuoteAnswer { path, headers, body };
    let payer = call.store().write(|tx| {
        let uri = flow.uri(id);
        let quote = store::quote(tx, &uri)?.ok_or_else(|| flow.not_found(id))?;
        if quote.payee != head.source {
            let sentence = format!("only {} may answer this quote", quote.payee);
            return Err(Refusal::new(ErrorCode::VALIDATION, sentence));
        }
        if quote.answer.is_some_and(|given| !may_pass(&given)) {
            return Ok(None);
        }
        store::answer_quote(tx, &uri, &answer)?;
        Ok(Some(quote.payer))
    })?;
    match payer {
        Some(payer) => {
            let errand = call.errand.clone();
            call.later(async move { send_answer(&errand, answer, &payer).await });
        }
        None => call.remark("the quote was answered before; the first answer stands"),
    }
    Ok(())
}

/// `GET /quotes/{id}`: the answer once more, or the question once more where there is none.
async fn ask_again(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let asked = receive_again(&call, &req, &path.id).await;
    reply(&call, asked, accepted())
}

async fn receive_again(call: &Call, req: &HttpRequest, id: &str) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    check_id(id)?;
    call.correlation(id);
    let flow = flow_of(&head.uri);
    let quote = call.store().read(|db| store::quote(db, &flow.uri(id)))?;
    let (errand, message) = (call.errand.clone(), Passed::new(&head, flow.one, &call.body));
    let id = id.to_owned();
    call.later(async move {
        let outcome = match quote.filter(|quote| quote.payer == head.source) {
            Some(Quote { answer: Some(answer), payer, .. }) => {
                return send_answer(&errand, answer, &payer).await;
            }
            Some(quote) => pass_on(&errand, message, &quote.payee).await,
            None => Err(flow.not_found(&id)),
        };
        if let Err(why) = outcome {
            let what = (head.uri.as_str(), flow.error, head.version);
            say_error(&errand, what, &head.source, &why).await;
        }
    });
    Ok(())
}
