//! The registries of disability, farms and employment: what they say about an applicant, and what is decided on it.

use serde_json::json;

use super::{Case, Step};
use crate::programme_office::model::application::NoteKind;
use crate::programme_office::model::sources::{DISABILITY, EMPLOYMENT};
use crate::programme_office::work::ask::Found;
use crate::programme_office::work::records;

impl Case<'_> {
    /// What a registry of disability, farms or employment says about the applicant.
    pub(super) async fn special(&mut self, source: &'static str) -> Step {
        let Some(uin) = self.application.uin.clone() else {
            return self.settle(self.by_clauses(source));
        };
        if source != EMPLOYMENT || self.programme.uses("unemployment_reason") {
            let found = self.asker().record(source, &uin).await?;
            let facts = records::of_special(source, found.records.first(), &found.told);
            self.application.facts.learn(facts);
            if found.records.is_empty() && source != DISABILITY {
                let sentence = format!("The {source} has no record of the applicant.");
                self.notice(NoteKind::ManualCheck, sentence.as_str());
                self.by_hand = Some(sentence);
            }
        }
        if source == EMPLOYMENT && self.programme.uses("jobseeker_active") {
            let fact = self.asker().looks_for_work(&uin).await?;
            self.application.facts.learn([fact]);
        }
        self.settle(self.by_clauses(source))?;
        self.refuse_where_failed()
    }

    /// How many of the household have a severe disability: the benefit is reckoned by it.
    pub(super) async fn severe_in(&mut self, household: &Found) -> Step {
        let uins = household.records.first().map(records::members_of).unwrap_or_default();
        if self.programme.asks(DISABILITY) && !uins.is_empty() {
            let found = self.asker().severe_among(&uins).await?;
            let fact = found.told.fact("eligible_members", json!(found.records.len()));
            self.application.facts.learn([fact]);
        }
        Ok(())
    }
}
