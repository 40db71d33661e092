//! The books of every system that keeps some, checked where they lie: in a running office, or in a folder of databases.

use std::path::Path;

use actix_web::HttpResponse;
use serde_json::json;

use super::{Broken, Checked, check, report};
use crate::kit::server::Call;
use crate::kit::store::{Store, StoreError};
use crate::kit::system::System;

/// What was found in one system's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Where the books lie: the room's folder.
    pub room: String,
    pub system: &'static str,
    pub found: Result<Checked, Broken>,
}

/// Whether a system keeps books: it lays the ledger's tables.
pub fn keeps_books(system: &System) -> bool {
    system.schema.contains("create table if not exists ledger_account")
}

/// Checks the books of all rooms in a country's data folder, room by room.
pub fn audit_folder(dir: &Path, systems: &'static [System]) -> Result<Vec<Audit>, StoreError> {
    let mut audits = Vec::new();
    for country in folders(&dir.join("rooms")) {
        for room in folders(&country) {
            for system in systems.iter().filter(|system| keeps_books(system)) {
                let books = room.join(format!("{}.db", system.name));
                if !books.exists() {
                    continue;
                }
                let found = Store::open(&books, "")?.read(check)?;
                let room = room.strip_prefix(dir).unwrap_or(&room).display().to_string();
                audits.push(Audit { room, system: system.name, found });
            }
        }
    }
    Ok(audits)
}

/// The folders in a folder, by name; none where there is no such folder.
fn folders(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut found: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// `GET /_arenoa/ledger`: whether the books of this office are right.
pub(crate) async fn answer(call: Call) -> HttpResponse {
    let system = call.errand.office.system;
    if !keeps_books(system) {
        let sentence = format!("{} keeps no books", system.title);
        return HttpResponse::NotFound().json(json!({"error": sentence}));
    }
    match call.store().survey(check) {
        Ok(found) => HttpResponse::Ok().json(report(&found)),
        Err(error) => HttpResponse::InternalServerError().json(json!({"error": error.to_string()})),
    }
}

#[cfg(test)]
mod tests {
    use crate::kit::courier::Letter;
    use crate::kit::trial::Trial;

    use super::*;

    #[actix_web::test]
    async fn every_set_of_books_is_checked_at_its_office_and_in_its_folder() {
        let trial = Trial::start(crate::ALL, 50);
        let dir = trial.country.settings.dir.clone();
        let sound = audit_folder(&dir, crate::ALL).unwrap();
        let systems: Vec<_> = sound.iter().map(|audit| audit.system).collect();
        for system in ["greenbank", "payment_switch", "pinkbank", "treasury"] {
            assert!(systems.contains(&system), "{systems:?}");
        }
        assert!(sound.iter().all(|audit| audit.found.is_ok()), "{sound:?}");

        let forge = "update ledger_account set balance = balance + 1 where code = 'capital/XTS'";
        let office = trial.office("treasury");
        office.store.alter(|tx| tx.execute_batch(forge)).unwrap();
        let (status, told) = trial.ask(Letter::get("treasury", "/_arenoa/ledger")).await;
        assert_eq!((status, &told["balanced"]), (200, &json!(false)));
        let broken: Vec<_> = audit_folder(&dir, crate::ALL).unwrap();
        let broken: Vec<_> = broken.iter().filter(|audit| audit.found.is_err()).collect();
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert_eq!(broken[0].system, "treasury");
        assert_eq!(trial.ask(Letter::get("messenger", "/_arenoa/ledger")).await.0, 404);
    }
}
