//! The archive of the hub: payment lists, and every payment with its state.

mod batches;
mod bundles;
mod envelopes;
mod faces;
mod instructions;
mod statements;

pub(super) use batches::{
    Batch, BatchState, add_batch, batch, batch_named, batch_of_correlation, batches_of_transaction,
    batches_page, count_attempt, enter_batch, fund_batch, recent_batches, unfinished_batches,
};
pub(super) use bundles::{
    Bundle, add_bundle, bundle, bundle_of, count_bundle_try, end_bundle, free_members,
    mark_bundle_settled, members, move_bundle, next_planned, open_bundles, rename_quotes,
    set_bundle_expiration, unsettled_bundles,
};
pub(super) use envelopes::{
    Envelope, EnvelopeState, Filed, amend_envelope, cancel_disbursement, disbursement,
    disbursement_called, disbursements, envelope, envelope_id, file_disbursement, keep_envelope,
    mis_references, received, step_envelope, waiting_envelopes,
};
pub(super) use faces::{
    By, Validated, keep_search, keep_validation, newest_named, not_validated, page_in_states,
    search, search_named, to_payee, validation,
};
pub(super) use instructions::{
    Given, Instruction, add_instruction, advance, count_try, give_terms, instruction,
    instruction_of, instructions, instructions_page, is_claimed, is_running, keep_cause,
    mark_settled, next_looking_up, open, progress, referenced, rename_quote, set_account,
    set_expiration, unsettled,
};
pub(super) use statements::{Finding, Noted, keep_entry, keep_statement, noted, statement_id};
