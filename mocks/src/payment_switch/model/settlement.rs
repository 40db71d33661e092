//! Deferred net settlement, as central-settlement (v2) does it: windows are closed, settled together, and what each
//! participant owes or is owed for them is moved account by account until its position is back where it was.

use standards::fspiop::ErrorCode;

use crate::kit::fspiop::Refusal;

/// How far the settlement of one account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::payment_switch) enum Stage {
    Pending,
    Recorded,
    /// Net receivers have their position back.
    Reserved,
    /// Net senders have their position back.
    Committed,
    Settled,
    Aborted,
}

impl Stage {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Pending, "PENDING_SETTLEMENT"),
        (Self::Recorded, "PS_TRANSFERS_RECORDED"),
        (Self::Reserved, "PS_TRANSFERS_RESERVED"),
        (Self::Committed, "PS_TRANSFERS_COMMITTED"),
        (Self::Settled, "SETTLED"),
        (Self::Aborted, "ABORTED"),
    ];

    /// As it is kept and shown.
    pub(in crate::payment_switch) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(stage, _)| *stage == self).map_or("", |(_, text)| text)
    }

    /// As it was kept, or as somebody asks for it.
    pub(in crate::payment_switch) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(stage, _)| stage)
    }

    /// Whether an account goes from here to there: to the next stage, or nowhere.
    pub(in crate::payment_switch) fn goes_to(self, to: Self) -> Result<bool, Refusal> {
        let place = |stage| Self::ALL.iter().position(|(s, _)| *s == stage).unwrap_or(0);
        if self == to {
            return Ok(false);
        }
        if to != Self::Aborted && place(to) == place(self) + 1 {
            return Ok(true);
        }
        let sentence = format!("an account goes stage by stage; this one is {}", self.text());
        Err(Refusal::new(ErrorCode::VALIDATION, sentence))
    }

    /// What entering this stage adds to the position of an account that owes `net` for the settlement.
    pub(in crate::payment_switch) fn moves(self, net: i64) -> i64 {
        match self {
            Self::Reserved if net < 0 => -net,
            Self::Committed if net > 0 => -net,
            _ => 0,
        }
    }
}

/// How far a settlement has come whose accounts have come so far.
pub(in crate::payment_switch) fn overall(stages: &[Stage]) -> &'static str {
    let (least, most) = (stages.iter().min(), stages.iter().max());
    match (least, most) {
        (Some(Stage::Committed), Some(Stage::Settled)) => "SETTLING",
        (Some(least), _) => least.text(),
        (None, _) => Stage::Settled.text(),
    }
}

/// Whether a settlement with accounts at these stages can still be given up.
pub(in crate::payment_switch) fn may_abort(stages: &[Stage]) -> Result<(), Refusal> {
    if stages.iter().all(|stage| *stage < Stage::Committed) {
        return Ok(());
    }
    let sentence = "a settlement is aborted before any account is committed";
    Err(Refusal::new(ErrorCode::VALIDATION, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_goes_stage_by_stage_and_a_settlement_with_its_slowest() {
        assert_eq!(Stage::Pending.goes_to(Stage::Recorded), Ok(true));
        assert_eq!(Stage::Recorded.goes_to(Stage::Recorded), Ok(false));
        assert!(Stage::Pending.goes_to(Stage::Committed).is_err());
        assert!(Stage::Settled.goes_to(Stage::Aborted).is_err());
        assert_eq!(overall(&[Stage::Reserved, Stage::Recorded]), "PS_TRANSFERS_RECORDED");
        assert_eq!(overall(&[Stage::Settled, Stage::Committed]), "SETTLING");
        assert_eq!(overall(&[Stage::Settled, Stage::Settled]), "SETTLED");
    }

    #[test]
    fn receivers_move_when_reserved_and_senders_when_committed() {
        assert_eq!((Stage::Reserved.moves(-5), Stage::Committed.moves(-5)), (5, 0));
        assert_eq!((Stage::Reserved.moves(5), Stage::Committed.moves(5)), (0, -5));
    }
}
