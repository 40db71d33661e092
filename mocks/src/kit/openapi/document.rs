//! The description of a system as an OpenAPI 3.1.1 document.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::operation::{Body, Operation, Part};
use super::routes::{Lay, described};
use crate::kit::control;
use crate::kit::system::System;

/// Describes `system`, which is mounted at `base` (`/civil-registry`, empty where it stands alone). `root` is where its
/// routes at the root of the port begin: empty, or `/r/{room}`.
pub fn document(system: &System, base: &str, root: &str) -> Value {
    let mut writer = Writer::new();
    writer.write(system.routes, None);
    writer.write(control::system_routes, None);
    for (prefix, routes) in system.at_root {
        writer.write(*routes, Some(format!("{root}{prefix}")));
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": format!("Arenoa: {}", system.title),
            "version": env!("CARGO_PKG_VERSION"),
            "summary": format!("{} ({})", system.does, system.standard),
            "description": "Made from the code that serves it. Every example works as it stands against a fresh \
                country, unless its description says what it needs. Demo client for tokens: `demo` / `demo`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": if base.is_empty() { "/" } else { base }}],
        "paths": writer.paths,
        "components": {
            "schemas": writer.generator.take_definitions(true),
            "securitySchemes": {"token": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": format!("{root}/oauth2/client/token"), "scopes": {}}},
            }},
        },
    })
}

/// Writes paths and collects the schemas that they name.
struct Writer {
    generator: SchemaGenerator,
    paths: Map<String, Value>,
}

impl Writer {
    fn new() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        Self { generator: settings.into_generator(), paths: Map::new() }
    }

    /// Writes what `lay` lays; `server` is where, if not at the mount of the system.
    fn write(&mut self, lay: Lay, server: Option<String>) {
        for operation in described(lay) {
            let mut written = self.operation(&operation, server.as_deref());
            // One path can stand once in a document: what is served at the root has its prefix in the name.
            let path =
                format!("{}{}", server.as_deref().unwrap_or_default(), plain(&operation.path));
            if let Some(server) = &server {
                written["servers"] = json!([{"url": "/"}]);
                written["tags"] = json!([format!("at {server}")]);
            }
            let method = operation.method.as_str().to_ascii_lowercase();
            let item = self.paths.entry(path).or_insert_with(|| json!({}));
            // What a system lays itself goes before what every system has.
            if item.get(&method).is_none() {
                item[method] = written;
            }
        }
    }

    fn operation(&mut self, of: &Operation, server: Option<&str>) -> Value {
        let mut written = json!({
            "operationId": operation_id(of, server),
            "summary": of.summary,
            "responses": self.responses(of),
        });
        let needs = of.after.map(|what| format!("The example works after {what}."));
        let words = [of.more.as_ref(), needs.as_deref().unwrap_or_default()];
        let words: Vec<_> = words.into_iter().filter(|text| !text.is_empty()).collect();
        if !words.is_empty() {
            written["description"] = words.join("\n\n").into();
        }
        if !of.tag.is_empty() {
            written["tags"] = json!([of.tag]);
        }
        if of.token {
            written["security"] = json!([{"token": []}]);
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
            let words = if body.words.is_empty() { "As asked" } else { body.words };
            let mut response = json!({"description": words});
            if !body.media.is_empty() {
                response["content"] = self.content(body);
            }
            responses.insert(status.to_string(), response);
        }
        if responses.is_empty() {
            responses.insert("200".into(), json!({"description": "As asked"}));
        }
        responses.into()
    }

    fn content(&mut self, body: &Body) -> Value {
        let mut content = json!({"schema": (body.schema)(&mut self.generator)});
        if let Some(example) = &body.example {
            content["example"] = example.clone();
        }
        json!({body.media: content})
    }
}

/// The parts named by the operation, and those of the path that it leaves unnamed.
fn parameters(of: &Operation) -> Vec<Value> {
    let unnamed = of.path.split('{').skip(1).filter_map(|rest| rest.split(['}', ':']).next());
    let unnamed =
        unnamed.filter(|name| !of.parts.iter().any(|p| p.place == "path" && p.name == *name));
    let word = |name: &str| json!({"in": "path", "name": name, "required": true, "schema": {"type": "string"}});
    let named = |part: &Part| {
        json!({
            "in": part.place, "name": part.name, "required": part.needed,
            "schema": {"type": "string"}, "example": part.example,
        })
    };
    of.parts.iter().map(named).chain(unnamed.map(word)).collect()
}

/// `/files/{rest:.*}` is `/files/{rest}` in a description.
fn plain(path: &str) -> String {
    let mut pieces = path.split('{');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        let name = name.split(':').next().unwrap_or_default();
        plain.push_str(&format!("{{{name}}}{rest}"));
    }
    plain
}

/// A name for the operation, the same on every run: `post_registry_sync_search`.
fn operation_id(of: &Operation, server: Option<&str>) -> String {
    let whole = format!("{} {}{}", of.method, server.unwrap_or_default(), plain(&of.path));
    let words = whole.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}
