//! The published OpenAPI texts of DCI (read from `../shared`, where they are there), and what they say of a message.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

/// The registries that a text describes: text, system, prefix of the official mocks.
pub(super) const DESCRIBED: [(&str, &str, &str); 5] = [
    ("crvs", "civil_registry", "/crvs"),
    ("social", "social_registry", "/sr"),
    ("ibr", "beneficiary_registry", "/ibr"),
    ("dr", "disability_registry", "/dr"),
    ("fr", "farmer_registry", "/fr"),
];

/// One of the published texts.
pub(super) struct Text {
    pub(super) name: &'static str,
    pub(super) whole: Value,
    /// What was compiled of it, by where it stands.
    compiled: Mutex<BTreeMap<String, Validator>>,
}

impl Text {
    /// Reads it; none where the folder of the texts is not there. Where it is, a text that is missing fails.
    pub(super) fn read(name: &'static str) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/standards/openapi/dci");
        if !root.is_dir() {
            return None;
        }
        let path = root.join(format!("{name}_api_v1.0.0.yaml"));
        let yaml = std::fs::read_to_string(&path);
        let yaml = yaml.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut whole: Value = serde_saphyr::from_str(&yaml).unwrap();
        without_slips(&mut whole);
        Some(Self { name, whole, compiled: Mutex::default() })
    }

    fn followed<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(target) => self.whole.pointer(target.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    /// What is wrong with `body` by what the text says at `pointer`: a response, a request body or a schema.
    pub(super) fn wrongs(&self, pointer: &str, body: &Value) -> Vec<String> {
        let mut compiled = self.compiled.lock().unwrap();
        if !compiled.contains_key(pointer) {
            let holder = self.whole.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
            let holder = self.followed(holder);
            let schema = holder.pointer("/content/application~1json/schema").unwrap_or(holder);
            let mut schema = schema.clone();
            schema["components"] = self.whole["components"].clone();
            compiled.insert(pointer.into(), jsonschema::validator_for(&schema).unwrap());
        }
        let wrong = compiled[pointer].iter_errors(body);
        wrong.map(|e| format!("{}: {e}", e.instance_path())).collect()
    }

    /// Where the text describes the POST at `path`, if it does.
    pub(super) fn post(&self, path: &str) -> Option<String> {
        let pointer = format!("/paths/{}/post", path.replace('/', "~1"));
        self.whole.pointer(&pointer).filter(|post| post.is_object()).map(|_| pointer)
    }

    /// What is wrong with a request to `path`.
    pub(super) fn request(&self, path: &str, body: &Value) -> Vec<String> {
        self.post(path).map_or_else(Vec::new, |p| self.wrongs(&format!("{p}/requestBody"), body))
    }

    /// What is wrong with the answer of `path`: its default one, and `HttpErrorResponse` where the status is an error's.
    pub(super) fn answer(&self, path: &str, status: u16, body: &Value) -> Vec<String> {
        let Some(post) = self.post(path) else { return Vec::new() };
        let errors = matches!(status, 401 | 403 | 404 | 413 | 500..) || body["message"].is_null();
        let which = if status >= 400 && errors { "500" } else { "default" };
        self.wrongs(&format!("{post}/responses/{which}"), body)
    }

    /// The record that the text's search answer shows as an example.
    pub(super) fn example_record(&self) -> Value {
        let items = "/components/schemas/SearchResponse/properties/search_response/items/properties/data/properties/reg_records/items";
        let mut example = self.whole.pointer(items).unwrap()["example"].clone();
        while let Some(inner) = example.get("example").filter(|e| e.is_object()) {
            example = inner.clone();
        }
        example
    }
}

/// The texts without what contradicts itself in them; each has its line in DEVIATIONS.md.
fn without_slips(whole: &mut Value) {
    let schemas = &mut whole["components"]["schemas"];
    // Required names that are no properties.
    for pointer in [
        "/SubscriptionInfo/required",
        "/SubscribeResponse/properties/subscribe_response/items/properties/subscriptions/items/required",
    ] {
        if let Some(required) = schemas.pointer_mut(pointer) {
            *required = json!(["code", "status", "timestamp"]);
        }
    }
    // A status that repeats a search answer calls its list of records an object ...
    let status = "/TxnStatusResponse/properties/txnstatus_response";
    let records = format!(
        "{status}/example/properties/search_response/items/properties/data/properties/reg_records"
    );
    if let Some(records) = schemas.pointer_mut(&records) {
        records["type"] = json!(["array", "object"]);
    }
    // ... one text calls it so in the search answer itself ...
    let records =
        "/SearchResponse/properties/search_response/items/properties/data/properties/reg_records";
    if let Some(records) = schemas.pointer_mut(records).filter(|r| r["type"] == "object") {
        *records = json!({"type": "array", "items": records.take()});
    }
    // ... and two of the texts let a subscription be asked after, and have no form for the answer.
    if let Some(Value::Array(forms)) =
        schemas.pointer_mut(&format!("{status}/properties/txn_status/oneOf"))
    {
        let form = json!({"$ref": "#/components/schemas/SubscribeResponse"});
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
}

/// The texts that are there, each read once.
pub(super) fn texts() -> Vec<(&'static Text, &'static str)> {
    static TEXTS: OnceLock<Vec<(Text, &'static str)>> = OnceLock::new();
    let found = TEXTS.get_or_init(|| {
        let read = |(text, system, _): (&'static str, _, _)| Some((Text::read(text)?, system));
        DESCRIBED.into_iter().filter_map(read).collect()
    });
    if found.is_empty() {
        let line = "skipped: the published OpenAPI texts are not beside this repository\n";
        drop(std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()));
    }
    found.iter().map(|(text, system)| (text, *system)).collect()
}
