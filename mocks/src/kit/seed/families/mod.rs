//! The families that the dice make: who lives together, how old they are, who married whom and who died.

mod unions;

use super::account::Bank;
use super::days::{ADULT, Day, TODAY, age_on, date_of, years};
use super::dice::Dice;
use super::disability::Disability;
use super::draft::{Draft, Home, Purse, Seat};
use super::household::{PovertyScore, STREET_COUNT};
use super::names::{FamilyName, GivenName};
use super::person::{Language, MaritalStatus, Role, Sex};
use super::places::Community;
use super::work::{Education, Employment, Work};

/// No parent is younger than sixteen or older than forty-four when a child is born, and no late spouse, who may be some
/// months older, older than forty-five.
const YOUNGEST_PARENT: Day = 5_850;
const OLDEST_PARENT: Day = 16_120;

#[derive(Debug, Clone, Copy)]
enum Kind {
    Family,
    ThreeGenerations,
    LoneParent,
    OldCouple,
    OldAlone,
    Grandparents,
    Siblings,
}

/// One household in the making.
struct Making<'d> {
    dice: &'d mut Dice,
    home: Home,
    family: FamilyName,
}

/// The next household of the country.
pub(super) fn next_home(dice: &mut Dice) -> Home {
    let kind = dice.weigh(&[
        (445, Kind::Family),
        (325, Kind::ThreeGenerations),
        (100, Kind::LoneParent),
        (50, Kind::OldCouple),
        (24, Kind::OldAlone),
        (38, Kind::Grandparents),
        (20, Kind::Siblings),
    ]);
    let home = somewhere(dice);
    let family = FamilyName::any(dice);
    let mut making = Making { dice, home, family };
    match kind {
        Kind::Family => making.family(),
        Kind::ThreeGenerations => making.three_generations(),
        Kind::LoneParent => making.lone_parent(),
        Kind::OldCouple => making.old_couple(),
        Kind::OldAlone => making.old_alone(),
        Kind::Grandparents => making.grandparents(),
        Kind::Siblings => making.siblings(),
    }
    making.settle();
    making.home
}

/// Somebody who lives alone, is old enough for the pension, draws none, and has an open account.
pub(super) fn candidate(dice: &mut Dice) -> Home {
    let home = somewhere(dice);
    let family = FamilyName::any(dice);
    let mut making = Making { dice, home, family };
    let sex = making.any_sex(550);
    let age = making.dice.between(68, 88);
    let born = making.born(age);
    making.seat(sex, born, Role::Head, family);
    making.settle();
    for draft in &mut making.home.table {
        let bank = draft.purse.map_or(Bank::Greenbank, |purse| purse.bank);
        draft.purse = Some(Purse { bank, closed: false });
    }
    making.home
}

fn somewhere(dice: &mut Dice) -> Home {
    let community = loop {
        let community = Community::numbered(dice.below(u32::from(Community::COUNT)));
        // The river plain is the most crowded part of the country: 50 households where others have 29.
        if community.on_the_flood_plain() || dice.chance(584) {
            break community;
        }
    };
    let registered = dice.between(-2_600, -60);
    Home {
        community,
        score: PovertyScore::from_tenths(u16::try_from(dice.below(1001)).unwrap_or(0)),
        language: dice.weigh(&[
            (36, Language::En),
            (20, Language::Es),
            (17, Language::Fr),
            (15, Language::Ar),
            (12, Language::Pt),
        ]),
        street: u8::try_from(dice.below(STREET_COUNT)).unwrap_or(0),
        house: u16::try_from(dice.below(180) + 1).unwrap_or(1),
        registered,
        updated: dice.between(registered.max(-700), -5),
        table: Vec::with_capacity(8),
        weddings: Vec::new(),
    }
}

impl Making<'_> {
    fn family(&mut self) {
        let wife_age =
            self.dice.weigh(&[(10, 19), (16, 25), (20, 31), (20, 37), (18, 43), (13, 49), (9, 55)]);
        let (wife, husband, wed) = self.couple(wife_age, 6, 720);
        self.children(Some(wife), Some(husband), wed);
    }

    fn three_generations(&mut self) {
        let wife_age = self.dice.weigh(&[(10, 21), (18, 27), (26, 33), (24, 39), (16, 45)]);
        let (wife, husband, wed) = self.couple(wife_age, 6, 720);
        self.children(Some(wife), Some(husband), wed);
        self.parents_of_the_head();
    }

    fn lone_parent(&mut self) {
        let sex = if self.dice.chance(840) { Sex::Female } else { Sex::Male };
        let age = self.dice.between(21, 52);
        let born = self.born(age);
        let parent = self.seat(sex, born, Role::Head, self.family);
        let fate = self.dice.weigh(&[
            (34, MaritalStatus::Widowed),
            (26, MaritalStatus::Divorced),
            (40, MaritalStatus::Single),
        ]);
        let wed = match fate {
            MaritalStatus::Single => born + ADULT + self.dice.between(-300, 700),
            _ => self.wedding_day(born, born),
        };
        let (mother, father) =
            if sex == Sex::Female { (Some(parent), None) } else { (None, Some(parent)) };
        self.children(mother, father, wed);
        match fate {
            MaritalStatus::Widowed => self.lose_spouse(parent, wed, 520),
            MaritalStatus::Divorced => self.divorce(parent, wed),
            MaritalStatus::Single | MaritalStatus::Married => {}
        }
        if fate == MaritalStatus::Single && self.dice.chance(300) {
            self.parents_of_the_head();
        }
    }

    fn old_couple(&mut self) {
        let wife_age = self.dice.between(60, 80);
        let (wife, husband, _) = self.couple(wife_age, 0, 800);
        if self.dice.chance(300) {
            self.grown_child(Some(wife), Some(husband));
        }
    }

    fn old_alone(&mut self) {
        let sex = if self.dice.chance(700) { Sex::Female } else { Sex::Male };
        let age = self.dice.between(60, 88);
        let born = self.born(age);
        let person = self.seat(sex, born, Role::Head, self.family);
        if self.dice.chance(780) {
            let wed = self.wedding_day(born, born);
            self.lose_spouse(person, wed, 300);
        }
        if self.dice.chance(350) {
            let (mother, father) =
                if sex == Sex::Female { (Some(person), None) } else { (None, Some(person)) };
            self.grown_child(mother, father);
        }
    }

    /// Old people who bring up their grandchildren; the parents are abroad, or dead.
    fn grandparents(&mut self) {
        let wife_age = self.dice.between(54, 72);
        let (wife, husband, _) = self.couple(wife_age, 0, 700);
        let between = if self.dice.chance(350) { self.late_child(wife, husband) } else { None };
        for _ in 0..self.dice.between(1, 3) {
            let (oldest, latest) = between.map_or((-ADULT + 30, -400), |(seat, died)| {
                let born = self.home.table[usize::from(seat)].born;
                let oldest = (born + YOUNGEST_PARENT).min(died - 400).max(-ADULT + 30);
                (oldest, (born + OLDEST_PARENT).min(died))
            });
            let born = self.dice.between(oldest, latest.max(oldest));
            let sex = self.any_sex(505);
            let child = self.seat(sex, born, Role::Grandchild, self.family);
            if let Some((mother, _)) = between {
                self.home.table[usize::from(child)].mother = Some(mother);
            }
        }
    }

    fn siblings(&mut self) {
        let age = self.dice.between(19, 34);
        for number in 0..self.dice.weigh(&[(30, 1), (45, 2), (25, 3)]) {
            let born = self.born(age) + number * years(2);
            let sex = self.any_sex(480);
            let role = if number == 0 { Role::Head } else { Role::Sibling };
            if born < -ADULT - 30 {
                self.seat(sex, born, role, self.family);
            }
        }
    }

    /// The children of these parents who still live at home, the eldest first.
    fn children(&mut self, mother: Option<Seat>, father: Option<Seat>, since: Day) {
        let parents = [mother, father].into_iter().flatten();
        let births: Vec<Day> =
            parents.map(|seat| self.home.table[usize::from(seat)].born).collect();
        let Some((first, last)) = births.iter().min().zip(births.iter().max()) else { return };
        let floor = last + YOUNGEST_PARENT;
        let ceiling = (first + OLDEST_PARENT).min(-1);
        let mut next = (since + self.dice.between(60, 900)).max(floor);
        let wanted = self.dice.weigh(&[(5, 0), (7, 1), (17, 2), (24, 3), (23, 4), (15, 5), (9, 6)]);
        for _ in 0..wanted {
            if next > ceiling {
                break;
            }
            if self.is_still_at_home(next) {
                let sex = self.any_sex(506);
                let child = self.seat(sex, next, Role::Child, self.family);
                let draft = &mut self.home.table[usize::from(child)];
                draft.mother = mother;
                draft.father = father;
            }
            next += self.dice.between(430, 1_350);
        }
    }

    fn is_still_at_home(&mut self, born: Day) -> bool {
        match age_on(date_of(born), TODAY) {
            0..18 => true,
            18..23 => self.dice.chance(850),
            23..28 => self.dice.chance(600),
            28..40 => self.dice.chance(280),
            _ => false,
        }
    }

    fn grown_child(&mut self, mother: Option<Seat>, father: Option<Seat>) {
        let births = [mother, father].into_iter().flatten();
        let births: Vec<Day> = births.map(|seat| self.home.table[usize::from(seat)].born).collect();
        let Some((first, last)) = births.iter().min().zip(births.iter().max()) else { return };
        let (floor, ceiling) = (last + years(20), (first + OLDEST_PARENT).min(-years(19)));
        if floor < ceiling {
            let born = self.dice.between(floor, ceiling);
            let sex = self.any_sex(470);
            let child = self.seat(sex, born, Role::Child, self.family);
            let draft = &mut self.home.table[usize::from(child)];
            draft.mother = mother;
            draft.father = father;
        }
    }

    /// A daughter of the house who died and left her children with her parents.
    fn late_child(&mut self, wife: Seat, husband: Seat) -> Option<(Seat, Day)> {
        let births = [wife, husband].map(|seat| self.home.table[usize::from(seat)].born);
        let floor = (births[0].max(births[1]) + years(17)).max(-years(55));
        let ceiling = (births[0].min(births[1]) + OLDEST_PARENT).min(-years(21));
        if floor >= ceiling {
            return None;
        }
        let born = self.dice.between(floor, ceiling);
        let died = self.dice.between((born + years(18)).max(-years(10)), -400);
        let seat = self.seat(Sex::Female, born, Role::Child, self.family);
        let draft = &mut self.home.table[usize::from(seat)];
        draft.mother = Some(wife);
        draft.father = Some(husband);
        draft.died = Some(died);
        Some((seat, died))
    }

    /// The head's mother or father, or both, who live in the house of their child.
    fn parents_of_the_head(&mut self) {
        let head = self.home.table[0].born;
        let family = self.home.table[0].family;
        let both = self.dice.chance(430);
        let mother_born = head - self.dice.between(years(18), years(36));
        let father_born = (mother_born - self.dice.between(0, years(6))).max(head - OLDEST_PARENT);
        let mother_lives = both || self.dice.chance(760);
        if mother_born < -years(93) {
            return;
        }
        let (sex, born) =
            if mother_lives { (Sex::Female, mother_born) } else { (Sex::Male, father_born) };
        let first = self.seat(sex, born, Role::Parent, family);
        let wed = mother_born.max(father_born) + ADULT;
        let wed = self.dice.between(wed, wed + years(4));
        if both {
            let father = self.seat(Sex::Male, father_born, Role::Parent, family);
            self.marry(first, father, wed);
            self.home.table[0].father = Some(father);
        } else {
            self.lose_spouse(first, wed, 160);
        }
        let head = &mut self.home.table[0];
        match sex {
            Sex::Female => head.mother = Some(first),
            Sex::Male => head.father = Some(first),
        }
    }

    fn born(&mut self, age: i32) -> Day {
        -years(age) - self.dice.between(2, 363)
    }

    fn any_sex(&mut self, girls: u32) -> Sex {
        if self.dice.chance(girls) { Sex::Female } else { Sex::Male }
    }

    /// One more at the table, with a given name that nobody there has yet.
    fn seat(&mut self, sex: Sex, born: Day, role: Role, family: FamilyName) -> Seat {
        let mut given = GivenName::any(self.dice, sex);
        while self.home.table.iter().any(|other| other.given == given) {
            given = GivenName::any(self.dice, sex);
        }
        let elsewhere = self.dice.chance(150);
        let birth_place = if elsewhere {
            Community::numbered(self.dice.below(u32::from(Community::COUNT)))
        } else {
            self.home.community
        };
        self.home.table.push(Draft {
            given,
            family,
            sex,
            born,
            birth_place,
            role,
            mother: None,
            father: None,
            marital: MaritalStatus::Single,
            died: None,
            work: Work { education: Education::of(0), employment: Employment::Child, trade: None },
            disability: None,
            purse: None,
            slot: None,
        });
        Seat::try_from(self.home.table.len() - 1).unwrap_or(Seat::MAX)
    }

    /// Gives everybody school, work, health and a purse.
    fn settle(&mut self) {
        let community = self.home.community;
        for draft in &mut self.home.table {
            let age = age_on(date_of(draft.born), TODAY);
            draft.work = Work::any(self.dice, age, community);
            draft.disability = Disability::perhaps(self.dice, draft.born);
            // The social registry asks the head for an account, so most heads have one.
            let has_account = self.dice.chance(if draft.role == Role::Head { 930 } else { 530 });
            if age >= 18 && has_account {
                let bank = self.dice.weigh(&[(58, Bank::Greenbank), (42, Bank::Pinkbank)]);
                draft.purse = Some(Purse { bank, closed: self.dice.chance(38) });
            }
            if draft.died.is_some() {
                draft.purse = None;
                draft.disability = None;
            }
        }
    }
}
