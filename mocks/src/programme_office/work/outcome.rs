//! What follows from an assessment or from an officer's word: the application's new state, what is owed, what is told.

use serde_json::json;

use super::assess::{Assessed, Ending, RECORDS_DISAGREE, SEVERAL_RECORDS};
use super::letters::{self, News};
use super::{counts, duties, leaving};
use crate::kit::courier::{Errand, Letter};
use crate::kit::store::{Transaction, next_number};
use crate::programme_office::cycle::{Member, add_member};
use crate::programme_office::model::amounts;
use crate::programme_office::model::application::{
    Application, Note, NoteKind, OfficerDecision, OfficerWord, Stage,
};
use crate::programme_office::model::decisions::{Decision, Verdict, no_duplicate};
use crate::programme_office::model::enrolment::{Change, Membership};
use crate::programme_office::model::payment::Payment;
use crate::programme_office::model::programmes::{BenefitKind, Programmes, cycle_of};
use crate::programme_office::store::{self, Owed, Trouble};

/// Assesses an application that is under way and does whatever follows, up to the payment. Runs in the background; a
/// second run for the same application waits for the first and does what is left.
pub(in crate::programme_office) async fn carry_on(errand: Errand, id: String) {
    let _turn = duties::turn(&errand, &format!("assess {id}")).await;
    let done = async {
        let application = store::application(&errand.office.store, &id)?;
        if application.stage == Stage::Assessing {
            let assessed = super::assess::assess(&errand, &id).await?;
            conclude(&errand, assessed).await?;
        }
        duties::after_enrolment(&errand, &id).await
    };
    if let Err(trouble) = done.await {
        lost(&errand, &id, &trouble);
    }
}

/// Does what is left of an application after a restart, the part that follows a payment included.
pub(in crate::programme_office) async fn take_up(errand: Errand, id: String) {
    carry_on(errand.clone(), id.clone()).await;
    let done = async {
        duties::after_payment(&errand, &id).await?;
        leaving::tell(&errand, &id).await
    };
    if let Err(trouble) = done.await {
        lost(&errand, &id, &trouble);
    }
}

/// Something of our own broke: it is logged, and the application can be resumed.
fn lost(errand: &Errand, id: &str, trouble: &Trouble) {
    tracing::error!(%trouble, application = id, "an application could not be carried on");
    let stand = store::change(&errand.office.store, id, |application, _| {
        if application.stage == Stage::Assessing {
            application.stand(Stage::Undetermined, trouble.to_string());
        }
        Ok(())
    });
    if let Err(error) = stand {
        tracing::error!(%error, application = id, "nor could this be written down");
    }
}

async fn conclude(errand: &Errand, assessed: Assessed) -> Result<(), Trouble> {
    let Assessed { application, ending, noticed } = assessed;
    let programmes = store::programmes(&errand.office)?;
    let stamp = errand.stamp();
    let (now, payment) = store::change(&errand.office.store, &application.id, |now, tx| {
        // An officer or a second run came first: what they did stands.
        if now.stage != Stage::Assessing {
            return Ok(None);
        }
        for (kind, sentence) in noticed {
            let id = format!("NOTE-{:06}", next_number(tx, "NOTE")?);
            now.notes.push(Note { id, kind, sentence, at: stamp.clone() });
        }
        match &ending {
            Ending::Enrol => {
                let twins = store::twins(tx, now)?;
                if twins.is_empty() {
                    return enrol(errand, &programmes, now, tx);
                }
                // Another application of the same person came first.
                now.record(no_duplicate(programmes.find(&now.programme)?, &twins));
                stand(now, &Ending::Duplicate)?;
            }
            other => stand(now, other)?,
        }
        Ok(None)
    })?;
    show(errand, &now, payment.as_ref());
    tell_outcome(errand, &programmes, &now).await;
    counts::mention_outcome(errand, &now).await;
    Ok(())
}

/// Where an application stands that was not enrolled.
fn stand(now: &mut Application, ending: &Ending) -> Result<(), Trouble> {
    let failed = now.first(Verdict::Fail).map(|d| d.sentence.clone()).unwrap_or_default();
    match ending {
        Ending::Refuse | Ending::Enrol => {
            now.membership = now
                .membership
                .after(&Change::Refuse)
                .map_err(crate::programme_office::model::application::Refusal::from)?;
            now.stand(Stage::Decided, failed);
        }
        Ending::Duplicate => {
            now.membership = now
                .membership
                .after(&Change::MarkDuplicate)
                .map_err(crate::programme_office::model::application::Refusal::from)?;
            now.stand(Stage::Decided, failed);
        }
        Ending::Review(why) => {
            now.exception = Some(RECORDS_DISAGREE.into());
            now.stand(Stage::NeedsReview, why.as_str());
        }
        Ending::Manual { exception, why } => {
            now.exception = Some((*exception).into());
            now.stand(Stage::ManualCheck, why.as_str());
        }
        Ending::Choice(candidates) => {
            now.exception = Some(SEVERAL_RECORDS.into());
            let why = format!("{} records fit the name and birth date.", candidates.len());
            now.candidates.clone_from(candidates);
            now.stand(Stage::NeedsChoice, why);
        }
        Ending::Undetermined(why) => now.stand(Stage::Undetermined, why.as_str()),
    }
    Ok(())
}

/// Enrols, and writes down what is owed for the current cycle, in one step.
fn enrol(
    errand: &Errand,
    programmes: &Programmes,
    now: &mut Application,
    tx: &Transaction<'_>,
) -> Result<Option<Payment>, Trouble> {
    let programme = programmes.find(&now.programme)?;
    let today = errand.office.room.clock.today();
    now.membership = now
        .membership
        .after(&Change::Enrol)
        .map_err(crate::programme_office::model::application::Refusal::from)?;
    now.exception = None;
    let name = programme.name("en");
    now.stand(Stage::Decided, format!("Enrolled in the {name}."));
    if let Some(uin) = &now.uin {
        let known = |fact: &str| now.facts.text(fact).unwrap_or_default();
        let (programme, new_account) = (programme.code(), None);
        let (name, district) = (known("civil_name"), known("district"));
        add_member(tx, &Member { uin, programme, name, district, new_account })?;
        store::come_back(tx, (uin, programme))?;
    }
    let benefit = programme.benefit();
    let Some(amount) = benefit.amount_cents().filter(|_| benefit.kind != BenefitKind::Service)
    else {
        return Ok(None);
    };
    let cents = amount.cents(&now.facts.world(today));
    let (Ok(amount_cents), Some(uin)) = (cents, now.uin.clone()) else {
        // Missing data is a refusal to pay, never a payment of zero.
        let sentence = String::from(
            "The amount or the person's number is missing: an officer sets the entitlement.",
        );
        let id = format!("NOTE-{:06}", next_number(tx, "NOTE")?);
        now.notes.push(Note { id, kind: NoteKind::ManualCheck, sentence, at: errand.stamp() });
        return Ok(None);
    };
    if benefit.kind == BenefitKind::Voucher {
        let (worth, currency) = (amounts::decimal(amount_cents), programmes.currency().as_str());
        now.stand(
            Stage::Decided,
            format!("Enrolled in the {name}: a voucher of {worth} {currency} is due."),
        );
        return Ok(None);
    }
    let owed = Owed {
        application: &now.id,
        uin: &uin,
        programme: programme.code(),
        cycle: &cycle_of(today),
        amount_cents,
        currency: programmes.currency().as_str(),
        at: &errand.stamp(),
    };
    Ok(Some(store::owe(tx, &owed)?))
}

/// What everybody may see of the new state.
fn show(errand: &Errand, now: &Application, payment: Option<&Payment>) {
    let body = json!({"application": now.id, "state": now.state(), "programme": now.programme,
        "reason": now.reason, "exception": now.exception});
    let action = match now.stage {
        Stage::Decided => format!("membership {}", now.membership.as_str()),
        _ => format!("application {}", now.state()),
    };
    errand.event(&action, &now.reason, &body);
    for note in &now.notes {
        let kind = json!(note.kind);
        let action = format!("note {}", kind.as_str().unwrap_or_default());
        errand.event(&action, &note.sentence, &json!(note));
    }
    if let Some(payment) = payment {
        let sentence = format!(
            "{} {} are owed for {}.",
            amounts::decimal(payment.amount_cents),
            payment.currency,
            payment.cycle
        );
        errand.event("entitlement approved", &sentence, &json!(payment));
    }
}

/// The text message that an outcome without payment deserves. Nobody is told anything where fraud is suspected.
async fn tell_outcome(errand: &Errand, programmes: &Programmes, now: &Application) {
    if now.notes.iter().any(|n| n.kind == NoteKind::FraudFlag) {
        return;
    }
    let news = match (now.stage, now.membership) {
        (Stage::NeedsReview | Stage::ManualCheck, _) => News::Review,
        (Stage::Decided, Membership::NotEligible | Membership::Duplicated) => {
            News::Rejected(now.first(Verdict::Fail))
        }
        _ => return,
    };
    tell(errand, now, &letters::write(programmes, now, news)).await;
}

/// Sends a text message. One that does not arrive changes nothing else; the journal shows it.
pub(in crate::programme_office) async fn tell(errand: &Errand, to: &Application, text: &str) {
    if to.phone.is_empty() {
        return;
    }
    let sms = json!({"to": to.phone, "text": text});
    let sent = errand.send(Letter::post("messenger", "/sms").json(&sms).correlation(&to.id)).await;
    match sent {
        Ok(reply) if reply.is_success() => {}
        Ok(reply) => tracing::warn!(status = reply.status, "a text message was refused"),
        Err(error) => tracing::warn!(%error, "a text message did not leave"),
    }
}

/// An officer decides what waits for an officer; what follows goes on in the background.
pub(in crate::programme_office) fn officer_decides(
    errand: &Errand,
    id: &str,
    word: &OfficerWord,
) -> Result<Application, Trouble> {
    let programmes = store::programmes(&errand.office)?;
    let (now, payment) = store::change(&errand.office.store, id, |now, tx| {
        let change = now.officer_says(word)?;
        let programme = programmes.find(&now.programme)?;
        now.record(by_officer(word, programme.code(), &change));
        if change == Change::Enrol {
            // Who shares a telephone and a birth date may be somebody else: that is for the officer to say.
            let twins = store::twins(tx, now)?;
            if let Some(twin) = twins.into_iter().find(|twin| twin.by == "UIN") {
                return Err(crate::programme_office::model::application::Refusal::Enrolled(
                    twin.application,
                )
                .into());
            }
            return enrol(errand, &programmes, now, tx);
        }
        now.membership = now
            .membership
            .after(&change)
            .map_err(crate::programme_office::model::application::Refusal::from)?;
        now.stand(Stage::Decided, word.reason.as_str());
        Ok(None)
    })?;
    if let Some(decision) = now.decisions.last() {
        errand.event("decision officer", &decision.sentence, &decision.shown(&now));
    }
    show(errand, &now, payment.as_ref());
    Ok(now)
}

/// What follows an officer's decision.
pub(in crate::programme_office) async fn after_officer(
    errand: Errand,
    id: String,
    decision: OfficerDecision,
) {
    if decision == OfficerDecision::Approve {
        return carry_on(errand, id).await;
    }
    let archive = &errand.office.store;
    match (store::application(archive, &id), store::programmes(&errand.office)) {
        (Ok(now), Ok(programmes)) => {
            tell(&errand, &now, &letters::write(&programmes, &now, News::Rejected(None))).await;
            counts::mention_outcome(&errand, &now).await;
        }
        (Err(error), _) | (_, Err(error)) => tracing::error!(%error, "the refusal was not told"),
    }
}

fn by_officer(word: &OfficerWord, programme: &str, change: &Change) -> Decision {
    Decision {
        id: String::from("officer"),
        title: String::from("An officer decided"),
        rule: String::from("an officer looks at what the rule cannot decide"),
        version: programme.into(),
        verdict: if *change == Change::Enrol { Verdict::Pass } else { Verdict::Fail },
        facts: Vec::new(),
        clauses: Vec::new(),
        by: word.officer.clone(),
        sentence: word.reason.clone(),
        reason: None,
        other: None,
    }
}
