//! Names that v1.0.0 examples write where the schemas of 2026 have codes.

use super::super::codes as c;
use serde_json::Value;

/// The published name of a code in the field of that name, where the field has a code list.
fn label(field: &str, code: &str) -> Option<String> {
    let label = match field {
        "sex" => c::Sex::from(code).label().to_owned(),
        "marital_status" => c::MaritalStatus::from(code).label().to_lowercase(),
        "group_type" => c::AssistanceUnit::from(code).label().to_lowercase(),
        "employment_status" => c::EmploymentStatus::from(code).label().to_lowercase(),
        "occupation" => c::Occupation::from(code).label().to_owned(),
        "education_level" => c::EducationLevel::from(code).label().to_owned(),
        "enrollment_status" | "enrolment_status" => {
            c::EnrollmentStatus::from(code).label().to_owned()
        }
        "benefit_type" => c::BenefitType::from(code).label().to_owned(),
        "disability_status" => c::DisabilityStatus::from(code).label().to_owned(),
        "disability_level" | "disability_status_level" => {
            c::DisabilityLevel::from(code).label().to_owned()
        }
        "impairment_type" => c::ImpairmentType::from(code).label().to_owned(),
        "impairment_level" => c::ImpairmentLevel::from(code).label().to_owned(),
        "impairment_cause" => c::ImpairmentCause::from(code).label().to_owned(),
        "age_on_set" => c::DisabilityOnset::from(code).label().to_owned(),
        "transport_requirement" => c::TransportRequirement::from(code).label().to_owned(),
        "housing_type" => c::HousingType::from(code).label().to_owned(),
        "intensity" | "frequency" => c::SupportFrequency::from(code).label().to_owned(),
        "support" | "support_status" => c::SupportStatus::from(code).label().to_owned(),
        "farm_type" => c::FarmType::from(code).label().to_owned(),
        "land_tenure" => c::LandTenure::from(code).label().to_owned(),
        "activity_group" => c::CropActivity::from(code).label().to_owned(),
        "crop_type_name" | "crop_type" => c::CropType::from(code).label().to_owned(),
        "end_use" => c::CropEndUse::from(code).label().to_owned(),
        "irrigation_water" => c::IrrigationWater::from(code).label().to_owned(),
        "fertilizer_type" => c::FertilizerType::from(code).label().to_owned(),
        "livestock_system" => c::LivestockSystem::from(code).label().to_owned(),
        "agri_support_activities" => c::AgriSupportActivity::from(code).label().to_owned(),
        "aqua_support_activities" => c::AquaSupportActivity::from(code).label().to_owned(),
        _ => return None,
    };
    Some(label)
}

/// Writes names for codes, in this object and in all inside.
pub(super) fn name_codes(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (field, member) in members {
                match member {
                    Value::String(code) => {
                        if let Some(label) = label(field, code) {
                            *code = label;
                        }
                    }
                    Value::Array(items) if items.iter().all(Value::is_string) => {
                        for item in items {
                            if let Some(label) = item.as_str().and_then(|code| label(field, code)) {
                                *item = label.into();
                            }
                        }
                    }
                    inner => name_codes(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(name_codes),
        _ => {}
    }
}
