//! The face of G2P Connect 1.0.0: batches of `link`, `update`, `unlink` and `resolve` in, their results out.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use standards::dci::{Header, Malformed, TransactionId, read_value};
use standards::g2p_connect::FinancialAddress;
use standards::g2p_connect::mapper::{
    AccountProviderInfo, AdditionalInfo, ItemResult, LinkItem, LinkRequest, LinkResponse,
    ResolveItem, ResolveRequest, ResolveResponse, UnlinkItem, UnlinkRequest, UnlinkResponse,
    UpdateRequest, UpdateResponse,
};

use super::model::{self, Entry, Outcome, Verb, provider_name};
use super::store;
use super::strategy::{self, Said};
use crate::kit::dci::{Whole, check_header};
use crate::kit::server::Call;

/// More entries than this in one batch are refused.
pub(super) const MOST_ENTRIES: usize = 10_000;

/// What a door forgives in the entries of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Forgiving<'a> {
    /// A time without a zone is read as UTC.
    pub(super) times: bool,
    /// Ids that name no issuer are those of this sender, and an fa may be as the bridge of OpenG2P constructs it.
    pub(super) names_of: Option<&'a str>,
}

/// A batch that was read.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) transaction_id: TransactionId,
    items: Items,
    pub(super) entries: Vec<Entry>,
    /// Whether an account is told as it was named when it was linked.
    as_named: bool,
}

/// The entries as they were sent; those of a link and of an update have one form.
#[derive(Debug)]
enum Items {
    Link(Vec<LinkItem>),
    Update(Vec<LinkItem>),
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
pub(super) fn read(
    verb: Verb,
    message: &Value,
    forgiving: Forgiving<'_>,
) -> Result<Batch, Malformed> {
    let (transaction_id, items, mut entries): (_, _, Vec<Entry>) = match verb {
        Verb::Link => {
            let request: LinkRequest = read_message(message)?;
            let entries = request.link_request.iter().map(entry_of_link).collect();
            (request.transaction_id, Items::Link(request.link_request), entries)
        }
        Verb::Update => {
            let request: UpdateRequest = read_message(message)?;
            let entries = request.update_request.iter().map(entry_of_link).collect();
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
    for entry in &mut entries {
        forgive(entry, forgiving);
    }
    Ok(Batch { transaction_id, items, entries, as_named: forgiving.names_of.is_some() })
}

/// Puts an entry into the words of the standard, as far as its door forgives that it is not in them.
fn forgive(entry: &mut Entry, forgiving: Forgiving<'_>) {
    if forgiving.times {
        entry.timestamp = entry.timestamp.clone().or_utc();
    }
    let Some(source) = forgiving.names_of else { return };
    if let Some(id) = entry.id.as_mut().filter(|id| !id.is_empty()) {
        *id = strategy::id_in(id, source);
    }
    if let Some(fa) = &entry.fa
        && let Some(account) = strategy::account_of(fa)
    {
        entry.additional = json!([strategy::kept(fa)]).to_string();
        entry.fa = Some(account);
    }
}

fn read_message<M: DeserializeOwned>(message: &Value) -> Result<M, Malformed> {
    read_value(message)
        .map_err(|e| Malformed { path: format!("message.{}", e.path), sentence: e.sentence })
}

/// What is wrong with a batch as a whole, in the words of the header. The published text names `link` for every verb of
/// the synchronous form: there it is read, and answered in the verb of the path.
pub(super) fn check(
    call: &Call,
    (verb, is_synchronous): (Verb, bool),
    header: &Header,
    batch: &Batch,
) -> Result<(), Whole> {
    let actions = [verb.word(), Verb::Link.word()];
    let actions = if is_synchronous { &actions[..] } else { &actions[..1] };
    check_header(call, header, actions, (batch.entries.len(), MOST_ENTRIES))
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
        let is_asked = entry.scope.as_deref() == Some("details");
        let said = match outcome.found.as_ref().filter(|_| is_asked) {
            Some((id, fa)) => said(tx, id, fa)?,
            None => Said::default(),
        };
        outcomes.push((outcome, said));
    }
    Ok(answer(batch, &outcomes, correlation_id, at))
}

/// The message of a batch that was refused as a whole: no results.
pub(super) fn nothing(verb: Verb, message: &Value, correlation_id: &str) -> Value {
    let transaction_id = message.get("transaction_id").cloned().unwrap_or_else(|| "".into());
    json!({"transaction_id": transaction_id, "correlation_id": correlation_id,
        (format!("{}_response", verb.word())): []})
}

/// What was said of an account when it was linked.
fn said(tx: &Connection, id: &str, fa: &str) -> rusqlite::Result<Said> {
    let person = store::person(tx, id)?;
    Ok(person.map(|person| strategy::said_of(fa, &person.additional)).unwrap_or_default())
}

/// How an entry went, and what is told of the account beside that.
type Done = (Outcome, Said);

fn answer(batch: &Batch, outcomes: &[Done], correlation_id: &str, at: &str) -> Value {
    let (transaction_id, correlation_id) =
        (batch.transaction_id.clone(), Some(correlation_id.to_owned()));
    match &batch.items {
        Items::Link(items) => written(&LinkResponse {
            transaction_id,
            correlation_id,
            link_response: each(items, outcomes, |item, (o, _)| linked(item, o, at)),
        }),
        Items::Update(items) => written(&UpdateResponse {
            transaction_id,
            correlation_id,
            update_response: each(items, outcomes, |item, (o, _)| updated(item, o, at)),
        }),
        Items::Unlink(items) => written(&UnlinkResponse {
            transaction_id,
            correlation_id,
            unlink_response: each(items, outcomes, |item, (o, _)| ItemResult {
                id: Some(item.id.clone()),
                ..result(&item.reference_id, o, at)
            }),
        }),
        Items::Resolve(items) => written(&ResolveResponse {
            transaction_id,
            correlation_id,
            resolve_response: each(items, outcomes, |item, done| {
                resolved(item, done, (batch.as_named, at))
            }),
        }),
    }
}

fn each<I>(
    items: &[I],
    done: &[Done],
    result: impl Fn(&I, &Done) -> ItemResult,
) -> Vec<ItemResult> {
    items.iter().zip(done).map(|(item, done)| result(item, done)).collect()
}

fn written(message: &impl Serialize) -> Value {
    // These messages are maps with strings for keys, which JSON can always hold.
    serde_json::to_value(message).unwrap_or_default()
}

/// How an entry went; whose and which account is for the verb to add, as the entry named them.
fn result(reference_id: &str, outcome: &Outcome, at: &str) -> ItemResult {
    ItemResult {
        status_reason_code: outcome.code.clone(),
        status_reason_message: Some(outcome.sentence.clone()).filter(|said| !said.is_empty()),
        ..ItemResult::of(reference_id, outcome.status, at)
    }
}

fn linked(item: &LinkItem, outcome: &Outcome, at: &str) -> ItemResult {
    let fa = outcome.found.as_ref().map(|_| item.fa.clone());
    ItemResult { fa, ..result(&item.reference_id, outcome, at) }
}

/// The text requires the fa, also where it was refused.
fn updated(item: &LinkItem, outcome: &Outcome, at: &str) -> ItemResult {
    let (id, fa) = (Some(item.id.clone()), Some(item.fa.clone()));
    ItemResult { id, fa, ..result(&item.reference_id, outcome, at) }
}

/// Yes or no is the code alone; whose and where is told only to who asked for details.
fn resolved(
    item: &ResolveItem,
    (outcome, said): &Done,
    (as_named, at): (bool, &str),
) -> ItemResult {
    let mut result = ItemResult {
        id: item.id.clone(),
        fa: item.fa.clone(),
        ..result(&item.reference_id, outcome, at)
    };
    if let Some((id, fa)) = outcome.found.as_ref().filter(|_| item.wants_details()) {
        result.account_provider_info = provider(fa, &said.branch);
        // What was asked with comes back as it was asked.
        let named = said.fa.as_ref().filter(|_| as_named).unwrap_or(fa);
        result.id.get_or_insert_with(|| id.clone());
        result.fa.get_or_insert_with(|| named.clone());
    }
    result
}

fn provider(fa: &str, branch: &str) -> Option<AccountProviderInfo> {
    let code = fa.parse::<FinancialAddress>().ok()?.provider().to_owned();
    let (name, subcode) = (provider_name(&code), branch.to_owned());
    Some(AccountProviderInfo { name, code, subcode, additional_info: Vec::new() })
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
