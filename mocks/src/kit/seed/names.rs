//! The names of Arenoa, and how they are written in Arabic and in French.

use super::dice::Dice;
use super::person::{Language, Sex};

/// One name: in English, Spanish and Portuguese, in Arabic, in French.
type Spelling = (&'static str, &'static str, &'static str);

/// How many given names of each sex the dice choose from; the pool of women comes first.
const POOL: u8 = 20;

/// The last rows are spellings that only the cast has.
static GIVEN: [Spelling; 41] = [
    ("Ada", "آدا", "Ada"),
    ("Ama", "أما", "Ama"),
    ("Dina", "دينا", "Dina"),
    ("Grace", "غريس", "Grâce"),
    ("Hana", "هناء", "Hana"),
    ("Ines", "إيناس", "Inès"),
    ("Lena", "لينا", "Léna"),
    ("Lina", "لينة", "Lina"),
    ("Marta", "مارتا", "Marta"),
    ("Mira", "ميرا", "Mira"),
    ("Nadia", "نادية", "Nadia"),
    ("Nora", "نورا", "Nora"),
    ("Oda", "أودا", "Oda"),
    ("Rosa", "روزا", "Rosa"),
    ("Sara", "سارة", "Sara"),
    ("Sofia", "صوفيا", "Sofia"),
    ("Tala", "تالا", "Tala"),
    ("Yara", "يارا", "Yara"),
    ("Zoe", "زوي", "Zoé"),
    ("Amina", "أمينة", "Amina"),
    ("Daniel", "دانيال", "Daniel"),
    ("Elia", "إيليا", "Élia"),
    ("Farid", "فريد", "Farid"),
    ("Ivo", "إيفو", "Ivo"),
    ("Josef", "جوزيف", "Josef"),
    ("Karim", "كريم", "Karim"),
    ("Kemal", "كمال", "Kémal"),
    ("Leo", "ليو", "Léo"),
    ("Luca", "لوكا", "Luca"),
    ("Marco", "ماركو", "Marco"),
    ("Milan", "ميلان", "Milan"),
    ("Noah", "نوح", "Noah"),
    ("Omar", "عمر", "Omar"),
    ("Otto", "أوتو", "Otto"),
    ("Pavel", "بافل", "Pavel"),
    ("Ravi", "رافي", "Ravi"),
    ("Sami", "سامي", "Sami"),
    ("Tomas", "توماس", "Tomas"),
    ("Yusuf", "يوسف", "Youssouf"),
    ("Anton", "أنطون", "Anton"),
    ("Martha", "مارثا", "Martha"),
];

static FAMILY: [Spelling; 21] = [
    ("Adani", "أداني", "Adani"),
    ("Amaro", "أمارو", "Amaro"),
    ("Belloc", "بيلوك", "Belloc"),
    ("Brandt", "برانت", "Brandt"),
    ("Coman", "كومان", "Coman"),
    ("Elling", "إلينغ", "Elling"),
    ("Falk", "فالك", "Falk"),
    ("Kerim", "كيريم", "Kérim"),
    ("Lindo", "ليندو", "Lindo"),
    ("Mensal", "منسال", "Mensal"),
    ("Nimri", "نمري", "Nimri"),
    ("Oran", "أوران", "Oran"),
    ("Ortal", "أورتال", "Ortal"),
    ("Prat", "برات", "Prat"),
    ("Reyn", "رين", "Reyn"),
    ("Sefu", "سيفو", "Séfou"),
    ("Silvan", "سيلفان", "Silvan"),
    ("Torres", "توريس", "Torrès"),
    ("Volpi", "فولبي", "Volpi"),
    ("Zamor", "زامور", "Zamor"),
    ("Sylvan", "سيلفن", "Sylvan"),
];

/// A given name of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GivenName(u8);

/// A family name of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FamilyName(u8);

impl GivenName {
    /// The name as the cast writes it; an unknown one does not compile.
    pub(super) const fn of(text: &str) -> Self {
        Self(row(&GIVEN, text))
    }

    pub(super) fn any(dice: &mut Dice, sex: Sex) -> Self {
        let name = u8::try_from(dice.below(u32::from(POOL))).unwrap_or(0);
        Self(if sex == Sex::Female { name } else { name + POOL })
    }

    /// The name in the script and spelling of `language`.
    pub fn text(self, language: Language) -> &'static str {
        spelled(&GIVEN[usize::from(self.0)], language)
    }
}

impl FamilyName {
    /// The name as the cast writes it; an unknown one does not compile.
    pub(super) const fn of(text: &str) -> Self {
        Self(row(&FAMILY, text))
    }

    pub(super) fn any(dice: &mut Dice) -> Self {
        Self(u8::try_from(dice.below(u32::from(POOL))).unwrap_or(0))
    }

    /// The name in the script and spelling of `language`.
    pub fn text(self, language: Language) -> &'static str {
        spelled(&FAMILY[usize::from(self.0)], language)
    }
}

fn spelled(name: &Spelling, language: Language) -> &'static str {
    match language {
        Language::Ar => name.1,
        Language::Fr => name.2,
        Language::En | Language::Es | Language::Pt => name.0,
    }
}

const fn row(table: &[Spelling], text: &str) -> u8 {
    let mut at = 0_u8;
    while (at as usize) < table.len() {
        if same(table[at as usize].0.as_bytes(), text.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("a name of the cast must stand in the table of names");
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
