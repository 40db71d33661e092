//! Disabilities and support (schema.spdci.org extensions/dr/v1/code).

use crate::code::open_code;

open_code! {
    /// Support by an animal (DR).
    AnimalAssistanceType {
        ServiceDog = "service_dog" / "Service Dog",
        TherapyAnimal = "therapy_animal" / "Therapy Animal",
        OtherAnimal = "other" / "Other",
    }
}

open_code! {
    /// Support by a device (DR).
    AssistiveTechnologyType {
        Wheelchairs = "1" / "Wheelchairs",
        SpeechGeneratingDevices = "2" / "Speech-generating devices (SGDs)",
        HearingAids = "3" / "Hearing aids",
    }
}

open_code! {
    /// How much support is needed (DR).
    DisabilityLevel {
        HighSupportNeeds = "1" / "High Support Needs (sometimes called very severe or profound)",
        Severe = "2" / "Severe",
        Moderate = "3" / "Moderate",
        Mild = "4" / "Mild",
    }
}

open_code! {
    /// At which age it began (DR).
    DisabilityOnset {
        BornWith = "0" / "Born With",
        Childhood = "1" / "Childhood",
        WorkingAge = "2" / "Working age",
        OldAge = "3" / "Old age",
    }
}

open_code! {
    /// Whether a disability is recognised (DR).
    DisabilityStatus {
        Approved = "0" / "Approved",
        Pending = "1" / "Pending",
        Expired = "2" / "Expired",
    }
}

open_code! {
    /// Support at home (DR).
    HousingSupportType {
        HomeAdaptation = "home_adaptation" / "Home Adaptation",
        Relocation = "relocation" / "Relocation",
        UtilityCost = "utility_cost" / "Utility cost",
    }
}

open_code! {
    /// How somebody lives (DR).
    HousingType {
        OwnHome = "1" / "Own home/rent",
        RelativesHome = "2" / "Living in relatives’ home",
        SocialHousing = "3" / "Social housing",
        CareInstitution = "4" / "Care institution",
    }
}

open_code! {
    /// Support by a person (DR).
    HumanAssistanceType {
        BasicActivity = "basic_activity" / "Basic Activity",
        Mobility = "mobility",
        Communication = "communication" / "Communication",
        DecisionMaking = "decision_making" / "Decision Making",
        Multiple = "multiple" / "Multiple",
    }
}

open_code! {
    /// Of what an impairment is (DR).
    ImpairmentType {
        Vision = "1" / "Vision",
        Hearing = "2" / "Hearing",
        Mobility = "3" / "Mobility",
        Cognitive = "4" / "Cognitive",
        Speech = "5" / "Speech",
        Mental = "6" / "Mental",
    }
}

open_code! {
    /// Where an impairment comes from (DR).
    ImpairmentCause {
        BirthCongenital = "0" / "Birth congenital",
        BirthComplication = "1" / "Birth complication",
        Illness = "2" / "Illness",
        DomesticAccident = "3" / "Domestic accident",
        RoadAccident = "4" / "Road accident",
        WorkAccident = "5" / "Work accident",
        Violence = "6" / "Violence",
        ArmedConflict = "7" / "Armed conflict",
        Ageing = "8" / "Ageing",
    }
}

open_code! {
    /// How bad an impairment is (DR).
    ImpairmentLevel {
        Mild = "1" / "Mild",
        Moderate = "2" / "Moderate",
        Severe = "3" / "Severe",
        Extreme = "4" / "Extreme",
    }
}

open_code! {
    /// Support by medicine (DR).
    MedicalCareType {
        MaintenanceMedicine = "maintenance_medicine" / "Maintenance medicine",
        SpecializedHabitation = "specialized_habitation" / "Specialized habitation",
        ConstantHealthcare = "constant_healthcare" / "Constant healthcare",
    }
}

open_code! {
    /// How often support is given (DR).
    SupportFrequency {
        Permanent = "1" / "Permanent",
        Daily = "2" / "Daily",
        Weekly = "3" / "Weekly",
        Occasional = "4" / "Occasional",
        Never = "5" / "None",
    }
}

open_code! {
    /// Whether support is needed or received (DR).
    SupportStatus {
        Needed = "0" / "Needed",
        Received = "1" / "Received",
    }
}

open_code! {
    /// Which transport is needed (DR).
    TransportRequirement {
        PublicTransportation = "0" / "Public transportation",
        PointToPointTransportation = "1" / "Point to point transportation",
        AdaptableVehicle = "2" / "Adaptable vehical",
    }
}
