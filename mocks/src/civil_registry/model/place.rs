//! Places as records name them: a community by its P-code or its name, or any other name as it was said.

use standards::dci::records::{Address, Place};

use crate::kit::seed::places::Community;

/// The community that a code or a name means.
pub(in crate::civil_registry) fn community(text: &str) -> Option<Community> {
    let text = text.trim();
    Community::parse(text)
        .or_else(|| Community::all().find(|community| community.name().eq_ignore_ascii_case(text)))
}

/// A place by its code or name, with the district and the province around it where it is one of ours.
pub(in crate::civil_registry) fn place(text: &str) -> Place {
    community(text).map_or_else(|| Place::named(text.trim()).inner(), place_of)
}

/// A community as a place.
pub(in crate::civil_registry) fn place_of(community: Community) -> Place {
    let named = |name: &str| Place::named(name).inner();
    let district = community.district();
    named(&community.name())
        .within(named(district.name()).within(named(district.province().name())))
}

/// The address of somebody who lives in a community.
pub(in crate::civil_registry) fn address_in(
    community: Community,
    address_line: Option<String>,
) -> Address {
    Address {
        address_line_1: address_line,
        locality: Some(community.name()),
        sub_region_code: Some(community.district().code()),
        region_code: Some(community.province().code()),
        country_code: Some("QN".into()),
        ..Address::default()
    }
    .inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_by_code_and_by_name_and_any_other_is_kept_as_said() {
        let by_code = place("QN010101");
        assert_eq!(by_code, place("brenada"));
        let district = by_code.contained_in_place.unwrap();
        assert_eq!(district.contained_in_place.unwrap().name.as_deref(), Some("Norra"));
        assert_eq!(place(" at sea ").name.as_deref(), Some("at sea"));
    }
}
