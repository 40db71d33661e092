//! What the routes that every system has answer with.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::kit::faults::Fault;
use crate::kit::journal::Entry;

/// The system is up.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SystemHealth")]
pub(super) struct Health {
    /// `up`.
    pub(super) status: &'static str,
    pub(super) system: &'static str,
    /// The standard that it speaks first of all.
    pub(super) standard: &'static str,
}

/// The tables of a system, by name.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SystemTables")]
pub(super) struct Tables(pub(super) BTreeMap<String, Table>);

/// A table, with its first rows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SystemTable")]
pub(super) struct Table {
    /// How many rows it has.
    pub(super) count: i64,
    /// A value for each column; what is secret is masked.
    pub(super) rows: Vec<Map<String, Value>>,
}

/// The faults that are set, in order.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FaultList")]
pub(super) struct Faults {
    pub(super) faults: Vec<Fault>,
}

/// The entries of the journal that fit.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MessageList")]
pub(super) struct Messages {
    pub(super) count: usize,
    pub(super) messages: Vec<Entry>,
}

/// What was expected came.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MessageCheck")]
pub(super) struct Held {
    /// `true`.
    pub(super) holds: bool,
    /// How many messages fit.
    pub(super) count: usize,
}

/// What was expected did not come, and what came instead.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MessageMismatch")]
pub(super) struct Missed {
    pub(super) error: String,
    /// `false`.
    pub(super) holds: bool,
    /// How many messages fit.
    pub(super) count: usize,
    /// The last of those that fit.
    pub(super) fitting: Vec<Brief>,
    /// The last of the others.
    pub(super) others: Vec<Brief>,
}

/// A message in a line: enough to recognise it, and to open it in the list by its `seq`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MessageBrief")]
pub(super) struct Brief {
    seq: i64,
    from: String,
    to: String,
    action: String,
    path: String,
    correlation: String,
    remark: String,
}

impl From<Entry> for Brief {
    fn from(entry: Entry) -> Self {
        let Entry { seq, from, to, action, path, correlation, remark, .. } = entry;
        Self { seq, from, to, action, path, correlation, remark }
    }
}

/// What the books say.
#[derive(JsonSchema)]
#[schemars(rename = "LedgerReport")]
#[expect(dead_code, reason = "only its schema is read: the ledger writes its own report")]
pub(super) struct Books {
    balanced: bool,
    /// How many were checked, where the books are right.
    accounts: Option<i64>,
    entries: Option<i64>,
    /// What is wrong, where they are not.
    broken: Option<String>,
}

/// An OpenAPI 3.1 document.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is read: a description is written as JSON")]
pub(super) struct Description {
    /// `3.1.1`.
    openapi: String,
    info: Map<String, Value>,
    paths: Map<String, Value>,
    components: Map<String, Value>,
}
