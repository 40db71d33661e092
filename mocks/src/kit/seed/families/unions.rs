//! Who marries whom, who divorces, and who is left behind.

use super::super::days::{ADULT, Day, years};
use super::super::draft::{Ending, Seat, Wedding};
use super::super::person::{MaritalStatus, Role, Sex};
use super::Making;

impl Making<'_> {
    /// A married couple; one of them is the head.
    pub(super) fn couple(
        &mut self,
        wife_age: i32,
        spread: i32,
        man_leads: u32,
    ) -> (Seat, Seat, Day) {
        let age = wife_age + self.dice.between(0, spread);
        let wife_born = self.born(age).min(-ADULT - 60);
        let husband_born = (wife_born - self.dice.between(years(-2), years(6))).min(-ADULT - 60);
        let husband_leads = self.dice.chance(man_leads);
        let (first, second) = if husband_leads {
            ((Sex::Male, husband_born), (Sex::Female, wife_born))
        } else {
            ((Sex::Female, wife_born), (Sex::Male, husband_born))
        };
        let head = self.seat(first.0, first.1, Role::Head, self.family);
        let spouse = self.seat(second.0, second.1, Role::Spouse, self.family);
        let (wife, husband) = if husband_leads { (spouse, head) } else { (head, spouse) };
        let day = self.wedding_day(wife_born, husband_born);
        self.marry(wife, husband, day);
        (wife, husband, day)
    }

    pub(super) fn marry(&mut self, wife: Seat, husband: Seat, day: Day) {
        for seat in [wife, husband] {
            self.home.table[usize::from(seat)].marital = MaritalStatus::Married;
        }
        let (wife, husband) = (Some(wife), Some(husband));
        self.home.weddings.push(Wedding { husband, wife, day, ended: None });
    }

    pub(super) fn wedding_day(&mut self, one_born: Day, other_born: Day) -> Day {
        let earliest = one_born.max(other_born) + ADULT;
        self.dice.between(earliest, (earliest + years(9)).min(-30).max(earliest))
    }

    /// Makes a widow or a widower. Some of the dead died before the register was kept: they have no entry.
    pub(super) fn lose_spouse(&mut self, seat: Seat, wed: Day, entered: u32) {
        let (born, sex) = {
            let draft = &mut self.home.table[usize::from(seat)];
            draft.marital = MaritalStatus::Widowed;
            (draft.born, draft.sex)
        };
        let last_child = self.home.table.iter().filter(|draft| draft.role == Role::Child);
        let last_child = last_child.map(|draft| draft.born).max().unwrap_or(wed);
        let earliest = (wed.max(last_child) + 30).max(-years(18)).min(-25);
        let died = self.dice.between(earliest, -20);
        let late = self.dice.chance(entered).then(|| {
            let other = if sex == Sex::Female { Sex::Male } else { Sex::Female };
            let same_age = born - self.dice.between(0, 300);
            let late = self.seat(other, same_age, Role::Spouse, self.family);
            let draft = &mut self.home.table[usize::from(late)];
            draft.marital = MaritalStatus::Married;
            draft.died = Some(died);
            self.orphan(seat, late);
            late
        });
        let (wife, husband) =
            if sex == Sex::Female { (Some(seat), late) } else { (late, Some(seat)) };
        let ended = Some(Ending::Death(died));
        self.home.weddings.push(Wedding { husband, wife, day: wed, ended });
    }

    /// The children of the widowed were children of the dead.
    fn orphan(&mut self, parent: Seat, late: Seat) {
        for draft in &mut self.home.table {
            if draft.mother == Some(parent) {
                draft.father = Some(late);
            } else if draft.father == Some(parent) {
                draft.mother = Some(late);
            }
        }
    }

    pub(super) fn divorce(&mut self, seat: Seat, wed: Day) {
        let draft = &mut self.home.table[usize::from(seat)];
        draft.marital = MaritalStatus::Divorced;
        let (wife, husband) =
            if draft.sex == Sex::Female { (Some(seat), None) } else { (None, Some(seat)) };
        let day = self.dice.between((wed + 300).min(-20), -10);
        let ended = Some(Ending::Divorce(day));
        self.home.weddings.push(Wedding { husband, wife, day: wed, ended });
    }
}
