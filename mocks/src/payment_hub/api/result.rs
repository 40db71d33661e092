//! The result of a list as Payment Hub EE writes it: the columns of its bulk file, and behind them how each payment ended.
//! `GET /batches/{id}/result.csv`; the summary and the push of a list say where.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::batches::{named, word};
use super::let_in;
use super::transactions::{Refusal, hub};
use super::wish::{amount, own, why};
use crate::kit::courier::Errand;
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_hub::store::{self, Batch, Instruction};

const COLUMNS: [&str; 16] = [
    "id",
    "request_id",
    "payment_mode",
    "payer_identifier_type",
    "payer_identifier",
    "payee_identifier_type",
    "payee_identifier",
    "amount",
    "currency",
    "note",
    "payee_dfsp_id",
    "batch_id",
    "account_number",
    "status",
    "error_code",
    "error_description",
];

pub(super) fn routes(routes: &mut Routes) {
    routes.get(
        "/batches/{id}/result.csv",
        file,
        hub("How the payments of a list ended, as a CSV file")
            .path("id", "BATCH-000001")
            .gives_as::<String>(200, "text/csv", "One line a payment")
            .after("a list of this name was taken"),
    );
}

/// Where the result of a list is read.
pub(super) fn url(errand: &Errand, batch: &Batch) -> String {
    format!("{}/batches/{}/result.csv", errand.own_base(), batch.correlation)
}

async fn file(call: Call, id: Path<String>) -> HttpResponse {
    let outcome = async {
        let_in(&call, "payments.disburse").await?;
        let batch = named(&call, &id)?;
        let all = call.store().read(|db| store::instructions(db, batch.id))?;
        written(&batch, &all).map_err(|error| {
            tracing::error!(%error, "a result could not be written");
            Refusal::wrong("Invalid file", "the result could not be written; this is our fault")
        })
    };
    match outcome.await {
        Ok(content) => HttpResponse::Ok().content_type("text/csv; charset=utf-8").body(content),
        Err(refused) => refused.answer(&call),
    }
}

fn written(batch: &Batch, all: &[Instruction]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for (place, payment) in all.iter().enumerate() {
        writer.write_record(row(batch, place, payment))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn row(batch: &Batch, place: usize, payment: &Instruction) -> [String; 16] {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let own = own(payment);
    let written = amount(payment, batch.currency);
    let is_account = payment.payee_kind.as_str() == "ACCOUNT_ID";
    [
        place.to_string(),
        payment.disbursement.reference_id.clone(),
        text(&own["paymentMode"]),
        String::from("accountNumber"),
        batch.payer_account.clone(),
        payment.payee_kind.as_str().to_owned(),
        payment.payee_id.clone(),
        written.as_str().map_or_else(|| written.to_string(), str::to_owned),
        batch.currency.to_string(),
        payment.disbursement.note.clone().unwrap_or_default(),
        payment.payee_bank.clone(),
        batch.correlation.clone(),
        if is_account { payment.payee_id.clone() } else { String::new() },
        word(payment.state).to_owned(),
        code(payment),
        why(payment).unwrap_or_default(),
    ]
}

/// The code of the scheme where it refused, else that of G2P Connect.
fn code(payment: &Instruction) -> String {
    let Some(why) = &payment.why else { return String::new() };
    why.scheme_code.map_or_else(|| why.code.to_string(), |code| code.to_string())
}
