//! The face of Payment Hub's identity account mapper and of `GovStack` Payments' second shape, which is the same with
//! another path: `POST|PUT /identityAccountMapper/beneficiary` (200), `POST|PUT /beneficiary` and `/paymentModality`
//! (202). What went wrong with whom is told by PUT to `X-Callback-URL` (or `X-CallbackURL`, as Payment Hub spells it).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::beneficiary::{self, Deed, Lengths, Named};
use super::operations::beneficiaries;
use super::{lookup, outbox, settings, store};
use crate::kit::courier::delivers_to;
use crate::kit::openapi::{Operation, Routes, Token, says};
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::tokens::{self, NotLetIn};

/// More beneficiaries than this in one request are refused.
const MOST: usize = 10_000;

pub(super) fn routes(routes: &mut Routes) {
    let take = |deed: Deed, status: StatusCode| {
        move |call: Call, req: HttpRequest| async move {
            answered(&call, take(&call, &req, deed, status).await)
        }
    };
    let (ok, accepted) = (StatusCode::OK, StatusCode::ACCEPTED);
    for (path, status) in [("/identityAccountMapper/beneficiary", ok), ("/beneficiary", accepted)] {
        let taken = |summary, key| {
            tells(summary)
                .takes::<Request>(beneficiaries(key))
                .gives::<Value>(status.as_u16(), "Taken")
        };
        routes
            .post(
                path,
                take(Deed::RegisterNew, status),
                taken("Registers beneficiaries", "amina_brandt"),
            )
            .put(path, take(Deed::Update, status), taken("Changes beneficiaries", "tomas"))
            .get(path, lookup::one, lookup::says_one());
    }
    for path in ["/identityAccountMapper/paymentModality", "/paymentModality"] {
        let taken = |summary| {
            tells(summary).takes::<Request>(beneficiaries("tomas")).gives::<Value>(202, "Taken")
        };
        routes
            .post(path, take(Deed::AddModality, accepted), taken("Says how beneficiaries are paid"))
            .put(path, take(Deed::Update, accepted), taken("Changes how beneficiaries are paid"));
    }
    lookup::routes(routes);
}

/// An operation of this face that is answered at the callback: what went wrong with whom.
fn tells(summary: &'static str) -> Operation {
    ours(summary)
        .more("What went wrong with whom is told to the callback by PUT.")
        .header("X-Callback-URL", "http://127.0.0.1:9/told")
}

/// An operation of this face.
pub(super) fn ours(summary: &'static str) -> Operation {
    says(summary)
        .tag("Payment Hub EE, and GovStack Payments, second shape")
        .with(Token::Strict)
        .header("X-Registering-Institution-ID", "SocialWelf")
}

/// What a request carries.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Request {
    #[serde(alias = "requestId", rename = "requestID")]
    pub(super) request_id: String,
    #[serde(default, rename = "sourceBBID")]
    source_bb_id: Option<String>,
    pub(super) beneficiaries: Vec<Beneficiary>,
}

/// Somebody who is to be paid.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Beneficiary {
    #[serde(alias = "payeeFunctionalID", alias = "payeeFunctionalId")]
    pub(super) payee_identity: String,
    #[serde(default)]
    payment_modality: Option<String>,
    #[serde(default)]
    financial_address: Option<String>,
    #[serde(default)]
    banking_institution_code: Option<String>,
}

/// Why a request is refused as a whole: Payment Hub's code for it, and a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    sentence: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { status, code, sentence: sentence.into() }
    }

    /// A header is wrong.
    pub(super) fn header(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "error.msg.header.validation.errors", sentence)
    }

    /// The body or the query is wrong.
    pub(super) fn schema(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "error.msg.schema.validation.errors", sentence)
    }

    /// There is nobody of that name.
    pub(super) fn unknown(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "error.msg.schema.payee.identity.not.found", sentence)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the mapper's archive failed");
        let sentence = "the archive failed, and nothing was done; try again";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "error.msg.internal", sentence)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<NotLetIn> for Refusal {
    fn from(refused: NotLetIn) -> Self {
        let status = StatusCode::from_u16(refused.status()).unwrap_or(StatusCode::UNAUTHORIZED);
        Self::new(status, "error.msg.authorization", refused.to_string())
    }
}

/// The answer, or the refusal in the words of both texts: `responseCode` of one, `errorCode` of the other.
pub(super) fn answered(call: &Call, outcome: Result<HttpResponse, Refusal>) -> HttpResponse {
    outcome.unwrap_or_else(|refused| {
        call.remark(&refused.sentence);
        let named: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let request_id = named["requestID"].as_str().or(named["requestId"].as_str());
        HttpResponse::build(refused.status).json(json!({"responseCode": "01",
            "responseDescription": refused.sentence.chars().take(200).collect::<String>(),
            "requestID": request_id.unwrap_or_default(), "errorCategory": "Validation",
            "errorCode": refused.code, "errorDescription": refused.sentence}))
    })
}

/// A request is accepted.
pub(super) fn accepted(status: StatusCode, request_id: &str) -> HttpResponse {
    let sentence = "Request successfully received by Pay-BB";
    HttpResponse::build(status).json(json!({"responseCode": "00",
        "responseDescription": sentence, "requestID": request_id}))
}

/// A header by any of its spellings.
fn header(req: &HttpRequest, names: &[&str]) -> Option<String> {
    let value = names.iter().find_map(|name| req.headers().get(*name))?.to_str().ok()?.trim();
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// Who asks: the institution that registers people.
pub(super) fn institution(req: &HttpRequest) -> Option<String> {
    header(req, &["x-registering-institution-id"])
}

/// Where the answer goes, where one is named; it must be an address that this room delivers to.
pub(super) fn callback(call: &Call, req: &HttpRequest) -> Result<Option<String>, Refusal> {
    let Some(address) = header(req, &["x-callback-url", "x-callbackurl"]) else { return Ok(None) };
    if delivers_to(call.room(), &address) {
        return Ok(Some(address));
    }
    let sentence = format!(
        "X-Callback-URL: nothing is delivered to {address}; name a system of this country or an allowed host"
    );
    Err(Refusal::header(sentence))
}

/// As [`callback`]; there must be one.
pub(super) fn needed_callback(call: &Call, req: &HttpRequest) -> Result<String, Refusal> {
    let missing = || Refusal::header("X-Callback-URL is missing: say where the outcome should go");
    callback(call, req)?.ok_or_else(missing)
}

/// In a strict room, who asks must have a token for it.
pub(super) async fn let_in(call: &Call, scope: &str) -> Result<(), Refusal> {
    if call.room().policy() == Policy::Strict {
        tokens::check(&call.errand, call.authorization.as_ref(), Some(scope)).await?;
    }
    Ok(())
}

/// The body, with its bounds checked.
pub(super) fn read(call: &Call, lengths: Lengths) -> Result<Request, Refusal> {
    let request: Request =
        standards::dci::read(&call.body).map_err(|e| Refusal::schema(e.to_string()))?;
    call.correlation(&request.request_id);
    lengths.check("requestID", &request.request_id, 12).map_err(Refusal::schema)?;
    let count = request.beneficiaries.len();
    if count == 0 || count > MOST {
        return Err(Refusal::schema(format!("beneficiaries: name 1 to {MOST}, not {count}")));
    }
    Ok(request)
}

async fn take(
    call: &Call,
    req: &HttpRequest,
    deed: Deed,
    status: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let_in(call, "mapper.link").await?;
    let callback = needed_callback(call, req)?;
    let lengths = settings::lengths(call)?;
    let request = read(call, lengths)?;
    let missing =
        || Refusal::header("X-Registering-Institution-ID is missing: say who registers them");
    let source = institution(req).or(request.source_bb_id.clone()).ok_or_else(missing)?;
    let number = call.store().alter(|tx| {
        let failed = perform(tx, deed, &request, (&source, lengths), &call.errand.stamp())?;
        let told = json!({"requestID": call.errand.office.next_id("MAP"),
            "registerRequestID": request.request_id, "numberFailedCases": failed.len(),
            "failedCases": failed});
        outbox::put(tx, &call.errand, &callback, &told)
    })?;
    let errand = call.errand.clone();
    call.later(async move { outbox::send(&errand, number).await });
    Ok(accepted(status, &request.request_id))
}

/// Does what can be done, and gives those with whom it could not.
fn perform(
    tx: &rusqlite::Connection,
    deed: Deed,
    request: &Request,
    (source, lengths): (&str, Lengths),
    at: &str,
) -> rusqlite::Result<Vec<Value>> {
    let mut failed = Vec::new();
    for (number, person) in request.beneficiaries.iter().enumerate() {
        let named = Named {
            payee: &person.payee_identity,
            modality: person.payment_modality.as_deref(),
            address: person.financial_address.as_deref(),
            bank: person.banking_institution_code.as_deref(),
        };
        let reference = format!("{}-{number}", request.request_id);
        let why = match beneficiary::entry(named, source, lengths, (&reference, at)) {
            Err(wrong) => Some(wrong),
            Ok(entry) => match beneficiary::decide(deed, &entry, &store::facts(tx, &entry)?) {
                Err(why) => Some(why.to_owned()),
                Ok(change) => {
                    store::apply(tx, &entry, &change, at)?;
                    None
                }
            },
        };
        failed.extend(why.map(|why| {
            json!({"payeeIdentity": person.payee_identity, "paymentModality": person.payment_modality,
                "failureReason": why.chars().take(100).collect::<String>()})
        }));
    }
    Ok(failed)
}
