//! What can be done at the desks of the registries of disability, farms and employment.

use super::actions::{ASKER, Action, UIN, Way, choice, date, may, needed, send};

/// Asks that registry for a person's record.
macro_rules! record {
    ($id:literal, $registry:literal) => {
        Action {
            id: $id,
            fields: &[UIN],
            way: Way::Question {
                asker: ASKER,
                path: "/registry/sync/search",
                action: "search",
                message: concat!(
                    r#"{"transaction_id":"{txn}","search_request":[{"reference_id":"{ref}","timestamp":"{now}",
                    "search_criteria":{"reg_type":"ns:org:RegistryType:"#,
                    $registry,
                    r#"","query_type":"idtype-value","query":{"type":"UIN","value":"{uin}"}},"locale":"eng"}]}"#
                ),
            },
        }
    };
}

const UNITS: &[&str] = &["H", "AC", "SQM", "DU"];
const LEVELS: &[&str] = &["1", "2", "3", "4"];
const IMPAIRMENTS: &[&str] = &["Vision", "Hearing", "Mobility", "Cognitive", "Speech", "Mental"];

pub(super) static DISABILITY: &[Action] = &[
    Action {
        id: "assessment",
        fields: &[
            UIN,
            choice("certified", &["Approved", "Pending", "Expired"]),
            choice("level", LEVELS),
            choice("impairment", IMPAIRMENTS),
            date("review"),
        ],
        way: send(
            "POST",
            "/assessments",
            r#"{"uin":"{uin}","status":"{certified}","level":"{level}","impairment":"{impairment}","review":"{review}"}"#,
        ),
    },
    record!("certificate", "DR"),
    Action {
        id: "disabled",
        fields: &[UIN],
        way: Way::Question {
            asker: ASKER,
            path: "/registry/sync/disabled",
            action: "search",
            message: r#"{"transaction_id":"{txn}","disabled_criteria":{"query_type":"expression",
                "query":{"member.member_identifier":{"eq":"{uin}"}}}}"#,
        },
    },
];

pub(super) static FARMERS: &[Action] = &[
    Action {
        id: "land",
        fields: &[
            UIN,
            needed("land_size", "1.40"),
            choice("measurment", UNITS),
            choice("land_tenure", &["1", "2", "3", "4", "5"]),
            needed("crop", "maize"),
            needed("community", "QN030203"),
        ],
        way: send(
            "POST",
            "/plots",
            r#"{"uin":"{uin}","land_size":"{land_size}","measurment":"{measurment}",
                "land_tenure":"{land_tenure}","crop":"{crop}","community":"{community}"}"#,
        ),
    },
    Action {
        id: "plot",
        fields: &[
            needed("plot", "PLOT-00001"),
            needed("land_size", "1.40"),
            choice("measurment", UNITS),
            may("crop", "maize"),
        ],
        way: send(
            "PUT",
            "/plots/{plot}",
            r#"{"land_size":"{land_size}","measurment":"{measurment}","crop":"{crop}"}"#,
        ),
    },
    record!("farmer", "FR"),
];

pub(super) static EMPLOYMENT: &[Action] = &[
    Action {
        id: "jobseeker",
        fields: &[UIN, choice("unemployed", &["1", "2", "3", "4", "5", "6", "7", "8"])],
        way: send("POST", "/jobseekers", r#"{"uin":"{uin}","reason":"{unemployed}"}"#),
    },
    Action {
        id: "profile",
        fields: &[
            UIN,
            choice(
                "standing",
                &["Active", "Inactive", "Suspended", "Reinstated", "Awaiting Renewal", "Exited"],
            ),
        ],
        way: send("PUT", "/jobseekers/{uin}/status", r#"{"status":"{standing}"}"#),
    },
    record!("career", "ESS"),
    Action {
        id: "enrolment",
        fields: &[UIN],
        way: Way::Question {
            asker: ASKER,
            path: "/registry/sync/check-enrollment",
            action: "search",
            message: r#"{"transaction_id":"{txn}","enrolled_criteria":{"query":{"person_identifier":{"eq":"{uin}"}}}}"#,
        },
    },
];
