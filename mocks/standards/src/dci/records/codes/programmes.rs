//! Programmes, benefits and employment support (schema.spdci.org extensions/ibr/v1/code and extensions/ess/v1/code).

use crate::code::open_code;

open_code! {
    /// What is given (IBR).
    BenefitType {
        Cash = "1" / "Cash",
        Voucher = "2" / "Voucher",
        InKind = "3" / "In-kind",
        Training = "4" / "Training",
        WorkOpportunity = "5" / "Work Opportunity",
        Insurance = "6" / "Insurance",
    }
}

open_code! {
    /// Who pays into a programme (IBR).
    ContributionType {
        ContributoryMandatory = "1" / "Contributory – mandatory",
        ContributoryVoluntary = "2" / "Contributory – voluntary",
        NonContributory = "3" / "Non-contributory",
    }
}

open_code! {
    /// Whether somebody is in a programme (IBR).
    EnrollmentStatus {
        Active = "1" / "Active",
        Deceased = "2" / "Deceased",
        Graduated = "3" / "Graduated",
        Suspended = "4" / "Suspended",
    }
}

open_code! {
    /// Who runs a programme (IBR).
    InstitutionType {
        Public = "1" / "Public",
        Private = "2" / "Private",
        InternationalOrganization = "3" / "International Organization",
        Ngo = "4" / "NGO",
        Cso = "5" / "CSO",
        ReligiousInstitution = "6" / "Religious institution",
        Philanthropy = "7" / "Philanthropy",
        OtherInstitution = "8" / "Other",
    }
}

open_code! {
    /// What a programme stands on (IBR).
    LegalStatus {
        AnchoredInNationalLegislation = "1" / "Anchored in national legislation",
        NotAnchored = "2" / "Not anchored (charity, NGO etc)",
        NotYetImplemented = "3" / "Not yet implemented",
    }
}

open_code! {
    /// What kind of programme (IBR).
    ProgrammeType {
        UnconditionalCash = "1" / "Unconditional cash transfers (poverty targeted)",
        ConditionalCash = "2" / "Conditional cash transfers (poverty targeted)",
        UniversalCategorical = "3" / "Universal categorical",
        FoodAndInKindTransfers = "4" / "Food and in-kind transfers",
        SchoolFeeding = "5" / "School feeding",
        PublicWorks = "6" / "Public works, workfare and direct job creation",
        FeeWaivers = "7" / "Fee waivers and targeted subsidies",
        OtherAssistance = "8" / "Other social assistance",
        SocialInsurance = "9" / "Social insurance (maternity, health, unemployment)",
        ProvidentFund = "10" / "Provident fund",
        OccupationalPension = "11" / "Occupational pension",
        NotionalDefinedContribution = "12" / "Notional defined contribution",
        EmployerLiability = "13" / "Employer liability",
        OtherEmploymentRelated = "14" / "Other employment-related",
    }
}

open_code! {
    /// Against which risk a programme helps (IBR).
    SocialProtectionFunction {
        OldAge = "1" / "Old Age",
        Invalidity = "2" / "Invalidity / Disability Survivorships",
        Sickness = "3" / "Sickness (in cash)",
        MaternityPaternity = "4" / "Maternity / Paternity Children",
        Family = "5" / "Family",
        AccessToEducation = "6" / "Access to Education",
        Unemployment = "7" / "Unemployment",
        EmploymentInjury = "8" / "Employment Injury",
        Healthcare = "9" / "Healthcare",
        SocialWorkServices = "10" / "Social Work Services",
        PublicWorksPrograms = "11" / "Public Works Programs",
        HousingSubsidies = "12" / "Housing Subsidies",
        FoodAndNutrition = "13" / "Food and Nutrition",
        PovertyReduction = "14" / "Social Assistance targeted at poverty reduction",
        OtherSupport = "15" / "Other support/assistance",
    }
}

open_code! {
    /// Under which contract (ESS).
    EmploymentType {
        Permanent = "1" / "Permanent",
        FixedTerm = "2" / "Fixed-term",
        Casual = "3" / "Casual",
        Seasonal = "4" / "Seasonal",
        Apprentice = "5" / "Paid apprentices, trainees and interns",
    }
}

open_code! {
    /// Whether somebody is in employment support (ESS).
    EssEnrolmentStatus {
        Active = "1" / "Active",
        Deceased = "2" / "Deceased",
        Exited = "3" / "Exited",
        Suspended = "4" / "Suspended",
        Inactive = "5" / "Inactive",
        Reinstated = "6" / "Reinstated",
        AwaitingRenewal = "7" / "Awaiting Renewal",
    }
}

open_code! {
    /// Why somebody has no work (ESS).
    UnemploymentReason {
        DismissedOrMadeRedundant = "1" / "Dismissed or made redundant",
        AJobOfLimitedDurationHasEnded = "2" / "A job of limited duration has ended",
        PersonalOrFamilyResponsibilities = "3" / "Personal or family responsibilities",
        OwnIllnessOrDisability = "4" / "Own illness or disability",
        EducationOrTraining = "5" / "Education or training",
        Retirement = "6" / "Retirement",
        MilitaryOrCommunityService = "7" / "Military or community service",
        OtherReasons = "8" / "Other reasons",
    }
}
