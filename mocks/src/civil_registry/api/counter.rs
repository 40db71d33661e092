//! `POST /events/{births,deaths,marriages,divorces,annulments,corrections}` and what is decided about single events:
//! the registrar's own counter (ours; OpenCRVS declares and registers over tRPC).

use actix_web::HttpResponse;
use actix_web::web::Path;
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::COUNTER;
use super::enter::{Entered, Word, must_be_open, register};
use super::forms::{self, AnnulmentForm, BirthForm, CorrectionForm, DeathForm, DivorceForm, Form};
use super::forms::{ANNULMENT, CORRECTION, MarriageForm};
use super::office::{Clerk, Failed, REGISTRAR, deliver, follow_up};
use super::opencrvs::tokens::of_registrar;
use super::{annul, correct};
use crate::civil_registry::link::packets::IDENTITY;
use crate::civil_registry::link::trigger::{self, Verdict};
use crate::civil_registry::model::event::{ActionKind, ActionStatus, EventType};
use crate::civil_registry::model::fold::{POTENTIAL_DUPLICATE, REJECTED};
use crate::civil_registry::model::refusal::Refusal;
use crate::civil_registry::store::events::{self, Kept};
use crate::kit::courier::Errand;
use crate::kit::openapi::{Routes, says};
use crate::kit::registry::entered;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    let enters = |summary| {
        says(summary).tag(COUNTER).gives::<Value>(201, "Entered, with its number").gives::<Value>(
            202,
            "Waits: for the registrar's word about a duplicate, or for Arenoa ID",
        )
    };
    routes
        .post("/events/births", enter::<BirthForm>, enters("Registers a birth").takes::<BirthForm>(json!({
            "given_name": "Ada", "family_name": "Ortal", "sex": "female", "date": "2026-09-28",
            "place": "QN010101", "mother": cast_uin("lena"), "father": cast_uin("milan_ortal"),
        })))
        .post("/events/deaths", enter::<DeathForm>, enters("Registers a death").takes::<DeathForm>(json!({
            "uin": cast_uin("otto"), "date": "2026-09-30", "place": "Salmara",
        })))
        .post("/events/marriages", enter::<MarriageForm>, enters("Registers a marriage").takes::<MarriageForm>(json!({
            "spouse1": cast_uin("nadia"), "spouse2": cast_uin("sami_oran"), "date": "2026-09-12",
        })))
        .post("/events/divorces", enter::<DivorceForm>, enters("Registers a divorce").takes::<DivorceForm>(json!({
            "spouse1": cast_uin("kemal"), "spouse2": cast_uin("hana_torres"), "date": "2026-09-30",
        })))
        .post(
            "/events/annulments",
            annul,
            says("Annuls an entry")
                .tag(COUNTER)
                .takes::<AnnulmentForm>(json!({"registration_number": "DRN-2026-0001", "reason": "entered twice"}))
                .gives::<Value>(200, "Annulled")
                .after("an entry with this number was made"),
        )
        .post(
            "/events/corrections",
            correct,
            says("Corrects an entry")
                .tag(COUNTER)
                .takes::<CorrectionForm>(json!({
                    "registration_number": "BRN-2026-0001", "reason": "misheard", "given_name": "Ida",
                }))
                .gives::<Value>(200, "Corrected")
                .after("an entry with this number was made"),
        )
        .post(
            "/events/{id}/{verb}",
            decide,
            says("Says what shall become of an event that waits")
                .tag(COUNTER)
                .more(VERBS)
                .path("verb", "not-duplicate")
                .takes::<Said>(json!({"reason": "they are twins"}))
                .gives::<Value>(200, "Done")
                .gives::<Value>(201, "Entered")
                .after("an event with this id waits"),
        );
}

async fn enter<F: Form + 'static>(call: Call) -> HttpResponse {
    let clerk = Clerk::of(&call, REGISTRAR);
    let done = forms::read::<F>(&call.body, F::EXAMPLE).map_err(Failed::from).and_then(|form| {
        call.store().write(|tx| {
            let mut kept = events::open(tx, F::KIND, &clerk.at)?;
            kept.event.push(clerk.action(ActionKind::Create));
            let mut declared = clerk.action(ActionKind::Declare);
            declared.declaration = form.fields();
            kept.event.push(declared);
            let entered = register(tx, &clerk, &mut kept, Word::default())?;
            Ok::<_, Failed>((kept, entered))
        })
    });
    let done = done.map_err(|failed| failed.map(forms::in_own_words));
    entered(&call, done.map(|(kept, entered)| told(&call, &kept, entered)))
}

/// Tells what became of an event, on the stage and to whoever asked.
pub(super) fn told(call: &Call, kept: &Kept, entered: Entered) -> (u16, Value) {
    let mut facts = super::log::line(kept);
    match entered {
        Entered::Suspect(duplicates) => {
            facts["duplicates"] = json!(duplicates);
            let sentence = format!(
                "This may be {} again; the registrar must say that it is not.",
                duplicates.join(", ")
            );
            call.errand.event("potential duplicate", &sentence, &facts);
            (202, facts)
        }
        Entered::Requested => {
            let sentence = "Arenoa ID is asked before the entry is made.";
            call.errand.event("registration requested", sentence, &facts);
            call.later(ask(call.errand.clone(), kept.event.id.clone()));
            (202, facts)
        }
        Entered::Registered { notices, packet } => {
            facts["notices"] = json!(notices.len());
            show(&call.errand, kept.event.kind, &facts);
            follow_up(call, notices, packet);
            (201, facts)
        }
    }
}

/// Shows an entry on the stage.
fn show(errand: &Errand, kind: EventType, facts: &Value) {
    let (action, sentence) = match kind {
        EventType::Birth => ("birth registered", "A birth was entered in the register"),
        EventType::Death => ("death registered", "A death was entered in the register"),
        EventType::Marriage => ("marriage registered", "A marriage was entered in the register"),
        EventType::Divorce => ("divorce registered", "A divorce was entered in the register"),
    };
    errand.event(action, sentence, facts);
}

async fn ask(errand: Errand, id: String) {
    let token = of_registrar(&errand).await;
    trigger::follow(errand, id, token).await;
}

/// Does what Arenoa ID said about the registration of the event `id`.
pub(in crate::civil_registry) async fn trigger_ended(errand: &Errand, id: &str, said: Verdict) {
    let clerk = Clerk::on(errand, IDENTITY);
    let (number, reason) = match said {
        Verdict::Accepted(number) => (number, None),
        Verdict::Rejected(reason) => (None, Some(reason)),
        Verdict::Pending(why) => {
            let found = errand.office.store.read(|db| events::find(db, id)).ok().flatten();
            let line = found.as_ref().map(super::log::line).unwrap_or_default();
            errand.event("registration pending", &why, &trigger::pending(&why, &line));
            return;
        }
    };
    let done = errand.office.store.write(|tx| {
        let found = events::find(tx, id)?;
        let mut kept = found.ok_or_else(|| Refusal::UnknownEvent(id.into()))?;
        waiting(&kept)?;
        if let Some(reason) = &reason {
            refuse(tx, &clerk, &mut kept, reason)?;
            return Ok((kept, None));
        }
        let word = Word { number: number.as_deref(), declaration: None };
        let entered = register(tx, &clerk, &mut kept, word)?;
        Ok::<_, Failed>((kept, Some(entered)))
    });
    match done {
        Ok((kept, Some(Entered::Registered { notices, packet }))) => {
            show(errand, kept.event.kind, &super::log::line(&kept));
            deliver(errand.clone(), notices, packet).await;
        }
        Ok((kept, _)) => {
            let why = reason.unwrap_or_else(|| String::from("the registrar must look at it again"));
            errand.event("event rejected", &why, &super::log::line(&kept));
        }
        Err(failed) => {
            errand.event("registration pending", &failed.told().1, &json!({"event_id": id}));
        }
    }
}

async fn annul(call: Call) -> HttpResponse {
    let clerk = Clerk::of(&call, REGISTRAR);
    let form = forms::read::<AnnulmentForm>(&call.body, ANNULMENT).map_err(Failed::from);
    let done = form.and_then(|form| {
        let reason = given(&form.reason)?;
        call.store().write(|tx| annul::annul(tx, &clerk, form.registration_number.trim(), reason))
    });
    entered(
        &call,
        done.map(|(kept, notices, packet)| {
            changed(&call, "entry annulled", &kept, notices, packet)
        }),
    )
}

async fn correct(call: Call) -> HttpResponse {
    let clerk = Clerk::of(&call, REGISTRAR);
    let form = forms::read::<CorrectionForm>(&call.body, CORRECTION).map_err(Failed::from);
    let done = form.and_then(|form| {
        let reason = given(&form.reason)?;
        call.store().write(|tx| {
            let mut kept = annul::entry(tx, form.registration_number.trim())?;
            let changes = form.changes(kept.event.kind, &kept.event.declaration());
            correct::request(tx, &clerk, &mut kept, (changes, reason))?;
            let notices = correct::approve(tx, &clerk, &mut kept)?;
            Ok::<_, Failed>((kept, notices))
        })
    });
    let done = done.map_err(|failed| failed.map(forms::in_own_words));
    entered(
        &call,
        done.map(|(kept, notices)| changed(&call, "entry corrected", &kept, notices, None)),
    )
}

/// A reason, which nobody may leave out.
fn given(reason: &str) -> Result<&str, Failed> {
    match reason.trim() {
        "" => Err(Refusal::Field("reason".into(), "say in a sentence why").into()),
        reason => Ok(reason),
    }
}

/// Tells of a change of an entry that stands.
pub(super) fn changed(
    call: &Call,
    action: &str,
    kept: &Kept,
    notices: Vec<String>,
    packet: Option<String>,
) -> (u16, Value) {
    let mut facts = super::log::line(kept);
    facts["notices"] = json!(notices.len());
    let number = kept.event.registration_number().unwrap_or(&kept.event.tracking_id);
    let last = kept.event.actions.iter().rev().find_map(|action| action.reason.as_deref());
    let sentence = format!("{number}: {}", last.unwrap_or("done at the counter"));
    call.errand.event(action, &sentence, &facts);
    follow_up(call, notices, packet);
    (200, facts)
}

/// What the registrar says about an event.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Said {
    reason: String,
}

/// `POST /events/{id}/{verb}`.
async fn decide(call: Call, path: Path<(String, String)>) -> HttpResponse {
    let (id, verb) = path.into_inner();
    let clerk = Clerk::of(&call, REGISTRAR);
    let done = read_word(&call).and_then(|word| {
        call.store().write(|tx| {
            let found = events::find(tx, &id)?;
            let mut kept = found.ok_or_else(|| Refusal::UnknownEvent(id.clone()))?;
            let decided = decided(tx, &clerk, &mut kept, (&verb, &word.reason))?;
            Ok::<_, Failed>((kept, decided))
        })
    });
    entered(
        &call,
        done.map(|(kept, decided)| match decided {
            Decided::Entered(entered) => told(&call, &kept, entered),
            Decided::Changed(action, notices) => changed(&call, action, &kept, notices, None),
        }),
    )
}

enum Decided {
    Entered(Entered),
    /// How the stage calls it, and the notices to deliver.
    Changed(&'static str, Vec<String>),
}

fn read_word(call: &Call) -> Result<Said, Failed> {
    if call.body.is_empty() {
        return Ok(Said::default());
    }
    Ok(forms::read(&call.body, r#"{"reason":"..."}"#)?)
}

fn decided(
    tx: &Connection,
    clerk: &Clerk,
    kept: &mut Kept,
    (verb, reason): (&str, &str),
) -> Result<Decided, Failed> {
    Ok(match verb {
        "register" => {
            must_be_open(kept, "registered")?;
            Decided::Entered(register(tx, clerk, kept, Word::default())?)
        }
        "not-duplicate" => {
            suspected(kept)?;
            kept.event.push(clerk.action(ActionKind::MarkAsNotDuplicate));
            Decided::Entered(register(tx, clerk, kept, Word::default())?)
        }
        "duplicate" => {
            suspected(kept)?;
            kept.event.push(clerk.action(ActionKind::MarkAsDuplicate));
            let mut action = clerk.action(ActionKind::Archive);
            action.reason = Some("it is in the register already".into());
            kept.event.push(action);
            events::save(tx, kept)?;
            Decided::Changed("event archived", Vec::new())
        }
        "accept" => {
            waiting(kept)?;
            Decided::Entered(register(tx, clerk, kept, Word::default())?)
        }
        "reject" => {
            refuse(tx, clerk, kept, given(reason)?)?;
            Decided::Changed("event rejected", Vec::new())
        }
        "approve-correction" => {
            Decided::Changed("entry corrected", correct::approve(tx, clerk, kept)?)
        }
        "reject-correction" => {
            correct::reject(tx, clerk, kept, given(reason)?)?;
            Decided::Changed("correction rejected", Vec::new())
        }
        _ => return Err(Refusal::Field("path".into(), VERBS).into()),
    })
}

const VERBS: &str = "the last part is register, accept, reject, duplicate, not-duplicate, \
     approve-correction or reject-correction";

/// The event must be waiting for somebody's word.
pub(super) fn waiting(kept: &Kept) -> Result<(), Refusal> {
    let waits = kept.event.waiting_registration().is_some();
    if waits { Ok(()) } else { Err(Refusal::NotWaiting("a decision about its registration")) }
}

fn suspected(kept: &Kept) -> Result<(), Refusal> {
    let suspected = kept.event.is_flagged(POTENTIAL_DUPLICATE);
    if suspected { Ok(()) } else { Err(Refusal::NotWaiting("a word about duplicates")) }
}

/// Sends an event back, or refuses a registration that waits.
pub(super) fn refuse(
    tx: &Connection,
    clerk: &Clerk,
    kept: &mut Kept,
    reason: &str,
) -> Result<(), Failed> {
    let asked = kept.event.waiting_registration().map(|asked| asked.id.clone());
    let mut action = if asked.is_some() {
        let mut action = clerk.action(ActionKind::Register);
        action.status = ActionStatus::Rejected;
        action
    } else {
        must_be_open(kept, "rejected")?;
        if kept.event.is_flagged(REJECTED) {
            return Err(Refusal::NotWaiting("a second rejection: it went back already").into());
        }
        clerk.action(ActionKind::Reject)
    };
    action.original_action_id = asked;
    action.reason = Some(reason.into());
    kept.event.push(action);
    Ok(events::save(tx, kept)?)
}
