//! Where money goes and how it leaves: G2P Connect 1.0.0, `/mapper/sync/resolve`, `/mapper/sync/link` and `/disburse`.

use serde_json::json;
use standards::dci::{Action, ReasonCode, Status, TransactionId};
use standards::g2p_connect::disburse::{DisburseRequest, Disbursement};
use standards::g2p_connect::mapper::{
    LinkItem, LinkRequest, LinkResponse, ResolveItem, ResolveRequest, ResolveResponse,
    ResolveResult, ResolveScope,
};

use super::duties::{Desk, Open};
use super::letters::{self, News};
use super::outcome::tell;
use crate::kit::dci;
use crate::programme_office::model::amounts::decimal;
use crate::programme_office::model::payment::{Payment, PaymentState};
use crate::programme_office::store;

const MAPPER: &str = "account_mapper";
const HUB: &str = "payment_hub";

/// What the mapper knows of a person's account.
enum Account {
    Active(String),
    Closed,
    NotLinked,
}

/// Finds where the payment goes. A person without an account is linked to the wallet of the number that was typed; an
/// account that is closed holds the payment.
pub(in crate::programme_office) async fn find(
    desk: &Desk<'_>,
    payment: &Payment,
) -> Result<(), Open> {
    if !payment.state.may_be_sent() {
        return Ok(());
    }
    let known = resolve(desk, ResolveScope::YesNo).await?;
    let account = match known {
        Account::NotLinked => Account::Active(link(desk).await?),
        Account::Closed => Account::Closed,
        Account::Active(_) => resolve(desk, ResolveScope::Details).await?,
    };
    let archive = &desk.errand.office.store;
    let address = match &account {
        Account::Active(fa) if !fa.is_empty() => Ok(fa.as_str()),
        Account::Active(_) => return Err("The mapper says yes, but not which account.".into()),
        Account::Closed | Account::NotLinked => Err("The account is closed."),
    };
    store::address_payment(archive, &payment.reference_id, address).map_err(|e| e.to_string())?;
    match address {
        Ok(_) => Ok(()),
        Err(why) => {
            hold(desk, payment).await;
            Err(format!("{why} The payment waits for a new one."))
        }
    }
}

/// Tells, once, that a payment waits for an account.
async fn hold(desk: &Desk<'_>, payment: &Payment) {
    if payment.state == PaymentState::Held {
        return;
    }
    let body = json!({"reference_id": payment.reference_id, "state": "held"});
    desk.errand.event("payment held", "The payment is on hold: the account is closed.", &body);
    tell(
        desk.errand,
        &desk.application,
        &letters::write(&desk.programmes, &desk.application, News::Held),
    )
    .await;
}

async fn resolve(desk: &Desk<'_>, scope: ResolveScope) -> Result<Account, Open> {
    let message = ResolveRequest {
        transaction_id: TransactionId::from(desk.errand.office.next_id("TXN")),
        resolve_request: vec![ResolveItem {
            reference_id: desk.errand.office.next_id("REF"),
            timestamp: desk.errand.stamp().into(),
            fa: None,
            id: Some(person(desk)),
            name: None,
            scope: Some(scope),
            additional_info: Vec::new(),
            locale: Some("eng".into()),
        }],
    };
    let path = "/mapper/sync/resolve";
    let asked = dci::ask::<ResolveResponse>(desk.errand, MAPPER, path, Action::Resolve, &message);
    let mut answer = asked.await.map_err(|e| e.to_string())?;
    let result = answer.message.resolve_response.pop().ok_or("The mapper's answer is empty.")?;
    read(&result)
}

/// A "not found" of the mapper is a success; what is rejected is no answer.
fn read(result: &ResolveResult) -> Result<Account, Open> {
    if result.status != Status::Succ {
        let why = result.status_reason_message.clone();
        return Err(why.unwrap_or_else(|| "The mapper rejected the question.".into()));
    }
    Ok(match &result.status_reason_code {
        Some(ReasonCode::FaInactive | ReasonCode::IdInactive) => Account::Closed,
        Some(ReasonCode::FaNotFound | ReasonCode::FaNotLinkedToId | ReasonCode::IdNotFound) => {
            Account::NotLinked
        }
        _ => Account::Active(result.fa.as_ref().map(ToString::to_string).unwrap_or_default()),
    })
}

async fn link(desk: &Desk<'_>) -> Result<String, Open> {
    if desk.application.phone.is_empty() {
        return Err("There is no account, and no telephone number to open a wallet for.".into());
    }
    let digits = desk.application.phone.trim_start_matches('+');
    let fa = format!("msisdn:{digits}@{}", desk.programmes.wallet_provider);
    let message = LinkRequest {
        transaction_id: TransactionId::from(desk.errand.office.next_id("TXN")),
        link_request: vec![LinkItem {
            reference_id: desk.errand.office.next_id("REF"),
            timestamp: desk.errand.stamp().into(),
            id: person(desk),
            fa: fa.clone(),
            name: desk.application.facts.text("civil_name").map(str::to_owned),
            phone_number: Some(desk.application.phone.clone()),
            additional_info: Vec::new(),
            locale: Some("eng".into()),
        }],
    };
    let path = "/mapper/sync/link";
    let asked = dci::ask::<LinkResponse>(desk.errand, MAPPER, path, Action::Link, &message);
    let answer = asked.await.map_err(|e| e.to_string())?;
    match answer.message.link_response.first() {
        Some(result) if result.status == Status::Succ => Ok(fa),
        Some(result) => {
            let why = result.status_reason_message.clone();
            Err(why.unwrap_or_else(|| "The mapper refused to link the account.".into()))
        }
        None => Err("The mapper's answer is empty.".into()),
    }
}

/// Gives the payment to the hub. Its reference is the same on every attempt, so a second one pays nothing more.
pub(in crate::programme_office) async fn disburse(
    desk: &Desk<'_>,
    payment: &Payment,
) -> Result<(), Open> {
    if !payment.state.may_be_sent() {
        return Ok(());
    }
    let Some(payee_fa) = payment.payee_fa.clone() else {
        return Err("There is no account to pay to yet.".into());
    };
    let name = |language: &str| {
        let programme = desk.programmes.find(&payment.programme);
        programme.map_or_else(|_| payment.programme.clone(), |p| p.name(language).to_owned())
    };
    let message = DisburseRequest {
        transaction_id: TransactionId::from(format!("TXN-{}", payment.reference_id)),
        disbursements: vec![Disbursement {
            reference_id: payment.reference_id.clone(),
            payer_fa: desk.programmes.payer.fa.clone(),
            payee_fa,
            amount: decimal(payment.amount_cents),
            scheduled_timestamp: Some(desk.errand.stamp().into()),
            payer_name: Some(desk.programmes.payer.name.clone()),
            payee_name: desk.application.facts.text("civil_name").map(str::to_owned),
            note: Some(format!("{} {}", name("en"), payment.cycle)),
            purpose: Some("social benefit".into()),
            instruction: None,
            meta: None,
            currency_code: Some(payment.currency.clone()),
            locale: Some("eng".into()),
        }],
    };
    let asked = dci::submit(desk.errand, HUB, "/disburse", Action::Disburse, &message).await;
    asked.map_err(|e| e.to_string())?;
    let archive = &desk.errand.office.store;
    // The hub's final word may have come before its receipt; then this changes nothing.
    store::told(archive, &payment.reference_id, Status::Rcvd, "").map_err(|e| e.to_string())?;
    let body = json!({"reference_id": payment.reference_id, "amount_cents": payment.amount_cents});
    desk.errand.event("payment sent", "The payment hub has taken the payment.", &body);
    Ok(())
}

/// `uin:6580954839@arenoa`.
fn person(desk: &Desk<'_>) -> String {
    format!("uin:{}@arenoa", desk.uin)
}
