//! What can be done where money is: at the mapper, at the payment hub, and at the banks.

use super::{ASKER, Action, UIN, Way, choice, get, may, needed, send};

pub(super) static MAPPER: &[Action] = &[
    Action {
        id: "resolve",
        fields: &[UIN],
        way: Way::Question {
            asker: ASKER,
            path: "/mapper/sync/resolve",
            action: "resolve",
            message: r#"{"transaction_id":"{txn}","resolve_request":[{"reference_id":"{ref}","timestamp":"{now}",
                "id":"uin:{uin}@arenoa","scope":"details","locale":"eng"}]}"#,
        },
    },
    Action {
        id: "link",
        fields: &[UIN, needed("fa", "msisdn:99912345678@greenbank")],
        way: Way::Question {
            asker: ASKER,
            path: "/mapper/sync/link",
            action: "link",
            message: r#"{"transaction_id":"{txn}","link_request":[{"reference_id":"{ref}","timestamp":"{now}",
                "id":"uin:{uin}@arenoa","fa":"{fa}","locale":"eng"}]}"#,
        },
    },
    Action {
        id: "move",
        fields: &[UIN, needed("fa", "account:0012345@pinkbank")],
        way: Way::Question {
            asker: ASKER,
            path: "/mapper/sync/update",
            action: "update",
            message: r#"{"transaction_id":"{txn}","update_request":[{"reference_id":"{ref}","timestamp":"{now}",
                "id":"uin:{uin}@arenoa","fa":"{fa}","locale":"eng"}]}"#,
        },
    },
    Action {
        id: "unlink",
        fields: &[UIN],
        way: Way::Question {
            asker: ASKER,
            path: "/mapper/sync/unlink",
            action: "unlink",
            message: r#"{"transaction_id":"{txn}","unlink_request":[{"reference_id":"{ref}","timestamp":"{now}",
                "id":"uin:{uin}@arenoa"}]}"#,
        },
    },
    Action {
        id: "beneficiaries",
        fields: &[needed("page", "0")],
        way: get("/beneficiaries?page={page}&pageSize=20"),
    },
];

pub(super) static HUB: &[Action] = &[
    Action { id: "list", fields: &[needed("list", "BATCH-000001")], way: get("/lists/{list}") },
    Action {
        id: "payee",
        fields: &[needed("payee", "99912345678")],
        way: get("/payees?q={payee}"),
    },
    Action {
        id: "check",
        fields: &[UIN],
        way: send(
            "POST",
            "/disbursementCheck",
            r#"{"requestId":"desk","payeeList":[{"payeeIdType":"UIN","payeeIdValue":"{uin}"}]}"#,
        ),
    },
    Action {
        id: "reading",
        fields: &[choice("reading", &["lenient", "strict"])],
        way: send("PUT", "/settings", r#"{"govstack_v1":"{reading}"}"#),
    },
];

pub(super) static BANK: &[Action] = &[
    Action { id: "account", fields: &[needed("account", "")], way: get("/accounts/{account}") },
    Action {
        id: "standing",
        fields: &[
            needed("account", ""),
            choice(
                "standing",
                &[
                    "open",
                    "closed",
                    "dormant",
                    "deceased",
                    "full",
                    "blocked",
                    "rejecting",
                    "silent",
                    "late",
                    "twice",
                ],
            ),
        ],
        way: send("PUT", "/accounts/{account}", r#"{"standing":"{standing}"}"#),
    },
    Action {
        id: "pay",
        fields: &[
            needed("account", ""),
            choice("kind", &["MSISDN", "ACCOUNT_ID"]),
            needed("to", ""),
            needed("amount", "10.00"),
            may("note", "rent"),
        ],
        way: send(
            "POST",
            "/payments",
            r#"{"account":"{account}","kind":"{kind}","to":"{to}","amount":"{amount}","note":"{note}"}"#,
        ),
    },
    Action {
        id: "statement",
        fields: &[needed("account", "")],
        way: get("/accounts/{account}/statement"),
    },
    Action { id: "books", fields: &[], way: get("/_arenoa/ledger") },
];
