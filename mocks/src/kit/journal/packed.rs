//! An entry on its way into the database.

use rusqlite::Connection;

use super::entry::Entry;

/// How many texts an entry has, with the words for what kind it is and what was found.
const TEXTS: usize = 15;

/// An entry on its way to the writer: its texts in one piece, so that the writer's thread has one thing to let go of and not
/// one for each.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) seq: i64,
    of: i64,
    status: u16,
    duration_us: i64,
    text: String,
    /// Where each text ends.
    ends: [usize; TEXTS],
}

impl Packed {
    pub(super) fn of(e: &Entry) -> Self {
        let texts: [&str; TEXTS] = [
            &e.at,
            e.kind.word(),
            &e.step,
            &e.from,
            &e.to,
            &e.standard,
            &e.action,
            &e.path,
            &e.headers,
            &e.body,
            &e.correlation,
            e.verdict.word(),
            &e.remark,
            &e.trace,
            &e.place,
        ];
        let mut text = String::with_capacity(texts.iter().map(|text| text.len()).sum());
        let ends = texts.map(|one| {
            text.push_str(one);
            text.len()
        });
        Self { seq: e.seq, of: e.of, status: e.status, duration_us: e.duration_us, text, ends }
    }

    /// Adds it to the journal.
    pub(super) fn insert(&self, tx: &Connection) -> rusqlite::Result<()> {
        let mut statement = tx.prepare_cached(
            "insert into entry (seq, of_seq, status, duration_us, at, kind, step, sender, receiver, standard, action, path,
               headers, body, correlation, verdict, remark, trace, place)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        )?;
        let numbers = [self.seq, self.of, self.status.into(), self.duration_us];
        for (place, number) in (1..).zip(numbers) {
            statement.raw_bind_parameter(place, number)?;
        }
        let mut start = 0;
        for (place, end) in (1 + numbers.len()..).zip(self.ends) {
            statement.raw_bind_parameter(place, &self.text[start..end])?;
            start = end;
        }
        statement.raw_execute()?;
        Ok(())
    }
}
