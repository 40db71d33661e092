//! What the office asks other registries: DCI `sync/search` and `sync/enrolled`. Every question leaves a row in the audit.

use serde_json::{Value, json};
use standards::dci::check_enrollment::{
    CheckEnrollmentRequest, CheckEnrollmentResponse, EnrolmentStatusName,
};
use standards::dci::enrollment::{EnrolledRequest, EnrolledResponse, EntityCriteria, YesNo};
use standards::dci::search::{
    QueryType, SearchCriteria, SearchItem, SearchRequest, SearchResponse,
};
use standards::dci::{Action, ReasonCode, Status, TransactionId};

use crate::kit::courier::Errand;
use crate::kit::dci::{self, DciError};
use crate::programme_office::model::facts::{Fact, Told, membership};
use crate::programme_office::model::sources::{
    BENEFICIARIES, CIVIL, DISABILITY, EMPLOYMENT, FARMERS, SOCIAL,
};
use crate::programme_office::store::{self, Consent, Fetch};

/// Who asks, for which application, with whose consent.
#[derive(Debug, Clone, Copy)]
pub(in crate::programme_office) struct Asker<'a> {
    pub(in crate::programme_office) errand: &'a Errand,
    pub(in crate::programme_office) application: &'a str,
    pub(in crate::programme_office) consent: &'a Consent,
}

/// Records, and who told them.
#[derive(Debug)]
pub(in crate::programme_office) struct Found {
    pub(in crate::programme_office) records: Vec<Value>,
    pub(in crate::programme_office) told: Told,
}

/// Why a question has no answer to decide on. It never means "no".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::programme_office) enum Unanswered {
    #[error("The {who} has given no answer: {sentence}")]
    Silent { who: &'static str, sentence: String },
    #[error("The {0} finds too many records to list")]
    TooMany(&'static str),
}

/// How a person is looked up in the civil registry.
#[derive(Debug, Clone, Copy)]
pub(in crate::programme_office) enum Who<'a> {
    Uin(&'a str),
    /// The last word of the name is the surname.
    NameAndBirth(&'a str, jiff::civil::Date),
}

impl Asker<'_> {
    /// The civil registry's records of a person.
    pub(in crate::programme_office) async fn person(
        &self,
        who: Who<'_>,
    ) -> Result<Found, Unanswered> {
        let mut criteria = match who {
            Who::Uin(uin) => SearchCriteria::by_identifier("UIN", uin),
            Who::NameAndBirth(name, born) => {
                let surname = name.split_whitespace().last().unwrap_or(name);
                let query = json!({"type": "ns:org:QueryType:expression", "value": {"expression": {
                    "collection": "Person", "query": {"$and": [
                        {"surname": {"$eq": surname}},
                        {"birth_date": {"$eq": born.to_string()}}]}}}});
                SearchCriteria::new(QueryType::Expression, query)
            }
        };
        criteria.reg_type = Some("ns:org:RegistryType:Civil".into());
        self.search(CIVIL, criteria).await
    }

    /// The household of a person in the social registry.
    pub(in crate::programme_office) async fn household(
        &self,
        uin: &str,
    ) -> Result<Found, Unanswered> {
        let mut criteria = SearchCriteria::by_identifier("UIN", uin);
        criteria.reg_type = Some("ns:org:RegistryType:Social".into());
        criteria.reg_record_type = Some("Group".into());
        self.search(SOCIAL, criteria).await
    }

    /// The record of a person in one of the registries of disability, farms and employment.
    pub(in crate::programme_office) async fn record(
        &self,
        source: &'static str,
        uin: &str,
    ) -> Result<Found, Unanswered> {
        let registry = match source {
            DISABILITY => "DR",
            FARMERS => "FR",
            _ => "ESS",
        };
        let mut criteria = SearchCriteria::by_identifier("UIN", uin);
        criteria.reg_type = Some(format!("ns:org:RegistryType:{registry}"));
        self.search(source, criteria).await
    }

    /// The approved certificates of level 1 and 2 among these people.
    pub(in crate::programme_office) async fn severe_among(
        &self,
        uins: &[String],
    ) -> Result<Found, Unanswered> {
        let query = json!({"type": "ns:org:QueryType:expression", "value": {"expression": {
            "collection": "DisabledPerson", "query": {"$and": [
                {"member_identifier": {"$in": uins}},
                {"disability_status": {"$eq": "0"}},
                {"disability_status_level": {"$in": ["1", "2"]}}]}}}});
        let mut criteria = SearchCriteria::new(QueryType::Expression, query);
        criteria.reg_type = Some("ns:org:RegistryType:DR".into());
        self.search(DISABILITY, criteria).await
    }

    /// Whether a person's profile at the employment service is active.
    pub(in crate::programme_office) async fn looks_for_work(
        &self,
        uin: &str,
    ) -> Result<Fact, Unanswered> {
        let message = CheckEnrollmentRequest {
            transaction_id: self.transaction(),
            enrolled_criteria: EntityCriteria {
                query_type: Some(QueryType::Expression),
                response_entity: None,
                query: json!({"person_identifier": {"eq": uin}}),
            },
        };
        let (question, path) = ("is the profile active?", "/registry/sync/check-enrollment");
        let (errand, action) = (self.errand, Action::Search);
        let asked = dci::ask::<CheckEnrollmentResponse>(errand, EMPLOYMENT, path, action, &message);
        let answer = match asked.await {
            Ok(answer) => answer,
            Err(error) => return Err(self.refused(EMPLOYMENT, question, &error)),
        };
        let result = answer.message.enrolled_response.first();
        let Some(result) = result.filter(|result| result.status == Status::Succ) else {
            let why = result.and_then(|r| r.status_reason_message.as_deref());
            return Err(self.silent(EMPLOYMENT, question, why.unwrap_or("it does not say")));
        };
        // Who is registered nowhere has no active profile: the service says so by naming no status.
        let status =
            result.enrolled_status.as_ref().map_or("not registered", EnrolmentStatusName::as_str);
        self.audit(EMPLOYMENT, question, "ok", status);
        let active = matches!(status, "Active" | "Reinstated");
        Ok(self.told(EMPLOYMENT, &answer.header.message_id).fact("jobseeker_active", json!(active)))
    }

    /// Whether a person is in a programme: yes or no, one programme a question, and nothing else is told.
    pub(in crate::programme_office) async fn is_in(
        &self,
        uin: &str,
        programme: &str,
    ) -> Result<Fact, Unanswered> {
        let query = json!({"person_identifier": {"eq": uin},
            "programme_identifier.program.programme_identifier": {"eq": programme}});
        let message = EnrolledRequest {
            transaction_id: self.transaction(),
            enrolled_criteria: EntityCriteria {
                query_type: Some(QueryType::Expression),
                response_entity: Some("Member".into()),
                query,
            },
        };
        let question = format!("enrolled in {programme}?");
        let path = "/registry/sync/enrolled";
        let asked = dci::ask::<EnrolledResponse>(
            self.errand,
            BENEFICIARIES,
            path,
            Action::Search,
            &message,
        );
        let answer = match asked.await {
            Ok(answer) => answer,
            Err(error) => return Err(self.silent(BENEFICIARIES, &question, &error.to_string())),
        };
        let result = answer.message.enrolled_response.first();
        let said =
            result.filter(|r| r.status == Status::Succ).and_then(|r| r.enrolled_status.as_ref());
        let member = match said {
            Some(YesNo::Yes) => true,
            Some(YesNo::No) => false,
            _ => {
                let why = result.and_then(|r| r.status_reason_message.as_deref());
                let why = why.unwrap_or("it says neither yes nor no");
                return Err(self.silent(BENEFICIARIES, &question, why));
            }
        };
        self.audit(BENEFICIARIES, &question, "ok", if member { "yes" } else { "no" });
        Ok(self
            .told(BENEFICIARIES, &answer.header.message_id)
            .fact(&membership(programme), json!(member)))
    }

    async fn search(
        &self,
        source: &'static str,
        mut criteria: SearchCriteria,
    ) -> Result<Found, Unanswered> {
        criteria.consent = Some(self.consent_on_the_wire());
        criteria.authorize = Some(json!({"ts": self.consent.given_at, "purpose": self.purpose()}));
        let question = criteria.query.to_string();
        let office = &self.errand.office;
        let message = SearchRequest {
            transaction_id: self.transaction(),
            search_request: vec![SearchItem {
                reference_id: office.next_id("REF"),
                timestamp: self.errand.stamp().into(),
                search_criteria: criteria,
                pagination: None,
                locale: Some("eng".into()),
            }],
        };
        let path = "/registry/sync/search";
        let asked = dci::ask::<SearchResponse>(self.errand, source, path, Action::Search, &message);
        let mut answer = match asked.await {
            Ok(answer) => answer,
            Err(error) => return Err(self.refused(source, &question, &error)),
        };
        let told = self.told(source, &answer.header.message_id);
        let Some(result) = answer.message.search_response.pop() else {
            let header = answer.header.status_reason_message;
            let why = header.unwrap_or_else(|| String::from("the answer is empty"));
            return Err(self.silent(source, &question, &why));
        };
        if result.status_reason_code == Some(ReasonCode::TooManyRecordsFound) {
            self.audit(source, &question, "refused", "too many records");
            return Err(Unanswered::TooMany(source));
        }
        match result.data {
            Some(data) if result.status == Status::Succ => {
                let records = data.reg_records;
                let came = if records.is_empty() { "not_found" } else { "ok" };
                self.audit(source, &question, came, &format!("{} records", records.len()));
                Ok(Found { records, told })
            }
            _ => {
                let why = result.status_reason_message;
                let why = why.unwrap_or_else(|| String::from("the answer holds no data"));
                Err(self.silent(source, &question, &why))
            }
        }
    }

    fn refused(&self, source: &'static str, question: &str, error: &DciError) -> Unanswered {
        self.silent(source, question, &error.to_string())
    }

    fn silent(&self, source: &'static str, question: &str, sentence: &str) -> Unanswered {
        self.audit(source, question, "error", sentence);
        Unanswered::Silent { who: source, sentence: sentence.into() }
    }

    fn audit(&self, source: &str, question: &str, result: &str, remark: &str) {
        let at = self.errand.stamp();
        let fetch =
            Fetch { application: self.application, source, question, result, remark, at: &at };
        if let Err(error) = store::keep_fetch(&self.errand.office.store, &fetch) {
            tracing::error!(%error, "the audit of a question could not be kept");
        }
    }

    fn told(&self, source: &'static str, message_id: &str) -> Told {
        Told { source, message_id: message_id.into(), at: self.errand.stamp() }
    }

    fn transaction(&self) -> TransactionId {
        TransactionId::from(self.errand.office.next_id("TXN"))
    }

    /// The consent as it travels with each question.
    fn consent_on_the_wire(&self) -> Value {
        json!({
            "id": self.consent.id,
            "ts": self.consent.given_at,
            "expires_at": self.consent.expires_at,
            "purpose": self.purpose(),
        })
    }

    fn purpose(&self) -> Value {
        json!({"text": "eligibility for a benefit", "code": self.consent.purpose, "refUri": ""})
    }
}
