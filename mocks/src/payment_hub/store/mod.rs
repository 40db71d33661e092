//! The archive of the hub: payment lists, and every payment with its state.

mod batches;
mod instructions;

pub(super) use batches::{
    Batch, BatchState, add_batch, batch, batch_of_correlation, batches_of_transaction,
    count_attempt, enter_batch, fund_batch, unfinished_batches,
};
pub(super) use instructions::{
    Given, Instruction, add_instruction, advance, count_try, give_terms, instruction,
    instruction_of, instructions, is_claimed, is_running, keep_cause, mark_settled,
    next_looking_up, open, references, set_expiration, unsettled,
};
