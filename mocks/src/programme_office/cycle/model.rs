//! The law of a cycle: its states, who may approve it, what adds up. States are spelled as in `OpenSPP`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::programme_office::model::amounts::grouped;

/// How far a cycle has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CycleState {
    /// Members are copied, and nothing is checked.
    Draft,
    /// The registries are asked.
    Verifying,
    /// Entitlements wait for two officers.
    ToApprove,
    /// Both have approved; the money is being paid.
    Approved,
    /// Every payment has ended, well or not.
    Distributed,
    /// Reconciled and closed.
    Ended,
}

impl CycleState {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Draft, "draft"),
        (Self::Verifying, "verifying"),
        (Self::ToApprove, "to_approve"),
        (Self::Approved, "approved"),
        (Self::Distributed, "distributed"),
        (Self::Ended, "ended"),
    ];

    /// As it is kept and shown.
    pub(super) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("draft", |(_, t)| t)
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(state, _)| state)
    }
}

/// How somebody stands in a cycle: first what the registries say, then how the money fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// Copied, not checked.
    Copied,
    /// The civil registry records a death: not eligible.
    Deceased,
    /// The civil registry does not know the person: nobody is paid on a missing fact.
    Unknown,
    /// The membership ended before the payment left.
    Left,
    /// The beneficiary registry lists a pension that excludes this one: paused.
    Conflict,
    /// Entitled, and the entitlement is a draft.
    Entitled,
    /// The first officer has validated it.
    Validated,
    /// Both officers have approved it.
    Approved,
    /// No active account is linked to the person, or the membership is paused.
    Held,
    /// Written into a list that goes to the payment hub.
    Issued,
    /// The hub has taken it.
    Sent,
    Paid,
    Failed,
    /// It was paid, and the bank gave it back: unpaid again.
    Reversed,
    /// An open item of the office: nobody could be paid, and somebody owns it.
    Ticket,
}

impl Standing {
    pub(super) const ALL: [(Self, &'static str); 15] = [
        (Self::Copied, "copied"),
        (Self::Deceased, "deceased"),
        (Self::Unknown, "unknown"),
        (Self::Left, "left"),
        (Self::Conflict, "conflict"),
        (Self::Entitled, "entitled"),
        (Self::Validated, "validated"),
        (Self::Approved, "approved"),
        (Self::Held, "held"),
        (Self::Issued, "issued"),
        (Self::Sent, "sent"),
        (Self::Paid, "paid"),
        (Self::Failed, "failed"),
        (Self::Reversed, "reversed"),
        (Self::Ticket, "ticket"),
    ];

    /// As it is kept and shown.
    pub(super) fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(standing, _)| *standing == self).map_or("copied", |(_, t)| t)
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, t)| *t == text).map(|(standing, _)| standing)
    }

    /// Who was to be paid, was not, and has no open item yet.
    pub(super) const UNPAID: [Self; 3] = [Self::Failed, Self::Reversed, Self::Held];

    /// Whether somebody who stands so is to be paid in this cycle.
    pub(super) fn is_payee(self) -> bool {
        use Standing::{Conflict, Copied, Deceased, Left, Unknown};
        !matches!(self, Copied | Deceased | Unknown | Left | Conflict)
    }
}

/// Why something is not done to a cycle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("{0}")]
    Malformed(String),
    #[error("there is no cycle {0}")]
    UnknownCycle(String),
    #[error("there is a cycle {0} already; a month is paid once")]
    Exists(String),
    #[error("nobody is enrolled in {0}")]
    NobodyEnrolled(String),
    #[error(
        "the amount of {0} depends on each person's facts; cycles pay programmes with one amount"
    )]
    AmountVaries(String),
    #[error("the cycle is {is}; this can be done while it is {right}")]
    NotNow { is: &'static str, right: &'static str },
    #[error("{0} has approved already; the second approval is another officer's")]
    SameOfficer(String),
    #[error("{0}")]
    NotReconciled(String),
}

/// Counts and sums of a cycle, in minor units: what was instructed is what was paid, what failed and what is held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Sums {
    pub(super) payees: i64,
    pub(super) entitled_minor: i64,
    pub(super) paid: i64,
    pub(super) paid_minor: i64,
    pub(super) failed: i64,
    pub(super) failed_minor: i64,
    /// Paid, and given back by the bank.
    pub(super) reversed: i64,
    pub(super) reversed_minor: i64,
    pub(super) held: i64,
    pub(super) held_minor: i64,
    /// Sent to the hub, with no word from it.
    pub(super) open: i64,
    pub(super) open_minor: i64,
    pub(super) tickets: i64,
    pub(super) tickets_minor: i64,
}

impl Sums {
    /// Adds up who stands how.
    pub(super) fn of(standings: &[(Standing, i64, i64)]) -> Self {
        let mut sums = Self::default();
        for &(standing, count, minor) in standings.iter().filter(|(s, ..)| s.is_payee()) {
            sums.payees += count;
            sums.entitled_minor += minor;
            let (counted, summed) = match standing {
                Standing::Paid => (&mut sums.paid, &mut sums.paid_minor),
                Standing::Failed => (&mut sums.failed, &mut sums.failed_minor),
                Standing::Reversed => (&mut sums.reversed, &mut sums.reversed_minor),
                Standing::Held => (&mut sums.held, &mut sums.held_minor),
                Standing::Ticket => (&mut sums.tickets, &mut sums.tickets_minor),
                _ => (&mut sums.open, &mut sums.open_minor),
            };
            *counted += count;
            *summed += minor;
        }
        sums
    }
}

/// What the statement of the account says, held against what the office instructed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Reconciled {
    #[serde(flatten)]
    pub(super) sums: Sums,
    /// What left the account for this cycle and did not come back, as the statement says.
    pub(super) debited_minor: i64,
    /// The statement's debits less what was paid; right is 0.
    pub(super) difference_minor: i64,
    /// Lines of the statement that nobody here instructed.
    pub(super) unmatched: Vec<Line>,
}

/// A line of the bank's statement; a debit is negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    pub(super) at: String,
    pub(super) reference: String,
    pub(super) what: String,
    pub(super) minor: i64,
    /// The transfer that the line takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reverses: Option<String>,
}

/// What left the account for one cycle or for several: the blocks that lists were paid from, and transfers with their
/// amounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Instructed {
    pub(super) blocks: Vec<String>,
    /// Transfer to its payment.
    pub(super) transfers: BTreeMap<String, Transfer>,
}

/// A payment of a cycle as it went through the switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Transfer {
    pub(super) reference: String,
    pub(super) minor: i64,
}

impl Instructed {
    /// The payment of the cycle that a line of the statement gives back whole.
    pub(super) fn reversed_by(&self, line: &Line) -> Option<&Transfer> {
        let transfer = self.transfers.get(line.reverses.as_ref()?)?;
        (transfer.minor == line.minor).then_some(transfer)
    }

    /// Whether a line of the statement is about this money.
    pub(super) fn has(&self, line: &Line) -> bool {
        self.blocks.contains(&line.reference)
            || self.blocks.contains(&line.what)
            || self.reversed_by(line).is_some()
    }
}

impl Reconciled {
    /// Holds a statement against the sums. A line belongs to the cycle where it names one of its blocks or gives one of its
    /// transfers back; the opening funds belong to nobody's cycle.
    pub(super) fn of(sums: Sums, lines: Vec<Line>, instructed: &Instructed) -> Self {
        let (mut debited_minor, mut unmatched) = (0, Vec::new());
        for line in lines {
            if instructed.has(&line) {
                debited_minor -= line.minor;
            } else if line.what != OPENING {
                unmatched.push(line);
            }
        }
        let difference_minor = debited_minor - sums.paid_minor - sums.open_minor;
        Self { sums, debited_minor, difference_minor, unmatched }
    }

    /// Whether everything adds up and nothing is open.
    pub(super) fn holds(&self) -> bool {
        let Sums { payees, paid, failed, reversed, held, tickets, open, .. } = self.sums;
        self.difference_minor == 0
            && self.unmatched.is_empty()
            && open == 0
            && payees == paid + failed + reversed + held + tickets
    }

    /// The arithmetic in one sentence.
    pub(super) fn sentence(&self) -> String {
        let Sums { payees, paid, failed, reversed, held, tickets, .. } = self.sums;
        let or_none = |count: i64, what: &str| match count {
            0 => String::new(),
            count => format!(" + {count} {what}"),
        };
        let tail = or_none(reversed, "given back") + &or_none(tickets, "open items");
        let counts = format!("{payees} = {paid} paid + {failed} failed + {held} held{tail}");
        let money = format!(
            "{} = {} + {}",
            grouped(self.sums.entitled_minor),
            grouped(self.sums.paid_minor),
            grouped(self.sums.entitled_minor - self.sums.paid_minor)
        );
        let odd = match self.unmatched.len() {
            0 => String::new(),
            1 => String::from("; 1 line of the statement is nobody's"),
            n => format!("; {n} lines of the statement are nobody's"),
        };
        format!("{counts}; {money}; difference {}{odd}.", grouped(self.difference_minor))
    }
}

/// How the treasury calls what was on an account from the start.
const OPENING: &str = "opening funds";

#[cfg(test)]
mod tests {
    use super::*;

    fn line(reference: &str, what: &str, minor: i64) -> Line {
        let (at, reverses) = (String::new(), None);
        Line { at, reference: reference.into(), what: what.into(), minor, reverses }
    }

    fn paid_from(block: &str) -> Instructed {
        let transfer = Transfer { reference: "OAP-1".into(), minor: 10_000 };
        Instructed {
            blocks: vec![block.into()],
            transfers: BTreeMap::from([("T-1".into(), transfer)]),
        }
    }

    #[test]
    fn the_arithmetic_of_october_adds_up() {
        let sums = Sums::of(&[
            (Standing::Deceased, 9, 90_000),
            (Standing::Conflict, 3, 30_000),
            (Standing::Paid, 978, 9_780_000),
            (Standing::Failed, 15, 150_000),
            (Standing::Held, 7, 70_000),
        ]);
        let lines = vec![
            line("opening funds of GOV-OAP-001", "opening funds", 12_000_000),
            line("BLK-000001", "set aside", -9_930_000),
            line("b-1 released", "BLK-000001", 150_000),
        ];
        let reconciled = Reconciled::of(sums, lines, &paid_from("BLK-000001"));
        assert!(reconciled.holds(), "{reconciled:?}");
        assert_eq!(
            reconciled.sentence(),
            "1000 = 978 paid + 15 failed + 7 held; 100,000 = 97,800 + 2,200; difference 0."
        );
    }

    #[test]
    fn a_line_that_nobody_instructed_or_a_missing_one_keeps_the_cycle_open() {
        let sums = Sums::of(&[(Standing::Paid, 1, 10_000)]);
        let own = || vec![line("BLK-000001", "set aside", -10_000)];
        let blocks = paid_from("BLK-000001");
        assert!(Reconciled::of(sums, own(), &blocks).holds());
        let mut odd = own();
        odd.push(line("BLK-000009", "set aside", -4_200));
        let reconciled = Reconciled::of(sums, odd, &blocks);
        assert_eq!((reconciled.holds(), reconciled.unmatched.len()), (false, 1));
        assert_eq!(Reconciled::of(sums, Vec::new(), &blocks).difference_minor, -10_000);
    }

    #[test]
    fn a_payment_that_the_bank_gave_back_is_unpaid_and_the_sums_still_add_up() {
        let sums = Sums::of(&[(Standing::Paid, 1, 10_000), (Standing::Reversed, 1, 10_000)]);
        let back = |transfer: &str, minor| Line {
            reverses: Some(transfer.into()),
            ..line("R-1", "REVERSAL", minor)
        };
        let lines = |back| vec![line("BLK-000001", "set aside", -20_000), back];
        let instructed = paid_from("BLK-000001");
        let whole = Reconciled::of(sums, lines(back("T-1", 10_000)), &instructed);
        assert!(whole.holds(), "{whole:?}");
        assert_eq!(
            whole.sentence(),
            "2 = 1 paid + 0 failed + 0 held + 1 given back; 200 = 100 + 100; difference 0."
        );
        for odd in [back("T-1", 9_900), back("T-2", 10_000)] {
            let part = Reconciled::of(sums, lines(odd), &instructed);
            assert_eq!((part.difference_minor, part.unmatched.len()), (10_000, 1));
        }
    }

    #[test]
    fn every_state_is_kept_and_read_back() {
        for (state, text) in CycleState::ALL {
            assert_eq!((state.text(), CycleState::parse(text)), (text, Some(state)));
        }
        for (standing, text) in Standing::ALL {
            assert_eq!((standing.text(), Standing::parse(text)), (text, Some(standing)));
        }
    }
}
