//! The farms: who works which plot, how large it is and what grows there (DCI FR code lists).

use std::fmt;

use jiff::civil::{Date, date};

use super::cast::Cast;
use super::days::date_of;
use super::dice::{Dice, Purpose};
use super::household::Household;
use super::person::Person;
use super::places::{Community, Point};
use super::work::{Employment, Trade};

/// What grows on a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crop {
    Maize,
    Millet,
    Beans,
    Cassava,
    Vegetables,
    Groundnut,
    Coffee,
}

/// DCI `LandTenureEnum`, as far as the country uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tenure {
    Squatted,
    Leased,
    Sharecropped,
    Inherited,
}

/// One plot and the person who farms it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Farm {
    /// The place in [`People::farms`](super::People::farms).
    pub index: u32,
    /// The index of the farmer.
    pub farmer: usize,
    pub community: Community,
    /// The size in ares, hundredths of a hectare: 140 is 1.40 ha.
    pub ares: u16,
    pub crops: [Option<Crop>; 2],
    pub tenure: Tenure,
    pub registered: Date,
}

/// A size as the registry writes it, in hectares with two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hectares(u16);

impl fmt::Display for Hectares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Crop {
    pub fn name(self) -> &'static str {
        match self {
            Self::Maize => "maize",
            Self::Millet => "millet",
            Self::Beans => "beans",
            Self::Cassava => "cassava",
            Self::Vegetables => "vegetables",
            Self::Groundnut => "groundnut",
            Self::Coffee => "coffee",
        }
    }

    /// The digit of DCI `CropTypeEnum`.
    pub fn code(self) -> u8 {
        match self {
            Self::Maize | Self::Millet => 1,
            Self::Vegetables => 2,
            Self::Groundnut => 4,
            Self::Cassava => 5,
            Self::Coffee => 6,
            Self::Beans => 7,
        }
    }
}

impl Tenure {
    /// The digit of DCI `LandTenureEnum`.
    pub fn code(self) -> u8 {
        match self {
            Self::Squatted => 1,
            Self::Leased => 2,
            Self::Sharecropped => 4,
            Self::Inherited => 5,
        }
    }
}

impl Farm {
    /// The number of the plot: `PLOT-00042`.
    pub fn number(&self) -> String {
        format!("PLOT-{:05}", self.index + 1)
    }

    pub fn size(&self) -> Hectares {
        Hectares(self.ares)
    }

    /// The crops in the order of their importance.
    pub fn crops(&self) -> impl Iterator<Item = Crop> {
        self.crops.into_iter().flatten()
    }

    /// The middle of the plot.
    pub fn centre(&self) -> Point {
        self.community.house(0x4000_0000 + self.index)
    }
}

/// The plots that stories speak of: the farmer, ares, crops, tenure.
static OF_THE_CAST: [(&str, u16, [Option<Crop>; 2], Tenure); 3] = [
    ("ama", 140, [Some(Crop::Maize), Some(Crop::Beans)], Tenure::Inherited),
    ("elia", 90, [Some(Crop::Vegetables), None], Tenure::Leased),
    ("tomas_altena", 265, [Some(Crop::Millet), None], Tenure::Inherited),
];

/// One plot for each household that has a farmer.
pub(super) fn farms(
    seed: u64,
    cast: &Cast,
    people: &[Person],
    households: &[Household],
) -> Vec<Farm> {
    let mut farms: Vec<Farm> = Vec::new();
    for (key, ares, crops, tenure) in OF_THE_CAST {
        let Some(person) = cast.find(key).and_then(|index| people.get(index)) else { continue };
        let index = u32::try_from(farms.len()).unwrap_or(u32::MAX);
        let (farmer, community) = (person.index as usize, person.community);
        let registered = date(2023, 4, 17);
        farms.push(Farm { index, farmer, community, ares, crops, tenure, registered });
    }
    let mut dice = Dice::new(seed, Purpose::Farms);
    for household in households.iter().filter(|household| household.head() >= cast.persons) {
        let farmer = people[household.members()].iter().find(|person| {
            person.trade == Some(Trade::Farmer) && person.employment == Employment::OwnAccount
        });
        if let Some(farmer) = farmer {
            farms.push(any(&mut dice, farmer, farms.len()));
        }
    }
    farms
}

fn any(dice: &mut Dice, farmer: &Person, index: usize) -> Farm {
    let first = dice.weigh(&[
        (34, Crop::Maize),
        (20, Crop::Millet),
        (14, Crop::Cassava),
        (13, Crop::Vegetables),
        (10, Crop::Groundnut),
        (9, Crop::Coffee),
    ]);
    let second = dice.weigh(&[
        (45, None),
        (30, Some(Crop::Beans)),
        (15, Some(Crop::Vegetables)),
        (10, Some(Crop::Groundnut)),
    ]);
    let (low, high) = dice.weigh(&[(50, (30, 125)), (28, (126, 230)), (22, (231, 780))]);
    Farm {
        index: u32::try_from(index).unwrap_or(u32::MAX),
        farmer: farmer.index as usize,
        community: farmer.community,
        ares: u16::try_from(dice.between(low, high)).unwrap_or(0),
        crops: [Some(first), second.filter(|crop| *crop != first)],
        tenure: dice.weigh(&[
            (55, Tenure::Inherited),
            (25, Tenure::Leased),
            (14, Tenure::Sharecropped),
            (6, Tenure::Squatted),
        ]),
        registered: date_of(dice.between(-1_800, -40)),
    }
}
