//! The pension payroll of October: 1,012 enrolled pensioners, and what will happen to each of them (story S10).

use jiff::civil::Date;

use super::account::{Account, Bank};
use super::cast::{Cast, Quirk};
use super::days::date_of;
use super::dice::{Dice, Purpose};
use super::person::Person;

/// How many are enrolled when the cycle opens.
pub const PAYROLL_SIZE: usize = 1_012;

/// What the payroll will find out about a pensioner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// The money arrives.
    Paid,
    /// The civil registry has a death that the programme has not heard of.
    DeadInCivilRegistry { on: Date },
    /// The beneficiary registry lists a contributory pension as well.
    Conflict,
    /// The mapper knows no account.
    Unmapped,
    /// The mapper knows the account as inactive.
    AccountInactive,
    /// The switch refuses the transfer with this FSPIOP error code.
    PayeeFails { code: u16 },
}

/// One enrolled pensioner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PayrollLine {
    /// The index of the person.
    pub person: usize,
    pub fate: Fate,
    /// The account that the payee names when the district office calls because the money did not arrive.
    pub new_account: Option<Account>,
}

/// Payees whom the switch refuses: the FSPIOP error code, and how many besides Josef, who is one of the 3204.
const REFUSED: [(u16, usize); 4] = [(3204, 5), (5105, 4), (5200, 3), (5400, 2)];
/// Who turned 65 later is still waiting for a decision.
const ENROLLED_BY: Date = jiff::civil::date(2026, 8, 1);
/// Who names a new account when called: of the refused all but Josef and those whom an authority blocked, and most of those
/// whom the mapper does not know or knows as inactive.
const MENDED: [(Fate, usize); 5] = [
    (Fate::PayeeFails { code: 3204 }, 5),
    (Fate::PayeeFails { code: 5105 }, 4),
    (Fate::PayeeFails { code: 5200 }, 3),
    (Fate::Unmapped, 3),
    (Fate::AccountInactive, 2),
];
/// New accounts are numbered so far above the old ones that they never meet.
const NEW_NUMBERS: u64 = 199_999_999_999;
const DEAD: usize = 9;
const CONFLICTS: usize = 3;
const UNMAPPED: usize = 4;
const INACTIVE: usize = 3;

/// Everybody of age, sorted by what the mapper knows, in the order in which the dice call them.
#[derive(Default)]
struct Candidates {
    open: Vec<usize>,
    closed: Vec<usize>,
    without: Vec<usize>,
}

impl PayrollLine {
    /// What single systems believe differently about this pensioner.
    pub(super) fn quirk(&self) -> Option<Quirk> {
        match self.fate {
            Fate::DeadInCivilRegistry { on } => Some(Quirk::DeadInCivilRegistryOnly { on }),
            Fate::Conflict => Some(Quirk::OtherPension),
            Fate::PayeeFails { code } => Some(Quirk::PayeeFails { code }),
            Fate::AccountInactive => Some(Quirk::AccountClosed),
            Fate::Paid | Fate::Unmapped => None,
        }
    }
}

/// The payroll, Josef first. A country too small for the story pays only those whose account is open.
pub(super) fn payroll(seed: u64, cast: &Cast, people: &[Person]) -> Vec<PayrollLine> {
    let mut dice = Dice::new(seed, Purpose::Payroll);
    let Candidates { mut open, mut closed, mut without } = candidates(&mut dice, cast, people);
    let josef = cast.find("josef");
    let josef = josef.map(|person| PayrollLine {
        person,
        fate: Fate::PayeeFails { code: 3204 },
        new_account: None,
    });
    let mut lines: Vec<PayrollLine> = josef.into_iter().collect();
    let wanted = PAYROLL_SIZE - UNMAPPED - INACTIVE - lines.len();
    let is_whole = open.len() >= wanted && closed.len() >= INACTIVE && without.len() >= UNMAPPED;
    let mut take = |from: &mut Vec<usize>, count: usize, fate: &mut dyn FnMut() -> Fate| {
        for person in from.drain(..count.min(from.len())) {
            lines.push(PayrollLine { person, fate: fate(), new_account: None });
        }
    };
    if is_whole {
        open.truncate(wanted);
        let mut dead = || Fate::DeadInCivilRegistry { on: date_of(dice.between(-95, -8)) };
        take(&mut open, DEAD, &mut dead);
        take(&mut open, CONFLICTS, &mut || Fate::Conflict);
        for (code, count) in REFUSED {
            take(&mut open, count, &mut || Fate::PayeeFails { code });
        }
        take(&mut without, UNMAPPED, &mut || Fate::Unmapped);
        take(&mut closed, INACTIVE, &mut || Fate::AccountInactive);
    }
    take(&mut open, PAYROLL_SIZE, &mut || Fate::Paid);
    let first = lines.len().min(1);
    lines[first..].sort_by_key(|line| line.person);
    if is_whole {
        for (fate, count) in MENDED {
            let fits = |line: &&mut PayrollLine| line.fate == fate;
            for line in lines[first..].iter_mut().filter(fits).take(count) {
                line.new_account = Some(new_account(&people[line.person]));
            }
        }
    }
    lines
}

fn new_account(person: &Person) -> Account {
    let number = NEW_NUMBERS - person.uin.number();
    Account { bank: Bank::Pinkbank, number, closed: false }
}

fn candidates(dice: &mut Dice, cast: &Cast, people: &[Person]) -> Candidates {
    let mut order: Vec<usize> = people
        .iter()
        .skip(cast.persons)
        .filter(|person| person.is_alive() && person.age_on(ENROLLED_BY) >= 65)
        .map(|person| person.index as usize)
        .collect();
    for last in (1..order.len()).rev() {
        let other = dice.below(u32::try_from(last + 1).unwrap_or(u32::MAX)) as usize;
        order.swap(last, other);
    }
    let mut candidates = Candidates::default();
    for index in order {
        match people[index].account {
            Some(account) if account.closed => candidates.closed.push(index),
            Some(_) => candidates.open.push(index),
            None => candidates.without.push(index),
        }
    }
    candidates
}
