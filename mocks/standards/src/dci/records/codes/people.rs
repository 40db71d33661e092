//! People: identifiers, sex, marriage, schooling, work, difficulties (schema.spdci.org core/v1/code, CRVS events).

use crate::code::open_code;

open_code! {
    /// Type of an identifier. Countries add their own, such as NID.
    IdentifierType {
        Uin = "UIN",
        Brn = "BRN",
        Mrn = "MRN",
        Drn = "DRN",
    }
}

open_code! {
    /// Sex.
    Sex {
        Male = "male" / "Male",
        Female = "female" / "Female",
        Others = "other" / "Others",
        Unknown = "unknown" / "Unknown",
    }
}

open_code! {
    /// Whether married.
    MaritalStatus {
        NeverMarried = "S" / "Never Married",
        Married = "M" / "Married",
        Widow = "W" / "Widow",
        Annulled = "A" / "Annulled",
        Divorced = "D" / "Divorced",
        LegallySeparated = "L" / "Legally Separated",
        Unmarried = "U" / "Unmarried",
    }
}

open_code! {
    /// Who is helped: a person, a household or a family.
    AssistanceUnit {
        Member = "1" / "Member (Person/Individual)",
        Household = "2" / "Household",
        Family = "3" / "Family",
    }
}

open_code! {
    /// Education finished (ISCED).
    EducationLevel {
        EarlyChildhoodEducation = "0" / "Early childhood education",
        PrimaryEducation = "1" / "Primary education",
        LowerSecondaryEducation = "2" / "Lower secondary education",
        UpperSecondaryEducation = "3" / "Upper secondary education",
        PostSecondaryNonTertiaryEducation = "4" / "Post-secondary non-tertiary education",
        ShortCycleTertiaryEducation = "5" / "Short-cycle tertiary education",
        BachelorSOrEquivalent = "6" / "Bachelor's or equivalent",
        MasterSOrEquivalent = "7" / "Master's or equivalent",
        DoctorateOrEquivalent = "8" / "Doctorate or equivalent",
    }
}

open_code! {
    /// Whether at work.
    EmploymentStatus {
        Employed = "1" / "Employed",
        NotEmployed = "2" / "Not Employed",
        Unknown = "3" / "Unknown",
        Employee = "4" / "Paid employment: Employee",
        Employer = "5" / "Self employment: Employers",
        OwnAccountWorker = "6" / "Self employment: Own-account workers",
        CooperativeMember = "7" / "Self employment: Members of producers’ cooperatives",
        FamilyWorker = "8" / "Self employment: Contributing family workers",
    }
}

open_code! {
    /// Which work (ISCO major groups).
    Occupation {
        ArmedForcesOccupation = "0" / "Armed forces occupation",
        Manager = "1" / "Manager",
        Professional = "2" / "Professional",
        TechnicianAndAssociateProfessional = "3" / "Technician and associate professional",
        ClericalSupportWorker = "4" / "Clerical support worker",
        ServiceAndSalesWorker = "5" / "Service and sales worker",
        SkilledAgriculturalForestryAndFisheryWorker = "6" / "Skilled agricultural, forestry and fishery worker",
        CraftAndRelatedTradesWorker = "7" / "Craft and related trades worker",
        PlantAndMachineOperatorAndAssembler = "8" / "Plant and machine operator, and assembler",
        ElementaryOccupation = "9" / "Elementary occupation",
    }
}

open_code! {
    /// What somebody has difficulty with (Washington Group).
    FunctionalLimitation {
        Vision = "VIS_SS" / "Vision",
        Hearing = "HEAR_SS" / "Hearing",
        Mobility = "MOB_SS" / "Mobility",
        Cognition = "COG_SS" / "COGNITION (REMEMBERING)",
        SelfCare = "SC_SS" / "Self care",
        Communication = "COM_SS" / "Communication",
    }
}

open_code! {
    /// How much difficulty.
    FunctionalSeverity {
        NoDifficulty = "1" / "No difficulty",
        SomeDifficulty = "2" / "Some difficulty",
        ALotDifficulty = "3" / "A lot difficulty",
        CannotDoItAtAll = "4" / "Cannot do it at all",
    }
}

open_code! {
    /// Event of a life (CRVS).
    VitalEventType {
        LiveBirth = "live_birth" / "Live Birth",
        Death = "death" / "Death",
        FetalDeath = "fetal_death" / "Fetal death",
        Marriage = "marriage" / "Marriage",
        Divorce = "divorce" / "Divorce",
        Adoption = "adoption" / "Adoption",
    }
}
