//! The face of Payment Hub's identity account mapper that looks people up: `GET /beneficiary`, `POST /accountLookup`,
//! `GET /beneficiaries` and `/beneficiaries/{payeeIdentity}`.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::address::{parts_of, payee_of};
use super::hub::{
    Refusal, Request, accepted, answered, callback, institution, let_in, needed_callback, ours,
    read,
};
use super::operations::beneficiaries;
use super::outbox;
use super::settings;
use super::store::{self, Person};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::payee::id_of;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::{StoreError, Transaction};

/// A page holds so many people at the most.
const LONGEST_PAGE: i64 = 1000;

pub(super) fn routes(routes: &mut Routes) {
    for path in ["/identityAccountMapper/accountLookup", "/accountLookup"] {
        let many_are = ours("Looks many people up")
            .header("X-Callback-URL", "http://127.0.0.1:9/found")
            .takes::<Request>(beneficiaries("tomas"))
            .gives::<Value>(202, "Those who are registered are told to the callback");
        routes.get(path, one, says_one()).post(path, many, many_are);
    }
    routes
        .get(
            "/beneficiaries",
            page,
            ours("The beneficiaries of an institution")
                .query("page", "0")
                .query("pageSize", "20")
                .gives::<Value>(200, "A page, as Spring writes it"),
        )
        .get(
            "/beneficiaries/{payee}",
            file,
            ours("One beneficiary")
                .path("payee", cast_uin("tomas"))
                .gives::<Value>(200, "How this person is paid"),
        );
}

/// What [`one`] is for.
pub(super) fn says_one() -> Operation {
    ours("Looks a person up")
        .asks("payeeIdentity", cast_uin("tomas"))
        .query("paymentModality", "")
        .query("requestId", "915251236706")
        .gives::<Value>(200, "How this person is paid, where no callback is named")
}

/// Who is looked up.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Question {
    payee_identity: Option<String>,
    payment_modality: Option<String>,
    #[serde(alias = "requestID")]
    request_id: Option<String>,
}

/// `GET /beneficiary`: told to the callback where one is named, and in the same exchange where none is.
pub(super) async fn one(call: Call, req: HttpRequest, question: Query<Question>) -> HttpResponse {
    answered(&call, look_up(&call, &req, &question).await)
}

async fn look_up(
    call: &Call,
    req: &HttpRequest,
    question: &Question,
) -> Result<HttpResponse, Refusal> {
    let_in(call, "mapper.resolve").await?;
    let missing = || Refusal::schema("payeeIdentity is missing: say who is looked up");
    let payee = question.payee_identity.as_deref().filter(|p| !p.is_empty());
    let payee = payee.ok_or_else(missing)?;
    let source = needed_institution(req)?;
    let callback = callback(call, req)?;
    let request_id = question.request_id.clone().unwrap_or_default();
    let person = call.store().read(|db| store::person(db, &id_of(payee, &source)))?;
    let wanted = question.payment_modality.as_deref();
    let fits = |account: &Value| {
        // Words (ACCOUNT_ID, MSISDN) are read as no wish: what is there is told with its code.
        wanted.is_none_or(|code| code.len() != 2 || account["paymentModality"] == code)
    };
    let accounts: Vec<Value> = person.iter().filter_map(account).filter(fits).collect();
    let valid = person.is_some_and(|person| person.active) && !accounts.is_empty();
    let told = json!({"requestId": request_id, "payeeIdentity": payee,
        "paymentModalityList": accounts, "isValidated": valid});
    match callback {
        None => Ok(HttpResponse::Ok().json(told)),
        Some(address) => {
            tell_later(call, &address, &told)?;
            Ok(accepted(StatusCode::ACCEPTED, &request_id))
        }
    }
}

fn needed_institution(req: &HttpRequest) -> Result<String, Refusal> {
    let missing = || {
        Refusal::header(
            "X-Registering-Institution-ID is missing: say whose beneficiaries are meant",
        )
    };
    institution(req).ok_or_else(missing)
}

fn tell_later(call: &Call, address: &str, told: &Value) -> Result<(), StoreError> {
    let put =
        |tx: &Transaction<'_>| Ok::<_, StoreError>(outbox::put(tx, &call.errand, address, told)?);
    let number = call.store().write(put)?;
    let errand = call.errand.clone();
    call.later(async move { outbox::send(&errand, number).await });
    Ok(())
}

/// A person's account in the words of this face, if there is one.
fn account(person: &Person) -> Option<Value> {
    let parts = parts_of(person.fa.as_deref()?);
    Some(json!({"paymentModality": parts.modality.code(), "financialAddress": parts.address,
        "bankingInstitutionCode": parts.institution}))
}

/// As [`account`], and empty where there is none.
fn account_or_none(person: &Person) -> Value {
    account(person).unwrap_or_else(|| {
        json!({"paymentModality": null, "financialAddress": null, "bankingInstitutionCode": null})
    })
}

/// `POST /accountLookup`: many at once; those who are registered are told to the callback.
async fn many(call: Call, req: HttpRequest) -> HttpResponse {
    answered(&call, look_up_many(&call, &req).await)
}

async fn look_up_many(call: &Call, req: &HttpRequest) -> Result<HttpResponse, Refusal> {
    let_in(call, "mapper.resolve").await?;
    let address = needed_callback(call, req)?;
    let source = needed_institution(req)?;
    let request = read(call, settings::lengths(call)?)?;
    let mut found = Vec::new();
    for payee in request.beneficiaries.iter().map(|b| &b.payee_identity) {
        let person = call.store().read(|db| store::person(db, &id_of(payee, &source)))?;
        if let Some(person) = person {
            let mut row = account_or_none(&person);
            row["payeeIdentity"] = json!(payee);
            found.push(row);
        }
    }
    // Versions of Payment Hub spell the name of the request in either way.
    let told = json!({"requestID": request.request_id, "requestId": request.request_id,
        "registeringInstitutionId": source,
        "beneficiaryDTOList": found});
    tell_later(call, &address, &told)?;
    Ok(accepted(StatusCode::ACCEPTED, &request.request_id))
}

/// `GET /beneficiaries/{payeeIdentity}`.
async fn file(call: Call, req: HttpRequest, payee: Path<String>) -> HttpResponse {
    answered(&call, file_of(&call, &req, &payee).await)
}

async fn file_of(call: &Call, req: &HttpRequest, payee: &str) -> Result<HttpResponse, Refusal> {
    let_in(call, "mapper.resolve").await?;
    let source = needed_institution(req)?;
    let person = call.store().read(|db| store::person(db, &id_of(payee, &source)))?;
    let unknown = || Refusal::unknown(format!("{payee} is not registered by {source}"));
    Ok(HttpResponse::Ok().json(told(&person.ok_or_else(unknown)?)))
}

fn told(person: &Person) -> Value {
    let mut told = account_or_none(person);
    told["payeeIdentity"] = json!(payee_of(&person.id));
    told["registeringInstitutionId"] = json!(person.institution);
    told
}

/// Which page.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    page: Option<String>,
    page_size: Option<String>,
}

/// `GET /beneficiaries`, in pages as Spring writes them.
async fn page(call: Call, req: HttpRequest, page: Query<Page>) -> HttpResponse {
    answered(&call, page_of(&call, &req, &page).await)
}

async fn page_of(call: &Call, req: &HttpRequest, page: &Page) -> Result<HttpResponse, Refusal> {
    let_in(call, "mapper.resolve").await?;
    let number = |name: &str, text: &Option<String>, otherwise: i64, range: (i64, i64)| {
        let read = text.as_deref().map_or(Some(otherwise), |text| text.parse().ok());
        read.filter(|n| (range.0..=range.1).contains(n)).ok_or_else(|| {
            Refusal::schema(format!("{name}: write a number from {} to {}", range.0, range.1))
        })
    };
    let at = number("page", &page.page, 0, (0, 1_000_000))?;
    let size = number("pageSize", &page.page_size, 20, (1, LONGEST_PAGE))?;
    let source = institution(req);
    let (people, total) =
        call.store().survey(|db| store::people(db, source.as_deref(), (at * size, size)))?;
    let content: Vec<Value> = people.iter().map(told).collect();
    Ok(HttpResponse::Ok().json(json!({"numberOfElements": content.len(), "content": content,
        "number": at, "size": size, "totalElements": total,
        "totalPages": (total + size - 1) / size, "first": at == 0,
        "last": (at + 1) * size >= total, "empty": total <= at * size})))
}
