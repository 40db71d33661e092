//! What the office knows and how it decides: applications, memberships, facts, rules, money. No archive, no wire, no clock.

pub(super) mod amounts;
pub(super) mod application;
pub(super) mod decisions;
pub(super) mod eligibility;
pub(super) mod enrolment;
pub(super) mod facts;
pub(super) mod names;
pub(super) mod payment;
pub(super) mod programmes;
pub(super) mod sources;
pub(super) mod wish;
