//! The description of a system as an OpenAPI 3.1.1 document.

use std::collections::BTreeSet;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use schemars::transform::{ReplaceBoolSchemas, Transform as _};
use serde_json::{Map, Value, json};

use super::operation::{Body, Operation, Part, Token};
use super::routes::{Aside, Described, Lay, described};
use crate::kit::control;
use crate::kit::system::System;

/// Describes `system`, which is mounted at `base` (`http://localhost:8080/civil-registry`, or the path alone). `root` is where its
/// routes at the root of the port begin.
pub fn document(system: &'static System, base: &str, root: &str) -> Value {
    let mut writer = Writer::new(system);
    writer.write(system.routes, None);
    for (prefix, routes) in system.at_root {
        writer.write(*routes, Some(AtRoot { root, prefix }));
    }
    writer.write(control::system_routes, None);
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": format!("Arenoa: {}", system.title),
            "version": env!("CARGO_PKG_VERSION"),
            "summary": format!("{} {} ({})", system.title, system.does, system.standard),
            "description": writer.foreword(),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": writer.tags.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
        "servers": [{"url": if base.is_empty() { "/" } else { base }}],
        "paths": writer.paths,
        "components": {
            "schemas": writer.generator.take_definitions(true),
            "responses": {"Refused": {
                "description": "Refused, and why: in the words of the system's own standard.",
                "content": {"application/json": {"example": (system.refusal)(400, "what is wrong, and what would be right")}},
            }},
            "securitySchemes": schemes(&writer.tokens, base, root),
        },
    })
}

/// How the tokens are got that the operations take.
fn schemes(tokens: &BTreeSet<Token>, base: &str, root: &str) -> Value {
    let scheme = |token: &Token| {
        let (name, words, url) = match token {
            Token::Country | Token::Strict => (
                COUNTRY,
                "From the gateway: client `demo`, secret `demo`.",
                format!("{root}/oauth2/client/token"),
            ),
            Token::Own(path) => {
                (OWN, "From this system: client `demo`, secret `demo`.", format!("{base}{path}"))
            }
        };
        let flow = json!({"tokenUrl": url, "scopes": {}});
        let scheme =
            json!({"type": "oauth2", "description": words, "flows": {"clientCredentials": flow}});
        (name.to_owned(), scheme)
    };
    Value::Object(tokens.iter().map(scheme).collect())
}

/// The names of the schemes.
const COUNTRY: &str = "country";
const OWN: &str = "own";

/// Where routes stand that are not at the mount of their system.
#[derive(Clone, Copy)]
struct AtRoot<'a> {
    /// Empty, or the room.
    root: &'a str,
    prefix: &'static str,
}

/// Writes paths and collects the schemas that they name.
struct Writer {
    system: &'static System,
    generator: SchemaGenerator,
    paths: Map<String, Value>,
    asides: Vec<Aside>,
    tokens: BTreeSet<Token>,
    /// The chapters, in the order of laying.
    tags: Vec<String>,
}

/// Writes `{}` where any value will do: generators of clients in several languages know no schema that is `true`.
fn worded() -> ReplaceBoolSchemas {
    let mut worded = ReplaceBoolSchemas::default();
    worded.skip_additional_properties = true;
    worded
}

impl Writer {
    fn new(system: &'static System) -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        settings.transforms.push(Box::new(worded()));
        Self {
            system,
            generator: settings.into_generator(),
            paths: Map::new(),
            asides: Vec::new(),
            tokens: BTreeSet::new(),
            tags: Vec::new(),
        }
    }

    /// What a reader should know before the first operation.
    fn foreword(&self) -> String {
        let mut words = String::from(
            "Made from the code that serves it. Every example works as it stands against a fresh country, unless its \
             description says what must have happened before.",
        );
        if !self.asides.is_empty() {
            words.push_str("\n\nServed, and no operation of its own:\n");
        }
        words.extend(self.asides.iter().map(|Aside { what, why }| format!("\n* `{what}`: {why}")));
        words
    }

    /// Writes what `lay` lays; `place` is where, if not at the mount of the system.
    fn write(&mut self, lay: Lay, place: Option<AtRoot<'_>>) {
        let Described { operations, asides } = described(self.system, lay);
        self.asides.extend(asides);
        for operation in operations {
            let prefix = place.map_or("", |place| place.prefix);
            let mut written = self.operation(&operation, prefix);
            // One path can stand once in a document: what is served at the root has its prefix in the name.
            let mut path = operation.path.clone();
            if let Some(AtRoot { root, prefix }) = place {
                path = format!("{prefix}{path}");
                written["servers"] = json!([{"url": if root.is_empty() { "/" } else { root }}]);
            }
            let tag = match (place, operation.tag) {
                (Some(AtRoot { prefix, .. }), _) => format!("at {prefix}"),
                (None, "") => self.system.title.to_owned(),
                (None, tag) => tag.to_owned(),
            };
            written["tags"] = json!([tag]);
            if !self.tags.contains(&tag) {
                self.tags.push(tag);
            }
            let method = operation.method.as_str().to_ascii_lowercase();
            let item = self.paths.entry(path).or_insert_with(|| json!({}));
            // The route that was laid first answers: a system's own goes before what every system has.
            if item.get(&method).is_none() {
                item[method] = written;
            }
        }
    }

    fn operation(&mut self, of: &Operation, prefix: &str) -> Value {
        let mut written = json!({
            "operationId": operation_id(of, prefix),
            "summary": of.summary,
            "responses": self.responses(of),
        });
        let needs = of.after.map(|what| format!("The example works after {what}."));
        let words = [of.more.as_ref(), needs.as_deref().unwrap_or_default()];
        let words: Vec<_> = words.into_iter().filter(|text| !text.is_empty()).collect();
        if !words.is_empty() {
            written["description"] = words.join("\n\n").into();
        }
        if let Some(token) = of.token {
            self.tokens.insert(token);
            written["security"] = match token {
                Token::Country => json!([{COUNTRY: []}]),
                // Either or: an open room serves without.
                Token::Strict => json!([{COUNTRY: []}, {}]),
                Token::Own(_) => json!([{OWN: []}]),
            };
        }
        let parameters = parameters(of);
        if !parameters.is_empty() {
            written["parameters"] = parameters.into();
        }
        if let Some(body) = &of.takes {
            written["requestBody"] = json!({"required": true, "content": self.content(body)});
        }
        written
    }

    fn responses(&mut self, of: &Operation) -> Value {
        let mut responses = Map::new();
        for (status, body) in &of.gives {
            let mut response = json!({"description": body.words});
            if !body.media.is_empty() {
                response["content"] = self.content(body);
            }
            responses.insert(status.to_string(), response);
        }
        responses.insert("default".into(), json!({"$ref": "#/components/responses/Refused"}));
        responses.into()
    }

    fn content(&mut self, body: &Body) -> Value {
        let mut schema = (body.schema)(&mut self.generator);
        worded().transform(&mut schema);
        let mut content = json!({"schema": schema});
        if let Some(example) = &body.example {
            content["example"] = example.clone();
        }
        json!({body.media: content})
    }
}

/// The parts named by the operation, and those of the path that it leaves unnamed.
fn parameters(of: &Operation) -> Vec<Value> {
    let unnamed = of.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let unnamed =
        unnamed.filter(|name| !of.parts.iter().any(|p| p.place == "path" && p.name == *name));
    let word = |name: &str| json!({"in": "path", "name": name, "required": true, "schema": {"type": "string"}});
    let named = |part: &Part| {
        let mut named = json!({
            "in": part.place, "name": part.name, "required": part.needed, "schema": {"type": "string"},
        });
        if !part.example.is_empty() {
            named["example"] = part.example.as_ref().into();
        }
        named
    };
    // Who describes several paths at once may name a part that not all of them have.
    let fits =
        |part: &&Part| part.place != "path" || of.path.contains(&format!("{{{}}}", part.name));
    of.parts.iter().filter(fits).map(named).chain(unnamed.map(word)).collect()
}

/// A name for the operation, the same on every run: `post_registry_sync_search`.
fn operation_id(of: &Operation, prefix: &str) -> String {
    let whole = format!("{} {prefix}{}", of.method, of.path);
    let words = whole.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}
