//! G2P Connect 1.0.0, `/mapper/sync/resolve`: where persons are paid, for payments that name a person and no account.

use standards::dci::{Action, ReasonCode, Status, TransactionId};
use standards::g2p_connect::mapper::{
    ResolveItem, ResolveRequest, ResolveResponse, ResolveResult, ResolveScope,
};

use super::kept;
use crate::kit::courier::Errand;
use crate::kit::dci;
use crate::payment_hub::model::{Account, State, Why};
use crate::payment_hub::store::{self, Instruction};

const MAPPER: &str = "account_mapper";
/// The mapper is asked for so many persons at once.
const MOST_AT_ONCE: usize = 1000;

/// Asks the mapper for the accounts of persons. A payment to somebody without an active account is held. The error says
/// why the mapper gave no answer; ask again.
pub(super) async fn accounts(errand: &Errand, persons: &[Instruction]) -> Result<(), String> {
    for part in persons.chunks(MOST_AT_ONCE) {
        let ask = |payment: &Instruction| ResolveItem {
            reference_id: payment.disbursement.reference_id.clone(),
            timestamp: errand.stamp().into(),
            fa: None,
            id: Some(payment.disbursement.payee_fa.clone()),
            name: None,
            scope: Some(ResolveScope::Details),
            additional_info: Vec::new(),
            locale: Some("eng".into()),
        };
        let message = ResolveRequest {
            transaction_id: TransactionId::from(errand.office.next_id("TXN")),
            resolve_request: part.iter().map(ask).collect(),
        };
        let path = "/mapper/sync/resolve";
        let asked = dci::ask::<ResolveResponse>(errand, MAPPER, path, Action::Resolve, &message);
        let answer = asked.await.map_err(|e| e.to_string())?;
        note(errand, part, &answer.message.resolve_response).ok_or("the archive failed")?;
    }
    Ok(())
}

fn note(errand: &Errand, asked: &[Instruction], results: &[ResolveResult]) -> Option<()> {
    let at = errand.stamp();
    let noted = errand.office.store.alter(|tx| {
        for (place, payment) in asked.iter().enumerate() {
            let named = |r: &&ResolveResult| r.reference_id == payment.disbursement.reference_id;
            let result = results.get(place).filter(named).or_else(|| results.iter().find(named));
            match account(result) {
                Ok(account) => store::set_account(tx, payment.id, &account)?,
                Err(why) => {
                    let step = (&[State::Received][..], State::Held);
                    store::advance(tx, payment.id, step, Some(&why), &at)?;
                }
            }
        }
        Ok(())
    });
    kept("noting where persons are paid", noted)
}

/// A "not found" of the mapper is a success, but no account.
fn account(result: Option<&ResolveResult>) -> Result<Account, Why> {
    let none = |sentence: String| Err(Why::new(ReasonCode::PayeeFaInvalid, sentence));
    let Some(result) = result else { return none("the mapper left the person out".into()) };
    let code = result.status_reason_code.as_ref();
    let is_active = code.is_none_or(|c| matches!(c, ReasonCode::IdActive | ReasonCode::FaActive));
    let said = code.map_or_else(|| "no account".into(), ToString::to_string);
    if result.status != Status::Succ || !is_active {
        return none(format!("{said}: no active account is linked to the person"));
    }
    match result.fa.as_ref().and_then(|fa| Account::read(&fa.parse().ok()?)) {
        Some(account) => Ok(account),
        None => none(format!("{said}: the mapper tells no account that the switch knows")),
    }
}
