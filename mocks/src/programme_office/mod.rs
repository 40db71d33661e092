//! **Programme office** ("Pension office"): decides who gets which benefit. Stands for OpenSPP, OpenG2P PBMS, openIMIS.
//!
//! Standards: a relying party of OpenID Connect (code flow, PKCE, private_key_jwt); a client of DCI registries v1.0.0
//! and receiver of their callbacks; a client of G2P Connect 1.0.0 (mapper, disburse). Its own portal and officer
//! routes follow no standard.
//! Left out: cycles of many members, two-person approval, appeals (grievance does them), household benefits.

mod application;
mod decisions;
mod eligibility;
mod enrolment;
mod facts;
mod letters;
mod names;
mod payment;
mod programmes;
