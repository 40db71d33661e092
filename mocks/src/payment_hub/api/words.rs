//! Small things that several faces of the hub say alike.

use serde_json::Value;
use standards::fspiop::ErrorCode;

use crate::kit::fspiop::Refusal;
use crate::kit::trust::tokens::NotLetIn;

/// The provider of a wallet whose bank nobody named: the switch knows where it is.
pub(super) const ANY_WALLET: &str = "mobile-money";
/// The provider of an account whose bank nobody named.
pub(super) const ANY_BANK: &str = "bank";

/// Who is not let in, in the words of FSPIOP.
pub(super) fn refused(refused: &NotLetIn) -> Refusal {
    Refusal::new(ErrorCode::CLIENT, refused.to_string())
}

/// An object without the members that say nothing.
pub(super) fn without_nulls(value: &mut Value) {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
}
