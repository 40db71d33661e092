//! A birth's entry, asked of the civil registry (DCI v1.0.0, synchronous search by UIN) when a certificate is printed.

use serde_json::{Value, json};

use super::answers::Failure;
use crate::identity::model::paper::Birth;
use crate::identity::model::refusal::Refusal;
use crate::kit::dci;
use crate::kit::server::Call;

/// The entry of the person `uin`.
pub(super) async fn of(call: &Call, uin: &str) -> Result<Birth, Failure> {
    let office = &call.errand.office;
    let message = json!({
        "transaction_id": office.next_id("TXN"),
        "search_request": [{
            "reference_id": office.next_id("REF"), "timestamp": call.errand.stamp(), "locale": "eng",
            "search_criteria": {
                "reg_type": "ns:org:RegistryType:Civil", "query_type": "idtype-value",
                "query": {"type": "UIN", "value": uin},
            },
        }],
    });
    let path = "/registry/sync/search";
    let asked = dci::ask::<Value>(&call.errand, "civil_registry", path, "search".into(), &message);
    let answer = asked.await.map_err(|e| Refusal::new("temporarily_unavailable", e.to_string()))?;
    let records = &answer.message["search_response"][0]["data"]["reg_records"];
    let record = records.as_array().map_or(records, |list| list.first().unwrap_or(&Value::Null));
    let missing = || Refusal::new("not_found", "the civil registry has no entry of this birth");
    Ok(Birth::read(record).ok_or_else(missing)?)
}
