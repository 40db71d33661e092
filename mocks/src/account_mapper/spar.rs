//! The face of OpenG2P SPAR after 1.x: `POST /mapper/{link,resolve,unlink,update}` with `request_header` and
//! `request_body`, and an fa that is an object. A strategy turns the object into the text of G2P Connect and back; then
//! it is the same batch. The answer is 200 always.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::g2p::{self, Forgiving};
use super::model::Verb;
use super::store;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::tokens;

/// How an object becomes a text: the number, the kind, the token, and the members that are its value and its provider.
struct Strategy {
    id: i64,
    fa_type: &'static str,
    token: &'static str,
    value: &'static str,
    provider: &'static str,
    /// What people call the provider.
    provider_name: &'static str,
}

const STRATEGIES: [Strategy; 3] = [
    Strategy {
        id: 1,
        fa_type: "BANK",
        token: "account",
        value: "account_number",
        provider: "bank_code",
        provider_name: "bank_name",
    },
    Strategy {
        id: 2,
        fa_type: "MOBILE_WALLET",
        token: "msisdn",
        value: "mobile_number",
        provider: "wallet_provider_code",
        provider_name: "wallet_provider_name",
    },
    Strategy {
        id: 3,
        fa_type: "EMAIL_WALLET",
        token: "email",
        value: "email_address",
        provider: "wallet_provider_code",
        provider_name: "wallet_provider_name",
    },
];

/// The text of an fa object; the error says what would have been right.
pub(super) fn construct(fa: &Value) -> Result<String, String> {
    let kinds = "1 with fa_type BANK, 2 with MOBILE_WALLET, 3 with EMAIL_WALLET";
    let id = fa["strategy_id"].as_i64();
    let strategy = STRATEGIES.iter().find(|s| Some(s.id) == id && fa["fa_type"] == s.fa_type);
    let strategy = strategy.ok_or_else(|| format!("fa: the strategies here are {kinds}"))?;
    let member = |name: &str| {
        let text = fa[name].as_str().map(|text| text.trim().trim_start_matches('+'));
        let missing = || format!("fa.{name} is missing: {} needs it", strategy.fa_type);
        text.filter(|text| !text.is_empty()).ok_or_else(missing)
    };
    let (value, provider) = (member(strategy.value)?, member(strategy.provider)?);
    let text = format!("{}:{value}@{provider}", strategy.token);
    match text.parse::<standards::g2p_connect::FinancialAddress>() {
        Ok(_) => Ok(text),
        Err(error) => Err(format!("fa: {error}")),
    }
}

/// The object of a text, as somebody linked it or as far as the text tells.
fn deconstruct(fa: &str, kept: &Value) -> Value {
    if construct(kept).is_ok_and(|text| text == fa) {
        return kept.clone();
    }
    let Ok(read) = fa.parse::<standards::g2p_connect::FinancialAddress>() else { return json!({}) };
    let token = read.token().unwrap_or("account");
    let Some(strategy) = STRATEGIES.iter().find(|s| s.token == token) else { return json!({}) };
    let name = super::model::provider_name(read.provider());
    json!({"strategy_id": strategy.id, "fa_type": strategy.fa_type,
        (strategy.value): read.value(), (strategy.provider): read.provider(),
        (strategy.provider_name): name})
}

/// The body, where it is one of this face.
pub(super) fn body_of(call: &Call) -> Option<Value> {
    let body: Value = serde_json::from_slice(&call.body).ok()?;
    (body.get("request_header").is_some() || body.get("request_body").is_some()).then_some(body)
}

/// Why a request is refused as a whole.
struct Refusal(&'static str, String);

/// Does a batch of this face.
pub(super) async fn handle(call: &Call, verb: Verb, body: &Value) -> HttpResponse {
    let request_id = body["request_header"]["request_id"].as_str().unwrap_or_default();
    call.correlation(request_id);
    let (header, payload) = match perform(call, verb, body).await {
        Ok(payload) => (header(call, request_id, None), payload),
        Err(refused) => {
            call.remark(&refused.1);
            let transaction = &body["request_body"]["request_payload"]["transaction_id"];
            let nothing = json!({"transaction_id": transaction, "correlation_id": null,
                (format!("{}_response", verb.word())): []});
            (header(call, request_id, Some(&refused)), nothing)
        }
    };
    let response_body = SparBody { response_payload: payload };
    HttpResponse::Ok().json(Spar { response_header: header, response_body })
}

/// An answer of OpenG2P SPAR after 1.x.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SparAnswer")]
pub(super) struct Spar {
    response_header: SparHeader,
    response_body: SparBody,
}

/// How it went.
#[derive(Debug, Serialize, JsonSchema)]
struct SparHeader {
    /// Of the request; empty where it gave none.
    request_id: String,
    response_timestamp: String,
    /// `SUCCESS` or `ERROR`.
    response_status: &'static str,
    response_error_code: Option<&'static str>,
    response_error_message: Option<String>,
}

/// The payload, in the words of the call: `link_response` and so on.
#[derive(Debug, Serialize, JsonSchema)]
struct SparBody {
    response_payload: Value,
}

fn header(call: &Call, request_id: &str, refused: Option<&Refusal>) -> SparHeader {
    SparHeader {
        request_id: request_id.into(),
        response_timestamp: call.errand.stamp(),
        response_status: if refused.is_some() { "ERROR" } else { "SUCCESS" },
        response_error_code: refused.map(|r| r.0),
        response_error_message: refused.map(|r| r.1.clone()),
    }
}

async fn perform(call: &Call, verb: Verb, body: &Value) -> Result<Value, Refusal> {
    if call.room().policy() == Policy::Strict {
        let scope = if verb == Verb::Resolve { "mapper.resolve" } else { "mapper.link" };
        let checked = tokens::check(&call.errand, call.authorization.as_ref(), Some(scope)).await;
        checked.map_err(|refused| Refusal("rjct.jwt.invalid", refused.to_string()))?;
    }
    let wrong = |sentence: String| Refusal("rjct.request.validation", sentence);
    let header = &body["request_header"];
    for name in ["request_id", "request_timestamp", "sender_app_mnemonic"] {
        if header[name].as_str().is_none_or(|text| text.trim().is_empty()) {
            return Err(wrong(format!("request_header.{name} is missing: write a text")));
        }
    }
    let times = call.room().policy() != Policy::Strict;
    let batch = Batch::read(verb, body, times).map_err(wrong)?;
    let (correlation, at) = (call.errand.office.next_id("CORR"), call.errand.stamp());
    let done = call.store().alter(|tx| {
        let mut answer = g2p::perform(tx, verb, &batch.read, &correlation, &at)?;
        batch.finish(tx, verb, &mut answer)?;
        Ok(answer)
    });
    done.map_err(|error| {
        tracing::error!(%error, "the mapper's archive failed");
        Refusal("rjct.internal.error", "the archive failed, and nothing was done; try again".into())
    })
}

/// A batch in the words of G2P Connect, with what those words cannot say.
struct Batch {
    read: g2p::Batch,
    /// The fa of each entry as it was sent, and what is wrong with it where it is no account.
    fas: Vec<(Value, Option<String>)>,
}

impl Batch {
    fn read(verb: Verb, body: &Value, times: bool) -> Result<Self, String> {
        let list = format!("{}_request", verb.word());
        let path = format!("request_body.request_payload.{list}");
        let payload = &body["request_body"]["request_payload"];
        let items = payload[&list].as_array().filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| format!("{path}: write a list with something in it"))?;
        if items.len() > g2p::MOST_ENTRIES {
            return Err(format!("{path}: at most {} entries are taken", g2p::MOST_ENTRIES));
        }
        let source = body["request_header"]["sender_app_mnemonic"].as_str().unwrap_or_default();
        let (mut entries, mut fas) = (Vec::new(), Vec::new());
        for (number, item) in items.iter().enumerate() {
            let item = item.as_object().ok_or_else(|| format!("{path}[{number}] is no object"))?;
            let (entry, wrong) = entry_of(verb, item);
            entries.push(entry);
            fas.push((item.get("fa").cloned().unwrap_or_default(), wrong));
        }
        let message = json!({"transaction_id": payload["transaction_id"], (list): entries});
        let forgiving = Forgiving { times, names_of: Some(source) };
        let read = g2p::read(verb, &message, forgiving).map_err(|e| e.to_string())?;
        Ok(Self { read, fas })
    }

    /// Says of each entry what only this face can say, and keeps the objects of those that were linked.
    fn finish(
        &self,
        tx: &rusqlite::Connection,
        verb: Verb,
        answer: &mut Value,
    ) -> rusqlite::Result<()> {
        let list = format!("{}_response", verb.word());
        let Some(results) = answer[&list].as_array_mut() else { return Ok(()) };
        for ((result, (fa, wrong)), entry) in
            results.iter_mut().zip(&self.fas).zip(&self.read.entries)
        {
            let id = entry.id.as_deref().unwrap_or_default();
            if let Some(wrong) = wrong {
                result["status_reason_message"] = json!(wrong);
            }
            if verb == Verb::Resolve {
                give_object(tx, result, entry.id.as_deref())?;
                continue;
            }
            if fa.is_object() && wrong.is_none() && result["status"] == "succ" {
                store::set_additional(tx, id, &json!([fa]).to_string())?;
            }
            // A text, as in G2P Connect, is told as an object too.
            if let Some(told) = result.get_mut("fa") {
                let account = entry.fa.as_deref().unwrap_or_default();
                *told =
                    if fa.is_string() { deconstruct(account, &Value::Null) } else { fa.clone() };
            }
        }
        Ok(())
    }
}

/// An entry in the words of G2P Connect, and what is wrong with its fa.
fn entry_of(verb: Verb, item: &Map<String, Value>) -> (Value, Option<String>) {
    let mut entry = item.clone();
    // What is said besides belongs to the strategy, and has another shape than in G2P Connect.
    entry.remove("additional_info");
    entry.retain(|_, value| !value.is_null() && value != "");
    let account = match item.get("fa") {
        Some(fa) if fa.is_object() => Some(construct(fa)),
        Some(Value::String(_)) => None,
        _ if matches!(verb, Verb::Link | Verb::Update) => {
            Some(Err("fa: write an object with strategy_id and fa_type".into()))
        }
        _ => None,
    };
    // No address looks like this, so the entry is refused for it.
    let none = || json!("?");
    let wrong = account.as_ref().and_then(|account| account.as_ref().err()).cloned();
    if let Some(account) = account {
        entry.insert("fa".into(), account.map_or_else(|_| none(), |text| json!(text)));
    }
    (Value::Object(entry), wrong)
}

/// A found account as an object again. `asked` is the id that was asked with, in the words of G2P Connect.
fn give_object(
    tx: &rusqlite::Connection,
    result: &mut Value,
    asked: Option<&str>,
) -> rusqlite::Result<()> {
    let details = result["account_provider_info"].is_object();
    let id = asked.or(result["id"].as_str());
    let (Some(id), true) = (id, details) else {
        result["fa"] = Value::Null;
        return Ok(());
    };
    let person = store::person(tx, id)?;
    let (fa, kept) = person.map_or_else(Default::default, |person| (person.fa, person.additional));
    let kept: Value = serde_json::from_str(&kept).unwrap_or_default();
    let object = deconstruct(fa.as_deref().unwrap_or_default(), &kept[0]);
    result["additional_info"] = json!([{"strategy_id": object["strategy_id"]}]);
    result["fa"] = object;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_becomes_a_text_and_the_text_an_object() {
        let bank = json!({"strategy_id": 1, "fa_type": "BANK", "bank_name": "Pinkbank", "bank_code": "pinkbank",
            "branch_name": "Altena", "branch_code": "A1", "account_number": "0012345"});
        assert_eq!(construct(&bank).unwrap(), "account:0012345@pinkbank");
        assert_eq!(deconstruct("account:0012345@pinkbank", &bank), bank);
        let told = deconstruct("account:9@greenbank", &bank);
        assert_eq!(
            (&told["bank_code"], &told["account_number"]),
            (&json!("greenbank"), &json!("9"))
        );
        let mail = json!({"strategy_id": 3, "fa_type": "EMAIL_WALLET", "wallet_provider_code": "pay",
            "email_address": "tala@example.org"});
        assert_eq!(construct(&mail).unwrap(), "email:tala@example.org@pay");
        assert_eq!(
            deconstruct("email:tala@example.org@pay", &Value::Null)["email_address"],
            "tala@example.org"
        );
    }

    #[test]
    fn an_object_that_no_strategy_knows_is_told_what_is_right() {
        let wrong = |fa: Value| construct(&fa).unwrap_err();
        assert!(
            wrong(json!({"strategy_id": 9, "fa_type": "BANK"})).contains("2 with MOBILE_WALLET")
        );
        assert!(
            wrong(json!({"strategy_id": 1, "fa_type": "BANK", "bank_code": "b"}))
                .contains("fa.account_number")
        );
        let spaced =
            json!({"strategy_id": 1, "fa_type": "BANK", "bank_code": "b", "account_number": "a b"});
        assert!(wrong(spaced).contains("is not an address"));
    }
}
