//! The archive of the switch: participants, who holds which identifier, quotes, transfers and bulks of them, and the books.

mod books;
mod bulks;
mod expiries;
mod funds;
mod participants;
mod quotes;
mod settlement_models;
mod settlements;
mod transfers;

pub(super) use books::{
    Position, accounts, first_position, fund, has_account, liquidity, set_account_active,
};
pub(super) use bulks::{
    BulkEnd, KeptBulk, bulk, end_bulk, ids_in_bulk, is_reduced, keep_bulk, mark_bulk_forwarded,
    mark_bulk_told, progress, refuse_in_bulk, reserved_in_bulk, results, unfinished_bulks,
};
pub(super) use expiries::{drop_real_expiry, has_real_expiry, keep_real_expiry};
pub(super) use funds::{Funds, FundsState, end_funds, find_funds, move_funds};
pub(super) use participants::{
    Cap, add_account, add_participant, caps, endpoints, find_holder, keep_keys, kept_keys,
    participant, participants, register_party, remove_party, set_active, set_cap, set_endpoint,
};
pub(super) use quotes::{
    Answer as QuoteAnswer, Quote, answer_quote, drop_quote, keep_quote, quote, reopen_quote,
};
pub(super) use settlement_models::{add_model, models};
pub(super) use settlements::{
    Settlement, Share, Window, begin_settlement, currencies_in_window, has_open_window, move_share,
    open_window, set_settlement, set_window, set_windows_of, settlements, shares, window, windows,
};
pub(super) use transfers::{
    Answer, Kept, abort, commit, expect_notice, keep_invalid, mark_told, reserve, transfer,
    unfinished,
};
