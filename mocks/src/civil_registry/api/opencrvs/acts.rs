//! `POST /api/events/events/{id}/{notify,declare,register,reject,archive}`, `.../register/{accept,reject}` with a token
//! of that single record, `.../correction/{request,approve,reject}`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::form;
use super::input::Input;
use super::notify;
use super::refusal::{Refused, answer};
use super::tokens::{CONFIRM, Caller, caller};
use crate::civil_registry::api::correct;
use crate::civil_registry::api::counter::{changed, refuse, told, waiting};
use crate::civil_registry::api::enter::{Entered, Word, draft, must_be_open, register};
use crate::civil_registry::api::office::{Clerk, Failed};
use crate::civil_registry::model::event::{Action, ActionKind, Status};
use crate::civil_registry::model::refusal::Refusal;
use crate::civil_registry::store::events::{self, Kept};
use crate::kit::server::Call;

/// What somebody does with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Notify,
    Declare,
    Register,
    Reject,
    Archive,
    Accept,
    Refuse,
    RequestCorrection,
    ApproveCorrection,
    RejectCorrection,
}

impl Act {
    fn read(path: &str) -> Option<Self> {
        Some(match path {
            "notify" => Self::Notify,
            "declare" => Self::Declare,
            "register" => Self::Register,
            "reject" => Self::Reject,
            "archive" => Self::Archive,
            "register/accept" => Self::Accept,
            "register/reject" => Self::Refuse,
            "correction/request" => Self::RequestCorrection,
            "correction/approve" => Self::ApproveCorrection,
            "correction/reject" => Self::RejectCorrection,
            _ => return None,
        })
    }

    fn scope(self) -> &'static str {
        match self {
            Self::Notify => "record.notify",
            Self::Declare => "record.declare",
            Self::Register | Self::Reject | Self::Archive => "record.register",
            Self::Accept | Self::Refuse => CONFIRM,
            Self::RequestCorrection => "record.request-correction",
            Self::ApproveCorrection | Self::RejectCorrection => "record.correct",
        }
    }
}

/// What became of it, for the stage and for subscribers.
enum Done {
    Notified,
    Entered(Entered),
    Changed(&'static str, Vec<String>),
}

pub(super) async fn act(call: Call, path: Path<(String, String)>) -> HttpResponse {
    let (id, act) = path.into_inner();
    let done = acted(&call, &id, &act).await;
    answer(&call, done)
}

pub(super) async fn step(call: Call, path: Path<(String, String, String)>) -> HttpResponse {
    let (id, act, step) = path.into_inner();
    let done = acted(&call, &id, &format!("{act}/{step}")).await;
    answer(&call, done)
}

/// `POST /api/events/events/notifications`: OpenCRVS 1.9 notifies an event that was created before by this path, and names it in
/// the body. Without `eventId` it opens and notifies in one call.
pub(super) async fn notification(call: Call) -> HttpResponse {
    match named(&call.body) {
        Some(id) => {
            let done = acted(&call, &id, "notify").await;
            answer(&call, done)
        }
        None => notify::notify_at_once(call).await,
    }
}

/// The event that a notification names.
fn named(body: &[u8]) -> Option<String> {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Named {
        event_id: Option<String>,
    }
    serde_json::from_slice::<Named>(body).unwrap_or_default().event_id
}

async fn acted(call: &Call, id: &str, path: &str) -> Result<Value, Refused> {
    let act =
        Act::read(path).ok_or_else(|| Refused::new(404, format!("nobody can {path} here")))?;
    let caller = allowed(call, act, id).await?;
    let input = Input::read(call)?;
    let clerk = Clerk::of(call, &caller.client);
    let (kept, done) = call.store().write(|tx| {
        let found = events::find(tx, id)?;
        let mut kept = found.ok_or_else(|| Refusal::UnknownEvent(id.into()))?;
        if is_done(&kept, &clerk, &input) {
            return Ok((kept, None));
        }
        form::check(kept.event.kind, &input.declaration)?;
        if act == Act::Notify {
            form::made_somewhere(call, &input)?;
        }
        let before = kept.event.actions.len();
        let done = carried_out(tx, &clerk, &mut kept, (act, caller.record.as_ref()), &input)?;
        for action in kept.event.actions.iter_mut().skip(before) {
            action.transaction_id.clone_from(&input.transaction_id);
        }
        events::save(tx, &kept)?;
        Ok::<_, Refused>((kept, Some(done)))
    })?;
    match done {
        Some(Done::Notified) => notify::tell(call, &kept),
        Some(Done::Entered(entered)) => drop(told(call, &kept, entered)),
        Some(Done::Changed(action, notices)) => drop(changed(call, action, &kept, notices, None)),
        None => call.remark("this was done before, with the same transactionId"),
    }
    Ok(json!(kept.event))
}

/// Whether the token allows the act. The registrar's own scope is enough to accept or refuse what waits.
async fn allowed(call: &Call, act: Act, id: &str) -> Result<Caller, Refused> {
    let caller = caller(call).await?;
    let own_scope = matches!(act, Act::Accept | Act::Refuse) && caller.may("record.register");
    if !caller.may(act.scope()) && !own_scope {
        return Err(Refused::new(403, format!("the token does not allow `{}`", act.scope())));
    }
    match &caller.record {
        Some((event, _)) if event != id => {
            Err(Refused::new(403, "the token is for another record"))
        }
        _ => Ok(caller),
    }
}

/// Whether the same client did this with the same transaction before.
fn is_done(kept: &Kept, clerk: &Clerk, input: &Input) -> bool {
    // The first action belongs to the opening, whose transaction may go on with a second call.
    let same = |action: &Action| {
        action.transaction_id == input.transaction_id && action.created_by == clerk.by
    };
    kept.event.actions.iter().skip(1).any(same)
}

fn carried_out(
    tx: &Connection,
    clerk: &Clerk,
    kept: &mut Kept,
    (act, record): (Act, Option<&(String, String)>),
    input: &Input,
) -> Result<Done, Refused> {
    Ok(match act {
        Act::Notify => {
            let status = kept.event.status();
            if !matches!(status, Status::Created | Status::Notified) {
                return Err(Refusal::WrongMoment("notified", kept.event.kind, status).into());
            }
            notify::notify(clerk, kept, input);
            Done::Notified
        }
        Act::Declare => declare(tx, clerk, kept, input)?,
        Act::Register => {
            must_be_open(kept, "registered")?;
            Done::Entered(register(tx, clerk, kept, Word::default())?)
        }
        Act::Reject => {
            must_be_open(kept, "rejected")?;
            refuse(tx, clerk, kept, input.why()?)?;
            Done::Changed("event rejected", Vec::new())
        }
        Act::Archive => {
            must_be_open(kept, "archived")?;
            let mut action = clerk.action(ActionKind::Archive);
            action.reason = Some(input.why()?.into());
            kept.event.push(action);
            Done::Changed("event archived", Vec::new())
        }
        Act::Accept => {
            this_one(kept, record, input)?;
            let number = input.registration_number.as_deref();
            let word = Word { number, declaration: Some(&input.declaration) };
            Done::Entered(register(tx, clerk, kept, word)?)
        }
        Act::Refuse => {
            this_one(kept, record, input)?;
            refuse(tx, clerk, kept, input.why()?)?;
            Done::Changed("event rejected", Vec::new())
        }
        Act::RequestCorrection => {
            let changes = (input.declaration.clone(), input.why()?);
            correct::request(tx, clerk, kept, changes)?;
            Done::Changed("correction requested", Vec::new())
        }
        Act::ApproveCorrection => {
            Done::Changed("entry corrected", correct::approve(tx, clerk, kept)?)
        }
        Act::RejectCorrection => {
            correct::reject(tx, clerk, kept, input.why()?)?;
            Done::Changed("correction rejected", Vec::new())
        }
    })
}

/// A declaration is complete and lawful, or it is refused.
fn declare(
    tx: &Connection,
    clerk: &Clerk,
    kept: &mut Kept,
    input: &Input,
) -> Result<Done, Refused> {
    must_be_open(kept, "declared")?;
    let mut fields = kept.event.declaration();
    fields.extend(input.declaration.clone());
    let suspects = draft(tx, clerk, kept.event.kind, &fields)?.suspects;
    let mut action = clerk.action(ActionKind::Declare);
    action.declaration.clone_from(&input.declaration);
    action.annotation.clone_from(&input.annotation);
    kept.event.push(action);
    if !suspects.is_empty() && !kept.event.is_cleared() {
        let mut found = clerk.action(ActionKind::DuplicateDetected);
        found.duplicates = suspects;
        kept.event.push(found);
    }
    Ok(Done::Changed("event declared", Vec::new()))
}

/// The registration that waits must be the one that the token and the request name.
fn this_one(kept: &Kept, record: Option<&(String, String)>, input: &Input) -> Result<(), Failed> {
    waiting(kept)?;
    let waits = kept.event.waiting_registration().map(|action| action.id.as_str());
    let named = [record.map(|(_, action)| action.as_str()), input.action_id.as_deref()];
    if named.into_iter().flatten().any(|action| Some(action) != waits) {
        return Err(Refusal::NotWaiting("a word about that action").into());
    }
    Ok(())
}
