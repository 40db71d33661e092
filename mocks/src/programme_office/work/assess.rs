//! The assessment: asks the registries one after the other and decides after each answer, so that nobody is asked more
//! than the decision needs.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::ask::{Asker, Found, Unanswered, Who};
use super::records;
use crate::kit::courier::Errand;
use crate::kit::store::Transaction;
use crate::programme_office::model::application::{Application, Candidate, NoteKind, Stage};
use crate::programme_office::model::decisions::{self, Decision, Verdict};
use crate::programme_office::model::eligibility::Holds;
use crate::programme_office::model::facts::Told;
use crate::programme_office::model::programmes::{Clause, Programme, Programmes};
use crate::programme_office::model::sources::{
    BENEFICIARIES, CIVIL, DISABILITY, EMPLOYMENT, FARMERS, ORDER, SOCIAL,
};
use crate::programme_office::store::{self, Consent, Trouble};

mod special;

/// DCI's names of what goes wrong when a person is looked up.
pub(in crate::programme_office) const SEVERAL_RECORDS: &str = "EXC.COM.01";
pub(in crate::programme_office) const NO_RECORD: &str = "EXC.COM.02";
pub(in crate::programme_office) const RECORDS_DISAGREE: &str = "EXC.COM.03";

/// How an assessment ends.
#[derive(Debug)]
pub(in crate::programme_office) enum Ending {
    Enrol,
    Refuse,
    Duplicate,
    /// An officer looks: the facts contradict each other.
    Review(String),
    /// An officer checks by hand: a register does not know the person, or knows too many.
    Manual {
        exception: &'static str,
        why: String,
    },
    /// An officer picks a record.
    Choice(Vec<Candidate>),
    /// Asked again later.
    Undetermined(String),
}

/// One application on the desk.
struct Case<'a> {
    errand: &'a Errand,
    programmes: &'a Programmes,
    programme: &'a Programme,
    consent: Consent,
    today: Date,
    application: Application,
    /// Why an officer must check by hand, although nothing speaks against it.
    by_hand: Option<String>,
    /// Things to note for others.
    noticed: Vec<(NoteKind, String)>,
}

/// What an assessment brought: how it ends, and what was noticed on the way.
#[derive(Debug)]
pub(in crate::programme_office) struct Assessed {
    pub(in crate::programme_office) application: Application,
    pub(in crate::programme_office) ending: Ending,
    pub(in crate::programme_office) noticed: Vec<(NoteKind, String)>,
}

/// Stops an assessment early; the usual way out.
type Step = Result<(), Stop>;

enum Stop {
    Ending(Ending),
    Trouble(Trouble),
}

impl From<Unanswered> for Stop {
    fn from(unanswered: Unanswered) -> Self {
        Self::Ending(Ending::Undetermined(unanswered.to_string()))
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// Assesses an application that is under way.
pub(in crate::programme_office) async fn assess(
    errand: &Errand,
    id: &str,
) -> Result<Assessed, Trouble> {
    let archive = &errand.office.store;
    let application = store::application(archive, id)?;
    let programmes = store::programmes(&errand.office)?;
    let programme = programmes.find(&application.programme)?;
    let today = errand.office.room.clock.today();
    let noticed = Vec::new();
    let now = errand.stamp();
    let consent = store::consent(archive, id)?.filter(|consent| consent.expires_at > now);
    let Some(consent) = consent else {
        let why =
            String::from("There is no consent, or it has expired: the applicant logs in again.");
        return Ok(Assessed { application, ending: Ending::Undetermined(why), noticed });
    };
    let by_hand = None;
    let mut case = Case {
        errand,
        programmes: &programmes,
        programme,
        consent,
        today,
        application,
        by_hand,
        noticed,
    };
    let ending = match case.run().await {
        Ok(()) => Ending::Enrol,
        Err(Stop::Ending(ending)) => ending,
        Err(Stop::Trouble(trouble)) => return Err(trouble),
    };
    Ok(Assessed { application: case.application, ending, noticed: case.noticed })
}

impl Case<'_> {
    async fn run(&mut self) -> Step {
        for source in self.programme.sources() {
            if !ORDER.contains(&source.as_str()) {
                let why = format!("The office has no way yet to ask the {source}.");
                return Err(Stop::Ending(Ending::Undetermined(why)));
            }
        }
        self.civil().await?;
        if self.is_member()? {
            return self.duplicates();
        }
        for source in [DISABILITY, FARMERS, EMPLOYMENT] {
            if self.programme.asks(source) {
                self.special(source).await?;
            }
        }
        if self.programme.asks(SOCIAL) {
            self.social().await?;
        }
        if self.programme.asks(BENEFICIARIES) {
            self.memberships().await?;
        }
        self.duplicates()?;
        self.conclude()
    }

    /// D2, D3 and D4 of the pension: what the civil registry says, and whether it is the same person.
    async fn civil(&mut self) -> Step {
        let found = self.person().await?;
        match found.records.first() {
            Some(record) => {
                let facts = records::of_person(record, &found.told);
                self.application.uin =
                    self.application.uin.take().or_else(|| records::uin_of(record));
                self.application.facts.learn(facts);
            }
            None => self.unregistered(),
        }
        let mut made = self.by_clauses(CIVIL);
        if !found.records.is_empty() {
            let among_several = !self.application.candidates.is_empty();
            let facts = &self.application.facts;
            made.push(decisions::same_person(self.programme, facts, among_several));
        }
        self.settle(made)?;
        if self.verdict("D4") == Some(Verdict::Review) {
            let d4 = self.sentence("D4");
            self.notice(NoteKind::ChangeRequest, format!("Which register is right? {d4}"));
            self.notice(
                NoteKind::GrievanceHint,
                "The applicant can ask for a correction of the data.",
            );
            return Err(Stop::Ending(Ending::Review(d4)));
        }
        if self.application.facts.get("alive").is_some_and(|f| f.value == json!(false)) {
            self.dead().await;
        }
        self.refuse_where_failed()
    }

    async fn person(&self) -> Result<Found, Stop> {
        let (uin, name) = (self.application.uin.clone(), self.application.name.clone());
        let who = match (&uin, &name, self.application.birth_date) {
            (Some(uin), _, _) => Who::Uin(uin),
            (None, Some(name), Some(born)) => Who::NameAndBirth(name, born),
            _ => {
                let why = String::from("The application names nobody to look up.");
                return Err(Stop::Ending(Ending::Manual { exception: NO_RECORD, why }));
            }
        };
        let found = match self.asker().person(who).await {
            Err(Unanswered::TooMany(_)) => {
                let why =
                    String::from("Too many people fit the name and birth date to choose from.");
                return Err(Stop::Ending(Ending::Manual { exception: SEVERAL_RECORDS, why }));
            }
            other => other?,
        };
        if uin.is_none() && found.records.len() > 1 {
            let candidates = found.records.iter().filter_map(records::candidate).collect();
            return Err(Stop::Ending(Ending::Choice(candidates)));
        }
        Ok(found)
    }

    /// The civil registry does not know the person: the identity system's birth date stands in, and an officer checks.
    fn unregistered(&mut self) {
        let born = self.application.facts.get("verified_birth_date").cloned();
        self.application.facts.learn(born.map(|mut fact| {
            fact.name = String::from("birth_date");
            fact
        }));
        self.notice(NoteKind::ManualCheck, "The civil registry has no record of the applicant.");
        self.by_hand = Some(String::from(
            "The civil registry has no record; birth date and home are known from Arenoa ID and the social registry only.",
        ));
    }

    /// A death is recorded: whoever applies is somebody else. The social registry is asked whether it knows.
    async fn dead(&mut self) {
        self.notice(NoteKind::FraudFlag, "Somebody applied in the name of a person who is dead.");
        if !self.programme.asks(SOCIAL) {
            return;
        }
        if let Some(uin) = self.application.uin.clone() {
            // No answer costs the applicant nothing here: only the correction goes unsuggested.
            if let Ok(found) = self.asker().household(&uin).await {
                self.learn_household(&found, &uin);
            }
            if self.application.facts.get("social_alive").is_some_and(|f| f.value == json!(true)) {
                let date = self.application.facts.text("death_date").unwrap_or_default().to_owned();
                let sentence = format!(
                    "The social registry still lists {uin} as living; the civil registry records a death on {date}."
                );
                self.notice(NoteKind::CorrectionSuggested, sentence);
            }
        }
    }

    /// D5 of the pension: the home.
    async fn social(&mut self) -> Step {
        let Some(uin) = self.application.uin.clone() else {
            return self.settle(self.by_clauses(SOCIAL));
        };
        let found = self.asker().household(&uin).await?;
        self.learn_household(&found, &uin);
        if found.records.is_empty() {
            self.notice(
                NoteKind::ManualCheck,
                "The social registry has no household of the applicant.",
            );
            self.by_hand =
                Some(String::from("The social registry has no household of the applicant."));
        }
        self.settle(self.by_clauses(SOCIAL))?;
        self.refuse_where_failed()?;
        self.severe_in(&found).await
    }

    fn learn_household(&mut self, found: &Found, uin: &str) {
        if let Some(record) = found.records.first() {
            let facts = records::of_household(record, uin, self.today, &found.told);
            self.application.facts.learn(facts);
        }
        if let Some(language) = self.application.facts.text("language") {
            self.application.language =
                crate::programme_office::model::application::two_letters(language);
        }
    }

    /// D6 of the pension: other benefits, one question a programme.
    async fn memberships(&mut self) -> Step {
        if let Some(uin) = self.application.uin.clone() {
            for programme in self.programme.memberships_asked() {
                let fact = self.asker().is_in(&uin, &programme).await?;
                self.application.facts.learn([fact]);
            }
        }
        self.settle(self.by_clauses(BENEFICIARIES))?;
        self.refuse_where_failed()
    }

    /// The office looks at its own members before it asks others about a person whom it pays already.
    fn is_member(&self) -> Result<bool, Trouble> {
        let archive = &self.errand.office.store;
        Ok(archive.read(|db| store::is_member(db, &self.application))?)
    }

    /// D7.
    fn duplicates(&mut self) -> Step {
        let archive = &self.errand.office.store;
        let twins =
            archive.read(|db| store::twins(db, &self.application)).map_err(Trouble::from)?;
        self.settle(vec![decisions::no_duplicate(self.programme, &twins)])?;
        if twins.is_empty() { Ok(()) } else { Err(Stop::Ending(Ending::Duplicate)) }
    }

    /// The whole rule over all facts.
    fn conclude(&mut self) -> Step {
        let world = self.application.facts.world(self.today);
        let (rule, holds) = (self.programme.rule_text(), self.programme.holds(&world));
        let sentence = match holds {
            Holds::Yes => "The rule holds.",
            Holds::No => "The rule does not hold.",
            Holds::Undetermined => "The rule cannot be decided: a fact is missing.",
        };
        let body = json!({"rule": rule, "version": self.programme.version(), "holds": holds});
        self.errand.event("eligibility", sentence, &body);
        match (holds, self.by_hand.take()) {
            (Holds::No, _) => Err(Stop::Ending(Ending::Refuse)),
            (_, Some(why)) => Err(Stop::Ending(Ending::Manual { exception: NO_RECORD, why })),
            (Holds::Yes, None) => Ok(()),
            (Holds::Undetermined, None) => {
                let missing = self.application.first(Verdict::Review);
                let why = missing.map_or_else(|| sentence.to_owned(), |d| d.sentence.clone());
                Err(Stop::Ending(Ending::Manual { exception: NO_RECORD, why }))
            }
        }
    }

    /// The clauses that can be decided once `source` has answered.
    fn by_clauses(&self, source: &str) -> Vec<Decision> {
        let (facts, today) = (&self.application.facts, self.today);
        let ready = |clause: &&Clause| self.programmes.decided_by(clause) == source;
        let clauses = self.programme.clauses().iter().filter(ready);
        clauses.map(|c| decisions::by_clause(self.programme, c, facts, today)).collect()
    }

    /// Keeps decisions and what they rest on, and shows them.
    fn settle(&mut self, made: Vec<Decision>) -> Step {
        for decision in made {
            let action = format!("decision {}", decision.id);
            let shown = decision.shown(&self.application);
            self.errand.event(&action, &decision.sentence, &shown);
            self.application.record(decision);
        }
        let kept = &self.application;
        let change = |now: &mut Application, _: &Transaction<'_>| {
            if now.stage == Stage::Assessing {
                now.facts = kept.facts.clone();
                now.decisions.clone_from(&kept.decisions);
                now.uin.clone_from(&kept.uin);
                now.language.clone_from(&kept.language);
            }
            Ok(())
        };
        store::change(&self.errand.office.store, &self.application.id, change)?;
        Ok(())
    }

    fn refuse_where_failed(&self) -> Step {
        match self.application.first(Verdict::Fail) {
            Some(_) => Err(Stop::Ending(Ending::Refuse)),
            None => Ok(()),
        }
    }

    fn verdict(&self, id: &str) -> Option<Verdict> {
        self.application.decisions.iter().find(|d| d.id == id).map(|d| d.verdict)
    }

    fn sentence(&self, id: &str) -> String {
        let decision = self.application.decisions.iter().find(|d| d.id == id);
        decision.map(|d| d.sentence.clone()).unwrap_or_default()
    }

    fn notice(&mut self, kind: NoteKind, sentence: impl Into<String>) {
        self.noticed.push((kind, sentence.into()));
    }

    fn asker(&self) -> Asker<'_> {
        Asker { errand: self.errand, application: &self.application.id, consent: &self.consent }
    }
}

/// What the identity system said, as facts; the exchange has no message ids, so the login stands for them.
pub(in crate::programme_office) fn of_login(
    verified: &super::login::Verified,
    application: &str,
    at: String,
) -> Vec<crate::programme_office::model::facts::Fact> {
    let told = Told { source: "identity", message_id: format!("login of {application}"), at };
    let mut facts = vec![
        told.fact("verified_sub", Value::from(verified.sub.as_str())),
        told.fact("verified_name", Value::from(verified.name.as_str())),
        told.fact("verified_birth_date", Value::from(verified.birth_date.as_str())),
    ];
    let locality = verified.locality.as_deref();
    facts.extend(locality.map(|place| told.fact("verified_locality", Value::from(place))));
    facts.extend(verified.by.as_deref().map(|by| told.fact("verified_by", Value::from(by))));
    facts
}
