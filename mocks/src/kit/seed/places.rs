//! The places of Arenoa: 4 provinces of 4 districts of 8 communities, with P-codes, in open ocean near 25 S 25 W.

use std::fmt;

/// A province: the first level, `QN01` to `QN04`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Province(u8);

/// A district: the second level, `QN0101` to `QN0404`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct District(u8);

/// A community: the third level, `QN010101` to `QN040408`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Community(u8);

/// Whole thousandths of a degree, so that every machine prints the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    west: i32,
    south: i32,
    east: i32,
    north: i32,
}

/// A point, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub longitude_micro: i32,
    pub latitude_micro: i32,
}

static PROVINCES: [&str; 4] = ["Norra", "Dellin", "Altena", "Maresa"];

static DISTRICTS: [&str; 16] = [
    "Brenna", "Corvale", "Pelmora", "Tarvik", "Drinna", "Velmar", "Oskara", "Lurnel", "Sarnel",
    "Goldra", "Fenwel", "Havrin", "Salmara", "Korvik", "Windra", "Perlin",
];

/// The beginning of every community's name in a district; the ending follows.
static STEMS: [&str; 16] = [
    "Bren", "Corv", "Pelm", "Tarv", "Drin", "Velm", "Osk", "Lurn", "Sarn", "Gold", "Fenn", "Havr",
    "Salm", "Kest", "Wind", "Perl",
];

static ENDINGS: [&str; 8] = ["ada", "elle", "inor", "ora", "una", "este", "avil", "omar"];

/// The five communities of Dellin that stand above the river.
const ON_THE_HILL: [u8; 5] = [39, 47, 55, 62, 63];

impl Province {
    /// All four, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..4).map(Self)
    }

    pub fn code(self) -> String {
        format!("QN{:02}", self.0 + 1)
    }

    pub fn name(self) -> &'static str {
        PROVINCES[usize::from(self.0)]
    }

    pub fn districts(self) -> impl Iterator<Item = District> {
        (self.0 * 4..self.0 * 4 + 4).map(District)
    }

    /// The square it covers: two degrees each way.
    pub fn bounds(self) -> Bounds {
        let column = i32::from(self.0 % 2);
        let row = i32::from(self.0 / 2);
        Bounds::at(-27_000 + column * 2_000, -25_000 - row * 2_000, 2_000, 2_000)
    }
}

impl District {
    /// All sixteen, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..16).map(Self)
    }

    pub fn code(self) -> String {
        format!("{}{:02}", self.province().code(), self.0 % 4 + 1)
    }

    pub fn name(self) -> &'static str {
        DISTRICTS[usize::from(self.0)]
    }

    pub fn province(self) -> Province {
        Province(self.0 / 4)
    }

    pub fn communities(self) -> impl Iterator<Item = Community> {
        (self.0 * 8..self.0 * 8 + 8).map(Community)
    }

    /// The square it covers: one degree each way.
    pub fn bounds(self) -> Bounds {
        let around = self.province().bounds();
        let column = i32::from(self.0 % 2);
        let row = i32::from(self.0 % 4 / 2);
        Bounds::at(around.west + column * 1_000, around.south + row * 1_000, 1_000, 1_000)
    }
}

impl Community {
    /// How many there are.
    pub const COUNT: u8 = 128;

    /// All of them, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    /// The community of that code; one that does not exist does not compile where the cast names it.
    pub(super) const fn of(province: u8, district: u8, community: u8) -> Self {
        assert!(province >= 1 && province <= 4, "provinces are 1 to 4");
        assert!(district >= 1 && district <= 4, "districts are 1 to 4");
        assert!(community >= 1 && community <= 8, "communities are 1 to 8");
        Self((province - 1) * 32 + (district - 1) * 8 + community - 1)
    }

    pub(super) fn numbered(number: u32) -> Self {
        Self(u8::try_from(number).unwrap_or(0) % Self::COUNT)
    }

    /// The community with this P-code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|community| community.code() == code)
    }

    pub fn code(self) -> String {
        format!("{}{:02}", self.district().code(), self.0 % 8 + 1)
    }

    pub fn name(self) -> String {
        format!("{}{}", STEMS[usize::from(self.0 / 8)], ENDINGS[usize::from(self.0 % 8)])
    }

    pub fn district(self) -> District {
        District(self.0 / 8)
    }

    pub fn province(self) -> Province {
        Province(self.0 / 32)
    }

    /// Whether the river of Dellin reaches it when it floods: 27 of the 32 communities there.
    pub fn on_the_flood_plain(self) -> bool {
        self.province() == Province(1) && !ON_THE_HILL.contains(&self.0)
    }

    /// The rectangle it covers.
    pub fn bounds(self) -> Bounds {
        let around = self.district().bounds();
        let column = i32::from(self.0 % 4);
        let row = i32::from(self.0 % 8 / 4);
        Bounds::at(around.west + column * 250, around.south + row * 500, 250, 500)
    }

    /// The middle of it.
    pub fn centre(self) -> Point {
        self.bounds().centre()
    }

    /// The place of the `number`th house: always inside the community, always the same.
    pub fn house(self, number: u32) -> Point {
        let corner = self.bounds();
        let step = |factor: u32, width: i32| {
            let spread = u32::try_from(width * 800).unwrap_or(1);
            let at = number.wrapping_mul(factor).wrapping_add(factor >> 3) % spread;
            width * 100 + i32::try_from(at).unwrap_or(0)
        };
        Point {
            longitude_micro: corner.west * 1000 + step(2_654_435_761, 250),
            latitude_micro: corner.south * 1000 + step(2_246_822_519, 500),
        }
    }
}

impl Bounds {
    const fn at(west: i32, south: i32, width: i32, height: i32) -> Self {
        Self { west, south, east: west + width, north: south + height }
    }

    /// West, south, east, north in degrees: the order of a `GeoJSON` bounding box (RFC 7946, section 5).
    pub fn degrees(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north].map(|edge| f64::from(edge) / 1000.0)
    }

    /// The middle of it.
    pub fn centre(self) -> Point {
        Point {
            longitude_micro: (self.west + self.east) * 500,
            latitude_micro: (self.south + self.north) * 500,
        }
    }

    /// Whether the point lies inside.
    pub fn contains(self, point: Point) -> bool {
        (self.west * 1000..self.east * 1000).contains(&point.longitude_micro)
            && (self.south * 1000..self.north * 1000).contains(&point.latitude_micro)
    }
}

impl Point {
    /// Longitude and latitude in degrees: the order of `GeoJSON` (RFC 7946, section 3.1.1).
    pub fn degrees(self) -> [f64; 2] {
        [self.longitude_micro, self.latitude_micro].map(|part| f64::from(part) / 1_000_000.0)
    }
}

impl fmt::Display for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}
