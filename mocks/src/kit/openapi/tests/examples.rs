//! Every example of every description, sent as it stands to a fresh country.

use serde_json::Value;

use super::schema;
use crate::ALL;
use crate::kit::control;
use crate::kit::courier::Letter;
use crate::kit::openapi::document;
use crate::kit::openapi::operation::{Operation, Sample, Token};
use crate::kit::openapi::routes::described;
use crate::kit::system::System;
use crate::kit::trial::Trial;

/// An operation, where its system begins, and its path in the description.
struct Laid {
    prefix: String,
    operation: Operation,
    path: String,
}

fn operations(system: &'static System) -> Vec<Laid> {
    let mut all = Vec::new();
    let mut lay = |prefix: &str, at: &str, operations: Vec<Operation>| {
        all.extend(operations.into_iter().map(|operation| Laid {
            prefix: prefix.to_owned(),
            path: format!("{at}{}", operation.path),
            operation,
        }));
    };
    let mount = format!("/{}", system.mount());
    lay(&mount, "", described(system, system.routes).operations);
    for (prefix, routes) in system.at_root {
        lay(prefix, prefix, described(system, *routes).operations);
    }
    lay(&mount, "", described(system, control::system_routes).operations);
    all
}

async fn token(trial: &Trial, path: &str) -> String {
    let form = "grant_type=client_credentials&client_id=demo&client_secret=demo";
    let letter = to(trial, "POST", path).bytes("application/x-www-form-urlencoded", form);
    let (status, answer) = trial.ask(letter).await;
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

fn to(trial: &Trial, method: &str, path: &str) -> Letter {
    Letter::to_address(method.parse().unwrap(), &format!("{}{path}", trial.running.base))
}

async fn letter(trial: &Trial, prefix: &str, sample: &Sample<'_>) -> Letter {
    let mut letter = to(trial, sample.method.as_str(), &format!("{prefix}{}", sample.path));
    for (name, value) in &sample.headers {
        letter = letter.header(name, value);
    }
    let own = sample.token.and_then(|token| match token {
        Token::Country => Some(String::from("/oauth2/client/token")),
        // The room is open.
        Token::Strict => None,
        Token::Own(path) => Some(format!("{prefix}{path}")),
    });
    if let Some(path) = own {
        letter = letter.header("authorization", &format!("Bearer {}", token(trial, &path).await));
    }
    match sample.body {
        None => letter,
        Some(("application/json", body)) => letter.json(body),
        Some(("application/x-www-form-urlencoded", Value::Object(fields))) => {
            let fields: Vec<_> =
                fields.iter().map(|(k, v)| (k.as_str(), v.as_str().unwrap_or_default())).collect();
            letter.form(&fields)
        }
        Some((media, body)) => {
            letter.bytes(media, body.as_str().map_or_else(|| body.to_string(), str::to_owned))
        }
    }
}

/// What is wrong with the answer to an example; nothing, where it is as the description says.
fn wrong(document: &Value, laid: &Laid, (status, answer): (u16, &Value)) -> Option<String> {
    let Laid { operation, path, .. } = laid;
    if operation.after.is_some() {
        // What must come before is missing: refused in so many words, and nothing breaks.
        return (status >= 500).then(|| format!("{status} {answer}"));
    }
    // eSignet and MOSIP refuse with 200 and a list.
    let refused = answer["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    if status != operation.first_status() || refused {
        return Some(format!("{status} {answer}"));
    }
    let said = &document["paths"][path][operation.method.as_str().to_ascii_lowercase()];
    let content = &said["responses"][status.to_string()]["content"]["application/json"]["schema"];
    let validator = schema(document, content)?;
    let errors = validator.iter_errors(answer);
    let errors: Vec<_> = errors.map(|e| format!("{}: {e}", e.instance_path())).collect();
    (!errors.is_empty()).then(|| format!("not of the shape that was said: {}", errors.join("; ")))
}

#[actix_web::test]
async fn every_example_works_as_it_stands_against_a_fresh_country() {
    let trial = Trial::start(ALL, 300);
    let (mut found, mut sent) = (Vec::new(), 0);
    for system in ALL {
        let document = document(system, &format!("/{}", system.mount()), "");
        for laid in operations(system) {
            let sample = laid.operation.sample();
            let letter = letter(&trial, &laid.prefix, &sample).await;
            let (status, answer) = trial.ask(letter).await;
            sent += 1;
            if let Some(why) = wrong(&document, &laid, (status, &answer)) {
                found.push(format!("{} {}{}: {why}", sample.method, laid.prefix, sample.path));
            }
        }
        trial.hall().reset().await.unwrap();
    }
    assert!(found.is_empty(), "{} of {sent} examples:\n{}", found.len(), found.join("\n"));
}
