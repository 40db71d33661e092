//! FSPIOP, central-ledger's rules of liquidity: what a payer may still send. All amounts in minor units.

use standards::fspiop::ErrorCode;

use crate::kit::fspiop::Refusal;

/// How a payer stands in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment_switch) struct Liquidity {
    /// What it owes the scheme, reservations included; negative where the scheme owes it.
    pub(in crate::payment_switch) position: i64,
    /// What it paid in as cover.
    pub(in crate::payment_switch) cover: i64,
    /// The most that it may owe, whatever it paid in. Until somebody says how much that is, it sends nothing.
    pub(in crate::payment_switch) net_debit_cap: Option<i64>,
}

impl Liquidity {
    /// Whether `amount` more may be sent: within the cover first, within the cap second.
    pub(in crate::payment_switch) fn allows(&self, amount: i64) -> Result<(), Refusal> {
        let Some(net_debit_cap) = self.net_debit_cap else {
            let sentence =
                "the payer has no net debit cap yet; name one in initialPositionAndLimits";
            return Err(Refusal::new(ErrorCode::VALIDATION, sentence));
        };
        let room = |most: i64| i128::from(most) - i128::from(self.position);
        if room(self.cover) < amount.into() {
            let sentence = "the payer's funds at the scheme do not cover it";
            return Err(Refusal::new(ErrorCode::PAYER_FSP_INSUFFICIENT_LIQUIDITY, sentence));
        }
        if room(net_debit_cap) < amount.into() {
            let sentence = "it would take the payer over its net debit cap";
            return Err(Refusal::new(ErrorCode::PAYER_LIMIT, sentence));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(position: i64, cover: i64, cap: i64, amount: i64) -> Option<u16> {
        let standing = Liquidity { position, cover, net_debit_cap: Some(cap) };
        standing.allows(amount).err().map(|refusal| refusal.code.number())
    }

    #[test]
    fn the_last_cent_of_cover_and_cap_may_be_sent() {
        assert_eq!(refused(900, 1_000, 1_000, 100), None);
        assert_eq!(refused(900, 999, 1_000, 100), Some(4001));
        assert_eq!(refused(900, 1_000, 999, 100), Some(4200));
    }

    #[test]
    fn what_others_owe_the_payer_can_be_sent_too() {
        assert_eq!(refused(-500, 0, 0, 500), None);
        assert_eq!(refused(-500, 0, 0, 501), Some(4001));
    }
}
