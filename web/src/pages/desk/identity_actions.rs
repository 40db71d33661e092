//! What is done at the desk of Arenoa ID.

use super::actions::{Action, REASON, UIN, choice, date, get, may, needed, send};

pub(super) static IDENTITY: &[Action] = &[
    Action { id: "find", fields: &[needed("q", "Amaro")], way: get("/desk/persons?q={q}") },
    Action { id: "file", fields: &[UIN], way: get("/desk/persons/{uin}") },
    Action {
        id: "issue",
        fields: &[
            needed("given_name", "Zoe"),
            needed("family_name", "Brandt"),
            date("birth_date"),
            choice("sex", &["female", "male", "others"]),
            may("phone", "+99912345678"),
        ],
        way: send(
            "POST",
            "/desk/persons",
            r#"{"given_name":"{given_name}","family_name":"{family_name}","birth_date":"{birth_date}",
                "sex":"{sex}","phone":"{phone}"}"#,
        ),
    },
    Action {
        id: "status",
        fields: &[UIN, choice("status", &["BLOCKED", "ACTIVE", "DEACTIVATED"]), REASON],
        way: send(
            "POST",
            "/desk/persons/{uin}/status",
            r#"{"status":"{status}","reason":"{reason}"}"#,
        ),
    },
    Action { id: "unlock", fields: &[UIN], way: send("POST", "/desk/persons/{uin}/unlock", "{}") },
    Action {
        id: "lock",
        fields: &[
            UIN,
            choice("factor", &["OTP", "PIN", "PWD", "BIO"]),
            choice("locked", &["yes", "no"]),
        ],
        way: send(
            "POST",
            "/desk/persons/{uin}/locks",
            r#"{"factor":"{factor}","locked":"{locked}"}"#,
        ),
    },
    Action {
        id: "secret",
        fields: &[UIN, choice("factor", &["PIN", "PWD"]), needed("password", "545411")],
        way: send(
            "POST",
            "/desk/persons/{uin}/secrets",
            r#"{"factor":"{factor}","password":"{password}"}"#,
        ),
    },
    Action {
        id: "vid",
        fields: &[UIN, choice("kind", &["Temporary", "Perpetual"])],
        way: send("POST", "/desk/persons/{uin}/vids", r#"{"kind":"{kind}"}"#),
    },
    Action {
        id: "vid-status",
        fields: &[
            needed("vid", "9830872690593682"),
            choice("status", &["REVOKED", "DEACTIVATED", "ACTIVE"]),
        ],
        way: send("POST", "/desk/vids/{vid}", r#"{"status":"{status}"}"#),
    },
    Action {
        id: "codes",
        fields: &[choice("codes", &["fixed", "random"])],
        way: send("PUT", "/settings", r#"{"one_time_codes":"{codes}"}"#),
    },
];
