//! The archive of the switch: participants, who holds which identifier, quotes, transfers, and the books.

mod books;
mod participants;
mod quotes;
mod transfers;

pub(super) use books::{Position, accounts, fund, liquidity};
pub(super) use participants::{
    add_account, add_participant, caps, endpoints, find_holder, participant, participants,
    register_party, remove_party, set_active, set_cap, set_endpoint,
};
pub(super) use quotes::{
    Answer as QuoteAnswer, Quote, answer_quote, drop_quote, keep_quote, quote,
};
pub(super) use transfers::{
    Answer, Kept, abort, commit, keep_invalid, mark_forwarded, mark_told, reserve, transfer,
    unfinished,
};
