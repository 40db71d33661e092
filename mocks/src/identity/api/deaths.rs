//! What a registered death means here, settable at `/settings/deaths` (our own): `flag` (the default) notes it, and the
//! identity no longer proves anything; `deactivate` ends the identity too; `grace` leaves it as it is for some days, so
//! that the family can finish what is under way. Nothing is deleted, and a death entered in error is taken back.

use std::sync::Arc;

use actix_web::HttpResponse;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answers::{Failure, fresh_json, refuse_client};
use super::desk;
use crate::identity::model::civil::Told;
use crate::identity::model::person::Status;
use crate::identity::model::refusal::Refusal;
use crate::identity::store::deaths::{self, Noted};
use crate::identity::store::people;
use crate::identity::store::records::{self, Release};
use crate::kit::agenda::Agenda;
use crate::kit::courier::Errand;
use crate::kit::openapi::{Routes, says};
use crate::kit::room::Office;
use crate::kit::server::Call;
use crate::kit::store::{StoreError, set_setting, setting};

const NAME: &str = "on_death";
const EXAMPLE: &str =
    r#"{"policy":"flag"}, {"policy":"deactivate"} or {"policy":"grace","days":30}"#;
/// Nobody is left in between for longer.
const MOST_DAYS: u16 = 366;

/// What follows from a death.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "policy", rename_all = "snake_case", deny_unknown_fields)]
enum Policy {
    #[default]
    Flag,
    Deactivate,
    Grace {
        days: u16,
    },
}

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("desk").gives::<Policy>(200, "As it is now");
    routes.get("/settings/deaths", show, ours("What a registered death means here")).put(
        "/settings/deaths",
        change,
        ours("Sets what a registered death means here")
            .takes::<Policy>(json!({"policy": "grace", "days": 30})),
    );
}

async fn show(call: Call) -> HttpResponse {
    match policy(&call.errand) {
        Ok(policy) => fresh_json(&json!(policy)),
        Err(error) => refuse_client(&call, error.into()),
    }
}

async fn change(call: Call) -> HttpResponse {
    match changed(&call) {
        Ok(policy) => fresh_json(&json!(policy)),
        Err(failure) => refuse_client(&call, failure),
    }
}

fn changed(call: &Call) -> Result<Policy, Failure> {
    let wanted: Policy = desk::body(call, EXAMPLE)?;
    if matches!(wanted, Policy::Grace { days } if days == 0 || days > MOST_DAYS) {
        let sentence = format!("`days` is 1 to {MOST_DAYS}; write {EXAMPLE}");
        return Err(Refusal::request(sentence).into());
    }
    let text = json!(wanted).to_string();
    call.for_good(|store| store.alter(|tx| set_setting(tx, NAME, &text)))?;
    Ok(wanted)
}

fn policy(errand: &Errand) -> Result<Policy, StoreError> {
    let kept = errand.office.store.read(|db| setting(db, NAME))?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Notes a death once, as the policy has it; false where it was noted before.
pub(super) fn note(errand: &Errand, told: &Told, asker: &str) -> Result<bool, Failure> {
    let store = &errand.office.store;
    let person = store.read(|db| people::find(db, &told.uin))?;
    let unknown = || Refusal::new("not_found", format!("nobody has the number {}", told.uin));
    let person = person.ok_or_else(unknown)?;
    let noted = store.read(|db| deaths::noted(db, &told.uin))?;
    if person.deceased_on.is_some() || noted.is_some() {
        return Ok(false);
    }
    let policy = policy(errand)?;
    let until = match policy {
        Policy::Grace { days } => {
            let span = SignedDuration::from_hours(24 * i64::from(days));
            Some(errand.now().saturating_add(span).unwrap_or(Timestamp::MAX))
        }
        _ => None,
    };
    let number = told.number.clone().unwrap_or_default();
    let note = Noted {
        uin: told.uin.clone(),
        date: told.date.clone(),
        number: number.clone(),
        until: until.map(|moment| moment.to_string()),
        status_before: person.status,
    };
    let (date, uin) = (&told.date, &told.uin);
    let occasion = match (policy, until) {
        (Policy::Deactivate, _) => format!("death on {date}, entry {number}: deactivated"),
        (Policy::Grace { days }, _) => {
            format!("death on {date}, entry {number}: deactivated after {days} days of grace")
        }
        (Policy::Flag, _) => format!("death on {date}, entry {number}"),
    };
    let line = line(errand, asker, &occasion);
    store.alter(|tx| {
        deaths::keep(tx, &note)?;
        if until.is_none() {
            people::enter_death(tx, uin, date, &number)?;
        }
        if policy == Policy::Deactivate {
            people::set_status(tx, uin, Status::Deactivated)?;
        }
        records::audit(tx, uin, &line)
    })?;
    tell(errand, uin, &occasion);
    if let Some(until) = until {
        plan(errand, &note, until);
    }
    Ok(true)
}

fn line(errand: &Errand, asker: &str, occasion: &str) -> Release {
    Release {
        asker: asker.into(),
        occasion: occasion.into(),
        released: String::new(),
        at: errand.stamp(),
    }
}

fn tell(errand: &Errand, uin: &str, occasion: &str) {
    let sentence = format!("Identity {uin}: {occasion}.");
    errand.event("identity changed", &sentence, &json!({"uin": uin}));
}

/// The key under which the end of grace is planned.
fn key(uin: &str) -> String {
    format!("grace of {uin}")
}

fn plan(errand: &Errand, note: &Noted, until: Timestamp) {
    let agenda = errand.office.memory.of::<Agenda>();
    let (due, uin) = (errand.clone(), note.uin.clone());
    agenda.plan(errand, &key(&note.uin), until, async move {
        if let Err(error) = end_grace(&due, &uin) {
            tracing::error!(%error, %uin, "the grace after a death could not be ended");
        }
    });
}

fn end_grace(errand: &Errand, uin: &str) -> Result<(), StoreError> {
    let store = &errand.office.store;
    let Some(note) = store.read(|db| deaths::noted(db, uin))? else { return Ok(()) };
    let occasion = format!("death on {}, entry {}: the grace has ended", note.date, note.number);
    let line = line(errand, "arenoa-id", &occasion);
    store.alter(|tx| {
        people::enter_death(tx, uin, &note.date, &note.number)?;
        people::set_status(tx, uin, Status::Deactivated)?;
        deaths::end_grace(tx, uin)?;
        records::audit(tx, uin, &line)
    })?;
    tell(errand, uin, &occasion);
    Ok(())
}

/// Takes a death back that was entered in error; false where none was noted.
pub(super) fn take_back(errand: &Errand, uin: &str, asker: &str) -> Result<bool, Failure> {
    let store = &errand.office.store;
    let noted = store.read(|db| deaths::noted(db, uin))?;
    let person = store.read(|db| people::find(db, uin))?;
    let Some(person) = person.filter(|p| noted.is_some() || p.deceased_on.is_some()) else {
        return Ok(false);
    };
    let number = noted.as_ref().map(|note| note.number.as_str()).unwrap_or_default();
    let occasion = format!("the entry of the death {number} was annulled");
    let line = line(errand, asker, &occasion);
    let status = noted.as_ref().map_or(person.status, |note| note.status_before);
    store.alter(|tx| {
        deaths::take_back(tx, uin)?;
        people::set_status(tx, uin, status)?;
        records::audit(tx, uin, &line)
    })?;
    errand.office.memory.of::<Agenda>().strike(&key(uin));
    tell(errand, uin, &occasion);
    Ok(true)
}

/// Plans the ends of grace anew after a start.
pub(in crate::identity) fn take_up(office: &Arc<Office>) {
    let in_grace = office.store.read(deaths::in_grace).unwrap_or_else(|error| {
        tracing::error!(%error, "deaths in grace could not be read");
        Vec::new()
    });
    for note in in_grace {
        let until = note.until.as_deref().and_then(|text| text.parse().ok());
        let errand = Errand { office: Arc::clone(office), cause: office.room.stranger() };
        plan(&errand, &note, until.unwrap_or(Timestamp::MIN));
    }
}
