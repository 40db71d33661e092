//! A disability: the functional view of the social registry and the certificate of the disability registry (DCI DR codes).

use jiff::civil::Date;

use super::days::{Day, TODAY, age_on, date_of};
use super::dice::Dice;

/// What somebody cannot do, and what the certificate says about it. The digits are those of the DCI code lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Disability {
    pub impairment: Impairment,
    /// DCI `DisabilityLevelEnum`: 1 high support needs, 2 severe, 3 moderate, 4 mild.
    pub level: u8,
    /// DCI `ImpairmentCause`: 0 congenital to 8 ageing.
    pub cause: u8,
    /// DCI `DisabilityOnSet`: 0 born with, 1 childhood, 2 working age, 3 old age.
    pub onset: u8,
    pub status: CertificateStatus,
    pub registered: Date,
    /// When the certificate has to be looked at again.
    pub review: Date,
}

/// DCI `ImpairementType`, 1 to 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Impairment {
    Vision,
    Hearing,
    Mobility,
    Cognitive,
    Speech,
    Mental,
}

/// DCI `DisabilityStatusEnum`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateStatus {
    Approved,
    Pending,
    Expired,
}

impl Disability {
    /// DCI `ImpairmentLevel`: 1 mild to 4 extreme, the other way round than [`level`](Self::level).
    pub fn impairment_level(&self) -> u8 {
        5 - self.level
    }

    /// DCI `FunctionalSeverityEnum`: 2 some difficulty, 3 a lot, 4 cannot do it at all.
    pub fn functional_severity(&self) -> u8 {
        match self.level {
            1 => 4,
            2 => 3,
            _ => 2,
        }
    }

    /// One in about sixteen people has one; more of the old than of the young.
    pub(super) fn perhaps(dice: &mut Dice, born: Day) -> Option<Self> {
        let age = age_on(date_of(born), TODAY);
        let per_mille = match age {
            0..18 => 22,
            18..65 => 60,
            _ => 245,
        };
        dice.chance(per_mille).then(|| Self::any(dice, born, age))
    }

    fn any(dice: &mut Dice, born: Day, age: u8) -> Self {
        let impairment = dice.weigh(&[
            (30, Impairment::Mobility),
            (22, Impairment::Vision),
            (18, Impairment::Hearing),
            (12, Impairment::Cognitive),
            (8, Impairment::Speech),
            (10, Impairment::Mental),
        ]);
        let level = dice.weigh(&[(12, 1), (28, 2), (35, 3), (25, 4)]);
        let cause = match age {
            0..18 => dice.pick(&[0, 0, 1, 2, 3]),
            18..65 => dice.pick(&[0, 2, 2, 3, 4, 5, 6]),
            _ => dice.pick(&[2, 4, 5, 8, 8, 8]),
        };
        let registered = dice.between((-2900).max(born), -10);
        let status = dice.weigh(&[
            (82, CertificateStatus::Approved),
            (9, CertificateStatus::Pending),
            (9, CertificateStatus::Expired),
        ]);
        // No certificate of an infant has run out yet.
        let status = match status {
            CertificateStatus::Expired if born > -400 => CertificateStatus::Approved,
            other => other,
        };
        let review = match status {
            CertificateStatus::Expired => dice.between(-300, -1),
            _ => dice.between(60, 1400),
        };
        let (registered, review) = (date_of(registered.min(review - 30)), date_of(review));
        // It began before it was registered.
        let onset = match (cause, age_on(date_of(born), registered)) {
            (0 | 1, _) => 0,
            (_, 0..18) => 1,
            (8, 60..) => 3,
            _ => 2,
        };
        Self { impairment, level, cause, onset, status, registered, review }
    }
}

impl Impairment {
    /// The digit of DCI `ImpairementType`.
    pub fn code(self) -> u8 {
        match self {
            Self::Vision => 1,
            Self::Hearing => 2,
            Self::Mobility => 3,
            Self::Cognitive => 4,
            Self::Speech => 5,
            Self::Mental => 6,
        }
    }

    /// The code of DCI `FunctionalLimitationType`, which the social registry writes.
    pub fn limitation_code(self) -> &'static str {
        match self {
            Self::Vision => "VIS_SS",
            Self::Hearing => "HEAR_SS",
            Self::Mobility => "MOB_SS",
            Self::Cognitive => "COG_SS",
            Self::Speech => "COM_SS",
            Self::Mental => "SC_SS",
        }
    }
}

impl CertificateStatus {
    /// The digit of DCI `DisabilityStatusEnum`.
    pub fn code(self) -> u8 {
        match self {
            Self::Approved => 0,
            Self::Pending => 1,
            Self::Expired => 2,
        }
    }
}
