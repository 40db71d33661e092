//! One row of the journal, and how it stands in the database.

use std::borrow::Cow;

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longer bodies are cut in the journal, and marked as cut.
pub const LONGEST_BODY: usize = 64 * 1024;

/// What kind of row this is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    /// A request arrived (or could not be delivered: then it has no answer).
    Request,
    /// The answer to the request `of`.
    Answer,
    /// Something that happened inside a system and that people should see, such as a decision.
    Event,
}

/// What the receiver found when it checked the signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody looked, because the standard signs nothing here.
    #[default]
    None,
    /// The message should carry a signature and does not.
    Unsigned,
    /// Signed, and the signature is right.
    Valid,
    /// Signed, and the signature is wrong.
    Invalid,
}

/// One row of the journal.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Counts from 1 in each room.
    pub seq: i64,
    /// Sandbox time, ISO 8601.
    pub at: String,
    pub kind: Kind,
    /// The `seq` of the request that this answers; 0 where it answers none.
    pub of: i64,
    /// The id of the story step, empty outside stories.
    pub step: String,
    /// Who sent it: a system's name, a persona, or what a stranger called itself.
    pub from: String,
    /// Who received it.
    pub to: String,
    /// The standard, as the receiving system names it.
    pub standard: String,
    /// Method and route, with names for what varies: `PUT /quotes/{id}`.
    pub action: String,
    /// Path and query as they were sent.
    pub path: String,
    /// HTTP status of an answer; 0 on a request.
    pub status: u16,
    /// Headers, `name: value` a line, secrets masked.
    pub headers: String,
    /// The body as text; empty where there is none.
    pub body: String,
    /// The business correlation: transaction, transfer or message id, where known.
    pub correlation: String,
    pub verdict: Verdict,
    /// A human sentence about what went wrong or was decided; empty where all is normal.
    pub remark: String,
    /// How long the receiver took, in microseconds; 0 on a request.
    pub duration_us: i64,
    /// W3C trace id.
    pub trace: String,
    /// Place in the tree of causes, such as `3.1.2`.
    pub place: String,
}

pub(super) const SCHEMA: &str = "
create table if not exists entry (
  seq integer primary key, at text not null, kind text not null, of_seq integer not null, step text not null,
  sender text not null, receiver text not null, standard text not null, action text not null, path text not null,
  status integer not null, headers text not null, body text not null, correlation text not null,
  verdict text not null, remark text not null, duration_us integer not null, trace text not null, place text not null
) strict;
";

pub(super) const COLUMNS: &str = "seq, at, kind, of_seq, step, sender, receiver, standard, action, path, status, headers, body, \
     correlation, verdict, remark, duration_us, trace, place";

pub(super) fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        at: row.get(1)?,
        kind: row.get(2)?,
        of: row.get(3)?,
        step: row.get(4)?,
        from: row.get(5)?,
        to: row.get(6)?,
        standard: row.get(7)?,
        action: row.get(8)?,
        path: row.get(9)?,
        status: row.get(10)?,
        headers: row.get(11)?,
        body: row.get(12)?,
        correlation: row.get(13)?,
        verdict: row.get(14)?,
        remark: row.get(15)?,
        duration_us: row.get(16)?,
        trace: row.get(17)?,
        place: row.get(18)?,
    })
}

/// Words in the database for a small enum, the same as on the wire.
macro_rules! stored_as_word {
    ($type:ty, $($variant:ident = $word:literal),+) => {
        impl $type {
            /// The word for this in the journal and on the wire.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? { $($word => Ok(Self::$variant),)+ _ => Err(FromSqlError::InvalidType) }
            }
        }
    };
}

stored_as_word!(Kind, Request = "request", Answer = "answer", Event = "event");
stored_as_word!(
    Verdict,
    None = "none",
    Unsigned = "unsigned",
    Valid = "valid",
    Invalid = "invalid"
);

/// The time as the journal and most standards write it: milliseconds, `Z`.
pub fn stamp(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// A body as the journal keeps it: text, cut at [`LONGEST_BODY`].
pub fn readable(body: &[u8]) -> String {
    let kept = &body[..body.len().min(LONGEST_BODY)];
    // Nearly every body is text, and to look whether it is takes a tenth of what mending it would.
    let text = str::from_utf8(kept).map_or_else(|_| String::from_utf8_lossy(kept), Cow::Borrowed);
    if body.len() > LONGEST_BODY {
        return format!("{text}\n… cut here: the body has {} bytes", body.len());
    }
    text.into_owned()
}
