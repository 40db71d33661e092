//! Administration of participants: `POST /admin/participants` takes one in, or opens its accounts in one more currency.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Deserialize;
use standards::fspiop::{ErrorCode, is_currency};
use standards::money::Currency;

use super::participants::card;
use super::{answer, for_good, member, wrong};
use crate::kit::fspiop::{Refusal, read};
use crate::kit::server::Call;
use crate::payment_switch::directory;
use crate::payment_switch::model::AccountKind;
use crate::payment_switch::store;

#[derive(Deserialize, JsonSchema)]
pub(super) struct NewParticipant {
    name: String,
    currency: String,
}

pub(super) async fn add(call: Call) -> HttpResponse {
    let added = read::<NewParticipant>(&call.body).and_then(|new| {
        let at = call.errand.stamp();
        let legal = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        if new.name.is_empty() || new.name.len() > 32 || !new.name.bytes().all(legal) {
            return Err(wrong("name: 1 to 32 letters, digits, hyphens, points or underscores"));
        }
        let currency = currency(&new.currency)?;
        for_good(&call, |tx| {
            let open = store::accounts(tx, &new.name)?;
            let is_it = |a: &store::Position| {
                a.kind == AccountKind::Position.text() && a.currency == currency.as_str()
            };
            if open.iter().any(is_it) {
                let sentence = format!("{} has its accounts in {currency} already", new.name);
                return Err(Refusal::new(ErrorCode::ADD_PARTY, sentence));
            }
            store::add_participant(tx, &new.name, &at)?;
            for kind in [AccountKind::Position, AccountKind::Settlement] {
                store::add_account(tx, &new.name, currency, kind)?;
            }
            Ok(())
        })?;
        directory::forget(&call.errand.office);
        card(&call, &member(&call, &new.name)?)
    });
    answer(&call, 201, added)
}

/// A currency in which participants may have accounts: one of the standard's list.
fn currency(code: &str) -> Result<Currency, Refusal> {
    let sentence =
        format!("currency: `{code}` is not in the list of the standard; write USD or XTS");
    let refused = || Refusal::new(ErrorCode::MALFORMED_SYNTAX, sentence);
    let known = Some(code).filter(|code| is_currency(code)).and_then(|code| code.parse().ok());
    known.ok_or_else(refused)
}
