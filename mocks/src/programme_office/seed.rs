//! Nobody has applied at the start; the programmes that are built in are in force.

use rusqlite::Transaction;

use super::programmes::BUILT_IN;
use super::store::PROGRAMMES;
use crate::kit::seed::People;
use crate::kit::store::set_setting;

pub(super) fn seed(_people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    set_setting(tx, PROGRAMMES, BUILT_IN)
}
