//! The archive of a bank: accounts, quotes given, payments coming in and going out, funds set aside, and the books.

mod accounts;
mod blocks;
mod bulks;
mod incoming;
mod lines;
mod outgoing;

pub(super) use accounts::{
    account, balance, find_account, fund, keep_account, set_standing, statement,
};
pub(super) use blocks::{Block, Taken, block, find_block, find_block_asked, release, settle};
pub(super) use bulks::{Bulk, bulk, is_given_up, keep_bulk, reserved_in_bulk};
pub(super) use incoming::{
    Payment, Quote, cancel, credit, find_quote, keep_quote, payment, quote_of_condition, reserve,
    reserved, transfer_that_used,
};
pub(super) use lines::{Booked, Payers, booked, keep_narratives};
pub(super) use outgoing::{
    End, Order, advance_order, begin_order, end_order, open_orders, order, order_asked,
    order_of_quote, order_reversing, orders_to, set_bank, set_terms,
};
