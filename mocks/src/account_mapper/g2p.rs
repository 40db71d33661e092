//! The face of G2P Connect 1.0.0: batches of `link`, `update`, `unlink` and `resolve` in, their results out.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use standards::dci::{Header, Malformed, TransactionId, read_value};
use standards::g2p_connect::FinancialAddress;
use standards::g2p_connect::mapper::{
    AccountProviderInfo, AdditionalInfo, LinkItem, LinkRequest, LinkResponse, LinkResult,
    ResolveItem, ResolveRequest, ResolveResponse, ResolveResult, UnlinkItem, UnlinkRequest,
    UnlinkResponse, UnlinkResult, UpdateItem, UpdateRequest, UpdateResponse, UpdateResult,
};

use super::model::{self, Entry, Outcome, Verb, provider_name};
use super::store;
use crate::kit::dci::{Whole, check_header};

/// More entries than this in one batch are refused.
pub(super) const MOST_ENTRIES: usize = 10_000;

/// A batch that was read.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) transaction_id: TransactionId,
    items: Items,
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug)]
enum Items {
    Link(Vec<LinkItem>),
    Update(Vec<UpdateItem>),
    Unlink(Vec<UnlinkItem>),
    Resolve(Vec<ResolveItem>),
}

impl Batch {
    /// The names of its entries.
    pub(super) fn references(&self) -> Vec<String> {
        self.entries.iter().map(|entry| entry.reference_id.clone()).collect()
    }
}

/// Reads the message of a batch; the error names the field.
pub(super) fn read(verb: Verb, message: &Value) -> Result<Batch, Malformed> {
    let (transaction_id, items, entries) = match verb {
        Verb::Link => {
            let request: LinkRequest = read_message(message)?;
            let entries = request.link_request.iter().map(entry_of_link).collect();
            (request.transaction_id, Items::Link(request.link_request), entries)
        }
        Verb::Update => {
            let request: UpdateRequest = read_message(message)?;
            let entries = request.update_request.iter().map(entry_of_update).collect();
            (request.transaction_id, Items::Update(request.update_request), entries)
        }
        Verb::Unlink => {
            let request: UnlinkRequest = read_message(message)?;
            let entries = request.unlink_request.iter().map(entry_of_unlink).collect();
            (request.transaction_id, Items::Unlink(request.unlink_request), entries)
        }
        Verb::Resolve => {
            let request: ResolveRequest = read_message(message)?;
            let entries = request.resolve_request.iter().map(entry_of_resolve).collect();
            (request.transaction_id, Items::Resolve(request.resolve_request), entries)
        }
    };
    Ok(Batch { transaction_id, items, entries })
}

fn read_message<M: DeserializeOwned>(message: &Value) -> Result<M, Malformed> {
    read_value(message)
        .map_err(|e| Malformed { path: format!("message.{}", e.path), sentence: e.sentence })
}

/// What is wrong with a batch as a whole, in the words of the header. The published text names `link` for every verb of
/// the synchronous form: there it is read, and answered in the verb of the path.
pub(super) fn check(
    verb: Verb,
    header: &Header,
    batch: &Batch,
    is_synchronous: bool,
) -> Result<(), Whole> {
    let actions = [verb.word(), Verb::Link.word()];
    let actions = if is_synchronous { &actions[..] } else { &actions[..1] };
    check_header(header, actions, (batch.entries.len(), MOST_ENTRIES))
}

/// Does a batch inside one transaction, and gives the message that answers it.
pub(super) fn perform(
    tx: &Connection,
    verb: Verb,
    batch: &Batch,
    correlation_id: &str,
    at: &str,
) -> rusqlite::Result<Value> {
    let mut seen = BTreeSet::new();
    let mut outcomes = Vec::with_capacity(batch.entries.len());
    for entry in &batch.entries {
        let twice = !seen.insert(entry.reference_id.as_str());
        let outcome = match model::check(verb, entry, twice) {
            Ok(()) => model::decide(verb, entry, &store::facts(tx, entry)?),
            Err(fault) => fault.outcome(verb),
        };
        store::apply(tx, entry, &outcome.change, at)?;
        outcomes.push(outcome);
    }
    Ok(answer(batch, &outcomes, correlation_id, at))
}

/// The message of a batch that was refused as a whole: no results.
pub(super) fn nothing(verb: Verb, message: &Value, correlation_id: &str) -> Value {
    let transaction_id = message.get("transaction_id").cloned().unwrap_or_else(|| "".into());
    json!({"transaction_id": transaction_id, "correlation_id": correlation_id,
        (format!("{}_response", verb.word())): []})
}

fn answer(batch: &Batch, outcomes: &[Outcome], correlation_id: &str, at: &str) -> Value {
    let (transaction_id, correlation_id) =
        (batch.transaction_id.clone(), Some(correlation_id.to_owned()));
    match &batch.items {
        Items::Link(items) => written(&LinkResponse {
            transaction_id,
            correlation_id,
            link_response: each(items, outcomes, |item, o| linked(item, o, at)),
        }),
        Items::Update(items) => written(&UpdateResponse {
            transaction_id,
            correlation_id,
            update_response: each(items, outcomes, |item, o| updated(item, o, at)),
        }),
        Items::Unlink(items) => written(&UnlinkResponse {
            transaction_id,
            correlation_id,
            unlink_response: each(items, outcomes, |item, o| unlinked(item, o, at)),
        }),
        Items::Resolve(items) => written(&ResolveResponse {
            transaction_id,
            correlation_id,
            resolve_response: each(items, outcomes, |item, o| resolved(item, o, at)),
        }),
    }
}

fn each<I, R>(items: &[I], outcomes: &[Outcome], result: impl Fn(&I, &Outcome) -> R) -> Vec<R> {
    items.iter().zip(outcomes).map(|(item, outcome)| result(item, outcome)).collect()
}

fn written(message: &impl Serialize) -> Value {
    // These messages are maps with strings for keys, which JSON can always hold.
    serde_json::to_value(message).unwrap_or_default()
}

fn sentence(outcome: &Outcome) -> Option<String> {
    Some(outcome.sentence.clone()).filter(|s| !s.is_empty())
}

fn linked(item: &LinkItem, outcome: &Outcome, at: &str) -> LinkResult {
    LinkResult {
        fa: outcome.found.as_ref().map(|(_, fa)| fa.clone()),
        status_reason_code: outcome.code.clone(),
        status_reason_message: sentence(outcome),
        ..LinkResult::of(item, outcome.status, at)
    }
}

/// The text requires the fa, also where it was refused.
fn updated(item: &UpdateItem, outcome: &Outcome, at: &str) -> UpdateResult {
    UpdateResult {
        id: Some(item.id.clone()),
        fa: Some(item.fa.clone()),
        status_reason_code: outcome.code.clone(),
        status_reason_message: sentence(outcome),
        ..UpdateResult::of(item, outcome.status, at)
    }
}

fn unlinked(item: &UnlinkItem, outcome: &Outcome, at: &str) -> UnlinkResult {
    UnlinkResult {
        id: Some(item.id.clone()),
        status_reason_code: outcome.code.clone(),
        status_reason_message: sentence(outcome),
        ..UnlinkResult::of(item, outcome.status, at)
    }
}

/// Yes or no is the code alone; whose and where is told only to who asked for details.
fn resolved(item: &ResolveItem, outcome: &Outcome, at: &str) -> ResolveResult {
    let mut result = ResolveResult {
        id: item.id.clone(),
        fa: item.fa.clone(),
        status_reason_code: outcome.code.clone(),
        status_reason_message: sentence(outcome),
        ..ResolveResult::of(item, outcome.status, at)
    };
    if let Some((id, fa)) = outcome.found.as_ref().filter(|_| item.wants_details()) {
        result.account_provider_info = provider(fa);
        result.id = Some(id.clone());
        result.fa = Some(fa.clone());
    }
    result
}

fn provider(fa: &str) -> Option<AccountProviderInfo> {
    let code = fa.parse::<FinancialAddress>().ok()?.provider().to_owned();
    let name = provider_name(&code);
    Some(AccountProviderInfo { name, code, subcode: None, additional_info: Vec::new() })
}

fn additional(info: &[AdditionalInfo]) -> String {
    written(&info).to_string()
}

fn entry_of_link(item: &LinkItem) -> Entry {
    Entry {
        id: Some(item.id.clone()),
        fa: Some(item.fa.clone()),
        name: item.name.clone(),
        phone: item.phone_number.clone(),
        additional: additional(&item.additional_info),
        ..Entry::named(&item.reference_id, item.timestamp.clone())
    }
}

fn entry_of_update(item: &UpdateItem) -> Entry {
    Entry {
        id: Some(item.id.clone()),
        fa: Some(item.fa.clone()),
        name: item.name.clone(),
        phone: item.phone_number.clone(),
        additional: additional(&item.additional_info),
        ..Entry::named(&item.reference_id, item.timestamp.clone())
    }
}

fn entry_of_unlink(item: &UnlinkItem) -> Entry {
    Entry {
        id: Some(item.id.clone()),
        fa: item.fa.clone(),
        name: item.name.clone(),
        phone: item.phone_number.clone(),
        ..Entry::named(&item.reference_id, item.timestamp.clone())
    }
}

fn entry_of_resolve(item: &ResolveItem) -> Entry {
    Entry {
        id: item.id.clone(),
        fa: item.fa.clone(),
        scope: item.scope.as_ref().map(|s| s.as_str().to_owned()),
        ..Entry::named(&item.reference_id, item.timestamp.clone())
    }
}
