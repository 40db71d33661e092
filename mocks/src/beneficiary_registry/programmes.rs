//! The programmes of the country, in the codes of the IBR's own lists.

/// A programme of social protection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Programme {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// DCI `ProgrammeTypeEnum`.
    pub(super) kind: &'static str,
    /// DCI `ContributionTypeEnum`.
    pub(super) contribution: &'static str,
    /// DCI `SocialProtectionFunctionEnum`.
    pub(super) function: &'static str,
}

const fn programme(
    code: &'static str,
    name: &'static str,
    kind: &'static str,
    contribution: &'static str,
    function: &'static str,
) -> Programme {
    Programme { code, name, kind, contribution, function }
}

/// How many there are.
const HOW_MANY: usize = 13;
const MANDATORY: &str = "1";
const NON_CONTRIBUTORY: &str = "3";

static PROGRAMMES: [Programme; HOW_MANY] = [
    programme("OAP", "Old Age Pension", "3", NON_CONTRIBUTORY, "1"),
    programme("SUR", "Survivor Allowance", "8", NON_CONTRIBUTORY, "2"),
    programme("CHG", "Child Grant", "3", NON_CONTRIBUTORY, "5"),
    programme("DIS", "Disability Support", "8", NON_CONTRIBUTORY, "2"),
    programme("GCT", "General Cash Transfer", "1", NON_CONTRIBUTORY, "14"),
    programme("SCH", "Girls' Schooling Transfer", "2", NON_CONTRIBUTORY, "6"),
    programme("FLD", "Flood Response", "1", NON_CONTRIBUTORY, "14"),
    programme("AGR", "Input Subsidy", "7", NON_CONTRIBUTORY, "15"),
    programme("CPF", "Contributory Pension", "9", MANDATORY, "1"),
    programme("UNE", "Unemployment Insurance", "9", MANDATORY, "7"),
    programme("MAT", "Maternity Benefit", "9", MANDATORY, "4"),
    programme("JOB", "Activation and Public Works", "6", NON_CONTRIBUTORY, "11"),
    programme("CAR", "Home Care", "8", NON_CONTRIBUTORY, "10"),
];

/// Their codes and names, as a code list.
pub(super) const CODES: [(&str, &str); HOW_MANY] = {
    let mut codes = [("", ""); HOW_MANY];
    let mut at = 0;
    while at < codes.len() {
        codes[at] = (PROGRAMMES[at].code, PROGRAMMES[at].name);
        at += 1;
    }
    codes
};

/// The programme with that code.
pub(super) fn named(code: &str) -> Option<&'static Programme> {
    PROGRAMMES.iter().find(|programme| programme.code.eq_ignore_ascii_case(code.trim()))
}

/// The codes, as a sentence lists them.
pub(super) fn codes() -> String {
    PROGRAMMES.iter().map(|programme| programme.code).collect::<Vec<_>>().join(", ")
}
