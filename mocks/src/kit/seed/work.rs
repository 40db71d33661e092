//! School and work, in the digits of DCI `EducationCode`, `EmploymentStatusEnum` and `OccupationEnum`.

use super::dice::Dice;
use super::places::Community;

/// The highest level finished or attended: 0 early childhood to 8 doctorate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Education(u8);

/// DCI `EmploymentStatusEnum`, and why somebody without work has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Employment {
    /// Too young for school, or not yet of working age.
    Child,
    Student,
    Employee,
    OwnAccount,
    FamilyWorker,
    Unemployed,
    Retired,
    AtHome,
}

/// A trade, with its place in the occupations of DCI (`OccupationEnum`, 0 to 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trade {
    Fisher,
    Farmer,
    FarmHand,
    Packer,
    Trader,
    Teacher,
    Nurse,
    Clerk,
    Driver,
    Builder,
    Carpenter,
    Tailor,
    Cook,
    Cleaner,
    ShopAssistant,
    ShopManager,
    Accountant,
    Technician,
    Guard,
    Soldier,
}

/// What a person does all day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    pub(super) education: Education,
    pub(super) employment: Employment,
    pub(super) trade: Option<Trade>,
}

impl Education {
    pub(super) const fn of(level: u8) -> Self {
        Self(level)
    }

    /// The digit of DCI `EducationCode`.
    pub fn code(self) -> u8 {
        self.0
    }
}

impl Employment {
    /// The digit of DCI `EmploymentStatusEnum`.
    pub fn code(self) -> u8 {
        match self {
            Self::Employee => 4,
            Self::OwnAccount => 6,
            Self::FamilyWorker => 8,
            Self::Child | Self::Student | Self::Unemployed | Self::Retired | Self::AtHome => 2,
        }
    }
}

impl Trade {
    /// The trade in a word or two.
    pub fn title(self) -> &'static str {
        match self {
            Self::Fisher => "fisher",
            Self::Farmer => "farmer",
            Self::FarmHand => "farm hand",
            Self::Packer => "packer",
            Self::Trader => "market trader",
            Self::Teacher => "teacher",
            Self::Nurse => "nurse",
            Self::Clerk => "clerk",
            Self::Driver => "driver",
            Self::Builder => "builder",
            Self::Carpenter => "carpenter",
            Self::Tailor => "tailor",
            Self::Cook => "cook",
            Self::Cleaner => "cleaner",
            Self::ShopAssistant => "shop assistant",
            Self::ShopManager => "shop manager",
            Self::Accountant => "accountant",
            Self::Technician => "technician",
            Self::Guard => "guard",
            Self::Soldier => "soldier",
        }
    }

    /// The digit of DCI `OccupationEnum`.
    pub fn occupation_code(self) -> u8 {
        match self {
            Self::Soldier => 0,
            Self::ShopManager => 1,
            Self::Teacher | Self::Accountant => 2,
            Self::Nurse | Self::Technician => 3,
            Self::Clerk => 4,
            Self::Trader | Self::Cook | Self::ShopAssistant | Self::Guard => 5,
            Self::Fisher | Self::Farmer => 6,
            Self::Builder | Self::Carpenter | Self::Tailor => 7,
            Self::Driver => 8,
            Self::FarmHand | Self::Packer | Self::Cleaner => 9,
        }
    }

    fn any(dice: &mut Dice, home: Community) -> Self {
        let on_the_land = home.code().starts_with("QN03");
        let at_the_coast = home.code().starts_with("QN04");
        if on_the_land && dice.chance(520) || dice.chance(190) {
            return dice.pick(&[Self::Farmer, Self::Farmer, Self::FarmHand]);
        }
        if at_the_coast && dice.chance(300) {
            return Self::Fisher;
        }
        dice.weigh(&[
            (16, Self::Trader),
            (12, Self::Builder),
            (10, Self::Packer),
            (10, Self::ShopAssistant),
            (8, Self::Driver),
            (8, Self::Cleaner),
            (7, Self::Tailor),
            (6, Self::Teacher),
            (6, Self::Clerk),
            (6, Self::Cook),
            (5, Self::Carpenter),
            (5, Self::Guard),
            (4, Self::Nurse),
            (4, Self::Technician),
            (3, Self::Accountant),
            (3, Self::ShopManager),
            (2, Self::Soldier),
        ])
    }

    /// Whether people of this trade usually work for somebody else.
    fn is_hired(self) -> bool {
        !matches!(self, Self::Fisher | Self::Farmer | Self::Trader | Self::Tailor)
    }
}

impl Work {
    /// Something fitting for that age in that community.
    pub(super) fn any(dice: &mut Dice, age: u8, home: Community) -> Self {
        let education = Education(schooling(dice, age));
        let (employment, trade) = match age {
            0..6 => (Employment::Child, None),
            6..15 => (Employment::Student, None),
            15..18 if dice.chance(780) => (Employment::Student, None),
            15..18 => (Employment::FamilyWorker, None),
            18..23 if dice.chance(350) => (Employment::Student, None),
            18..65 => Self::grown_up(dice, home),
            _ => Self::old(dice, home),
        };
        Self { education, employment, trade }
    }

    fn grown_up(dice: &mut Dice, home: Community) -> (Employment, Option<Trade>) {
        if dice.chance(170) {
            return (Employment::AtHome, None);
        }
        let trade = Trade::any(dice, home);
        if dice.chance(95) {
            return (Employment::Unemployed, Some(trade));
        }
        let employment =
            if trade.is_hired() { Employment::Employee } else { Employment::OwnAccount };
        (employment, Some(trade))
    }

    fn old(dice: &mut Dice, home: Community) -> (Employment, Option<Trade>) {
        if dice.chance(200) {
            return (Employment::AtHome, None);
        }
        let trade = Trade::any(dice, home);
        let still_works = !trade.is_hired() && dice.chance(300);
        (if still_works { Employment::OwnAccount } else { Employment::Retired }, Some(trade))
    }
}

fn schooling(dice: &mut Dice, age: u8) -> u8 {
    match age {
        0..6 => 0,
        6..12 => 1,
        12..15 => 2,
        15..18 => dice.pick(&[2, 3, 3]),
        18..45 => dice.pick(&[1, 1, 2, 2, 3, 3, 3, 4, 5, 6]),
        45..65 => dice.pick(&[1, 1, 1, 2, 2, 3, 3, 6]),
        _ => dice.pick(&[0, 1, 1, 1, 1, 2, 3]),
    }
}
