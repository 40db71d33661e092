//! The money of a cycle: the treasury is asked for the funds, the mapper for the accounts (G2P Connect 1.0.0,
//! `/mapper/sync/resolve`), and the payment hub gets the lists (`/disburse`). A list is kept with its references before it
//! leaves, so the same list may be handed in twice and is paid once.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use standards::dci::{Action, ReasonCode, Status, TransactionId};
use standards::g2p_connect::disburse::{
    DisburseRequest, DisburseResponse, Disbursement, DisbursementStatus,
};
use standards::g2p_connect::mapper::{
    ResolveItem, ResolveRequest, ResolveResponse, ResolveResult, ResolveScope,
};
use standards::g2p_connect::txn_status::{
    AttributeType, Names, TxnStatusQuery, TxnStatusRequest, TxnStatusResponse,
};

use super::model::{CycleState, Refusal, Standing};
use super::store::{self, Cycle, List, Payee, Trouble};
use crate::kit::courier::{Errand, Letter};
use crate::kit::dci;
use crate::programme_office::model::amounts::{decimal, grouped};
use crate::programme_office::model::programmes::Programmes;
use crate::programme_office::store::paused;

pub(super) const MAPPER: &str = "account_mapper";
pub(super) const HUB: &str = "payment_hub";
/// A list covers so many payees, as `OpenSPP` makes them.
const MOST_IN_LIST: usize = 500;

/// Whether an approved cycle may be gone on with.
pub(super) fn may_go_on(errand: &Errand, id: &str) -> Result<(), Trouble> {
    match store::known(&errand.office.store, id)?.state {
        CycleState::Approved => Ok(()),
        state => {
            let right = CycleState::Approved.text();
            Err(Refusal::NotNow { is: state.text(), right }.into())
        }
    }
}

/// Pays an approved cycle, or goes on with it: lists that were made and did not leave are handed in.
pub(super) async fn run(errand: &Errand, id: &str) {
    let done = async {
        let cycle = store::known(&errand.office.store, id)?;
        let lists = errand.office.store.read(|db| store::lists(db, id))?;
        if lists.is_empty() {
            if !are_funded(errand, &cycle).await? {
                return Ok(());
            }
            return round(errand, &cycle, &[Standing::Approved]).await;
        }
        hand_in(errand, &cycle).await
    };
    if let Err(trouble) = done.await {
        let sentence = Trouble::to_string(&trouble);
        errand.event("payment waits", &sentence, &json!({"cycle": id}));
    }
}

/// **D1** Does the account hold enough for everybody? Nobody is paid where it does not.
async fn are_funded(errand: &Errand, cycle: &Cycle) -> Result<bool, Trouble> {
    let due = errand.office.store.read(|db| {
        let paused = paused(db, &cycle.programme)?;
        let mut due = store::standing_so(db, &cycle.id, &[Standing::Approved])?;
        due.retain(|payee| !paused.contains_key(&payee.uin));
        Ok(due)
    })?;
    let needed: i64 = due.iter().map(|payee| payee.amount_cents).sum();
    let programmes = programmes(errand)?;
    let (bank, account) = payer(&programmes)?;
    let check = json!({"account_number": account, "account_currency": cycle.currency,
        "total_funds_needed": decimal(needed)});
    let letter = Letter::post(&bank, "/check_funds").json(&check).correlation(&cycle.id);
    let silent = |why: String| Trouble::Unanswered(format!("The treasury: {why}"));
    let reply = errand.send(letter).await.map_err(|e| silent(e.to_string()))?;
    let said: Value = reply.json().map_err(|e| silent(e.to_string()))?;
    let is_short = said["error_code"] == "INSUFFICIENT_FUNDS";
    if said["status"] != "success" && !is_short {
        return Err(silent(said["error_message"].as_str().unwrap_or("no answer").into()));
    }
    let enough = !is_short && said["has_sufficient_funds"] == true;
    let funds = if enough { "FUNDS_AVAILABLE" } else { "FUNDS_NOT_AVAILABLE" };
    errand.office.store.write(|tx| Ok::<_, Trouble>(store::set_funds(tx, &cycle.id, funds)?))?;
    let total = format!("{} {}", grouped(needed), cycle.currency);
    let sentence = if enough {
        format!("{funds}: the account holds the {total} that {} people are owed.", due.len())
    } else {
        let lack = said["error_message"].as_str().unwrap_or_default();
        format!("{funds}: {lack}. Nothing is sent; there is no half payroll.")
    };
    let verdict = if enough { "pass" } else { "fail" };
    let question = ("D1", "Is the money there", "balance >= total owed");
    decide(errand, &cycle.id, question, (verdict, &sentence));
    Ok(enough)
}

/// Shows a decision of the cycle as decisions on applications are shown; it is about the cycle.
pub(super) fn decide(
    errand: &Errand,
    cycle: &str,
    (id, title, rule): (&str, &str, &str),
    (verdict, sentence): (&str, &str),
) {
    let body = json!({"id": id, "title": title, "rule": rule, "version": "cycle", "verdict": verdict,
        "facts": [], "clauses": [], "by": "rule", "sentence": sentence, "cycle": cycle, "about": cycle});
    errand.event(&format!("decision {id}"), sentence, &body);
}

pub(super) fn programmes(errand: &Errand) -> Result<std::sync::Arc<Programmes>, Trouble> {
    let read = crate::programme_office::store::programmes(&errand.office);
    read.map_err(|e| Refusal::Malformed(e.to_string()).into())
}

/// Bank and number of the account that cycles are paid from.
pub(super) fn payer(programmes: &Programmes) -> Result<(String, String), Trouble> {
    let fa = &programmes.payroll.fa;
    let parts =
        fa.split_once('@').and_then(|(account, bank)| Some((bank, account.split_once(':')?.1)));
    let (bank, account) = parts
        .ok_or_else(|| Refusal::Malformed(format!("payroll.fa: {fa} is no account at a bank")))?;
    Ok((bank.into(), account.into()))
}

/// One round of payments: the mapper tells where each goes, the lists are made with new references, and handed in.
pub(super) async fn round(
    errand: &Errand,
    cycle: &Cycle,
    from: &[Standing],
) -> Result<(), Trouble> {
    let id = &cycle.id;
    let due = errand.office.store.read(|db| store::standing_so(db, id, from))?;
    let mut found = Vec::with_capacity(due.len());
    for part in due.chunks(MOST_IN_LIST) {
        found.extend(resolve(errand, part).await?);
    }
    let (issued, held) = errand.office.store.write(|tx| {
        let (attempt, paused) = (store::next_round(tx, id)?, paused(tx, &cycle.programme)?);
        if cycle.state != CycleState::Approved {
            store::enter(tx, id, (cycle.state, CycleState::Approved))?;
        }
        // What the statement said before this round is no proof of it.
        store::set_reconciled(tx, id, None)?;
        let (mut issued, mut held) = (0, BTreeMap::<String, usize>::new());
        let parts = due.chunks(MOST_IN_LIST).zip(found.chunks(MOST_IN_LIST));
        for (number, (payees, accounts)) in parts.enumerate() {
            let transaction_id = format!("TXN-{id}-{attempt}-{:02}", number + 1);
            let (mut payments, mut total_cents) = (0, 0);
            for (payee, account) in payees.iter().zip(accounts) {
                if !store::stands(tx, id, payee)? {
                    continue;
                }
                // Who is paused, on a doubted death too, is paid by no round.
                let account = paused.get(&payee.uin).map_or(account.as_ref(), Err);
                match account {
                    Ok(fa) => {
                        let reference = format!("PAY-{id}-{:04}-{attempt}", payee.place);
                        store::issue(tx, (id, payee.place), (&reference, &transaction_id, fa))?;
                        payments += 1;
                        issued += 1;
                        total_cents += payee.amount_cents;
                    }
                    Err(why) => {
                        *held.entry(why.clone()).or_default() += 1;
                        store::set_standing(tx, (id, payee.place), (Standing::Held, why))?;
                    }
                }
            }
            let (cycle, state) = (id.clone(), String::from("issued"));
            let list = List {
                transaction_id,
                cycle,
                attempt,
                payments,
                total_cents,
                state,
                hub_list: None,
            };
            if payments > 0 {
                store::add_list(tx, &list)?;
            }
        }
        Ok::<_, Trouble>((issued, held))
    })?;
    tell_held(errand, cycle, issued, &held);
    hand_in(errand, cycle).await
}

fn tell_held(errand: &Errand, cycle: &Cycle, active: usize, held: &BTreeMap<String, usize>) {
    let count: usize = held.values().sum();
    let reasons: Vec<String> = held.iter().map(|(why, n)| format!("{n} × {why}")).collect();
    let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    let sentence = format!("{active} accounts are active; {count} payments are held{why}.");
    let facts = json!({"cycle": cycle.id, "active": active, "held": count, "reasons": held});
    errand.event("accounts resolved", &sentence, &facts);
}

/// Asks the mapper about many people at once. The error of one is its code.
async fn resolve(
    errand: &Errand,
    payees: &[Payee],
) -> Result<Vec<Result<String, String>>, Trouble> {
    let silent = |why: String| Trouble::Unanswered(format!("The account mapper: {why}"));
    let item = |payee: &Payee| ResolveItem {
        reference_id: format!("R-{}", payee.place),
        timestamp: errand.stamp().into(),
        fa: None,
        id: Some(person(payee)),
        name: None,
        scope: Some(ResolveScope::Details),
        additional_info: Vec::new(),
        locale: Some("eng".into()),
    };
    let message = ResolveRequest {
        transaction_id: TransactionId::from(errand.office.next_id("TXN")),
        resolve_request: payees.iter().map(item).collect(),
    };
    let path = "/mapper/sync/resolve";
    let asked = dci::ask::<ResolveResponse>(errand, MAPPER, path, Action::Resolve, &message);
    let answer = asked.await.map_err(|e| silent(e.to_string()))?;
    let results: BTreeMap<&str, &ResolveResult> =
        answer.message.resolve_response.iter().map(|r| (r.reference_id.as_str(), r)).collect();
    let found =
        |payee: &Payee| account(results.get(format!("R-{}", payee.place).as_str()).copied());
    Ok(payees.iter().map(found).collect())
}

/// `uin:6580954839@arenoa`.
pub(super) fn person(payee: &Payee) -> String {
    format!("uin:{}@arenoa", payee.uin)
}

/// Only an active account with an address can be paid to; everything else is held under the mapper's code.
fn account(result: Option<&ResolveResult>) -> Result<String, String> {
    let Some(result) = result else { return Err(String::from("left out of the answer")) };
    let code = result.status_reason_code.as_ref();
    let is_active = matches!(code, Some(ReasonCode::IdActive | ReasonCode::FaActive) | None);
    match (&result.fa, result.status == Status::Succ && is_active) {
        (Some(fa), true) => Ok(fa.clone()),
        _ => Err(code.map_or_else(|| String::from("no account"), ToString::to_string)),
    }
}

/// Hands the lists in that were made and have not left. A list that the hub has had before is paid once all the same.
async fn hand_in(errand: &Errand, cycle: &Cycle) -> Result<(), Trouble> {
    let lists = errand.office.store.read(|db| store::lists(db, &cycle.id))?;
    for list in lists.iter().filter(|list| list.state == "issued") {
        let hub_list = submit(errand, list).await?;
        errand
            .office
            .store
            .write(|tx| Ok::<_, Trouble>(store::mark_sent(tx, &list.transaction_id, &hub_list)?))?;
    }
    end_round(errand, &cycle.id)
}

/// Gives a list to the hub, and gives the hub's name for it.
async fn submit(errand: &Errand, list: &List) -> Result<String, Trouble> {
    let programmes = programmes(errand)?;
    let payees = errand.office.store.read(|db| store::of_list(db, &list.transaction_id))?;
    let cycle = store::known(&errand.office.store, &list.cycle)?;
    let name = programmes.find(&cycle.programme).map_or("", |p| p.name("en"));
    let disbursement = |payee: &Payee| Disbursement {
        reference_id: payee.reference_id.clone().unwrap_or_default(),
        payer_fa: programmes.payroll.fa.clone(),
        payee_fa: payee.payee_fa.clone().unwrap_or_default(),
        amount: decimal(payee.amount_cents),
        scheduled_timestamp: None,
        payer_name: Some(programmes.payroll.name.clone()),
        payee_name: Some(payee.name.clone()),
        note: Some(format!("{name} {}", cycle.month)),
        purpose: None,
        instruction: None,
        meta: None,
        currency_code: Some(cycle.currency.clone()),
        locale: None,
    };
    let message = DisburseRequest {
        transaction_id: TransactionId::from(list.transaction_id.as_str()),
        disbursements: payees.iter().map(disbursement).collect(),
    };
    let handed = dci::submit(errand, HUB, "/disburse", Action::Disburse, &message).await;
    let ack = handed.map_err(|e| Trouble::Unanswered(format!("The payment hub: {e}")))?;
    let total = grouped(list.total_cents);
    let sentence = format!("{} payments over {total} {}.", list.payments, cycle.currency);
    let facts = json!({"transaction_id": list.transaction_id, "payments": list.payments,
        "total_cents": list.total_cents});
    errand.event("list handed in", &sentence, &facts);
    Ok(ack.message.correlation_id)
}

/// Hands the first list in once more, as it was. The hub refuses what it has had before.
pub(super) async fn resend(errand: &Errand, id: &str) -> Result<(), Trouble> {
    store::known(&errand.office.store, id)?;
    let lists = errand.office.store.read(|db| store::lists(db, id))?;
    let first = lists.first().ok_or(Refusal::NotNow { is: "not paid", right: "approved" })?;
    submit(errand, first).await.map(drop)
}

/// `/disburse/sync/txn/status`: how the lists stand that were not reported on.
pub(super) async fn ask(errand: &Errand, id: &str) -> Result<(), Trouble> {
    store::known(&errand.office.store, id)?;
    let lists = errand.office.store.read(|db| store::lists(db, id))?;
    for list in lists.iter().filter(|list| list.state == "sent") {
        let message = TxnStatusRequest {
            transaction_id: TransactionId::from(errand.office.next_id("TXN")),
            txnstatus_request: TxnStatusQuery {
                reference_id: errand.office.next_id("REF"),
                txn_type: "disburse".into(),
                attribute_type: AttributeType::TransactionId,
                attribute_value: Names::One(TransactionId::from(list.transaction_id.as_str())),
                locale: None,
            },
        };
        let silent = |why: String| Trouble::Unanswered(format!("The payment hub: {why}"));
        let path = "/disburse/sync/txn/status";
        let asked = dci::ask::<TxnStatusResponse>(errand, HUB, path, Action::TxnStatus, &message);
        let answer = asked.await.map_err(|e| silent(e.to_string()))?;
        if answer.is_rejected() {
            return Err(silent(format!("it does not know the list {}", list.transaction_id)));
        }
        let status = answer.message.txnstatus_response.txn_status;
        let said: DisburseResponse =
            serde_json::from_value(status).map_err(|e| silent(e.to_string()))?;
        told(errand, &said).map_err(Trouble::Unanswered)?;
    }
    Ok(())
}

/// What the hub tells of a list, where it is a cycle's: every payment is noted once. Says whether it was.
pub(in crate::programme_office) fn told(
    errand: &Errand,
    said: &DisburseResponse,
) -> Result<bool, String> {
    let (list, at) = (said.transaction_id.to_string(), errand.stamp());
    let noted = errand.office.store.write(|tx| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for status in &said.disbursements_status {
            let Some(end) = end_of(status) else { continue };
            if store::note_end(tx, (&status.reference_id, &at), (end.0, &end.1, end.2))? {
                let word = end.2.map_or_else(|| end.0.text().into(), |code| code.to_string());
                *counts.entry(word).or_default() += 1;
            }
        }
        let cycle = store::mark_reported(tx, &list)?;
        Ok::<_, Trouble>(cycle.map(|cycle| (cycle, counts)))
    });
    let Some((cycle, counts)) = noted.map_err(|e| e.to_string())? else { return Ok(false) };
    let words: Vec<String> = counts.iter().map(|(word, n)| format!("{n} × {word}")).collect();
    let sentence = if words.is_empty() {
        String::from("The report tells nothing new.")
    } else {
        format!("{}.", words.join(", "))
    };
    errand.event("list reported", &sentence, &json!({"transaction_id": list, "ends": counts}));
    end_round(errand, &cycle).map_err(|e| e.to_string())?;
    Ok(true)
}

/// How a payment ended; none where it has not, or where the hub speaks of a message and not of the payment.
fn end_of(status: &DisbursementStatus) -> Option<(Standing, String, Option<u16>)> {
    let remark = status.status_reason_message.clone().unwrap_or_default();
    let code = remark.get(..4).and_then(|code| code.parse::<u16>().ok());
    match status.status {
        Status::Succ => Some((Standing::Paid, String::new(), None)),
        Status::Rjct if status.status_reason_code == Some(ReasonCode::ReferenceIdDuplicate) => None,
        Status::Rjct => Some((Standing::Failed, remark, code)),
        // The hub holds a payment and says why; one that is under way has no reason.
        _ if !remark.is_empty() => Some((Standing::Held, remark, None)),
        _ => None,
    }
}

/// A round is over when nobody waits for money any more, whether all were paid or all are held. Quiet: which report is the
/// last is nobody's business.
fn end_round(errand: &Errand, id: &str) -> Result<(), Trouble> {
    errand.office.store.write(|tx| {
        let cycle = store::cycle(tx, id)?;
        let is_paying = cycle.is_some_and(|cycle| cycle.state == CycleState::Approved);
        let waiting = [Standing::Approved, Standing::Issued, Standing::Sent];
        if is_paying && store::standing_so(tx, id, &waiting)?.is_empty() {
            store::enter(tx, id, (CycleState::Approved, CycleState::Distributed))?;
        }
        Ok(())
    })
}
