//! Code lists of the farmer registry (schema.spdci.org extensions/fr/v1/code). Where oneOf and members differ, both are read.

use crate::code::open_code;

open_code! {
    /// Work for other farmers.
    AgriSupportActivity {
        SupportActivitiesForCropProduction = "161" / "Support activities for crop production",
        SupportActivitiesForAnimalProduction = "162" / "Support activities for animal production",
        PostHarvestCropActivities = "163" / "Post-harvest crop activities",
        SeedProcessingForPropagation = "164" / "Seed processing for propagation",
    }
}

open_code! {
    /// Kind of animal.
    AnimalType {
        BovineAnimals = "1" / "Bovine animals",
        SheepAndGoats = "2" / "Sheep and goats",
        SwinePigs = "3" / "Swine/pigs",
        Equines = "4" / "Equines",
        CamelsAndCamelids = "5" / "Camels and camelids",
        Poultry = "6" / "poultry",
        OtherAnimals = "7" / "other animals",
        InsectsAndWorms = "8" / "Insects and worms",
    }
}

open_code! {
    /// Kind of fish farming.
    Aquaculture {
        MarineAquaculture = "0321" / "Marine aquaculture",
        FreshwaterAquaculture = "0322" / "Freshwater aquaculture",
    }
}

open_code! {
    /// Work for other fishers.
    AquaSupportActivity {
        SupportActivitiesForFishingAndAquaculture = "0330" / "Support activities for fishing and aquaculture",
    }
}

open_code! {
    /// Group of crops.
    CropActivity {
        NonPerennialCrops = "011" / "Non-perennial crops",
        PerennialCrops = "012" / "Perennial crops",
        PlantPropagation = "013" / "Plant propagation",
    }
}

open_code! {
    /// What a crop is for.
    CropEndUse {
        FoodForHumanConsumption = "1" / "Food for human consumption",
        FeedForAnimals = "2" / "Feed for animals",
        BiofuelsOrNonFoodProducts = "3" / "Biofuels or non-food products",
        OtherUses = "4" / "Other uses",
    }
}

open_code! {
    /// Kind of crop.
    CropType {
        Cereals = "1" / "Cereals",
        VegetablesAndMelons = "2" / "Vegetables and melons",
        FruitAndNuts = "3" / "Fruit and nuts",
        OilseedCropsAndOleaginousFruits = "4" / "Oilseed crops and oleaginous fruits",
        Roots = "5" / "Root/tuber crops with high starch or inulin content",
        StimulantSpiceAndAromaticCrops = "6" / "Stimulant, spice and aromatic crops",
        LeguminousCrops = "7" / "Leguminous crops",
        SugarCrops = "8" / "Sugar crops",
        OtherCrops = "9" / "Other crops",
    }
}

open_code! {
    /// Whose a machine is.
    EquipmentSource {
        Owned = "1" / "Owned solely by the farmer or members of the farmer’s household",
        OwnedJointly = "2" / "Owned by the farmer jointly with other farmers",
        Landlord = "3" / "Provided by the landlord",
        GovernmentAgency = "4" / "Provided by a government agency",
        Cooperative = "5" / "Provided by a cooperative",
        PrivateService = "6" / "Provided by a private agricultural service establishment",
    }
}

open_code! {
    /// Kind of farm.
    FarmType {
        Subsistence = "1" / "Small subsistence-oriented farms",
        SemiSubsistence = "2" / "Small semi-subsistence or part-commercial farms",
        SmallIndependent = "3" / "Small independent specialized farms",
        SmallDependent = "4" / "Small dependent specialized farms",
        LargeCommercial = "5" / "Large commercial farms",
        Estate = "6" / "Commercial estates",
    }
}

open_code! {
    /// Kind of fertiliser.
    FertilizerType {
        MineralFertilizers = "1" / "Mineral fertilizers",
        OrganoMineralFertilizers = "2" / "Organo-mineral fertilizers",
        OrganicFertilizers = "3" / "Organic fertilizers",
        Biofertilizers = "4" / "Biofertilizers",
        Manure = "5" / "Manure",
        OtherOrganic = "6" / "Other organic materials to enhance plant growth",
    }
}

open_code! {
    /// Work with trees.
    ForestActivity {
        Logging = "1" / "Logging",
        Afforestation = "2" / "Afforestation (planting trees)",
        Reforestation = "3" / "Reforestation (replanting trees)",
        Nursery = "4" / "Nursery (cultivating seedlings for afforestation or reforestation)",
        Fuelwood = "5" / "Extraction of fuelwood and production of charcoal",
        NonAnimalProducts = "6" / "Gathering of plant-based edible and non-edible wild non-wood products",
        AnimalProducts = "7" / "Gathering of animal-based edible and non-edible wild non-wood products",
    }
}

open_code! {
    /// Where water comes from.
    IrrigationWater {
        SurfaceWater = "1" / "Surface water",
        Groundwater = "2" / "Groundwater",
        Mixed = "3" / "Mixed surface water and groundwater",
        MunicipalWaterSupply = "4" / "Municipal water supply",
        Wastewater = "5" / "Treated or not-treated  wastewater",
        AgriculturalDrainageWater = "6" / "Agricultural drainage water",
        DesalinatedWater = "7" / "Desalinated water",
        OtherWater = "8" / "other",
    }
}

open_code! {
    /// By what right land is used.
    LandTenure {
        Squatting = "1" / "Non-legal ownership/Squatting illegally on land",
        Leased = "2" / "Leased (Rented from someone else)",
        AdversePossessionOrPrescription = "3" / "Adverse possession or prescription",
        Sharecropping = "4" / "Sharecropping",
        Inheritance = "5" / "Inheritance",
        HoldingsWithoutLand = "6" / "Holdings without land",
    }
}

open_code! {
    /// How animals are kept.
    LivestockSystem {
        Nomadic = "1" / "Grazing system - Nomadic or totally pastoral",
        SemiNomadic = "2" / "Grazing system - Semi-nomadic, semi-pastoral or transhumant",
        Sedentary = "3" / "Grazing system - Sedentary pastoral or ranching",
        Mixed = "4" / "Mixed system",
        Industrial = "5" / "Industrial system",
    }
}

open_code! {
    /// Kind of machine.
    MachineryType {
        ManuallyOperatedMachines = "10" / "Manually operated machines",
        AnimalPoweredEquipment = "20" / "Animal-powered equipment",
        GeneralUse = "31" / "Machines for general farm use",
        Tractors = "32" / "Tractors, bulldozers and other vehicles",
        Crop = "33" / "Crop machinery and equipment",
        Livestock = "34" / "Livestock machinery and equipment",
        Aquaculture = "35" / "Aquacultural machinery and equipment",
        Forestry = "36" / "Forestry machinery and equipment*",
        UnmannedAerial = "37" / "Unmanned Aerial vehicle and robots*",
    }
}

open_code! {
    /// Unit of area.
    MeasurementUnit {
        Hectare = "0" / "H",
        Acre = "1" / "AC",
        SquareMetre = "2" / "SQM",
        SquareKilometre = "3" / "SQKM",
        SquareFoot = "4" / "SQF",
        SquareYard = "5" / "SQY",
        Dunam = "6" / "DU",
    }
}

impl MeasurementUnit {
    /// How many hectares one of it is; none for a unit that is not in the list.
    pub fn hectares(&self) -> Option<f64> {
        Some(match self {
            Self::Hectare => 1.0,
            Self::Acre => 0.404_685_642_24,
            Self::SquareMetre => 0.000_1,
            Self::SquareKilometre => 100.0,
            Self::SquareFoot => 0.000_009_290_304,
            Self::SquareYard => 0.000_083_612_736,
            Self::Dunam => 0.1,
            Self::Other(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_acres_and_a_half_are_a_hectare_and_a_half() {
        let hectares =
            |unit: &str, size: f64| MeasurementUnit::from(unit).hectares().map(|h| h * size);
        assert!((hectares("AC", 3.46).unwrap() - 1.4).abs() < 0.001);
        assert!((hectares("SQKM", 0.01).unwrap() - 1.0).abs() < 1e-9);
        assert_eq!(hectares("furlong", 1.0), None);
    }
}
