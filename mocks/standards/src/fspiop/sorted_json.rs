//! Compact JSON with the keys of every object in order: what both generations of adapters verify a signature over.

use serde_json::Value;
use std::collections::BTreeMap;

/// Writes JSON without spaces and with keys in order, whatever order the map at hand keeps them in.
///
/// ```
/// let value = serde_json::json!({"b": [{"d": 1, "c": 2}], "a": "x"});
/// assert_eq!(standards::fspiop::sorted_json(&value), r#"{"a":"x","b":[{"c":2,"d":1}]}"#);
/// ```
pub fn sorted_json(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let ordered: BTreeMap<&String, &Value> = members.iter().collect();
            let members: Vec<String> = ordered
                .into_iter()
                .map(|(key, member)| {
                    format!("{}:{}", Value::from(key.as_str()), sorted_json(member))
                })
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(sorted_json).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}
