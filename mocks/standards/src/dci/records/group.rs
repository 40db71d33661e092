//! core/v1/data/Group: a household or family.

use super::codes::AssistanceUnit;
use super::member::Member;
use super::person::Identifier;
use super::place::{Address, Place};
use super::record::record;
use serde_json::{Number, Value};

record! {
    /// A household or family.
    Group: "Group" at "core/v1/data/Group.jsonld" {
        /// Numbers of the group.
        group_identifier: Vec<Identifier>,
        /// Household, family or a single person.
        group_type: Option<AssistanceUnit>,
        /// In which village, district, region.
        geographical_location: Option<Place>,
        /// Where it lives.
        address: Vec<Address>,
        /// Whether the address is that of the place.
        place_address: Option<bool>,
        /// How poor it is.
        poverty_score: Option<Number>,
        /// How that was measured.
        poverty_score_type: Option<String>,
        /// Who speaks for it.
        group_head_info: Option<Member>,
        /// How many members it has.
        group_size: Option<u32>,
        /// Its members.
        member_list: Vec<Member>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
        /// More, as the country has it.
        additional_attributes: Vec<Value>,
    }
}
