//! `POST /initiate_payment` of OpenG2P's example bank: a list of payments, which the statement names as the payer does.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::fspiop::{PartyIdInfo, PartyIdType};
use standards::money::{Currency, Money};

use super::known;
use super::payments::{Wish, begin};
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    let list = json!([{
        "payment_reference_number": "PAY-1", "remitting_account": known(routes.system.name),
        "payment_amount": "10.00", "beneficiary_phone_no": cast_phone("tomas"),
    }]);
    routes.post(
        "/initiate_payment",
        initiate,
        says("Begins a list of payments")
            .tag("the example bank of OpenG2P")
            .more("Answered with 200 and a `status`: `success` or `failed`.")
            .takes::<Vec<Initiate>>(list)
            .gives::<Value>(200, "Whether they were begun, or why not"),
    );
}

/// A payment of the example bank; what it says besides is not needed here.
#[derive(Deserialize, JsonSchema)]
struct Initiate {
    /// What the statement calls it.
    payment_reference_number: String,
    remitting_account: String,
    payment_amount: Value,
    remitting_account_currency: Option<Currency>,
    /// The funds that `/block_funds` set aside for it.
    funds_blocked_reference_number: Option<String>,
    beneficiary_account: Option<String>,
    beneficiary_phone_no: Option<String>,
    /// Told to the payee too.
    narrative_1: Option<String>,
    narrative_2: Option<String>,
    narrative_3: Option<String>,
    narrative_4: Option<String>,
    narrative_5: Option<String>,
    narrative_6: Option<String>,
}

/// A list of payments; answers 200 with a status, as the example bank does. The first that cannot begin ends the list.
async fn initiate(call: Call) -> HttpResponse {
    let started = standards::dci::read::<Vec<Initiate>>(&call.body)
        .map_err(|wrong| wrong.to_string())
        .and_then(|asked| asked.into_iter().try_for_each(|ask| initiate_one(&call, ask)));
    HttpResponse::Ok().json(match started {
        Ok(()) => json!({"status": "success", "error_message": ""}),
        Err(sentence) => {
            call.remark(&sentence);
            json!({"status": "failed", "error_message": sentence})
        }
    })
}

fn initiate_one(call: &Call, ask: Initiate) -> Result<(), String> {
    let currency = ask.remitting_account_currency.unwrap_or_else(crate::bank::scheme::currency);
    let amount = match &ask.payment_amount {
        Value::String(text) => Money::from_decimal(text, currency),
        Value::Number(number) => Money::from_json(number, currency),
        _ => return Err(String::from("payment_amount is no decimal such as 100.00")),
    };
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let payee = match (given(ask.beneficiary_phone_no), given(ask.beneficiary_account)) {
        (Some(phone), _) => PartyIdInfo::new(PartyIdType::Msisdn, phone.trim_start_matches('+')),
        (None, Some(account)) => PartyIdInfo::new(PartyIdType::AccountId, account),
        (None, None) => {
            return Err(String::from("name beneficiary_account or beneficiary_phone_no"));
        }
    };
    let note = ask.narrative_1.clone();
    let (one, two, three) = (ask.narrative_1, ask.narrative_2, ask.narrative_3);
    let (four, five, six) = (ask.narrative_4, ask.narrative_5, ask.narrative_6);
    let narratives = [one, two, three, four, five, six].map(Option::unwrap_or_default);
    let wish = Wish {
        reference: Some(ask.payment_reference_number),
        account: ask.remitting_account,
        payee,
        amount: amount.map_err(|wrong| wrong.to_string())?,
        note,
        narratives: narratives.into(),
        block: given(ask.funds_blocked_reference_number),
    };
    begin(call, wish).map(drop)
}
