//! The engine's own archive in every registry: transactions under way, and subscriptions.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use standards::dci::query::Mode;
use standards::dci::{Action, Status, TransactionId};

use super::sorting::Held;
use crate::kit::store::{Store, StoreError, next_number};

/// So many transactions are kept for questions about them; behind those, only what is still to be worked on.
const MOST_KEPT: i64 = 10_000;

/// What an asynchronous message asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Search,
    Subscribe,
    Unsubscribe,
    TxnStatus,
    /// Not asked for now: a notice that a subscription promised.
    Notify,
}

/// A transaction: an accepted message, and how far it has come.
#[derive(Debug, Clone)]
pub(super) struct Txn {
    pub(super) correlation_id: String,
    pub(super) operation: Operation,
    pub(super) transaction_id: TransactionId,
    /// Who asked, or who is told.
    pub(super) sender: String,
    /// Where the answer goes, whole.
    pub(super) address: String,
    /// The message as it came; empty for a notice.
    pub(super) request: String,
    pub(super) mode: Mode,
    pub(super) state: Status,
    /// The `message` that answers it, once it is known.
    pub(super) answer: Option<String>,
    /// The page that is sent next.
    pub(super) page: u64,
    /// How far each item of a long answer has come.
    pub(super) places: Places,
    /// How the answer is written.
    pub(super) style: Style,
    /// The name of the message that is sent next; empty where it has none yet.
    pub(super) message_id: String,
    /// How many times delivery has failed.
    pub(super) attempt: u32,
    pub(super) traceparent: String,
    pub(super) tracestate: String,
}

/// How somebody wants to be answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// Records in the spelling of v1.0.0.
    pub(super) older: bool,
    /// The message encrypted to the receiver.
    pub(super) encrypted: bool,
}

/// How far the items of a long answer have come, by reference id.
pub(super) type Places = BTreeMap<String, Place>;

/// How far one item has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The number of the record that was sent last.
    pub(super) after: i64,
    /// What that record has where the answer is sorted by it.
    #[serde(default)]
    pub(super) held: Vec<Held>,
    /// How many records have been sent.
    pub(super) sent: u64,
    /// How many records there were when the first page was written: every page says the same.
    pub(super) total: u64,
}

impl Operation {
    /// The action that it is.
    pub(super) fn action(self) -> Action {
        match self {
            Self::Search => Action::Search,
            Self::Subscribe => Action::Subscribe,
            Self::Unsubscribe => Action::Unsubscribe,
            Self::TxnStatus => Action::TxnStatus,
            Self::Notify => Action::Notify,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::TxnStatus => "txn-status",
            Self::Notify => "notify",
        }
    }

    fn read(word: &str) -> Self {
        [Self::Search, Self::Subscribe, Self::Unsubscribe, Self::TxnStatus]
            .into_iter()
            .find(|o| o.word() == word)
            .unwrap_or(Self::Notify)
    }

    /// The path of the answer, below the base of the one who asked.
    pub(super) fn callback(self) -> &'static str {
        match self {
            Self::Search => "on-search",
            Self::Subscribe => "on-subscribe",
            Self::Unsubscribe => "on-unsubscribe",
            Self::TxnStatus => "txn/on-status",
            Self::Notify => "notify",
        }
    }
}

/// Files a transaction that begins, and forgets one that ended long ago.
pub(super) fn open(
    db: &Connection,
    txn: &Txn,
    references: &[&str],
    at: &str,
) -> rusqlite::Result<()> {
    let number = next_number(db, "TXN")?;
    forget(db, number - MOST_KEPT)?;
    db.prepare_cached(
        "insert into txn (correlation_id, kind, transaction_id, sender, address, request, strict, state, answer, open,
           traceparent, tracestate, older, encrypted, message_id, at, number)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $13, $14, $15, $16)",
    )?
    .execute(params![
        txn.correlation_id,
        txn.operation.word(),
        serde_json::to_string(&txn.transaction_id).unwrap_or_default(),
        txn.sender,
        txn.address,
        txn.request,
        txn.mode == Mode::Strict,
        txn.state.as_str(),
        txn.answer,
        txn.traceparent,
        txn.tracestate,
        txn.style.older,
        txn.style.encrypted,
        txn.message_id,
        at,
        number,
    ])?;
    for reference in references {
        db.prepare_cached(
            "insert into txn_reference (reference_id, correlation_id) values ($1, $2) on conflict do nothing",
        )?
        .execute(params![reference, txn.correlation_id])?;
    }
    Ok(())
}

/// Notes that `txn` is about the subscriptions with these codes.
pub(super) fn name_codes<'a>(
    db: &Connection,
    txn: &Txn,
    codes: impl IntoIterator<Item = &'a str>,
) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "insert into txn_code (code, correlation_id) values ($1, $2) on conflict do nothing",
    )?;
    for code in codes {
        insert.execute([code, txn.correlation_id.as_str()])?;
    }
    Ok(())
}

/// The first `most` subscriptions that a message of `sender` began.
pub(super) fn codes_begun(
    db: &Connection,
    sender: &str,
    correlation_id: &str,
    most: usize,
) -> rusqlite::Result<Vec<String>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    db.prepare_cached(
        "select c.code from txn_code as c, txn as t where c.correlation_id = $1 and t.correlation_id = $1
           and t.sender = $2 and t.kind = 'subscribe' order by c.code limit $3",
    )?
    .query_map(params![correlation_id, sender, most], |row| row.get(0))?
    .collect()
}

/// Forgets the transactions up to the `last`th that are over, and the names of their items and subscriptions.
fn forget(db: &Connection, last: i64) -> rusqlite::Result<()> {
    for names in ["txn_reference", "txn_code"] {
        let over = "select correlation_id from txn where open = 0 and number <= $1";
        db.prepare_cached(&format!("delete from {names} where correlation_id in ({over})"))?
            .execute([last])?;
    }
    db.prepare_cached("delete from txn where open = 0 and number <= $1")?.execute([last])?;
    Ok(())
}

const COLUMNS: &str =
    "correlation_id, kind, transaction_id, sender, address, request, strict, state, answer, page,
    attempt, traceparent, tracestate, places, older, encrypted, message_id";

fn read(row: &Row<'_>) -> rusqlite::Result<Txn> {
    let text = |column| row.get::<_, String>(column);
    let transaction_id: String = text(2)?;
    let state: String = text(7)?;
    let number = |column| row.get::<_, i64>(column);
    Ok(Txn {
        correlation_id: text(0)?,
        operation: Operation::read(&text(1)?),
        transaction_id: serde_json::from_str(&transaction_id)
            .unwrap_or(TransactionId::Text(transaction_id)),
        sender: text(3)?,
        address: text(4)?,
        request: text(5)?,
        mode: if row.get(6)? { Mode::Strict } else { Mode::Lenient },
        state: serde_json::from_value(Value::String(state)).unwrap_or(Status::Rcvd),
        answer: row.get(8)?,
        page: u64::try_from(number(9)?).unwrap_or(1),
        attempt: u32::try_from(number(10)?).unwrap_or(0),
        traceparent: text(11)?,
        tracestate: text(12)?,
        places: serde_json::from_str(&text(13)?).unwrap_or_default(),
        style: Style { older: row.get(14)?, encrypted: row.get(15)? },
        message_id: text(16)?,
    })
}

/// The transaction with this correlation id, where it is still to be worked on.
pub(super) fn under_way(store: &Store, correlation_id: &str) -> Result<Option<Txn>, StoreError> {
    store.read(|db| {
        let sql = format!("select {COLUMNS} from txn where correlation_id = $1 and open = 1");
        db.prepare_cached(&sql)?.query_row([correlation_id], read).optional()
    })
}

/// Where the answer of a transaction goes, where it is still to be worked on.
pub(super) fn address_of(store: &Store, id: &str) -> Result<Option<String>, StoreError> {
    store.read(|db| {
        let sql = "select address from txn where correlation_id = $1 and open = 1";
        db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()
    })
}

/// Everything that is still to be worked on, oldest first.
pub(super) fn all_under_way(store: &Store) -> Result<Vec<Txn>, StoreError> {
    store.read(|db| {
        let sql = format!("select {COLUMNS} from txn where open = 1 order by number");
        db.prepare_cached(&sql)?.query_map([], read)?.collect()
    })
}

/// The newest transaction of `sender` that has this name.
pub(super) fn named(
    db: &Connection,
    sender: &str,
    name: Name<'_>,
    operation: Operation,
) -> rusqlite::Result<Option<Txn>> {
    let (condition, named) = match name {
        Name::Correlation(id) => ("correlation_id = $3", vec![id.to_owned()]),
        // Kept as JSON, so that `7` and `"7"` stay apart; either spelling finds it.
        Name::Transaction(id) => {
            ("transaction_id in ($3, $4)", vec![id.to_owned(), Value::from(id).to_string()])
        }
        Name::Subscription(code) => (
            "correlation_id in (select correlation_id from txn_code where code = $3)",
            vec![code.to_owned()],
        ),
        Name::Reference(id) => (
            "correlation_id in (select correlation_id from txn_reference where reference_id = $3)",
            vec![id.to_owned()],
        ),
    };
    let sql = format!(
        "select {COLUMNS} from txn where sender = $1 and kind = $2 and {condition} order by number desc limit 1"
    );
    let values = [sender.to_owned(), operation.word().to_owned()].into_iter().chain(named);
    db.prepare_cached(&sql)?.query_row(params_from_iter(values), read).optional()
}

/// The newest transaction of `sender` that has an item of this name, by its correlation id: what it holds is large.
pub(super) fn with_item(
    db: &Connection,
    sender: &str,
    name: &str,
    operation: Operation,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "select correlation_id from txn where sender = $1 and kind = $2 and correlation_id in
           (select correlation_id from txn_reference where reference_id = $3) order by number desc limit 1",
    )?
    .query_row([sender, operation.word(), name], |row| row.get(0))
    .optional()
}

/// By what a transaction is asked after.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name<'a> {
    Correlation(&'a str),
    Transaction(&'a str),
    Reference(&'a str),
    /// The code of a subscription that it began or ended.
    Subscription(&'a str),
}

/// Notes how far the work on `txn` has come, and the name of the message that tells it.
pub(super) fn note(
    db: &Connection,
    txn: &Txn,
    state: Status,
    answer: Option<&str>,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "update txn set state = $1, answer = coalesce($2, answer), message_id = $3 where correlation_id = $4",
    )?
    .execute(params![state.as_str(), answer, txn.message_id, txn.correlation_id])?;
    Ok(())
}

/// Notes that a page was delivered and the next one, which begins at `places`, is due.
pub(super) fn turn_page(store: &Store, id: &str, places: &Places) -> Result<(), StoreError> {
    let places = serde_json::to_string(places).unwrap_or_default();
    store.write(|tx| {
        tx.prepare_cached(
            "update txn set page = page + 1, attempt = 0, message_id = '', places = $1 where correlation_id = $2",
        )?
        .execute(params![places, id])?;
        Ok(())
    })
}

/// Notes that delivery failed once more.
pub(super) fn failed_again(store: &Store, id: &str, problem: &str) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "update txn set attempt = attempt + 1, problem = $1 where correlation_id = $2",
        )?
        .execute(params![problem, id])?;
        Ok(())
    })
}

/// Nothing more will be done for this transaction. What nobody can ask for any longer is not kept: a question that was
/// answered, and the text of a notice or of a state that was told.
pub(super) fn close(store: &Store, id: &str, problem: &str) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "update txn set open = 0, problem = $1,
               request = case when answer is null then request else '' end,
               answer = case when kind in ('notify', 'txn-status') then null else answer end
             where correlation_id = $2",
        )?
        .execute(params![problem, id])?;
        Ok(())
    })
}
