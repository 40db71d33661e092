//! `GET /health` and `GET /admin/health`, as Mojaloop's central services answer. Nothing here can be down by itself: the
//! archive is asked, and there is no broker that could fail.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::{answer, ours};
use crate::kit::fspiop::Refusal;
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_switch::store;

pub(super) fn routes(routes: &mut Routes) {
    for path in ["/health", "/admin/health"] {
        let is = ours("Whether the switch is well").gives::<Value>(200, "It is");
        routes.get(path, health, is);
    }
}

async fn health(call: Call) -> HttpResponse {
    let asked = call.store().read(store::participants).map_err(Refusal::from);
    let ok = |name: &str| json!({"name": name, "status": "OK"});
    let shown = asked.map(|_| {
        json!({"status": "OK", "versionNumber": env!("CARGO_PKG_VERSION"),
            "services": [ok("broker"), ok("datastore")]})
    });
    answer(&call, 200, shown)
}
