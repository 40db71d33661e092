//! What a notice of death does. The civil registry is asked whether it records the death, because no notice alone stops
//! money. Where it does, the membership ends, what was not paid yet is not issued, and the beneficiary registry and the
//! statistics hear of it. Where it does not say so, an application is paused and its payments wait for an officer.

use std::sync::Arc;

use serde_json::{Value, json};
use standards::dci::search::{SearchCriteria, SearchItem, SearchRequest, SearchResponse};
use standards::dci::{Action, Status, TransactionId};

use super::duties;
use super::leaving::{self, End, Of};
use super::records::{death_date, uin_of};
use crate::kit::courier::Errand;
use crate::kit::dci;
use crate::kit::room::Office;
use crate::kit::store::next_number;
use crate::programme_office::model::application::{
    Application, MembershipChange, MembershipWish, Note, NoteKind,
};
use crate::programme_office::model::programmes::Programmes;
use crate::programme_office::model::sources::CIVIL;
use crate::programme_office::store::{self, Member, Trouble};

/// How every doubt of a death begins.
const TOLD_OF: &str = "A death was told of";

/// The people whom a notice's records are about.
fn named_in(records: &Value) -> Vec<String> {
    let one = std::slice::from_ref(records);
    records.as_array().map_or(one, Vec::as_slice).iter().filter_map(uin_of).collect()
}

/// Follows a notice of death: everybody whom its records name. It is followed again at the next start where something of
/// the office's own broke, or where the civil registry gave no answer.
pub(in crate::programme_office) async fn follow(
    errand: Errand,
    reference_id: String,
    records: Value,
) {
    let mut is_done = true;
    for uin in named_in(&records) {
        is_done &= heard(&errand, &uin).await;
    }
    if is_done && let Err(error) = store::note_followed(&errand.office.store, &reference_id) {
        tracing::error!(%error, "a notice of death could not be ticked off");
    }
}

/// An officer has looked at what was told of this person: notices of the death are followed no more.
pub(in crate::programme_office) fn settle(errand: &Errand, uin: &str) {
    let archive = &errand.office.store;
    let settled = store::unfollowed(archive).and_then(|notices| {
        for (reference_id, records) in notices {
            let records = serde_json::from_str(&records).unwrap_or_default();
            if named_in(&records).iter().all(|named| named == uin) {
                store::note_followed(archive, &reference_id)?;
            }
        }
        Ok(())
    });
    if let Err(error) = settled {
        tracing::error!(%error, "notices of death could not be ticked off");
    }
}

/// Follows the notices that a stop of the program left unfollowed, or that the civil registry gave no answer about.
pub(in crate::programme_office) fn wake(office: &Arc<Office>) {
    let left = store::unfollowed(&office.store).unwrap_or_else(|error| {
        tracing::error!(%error, "notices of death could not be looked up");
        Vec::new()
    });
    for (reference_id, records) in left {
        let errand = Errand { office: Arc::clone(office), cause: office.room.stranger() };
        let records = serde_json::from_str(&records).unwrap_or_default();
        errand.clone().spawn(follow(errand, reference_id, records));
    }
}

/// What the office does about somebody whose death it was told of: nothing, where it pays the person nothing. One
/// programme in trouble does not keep the others from ending. Says whether all is done.
async fn heard(errand: &Errand, uin: &str) -> bool {
    let _turn = duties::turn(errand, &format!("death of {uin}")).await;
    let done = async {
        let concerned = store::memberships(&errand.office.store, uin)?;
        if concerned.is_empty() {
            return Ok(true);
        }
        let programmes = store::programmes(&errand.office)?;
        let recorded = recorded(errand, uin).await;
        let mut is_done = true;
        for member in &concerned {
            let followed = match &recorded {
                Ok(Some(date)) => exit(errand, &programmes, member, date).await,
                Ok(None) => doubt(
                    errand,
                    member,
                    &format!("{TOLD_OF} that the civil registry does not record."),
                ),
                // The notice stays to be followed: at the next start the registry is asked again.
                Err(why) => {
                    is_done = false;
                    doubt(errand, member, why)
                }
            };
            if let Err(trouble) = followed {
                let programme = &member.programme;
                tracing::error!(%trouble, %programme, "a notice of death was not followed");
                is_done = false;
            }
        }
        Ok::<_, Trouble>(is_done)
    };
    done.await.unwrap_or_else(|trouble| {
        tracing::error!(%trouble, "a notice of death was not followed");
        false
    })
}

/// Whether a payment waits because a death was told of that nobody has confirmed.
pub(in crate::programme_office) fn is_doubted(remark: &str) -> bool {
    remark.starts_with(TOLD_OF)
}

/// The date of death that the civil registry records.
async fn recorded(errand: &Errand, uin: &str) -> Result<Option<String>, String> {
    let silent =
        |why: &str| format!("{TOLD_OF}, and the civil registry has not confirmed it: {why}");
    let mut search_criteria = SearchCriteria::by_identifier("UIN", uin);
    search_criteria.reg_type = Some("ns:org:RegistryType:Civil".into());
    let message = SearchRequest {
        transaction_id: TransactionId::from(errand.office.next_id("TXN")),
        search_request: vec![SearchItem {
            reference_id: errand.office.next_id("REF"),
            timestamp: errand.stamp().into(),
            search_criteria,
            pagination: None,
            locale: Some("eng".into()),
        }],
    };
    let path = "/registry/sync/search";
    let asked = dci::ask::<SearchResponse>(errand, CIVIL, path, Action::Search, &message);
    let answer = asked.await.map_err(|e| silent(&e.to_string()))?;
    let result = answer.message.search_response.first();
    let Some(result) = result.filter(|result| result.status == Status::Succ) else {
        return Err(silent("it does not answer the question."));
    };
    let records = result.data.as_ref().map(|data| &data.reg_records);
    Ok(records.and_then(|records| records.first()).and_then(death_date))
}

/// Ends a membership for good.
async fn exit(
    errand: &Errand,
    programmes: &Programmes,
    member: &Member,
    date: &str,
) -> Result<(), Trouble> {
    let reason = format!("The civil registry records a death on {date}.");
    let (at, currency) = (errand.stamp(), programmes.currency().as_str());
    let of = Of {
        uin: &member.uin,
        programme: &member.programme,
        application: member.application.as_deref(),
    };
    let (application, number, cents) = if let Some(id) = &member.application {
        let (now, cents) = store::change(&errand.office.store, id, |now, tx| {
            let (change, reason) = (MembershipChange::Exit, reason.clone());
            now.change_membership(&MembershipWish { change, reason: reason.clone() })?;
            let cents = leaving::stop(tx, of, (End::Deceased, &reason, &at))?;
            note(now, next_number(tx, "NOTE")?, (&said(&reason, cents, currency), &at));
            Ok(cents)
        })?;
        (Some(now), id.clone(), cents)
    } else {
        let (number, cents) = errand.office.store.write(|tx| {
            let number = store::depart(tx, (&member.uin, &member.programme), (&reason, &at))?;
            Ok::<_, Trouble>((number, leaving::stop(tx, of, (End::Deceased, &reason, &at))?))
        })?;
        (None, number, cents)
    };
    let sentence = said(&reason, cents, currency);
    let body = json!({"application": application.as_ref().map(|now| &now.id), "state": "exited",
        "uin": member.uin, "about": member.name, "programme": member.programme,
        "reason": sentence, "stopped_cents": cents});
    errand.event("membership exited", &format!("{}: {sentence}", member.name), &body);
    match application {
        Some(now) => leaving::after_change(errand.clone(), now).await,
        None => leaving::after_departure(errand.clone(), member.clone(), number).await,
    }
    Ok(())
}

fn said(reason: &str, cents: i64, currency: &str) -> String {
    let stopped = leaving::stopped(cents, currency);
    format!("{reason} The membership ends and nothing more is paid.{stopped}")
}

fn note(now: &mut Application, number: i64, (sentence, at): (&str, &str)) {
    let (id, sentence, at) = (format!("NOTE-{number:06}"), sentence.to_owned(), at.to_owned());
    now.notes.push(Note { id, kind: NoteKind::Death, sentence, at });
}

/// The registry does not confirm what was told: an officer looks, and the money waits.
fn doubt(errand: &Errand, member: &Member, why: &str) -> Result<(), Trouble> {
    let (at, of) = (errand.stamp(), (member.uin.as_str(), member.programme.as_str()));
    let is_paused = match &member.application {
        Some(id) if member.is_active => {
            store::change(&errand.office.store, id, |now, tx| {
                let (change, reason) = (MembershipChange::Pause, why.to_owned());
                now.change_membership(&MembershipWish { change, reason })?;
                note(now, next_number(tx, "NOTE")?, (why, &at));
                Ok(())
            })?;
            true
        }
        _ => false,
    };
    errand.office.store.write(|tx| Ok::<_, Trouble>(leaving::hold(tx, of, (why, &at))?))?;
    let action = if is_paused { "membership paused" } else { "death doubted" };
    let sentence = format!("{}: {why} Payments wait for an officer.", member.name);
    let body = json!({"application": member.application, "uin": member.uin, "about": member.name,
        "programme": member.programme, "reason": why});
    errand.event(action, &sentence, &body);
    Ok(())
}
