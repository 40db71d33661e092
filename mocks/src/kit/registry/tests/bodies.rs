//! Bodies that are no messages, at every path of both families: each is answered with the code that the standard has, no
//! archive changes, and the journal shows it.

use http::Method;
use serde_json::{Value, json};

use super::doors::{REGISTRIES, SYSTEMS};
use super::held::answers_hold;
use super::later::{answered_at, status, subscribe, unsubscribe};
use crate::kit::courier::Letter;
use crate::kit::journal::Kind;
use crate::kit::registry::visitor::{Visitor, envelope, search};
use crate::kit::trial::Trial;

/// Where something is delivered: an Ack answers, and no token is asked for.
const DELIVERIES: [&str; 5] =
    ["/on-search", "/on-subscribe", "/on-unsubscribe", "/txn/on-status", "/notify"];

fn anybody() -> Value {
    json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": "1"}})
}

/// The paths of `system`, each with a message that it takes.
fn paths(system: &str) -> Vec<(&'static str, Value)> {
    let nowhere = |body: Value| answered_at(body, "http://127.0.0.1:9/");
    let asked = status("search", "transaction_id", &json!("T"));
    let mut all = vec![
        ("/search", nowhere(search(&[anybody()]))),
        ("/subscribe", nowhere(subscribe("1"))),
        ("/unsubscribe", nowhere(unsubscribe("SUB-1"))),
        ("/txn/status", nowhere(asked.clone())),
        ("/sync/search", search(&[anybody()])),
        ("/sync/txn/status", asked),
    ];
    if system == "beneficiary_registry" {
        let criteria =
            json!({"query_type": "expression", "query": {"person_identifier": {"eq": "1"}}});
        let enrolled = json!({"transaction_id": "T", "enrolled_criteria": criteria});
        let updates = json!({"transaction_id": "T", "enrolled_updates": {"beneficiaries": []}});
        all.push(("/sync/enrolled", envelope("search", 1, &enrolled)));
        all.push(("/sync/enrollment/updates", envelope("notify", 1, &updates)));
    }
    if system == "disability_registry" {
        let criteria =
            json!({"query_type": "expression", "query": {"member.member_identifier": {"eq": "1"}}});
        let disabled = json!({"transaction_id": "T", "disabled_criteria": criteria});
        all.push(("/sync/disabled", envelope("search", 1, &disabled)));
        all.push(("/sync/get-disability-status", envelope("search", 1, &disabled)));
        all.push(("/sync/get-disability-details", search(&[anybody()])));
        all.push(("/sync/get-disability-support", search(&[anybody()])));
    }
    if system == "employment_service" {
        let criteria = json!({"query": {"person_identifier": {"eq": "1"}}});
        let enrolled = json!({"transaction_id": "T", "enrolled_criteria": criteria});
        all.push(("/sync/check-enrollment", envelope("search", 1, &enrolled)));
    }
    let delivered = envelope("on-search", 1, &json!({"transaction_id": "T"}));
    all.extend(DELIVERIES.map(|path| (path, delivered.clone())));
    all
}

/// The good message with one member of its header changed.
fn headed(good: &Value, name: &str, value: Value) -> Vec<u8> {
    let mut body = good.clone();
    body["header"][name] = value;
    body.to_string().into_bytes()
}

const BAD: &str = "err.request.bad";

/// What is sent, in a word, the bytes, and the code that answers it.
fn bodies(good: &Value) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = good.to_string();
    let header = &good["header"];
    let message =
        |inside: &str| format!(r#"{{"header":{header},"message":{inside}}}"#).into_bytes();
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_objects = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    let mut broken = text.clone().into_bytes();
    let at = broken.iter().position(|b| *b == b'M').unwrap_or(1);
    broken[at] = 0xff;
    vec![
        ("truncated", text.as_bytes()[..text.len() / 2].to_vec(), BAD),
        ("not UTF-8", broken, BAD),
        ("only bytes", b"\xff\xfe{}".to_vec(), BAD),
        ("a list", b"[]".to_vec(), BAD),
        ("null", b"null".to_vec(), BAD),
        ("a number", b"7".to_vec(), BAD),
        ("words", b"hello".to_vec(), BAD),
        ("two messages", format!("{text}{text}").into_bytes(), BAD),
        ("wrong types", br#"{"header": 5, "message": "x"}"#.to_vec(), BAD),
        ("no header", br#"{"message": {"transaction_id": "T"}}"#.to_vec(), BAD),
        ("no message", format!(r#"{{"header":{header}}}"#).into_bytes(), BAD),
        ("a message that is a list", message("[]"), BAD),
        ("deep lists", message(&deep), BAD),
        ("deep objects", message(&deep_objects), BAD),
        ("only depth", deep.into_bytes(), BAD),
        (
            "a header twice",
            text.replacen('{', &format!(r#"{{"header":{header},"#), 1).into_bytes(),
            BAD,
        ),
        ("a number for a text", headed(good, "message_id", json!(5)), BAD),
        ("a number for the sender", headed(good, "sender_id", json!(5)), "err.sender_id.invalid"),
        (
            "a list for the receiver",
            headed(good, "receiver_id", json!([])),
            "err.receiver_id.invalid",
        ),
        (
            "a number for the address",
            headed(good, "sender_uri", json!(1)),
            "err.sender_uri.invalid",
        ),
        (
            "a number for the version",
            headed(good, "version", json!(1)),
            "err.version.not_supported",
        ),
    ]
}

/// How many lines each table of a system has.
async fn counted(trial: &Trial, system: &str) -> Value {
    let (_, state) = trial.ask(Letter::get(system, "/_arenoa/state")).await;
    let tables = state.as_object().unwrap().iter();
    tables.map(|(name, table)| (name.clone(), table["count"].clone())).collect()
}

/// Posts to a path of one of the two families.
async fn post(
    visitor: &Visitor<'_>,
    system: &str,
    path: &str,
    letter: impl Fn(Letter) -> Letter,
) -> [(u16, Value); 2] {
    let mount = system.replace('_', "-");
    let (_, prefix, _) = REGISTRIES.into_iter().find(|(m, ..)| *m == mount).unwrap();
    let trial = visitor.trial;
    let url = format!("{}/{prefix}{path}", trial.running.base);
    let strict = visitor.signed_in(Letter::post(system, format!("/registry{path}")));
    [
        trial.ask(letter(strict)).await,
        trial.ask(letter(Letter::to_address(Method::POST, &url))).await,
    ]
}

fn code(answer: &Value) -> &str {
    let code = answer["errors"][0]["code"].as_str();
    code.unwrap_or_else(|| panic!("no code: {answer:#}"))
}

#[actix_web::test]
async fn a_body_that_is_no_message_is_refused_with_a_code_and_leaves_no_trace() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    for (mount, ..) in REGISTRIES {
        let system = &mount.replace('-', "_");
        let before = counted(&trial, system).await;
        for (path, good) in paths(system) {
            for (what, body, expected) in bodies(&good) {
                let json = |letter: Letter| letter.bytes("application/json", body.clone());
                for (status, answer) in post(&visitor, system, path, json).await {
                    assert_eq!((status, code(&answer)), (400, expected), "{system} {path}: {what}");
                    let acknowledged = answer["message"]["ack_status"] == "ERR";
                    assert_eq!(acknowledged, !path.contains("sync"), "{path}: {what}: {answer:#}");
                }
            }
        }
        assert_eq!(counted(&trial, system).await, before, "{system} keeps nothing of it");
    }
    let journal = trial.journal().await;
    // What goes to an address outside the mounts is written by its sender too, who remarks nothing.
    let ours = |from: &str| REGISTRIES.iter().any(|(mount, ..)| mount.replace('-', "_") == from);
    let refused = journal.iter().filter(|e| e.kind == Kind::Answer && e.status == 400);
    let refused = refused.filter(|e| ours(&e.from));
    assert!(refused.clone().count() > 2000, "{} are in the journal", refused.count());
    let silent: Vec<_> = refused.filter(|e| e.remark.is_empty()).map(|e| &e.action).collect();
    assert!(silent.is_empty(), "nothing is remarked of {silent:?}");
    answers_hold(&trial).await;
}

#[actix_web::test]
async fn nothing_at_all_is_a_probe_at_the_official_mocks_paths_and_refused_at_the_others() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    for (mount, ..) in REGISTRIES {
        let system = &mount.replace('-', "_");
        let before = counted(&trial, system).await;
        for (path, _) in paths(system) {
            for body in ["", "  ", "{}", " { } "] {
                let json = |letter: Letter| letter.bytes("application/json", body);
                let [strict, official] = post(&visitor, system, path, json).await;
                assert_eq!((strict.0, code(&strict.1)), (400, BAD), "{system} {path}: {body:?}");
                assert_eq!(official.0, 200, "{system} {path}: {body:?}: {:#}", official.1);
            }
        }
        assert_eq!(counted(&trial, system).await, before);
    }
}

#[actix_web::test]
async fn a_body_is_bounded_whatever_it_says() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let ten = vec![b' '; 10 * 1024 * 1024];
    let many = |count: usize| {
        let items = vec!["0"; count].join(",");
        let header = json!({"message_id": "1", "message_ts": "2026-10-01T08:00:00Z",
            "action": "search", "sender_id": "demo", "total_count": count});
        let message = format!(r#"{{"transaction_id":"T","search_request":[{items}]}}"#);
        format!(r#"{{"header":{header},"message":{message}}}"#).into_bytes()
    };
    for (mount, ..) in REGISTRIES {
        let system = &mount.replace('-', "_");
        let before = counted(&trial, system).await;
        for path in ["/sync/search", "/search"] {
            let json = |letter: Letter| letter.bytes("application/json", ten.clone());
            for (status, answer) in post(&visitor, system, path, json).await {
                assert_eq!((status, code(&answer)), (413, BAD), "{path}");
            }
            let json = |letter: Letter| letter.bytes("application/json", many(200_000));
            for (status, answer) in post(&visitor, system, path, json).await {
                let said = answer["header"]["status_reason_code"].as_str();
                let refused = answer["errors"][0]["message"].as_str();
                let told =
                    said.or(refused).unwrap_or_default().contains("total_count.limit_exceeded");
                assert!(told && (status == 200) == path.contains("sync"), "{path}: {answer:#}");
            }
        }
        assert_eq!(counted(&trial, system).await, before);
    }
    answers_hold(&trial).await;
}

#[actix_web::test]
async fn a_body_says_that_it_is_json_where_the_standard_has_the_path() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let asked = search(&[anybody()]).to_string();
    for (kind, is_json) in [
        ("application/json; charset=UTF-8", true),
        ("Application/JSON", true),
        ("application/ld+json", true),
        ("text/plain", false),
        ("application/x-www-form-urlencoded", false),
        ("nonsense", false),
    ] {
        for path in ["/sync/search", "/search", "/notify"] {
            let odd = |letter: Letter| letter.bytes(kind, asked.clone());
            let [(standard, answer), (official, _)] =
                post(&visitor, "civil_registry", path, odd).await;
            assert_ne!(official, 415, "{kind}");
            assert_eq!(standard == 415, !is_json, "{kind} {path}: {answer:#}");
            assert!(is_json || code(&answer) == BAD);
        }
    }
    let bare = Letter::post("civil_registry", "/registry/sync/search").body(asked);
    let (status, _) = trial.ask(visitor.signed_in(bare)).await;
    assert_eq!(status, 415);
}
