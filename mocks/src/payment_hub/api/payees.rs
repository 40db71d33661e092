//! Our own `GET /payees?q=`: the newest payments to somebody, whatever counter they came in at. For officers.

use actix_web::HttpResponse;
use actix_web::web::Query;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::money::Money;

use super::let_in;
use super::transactions::Refusal;
use super::wish::why;
use crate::kit::openapi::{Routes, Token, says};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;
use crate::payment_hub::store;

/// So many payments are shown.
const MOST: i64 = 100;
/// Less than this finds everybody.
const SHORTEST: usize = 4;

pub(super) fn routes(routes: &mut Routes) {
    routes.get(
        "/payees",
        search,
        says("The newest payments to somebody")
            .tag("our own")
            .with(Token::Strict)
            .asks("q", cast_phone("tomas"))
            .gives::<Value>(200, "The newest first"),
    );
}

#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    q: String,
}

async fn search(call: Call, question: Query<Question>) -> HttpResponse {
    let outcome = async {
        let_in(&call, "payments.disburse").await?;
        let wanted = question.q.trim();
        if wanted.chars().count() < SHORTEST || wanted.contains('"') {
            let right =
                format!("q: write at least {SHORTEST} characters of a UIN, telephone or account");
            return Err(Refusal::wrong("Invalid search", right));
        }
        let found = call.store().read(|db| store::to_payee(db, wanted, MOST))?;
        let row = |(batch, payment): &(store::Batch, store::Instruction)| {
            json!({"list": batch.correlation, "face": batch.face.text(),
                "reference": payment.disbursement.reference_id, "payee": payment.disbursement.payee_fa,
                "bank": payment.payee_bank, "amount": Money::new(payment.minor, batch.currency).to_string(),
                "currency": batch.currency, "state": payment.state.text(), "since": payment.since,
                "reason": why(payment)})
        };
        Ok(found.iter().map(row).collect::<Vec<Value>>())
    };
    match outcome.await {
        Ok(payments) => HttpResponse::Ok().json(json!({"payments": payments})),
        Err(refused) => refused.answer(&call),
    }
}
