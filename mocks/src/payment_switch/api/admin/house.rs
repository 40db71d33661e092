//! Our own routes: whether the books are right, whether the switch signs, and under which name it speaks.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{answer, ours, wrong};
use crate::kit::fspiop::{HUB_NAMES, Refusal, read, set_hub_name, set_signing};
use crate::kit::ledger;
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::settings;

pub(super) fn routes(routes: &mut Routes) {
    routes
        .get(
            "/admin/ledger",
            check_ledger,
            ours("Whether the books are right").gives::<Value>(200, "What they say"),
        )
        .put(
            "/admin/signing",
            signing,
            ours("Sets whether the switch signs")
                .takes::<Signing>(json!({"on": false}))
                .gives::<Value>(200, "Set"),
        )
        .put(
            "/admin/hub",
            name,
            ours("Sets the name under which the switch speaks")
                .takes::<Hub>(json!({"name": "switch"}))
                .gives::<Value>(200, "Set"),
        );
}

async fn check_ledger(call: Call) -> HttpResponse {
    let checked = call.store().survey(ledger::check).map_err(Refusal::from);
    answer(&call, 200, checked.map(|checked| ledger::report(&checked)))
}

#[derive(Deserialize, JsonSchema)]
struct Signing {
    on: bool,
}

async fn signing(call: Call) -> HttpResponse {
    let set = read::<Signing>(&call.body).and_then(|signing| {
        set_signing(&call.errand.office, signing.on)?;
        settings::keep(&call.errand)?;
        Ok(json!({"on": signing.on}))
    });
    answer(&call, 200, set)
}

#[derive(Deserialize, JsonSchema)]
struct Hub {
    name: String,
}

async fn name(call: Call) -> HttpResponse {
    let set = read::<Hub>(&call.body).and_then(|hub| {
        if !HUB_NAMES.contains(&hub.name.as_str()) {
            return Err(wrong(format!("name: one of {}", HUB_NAMES.join(", "))));
        }
        set_hub_name(&call.errand.office, &hub.name)?;
        settings::keep(&call.errand)?;
        Ok(json!({"name": hub.name}))
    });
    answer(&call, 200, set)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::kit::courier::Letter;
    use crate::kit::fspiop::hub_name;
    use crate::kit::store::settings;
    use crate::kit::trial::Trial;

    #[actix_web::test]
    async fn what_is_set_at_the_switch_stays_when_a_story_begins() {
        let trial = Trial::start(crate::ALL, 50);
        let office = trial.office("payment_switch");
        let put = |path: &str, body: Value| {
            trial.ask(Letter::to("payment_switch", Method::PUT, path).json(&body))
        };
        assert_eq!(put("/admin/hub", json!({"name": "Hub"})).await.0, 200);
        assert_eq!(put("/admin/signing", json!({"on": false})).await.0, 200);
        let set = office.store.read(settings).unwrap();
        assert_eq!(set.len(), 2, "{set:?}");
        trial.hall().begin().await.unwrap();
        assert_eq!(office.store.read(settings).unwrap(), set);
        assert_eq!(hub_name(&office), "Hub");
    }
}
