//! extensions/ess/v1/data: Member of employment support services, `EmploymentInfo`.

use super::codes::{EmploymentType, UnemploymentReason};
use super::person::{Identifier, Person};
use super::record::record;

record! {
    /// A person who looks for work.
    EssMember: "Member" at "extensions/ess/v1/data/Member.jsonld" {
        /// Numbers of the member.
        member_identifier: Vec<Identifier>,
        /// Who it is.
        demographic_info: Option<Person>,
        /// Which work was done.
        employment_info: Vec<EmploymentInfo>,
        /// Why there is none now.
        unemployment_reason: Option<UnemploymentReason>,
        /// When the member was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// One employment.
    EmploymentInfo: "Employment_Info" at "extensions/ess/v1/data/EmploymentInfo.jsonld" {
        /// From when.
        start_date: Option<String>,
        /// Until when.
        end_date: Option<String>,
        /// As what.
        job_title: Option<String>,
        /// With whom.
        employer: Option<String>,
        /// Under which contract.
        employment_type: Option<EmploymentType>,
    }
}
