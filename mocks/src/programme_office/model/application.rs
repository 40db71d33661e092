//! An application: what somebody asks for, and where it stands.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use standards::ids::InvalidUin;

use super::decisions::{Decision, Verdict};
use super::enrolment::{Change, Membership};
use super::facts::Facts;
use super::wish::Wish;

/// Where an application stands until a membership takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum Stage {
    /// The applicant has not logged in.
    Login,
    /// Facts are being asked for.
    Assessing,
    /// Several records fit: an officer picks one.
    NeedsChoice,
    /// The facts contradict each other: an officer decides.
    NeedsReview,
    /// The civil registry does not know the person: an officer checks by hand.
    ManualCheck,
    /// A fact is missing because a system did not answer; asked again on `resume`.
    Undetermined,
    /// The applicant did not agree that registries are asked.
    ConsentRefused,
    /// The membership says the rest.
    Decided,
}

/// An application and all that became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::programme_office) struct Application {
    pub(in crate::programme_office) id: String,
    pub(in crate::programme_office) programme: String,
    pub(in crate::programme_office) uin: Option<String>,
    pub(in crate::programme_office) name: Option<String>,
    pub(in crate::programme_office) birth_date: Option<Date>,
    pub(in crate::programme_office) phone: String,
    pub(in crate::programme_office) channel: String,
    /// Two letters.
    pub(in crate::programme_office) language: String,
    pub(in crate::programme_office) stage: Stage,
    pub(in crate::programme_office) membership: Membership,
    /// Why it stands there, in a sentence.
    pub(in crate::programme_office) reason: String,
    /// DCI's name of the exception: `EXC.COM.01` several records, `.02` none, `.03` records disagree.
    pub(in crate::programme_office) exception: Option<String>,
    pub(in crate::programme_office) applied_at: String,
    pub(in crate::programme_office) facts: Facts,
    pub(in crate::programme_office) decisions: Vec<Decision>,
    /// Records among which an officer picks.
    pub(in crate::programme_office) candidates: Vec<Candidate>,
    /// What the office noticed for others: a correction to suggest, a suspicion, a change request.
    pub(in crate::programme_office) notes: Vec<Note>,
}

/// A record that may be the applicant's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::programme_office) struct Candidate {
    pub(in crate::programme_office) uin: String,
    pub(in crate::programme_office) name: String,
    pub(in crate::programme_office) birth_date: String,
    pub(in crate::programme_office) birth_place: Option<String>,
}

/// Something that somebody else should act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::programme_office) struct Note {
    pub(in crate::programme_office) id: String,
    pub(in crate::programme_office) kind: NoteKind,
    pub(in crate::programme_office) sentence: String,
    pub(in crate::programme_office) at: String,
}

/// What a note asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum NoteKind {
    /// A registry holds something that another contradicts.
    CorrectionSuggested,
    FraudFlag,
    ChangeRequest,
    ManualCheck,
    GrievanceHint,
    /// Somebody told of the person's death.
    Death,
}

/// What an officer says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::programme_office) struct OfficerWord {
    pub(in crate::programme_office) decision: OfficerDecision,
    pub(in crate::programme_office) reason: String,
    #[serde(default = "an_officer")]
    pub(in crate::programme_office) officer: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum OfficerDecision {
    Approve,
    Reject,
}

/// What shall become of a membership, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::programme_office) struct MembershipWish {
    pub(in crate::programme_office) change: MembershipChange,
    pub(in crate::programme_office) reason: String,
}

impl MembershipWish {
    /// The change of membership that it asks for.
    pub(in crate::programme_office) fn change(&self) -> Change {
        match self.change {
            MembershipChange::Pause => Change::Pause,
            MembershipChange::Continue => Change::Continue,
            MembershipChange::Exit => Change::Exit(self.reason.clone()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum MembershipChange {
    Pause,
    Continue,
    Exit,
}

/// Why something cannot be done with an application.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::programme_office) enum Refusal {
    #[error("this is no application: {0}")]
    Malformed(String),
    #[error("write the UIN, or name and birth date: without them nobody can be looked up")]
    Nobody,
    #[error(transparent)]
    Uin(#[from] InvalidUin),
    #[error("`{0}` is no telephone number: write + and 8 to 15 digits")]
    Phone(String),
    #[error("{0}")]
    Programme(String),
    #[error("there is no application {0}")]
    Unknown(String),
    #[error("{uin} is not in {programme}: write one of the programmes that pay this person")]
    NoMember { uin: String, programme: String },
    #[error("{id} is {state}, and cannot be {wanted}; only one that is {right} can")]
    NotNow { id: String, state: String, wanted: &'static str, right: &'static str },
    #[error(
        "this person is enrolled already, by {0}: reject this application, or end that membership"
    )]
    Enrolled(String),
    #[error("a decision needs a reason: write why")]
    NoReason,
    #[error("{uin} is not among the records found; choose one of {known}")]
    NoSuchCandidate { uin: String, known: String },
    #[error(transparent)]
    Membership(#[from] super::enrolment::Refusal),
}

fn an_officer() -> String {
    String::from("officer")
}

impl Application {
    /// A new application, before its applicant has logged in.
    pub(in crate::programme_office) fn new(id: String, wish: Wish, applied_at: String) -> Self {
        Self {
            id,
            programme: wish.programme,
            uin: wish.uin,
            name: wish.name,
            birth_date: wish.birth_date,
            phone: wish.phone,
            channel: wish.channel,
            language: two_letters(wish.language.as_deref().unwrap_or("en")),
            stage: Stage::Login,
            membership: Membership::Draft,
            reason: String::from("The applicant has not logged in yet."),
            exception: None,
            applied_at,
            facts: Facts::default(),
            decisions: Vec::new(),
            candidates: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Where it stands, in one word: the stage, and once that is done, the membership.
    pub(in crate::programme_office) fn state(&self) -> &'static str {
        match self.stage {
            Stage::Login => "draft",
            Stage::Assessing => "assessing",
            Stage::NeedsChoice => "needs_choice",
            Stage::NeedsReview => "needs_review",
            Stage::ManualCheck => "manual_check",
            Stage::Undetermined => "undetermined",
            Stage::ConsentRefused => "consent_refused",
            Stage::Decided => self.membership.as_str(),
        }
    }

    /// Whether it moves on by itself.
    pub(in crate::programme_office) fn is_under_way(&self) -> bool {
        self.stage == Stage::Assessing
    }

    /// Puts it somewhere else, with the reason.
    pub(in crate::programme_office) fn stand(&mut self, stage: Stage, reason: impl Into<String>) {
        self.stage = stage;
        self.reason = reason.into();
    }

    /// Keeps a decision; an earlier one of the same id is replaced.
    pub(in crate::programme_office) fn record(&mut self, decision: Decision) {
        match self.decisions.iter_mut().find(|d| d.id == decision.id) {
            Some(earlier) => *earlier = decision,
            None => self.decisions.push(decision),
        }
    }

    /// The first decision that went this way.
    pub(in crate::programme_office) fn first(&self, verdict: Verdict) -> Option<&Decision> {
        self.decisions.iter().find(|d| d.verdict == verdict)
    }

    /// An officer's word on an application that waits for one: the change of membership it brings about.
    pub(in crate::programme_office) fn officer_says(
        &self,
        word: &OfficerWord,
    ) -> Result<Change, Refusal> {
        if word.reason.trim().is_empty() {
            return Err(Refusal::NoReason);
        }
        if !matches!(self.stage, Stage::NeedsReview | Stage::ManualCheck) {
            return Err(self.not_now("decided by an officer", "in review or in manual check"));
        }
        Ok(match word.decision {
            OfficerDecision::Approve => Change::Enrol,
            OfficerDecision::Reject => Change::Refuse,
        })
    }

    /// The record that an officer picks becomes the applicant's.
    pub(in crate::programme_office) fn choose(&mut self, uin: &str) -> Result<(), Refusal> {
        if self.stage != Stage::NeedsChoice {
            return Err(self.not_now("given a record", "waiting for a choice"));
        }
        if !self.candidates.iter().any(|c| c.uin == uin) {
            let known: Vec<_> = self.candidates.iter().map(|c| c.uin.as_str()).collect();
            return Err(Refusal::NoSuchCandidate { uin: uin.into(), known: known.join(", ") });
        }
        self.uin = Some(uin.into());
        self.exception = None;
        self.stand(Stage::Assessing, format!("The officer chose the record of {uin}."));
        Ok(())
    }

    /// Opens a refused application again, so that it is assessed on today's date.
    pub(in crate::programme_office) fn reopen(&mut self) -> Result<(), Refusal> {
        if self.stage != Stage::Decided || self.membership == Membership::Enrolled {
            return Err(self.not_now("assessed again", "refused or duplicated"));
        }
        self.membership = self.membership.after(&Change::Reopen)?;
        self.start_over("It is assessed again.");
        Ok(())
    }

    /// Takes up an application that a system kept waiting.
    pub(in crate::programme_office) fn resume(&mut self) -> Result<(), Refusal> {
        match self.stage {
            Stage::Undetermined => {
                self.start_over("The systems are asked again.");
                Ok(())
            }
            Stage::Assessing | Stage::Decided if self.membership != Membership::NotEligible => {
                Ok(())
            }
            _ => Err(self.not_now("resumed", "undetermined, under way or enrolled")),
        }
    }

    /// What only the login gave stays; all else is asked and decided anew.
    fn start_over(&mut self, reason: &str) {
        self.facts.forget_registries();
        self.decisions.retain(|d| d.id == "D1");
        self.notes.clear();
        self.exception = None;
        self.stand(Stage::Assessing, reason);
    }

    /// Pauses, continues or ends a membership.
    pub(in crate::programme_office) fn change_membership(
        &mut self,
        wish: &MembershipWish,
    ) -> Result<(), Refusal> {
        self.membership = self.membership.after(&wish.change())?;
        self.reason.clone_from(&wish.reason);
        Ok(())
    }

    pub(in crate::programme_office) fn not_now(
        &self,
        wanted: &'static str,
        right: &'static str,
    ) -> Refusal {
        Refusal::NotNow { id: self.id.clone(), state: self.state().into(), wanted, right }
    }
}

/// `eng`, `en-GB` and `EN` are `en`.
pub(in crate::programme_office) fn two_letters(language: &str) -> String {
    match language.to_lowercase().as_str() {
        "fra" | "fre" => String::from("fr"),
        "spa" => String::from("es"),
        "ara" => String::from("ar"),
        "por" => String::from("pt"),
        other => other.chars().take(2).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(text: &str) -> Result<Wish, Refusal> {
        Wish::read(text.as_bytes())
    }

    fn application() -> Application {
        let wish = wish(r#"{"programme":"OAP","uin":"6580954839","phone":"+99912345678"}"#);
        Application::new("APP-2026-000001".into(), wish.unwrap(), "t".into())
    }

    #[test]
    fn an_application_names_a_person() {
        assert_eq!(wish(r#"{"programme":"OAP","phone":"+99912345678"}"#), Err(Refusal::Nobody));
        let wrong = wish(r#"{"programme":"OAP","uin":"6580954838","phone":"+99912345678"}"#);
        assert!(matches!(wrong, Err(Refusal::Uin(_))), "{wrong:?}");
        let by_name = r#"{"programme":"OAP","name":"Marta Silvan","birth_date":"1975-12-01","phone":"+99912345678"}"#;
        assert!(wish(by_name).is_ok());
        assert!(wish(r#"{"programme":"OAP","uin":"6580954839"}"#).is_ok(), "some have no phone");
    }

    #[test]
    fn an_officer_decides_only_what_waits_for_an_officer() {
        let word = |reason: &str| OfficerWord {
            decision: OfficerDecision::Approve,
            reason: reason.into(),
            officer: "Ana".into(),
        };
        let mut application = application();
        let early = application.officer_says(&word("seen")).unwrap_err().to_string();
        assert!(early.contains("is draft, and cannot be decided by an officer"), "{early}");
        application.stand(Stage::NeedsReview, "two birth dates");
        assert_eq!(application.officer_says(&word(" ")), Err(Refusal::NoReason));
        assert_eq!(application.officer_says(&word("seen")), Ok(Change::Enrol));
    }

    #[test]
    fn only_a_record_that_was_found_can_be_chosen() {
        let mut application = application();
        application.stand(Stage::NeedsChoice, "three records");
        assert!(matches!(application.choose("1"), Err(Refusal::NoSuchCandidate { .. })));
    }

    #[test]
    fn a_refused_application_is_assessed_again_and_an_enrolled_one_is_not() {
        let mut refused = application();
        refused.stand(Stage::Decided, "too young");
        refused.membership = Membership::NotEligible;
        refused.reopen().unwrap();
        assert_eq!((refused.state(), refused.membership), ("assessing", Membership::Draft));
        refused.stand(Stage::Decided, "");
        refused.membership = Membership::Enrolled;
        assert!(refused.reopen().is_err());
    }
}
