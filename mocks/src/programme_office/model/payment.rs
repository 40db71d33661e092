//! Entitlements and payments: what somebody is owed in a cycle, and how far the money has come.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use standards::dci::Status;

use super::amounts;

/// How far a payment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum PaymentState {
    /// Written down, not yet given to the payment hub.
    Issued,
    /// No account can take it; it waits for one.
    Held,
    /// The hub has taken it.
    Sent,
    Paid,
    Failed,
    /// The membership ended before it was sent: it is not made.
    Cancelled,
}

/// How an entitlement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum EntitlementState {
    Approved,
    Paid,
    NoAccount,
    Cancelled,
}

impl EntitlementState {
    pub(in crate::programme_office) fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Paid => "paid",
            Self::NoAccount => "no_account",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One payment of one entitlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::programme_office) struct Payment {
    /// The same on every attempt to send it, so that it cannot be paid twice.
    pub(in crate::programme_office) reference_id: String,
    pub(in crate::programme_office) entitlement: String,
    pub(in crate::programme_office) application: String,
    pub(in crate::programme_office) uin: String,
    pub(in crate::programme_office) programme: String,
    pub(in crate::programme_office) cycle: String,
    pub(in crate::programme_office) amount_cents: i64,
    pub(in crate::programme_office) currency: String,
    /// Where it goes; none while it is held.
    pub(in crate::programme_office) payee_fa: Option<String>,
    pub(in crate::programme_office) state: PaymentState,
    /// Why it is held or failed.
    pub(in crate::programme_office) remark: String,
    pub(in crate::programme_office) at: String,
}

impl Payment {
    /// How far the money has come, and why no further, in a sentence.
    pub(in crate::programme_office) fn sentence(&self) -> String {
        let money =
            format!("{} {} for {}", amounts::plain(self.amount_cents), self.currency, self.cycle);
        match self.state {
            PaymentState::Issued => format!("{money} are owed and have not left yet."),
            PaymentState::Held => format!("{money} are on hold. {}", self.remark),
            PaymentState::Sent => format!("{money} are on their way."),
            PaymentState::Paid => format!("{money} have arrived."),
            PaymentState::Failed => format!("{money} did not arrive. {}", self.remark),
            PaymentState::Cancelled => format!("{money} are not paid. {}", self.remark),
        }
    }

    /// As it is shown: with its sentence.
    pub(in crate::programme_office) fn shown(&self) -> Value {
        let mut shown = json!(self);
        shown["sentence"] = json!(self.sentence());
        shown
    }
}

impl PaymentState {
    pub(in crate::programme_office) fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that the archive names.
    pub(in crate::programme_office) fn from_kept(name: &str) -> Option<Self> {
        [Self::Issued, Self::Held, Self::Sent, Self::Paid, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// The state that the hub's word brings about; none where the word changes nothing. What is paid stays paid, and
    /// a late failure of what is paid is no failure.
    pub(in crate::programme_office) fn after(self, told: Status) -> Option<Self> {
        let state = match (self, told) {
            (Self::Paid, _) | (_, Status::Succ) => Self::Paid,
            (Self::Cancelled, _) => Self::Cancelled,
            (Self::Failed, _) | (_, Status::Rjct) => Self::Failed,
            (_, Status::Rcvd | Status::Pdng) => Self::Sent,
        };
        (state != self).then_some(state)
    }

    /// Whether it may be given to the hub: not what has been. For what failed, an officer has another payment made.
    pub(in crate::programme_office) fn may_be_sent(self) -> bool {
        matches!(self, Self::Issued | Self::Held)
    }
}

/// `PAY-2026-000001-1`: entitlement and attempt.
pub(in crate::programme_office) fn reference_of(entitlement: &str, attempt: u32) -> String {
    format!("{}-{attempt}", entitlement.replacen("ENT-", "PAY-", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_is_sent_and_paid_once() {
        let sent = PaymentState::Issued.after(Status::Rcvd).unwrap();
        assert_eq!(sent, PaymentState::Sent);
        assert!(!sent.may_be_sent());
        let paid = sent.after(Status::Succ).unwrap();
        assert_eq!(paid.after(Status::Succ), None, "the same word twice changes nothing");
    }

    #[test]
    fn a_late_refusal_does_not_undo_a_payment_and_a_late_success_mends_a_failure() {
        assert_eq!(PaymentState::Paid.after(Status::Rjct), None);
        assert_eq!(PaymentState::Failed.after(Status::Succ), Some(PaymentState::Paid));
    }

    #[test]
    fn the_reference_follows_from_the_entitlement() {
        assert_eq!(reference_of("ENT-2026-000001", 1), "PAY-2026-000001-1");
    }
}
