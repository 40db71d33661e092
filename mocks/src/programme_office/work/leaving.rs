//! A membership is paused, goes on or ends. A pause holds what was not sent; an end cancels it, takes the
//! person out of open cycles, and is told to the beneficiary registry (DCI IBR 1.0.0, `/registry/sync/enrollment/updates`),
//! again at the next start where nobody took it.

use std::sync::Arc;

use serde_json::{Value, json};
use standards::dci::enrollment::{
    EnrolledUpdates, EnrollmentUpdatesRequest, EnrollmentUpdatesResponse,
};
use standards::dci::{Action, Status, TransactionId};

use super::counts::{self, Happened};
use super::{departures, duties, outcome};
use crate::kit::courier::Errand;
use crate::kit::dci;
use crate::kit::room::Office;
use crate::kit::store::Transaction;
use crate::programme_office::cycle;
use crate::programme_office::model::amounts::decimal;
use crate::programme_office::model::application::{
    Application, MembershipChange, MembershipWish, Refusal,
};
use crate::programme_office::model::enrolment::Membership;
use crate::programme_office::model::programmes::cycle_of;
use crate::programme_office::model::sources::BENEFICIARIES;
use crate::programme_office::store::{self, Member, Trouble};

/// How a membership ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::programme_office) enum End {
    Deceased,
    Left,
}

impl End {
    /// DCI `enrollment_status`: 2 is Deceased; of those that are left, 3, Graduated, is the only one that ends for good.
    fn status(self) -> &'static str {
        match self {
            Self::Deceased => "2",
            Self::Left => "3",
        }
    }
}

/// Whose membership of which programme, and the application that brought it, where there is one.
#[derive(Debug, Clone, Copy)]
pub(in crate::programme_office) struct Of<'a> {
    pub(in crate::programme_office) uin: &'a str,
    pub(in crate::programme_office) programme: &'a str,
    pub(in crate::programme_office) application: Option<&'a str>,
}

/// Stops the money of a membership that ends, in one step with its end. Gives how much is not paid.
pub(in crate::programme_office) fn stop(
    tx: &Transaction<'_>,
    of: Of<'_>,
    (end, reason, at): (End, &str, &str),
) -> rusqlite::Result<i64> {
    let person = (of.uin, of.programme);
    let owed = match of.application {
        Some(id) => store::cancel_payments(tx, id, reason)?,
        None => 0,
    };
    let cents = owed + cycle::stop(tx, person, (end, reason))?;
    store::lift_pause(tx, person)?;
    store::note_ending(tx, person, (end.status(), at))?;
    Ok(cents)
}

/// Holds the money of a membership that is paused.
pub(in crate::programme_office) fn hold(
    tx: &Transaction<'_>,
    person: (&str, &str),
    (reason, at): (&str, &str),
) -> rusqlite::Result<()> {
    store::pause(tx, person, (reason, at))?;
    cycle::hold(tx, person, reason)
}

/// ` 100.00 XTS that were due are not paid.`; nothing where nothing was due.
pub(in crate::programme_office) fn stopped(cents: i64, currency: &str) -> String {
    match cents {
        0 => String::new(),
        cents => format!(" {} {currency} that were due are not paid.", decimal(cents)),
    }
}

/// What an officer wrote, with a full stop where another sentence follows.
fn closed(reason: &str, cents: i64) -> String {
    let needs_stop = cents > 0 && !reason.trim_end().ends_with(['.', '!', '?']);
    if needs_stop { format!("{}.", reason.trim_end()) } else { reason.to_owned() }
}

/// What an officer's wish did to money.
#[derive(Debug, Default)]
struct Done {
    stopped_cents: i64,
    /// Why the membership was paused that goes on now.
    lifted: Option<String>,
}

fn carry_out(
    tx: &Transaction<'_>,
    of: Of<'_>,
    (wish, at): (&MembershipWish, &str),
) -> rusqlite::Result<Done> {
    let (person, reason) = ((of.uin, of.programme), wish.reason.trim());
    match wish.change {
        MembershipChange::Pause => {
            let why = match reason {
                "" => String::from("The membership is paused."),
                reason => format!("The membership is paused: {reason}"),
            };
            hold(tx, person, (&why, at))?;
            Ok(Done::default())
        }
        MembershipChange::Continue => {
            Ok(Done { lifted: store::lift_pause(tx, person)?, ..Done::default() })
        }
        MembershipChange::Exit => {
            let stopped_cents = stop(tx, of, (End::Left, reason, at))?;
            Ok(Done { stopped_cents, ..Done::default() })
        }
    }
}

/// An officer pauses, continues or ends the membership that an application brought.
pub(in crate::programme_office) fn change(
    errand: &Errand,
    id: &str,
    wish: &MembershipWish,
) -> Result<Application, Trouble> {
    let (at, programmes) = (errand.stamp(), store::programmes(&errand.office)?);
    let (now, done) = store::change(&errand.office.store, id, |now, tx| {
        now.change_membership(wish)?;
        let Some(uin) = now.uin.as_deref() else { return Ok(Done::default()) };
        let of = Of { uin, programme: &now.programme, application: Some(id) };
        Ok(carry_out(tx, of, (wish, &at))?)
    })?;
    let (cents, currency) = (done.stopped_cents, programmes.currency().as_str());
    let mut body = json!({"application": now.id, "state": now.state(), "reason": now.reason});
    if cents > 0 {
        body["stopped_cents"] = json!(cents);
    }
    let sentence = format!("{}{}", closed(&now.reason, cents), stopped(cents, currency));
    errand.event(&format!("membership {}", now.membership.as_str()), &sentence, &body);
    cleared(errand, now.uin.as_deref().unwrap_or_default(), &done);
    Ok(now)
}

/// What follows a change of a membership that an application brought.
pub(in crate::programme_office) async fn after_change(errand: Errand, now: Application) {
    match now.membership {
        Membership::Exited => {
            if let Err(trouble) = tell(&errand, &now.id).await {
                tracing::error!(%trouble, application = now.id, "the end was not told");
            }
            counts::mention(&errand, &now, &[Happened::Exited]).await;
        }
        // What was to be done when it was paused is done now.
        Membership::Enrolled => outcome::take_up(errand, now.id).await,
        _ => {}
    }
}

/// An officer pauses, continues or ends the membership of somebody who never applied. Gives the new state, and the number of
/// the departure where it ended.
pub(in crate::programme_office) fn change_member(
    errand: &Errand,
    member: &Member,
    wish: &MembershipWish,
) -> Result<(Membership, Option<String>), Trouble> {
    let (at, programmes) = (errand.stamp(), store::programmes(&errand.office)?);
    let before = if member.is_active { Membership::Enrolled } else { Membership::Paused };
    let now = before.after(&wish.change()).map_err(Refusal::from)?;
    let (uin, programme) = (member.uin.as_str(), member.programme.as_str());
    let (number, done) = errand.office.store.write(|tx| {
        let number = match now {
            Membership::Exited => Some(store::depart(tx, (uin, programme), (&wish.reason, &at))?),
            _ => None,
        };
        let done = carry_out(tx, Of { uin, programme, application: None }, (wish, &at))?;
        Ok::<_, Trouble>((number, done))
    })?;
    let (cents, currency) = (done.stopped_cents, programmes.currency().as_str());
    let (why, stopped) = (closed(&wish.reason, cents), stopped(cents, currency));
    let sentence = format!("{}: {why}{stopped}", member.name);
    let body = json!({"application": null, "state": now.as_str(), "uin": uin, "about": member.name,
        "programme": programme, "reason": wish.reason, "stopped_cents": cents});
    errand.event(&format!("membership {}", now.as_str()), &sentence, &body);
    cleared(errand, uin, &done);
    Ok((now, number))
}

/// What follows where somebody left who never applied.
pub(in crate::programme_office) async fn after_departure(
    errand: Errand,
    member: Member,
    number: String,
) {
    tell_end(&errand, (&member.uin, &member.programme)).await;
    count(&errand, &member, &number).await;
}

/// Whose death was doubted and who goes on has been looked at: no notice is followed any more.
fn cleared(errand: &Errand, uin: &str, done: &Done) {
    if done.lifted.as_deref().is_some_and(departures::is_doubted) {
        departures::settle(errand, uin);
    }
}

/// Tells the beneficiary registry that the membership of an application has ended, where it has and nobody was told.
pub(in crate::programme_office) async fn tell(errand: &Errand, id: &str) -> Result<(), Trouble> {
    let application = store::application(&errand.office.store, id)?;
    let Some(uin) = application.uin.filter(|_| application.membership == Membership::Exited) else {
        return Ok(());
    };
    // What says that somebody is enrolled and is under way comes first.
    let _assessing = duties::turn(errand, &format!("assess {id}")).await;
    let _paying = duties::turn(errand, &format!("paid {id}")).await;
    tell_end(errand, (&uin, &application.programme)).await;
    Ok(())
}

/// Tells the beneficiary registry that a membership has ended, once. What it does not take stays to be told.
pub(in crate::programme_office) async fn tell_end(errand: &Errand, (uin, programme): (&str, &str)) {
    let _turn = duties::turn(errand, &format!("end of {uin} in {programme}")).await;
    let told = async {
        let untold = store::untold_endings(&errand.office.store).map_err(|e| e.to_string())?;
        let end = untold.into_iter().find(|(who, of, _)| who == uin && of == programme);
        let Some((.., status)) = end else { return Ok(()) };
        report(errand, (uin, programme, &status)).await?;
        store::mark_ending_told(&errand.office.store, (uin, programme, &status))
            .map_err(|e| e.to_string())
    };
    if let Err(why) = told.await {
        errand.event("waiting enrolment", &why, &json!({"uin": uin, "programme": programme}));
    }
}

/// Tells at a start what nobody took before.
pub(in crate::programme_office) fn wake(office: &Arc<Office>) {
    let untold = store::untold_endings(&office.store).unwrap_or_else(|error| {
        tracing::error!(%error, "ends of memberships could not be looked up");
        Vec::new()
    });
    for (uin, programme, _) in untold {
        let errand = Errand { office: Arc::clone(office), cause: office.room.stranger() };
        errand.clone().spawn(async move { tell_end(&errand, (&uin, &programme)).await });
    }
}

async fn report(
    errand: &Errand,
    (uin, programme, status): (&str, &str, &str),
) -> Result<(), String> {
    let programmes = store::programmes(&errand.office).map_err(|e| e.to_string())?;
    let name = programmes.find(programme).map_or(programme, |known| known.name("en"));
    let today = errand.office.room.clock.today().to_string();
    let ended = json!({
        "receipt_type": "enrollment",
        "assistance_unit": "1",
        "member": {"member_identifier":
            [{"identifier_type": "UIN", "identifier_value": uin}]},
        "programme_identifier": [{
            "programme_identifier": programme,
            "programme_name": name,
            "implementing_institution": "Arenoa Pension Office"}],
        "enrollment_status": status,
        "status_change_date": [today],
        "benefits": [],
    });
    let message = EnrollmentUpdatesRequest {
        transaction_id: TransactionId::from(errand.office.next_id("TXN")),
        enrolled_updates: EnrolledUpdates { beneficiaries: vec![ended] },
    };
    let (path, action) = ("/registry/sync/enrollment/updates", Action::Notify);
    let asked =
        dci::ask::<EnrollmentUpdatesResponse>(errand, BENEFICIARIES, path, action, &message);
    let answer = asked.await.map_err(|e| e.to_string())?;
    match answer.message.enrolled_response.first() {
        Some(result) if result.status == Status::Rjct => {
            let why = result.status_reason_message.clone();
            Err(why.unwrap_or_else(|| String::from("it was rejected")))
        }
        _ => Ok(()),
    }
}

/// Counts the exit of somebody who never applied. The reference is a number of the office's own, never the person's.
pub(in crate::programme_office) async fn count(errand: &Errand, member: &Member, number: &str) {
    let event: Value = json!({"indicator": "exited", "programme": member.programme,
        "period": cycle_of(errand.office.room.clock.today()), "district": counts::code_of(&member.district),
        "value": 1, "amount_cents": 0, "reference_id": number});
    if let Err(why) = counts::tell(errand, &[event]).await {
        errand.event("waiting statistics", &why, &json!({"duty": "statistics"}));
    }
}
