//! The face of OpenG2P SPAR after 1.x: `POST /mapper/{link,resolve,unlink,update}` with `request_header` and
//! `request_body`, and an fa that is an object. A strategy turns the object into the text of G2P Connect and back; then
//! it is the same batch. The answer is 200 always.

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};

use super::g2p;
use super::model::Verb;
use super::store;
use crate::kit::payee::id_of;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::store::StoreError;
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
fn construct(fa: &Value) -> Result<String, String> {
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
    HttpResponse::Ok().json(json!({"response_header": header,
        "response_body": {"response_payload": payload}}))
}

fn header(call: &Call, request_id: &str, refused: Option<&Refusal>) -> Value {
    json!({"request_id": request_id, "response_timestamp": call.errand.stamp(),
        "response_status": if refused.is_some() { "ERROR" } else { "SUCCESS" },
        "response_error_code": refused.map(|r| r.0), "response_error_message": refused.map(|r| &r.1)})
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
    let batch = Batch::read(verb, body).map_err(wrong)?;
    let (correlation, at) = (call.errand.office.next_id("CORR"), call.errand.stamp());
    let done = call.store().write(|tx| {
        let mut answer = g2p::perform(tx, verb, &batch.read, &correlation, &at)?;
        batch.finish(tx, verb, &mut answer)?;
        Ok::<_, StoreError>(answer)
    });
    done.map_err(|error| {
        tracing::error!(%error, "the mapper's archive failed");
        Refusal("rjct.internal.error", "the archive failed, and nothing was done; try again".into())
    })
}

/// A batch in the words of G2P Connect, with what those words cannot say.
struct Batch {
    read: g2p::Batch,
    /// The fa object of each entry, or what is wrong with it.
    objects: Vec<Result<Value, String>>,
}

impl Batch {
    fn read(verb: Verb, body: &Value) -> Result<Self, String> {
        let list = format!("{}_request", verb.word());
        let path = format!("request_body.request_payload.{list}");
        let payload = &body["request_body"]["request_payload"];
        let items = payload[&list].as_array().filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| format!("{path}: write a list with something in it"))?;
        if items.len() > g2p::MOST_ENTRIES {
            return Err(format!("{path}: at most {} entries are taken", g2p::MOST_ENTRIES));
        }
        let source = body["request_header"]["sender_app_mnemonic"].as_str().unwrap_or_default();
        let (mut entries, mut objects) = (Vec::new(), Vec::new());
        for (number, item) in items.iter().enumerate() {
            let item = item.as_object().ok_or_else(|| format!("{path}[{number}] is no object"))?;
            let (entry, object) = entry_of(verb, item, source);
            entries.push(entry);
            objects.push(object);
        }
        let message = json!({"transaction_id": payload["transaction_id"], (list): entries});
        let read = g2p::read(verb, &message).map_err(|e| e.to_string())?;
        Ok(Self { read, objects })
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
        for ((result, object), entry) in
            results.iter_mut().zip(&self.objects).zip(&self.read.entries)
        {
            let id = entry.id.as_deref().unwrap_or_default();
            match object {
                Err(wrong) => result["status_reason_message"] = json!(wrong),
                Ok(_) if verb == Verb::Resolve => give_object(tx, result)?,
                Ok(object) if object.is_object() && result["status"] == "succ" => {
                    store::set_additional(tx, id, &json!([object]).to_string())?;
                }
                Ok(_) => {}
            }
        }
        Ok(())
    }
}

/// An entry in the words of G2P Connect, and its object.
fn entry_of(verb: Verb, item: &Map<String, Value>, source: &str) -> (Value, Result<Value, String>) {
    let mut entry = item.clone();
    // What is said besides belongs to the strategy, and has another shape than in G2P Connect.
    entry.remove("additional_info");
    entry.retain(|_, value| !value.is_null() && value != "");
    let id = item.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    if let Some(id) = id {
        entry.insert("id".into(), json!(id_of(id, source)));
    } else if verb != Verb::Resolve {
        entry.insert("id".into(), json!(""));
    }
    let object = match item.get("fa") {
        Some(fa) if fa.is_object() => construct(fa).map(|text| {
            entry.insert("fa".into(), json!(text));
            fa.clone()
        }),
        Some(Value::String(_)) => Ok(Value::Null),
        _ if matches!(verb, Verb::Link | Verb::Update) => {
            Err("fa: write an object with strategy_id and fa_type".into())
        }
        _ => Ok(Value::Null),
    };
    if object.is_err() {
        // No address looks like this, so the entry is refused for it.
        entry.insert("fa".into(), json!("?"));
    }
    (Value::Object(entry), object)
}

/// A found account as an object again.
fn give_object(tx: &rusqlite::Connection, result: &mut Value) -> rusqlite::Result<()> {
    let details = result["account_provider_info"].is_object();
    let (Some(fa), Some(id), true) = (result["fa"].as_str(), result["id"].as_str(), details) else {
        result["fa"] = Value::Null;
        return Ok(());
    };
    let person = store::person(tx, id)?;
    let kept: Value =
        person.and_then(|person| serde_json::from_str(&person.additional).ok()).unwrap_or_default();
    let object = deconstruct(fa, &kept[0]);
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
