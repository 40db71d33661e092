//! Who takes part in the scheme, and where its messages go.

use standards::fspiop::jws::signed_path;

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

/// The base address of a registered callback, which is a whole path with placeholders such as
/// `http://fsp.example/transfers/{{transferId}}`.
pub(in crate::payment_switch) fn base_of_endpoint(value: &str) -> &str {
    let path_at = value.find("://").map_or(0, |at| at + 3);
    let inside = signed_path(&value[path_at..]);
    let names_a_resource = inside.len() < value.len() - path_at;
    if names_a_resource {
        &value[..value.len() - inside.len()]
    } else {
        value.trim_end_matches('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_of_an_endpoint_ends_before_the_resource() {
        for (value, base) in [
            ("http://fsp:4000/in/transfers/{{transferId}}/error", "http://fsp:4000/in"),
            ("http://fsp:4000/parties/{{partyIdType}}/{{partyIdentifier}}", "http://fsp:4000"),
            ("http://fsp:4000/", "http://fsp:4000"),
            ("http://fsp:4000/base", "http://fsp:4000/base"),
        ] {
            assert_eq!(base_of_endpoint(value), base, "{value}");
        }
    }
}
