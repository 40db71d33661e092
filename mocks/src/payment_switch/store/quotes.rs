//! Quotes and bulks of quotes on their way, each under its path (`/quotes/{id}`), and the answers to them as they came.

use rusqlite::{Connection, OptionalExtension as _, params};

/// A quote as the switch keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Quote {
    pub(in crate::payment_switch) hash: String,
    pub(in crate::payment_switch) payer: String,
    pub(in crate::payment_switch) payee: String,
    pub(in crate::payment_switch) answer: Option<Answer>,
}

/// An answer as it came: its path from the resource on, the headers to pass on, the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Answer {
    pub(in crate::payment_switch) path: String,
    pub(in crate::payment_switch) headers: String,
    pub(in crate::payment_switch) body: String,
}

/// A quote by its path.
pub(in crate::payment_switch) fn quote(
    db: &Connection,
    uri: &str,
) -> rusqlite::Result<Option<Quote>> {
    db.prepare_cached(
        "select hash, payer, payee, answer_path, answer_headers, answer_body
         from quote where uri = $1",
    )?
    .query_row([uri], |row| {
        let answer = match (row.get(3)?, row.get(4)?, row.get(5)?) {
            (Some(path), Some(headers), Some(body)) => Some(Answer { path, headers, body }),
            _ => None,
        };
        Ok(Quote { hash: row.get(0)?, payer: row.get(1)?, payee: row.get(2)?, answer })
    })
    .optional()
}

/// Keeps a new quote.
pub(in crate::payment_switch) fn keep_quote(
    tx: &Connection,
    uri: &str,
    quote: &Quote,
) -> rusqlite::Result<()> {
    tx.prepare_cached("insert into quote (uri, hash, payer, payee) values ($1, $2, $3, $4)")?
        .execute([uri, &quote.hash, &quote.payer, &quote.payee])?;
    Ok(())
}

/// Keeps the answer to a quote.
pub(in crate::payment_switch) fn answer_quote(
    tx: &Connection,
    uri: &str,
    answer: &Answer,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update quote set answer_path = $1, answer_headers = $2, answer_body = $3 where uri = $4",
    )?
    .execute(params![answer.path, answer.headers, answer.body, uri])?;
    Ok(())
}

/// Forgets the answer to a quote, so that the payee is asked again.
pub(in crate::payment_switch) fn reopen_quote(tx: &Connection, uri: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update quote set answer_path = null, answer_headers = null, answer_body = null
         where uri = $1",
    )?
    .execute([uri])?;
    Ok(())
}

/// Forgets a quote that never reached the payee, so that it can be asked for again.
pub(in crate::payment_switch) fn drop_quote(tx: &Connection, uri: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from quote where uri = $1 and answer_path is null")?
        .execute([uri])?;
    Ok(())
}
