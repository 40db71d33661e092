//! FSPIOP 1.1, 6.5: `POST /quotes` goes on to the payee's bank, `PUT /quotes/{id}` back to the payer's.

use actix_web::web::{self, Path};
use actix_web::{HttpRequest, HttpResponse};
use reqwest::Method;
use standards::fspiop::{ErrorCode, QuotesPostRequest};

use super::{Id, hash, open, reply};
use crate::kit::courier::Errand;
use crate::kit::fspiop::{Head, Kind, Refusal, accepted, read, taken};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::payment_switch::relay::{Passed, pass_on, say_error};
use crate::payment_switch::store::{self, Quote, QuoteAnswer};

const QUOTES: &str = "/quotes";
const QUOTE: &str = "/quotes/{id}";
const QUOTE_ERROR: &str = "/quotes/{id}/error";

/// What becomes of a quote that is asked for.
enum Asked {
    New(String),
    UnderWay,
    Answered(QuoteAnswer),
}

pub(super) fn routes(config: &mut Routes<'_>) {
    config
        .service(web::resource(QUOTES).route(web::post().to(ask)))
        .service(web::resource(QUOTE_ERROR).route(web::put().to(answer)))
        .service(web::resource(QUOTE).route(web::put().to(answer)).route(web::get().to(ask_again)));
}

async fn ask(call: Call, req: HttpRequest) -> HttpResponse {
    let asked = receive(&call, &req).await;
    reply(&call, asked, accepted())
}

async fn receive(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let wish: QuotesPostRequest = read(&call.body)?;
    call.correlation(&wish.quote_id);
    let asked = keep(call, &head, &wish);
    let errand = call.errand.clone();
    let message = Passed::new(&head, QUOTES, &call.body);
    call.later(async move {
        if let Err(why) = go_on(&errand, &head, (&wish.quote_id, message), asked).await {
            let uri = format!("/quotes/{}", wish.quote_id);
            say_error(&errand, (&uri, QUOTE_ERROR, head.version), &head.source, &why).await;
        }
    });
    Ok(())
}

/// Whether the quote is new; a new one is kept before it leaves.
fn keep(call: &Call, head: &Head, wish: &QuotesPostRequest) -> Result<Asked, Refusal> {
    let refuse = |code, sentence: String| Err(Refusal::new(code, sentence));
    let named = head.destination.as_ref().or(wish.payee.party_id_info.fsp_id.as_ref());
    let Some(payee) = named else {
        let right = "name the payee's FSP in FSPIOP-Destination or in payee.partyIdInfo.fspId";
        return refuse(ErrorCode::DESTINATION_FSP, right.into());
    };
    let hash = hash(&call.body);
    call.store().write(|tx| {
        if let Some(known) = store::quote(tx, &wish.quote_id)? {
            if known.hash != hash {
                let sentence = String::from("another quote with this id came before");
                return refuse(ErrorCode::MODIFIED_REQUEST, sentence);
            }
            return Ok(known.answer.map_or(Asked::UnderWay, Asked::Answered));
        }
        if store::participant(tx, payee)?.is_none_or(|payee| !payee.is_active) {
            let sentence = format!("{payee} takes no part here");
            return refuse(ErrorCode::PAYEE_FSP_ID_NOT_FOUND, sentence);
        }
        let (payer, payee) = (head.source.clone(), payee.clone());
        let quote = Quote { hash, payer, payee: payee.clone(), answer: None };
        store::keep_quote(tx, &wish.quote_id, &quote)?;
        Ok(Asked::New(payee))
    })
}

async fn go_on(
    errand: &Errand,
    head: &Head,
    (id, message): (&str, Passed),
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
        errand.office.store.write(|tx| Ok::<_, StoreError>(store::drop_quote(tx, id)?))?;
    }
    passed
}

async fn send_answer(errand: &Errand, answer: QuoteAnswer, payer: &str) {
    let route = if answer.path.ends_with("/error") { QUOTE_ERROR } else { QUOTE };
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
    call.correlation(id);
    let message = Passed::new(&head, QUOTE, &call.body);
    let (path, headers, body) = (head.uri.clone(), message.kept_headers(), message.kept_body());
    let answer = QuoteAnswer { path, headers, body };
    let payer = call.store().write(|tx| {
        let quote = store::quote(tx, id)?.ok_or_else(|| unknown(id))?;
        if quote.payee != head.source {
            let sentence = format!("only {} may answer this quote", quote.payee);
            return Err(Refusal::new(ErrorCode::VALIDATION, sentence));
        }
        if quote.answer.is_some() {
            return Ok(None);
        }
        store::answer_quote(tx, id, &answer)?;
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

fn unknown(id: &str) -> Refusal {
    Refusal::new(ErrorCode::QUOTE_ID_NOT_FOUND, format!("nobody asked for a quote {id}"))
}

/// `GET /quotes/{id}`: the answer once more, or the question once more where there is none.
async fn ask_again(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let asked = receive_again(&call, &req, &path.id).await;
    reply(&call, asked, accepted())
}

async fn receive_again(call: &Call, req: &HttpRequest, id: &str) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    call.correlation(id);
    let quote = call.store().read(|db| store::quote(db, id))?;
    let (errand, message) = (call.errand.clone(), Passed::new(&head, QUOTE, &call.body));
    let id = id.to_owned();
    call.later(async move {
        let outcome = match quote.filter(|quote| quote.payer == head.source) {
            Some(Quote { answer: Some(answer), payer, .. }) => {
                return send_answer(&errand, answer, &payer).await;
            }
            Some(quote) => pass_on(&errand, message, &quote.payee).await,
            None => Err(unknown(&id)),
        };
        if let Err(why) = outcome {
            let what = (head.uri.as_str(), QUOTE_ERROR, head.version);
            say_error(&errand, what, &head.source, &why).await;
        }
    });
    Ok(())
}
