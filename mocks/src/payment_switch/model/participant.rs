//! Who takes part in the scheme, and with which accounts.

/// A member of the scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Participant {
    pub(in crate::payment_switch) name: String,
    pub(in crate::payment_switch) is_active: bool,
    pub(in crate::payment_switch) created: String,
    /// As settlements number it.
    pub(in crate::payment_switch) id: i64,
}

/// An account: a participant has the first two in each currency, the hub itself the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment_switch) enum AccountKind {
    /// What it owes the scheme; negative where the scheme owes it.
    Position,
    /// What it paid in, as a negative amount: the scheme owes it back.
    Settlement,
    HubMultilateralSettlement,
    HubReconciliation,
}

impl AccountKind {
    /// As the admin API writes it.
    pub(in crate::payment_switch) fn text(self) -> &'static str {
        match self {
            Self::Position => "POSITION",
            Self::Settlement => "SETTLEMENT",
            Self::HubMultilateralSettlement => "HUB_MULTILATERAL_SETTLEMENT",
            Self::HubReconciliation => "HUB_RECONCILIATION",
        }
    }
}
